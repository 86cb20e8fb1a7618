"A plan's parts as rows, compared, as text, and as the Python that makes them."

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.profiling import RegularProfile, SelectionCondition, Target
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.listing import changes, listed, part_python, part_text
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.profiles import Row

GENDER = Margin("gender", 43, (Cell("women", "2", 51), Cell("men", "1", 49)))
AGE = Margin("age", 42, (Cell("18-34", (18, 34), 30), Cell("35-99", (35, 99), 70)))
REGION = Margin("region", 96, (Cell("north", "1", 1), Cell("south", "2", 3)))
COLUMNS = ["profile", "target", "conditions", "percent", "completes"]
SIDES = [f"{name}_{side}" for name in COLUMNS[2:] for side in ("before", "after")]


def test_rows_as_a_frame_keep_their_kinds_where_some_are_missing():
    frame = listed([Row("p", "a", "c", 12.5, 3), Row("p", "b", "c", None, None)], COLUMNS)
    assert [str(kind) for kind in frame.dtypes] == ["str", "str", "str", "Float64", "Int64"]
    assert frame["completes"].tolist() == [3, pd.NA]
    assert frame["percent"].tolist() == [12.5, pd.NA]
    assert [str(kind) for kind in listed([], ["completes_a", "x"]).dtypes] == ["Int64", "str"]


def test_changes_between_rows():
    same, was, now = (
        Row("p", "s", "c", 1.0, 1),
        Row("p", "a", "c", 1.0, 1),
        Row("p", "a", "d", 2.0, 2),
    )
    frame = changes(
        [same, was, Row("p", "b", "c", None, None)], [same, now, Row("q", "n", "c", 5.0, 5)]
    )
    assert list(frame.columns) == ["profile", "target", "change", *SIDES]
    assert frame.fillna(-1).to_numpy().tolist() == [
        ["p", "a", "changed", "c", "d", 1.0, 2.0, 1, 2],
        ["p", "b", "removed", "c", "", -1, -1, -1, -1],
        ["q", "n", "added", "", "c", -1, 5.0, -1, 5],
    ]


ROWS = st.lists(
    st.builds(
        Row,
        st.sampled_from("pq"),
        st.sampled_from("ab"),
        st.sampled_from("cd"),
        st.sampled_from([None, 1.0]),
        st.sampled_from([None, 1]),
    ),
    max_size=6,
)


@settings(max_examples=200, deadline=None)
@given(ROWS, ROWS)
def test_changes_are_nothing_or_tell_both_ways(before, after):
    there, back = changes(before, after), changes(after, before)
    assert changes(before, before).empty
    other = {"added": "removed", "removed": "added", "changed": "changed"}
    turned = [other[change] for change in there["change"]]
    keys = ["profile", "target"]
    pairs = sorted(zip(*(there[k] for k in keys), turned, strict=True))
    assert pairs == sorted(zip(*(back[k] for k in keys), back["change"], strict=True))
    gone = (there["change"] == "removed").sum() - (there["change"] == "added").sum()
    assert len(before) - len(after) == gone


def rows(*targets, name="gender"):
    return [Row(name, *row) for row in targets]


def test_a_part_as_text():
    said = rows(("women", "", 51.0, 5100), ("men, at last", "", 49.0, 4900))
    assert part_text(GENDER, said) == (
        "  gender, question 43\n"
        "    women          51.00 %    5,100\n"
        "    men, at last   49.00 %    4,900"
    )
    assert part_text(GENDER, said, most=1) == (
        "  gender, question 43\n    women   51.00 %    5,100\n    … and 1 more"
    )
    crossed = Interlock("x", (GENDER, AGE, REGION), zeros=((0, 0, 0), (0, 0, 1)))
    assert part_text(crossed, said).splitlines()[0] == (
        "  gender, interlock of 2 × 2 × 2 cells, 2 impossible"
    )
    crossed = Interlock("x", (GENDER, AGE))
    assert part_text(crossed, said).splitlines()[0] == "  gender, interlock of 2 × 2 cells"
    caps = Control("c", (Cap("c", (("a", ("b",)), ("d", ("e",))), Fraction(1, 8)),))
    assert part_text(caps, said).splitlines()[0] == "  gender, caps"
    screen = RegularProfile(
        quotas_enabled=False,
        targets=(Target(conditions=(SelectionCondition(question_id=7, option="1"),)),),
    )
    assert part_text(screen, rows(("north", "", None, None))) == "  gender, as it came\n    north"


def code(part, goal=100):
    return "\n".join(part_python(part, goal))


def test_a_margin_as_python():
    margin = Margin("gender", 43, GENDER.cells, source='a "census"\n')
    assert code(margin) == (
        '.margin("gender", 43, {\n'
        '        "women": ("2", 51),\n'
        '        "men": ("1", 49),\n'
        "    }, source='a \"census\"\\n')"
    )
    locked = GENDER.with_locks(["men"])
    assert code(locked).splitlines()[-1] == '.lock("gender", "men", completes=49)'


def test_an_interlock_as_python():
    assert list(part_python(Interlock("gender × age", (GENDER, AGE)), 100))[2:] == [
        '.interlock("gender", "age")'
    ]
    full = Interlock(
        "own",
        (GENDER, AGE, REGION),
        seed=(1, 2, 3, 4, 5, 6, 7, 8.5),
        zeros=((0, 0, 1),),
        labels=tuple("abcdefg"),
        locked=(((0, 0, 0), Fraction(3, 100)),),
        source="wave 1",
    )
    *_, crossed, lock = part_python(full, 100)
    assert " ".join(crossed.split()) == (
        '.interlock("gender", "age", "region", name="own", '
        "seed=[[[1, 2], [3, 4]], [[5, 6], [7, 8.5]]], "
        'zeros=[("women", "18-34", "south")], labels=["a", "b", "c", "d", "e", "f", "g"], '
        'source="wave 1")'
    )
    assert lock == '.lock("own", ("women", "18-34", "north"), completes=3)'


@pytest.mark.parametrize(
    ("share", "number"),
    [
        (Fraction(1, 8), '"12.50 %"'),
        (Fraction(2, 25), "8"),
        (Fraction(0), "0"),
        (Fraction(1), "100"),
        (Fraction(1, 7), '"1/7"'),
        (Fraction(1234, 10_000), '"12.34 %"'),
        (Fraction(12345, 100_000), '"2469/20000"'),
    ],
)
def test_a_cap_as_python(share, number):
    caps = Control("c", (Cap("most", (("gender", ("men",)), ("age", ("18-34", "35-99"))), share),))
    where = '{"gender": "men", "age": ["18-34", "35-99"]}'
    assert code(caps) == f'.control("c", {{\n        "most": ({where}, {number}),\n    }})'
