"The desk on the local exchange: what a form does, and what comes of it."

from datetime import UTC, datetime

import pytest
from hands import bad, fill, press

from target_group_kit.contract.errors import Refused, Report
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.desk import Desk
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import dry_run
from target_group_kit.stage.emulator import Emulator
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def example(name: str = "Tea drinkers") -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange().replace(name=name)


def test_what_a_form_asks_of_an_exchange() -> None:
    with Emulator(clock=lambda: NOON) as exchange, exchange.client() as client:
        desk, heard = Desk(client, Journal("sqlite://")), []
        [(words, project)] = desk.projects()
        assert (words.endswith(project), project) == (True, exchange.project_id)
        assert (desk.environment, desk.asks_name, desk.project_id) == ("emulator", False, "")
        assert desk.receipts() == desk.drafts(project) == []
        receipts = [
            desk.submit(example(name), project, heard.append)
            for name in ("Tea drinkers", "Coffee drinkers", "Tea drinkers")
        ]
        assert receipts[0] == receipts[2]
        assert [draft for _, draft in desk.drafts(project)] == [r.id for r in receipts[:2]]
        assert desk.draft(project, receipts[0].id).name == "Tea drinkers"
        assert desk.receipts() == [receipts[1], receipts[0]]
        assert desk.receipts("TEA") == desk.receipts(receipts[0].reference) == [receipts[0]]
        assert desk.receipts("cocoa") == []
        assert desk.dry_run(example(), project) == dry_run(example(), client, project)
        assert desk.validate(example()) == Report()
        assert "sending" in [progress.doing for progress in heard]


def test_the_journal_is_opened_when_it_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    with Emulator(clock=lambda: NOON) as exchange, exchange.client() as client:
        monkeypatch.setenv("TGK_JOURNAL", "sqlite://")
        desk = Desk(client)
        assert "kept" not in vars(desk)
        assert desk.receipts() == []
        assert desk.kept is desk.kept


def test_a_form_with_a_desk_does_the_whole_job() -> None:
    with Emulator(clock=lambda: NOON) as exchange, exchange.client() as client:
        desk = Desk(client, Journal("sqlite://"), exchange.project_id)
        builder = TargetGroupBuilder(example(), now=lambda: NOON, submit=desk)
        press(builder, "Submit")
        press(builder, "Yes, send it")
        assert builder.receipt.id == exchange.drafts[0].id
        builder.start.fold.unfold()
        fill(builder, "Name", "Coffee drinkers")
        press(builder, "A draft on the exchange …")
        press(builder, "Start from this one")
        assert builder.value is not None
        assert builder.value.name == "Tea drinkers"
        assert builder.value.target_group_customer_reference_number is None
        fill(builder, "Currency", "JPY")
        press(builder, "Submit")
        press(builder, "Yes, send it")
        assert builder.panel.refusal is not None
        assert isinstance(builder.panel.refusal, Refused)
        assert ("cost_per_interview", "currency_code") in [
            finding.path for finding in builder.panel.refusal.report.errors
        ]
        assert bad(builder, "Currency")
        assert (len(exchange.drafts), builder.errors, builder.panel.errors) == (1, [], [])
