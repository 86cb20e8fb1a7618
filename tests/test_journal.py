"The journal: where it lies, what a database's troubles are called, and one swap at a time."

import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.database import journal_trouble, journal_url
from target_group_kit.exchange.entries import Entry, Order, is_running, this_process
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.listing import journal_html
from target_group_kit.exchange.schema import ENTRIES

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ONE, TWO = "01JX2X0N5RTR012AYDTA83QW01", "01JX2X0N5RTR012AYDTA83QW02"


def order(reference: str = "tea-1", **changes: str) -> Order:
    known = Order(
        environment="live",
        base_url="https://api.cint.com/v1",
        account_id="543587",
        project_id="01JX2KPG5VEBF8498Z8YTTE8TB",
        reference=reference,
        own_reference=True,
        request_hash="5f3a",
        body='{"name": "Tea drinkers"}',
        contract_version="2025-12-18",
    )
    return replace(known, **changes)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "new" / "journal.db"


@pytest.mark.parametrize(
    ("url", "environ", "text"),
    [
        ("sqlite://", {"TGK_JOURNAL": "sqlite:///b.db"}, "sqlite://"),
        (None, {"TGK_JOURNAL": "sqlite:///b.db"}, "sqlite:///b.db"),
        (Path("a b.db"), {}, "sqlite:///a b.db"),
        (
            "postgresql+psycopg://me:word@host/name",
            {},
            "postgresql+psycopg://me:***@host/name",
        ),
    ],
)
def test_where_a_journal_lies(url, environ, text):
    assert str(journal_url(url, environ=environ)) == text


def test_by_default_in_the_users_data_folder():
    assert journal_url(environ={}).database.endswith(os.path.join("target_group_kit", "journal.db"))


@pytest.mark.parametrize("url", ["journal.db", "c:\\journal.db", "://", "s3cret@host"])
def test_an_address_that_is_none_is_not_repeated(url):
    with pytest.raises(JournalError) as caught:
        Journal(url)
    assert str(caught.value) == (
        "That is no address of a database. It looks like sqlite:///folder/journal.db, or "
        'postgresql+psycopg://host/name; for a file, Path("journal.db") will do too.'
    )


@pytest.mark.parametrize("driver", ["nonesuch", "postgresql+nonesuch"])
def test_a_driver_that_is_missing(driver):
    with pytest.raises(JournalError) as caught:
        Journal(f"{driver}://me:planted-word@host/name")
    assert f"The journal {driver}://me:***@host/name can't be used" in str(caught.value)
    assert "planted-word" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_nobody_else_may_read_it(path):
    before = os.umask(0)
    try:
        with Journal(path) as journal:
            journal.plan(order(), NOON)
            modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert modes == {"journal.db": 0o600, "journal.db-shm": 0o600, "journal.db-wal": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_a_file_that_others_may_read_is_closed_to_them(path):
    Journal(path).close()
    path.chmod(0o644)
    Journal(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_waits_for_the_disk(path):
    with Journal(path) as journal, journal.engine.connect() as connection:
        known = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        }
    assert known == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10000}


def test_an_order_on_its_way(path):
    with Journal(path) as journal:
        planned = journal.plan(order(), NOON)
        assert planned == Entry(
            **vars(order()),
            id=1,
            state="planned",
            attempts=0,
            sender=None,
            lease_until=None,
            target_group_ids=(),
            trace_id=None,
            problem=None,
            planned_at=NOON,
            sent_at=None,
            settled_at=None,
        )
        sending = journal.claim(planned, NOON + timedelta(seconds=1, microseconds=1999))
        assert sending == replace(
            planned,
            state="sending",
            attempts=1,
            sender=this_process(),
            lease_until=NOON + timedelta(seconds=181, microseconds=1000),
            sent_at=NOON + timedelta(seconds=1, microseconds=1000),
        )
        late = NOON + timedelta(seconds=2)
        open_ = journal.settle(sending, "ambiguous", late, problem="no answer", trace_id="7c1d")
        assert open_ == replace(
            sending,
            state="ambiguous",
            lease_until=None,
            problem="no answer",
            trace_id="7c1d",
            settled_at=late,
        )
        done = journal.found(open_, (ONE,), late)
        assert done == replace(open_, state="done", target_group_ids=(ONE,), problem=None)
    with Journal(path) as again:
        assert again.entries() == (done,)
        assert again.find("tea-1") == (done,)
        assert again.read(order()) == done
        assert again.read(order("tea-2")) is None


def test_sending_is_on_disk_before_anything_else_happens(path):
    with Journal(path) as journal:
        journal.claim(journal.plan(order(), NOON), NOON)
        with sqlite3.connect(path) as other:
            rows = other.execute("select state, attempts from entries").fetchall()
        other.close()
    assert rows == [("sending", 1)]


def test_there_is_no_place_for_a_token():
    assert set(ENTRIES.columns.keys()) == {
        "id",
        "environment",
        "base_url",
        "account_id",
        "project_id",
        "reference",
        "own_reference",
        "request_hash",
        "contract_version",
        "name",
        "state",
        "attempts",
        "sender",
        "lease_until",
        "target_group_ids",
        "trace_id",
        "problem",
        "planned_at",
        "sent_at",
        "settled_at",
    }


def test_planning_again_changes_nothing():
    journal = Journal("sqlite://")
    first = journal.plan(order(), NOON)
    sending = journal.claim(first, NOON)
    assert journal.plan(order(), NOON + timedelta(days=1)) == sending


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"base_url": "http://127.0.0.1:1/v1"},
        {"account_id": "7"},
        {"project_id": "01JX2KPG5VEBF8498Z8YTTE8TC"},
        {"reference": "tea-2"},
    ],
)
def test_a_reference_means_one_order_in_one_place(elsewhere):
    journal = Journal("sqlite://")
    here = journal.plan(order(), NOON)
    there = journal.plan(order(**elsewhere, request_hash="77b0"), NOON)
    assert journal.entries() == (there, here)
    assert len(journal.find("tea-1")) == (1 if "reference" in elsewhere else 2)


CHANGED = {"request_hash": "77b0", "body": '{"name": "Coffee drinkers"}'}


@pytest.mark.parametrize("state", ["planned", "refused"])
def test_a_plan_that_made_nothing_may_change_under_its_reference(state):
    journal = Journal("sqlite://")
    first = journal.claim(journal.plan(order(), NOON), NOON)
    journal.settle(first, state, NOON, problem="the goal is missing")
    changed = journal.plan(order(**CHANGED), NOON)
    assert (changed.id, changed.state, changed.attempts) == (first.id, "planned", 1)
    assert (changed.name, changed.problem) == ("Coffee drinkers", None)
    assert journal.entries() == (changed,)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("sending", "(sending: it may exist already). Give this one another reference."),
        ("ambiguous", "(ambiguous: it may exist already). Give this one another reference."),
        (
            "done",
            f"(done: {ONE}). To change that draft, use client.update_target_group; for another "
            "one, give it another reference.",
        ),
    ],
)
def test_a_plan_that_may_exist_keeps_its_reference(state, said):
    journal = Journal("sqlite://")
    entry = journal.claim(journal.plan(order(), NOON), NOON)
    if state == "ambiguous":
        entry = journal.settle(entry, "ambiguous", NOON)
    if state == "done":
        entry = journal.found(entry, (ONE,), NOON)
    with pytest.raises(JournalError) as caught:
        journal.plan(order(**CHANGED), NOON)
    assert str(caught.value) == (
        f"The reference 'tea-1' stands for another target group, 'Tea drinkers' {said}"
    )
    assert journal.entries() == (entry,)


def test_who_comes_late_changes_nothing():
    journal = Journal("sqlite://")
    read = journal.plan(order(), NOON)
    mine = journal.claim(read, NOON)
    assert journal.claim(read, NOON) is None
    assert journal.settle(read, "refused", NOON) is None
    assert journal.forget(read) is None
    assert journal.entries() == (mine,)


def test_ids_are_never_lost():
    journal = Journal("sqlite://")
    first = journal.claim(journal.plan(order(), NOON), NOON)
    second = journal.claim(first, NOON + timedelta(seconds=180))
    done = journal.found(second, (TWO,), NOON)
    both = journal.found(first, (ONE,), NOON, trace_id="7c1d")
    assert done.state == "done"
    assert both.target_group_ids == (TWO, ONE)
    assert (both.state, both.trace_id) == ("ambiguous", "7c1d")
    assert both.problem == "2 target groups stand under this reference"
    assert journal.found(both, (ONE,), NOON).target_group_ids == (TWO, ONE)
    settled = journal.resolve("tea-1", ONE)
    assert (settled.state, settled.target_group_ids, settled.problem) == ("done", (ONE,), None)


def test_an_id_is_kept_even_when_the_entry_is_gone():
    journal = Journal("sqlite://")
    mine = journal.claim(journal.plan(order(), NOON), NOON)
    with journal.engine.begin() as connection:
        connection.execute(sa.delete(ENTRIES))
    assert journal.found(mine, (ONE,), NOON).target_group_ids == (ONE,)


def test_an_emulator_that_forgot():
    journal = Journal("sqlite://")
    done = journal.found(journal.claim(journal.plan(order(), NOON), NOON), (ONE,), NOON)
    again = journal.forget(done)
    assert (again.state, again.target_group_ids, again.sent_at) == ("planned", (), None)
    assert journal.read(order()) == again


@pytest.mark.parametrize("count", [0, 2])
def test_only_a_reference_that_is_clear_can_be_resolved(count):
    journal = Journal("sqlite://")
    for number in range(count):
        journal.plan(order(account_id=str(number)), NOON)
    with pytest.raises(JournalError) as caught:
        journal.resolve("tea-1", ONE)
    assert str(caught.value) == f"{count} entries have the reference 'tea-1', not one."


def test_the_newest_stand_first_and_can_be_chosen():
    journal = Journal("sqlite://")
    first, second = journal.plan(order("a-1"), NOON), journal.plan(order("a-2"), NOON)
    sending = journal.claim(first, NOON)
    assert journal.entries() == (second, sending)
    assert journal.entries("sending") == (sending,)
    assert journal.entries(limit=1) == (second,)
    assert journal.entries("done") == ()


def test_as_a_table():
    journal = Journal("sqlite://")
    assert journal.frame().empty
    assert journal._repr_html_() == "<p style='margin:.3em 0'>The journal is empty.</p>"
    mine = journal.claim(journal.plan(order(), NOON), NOON)
    journal.found(mine, (ONE,), NOON)
    journal.plan(order("tea-2", body='{"name": "<script>"}'), NOON)
    assert journal.frame().astype(object).where(lambda frame: frame.notna(), None).to_dict(
        "records"
    ) == [
        {
            "state": "planned",
            "name": "<script>",
            "target_group": None,
            "reference": "tea-2",
            "environment": "live",
            "project": "01JX2KPG5VEBF8498Z8YTTE8TB",
            "attempts": 0,
            "sent_at": None,
            "problem": None,
        },
        {
            "state": "done",
            "name": "Tea drinkers",
            "target_group": ONE,
            "reference": "tea-1",
            "environment": "live",
            "project": "01JX2KPG5VEBF8498Z8YTTE8TB",
            "attempts": 1,
            "sent_at": NOON,
            "problem": None,
        },
    ]
    shown = journal._repr_html_()
    assert "&lt;script&gt;" in shown
    assert "<script>" not in shown
    assert shown.count("<tr>") == 3
    assert journal_html(journal.entries() * 15).count("<tr>") == 21
    assert "Journal (the newest)" in journal_html(journal.entries() * 15)
    assert repr(journal) == "Journal('sqlite://')"


TROUBLES = [
    (
        "database or disk is full",
        "The journal j can't be used: the disk is full. Free some space, or keep the journal "
        'elsewhere: Journal("sqlite:///…") or TGK_JOURNAL.',
    ),
    ("database is locked", "another program keeps it locked"),
    ("attempt to write a readonly database", "it may not be written"),
    ("file is not a database", "it is not a journal, but a file of another kind"),
    ("database disk image is malformed", "it is damaged"),
    ("unable to open database file", "it can't be opened"),
    ("disk I/O error", "the disk fails"),
    ("something else\nwith more", "can't be used: something else. Check it"),
    ("", "no reason given"),
]


@pytest.mark.parametrize(("said", "told"), TROUBLES)
def test_what_a_trouble_is_called(said, told):
    assert told in str(journal_trouble("j", said))


def test_a_full_disk_changes_nothing(path):
    with Journal(path) as journal:
        planned = journal.plan(order(), NOON)
        journal.close()

        def full(connection: sqlite3.Connection, _: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages}").close()

        sa.event.listen(journal.engine, "connect", full)
        big = order("tea-2", body=json.dumps({"name": "x" * 100_000}))
        with pytest.raises(JournalError, match="the disk is full"):
            journal.plan(big, NOON)
        assert journal.entries() == (planned,)


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("mount"),
    reason="only root can mount a small disk",
)
def test_a_disk_that_is_really_full(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk])
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        with Journal(disk / "journal.db") as journal:
            planned = journal.plan(order(), NOON)
            with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
                while filler.write(b"x" * 4096):
                    pass
            big = order("tea-2", body=json.dumps({"name": "x" * 100_000}))
            with pytest.raises(JournalError, match="the disk is full"):
                journal.plan(big, NOON)
            (disk / "filler").unlink()
            assert journal.entries() == (planned,)
            assert journal.plan(big, NOON).state == "planned"
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_journal_that_may_only_be_read(path):
    Journal(path).close()
    with pytest.raises(JournalError, match="it may not be written"):
        Journal(f"sqlite:///file:{path}?mode=ro&uri=true").plan(order(), NOON)


def test_a_journal_that_somebody_keeps_locked(path):
    with Journal(path) as journal:
        entry = journal.plan(order(), NOON)
        sa.event.listen(
            journal.engine, "checkout", lambda c, *_: c.execute("PRAGMA busy_timeout=1").close()
        )
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="another program keeps it locked"):
            journal.claim(entry, NOON)
        assert journal.read(entry) == entry
        other.close()
        assert journal.claim(entry, NOON).state == "sending"


def test_opening_waits_its_turn(path):
    path.parent.mkdir()
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE another (x)")
    other.execute("BEGIN EXCLUSIVE")
    threading.Timer(0.05, other.rollback).start()
    assert Journal(path).entries() == ()
    other.close()


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda path: path.write_bytes(b"no database at all" * 100), "a file of another kind"),
        (lambda path: path.unlink() or path.mkdir(), "can't be used"),
        (lambda path: path.write_bytes(path.read_bytes()[:5000] + b"\x00" * 3000), "it is damaged"),
    ],
)
def test_a_file_that_is_no_journal_any_more(path, spoil, told):
    Journal(path).close()
    spoil(path)
    with pytest.raises(JournalError, match=told):
        Journal(path).plan(order(), NOON)


def test_a_folder_that_can_not_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match=r"can't be used: (Not a directory|File exists)"):
        Journal(tmp_path / "file" / "journal.db")


def test_a_journal_of_a_newer_kit_is_left_alone(path):
    with Journal(path) as journal, journal.engine.begin() as connection:
        connection.execute(sa.text("insert into journal_schema values (99)"))
    with pytest.raises(JournalError, match="was written by a newer kit; update this one"):
        Journal(path)


@pytest.mark.parametrize("url", ["sqlite://", None])
def test_threads_make_one_claim(url, path):
    journal = Journal(url or path)
    read, ready, won = journal.plan(order(), NOON), threading.Barrier(8), []

    def claim() -> None:
        ready.wait()
        assert journal.plan(order(), NOON).id == read.id
        won.append(journal.claim(read, NOON))

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry is None for entry in won].count(False) == 1
    assert journal.read(order()).attempts == 1


CLAIM = """
import sys
from pathlib import Path
from tests.test_journal import NOON, order
from target_group_kit.exchange.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
journal, attempts = Journal(Path(sys.argv[1])), []
for n in range(20):
    claim = None
    while claim is None:
        claim = journal.claim(journal.plan(order(f"tea-{n}"), NOON), NOON, lease=0)
    attempts.append(claim.attempts)
print(attempts)
"""


def test_processes_open_one_journal_at_once_and_lose_nothing(path):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(path)],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [json.loads(process.communicate()[0]) for process in started]
    with Journal(path) as journal:
        assert [entry.attempts for entry in journal.entries()] == [3] * 20
    assert [sorted(claims) for claims in zip(*said, strict=True)] == [[1, 2, 3]] * 20


def test_a_fork_opens_the_journal_for_itself(path):
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    journal = Journal(path)
    entry = journal.plan(order(), NOON)
    child = os.fork()
    if not child:
        os._exit(0 if journal.claim(entry, NOON) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert journal.read(entry).state == "sending"
    assert journal.claim(entry, NOON) is None


def test_who_is_still_running():
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1)
    host = socket.gethostname()
    assert is_running(this_process())
    assert is_running(f"{host}/1")
    assert not is_running(f"{host}/{int(ended.stdout)}")
    assert is_running("another machine/1")
    assert not is_running(None)


REFERENCES = st.sampled_from(["r-1", "r-2"])


class JournalMachine(RuleBasedStateMachine):
    "Any order of steps, by two hands of which one may have read too early, against a dict."

    @initialize()
    def begin(self) -> None:
        self.journal = Journal("sqlite://")
        self.model: dict[str, tuple[str, int, tuple[str, ...]]] = {}
        self.read: dict[str, Entry] = {}
        self.made = 0

    def fresh(self, reference: str) -> bool:
        entry = self.read[reference]
        return self.model[reference] == (entry.state, entry.attempts, entry.target_group_ids)

    @rule(reference=REFERENCES)
    def look(self, reference: str) -> None:
        self.read[reference] = self.journal.plan(order(reference), NOON)
        self.model.setdefault(reference, ("planned", 0, ()))

    @rule(reference=REFERENCES)
    def claim(self, reference: str) -> None:
        if reference in self.read:
            fresh, attempts = self.fresh(reference), self.model[reference][1]
            claimed = self.journal.claim(self.read[reference], NOON, lease=0)
            assert (claimed is not None) == fresh
            if fresh:
                self.model[reference] = ("sending", attempts + 1, self.model[reference][2])

    @rule(reference=REFERENCES, state=st.sampled_from(["planned", "refused", "ambiguous"]))
    def settle(self, reference: str, state: str) -> None:
        if reference in self.read:
            fresh = self.fresh(reference)
            settled = self.journal.settle(self.read[reference], state, NOON)
            assert (settled is not None) == fresh
            if fresh:
                self.model[reference] = (state, *self.model[reference][1:])

    @rule(reference=REFERENCES, again=st.booleans())
    def found(self, reference: str, again: bool) -> None:
        if reference in self.read:
            _, attempts, known = self.model[reference]
            self.made += 1
            new = known[0] if again and known else f"id-{self.made}"
            ids = known if new in known else (*known, new)
            self.journal.found(self.read[reference], (new,), NOON)
            self.model[reference] = ("done" if len(ids) == 1 else "ambiguous", attempts, ids)

    @invariant()
    def nothing_is_lost(self) -> None:
        held = {
            entry.reference: (entry.state, entry.attempts, entry.target_group_ids)
            for entry in self.journal.entries()
        }
        assert held == self.model

    def teardown(self) -> None:
        self.journal.close()


TestJournalMachine = JournalMachine.TestCase
TestJournalMachine.settings = settings(max_examples=50, stateful_step_count=30, deadline=None)
