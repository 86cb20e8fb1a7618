"""Every fault on each first create, one by one and in a batch: one draft each, no create too many.

All of it with 25 references in `make soak`, less in `make test`.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock

import pytest
from examples import SOAK

from target_group_kit.contract.target_group import TargetGroup
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
LAG, SETTLE = 0.5, 3
ONE_BY_ONE, IN_A_BATCH = (25, 25) if SOAK else (2, 9)


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


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres"))
    return f"sqlite:///{tmp_path / 'journal.db'}"


@pytest.fixture
def journal(url: str) -> Iterator[Journal]:
    with Journal(url) as journal:
        yield journal


def held_against(emulator: Emulator, receipts: dict[str, str], journal: Journal) -> None:
    "One draft per reference, no other, and the journal and the receipts know them by their ids."
    assert emulator.truth == {reference: (found,) for reference, found in receipts.items()}
    assert {line.reference: line.target_group_ids for line in journal.lines()} == emulator.truth
    assert {line.state for line in journal.lines()} == {"done"}


@pytest.mark.parametrize("kind", KINDS)
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
