"The quota builder: typed numbers lead, others follow, and a plan comes out exact."

from dataclasses import replace
from typing import Any

import pytest
from hands import bad, control, everything, fill, models, press, shown
from hypothesis import given, settings
from hypothesis import strategies as st
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
from target_group_kit.widgets.quota_draft import (
    MOST_ROWS,
    CellDraft,
    MarginDraft,
    editable,
    followers,
    margin_of,
    profile_of,
    read_answer,
    read_lines,
    write_answer,
    write_lines,
)
from target_group_kit.widgets.quotas import QuotaBuilder, drafted_blocks, picture_html


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


def numbers(builder: QuotaBuilder, *labels: str) -> list[tuple[str, str]]:
    sides = ("percent", "completes")
    return [
        tuple(control(builder, f"{label} {side}").value for side in sides)  # type: ignore[misc]
        for label in labels
    ]


def cells(count: int) -> dict[str, tuple[str, int]]:
    return {f"cell {n}": (str(n), 10 + n % 7) for n in range(count)}


def test_a_plan_is_shown_with_both_numbers() -> None:
    plan = germany()
    builder = QuotaBuilder(plan)
    assert builder.value is plan
    assert numbers(builder, "women", "men", "young", "old") == [
        ("49.99", "500"),
        ("50.01", "500"),
        ("40", "400"),
        ("60", "600"),
    ]
    assert builder.draft == {
        "completes": "1000",
        "margins": [
            {
                "name": "gender",
                "question": "43",
                "lead": "percent",
                "cells": [
                    {"label": "women", "answer": "2", "number": "49.99"},
                    {"label": "men", "answer": "1", "number": "50.01"},
                ],
            },
            {
                "name": "age",
                "question": "42",
                "lead": "percent",
                "cells": [
                    {"label": "young", "answer": "18-39", "number": "40"},
                    {"label": "old", "answer": "40-99", "number": "60"},
                ],
            },
        ],
    }
    assert (builder.report.findings, builder.errors) == ((), [])


def test_typed_percent_leads() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, "women percent", "33,33")
    assert heard == []
    assert numbers(builder, "women", "men") == [("33,33", "333"), ("50.01", "500")]
    fill(builder, "men percent", "66.67")
    assert numbers(builder, "women", "men") == [("33,33", "333"), ("66.67", "667")]
    assert [plan["gender"].percentages for plan in heard] == [(33.33, 66.67)]


def test_typed_completes_lead() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, "women completes", "333")
    fill(builder, "men completes", "667")
    assert numbers(builder, "women", "men") == [("33.3", "333"), ("66.7", "667")]
    assert [plan["gender"].completes(1000) for plan in heard] == [(333, 667)]
    fill(builder, "Completes", "2000")
    assert "quotas of &#x27;gender&#x27; sum to 1,000 of 2,000".capitalize() in shown(builder)
    assert builder.value == heard[-1]


def test_the_goal_moves_what_follows() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, "Completes", "77")
    assert numbers(builder, "women", "men") == [("49.99", "38"), ("50.01", "39")]
    assert heard == [germany().scaled(77)]


def test_margins_that_nobody_touched_keep_their_weights() -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "young percent", "45")
    fill(builder, "old percent", "55")
    assert builder.value is not None
    assert builder.value["gender"] == germany()["gender"]
    assert [cell.weight for cell in builder.value["age"].cells] == [45, 55]


@pytest.mark.parametrize(
    ("label", "typed", "said", "marked"),
    [
        ("men percent", "many", "&#x27;many&#x27; is not a number.", "men percent"),
        ("men percent", "150", "150 is above the largest allowed, 100.", "men percent"),
        ("men percent", "-1", "-1 is below the smallest allowed, 0.", "men percent"),
        ("men percent", "33.333", "33.333 has more than two decimals.", "men percent"),
        ("men completes", "1.5", "&#x27;1.5&#x27; is not a whole number.", "men percent"),
        ("men percent", "", "quotas of &#x27;gender&#x27; are on", ""),
        ("men percent", "50", "sum to 99.99, 0.01 short.", ""),
        ("men answer", "", "Needed: an option such as 1", ""),
        ("old answer", "99-40", "The range runs from 99 to 40.", "old answer"),
        ("old answer", "39-99", "overlap: 18 to 39 and 39 to 99.", ""),
        ("old answer", "40-120", "120 is above the largest allowed, 99.", "old answer"),
        ("Question", "gender", "&#x27;gender&#x27; is not a question&#x27;s number.", ""),
        ("Question", "42", "age (42) is asked by &#x27;gender&#x27; already.", ""),
        ("Margin", "age", "2 margins are called &#x27;age&#x27;", ""),
        ("Completes", "0", "0 is below the smallest allowed, 1.", "Completes"),
        ("Completes", "1,000", "&#x27;1,000&#x27; is not a whole number.", "Completes"),
        ("Completes", "", "Needed:", ""),
    ],
)
def test_problems_stand_beside_what_was_typed(
    label: str, typed: str, said: str, marked: str
) -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, label, typed)
    assert said.lower() in shown(builder).lower()
    assert control(builder, label).value == typed
    assert (heard, builder.value, builder.report.ok, builder.errors) == ([], germany(), False, [])
    if marked:
        assert bad(builder, marked)


def test_two_cells_of_one_name_are_told() -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "men label", "women")
    assert "&#x27;women&#x27; is the name of two targets of &#x27;gender&#x27;." in shown(builder)
    assert (builder.value, builder.report.ok, builder.errors) == (germany(), False, [])


def test_balance_makes_it_whole() -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "women percent", "60")
    press(builder, "Balance")
    assert numbers(builder, "women", "men") == [("54.54", "545"), ("45.46", "455")]
    fill(builder, "women completes", "1000")
    press(builder, "Balance")
    assert numbers(builder, "women", "men") == [("68.7", "687"), ("31.3", "313")]
    assert builder.report.ok


def test_balance_leaves_what_it_cannot_read() -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "women percent", "many")
    press(builder, "Balance")
    assert numbers(builder, "women", "men") == [("many", ""), ("50.01", "500")]


def test_cells_and_margins_come_and_go() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    press(builder, "Add cell", nth=1)
    assert not builder.report.ok
    new = [w for w in everything(builder) if getattr(w, "description", "").endswith("cell 3 label")]
    new[0].value = "middle"
    fill(builder, "middle answer", "40-59")
    fill(builder, "old answer", "60-99")
    fill(builder, "middle percent", "35")
    fill(builder, "old percent", "25")
    assert builder.value is not None
    assert builder.value["age"].labels == ("young", "old", "middle")
    press(builder, "Remove margin", nth=0)
    assert [margin.name for margin in builder.value.margins] == ["age"]
    assert (len(heard), builder.errors) == (2, [])


def test_an_empty_builder_grows_a_plan() -> None:
    builder = QuotaBuilder()
    assert (builder.value, builder.report.ok) == (None, False)
    assert builder.code() == "# There is no plan yet.\n"
    fill(builder, "Completes", "100")
    press(builder, "Add margin")
    fill(builder, "Margin", "gender")
    fill(builder, "Question", "43")
    for number, (label, answer) in enumerate([("women", "2"), ("men", "1")], 1):
        fill(builder, f"cell {number} label", label)
        fill(builder, f"{label} answer", answer)
        fill(builder, f"{label} percent", "50")
    gender = {"women": ("2", 50), "men": ("1", 50)}
    assert builder.value == QuotaPlan(100).margin("gender", 43, gender)
    assert builder.errors == []


def test_setting_the_plan_moves_the_screen() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    fill(builder, "men percent", "many")
    plan = QuotaPlan(50).margin("gender", 43, {"f": ("2", 1), "m": ("1", 3)})
    builder.value = plan
    assert numbers(builder, "f", "m") == [("25", "13"), ("75", "37")]
    builder.value = germany()
    assert numbers(builder, "women", "men")[0] == ("49.99", "500")
    builder.value = germany()
    assert (heard, builder.errors) == ([plan, germany()], [])


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
    assert "<b>&lt;screen&gt;</b>: a profile that screens of 1 target" in shown(builder)
    assert "<b>both</b>: an interlock of 1 target" in shown(builder)
    assert "<b>zip</b>: written answers of 1 target" in shown(builder)
    fill(builder, "women completes", "400")
    fill(builder, "men completes", "600")
    assert builder.value is not None
    assert builder.value.profiles[1:] == plan.profiles[1:]
    assert builder.value.profiles[0] != plan.profiles[0]


def test_the_picture_of_an_interlock_is_a_heat_map_in_the_themes_colours() -> None:
    picture, _, notes = picture_html([BOTH], 500).partition("<ul")
    assert picture == picture_svg([BOTH], "Distribution", LIVE, "100%")
    assert "<title>women × 18–34: 11.60 % (58)</title>" in picture
    assert "1 of 6 cells have fewer than 30 completes; the smallest has 27." in notes


def test_the_picture_follows_the_screen() -> None:
    builder = QuotaBuilder(germany())
    assert "<title>women: 49.99 % (500)</title>" in shown(builder)
    fill(builder, "women percent", "70")
    assert "<title>women: 70.00 % (700)</title>" in shown(builder)
    assert "gender: quotas sum to 120.01 %" in shown(builder)


def test_text_takes_a_block_from_a_spreadsheet() -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    press(builder, "Edit as text")
    label = "One line per cell: label, answer and number, between tabs"
    assert control(builder, label).value == "women\t2\t49.99\nmen\t1\t50.01"
    fill(builder, label, "women\t51,5\nmen\t48.5")
    assert heard[-1]["gender"].percentages == (51.5, 48.5)
    fill(builder, label, "women\t51,5\nmen\tmany")
    assert "Line 2: &#x27;many&#x27; is not a number." in shown(builder)
    fill(builder, "Numbers are", "completes")
    assert control(builder, label).value == "women\t2\t515\nmen\t1\t"
    fill(builder, label, "women\t2\t515\nmen\t1\t485")
    press(builder, "Edit as rows")
    assert numbers(builder, "women", "men") == [("51.5", "515"), ("48.5", "485")]
    assert builder.value == heard[-1]
    assert builder.errors == []


def test_350_cells_are_few_controls() -> None:
    plan = QuotaPlan(5000).margin("region", 96, cells(350))
    before = models()
    builder = QuotaBuilder(plan)
    assert models() - before < 80
    assert control(builder, "Edit as rows").disabled
    label = "One line per cell: label, answer and number, between tabs"
    assert len(control(builder, label).value.splitlines()) == 350
    fill(builder, "Completes", "7000")
    assert builder.value == plan.scaled(7000)
    assert builder.errors == []


def test_too_many_cells_are_told() -> None:
    builder = QuotaBuilder(QuotaPlan(5000).margin("region", 96, cells(351)))
    assert [f.code for f in builder.report.errors] == [
        "total_number_of_quotas_cannot_be_greater_than_max_030"
    ]
    assert "The plan holds 351 quotas; 350 is the most." in shown(builder)


def test_nothing_leaks_when_rows_come_and_go() -> None:
    builder = QuotaBuilder(germany())
    builder.value = QuotaPlan(50).margin("region", 96, cells(MOST_ROWS))
    builder.value = germany()
    before = models()
    for _ in range(5):
        builder.value = QuotaPlan(50).margin("region", 96, cells(20))
        press(builder, "Add cell")
        press(builder, "Remove", nth=0)
        press(builder, "Edit as text")
        press(builder, "Edit as rows")
        builder.value = QuotaPlan(50)
        press(builder, "Add margin")
        press(builder, "Remove margin")
        builder.value = germany()
    assert (models(), builder.errors) == (before, [])


HOSTILE = "<img src=x onerror=alert(1)> 🙂 \u202eمرحبا"


def test_labels_of_any_kind_are_only_text() -> None:
    builder = QuotaBuilder(germany())
    fill(builder, "women label", HOSTILE)
    fill(builder, "Margin", HOSTILE)
    assert builder.value is not None
    assert builder.value[HOSTILE].labels == (HOSTILE, "men")
    assert "<img src=x" not in shown(builder)
    assert "<img src=x" not in builder._repr_mimebundle_()["text/html"]


def test_the_static_twin_says_the_same() -> None:
    page = QuotaBuilder(germany())._repr_mimebundle_()["text/html"]
    assert all(said in page for said in ("gender", "women", "49.99 %", "500"))
    assert "<svg" not in page
    assert "<style" not in page


def rebuilt(code: str, name: str) -> Any:
    made: dict[str, Any] = {}
    exec(code, made)
    return made[name]


labels = st.text(min_size=1, max_size=12).filter(str.strip)
weights = st.integers(1, 10_000) | st.decimals("0.01", 100, places=2).map(float)


@st.composite
def plans(draw: st.DrawFn) -> QuotaPlan:
    plan = QuotaPlan(draw(st.integers(1, 5000)))
    for question, name in enumerate(draw(st.lists(labels, max_size=3, unique=True)), 40):
        made = draw(st.dictionaries(labels, weights, min_size=1, max_size=6))
        plan = plan.margin(
            name, question, {k: (str(n), w) for n, (k, w) in enumerate(made.items())}
        )
    return plan


@settings(deadline=None)
@given(plans())
def test_any_plan_is_shown_and_given_back(plan: QuotaPlan) -> None:
    builder = QuotaBuilder(plan)
    assert builder.report.ok
    assert builder.value is plan
    assert rebuilt(builder.code(), "plan") == plan
    builder.edit()
    assert builder.value == plan
    assert builder.errors == []


steps = st.tuples(
    st.sampled_from(["women", "men", "young", "old"]),
    st.sampled_from(["percent", "completes"]),
    st.sampled_from(["0", "10", "33,33", "50", "66.67", "400", "500", "600", "many", "", "-1"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(steps, max_size=8))
def test_any_typing_keeps_the_form_sound(typed: list[tuple[str, str, str]]) -> None:
    builder = QuotaBuilder(germany())
    heard = listening(builder)
    for label, side, text in typed:
        before, count = builder.value, len(heard)
        fill(builder, f"{label} {side}", text)
        assert control(builder, f"{label} {side}").value == text
        assert len(heard) == count + (builder.value != before)
        if not builder.report.ok:
            assert builder.value == before
    assert builder.errors == []
    assert builder.value is not None
    assert rebuilt(builder.code(), "plan") == builder.value
    drawn = drafted_blocks(builder._tables.drafts, 1000)
    if builder.report.ok:
        rows = [(r.target, r.percent, r.completes) for block in drawn for r in block.rows]
        assert rows == [(r.target, r.percent, r.completes) for r in builder.value.rows()]


@given(
    st.lists(
        st.integers(-3105, 999).map(str)
        | st.tuples(st.integers(1, 99), st.integers(1, 99)).map(lambda r: f"{r[0]}-{r[1]}"),
        min_size=1,
    )
)
def test_answers_are_read_as_they_are_written(parts: list[str]) -> None:
    text = ", ".join(parts)
    conditions = read_answer(text, 42)
    assert write_answer(conditions) == text
    assert read_answer(write_answer(conditions), 42) == conditions


@given(
    st.lists(st.integers(0, 10_000), min_size=1, max_size=12).filter(any),
    st.integers(1, 100_000),
)
def test_whole_numbers_follow_whole_numbers(shares: list[int], goal: int) -> None:
    plan = QuotaPlan(goal).margin("m", 1, {str(n): (str(n), s) for n, s in enumerate(shares)})
    completes = followers("percent", list(plan["m"].percentages), goal)
    assert sum(n for n in completes if n is not None) == goal
    percents = followers("completes", list(plan["m"].completes(goal)), goal)
    assert sum(round(p * 100) for p in percents if p is not None) == 10_000


@pytest.mark.parametrize("goal", [0, -5, None, "many", 2.5])
def test_nothing_follows_from_no_goal(goal: object) -> None:
    assert followers("percent", [50, 50], goal) == [None, None]


def target(answer: str, question: int = 42, **more: object) -> dict[str, object]:
    return {"conditions": read_answer(answer, question), **more}


def regular(*targets: dict[str, object], quotas_enabled: bool = True) -> dict[str, Any]:
    return RegularProfile(quotas_enabled=quotas_enabled, targets=targets).payload()


half = {"completes_goal_percentage": 50}
named = {"name": "old name", "completes_goal_percentage": 50}


@pytest.mark.parametrize(
    "profile",
    [
        regular(target("1, 2", quota=half), target("18-24", quota=half)),
        regular(target("1", quota=named), target("2", name="new", quota={**named, "name": "new"})),
        regular(target("1", quota={"completes_goal": 5}), target("2", quota={"completes_goal": 0})),
        regular(target("1", name="x"), target("2", quota=None)),
    ],
)
def test_profiles_come_back_untouched(profile: dict[str, Any]) -> None:
    assert editable(profile)
    draft = margin_of(profile)
    assert profile_of(draft, draft.lead, 10) == profile


@pytest.mark.parametrize(
    "profile",
    [
        regular(target("1", quota=half), target("2", 43, quota=half)),
        regular(target("1"), quotas_enabled=False),
        regular(target("1", quota=half), target("2", quota={"completes_goal": 5})),
        regular({"conditions": [{"object": "selection", "question_id": 1, "option": "18-24"}]}),
        regular({"conditions": [{"object": "selection", "question_id": 1, "option": "1,2"}]}),
    ],
)
def test_what_a_table_would_change_is_not_edited(profile: dict[str, Any]) -> None:
    assert not editable(profile)


def test_lines_of_two_columns_keep_what_is_known() -> None:
    known = (CellDraft("men", "1", "50", {"name": "men"}), CellDraft("women", "2", "50"))
    assert read_lines(write_lines(known), known) == known
    assert read_lines("women;40\n\nmen\t60\nothers\t3\t0\nx\t1\t2\t3", known) == (
        replace(known[1], number="40"),
        replace(known[0], number="60"),
        CellDraft("others", "3", "0"),
        CellDraft("x", "1", "2\t3"),
    )


def test_a_draft_is_only_text() -> None:
    margin = MarginDraft("m", "42", "percent", (CellDraft("a", "1", "5o"),))
    [told] = profile_of(margin, "percent", 100)["targets"]
    assert told["quota"] == {"completes_goal_percentage": "5o"}


def test_a_crossed_plan_keeps_its_cells_and_is_drawn_beside_its_population() -> None:
    plan = (
        QuotaPlan.from_population("DE", 1000, ages=[18, 40, 65])
        .interlock("gender", "age")
        .lock("gender × age", ("men", "65+"), completes=90)
        .margin("region", 96, {"north": ("1", 30), "south": ("2", 70)})
        .with_minimum(5)
    )
    builder = QuotaBuilder(plan)
    assert builder.value == plan
    assert "<b>gender × age</b>: an interlock of 6 targets, kept as it is." in shown(builder)
    assert "<title>men × 65+: 9.00 % (= 90); population" in shown(builder)
    assert "Every cell has at least 5 completes" in shown(builder)
    fill(builder, "Completes", "500")
    assert builder.value == plan.scaled(500)
    assert builder.value.rows()[5].completes == 90
    fill(builder, "north percent", "40")
    fill(builder, "south percent", "60")
    assert builder.value.profiles[0] == plan.scaled(500).profiles[0]
    assert (builder.value.minimum, builder.value.population) == (5, plan.population)
    namespace: dict[str, Any] = {}
    exec(builder.code(), namespace)
    assert namespace["plan"] == builder.value
