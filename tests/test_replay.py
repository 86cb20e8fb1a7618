"Receipts of the past, found in the journal and given back as code."

import pytest

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import DemandClient
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.orders import order_for
from target_group_kit.exchange.replay import ReceiptBook, find_receipts
from tests.journals import NOON, ONE, TWO

PROJECT = "01JX2KPG5VEBF8498Z8YTTE8TB"
TEA = TargetGroup.example(now=NOON).replace(name="Tea <b>drinkers</b>")
COFFEE = TEA.replace(name="Coffee drinkers", target_group_customer_reference_number="coffee-1")


@pytest.fixture
def client():
    url = "http://127.0.0.1:8765/v1"
    with DemandClient(base_url=url, account_id=12345, token="planted-token") as opened:
        yield opened


@pytest.fixture
def journal(client):
    with Journal("sqlite://") as opened:
        for group, found in [(TEA, ONE), (COFFEE, TWO)]:
            entry = opened.plan(order_for(group, client, PROJECT), NOON)
            opened.found(opened.claim(entry, NOON), (found,), NOON, trace_id="7c1d")
        opened.plan(order_for(TEA, client, PROJECT, copy=True), NOON)
        yield opened


def test_what_was_made_is_found(journal):
    receipts = find_receipts(journal)
    assert [receipt.id for receipt in receipts] == [TWO, ONE]
    assert [receipt.target_group for receipt in receipts] == [COFFEE, TEA]
    assert (receipts[0].reference, receipts[0].trace_id) == ("coffee-1", "7c1d")
    assert (len(receipts), receipts[:1]) == (2, ReceiptBook(receipts.held[:1]))


@pytest.mark.parametrize(
    ("how", "ids"),
    [
        ({"text": "TEA"}, [ONE]),
        ({"text": "coffee-1"}, [TWO]),
        ({"text": ONE.lower()}, [ONE]),
        ({"text": "7c1d"}, [TWO, ONE]),
        ({"text": "milk"}, []),
        ({"environment": "emulator"}, [TWO, ONE]),
        ({"environment": "live"}, []),
        ({"limit": 1}, [TWO]),
    ],
)
def test_some_of_them(journal, how, ids):
    assert [receipt.id for receipt in find_receipts(journal, **how)] == ids


def test_as_a_table(journal):
    receipts = find_receipts(journal)
    assert receipts.frame().to_dict("records")[1] == {
        "sent_at": NOON,
        "name": "Tea <b>drinkers</b>",
        "target_group": ONE,
        "reference": receipts[1].reference,
        "environment": "emulator",
        "project": PROJECT,
        "trace_id": "7c1d",
        "request_hash": receipts[1].request_hash,
    }
    shown = receipts._repr_html_()
    assert "Tea &lt;b&gt;drinkers&lt;/b&gt;" in shown
    assert "<b>" not in shown
    assert shown.count("<tr>") == 3
    assert str(receipts).count("draft") == 2
    assert find_receipts(journal, "milk").frame().empty
    assert str(find_receipts(journal, "milk")) == "No receipts."
    assert find_receipts(journal, "milk")._repr_html_() == (
        "<p style='margin:.3em 0'>No receipts.</p>"
    )


def test_its_code_is_the_same_order_again(journal, client):
    for receipt in find_receipts(journal):
        held: dict = {}
        plan = receipt.code().partition("with tgk.connect")[0]
        exec(plan, held)
        again = order_for(held["target_group"], client, PROJECT, reference=receipt.reference)
        assert (again.reference, again.request_hash) == (receipt.reference, receipt.request_hash)
        assert journal.plan(again, NOON).target_group_ids == (receipt.id,)
    assert find_receipts(journal).code() == "\n".join(r.code() for r in find_receipts(journal))
    assert "planted-token" not in find_receipts(journal).code()


def test_the_default_journal(tmp_path, monkeypatch):
    monkeypatch.setenv("TGK_JOURNAL", f"sqlite:///{tmp_path / 'journal.db'}")
    assert find_receipts().held == ()
