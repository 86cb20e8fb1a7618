"Quota plans of every kind, for Hypothesis: small ones, with everything that a plan can hold."

from contextlib import suppress
from fractions import Fraction
from itertools import product
from math import prod
from typing import Any

from hypothesis import reject
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    OpenEndedCondition,
    Quota,
    RangeCondition,
    RegularProfile,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.caps import Cap, Control
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Cell, Margin
from target_group_kit.sampling.plan import QuotaPlan

awkward = st.sampled_from(["=1+1", "+a", "-b", "@c", "'=d", "_x0041_", "1", " a", "a, b", "∅"])
texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6).filter(str.strip),
    awkward,
)
weights = st.one_of(st.integers(0, 50), st.decimals(0, 100, places=2).map(float))
shares = st.fractions(0, 1, max_denominator=40)


def written(question_id: int, value: str) -> OpenEndedCondition:
    return OpenEndedCondition(
        question_id=question_id, allow_all_values=False, open_ended_values=(value,)
    )


def answers(kind: str, question_id: int, n: int) -> Any:
    return {
        "option": f"-{n}",
        "either": (str(n), str(n + 100)),
        "range": (10 * n + 1, 10 * n + 10),
        "written": written(question_id, f"{n:05} or so"),
    }[kind]


@st.composite
def margins(draw: Any, question_id: int, least: int = 1) -> Margin:
    labels = draw(st.lists(texts, min_size=least, max_size=3, unique=True))
    numbers = draw(st.lists(weights, min_size=len(labels), max_size=len(labels)).filter(any))
    kind = draw(st.sampled_from(["option", "either", "range", "written"]))
    locks = draw(st.integers(0, 7))
    cells = (
        Cell(label, answers(kind, question_id, n), weight, bool(locks >> n & 1))
        for n, (label, weight) in enumerate(zip(labels, numbers, strict=True))
    )
    source = draw(st.sampled_from(["", "=the client"]))
    return Margin(f"{draw(texts)} {question_id}", question_id, tuple(cells), source)


@st.composite
def interlocks(draw: Any, questions: list[int]) -> Interlock:
    axes = tuple(draw(margins(question, least=2)) for question in questions)
    shape = [len(axis.cells) for axis in axes]
    places = list(product(*map(range, shape)))
    seeds = st.lists(st.integers(1, 9), min_size=prod(shape), max_size=prod(shape))
    seed = tuple(draw(st.one_of(st.just([]), seeds)))
    gone = (draw(st.sampled_from(places)),) if draw(st.integers(0, 3)) == 0 else ()
    kept = draw(st.sampled_from(places))
    share = prod((axis.shares[n] for axis, n in zip(axes, kept, strict=True)), start=Fraction(1, 2))
    locked = ((kept, share),) if draw(st.booleans()) and kept not in gone else ()
    labels = tuple(f"cell {n}" for n in range(len(places) - len(gone))) * draw(st.booleans())
    for options in [{"zeros": gone, "locked": locked, "labels": labels}, {}]:
        try:
            return Interlock(draw(texts), axes, seed, **options)
        except InvalidPlan:
            pass  # no table has these margins with that cell impossible or locked
    raise AssertionError("a table without zeros has all margins")


@st.composite
def controls(draw: Any, of: list[Margin]) -> Control:
    def cap(n: int) -> Cap:
        labels = [draw(st.lists(st.sampled_from(m.labels), min_size=1, unique=True)) for m in of]
        cells = tuple((m.name, tuple(some)) for m, some in zip(of, labels, strict=True))
        return Cap(f"{draw(texts)} {n}", cells, draw(shares))

    return Control(f"{draw(texts)} caps", tuple(cap(n) for n in range(draw(st.integers(1, 2)))))


@st.composite
def carried(draw: Any, question_id: int) -> RegularProfile | BlendedProfile:
    option = SelectionCondition(question_id=question_id, option="1")
    if draw(st.booleans()):
        target = Target(name=draw(texts), conditions=(option,))
        return RegularProfile(name=draw(texts), quotas_enabled=False, targets=(target,))
    kind = draw(st.sampled_from([{"completes_goal": 5}, {"completes_goal_percentage": 12.5}]))
    both = (option, RangeCondition(question_id=question_id + 1, min=18, max=34))
    cell = Target(name=draw(texts), conditions=both, quota=Quota(**kind))
    name = f"{draw(texts)} carried"
    return BlendedProfile(name=name, quotas_enabled=True, targets=(cell,))


@st.composite
def plans(draw: Any, populated: bool = True) -> QuotaPlan:
    "A plan of margins, with or without an interlock, caps, a carried profile and a population."
    alone = [
        draw(margins(question)) for question in [42, 43][: draw(st.sampled_from([0, 1, 1, 2]))]
    ]
    parts: list[Any] = list(alone)
    blend = draw(st.sampled_from(["none", "none", "two", "two", "three", "carried"]))
    if blend in ("two", "three"):
        parts.append(draw(interlocks([50, 51, 52][: 2 + (blend == "three")])))
    if blend == "carried":
        parts.append(draw(carried(60)))
    if len(alone) == 2 and draw(st.booleans()):
        parts.append(draw(controls(alone)))
    people = draw(plans(populated=False)) if populated and draw(st.integers(0, 3)) == 0 else None
    goal, minimum = draw(st.integers(1, 400)), draw(st.sampled_from([0, 0, 0, 1, 2]))
    for least in (minimum, 0):
        with suppress(InvalidPlan):  # the goal can't hold the minimum, or the locks in whole people
            return QuotaPlan(goal, tuple(parts), least, people)
    return reject()
