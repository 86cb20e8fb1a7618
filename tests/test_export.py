"What closed notebooks and exported pages show of each builder and preview; nobody is asked for it."

import base64
from typing import Any

import pytest
from exports import SCENES, TWIN_FIRST, VIEW, Page, alone, executed, exported, loaded
from nbconvert import HTMLExporter, MarkdownExporter
from scenes import FIGURES, figures

every_scene = pytest.mark.parametrize(
    ("name", "kind"), SCENES, ids=[" ".join(scene) for scene in SCENES]
)
every_state = pytest.mark.parametrize("state", [False, True], ids=["stateless", "with state"])
PICTURE = base64.b64encode(b'<svg><image href="http://a.example/b"/></svg>').decode()


@pytest.fixture(scope="module")
def notebook() -> Any:
    return executed()


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
