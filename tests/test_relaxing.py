"Relaxing: the smallest change that makes a plan feasible, against brute force, and what it says."

from fractions import Fraction
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import target_group_kit
from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    Quota,
    RangeCondition,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.sampling.relaxing import CRITERION, Shortage, relax

GENDERS, AGES = ("women", "men"), ("18-34", "35-54", "55+")


def ages(weights, completes=100):
    bands = ((18, 34), (35, 54), (55, 99))
    cells = {a: (band, w) for a, band, w in zip(AGES, bands, weights, strict=True)}
    return QuotaPlan(completes).margin("age", 42, cells)


def people(table, completes=None):
    "Women and men by age, planned as a table of two rows."
    women, men = map(sum, table)
    plan = ages([sum(column) for column in zip(*table, strict=True)], completes or women + men)
    return plan.margin("gender", 43, {"women": ("2", women), "men": ("1", men)}).interlock(
        "gender", "age", seed=table
    )


def completes(plan, part=0):
    return [aim.completes for aim in plan.aims(plan.profiles[part])]


def bounds(plan, most, part=0):
    "The most by name, `None` where there is none."
    labels = [aim.label for aim in plan.aims(plan.profiles[part])]
    return {plan.profiles[part].name: dict(zip(labels, most, strict=True))}


def test_the_goal_stays_and_few_move():
    plan = ages([60, 30, 10]).margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})
    found = relax(plan, {"age": {"18-34": 50}, "gender": {"women": 80}})
    assert completes(found.plan) == [50, 38, 12]
    assert found.plan.profiles[1] == plan.profiles[1]
    assert (found.before, found.goal, found.moved, found.notes) == (plan, 100, 10, ())
    assert found.shortages == (Shortage("age", "18-34", 60, 50, 10),)
    assert found.criterion == CRITERION
    assert repr(found) == (
        "100 completes, as planned; 10 people move\n  out of reach: '18-34' of age, 50 of 60"
    )
    pd.testing.assert_frame_equal(found.changes, plan.diff(found.plan))
    shown = found.out_of_reach
    assert list(shown.columns) == ["profile", "target", "completes", "most", "short"]
    assert [str(kind) for kind in shown.dtypes] == ["str", "str", "Int64", "Int64", "Int64"]
    assert shown.values.tolist() == [["age", "18-34", 60, 50, 10]]


def test_a_plan_in_reach_stays_as_it_is():
    found = relax(ages([60, 30, 10]), {"age": {"18-34": 60}})
    assert found.plan == found.before
    assert (found.shortages, found.changes.empty, found.out_of_reach.empty) == ((), True, True)
    assert repr(found) == "100 completes, as planned; nobody moves"


def test_the_goal_is_the_largest_that_all_can_reach():
    plan = ages([60, 30, 10]).margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})
    found = relax(plan, {"age": {"18-34": 5}, "gender": {"women": 30, "men": 40}})
    assert completes(found.plan, 1) == [30, 40]
    assert completes(found.plan) == [5, 49, 16]
    assert (found.goal, found.moved) == (70, 5 + 37)
    assert repr(found) == (
        "70 completes instead of 100; 42 people move\n"
        "  out of reach: '18-34' of age, 5 of 60\n"
        "  out of reach: 'women' of gender, 30 of 50\n"
        "  out of reach: 'men' of gender, 40 of 50\n"
        "  The goal is 70 instead of 100: 'gender' has room for no more."
    )


def test_the_exchange_may_suggest_less_than_its_quotas():
    found = relax(ages([60, 30, 10]), {"suggested_completes_goal_range": {"min": 10, "max": 50}})
    assert completes(found.plan) == [30, 15, 5]
    assert (found.goal, found.moved) == (50, 0)
    assert found.notes == ("The goal is 50 instead of 100: the exchange suggests no more.",)
    assert found.plan == ages([60, 30, 10]).scaled(50)


def test_nobody_at_all_is_refused():
    with pytest.raises(InvalidPlan) as refused:
        relax(ages([1, 1, 0]), {"age": {"18-34": 0, "35-54": 0, "55+": 90}})
    assert str(refused.value) == (
        "Nobody can be reached: 'age' has room for no more than 0. "
        "Ask for other people, a longer field or a higher price."
    )
    with pytest.raises(InvalidPlan) as refused:
        relax(ages([1, 1, 0]), {"suggested_completes_goal_range": {"min": 0, "max": 0}})
    assert str(refused.value) == (
        "Nobody can be reached: the exchange suggests no more than 0. "
        "Ask for other people, a longer field or a higher price."
    )


def test_an_interlock_holds_its_margins():
    plan = people([[10, 20, 20], [10, 20, 20]])
    found = relax(plan, bounds(plan, [5, None, None, None, None, None]))
    assert completes(found.plan) == [5, 23, 22, 15, 17, 18]
    assert (found.moved, found.notes) == (10, ())
    assert found.plan["age"].completes(100) == (20, 40, 40)
    assert repr(found).startswith("100 completes, as planned; 10 people move\n")


def test_margins_that_cannot_be_held_give_way():
    plan = people([[10, 20, 20], [10, 20, 20]])
    found = relax(plan, bounds(plan, [5, 20, None, 10, 20, None]))
    assert completes(found.plan) == [5, 20, 25, 10, 20, 20]
    assert found.notes == (
        "age '18-34' has 15 completes instead of 20: no table in reach holds it.",
        "age '55+' has 45 completes instead of 40: no table in reach holds it.",
    )


def test_nobody_goes_where_nobody_is_planned():
    found = relax(ages([60, 40, 0]), {"age": {"18-34": 50}})
    assert completes(found.plan) == [50, 50, 0]
    table = [[30, 30, 0], [20, 10, 10]]
    found = relax(people(table), bounds(people(table), [29, None, None, None, None, None]))
    assert completes(found.plan) == [29, 31, 0, 21, 9, 10]


def test_impossible_cells_stay_impossible():
    plan = people([[30, 30, 1], [20, 10, 9]]).separate("gender × age")
    crossed = plan.interlock(
        "gender", "age", seed=[[30, 30, 0], [20, 10, 10]], zeros=[("women", "55+")]
    )
    assert completes(crossed) == [31, 30, 19, 10, 10]
    found = relax(crossed, bounds(crossed, [29, None, None, None, None]))
    assert found.plan.profiles[0].zeros == crossed.profiles[0].zeros
    assert completes(found.plan) == [29, 32, 21, 8, 10]


def test_names_of_cells_stay():
    labels = [f"cell {n}" for n in range(6)]
    plan = people([[10, 20, 20], [10, 20, 20]]).separate("gender × age")
    named = plan.interlock("gender", "age", labels=labels, name="people")
    found = relax(named, {"people": {"cell 0": 5}})
    assert [row.target for row in found.plan.rows()] == labels
    assert completes(found.plan)[0] == 5


def test_a_locked_cell_keeps_its_people():
    plan = ages([60, 30, 10]).lock("age", "35-54")
    found = relax(plan, {"age": {"18-34": 50}})
    assert completes(found.plan) == [50, 30, 20]
    assert [cell.locked for cell in found.plan["age"].cells] == [False, True, False]
    crossed = people([[10, 20, 20], [10, 20, 20]]).lock("gender × age", ("men", "18-34"))
    found = relax(crossed, bounds(crossed, [5, None, None, None, None, None]))
    assert completes(found.plan)[3] == 10
    assert found.plan.profiles[0].locked == (((1, 0), Fraction(10, 100)),)


def test_a_locked_cell_out_of_reach_is_lowered():
    plan = ages([60, 30, 10]).lock("age", "18-34", "35-54")
    found = relax(plan, {"age": {"18-34": 50}})
    assert completes(found.plan) == [50, 30, 20]
    assert [cell.locked for cell in found.plan["age"].cells] == [True, True, False]
    assert found.notes == ("'18-34' of age is locked at 60; its lock is lowered to 50.",)
    crossed = people([[10, 20, 20], [10, 20, 20]]).lock("gender × age", ("women", "18-34"))
    found = relax(crossed, bounds(crossed, [0, None, None, None, None, None]))
    assert completes(found.plan)[0] == 0
    assert found.plan.profiles[0].locked == ()
    assert found.notes == (
        "'women, 18-34' of gender × age is locked at 10; its lock is lowered to 0.",
    )


def test_locks_lower_the_goal_before_they_break():
    plan = ages([60, 30, 10]).lock("age", "35-54", "55+")
    found = relax(plan, {"age": {"18-34": 50}})
    assert (completes(found.plan), found.goal) == ([50, 30, 10], 90)


def test_locks_give_way_where_the_goal_leaves_them_no_room():
    plan = people([[10, 20, 20], [10, 20, 20]]).margin("region", 96, {"a": ("1", 1), "b": ("2", 1)})
    for label in GENDERS:
        plan = plan.lock("gender × age", *((label, age) for age in AGES))
    plan = plan.lock("region", "a", "b")
    found = relax(plan, {"suggested_completes_goal_range": {"min": 0, "max": 50}})
    assert completes(found.plan) == [5, 10, 10, 5, 10, 10]
    assert completes(found.plan, 1) == [25, 25]
    assert found.notes == (
        "The goal is 50 instead of 100: the exchange suggests no more.",
        "The locks of gender × age give way to the lower goal.",
        "The locks of region give way to the lower goal.",
    )
    kept = ages([60, 30, 10]).lock("age", "55+")
    found = relax(kept, {"suggested_completes_goal_range": {"min": 0, "max": 50}})
    assert completes(found.plan) == [27, 13, 10]
    assert len(found.notes) == 1


def test_a_minimum_holds_where_it_can_be_reached():
    plan = ages([90, 9, 1]).with_minimum(5)
    assert completes(plan) == [86, 9, 5]
    found = relax(plan, {"age": {"55+": 2}})
    assert completes(found.plan) == [89, 9, 2]
    assert found.notes == (
        "'55+' of age has 2 completes, below the minimum of 5: no more can be reached.",
    )
    assert [cell.locked for cell in found.plan["age"].cells] == [False, False, True]
    crossed = people([[10, 20, 20], [10, 20, 20]]).with_minimum(5)
    found = relax(crossed, bounds(crossed, [2, None, None, None, None, None]))
    assert completes(found.plan)[0] == 2
    assert sum(completes(found.plan)) == 100
    assert found.notes == (
        "'women, 18-34' of gender × age has 2 completes, below the minimum of 5: "
        "no more can be reached.",
    )


def test_caps_follow():
    plan = (
        ages([60, 30, 10])
        .margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})
        .control(
            "caps",
            {
                "young men": ({"gender": "men", "age": "18-34"}, 40),
                "old men": ({"gender": "men", "age": "55+"}, 8),
            },
        )
    )
    found = relax(plan, {"caps": {"young men": 25, "old men": 8}})
    assert completes(found.plan, 2) == [25, 8]
    assert (found.moved, found.notes) == (0, ("The cap 'young men' is lowered from 40 to 25.",))
    assert found.shortages == (Shortage("caps", "young men", 40, 25, 15),)
    half = relax(plan, {"gender": {"women": 25, "men": 25}, "caps": {"young men": 18}})
    assert completes(half.plan, 2) == [18, 4]
    assert half.notes[1:] == ("The cap 'young men' is lowered from 20 to 18.",)


def test_what_is_carried_is_told():
    both = (
        SelectionCondition(question_id=96, option="1"),
        RangeCondition(question_id=42, min=18, max=34),
    )
    cell = Target(name="north, young", conditions=both, quota=Quota(completes_goal=30))
    carried = BlendedProfile(
        blended_type="control", name="region", quotas_enabled=True, targets=(cell,)
    )
    plan = ages([60, 30, 10]).with_profile(carried)
    found = relax(plan, {"region": {"north, young": 20}})
    assert found.plan == plan
    assert found.notes == ("region is carried as it is, so 'north, young' stays out of reach.",)
    with pytest.raises(InvalidPlan, match=r"^Profile 'region' is carried with fixed completes"):
        relax(plan, {"suggested_completes_goal_range": {"min": 0, "max": 50}})
    screen = RegularProfile(
        name="screen",
        quotas_enabled=False,
        targets=(Target(name="north", conditions=both[:1]),),
    )
    found = relax(ages([1, 1, 1]).with_profile(screen), {"screen": {"north": 3}})
    assert (found.shortages, found.notes) == ((), ())


def test_over_three_questions_nothing_is_claimed():
    plan = (
        people([[10, 20, 20], [10, 20, 20]])
        .separate("gender × age")
        .margin("region", 96, {"north": ("1", 1), "south": ("2", 1)})
        .interlock("gender", "age", "region")
    )
    found = relax(plan, {"gender × age × region": {("women", "18-34", "north"): 4}})
    assert sum(completes(found.plan)) == 100
    assert found.moved == 2
    assert found.notes == (
        "gender × age × region: over three questions the smallest change was searched for, "
        "not proven.",
    )


def test_long_lists_are_cut_and_one_person_is_one():
    cells = {str(n): (str(n), 1) for n in range(8)}
    plan = QuotaPlan(80).margin("brand", 7, cells)
    found = relax(plan, {"brand": {str(n): 9 for n in range(7)}})
    assert completes(found.plan) == [9] * 7 + [17]
    assert repr(found).splitlines()[-1] == "  and 2 more out of reach"
    one = relax(plan, {"brand": {"0": 9}})
    assert repr(one).startswith("80 completes, as planned; 1 person moves\n")


numbers = st.lists(st.integers(0, 9), min_size=6, max_size=6)
rooms = st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=6, max_size=6)


@given(numbers.filter(lambda n: any(n[:3])), rooms, st.integers(1, 12))
@settings(deadline=None, max_examples=150)
def test_one_question_is_as_brute_force_has_it(weights, most, goal):
    plan, most = ages(weights[:3], goal), most[:3]
    pairs = zip(weights, most, strict=False)
    highs = [(goal if m is None else min(m, goal)) if weight else 0 for weight, m in pairs]
    if not sum(highs):
        with pytest.raises(
            InvalidPlan, match=r"^Nobody can be reached: 'age' has room for no more"
        ):
            relax(plan, bounds(plan, most))
        return
    found = relax(plan, bounds(plan, most))
    assert found.goal == min(goal, sum(highs))
    got = completes(found.plan)
    assert sum(got) == found.goal
    assert all(n <= high for n, high in zip(got, highs, strict=True))
    base = completes(plan.scaled(found.goal))
    moves = [
        sum(abs(a - b) for a, b in zip(each, base, strict=True)) // 2
        for each in product(*(range(high + 1) for high in highs))
        if sum(each) == found.goal
    ]
    assert found.moved == min(moves)
    assert sum(abs(a - b) for a, b in zip(got, base, strict=True)) == 2 * found.moved
    assert relax(found.plan, bounds(plan, most)).plan == found.plan


def off(table, base):
    margins = sum(abs(table.sum(axis=n) - base.sum(axis=n)).sum() for n in (0, 1))
    return int(margins), int(abs(table - base).sum()) // 2


def tables(total, highs):
    "All ways to put so many people into cells of limited room."
    if len(highs) == 1:
        yield from [(total,)] * (total <= highs[0])
        return
    for n in range(min(total, highs[0]) + 1):
        yield from ((n, *rest) for rest in tables(total - n, highs[1:]))


@given(st.lists(st.integers(1, 2), min_size=6, max_size=6), rooms)
@settings(deadline=None, max_examples=60)
def test_two_questions_are_as_brute_force_has_it(cells, most):
    goal, plan = sum(cells), people([cells[:3], cells[3:]])
    highs = [goal if m is None else m for m in most]
    if sum(highs) < goal:  # A lower goal is another base, which rounding may spread otherwise
        return
    found = relax(plan, bounds(plan, most))
    got, base = (np.array(completes(each)).reshape(2, 3) for each in (found.plan, plan))
    assert base.ravel().tolist() == cells
    assert (found.goal, got.sum()) == (goal, goal)
    assert (got.ravel() <= highs).all()
    every = np.array(list(tables(goal, highs))).reshape(-1, 2, 3)
    margins = sum(abs(every.sum(axis=n) - base.sum(axis=n - 1)).sum(axis=1) for n in (1, 2))
    moves = abs(every - base).sum(axis=(1, 2)) // 2
    best = min(zip(margins.tolist(), moves.tolist(), strict=True))
    assert off(got, base) == best
    assert found.moved == best[1]


def has_everybody(cells):
    return all(map(sum, [cells[:3], cells[3:], *zip(cells[:3], cells[3:], strict=True)]))


@given(
    st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(has_everybody),
    rooms,
    st.integers(0, 3),
    st.sets(st.integers(0, 5), max_size=3),
)
@settings(deadline=None, max_examples=100)
def test_no_cell_exceeds_its_most(cells, most, minimum, locked):
    plan = people([cells[:3], cells[3:]])
    try:
        plan = plan.with_minimum(minimum)
        for n in locked:
            plan = plan.lock("gender × age", (GENDERS[n // 3], AGES[n % 3]))
        found = relax(plan, bounds(plan, most))
    except InvalidPlan:  # Too small for its minimum, or nobody to be reached
        return
    got = completes(found.plan)
    assert sum(got) == found.goal
    assert all(m is None or n <= m for n, m in zip(got, most, strict=True))
    again = relax(found.plan, bounds(plan, most))
    assert (completes(again.plan), again.moved, again.shortages) == (got, 0, ())
    assert eval(found.plan.code(), {"tgk": target_group_kit}) == found.plan
