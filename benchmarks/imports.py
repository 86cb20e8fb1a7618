"What the kit costs before it does anything, beside the packages that it stands on."

import json
import os
import platform
import statistics
import subprocess
import sys
from importlib.metadata import version

ROUNDS = 15
STAND_ON = ("ipywidgets", "pandas", "pydantic", "httpx")
# Each job is the steps of one fresh process. A step is timed inside it, so the start of the
# interpreter counts for none of them.
JOBS = {
    "packages": [f"import {', '.join(STAND_ON)}"],
    "kit": ["import target_group_kit"],
    "check": [
        "import target_group_kit as tgk; report = tgk.check(tgk.TargetGroup.example())",
    ],
    "builder": [
        f"import {', '.join(STAND_ON)}",
        "from IPython.display import display; import target_group_kit as tgk;"
        " display(tgk.TargetGroupBuilder(tgk.TargetGroup.example()))",
    ],
    "second builder": [
        "from IPython.display import display; import target_group_kit as tgk;"
        " display(tgk.TargetGroupBuilder(tgk.TargetGroup.example()))",
        "display(tgk.TargetGroupBuilder(tgk.TargetGroup.example()))",
    ],
}
RUN = """
import contextlib, io, json, sys
from time import perf_counter
seconds = []
with contextlib.redirect_stdout(io.StringIO()):
    for step in json.loads(sys.argv[1]):
        begin = perf_counter()
        exec(step, globals())
        seconds.append(perf_counter() - begin)
print(json.dumps(seconds))
"""


def measure(job: str) -> list[float]:
    "Milliseconds of each step of a job, in a fresh process."
    command = [sys.executable, "-c", RUN, json.dumps(JOBS[job])]
    run = subprocess.run(command, capture_output=True, check=True, text=True)
    return [1000 * seconds for seconds in json.loads(run.stdout)]


def table(rounds: list[dict[str, list[float]]]) -> list[tuple[str, float, str, str]]:
    "Rows of what, median milliseconds, median figure of the rounds, and goal."

    def row(what: str, job: str, step: int, goal: str) -> tuple[str, float, str, str]:
        times = [r[job][step] for r in rounds]
        ratio = statistics.median(r[job][step] / r["packages"][0] for r in rounds)
        return what, statistics.median(times), f"{ratio:.3f}", goal

    share = statistics.median(r["builder"][0] / sum(r["builder"]) for r in rounds)
    whole = statistics.median(sum(r["builder"]) for r in rounds)
    return [
        row(f"`import {', '.join(STAND_ON)}`", "packages", 0, "is 1"),
        row("`import target_group_kit`", "kit", 0, "at most 0.05"),
        row("… and `check(TargetGroup.example())`", "check", 0, "at most 0.40"),
        ("first `TargetGroupBuilder` shown, cold", whole, f"{share:.0%} in those packages", "most"),
        row("… of which the kit, and all else it imports", "builder", 1, ""),
        row("the next `TargetGroupBuilder` shown", "second builder", 1, ""),
    ]


def main() -> None:
    for job in JOBS:  # compiles and caches what isn't yet
        measure(job)
    rounds = [{job: measure(job) for job in JOBS} for _ in range(ROUNDS)]
    print("| what | ms | beside the packages | goal |\n|---|---:|---|---|")
    for what, milliseconds, figure, goal in table(rounds):
        print(f"| {what} | {milliseconds:,.1f} | {figure} | {goal} |")
    versions = ", ".join(f"{name} {version(name)}" for name in STAND_ON)
    print(f"\nMedians of {ROUNDS} rounds; Python {platform.python_version()}, {versions};", end=" ")
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}.")


main()
