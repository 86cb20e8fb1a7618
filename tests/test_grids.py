"Interlocks laid out as grids: every row in its own cell, sums at the edges, nobody lost."

from dataclasses import replace
from itertools import product
from math import prod
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.views.grids import Grid, grid_of, has_grid
from target_group_kit.views.tables import Axis, QuotaBlock, QuotaRow

GENDER = Axis("gender", ("women", "men"))
AGE = Axis("age", ("18–34", "35–54", "55–74"))
WAVE = Axis("wave", ("spring", "autumn"))


def crossed(*axes: Axis, counts: list[int | None], **more: Any) -> QuotaBlock:
    "A block with a row for each place, in order; none where the count is None."
    places = product(*(range(len(axis.labels)) for axis in axes))
    total = sum(count or 0 for count in counts) or 1
    rows = tuple(
        QuotaRow(f"{at}", "", round(100 * count / total, 2), count, at=at)
        for at, count in zip(places, counts, strict=True)
        if count is not None
    )
    return QuotaBlock(" × ".join(a.name for a in axes), rows, "interlock", axes=axes, **more)


BOTH = crossed(GENDER, AGE, counts=[58, 94, 102, 27, 120, 99])


def texts(grid: Grid) -> list[list[list[str]]]:
    return [[[cell.text for cell in line] for line in panel.lines] for panel in grid.panels]


def test_two_questions_make_one_panel_the_longer_down() -> None:
    grid = grid_of(BOTH)
    (panel,) = grid.panels
    assert (panel.name, panel.corner) == ("", "age / gender")
    assert texts(grid) == [[["58", "27"], ["94", "120"], ["102", "99"]]]
    assert (panel.right, panel.below, panel.total) == (("85", "214", "201"), ("254", "246"), "500")
    assert [cell.name for cell in grid.cells] == [
        *("women × 18–34", "women × 35–54", "women × 55–74"),
        *("men × 18–34", "men × 35–54", "men × 55–74"),
    ]
    assert (grid.most, grid.unit) == ("120", "completes")


def test_of_two_questions_as_long_the_first_runs_down() -> None:
    grid = grid_of(crossed(GENDER, WAVE, counts=[1, 2, 3, 4]))
    assert grid.panels[0].corner == "gender / wave"
    assert texts(grid) == [[["1", "2"], ["3", "4"]]]


def test_three_questions_make_a_panel_for_each_label_of_the_first() -> None:
    grid = grid_of(crossed(WAVE, GENDER, AGE, counts=list(range(1, 13))))
    assert [panel.name for panel in grid.panels] == ["spring", "autumn"]
    assert texts(grid) == [
        [["1", "4"], ["2", "5"], ["3", "6"]],
        [["7", "10"], ["8", "11"], ["9", "12"]],
    ]
    assert [panel.total for panel in grid.panels] == ["21", "57"]


def test_a_place_without_a_row_is_impossible() -> None:
    grid = grid_of(crossed(GENDER, WAVE, counts=[None, 2, 0, 4]))
    assert [cell.title for cell in grid.cells] == [
        "women × spring: impossible",
        "women × autumn: 33.33 % (2)",
        "men × spring: 0.00 % (0)",
        "men × autumn: 66.67 % (4)",
    ]
    assert [(cell.text, cell.shade) for cell in grid.cells] == [
        *(("–", None), ("2", 3), ("0", 0), ("4", 6))
    ]


def test_locked_and_rounded_cells_say_so() -> None:
    one, two, *rest = BOTH.rows
    rows = (replace(one, locked=True), replace(two, estimated=True), *rest)
    cells = grid_of(replace(BOTH, rows=rows)).cells
    assert [cell.text for cell in cells] == ["=58", "≈94", "102", "27", "120", "99"]


def test_without_completes_the_percent_is_written() -> None:
    rows = tuple(replace(row, completes=None) for row in BOTH.rows)
    grid = grid_of(replace(BOTH, rows=rows))
    assert texts(grid) == [[["11.60", "5.40"], ["18.80", "24.00"], ["20.40", "19.80"]]]
    assert (grid.panels[0].total, grid.most, grid.unit) == ("100.00", "24.00", "%")
    assert not any(cell.small for cell in grid.cells)


def test_a_row_without_quota_is_no_impossible_cell() -> None:
    rows = (replace(BOTH.rows[0], percent=None, completes=None), *BOTH.rows[1:])
    cell = grid_of(replace(BOTH, rows=rows)).cells[0]
    assert (cell.text, cell.shade, cell.title) == ("–", None, "women × 18–34: without quota")


@pytest.mark.parametrize(
    ("counts", "small"),
    [
        ([29, 30, 31, 32], [True, False, False, False]),
        ([29, 29, 31, 32], [True, True, False, False]),
        ([29, 29, 29, 32], [False] * 4),
        ([0, 30, 30, 30], [True, False, False, False]),
    ],
)
def test_small_cells_are_marked_where_they_are_the_exception(
    counts: list[int | None], small: list[bool]
) -> None:
    grid = grid_of(crossed(GENDER, WAVE, counts=counts))
    assert [cell.small for cell in grid.cells] == small


def test_the_tooltip_sets_a_cell_beside_the_population() -> None:
    rows = (replace(BOTH.rows[0], population=10.5), *BOTH.rows[1:])
    cell = grid_of(replace(BOTH, rows=rows)).cells[0]
    said = "women × 18–34: 11.60 % (58); population 10.50 %, +1.1 points, index 110"
    assert cell.title == said


def test_numbers_stay_behind_a_name_that_runs_from_right_to_left() -> None:
    axis = Axis("مدينة", ("بغداد", "Basra"))
    cells = grid_of(crossed(axis, WAVE, counts=[1, 2, 3, 4])).cells
    assert [cell.name for cell in cells[::2]] == ["بغداد\u200e × spring", "Basra × spring"]


WIDE = Axis("wide", tuple(f"{n}" for n in range(17)))


@pytest.mark.parametrize(
    ("block", "drawn"),
    [
        (BOTH, True),
        (crossed(WAVE, GENDER, AGE, counts=[1] * 12), True),
        (crossed(WIDE, AGE, counts=[1] * 51), True),
        (crossed(GENDER, WAVE, counts=[None, 0, None, None]), True),
        (replace(BOTH, axes=()), False),
        (crossed(GENDER, counts=[1, 2]), False),
        (crossed(GENDER, WAVE, GENDER, WAVE, counts=[1] * 16), False),
        (crossed(WIDE, WIDE, counts=[1] * 289), False),
        (crossed(WIDE, WIDE, AGE, counts=[1] * 867), True),
        (crossed(WIDE, WIDE, GENDER, WAVE, counts=[1] * 1156), False),
        (replace(BOTH, rows=()), False),
        (replace(BOTH, rows=(*BOTH.rows, BOTH.rows[0])), False),
        (replace(BOTH, rows=tuple(replace(row, at=()) for row in BOTH.rows)), False),
        (replace(BOTH, rows=(replace(BOTH.rows[0], at=(0, 3)), *BOTH.rows[1:])), False),
        (replace(BOTH, rows=(replace(BOTH.rows[0], at=(-1, 0)), *BOTH.rows[1:])), False),
        (replace(BOTH, rows=(QuotaRow("screened", "", at=(0, 0)),)), False),
    ],
)
def test_which_profiles_are_grids(block: QuotaBlock, drawn: bool) -> None:
    assert has_grid(block) is drawn


@given(st.data())
@settings(deadline=None)
def test_every_complete_stands_in_the_grid_once(data: st.DataObject) -> None:
    lengths = data.draw(st.lists(st.integers(1, 5), min_size=2, max_size=3))
    axes = [Axis(f"q{n}", tuple(f"{n}.{m}" for m in range(k))) for n, k in enumerate(lengths)]
    amounts = st.one_of(st.none(), st.integers(0, 5000))
    counts = data.draw(st.lists(amounts, min_size=prod(lengths), max_size=prod(lengths)))
    block = crossed(*axes, counts=counts)
    if not block.rows:
        assert not has_grid(block)
        return
    grid = grid_of(block)
    laid = [cell for panel in grid.panels for line in panel.lines for cell in line]
    assert sorted(cell.name for cell in laid) == sorted(cell.name for cell in grid.cells)
    assert [cell.row for cell in grid.cells if cell.row] == list(block.rows)
    whole = sum(count or 0 for count in counts)
    assert sum(int(panel.total.replace(",", "")) for panel in grid.panels) == whole
    for panel in grid.panels:
        edges = [
            sum(int(text.replace(",", "")) for text in side) for side in (panel.right, panel.below)
        ]
        assert edges == [int(panel.total.replace(",", ""))] * 2
    shades = sorted((cell.amount, cell.shade) for cell in laid if cell.amount is not None)
    assert [shade for _, shade in shades] == sorted(shade or 0 for _, shade in shades)
    assert all((shade == 0) == (amount == 0) and 0 <= (shade or 0) <= 6 for amount, shade in shades)
