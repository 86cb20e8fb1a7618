"Records of plans: nothing is lost through JSON, and what is broken is told with its place."

import copy
import json
from fractions import Fraction

import pytest
from examples import times
from hypothesis import given
from quota_plans import plans

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.sampling.records import read_record, write_record

GENDER = Margin("gender", 43, (Cell("women", "2", 1), Cell("men", ("1", "3"), 2, locked=True)))
AGE = Margin("age", 42, (Cell("18-34", (18, 34), 29.5), Cell("35+", (35, 99), 70.5)), "client")
CROSSED = Interlock(
    "gender × age",
    (GENDER, AGE),
    seed=(1, 2, 3, 4.5),
    locked=(((0, 1), Fraction(1, 7)),),
    source="last wave",
)
CAPS = Control("caps", (Cap("young", (("gender", ("men",)), ("age", ("18-34",))), Fraction(1, 3)),))


def through_json(plan):
    return read_record(json.loads(json.dumps(write_record(plan))))


@times(2000, quick=300)
@given(plans())
def test_a_plan_survives_its_record(plan):
    assert through_json(plan) == plan


def test_the_whole_record_of_a_plan():
    population = QuotaPlan(9, (GENDER,))
    women = {"object": "selection", "question_id": 43, "option": "2"}
    men = [women | {"option": "1"}, women | {"option": "3"}]
    gender = {
        "object": "margin",
        "name": "gender",
        "question_id": 43,
        "cells": [
            {"label": "women", "conditions": [women], "weight": 1},
            {"label": "men", "conditions": men, "weight": 2, "locked": True},
        ],
    }
    ages = {"object": "range", "question_id": 42}
    age = {
        "object": "margin",
        "name": "age",
        "question_id": 42,
        "cells": [
            {"label": "18-34", "conditions": [ages | {"min": 18, "max": 34}], "weight": 29.5},
            {"label": "35+", "conditions": [ages | {"min": 35, "max": 99}], "weight": 70.5},
        ],
        "source": "client",
    }
    interlock = {
        "object": "interlock",
        "name": "gender × age",
        "axes": [gender, age],
        "seed": [1, 2, 3, 4.5],
        "locked": [[[0, 1], "1/7"]],
        "source": "last wave",
    }
    cap = {"label": "young", "cells": [["gender", ["men"]], ["age", ["18-34"]]], "share": "1/3"}
    plan = QuotaPlan(63, (CROSSED,), minimum=2, population=population)
    assert write_record(plan) == {
        "format": 1,
        "completes": 63,
        "minimum": 2,
        "profiles": [interlock],
        "population": {"format": 1, "completes": 9, "profiles": [gender]},
    }
    assert write_record(QuotaPlan(60, (GENDER, AGE, CAPS)))["profiles"] == [
        gender,
        age,
        {"object": "control", "name": "caps", "caps": [cap]},
    ]


def record_of(*parts, **more):
    return write_record(QuotaPlan(60, parts, **more))


def changed(record, path, value):
    "The record with the value at a path replaced; `...` removes it."
    made = copy.deepcopy(record)
    here = made
    for step in path[:-1]:
        here = here[step]
    if value is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    return made


CELL = ("profiles", 0, "cells", 1)
CROSS = ("profiles", 0)
CAP = ("profiles", 2, "caps", 0)
SHARE = "a number or a fraction like 1/3"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("format",), ..., "its top: 'format' is missing."),
        (("format",), 2, "format: format 2; this kit reads 1. Update the kit."),
        (("format",), "1", "format: format '1'; this kit reads 1. Update the kit."),
        (("completes",), 0, "its top: The goal is 0. Give a whole number of people, 1 or more."),
        (("completes",), True, "completes: True is not a whole number."),
        (("minimum",), 2.5, "minimum: 2.5 is not a whole number."),
        (("profiles",), {}, "profiles: {} is not a list."),
        (("profiles", 0), 7, "profiles[0]: 7 is not an object."),
        (
            ("profiles", 0, "object"),
            "margins",
            "profiles[0].object: "
            "'margins' is none of margin, interlock, control, regular, blended.",
        ),
        (("population",), [], "population: [] is not an object."),
        (
            ("seed",),
            1,
            "its top: 'seed' is no field of it. "
            "Known here: format, completes, profiles, minimum, population.",
        ),
        (
            ("profiles", 0, "cells"),
            [],
            "profiles[0]: Margin 'gender' has no cells. Give it a cell with a weight.",
        ),
        ((*CELL, "weight"), None, f"profiles[0].cells[1].weight: None is not {SHARE}."),
        ((*CELL, "weight"), "1/0", f"profiles[0].cells[1].weight: '1/0' is not {SHARE}."),
        (
            (*CELL, "weight"),
            -1,
            "profiles[0].cells[1]: The weight of cell 'men' is -1, below 0. "
            "Give 0 for nobody, or leave the cell out.",
        ),
        ((*CELL, "locked"), 1, "profiles[0].cells[1].locked: 1 is not true or false."),
        (
            (*CELL, "conditions"),
            [],
            "profiles[0].cells[1].conditions: 0 given; at least 1 needed. "
            "conditions: at least one.",
        ),
        (
            (*CELL, "conditions", 0, "option"),
            1,
            "profiles[0].cells[1].conditions[0].option: "
            "1 is not text. Put it in quotes: \"1\".",
        ),
        (
            (*CELL, "conditions", 1, "question_id"),
            44,
            "profiles[0].cells[1].conditions[1].question_id: "
            "44 isn't 43, its margin's question.",
        ),
        ((*CAP, "share"), "much", f"profiles[2].caps[0].share: 'much' is not {SHARE}."),
        ((*CAP, "cells", 0), [1], CAPPED := "profiles[2].caps[0].cells[0]: "
         "what a cap counts is a margin's name and a list of labels."),
        ((*CAP, "cells", 0), ["gender"], CAPPED),
        ((*CAP, "cells", 0, 0), 1, "profiles[2].caps[0].cells[0][0]: 1 is not text."),
        ((*CAP, "cells", 0, 1), "men", "profiles[2].caps[0].cells[0][1]: 'men' is not a list."),
        (
            (*CAP, "cells", 0, 1),
            ["boys"],
            "its top: 'gender' has no cell 'boys'. It has 'women', 'men'.",
        ),
        (
            ("profiles", 2, "caps"),
            [],
            "profiles[2]: The caps of 'caps' need names, each its own: [].",
        ),
    ],
)  # fmt: skip
def test_what_is_broken_in_margins_and_caps_is_told(path, value, said):
    with pytest.raises(InvalidPlan) as told:
        read_record(changed(record_of(GENDER, AGE, CAPS), path, value))
    assert str(told.value) == f"The record is broken at {said}"


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (
            (*CROSS, "seed"),
            [1, 2, 3],
            "profiles[0]: The seed of 'gender × age' has 3 numbers; "
            "'gender' and 'age' have 4 combinations. Give one for each.",
        ),
        ((*CROSS, "seed", 1), [], f"profiles[0].seed[1]: [] is not {SHARE}."),
        ((*CROSS, "zeros"), [[0, 2]], "profiles[0].zeros[0]: [0, 2] is no cell of 2 × 2."),
        ((*CROSS, "zeros"), [[0, -1]], "profiles[0].zeros[0]: [0, -1] is no cell of 2 × 2."),
        ((*CROSS, "zeros"), [[0]], "profiles[0].zeros[0]: [0] is no cell of 2 × 2."),
        ((*CROSS, "zeros"), [["a", 0]], "profiles[0].zeros[0][0]: 'a' is not a whole number."),
        ((*CROSS, "labels"), [1], "profiles[0].labels[0]: 1 is not text."),
        (
            (*CROSS, "locked", 0),
            [[0, 1]],
            "profiles[0].locked[0]: a locked cell is its place and its share.",
        ),
        ((*CROSS, "locked", 0, 1), None, f"profiles[0].locked[0][1]: None is not {SHARE}."),
        ((*CROSS, "axes", 0), {}, "profiles[0].axes[0]: 'object' is missing."),
        ((*CROSS, "axes", 0, "name"), 7, "profiles[0].axes[0].name: 7 is not text."),
    ],
)
def test_what_is_broken_in_interlocks_is_told(path, value, said):
    with pytest.raises(InvalidPlan) as told:
        read_record(changed(record_of(CROSSED), path, value))
    assert str(told.value) == f"The record is broken at {said}"


def test_a_broken_population_and_a_broken_profile_are_told_with_their_place():
    record = record_of(GENDER, population=QuotaPlan(10, (GENDER,)))
    with pytest.raises(InvalidPlan) as told:
        read_record(changed(record, ("population", "completes"), "ten"))
    said = "The record is broken at population.completes: 'ten' is not a whole number."
    assert str(told.value) == said
    with pytest.raises(InvalidPlan) as told:
        read_record(changed(record, ("profiles", 0), {"object": "regular", "targets": []}))
    assert str(told.value) == (
        "The record is broken at profiles[0].quotas_enabled: quotas_enabled is missing. "
        "Add it: false when the profile only screens."
    )


def test_long_values_are_cut_and_what_is_no_record_is_refused():
    with pytest.raises(InvalidPlan) as told:
        read_record(["x" * 100])
    said = f"The record is broken at its top: {['x' * 100]!r:.39}… is not an object."
    assert str(told.value) == said
