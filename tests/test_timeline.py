"Timelines: clock changes to the second, places, and what of the goal is released when."

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.delivery import (
    AdaptivePacing,
    GeminiPacing,
    LinearPacing,
    SoftLaunch,
)
from target_group_kit.sampling.timeline import MOST, clock_changes, timeline_of
from target_group_kit.sampling.window import FieldingWindow

ADVENT = FieldingWindow.opening("2026-12-01 12:00", days=10, tz="Europe/Berlin")


def soft(until: str, percent: int = 10) -> SoftLaunch:
    return SoftLaunch(
        end_at=datetime.fromisoformat(f"{until}Z"),
        filling_goal_percentage=percent,
        demographics_strictness_percentage=50,
    )


def linear(interval: str) -> LinearPacing:
    return LinearPacing(increment_interval=interval)


@pytest.mark.parametrize(
    ("tz", "start", "days", "said"),
    [
        (
            "Europe/Berlin",
            "2027-01-01 09:00",
            364,
            [
                "The clocks go forward 1 hour on Sunday 2027-03-28 at 02:00.",
                "The clocks go back 1 hour on Sunday 2027-10-31 at 03:00.",
            ],
        ),
        (
            "Australia/Lord_Howe",
            "2026-04-04 12:00",
            1,
            ["The clocks go back 30 minutes on Sunday 2026-04-05 at 02:00."],
        ),
        (
            "America/Havana",
            "2027-03-13 12:00",
            2,
            ["The clocks go forward 1 hour on Sunday 2027-03-14 at 00:00."],
        ),
        (
            "Pacific/Apia",
            "2011-12-29 00:00",
            3,
            ["The clocks go forward 1 day on Friday 2011-12-30 at 00:00."],
        ),
        ("Asia/Kolkata", "2027-01-01 09:00", 364, []),
    ],
)
def test_clock_changes_in_words(tz: str, start: str, days: int, said: list[str]) -> None:
    window = FieldingWindow.opening(start, days=days, tz=tz)
    assert [str(change) for change in clock_changes(window)] == said


def test_a_change_at_the_very_start_or_end_is_none_of_the_windows() -> None:
    change = datetime(2027, 3, 28, 1, tzinfo=UTC)
    hour = timedelta(hours=1)
    before = FieldingWindow(change - hour, change, "Europe/Berlin")
    after = FieldingWindow(change, change + hour, "Europe/Berlin")
    across = FieldingWindow(change - hour / 7200, change + hour / 3600, "Europe/Berlin")
    found = [[c.at for c in clock_changes(window)] for window in (before, after, across)]
    assert found == [[], [], [change]]


zones = st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"])
instants = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(instants, st.timedeltas(timedelta(milliseconds=1), MOST), zones)
def test_between_changes_the_offset_stays(start: datetime, length: timedelta, tz: str) -> None:
    window = FieldingWindow(start, start + max(length, timedelta(seconds=2)), tz)
    zone, changes = ZoneInfo(tz), clock_changes(window)
    second = timedelta(seconds=1)
    for change in changes:
        sides = [at.astimezone(zone).utcoffset() for at in (change.at - second, change.at)]
        assert sides[0] is not None
        assert sides[1] == sides[0] + change.by
    edges = [window.start_at, *(change.at for change in changes), window.end_at]
    for left, right in pairwise(edges):
        inside = [left, left + (right - left) / 2, right - timedelta(milliseconds=1)]
        assert len({at.astimezone(zone).utcoffset() for at in inside}) == 1


@given(instants, st.timedeltas(timedelta(seconds=1), timedelta(days=60)), zones, st.data())
def test_places_follow_time(
    start: datetime, length: timedelta, tz: str, data: st.DataObject
) -> None:
    timeline = timeline_of(FieldingWindow(start, start + length, tz))
    window = timeline.window
    shares = sorted(data.draw(st.lists(st.floats(0, 1), min_size=2, max_size=5)))
    places = [timeline.place(window.start_at + share * window.duration) for share in shares]
    assert places == sorted(places)
    assert 0 <= places[0] <= places[-1] <= len(timeline.days)
    assert int(timeline.place(window.start_at)) == 0


def test_places_count_dates() -> None:
    timeline = timeline_of(ADVENT)
    opens, closes = timeline.place(ADVENT.start_at), timeline.place(ADVENT.end_at)
    assert (opens, closes, len(timeline.days)) == (0.5, 10.5, 11)
    midnight = FieldingWindow.opening("2026-12-01 00:00", days=2, tz="Europe/Berlin")
    assert timeline_of(midnight).place(midnight.end_at) == 2.0 == len(timeline_of(midnight).days)
    skipped = FieldingWindow.opening("2011-12-29 12:00", days=2, tz="Pacific/Apia")
    assert timeline_of(skipped).place(skipped.end_at) == 1.5


@pytest.mark.parametrize(
    ("soft_launch", "pacing", "released"),
    [
        (None, None, ()),
        (None, linear("PT6H"), ((0.5, 0.0), (10.5, 1.0))),
        (None, AdaptivePacing(increment_interval="PT6H"), ()),
        (soft("2026-12-03 11:00"), None, ((0.5, 0.1), (2.5, 0.1), (2.5, 1.0), (10.5, 1.0))),
        (
            soft("2026-12-03 11:00", 25),
            linear("P1D"),
            ((0.5, 0.25), (2.5, 0.25), (2.5, 0.25), (10.5, 1.0)),
        ),
        (soft("2026-12-11 11:00", 100), None, ((0.5, 1), (10.5, 1), (10.5, 1), (10.5, 1))),
        (soft("2026-12-11 11:01"), None, ()),
        (soft("2026-12-01 11:00"), None, ()),
    ],
)
def test_what_is_released(
    soft_launch: SoftLaunch | None,
    pacing: LinearPacing | None,
    released: tuple[tuple[float, float], ...],
) -> None:
    timeline = timeline_of(ADVENT, soft_launch=soft_launch, pacing=pacing, completes=400)
    assert timeline.released == released


@pytest.mark.parametrize(
    ("completes", "people"),
    [
        (400, " (40 completes)"),
        (1250, " (125 completes)"),
        (404, " (about 40 completes)"),
        (405, " (about 41 completes)"),
        (12_340, " (1,234 completes)"),
        (None, ""),
    ],
)
def test_a_soft_launch_in_words(completes: int | None, people: str) -> None:
    timeline = timeline_of(ADVENT, soft_launch=soft("2026-12-03 11:00"), completes=completes)
    assert str(timeline.soft) == (
        f"Soft launch until Thu 2026-12-03 12:00: 10 % of the goal{people} in 20 % of the time; "
        "then it pauses until someone resumes it."
    )


@pytest.mark.parametrize(
    ("pacing", "completes", "said"),
    [
        (None, 400, ""),
        (
            linear("PT6H"),
            400,
            "Linear pacing in steps of 6 hours: the goal is released evenly, "
            "about 10 completes a step.",
        ),
        (
            linear("P1DT12H"),
            4000,
            "Linear pacing in steps of 1 day 12 hours: the goal is released evenly, "
            "about 600 completes a step.",
        ),
        (
            linear("PT1S"),
            400,
            "Linear pacing in steps of 1 second: the goal is released evenly, not one a step.",
        ),
        (linear("PT6H"), None, "Linear pacing in steps of 6 hours: the goal is released evenly."),
        (linear("P1M"), 400, "Linear pacing: the goal is released evenly."),
        (linear("P0D"), 400, "Linear pacing: the goal is released evenly."),
        (
            linear("P10D"),
            400,
            "Linear pacing in steps of 10 days: the goal is released evenly, "
            "but a step is as long as the window, so nothing is spread.",
        ),
        (
            linear("P99999999999999999D"),
            400,
            "Linear pacing in steps of 10000 days: the goal is released evenly, "
            "but a step is as long as the window, so nothing is spread.",
        ),
        (
            AdaptivePacing(increment_interval="P1D"),
            400,
            "Adaptive pacing in steps of 1 day: each step follows what came in before.",
        ),
        (
            GeminiPacing(exposed_target_group_id="01J0000000000000000000000A"),
            400,
            "Gemini pacing: keeps step with target group 01J0000000000000000000000A.",
        ),
    ],
)
def test_pacing_in_words(pacing: LinearPacing | None, completes: int | None, said: str) -> None:
    assert timeline_of(ADVENT, pacing=pacing, completes=completes).pacing == said


def test_what_a_soft_launch_leaves_is_paced() -> None:
    timeline = timeline_of(
        ADVENT, soft_launch=soft("2026-12-03 11:00", 20), pacing=linear("P1D"), completes=400
    )
    assert timeline.pacing.endswith("about 40 completes a step.")


def test_a_zone_of_no_country_has_days_without_holidays() -> None:
    window = FieldingWindow.opening("2026-12-25 12:00", days=2, tz="UTC")
    timeline = timeline_of(window)
    assert [(d.weekday, d.weekend, d.holiday, d.hours) for d in timeline.days] == [
        ("Friday", False, None, 12.0),
        ("Saturday", False, None, 24.0),
        ("Sunday", False, None, 12.0),
    ]
    said = "UTC lies in no one country, so its weekends and holidays aren't shown."
    assert timeline.missing == said
    british = timeline_of(window, country="GB")
    assert (british.missing, british.days[0].holiday) == ("", "Christmas Day")


def test_ages_have_no_days() -> None:
    window = FieldingWindow.opening("2026-12-25 12:00", end="8999-01-01 00:00", tz="UTC")
    timeline = timeline_of(window, pacing=linear("P1D"), completes=400)
    assert (timeline.days, timeline.changes, timeline.pacing[:14]) == ((), (), "Linear pacing ")
