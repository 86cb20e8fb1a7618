"Feasibility: the exchange's answer and what people write, as the most for each target."

import pandas as pd
import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import OpenEndedCondition
from target_group_kit.sampling.feasibility import Shortage, mosts_of, shortages_of
from target_group_kit.sampling.plan import QuotaPlan

PLAN = (
    QuotaPlan(100)
    .margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})
    .margin("age", 42, {"young": ((18, 49), 3), "old": ((50, 99), 1)})
)
CROSSED = PLAN.interlock("gender", "age", zeros=[("men", "old")])
FIX = "Ask for it with the plan's own profiling."


def answer(plan, quotas, **more):
    "The exchange's answer: for each target of each profile its quota."
    profiles = [
        {
            "object": "regular",
            "targets": [
                {"conditions": [c.payload() for c in aim.conditions], "quota": quota}
                for aim, quota in zip(plan.aims(part), of, strict=True)
            ],
        }
        for part, of in zip(plan.profiles, quotas, strict=True)
    ]
    return {"suggested_price": {"value": "2", "currency_code": "EUR"}, "profiles": profiles} | more


def most(people):
    quota = {"projected_completes_goal": people}
    return {"min_completes": {"projected_completes_goal": 0}, "max_completes": quota}


def percent(number):
    return {"max_completes": {"projected_completes_percentage": number}}


def test_the_exchanges_answer_goes_by_order():
    quotas = [[most(60), most(50.0)], [most(12), {}]]
    found = mosts_of(
        PLAN, answer(PLAN, quotas, suggested_completes_goal_range={"min": 1, "max": 90})
    )
    assert found == ([(60, 50), (12, None)], 90)


def test_an_answer_in_percent_is_of_all_it_expects():
    quotas = [[percent(33.34), percent(66.66)], [percent(100), percent(0)]]
    ranged = answer(PLAN, quotas, suggested_completes_goal_range={"min": 1, "max": 90})
    assert mosts_of(PLAN, ranged) == ([(30, 59), (90, 0)], 90)
    assert mosts_of(PLAN, answer(PLAN, quotas)) == ([(None, None), (None, None)], None)


def test_an_answer_may_say_no_more_than_the_goal():
    nothing = [(None, None), (None, None)]
    assert mosts_of(PLAN, {"suggested_completes_goal_range": {"min": 0, "max": 40}}) == (
        nothing,
        40,
    )
    assert mosts_of(PLAN, {"suggested_price": {}}) == (nothing, None)


def test_an_interlocks_answer_has_its_possible_cells():
    quotas = [[most(1), most(2), most(3)]]
    assert mosts_of(CROSSED, answer(CROSSED, quotas)) == ([(1, 2, 3)], None)


def test_an_answer_without_conditions_is_believed():
    bare = {"profiles": [{"targets": [{"quota": most(n)} for n in (1, 2)]} for _ in range(2)]}
    assert mosts_of(PLAN, bare) == ([(1, 2), (1, 2)], None)


def test_written_values_are_not_compared():
    values = OpenEndedCondition(
        question_id=12, allow_all_values=False, open_ended_values=("10115", "10117")
    )
    plan = QuotaPlan(10).margin("zip", 12, {"centre": (values, 1)})
    shown = answer(plan, [[most(4)]])
    shown["profiles"][0]["targets"][0]["conditions"][0]["open_ended_values"] = None
    assert mosts_of(plan, shown) == ([(4,)], None)


@pytest.mark.parametrize(
    ("plan", "given", "said"),
    [
        (
            PLAN,
            answer(PLAN.without("age"), [[most(1), most(1)]]),
            f"The feasibility and the plan have 1 and 2 profiles. {FIX}",
        ),
        (
            PLAN.without("age"),
            {"profiles": [{"targets": [{}]}]},
            f"The feasibility and the plan have 1 and 2 targets in 'gender'. {FIX}",
        ),
        (
            PLAN.without("age"),
            {"profiles": [{}]},
            f"The feasibility and the plan have 0 and 2 targets in 'gender'. {FIX}",
        ),
        (
            PLAN.without("gender"),
            answer(PLAN.without("age"), [[most(1), most(1)]]),
            f"The feasibility has other people where 'age' has 'young'. {FIX}",
        ),
        (
            PLAN,
            {"region": {"north": 1}},
            "The plan has no part 'region'. It has 'gender', 'age'.",
        ),
        (QuotaPlan(5), {"age": {"young": 1}}, "The plan has no part 'age'. It has none."),
        (
            CROSSED,
            {"age": {"young": 1}},
            "'age' is crossed in 'gender × age'. Give the most of its cells, like 'women, young'.",
        ),
        (
            PLAN,
            {"age": {"younger": 1}},
            "'age' has no target 'younger'. It has 'young', 'old'.",
        ),
        (
            PLAN,
            {"age": {"young": -1}},
            "The most of 'young' in 'age' is -1. "
            "Give a number of people, 0 or more, or leave it out.",
        ),
        (
            PLAN,
            {"age": {"young": "few"}},
            "The most of 'young' in 'age' is 'few'. "
            "Give a number of people, 0 or more, or leave it out.",
        ),
        (PLAN, {"age": 5}, "The feasibility of 'age' is 5. Give {profile: {target: most}}."),
        (
            PLAN,
            [1, 2],
            "The feasibility is [1, 2]. Give the exchange's answer, or {profile: {target: most}}.",
        ),
        (
            PLAN,
            pd.DataFrame({"profile": ["age"], "target": ["young"], "completes": [1]}),
            "The feasibility has no column 'most'. It needs profile, target and most.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(plan, given, said):
    with pytest.raises(InvalidPlan) as refused:
        mosts_of(plan, given)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    "given",
    [
        {"age": {"young": 12, "old": None}, "gender": {"men": 7.9, "women": float("nan")}},
        {"age": pd.Series({"young": 12}), "gender": pd.Series({"men": 7, "women": pd.NA})},
        pd.Series({("age", "young"): 12, ("gender", "men"): 7}),
        pd.DataFrame(
            [("age", "young", 12), ("gender", "men", 7), ("gender", "women", None)],
            columns=["profile", "target", "most"],
        ),
    ],
)
def test_the_same_bounds_as_people_write_them(given):
    assert mosts_of(PLAN, given) == ([(None, 7), (12, None)], None)


def test_cells_of_an_interlock_have_two_names():
    for cell in ["women, old", ("women", "old")]:
        assert mosts_of(CROSSED, {"gender × age": {cell: 3}}) == ([(None, 3, None)], None)


def test_nothing_said_is_no_bound():
    assert mosts_of(PLAN, {}) == ([(None, None), (None, None)], None)


def test_who_is_short():
    assert list(shortages_of(PLAN, [(50, 49), (None, 100)])) == [
        Shortage("gender", "men", 50, 49, 1)
    ]
