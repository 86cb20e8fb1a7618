"The builders in a real JupyterLab: typed, tabbed, clicked, sent; the kernel is asked what is true."

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from lab import PROJECT, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import Locator

Open = Callable[..., Notebook]

START = """
import target_group_kit as tgk
from datetime import datetime, UTC
heard = []
def listen(builder):
    builder.observe(lambda change: heard.append(change.new), names="value")
    return builder
"""

EXCHANGE = """
emulator = tgk.Emulator().start()
client = emulator.client()
journal = tgk.Journal("sqlite://")
def submit(group):
    return tgk.submit(group, client, emulator.project_id, journal=journal)
"""

GROUP = """
group = tgk.TargetGroup.example().with_open_exchange()
builder = listen(tgk.TargetGroupBuilder(group, submit=submit, environment="the emulator"))
builder
"""

PLAN = """
plan = tgk.QuotaPlan(1000).margin("gender", 43, {"women": ("2", 50), "men": ("1", 50)})
plan = plan.margin("age", 42, {"young": ((18, 39), 40), "old": ((40, 99), 60)})
builder = listen(tgk.QuotaBuilder(plan))
builder
"""

WINDOW = """
window = tgk.FieldingWindow.opening("2027-02-02 09:00", days=10, tz="Europe/Berlin")
builder = listen(tgk.FieldingWindowBuilder(window, now=lambda: datetime(2026, 12, 1, tzinfo=UTC)))
builder
"""


def form_of(notebook: Notebook) -> "Locator":
    form = notebook.output.locator(".tgk-form").first
    form.wait_for()
    return form


def enter(notebook: Notebook, label: str, text: str) -> None:
    "Type into a field and press Enter."
    field = form_of(notebook).get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")


def says(notebook: Notebook, text: str) -> None:
    form_of(notebook).get_by_text(text).filter(visible=True).first.wait_for()


def holds(notebook: Notebook, label: str, text: str) -> None:
    from playwright.sync_api import expect

    expect(form_of(notebook).get_by_label(label, exact=True)).to_have_value(text)


def can_submit(notebook: Notebook, wanted: bool) -> None:
    from playwright.sync_api import expect

    button = form_of(notebook).get_by_role("button", name="Submit", exact=True)
    expect(button).to_be_enabled(enabled=wanted)


def nothing_went_wrong(notebook: Notebook) -> None:
    assert notebook.kernel.evaluate("[repr(problem) for problem in builder.errors]") == []
    assert notebook.asked == []
    assert notebook.broken == []


def test_the_main_job(notebook: Open) -> None:
    "Open the quick start's group, change a quota and the window, see it follow, and submit it."
    lab = notebook(START, EXCHANGE, GROUP)
    kernel, form = lab.kernel, form_of(lab)
    says(lab, "birth gender")
    enter(lab, "Completes", "200")
    kernel.wait("builder.value.completes_goal", 200)
    men = form.get_by_label("SF-BirthGender-Quota-1 percent", exact=True)
    men.fill("60")
    men.press("Tab")
    says(lab, "110.00 % · 220 completes, 10.00 % over")
    says(lab, "Percentages of 'birth gender' sum to 110.00, 10.00 over.")
    can_submit(lab, False)
    assert kernel.evaluate("builder.report.ok") is False
    enter(lab, "SF-BirthGender-Quota-2 percent", "40")
    says(lab, "100.00 % · 200 completes")
    form.locator("svg title", has_text="SF-BirthGender-Quota-1: 60.00 % (120)").wait_for(
        state="attached"
    )
    quotas = (
        "[t.quota.completes_goal_percentage for t in builder.value.profiling.profiles[0].targets]"
    )
    kernel.wait(quotas, [60, 40])

    enter(lab, "Start time", "10:30")
    kernel.wait("builder.value.fielding_specification.start_at.minute", 30)
    enter(lab, "Start time", "25")
    says(lab, "'25' is not a time of day.")
    kernel.wait("builder.report.ok", False)
    enter(lab, "Start time", "11:00")
    kernel.wait("builder.report.ok", True)
    enter(lab, "Days", "7")
    kernel.wait("str(builder.window.value.duration)", "7 days, 0:00:00")
    says(lab, "7 days")

    form.get_by_role("tab", name="Python").click()
    form.locator("pre").get_by_text("import target_group_kit as tgk").wait_for()

    form.get_by_role("button", name="Submit", exact=True).click()
    form.get_by_text("Send one draft").wait_for()
    form.get_by_role("button", name="Yes, send it").dblclick()
    says(lab, "✓ It is there, as draft")
    kernel.wait("builder.receipt is not None", True)
    assert kernel.evaluate("len(emulator.drafts)") == 1
    assert kernel.evaluate("builder.receipt.id == emulator.drafts[0].id")
    assert kernel.evaluate("builder.receipt.target_group == builder.value")
    can_submit(lab, False)
    assert kernel.evaluate("builder.draft == builder.value.payload()")
    nothing_went_wrong(lab)


def test_the_tutorials_form(notebook: Open) -> None:
    "The quick start as it is, up to its form; then a user takes over."
    tutorial = json.loads((PROJECT / "nbs" / "tutorials" / "01_quick_start.ipynb").read_text())
    code = [cell for cell in tutorial["cells"] if cell["cell_type"] == "code"]
    last = next(n for n, cell in enumerate(code) if cell["id"] == "form")
    lab = notebook(*("".join(cell["source"]) for cell in code[: last + 1]))
    says(lab, "Nothing to mend.")
    enter(lab, "women completes", "250")
    says(lab, "446 completes")
    can_submit(lab, False)
    enter(lab, "men completes", "150")
    says(lab, "400 completes · 100.00 %")
    enter(lab, "Days", "5")
    lab.kernel.wait("builder.window.value.duration.days", 5)
    says(lab, "5 days")
    form_of(lab).get_by_role("button", name="Submit", exact=True).click()
    form_of(lab).get_by_role("button", name="Yes, send it").click()
    says(lab, "✓ It is there, as draft")
    lab.kernel.wait("[draft.id for draft in exchange.drafts] == [builder.receipt.id]", True)
    assert lab.kernel.evaluate("builder.receipt.target_group == builder.value")
    goals = "[t.quota.completes_goal for t in builder.value.profiling.profiles[0].targets]"
    assert lab.kernel.evaluate(goals) == [250, 150]
    nothing_went_wrong(lab)


def entry(notebook: Notebook, name: str) -> "Locator":
    "The button of an entry in the list of findings."
    return form_of(notebook).locator("button.tgk-go").filter(has_text=name).first


def is_at(notebook: Notebook, label: str) -> None:
    "The cursor is in that control, and the control in sight."
    from playwright.sync_api import expect

    field = form_of(notebook).get_by_label(label, exact=True)
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()


def test_a_finding_leads_to_its_field(notebook: Open) -> None:
    "By mouse and by keyboard, from far away; what is typed there mends it."
    lab = notebook(START, GROUP.replace("submit=submit, ", "submit=print, "))
    form, page = form_of(lab), lab.page
    page.set_viewport_size({"width": 900, "height": 500})
    for label, text in (("Name", "Tea"), ("Start time", "25"), ("Currency", "euro")):
        enter(lab, label, text)
    enter(lab, "SF-BirthGender-Quota-2 percent", "60")
    lab.kernel.wait("builder.report.errors[-1].path[0]", "profiling")
    entry(lab, "Name").click()
    is_at(lab, "Name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Tea drinkers")
    page.keyboard.press("Enter")
    lab.kernel.wait("'name' in [f.path[0] for f in builder.report.errors]", False)
    entry(lab, "Fielding window").focus()
    page.keyboard.press("Enter")
    is_at(lab, "Start time")
    entry(lab, "birth gender").filter(visible=True).focus()
    page.keyboard.press("Space")
    is_at(lab, "SF-BirthGender-Quota-1 percent")
    entry(lab, "Currency").click()
    is_at(lab, "Currency")
    form.get_by_role("button", name="Edit as text").first.click()
    entry(lab, "birth gender").click()
    is_at(lab, "One line per cell: label, answer and number, between tabs")
    nothing_went_wrong(lab)


def test_a_finding_leads_to_ticks_dates_and_choices(notebook: Open) -> None:
    from playwright.sync_api import expect

    lab = notebook(START, EXCHANGE, GROUP.replace(".with_open_exchange()", ""))
    entry(lab, "The whole open exchange delivers").click()
    is_at(lab, "The whole open exchange delivers")
    lab.page.keyboard.press("Space")
    lab.kernel.wait("builder.value.allocations == tgk.Allocations.open_exchange()", True)
    form_of(lab).get_by_label("Start date", exact=True).fill("")
    form_of(lab).get_by_label("Start date", exact=True).press("Tab")
    lab.kernel.wait("builder.report.ok", False)
    entry(lab, "Fielding window").click()
    box = form_of(lab).locator(".widget-datepicker", has_text="Start date")
    expect(box).to_be_focused()
    lab.page.keyboard.press("Tab")
    is_at(lab, "Start date")
    nothing_went_wrong(lab)


def test_a_plans_finding_leads_to_its_cell(notebook: Open) -> None:
    lab = notebook(START, PLAN)
    enter(lab, "young answer", "")
    enter(lab, "Completes", "")
    lab.kernel.wait("len(builder.report.errors)", 2)
    entry(lab, "age: young").click()
    is_at(lab, "young answer")
    entry(lab, "Completes").click()
    is_at(lab, "Completes")
    nothing_went_wrong(lab)


def test_a_button_without_its_callback_sends_nothing(notebook: Open) -> None:
    "The negative control: the same clicks must not pass when nothing is behind the button."
    from playwright.sync_api import TimeoutError as Late

    idle = "import ipywidgets; idle = ipywidgets.Button(description='Submit'); idle"
    lab = notebook(START, EXCHANGE, GROUP.replace("submit=submit, ", ""), idle)
    assert form_of(lab).get_by_role("button", name="Submit", exact=True).count() == 0
    lab.output.get_by_role("button", name="Submit", exact=True).click()
    with pytest.raises(Late):
        lab.output.get_by_text("Send one draft").wait_for(timeout=2000)
    assert lab.kernel.evaluate("[len(emulator.drafts), builder.receipt]") == [0, None]


def test_a_refusal_is_shown_beside_the_field(notebook: Open) -> None:
    refuse = """
def submit(group):
    path = ("fielding_specification", "end_at")
    finding = tgk.Finding("bad_request_error", "error", path, "the exchange says: too late", "")
    raise tgk.Refused("The exchange refused (400).", report=tgk.Report.of([finding]), status=400)
"""
    lab = notebook(START, refuse, GROUP)
    form = form_of(lab)
    form.get_by_role("button", name="Submit", exact=True).click()
    form.get_by_role("button", name="Yes, send it").click()
    says(lab, "The exchange refused (400).")
    field = form.locator(".tgk-field", has=lab.page.get_by_label("End date"))
    field.get_by_text("too late").wait_for()
    lab.kernel.wait("type(builder.panel.refusal).__name__", "Refused")
    can_submit(lab, True)
    nothing_went_wrong(lab)


def test_typing_along_a_row_loses_no_key(notebook: Open) -> None:
    lab = notebook(START, PLAN)
    form, page = form_of(lab), lab.page
    form.get_by_label("women percent", exact=True).click()
    page.keyboard.press("Control+A")
    page.keyboard.type("33,33")
    page.keyboard.press("Tab")
    lab.kernel.wait("builder.draft['parts'][0]['rows'][0]['number']", "33,33")
    form.get_by_label("men percent", exact=True).click()
    page.keyboard.press("Control+A")
    page.keyboard.type("66.67", delay=5)
    page.keyboard.press("Enter")
    lab.kernel.wait("len(heard)", 1)
    assert lab.kernel.evaluate("builder.value['gender'].percentages") == [33.33, 66.67]
    holds(lab, "women percent", "33,33")
    says(lab, "100.00 % · 1,000 completes")
    holds(lab, "men completes", "667")
    enter(lab, "men completes", "many")
    says(lab, "'many' is not a whole number.")
    holds(lab, "men completes", "many")
    assert lab.kernel.evaluate("len(heard)") == 1
    nothing_went_wrong(lab)


def test_a_window_by_keyboard_across_a_clock_change(notebook: Open) -> None:
    lab = notebook(START, WINDOW)
    form = form_of(lab)
    form.get_by_label("Start date").press_sequentially("03202027")
    form.get_by_label("Start date").press("Tab")
    lab.kernel.wait("str(builder.draft['start_date'])", "2027-03-20")
    enter(lab, "Days", "10")
    says(lab, "10 days by the clock, 9 days 23 hours in fact")
    lab.kernel.wait("str(builder.value.end_at)", "2027-03-30 07:00:00+00:00")
    enter(lab, "Respondents' zone", "America/New_York")
    lab.kernel.wait("str(builder.value.end_at)", "2027-03-30 13:00:00+00:00")
    enter(lab, "Respondents' zone", "New York")
    says(lab, "'New York' is not a time zone.")
    enter(lab, "Respondents' zone", "Europe/Berlin")
    form.get_by_label("Start date").fill("2027-10-31")
    enter(lab, "Start time", "2:30")
    says(lab, "happens twice")
    form.get_by_label("Start: which of the two").select_option("the second, CET (UTC+01:00)")
    lab.kernel.wait("str(builder.value.start_at)", "2027-10-31 01:30:00+00:00")
    nothing_went_wrong(lab)


def test_after_a_reload_everything_still_works(notebook: Open) -> None:
    "A reloaded page may call back in another thread of the kernel."
    lab = notebook(START, EXCHANGE, GROUP)
    form_of(lab)
    enter(lab, "Name", "Before the reload")
    lab.kernel.wait("builder.value.name", "Before the reload")
    lab.save()
    lab.reload()
    enter(lab, "Name", "After the reload")
    lab.kernel.wait("builder.value.name", "After the reload")
    enter(lab, "Start time", "10:30")
    lab.kernel.wait("len(heard)", 3)
    form_of(lab).get_by_role("button", name="Submit", exact=True).click()
    form_of(lab).get_by_role("button", name="Yes, send it").click()
    says(lab, "✓ It is there, as draft")
    assert lab.kernel.evaluate("len(emulator.drafts)") == 1
    nothing_went_wrong(lab)


def test_a_callbacks_failure_is_seen(notebook: Open) -> None:
    fail = "builder.observe(lambda change: 1 / 0, names='value')"
    lab = notebook(START, PLAN.replace("\nbuilder\n", f"\n{fail}\nbuilder\n"))
    enter(lab, "Completes", "500")
    form_of(lab).get_by_role("alert").get_by_text("ZeroDivisionError: division by zero").wait_for()
    assert lab.kernel.evaluate("[type(e).__name__ for e in builder.errors]") == [
        "ZeroDivisionError"
    ]
    assert lab.kernel.evaluate("builder.value.completes") == 500


def test_setting_a_value_from_code_moves_the_page(notebook: Open) -> None:
    lab = notebook(START, PLAN)
    enter(lab, "women percent", "many")
    lab.kernel.wait("builder.draft['parts'][0]['rows'][0]['number']", "many")
    lab.run("builder.value = plan.scaled(400).with_weights('gender', {'women': 3, 'men': 1})")
    says(lab, "100.00 % · 400 completes")
    holds(lab, "women percent", "75")
    holds(lab, "Completes", "400")
    assert lab.kernel.evaluate("len(heard)") == 1
    nothing_went_wrong(lab)


def test_what_users_write_is_never_run(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    trap = "<img src=x onerror='window.trapped = true'>"
    enter(lab, "Name", trap)
    enter(lab, "SF-BirthGender-Quota-1 label", trap)
    enter(lab, "Profile", trap)
    enter(lab, "Business unit", trap)
    enter(lab, "Respondents' zone", trap)
    lab.kernel.wait("builder.draft['business_unit_id']", trap)
    says(lab, "is not a time zone")
    for tab in ("Python", "JSON", "Preview"):
        form_of(lab).get_by_role("tab", name=tab).click()
    says(lab, "is not a whole number")
    assert lab.page.evaluate("window.trapped") is None
    nothing_went_wrong(lab)


def test_the_form_fits_and_every_control_has_a_name(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    form = form_of(lab)
    over = {}
    for width in (480, 700, 1000, 1400):
        lab.page.set_viewport_size({"width": width, "height": 1000})
        over[width] = form.evaluate("form => form.scrollWidth - form.clientWidth")
    assert max(over.values()) <= 1, over
    nameless = """form => [...form.querySelectorAll('input, select, textarea, button')]
        .filter(e => !(e.labels?.length && e.labels[0].innerText.trim()) && !e.innerText.trim())
        .map(e => e.outerHTML)"""
    assert form.evaluate(nameless) == []
