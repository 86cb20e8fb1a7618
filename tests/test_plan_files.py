"Plans in files: which kind is which, CSV without loss of labels, and what spreadsheets do to CSV."

import csv
import io
import json

import openpyxl
import pytest
from examples import times
from hypothesis import assume, given
from hypothesis import strategies as st
from quota_plans import plans

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.sampling.records import write_record
from target_group_kit.views.plan_files import csv_text, plan_of_csv, read_plan, write_plan
from target_group_kit.views.sign_off import read_sign_off

many = times(2000, quick=300)


def plan():
    return (
        QuotaPlan(1000)
        .margin("gender", 43, {"women": ("2", 507), "=men": ("1", 493)})
        .margin("région", 96, {"“north”, or so": (["1", "3"], 3), "south": ("2", 7)})
    )


TEXT = (
    "profile,target,conditions,percent,completes\r\n"
    "gender,women,gender (43): female (2),50.70,507\r\n"
    "gender,'=men,gender (43): male (1),49.30,493\r\n"
    'région,"“north”, or so",state (96): 1 or 3,30.00,300\r\n'
    "région,south,state (96): 2,70.00,700\r\n"
)


def test_the_whole_csv_of_a_plan():
    assert csv_text(plan()) == TEXT
    assert plan_of_csv(TEXT).rows() == plan().rows()


def said(plan):
    return [(row.target, row.conditions, row.completes) for row in plan.rows()]


@many
@given(plans(populated=False))
def test_csv_loses_no_label_condition_or_number(plan):
    try:
        rows = said(plan)
    except InvalidPlan:
        assume(False)
    assume(rows)
    assert said(plan_of_csv(csv_text(plan), plan.completes)) == rows


@given(st.text(st.sampled_from("=+-@'\t\r\n\0\", \\a"), min_size=1, max_size=6).filter(str.strip))
def test_no_text_is_a_formula_in_csv_and_all_come_back(label):
    one = QuotaPlan(3).margin(label, 43, {label: ("1", 1)})
    text = csv_text(one)
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert plan_of_csv(text) == one.with_weights(label, {label: 3})


def test_csv_as_a_german_excel_saves_it():
    german = TEXT.replace(",", ";").replace("“north”; or so", "north").replace("50.70", "50,7")
    german = german.replace('"', "") + ";;;;\r\n"
    back = read_plan(german.encode("cp1252"))
    assert said(back)[:2] == said(plan())[:2]
    assert [margin.labels for margin in back.margins] == [("women", "=men"), ("north", "south")]


def test_percentages_alone_need_a_goal():
    alone = "profile;target;conditions;percent\nage;young;age (42): 18 to 34;29,5\n"
    alone += "age;old;age (42): 35 to 99;70,5\n"
    assert [row.completes for row in plan_of_csv(alone, 200).rows()] == [59, 141]
    with pytest.raises(InvalidPlan) as told:
        plan_of_csv(alone)
    assert str(told.value) == ("The frame says no number of people. Say how many: completes=1000.")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("507", "many"), "Row 2, completes says 'many', not a whole number."),
        (("493", "49.3"), "Row 3, completes says '49.3', not a whole number."),
        (("30.00", "third"), "Row 4, percent says 'third', not a number."),
        (("south,state", "south,x,y,z,state"), "The CSV can't be read: Error tokenizing data. "
         "C error: Expected 5 fields in line 5, saw 8\n"),
        (("state (96): 2", "elsewhere"), "'elsewhere' doesn't say question and answer. "
         "Write it like 'age (42): 18 to 24' or 'question 157: 3'."),
    ],
)  # fmt: skip
def test_what_is_wrong_in_csv_is_told(change, told):
    with pytest.raises(InvalidPlan) as problem:
        read_plan(TEXT.replace(*change).encode())
    assert str(problem.value) == told


def test_each_ending_is_its_own_kind_of_file(tmp_path):
    for name in ("a.xlsx", "a.csv", "a.json", "B.JSON"):
        write_plan(plan(), tmp_path / name, title="Tea")
    assert read_plan(tmp_path / "a.xlsx") == read_plan(str(tmp_path / "B.JSON")) == plan()
    assert read_plan(tmp_path / "a.csv").rows() == plan().rows()
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + TEXT.encode()
    assert json.loads((tmp_path / "a.json").read_text()) == write_record(plan())
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["Quotas"]["A1"].value == "Tea"
    write_plan(plan(), file := io.BytesIO())
    assert read_sign_off(file).plan == read_plan(file.getvalue()) == plan()


def test_a_goal_that_is_said_scales_what_was_kept(tmp_path):
    write_plan(plan(), tmp_path / "a.json")
    assert read_plan(tmp_path / "a.json", 200) == plan().scaled(200)
    assert read_plan(tmp_path / "a.json", 1000) == plan()


def test_files_that_cannot_be_written_are_told(tmp_path):
    kinds = ".xlsx for Excel, .csv for a table or .json for the whole record"
    with pytest.raises(InvalidPlan) as told:
        write_plan(plan(), "quotas.pdf")
    ends = f"'quotas.pdf' ends in no kind of file that a plan can be. Use {kinds}."
    assert str(told.value) == ends
    for name in ("a.xlsx", "a.csv", "a.json"):
        path = tmp_path / "nowhere" / name
        with pytest.raises(InvalidPlan) as told:
            write_plan(plan(), path)
        fix = "Close it where it is open, or choose another place."
        assert (
            str(told.value) == f"{str(path)!r} can't be written: No such file or directory. {fix}"
        )


def test_a_clients_plain_table_is_read(tmp_path):
    book = openpyxl.Workbook()
    for row in [("gender", "percent"), ("women", 51), ("men", 49)]:
        book.active.append(row)
    book.save(tmp_path / "client.xlsx")
    (tmp_path / "client.csv").write_text("gender;percent\nwomen;51\nmen;49\n")
    for name in ("client.xlsx", "client.csv"):
        read = read_plan(tmp_path / name, 200)
        assert read["gender"].completes(200) == (102, 98)
        sheet = ". Sheet 'Sheet'" if name.endswith("xlsx") else "'"
        assert (
            read["gender"].source == f"{'' if sheet[0] == '.' else 'Sheet ' + sheet}{name}{sheet}"
        )


def test_json_that_breaks_off_and_files_that_are_no_table_are_told(tmp_path):
    with pytest.raises(InvalidPlan) as told:
        read_plan(b'{"format": 1,')
    assert str(told.value).startswith("The JSON breaks at line 1, column ")
    (tmp_path / "a.xlsx").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(InvalidPlan) as told:
        read_plan(tmp_path / "a.xlsx", 10)
    assert str(told.value) == "a.xlsx is damaged or cut short. Ask for it again."
