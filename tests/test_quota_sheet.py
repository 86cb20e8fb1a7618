"The picture that the grid shows: both numbers, sums, meanings, and problems in words."

from dataclasses import replace
from typing import Any

import pytest

from target_group_kit.contract.errors import Finding, Report
from target_group_kit.contract.profiling import BlendedProfile, RegularProfile
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.widgets.quota_crossings import cross, show_side, type_cell
from target_group_kit.widgets.quota_draft import QuotaDraft, RowsDraft, read_answer
from target_group_kit.widgets.quota_edits import add_part, paste, type_text
from target_group_kit.widgets.quota_parts import draft_of, quota_report
from target_group_kit.widgets.quota_profiles import PROFILES, draft_of_profiles
from target_group_kit.widgets.quota_sheet import MOST, finding_text, sheet


def germany() -> QuotaPlan:
    return QuotaPlan.from_population("DE", 1000, ages=[18, 40, 65])


def told(draft: QuotaDraft) -> dict[str, Any]:
    return sheet(draft, quota_report(draft)[1])


def typed(draft: QuotaDraft, part: int, row: int, column: Any, text: str) -> QuotaDraft:
    now = draft.parts[part]
    assert isinstance(now, RowsDraft)
    return type_text(draft, part=now.id, row=now.rows[row].id, column=column, text=text).draft


def test_a_margin_as_the_page_gets_it() -> None:
    shown = told(draft_of(germany()))
    assert {key: shown[key] for key in ("noun", "addable", "crossable", "said")} == {
        "noun": "margin",
        "addable": True,
        "crossable": True,
        "said": [],
    }
    gender = shown["parts"][0]
    rows, source = gender.pop("rows"), gender.pop("said")
    assert source[0]["level"] == "note"
    assert source[0]["text"].startswith("Source: UN DESA, World Population Prospects")
    assert gender == {
        "id": "i1",
        "kind": "rows",
        "name": "gender",
        "question": "43",
        "fixed": False,
        "lead": "percent",
        "sum": {"state": "good", "text": "100.00 % · 1,000 completes", "left": ""},
        "crossable": True,
        "more": 0,
    }
    assert rows[0] == {
        "id": "i2",
        "label": "women",
        "answer": "2",
        "means": "gender (43): female (2)",
        "percent": "50.86",
        "completes": "509",
        "share": 0.5086,
        "locked": False,
        "note": "",
        "errors": {},
        "population": rows[0]["population"],
    }
    assert round(rows[0]["population"], 4) == 0.5086


@pytest.mark.parametrize(
    ("column", "text", "state", "words", "left"),
    [
        ("percent", "50.85", "short", "99.99 % · 1,000 completes", "0.01 % left"),
        ("percent", "150", "over", "199.14 % · 1,991 completes", "99.14 % over"),
        ("percent", "many", "short", "49.14 % · 491 completes", "50.86 % left"),
        ("completes", "1509", "over", "2,000 completes · 200.00 %", "1,000 over"),
        ("completes", "", "short", "491 completes · 49.10 %", "509 left"),
    ],
)
def test_the_sum_says_what_is_left(
    column: str, text: str, state: str, words: str, left: str
) -> None:
    gender = told(typed(draft_of(germany()), 0, 0, column, text))["parts"][0]
    assert gender["sum"] == {"state": state, "text": words, "left": left}


def test_a_sum_that_is_whole_beside_a_number_that_is_none() -> None:
    draft = typed(typed(draft_of(germany()), 0, 0, "percent", "100"), 0, 1, "percent", "x")
    assert told(draft)["parts"][0]["sum"]["state"] == "unread"
    draft = replace(typed(draft_of(germany()), 0, 0, "completes", "5"), goal="many")
    assert told(draft)["parts"][0]["sum"]["state"] == "unread"


def test_population_is_shown_where_rows_consist_of_its_cells() -> None:
    draft = draft_of(germany())
    assert told(typed(draft, 1, 0, "answer", "18-64"))["parts"][1]["rows"][0]["population"] == (
        pytest.approx(1 - float(germany()["age"].shares[2]), abs=1e-6)
    )
    for answer in ("18-50", "", "x", "1-200"):
        shown = told(typed(draft, 1, 0, "answer", answer))["parts"][1]
        assert shown["rows"][0]["population"] is None
    asked = replace(draft, parts=(replace(draft.parts[0], question="q"),))
    assert told(asked)["parts"][0]["rows"][0]["population"] is None


def test_an_interlock_as_the_page_gets_it() -> None:
    draft = draft_of(germany())
    draft = cross(draft, parts=[part.id for part in draft.parts]).draft
    table = draft.parts[0].id
    draft = type_cell(draft, part=table, place=(1, 2), text="25").draft
    draft = type_cell(draft, part=table, place=(0, 0), text="999").draft
    plan = germany().interlock("gender", "age").lock("gender × age", ("men", "65+"), completes=25)
    shown = sheet(draft, quota_report(draft)[1], {("gender × age", "men, 65+"): 12.56})["parts"][0]
    people = plan["gender × age"].completes(1000)
    assert shown["axes"] == [
        {"name": "gender", "labels": ["women", "men"]},
        {"name": "age", "labels": ["18-39", "40-64", "65+"]},
    ]
    assert [row["heads"] for row in shown["rows"]] == [["women"], ["men"]]
    texts = [cell["text"] for row in shown["rows"] for cell in row["cells"]]
    assert texts == ["999", *map(str, people[1:])]
    last, first = shown["rows"][1]["cells"][2], shown["rows"][0]["cells"][0]
    heat = round(25 / max(people), 3)
    assert last == {
        "text": "25",
        "other": "2.50 %",
        "heat": heat,
        "locked": True,
        "possible": True,
        "small": True,
        "note": "Population 12.56 %",
        "error": "",
    }
    assert first["error"].startswith("The locked cells of 'gender × age' hold ")
    assert (shown["sum"]["state"], shown["total"], shown["side"]) == (
        "unread",
        "1,000",
        "completes",
    )
    assert [row["total"] for row in shown["rows"]] == ["509", "491"]
    assert told(draft)["crossable"] is False
    percent = told(show_side(draft, part=table, side="percent").draft)["parts"][0]
    assert percent["rows"][1]["cells"][2]["text"] == "2.5"
    assert percent["rows"][1]["cells"][2]["other"] == "25"
    assert percent["total"] == "100.00 %"


def test_three_axes_have_two_heads_and_impossible_cells_none() -> None:
    plan = germany().margin("region", 96, {"north": ("1", 40), "south": ("2", 60)})
    plan = plan.interlock("gender", "age", "region", zeros=[("men", "65+", "north")])
    shown = told(draft_of(plan))["parts"][0]
    assert [row["heads"] for row in shown["rows"]][:2] == [["women", "18-39"], ["women", "40-64"]]
    gone = shown["rows"][5]["cells"][0]
    assert (gone["possible"], gone["text"], gone["heat"], gone["small"]) == (False, "", None, False)
    assert shown["totals"] == ["400", "600"]


def test_a_minimum_that_cannot_be_had_is_told_at_the_table() -> None:
    plan = germany().interlock("gender", "age")
    shown = told(replace(draft_of(plan), minimum="900"))["parts"][0]
    assert any("Lower the minimum" in each["text"] for each in shown["said"])
    assert shown["total"] == "1,000"


def test_more_than_a_thousand_rows_are_counted() -> None:
    draft = add_part(draft_of(QuotaPlan(20_000))).draft
    text = "\n".join(f"ward {n}\t{n}\t2" for n in range(MOST + 5))
    part = draft.parts[0].id
    draft = paste(draft, part=part, row=None, column="label", text=text).draft
    slip = Finding("wrong", "error", (*PROFILES, 0, "targets", MOST + 3, "quota"), "odd.")
    shown = sheet(draft, Report.of([slip]))["parts"][0]
    assert (len(shown["rows"]), shown["more"]) == (MOST, 5)
    assert shown["said"][0]["text"] == "The first 1,000 of 1,005 rows are shown; all are kept."
    assert shown["said"][1]["text"].startswith("There are problems below what is shown: row 1,004.")


def test_blended_profiles_are_told_in_words() -> None:
    conditions = read_answer("2", 43) + read_answer("18-39", 42)
    targets = [{"name": "young", "conditions": conditions, "quota": {"completes_goal": 40}}]
    caps = BlendedProfile(blended_type="control", name="c", quotas_enabled=True, targets=targets)
    draft = draft_of_profiles([caps.payload()], [caps], "100")
    shown = sheet(draft)
    [part] = shown["parts"]
    assert (shown["crossable"], part["fixed"], part["question"]) == (False, True, None)
    assert part["rows"][0]["answer"] == "gender (43): female (2); age (42): 18 to 39"
    assert (part["rows"][0]["means"], part["rows"][0]["percent"]) == ("", "40")
    assert part["sum"] == {"state": "good", "text": "40 completes · 40.00 %", "left": ""}
    assert part["said"] == [
        {"level": "note", "text": "Caps: at most so many of each; they may overlap."}
    ]


def test_findings_are_told_in_the_tables_own_words() -> None:
    slip = Finding("x", "error", (), "150 is too much.", "completes_goal_percentage: 0 to 100.")
    assert finding_text(slip) == "150 is too much. 0 to 100."
    missing = Finding("missing", "error", (), "it is missing.", "Add it: a number.")
    assert finding_text(missing) == "Needed: a number."
    balance = Finding("incorrect_sum_of_percentage_009", "error", (), "99.99.", "Correct it.")
    assert finding_text(balance) == "99.99. Press Balance, or change a cell."


def test_parts_of_different_kinds_never_share_an_id() -> None:
    "A page keeps what has its id, whatever a later picture says that it is."
    screen = {
        "name": "s",
        "quotas_enabled": False,
        "targets": [{"conditions": read_answer("1", 9)}],
    }
    word = RegularProfile.model_validate(screen)
    drafts = [
        draft_of(germany()),
        draft_of(germany().interlock("gender", "age")),
        draft_of(QuotaPlan(10).with_profile(word)),
        draft_of_profiles([word.payload()], [word]),
    ]
    kinds = [{(p["id"], p["kind"]) for p in sheet(draft)["parts"]} for draft in drafts]
    every = set().union(*kinds)
    assert len({part for part, _ in every}) == len(every)
