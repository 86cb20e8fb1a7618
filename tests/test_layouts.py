"Layouts: where lists, stacks and matrices have their questions, answers and numbers."

import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.codebook import Codebook
from target_group_kit.views.layouts import Layout, find_layouts
from target_group_kit.views.worksheets import read_grids

REGIONS = {"region": (96, {"North": "1", "South": "2"})}


def layouts(text):
    (grid,) = read_grids(text)
    return find_layouts(grid, Codebook(REGIONS))


def layout(text):
    (found,) = layouts(text)
    return found


def test_a_list():
    assert layout("Title\n\nAge;n\n18-24;1\n\n25+;2") == Layout(
        labels=((0, "Age"),), levels=(), numbers=(1,), body=(3, 5), kind="completes"
    )


def test_a_matrix():
    text = "Quotas in %;;\n;Gender;\nAge;women;men\n18-24;1;2\n25+;3;4"
    assert layout(text) == Layout(
        labels=((0, "Age"),), levels=((2, "Gender"),), numbers=(1, 2), body=(3, 4), kind=None
    )


def test_a_stack_hands_its_heads_down():
    text = (
        ";n;%;Actual\nGender;;;\nmen;1;50 %;0\nwomen;1;50 %;0\nAge;;;\n18-24;1;50 %;0\n25+;1;50 %;0"
    )
    unread = ("Column C isn't read.", "Column D isn't read.")
    assert layouts(text) == [
        Layout(((0, "Gender"),), (), (1,), (2, 3), "completes", unread),
        Layout(((0, "Age"),), (), (1,), (5, 6), "completes", unread),
    ]


def test_a_section_may_begin_with_its_total():
    text = "Gender;n\nBase;2\nmen;1\nwomen;1\nAge;\nBase;3\n18-24;1\n25+;2\n* all adults;\nTotal;5"
    assert [found.body for found in layouts(text)] == [(1, 2, 3), (5, 6, 7)]


def test_a_section_s_own_number_is_a_row():
    text = "Gender;1000\nmen;490\nwomen;510\nAge;1000\n18-49;400\n50+;600"
    assert [(found.labels, found.body) for found in layouts(text)] == [
        (((0, "Gender"),), (0, 1, 2)),
        (((0, "Age"),), (3, 4, 5)),
    ]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Gender;n;;Age;n\nmen;1;;18-24;3\nwomen;2;;25+;4", [((0,), (1,)), ((3,), (4,))]),
        ("Age;;n\n18-24;;3\n25+;;4", [((0,), (2,))]),
        (";Age;;n\n;18-24;;3\n;25+;;4", [((1,), (3,))]),
        ("Age;;women;men\n18-24;;3;4\n25+;;5;6", [((0,), (2, 3))]),
    ],
)
def test_empty_columns_part_tables_or_nothing(text, columns):
    found = [(tuple(c for c, _ in one.labels), one.numbers) for one in layouts(text)]
    assert found == columns


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Age;n\n18-24;1\n25+;2", ["Age"]),
        ("age (42);n\n18-24;1\n25+;2", ["age (42)"]),
        ("Age\nBand;n\n18-24;1\n25+;2", ["Age"]),
        ("Quotas 2026\n18-24;1\n25+;2", ["age"]),
        ("18-24;1\n25+;2", ["age"]),
        ("North;1\nSouth;2", ["region"]),
        ("Gender;Age;n\nmen;18-24;1\n;25+;2", ["Gender", "Age"]),
        ("men;18-24;1\n;25+;2", ["gender", "age"]),
        ("Age \\ Gender;men;women\n18-24;1;2\n25+;3;4", ["Age", "Gender"]),
        ("Alter nach Geschlecht;m;w\n18-24;1;2\n25+;3;4", ["Alter", "Geschlecht"]),
        ("Age / region;1;2\n18-24;1;2\n25+;3;4", ["Age", "region"]),
        (";men;women\n18-24;1;2\n25+;3;4", ["age", "gender"]),
        (";men;;women;\n;North;South;North;South\n18-24;1;2;3;4", ["age", "gender", "region"]),
        ("Age;women\n18-24;1\n25+;2", ["Age", "gender"]),
        ("Gender;men;women\nn;1;2", ["gender"]),
        ("question;answer;n\nage;18;1\nage;19;2", ["age"]),
        ("Age;18-24;1\n;25+;2", ["Age"]),
    ],
)
def test_questions_are_named_or_told_by_their_answers(text, asked):
    found = [name for one in layouts(text) for _, name in (*one.labels, *one.levels)]
    assert found == asked


def test_a_sheet_s_name_may_name_the_question(tmp_path):
    path = tmp_path / "region"
    path.write_text("Code;n\n1;5\n2;6\n")
    (grid,) = read_grids(path)
    assert find_layouts(grid, Codebook(REGIONS))[0].labels == ((0, "region"),)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("Completes;1000\n\nAge;n\n18-24;1\n25+;2", ("Row 1 isn't read.",)),
        ("Wave;7\n\nAge;n\n18-24;1\n25+;2", ("Row 1 isn't read.",)),
        ("n;10\nBase;10\nAge;n\n18-24;1\n25+;2", ("Row 1 isn't read.", "Row 2 isn't read.")),
        (
            "No;Age;n;Comment\n1;18-24;1;x\n2;25+;2;",
            ("Column A isn't read.", "Column D isn't read."),
        ),
        ("Gender;men;women\n%;50%;50%\nn;5;5", ("Row 2 isn't read.",)),
        ("Age;n\n18-24;1\n25+;2\nSource: client", ()),
        ("Age;n\n18-24;1\n25+;2\n\nthe end", ()),
        ("Age;n\n18-24;1\n25+;2\nTotal;3\nfinal", ()),
        ("Gender\nBase: all\nmen;1\nwomen;2", ()),
    ],
)
def test_what_is_not_read_is_noted(text, notes):
    assert layout(text).notes == notes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Age;n",
        "hello\nworld",
        "Total;5\nn;6\n",
        "Wave;7\n",
        "question;answer;n\nTotal;;1\nTotal;;2",
    ],
)
def test_where_there_is_no_table(text):
    assert layouts(f"{text}\n") == []


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Age;n\n18-24;\n25+;2", (1, 2)),
        ("Age;n\n18-24;tbd\n25+;2", (1, 2)),
        ("Age;n\n18-24;1\n25-34;\n35+;2", (1, 2, 3)),
        ("Age;n\n18-24;1\n25-34;tbd\n35+;2", (1, 2, 3)),
        ("Age;n\n18-24;1\n25+;", (1, 2)),
        ("Age;n\n18-24;1\nTotal;\n\nnote", (1, 2)),
        ("region;n\nNorth;1\nSuoth;", (1, 2)),
        ("region;n\nNroth;\nSouth;1", (1, 2)),
        ("Gender;n\nmen;1\nwomen;\n", (1, 2)),
        ("region;n\nNorth;1\nSuoth;\nTotal;3", (1, 2, 3)),
        ("region;n\nNorth;1\nSuoth;tbd\n\nTotal;3", (1, 2, 4)),
    ],
)
def test_an_answer_without_a_number_stays_to_be_refused(text, rows):
    assert layout(text).body == rows


REGION = 'Say its number in the library, like questions={"Country": 96}.'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Country;n\nDE;1\nFR;2",
            f"A1 can't be read: 'Country' isn't a question that the kit knows. {REGION}",
        ),
        (
            "Age;n\n18-24;1\n25+;2\nCountry\nDE;1\nFR;2",
            f"A4 can't be read: 'Country' isn't a question that the kit knows. {REGION}",
        ),
        (
            "question;answer;n\nCountry;DE;1\nCountry;FR;2",
            f"A2 can't be read: 'Country' isn't a question that the kit knows. {REGION}",
        ),
        (
            "DE;1\nFR;2",
            "A1 can't be read: 'DE' isn't a question that the kit knows. "
            'Say its number in the library, like questions={"DE": 96}.',
        ),
        (
            "Gender;Age;foo;5\nGender;Age;bar;6",
            "A1 should be an answer. Write the question above its answers.",
        ),
        ("question;answer;n\n;18-24;1\nage;25+;2", "A2 is empty. Write which question it is."),
        (
            "Age;n;count\n18-24;1;2",
            "C2 has a number, and so has B2. "
            "Keep one of the columns, or head them differently, like n and %.",
        ),
        (
            "18-24;1;2\n25+;3;4",
            "C1 has a number, and so has B1. "
            "Keep one of the columns, or head them differently, like n and %.",
        ),
        (
            "Age;DE;FR\n18-24;1;2\n25+;3;4",
            "B1 says 'DE', which is neither an answer that the kit knows nor n or %. "
            "Write the name of the question above it.",
        ),
        (
            "Age;women;Martians\n18-24;1;2\n25+;3;4",
            "C1 says 'Martians', which is neither an answer that the kit knows nor n or %. "
            "Write the name of the question above it.",
        ),
        ("Age,%\n18-24,12,5\n25+,87,5", "C2 has no head above it. Head the column or clear it."),
        (
            "Gender;men;women\nn;1;2\ncompletes;1;2",
            "A3 begins a row like A2. "
            "Keep one of the rows, or call them differently, like n and %.",
        ),
        (
            "Age;Comment\n18-24;x\n25-34;5\n35+;y\n36-40;z",
            "B3 stands among words. Give the numbers a column of their own.",
        ),
    ],
)
def test_what_is_refused_at_its_cell(text, said):
    with pytest.raises(InvalidPlan) as refused:
        layouts(text)
    assert str(refused.value) == f"Sheet 'pasted text', cell {said}"
