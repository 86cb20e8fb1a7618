"The quota builder in a real JupyterLab; the kernel is asked what is true."

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from lab import Lab, Notebook

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

Open = Callable[..., Notebook]

START = """
import target_group_kit as tgk
heard = []
def listen(builder):
    builder.observe(lambda change: heard.append(change.new), names="value")
    return builder
def numbers(n=0):
    return [row.number for row in builder.editor.items[n].rows]
"""

PLAN = """
plan = tgk.QuotaPlan(1000).margin("gender", 43, {"women": ("2", 50), "men": ("1", 50)})
plan = plan.margin("age", 42, {"young": ((18, 39), 40), "old": ((40, 99), 60)})
builder = listen(tgk.QuotaBuilder(plan))
builder
"""


def form_of(notebook: Notebook) -> "Locator":
    form = notebook.output.locator(".tgk-form").first
    form.wait_for()
    return form


def cell(notebook: Notebook, label: str) -> "Locator":
    found = form_of(notebook).get_by_label(label, exact=True)
    found.wait_for()
    return found


def enter(notebook: Notebook, label: str, text: str) -> None:
    cell(notebook, label).fill(text)
    cell(notebook, label).press("Enter")


def holds(notebook: Notebook, label: str, text: str) -> None:
    from playwright.sync_api import expect

    expect(cell(notebook, label)).to_have_value(text)


def says(notebook: Notebook, text: str) -> None:
    form_of(notebook).get_by_text(text).filter(visible=True).first.wait_for()


def press(notebook: Notebook, name: str, nth: int = 0) -> None:
    form_of(notebook).get_by_role("button", name=name, exact=True).nth(nth).click()


def nothing_went_wrong(notebook: Notebook) -> None:
    failures = "[repr(p) for p in [*builder.errors, *builder.editor.grid.errors]]"
    assert notebook.kernel.evaluate(failures) == []
    assert (notebook.broken, notebook.asked) == ([], [])


def photograph(notebook: Notebook, name: str) -> None:
    "Keep a picture where $TGK_SHOTS says, to be looked at."
    if folder := os.environ.get("TGK_SHOTS"):
        notebook.page.wait_for_timeout(300)
        form_of(notebook).screenshot(path=f"{folder}/{name}.png")


def test_break_and_mend(notebook: Open) -> None:
    "Type too much, go to it from the list of findings, balance, take all of it back."
    lab = notebook(START, PLAN)
    enter(lab, "women percent", "60")
    holds(lab, "women completes", "600")
    says(lab, "110.00 % · 1,100 completes")
    says(lab, "10.00 % over")
    assert lab.kernel.evaluate("(builder.value == plan, len(heard))") == [True, 0]
    enter(lab, "men percent", "many")
    says(lab, "'many' is not a number. Write a plain number.")
    photograph(lab, "broken")
    press(lab, "gender: men")
    lab.page.wait_for_function(
        "() => document.activeElement.getAttribute('aria-label') === 'men percent'"
    )
    lab.page.keyboard.press("Control+a")
    lab.page.keyboard.type("20")
    lab.page.keyboard.press("Enter")
    press(lab, "Balance")
    holds(lab, "women percent", "75")
    lab.kernel.wait("builder.value['gender'].completes(1000)", [750, 250])
    form_of(lab).locator("svg title", has_text="women: 75.00 % (750)").wait_for(state="attached")
    for _ in range(4):
        press(lab, "Undo")
    holds(lab, "women percent", "50")
    lab.kernel.wait("builder.value == plan", True)
    nothing_went_wrong(lab)


@pytest.fixture
def clipboard(lab: Lab, context: "BrowserContext") -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lab.url)


@pytest.mark.usefixtures("clipboard")
def test_96_rows_of_a_spreadsheet_are_pasted_and_taken_back(notebook: Open) -> None:
    lab = notebook(START, PLAN)
    press(lab, "Add margin")
    lab.kernel.wait("len(builder.editor.items)", 3)
    lines = ["Region\tCode\tAnteil"] + [
        f"region {n}\t{n}\t{1 if n > 4 else 2} %" for n in range(1, 97)
    ]
    block = "\r\n".join(lines) + "\r\n"
    lab.page.evaluate("text => navigator.clipboard.writeText(text)", block)
    cell(lab, "row 1 label").click()
    lab.page.keyboard.press("Control+v")
    holds(lab, "region 96 percent", "1")
    lab.kernel.wait("len(builder.editor.items[2].rows)", 96)
    lab.kernel.wait("builder.editor.grid.shown['undo']", "paste 96 rows")
    lab.page.keyboard.press("Control+z")
    lab.kernel.wait("len(builder.editor.items[2].rows)", 2)
    lab.page.keyboard.press("Control+y")
    lab.kernel.wait("len(builder.editor.items[2].rows)", 96)
    photograph(lab, "pasted")
    nothing_went_wrong(lab)


def test_margins_are_interlocked_and_a_cell_is_typed(notebook: Open) -> None:
    lab = notebook(START, PLAN)
    cell(lab, "Interlock gender").check()
    cell(lab, "Interlock age").check()
    press(lab, "Interlock")
    cell(lab, "women × young").fill("120")
    cell(lab, "women × young").press("Enter")
    lab.run("crossed = plan.interlock('gender', 'age')")
    lab.run("wanted = crossed.lock('gender × age', ('women', 'young'), completes=120)")
    wanted = "builder.value == wanted"
    lab.kernel.wait(wanted, True)
    holds(lab, "men × young", "280")
    cell(lab, "women × old").fill("900")
    cell(lab, "women × old").press("Enter")
    says(lab, "The locked cells of 'gender × age' hold")
    photograph(lab, "interlock")
    press(lab, "Undo")
    lab.kernel.wait(wanted, True)
    press(lab, "Undo")
    press(lab, "Undo")
    holds(lab, "women percent", "50")
    lab.kernel.wait("builder.value == plan", True)
    nothing_went_wrong(lab)


@pytest.mark.thorough
def test_a_page_that_is_loaded_again_goes_on(notebook: Open) -> None:
    "Its messages come in another thread then."
    lab = notebook(START, PLAN)
    enter(lab, "women percent", "60")
    lab.kernel.wait("numbers()", ["60", "50"])
    lab.save()
    lab.reload()
    holds(lab, "women percent", "60")
    enter(lab, "men percent", "40")
    lab.kernel.wait("builder.value['gender'].percentages", [60.0, 40.0])
    enter(lab, "Completes", "500")
    holds(lab, "women completes", "300")
    lab.kernel.wait("builder.value.completes", 500)
    press(lab, "Undo")
    holds(lab, "Completes", "1000")
    assert lab.kernel.evaluate("len(heard)") == 3
    nothing_went_wrong(lab)


def test_a_plan_starts_from_a_countrys_people(notebook: Open) -> None:
    lab = notebook(START, "builder = listen(tgk.QuotaBuilder())\nbuilder")
    enter(lab, "Completes", "1000")
    press(lab, "Start from…")
    enter(lab, "Country", "DE")
    enter(lab, "Ages at which bands start", "18, 30, 45, 60")
    press(lab, "Use its people")
    says(lab, "Read the people of DE: 1,000 completes: gender (2 cells), age (4 cells).")
    lab.run("people = tgk.QuotaPlan.from_population('DE', 1000, ages=[18, 30, 45, 60])")
    lab.kernel.wait("builder.value == people", True)
    photograph(lab, "people")
    lab.run("builder.value = builder.value.scaled(50)")
    holds(lab, "women completes", "25")
    nothing_went_wrong(lab)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
@pytest.mark.thorough
def test_everybody_can_use_it(notebook: Open, theme: str) -> None:
    "With problems, an interlock, the ways to start and the picture in sight, in both themes."
    from axe_playwright_python.sync_playwright import Axe

    lab = notebook(START, PLAN)
    lab.theme(theme)
    lab.run("whole = tgk.QuotaPlan.from_population('DE', 1000, ages=[18, 30, 45, 60])")
    lab.run("whole = whole.interlock('gender', 'age')")
    more = "{'north': ('1', 40), 'south': ('2', 60)}"
    lab.run(f"builder.value = whole.margin('region', 96, {more}).with_minimum(20)")
    enter(lab, "north percent", "4o")
    enter(lab, "women × 18-29", "999")
    press(lab, "Start from…")
    says(lab, "The locked cells of 'gender × age' hold")
    found = Axe().run(lab.page, context=".tgk-form").response["violations"]
    photograph(lab, theme.rpartition(" ")[2].lower())
    lab.theme("JupyterLab Light")
    serious = [rule for rule in found if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in serious] == []
    nothing_went_wrong(lab)
