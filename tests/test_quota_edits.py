"What a hand can do to a draft: each edit whole, undone to the same, and refused in words."

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from examples import times
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from quota_plans import plans

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import BlendedProfile, RegularProfile
from target_group_kit.sampling.caps import Control
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.widgets.quota_blocks import Block, Line, answer_told, read_block
from target_group_kit.widgets.quota_crossings import (
    cross,
    lock_cells,
    separate,
    show_side,
    type_cell,
    type_goal,
    type_minimum,
)
from target_group_kit.widgets.quota_draft import (
    KeptDraft,
    QuotaDraft,
    RowsDraft,
    TableDraft,
    answer_typed,
    followers,
    read_answer,
    write_answer,
)
from target_group_kit.widgets.quota_edits import (
    Edit,
    add_part,
    add_row,
    ask,
    balance,
    lock_rows,
    move_part,
    move_rows,
    paste,
    remove_part,
    remove_rows,
    rename,
    type_text,
)
from target_group_kit.widgets.quota_history import STEPS, History
from target_group_kit.widgets.quota_parts import both_numbers, draft_of, plan_of, quota_report
from target_group_kit.widgets.quota_profiles import draft_of_profiles, editable, profile_of
from target_group_kit.widgets.quota_ranges import merge_rows, split_row
from target_group_kit.widgets.quotas import QuotaBuilder


def germany(goal: int = 1000) -> QuotaPlan:
    return (
        QuotaPlan(goal)
        .margin("gender", 43, {"women": ("2", 51), "men": ("1", 49)})
        .margin(
            "age", 42, {"18-34": ((18, 34), 30), "35-54": ((35, 54), 30), "55+": ((55, 99), 40)}
        )
    )


def rows_of(draft: QuotaDraft, name: str) -> RowsDraft:
    return next(p for p in draft.parts if isinstance(p, RowsDraft) and p.name == name)


def table_of(draft: QuotaDraft) -> TableDraft:
    return next(part for part in draft.parts if isinstance(part, TableDraft))


def ids(draft: QuotaDraft, name: str, *labels: str) -> list[str]:
    by_label = {row.label: row.id for row in rows_of(draft, name).rows}
    return [by_label[label] for label in labels]


def cells(draft: QuotaDraft, name: str) -> list[tuple[str, str, str]]:
    return [(row.label, row.answer, row.number) for row in rows_of(draft, name).rows]


def typed(draft: QuotaDraft, name: str, label: str, column: Any, text: str) -> QuotaDraft:
    [row] = ids(draft, name, label)
    return type_text(draft, part=rows_of(draft, name).id, row=row, column=column, text=text).draft


def on(draft: QuotaDraft, do: Callable[..., Edit], name: str, *labels: str, **more: Any) -> Edit:
    chosen = {"rows": ids(draft, name, *labels)} if labels else {}
    return do(draft, part=rows_of(draft, name).id, **chosen, **more)


def refused(go: Callable[[], object]) -> str:
    with pytest.raises(InvalidPlan) as caught:
        go()
    return str(caught.value)


def test_the_other_column_leads_from_what_stood_there() -> None:
    thirds = QuotaPlan(30_000).margin("m", 1, {"a": ("1", 1), "b": ("2", 1), "c": ("3", 1)})
    draft = draft_of(thirds)
    assert [row.number for row in rows_of(draft, "m").rows] == ["33.34", "33.33", "33.33"]
    after = typed(draft, "m", "a", "completes", "10001")
    assert [row.number for row in rows_of(after, "m").rows] == ["10001", "10000", "10000"]
    assert rows_of(after, "m").lead == "completes"


def test_what_is_no_number_is_not_lost_when_the_other_column_leads() -> None:
    draft = typed(draft_of(germany()), "gender", "men", "percent", "4o")
    after = typed(draft, "gender", "women", "completes", "510")
    assert [row.number for row in rows_of(after, "gender").rows] == ["510", "4o"]


def test_rows_move_together() -> None:
    draft = draft_of(germany())
    after = on(draft, move_rows, "age", "35-54", "55+", by=-1)
    assert after.word == "move 2 rows"
    assert [label for label, *_ in cells(after.draft, "age")] == ["35-54", "55+", "18-34"]
    again = on(after.draft, move_rows, "age", "35-54", "55+", by=-1)
    assert again.draft == after.draft
    down = on(draft, move_rows, "age", "18-34", by=1)
    assert [label for label, *_ in cells(down.draft, "age")] == ["35-54", "18-34", "55+"]


def test_rows_are_added_where_asked_and_removed() -> None:
    draft = draft_of(germany())
    [first] = ids(draft, "age", "18-34")
    added = on(draft, add_row, "age", after=first)
    assert [label for label, *_ in cells(added.draft, "age")] == ["18-34", "", "35-54", "55+"]
    assert len({row.id for row in rows_of(added.draft, "age").rows}) == 4
    gone = on(added.draft, remove_rows, "age", "")
    assert (gone.draft.parts, gone.word) == (draft.parts, "remove row 2")
    assert on(draft, remove_rows, "age", "18-34", "55+").word == "remove 2 rows"


def test_locked_rows_keep_their_people() -> None:
    draft = draft_of(germany())
    locked = on(draft, lock_rows, "age", "18-34", on=True)
    assert locked.word == "lock 18-34"
    assert plan_of(locked.draft) == germany().lock("age", "18-34")
    other = typed(locked.draft, "age", "55+", "percent", "50")
    whole = on(other, balance, "age").draft
    assert cells(whole, "age") == [
        ("18-34", "18-34", "30"),
        ("35-54", "35-54", "26.25"),
        ("55+", "55-99", "43.75"),
    ]
    assert plan_of(type_goal(whole, text="600").draft)["age"].completes(600) == (300, 113, 187)
    free = on(whole, lock_rows, "age", "18-34", on=False).draft
    assert plan_of(type_goal(free, text="600").draft)["age"].completes(600)[0] == 180


def test_a_locked_row_settles_on_whole_people() -> None:
    draft = on(draft_of(germany(7)), lock_rows, "gender", "women", on=True).draft
    assert cells(draft, "gender") == [("women", "2", "57.14"), ("men", "1", "42.86")]
    assert plan_of(draft)["gender"].completes(7) == (4, 3)
    after = typed(draft, "gender", "women", "percent", "50")
    assert cells(after, "gender")[0] == ("women", "2", "57.14")


def test_balance_refuses_what_it_cannot_do() -> None:
    draft = on(draft_of(germany()), lock_rows, "gender", "women", "men", on=True).draft
    short = typed(draft, "gender", "women", "percent", "20")
    said = "The locked rows of 'gender' hold 69 of 100. Unlock one."
    assert refused(lambda: on(short, balance, "gender")) == said
    nobody = typed(replace(draft_of(germany()), goal="many"), "gender", "men", "completes", "4")
    assert refused(lambda: on(nobody, balance, "gender")).startswith("The goal is 'many'.")


def test_balance_of_nothing_is_even() -> None:
    draft = draft_of(germany())
    for label in ("women", "men"):
        draft = typed(draft, "gender", label, "percent", "")
    assert [n for *_, n in cells(on(draft, balance, "gender").draft, "gender")] == ["50", "50"]


def test_rows_merge_as_the_plans_cells_do() -> None:
    people = QuotaPlan.from_population("DE", 1000, ages=[18, 25, 35, 50, 65])
    merged = on(draft_of(people), merge_rows, "age", "18-24", "25-34")
    assert merged.word == "merge 2 rows into 18-34"
    assert plan_of(merged.draft) == people.merge_cells("age", "18-24", "25-34")
    assert refused(lambda: on(draft_of(people), merge_rows, "age", "18-24")) == (
        "Choose two rows or more of 'age' first."
    )
    slip = typed(draft_of(people), "age", "18-24", "percent", "many")
    assert refused(lambda: on(slip, merge_rows, "age", "18-24", "25-34")) == (
        "'18-24' of 'age' has 'many', which can't be added up. Correct it, then merge."
    )


def test_caps_follow_merged_rows() -> None:
    caps = {"young women": ({"gender": "women", "age": ["18-34", "35-54"]}, 40)}
    plan = germany().control("caps", caps)
    merged = on(draft_of(plan), merge_rows, "age", "18-34", "35-54").draft
    assert plan_of(merged) == plan.merge_cells("age", "18-34", "35-54")
    assert isinstance(plan_of(merged)["caps"], Control)
    assert "Drop the cap first." in refused(
        lambda: on(draft_of(plan), merge_rows, "age", "35-54", "55+")
    )


@pytest.mark.parametrize(
    ("label", "text", "made"),
    [
        ("18-34", "", [("18-25", "18-25", "14.12"), ("26-34", "26-34", "15.88")]),
        ("18-34", "25", [("18-24", "18-24", "12.35"), ("25-34", "25-34", "17.65")]),
        (
            "35-54",
            "40, 45;50",
            [
                ("35-39", "35-39", "7.5"),
                ("40-44", "40-44", "7.5"),
                ("45-49", "45-49", "7.5"),
                ("50-54", "50-54", "7.5"),
            ],
        ),
        ("55+", "65", [("55-64", "55-64", "8.89"), ("65+", "65-99", "31.11")]),
    ],
)
def test_ranges_split_by_years(label: str, text: str, made: list[tuple[str, str, str]]) -> None:
    draft = draft_of(germany())
    [row] = ids(draft, "age", label)
    after = on(draft, split_row, "age", row=row, text=text)
    assert after.word == f"split {label}"
    assert [cell for cell in cells(after.draft, "age") if cell in made] == made
    assert quota_report(after.draft)[1].ok
    assert rows_of(after.draft, "age").rows[0].id == rows_of(draft, "age").rows[0].id


def test_ranges_split_as_the_population_has_them() -> None:
    fine = QuotaPlan.from_population("DE", 1000, ages=[18, 30, 40, 50, 60, 70, 80])
    coarse = QuotaPlan(1000, population=fine).margin(
        "age", 42, {"18-39": ((18, 39), 40), "40-99": ((40, 99), 60)}
    )
    draft = draft_of(coarse)
    [row] = ids(draft, "age", "18-39")
    after = plan_of(on(draft, split_row, "age", row=row, text="30").draft)
    young, older = fine["age"].shares[:2]
    assert after["age"].labels == ("18-29", "30-39", "40-99")
    assert after["age"].shares[0] == young / (young + older) * 40 / 100


def test_splitting_refuses_what_is_no_cut() -> None:
    draft = draft_of(germany())
    [women], [young] = ids(draft, "gender", "women"), ids(draft, "age", "18-34")
    for text in ("18", "35", "25, many", "2.5"):
        said = refused(lambda text=text: on(draft, split_row, "age", row=young, text=text))
        assert said == (
            f"{text!r} doesn't cut 18 to 34. Say where new rows begin, between 19 and 34, like 26."
        )
    assert "Only a range such as 18-34 can be split." in refused(
        lambda: on(draft, split_row, "gender", row=women, text="")
    )
    one = typed(draft, "age", "18-34", "answer", "18-18")
    assert refused(lambda: on(one, split_row, "age", row=young, text="")) == (
        "18 is one year, which can't be split."
    )


@pytest.mark.parametrize(
    ("text", "at", "lines", "lead"),
    [
        ("60\n40", "percent", [Line(number="60"), Line(number="40")], "percent"),
        ("1.234\n8.766", "completes", [Line(number="1234"), Line(number="8766")], "completes"),
        ("12,5\t\n87,5", "percent", [Line(number="12.5"), Line(number="87.5")], "percent"),
        ("a\nb", "label", [Line("a"), Line("b")], None),
        ("a\nb", "percent", [Line("a"), Line("b")], None),
        ("1\n2", "answer", [Line(answer="1"), Line(answer="2")], None),
        (
            "women\t51 %\nmen\t49 %",
            "percent",
            [Line("women", None, "51"), Line("men", None, "49")],
            "percent",
        ),
        (
            "women;510\nmen;490",
            "label",
            [Line("women", None, "510"), Line("men", None, "490")],
            "completes",
        ),
        ("a\t1\t60\nb\t2\t40", "label", [Line("a", "1", "60"), Line("b", "2", "40")], "percent"),
        (
            "a\t1\t60\t600\nb\t2\t40\t400",
            "label",
            [Line("a", "1", "60"), Line("b", "2", "40")],
            "percent",
        ),
        ("Label\tAnswer\tCompletes\na\t1\t600", "label", [Line("a", "1", "600")], "completes"),
        (
            "Alter\tSoll\n18-24\t1.000\nGesamt\t1.000",
            "label",
            [Line("18-24", None, "1000")],
            "completes",
        ),
        (
            "a\tmany\nb\t1\nc\t2",
            "percent",
            [Line("a", None, "many"), Line("b", None, "1"), Line("c", None, "2")],
            "percent",
        ),
        ("a\t7\nb\t8", "label", [Line("a", None, "7"), Line("b", None, "8")], "percent"),
        ("1\t60\n2\t40", "answer", [Line(None, "1", "60"), Line(None, "2", "40")], "percent"),
        ("\n \n", "label", [], None),
    ],
)
def test_blocks_are_read_by_what_they_say(text: str, at: Any, lines: list[Line], lead: Any) -> None:
    assert read_block(text, at, 1000, "percent") == Block(tuple(lines), lead)


def test_a_block_of_numbers_goes_down_the_column() -> None:
    draft = draft_of(germany())
    [second] = ids(draft, "age", "35-54")
    after = on(draft, paste, "age", row=second, column="percent", text="20\n50")
    assert [n for *_, n in cells(after.draft, "age")] == ["30", "20", "50"]
    assert (after.word, after.note) == ("paste 2 rows", "")
    more = on(draft, paste, "age", row=second, column="percent", text="20\n40\n10\n0")
    assert [n for *_, n in cells(more.draft, "age")] == ["30", "20", "40", "10", "0"]
    assert more.note == "2 rows were added."


def test_a_block_with_labels_finds_its_rows() -> None:
    draft = draft_of(germany())
    block = "Age\tPercent\n55+\t35\n18-24\t20\n18-34\t15\n35-54\t30"
    after = on(draft, paste, "age", row=None, column="completes", text=block)
    assert cells(after.draft, "age") == [
        ("18-34", "18-34", "15"),
        ("35-54", "35-54", "30"),
        ("55+", "55-99", "35"),
        ("18-24", "18-24", "20"),
    ]
    assert after.note == "1 row was added."


def test_a_large_block_is_kept_whole() -> None:
    draft = add_part(draft_of(QuotaPlan(1000))).draft
    text = "\n".join(f"ward {n}\t{n}\t0,01 %" for n in range(10_000))
    part = draft.parts[0].id
    after = paste(draft, part=part, row=None, column="label", text=text)
    assert after.word == "paste 10,000 rows"
    rows = after.draft.rows_of(part).rows
    assert (len(rows), rows[-1].label, rows[-1].number) == (10_000, "ward 9999", "0.01")
    assert len({row.id for row in rows}) == 10_000


def test_labels_tell_answers_where_everybody_knows_them() -> None:
    assert answer_told("43", "Frauen") == "2"
    assert answer_told("42", "65+") == "65-99"
    assert answer_told("42", "young") == answer_told("96", "north") == answer_told("", "men") == ""
    draft = add_part(draft_of(QuotaPlan(10))).draft
    part, [row, _] = draft.parts[0].id, [r.id for r in draft.rows_of(draft.parts[0].id).rows]
    named = type_text(draft, part=part, row=row, column="label", text="18-24").draft
    asked = ask(named, part=part, text="42").draft
    assert asked.rows_of(part).rows[0].answer == "18-24"


def test_labels_and_answers_that_say_the_same_go_together() -> None:
    draft = draft_of(germany())
    wider = typed(draft, "age", "18-34", "answer", "18-29")
    assert cells(wider, "age")[0] == ("18-29", "18-29", "30")
    assert cells(typed(wider, "age", "18-29", "label", "20-29"), "age")[0][1] == "20-29"
    assert cells(typed(wider, "age", "18-29", "label", "young"), "age")[0][1] == "18-29"
    assert cells(typed(draft, "gender", "women", "label", "men"), "gender")[0][1] == "1"
    own = typed(draft, "age", "55+", "answer", "55-74")
    assert cells(own, "age")[2][:2] == ("55+", "55-74")
    assert cells(typed(own, "age", "55+", "label", "60+"), "age")[2][:2] == ("60+", "55-74")


def test_new_margins_stand_before_caps() -> None:
    caps = {"young women": ({"gender": "women", "age": "18-34"}, 40)}
    draft = add_part(draft_of(germany().control("caps", caps))).draft
    assert [part.name for part in draft.parts] == ["gender", "age", "", "caps"]


def test_parts_come_go_and_move() -> None:
    draft = draft_of(germany())
    gender, age = (part.id for part in draft.parts)
    assert refused(lambda: on(draft, add_row, "age").draft.table(age)) == "'age' is no interlock."
    assert [p.id for p in move_part(draft, part=age, by=-1).draft.parts] == [age, gender]
    assert move_part(draft, part=age, by=1).draft == draft
    gone = remove_part(draft, part=gender)
    assert (gone.word, [p.name for p in gone.draft.parts]) == ("remove gender", ["age"])
    named = rename(draft, part=gender, text="sex")
    assert (named.word, named.draft.parts[0].name) == ("name of gender", "sex")
    assert refused(lambda: remove_part(draft, part="i99")) == (
        "The margin isn't there any more. Look at what is."
    )


def test_margins_cross_and_part() -> None:
    draft = draft_of(germany())
    both = [part.id for part in draft.parts]
    crossed = cross(draft, parts=both)
    assert crossed.word == "interlock gender and age"
    assert plan_of(crossed.draft) == germany().interlock("gender", "age")
    table = table_of(crossed.draft)
    named = rename(crossed.draft, part=table.id, text="both").draft
    assert plan_of(named)["both"].axes == (germany()["gender"], germany()["age"])
    assert plan_of(separate(crossed.draft, part=table.id).draft) == germany()
    assert refused(lambda: cross(draft, parts=both[:1])) == (
        "Tick two or three margins to interlock, not 1."
    )
    slip = typed(draft, "age", "55+", "percent", "50")
    assert refused(lambda: cross(slip, parts=both)) == (
        "'age' doesn't make the whole yet. Balance it, then interlock."
    )
    assert refused(lambda: cross(replace(draft, goal=""), parts=both)).startswith("The goal is ''.")
    more = add_part(add_part(crossed.draft).draft).draft
    assert refused(lambda: cross(more, parts=[p.id for p in more.parts[1:]])) == (
        "The exchange takes one interlock. Separate the one that there is first."
    )
    assert refused(lambda: draft.table(both[0])) == "'gender' is no interlock."
    assert "has no rows of its own" in refused(lambda: crossed.draft.rows_of(table.id))


def test_cells_are_held_freed_and_tried_again() -> None:
    draft = draft_of(germany())
    draft = cross(draft, parts=[part.id for part in draft.parts]).draft
    table = table_of(draft).id
    held = type_cell(draft, part=table, place=(0, 0), text="100").draft
    assert plan_of(held) == plan_of(draft).lock("gender × age", ("women", "18-34"), completes=100)
    slip = type_cell(held, part=table, place=(0, 1), text="420").draft
    [unheld] = table_of(slip).unheld
    assert (unheld.place, unheld.text) == ((0, 1), "420")
    assert "The locked cells of 'gender × age' hold" in unheld.problem
    assert table_of(slip).interlock == table_of(held).interlock
    assert refused(lambda: plan_of(slip)) == unheld.problem
    freed = type_cell(slip, part=table, place=(0, 0), text=" ").draft
    assert [u.text for u in table_of(freed).unheld] == ["420"]
    larger = type_goal(freed, text="2000").draft
    assert table_of(larger).unheld == ()
    assert plan_of(larger)["gender × age"].completes(2000)[1] == 420


def test_cells_are_typed_in_percent_too() -> None:
    draft = draft_of(germany())
    draft = cross(draft, parts=[part.id for part in draft.parts]).draft
    table = table_of(draft).id
    shown = show_side(draft, part=table, side="percent")
    assert shown.word == "show percent"
    held = type_cell(shown.draft, part=table, place=(1, 2), text="12,34 %").draft
    assert plan_of(held)["gender × age"].completes(1000)[5] == 123
    for text, side in [
        ("many", "percent"),
        ("101", "percent"),
        ("1001", "completes"),
        ("1.5", "completes"),
    ]:
        slip = show_side(draft, part=table, side=side).draft  # type: ignore[arg-type]
        [unheld] = table_of(type_cell(slip, part=table, place=(0, 0), text=text).draft).unheld
        assert unheld.problem.startswith(f"{text!r} is no ")


def test_cells_are_locked_and_freed_together() -> None:
    draft = draft_of(germany())
    draft = cross(draft, parts=[part.id for part in draft.parts]).draft
    table = table_of(draft).id
    locked = lock_cells(draft, part=table, places=[(0, 0), (1, 1)], on=True)
    assert locked.word == "lock 2 cells"
    names = ("women", "18-34"), ("men", "35-54")
    assert plan_of(locked.draft) == plan_of(draft).lock("gender × age", *names)
    free = lock_cells(locked.draft, part=table, places=[(0, 0), (1, 1)], on=False).draft
    assert table_of(free).interlock.locked == ()
    assert "Choose a cell" in refused(lambda: lock_cells(draft, part=table, places=[], on=True))
    assert "no possible cell" in refused(
        lambda: type_cell(draft, part=table, place=(7, 7), text="1")
    )


def test_a_goal_that_locks_do_not_fit_is_said_and_nothing_is_lost() -> None:
    draft = on(draft_of(germany()), lock_rows, "age", "55+", on=True).draft
    small = type_goal(draft, text="300").draft
    assert small.parts == draft.parts
    [problem] = quota_report(small)[1].errors
    assert "make 133.33 % of the new goal. Unlock one" in problem.message
    back = type_goal(type_goal(small, text="many").draft, text="1000").draft
    assert plan_of(back) == plan_of(draft)
    assert type_minimum(draft, text="30").draft.minimum == "30"


def blended(kind: str = "interlock", unit: str = "completes_goal") -> BlendedProfile:
    targets = [
        {
            "name": f"{who}, {age}",
            "conditions": read_answer(sex, 43) + read_answer(age, 42),
            "quota": {unit: 25},
        }
        for who, sex in (("women", "2"), ("men", "1"))
        for age in ("18-39", "40-99")
    ]
    return BlendedProfile(blended_type=kind, name="both", quotas_enabled=True, targets=targets)


def test_a_blended_profile_is_a_fixed_list_with_numbers_to_change() -> None:
    both = blended()
    draft = draft_of_profiles([both.payload()], [both], "100")
    part = rows_of(draft, "both")
    assert part.fixed
    assert profile_of(part, "completes", 100) == both.payload()
    women = part.rows[0]
    after = type_text(draft, part=part.id, row=women.id, column="completes", text="40").draft
    changed = both.payload()
    changed["targets"][0]["quota"] = {"completes_goal": 40}
    assert profile_of(rows_of(after, "both"), "completes", 100) == changed
    assert "can be changed" in refused(
        lambda: type_text(draft, part=part.id, row=women.id, column="label", text="x")
    )
    assert "can be changed" in refused(lambda: add_row(draft, part=part.id))
    pasted = "men, 40-99\t30\nwomen, 18-39\t20"
    after = paste(draft, part=part.id, row=women.id, column="completes", text=pasted).draft
    assert [row.number for row in rows_of(after, "both").rows] == ["20", "25", "25", "30"]
    assert (
        refused(
            lambda: paste(
                draft,
                part=part.id,
                row=women.id,
                column="completes",
                text="boys\t30\nmen, 18-39\t1",
            )
        )
        == "1 line of the block fit no row of 'both': 'boys'. Its rows are fixed; paste only those."
    )
    two = replace(draft, parts=(part, replace(part, id="i99")))
    said = "Profiles can't be interlocked here. Interlock margins in a QuotaBuilder."
    assert refused(lambda: cross(two, parts=[part.id, "i99"])) == said


def test_caps_need_not_make_a_whole() -> None:
    both = blended("control")
    part = rows_of(draft_of_profiles([both.payload()], [both], "100"), "both")
    assert part.caps


def target(answer: str, question: int = 42, **more: object) -> dict[str, object]:
    return {"conditions": read_answer(answer, question), **more}


def regular(*targets: dict[str, object], quotas_enabled: bool = True) -> RegularProfile:
    return RegularProfile(quotas_enabled=quotas_enabled, targets=targets)


half = {"completes_goal_percentage": 50}
named = {"name": "old name", "completes_goal_percentage": 50}


@pytest.mark.parametrize(
    "profile",
    [
        regular(target("1, 2", quota=half), target("18-24", quota=half)),
        regular(target("1", quota=named), target("2", name="new", quota={**named, "name": "new"})),
        regular(target("1", quota={"completes_goal": 5}), target("2", quota={"completes_goal": 0})),
        regular(target("1", name="x"), target("2", quota=None)),
        blended(),
        blended("control", "completes_goal_percentage"),
    ],
)
def test_profiles_come_back_untouched(profile: Any) -> None:
    [part] = draft_of_profiles([profile.payload()], [profile], "10").parts
    assert isinstance(part, RowsDraft)
    assert profile_of(part, part.lead, 10) == profile.payload()
    assert part.untouched


@pytest.mark.parametrize(
    "profile",
    [
        regular(target("1", quota=half), target("2", 43, quota=half)),
        regular(target("1"), quotas_enabled=False),
        regular(target("1", quota=half), target("2", quota={"completes_goal": 5})),
        regular({"conditions": [{"object": "selection", "question_id": 1, "option": "18-24"}]}),
        regular({"conditions": [{"object": "selection", "question_id": 1, "option": "1,2"}]}),
        blended().replace(quotas_enabled=False),
    ],
)
def test_what_rows_would_change_is_kept(profile: Any) -> None:
    assert not editable(profile.payload())
    [part] = draft_of_profiles([profile.payload()], [profile]).parts
    assert isinstance(part, KeptDraft)
    assert part.part == profile.payload()


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
    assert len(parts) == (len(answer_typed(text)) if len(parts) > 1 else 1)


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


@times(1000, 60)
@given(plans())
def test_a_plan_survives_its_draft(plan: QuotaPlan) -> None:
    draft = draft_of(plan)
    assert plan_of(draft) == plan
    for part in draft.parts:
        if isinstance(part, RowsDraft):
            aims = plan.aims(plan[part.name])
            both = both_numbers(draft, part)
            assert list(zip(*both, strict=True)) == [(aim.percent, aim.completes) for aim in aims]


def test_history_is_bounded_and_forgets_what_was_taken_back() -> None:
    history = History(QuotaDraft())
    for n in range(STEPS + 50):
        history = history.after(QuotaDraft(str(n)), f"goal of {n}")
    assert len(history.past) == STEPS
    back = history.undone().undone()
    assert (back.now.goal, back.undo, back.redo) == (
        f"{STEPS + 47}",
        f"goal of {STEPS + 47}",
        f"goal of {STEPS + 48}",
    )
    assert back.redone().redone() == history
    assert back.after(QuotaDraft("x"), "other").future == ()
    assert refused(lambda: history.redone()) == "There is nothing to redo."


NUMBERS = st.sampled_from(["", "0", "5", "33,33", "50", "100", "400", "many", "-1", "150", "1,000"])
BLOCKS = st.sampled_from(
    ["30\n70", "a\t5\nb\t95", "women\t60 %\nmen\t40 %", "1\n2\n3\n4", "x", "\t\n"]
)


class Hands(RuleBasedStateMachine):
    "Whatever is typed, pasted, undone and set: grid, plan and payload agree, and nothing raises."

    @initialize(plan=plans())
    def open(self, plan: QuotaPlan) -> None:
        self.builder = QuotaBuilder(plan)
        self.heard: list[Any] = []
        self.builder.observe(lambda change: self.heard.append(change.new), names="value")
        self.n = 0

    def send(self, do: str, **more: Any) -> None:
        self.n += 1
        before, count, grid = self.builder.value, len(self.heard), self.builder.editor.grid
        grid._handle_custom_msg({"view": "v", "n": self.n, "do": do} | more, [])
        assert grid.shown["heard"] == {"v": self.n}
        assert len(self.heard) == count + (self.builder.value != before)

    def part(self, kind: str, data: st.DataObject) -> Any:
        parts = [p for p in self.builder.editor.grid.shown["parts"] if p["kind"] == kind]
        return data.draw(st.sampled_from(parts)) if parts else None

    @rule(data=st.data(), column=st.sampled_from(["percent", "completes"]), text=NUMBERS)
    def type(self, data: st.DataObject, column: str, text: str) -> None:
        part = self.part("rows", data)
        if part and part["rows"]:
            row = data.draw(st.sampled_from(part["rows"]))["id"]
            self.send("type", part=part["id"], row=row, column=column, text=text)

    @rule(data=st.data(), text=BLOCKS, column=st.sampled_from(["label", "answer", "percent"]))
    def paste(self, data: st.DataObject, text: str, column: str) -> None:
        part = self.part("rows", data)
        if part and part["rows"]:
            row = data.draw(st.sampled_from(part["rows"]))["id"]
            self.send("paste", part=part["id"], row=row, column=column, text=text)

    @rule(data=st.data(), do=st.sampled_from(["remove", "merge", "lock", "move"]))
    def change_rows(self, data: st.DataObject, do: str) -> None:
        part = self.part("rows", data)
        if part and part["rows"]:
            every = [row["id"] for row in part["rows"]]
            rows = data.draw(st.lists(st.sampled_from(every), unique=True, max_size=3))
            more: dict[str, Any] = {"lock": {"on": True}, "move": {"by": 1}}.get(do, {})
            self.send(do, part=part["id"], rows=rows, **more)

    @rule(data=st.data(), do=st.sampled_from(["balance", "add", "split", "remove_part", "rename"]))
    def change_part(self, data: st.DataObject, do: str) -> None:
        part = self.part("rows", data)
        if part and part["rows"]:
            row = part["rows"][-1]["id"]
            more = {
                "add": {"after": row},
                "split": {"row": row, "text": ""},
                "rename": {"text": "m"},
            }
            self.send(do, part=part["id"], **more.get(do, {}))

    @rule()
    def cross(self) -> None:
        parts = [p["id"] for p in self.builder.editor.grid.shown["parts"] if p["kind"] == "rows"]
        self.send("cross", parts=parts[:2])

    @rule(data=st.data(), text=NUMBERS)
    def cell(self, data: st.DataObject, text: str) -> None:
        table = self.part("table", data)
        if table:
            place = [data.draw(st.integers(0, len(a["labels"]) - 1)) for a in table["axes"]]
            self.send("cell", part=table["id"], place=place, text=text)

    @rule(data=st.data())
    def separate(self, data: st.DataObject) -> None:
        table = self.part("table", data)
        if table:
            self.send("separate", part=table["id"])

    @rule(text=st.sampled_from(["", "1", "7", "100", "1000", "many", "0"]))
    def goal(self, text: str) -> None:
        self.builder._goal.control.value = text

    @rule(text=st.sampled_from(["", "0", "2", "many", "500"]))
    def minimum(self, text: str) -> None:
        self.builder._minimum.control.value = text

    @rule()
    def undo_and_redo(self) -> None:
        "Undo gives back the draft before, and redo the one after."
        history = self.builder.editor._history
        if history.past:
            self.send("undo")
            assert self.builder.editor.draft == history.past[-1][0]
            self.send("redo")
            assert self.builder.editor.draft == history.now

    @rule()
    def undo(self) -> None:
        self.send("undo")

    @rule(plan=plans())
    def set(self, plan: QuotaPlan) -> None:
        self.builder.value = plan
        assert self.builder.reading.value in (plan, None)

    @invariant()
    def agree(self) -> None:
        builder = self.builder
        assert builder.errors == []
        plan, report = builder.reading.value, builder.report
        if plan is None:
            assert not report.ok
            return
        if report.ok:
            assert builder.value == plan
        shown = builder.editor.grid.shown["parts"]
        assert len(shown) == len(plan.profiles)
        for part, profile in zip(shown, plan.profiles, strict=True):
            if part["kind"] == "kept":
                continue
            aims = plan.aims(profile)
            if part["kind"] == "rows":
                follows = "completes" if part["lead"] == "percent" else "percent"
                texts = [float(row[follows]) for row in part["rows"]]
                assert texts == [getattr(aim, follows) for aim in aims]
                for row, aim in zip(part["rows"], aims, strict=True):
                    lead = float(row[part["lead"]].replace(",", ".") or 0)
                    assert lead == getattr(aim, part["lead"]) or row["note"].startswith(
                        "In the plan"
                    )
            else:
                texts = [c["text"] for row in part["rows"] for c in row["cells"] if c["possible"]]
                assert len(texts) == len(aims)
        nominal = [p for p in plan.profiles if not hasattr(p, "targets")]
        if nominal:
            sent = QuotaPlan(plan.completes, tuple(nominal), plan.minimum).profiling("nominal")
            assert len(sent.payload()["profiles"]) == len(nominal)


Hands.TestCase.settings = times(400, 15)
TestHands = Hands.TestCase
