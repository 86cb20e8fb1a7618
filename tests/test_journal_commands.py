"`tgk journal`: lists, shows, exports, resolves; nice at 80 columns."

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from target_group_kit.exchange.journal import Journal
from target_group_kit.stage.cli import run
from target_group_kit.stage.journal_commands import line_text
from tests.journals import NOON, ONE, TWO, order

TGK = [sys.executable, "-c", "from target_group_kit.stage.cli import main; main()"]
URL = "sqlite:///journal.db"
LONG = "a-reference-of-ones-own-that-is-long"


@pytest.fixture
def folder(tmp_path):
    "A working folder with a journal of four entries."
    with contextlib.chdir(tmp_path):
        with Journal(URL) as book:
            book.plan(order("tea-1"), NOON)
            book.settle(book.plan(order("tea-2", environment="pilot"), NOON), "refused", NOON)
            wide = {"name": "茶" * 40 + " and the rest of a name that is long"}
            book.found(book.plan(order("tea-3", body=json.dumps(wide)), NOON), (ONE,), NOON)
            book.found(book.plan(order(LONG), NOON), (ONE, TWO), NOON)
        yield tmp_path


def said(capsys):
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert [line for line in (out + err).splitlines() if len(line) > 80] == []
    return out, err


def test_the_list(folder, capsys):
    assert run("journal", "--journal", URL) == 0
    assert said(capsys)[0].splitlines() == [
        f"ambiguous live      {LONG}",
        "                    Tea drinkers",
        "done      live      tea-3                          茶茶茶茶茶茶茶茶茶茶茶茶茶茶…",
        "refused   pilot     tea-2                          Tea drinkers",
        "planned   live      tea-1                          Tea drinkers",
    ]


@pytest.mark.parametrize(
    ("words", "references"),
    [
        (["--state", "planned"], ["tea-1"]),
        (["--search", "TEA-"], ["tea-3", "tea-2", "tea-1"]),
        (["--search", ONE], [LONG, "tea-3"]),
        (["--environment", "pilot"], ["tea-2"]),
        (["--search", "tea", "--state", "done"], ["tea-3"]),
    ],
)
def test_a_part_of_the_list(folder, capsys, words, references):
    assert run("journal", "--journal", URL, *words) == 0
    lines = [line for line in said(capsys)[0].splitlines() if line[0] != " "]
    assert [line.split()[2] for line in lines] == references


def test_a_list_that_is_cut_says_so(folder, capsys):
    assert run("journal", "--journal", URL, "--limit", "3") == 0
    out = said(capsys)[0].splitlines()
    assert (len(out), out[-1]) == (5, "These are the newest 3; --limit shows more.")
    assert run("journal", "--journal", URL, "--limit", "4") == 0
    assert "newest" not in said(capsys)[0]


def test_a_list_of_nothing(folder, capsys):
    assert run("journal", "--journal", URL, "--search", "milk") == 0
    assert said(capsys)[0] == f"Nothing like that in {URL}\n"
    assert run("journal", "--journal", "sqlite://") == 0
    assert said(capsys)[0] == "The journal is empty: sqlite://\n"


def test_one_of_them(folder, capsys):
    assert run("journal", "--journal", URL, "show", LONG) == 0
    assert said(capsys)[0] == (
        "state         ambiguous\n"
        "target group  Tea drinkers\n"
        f"draft         {ONE}, {TWO}\n"
        f"reference     {LONG}\n"
        "environment   live\n"
        "address       https://api.cint.com/v1\n"
        "account       543587\n"
        "project       01JX2KPG5VEBF8498Z8YTTE8TB\n"
        "planned       2026-12-01T12:00:00.000Z\n"
        "sent          2026-12-01T12:00:00.000Z\n"
        "times sent    0\n"
        "problem       2 target groups stand under this reference\n"
        "request       sha256 5f3a…, version 2025-12-18\n"
        "\n"
        '{\n  "name": "Tea drinkers"\n}\n'
    )


@pytest.mark.parametrize("words", [["show", "milk"], ["resolve", "milk", ONE]])
def test_a_reference_that_is_not_there(folder, capsys, words):
    assert run("journal", *words, "--journal", URL) == 1
    assert said(capsys)[1] == (f"The journal {URL} knows nothing by the reference 'milk'.\n")


@pytest.mark.parametrize(("typed", "changed"), [("yes\n", True), ("no\n", False), ("", False)])
def test_resolving_asks_first(folder, typed, changed):
    words = ["journal", "resolve", LONG, TWO, "--journal", URL]
    done = subprocess.run(
        [*TGK, *words],
        input=typed,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])},
    )
    asked = f"Shall {LONG} stand for {TWO}\nfrom now on? Type yes to go on: "
    assert (done.returncode == 0) == changed
    assert f"draft         {ONE}, {TWO}\n" in done.stderr
    assert done.stderr.endswith(asked + ("" if changed else "Nothing was changed.\n"))
    assert done.stdout == (f"{LONG} stands for {TWO}.\n" if changed else "")
    with Journal(URL) as book:
        (entry,) = book.find(LONG)
    held = ("done", (TWO,)) if changed else ("ambiguous", (ONE, TWO))
    assert (entry.state, entry.target_group_ids) == held


def test_resolving_without_being_asked(folder, capsys):
    assert run("journal", "resolve", LONG, TWO, "--journal", URL, "--yes") == 0
    assert run("journal", "resolve", LONG, "wat", "--journal", URL, "--yes") == 1
    assert said(capsys)[1].endswith("'wat' is not the id of a target group.\n")


def test_resolving_one_of_several(folder, capsys):
    with Journal(URL) as book:
        book.plan(order("tea-1", environment="pilot", account_id="7"), NOON)
    assert run("journal", "resolve", "tea-1", ONE, "--journal", URL, "--yes") == 1
    assert "Say which by its environment or project" in " ".join(said(capsys)[1].split())
    words = ["resolve", "tea-1", ONE, "--environment", "pilot", "--yes", "--journal", URL]
    assert run("journal", *words) == 0
    with Journal(URL) as book:
        assert [(e.account_id, e.state) for e in book.find("tea-1")] == [
            ("7", "done"),
            ("543587", "planned"),
        ]


def test_exporting(folder, capsys):
    assert run("journal", "export", "sent.csv", "--journal", URL) == 0
    assert said(capsys)[0] == "Written to sent.csv: 4 entries.\n"
    assert len(Path("sent.csv").read_text(encoding="utf-8-sig").splitlines()) == 5
    assert run("journal", "export", "sent.jsonl", "--journal", URL, "--state", "done") == 0
    assert said(capsys)[0] == "Written to sent.jsonl: 1 entry.\n"
    assert run("journal", "export", "-", "--journal", URL, "--environment", "pilot") == 0
    out, err = capsys.readouterr()
    assert (json.loads(out)["reference"], err) == ("tea-2", "")
    assert run("journal", "export", "sent.pdf", "--journal", URL) == 1
    assert "Use .csv for a\nspreadsheet" in said(capsys)[1]


def test_a_line_shows_no_control_characters():
    with Journal("sqlite://") as book:
        book.plan(order(body=json.dumps({"name": "Tea\x1b[31m"})), NOON)
        (line,) = book.lines()
    assert "\x1b" not in line_text(line)
