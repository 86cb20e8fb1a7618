"The coverage page names everything that the kit knows, and exports nothing."

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from target_group_kit.contract.checks import FORMS, RULES
from target_group_kit.contract.drift import MEANT, kit_form
from target_group_kit.contract.published import Shape
from target_group_kit.exchange.client import DemandClient
from target_group_kit.stage.specification import known_operations

PAGE = Path(__file__).parents[1] / "nbs" / "reference" / "coverage.ipynb"
CELLS = json.loads(PAGE.read_text(encoding="utf-8"))["cells"]


def shown(cell_id: str) -> list[list[str]]:
    "The rows of the table that a cell shows, without its heads."
    [cell] = [cell for cell in CELLS if cell["id"] == cell_id]
    [output] = cell["outputs"]
    lines = "".join(output["data"]["text/markdown"]).splitlines()[2:]
    cells = [line.replace("\\|", "/").strip("| ").split(" | ") for line in lines]
    return [[part.strip().strip("`") for part in row] for row in cells]


def names(shape: Shape) -> Iterator[str]:
    yield from shape.fields
    for part in (*shape.fields.values(), *shape.branches.values()):
        yield from names(part)
    if shape.items:
        yield from names(shape.items)


def test_it_exports_nothing() -> None:
    assert [cell["id"] for cell in CELLS if "".join(cell["source"]).startswith("#|")] == []


def test_every_operation_is_there() -> None:
    rows = {name: (address, mark) for name, address, *mark in shown("operations")}
    assert {name: address for name, (address, _) in rows.items()} == known_operations()
    marked = {name for name, (_, mark) in rows.items() if mark == ["✓"]}
    assert marked == {name for name in rows if hasattr(DemandClient, name)}


def test_every_field_is_there() -> None:
    last = {row[0].replace("[]", "").split(".")[-1] for row in shown("fields")}
    assert last == set(names(kit_form().request))
    assert ["completes_goal", "yes", "integer", "minimum `1"] in shown("fields")


@pytest.mark.parametrize(("cell", "column"), [("codes", 1), ("own", 0)])
def test_a_rules_words_are_its_own(cell: str, column: int) -> None:
    for row in shown(cell):
        rule = RULES[row[column]]
        assert row[column + 1 :] == [rule.level, rule.why.replace("|", "/").strip("`")]


def test_every_code_is_there() -> None:
    codes = {row[1] for row in shown("codes")} | {row[0] for row in shown("own")}
    forms = [row[0] for row in shown("forms")]
    assert codes | set(forms) == RULES.keys() | FORMS.keys()
    assert codes & set(forms) == set()
    assert [row[2] for row in shown("meant")] == [meant.why for meant in MEANT]
