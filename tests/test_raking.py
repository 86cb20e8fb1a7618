"Raking and rounding, against oracles: linear programs, a maximum flow, a minimiser in log space."

import math
import subprocess
import sys
from itertools import product

import numpy as np
import pytest
from examples import times
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from scipy.special import logsumexp

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.apportionment import apportion
from target_group_kit.sampling.raking import rake
from target_group_kit.sampling.rounding import round_cells

often = times(2000, quick=400)


def sums_of(table):
    "The margins of a table, one per axis."
    axes = range(table.ndim)
    return [table.sum(axis=tuple(a for a in axes if a != axis)) for axis in axes]


def member(possible):
    "One row per category, one column per possible cell: 1 where the cell is in it."
    at = np.argwhere(possible).T
    return (
        np.concatenate(
            [i == np.arange(n)[:, None] for i, n in zip(at, possible.shape, strict=True)]
        )
        * 1.0
    )


def table_exists(possible, margins):
    "The oracle: whether a table of numbers, 0 or more, has these margins."
    columns = member(possible)
    found = linprog(np.zeros(columns.shape[1]), A_eq=columns, b_eq=np.concatenate(margins))
    return found.status == 0


def most_of_each(possible, margins):
    "The oracle of the edge: the most that each possible cell can hold, as parts of the total."
    columns = member(possible)
    wanted = np.concatenate([np.array(margin) / sum(margin) for margin in margins])
    return [-linprog(-row, A_eq=columns, b_eq=wanted).fun for row in np.eye(columns.shape[1])]


def fitted(seed, margins):
    "The oracle of the fit: the minimum of a convex function in log space, by a trust region."
    total, possible = sum(margins[0]), np.array(seed) > 0
    possible[possible] = np.array(most_of_each(possible, margins)) > 1e-9
    columns, logs = member(possible), np.log(np.array(seed, dtype=float)[possible])
    wanted = np.concatenate([np.array(margin) / sum(margin) for margin in margins])

    def parts(factors):
        exponents = logs + factors @ columns
        return np.exp(exponents - logsumexp(exponents))

    def height(factors):
        return logsumexp(logs + factors @ columns) - factors @ wanted

    def slope(factors):
        return columns @ parts(factors) - wanted

    def curve(factors):
        p = parts(factors)
        return (columns * p) @ columns.T - np.outer(columns @ p, columns @ p)

    start = np.zeros(len(wanted))
    options = {"gtol": 1e-13, "max_trust_radius": 1e4, "initial_trust_radius": 10, "maxiter": 2000}
    lowest = minimize(height, start, jac=slope, hess=curve, method="trust-exact", options=options).x
    for _ in range(5):  # the last digits, where heights don't differ any more
        lowest = lowest - np.linalg.lstsq(curve(lowest), slope(lowest), rcond=1e-14)[0]
    assert np.abs(slope(lowest)).max() < 1e-11
    cells = np.zeros(possible.shape)
    cells[possible] = total * parts(lowest)
    return cells


TETRAHEDRON = [[[1, 0], [0, 1]], [[0, 1], [1, 0]]]  # every two axes go together in every way
WIDE = 10.0 ** np.random.default_rng(1).uniform(-200, 200, (2, 6, 8))
WIDE_MARGINS = [[40, 60], [10, 20, 30, 10, 10, 20], [10, 10, 10, 10, 15, 15, 15, 15]]
NEAR = np.eye(3) + 1e-12 * (1 - np.eye(3))


@pytest.mark.parametrize(
    ("margins", "seed", "status"),
    [
        pytest.param([[5, 5], [5, 6]], [[1, 2], [3, 4]], "inconsistent_totals", id="totals"),
        pytest.param([[5, 5], [5, 6]], None, "inconsistent_totals", id="totals without a seed"),
        pytest.param([[300, 700], [700, 300]], [[1, 1e-12], [1e-12, 1]], "converged", id="near"),
        pytest.param([[30, 40, 30], [50, 20, 30]], NEAR, "converged", id="near 3 × 3"),
        pytest.param([[300, 700], [700, 300]], np.eye(2), "infeasible_support", id="diagonal"),
        pytest.param([[3, 7], [7, 3]], [[1, 1], [0, 0]], "infeasible_support", id="zero row"),
        pytest.param([[10, 0], [7, 3]], [[1, 2], [0, 0]], "converged", id="zero row, nobody asked"),
        pytest.param([[5, 5], [5, 5]], [[1, 1], [0, 1]], "converged", id="edge"),
        pytest.param([[1] * 8, [1] * 8], np.triu(np.ones((8, 8))), "converged", id="long edge"),
        pytest.param(WIDE_MARGINS, WIDE, "converged", id="400 powers of ten"),
        pytest.param([[9, 1], [9, 1], [1, 9]], TETRAHEDRON, "infeasible_support", id="3-D"),
        pytest.param([[5, 5], [5, 5], [2, 8]], TETRAHEDRON, "converged", id="3-D that exists"),
        pytest.param([[1, 2, 3]], [1, 5, 1], "converged", id="1-D"),
        pytest.param([[1, 2, 3]], [1, 0, 1], "infeasible_support", id="1-D with a zero"),
    ],
)
def test_hard_cases_are_called_what_they_are(margins, seed, status):
    raked = rake(margins, seed)
    assert raked.status == status
    assert np.isfinite(raked.cells).all()
    assert (raked.cells >= 0).all()
    assert raked.sweeps <= 200
    if status == "converged":
        assert np.abs(raked.cells - fitted(seed, margins)).max() <= 1e-8 * sum(margins[0])


def test_cells_at_the_edge_are_exactly_zero():
    raked = rake([[5, 5], [5, 5]], [[1, 1], [0, 1]])
    assert raked.cells.tolist() == [[5, 0], [0, 5]]


@pytest.mark.parametrize("shape", [(2, 6, 8), (7, 5, 10), (6, 7, 8, 6, 5), (70, 80)])
def test_fits_agree_with_the_oracle(shape):
    chance = np.random.default_rng(math.prod(shape))
    seed = chance.random(shape) + 0.05
    margins = [chance.random(n) + 0.1 for n in shape]
    margins = [1000 * margin / margin.sum() for margin in margins]
    raked = rake(margins, seed)
    assert raked.status == "converged"
    for axis, (sums, margin) in enumerate(zip(sums_of(raked.cells), margins, strict=True)):
        assert np.abs(sums - margin).max() <= 1e-7, axis
    logs = np.log(
        raked.cells / seed
    )  # a sum of one number per category, by inclusion and exclusion
    for one in range(len(shape)):
        rest = np.diff(logs, axis=one)
        first = rest[tuple(slice(None) if a == one else slice(1) for a in range(len(shape)))]
        assert np.abs(rest - first).max() < 1e-9


shapes = st.sampled_from([(2, 2), (2, 3), (3, 3), (4, 3), (2, 2, 2), (2, 3, 2), (3, 3, 3)])


@st.composite
def supports(draw):
    "A seed with zeros, and margins of one total that may or may not be in reach."
    shape = draw(shapes)
    seed = draw(st.lists(st.sampled_from([0, 0, 1, 2, 5]), min_size=18, max_size=18))
    seed = np.resize(seed, shape)
    assume(seed.any())
    people = st.lists(st.integers(0, 4), min_size=18, max_size=18)
    if draw(st.booleans()):  # a table exists, often at the edge of what is possible
        cells = np.resize(draw(people), shape) * (seed > 0)
        assume(cells.any())
        return seed, sums_of(cells)
    return seed, [np.array(apportion(12, [1, *draw(people)[: n - 1]])) for n in shape]


@often
@given(supports())
@example((np.array([[1, 1], [0, 1]]), [np.array([5, 5]), np.array([5, 5])]))
def test_the_status_says_whether_a_table_exists(case):
    seed, margins = case
    raked = rake(margins, seed)
    known = "converged" if table_exists(seed > 0, margins) else "infeasible_support"
    assert raked.status == known
    assert not raked.cells[seed == 0].any()
    off = [sums - margin for sums, margin in zip(sums_of(raked.cells), margins, strict=True)]
    axis, index, worst = raked.worst_margin
    assert worst == pytest.approx(off[axis][index], abs=1e-9)
    assert max(np.abs(o).max() for o in off) == pytest.approx(abs(worst), abs=1e-8)


@given(supports(), st.floats(-200, 200), st.floats(-200, 200))
def test_the_scale_of_seed_and_margins_does_not_matter(case, up, down):
    seed, margins = case
    near, far = (
        rake(margins, seed),
        rake([10.0**up * margin for margin in margins], 10.0**down * seed),
    )
    assert far.status == near.status
    if near.status == "converged":
        total = margins[0].sum()
        assert np.abs(far.cells / 10.0**up - near.cells).max() <= 1e-8 * total


def test_without_a_seed_the_cells_are_the_product_of_the_margins():
    raked = rake([[2, 8], [5, 3, 2]])
    assert raked.cells.round(12).tolist() == [[1, 0.6, 0.4], [4, 2.4, 1.6]]
    assert (raked.status, raked.sweeps) == ("converged", 0)
    assert rake([[3, 4]]).cells.tolist() == [3, 4]


def test_zeros_are_kept_and_the_seed_is_not_changed():
    seed, zeros = np.ones((2, 3)), np.array([[True, False, False], [False, False, False]])
    raked = rake([[4, 6], [3, 3, 4]], seed, zeros=zeros)
    assert raked.status == "converged"
    assert raked.cells[0, 0] == 0
    assert seed.tolist() == [[1, 1, 1], [1, 1, 1]]
    assert raked.cells.tolist() == rake([[4, 6], [3, 3, 4]], zeros=zeros).cells.tolist()


@pytest.mark.parametrize(("sweeps", "status"), [(1, "stalled"), (50, "converged")])
def test_too_few_sweeps_are_a_stall(sweeps, status):
    raked = rake([[52, 48], [30, 45, 25]], [[20, 30, 10], [10, 20, 10]], sweeps=sweeps)
    assert (raked.status, raked.sweeps <= sweeps) == (status, True)


def test_what_can_not_be_that_near_is_a_stall():
    raked = rake([[1, 2, 3], [1, 2, 3]], [[1, 2, 3], [3, 1, 2], [2, 3, 1]], tolerance=1e-30)
    assert raked.status in ("stalled", "converged")
    assert (raked.status == "converged") == (abs(raked.worst_margin[2]) <= 6e-30)


def test_a_table_of_more_categories_than_equations_can_be_solved_is_swept():
    edge = np.triu(np.ones((510, 510)))
    raked = rake([[1] * 510, [1] * 510], edge, sweeps=105)
    assert raked.status == "stalled"
    assert raked.worst_margin[2] != 0


@pytest.mark.parametrize(
    ("raked", "text"),
    [
        (
            rake([[52, 48], [30, 45, 25]]),
            "Raked, 2 × 3 cells, converged in 0 sweeps: every margin is met.",
        ),
        (
            rake([[3, 7], [7, 3]], np.eye(2)),
            "Raked, 2 × 2 cells, infeasible_support in 101 sweeps: no table with these zeros has "
            "these margins. Worst is index 1 of axis 0: 4 too few.",
        ),
        (
            rake([[5, 5], [5, 6]]),
            "Raked, 2 × 2 cells, inconsistent_totals in 0 sweeps: the margins don't have the same "
            "total. Worst is index 1 of axis 1: 0.545455 too few.",
        ),
        (
            rake([[2, 8], [5, 5]], [[1, 2], [2, 1]], sweeps=1),
            "Raked, 2 × 2 cells, stalled in 1 sweep: the margins are not met yet. Worst is index 1 "
            "of axis 0: 0.222222 too few.",
        ),
    ],
)
def test_an_answer_in_words(raked, text):
    assert str(raked) == repr(raked) == text


@pytest.mark.parametrize(
    ("margins", "options", "message"),
    [
        ([], {}, "There are no margins. Give one for each axis."),
        (
            [[1, 1], []],
            {},
            "The margin of axis 1 is []. Give a number for each of its cells.",
        ),
        (
            [[1, 1], ["a", "b"]],
            {},
            "The margin of axis 1 can't be read as a table of numbers. Correct it.",
        ),
        (
            [[1, 1], [3, -1]],
            {},
            "The margin of axis 1 has -1.0 at index 1. Give finite numbers, 0 or more.",
        ),
        (
            [[math.nan, 1]],
            {},
            "The margin of axis 0 has nan at index 0. Give finite numbers, 0 or more.",
        ),
        (
            [[1, 1], [math.inf, 1]],
            {},
            "The margin of axis 1 has inf at index 0. Give finite numbers, 0 or more.",
        ),
        (
            [[[1, 1], [1, 1]]],
            {},
            "The margin of axis 0 has the shape (2, 2). Give one number for each category.",
        ),
        (
            [[1, 1], [0, 0]],
            {},
            "The margin of axis 1 sums to 0, so nobody can be planned. Give at least one number "
            "above 0.",
        ),
        (
            [[1, 1], [1, 1]],
            {"seed": [[1, 1, 1], [1, 1, 1]]},
            "The seed has the shape (2, 3), the margins make (2, 2). Give one entry for each cell.",
        ),
        (
            [[1, 1], [1, 1]],
            {"seed": [[1, 1], [1, -2]]},
            "The seed has -2.0 at index 1, 1. Give finite numbers, 0 or more.",
        ),
        (
            [[1, 1], [1, 1]],
            {"zeros": [True, False]},
            "The zeros have the shape (2,), the margins make (2, 2). Give one entry for each cell.",
        ),
        (
            [[1, 1], [1, 1]],
            {"zeros": [[0, 1], [1, 0]]},
            "The zeros are int64. Give True where a cell is impossible.",
        ),
        (
            [[1, 1], [1, 1]],
            {"zeros": [[True, True], [True, True]]},
            "No cell is possible: all are 0 in the seed or impossible. Open some.",
        ),
        (
            [[1, 1]],
            {"tolerance": 0},
            "The tolerance is 0, the number of sweeps 10000. Give a tolerance above 0 and at least "
            "1 sweep.",
        ),
        (
            [[1, 1]],
            {"sweeps": 0},
            "The tolerance is 1e-10, the number of sweeps 0. Give a tolerance above 0 and at least "
            "1 sweep.",
        ),
    ],
)
def test_margins_that_make_no_sense_are_refused(margins, options, message):
    with pytest.raises(InvalidPlan) as refused:
        rake(margins, **options)
    assert str(refused.value) == message


def flow_exists(possible, rows, columns):
    "The oracle in two dimensions: whether a maximum flow from rows to columns carries everybody."
    n, m = possible.shape
    room = np.zeros((n + m + 2, n + m + 2), dtype=np.int32)
    room[0, 1 : n + 1], room[n + 1 : -1, -1] = rows, columns
    room[1 : n + 1, n + 1 : -1] = possible * sum(rows)
    return maximum_flow(csr_array(room), 0, n + m + 1).flow_value == sum(rows)


def sound(rounded, cells, total, margins):
    "What holds for every answer, whether or not the margins could be held."
    scaled = np.array(cells) * (total / np.array(cells).sum())
    assert rounded.cells.dtype == np.int64
    assert rounded.cells.sum() == total
    assert (rounded.cells >= 0).all()
    assert not rounded.cells[scaled == 0].any()
    off = [
        sums - np.array(margin)
        for sums, margin in zip(sums_of(rounded.cells), margins, strict=True)
    ]
    gave_way = [(axis, i, n) for axis, o in enumerate(off) for i, n in enumerate(o.tolist()) if n]
    assert rounded.gave_way == tuple(gave_way)
    assert rounded.margin_error == max((abs(n) for _, _, n in gave_way), default=0)
    far = np.abs(rounded.cells - scaled)
    assert rounded.distance == pytest.approx(math.fsum(far.ravel()), abs=1e-9)
    moved = {at for at in product(*map(range, scaled.shape)) if far[at] > 0.5 + 1e-6}
    assert set(rounded.moved) == moved


@st.composite
def tables(draw, dimensions, kinds=("own", "known", "any"), longest=4):
    "Cells with zeros, a total, and margins: none, of a whole table that exists, or of any kind."
    shape = tuple(
        draw(st.lists(st.integers(2, longest), min_size=dimensions[0], max_size=dimensions[1]))
    )
    cells = [0, 0, 1, 1, 2, 3.7, 11 / 3, 40]
    cells = draw(st.lists(st.sampled_from(cells), min_size=16, max_size=16))
    cells = np.resize(cells, shape)
    assume(cells.any())
    kind = draw(st.sampled_from(kinds))
    if kind == "known":
        people = draw(st.lists(st.integers(0, 3), min_size=16, max_size=16))
        known = np.resize(people, shape) * (cells > 0)
        assume(known.any())
        return cells, int(known.sum()), sums_of(known), kind
    total = draw(st.integers(1, 60))
    if kind == "any":
        weights = st.lists(st.integers(0, 9), min_size=4, max_size=4)
        margins = [np.array(apportion(total, [1, *draw(weights)[: n - 1]])) for n in shape]
        return cells, total, margins, kind
    shares = [np.rint(1e6 * total * s / cells.sum()).astype(int).tolist() for s in sums_of(cells)]
    return cells, total, [np.array(apportion(total, share)) for share in shares], kind


def rounded(case, method="repair"):
    cells, total, margins, kind = case
    return round_cells(
        cells, total=total, margins=None if kind == "own" else margins, method=method
    )


@often
@given(tables(dimensions=(2, 2)))
@example((np.array([[3, 0], [0, 7]]), 10, [np.array([4, 6]), np.array([3, 7])], "any"))
def test_in_two_dimensions_margins_are_held_wherever_a_table_exists(case):
    cells, total, margins, _ = case
    answer = rounded(case)
    sound(answer, cells, total, margins)
    assert (answer.gave_way == ()) == flow_exists(cells > 0, *margins)


@often
@given(tables(dimensions=(1, 3), kinds=["own", "own", "known", "any"], longest=3))
def test_every_answer_is_sound_and_says_what_gave_way(case):
    cells, total, margins, _ = case
    sound(rounded(case), cells, total, margins)


@often
@given(tables(dimensions=(3, 3), kinds=["known"], longest=3))
def test_exact_holds_margins_wherever_a_table_is_known(case):
    cells, total, margins, _ = case
    answer = rounded(case, "exact")
    sound(answer, cells, total, margins)
    assert answer.gave_way == ()


@settings(max_examples=100, deadline=None)
@given(tables(dimensions=(2, 3), longest=3))
def test_exact_is_never_farther_off_than_repair(case):
    cells, total, margins, _ = case
    answer, repaired = rounded(case, "exact"), rounded(case)
    sound(answer, cells, total, margins)
    assert answer.margin_error <= repaired.margin_error
    if not repaired.gave_way:
        assert answer.distance <= repaired.distance + 1e-5


def test_exact_is_the_nearest_of_all_tables():
    cells, margins = np.array([[1.4, 0.3, 1.3], [0.2, 1.3, 1.5]]), [[3, 3], [2, 1, 3]]
    tables = [np.reshape(numbers, (2, 3)) for numbers in product(range(4), repeat=6)]
    fitting = [table for table in tables if [s.tolist() for s in sums_of(table)] == margins]
    best = min(np.abs(table - cells).sum() for table in fitting)
    exactly = round_cells(cells, total=6, margins=margins, method="exact")
    assert exactly.distance == pytest.approx(best)


@pytest.mark.parametrize(("shape", "count"), [((2, 6, 8), 100), ((7, 5, 10), 20), ((12, 8), 40)])
def test_repair_is_near_the_optimum(shape, count):
    chance, ratios = np.random.default_rng(7), []
    for _ in range(count):
        total = int(chance.integers(100, 1001))
        cells = chance.dirichlet(np.ones(math.prod(shape))).reshape(shape)
        repaired = round_cells(cells, total=total)
        exactly = round_cells(cells, total=total, method="exact")
        assert repaired.margin_error == exactly.margin_error == 0
        ratios.append(repaired.distance / exactly.distance)
    assert min(ratios) > 1 - 1e-6
    assert sum(ratios) / count < 1.03


@pytest.mark.parametrize("shape", [(2, 6, 8), (3, 3, 3), (2, 2, 2, 2)])
def test_repair_holds_the_margins_of_nearly_all_sparse_tables(shape):
    chance, held = np.random.default_rng(3), 0
    for _ in range(200):
        total = int(chance.integers(20, 501))
        known = chance.multinomial(total, np.ones(math.prod(shape)) / math.prod(shape))
        known = known.reshape(shape) * (chance.random(shape) < 0.5)
        cells = known + (known > 0) * chance.random(shape) * 5
        total = int(known.sum())
        held += not round_cells(cells, total=total, margins=sums_of(known)).gave_way
    assert held >= 198


@pytest.mark.parametrize(
    ("cells", "total", "margins", "expected"),
    [
        ([[1, 1], [1, 1]], 1, None, [[1, 0], [0, 0]]),
        ([[1, 1], [1, 1]], 2, None, [[1, 0], [0, 1]]),
        ([[1, 1, 1], [1, 1, 1]], 4, None, [[1, 1, 0], [1, 0, 1]]),
        ([1, 1, 1], 100, None, [34, 33, 33]),
        ([0, 1, 1], 1, None, [0, 1, 0]),
        ([[3, 2], [1, 4]], 0, None, [[0, 0], [0, 0]]),
        ([[3, 2], [1, 4]], 10, None, [[3, 2], [1, 4]]),
        ([[3, 2], [1, 4]], 20, None, [[6, 4], [2, 8]]),
        ([[1, 1], [1, 1]], 5, [[5, 0], [0, 5]], [[0, 5], [0, 0]]),
        ([[0.1, 0.2], [0.3, 0.4]], 10, None, [[1, 2], [3, 4]]),
        ([[5]], 3, None, [[3]]),
    ],
)
def test_known_tables(cells, total, margins, expected):
    assert round_cells(cells, total=total, margins=margins).cells.tolist() == expected


def test_noise_does_not_decide_who_is_rounded_up():
    noise = 1e-9 * np.random.default_rng(1).standard_normal((20, 4, 5))
    answers = {str(round_cells(np.ones((4, 5)) + n, total=33).cells.tolist()) for n in noise}
    assert len(answers) == 1


@pytest.mark.parametrize("method", ["repair", "exact"])
def test_what_gives_way_is_named_and_the_total_kept(method):
    answer = round_cells([[3, 0], [0, 7]], total=10, margins=[[4, 6], [3, 7]], method=method)
    assert answer.cells.tolist() in ([[3, 0], [0, 7]], [[4, 0], [0, 6]])
    assert answer.margin_error == 1
    assert answer.cells.sum() == 10


def test_an_answer_in_words_names_what_gave_way():
    held = round_cells([[3, 2], [1, 4]], total=5)
    gave_way = round_cells([[3, 0], [0, 7]], total=10, margins=[[4, 6], [3, 7]])
    assert str(held) == (
        "Rounded, 2 × 2 cells, 5 people, 1.00 people from the exact cells, "
        "0 not at the nearest whole number; every margin is held."
    )
    assert str(gave_way) == (
        "Rounded, 2 × 2 cells, 10 people, 0.00 people from the exact cells, 0 not at the nearest "
        "whole number; not every margin could be held: index 0 of axis 0 has 1 too few, "
        "index 1 of axis 0 has 1 too many."
    )


@pytest.mark.parametrize(
    ("cells", "options", "message"),
    [
        (
            [[1, -1]],
            {"total": 1},
            "The table of cells has -1.0 at index 0, 1. Give finite numbers, 0 or more.",
        ),
        (
            5,
            {"total": 1},
            "The table of cells is 5. Give a number for each of its cells.",
        ),
        (
            [[0, 0]],
            {"total": 1},
            "All cells are 0, so nobody can be planned. Give at least one above 0.",
        ),
        ([1], {"total": 1.5}, "The total is 1.5. Give a whole number of people, 0 or more."),
        (
            [1],
            {"total": 10**11},
            "100,000,000,000 people in 1 cells are too many. "
            "At most 10,000,000,000 go into 1,000,000.",
        ),
        (
            [1],
            {"total": 1, "method": "best"},
            "There is no method 'best'. Use 'repair' or 'exact'.",
        ),
        (
            [[1, 2]],
            {"total": 3, "margins": [[3], [3]]},
            "The margins have the shapes [(1,), (1,)], the cells (1, 2). Give [(1,), (2,)].",
        ),
        (
            [[1, 2]],
            {"total": 3, "margins": [[3], [1.5, 1.5]]},
            "The margin of axis 1 has 1.5. Give whole people; apportion makes them.",
        ),
        (
            [[1, 2]],
            {"total": 3, "margins": [[3], [1, 3]]},
            "The margin of axis 1 sums to 4, the total is 3. Make them agree.",
        ),
    ],
)
def test_tables_that_make_no_sense_are_refused(cells, options, message):
    with pytest.raises(InvalidPlan) as refused:
        round_cells(cells, **options)
    assert str(refused.value) == message


def test_without_scipy_exact_says_what_to_install():
    program = (
        "import sys; sys.modules['scipy.optimize'] = None\n"
        "from target_group_kit.sampling.rounding import round_cells\n"
        "print(round_cells([1, 2], total=2).cells.tolist())\n"
        "round_cells([1, 2], total=2, method='exact')"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert run.stdout == "[1, 1]\n"
    assert run.stderr.splitlines()[-1].endswith(
        "InvalidPlan: The method 'exact' needs scipy. Install it with "
        "pip install 'target_group_kit[exact]', or use the method 'repair'."
    )


def test_scipy_is_not_imported_before_it_is_needed():
    program = (
        "import sys\nfrom target_group_kit import rake, round_cells\n"
        "round_cells(rake([[1, 2], [1, 2]], [[1, 2], [3, 4]]).cells, total=3)\n"
        "print('scipy' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("False\n", "")
