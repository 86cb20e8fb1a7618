"Plans with everything in them, for what holds for every plan; small, so that thousands are quick."

from functools import partial
from itertools import product
from math import prod

from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    OpenEndedCondition,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.plan import QuotaPlan

LABELS = (
    "women",
    "18-24",
    "a, b",
    "1 or 2",
    'the "rest"',
    "Ü",
    "65+",
    "b",
    "x × y",
    "3",
    " y",
    "a",
)
NAMES = ("gender", "age", "region", "question 7", "a × b", "a", "question 42")
QUESTIONS = (43, 42, 7, 96)
KINDS = ("options", "odd options", "either", "ranges", "two ranges", "written")


def written(question_id, *values):
    return OpenEndedCondition(
        question_id=question_id, allow_all_values=False, open_ended_values=values
    )


def answers(kind, question_id, size):
    "So many answers of a kind, none of which overlap."
    return {
        "options": [str(n) for n in range(size)],
        "odd options": [f"{n} or {n}" for n in range(size)],
        "either": [(f"-{n}", str(n + 90)) for n in range(size)],
        "ranges": [(10 * n + 1, 10 * n + 10) for n in range(size)],
        "two ranges": [((10 * n + 1, 10 * n + 2), (10 * n + 5, 10 * n + 9)) for n in range(size)],
        "written": [written(question_id, f"{n:05}", f"{n}, {n}") for n in range(size)],
    }[kind]


_NORTH = SelectionCondition(question_id=113, option="1")
SCREENING = RegularProfile(
    name="screen",
    quotas_enabled=False,
    targets=(Target(name="north", conditions=(_NORTH, _NORTH.replace(option="2"))),),
)


def digits(draw, size, base=10):
    "So many digits, drawn at once, since that is much quicker."
    number = draw(st.integers(0, base**size - 1))
    return [number // base**n % base for n in range(size)]


@st.composite
def margins(draw, most=4):
    "Margins on different questions."
    first, made = draw(st.integers(0, 3)), []
    for n in range(draw(st.integers(1, most))):
        size, start = draw(st.integers(1, 4)), draw(st.integers(0, len(LABELS) - 1))
        weights = digits(draw, size)
        scale = draw(st.sampled_from([1, 10, 3]))
        question_id = QUESTIONS[(first + n) % 4]
        cells = zip(
            (LABELS * 2)[start:],
            answers(draw(st.sampled_from(KINDS)), question_id, size),
            [w / scale for w in weights] if any(weights) else [1] * size,
            strict=False,
        )
        name = NAMES[(first + n) % len(NAMES)]
        made.append(Margin(name, question_id, tuple(Cell(*cell) for cell in cells)))
    return made


@st.composite
def interlocks(draw, axes):
    "Margins crossed, with a seed, impossible cells and own names, as far as there is a table."
    shape = [len(axis.cells) for axis in axes]
    places = list(product(*map(range, shape)))
    seed = tuple(digits(draw, prod(shape), 5)) if draw(st.booleans()) else ()
    gone = tuple(
        place for place, n in zip(places, digits(draw, prod(shape), 6), strict=True) if not n
    )
    own = draw(st.integers(0, 3))
    name = ("", "cells", "age", "a × b")[own] or " × ".join(axis.name for axis in axes)
    full = tuple(n + 1 for n in seed)
    for numbers, zeros in ((seed, gone), (full, gone), (full, ())):
        labels = [f"cell, {n}" for n in range(len(places) - len(zeros))] if own > 1 else []
        try:
            return Interlock(name, tuple(axes), numbers, zeros, tuple(labels))
        except InvalidPlan:
            continue
    raise AssertionError("margins crossed without impossible cells always have a table")


def tried(plan, change):
    "The plan with a change, or without where it can't have it."
    try:
        return change(plan)
    except InvalidPlan:
        return plan


def capped(draw, plan):
    "The plan with a cap on the last answers of its last two margins."
    names = [margin.name for margin in plan.margins[-2:]]
    where = {name: list(plan[name].labels[::-1][:2]) for name in names}
    return plan.control("caps", {"most": (where, draw(st.sampled_from([0, 1, "12.34 %", "1/7"])))})


def locked(draw, plan):
    "The plan with a cell locked in its first part and in its last, as it is or at what was said."
    for part in {part.name: part for part in (plan.profiles[0], plan.profiles[-1])}.values():
        labels = getattr(part, "cell_labels", getattr(part, "labels", ()))
        if labels:
            at = draw(st.integers(0, len(labels) - 1))
            cell = part.labels_of(labels[at]) if isinstance(part, Interlock) else labels[at]
            people = draw(st.sampled_from([None, 0, 1, plan.completes // 3]))
            for to in (None, people):
                locks = partial(QuotaPlan.lock, completes=to)
                plan = tried(
                    plan, lambda p, locks=locks, name=part.name, cell=cell: locks(p, name, cell)
                )
    return plan


@st.composite
def plans(draw, locks=True):
    "Plans with everything that a plan can have, but for a population."
    parts, wants = draw(margins()), draw(st.integers(0, 31))
    if wants & 1 and len(parts) > 1:
        across = draw(st.integers(2, 3))
        crossed = draw(interlocks(parts[:across]))
        rest = parts[across:]
        if crossed.name not in {part.name for part in parts}:
            parts = [crossed, *rest]
    plan = QuotaPlan(draw(st.integers(1, 400)), tuple(parts))
    if wants & 2 and len(plan.margins) > 1:
        plan = capped(draw, plan)
    if wants & 4:
        plan = plan.with_profile(SCREENING)
    if wants & 8:
        plan = tried(plan, lambda p: p.with_minimum(wants % 3 + 1))
    return locked(draw, plan) if wants & 16 and locks else plan
