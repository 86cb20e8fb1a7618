"Caps on combinations: whole numbers of a goal, answers merged, and what is refused."

from fractions import Fraction

import pytest

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.caps import Cap, Control

WOMEN_YOUNG = (("gender", ("women",)), ("age", ("18-34", "35-54")))


def test_caps_in_people_and_percent():
    caps = (Cap("a", WOMEN_YOUNG, Fraction(1, 8)), Cap("b", WOMEN_YOUNG, Fraction(1, 3)))
    control = Control("caps", caps)
    assert control.completes(100) == (13, 33)
    assert control.percentages == (12.5, 33.33)
    assert [caps[0].of(total) for total in (0, 3, 4, 8)] == [0, 0, 1, 1]


def test_a_cap_counts_each_answer_once():
    cap = Cap("a", (("gender", ("women", "women")), ("age", ("55+",))), Fraction(1))
    assert cap.cells == (("gender", ("women",)), ("age", ("55+",)))


def test_caps_follow_answers_that_are_made_one():
    control = Control("caps", (Cap("a", WOMEN_YOUNG, Fraction(1, 8)),))
    merged = control.merged("age", ["18-34", "35-54"], "18-54")
    assert merged.caps[0].cells == (("gender", ("women",)), ("age", ("18-54",)))
    assert control.merged("age", ["55+", "x"], "old") == control
    assert control.merged("region", ["18-34"], "any") == control


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Cap("", WOMEN_YOUNG, Fraction(1, 2)),
            "A cap has the label ''. Give it a name.",
        ),
        (
            lambda: Cap(3, WOMEN_YOUNG, Fraction(1, 2)),
            "A cap has the label 3. Give it a name.",
        ),
        (
            lambda: Cap("a", WOMEN_YOUNG, Fraction(3, 2)),
            "The cap 'a' is 150.00% of the goal. Stay within 0 and all of it.",
        ),
        (
            lambda: Cap("a", WOMEN_YOUNG[:1], Fraction(1, 2)),
            "The cap 'a' combines 1 margin. Name two or more. "
            "A cap on one is that margin's own quota.",
        ),
        (
            lambda: Cap("a", (*WOMEN_YOUNG[:1], ("age", ())), Fraction(1, 2)),
            "The cap 'a' counts no answer of 'age'. Name one.",
        ),
        (lambda: Control("c", ()), "The caps of 'c' need names, each its own: []."),
        (
            lambda: Control("c", (Cap("a", WOMEN_YOUNG, Fraction(1, 2)),) * 2),
            "The caps of 'c' need names, each its own: ['a', 'a'].",
        ),
        (
            lambda: Control("", (Cap("a", WOMEN_YOUNG, Fraction(1, 2)),)),
            "A control has the name ''. Give it one, like 'caps'.",
        ),
        (
            lambda: Control("c", (Cap("a", WOMEN_YOUNG, Fraction(1, 2)),)).merged(
                "age", ["35-54", "55+"], "35+"
            ),
            "The cap 'a' counts '35-54' of 'age', but not all that would be merged. "
            "Drop the cap first.",
        ),
    ],
)
def test_what_makes_no_cap_is_refused_in_words(make, message):
    with pytest.raises(InvalidPlan) as refused:
        make()
    assert str(refused.value) == message
