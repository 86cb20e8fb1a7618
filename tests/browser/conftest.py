"Fixtures of the browser suite; without a browser every test of it is skipped and says why."

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lab import (
    Lab,
    Notebook,
    close_notebook,
    missing,
    open_notebook,
    running_chromium,
    running_lab,
)

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    why = missing()
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if why:
                item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with running_lab(tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture(scope="session")
def context() -> "Iterator[BrowserContext]":
    "One context for all tests, so that JupyterLab's scripts stay in the browser's cache."
    with running_chromium() as browser:
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        yield context
        context.close()


@pytest.fixture
def notebook(
    lab: Lab, context: "BrowserContext", request: pytest.FixtureRequest
) -> Iterator[Callable[..., Notebook]]:
    "Open a notebook of these cells, run."
    opened: list[Notebook] = []

    def opening(*cells: str) -> Notebook:
        name = f"{request.node.originalname}_{len(opened)}.ipynb"
        opened.append(open_notebook(lab, context, name, cells))
        return opened[-1]

    yield opening
    for notebook in opened:
        close_notebook(lab, notebook)
