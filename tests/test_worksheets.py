"Grids: every kind of file that clients send, into cells with addresses, or refused by name."

import io
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.views.worksheets import Grid, plain_number, read_grids

SAVE = "Save the table as .xlsx or .csv and read that."
ROWS = (("Âge", "n"), ("18–24", "120"))


def unchanged(book):
    pass


def workbook(change, *rows):
    "The bytes of an Excel file with these rows, after a change."
    book = openpyxl.Workbook()
    book.active.title = "Quoten"
    for row in rows:
        book.active.append(row)
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def zipped(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as parts:
        for name in names:
            parts.writestr(name, "x")
    return file.getvalue()


def only(source, **options):
    (grid,) = read_grids(source, **options)
    return grid


def message(source, **options):
    with pytest.raises(InvalidPlan) as refused:
        read_grids(source, **options)
    return str(refused.value)


@given(st.integers(0, 16_383), st.integers(0, 1_048_575))
def test_addresses_are_those_of_spreadsheets(column, row):
    assert Grid("x", ()).address((row, column)) == f"{get_column_letter(column + 1)}{row + 1}"


@pytest.mark.parametrize("delimiter", list(",;\t|"))
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_form(delimiter, end, encoding):
    text = f"Âge{delimiter}n{end}18–24{delimiter}120{end}"
    assert only(text.encode(encoding)) == Grid("The file", ROWS)


def test_a_file_a_text_and_the_clipboard_are_the_same(tmp_path):
    text = "Âge\tn\n18–24\t120\n"
    path = tmp_path / "quotas.csv"
    path.write_text(text, encoding="utf-8")
    assert only(path) == only(str(path)) == Grid("quotas.csv", ROWS)
    assert only(text) == Grid("pasted text", ROWS)
    assert only("clipboard", clipboard=lambda: text) == Grid("clipboard", ROWS)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("sep=,\na;b,c\n", (("a;b", "c"),)),
        ("a;1,5\nb;2,5\n", (("a", "1,5"), ("b", "2,5"))),
        ("title\n\na;1\nb;2\n", (("title", None), (None, None), ("a", "1"), ("b", "2"))),
        ('"a\nb";"c ""d"""\n', (("a b", 'c "d"'),)),
        ("a;b;;\n;;;\n", (("a", "b"),)),
        (" a \u00a0b\u200b;\ufeff1\u202f000\n", (("a b", "1 000"),)),
        ("a\x0bb;c\n1;2", (("a b", "c"), ("1", "2"))),
        ("one\ntwo", (("one",), ("two",))),
        ("\n\t\n", ()),
    ],
)
def test_texts_that_need_care(text, rows):
    assert only(text).rows == rows


def test_excel_values_are_exact():
    day = datetime(2026, 12, 10)
    grid = only(
        workbook(
            unchanged,
            ["text ", 490, 490.0, 0.1 + 0.2, 1 / 3],
            [True, None, day, time(8, 30), " "],
        )
    )
    third = Decimal("0.333333333333333")
    assert grid.rows == (
        ("text", 490, 490, Decimal("0.3"), third),
        ("TRUE", None, day, time(8, 30), None),
    )
    assert [type(value) for value in grid.rows[0]] == [str, int, int, Decimal, Decimal]


@pytest.mark.parametrize(
    ("number_format", "value", "percent"),
    [
        ("0%", 49, True),
        ("0.00%", 49, True),
        ("#,##0.0 %;[Red]-0.0 %", 49, True),
        ('0.00"%"', Decimal("0.49"), True),
        (r"0.00\%", Decimal("0.49"), True),
        ("0.00", Decimal("0.49"), False),
        ("General", Decimal("0.49"), False),
    ],
)
def test_percent_formats(number_format, value, percent):
    def change(book):
        book.active["B1"].number_format = number_format

    grid = only(workbook(change, ["women", 0.49]))
    assert grid.at((0, 1)) == value
    assert grid.percent == ({(0, 1)} if percent else set())


def test_merged_cells_are_filled():
    def change(book):
        book.active.merge_cells("A1:B2")
        book.active.merge_cells("C1:D1")

    grid = only(workbook(change, ["a", None, "c"], [None, None, 1]))
    assert grid.rows == (("a", "a", "c", "c"), ("a", "a", 1, None))
    assert grid.filled == {(0, 1), (1, 0), (1, 1), (0, 3)}


def test_formulas_without_a_result_are_known():
    grid = only(workbook(unchanged, ["a", 1], ["b", "=B1+1"], ["c", None]))
    assert grid.unsaved == {(1, 1)}
    assert grid.rows == (("a", 1), ("b", None), ("c", None))


def test_formulas_with_a_result_are_values():
    data = workbook(unchanged, ["a", 1], ["b", "=B1+1"])
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(saved, "w") as new:
        for part in old.namelist():
            text = old.read(part).replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>")
            new.writestr(part, text)
    grid = only(saved.getvalue())
    assert (grid.rows, grid.unsaved) == ((("a", 1), ("b", 2)), set())


def test_visible_sheets_in_their_order():
    def change(book):
        book.create_sheet("Hidden").sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("Älter").append([1])

    grids = read_grids(workbook(change, ["a"]))
    assert [(grid.sheet, grid.rows) for grid in grids] == [
        ("Quoten", (("a",),)),
        ("Empty", ()),
        ("Älter", ((1,),)),
    ]


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty. Ask for it again."),
        (b" \r\n", "is empty. Ask for it again."),
        (b"%PDF-1.7 \x00", f"is a PDF. {SAVE}"),
        (b"\x89PNG\r\n", f"is a picture. {SAVE}"),
        (b"\xff\xd8\xff\xe0", f"is a picture. {SAVE}"),
        (b"{\\rtf1", f"is a text document. {SAVE}"),
        (b"PAR1\x15", f"is a Parquet file. {SAVE}"),
        (b"\xef\xbb\xbf <!DOCTYPE html>", f"is a web page or XML. {SAVE}"),
        (b"<table>", f"is a web page or XML. {SAVE}"),
        (b"<?xml version", f"is a web page or XML. {SAVE}"),
        (OLE + b"Workbook", f"is an old Excel file (.xls). {SAVE}"),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "is locked with a password. Save a copy without one.",
        ),
        (b"PK\x03\x04 cut", "is damaged or cut short. Ask for it again."),
        (zipped("a.csv"), f"is a zip archive. {SAVE}"),
        (zipped("word/document.xml"), f"is a Word document. {SAVE}"),
        (zipped("xl/workbook.bin"), f"is an Excel file of the binary kind (.xlsb). {SAVE}"),
        (zipped("mimetype", "content.xml"), f"is an OpenDocument file. {SAVE}"),
        (
            zipped("xl/workbook.xml"),
            "is damaged (KeyError). Open it in Excel and save it anew.",
        ),
        (b"a\x00b\x01", f"is neither a text nor an Excel sheet. {SAVE}"),
        (b"\xff\xfea", f"is neither a text nor an Excel sheet. {SAVE}"),
        (b"\x81\x8d", f"is neither a text nor an Excel sheet. {SAVE}"),
    ],
)
def test_what_holds_no_cells_is_refused_by_its_name(data, said, tmp_path):
    path = tmp_path / "quotas.xlsx"
    path.write_bytes(data)
    assert message(path) == f"quotas.xlsx {said}"


def test_a_cell_that_begins_like_a_tag_is_none():
    assert only(b"<25;1\n25+;2\n").rows == (("<25", "1"), ("25+", "2"))


def test_a_sheet_that_is_far_too_large_is_refused():
    def change(book):
        book.active["XFD1048576"] = 1

    assert message(workbook(change)) == (
        "Sheet 'Quoten' of The file has 1,048,576 rows and 16,384 columns. "
        "Copy the table to a sheet of its own."
    )


def test_a_field_without_end_is_refused():
    said = message('a;b\n"' + "x" * 200_000)
    assert said.startswith("pasted text can't be read as CSV: field larger than field limit")


def broken():
    raise RuntimeError("no display")


@pytest.mark.parametrize(
    ("clipboard", "said"),
    [
        (lambda: " \n", "The clipboard holds no text. Copy the cells first."),
        (
            broken,
            "There is no clipboard to read here (RuntimeError). "
            'Paste the cells between triple quotes instead: """…""".',
        ),
    ],
)
def test_a_clipboard_without_cells(clipboard, said):
    assert message("clipboard", clipboard=clipboard) == said


def test_what_is_no_source():
    assert message("no such file.csv") == (
        "There is no file 'no such file.csv'. Check the name and folder."
    )
    assert message(5) == (
        "A table can't be read from 5. Give the name of a file, or the table as text."
    )
    assert message("a\0b").startswith("The file 'a\\x00b' can't be read: ")


def test_a_folder_is_no_file(tmp_path):
    assert message(tmp_path).startswith(f"The file {str(tmp_path)!r} can't be read: ")


def test_labels_are_words():
    grid = Grid("Quoten", (("18-24", 25, Decimal("1.5"), None, date(2026, 12, 10)),))
    assert [grid.text((0, column)) for column in range(4)] == ["18-24", "25", "1.5", ""]
    with pytest.raises(InvalidPlan) as refused:
        grid.text((0, 4))
    assert str(refused.value) == (
        "Sheet 'Quoten', cell E1 holds 2026-12-10, which spreadsheets make of labels such as "
        "10-12. Format the column as text and write the label again."
    )


@given(st.decimals(-(10**9), 10**9, places=3))
def test_a_plain_number_is_the_same_number(exact):
    assert plain_number(exact) == exact
    assert isinstance(plain_number(exact), int) == (exact % 1 == 0)
