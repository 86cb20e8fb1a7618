"The quota builder: typed numbers lead, others follow, and a plan comes out exact."

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import traitlets
from examples import times
from hands import control, fill, grid_part, grid_row, intend, models, press, shown, type_in
from hypothesis import given
from hypothesis import strategies as st
from quota_plans import plans
from test_grids import BOTH

from target_group_kit.contract.profiling import (
    BlendedProfile,
    OpenEndedCondition,
    RegularProfile,
    Target,
)
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.views.charts import LIVE
from target_group_kit.views.distribution import picture_svg
from target_group_kit.views.plan_files import csv_text, plan_of_csv
from target_group_kit.widgets.quota_draft import read_answer
from target_group_kit.widgets.quota_parts import draft_of
from target_group_kit.widgets.quota_profiles import PROFILES
from target_group_kit.widgets.quotas import QuotaBuilder, limits_html, picture_html


def germany() -> QuotaPlan:
    return (
        QuotaPlan(1000)
        .margin("gender", 43, {"women": ("2", 30811.839), "men": ("1", 30825.931)})
        .margin("age", 42, {"young": ((18, 39), 40), "old": ((40, 99), 60)})
    )


def listening(builder: QuotaBuilder) -> list[QuotaPlan]:
    heard: list[QuotaPlan] = []
    builder.observe(lambda change: heard.append(change.new), names="value")
    return heard


def numbers(builder: QuotaBuilder, name: str) -> list[tuple[str, str]]:
    return [(row["percent"], row["completes"]) for row in grid_part(builder, name)["rows"]]


def cells(count: int) -> dict[str, tuple[str, int]]:
    return {f"cell {n}": (str(n), 10 + n % 7) for n in range(count)}


def said(builder: QuotaBuilder) -> list[str]:
    return [each["text"] for each in builder.editor.grid.shown["said"]]


def test_a_plan_is_shown_with_both_numbers() -> None:
    plan = germany()
    builder = QuotaBuilder(plan)
    assert builder.value is plan
    assert numbers(builder, "gender") == [("49.99", "500"), ("50.01", "500")]
    assert numbers(builder, "age") == [("40", "400"), ("60", "600")]
    women = {"label": "women", "answer": "2", "number": "49.99"}
    men = {"label": "men", "answer": "1", "number": "50.01"}
    gender = {"name": "gender", "question": "43", "lead": "percent", "rows": [women, men]}
    assert builder.draft["completes"] == "1000"
    assert builder.draft["minimum"] == ""
    assert builder.draft["parts"][0] == gender
    assert (builder.report.findings, builder.errors) == ((), [])


def test_typed_percent_leads() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    type_in(builder, "gender", "women", "percent", "33,33")
    assert heard == []
    assert numbers(builder, "gender") == [("33,33", "333"), ("50.01", "500")]
    type_in(builder, "gender", "men", "percent", "66.67")
    assert numbers(builder, "gender") == [("33,33", "333"), ("66.67", "667")]
    assert [plan["gender"].percentages for plan in heard] == [(33.33, 66.67)]


def test_typed_completes_lead() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    type_in(builder, "gender", "women", "completes", "333")
    type_in(builder, "gender", "men", "completes", "667")
    assert numbers(builder, "gender") == [("33.3", "333"), ("66.7", "667")]
    assert [plan["gender"].completes(1000) for plan in heard] == [(333, 667)]
    fill(builder, "Completes", "2000")
    assert "quotas of &#x27;gender&#x27; sum to 1,000 of 2,000".capitalize() in shown(builder)
    assert builder.value == heard[-1]


def test_the_goal_moves_what_follows() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, "Completes", "77")
    assert numbers(builder, "gender") == [("49.99", "38"), ("50.01", "39")]
    assert heard == [germany().scaled(77)]


def test_margins_that_nobody_touched_keep_their_weights() -> None:
    builder = QuotaBuilder(germany())
    type_in(builder, "age", "young", "percent", "45")
    type_in(builder, "age", "old", "percent", "55")
    assert builder.value is not None
    assert builder.value["gender"] == germany()["gender"]
    assert [cell.weight for cell in builder.value["age"].cells] == [45, 55]


SLIPS = [
    ("gender", "men", "percent", "many", "'many' is not a number. Write a plain number."),
    ("gender", "men", "percent", "150", "150 is above the largest allowed, 100."),
    ("gender", "men", "percent", "-1", "-1 is below the smallest allowed, 0."),
    ("gender", "men", "percent", "33.333", "33.333 has more than two decimals."),
    ("gender", "men", "completes", "1.5", "'1.5' is not a whole number."),
    ("gender", "men", "completes", "1,000", "'1,000' is not a whole number."),
    ("age", "old", "answer", "99-40", "The range runs from 99 to 40."),
    ("age", "old", "answer", "40-120", "120 is above the largest allowed, 99."),
]


@pytest.mark.parametrize(("name", "label", "column", "typed", "told"), SLIPS)
def test_problems_stand_in_the_cell(
    name: str, label: str, column: str, typed: str, told: str
) -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    type_in(builder, name, label, column, typed)
    row = grid_row(builder, name, label)
    assert row[column] == typed
    assert row["errors"][column].startswith(told)
    assert "completes_goal" not in row["errors"][column]
    assert (heard, builder.value, builder.report.ok, builder.errors) == ([], germany(), False, [])


@pytest.mark.parametrize(
    ("do", "text", "told"),
    [
        ("question", "gender", "'gender' is not a question's number. Write it like 42."),
        ("question", "", "Needed: the question's number, such as 42."),
        ("question", "42", "Age (42) is asked by 'gender' already."),
        ("rename", "age", "2 margins are called 'age'. Give each its own name."),
    ],
)
def test_problems_of_a_margin_stand_at_its_head(do: str, text: str, told: str) -> None:
    builder = QuotaBuilder(germany())
    intend(builder, do, part=grid_part(builder, "gender")["id"], text=text)
    every = [each["text"] for part in builder.editor.grid.shown["parts"] for each in part["said"]]
    assert any(each.startswith(told) for each in [*every, *said(builder)]), (every, said(builder))
    assert (builder.value, builder.report.ok, builder.errors) == (germany(), False, [])


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("0", "0 is below the smallest allowed, 1."),
        ("1,000", "&#x27;1,000&#x27; is not a whole number."),
        ("", "Needed:"),
    ],
)
def test_a_goal_that_is_none_is_told_beside_it(typed: str, told: str) -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "Completes", typed)
    assert told in builder._goal.said.value
    assert builder.draft["completes"] == typed
    assert (builder.value, builder.errors) == (germany(), [])


def test_an_empty_row_is_asked_for_quietly() -> None:
    builder = QuotaBuilder(germany())
    intend(builder, "add", part=grid_part(builder, "gender")["id"], after=None)
    empty = grid_row(builder, "gender", "")
    assert empty["errors"] == {}
    assert empty["note"].startswith("Needed: an option such as 1")
    assert not builder.report.ok


def test_balance_makes_it_whole() -> None:
    builder = QuotaBuilder(germany())
    type_in(builder, "gender", "women", "percent", "60")
    gender = grid_part(builder, "gender")
    assert gender["sum"] == {
        "state": "over",
        "text": "110.01 % · 1,100 completes",
        "left": "10.01 % over",
    }
    intend(builder, "balance", part=gender["id"])
    assert numbers(builder, "gender") == [("54.54", "545"), ("45.46", "455")]
    type_in(builder, "gender", "women", "completes", "1000")
    intend(builder, "balance", part=gender["id"])
    assert numbers(builder, "gender") == [("68.7", "687"), ("31.3", "313")]


def test_balance_leaves_what_it_cannot_read() -> None:
    builder = QuotaBuilder(germany())
    type_in(builder, "gender", "women", "percent", "many")
    intend(builder, "balance", part=grid_part(builder, "gender")["id"])
    assert numbers(builder, "gender") == [("many", ""), ("50.01", "500")]
    assert said(builder) == [
        "'women' of 'gender' has 'many', which can't be scaled. Correct it, then balance."
    ]


def test_rows_and_margins_come_and_go() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    age = grid_part(builder, "age")["id"]
    intend(builder, "add", part=age, after=None)
    type_in(builder, "age", "", "label", "40-59")
    assert grid_row(builder, "age", "40-59")["answer"] == "40-59"
    type_in(builder, "age", "old", "answer", "60-99")
    type_in(builder, "age", "40-59", "percent", "35")
    type_in(builder, "age", "old", "percent", "25")
    assert builder.value is not None
    assert builder.value["age"].labels == ("young", "old", "40-59")
    intend(builder, "remove_part", part=grid_part(builder, "gender")["id"])
    assert [margin.name for margin in builder.value.margins] == ["age"]
    assert (len(heard), builder.errors) == (2, [])
    intend(builder, "add_part")
    assert not builder.report.ok
    intend(builder, "undo")
    assert builder.report.ok


def test_setting_the_plan_moves_the_screen_and_can_be_undone() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    type_in(builder, "gender", "men", "percent", "many")
    plan = QuotaPlan(50).margin("gender", 43, {"f": ("2", 1), "m": ("1", 3)})
    builder.value = plan
    assert numbers(builder, "gender") == [("25", "13"), ("75", "37")]
    assert control(builder, "Completes").value == "50"
    assert builder.editor.grid.shown["undo"] == "value set from code"
    intend(builder, "undo")
    assert grid_row(builder, "gender", "men")["percent"] == "many"
    assert builder.value == plan
    builder.value = germany()
    assert numbers(builder, "gender")[0] == ("49.99", "500")
    assert (heard, builder.errors) == ([plan, germany()], [])


def test_the_same_plan_given_again_puts_the_screen_back() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    type_in(builder, "gender", "men", "percent", "many")
    builder.value = germany()
    assert numbers(builder, "gender")[1] == ("50.01", "500")
    assert (heard, builder.report.ok) == ([], True)


def test_one_edit_is_one_change() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    age = grid_part(builder, "age")
    intend(
        builder, "paste", part=age["id"], row=age["rows"][0]["id"], column="percent", text="30\n70"
    )
    assert [plan["age"].percentages for plan in heard] == [(30.0, 70.0)]
    intend(builder, "undo")
    intend(builder, "redo")
    assert [plan["age"].percentages[0] for plan in heard] == [30.0, 40.0, 30.0]


def test_builders_on_one_value_stay_in_step() -> None:
    one, other = QuotaBuilder(germany()), QuotaBuilder(germany())
    traitlets.link((one, "value"), (other, "value"))
    heard = listening(one), listening(other)
    type_in(one, "age", "young", "percent", "50")
    type_in(one, "age", "old", "percent", "50")
    assert numbers(other, "age") == [("50", "500"), ("50", "500")]
    type_in(other, "age", "young", "completes", "400")
    type_in(other, "age", "old", "completes", "600")
    assert [row[1] for row in numbers(one, "age")] == ["400", "600"]
    assert one.value is other.value
    assert [len(each) for each in heard] == [2, 2]
    assert one.errors == other.errors == []


def test_intents_of_another_thread_are_right() -> None:
    "After a page was loaded again, its messages come in a thread of their own."
    builder = QuotaBuilder(germany())

    def typing() -> None:
        type_in(builder, "age", "young", "percent", "45")
        type_in(builder, "age", "old", "percent", "55")

    thread = threading.Thread(target=typing)
    thread.start()
    thread.join(60)
    assert builder.value is not None
    assert builder.value["age"].percentages == (45.0, 55.0)
    assert builder.errors == []


@pytest.fixture
def failures() -> None:
    "Asked for by a test that means a callback to fail."


@pytest.mark.usefixtures("failures")
def test_a_failing_observer_is_seen_and_the_page_is_answered() -> None:
    builder = QuotaBuilder(germany())
    builder.observe(lambda _: [][0], names="value")
    intend(builder, "balance", part=grid_part(builder, "gender")["id"])
    type_in(builder, "age", "young", "percent", "45")
    type_in(builder, "age", "old", "percent", "55")
    assert [type(problem) for problem in builder.errors] == [IndexError]
    assert "IndexError" in shown(builder)
    assert numbers(builder, "age")[0] == ("45", "450")


def test_margins_cross_and_cells_are_typed() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    ids = [part["id"] for part in builder.editor.grid.shown["parts"]]
    intend(builder, "cross", parts=ids)
    assert builder.value == germany().interlock("gender", "age")
    table = grid_part(builder, "gender × age")
    intend(builder, "cell", part=table["id"], place=[0, 0], text="100")
    assert builder.value == germany().interlock("gender", "age").lock(
        "gender × age", ("women", "young"), completes=100
    )
    intend(builder, "cell", part=table["id"], place=[0, 1], text="990")
    cell = grid_part(builder, "gender × age")["rows"][0]["cells"][1]
    assert cell["text"] == "990"
    assert cell["error"].startswith("The locked cells of 'gender × age' hold ")
    [problem] = builder.report.errors
    assert builder.label_at(problem.path) == "gender × age: women, old"
    assert builder.go_to(problem.path)
    intend(builder, "cell", part=table["id"], place=[0, 1], text="")
    intend(builder, "separate", part=table["id"])
    assert builder.value is not None
    assert [margin.name for margin in builder.value.margins] == ["gender", "age"]
    assert (len(heard), builder.errors) == (3, [])


def test_other_profiles_are_shown_and_kept() -> None:
    zips = OpenEndedCondition(question_id=45, allow_all_values=False, open_ended_values=["10115"])
    both = read_answer("1", 43) + read_answer("18-39", 42)
    screen = RegularProfile(
        name="<screen>", quotas_enabled=False, targets=[Target(conditions=read_answer("1", 96))]
    )
    cells_of_both = [Target(name="a", conditions=both, quota={"completes_goal_percentage": 100})]
    interlock = BlendedProfile(name="both", quotas_enabled=True, targets=cells_of_both)
    plan = germany().margin("zip", 45, {"Berlin": (zips, 1)})
    plan = plan.with_profile(screen).with_profile(interlock)
    builder = QuotaBuilder(plan)
    kept = [p["text"] for p in builder.editor.grid.shown["parts"] if p["kind"] == "kept"]
    assert kept == [
        "written answers of 1 target, kept as it is.",
        "a profile that screens of 1 target, kept as it is.",
        "an interlock of 1 target, kept as it is.",
    ]
    type_in(builder, "gender", "women", "completes", "400")
    type_in(builder, "gender", "men", "completes", "600")
    assert builder.value is not None
    assert builder.value.profiles[1:] == plan.profiles[1:]
    assert builder.value.profiles[0] != plan.profiles[0]
    assert "&lt;screen&gt;" in builder._repr_mimebundle_()["text/html"]


def test_the_picture_of_an_interlock_is_a_heat_map_in_the_themes_colours() -> None:
    picture, _, notes = picture_html([BOTH], 500).partition("<ul")
    assert picture == picture_svg([BOTH], "Distribution", LIVE, "100%")
    assert "<title>women × 18–34: 11.60 % (58)</title>" in picture
    assert "1 of 6 cells have fewer than 30 completes; the smallest has 27." in notes


def test_the_picture_follows_the_screen() -> None:
    builder = QuotaBuilder(germany())
    assert "<title>women: 49.99 % (500)</title>" in shown(builder)
    type_in(builder, "gender", "women", "percent", "70")
    assert "<title>women: 70.00 % (700)</title>" in shown(builder)
    assert "gender: quotas sum to 120.01 %" in shown(builder)


def test_too_many_cells_are_told_and_limits_that_near_too() -> None:
    builder = QuotaBuilder(QuotaPlan(5000).margin("region", 96, cells(351)))
    assert [f.code for f in builder.report.errors] == [
        "total_number_of_quotas_cannot_be_greater_than_max_030"
    ]
    assert "The plan holds 351 quotas; 350 is the most." in shown(builder)
    near = QuotaPlan(5000).margin("region", 96, cells(300))
    assert 'class="tgk-warning">300 of at most 350 quotas' in limits_html(near.limits)
    assert 'class="tgk-hint">4 of at most 350 quotas' in limits_html(germany().limits)
    assert limits_html(QuotaPlan(5).limits) == ""


def test_a_minimum_is_held_and_told() -> None:
    rare = QuotaPlan(100).margin("region", 96, {"north": ("1", 1), "south": ("2", 99)})
    builder = QuotaBuilder(rare)
    fill(builder, "At least per cell", "5")
    assert builder.value == rare.with_minimum(5)
    north = grid_row(builder, "region", "north")
    assert (north["percent"], north["completes"]) == ("1", "5")
    assert north["note"] == "In the plan: 5.00 %, 5 completes."
    fill(builder, "At least per cell", "-5")
    assert "&#x27;-5&#x27; is no number of completes." in shown(builder)
    fill(builder, "At least per cell", "60")
    assert "Lower the minimum, merge cells or raise the goal." in shown(builder)
    intend(builder, "undo")
    intend(builder, "undo")
    assert control(builder, "At least per cell").value == "5"
    assert (builder.value, builder.errors) == (rare.with_minimum(5), [])


def test_a_builder_may_start_from_people_a_file_or_a_table() -> None:
    builder = QuotaBuilder(QuotaPlan(400))
    press(builder, "Start from…")
    fill(builder, "Country", "DE")
    fill(builder, "Ages at which bands start", "18, 40, 65")
    press(builder, "Use its people")
    people = QuotaPlan.from_population("DE", 400, ages=[18, 40, 65])
    assert builder.value == people
    assert grid_row(builder, "age", "65+")["population"] == round(float(people["age"].shares[2]), 6)
    fill(builder, "Or paste a table", "Gender\tCompletes\nwomen\t210\nmen\tmany")
    press(builder, "Read the table")
    assert "cell B3 says &#x27;many&#x27;, which is no number." in shown(builder)
    assert builder.value == people
    fill(builder, "Or paste a table", "Gender\tCompletes\nwomen\t210\nmen\t190")
    press(builder, "Read the table")
    assert builder.value is not None
    assert builder.value["Gender"].completes(400) == (210, 190)
    assert "Read a pasted table: 400 completes: Gender (2 cells)." in shown(builder)
    upload = control(builder, "Read a file (Excel, CSV, JSON)")
    file = {"name": "quotas.csv", "type": "", "size": 3, "content": b"a,b"}
    upload.value = (file | {"last_modified": datetime(2026, 12, 1, tzinfo=UTC)},)
    assert "tgk-error" in builder.start.said.value
    intend(builder, "undo")
    assert builder.value == people
    assert builder.errors == []


def test_a_file_with_a_goal_of_its_own_brings_it() -> None:
    builder = QuotaBuilder(QuotaPlan(400))
    press(builder, "Start from…")
    file = {"name": "plan.csv", "type": "", "size": 3, "content": csv_text(germany()).encode()}
    upload = control(builder, "Read a file (Excel, CSV, JSON)")
    upload.value = (file | {"last_modified": datetime(2026, 12, 1, tzinfo=UTC)},)
    assert builder.value is not None
    assert builder.value == plan_of_csv(csv_text(germany()))
    assert (control(builder, "Completes").value, upload.value) == ("1000", ())
    assert "Read plan.csv: 1,000 completes" in shown(builder)
    fill(builder, "Completes", "")
    fill(builder, "Country", "DE")
    press(builder, "Use its people")
    assert "Give the completes first." in shown(builder)
    press(builder, "Start from…")
    assert "tgk-error" not in shown(builder.start)
    assert builder.errors == []


FOCUS = [
    ((0, "targets", 1, "quota"), "gender: men", ("i3", "percent", None)),
    ((0, "targets", 1, "conditions", 0), "gender: men", ("i3", "answer", None)),
    ((0, "targets", 1, "name"), "gender: men", ("i3", "label", None)),
    ((0, "targets", 9), "gender", (None, None, None)),
    ((0, "targets"), "gender", ("i2", "percent", None)),
    ((0, "name"), "gender", (None, "name", None)),
    ((1,), "gender × age", (None, None, None)),
    ((1, "cells", 0, 1), "gender × age: women, old", (None, None, [0, 1])),
    ((7,), "Quotas", ("i2", "percent", None)),
]


@pytest.mark.parametrize(("path", "label", "focus"), FOCUS)
def test_findings_lead_to_their_place(path: Any, label: str, focus: Any) -> None:
    crossed = germany().interlock("gender", "age")
    again = QuotaPlan(1000).margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)}).profiles
    builder = QuotaBuilder()
    builder.editor.load(replace(draft_of(QuotaPlan(1000, again)), people=1000))
    [table] = draft_of(crossed).parts
    rows = builder.editor.draft
    builder.editor.load(replace(rows, parts=(*rows.parts, replace(table, id="i9"))))
    sent: list[Any] = []
    builder.editor.grid.send = sent.append
    assert builder.editor.label_at(path) == label
    assert builder.editor.go_to(path)
    row, column, place = focus
    part = "i9" if path[0] == 1 else "i1"
    assert sent == [{"focus": {"part": part, "row": row, "column": column, "place": place}}]


def test_a_question_that_is_none_is_where_a_name_finding_leads() -> None:
    builder = QuotaBuilder(germany())
    intend(builder, "question", part=grid_part(builder, "gender")["id"], text="?")
    sent: list[Any] = []
    builder.editor.grid.send = sent.append
    assert builder.go_to((*PROFILES, 0, "name"))
    assert sent[0]["focus"]["column"] == "question"
    assert not QuotaBuilder().go_to(PROFILES)
    assert builder.go_to(("completes_goal",))
    assert not builder.go_to(("elsewhere",))


def test_a_population_may_be_given() -> None:
    people = QuotaPlan.from_population("DE", 500, ages=[18, 40, 65])
    builder = QuotaBuilder(germany(), population=people)
    assert builder.value == germany().with_population(people)
    assert grid_row(builder, "gender", "women")["population"] is not None


def test_nothing_leaks_over_a_thousand_edits() -> None:
    builder = QuotaBuilder(germany())
    type_in(builder, "gender", "women", "percent", "1")
    intend(builder, "undo")
    before = models()
    women, gender = grid_row(builder, "gender", "women")["id"], grid_part(builder, "gender")["id"]
    for n in range(1000):
        text = str(n % 101)
        intend(builder, "type", part=gender, row=women, column="percent", text=text)
    assert len(builder.editor._history.past) == 200
    intend(builder, "remove_part", part=gender)
    builder.value = germany().scaled(50)
    builder.value = germany()
    assert (models(), builder.errors) == (before, [])


HOSTILE = "<img src=x onerror=alert(1)> 🙂 \u202eمرحبا"


def test_labels_of_any_kind_are_only_text() -> None:
    builder = QuotaBuilder(germany())
    type_in(builder, "gender", "women", "label", HOSTILE)
    intend(builder, "rename", part=grid_part(builder, "gender")["id"], text=HOSTILE)
    assert builder.value is not None
    assert builder.value[HOSTILE].labels == (HOSTILE, "men")
    type_in(builder, HOSTILE, HOSTILE, "percent", HOSTILE)
    assert "<img src=x" not in shown(builder)
    assert "<img src=x" not in builder._repr_mimebundle_()["text/html"]


def test_the_static_twin_says_the_same() -> None:
    builder = QuotaBuilder(germany())
    page = builder._repr_mimebundle_()["text/html"]
    for part in builder.editor.grid.shown["parts"]:
        for row in part["rows"]:
            figures = (row["label"], f"{float(row['percent']):.2f} %", row["completes"])
            assert all(figure in page for figure in figures)
    assert "<svg" not in page
    assert "<style" not in page
    assert "http" not in page


def rebuilt(builder: QuotaBuilder) -> Any:
    made: dict[str, Any] = {}
    exec(builder.code(), made)
    return made.get("plan")


@times(1000, 40)
@given(plans())
def test_any_plan_is_shown_given_back_and_written_as_code(plan: QuotaPlan) -> None:
    builder = QuotaBuilder(plan)
    assert builder.value is plan
    assert rebuilt(builder) == plan
    builder.edit()
    if builder.report.ok:
        assert builder.value == plan
        assert builder.reading.value == plan
    assert builder.errors == []


def test_an_empty_builder_makes_a_plan() -> None:
    builder = QuotaBuilder(population=QuotaPlan.from_population("DE", 1000, ages=[18, 40, 65]))
    assert (builder.value, rebuilt(builder)) == (None, None)
    fill(builder, "Completes", "200")
    intend(builder, "add_part")
    intend(builder, "rename", part=builder.editor.items[0].id, text="age")
    age = builder.editor.items[0]
    intend(builder, "question", part=age.id, text="42")
    text = "18-39\t50 %\n40+\t50 %"
    intend(builder, "paste", part=age.id, row=age.rows[0].id, column="label", text=text)
    assert builder.report.ok, builder.report
    assert builder.value is not None
    assert builder.value["age"].completes(200) == (100, 100)
    assert grid_row(builder, "age", "40+")["population"] is not None
    assert rebuilt(builder) == builder.value


def test_a_crossed_plan_is_drawn_beside_its_population_and_grows_with_the_goal() -> None:
    plan = (
        QuotaPlan.from_population("DE", 1000, ages=[18, 40, 65])
        .interlock("gender", "age")
        .lock("gender × age", ("men", "65+"), completes=90)
        .margin("region", 96, {"north": ("1", 30), "south": ("2", 70)})
        .with_minimum(5)
    )
    builder = QuotaBuilder(plan)
    assert builder.value == plan
    assert "<title>men × 65+: 9.00 % (= 90); population" in shown(builder)
    assert "Every cell has at least 5 completes" in shown(builder)
    fill(builder, "Completes", "500")
    assert builder.value == plan.scaled(500)
    assert builder.value.rows()[5].completes == 90
    cell = grid_part(builder, "gender × age")["rows"][1]["cells"][2]
    assert (cell["text"], cell["locked"], cell["note"]) == ("90", True, "Population 12.64 %")
    type_in(builder, "region", "north", "percent", "40")
    type_in(builder, "region", "south", "percent", "60")
    assert builder.value.profiles[0] == plan.scaled(500).profiles[0]
    assert (builder.value.minimum, builder.value.population) == (5, plan.population)
    assert rebuilt(builder) == builder.value


steps = st.tuples(
    st.sampled_from([("gender", "women"), ("gender", "men"), ("age", "young"), ("age", "old")]),
    st.sampled_from(["percent", "completes"]),
    st.sampled_from(["0", "10", "33,33", "50", "66.67", "400", "500", "600", "many", "", "-1"]),
)


@times(300, 25)
@given(st.lists(steps, max_size=8))
def test_any_typing_keeps_the_form_sound(typed: list[tuple[tuple[str, str], str, str]]) -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    for (name, label), side, text in typed:
        before, count = builder.value, len(heard)
        type_in(builder, name, label, side, text)
        assert grid_row(builder, name, label)[side] == text
        assert len(heard) == count + (builder.value != before)
        if not builder.report.ok:
            assert builder.value == before
    assert builder.errors == []
    assert rebuilt(builder) == builder.value
