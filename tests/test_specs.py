"How people write what the wire says otherwise: percent, durations, lists, moments, rows."

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.errors import Finding
from target_group_kit.contract.words import instant
from target_group_kit.widgets.specs import (
    Spec,
    held,
    incidence_finding,
    moment_finding,
    put,
    put_typed,
    read_amount,
    read_duration,
    read_incidence,
    read_list,
    read_moment,
    value_at,
    write_duration,
    write_incidence,
    write_list,
    write_moment,
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("6 hours", "PT6H"),
        ("1 hour", "PT1H"),
        ("90 minutes", "PT90M"),
        ("1 day 5 hours", "P1DT5H"),
        ("1 day, 5 hours and 10 minutes", "P1DT5H10M"),
        ("90 DAYS", "P90D"),
        ("2 weeks", "P14D"),
        ("1 week 2 days", "P9D"),
        ("5 hours 1 day", "5 hours 1 day"),
        ("1 hour 2 hours", "PT2H"),
        ("pt6h", "PT6H"),
        (" P1M ", "P1M"),
        ("soon", "soon"),
        ("6 hours or so", "6 hours or so"),
        ("six hours", "six hours"),
        ("", None),
        ("  ", None),
    ],
)
def test_durations_as_typed(typed: str, meant: str | None) -> None:
    assert read_duration(typed) == meant


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        ("PT6H", "6 hours"),
        ("P1DT1H1M", "1 day 1 hour 1 minute"),
        ("P90D", "90 days"),
        ("P2W", "P2W"),
        ("P1M", "P1M"),
        ("PT0H", "0 hours"),
        ("PT06H", "PT06H"),
        ("P1Y2M", "P1Y2M"),
        (None, ""),
    ],
)
def test_durations_in_words(duration: str | None, words: str) -> None:
    assert write_duration(duration) == words


units = st.fixed_dictionaries(
    {}, optional={"D": st.integers(0, 400), "H": st.integers(0, 99), "M": st.integers(0, 99)}
)


@given(units)
def test_a_duration_in_words_is_read_back(parts: dict[str, int]) -> None:
    days = "".join(f"{n}{unit}" for unit, n in parts.items() if unit == "D")
    clock = "".join(f"{parts[unit]}{unit}" for unit in "HM" if unit in parts)
    duration = f"P{days}" + (f"T{clock}" if clock else "")
    assert read_duration(write_duration(duration)) == duration


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("12, 13", ["12", "13"]), ("12;13\n14", ["12", "13", "14"]), ("", []), (" , ", [])],
)
def test_lists_as_typed(typed: str, meant: list[str]) -> None:
    assert read_list(typed) == meant
    assert read_list(write_list(meant)) == meant


@given(st.integers(0, 100))
def test_every_percent_is_read_back(percent: int) -> None:
    fraction = read_incidence(f"{percent} %")
    assert fraction == percent / 100
    assert write_incidence(fraction) == str(percent)
    assert incidence_finding(str(percent)) == []


def test_an_incidence_that_is_no_number_stays_as_it_is() -> None:
    assert write_incidence("most") == "most"
    assert read_amount(" 2,70 ") == "2.70"
    assert read_amount(" ") is None


@pytest.mark.parametrize(
    ("typed", "tz", "meant"),
    [
        ("2026-12-04 09:00", "Europe/Berlin", "2026-12-04T08:00:00.000Z"),
        ("2026-12-04 09:00", "UTC", "2026-12-04T09:00:00.000Z"),
        ("2026-12-04T09:00Z", "Asia/Tokyo", "2026-12-04T09:00:00.000Z"),
        ("2027-03-28 02:30", "Europe/Berlin", "2027-03-28 02:30"),
        ("2027-10-31 02:30", "Europe/Berlin", "2027-10-31 02:30"),
        ("tomorrow", "UTC", "tomorrow"),
        ("<img onerror=x>", "UTC", "<img onerror=x>"),
        ("2026-13-01 09:00", "UTC", "2026-13-01 09:00"),
        ("", "UTC", None),
    ],
)
def test_moments_as_typed(typed: str, tz: str, meant: str | None) -> None:
    assert read_moment(typed, tz) == meant
    wrong = meant is not None and not meant.endswith("Z")
    assert len(moment_finding(typed, tz, ("end",), "It")) == wrong


def test_a_moment_that_comes_twice_says_how_to_write_it() -> None:
    path = ("soft_launch", "end_at")
    assert moment_finding("2027-10-31 02:30", "Europe/Berlin", path, "The end") == [
        Finding(
            "wrong_form",
            "error",
            path,
            "The end, 2027-10-31 02:30, comes twice in Europe/Berlin: at 03:00 the clock goes back "
            "to 02:00. Write it with its offset: for CEST (UTC+02:00), 2027-10-31T00:30:00.000Z, "
            "or CET (UTC+01:00), 2027-10-31T01:30:00.000Z.",
        )
    ]


moments = st.datetimes(
    min_value=datetime(2020, 1, 1),
    max_value=datetime(2035, 1, 1),
    timezones=st.just(UTC),
)


@given(moments, st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_a_moment_by_the_clock_there_is_read_back(moment: Any, tz: str) -> None:
    sent = instant(moment)
    text = write_moment(sent, tz)
    if not moment_finding(text, tz, (), "It"):
        assert read_moment(text, tz) == sent


def test_paths() -> None:
    body: dict[str, Any] = {"a": {"b": 1}}
    assert (value_at(body, ("a", "b")), value_at(body, ("a", "b", "c"))) == (1, None)
    put(body, ("x", "y"), None)
    assert body == {"a": {"b": 1}}, "taking out what isn't there adds nothing"
    put(body, ("a", "b"), None)
    put(body, ("x", "y"), 2)
    assert body == {"a": {}, "x": {"y": 2}}


PEOPLE = Spec(
    ("people",),
    "People",
    "rows",
    columns=(Spec(("name",), "Name"), Spec(("tags",), "Tags", read=read_list, write=write_list)),
)
cells = st.tuples(st.sampled_from(["Ada", "Kurt", "Emmy", ""]), st.sampled_from(["", "x", "x, y"]))
people = st.fixed_dictionaries(
    {"name": st.sampled_from(["Ada", "Kurt", "Emmy"]), "tags": st.lists(st.sampled_from("xy"))},
    optional={"hat": st.sampled_from(["red", "blue"])},
)


@given(st.lists(people, max_size=4))
def test_rows_that_nobody_touched_are_the_rows_that_were_loaded(loaded: list[Any]) -> None:
    body = {"people": deepcopy(loaded)}
    shown = held(PEOPLE, body, "UTC")
    put_typed(body, PEOPLE, shown[::-1], "UTC")
    names = [row["name"] for row in body.get("people", [])]
    assert names == [row["name"] for row in loaded][::-1]
    put_typed(body, PEOPLE, shown, "UTC")
    hats = [row.get("hat") for row in body.get("people", [])]
    assert sorted(map(str, hats)) == sorted(str(row.get("hat")) for row in loaded)


@given(st.lists(people, max_size=4), st.lists(cells, max_size=4))
def test_rows_say_what_was_typed(loaded: list[Any], typed: list[Any]) -> None:
    body: dict[str, Any] = {"people": loaded}
    put_typed(body, PEOPLE, tuple(typed), "UTC")
    assert held(PEOPLE, body, "UTC") == tuple(typed)
    assert ("people" in body) is bool(typed)


def test_an_edited_row_keeps_what_no_column_shows() -> None:
    body = {"people": [{"name": "Ada", "tags": ["x"], "hat": "red"}, {"name": "Kurt", "tags": []}]}
    put_typed(body, PEOPLE, (("Ada Lovelace", "x"), ("Kurt", "")), "UTC")
    assert body == {
        "people": [
            {"name": "Ada Lovelace", "tags": ["x"], "hat": "red"},
            {"name": "Kurt", "tags": []},
        ]
    }
