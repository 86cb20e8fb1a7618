"A window's days: the picture, its words, and the labels that fit."

import xml.etree.ElementTree as ET
from datetime import date, timedelta

import pytest

from target_group_kit.sampling.window import Day, FieldingWindow
from target_group_kit.views.calendars import calendar_notes, calendar_svg

CHRISTMAS = FieldingWindow.opening("2026-12-21 09:00", days=7, tz="Europe/Berlin").calendar()
OCTOBER = FieldingWindow.opening("2026-10-24 12:00", days=3, tz="Europe/Berlin").calendar()


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iterfind(".//{*}text")]


def days(number: int, start: date = date(2026, 11, 30)) -> tuple[Day, ...]:
    names = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
    dates = [start + timedelta(days=n) for n in range(number)]
    return tuple(Day(d, names[d.weekday()], d.weekday() > 4, None, 24.0) for d in dates)


def test_christmas_in_words() -> None:
    assert calendar_notes(CHRISTMAS) == (
        "8 dates from Monday 2026-12-21 to Monday 2026-12-28.",
        "Weekend days (pale): 2.",
        "Public holidays (hollow): Christmas Day on 2026-12-25; "
        "Second Day of Christmas on 2026-12-26.",
    )


def test_a_clock_change_is_said() -> None:
    assert calendar_notes(OCTOBER)[2:] == (
        "Public holidays (hollow): none.",
        "The clocks change on 2026-10-25 (25 hours).",
    )


def test_christmas_as_a_picture() -> None:
    svg = calendar_svg(CHRISTMAS, "Window of <b>")
    root = ET.fromstring(svg)
    assert root.findtext("{*}title") == "Window of <b>"
    assert root.findtext("{*}desc") == " ".join(calendar_notes(CHRISTMAS))
    tips = [element.text for element in root.iterfind("{*}g/{*}title")]
    assert tips == [
        "Monday 2026-12-21: 15 hours",
        "Tuesday 2026-12-22: 24 hours",
        "Wednesday 2026-12-23: 24 hours",
        "Thursday 2026-12-24: 24 hours",
        "Friday 2026-12-25, Christmas Day: 24 hours",
        "Saturday 2026-12-26, weekend, Second Day of Christmas: 24 hours",
        "Sunday 2026-12-27, weekend: 24 hours",
        "Monday 2026-12-28: 9 hours",
    ]
    heights = [bar.get("height") for bar in root.iterfind("{*}g/{*}rect")]
    assert heights == ["27.5", *["44.0"] * 6, "16.5"]
    fills = [bar.get("fill") == "none" for bar in root.iterfind("{*}g/{*}rect")]
    assert [n for n, hollow in enumerate(fills) if hollow] == [4, 5]


@pytest.mark.parametrize(
    ("number", "labels"),
    [
        (3, ["Mo", "Tu", "We", "30 Nov", "1 Dec", "2"]),
        (17, ["30 Nov", "7 Dec", "14 Dec"]),
        (100, [f"{d.date.day} {d.date:%b}" for d in days(100) if d.weekday == "Monday"]),
        (101, ["Dec", "Jan", "Feb", "Mar"]),
    ],
)
def test_as_many_dates_are_labelled_as_fit(number: int, labels: list[str]) -> None:
    assert texts(calendar_svg(days(number))) == labels


def test_no_days() -> None:
    assert calendar_notes(()) == ()
    assert texts(calendar_svg(())) == []


def test_a_holiday_is_other_peoples_text() -> None:
    day = Day(date(2026, 12, 1), "Tuesday", False, "</title><script>", 24.0)
    root = ET.fromstring(calendar_svg((day,)))
    assert root.findtext("{*}g/{*}title") == "Tuesday 2026-12-01, </title><script>: 24 hours"
