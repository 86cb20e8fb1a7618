"The public names: all of them resolve, none costs anything before it is asked for."

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

import target_group_kit

INIT = Path(target_group_kit.__file__)
HEAVY = [
    "pandas",
    "numpy",
    "httpx",
    "ipywidgets",
    "anywidget",
    "IPython",
    "sqlalchemy",
    "pydantic",
    "starlette",
]


def names_for_type_checkers(source: str) -> dict[str, str]:
    "What the `if TYPE_CHECKING:` block of an `__init__.py` imports: name → the module it is from."
    guards = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    lines = [line for guard in guards for line in guard.body if isinstance(line, ast.ImportFrom)]
    return {alias.asname or alias.name: str(line.module) for line in lines for alias in line.names}


@pytest.mark.parametrize("name", target_group_kit.__all__)
def test_every_name_resolves(name: str) -> None:
    value = getattr(target_group_kit, name)
    assert getattr(value, "__name__", name) == name or name == "__version__"
    assert getattr(target_group_kit, name) is value


def test_type_checkers_see_the_same_names() -> None:
    seen = names_for_type_checkers(INIT.read_text(encoding="utf-8"))
    homes = {name: f"target_group_kit.{home}" for name, home in target_group_kit._HOME.items()}
    assert seen == homes


def test_the_reading_of_that_block() -> None:
    source = "from kit.a import X\nif TYPE_CHECKING:\n    from kit.b import Y as Y, Z\n"
    assert names_for_type_checkers(source) == {"Y": "kit.b", "Z": "kit.b"}


def test_importing_the_kit_imports_nothing_heavy() -> None:
    "Nor any of its own rooms: they come with the first name that is asked for."
    script = "import json, sys, target_group_kit; print(json.dumps(list(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    modules = json.loads(run.stdout)
    assert "target_group_kit" in modules
    assert [name for name in modules if name.startswith("target_group_kit.")] == []
    assert [name for name in HEAVY if name in modules] == []


def test_dir_lists_the_public_names() -> None:
    assert dir(target_group_kit) == sorted(target_group_kit.__all__)
    assert len(set(target_group_kit.__all__)) == len(target_group_kit.__all__)


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(AttributeError, match="no attribute 'TargetGroop'"):
        target_group_kit.TargetGroop  # noqa: B018
    with pytest.raises(ImportError, match="TargetGroop"):
        from target_group_kit import TargetGroop  # noqa: F401
