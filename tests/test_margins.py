"Margins: answers and conditions, exact weights, nobody in two cells."

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    OpenEndedCondition,
    RangeCondition,
    SelectionCondition,
)
from target_group_kit.sampling.apportionment import apportion, exact_share, percentages
from target_group_kit.sampling.margins import (
    Cell,
    Margin,
    answer_of,
    conditions_of,
    minimum_fits,
    plain_weights,
)


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


@settings(deadline=None)
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


@settings(deadline=None)
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


@settings(deadline=None)
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


REGIONS = Margin(
    "region",
    96,
    (Cell("north", "1", 2), Cell("east", "2", 1), Cell("south", "3", 1), Cell("sea", "4", 0)),
    "census",
)


def weights(margin):
    return [cell.weight for cell in margin.cells]


def refusal(make):
    with pytest.raises(InvalidPlan) as refused:
        make()
    return str(refused.value)


@pytest.mark.parametrize(
    ("exact", "plain"),
    [
        ([Fraction(1, 2), Fraction(3)], (0.5, 3)),
        ([Fraction(1, 3), Fraction(2, 3)], (1, 2)),
        ([Fraction(2, 6), Fraction(1, 6), Fraction(0)], (2, 1, 0)),
        ([Fraction(1, 3), Fraction(0)], (1, 0)),
        ([Fraction(1111, 3), Fraction(8889, 3)], (11.11, 88.89)),
        ([Fraction(0), Fraction(0)], (0, 0)),
        ([], ()),
    ],
)
def test_weights_that_people_can_write_down(exact, plain):
    assert plain_weights(exact) == plain
    assert {type(weight) for weight in plain_weights(exact)} <= {int, float}


@settings(deadline=None)
@given(st.lists(st.fractions(0, 1000, max_denominator=997), min_size=1, max_size=6).filter(any))
def test_weights_written_down_keep_their_proportions(exact):
    plain = [exact_share(weight) for weight in plain_weights(exact)]
    assert [weight / sum(plain) for weight in plain] == [weight / sum(exact) for weight in exact]


@pytest.mark.parametrize(
    ("shares", "kept"),
    [
        ({"north": Fraction(6, 10)}, [3, 1, 1, 0]),
        ({"north": Fraction(1)}, [1, 0, 0, 0]),
        ({"sea": Fraction(1, 2)}, [2, 1, 1, 4]),
        ({"north": Fraction(0), "east": Fraction(1, 3)}, [0, 1, 2, 0]),
        ({"north": Fraction(1, 4), "east": Fraction(3, 4)}, [1, 3, 0, 0]),
        ({}, [2, 1, 1, 0]),
    ],
)
def test_cells_are_set_and_the_others_share_the_rest(shares, kept):
    changed = REGIONS.with_shares(shares)
    assert weights(changed) == kept
    assert (changed.name, changed.source, changed.labels) == ("region", "census", REGIONS.labels)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=6).filter(any),
    st.sets(st.integers(0, 5)),
    st.integers(0, 10_000),
)
def test_a_set_cell_is_exact_and_what_is_locked_stays(numbers, locked, hundredths):
    cells = tuple(Cell(str(n), str(n), w, n in locked) for n, w in enumerate(numbers))
    margin, share = Margin("m", 1, cells), Fraction(hundredths, 10_000)
    kept = {n: s for n, s in enumerate(margin.shares) if n in locked and n}
    free = any(w for n, w in enumerate(numbers) if n and n not in locked)
    left = 1 - share - sum(kept.values())
    if left < 0 or (left and not free):
        with pytest.raises(InvalidPlan, match=r"^The cells set in 'm'"):
            margin.with_shares({"0": share})
        return
    changed = margin.with_shares({"0": share})
    assert changed.shares[0] == share
    assert changed.percentages[0] == hundredths / 100
    assert {n: changed.shares[n] for n in kept} == kept
    assert [cell.locked for cell in changed.cells] == [cell.locked for cell in cells]


def test_locks_come_and_go():
    locked = REGIONS.with_locks(["east", "sea"])
    assert [cell.locked for cell in locked.cells] == [False, True, False, True]
    assert locked.with_locks(["sea", "north"], locked=False) == REGIONS.with_locks(["east"])
    assert locked.with_locks(locked.labels, locked=False) == REGIONS
    assert REGIONS.with_locks([]) == REGIONS


def test_locked_cells_keep_their_people_for_another_goal():
    locked = REGIONS.with_locks(["east"])
    for goal in (100, 77, 250, 26):
        assert locked.regrown(Fraction(goal, 100)).completes(goal)[1] == 25
    assert weights(locked.regrown(Fraction(1, 4))) == [0, 1, 0, 0]
    assert REGIONS.regrown(Fraction(7, 3)) is REGIONS
    assert locked.completes(8, minimum=3) == (3, 2, 3, 0)
    assert REGIONS.with_locks(["north"]).completes(8, minimum=2) == (4, 2, 2, 0)


def test_locked_cells_settle_on_whole_people():
    locked = REGIONS.with_locks(["east"])
    assert locked.settled(10).shares == (Fraction(7, 15), Fraction(3, 10), Fraction(7, 30), 0)
    assert locked.settled(10).completes(10) == locked.completes(10)
    assert locked.settled(10).settled(10) == locked.settled(10)
    assert REGIONS.settled(3) is REGIONS


@pytest.mark.parametrize(
    ("answers", "one"),
    [
        (["1", "2"], ("1", "2")),
        (["1", ("2", "3")], ("1", "2", "3")),
        ([(18, 24), (25, 34)], (18, 34)),
        ([(25, 34), (18, 24)], (18, 34)),
        ([(18, 24), (35, 44)], ((18, 24), (35, 44))),
        ([((18, 24), (35, 44)), (25, 34)], (18, 44)),
        ([zips("1"), zips("2", "3")], zips("1", "2", "3")),
        (["1", (18, 24), zips("1x"), "2"], ("1", "2", (18, 24), zips("1x"))),
    ],
)
def test_answers_that_become_one(answers, one):
    cells = tuple(Cell(str(n), answer, 1 + n) for n, answer in enumerate(answers))
    margin = Margin("m", 45, (Cell("first", "9", 1), *cells, Cell("last", "10", 1)), "here")
    merged = margin.merged(map(str, range(len(answers))), "all")
    assert merged.cells[1] == Cell("all", one, sum(1 + n for n in range(len(answers))))
    assert (merged.labels, merged.source) == (("first", "all", "last"), "here")


def test_a_merged_cell_stands_first_and_is_locked_when_all_were():
    assert REGIONS.merged(["south", "north"], "rest").labels == ("rest", "east", "sea")
    locked = REGIONS.with_locks(["north", "east"])
    assert [c.locked for c in locked.merged(["north", "east"], "a").cells] == [True, False, False]
    assert [c.locked for c in locked.merged(["north", "sea"], "a").cells] == [False, True, False]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: REGIONS.with_shares({"north": Fraction(6, 5)}),
            "The cells set in 'region' make 120.00 % of 100.00 %. Lower one of them.",
        ),
        (
            lambda: REGIONS.with_locks(["east"]).with_shares({"north": Fraction(4, 5)}, str),
            "The cells set in 'region' with the locked 'east' make 21/20 of 1. Lower one of them.",
        ),
        (
            lambda: REGIONS.with_shares(dict.fromkeys(["north", "east", "south"], Fraction(1, 4))),
            "The cells set in 'region' make 75.00 % of 100.00 %. Let one cell take what is left.",
        ),
        (
            lambda: REGIONS.with_shares({"west": Fraction(1, 2)}),
            "'region' has no cell 'west'. It has 'north', 'east', 'south', 'sea'.",
        ),
        (
            lambda: REGIONS.with_locks(["west"]),
            "'region' has no cell 'west'. It has 'north', 'east', 'south', 'sea'.",
        ),
        (
            lambda: REGIONS.with_locks(["north"]).regrown(Fraction(1, 4)),
            "The locked cells of 'region' make 200.00 % of the new goal. "
            "Unlock one, or raise the goal.",
        ),
        (
            lambda: REGIONS.with_locks(["north", "east", "south"]).regrown(Fraction(2)),
            "The locked cells of 'region' make 50.00 % of the new goal. "
            "Unlock one, or give another cell a weight.",
        ),
        (
            lambda: REGIONS.merged(["north"], "x"),
            "Merging in 'region' takes two cells or more. Name them.",
        ),
        (
            lambda: REGIONS.merged(["north", "north"], "x"),
            "Merging in 'region' takes two cells or more. Name them.",
        ),
        (
            lambda: REGIONS.merged(["north", "west"], "x"),
            "'region' has no cell 'west'. It has 'north', 'east', 'south', 'sea'.",
        ),
        (
            lambda: REGIONS.merged(["north", "east"], "sea"),
            "2 cells of 'region' are called 'sea'. Give each its own.",
        ),
        (
            lambda: REGIONS.completes(1000, minimum=400),
            "3 cells of 'region' with at least 400 each need 1,200, "
            "the goal leaves them 1,000. Lower the minimum, merge cells or raise the goal.",
        ),
        (
            lambda: REGIONS.with_locks(["north"]).completes(10, minimum=3),
            "2 cells of 'region' with at least 3 each need 6, the goal leaves them 5. "
            "Lower the minimum, merge cells or raise the goal.",
        ),
        (
            lambda: minimum_fits("m", 3, 2000, 5999),
            "3 cells of 'm' with at least 2,000 each need 6,000, the goal leaves them 5,999. "
            "Lower the minimum, merge cells or raise the goal.",
        ),
    ],
)
def test_what_no_margin_can_do_is_refused_in_words(make, message):
    assert refusal(make) == message


def test_what_just_fits_is_not_refused():
    minimum_fits("m", 3, 2000, 6000)
    assert REGIONS.completes(12, minimum=4) == (4, 4, 4, 0)
    assert weights(REGIONS.with_locks(["east"]).with_shares({"north": Fraction(3, 4)})) == [
        3,
        1,
        0,
        0,
    ]
    assert REGIONS.with_locks(["north"]).regrown(Fraction(1, 2)).completes(50) == (50, 0, 0, 0)
