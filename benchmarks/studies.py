"Twelve countries with 96 interlocked cells each, from one frame to checked target groups."

import os
import platform
import statistics
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from time import perf_counter

import pandas as pd

import target_group_kit as tgk
from target_group_kit.sampling.population import read_population
from target_group_kit.views.studies import Study, study

ROUNDS = 9
NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
BASE = tgk.TargetGroup.example(NOW).with_open_exchange()
LOCALES = (
    "ger_de fre_fr spa_es ita_it pol_pl dut_nl swe_se dan_dk fin_fi eng_gb por_pt cze_cz".split()
)
ZONES = (
    "Europe/Berlin Europe/Paris Europe/Madrid Europe/Rome Europe/Warsaw Europe/Amsterdam "
    "Europe/Stockholm Europe/Copenhagen Europe/Helsinki Europe/London Europe/Lisbon Europe/Prague"
).split()
AGES = [18, 25, 35, 45, 55, 65]
REGIONS = {f"region {n}": (str(n), n + 3) for n in range(1, 9)}


def table(wave: int) -> pd.DataFrame:
    "A row per country; each wave has its own goals, so that no result of another can be reused."
    return pd.DataFrame(
        {
            "name": [f"Tea in {locale}, wave {wave}" for locale in LOCALES],
            "locale": LOCALES,
            "completes": [1000 + 50 * n + wave for n in range(len(LOCALES))],
            "cpi": [2.1 + n / 20 for n in range(len(LOCALES))],
            "loi": [12] * len(LOCALES),
            "ir": [0.4] * len(LOCALES),
            "opens": ["2026-12-01 09:00"] * len(LOCALES),
            "days": [10] * len(LOCALES),
            "tz": ZONES,
        }
    )


def quotas(row: "pd.Series[object]") -> tgk.QuotaPlan:
    "2 × 6 × 8 cells: gender and age as the country's people are, by region."
    people = tgk.QuotaPlan.from_population(str(row.locale), int(str(row.completes)), ages=AGES)
    return people.margin("region", 96, REGIONS).interlock("gender", "age", "region")


def timed(job: Callable[[], Study]) -> float:
    start = perf_counter()
    done = job()
    seconds = perf_counter() - start
    assert done.ok, done
    assert [len(g.profiling.profiles[0].targets) for g in done.target_groups] == [96] * 12
    return seconds


def peak(job: Callable[[], Study]) -> float:
    "Megabytes that a study takes at most, with its result."
    tracemalloc.start()
    job()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    read_population("DE")  # the file is read once per session
    first = timed(lambda: study(table(0), BASE, quotas, now=NOW))
    later = [timed(lambda n=n: study(table(n), BASE, quotas, now=NOW)) for n in range(1, ROUNDS)]
    most = peak(lambda: study(table(ROUNDS), BASE, quotas, now=NOW))
    print("| 12 countries × 96 cells, frame to checked target groups | | goal |")
    print("|---|---:|---|")
    print(f"| first study of a session | {first:.2f} s | |")
    print(
        f"| the next waves, median of {len(later)} | {statistics.median(later):.2f} s | under 1 s |"
    )
    print(f"| memory at most (tracemalloc) | {most:.1f} MB | stated |")
    versions = ", ".join(f"{name} {version(name)}" for name in ("pandas", "numpy", "pydantic"))
    print(f"\nPython {platform.python_version()}, {versions};", end=" ")
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}.")


if __name__ == "__main__":
    sys.exit(main())
