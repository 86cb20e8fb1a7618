"Interlocks hold every margin, or say which one gave way."

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from examples import times
from hypothesis import given
from hypothesis import strategies as st
from samples import interlocks, margins

import target_group_kit as tgk
from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.words import hundredths
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.plan import QuotaPlan

GENDER = Margin("gender", 43, (Cell("women", "2", 51), Cell("men", "1", 49)))
AGE = Margin(
    "age", 42, (Cell("18-34", (18, 34), 30), Cell("35-54", (35, 54), 36), Cell("55+", (55, 99), 34))
)
REGION = Margin("region", 96, (Cell("north", "1", 1), Cell("south", "2", 3)))


def crossed(*axes, **options):
    return Interlock(" × ".join(axis.name for axis in axes), axes, **options)


def sums(cells, axis):
    return cells.sum(axis=tuple(n for n in range(cells.ndim) if n != axis)).tolist()


def gave_way(interlock, goal, cells, why):
    "The notes that a table deserves."
    return tuple(
        f"{axis.name} {label!r} has {got:,} completes instead of {due:,}: {why}."
        for n, axis in enumerate(interlock.axes)
        for label, due, got in zip(axis.labels, axis.completes(goal), sums(cells, n), strict=True)
        if due != got
    )


@st.composite
def crossings(draw):
    axes = draw(margins(most=3).filter(lambda made: len(made) > 1))
    return draw(interlocks(axes))


@times(2000, 400)
@given(crossings(), st.integers(1, 400))
def test_an_interlock_holds_every_margin_in_people_and_in_hundredths(interlock, goal):
    for whole in (goal, 10_000):
        cells = interlock.spread(whole).cells
        assert cells.sum() == whole
        assert cells.min() >= 0
        assert all(cells[place] == 0 for place in interlock.zeros)
        notes = gave_way(interlock, whole, cells, "no table holds them all")
        assert interlock.spread(whole).notes == notes
        if interlock.seed_table().all() and len(interlock.axes) == 2:
            assert notes == ()
    assert sum(map(hundredths, interlock.percentages)) == 10_000
    assert len(interlock.completes(goal)) == len(interlock.places) == len(interlock.cell_labels)


@times(2000, 200)
@given(crossings(), st.integers(1, 400), st.integers(1, 9))
def test_a_minimum_is_held_in_every_cell_or_refused(interlock, goal, minimum):
    open_ = interlock.shares > 0
    count = int(np.count_nonzero(open_))
    if minimum * count > goal:
        with pytest.raises(InvalidPlan) as refused:
            interlock.spread(goal, minimum)
        assert str(refused.value) == (
            f"{count} cells of {interlock.name!r} with at least {minimum} each need "
            f"{minimum * count}, the goal leaves them {goal}. "
            "Lower the minimum, merge cells or raise the goal."
        )
        return
    spread = interlock.spread(goal, minimum)
    assert spread.cells.sum() == goal
    assert (spread.cells[open_] >= minimum).all()
    assert not spread.cells[~open_].any()
    why = "locked cells and minimums come first"
    assert spread.notes == gave_way(interlock, goal, spread.cells, why)


def labels_at(interlock, place):
    return tuple(axis.labels[n] for axis, n in zip(interlock.axes, place, strict=True))


@times(2000, 100)
@given(crossings(), st.integers(1, 400), st.data())
def test_what_an_interlock_has_can_be_locked_and_is_kept(interlock, goal, data):
    people = interlock.spread(goal).cells
    whole = interlock.at_people(goal)
    totals = [tuple(sums(people, n)) for n in range(people.ndim)]
    assert [axis.completes(goal) for axis in whole.axes] == totals
    places = sorted(data.draw(st.sets(st.sampled_from(interlock.places))))
    kept = {place: Fraction(int(people[place]), goal) for place in places}
    locked = whole.with_locks({labels_at(whole, place): kept[place] for place in places})
    assert dict(locked.locked) == kept
    assert locked.settled(goal) is locked
    spread = locked.spread(goal)
    assert spread.cells.sum() == goal
    assert all(spread.cells[place] == people[place] for place in places)
    assert sum(map(hundredths, locked.percentages)) == 10_000
    assert locked.with_locks({labels_at(whole, place): None for place in places}) == whole


@pytest.mark.parametrize(
    ("options", "goal", "minimum", "cells"),
    [
        ({}, 100, 0, [[15, 19, 17], [15, 17, 17]]),
        ({"seed": (9, 11, 14, 10, 11, 10)}, 100, 0, [[14, 18, 19], [16, 18, 15]]),
        ({"zeros": ((1, 0),)}, 100, 0, [[30, 11, 10], [0, 25, 24]]),
        ({"locked": (((0, 0), Fraction(1, 4)),)}, 100, 0, [[25, 13, 13], [5, 23, 21]]),
        ({"locked": (((0, 0), Fraction(0)),)}, 100, 0, [[0, 26, 25], [30, 10, 9]]),
        ({"zeros": ((1, 0),)}, 5, 1, [[1, 1, 1], [0, 1, 1]]),
        ({}, 6, 1, [[1, 1, 1], [1, 1, 1]]),
    ],
)
def test_people_in_cells(options, goal, minimum, cells):
    interlock = crossed(GENDER, AGE, **options)
    assert interlock.spread(goal, minimum).cells.tolist() == cells
    flat = tuple(cells[i][j] for i, j in interlock.places)
    assert interlock.completes(goal, minimum) == flat
    assert {type(people) for people in interlock.completes(goal)} == {int}


def test_an_interlock_tells_what_it_is():
    interlock = crossed(GENDER, AGE, zeros=((1, 0), (0, 2), (1, 0)))
    assert interlock.shape == (2, 3)
    assert interlock.zeros == ((0, 2), (1, 0))
    assert interlock.places == ((0, 0), (0, 1), (1, 1), (1, 2))
    assert interlock.cell_labels == ("women, 18-34", "women, 35-54", "men, 35-54", "men, 55+")
    assert interlock.seed_table().tolist() == [[1, 1, 0], [0, 1, 1]]
    assert interlock.shares.round(3).tolist() == [[0.3, 0.21, 0], [0, 0.15, 0.34]]
    assert interlock.percentages == (30.0, 21.0, 15.0, 34.0)
    with pytest.raises(ValueError, match="read-only"):
        interlock.shares[0, 0] = 1
    own = crossed(GENDER, REGION, labels=("a", "b", "c", "d"))
    assert (own.label((1, 0)), own.cell_labels) == ("c", ("a", "b", "c", "d"))
    assert own.place("c") == own.place(("men", "north")) == own.place(["men", "north"]) == (1, 0)
    assert own.labels_of("c") == ("men", "north")


def test_numbers_of_any_kind_are_a_seed():
    kinds = [(1, 2, 3, 6), (0.5, 1.0, 1.5, 3.0), tuple(Fraction(n, 3) for n in (1, 2, 3, 6))]
    kinds.append(tuple(np.array([1, 2, 3, 6])))
    for seed in kinds:
        made = crossed(GENDER, REGION, seed=seed)
        assert np.allclose(made.shares, crossed(GENDER, REGION, seed=(1, 2, 3, 6)).shares)
        assert {type(number) for number in made.seed} <= {int, float}


def test_a_changed_margin_is_held_and_locked_cells_stay():
    interlock = crossed(GENDER, AGE, locked=(((0, 0), Fraction(25, 100)),))
    changed = interlock.with_axis(GENDER.with_weights({"women": 60, "men": 40}))
    assert changed.spread(100).cells.sum(axis=1).tolist() == [60, 40]
    assert changed.spread(100).cells[0, 0] == 25
    grown = interlock.regrown(Fraction(200, 100))
    assert grown.locked == (((0, 0), Fraction(1, 8)),)
    assert grown.spread(200).cells[0, 0] == 25
    assert grown.regrown(Fraction(100, 200)) == interlock


def test_locks_settle_on_whole_people():
    loose = crossed(GENDER, AGE, locked=(((0, 0), Fraction(27, 100)),))
    assert loose.settled(10).locked == (((0, 0), Fraction(3, 10)),)
    assert loose.settled(10).spread(10).cells[0, 0] == 3
    assert loose.settled(100) is loose


def test_a_locked_answer_of_a_margin_stays_beside_a_minimum():
    kept = crossed(GENDER, AGE.with_locks(["18-34"]))
    assert kept.spread(20, minimum=2).cells.sum(axis=0).tolist() == [6, 7, 7]
    both = crossed(GENDER.with_locks(GENDER.labels), AGE.with_weights({"55+": 1}))
    assert both.spread(20, minimum=2).cells.sum(axis=1).tolist() == [10, 10]
    few = AGE.with_weights({"18-34": 90, "35-54": 5, "55+": 5}).with_locks(["18-34"])
    spread = crossed(GENDER, few).spread(20, minimum=2)
    assert spread.cells.sum(axis=0).tolist() == [12, 4, 4]
    assert spread.notes == (
        "age '18-34' has 12 completes instead of 18: locked cells and minimums come first.",
        "age '35-54' has 4 completes instead of 1: locked cells and minimums come first.",
        "age '55+' has 4 completes instead of 1: locked cells and minimums come first.",
    )


def test_cells_beside_their_nearest_number_are_counted():
    thirds = tuple(Cell(label, label, 1) for label in "abc")
    interlock = Interlock("x", (Margin("r", 1, thirds), Margin("c", 2, thirds)))
    assert [interlock.spread(goal).moved for goal in (9, 27, 3)] == [0, 0, 3]
    spread = interlock.spread(6)
    assert spread.cells.sum(axis=0).tolist() == spread.cells.sum(axis=1).tolist() == [2, 2, 2]
    assert spread.moved == int(np.count_nonzero(abs(spread.cells - 6 / 9) > 0.5))


def test_answers_made_one_keep_what_is_known_of_them():
    seed = tuple(range(1, 13))
    cube = crossed(GENDER, AGE, REGION, seed=seed, zeros=((0, 0, 1), (0, 1, 1)))
    young = cube.merged("age", ["35-54", "18-34"], "18-54")
    assert young.axes == (GENDER, AGE.merged(["18-34", "35-54"], "18-54"), REGION)
    assert young.seed == (4, 6, 5, 6, 16, 18, 11, 12)
    assert young.zeros == ((0, 0, 1),)
    part = cube.merged("gender", ["women", "men"], "all")
    assert (part.zeros, part.seed) == ((), (8, 10, 12, 14, 16, 18))
    assert (
        crossed(GENDER, AGE, labels=tuple("abcdef")).merged("age", AGE.labels[1:], "35+").labels
        == ()
    )


@pytest.mark.parametrize(
    ("locked", "zeros", "kept"),
    [
        ([(0, 0), (0, 1)], [], (((0, 0), Fraction(32, 100)),)),
        ([(0, 0)], [], ()),
        ([(1, 0)], [(1, 1)], (((1, 0), Fraction(16, 100)),)),
        ([(0, 2)], [], (((0, 1), Fraction(16, 100)),)),
    ],
)
def test_a_merged_cell_is_locked_when_all_of_it_was(locked, zeros, kept):
    locks = tuple((place, Fraction(16, 100)) for place in locked)
    interlock = crossed(GENDER, AGE, zeros=tuple(zeros), locked=locks)
    assert interlock.merged("age", ["18-34", "35-54"], "18-54").locked == kept


TABLE = "No table over the possible cells of 'gender × age' has these margins: "
CURE = "Allow a cell that is impossible or free a locked one, or change the margins."


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Interlock("x", ()),
            "An interlock crosses 2 or 3 margins, not 0.",
        ),
        (
            lambda: crossed(AGE),
            "An interlock crosses 2 or 3 margins, not 1: 'age'.",
        ),
        (
            lambda: crossed(GENDER, AGE, REGION, Margin("q", 7, (Cell("a", "1", 1),))),
            "An interlock crosses 2 or 3 margins, not 4: 'gender' and 'age' and 'region' and 'q'.",
        ),
        (lambda: Interlock(" ", (GENDER, AGE)), "An interlock has the name ' '. Give it one."),
        (
            lambda: crossed(GENDER, AGE, seed=(1, 2)),
            "The seed of 'gender × age' has 2 numbers; 'gender' and 'age' have 6 combinations. "
            "Give one for each.",
        ),
        (
            lambda: crossed(GENDER, AGE, seed=(1, 2, 3, 4, 5, -6)),
            "A seed of 'gender × age' is -6, below 0. Give 0 for nobody, or leave the cell out.",
        ),
        (
            lambda: crossed(GENDER, AGE, seed=(1, 2, 3, 4, 5, "6")),
            "A seed of 'gender × age' is '6', not a number. Write it like 12 or 12.5.",
        ),
        (
            lambda: crossed(GENDER, AGE, labels=("a", "b")),
            "The cells of 'gender × age' need 6 different labels.",
        ),
        (
            lambda: crossed(GENDER, AGE, labels=tuple("abcdee")),
            "The cells of 'gender × age' need 6 different labels.",
        ),
        (
            lambda: crossed(GENDER, AGE, labels=tuple("abcdef"), zeros=((0, 0),)),
            "The cells of 'gender × age' need 5 different labels.",
        ),
        (
            lambda: crossed(GENDER, AGE, zeros=((0, 0), (1, 0))),
            f"{TABLE}'18-34' of 'age' gets 30.00% of the goal too few. {CURE}",
        ),
        (
            lambda: crossed(GENDER, AGE, seed=(0,) * 6),
            "No cell of 'gender × age' is left for 100.00% of the goal: "
            "all are locked, impossible or 0 in the seed. Open one.",
        ),
        (
            lambda: crossed(GENDER, AGE).with_locks({("women", "18-34"): Fraction(45, 100)}),
            "The locked cells of 'gender × age' hold 45.00% of the goal, "
            "'18-34' of 'age' has 30.00%. Lower one, or raise the margin.",
        ),
        (
            lambda: crossed(GENDER, AGE).with_locks(
                {("women", "18-34"): Fraction(1, 10), ("men", "18-34"): Fraction(1, 10)}
            ),
            f"{TABLE}'18-34' of 'age' gets 10.00% of the goal too few. {CURE}",
        ),
        (
            lambda: crossed(GENDER, AGE, zeros=((0, 0),)).with_locks(
                {("women", "18-34"): Fraction(0)}
            ),
            "('women', '18-34') of 'gender × age' is impossible, so nobody can be kept in it.",
        ),
        (
            lambda: crossed(GENDER, AGE).place("women"),
            "'women' is no cell of 'gender × age'. Give one label each of 'gender' and 'age'.",
        ),
        (
            lambda: crossed(GENDER, AGE).place(5),
            "5 is no cell of 'gender × age'. Give one label each of 'gender' and 'age'.",
        ),
        (
            lambda: crossed(GENDER, AGE).place(("women",)),
            "('women',) is no cell of 'gender × age'. Give one label each of 'gender' and 'age'.",
        ),
        (
            lambda: crossed(GENDER, AGE).place(("18-34", "women")),
            "'gender' has no cell '18-34'. It has 'women', 'men'.",
        ),
        (
            lambda: crossed(
                GENDER, AGE, locked=(((0, 0), Fraction(1, 4)), ((1, 1), Fraction(1, 4)))
            ).spread(100, 13),
            "4 cells of 'gender × age' with at least 13 each need 52, the goal leaves them 50. "
            "Lower the minimum, merge cells or raise the goal.",
        ),
    ],
)
def test_what_makes_no_interlock_is_refused_in_words(make, message):
    with pytest.raises(InvalidPlan) as refused:
        make()
    assert str(refused.value) == message


def test_a_locked_table_with_nothing_left_is_whole():
    places = product(range(2), range(2))
    halves = tuple(Cell(label, label, 1) for label in "ab")
    axes = (Margin("r", 1, halves), Margin("c", 2, halves))
    full = Interlock("x", axes, locked=tuple((place, Fraction(1, 4)) for place in places))
    assert full.spread(8).cells.tolist() == [[2, 2], [2, 2]]
    assert (full.spread(8).moved, full.spread(8).notes) == (0, ())
    with pytest.raises(InvalidPlan) as refused:
        Interlock("x", axes, locked=tuple((place, Fraction(1, 5)) for place, _ in full.locked))
    assert str(refused.value) == (
        "No cell of 'x' is left for 20.00% of the goal: "
        "all are locked, impossible or 0 in the seed. Open one."
    )


NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
GROUP = tgk.TargetGroup.example(NOW).replace(allocations=tgk.Allocations.open_exchange())


@times(2000, 50)
@given(crossings(), st.integers(1, 400), st.sampled_from(["nominal", "percentage"]))
def test_an_interlock_passes_the_check(interlock, goal, adjustment):
    plan = QuotaPlan(goal, (replace(interlock, name="cells"),))
    group = GROUP.replace(completes_goal=goal, profiling=plan.profiling(adjustment))
    assert tgk.check(group, now=NOW).errors == ()
