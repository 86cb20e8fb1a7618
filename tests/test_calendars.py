"A window's days: the picture, its words, and the labels that fit."

import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from target_group_kit.contract.delivery import LinearPacing, SoftLaunch
from target_group_kit.sampling.timeline import Timeline, timeline_of
from target_group_kit.sampling.window import FieldingWindow
from target_group_kit.views.calendars import calendar_notes, calendar_svg
from target_group_kit.views.charts import LIVE


def opening(start: str, days: int) -> FieldingWindow:
    return FieldingWindow.opening(start, days=days, tz="Europe/Berlin")


CHRISTMAS = timeline_of(opening("2026-12-21 09:00", 7))
OCTOBER = timeline_of(opening("2026-10-24 12:00", 3))
FULL = timeline_of(
    opening("2027-03-24 12:00", 8),
    soft_launch=SoftLaunch(
        end_at=datetime(2027, 3, 26, 11, tzinfo=UTC),
        filling_goal_percentage=10,
        demographics_strictness_percentage=50,
    ),
    pacing=LinearPacing(increment_interval="PT6H"),
    completes=400,
)


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iterfind(".//{*}text")]


def plain(days: int, start: str = "2026-11-30 00:00") -> Timeline:
    "Without a country, so without holidays."
    return timeline_of(FieldingWindow.opening(start, days=days, tz="UTC"))


def drawn(timeline: Timeline) -> list[list[tuple[str, str]]]:
    "Of each date its parts: from where, how wide."
    root = ET.fromstring(calendar_svg(timeline))
    groups = [g for g in root.iterfind("{*}g") if ":" in (g.findtext("{*}title") or "")]
    return [
        [(r.get("x", ""), r.get("width", "")) for r in g.iterfind("{*}rect")]
        for g in groups[: len(timeline.days)]
    ]


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
        "The clocks go back 1 hour on Sunday 2026-10-25 at 03:00.",
    )


def test_what_happens_inside_is_said() -> None:
    assert calendar_notes(FULL)[3:] == (
        "The clocks go forward 1 hour on Sunday 2027-03-28 at 02:00.",
        "Soft launch until Fri 2027-03-26 12:00: 10 % of the goal (40 completes) in 25 % of the "
        "time; then it pauses until someone resumes it.",
        "Linear pacing in steps of 6 hours: the goal is released evenly, "
        "about 15 completes a step.",
    )


def test_one_date_is_one_date() -> None:
    day = FieldingWindow.opening("2026-12-02 09:00", hours=2, tz="Europe/Berlin")
    assert calendar_notes(timeline_of(day))[0] == "Wednesday 2026-12-02."
    assert texts(calendar_svg(timeline_of(day))) == ["We", "2 Dec"]
    assert drawn(timeline_of(day)) == [
        [("4.000%", "33.500%"), ("45.833%", "50.167%"), ("37.500%", "8.333%")]
    ]


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
    fills = [bar.get("fill") == "none" for bar in root.iterfind("{*}g/{*}rect")]
    assert [n for n, hollow in enumerate(fills) if hollow] == [5, 6]
    assert texts(svg)[-2:] == ["Christmas Day", "Second Day of Christmas"]


def test_the_window_begins_and_ends_inside_its_dates() -> None:
    parts = drawn(timeline_of(opening("2026-12-01 12:00", 3)))
    assert parts == [
        [("1.000%", "11.500%"), ("12.500%", "11.500%")],
        [("26.000%", "23.000%")],
        [("51.000%", "23.000%")],
        [("87.500%", "11.500%"), ("76.000%", "11.500%")],
    ]


def test_a_moment_of_a_date_is_still_seen() -> None:
    brief = FieldingWindow.opening("2026-12-01 23:59", hours=0.02, tz="Europe/Berlin")
    widths = [[width for _, width in part] for part in drawn(timeline_of(brief))]
    assert widths == [["45.000%", "1.000%"], ["45.000%", "1.000%"]]


def test_inside_the_window() -> None:
    root = ET.fromstring(calendar_svg(FULL))
    lines = [line.get("points") for line in root.iterfind(".//{*}polyline")]
    assert lines == ["0.5000,37.20 2.5000,37.20 2.5000,37.20 8.5000,3.00"] * 2
    change = root.find(".//{*}line")
    assert change is not None
    assert change.get("x1") == f"{(4 + 2 / 23) / 9 * 100:.3f}%"
    assert texts(calendar_svg(FULL))[:2] == ["+1 h", "soft launch: 10 %, 40 completes"]
    assert FULL.soft
    unknown = replace(FULL, soft=replace(FULL.soft, completes=None))
    assert texts(calendar_svg(unknown))[1] == "soft launch: 10 %"


def test_changes_of_half_an_hour_and_back() -> None:
    island = FieldingWindow.opening("2026-04-04 12:00", days=1, tz="Australia/Lord_Howe")
    assert texts(calendar_svg(timeline_of(island)))[0] == "−30 min"
    assert texts(calendar_svg(OCTOBER))[0] == "−1 h"


def test_lanes_without_anything_take_no_room() -> None:
    heights = [ET.fromstring(calendar_svg(t)).get("height") for t in (plain(3), OCTOBER, FULL)]
    assert heights == ["88", "106", "147"]


def test_a_living_picture_takes_the_themes_colours() -> None:
    assert "var(--jp-layout-color0" in calendar_svg(FULL, ink=LIVE)
    assert "var(" not in calendar_svg(FULL)


@pytest.mark.parametrize(
    ("number", "labels"),
    [
        (3, ["Mo", "Tu", "We", "30 Nov", "1 Dec", "2"]),
        (17, ["30 Nov", "7 Dec", "14 Dec"]),
        (42, ["30 Nov", "7 Dec", "14 Dec", "21 Dec", "28 Dec", "4 Jan"]),
        (43, ["30 Nov", "14 Dec", "28 Dec", "11 Jan"]),
        (100, ["30 Nov", "21 Dec", "11 Jan", "1 Feb", "22 Feb"]),
        (101, ["Dec", "Jan", "Feb", "Mar"]),
    ],
)
def test_as_many_dates_are_labelled_as_fit(number: int, labels: list[str]) -> None:
    assert texts(calendar_svg(plain(number))) == labels


def test_ages_are_words() -> None:
    timeline = plain(401)
    assert calendar_svg(timeline) == ""
    assert calendar_notes(timeline) == (
        "The window is longer than a year, so its days aren't drawn.",
    )
    assert calendar_svg(plain(400)).startswith("<svg")


def free(names: dict[int, str], number: int = 10) -> Timeline:
    "Days of which some are holidays."
    timeline = plain(number, "2026-12-01 00:00")
    days = [replace(day, holiday=names.get(n)) for n, day in enumerate(timeline.days)]
    return replace(timeline, days=tuple(days))


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({0: "New Year"}, [("0.400%", "start", "New Year")]),
        ({9: "Founders Day"}, [("99.600%", "end", "Founders Day")]),
        (
            {1: "The first holiday", 2: "The second holiday", 3: "The third holiday"},
            [("10.400%", "start", "The first holiday"), ("20.400%", "start", "The second holiday")],
        ),
        (
            {4: "A name that is far longer than any room"},
            [("40.400%", "start", "A name that is far longer tha…")],
        ),
    ],
)
def test_names_of_holidays_where_they_have_room(
    names: dict[int, str], shown: list[tuple[str, str, str]]
) -> None:
    root = ET.fromstring(calendar_svg(free(names)))
    labels = root.findall("{*}g[@class='tgk-names']/{*}text")
    assert [(t.get("x"), t.get("text-anchor"), t.text) for t in labels] == shown


def test_a_holiday_is_other_peoples_text() -> None:
    root = ET.fromstring(calendar_svg(free({0: "</title><script>"})))
    assert root.findtext("{*}g/{*}title") == "Tuesday 2026-12-01, </title><script>: 24 hours"
