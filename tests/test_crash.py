"""Real processes die while they submit, and the next one goes on: one draft.

At each point of a submission, by a signal that leaves no time and by one that does, with the
journal and without it. All of it 25 times in `make soak`.
"""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dying import POINTS, Nursery, job
from examples import SOAK

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.entries import is_running
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault, RandomFaults

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are forked here")

TIMES = 25 if SOAK else 2
# What each death leaves: the journal's state, the drafts, and the creates that come in, in all.
LEFT = {
    "before plan": (None, 0, 1),
    "after plan": ("planned", 0, 1),
    "after sending-commit": ("sending", 0, 1),
    "mid-body": ("sending", 0, 1),
    "after server processing": ("sending", 1, 1),
    "after response": ("sending", 1, 1),
    "after commit": ("done", 1, 1),
    "during audit": ("ambiguous", 1, 2),
}
# An interrupt leaves time to note that it isn't known.
NOTED = {"mid-body": "ambiguous", "after server processing": "ambiguous"}


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


def plans(number: int) -> list[TargetGroup]:
    example = TargetGroup.example()
    return [example.replace(name=f"Adults in Germany, wave {n}") for n in range(number)]


def test_all_points_are_tried() -> None:
    assert tuple(LEFT) == POINTS


@pytest.mark.parametrize("journal_is", ["kept", "deleted"])
@pytest.mark.parametrize("by", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("point", POINTS)
def test_a_process_that_dies_leaves_one_draft(
    nursery: Nursery, tmp_path: Path, point: str, by: signal.Signals, journal_is: str
) -> None:
    state, drafts, creates = LEFT[point]
    state = NOTED.get(point, state) if by == signal.SIGINT else state
    weather = RandomFaults(1, among=(Fault("error_before"),), first=1)
    with (
        Emulator(faults=weather if point == "during audit" else ()) as emulator,
        emulator.client() as client,
    ):
        for n, plan in enumerate(plans(TIMES)):
            path = tmp_path / f"{n}" / "journal.db"
            told = job(emulator, f"sqlite:///{path}", [plan], point, by)
            assert nursery.lives([told]) == [-9 if by == signal.SIGKILL else 1]
            assert len(emulator.drafts) == n + drafts
            with Journal(path) as journal:
                assert [e.state for e in journal.entries()] == [state] * (state is not None)
                assert not any(is_running(e.sender) for e in journal.entries() if e.sender)
            if journal_is == "deleted":
                for file in path.parent.iterdir():
                    file.unlink()
            with Journal(path) as journal:
                receipt = submit(plan, client, emulator.project_id, journal=journal)
                assert submit(plan, client, emulator.project_id, journal=journal) == receipt
            assert emulator.truth[receipt.reference] == (receipt.id,)
            assert emulator.creates[receipt.reference] == creates
        assert len(emulator.drafts) == TIMES


KINDS = ("reset_before", "reset_after", "truncated", "error_after", "unavailable", "html")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
@pytest.mark.parametrize("processes", [2, 4])
def test_processes_on_one_journal_make_one_draft_of_each(
    nursery: Nursery,
    tmp_path: Path,
    processes: int,
    database: str,
    request: pytest.FixtureRequest,
) -> None:
    "Half of them die at the first draft that they make."
    url = f"sqlite:///{tmp_path / 'journal.db'}"
    if database == "postgres":
        url = request.getfixturevalue("postgres")
    weather = RandomFaults(0.3, among=tuple(map(Fault, KINDS)), first=2)
    asked = plans(10 if SOAK else 5)
    with Emulator(faults=weather) as emulator, emulator.client() as client:
        points = ["", "after server processing"] * (processes // 2)
        jobs = [job(emulator, url, asked, point) for point in points]
        ends = nursery.lives(jobs)
        assert ends[::2] == [0] * (processes // 2)
        assert set(ends[1::2]) <= {0, -9}
        with Journal(url) as journal:
            receipts = [
                submit(plan, client, emulator.project_id, journal=journal) for plan in asked
            ]
        assert emulator.truth == {receipt.reference: (receipt.id,) for receipt in receipts}
