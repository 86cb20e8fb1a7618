"The submit panel: it asks first, sends once, and shows the receipt or the refusal."

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from hands import beside, control, everything, fill, press, shown, unfold

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


PROJECT = "01JX2KPG5VEBF8498Z8YTTE8TB"


class Clerk(Exchange):
    "An exchange that can also be asked."

    asks_name, project_id = False, ""

    def __init__(self, *problems: Exception, environment: str = "a <test>") -> None:
        super().__init__(*problems)
        self.environment = environment
        self.where: list[str] = []
        self.said = Report()
        self.broken: KitError | None = None

    def agree(self, typed: str) -> None:
        if typed != self.environment:
            raise NotSent(f"Nothing was sent: {typed!r} was typed.")
        self.asks_name = False

    def submit(self, group: TargetGroup, project: str, tell: Callable[[object], object]) -> Told:
        tell("looking up")
        self.heard = shown(self.panel)
        self.where.append(project)
        return self(group)

    def _check(self) -> None:
        if self.broken:
            raise self.broken

    def projects(self) -> list[tuple[str, str]]:
        self._check()
        return [("Hot drinks", PROJECT), ("Cold drinks", PROJECT[::-1])]

    def dry_run(self, group: TargetGroup, project: str) -> str:
        self._check()
        return f"POST {project} <{group.name}> Authorization: Bearer …"

    def validate(self, group: TargetGroup) -> Report:
        self._check()
        assert group == example()
        return self.said

    def receipts(self, text: str = "") -> list[Told]:
        self._check()
        kept = [Told("ONE", example()), Told("TWO", example())]
        return [receipt for receipt in kept if text in receipt.id]


def panel_of(clerk: Clerk, group: TargetGroup | None = None) -> SubmitPanel:
    clerk.panel = SubmitPanel(group or example(), clerk, now=lambda: NOON)
    return clerk.panel


def test_a_project_is_chosen_before_anything_is_sent() -> None:
    clerk = Clerk()
    panel = panel_of(clerk)
    assert panel._button.disabled
    assert "Name the project that it goes to." in shown(panel)
    fill(panel, "Project", "hot drinks")
    assert (panel._button.disabled, panel.project_id) == (True, "")
    press(panel, "Choose a project …")
    fill(panel, "Projects", PROJECT)
    assert (panel._button.disabled, panel.project_id) == (False, PROJECT)
    press(panel, "Submit")
    fill(panel, "Project", PROJECT[::-1])
    assert labels(panel) == ["Yes, send it", "No"]
    press(panel, "Yes, send it")
    assert (clerk.where, panel.errors) == ([PROJECT[::-1]], [])
    fill(panel, "Project", PROJECT)
    assert not panel._button.disabled, "another project is another draft"


def test_the_question_is_taken_back_without_a_project() -> None:
    clerk = Clerk()
    panel = panel_of(clerk)
    fill(panel, "Project", PROJECT)
    press(panel, "Submit")
    fill(panel, "Project", "")
    assert (labels(panel), clerk.where) == (["Submit"], [])


def test_what_happens_is_told_while_it_is_sent() -> None:
    clerk = Clerk()
    panel = panel_of(clerk)
    fill(panel, "Project", PROJECT)
    press(panel, "Submit")
    press(panel, "Yes, send it")
    assert (
        "Sending ‘<b>My first target group</b>’ … It is safe to stop here: submitting again looks "
        "for the draft first. looking up." in clerk.heard
    )


def test_where_drafts_stay_the_name_is_typed_once() -> None:
    clerk = Clerk(environment="live for this test")
    clerk.asks_name, clerk.project_id = True, PROJECT
    panel = panel_of(clerk)
    press(panel, "Submit")
    name = "Type live for this test to confirm"
    assert labels(panel) == [name, "Yes, send it", "No"]
    press(panel, "Yes, send it")
    fill(panel, name, "live")
    press(panel, "Yes, send it")
    assert (clerk.sent, panel.errors) == ([], [])
    assert "Nothing was sent: &#x27;live&#x27; was typed." in shown(panel)
    fill(panel, name, "live for this test")
    press(panel, "Yes, send it")
    assert clerk.sent == [example()]
    assert "Nothing was sent" not in shown(panel)
    other = panel_of(clerk, example().replace(name="Tea drinkers"))
    press(other, "Submit")
    assert labels(other) == ["Yes, send it", "No"]


def test_the_exact_request_is_shown_and_nothing_is_sent() -> None:
    clerk = Clerk()
    panel = panel_of(clerk)
    press(panel, "Show the exact request")
    assert "Name the project first." in shown(panel)
    fill(panel, "Project", PROJECT)
    press(panel, "Show the exact request")
    assert f"POST {PROJECT} &lt;My first target group&gt; Authorization: Bearer …" in shown(panel)
    clerk.broken = KitError("<b>no</b>")
    press(panel, "Show the exact request")
    assert "&lt;b&gt;no&lt;/b&gt;" in shown(panel)
    assert (clerk.sent, panel.errors) == ([], [])


def test_the_exchange_is_asked_about_profiles() -> None:
    clerk = Clerk()
    builder = TargetGroupBuilder(example(), now=lambda: NOON, submit=clerk)
    panel = builder.panel
    press(panel, "Ask the exchange about the profiles")
    assert "The exchange finds nothing wrong with the profiles." in shown(panel)
    clerk.said = Report((Finding("x", "error", ("completes_goal",), "too few", ""),))
    press(panel, "Ask the exchange about the profiles")
    assert "Too few" in beside(builder, "Completes")
    assert "<b>Completes</b>" in shown(panel)
    clerk.broken = NotSent("No way to api.example.")
    press(panel, "Ask the exchange about the profiles")
    assert "No way to api.example." in shown(panel)
    assert (panel.errors, builder.errors) == ([], [])


def test_projects_that_cannot_be_listed() -> None:
    clerk = Clerk()
    clerk.broken = NotSent("No way to <api.example>.")
    panel = panel_of(clerk)
    press(panel, "Choose a project …")
    assert "No way to &lt;api.example&gt;." in shown(panel)
    assert panel.errors == []


def test_earlier_receipts_are_searched() -> None:
    panel = panel_of(Clerk())
    unfold(panel)
    assert ("ONE" in shown(panel), "TWO" in shown(panel)) == (True, True)
    fill(panel, "Search", "TWO")
    assert ("ONE" in shown(panel), "TWO" in shown(panel)) == (False, True)
    fill(panel, "Search", "<b>")
    assert "No receipt holds that." in shown(panel)
    panel._clerk.broken = KitError("no journal")
    fill(panel, "Search", "")
    assert "no journal" in shown(panel)
    assert panel.errors == []


def test_a_courier_is_asked_for_nothing_else() -> None:
    panel = SubmitPanel(example(), Exchange(), now=lambda: NOON)
    known = {w.description for w in everything(panel) if getattr(w, "description", "")}
    assert known == {"Submit"}
