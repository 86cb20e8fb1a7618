"The journal, on SQLite and on PostgreSQL: one swap at a time, many at once, several programs."

import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.entries import Entry, held_for, is_running, this_process
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.listing import journal_html
from target_group_kit.exchange.schema import BODIES, ENTRIES
from tests.journals import CHANGED, NOON, ONE, TWO, batch, order


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    "The address of an empty journal: a file, and a server's."
    if request.param == "postgres":
        return request.getfixturevalue("postgres")
    if request.param == "memory":
        return "sqlite://"
    return f"sqlite:///{tmp_path / 'new' / 'journal.db'}"


@pytest.fixture
def journal(url):
    "An empty journal."
    with Journal(url) as opened:
        yield opened


def test_an_order_on_its_way(url):
    with Journal(url) as journal:
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
    with Journal(url) as again:
        assert again.entries() == (done,)
        assert again.find("tea-1") == (done,)
        assert again.read(order()) == done
        assert again.read(order("tea-2")) is None


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


def test_planning_again_changes_nothing(journal):
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
def test_a_reference_means_one_order_in_one_place(journal, elsewhere):
    here = journal.plan(order(), NOON)
    there = journal.plan(order(**elsewhere, request_hash="77b0"), NOON)
    assert journal.entries() == (there, here)
    assert len(journal.find("tea-1")) == (1 if "reference" in elsewhere else 2)


@pytest.mark.parametrize("state", ["planned", "refused"])
def test_a_plan_that_made_nothing_may_change_under_its_reference(journal, state):
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
def test_a_plan_that_may_exist_keeps_its_reference(journal, state, said):
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


def test_a_claim_holds_until_its_end(journal):
    claimed = journal.claim(journal.plan(order(), NOON), NOON, lease=125)
    assert held_for(claimed, NOON + timedelta(seconds=25)) == 100
    assert journal.claim(claimed, NOON + timedelta(seconds=124.999)) is None
    assert journal.read(order()) == claimed
    again = journal.claim(claimed, NOON + timedelta(seconds=125))
    assert (again.attempts, journal.read(order())) == (2, again)
    ended = journal.settle(again, "ambiguous", NOON + timedelta(seconds=126))
    assert journal.claim(ended, NOON + timedelta(seconds=126)).attempts == 3


def test_a_claim_of_a_process_that_has_ended_holds_nothing(journal):
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1)
    claimed = journal.claim(journal.plan(order(), NOON), NOON)
    for sender, held in [
        (f"{socket.gethostname()}/{int(ended.stdout)}", False),
        ("another machine/1", True),
    ]:
        left = replace(claimed, sender=sender)
        assert (held_for(left, NOON) > 0) == held
        assert (journal.claim(left, NOON) is None) == held
        claimed = journal.read(order())


def test_a_batch_is_planned_and_read_in_its_order(journal):
    orders = batch(1203)
    known = journal.plan(orders[700], NOON)
    planned = journal.plan_all(iter(orders), NOON + timedelta(days=1))
    assert [line.reference for line in planned] == [one.reference for one in orders]
    assert [line.name for line in planned[:2]] == ["Wave 0", "Wave 1"]
    assert (planned[700].id, planned[700].planned_at) == (known.id, NOON)
    assert {line.state for line in planned} == {"planned"}
    assert journal.read_all([*orders, order("not there")]) == (*planned, None)
    assert journal.plan_all(orders, NOON + timedelta(days=2)) == planned
    assert [journal.body(line) for line in planned[:3]] == [one.body for one in orders[:3]]


def test_heavy_bodies_are_planned_a_part_at_a_time(journal):
    orders, asked = batch(40, weight=600_000), []

    def watched():
        for one in orders:
            with journal.engine.connect() as connection:
                count = sa.select(sa.func.count()).select_from(ENTRIES)
                asked.append(connection.execute(count).scalar())
            yield one

    planned = journal.plan_all(watched(), NOON)
    assert len(planned) == 40
    assert sorted(set(asked)) == [0, 14, 28]


def test_a_batch_says_whose_reference_it_has(journal):
    done = journal.found(journal.claim(journal.plan(order("tea-1"), NOON), NOON), (ONE,), NOON)
    refused = journal.settle(
        journal.claim(journal.plan(order("tea-2"), NOON), NOON), "refused", NOON
    )
    asked = [
        order("tea-1", **CHANGED),
        order("tea-2", **CHANGED),
        order("tea-3"),
        order("tea-3"),
        order("tea-3", **CHANGED),
    ]
    taken, changed, new, same, twice = journal.plan_all(asked, NOON)
    assert str(taken) == (
        f"The reference 'tea-1' stands for another target group, 'Tea drinkers' (done: {ONE}). To "
        "change that draft, use client.update_target_group; for another one, give it another "
        "reference."
    )
    assert (changed.id, changed.state, changed.name) == (refused.id, "planned", "Coffee drinkers")
    assert journal.body(changed) == CHANGED["body"]
    assert new == same
    assert str(twice) == (
        "The reference 'tea-3' stands twice among these target groups, and the second time for "
        "another one, 'Coffee drinkers'. Give each of them its own."
    )
    assert {type(problem) for problem in (taken, twice)} == {JournalError}
    assert journal.read(order("tea-1")) == done


def test_what_is_only_planned_can_be_given_back(journal):
    planned = journal.plan_all(batch(620), NOON)
    sent = journal.claim(planned[0], NOON)
    again = journal.settle(journal.claim(planned[1], NOON), "planned", NOON)
    known = journal.found(planned[2], (ONE,), NOON)
    assert journal.drop(planned) == 617
    assert journal.drop(planned) == 0
    assert tuple(journal.lines()) == (known, again, sent)
    with journal.engine.connect() as connection:
        kept = connection.execute(sa.select(BODIES.c.entry_id).order_by("entry_id")).scalars()
        assert kept.all() == [sent.id, again.id, known.id]


def test_lines_go_the_same_way_as_entries(journal):
    (line,) = journal.plan_all([order()], NOON)
    sending = journal.claim(line, NOON)
    open_ = journal.settle(sending, "ambiguous", NOON, problem="no answer")
    done = journal.found(open_, (ONE,), NOON)
    assert [x.state for x in (line, sending, open_, done)] == [
        "planned",
        "sending",
        "ambiguous",
        "done",
    ]
    assert journal.read_all([order()]) == (done,)
    again = journal.forget(done)
    assert (again.state, journal.read_all([order()])) == ("planned", (again,))


def test_a_line_whose_entry_is_gone_says_so(journal):
    (line,) = journal.plan_all([order()], NOON)
    journal.drop([line])
    for ask in (lambda: journal.body(line), lambda: journal.found(line, (ONE,), NOON)):
        with pytest.raises(JournalError, match="the entry of 'tea-1' is not there any more"):
            ask()


def test_looking_for_lines(journal):
    names = ["Tea in Köln", "TEA in Wien", "Coffee in KÖLN"]
    orders = [
        order(f"wave-{n}", body=json.dumps({"name": name}), environment=("live", "pilot")[n % 2])
        for n, name in enumerate(names)
    ]
    journal.plan_all(orders, NOON)
    journal.settle(
        journal.find("wave-1")[0], "refused", NOON, problem="100 % too many_", trace_id="7C1D"
    )

    def found(text=None, **how):
        return [line.reference for line in journal.lines(text=text, **how)]

    assert found() == ["wave-2", "wave-1", "wave-0"]
    assert found("tea") == ["wave-1", "wave-0"]
    assert found("köln") == ["wave-2", "wave-0"]
    assert found("köln", limit=1) == ["wave-2"]
    assert found("% too MANY_") == ["wave-1"]
    assert found("_ave") == []
    assert found("7c1d") == ["wave-1"]
    assert found(environment="pilot") == ["wave-1"]
    assert found("tea", environment="live") == ["wave-0"]
    assert [line.reference for line in journal.lines("refused")] == ["wave-1"]
    assert journal.search("wave-2") == tuple(journal.lines(limit=1))


def test_lines_are_read_page_by_page_while_others_write(journal):
    planned = journal.plan_all(batch(1100), NOON)
    lines = journal.lines()
    first = next(lines)
    assert first.reference == "wave-01099"
    journal.claim(planned[0], NOON)
    journal.plan(order("later"), NOON)
    rest = list(lines)
    assert [line.reference for line in rest] == [f"wave-{n:05}" for n in range(1098, -1, -1)]
    assert (rest[-1].state, rest[-2].state) == ("sending", "planned")


def test_characters_that_a_database_refuses(journal):
    strange = order(body=json.dumps({"name": "Tea\x00 \ud83d 茶"}))
    (line,) = journal.plan_all([strange], NOON)
    assert line.name == "Tea? ? 茶"
    told = journal.settle(line, "refused", NOON, problem="\x00\ud83d")
    assert told.problem == "??"
    assert journal.read_all([strange]) == (told,)
    assert journal.body(line) == strange.body


def test_who_comes_late_changes_nothing(journal):
    read = journal.plan(order(), NOON)
    mine = journal.claim(read, NOON)
    assert journal.claim(read, NOON) is None
    assert journal.settle(read, "refused", NOON) is None
    assert journal.forget(read) is None
    assert journal.entries() == (mine,)


def test_who_read_another_plan_comes_late(journal):
    read = journal.plan(order(), NOON)
    changed = journal.plan(order(**CHANGED), NOON)
    assert (changed.id, changed.state, changed.attempts) == (read.id, read.state, read.attempts)
    assert journal.claim(read, NOON) is None
    assert journal.claim(changed, NOON).body == CHANGED["body"]


def test_an_id_that_was_given_back_never_means_another_entry(journal):
    dropped = journal.plan(order(), NOON)
    journal.drop([dropped])
    other = journal.plan(order("tea-2"), NOON)
    assert other.id != dropped.id
    assert journal.claim(dropped, NOON) is None
    assert journal.read(other) == other


def test_ids_are_never_lost(journal):
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


def test_an_id_is_kept_even_when_the_entry_is_gone(journal):
    mine = journal.claim(journal.plan(order(), NOON), NOON)
    with journal.engine.begin() as connection:
        connection.execute(sa.delete(ENTRIES))
    assert journal.found(mine, (ONE,), NOON).target_group_ids == (ONE,)


def test_an_emulator_that_forgot(journal):
    done = journal.found(journal.claim(journal.plan(order(), NOON), NOON), (ONE,), NOON)
    again = journal.forget(done)
    assert (again.state, again.target_group_ids, again.sent_at) == ("planned", (), None)
    assert journal.read(order()) == again


def test_only_a_reference_that_is_clear_can_be_resolved(journal):
    with pytest.raises(JournalError) as caught:
        journal.resolve("tea-1", ONE)
    assert str(caught.value) == "0 entries have the reference 'tea-1', not one."
    journal.plan(order(environment="pilot", account_id="1"), NOON)
    journal.plan(order(account_id="2"), NOON)
    with pytest.raises(JournalError) as caught:
        journal.resolve("tea-1", ONE)
    project = order().project_id
    assert str(caught.value) == (
        "2 entries have the reference 'tea-1', not one. Say which by its environment or project: "
        f"live, project {project}; pilot, project {project}."
    )
    with pytest.raises(JournalError, match="2 entries"):
        journal.resolve("tea-1", ONE, project_id=project)
    assert journal.resolve("tea-1", ONE, environment="pilot").account_id == "1"
    assert [(e.account_id, e.state) for e in journal.entries()] == [("2", "planned"), ("1", "done")]


@pytest.mark.parametrize("wrong", ["", "FT354J", ONE.lower(), f"{ONE}\n", "../../etc"])
def test_only_an_id_resolves(journal, wrong):
    planned = journal.plan(order(), NOON)
    with pytest.raises(JournalError) as caught:
        journal.resolve("tea-1", wrong)
    assert str(caught.value) == f"{wrong!r} is not the id of a target group."
    assert journal.entries() == (planned,)


def test_the_newest_stand_first_and_can_be_chosen(journal):
    first, second = journal.plan(order("a-1"), NOON), journal.plan(order("a-2"), NOON)
    sending = journal.claim(first, NOON)
    assert journal.entries() == (second, sending)
    assert journal.entries("sending") == (sending,)
    assert journal.entries(limit=1) == (second,)
    assert journal.entries("done") == ()


def test_as_a_table(journal):
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
    assert repr(journal) == f"Journal({journal.where!r})"


@pytest.mark.parametrize("url", ["sqlite", "memory", "postgres"], indirect=True)
def test_threads_make_one_claim(journal):
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
from tests.journals import NOON, order
from target_group_kit.exchange.journal import Journal
print("ready", flush=True)
sys.stdin.readline()
journal, attempts = Journal(sys.argv[1]), []
for n in range(20):
    claim = None
    while claim is None:
        claim = journal.claim(journal.plan(order(f"tea-{n}"), NOON), NOON, lease=0)
    attempts.append(claim.attempts)
print(attempts)
"""


def test_processes_open_one_journal_at_once_and_lose_nothing(url):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, url],
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
    with Journal(url) as journal:
        assert [entry.attempts for entry in journal.entries()] == [3] * 20
    assert [sorted(claims) for claims in zip(*said, strict=True)] == [[1, 2, 3]] * 20


def test_a_fork_opens_the_journal_for_itself(journal):
    if not hasattr(os, "fork"):
        pytest.skip("there is no fork here")
    entry = journal.plan(order(), NOON)
    child = os.fork()
    if not child:
        os._exit(0 if journal.claim(entry, NOON) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert journal.read(entry).state == "sending"
    assert journal.claim(entry, NOON) is None


def test_an_id_that_is_found_while_somebody_else_writes(url):
    "Before it writes, another program adds an id of its own: both are kept."
    with Journal(url) as journal, Journal(url) as other:
        entry = journal.claim(journal.plan(order(), NOON), NOON)
        steps = []

        def interfere(*_: object) -> None:
            steps.append("checkout")
            if len(steps) == 1:
                other.found(entry, (TWO,), NOON)

        sa.event.listen(journal.engine, "checkout", interfere)
        kept = journal.found(entry, (ONE,), NOON)
        sa.event.remove(journal.engine, "checkout", interfere)
        assert (kept.state, kept.target_group_ids) == ("ambiguous", (TWO, ONE))
        assert journal.read(order()) == kept


@pytest.mark.parametrize("again", [False, True])
def test_two_programs_that_plan_one_order_at_the_same_moment(postgres, again):
    "On a server both may find nothing and insert; the second one is turned away, and looks again."
    with Journal(postgres) as journal, Journal(postgres) as other:
        planned = []

        def interfere(connection, cursor, statement, *_):
            if statement.startswith("INSERT INTO entries") and (again or not planned):
                planned.append(other.plan(order(), NOON))
            elif statement.startswith("SELECT entries") and again:
                other.drop(planned)

        sa.event.listen(journal.engine, "before_cursor_execute", interfere)
        if again:
            with pytest.raises(JournalError, match="its rows change faster than they can be read"):
                journal.plan(order(), NOON)
        else:
            assert journal.plan(order(), NOON) == planned[0]
        assert len(planned) == (10 if again else 1)


def test_who_is_still_running():
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], stdout=-1)
    host = socket.gethostname()
    assert is_running(this_process())
    assert is_running(f"{host}/1")
    assert not is_running(f"{host}/{int(ended.stdout)}")
    assert is_running("another machine/1")
    assert not is_running(None)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_a_killed_process_that_nobody_has_looked_after_is_not_running():
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        name = f"{socket.gethostname()}/{process.pid}"
        assert is_running(name)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not is_running(name)
