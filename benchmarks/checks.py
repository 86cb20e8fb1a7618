"What checking a plan costs, beside what validating it costs anyhow."

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import jsonschema

from target_group_kit.contract.checks import check
from target_group_kit.contract.target_group import TargetGroup

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from contract import OCTOBER, october_schema

ROUNDS = 31
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
VERSIONS = ("pydantic", "pydantic_core", "jsonschema")


def plan(*profiles: dict[str, Any], goal: int) -> dict[str, Any]:
    "The example with these profiles, and nothing to find."
    body = TargetGroup.example(now=NOW).with_open_exchange().payload()
    profiling = {"profile_adjustment_type": "nominal", "profiles": list(profiles)}
    return body | {"exclusion": {}, "completes_goal": goal, "profiling": profiling}


def cells() -> dict[str, Any]:
    "96 targets: an interlock of gender, region and age."
    targets = [
        {
            "name": f"cell {gender}{region}{low}",
            "conditions": [
                {"object": "selection", "question_id": 43, "option": str(gender)},
                {"object": "selection", "question_id": 96, "option": str(region)},
                {"object": "range", "question_id": 42, "min": low, "max": low + 9},
            ],
            "quota": {"completes_goal": 10},
        }
        for gender in (1, 2)
        for region in range(1, 7)
        for low in range(18, 90, 10)
    ]
    return plan(
        {"object": "blended", "name": "cells", "quotas_enabled": True, "targets": targets},
        goal=10 * len(targets),
    )


def values(question_id: int, count: int) -> dict[str, Any]:
    "One target of many written values."
    condition = {
        "object": "open_ended",
        "question_id": question_id,
        "allow_all_values": False,
        "open_ended_values": [f"{10_000 + index}" for index in range(count)],
    }
    target = {"conditions": [condition], "quota": {"completes_goal": 10}}
    return plan({"object": "regular", "quotas_enabled": True, "targets": [target]}, goal=10)


PLANS = {
    "96 targets": cells(),
    "999 ZIP codes": values(45, 999),
    "10,000 written values": values(99, 10_000),
}


def milliseconds(job: Callable[[], Any]) -> float:
    start = time.process_time()
    job()
    return 1000 * (time.process_time() - start)


def rounds(jobs: dict[str, Callable[[], Any]]) -> dict[str, list[float]]:
    "Each job's times; the jobs take turns, so that a busy machine slows all of them."
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for number in range(ROUNDS + 3):
        for name, job in jobs.items():
            taken = milliseconds(job)
            if number >= 3:
                times[name].append(taken)
    return times


def ratio(times: dict[str, list[float]], one: str, other: str) -> float:
    return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))


def main() -> None:
    print("| from JSON text | pydantic alone, ms | validated and checked, ms | times | goal |")
    print("|---|---:|---:|---:|---|")
    for name, body in PLANS.items():
        text = json.dumps(body)
        assert check(text, now=NOW).findings == ()
        times = rounds(
            {
                "bare": partial(TargetGroup.model_validate_json, text),
                "check": partial(check, text, now=NOW),
            }
        )
        alone, checked = (statistics.median(times[job]) for job in ("bare", "check"))
        times_more = ratio(times, "check", "bare")
        print(f"| {name} | {alone:.2f} | {checked:.2f} | {times_more:.1f} | at most 4 |")
    if not OCTOBER.exists():
        print(
            f"\nThe published schema isn't at {OCTOBER}: jsonschema has nothing to validate with."
        )
        return
    body = PLANS["96 targets"]
    validator = jsonschema.Draft202012Validator(october_schema())
    assert validator.is_valid(body)
    times = rounds(
        {
            "schema": partial(validator.is_valid, body),
            "check": partial(check, body, now=NOW),
        }
    )
    schema, checked = (statistics.median(times[job]) for job in ("schema", "check"))
    print("\n| 96 targets | ms | times | goal |\n|---|---:|---:|---|")
    print(f"| validated and checked by the kit | {checked:.2f} | 1 | |")
    more = ratio(times, "schema", "check")
    print(f"| validated by jsonschema | {schema:.2f} | {more:.0f} | at least 20 |")
    versions = ", ".join(f"{name} {version(name)}" for name in VERSIONS)
    print(
        f"\nProcessor time, medians of {ROUNDS} rounds; Python {platform.python_version()},",
        end=" ",
    )
    print(f"{versions};", end=" ")
    print(f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}.")


if __name__ == "__main__":
    main()
