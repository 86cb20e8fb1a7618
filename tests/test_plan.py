"Quota plans: verbs, exact numbers, the wire and back, comparison, code."

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@given(plans())
def test_every_margin_makes_the_goal_and_one_hundred_percent(plan):
    for margin in plan.margins:
        rows = [row for row in plan.rows() if row.profile == margin.name]
        assert sum(row.completes for row in rows) == plan.completes
        assert sum(hundredths(row.percent) for row in rows) == 10_000


@given(plans(), st.integers(1, 3000))
def test_scaling_there_and_back_changes_nothing(plan, completes):
    there = plan.scaled(completes)
    assert there.completes == completes
    assert there.margins == plan.margins
    assert there.scaled(plan.completes) == plan


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


@given(plans())
def test_a_plan_survives_its_code(plan):
    assert eval(plan.code(), {"tgk": target_group_kit}) == plan


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
