"""Raking, apportionment and rounding beside plain numpy and beside the packages that exist.

Some peers hold on to an older numpy, so all of them live in an environment of their own,
`.venv/peers`, made on first use. The kit's kernels need numpy only and are measured in there, too:
every ratio is taken inside one process, with the contenders taking turns.
"""

import contextlib
import io
import logging
import math
import os
import platform
import statistics
import subprocess
import sys
import venv
import warnings
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from target_group_kit.sampling.apportionment import apportion  # noqa: E402
from target_group_kit.sampling.raking import rake  # noqa: E402
from target_group_kit.sampling.rounding import round_cells  # noqa: E402

PEERS = {"ipfn": "1.4.4", "balance": "0.23.0", "apportionpy": "0.3.1", "CtrlRound": "0.6.0"}
ENVIRONMENT = ROOT / ".venv" / "peers"
ROUNDS = 15
TOLERANCE = 1e-8
SHAPES = [(2, 6, 8), (7, 5, 10), (6, 7, 8, 6, 5), (10,) * 6, (100,) * 3]
Contender = Callable[[], object]


def installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def medians(
    contenders: dict[str, Contender], rounds: int = ROUNDS
) -> dict[str, tuple[float, float]]:
    "Milliseconds of each, and its median share of the first one's time in the same round."
    often, times = {}, {name: [] for name in contenders}
    for name, call in contenders.items():
        call()
        start = perf_counter()
        call()
        often[name] = max(1, min(200, int(0.02 / (perf_counter() - start + 1e-9))))
    for _ in range(rounds):
        for name, call in contenders.items():
            start = perf_counter()
            for _ in range(often[name]):
                call()
            times[name].append((perf_counter() - start) / often[name])
    first = next(iter(times.values()))
    return {
        name: (
            1000 * statistics.median(spent),
            statistics.median(own / base for own, base in zip(spent, first, strict=True)),
        )
        for name, spent in times.items()
    }


def show(title: str, heads: list[str], rows: list[list[str]]) -> None:
    print(f"\n### {title}\n")
    print(f"| {' | '.join(heads)} |\n|---|{'---:|' * (len(heads) - 1)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")
    sys.stdout.flush()


# Raking


def plain_numpy(margins: list[np.ndarray], seed: np.ndarray) -> np.ndarray:
    "What one would write: a sum, a multiplication and a look at the difference for each margin."
    cells, axes, total = seed.copy(), range(seed.ndim), margins[0].sum()
    for _ in range(1000):
        worst = 0.0
        for axis, margin in enumerate(margins):
            sums = cells.sum(axis=tuple(other for other in axes if other != axis))
            worst = max(worst, np.abs(sums - margin).max())
            cells *= (margin / sums).reshape([-1 if other == axis else 1 for other in axes])
        if worst <= TOLERANCE * total:
            break
    return cells


def problem(shape: tuple[int, ...]) -> tuple[list[np.ndarray], np.ndarray]:
    chance = np.random.default_rng(math.prod(shape))
    margins = [chance.random(n) + 0.1 for n in shape]
    return [1000 * m / m.sum() for m in margins], chance.random(shape) + 0.05


def raking_peers(margins: list[np.ndarray], seed: np.ndarray) -> dict[str, Contender]:
    found: dict[str, Contender] = {}
    axes = [[axis] for axis in range(seed.ndim)]
    exact = {"convergence_rate": TOLERANCE, "rate_tolerance": 0.0}
    if installed("ipfn"):
        from ipfn.ipfn import ipfn

        found["ipfn, arrays"] = lambda: ipfn(seed.copy(), margins, axes, **exact).iteration()
    if seed.size > 20_000 or not installed("balance"):
        return found
    import pandas as pd
    from balance.weighting_methods.rake import rake as balance_rake

    names = [f"axis{axis}" for axis in range(seed.ndim)]
    index = [at.ravel() for at in np.indices(seed.shape)]
    frame = pd.DataFrame(dict(zip(names, index, strict=True)))
    full = frame.assign(total=seed.ravel())
    sums = [
        pd.Series(margin, index=pd.RangeIndex(len(margin), name=name), name="total")
        for name, margin in zip(names, margins, strict=True)
    ]
    if seed.size < 1000:  # a minute from here on
        columns = [[name] for name in names]
        found["ipfn, frames"] = lambda: ipfn(full.copy(), sums, columns, **exact).iteration()
    words = frame.astype(str)
    weights = pd.Series(seed.ravel())
    wanted = pd.Series(np.prod([m[i] for m, i in zip(margins, index, strict=True)], axis=0))
    found["balance.rake()"] = lambda: balance_rake(
        words, weights, words, wanted, variables=names, transformations=None, **exact
    )
    return found


def raking() -> None:
    goals = {96: "≤ 1.25 plain", 350: ""}
    heads = ["cells", "contender", "ms", "of plain numpy", "of rake", "goal"]
    rows = []
    for shape in SHAPES:
        margins, seed = problem(shape)
        contenders = {
            "plain numpy": lambda m=margins, s=seed: plain_numpy(m, s),
            "rake": lambda m=margins, s=seed: rake(m, s, tolerance=TOLERANCE),
            **raking_peers(margins, seed),
        }
        assert np.abs(rake(margins, seed).cells - plain_numpy(margins, seed)).max() < 1e-4
        found = medians(contenders, rounds=ROUNDS if seed.size < 1000 else 5)
        goal = {"rake": goals.get(seed.size, "< 1 plain")}
        if seed.size < 1000:
            goal |= {"ipfn, arrays": "≥ 3 rakes", "ipfn, frames": "≥ 200 rakes"}
            goal |= {"balance.rake()": "≥ 20 rakes"}
        for name, (spent, share) in found.items():
            size = f"{seed.size:,} ({' × '.join(map(str, shape))})" if name == "plain numpy" else ""
            ratio = f"{share / found['rake'][1]:,.2f}"
            rows.append([size, name, f"{spent:,.3f}", f"{share:,.2f}", ratio, goal.get(name, "")])
    show(f"Raking, to {TOLERANCE:g} of the total", heads, rows)


# Apportionment


def apportionment() -> None:
    if not installed("apportionpy"):
        return
    from apportionpy.apportionment import Apportion

    methods = {"largest_remainder": "hamilton", "webster": "webster"}
    methods |= {"huntington_hill": "huntington hill"}
    rows = []
    for cells in (12, 96, 350):
        for kind in ("whole numbers", "floats"):
            for method, peer in methods.items():
                ratios, failed = [], 0
                for number in range(12):  # the peer's time depends on its luck with the divisor
                    chance = np.random.default_rng([cells, number])
                    drawn = chance.uniform(1, 10_000, cells).round(3 if kind == "floats" else 0)
                    shares = drawn.tolist() if kind == "floats" else drawn.astype(int).tolist()
                    contenders: dict[str, Contender] = {
                        "peer": lambda s=shares, p=peer: Apportion(1000, s, p),
                        "kit": lambda s=shares, m=method: apportion(1000, s, method=m),
                    }
                    try:
                        contenders["peer"]()
                    except Exception:  # noqa: BLE001 it says "Incalculable values."
                        failed += 1
                        continue
                    found = medians(contenders, rounds=5)
                    ratios.append((found["peer"][0], found["kit"][0], found["kit"][1]))
                peers, own, share = (
                    statistics.median(column) for column in zip(*ratios, strict=True)
                )
                slowest = max(share for *_, share in ratios)
                figures = [f"{1000 * peers:,.1f}", f"{1000 * own:,.1f}", f"{share:.2f}"]
                rows.append(
                    [f"{cells}", kind, method, *figures, f"{slowest:.2f}", f"{failed}", "≤ 1"]
                )
    heads = [
        "cells",
        "shares",
        "method",
        "apportionpy, µs",
        "apportion, µs",
        "ratio",
        "its worst of 12",
    ]
    show("Apportionment of 1,000 completes", [*heads, "peer gave up", "goal"], rows)


# Rounding


def quietly(call: Contender) -> Contender:
    def silent() -> object:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return call()

    return silent


def control_round(cells: np.ndarray) -> Contender:
    import pandas as pd
    from CtrlRound.ctrl_round import ctrl_round

    names = [f"axis{axis}" for axis in range(cells.ndim)]
    index = [at.ravel() for at in np.indices(cells.shape)]
    frame = pd.DataFrame(dict(zip(names, index, strict=True))).assign(people=cells.ravel())
    margins = [[], *([name] for name in names)]

    def call() -> np.ndarray:
        table = ctrl_round(frame.copy(), names, "people", margins=margins)["rounded_table"]
        return table.sort_values(names)["people"].to_numpy().reshape(cells.shape)

    return quietly(call)


def sums(table: np.ndarray) -> list[np.ndarray]:
    axes = range(table.ndim)
    return [table.sum(axis=tuple(a for a in axes if a != axis)) for axis in axes]


def rounding() -> None:
    heads = ["table", "contender", "ms", "slowest, ms", "margins off by at most", "off"]
    rows = []
    for shape, count in (((2, 6, 8), 1000), ((7, 5, 10), 200), ((12, 8), 200)):
        chance = np.random.default_rng(1)
        kept: dict[str, list[tuple[float, int, float]]] = {}
        for _ in range(count):
            total = int(chance.integers(100, 1001))
            cells = chance.dirichlet(np.ones(math.prod(shape))).reshape(shape) * total
            margins = [np.array(apportion(total, s.round(6).tolist())) for s in sums(cells)]
            contenders: dict[str, Callable[[], np.ndarray]] = {
                "repair": lambda c=cells, t=total: round_cells(c, total=t).cells,
                "each to its nearest": lambda c=cells: np.rint(c),
            }
            if installed("scipy"):
                contenders["exact (MILP)"] = lambda c=cells, t=total: (
                    round_cells(c, total=t, method="exact").cells
                )
            if installed("CtrlRound"):
                contenders["CtrlRound"] = control_round(cells)
            for name, call in contenders.items():
                start = perf_counter()
                table = call()
                spent = 1000 * (perf_counter() - start)
                off = max(
                    int(np.abs(s - m).max()) for s, m in zip(sums(table), margins, strict=True)
                )
                kept.setdefault(name, []).append((spent, off, float(np.abs(table - cells).sum())))
        best = kept.get("exact (MILP)")
        for name, found in kept.items():
            spent, off, far = zip(*found, strict=True)
            again = (
                f"{statistics.mean(f / b[2] for f, b in zip(far, best, strict=True)):.4f}"
                if best
                else ""
            )
            size = f"{count:,} × {' × '.join(map(str, shape))}" if name == "repair" else ""
            goal = {"repair": "0 off; ≤ 1.03" + ("; < 16 ms" if shape == (2, 6, 8) else "")}
            wrong = f"{max(off)}", f"{sum(map(bool, off)):,} of {count:,}"
            times = f"{statistics.median(spent):,.2f}", f"{max(spent):,.1f}"
            rows.append([size, name, *times, *wrong, again, goal.get(name, "")])
    show("Rounding, N from 100 to 1,000", [*heads, "distance, of the optimum", "goal"], rows)


def peers() -> str:
    "The Python of the peers' environment, made when it is missing; empty where it can't be."
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    wanted = [f"{name}=={number}" for name, number in PEERS.items()]
    probe = f"import importlib.metadata as m; [m.version(n) for n in {list(PEERS)!r}]"
    if (
        python.exists()
        and not subprocess.run([python, "-c", probe], capture_output=True).returncode
    ):
        return str(python)
    print(f"Making {ENVIRONMENT.relative_to(ROOT)} for {', '.join(wanted)} …", file=sys.stderr)
    venv.create(ENVIRONMENT, with_pip=True)
    made = subprocess.run([python, "-m", "pip", "install", "-q", *wanted], stdout=sys.stderr)
    return "" if made.returncode else str(python)


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    inside = "peers" in sys.argv[1:]
    python = "" if inside else peers()
    names = ["numpy", "scipy", *PEERS]
    versions = ", ".join(f"{name} {version(name)}" for name in names if installed(name))
    print(f"\n## Python {platform.python_version()}, {versions}; {os.cpu_count()} processors")
    raking()
    apportionment()
    if inside or not python:
        rounding()
    if python:
        subprocess.run([python, __file__, "peers"], check=True)
    elif not inside:
        print(f"\nNO PEERS: pip could not install {', '.join(PEERS)}, so their rows are missing.")


main()
