"The whole form in a real JupyterLab: typed, tabbed, clicked, sent; the kernel says what is true."

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

DESK = """
from target_group_kit.exchange.desk import Desk
emulator = tgk.Emulator().start()
desk = Desk(emulator.client(), tgk.Journal("sqlite://"))
group = tgk.TargetGroup.example().with_open_exchange()
builder = listen(tgk.TargetGroupBuilder(group, submit=desk))
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
    says(lab, "Percentages of 'birth gender' sum to 110.00, 10.00 over.")
    can_submit(lab, False)
    assert kernel.evaluate("builder.report.ok") is False
    enter(lab, "SF-BirthGender-Quota-2 percent", "40")
    says(lab, "60.00 %")
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


@pytest.mark.thorough
def test_the_tutorials_form(notebook: Open) -> None:
    "The quick start as it is, up to its form; then a user takes over."
    tutorial = json.loads((PROJECT / "nbs" / "tutorials" / "01_quick_start.ipynb").read_text())
    code = [cell for cell in tutorial["cells"] if cell["cell_type"] == "code"]
    last = next(n for n, cell in enumerate(code) if cell["id"] == "form")
    lab = notebook(*("".join(cell["source"]) for cell in code[: last + 1]))
    says(lab, "Nothing to mend.")
    enter(lab, "women completes", "250")
    can_submit(lab, False)
    enter(lab, "men completes", "150")
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
    "By mouse and by keyboard, from far away, into closed parts; what is typed there mends it."
    lab = notebook(START, GROUP.replace("submit=submit, ", "submit=print, "))
    page = lab.page
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
    form = form_of(lab)
    form.get_by_role("button", name="Pacing and soft launch").press("Enter")
    form.get_by_label("Pacing", exact=True).select_option("linear: in equal steps")
    lab.kernel.wait(
        "builder.draft['fielding_assistant_assignment'].get('pacing')", {"type": "linear"}
    )
    form.get_by_role("button", name="Pacing and soft launch").press("Enter")
    lab.kernel.wait("builder.report.ok", False)
    entry(lab, "A step every").click()
    is_at(lab, "A step every")
    page.keyboard.type("6 hours")
    page.keyboard.press("Enter")
    pacing = {"type": "linear", "increment_interval": "PT6H"}
    lab.kernel.wait("builder.draft['fielding_assistant_assignment'].get('pacing')", pacing)
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_a_finding_leads_to_ticks_dates_and_choices(notebook: Open) -> None:
    from playwright.sync_api import expect

    lab = notebook(START, EXCHANGE, GROUP.replace(".with_open_exchange()", ""))
    entry(lab, "Suppliers").click()
    is_at(lab, "Suppliers")
    form_of(lab).get_by_label("Suppliers", exact=True).select_option("the whole open exchange")
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


@pytest.mark.thorough
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


@pytest.mark.thorough
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


def press(notebook: Notebook, name: str) -> None:
    form_of(notebook).get_by_role("button", name=name, exact=True).click()


def test_the_exchange_refuses_at_the_field(notebook: Open) -> None:
    "A currency that isn't the business unit's: only the exchange knows."
    lab = notebook(START, DESK)
    enter(lab, "Currency", "JPY")
    lab.kernel.wait("builder.value.cost_per_interview.currency_code", "JPY")
    press(lab, "Choose a project …")
    projects = form_of(lab).get_by_label("Projects", exact=True)
    projects.wait_for()
    projects.select_option(index=1)
    lab.kernel.wait("builder.panel.project_id == emulator.project_id", True)
    press(lab, "Submit")
    press(lab, "Yes, send it")
    lab.kernel.wait("type(builder.panel.refusal).__name__", "Refused")
    form_of(lab).locator(".tgk-bad").first.wait_for()
    entry(lab, "Currency").click()
    is_at(lab, "Currency")
    enter(lab, "Currency", "EUR")
    lab.kernel.wait("builder.value.cost_per_interview.currency_code", "EUR")
    press(lab, "Submit")
    press(lab, "Yes, send it")
    says(lab, "✓ It is there, as draft")
    assert lab.kernel.evaluate("[d.id for d in emulator.drafts] == [builder.receipt.id]")
    press(lab, "▸ Receipts")
    form_of(lab).get_by_role("cell", name=lab.kernel.evaluate("builder.receipt.id")).last.wait_for()
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_before_anything_is_sent(notebook: Open) -> None:
    lab = notebook(START, DESK.replace('sqlite://")', 'sqlite://"), emulator.project_id'))
    press(lab, "Ask the exchange about the profiles")
    says(lab, "The exchange finds nothing wrong with the profiles.")
    press(lab, "Show the exact request")
    says(lab, "Authorization: Bearer …")
    assert lab.kernel.evaluate("len(emulator.drafts)") == 0
    nothing_went_wrong(lab)


def test_from_a_pasted_command_to_a_draft_by_keyboard_alone(notebook: Open) -> None:
    "No mouse: the cursor starts in front of the form, and Tab, Enter and Space do the rest."
    lab = notebook(START, DESK.replace('sqlite://")', 'sqlite://"), emulator.project_id'))
    page, form = lab.page, form_of(lab)
    curl = "tgk.widgets.outcome.curl_of(group.replace(name='Tea drinkers'))"
    lab.run("import target_group_kit.widgets.outcome")
    text = lab.kernel.evaluate(curl)
    reach(lab, "▸ Start from an example, a file, a receipt …", "Enter")
    reach(lab, "JSON or cURL")
    page.keyboard.insert_text(text)
    reach(lab, "Read the text", "Space")
    holds(lab, "Name", "Tea drinkers")
    reach(lab, "Name")
    page.keyboard.press("Control+A")
    page.keyboard.type("Tea")
    reach(lab, "Completes")
    page.keyboard.press("Control+A")
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    lab.kernel.wait("[f.path[0] for f in builder.report.errors]", ["name"])
    form.get_by_text("too short").first.wait_for()
    reach(lab, "Name", back=True)
    page.keyboard.press("Control+A")
    page.keyboard.type("Tea drinkers in Berlin")
    page.keyboard.press("Enter")
    lab.kernel.wait("builder.value.name", "Tea drinkers in Berlin")
    reach(lab, "Submit", "Enter")
    form.get_by_text("Send one draft").wait_for()
    reach(lab, "Yes, send it", "Enter")
    says(lab, "✓ It is there, as draft")
    assert lab.kernel.evaluate("builder.receipt.target_group == builder.value")
    assert lab.kernel.evaluate("builder.value.completes_goal") == 40
    nothing_went_wrong(lab)


FOCUSED = """() => {
    const e = document.activeElement;
    return e.getAttribute('aria-label') || e.labels?.[0]?.innerText.trim() || e.innerText.trim();
}"""


def reach(notebook: Notebook, label: str, key: str = "", back: bool = False) -> None:
    "Press Tab until the cursor is there, then a key."
    form = form_of(notebook)
    if form.evaluate("form => !form.contains(document.activeElement)"):
        form.locator("button, input").first.focus()
    for _ in range(250):
        if notebook.page.evaluate(FOCUSED) == label:
            break
        notebook.page.keyboard.press("Shift+Tab" if back else "Tab")
    assert notebook.page.evaluate(FOCUSED) == label
    if key:
        notebook.page.keyboard.press(key)


@pytest.mark.thorough
def test_a_wrong_text_leaves_the_form_as_it_was(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    enter(lab, "Completes", "many")
    press(lab, "▸ Start from an example, a file, a receipt …")
    form_of(lab).get_by_label("JSON or cURL").fill("<img src=x onerror='window.trapped = true'>")
    press(lab, "Read the text")
    says(lab, "Nothing was taken; the form is as it was.")
    holds(lab, "Completes", "many")
    press(lab, "The example")
    says(lab, "Started from the example.")
    holds(lab, "Completes", "10")
    assert lab.page.evaluate("window.trapped") is None
    nothing_went_wrong(lab)


KEPT = """
from pathlib import Path
kept = Path("kept.py")
target_group = tgk.TargetGroup.example().with_open_exchange()
if kept.exists():
    exec(kept.read_text())
builder = listen(tgk.TargetGroupBuilder(target_group))
builder
"""


def test_after_a_restart_the_code_gives_the_form_back(notebook: Open) -> None:
    from lab import KERNEL_READY

    lab = notebook(START, KEPT)
    enter(lab, "Name", "Tea drinkers in Berlin")
    enter(lab, "SF-BirthGender-Quota-2 label", "women")
    form_of(lab).get_by_role("button", name="Pacing and soft launch").click()
    form_of(lab).get_by_label("Pacing", exact=True).select_option("linear: in equal steps")
    enter(lab, "A step every", "6 hours")
    lab.kernel.wait("builder.value.fielding_assistant_assignment.pacing is not None", True)
    before = lab.kernel.evaluate("builder.value.payload()")
    lab.run("kept.write_text(builder.code())")
    restart = "() => window.jupyterapp.shell.currentWidget.sessionContext.restartKernel()"
    lab.page.evaluate(restart)
    lab.page.wait_for_function(KERNEL_READY)
    lab.run_all()
    lab.kernel.wait("'builder' in globals()", True)
    holds(lab, "Name", "Tea drinkers in Berlin")
    says(lab, "Pacing and soft launch: linear · a step every 6 hours")
    assert lab.kernel.evaluate("builder.value.payload()") == before
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_copying_and_saving(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    form, page = form_of(lab), lab.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for tab, text in (
        ("Python", "builder.code()"),
        ("cURL", "builder._curl(builder.value)"),
        ("JSON", "__import__('json').dumps(builder.value.payload(), indent=2)"),
    ):
        form.get_by_role("tab", name=tab).click()
        panel = form.locator(".tgk-copied").filter(visible=True)
        panel.get_by_role("button", name="Copy").click()
        panel.get_by_role("button", name="Copied").wait_for()
        copied = page.evaluate("() => navigator.clipboard.readText()")
        assert copied == lab.kernel.evaluate(text)
    with page.expect_download() as saved:
        form.get_by_role("link", name="Save as JSON").click()
    assert saved.value.suggested_filename == "my-first-target-group.json"
    assert json.loads(saved.value.path().read_text()) == lab.kernel.evaluate(
        "builder.value.payload()"
    )
    nothing_went_wrong(lab)


def test_after_a_reload_everything_still_works(notebook: Open) -> None:
    "Callbacks then run in another thread."
    lab = notebook(START, EXCHANGE, GROUP)
    enter(lab, "Completes", "200")
    lab.kernel.wait("builder.value.completes_goal", 200)
    lab.save()
    lab.reload()
    holds(lab, "Completes", "200")
    enter(lab, "Completes", "300")
    lab.kernel.wait("builder.value.completes_goal", 300)
    press(lab, "Submit")
    press(lab, "Yes, send it")
    says(lab, "✓ It is there, as draft")
    assert lab.kernel.evaluate("len(emulator.drafts)") == 1
    nothing_went_wrong(lab)


def test_a_callbacks_failure_is_seen(notebook: Open) -> None:
    fail = "builder.observe(lambda change: 1 / 0, names='value')"
    lab = notebook(START, EXCHANGE, GROUP.replace("\nbuilder\n", f"\n{fail}\nbuilder\n"))
    enter(lab, "Completes", "500")
    form_of(lab).get_by_role("alert").get_by_text("ZeroDivisionError: division by zero").wait_for()
    assert lab.kernel.evaluate("[type(e).__name__ for e in builder.errors]") == [
        "ZeroDivisionError"
    ]
    assert lab.kernel.evaluate("builder.value.completes_goal") == 500


@pytest.mark.thorough
def test_setting_a_value_from_code_moves_the_page(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    enter(lab, "Completes", "many")
    lab.kernel.wait("builder.report.ok", False)
    lab.run("builder.value = group.replace(name='Tea drinkers', completes_goal=400)")
    holds(lab, "Completes", "400")
    holds(lab, "Name", "Tea drinkers")
    assert lab.kernel.evaluate("len(heard)") == 1
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_what_users_write_is_never_run(notebook: Open) -> None:
    lab = notebook(START, EXCHANGE, GROUP)
    trap = "<img src=x onerror='window.trapped = true'>"
    enter(lab, "Name", trap)
    enter(lab, "SF-BirthGender-Quota-1 label", trap)
    enter(lab, "Business unit", trap)
    enter(lab, "Respondents' zone", trap)
    lab.kernel.wait("builder.draft['business_unit_id']", trap)
    says(lab, "is not a time zone")
    for tab in ("Python", "JSON", "cURL", "Preview"):
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
        .filter(e => e.checkVisibility() && !e.ariaLabel && !e.title && !e.innerText.trim()
            && !(e.labels?.length && e.labels[0].innerText.trim()))
        .map(e => e.outerHTML)"""
    assert form.evaluate(nameless) == []


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.thorough
def test_everybody_can_use_it(notebook: Open, theme: str) -> None:
    "No serious violation, with every part open and a few things wrong."
    from axe_playwright_python.sync_playwright import Axe

    lab = notebook(START, DESK)
    lab.theme(theme)
    lab.run("for fold, _, _ in builder.fields._folds: fold.unfold()")
    lab.run("builder.start.fold.unfold()")
    enter(lab, "Name", "Tea")
    form_of(lab).get_by_label("Suppliers", exact=True).select_option("chosen suppliers and shares")
    press(lab, "Add supplier group")
    says(lab, "is too short")
    found = Axe().run(lab.page, context=".tgk-form").response["violations"]
    serious = [
        f"{rule['id']}: {rule['nodes'][0]['html']}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    lab.theme("JupyterLab Light")
    assert serious == []
