"Every rule at its boundary: one mistake, one finding, at its path."

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.checks import FORMS, RULES, check, explain
from target_group_kit.contract.delivery import BusinessUnit
from target_group_kit.contract.errors import KitError
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import instant

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
UUID = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"
ULID = "01JX2X0N5RTR012AYDTA83QWTW"
Body = dict[str, Any]
PROFILE = ("profiling", "profiles", 0)
TARGETS = (*PROFILE, "targets")


def body() -> Body:
    "A plan without any finding."
    plan = TargetGroup.example(now=NOW).with_open_exchange().payload()
    del plan["exclusion"]["list"]
    for target in plan["profiling"]["profiles"][0]["targets"]:
        del target["quota"]["name"]
    return plan


def found(plan: Any, **options: Any) -> list[tuple[str, str, tuple[str | int, ...]]]:
    findings = check(plan, now=NOW, **options).findings
    assert all(f.message.endswith(".") and f.fix for f in findings), findings
    return [(f.code, f.level, f.path) for f in findings]


def test_a_good_plan_has_no_finding() -> None:
    plan = body()
    assert found(plan) == found(TargetGroup.model_validate(plan)) == found(json.dumps(plan)) == []
    assert found(plan, stage="launch") == []


def test_the_example_only_warns() -> None:
    quotas = [(*TARGETS, t, "quota", "name") for t in (0, 1)]
    assert found(TargetGroup.example(now=NOW)) == [
        ("allocations_missing", "warning", ("allocations",)),
        ("deprecated_field", "warning", ("exclusion", "list")),
        ("deprecated_field", "warning", quotas[0]),
        ("deprecated_field", "warning", quotas[1]),
    ]


def window(start: str, end: str) -> Callable[[Body], None]:
    def change(plan: Body) -> None:
        plan["fielding_specification"] = {"start_at": start, "end_at": end}

    return change


def setting(*path: str | int, to: Any) -> Callable[[Body], None]:
    def change(plan: Body) -> None:
        here: Any = plan
        for step in path[:-1]:
            here = here[step]
        here[path[-1]] = to

    return change


def quotas(kind: str, *numbers: Any, adjustment: str | None = None) -> Callable[[Body], None]:
    "As many targets as numbers, each with a quota of this kind; None for no quota."

    def change(plan: Body) -> None:
        plan["profiling"]["profile_adjustment_type"] = adjustment or {
            "completes_goal": "nominal",
            "completes_goal_percentage": "percentage",
        }.get(kind, "percentage")
        plan["profiling"]["profiles"][0]["targets"] = [
            {"conditions": [{"object": "selection", "question_id": 43, "option": str(i)}]}
            | ({"quota": {kind: number}} if number is not None else {})
            for i, number in enumerate(numbers)
        ]

    return change


def ages(*ranges: tuple[int, int]) -> Callable[[Body], None]:
    def change(plan: Body) -> None:
        plan["profiling"]["profiles"][0]["quotas_enabled"] = False
        plan["profiling"]["profiles"][0]["targets"] = [
            {"conditions": [{"object": "range", "question_id": 42, "min": a, "max": b}]}
            for a, b in ranges
        ]

    return change


AGES = {"object": "range", "question_id": 42, "min": 18, "max": 24}


def blended(kind: str | None, enabled: bool, *percents: float) -> Callable[[Body], None]:
    def change(plan: Body) -> None:
        profile = plan["profiling"]["profiles"][0]
        profile |= {"object": "blended", "name": "cells", "quotas_enabled": enabled}
        if kind:
            profile["blended_type"] = kind
        profile["targets"] = [
            {
                "conditions": [
                    {"object": "selection", "question_id": 43, "option": str(i % 2)},
                    AGES,
                ],
                "quota": {"completes_goal_percentage": percent},
                "name": f"cell {i}",
            }
            for i, percent in enumerate(percents)
        ]
        if kind == "control":
            gender = [{"object": "selection", "question_id": 43, "option": o} for o in "01"]
            plan["profiling"]["profiles"] += [
                {
                    "object": "regular",
                    "quotas_enabled": False,
                    "targets": [{"conditions": [it]} for it in conditions],
                }
                for conditions in (gender, [AGES])
            ]

    return change


HOUR = timedelta(hours=1)
MS = timedelta(milliseconds=1)
SOON, LATER = instant(NOW + HOUR), instant(NOW + 24 * HOUR)
JUST_TOO_SOON = instant(NOW + HOUR - MS)
START, END = ("fielding_specification", "start_at"), ("fielding_specification", "end_at")
PERCENT, GOAL = "completes_goal_percentage", "completes_goal"
CPI = {"value": "1", "currency_code": "USD"}
PRICING = ("fielding_assistant_assignment", "pricing")
RID = "https://a.example/?id="

CASES: list[tuple[str, Callable[[Body], None], list[tuple[str, str, tuple[str | int, ...]]]]] = [
    ("start an hour ahead", window(SOON, LATER), []),
    ("start too soon", window(JUST_TOO_SOON, LATER), [("start_at_too_soon", "error", START)]),
    (
        "all past",
        window(instant(NOW - 9 * HOUR), instant(NOW - HOUR)),
        [("start_at_too_soon", "error", START), ("end_at_too_soon", "error", END)],
    ),
    ("end past, start ahead", window(LATER, JUST_TOO_SOON), [("end_at_too_soon", "error", END)]),
    ("no length", window(LATER, LATER), [("start_at_and_end_at_cannot_be_same_035", "error", END)]),
    ("backwards", window(LATER, SOON), [("end_at_cannot_be_before_start_at_036", "error", END)]),
    ("a millisecond long", window(SOON, instant(NOW + HOUR + MS)), []),
    ("percent 100", quotas(PERCENT, 33.34, 33.33, 33.33), []),
    (
        "percent 99.99",
        quotas(PERCENT, 33.33, 33.33, 33.33),
        [("incorrect_sum_of_percentage_009", "error", TARGETS)],
    ),
    (
        "percent 100.01",
        quotas(PERCENT, 50, 50.01),
        [("incorrect_sum_of_percentage_009", "error", TARGETS)],
    ),
    ("percent 0", quotas(PERCENT, 100, 0), [("empty_cell", "note", TARGETS)]),
    (
        "percent all 0",
        quotas(PERCENT, 0, 0),
        [
            (
                "at_least_one_quota_should_have_completes_goal_percentage_greater_than_zero_064",
                "error",
                TARGETS,
            )
        ],
    ),
    ("nominal 10", quotas(GOAL, 4, 6), []),
    ("nominal 9", quotas(GOAL, 4, 5), [("incorrect_sum_of_nominal_010", "error", TARGETS)]),
    ("nominal 11", quotas(GOAL, 5, 6), [("incorrect_sum_of_nominal_010", "error", TARGETS)]),
    (
        "nominal all 0",
        quotas(GOAL, 0, 0),
        [("at_least_one_quota_should_have_completes_goal_greater_than_zero_063", "error", TARGETS)],
    ),
    (
        "percentages in a nominal plan",
        quotas(PERCENT, 50, 50, adjustment="nominal"),
        [("nominal_adjustment_cannot_have_percentage_042", "error", TARGETS)],
    ),
    (
        "completes in a percentage plan",
        quotas(GOAL, 5, 5, adjustment="percentage"),
        [("percentage_adjustment_cannot_have_nominal_043", "error", TARGETS)],
    ),
    (
        "one percentage missing",
        quotas(PERCENT, 100, None),
        [
            (
                "completes_goal_percentage_must_be_populated_for_quota_enabled_profile_052",
                "error",
                TARGETS,
            )
        ],
    ),
    (
        "one goal missing",
        quotas(GOAL, 10, None),
        [("completes_goal_must_be_populated_for_quota_enabled_profile_053", "error", TARGETS)],
    ),
    (
        "quotas off, yet given",
        setting(*PROFILE, "quotas_enabled", to=False),
        [
            (
                "disabled_profile_cannot_have_completes_goal_061",
                "error",
                (*PROFILE, "quotas_enabled"),
            )
        ],
    ),
    ("ages apart", ages((18, 24), (25, 34)), []),
    (
        "ages overlap",
        ages((25, 34), (18, 25)),
        [("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)],
    ),
    (
        "ages overlap twice",
        ages((18, 30), (25, 40), (35, 50)),
        [("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)],
    ),
    (
        "ages inside another",
        ages((18, 99), (25, 34)),
        [("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)],
    ),
    (
        "the same ages twice",
        ages((18, 24), (18, 24)),
        [("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)],
    ),
    ("one age", ages((18, 18), (19, 19)), []),
    (
        "ages backwards",
        ages((24, 18)),
        [
            (
                "profile_condition_min_greater_than_max_001",
                "error",
                (*TARGETS, 0, "conditions", 0, "min"),
            )
        ],
    ),
    ("interlock", blended("interlock", True, 50, 50), []),
    (
        "interlock short",
        blended(None, True, 50, 49),
        [("incorrect_sum_of_percentage_009", "warning", TARGETS)],
    ),
    ("control short", blended("control", True, 50, 0), []),
    (
        "interlock off",
        blended("interlock", False, 50, 50),
        [
            (
                "quota_will_be_always_enabled_for_blended_profile_025",
                "error",
                (*PROFILE, "quotas_enabled"),
            )
        ],
    ),
    ("350 quotas", quotas(PERCENT, 100, *[0] * 349), [("empty_cell", "note", TARGETS)]),
    (
        "351 quotas",
        quotas(PERCENT, 100, *[0] * 350),
        [
            (
                "total_number_of_quotas_cannot_be_greater_than_max_030",
                "error",
                ("profiling", "profiles"),
            ),
            ("empty_cell", "note", TARGETS),
        ],
    ),
    ("template", setting("profiling", "template_id", to=UUID), []),
    (
        "template with completes",
        lambda plan: (
            quotas(GOAL, 4, 6)(plan),
            setting("profiling", "template_id", to=UUID)(plan),
        ),
        [
            (
                "template_allows_only_percentage_adjustment_041",
                "error",
                ("profiling", "profile_adjustment_type"),
            )
        ],
    ),
    (
        "two currencies",
        setting(*PRICING, "maximum_cpi", to=CPI),
        [("currency_differs", "error", (*PRICING, "maximum_cpi", "currency_code"))],
    ),
    (
        "http",
        setting("live_url", to="http://a.example/?r=[%RID%]"),
        [("url_not_https", "error", ("live_url",))],
    ),
    (
        "no host",
        setting("test_url", to="https:///?r=[%RID%]"),
        [("url_not_https", "error", ("test_url",))],
    ),
    (
        "script",
        setting("live_url", to="javascript:[%RID%]"),
        [("url_not_https", "error", ("live_url",))],
    ),
    (
        "half bracket",
        setting("live_url", to="https://[a/[%RID%]"),
        [("url_not_https", "error", ("live_url",))],
    ),
    (
        "no RID",
        setting("live_url", to=RID),
        [("rid_placeholder_missing", "warning", ("live_url",))],
    ),
    (
        "rid in small letters",
        setting("test_url", to=RID + "[%rid%]"),
        [("rid_placeholder_missing", "warning", ("test_url",))],
    ),
    ("no live address", setting("live_url", to=None), []),
    (
        "both allocations",
        setting("allocation_template", to={"id": ULID, "type": "global"}),
        [("allocations_twice", "error", ("allocation_template",))],
    ),
    (
        "no allocations",
        lambda plan: plan.pop("allocations"),
        [("allocations_missing", "warning", ("allocations",))],
    ),
    (
        "malformed allocations are not missing",
        setting("allocations", to={}),
        [("missing", "error", ("allocations", "open_exchange_allocations"))],
    ),
    (
        "deprecated list",
        setting("exclusion", "list", to=[]),
        [("deprecated_field", "warning", ("exclusion", "list"))],
    ),
    (
        "placeholder",
        setting("name", to="<YOUR NAME>"),
        [("placeholder_left_in", "error", ("name",))],
    ),
    (
        "placeholder id",
        setting("business_unit_id", to="<BU_ID>"),
        [("placeholder_left_in", "error", ("business_unit_id",))],
    ),
    ("a name of <script>", setting("name", to="<script>"), []),
    ("locale", setting("locale", to="eng-us"), [("locale_form", "error", ("locale",))]),
    (
        "locale placeholder",
        setting("locale", to="<LOCALE>"),
        [("placeholder_left_in", "error", ("locale",))],
    ),
    (
        "goal 0",
        setting("completes_goal", to=0),
        [("total_completes_goal_cannot_be_less_than_one_016", "error", ("completes_goal",))],
    ),
    ("no profiling", setting("profiling", to=None), []),
    ("malformed live address", setting("live_url", to=7), [("wrong_type", "error", ("live_url",))]),
    (
        "malformed time, nothing said about the window",
        setting(*END, to="soon"),
        [("invalid_start_at_or_end_at_date_format_037", "error", END)],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_one_mistake_is_one_finding(change: Callable[[Body], None], expected: list[Any]) -> None:
    plan = body()
    change(plan)
    assert found(plan) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (None, [("live_url_missing", "error", ("live_url",))]),
        (RID, [("rid_placeholder_missing", "error", ("live_url",))]),
        (RID + "[%RID%]", []),
    ],
)
def test_launch_needs_a_live_address_with_its_placeholder(url: Any, expected: list[Any]) -> None:
    assert found(body() | {"live_url": url}, stage="launch") == expected
    without = body()
    del without["live_url"]
    assert found(without, stage="launch") == [("live_url_missing", "error", ("live_url",))]


def unit(**changes: Any) -> dict[str, Any]:
    return {
        "id": 1207,
        "name": "Berlin",
        "currency_code": "EUR",
        "pricing_models": ["dynamic"],
    } | changes


@pytest.mark.parametrize(
    ("business_unit", "expected"),
    [
        (unit(), []),
        (unit(id="1207"), []),
        (BusinessUnit(id=1207, currency_code="EUR"), []),
        (
            unit(currency_code="USD"),
            [
                ("currency_differs", "error", ("cost_per_interview", "currency_code")),
                ("currency_differs", "error", (*PRICING, "maximum_cpi", "currency_code")),
            ],
        ),
        (
            unit(id=7, currency_code="USD"),
            [("business_unit_differs", "error", ("business_unit_id",))],
        ),
    ],
)
def test_money_is_in_the_business_units_currency(business_unit: Any, expected: list[Any]) -> None:
    assert found(body(), business_unit=business_unit) == expected


def test_all_problems_come_at_once() -> None:
    plan = body()
    del plan["locale"]
    plan["nmae"] = plan.pop("name")
    plan["live_url"] = "http://a.example"
    plan["fielding_specification"]["end_at"] = instant(NOW)
    plan["profiling"]["profiles"].append(
        {"object": "regular", "quotas_enabled": True, "targets": [{"conditions": []}]}
    )
    plan["profiling"]["profiles"][0]["targets"][0]["quota"][PERCENT] = 49
    assert sorted(found(plan), key=str) == sorted(
        [
            ("missing", "error", ("locale",)),
            ("unknown_field", "error", ("nmae",)),
            ("url_not_https", "error", ("live_url",)),
            ("end_at_too_soon", "error", END),
            ("incorrect_sum_of_percentage_009", "error", TARGETS),
            ("wrong_length", "error", ("profiling", "profiles", 1, "targets", 0, "conditions")),
        ],
        key=str,
    )


def test_a_malformed_profile_is_told_once() -> None:
    plan = body()
    plan["profiling"]["profiles"][0]["targets"][0]["quota"][PERCENT] = 49.999
    path = (*TARGETS, 0, "quota", PERCENT)
    assert found(plan) == [("too_many_decimals", "error", path)]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ("{", "not_json"),
        ("[]", "wrong_type"),
        ([], "wrong_type"),
        (None, "wrong_type"),
        (7, "wrong_type"),
    ],
)
def test_what_is_no_plan_is_one_finding(plan: Any, code: str) -> None:
    assert [f.code for f in check(plan, now=NOW).findings] == [code]


def test_names_of_fields_are_text() -> None:
    assert found(body() | {1: 2}) == [("invalid_key", "error", (1,))]


@pytest.mark.parametrize(
    ("given", "named"),
    [({}, "id, currency_code"), ({"id": "x", "currency_code": "EUR"}, "id"), (5, "")],
)
def test_what_is_no_business_unit_is_said(given: Any, named: str) -> None:
    with pytest.raises(
        KitError, match=r"is no business unit.* client\.get_business_units"
    ) as caught:
        check(body(), now=NOW, business_unit=given)
    assert (f"look at {named}." in str(caught.value)) == bool(named)


def test_an_empty_form_says_what_is_missing() -> None:
    report = check({}, now=NOW)
    assert {f.code for f in report.errors} == {"missing"}
    assert len(report.errors) == 10


def test_the_clock_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        check(body(), now=datetime(2026, 12, 1))


def test_checking_changes_nothing() -> None:
    plan = body()
    before = json.dumps(plan)
    check(plan, now=NOW, business_unit=unit(currency_code="USD"))
    assert json.dumps(plan) == before


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=40))
@settings(deadline=None)
def test_percentages_are_summed_exactly(units: list[int]) -> None:
    plan = body()
    quotas(PERCENT, *[u / 100 for u in units])(plan)
    codes = [code for code, level, _ in found(plan) if level == "error"]
    zero = "at_least_one_quota_should_have_completes_goal_percentage_greater_than_zero_064"
    expected = {0: [zero], 10_000: []}.get(sum(units), ["incorrect_sum_of_percentage_009"])
    assert codes == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: st.lists(v) | st.dictionaries(st.text(), v),
    ),
    st.sampled_from(sorted(body())),
)
@settings(deadline=None)
def test_anything_at_all_in_a_field_is_answered(value: Any, name: str) -> None:
    report = check(body() | {name: value}, now=NOW)
    assert all(finding.code in {*RULES, *FORMS} and finding.path for finding in report.findings)
    assert str(report)


def test_every_code_a_finding_carries_is_explained() -> None:
    for _, change, _ in CASES:
        plan = body()
        change(plan)
        for finding in check(plan, now=NOW).findings:
            assert explain(finding.code)
