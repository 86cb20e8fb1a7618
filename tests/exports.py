"Every builder and its preview in one notebook that was run, and what nbconvert makes of it."

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
from nbclient import NotebookClient
from scenes import BUILDERS

PROJECT = Path(__file__).parents[1]
SCENES = [(name, kind) for name in BUILDERS for kind in ("builder", "preview")]
SHOWN = {"builder": "\nbuilder", "preview": "\ntgk.preview(builder.value or group)"}
VIEW = "application/vnd.jupyter.widget-view+json"
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


def executed() -> Any:
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
