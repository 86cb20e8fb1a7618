"Plans at random: valid ones, and what happens to them. The same seed gives the same plan."

import json
import random
from collections.abc import Iterator
from typing import Any

from plans import (
    ALLOCATIONS,
    OWN,
    PROJECT,
    ULID,
    UUID,
    Body,
    after,
    control,
    interlock,
    money,
    plan,
    regular,
    sel,
    span,
    target,
    written,
)

from target_group_kit.contract.errors import Path
from target_group_kit.contract.mending import shared

SIDE = {"allow_for_current_target_group": True, "allow_for_other_target_groups": False}
BOTH = {"client_side": SIDE, "screener_side": SIDE}
REENTRY = {
    "completes": {"client_side": SIDE},
    "pre_client_survey_processes": {"screener_side": SIDE},
    "financial_terms": {"screener_side": SIDE},
    **dict.fromkeys(("terminates", "security_failures", "overquota", "in_screener"), BOTH),
}
FIELDS = {
    "client_id": (17, None, -(2**31)),
    "study_type_code": ("adhoc", "diary"),
    "industry_code": ("other",),
    "client_cost_per_interview_note": (money("3.10"),),
    "expected_incidence_rate": (0.8, 0.07, 0.29, 1, 1.0, 0.57),
    "live_url": (None, "https://a.example/?r=[%RID%]"),
    "filling_strategy": (None, "automated", "prescreens", "completes"),
    "exclusion": ({}, {"enabled": False}),
    "industry_lockout_code": ("no_lock_out",),
    "target_group_customer_reference_number": ("wave 1", None, "A-1_b"),
    "re_entry_configuration": (REENTRY,),
    "business_unit_id": (1207, 1207.0),
    "respondent_activity_exclusions": (
        [],
        [{"type": "project", "id": PROJECT}],
        [
            {
                "type": "target-group",
                "id": OWN,
                "duration": "P30D",
                "respondent_statuses": ["Complete", "OverQuota"],
            }
        ],
    ),
}
MODULES = {
    "pricing": (
        None,
        {"type": "dynamic", "maximum_cpi": money("3"), "minimum_cpi": money("2.5")},
        {"type": "dynamic", "total_budget": money("900.00")},
    ),
    "quota_overlay": ({"prevent_overfill": True, "balance_fill": False},),
    "pacing": (
        None,
        {"type": "linear", "increment_interval": "PT6H"},
        {"type": "adaptive", "increment_interval": "P1DT5H"},
        {"type": "gemini", "exposed_target_group_id": ULID},
    ),
    "soft_launch": (
        {
            "end_at": after(72),
            "filling_goal_percentage": 10,
            "demographics_strictness_percentage": 0,
        },
    ),
}
PRIVATE = {"group_name": "B", "min_percentage": 0, "max_percentage": 40, "supplier_id": "7"}
SUPPLY = (
    {"allocations": ALLOCATIONS},
    {
        "allocations": {
            "open_exchange_allocations": {
                "blocked_supplier_ids": ["12", "13"],
                "exchange_min_percentage": 10,
                "exchange_max_percentage": 50,
                "groups": [
                    {
                        "group_name": "A",
                        "min_percentage": 20,
                        "max_percentage": 50,
                        "suppliers": ["980"],
                    }
                ],
            },
            "private_exchange_allocations": {"blocked_supplier_ids": [], "groups": [PRIVATE]},
        }
    },
    {"allocation_template": {"id": ULID, "type": "account"}},
)


def some(rng: random.Random, choices: dict[str, tuple[Any, ...]], share: float) -> Body:
    return {k: rng.choice(v) for k, v in choices.items() if rng.random() < share}


def profile(rng: random.Random, kind: str, places: list[tuple[Body, ...]], total: int) -> Body:
    "A regular profile over these places, with quotas that sum to the total, or none."
    on = rng.random() < 0.7
    parts = shared(total, [rng.randint(1, 9) for _ in places])
    numbers = [{kind: p if kind == "n" else p / 100} if on else {} for p in parts]
    targets = [
        target(
            *conditions,
            **number,
            **({"name": f"t{i}"} if len(conditions) > 1 or rng.random() < 0.3 else {}),
        )
        for i, (conditions, number) in enumerate(zip(places, numbers, strict=True))
    ]
    named = {"name": f"profile {places[0][0]['question_id']}"} if rng.random() < 0.5 else {}
    return regular(*targets, on=on, **named)


def profiles(rng: random.Random, kind: str, total: int) -> Iterator[Body]:
    "Some of: gender, age, region, ZIP codes, an interlock, and a control on the first two."
    genders = [(sel(43, "1"),), (sel(43, "2"),)]
    cuts = sorted(rng.sample(range(19, 99), rng.randint(1, 3)))
    ages = [(span(a, b - 1),) for a, b in zip([18, *cuts], [*cuts, 100], strict=True)]
    yield profile(rng, kind, genders, total)
    if rng.random() < 0.5:
        yield profile(rng, kind, ages, total)
        if rng.random() < 0.5:
            caps = target(*genders[0], *ages[0], **{kind: 3}, name="cap")
            yield control(caps, target(*genders[1], **{kind: 2}, name="other cap"))
    if rng.random() < 0.3:
        yield profile(rng, kind, [(sel(96, "1"), sel(96, "2")), (sel(96, "3"),)], total)
    if rng.random() < 0.3:
        yield profile(rng, kind, [(written("10115", "53111", question=45),)], total)
    elif rng.random() < 0.3:
        yield regular(target(written(question=45)), on=False)
    if rng.random() < 0.3:
        cells = [(sel(113, a), sel(157, b)) for a in "45" for b in "12"]
        parts = shared(total, [rng.randint(1, 9) for _ in cells])
        kinds = {"blended_type": "interlock"} if rng.random() < 0.5 else {}
        yield interlock(
            *(
                target(*cell, **{kind: p if kind == "n" else p / 100}, name=f"cell {i}")
                for i, (cell, p) in enumerate(zip(cells, parts, strict=True))
            ),
            **kinds,
        )


def profiling(rng: random.Random, goal: int) -> Body | None:
    kind = rng.choice("np")
    template = {"template_id": UUID} if kind == "p" and rng.random() < 0.2 else {}
    head = template | {"profile_adjustment_type": {"n": "nominal", "p": "percentage"}[kind]}
    if rng.random() < 0.1:
        return rng.choice([None, {"template_id": UUID, "profile_adjustment_type": "percentage"}])
    return head | {"profiles": list(profiles(rng, kind, goal if kind == "n" else 10_000))}


def valid_plan(rng: random.Random) -> Body:
    "A plan without errors, all its parts its own."
    goal = rng.choice([100, 400, 1000])
    body = plan(completes_goal=goal, fielding_assistant_assignment=some(rng, MODULES, 0.4))
    body |= some(rng, FIELDS, 0.2)
    body.pop("allocations")
    body |= rng.choice(SUPPLY)
    body["profiling"] = profiling(rng, goal)
    if rng.random() < 0.1:
        del body["profiling"]
    return json.loads(json.dumps(body))


def nodes(part: Any, path: Path = ()) -> Iterator[Path]:
    "Every place of a plan below the top."
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    for step, value in entries:
        yield (*path, step)
        if isinstance(value, dict | list):
            yield from nodes(value, (*path, step))


def reach(body: Any, path: Path) -> Any:
    for step in path:
        body = body[step]
    return body
