"What people hand over: cells, seeds, impossible cells, populations, caps, counts, a plan's frame."

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import BlendedProfile, RegularProfile
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.codebook import Codebook
from target_group_kit.sampling.counts import Counts
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.reading import (
    cap_of,
    caps_of,
    cells_of,
    counted_goal,
    counted_part,
    flat_seed,
    impossible_places,
    is_tidy,
    known_seed,
    tidy_parts,
)

GENDER = Margin("gender", 43, (Cell("women", "2", 51), Cell("men", "1", 49)))
AGE = Margin(
    "age", 42, (Cell("18-34", (18, 34), 30), Cell("35-54", (35, 54), 36), Cell("55+", (55, 99), 34))
)
REGION = Margin("region", 96, (Cell("north", "1", 1), Cell("south", "2", 3)))
CENSUS = pd.DataFrame(
    [[6, 4, 5], [3, 1, 2]], index=["men", "women"], columns=["55+", "18-34", "35-54"]
)


def refusal(make, *arguments, **options):
    with pytest.raises(InvalidPlan) as refused:
        make(*arguments, **options)
    return str(refused.value)


def test_cells_from_a_dict():
    assert cells_of("gender", {"women": ("2", 51), "men": ["1", 49]}) == GENDER.cells
    pair = 'Give (answer, weight), like ("1", 49) or ((18, 24), 12.5).'
    assert [
        refusal(cells_of, "m", cells)
        for cells in ([("a", "1")], {"a": "12"}, {"a": (18, 24)}, {"a": ("1", 2, 3)}, {"a": None})
    ] == [
        "The cells of 'm' are [('a', '1')]. "
        'Give a dict, like {"men": ("1", 49), "women": ("2", 51)}.',
        f"Cell 'a' of 'm' is '12'. {pair}",
        f"Cell 'a' of 'm' is (18, 24). {pair}",
        f"Cell 'a' of 'm' is ('1', 2, 3). {pair}",
        f"Cell 'a' of 'm' is None. {pair}",
    ]


@pytest.mark.parametrize(
    "seed",
    [
        [[1, 2, 3], [4, 5, 6]],
        ((1, 2, 3), (4, 5, 6)),
        np.array([[1, 2, 3], [4, 5, 6]]),
        [np.array([1, 2, 3]).tolist(), (4, 5, 6)],
        CENSUS,
        CENSUS.astype("Int64"),
        CENSUS.iloc[::-1, ::-1],
    ],
)
def test_a_seed_in_any_form(seed):
    assert flat_seed(seed, (GENDER, AGE)) == (1, 2, 3, 4, 5, 6)


def test_a_frame_of_numbered_labels_is_read_by_them():
    years = Margin("age", 42, (Cell("18", (18, 18), 1), Cell("19", (19, 19), 1)))
    frame = pd.DataFrame([[1, 2], [3, 4]], index=["women", "men"], columns=[19, 18])
    assert flat_seed(frame, (GENDER, years)) == (2, 1, 4, 3)


def test_a_seed_of_three_margins():
    cube = np.arange(12).reshape(2, 3, 2)
    assert flat_seed(cube, (GENDER, AGE, REGION)) == tuple(range(12))
    assert flat_seed(cube.tolist(), (GENDER, AGE, REGION)) == tuple(range(12))


FRAMES = "A frame has rows and columns, so it is for two margins."


@pytest.mark.parametrize(
    ("seed", "axes", "message"),
    [
        (
            [[1, 2], [3, 4]],
            (GENDER, AGE),
            "The table has 2 entries at 1; 3 are needed, one for each answer.",
        ),
        (
            [[1, 2, 3]],
            (GENDER, AGE),
            "The table has 1 entries; 2 are needed, one for each answer.",
        ),
        (
            [[[1, 2], [1, 2], [1, 2]], [[1, 2], [1, 2], [1]]],
            (GENDER, AGE, REGION),
            "The table has 1 entries at 2, 3; 2 are needed, one for each answer.",
        ),
        (7, (GENDER, AGE), "The table has 7; 2 are needed, one for each answer."),
        ("ab", (GENDER, AGE), "The table has 'ab'; 2 are needed, one for each answer."),
        (
            CENSUS,
            (GENDER, AGE, REGION),
            f"{FRAMES} Nest lists for three, one list inside another.",
        ),
        (
            CENSUS.T,
            (GENDER, AGE),
            "The rows of the frame are 55+, 18-34, 35-54; 'gender' has women, men. "
            "Make them agree.",
        ),
        (
            CENSUS.drop(columns="55+"),
            (GENDER, AGE),
            "The columns of the frame are 18-34, 35-54; 'age' has 18-34, 35-54, 55+. "
            "Make them agree.",
        ),
    ],
)
def test_a_seed_of_another_shape_is_refused_in_words(seed, axes, message):
    assert refusal(flat_seed, seed, axes) == message


GONE = [[False, False, False], [True, False, True]]


@pytest.mark.parametrize(
    "zeros",
    [
        [("men", "18-34"), ("men", "55+")],
        [["men", "18-34"], ["men", "55+"]],
        (("men", "55+"), ("men", "18-34")),
        np.array([["men", "18-34"], ["men", "55+"]]),
        GONE,
        tuple(map(tuple, GONE)),
        np.array(GONE),
        [[0, 0, 0], [1, 0, 1]],
        pd.DataFrame(GONE, index=["women", "men"], columns=["18-34", "35-54", "55+"]).iloc[::-1],
    ],
)
def test_impossible_cells_in_any_form(zeros):
    assert sorted(impossible_places(zeros, (GENDER, AGE))) == [(1, 0), (1, 2)]


def test_no_impossible_cells():
    assert impossible_places([], (GENDER, AGE)) == ()
    assert impossible_places(np.zeros((2, 3), dtype=bool), (GENDER, AGE)) == ()


@pytest.mark.parametrize(
    ("zeros", "message"),
    [
        (
            [("men",)],
            "('men',) names no combination. Give one label each of 'gender' and 'age'.",
        ),
        ([("men", "18")], "'age' has no cell '18'. It has '18-34', '35-54', '55+'."),
        ([(1, 2)], "The table has 1 entries; 2 are needed, one for each answer."),
        (("men", "18-34"), "The table has 'men' at 1; 3 are needed, one for each answer."),
    ],
)
def test_impossible_cells_that_are_none_are_refused_in_words(zeros, message):
    assert refusal(impossible_places, zeros, (GENDER, AGE)) == message


def test_what_a_population_knows():
    cube = Interlock(
        "people", (GENDER, AGE, REGION), tuple(range(1, 13)), zeros=((0, 0, 0),), source="census"
    )
    assert known_seed([REGION, cube], (REGION, GENDER)) == ((8, 27, 12, 30), "census")
    assert known_seed([cube], (GENDER, AGE)) == ((2, 7, 11, 15, 19, 23), "census")
    plain = Interlock("people", (GENDER, AGE), zeros=((0, 0),))
    assert known_seed([plain], (GENDER, AGE)) == ((0, 1, 1, 1, 1, 1), "")
    assert known_seed([GENDER, AGE], (GENDER, AGE)) == ((), "")
    assert known_seed([plain], (GENDER, REGION)) == ((), "")
    assert known_seed([plain], (GENDER, AGE.merged(AGE.labels[:2], "18-54"))) == ((), "")


@pytest.mark.parametrize(
    ("number", "share"),
    [
        (50, Fraction(1, 8)),
        (np.int64(50), Fraction(1, 8)),
        (0, 0),
        (400, 1),
        ("50", Fraction(1, 8)),
        ("12.5 %", Fraction(1, 8)),
        (" 12.5% ", Fraction(1, 8)),
        ("0 %", 0),
        ("100 %", 1),
        ("1/8", Fraction(1, 8)),
        ("1 / 8", Fraction(1, 8)),
        ("0.125", Fraction(1, 8)),
        ("1/3", Fraction(1, 3)),
        ("10/2 %", Fraction(1, 20)),
    ],
)
def test_a_cap_in_any_form(number, share):
    where = {"gender": "men", "age": ["18-34", "35-54"]}
    cap = Cap("c", (("gender", ("men",)), ("age", ("18-34", "35-54"))), Fraction(share))
    assert cap_of("c", where, number, 400) == cap
    assert caps_of("caps", {"c": (where, number)}, 400) == (cap,)


WHERE = {"gender": "men", "age": "18-34"}
DICT = 'Give a dict, like {"young men": ({"gender": "men", "age": "18-34"}, 40)}.'
FORM = "Write 40, '12.5 %' or '1/8'."


@pytest.mark.parametrize(
    ("caps", "message"),
    [
        ([WHERE], f"The caps of 'caps' are {[WHERE]!r}. {DICT}"),
        ({"c": 3}, f"The cap 'c' of 'caps' is 3. {DICT}"),
        ({"c": (WHERE,)}, f"The cap 'c' of 'caps' is {(WHERE,)!r}. {DICT}"),
        (
            {"c": ("men", 3)},
            "The cap 'c' counts 'men'. "
            'Give a dict, like {"gender": "men", "age": ["18-24", "25-34"]}.',
        ),
        (
            {"c": ({"gender": 1, "age": "18-34"}, 3)},
            'The cap \'c\' counts 1 of \'gender\'. Give labels, like "men" or ["18-24", "25-34"].',
        ),
        (
            {"c": ({"gender": [1], "age": "18-34"}, 3)},
            "The cap 'c' counts [1] of 'gender'. "
            'Give labels, like "men" or ["18-24", "25-34"].',
        ),
        (
            {"c": ({"gender": [], "age": "18-34"}, 3)},
            "The cap 'c' counts no answer of 'gender'. Name one.",
        ),
        (
            {"c": ({"gender": "men"}, 3)},
            "The cap 'c' combines 1 margin. Name two or more. "
            "A cap on one is that margin's own quota.",
        ),
        ({"c": (WHERE, 401)}, "The cap 'c' is 401, more than the goal of 400. Lower it."),
        ({"c": (WHERE, "401")}, "The cap 'c' is 401, more than the goal of 400. Lower it."),
        (
            {"c": (WHERE, "101 %")},
            "The cap 'c' is 101.00% of the goal. Stay within 0 and all of it.",
        ),
        (
            {"c": (WHERE, 12.5)},
            "The cap 'c' is 12.5. Give a whole number of people, 0 or more.",
        ),
        ({"c": (WHERE, -1)}, "The cap 'c' is -1. Give a whole number of people, 0 or more."),
        (
            {"c": (WHERE, None)},
            "The cap 'c' is None. Give a whole number of people, 0 or more.",
        ),
        ({"c": (WHERE, "a lot")}, f"The cap 'c' is 'a lot'. {FORM}"),
        ({"c": (WHERE, "12,5 %")}, f"The cap 'c' is '12,5 %'. {FORM}"),
        ({"c": (WHERE, "1/0")}, f"The cap 'c' is '1/0'. {FORM}"),
        ({"c": (WHERE, "1e9")}, f"The cap 'c' is '1e9'. {FORM}"),
        ({"c": (WHERE, "-5 %")}, f"The cap 'c' is '-5 %'. {FORM}"),
        ({"c": (WHERE, "")}, f"The cap 'c' is ''. {FORM}"),
    ],
)
def test_what_is_no_cap_is_refused_in_words(caps, message):
    assert refusal(caps_of, "caps", caps, 400) == message


BOOK = Codebook({"region": (96, {"north": "1", "south": "2"})})
TWO = ("women", "men")


def test_counts_of_one_question_are_a_margin():
    counts = Counts(("gender",), (TWO,), (51, 49), "completes", "client")
    assert counted_part(counts, BOOK) == Margin("gender", 43, GENDER.cells, "client")


def test_counts_of_several_questions_are_an_interlock():
    labels = (TWO, ("north", "south"))
    counts = Counts(("gender", "region"), labels, (12, 40, None, 48), "weight", "census")
    crossed = counted_part(counts, BOOK)
    assert (crossed.name, crossed.seed, crossed.zeros, crossed.source) == (
        "gender × region",
        (12, 40, 0, 48),
        ((1, 0),),
        "census",
    )
    assert [[cell.weight for cell in axis.cells] for axis in crossed.axes] == [[52, 48], [12, 88]]
    assert {axis.source for axis in crossed.axes} == {"census"}


@pytest.mark.parametrize(
    ("numbers", "source"),
    [
        ((51, 49), "x"),
        ((0.51, 0.49), "x"),
        ((51, 50), "x; percentages that sum to 101, scaled to 100"),
        ((51, 48), "x; percentages that sum to 99, scaled to 100"),
        ((0.51, 0.5), "x; percentages that sum to 1.01, scaled to 100"),
        ((33.3, 66.6), "x; percentages that sum to 99.9, scaled to 100"),
    ],
)
def test_percentages_that_rounding_moved_are_scaled_and_said_so(numbers, source):
    margin = counted_part(Counts(("gender",), (TWO,), numbers, "percent", "x"), BOOK)
    assert margin.source == source
    assert sum(margin.percentages) == 100
    nameless = counted_part(Counts(("gender",), (TWO,), numbers, "percent"), BOOK)
    assert nameless.source == source[3:]


@pytest.mark.parametrize(
    ("numbers", "said"), [((51, 50.1), "101.1"), ((50, 48.9), "98.9"), ((1, 2), "3")]
)
def test_percentages_that_are_off_are_refused(numbers, said):
    counts = Counts(("gender",), (TWO,), numbers, "percent")
    assert refusal(counted_part, counts, BOOK) == (
        f"The percentages by 'gender' sum to {said}. "
        "Make them 100; only a point of rounding is forgiven."
    )


def numbers_by(name, *numbers, unit="completes"):
    return Counts((name,), (tuple(map(str, range(len(numbers)))),), numbers, unit)


def test_the_goal_of_counts():
    a, b, w = numbers_by("a", 3, 7), numbers_by("b", 4.5, 5.5), numbers_by("w", 1, unit="weight")
    assert counted_goal([a, b, w]) == 10
    assert type(counted_goal([a])) is int
    assert counted_goal([numbers_by("a", 3), numbers_by("b", 4)], 5) == 5
    assert [
        refusal(counted_goal, counts)
        for counts in (
            [w],
            [a, numbers_by("b", 1000, 234.5)],
            [numbers_by("a", 10.5)],
            [numbers_by("a", 0)],
        )
    ] == [
        "The table says no number of people. Say how many: completes=1000.",
        "The completes sum to different goals: a 10, b 1,234.5. Correct one, or say completes=….",
        "The sum of the completes is 10.5. Give a whole number of people, 1 or more.",
        "The sum of the completes is 0. Give a whole number of people, 1 or more.",
    ]


GENDERS = [
    ("gender", "women", "gender (43): female (2)", 51.0, 51),
    ("gender", "men", "gender (43): male (1)", 49.0, 49),
]
AGED = [
    ("age", "18-34", "age (42): 18 to 34", 30.0, 30),
    ("age", "35+", "age (42): 35 to 99", 70.0, 70),
]
MOST = ("caps", "most", "gender (43): male (1); age (42): 18 to 34", 12.5, 13)
CELLS = [
    ("cells", "a", "question 7: 1; question 8: 1", 40.0, 40),
    ("cells", "b", "question 7: 1; question 8: 2", 60.0, 60),
]
SCREEN = ("screen", "north", "state (96): 1 or 2", None, None)
COLUMNS = ["profile", "target", "conditions", "percent", "completes"]


def tidy(*rows):
    return pd.DataFrame(list(rows), columns=COLUMNS)


def test_a_tidy_frame_is_told_by_its_columns():
    assert is_tidy(tidy())
    assert is_tidy(tidy().assign(more=1)[[*COLUMNS[::-1], "more"]])
    assert not is_tidy(tidy().drop(columns="conditions"))
    assert not is_tidy(pd.DataFrame([[1]]))


def test_the_parts_of_a_tidy_frame():
    goal, parts = tidy_parts(tidy(*GENDERS, *AGED, MOST, *CELLS, SCREEN))
    assert goal == 100
    gender, age, control, crossed, screen = parts
    assert gender == GENDER
    assert [cell.weight for cell in age.cells] == [30, 70]
    assert control == Control(
        "caps", (Cap("most", (("gender", ("men",)), ("age", ("18-34",))), Fraction(13, 100)),)
    )
    assert (crossed.name, crossed.completes(100), crossed.labels) == ("cells", (40, 60), ("a", "b"))
    assert isinstance(screen, RegularProfile)
    assert not screen.quotas_enabled


@pytest.mark.parametrize(
    "kinds",
    [
        {"completes": "Int64", "percent": "Float64"},
        {"completes": float},
        {"completes": object, "profile": "category", "target": "category"},
        {"profile": "string", "target": object, "conditions": "category"},
    ],
)
def test_a_tidy_frame_of_any_kind(kinds):
    frame = tidy(*GENDERS, *CELLS).sample(frac=1, random_state=4).astype(kinds)
    goal, parts = tidy_parts(frame.sort_index())
    assert (goal, parts[0]) == (100, GENDER)


def test_percentages_lead_where_there_are_no_completes():
    frame = tidy(*GENDERS, MOST, *AGED)
    for without in (frame.drop(columns="completes"), frame.assign(completes=None)):
        goal, parts = tidy_parts(without, 1000)
        assert (goal, parts[0].percentages) == (1000, (51.0, 49.0))
        assert parts[1].caps[0].share == Fraction(1, 8)


def test_a_carried_profile_keeps_its_kind_of_quota_beside_completes():
    partial = [("part", "a", "question 7: 1; question 8: 1", 12.5, None)]
    goal, (gender, carried) = tidy_parts(tidy(*GENDERS, *partial))
    assert (goal, gender) == (100, GENDER)
    assert isinstance(carried, BlendedProfile)
    assert carried.targets[0].quota.payload() == {"completes_goal_percentage": 12.5}


@pytest.mark.parametrize(
    ("frame", "completes", "message"),
    [
        (
            tidy(*GENDERS).drop(columns=["percent", "completes"]),
            100,
            "The frame has neither percent nor completes. Give one of them.",
        ),
        (
            tidy(*GENDERS).drop(columns="completes"),
            None,
            "The frame says no number of people. Say how many: completes=1000.",
        ),
        (tidy(), None, "The frame says no number of people. Say how many: completes=1000."),
        (
            tidy(SCREEN),
            None,
            "The frame says no number of people. Say how many: completes=1000.",
        ),
        (
            tidy(*GENDERS),
            "100",
            "The goal is '100'. Give a whole number of people, 1 or more.",
        ),
        (tidy(*GENDERS), 0, "The goal is 0. Give a whole number of people, 1 or more."),
        (
            tidy(*GENDERS),
            50,
            "The quotas of 'gender' sum to 100, not to 50. Make them agree, then read the plan.",
        ),
        (
            tidy(*GENDERS, *AGED[:1]),
            None,
            "The quotas of 'age' sum to 30, not to 100. Make them agree, then read the plan.",
        ),
        (
            tidy(GENDERS[0], (*GENDERS[1][:4], None)),
            None,
            "Target 'men' of 'gender' has no quota. "
            "Give it one, or switch the profile's quotas off.",
        ),
        (
            tidy(*GENDERS, *(("age", *row[1:4], None) for row in AGED)),
            None,
            "Profile 'age' has quotas that are not nominal. Use one kind.",
        ),
        (
            tidy(*GENDERS).astype({"completes": object}).assign(completes=["51", "49"]),
            None,
            "In target 'women' of 'gender', '51' is not a whole number. Write it like 10.",
        ),
        (
            tidy(*GENDERS).assign(completes=[51, 48.5]),
            None,
            "In target 'men' of 'gender', 48.5 is not a whole number. Write it like 10.",
        ),
        (
            tidy(*GENDERS).assign(percent=[33.333, 66.667], completes=None),
            10,
            "In target 'women' of 'gender', 33.333 has more than two decimals. Round it to two.",
        ),
        (
            tidy((*GENDERS[0][:2], None, 1.0, 1)),
            None,
            "Row 1 of the frame says nothing under 'conditions'. Fill it in, or leave the row out.",
        ),
        (
            tidy(GENDERS[0], (None, *GENDERS[1][1:])),
            None,
            "Row 2 of the frame says nothing under 'profile'. Fill it in, or leave the row out.",
        ),
        (
            tidy(("age", "18-24", "18 to 24", 1.0, 1)),
            None,
            "'18 to 24' doesn't say question and answer. "
            "Write it like 'age (42): 18 to 24' or 'question 157: 3'.",
        ),
    ],
)
def test_a_tidy_frame_that_is_no_plan_is_refused_in_words(frame, completes, message):
    assert refusal(tidy_parts, frame, completes) == message
