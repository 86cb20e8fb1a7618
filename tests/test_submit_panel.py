"The submit panel: it asks first, sends once, and shows the receipt or the refusal."

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hands import beside, control, fill, press, shown

from target_group_kit.contract.errors import (
    Finding,
    InvalidTargetGroup,
    KitError,
    NoAnswer,
    NotSent,
    Refused,
    Report,
    ServerFailed,
    Unresolved,
)
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.widgets.submit_panel import SubmitPanel
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DRAFT = "01JX2X0N5RTR012AYDTA83QWTW"


def example() -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange()


@dataclass
class Told:
    "A receipt of our own."

    id: str
    group: TargetGroup


class Exchange:
    "Counts what is sent, and may fail."

    def __init__(self, *problems: Exception) -> None:
        self.sent: list[TargetGroup] = []
        self.problems = list(problems)

    def __call__(self, group: TargetGroup) -> Told:
        self.sent.append(group)
        if self.problems:
            raise self.problems.pop(0)
        return Told(DRAFT, group)


def builder_for(exchange: Exchange, group: TargetGroup | None = None) -> TargetGroupBuilder:
    return TargetGroupBuilder(
        group or example(), now=lambda: NOON, submit=exchange, environment="the <emulator>"
    )


def labels(form: object) -> list[str]:
    panel = getattr(form, "panel", form)
    return [w.description for w in panel._row.children if getattr(w, "description", "")]


def test_it_asks_first() -> None:
    exchange = Exchange()
    builder = builder_for(exchange)
    press(builder, "Submit")
    assert exchange.sent == []
    assert "Send one draft ‘<b>My first target group</b>’ to <b>the &lt;emulator&gt;</b>?" in shown(
        builder
    )
    assert "(3 warnings)" in shown(builder)
    assert labels(builder) == ["Yes, send it", "No"]
    press(builder, "No")
    assert (labels(builder), exchange.sent) == (["Submit"], [])


def test_yes_sends_one_and_shows_the_receipt() -> None:
    exchange, heard = Exchange(), []
    builder = builder_for(exchange)
    builder.panel.observe(lambda change: heard.append(change.new), names="value")
    press(builder, "Submit")
    press(builder, "Yes, send it")
    assert exchange.sent == [example()]
    assert builder.receipt == Told(DRAFT, example())
    assert heard == [builder.receipt]
    assert f"✓ It is there, as draft <code>{DRAFT}</code>" in shown(builder)
    assert control(builder, "Submit").disabled
    assert (builder.errors, builder.panel.errors, builder.panel.refusal) == ([], [], None)


def test_clicks_that_come_late_send_nothing() -> None:
    exchange = Exchange()
    panel = SubmitPanel(example(), exchange, now=lambda: NOON)
    for button in (panel._yes, panel._no, panel._button, panel._yes, panel._yes, panel._button):
        button.click()
    panel._yes.click()
    assert (len(exchange.sent), panel.errors) == (1, [])


def test_two_threads_send_one() -> None:
    start, panels = threading.Barrier(8), []
    exchange = Exchange()

    def slowly(group: TargetGroup) -> Told:
        panels[0]._yes.click()
        return exchange(group)

    panels.append(SubmitPanel(example(), slowly, now=lambda: NOON))
    panels[0]._button.click()

    def click() -> None:
        start.wait()
        panels[0]._yes.click()
        panels[0]._button.click()
        panels[0]._yes.click()

    threads = [threading.Thread(target=click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(exchange.sent), panels[0].errors) == (1, [])


def test_while_it_sends_nothing_can_be_pressed() -> None:
    seen: list[tuple[bool, bool]] = []

    def looking(group: TargetGroup) -> Told:
        seen.append((panel._yes.disabled, panel._no.disabled))
        return Told(DRAFT, group)

    panel = SubmitPanel(example(), looking, now=lambda: NOON)
    panel._button.click()
    panel._yes.click()
    assert seen == [(True, True)]
    assert (panel._yes.disabled, labels(panel)) == (False, ["Submit"])


def test_an_edit_while_it_sends_blocks_nobody() -> None:
    sending, edited = threading.Event(), threading.Event()

    def waiting(group: TargetGroup) -> Told:
        sending.set()
        assert edited.wait(20)
        raise Refused("no", report=Report((Finding("x", "error", ("name",), "no", ""),)))

    builder = TargetGroupBuilder(example(), now=lambda: NOON, submit=waiting)
    press(builder, "Submit")
    thread = threading.Thread(target=press, args=(builder, "Yes, send it"))
    thread.start()
    assert sending.wait(20)
    fill(builder, "Name", "Another name")
    edited.set()
    thread.join(20)
    assert not thread.is_alive()
    assert (builder.panel.errors, builder.errors) == ([], [])
    assert builder.value is not None
    assert builder.value.name == "Another name"
    assert beside(builder, "Name") == "", "the refusal was of the name before"


def test_a_changed_plan_can_be_sent_and_the_same_one_cannot() -> None:
    exchange = Exchange()
    builder = builder_for(exchange)
    for name in ("My first target group", "My second target group", "My first target group"):
        fill(builder, "Name", name)
        if not control(builder, "Submit").disabled:
            press(builder, "Submit")
            press(builder, "Yes, send it")
    assert [group.name for group in exchange.sent] == [
        "My first target group",
        "My second target group",
    ]
    assert "It is there" in shown(builder)


def test_an_edit_takes_the_question_back() -> None:
    exchange = Exchange()
    builder = builder_for(exchange)
    press(builder, "Submit")
    fill(builder, "Name", "Another name")
    assert labels(builder) == ["Submit"]
    builder.panel._yes.click()
    assert exchange.sent == []


def test_what_has_errors_cannot_be_sent() -> None:
    exchange = Exchange()
    builder = builder_for(exchange)
    fill(builder, "Name", "Tea")
    assert control(builder, "Submit").disabled
    assert "1 error to mend first." in shown(builder)
    builder.panel._button.click()
    builder.panel._yes.click()
    assert exchange.sent == []
    fill(builder, "Name", "Tea time")
    assert not control(builder, "Submit").disabled


def test_a_question_is_dropped_when_the_screen_breaks() -> None:
    exchange = Exchange()
    builder = builder_for(exchange)
    press(builder, "Submit")
    fill(builder, "Name", "Tea")
    assert labels(builder) == ["Submit"]
    builder.panel._yes.click()
    assert exchange.sent == []


def test_time_may_have_run_out_meanwhile() -> None:
    clock, exchange = [NOON], Exchange()
    panel = SubmitPanel(example(), exchange, now=lambda: clock[0])
    clock[0] = datetime(2026, 12, 3, 8, tzinfo=UTC)
    panel._button.click()
    assert (labels(panel), exchange.sent) == (["Submit"], [])
    assert "1 error to mend first." in shown(panel)


def refusal(*findings: Finding) -> Refused:
    return Refused("The exchange refused (400).", report=Report.of(findings), status=400)


def test_a_refusal_goes_beside_the_fields_until_the_next_edit() -> None:
    said = "the exchange says of FieldingSpecification.EndAt: <late>"
    path = ("fielding_specification", "end_at")
    exchange = Exchange(
        refusal(
            Finding("bad_request_error", "error", path, said, "Move it."),
            Finding("bad_request_error", "error", ("completes_goal",), "too few", ""),
        )
    )
    builder = builder_for(exchange)
    press(builder, "Submit")
    press(builder, "Yes, send it")
    assert "EndAt: &lt;late&gt;" in beside(builder, "End date")
    assert "Too few" in beside(builder, "Completes")
    assert "The exchange refused (400)." in shown(builder.panel)
    assert isinstance(builder.panel.refusal, Refused)
    assert (builder.receipt, builder.report.ok) == (None, True)
    press(builder, "Submit")
    press(builder, "Yes, send it")
    assert builder.receipt == Told(DRAFT, example())
    assert len(exchange.sent) == 2
    fill(builder, "Name", "Another name")
    assert "late" not in beside(builder, "End date") + beside(builder, "Completes")


@pytest.mark.parametrize(
    ("problem", "advice"),
    [
        (NotSent("no such host"), "Nothing was sent."),
        (NoAnswer("timed out"), "it looks for the draft before it sends"),
        (ServerFailed("broke", status=500), "it looks for the draft before it sends"),
        (Unresolved("unknown", reference="tgk-abc"), "Its reference is tgk-abc."),
        (
            InvalidTargetGroup(Report((Finding("x", "error", ("name",), "no", ""),))),
            "can&#x27;t be sent",
        ),
        (KitError("<b>odd</b>"), "&lt;b&gt;odd&lt;/b&gt;"),
    ],
)
def test_what_went_wrong_is_told_and_can_be_tried_again(problem: KitError, advice: str) -> None:
    exchange = Exchange(problem)
    builder = builder_for(exchange)
    press(builder, "Submit")
    press(builder, "Yes, send it")
    assert advice in shown(builder.panel)
    assert (builder.panel.refusal, builder.receipt, builder.panel.errors) == (problem, None, [])
    press(builder, "Submit")
    press(builder, "Yes, send it")
    assert builder.receipt is not None


@pytest.mark.usefixtures("failures")
def test_a_fault_of_the_callable_is_seen_and_leaves_the_panel_ready() -> None:
    panel = SubmitPanel(example(), Exchange(ZeroDivisionError("<i>")), now=lambda: NOON)
    panel._button.click()
    panel._yes.click()
    assert [type(problem) for problem in panel.errors] == [ZeroDivisionError]
    assert "ZeroDivisionError: &lt;i&gt;" in shown(panel)
    assert labels(panel) == ["Submit"]
    panel._button.click()
    panel._yes.click()
    assert panel.receipt is not None


def test_a_panel_follows_a_builder_of_somebody_elses() -> None:
    exchange = Exchange()
    builder = TargetGroupBuilder(now=lambda: NOON)
    panel = SubmitPanel(builder, exchange)
    assert panel._button.disabled
    builder.value = example()
    assert not panel._button.disabled
    panel._button.click()
    panel._yes.click()
    assert (exchange.sent, builder.receipt) == ([example()], None)
    assert panel.draft == example().payload()


def test_its_twin_and_its_code() -> None:
    panel = SubmitPanel(example(), Exchange(), now=lambda: NOON)
    assert panel._repr_mimebundle_()["text/html"] == "<p>Nothing sent yet.</p>"
    assert "tgk.submit(target_group, client, project_id)" in panel.code()
    panel._button.click()
    panel._yes.click()
    assert DRAFT in panel._repr_mimebundle_()["text/html"]
