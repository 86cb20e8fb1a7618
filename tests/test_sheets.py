"Sheets: clients' tables as they come, exact or refused at the cell."

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.population import band_text
from target_group_kit.views.sheets import Table, TableRow, read_tables

REGIONS = {"region": (96, {"North": "1", "South": "2", "East": "3"})}


def workbook(sheets, change=None):
    "The bytes of an Excel file: sheet name to rows."
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def cells(table):
    "Labels to number."
    return {"/".join(row.labels): row.number for row in table.rows}


def only(source, **options):
    (table,) = read_tables(source, **{"questions": REGIONS, **options})
    return table


def message(source, **options):
    with pytest.raises(InvalidPlan) as refused:
        read_tables(source, **{"questions": REGIONS, **options})
    return str(refused.value)


# The ten ugly sheets, each a plan or a refusal that names the cell.


def test_decimal_commas():
    text = "Alter;Anteil\n18-24;12,5\n25-49;37,25\n50+;50,25\nGesamt;100,0\n"
    assert only(text.encode("cp1252")) == Table(
        sheet="The file",
        keys=("Alter",),
        rows=(
            TableRow(("18-24",), Decimal("12.5"), "B2", ("A2",)),
            TableRow(("25-49",), Decimal("37.25"), "B3", ("A3",)),
            TableRow(("50+",), Decimal("50.25"), "B4", ("A4",)),
        ),
        unit="percent",
        total=100,
        notes=("Decimal commas are read as such.", "The total in B5 agrees."),
    )


def test_percent_as_text_and_as_a_format():
    def change(book):
        for cell in ("B2", "B3"):
            book["Quoten"][cell].number_format = "0.0 %"

    head = ["Gender", "Share"]
    formatted = workbook({"Quoten": [head, ["women", 0.512], ["men", 0.488]]}, change)
    typed = workbook({"Quoten": [head, ["women", "51,2 %"], ["men", "48,8%"]]})
    for source in (formatted, typed):
        table = only(source)
        assert cells(table) == {"women": Decimal("51.2"), "men": Decimal("48.8")}
        assert (table.unit, table.total) == ("percent", None)


def test_a_totals_row_off_by_one():
    rows = [["Quota plan"], [], ["Gender", "n"], ["women", 510], ["men", 490], ["Total", 1001]]
    assert message(workbook({"Quoten": rows})) == (
        "Sheet 'Quoten', cell B6 says 1,001, and the cells that it sums make 1,000. "
        "Correct the one or the others."
    )
    assert only(workbook({"Quoten": [*rows[:-1], ["Total", 1000]]})).total == 1000


def test_merged_heads():
    def change(book):
        sheet = book["Quoten"]
        sheet.merge_cells("A1:D1")
        sheet.merge_cells("B2:C2")
        sheet.merge_cells("D2:D3")

    rows = [
        ["Quotas of wave 7", None, None, None],
        [None, "Gender", None, "Total"],
        ["Age", "women", "men", None],
        ["18-49", 300, 290, 590],
        ["50+", 210, 200, 410],
        ["Total", 510, 490, 1000],
    ]
    table = only(workbook({"Quoten": rows}, change))
    assert table == Table(
        sheet="Quoten",
        keys=("Age", "Gender"),
        rows=(
            TableRow(("18-49", "women"), 300, "B4", ("A4", "B3")),
            TableRow(("18-49", "men"), 290, "C4", ("A4", "C3")),
            TableRow(("50+", "women"), 210, "B5", ("A5", "B3")),
            TableRow(("50+", "men"), 200, "C5", ("A5", "C3")),
        ),
        unit="weight",
        total=1000,
        notes=("The totals in D4, D5, B6, C6 and D6 agree.",),
    )
    rows[4][2] = 201
    assert message(workbook({"Quoten": rows}, change)) == (
        "Sheet 'Quoten', cell D5 says 410, and the cells that it sums make 411. "
        "Correct the one or the others."
    )


def test_merged_row_labels():
    def change(book):
        book["Quoten"].merge_cells("A2:A3")
        book["Quoten"].merge_cells("A4:A5")

    rows = [
        ["region", "Gender", "n"],
        ["North", "women", 1],
        [None, "men", 2],
        ["South", "women", 3],
        [None, "men", 4],
    ]
    table = only(workbook({"Quoten": rows}, change))
    assert cells(table) == {"North/women": 1, "North/men": 2, "South/women": 3, "South/men": 4}
    assert table.rows[1].label_at == ("A3", "B3")


def test_blank_rows_and_columns():
    rows = [
        [],
        [None, "Age", None, "n"],
        [],
        [None, "18-49", None, 590],
        [],
        [None, "50+", None, 410],
        [],
        [None, "Total", None, 1000],
        [],
        [None, "* all adults"],
    ]
    table = only(workbook({"Quoten": rows}))
    assert (cells(table), table.total, table.rows[1].at) == ({"18-49": 590, "50+": 410}, 1000, "D6")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(encoding):
    text = "Âge,n\n18–49,590\n50 ans et plus,410\n"
    table = only(text.encode(encoding))
    assert (table.keys, cells(table)) == (("Âge",), {"18–49": 590, "50 ans et plus": 410})


def test_duplicate_labels():
    rows = [["Age", "n"], ["18-24", 5], ["25+", 6], ["18 to 24", 7]]
    assert message(workbook({"Quoten": rows})) == (
        "Sheet 'Quoten', cell B4 is a second number for '18 to 24'; the first is B2. "
        "Keep one of them."
    )


def test_zero_is_nobody_and_empty_is_asked_about():
    rows = [["Age", "n"], ["18-24", 0], ["25+", 6]]
    assert cells(only(workbook({"Quoten": rows}))) == {"18-24": 0, "25+": 6}
    rows[1][1] = None
    said = "Sheet 'Quoten', cell B2 is empty. Write 0 for nobody."
    assert message(workbook({"Quoten": rows})) == said


def test_ten_thousand_rows():
    rows = [["ZIP code", "n"], *([f"{n:05}", n % 7] for n in range(10_000))]
    total = sum(n % 7 for n in range(10_000))
    table = only(workbook({"Quoten": [*rows, ["Total", total]]}))
    assert (len(table.rows), table.total, table.rows[-1].at) == (10_000, total, "B10001")
    rows[5001][0] = "00007"
    assert message(workbook({"Quoten": rows})) == (
        "Sheet 'Quoten', cell B5002 is a second number for '00007'; the first is B9. "
        "Keep one of them."
    )


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b""])
def test_wrong_file_types(data, tmp_path):
    path = tmp_path / "quotas.xlsx"
    path.write_bytes(data)
    assert message(path).startswith("quotas.xlsx is ")


# Everything else.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("women\t510\nmen\t490", ("gender", "weight", None)),
        ("women\t51\nmen\t49", ("gender", "percent", None)),
        ("women\t51%\nmen\t49%", ("gender", "percent", None)),
        ("Gender\tn\nwomen\t51\nmen\t49", ("Gender", "completes", None)),
        ("Gender\tBevölkerung\nwomen\t51\nmen\t49", ("Gender", "weight", None)),
        ("Gender\tTotal\nwomen\t510\nmen\t490", ("Gender", "weight", None)),
        ("Gender\t%\nwomen\t0.51\nmen\t0.49", ("Gender", "percent", None)),
        ("Gender\tShare\tn\nwomen\t51\t5\nmen\t49\t4\nTotal\t100\t9", ("Gender", "completes", 9)),
        ("Gender\t1000\nwomen\t510\nmen\t490", ("Gender", "weight", 1000)),
        ("Gender\tn\nBase\t1000\nwomen\t510\nmen\t490", ("Gender", "completes", 1000)),
        ("Gender\tn\nwomen\t510\nmen\t490\n\t1000", ("Gender", "completes", 1000)),
        ("Gender\tn\nwomen\t510\nmen\t490\nadults\t1000", ("Gender", "completes", 1000)),
        ("Gender\tn\nadults\t1000\nwomen\t510\nmen\t490", ("Gender", "completes", 1000)),
        ("Gender\tn\nwomen\t590\nmen\t410\nTotal\t1.000", ("Gender", "completes", 1000)),
        ("Gender\tn\nwomen\t510\nmen\t490\nTotal\t", ("Gender", "completes", None)),
        ("Gender\twomen\tmen\tTotal\nn\t510\t490\t1000", ("gender", "completes", 1000)),
    ],
)
def test_what_numbers_are_and_make(text, expected):
    table = only(text)
    assert ("/".join(table.keys), table.unit, table.total) == expected
    assert [row.labels for row in table.rows] == [("women",), ("men",)]


def test_subtotals_and_totals_of_two_questions():
    text = """region;Age;n
North;18-49;100
;50+;200
;Total;{}
South;18-49;300
;50+;400
;Total;700
Total;18-49;400
Total;50+;600
Total;;1000"""
    table = only(text.format(300))
    assert cells(table) == {
        "North/18-49": 100,
        "North/50+": 200,
        "South/18-49": 300,
        "South/50+": 400,
    }
    assert (table.total, table.notes) == (1000, ("The totals in C4, C7, C8, C9 and C10 agree.",))
    assert message(text.format(301)) == (
        "Sheet 'pasted text', cell C4 says 301, and the cells that it sums make 300. "
        "Correct the one or the others."
    )


def test_two_questions_above():
    text = """Age;women;;men;;Total
;North;South;North;South;
18-49;1;2;3;4;10
50+;5;6;7;8;26
Total;6;8;10;12;36"""
    table = only(text)
    assert (table.keys, table.total) == (("Age", "gender", "region"), 36)
    assert cells(table)["50+/men/South"] == 8
    assert table.rows[-1] == TableRow(("50+", "men", "South"), 8, "E4", ("A4", "D1", "E2"))


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Age;%\n18-34;33.3\n35-49;33.3\n50+;33.3", "The percentages make 99.9: that is rounding."),
        (
            "Age;%\n18-34;33.3\n35-49;33.3\n50+;33.3\nTotal;100",
            "The total in B5 is 100, its cells make 99.9: that is rounding.",
        ),
        ("Age;%\n18-49;0.4\n50+;0.6", "Parts of one are read as percent."),
        ("Age;n;%\n18-49;4;40\n50+;6;60", "Column C isn't read."),
    ],
)
def test_notes(text, note):
    assert note in only(text).notes


TOTAL = "and the cells that it sums make"
CORRECT = "Correct the one or the others."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Age;n\n18-24;1\n25+;2\nTotal;4", f"B4 says 4, {TOTAL} 3. {CORRECT}"),
        ("Age;n\nTotal;4\n18-24;1\n25+;2", f"B2 says 4, {TOTAL} 3. {CORRECT}"),
        ("Age;5\n18-24;1\n25+;2", f"B1 says 5, {TOTAL} 3. {CORRECT}"),
        ("Age;%\n18-24;49\n25+;51\nTotal;99", f"B4 says 99, {TOTAL} 100. {CORRECT}"),
        ("Age;%\n18-24;49\n25+;52\nTotal;103", f"B4 says 103, {TOTAL} 101. {CORRECT}"),
        (
            "Age;Population\n18-24;1.50\n25+;2.50\nTotal;4.5",
            f"B4 says 4.5, {TOTAL} 4. {CORRECT}",
        ),
        (
            "Age;n\n18-24;1\n;2\n25+;3",
            "A3 is empty beside 2, and the cells make 4. Write which answer it is.",
        ),
        (
            "region;n\nNorth;1\nSouth;2\nall;4\nEast;3",
            f"B4 says 4, {TOTAL} 6. {CORRECT}",
        ),
        (
            "region;n\nNorth;1\nSouth;2\nGermany;4",
            "A4 can't be read: 'Germany' isn't known for region (96). "
            "Known: 'North', 'South', 'East'. "
            'Say what it is: questions={"region": (96, {"Germany": "…"})}.',
        ),
        (
            "region;n\nNorth;1\nSuoth;2",
            "A3 can't be read: 'Suoth' isn't known for region (96). Did you mean 'South'? "
            'Else say what it is: questions={"region": (96, {"Suoth": "…"})}.',
        ),
        (
            "Age;%\n18-24;40\n25+;50",
            "B2 is the first of percentages that make 90, not 100. "
            "Give percent of everybody in the table, or head them as weight.",
        ),
        (
            "Age;women;men\n18-24;40%;60%\n25+;50%;50%",
            "B2 is the first of percentages that make 200, not 100. "
            "Give percent of everybody in the table, or head them as weight.",
        ),
        ("Age;n\n18-24;0\n25+;0", "B2 and all the others say 0. Give somebody a number."),
        ("Age;n\nTotal;5\n;5", "B2 has no answer beside it. Write which it is."),
        ("Age;n\n18-24;-1\n25+;2", "B2 says -1, below nobody. Write 0 or more."),
        ("Age;n\n18-24;#REF!\n25+;#REF!", "B2 holds the error #REF!. Correct its formula."),
        (
            "Age;n\n18-24;1\n25+;2\n\nAlter;n\n18-49;1\n50+;2",
            "B6 begins a second table of 'Alter'; the first begins at sheet 'pasted text', "
            "cell B2. Keep one of them, or read one sheet with sheet=….",
        ),
    ],
)
def test_what_is_refused_at_its_cell(text, said):
    assert message(text) == f"Sheet 'pasted text', cell {said}"


def test_dates_that_were_labels():
    from datetime import datetime

    rows = [["Age", "n"], [datetime(2026, 12, 10), 5], ["13-17", 6]]
    assert message(workbook({"Quoten": rows})) == (
        "Sheet 'Quoten', cell A2 holds 2026-12-10 00:00:00, which spreadsheets make of labels "
        "such as 10-12. Format the column as text and write the label again."
    )


def test_formulas_that_no_spreadsheet_worked_out():
    rows = [["Age", "n"], ["18-24", 5], ["25+", 6], ["Total", "=SUM(B2:B3)"]]
    table = only(workbook({"Quoten": rows}))
    assert (cells(table), table.total) == ({"18-24": 5, "25+": 6}, None)
    rows[2][1] = "=11-B2"
    assert message(workbook({"Quoten": rows})) == (
        "Sheet 'Quoten', cell B3 holds a formula whose result was never saved. "
        "Open the file in a spreadsheet, save it, and read it again."
    )


BOOK = {
    "Read me": [["How to use this file"]],
    "Gender": [["", "n"], ["women", 51], ["men", 49]],
    "Region": [["Code", "n"], [1, 60], [2, 40]],
}


def test_several_sheets():
    gender, region = read_tables(workbook(BOOK), questions=REGIONS)
    assert (gender.sheet, gender.keys, cells(gender)) == (
        "Gender",
        ("gender",),
        {"women": 51, "men": 49},
    )
    assert (region.sheet, region.keys, cells(region)) == ("Region", ("Region",), {"1": 60, "2": 40})
    assert only(workbook(BOOK), sheet=" region ") == region


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        ("Age", "There is no sheet 'Age'. The sheets are 'Read me', 'Gender', 'Region'."),
        (
            "Read me",
            "No table was found. A table has answers, and numbers beside or below them.",
        ),
    ],
)
def test_a_sheet_that_is_none(sheet, said):
    assert message(workbook(BOOK), sheet=sheet) == said


def test_the_same_question_on_two_sheets():
    rows = [["Gender", "n"], ["women", 51], ["men", 49]]
    assert message(workbook({"Wave 1": rows, "Wave 2": rows})) == (
        "Sheet 'Wave 2', cell B2 begins a second table of 'Gender'; the first begins at sheet "
        "'Wave 1', cell B2. Keep one of them, or read one sheet with sheet=…."
    )
    assert only(workbook({"Wave 1": rows, "Wave 2": rows}), sheet="Wave 2").sheet == "Wave 2"


def test_the_clipboard():
    table = only("clipboard", clipboard=lambda: "Gender\tn\nwomen\t51\nmen\t49\n")
    assert (table.sheet, cells(table)) == ("clipboard", {"women": 51, "men": 49})


def test_the_kit_s_own_frame_as_csv():
    text = (
        "profile,target,conditions,percent,completes\n"
        "gender,women,gender (43): female (2),51.0,204\n"
        "gender,men,gender (43): male (1),49.0,196\n"
        "age,18-34,age (42): 18 to 34,29.0,116\n"
        "age,35-74,age (42): 35 to 74,71.0,284\n"
    )
    gender, age = read_tables(text)
    assert (gender.keys, cells(gender)) == (("gender",), {"women": 204, "men": 196})
    assert (age.keys, cells(age), age.unit) == (("age",), {"18-34": 116, "35-74": 284}, "completes")


people = st.integers(0, 9_999_999)
bands = st.sets(st.integers(1, 98), min_size=1, max_size=8).map(
    lambda ends: [
        band_text(low + 1, high)
        for low, high in zip([0, *sorted(ends)], [*sorted(ends), 99], strict=True)
    ]
)
styles = st.sampled_from([("", ";"), (".", ";"), (",", "\t"), (" ", "|"), ("'", ",")])


def written(number, thousands):
    return f"{number:,}".replace(",", thousands)


@given(bands, st.data(), styles)
@settings(deadline=None)
def test_a_list_comes_back_exactly(labels, data, style):
    thousands, delimiter = style
    numbers = data.draw(st.lists(people, min_size=len(labels), max_size=len(labels)).filter(any))
    rows = [["Age", "n"], *zip(labels, numbers, strict=True), ["Total", sum(numbers)]]
    lines = [
        delimiter.join(cell if isinstance(cell, str) else written(cell, thousands) for cell in row)
        for row in rows
    ]
    for table in (only("\n".join(lines) + "\n"), only(workbook({"Quotas": rows}))):
        assert cells(table) == dict(zip(labels, numbers, strict=True))
        assert (table.total, table.unit) == (sum(numbers), "completes")


@given(bands, st.data(), st.integers(-5, 5))
@settings(deadline=None)
def test_a_matrix_comes_back_exactly_or_its_totals_are_off(labels, data, off):
    pairs = st.lists(st.tuples(people, people), min_size=len(labels), max_size=len(labels))
    numbers = data.draw(pairs.filter(lambda pairs: any(map(any, pairs))))
    women, men = map(sum, zip(*numbers, strict=True))
    rows = [[label, *pair, sum(pair)] for label, pair in zip(labels, numbers, strict=True)]
    rows = [["Age", "women", "men", "Total"], *rows, ["Total", women, men, women + men + off]]
    text = "\n".join(";".join(map(str, row)) for row in rows)
    if off and women + men + off >= 0:
        where = f"cell D{len(labels) + 2} says {women + men + off:,}"
        assert message(text).startswith(f"Sheet 'pasted text', {where}")
    elif not off:
        table = only(text)
        assert table.total == women + men
        assert [row.number for row in table.rows] == [n for pair in numbers for n in pair]
