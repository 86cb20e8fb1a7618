"How fast, how often again, and when to pause: by clocks that the tests move."

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.exchange.patience import Brake, Pace, RetryBudget, Watch


class Clock:
    "Time that passes when somebody sleeps."

    def __init__(self) -> None:
        self.time, self.waits = 0.0, []

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.time += seconds


@given(st.floats(0.1, 100), st.lists(st.floats(0, 10), max_size=30))
def test_a_pace_is_never_exceeded(per_second, idle):
    "Whatever the pauses between them, any two permits are a gap apart."
    clock, permits = Clock(), []
    pace = Pace(per_second, clock.now, clock.sleep)
    for seconds in idle:
        clock.time += seconds
        pace.wait()
        permits.append(clock.time)
    gaps = [later - before for before, later in pairwise(permits)]
    assert all(gap >= 1 / per_second - 1e-9 for gap in gaps)


def test_a_pace_costs_nothing_to_the_slow():
    clock = Clock()
    pace = Pace(2, clock.now, clock.sleep)
    for _ in range(5):
        pace.wait()
        clock.time += 0.5
    assert clock.waits == []


@pytest.mark.parametrize(
    ("full", "gain", "steps", "spent"),
    [
        (2, 0.5, "sss", [True, True, False]),
        (2, 0.5, "sses", [True, True, False]),
        (2, 0.5, "ssees", [True, True, True]),
        (2, 0.5, "eeeesss", [True, True, False]),
        (float("inf"), 0, "ss", [True, True]),
    ],
)
def test_a_budget(full, gain, steps, spent):
    budget, seen = RetryBudget(full, gain), []
    for step in steps:
        if step == "s":
            seen.append(budget.spend())
        else:
            budget.earn()
    assert seen == spent


def test_a_budget_holds_a_hundred():
    budget = RetryBudget()
    assert [budget.spend() for _ in range(101)] == [True] * 100 + [False]


# A story told to a brake: f fails, w works, seconds pass; then whether it is pulled, and the wait.
STORIES = [
    ("", False, 0),
    ("ff", False, 0),
    ("ffwff", False, 0),
    ("fff", True, 1),
    ("ffff", True, 1),  # Sent before the pause began
    ("fff1", True, 0),
    ("fff1f", True, 2),
    ("fff1ff", True, 2),
    ("fff1f2f", True, 4),
    ("fff1f2f4f8f", True, 10),
    ("fff1w", False, 0),
    ("fff1wff", False, 0),
    ("fff1wfff", True, 1),
]


@pytest.mark.parametrize(("story", "pulled", "wait"), STORIES)
def test_a_brake(story, pulled, wait):
    brake, now = Brake(after=3, longest=10), 0
    for step in story:
        if step == "f":
            brake.failed(now)
        elif step == "w":
            brake.worked()
        else:
            now += int(step)
    assert (brake.pulled, brake.wait(now)) == (pulled, wait)


def test_a_wait_that_is_asked_for_holds_and_is_no_failure():
    brake = Brake(after=3)
    brake.hold(0, 60)
    brake.hold(0, 7)
    assert (brake.pulled, brake.wait(0), brake.wait(50), brake.wait(60)) == (False, 60, 10, 0)
    assert not brake.spent


@pytest.mark.parametrize(("worked", "pauses"), [(True, 13), (False, 4)])
def test_patience_is_longer_when_anything_worked_before(worked, pauses):
    "1 + 2 + 4 + 8 + 16 s are over 30; and with nine of 30 s more, over 300."
    brake, now, count = Brake(after=1, patience=300), 0.0, 0
    if worked:
        brake.worked()
    while True:
        brake.failed(now)
        if brake.spent:
            break
        count += 1
        now += brake.wait(now)
    assert count == pauses


@given(st.lists(st.floats(0, 100)))
def test_what_was_slept_has_passed(seconds):
    for speed in (0, 0.5, 1, 2):
        clock = Clock()
        watch = Watch(lambda c=clock, s=speed: c.time * s, clock.sleep)
        for wait in seconds:
            before = watch()
            watch.sleep(wait)
            assert watch() - before >= wait - 1e-6
