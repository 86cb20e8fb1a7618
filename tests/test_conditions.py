"Conditions in words, and back: nothing is lost, and what can't be read is refused in words."

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    OpenEndedCondition,
    RangeCondition,
    SelectionCondition,
    condition_text,
    parse_conditions,
)


def chose(question_id, option):
    return SelectionCondition(question_id=question_id, option=option)


def between(question_id, low, high):
    return RangeCondition(question_id=question_id, min=low, max=high)


def wrote(question_id, *values):
    return OpenEndedCondition(
        question_id=question_id, allow_all_values=not values, open_ended_values=values or None
    )


# Anything at all, and the marks that the words themselves are made of
MARKS = [*'12 ,:;()"\\AéЖ', "\0", "\n", "or", " or ", "to", "18 to 24", ", ", "; ", ": "]
MARKS += ["written ", "any value", "one of 3 written values", "male (1)", "question 1: "]
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=4),
    st.lists(st.sampled_from(MARKS), max_size=4).map("".join),
)
answers = st.one_of(
    texts,
    st.tuples(st.integers(1, 99), st.integers(1, 99)),
    st.lists(texts, max_size=3),
)


def condition(question_id, answer):
    if isinstance(answer, str):
        return chose(question_id, answer)
    kind = between if isinstance(answer, tuple) else wrote
    return kind(question_id, *answer)


conditions = st.lists(
    st.builds(condition, st.sampled_from([42, 43, 45, 157, -5, 10**12]), answers),
    min_size=1,
    max_size=4,
)


@settings(max_examples=2_000, deadline=None)
@given(conditions)
@example([chose(43, "1 or 2")])
@example([chose(43, "")])
@example([chose(43, "male (1)"), chose(43, "1"), chose(43, "-3105")])
@example([chose(157, "any value"), wrote(157, "any value", ""), wrote(157)])
@example([wrote(45, "a, b", 'c "d"', "e; f", "question 1: 2")])
@example([chose(43, "1"), between(42, 18, 24), chose(43, "2")])
def test_conditions_come_back_from_their_words_question_by_question(conditions):
    asked = dict.fromkeys(condition.question_id for condition in conditions)
    grouped = tuple(c for question in asked for c in conditions if c.question_id == question)
    assert parse_conditions(condition_text(conditions, most=None)) == grouped


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ([chose(43, "1"), chose(43, "9")], "gender (43): male (1) or 9"),
        ([chose(157, "1 or 2"), chose(157, "")], 'question 157: "1 or 2" or ""'),
        ([chose(-5, "Ü"), between(42, 7, 7)], "question -5: Ü; age (42): 7 to 7"),
        ([wrote(45)], "ZIP code (45): any value"),
        ([wrote(45, "a", "b, c")], 'ZIP code (45): written a, "b, c"'),
        ([wrote(45, *"abcd")], "ZIP code (45): written a, b, c, d"),
    ],
)
def test_conditions_as_words(conditions, words):
    assert condition_text(conditions, most=None) == words
    assert parse_conditions(words) == tuple(conditions)


def test_words_may_be_typed_loosely():
    typed = " Alter (42) :18 to 24 ;question 157:3 or  4"
    assert parse_conditions(typed) == (between(42, 18, 24), chose(157, "3"), chose(157, "4"))


def test_many_written_values_are_counted_and_then_they_are_lost():
    many = (wrote(45, *map(str, range(1200))),)
    assert condition_text(many) == "ZIP code (45): one of 1,200 written values"
    with pytest.raises(InvalidPlan) as refused:
        parse_conditions(condition_text(many))
    assert str(refused.value) == (
        "'one of 1,200 written values' of ZIP code (45) is shortened, so its values are lost. "
        "Use a frame that lists them all."
    )
    assert parse_conditions(condition_text(many, most=None)) == many


FORM = "Write it like 'age (42): 18 to 24' or 'question 157: 3'."


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("", f"'' doesn't say question and answer. {FORM}"),
        ("18 to 24", f"'18 to 24' doesn't say question and answer. {FORM}"),
        ("age: 18 to 24", f"'age: 18 to 24' doesn't say question and answer. {FORM}"),
        ("age (42) 18 to 24", f"'age (42) 18 to 24' doesn't say question and answer. {FORM}"),
        ("question x: 1", f"'question x: 1' doesn't say question and answer. {FORM}"),
        ("age (42): 18 to 24; ", f"'' doesn't say question and answer. {FORM}"),
        ("age (42):", "A condition says no answer. Write one after the colon."),
        ("age (42): 1 or  or 2", "A condition says no answer. Write one after the colon."),
        ("ZIP code (45): written a, , b", "A condition says no answer. Write one after the colon."),
        (
            "question 1: \"a'",
            '"a\' isn\'t closed as a quoted value. Write it like "a b".',
        ),
        (
            'question 1: "a" b',
            '"a" b isn\'t closed as a quoted value. Write it like "a b".',
        ),
        (
            "age (42): 0 to 24",
            "'0 to 24' of age (42) reaches outside. A range lies within 1 to 99.",
        ),
        (
            "question 9: 18 to 1000",
            "'18 to 1000' of question 9 reaches outside. A range lies within 1 to 99.",
        ),
    ],
)
def test_words_that_say_no_conditions_are_refused(words, message):
    with pytest.raises(InvalidPlan) as refused:
        parse_conditions(words)
    assert str(refused.value) == message
