"""Pictures of every builder: screenshots.py [FOLDER] [--only NAME …] [--scale 2].

One JupyterLab, one chromium. Each picture is framed on its form: light, dark, 600 pixels narrow.
"""

import argparse
import math
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests")]

from lab import (  # noqa: E402
    Lab,
    close_notebook,
    missing,
    open_notebook,
    running_chromium,
    running_lab,
)
from scenes import BUILDERS, QUOTAS, START, TWO_ROWS, rows  # noqa: E402

if TYPE_CHECKING:
    from lab import Notebook
    from playwright.sync_api import BrowserContext, FloatRect

SCENES = BUILDERS | {
    "quotas_2_rows": (START, TWO_ROWS, QUOTAS),
    "quotas_500_rows": (START, rows(500), QUOTAS),
}
LOOKS = {
    "light": ("JupyterLab Light", None),
    "dark": ("JupyterLab Dark", None),
    "narrow": ("JupyterLab Light", 600),
    "narrow_dark": ("JupyterLab Dark", 600),
}
WIDTH = 1320

# The form in a frame of its own, with air around it, and nothing of the notebook in the picture.
FRAME = """(form, width) => {
  const frame = form.closest('.jp-OutputArea-output');
  Object.assign(frame.style, {
    flex: 'none', width: `${width + 48}px`, padding: '24px', boxSizing: 'border-box',
    overflow: 'hidden', background: 'var(--jp-layout-color0)',
  });
  document.activeElement?.blur();
  return new Promise(done => setTimeout(() => done(frame.scrollHeight), 400));
}"""


def within(box: "FloatRect | None") -> "FloatRect":
    "The whole pixels inside a box, so that no border of the notebook is caught."
    assert box
    left, top = math.ceil(box["x"]), math.ceil(box["y"])
    right, bottom = math.floor(box["x"] + box["width"]), math.floor(box["y"] + box["height"])
    return {"x": left, "y": top, "width": right - left, "height": bottom - top}


def pictures(notebook: "Notebook", name: str, folder: Path) -> None:
    "One scene in every look."
    form = notebook.output.locator(".tgk-form").first
    form.wait_for()
    frame = notebook.output.filter(has=notebook.page.locator(".tgk-form")).first
    for look, (theme, width) in LOOKS.items():
        notebook.theme(theme)
        height = form.evaluate(FRAME, width or WIDTH)
        notebook.page.set_viewport_size({"width": 1600, "height": min(height, 8000) + 400})
        form.evaluate(FRAME, width or WIDTH)
        file = folder / f"{name}-{look}.png"
        frame.scroll_into_view_if_needed()
        clip = within(frame.bounding_box())
        notebook.page.screenshot(path=file, clip=clip, animations="disabled", caret="hide")
        print(f"{file}  {file.stat().st_size / 1000:,.0f} kB", flush=True)
    notebook.theme("JupyterLab Light")


def shoot(lab: Lab, context: "BrowserContext", folder: Path, names: list[str]) -> None:
    for name in names:
        notebook = open_notebook(lab, context, f"{name}.ipynb", SCENES[name])
        pictures(notebook, name, folder)
        close_notebook(lab, notebook)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / ".venv" / "screenshots")
    parser.add_argument("--only", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--scale", type=float, default=2, help="pixels of the picture for each")
    options = parser.parse_args()
    if why := missing():
        sys.exit(f"No pictures. {why}")
    options.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home)) as lab,
        running_chromium() as browser,
    ):
        size = {"width": 1600, "height": 1200}
        context = browser.new_context(viewport=size, device_scale_factor=options.scale)
        shoot(lab, context, options.folder, options.only)


main()
