"Where a journal lies, who may read it, and what its disk's troubles are called."

import json
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import threading
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.database import (
    journal_trouble,
    journal_url,
    network_drive,
    open_database,
)
from target_group_kit.exchange.journal import Journal
from tests.journals import NOON, batch, order


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
        (
            "postgresql+psycopg://me@host/name?password=word&sslmode=require",
            {},
            "postgresql+psycopg://me:***@host/name?sslmode=require",
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


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_the_files_beside_it_are_closed_to_others_too(path):
    with Journal(path) as journal:
        journal.plan(order(), NOON)
        for file in path.parent.iterdir():
            file.chmod(0o644)
        Journal(path).close()
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
    assert modes == {"journal.db": 0o600, "journal.db-shm": 0o600, "journal.db-wal": 0o600}


MOUNTS = """\
/dev/vda1 / ext4 rw,relatime 0 0
filer:/export /home nfs4 rw,vers=4.2 0 0
/dev/vdb1 /home/me/local ext4 rw 0 0
//filer/my\\040share /mnt/my\\040share cifs rw 0 0
me@host:/ /mnt/ssh fuse.sshfs rw 0 0
not a line
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mounted")
@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("/srv/journal.db", None),
        ("/home/me/journal.db", "nfs4"),
        ("/home/me/local/deep/journal.db", None),
        ("/homes/journal.db", None),
        ("/mnt/my share/journal.db", "cifs"),
        ("/mnt/ssh/journal.db", "fuse.sshfs"),
    ],
)
def test_which_folders_are_network_drives(file, kind):
    assert network_drive(Path(file), MOUNTS) == kind
    assert network_drive(Path(file), "") is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells what is mounted")
def test_a_journal_on_a_network_drive_is_refused(tmp_path):
    path = tmp_path / "journal.db"
    with pytest.raises(JournalError) as caught:
        open_database(journal_url(path), mounts=f"filer:/export {tmp_path} nfs4 rw 0 0\n")
    assert str(caught.value) == (
        f"The journal sqlite:///{path} can't be used: it lies on a network drive (nfs4), where "
        "SQLite can't keep two programs apart. Name a file on a disk of this machine in "
        "TGK_JOURNAL, such as sqlite:////folder/journal.db, or use PostgreSQL."
    )
    assert not path.exists()


def test_it_waits_for_the_disk(path):
    with Journal(path) as journal, journal.engine.connect() as connection:
        known = {
            name: connection.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "busy_timeout")
        }
    assert known == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10000}


def test_sending_is_on_disk_before_anything_else_happens(path):
    with Journal(path) as journal:
        journal.claim(journal.plan(order(), NOON), NOON)
        with sqlite3.connect(path) as other:
            rows = other.execute("select state, attempts from entries").fetchall()
        other.close()
    assert rows == [("sending", 1)]


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
    ("could not extend file: No space left on device", "the disk is full"),
    ("canceling statement due to lock timeout", "another program keeps it locked"),
    ("deadlock detected", "another program wrote the same rows"),
    ("password authentication failed for user", "its server doesn't accept the password"),
    ("fe_sendauth: no password supplied", "its server wants a password"),
    ("permission denied for schema public", "its server doesn't allow that"),
    ('relation "entries" does not exist', "its tables are not there any more"),
    ('database "x" does not exist', "its server has no such database or user"),
    ('connection to server at "h" failed: Connection refused', "its server can't be reached"),
    ("failed to resolve host 'h': Name unknown", "its server can't be reached"),
    ("server closed the connection unexpectedly", "its server ended the connection"),
    ("terminating connection due to administrator command", "its server ended the connection"),
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


@pytest.mark.parametrize("kept", [0, 31, 32, 2000, 4152, 9000])
def test_a_log_that_was_cut_leaves_what_was_whole(path, tmp_path, kept):
    "A power cut in the middle of writing: the entry is there as it was before, or is not."
    with Journal(path) as journal:
        journal.plan(order("tea-0"), NOON)
    with Journal(path) as journal:
        states = [journal.plan(order(), NOON), journal.claim(journal.plan(order(), NOON), NOON)]
        cut = tmp_path / "cut"
        shutil.copytree(path.parent, cut)
    with (cut / "journal.db-wal").open("r+b") as log:
        log.truncate(kept)
    (cut / "journal.db-shm").unlink()
    with Journal(cut / "journal.db") as journal:
        assert journal.read(order("tea-0")).state == "planned"
        assert journal.read(order()) in (None, *states)
        assert journal.claim(journal.plan(order("tea-2"), NOON), NOON).state == "sending"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit of the size of files is POSIX")
def test_a_file_that_may_not_grow(path):
    "A quota of the disk: what doesn't fit is said, and what was there stays."
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.journals import NOON, batch, order\n"
        "from target_group_kit.contract.errors import JournalError\n"
        "from target_group_kit.exchange.journal import Journal\n"
        "journal = Journal(Path(sys.argv[1]))\n"
        "journal.plan(order(), NOON)\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
        "try:\n"
        "    journal.plan_all(batch(20, weight=24_000), NOON)\n"
        "except JournalError as problem:\n"
        "    print(problem)\n"
        "print([line.reference for line in journal.lines()])\n"
        "print(journal.claim(journal.read(order()), NOON).state)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
    )
    said = done.stdout.splitlines()
    assert done.returncode == 0, done.stderr
    assert re.search(r"can't be used: the disk (is full|fails)\.", said[0])
    assert said[1:] == ["['tea-1']", "sending"]


QUERIES = {
    "a place": ("base_url = '' AND account_id = '' AND project_id = '' AND reference IN ('a')", ""),
    "a reference": ("reference = 'a'", "ORDER BY id DESC"),
    "a state": ("state = 'done' AND id < 9", "ORDER BY id DESC LIMIT 500"),
    "a page": ("id < 9", "ORDER BY id DESC LIMIT 500"),
    "what to drop": ("id IN (1, 2) AND state = 'planned'", ""),
}


@pytest.mark.parametrize("what", QUERIES)
def test_nothing_is_looked_for_from_end_to_end(path, what):
    where, order_by = QUERIES[what]
    asked = f"EXPLAIN QUERY PLAN SELECT * FROM entries WHERE {where} {order_by}"
    with Journal(path) as journal, journal.engine.connect() as connection:
        steps = [row[-1] for row in connection.execute(sa.text(asked))]
    assert [step for step in steps if step.startswith("SCAN")] == []
    assert any(step.startswith("SEARCH entries USING") for step in steps)


def test_a_batch_needs_little_memory(path):
    "Sixty megabytes of bodies go through a fraction of that."

    def heavy():
        for one in batch(2500):
            yield replace(one, body=json.dumps({"name": "Tea", "note": "x" * 24_000}))

    tracemalloc.start()
    try:
        with Journal(path) as journal:
            lines = journal.plan_all(heavy(), NOON)
            assert sum(len(journal.body(line)) for line in lines[:200]) > 200 * 24_000
            assert sum(1 for _ in journal.lines()) == 2500
            assert tracemalloc.get_traced_memory()[1] < 30 * 2**20
    finally:
        tracemalloc.stop()


def test_a_folder_that_can_not_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(JournalError, match=r"can't be used: (Not a directory|File exists)"):
        Journal(tmp_path / "file" / "journal.db")
