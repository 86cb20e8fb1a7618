"""The kit's verdict on the form of a plan, held against the published schema on 20,000 plans.

Both judge alike, but for the differences that `STRICTER` and `GENTLER` name, each with its reason.
"""

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from contract import needs_contract, october_create, problems
from generated_plans import nodes, reach, valid_plan
from plans import NOW, Body

from target_group_kit.contract.checks import RULES, check
from target_group_kit.contract.errors import Finding, Path, Report, path_text

pytestmark = needs_contract

SEEDS = 20
PLANS = 1000  # Of each seed

# Where the schema accepts and the kit refuses: what finding, and why.
STRICTER: dict[str, Callable[[Finding, Body], bool]] = {
    "the schema lets unknown fields pass, the exchange ignores them silently": lambda f, _: (
        f.code == "unknown_field"
    ),
    "which number of a quota counts is untold": lambda f, _: f.code == "quota_with_two_numbers",
    "`format: ulid` is no format that validators know": lambda f, _: (
        f.code == "wrong_form" and f.path[-1] in ("id", "exposed_target_group_id")
    ),
    "money is any object in the schema, decimal text and a currency in its words": lambda f, _: (
        bool({"cost_per_interview", "client_cost_per_interview_note", "pricing"} & set(f.path))
        and f.path[-1] in ("value", "currency_code", "currency_scale")
    ),
    "`client_id` is `format: int32`, which validators don't check": lambda f, _: (
        (f.code, f.path) == ("out_of_bounds", ("client_id",))
    ),
    "goals are numbers with an integer's format: people are whole": lambda f, _: (
        f.code == "wrong_type" and f.path[-1] == "completes_goal"
    ),
    "`name` of a target stands in all examples and not in the schema": lambda f, _: (
        f.path[-1] == "name" and f.path[-3:-2] == ("targets",)
    ),
    "`object` of a target is declared only where it has no quota": lambda f, _: (
        f.path[-1] == "object" and f.path[-3:-2] == ("targets",)
    ),
    "no clock of Python's has a leap second": lambda f, _: ":60" in f.message,
}
# Where the schema refuses and the kit accepts: what in the report or the plan, and why.
GENTLER: dict[str, Callable[[Report, Body], bool]] = {
    "ids may come as digits and are sent as numbers": lambda r, _: any(
        f.code == "id_as_text" for f in r.notes
    ),
    "the quick start sends no allocations": lambda r, _: any(
        f.code == "allocations_missing" for f in r.warnings
    ),
    "times may come in any form of ISO 8601 and are sent in one": lambda _, b: any(
        path[-1] in ("start_at", "end_at")
        and re.fullmatch(
            r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?([Zz]|[+-]\d\d(:?\d\d)?)",
            str(reach(b, path)),
        )
        for path in nodes(b)
    ),
}
STRANGE: list[Any] = [
    *(None, True, False, 0, 1, -1, 5, 50, 100, 101, 2**31, 10**20, 0.5, 10.5, 0.295, 33.345, 1e-3),
    *(
        "",
        "x",
        "50",
        "1207",
        "-3",
        "true",
        "P1D",
        "PT1.5H",
        "P1Y2M",
        "2026-12-24",
        "EUR",
        "x" * 129,
    ),
    *("12345678-1234-1234-1234-123456789012", "2.75", "1e3", [], ["1"], [1], [None], {}, {"a": 1}),
    *("2026-12-24T10:00Z", "2026-12-24 10:00:00Z", "2026-12-24T10:00:00+01:00", "nominal"),
    *("2026-12-24T10:00:00.000", "2016-12-31T23:59:60Z", "2026-02-30T10:00:00Z", "regular"),
    *({"completes_goal": 5}, {"completes_goal_percentage": 12.5}, {"type": "dynamic"}, "2,70"),
    *({"completes_goal": 5, "completes_goal_percentage": 12.5}, {"object": "selection"}),
]
# What fits a field by its name, or nearly.
AIMED: dict[str | int, list[Any]] = {
    "client_id": [2**31, 2**31 - 1, -(2**31) - 1],
    "increment_interval": ["PT1.5H", "PT0.5S", "P1Y2M3DT4H5M6S", "P", "PT", "P1W", "1 day"],
    "duration": ["P1.5D", "P90D", "P2W", "P0D", "-P1D"],
    "quota": [
        {"completes_goal": 5, "completes_goal_percentage": 12.5},
        {"completes_goal": 5},
        {"completes_goal_percentage": 99.99},
        {"name": "men"},
        None,
    ],
    "end_at": ["2027-02-30T10:00:00Z", "2027-02-03T10:00:00.123456Z", "2027-02-03T24:00:00Z"],
    "open_ended_values": [None, [], ["x"], ["x", "x"]],
    "allow_all_values": [True, False],
    "object": ["regular", "blended", "selection", "range", "open_ended", "nominal"],
    "profile_adjustment_type": ["nominal", "percentage"],
    "profiling": [None, {}, {"template_id": "12345678-1234-1234-1234-123456789012"}],
    "allocations": [None, {}],
}
OTHER_NAMES = ["filling_goal", "intent", "options", "id", "status", "budget", "object", "type"]


def change(rng: random.Random, body: Body) -> None:
    "Something happens at one place of a plan."
    *above, last = rng.choice(list(nodes(body)))
    parent = reach(body, tuple(above))
    value = parent[last]
    match rng.randrange(9):
        case 0:
            del parent[last]
        case 1:
            parent[last] = rng.choice(STRANGE)
        case 2 if isinstance(parent, dict):
            parent[str(last)[:-1] + "x"] = parent.pop(last)
        case 3 if isinstance(parent, dict):
            parent[rng.choice(OTHER_NAMES)] = rng.choice(STRANGE)
        case 4 if isinstance(value, int | float) and not isinstance(value, bool):
            changed = [value + 1, -value, value * 10, float(value), value + 0.001, f"{value}"]
            parent[last] = rng.choice(changed)
        case 5 if isinstance(value, str):
            parent[last] = rng.choice([value + " ", value.upper(), value.lower(), value * 40, ""])
        case 6 if isinstance(value, list):
            parent[last] = value + value if rng.random() < 0.5 else value[:-1]
        case 7:
            parent[last] = None
        case 8:
            *above, last = rng.choice([path for path in nodes(body) if path[-1] in AIMED])
            reach(body, tuple(above))[last] = rng.choice(AIMED[last])
        case _:
            other = rng.choice([path for path in nodes(body) if path[-1] == last])
            parent[last] = json.loads(json.dumps(reach(body, other)))


def plans(seed: int) -> Any:
    "Plans of a seed: every fifth is left as it is, the others have one to three things happen."
    rng = random.Random(seed)
    for number in range(PLANS):
        body = valid_plan(rng)
        for _ in range(rng.choice([1, 1, 2, 3]) if number % 5 else 0):
            change(rng, body)
        yield number, body


def of_form(finding: Finding) -> bool:
    "Whether a finding says that the form is wrong, as the published schema does."
    rule = RULES[finding.code]
    return finding.level == "error" and (rule.of == "form" or rule.source == "published schema")


def reasons(body: Body, accepted: bool) -> set[str] | None:
    "Why the two verdicts differ: nothing when they agree, None when nobody knows."
    report = check(body, now=NOW)
    wrong = [finding for finding in report.findings if of_form(finding)]
    if accepted:
        named = [{why for why, is_it in STRICTER.items() if is_it(f, body)} for f in wrong]
        return set().union(*named) if all(named) else None
    if wrong or report.errors:
        return set()
    return {why for why, is_it in GENTLER.items() if is_it(report, body)} or None


SEEN: Counter[str] = Counter()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_verdict_on_the_form_is_the_published_schemas(seed: int) -> None:
    schema, unexplained, accepted = october_create(), [], 0
    for number, body in plans(seed):
        sound = schema.is_valid(body)
        accepted += sound
        why = reasons(body, sound)
        if why is None:
            kit = [f"{path_text(f.path)}: {f.code}" for f in check(body, now=NOW).findings]
            unexplained.append((seed, number, problems(schema, body)[:2], kit))
        SEEN.update(why or ())
    assert unexplained == []
    assert PLANS / 5 < accepted < PLANS * 4 / 5


def test_each_difference_is_met() -> None:
    "A reason that no plan needs is none."
    assert set(SEEN) == {*STRICTER, *GENTLER}, SEEN


@pytest.mark.parametrize("seed", range(200))
def test_valid_plans_are_valid_to_both(seed: int) -> None:
    body = valid_plan(random.Random(seed))
    assert problems(october_create(), body) == []
    assert check(body, now=NOW).errors == ()


def test_a_path_is_reached() -> None:
    body: Any = {"a": [{"b": 1}]}
    paths: list[Path] = [("a",), ("a", 0), ("a", 0, "b")]
    assert list(nodes(body)) == paths
    assert reach(body, paths[-1]) == 1
