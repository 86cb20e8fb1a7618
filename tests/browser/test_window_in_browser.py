"The window builder in a real JupyterLab: by hand, over nights when clocks change, in any zone."

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from lab import Lab, Notebook, close_notebook, open_notebook

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

Open = Callable[..., Notebook]

WINDOW = """
import target_group_kit as tgk
from datetime import datetime, UTC
heard = []
clock = lambda: datetime(2026, 12, 1, 12, tzinfo=UTC)
window = tgk.FieldingWindow.opening("2027-02-02 09:00", days=10, tz="Europe/Berlin")
builder = tgk.FieldingWindowBuilder(window, now=clock)
builder.observe(lambda change: heard.append(change.new), names="value")
builder
"""

# All that a kernel knows of the form: what is typed, the value, the errors, the events so far.
STATE = "[builder.draft, builder.value.code(), [f.code for f in builder.report.errors], len(heard)]"


def draft(**typed: str | None) -> dict[str, str | None]:
    "The draft as the notebook starts, but for what was typed."
    return {
        "start_date": "2027-02-02",
        "start_time": "09:00",
        "start_repeat": None,
        "end_date": "2027-02-12",
        "end_time": "09:00",
        "end_repeat": None,
        "days": "10",
        "tz": "Europe/Berlin",
        "lead": "end",
    } | typed


def code(start: str, length: str, tz: str = "Europe/Berlin") -> str:
    return f'tgk.FieldingWindow.opening("{start}", {length}, tz="{tz}")'


def form_of(notebook: Notebook) -> "Locator":
    form = notebook.output.locator(".tgk-form").first
    form.wait_for()
    return form


def field(notebook: Notebook, label: str) -> "Locator":
    return form_of(notebook).get_by_label(label, exact=True)


def enter(notebook: Notebook, label: str, text: str) -> None:
    "Type over what is there, key by key, and leave by Tab."
    field(notebook, label).click()
    notebook.page.keyboard.press("Control+A")
    notebook.page.keyboard.type(text)
    notebook.page.keyboard.press("Tab")


def enter_date(notebook: Notebook, label: str, digits: str) -> None:
    "Type a date by its digits, as the browser's own control takes them: month, day, year."
    field(notebook, label).press_sequentially(digits)
    field(notebook, label).press("Tab")


def click(notebook: Notebook, name: str) -> None:
    form_of(notebook).get_by_role("button", name=name, exact=True).click()


def says(notebook: Notebook, text: str) -> None:
    form_of(notebook).get_by_text(text).filter(visible=True).first.wait_for()


def nothing_went_wrong(notebook: Notebook) -> None:
    assert notebook.kernel.evaluate("[repr(problem) for problem in builder.errors]") == []
    assert (notebook.asked, notebook.broken) == ([], [])


def test_dates_times_and_days_by_keyboard(notebook: Open) -> None:
    lab = notebook(WINDOW)
    state = lab.kernel.wait
    enter_date(lab, "Start date", "02042027")
    first = draft(start_date="2027-02-04", days="8")
    state(STATE, [first, code("2027-02-04 09:00", "days=8"), [], 1])
    enter(lab, "Start time", "8.30")
    second = first | {"start_time": "8.30", "days": ""}
    state(STATE, [second, code("2027-02-04 08:30", 'end="2027-02-12 09:00"'), [], 2])
    enter(lab, "Days", "5")
    third = second | {"days": "5", "lead": "days", "end_date": "2027-02-09", "end_time": "08:30"}
    state(STATE, [third, code("2027-02-04 08:30", "days=5"), [], 3])
    enter_date(lab, "End date", "02112027")
    fourth = third | {"end_date": "2027-02-11", "days": "7", "lead": "end"}
    state(STATE, [fourth, code("2027-02-04 08:30", "days=7"), [], 4])
    nothing_went_wrong(lab)


def test_across_a_change_of_clocks_and_of_zones(notebook: Open) -> None:
    lab = notebook(WINDOW)
    state = lab.kernel.wait
    enter_date(lab, "Start date", "03202027")
    enter(lab, "Days", "10")
    says(lab, "10 days by the clock, 9 days 23 hours in fact")
    says(lab, "The clocks go forward 1 hour on Sunday 2027-03-28 at 02:00.")
    typed = draft(start_date="2027-03-20", end_date="2027-03-30", lead="days")
    state(STATE, [typed, code("2027-03-20 09:00", "days=10"), [], 1])
    for n, (tz, end) in enumerate(
        [("America/New_York", "2027-03-30T13:00:00"), ("Asia/Kolkata", "2027-03-30T03:30:00")], 2
    ):
        enter(lab, "Respondents' zone", tz)
        state(STATE, [typed | {"tz": tz}, code("2027-03-20 09:00", "days=10", tz), [], n])
        assert lab.kernel.evaluate("builder.value.end_at.isoformat()") == f"{end}+00:00"
    enter(lab, "Respondents' zone", "Berln")
    says(lab, "'Berln' is not a time zone. Did you mean Europe/Berlin?")
    kept = code("2027-03-20 09:00", "days=10", "Asia/Kolkata")
    state(STATE, [typed | {"tz": "Berln"}, kept, ["wrong_form"], 3])
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_hours_that_are_missing_or_come_twice(notebook: Open) -> None:
    lab = notebook(WINDOW)
    state = lab.kernel.wait
    enter(lab, "Days", "5")
    enter(lab, "Start time", "2:30")
    before = code("2027-02-02 02:30", "days=5")
    field(lab, "Start date").fill("2027-03-28")
    says(lab, "The start, 2027-03-28 02:30, doesn't exist in Europe/Berlin: at 02:00 the clock")
    gap = draft(start_date="2027-03-28", start_time="2:30", days="5", lead="days")
    gap |= {"end_date": "2027-04-02", "end_time": "02:30"}
    state(STATE, [gap, before, ["wrong_form"], 2])
    field(lab, "Start date").fill("2027-10-31")
    says(lab, "2027-10-31 02:30 happens twice in Europe/Berlin")
    twice = gap | {"start_date": "2027-10-31", "end_date": "2027-11-05"}
    state(STATE, [twice, before, ["wrong_form"], 2])
    which = field(lab, "Start: which of the two")
    which.select_option("the first, CEST (UTC+02:00)")
    first = code("2027-10-31 02:30+02:00", "days=5")
    state(STATE, [twice | {"start_repeat": "first"}, first, [], 3])
    which.focus()
    lab.page.keyboard.press("End")  # JupyterLab keeps the arrows to itself
    second = code("2027-10-31 02:30+01:00", "days=5")
    state(STATE, [twice | {"start_repeat": "second"}, second, [], 4])
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_usual_windows_and_the_way_back(notebook: Open) -> None:
    lab = notebook(WINDOW)
    state = lab.kernel.wait
    click(lab, "10 days from Monday 9:00")
    monday = draft(start_date="2026-12-07", end_date="2026-12-17")
    state(STATE, [monday, code("2026-12-07 09:00", "days=10"), [], 1])
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Space")
    weekend = draft(start_date="2026-12-05", end_date="2026-12-06", end_time="21:00", days="")
    state(STATE, [weekend, code("2026-12-05 09:00", 'end="2026-12-06 21:00"'), [], 2])
    click(lab, "As soon as allowed")
    soon = draft(
        start_date="2026-12-01", start_time="14:15", end_date="2026-12-11", end_time="14:15"
    )
    state(STATE, [soon, code("2026-12-01 14:15", "days=10"), [], 3])
    says(lab, "minutes left to submit it.")
    click(lab, "A week later")
    later = soon | {"start_date": "2026-12-08", "end_date": "2026-12-18"}
    state(STATE, [later, code("2026-12-08 14:15", "days=10"), [], 4])
    click(lab, "Back to 2027-02-02 09:00, 10 days")
    state(STATE, [draft(), code("2027-02-02 09:00", "days=10"), [], 5])
    assert form_of(lab).get_by_role("button", name="Back to").filter(visible=True).count() == 0
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_what_is_sent_by_keyboard(notebook: Open) -> None:
    lab = notebook(WINDOW)
    form_of(lab).get_by_role("button", name="Show what is sent").focus()
    lab.page.keyboard.press("Enter")
    says(lab, "The part fielding_specification of POST")
    form_of(lab).get_by_role("tab", name="Draft").focus()
    for name, said in (("Launch", "fields at once"), ("Schedule", "from the start on")):
        lab.page.keyboard.press("ArrowRight")
        lab.page.keyboard.press("Enter")
        form_of(lab).get_by_role("tab", name=name, selected=True).wait_for()
        says(lab, said)
    page = form_of(lab).locator(".tgk-code").filter(visible=True)
    page.click()
    chosen = lab.page.evaluate("getSelection().toString()")
    assert chosen.split() == [
        *("{", '"start_fielding_at":', '"2027-02-02T08:00:00.000Z",'),
        *('"end_fielding_at":', '"2027-02-12T08:00:00.000Z"', "}"),
    ]
    enter(lab, "Days", "11")
    says(lab, "2027-02-13T08:00:00.000Z")
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_bad_input_is_kept_and_never_run(notebook: Open) -> None:
    lab = notebook(WINDOW)
    trap = "<img src=x onerror='window.trapped = true'>"
    for label in ("Start time", "Respondents' zone", "Days"):
        enter(lab, label, trap)
    says(lab, "is not a number of days")
    typed = draft(start_time=trap, tz=trap, days=trap, lead="days")
    lab.kernel.wait(STATE, [typed, code("2027-02-02 09:00", "days=10"), ["wrong_form"] * 3, 0])
    click(lab, "Back to 2027-02-02 09:00, 10 days")
    lab.kernel.wait(STATE, [draft(), code("2027-02-02 09:00", "days=10"), [], 0])
    assert lab.page.evaluate("window.trapped") is None
    nothing_went_wrong(lab)


@pytest.fixture
def elsewhere(
    lab: Lab, context: "BrowserContext", request: pytest.FixtureRequest
) -> Iterator[Notebook]:
    "The notebook in a browser of another time zone."
    assert context.browser
    other = context.browser.new_context(timezone_id=request.param, locale="en-US")
    name = f"{request.node.originalname}_{request.param.replace('/', '_')}.ipynb"
    notebook = open_notebook(lab, other, name, (WINDOW,))
    yield notebook
    close_notebook(lab, notebook)
    other.close()


@pytest.mark.parametrize(
    "elsewhere",
    [pytest.param("Pacific/Apia", marks=pytest.mark.thorough), "America/Los_Angeles"],
    indirect=True,
)
def test_the_same_values_from_any_zone(elsewhere: Notebook) -> None:
    "Two in the night of 14 March 2027 is an hour that this browser may not have, but Berlin has."
    lab = elsewhere
    enter_date(lab, "Start date", "03142027")
    enter(lab, "Start time", "2:30")
    enter(lab, "Days", "14")
    typed = draft(start_date="2027-03-14", start_time="2:30", days="14", lead="days")
    typed |= {"end_date": "2027-03-28", "end_time": "02:30"}
    lab.kernel.wait("builder.draft", typed)
    says(lab, "The end, 2027-03-28 02:30, doesn't exist in Europe/Berlin")
    enter(lab, "Days", "13")
    lab.kernel.wait("builder.value.code()", code("2027-03-14 02:30", "days=13"))
    nothing_went_wrong(lab)


LEFT = """
import target_group_kit as tgk
from datetime import timedelta
window = tgk.FieldingWindow.opening("2027-02-02 09:00", days=10, tz="Europe/Berlin")
def left(**length):
    now = window.start_at - timedelta(hours=1) - timedelta(**length)
    return tgk.FieldingWindowBuilder(window, now=lambda: now)
"""

SAID = {  # Half a unit more than is said, so that slow machines say it too
    "days=19, hours=19.5": "19 days 19 hours left to submit it.",
    "hours=25.5": "1 day 1 hour left to submit it.",
    "hours=3, minutes=20.5": "3 hours 20 minutes left to submit it.",
    "minutes=23.5": "23 minutes left to submit it.",
    "seconds=-1": "The time to submit it is over.",
}


def test_the_page_counts_down(notebook: Open) -> None:
    cells = [f"left({length})" for length in SAID]
    lab = notebook(LEFT, *cells, "builder = left(seconds=599); builder")
    timers = lab.output.get_by_role("timer")
    counting = timers.nth(len(SAID))
    counting.wait_for()
    before = counting.inner_text()
    assert timers.all_inner_texts()[: len(SAID)] == [*SAID.values()]
    assert [timer.get_attribute("class") for timer in timers.all()[2:4]] == [
        "tgk-hint",
        "tgk-warning",
    ]
    assert re.fullmatch(r"9 minutes \d+ seconds? left to submit it\.", before)
    moved = "before => !document.body.innerText.includes(before)"
    lab.page.wait_for_function(moved, arg=before)
    nothing_went_wrong(lab)
