"Parts of a plan on the wire, and back: nothing guessed, nothing lost."

from dataclasses import replace
from fractions import Fraction

import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    OpenEndedCondition,
    Quota,
    RangeCondition,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.profiles import (
    Aim,
    Row,
    aims_of,
    asks,
    part_name,
    parts_of,
    profile_of,
    quota_kinds,
    rows_of,
)

GENDER = Margin("gender", 43, (Cell("women", "2", 51), Cell("men", "1", 49)))
AGE = Margin("age", 42, (Cell("18-34", (18, 34), 30), Cell("35-99", (35, 99), 70)))
CROSSED = Interlock("gender × age", (GENDER, AGE))
YOUNG_MEN = Cap("young men", (("gender", ("men",)), ("age", ("18-34",))), Fraction(1, 8))


def chose(question_id, option):
    return SelectionCondition(question_id=question_id, option=option)


def aged(low, high):
    return RangeCondition(question_id=42, min=low, max=high)


def target(name, *conditions, people=None, percent=None):
    numbers = {"completes_goal": people, "completes_goal_percentage": percent}
    quota = Quota(**numbers) if (people, percent) != (None, None) else None
    return Target(name=name, conditions=conditions, quota=quota)


def blended(*targets, name="cells", kind="interlock", on=True):
    return BlendedProfile(name=name, blended_type=kind, quotas_enabled=on, targets=targets)


def alone(name, *targets, on=True):
    return RegularProfile(name=name, quotas_enabled=on, targets=targets)


GENDERS = alone(
    "gender", target("women", chose(43, "2"), people=51), target("men", chose(43, "1"), people=49)
)
SCREEN = alone("screen", target("north", chose(96, "1")), on=False)


def people(part, goal, minimum=0, margins=None):
    return [
        (aim.label, aim.percent, aim.completes) for aim in aims_of(part, goal, minimum, margins)
    ]


def test_what_a_part_asks_and_is_called():
    control = Control("caps", (YOUNG_MEN,))
    nameless = alone(None, target("north", chose(96, "1"), chose(47, "2")), on=False)
    parts = (GENDER, CROSSED, control, blended(*GENDERS.targets), SCREEN, nameless)
    assert [asks(part) for part in parts] == [(43,), (43, 42), (), (), (96,), (96, 47)]
    names = ["gender", "gender × age", "caps", "cells", "screen"]
    assert [part_name(part) for part in parts] == [*names, "state (96) × Hispanic origin (47)"]


def test_the_targets_of_each_kind_of_part():
    assert aims_of(GENDER, 10) == (
        Aim("women", (chose(43, "2"),), 51.0, 5),
        Aim("men", (chose(43, "1"),), 49.0, 5),
    )
    assert people(GENDER, 10, minimum=5) == [("women", 51.0, 5), ("men", 49.0, 5)]
    few = GENDER.with_weights({"men": 1})
    assert people(few, 10, minimum=2) == [("women", 80.0, 8), ("men", 20.0, 2)]
    assert aims_of(CROSSED, 100)[0] == Aim("women, 18-34", (chose(43, "2"), aged(18, 34)), 15.3, 15)
    assert people(CROSSED, 8, minimum=2) == [
        ("women, 18-34", 25.0, 2),
        ("women, 35-99", 25.0, 2),
        ("men, 18-34", 25.0, 2),
        ("men, 35-99", 25.0, 2),
    ]
    by_name = {"gender": GENDER, "age": AGE}
    assert aims_of(Control("caps", (YOUNG_MEN,)), 100, margins=by_name) == (
        Aim("young men", (chose(43, "1"), aged(18, 34)), 12.5, 13),
    )
    assert people(SCREEN, 100) == [("north", None, None)]
    assert people(blended(target("a", chose(1, "1"), percent=12.5)), 100) == [("a", 12.5, None)]


def test_targets_as_rows():
    many = OpenEndedCondition(
        question_id=45, allow_all_values=False, open_ended_values=tuple("abcde")
    )
    aims = (Aim("a", (many, chose(43, "1")), None, 3),)
    words = "ZIP code (45): written a, b, c, d, e; gender (43): male (1)"
    assert list(rows_of("p", aims)) == [Row("p", "a", words, None, 3)]


def test_which_quotas_a_profile_has():
    assert quota_kinds(SCREEN) == set()
    assert quota_kinds(GENDERS) == {"nominal"}
    both = (target("a", chose(1, "1"), people=0), target("b", chose(1, "2"), percent=0))
    assert quota_kinds(alone("x", *both)) == {"nominal", "percentage"}


@pytest.mark.parametrize("adjustment", ["nominal", "percentage"])
def test_each_kind_of_part_on_the_wire_and_back(adjustment):
    margins = {"gender": GENDER, "age": AGE}
    control = Control("caps", (YOUNG_MEN,))
    parts = (GENDER, AGE, control, SCREEN)
    sent = [profile_of(p, aims_of(p, 200, 0, margins), adjustment) for p in parts]
    assert [profile.object for profile in sent] == ["regular", "regular", "blended", "regular"]
    assert (sent[2].blended_type, sent[3]) == ("control", SCREEN)
    back = parts_of(sent, 200, adjustment)
    scale = 2 if adjustment == "nominal" else 1
    doubled = [
        replace(m, cells=tuple(replace(c, weight=c.weight * scale) for c in m.cells))
        for m in (GENDER, AGE)
    ]
    assert back == (*doubled, control, SCREEN)

    crossed = profile_of(CROSSED, aims_of(CROSSED, 200), adjustment)
    [again] = parts_of([crossed], 200, adjustment)
    assert (again.name, [axis.name for axis in again.axes]) == ("gender × age", ["gender", "age"])
    assert profile_of(again, aims_of(again, 200), adjustment) == crossed


def test_carried_quotas_go_out_as_their_own_kind_only():
    carried = blended(target("a", chose(1, "1"), percent=12.5))
    assert profile_of(carried, aims_of(carried, 10), "percentage") == carried
    assert profile_of(SCREEN, aims_of(SCREEN, 10), "percentage") == SCREEN
    with pytest.raises(InvalidPlan) as refused:
        profile_of(carried, aims_of(carried, 10), "nominal")
    assert str(refused.value) == (
        "Profile 'cells' is carried with percentage quotas, which don't go with nominal ones. "
        "Write the plan as percentage."
    )


def combinations(*cells, name="cells", **options):
    "A blended profile: `('u, v=ab', 3)` is the cell *u, v*, option a of question 7 and b of 8."
    targets = []
    for said, count in cells:
        label, _, chosen = said.rpartition("=")
        conditions = (chose(7 + n, option) for n, option in enumerate(chosen))
        targets.append(target(label or chosen, *conditions, people=count))
    return blended(*targets, name=name, **options)


def read(profile, goal, *others):
    return parts_of([profile, *others], goal, "nominal")[0]


def test_the_names_of_axes_and_answers_are_found_where_they_stand():
    named = combinations(("u, v=ab", 1), ("u, w=ac", 2), ("x, v=bb", 3), name="one × two")
    crossed = read(named, 6)
    assert [(axis.name, axis.question_id, axis.labels) for axis in crossed.axes] == [
        ("one", 7, ("u", "x")),
        ("two", 8, ("v", "w")),
    ]
    assert (crossed.seed, crossed.zeros, crossed.labels) == ((1, 2, 3, 0), ((1, 1),), ())
    assert [[cell.weight for cell in axis.cells] for axis in crossed.axes] == [[3, 3], [4, 2]]


@pytest.mark.parametrize(
    ("labels", "own"),
    [
        (("u, v", "u, w"), False),
        (("u, v", "x, w"), True),  # the same answer by two names
        (("u, v", "u, v, w"), True),
        (("u, v", "u, "), True),
        (("u", "v"), True),
        (("u, v", "u, v "), False),
    ],
)
def test_labels_that_do_not_name_the_answers_are_the_cells_own(labels, own):
    one, two = (f"{label}={chosen}" for label, chosen in zip(labels, ("ab", "ac"), strict=True))
    crossed = read(combinations((one, 4), (two, 6)), 10)
    assert crossed.cell_labels == labels
    assert crossed.labels == (labels if own else ())
    if own:
        assert [axis.labels for axis in crossed.axes] == [("a",), ("b", "c")]


def test_answers_in_words_are_never_shortened():
    lists = [
        OpenEndedCondition(
            question_id=45,
            allow_all_values=False,
            open_ended_values=tuple(f"{n}{k}" for k in "1234"),
        )
        for n in "ab"
    ]
    cells = (target(f"cell {n}", chose(7, "1"), zips, people=5) for n, zips in enumerate(lists))
    crossed = read(blended(*cells), 10)
    assert crossed.axes[1].labels == ("written a1, a2, a3, a4", "written b1, b2, b3, b4")


def test_cells_stand_in_the_order_in_which_they_came():
    cells = [("aq", 1), ("bp", 2), ("bq", 3), ("cp", 4), ("cr", 5)]
    crossed = read(combinations(*cells), 15)
    assert list(zip(crossed.cell_labels, crossed.completes(15), strict=True)) == cells
    assert [axis.labels for axis in crossed.axes] == [("a", "b", "c"), ("p", "q", "r")]


def test_cells_out_of_any_order_are_put_in_one():
    crossed = read(combinations(("ap", 1), ("bp", 2), ("aq", 3)), 6)
    assert dict(zip(crossed.cell_labels, crossed.completes(6), strict=True)) == {
        "ap": 1,
        "aq": 3,
        "bp": 2,
    }


@pytest.mark.parametrize(
    ("name", "others", "names"),
    [
        ("one × two", (), ["one", "two"]),
        ("one × one", (), ["question 7", "question 8"]),
        ("one ×  ", (), ["question 7", "question 8"]),
        ("one × two × three", (), ["question 7", "question 8"]),
        ("one × gender", (GENDERS,), ["question 7", "question 8"]),
        ("question 8", (), ["question 7", "question 8′"]),
        ("question 8", (alone("question 8′", *GENDERS.targets),), ["question 7", "question 8′′"]),
        ("one × screen", (SCREEN,), ["one", "screen"]),
    ],
)
def test_axes_bear_no_name_that_is_taken(name, others, names):
    crossed = read(combinations(("u, v=ab", 40), ("u, w=ac", 60), name=name), 100, *others)
    assert [axis.name for axis in crossed.axes] == names


def test_known_questions_name_their_axes():
    cells = (target(f"{n}", chose(43, "1"), aged(n, n), people=5) for n in (18, 19))
    assert [axis.name for axis in read(blended(*cells), 10).axes] == ["gender", "age"]


@pytest.mark.parametrize(
    "profile",
    [
        pytest.param(combinations(("ab", 3), ("ac", 3)), id="part of the goal"),
        pytest.param(combinations(("ab", 3), ("ab", 7)), id="twice"),
        pytest.param(combinations(("a", 3), ("b", 7)), id="one question"),
        pytest.param(combinations(("ab", 3), ("abc", 7)), id="other questions"),
        pytest.param(combinations(("ab", 10), ("ac", 0), on=False), id="off"),
        pytest.param(combinations(("ab", 0), ("ac", 0)), id="nobody"),
        pytest.param(combinations(("same=ab", 4), ("same=ac", 6)), id="one label"),
        pytest.param(blended(target("a", chose(7, "1"), chose(8, "1"))), id="no quota"),
        pytest.param(
            blended(target("a", chose(7, "1"), chose(8, "1"), percent=100)), id="other kind"
        ),
        pytest.param(
            blended(
                target("a", chose(7, "1"), aged(18, 30), people=5),
                target("b", chose(7, "1"), aged(30, 40), people=5),
            ),
            id="overlapping",
        ),
        pytest.param(
            blended(target("a", chose(43, "1"), aged(18, 30), people=5), kind="control"),
            id="caps on nothing planned",
        ),
        pytest.param(
            blended(target("a", chose(43, "1"), people=5), kind="control"),
            id="caps on one question",
        ),
    ],
)
def test_a_blended_profile_that_a_plan_has_no_word_for_is_carried(profile):
    assert read(profile, 10) is profile
    genders = alone(
        "gender", target("w", chose(43, "2"), people=4), target("m", chose(43, "1"), people=6)
    )
    assert read(profile, 10, genders) is profile


def test_caps_come_back_in_their_own_order():
    ages = alone(
        "age",
        target("18-24", aged(18, 24), people=30),
        target("25-34", aged(25, 34), people=30),
        target("rest", aged(35, 44), aged(55, 64), people=40),
    )
    caps = blended(
        target("most", chose(43, "1"), aged(35, 44), aged(55, 64), aged(18, 24), people=7),
        kind="control",
    )
    assert read(caps, 100, GENDERS, ages) == Control(
        "cells",
        (Cap("most", (("gender", ("men",)), ("age", ("rest", "18-24"))), Fraction(7, 100)),),
    )


def test_regular_profiles_stand_where_they_stood():
    parts = parts_of([SCREEN, GENDERS, replace_name(GENDERS, "other", on=False)], 100, "nominal")
    assert parts == (SCREEN, GENDER, replace_name(GENDERS, "other", on=False))


def replace_name(profile, name, on):
    return profile.replace(name=name, quotas_enabled=on)
