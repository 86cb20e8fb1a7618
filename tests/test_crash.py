"A real process dies while it submits, and the next one goes on: one draft."

import subprocess
import sys
import time
from pathlib import Path

import pytest

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.entries import is_running
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import Receipt, submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault

GROUP = TargetGroup.example()
# Submits the example and dies on the way: as the request leaves, or as its answer arrives; or it
# waits for an answer that takes a minute, and is killed from outside.
SUBMIT = """
import os, sys
from pathlib import Path
import httpx
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import DemandClient
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import submit

url, auth_url, word, project, journal, dies, group = sys.argv[1:]

class Line(httpx.HTTPTransport):
    def handle_request(self, request):
        create = request.url.path.endswith("/target-groups") and request.method == "POST"
        if create and dies == "as it leaves":
            os._exit(9)
        answer = super().handle_request(request)
        if create and dies == "as the answer arrives":
            os._exit(9)
        return answer

client = DemandClient(
    base_url=url, auth_url=auth_url, account_id=12345, client_id="emulator", client_secret=word,
    http=httpx.Client(transport=Line()), settle_seconds=0,
)
submit(TargetGroup.from_json(group), client, project, journal=Journal(Path(journal)))
"""
STATES = {"as it leaves": 0, "as the answer arrives": 1, "while it waits": 1}


def crash(emulator: Emulator, journal: Path, dies: str) -> None:
    "Run the script until it is dead."
    place = (emulator.url, emulator.auth_url, emulator.client_secret, emulator.project_id)
    process = subprocess.Popen(
        [sys.executable, "-c", SUBMIT, *place, str(journal), dies, GROUP.to_json()],
        cwd=Path(__file__).parents[1],
    )
    if dies == "while it waits":
        while not emulator.drafts and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    assert process.wait(timeout=60) != 0


def again(emulator: Emulator, path: Path, **how: bool) -> Receipt:
    "Submit the same plan from this process."
    with emulator.client() as client, Journal(path) as journal:
        return submit(GROUP, client, emulator.project_id, journal=journal, **how)


@pytest.mark.parametrize("journal_is", ["kept", "deleted"])
@pytest.mark.parametrize("dies", STATES)
def test_a_process_that_dies_leaves_one_draft(tmp_path, dies, journal_is):
    path = tmp_path / "journal.db"
    with Emulator(
        faults=[Fault("hang", seconds=60)] if dies == "while it waits" else ()
    ) as emulator:
        crash(emulator, path, dies)
        assert len(emulator.drafts) == STATES[dies]
        with Journal(path) as journal:
            assert [(e.state, e.attempts) for e in journal.entries()] == [("sending", 1)]
        if journal_is == "deleted":
            for file in tmp_path.iterdir():
                file.unlink()
        receipt = again(emulator, path)
        assert again(emulator, path) == receipt
        assert [draft.id for draft in emulator.drafts] == [receipt.id]
        second = again(emulator, path, copy=True)
        assert again(emulator, path, copy=True) == second
        assert [draft.id for draft in emulator.drafts] == [receipt.id, second.id]


def test_the_process_that_goes_on_knows_that_the_other_is_dead(tmp_path):
    "Otherwise it would wait for as long as a request may take."
    with Emulator() as emulator:
        crash(emulator, tmp_path / "journal.db", "as it leaves")
        with Journal(tmp_path / "journal.db") as journal, emulator.client(sleep=no_wait) as client:
            assert not is_running(journal.entries()[0].sender)
            submit(GROUP, client, emulator.project_id, journal=journal)


def no_wait(seconds: float) -> None:
    assert seconds == 0
