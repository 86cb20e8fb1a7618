"The window builder: wall-clock time in the respondents' zone; gaps and repeats are named."

import html
import json
import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import traitlets
from examples import times
from hands import bad, beside, control, everything, fill, models, press, shown
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.delivery import LinearPacing, SoftLaunch
from target_group_kit.contract.errors import InvalidWindow
from target_group_kit.sampling.timeline import timeline_of
from target_group_kit.sampling.window import FieldingWindow
from target_group_kit.views.calendars import calendar_notes
from target_group_kit.widgets.countdown import Countdown
from target_group_kit.widgets.window import FieldingWindowBuilder
from target_group_kit.widgets.window_draft import clock_text, read_clock
from target_group_kit.widgets.window_page import bodies, deadline_of, facts_html, window_facts

CHOICE = "Start: which of the two"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def advent() -> FieldingWindow:
    return FieldingWindow.opening("2026-12-02 09:00", days=10, tz="Europe/Berlin")


def builder_at(now: datetime = NOON, window: FieldingWindow | None = None) -> FieldingWindowBuilder:
    return FieldingWindowBuilder(window or advent(), now=lambda: now)


def listening(builder: FieldingWindowBuilder) -> list[str]:
    heard: list[str] = []
    builder.observe(lambda change: heard.append(str(change.new)), names="value")
    return heard


def rebuilt(code: str) -> Any:
    made: dict[str, Any] = {}
    exec(code, made)
    return made["window"]


def test_a_window_is_shown_by_the_local_clock() -> None:
    builder = builder_at()
    assert builder.draft == {
        "start_date": date(2026, 12, 2),
        "start_time": "09:00",
        "start_repeat": None,
        "end_date": date(2026, 12, 12),
        "end_time": "09:00",
        "end_repeat": None,
        "days": "10",
        "tz": "Europe/Berlin",
        "lead": "end",
    }
    assert (builder.value, builder.report.findings, builder.errors) == (advent(), (), [])


def test_what_a_window_means_is_told() -> None:
    window = FieldingWindow.opening("2026-10-23 09:00", days=10, tz="Europe/Berlin")
    assert window_facts(window) == (
        (
            "Europe/Berlin",
            "Fri 2026-10-23 09:00 CEST (UTC+02:00)",
            "Mon 2026-11-02 09:00 CET (UTC+01:00)",
        ),
        ("UTC", "Fri 2026-10-23 07:00", "Mon 2026-11-02 08:00"),
    )
    assert "10 days by the clock, 10 days 1 hour in fact" in facts_html(window)
    in_utc = FieldingWindow.opening("2026-10-23 09:00", days=10, tz="UTC")
    assert window_facts(in_utc) == (("UTC", "Fri 2026-10-23 09:00", "Mon 2026-11-02 09:00"),)


def test_by_when_to_submit() -> None:
    by = deadline_of(advent())
    assert (by, by.tzinfo) == (datetime(2026, 12, 2, 7, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    assert "Wed 2026-12-02 08:00 CET (UTC+01:00), an hour before it opens" in facts_html(advent())


def test_the_page_counts_down_to_it() -> None:
    builder = builder_at(now=datetime.now(UTC) + timedelta(hours=3))
    [countdown] = [w for w in everything(builder) if isinstance(w, Countdown)]
    deadline = deadline_of(advent()).timestamp() * 1000
    assert (countdown.deadline, countdown.ahead) == (deadline, 3 * 3600 * 1000)
    fill(builder, "Start time", "25")
    assert countdown.deadline == 0
    fill(builder, "Start time", "10:00")
    assert countdown.deadline == deadline + 3600 * 1000


def test_the_bodies_of_a_window() -> None:
    start, end = "2026-12-02T08:00:00.000Z", "2026-12-12T08:00:00.000Z"
    assert {name: json.loads(text) for name, (_, text) in bodies(advent()).items()} == {
        "Draft": {"start_at": start, "end_at": end},
        "Launch": {"end_fielding_at": end},
        "Schedule": {"start_fielding_at": start, "end_fielding_at": end},
    }


def test_weekends_and_holidays_are_shown() -> None:
    builder = builder_at(
        window=FieldingWindow.opening("2026-12-21 09:00", days=7, tz="Europe/Berlin")
    )
    assert "Christmas Day on 2026-12-25" in shown(builder)
    fill(builder, "Respondents' zone", "UTC")
    assert "UTC lies in no one country" in shown(builder)


def test_days_move_the_end_and_stay_with_the_start() -> None:
    builder = builder_at()
    heard = listening(builder)
    fill(builder, "Days", "12")
    assert builder.draft["end_date"] == date(2026, 12, 14)
    fill(builder, "Start date", date(2026, 12, 3))
    assert builder.draft["end_date"] == date(2026, 12, 15)
    fill(builder, "End time", "18:00")
    assert (builder.draft["days"], builder.draft["lead"]) == ("", "end")
    fill(builder, "Start time", "18:00")
    assert builder.draft["days"] == "12"
    assert heard == [
        "Wed 2026-12-02 09:00 to Mon 2026-12-14 09:00, Europe/Berlin (12 days)",
        "Thu 2026-12-03 09:00 to Tue 2026-12-15 09:00, Europe/Berlin (12 days)",
        "Thu 2026-12-03 09:00 to Tue 2026-12-15 18:00, Europe/Berlin (12 days 9 hours)",
        "Thu 2026-12-03 18:00 to Tue 2026-12-15 18:00, Europe/Berlin (12 days)",
    ]
    assert builder.errors == []


def test_another_zone_keeps_the_clock() -> None:
    builder = builder_at()
    fill(builder, "Respondents' zone", "America/New_York")
    assert builder.value == FieldingWindow.opening(
        "2026-12-02 09:00", days=10, tz="America/New_York"
    )


@pytest.mark.parametrize(
    ("typed", "said", "label"),
    [
        ({"Start time": "25"}, "&#x27;25&#x27; is not a time of day. ", "Start time"),
        ({"Start time": ""}, "Needed: the start time", ""),
        ({"Start date": None}, "Needed: the start date", ""),
        ({"Start date": date(2, 12, 2)}, "2 is not a year to field in.", "Start date"),
        ({"End date": None}, "Needed: the end date", ""),
        ({"End date": date(2026, 12, 2), "End time": "9:00"}, "start and end are both", "End date"),
        ({"End date": date(2026, 12, 1), "End time": "20:00"}, "before it starts", "End date"),
        (
            {"Start date": date(2026, 12, 1), "Start time": "13:59"},
            "less than an hour",
            "Start date",
        ),
        ({"Days": "ten"}, "&#x27;ten&#x27; is not a number of days.", "End date"),
        ({"Days": "0"}, "&#x27;0&#x27; is not a number of days.", "End date"),
        ({"Days": "999999"}, "&#x27;999999&#x27; is not a number of days.", "End date"),
        (
            {"Start date": date(2027, 3, 28), "Start time": "2:30", "End date": date(2027, 4, 1)},
            "doesn&#x27;t exist in Europe/Berlin",
            "Start date",
        ),
        (
            {"Start date": date(2027, 10, 31), "Start time": "2:30", "End date": date(2027, 11, 9)},
            "2027-10-31 02:30 happens twice in Europe/Berlin",
            "Start date",
        ),
        ({"Respondents' zone": "Berlin"}, "Did you mean Europe/Berlin?", "Days"),
        ({"Respondents' zone": ""}, "is not a time zone", "Days"),
    ],
)
def test_problems_stand_beside_what_was_typed(typed: dict[str, Any], said: str, label: str) -> None:
    builder = builder_at()
    before = builder.value
    for where, what in typed.items():
        before = builder.value if builder.report.ok else before
        fill(builder, where, what)
    assert said in shown(builder).replace("Start and end", "start and end")
    assert all(control(builder, where).value == what for where, what in typed.items())
    assert (builder.value, builder.report.ok, builder.errors) == (before, False, [])
    if label:
        assert bad(builder, label)


def test_an_hour_that_comes_twice_is_asked_about() -> None:
    builder = builder_at()
    which = control(builder, "Start: which of the two")
    assert which.layout.display == "none"
    fill(builder, "Days", "5")
    fill(builder, "Start date", date(2027, 10, 31))
    fill(builder, "Start time", "2:30")
    assert which.layout.display is None
    found = {}
    for choice in ("first", "second"):
        fill(builder, "Start: which of the two", choice)
        found[choice] = builder.value and builder.value.start_at
    assert found == {
        "first": datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        "second": datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
    }
    again = FieldingWindowBuilder(builder.value, now=lambda: NOON)
    assert again.draft["start_repeat"] == "second"
    assert rebuilt(builder.code()) == builder.value
    fill(builder, "Start time", "9:00")
    assert (which.layout.display, which.value, builder.report.ok) == ("none", "", True)


def test_the_report_goes_with_the_clock() -> None:
    clock = [NOON]
    builder = FieldingWindowBuilder(advent(), now=lambda: clock[0])
    assert builder.report.ok
    clock[0] = datetime(2026, 12, 2, 7, 30, tzinfo=UTC)
    assert [finding.code for finding in builder.report.errors] == ["start_at_too_soon"]
    assert builder.value == advent()


def test_a_year_being_typed_breaks_nothing() -> None:
    builder = builder_at()
    heard = listening(builder)
    for year in (2, 20, 202, 2027):
        fill(builder, "Start date", date(year, 4, 15))
        assert control(builder, "Start date").value == date(year, 4, 15)
    assert (heard, builder.value) == ([], advent())
    fill(builder, "End date", date(2027, 4, 20))
    assert heard == ["Thu 2027-04-15 09:00 to Tue 2027-04-20 09:00, Europe/Berlin (5 days)"]
    assert control(builder, "Start date").max == date(9999, 12, 31)
    assert control(builder, "Start date").min is None


def test_ages_are_not_drawn() -> None:
    builder = builder_at()
    fill(builder, "End date", date(8999, 1, 1))
    assert builder.report.ok
    assert "<svg" not in shown(builder)
    assert "longer than a year" in shown(builder)


def test_an_empty_form_asks_for_what_it_needs() -> None:
    builder = FieldingWindowBuilder(now=lambda: NOON, tz="Asia/Tokyo")
    assert (builder.value, builder.code()) == (None, "# There is no window yet.\n")
    assert beside(builder, "Start date") == '<p class="tgk-missing">Needed: the start date.</p>'
    assert not bad(builder, "Start date")
    fill(builder, "Start date", date(2026, 12, 3))
    fill(builder, "Start time", "10")
    fill(builder, "Days", "2")
    assert builder.value == FieldingWindow.opening("2026-12-03 10:00", days=2, tz="Asia/Tokyo")


def test_a_preferred_zone_gives_way_to_a_chosen_one() -> None:
    builder = FieldingWindowBuilder(now=lambda: NOON)
    builder.prefer("Europe/Paris")
    assert builder.draft["tz"] == "Europe/Paris"
    fill(builder, "Respondents' zone", "Europe/Rome")
    builder.prefer("Europe/Paris")
    assert builder.draft["tz"] == "Europe/Rome"


def test_setting_the_window_moves_the_screen() -> None:
    builder = builder_at()
    heard = listening(builder)
    fill(builder, "Start time", "25")
    window = FieldingWindow.opening("2027-01-04 08:22:18.822", hours=30, tz="Asia/Kolkata")
    builder.value = window
    assert builder.draft["start_time"] == "08:22:18.822"
    assert (heard, builder.value, builder.errors) == ([str(window)], window, [])
    fill(builder, "End date", date(2027, 1, 8))
    assert builder.value is not None
    assert builder.value.start_at == window.start_at


USUAL_AT_NOON = {
    "As soon as allowed": "Tue 2026-12-01 14:15 to Fri 2026-12-11 14:15, Europe/Berlin (10 days)",
    "A week from tomorrow 9:00": "Wed 2026-12-02 09:00 to Wed 2026-12-09 09:00, "
    "Europe/Berlin (7 days)",
    "10 days from Monday 9:00": "Mon 2026-12-07 09:00 to Thu 2026-12-17 09:00, "
    "Europe/Berlin (10 days)",
    "The next weekend": "Sat 2026-12-05 09:00 to Sun 2026-12-06 21:00, "
    "Europe/Berlin (1 day 12 hours)",
    "A week later": "Wed 2026-12-09 09:00 to Sat 2026-12-19 09:00, Europe/Berlin (10 days)",
}


@pytest.mark.parametrize(("name", "made"), USUAL_AT_NOON.items())
def test_a_usual_window_is_one_press_and_one_event(name: str, made: str) -> None:
    builder = builder_at()
    heard = listening(builder)
    press(builder, name)
    assert heard == [made]
    assert str(builder.reading.value) == made
    assert (builder.touched, builder.report.ok, builder.errors) == (True, True, [])
    press(builder, "Back to 2026-12-02 09:00, 10 days")
    assert heard == [made, str(advent())]
    assert (builder.touched, builder.value) == (False, advent())


def test_as_soon_as_allowed_keeps_the_days() -> None:
    builder = builder_at()
    fill(builder, "Days", "3")
    press(builder, "As soon as allowed")
    assert builder.draft["days"] == "3"
    for unread in ("many", "9" * 5000, "0"):
        fill(builder, "Days", unread)
        press(builder, "As soon as allowed")
        assert (builder.draft["days"], builder.errors) == ("10", [])


def test_a_press_from_an_empty_form() -> None:
    builder = FieldingWindowBuilder(now=lambda: NOON, tz="Asia/Tokyo")
    assert control(builder, "A week later").disabled
    press(builder, "10 days from Monday 9:00")
    assert builder.value == FieldingWindow.opening("2026-12-07 09:00", days=10, tz="Asia/Tokyo")
    assert not control(builder, "A week later").disabled


def test_a_press_that_can_do_nothing_says_why() -> None:
    builder = builder_at()
    fill(builder, "Respondents' zone", "Berln")
    heard = listening(builder)
    press(builder, "The next weekend")
    assert shown(builder).count("&#x27;Berln&#x27; is not a time zone. Did you mean") == 2
    assert (heard, builder.errors, builder.draft["tz"]) == ([], [], "Berln")
    fill(builder, "Respondents' zone", "Europe/Berlin")
    assert "Berln" not in shown(builder)
    fill(builder, "Start date", date(2027, 3, 21))
    fill(builder, "Start time", "2:30")
    fill(builder, "Days", "2")
    press(builder, "A week later")
    assert "The start, 2027-03-28 02:30, doesn&#x27;t exist in Europe/Berlin" in shown(builder)
    assert (builder.report.ok, builder.errors) == (True, [])


def back_button(builder: FieldingWindowBuilder) -> Any:
    "The button that leads back, or None while there is nowhere to go."
    found = [w for w in everything(builder) if getattr(w, "description", "").startswith("Back to")]
    return found[0] if found else None


def test_the_way_back() -> None:
    builder = builder_at()
    assert back_button(builder) is None
    heard = listening(builder)
    fill(builder, "Start time", "25")
    fill(builder, "Respondents' zone", "<img onerror>")
    press(builder, "Back to 2026-12-02 09:00, 10 days")
    assert (heard, builder.touched, back_button(builder)) == ([], False, None)
    assert builder.reading.value == advent()
    fill(builder, "Days", "11")
    assert back_button(builder) is not None
    fill(builder, "Days", "10")
    assert back_button(builder) is None


def test_the_way_back_to_times_that_make_no_window() -> None:
    builder = FieldingWindowBuilder(now=lambda: NOON, tz="Europe/Berlin")
    start, end = advent().end_at, advent().start_at
    builder.show_times(start, end)
    assert back_button(builder) is None
    fill(builder, "Days", "2")
    assert builder.value is not None
    press(builder, "Back to 2026-12-12 09:00")
    assert (builder.value, builder.touched, builder.draft["days"]) == (None, False, "")
    assert builder.draft["end_date"] == date(2026, 12, 2)
    assert "before it starts" in shown(builder)


SOFT = SoftLaunch(
    end_at=datetime(2026, 12, 3, 8, tzinfo=UTC),
    filling_goal_percentage=10,
    demographics_strictness_percentage=50,
)


def test_what_happens_inside_is_drawn() -> None:
    builder = builder_at()
    assert "polyline" not in shown(builder)
    heard = listening(builder)
    builder.told(soft_launch=SOFT, pacing=LinearPacing(increment_interval="PT6H"), completes=400)
    said = ("soft launch: 10 %, 40 completes", "polyline", "about 10 completes a step")
    assert all(word in shown(builder) for word in said)
    fill(builder, "Start date", date(2026, 12, 4))
    assert "soft launch" not in shown(builder)
    assert "polyline" in shown(builder)
    page = builder._repr_mimebundle_()["text/html"]
    assert "about 12 completes a step" in page
    builder.told()
    assert "polyline" not in shown(builder)
    assert (len(heard), builder.errors) == (1, [])


def test_what_is_sent_is_shown_when_asked_for() -> None:
    builder = builder_at()
    assert "end_fielding_at" not in shown(builder)
    fill(builder, "Show what is sent", True)
    assert shown(builder).count("2026-12-12T08:00:00.000Z") == 3
    fill(builder, "Days", "11")
    assert shown(builder).count("2026-12-13T08:00:00.000Z") == 3
    fill(builder, "Start time", "25")
    assert shown(builder).count("2026-12-13T08:00:00.000Z") == 3
    assert "tgk.FieldingWindow.opening(" in shown(builder)
    fill(builder, "Hide what is sent", False)
    assert "end_fielding_at" not in shown(builder)
    fill(builder, "Start time", "9")
    builder.value = None
    fill(builder, "Show what is sent", True)
    assert shown(builder).count("There is no window yet.") == 4


def test_the_same_window_again_puts_the_screen_back() -> None:
    builder = builder_at()
    heard = listening(builder)
    fill(builder, "Start time", "25")
    fill(builder, "Respondents' zone", "Berln")
    builder.value = advent()
    assert (builder.reading.value, builder.touched, heard) == (advent(), False, [])


@pytest.mark.parametrize(
    ("typed", "place", "label"),
    [
        ({}, "start_at", "Start time"),
        ({"Start date": None}, "start_at", "Start date"),
        ({"Start date": date(2027, 10, 31), "Start time": "2:30"}, "start_at", CHOICE),
        ({}, "end_at", "End time"),
        ({"Days": "ten"}, "end_at", "Days"),
        ({}, "", "Respondents' zone"),
    ],
)
def test_a_finding_leads_to_a_control(typed: dict[str, Any], place: str, label: str) -> None:
    builder = builder_at()
    for where, what in typed.items():
        fill(builder, where, what)
    path = ("fielding_specification", place) if place else ("fielding_specification",)
    assert builder.control_at(path) is control(builder, label)


def test_without_a_window_there_is_none_to_move() -> None:
    with pytest.raises(InvalidWindow) as refused:
        FieldingWindowBuilder(now=lambda: NOON).shown  # noqa: B018
    assert str(refused.value) == "There is no window on the screen yet. Fill in start and end."


def test_equal_builders_stay_in_step() -> None:
    one, two = builder_at(), builder_at()
    traitlets.link((one, "value"), (two, "value"))
    heard = listening(two)
    fill(one, "Days", "12")
    fill(two, "Start time", "8:30")
    press(one, "The next weekend")
    assert one.value == two.value == one.reading.value == two.reading.value
    assert (len(heard), one.errors, two.errors) == (3, [], [])
    fill(one, "Start time", "25")
    assert (two.draft["start_time"], len(heard)) == ("09:00", 3)


def test_edits_of_another_thread_are_edits() -> None:
    builder = builder_at()
    heard = listening(builder)
    threads = [
        threading.Thread(target=fill, args=(builder, "Days", str(days))) for days in range(2, 8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert builder.value == builder.reading.value
    assert (heard[-1], len(heard), builder.errors) == (str(builder.value), len(set(heard)), [])


@pytest.mark.parametrize(
    "typed", ["ten", "1,5", "−1", "-1", "9.99", "🙂", "<img onerror=1>", "9" * 40]
)
def test_nothing_typed_is_lost(typed: str) -> None:
    builder = builder_at()
    for label in ("Days", "Start time", "End time", "Respondents' zone"):
        fill(builder, label, typed)
    held = [control(builder, where).value for where in ("Start time", "Respondents' zone")]
    assert held == [typed, typed]
    assert (builder.value, builder.report.ok, builder.errors) == (advent(), False, [])
    assert "<img onerror" not in shown(builder) + builder._repr_mimebundle_()["text/html"]


def test_the_static_twin_says_the_same() -> None:
    builder = builder_at()
    page = builder._repr_mimebundle_()["text/html"]
    told = (
        *("2026-12-02 09:00", "2026-12-02 08:00", "Europe/Berlin", "10 days", "an hour before"),
        *("end_fielding_at", "start_fielding_at", "start_at", "tgk.FieldingWindow.opening("),
        *calendar_notes(timeline_of(advent())),
    )
    assert [said for said in told if html.escape(said) not in page] == []
    assert ("<svg" in page, "http" in page.replace("http://www.w3.org", "")) == (False, False)
    fill(builder, "Start time", "25")
    assert "is not a time of day" in builder._repr_mimebundle_()["text/html"]
    assert "No window yet." in FieldingWindowBuilder()._repr_mimebundle_()["text/html"]


def test_nothing_leaks() -> None:
    builder = builder_at()
    before = models()
    for day in range(1, 60):
        builder.value = advent().shift(days=day)
        fill(builder, "Days", str(day))
    assert (models(), builder.errors) == (before, [])


@given(st.times().map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)))
def test_times_are_read_as_they_are_written(at: time) -> None:
    assert read_clock(clock_text(datetime.combine(date(2026, 1, 1), at))) == at


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("9", time(9)),
        ("9.30", time(9, 30)),
        ("9h30", time(9, 30)),
        ("0930", time(9, 30)),
        ("12 am", time(0)),
        ("12:30 PM", time(12, 30)),
        ("23:59:59.9", time(23, 59, 59, 900_000)),
        ("24:00", None),
        ("0 am", None),
        ("13 pm", None),
        ("9:60", None),
        ("9:00:60", None),
        ("-1", None),
        ("٩", None),
        ("🙂", None),
    ],
)
def test_times_as_typed(typed: str, at: time | None) -> None:
    assert read_clock(typed) == at


zones = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "UTC",
        "Africa/Cairo",
    ]
)
moments = st.datetimes(datetime(2027, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))


@times(1000, 60)
@given(moments, st.timedeltas(timedelta(milliseconds=1), timedelta(days=40)), zones)
def test_any_window_is_shown_and_given_back(start: datetime, length: timedelta, tz: str) -> None:
    start = start.replace(microsecond=start.microsecond // 1000 * 1000)
    end = start + timedelta(milliseconds=length // timedelta(milliseconds=1))
    window = FieldingWindow(start, end, tz)
    builder = FieldingWindowBuilder(window, now=lambda: NOON)
    assert builder.reading.value == window
    assert builder.report.ok
    builder.edit()
    assert builder.value == window
    assert rebuilt(builder.code()) == window
    assert builder.errors == []
