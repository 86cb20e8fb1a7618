"Plans to break: small parts, put together as a payload, none of them with a finding."

import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from target_group_kit.contract.knowledge import Question
from target_group_kit.contract.profiling import Profile, Target
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import instant

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
UUID = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"
ULID = "01JX2X0N5RTR012AYDTA83QWTW"
OWN, PROJECT = "01JX2X0N5RTR012AYDTA83QWT0", "01JX2X0N5RTR012AYDTA83QWT1"
Body = dict[str, Any]
ALLOCATIONS = {
    "open_exchange_allocations": {
        "blocked_supplier_ids": [],
        "exchange_min_percentage": 0,
        "exchange_max_percentage": 100,
        "groups": [],
    }
}
EXAMPLE = TargetGroup.example(now=NOW).payload()


def after(hours: float) -> str:
    return instant(NOW + timedelta(hours=hours))


def money(value: str, currency: str = "EUR") -> Body:
    return {"value": value, "currency_code": currency}


def sel(question: int, option: str) -> Body:
    return {"object": "selection", "question_id": question, "option": option}


def span(low: int, high: int, question: int = 42) -> Body:
    return {"object": "range", "question_id": question, "min": low, "max": high}


def written(*values: str, question: int = 99) -> Body:
    "Those who wrote one of these values, or any at all when none is given."
    return {
        "object": "open_ended",
        "question_id": question,
        "allow_all_values": not values,
        "open_ended_values": list(values) or None,
    }


def target(*conditions: Body, n: int | None = None, p: float | None = None, **more: Any) -> Body:
    "A target that wants n completes, or p percent."
    quota = {} if n is None else {"quota": {"completes_goal": n}}
    quota |= {} if p is None else {"quota": {"completes_goal_percentage": p}}
    return more | {"conditions": list(conditions)} | quota


def regular(*targets: Body, on: bool = True, **more: Any) -> Body:
    return {"object": "regular", **more, "quotas_enabled": on, "targets": list(targets)}


def interlock(*targets: Body, name: str = "cells", on: bool = True, **more: Any) -> Body:
    blended = {"object": "blended", **more, "name": name}
    return blended | {"quotas_enabled": on, "targets": list(targets)}


def control(*targets: Body, name: str = "caps") -> Body:
    return interlock(*targets, name=name, blended_type="control")


def plan(*profiles: Body, adjustment: str = "nominal", **fields: Any) -> Body:
    "A payload without any finding, but for what the profiles and fields bring."
    body = EXAMPLE | {"exclusion": {"enabled": True}, "allocations": ALLOCATIONS}
    body["profiling"] = {"profile_adjustment_type": adjustment, "profiles": list(profiles)}
    return copy.deepcopy(body | ({} if profiles else {"profiling": None}) | fields)


def genders(first: int = 5, second: int = 5, **more: Any) -> Body:
    return regular(target(sel(43, "1"), n=first), target(sel(43, "2"), n=second), **more)


def ages(*spans: tuple[int, int]) -> Body:
    return regular(*(target(span(*ends)) for ends in spans), on=False)


def cells(**more: Any) -> Body:
    return interlock(
        target(sel(113, "4"), sel(96, "1"), n=5, name="a"),
        target(sel(113, "5"), sel(96, "1"), n=5, name="b"),
        **more,
    )


def caps(*targets: Body) -> Body:
    "A control on men, beside what genders() and ages((18, 34), (35, 99)) ask."
    return control(*(targets or (target(sel(43, "1"), span(18, 34), n=3, name="young men"),)))


ADULTS = ((18, 34), (35, 99))


@dataclass
class Library:
    "A catalog of a few questions."

    questions: dict[int, Question] = field(
        default_factory=lambda: {
            42: Question("range"),
            43: Question("selection", frozenset({"1", "2", "-3105"})),
            45: Question("open_ended", mask="XXXXX"),
            99: Question("open_ended"),
        }
    )
    templates: dict[str, str] = field(default_factory=lambda: {UUID: "ger_de"})

    def question(self, question_id: int, locale: str) -> Question | None:
        return self.questions.get(question_id) if locale == "ger_de" else None

    def unknown_zip_codes(self, values: Any, locale: str) -> list[str]:
        return [v for v in values if locale != "ger_de" or not "01001" <= v <= "99998"]

    def template_locale(self, template_id: str) -> str | None:
        return self.templates.get(template_id)


@dataclass
class Fielded:
    "A group in field: two completes of men, one of women, and no other profile or target."

    id: str = OWN
    project_id: str = PROJECT
    completes: int = 3
    came: dict[str, int] = field(default_factory=lambda: {"1": 2, "2": 1})

    def profile_id(self, profile: Profile) -> str | None:
        return ULID if profile.targets[0].conditions[0].question_id == 43 else None

    def collected(self, profile: Profile, target: Target) -> int | None:
        assert profile.targets
        return self.came.get(getattr(target.conditions[0], "option", ""))
