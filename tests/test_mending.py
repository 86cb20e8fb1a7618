"What can be fixed is fixed and listed; what can't stays, and nothing else moves."

import copy
import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans import (
    ADULTS,
    ALLOCATIONS,
    NOW,
    ULID,
    UUID,
    Body,
    after,
    ages,
    caps,
    cells,
    genders,
    interlock,
    money,
    plan,
    regular,
    sel,
    span,
    target,
    written,
)

from target_group_kit.contract.checks import RULES, check
from target_group_kit.contract.errors import (
    ABSENT,
    Change,
    Finding,
    Fixed,
    KitError,
    Path,
    Report,
    parse_path,
)
from target_group_kit.contract.mending import Mending, plain, shared
from target_group_kit.contract.profiling import Profiling
from target_group_kit.contract.target_group import TargetGroup

CONDITION = "profiling.profiles[0].targets[0].conditions[0]"
QUOTA = "profiling.profiles[0].targets[0].quota"


def fixed(value: Any, **options: Any) -> Fixed:
    return check(value, now=NOW, **options).fixed()


def at(body: Body, text: str) -> Any:
    return Mending(body).get(parse_path(text))


def put(body: Body, text: str, value: Any) -> Body:
    "A copy with this at the path; ABSENT takes it out."
    bench, path = Mending(body), parse_path(text)
    if value is ABSENT:
        bench.drop(path)
    else:
        bench.put(path, value)
    return bench.plan


def screens(*conditions: Body) -> Body:
    return plan(regular(*map(target, conditions), on=False))


BLOCKING = {
    "open_exchange_allocations": ALLOCATIONS["open_exchange_allocations"]
    | {"blocked_supplier_ids": ["980"]}
}
# What stands where, before and after.
SINGLE: dict[str, tuple[Body, str, Any, Any]] = {
    "text for a number": (plan(), "completes_goal", "10", 10),
    "text for a decimal": (plan(), "expected_incidence_rate", "0.8", 0.8),
    "text for true": (plan(), "collects_pii", "TRUE", True),
    "number for text": (screens(sel(43, "1")), f"{CONDITION}.option", 1, "1"),
    "number for money": (plan(), "cost_per_interview.value", 2.5, "2.5"),
    "one for a list": (
        plan(allocations=BLOCKING),
        "allocations.open_exchange_allocations.blocked_supplier_ids",
        "980",
        ["980"],
    ),
    "a regular profile of no kind": (
        plan(genders()),
        "profiling.profiles[0].object",
        ABSENT,
        "regular",
    ),
    "numbers in a list": (
        plan(allocations=BLOCKING),
        "allocations.open_exchange_allocations.blocked_supplier_ids[0]",
        980,
        "980",
    ),
    "blanks around": (plan(), "project_manager_id", f" {UUID}\n", UUID),
    "small currency": (plan(), "cost_per_interview.currency_code", "eur", "EUR"),
    "capital choice": (plan(genders()), "profiling.profile_adjustment_type", "Nominal", "nominal"),
    "capital kind": (plan(genders()), "profiling.profiles[0].object", "REGULAR", "regular"),
    "hyphen for underscore": (
        plan(
            fielding_assistant_assignment={
                "pricing": {"type": "dynamic", "maximum_cpi": money("3")}
            }
        ),
        "fielding_assistant_assignment.pricing.type",
        "Dynamic ",
        "dynamic",
    ),
    "a null": (plan(study_type_code="adhoc"), "study_type_code", None, ABSENT),
    "digits for an id": (plan(), "business_unit_id", "1207", 1207),
    "digits for a question": (screens(sel(43, "1")), f"{CONDITION}.question_id", "43", 43),
    "three decimals": (plan(), "expected_incidence_rate", 0.295, 0.3),
    "an open range": (screens(span(65, 99)), f"{CONDITION}.max", ABSENT, 99),
    "a range from birth": (screens(span(1, 17)), f"{CONDITION}.min", 0, 1),
    "a range to 120": (screens(span(65, 99)), f"{CONDITION}.max", 120, 99),
    "a condition of no kind": (screens(sel(43, "1")), f"{CONDITION}.object", ABSENT, "selection"),
    "a range of no kind": (screens(span(18, 24)), f"{CONDITION}.object", ABSENT, "range"),
    "all values, no list": (screens(written()), f"{CONDITION}.open_ended_values", ABSENT, None),
    "a list, not said": (screens(written("a")), f"{CONDITION}.allow_all_values", ABSENT, False),
    "a blank value": (
        screens(written("a", "b")),
        f"{CONDITION}.open_ended_values",
        ["a", " ", "b"],
        ["a", "b"],
    ),
    "a value twice": (
        screens(written("b", "a")),
        f"{CONDITION}.open_ended_values",
        ["b", "a", "b"],
        ["b", "a"],
    ),
    "a status twice": (
        plan(respondent_activity_exclusions=[{"type": "project", "id": ULID}]),
        "respondent_activity_exclusions[0].respondent_statuses",
        ["Terminate", "Terminate"],
        ["Terminate"],
    ),
    "two numbers": (
        plan(regular(target(sel(43, "1"), n=10))),
        QUOTA,
        {"completes_goal": 10, "completes_goal_percentage": 100},
        {"completes_goal": 10},
    ),
    "a deprecated list": (plan(), "exclusion.list", [{"entity_type": "RID"}], ABSENT),
    "a locale with a hyphen": (plan(), "locale", "GER-de", "ger_de"),
    "no allocations": (plan(), "allocations", ABSENT, plan()["allocations"]),
    "an interlock off": (plan(cells()), "profiling.profiles[0].quotas_enabled", False, True),
    "weeks of pacing": (
        plan(
            fielding_assistant_assignment={
                "pacing": {"type": "linear", "increment_interval": "P14D"}
            }
        ),
        "fielding_assistant_assignment.pacing.increment_interval",
        "P2W",
        "P14D",
    ),
    "another placeholder": (
        plan(live_url="https://a.example/?r=[%RID%]"),
        "live_url",
        "https://a.example/?r={rid}",
        "https://a.example/?r=[%RID%]",
    ),
    "all quotas of the other kind": (
        plan(genders()),
        "profiling.profile_adjustment_type",
        "percentage",
        "nominal",
    ),
}


@pytest.mark.parametrize("name", SINGLE)
def test_one_mistake_has_one_remedy(name: str) -> None:
    sound, path, before, after = SINGLE[name]
    wrong = put(sound, path, before)
    assert wrong != sound or before == after
    done = fixed(wrong)
    assert done.value == put(sound, path, after)
    assert type(at(done.value, path)) is type(after)
    assert done.report == Report()


def changes(done: Fixed) -> list[tuple[str, Any, Any]]:
    return [(".".join(map(str, c.path)), c.before, c.after) for c in done.changes]


def test_a_renamed_and_a_misspelt_field_move() -> None:
    wrong = plan()
    wrong["filling_goal"] = wrong.pop("completes_goal")
    wrong["lokale"] = wrong.pop("locale")
    wrong["human_readable_id"] = "9NRV3B9"
    done = fixed(wrong)
    assert done.value == plan()
    assert changes(done) == [
        ("lokale", "ger_de", ABSENT),
        ("locale", ABSENT, "ger_de"),
        ("human_readable_id", "9NRV3B9", ABSENT),
        ("filling_goal", 10, ABSENT),
        ("completes_goal", ABSENT, 10),
    ]


def test_a_name_that_is_taken_stays() -> None:
    done = fixed(plan() | {"lokale": "eng_us", "budget": 5})
    assert done.changes == ()
    assert [f.path for f in done.report.errors] == [("lokale",), ("budget",)]


def test_percentages_become_exactly_100() -> None:
    thirds = regular(*(target(sel(43, o), p=33.33) for o in ("1", "2", "-3105")))
    done = fixed(plan(thirds, adjustment="percentage"))
    targets = done.value["profiling"]["profiles"][0]["targets"]
    assert [t["quota"]["completes_goal_percentage"] for t in targets] == [33.34, 33.33, 33.33]
    assert str(done) == (
        "1 change:\n"
        "  profiling.profiles[0].targets[0].quota.completes_goal_percentage: 33.33 becomes 33.34. "
        "A profile's percentages add up to exactly 100.00.\n"
        "Left: nothing found."
    )


def test_completes_are_apportioned_to_the_goal() -> None:
    done = fixed(plan(genders(2, 1), completes_goal=10))
    targets = done.value["profiling"]["profiles"][0]["targets"]
    assert [t["quota"]["completes_goal"] for t in targets] == [7, 3]
    assert done.report == Report()


def test_an_interlock_s_sum_is_left_alone_for_the_documents_do() -> None:
    short = plan(interlock(target(sel(113, "4"), sel(96, "1"), n=5, name="a")))
    done = fixed(short)
    assert (done.value, done.changes) == (short, ())
    assert [f.code for f in done.report.warnings] == ["incorrect_sum_of_nominal_010"]


def test_ranges_are_swapped_and_parted() -> None:
    done = fixed(plan(ages((30, 18), (30, 45), (45, 99))))
    ends = [t["conditions"][0] for t in done.value["profiling"]["profiles"][0]["targets"]]
    assert [(c["min"], c["max"]) for c in ends] == [(18, 30), (31, 45), (46, 99)]
    assert done.report == Report()


def test_ranges_that_share_years_are_nobodys_to_part() -> None:
    done = fixed(plan(ages((18, 40), (30, 50))))
    assert done.changes == ()
    assert [f.code[-3:] for f in done.report.errors] == ["014"]


def test_a_window_written_backwards_turns() -> None:
    wrong = plan(fielding_specification={"start_at": after(9), "end_at": after(2)})
    expected = {"start_at": after(2), "end_at": after(9)}
    assert fixed(wrong).value["fielding_specification"] == expected


def test_supply_bounds_turn() -> None:
    wrong = put(plan(), "allocations.open_exchange_allocations.exchange_min_percentage", 100)
    wrong = put(wrong, "allocations.open_exchange_allocations.exchange_max_percentage", 0)
    assert fixed(wrong).value == plan()


def test_a_rate_card_needs_no_price() -> None:
    wrong = plan(fielding_assistant_assignment={"pricing": {"type": "rate_card"}})
    assert fixed(wrong).value == {k: v for k, v in wrong.items() if k != "cost_per_interview"}


def test_what_has_no_name_is_called_by_its_conditions() -> None:
    done = fixed(plan(interlock(target(sel(113, "4"), sel(96, "1"), n=10))))
    assert (
        done.value["profiling"]["profiles"][0]["targets"][0]["name"]
        == "race (113): 4; state (96): 1"
    )
    done = fixed(plan(genders(), ages(*ADULTS), caps(target(sel(43, "1"), n=3))))
    assert done.value["profiling"]["profiles"][2]["targets"][0]["name"] == "gender (43): male (1)"


def test_who_has_a_name_keeps_it() -> None:
    named = target(sel(113, "5"), sel(96, "1"), n=5, name="b")
    done = fixed(plan(interlock(target(sel(113, "4"), sel(96, "1"), n=5), named)))
    names = [t["name"] for t in done.value["profiling"]["profiles"][0]["targets"]]
    assert names == ["race (113): 4; state (96): 1", "b"]


def test_a_repeated_condition_goes() -> None:
    wrong = plan(regular(target(*(sel(113, o) for o in "4544"), name="both"), on=False))
    assert at(fixed(wrong).value, "profiling.profiles[0].targets[0].conditions") == [
        sel(113, "4"),
        sel(113, "5"),
    ]


def test_a_quotas_name_moves_to_its_target() -> None:
    wrong = plan(genders())
    first, second = wrong["profiling"]["profiles"][0]["targets"]
    first["quota"]["name"], second["quota"]["name"], second["name"] = "m", "f", "women"
    targets = fixed(wrong).value["profiling"]["profiles"][0]["targets"]
    assert [(t["name"], t["quota"]) for t in targets] == [
        ("m", {"completes_goal": 5}),
        ("women", {"completes_goal": 5}),
    ]


def test_people_who_are_named_stay_excluded() -> None:
    listed = [{"entity_type": "RID", "entity_ids": ["7"]}]
    done = fixed(plan(exclusion={"list": listed}))
    assert (done.changes, [f.code for f in done.report.findings]) == ((), ["deprecated_field"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (plan(name="Tea"), "wrong_length"),
        (plan(expected_length_of_interview_minutes=90), "out_of_bounds"),
        (plan(locale="german"), "locale_form"),
        (plan(live_url="https://a.example/"), "rid_placeholder_missing"),
        (plan(collects_pii="maybe"), "wrong_type"),
        (put(plan(), "locale", ABSENT), "missing"),
        (put(plan(genders(name="gender")), "profiling.profiles[0].object", ABSENT), "missing"),
        (screens(written(" ")), "invalid_open_ended_option_032"),
        (put(screens(written()), f"{CONDITION}.allow_all_values", ABSENT), "allow_all"),
        (
            put(plan(genders()), QUOTA, {"completes_goal": 5, "completes_goal_percentage": 1})
            | {
                "profiling": {
                    "profiles": [
                        regular(
                            target(sel(43, "1"), n=1)
                            | {"quota": {"completes_goal": 5, "completes_goal_percentage": 1}}
                        )
                    ]
                }
            },
            "quota_with",
        ),
        (
            plan(
                fielding_assistant_assignment={
                    "pacing": {"type": "linear", "increment_interval": "P1M"}
                }
            ),
            "pacing_interval_form",
        ),
        (plan(expected_incidence_rate=float("nan")), "too_many_decimals"),
        (plan() | {7: 1}, "invalid_key"),
    ],
)
def test_what_takes_a_decision_stays(body: Body, code: str) -> None:
    done = fixed(body)
    assert done.changes == ()
    assert any(finding.code.startswith(code) for finding in done.report.findings)


def test_mixed_kinds_of_quotas_are_a_decision() -> None:
    women = regular(target(sel(43, "2"), p=100))
    done = fixed(plan(women, regular(target(sel(96, "1"), n=10))))
    assert done.changes == ()


def test_a_plan_comes_back_in_the_form_it_came() -> None:
    group = TargetGroup.example(now=NOW)
    done = fixed(group)
    assert isinstance(done.value, TargetGroup)
    assert (done.report, len(done.changes)) == (Report(), 6)
    text = fixed(group.to_json())
    assert (json.loads(text.value), text.changes) == (done.value.payload(), done.changes)
    assert fixed(group.payload()).value == done.value.payload()
    nested = group.payload() | {"profiling": group.profiling}
    assert fixed(nested).value == done.value.payload()


@pytest.mark.parametrize("nothing", ["{", "[]", None, 7, [1]])
def test_what_is_no_plan_comes_back_as_it_is(nothing: Any) -> None:
    done = fixed(nothing)
    assert (done.value, done.changes) == (nothing, ())
    assert done.report == check(nothing, now=NOW)


def test_a_report_of_its_own_has_no_plan() -> None:
    with pytest.raises(KitError, match="holds no plan to fix"):
        Report.of([Finding("x", "error", (), "y.")]).fixed()


def test_reports_are_equal_by_their_findings() -> None:
    here, there = check(plan(), now=NOW), check(plan(genders()), now=NOW)
    assert here == there == Report()
    assert hash(here) == hash(there)
    assert repr(here) == "Report(findings=())"


def test_mending_keeps_to_what_was_checked_with() -> None:
    "The same clock, unit and catalog judge the mended plan."
    late = datetime(2030, 1, 1, tzinfo=UTC)
    done = check(plan(locale="ger-de"), now=late).fixed()
    assert {f.code for f in done.report.errors} == {"start_at_too_soon", "end_at_too_soon"}


def test_changes_say_what_was_done() -> None:
    put_in = Change(("locale",), ABSENT, "ger_de", "It was missing.")
    assert str(put_in) == "locale: 'ger_de' put in. It was missing."
    gone = Change(("exclusion", "list"), ["x" * 99], ABSENT, "It is old.")
    assert str(gone) == f"exclusion.list: ['{'x' * 57}… taken out. It is old."
    many = Fixed(None, (put_in,) * 22, Report())
    assert str(many).splitlines()[0] == "22 changes:"
    assert str(many).splitlines()[-2:] == ["  … and 2 more", "Left: nothing found."]
    assert str(Fixed(None, (), Report())) == "0 changes.\nLeft: nothing found."


@given(st.integers(0, 10_000), st.lists(st.integers(0, 500), min_size=1, max_size=30).filter(any))
@settings(deadline=None)
def test_shares_are_whole_and_sum(total: int, weights: list[int]) -> None:
    parts = shared(total, weights)
    assert sum(parts) == total
    quotas = [total * weight / sum(weights) for weight in weights]
    assert all(abs(part - quota) < 1 for part, quota in zip(parts, quotas, strict=True))
    assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


def test_plain_parts_hold_no_words() -> None:
    profiling = Profiling.model_validate(plan(genders())["profiling"])
    assert plain({"a": (profiling, [1])}) == {"a": [plan(genders())["profiling"], [1]]}


def replayed(body: Any, changes: tuple[Change, ...]) -> Any:
    bench = Mending(body)
    for change in changes:
        if change.after is ABSENT:
            bench.drop(change.path)
        else:
            assert bench.get(change.path) == change.before
            bench.put(change.path, copy.deepcopy(change.after))
    return bench.plan


def broken(rng: random.Random, names: list[str]) -> Body:
    "A plan with several of the mistakes above, at random, and some that stay."
    body = plan(
        genders(),
        ages(*ADULTS),
        exclusion={"enabled": True},
        study_type_code="adhoc",
        live_url="https://a.example/?r=[%RID%]",
    )
    for name in rng.sample(names, rng.randint(1, 6)):
        _, path, before, _ = SINGLE[name]
        parent = at(body, ".".join(path.split(".")[:-1])) if "." in path else body
        if isinstance(parent, dict):
            body = put(body, path, before)
    if rng.random() < 0.5:
        targets = body["profiling"]["profiles"][0].get("targets", ())
        for t in targets:
            t["quota"] = {"completes_goal": rng.randint(0, 9)}
    if rng.random() < 0.3:
        body["lokale"] = body.pop("locale")
    return body


@pytest.mark.parametrize("seed", range(300))
def test_fixing_is_listed_complete_and_once(seed: int) -> None:
    body = broken(random.Random(seed), [name for name in SINGLE if name != "numbers in a list"])
    before = json.dumps(body)
    done = fixed(body)
    assert json.dumps(body) == before
    assert replayed(body, done.changes) == done.value
    again = fixed(done.value)
    assert (again.value, again.changes) == (done.value, ())
    assert done.report == check(done.value, now=NOW)
    mended: set[Path] = {change.path for change in done.changes}
    left = {f.path for f in done.report.findings if RULES[f.code].mend}
    assert all(path not in mended for path in left), (seed, left)
