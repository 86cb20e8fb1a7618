"What each method of the client sends, what it gives back, and what never leaves it."

import json
import logging
import pickle
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from IPython.core.ultratb import VerboseTB
from pydantic import SecretStr

from target_group_kit.contract.delivery import BusinessUnit
from target_group_kit.contract.errors import (
    ExchangeError,
    NoAnswer,
    NotAuthorized,
    NotSent,
    Refused,
    SettingsError,
)
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import REFERENCE, DemandClient, connect
from target_group_kit.exchange.settings import Settings, load_settings
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault

BASE = "https://api.cint.com/v1"
PROJECT, GROUP = "01JX2KPG5VEBF8498Z8YTTE8TB", "01JX2X0N5RTR012AYDTA83QWTW"
MANAGER = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"
TOKEN, WORD = "planted-token", "planted-client-secret"
TARGET_GROUPS = f"/v1/demand/accounts/543587/projects/{PROJECT}/target-groups"


def client_of(*answers: httpx.Response | Exception) -> tuple[DemandClient, list[httpx.Request]]:
    left, seen = list(answers), []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        given = left.pop(0)
        if isinstance(given, Exception):
            raise given
        return given

    http = httpx.Client(transport=httpx.MockTransport(answer))
    client = DemandClient(
        base_url=BASE, account_id=543587, token=TOKEN, http=http, sleep=lambda _: None
    )
    return client, seen


def sent(request: httpx.Request) -> tuple[str, str, dict[str, str], object]:
    query = request.url.query.decode()
    body = json.loads(request.content) if request.content else None
    return request.method, request.url.path, query, body


CREATED = httpx.Response(201, json={"id": GROUP}, headers={"x-request-id": "7c1d"})


@pytest.mark.parametrize(
    ("ask", "body", "request_", "gives"),
    [
        (
            lambda c: c.get_user_accounts(),
            {"accounts": [{"id": 1}]},
            ("GET", "/v1/accounts", "", None),
            [{"id": 1}],
        ),
        (
            lambda c: c.get_account_users("project_manager"),
            {"users": [{"id": MANAGER}]},
            ("GET", "/v1/accounts/543587/users", "user_type=project_manager", None),
            [{"id": MANAGER}],
        ),
        (
            lambda c: c.get_business_units(),
            {"business_units": [{"id": "7", "currency_code": "EUR", "new": 1}]},
            ("GET", "/v1/accounts/543587/business-units", "", None),
            [BusinessUnit(id=7, currency_code="EUR")],
        ),
        (
            lambda c: c.list_account_projects("Tea drinkers", status="active"),
            {"projects": [{"id": PROJECT}], "has_more": False},
            (
                "GET",
                "/v1/demand/accounts/543587/projects",
                "search_string=Tea+drinkers&status=active&page_size=100",
                None,
            ),
            [{"id": PROJECT}],
        ),
        (
            lambda c: c.create_project("Tea drinkers", MANAGER),
            {"id": PROJECT},
            (
                "POST",
                "/v1/demand/accounts/543587/projects",
                "",
                {"name": "Tea drinkers", "project_manager_id": MANAGER},
            ),
            PROJECT,
        ),
        (
            lambda c: c.get_list_target_groups(PROJECT),
            {"target_groups": [{"id": GROUP}]},
            ("GET", TARGET_GROUPS, "page_size=100", None),
            [{"id": GROUP}],
        ),
        (
            lambda c: c.get_list_target_groups(PROJECT, references=["a", "b c", "a"]),
            {"target_groups": [{"id": "1", REFERENCE: "b c"}, {"id": "2", REFERENCE: "b c2"}]},
            ("GET", TARGET_GROUPS, f"{REFERENCE}s=a&{REFERENCE}s=b+c&page_size=100", None),
            [{"id": "1", REFERENCE: "b c"}],
        ),
        (
            lambda c: c.get_target_group(PROJECT, GROUP),
            {"id": GROUP, "name": "Tea drinkers"},
            ("GET", f"{TARGET_GROUPS}/{GROUP}", "", None),
            {"id": GROUP, "name": "Tea drinkers"},
        ),
        (
            lambda c: c.update_target_group(PROJECT, GROUP, {"name": "Tea drinkers"}),
            {},
            ("PUT", f"{TARGET_GROUPS}/{GROUP}", "", {"name": "Tea drinkers"}),
            None,
        ),
        (
            lambda c: tuple(c.create_target_group(PROJECT, {"name": "Tea drinkers"})),
            {"id": GROUP},
            ("POST", TARGET_GROUPS, "", {"name": "Tea drinkers"}),
            (GROUP, None),
        ),
    ],
)
def test_what_each_method_sends_and_gives(ask, body, request_, gives):
    client, seen = client_of(httpx.Response(200, json=body))
    assert ask(client) == gives
    assert [sent(request) for request in seen] == [request_]
    assert seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert seen[0].headers["cint-api-version"] == "2025-12-18"
    assert ("content-type" in seen[0].headers) == (request_[3] is not None)


def test_the_body_is_that_of_json_dumps():
    group = TargetGroup.example().replace(name="Tee trinken für alle")
    client, seen = client_of(CREATED)
    client.create_target_group(PROJECT, group.payload())
    assert seen[0].content == json.dumps(group.payload()).encode()


@pytest.mark.parametrize(
    ("payload", "reference", "key"),
    [
        ({}, None, None),
        ({REFERENCE: "tea-1"}, None, "tea-1"),
        ({REFERENCE: None}, None, None),
        ({}, "tea-2", "tea-2"),
        ({REFERENCE: "tea-1"}, "tea-2", "tea-2"),
    ],
)
def test_the_reference_is_also_the_key(payload, reference, key):
    client, seen = client_of(CREATED)
    made = client.create_target_group(PROJECT, payload, reference=reference)
    assert made == (GROUP, "7c1d")
    assert seen[0].headers.get("idempotency-key") == key
    assert json.loads(seen[0].content) == payload


@pytest.mark.parametrize(
    "answer",
    [httpx.Response(500), httpx.Response(429), httpx.ReadTimeout("x"), httpx.ConnectError("x")],
)
def test_a_create_is_never_repeated(answer):
    client, seen = client_of(answer)
    with pytest.raises(ExchangeError):
        client.create_target_group(PROJECT, {})
    assert len(seen) == 1


@pytest.mark.parametrize("answer", [httpx.Response(500), httpx.ConnectError("x")])
def test_an_update_is_not_repeated_either(answer):
    client, seen = client_of(answer)
    with pytest.raises(ExchangeError):
        client.update_target_group(PROJECT, GROUP, {})
    assert len(seen) == 1


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(201),
        httpx.Response(201, text="<html>"),
        httpx.Response(201, json={}),
        httpx.Response(201, json=[]),
        httpx.Response(201, json={"id": 5}),
        httpx.Response(201, json={"id": "short"}),
        httpx.Response(201, json={"id": f"{GROUP}\n"}),
        httpx.Response(204),
    ],
)
def test_a_create_whose_answer_names_no_id_is_ambiguous(answer):
    client, _ = client_of(answer)
    with pytest.raises(NoAnswer) as caught:
        client.create_target_group(PROJECT, {})
    assert caught.value.status == answer.status_code


def test_a_project_has_the_same_key_each_time():
    client, seen = client_of(
        httpx.ReadTimeout("x"), *(httpx.Response(202, json={"id": PROJECT}) for _ in range(3))
    )
    client.create_project("Tea drinkers", MANAGER)
    client.create_project("Tea drinkers", MANAGER)
    client.create_project("Tea drinkers", MANAGER, "tea-2")
    keys = [request.headers["idempotency-key"] for request in seen]
    assert keys[0] == keys[1] == keys[2] != keys[3]
    assert uuid.UUID(keys[0]).version == 4
    assert json.loads(seen[3].content)["project_customer_reference_number"] == "tea-2"


def test_a_business_unit_that_can_not_be_read():
    client, _ = client_of(httpx.Response(200, json={"business_units": [{"id": "x"}]}))
    with pytest.raises(NoAnswer, match="A business unit can't be read: "):
        client.get_business_units()


def test_many_references_are_asked_for_in_chunks():
    listed = [httpx.Response(200, json={"target_groups": []}) for _ in range(3)]
    client, seen = client_of(*listed)
    wanted = [f"tea-{number}" for number in range(101)]
    assert client.get_list_target_groups(PROJECT, references=iter(wanted)) == []
    asked = [request.url.params.get_list(f"{REFERENCE}s") for request in seen]
    assert list(map(len, asked)) == [50, 50, 1]
    assert [reference for chunk in asked for reference in chunk] == wanted


def test_no_reference_is_no_question():
    client, seen = client_of()
    assert client.get_list_target_groups(PROJECT, references=[]) == []
    assert seen == []


WRONG_IDS = [
    "",
    "../../../admin",
    "a/b",
    "x?y=1",
    "x#f",
    PROJECT.lower(),
    f"{PROJECT}\n",
    f" {PROJECT}",
    f"{PROJECT}X",
    PROJECT[1:],
    "%2e%2e",
    None,
    7,
]


@pytest.mark.parametrize("wrong", WRONG_IDS)
def test_an_id_that_is_none_never_leaves(wrong):
    client, seen = client_of()
    for ask in (
        lambda: client.get_list_target_groups(wrong),
        lambda: client.create_target_group(wrong, {}),
        lambda: client.get_target_group(PROJECT, wrong),
        lambda: client.update_target_group(PROJECT, wrong, {}),
    ):
        with pytest.raises(Refused, match=r"Nothing was sent\.") as caught:
            ask()
        assert caught.value.status is None
    assert seen == []


@given(st.text(max_size=40))
def test_no_text_gets_into_an_address(text):
    client, seen = client_of(httpx.Response(200, json={}))
    with pytest.raises(Refused):
        client.get_target_group(PROJECT, text)
    assert seen == []


def test_a_short_code_is_told_where_the_id_is():
    client, _ = client_of()
    with pytest.raises(Refused) as caught:
        client.create_target_group("FT354J", {})
    assert [(f.path, f.fix) for f in caught.value.report.findings] == [
        (
            ("project_id",),
            "The website shows short codes; list_account_projects(search_string='FT354J') has "
            "the id.",
        )
    ]


@pytest.mark.parametrize("account", ["", "x", "1/2", "12 ", "1" * 11, -1, 1.5, None, "١"])
def test_an_account_is_a_number(account):
    with pytest.raises(SettingsError, match="is not a number such as 543587"):
        DemandClient(base_url=BASE, account_id=account, token=TOKEN)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "A client needs a token, or client_id and client_secret."),
        ({"client_id": "me"}, "A client needs a token, or client_id and client_secret."),
        ({"client_secret": WORD}, "A client needs a token, or client_id and client_secret."),
        ({"token": f"{TOKEN}\n"}, "The token is no token: it is empty, or holds blanks or line br"),
        ({"token": TOKEN, "base_url": "http://api.cint.com/v1"}, "base_url = "),
        ({"client_id": "me", "client_secret": WORD, "auth_url": "http://a.b/"}, "auth_url = "),
        (
            {"client_id": "me", "client_secret": WORD, "base_url": "https://pilot.cint.com/v1"},
            "auth_url is missing: where does https://pilot.cint.com/v1 give tokens?",
        ),
        (
            {
                "client_id": "me",
                "client_secret": WORD,
                "base_url": "https://api.cint.com.evil.example/v1",
            },
            "auth_url is missing",
        ),
    ],
)
def test_what_a_client_needs(given, said):
    with pytest.raises(SettingsError) as caught:
        DemandClient(**{"base_url": BASE, "account_id": 1} | given)
    assert str(caught.value).startswith(said)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (BASE, "live"),
        ("http://127.0.0.1:8765/v1", "emulator"),
        ("https://pilot.cint.com:8443/v1", "pilot.cint.com:8443"),
        ("https://api.cint.com.evil.example/v1", "api.cint.com.evil.example"),
    ],
)
def test_where_a_client_goes(url, environment):
    assert DemandClient(base_url=url, account_id=1, token="t").environment == environment


def test_only_our_own_connections_are_closed():
    http = httpx.Client()
    with DemandClient(base_url=BASE, account_id=1, token="t", http=http):
        pass
    assert not http.is_closed
    with DemandClient(base_url=BASE, account_id=1, token="t") as client:
        pass
    with pytest.raises(RuntimeError, match="closed"):
        client.get_user_accounts()


def test_a_client_shows_where_and_for_whom_only():
    client = DemandClient(base_url=BASE, account_id=1, client_id="me", client_secret=WORD)
    assert repr(client) == f"DemandClient(base_url='{BASE}', account_id='1')"
    html = client._repr_html_()
    assert html == f"<p style='margin:.3em 0'>Demand API: live, account 1, at {BASE}</p>"
    assert WORD not in f"{vars(client)} {vars(client._connection)}"
    with pytest.raises(TypeError, match="can't be pickled"):
        pickle.dumps(client)


def spoken(problem: BaseException) -> str:
    "The traceback as `%xmode Verbose` shows it, with the local variables of every frame."
    traceback = VerboseTB(theme_name="nocolor", include_vars=True, long_header=True)
    return traceback.text(type(problem), problem, problem.__traceback__)


@pytest.mark.parametrize("kind", ["reset_before", "truncated", "error_before", "html"])
def test_no_secret_shows_in_logs_or_verbose_tracebacks(kind, caplog):
    caplog.set_level(logging.DEBUG)
    with Emulator(faults=[Fault(kind)]) as emulator:
        word = emulator.client_secret
        client = emulator.client(client_secret=SecretStr(word))
        with client, pytest.raises(ExchangeError) as caught:
            client.create_target_group(emulator.project_id, {"name": "Tea drinkers"})
        token = client._connection._tokens.current().get_secret_value()
        shown = f"{spoken(caught.value)} {caught.value!r} {vars(client)}"
    assert "create_target_group" in shown
    assert "127.0.0.1" in caplog.text
    for text in (shown, caplog.text):
        assert token not in text
        assert word not in text


def test_wrong_credentials_and_no_network():
    with Emulator() as emulator:
        with (
            emulator.client(client_secret="wrong") as client,
            pytest.raises(NotAuthorized, match="Check CINT_CLIENT_ID and CINT_CLIENT_SECRET"),
        ):
            client.get_user_accounts()
        assert [r.operation for r in emulator.requests] == ["request_access_token"]
        stopped = emulator.client(sleep=lambda _: None)
    with stopped, pytest.raises(NotSent, match="Nothing was sent: no token"):
        stopped.get_user_accounts()


def test_a_token_that_ended_is_renewed():
    time = [datetime(2026, 12, 1, tzinfo=UTC)]
    with Emulator(clock=lambda: time[0]) as emulator:
        with emulator.client(clock=lambda: time[0]) as client:
            client.get_user_accounts()
            time[0] += timedelta(hours=25)
            client.get_user_accounts()
        asked = [(request.operation, request.status) for request in emulator.requests]
    assert asked == [("request_access_token", 200), ("get_user_accounts", 200)] * 2


def test_a_token_that_the_exchange_ended_early_is_renewed():
    "The exchange's clock runs ahead, so it refuses what ours takes for valid."
    time = [datetime(2026, 12, 1, tzinfo=UTC)]

    def ahead() -> datetime:
        return time[0] + (timedelta(hours=13) if time[0].hour else timedelta())

    with Emulator(clock=ahead) as emulator:
        with emulator.client(clock=lambda: time[0]) as client:
            client.get_user_accounts()
            time[0] += timedelta(hours=12)
            client.get_user_accounts()
        asked = [(request.operation, request.status) for request in emulator.requests]
    assert asked == [
        ("request_access_token", 200),
        ("get_user_accounts", 200),
        ("get_user_accounts", 403),
        ("request_access_token", 200),
        ("get_user_accounts", 200),
    ]


def test_the_whole_round_on_the_emulator():
    with Emulator() as emulator, emulator.client() as client:
        (unit, *_), (user, *_) = client.get_business_units(), client.get_account_users()
        assert [account["id"] for account in client.get_user_accounts()] == [emulator.account_id]
        project = client.create_project("Tea drinkers", user["id"], "tea")
        assert client.create_project("Tea drinkers", user["id"], "tea") == project
        assert [p["id"] for p in client.list_account_projects("Tea drinkers")] == [project]
        group = TargetGroup.example().replace(business_unit_id=unit.id, **{REFERENCE: "tea-1"})
        made = client.create_target_group(project, group.payload())
        assert [g["id"] for g in client.get_list_target_groups(project)] == [made.id]
        (found,) = client.get_list_target_groups(project, references=["tea-1", "tea-2"])
        assert found["id"] == made.id
        client.update_target_group(project, made.id, group.replace(completes_goal=20).payload())
        draft = client.get_target_group(project, made.id)
        assert TargetGroup.from_draft(draft) == group.replace(completes_goal=20)
        emulator.launch(made.id)
        with pytest.raises(ExchangeError, match="has been launched"):
            client.get_target_group(project, made.id)
        statuses = [request.status for request in emulator.requests]
        assert statuses == [200, 200, 200, 200, 202, 202, 200, 201, 200, 200, 204, 200, 301]


def test_a_proxy_is_not_asked_about_this_machine(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with Emulator() as emulator, emulator.client() as client:
        assert client.get_user_accounts()
    with (
        DemandClient(base_url="https://api.cint.com/v1", account_id=1, token="t") as client,
        httpx.Client() as usual,
    ):
        assert list(client._http._mounts) == list(usual._mounts)


def test_connecting_to_a_running_emulator(tmp_path):
    settings = load_settings("emulator", environ={}, folder=Path(tmp_path))
    with Emulator() as emulator:
        here = Settings(
            **vars(settings) | {"base_url": emulator.url, "auth_url": emulator.auth_url}
        )
        with connect("emulator", settings=here) as client:
            assert client.get_user_accounts()
            assert (client.environment, client.settle_seconds) == ("emulator", 3)
            assert client.longest_request == 5 + 10 + 30 + 30
