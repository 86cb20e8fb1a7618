"A journal of an older kit is carried over, whole or not at all; one of a newer kit is left alone."

import shutil
import sqlite3
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.schema import SCHEMA_VERSION, known_version
from tests.journals import NOON, ONE, order

OLD = Path(__file__).parent / "data" / "journal-1.db"  # Written by the kit of version 1
THEN = datetime(2026, 11, 24, 12, tzinfo=UTC)
IDS = tuple(f"01JX2X0N5RTR012AYDTA83QW0{n}" for n in (1, 2, 3))
SENDER = "another machine/7"
# state, name, reference, environment, attempts, ids, trace, problem, seconds until sent and settled
HELD = [
    ("planned", "Tea, last", "tea-last", "live", 0, (), None, None, None, None),
    ("sending", "Tea, sending", "tea-sending", "emulator", 1, (), None, None, 1, None),
    (
        "refused",
        "Tea, refused",
        "tea-refused",
        "live",
        1,
        (),
        "9a",
        "The exchange refused (400).",
        1,
        3,
    ),
    (
        "ambiguous",
        "Thé, 茶",
        "tea-twice",
        "live",
        1,
        IDS[1:],
        None,
        "2 target groups stand under this reference",
        1,
        2,
    ),
    ("done", 'Tea "done"', "tea-done", "live", 1, IDS[:1], "7c1d", None, 1, 2),
    ("planned", "Tea, planned", "tea-planned", "live", 0, (), None, None, None, None),
]


def old_file(folder: Path) -> str:
    "A copy of a journal that version 1 wrote."
    shutil.copy(OLD, folder / "journal.db")
    return f"sqlite:///{folder / 'journal.db'}"


def old_server(url: str) -> str:
    "The same on a server: the tables that version 1 made there, with what the file holds."
    file, server = sa.create_engine(f"sqlite:///{OLD}"), sa.create_engine(url)
    tables = sa.MetaData()
    tables.reflect(file)
    with file.connect() as source, server.begin() as target:
        tables.create_all(target)
        for table in tables.sorted_tables:
            rows = source.execute(sa.select(table)).mappings().all()
            target.execute(sa.insert(table), [dict(row) for row in rows])
    file.dispose()
    server.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def old(request, tmp_path):
    "The address of a journal of version 1."
    if request.param == "postgres":
        return old_server(request.getfixturevalue("postgres"))
    return old_file(tmp_path)


def after(seconds: int | None) -> datetime | None:
    return None if seconds is None else THEN + timedelta(seconds=seconds)


def test_everything_is_carried_over(old):
    with Journal(old) as journal:
        lines = tuple(journal.lines())
        assert [
            (
                *(line.state, line.name, line.reference, line.environment, line.attempts),
                *(line.target_group_ids, line.trace_id, line.problem, line.sent_at),
                line.settled_at,
            )
            for line in lines
        ] == [(*values, after(sent), after(settled)) for *values, sent, settled in HELD]
        assert [line.id for line in lines] == [6, 5, 4, 3, 2, 1]
        assert {line.planned_at for line in lines} == {THEN}
        assert {line.lease_until for line in lines} == {None}
        assert [line.sender for line in lines] == [None, SENDER, SENDER, SENDER, SENDER, None]
        assert journal.body(lines[3]) == (
            '{"name": "Th\\u00e9, \\u8336", "target_group_customer_reference_number": "tea-twice"}'
        )
        assert {entry.name for entry in journal.entries()} == {name for _, name, *_ in HELD}
        assert journal.plan(order("tea-new"), NOON).id == 7
        with journal.engine.connect() as connection:
            assert known_version(connection) == SCHEMA_VERSION == 2
            assert sorted(sa.inspect(connection).get_table_names()) == [
                "bodies",
                "entries",
                "journal_schema",
            ]


def test_what_was_being_sent_can_be_claimed_and_found(old):
    with Journal(old) as journal:
        (sending,) = journal.lines("sending")
        claimed = journal.claim(sending, NOON)
        assert (claimed.state, claimed.attempts) == ("sending", 2)
        assert journal.found(claimed, (ONE,), NOON).state == "done"


def test_it_is_carried_over_once(old):
    ready, held = threading.Barrier(6), []

    def run() -> None:
        ready.wait()
        with Journal(old) as journal:
            held.append([line.reference for line in journal.lines()])

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held == [[reference for _, _, reference, *_ in HELD]] * 6


OPEN = """
import sys
from target_group_kit.exchange.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
with Journal(sys.argv[1]) as journal:
    print(len(journal.entries()))
"""


@pytest.mark.parametrize("which", ["old", "new"])
def test_programs_that_open_it_at_the_same_moment(request, which, tmp_path):
    url = old_file(tmp_path) if which == "old" else request.getfixturevalue("postgres")
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, url],
            cwd=Path(__file__).parents[1],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    assert {program.stdout.readline() for program in programs} == {"ready\n"}
    said = [program.communicate("go\n")[0] for program in programs]
    assert said == [f"{len(HELD) if which == 'old' else 0}\n"] * 3


WRITES = ("ALTER", "\nCREATE", "CREATE", "INSERT", "DROP", "DELETE")


@pytest.mark.parametrize("nth", [1, 2, 4, 5, 6, 7, 8, 13, 18, 19, 20, 21])
def test_whole_or_not_at_all(tmp_path, nth):
    "The disk fails at the nth of 21 changes; the next program finds version 1 as it was."
    url, seen = old_file(tmp_path), []

    def fail(connection, cursor, statement, *_):
        seen.extend([statement] if statement.startswith(WRITES) else [])
        if len(seen) == nth:
            raise sa.exc.OperationalError("x", None, Exception("disk I/O error"))

    sa.event.listen(sa.Engine, "before_cursor_execute", fail)
    try:
        with pytest.raises(JournalError, match="the disk fails"):
            Journal(url)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", fail)
    raw = sqlite3.connect(tmp_path / "journal.db")
    assert raw.execute("SELECT version FROM journal_schema").fetchall() == [(1,)]
    assert raw.execute("SELECT count(body) FROM entries").fetchall() == [(6,)]
    raw.close()
    with Journal(url) as journal:
        assert len(journal.entries()) == len(HELD)


def test_tables_without_a_version_are_of_the_first(tmp_path):
    "A kit of version 1 that died between making its tables and saying which."
    url = old_file(tmp_path)
    with sqlite3.connect(tmp_path / "journal.db") as raw:
        raw.execute("DELETE FROM journal_schema")
    raw.close()
    with Journal(url) as journal:
        assert len(journal.entries()) == len(HELD)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_journal_of_a_newer_kit_is_left_alone(request, tmp_path, kind):
    url = request.getfixturevalue("postgres") if kind == "postgres" else old_file(tmp_path)
    with Journal(url) as journal, journal.engine.begin() as connection:
        connection.execute(sa.text("update journal_schema set version = 99"))
    with pytest.raises(JournalError) as caught:
        Journal(url)
    assert str(caught.value) == (
        f"The journal {journal.where} was written by a newer kit; update this one."
    )


def test_a_connection_that_is_lost_midway_loses_nothing(server, postgres):
    with Journal(postgres) as journal:
        entry = journal.plan(order(), NOON)

        def cut(connection, cursor, statement, *_):
            if statement.startswith("UPDATE"):
                with server.admin() as admin:
                    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
                    admin.execute(sa.text(f"{others} pg_backend_pid() AND usename = 'kit'"))

        sa.event.listen(journal.engine, "before_cursor_execute", cut)
        with pytest.raises(JournalError) as caught:
            journal.claim(entry, NOON)
        assert str(caught.value) == (
            f"The journal {journal.where} can't be used: its server ended the connection. Try "
            'again when it is back, or keep the journal elsewhere: Journal("sqlite:///…") or '
            "TGK_JOURNAL."
        )
        sa.event.remove(journal.engine, "before_cursor_execute", cut)
        assert journal.read(entry) == entry
        assert journal.claim(entry, NOON).attempts == 1


def test_a_server_that_is_away_and_comes_back(server, postgres):
    with Journal(postgres) as journal:
        entry = journal.claim(journal.plan(order(), NOON), NOON)
        server.stop()
        try:
            with pytest.raises(JournalError, match="its server can't be reached"):
                journal.found(entry, (ONE,), NOON)
            with pytest.raises(JournalError, match="its server can't be reached"):
                Journal(postgres)
        finally:
            server.start()
        assert journal.found(entry, (ONE,), NOON).target_group_ids == (ONE,)


def test_a_row_that_somebody_keeps_locked(postgres):
    with Journal(postgres) as journal:
        entry = journal.plan(order(), NOON)

        def hurry(connection, *_):
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout TO '20ms'")

        sa.event.listen(journal.engine, "checkout", hurry)
        with Journal(postgres) as other, other.engine.begin() as connection:
            connection.execute(sa.text("SELECT * FROM entries FOR UPDATE"))
            with pytest.raises(JournalError, match="another program keeps it locked"):
                journal.claim(entry, NOON)
            assert journal.read(entry) == entry
        assert journal.claim(entry, NOON).state == "sending"


def test_a_server_waits_for_the_disk(postgres):
    with Journal(postgres) as journal, journal.engine.connect() as connection:
        told = [
            connection.execute(sa.text(f"SHOW {name}")).scalar()
            for name in ("synchronous_commit", "lock_timeout")
        ]
    assert told == ["on", "10s"]
