"Accuracy: deviation from a population, design effect, margins of error."

from fractions import Fraction
from math import sqrt

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.words import hundredths
from target_group_kit.sampling.accuracy import (
    CellPrecision,
    Precision,
    deviation,
    population_percents,
    precision,
)
from target_group_kit.sampling.plan import QuotaPlan

DEVIATION = ["profile", "target", "percent", "population_percent", "points", "index"]
PRECISION = ["profile", "target", "completes", "margin_of_error", "weight"]
Z = 1.959963984540054


def gender(women, men, completes=100):
    return QuotaPlan(completes).margin("gender", 43, {"women": ("2", women), "men": ("1", men)})


def three(low, middle, high, completes=100, name="age"):
    bands = {"18-34": ((18, 34), low), "35-54": ((35, 54), middle), "55+": ((55, 99), high)}
    return QuotaPlan(completes).margin(name, 42, bands)


def both(completes, cells, axes=((1, 1), (1, 1))):
    "Women and men by young and old, with a table of four."
    (women, men), (young, old) = axes
    return (
        QuotaPlan(completes)
        .margin("gender", 43, {"women": ("2", women), "men": ("1", men)})
        .margin("age", 42, {"young": ((18, 49), young), "old": ((50, 99), old)})
        .interlock("gender", "age", seed=cells)
    )


def rows(frame):
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in frame.itertuples(index=False, name=None)
    ]


numbers = st.lists(st.integers(0, 300), min_size=3, max_size=3).filter(any)
goals = st.integers(1, 3000)


def test_a_plan_against_its_population():
    plan = gender(75, 25).with_population(gender(50.5, 49.5))
    shown = deviation(plan)
    assert list(shown.columns) == DEVIATION
    assert [str(kind) for kind in shown.dtypes] == ["str", "str", *["Float64"] * 4]
    assert rows(shown) == [
        ("gender", "women", 75.0, 50.5, 24.5, 148.51),
        ("gender", "men", 25.0, 49.5, -24.5, 50.51),
    ]
    assert shown.attrs == {"left_out": ()}


def test_an_index_of_nobody_is_missing():
    assert rows(deviation(gender(1, 1), gender(1, 0))) == [
        ("gender", "women", 50.0, 100.0, -50.0, 50.0),
        ("gender", "men", 50.0, 0.0, 50.0, None),
    ]


def test_an_interlock_is_compared_by_its_margins_and_its_cells():
    plan = both(100, [[30, 30], [20, 20]], axes=((3, 2), (1, 1)))
    population = both(1, [[1, 3], [3, 1]])
    assert rows(deviation(plan, population)) == [
        ("gender", "women", 60.0, 50.0, 10.0, 120.0),
        ("gender", "men", 40.0, 50.0, -10.0, 80.0),
        ("age", "young", 50.0, 50.0, 0.0, 100.0),
        ("age", "old", 50.0, 50.0, 0.0, 100.0),
        ("gender × age", "women, young", 30.0, 12.5, 17.5, 240.0),
        ("gender × age", "women, old", 30.0, 37.5, -7.5, 80.0),
        ("gender × age", "men, young", 20.0, 37.5, -17.5, 53.33),
        ("gender × age", "men, old", 20.0, 12.5, 7.5, 160.0),
    ]


def test_either_side_may_cross_and_in_any_order():
    plan = both(100, [[30, 30], [20, 20]], axes=((3, 2), (1, 1)))
    turned = (
        QuotaPlan(1)
        .margin("age", 42, {"old": ((50, 99), 1), "young": ((18, 49), 1)})
        .margin("gender", 43, {"men": ("1", 1), "women": ("2", 1)})
        .interlock("age", "gender", seed=[[1, 3], [3, 1]], name="people")
    )
    straight = both(1, [[1, 3], [3, 1]])
    assert rows(deviation(plan, turned)) == rows(deviation(plan, straight))
    apart = straight.separate("gender × age")
    assert rows(deviation(plan, apart)) == rows(deviation(plan, straight))[:4]
    cells = tuple(("gender × age", f"{g}, {a}") for g in ("women", "men") for a in ("young", "old"))
    assert deviation(plan, apart).attrs["left_out"] == cells
    assert rows(deviation(apart, straight)) == [
        ("gender", "women", 50.0, 50.0, 0.0, 100.0),
        ("gender", "men", 50.0, 50.0, 0.0, 100.0),
        ("age", "young", 50.0, 50.0, 0.0, 100.0),
        ("age", "old", 50.0, 50.0, 0.0, 100.0),
    ]


def test_two_questions_are_found_within_three():
    population = (
        both(1, [[1, 3], [3, 1]])
        .separate("gender × age")
        .margin("region", 96, {"north": ("1", 3), "south": ("2", 1)})
        .interlock("region", "age", "gender")
    )
    shown = deviation(both(100, [[30, 30], [20, 20]], axes=((3, 2), (1, 1))), population)
    percents = [row[3] for row in rows(shown)]
    assert percents == [50.0, 50.0, 50.0, 50.0, 25.0, 25.0, 25.0, 25.0]
    others = (("region", "north"), ("region", "south"), ("age", "young"), ("age", "old"))
    for people in [population, population.separate("region × age × gender")]:
        assert deviation(gender(1, 1), people).attrs["left_out"] == others


def test_what_only_one_side_knows_is_listed():
    plan = QuotaPlan(10).margin("gender", 43, {"women": ("2", 1), "either": (["1", "3"], 1)})
    shown = deviation(plan, gender(3, 1))
    assert rows(shown) == [("gender", "women", 50.0, 75.0, -25.0, 66.67)]
    assert shown.attrs["left_out"] == (("gender", "either"), ("gender", "men"))


def test_caps_and_screens_divide_nobody():
    plan = gender(1, 1).margin("age", 42, {"young": ((18, 49), 1), "old": ((50, 99), 1)})
    capped = plan.control("caps", {"young men": ({"gender": "men", "age": "young"}, 5)})
    assert rows(deviation(capped, plan)) == rows(deviation(plan, plan))
    assert precision(capped, plan) == precision(plan, plan)


@pytest.mark.parametrize(
    ("plan", "population", "said"),
    [
        (
            gender(1, 1),
            None,
            "The plan has no population to compare with. "
            "Give one: deviation(plan, QuotaPlan.from_population('DE', 1000).population).",
        ),
        (
            gender(1, 1),
            three(1, 1, 1),
            "There is nothing to compare: the plan has cells like 'women' of 'gender', "
            "the population '18-34' of 'age'. Name margins and cells alike.",
        ),
        (
            gender(1, 1),
            QuotaPlan(1),
            "There is nothing to compare: the plan has cells like 'women' of 'gender', "
            "the population none. Name margins and cells alike.",
        ),
        (
            gender(1, 1),
            "DE",
            "The population is 'DE'. "
            "Give a plan, such as QuotaPlan.from_population('DE', 1000).population.",
        ),
    ],
)
def test_nothing_to_compare_is_refused(plan, population, said):
    with pytest.raises(InvalidPlan) as refused:
        deviation(plan, population)
    assert str(refused.value) == said


@given(numbers, numbers, goals)
@settings(deadline=None)
def test_points_make_nothing(sample, people, completes):
    shown = deviation(three(*sample, completes), three(*people))
    assert sum(map(hundredths, shown["points"])) == 0
    for row in rows(shown):
        assert hundredths(row[4]) == hundredths(row[2]) - hundredths(row[3])


def test_percents_of_the_population():
    plan = both(100, [[30, 30], [20, 20]], axes=((3, 2), (1, 1)))
    assert population_percents(plan) == {}
    known = plan.with_population(both(1, [[1, 3], [3, 1]]))
    assert population_percents(known) == {
        ("gender", "women"): 50.0,
        ("gender", "men"): 50.0,
        ("age", "young"): 50.0,
        ("age", "old"): 50.0,
        ("gender × age", "women, young"): 12.5,
        ("gender × age", "women, old"): 37.5,
        ("gender × age", "men, young"): 37.5,
        ("gender × age", "men, old"): 12.5,
    }
    assert population_percents(gender(1, 1).with_population(three(1, 1, 1))) == {}


def test_a_boost_costs_exactness():
    found = precision(gender(75, 25), gender(1, 1))
    assert found == Precision(
        100,
        0.95,
        (
            CellPrecision("gender", "women", 75, pytest.approx(100 * Z * sqrt(0.25 / 75)), 2 / 3),
            CellPrecision("gender", "men", 25, pytest.approx(100 * Z * sqrt(0.25 / 25)), 2.0),
        ),
        "gender",
        4 / 3,
    )
    assert found.effective_size == 75
    assert found.margin_of_error == pytest.approx(100 * Z * sqrt(0.25 / 75))
    assert repr(found) == (
        "100 completes, with 95 % confidence\n"
        "  worth 75 of a sample in proportion: design effect 1.33, on gender\n"
        "  margin of error 11.32 points at 50 %\n"
        "  smallest cell 'men' of gender: 25 completes, 19.60 points"
    )
    shown = found.frame()
    assert list(shown.columns) == PRECISION
    assert [str(kind) for kind in shown.dtypes] == ["str", "str", "Int64", "Float64", "Float64"]
    assert rows(shown) == [
        ("gender", "women", 75, 11.32, 0.6667),
        ("gender", "men", 25, 19.6, 2.0),
    ]
    assert rows(found.smallest(1)) == rows(shown)[1:]


def test_confidence_widens():
    assert precision(gender(1, 1, 1000), gender(1, 1)).margin_of_error == pytest.approx(3.099, 1e-4)
    wide = precision(gender(1, 1, 1000), gender(1, 1), confidence=0.99)
    assert wide.margin_of_error == pytest.approx(4.073, 1e-4)
    assert repr(wide).startswith("1,000 completes, with 99 % confidence\n")


def test_the_smallest_come_first_and_ties_keep_their_order():
    found = precision(both(100, [[45, 5], [5, 45]]), both(1, [[1, 1], [1, 1]]))
    assert [row[:3] for row in rows(found.smallest())] == [
        ("gender × age", "women, old", 5),
        ("gender × age", "men, young", 5),
        ("gender × age", "women, young", 45),
        ("gender × age", "men, old", 45),
        ("gender", "women", 50),
    ]


def test_the_finest_part_has_the_largest_effect():
    found = precision(both(100, [[45, 5], [5, 45]]), both(1, [[1, 1], [1, 1]]))
    assert found.profile == "gender × age"
    effect = 2 * (Fraction(1, 16) / Fraction(45, 100) + Fraction(1, 16) / Fraction(5, 100))
    assert found.design_effect == pytest.approx(float(effect))
    margins = precision(
        both(100, [[45, 5], [5, 45]]), both(1, [[1, 1], [1, 1]]).separate("gender × age")
    )
    assert (margins.profile, margins.design_effect) == ("age", 1.0)
    assert margins.notes == ("gender × age isn't weighted: the population doesn't know it.",)


def test_of_two_margins_the_larger_effect_counts():
    plan = gender(75, 25).margin("age", 42, {"young": ((18, 49), 60), "old": ((50, 99), 40)})
    people = gender(1, 1).margin("age", 42, {"young": ((18, 49), 1), "old": ((50, 99), 1)})
    assert (precision(plan, people).profile, precision(plan, people).design_effect) == (
        "gender",
        4 / 3,
    )


def test_who_is_not_sampled_cannot_be_weighted_for():
    found = precision(three(1, 0, 1), three(1, 2, 1))
    assert (found.profile, found.design_effect, found.effective_size, found.margin_of_error) == (
        "age",
        None,
        None,
        None,
    )
    assert [cell[:3] for cell in found.cells] == [("age", "18-34", 50), ("age", "55+", 50)]
    assert repr(found) == (
        "100 completes, with 95 % confidence\n"
        "  smallest cell '18-34' of age: 50 completes, 13.86 points\n"
        "  There is no design effect: in age nobody is planned of '35-54', "
        "50.00 % of the population."
    )
    bands = QuotaPlan(100).margin("age", 42, {"18-34": ((18, 34), 1)})
    assert precision(bands, three(1, 2, 1)).notes == (
        "There is no design effect: in age nobody is planned of '35-54' and 1 more, "
        "75.00 % of the population.",
    )


def test_a_cell_too_small_for_one_person_is_the_smallest():
    found = precision(three(1, 1, 500, completes=10), three(1, 1, 1))
    assert rows(found.smallest(1)) == [("age", "18-34", 0, None, None)]
    assert "smallest cell '18-34' of age: 0 completes\n" in repr(found)


def test_what_the_population_does_not_know_is_not_weighted():
    plan = gender(1, 1).margin("region", 96, {"north": ("1", 1), "south": ("2", 1)})
    found = precision(plan, gender(1, 1))
    assert (found.profile, found.design_effect) == ("gender", 1.0)
    assert found.notes == ("region isn't weighted: the population doesn't know it.",)
    assert [cell.weight for cell in found.cells] == [1.0, 1.0, None, None]
    assert precision(gender(1, 1), three(1, 1, 1)).notes == (
        "There is no design effect: no part can be weighted back.",
        "gender isn't weighted: the population doesn't know it.",
    )
    other = QuotaPlan(10).margin("gender", 43, {"women": ("2", 1), "either": (["1", "3"], 1)})
    assert precision(other, gender(1, 1)).notes == (
        "There is no design effect: no part can be weighted back.",
        "gender isn't weighted: the population doesn't know cells like 'either'.",
    )


def test_without_a_population_there_is_no_effect():
    found = precision(gender(1, 1))
    assert (found.profile, found.design_effect, found.notes) == (
        None,
        None,
        ("There is no design effect: no population is known to weight back to.",),
    )
    assert [cell.weight for cell in found.cells] == [None, None]
    assert repr(precision(QuotaPlan(10))) == (
        "10 completes, with 95 % confidence\n"
        "  There is no design effect: no population is known to weight back to."
    )


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.5, True, "0.95", None, float("nan")])
def test_confidence_is_a_part_of_one(confidence):
    with pytest.raises(InvalidPlan) as refused:
        precision(gender(1, 1), confidence=confidence)
    said = f"The confidence is {confidence!r}. Give a part of one, like 0.95."
    assert str(refused.value) == said


@given(numbers, numbers, goals)
@settings(deadline=None)
def test_a_design_effect_is_never_below_one(sample, people, completes):
    found = precision(three(*sample, completes), three(*people))
    sampled = {cell.target for cell in found.cells if cell.completes}
    wanted = {t for t, n in zip(("18-34", "35-54", "55+"), people, strict=True) if n}
    assert (found.design_effect is None) == bool(wanted - sampled)
    if found.design_effect is not None:
        assert found.design_effect >= 1
        assert found.effective_size <= completes


@given(numbers, st.integers(1, 5))
@settings(deadline=None)
def test_a_sample_in_proportion_has_an_effect_of_one(people, times):
    found = precision(three(*people, sum(people) * times), three(*people))
    assert found.design_effect == 1
    assert {cell.weight for cell in found.cells} == {1.0}


@given(st.lists(st.integers(1, 50), min_size=4, max_size=4))
@settings(deadline=None)
def test_an_interlock_never_has_less_effect_than_its_margins(cells):
    a, b, c, d = cells
    axes = ((a + b, c + d), (a + c, b + d))
    plan = both(sum(cells), [[a, b], [c, d]], axes)
    people = both(1, [[1, 1], [1, 1]])
    found = precision(plan, people)
    apart = precision(plan, people.separate("gender × age"))
    assert found.design_effect >= apart.design_effect * (1 - 1e-12)
    oracle = sum(Fraction(1, 16) / Fraction(n, sum(cells)) for n in cells)
    assert found.design_effect == pytest.approx(float(oracle))
