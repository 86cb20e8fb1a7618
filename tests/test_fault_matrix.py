"""Every fault on each first create, one by one and in a batch: one draft each, no create too many.

All of it with 25 references in `make soak`, less in `make test`.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest
import sqlalchemy as sa
from examples import SOAK

from target_group_kit.contract.errors import ExchangeError, JournalError, Unresolved
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.bulk import submit_many
from target_group_kit.exchange.client import DemandClient
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import FAULT_KINDS, Fault, RandomFaults

CREATE, LIST = "create_target_group", "get_list_target_groups"
KINDS = [name for name, kind in FAULT_KINDS.items() if kind.only is None]
# Seconds of the fault; those of a hang and of an outage pass in truth, those of a late commit by
# the clock, and together with the list's lag they stay below the settle time.
SECONDS = {"hang": 60, "hang_before": 60, "refused": 0.02, "slow": 0.02, "late_commit": 1}
LAG, SETTLE = 0.5, 60
ONE_BY_ONE, IN_A_BATCH = (25, 25) if SOAK else (1, 9)
# How often the batch is submitted until all is done. A 403 of a young token is the user's to mend,
# and an exchange that is away for each of a batch may be so for a plan's every attempt.
AGAIN = {"expired": IN_A_BATCH, "refused": 5, "turned_away": 3}
EVERYWHERE = [("sqlite", kind) for kind in KINDS]
EVERYWHERE += [("postgres", kind) for kind in (KINDS if SOAK else KINDS[::5])]


class Clock:
    "Time that passes by itself, and faster where somebody sleeps."

    def __init__(self, share: float = 0.02) -> None:
        self.ahead, self._share, self._lock = timedelta(0), share, Lock()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def sleep(self, seconds: float) -> None:
        real = min(seconds, self._share)
        time.sleep(real)
        with self._lock:
            self.ahead += timedelta(seconds=seconds - real)


def plans(number: int) -> list[TargetGroup]:
    example = TargetGroup.example()
    return [example.replace(name=f"Adults in Germany, wave {n}") for n in range(number)]


def fault(kind: str) -> Fault:
    return Fault(kind, seconds=SECONDS.get(kind, 0.01))


def patience(kind: str) -> float:
    "How long the client waits for an answer: not long for one that never comes."
    return 0.4 if kind.startswith("hang") else 30


def client_of(emulator: Emulator, clock: Clock, kind: str = "", **options: object) -> DemandClient:
    waits = {"read_timeout": patience(kind), "settle_seconds": SETTLE, "sleep": clock.sleep}
    return emulator.client(**waits | options)


def grow_old(client: DemandClient, clock: Clock) -> None:
    "Let the token be twenty minutes old: then a 403 may be about the token."
    client.log_in()
    clock.ahead += timedelta(minutes=20)


@pytest.fixture
def journal(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    if database == "postgres":
        url = request.getfixturevalue("postgres")
    with Journal(url) as journal:
        yield journal


def held_against(emulator: Emulator, receipts: dict[str, str], journal: Journal) -> None:
    "One draft per reference, no other, and the journal and the receipts know them by their ids."
    assert emulator.truth == {reference: (found,) for reference, found in receipts.items()}
    assert {line.reference: line.target_group_ids for line in journal.lines()} == emulator.truth
    assert {line.state for line in journal.lines()} == {"done"}


@pytest.mark.parametrize(("database", "kind"), EVERYWHERE)
def test_one_by_one(kind: str, journal: Journal) -> None:
    clock, weather = Clock(), RandomFaults(rate=1, among=(fault(kind),), first=1)
    receipts: dict[str, str] = {}
    with (
        Emulator(clock=clock, faults=weather, list_lag=LAG) as emulator,
        client_of(emulator, clock, kind) as client,
    ):
        for plan in plans(ONE_BY_ONE):
            grow_old(client, clock)
            receipt = submit(plan, client, emulator.project_id, journal=journal)
            receipts[receipt.reference] = receipt.id
    held_against(emulator, receipts, journal)
    assert set(emulator.creates.values()) == {1 if fault(kind).processed else 2}


@pytest.mark.parametrize(("database", "kind"), EVERYWHERE)
def test_in_a_batch(kind: str, journal: Journal) -> None:
    clock, weather = Clock(), RandomFaults(rate=1, among=(fault(kind),), first=1)
    asked = plans(IN_A_BATCH)
    with (
        Emulator(clock=clock, faults=weather, list_lag=LAG) as emulator,
        client_of(emulator, clock, kind) as client,
    ):
        for _ in range(AGAIN.get(kind, 1)):
            grow_old(client, clock)
            batch = submit_many(asked, client, emulator.project_id, journal=journal, progress=False)
            if batch.ok:
                break
        batch.raise_for_problems()
    held_against(emulator, {r.reference: r.id for r in batch.receipts}, journal)
    assert set(emulator.creates.values()) == {1 if fault(kind).processed else 2}


# A look-up that fails: before the first create, and when the create's answer was lost. Then the
# creates that come in for each plan.
LOOKS = [
    (Fault("error_before", on=LIST, times=2), 1),
    (Fault("reset_before", on=LIST), 1),
    (Fault("hang", on=LIST, seconds=60), 1),
    (Fault("truncated", on=LIST), 1),
    (Fault("rate_limited", on=LIST, seconds=0.01), 1),
    (Fault("log_in_page", on=LIST), 1),
    (Fault("endless_list", on=LIST), 1),
    (Fault("absent", on=LIST, times=2), 1),
]


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize(("look", "creates"), LOOKS, ids=[f.kind for f, _ in LOOKS])
def test_a_look_up_that_fails_costs_no_draft(
    look: Fault, creates: int, lost: bool, journal: Journal
) -> None:
    clock = Clock()
    receipts: dict[str, str] = {}
    with (
        Emulator(clock=clock, list_lag=LAG) as emulator,
        client_of(emulator, clock, look.kind) as client,
    ):
        for plan in plans(ONE_BY_ONE):
            if lost:
                emulator.inject(Fault("closed_after"), look)
            else:
                emulator.inject(look)
            receipt = submit(plan, client, emulator.project_id, journal=journal)
            receipts[receipt.reference] = receipt.id
            assert emulator.creates[receipt.reference] == creates
    held_against(emulator, receipts, journal)


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("look", [look for look, _ in LOOKS], ids=[f.kind for f, _ in LOOKS])
def test_a_batch_whose_look_ups_fail(look: Fault, journal: Journal) -> None:
    clock, asked = Clock(), plans(IN_A_BATCH)
    among = (Fault("closed_after"), Fault(look.kind, on=LIST, seconds=look.seconds))
    with (
        Emulator(
            clock=clock, faults=RandomFaults(1, among=among, first=1), list_lag=LAG
        ) as emulator,
        client_of(emulator, clock, look.kind) as client,
    ):
        batch = submit_many(asked, client, emulator.project_id, journal=journal, progress=False)
        batch.raise_for_problems()
    held_against(emulator, {r.reference: r.id for r in batch.receipts}, journal)
    assert set(emulator.creates.values()) == {1}


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("kind", ["error_before", "endless_list", "moved_307"])
def test_a_look_up_that_never_works_sends_nothing(kind: str, journal: Journal) -> None:
    clock, [plan] = Clock(), plans(1)
    never = RandomFaults(1, among=(Fault(kind, on=LIST),))
    with Emulator(clock=clock, faults=never) as emulator, client_of(emulator, clock) as client:
        with pytest.raises(ExchangeError):
            submit(plan, client, emulator.project_id, journal=journal)
        assert (emulator.drafts, emulator.creates) == ((), {})
    assert [line.state for line in journal.lines()] == ["planned"]


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("kind", ["error_before", "endless_list", "moved_307"])
def test_a_look_up_that_stays_away_after_a_lost_answer_leaves_it_open(
    kind: str, journal: Journal
) -> None:
    "It is told, nothing is sent again, and a second call finds the draft."
    clock, [plan] = Clock(), plans(1)
    with Emulator(clock=clock) as emulator, client_of(emulator, clock) as client:
        emulator.inject(Fault("absent", on=LIST), Fault("closed_after"))
        emulator.inject(Fault(kind, on=LIST, times=100))
        with pytest.raises(Unresolved, match="It can't be looked up") as caught:
            submit(plan, client, emulator.project_id, journal=journal)
        assert [line.state for line in journal.lines()] == ["ambiguous"]
        assert emulator.creates == {caught.value.reference: 1}
        emulator.calm()
        receipt = submit(plan, client, emulator.project_id, journal=journal)
    held_against(emulator, {receipt.reference: receipt.id}, journal)
    assert emulator.creates == {receipt.reference: 1}


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("many", [False, True])
def test_two_matches_are_told_with_both_ids(many: bool, journal: Journal) -> None:
    clock, [plan] = Clock(), plans(1)
    with Emulator(clock=clock) as emulator, client_of(emulator, clock) as client:
        emulator.inject(Fault("absent", on=LIST), Fault("reset_after"))
        emulator.inject(Fault("two_matches", on=LIST))
        project = emulator.project_id
        if many:
            batch = submit_many([plan], client, project, journal=journal, progress=False)
            [line] = [outcome.line for outcome in batch.duplicates]
        else:
            with pytest.raises(Unresolved) as caught:
                submit(plan, client, project, journal=journal)
            [line] = journal.lines()
            assert caught.value.ids == line.target_group_ids
        [draft] = emulator.drafts
        assert (line.state, line.target_group_ids) == (
            "ambiguous",
            (draft.id, f"ZZZZ{draft.id[4:]}"),
        )
        journal.resolve(line.reference, draft.id)
        assert submit(plan, client, project, journal=journal).id == draft.id
        assert emulator.creates == {line.reference: 1}


@contextmanager
def sick(journal: Journal, change: str, to: str, said: str) -> Iterator[None]:
    "A disk that fails at a change of the journal, in the database's own words."

    def fail(_cursor: object, statement: str, parameters: tuple[object, ...], _: object) -> None:
        if statement.startswith(f"{change} entries") and to in parameters:
            raise sqlite3.OperationalError(said)

    sa.event.listen(journal.engine, "do_execute", fail)
    yield
    sa.event.remove(journal.engine, "do_execute", fail)


# The change that fails, the words, and what the journal holds afterwards.
FULL, LOCKED, WRITELESS = "database or disk is full", "database is locked", "readonly database"
DISK = [
    ("INSERT INTO", "planned", FULL, []),
    ("INSERT INTO", "planned", LOCKED, []),
    ("UPDATE", "sending", FULL, ["planned"]),
    ("UPDATE", "sending", LOCKED, ["planned"]),
    ("UPDATE", "sending", WRITELESS, ["planned"]),
    ("UPDATE", "done", FULL, ["sending"]),
    ("UPDATE", "done", WRITELESS, ["sending"]),
    ("UPDATE", "ambiguous", "disk I/O error", ["sending"]),
]


@pytest.mark.parametrize("database", ["sqlite"])
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(("change", "to", "said", "states"), DISK)
def test_a_disk_that_fails_loses_nothing(
    change: str, to: str, said: str, states: list[str], many: bool, journal: Journal
) -> None:
    clock, [plan] = Clock(), plans(1)
    lost = [Fault("reset_after")] if to == "ambiguous" else []
    with (
        Emulator(clock=clock, faults=lost, list_lag=LAG) as emulator,
        client_of(emulator, clock) as client,
    ):
        project = emulator.project_id

        def send() -> None:
            if many:
                submit_many([plan], client, project, journal=journal, progress=False)
            submit(plan, client, project, journal=journal)

        with sick(journal, change, to, said), pytest.raises(JournalError, match="can't be used"):
            send()
        assert [line.state for line in journal.lines()] == states
        receipt = submit(plan, client, project, journal=journal)
    held_against(emulator, {receipt.reference: receipt.id}, journal)
    assert emulator.creates == {receipt.reference: 1}


@pytest.mark.parametrize("cut", ["journal.db", "journal.db-wal"])
def test_a_journal_whose_file_was_cut_is_put_aside(cut: str, tmp_path: Path) -> None:
    "Its words may be lost, and the draft is found all the same."
    clock, [plan] = Clock(), plans(1)
    path = tmp_path / "journal.db"
    with Emulator(clock=clock) as emulator, client_of(emulator, clock) as client:
        journal = Journal(path)
        first = submit(plan, client, emulator.project_id, journal=journal)
        copies = tmp_path / "copies"
        copies.mkdir()
        for file in tmp_path.glob("journal.db*"):
            (copies / file.name).write_bytes(file.read_bytes())
        journal.close()
        half = copies / cut
        half.write_bytes(half.read_bytes()[: half.stat().st_size // 2])
        try:
            with Journal(copies / "journal.db") as journal:
                again = submit(plan, client, emulator.project_id, journal=journal)
        except JournalError:
            with Journal(copies / "another.db") as journal:
                again = submit(plan, client, emulator.project_id, journal=journal)
        assert again.id == first.id
        assert emulator.truth == {first.reference: (first.id,)}
        assert emulator.creates == {first.reference: 1}
