"Numbers of people in writing, and how far they are from the population's."

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.views.figures import (
    against_text,
    compared,
    completes_text,
    percent_text,
    points_text,
    share_text,
)
from target_group_kit.views.tables import QuotaBlock, QuotaRow


def row(percent: float | None = None, population: float | None = None) -> QuotaRow:
    return QuotaRow("t", "", percent, population=population)


@pytest.mark.parametrize(
    ("of", "completes", "share"),
    [
        (QuotaRow("t", ""), "–", "without quota"),
        (QuotaRow("t", "", 33.34), "–", "33.34 %"),
        (QuotaRow("t", "", 33.34, 1333), "1,333", "33.34 % (1,333)"),
        (QuotaRow("t", "", 33.34, 333, estimated=True), "≈ 333", "33.34 % (≈ 333)"),
        (QuotaRow("t", "", 33.34, 333, locked=True), "= 333", "33.34 % (= 333)"),
        (QuotaRow("t", "", 33.34, 333, True, locked=True), "= 333", "33.34 % (= 333)"),
    ],
)
def test_numbers(of: QuotaRow, completes: str, share: str) -> None:
    assert (completes_text(of), share_text(of)) == (completes, share)


def test_percent() -> None:
    assert [percent_text(x) for x in (None, 0.0, 7, 33.34)] == ["–", "0.00 %", "7.00 %", "33.34 %"]


@pytest.mark.parametrize(
    ("percent", "population", "points"),
    [
        (51.04, 47.84, "+3.2"),
        (47.84, 51.04, "−3.2"),
        (10, 10.04, "0.0"),
        (10.04, 10, "0.0"),
        (10.05, 10, "+0.1"),
        (9.95, 10, "−0.1"),
        (100, 0, "+100.0"),
        (17.35, 17.3456, "0.0"),
        (None, 10, ""),
        (10, None, ""),
    ],
)
def test_points(percent: float | None, population: float | None, points: str) -> None:
    assert points_text(row(percent, population)) == points


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_points_are_the_difference_to_a_tenth(percent: int, population: int) -> None:
    said = points_text(row(percent / 100, population / 100)).replace("−", "-")
    assert abs(float(said) * 100 - (percent - population)) <= 5 + 1e-9
    assert said[0] in "+-" or said == "0.0"


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (row(51.04, 47.84), "; population 47.84 %, +3.2 points, index 107"),
        (row(5, 0), "; population 0.00 %, +5.0 points"),
        (row(0, 5), "; population 5.00 %, −5.0 points, index 0"),
        (row(None, 5), "; population 5.00 %"),
        (row(5), ""),
    ],
)
def test_beside_the_population(of: QuotaRow, said: str) -> None:
    assert against_text(of) == said


def test_whether_there_is_a_population() -> None:
    alone, beside = QuotaBlock("a", (row(5),)), QuotaBlock("b", (row(5), row(5, 0)))
    assert [compared([]), compared([alone]), compared([alone, beside])] == [False, False, True]
