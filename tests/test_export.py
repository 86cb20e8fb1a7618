"What closed notebooks and exported pages show of each builder and preview; nobody is asked for it."

import base64
import os
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter
from scenes import BUILDERS, FIGURES, figures

PROJECT = Path(__file__).parents[1]
SCENES = [(name, kind) for name in BUILDERS for kind in ("builder", "preview")]
every_scene = pytest.mark.parametrize(
    ("name", "kind"), SCENES, ids=[" ".join(scene) for scene in SCENES]
)
every_state = pytest.mark.parametrize("state", [False, True], ids=["stateless", "with state"])
SHOWN = {"builder": "\nbuilder", "preview": "\ntgk.preview(builder.value or group)"}
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = base64.b64encode(b'<svg><image href="http://a.example/b"/></svg>').decode()
TWIN_FIRST = {"NbConvertBase": {"display_data_priority": ["text/html", "text/plain"]}}


class Page(HTMLParser):
    "The text that a page shows, and all that it makes a browser load."

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loads: list[str] = []
        self._silent: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._silent.append(tag)
        for name, value in attributes:
            loading = name in ("src", "srcset", "poster", "data", "xlink:href", "background")
            if value and (loading or (name == "href" and tag in ("link", "use", "image", "base"))):
                self.loads.append(value)
            if value and name == "style":
                self.loads += addresses(value)

    def handle_endtag(self, tag: str) -> None:
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)
        elif self._silent[-1] == "style":
            self.loads += addresses(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def addresses(style: str) -> list[str]:
    "What a style sheet loads."
    found = re.findall(r"""url\(\s*['"]?([^'")]+)|@import\s+['"]([^'"]+)""", style)
    return [one or other for one, other in found]


def loaded(html: str) -> Iterator[str]:
    "What some HTML makes a browser load from elsewhere, pictures inside it included."
    for address in Page(html).loads:
        if not address.startswith(("data:", "#")):
            yield address
        elif address.startswith("data:image/svg+xml"):
            head, body = address.split(",", 1)
            inner = base64.b64decode(body).decode() if "base64" in head else unquote(body)
            yield from loaded(inner)


@pytest.fixture(scope="module")
def notebook() -> Any:
    "Every builder and the preview of its value, run by a real kernel, with its widgets' state."
    made = nbformat.v4.new_notebook()
    for name, kind in SCENES:
        *cells, last = BUILDERS[name]
        source = "\n".join([*cells, last.removesuffix("\nbuilder\n"), SHOWN[kind]])
        made.cells.append(nbformat.v4.new_code_cell(source))
    client = NotebookClient(made, timeout=120, store_widget_state=True)
    client.create_kernel_manager()
    client.km.kernel_spec.argv[0] = sys.executable
    client.execute(env=dict(os.environ, PYTHONPATH=str(PROJECT)))
    return made


def alone(notebook: Any, name: str, kind: str, state: bool = True) -> Any:
    "The notebook with one of its outputs and no code."
    cell = notebook.cells[SCENES.index((name, kind))] | {"source": ""}
    metadata = {k: v for k, v in notebook.metadata.items() if state or k != "widgets"}
    return nbformat.from_dict(notebook | {"cells": [cell], "metadata": metadata})


def exported(exporter: type[Any], notebook: Any, config: dict[str, Any] | None = None) -> str:
    text, _ = exporter(config=config).from_notebook_node(notebook)
    return str(text)


def twin(notebook: Any, name: str, kind: str) -> Any:
    [output] = alone(notebook, name, kind).cells[0].outputs
    return output.data


@every_scene
def test_the_twin_says_what_the_builder_says(notebook: Any, name: str, kind: str) -> None:
    "In HTML and in plain text, whole numbers and percentages alike."
    data = twin(notebook, name, kind)
    assert FIGURES[name] <= figures(Page(data["text/html"]).text)
    assert FIGURES[name] <= figures(data["text/plain"])


@every_scene
def test_what_we_make_loads_nothing(notebook: Any, name: str, kind: str) -> None:
    html = twin(notebook, name, kind)["text/html"]
    assert list(loaded(html)) == []
    assert "<script" not in html


@every_scene
@every_state
def test_markdown_shows_the_figures(notebook: Any, name: str, kind: str, state: bool) -> None:
    shown = exported(MarkdownExporter, alone(notebook, name, kind, state))
    assert FIGURES[name] <= figures(Page(shown).text)
    assert twin(notebook, name, kind)["text/html"].strip()[:40] in shown


@every_scene
def test_a_page_without_state_shows_the_twin(notebook: Any, name: str, kind: str) -> None:
    html = exported(HTMLExporter, alone(notebook, name, kind, state=False))
    assert Page(twin(notebook, name, kind)["text/html"]).text in Page(html).text
    assert FIGURES[name] <= figures(Page(html).text)
    assert VIEW not in html


@every_scene
def test_a_page_with_state_shows_the_twin_when_told(notebook: Any, name: str, kind: str) -> None:
    "Left alone, nbconvert takes the living widget, which needs a network; an option turns it."
    html = exported(HTMLExporter, alone(notebook, name, kind), TWIN_FIRST)
    assert Page(twin(notebook, name, kind)["text/html"]).text in Page(html).text
    assert f'<script type="{VIEW}">' not in html


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<img src="https://cdn.example/a.png">', ["https://cdn.example/a.png"]),
        ('<p style="background:url(//cdn.example/a.png)">', ["//cdn.example/a.png"]),
        ("<style>@import 'https://cdn.example/a.css'</style>", ["https://cdn.example/a.css"]),
        ('<a href="https://example.com">a link loads nothing</a>', []),
        ('<link href="https://cdn.example/a.css">', ["https://cdn.example/a.css"]),
        (
            f'<img src="data:image/svg+xml;base64,{PICTURE}">',
            ["http://a.example/b"],
        ),
        ('<img src="data:image/svg+xml,%3Csvg/%3E"><use href="#here"/>', []),
    ],
)
def test_what_is_loaded_from_elsewhere_is_seen(html: str, found: list[str]) -> None:
    assert list(loaded(html)) == found


def test_the_figures_of_a_text() -> None:
    assert figures("women 51.00 % (1,510), of 7") == {51, 1510, 7}
    assert Page("<p>1<script>2</script><style>3</style>4").text == "1 4"
