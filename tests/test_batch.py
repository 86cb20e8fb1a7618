"Many plans, each one draft: what is wrong is named first, and a second call ends what failed."

import pickle
import threading
from collections.abc import Iterator
from datetime import timedelta

import httpx
import pandas as pd
import pytest
import sqlalchemy as sa
from failing_exchange import GROUP, NOON, PROJECT, Exchange
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import (
    InvalidTargetGroup,
    JournalError,
    NotAuthorized,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    SettingsError,
)
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.batch import BatchError, Receipts
from target_group_kit.exchange.bulk import submit_many
from target_group_kit.exchange.client import REFERENCE
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.orders import order_for
from target_group_kit.exchange.progress import Progress
from target_group_kit.exchange.submission import submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault
from target_group_kit.views.studies import study


@pytest.fixture
def journal():
    with Journal("sqlite://") as journal:
        yield journal


def plans(many: int) -> list[TargetGroup]:
    return [GROUP.replace(name=f"Wave {number}") for number in range(many)]


def send(exchange: Exchange, groups, journal: Journal, **how):
    options = {
        name: how.pop(name) for name in ("settle_seconds", "patience_seconds") if name in how
    }
    client = exchange.client(**options)
    how = {"workers": 4, "progress": False, "journal": journal} | how
    return submit_many(groups, client, PROJECT, **how)


def names(exchange: Exchange) -> list[str]:
    return sorted(str(draft["name"]) for draft in exchange.drafts)


def test_each_plan_becomes_one_draft(journal):
    exchange, groups = Exchange(), plans(60)
    batch = send(exchange, groups, journal)
    assert batch.ok
    assert names(exchange) == sorted(group.name for group in groups)
    assert (exchange.posts, exchange.asked.count("GET")) == (60, 2)
    assert [receipt.target_group for receipt in batch.receipts] == groups
    assert sorted(receipt.id for receipt in batch.receipts) == sorted(exchange.ids)
    assert batch.raise_for_problems() is batch
    asked = list(exchange.asked)
    again = send(exchange, groups, journal)
    assert list(again.receipts) == list(batch.receipts)
    assert exchange.asked == asked


def test_no_plans_are_no_trouble(journal):
    batch = send(Exchange(), [], journal)
    assert (batch.ok, len(batch), str(batch)) == (True, 0, "0 target groups: none")


@pytest.mark.parametrize("how", ["list", "generator", "dict", "dicts", "study", "one"])
def test_whatever_they_come_in(journal, how):
    frame = pd.DataFrame({"name": ["Wave 0", "Wave 1"]}, index=["DE", "FR"])
    given_ = {
        "list": (plans(2), [0, 1]),
        "generator": ((group for group in plans(2)), [0, 1]),
        "dict": (dict(zip(["a", "b"], plans(2), strict=True)), ["a", "b"]),
        "dicts": ([group.payload() for group in plans(2)], [0, 1]),
        "study": (study(frame, GROUP, now=NOON), ["DE", "FR"]),
        "one": (plans(1)[0], [0]),
    }
    groups, labels = given_[how]
    exchange = Exchange()
    batch = send(exchange, groups, journal)
    assert [outcome.label for outcome in batch.outcomes] == labels
    assert names(exchange) == [f"Wave {number}" for number in range(len(labels))]


def test_the_bad_ones_of_a_thousand_are_named_before_anything_is_sent(journal):
    exchange, groups = Exchange(), [group.payload() for group in plans(1000)]
    groups[17]["live_url"] = "http://tea.example/?RID=[%RID%]"
    groups[412] = {"name": "Wave 412"} | {k: v for k, v in groups[412].items() if k != "locale"}
    groups[999]["completes_goal"] = 0
    known = submit(plans(1)[0], exchange.client(), PROJECT, journal=journal)
    exchange.asked.clear()
    with pytest.raises(InvalidTargetGroup) as caught:
        send(exchange, groups, journal)
    said = [(found.path, found.message.partition(": ")[0]) for found in caught.value.report.errors]
    assert said == [
        ((17, "live_url"), "'Wave 17'"),
        ((412, "locale"), "'Wave 412'"),
        ((999, "completes_goal"), "'Wave 999'"),
    ]
    assert exchange.asked == []
    assert [entry.target_group_ids for entry in journal.entries()] == [(known.id,)]


def test_a_study_says_why_a_row_is_none(journal):
    frame = pd.DataFrame({"name": ["Tea drinkers", "-"]}, index=["DE", "FR"])
    made = study(frame, GROUP, now=NOON)
    assert made.target_groups[1] is None
    with pytest.raises(InvalidTargetGroup) as caught:
        send(Exchange(), made, journal)
    assert {found.path[0] for found in caught.value.report.errors} == {"FR"}


def test_two_of_one_are_named(journal):
    exchange = Exchange()
    with pytest.raises(InvalidTargetGroup) as caught:
        send(exchange, {"a": GROUP, "b": plans(1)[0], "c": GROUP}, journal)
    assert str(caught.value) == (
        "1 error:\nerror at c: 'My first target group': it is the same as a, so both would be one "
        "draft. [same_plan_twice]\n"
        "  → Leave one out, or make each a draft of its own with copy=True."
    )
    own = [group.replace(**{REFERENCE: "tea"}) for group in plans(2)]
    with pytest.raises(InvalidTargetGroup) as caught:
        send(exchange, own, journal)
    assert str(caught.value) == (
        f"1 error:\nerror at [1].{REFERENCE}: 'Wave 1': [0] has the reference 'tea' as well, and "
        "asks for something else. [reference_twice]\n  → Give each its own, or none."
    )
    assert (exchange.asked, journal.entries()) == ([], ())


def test_copies_are_drafts_of_their_own_once(journal):
    exchange = Exchange()
    first = send(exchange, [GROUP], journal)
    copies = send(exchange, [GROUP, GROUP], journal, copy=True)
    again = send(exchange, [GROUP, GROUP], journal, copy=True)
    assert list(copies.receipts) == list(again.receipts)
    ids = [receipt.id for receipt in (*first.receipts, *copies.receipts)]
    assert sorted(ids) == sorted(exchange.ids)
    assert len(set(ids)) == 3


def test_a_plan_changed_under_its_reference_is_named(journal):
    exchange = Exchange()
    tea = GROUP.replace(**{REFERENCE: "tea-1"})
    send(exchange, [tea], journal)
    with pytest.raises(InvalidTargetGroup) as caught:
        send(exchange, [tea.replace(completes_goal=20), plans(1)[0]], journal)
    (found,) = caught.value.report.errors
    assert (found.code, found.path) == ("reference_taken", (0, REFERENCE))
    assert "stands for another target group" in found.message
    assert (exchange.posts, len(journal.entries())) == (1, 1)


def test_what_is_done_is_not_checked_again(journal):
    exchange = Exchange()
    first = send(exchange, plans(2), journal)
    exchange.time += timedelta(days=400)
    assert list(send(exchange, plans(2), journal).receipts) == list(first.receipts)
    with pytest.raises(InvalidTargetGroup):
        send(exchange, plans(3), journal)
    assert send(exchange, plans(3), journal, unchecked=True).ok


# What happens to the first of five creates: then the posts, the drafts, and how it ends.
FATES = [
    ("lost", 5, 5, "done"),
    ("broken", 6, 5, "done"),
    ("unsent", 6, 5, "done"),
    ("limited 7", 6, 5, "done"),
    ("limited", 6, 5, "done"),
    ("limited Mon, 30 Nov 2026 12:00:09 GMT", 6, 5, "done"),
    ("status 500", 6, 5, "done"),
    ("status 500+", 5, 5, "done"),
    ("status 409+", 5, 5, "done"),
    ("status 400", 5, 4, "refused"),
    ("status 403", 5, 4, "refused"),
    ("status 422", 5, 4, "refused"),
]


@pytest.mark.parametrize(("fault", "posts", "drafts", "ended"), FATES)
@pytest.mark.parametrize("lag", [0, 30])
def test_whatever_happens_to_one_the_others_are_done(journal, fault, posts, drafts, ended, lag):
    exchange = Exchange(fault, lag=lag)
    batch = send(exchange, plans(5), journal)
    assert (exchange.posts, len(exchange.drafts)) == (posts, drafts)
    assert batch.counts == {"done": 5} if ended == "done" else {"done": 4, ended: 1}
    assert len(set(names(exchange))) == drafts
    assert send(exchange, plans(5), journal).ok
    assert names(exchange) == [f"Wave {number}" for number in range(5)]


def test_doubts_are_put_aside_and_looked_for_together(journal):
    "Twenty that are in doubt cost one settle time, not twenty, and a look-up for all of them."
    exchange = Exchange(*["broken"] * 5, *["fine"] * 20)
    batch = send(exchange, plans(20), journal, settle_seconds=120)
    assert batch.ok
    assert exchange.posts == 25
    assert sum(exchange.waits) == 240  # The second half looks for duplicates
    assert exchange.asked.count("GET") < 40


def test_what_was_sent_twice_is_looked_for_again_before_it_is_done(journal):
    "The list lags behind by more than the settle time: every duplicate is told, with all ids."
    exchange = Exchange(*["lost"] * 3, lag=150)
    batch = send(exchange, plans(6), journal, settle_seconds=120)
    assert len(exchange.drafts) == 9
    assert batch.counts == {"done": 3, "duplicates": 3}
    for outcome in batch.duplicates:
        made = [str(d["id"]) for d in exchange.drafts if d[REFERENCE] == outcome.line.reference]
        assert sorted(outcome.line.target_group_ids) == sorted(made)
        assert len(made) == 2
        journal.resolve(outcome.line.reference, made[0])
    assert send(exchange, plans(6), journal).ok
    assert len(exchange.drafts) == 9


def test_stopped_between_a_second_create_and_its_audit(journal):
    "It isn't done before it was looked for again, so the next call looks."
    exchange = Exchange("lost", lag=150)

    def stop(value: Progress) -> None:
        if exchange.posts == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(exchange, plans(2), journal, settle_seconds=120, progress=stop)
    exchange.time += timedelta(seconds=200)
    batch = send(exchange, plans(2), journal)
    assert batch.counts == {"done": 1, "duplicates": 1}
    assert exchange.posts == 3


@pytest.mark.parametrize("after", [1, 7, 20, 39])
def test_a_batch_stopped_halfway_and_run_again_ends_whole(journal, after):
    exchange = Exchange()

    def stop(value: Progress) -> None:
        if value.done >= after and not value.over:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt) as caught:
        send(exchange, plans(40), journal, progress=stop)
    assert after <= exchange.posts
    (note,) = caught.value.__notes__
    assert note.endswith("Submit the same again to go on; nothing is made twice.")
    posts = exchange.posts
    assert send(exchange, plans(40), journal).ok
    assert (exchange.posts, len(exchange.drafts)) == (40, 40)
    assert posts <= 40
    assert names(exchange) == sorted(group.name for group in plans(40))


def test_a_stop_lets_what_is_in_flight_end(journal):
    "The interrupt comes while four requests wait for their answers; each of them is noted."
    exchange, flying, go_on = Exchange(), threading.Semaphore(0), threading.Event()
    seen: list[Progress] = []

    def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            flying.release()
            assert go_on.wait(10)
        return exchange.answer(request)

    def stop(value: Progress) -> None:
        seen.append(value)
        if [v.doing for v in seen].count("sending") == 2 and not value.over:
            for _ in range(4):
                assert flying.acquire(timeout=10)
            go_on.set()
            raise KeyboardInterrupt

    client = exchange.client(http=httpx.Client(transport=httpx.MockTransport(slow)))
    with pytest.raises(KeyboardInterrupt):
        submit_many(plans(30), client, PROJECT, journal=journal, workers=4, progress=stop)
    states = pd.Series([entry.state for entry in journal.entries()]).value_counts()
    assert states.to_dict() == {"planned": 30 - exchange.posts, "done": exchange.posts}
    assert 4 <= exchange.posts <= 8


@pytest.mark.parametrize("other", ["the same", "in part"])
def test_two_batches_at_once_on_one_journal(tmp_path, other):
    exchange, ready, ended = Exchange(), threading.Barrier(2), []
    groups = {"the same": (plans(40), plans(40)), "in part": (plans(40), plans(60)[20:])}[other]

    def run(mine: list[TargetGroup]) -> None:
        ready.wait()
        with Journal(tmp_path / "journal.db") as own:
            ended.append(send(exchange, mine, own).ok)

    threads = [threading.Thread(target=run, args=(mine,)) for mine in groups]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ended == [True, True]
    assert exchange.posts == len(exchange.drafts) == len({g.name for one in groups for g in one})


def test_what_another_program_sends_meanwhile_is_not_sent_again(journal):
    exchange, groups = Exchange(), plans(3)
    client = exchange.client()
    lines = journal.plan_all([order_for(g, client, PROJECT) for g in groups], NOON)
    other = journal.claim(lines[0], NOON, lease=60)
    made = exchange.add(lines[0].reference, "Wave 0")
    journal.found(journal.claim(lines[1], NOON), ("01JX2X0N5RTR012AYDTA83QW77",), NOON)
    batch = send(exchange, groups, journal)
    assert other.state == "sending"
    assert batch.ok
    assert batch.receipts[0].id == made
    assert exchange.posts == 1


def test_a_server_that_is_down_pauses_the_batch(journal):
    "Ten fail in a row; then one goes first after each pause, and when it works, all go on."
    exchange, failed, seen = Exchange(), [], []

    def down_at_first(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and exchange.time < NOON + timedelta(seconds=10):
            failed.append(exchange.time)
            raise httpx.ConnectError("no network")
        return exchange.answer(request)

    client = exchange.client(http=httpx.Client(transport=httpx.MockTransport(down_at_first)))
    batch = submit_many(
        plans(60), client, PROJECT, journal=journal, workers=4, progress=seen.append
    )
    assert batch.ok
    assert (exchange.posts, len(exchange.drafts)) == (60, 60)
    later = [round((time - NOON).total_seconds()) for time in failed if time > NOON]
    assert later == [1, 3, 7]
    assert 10 <= len(failed) - len(later) <= 18
    passed = (exchange.time - NOON).total_seconds()
    assert 1 + 2 + 4 + 8 <= round(passed) < 24
    said = "paused: the exchange doesn't answer, trying again in 8 s; safe to stop"
    assert said in {value.doing for value in seen}


def test_patience_ends(journal):
    exchange = Exchange(*["unsent"] * 500)
    with pytest.raises(NotSent, match=r"^Nothing was sent: no connection"):
        send(exchange, plans(60), journal, patience_seconds=60)
    assert exchange.drafts == []
    assert 10 <= exchange.posts <= 30
    assert {entry.state for entry in journal.entries()} == {"planned"}
    exchange.faults.clear()
    assert send(exchange, plans(60), journal).ok


def test_patience_ends_when_some_are_there_already(journal):
    exchange = Exchange(*["fine"] * 6, *["unsent"] * 500)
    batch = send(exchange, plans(60), journal, patience_seconds=60)
    assert batch.counts == {"done": 6, "not sent": 54}
    assert isinstance(batch.stopped, NotSent)
    assert batch.next_steps == (
        f"It was stopped: {batch.stopped}",
        "not sent: Submit the same again: of these nothing was made.",
    )
    exchange.faults.clear()
    assert send(exchange, plans(60), journal).ok
    assert len(exchange.drafts) == 60


def test_a_server_that_only_fails_is_not_burned(journal):
    "Creates end in 500, look-ups work: each is in doubt, and few are sent."
    exchange = Exchange(*["status 500"] * 5000)
    batch = send(exchange, plans(200), journal, settle_seconds=20, patience_seconds=60)
    assert exchange.drafts == []
    assert exchange.posts < 60
    assert set(batch.counts) == {"not known", "not sent"}
    exchange.faults.clear()
    assert send(exchange, plans(200), journal).ok
    assert len(exchange.drafts) == 200


@pytest.mark.parametrize(
    ("header", "waits"),
    [
        ("7", True),
        ("120", True),
        ("121", False),
        ("Mon, 30 Nov 2026 12:02:00 GMT", True),
        ("Mon, 30 Nov 2026 12:02:01 GMT", False),
        ("Mon, 30 Nov 2026 11:00:00 GMT", True),
    ],
)
def test_what_the_exchange_asks_for_holds_the_batch(journal, header, waits):
    exchange = Exchange("fine", f"limited {header}")
    batch = send(exchange, plans(30), journal, workers=1)
    assert batch.ok is waits
    if waits:
        assert (exchange.posts, len(exchange.drafts)) == (31, 30)
        assert sum(exchange.waits) == {"7": 7, "120": 120}.get(
            header, 120 if ":02:" in header else 0
        )
    else:
        assert (exchange.posts, batch.counts) == (2, {"done": 1, "not sent": 29})
        assert isinstance(batch.stopped, RateLimited)
        assert [e.state for e in journal.entries()].count("planned") == 29
        assert send(exchange, plans(30), journal).ok


@pytest.mark.parametrize(("status", "kind"), [(401, NotAuthorized), (404, NotFound)])
def test_a_refused_look_up_ends_it_before_anything_is_sent(journal, status, kind):
    exchange = Exchange(lists=(status,) * 99)
    with pytest.raises(kind):
        send(exchange, plans(5), journal)
    assert exchange.posts == 0


def test_a_token_that_ends_stops_the_batch(journal):
    exchange = Exchange(*["fine"] * 3, *["status 401"] * 99)
    batch = send(exchange, plans(40), journal, workers=1)
    assert batch.counts["done"] == 3
    assert exchange.posts <= 6
    assert isinstance(batch.stopped, NotAuthorized)
    exchange.faults.clear()
    assert send(exchange, plans(40), journal).ok


@pytest.mark.parametrize("problem", [500, httpx.ReadError("x"), httpx.ConnectError("x")])
def test_a_look_up_that_fails_at_first_is_tried_again_after_a_pause(journal, problem):
    exchange = Exchange(lists=(problem,) * 5)
    assert send(exchange, plans(5), journal).ok
    exchange = Exchange(lists=(problem,) * 999)
    with pytest.raises(NotSent, match="Nothing was sent"):
        send(exchange, plans(5), Journal("sqlite://"), patience_seconds=30)
    assert exchange.posts == 0


def test_a_look_up_that_fails_afterwards_leaves_it_open(journal):
    exchange = Exchange("lost", lists=(None, *(500,) * 999))
    batch = send(exchange, plans(3), journal, settle_seconds=5)
    assert batch.counts == {"done": 2, "not known": 1}
    (outcome,) = batch.unresolved
    assert outcome.said.startswith("Not known whether 'Wave ")
    exchange.lists.clear()
    assert send(exchange, plans(3), journal).ok
    assert exchange.posts == 3


def test_a_full_disk_ends_it(journal):
    exchange, full = Exchange(), [True]

    def refuse(connection, cursor, statement, *_):
        if statement.startswith(("INSERT", "UPDATE")) and full[0] and exchange.posts >= 3:
            raise sa.exc.OperationalError("x", None, Exception("database or disk is full"))

    sa.event.listen(journal.engine, "before_cursor_execute", refuse)
    batch = send(exchange, plans(20), journal, workers=1)
    assert isinstance(batch.stopped, JournalError)
    assert "The draft 01JX2X0N5RTR012AYDTA83QW03 was made, but that can't be noted." in str(batch)
    full[0] = False
    assert send(exchange, plans(20), journal).ok
    assert len(exchange.drafts) == 20


def test_a_batch_shows_itself(journal):
    exchange = Exchange("fine", "status 400", "fine")
    groups = {"DE": plans(1)[0], "FR": GROUP.replace(name="<b>Tea</b>"), "IT": plans(3)[2]}
    batch = send(exchange, groups, journal, workers=1)
    assert str(batch).splitlines() == [
        "3 target groups: 2 done, 1 refused",
        "  refused    FR <b>Tea</b>",
        "             target group: x",
        "  done       DE Wave 0  01JX2X0N5RTR012AYDTA83QW01",
        "  done       IT Wave 2  01JX2X0N5RTR012AYDTA83QW02",
        "→ refused: Mend what the reports say and submit again; what is done is not made twice.",
    ]
    shown = batch._repr_html_()
    assert "&lt;b&gt;Tea&lt;/b&gt;" in shown
    assert "<b>Tea" not in shown
    frame = batch.frame()
    assert list(frame.index) == ["DE", "FR", "IT"]
    assert list(frame["ended"]) == ["done", "refused", "done"]
    assert list(frame["draft"]) == [exchange.ids[0], "", exchange.ids[1]]
    with pytest.raises(BatchError) as caught:
        batch.raise_for_problems()
    assert caught.value.batch is batch
    assert str(caught.value) == str(batch)
    assert isinstance(batch.problems[0].problem, Refused)
    assert repr(batch.receipts) == "<2 receipts>"
    assert isinstance(batch.receipts[:1], Receipts)
    assert [r.id for r in batch.receipts[:1]] == exchange.ids[:1]


def test_a_batch_of_a_hundred_shows_twenty(journal):
    batch = send(Exchange(*["fine"] * 90, "status 400"), plans(100), journal)
    lines = str(batch).splitlines()
    assert lines[0] == "100 target groups: 99 done, 1 refused"
    assert lines[-2] == "  … and 80 more"
    assert batch._repr_html_().count("<tr>") == 21


def test_a_batch_holds_no_bodies(journal):
    long = "x" * 2900
    addresses = (f"https://a.example/{long}{number}?RID=[%RID%]" for number in range(20))
    groups = (GROUP.replace(live_url=address) for address in addresses)
    exchange = Exchange(*["status 400"] * 3)
    batch = send(exchange, groups, journal, unchecked=True)
    assert len(pickle.dumps(batch.outcomes)) < 40_000
    assert all(o.problem.__traceback__ is None for o in batch.problems)


@pytest.mark.parametrize("workers", [0, 65, -1])
def test_workers_out_of_bounds(journal, workers):
    with pytest.raises(SettingsError) as caught:
        send(Exchange(), plans(1), journal, workers=workers)
    assert str(caught.value) == f"workers = {workers} is out of bounds: 1 to 64."


def test_progress_is_told(journal):
    exchange, seen = Exchange(), []
    send(exchange, plans(12), journal, progress=seen.append)
    assert seen[0] == Progress("checking: 12 so far", total=12)
    assert (seen[-1].doing, seen[-1].done, seen[-1].over) == ("finished", 12, True)
    done = [value.done for value in seen]
    assert done == sorted(done)
    assert {"looking up", "sending"} <= {value.doing for value in seen}


def test_while_it_is_not_known_that_is_said(journal):
    exchange, seen = Exchange("broken"), []
    send(exchange, plans(2), journal, progress=seen.append)
    said = [value for value in seen if value.doing.startswith("not known yet")]
    assert said[0].doing == "not known yet: looking for up to 2 min; safe to stop"
    assert said[0].ambiguous == 1


KINDS = ("fine", "unsent", "lost", "broken", "limited 3", "limited", "status 409+", "status 500")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(KINDS), max_size=30),
    st.lists(st.sampled_from([None, 500, httpx.ReadError("x")]), max_size=6),
    st.integers(0, 100),
    st.integers(1, 8),
    st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_any_failures_in_any_order_end_in_one_draft_each(faults, lists, lag, workers, lose_journal):
    "Settle time above the lag; the journal is deleted now and then, after the lag has passed."
    exchange, journal = Exchange(*faults, lag=lag, lists=tuple(lists)), Journal("sqlite://")
    for lose in lose_journal:
        batch = send(exchange, plans(12), journal, workers=workers, settle_seconds=120)
        assert batch.duplicates == ()
        if lose:
            exchange.time += timedelta(seconds=101)
            journal.close()
            journal = Journal("sqlite://")
    assert batch.ok
    assert names(exchange) == sorted(group.name for group in plans(12))
    journal.close()


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator() as running:
        yield running


@pytest.mark.parametrize(
    "kind", ["reset_before", "reset_after", "truncated", "error_after", "html"]
)
def test_faults_of_a_real_server(emulator, journal, kind):
    groups = [TargetGroup.example().replace(name=f"{kind} {number}") for number in range(25)]
    emulator.inject(Fault(kind, times=6))
    with emulator.client() as client:
        batch = submit_many(groups, client, emulator.project_id, journal=journal, progress=False)
    assert batch.ok
    made = [draft.id for draft in emulator.drafts if draft.body["name"].startswith(f"{kind} ")]
    assert sorted(made) == sorted(receipt.id for receipt in batch.receipts)


def test_an_emulator_that_started_anew_makes_them_anew(journal):
    exchange = Exchange()
    client = exchange.client("http://127.0.0.1:8765/v1")
    first = submit_many(plans(60), client, PROJECT, journal=journal, progress=False)
    again = submit_many(plans(60), client, PROJECT, journal=journal, progress=False)
    assert list(again.receipts) == list(first.receipts)
    exchange.drafts[5:] = []
    exchange.time += timedelta(hours=1)
    anew = submit_many(plans(60), client, PROJECT, journal=journal, progress=False)
    assert anew.ok
    assert (exchange.posts, len(exchange.drafts)) == (115, 60)
    assert names(exchange) == sorted(group.name for group in plans(60))
