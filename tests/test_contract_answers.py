"""The emulator's answers, and what goes to it, held against what the vendor published."""

import copy
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from contract import (
    FOLDER,
    july,
    needs_contract,
    october_create,
    operation,
    problems,
    resolved,
    response_body,
    validator,
)
from visitor import groups, projects, visitor

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault
from target_group_kit.stage.operations import OPERATIONS

pytestmark = needs_contract

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ULID = "01JX2X0N5RTR012AYDTA83QWTW"
UUID = "9284f2dc-421c-4f4a-ac68-6591c8fa4a38"
LEAN = TargetGroup.example(now=NOON).with_open_exchange().payload()


def money(value: str) -> dict[str, str]:
    return {"value": value, "currency_code": "EUR"}


def selection(question: int, option: str) -> dict[str, Any]:
    return {"object": "selection", "question_id": question, "option": option}


def ages(low: int, high: int) -> dict[str, Any]:
    return {"object": "range", "question_id": 42, "min": low, "max": high}


def target(*conditions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"conditions": list(conditions)} | more


def percent(value: float) -> dict[str, Any]:
    return {"quota": {"completes_goal_percentage": value}}


def nominal(value: int) -> dict[str, Any]:
    return {"quota": {"completes_goal": value}}


SIDE = {"allow_for_current_target_group": True, "allow_for_other_target_groups": False}
BOTH = {"client_side": SIDE, "screener_side": SIDE}
FULL = LEAN | {
    "client_cost_per_interview_note": money("3"),
    "client_id": 17,
    "respondent_activity_exclusions": [
        {"type": "project", "id": ULID},
        {
            "type": "target-group",
            "id": ULID,
            "duration": "P30D",
            "respondent_statuses": ["Terminate"],
        },
    ],
    "industry_lockout_code": "no_lock_out",
    "filling_strategy": "completes",
    "fielding_assistant_assignment": {
        "pricing": {"type": "dynamic", "total_budget": money("100"), "minimum_cpi": money("1")},
        "quota_overlay": {"prevent_overfill": True, "balance_fill": True},
        "pacing": {"type": "linear", "increment_interval": "PT6H"},
        "soft_launch": {
            "end_at": "2026-12-04T09:00:00.000Z",
            "filling_goal_percentage": 10,
            "demographics_strictness_percentage": 50,
        },
    },
    "allocations": {
        "open_exchange_allocations": {
            "blocked_supplier_ids": ["12"],
            "exchange_min_percentage": 0,
            "exchange_max_percentage": 50,
            "groups": [
                {"group_name": "A", "min_percentage": 0, "max_percentage": 50, "suppliers": ["980"]}
            ],
        },
        "private_exchange_allocations": {
            "blocked_supplier_ids": [],
            "groups": [
                {"group_name": "B", "min_percentage": 0, "max_percentage": 50, "supplier_id": "7"}
            ],
        },
    },
    "profiling": {
        "profile_adjustment_type": "percentage",
        "profiles": [
            {
                "object": "regular",
                "quotas_enabled": True,
                "targets": [
                    target(ages(18, 34), name="young", **percent(33.34)),
                    target(ages(35, 64), **percent(33.33)),
                    target(ages(65, 99), **percent(33.33)),
                ],
            },
            {
                "object": "regular",
                "name": "places",
                "quotas_enabled": False,
                "targets": [
                    target(
                        {
                            "object": "open_ended",
                            "question_id": 45,
                            "allow_all_values": True,
                            "open_ended_values": None,
                        },
                    )
                ],
            },
            {
                "object": "blended",
                "blended_type": "interlock",
                "name": "gender by region",
                "quotas_enabled": True,
                "targets": [
                    target(selection(43, "1"), selection(96, "1"), name="a", **percent(60)),
                    target(selection(43, "2"), selection(96, "1"), name="b", **percent(40)),
                ],
            },
        ],
    },
    "re_entry_configuration": {
        "completes": {"client_side": SIDE},
        "pre_client_survey_processes": {"screener_side": SIDE},
        "financial_terms": {"screener_side": SIDE},
        "terminates": BOTH,
        "security_failures": BOTH,
        "overquota": BOTH,
        "in_screener": BOTH,
    },
    "target_group_customer_reference_number": "tgk-full",
}
NOMINAL = LEAN | {
    "live_url": None,
    "exclusion": {},
    "fielding_assistant_assignment": {},
    "profiling": {
        "profile_adjustment_type": "nominal",
        "profiles": [
            {
                "object": "regular",
                "name": "gender",
                "quotas_enabled": True,
                "targets": [
                    target(selection(43, "1"), **nominal(3)),
                    target(selection(43, "2"), **nominal(7)),
                ],
            }
        ],
    },
}
PRICED_BY_CARD = {
    key: value for key, value in LEAN.items() if key not in ("allocations", "cost_per_interview")
}
TEMPLATE = PRICED_BY_CARD | {
    "allocation_template": {"id": ULID, "type": "account"},
    "fielding_assistant_assignment": {"pricing": {"type": "rate_card", "boost_cpi": money("1")}},
    "profiling": {"template_id": UUID, "profile_adjustment_type": "percentage"},
}
BARE = {key: value for key, value in LEAN.items() if key not in ("profiling", "exclusion")}
SENT = {"lean": LEAN, "full": FULL, "nominal": NOMINAL, "template": TEMPLATE, "bare": BARE}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_here_is_what_the_published_schema_takes(name: str) -> None:
    assert problems(october_create(), SENT[name]) == []


UNEVEN = {
    "profile_adjustment_type": "percentage",
    "profiles": [
        {
            "object": "blended",
            "id": ULID,
            "name": "gender by region",
            "quotas_enabled": False,
            "targets": [target(selection(43, "1"), selection(96, "1"), name="a", **percent(60))],
        },
        {
            "object": "regular",
            "quotas_enabled": True,
            "targets": [target(ages(18, 34), **percent(33)), target(ages(30, 64), **percent(33))],
        },
    ],
}


def gated(emulator: Emulator, draft: str) -> list[tuple[str, str, str]]:
    "Every operation behind the gate: its id, method and address."
    ids = {"account_id": emulator.account_id, "project_id": emulator.project_id}
    return [
        (name, op.method, op.path.removeprefix("/v1").format(**ids, target_group_id=draft))
        for name, op in OPERATIONS.items()
        if op.gated
    ]


def talk() -> list[tuple[str, httpx.Response]]:
    "A conversation that makes the emulator give every kind of answer it has."
    now, answers = NOON, []
    keep = {"event_hooks": {"response": [answers.append]}}
    with (
        Emulator(clock=lambda: now, strict=True) as emulator,
        visitor(emulator, **keep) as client,
        visitor(emulator, **keep) as versionless,
    ):
        del versionless.headers["Cint-API-Version"]
        base, own, nothing = projects(emulator), groups(emulator), "0" * 26
        study = {"name": "Winter study", "project_manager_id": LEAN["project_manager_id"]}
        key = {"idempotency-key": "winter"}
        client.post(base, json=study | {"project_customer_reference_number": "W-1"}, headers=key)
        client.post(base, json=study)
        client.post(base, json=study | {"name": "Tea"}, headers=key)
        for body in SENT.values():
            draft = client.post(own, json=body).json()["id"]
            client.get(f"{own}/{draft}")
        client.post(own, json=LEAN | {"completes_goal": 0})
        client.post(own, content=b"{")
        client.post(f"{base}/{nothing}/target-groups", json=LEAN)
        client.put(f"{own}/{draft}", json=FULL)
        client.put(f"{own}/{draft}", json={})
        validate = base.replace("projects", "profiles/validate")
        for profiling in (UNEVEN, FULL["profiling"], {"profiles": [{}]}):
            client.post(validate, json=LEAN | {"profiling": profiling})
        client.post(validate, content=b"{")
        client.put(f"{own}/{nothing}", json=FULL)
        client.get(f"{own}/{nothing}")
        for size in (2, 100, 0):
            client.get(own, params={"page_size": size})
        client.get(f"{base}/{nothing}/target-groups")
        client.get(base, params={"page_size": 1})
        client.get(base, params={"page_size": "x"})
        client.get(f"{base}/{nothing}")
        for project in client.get(base).json()["projects"]:
            client.get(f"{base}/{project['id']}")
        emulator.launch(draft)
        for name, method, path in gated(emulator, draft):
            client.request(method, path, headers=key, json=LEAN)
            client.request(method, path, headers={"Authorization": "no"})
            versionless.request(method, path)
            for kind in ("error_before", "rate_limited"):
                emulator.inject(Fault(kind, on=name))
                client.request(method, path, headers=key, json=LEAN)
        now = NOON + timedelta(days=1)
        for _, method, path in gated(emulator, draft):
            client.request(method, path)
        names = [entry.operation for entry in emulator.requests]
    asked = [name for name in names if name != "request_access_token"]
    return list(zip(asked, answers, strict=True))


EVERYWHERE = {401, 403, 429, 500}
EXPECTED = {
    "get_user_accounts": {200},
    "get_account_users": {200},
    "get_business_units": {200},
    "create_project": {202, 400},
    "list_account_projects": {200, 400},
    "get_project_by_id": {200, 404},
    "create_target_group": {201, 400, 404},
    "get_list_target_groups": {200, 400, 404},
    "get_target_group": {200, 301, 404},
    "update_target_group": {204, 400, 404},
    "validate_profiles": {204, 400, 422},
}


@pytest.fixture(scope="module")
def conversation() -> list[tuple[str, httpx.Response]]:
    return talk()


def test_the_conversation_has_every_answer(conversation: list[tuple[str, httpx.Response]]) -> None:
    seen: dict[str, set[int]] = {}
    for name, answer in conversation:
        seen.setdefault(name, set()).add(answer.status_code)
    assert seen == {name: statuses | EVERYWHERE for name, statuses in EXPECTED.items()}


def test_every_answer_has_a_published_body(
    conversation: list[tuple[str, httpx.Response]],
) -> None:
    wrong = []
    for name, answer in conversation:
        published = response_body(name, answer.status_code)
        if published is None:
            wrong += [(name, "a body")] if answer.content else []
        else:
            wrong += [(name, problem) for problem in problems(published, answer.json())]
    assert wrong == []


def test_every_answer_has_the_published_headers(
    conversation: list[tuple[str, httpx.Response]],
) -> None:
    "Only those that carry something: the tracing headers may stay away."
    missing = []
    for name, answer in conversation:
        published = operation(name)["responses"].get(str(answer.status_code), {})
        wanted = {header.lower() for header in resolved(published).get("headers", {})}
        missing += [(name, h) for h in wanted - {"tracestate"} - set(answer.headers)]
    assert missing == []


def test_a_method_that_an_address_lacks_has_a_published_body() -> None:
    with Emulator() as emulator, visitor(emulator) as client:
        answer = client.delete(groups(emulator))
        published = response_body("get_list_target_groups", 405)
        assert published is not None
        assert problems(published, answer.json()) == []


def test_the_addresses_are_the_published_ones() -> None:
    published = {
        op["operationId"]: (method.upper(), f"/v1{path}")
        for path, methods in july()["paths"].items()
        for method, op in methods.items()
        if isinstance(op, dict) and "operationId" in op
    }
    ours = {name: (op.method, op.path) for name, op in OPERATIONS.items() if op.gated}
    assert ours == {name: published[name] for name in ours}


@pytest.mark.parametrize("name", SENT)
def test_a_draft_that_was_read_can_be_sent_again(name: str) -> None:
    with Emulator(clock=lambda: NOON) as emulator, visitor(emulator) as client:
        draft = client.post(groups(emulator), json=SENT[name]).json()["id"]
        read = client.get(f"{groups(emulator)}/{draft}").json()
        again = TargetGroup.from_draft(read).payload()
        assert problems(october_create(), again) == []
        assert client.put(f"{groups(emulator)}/{draft}", json=again).status_code == 204


# What the published schema and the strict emulator must judge alike: each line changes one thing.
Change = Callable[[dict[str, Any]], object]
GONE = "(left out)"


def put(value: Any, *path: str | int) -> Change:
    "Set (or, with GONE, remove) what stands at a path."

    def change(body: dict[str, Any]) -> None:
        *parents, last = path
        part: Any = body
        for step in parents:
            part = part[step]
        if value is GONE:
            del part[last]
        else:
            part[last] = copy.deepcopy(value)

    return change


ASSISTANT = ("fielding_assistant_assignment",)
OPEN = ("allocations", "open_exchange_allocations")
PRIVATE = ("allocations", "private_exchange_allocations")
PROFILES = ("profiling", "profiles")
AGE = (*PROFILES, 0, "targets", 0)
ZIP = (*PROFILES, 1, "targets", 0, "conditions", 0)
CHANGES: dict[str, Change] = {"nothing": lambda _: None}
CHANGES |= {f"no {name}": put(GONE, name) for name in FULL}
CHANGES |= {
    f"{'.'.join(map(str, path))} {n}: {json.dumps(value)[:40]}": put(value, *path)
    for path, values in {
        ("name",): ["Tea4", "Tea for", "x" * 128, "x" * 129, None, 5],
        ("business_unit_id",): ["1207", 1207.5, True, None],
        ("locale",): [None, 7],
        ("project_manager_id",): ["me", UUID.upper(), None],
        ("collects_pii",): ["false", 0, None, True],
        ("completes_goal",): [0, 1, "10", None],
        ("expected_length_of_interview_minutes",): [0, 1, 45, 46, 4.5, None],
        ("expected_incidence_rate",): [0, 1, 0.07, 0.29, 0.295, 1.01, -0.01, None],
        ("study_type_code",): [None, 5, "adhoc"],
        ("client_id",): [None, "17"],
        ("live_url",): [
            None,
            5,
            "https://a.example/" + "x" * 2982,
            "https://a.example/" + "x" * 2983,
        ],
        ("filling_strategy",): [None, "automated", "fast"],
        ("target_group_customer_reference_number",): [None, "ab", "abc", "a/b", "x" * 129, "a b_-"],
        ("cost_per_interview",): [None, {"value": 2.7, "currency_code": "EUR"}, "2"],
        ("fielding_specification",): [{}, None, "soon"],
        ("fielding_specification", "start_at"): ["2026-12-03", "soon", None, 5, GONE],
        ASSISTANT: [{}, None, []],
        (*ASSISTANT, "pricing"): [
            None,
            {},
            {"type": "dynamic", "maximum_cpi": money("3")},
            {"type": "static"},
        ],
        (*ASSISTANT, "quota_overlay"): [None, {}, {"prevent_overfill": True}],
        (*ASSISTANT, "pacing"): [
            None,
            {"type": "adaptive", "increment_interval": "P1DT5H"},
            {"type": "adaptive"},
            {"type": "gemini", "exposed_target_group_id": ULID},
            {"type": "gemini"},
        ],
        (*ASSISTANT, "soft_launch"): [None, {}],
        (*ASSISTANT, "soft_launch", "filling_goal_percentage"): [0, 1, 100, 101, 9.5],
        (*ASSISTANT, "soft_launch", "demographics_strictness_percentage"): [-1, 0, 100, 101],
        ("allocations",): [None, {}, "all"],
        ("allocation_template",): [{"id": ULID, "type": "global"}],
        OPEN: [{}, None],
        (*OPEN, "exchange_max_percentage"): [-1, 0, 100, 101, 50.5, "50"],
        (*OPEN, "groups"): [[], None, [{}]],
        (*OPEN, "groups", 0, "suppliers"): [[], [980], None],
        (*OPEN, "blocked_supplier_ids"): [[], [12], GONE],
        PRIVATE: [None, {}],
        (*PRIVATE, "groups", 0, "supplier_id"): [7, GONE],
        ("exclusion",): [{}, None, {"enabled": "yes"}, {"list": []}],
        ("respondent_activity_exclusions",): [[], None, [{}], [{"type": "person", "id": ULID}]],
        ("respondent_activity_exclusions", 1, "respondent_statuses"): [
            [],
            ["Complete", "Complete"],
            ["Gone"],
            ["Complete", "OverQuota"],
        ],
        ("re_entry_configuration",): [{}, None],
        ("re_entry_configuration", "completes"): [{}, BOTH, {"client_side": {}}],
        ("re_entry_configuration", "overquota"): [{"client_side": SIDE}, GONE],
        ("profiling",): [
            None,
            {},
            {"profile_adjustment_type": "percentage"},
            {"profile_adjustment_type": "percentage", "profiles": []},
            {"profile_adjustment_type": "percentage", "template_id": UUID},
            {"profile_adjustment_type": "nominal", "template_id": UUID},
            {"profile_adjustment_type": "percentage", "template_id": "mine"},
        ],
        ("profiling", "profile_adjustment_type"): ["thirds", GONE],
        ("profiling", "template_id"): [UUID],
        (*PROFILES, 0, "object"): ["odd", GONE],
        (*PROFILES, 0, "name"): ["age", 5],
        (*PROFILES, 0, "quotas_enabled"): ["yes", GONE],
        (*PROFILES, 0, "targets"): [[], None, GONE],
        (*PROFILES, 2, "name"): [GONE],
        (*PROFILES, 2, "blended_type"): ["control ", GONE],
        (*AGE, "conditions"): [[], [ages(0, 34)], [ages(18, 100)], [{"object": "range"}]],
        (*AGE, "conditions", 0, "question_id"): ["42", 42.0, 42.5, None],
        (*AGE, "conditions", 0, "object"): ["choice", GONE],
        (*AGE, "quota"): [
            {"completes_goal_percentage": 100.01},
            {"completes_goal_percentage": 33.345},
            {"completes_goal_percentage": "33.34"},
            {"completes_goal": 3},
            {},
        ],
        (*ZIP, "allow_all_values"): [False, GONE, "yes"],
        (*ZIP, "open_ended_values"): [None, [], ["10115"], GONE],
    }.items()
    for n, value in enumerate(values)
}


@pytest.fixture(scope="module")
def strict() -> Any:
    with Emulator(clock=lambda: NOON, strict=True) as emulator, visitor(emulator) as client:
        yield lambda body: client.post(groups(emulator), json=body).status_code


@pytest.mark.parametrize("name", CHANGES)
def test_strict_judges_as_the_published_schema(name: str, strict: Callable[[Any], int]) -> None:
    body = copy.deepcopy(FULL)
    assert october_create().is_valid(body)
    CHANGES[name](body)
    assert (strict(body) == 201) == october_create().is_valid(body), problems(
        october_create(), body
    )


@pytest.mark.parametrize(
    ("pricing", "name"),
    [
        ({"type": "dynamic"}, "FieldingAssistantAssignment.Pricing"),
        ({"type": "rate_card"}, "CostPerInterview"),
    ],
)
def test_strict_knows_what_the_schema_says_in_words_only(pricing: Any, name: str) -> None:
    "A dynamic module has a bound, and a rate card knows the CPI: descriptions, not schema."
    body = copy.deepcopy(FULL)
    del body["client_cost_per_interview_note"]
    put(pricing, *ASSISTANT, "pricing")(body)
    assert problems(october_create(), body) == []
    with Emulator(clock=lambda: NOON, strict=True) as emulator, visitor(emulator) as client:
        answer = client.post(groups(emulator), json=body)
        names = [param["name"] for param in answer.json()["invalid_params"]]
        assert (answer.status_code, names) == (400, [name])


def test_a_quota_with_two_numbers_is_refused_although_the_schema_may_take_it() -> None:
    "It takes one when the other targets carry percentages only; which number counts is untold."
    body = copy.deepcopy(FULL)
    put({"completes_goal_percentage": 33.34, "completes_goal": 3}, *AGE, "quota")(body)
    assert problems(october_create(), body) == []
    with Emulator(clock=lambda: NOON, strict=True) as emulator, visitor(emulator) as client:
        answer = client.post(groups(emulator), json=body)
        names = [param["name"] for param in answer.json()["invalid_params"]]
        assert (answer.status_code, names) == (400, ["Profiling.Profiles[0].Targets[0].Quota"])


def sent_by_the_client() -> list[tuple[str, httpx.Request]]:
    "What the kit's client sends for each of its operations."
    requests: list[httpx.Request] = []
    http = httpx.Client(event_hooks={"request": [requests.append]}, verify=False, trust_env=False)
    with Emulator(clock=lambda: NOON) as emulator, http, emulator.client(http=http) as client:
        manager = client.get_account_users("project_manager")[0]["id"]
        client.get_user_accounts()
        client.get_business_units()
        project = client.create_project("Winter study", manager, "W-1")
        client.create_project("Spring study", manager)
        client.list_account_projects("study", status="active", project_manager_id=manager)
        payload = LEAN | {"target_group_customer_reference_number": "tgk-1"}
        created = client.create_target_group(project, payload, reference="tgk-1")
        client.get_list_target_groups(project, references=["tgk-1", "tgk-2"])
        client.get_target_group(project, created.id)
        client.update_target_group(project, created.id, FULL)
        client.validate_profiles(TargetGroup.example(now=NOON))
        names = [entry.operation for entry in emulator.requests]
    return list(zip(names, requests, strict=True))


@pytest.fixture(scope="module")
def sent() -> list[tuple[str, httpx.Request]]:
    return sent_by_the_client()


def bodies(sent: list[tuple[str, httpx.Request]], name: str) -> list[Any]:
    return [json.loads(request.content) for asked, request in sent if asked == name]


def test_the_client_knows_every_operation_of_the_emulator(
    sent: list[tuple[str, httpx.Request]],
) -> None:
    assert {name for name, _ in sent} == set(OPERATIONS) - {"get_project_by_id"}


def test_the_token_is_asked_for_with_the_documented_keys(
    sent: list[tuple[str, httpx.Request]],
) -> None:
    "No specification covers it; the guide names these keys and values."
    [body] = bodies(sent, "request_access_token")
    assert {key: value for key, value in body.items() if not key.startswith("client_")} == {
        "grant_type": "client_credentials",
        "auth_scopes": "app:api",
        "audience": "https://api.luc.id",
    }
    assert {"client_id", "client_secret"} < set(body)


def test_the_client_sends_published_bodies(sent: list[tuple[str, httpx.Request]]) -> None:
    project = validator(
        operation("create_project")["requestBody"]["content"]["application/json"]["schema"]
    )
    wrong = [problems(project, body) for body in bodies(sent, "create_project")]
    wrong += [problems(october_create(), body) for body in bodies(sent, "create_target_group")]
    wrong += [problems(october_create(), body) for body in bodies(sent, "update_target_group")]
    assert wrong == [[], [], [], []]


def test_the_client_sends_published_queries(sent: list[tuple[str, httpx.Request]]) -> None:
    asked = {}
    for name, request in sent:
        if name == "request_access_token":
            continue
        known = {
            p["name"]: validator(p["schema"])
            for p in map(resolved, operation(name).get("parameters", []))
            if p["in"] == "query"
        }
        query = httpx.QueryParams(request.url.query)
        asked[name] = set(query.keys())
        # `user_type` is in the guides only
        unknown = asked[name] - set(known) - {"user_type"}
        assert (name, unknown) == (name, set())
        for key in asked[name] & set(known):
            values: list[Any] = query.get_list(key)
            whole = [int(value) if value.isdecimal() else value for value in values]
            assert known[key].is_valid(whole) or known[key].is_valid(whole[0]), (name, key, values)
    reference = "target_group_customer_reference_numbers"
    assert reference in asked["get_list_target_groups"]


def test_the_client_sends_the_wanted_headers(sent: list[tuple[str, httpx.Request]]) -> None:
    missing = []
    for name, request in sent:
        wanted = set() if name == "request_access_token" else {"authorization", "cint-api-version"}
        wanted |= {"idempotency-key"} if name == "create_project" else set()
        wanted |= {"content-type"} if request.content else set()
        missing += [(name, header) for header in wanted - set(request.headers)]
    assert missing == []
    assert {r.headers.get("cint-api-version") for n, r in sent[1:]} == {"2025-12-18"}


def quick_start_bodies() -> list[dict[str, Any]]:
    "Both bodies of the quick start, with ids that look real and later dates."
    text = (FOLDER / "quick-start-create-a-target-group.txt").read_text()
    text = text.replace('"<YOUR_BUSINESS_UNIT_ID>"', "3337")
    text = text.replace("<YOUR_PROJECT_MANAGER_ID>", UUID).replace("2026-09-", "2027-09-")
    starts = [found.start() for found in re.finditer(r'\{\s*"name": "My first target group"', text)]
    return [json.JSONDecoder().raw_decode(text, start)[0] for start in starts]


def test_both_bodies_of_the_quick_start_are_taken() -> None:
    bodies = quick_start_bodies()
    assert len(bodies) == 2
    with Emulator(clock=lambda: NOON) as emulator, visitor(emulator) as client:
        answers = [client.post(groups(emulator), json=body) for body in bodies]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert [len(answer.json()["id"]) for answer in answers] == [26, 26]
        assert [draft.body for draft in emulator.drafts] == bodies
