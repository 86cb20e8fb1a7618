"The same builders in Voila: a page of its own, without Lab and without a network."

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from access import READ
from scenes import BUILDERS, EDITS, FIGURES, figures
from voila_page import Voila, VoilaPage, open_voila, running_voila

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator

Open = Callable[[str], VoilaPage]
LEFT = [name for name in EDITS if name != "interlock"]


@pytest.fixture(scope="module")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Voila]:
    with running_voila(tmp_path_factory.mktemp("voila")) as voila:
        yield voila


@pytest.fixture
def shown(voila: Voila, context: "BrowserContext") -> Iterator[Open]:
    "Open a scene."
    opened: list[VoilaPage] = []

    def opening(name: str) -> VoilaPage:
        opened.append(open_voila(voila, context, f"{name}.ipynb", BUILDERS[name]))
        return opened[-1]

    yield opening
    for page in opened:
        page.kernel.client.stop_channels()
        page.page.close()


def form_of(voila: VoilaPage) -> "Locator":
    return voila.page.locator(".tgk-form").first


def nothing_went_wrong(voila: VoilaPage) -> None:
    assert voila.kernel.evaluate("[repr(problem) for problem in builder.errors]") == []
    own = [url for url in voila.asked if "fontawesome-free" not in url]  # Voila's own icons
    assert own == []
    assert voila.broken == []


@pytest.mark.parametrize(
    "name", ["interlock", *(pytest.param(n, marks=pytest.mark.thorough) for n in LEFT)]
)
def test_a_builder_works_as_in_lab(shown: Open, name: str) -> None:
    "It shows its figures; an edit moves the value, once; a value set by code moves the page."
    from playwright.sync_api import expect

    voila, (label, text, moved, wrong) = shown(name), EDITS[name]
    assert FIGURES[name] <= figures(form_of(voila).evaluate(READ))
    field = form_of(voila).get_by_label(label, exact=True)
    before = field.input_value()
    field.fill(text)
    field.press("Enter")
    voila.kernel.wait(moved, True)
    assert voila.kernel.evaluate("len(heard)") == 1
    field.fill(wrong)
    field.press("Tab")
    voila.kernel.wait("builder.report.ok", False)
    expect(field).to_have_value(wrong)
    assert voila.kernel.evaluate(moved)
    voila.kernel.run("builder.value = first")
    expect(field).to_have_value(before)
    voila.kernel.wait("builder.report.ok", True)
    nothing_went_wrong(voila)


@pytest.mark.parametrize("name", ["group", pytest.param("submit", marks=pytest.mark.thorough)])
def test_a_draft_is_sent_once(shown: Open, name: str) -> None:
    voila = shown(name)
    form = form_of(voila)
    form.get_by_role("button", name="Submit", exact=True).click()
    form.get_by_role("button", name="Yes, send it").dblclick()
    voila.kernel.wait("builder.receipt", "draft 1")
    assert voila.kernel.evaluate("sent == [group]")
    nothing_went_wrong(voila)
