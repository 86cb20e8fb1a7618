"Fielding windows: clocks that jump and repeat, days and hours, the wire, the calendar."

import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import target_group_kit
from target_group_kit.contract.delivery import FieldingSpecification
from target_group_kit.contract.errors import InvalidWindow
from target_group_kit.sampling.window import Day, FieldingWindow, country_of, time_zone

ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Europe/Dublin",
    "UTC",
]

zones = st.sampled_from(ZONES)
instants = st.datetimes(datetime(2005, 1, 1), datetime(2060, 1, 1)).map(
    lambda at: at.replace(tzinfo=UTC)
)


@st.composite
def windows(draw):
    start = draw(instants)
    length = draw(st.timedeltas(timedelta(milliseconds=1), timedelta(days=60)))
    return FieldingWindow(start, start + length, draw(zones))


def wire(at):
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def test_a_window_in_three_forms_on_the_wire():
    window = FieldingWindow.opening("2026-12-01 09:00", days=10, tz="Europe/Berlin")
    start, end = "2026-12-01T08:00:00.000Z", "2026-12-11T08:00:00.000Z"
    assert window.specification() == FieldingSpecification(start_at=start, end_at=end)
    assert window.specification().payload() == {"start_at": start, "end_at": end}
    assert window.launch_body() == {"end_fielding_at": end}
    assert window.schedule_body() == {"start_fielding_at": start, "end_fielding_at": end}


def test_start_and_end_are_read_by_the_respondents_clock():
    window = FieldingWindow.opening("2026-10-20 09:00", days=10, tz="Europe/Berlin")
    assert (window.tz, window.duration) == ("Europe/Berlin", timedelta(hours=241))
    assert [at.isoformat() for at in (window.start, window.end)] == [
        "2026-10-20T09:00:00+02:00",
        "2026-10-30T09:00:00+01:00",
    ]
    assert window.start.tzinfo == window.end.tzinfo == ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-12-01 09:00", "2026-12-01T08:00:00.000Z"),
        ("2026-12-01T09:00", "2026-12-01T08:00:00.000Z"),
        (" 2026-12-01 09:00:30 ", "2026-12-01T08:00:30.000Z"),
        ("2026-12-01 09:00:30.5", "2026-12-01T08:00:30.500Z"),
        ("2026-12-01 09:00:30.123999", "2026-12-01T08:00:30.123Z"),
        ("2026-12-01 09:00Z", "2026-12-01T09:00:00.000Z"),
        ("2026-12-01T09:00:00.000Z", "2026-12-01T09:00:00.000Z"),
        ("2026-12-01 09:00-05:00", "2026-12-01T14:00:00.000Z"),
        ("2026-12-01 09:00 +05:30", "2026-12-01T03:30:00.000Z"),
        (datetime(2026, 12, 1, 9), "2026-12-01T08:00:00.000Z"),
        (datetime(2026, 12, 1, 9, 0, 0, 123999), "2026-12-01T08:00:00.123Z"),
        (datetime(2026, 12, 1, 9, tzinfo=UTC), "2026-12-01T09:00:00.000Z"),
        (datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Asia/Kolkata")), "2026-12-01T03:30:00.000Z"),
        (
            datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=-3))),
            "2026-12-01T12:00:00.000Z",
        ),
        (pd.Timestamp("2026-12-01 09:00:00.123999999"), "2026-12-01T08:00:00.123Z"),
        (pd.Timestamp("2026-12-01 09:00", tz="America/New_York"), "2026-12-01T14:00:00.000Z"),
    ],
)
def test_a_start_is_text_or_a_datetime_naive_or_aware(start, expected):
    window = FieldingWindow.opening(start, hours=5, tz="Europe/Berlin")
    assert window.schedule_body()["start_fielding_at"] == expected
    assert type(window.start_at) is datetime
    assert FieldingWindow.opening("2026-01-01 00:00", end=start, tz="Europe/Berlin").end_at == (
        window.start_at
    )


GAPS = [
    ("Europe/Berlin", "2026-03-29 02:00", "02:00", "03:00", "2026-03-29 01:59", "2026-03-29 03:00"),
    ("Europe/Berlin", "2026-03-29 02:30", "02:00", "03:00", "2026-03-29 01:59", "2026-03-29 03:00"),
    (
        "Europe/Berlin",
        "2026-03-29 02:59:59.999000",
        "02:00",
        "03:00",
        "2026-03-29 01:59",
        "2026-03-29 03:00",
    ),
    (
        "America/New_York",
        "2027-03-14 02:15",
        "02:00",
        "03:00",
        "2027-03-14 01:59",
        "2027-03-14 03:00",
    ),
    (
        "Australia/Lord_Howe",
        "2026-10-04 02:10",
        "02:00",
        "02:30",
        "2026-10-04 01:59",
        "2026-10-04 02:30",
    ),
    (
        "America/Sao_Paulo",
        "2018-11-04 00:30",
        "00:00",
        "01:00",
        "2018-11-03 23:59",
        "2018-11-04 01:00",
    ),
    (
        "Pacific/Apia",
        "2011-12-30 12:00",
        "2011-12-30 00:00",
        "2011-12-31 00:00",
        "2011-12-29 23:59",
        "2011-12-31 00:00",
    ),
]


def shown(wall):
    "As messages write it: milliseconds, where there are any."
    return wall.removesuffix("000") if "." in wall else wall


@pytest.mark.parametrize(("tz", "wall", "old", "new", "before", "after"), GAPS)
def test_a_clock_time_in_a_gap_is_named_with_its_neighbours(tz, wall, old, new, before, after):
    message = (
        f"{{}}, {shown(wall)}, doesn't exist in {tz}: at {old} the clock jumps to {new}. "
        f"Take {before} or {after}, the nearest times that do."
    )
    for repeat in (None, "first", "second"):
        with pytest.raises(InvalidWindow) as refused:
            FieldingWindow.opening(wall, hours=1, tz=tz, repeat=repeat)
        assert str(refused.value) == message.format("The start")
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindow.opening("2011-01-10 12:00", end=wall, tz=tz)
    assert str(refused.value) == message.format("The end")
    aware = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(tz))
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindow.opening(aware, hours=1, tz="UTC")
    assert str(refused.value) == message.format("The start")


@pytest.mark.parametrize(("tz", "_wall", "_old", "_new", "before", "after"), GAPS)
def test_the_neighbours_of_a_gap_exist(tz, _wall, _old, _new, before, after):
    window = FieldingWindow.opening(before, end=after, tz=tz)
    assert window.duration == timedelta(minutes=1)


REPEATS = [
    ("Europe/Berlin", "2026-10-25 02:00", "03:00", "02:00", "2026-10-25T00:00", "2026-10-25T01:00"),
    ("Europe/Berlin", "2026-10-25 02:59", "03:00", "02:00", "2026-10-25T00:59", "2026-10-25T01:59"),
    (
        "America/New_York",
        "2026-11-01 01:30",
        "02:00",
        "01:00",
        "2026-11-01T05:30",
        "2026-11-01T06:30",
    ),
    (
        "Australia/Lord_Howe",
        "2026-04-05 01:45",
        "02:00",
        "01:30",
        "2026-04-04T14:45",
        "2026-04-04T15:15",
    ),
    (
        "America/Sao_Paulo",
        "2018-02-17 23:30",
        "2018-02-18 00:00",
        "2018-02-17 23:00",
        "2018-02-18T01:30",
        "2018-02-18T02:30",
    ),
]


@pytest.mark.parametrize(("tz", "wall", "old", "new", "first", "second"), REPEATS)
def test_a_clock_time_that_comes_twice_is_named_and_chosen(tz, wall, old, new, first, second):
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindow.opening(wall, hours=1, tz=tz)
    said = str(refused.value)
    begins = f"The start, {wall}, comes twice in {tz}: at {old} the clock goes back to {new}. "
    assert said.startswith(begins + "Say repeat='first' for ")
    assert f", {first}:00.000Z, or repeat='second' for " in said
    assert said.endswith(f", {second}:00.000Z.")

    chosen = [FieldingWindow.opening(wall, hours=1, tz=tz, repeat=r) for r in ("first", "second")]
    assert [wire(window.start_at) for window in chosen] == [first, second]
    folded = datetime.fromisoformat(wall).replace(fold=1)
    assert FieldingWindow.opening(folded, hours=1, tz=tz) == chosen[1]
    aware = [window.start for window in chosen]
    assert [FieldingWindow.opening(at, hours=1, tz=tz) for at in aware] == chosen
    offsets = [at.isoformat() for at in aware]
    assert [FieldingWindow.opening(text, hours=1, tz=tz) for text in offsets] == chosen
    assert chosen[0] != chosen[1]


@pytest.mark.parametrize(
    ("tz", "wall"),
    [
        ("Europe/Berlin", "2026-03-29 01:59"),
        ("Europe/Berlin", "2026-03-29 03:00"),
        ("Europe/Berlin", "2026-10-25 01:59"),
        ("Europe/Berlin", "2026-10-25 03:00"),
        ("Australia/Lord_Howe", "2026-10-04 02:30"),
        ("Australia/Lord_Howe", "2026-04-05 01:29"),
        ("Australia/Lord_Howe", "2026-04-05 02:00"),
        ("Asia/Kolkata", "2026-03-29 02:30"),
        ("America/Sao_Paulo", "2026-11-01 00:30"),
    ],
)
def test_clock_times_beside_a_change_or_in_zones_without_one_are_plain(tz, wall):
    window = FieldingWindow.opening(wall, hours=1, tz=tz)
    assert window.start.strftime("%Y-%m-%d %H:%M") == wall


@pytest.mark.parametrize(
    ("tz", "start", "length", "end", "hours"),
    [
        ("Europe/Berlin", "2026-12-01 09:00", {"days": 10}, "2026-12-11T09:00:00+01:00", 240),
        ("Europe/Berlin", "2026-10-20 09:00", {"days": 10}, "2026-10-30T09:00:00+01:00", 241),
        ("Europe/Berlin", "2026-10-20 09:00", {"hours": 240}, "2026-10-30T08:00:00+01:00", 240),
        ("Europe/Berlin", "2026-03-28 09:00", {"days": 1}, "2026-03-29T09:00:00+02:00", 23),
        ("Europe/Berlin", "2026-03-28 09:00", {"hours": 24}, "2026-03-29T10:00:00+02:00", 24),
        ("America/New_York", "2026-10-31 12:00", {"days": 1}, "2026-11-01T12:00:00-05:00", 25),
        ("Australia/Lord_Howe", "2026-04-04 12:00", {"days": 1}, "2026-04-05T12:00:00+10:30", 24.5),
        ("Australia/Lord_Howe", "2026-10-03 12:00", {"days": 1}, "2026-10-04T12:00:00+11:00", 23.5),
        ("Asia/Kolkata", "2026-03-28 09:00", {"days": 1}, "2026-03-29T09:00:00+05:30", 24),
        ("America/Sao_Paulo", "2018-11-03 12:00", {"days": 1}, "2018-11-04T12:00:00-02:00", 23),
        ("Asia/Kolkata", "2026-03-28 09:00", {"hours": 1.5}, "2026-03-28T10:30:00+05:30", 1.5),
    ],
)
def test_days_keep_the_clock_and_hours_pass(tz, start, length, end, hours):
    window = FieldingWindow.opening(start, **length, tz=tz)
    assert (window.end.isoformat(), window.duration) == (end, timedelta(hours=hours))


@pytest.mark.parametrize(
    ("start", "options", "message"),
    [
        (
            "2026-12-01 09:00",
            {},
            "Give one of days, hours or end; none of them came.",
        ),
        (
            "2026-12-01 09:00",
            {"days": 1, "hours": 2, "end": "2026-12-02 09:00"},
            "Give one of days, hours or end; days and hours and end came.",
        ),
        (
            "2026-12-01 09:00",
            {"end": "2026-12-01 09:00"},
            "The end, 2026-12-01 09:00 CET (UTC+01:00), is not after the start, "
            "2026-12-01 09:00 CET (UTC+01:00). Move the end past it.",
        ),
        (
            "2026-12-01 09:00",
            {"end": "2026-07-01 09:00"},
            "The end, 2026-07-01 09:00 CEST (UTC+02:00), is not after the start, "
            "2026-12-01 09:00 CET (UTC+01:00). Move the end past it.",
        ),
        (
            "2026-12-01 09:00",
            {"days": 0},
            "The end, 2026-12-01 09:00 CET (UTC+01:00), is not after the start, "
            "2026-12-01 09:00 CET (UTC+01:00). Move the end past it.",
        ),
        (
            "2026-12-01 09:00",
            {"hours": -2},
            "The end, 2026-12-01 07:00 CET (UTC+01:00), is not after the start, "
            "2026-12-01 09:00 CET (UTC+01:00). Move the end past it.",
        ),
        (
            "2026-12-01 09:00",
            {"days": 1.5},
            "1.5 is not a whole number of days. For parts of one, give hours.",
        ),
        (
            "2026-12-01 09:00",
            {"days": True},
            "True is not a whole number of days. For parts of one, give hours.",
        ),
        (
            "2026-12-01 09:00",
            {"hours": float("nan")},
            "hours is nan. Give a number such as 36 or 1.5.",
        ),
        ("2026-12-01 09:00", {"hours": "36"}, "hours is '36'. Give a number such as 36 or 1.5."),
        (
            "2026-12-01 09:00",
            {"hours": float("inf")},
            "The end would be inf hours later, after the year 9999.",
        ),
        (
            "9999-12-25 09:00",
            {"days": 10},
            "The end would be 10 days later, after the year 9999.",
        ),
        (
            "0001-01-01 00:00",
            {"days": 10},
            "The start, 0001-01-01 00:00, is outside the years 1 to 9999.",
        ),
        (
            "2026-12-01 09:00",
            {"days": 1, "repeat": "third"},
            "repeat is 'third'. Say 'first' or 'second'.",
        ),
        (
            "2026-12-01",
            {"days": 1},
            "The start is '2026-12-01', not a date with a time. "
            'Write it like "2026-12-01 09:00", or give a datetime.',
        ),
        (
            "2026-02-30 09:00",
            {"days": 1},
            "The start is '2026-02-30 09:00': day is out of range for month. "
            'Write it like "2026-12-01 09:00", or give a datetime.',
        ),
        (
            date(2026, 12, 1),
            {"days": 1},
            "The start is datetime.date(2026, 12, 1), not a date with a time. "
            'Write it like "2026-12-01 09:00", or give a datetime.',
        ),
        (
            pd.NaT,
            {"days": 1},
            "The start is NaT, not a date with a time. "
            'Write it like "2026-12-01 09:00", or give a datetime.',
        ),
    ],
)
def test_what_is_no_window_is_refused_in_words(start, options, message):
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindow.opening(start, **options, tz="Europe/Berlin")
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("tz", "hint"),
    [
        ("Berlin", "Did you mean Europe/Berlin?"),
        ("new york", "Did you mean America/New_York?"),
        ("europe/berlin", "Did you mean Europe/Berlin?"),
        ("Europe/Berln", "Did you mean Europe/Berlin?"),
        ("localtime", "Write it like Europe/Berlin."),
        ("Europe", "Write it like Europe/Berlin."),
        ("../zone", "Write it like Europe/Berlin."),
        ("", "Write it like Europe/Berlin."),
        (None, "Write it like Europe/Berlin."),
    ],
)
def test_an_unknown_zone_names_the_nearest(tz, hint):
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindow.opening("2026-12-01 09:00", days=1, tz=tz)
    assert str(refused.value) == f"{tz!r} is not a time zone. {hint}"


def test_a_zone_may_be_given_by_its_rules():
    berlin = ZoneInfo("Europe/Berlin")
    assert time_zone(berlin) == berlin
    assert FieldingWindow.opening("2026-12-01 09:00", days=1, tz=berlin).tz == "Europe/Berlin"


def test_equal_windows_are_the_same_time_in_the_same_zone():
    window = FieldingWindow.opening("2026-12-01 09:00", days=10, tz="Europe/Berlin")
    same = FieldingWindow.opening("2026-12-01 08:00Z", hours=240, tz="Europe/Berlin")
    elsewhere = FieldingWindow.opening("2026-12-01 09:00", days=10, tz="Europe/Paris")
    assert (window == same, hash(window) == hash(same), window == elsewhere) == (True, True, False)
    assert pickle.loads(pickle.dumps(window)) == window


@given(windows())
def test_a_window_survives_the_wire(window):
    specification = window.specification()
    assert FieldingWindow.from_specification(specification, window.tz) == window
    read = FieldingSpecification.model_validate(specification.payload())
    assert FieldingWindow.from_specification(read, window.tz) == window
    assert window.start_at.microsecond % 1000 == window.end_at.microsecond % 1000 == 0


@given(windows())
def test_a_window_survives_its_code(window):
    assert eval(window.code(), {"tgk": target_group_kit}) == window


@given(windows())
def test_local_times_are_the_same_instants(window):
    assert (window.start.astimezone(UTC), window.end.astimezone(UTC)) == (
        window.start_at,
        window.end_at,
    )
    assert window.duration == window.end_at - window.start_at > timedelta()
    again = FieldingWindow.opening(window.start, end=window.end, tz=window.tz)
    assert again == window


def shifted(window, weeks, days):
    "The shifted window, or what the refusal says."
    try:
        return window.shift(weeks=weeks, days=days)
    except InvalidWindow as refusal:
        return str(refusal)


@given(windows(), st.integers(-60, 60), st.integers(-6, 6))
def test_a_shift_there_and_back_is_no_shift(window, weeks, days):
    there = shifted(window, weeks, days)
    if isinstance(there, str):
        assert "doesn't exist" in there or "comes twice" in there
        return
    later = timedelta(weeks=weeks, days=days)
    for before, after in ((window.start, there.start), (window.end, there.end)):
        assert after.replace(tzinfo=None) - before.replace(tzinfo=None) == later
    back = shifted(there, -weeks, -days)
    assert back == window or "comes twice" in back


@given(windows(), st.integers(-100_000, 100_000))
def test_hours_are_what_passes(window, milliseconds):
    assume(milliseconds > 0)
    hours = milliseconds / 3_600_000
    opened = FieldingWindow.opening(window.start_at, hours=hours, tz=window.tz)
    assert abs(opened.duration - timedelta(milliseconds=milliseconds)) <= timedelta(milliseconds=1)


def test_a_shift_names_the_gap_and_the_repeat_it_meets():
    window = FieldingWindow.opening("2026-03-22 02:30", hours=4, tz="Europe/Berlin")
    with pytest.raises(InvalidWindow, match=r"The start, 2026-03-29 02:30, doesn't exist"):
        window.shift(weeks=1)
    window = FieldingWindow.opening("2026-10-18 20:00", end="2026-10-24 02:30", tz="Europe/Berlin")
    with pytest.raises(InvalidWindow, match=r"The end, 2026-10-25 02:30, comes twice"):
        window.shift(days=1)
    ends = [window.shift(days=1, repeat=r).end.isoformat() for r in ("first", "second")]
    assert ends == ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]
    with pytest.raises(InvalidWindow, match="not a whole number of days"):
        window.shift(weeks=0.25)


def test_no_shift_keeps_even_a_repeated_hour():
    window = FieldingWindow.opening("2026-10-25 02:30+01:00", hours=4, tz="Europe/Berlin")
    assert window.shift() == window.shift(weeks=1, days=-7) == window


def test_a_calendar_of_christmas_in_germany():
    window = FieldingWindow.opening("2026-12-24 18:00", days=3, tz="Europe/Berlin")
    assert window.calendar() == (
        Day(date(2026, 12, 24), "Thursday", False, None, 6.0),
        Day(date(2026, 12, 25), "Friday", False, "Christmas Day", 24.0),
        Day(date(2026, 12, 26), "Saturday", True, "Second Day of Christmas", 24.0),
        Day(date(2026, 12, 27), "Sunday", True, None, 18.0),
    )


@pytest.mark.parametrize(
    ("tz", "start", "days", "hours"),
    [
        ("Europe/Berlin", "2026-10-24 00:00", 3, [24, 25, 24]),
        ("Europe/Berlin", "2026-03-28 12:00", 2, [12, 23, 12]),
        ("Australia/Lord_Howe", "2026-04-04 00:00", 2, [24, 24.5]),
        ("America/Sao_Paulo", "2018-11-03 00:00", 2, [24, 23]),
        ("America/Sao_Paulo", "2018-02-17 00:00", 2, [25, 24]),
        ("America/Havana", "2026-10-31 00:00", 2, [24, 25]),
        ("Pacific/Apia", "2011-12-29 00:00", 3, [24, 24]),
        ("America/Toronto", "1919-03-30 12:00", 1, [11.5, 11.5]),
    ],
)
def test_a_day_has_as_many_hours_as_pass(tz, start, days, hours):
    calendar = FieldingWindow.opening(start, days=days, tz=tz).calendar()
    assert [day.hours for day in calendar] == hours


@given(windows())
def test_the_days_of_a_calendar_add_up_to_the_window(window):
    calendar = window.calendar(country="DE")
    passed = sum((timedelta(hours=day.hours) for day in calendar), timedelta())
    assert abs(passed - window.duration) < timedelta(milliseconds=1)
    assert [day.date for day in calendar] == sorted({day.date for day in calendar})
    assert calendar[0].date == window.start.date()
    last = (window.end_at - timedelta(milliseconds=1)).astimezone(ZoneInfo(window.tz))
    assert calendar[-1].date == last.date()


def test_weekends_and_holidays_follow_the_country():
    cairo = FieldingWindow.opening("2026-07-23 00:00", days=3, tz="Africa/Cairo").calendar()
    assert [(day.weekday, day.weekend) for day in cairo] == [
        ("Thursday", False),
        ("Friday", True),
        ("Saturday", True),
    ]
    london = FieldingWindow.opening("2026-12-25 00:00", days=1, tz="UTC").calendar(country="gb")
    assert [day.holiday for day in london] == ["Christmas Day"]
    turn = FieldingWindow.opening("2026-12-31 12:00", days=1, tz="America/New_York").calendar()
    assert [day.holiday for day in turn] == [None, "New Year's Day"]


@pytest.mark.parametrize(
    ("tz", "country"),
    [
        ("Europe/Berlin", "DE"),
        ("Europe/Stockholm", "SE"),
        ("America/Sao_Paulo", "BR"),
        ("Asia/Calcutta", "IN"),
        ("Europe/Kiev", "UA"),
        ("US/Eastern", "US"),
        ("Poland", "PL"),
        ("Iceland", None),
        ("CET", None),
        ("Etc/GMT+5", None),
        ("UTC", None),
        ("Middle/Earth", None),
    ],
)
def test_the_country_of_a_zone(tz, country):
    assert country_of(tz) == country


def test_a_calendar_needs_a_country():
    window = FieldingWindow.opening("2026-12-24 18:00", days=3, tz="UTC")
    with pytest.raises(InvalidWindow) as refused:
        window.calendar()
    assert str(refused.value) == (
        'UTC lies in no one country. Name it by two letters: country="DE".'
    )
    with pytest.raises(InvalidWindow) as refused:
        window.calendar(country="Germany")
    assert str(refused.value) == (
        "No holidays are known for the country 'Germany'. "
        'Name one by its two letters: country="DE".'
    )


def test_a_window_shows_both_clocks():
    window = FieldingWindow.opening("2026-10-20 09:00", days=10, tz="Europe/Berlin")
    length = "10 days by the clock, 10 days 1 hour in fact"
    assert str(window) == (
        f"Tue 2026-10-20 09:00 to Fri 2026-10-30 09:00, Europe/Berlin ({length})"
    )
    assert repr(window) == (
        f"FieldingWindow in Europe/Berlin, {length}\n"
        "  opens   Tue 2026-10-20 09:00 CEST (UTC+02:00) = 2026-10-20T07:00:00.000Z\n"
        "  closes  Fri 2026-10-30 09:00 CET (UTC+01:00) = 2026-10-30T08:00:00.000Z"
    )
    assert "Thu 2026-10-01 09:00 UTC-03:00 = 2026-10-01T12:00:00.000Z" in repr(
        FieldingWindow.opening("2026-10-01 09:00", hours=36.25, tz="America/Sao_Paulo")
    )


@pytest.mark.parametrize(
    ("tz", "start", "length", "text"),
    [
        ("Asia/Kolkata", "2026-12-01 09:00", {"hours": 36.25}, "1 day 12 hours 15 minutes"),
        ("Asia/Kolkata", "2026-12-01 09:00", {"end": "2026-12-01 09:00:01.5"}, "1.5 seconds"),
        ("Europe/Berlin", "2026-03-28 09:00", {"days": 1}, "1 day by the clock, 23 hours in fact"),
        (
            "Europe/Berlin",
            "2026-10-25 02:30+02:00",
            {"hours": 1},
            "no time by the clock, 1 hour in fact",
        ),
    ],
)
def test_a_length_in_words(tz, start, length, text):
    assert FieldingWindow.opening(start, **length, tz=tz).length_text == text


@pytest.mark.parametrize(
    ("window", "code"),
    [
        (
            FieldingWindow.opening("2026-12-01 09:00", days=10, tz="Europe/Berlin"),
            'tgk.FieldingWindow.opening("2026-12-01 09:00", days=10, tz="Europe/Berlin")',
        ),
        (
            FieldingWindow.opening("2026-12-01 09:00", hours=36, tz="Europe/Berlin"),
            'tgk.FieldingWindow.opening("2026-12-01 09:00", end="2026-12-02 21:00", '
            'tz="Europe/Berlin")',
        ),
        (
            FieldingWindow.opening(
                "2026-10-25 02:30", end="2026-10-25 02:45+01:00", tz="Europe/Berlin", repeat="first"
            ),
            'tgk.FieldingWindow.opening("2026-10-25 02:30+02:00", end="2026-10-25 02:45+01:00", '
            'tz="Europe/Berlin")',
        ),
        (
            FieldingWindow.opening("2026-10-23 02:30", days=2, tz="Europe/Berlin", repeat="second"),
            'tgk.FieldingWindow.opening("2026-10-23 02:30", end="2026-10-25 02:30+01:00", '
            'tz="Europe/Berlin")',
        ),
    ],
)
def test_the_code_of_a_window(window, code):
    assert window.code() == code
