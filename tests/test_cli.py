import contextlib
import io
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import pytest

import target_group_kit
from target_group_kit.contract.errors import KitError, Report
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.stage.cli import run
from target_group_kit.stage.console import facts_text, folded, inked, problem_text, report_text
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import Fault

TGK = [sys.executable, "-c", "from target_group_kit.stage.cli import main; main()"]
QUICK_START_CURL = """curl -X POST \\
'https://api.cint.com/v1/demand/accounts/{{account_id}}/projects/{{project_id}}/target-groups' \\
-H 'Content-Type: application/json' \\
-H 'Authorization: Bearer <YOUR_JWT_TOKEN>' \\
-d '{body}'"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    "A working folder with the example in it, as JSON and as cURL, and one that is wrong."
    group = TargetGroup.example()
    (tmp_path / "plan.json").write_text(group.to_json())
    (tmp_path / "plan.curl").write_text(QUICK_START_CURL.format(body=group.to_json()))
    late = group.payload() | {"completes_goal": 0, "complets": 1}
    (tmp_path / "wrong.json").write_text(json.dumps(late))
    with contextlib.chdir(tmp_path):
        yield tmp_path


@pytest.fixture
def emulator(folder: Path) -> Iterator[Emulator]:
    "An emulator that the settings in the working folder name."
    with Emulator() as running:
        (folder / "settings.ini").write_text(
            f"[DEFAULT]\nsettle_seconds = 0\n"
            f"[emulator]\nbase_url = {running.url}\nauth_url = {running.auth_url}\n"
            f"[rehearsal]\nbase_url = {running.url}\nauth_url = {running.auth_url}\n"
        )
        yield running


def submit(emulator: Emulator, *words: str) -> int:
    where = ["--environment", "emulator", "--project", emulator.project_id]
    return run("submit", *words, *where, "--journal", "sqlite:///journal.db")


def spoken(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out, err


def test_demo_does_the_main_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("demo") == 0
    out, err = spoken(capsys)
    assert err == ""
    assert "\x1b" not in out
    assert max(map(len, out.splitlines())) <= 80
    drafts = re.findall(r"^draft +([0-9A-Z]{26})$", out, re.MULTILINE)
    again = re.findall(r"the same draft: ([0-9A-Z]{26})$", out, re.MULTILINE)
    assert len(drafts) == 1
    assert drafts == again
    assert re.findall(r"^Drafts on the exchange: (\d+)$", out, re.MULTILINE) == ["1", "1"]
    assert re.findall(r"^✗ (\S+)", out, re.MULTILINE) == ["fielding_specification.end_at"]
    for shown in ("My first target group", "SF-BirthGender-Quota-1", "█", "allocations_missing"):
        assert shown in out


@pytest.mark.parametrize("file", ["plan.json", "plan.curl"])
def test_check_takes_json_and_curl(
    file: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", file) == 0
    out, _ = spoken(capsys)
    assert out.startswith("✓ The exchange would take this: 4 warnings.\n\n! allocations")


def test_check_refuses_with_every_finding(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "wrong.json") == 1
    out, _ = spoken(capsys)
    assert out.startswith("✗ The exchange would refuse this: 2 errors, 4 warnings.\n")
    assert re.findall(r"^✗ (\S+)  ", out, re.MULTILINE) == ["completes_goal", "complets"]


def test_check_speaks_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", "wrong.json", "--json") == 1
    said = json.loads(spoken(capsys)[0])
    assert said["ok"] is False
    assert [
        (f["code"], f["path"], f["where"]) for f in said["findings"] if f["level"] == "error"
    ] == [
        (
            "total_completes_goal_cannot_be_less_than_one_016",
            ["completes_goal"],
            "completes_goal",
        ),
        ("unknown_field", ["complets"], "complets"),
    ]


def test_check_knows_the_stage(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = TargetGroup.example().payload()
    del body["live_url"]
    Path("draft.json").write_text(json.dumps(body))
    assert [run("check", "draft.json"), run("check", "draft.json", "--stage", "launch")] == [0, 1]
    assert "✗ live_url  [live_url_missing]" in spoken(capsys)[0]


def test_check_reads_standard_input(folder: Path) -> None:
    done = subprocess.run(
        [*TGK, "check", "-"], input=b"{", capture_output=True, cwd=target_folder()
    )
    assert (done.returncode, done.stdout) == (1, b"")
    assert "✗ target group  [not_json]" in done.stderr.decode()


def target_folder() -> Path:
    "Where the package can be imported from."
    return Path(target_group_kit.__file__).parents[1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["check", "nothing.json"], 1, "nothing.json can't be read: No such file"),
        (["check", "."], 1, ". can't be read: Is a directory"),
        (["check", "bytes.json"], 1, "bytes.json is not text."),
        (["check", "list.json"], 1, "wrong_type"),
        (["check", "broken.curl"], 1, "not_curl"),
        (["preview", "wrong.json"], 1, "✗ completes_goal"),
        (["preview", "plan.json", "--html", "no/such/folder.html"], 1, "can't be written"),
        (["check"], 2, "Missing argument"),
        (["check", "plan.json", "--stage", "someday"], 2, "'someday' is not one of"),
        (["submit", "plan.json", "--environment", "live"], 2, "Missing option '--project'"),
        (["submit", "plan.json", "--project", "1"], 2, "Missing option '--environment'"),
        (["submit", "plan.json", "--project", "1", "--environment", "moon"], 1, "'moon'"),
        (["wat"], 2, "No such command 'wat'"),
        (["journal", "--journal", "wat"], 1, "no address of a database"),
        (["journal", "show", "tgk-1", "--journal", "sqlite:///j.db"], 1, "knows nothing"),
        (["emulator", "--port", "0"], 2, "Invalid value for '--port'"),
    ],
)
def test_mistakes_are_told_on_standard_error(
    words: list[str], code: int, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("bytes.json").write_bytes(b"\xff\xfe\x00")
    Path("list.json").write_text("[]")
    Path("broken.curl").write_text("curl 'https://api.cint.com")
    assert run(*words) == code
    out, err = spoken(capsys)
    assert said in " ".join(err.split())
    assert out == ""


def test_preview_is_text_of_80_columns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("preview", "plan.curl") == 0
    out, _ = spoken(capsys)
    assert out.startswith("My first target group\n")
    assert max(map(len, out.splitlines())) <= 80


def test_preview_writes_a_page(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    body = TargetGroup.example().payload() | {"name": "<script>alert(1)</script>"}
    Path("odd.json").write_text(json.dumps(body))
    assert run("preview", "odd.json", "--html", "page.html") == 0
    page = Path("page.html").read_text(encoding="utf-8")
    assert page.startswith('<!doctype html>\n<html lang="en"><head><meta charset="utf-8">')
    assert "<title>&lt;script&gt;" in page
    assert "<script>" not in page
    assert spoken(capsys)[0] == "Written to page.html.\n"


def test_submit_makes_one_draft_however_often(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [submit(emulator, "plan.json"), submit(emulator, "plan.curl")] == [0, 0]
    out, err = spoken(capsys)
    [draft] = emulator.drafts
    assert re.findall(r"^draft +(\S+)$", out, re.MULTILINE) == [draft.id, draft.id]
    assert err == ""
    assert run("journal", "--journal", "sqlite:///journal.db") == 0
    assert spoken(capsys)[0] == f"done      emulator  {draft.reference} My first target group\n"
    assert run("journal", "show", draft.reference or "", "--journal", "sqlite:///journal.db") == 0
    shown = spoken(capsys)[0]
    assert re.search(rf"^draft +{draft.id}$", shown, re.MULTILINE)
    assert json.loads(shown[shown.index("{") :]) == draft.body


def test_submit_after_a_lost_answer_makes_one_draft(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.inject(Fault("reset_after"))
    assert submit(emulator, "plan.json") == 0
    assert len(emulator.drafts) == 1
    assert emulator.drafts[0].id in spoken(capsys)[0]


def test_submit_reads_all_before_it_sends_any(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert submit(emulator, "plan.json", "wrong.json", "missing.json") == 1
    out, err = spoken(capsys)
    assert (out, emulator.drafts, emulator.requests) == ("", (), ())
    assert "✗ wrong.json" in err
    assert "missing.json can't be read" in err
    assert err.endswith("\nNothing was sent.\n")


def test_submit_goes_on_after_a_refusal(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    dollars = {"value": "2.7352", "currency_code": "USD"}
    pricing = {"pricing": {"type": "dynamic", "maximum_cpi": dollars}}
    group = TargetGroup.example().replace(
        cost_per_interview=dollars, fielding_assistant_assignment=pricing
    )
    Path("dollars.json").write_text(group.to_json())
    assert submit(emulator, "dollars.json", "plan.json") == 1
    out, err = spoken(capsys)
    assert [draft.name for draft in emulator.drafts] == ["My first target group"]
    assert "✗ cost_per_interview.currency_code" in err
    assert "✓ plan.json" in out


def test_submit_says_how_to_start_the_emulator(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator.stop()
    assert submit(emulator, "plan.json") == 1
    assert "tgk emulator" in spoken(capsys)[1]


def test_a_dry_run_shows_the_request_and_sends_nothing(
    emulator: Emulator, capsys: pytest.CaptureFixture[str]
) -> None:
    assert submit(emulator, "plan.json", "--dry-run") == 0
    out, _ = spoken(capsys)
    assert (emulator.requests, Path("journal.db").exists()) == ((), False)
    assert emulator.client_secret not in out
    command = out.partition("\n")[2]
    assert TargetGroup.from_curl(command).replace(
        target_group_customer_reference_number=None
    ).payload() == TargetGroup.example().payload() | {
        "target_group_customer_reference_number": None
    }


@pytest.mark.parametrize(
    ("typed", "code", "drafts"), [("rehearsal\n", 0, 1), ("yes\n", 1, 0), ("\n", 1, 0), ("", 1, 0)]
)
def test_other_environments_want_their_name_typed(
    typed: str, code: int, drafts: int, emulator: Emulator, folder: Path
) -> None:
    own = {
        "CINT_ACCOUNT_ID": str(emulator.account_id),
        "CINT_CLIENT_ID": emulator.client_id,
        "CINT_CLIENT_SECRET": emulator.client_secret,
        "PYTHONPATH": str(target_folder()),
    }
    words = ["submit", "plan.json", "--environment", "rehearsal", "--project", emulator.project_id]
    done = subprocess.run(
        [*TGK, *words, "--journal", "sqlite:///journal.db"],
        input=typed,
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | own,
    )
    assert (done.returncode, len(emulator.drafts)) == (code, drafts), done.stderr
    assert "Drafts can't be deleted" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_journal_says_so(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("journal", "--journal", "sqlite:///journal.db") == 0
    assert spoken(capsys)[0].startswith("The journal is empty: sqlite:///")


def listen_to_interrupts() -> None:
    "A shell's background jobs ignore them, and what they start does too."
    signal.signal(signal.SIGINT, signal.default_int_handler)


def test_emulator_runs_until_it_is_interrupted(folder: Path) -> None:
    with Emulator() as finder:
        port = int(finder.url.split(":")[2].removesuffix("/v1"))
    process = subprocess.Popen(
        [*TGK, "emulator", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(target_folder()), "PYTHONUNBUFFERED": "1"},
        preexec_fn=listen_to_interrupts,
    )
    try:
        assert process.stdout is not None
        said = list(takewhile(lambda line: "look there" not in line, process.stdout))
        assert said[0] == f"Emulator at http://127.0.0.1:{port}/v1\n"
        found = re.search(r"--environment emulator --project ([0-9A-Z]{26})", "".join(said))
        assert found is not None
        Path("settings.ini").write_text(
            f"[emulator]\nbase_url = http://127.0.0.1:{port}/v1\n"
            f"auth_url = http://127.0.0.1:{port}/oauth/token\n"
        )
        words = ["--environment", "emulator", "--project", found[1]]
        assert run("submit", "plan.json", *words, "--journal", "sqlite:///journal.db") == 0
        assert run("emulator", "--port", str(port)) == 1
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert out.endswith("\nStopped. 1 target group is forgotten.\n")
    assert "  export CINT_CLIENT_ID=emulator\n" in said


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert spoken(capsys)[0] == f"target_group_kit {target_group_kit.__version__}\n"
    assert run("--help") == 0
    said = spoken(capsys)[0]
    commands = re.findall(r"^  (\w+)  +[A-Z]", said.partition("Commands:")[2], re.MULTILINE)
    assert commands == "check preview submit emulator contract lab demo journal".split()


def test_help_loads_no_notebook_server_or_database() -> None:
    code = (
        "import sys; from target_group_kit.stage.cli import run; run('--help')\n"
        "heavy = {'pandas', 'httpx', 'sqlalchemy', 'uvicorn', 'ipywidgets', 'pydantic'}\n"
        "sys.exit(' '.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=target_folder())
    assert done.stderr.decode() == "\n"


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environ", "shown"),
    [
        (Screen(), {}, "\x1b[31mno\x1b[0m"),
        (Screen(), {"NO_COLOR": "1"}, "no"),
        (Screen(), {"TERM": "dumb"}, "no"),
        (io.StringIO(), {}, "no"),
    ],
)
def test_colour_is_for_screens(stream: io.StringIO, environ: dict[str, str], shown: str) -> None:
    assert inked("no", "red", stream, environ) == shown


def test_long_lines_are_folded_and_commands_are_not() -> None:
    command = "  export CINT_ACCOUNT_ID=" + "5" * 90
    text = f"{'word ' * 30}\n{command}\n\nend"
    lines = folded(text).splitlines()
    assert [len(line) <= 80 for line in lines] == [True, True, False, True, True]
    assert lines[2:] == [command, "", "end"]
    assert folded("a\x1b[31mb\u202ec") == "a�[31mb�c"
    assert facts_text({"a": "x", "long": "y"}) == "a     x\nlong  y"


def test_a_problem_with_a_report_is_told_at_its_fields() -> None:
    assert problem_text(KitError("Nothing was sent.")) == "Nothing was sent."
    assert report_text(Report()) == ""


def test_lab_hands_its_options_to_jupyterlab() -> None:
    done = subprocess.run([*TGK, "lab", "--version"], capture_output=True, cwd=target_folder())
    assert done.returncode == 0, done.stderr.decode()
    assert re.search(r"^\d+\.\d+", done.stdout.decode(), re.MULTILINE)


def test_lab_says_how_to_get_jupyterlab_where_there_is_none() -> None:
    code = (
        "import sys; sys.modules['jupyterlab'] = None\n"
        "from target_group_kit.stage.cli import run; sys.exit(run('lab'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=target_folder())
    assert done.returncode == 1
    assert '  pip install "target_group_kit[lab]"\n' in done.stderr.decode()
