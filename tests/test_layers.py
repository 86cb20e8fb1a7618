"The architecture, as a test: floors, numbers, and one home for each third-party package."

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import target_group_kit

ROOT = Path(__file__).parents[1]
KIT = "target_group_kit"
PACKAGE = ROOT / KIT
# The floor that each third-party package lives on; pydantic is common to all.
HOMES = {
    "numpy": 1,
    "holidays": 1,
    "scipy": 1,
    "pandas": 2,
    "openpyxl": 2,
    "httpx": 3,
    "sqlalchemy": 3,
    "platformdirs": 3,
    "keyring": 3,
    "ipywidgets": 4,
    "anywidget": 4,
    "IPython": 3,
    "traitlets": 4,
    "starlette": 5,
    "uvicorn": 5,
    "typer": 5,
    "yaml": 5,
}
BROUGHT_BY = {
    "pydantic_core": "pydantic",
    "IPython": "ipywidgets",
    "traitlets": "ipywidgets",
    "yaml": "pyyaml",
}
# Extras of users: only a function that says how to install them may import what they bring.
EXTRAS = ("contract", "exact", "postgres")


@dataclass(frozen=True)
class Room:
    "A numbered notebook and its module, such as `contract.errors`; letters split a number: 13a."

    number: str
    module: str
    notebook: Path

    @property
    def floor(self) -> int:
        return int(self.number[0])

    @property
    def source(self) -> str:
        return (PACKAGE / f"{self.module.replace('.', '/')}.py").read_text(encoding="utf-8")

    @property
    def cells(self) -> list[str]:
        cells = json.loads(self.notebook.read_text(encoding="utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def room_of(notebook: Path) -> Room:
    number, name = notebook.stem.split("_", 1)
    return Room(number, f"{notebook.parent.name.split('_', 1)[1]}.{name}", notebook)


ROOMS = sorted(map(room_of, ROOT.glob("nbs/[0-9]_*/*.ipynb")), key=lambda room: room.number)
BY_MODULE = {room.module: room for room in ROOMS}
every_room = pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.module)


@dataclass(frozen=True)
class Import:
    "One import: the name in full, and where it stands."

    name: str
    where: str  # "module", "function", or "typing" for what only type checkers run


def imports(source: str, module: str) -> Iterator[Import]:
    "What the text of a room imports, relative names made absolute; of the kit as `kit.floor.room`."

    def visit(node: ast.AST, where: str) -> Iterator[Import]:
        match node:
            case ast.Import():
                for alias in node.names:  # an alias of the whole kit could reach any room
                    anything = alias.name == KIT and alias.asname
                    yield Import(f"{KIT}.{alias.asname}" if anything else alias.name, where)
            case ast.ImportFrom():
                above = f"{KIT}.{module}".split(".")[: -node.level] if node.level else []
                base = ".".join([*above, *([node.module] if node.module else [])])
                inside = [f"{base}.{alias.name}" for alias in node.names]
                looser = base == KIT or base in {f"{KIT}.{m.split('.')[0]}" for m in BY_MODULE}
                yield from (Import(name, where) for name in (inside if looser else [base]))
            case ast.Attribute(value=ast.Name(id=name)) if name == KIT:
                yield Import(f"{KIT}.{node.attr}", where)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                where = "typing" if where == "typing" else "function"
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), body=body):
                for statement in body:
                    yield from visit(statement, "typing")
                node = ast.Module(node.orelse, [])
        for child in ast.iter_child_nodes(node):
            yield from visit(child, where)

    yield from visit(ast.parse(source), "module")


def of_kit(imported: Import) -> bool:
    return imported.name.split(".")[0] == KIT


def misplaced_room(imported: Import, room: Room) -> str:
    "Why a room may not import that from the kit; nothing when it may."
    name = imported.name.removeprefix(KIT).removeprefix(".")
    if re.fullmatch(r"(__\w+__)?", name):
        return ""
    if name not in BY_MODULE:
        return f"{name} is no room; import from the room where it is defined"
    if BY_MODULE[name].number >= room.number:
        return f"{name} is not below"
    exchange = name.startswith("exchange.")
    if exchange and room.module.startswith("widgets."):
        return f"{name}: widgets are handed a callable or a client"
    late = imported.where != "module" or room.module == "stage.cli"
    if exchange and room.module.startswith("stage.") and not late:
        return f"{name}: the emulator takes the client inside a function only"
    return ""


def misplaced_package(imported: Import, room: Room) -> str:
    "Why a third-party package may not be imported there; nothing when it may."
    package = imported.name.split(".")[0]
    if package in sys.stdlib_module_names or BROUGHT_BY.get(package, package) == "pydantic":
        return ""
    if package not in HOMES:
        return f"{package} has no home"
    if package == "pandas" and room.floor in (1, 3) and imported.where != "module":
        return ""
    return "" if HOMES[package] == room.floor else f"{package} lives on floor {HOMES[package]}"


def misplaced(source: str, room: Room) -> list[str]:
    "What a room imports and may not, each with the reason."
    reasons = [
        (misplaced_room if of_kit(imported) else misplaced_package)(imported, room)
        for imported in imports(source, room.module)
    ]
    return [reason for reason in reasons if reason]


def undeclared(used: list[Import], always: list[str], extra: list[str]) -> set[str]:
    "Packages that are imported and not installed; an extra's count only inside functions."

    def names(lines: list[str]) -> set[str]:
        return {re.split(r"[^\w.-]", line)[0].lower() for line in lines}

    packages = {(i.name.split(".")[0], i.where) for i in used if not of_kit(i)}
    outside = {(BROUGHT_BY.get(p, p), w) for p, w in packages if p not in sys.stdlib_module_names}
    late = names(always) | names(extra)
    return {p for p, where in outside if p not in (late if where == "function" else names(always))}


def dynamic(source: str) -> list[str]:
    "Calls that import by a name made at run time, where no test can follow."
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [ast.unparse(call.func) for call in calls]
    return [name for name in names if re.search(r"\b(import_module|__import__)$", name)]


def test_there_are_rooms_on_every_floor() -> None:
    folders = {room.notebook.parent.name for room in ROOMS}
    assert sorted(folders) == [
        "0_contract",
        "1_sampling",
        "2_views",
        "3_exchange",
        "4_widgets",
        "5_stage",
    ]


def test_numbers_are_unique_and_say_the_floor() -> None:
    assert len({room.number for room in ROOMS}) == len(ROOMS)
    assert [r.number for r in ROOMS if not re.fullmatch(r"\d\d[a-z]?", r.number)] == []
    assert [r for r in ROOMS if r.notebook.parent.name.split("_")[0] != str(r.floor)] == []


def test_every_module_has_a_notebook() -> None:
    modules = {f"{path.parent.name}.{path.stem}" for path in PACKAGE.glob("*/[!_]*.py")}
    assert modules == set(BY_MODULE)
    assert {path.name for path in PACKAGE.glob("*.py")} == {"__init__.py", "_modidx.py"}


@every_room
def test_a_notebook_is_named_after_its_module(room: Room) -> None:
    directives = [cell for cell in room.cells if cell.startswith("#| default_exp")]
    assert directives == [f"#| default_exp {room.module}"]


@every_room
def test_a_module_imports_what_its_floor_may(room: Room) -> None:
    assert misplaced(room.source, room) == []
    assert dynamic(room.source) == []


@every_room
def test_a_lesson_imports_from_lower_rooms_only(room: Room) -> None:
    "Lessons may use any package; but a class of the exported room isn't the one defined beside it."
    own = [i for cell in room.cells for i in imports(cell, room.module) if of_kit(i)]
    lessons = [Import(imported.name, "lesson") for imported in own]
    assert [reason for i in lessons if (reason := misplaced_room(i, room))] == []


def test_floors_re_export_nothing() -> None:
    floors = sorted(PACKAGE.glob("*/__init__.py"))
    assert [floor.parent.name for floor in floors if floor.read_text().strip()] == []
    assert len(floors) == 6


def test_no_module_bears_a_public_name() -> None:
    "`target_group_kit.check` must be the function, whatever was imported before."
    homes = {part for module in BY_MODULE for part in module.split(".")}
    assert homes & set(target_group_kit.__all__) == set()


def test_what_the_kit_imports_is_a_dependency() -> None:
    "What an extra brings may be missing, so it is imported inside a function only."
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [line for extra in EXTRAS for line in project["optional-dependencies"][extra]]
    used = [found for room in ROOMS for found in imports(room.source, room.module)]
    assert undeclared(used, project["dependencies"], extras) == set()


@pytest.mark.parametrize(
    ("module", "source", "reasons"),
    [
        ("contract.words", "import json\nimport pydantic_core\nfrom .errors import Level", []),
        ("contract.errors", "from .words import Word", ["contract.words is not below"]),
        ("contract.errors", "from .errors import Level", ["contract.errors is not below"]),
        ("contract.errors", f"import {KIT}.contract.words", ["contract.words is not below"]),
        ("contract.words", "from . import rules", ["contract.rules is not below"]),
        ("contract.words", f"from {KIT}.views import tables", ["views.tables is not below"]),
        ("contract.words", "def f():\n  from ..views import tables", ["views.tables is not below"]),
        (
            "views.tables",
            "from ..contract import Report",
            ["contract.Report is no room; import from the room where it is defined"],
        ),
        (
            "views.tables",
            f"from {KIT} import check, __version__",
            ["check is no room; import from the room where it is defined"],
        ),
        (
            "views.tables",
            f"import {KIT}\n{KIT}.check({KIT}.__file__)",
            ["check is no room; import from the room where it is defined"],
        ),
        (
            "views.tables",
            f"import {KIT} as tgk",
            ["tgk is no room; import from the room where it is defined"],
        ),
        ("contract.words", "def f():\n  import pandas", ["pandas lives on floor 2"]),
        ("sampling.apportionment", "import pandas as pd", ["pandas lives on floor 2"]),
        ("sampling.apportionment", "class A:\n  def f(self):\n    import pandas", []),
        ("sampling.apportionment", "if TYPE_CHECKING:\n  from pandas import DataFrame", []),
        (
            "sampling.apportionment",
            "if TYPE_CHECKING:\n  import numpy\nelse:\n  import pandas",
            ["pandas lives on floor 2"],
        ),
        ("sampling.apportionment", "def f():\n  import openpyxl", ["openpyxl lives on floor 2"]),
        ("views.tables", "import polars.io", ["polars has no home"]),
        ("views.tables", "from sqlalchemy.orm import Session", ["sqlalchemy lives on floor 3"]),
        ("widgets.quotas", "def f():\n  import httpx", ["httpx lives on floor 3"]),
        (
            "widgets.quotas",
            "def f():\n  from ..exchange.client import connect",
            ["exchange.client: widgets are handed a callable or a client"],
        ),
        (
            "stage.emulator",
            "from ..exchange.client import DemandClient",
            ["exchange.client: the emulator takes the client inside a function only"],
        ),
        ("stage.emulator", "def f():\n  from ..exchange.client import DemandClient", []),
        ("stage.emulator", "if TYPE_CHECKING:\n  from ..exchange.client import DemandClient", []),
        ("stage.cli", "from ..exchange.client import connect", []),
        ("exchange.client", "def f():\n  import yaml", ["yaml lives on floor 5"]),
    ],
)
def test_each_rule_can_fail(module: str, source: str, reasons: list[str]) -> None:
    assert misplaced(source, BY_MODULE[module]) == reasons


@pytest.mark.parametrize(
    ("source", "missing"),
    [
        ("import numpy\nimport json\nfrom .errors import Level", set()),
        ("def f():\n  from scipy.optimize import milp", set()),
        ("from scipy.optimize import milp", {"scipy"}),
        ("if TYPE_CHECKING:\n  import scipy", {"scipy"}),
        ("def f():\n  import polars", {"polars"}),
        ("import IPython", {"ipywidgets"}),
    ],
)
def test_undeclared_imports_are_seen(source: str, missing: set[str]) -> None:
    used = list(imports(source, "contract.words"))
    assert undeclared(used, ["numpy>=2.0"], ["scipy>=1.13"]) == missing


def test_dynamic_imports_are_seen() -> None:
    source = "importlib.import_module('json')\n__import__('json')\nimport_json()"
    assert dynamic(source) == ["importlib.import_module", "__import__"]
