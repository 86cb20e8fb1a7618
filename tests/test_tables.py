"Quotas as rows and frames, and the basics in words."

from datetime import UTC, datetime, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.delivery import Allocations
from target_group_kit.contract.profiling import Profiling
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import hundredths
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.views.tables import (
    COLUMNS,
    QuotaBlock,
    QuotaRow,
    basics,
    plan_blocks,
    plan_frame,
    quota_blocks,
    quota_notes,
    span_to_the_minute,
    target_frame,
)

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
GROUP = TargetGroup.example(now=NOW)


def target(option: str, number: float | None = None, unit: str = "percent") -> dict[str, Any]:
    key = {"percent": "completes_goal_percentage", "completes": "completes_goal"}[unit]
    quota = {} if number is None else {"quota": {key: number}}
    condition = {"object": "selection", "question_id": 43, "option": option}
    return {"name": f"option {option}", "conditions": [condition]} | quota


def profiling(*numbers: float | None, unit: str = "percent", **profile: Any) -> Profiling:
    targets = [target(str(n), number, unit) for n, number in enumerate(numbers)]
    body = {"object": "regular", "name": "p", "quotas_enabled": True, "targets": targets} | profile
    kind = "percentage" if unit == "percent" else "nominal"
    return Profiling.model_validate({"profile_adjustment_type": kind, "profiles": [body]})


def numbers(words: Profiling | None, goal: int | None) -> list[tuple[Any, Any, bool]]:
    return [
        (row.percent, row.completes, row.estimated)
        for block in quota_blocks(words, goal)
        for row in block.rows
    ]


CONTROL = {"object": "blended", "blended_type": "control"}


@pytest.mark.parametrize(
    ("words", "goal", "expected"),
    [
        (profiling(50, 50), 10, [(50.0, 5, False), (50.0, 5, False)]),
        (profiling(50, 50), 11, [(50.0, 6, True), (50.0, 5, True)]),
        (
            profiling(33.33, 33.33, 33.34),
            100,
            [(33.33, 33, True), (33.33, 33, True), (33.34, 34, True)],
        ),
        (profiling(50, 50), None, [(50.0, None, False), (50.0, None, False)]),
        (profiling(0.07, 99.93), 10_000, [(0.07, 7, False), (99.93, 9993, False)]),
        (profiling(0, 100), 7, [(0.0, 0, False), (100.0, 7, False)]),
        (profiling(0, 0), 7, [(0.0, 0, False), (0.0, 0, False)]),
        (profiling(44), 10, [(44.0, 4, True)]),
        (profiling(5, 7, unit="completes"), 12, [(41.67, 5, False), (58.33, 7, False)]),
        (
            profiling(1, 1, 1, unit="completes"),
            3,
            [(33.34, 1, False), (33.33, 1, False), (33.33, 1, False)],
        ),
        (
            profiling(1, 1, 1, unit="completes"),
            None,
            [(33.34, 1, False), (33.33, 1, False), (33.33, 1, False)],
        ),
        (profiling(0, 0, unit="completes"), None, [(None, 0, False), (None, 0, False)]),
        (profiling(3, 3, unit="completes"), 12, [(25.0, 3, False), (25.0, 3, False)]),
        (profiling(None, None), 12, [(None, None, False), (None, None, False)]),
        (profiling(60, 60, **CONTROL), 9, [(60.0, 5, True), (60.0, 5, True)]),
        (profiling(6, 9, unit="completes", **CONTROL), 9, [(66.67, 6, False), (100.0, 9, False)]),
        (None, 12, []),
    ],
)
def test_both_numbers_of_every_quota(
    words: Profiling | None, goal: int | None, expected: list[tuple[Any, Any, bool]]
) -> None:
    assert numbers(words, goal) == expected


@given(
    st.lists(st.integers(0, 3000), min_size=1, max_size=60).filter(any),
    st.integers(1, 100_000),
)
def test_completes_of_full_percentages_sum_to_the_goal(shares: list[int], goal: int) -> None:
    parts = [share * 10_000 // sum(shares) for share in shares]
    parts[parts.index(max(parts))] += 10_000 - sum(parts)
    (block,) = quota_blocks(profiling(*(part / 100 for part in parts)), goal)
    assert block.completes == goal
    assert block.percent == 100
    assert [hundredths(row.percent or 0) for row in block.rows] == parts
    for row, part in zip(block.rows, parts, strict=True):
        assert row.completes is not None
        assert abs(row.completes - goal * part / 10_000) < 1
        assert row.estimated == (goal * part % 10_000 != 0)


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=60).filter(any))
def test_percents_of_whole_quotas_sum_to_100(counts: list[int]) -> None:
    (block,) = quota_blocks(profiling(*counts, unit="completes"), sum(counts))
    assert [row.completes for row in block.rows] == counts
    assert block.percent == 100


def test_kinds_and_names_of_profiles() -> None:
    bodies = [
        {"object": "regular", "quotas_enabled": False, "targets": [target("1")]},
        {"object": "blended", "name": "cells", "quotas_enabled": True, "targets": [target("1", 5)]},
        CONTROL | {"name": "caps", "quotas_enabled": True, "targets": [target("1", 5)]},
    ]
    words = Profiling.model_validate({"profile_adjustment_type": "percentage", "profiles": bodies})
    found = [(block.profile, block.kind, block.enabled) for block in quota_blocks(words, 100)]
    assert found == [
        ("gender (43)", "regular", False),
        ("cells", "interlock", True),
        ("caps", "control", True),
    ]


def test_the_frame_of_the_example() -> None:
    expected = pd.DataFrame(
        {
            "profile": ["birth gender"] * 2,
            "target": ["SF-BirthGender-Quota-1", "SF-BirthGender-Quota-2"],
            "conditions": ["gender (43): male (1)", "gender (43): female (2)"],
            "percent": pd.array([50.0, 50.0], dtype="Float64"),
            "completes": pd.array([5, 5], dtype="Int64"),
        }
    )
    frame = target_frame(GROUP)
    pd.testing.assert_frame_equal(frame, expected)
    assert frame.attrs == {"estimated": []}
    assert target_frame(GROUP.replace(completes_goal=11)).attrs == {"estimated": [0, 1]}


TEMPLATE = {
    "template_id": "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5",
    "profile_adjustment_type": "percentage",
}


@pytest.mark.parametrize("words", [None, Profiling.model_validate(TEMPLATE)])
def test_a_frame_without_quotas_is_empty_and_typed(words: Profiling | None) -> None:
    frame = target_frame(GROUP.replace(profiling=words))
    assert list(frame.columns) == list(COLUMNS)
    assert frame.empty
    assert dict(frame.dtypes) == dict(target_frame(GROUP).dtypes)


def test_a_target_without_quota_is_missing_not_zero() -> None:
    frame = target_frame(GROUP.replace(profiling=profiling(None)))
    assert frame[["percent", "completes"]].isna().all(axis=None)


def test_two_thousand_targets() -> None:
    frame = target_frame(GROUP.replace(profiling=profiling(*[0.05] * 2000), completes_goal=999))
    assert len(frame) == 2000
    assert frame["completes"].sum() == 999


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(), "0 minutes"),
        (timedelta(seconds=59), "1 minute"),
        (timedelta(hours=25, minutes=1), "1 day 1 hour 1 minute"),
        (timedelta(days=11, milliseconds=-1), "11 days"),
        (timedelta(days=400, hours=2), "400 days 2 hours"),
    ],
)
def test_lengths_of_time(span: timedelta, words: str) -> None:
    assert span_to_the_minute(span) == words


def test_basics_of_the_example() -> None:
    assert basics(GROUP) == (
        ("Goal", "10 completes"),
        ("Locale", "ger_de"),
        ("Interview", "5 minutes"),
        ("Incidence", "80 %"),
        ("Fielding", "2026-12-03 08:22 to 2026-12-14 08:22 UTC (11 days)"),
        ("Price", "2.7352 EUR per complete, 27.3520 EUR for the goal; dynamic up to 2.7352 EUR"),
        ("Suppliers", "not set"),
        ("Exclusions", "who completed another group of this project"),
        ("Personal data", "not collected"),
        ("Survey", "https://mytestsurvey.com/?RID=[%RID%]"),
    )


def test_basics_of_a_group_with_everything() -> None:
    one = {"type": "project", "id": "01JX2KPG5VEBF8498Z8YTTE8TB"}
    allocations = Allocations.open_exchange().payload()
    allocations["open_exchange_allocations"] |= {
        "blocked_supplier_ids": ["7"],
        "exchange_min_percentage": 20,
        "groups": [
            {"group_name": "a", "min_percentage": 0, "max_percentage": 9, "suppliers": ["8"]},
        ],
    }
    allocations["private_exchange_allocations"] = {
        "blocked_supplier_ids": [],
        "groups": [
            {"group_name": "b", "min_percentage": 0, "max_percentage": 9, "supplier_id": "9"},
        ],
    }
    group = GROUP.replace(
        completes_goal=1000,
        expected_length_of_interview_minutes=1,
        expected_incidence_rate=0.07,
        collects_pii=True,
        cost_per_interview=None,
        fielding_assistant_assignment={
            "pricing": {
                "type": "rate_card",
                "boost_cpi": {"value": "0.50", "currency_code": "EUR"},
            },
            "pacing": {"type": "linear", "increment_interval": "PT6H"},
            "soft_launch": {
                "end_at": "2026-12-04T00:00:00.000Z",
                "filling_goal_percentage": 10,
                "demographics_strictness_percentage": 50,
            },
        },
        exclusion={"enabled": False},
        respondent_activity_exclusions=[one, one],
        industry_lockout_code="past_90_days",
        allocations=allocations,
        live_url=None,
        target_group_customer_reference_number="wave-3",
    )
    assert basics(group) == (
        ("Goal", "1,000 completes"),
        ("Locale", "ger_de"),
        ("Interview", "1 minute"),
        ("Incidence", "7 %"),
        ("Fielding", "2026-12-03 08:22 to 2026-12-14 08:22 UTC (11 days)"),
        ("Pacing", "linear, steps of PT6H; soft launch of 10 % until 2026-12-04 00:00 UTC"),
        ("Price", "by rate card, boost 0.50 EUR"),
        ("Suppliers", "open exchange 20 to 100 %, 1 group, 1 blocked, 1 private supplier"),
        ("Exclusions", "2 activity exclusions; industry lockout past_90_days"),
        ("Personal data", "collected"),
        ("Survey", "not set"),
        ("Reference", "wave-3"),
    )


def test_basics_of_an_unsound_window() -> None:
    window = GROUP.fielding_specification
    swapped = window.replace(start_at=window.end_at, end_at=window.start_at)
    said = dict(basics(GROUP.replace(fielding_specification=swapped)))
    assert said["Fielding"].endswith("UTC (ends before it starts)")


def block(*rows: tuple[float, int], **more: Any) -> QuotaBlock:
    made = tuple(QuotaRow(f"t{n}", "", *row) for n, row in enumerate(rows))
    return QuotaBlock("p", made, **more)


@pytest.mark.parametrize(
    ("blocks", "goal", "notes"),
    [
        ([block((40, 40), (60, 60))], 100, []),
        ([block((40, 40), (59.99, 60))], 100, ["p: quotas sum to 99.99 %, 100 of 100 completes."]),
        ([block((40, 40), (60, 59))], 100, ["p: quotas sum to 100.00 %, 99 of 100 completes."]),
        ([block((40, 40), (50, 50))], None, ["p: quotas sum to 90.00 %."]),
        ([block((4, 4), kind="control")], 100, []),
        (
            [block((100, 5))],
            5,
            ["The only cell has fewer than 30 completes; the smallest has 5."],
        ),
        (
            [block((50, 5), (50, 5))],
            10,
            ["Both cells have fewer than 30 completes; the smallest has 5."],
        ),
        (
            [block((10, 10), (10, 10), (80, 80))],
            100,
            ["2 of 3 cells have fewer than 30 completes; the smallest has 10."],
        ),
        (
            [QuotaBlock("p", (QuotaRow("a", ""),), enabled=False)],
            100,
            ["p: quotas are off, so it only screens."],
        ),
        (
            [QuotaBlock("p", (QuotaRow("a", "", 33.34, 333, True), QuotaRow("b", "", 66.66, 667)))],
            1000,
            [
                "≈ 1 number of completes is rounded from percentages by largest remainder; "
                "how the exchange rounds isn't published, so it may differ by one."
            ],
        ),
    ],
)
def test_notes(blocks: list[QuotaBlock], goal: int | None, notes: list[str]) -> None:
    assert list(quota_notes(blocks, goal)) == notes


@pytest.mark.parametrize(
    ("percent", "population", "hundredths"),
    [
        (51.04, 47.84, 320),
        (0.07, 0.07, 0),
        (0.1, 0.3, -20),
        (50, 49.996, 0),
        (33.33, 100 / 3, 0),
        (None, 5.0, None),
        (5.0, None, None),
    ],
)
def test_the_distance_from_the_population(
    percent: float | None, population: float | None, hundredths: int | None
) -> None:
    assert QuotaRow("t", "", percent, population=population).deviation == hundredths


def test_what_blocks_say_of_themselves_is_noted_before_what_was_counted() -> None:
    locked = QuotaBlock(
        "p",
        (QuotaRow("a", "", 40.0, 40, locked=True), QuotaRow("b", "", 59.0, 59)),
        notes=("The margin age gave way by 1.", "Split evenly."),
    )
    caps = QuotaBlock("c", (QuotaRow("d", "", 5.0, 50, locked=True),), "control")
    own = [
        "p: quotas sum to 99.00 %, 99 of 100 completes.",
        "The margin age gave way by 1.",
        "Split evenly.",
    ]
    assert list(quota_notes([locked], 100)) == [
        *own,
        "= 1 cell is locked and keeps its completes.",
    ]
    assert list(quota_notes([locked, caps], 100)) == [
        *own,
        "= 2 cells are locked and keep their completes.",
    ]


PLAN = (
    QuotaPlan(7)
    .margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})
    .margin("age", 42, {"young": ((18, 29), 2), "others": ((30, 99), 1)})
)


def test_the_frame_of_a_plan_is_the_plans_own() -> None:
    frame = plan_frame(PLAN)
    pd.testing.assert_frame_equal(frame, PLAN.frame(), check_dtype=True)
    assert frame.attrs == {"estimated": []}


def test_a_plan_carries_blended_profiles() -> None:
    (caps,) = profiling(40, 70, **CONTROL).profiles or ()
    carried = plan_blocks(PLAN.with_profile(caps))
    assert [(block.profile, block.kind, block.completes) for block in carried] == [
        ("gender", "regular", 7),
        ("age", "regular", 7),
        ("p", "control", 8),
    ]


def test_a_plan_and_its_nominal_profiling_show_the_same_people() -> None:
    there = [block.completes for block in plan_blocks(PLAN)]
    sent = quota_blocks(PLAN.profiling("nominal"), PLAN.completes)
    assert [block.completes for block in sent] == there
    assert [[row.completes for row in block.rows] for block in sent] == [[4, 3], [5, 2]]
