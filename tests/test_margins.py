"Margins: answers and conditions, exact weights, nobody in two cells."

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    OpenEndedCondition,
    RangeCondition,
    SelectionCondition,
)
from target_group_kit.sampling.apportionment import apportion, percentages
from target_group_kit.sampling.margins import Cell, Margin, answer_of, conditions_of


def zips(*values, question_id=45):
    return OpenEndedCondition(
        question_id=question_id, allow_all_values=not values, open_ended_values=values or None
    )


singles = st.one_of(
    st.from_regex(r"-?[1-9][0-9]{0,3}", fullmatch=True),
    st.tuples(st.integers(1, 99), st.integers(1, 99)).map(lambda ends: tuple(sorted(ends))),
    st.lists(st.from_regex(r"[0-9]{5}", fullmatch=True), min_size=1, max_size=3).map(
        lambda values: zips(*values)
    ),
)
answers = st.one_of(singles, st.lists(singles, min_size=2, max_size=4).map(tuple))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("1", "1"),
        ("-3105", "-3105"),
        (["1"], "1"),
        (["1", "2"], ("1", "2")),
        (("1", "2"), ("1", "2")),
        ((18, 24), (18, 24)),
        ((30, 30), (30, 30)),
        ((1, 99), (1, 99)),
        ((np.int64(18), 24), (18, 24)),
        ([(18, 24)], (18, 24)),
        ([(18, 24), (65, 74)], ((18, 24), (65, 74))),
        ([[18, 24], [65, 74]], ((18, 24), (65, 74))),
        (zips("10115"), zips("10115")),
        ([zips("10115"), zips("80331")], (zips("10115"), zips("80331"))),
    ],
)
def test_an_answer_is_kept_in_one_form(given, kept):
    assert Cell("cell", given, 1).answer == kept


EXAMPLE = 'Write "1" for an option, (18, 24) for a range, ["1", "2"] for either.'


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (1, f"Cell 'young' has the answer 1. {EXAMPLE}"),
        (None, f"Cell 'young' has the answer None. {EXAMPLE}"),
        ([18, 24], f"Cell 'young' has the answer 18. {EXAMPLE}"),
        ([], f"Cell 'young' has no answer. {EXAMPLE}"),
        ("", "Cell 'young' has the option ''. Write its id without blanks."),
        (" 1", "Cell 'young' has the option ' 1'. Write its id without blanks."),
        ((24, 18), "Cell 'young' has a range from 24 down to 18. Write (18, 24)."),
        ((0, 24), "Cell 'young' has a range from 0 to 24. A range lies within 1 to 99."),
        ((18, 100), "Cell 'young' has a range from 18 to 100. A range lies within 1 to 99."),
        (
            (18, 24.5),
            "Cell 'young' has the range (18, 24.5). Give two whole numbers, like (18, 24).",
        ),
        (
            (18, "24"),
            "Cell 'young' has the range (18, '24'). Give two whole numbers, like (18, 24).",
        ),
        ((18,), "Cell 'young' has the range (18). Give two whole numbers, like (18, 24)."),
        (
            (True, 24),
            "Cell 'young' has the range (True, 24). Give two whole numbers, like (18, 24).",
        ),
    ],
)
def test_what_is_no_answer_is_refused(answer, message):
    with pytest.raises(InvalidPlan) as refused:
        Cell("young", answer, 1)
    assert str(refused.value) == message


def test_conditions_of_each_kind():
    assert conditions_of(43, ("1", "2")) == (
        SelectionCondition(question_id=43, option="1"),
        SelectionCondition(question_id=43, option="2"),
    )
    assert conditions_of(42, (18, 24)) == (RangeCondition(question_id=42, min=18, max=24),)
    assert conditions_of(45, zips("10115")) == (zips("10115"),)


@given(answers)
def test_an_answer_comes_back_from_its_conditions(answer):
    assert answer_of(conditions_of(45, answer)) == answer


@pytest.mark.parametrize(
    ("weights", "kept"),
    [
        ([48.9, 51.1], [48.9, 51.1]),
        ([1.0, 2.5], [1, 2.5]),
        ([Decimal("33.3"), Decimal("66.70")], [33.3, 66.7]),
        ([Fraction(1, 4), 1], [0.25, 1]),
        ([Fraction(1, 3), 1], [1, 3]),
        ([Fraction(1, 3), 0.1, 0], [10, 3, 0]),
        ([Decimal("0.12345678901234567890"), 1], [1234567890123456789, 10**19]),
        ([np.int64(3), np.float64(0.5)], [3, 0.5]),
    ],
)
def test_weights_stay_as_they_are_or_become_whole_in_the_same_proportions(weights, kept):
    margin = Margin("m", 1, tuple(Cell(str(n), str(n), w) for n, w in enumerate(weights)))
    assert [cell.weight for cell in margin.cells] == kept
    assert {type(cell.weight) for cell in margin.cells} <= {int, float}
    assert list(margin.completes(1000)) == apportion(1000, weights)


def test_a_margin_works_out_people_and_percent():
    cells = (Cell("a", "1", 1), Cell("b", "2", 1), Cell("c", "3", 1))
    margin = Margin("thirds", 7, cells)
    assert (margin.labels, margin.percentages) == (("a", "b", "c"), (33.34, 33.33, 33.33))
    assert [margin.completes(goal) for goal in (0, 1, 100)] == [(0, 0, 0), (1, 0, 0), (34, 33, 33)]


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20).filter(any), st.integers(0, 10**6))
def test_people_and_percent_come_from_the_same_weights(weights, goal):
    margin = Margin("m", 1, tuple(Cell(str(n), str(n), w) for n, w in enumerate(weights)))
    assert margin.completes(goal) == tuple(apportion(goal, weights))
    assert margin.percentages == tuple(percentages(weights))


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ([], "Margin 'm' has no cells. Give it a cell with a weight."),
        (
            [("a", "1", 0), ("b", "2", 0.0)],
            "Margin 'm' has only weights of 0. Give it a cell with a weight.",
        ),
        (
            [("a", "1", 1), ("a", "2", 1), ("a", "3", 1)],
            "3 cells of 'm' are called 'a'. Give each its own.",
        ),
        (
            [("a", "1", 1), ("b", ["2", "1"], 1)],
            "In 'm' the answer '1' is in 'a' and 'b'. Keep it in one cell.",
        ),
        (
            [("a", ["1", "1"], 1)],
            "In 'm' the answer '1' is in 'a', twice. Keep it in one cell.",
        ),
        (
            [("old", (24, 40), 1), ("young", (18, 24), 1)],
            "In 'm' the ranges 18 to 24 ('young') and 24 to 40 ('old') overlap at 24. "
            "End the first at 23.",
        ),
        (
            [("all", (18, 99), 1), ("some", (30, 40), 1)],
            "In 'm' the ranges 18 to 99 ('all') and 30 to 40 ('some') overlap at 30. "
            "End the first at 29.",
        ),
        (
            [("a", (18, 24), 1), ("b", (18, 24), 1)],
            "In 'm' the ranges 18 to 24 ('a') and 18 to 24 ('b') overlap at 18. Keep one of them.",
        ),
        (
            [("a", [(18, 24), (20, 30)], 1)],
            "In 'm' the ranges 18 to 24 ('a') and 20 to 30 ('a') overlap at 20. "
            "End the first at 19.",
        ),
        (
            [
                ("a", zips("1", "2", question_id=7), 1),
                ("b", zips("2", question_id=7), 1),
            ],
            "In 'm' the answer '2' is in 'a' and 'b'. Keep it in one cell.",
        ),
        (
            [("any", zips(question_id=7), 1)],
            "Cell 'any' of 'm' takes any value at all. Quotas need listed values.",
        ),
        (
            [("a", zips("1", question_id=8), 1)],
            "Margin 'm' is about question 7, one of its cells about 8. A margin asks one.",
        ),
    ],
)
def test_a_margin_that_puts_somebody_twice_or_nobody_is_refused(cells, message):
    with pytest.raises(InvalidPlan) as refused:
        Margin("m", 7, tuple(Cell(*cell) for cell in cells))
    assert str(refused.value) == message


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=6))
def test_ranges_overlap_exactly_when_somebody_is_in_two(ends):
    ranges = [tuple(sorted(pair)) for pair in ends]
    people = [age for low, high in ranges for age in range(low, high + 1)]
    cells = tuple(Cell(str(n), pair, 1) for n, pair in enumerate(ranges))
    if len(people) == len(set(people)):
        assert len(Margin("age", 42, cells).cells) == len(ranges)
    else:
        with pytest.raises(InvalidPlan, match="overlap"):
            Margin("age", 42, cells)


@pytest.mark.parametrize(
    ("label", "weight", "message"),
    [
        ("", 1, "A cell has the label ''. Give it a name."),
        (3, 1, "A cell has the label 3. Give it a name."),
        (
            "a",
            -1,
            "The weight of cell 'a' is -1, below 0. Give 0 for nobody, or leave the cell out.",
        ),
        (
            "a",
            float("nan"),
            "The weight of cell 'a' is nan. Give a finite number, 0 or more.",
        ),
        ("a", "5", "The weight of cell 'a' is '5', not a number. Write it like 12 or 12.5."),
    ],
)
def test_a_cell_needs_a_name_and_a_weight(label, weight, message):
    with pytest.raises(InvalidPlan) as refused:
        Cell(label, "1", weight)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "question_id", "message"),
    [
        (" ", 42, "A margin has the name ' '. Give it one, like 'age'."),
        (
            "age",
            "age",
            "The question of 'age' is 'age'. Give its number in the library, like 42.",
        ),
        ("age", 42.0, "The question of 'age' is 42.0. Give its number in the library, like 42."),
        ("age", True, "The question of 'age' is True. Give its number in the library, like 42."),
    ],
)
def test_a_margin_needs_a_name_and_a_question(name, question_id, message):
    with pytest.raises(InvalidPlan) as refused:
        Margin(name, question_id, (Cell("a", "1", 1),))
    assert str(refused.value) == message


def test_a_question_may_be_given_in_digits():
    questions = [Margin("m", q, (Cell("a", "1", 1),)).question_id for q in (42, "42", np.int64(42))]
    assert questions == [42, 42, 42]
    assert {type(question) for question in questions} == {int}
