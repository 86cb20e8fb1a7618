"What is generated is up to date: the package, what the notebooks keep, and README."

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
REMEDY = "edit the notebooks, never what is generated; then run `make prepare`"


def regenerate(source: Path, folder: Path) -> Path:
    "The project of a folder, generated anew from its notebooks in another one."
    hidden = shutil.ignore_patterns(".*")
    shutil.copytree(source / "nbs", folder / "nbs", ignore=hidden)
    (folder / "target_group_kit").mkdir()
    by_hand = ["__init__.py", "settings.ini", "py.typed"]
    for kept in ["pyproject.toml", "settings.ini", *(f"target_group_kit/{k}" for k in by_hand)]:
        shutil.copy(source / kept, folder / kept)
    for kept in ("data", "static"):
        shutil.copytree(source / "target_group_kit" / kept, folder / "target_group_kit" / kept)
    alone = {"XDG_CONFIG_HOME": str(folder), "TGK_JOURNAL": "sqlite://", "COLUMNS": "80"}
    commands = [
        [f"{BIN}/nbdev-export"],
        [f"{BIN}/nbdev-test", "--save"],
        [f"{BIN}/nbdev-clean"],
        [sys.executable, f"{source}/scripts/readme.py"],
    ]
    for command in commands:
        run = subprocess.run(
            command, cwd=folder, env=os.environ | alone, capture_output=True, text=True
        )
        assert run.returncode == 0, f"{command}\n{run.stdout}\n{run.stderr}"
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return regenerate(ROOT, tmp_path_factory.mktemp("fresh"))


def files(folder: Path, pattern: str) -> dict[str, str]:
    "Relative path → text, hidden folders left out."
    paths = [path.relative_to(folder) for path in sorted(folder.glob(pattern))]
    seen = [path for path in paths if not any(part.startswith(".") for part in path.parts)]
    return {str(path): (folder / path).read_text(encoding="utf-8") for path in seen}


def differing(kept: Path, made: Path, pattern: str) -> list[str]:
    "The files that are missing, stale or changed."
    ours, theirs = files(kept, pattern), files(made, pattern)
    return sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))


def test_the_package_is_what_the_notebooks_export(fresh: Path) -> None:
    "Also: exporting leaves the hand-written `__init__.py` alone."
    assert differing(ROOT, fresh, "target_group_kit/**/*.py") == [], REMEDY
    assert len(files(fresh, "target_group_kit/*/*.py")) > 20


def test_the_notebooks_are_clean_and_the_lessons_shown_are_true(fresh: Path) -> None:
    assert differing(ROOT, fresh, "nbs/**/*.ipynb") == [], REMEDY


def test_readme_is_what_the_index_says(fresh: Path) -> None:
    assert differing(ROOT, fresh, "README.md") == [], REMEDY
    assert 70 <= len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


def test_differences_are_seen(tmp_path: Path) -> None:
    for folder, texts in {"kept": {"a": "1", "b": "1"}, "made": {"a": "2", "c": "1"}}.items():
        (tmp_path / folder).mkdir()
        for name, text in texts.items():
            (tmp_path / folder / f"{name}.py").write_text(text)
    assert differing(tmp_path / "kept", tmp_path / "made", "*.py") == ["a.py", "b.py", "c.py"]
    assert differing(tmp_path / "kept", tmp_path / "kept", "*.py") == []


@pytest.mark.parametrize("kind", ["application/vnd.jupyter.widget", '"widgets":'])
def test_notebooks_hold_no_widget_state(kind: str) -> None:
    "Widget ids are random, so a saved widget would change on every run; `nbdev-clean` keeps them."
    notebooks = files(ROOT, "nbs/**/*.ipynb")
    assert [name for name, text in notebooks.items() if kind in text] == []
