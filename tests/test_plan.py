"Quota plans: verbs, exact numbers, the wire and back, comparison, code."

import json
from datetime import UTC, datetime
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from examples import times
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from samples import SCREENING
from samples import margins as odd_margins
from samples import plans as full_plans

import target_group_kit
from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    OpenEndedCondition,
    Profiling,
    Quota,
    RangeCondition,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.contract.words import hundredths
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.composition import Limit
from target_group_kit.sampling.counts import Counts
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.plan import QuotaPlan, Row

COLUMNS = ["profile", "target", "conditions", "percent", "completes"]
SIDES = [f"{name}_{side}" for name in COLUMNS[2:] for side in ("before", "after")]

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12).filter(str.strip)
weights = st.one_of(st.integers(0, 500), st.decimals(0, 100, places=2).map(float))


@st.composite
def margins(draw, question_id):
    labels = draw(st.lists(texts, min_size=1, max_size=6, unique=True))
    numbers = draw(st.lists(weights, min_size=len(labels), max_size=len(labels)).filter(any))
    kind = draw(st.sampled_from(["options", "either", "ranges", "written"]))
    answers = {
        "options": [f"-{n}" for n, _ in enumerate(labels)],
        "either": [(str(n), str(n + 100)) for n, _ in enumerate(labels)],
        "ranges": [(10 * n + 1, 10 * n + 10) for n, _ in enumerate(labels)],
        "written": [
            OpenEndedCondition(
                question_id=question_id, allow_all_values=False, open_ended_values=(f"{n:05}",)
            )
            for n, _ in enumerate(labels)
        ],
    }[kind]
    cells = zip(labels, answers, numbers, strict=True)
    return Margin(f"{draw(texts)} {question_id}", question_id, tuple(Cell(*cell) for cell in cells))


@st.composite
def plans(draw):
    questions = draw(st.lists(st.integers(40, 60), min_size=1, max_size=3, unique=True))
    return QuotaPlan(draw(st.integers(1, 3000)), tuple(draw(margins(q)) for q in questions))


def germany(completes=1000):
    return (
        QuotaPlan(completes)
        .margin("gender", 43, {"women": ("2", 50.7), "men": ("1", 49.3)})
        .margin("age", 42, {"18-34": ((18, 34), 1), "35-54": ((35, 54), 1), "55+": ((55, 99), 1)})
    )


def screening(question_id=96):
    either = tuple(SelectionCondition(question_id=question_id, option=o) for o in ("1", "2"))
    return RegularProfile(
        name="region", quotas_enabled=False, targets=(Target(name="north", conditions=either),)
    )


def interlock(**quota):
    both = (
        SelectionCondition(question_id=43, option="1"),
        RangeCondition(question_id=42, min=18, max=34),
    )
    cell = Target(name="young men", conditions=both, quota=Quota(**quota))
    return BlendedProfile(name="gender × age", quotas_enabled=True, targets=(cell,))


def frame(rows, columns):
    kinds = {"percent": "Float64", "completes": "Int64"}
    made = pd.DataFrame(rows, columns=columns, dtype=object)
    return made.astype({name: kinds.get(name.split("_")[0], "str") for name in columns})


def test_a_plan_as_rows_and_as_a_frame():
    rows = (
        Row("gender", "women", "gender (43): female (2)", 50.7, 507),
        Row("gender", "men", "gender (43): male (1)", 49.3, 493),
        Row("age", "18-34", "age (42): 18 to 34", 33.34, 334),
        Row("age", "35-54", "age (42): 35 to 54", 33.33, 333),
        Row("age", "55+", "age (42): 55 to 99", 33.33, 333),
    )
    assert germany().rows() == rows
    shown = germany().frame()
    assert list(shown.columns) == COLUMNS
    pd.testing.assert_frame_equal(shown, frame(rows, COLUMNS))
    assert [str(kind) for kind in shown.dtypes] == ["str", "str", "str", "Float64", "Int64"]


def test_a_plan_without_profiles_has_an_empty_frame_of_the_same_kind():
    shown = QuotaPlan(10).frame()
    assert (shown.empty, list(shown.columns)) == (True, COLUMNS)
    assert [str(kind) for kind in shown.dtypes] == ["str", "str", "str", "Float64", "Int64"]


@settings(deadline=None)
@given(plans())
def test_every_margin_makes_the_goal_and_one_hundred_percent(plan):
    for margin in plan.margins:
        rows = [row for row in plan.rows() if row.profile == margin.name]
        assert sum(row.completes for row in rows) == plan.completes
        assert sum(hundredths(row.percent) for row in rows) == 10_000


@settings(deadline=None)
@given(plans(), st.integers(1, 3000))
def test_scaling_there_and_back_changes_nothing(plan, completes):
    there = plan.scaled(completes)
    assert there.completes == completes
    assert there.margins == plan.margins
    assert there.scaled(plan.completes) == plan


@settings(deadline=None)
@given(plans(), st.sampled_from(["nominal", "percentage"]))
def test_the_wire_loses_nothing(plan, adjustment):
    profiling = plan.profiling(adjustment)
    back = QuotaPlan.from_profiling(profiling, plan.completes)
    assert back.profiling(adjustment) == profiling
    assert [margin.labels for margin in back.margins] == [m.labels for m in plan.margins]
    named = (adjustment == "nominal") + 3  # the column that the wire carries
    assert [row[named] for row in back.rows()] == [row[named] for row in plan.rows()]
    read = Profiling.model_validate(json.loads(json.dumps(profiling.payload())))
    assert QuotaPlan.from_profiling(read, plan.completes) == back


@settings(deadline=None)
@given(plans())
def test_a_plan_survives_its_code(plan):
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan


@settings(deadline=None)
@given(plans())
def test_a_plan_does_not_differ_from_itself(plan):
    assert plan.diff(plan).empty
    assert hash(plan) == hash(QuotaPlan(plan.completes, plan.profiles))


def test_the_two_adjustments_on_the_wire():
    plan = QuotaPlan(7).margin("gender", 43, {"women": ("2", 1), "either": (["1", "3"], 2)})

    def body(adjustment, women, either):
        said = {"object": "selection", "question_id": 43}
        return {
            "profile_adjustment_type": adjustment,
            "profiles": [
                {
                    "object": "regular",
                    "name": "gender",
                    "quotas_enabled": True,
                    "targets": [
                        {"name": "women", "conditions": [said | {"option": "2"}], "quota": women},
                        {
                            "name": "either",
                            "conditions": [said | {"option": "1"}, said | {"option": "3"}],
                            "quota": either,
                        },
                    ],
                }
            ],
        }

    nominal = body("nominal", {"completes_goal": 2}, {"completes_goal": 5})
    assert plan.profiling("nominal").payload() == nominal
    percentage = body(
        "percentage",
        {"completes_goal_percentage": 33.33},
        {"completes_goal_percentage": 66.67},
    )
    assert plan.profiling("percentage").payload() == percentage
    halves = plan.with_weights("gender", {"either": 1}).profiling("percentage")
    assert '"completes_goal_percentage": 50}' in json.dumps(halves.payload())


def test_each_verb_gives_a_new_plan():
    plan = germany()
    changed = plan.with_weights("age", {"18-34": 2})
    assert plan == germany() != changed
    assert [cell.weight for cell in changed["age"].cells] == [2, 1, 1]
    assert changed["age"].completes(1000) == (500, 250, 250)
    women = plan.with_weights("gender", {"men": 1})["gender"]
    assert [(cell.label, cell.weight) for cell in women.cells] == [("women", 50.7), ("men", 1)]
    assert (changed.margins[0], changed["gender"]) == (plan.margins[0], plan["gender"])
    assert plan.scaled(10)["gender"].completes(10) == (5, 5)


def test_what_changes_between_two_plans():
    before = germany().margin("race", 113, {"a": ("1", 1)})
    after = (
        QuotaPlan(1000)
        .margin("gender", 43, {"women": ("2", 60), "men": ("1", 40)})
        .margin("age", 42, {"18-34": ((18, 34), 1), "35-54": ((35, 54), 1), "55+": ((55, 98), 1)})
        .margin("state", 96, {"north": ("1", 1)})
    )
    female, male = "gender (43): female (2)", "gender (43): male (1)"
    old, new = "age (42): 55 to 99", "age (42): 55 to 98"
    rows = [
        ("gender", "women", "changed", female, female, 50.7, 60.0, 507, 600),
        ("gender", "men", "changed", male, male, 49.3, 40.0, 493, 400),
        ("age", "55+", "changed", old, new, 33.33, 33.33, 333, 333),
        ("race", "a", "removed", "race (113): 1", "", 100.0, None, 1000, None),
        ("state", "north", "added", "", "state (96): 1", None, 100.0, None, 1000),
    ]
    columns = ["profile", "target", "change", *SIDES]
    pd.testing.assert_frame_equal(before.diff(after), frame(rows, columns))
    assert list(before.diff(before).columns) == columns


def test_a_plan_carries_screening_and_interlocks_as_they_are():
    plan = germany().with_profile(screening())
    profiling = plan.profiling("nominal")
    assert profiling.profiles[2] == screening()
    assert QuotaPlan.from_profiling(profiling, 1000).profiles[2] == screening()
    assert plan.scaled(500).profiles[2] == screening()
    assert plan.rows()[-1] == Row("region", "north", "state (96): 1 or 2", None, None)

    plan = QuotaPlan(100).with_profile(interlock(completes_goal_percentage=12.5))
    profiling = plan.profiling("percentage")
    assert QuotaPlan.from_profiling(profiling, 100) == plan
    said = "gender (43): male (1); age (42): 18 to 34"
    assert plan.rows() == (Row("gender × age", "young men", said, 12.5, None),)
    assert plan.frame()["completes"].isna().tolist() == [True]
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan


def test_the_nth_target_of_a_name_is_compared_with_the_nth():
    def twice(*options):
        targets = (
            Target(name="same", conditions=(SelectionCondition(question_id=96, option=option),))
            for option in options
        )
        profile = RegularProfile(name="region", quotas_enabled=False, targets=tuple(targets))
        return QuotaPlan(10).with_profile(profile)

    changes = twice("1", "2", "3").diff(twice("1", "4"))
    assert changes["change"].tolist() == ["changed", "removed"]
    assert changes["conditions_before"].tolist() == ["state (96): 2", "state (96): 3"]
    assert changes["conditions_after"].tolist() == ["state (96): 4", ""]


def test_carried_completes_bind_the_goal_and_the_kind():
    plan = QuotaPlan(100).with_profile(interlock(completes_goal=12))
    with pytest.raises(InvalidPlan) as refused:
        plan.scaled(50)
    assert str(refused.value) == (
        "Profile 'gender × age' is carried with fixed completes. "
        "Scale the plan first, then add the profile."
    )
    with pytest.raises(InvalidPlan) as refused:
        plan.profiling("percentage")
    assert str(refused.value) == (
        "Profile 'gender × age' is carried with nominal quotas, which don't go with "
        "percentage ones. Write the plan as nominal."
    )


def regular(*quotas, adjustment="nominal", **changes):
    targets = tuple(
        Target(
            name=f"t{n}",
            conditions=(SelectionCondition(question_id=43, option=str(n)),),
            quota=quota,
        )
        for n, quota in enumerate(quotas)
    )
    profile = RegularProfile(name="gender", quotas_enabled=True, targets=targets)
    return Profiling(profile_adjustment_type=adjustment, profiles=(profile.replace(**changes),))


def nominal(*people):
    return [Quota(completes_goal=n) for n in people]


def percent(*parts):
    return [Quota(completes_goal_percentage=part) for part in parts]


def test_numbers_from_the_wire_become_weights():
    plan = QuotaPlan.from_profiling(regular(*nominal(300, 700, 0)), 1000)
    assert plan == QuotaPlan(1000).margin(
        "gender", 43, {"t0": ("0", 300), "t1": ("1", 700), "t2": ("2", 0)}
    )
    parts = regular(*percent(33.33, 33.33, 33.34), adjustment="percentage")
    margin = QuotaPlan.from_profiling(parts, 10)["gender"]
    assert [cell.weight for cell in margin.cells] == [33.33, 33.33, 33.34]
    assert margin.percentages == (33.33, 33.33, 33.34)


def test_names_are_found_where_they_stand():
    targets = (
        Target(
            name="",
            conditions=(SelectionCondition(question_id=43, option="1"),),
            quota=Quota(name="by its quota", completes_goal=4),
        ),
        Target(
            name="both",
            conditions=(SelectionCondition(question_id=43, option="2"),),
            quota=Quota(name="both", completes_goal=5),
        ),
        Target(
            conditions=(SelectionCondition(question_id=43, option="-3105"),),
            quota=Quota(completes_goal=1),
        ),
    )
    profile = RegularProfile(quotas_enabled=True, targets=targets)
    profiling = Profiling(profile_adjustment_type="nominal", profiles=(profile,))
    plan = QuotaPlan.from_profiling(profiling, 10)
    assert plan["gender (43)"].labels == (
        "by its quota",
        "both",
        "gender (43): none of the above (-3105)",
    )


TEMPLATE = "123e4567-e89b-12d3-a456-426614174000"


@pytest.mark.parametrize(
    ("profiling", "message"),
    [
        (
            regular(*nominal(300, 690)),
            "The quotas of 'gender' sum to 990, not to 1000. Make them agree, then read the plan.",
        ),
        (
            regular(*percent(50, 49.99), adjustment="percentage"),
            "The percentages of 'gender' sum to 99.99, not to 100.00. Correct them first.",
        ),
        (
            regular(*nominal(1000), None),
            "Target 't1' of 'gender' has no quota. "
            "Give it one, or switch the profile's quotas off.",
        ),
        (
            regular(*percent(50, 50)),
            "Profile 'gender' has quotas that are not nominal. Use one kind.",
        ),
        (
            regular(*percent(50), *nominal(500)),
            "Profile 'gender' has quotas that are not nominal. Use one kind.",
        ),
        (
            regular(*nominal(1000)).replace(template_id=TEMPLATE),
            f"The profiling uses template {TEMPLATE}, whose profiles only the exchange knows. "
            "Plan without it, or keep the profiling as it is.",
        ),
        (
            regular(
                *nominal(1000),
                targets=(
                    Target(
                        name="one",
                        conditions=(SelectionCondition(question_id=43, option="1"),),
                        quota=Quota(name="two", completes_goal=1000),
                    ),
                ),
            ),
            "A target of 'gender' has two names: ['one', 'two']. Keep one of them.",
        ),
        (
            regular(
                *nominal(1000),
                targets=(
                    Target(
                        name="one",
                        conditions=(
                            SelectionCondition(question_id=43, option="1"),
                            SelectionCondition(question_id=96, option="1"),
                        ),
                        quota=Quota(completes_goal=1000),
                    ),
                ),
            ),
            "Regular profile 'gender' asks questions 43 and 96. It may ask one.",
        ),
    ],
)
def test_what_a_plan_cannot_keep_without_loss_is_refused(profiling, message):
    with pytest.raises(InvalidPlan) as refused:
        QuotaPlan.from_profiling(profiling, 1000)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: QuotaPlan(0), "The goal is 0. Give a whole number of people, 1 or more."),
        (
            lambda: QuotaPlan(-5),
            "The goal is -5. Give a whole number of people, 1 or more.",
        ),
        (
            lambda: QuotaPlan(10.5),
            "The goal is 10.5. Give a whole number of people, 1 or more.",
        ),
        (
            lambda: QuotaPlan(True),
            "The goal is True. Give a whole number of people, 1 or more.",
        ),
        (
            lambda: germany().scaled(0),
            "The goal is 0. Give a whole number of people, 1 or more.",
        ),
        (
            lambda: germany().margin("age", 96, {"a": ("1", 1)}),
            "2 margins are called 'age'. Give each its own name.",
        ),
        (
            lambda: germany().margin("sex", 43, {"women": ("2", 1)}),
            "'gender' and 'sex' both ask gender (43). Put all cells of a question into one margin.",
        ),
        (
            lambda: germany().with_profile(screening(43)),
            "'gender' and 'region' both ask gender (43). "
            "Put all cells of a question into one margin.",
        ),
        (
            lambda: germany().with_profile(regular(*nominal(1000)).profiles[0]),
            "Profile 'gender' has quotas, which a plan works out itself. Add it with .margin(…).",
        ),
        (
            lambda: germany().margin("state", 96, ["1", "2"]),
            "The cells of 'state' are ['1', '2']. "
            'Give a dict, like {"men": ("1", 49), "women": ("2", 51)}.',
        ),
        (
            lambda: germany().margin("state", 96, {"north": "1"}),
            "Cell 'north' of 'state' is '1'. "
            'Give (answer, weight), like ("1", 49) or ((18, 24), 12.5).',
        ),
        (
            lambda: QuotaPlan(10).margin("age", 42, {"18-24": (18, 24)}),
            "Cell '18-24' of 'age' is (18, 24). "
            'Give (answer, weight), like ("1", 49) or ((18, 24), 12.5).',
        ),
        (
            lambda: germany().margin("state", 96, {}),
            "Margin 'state' has no cells. Give it a cell with a weight.",
        ),
        (lambda: germany()["gendr"], "The plan has no margin 'gendr'. Did you mean 'gender'?"),
        (lambda: germany()["x"], "The plan has no margin 'x'. It has 'gender', 'age'."),
        (lambda: QuotaPlan(1)["x"], "The plan has no margin 'x'. It has none yet."),
        (
            lambda: germany().with_weights("gender", {"man": 1}),
            "'gender' has no cell 'man'. It has 'women', 'men'.",
        ),
        (
            lambda: germany().with_weights("gender", {"women": 0, "men": 0}),
            "Margin 'gender' has only weights of 0. Give it a cell with a weight.",
        ),
        (
            lambda: germany().profiling("percent"),
            "There is no adjustment 'percent'. Use nominal or percentage.",
        ),
        (
            lambda: QuotaPlan(10).profiling("nominal"),
            "The plan has no profile yet. Add one with .margin(…).",
        ),
    ],
)
def test_what_makes_no_plan_is_refused_in_words(make, message):
    with pytest.raises(InvalidPlan) as refused:
        make()
    assert str(refused.value) == message


def test_a_plan_shows_itself():
    assert repr(germany().with_profile(screening())) == (
        "QuotaPlan of 1,000 completes\n"
        "  gender, question 43\n"
        "    women   50.70 %      507\n"
        "    men     49.30 %      493\n"
        "  age, question 42\n"
        "    18-34   33.34 %      334\n"
        "    35-54   33.33 %      333\n"
        "    55+     33.33 %      333\n"
        "  region, as it came\n"
        "    north"
    )


def test_a_long_margin_shows_its_first_twenty_cells():
    cells = {f"state {n:02}": (str(n), 1) for n in range(50)}
    shown = repr(QuotaPlan(50).margin("state", 96, cells)).splitlines()
    assert len(shown) == 2 + 20 + 1
    assert (shown[2], shown[-2], shown[-1]) == (
        "    state 00    2.00 %        1",
        "    state 19    2.00 %        1",
        "    … and 30 more",
    )


def test_the_code_of_a_plan():
    plan = QuotaPlan(100).margin(
        'the "age"',
        42,
        {
            "young": ((18, 34), 33.3),
            "rest\n": ([(35, 54), (55, 99)], 66.7),
        },
    )
    assert plan.code() == (
        "(\n"
        "    tgk.QuotaPlan(100)\n"
        '    .margin("the \\"age\\"", 42, {\n'
        '        "young": ((18, 34), 33.3),\n'
        "        'rest\\n': (((35, 54), (55, 99)), 66.7),\n"
        "    })\n"
        ")"
    )
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan
    assert QuotaPlan(5).code() == "tgk.QuotaPlan(5)"


def bare(plan):
    "What the wire says of a plan, in its words."
    return [(row.profile, row.target, row.conditions, row.completes) for row in plan.rows()]


def has_locks(plan):
    margins = [m for part in plan.profiles for m in (*getattr(part, "axes", ()), part)]
    cells = [cell for margin in margins for cell in getattr(margin, "cells", ())]
    return any(cell.locked for cell in cells) or any(
        getattr(p, "locked", ()) for p in plan.profiles
    )


@times(2_000, quick=300)
@given(full_plans())
def test_a_plan_comes_back_from_its_frame_the_wire_its_code_and_other_goals(plan):
    said = bare(plan)
    read = QuotaPlan.from_frame(plan.frame())
    assert bare(read) == said
    again = QuotaPlan.from_profiling(read.profiling("nominal"), plan.completes)
    assert bare(again) == said
    assert [type(part) for part in again.profiles] == [type(part) for part in plan.profiles]
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan
    if not has_locks(plan):
        assert plan.scaled(plan.completes + 100).scaled(plan.completes).rows() == plan.rows()


WANTED = {
    "seed and zeros": lambda plan: any(getattr(p, "seed", ()) and p.zeros for p in plan.profiles),
    "three margins": lambda plan: any(len(getattr(p, "axes", ())) == 3 for p in plan.profiles),
    "own labels": lambda plan: any(isinstance(p, Interlock) and p.labels for p in plan.profiles),
    "locked cells": lambda plan: any(isinstance(p, Interlock) and p.locked for p in plan.profiles),
    "locked margins": lambda plan: any(c.locked for m in plan.margins for c in m.cells),
    "a control": lambda plan: any(isinstance(p, Control) for p in plan.profiles),
    "a screening profile": lambda plan: SCREENING in plan.profiles,
    "a minimum": lambda plan: plan.minimum > 1,
}


@pytest.mark.parametrize("wanted", WANTED)
def test_the_plans_that_come_back_have_everything(wanted):
    find(
        full_plans(), WANTED[wanted], settings=settings(max_examples=2_000, phases=[Phase.generate])
    )


@st.composite
def typed_plans(draw):
    "A plan of margins, now and then crossed, and one of them."
    parts = draw(odd_margins(most=3))
    margin = parts[draw(st.integers(0, len(parts) - 1))]
    crossed = len(parts) > 1 and not draw(st.integers(0, 4))
    profiles = (Interlock("cells", tuple(parts)),) if crossed else tuple(parts)
    return QuotaPlan(draw(st.integers(1, 400)), profiles), margin


def test_percentages_typed_are_read_back():
    plan = germany().with_percentages("age", {"18-34": 33.33, "55+": 12.5})
    assert plan["age"].percentages == (33.33, 54.17, 12.5)
    assert plan.with_percentages("gender", {"women": np.float64(0.01)})["gender"].percentages == (
        0.01,
        99.99,
    )


@times(2_000, quick=300)
@given(typed_plans(), st.integers(0, 10_000), st.integers(1, 400))
def test_percent_never_drifts(drawn, units, goal):
    (plan, margin), percent = drawn, units / 100
    label = margin.labels[-1]
    if units < 10_000 and not any(cell.weight for cell in margin.cells[:-1]):
        with pytest.raises(InvalidPlan, match="Let one cell take what is left"):
            plan.with_percentages(margin.name, {label: percent})
        return
    typed = plan.with_percentages(margin.name, {label: percent})
    for each in (typed, typed.scaled(goal), typed.scaled(goal).scaled(plan.completes)):
        assert each[margin.name].percentages[-1] == percent
        assert sum(map(hundredths, each[margin.name].percentages)) == 10_000
    read = dict(zip(margin.labels, typed[margin.name].percentages, strict=True))
    again = typed.with_percentages(margin.name, read)
    assert again[margin.name].percentages == typed[margin.name].percentages
    people = typed[margin.name].completes(plan.completes)
    counted = typed.with_completes(margin.name, dict(zip(margin.labels, people, strict=True)))
    assert counted[margin.name].completes(plan.completes) == people
    assert (
        typed.with_completes(margin.name, {label: people[-1]})[margin.name].completes(
            plan.completes
        )[-1]
        == people[-1]
    )


def europe():
    census = [[15.2, 17.1, 18.4], [16.3, 17.5, 15.5]]
    return germany().interlock("gender", "age", seed=census, source="census")


def completes(plan, name):
    return [aim.completes for aim in plan.aims(plan[name])]


def test_margins_crossed_take_the_first_ones_place():
    plan = germany().margin("state", 96, {"north": ("1", 1)}).interlock("age", "state", name="x")
    assert [part.name for part in plan.profiles] == ["gender", "x"]
    assert [margin.name for margin in plan.margins] == ["gender"]
    assert plan["age"] == plan["x"].axes[0] == germany()["age"]
    assert plan.separate("x").margins == (
        *germany().margins,
        Margin("state", 96, (Cell("north", "1", 1),)),
    )
    crossed = europe()
    assert (crossed["gender × age"].source, crossed["gender × age"].seed[0]) == ("census", 15.2)
    assert europe().separate("gender × age") == germany()


def test_an_interlock_takes_its_seed_from_the_population():
    people = QuotaPlan.from_population("DE", 10)
    plan = QuotaPlan.from_population("DE", 1000).with_population(people.interlock("gender", "age"))
    crossed = plan.interlock("age", "gender")["age × gender"]
    assert crossed.seed != ()
    assert crossed.source == people.interlock("gender", "age")["gender × age"].source
    own = plan.interlock("age", "gender", seed=[[1, 1]] * 6, source="mine")["age × gender"]
    assert (own.seed, own.source) == ((1,) * 12, "mine")


def test_an_interlock_as_a_table():
    plan = europe().margin("state", 96, {"n": ("1", 1), "s": ("2", 1)})
    table = plan.matrix("age", "gender")
    assert table.to_numpy().tolist() == [[161, 173], [165, 168], [181, 152]]
    assert (table.index.name, list(table.columns)) == ("age", ["women", "men"])
    percent = plan.matrix("gender", "age", value="percent", totals=True)
    assert percent.loc["women", "total"] == 50.7
    assert percent.loc["total"].tolist() == [33.34, 33.33, 33.33, 100.0]

    cube = germany(100).margin("state", 96, {"n": ("1", 1), "s": ("2", 1)})
    cube = cube.interlock(
        "gender", "age", "state", zeros=[("men", "55+", "n"), ("men", "55+", "s")]
    )
    over = cube.matrix("gender", "age", totals=True)
    assert over.loc["men", "55+"] is pd.NA
    assert over.loc["total"].tolist() == [*germany(100)["age"].completes(100), 100]
    assert over["total"].tolist() == [51, 49, 100]


def test_caps_beside_margins():
    plan = germany().control("caps", {"most": ({"gender": "men", "age": ["18-34", "55+"]}, 40)})
    assert plan["caps"] == Control(
        "caps",
        (Cap("most", (("gender", ("men",)), ("age", ("18-34", "55+"))), Fraction(40, 1000)),),
    )
    assert plan.rows()[-1] == Row(
        "caps", "most", "gender (43): male (1); age (42): 18 to 34 or 55 to 99", 4.0, 40
    )
    assert plan.scaled(500).rows()[-1].completes == 20
    later = plan.margin("state", 96, {"north": ("1", 1)})
    assert [part.name for part in later.profiles] == ["gender", "age", "state", "caps"]


def test_a_control_that_came_first_is_read_and_written_in_code():
    plan = germany().control("caps", {"most": ({"gender": "men", "age": "55+"}, 40)})
    profiling = plan.profiling("nominal")
    turned = profiling.replace(profiles=profiling.profiles[::-1])
    read = QuotaPlan.from_profiling(turned, 1000)
    assert [part.name for part in read.profiles] == ["age", "gender", "caps"]
    assert eval(read.code(), {"tgk": target_group_kit}) == read


def test_parts_that_are_left_out():
    plan = germany().control("caps", {"most": ({"gender": "men", "age": "55+"}, 40)})
    assert plan.without("caps") == germany()
    assert europe().without("gender × age") == QuotaPlan(1000)
    assert germany().with_profile(screening()).without("region") == germany()


def test_completes_typed_lead():
    plan = germany().with_completes("age", {"18-34": 400, "55+": np.int64(100)})
    assert completes(plan, "age") == [400, 500, 100]
    assert completes(plan.with_completes("age", {"35-54": 450}), "age") == [440, 450, 110]
    assert completes(plan.with_weights("age", pd.Series({"55+": 5})), "age") == [286, 357, 357]


def test_locked_cells_keep_their_people():
    plan = germany().lock("age", "18-34")
    assert completes(plan, "age") == [334, 333, 333]
    for changed in (
        plan.with_weights("age", {"55+": 9}),
        plan.with_percentages("age", {"55+": 1}),
        plan.with_completes("age", {"55+": 500}),
        plan.scaled(500),
        plan.scaled(3333),
        plan.with_minimum(200),
        plan.scaled(500).with_minimum(20).scaled(2000),
    ):
        assert completes(changed, "age")[0] == 334
        assert sum(completes(changed, "age")) == changed.completes
    assert completes(plan.unlock("age").with_weights("age", {"18-34": 0}), "age") == [0, 500, 500]
    assert completes(germany().lock("age", "18-34", "55+", completes=100), "age") == [100, 800, 100]
    assert completes(plan.with_percentages("age", {"18-34": 12.34}).scaled(999), "age")[0] == 124


def test_locked_cells_of_an_interlock_keep_their_people():
    plan = europe().lock("gender × age", ("women", "18-34"), "men, 55+")
    women, *_, men = completes(plan, "gender × age")
    assert (women, men) == (161, 152)
    for changed in (
        plan.with_weights("age", {"35-54": 2}),
        plan.with_percentages("gender", {"men": 40}),
        plan.scaled(800),
        plan.scaled(4321),
        plan.with_minimum(120),
        plan.lock("age", "35-54").with_weights("gender", {"women": 60}),
    ):
        people = completes(changed, "gender × age")
        assert (people[0], people[-1], sum(people)) == (161, 152, changed.completes)
        assert eval(changed.code(), {"tgk": target_group_kit}) == changed
    assert plan.unlock("gender × age") == europe()
    assert plan.unlock("gender × age", "men, 55+") == europe().lock(
        "gender × age", ("women", "18-34")
    )


def test_a_whole_row_can_be_locked_as_it_is():
    plan = germany(10).interlock("age", "gender")
    row = [("18-34", "women"), ("18-34", "men")]
    locked = plan.lock("age × gender", *row)
    assert completes(locked, "age × gender")[:2] == completes(plan, "age × gender")[:2] == [2, 2]
    assert locked["age"].percentages == (40.0, 30.0, 30.0)
    assert completes(locked.with_minimum(1), "age × gender")[:2] == [2, 2]
    with pytest.raises(InvalidPlan) as refused:
        locked.scaled(100)
    assert str(refused.value) == (
        "No table over the possible cells of 'age × gender' has these margins: "
        "'18-34' of 'age' gets 36.00% of the goal too few. "
        "Allow a cell that is impossible or free a locked one, or change the margins."
    )


def test_nobody_can_be_locked_too():
    plan = europe().lock("gender × age", ("men", "55+"), completes=0)
    assert completes(plan, "gender × age")[-1] == 0
    assert completes(plan.with_minimum(5), "gender × age")[-1] == 0
    assert plan.matrix("gender", "age", totals=True)["total"].tolist() == [507, 493, 1000]


def test_a_minimum_moves_people_and_percentages_and_is_told():
    plan = germany(20).with_weights("age", {"55+": 0.1}).with_minimum(3)
    assert plan.rows()[2:] == (
        Row("age", "18-34", "age (42): 18 to 34", 45.0, 9),
        Row("age", "35-54", "age (42): 35 to 54", 40.0, 8),
        Row("age", "55+", "age (42): 55 to 99", 15.0, 3),
    )
    assert plan.notes == (
        "Every cell has at least 3 completes, unless it is locked or has no weight.",
    )
    assert plan.with_minimum(0).notes == ()
    crossed = europe().with_weights("age", {"55+": 0.01}).with_minimum(20)
    assert min(completes(crossed, "gender × age")) == 20
    assert crossed.notes == (
        "gender × age: age '18-34' has 480 completes instead of 498: "
        "locked cells and minimums come first.",
        "gender × age: age '35-54' has 480 completes instead of 497: "
        "locked cells and minimums come first.",
        "gender × age: age '55+' has 40 completes instead of 5: "
        "locked cells and minimums come first.",
        "Every cell has at least 20 completes, unless it is locked or has no weight.",
    )


def test_limits_are_told_as_they_near():
    def states(count):
        cells = {f"s{n}": (str(n), 1) for n in range(count)}
        return QuotaPlan(1000).margin("state", 96, cells)

    assert states(279).notes == ()
    assert states(280).notes == ("280 of at most 350 quotas.",)
    assert europe().limits == (Limit("quotas", 6, 350), Limit("questions in an interlock", 2, 3))


def bands(*ages):
    return {f"{low}-{high}": ((low, high), 1) for low, high in ages}


@pytest.mark.parametrize(
    ("labels", "into", "label", "answer"),
    [
        (("18-24", "25-34"), None, "18-34", (18, 34)),
        (("25-34", "18-24"), None, "18-34", (18, 34)),
        (("18-24", "35-44"), None, "18-24 or 35-44", ((18, 24), (35, 44))),
        (("35-44", "45+"), None, "35+", (35, 99)),
        (("17", "18-24"), None, "17-24", (17, 24)),
        (("45+", "18-24", "25-34", "35-44"), None, "18+", (18, 99)),
        (("18-24", "25-34"), "young", "young", (18, 34)),
        (("18-24", "teens"), None, "18-24 or teens", ((13, 16), (18, 24))),
    ],
)
def test_cells_made_one_are_called_what_they_are(labels, into, label, answer):
    cells = bands((18, 24), (25, 34), (35, 44)) | {
        "45+": ((45, 99), 1),
        "17": ((17, 17), 1),
        "teens": ((13, 16), 1),
    }
    plan = QuotaPlan(60).margin("age", 42, cells).merge_cells("age", *labels, into=into)
    [merged] = [cell for cell in plan["age"].cells if cell.label not in cells]
    assert (merged.label, merged.answer, merged.weight) == (label, answer, len(labels))


def test_cells_are_merged_wherever_they_stand():
    people = QuotaPlan.from_population("DE", 10).interlock("gender", "age")
    plan = QuotaPlan.from_population("DE", 1000, ages=[18, 25, 35, 65]).with_population(None)
    plan = plan.control("c", {"most": ({"gender": "men", "age": ["18-24", "25-34"]}, 40)})
    merged = plan.with_population(people).merge_cells("age", "18-24", "25-34")
    assert merged["age"].labels == ("18-34", "35-64", "65+")
    assert merged["c"].caps[0].cells == (("gender", ("men",)), ("age", ("18-34",)))
    assert merged.population["age"].labels[:2] == ("18-34", "35-44")
    assert merged.population["gender × age"].shape == (2, 5)
    other = plan.with_population(people.merge_cells("age", "18-24", "25-34"))
    assert other.merge_cells("age", "18-24", "25-34").population == other.population
    crossed = europe().merge_cells("age", "35-54", "55+", into="35+")
    assert crossed["gender × age"].shape == (2, 2)
    assert completes(crossed, "gender × age") == [161, 346, 172, 321]


def test_a_plan_from_counts():
    who = Counts(("gender",), (("women", "men"),), (51, 49), "percent", "client")
    ages = Counts(("age",), (("18-34", "35+"),), (30, 70), "completes")
    plan = QuotaPlan.from_counts(who, ages)
    assert (plan.completes, plan.population, plan["gender"].source) == (100, None, "client")
    people = Counts(("state",), (("north", "south"),), (1_000, 3_000), "weight", "census")
    plan = QuotaPlan.from_counts(
        who, people, completes=50, questions={"state": (96, {"north": "1", "south": "2"})}
    )
    assert plan.population == QuotaPlan(50, (plan["state"],))
    assert completes(plan, "state") == [13, 37]


def test_a_plan_from_a_frame_of_any_shape():
    frame = pd.DataFrame(
        {"gender": ["women", "men", "women"], "age": ["18-34", "18-34", "35+"], "n": [20, 30, 50]}
    )
    plan = QuotaPlan.from_frame(frame, source="client")
    assert (plan.completes, plan["gender × age"].zeros) == (100, ((1, 1),))
    assert completes(plan, "gender × age") == [20, 50, 30]
    assert plan["gender × age"].source == "client"
    assert QuotaPlan.from_frame(germany().frame(), 1000).rows()[2].completes == 334
    custom = pd.DataFrame({"club": ["a", "b"], "percent": [50, 50]})
    plan = QuotaPlan.from_frame(custom, 9, questions={"club": (157, {"a": "1", "b": "2"})})
    assert completes(plan, "club") == [5, 4]


PEOPLE = pd.DataFrame(
    {
        "gender": [1, 2, 2, 2],
        "age": [19, 44, 70, 30],
        "club": ["x", "y", "x", "x"],
        "w": [3, 1, 1, 1],
    }
)


@pytest.mark.parametrize(
    "ages",
    [[(18, 34), (35, 99)], [18, 35], {"18-34": (18, 34), "35+": (35, 99)}],
)
def test_a_plan_from_respondents(ages):
    plan = QuotaPlan.from_respondents(PEOPLE, 60, names=["gender", "age"], ages=ages, source="w1")
    assert [margin.name for margin in plan.margins] == ["gender", "age"]
    assert (plan["gender"].labels, completes(plan, "gender")) == (("1", "2"), [15, 45])
    assert (plan["age"].labels, completes(plan, "age")) == (("18-34", "35+"), [30, 30])
    assert {margin.source for margin in plan.margins} == {"w1: 4 people"}
    crossed = plan.interlock("gender", "age")
    assert completes(crossed, "gender × age") == [15, 0, 15, 30]


def test_respondents_weighted_and_asked_of_other_things():
    plan = QuotaPlan.from_respondents(PEOPLE, 60, names="gender", weight="w")
    assert completes(plan, "gender") == [30, 30]
    asked = {"club": (157, {"x": "1", "y": "2"}), "years": 42}
    renamed = PEOPLE.rename(columns={"age": "years"})
    plan = QuotaPlan.from_respondents(
        renamed, 40, names=["club", "years"], ages=[18, 40], questions=asked
    )
    assert (completes(plan, "club"), completes(plan, "years")) == ([30, 10], [20, 20])
    assert [margin.question_id for margin in plan.margins] == [157, 42]


def test_a_plan_from_the_population():
    plan = QuotaPlan.from_population("DE", 1000, ages=[18, 40])
    assert [margin.name for margin in plan.margins] == ["gender", "age"]
    assert plan["age"].labels == ("18-39", "40+")
    assert plan.population["gender × age"].shape == (2, 2)
    assert plan["gender"].source == plan.population["gender × age"].source
    assert plan["gender"].source.endswith("40+ includes everybody of 100 and over")
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan
    crossed = plan.interlock("gender", "age")
    assert not any("independent" in note for note in crossed.notes)
    assert eval(crossed.code(), {"tgk": target_group_kit}) == crossed


def test_numbers_of_other_kinds_make_the_same_plan():
    assert QuotaPlan(np.int64(1000)) == QuotaPlan(1000)
    assert germany().scaled(np.int32(10)) == germany(10)
    assert germany().with_minimum(np.int64(3)).minimum == 3
    huge = germany(10**15)
    assert sum(completes(huge, "age")) == 10**15
    large = germany(10**9).interlock("gender", "age")
    assert sum(completes(large, "gender × age")) == 10**9
    tiny = germany(1).interlock("gender", "age")
    assert sorted(completes(tiny, "gender × age")) == [0, 0, 0, 0, 0, 1]


CAP = {"most": ({"gender": "men", "age": "55+"}, 40)}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: QuotaPlan(10, minimum=-1),
            "The minimum is -1. Give a whole number of people, 0 or more.",
        ),
        (
            lambda: germany().with_population("DE"),
            "The population is 'DE'. Give a plan, like QuotaPlan.from_population(\"DE\", 1000).",
        ),
        (
            lambda: germany().with_minimum(400),
            "3 cells of 'age' with at least 400 each need 1,200, the goal leaves them 1,000. "
            "Lower the minimum, merge cells or raise the goal.",
        ),
        (
            lambda: europe().with_minimum(10).scaled(50),
            "6 cells of 'gender × age' with at least 10 each need 60, the goal leaves them 50. "
            "Lower the minimum, merge cells or raise the goal.",
        ),
        (
            lambda: germany().lock("gender", "men").scaled(100),
            "The locked cells of 'gender' make 493.00 % of the new goal. "
            "Unlock one, or raise the goal.",
        ),
        (
            lambda: europe().lock("gender × age", "men, 55+", completes=300).scaled(500),
            "The locked cells of 'gender × age' hold 60.00% of the goal, "
            "'men' of 'gender' has 49.30%. Lower one, or raise the margin.",
        ),
        (lambda: germany().interlock(), "An interlock crosses 2 or 3 margins, not 0."),
        (
            lambda: germany().interlock("age"),
            "An interlock crosses 2 or 3 margins, not 1: 'age'.",
        ),
        (
            lambda: germany().interlock(["gender", "age"]),
            "The plan has no margin ['gender', 'age']. It has 'gender', 'age'.",
        ),
        (
            lambda: germany().interlock("age", "age"),
            "'age' is crossed already. A margin goes into one interlock, once.",
        ),
        (
            lambda: europe().interlock("gender", "age"),
            "'gender' is crossed already. A margin goes into one interlock, once.",
        ),
        (
            lambda: europe().interlock("gender × age", "age"),
            "'gender × age' is no margin but an interlock. Name one of its margins.",
        ),
        (
            lambda: germany().control("caps", CAP).with_weights("caps", {"most": 3}),
            "'caps' is no margin but caps. Name one of its margins.",
        ),
        (
            lambda: germany().control("caps", CAP).interlock("gender", "age"),
            "The cap 'most' counts answers of 'gender', which is no margin on its own. "
            "Those are none; an interlock has its own cells.",
        ),
        (
            lambda: europe().control("caps", CAP),
            "The cap 'most' counts answers of 'gender', which is no margin on its own. "
            "Those are none; an interlock has its own cells.",
        ),
        (
            lambda: germany().control("caps", CAP).without("age"),
            "The cap 'most' counts answers of 'age', which is no margin on its own. "
            "Those are 'gender'; an interlock has its own cells.",
        ),
        (
            lambda: germany().control("caps", CAP).control("more", CAP),
            "The exchange takes one control; the plan has 'caps' and 'more'. Keep one of them.",
        ),
        (
            lambda: germany().control("caps", [CAP]),
            f"The caps of 'caps' are {[CAP]!r}. "
            'Give a dict, like {"young men": ({"gender": "men", "age": "18-34"}, 40)}.',
        ),
        (
            lambda: germany().separate("age"),
            "'age' is no interlock, so there is nothing to separate.",
        ),
        (
            lambda: europe().without("age"),
            "The plan has no part 'age' to leave out. It has 'gender × age'.",
        ),
        (lambda: QuotaPlan(1).without("x"), "The plan has no part 'x' to leave out. It has none."),
        (
            lambda: germany().with_weights("gender", [50, 50]),
            "The numbers for 'gender' are [50, 50]. Give a dict, like {\"women\": 51}.",
        ),
        (
            lambda: germany().with_percentages("gender", 50),
            "The numbers for 'gender' are 50. Give a dict, like {\"women\": 51}.",
        ),
        (
            lambda: germany().with_completes("gender", "50"),
            "The numbers for 'gender' are '50'. Give a dict, like {\"women\": 51}.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": 33.333}),
            "33.333 % of 'women' has more than two decimals. Round it to two.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": "50"}),
            "The percentage of 'women' is '50', not a number. Write it like 12 or 12.5.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": None}),
            "The percentage of 'women' is None, not a number. Write it like 12 or 12.5.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": float("nan")}),
            "The percentage of 'women' is nan. Give a finite number, 0 or more.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": -1}),
            "The percentage of 'women' is -1, below 0. Give 0 for nobody, or leave the cell out.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": 100.01}),
            "The cells set in 'gender' make 100.01 % of 100.00 %. Lower one of them.",
        ),
        (
            lambda: germany().with_percentages("gender", {"women": 50, "men": 49.99}),
            "The cells set in 'gender' make 99.99 % of 100.00 %. Let one cell take what is left.",
        ),
        (
            lambda: germany().lock("age", "55+").with_completes("age", {"18-34": 700}),
            "The cells set in 'age' with the locked '55+' make 1,033 of 1,000. Lower one of them.",
        ),
        (
            lambda: germany().with_completes("age", {"18-34": 10.5}),
            "The number of '18-34' is 10.5. Give a whole number of people, 0 or more.",
        ),
        (
            lambda: germany().lock("age", "55+").with_weights("age", {"18-34": 0, "35-54": 0}),
            "The cells set in 'age' make 33.30 % of 100.00 %. Let one cell take what is left.",
        ),
        (
            lambda: germany().lock("age"),
            "Nothing in 'age' is named to be locked. Name its cells.",
        ),
        (
            lambda: europe().lock("gender × age"),
            "Nothing in 'gender × age' is named to be locked. Name its cells.",
        ),
        (
            lambda: germany().lock("age", 18),
            "'age' has no cell '18'. It has '18-34', '35-54', '55+'.",
        ),
        (
            lambda: germany().lock("age", "55+", completes=2.5),
            "The number of '55+' is 2.5. Give a whole number of people, 0 or more.",
        ),
        (
            lambda: europe().lock("gender × age", "men, 55+", completes=-1),
            "A locked number is -1. Give a whole number of people, 0 or more.",
        ),
        (
            lambda: europe().lock("gender × age", "men"),
            "'men' is no cell of 'gender × age'. Give one label each of 'gender' and 'age'.",
        ),
        (
            lambda: germany().control("caps", CAP).lock("caps", "most"),
            "'caps' is no margin but caps. Name one of its margins.",
        ),
        (
            lambda: germany().merge_cells("age"),
            "Merging in 'age' takes two cells or more. Name them.",
        ),
        (
            lambda: germany().merge_cells("age", "55+", "55+"),
            "Merging in 'age' takes two cells or more. Name them.",
        ),
        (
            lambda: germany().merge_cells("age", ["18-34", "55+"]),
            "'age' has no cell ['18-34', '55+']. It has '18-34', '35-54', '55+'.",
        ),
        (
            lambda: germany().control("caps", CAP).merge_cells("age", "35-54", "55+"),
            "The cap 'most' counts '55+' of 'age', but not all that would be merged. "
            "Drop the cap first.",
        ),
        (
            lambda: europe().merge_cells("gender × age", "a", "b"),
            "'gender × age' is no margin but an interlock. Name one of its margins.",
        ),
        (
            lambda: germany().matrix("gender", "age"),
            "'gender' and 'age' aren't crossed, so nothing is planned of their combinations. "
            "Use .interlock('gender', 'age').",
        ),
        (
            lambda: europe().matrix("age", "age"),
            "'age' and 'age' aren't crossed, so nothing is planned of their combinations. "
            "Use .interlock('age', 'age').",
        ),
        (
            lambda: europe().matrix("gender", "age", value="percentage"),
            "There is no value 'percentage'. Use completes or percent.",
        ),
        (
            lambda: QuotaPlan.from_respondents(PEOPLE, 10, names=["gender"], ages=[18, 35]),
            "There are bands of age, and 'gender' asks for none. "
            "Say which does: questions={'gender': 42}.",
        ),
        (
            lambda: QuotaPlan.from_respondents(PEOPLE, 10, names=["age"]),
            "The column 'age' holds numbers. Say its bands, like ages=[(18, 34), (35, 99)].",
        ),
        (
            lambda: QuotaPlan.from_respondents(
                PEOPLE, 10, names=["age"], ages=[(18, 35), (35, 99)]
            ),
            "The age bands 18-35 and 35-99 overlap at 35. End the first at 34.",
        ),
        (
            lambda: QuotaPlan.from_respondents(PEOPLE, 0, names=["gender"]),
            "The goal is 0. Give a whole number of people, 1 or more.",
        ),
        (
            lambda: QuotaPlan.from_counts(),
            "The table says no number of people. Say how many: completes=1000.",
        ),
    ],
)
def test_what_a_verb_cannot_do_is_refused_in_words(make, message):
    with pytest.raises(InvalidPlan) as refused:
        make()
    assert str(refused.value) == message


@settings(max_examples=40, deadline=None)
@given(full_plans(), st.sampled_from(["nominal", "percentage"]))
def test_a_plan_passes_the_check(plan, adjustment):
    profiling = plan.profiling(adjustment)
    group = GROUP.replace(completes_goal=plan.completes, profiling=profiling)
    assert target_group_kit.check(group, now=NOW).errors == ()


NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
GROUP = target_group_kit.TargetGroup.example(NOW).replace(
    allocations=target_group_kit.Allocations.open_exchange()
)


def test_cells_are_merged_in_the_population_whatever_they_are_called_there():
    ages = {"18-29": ((18, 29), 30), "30-49": ((30, 49), 30), "50+": ((50, 99), 40)}
    people = QuotaPlan.from_population("DE", 100, ages=[18, 30, 50]).population
    plan = QuotaPlan(100).margin("Alter", 42, ages).with_population(people)
    merged = plan.merge_cells("Alter", "18-29", "30-49")
    assert merged["Alter"].labels == ("18-49", "50+")
    assert merged.population["age"].labels == ("18-49", "50+")
    assert merged.population["gender"] == people["gender"]
