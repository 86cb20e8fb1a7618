"Every builder by its public face: how it is made, two values, an edit."

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hands import fill, press

import target_group_kit as tgk

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    "A receipt of our own."

    id: str


def plan(completes: int) -> tgk.QuotaPlan:
    made = tgk.QuotaPlan(completes)
    made = made.margin("gender", 43, {"women": ("2", 50), "men": ("1", 50)})
    return made.margin("age", 42, {"18-34": ((18, 34), 40), "35-99": ((35, 99), 60)})


def window(days: int) -> tgk.FieldingWindow:
    return tgk.FieldingWindow.opening("2027-02-02 09:00", days=days, tz="Europe/Berlin")


def group(name: str) -> tgk.TargetGroup:
    return tgk.TargetGroup.example(NOW).with_open_exchange().replace(name=name)


@dataclass(frozen=True)
class Case:
    "A builder: how it is made of a value, two values, and the field that leads from one to others."

    kind: str
    make: Callable[[Any], Any]
    first: Any
    other: Any
    label: str  # Of a field
    edits: tuple[str, str]  # What is typed there: two texts, over `first`
    made: tuple[Any, Any]  # The values that they make
    bad: str  # A text that makes no value

    def edit(self, builder: Any, text: str) -> None:
        fill(builder, self.label, text)


CASES = [
    Case(
        "QuotaBuilder",
        lambda value: tgk.QuotaBuilder(value, now=lambda: NOW),
        plan(1000),
        plan(400),
        "Completes",
        ("500", "600"),
        (plan(500), plan(600)),
        "many",
    ),
    Case(
        "FieldingWindowBuilder",
        lambda value: tgk.FieldingWindowBuilder(value, now=lambda: NOW),
        window(10),
        window(3),
        "Days",
        ("5", "6"),
        (window(5), window(6)),
        "a week",
    ),
    Case(
        "TargetGroupBuilder",
        lambda value: tgk.TargetGroupBuilder(value, now=lambda: NOW),
        group("Green tea"),
        group("Black coffee"),
        "Name",
        ("Hot cocoa", "Still water"),
        (group("Hot cocoa"), group("Still water")),
        "",
    ),
]

every_builder = pytest.mark.parametrize("case", CASES, ids=lambda case: case.kind)


def panel(submit: Callable[[Any], Any] = lambda _: Told("01")) -> tgk.SubmitPanel:
    return tgk.SubmitPanel(group("Green tea"), submit, environment="the emulator", now=lambda: NOW)


def send(panel: tgk.SubmitPanel) -> None:
    "Press, and say yes."
    press(panel, "Submit")
    press(panel, "Yes, send it")


def twin(builder: Any) -> str:
    "What closed notebooks show of a builder."
    return str(builder._repr_mimebundle_()["text/html"])
