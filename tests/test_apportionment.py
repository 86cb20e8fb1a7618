"Whole numbers and percentages that sum exactly, against oracles in fractions."

from decimal import Decimal
from fractions import Fraction
from typing import get_args

import numpy as np
import pandas as pd
import pytest
from examples import times
from hypothesis import example, given
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.apportionment import (
    Method,
    apportion,
    exact_share,
    percentages,
    whole_people,
)

METHODS = get_args(Method)
often = times(2000, 300)

totals = st.integers(0, 80)
weights = st.lists(
    st.one_of(
        st.integers(0, 60),
        st.decimals(0, 100, places=2),
        st.fractions(0, 5, max_denominator=30),
        st.floats(0, 1e6, allow_subnormal=False),
    ),
    min_size=1,
    max_size=12,
).filter(any)


def due(total, shares):
    "Each cell's exact part of the total, as a fraction."
    exact = [Fraction(str(share)) for share in shares]
    return [total * share / sum(exact) for share in exact]


def largest_remainder(total, shares):
    "The oracle: whole parts first, then one each by remainder, the earlier cell first."
    parts = due(total, shares)
    people = [part.numerator // part.denominator for part in parts]
    order = sorted(range(len(parts)), key=lambda cell: (people[cell] - parts[cell], cell))
    for cell in order[: total - sum(people)]:
        people[cell] += 1
    return people


def one_by_one(total, shares, squared_divisor, minimum=0):
    "The oracle of divisor methods: each person in turn to the strongest claim."
    exact = [Fraction(str(share)) for share in shares]
    people = [minimum if share else 0 for share in exact]

    def claim(cell):
        divisor = squared_divisor(people[cell] + 1)
        if not divisor:
            return exact[cell] > 0, exact[cell], -cell
        return False, exact[cell] ** 2 / divisor, -cell

    for _ in range(total - sum(people)):
        people[max(range(len(people)), key=claim)] += 1
    return people


ORACLES = {
    "largest_remainder": largest_remainder,
    "webster": lambda total, shares: one_by_one(total, shares, lambda n: (Fraction(n) - HALF) ** 2),
    "huntington_hill": lambda total, shares: one_by_one(total, shares, lambda n: n * (n - 1)),
}
HALF = Fraction(1, 2)


@pytest.mark.parametrize("method", METHODS)
@given(total=totals, shares=weights)
@example(total=5, shares=[15, 15, 9, 11])
@example(total=1, shares=[1, 1, 1])
@example(total=3, shares=[90, 9, 1, 0])
@example(total=100, shares=[1e-300, 1e300])
def test_every_method_equals_its_oracle(method, total, shares):
    people = apportion(total, shares, method=method)
    assert people == ORACLES[method](total, shares)
    assert sum(people) == total


@pytest.mark.parametrize(
    ("method", "total", "shares", "expected"),
    [
        ("largest_remainder", 5, [15, 15, 9, 11], [2, 1, 1, 1]),
        ("largest_remainder", 10, [6, 6, 2], [4, 4, 2]),
        ("largest_remainder", 11, [6, 6, 2], [5, 5, 1]),
        ("largest_remainder", 1000, [1, 1, 1], [334, 333, 333]),
        ("largest_remainder", 1, [0, 1, 1], [0, 1, 0]),
        ("largest_remainder", 0, [1, 2], [0, 0]),
        ("largest_remainder", 7, [3], [7]),
        ("largest_remainder", 10, [0.1, 0.2, 0.3, 0.4], [1, 2, 3, 4]),
        ("webster", 10, [6, 6, 2], [5, 4, 1]),
        ("webster", 11, [6, 6, 2], [5, 5, 1]),
        ("webster", 4, [90, 9, 1], [4, 0, 0]),
        ("webster", 2, [1, 1, 1, 1], [1, 1, 0, 0]),
        ("webster", 0, [1, 2], [0, 0]),
        ("huntington_hill", 4, [90, 9, 1], [2, 1, 1]),
        ("huntington_hill", 3, [90, 9, 1, 0], [1, 1, 1, 0]),
        ("huntington_hill", 2, [1, 9, 90], [0, 1, 1]),
        ("huntington_hill", 1, [1, 9, 9], [0, 1, 0]),
        ("huntington_hill", 0, [1, 2], [0, 0]),
    ],
)
def test_known_cases(method, total, shares, expected):
    assert apportion(total, shares, method=method) == expected


@often
@given(total=totals, shares=weights)
def test_largest_remainder_stays_within_one_of_the_exact_part(total, shares):
    pairs = zip(apportion(total, shares), due(total, shares), strict=True)
    assert all(abs(people - part) < 1 for people, part in pairs)


@pytest.mark.parametrize("method", ["webster", "huntington_hill"])
@often
@given(total=totals, shares=weights)
def test_a_larger_sample_only_adds_with_a_divisor_method(method, total, shares):
    small, large = (apportion(n, shares, method=method) for n in (total, total + 1))
    grown = [after - before for before, after in zip(small, large, strict=True)]
    assert sorted(grown) == [0] * (len(shares) - 1) + [1]


def test_with_the_largest_remainder_a_larger_sample_can_take_away():
    assert apportion(10, [6, 6, 2])[2] > apportion(11, [6, 6, 2])[2]


@pytest.mark.parametrize("method", METHODS)
@often
@given(total=totals, shares=weights)
def test_every_person_is_given_out_and_no_more(method, total, shares):
    people = apportion(total, shares, method=method)
    assert sum(people) == total
    assert all(number >= 0 for number in people)
    assert not any(number for number, share in zip(people, shares, strict=True) if not share)


@pytest.mark.parametrize("method", METHODS)
@often
@given(st.integers(0, 40), st.lists(st.integers(0, 4), min_size=1, max_size=8).filter(any))
def test_a_larger_share_never_gets_less_and_ties_go_to_the_earlier_cell(method, total, shares):
    people = apportion(total, shares, method=method)
    order = sorted(range(len(shares)), key=lambda cell: (-shares[cell], cell))
    ranked = [people[cell] for cell in order]
    assert ranked == sorted(ranked, reverse=True)


@given(
    st.lists(
        st.one_of(
            st.integers(0, 10**12),
            st.floats(0, 2e9),
            st.decimals(0, 10**6, places=3).map(float),
            st.decimals(0, 10**6, places=9).map(float),
        ),
        min_size=1,
        max_size=6,
    ).filter(any)
)
@example([0.1, 0.2])
@example([999_999_999.999999, 1e-6])
@example([1e-7, 1.0])
@example([1 / 3, 2 / 3])
def test_plain_numbers_are_read_as_exactly_as_by_fractions(shares):
    assert apportion(10**9, shares) == apportion(10**9, list(map(exact_share, shares)))
    of_one_kind = list(map(float, shares))
    assert apportion(10**9, of_one_kind) == apportion(10**9, list(map(exact_share, of_one_kind)))


@given(total=totals, shares=weights)
def test_huntington_hill_gives_everybody_one_before_anybody_two(total, shares):
    people = apportion(total, shares, method="huntington_hill")
    open_cells = sum(share > 0 for share in shares)
    served = sum(number > 0 for number in people)
    assert served == min(total, open_cells)


@pytest.mark.parametrize("method", METHODS)
@given(total=totals, shares=weights, scale=st.fractions(Fraction(1, 9), 99, max_denominator=9))
def test_only_proportions_count(method, total, shares, scale):
    scaled = [Fraction(str(share)) * scale for share in shares]
    assert apportion(total, scaled, method=method) == apportion(total, shares, method=method)


@pytest.mark.parametrize("method", METHODS)
@given(total=totals, shares=weights, minimum=st.integers(0, 20))
def test_a_minimum_holds_for_every_cell_with_a_share(method, total, shares, minimum):
    open_cells = [cell for cell, share in enumerate(shares) if share]
    if minimum * len(open_cells) > total:
        with pytest.raises(InvalidPlan, match=r"Lower the minimum or raise the total\."):
            apportion(total, shares, method=method, minimum=minimum)
        return
    people = apportion(total, shares, method=method, minimum=minimum)
    assert sum(people) == total
    assert all(people[cell] >= minimum for cell in open_cells)
    assert not any(people[cell] for cell, share in enumerate(shares) if not share)
    if method == "webster":
        divisor = lambda n: (n - HALF) ** 2  # noqa: E731
        assert people == one_by_one(total, shares, divisor, minimum)


@pytest.mark.parametrize(
    ("total", "shares", "minimum", "expected"),
    [
        (100, [98, 1, 1, 0], 5, [90, 5, 5, 0]),
        (15, [98, 1, 1], 5, [5, 5, 5]),
        (16, [98, 1, 1], 5, [6, 5, 5]),
        (100, [50, 30, 14, 6], 10, [48, 29, 13, 10]),
        (100, [60, 30, 10], 10, [60, 30, 10]),
    ],
)
def test_small_cells_get_exactly_the_minimum_and_the_rest_share(total, shares, minimum, expected):
    assert apportion(total, shares, minimum=minimum) == expected


@often
@given(shares=weights)
def test_percentages_make_exactly_one_hundred(shares):
    parts = percentages(shares)
    hundredths = [round(100 * part) for part in parts]
    assert sum(hundredths) == 10_000
    assert parts == [units / 100 for units in hundredths]
    assert hundredths == largest_remainder(10_000, shares)


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=350).filter(any))
def test_percentages_of_percentages_are_the_same(shares):
    parts = percentages(shares)
    assert percentages(parts) == parts


def test_every_hundredth_prints_with_two_decimals_at_most():
    parts = [percentages([units, 10_000 - units])[0] for units in range(10_001)]
    assert [Decimal(str(part)) * 100 for part in parts] == list(range(10_001))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.1, Fraction(1, 10)),
        (33.34, Fraction(1667, 50)),
        (1e300, Fraction(10**300)),
        (5e-324, Fraction(5, 10**324)),
        (Decimal("1E+3"), Fraction(1000)),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.int64(2**62), Fraction(2**62)),
        (np.float64(0.1), Fraction(1, 10)),
        (np.float32(0.1), Fraction(1, 10)),
        (-0.0, Fraction(0)),
    ],
)
def test_a_share_is_read_as_it_is_written(value, expected):
    assert exact_share(value) == expected


def test_numbers_from_numpy_and_pandas_are_shares_too():
    assert apportion(np.int64(10), np.array([1, 2, 3])) == [2, 3, 5]
    assert apportion(10, pd.Series([1.0, 2.0, 3.5])) == [2, 3, 5]
    assert {type(n) for n in apportion(np.int64(10), np.array([1, 2, 3]))} == {int}


@pytest.mark.parametrize(
    ("total", "shares", "options", "message"),
    [
        (10, [], {}, "There are no shares, so nobody can be planned. Give at least one above 0."),
        (
            10,
            [0, 0.0],
            {},
            "All shares are 0, so nobody can be planned. Give at least one above 0.",
        ),
        (
            10,
            [50, -0.5],
            {},
            "Share 2 is -0.5, below 0. Give 0 for nobody, or leave the cell out.",
        ),
        (10, [float("nan")], {}, "Share 1 is nan. Give a finite number, 0 or more."),
        (10, [1, float("inf")], {}, "Share 2 is inf. Give a finite number, 0 or more."),
        (10, [Decimal("sNaN")], {}, "Share 1 is sNaN. Give a finite number, 0 or more."),
        (
            10,
            [Decimal("1E+999999")],
            {},
            "Share 1 is 1E+999999. Give a finite number, 0 or more.",
        ),
        (10, [True], {}, "Share 1 is True, not a number. Write it like 12 or 12.5."),
        (10, ["12"], {}, "Share 1 is '12', not a number. Write it like 12 or 12.5."),
        (10, [None], {}, "Share 1 is None, not a number. Write it like 12 or 12.5."),
        (-1, [1], {}, "The total is -1. Give a whole number of people, 0 or more."),
        (10.5, [1], {}, "The total is 10.5. Give a whole number of people, 0 or more."),
        (True, [1], {}, "The total is True. Give a whole number of people, 0 or more."),
        ("10", [1], {}, "The total is '10'. Give a whole number of people, 0 or more."),
        (
            10,
            [1],
            {"minimum": -1},
            "The minimum is -1. Give a whole number of people, 0 or more.",
        ),
        (
            10,
            [1, 1, 0, 1],
            {"minimum": 4},
            "3 cells with at least 4 each need 12, the total is 10. "
            "Lower the minimum or raise the total.",
        ),
        (
            10,
            [1],
            {"method": "hare"},
            "There is no method 'hare'. Use one of largest_remainder, webster, huntington_hill.",
        ),
    ],
)
def test_what_cannot_be_shared_out_is_refused(total, shares, options, message):
    with pytest.raises(InvalidPlan) as refused:
        apportion(total, shares, **options)
    assert str(refused.value) == message


def test_a_number_of_people_is_a_plain_integer():
    assert [whole_people(n, "it") for n in (0, 7, np.int64(7))] == [0, 7, 7]
    assert type(whole_people(np.int64(7), "it")) is int
