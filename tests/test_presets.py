"Presets: usual windows that the exchange would take at this moment, in any zone, on any day."

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.checks import check
from target_group_kit.contract.errors import InvalidWindow
from target_group_kit.sampling.presets import (
    AHEAD,
    MARGIN,
    USUAL,
    as_soon_as_allowed,
    from_tomorrow,
    from_weekday,
    over_the_weekend,
    soonest,
)
from target_group_kit.sampling.window import FieldingWindow

Make = Callable[[datetime, str], FieldingWindow]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


@pytest.mark.parametrize(
    ("now", "start"),
    [
        ("2026-12-01 12:00", "2026-12-01 13:15"),
        ("2026-12-01 12:05", "2026-12-01 13:15"),
        ("2026-12-01 12:05:00.000001", "2026-12-01 13:30"),
        ("2026-12-01 12:20", "2026-12-01 13:30"),
        ("2026-12-31 23:50", "2027-01-01 01:00"),
    ],
)
def test_the_soonest_start_is_a_quarter_with_time_to_submit(now: str, start: str) -> None:
    assert soonest(at(now)) == at(start)


TUESDAY = "2026-12-01 12:00"


@pytest.mark.parametrize(
    ("make", "now", "tz", "window"),
    [
        (
            as_soon_as_allowed,
            TUESDAY,
            "Asia/Kathmandu",
            "Tue 2026-12-01 19:00 to Fri 2026-12-11 19:00",
        ),
        (from_tomorrow, TUESDAY, "Europe/Berlin", "Wed 2026-12-02 09:00 to Wed 2026-12-09 09:00"),
        (
            from_tomorrow,
            "2026-12-01 20:00",
            "Asia/Tokyo",
            "Thu 2026-12-03 09:00 to Thu 2026-12-10 09:00",
        ),
        (from_weekday, TUESDAY, "Europe/Berlin", "Mon 2026-12-07 09:00 to Thu 2026-12-17 09:00"),
        (
            from_weekday,
            "2026-12-07 06:50",
            "Europe/Berlin",
            "Mon 2026-12-07 09:00 to Thu 2026-12-17 09:00",
        ),
        (
            from_weekday,
            "2026-12-07 06:51",
            "Europe/Berlin",
            "Mon 2026-12-14 09:00 to Thu 2026-12-24 09:00",
        ),
        (
            from_weekday,
            "2026-12-06 23:30",
            "Asia/Tokyo",
            "Mon 2026-12-14 09:00 to Thu 2026-12-24 09:00",
        ),
        (
            over_the_weekend,
            TUESDAY,
            "Europe/Berlin",
            "Sat 2026-12-05 09:00 to Sun 2026-12-06 21:00",
        ),
        (
            over_the_weekend,
            "2026-12-05 06:00",
            "Europe/Berlin",
            "Sat 2026-12-05 09:00 to Sun 2026-12-06 21:00",
        ),
        (
            over_the_weekend,
            "2026-12-05 07:00",
            "Europe/Berlin",
            "Sat 2026-12-12 09:00 to Sun 2026-12-13 21:00",
        ),
        (
            over_the_weekend,
            "2026-12-06 04:00",
            "Europe/Berlin",
            "Sat 2026-12-12 09:00 to Sun 2026-12-13 21:00",
        ),
        (over_the_weekend, TUESDAY, "Africa/Cairo", "Fri 2026-12-04 09:00 to Sat 2026-12-05 21:00"),
        (over_the_weekend, TUESDAY, "Asia/Tehran", "Fri 2026-12-04 09:00 to Fri 2026-12-04 21:00"),
        (over_the_weekend, TUESDAY, "UTC", "Sat 2026-12-05 09:00 to Sun 2026-12-06 21:00"),
    ],
)
def test_presets_by_the_respondents_clock(make: Make, now: str, tz: str, window: str) -> None:
    assert str(make(at(now), tz)).startswith(f"{window}, {tz}")


def test_ten_days_that_would_end_in_a_gap_are_counted_in_hours() -> None:
    start = FieldingWindow.opening("2027-03-18 02:15", hours=1, tz="Europe/Berlin").start_at
    window = as_soon_as_allowed(start - AHEAD - MARGIN, "Europe/Berlin")
    assert (window.start_at, window.duration) == (start, timedelta(days=10))
    assert window.end.isoformat() == "2027-03-28T03:15:00+02:00"


def test_the_length_and_the_day_can_be_said() -> None:
    now = at(TUESDAY)
    assert as_soon_as_allowed(now, "UTC", 3).duration == timedelta(days=3)
    assert from_tomorrow(now, "UTC", 2).duration == timedelta(days=2)
    friday = from_weekday(now, "UTC", "Friday", 1)
    assert str(friday) == "Fri 2026-12-04 09:00 to Sat 2026-12-05 09:00, UTC (1 day)"


@pytest.mark.parametrize("make", USUAL.values())
def test_a_place_that_is_no_zone_is_named(make: Make) -> None:
    with pytest.raises(InvalidWindow) as refused:
        make(at(TUESDAY), "Berlin")
    assert str(refused.value) == "'Berlin' is not a time zone. Did you mean Europe/Berlin?"


def test_a_word_that_is_no_day_is_named() -> None:
    with pytest.raises(InvalidWindow) as refused:
        from_weekday(at(TUESDAY), "UTC", "Mon")
    assert str(refused.value) == "'Mon' is not a day of the week. Say one like 'Monday'."


zones = st.sampled_from(
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "America/Havana"]
)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@given(st.sampled_from([*USUAL]), moments, zones)
def test_every_preset_can_be_submitted_now(name: str, now: datetime, tz: str) -> None:
    window = USUAL[name](now, tz)
    assert AHEAD + MARGIN <= window.start_at - now <= timedelta(days=15)
    times = {"fielding_specification": window.specification().payload()}
    late = [f for f in check(times, now=now).errors if f.path[:1] == ("fielding_specification",)]
    assert late == []
