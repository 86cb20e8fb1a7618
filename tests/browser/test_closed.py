"Exported pages in a browser without a network: what nbconvert makes of the builders is all there."

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from access import READ
from exports import SCENES, TWIN_FIRST, alone, executed, exported
from lab import watched_page
from nbconvert import HTMLExporter
from scenes import FIGURES, figures

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


@pytest.fixture(scope="module")
def notebook() -> Any:
    return executed()


@pytest.mark.parametrize(
    "state",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["stateless", "with state"],
)
def test_an_exported_page_is_whole_without_a_network(
    context: "BrowserContext", notebook: Any, tmp_path: Path, state: bool
) -> None:
    page, asked, _ = watched_page(context)
    config = TWIN_FIRST if state else None  # left alone, nbconvert takes the living widget
    for name, kind in SCENES:
        html = exported(HTMLExporter, alone(notebook, name, kind, state), config)
        (tmp_path / "page.html").write_text(html, encoding="utf-8")
        page.goto((tmp_path / "page.html").as_uri(), wait_until="domcontentloaded")
        output = page.locator(".jp-OutputArea-output").first
        output.wait_for()
        assert FIGURES[name] <= figures(output.evaluate(READ)), (name, kind)
        pictures = "root => [...root.querySelectorAll('img')].filter(e => !e.naturalWidth).length"
        page.wait_for_function("() => [...document.images].every(image => image.complete)")
        assert output.evaluate(pictures) == 0, (name, kind)
    hosts = {url.split("/")[2] for url in asked}
    assert hosts <= {"cdnjs.cloudflare.com", "unpkg.com", "cdn.jsdelivr.net"}  # nbconvert's own
    page.close()
