"Numbers by question, from frames and respondents as people have them."

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.codebook import Codebook
from target_group_kit.sampling.counts import (
    Counts,
    column_texts,
    counted,
    read_frame,
    read_respondents,
)

BOOK = Codebook({"region": (96, {"north": "1", "south": "2"})})
TWO = ("women", "men")


def by_gender(*numbers, unit="completes", source=""):
    return Counts(("gender",), (TWO,), numbers, unit, source)


def test_counts_by_place_and_by_question():
    counts = Counts(("a", "b"), (("x", "y"), ("p", "q", "r")), (1, 2, None, 4.5, 0, Fraction(1, 3)))
    assert counts.by_place()[1, 0] == 4.5
    assert counts.by_place()[0, 2] is None
    assert counts.sums(0) == (3, Fraction(29, 6))
    assert counts.sums(1) == (Fraction(11, 2), 2, Fraction(1, 3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Counts((), (), ()),
            "Numbers by no question can't be planned. Give one to three different questions.",
        ),
        (
            lambda: Counts(tuple("abcd"), (("x",),) * 4, (1,)),
            "Numbers by 'a' and 'b' and 'c' and 'd' can't be planned. "
            "Give one to three different questions.",
        ),
        (
            lambda: Counts(("a", "a"), (("x",),) * 2, (1,)),
            "Numbers by 'a' and 'a' can't be planned. Give one to three different questions.",
        ),
        (
            lambda: Counts(("a", "b"), (("x", "y"), ("p",)), (1,)),
            "1 numbers by 'a' and 'b', 2 are needed.",
        ),
        (
            lambda: counted(["a", "b"], [(("x", "p"), 1), (("x", "p"), 2.5)], "weight"),
            "In the numbers by a and b, 'x, p' comes twice, with 1 and 2.5. "
            "Keep one of them, or add them up.",
        ),
        (
            lambda: counted(["a"], [(("x",), -1)], "weight"),
            "The number of 'x' is -1, below 0. Give 0 for nobody, or leave the cell out.",
        ),
    ],
)
def test_what_makes_no_counts_is_refused_in_words(make, message):
    with pytest.raises(InvalidPlan) as refused:
        make()
    assert str(refused.value) == message


@given(
    st.dictionaries(
        st.tuples(st.sampled_from("xyz"), st.sampled_from("pqr")), st.integers(0, 9), min_size=1
    )
)
def test_rows_become_counts_in_the_order_in_which_they_come(given_rows):
    counts = counted(["a", "b"], given_rows.items(), "weight", "here")
    places = {
        (counts.labels[0][i], counts.labels[1][j]): n for (i, j), n in counts.by_place().items()
    }
    assert {who: n for who, n in places.items() if n is not None} == given_rows
    assert counts.labels[0] == tuple(dict.fromkeys(x for x, _ in given_rows))
    assert (counts.unit, counts.source) == ("weight", "here")


LONG = pd.DataFrame(
    {
        "Variable": ["gender", "gender", "age", "age"],
        "Answer": ["women", "men", "18-34", "35+"],
        "n": [51, 49, 30, 70],
    }
)
AGES = Counts(("age",), (("18-34", "35+"),), (30, 70), "completes")


@pytest.mark.parametrize(
    "frame",
    [
        LONG,
        LONG.astype({"Variable": "category", "Answer": "category", "n": "Int64"}),
        LONG.astype({"Variable": "string", "Answer": object, "n": float}),
        LONG.rename(columns={"Variable": "question", "Answer": "label", "n": "Completes"}),
        LONG.assign(percent=0).iloc[:, ::-1],
        LONG.set_axis([7, 7, 7, 7]),
    ],
)
def test_a_frame_long_by_question(frame):
    assert read_frame(frame, BOOK) == (by_gender(51, 49), AGES)
    assert [counts.source for counts in read_frame(frame, BOOK, "here")] == ["here", "here"]


def test_questions_that_are_mixed_are_sorted_out():
    mixed = LONG.iloc[[0, 2, 1, 3]]
    assert read_frame(mixed, BOOK) == (by_gender(51, 49), AGES)


CELLS = pd.DataFrame(
    {
        "gender": ["women", "men", "women"],
        "region": ["north", "south", "south"],
        "percent": [30, 40, 30],
    }
)


def test_a_frame_long_by_answers():
    crossed = Counts(("gender", "region"), (TWO, ("north", "south")), (30, 30, None, 40), "percent")
    assert read_frame(CELLS, BOOK) == (crossed,)
    people = CELLS.rename(columns={"percent": "anything"})
    assert read_frame(people, BOOK)[0].unit == "weight"
    both = CELLS.assign(completes=[3, 4, 3], weight=[1, 1, 1])
    assert read_frame(both, BOOK)[0].numbers == (3, 3, None, 4)
    assert read_frame(both, BOOK)[0].unit == "completes"


def test_whole_numbers_that_gaps_made_floats_are_options_all_the_same():
    frame = pd.DataFrame({"region": [1, 2, None], "n": [4, 6, 1]}).iloc[:2]
    assert frame["region"].dtype == float
    assert read_frame(frame, BOOK)[0].labels == (("1", "2"),)
    assert column_texts(frame, "region") == ["1", "2"]


def test_a_matrix():
    table = pd.DataFrame([[1, 2], [3, np.int64(4)]], index=TWO, columns=["north", "south"])
    named = table.rename_axis(index="gender", columns="region")
    counts = Counts(("gender", "region"), (TWO, ("north", "south")), (1, 2, 3, 4), "weight", "x")
    assert read_frame(named, BOOK, "x") == (counts,)
    deep = pd.concat({"18-34": named, "35+": named}, axis=1, names=["age"])
    [cube] = read_frame(deep, BOOK)
    assert cube.names == ("gender", "age", "region")
    assert cube.numbers == (1, 2, 1, 2, 3, 4, 3, 4)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (LONG.iloc[:0], "The frame has no rows. Give at least one."),
        (
            pd.DataFrame([[1, 2]], columns=["gender", "gender"]),
            "The frame has two columns of one name: ['gender', 'gender']. Rename one.",
        ),
        (
            LONG.rename(columns={"n": "x", "Variable": "a", "Answer": "b"}),
            "No column of ['a', 'b', 'x'] is a question that is known. "
            "Name it: questions={'a': (157, {'label': '1'})}.",
        ),
        (
            LONG.drop(columns="n"),
            "None of the columns (none) is named like a number. "
            "Call one percent, completes or weight.",
        ),
        (
            LONG.assign(x=1).rename(columns={"n": "y"}),
            "None of the columns 'y', 'x' is named like a number. "
            "Call one percent, completes or weight.",
        ),
        (
            LONG.assign(n=[51, None, 30, 70]),
            "The number of 'men' is empty. Write a number, 0 for nobody.",
        ),
        (
            LONG.assign(n=pd.array([51, None, 30, 70], dtype="Int64")),
            "The number of 'men' is empty. Write a number, 0 for nobody.",
        ),
        (
            LONG.assign(n=["51", "49 %", "30", "70"]),
            "The number of 'women' is '51'. Write a number, 0 for nobody.",
        ),
        (
            LONG.assign(Answer=["women", None, "18-34", "35+"]),
            "Row 2 of the frame says nothing under 'Answer'. Fill it in, or leave the row out.",
        ),
        (
            LONG.assign(Variable=["gender", "gender", "age", pd.NA]),
            "Row 4 of the frame says nothing under 'Variable'. Fill it in, or leave the row out.",
        ),
        (
            CELLS.assign(region=["north", float("nan"), "south"]),
            "Row 2 of the frame says nothing under 'region'. Fill it in, or leave the row out.",
        ),
        (
            pd.concat([LONG, LONG]),
            "In the numbers by gender, 'women' comes twice, with 51 and 51. "
            "Keep one of them, or add them up.",
        ),
        (
            pd.DataFrame([[1, 2]]),
            "A matrix needs questions as the names of its rows and columns; it has 'None', 'None'. "
            "Set frame.index.name and frame.columns.name, or say questions={…}.",
        ),
        (
            pd.DataFrame([[1, None]], columns=["north", "south"], index=["women"]).rename_axis(
                index="gender", columns="region"
            ),
            "The number of 'women', 'south' is empty. Write a number, 0 for nobody.",
        ),
    ],
)
def test_a_frame_that_cannot_be_read_is_refused_in_words(frame, message):
    with pytest.raises(InvalidPlan) as refused:
        read_frame(frame, BOOK)
    assert str(refused.value) == message


BANDS = {"age": {"18-34": (18, 34), "35+": (35, 99)}}


@pytest.mark.parametrize(
    "genders",
    [
        ["women", "men", "men", None],
        pd.array(["women", "men", "men", None], dtype="string"),
        pd.Categorical(["women", "men", "men", None]),
        pd.Series(["women", "men", "men", float("nan")], dtype=object),
    ],
)
def test_people_are_counted_in_any_kind_of_column(genders):
    counts = read_respondents(pd.DataFrame({"gender": genders}), ["gender"])
    source = "Respondents: 3 people, 1 without an answer left out"
    assert counts == Counts(("gender",), (("men", "women"),), (2, 1), "weight", source)


@pytest.mark.parametrize(
    "coded",
    [
        [1, 2, 2, None],
        pd.array([1, 2, 2, None], dtype="Int64"),
        pd.Series([1, 2, 2, None], dtype=object),
        ["1", "2", "2", None],
    ],
)
def test_codes_are_options_whatever_a_gap_made_of_them(coded):
    counts = read_respondents(pd.DataFrame({"gender": coded}), ["gender"], source="wave 1")
    source = "wave 1: 3 people, 1 without an answer left out"
    assert counts == Counts(("gender",), (("1", "2"),), (1, 2), "weight", source)


@pytest.mark.parametrize(
    "ages",
    [
        [18, 34, 35, 99, 17],
        [18.0, 34.9, 35.0, 99.0, None],
        pd.array([18, 34, 35, 99, None], dtype="Int64"),
        pd.Series([18, "34", " 35 ", 99, "a lot"], dtype=object),
        [18, 34, 35, 99, float("inf")],
        pd.Series([18, 34, 35, 99, True], dtype=object),
    ],
)
def test_ages_are_sorted_into_bands(ages):
    counts = read_respondents(pd.DataFrame({"age": ages}), ["age"], bands=BANDS)
    source = "Respondents: 4 people, 1 without an answer left out"
    assert counts == Counts(("age",), (("18-34", "35+"),), (2, 2), "weight", source)


def test_ages_that_come_in_bands_stay_and_stand_as_the_bands_do():
    frame = pd.DataFrame({"age": ["35+", "18-34", "other", "35+"]})
    counts = read_respondents(frame, ["age"], bands=BANDS)
    assert (counts.labels, counts.numbers) == ((("18-34", "35+", "other"),), (1, 2, 1))


def test_categories_stand_in_their_own_order():
    levels = pd.Categorical(["low", "high", "low"], categories=["low", "middle", "high"])
    assert read_respondents(pd.DataFrame({"income": levels}), ["income"]).labels == (
        ("low", "high"),
    )


def test_people_count_with_their_weights():
    frame = pd.DataFrame(
        {"gender": ["men", "women", "men"], "region": ["north"] * 3, "w": [0.1, 2, 0.2]}
    )
    counts = read_respondents(frame, ["gender", "region"], weight="w")
    assert counts.numbers == (pytest.approx(0.3), 2.0)
    assert counts.source == "Respondents: 3 people"
    assert counts.labels == (("men", "women"), ("north",))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from(["p", "q", None])),
        min_size=1,
        max_size=20,
    )
)
def test_nobody_is_counted_twice_or_lost(people):
    frame = pd.DataFrame(people, columns=["x", "y"], dtype=object)
    whole = [who for who in people if None not in who]
    if not whole:
        with pytest.raises(InvalidPlan) as refused:
            read_respondents(frame, ["x", "y"])
        assert str(refused.value) == "Nobody answered 'x' and 'y'. Look at the columns and bands."
        return
    counts = read_respondents(frame, ["x", "y"])
    for (i, j), number in counts.by_place().items():
        assert number == whole.count((counts.labels[0][i], counts.labels[1][j]))
    assert sum(counts.sums(0)) == len(whole)


PEOPLE = pd.DataFrame({"gender": ["men", "women"], "age": [20, 50], "w": [1, 1]})


@pytest.mark.parametrize(
    ("frame", "names", "options", "message"),
    [
        (PEOPLE, ["sex"], {}, "The frame has no column 'sex'. It has 'gender', 'age', 'w'."),
        (
            PEOPLE,
            ["gender"],
            {"weight": "x"},
            "The frame has no column 'x'. It has 'gender', 'age', 'w'.",
        ),
        (
            PEOPLE,
            ["age"],
            {"bands": {"age": {}}},
            "The column 'age' holds numbers. Say its bands, like ages=[(18, 34), (35, 99)].",
        ),
        (
            PEOPLE,
            ["age"],
            {"bands": {"age": {"60+": (60, 99)}}},
            "Nobody answered 'age'. Look at the columns and bands.",
        ),
        (
            PEOPLE.assign(w=[1, -2]),
            ["gender"],
            {"weight": "w"},
            "A weight in 'w' is -2.0, below 0. Give 0 for nobody, or leave the cell out.",
        ),
        (
            PEOPLE.assign(w=[1, float("inf")]),
            ["gender"],
            {"weight": "w"},
            "A weight in 'w' is inf. Give a finite number, 0 or more.",
        ),
        (
            PEOPLE.assign(w=[1, None]),
            ["gender"],
            {"weight": "w"},
            "The number of a person in 'w' is empty. Write a number, 0 for nobody.",
        ),
        (
            PEOPLE,
            [],
            {},
            "Numbers by no question can't be planned. Give one to three different questions.",
        ),
        (
            PEOPLE.iloc[:0],
            ["gender"],
            {},
            "Nobody answered 'gender'. Look at the columns and bands.",
        ),
    ],
)
def test_respondents_that_cannot_be_counted_are_refused_in_words(frame, names, options, message):
    with pytest.raises(InvalidPlan) as refused:
        read_respondents(frame, names, **options)
    assert str(refused.value) == message
