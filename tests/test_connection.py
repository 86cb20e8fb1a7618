"Tokens, repetition and pages, against an exchange that is a function."

import json
import random
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from pydantic import SecretStr

from target_group_kit.contract.errors import (
    ExchangeError,
    NoAnswer,
    NotAuthorized,
    NotSent,
    RateLimited,
    Refused,
    Report,
    ServerFailed,
    SettingsError,
)
from target_group_kit.exchange.connection import (
    Connection,
    Token,
    Tokens,
    fetch_token,
    own_token,
    pause,
)

AUTH, API = "https://auth.cint.com/oauth/token", "https://api.cint.com/v1/cups"
WORD = "planted-client-secret"
FORBIDDEN = {"object": "authorization_error", "detail": "not allowed"}


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 12, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def pass_by(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


class Exchange:
    "Gives tokens `t1`, `t2`, … and answers what it is told to, in that order; then 200."

    def __init__(self, *answers: httpx.Response | Exception, token: object = None) -> None:
        self.answers, self.token = list(answers), token
        self.fetched: list[dict[str, str]] = []
        self.seen: list[httpx.Request] = []
        self.http = httpx.Client(transport=httpx.MockTransport(self.answer))
        self.clock, self.waits = Clock(), []

    def answer(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) == AUTH:
            self.fetched.append(json.loads(request.content))
            if isinstance(self.token, Exception):
                raise self.token
            fresh = {"access_token": f"t{len(self.fetched)}", "expires_in": 86400}
            return self.token or httpx.Response(200, json=fresh)
        self.seen.append(request)
        answer = self.answers.pop(0) if self.answers else httpx.Response(200, json={})
        if isinstance(answer, Exception):
            raise answer
        return answer

    @property
    def tokens(self) -> list[str]:
        return [r.headers["authorization"].removeprefix("Bearer ") for r in self.seen]

    def fetch(self) -> Token:
        return fetch_token(self.http, AUTH, "me", SecretStr(WORD))

    def connection(self, own: str | None = None) -> Connection:
        tokens = Tokens(self.fetch, self.clock)
        if own:
            tokens = Tokens(lambda: own_token(SecretStr(own)), self.clock, renewable=False)
        chance = random.Random(1)
        return Connection(self.http, tokens, self.clock, self.waits.append, chance)


def refused(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, json=FORBIDDEN, headers=headers)


def test_a_token_is_fetched_as_documented_once_for_many_requests():
    exchange = Exchange()
    connection = exchange.connection()
    for _ in range(3):
        connection.request("GET", API)
    assert exchange.fetched == [
        {
            "client_id": "me",
            "client_secret": WORD,
            "grant_type": "client_credentials",
            "auth_scopes": "app:api",
            "audience": "https://api.luc.id",
        }
    ]
    assert exchange.tokens == ["t1", "t1", "t1"]


@pytest.mark.parametrize(
    ("answer", "age", "tokens"),
    [
        (200, 86_399 - 300, ["t1"]),
        (200, 86_400 - 300, ["t2"]),
        (200, 90_000, ["t2"]),
    ],
)
def test_a_token_is_renewed_a_little_early(answer, age, tokens):
    exchange = Exchange()
    connection = exchange.connection()
    connection.log_in()
    exchange.clock.pass_by(age)
    connection.request("GET", API)
    assert exchange.tokens == tokens


@pytest.mark.parametrize(("seconds", "early"), [(86_400, 300), (1000, 100), (3600.0, 300)])
def test_early_is_five_minutes_or_a_tenth(seconds, early):
    clock, made = Clock(), []

    def fetch() -> Token:
        made.append(Token(SecretStr(f"t{len(made)}"), seconds))
        return made[-1]

    tokens = Tokens(fetch, clock)
    tokens.current()
    clock.pass_by(seconds - early - 1)
    tokens.current()
    assert len(made) == 1
    clock.pass_by(1)
    tokens.current()
    assert len(made) == 2


def test_the_old_token_serves_when_renewing_early_fails():
    exchange = Exchange()
    connection = exchange.connection()
    connection.log_in()
    exchange.token = httpx.ConnectError("no network")
    exchange.clock.pass_by(86_400 - 200)
    connection.request("GET", API)
    assert exchange.tokens == ["t1"]
    exchange.clock.pass_by(200)
    with pytest.raises(NotSent, match="no network"):
        connection.request("GET", API)


def test_many_threads_fetch_one_token():
    clock, made, ready = Clock(), [], threading.Barrier(8)

    def fetch() -> Token:
        made.append(1)
        threading.Event().wait(0.02)
        return Token(SecretStr(f"t{len(made)}"))

    tokens, got = Tokens(fetch, clock), []

    def ask() -> None:
        ready.wait()
        first = tokens.current()
        ready.wait()
        got.append((first, tokens.renewed(first)))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    values = {(a.get_secret_value(), b.get_secret_value()) for a, b in got}
    assert (values, len(made)) == ({("t1", "t2")}, 2)


@pytest.mark.parametrize(
    ("answers", "age", "tokens", "ends"),
    [
        ([refused(401)], 0, ["t1", "t2"], None),
        ([refused(401), refused(401)], 0, ["t1", "t2"], 401),
        ([refused(403)], 601, ["t1", "t2"], None),
        ([refused(403)], 600, ["t1"], 403),
        ([refused(403), refused(403)], 601, ["t1", "t2"], 403),
        ([httpx.Response(403, json={"object": "required_header_missing"})], 601, ["t1"], 403),
        ([refused(404)], 601, ["t1"], 404),
    ],
)
def test_another_token_is_tried_once(answers, age, tokens, ends):
    exchange = Exchange(*answers)
    connection = exchange.connection()
    connection.log_in()
    exchange.clock.pass_by(age)
    if ends is None:
        assert connection.request("POST", API, content=b"{}").status == 200
    else:
        with pytest.raises(Refused) as caught:
            connection.request("POST", API, content=b"{}")
        assert caught.value.status == ends
    assert exchange.tokens == tokens


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_of_ones_own_is_not_renewed(status):
    exchange = Exchange(refused(status))
    connection = exchange.connection(own="mine")
    exchange.clock.pass_by(90_000)
    with pytest.raises(NotAuthorized) as caught:
        connection.request("GET", API)
    assert exchange.tokens == ["mine"]
    assert [(f.code, f.level) for f in caught.value.report.findings] == [
        ("authorization_error", "error"),
        ("token_not_accepted", "note"),
    ]
    assert "set CINT_CLIENT_ID and CINT_CLIENT_SECRET" in str(caught.value)


@pytest.mark.parametrize("token", ["", " ", "a b", "a\nb", "a\r\nX-Evil: 1", "töken", "a\x00"])
def test_a_token_that_can_not_be_one_is_not_shown(token):
    with pytest.raises(SettingsError) as caught:
        own_token(SecretStr(token))
    assert str(caught.value) == (
        "The token is no token: it is empty, or holds blanks or line breaks."
    )


@pytest.mark.parametrize("status", [400, 401, 403])
def test_credentials_that_are_not_accepted(status):
    body = {"error": "access_denied", "error_description": "Unauthorized"}
    exchange = Exchange(token=httpx.Response(status, json=body, headers={"x-request-id": "7c1d"}))
    with pytest.raises(NotAuthorized) as caught:
        exchange.connection().request("GET", API)
    assert str(caught.value).splitlines() == [
        "No token.",
        f"error at target group: The credentials are not accepted ({status}) by {AUTH}. "
        "[access_denied]",
        "  → Check CINT_CLIENT_ID and CINT_CLIENT_SECRET.",
    ]
    assert (caught.value.status, caught.value.trace_id) == (status, "7c1d")
    assert exchange.seen == []


@pytest.mark.parametrize(
    "token",
    [
        httpx.ConnectError("x"),
        httpx.ReadTimeout("x"),
        httpx.Response(500),
        httpx.Response(429),
        httpx.Response(302, headers={"location": "https://evil.example"}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={}),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"access_token": None}),
        httpx.Response(200, json={"access_token": "a b"}),
        httpx.Response(200, json={"access_token": "x" * 20_000}),
        httpx.Response(201, json={"access_token": "x"}),
    ],
)
def test_without_a_token_nothing_was_sent(token):
    exchange = Exchange(token=token)
    with pytest.raises(NotSent, match="Nothing was sent: no token from"):
        exchange.connection().request("POST", API)
    assert exchange.seen == []


@pytest.mark.parametrize(
    ("lifetime", "seconds"), [(60, 60), ("60", 3600), (None, 3600), (-1, 3600), (0, 3600)]
)
def test_how_long_a_token_holds(lifetime, seconds):
    body = {"access_token": "x", "expires_in": lifetime}
    assert Exchange(token=httpx.Response(200, json=body)).fetch().seconds == seconds


@pytest.mark.parametrize("stop", [httpx.ReadTimeout("x"), KeyboardInterrupt()])
def test_no_frame_of_a_failed_login_holds_the_secret(stop):
    def door(request: httpx.Request) -> httpx.Response:
        assert WORD in request.content.decode()
        raise stop

    http = httpx.Client(transport=httpx.MockTransport(door))
    tokens = Tokens(lambda: fetch_token(http, AUTH, "me", SecretStr(WORD)), Clock())
    try:
        tokens.current()
    except (NotSent, KeyboardInterrupt) as problem:
        whole = traceback.TracebackException.from_exception(problem, capture_locals=True)
    assert [frame.name for frame in whole.stack][1] == "current"
    assert WORD not in "".join(whole.format())
    assert WORD not in repr(tokens)


def problem(kind: Callable[..., ExchangeError], **known: object) -> ExchangeError:
    made = kind("x", report=Report()) if issubclass(kind, Refused) else kind("x")
    vars(made).update(known)
    return made


class Most(random.Random):
    def uniform(self, a: float, b: float) -> float:
        assert a == 0
        return b


@pytest.mark.parametrize(
    ("attempt", "failed", "most"),
    [
        (1, problem(NotSent), 0.5),
        (2, problem(ServerFailed), 1.0),
        (3, problem(NoAnswer), 2.0),
        (5, problem(NotSent), 8.0),
        (50, problem(NotSent), 8.0),
        (1, problem(RateLimited), 0.5),
        (1, problem(RateLimited, retry_after=7.0), 7.0),
        (9, problem(RateLimited, retry_after=0.0), 0.0),
        (1, problem(RateLimited, retry_after=120.0), 120.0),
        (1, problem(RateLimited, retry_after=120.5), None),
    ],
)
def test_how_long_to_wait(attempt, failed, most):
    assert pause(attempt, failed, Most()) == most


LISTED = httpx.Response(200, json={"cups": [{"id": 1}], "has_more": False})


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([LISTED], 1),
        ([httpx.Response(500), LISTED], 2),
        ([httpx.Response(503), httpx.ConnectError("x"), LISTED], 3),
        ([httpx.ReadTimeout("x"), httpx.Response(200, text="<html>"), LISTED], 3),
        ([httpx.Response(429, headers={"retry-after": "7"}), LISTED], 2),
        ([httpx.Response(200, json={"cups": None}), LISTED], 2),
        ([httpx.Response(200, json={"cups": [1]}), LISTED], 2),
    ],
)
def test_reading_is_repeated(answers, asked):
    exchange = Exchange(*answers)
    assert exchange.connection().pages(API, "cups") == [{"id": 1}]
    assert (len(exchange.seen), len(exchange.waits)) == (asked, asked - 1)
    assert all(0 <= wait <= 7 for wait in exchange.waits)


@pytest.mark.parametrize(
    ("answers", "kind", "asked"),
    [
        ([httpx.Response(500)] * 4, ServerFailed, 3),
        ([httpx.ConnectError("x")] * 4, NotSent, 3),
        ([httpx.Response(429, headers={"retry-after": "121"})], RateLimited, 1),
        ([httpx.Response(404, json={})], Refused, 1),
        ([httpx.Response(302)], ExchangeError, 1),
    ],
)
def test_reading_ends_when_there_is_no_use(answers, kind, asked):
    exchange = Exchange(*answers)
    with pytest.raises(kind):
        exchange.connection().items(API, "cups")
    assert len(exchange.seen) == asked


def test_a_retry_after_that_is_a_date():
    limit = httpx.Response(429, headers={"retry-after": "Tue, 01 Dec 2026 12:00:09 GMT"})
    exchange = Exchange(limit, LISTED)
    exchange.connection().items(API, "cups")
    assert exchange.waits == [9.0]


def page(number: int, **more: object) -> httpx.Response:
    return httpx.Response(200, json={"cups": [{"id": number}]} | more)


@pytest.mark.parametrize(
    ("answers", "numbers", "cursors"),
    [
        ([page(1)], [1], [None]),
        ([page(1, has_more=False, next_cursor="x")], [1], [None]),
        ([page(1, has_more=True, next_cursor="")], [1], [None]),
        ([page(1, has_more=True, next_cursor=None)], [1], [None]),
        ([page(1, has_more=True, next_cursor="a/=&"), page(2)], [1, 2], [None, "a/=&"]),
        (
            [page(1, next_cursor="a"), page(2, next_cursor="b"), page(3)],
            [1, 2, 3],
            [None, "a", "b"],
        ),
        ([page(1, next_cursor="a"), httpx.Response(500), page(2)], [1, 2], [None, "a", "a"]),
    ],
)
def test_pages_are_followed(answers, numbers, cursors):
    exchange = Exchange(*answers)
    found = exchange.connection().pages(API, "cups", (("name", "tea"),))
    assert [cup["id"] for cup in found] == numbers
    asked = [request.url.params for request in exchange.seen]
    assert [params.get("start_after") for params in asked] == cursors
    assert {(params["name"], params["page_size"]) for params in asked} == {("tea", "100")}


@pytest.mark.parametrize("cursors", ["aa", "aba"])
def test_pages_that_go_round_in_circles_end(cursors):
    exchange = Exchange(*(page(1, has_more=True, next_cursor=cursor) for cursor in cursors))
    with pytest.raises(NoAnswer, match="doesn't end"):
        exchange.connection().pages(API, "cups")
    assert exchange.answers == []


def test_a_launched_draft_points_elsewhere():
    exchange = Exchange(httpx.Response(301, headers={"x-request-id": "7c1d"}))
    with pytest.raises(ExchangeError) as caught:
        exchange.connection().request("GET", API)
    assert type(caught.value) is ExchangeError
    assert str(caught.value) == (
        "The exchange points elsewhere (301): the target group has been launched, so it isn't a "
        "draft any more. It isn't followed."
    )
    assert (caught.value.status, caught.value.trace_id) == (301, "7c1d")
    assert len(exchange.seen) == 1
