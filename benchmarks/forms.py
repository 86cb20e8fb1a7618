"""The builders beside the forms that one would else have, in one JupyterLab and in one run.

ipyautoui makes forms of pydantic models. With what it brings it takes 800 MB, so it lives in an
environment of its own, `.venv/peers-forms`, made on first use; JupyterLab and the kernels run in
there, for the kit too. Without chromium only the kernel's side is measured.
"""

import contextlib
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import tomllib
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests" / "browser"), str(ROOT / "tests")]

from lab import Kernel, Notebook, missing, open_notebook, running_chromium, running_lab  # noqa: E402

PEER = "ipyautoui==0.9.0"
ENVIRONMENT = ROOT / ".venv" / "peers-forms"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
EDITS = 24

# What every kernel knows: the contenders, a count of messages, and the processor time of each edit.
SETUP = """
import warnings
warnings.simplefilter("ignore")
from time import perf_counter, thread_time
import comm.base_comm, ipykernel.comm.comm, ipywidgets
from pydantic import create_model
import target_group_kit as tgk

sent, heard = [], []
def counted(publish):
    def publish_msg(self, *arguments, **names):
        sent.append(arguments[0])
        return publish(self, *arguments, **names)
    return publish_msg
def timed(handle):
    def handle_msg(self, message):
        start = thread_time()
        try:
            return handle(self, message)
        finally:
            heard.append(1000 * (thread_time() - start))
    return handle_msg
ipykernel.comm.comm.BaseComm.publish_msg = counted(ipykernel.comm.comm.BaseComm.publish_msg)
comm.base_comm.BaseComm.handle_msg = timed(comm.base_comm.BaseComm.handle_msg)

def build(make):
    "Make a form, and say how long it took and how many messages it sent."
    global made, took, messages
    sent.clear()
    start = perf_counter()
    made = make()
    took, messages = 1000 * (perf_counter() - start), len(sent)
    return made

def clear():
    "Take away what was shown."
    global made
    made = None
    ipywidgets.Widget.close_all()

def regions(count):
    return {f"area {n:03}": (str(n), 500 + n) for n in range(1, count + 1)}
def rows(count):
    return tgk.QuotaPlan(20_000).margin("region", 96, regions(count))
def crossed():
    ages = {f"{age}-{age + 9}": ((age, age + 9), age) for age in range(18, 78, 10)}
    plan = tgk.QuotaPlan(1000).margin("gender", 43, {"women": ("2", 51), "men": ("1", 49)})
    plan = plan.margin("age", 42, ages).margin("region", 96, regions(8))
    return plan.interlock("gender", "age", "region")
def group(cells):
    profiling = rows(cells).scaled(1000).profiling("nominal")
    example = tgk.TargetGroup.example().with_open_exchange()
    return example.replace(completes_goal=1000, profiling=profiling)

def input_per_cell(plan):
    "Label, percent and completes of each cell, as one would put them together from ipywidgets."
    margin, children = plan.profiles[0], []
    for cell, percent in zip(margin.cells, margin.percentages):
        children.append(ipywidgets.Label(cell.label))
        children.append(ipywidgets.BoundedFloatText(percent, min=0, max=100))
        children.append(ipywidgets.BoundedIntText(round(percent * 200), min=0, max=10**9))
    return ipywidgets.GridBox(children, layout={"grid_template_columns": "200px 120px 120px"})

def plain_model(name, value):
    "A pydantic model with the fields of a payload: the kit's own is more than ipyautoui reads."
    if isinstance(value, dict):
        fields = {key: (plain_model(f"{name}_{key}", v), v) for key, v in value.items()}
        return create_model(name, **fields)
    if isinstance(value, list):
        return list[plain_model(f"{name}_item", value[0])] if value else list[str]
    return str if value is None else type(value)
"""

IPYAUTOUI = """
import ipyautoui
def autoui(cells):
    body = group(cells).payload()
    model = plain_model("Group", body)
    return build(lambda: ipyautoui.AutoUi(model, value=body))
"""

# A page rests when for a while it isn't `busy` and nothing changes below `node`; time in which it
# is held up is no rest. `changed` is when the last change was painted.
REST = """
  const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const pause = ms => new Promise(done => setTimeout(done, ms));
  let changed = performance.now();
  const seen = new MutationObserver(() => frame().then(() => { changed = performance.now(); }));
  const watch = node => seen.observe(
    node, {subtree: true, childList: true, attributes: true, characterData: true});
  const rest = async (quiet, busy) => {
    for (let calm = 0, last = changed; calm < quiet; last = changed) {
      const before = performance.now();
      await pause(20);
      await frame();
      calm = busy() || changed !== last ? 0 : calm + Math.min(performance.now() - before, 50);
    }
  };
"""

# Runs a cell on a page at rest, and waits until what it shows rests again.
RUN_CELL = (
    """async ({index, quiet}) => {
"""
    + REST
    + """
  const panel = window.jupyterapp.shell.currentWidget;
  const kernel = panel.context.sessionContext.session.kernel;
  const cell = panel.content.widgets[index], output = cell.outputArea.node;
  panel.content.activeCellIndex = index;
  cell.model.clearExecution();
  await rest(500, () => kernel.status !== 'idle');
  watch(output);
  const start = performance.now();
  await window.jupyterapp.commands.execute('notebook:run-cell');
  await rest(quiet, () => cell.model.executionCount === null || kernel.status !== 'idle');
  seen.disconnect();
  const typed = [...output.querySelectorAll('input, textarea')].map(e => e.value);
  return {ms: changed - start, text: [output.innerText, ...typed].join('\\n')};
}"""
)

# From Enter in a field until its form rests.
WATCH_EDIT = (
    """(field, quiet) => {
"""
    + REST
    + """
  let start = 0;
  const enter = event => { if (event.key === 'Enter') start = changed = performance.now(); };
  field.addEventListener('keydown', enter, {capture: true});
  watch(field.closest('.tgk-form'));
  window.edited = rest(quiet, () => !start).then(() => {
    seen.disconnect();
    field.removeEventListener('keydown', enter, {capture: true});
    return changed - start;
  });
}"""
)


@dataclass(frozen=True)
class Shown:
    "One form, built and shown once."

    shown: float | None  # ms from running the cell; None without a browser
    built: float  # ms, in the kernel
    messages: int
    whole: bool  # Whether all of it was there in the end; the server may have dropped some


def peers() -> str:
    "The Python of the peer's environment, made when it is missing; empty where it can't be."
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [PEER, *project["optional-dependencies"]["lab"], *project["dependencies"]]
    probe = "import ipyautoui, jupyterlab, anywidget, importlib.metadata as m; m.version('httpx')"
    if (
        python.exists()
        and not subprocess.run([python, "-c", probe], capture_output=True).returncode
    ):
        return str(python)
    print(f"Making {ENVIRONMENT.relative_to(ROOT)} for {PEER}: 800 MB …", file=sys.stderr)
    venv.create(ENVIRONMENT, with_pip=True)
    pip = [python, "-m", "pip", "install", "-q", *wanted]
    return "" if subprocess.run(pip, stdout=sys.stderr).returncode else str(python)


def show(title: str, heads: list[str], rows: list[list[str]]) -> None:
    print(f"\n### {title}\n\n| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    sys.stdout.flush()


def tell(kernel: Kernel, code: str) -> None:
    "Run code; a flood of messages to the page may hide its end, so only the reply is waited for."
    reply = kernel.client.execute(code, reply=True, timeout=300)
    assert reply["content"]["status"] == "ok", reply["content"]


class Stage:
    "A kernel that shows forms: cells of a notebook in Lab, or without a page."

    def __init__(self, kernel: Kernel, notebook: Notebook | None, cells: list[str]) -> None:
        self.kernel, self.notebook, self.cells = kernel, notebook, cells

    def run(self, cell: str, holds: str = "") -> Shown:
        "Run a cell, and look whether the page then holds a text."
        spent, whole = None, True
        if self.notebook:
            index = self.cells.index(cell)
            found = self.notebook.page.evaluate(RUN_CELL, {"index": index, "quiet": 2000})
            spent, whole = found["ms"], holds in found["text"]
        else:
            tell(self.kernel, cell)
        built, messages = self.kernel.evaluate("[took, messages]")
        tell(self.kernel, "clear()")
        return Shown(spent, built, messages, whole)


@contextlib.contextmanager
def page(python: str, cells: list[str]) -> Iterator[Stage]:
    "Lab, with a notebook of these cells, not yet run."
    with (
        tempfile.TemporaryDirectory() as home,
        running_lab(Path(home), python) as lab,
        running_chromium() as browser,
    ):
        context = browser.new_context(viewport={"width": 1400, "height": 1000})
        notebook = open_notebook(lab, context, "forms.ipynb", tuple(cells), run=False)
        tell(notebook.kernel, SETUP)
        yield Stage(notebook.kernel, notebook, cells)
        notebook.kernel.client.stop_channels()


@contextlib.contextmanager
def kernel_alone(python: str, cells: list[str]) -> Iterator[Stage]:
    "A kernel without a page."
    from jupyter_client import KernelManager

    manager = KernelManager()
    manager.kernel_spec.argv[0] = python
    manager.start_kernel(env=dict(os.environ, PYTHONPATH=str(ROOT)))
    client = manager.blocking_client()
    client.start_channels()
    client.wait_for_ready(60)
    kernel = Kernel(client)
    tell(kernel, SETUP)
    yield Stage(kernel, None, cells)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def take_turns(stage: Stage, contenders: dict[str, tuple[str, str]]) -> dict[str, list[Shown]]:
    "Each contender once to warm up, then round by round."
    for cell, holds in contenders.values():
        stage.run(cell, holds)
    found: dict[str, list[Shown]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, (cell, holds) in contenders.items():
            found[name].append(stage.run(cell, holds))
    return found


def row(name: str, runs: list[Shown], ours: list[Shown], goal: str) -> list[str]:
    "Medians, and how many times ours they are, taken round by round."

    def times(what: Callable[[Shown], Any]) -> str:
        if runs is ours or what(runs[0]) is None:
            return ""
        both = zip(runs, ours, strict=True)
        return f"{statistics.median(what(it) / what(own) for it, own in both):,.1f}"

    def middle(what: Callable[[Shown], Any], form: str) -> str:
        found = [what(run) for run in runs]
        return "" if found[0] is None else format(statistics.median(found), form)

    short = sum(not run.whole for run in runs)
    name += f" (in {short} of {len(runs)} runs not all of it)" if short else ""
    shown = middle(lambda r: r.shown, ",.0f"), times(lambda r: r.shown)
    built = middle(lambda r: r.built, ",.1f"), times(lambda r: r.built)
    sent = middle(lambda r: r.messages, ",.0f"), times(lambda r: r.messages)
    return [name, *shown, *built, *sent, goal]


HEADS = ["what", "shown, ms", "times ours", "built, ms", "times ours", "messages", "times ours"]
KIT_ROWS = "build(lambda: tgk.QuotaBuilder(rows(500)))"
INPUTS = "build(lambda: input_per_cell(rows(500)))"
FORM = "build(lambda: tgk.TargetGroupBuilder(group({})))"
AUTOUI = "autoui({})"


def many_rows(stage: Stage) -> None:
    contenders = {"QuotaBuilder": (KIT_ROWS, "area 500"), "an input per cell": (INPUTS, "area 500")}
    found = take_turns(stage, contenders)
    ours = found["QuotaBuilder"]
    goals = {"QuotaBuilder": "under 500 ms"}
    rows = [row(name, runs, ours, goals.get(name, "")) for name, runs in found.items()]
    show("500 rows", [*HEADS, "goal"], rows)
    tell(
        stage.kernel,
        "form = tgk.QuotaBuilder(rows(500)); sent.clear(); form.value = rows(500).scaled(500)",
    )
    many = stage.kernel.evaluate("len(sent)")
    print(f"\nSetting `.value` to another plan of 500 rows: {many} messages.")
    tell(stage.kernel, "del form; clear()")


def whole_forms(stage: Stage, peer: bool) -> None:
    rows = []
    for cells in (2, 48):
        contenders = {f"TargetGroupBuilder, {cells} quotas": (FORM.format(cells), "area 001")}
        if peer:
            contenders[f"ipyautoui, {cells} quotas"] = (AUTOUI.format(cells), "area 001")
        found = take_turns(stage, contenders)
        ours = next(iter(found.values()))
        rows += [
            row(name, runs, ours, "" if runs is ours else "≥ 5 times; messages ≥ 5 times")
            for name, runs in found.items()
        ]
    show("The whole form of a target group", [*HEADS, "goal"], rows)


def edit(stage: Stage, field: Any, text: str) -> tuple[float, float]:
    "Type into a field and press Enter: ms until the form rests, and what the kernel took of it."
    tell(stage.kernel, "heard.clear()")
    field.evaluate(WATCH_EDIT, 400)
    field.fill(text)
    field.press("Enter")
    spent = stage.notebook.page.evaluate("window.edited") if stage.notebook else 0.0
    return spent, sum(stage.kernel.evaluate("heard"))


def edits(stage: Stage, cells: dict[str, tuple[str, str]]) -> None:
    "What is typed at a label, until its preview is painted; a label that isn't there says so."
    assert stage.notebook
    rows = []
    for name, (cell, label) in cells.items():
        index = stage.cells.index(cell)
        stage.notebook.page.evaluate(RUN_CELL, {"index": index, "quiet": 2000})
        output = stage.notebook.output.locator(".tgk-form").last
        field = output.get_by_label(re.compile(label)).first
        if not field.count():
            rows.append([name, "", "", "", "no such field"])
        else:
            texts = ("900", "800") if label == "Completes" else ("1.05", "1.1")
            spent = [edit(stage, field, texts[n % 2]) for n in range(EDITS + 2)][2:]
            page, kernel = zip(*spent, strict=True)
            worst = f"{max(page):,.0f}"
            figures = [
                f"{statistics.median(page):,.0f}",
                worst,
                f"{statistics.median(kernel):,.1f}",
            ]
            rows.append([name, *figures, "under 100 ms; kernel under 16 ms"])
        tell(stage.kernel, "clear()")
    heads = ["edit", "until painted, ms", "slowest, ms", "kernel’s processor, ms", "goal"]
    show(f"An edit of 96 cells, medians of {EDITS}", heads, rows)


CROSSED = "build(lambda: tgk.QuotaBuilder(crossed()))"
FLAT = "build(lambda: tgk.QuotaBuilder(rows(96)))"
EDITED = {
    "the goal, interlock of 2 × 6 × 8": (CROSSED, "^Completes$"),
    "the goal, 96 rows": (FLAT, "^Completes$"),
    "a percentage, 96 rows": (FLAT, "^area 001 percent"),
}


def main() -> None:
    python = peers()
    why = missing()
    forms = [form.format(n) for form in (FORM, AUTOUI) for n in (2, 48)]
    cells = [KIT_ROWS, INPUTS, *forms, CROSSED, FLAT]
    stage = kernel_alone if why else page
    with stage(python or sys.executable, cells) as on:
        if python:
            tell(on.kernel, IPYAUTOUI)
        names = ("ipywidgets", "pydantic", *(("ipyautoui",) if python else ()))
        asked = f"[__import__('importlib.metadata').metadata.version(n) for n in {names!r}]"
        found = zip(names, on.kernel.evaluate(asked), strict=True)
        versions = ", ".join(f"{name} {number}" for name, number in found)
        machine = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
        print(f"\n## Python {platform.python_version()}, {versions}; {machine}", flush=True)
        many_rows(on)
        whole_forms(on, bool(python))
        if not why:
            edits(on, EDITED)
    if why:
        print(f"\n{why}. Only the kernel's side was measured.")
    if not python:
        print(f"\nNO PEER: pip could not install {PEER}, so its rows are missing.")


main()
