"Exact values, and errors that name the field and the fix."

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import target_group_kit
from target_group_kit.contract.delivery import (
    Allocations,
    Exclusion,
    FieldingSpecification,
    LinearPacing,
    Money,
    SoftLaunch,
)
from target_group_kit.contract.errors import Finding, InvalidTargetGroup
from target_group_kit.contract.profiling import (
    BlendedProfile,
    OpenEndedCondition,
    Profiling,
    Quota,
    RangeCondition,
    RegularProfile,
    SelectionCondition,
    Target,
    condition_text,
    profile_name,
)
from target_group_kit.contract.words import Word, hundredths, instant, parse_instant


def refused(word: type[Word], **fields: Any) -> tuple[Finding, ...]:
    with pytest.raises(InvalidTargetGroup) as caught:
        word(**fields)
    return caught.value.report.findings


@given(st.integers(0, 10_000))
def test_every_two_decimal_percentage_is_exact(units: int) -> None:
    quota = Quota(completes_goal_percentage=units / 100)
    assert hundredths(units / 100) == units
    shown = quota.payload()["completes_goal_percentage"]
    assert shown == units / 100
    assert isinstance(shown, int) == (units % 100 == 0)


@pytest.mark.parametrize(
    "value", [33.333, 0.001, Decimal("1.005"), float("nan"), float("inf"), 1e-9]
)
def test_more_decimals_are_refused(value: float) -> None:
    [finding] = refused(Quota, completes_goal_percentage=value)
    assert (finding.code, finding.path) == ("too_many_decimals", ("completes_goal_percentage",))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (100.01, "out_of_bounds"),
        (-0.01, "out_of_bounds"),
        ("50", "wrong_type"),
        (True, "wrong_type"),
        ([50], "wrong_type"),
    ],
)
def test_percentages_have_bounds_and_a_type(value: Any, code: str) -> None:
    [finding] = refused(Quota, completes_goal_percentage=value)
    assert (finding.code, finding.path) == (code, ("completes_goal_percentage",))


@pytest.mark.parametrize(
    ("value", "kept"), [(5, 5), (5.0, 5), (Decimal(5), 5), (0, 0), (10**12, 10**12)]
)
def test_whole_numbers_stay_integers(value: Any, kept: int) -> None:
    goal = Quota(completes_goal=value).payload()["completes_goal"]
    assert goal == kept
    assert type(goal) is int


@pytest.mark.parametrize("value", [5.5, "5", True, None, float("inf"), float("nan"), [], -1])
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    with pytest.raises(InvalidTargetGroup):
        Quota.model_validate({"completes_goal": value})


@given(
    st.datetimes(
        timezones=st.just(UTC), min_value=datetime(1, 1, 3), max_value=datetime(9999, 1, 1)
    )
)
def test_times_survive_to_the_millisecond(time: datetime) -> None:
    text = instant(parse_instant(time))
    assert len(text) == len("2026-09-02T08:22:18.822Z")
    assert instant(parse_instant(text)) == text
    assert timedelta(0) <= time - parse_instant(text) < timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-09-02T08:22:18.822Z", "2026-09-02T08:22:18.822Z"),
        ("2026-09-02T08:22:18Z", "2026-09-02T08:22:18.000Z"),
        ("2026-09-02T10:22:18.8229+02:00", "2026-09-02T08:22:18.822Z"),
        ("2026-09-02t08:22z", "2026-09-02T08:22:00.000Z"),
        (datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "2026-01-01T00:00:00.000Z"),
    ],
)
def test_times_are_sent_in_utc(value: Any, shown: str) -> None:
    window = FieldingSpecification(start_at=value, end_at="2099-01-01T00:00:00.000Z")
    assert window.payload()["start_at"] == shown


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-09-02T08:22:18", "no_time_zone"),
        (datetime(2026, 1, 1), "no_time_zone"),
        ("2026-02-30T08:22:18Z", "wrong_form"),
        ("tomorrow", "wrong_form"),
        ("2026-09-02", "wrong_form"),
        (1767225600, "wrong_form"),
    ],
)
def test_what_is_no_time_is_refused(value: Any, code: str) -> None:
    percents = {"filling_goal_percentage": 10, "demographics_strictness_percentage": 50}
    [soft] = refused(SoftLaunch, end_at=value, **percents)
    assert (soft.code, soft.path) == (code, ("end_at",))
    [start] = refused(FieldingSpecification, start_at=value, end_at="2099-01-01T00:00:00.000Z")
    published = "invalid_start_at_or_end_at_date_format_037"
    assert start == replace(soft, code=published, path=("start_at",))


@pytest.mark.parametrize("value", ["2.7352", "0", "0.10", "105.00", "000.5"])
def test_money_text_is_untouched(value: str) -> None:
    money = Money(value=value, currency_code="EUR")
    assert money.payload() == {"value": value, "currency_code": "EUR"}
    assert money.amount == Decimal(value)


def test_money_takes_decimals_and_integers() -> None:
    assert Money(value=Decimal("2.50"), currency_code="EUR").value == "2.50"
    assert Money(value=Decimal("1E-3"), currency_code="EUR").value == "0.001"
    assert Money(value=3, currency_code="EUR").value == "3"


@pytest.mark.parametrize(
    "value", [2.7, "2,70", "-1", "1e3", "", " 1", "½", "NaN", None, True, Decimal("NaN")]
)
def test_what_is_no_money_is_refused(value: Any) -> None:
    [finding] = refused(Money, value=value, currency_code="EUR")
    assert finding.path == ("value",)


@pytest.mark.parametrize("code", ["eur", "EURO", "€", "EU", "EUR\n"])
def test_currencies_are_three_capitals(code: str) -> None:
    [finding] = refused(Money, value="1", currency_code=code)
    assert (finding.code, finding.path) == ("wrong_form", ("currency_code",))


def test_an_unknown_field_is_refused_with_the_nearest_name() -> None:
    assert refused(Money, value="1", currency_code="EUR", curency_scale=2) == (
        Finding(
            "unknown_field",
            "error",
            ("curency_scale",),
            "'curency_scale' is not a field of Money.",
            "Did you mean 'currency_scale'?",
        ),
    )


def test_a_misspelt_required_field_is_one_mistake() -> None:
    [finding] = refused(Money, valeu="1", currency_code="EUR")
    assert (finding.code, finding.path) == ("unknown_field", ("valeu",))


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("intent", "Did you mean 'blended_type'?"),
        ("quotasEnabled", "Did you mean 'quotas_enabled'?"),
        ("id", "The exchange writes it; leave it out."),
        (
            "xyzzy",
            "Leave it out. Known here: object, blended_type, name, quotas_enabled, targets.",
        ),
    ],
)
def test_strangers_are_told_what_they_may_be(name: str, fix: str) -> None:
    target = Target(conditions=[SelectionCondition(question_id=43, option="1")])
    fields = {"name": "cells", "quotas_enabled": True, "targets": [target], name: 1}
    if name == "quotasEnabled":
        del fields["quotas_enabled"]
    [finding] = refused(BlendedProfile, **fields)
    assert (finding.path, finding.fix) == ((name,), fix)


def test_paths_carry_no_union_tags() -> None:
    condition = {"object": "range", "question_id": 42, "min": 0, "max": 99}
    profile = {
        "object": "regular",
        "quotas_enabled": True,
        "targets": [{"conditions": [condition]}],
    }
    [finding] = refused(Profiling, profile_adjustment_type="nominal", profiles=[profile])
    assert finding.path == ("profiles", 0, "targets", 0, "conditions", 0, "min")


@pytest.mark.parametrize(
    ("condition", "code", "last"),
    [
        ({"object": "selektion", "question_id": 43, "option": "1"}, "not_a_choice", "object"),
        ({"question_id": 43, "option": "1"}, "missing", "object"),
        ({"object": "selection", "question_id": 43, "option": 1}, "wrong_type", "option"),
        ({"object": "selection", "question_id": "x", "option": "1"}, "wrong_type", "question_id"),
        ({"object": "selection", "question_id": 43}, "missing", "option"),
        ("43", "wrong_type", 0),
    ],
)
def test_one_mistake_in_a_condition_is_one_finding(condition: Any, code: str, last: Any) -> None:
    [finding] = refused(Target, conditions=[condition])
    assert (finding.code, finding.path[-1]) == (code, last)
    assert finding.path[:2] == ("conditions", 0)


def test_a_full_list_with_a_bad_item_is_not_called_short() -> None:
    assert [f.code for f in refused(Target, conditions=["bad"])] == ["wrong_type"]
    assert [f.code for f in refused(Target, conditions=[])] == ["wrong_length"]


def test_kinds_are_always_sent() -> None:
    assert RangeCondition(question_id=42, min=18, max=24).payload()["object"] == "range"
    assert SelectionCondition.model_validate({"question_id": "43", "option": "1"}).payload() == {
        "object": "selection",
        "question_id": 43,
        "option": "1",
    }


@pytest.mark.parametrize(
    ("allow", "values", "ok"),
    [
        (True, None, True),
        (True, [], True),
        (True, ["1"], False),
        (False, ["1"], True),
        (False, [], False),
        (False, None, False),
        (False, ["1"] * 10_000, True),
        (False, ["1"] * 10_001, False),
    ],
)
def test_open_ended_values(allow: bool, values: list[str] | None, ok: bool) -> None:
    fields = {"question_id": 45, "allow_all_values": allow, "open_ended_values": values}
    if ok:
        assert OpenEndedCondition(**fields).payload() == {"object": "open_ended", **fields}
    else:
        [finding] = refused(OpenEndedCondition, **fields)
        assert finding.path == ("open_ended_values",)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"completes_goal": 5, "completes_goal_percentage": 50}, "quota_with_two_numbers"),
        (
            {"name": "men"},
            "at_least_one_quota_object_should_be_populated_with_completes_goal_or_"
            "completes_goal_percentage_value_026",
        ),
    ],
)
def test_a_quota_has_one_number(fields: dict[str, Any], code: str) -> None:
    [finding] = refused(Quota, **fields)
    assert (finding.code, finding.path) == (code, ())


def test_null_is_for_fields_that_take_it() -> None:
    target = {"conditions": [{"object": "selection", "question_id": 43, "option": "1"}]}
    assert Target.model_validate({**target, "quota": None}).payload() == {**target, "quota": None}
    with pytest.raises(InvalidTargetGroup) as caught:
        Target.model_validate({**target, "name": None})
    assert [(f.code, f.path) for f in caught.value.report.findings] == [("null", ("name",))]
    assert "name" not in Target(**target, name=None).payload()


def test_words_are_frozen_and_hashable() -> None:
    price = Money(value="1", currency_code="EUR")
    with pytest.raises(ValueError, match="frozen"):
        price.value = "2"  # type: ignore[misc]
    assert len({price, Money(value="1", currency_code="EUR")}) == 1
    assert price.replace(value="2") == Money(value="2", currency_code="EUR")
    assert price.value == "1"


def test_replacing_by_nonsense_is_refused() -> None:
    with pytest.raises(InvalidTargetGroup) as caught:
        Money(value="1", currency_code="EUR").replace(value="x")
    assert [finding.path for finding in caught.value.report.findings] == [("value",)]


def test_deprecated_exclusions_can_still_be_said() -> None:
    body = {"enabled": True, "list": [{"entity_type": "RID", "entity_ids": ["a"]}]}
    assert Exclusion.model_validate(body).payload() == body
    assert (
        Allocations.model_validate(Allocations.open_exchange().payload())
        == Allocations.open_exchange()
    )


@pytest.mark.parametrize(
    ("conditions", "text"),
    [
        ([("1", 43)], "gender (43): male (1)"),
        ([("1", 43), ("2", 43)], "gender (43): male (1) or female (2)"),
        ([("7", 157)], "question 157: 7"),
        ([("1", 43), (18, 24)], "gender (43): male (1); age (42): 18 to 24"),
    ],
)
def test_conditions_in_words(conditions: list[tuple[Any, int]], text: str) -> None:
    words = tuple(
        SelectionCondition(question_id=b, option=a)
        if isinstance(a, str)
        else RangeCondition(question_id=42, min=a, max=b)
        for a, b in conditions
    )
    assert condition_text(words) == text


def test_open_ended_conditions_in_words() -> None:
    def said(*values: str) -> str:
        some = OpenEndedCondition(
            question_id=45, allow_all_values=not values, open_ended_values=values
        )
        return condition_text((some,))

    assert said() == "ZIP code (45): any value"
    assert said("10115", "10117") == "ZIP code (45): written 10115, 10117"
    assert said(*map(str, range(1200))) == "ZIP code (45): one of 1,200 written values"


def test_a_profile_without_a_name_is_called_by_its_questions() -> None:
    target = Target(conditions=[SelectionCondition(question_id=43, option="1")])
    assert profile_name(RegularProfile(quotas_enabled=False, targets=[target])) == "gender (43)"
    assert target.label == "gender (43): male (1)"


@pytest.mark.parametrize(
    ("value", "ok"),
    [
        ("P90D", True),
        ("PT6H", True),
        ("P1DT12H30M5S", True),
        ("P2W", True),
        ("P", False),
        ("PT", False),
        ("P1DT", False),
        ("P1.5D", False),
        ("6 hours", False),
        (6, False),
    ],
)
def test_durations(value: Any, ok: bool) -> None:
    if ok:
        assert LinearPacing(increment_interval=value).payload()["increment_interval"] == value
    else:
        [finding] = refused(LinearPacing, increment_interval=value)
        assert finding.path == ("increment_interval",)


def words(word: type[Word] = Word) -> set[type[Word]]:
    found = {w for w in word.__subclasses__() if w.__module__.startswith("target_group_kit")}
    return found.union(*map(words, found))


def test_every_word_is_public_so_that_its_code_runs() -> None:
    assert {word.__name__ for word in words()} <= set(target_group_kit.__all__)


def test_code_makes_the_word_again() -> None:
    for word in [
        Money(value="2.70", currency_code="EUR"),
        Allocations.open_exchange(),
        Allocations.open_exchange().replace(
            private_exchange_allocations={"blocked_supplier_ids": ["1"], "groups": []}
        ),
        FieldingSpecification(start_at="2026-12-01T08:00:00Z", end_at="2026-12-02T08:00:00.5Z"),
        Target(
            name="quote \" and '\n",
            conditions=[RangeCondition(question_id=42, min=18, max=24)],
            quota=None,
        ),
        OpenEndedCondition(question_id=45, allow_all_values=False, open_ended_values=["1"] * 60),
    ]:
        again = eval(word.code(), {"tgk": target_group_kit})
        assert again == word
        assert again.payload() == word.payload()
        assert all(len(line) <= 100 for line in word.code().splitlines())
    assert Allocations.open_exchange().code() == "tgk.Allocations.open_exchange()"
