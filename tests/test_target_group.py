"The whole request: every published field, the same to the byte, and its ways in."

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contract import FOLDER, OCTOBER, needs_contract, october_create, problems

from target_group_kit.contract.delivery import Allocations
from target_group_kit.contract.errors import InvalidTargetGroup
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import Word, words_in

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SIDE = {"allow_for_current_target_group": True, "allow_for_other_target_groups": False}
EUROS = {"value": "2.7352", "currency_code": "EUR", "currency_scale": 4}
ULID = "01JX2X0N5RTR012AYDTA83QWTW"
UUID = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"

CONDITIONS: list[dict[str, Any]] = [
    {"object": "selection", "question_id": 43, "option": "1"},
    {"object": "range", "question_id": 42, "min": 18, "max": 24},
    {
        "object": "open_ended",
        "question_id": 45,
        "allow_all_values": True,
        "open_ended_values": None,
    },
]

# Every field there is, in the order of the payload.
EVERYTHING: dict[str, Any] = {
    "name": "Every field there is",
    "business_unit_id": 1207,
    "project_manager_id": UUID,
    "study_type_code": "adhoc",
    "industry_code": "other",
    "cost_per_interview": EUROS,
    "client_cost_per_interview_note": EUROS,
    "client_id": 7,
    "collects_pii": False,
    "expected_length_of_interview_minutes": 5,
    "expected_incidence_rate": 0.8,
    "fielding_specification": {
        "start_at": "2026-12-03T08:22:18.822Z",
        "end_at": "2026-12-14T08:22:18.821Z",
    },
    "live_url": "https://a.example/?RID=[%RID%]",
    "test_url": None,
    "fielding_assistant_assignment": {
        "pricing": {
            "type": "dynamic",
            "total_budget": EUROS,
            "maximum_cpi": EUROS,
            "minimum_cpi": EUROS,
        },
        "quota_overlay": {"prevent_overfill": True, "balance_fill": False},
        "pacing": {"type": "linear", "increment_interval": "PT6H"},
        "soft_launch": {
            "end_at": "2026-12-04T08:00:00.000Z",
            "filling_goal_percentage": 10,
            "demographics_strictness_percentage": 0,
        },
    },
    "filling_strategy": "automated",
    "exclusion": {"enabled": True, "list": [{"entity_type": "RID", "entity_ids": ["a"]}]},
    "respondent_activity_exclusions": [
        {
            "type": "target-group",
            "id": ULID,
            "duration": "P90D",
            "respondent_statuses": ["Complete"],
        }
    ],
    "industry_lockout_code": "past_90_days",
    "re_entry_configuration": {
        "completes": {"client_side": SIDE},
        "pre_client_survey_processes": {"screener_side": SIDE},
        "financial_terms": {"screener_side": SIDE},
        "terminates": {"client_side": SIDE, "screener_side": SIDE},
        "security_failures": {"client_side": SIDE, "screener_side": SIDE},
        "overquota": {"client_side": SIDE, "screener_side": SIDE},
        "in_screener": {"client_side": SIDE, "screener_side": SIDE},
    },
    "locale": "ger_de",
    "completes_goal": 10,
    "profiling": {
        "template_id": UUID,
        "profile_adjustment_type": "percentage",
        "profiles": [
            {
                "object": "regular",
                "name": "a",
                "quotas_enabled": False,
                "targets": [
                    {"object": "nominal", "name": "t", "conditions": CONDITIONS, "quota": None},
                    {"conditions": CONDITIONS[:1]},
                ],
            },
            {
                "object": "blended",
                "blended_type": "interlock",
                "name": "b",
                "quotas_enabled": True,
                "targets": [
                    {"conditions": CONDITIONS[:2], "quota": {"name": "q", "completes_goal": 10}},
                    {"conditions": CONDITIONS[:2], "quota": {"completes_goal_percentage": 33.34}},
                ],
            },
        ],
    },
    "allocations": {
        "open_exchange_allocations": {
            "blocked_supplier_ids": ["1"],
            "exchange_min_percentage": 0,
            "exchange_max_percentage": 100,
            "groups": [
                {"group_name": "g", "min_percentage": 0, "max_percentage": 9, "suppliers": ["980"]}
            ],
        },
        "private_exchange_allocations": {
            "blocked_supplier_ids": [],
            "groups": [
                {"group_name": "h", "min_percentage": 0, "max_percentage": 9, "supplier_id": "980"}
            ],
        },
    },
    "allocation_template": {"id": ULID, "type": "global"},
    "target_group_customer_reference_number": "wave-1",
}
OTHER_MODULES: list[dict[str, Any]] = [
    {"pricing": {"type": "rate_card", "maximum_cpi": EUROS, "boost_cpi": EUROS}},
    {"pacing": {"type": "adaptive", "increment_interval": "P1DT2H"}},
    {"pacing": {"type": "gemini", "exposed_target_group_id": ULID}},
    {"pricing": None, "pacing": None},
    {},
]


def keys(value: Any, path: str = "") -> set[str]:
    "Every key of a payload, as a dotted path."
    if isinstance(value, list):
        return set().union(*(keys(item, f"{path}[]") for item in value))
    if not isinstance(value, dict):
        return set()
    own = {f"{path}.{key}": item for key, item in value.items()}
    return set(own).union(*(keys(item, key) for key, item in own.items()))


def model_keys(word: type[Word], path: str = "") -> set[str]:
    "Every field of a word and the words in it, as a dotted path."
    found = set()
    for name, field in word.model_fields.items():
        here = f"{path}.{name}"
        found.add(here)
        listed = "tuple" in str(field.annotation)
        for inner in words_in(field.annotation):
            found |= model_keys(inner, f"{here}[]" if listed else here)
    return found


def schema_keys(schema: dict[str, Any], root: dict[str, Any], path: str = "") -> set[str]:
    "Every property of a published schema, as a dotted path."
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[1]
        return schema_keys(root["components"]["schemas"][name], root, path)
    found = set()
    for part in [*schema.get("oneOf", ()), *schema.get("allOf", ()), *schema.get("anyOf", ())]:
        found |= schema_keys(part, root, path)
    if "items" in schema:
        found |= schema_keys(schema["items"], root, f"{path}[]")
    for name, inner in schema.get("properties", {}).items():
        found |= {f"{path}.{name}"} | schema_keys(inner, root, f"{path}.{name}")
    return found


def published() -> dict[str, Any]:
    return json.loads(OCTOBER.read_text())


def quick_start() -> tuple[str, str]:
    "The documentation's fenced body and its cURL command, as published."
    page = (FOLDER / "quick-start-create-a-target-group.txt").read_text()
    fenced = page[page.index('{\n"name"') : page.index("\nExample request (cURL)")].strip()
    start = page.index("curl -X POST")
    return fenced, page[start : page.index("}'", start) + 2]


def with_real_values(text: str) -> str:
    text = text.replace('"<YOUR_BUSINESS_UNIT_ID>"', "1207")
    return text.replace("<YOUR_PROJECT_MANAGER_ID>", UUID).replace("2026-09-", "2027-09-")


def test_everything_comes_back_to_the_byte() -> None:
    group = TargetGroup.model_validate(EVERYTHING)
    assert group.to_json() == json.dumps(EVERYTHING)
    assert TargetGroup.from_json(group.to_json()) == group
    assert hash(group) == hash(TargetGroup.model_validate(EVERYTHING))


@pytest.mark.parametrize("modules", OTHER_MODULES, ids=str)
def test_other_modules_come_back_to_the_byte(modules: dict[str, Any]) -> None:
    body = EVERYTHING | {"fielding_assistant_assignment": modules}
    assert TargetGroup.model_validate(body).to_json() == json.dumps(body)


def test_everything_is_every_field() -> None:
    sent = keys(EVERYTHING).union(
        *(keys(EVERYTHING | {"fielding_assistant_assignment": m}) for m in OTHER_MODULES)
    )
    assert sent == model_keys(TargetGroup)


@needs_contract
def test_every_published_field_is_here_and_no_other() -> None:
    ours, theirs = model_keys(TargetGroup), schema_keys(root := published(), root)
    assert theirs - ours == set()
    assert ours - theirs == {
        ".profiling.profiles[].targets[].name",  # in every published example, yet undeclared
        ".cost_per_interview.currency_scale",  # one Money serves all; the schema ignores it here
        ".client_cost_per_interview_note.currency_scale",
    }


@needs_contract
def test_what_the_kit_sends_is_what_the_schema_asks_for() -> None:
    assert (
        problems(october_create(), TargetGroup.example(now=NOW).with_open_exchange().payload())
        == []
    )
    body = json.loads(json.dumps(EVERYTHING))
    del body["allocation_template"], body["test_url"]
    for profile in body["profiling"]["profiles"]:
        for target in profile["targets"]:
            target.pop("object", None)
            if target.get("quota"):
                target["quota"] = {"completes_goal_percentage": 0.07}
    for modules in OTHER_MODULES:
        group = TargetGroup.model_validate(body | {"fielding_assistant_assignment": modules})
        assert problems(october_create(), group.payload()) == []


def every_place(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    "The path of every object in a payload."
    if isinstance(value, list):
        return [place for i, item in enumerate(value) for place in every_place(item, (*path, i))]
    if not isinstance(value, dict):
        return []
    return [path, *(p for key, item in value.items() for p in every_place(item, (*path, key)))]


@pytest.mark.parametrize("place", every_place(EVERYTHING), ids=lambda p: ".".join(map(str, p)))
def test_a_stranger_anywhere_is_one_finding_there(place: tuple[str | int, ...]) -> None:
    body = json.loads(json.dumps(EVERYTHING))
    here = body
    for step in place:
        here = here[step]
    here["xyzzy"] = 1
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.model_validate(body)
    assert [(f.code, f.path) for f in caught.value.report.findings] == [
        ("unknown_field", (*place, "xyzzy"))
    ]


@pytest.mark.parametrize(
    "name", [name for name in EVERYTHING if name not in ("locale", "name", "exclusion")]
)
def test_a_slip_of_the_finger_is_answered_with_the_right_name(name: str) -> None:
    body = dict(EVERYTHING)
    slip = name[:-3] + name[-2] + name[-3] + name[-1]
    body[slip] = body.pop(name)
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.model_validate(body)
    assert [(f.path, f.fix) for f in caught.value.report.findings] == [
        ((slip,), f"Did you mean {name!r}?")
    ]


@needs_contract
@pytest.mark.parametrize("which", [0, 1], ids=["fenced", "curl"])
def test_the_quick_start_comes_back_to_the_byte(which: int) -> None:
    text = with_real_values(quick_start()[which])
    group = [TargetGroup.from_json, TargetGroup.from_curl][which](text)
    body = json.loads(text if which == 0 else re.search(r"-d '(.*)'", text, re.S)[1])  # type: ignore[index]
    assert TargetGroup.model_validate(body) == group
    assert json.dumps(group.payload()) == json.dumps(body) == group.to_json()


@needs_contract
@pytest.mark.parametrize("which", [0, 1], ids=["fenced", "curl"])
def test_the_quick_starts_placeholders_are_named(which: int) -> None:
    with pytest.raises(InvalidTargetGroup) as caught:
        [TargetGroup.from_json, TargetGroup.from_curl][which](quick_start()[which])
    assert [(f.code, f.path) for f in caught.value.report.findings] == [
        ("placeholder_left_in", ("business_unit_id",)),
        ("placeholder_left_in", ("project_manager_id",)),
    ]


@needs_contract
def test_the_example_is_the_quick_start() -> None:
    theirs = json.loads(with_real_values(quick_start()[0]))
    ours = TargetGroup.example(now=NOW).payload()
    assert list(ours) == list(theirs)
    assert [k for k in ours if ours[k] != theirs[k]] == ["fielding_specification"]


def test_the_example_is_the_same_all_day_and_always_ahead() -> None:
    midnight = NOW.replace(hour=0)
    first = TargetGroup.example(now=midnight).to_json()
    for hours in (1, 12, 23):
        assert TargetGroup.example(now=midnight + timedelta(hours=hours)).to_json() == first
    last = midnight + timedelta(hours=23, minutes=59)
    assert TargetGroup.example(now=last).fielding_specification.start_at > last + timedelta(hours=1)
    assert TargetGroup.example(now=last + timedelta(minutes=1)).to_json() != first


@pytest.mark.parametrize(
    ("value", "kept"), [(1207, 1207), ("1207", 1207), (1207.0, 1207), ("0001207", 1207)]
)
def test_a_business_unit_may_be_digits(value: Any, kept: int) -> None:
    group = TargetGroup.model_validate(EVERYTHING | {"business_unit_id": value})
    assert group.payload()["business_unit_id"] == kept


@pytest.mark.parametrize("value", ["12 07", "", "1207.5", True, None, [1207]])
def test_what_is_no_business_unit_is_refused(value: Any) -> None:
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.model_validate(EVERYTHING | {"business_unit_id": value})
    assert [f.path for f in caught.value.report.findings] == [("business_unit_id",)]


BOUNDS: list[tuple[str, Any, bool]] = [
    ("name", "x" * 4, False),
    ("name", "x" * 5, True),
    ("name", "x" * 128, True),
    ("name", "x" * 129, False),
    ("name", "<script>alert(1)</script>", True),
    ("completes_goal", 0, False),
    ("completes_goal", 1, True),
    ("completes_goal", 1.5, False),
    ("expected_length_of_interview_minutes", 0, False),
    ("expected_length_of_interview_minutes", 45, True),
    ("expected_length_of_interview_minutes", 46, False),
    ("expected_incidence_rate", 0, True),
    ("expected_incidence_rate", 1, True),
    ("expected_incidence_rate", 0.07, True),
    ("expected_incidence_rate", 0.075, False),
    ("expected_incidence_rate", 80, False),
    ("expected_incidence_rate", -0.01, False),
    ("project_manager_id", UUID.upper(), True),
    ("project_manager_id", UUID[:-1], False),
    ("collects_pii", "false", False),
    ("live_url", "https://a.example/" + "x" * 2982, True),
    ("live_url", "https://a.example/" + "x" * 2983, False),
    ("target_group_customer_reference_number", "ab", False),
    ("target_group_customer_reference_number", "a-1_ b", True),
    ("target_group_customer_reference_number", "a" * 129, False),
    ("target_group_customer_reference_number", "a.b", False),
    ("target_group_customer_reference_number", "abc\n", False),
    ("target_group_customer_reference_number", None, True),
    ("filling_strategy", "complete", False),
    ("client_id", 2**31, False),
    ("client_id", None, True),
    ("profiling", None, True),
    ("profiling", {}, False),
    ("allocations", None, False),
    ("fielding_assistant_assignment", None, False),
]


@pytest.mark.parametrize(("name", "value", "ok"), BOUNDS, ids=lambda v: str(v)[:30])
def test_bounds(name: str, value: Any, ok: bool) -> None:
    body = EVERYTHING | {name: value}
    if ok:
        assert TargetGroup.model_validate(body).payload()[name] == value
        return
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.model_validate(body)
    paths = {f.path for f in caught.value.report.findings}
    assert all(path[0] == name for path in paths)
    assert len(paths) == len(caught.value.report.findings)


def test_a_copy_says_where_completes_come_from() -> None:
    example = TargetGroup.example(now=NOW)
    open_exchange = example.with_open_exchange()
    assert open_exchange.allocations == Allocations.open_exchange()
    assert example.allocations is None
    templated = example.replace(allocation_template={"id": ULID, "type": "global"})
    assert "allocation_template" not in templated.with_open_exchange().payload()


def test_a_server_draft_comes_back_to_the_same_words() -> None:
    group = TargetGroup.model_validate(EVERYTHING)
    draft = json.loads(group.to_json())
    draft |= {"id": ULID, "human_readable_id": "A1B2C3D", "pricing_model": "dynamic", "links": {}}
    draft["industry_lockout_code"] = None
    for profile in draft["profiling"]["profiles"]:
        profile["id"] = UUID
        for target in profile["targets"]:
            target |= {"id": UUID, "text": "shown"}
            if target.get("quota"):
                target["quota"] |= {
                    "quota_nominal": 5,
                    "completes_goal": 5,
                    "completes_goal_percentage": 50,
                }
    back = TargetGroup.from_draft(draft)
    assert back.industry_lockout_code is None
    quotas = [t.quota for p in back.profiling.profiles for t in p.targets if t.quota]  # type: ignore[union-attr]
    assert {q.completes_goal_percentage for q in quotas} == {50}
    assert {q.completes_goal for q in quotas} == {None}


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ('{"name": }', "not_json", "line 1, column 10: Expecting value."),
        ("[]", "wrong_type", "the JSON holds a list, not an object."),
        ("", "not_json", "line 1, column 1: Expecting value."),
    ],
)
def test_broken_json_says_where(text: str, code: str, message: str) -> None:
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.from_json(text)
    assert [(f.code, f.path, f.message) for f in caught.value.report.findings] == [
        (code, (), message)
    ]


@pytest.mark.parametrize(
    "command",
    [
        "curl -X POST \\\n  'https://x.example/v1' \\\n -H 'A: b' -d '{BODY}'",
        "curl --data-raw='{BODY}' https://x.example",
        "curl https://x.example --json '{BODY}'",
        "curl -X POST \\  \r\n -d '{BODY}'",
    ],
)
def test_curl_in_its_spellings(command: str) -> None:
    group = TargetGroup.example(now=NOW)
    assert TargetGroup.from_curl(command.replace("{BODY}", group.to_json())) == group


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("curl https://x.example", "not_curl"),
        ("curl -d '{", "not_curl"),
        ("curl -d '{'", "not_json"),
    ],
)
def test_broken_curl_says_so(command: str, code: str) -> None:
    with pytest.raises(InvalidTargetGroup) as caught:
        TargetGroup.from_curl(command)
    assert [f.code for f in caught.value.report.findings] == [code]
