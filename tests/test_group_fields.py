"Controls that are made when they are looked at; parts with kinds, rows, and what is said of them."

import json
import random
from datetime import UTC, datetime
from typing import Any

import pytest
from examples import times
from generated_plans import valid_plan
from hands import bad, beside, control, everything, fill, models, press, shown, unfold
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.widgets.controls import Parts, discard
from target_group_kit.widgets.folds import Fold
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
FA = "fielding_assistant_assignment"
ULID = "01JX2X0N5RTR012AYDTA83QWTW"


def example() -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange()


def builder_of(group: TargetGroup | None = None) -> TargetGroupBuilder:
    return TargetGroupBuilder(group or example(), now=lambda: NOON)


def lines(builder: TargetGroupBuilder) -> list[str]:
    return [fold.line.description for fold, _, _ in builder.fields._folds]


def test_a_fold_makes_its_controls_once_and_says_what_holds() -> None:
    parts, made = Parts(), []
    fold = Fold(parts, "Pacing", lambda: made.append(1) or [parts.text("Step")])
    assert (fold.line.description, made) == ("▸ Pacing", [])
    fold.tell("linear")
    assert fold.line.description == "▸ Pacing: linear"
    fold.unfold(False)
    assert made == []
    for turned in ("▾ Pacing", "▸ Pacing: linear", "▾ Pacing"):
        fold.turn()
        assert fold.line.description == turned
    assert made == [1]


def test_closed_parts_say_what_is_in_them() -> None:
    builder = builder_of()
    assert lines(builder) == [
        "▸ More about it: study type adhoc · industry other",
        "▸ Pacing and soft launch",
        "▸ More exclusions",
        "▸ Re-entry",
    ]
    unfold(builder)
    fill(builder, "Your reference", "wave 7")
    fill(builder, "Pacing", "adaptive")
    fill(builder, "A step every", "1 day")
    fill(builder, "Say who may come back", True)
    press(builder, "▾ More about it")
    assert lines(builder)[0] == (
        "▸ More about it: your reference wave 7 · study type adhoc · industry other"
    )
    for line in lines(builder)[1:]:
        press(builder, line)
    assert lines(builder)[1] == "▸ Pacing and soft launch: adaptive · a step every 1 day"
    assert lines(builder)[3].startswith("▸ Re-entry: Say who may come back")
    assert builder.errors == []


def test_an_error_opens_its_part_and_a_warning_does_not() -> None:
    body = example().payload()
    body[FA]["pacing"] = {"type": "gemini", "exposed_target_group_id": ULID}
    builder = builder_of(TargetGroup.model_validate(body))
    assert [fold.is_open for fold, _, _ in builder.fields._folds] == [False] * 4
    fill(unfold(builder), "Exposed target group", "x")
    press(builder, "▾ Pacing and soft launch")
    fill(builder, "Name", "Tea drinkers")
    assert control(builder, "Exposed target group").value == "x"
    assert lines(builder)[1] == "▾ Pacing and soft launch"
    assert bad(builder, "Exposed target group")


def test_a_kind_shows_its_fields_and_remembers_the_others() -> None:
    builder = builder_of()
    fill(builder, "Maximum CPI", "3.50")
    fill(builder, "Pricing", "rate_card")
    seen = {w.description for w in everything(builder) if getattr(w, "description", "")}
    assert "Boost CPI" in seen
    assert "Total budget" not in seen
    fill(builder, "Pricing", "dynamic")
    assert control(builder, "Maximum CPI").value == "3.50"
    assert builder.draft[FA]["pricing"]["maximum_cpi"]["value"] == "3.50"
    fill(builder, "Pricing", "")
    assert "pricing" not in builder.draft[FA]


def test_supplier_groups_are_rows() -> None:
    builder = builder_of()
    fill(builder, "Suppliers", "chosen")
    press(builder, "Add supplier group")
    fill(builder, "Group", "Panel partners")
    fill(builder, "Least %", "20")
    fill(builder, "Most %", "many")
    fill(builder, "Suppliers", "980; 12", nth=1)
    assert "&#x27;many&#x27; is not a whole number." in shown(builder)
    assert bad(builder, "Most %")
    assert not bad(builder, "Least %")
    assert builder.go_to(
        ("allocations", "open_exchange_allocations", "groups", 0, "max_percentage")
    )
    fill(builder, "Most %", "60")
    press(builder, "Add private supplier")
    fill(builder, "Group", "Ours", nth=1)
    fill(builder, "Supplier", "7")
    assert builder.value is not None
    assert builder.value.allocations is not None
    assert builder.value.allocations.payload() == {
        "open_exchange_allocations": {
            "blocked_supplier_ids": [],
            "exchange_min_percentage": 0,
            "exchange_max_percentage": 100,
            "groups": [
                {
                    "group_name": "Panel partners",
                    "min_percentage": 20,
                    "max_percentage": 60,
                    "suppliers": ["980", "12"],
                }
            ],
        },
        "private_exchange_allocations": {
            "blocked_supplier_ids": [],
            "groups": [
                {
                    "group_name": "Ours",
                    "min_percentage": 0,
                    "max_percentage": 100,
                    "supplier_id": "7",
                }
            ],
        },
    }
    press(builder, "Remove", nth=1)
    press(builder, "Remove")
    assert builder.value.allocations == example().allocations
    assert builder.errors == []


def test_exclusions_are_rows() -> None:
    builder = unfold(builder_of())
    press(builder, "Add exclusion")
    assert not builder.report.ok
    fill(builder, "Id", ULID)
    fill(builder, "Within", "90 days")
    fill(builder, "Who are", "Complete OverQuota")
    press(builder, "Add exclusion")
    fill(builder, "In a", "target-group", nth=1)
    fill(builder, "Id", ULID, nth=1)
    wanted = [
        {
            "type": "project",
            "id": ULID,
            "duration": "P90D",
            "respondent_statuses": ["Complete", "OverQuota"],
        },
        {"type": "target-group", "id": ULID},
    ]
    assert builder.draft["respondent_activity_exclusions"] == wanted
    fill(builder, "Who are", "Everybody")
    assert "Everybody" in beside(builder, "Who are")
    press(builder, "Remove")
    assert builder.draft["respondent_activity_exclusions"] == wanted[1:]
    press(builder, "Remove")
    assert "respondent_activity_exclusions" not in builder.draft
    assert builder.draft == example().payload()


def test_a_soft_launch_by_the_respondents_clock() -> None:
    builder = unfold(builder_of())
    fill(builder, "Soft launch: a part first, then a pause", True)
    assert not builder.report.ok
    fill(builder, "Soft launch ends", "2026-12-04 09:00")
    assert builder.draft[FA]["soft_launch"]["end_at"] == "2026-12-04T08:00:00.000Z"
    assert "sent as 2026-12-04T08:00:00.000Z" in beside(builder, "Soft launch ends")
    fill(builder, "Respondents' zone", "Asia/Tokyo")
    assert builder.draft[FA]["soft_launch"]["end_at"] == "2026-12-04T00:00:00.000Z"
    fill(builder, "Respondents' zone", "Nowhere/Land")
    assert builder.draft[FA]["soft_launch"]["end_at"] == "2026-12-04T00:00:00.000Z"
    fill(builder, "Soft launch ends", "2026-12-04 25:00")
    assert "The soft launch&#x27;s end" in beside(builder, "Soft launch ends")
    assert builder.errors == []


def test_what_is_kept_is_told() -> None:
    listed = [{"entity_type": "RID", "entity_ids": ["a"]}]
    body = example().payload() | {"exclusion": {"enabled": True, "list": listed}}
    builder = builder_of(TargetGroup.model_validate(body))
    assert "Kept as it is:" in shown(builder)
    assert "A list of excluded respondents" in shown(builder)
    builder.value = example()
    assert "Kept as it is:" not in shown(builder)


def test_nothing_leaks_from_rows_and_parts() -> None:
    builder = unfold(builder_of())
    fill(builder, "Suppliers", "chosen")

    def work() -> None:
        press(builder, "Add supplier group")
        fill(builder, "Least %", "many")
        press(builder, "Remove")
        fill(builder, "Pricing", "rate_card")
        fill(builder, "Pricing", "dynamic")

    work()
    before = models()
    for _ in range(5):
        work()
    assert (models(), builder.errors) == (before, [])


@times(1000, 12)
@given(st.integers(0, 2**32))
def test_any_group_is_shown_whole_and_its_code_rebuilds_it(seed: int) -> None:
    "Nothing dropped and nothing changed; with every part open, too."
    group = TargetGroup.model_validate(valid_plan(random.Random(seed)))
    builder = builder_of(group)
    unfold(builder)
    assert json.dumps(builder.draft) == group.to_json()
    made: dict[str, Any] = {}
    exec(builder.code(), made)
    assert made["target_group"].to_json() == group.to_json()
    again = builder_of(made["target_group"])
    assert json.dumps(again.draft) == group.to_json()
    assert again.fields.typed == builder.fields.typed
    assert builder.errors == again.errors == []
    discard([builder, again])


@pytest.mark.parametrize("exporter", ["html", "markdown"])
def test_a_closed_notebook_shows_the_same(exporter: str) -> None:
    "Exported without a kernel, without saved state, and without anything from elsewhere."
    import nbformat
    from nbconvert import HTMLExporter, MarkdownExporter

    builder = builder_of()
    fill(builder, "Name", "Tea drinkers & <b>")
    cell = nbformat.v4.new_code_cell("builder")
    bundle = builder._repr_mimebundle_()
    cell.outputs = [nbformat.v4.new_output("display_data", data=bundle)]
    made = {"html": HTMLExporter, "markdown": MarkdownExporter}[exporter]()
    text, _ = made.from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    for figure in ("Tea drinkers &amp; &lt;b&gt;", "27.3520 EUR", "Bearer $CINT_TOKEN", "50.00 %"):
        assert figure in text
    assert "tgk.TargetGroup(" in text
