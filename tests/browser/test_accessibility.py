"Each builder for everybody: axe-core, pictures with words, contrast in both themes, the keyboard."

from collections.abc import Callable

import pytest
from access import FAINT_WORDS, SILENT_PICTURES, axe_findings, unreached
from lab import Notebook
from scenes import BUILDERS, EDITS

Open = Callable[..., Notebook]
THEMES = ("JupyterLab Light", "JupyterLab Dark")
OBSTACLES = """
from IPython.display import HTML
HTML('''<div class="tgk-form" style="background:#fff"><p style="color:#bbb">faint words</p><input>
<svg width="90" height="40"><rect width="90" height="40" fill="#888"/>
<text x="5" y="20" fill="#777">faint in a picture</text></svg>
<button tabindex="-1">out of reach</button><button>in reach</button></div>''')
"""


def test_what_is_in_the_way_is_seen(notebook: Open) -> None:
    "The negative control: each of the questions below finds what it looks for."
    lab = notebook(OBSTACLES)
    form = lab.output.locator(".tgk-form")
    form.wait_for()
    lab.theme(THEMES[0])
    found = " ".join(axe_findings(lab.page))
    assert "color-contrast: <p" in found
    assert "label: <input" in found
    assert len(form.evaluate(SILENT_PICTURES)) == 1
    assert form.evaluate(FAINT_WORDS) == [["faint in a picture", "1.26"]]
    assert unreached(lab.page, form) == ["button out of reach"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(n, marks=pytest.mark.thorough if n in ("quotas", "submit", "desk") else ())
        for n in BUILDERS
    ],
)
def test_nothing_is_in_anybodys_way(notebook: Open, name: str) -> None:
    lab = notebook(*BUILDERS[name])
    form = lab.output.locator(".tgk-form").first
    form.wait_for()
    for theme in THEMES:
        lab.theme(theme)
        assert axe_findings(lab.page) == []
        assert form.evaluate(SILENT_PICTURES) == []
        assert form.evaluate(FAINT_WORDS) == []
    assert unreached(lab.page, form) == []
    if name in EDITS:
        label, _, _, wrong = EDITS[name]
        form.get_by_label(label, exact=True).fill(wrong)
        form.get_by_label(label, exact=True).press("Enter")
        lab.kernel.wait("builder.report.ok", False)
        for theme in THEMES:
            lab.theme(theme)
            assert axe_findings(lab.page) == []
    lab.theme(THEMES[0])
