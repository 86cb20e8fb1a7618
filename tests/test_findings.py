"The list of findings in a form: what it says, what it keeps, and where each entry leads."

from datetime import UTC, date, datetime
from typing import Any

import ipywidgets
import pytest
from hands import control, everything, fill, grid_row, models, press, type_in

from target_group_kit.contract.errors import Finding, Path, Report
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.widgets.findings import FindingList
from target_group_kit.widgets.form import Form, Reading
from target_group_kit.widgets.grid import QuotaGrid
from target_group_kit.widgets.quotas import QuotaBuilder
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
AT: Path = ("profiling", "profiles", 0)


def found(name: str, code: str = "wrong", message: str = "it is wrong.") -> Finding:
    return Finding(code, "error", (name,), message)


class OneField(Form):
    "A form with one control and a list."

    def __init__(self) -> None:
        super().__init__()
        self.tea, self.list = self.parts.text("Tea"), FindingList(self)
        self.asked: list[Path] = []
        self._start(None, [self.tea, self.list])

    def control_at(self, path: Path) -> Any:
        self.asked.append(path)
        return self.tea if path == ("tea",) else None

    def _load(self, value: Any) -> None:
        pass

    def _read(self) -> Reading:
        return Reading(None, Report())

    def _show(self, reading: Reading) -> None:
        self.list.show(reading.report)


def entries(form: ipywidgets.Widget) -> list[Any]:
    "The buttons of a form's list."
    return [w for w in everything(form) if "tgk-go" in getattr(w, "_dom_classes", ())]


def listed(form: ipywidgets.Widget) -> list[tuple[str, bool]]:
    "The entries of a form's list: what each is called, and whether it leads anywhere."
    return [(button.description, not button.disabled) for button in entries(form)]


def test_a_form_knows_no_place_by_itself() -> None:
    form = Form()
    assert (form.control_at(("tea",)), form.go_to(("tea",))) == (None, False)
    assert form.label_at(("profiling", "profiles", 0)) == "profiling.profiles[0]"


def test_entries_say_what_and_lead_where_a_control_is() -> None:
    form = OneField()
    assert [w.value for w in form.list.children] == [
        '<p class="tgk-good"><b>✓</b> Nothing to mend.</p>'
    ]
    form.list.show(Report.of([found("tea"), found("cups", message="a <b> & c")]), "<p>Hm.</p>")
    assert listed(form) == [("tea", True), ("cups", False)]
    head, tea, cups = form.list.children
    assert head.value == ("<p>Hm.</p><p class='tgk-error' style='margin:0'><b>2 errors</b></p>")
    assert [w.button.tooltip for w in (tea, cups)] == ["Go to tea", "cups"]
    assert cups.said.value == '<p class="tgk-error"><b>✗</b> A &lt;b&gt; &amp; c</p>'


def test_an_entry_asks_the_form_for_its_own_place() -> None:
    form = OneField()
    form.list.show(Report.of([found("cups"), found("tea")]))
    form.asked.clear()
    press(form, "tea")
    assert (form.asked, form.errors) == ([("tea",)], [])


def test_entries_stay_while_their_finding_does() -> None:
    form = OneField()
    form.list.show(Report.of([found("tea"), found("tea", "empty"), found("tea")]))
    first, empty, second = form.list.children[1:]
    form.list.show(Report.of([found("cups"), found("tea", "empty", "none at all."), found("tea")]))
    cups, *kept = form.list.children[1:]
    assert kept == [empty, first]
    assert cups not in (first, second)
    assert "None at all." in empty.said.value
    assert second.comm is None
    before = models()
    for number in range(50):
        names = [f"field {n}" for n in range(number % 7)]
        form.list.show(Report.of(found(name) for name in names))
        form.list.show(Report.of([found("cups"), found("tea", "empty"), found("tea")]))
    assert models() == before


def test_an_entry_learns_a_new_name() -> None:
    builder = QuotaBuilder(plan())
    type_in(builder, "gender", "women", "answer", "")
    assert listed(builder) == [("gender: women", True)]
    type_in(builder, "gender", "women", "label", "ladies")
    assert listed(builder) == [("gender: ladies", True)]


def test_fifty_entries_are_listed_and_the_others_counted() -> None:
    form = OneField()
    form.list.show(Report.of(found(f"field {n}") for n in range(1060)))
    assert len(listed(form)) == 50
    assert form.list.children[-1].value == '<p class="tgk-hint">… and 1,010 more.</p>'
    form.list.show(Report.of(found(f"field {n}") for n in range(50)))
    assert len(form.list.children) == 51


# Where the builders lead.


def plan() -> QuotaPlan:
    cells = {"women": ("2", 50), "men": ("1", 50)}
    return QuotaPlan(1000).margin("gender", 43, cells)


def group(**changes: Any) -> TargetGroupBuilder:
    target_group = TargetGroup.example(now=NOON).with_open_exchange().replace(**changes)
    return TargetGroupBuilder(target_group, now=lambda: NOON)


def blended() -> TargetGroupBuilder:
    conditions = [
        {"object": "selection", "question_id": 43, "option": "1"},
        {"object": "selection", "question_id": 96, "option": "1"},
    ]
    targets = [{"name": "a", "conditions": conditions, "quota": {"completes_goal_percentage": 90}}]
    profile = {"object": "blended", "name": "cells", "quotas_enabled": True, "targets": targets}
    return group(profiling={"profile_adjustment_type": "percentage", "profiles": [profile]})


@pytest.mark.parametrize(
    ("path", "label", "leads_to"),
    [
        (("name",), "Name", "Name"),
        (("completes_goal",), "Completes", "Completes"),
        (("collects_pii",), "Collects personal data", "Collects personal data"),
        (("cost_per_interview",), "Price per complete (CPI)", "Price per complete (CPI)"),
        (("cost_per_interview", "currency_code"), "Currency", "Currency"),
        (
            ("fielding_assistant_assignment", "pricing", "maximum_cpi", "value"),
            "Maximum CPI",
            "Maximum CPI",
        ),
        (("allocations",), "Suppliers", "Suppliers"),
        (("allocations", "open_exchange_allocations", "groups"), "Suppliers", "Suppliers"),
        (("fielding_specification",), "Fielding window", "Respondents' zone"),
        (("fielding_specification", "start_at"), "Fielding window", "Start time"),
        (("fielding_specification", "end_at"), "Fielding window", "End time"),
        (("profiling",), "Audience", "Quotas are sent as"),
        (("profiling", "profile_adjustment_type"), "Audience", "Quotas are sent as"),
        (AT[:2], "Quotas", "the grid"),
        (AT, "birth gender", "the grid"),
        ((*AT, "quotas_enabled"), "birth gender", "the grid"),
        ((*AT, "targets"), "birth gender", "the grid"),
        (
            (*AT, "targets", 1, "quota", "completes_goal_percentage"),
            "birth gender: SF-BirthGender-Quota-2",
            "the grid",
        ),
        ((*AT, "targets", 9), "birth gender", "the grid"),
        (("profiling", "profiles", 9), "Quotas", "the grid"),
        (("client_id",), "Client", "Client"),
        (("re_entry_configuration",), "Say who may come back", "Say who may come back"),
        (("no_such_field",), "no_such_field", None),
        ((), "Target group", None),
    ],
)
def test_every_place_of_a_target_group(path: Path, label: str, leads_to: str | None) -> None:
    builder = group()
    assert builder.label_at(path) == label
    assert called(builder.control_at(path)) == leads_to
    assert builder.reaches(path) is (leads_to is not None)
    assert builder.go_to(path) is (leads_to is not None)


def called(control: Any) -> str | None:
    "What a finding leads to, by name."
    if isinstance(control, QuotaGrid):
        return "the grid"
    return str(control.description) if control else None


def test_a_blended_profile_has_its_own_name() -> None:
    builder = blended()
    assert builder.label_at((*AT, "targets")) == "cells"
    assert builder.label_at((*AT, "targets", 0, "quota")) == "cells: a"
    assert builder.go_to((*AT, "targets", 0, "quota"))


def test_the_answer_opens_nothing() -> None:
    builder = group()
    pacing = ("fielding_assistant_assignment", "pacing")
    assert builder.reaches(pacing)
    assert [fold.is_made for fold, _, _ in builder.fields._folds] == [False] * 4
    assert builder.go_to(pacing)
    assert [fold.is_open for fold, _, _ in builder.fields._folds] == [False, True, False, False]


def test_of_a_window_the_control_that_is_wrong() -> None:
    builder = group()
    start, end = (("fielding_specification", which) for which in ("start_at", "end_at"))
    fill(builder, "Days", "many")
    assert builder.control_at(end) is control(builder, "Days")
    fill(builder, "End time", "25")
    assert builder.control_at(end) is control(builder, "End time")
    fill(builder, "Respondents' zone", "Europe/Berlin")
    fill(builder, "Start date", date(2027, 10, 31))
    fill(builder, "Start time", "2:30")
    assert builder.control_at(start) is control(builder, "Start: which of the two")
    control(builder, "Start: which of the two").value = "first"
    assert builder.control_at(start) is control(builder, "Start time")
    fill(builder, "Start date", None)
    assert builder.control_at(start) is control(builder, "Start date")


def test_a_plans_places() -> None:
    builder = QuotaBuilder(plan())
    places: list[Path] = [("completes_goal",), AT[:2], (*AT, "targets"), ("locale",)]
    reached = [called(builder.control_at(path)) for path in places]
    assert reached == ["Completes", "the grid", "the grid", None]
    assert [builder.label_at(path) for path in places[:3]] == ["Completes", "Quotas", "gender"]


Where = str | tuple[str, str]  # A control's label, or a row and a column of the grid


def typed(builder: TargetGroupBuilder, where: Where, text: str) -> str:
    "Type there; what stood there before comes back."
    if isinstance(where, str):
        before = str(control(builder, where).value)
        fill(builder, where, text)
        return before
    before = str(grid_row(builder, "birth gender", where[0])[where[1]])
    type_in(builder, "birth gender", *where, text)
    return before


MEN = "SF-BirthGender-Quota-1"
MISTAKES: dict[str, tuple[Where, str]] = {
    "Completes": ("Completes", "none"),
    "Name": ("Name", "Tea"),
    "Currency": ("Currency", "euro"),
    "Fielding window": ("Start time", "25"),
    "birth gender": ((MEN, "percent"), "60"),
    "birth gender: SF-BirthGender-Quota-1": ((MEN, "answer"), ""),
    "Survey address": ("Survey address", "http://tea.example/?RID=[%RID%]"),
    "Project manager": ("Project manager", ""),
}


@pytest.mark.parametrize("entry", MISTAKES)
def test_a_mistake_is_listed_under_its_field_and_gone_when_mended(entry: str) -> None:
    builder = group()
    before = listed(builder)
    where, wrong = MISTAKES[entry]
    sound = typed(builder, where, wrong)
    assert listed(builder)[0] == (entry, True)
    assert listed(builder) != before
    entries(builder)[0].click()
    typed(builder, where, sound)
    assert (listed(builder), builder.errors) == (before, [])


def test_what_the_exchange_refused_is_listed_too() -> None:
    builder = group()
    said = Finding("bad_request_error", "error", ("locale",), "the exchange says: no such locale")
    builder.refused(Report((said,)))
    assert ("Locale", True) in listed(builder)
    fill(builder, "Name", "Another name")
    assert ("Locale", True) not in listed(builder)


def test_a_plans_mistakes_are_listed() -> None:
    builder = QuotaBuilder(plan())
    assert listed(builder) == []
    type_in(builder, "gender", "women", "percent", "60")
    fill(builder, "Completes", "")
    assert listed(builder) == [("Completes", True), ("gender", True)]
    assert builder.errors == []
