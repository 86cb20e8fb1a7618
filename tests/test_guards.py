"Nothing is made on the live exchange that nobody meant to make."

import io
import sys

import pytest
from failing_exchange import GROUP, LIVE, PROJECT, Exchange

from target_group_kit.contract.errors import NotSent
from target_group_kit.exchange.bulk import submit_many
from target_group_kit.exchange.client import connect
from target_group_kit.exchange.consent import Consent, ask_here
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.settings import Settings
from target_group_kit.exchange.submission import dry_run, submit


@pytest.fixture
def journal():
    with Journal("sqlite://") as journal:
        yield journal


class Somebody:
    "Types what they are told to, and remembers what was asked."

    def __init__(self, *typed: str | None) -> None:
        self.typed, self.asked = list(typed), []

    def __call__(self, question: str) -> str | None:
        self.asked.append(question)
        return self.typed.pop(0)


def test_the_live_exchange_asks_once_for_a_session(journal):
    exchange, somebody = Exchange(), Somebody("live")
    for name in ("Wave 1", "Wave 2"):
        client = exchange.client(account_id=1001, confirmed=False, confirm=somebody)
        submit(GROUP.replace(name=name), client, PROJECT, journal=journal)
    assert somebody.asked == [
        "1 draft will be made on live, account 1001, and can't be deleted. Type live to go on: "
    ]
    assert len(exchange.drafts) == 2


def test_a_batch_asks_once_for_all_that_isn_t_there(journal):
    exchange, somebody = Exchange(), Somebody("live")
    client = exchange.client(account_id=1002, confirmed=False, confirm=somebody)
    groups = [GROUP.replace(name=f"Wave {number}") for number in range(60)]
    submit_many(groups[:10], exchange.client(account_id=1002), PROJECT, journal=journal)
    assert submit_many(groups, client, PROJECT, journal=journal, progress=False).ok
    assert somebody.asked == [
        "50 drafts will be made on live, account 1002, and can't be deleted. Type live to go on: "
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("yes", "Nothing was sent: 'yes' was typed, not 'live'."),
        ("", "Nothing was sent: '' was typed, not 'live'."),
        ("LIVE", "Nothing was sent: 'LIVE' was typed, not 'live'."),
        (
            None,
            "Nothing was sent: nobody is here to confirm that drafts are made on live. "
            "Say so in the code: connect('live', confirmed=True).",
        ),
    ],
)
@pytest.mark.parametrize("many", [False, True])
def test_without_a_yes_nothing_is_sent(journal, typed, said, many):
    exchange = Exchange()
    client = exchange.client(account_id=1003, confirmed=False, confirm=Somebody(typed))
    groups = [GROUP, GROUP.replace(name="Another")] if many else [GROUP]
    with pytest.raises(NotSent) as caught:
        submit_many(groups, client, PROJECT, journal=journal, progress=False)
    assert str(caught.value) == said
    assert exchange.posts == 0
    assert {entry.state for entry in journal.entries()} == {"planned"}


def test_what_sends_nothing_asks_nobody(journal):
    exchange = Exchange()
    first = submit(GROUP, exchange.client(account_id=1004), PROJECT, journal=journal)
    nobody = exchange.client(account_id=1004, confirmed=False, confirm=Somebody())
    assert submit(GROUP, nobody, PROJECT, journal=journal) == first
    assert submit(GROUP, nobody, PROJECT, journal=Journal("sqlite://")).id == first.id
    assert dry_run(GROUP, nobody, PROJECT).method == "POST"
    nobody.get_list_target_groups(PROJECT, references=["tea"])


@pytest.mark.parametrize(
    ("url", "confirmed", "given"),
    [
        ("http://127.0.0.1:8765/v1", False, True),
        ("http://localhost:8765/v1", False, True),
        (LIVE, False, False),
        (LIVE, True, True),
        ("https://pilot.cint.com/v1", False, False),
    ],
)
def test_where_it_asks(url, confirmed, given):
    assert Consent("somewhere", url, "1005", confirmed=confirmed).given is given


def test_a_yes_holds_for_one_account_at_one_address():
    Consent("live", LIVE, "1006", confirm=Somebody("live")).ask(1)
    assert Consent("live", LIVE, "1006").given
    assert not Consent("live", LIVE, "1007").given
    assert not Consent("pilot", "https://pilot.cint.com/v1", "1006").given


@pytest.mark.parametrize(("terminal", "typed"), [(True, "live"), (False, None)])
def test_only_a_terminal_or_a_notebook_can_be_asked(monkeypatch, terminal, typed):
    keyboard = io.StringIO("live\n")
    keyboard.isatty = lambda: terminal  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", keyboard)
    assert ask_here("? ") == typed


def test_a_keyboard_that_ends_says_nothing(monkeypatch):
    keyboard = io.StringIO("")
    keyboard.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", keyboard)
    assert ask_here("? ") is None
    monkeypatch.setattr(sys, "stdin", None)
    assert ask_here("? ") is None


def test_connect_hands_on_what_was_confirmed(monkeypatch):
    for name in ("CINT_ACCOUNT_ID", "CINT_TOKEN"):
        monkeypatch.setenv(name, "1008")
    settings = Settings(name="live", base_url=LIVE, requests_per_second=5, patience_seconds=60)
    with connect("live", settings=settings, confirmed=True) as client:
        assert client.consent.given
        assert client.patience_seconds == 60
    somebody = Somebody("live")
    with connect("live", settings=settings, confirm=somebody) as client:
        client.consent.ask(1)
    assert len(somebody.asked) == 1


def test_a_rate_is_kept_by_all_requests(journal):
    exchange = Exchange()
    client = exchange.client(requests_per_second=4)
    groups = [GROUP.replace(name=f"Wave {number}") for number in range(10)]
    assert submit_many(groups, client, PROJECT, journal=journal, workers=1, progress=False).ok
    assert len(exchange.asked) == 11
    assert sum(exchange.waits) == 2.5
