"The nearest table: bounds, totals and moves, against brute force and integer programming."

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from target_group_kit.sampling.nearest import nearest_table

PLENTY = 10**6


def nearest(base, most, least=0, weights=None):
    base = np.array(base)
    high = np.minimum(np.broadcast_to(most, base.shape), PLENTY)
    low = np.minimum(np.minimum(np.broadcast_to(least, base.shape), base), high)
    shares = np.maximum(base, 0.1) if weights is None else weights
    return nearest_table(base, least=low, most=high, weights=shares)


def sums(table):
    axes = range(table.ndim)
    return [table.sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]


def off(table, base):
    "How far the totals of two questions or more are off, and how many people are elsewhere."
    pairs = zip(sums(table), sums(base), strict=True)
    totals = sum(int(abs(a - b).sum()) for a, b in pairs) if table.ndim > 1 else 0
    return totals, int(abs(table - base).sum())


def by_brute_force(base, least, most, total):
    ranges = [range(low, high + 1) for low, high in zip(least.flat, most.flat, strict=True)]
    tables = (np.array(each).reshape(base.shape) for each in product(*ranges) if sum(each) == total)
    return min(off(table, base) for table in tables)


def by_programming(base, least, most, total):
    cells, shape = base.size, base.shape
    answers = np.indices(shape).reshape(len(shape), -1)
    groups = [answers[axis] == n for axis, size in enumerate(shape) for n in range(size)]
    width = 2 * cells + len(groups)
    rows, low, high = [], [], []

    def bound(members, goal, slack):
        for sign, bounds in ((-1, (-np.inf, goal)), (1, (goal, np.inf))):
            row = np.zeros(width)
            row[:cells][members] = 1
            if slack is not None:
                row[slack] = sign
            rows.append(row)
            low.append(bounds[0])
            high.append(bounds[1])

    bound(np.ones(cells, dtype=bool), total, None)
    for cell in range(cells):
        bound(np.arange(cells) == cell, base.flat[cell], cells + cell)
    for n, members in enumerate(groups):
        bound(members, base.ravel()[members].sum(), 2 * cells + n)
    price = np.concatenate([np.zeros(cells), np.ones(cells), np.full(len(groups), 1000)])
    slacks = np.full(width - cells, np.inf)
    solved = milp(
        price,
        constraints=LinearConstraint(np.array(rows), low, high),
        bounds=Bounds(
            np.concatenate([least.ravel(), np.zeros_like(slacks)]),
            np.concatenate([most.ravel(), slacks]),
        ),
        integrality=np.ones(width),
    )
    assert solved.success
    return off(np.rint(solved.x[:cells]).astype(int).reshape(shape), base)


def random_case(rng, shape):
    base = rng.integers(0, 12, size=shape)
    room = base + rng.integers(0, 6, size=shape)
    most = np.where(rng.random(shape) < rng.random(), rng.integers(0, 14, size=shape), room)
    locked = rng.random(shape) < 0.15
    most = np.where(locked, np.minimum(most, base), most)
    least = np.minimum(np.minimum(most, base), rng.integers(0, 3))
    return base, np.where(locked, most, least), most


@pytest.mark.parametrize(
    ("base", "most", "found"),
    [
        ([60, 30, 10], [50, PLENTY, PLENTY], [50, 38, 12]),
        ([60, 30, 10], [50, 32, PLENTY], [50, 32, 18]),
        ([60, 30, 10], [60, 30, 10], [60, 30, 10]),
        ([60, 30, 10], [0, 0, PLENTY], [0, 0, 100]),
        ([60, 30, 10], [50, 30, 10], [50, 30, 10]),
        ([5], [3], [3]),
        ([[10, 10], [10, 10]], [[9, PLENTY], [PLENTY, PLENTY]], [[9, 11], [11, 9]]),
        ([[10, 10], [10, 10]], [[10, PLENTY], [5, PLENTY]], [[10, 10], [5, 15]]),
        ([[10, 10], [10, 10]], [[9, 10], [PLENTY, 10]], [[9, 10], [11, 10]]),
    ],
)
def test_tables_by_hand(base, most, found):
    assert nearest(base, most).tolist() == found


def test_people_spread_as_weights_say():
    found = nearest([50, 0, 0, 50], [0, 99, 99, 99], weights=[1, 3, 1, 1e-9])
    assert found.tolist() == [0, 38, 12, 50]


def test_a_chain_is_as_long_as_it_must_be():
    "Each row may only hand on to the next column: three cells up and three down."
    base = np.full((3, 3), 5)
    most = np.array([[4, 9, 5], [5, 5, 9], [9, 5, 5]])
    least = np.array([[0, 5, 0], [5, 0, 5], [5, 5, 0]])
    found = nearest(base, most, least)
    assert off(found, base) == (0, 6) == by_programming(base, least, most, 45)


@pytest.mark.parametrize(("seed", "dimensions"), [(seed, n) for n in (1, 2) for seed in range(40)])
def test_one_question_and_two_are_as_integer_programming_has_them(seed, dimensions):
    rng = np.random.default_rng(seed)
    base, least, most = random_case(rng, tuple(rng.integers(2, 6, size=dimensions)))
    total = min(base.sum(), most.sum())
    found = nearest(base, most, least)
    assert found.sum() == total
    assert (found <= most).all()
    assert (found >= least).all()
    assert off(found, base) == by_programming(base, least, most, total)


cells = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 5)), min_size=4, max_size=4)


@given(cells)
@settings(deadline=None, max_examples=200)
def test_two_by_two_is_as_brute_force_has_it(numbers):
    base, most = (np.array(side).reshape(2, 2) for side in zip(*numbers, strict=True))
    found = nearest(base, most)
    total = min(base.sum(), most.sum())
    assert (found <= most).all()
    assert found.sum() == total
    assert off(found, base) == by_brute_force(base, 0 * base, most, total)


def test_three_questions_stay_in_bounds_and_nearly_always_reach_the_best():
    rng, best = np.random.default_rng(11), 0
    for _ in range(60):
        base, least, most = random_case(rng, tuple(rng.integers(2, 4, size=3)))
        total = min(base.sum(), most.sum())
        found = nearest(base, most, least)
        assert found.sum() == total
        assert (found <= most).all()
        assert (found >= least).all()
        optimum = by_programming(base, least, most, total)
        assert off(found, base) >= optimum
        best += off(found, base) == optimum
    assert best >= 54


def test_totals_are_held_that_single_changes_would_give_up():
    rng, held = np.random.default_rng(3), 0
    for _ in range(40):
        base, least, most = random_case(rng, (3, 3, 2))
        total = min(base.sum(), most.sum())
        totals, _ = off(nearest(base, most, least), base)
        held += totals == by_programming(base, least, most, total)[0]
    assert held >= 36
