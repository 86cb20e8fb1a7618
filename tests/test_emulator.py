import contextlib
import gc
import json
import random
import re
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from visitor import groups, projects, token, visitor

from target_group_kit.contract.errors import KitError, NotAuthorized
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import FAULT_KINDS, Fault, RandomFaults
from target_group_kit.stage.server import serve

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ULID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
BODY = TargetGroup.example(now=NOON).payload()


class Clock:
    "A clock that goes when it is told."

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@contextmanager
def open_emulator(**options: Any) -> Iterator[tuple[Emulator, httpx.Client, Clock]]:
    clock = Clock()
    with Emulator(clock=clock, **options) as emulator, visitor(emulator, timeout=5) as client:
        yield emulator, client, clock


def test_a_draft_is_created_read_listed_and_replaced() -> None:
    with open_emulator() as (emulator, client, clock):
        created = client.post(groups(emulator), json=BODY)
        draft_id = created.json()["id"]
        assert (created.status_code, set(created.json())) == (201, {"id"})
        assert ULID.fullmatch(draft_id)
        read = client.get(f"{groups(emulator)}/{draft_id}")
        assert TargetGroup.from_draft(read.json()).payload() == BODY
        clock.now += timedelta(minutes=5)
        replaced = client.put(f"{groups(emulator)}/{draft_id}", json=BODY | {"completes_goal": 12})
        assert (replaced.status_code, replaced.content) == (204, b"")
        [listed] = client.get(groups(emulator)).json()["target_groups"]
        assert (listed["id"], listed["created_at"], listed["updated_at"]) == (
            draft_id,
            "2026-12-01T12:00:00.000Z",
            "2026-12-01T12:05:00.000Z",
        )
        [draft] = emulator.drafts
        assert (draft.id, draft.body) == (draft_id, BODY | {"completes_goal": 12})


def test_the_same_body_twice_is_two_drafts_whatever_the_key() -> None:
    with open_emulator() as (emulator, client, _):
        key = {"Idempotency-Key": "once"}
        ids = [client.post(groups(emulator), json=BODY, headers=key).json()["id"] for _ in "ab"]
        assert [draft.id for draft in emulator.drafts] == ids
        assert len(set(ids)) == 2


def test_a_project_is_made_once_per_key() -> None:
    study = {"name": "Winter study", "project_manager_id": BODY["project_manager_id"]}
    with open_emulator() as (emulator, client, _):
        url = projects(emulator)
        answers = [
            client.post(url, json=study, headers={"idempotency-key": key})
            for key in ("a", "a", "b")
        ]
        assert [answer.status_code for answer in answers] == [202, 202, 202]
        first, again, other = [answer.json()["id"] for answer in answers]
        assert first == again != other
        assert answers[0].headers["etag"] == 'W/"1"'
        assert client.post(url, json=study).status_code == 400
        listed = client.get(url).json()["projects"]
        assert [project["id"] for project in listed] == [emulator.project_id, first, other]
        assert client.get(f"{url}/{first}").json()["name"] == "Winter study"
        found = client.get(url, params={"search_string": "winter"}).json()["projects"]
        assert [project["id"] for project in found] == [first, other]


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"name": "  Tea  "}, "Name"),
        ({"name": None}, "Name"),
        ({"project_manager_id": "me"}, "ProjectManagerId"),
        ({"project_customer_reference_number": "a/b"}, "ProjectCustomerReferenceNumber"),
    ],
)
def test_a_wrong_project_is_refused_by_name(change: dict[str, Any], name: str) -> None:
    study = {"name": "Winter study", "project_manager_id": BODY["project_manager_id"]}
    with open_emulator() as (emulator, client, _):
        answer = client.post(
            projects(emulator), json=study | change, headers={"idempotency-key": "1"}
        )
        assert answer.status_code == 400
        assert [param["name"] for param in answer.json()["invalid_params"]] == [name]
        assert len(client.get(projects(emulator)).json()["projects"]) == 1


def test_lists_come_in_pages_that_join_without_gap_or_repeat() -> None:
    with open_emulator() as (emulator, client, _):
        ids = [client.post(groups(emulator), json=BODY).json()["id"] for _ in range(7)]
        seen: list[str] = []
        sizes, cursor = [], None
        while True:
            query = {"page_size": 3} | ({"start_after": cursor} if cursor else {})
            answer = client.get(groups(emulator), params=query).json()
            seen += [draft["id"] for draft in answer["target_groups"]]
            sizes.append(len(answer["target_groups"]))
            cursor = answer["next_cursor"]
            assert answer["has_more"] == (cursor is not None)
            if not answer["has_more"]:
                break
        assert (seen, sizes) == (ids, [3, 3, 1])
        before = client.get(groups(emulator), params={"page_size": 2, "end_before": ids[4]}).json()
        assert [draft["id"] for draft in before["target_groups"]] == ids[2:4]
        assert len(client.get(groups(emulator)).json()["target_groups"]) == 7


@pytest.mark.parametrize("size", ["0", "101", "-1", "ten", "²"])
def test_a_page_size_out_of_bounds_is_refused(size: str) -> None:
    with open_emulator() as (emulator, client, _):
        answer = client.get(groups(emulator), params={"page_size": size})
        assert (answer.status_code, answer.json()["invalid_params"][0]["name"]) == (400, "PageSize")


REFERENCE = "target_group_customer_reference_number"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ([(f"{REFERENCE}s", "tgk-1")], [0]),
        ([(f"{REFERENCE}s", "tgk-1"), (f"{REFERENCE}s", "tgk-2")], [0, 1]),
        ([(f"{REFERENCE}s[]", "tgk-2")], [1]),
        ([(f"{REFERENCE}s", "tgk-")], []),
        ([(f"{REFERENCE}s", "tgk-1"), ("status", "live")], []),
        ([("search_string", "TEA")], [2]),
        ([("status", "draft")], [0, 1, 2]),
        ([("country", "us")], [1]),
        ([("language", "ger")], [0, 2]),
        ([("exclusion_status", "false")], [1]),
        ([("project_manager_id", "nobody")], []),
        ([("something_new", "x")], [0, 1, 2]),
    ],
)
def test_lists_are_filtered(query: list[tuple[str, str]], found: list[int]) -> None:
    american = {"locale": "eng_us", "exclusion": {"enabled": False}, REFERENCE: "tgk-2"}
    bodies = [BODY | {REFERENCE: "tgk-1"}, BODY | american, BODY | {"name": "Tea drinkers"}]
    with open_emulator() as (emulator, client, _):
        ids = [client.post(groups(emulator), json=body).json()["id"] for body in bodies]
        listed = client.get(groups(emulator), params=query).json()["target_groups"]
        assert [draft["id"] for draft in listed] == [ids[index] for index in found]


def test_lists_of_people_accounts_and_business_units() -> None:
    with open_emulator() as (emulator, client, _):
        account = f"/accounts/{emulator.account_id}"
        assert [a["id"] for a in client.get("/accounts").json()["accounts"]] == [
            emulator.account_id
        ]
        managers = client.get(f"{account}/users", params={"user_type": "project_manager"}).json()
        assert [user["id"] for user in managers["users"]] == [BODY["project_manager_id"]]
        units = client.get(f"{account}/business-units").json()["business_units"]
        assert {unit["id"]: unit["currency_code"] for unit in units} == {
            BODY["business_unit_id"]: "EUR",
            1208: "USD",
            1209: "GBP",
        }


def bare(headers: dict[str, str]) -> Callable[[Emulator, httpx.Client, Clock], httpx.Response]:
    return lambda emulator, _client, _clock: httpx.get(f"{emulator.url}/accounts", headers=headers)


def a_day_later(emulator: Emulator, client: httpx.Client, clock: Clock) -> httpx.Response:
    clock.now += timedelta(seconds=86_400)
    return client.get(projects(emulator))


REFUSED = [
    ("no token", bare({}), 401, "authorization_error"),
    ("made-up token", bare({"Authorization": "Bearer x"}), 401, "authorization_error"),
    ("not a bearer", bare({"Authorization": "Basic x"}), 401, "authorization_error"),
    ("old token", a_day_later, 403, "authorization_error"),
    (
        "no version",
        lambda e, _c, _t: httpx.get(
            f"{e.url}/accounts", headers={"Authorization": f"Bearer {token(e)}"}
        ),
        403,
        "required_header_missing",
    ),
    (
        "old version",
        lambda _e, c, _t: c.get("/accounts", headers={"Cint-API-Version": "2025-02-17"}),
        400,
        "bad_request_error",
    ),
    ("foreign account", lambda _e, c, _t: c.get("/accounts/1/users"), 403, "authorization_error"),
    (
        "no such project",
        lambda e, c, _t: c.get(f"{projects(e)}/{'0' * 26}/target-groups"),
        404,
        "not_found_error",
    ),
    ("no such draft", lambda e, c, _t: c.get(f"{groups(e)}/{'0' * 26}"), 404, "not_found_error"),
    (
        "no such draft to replace",
        lambda e, c, _t: c.put(f"{groups(e)}/{'0' * 26}", json=BODY),
        404,
        "not_found_error",
    ),
    ("no such address", lambda _e, c, _t: c.get("/wat"), 404, "not_found_error"),
    (
        "no such method",
        lambda e, c, _t: c.delete(groups(e)),
        405,
        "method_not_allowed_error",
    ),
    (
        "no JSON",
        lambda e, c, _t: c.post(groups(e), content=b"{"),
        400,
        "bad_request_error",
    ),
    (
        "no UTF-8",
        lambda e, c, _t: c.post(groups(e), content=b'"\xff"'),
        400,
        "bad_request_error",
    ),
    ("no object", lambda e, c, _t: c.post(groups(e), json=[]), 400, "bad_request_error"),
]


@pytest.mark.parametrize(
    ("ask", "status", "kind"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_refusals_have_the_documented_body(
    ask: Callable[[Emulator, httpx.Client, Clock], httpx.Response], status: int, kind: str
) -> None:
    with open_emulator() as (emulator, client, clock):
        answer = ask(emulator, client, clock)
        body = answer.json()
        assert (answer.status_code, body["object"]) == (status, kind)
        assert set(body) == {"id", "object", "detail"}
        assert body["detail"]
        assert emulator.drafts == ()


def test_an_old_token_is_replaced_by_a_new_one() -> None:
    with open_emulator() as (emulator, client, clock):
        clock.now += timedelta(seconds=86_399)
        assert client.get("/accounts").status_code == 200
        clock.now += timedelta(seconds=1)
        assert client.get("/accounts").status_code == 403
        client.headers["Authorization"] = f"Bearer {token(emulator)}"
        assert client.get("/accounts").status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "body"),
    [
        (
            {"client_secret": "wrong"},
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
        ),
        (
            {"client_id": "wrong"},
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
        ),
        ({"grant_type": "password"}, 400, {"error": "unsupported_grant_type"}),
    ],
)
def test_wrong_credentials_get_no_token(
    change: dict[str, str], status: int, body: dict[str, str]
) -> None:
    with Emulator() as emulator:
        asked = {
            "client_id": emulator.client_id,
            "client_secret": emulator.client_secret,
            "grant_type": "client_credentials",
        }
        answer = httpx.post(emulator.auth_url, json=asked | change)
        assert (answer.status_code, answer.json()) == (status, body)


SELECTION = {"object": "selection", "question_id": 43, "option": "1"}
HALF = {"conditions": [SELECTION], "quota": {"completes_goal_percentage": 50}}
LOPSIDED = {"object": "regular", "name": "gender", "quotas_enabled": True, "targets": [HALF]}
IN_USD = {"value": "2.7352", "currency_code": "USD"}


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (
            {
                "fielding_specification": BODY["fielding_specification"]
                | {"end_at": "2026-11-01T09:00:00.000Z"}
            },
            ["FieldingSpecification.EndAt"],
        ),
        ({"completes_goal": None}, ["ExpectedCompletes"]),
        ({"completes_goal": 0}, ["ExpectedCompletes"]),
        ({"cost_per_interview": IN_USD}, ["CostPerInterview.CurrencyCode"]),
        (
            {"profiling": {"profile_adjustment_type": "percentage", "profiles": [LOPSIDED]}},
            ["Profiling.Profiles[0].Targets"],
        ),
        ({"live_url": "http://plain.example"}, ["LiveUrl"]),
        ({"name": "Tea", "locale": "german"}, ["Name", "Locale"]),
    ],
)
def test_a_wrong_group_is_refused_by_the_servers_names(
    change: dict[str, Any], names: list[str]
) -> None:
    with open_emulator() as (emulator, client, _):
        answer = client.post(groups(emulator), json=BODY | change)
        assert answer.status_code == 400
        assert [param["name"] for param in answer.json()["invalid_params"]] == names
        assert emulator.drafts == ()


def test_a_past_end_is_told_with_its_date_and_the_hour() -> None:
    late = BODY["fielding_specification"] | {"end_at": "2026-11-01T09:00:00.000Z"}
    with open_emulator() as (emulator, client, _):
        answer = client.post(groups(emulator), json=BODY | {"fielding_specification": late})
        [param] = answer.json()["invalid_params"]
        assert "2026-11-01T09:00:00.000Z" in param["reason"]
        assert "hour" in param["reason"]


def test_a_missing_goal_goes_by_a_name_that_no_request_has() -> None:
    with open_emulator() as (emulator, client, _):
        body = {key: value for key, value in BODY.items() if key != "completes_goal"}
        answer = client.post(groups(emulator), json=body)
        assert answer.json()["invalid_params"] == [
            {"name": "ExpectedCompletes", "reason": "a value is required."}
        ]


def test_a_field_that_nobody_knows_is_ignored_at_any_depth() -> None:
    body = json.loads(json.dumps(BODY)) | {"complets_goal": 99, "id": "x"}
    body["fielding_assistant_assignment"]["pricing"]["maximal_cpi"] = 1
    body["profiling"]["profiles"][0]["targets"][1]["text"] = "Female"
    with open_emulator() as (emulator, client, _):
        assert client.post(groups(emulator), json=body).status_code == 201
        assert [draft.body for draft in emulator.drafts] == [BODY]


def test_a_misspelt_required_field_is_missing() -> None:
    body = {("complets_goal" if key == "completes_goal" else key): v for key, v in BODY.items()}
    with open_emulator() as (emulator, client, _):
        answer = client.post(groups(emulator), json=body)
        assert [param["name"] for param in answer.json()["invalid_params"]] == ["ExpectedCompletes"]


@pytest.mark.parametrize(
    ("change", "lenient", "strict"),
    [
        ({}, 201, 400),
        ({"allocation_template": {"id": "0" * 26, "type": "global"}}, 201, 201),
        ({"business_unit_id": "1207"}, 201, 400),
        ({"business_unit_id": 999_999}, 201, 400),
    ],
)
def test_lenient_takes_the_quick_start_and_strict_the_published_schema(
    change: dict[str, Any], lenient: int, strict: int
) -> None:
    got = []
    for kind in (False, True):
        with open_emulator(strict=kind) as (emulator, client, _):
            got.append(client.post(groups(emulator), json=BODY | change).status_code)
    assert got == [lenient, strict]


def test_a_launched_group_moves_and_stays_as_it_is() -> None:
    with open_emulator() as (emulator, client, _):
        draft_id = client.post(groups(emulator), json=BODY).json()["id"]
        emulator.launch(draft_id)
        moved = client.get(f"{groups(emulator)}/{draft_id}")
        assert (moved.status_code, moved.headers["location"]) == (
            301,
            f"/v1{groups(emulator)}/{draft_id}/details",
        )
        assert client.put(f"{groups(emulator)}/{draft_id}", json=BODY).status_code == 400
        assert [
            group["status"] for group in client.get(groups(emulator)).json()["target_groups"]
        ] == ["live"]


DONE, FAILED = 1, 0
CUT, BROKEN = httpx.ReadError, httpx.RemoteProtocolError
# Kind, what the client sees, whether a draft was made, and the status in the log.
STRUCK: list[tuple[str, int | type[Exception], int, int | None]] = [
    ("reset_before", CUT, FAILED, None),
    ("closed_before", BROKEN, FAILED, None),
    ("refused", CUT, FAILED, None),
    ("turned_away", BROKEN, FAILED, None),
    ("hang_before", httpx.ReadTimeout, FAILED, None),
    ("error_before", 500, FAILED, 500),
    ("bad_gateway", 502, FAILED, 502),
    ("unavailable", 503, FAILED, 503),
    ("gateway_timeout", 504, FAILED, 504),
    ("request_timeout", 408, FAILED, 408),
    ("rate_limited", 429, FAILED, 429),
    ("rate_limited_date", 429, FAILED, 429),
    ("rate_limited_bare", 429, FAILED, 429),
    ("html", 502, FAILED, 502),
    ("log_in_page", 200, FAILED, 200),
    ("moved_301", 301, FAILED, 301),
    ("moved_307", 307, FAILED, 307),
    ("moved_308", 308, FAILED, 308),
    ("unauthorized", 401, FAILED, 401),
    ("expired", 403, FAILED, 403),
    ("reset_after", CUT, DONE, None),
    ("closed_after", BROKEN, DONE, None),
    ("truncated_head", BROKEN, DONE, 201),
    ("truncated", BROKEN, DONE, 201),
    ("hang", httpx.ReadTimeout, DONE, 201),
    ("slow", 201, DONE, 201),
    ("error_after", 500, DONE, 500),
    ("gateway_timeout_after", 504, DONE, 504),
    ("empty", 201, DONE, 201),
    ("no_id", 201, DONE, 201),
    ("bad_json", 201, DONE, 201),
    ("wrong_type", 201, DONE, 201),
    ("too_long", BROKEN, DONE, 201),
    ("too_short", 201, DONE, 201),
    ("two_lengths", BROKEN, DONE, 201),
    ("late_commit", CUT, DONE, None),
]
LISTING = ["endless_list", "absent", "two_matches"]
SECONDS = {"hang": 60, "hang_before": 60, "refused": 0.05, "slow": 0.05}


def sooner_or_later(client: httpx.Client, path: str) -> httpx.Response:
    "The answer to a create, once it comes: a fault may have left the connection unusable."
    while True:
        try:
            return client.post(path, json=BODY)
        except (httpx.ConnectError, httpx.ReadError, httpx.RemoteProtocolError):
            time.sleep(0.01)


@pytest.mark.parametrize(("kind", "outcome", "made", "status"), STRUCK)
def test_a_fault_strikes_once_and_for_real(
    kind: str, outcome: int | type[Exception], made: int, status: int | None
) -> None:
    fault = Fault(kind, seconds=SECONDS.get(kind, 1))
    with open_emulator(faults=[fault]) as (emulator, client, _):
        try:
            got: Any = client.post(
                groups(emulator), json=BODY, timeout=0.5 if kind.startswith("hang") else 30
            ).status_code
        except httpx.HTTPError as problem:
            got = type(problem)
        assert (got, len(emulator.drafts)) == (outcome, made)
        assert (emulator.requests[-1].fault, emulator.requests[-1].status) == (kind, status)
        assert fault.processed == bool(made)
        assert sooner_or_later(client, groups(emulator)).status_code == 201
        assert len(emulator.drafts) == made + 1


def test_every_kind_of_fault_is_tried() -> None:
    assert [row[0] for row in STRUCK] + LISTING == list(FAULT_KINDS)


SPOILED = [
    ("empty", b"", "application/json"),
    ("no_id", b"{}", "application/json"),
    ("bad_json", b'{"id":"ID', "application/json"),
    ("wrong_type", b'{"id":"ID"}', "text/plain; charset=utf-8"),
    ("too_short", b'{"id":"' + b"I" * 18, "application/json"),
]


@pytest.mark.parametrize(("kind", "body", "media_type"), SPOILED)
def test_a_spoiled_answer_hides_what_was_made(kind: str, body: bytes, media_type: str) -> None:
    with open_emulator(faults=[Fault(kind)]) as (emulator, client, _):
        answer = client.post(groups(emulator), json=BODY)
        draft_id = emulator.drafts[0].id.encode()
        assert answer.headers["content-type"] == media_type
        meant = body.replace(b"ID", draft_id) if b"ID" in body else body[:7] + draft_id[:18]
        assert answer.content == (meant if b"I" in body else body)


@pytest.mark.parametrize("kind", ["moved_301", "moved_307", "moved_308"])
def test_a_redirect_leads_away(kind: str) -> None:
    with open_emulator(faults=[Fault(kind)]) as (emulator, client, _):
        answer = client.post(groups(emulator), json=BODY)
        assert answer.headers["location"] == "http://127.0.0.1:9/elsewhere"


def test_nobody_listens_while_the_exchange_is_away() -> None:
    with open_emulator() as (emulator, client, _), visitor(emulator) as other:
        assert other.get("/accounts").status_code == 200
        emulator.inject(Fault("refused", seconds=600))
        for problem in (httpx.ReadError, httpx.ConnectError, httpx.ConnectError):
            with pytest.raises(problem):
                client.post(groups(emulator), json=BODY)
        with pytest.raises(httpx.HTTPError):
            other.get("/accounts")
        emulator.stop()
        emulator.start()
        assert client.get("/accounts").status_code == 200


async def leaves_twice(scope: Scope, receive: Receive, send: Send) -> None:
    for _ in "ab":
        await scope["state"]["door"].shut(0.05)
    await Response("bye")(scope, receive, send)


def test_to_go_away_again_meanwhile_changes_nothing() -> None:
    running = serve(leaves_twice)
    url = f"http://127.0.0.1:{running.port}"
    with httpx.Client(verify=False, trust_env=False) as client:
        assert client.get(url).text == "bye"
        with pytest.raises(httpx.TransportError):
            client.get(url)
        while True:
            with contextlib.suppress(httpx.TransportError):
                assert client.get(url).text == "bye"
                break
    running.stop()


def test_the_connection_after_one_that_was_turned_away_is_closed_at_once() -> None:
    with open_emulator(faults=[Fault("turned_away")]) as (emulator, client, _):
        for _ in range(2):
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
                client.post(groups(emulator), json=BODY)
        assert client.post(groups(emulator), json=BODY).status_code == 201
        assert [entry.fault for entry in emulator.requests[-2:]] == ["turned_away", None]


def test_a_hang_that_did_nothing_ends_without_an_answer() -> None:
    with (
        open_emulator(faults=[Fault("hang_before", seconds=0.01)]) as (emulator, client, _),
        pytest.raises(httpx.RemoteProtocolError, match="without sending a response"),
    ):
        client.post(groups(emulator), json=BODY)


def test_a_slow_answer_comes_in_pieces_and_stops_when_nobody_waits() -> None:
    with open_emulator(faults=[Fault("slow", seconds=0.1)]) as (emulator, client, _):
        with client.stream("POST", groups(emulator), json=BODY) as answer:
            pieces = [piece for piece in answer.iter_raw() if piece]
        assert len(pieces) > 1
        assert json.loads(b"".join(pieces)) == {"id": emulator.drafts[0].id}
        emulator.inject(Fault("slow", seconds=600))
        with client.stream("POST", groups(emulator), json=BODY) as answer:
            assert answer.status_code == 201
        assert client.get("/accounts").status_code == 200


LIMITS = [
    ("rate_limited", "30"),
    ("rate_limited_date", "Tue, 01 Dec 2026 12:00:30 GMT"),
    ("rate_limited_bare", None),
]


@pytest.mark.parametrize(("kind", "wait"), LIMITS)
def test_a_limit_says_how_long_to_wait_under_its_own_keys(kind: str, wait: str | None) -> None:
    with open_emulator(faults=[Fault(kind, seconds=30)]) as (emulator, client, _):
        answer = client.post(groups(emulator), json=BODY)
        assert set(answer.json()) == {"object", "details"}
        assert answer.headers.get("retry-after") == wait


def listed_ids(client: httpx.Client, emulator: Emulator, **query: str) -> list[str]:
    answer = client.get(groups(emulator), params=query)
    return [group["id"] for group in answer.json()["target_groups"]]


def test_a_list_may_be_wrong_in_three_ways() -> None:
    with open_emulator() as (emulator, client, _):
        ids = [client.post(groups(emulator), json=BODY).json()["id"] for _ in "ab"]
        for kind in LISTING:
            emulator.inject(Fault(kind, on="get_list_target_groups"))
        endless = client.get(groups(emulator)).json()
        assert (endless["has_more"], endless["next_cursor"]) == (True, "~")
        assert listed_ids(client, emulator, start_after="~") == []
        assert listed_ids(client, emulator) == ids + [f"ZZZZ{i[4:]}" for i in ids]
        assert listed_ids(client, emulator) == ids
        emulator.inject(Fault("absent", on="get_list_target_groups"))
        assert client.get(groups(emulator), params={"page_size": "x"}).status_code == 400


def test_a_list_lags_as_long_as_it_is_told() -> None:
    with open_emulator(list_lag=2) as (emulator, client, clock):
        draft_id = client.post(groups(emulator), json=BODY).json()["id"]
        assert client.get(f"{groups(emulator)}/{draft_id}").status_code == 200
        assert listed_ids(client, emulator) == []
        clock.now += timedelta(seconds=2)
        assert listed_ids(client, emulator) == [draft_id]
        emulator.list_lag = 3
        assert listed_ids(client, emulator) == []
        assert (emulator.list_lag, emulator.client().settle_seconds) == (3, 3)


def test_what_is_committed_late_is_there_later_and_listed_later_still() -> None:
    late = Fault("late_commit", seconds=5)
    with open_emulator(faults=[late], list_lag=2) as (emulator, client, clock):
        with pytest.raises(httpx.ReadError):
            client.post(groups(emulator), json=BODY | {REFERENCE: "tgk-1"})
        [draft_id] = emulator.truth["tgk-1"]
        seen = []
        for seconds in (0, 4, 1, 1, 1):
            clock.now += timedelta(seconds=seconds)
            there = client.get(f"{groups(emulator)}/{draft_id}").status_code == 200
            seen.append((there, listed_ids(client, emulator) == [draft_id]))
        assert seen == [(False, False), (False, False), (True, False), (True, False), (True, True)]


def test_the_truth_is_told_to_other_processes() -> None:
    with open_emulator(faults=[Fault("error_before"), Fault("reset_after")]) as (
        emulator,
        client,
        _,
    ):
        for name in ("tgk-1", "tgk-2", "tgk-2"):
            with contextlib.suppress(httpx.ReadError):
                client.post(groups(emulator), json=BODY | {REFERENCE: name})
        client.post(groups(emulator), json=BODY)
        client.post(groups(emulator), content=b"[]")
        client.post(groups(emulator), content=b"{")
        ids = [draft.id for draft in emulator.drafts]
        assert emulator.truth == {"tgk-2": tuple(ids[:2])}
        assert emulator.creates == {"tgk-1": 1, "tgk-2": 2}
        before = len(emulator.requests)
        told = httpx.get(emulator.truth_url).json()
        assert told == {"references": {"tgk-2": ids[:2]}, "creates": {"tgk-1": 1, "tgk-2": 2}}
        assert len(emulator.requests) == before


def test_each_request_takes_its_time() -> None:
    "How long is not asserted; that it is waited for is."
    with Emulator(latency=600) as emulator, httpx.Client(timeout=0.2) as client:
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"{emulator.url}/accounts")
        emulator.latency = 0
        assert client.get(f"{emulator.url}/accounts").status_code == 401


def struck(seed: int, rate: float = 0.35) -> list[tuple[str | None, str | None]]:
    "Which create of 40 fails how, in the order of their references; eight threads send them."
    among = tuple(Fault(kind) for kind in ("reset_before", "reset_after", "error_after", "html"))
    with open_emulator(faults=RandomFaults(rate, seed, among)) as (emulator, client, _):

        def create(number: int) -> None:
            with contextlib.suppress(httpx.HTTPError):
                client.post(groups(emulator), json=BODY | {REFERENCE: f"tgk-{number // 2:02}"})

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(create, random.sample(range(40), 40)))
        creates = [entry for entry in emulator.requests if entry.operation == "create_target_group"]
        return sorted((entry.reference, entry.fault or "") for entry in creates)


def test_chance_strikes_the_same_requests_whoever_comes_first() -> None:
    first, again, other = struck(1), struck(1), struck(2)
    assert first == again != other
    assert 0 < sum(bool(fault) for _, fault in first) < 40
    assert {fault for _, fault in first} > {"", "html"}
    assert all(fault == "" for _, fault in struck(1, rate=0))
    assert all(fault for _, fault in struck(1, rate=1))


@given(st.floats(0, 1), st.integers(), st.text(), st.integers(1, 9))
def test_chance_is_a_function_of_what_is_asked(
    rate: float, seed: int, subject: str, nth: int
) -> None:
    weather = RandomFaults(rate, seed)
    fault = weather.strike("create_target_group", subject, nth)
    assert fault == weather.strike("create_target_group", subject, nth)
    assert weather.strike("get_list_target_groups", subject, nth) is None
    assert fault is None or (rate > 0 and FAULT_KINDS[fault.kind].only is None)


def test_chance_strikes_as_often_as_it_says() -> None:
    weather = RandomFaults(0.35, 7)
    hits = [weather.strike("create_target_group", f"{n}", 1) for n in range(2000)]
    assert 0.3 < sum(hit is not None for hit in hits) / 2000 < 0.4
    assert {hit.kind for hit in hits if hit} == {row[0] for row in STRUCK}


@pytest.mark.parametrize("rate", [-0.1, 1.5])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(ValueError, match=f"^RandomFaults rate={rate} is no share; use 0 to 1.$"):
        RandomFaults(rate)


def test_the_first_of_the_same_requests_fail_and_then_none() -> None:
    weather = RandomFaults(1, among=(Fault("html"),), first=2)
    with open_emulator(faults=weather) as (emulator, client, _):
        bodies = [BODY | {REFERENCE: name} for name in ("tgk-1", "tgk-1", "tgk-2", "tgk-1")]
        got = [client.post(groups(emulator), json=body).status_code for body in bodies]
        assert got == [502, 502, 502, 201]
        emulator.inject(Fault("error_before"))
        emulator.calm()
        assert client.post(groups(emulator), json=bodies[2]).status_code == 201


def test_what_was_injected_comes_before_chance() -> None:
    weather = RandomFaults(1, among=(Fault("html"),))
    with open_emulator(faults=weather) as (emulator, client, _):
        emulator.inject(Fault("error_before"))
        got = [client.post(groups(emulator), json=BODY).status_code for _ in range(2)]
        assert got == [500, 502]


def test_a_hang_answers_those_who_wait() -> None:
    with open_emulator(faults=[Fault("hang", seconds=0.01)]) as (emulator, client, _):
        assert client.post(groups(emulator), json=BODY).status_code == 201


def test_faults_strike_their_operation_as_often_as_they_say() -> None:
    with open_emulator(faults=[Fault("html", times=2)]) as (emulator, client, _):
        emulator.inject(Fault("error_before", on="get_list_target_groups"))
        got = [client.post(groups(emulator), json=BODY).status_code for _ in range(3)]
        got += [client.get(groups(emulator)).status_code for _ in range(2)]
        assert got == [502, 502, 201, 500, 200]


@pytest.mark.parametrize(
    "wrong", [{"kind": "explode"}, {"kind": "html", "on": "delete_everything"}]
)
def test_an_unknown_fault_is_refused_with_the_known_ones(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"is unknown; use .*(reset_after|create_target_group)"):
        Fault(**wrong)


def test_a_kind_of_the_list_strikes_nothing_else() -> None:
    message = "Only get_list_target_groups can fail by 'absent'; say on='get_list_target_groups'."
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the message is compared whole)
        Fault("absent")
    assert str(caught.value) == message


def test_requests_are_logged_without_secrets() -> None:
    with open_emulator() as (emulator, client, _):
        client.get(groups(emulator), params={f"{REFERENCE}s": "tgk-1"})
        secrets = (client.headers["Authorization"].split()[1], emulator.client_secret)
        logged = [(entry.operation, entry.method, entry.status) for entry in emulator.requests]
        assert logged == [
            ("request_access_token", "POST", 200),
            ("get_list_target_groups", "GET", 200),
        ]
        assert emulator.requests[1].query == f"{REFERENCE}s=tgk-1"
        shown = f"{emulator!r} {emulator._repr_html_()} {emulator.requests}"
        assert [secret for secret in secrets if secret in shown] == []


def test_drafts_are_a_copy_of_the_truth() -> None:
    with open_emulator() as (emulator, client, _):
        client.post(groups(emulator), json=BODY)
        emulator.drafts[0].body["name"] = "Somebody else's"
        assert emulator.drafts[0].body == BODY


def test_the_same_clock_and_seed_give_the_same_ids() -> None:
    def ids(seed: int) -> list[str]:
        with open_emulator(seed=seed) as (emulator, client, _):
            return [emulator.project_id, client.post(groups(emulator), json=BODY).json()["id"]]

    assert ids(1) == ids(1)
    assert ids(1) != ids(2)


def test_a_trace_of_the_client_comes_back() -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with open_emulator() as (_, client, _clock):
        assert (
            client.get("/accounts", headers={"traceparent": trace}).headers["traceparent"] == trace
        )
        own = client.get("/accounts").headers["traceparent"]
        assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", own)


def test_it_starts_and_stops_many_times_and_leaves_nothing() -> None:
    before = set(threading.enumerate())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(25):
            with Emulator() as emulator:
                httpx.get(f"{emulator.url}/accounts", verify=False)
        gc.collect()
    assert set(threading.enumerate()) == before


def test_it_stops_while_clients_hold_connections_and_wait() -> None:
    got: list[type[Exception]] = []

    def wait_for_an_answer(emulator: Emulator, client: httpx.Client) -> None:
        try:
            client.post(groups(emulator), json=BODY)
        except httpx.HTTPError as problem:
            got.append(type(problem))

    with open_emulator(faults=[Fault("hang", seconds=600)]) as (emulator, client, _):
        idle = visitor(emulator)
        waiting = threading.Thread(target=wait_for_an_answer, args=(emulator, client))
        waiting.start()
        while not emulator.drafts:
            idle.get("/accounts")
        emulator.stop()
        waiting.join()
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{emulator.url}/accounts")
        idle.close()
    assert len(got) == 1
    assert issubclass(got[0], httpx.TransportError)


def test_it_comes_back_at_the_same_address_with_what_it_had() -> None:
    with open_emulator() as (emulator, client, _):
        client.post(groups(emulator), json=BODY)
        url = emulator.url
        emulator.stop()
        emulator.stop()
        emulator.start()
        emulator.start()
        assert (emulator.url, len(emulator.drafts)) == (url, 1)
        assert client.get("/accounts").status_code == 200


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with Emulator() as emulator:
        port = int(emulator.url.split(":")[2].removesuffix("/v1"))
        with pytest.raises(KitError, match=rf"can't use port {port}: .* choose another port"):
            Emulator(port=port).start()


def test_before_its_start_it_has_no_address() -> None:
    with pytest.raises(KitError, match="isn't running yet"):
        _ = Emulator().url
    assert repr(Emulator()) == "<Emulator stopped, 0 target groups>"
    assert "stopped" in Emulator()._repr_html_()


def test_many_clients_at_once_make_one_draft_each() -> None:
    with open_emulator() as (emulator, client, _):
        threads = [
            threading.Thread(
                target=client.post,
                args=(groups(emulator),),
                kwargs={"json": BODY | {REFERENCE: f"ref-{n}"}},
            )
            for n in range(32)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        drafts = emulator.drafts
        assert sorted(draft.reference or "" for draft in drafts) == sorted(
            f"ref-{n}" for n in range(32)
        )
        assert [d.id for d in drafts] == sorted({d.id for d in drafts})


def test_its_client_fetches_a_token_and_does_the_whole_job() -> None:
    clock = Clock()
    with Emulator(clock=clock) as emulator, emulator.client() as client:
        made = client.create_target_group(emulator.project_id, BODY)
        assert [draft.id for draft in emulator.drafts] == [made.id]
        clock.now += timedelta(days=2)
        assert [unit.currency_code for unit in client.get_business_units()] == ["EUR", "USD", "GBP"]
        tokens = [entry for entry in emulator.requests if entry.operation == "request_access_token"]
        assert len(tokens) == 2


def test_a_client_with_a_clock_of_its_own_is_told_that_its_token_is_old() -> None:
    clock = Clock()
    with Emulator(clock=clock) as emulator, emulator.client(clock=lambda: NOON) as client:
        client.get_business_units()
        clock.now += timedelta(days=1)
        with pytest.raises(NotAuthorized) as refusal:
            client.get_business_units()
        assert refusal.value.status == 403


def test_a_client_whose_token_is_refused_once_gets_another() -> None:
    with Emulator(faults=[Fault("unauthorized")]) as emulator, emulator.client() as client:
        client.create_target_group(emulator.project_id, TargetGroup.example().payload())
        assert [(entry.operation, entry.status) for entry in emulator.requests] == [
            ("request_access_token", 200),
            ("create_target_group", 401),
            ("request_access_token", 200),
            ("create_target_group", 201),
        ]


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_strict_refuses_in_both_published_shapes(method: str) -> None:
    "A field that isn't there is named alone; wrong values are listed."
    body = TargetGroup.example(now=NOON).with_open_exchange().payload()
    shapes = []
    with open_emulator(strict=True) as (emulator, client, _):
        path = groups(emulator)
        if method == "PUT":
            path += "/" + client.post(path, json=body).json()["id"]
        for changed in (
            {name: value for name, value in body.items() if name not in ("locale", "name")},
            body | {"locale": 5, "completes_goal": 0},
        ):
            answer = client.request(method, path, json=changed)
            shapes.append(
                (answer.status_code, {k: v for k, v in answer.json().items() if k != "id"})
            )
    assert shapes[0] == (
        400,
        {"object": "bad_request_error", "detail": "the field 'name' is required and missing"},
    )
    assert shapes[1][0] == 400
    assert [p["name"] for p in shapes[1][1]["invalid_params"]] == ["Locale", "ExpectedCompletes"]
