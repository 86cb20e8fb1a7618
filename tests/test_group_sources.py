"Starting from a text, a file, a receipt, a draft: taken whole, or not at all."

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from hands import control, fill, press, shown, unfold

from target_group_kit.contract.errors import InvalidTargetGroup, NotSent
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.widgets.group_sources import group_of_file, group_of_text
from target_group_kit.widgets.outcome import curl_of, json_of
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PROJECT, DRAFT = "01JX2KPG5VEBF8498Z8YTTE8TB", "01JX2X0N5RTR012AYDTA83QWTW"


def example(name: str = "My first target group") -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange().replace(name=name)


SERVERS = {"id": DRAFT, "human_readable_id": "AB12CD3", "created_at": "2026-12-01T12:00:00.000Z"}


@pytest.mark.parametrize(
    "text",
    [
        example().to_json(),
        f"\n\ufeff {json_of(example())}\n",
        curl_of(example()),
        f"$ {curl_of(example())}",
        json.dumps(example().payload() | SERVERS),
    ],
    ids=["json", "laid out", "curl", "with a prompt", "a draft as answered"],
)
def test_texts_that_hold_a_group(text: str) -> None:
    assert group_of_text(text).to_json() == example().to_json()
    assert group_of_file(text.encode()).to_json() == example().to_json()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is nothing to read."),
        ("name: Tea", "it begins with 'name: Tea', so it is neither JSON nor a cURL command."),
        ('{"name": "Tea"', "line 1, column 15: Expecting ',' delimiter."),
        ("[1, 2]", "the JSON holds a list, not an object."),
        ("curl https://api.example", "the command sends no body."),
        ("curl -d '{", "the command breaks off: No closing quotation."),
    ],
)
def test_texts_that_hold_none_say_why(text: str, said: str) -> None:
    with pytest.raises(InvalidTargetGroup) as problem:
        group_of_text(text)
    assert [finding.message for finding in problem.value.report.errors] == [said]


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(InvalidTargetGroup) as problem:
        group_of_file(b"\xff\xfe\x00")
    [found] = problem.value.report.errors
    assert (found.message, found.fix) == (
        "the file isn't text in UTF-8.",
        "Save it as JSON, in UTF-8.",
    )
    assert group_of_file(b"\xef\xbb\xbf" + example().to_json().encode()) == example()


class Clerk:
    "Knows two drafts and one receipt."

    environment, asks_name, project_id = "a test", False, PROJECT

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem

    def submit(self, group: TargetGroup, project: str, tell: Any) -> Any:
        raise NotImplementedError

    def projects(self) -> Sequence[tuple[str, str]]:
        return [("Hot drinks", PROJECT)]

    def drafts(self, project: str) -> Sequence[tuple[str, str]]:
        if self.problem:
            raise self.problem
        assert project == PROJECT
        return [("Tea · 1", "1"), ("Coffee · 2", "2")]

    def draft(self, project: str, draft: str) -> TargetGroup:
        assert project == PROJECT
        return example({"1": "Tea drinkers", "2": "Coffee drinkers"}[draft])

    def receipts(self, text: str = "") -> Sequence[Any]:
        if self.problem:
            raise self.problem
        kept = [SimpleNamespace(id=DRAFT, target_group=example("Cocoa drinkers"))]
        return [receipt for receipt in kept if text in receipt.target_group.name]


def builder_of(clerk: Any = None, group: TargetGroup | None = None) -> TargetGroupBuilder:
    builder = TargetGroupBuilder(group or example(), now=lambda: NOON, submit=clerk)
    builder.start.fold.unfold()
    return builder


def test_a_pasted_command_fills_the_form_and_can_be_taken_back() -> None:
    builder = builder_of()
    heard: list[Any] = []
    builder.observe(lambda change: heard.append(change.new), names="value")
    fill(builder, "JSON or cURL", curl_of(example("Tea drinkers")))
    press(builder, "Read the text")
    assert control(builder, "Name").value == "Tea drinkers"
    assert "Started from the text." in shown(builder)
    press(builder, "Back to what was here")
    assert (heard, builder.errors) == ([example("Tea drinkers"), example()], [])


@pytest.mark.parametrize("text", ["{", '{"name": "<b>"}', "<img src=x onerror=alert(1)>", ""])
def test_a_wrong_text_says_why_and_leaves_the_form_as_it_was(text: str) -> None:
    builder = builder_of()
    fill(builder, "Name", "Tea and coffee")
    fill(builder, "Completes", "many")
    before = builder.draft
    fill(builder, "JSON or cURL", text)
    press(builder, "Read the text")
    assert (builder.draft, builder.errors) == (before, [])
    assert "Nothing was taken; the form is as it was." in shown(builder)
    assert "<img src=x" not in shown(builder)


def test_a_file() -> None:
    builder = builder_of()
    file = {"name": "tea & <b>.json", "type": "", "size": 1, "last_modified": NOON}
    upload = control(builder, "A JSON file …")
    upload.value = (file | {"content": memoryview(example("Tea drinkers").to_json().encode())},)
    assert builder.value == example("Tea drinkers")
    assert "Started from tea &amp; &lt;b&gt;.json." in shown(builder)
    assert upload.value == ()
    upload.value = (file | {"content": memoryview(b"\xff\xfe")},)
    assert builder.value == example("Tea drinkers")
    assert "isn&#x27;t text in UTF-8" in shown(builder)


def test_the_example_and_an_empty_form() -> None:
    builder = builder_of(group=example("Tea drinkers"))
    press(builder, "The example")
    assert builder.value == TargetGroup.example(now=NOON).with_open_exchange()
    press(builder, "An empty form")
    assert (builder.value, control(builder, "Name").value) == (None, "")
    press(builder, "Back to what was here")
    assert builder.value == TargetGroup.example(now=NOON).with_open_exchange()


def test_receipts_and_drafts() -> None:
    builder = builder_of(Clerk())
    press(builder, "A receipt …")
    press(builder, "Start from this one")
    assert builder.value == example("Cocoa drinkers")
    press(builder, "A draft on the exchange …")
    fill(builder, "Which one", "Coffee · 2")
    press(builder, "Start from this one")
    assert builder.value == example("Coffee drinkers")
    assert builder.errors == []


@pytest.mark.parametrize("button", ["A draft on the exchange …", "A receipt …"])
def test_what_cannot_be_listed_says_why(button: str) -> None:
    builder = builder_of(Clerk(NotSent("No way to api.example.")))
    press(builder, button)
    assert "No way to api.example." in shown(builder)
    assert (builder.value, builder.errors) == (example(), [])


def test_what_nobody_can_give_is_not_offered() -> None:
    builder = unfold(builder_of(print))
    labels = [w.description for w in builder.start.fold._inner.children[0].children]
    assert labels == ["The example", "An empty form", "A JSON file …"]
