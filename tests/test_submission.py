"One plan, one draft: whatever fails, whatever the journal knows, and whoever else submits it."

import json
import logging
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa
from failing_exchange import GROUP, LIVE, NOON, PROJECT, Exchange
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import (
    ExchangeError,
    InvalidTargetGroup,
    JournalError,
    NotAuthorized,
    NotFound,
    NotSent,
    RateLimited,
    Refused,
    ServerFailed,
    Unresolved,
)
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import REFERENCE
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.orders import order_for, reference_for
from target_group_kit.exchange.schema import ENTRIES
from target_group_kit.exchange.submission import Receipt, dry_run, submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault


@pytest.fixture
def journal():
    with Journal("sqlite://") as journal:
        yield journal


def test_the_receipt(journal):
    exchange = Exchange()
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    order = order_for(GROUP, exchange.client(), PROJECT)
    assert receipt == Receipt(
        id="01JX2X0N5RTR012AYDTA83QW01",
        reference=order.reference,
        request_hash=order.request_hash,
        trace_id="trace-01",
        sent_at=NOON,
        environment="live",
        project_id=PROJECT,
        contract_version="2025-12-18",
        target_group=GROUP,
    )
    assert exchange.asked == ["GET", "POST"]
    assert [(e.state, e.attempts) for e in journal.entries()] == [("done", 1)]


def test_submit_adds_its_reference_and_nothing_else(journal):
    order = order_for(GROUP, Exchange().client(), PROJECT)
    assert json.loads(order.body) == GROUP.payload() | {REFERENCE: order.reference}
    own = GROUP.replace(**{REFERENCE: "tea-1"})
    assert json.loads(order_for(own, Exchange().client(), PROJECT).body) == own.payload()


def test_again_sends_nothing(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    asked = list(exchange.asked)
    exchange.time += timedelta(days=400)
    again = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert again == first
    assert exchange.asked == asked


def test_again_without_the_journal_finds_the_draft(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    exchange.time += timedelta(hours=1)
    again = submit(GROUP, exchange.client(), PROJECT, journal=Journal("sqlite://"))
    assert again == replace(first, trace_id=None)
    assert (exchange.posts, len(exchange.drafts)) == (1, 1)


def test_a_copy_is_a_draft_of_its_own_once(journal):
    exchange = Exchange()
    client = exchange.client()
    receipts = [
        submit(GROUP, client, PROJECT, journal=journal, copy=copy)
        for copy in (False, True, 1, True, 2, 0)
    ]
    assert [exchange.ids.index(receipt.id) for receipt in receipts] == [0, 1, 1, 1, 2, 0]
    own = [
        submit(GROUP, client, PROJECT, journal=journal, reference="tea", copy=copy)
        for copy in (False, True, 2)
    ]
    assert [receipt.reference for receipt in own] == ["tea", "tea-copy-1", "tea-copy-2"]
    assert len(exchange.drafts) == 6


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "https://pilot.cint.com/v1"},
        {"account_id": 7},
    ],
)
def test_elsewhere_is_another_order(journal, change):
    exchange = Exchange()
    submit(GROUP, exchange.client(), PROJECT, journal=journal)
    submit(GROUP, exchange.client(**change), PROJECT, journal=journal)
    assert len(set(exchange.ids)) == 2


def test_a_plan_that_can_not_be_right_is_not_sent(journal):
    exchange = Exchange()
    late = TargetGroup.example(now=NOON - timedelta(days=30))
    with pytest.raises(InvalidTargetGroup):
        submit(late, exchange.client(), PROJECT, journal=journal)
    assert (exchange.asked, journal.entries()) == ([], ())
    submit(late, exchange.client(), PROJECT, journal=journal, unchecked=True)
    assert len(exchange.drafts) == 1


@pytest.mark.parametrize("wrong", [{}, [], "text", None, 7, {"name": "Tea drinkers"}])
def test_what_is_no_target_group_is_not_sent(journal, wrong):
    exchange = Exchange()
    with pytest.raises(InvalidTargetGroup):
        submit(wrong, exchange.client(), PROJECT, journal=journal)
    assert (exchange.asked, journal.entries()) == ([], ())


def test_a_dict_is_as_good(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert submit(GROUP.payload(), exchange.client(), PROJECT, journal=journal) == first


def test_a_wrong_project_id_is_not_noted(journal):
    with pytest.raises(Refused, match="Nothing was sent"):
        submit(GROUP, Exchange().client(), "FT354J", journal=journal)
    assert journal.entries() == ()


# What fails, and how a create then ends: posts, drafts, the journal's state, the error.
FAILURES = [
    (["unsent"], 2, 1, "done", None),
    (["unsent", "unsent"], 3, 1, "done", None),
    (["unsent"] * 3, 3, 0, "planned", NotSent),
    (["lost"], 1, 1, "done", None),
    (["broken"], 2, 1, "done", None),
    (["broken", "lost"], 2, 1, "done", None),
    (["broken", "unsent"], 3, 1, "done", None),
    (["broken"] * 3, 3, 0, "ambiguous", Unresolved),
    (["limited 7"], 2, 1, "done", None),
    (["limited"], 2, 1, "done", None),
    (["limited 121"], 1, 0, "planned", RateLimited),
    (["limited 7"] * 3, 3, 0, "planned", RateLimited),
    (["status 500"], 2, 1, "done", None),
    (["status 500+"], 1, 1, "done", None),
    (["status 504+"], 1, 1, "done", None),
    (["status 500"] * 3, 3, 0, "ambiguous", Unresolved),
    (["status 409+"], 1, 1, "done", None),
    (["status 408+"], 1, 1, "done", None),
    (["status 308"], 2, 1, "done", None),
    (["status 204+"], 1, 1, "done", None),
    (["status 200+"], 1, 1, "done", None),
    (["status 400"], 1, 0, "refused", Refused),
    (["status 401"], 1, 0, "refused", NotAuthorized),
    (["status 403"], 1, 0, "refused", NotAuthorized),
    (["status 404"], 1, 0, "refused", NotFound),
    (["status 422"], 1, 0, "refused", Refused),
]


@pytest.mark.parametrize(("faults", "posts", "drafts", "state", "kind"), FAILURES)
@pytest.mark.parametrize("lag", [0, 30])
def test_whatever_fails_it_is_one_draft(journal, faults, posts, drafts, state, kind, lag):
    exchange = Exchange(*faults, lag=lag)
    if kind is None:
        receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal)
        assert exchange.ids == [receipt.id]
    else:
        with pytest.raises(kind) as caught:
            submit(GROUP, exchange.client(), PROJECT, journal=journal)
        assert type(caught.value) is kind
    (entry,) = journal.entries()
    assert (exchange.posts, len(exchange.drafts)) == (posts, drafts)
    assert (entry.state, entry.attempts) == (state, posts)
    assert entry.target_group_ids == tuple(exchange.ids)
    if lag == 0:
        again = submit(GROUP, exchange.client(), PROJECT, journal=journal)
        assert exchange.ids == [again.id]


def test_a_refusal_says_what_to_do_and_may_be_tried_again(journal):
    exchange = Exchange("status 401")
    with pytest.raises(NotAuthorized, match="a token ends after a day"):
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert journal.entries()[0].problem.startswith("The exchange refused (401")
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert exchange.ids == [receipt.id]


def test_the_settle_time_is_kept_before_it_is_sent_again(journal):
    exchange = Exchange("broken")
    submit(GROUP, exchange.client(settle_seconds=120), PROJECT, journal=journal)
    assert sum(exchange.waits) == 120
    assert exchange.waits[:4] == [0.25, 0.5, 1, 2]
    assert max(exchange.waits) == 15


def test_a_lost_answer_costs_no_wait_when_the_draft_is_there(journal):
    exchange = Exchange("lost")
    receipt = submit(GROUP, exchange.client(settle_seconds=120), PROJECT, journal=journal)
    assert (exchange.waits, exchange.asked) == ([], ["GET", "POST", "GET"])
    assert receipt.sent_at == NOON


def test_an_entry_of_yesterday_waits_for_nothing(journal):
    exchange = Exchange("broken", "broken")
    with pytest.raises(Unresolved):
        submit(GROUP, exchange.client(attempts=1), PROJECT, journal=journal)
    exchange.time += timedelta(hours=20)
    exchange.waits.clear()
    with pytest.raises(Unresolved):
        submit(GROUP, exchange.client(attempts=1), PROJECT, journal=journal)
    assert sum(exchange.waits) == 120  # After the second attempt, not before
    assert exchange.posts == 2


def test_waiting_is_announced(journal, caplog):
    exchange = Exchange("broken")
    submit(GROUP, exchange.client(settle_seconds=9), PROJECT, journal=journal)
    assert [r.getMessage() for r in caplog.records if r.name == "target_group_kit"] == [
        "Not known yet whether 'My first target group' was made. Looking for up to 9 s before it "
        "is sent again; it is safe to stop here and to run it again later."
    ]


def test_when_it_can_not_be_looked_up_at_first_nothing_is_sent(journal):
    for problem in (httpx.ReadError("x"), httpx.ConnectError("x"), 500, 502):
        exchange = Exchange(lists=(problem,) * 3)
        with pytest.raises(NotSent, match="Nothing was sent"):
            submit(GROUP, exchange.client(), PROJECT, journal=journal)
        assert exchange.posts == 0
    assert [entry.state for entry in journal.entries()] == ["planned"]


@pytest.mark.parametrize(("status", "kind"), [(401, NotAuthorized), (404, NotFound)])
def test_a_refused_look_up_is_a_refusal(journal, status, kind):
    exchange = Exchange(lists=(status,))
    with pytest.raises(kind):
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert exchange.posts == 0


@pytest.mark.parametrize("problem", [500, 401, httpx.ReadError("x")])
def test_when_it_can_not_be_looked_up_afterwards_it_is_unresolved(journal, problem):
    exchange = Exchange("lost", lists=(None, *(problem,) * 99))
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, exchange.client(settle_seconds=5), PROJECT, journal=journal)
    reference = journal.entries()[0].reference
    assert caught.value.reference == reference
    assert str(caught.value).startswith(
        f"Not known whether 'My first target group' was made (reference {reference!r}). "
        "It can't be looked up: "
    )
    assert (exchange.posts, journal.entries()[0].state) == (1, "ambiguous")
    exchange.lists.clear()
    assert submit(GROUP, exchange.client(), PROJECT, journal=journal).id == exchange.ids[0]
    assert exchange.posts == 1


def test_a_look_up_may_fail_while_there_is_time(journal):
    exchange = Exchange("broken", lists=(None, *(500,) * 9))
    with pytest.raises(Unresolved, match="isn't there"):
        submit(GROUP, exchange.client(settle_seconds=120, attempts=1), PROJECT, journal=journal)
    assert exchange.lists == []


def test_two_drafts_under_one_reference_are_never_hidden(journal):
    exchange = Exchange()
    order = order_for(GROUP, exchange.client(), PROJECT)
    ids = (exchange.add(order.reference), exchange.add(order.reference))
    for _ in range(2):
        with pytest.raises(Unresolved) as caught:
            submit(GROUP, exchange.client(), PROJECT, journal=journal)
        assert (caught.value.ids, caught.value.reference) == (ids, order.reference)
        assert str(caught.value) == (
            f"2 target groups stand under the reference {order.reference!r}: {ids[0]}, {ids[1]}. "
            "Drafts can't be deleted: launch only one of them, and say which with "
            f"journal.resolve({order.reference!r}, {ids[0]!r})."
        )
    assert exchange.posts == 0
    assert journal.entries()[0].target_group_ids == ids
    journal.resolve(order.reference, ids[1])
    assert submit(GROUP, exchange.client(), PROJECT, journal=journal).id == ids[1]


def test_a_first_attempt_that_arrives_after_the_second_is_reported(journal):
    "The list lags longer than the settle time: a duplicate can't be prevented, but is said."
    exchange = Exchange("lost", lag=200)
    client = exchange.client(settle_seconds=120)
    exchange.before_answer = lambda: exchange.sleep(100) if exchange.posts == 2 else None
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, client, PROJECT, journal=journal)
    assert (len(exchange.drafts), caught.value.ids) == (2, (exchange.ids[1], exchange.ids[0]))
    assert journal.entries()[0].target_group_ids == (exchange.ids[1], exchange.ids[0])


def test_the_other_attempt_may_tell_its_id_first(journal):
    "Two programs send after all; the ids of both are kept and told."
    exchange = Exchange()
    client, other = exchange.client(), "01JX2X0N5RTR012AYDTA83QW77"

    def tell() -> None:
        journal.found(journal.entries()[0], (other,), NOON)

    exchange.before_answer = tell
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, client, PROJECT, journal=journal)
    assert caught.value.ids == (other, exchange.ids[0])


def test_a_last_look_that_fails_is_told_and_harmless(journal):
    exchange = Exchange("broken", lists=(None, None, *(500,) * 3))
    client = exchange.client(settle_seconds=0)
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, client, PROJECT, journal=journal)
    assert str(caught.value).startswith(
        f"The draft {exchange.ids[0]} of 'My first target group' was made, but it was sent 2 times "
        f"(reference {caught.value.reference!r}). Whether another was made isn't known yet: it "
        "can't be looked up: "
    )
    assert caught.value.ids == tuple(exchange.ids)
    assert submit(GROUP, client, PROJECT, journal=journal).id == exchange.ids[0]
    assert (len(exchange.drafts), exchange.posts) == (1, 2)


def test_a_list_that_lags_beyond_the_settle_time_is_no_proof(journal):
    "Both answers are lost, and the list shows the first draft before the second."
    exchange = Exchange("lost", "lost", lag=40)
    client = exchange.client(settle_seconds=20)
    with pytest.raises(Unresolved, match="Whether another was made isn't known yet: the list may"):
        submit(GROUP, client, PROJECT, journal=journal)
    exchange.time += timedelta(seconds=40)
    with pytest.raises(Unresolved, match="2 target groups stand under the reference") as caught:
        submit(GROUP, client, PROJECT, journal=journal)
    assert sorted(caught.value.ids) == exchange.ids
    assert exchange.posts == 2


def test_a_list_without_times_will_do(journal):
    exchange = Exchange()
    submit(GROUP, exchange.client(), PROJECT, journal=journal)
    exchange.drafts[0]["created_at"] = "yesterday"
    exchange.time += timedelta(hours=1)
    found = submit(GROUP, exchange.client(), PROJECT, journal=Journal("sqlite://"))
    assert found.sent_at == exchange.time


@pytest.mark.parametrize(("name", "locale"), [("Other", "ger_de"), (GROUP.name, "eng_us")])
def test_a_reference_of_ones_own_that_stands_on_another_group(journal, name, locale):
    exchange = Exchange()
    other = exchange.add("tea-1", name, locale)
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    assert str(caught.value) == (
        f"Nothing was sent: the reference 'tea-1' stands on another target group, {name!r} "
        f"({other}). Use another reference."
    )
    assert caught.value.ids == (other,)
    assert exchange.posts == 0


def test_a_draft_that_was_renamed_since_is_still_ours(journal):
    exchange = Exchange("lost")
    exchange.before_answer = lambda: exchange.drafts[0].update(name="Renamed on the website")
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    assert exchange.ids == [receipt.id]


def test_a_changed_plan_under_its_old_reference(journal):
    exchange = Exchange()
    submit(GROUP, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    changed = GROUP.replace(completes_goal=20)
    with pytest.raises(JournalError) as caught:
        submit(changed, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    assert str(caught.value) == (
        "Nothing was sent. The reference 'tea-1' stands for another target group, 'My first target "
        f"group' (done: {exchange.ids[0]}). To change that draft, use client.update_target_group; "
        "for another one, give it another reference."
    )
    assert exchange.posts == 1


def test_a_refused_plan_may_be_corrected_under_its_reference(journal):
    exchange = Exchange("status 400")
    with pytest.raises(Refused):
        submit(GROUP, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    changed = GROUP.replace(completes_goal=20)
    receipt = submit(changed, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    assert receipt.target_group == changed.replace(**{REFERENCE: "tea-1"})
    assert len(exchange.drafts) == 1


@pytest.mark.parametrize(
    ("held", "given", "copy", "said"),
    [
        ("tea-1", "tea-2", 0, "two_references"),
        (None, "no", 0, "wrong_form"),
        (None, " tea", 0, "wrong_form"),
        (None, "tea ", 0, "wrong_form"),
        (None, "tea\n", 0, "wrong_form"),
        (None, "tea/1", 0, "wrong_form"),
        (None, "x" * 129, 0, "wrong_form"),
        (None, "x" * 128, 1, "wrong_form"),
        (None, None, -1, "wrong_form"),
    ],
)
def test_references_that_can_not_be(journal, held, given, copy, said):
    group = GROUP.replace(**{REFERENCE: held}) if held else GROUP
    exchange = Exchange()
    with pytest.raises(InvalidTargetGroup) as caught:
        submit(group, exchange.client(), PROJECT, journal=journal, reference=given, copy=copy)
    assert [(f.code, f.path) for f in caught.value.report.findings] == [(said, (REFERENCE,))]
    assert exchange.asked == []


def test_the_reference_is_as_documented():
    payload = {"name": "Tea", "completes_goal": 10}
    made = reference_for(LIVE, "543587", PROJECT, payload)
    assert re.fullmatch(r"tgk-[a-z2-7]{26}", made)
    assert made == reference_for(LIVE, "543587", PROJECT, dict(reversed(payload.items())))
    assert made == reference_for(LIVE, "543587", PROJECT, payload | {REFERENCE: "tea-1"})
    others = [
        reference_for("https://a.b", "543587", PROJECT, payload),
        reference_for(LIVE, "7", PROJECT, payload),
        reference_for(LIVE, "543587", PROJECT[:-1] + "C", payload),
        reference_for(LIVE, "543587", PROJECT, payload | {"completes_goal": 11}),
        reference_for(LIVE, "543587", PROJECT, payload, 1),
        reference_for(LIVE, "543587", PROJECT, payload, 2),
    ]
    assert len({made, *others}) == 7


def test_stopping_while_it_is_sent_leaves_it_open(journal):
    exchange = Exchange("stopped")
    with pytest.raises(KeyboardInterrupt):
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    entry = journal.entries()[0]
    assert (entry.state, entry.problem) == ("ambiguous", "stopped by KeyboardInterrupt")
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert exchange.ids == [receipt.id]
    assert exchange.waits == []


def test_an_entry_of_a_process_that_was_killed(journal):
    exchange = Exchange()
    client = exchange.client(settle_seconds=10)
    sending = journal.claim(journal.plan(order_for(GROUP, client, PROJECT), NOON), NOON)
    with journal.engine.begin() as connection:
        connection.execute(sa.update(ENTRIES).values(sender=None))
    assert sending.state == "sending"
    submit(GROUP, client, PROJECT, journal=journal)
    assert sum(exchange.waits) == 10
    assert (exchange.posts, len(exchange.drafts)) == (1, 1)


def test_an_entry_that_another_thread_is_sending_gets_the_time_its_request_may_take(journal):
    exchange = Exchange()
    client = exchange.client(settle_seconds=10)
    planned = journal.plan(order_for(GROUP, client, PROJECT), NOON)
    journal.claim(planned, NOON, lease=client.longest_request)
    submit(GROUP, client, PROJECT, journal=journal)
    assert sum(exchange.waits) == client.longest_request == 125


def test_while_waiting_the_journal_may_tell(journal):
    exchange = Exchange()
    client = exchange.client()
    sending = journal.claim(journal.plan(order_for(GROUP, client, PROJECT), NOON), NOON)
    made = "01JX2X0N5RTR012AYDTA83QW77"

    def sleep(seconds: float) -> None:
        if seconds:
            journal.found(sending, (made,), NOON)

    assert submit(GROUP, exchange.client(sleep=sleep), PROJECT, journal=journal).id == made
    assert exchange.asked == ["GET"]


@pytest.mark.parametrize("faults", [(), ("lost",), ("broken",), ("unsent",)])
def test_threads_that_submit_one_plan_make_one_draft(tmp_path, faults):
    exchange, receipts, ready = Exchange(*faults), [], threading.Barrier(6)
    client = exchange.client(settle_seconds=1)

    def run() -> None:
        ready.wait()
        with Journal(tmp_path / "journal.db") as journal:
            receipts.append(submit(GROUP, client, PROJECT, journal=journal).id)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(exchange.drafts), receipts) == (1, exchange.ids * 6)


def test_threads_of_one_program_queue_whatever_the_clock_says(tmp_path):
    exchange, arrived, go_on = Exchange(), threading.Event(), threading.Event()

    def slow(request: httpx.Request) -> httpx.Response:
        if request.method == "POST" and not arrived.is_set():
            arrived.set()
            assert go_on.wait(10)
        return exchange.answer(request)

    client = exchange.client(http=httpx.Client(transport=httpx.MockTransport(slow)))

    def run() -> None:
        with Journal(tmp_path / "journal.db") as journal:
            submit(GROUP, client, PROJECT, journal=journal)

    first, second = threading.Thread(target=run), threading.Thread(target=run)
    first.start()
    assert arrived.wait(10)
    second.start()
    second.join(0.5)
    go_on.set()
    first.join()
    second.join()
    assert (len(exchange.drafts), exchange.posts) == (1, 1)


def read_only(journal: Journal, when: Callable[[], bool]) -> None:
    def refuse(connection, cursor, statement, *_):
        if statement.startswith(("INSERT", "UPDATE")) and when():
            raise sa.exc.OperationalError("x", None, Exception("database or disk is full"))

    sa.event.listen(journal.engine, "before_cursor_execute", refuse)


def test_a_full_disk_before_sending(journal):
    exchange = Exchange()
    read_only(journal, lambda: True)
    with pytest.raises(JournalError) as caught:
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert str(caught.value) == (
        "Nothing was sent. The journal sqlite:// can't be used: the disk is full. Free some space, "
        'or keep the journal elsewhere: Journal("sqlite:///…") or TGK_JOURNAL.'
    )
    assert exchange.posts == 0


def test_a_full_disk_between_planning_and_sending(journal):
    exchange = Exchange()
    read_only(journal, lambda: bool(exchange.asked))
    with pytest.raises(JournalError, match=r"^Nothing was sent\. .* the disk is full"):
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert exchange.posts == 0


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("fine", "The draft 01JX2X0N5RTR012AYDTA83QW01 was made, but that can't be noted. Submit "),
        ("lost", "No usable answer from api.cint.com"),
        ("status 400", "The exchange refused (400"),
    ],
)
def test_a_full_disk_after_sending(journal, fault, said):
    exchange, full = Exchange(fault), [True]
    read_only(journal, lambda: bool(exchange.posts) and full[0])
    with pytest.raises(JournalError) as caught:
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert str(caught.value).startswith(said)
    assert "can't be noted" in str(caught.value)
    assert journal.entries()[0].state == "sending"
    full[0] = False
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    assert exchange.ids == [receipt.id]


def test_the_default_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("TGK_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    exchange = Exchange()
    receipt = submit(GROUP, exchange.client(), PROJECT)
    assert Journal().find(receipt.reference)[0].target_group_ids == (receipt.id,)
    monkeypatch.setenv("TGK_JOURNAL", f"sqlite:///{tmp_path}")
    with pytest.raises(JournalError, match=r"^Nothing was sent\. The journal "):
        submit(GROUP, exchange.client(), PROJECT)


def test_an_emulator_that_started_anew_knows_nothing(journal):
    exchange = Exchange()
    client = exchange.client("http://127.0.0.1:8765/v1")
    first = submit(GROUP, client, PROJECT, journal=journal)
    assert submit(GROUP, client, PROJECT, journal=journal) == first
    assert exchange.asked == ["GET", "POST", "GET"]
    exchange.drafts.clear()
    exchange.time += timedelta(hours=1)
    second = submit(GROUP, client, PROJECT, journal=journal)
    assert (second.sent_at, len(exchange.drafts)) == (exchange.time, 1)


def test_an_emulator_that_does_not_answer_changes_nothing(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client("http://127.0.0.1:8765/v1"), PROJECT, journal=journal)
    gone = httpx.Client(transport=httpx.MockTransport(no_network))
    client = exchange.client("http://127.0.0.1:8765/v1", http=gone)
    assert submit(GROUP, client, PROJECT, journal=journal) == first


def no_network(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no network")


def test_what_the_live_exchange_gave_is_never_forgotten(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client(), PROJECT, journal=journal)
    exchange.drafts.clear()
    assert submit(GROUP, exchange.client(), PROJECT, journal=journal) == first


def test_the_dry_run_is_the_request():
    exchange = Exchange()
    for reference, copy in ((None, False), ("tea-1", False), (None, 2)):
        seen = []
        http = httpx.Client(
            transport=httpx.MockTransport(lambda r, seen=seen: seen.append(r) or exchange.answer(r))
        )
        client = exchange.client(http=http)
        dry = dry_run(GROUP, client, PROJECT, reference=reference, copy=copy)
        assert seen == []
        submit(
            GROUP,
            client,
            PROJECT,
            journal=Journal("sqlite://"),
            reference=reference,
            copy=copy,
        )
        (request,) = [r for r in seen if r.method == "POST"]
        assert (dry.method, dry.url) == (request.method, str(request.url))
        assert dry.body.encode() == request.content
        sent = {name: request.headers[name] for name in dry.headers}
        assert sent == dry.headers | {"Authorization": "Bearer planted-token"}
        assert dry.headers["Authorization"] == "Bearer …"
        own = {REFERENCE: json.loads(dry.body)[REFERENCE]}
        assert TargetGroup.from_curl(dry.curl) == GROUP.replace(**own)


NASTY = [
    "Tea & 'biscuits'",
    '"$HOME" `id`',
    "a\\b $(id)",
    "ünïcode 茶",
    "<script>",
    "semi; colon\n",
]


@pytest.mark.parametrize("name", NASTY)
def test_any_name_survives_the_shell_and_the_page(journal, name):
    exchange = Exchange()
    group = GROUP.replace(name=name)
    dry = dry_run(group, exchange.client(), PROJECT, reference="tea-1")
    assert TargetGroup.from_curl(dry.curl).name == name
    assert "<script>" not in dry._repr_html_()
    receipt = submit(group, exchange.client(), PROJECT, journal=journal)
    assert "<script>" not in receipt._repr_html_()
    assert receipt.target_group.name == name


def test_a_receipt_shows_itself(journal):
    exchange = Exchange()
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal, reference="tea-1")
    assert str(receipt).splitlines() == [
        "draft        01JX2X0N5RTR012AYDTA83QW01",
        "target group My first target group",
        "project      01JX2KPG5VEBF8498Z8YTTE8TB",
        "environment  live",
        "sent         2026-11-30T12:00:00.000Z",
        "reference    tea-1",
        "trace        trace-01",
        f"request      sha256 {receipt.request_hash[:16]}…, version 2025-12-18",
    ]
    found = submit(
        GROUP, exchange.client(), PROJECT, journal=Journal("sqlite://"), reference="tea-1"
    )
    assert "trace        none: the draft was found by its reference" in str(found)
    shown = receipt._repr_html_()
    assert shown.count("<th scope='row'") == 8
    assert "planted-token" not in f"{receipt!r}{receipt}{shown}{receipt.code()}"


@pytest.mark.parametrize("how", [{}, {"reference": "tea-1"}, {"copy": True}])
def test_a_receipts_code_gives_the_receipt(journal, how):
    exchange = Exchange()
    receipt = submit(GROUP, exchange.client(), PROJECT, journal=journal, **how)
    code = receipt.code()
    assert "with tgk.connect('live') as client:" in code

    class Kit:
        TargetGroup = TargetGroup

        @staticmethod
        def connect(_):
            return exchange.client()

        @staticmethod
        def submit(*given, **named):
            return submit(*given, **named, journal=journal)

    known = {"tgk": Kit}
    exec(code.replace("import target_group_kit as tgk\n", ""), known)
    assert replace(known["receipt"], target_group=receipt.target_group) == receipt
    assert exchange.posts == 1


KINDS = (
    "fine",
    "unsent",
    "lost",
    "broken",
    "stopped",
    "limited 3",
    "status 400",
    "status 409+",
    "status 500",
    "status 500+",
    "status 503",
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(KINDS), max_size=5),
    st.lists(st.sampled_from([None, 500, httpx.ReadError("x")]), max_size=4),
    st.integers(0, 100),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_any_failures_in_any_order_end_in_one_draft(faults, lists, lag, lose_journal):
    "Settle time above the lag; the journal is deleted now and then, after the lag has passed."
    exchange = Exchange(*faults, lag=lag, lists=tuple(lists))
    journal = Journal("sqlite://")
    receipt = None
    for lose in lose_journal:
        try:
            receipt = submit(
                GROUP, exchange.client(settle_seconds=120), PROJECT, journal=journal, unchecked=True
            )
        except (ExchangeError, KeyboardInterrupt):
            assert len(exchange.drafts) <= 1
        if lose:
            exchange.time += timedelta(seconds=101)
            journal.close()
            journal = Journal("sqlite://")
    assert receipt is not None
    assert exchange.ids == [receipt.id]
    journal.close()


EMULATOR_FAULTS = {
    "reset_before": (2, 1),
    "reset_after": (1, 1),
    "truncated": (1, 1),
    "hang": (1, 1),
    "error_before": (2, 1),
    "error_after": (1, 1),
    "rate_limited": (2, 1),
    "html": (2, 1),
    "unauthorized": (2, 1),
}


@pytest.mark.parametrize("kind", EMULATOR_FAULTS)
def test_every_fault_of_a_real_server_ends_in_one_draft(kind, journal):
    posts, drafts = EMULATOR_FAULTS[kind]
    with Emulator(faults=[Fault(kind, seconds=1)]) as emulator:
        with emulator.client(read_timeout=0.3, sleep=lambda _: None) as client:
            group = TargetGroup.example()
            receipt = submit(group, client, emulator.project_id, journal=journal)
            assert submit(group, client, emulator.project_id, journal=journal) == receipt
        assert [draft.id for draft in emulator.drafts] == [receipt.id]
        asked = [r.operation for r in emulator.requests]
        assert (asked.count("create_target_group"), len(emulator.drafts)) == (posts, drafts)


def test_the_emulators_refusal_names_the_users_field(journal):
    clock = [NOON]
    with Emulator(clock=lambda: clock[0]) as emulator, emulator.client() as client:
        late = TargetGroup.example(now=NOON - timedelta(days=30))
        with pytest.raises(Refused) as caught:
            submit(late, client, emulator.project_id, journal=journal, unchecked=True)
    paths = [finding.path for finding in caught.value.report.errors]
    assert ("fielding_specification", "end_at") in paths
    assert journal.entries()[0].state == "refused"
    assert emulator.drafts == ()


def test_no_token_is_in_the_journals_files_or_the_log(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    exchange = Exchange("lost")
    with Journal(tmp_path / "journal.db") as journal:
        submit(GROUP, exchange.client(), PROJECT, journal=journal)
        files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"My first target group" in files
    assert b"planted-token" not in files
    assert "planted-token" not in caplog.text


def test_a_server_that_fails_for_good_is_said_with_its_status(journal):
    exchange = Exchange(*["status 503"] * 9)
    with pytest.raises(Unresolved) as caught:
        submit(GROUP, exchange.client(settle_seconds=0), PROJECT, journal=journal)
    assert "It was sent 3 times and isn't there." in str(caught.value)
    assert not isinstance(caught.value, ServerFailed)
