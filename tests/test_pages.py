"What `preview` shows: the same figures on the page and in the text, whatever users call things."

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from fragments import Page, assert_survives
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.errors import Finding, InvalidTargetGroup, KitError, Report
from target_group_kit.contract.profiling import Profiling
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.sampling.window import FieldingWindow
from target_group_kit.views.charts import MANY, plain
from target_group_kit.views.pages import NoPreview, Preview, live_html, preview
from target_group_kit.views.tables import COLUMNS

GROUP = TargetGroup.example(now=datetime(2026, 12, 1, 12, tzinfo=UTC))
WINDOW = FieldingWindow.opening("2026-12-21 09:00", days=7, tz="Europe/Berlin")
REPORT = Report.of(
    [Finding("too_short", "error", ("name",), "the name is '<script>'.", "Lengthen it.")]
)


def with_targets(number: int, name: str = "t", **profile: Any) -> TargetGroup:
    targets = [
        {
            "name": f"{name} {n}",
            "conditions": [{"object": "selection", "question_id": 157, "option": str(n)}],
            "quota": {"completes_goal": 7 * (n + 1)},
        }
        for n in range(number)
    ]
    body = {"object": "regular", "name": name, "quotas_enabled": True, "targets": targets}
    words = {"profile_adjustment_type": "nominal", "profiles": [body | profile]}
    goal = sum(target["quota"]["completes_goal"] for target in targets)  # type: ignore[index]
    return GROUP.replace(completes_goal=goal, profiling=words)


HOSTILE = [
    "<script>alert(1)</script>",
    '"onmouseover="alert(1)"',
    "</svg></table><img src=x onerror=alert(1)>",
    "{name} %s $x \\n",
    "\x00\x1b[2J bell",
    "\ud800 lone",
    "مرحبا بالعالم",
]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("number", [2, MANY + 1])
def test_whatever_a_user_writes_stays_text(name: str, number: int) -> None:
    group = with_targets(number, name).replace(name=f"{name} group", live_url=name)
    shown = preview(group)
    page = assert_survives(shown.html)
    for text in (f"{name} group", name, f"{name} 0"):
        assert plain(text) in page.texts
    ET.fromstring(shown.chart)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", shown.text)
    ET.fromstring(re.sub(r"<(img)([^>]*)>", r"<\1\2/>", live_html(group)))


@given(st.text(st.characters(), min_size=1, max_size=30))
def test_any_name_survives(name: str) -> None:
    group = with_targets(2, name)
    assert plain(name) in assert_survives(preview(group).html).texts or not plain(name).strip()


def test_the_page_of_the_example() -> None:
    page = assert_survives(preview(GROUP).html)
    assert page.texts == [
        *("My first target group", "Goal", "10 completes", "Locale", "ger_de"),
        *("Interview", "5 minutes", "Incidence", "80 %"),
        *("Fielding", "2026-12-03 08:22 to 2026-12-14 08:22 UTC (11 days)", "Price"),
        "2.7352 EUR per complete, 27.3520 EUR for the goal; dynamic up to 2.7352 EUR",
        *("Suppliers", "not set", "Exclusions", "who completed another group of this project"),
        *("Personal data", "not collected", "Survey", "https://mytestsurvey.com/?RID=[%RID%]"),
        *("Quotas", "Target", "Percent", "Completes", "birth gender", "100.00 %", "10"),
        *("SF-BirthGender-Quota-1", "gender (43): male (1)", "50.00 %", "5"),
        *("SF-BirthGender-Quota-2", "gender (43): female (2)", "50.00 %", "5"),
        "Both cells have fewer than 30 completes; the smallest has 5.",
    ]
    assert [alt for alt, _ in page.images] == ["bar", "bar"]
    assert ("scope", "row") in page.attributes
    assert page.tags.count("caption") == 2


def test_the_text_of_the_example() -> None:
    assert str(preview(GROUP)).split("\n") == [
        "My first target group",
        "",
        "Goal           10 completes",
        "Locale         ger_de",
        "Interview      5 minutes",
        "Incidence      80 %",
        "Fielding       2026-12-03 08:22 to 2026-12-14 08:22 UTC (11 days)",
        "Price          2.7352 EUR per complete, 27.3520 EUR for the goal; dynamic up to",
        "               2.7352 EUR",
        "Suppliers      not set",
        "Exclusions     who completed another group of this project",
        "Personal data  not collected",
        "Survey         https://mytestsurvey.com/?RID=[%RID%]",
        "",
        "birth gender                                                100.00 %         10",
        "  SF-BirthGender-Quota-1   ██████████████████████████████    50.00 %          5",
        "  SF-BirthGender-Quota-2   ██████████████████████████████    50.00 %          5",
        "",
        "· Both cells have fewer than 30 completes; the smallest has 5.",
    ]


@pytest.mark.parametrize("number", [1, 2, 12, MANY, MANY + 1, 96, 500, 2000])
def test_every_figure_is_on_the_page(number: int) -> None:
    group = with_targets(number)
    shown = preview(group)
    texts = assert_survives(shown.html).texts
    frame = shown.frame
    assert len(frame) == number
    assert frame["completes"].sum() == group.completes_goal
    listed = [text for text in texts if re.fullmatch(r"t \d+", text)][-number:]
    assert listed == list(frame["target"])
    completes = [texts[texts.index(name) + 3] for name in (f"t {n}" for n in range(number))]
    assert completes == [f"{count:,}" for count in frame["completes"]]
    pictures = [alt for alt, _ in assert_survives(shown.html).images if alt != "bar"]
    assert len(pictures) == (number > MANY)
    assert ("<svg" in live_html(group)) == (number > MANY)


def test_live_and_static_pages_say_the_same() -> None:
    group = with_targets(96)
    drawn = re.compile(r"<title>.*?</title>|<desc>.*?</desc>")
    assert Page(drawn.sub("", live_html(group))).texts == Page(preview(group).html).texts


@dataclass
class Carrier:
    "Like a receipt or a builder."

    target_group: Any = None
    value: Any = None


@pytest.mark.parametrize(
    "make",
    [
        lambda: GROUP.payload(),
        lambda: GROUP.to_json(),
        lambda: f"curl -X POST 'https://x.test' -d '{GROUP.to_json()}'",
        lambda: Carrier(target_group=GROUP),
        lambda: Carrier(value=GROUP),
        lambda: Carrier(value=Carrier(target_group=GROUP.payload())),
        lambda: preview(GROUP),
    ],
)
def test_a_target_group_in_any_form(make: Callable[[], Any]) -> None:
    assert preview(make()) == preview(GROUP)


def test_profiling_shows_its_quotas() -> None:
    words = with_targets(3).profiling
    assert isinstance(words, Profiling)
    shown = preview(words)
    assert preview(words.payload()) == shown
    assert list(shown.frame["percent"]) == [16.67, 33.33, 50.0]
    assert Page(shown.html).texts[:7] == [
        *("Profiling", "Quotas", "whole completes", "Profiles", "1", "Targets", "3"),
    ]


def test_a_plan_shows_its_quotas() -> None:
    plan = QuotaPlan(1000).margin("gender", 43, {"women": ("2", 1), "men": ("1", 2)})
    shown = preview(plan)
    assert_survives(shown.html)
    assert shown.text.split("\n") == [
        "Quota plan",
        "",
        "Goal           1,000 completes",
        "Profiles       1",
        "Targets        2",
        "",
        "gender                                                      100.00 %      1,000",
        "  women                    ███████████████                   33.33 %        333",
        "  men                      ██████████████████████████████    66.67 %        667",
        "",
        "· Sent as nominal quotas, the completes are exactly these. Sent as percentages,",
        "  2 of 2 leave the rounding to the exchange.",
    ]
    assert preview(plan.scaled(10_000)).notes == ()
    assert list(shown.frame["completes"]) == [333, 667]


TEMPLATE = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"


@pytest.mark.parametrize(
    ("words", "notes"),
    [
        (None, ("No profiling: anybody in the locale may answer.",)),
        (
            {"template_id": TEMPLATE, "profile_adjustment_type": "percentage"},
            (
                f"Template {TEMPLATE} adds profiles that only the exchange knows; "
                "they aren't shown here.",
            ),
        ),
    ],
)
def test_a_group_without_quotas(words: Any, notes: tuple[str, ...]) -> None:
    shown = preview(GROUP.replace(profiling=words))
    assert shown.notes == notes
    assert list(shown.frame.columns) == list(COLUMNS)
    assert shown.frame.empty
    assert Page(shown.html).texts[-1] == notes[0]
    assert shown.text.rpartition("· ")[2].split() == notes[0].split()


def test_a_window_shows_its_days() -> None:
    shown = preview(WINDOW)
    page = assert_survives(shown.html)
    assert page.texts == [
        *("Fielding window", "Opens"),
        "2026-12-21 09:00 by the clock there, 2026-12-21 08:00 UTC",
        *("Closes", "2026-12-28 09:00 by the clock there, 2026-12-28 08:00 UTC"),
        *("Length", "7 days", "Time zone", "Europe/Berlin", *shown.notes),
    ]
    assert [alt for alt, _ in page.images] == [" ".join(shown.notes)]
    assert list(shown.frame["hours"]) == [15, 24, 24, 24, 24, 24, 24, 9]
    assert "<svg" in live_html(WINDOW)


def test_a_window_of_no_country_has_a_calendar_without_holidays() -> None:
    shown = preview(FieldingWindow.opening("2026-12-21 09:00", days=7, tz="UTC"))
    assert shown.notes == (
        "8 dates from Monday 2026-12-21 to Monday 2026-12-28.",
        "UTC lies in no one country, so its weekends and holidays aren't shown.",
    )
    assert "Length         7 days" in shown.text
    assert_survives(shown.html)


def test_a_window_of_years_has_no_picture() -> None:
    shown = preview(FieldingWindow.opening("2026-12-21 09:00", days=700, tz="Europe/Berlin"))
    assert (shown.chart, "<img" in shown.html) == ("", False)
    assert shown.notes == ("The window is longer than a year, so its days aren't drawn.",)
    assert_survives(shown.html)


def test_a_report_shows_its_findings() -> None:
    shown = preview(REPORT)
    assert shown.frame.to_dict("records") == [
        {
            "level": "error",
            "where": "name",
            "message": "the name is '<script>'.",
            "fix": "Lengthen it.",
            "code": "too_short",
        }
    ]
    assert (shown.html, shown.text, shown.chart) == (REPORT._repr_html_(), str(REPORT), "")
    assert live_html(REPORT) == shown.html
    assert list(preview(Report()).frame.columns) == ["level", "where", "message", "fix", "code"]


@pytest.mark.parametrize("show", [preview, live_html])
@pytest.mark.parametrize("thing", [None, 42, [], object(), b"{}", Carrier(value=7)])
def test_what_has_no_preview_says_what_has(show: Callable[[Any], Any], thing: Any) -> None:
    kind = type(thing.value if isinstance(thing, Carrier) and thing.value else thing).__name__
    with pytest.raises(NoPreview) as caught:
        show(thing)
    assert isinstance(caught.value, KitError)
    assert isinstance(caught.value, TypeError)
    assert str(caught.value) == (
        f"A value of type {kind} has no preview. Give a target group or its payload (dict, JSON or "
        "cURL), a quota plan, profiling, a fielding window or a report."
    )


@pytest.mark.parametrize("wrong", ["{", "[]", '{"name": 3}', {"name": "Tea"}, "nothing"])
def test_a_payload_that_is_none_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidTargetGroup):
        preview(wrong)


def test_a_preview_is_a_value() -> None:
    shown = preview(GROUP)
    assert shown == preview(GROUP)
    assert shown != preview(GROUP.replace(name="Another group"))
    assert repr(shown) == str(shown) == shown.text
    assert shown._repr_mimebundle_(include=None, exclude=None) == {
        "text/html": shown.html,
        "text/plain": shown.text,
    }
    with pytest.raises(FrozenInstanceError):
        shown.text = ""  # type: ignore[misc]
    frame = shown.frame
    frame["percent"] = 0.0
    assert list(shown.frame["percent"]) == [50.0, 50.0]
    assert isinstance(shown, Preview)
