"What holds for every builder: code and screen move each other, once, from any thread, no leaks."

import copy
import logging
import threading
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import traitlets
from builders import CASES, Case, Told, every_builder, panel, send, twin
from examples import SOAK
from hands import models, press, shown

EDITS = 1000 if SOAK else 300


def listened(builder: Any) -> list[Any]:
    "The values that a builder announces from now on."
    heard: list[Any] = []
    builder.observe(lambda change: heard.append(change.new), names="value")
    return heard


def same_screen(builder: Any, case: Case, value: Any) -> bool:
    "Whether a builder shows what one made of this value shows."
    fresh = case.make(value)
    return bool(builder.draft == fresh.draft and twin(builder) == twin(fresh))


def in_threads(*jobs: Callable[[], None]) -> None:
    "Run the jobs at once, each in a thread of its own, as callbacks after a page's reload are."
    problems: list[Exception] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as problem:  # noqa: BLE001
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [thread for thread in threads if thread.is_alive()] == []
    assert problems == []


@every_builder
def test_setting_the_value_moves_the_screen(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)
    builder.value = case.other
    assert same_screen(builder, case, case.other)
    assert not same_screen(builder, case, case.first)
    assert heard == [case.other]
    assert builder.errors == []


@every_builder
def test_an_empty_builder_takes_a_value_and_gives_it_back(case: Case) -> None:
    builder = case.make(None)
    assert builder.value is None
    builder.value = case.first
    assert same_screen(builder, case, case.first)
    builder.value = None
    assert builder.value is None
    assert same_screen(builder, case, None)


@every_builder
def test_one_edit_is_one_change(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)
    for text, made in zip(case.edits, case.made, strict=True):
        case.edit(builder, text)
        assert builder.value == made
    assert heard == list(case.made)
    case.edit(builder, case.edits[-1])
    assert len(heard) == 2


@every_builder
def test_what_makes_no_value_keeps_the_last_good_one(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)
    case.edit(builder, case.bad)
    assert builder.value == case.first
    assert not builder.report.ok
    assert heard == []
    case.edit(builder, case.edits[0])
    assert builder.report.ok
    assert heard == [case.made[0]]


@every_builder
def test_the_same_value_again_resets_the_screen(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)
    case.edit(builder, case.bad)
    assert not same_screen(builder, case, case.first)
    builder.value = copy.copy(case.first)
    assert same_screen(builder, case, case.first)
    assert builder.report.ok
    assert heard == []


@every_builder
def test_none_empties_a_screen_that_makes_no_value(case: Case) -> None:
    builder = case.make(case.first)
    case.edit(builder, case.bad)
    builder.value = None
    assert builder.value is None
    assert same_screen(builder, case, None)


@every_builder
def test_two_on_one_value_stay_in_step(case: Case) -> None:
    one, two = case.make(case.first), case.make(case.first)
    traitlets.link((one, "value"), (two, "value"))
    heard = listened(one), listened(two)
    case.edit(one, case.edits[0])
    assert one.value == two.value == case.made[0]
    assert same_screen(two, case, case.made[0])
    case.edit(two, case.edits[1])
    assert one.value == two.value == case.made[1]
    assert same_screen(one, case, case.made[1])
    assert heard == (list(case.made), list(case.made))
    assert one.errors == two.errors == []


@every_builder
def test_a_callbacks_failure_is_seen(case: Case, failures: list[logging.LogRecord]) -> None:
    builder = case.make(case.first)
    builder.observe(lambda _: 1 / 0, names="value")
    case.edit(builder, case.edits[0])
    assert [repr(problem) for problem in builder.errors] == [
        "ZeroDivisionError('division by zero')"
    ]
    assert "ZeroDivisionError: division by zero" in shown(builder)
    assert len(failures) == 1
    assert builder.value == case.made[0]


@every_builder
def test_edits_leak_no_models(case: Case) -> None:
    builder = case.make(case.first)
    before = 0
    for turn in range(EDITS // 3):
        for text in (*case.edits, case.bad):
            case.edit(builder, text)
        if not turn:  # what appears with a first problem may stay
            before = models()
    assert models() == before
    assert builder.errors == []


@every_builder
def test_values_set_from_code_leak_no_models(case: Case) -> None:
    builder = case.make(case.first)
    builder.value = case.other
    before = models()
    for _ in range(10):
        builder.value = case.first
        builder.value = case.other
    assert models() == before
    assert builder.errors == []


@every_builder
def test_callbacks_in_another_thread_are_right(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)
    in_threads(lambda: case.edit(builder, case.edits[0]))
    assert builder.value == case.made[0]
    assert heard == [case.made[0]]
    assert builder.errors == []


@every_builder
def test_callbacks_in_several_threads_take_turns(case: Case) -> None:
    builder = case.make(case.first)
    heard = listened(builder)

    def edits(text: str) -> Callable[[], None]:
        return lambda: [case.edit(builder, text) for _ in range(10)] and None

    in_threads(*map(edits, case.edits))
    assert builder.value in case.made
    alone = case.make(case.first)
    case.edit(alone, case.edits[case.made.index(builder.value)])
    assert builder.draft == alone.draft
    assert [value for value in heard if value not in case.made] == []
    assert [one for one, two in pairwise(heard) if one == two] == []
    assert builder.errors == []


@every_builder
def test_code_makes_what_is_shown(case: Case) -> None:
    builder = case.make(case.first)
    case.edit(builder, case.edits[0])
    names: dict[str, Any] = {}
    exec(builder.code(), names)
    assert case.made[0] in [
        value for name, value in names.items() if type(value) is type(case.first)
    ]


def test_every_public_builder_is_here() -> None:
    import target_group_kit as tgk

    public = {name for name in tgk.__all__ if name.endswith("Builder")}
    assert public == {case.kind for case in CASES}


def test_a_receipt_is_one_change() -> None:
    sent: list[Any] = []

    def submit(group: Any) -> Told:
        sent.append(group)
        return Told("01")

    form = panel(submit)
    heard = listened(form)
    in_threads(lambda: send(form))
    assert heard == [Told("01")]
    assert len(sent) == 1
    assert form.errors == []


def test_a_failure_of_what_submits_is_seen(failures: list[logging.LogRecord]) -> None:
    problem = ZeroDivisionError("of the callable")

    def submit(group: Any) -> Told:
        raise problem

    form = panel(submit)
    send(form)
    assert form.errors == [problem]
    assert "ZeroDivisionError: of the callable" in shown(form)
    assert form.value is None
    assert len(failures) == 1


def test_asking_and_taking_it_back_leaks_no_models() -> None:
    form = panel()
    press(form, "Submit")
    press(form, "No")
    before = models()
    for _ in range(EDITS):
        press(form, "Submit")
        press(form, "No")
    assert models() == before
