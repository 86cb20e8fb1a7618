"Numerals: a column's numbers, its mark, and what is none."

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.views.numerals import Numbers, is_numeric, read_numbers
from target_group_kit.views.worksheets import Grid


def read(values, kind=None, totals=(), **marks):
    "The numbers of a column, its totals below."
    grid = Grid("Q", tuple((value,) for value in (*values, *totals)), **marks)
    places = [(row, 0) for row in range(len(grid.rows))]
    return read_numbers(grid, places[: len(values)], kind, places[len(values) :])


def numbers(*values, kind=None):
    return [str(number) for number in read(values, kind).values.values()]


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        (["12", "3"], None, ["12", "3"]),
        ([12, Decimal("1.5")], None, ["12", "1.5"]),
        (["12.5", "3"], None, ["12.5", "3"]),
        (["12,5", "3"], None, ["12.5", "3"]),
        (["12,50", ",5", "0,125"], None, ["12.50", "0.5", "0.125"]),
        (["0"], None, ["0"]),
        (["1.234", "12,5"], None, ["1234", "12.5"]),
        (["1,234", "12.5"], None, ["1234", "12.5"]),
        (["1.234.567", "1.234"], None, ["1234567", "1234"]),
        (["1,234,567", "1,234"], None, ["1234567", "1234"]),
        (["1.234,5"], None, ["1234.5"]),
        (["1,234.5"], None, ["1234.5"]),
        (["1 234", "1'234", "1’234,5"], None, ["1234", "1234", "1234.5"]),
        (["1234,567"], None, ["1234.567"]),
        (["1.234", "2.345"], "completes", ["1234", "2345"]),
        (["1,234", "590"], "completes", ["1234", "590"]),
        (["1.234", "98.766"], "percent", ["1.234", "98.766"]),
        (["12,5 %", "87,5%"], None, ["12.5", "87.5"]),
        (["% 12", "+88 %"], None, ["12", "88"]),
        (["33.333 %", "66.667 %"], None, ["33.333", "66.667"]),
    ],
)
def test_columns_are_read(values, kind, said):
    assert numbers(*values, kind=kind) == said


def test_what_was_read():
    assert read(["12,5 %", "87,5 %"], "completes") == Numbers(
        {(0, 0): Decimal("12.5"), (1, 0): Decimal("87.5")}, "percent", comma=True
    )
    assert read(["1,234", "5"], "completes").comma is False
    assert read([5, 6], "weight").kind == "weight"
    assert read([5, 6]).kind is None
    assert read([49, 51], percent=frozenset({(0, 0), (1, 0)})).kind == "percent"


def test_a_total_of_whole_numbers_is_whole():
    assert list(read(["590", 410], None, ["1.000"]).values.values()) == [590, 410, 1000]
    assert list(read(["590", 410], None, ["1,000"]).values.values()) == [590, 410, 1000]
    assert read([1, 2], None, [None]).values == {(0, 0): 1, (1, 0): 2}
    assert read([1, 2], None, ["3"], filled=frozenset({(2, 0)})).values[2, 0] == 3


EMPTY = "is empty. Write 0 for nobody."


@pytest.mark.parametrize(
    ("values", "kind", "said"),
    [
        ([1, None], None, f"A2 {EMPTY}"),
        (
            ["1.234"],
            None,
            "A1 says '1.234', which may be 1234 or 1.234. "
            "Write it without thousands, or head the column percent or completes.",
        ),
        (
            ["1,234"],
            "weight",
            "A1 says '1,234', which may be 1234 or 1.234. "
            "Write it without thousands, or head the column percent or completes.",
        ),
        (
            ["1,5", "3", "2.5"],
            None,
            "A3 says '2.5', and A1 says '1,5': "
            "a decimal comma beside a decimal point. Write all alike.",
        ),
        (
            ["2.5", "1,5"],
            "percent",
            "A2 says '1,5', and A1 says '2.5': "
            "a decimal comma beside a decimal point. Write all alike.",
        ),
        (
            ["1.234", "1,234"],
            "percent",
            "A2 says '1,234', and A1 says '1.234': "
            "a decimal comma beside a decimal point. Write all alike.",
        ),
        (["49 %", "51"], None, "A2 has no percent sign, and A1 has one. Write all alike."),
        ([49, "51 %"], None, "A1 has no percent sign, and A2 has one. Write all alike."),
        ([1, "tbd"], None, "A2 says 'tbd', which is no number. Write one, and 0 for nobody."),
        (["1.23.4"], None, "A1 says '1.23.4', which is no number. Write one, and 0 for nobody."),
        (
            ["01.234,5.6"],
            None,
            "A1 says '01.234,5.6', which is no number. Write one, and 0 for nobody.",
        ),
        (["NaN"], None, "A1 says 'NaN', which is no number. Write one, and 0 for nobody."),
        (["–"], None, "A1 says '–', which is no number. Write one, and 0 for nobody."),
        (["(5)"], None, "A1 says '(5)', which is no number. Write one, and 0 for nobody."),
        (["1e3"], None, "A1 says '1e3', which is no number. Write one, and 0 for nobody."),
        (["TRUE"], None, "A1 says 'TRUE', which is no number. Write one, and 0 for nobody."),
        ([-5], None, "A1 says -5, below nobody. Write 0 or more."),
        ([Decimal("-0.5")], None, "A1 says -0.5, below nobody. Write 0 or more."),
        (["-5"], None, "A1 says -5, below nobody. Write 0 or more."),
        (["−5 %"], None, "A1 says −5 %, below nobody. Write 0 or more."),
        (["#REF!"], None, "A1 holds the error #REF!. Correct its formula."),
        (["#DIV/0!"], None, "A1 holds the error #DIV/0!. Correct its formula."),
        ([date(2026, 12, 1)], None, "A1 holds the date or time 2026-12-01. Write a number."),
        (
            [1, Decimal("333.4")],
            "completes",
            "A2 says 333.4, and people come whole. Round it, or head the column weight.",
        ),
        (
            ["12,5"],
            "completes",
            "A1 says 12,5, and people come whole. Round it, or head the column weight.",
        ),
    ],
)
def test_what_is_refused_at_its_cell(values, kind, said):
    with pytest.raises(InvalidPlan) as refused:
        read(values, kind)
    assert str(refused.value) == f"Sheet 'Q', cell {said}"


@pytest.mark.parametrize(
    ("marks", "said"),
    [
        (
            {"unsaved": frozenset({(0, 0)})},
            "holds a formula whose result was never saved. "
            "Open the file in a spreadsheet, save it, and read it again.",
        ),
        ({}, EMPTY),
    ],
)
def test_empty_is_not_unsaved(marks, said):
    with pytest.raises(InvalidPlan) as refused:
        read([None], None, **marks)
    assert str(refused.value) == f"Sheet 'Q', cell A1 {said}"


def test_a_merged_number_is_nobody_s_own():
    with pytest.raises(InvalidPlan) as refused:
        read([5, 5], None, filled=frozenset({(1, 0)}))
    assert str(refused.value) == (
        "Sheet 'Q', cell A2 is merged with another. Give each its own number."
    )


@pytest.mark.parametrize(
    ("value", "numeric"),
    [
        (5, True),
        (Decimal("1.5"), True),
        ("5", True),
        ("12,5 %", True),
        ("% 5", True),
        ("-5", True),
        ("(5)", True),
        ("1 234", True),
        ("#REF!", True),
        ("#NV", True),
        ("n/a", True),
        ("NaN", True),
        ("–", True),
        (None, False),
        ("18-24", False),
        ("65+", False),
        ("Q1", False),
        ("tbd", False),
        ("12 people", False),
        ("TRUE", False),
        (date(2026, 1, 1), False),
    ],
)
def test_what_is_meant_as_a_number(value, numeric):
    assert is_numeric(value) is numeric


amounts = st.lists(st.decimals(0, 10**7, places=2), min_size=1, max_size=8)


@given(amounts, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("'", ".")]), st.booleans())
@settings(deadline=None)
def test_however_they_are_written(exact, style, grouped):
    thousands, mark = style
    plain = [f"{number:,.2f}" if grouped else f"{number:.2f}" for number in exact]
    texts = [text.translate(str.maketrans(",.", thousands + mark)) for text in plain]
    assert list(read(texts).values.values()) == exact


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.sampled_from(",. '"))
@settings(deadline=None)
def test_people_in_thousands(people, thousands):
    texts = [f"{n:,}".replace(",", thousands) for n in people]
    assert list(read(texts, "completes").values.values()) == people
