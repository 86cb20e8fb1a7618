"Profiles that the exchange validates: its numbers, and the way back to the user's own fields."

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from contract import july, needs_contract, operation, problems, validator
from hypothesis import given, settings
from hypothesis import strategies as st
from visitor import visitor

from target_group_kit.contract.checks import check
from target_group_kit.contract.errors import Finding, Path, Report
from target_group_kit.contract.profiling import Profiling
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.validation import (
    numbered,
    questions_at,
    validation_body,
    validation_report,
)
from target_group_kit.exchange.client import DemandClient
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault
from target_group_kit.stage.verdict import profile_problems

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
GROUP = TargetGroup.example(now=NOON).with_open_exchange()
SOUND = validation_body(GROUP)


@pytest.fixture(scope="module", params=[False, True], ids=["lenient", "strict"])
def client(request: pytest.FixtureRequest) -> Iterator[DemandClient]:
    emulator = Emulator(clock=lambda: NOON, strict=request.param)
    with emulator, emulator.client() as client:
        yield client


def target(question: int, option: str, quota: dict[str, Any] | None) -> dict[str, Any]:
    condition = {"object": "selection", "question_id": question, "option": option}
    named = {"name": f"{question} is {option}", "conditions": [condition]}
    return named | ({"quota": quota} if quota is not None else {})


def regular(question: int, *quotas: dict[str, Any] | None, enabled: bool = True) -> dict[str, Any]:
    targets = [target(question, str(n), quota) for n, quota in enumerate(quotas, 1)]
    return {"object": "regular", "quotas_enabled": enabled, "targets": targets}


def asked(*profiles: Any, kind: str = "percentage", goal: Any = 10) -> dict[str, Any]:
    profiling = {"profile_adjustment_type": kind, "profiles": list(profiles)}
    return {"locale": "ger_de", "completes_goal": goal, "profiling": profiling}


def percent(value: float) -> dict[str, Any]:
    return {"completes_goal_percentage": value}


def nominal(value: int) -> dict[str, Any]:
    return {"completes_goal": value}


BLENDED = regular(96, percent(60)) | {"object": "blended", "name": "cells"}
GENDER, RACE, HALF = 43, 113, percent(50)


def numbers(findings: tuple[Finding, ...]) -> list[tuple[str, str, Path]]:
    "What the exchange has a number for."
    return sorted((f.code, f.level, f.path) for f in findings if numbered(f.code))


def test_a_sound_plan_is_answered_with_nothing(client: DemandClient) -> None:
    assert client.validate_profiles(GROUP) == Report()
    assert client.validate_profiles(SOUND) == Report()
    words = SOUND | {"profiling": Profiling.model_validate(SOUND["profiling"])}
    assert client.validate_profiles(words) == Report()


@pytest.mark.parametrize("profiling", [None, "template"])
def test_without_profiles_nothing_is_asked(profiling: Any) -> None:
    template = {"template_id": "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"}
    kept = template | {"profile_adjustment_type": "percentage"} if profiling else None
    with Emulator(clock=lambda: NOON) as emulator, emulator.client() as client:
        report = client.validate_profiles(GROUP.replace(profiling=kept))
        assert emulator.requests == ()
    assert report.findings == (
        Finding(
            "no_profiles",
            "note",
            ("profiling",),
            "there are no profiles, so the exchange wasn't asked.",
        ),
    )


WRONG = {
    "one too much": asked(regular(GENDER, HALF, percent(60))),
    "the second of two": asked(regular(GENDER, HALF, HALF), regular(RACE, HALF, percent(49.99))),
    "two of one kind": asked(regular(GENDER, HALF), regular(RACE, percent(10))),
    "the same question twice": asked(regular(GENDER, HALF), regular(GENDER, percent(10))),
    "a blended one, a warning": asked(regular(GENDER, HALF, HALF), BLENDED),
    "completes in percentages": asked(regular(GENDER, nominal(5), nominal(5))),
    "percentages in completes": asked(regular(GENDER, HALF, HALF), kind="nominal"),
    "no quota where they are on": asked(regular(GENDER, HALF, None)),
    "quotas where they are off": asked(regular(GENDER, HALF, HALF, enabled=False)),
    "nobody wanted": asked(regular(GENDER, percent(0), percent(0))),
    "too few completes": asked(regular(GENDER, nominal(5), nominal(4)), kind="nominal"),
    "too many quotas": asked(*(regular(n, HALF, HALF) for n in range(200, 380))),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_the_exchange_finds_stands_where_the_check_finds_it(
    name: str, client: DemandClient
) -> None:
    body = WRONG[name]
    found = client.validate_profiles(body).findings
    assert found
    assert sorted((f.code, f.level, f.path) for f in found) == numbers(check(body).findings)


def test_a_warning_stays_one(client: DemandClient) -> None:
    report = client.validate_profiles(WRONG["a blended one, a warning"])
    sums = [f for f in report.findings if f.code == "incorrect_sum_of_percentage_009"]
    assert sums[0].level == "warning"
    assert sums[0].path == ("profiling", "profiles", 1, "targets")
    assert sums[0].fix


def test_what_has_no_form_is_named_at_its_field(client: DemandClient) -> None:
    half = regular(GENDER, HALF, HALF)
    del half["quotas_enabled"], half["targets"][1]["conditions"][0]["option"]
    report = client.validate_profiles(asked(half, goal="many"))
    place = ("profiling", "profiles", 0)
    assert {f.path for f in report.errors} == {
        ("completes_goal",),
        (*place, "quotas_enabled"),
        (*place, "targets", 1, "conditions", 0, "option"),
    }
    assert {f.code for f in report.errors} == {"unprocessable_entity_error"}


def test_strict_takes_no_quoted_ids() -> None:
    body = asked(regular(GENDER, HALF, HALF))
    body["profiling"]["profiles"][0]["targets"][0]["conditions"][0]["question_id"] = "43"
    wrong = [[p["name"] for p in profile_problems(body, NOON, strict=s)] for s in (False, True)]
    place = "Profiling.Profiles[0].Targets[0].Conditions[0].QuestionId"
    assert wrong == [[], [place]]


PROFILES = {"Profiling.Profiles", "profile_validation_error_051"}
KIND = {"Profiling.ProfileAdjustmentType", "profile_validation_error_050"}
TEMPLATE = {"template_id": "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"}


@pytest.mark.parametrize(
    ("change", "places"),
    [
        ({"profiling": None}, [{"Profiling"}]),
        ({"profiling": {"profile_adjustment_type": "nominal"}}, [PROFILES]),
        ({"profiling": TEMPLATE | {"profile_adjustment_type": "percentage"}}, [PROFILES]),
        ({"locale": 5, "profiling": {"profiles": 5}}, [{"Locale"}, PROFILES, KIND]),
        ({"business_unit_id": None, "name": "x"}, []),
    ],
)
def test_each_place_is_told_once_and_only_where_validating_asks(
    change: dict[str, Any], places: list[set[str]]
) -> None:
    "Under its own name, or under the number that the exchange has for it."
    names = [entry["name"] for entry in profile_problems(SOUND | change, NOON)]
    assert len(names) == len(places)
    assert all(place & set(names) for place in places)


def test_the_entries_carry_questions_level_and_a_known_id() -> None:
    body = WRONG["the second of two"]
    body["profiling"]["profiles"][1]["id"] = "01JX2X0N5RTR012AYDTA83QWTW"
    [entry] = profile_problems(body, NOON)
    assert entry == {
        "error_type": "data_validation_error",
        "name": "profile_validation_error_009",
        "reason": "incorrect_sum_of_percentage_009",
        "detail": "percentages of 'race (113)' sum to 99.99, 0.01 short.",
        "metadata": {
            "question_id": [113],
            "error_level": "error",
            "profile_id": "01JX2X0N5RTR012AYDTA83QWTW",
        },
    }


def test_the_answers_on_the_wire() -> None:
    with Emulator(clock=lambda: NOON) as emulator, visitor(emulator) as http:
        path = f"/demand/accounts/{emulator.account_id}/profiles/validate"
        fine, wrong, broken = (
            http.post(path, json=SOUND),
            http.post(path, json=WRONG["one too much"]),
            http.post(path, content=b"{"),
        )
    assert [answer.status_code for answer in (fine, wrong, broken)] == [204, 422, 400]
    assert fine.content == b""
    body = wrong.json()
    assert {name: body[name] for name in ("object", "title", "detail")} == {
        "object": "unprocessable_entity_error",
        "title": "profile request validation",
        "detail": "Validation error: 1 problem found.",
    }


@needs_contract
@pytest.mark.parametrize("name", WRONG)
def test_the_entries_are_the_published_ones(name: str) -> None:
    entries = profile_problems(WRONG[name], NOON)
    schema = july()["components"]["schemas"]["ValidationErrorResponseDemographics"]
    assert (
        problems(validator(schema), {"detail": "Validation error", "invalid_params": entries}) == []
    )


@needs_contract
def test_the_client_sends_the_published_body() -> None:
    content = operation("validate_profiles")["requestBody"]["content"]["application/json"]
    assert problems(validator(content["schema"]), SOUND) == []


def test_validating_is_asked_again_after_a_failure_that_passes() -> None:
    fault = Fault("error_before", on="validate_profiles")
    with Emulator(clock=lambda: NOON, faults=[fault]) as emulator:
        with emulator.client(sleep=lambda _: None) as client:
            assert client.validate_profiles(GROUP) == Report()
        statuses = [r.status for r in emulator.requests if r.operation == "validate_profiles"]
    assert statuses == [500, 204]


# What another server may answer.


def answered(sent: dict[str, Any], *params: Any) -> list[tuple[str, str, Path]]:
    body = {"object": "unprocessable_entity_error", "invalid_params": list(params)}
    report = validation_report(json.dumps(body).encode(), sent)
    return [(f.code, f.level, f.path) for f in report.findings]


def data(reason: str, *questions: Any, level: str = "error") -> dict[str, Any]:
    about = {"question_id": list(questions), "error_level": level}
    name = numbered(reason)
    return {
        "error_type": "data_validation_error",
        "name": name,
        "reason": reason,
        "metadata": about,
    }


SENT = asked(regular(GENDER, HALF, HALF), regular(RACE, HALF, HALF), BLENDED)
UNKNOWN = "quota_without_tea_099"
AT = ("profiling", "profiles")


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ([data(UNKNOWN, 113)], [(UNKNOWN, "error", (*AT, 1))]),
        ([data(UNKNOWN, 96, level="warning")], [(UNKNOWN, "warning", (*AT, 2))]),
        ([data(UNKNOWN, 43, 113)], [(UNKNOWN, "error", ("profiling",))]),
        ([data(UNKNOWN)], [(UNKNOWN, "error", ("profiling",))]),
        ([data(UNKNOWN, 5)], [(UNKNOWN, "error", ("profiling",))]),
        ([data(UNKNOWN, "113", None, True)], [(UNKNOWN, "error", ("profiling",))]),
        ([data(UNKNOWN) | {"metadata": {"question_id": 113}}], [(UNKNOWN, "error", (*AT, 1))]),
        ([data(UNKNOWN) | {"metadata": "none"}], [(UNKNOWN, "error", ("profiling",))]),
        (
            [{"error_type": "structural_error", "name": "Profiling.Profiles[2]", "reason": "odd"}],
            [("unprocessable_entity_error", "error", (*AT, 2))],
        ),
        ([], [("unprocessable_entity_error", "error", ())]),
        (["words"], [("unprocessable_entity_error", "error", ())]),
    ],
)
def test_what_is_not_known_is_placed_by_its_questions(
    params: list[Any], found: list[tuple[str, str, Path]]
) -> None:
    assert answered(SENT, *params) == found


@pytest.mark.parametrize("answer", [b"", b"<p>no</p>", b"[]", b"5", b'{"invalid_params": {}}'])
def test_any_other_answer_is_told_as_it_came(answer: bytes) -> None:
    report = validation_report(answer, SENT)
    assert [(f.level, f.path) for f in report.findings] == [("error", ())]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["error_type", "43"]),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.sampled_from("invalid_params error_type name reason metadata question_id".split()),
            parts,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(JSON, JSON)
def test_no_answer_breaks_the_reading(answer: Any, profiling: Any) -> None:
    sent = SOUND | {"profiling": profiling}
    body = json.dumps({"invalid_params": answer}).encode()
    assert validation_report(body, sent).findings


@pytest.mark.parametrize(
    ("path", "questions"),
    [
        ((), (43, 113, 96)),
        (("profiling", "profiles", 1), (113,)),
        (("profiling", "profiles", 1, "targets", 0, "quota", "completes_goal"), ()),
        (("profiling", "profiles", 1, "targets", 0, "quota", "nowhere"), ()),
        (("profiling", "profiles", 9), (43, 113, 96)),
        (("locale",), ()),
    ],
)
def test_the_questions_of_a_place(path: Path, questions: tuple[int, ...]) -> None:
    assert questions_at(SENT, path) == questions


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("incorrect_sum_of_percentage_009", "profile_validation_error_009"),
        ("end_at_too_soon", None),
        ("_009", None),
        ("nine_0009", None),
    ],
)
def test_numbers_of_codes(code: str, name: str | None) -> None:
    assert numbered(code) == name


def test_a_client_of_its_own_http_reads_a_published_answer() -> None:
    entry = data("incorrect_sum_of_percentage_009", 43) | {"detail": "not a hundred"}
    answer = {"object": "unprocessable_entity_error", "invalid_params": [entry]}
    transport = httpx.MockTransport(lambda _: httpx.Response(422, json=answer))
    sent = copy.deepcopy(WRONG["one too much"])
    with httpx.Client(transport=transport) as http:
        own = DemandClient(base_url="http://127.0.0.1:1/v1", account_id=1, token="t", http=http)
        [found] = own.validate_profiles(sent).findings
    assert found == Finding(
        "incorrect_sum_of_percentage_009",
        "error",
        ("profiling", "profiles", 0, "targets"),
        "not a hundred (profile_validation_error_009)",
        "Let `percentages(...)` share out 100.00, or change the cells named.",
    )
