"What holds between the parts of a plan: questions, names, blends, caps, limits, notes."

from fractions import Fraction

import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    Quota,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.composition import (
    Limit,
    caps_apply,
    interlock_notes,
    limits_of,
    one_blend_each,
    one_name_each,
    one_question_each,
)
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.profiles import aims_of

GENDER = Margin("gender", 43, (Cell("women", "2", 51), Cell("men", "1", 49)))
AGE = Margin("age", 42, (Cell("18-34", (18, 34), 30), Cell("35-99", (35, 99), 70)))
REGION = Margin("region", 96, (Cell("north", "1", 1), Cell("south", "2", 3)))
CROSSED = Interlock("gender × age", (GENDER, AGE))
CAPS = Control("caps", (Cap("c", (("gender", ("men",)), ("age", ("18-34",))), Fraction(1, 8)),))


def carried(word=BlendedProfile, question_id=43, **options):
    chosen = SelectionCondition(question_id=question_id, option="1")
    targets = (Target(name="a", conditions=(chosen,), quota=options.pop("quota", None)),)
    return word(name="as it came", quotas_enabled=False, targets=targets, **options)


@pytest.mark.parametrize(
    ("rule", "parts", "message"),
    [
        (
            one_question_each,
            (GENDER, Margin("sex", 43, (Cell("women", "2", 1),))),
            "'gender' and 'sex' both ask gender (43). Put all cells of a question into one margin.",
        ),
        (
            one_question_each,
            (CROSSED, Margin("years", 42, AGE.cells)),
            "'gender × age' and 'years' both ask age (42). "
            "Put all cells of a question into one margin.",
        ),
        (
            one_question_each,
            (carried(RegularProfile, 7), Margin("seven", 7, (Cell("a", "1", 1),))),
            "'as it came' and 'seven' both ask question 7. "
            "Put all cells of a question into one margin.",
        ),
        (one_question_each, (GENDER, AGE, CAPS, carried()), None),
        (
            one_name_each,
            (GENDER, REGION, REGION, REGION),
            "3 margins are called 'region'. Give each its own name.",
        ),
        (
            one_name_each,
            (CROSSED, Margin("age", 7, AGE.cells)),
            "2 margins are called 'age'. Give each its own name.",
        ),
        (
            one_name_each,
            (Interlock("gender", (GENDER, AGE)),),
            "2 margins are called 'gender'. Give each its own name.",
        ),
        (
            one_name_each,
            (GENDER, Control("gender", CAPS.caps)),
            "2 margins are called 'gender'. Give each its own name.",
        ),
        (one_name_each, (CROSSED, REGION, CAPS, carried(), carried()), None),
        (
            one_blend_each,
            (CROSSED, Interlock("other", (REGION, Margin("q", 7, AGE.cells)))),
            "The exchange takes one interlock; the plan has 'gender × age' and 'other'. "
            "Keep one of them.",
        ),
        (
            one_blend_each,
            (CROSSED, carried()),
            "The exchange takes one interlock; the plan has 'gender × age' and 'as it came'. "
            "Keep one of them.",
        ),
        (
            one_blend_each,
            (CAPS, carried(blended_type="control")),
            "The exchange takes one control; the plan has 'caps' and 'as it came'. "
            "Keep one of them.",
        ),
        (one_blend_each, (CROSSED, CAPS, GENDER), None),
        (one_blend_each, (CROSSED, carried(blended_type="control")), None),
        (one_blend_each, (carried(), carried()), None),
    ],
)
def test_what_holds_between_parts(rule, parts, message):
    if message is None:
        rule(parts)
        return
    with pytest.raises(InvalidPlan) as refused:
        rule(parts)
    assert str(refused.value) == message


def test_caps_count_answers_of_margins_on_their_own():
    caps_apply((GENDER, AGE, CAPS), {"gender": GENDER, "age": AGE})
    caps_apply((GENDER,), {})
    with pytest.raises(InvalidPlan) as refused:
        caps_apply((GENDER, CAPS), {"gender": GENDER})
    assert str(refused.value) == (
        "The cap 'c' counts answers of 'age', which is no margin on its own. "
        "Those are 'gender'; an interlock has its own cells."
    )
    with pytest.raises(InvalidPlan) as refused:
        caps_apply((CROSSED, CAPS), {})
    assert str(refused.value) == (
        "The cap 'c' counts answers of 'gender', which is no margin on its own. "
        "Those are none; an interlock has its own cells."
    )
    with pytest.raises(InvalidPlan) as refused:
        caps_apply((GENDER, AGE, CAPS), {"gender": GENDER, "age": AGE.merged(AGE.labels, "all")})
    assert str(refused.value) == "'age' has no cell '18-34'. It has 'all'."


@pytest.mark.parametrize(("used", "near"), [(279, False), (280, True), (350, True), (351, True)])
def test_a_limit_is_near_from_four_fifths_on(used, near):
    assert Limit("quotas", used, 350).near is near
    assert str(Limit("quotas", used * 10, 3500)) == f"{used * 10:,} of at most 3,500 quotas"


def test_what_a_plan_uses_of_what_the_exchange_allows():
    both = carried(quota=Quota(completes_goal=3))
    parts = (CROSSED, REGION, both, carried(RegularProfile, 7))
    aims = [aims_of(part, 100) for part in parts]
    assert limits_of(parts, aims) == (
        Limit("quotas", 7, 350),
        Limit("questions in an interlock", 2, 3),
    )
    assert limits_of((), []) == (Limit("quotas", 0, 350),)


def test_what_is_worth_knowing_about_an_interlock():
    assumed = (
        "gender × age: gender and age are taken as independent; "
        "give a seed if you know how they go together."
    )
    assert interlock_notes(CROSSED, 100, 0) == (assumed,)
    known = Interlock("gender × age", (GENDER, AGE), seed=(1, 2, 3, 4))
    assert interlock_notes(known, 10_000, 0) == ()
    thirds = tuple(Cell(label, label, 1) for label in "abc")
    even = Interlock("x", (Margin("r", 1, thirds), Margin("c", 2, thirds)), seed=(1,) * 9)
    assert interlock_notes(even, 3, 0) == (
        "x: 3 cells aren't at their nearest whole number, so that every margin holds.",
    )
    ones = Interlock("x", (GENDER, AGE), seed=(1, 1, 1, 1))
    said = [interlock_notes(ones, goal, 0) for goal in range(1, 40)]
    assert ("x: 1 cell isn't at its nearest whole number, so that every margin holds.",) in said
    few = Interlock("x", (GENDER.with_weights({"men": 1}), AGE), seed=(1, 1, 1, 1))
    assert interlock_notes(few, 20, 5) == (
        "x: gender 'women' has 10 completes instead of 20: locked cells and minimums come first.",
        "x: gender 'men' has 10 completes instead of 0: locked cells and minimums come first.",
        "x: age '18-34' has 10 completes instead of 6: locked cells and minimums come first.",
        "x: age '35-99' has 10 completes instead of 14: locked cells and minimums come first.",
    )
