"What was typed, laid over the payload that was loaded."

import json
import random
from typing import Any

import pytest
from examples import times
from generated_plans import valid_plan
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.checks import check
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.widgets.group_draft import (
    currency_of,
    kept_words,
    laid_over,
    typed_of,
    typing_findings,
)
from target_group_kit.widgets.group_specs import (
    LINES,
    MODULES,
    PACING,
    PRICING,
    RE_ENTRY,
    SOFT_LAUNCH,
    SUPPLY,
)

seeds = st.integers(0, 2**32)
FA = "fielding_assistant_assignment"


def plan_of(seed: int) -> dict[str, Any]:
    return TargetGroup.model_validate(valid_plan(random.Random(seed))).payload()


@times(1000, 60)
@given(seeds, st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata"]))
def test_nothing_typed_changes_nothing(seed: int, tz: str) -> None:
    body = plan_of(seed)
    assert json.dumps(laid_over(body, typed_of(body, tz), tz)) == json.dumps(body)


@times(1000, 60)
@given(seeds, seeds)
def test_all_that_one_group_shows_can_be_typed_into_another(one: int, other: int) -> None:
    "What the controls of one group hold, typed into another, gives that group's fields."
    base, wanted = plan_of(one), plan_of(other)
    typed = typed_of(wanted)
    made = laid_over(base, typed)
    assert typed_of(made) == typed
    for part in ("allocations", "allocation_template", "re_entry_configuration"):
        assert made.get(part) == wanted.get(part)
    for part in ("pacing", "soft_launch", "pricing"):
        assert (made[FA].get(part) or None) == (wanted[FA].get(part) or None)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.choice.label)
def test_another_kind_and_back_is_what_was_loaded(module: Any) -> None:
    for seed in range(30):
        body = plan_of(seed)
        typed = typed_of(body)
        own = typed[module.choice.path]
        for kind in [*module.fields, False if own in (True, False) else ""]:
            laid_over(body, typed | {module.choice.path: kind})
        assert laid_over(body, typed) == body


def test_kinds_in_full() -> None:
    typed = typed_of({})

    def made(*changes: tuple[Any, Any]) -> dict[str, Any]:
        return laid_over({}, typed | {spec.path: what for spec, what in changes})

    maximum, budget, _ = PRICING.fields["dynamic"]
    currency = (type(maximum)(("cost_per_interview", "currency_code"), "Currency"), "eur")
    assert made((PRICING.choice, "dynamic"), (budget, "500,50"), currency) == {
        FA: {
            "pricing": {
                "type": "dynamic",
                "total_budget": {"value": "500.50", "currency_code": "EUR"},
            }
        }
    }
    assert made((PRICING.choice, "rate_card")) == {FA: {"pricing": {"type": "rate_card"}}}
    assert made((PACING.choice, "gemini"), (PACING.fields["gemini"][0], "x")) == {
        FA: {"pacing": {"type": "gemini", "exposed_target_group_id": "x"}}
    }
    assert made((SOFT_LAUNCH.choice, True), (SOFT_LAUNCH.fields[True][0], "2026-12-04 09:00")) == {
        FA: {
            "soft_launch": {
                "end_at": "2026-12-04T09:00:00.000Z",
                "filling_goal_percentage": 10,
                "demographics_strictness_percentage": 0,
            }
        }
    }
    assert made((SUPPLY.choice, "template"), (SUPPLY.fields["template"][0], "x")) == {
        "allocation_template": {"id": "x", "type": "account"}
    }
    flags = {"allow_for_current_target_group": False, "allow_for_other_target_groups": False}
    assert made((RE_ENTRY.choice, True))["re_entry_configuration"]["in_screener"] == {
        "client_side": flags,
        "screener_side": flags,
    }


def test_suppliers_with_shares() -> None:
    least, _, blocked, groups, private, _ = SUPPLY.fields["chosen"]
    changes = {
        SUPPLY.choice.path: "chosen",
        least.path: "10",
        blocked.path: "12 13",
        groups.path: (("A", "20", "50", "980"),),
    }
    body = laid_over({}, typed_of({}) | changes)
    assert body["allocations"] == {
        "open_exchange_allocations": {
            "blocked_supplier_ids": ["12", "13"],
            "exchange_min_percentage": 10,
            "exchange_max_percentage": 100,
            "groups": [
                {
                    "group_name": "A",
                    "min_percentage": 20,
                    "max_percentage": 50,
                    "suppliers": ["980"],
                }
            ],
        }
    }
    changes[private.path] = (("B", "0", "40", "7"),)
    assert laid_over({}, typed_of({}) | changes)["allocations"]["private_exchange_allocations"] == {
        "groups": [
            {"group_name": "B", "min_percentage": 0, "max_percentage": 40, "supplier_id": "7"}
        ],
        "blocked_supplier_ids": [],
    }


def test_the_soft_launch_moves_with_the_zone_and_not_by_itself() -> None:
    end = SOFT_LAUNCH.fields[True][0]
    soft = {
        "end_at": "2026-12-04T08:00:00.000Z",
        "filling_goal_percentage": 10,
        "demographics_strictness_percentage": 0,
    }
    body = {FA: {"soft_launch": soft}}
    typed = typed_of(body, "Europe/Berlin")
    assert typed[end.path] == "2026-12-04 09:00"
    assert laid_over(body, typed, "Europe/Berlin") == body
    moved = laid_over(body, typed, "Europe/London", "Europe/Berlin")
    assert moved[FA]["soft_launch"]["end_at"] == "2026-12-04T09:00:00.000Z"


def test_what_lines_cannot_read_is_said_in_their_words() -> None:
    typed = typed_of({}) | {("expected_incidence_rate",): "0.8"}
    end = SOFT_LAUNCH.fields[True][0].path
    assert [f.path for f in typing_findings(typed, "UTC")] == [("expected_incidence_rate",)]
    typed |= {SOFT_LAUNCH.choice.path: True, end: "25:00"}
    assert [f.path for f in typing_findings(typed, "UTC")] == [("expected_incidence_rate",), end]


def test_what_no_control_shows_is_told() -> None:
    price = {"value": "2.70", "currency_code": "EUR", "currency_scale": 2}
    body = {
        "exclusion": {"enabled": True, "list": ["a", "b"]},
        "cost_per_interview": price,
        "allocations": {},
        "allocation_template": {},
    }
    assert kept_words(body) == (
        "A list of excluded respondents, which the exchange calls deprecated.",
        "Amounts with the decimals of their currency (currency_scale).",
        "Suppliers beside an allocation template; choose one of them.",
    )
    assert kept_words({"exclusion": {"enabled": True, "list": []}}) == ()
    assert (currency_of(body), currency_of({})) == ("EUR", "")


def test_every_line_can_break_and_be_found() -> None:
    "Whatever is typed into a line stands in the payload, where the check sees it."
    for spec in (spec for spec in LINES if spec.kind in ("text", "money")):
        body = plan_of(1)
        typed = typed_of(body) | {spec.path: "<b>"}
        text = json.dumps(laid_over(body, typed))
        assert "<b>" in text, spec.label
    assert check(laid_over(plan_of(1), typed_of(plan_of(1)) | {("name",): ""})).errors
