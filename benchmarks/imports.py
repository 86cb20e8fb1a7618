"What the kit costs before it does anything, beside the packages that it stands on."

import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROUNDS = 15
STAND_ON = ("ipywidgets", "pandas", "pydantic", "httpx")
# The packages were compiled when they were installed; let the kit be, too.
ENV = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
SHOW = "display(tgk.TargetGroupBuilder(tgk.TargetGroup.example()))"
# Each job is the steps of one fresh process. They are timed inside it, so the interpreter's own
# start counts for none of them, and nothing else is imported before.
JOBS = {
    "packages": [f"import {', '.join(STAND_ON)}"],
    "kit": ["import target_group_kit"],
    "check": ["import target_group_kit as tgk; tgk.check(tgk.TargetGroup.example())"],
    "builder": [
        f"import {', '.join(STAND_ON)}; from IPython.display import display",
        f"import target_group_kit as tgk; {SHOW}",
        SHOW,
    ],
}


def measure(job: str) -> list[float]:
    "Milliseconds of each step of a job, in a fresh process."
    steps = "".join(f"{step}\ntimes.append(clock())\n" for step in JOBS[job])
    script = f"from time import perf_counter as clock\ntimes = [clock()]\n{steps}"
    script += "import sys\nprint(*times, file=sys.stderr)"
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=ROOT, env=ENV, capture_output=True, check=True, text=True)
    times = [float(time) for time in run.stderr.split()]
    return [1000 * (after - before) for before, after in pairwise(times)]


def table(rounds: list[dict[str, list[float]]]) -> list[tuple[str, float, str, str]]:
    "Rows of what, median milliseconds, median figure of the rounds, and goal."

    def row(what: str, job: str, step: int, goal: str) -> tuple[str, float, str, str]:
        times = [r[job][step] for r in rounds]
        ratio = statistics.median(r[job][step] / r["packages"][0] for r in rounds)
        return what, statistics.median(times), f"{ratio:.3f}", goal

    share = statistics.median(r["builder"][0] / sum(r["builder"][:2]) for r in rounds)
    whole = statistics.median(sum(r["builder"][:2]) for r in rounds)
    return [
        row(f"`import {', '.join(STAND_ON)}`", "packages", 0, ""),
        row("`import target_group_kit`", "kit", 0, "at most 0.05"),
        row("the same, then `check(TargetGroup.example())`", "check", 0, "at most 0.40"),
        ("first `TargetGroupBuilder` shown, cold", whole, f"{share:.0%} is theirs", "most of it"),
        row("of that, the kit and what else it imports", "builder", 1, ""),
        row("the next `TargetGroupBuilder` shown", "builder", 2, ""),
    ]


def main() -> None:
    for job in JOBS:  # compiles what isn't yet
        measure(job)
    rounds = [{job: measure(job) for job in JOBS} for _ in range(ROUNDS)]
    print("| what | ms | of the packages' time | goal |\n|---|---:|---|---|")
    for what, milliseconds, figure, goal in table(rounds):
        print(f"| {what} | {milliseconds:,.1f} | {figure} | {goal} |")
    versions = ", ".join(f"{name} {version(name)}" for name in STAND_ON)
    print(f"\nMedians of {ROUNDS} rounds; Python {platform.python_version()}, {versions};", end=" ")
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}.")


main()
