"A planted token and client secret: in 0 bytes of whatever is shown, logged, stored or saved."

import copy
import json
import logging
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FunctionType, MethodType, ModuleType

import pytest
from IPython.core.ultratb import AutoFormattedTB
from pydantic import SecretStr

from target_group_kit.contract.errors import KitError
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import DemandClient
from target_group_kit.exchange.connection import Token, fetch_token
from target_group_kit.exchange.exports import export_journal
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.replay import find_receipts
from target_group_kit.exchange.settings import load_credentials, load_settings
from target_group_kit.exchange.submission import dry_run, submit
from target_group_kit.exchange.transport import Bearer
from tests.planted import CLIENT, PLANTED, PROJECT, SECRET, TOKEN, WRONG, credentials, exchange

ROOT = Path(__file__).parents[1]
GROUP = TargetGroup.example()
FOLLOWED = {"builtins", "functools", "target_group_kit", "httpx", "httpcore", "h11", "sqlalchemy"}
MODES = ("fine", "401", "403", "400", "500", "cut")


def leaks(*shown: object) -> list[str]:
    "Which of the planted words are in what is shown, whatever its colours."
    text = "\n".join(s.decode(errors="replace") if isinstance(s, bytes) else str(s) for s in shown)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    return [word for word in PLANTED if word in text or word in plain]


@pytest.fixture
def server():
    with exchange() as running:
        yield running


@pytest.fixture
def client(server, tmp_path):
    environ = credentials(TGK_SETTINGS=str(server.settings(tmp_path)))
    settings = load_settings("pilot", environ=environ)
    held = load_credentials(settings, environ=environ)
    with DemandClient(
        base_url=settings.base_url,
        account_id=held.account_id,
        client_id=held.client_id,
        client_secret=held.client_secret,
        auth_url=settings.auth_url,
        attempts=1,
        settle_seconds=0,
        sleep=lambda _: None,
        environment="pilot",
    ) as opened:
        yield opened


def test_the_planted_words_would_be_seen():
    assert leaks(f"…{SECRET}…") == [SECRET]
    assert leaks(f"{TOKEN}{SECRET}".encode()) == [SECRET, TOKEN]
    assert leaks({"token": SecretStr(TOKEN)}) == []
    assert any(leaks(text) for text in texts_in({"a": [partial(print, key=TOKEN)]}))


def inside(value: object) -> list[object]:
    "What can be reached from a value in one step."
    match value:
        case Mapping():
            return [*value.keys(), *value.values()]
        case list() | tuple() | set() | frozenset():
            return list(value)
        case partial():
            return [value.func, value.args, value.keywords]
        case FunctionType():
            return [value.__defaults__, *(c.cell_contents for c in value.__closure__ or ())]
        case MethodType():
            return [value.__self__]
        case SecretStr() | ModuleType() | type() | int() | float() | None:
            return []
    found = list(getattr(value, "__dict__", {}).values())
    for kind in type(value).__mro__:
        for name in kind.__dict__.get("__slots__", ()):
            with suppress(AttributeError, TypeError):
                found.append(getattr(value, name))
    return found


def texts_in(value: object) -> Iterator[str]:
    "All texts that can be reached from a value, but for those that a SecretStr hides."
    open_, seen = [value], dict[int, object]()
    while open_:
        one = open_.pop()
        if id(one) in seen:
            continue
        seen[id(one)] = one
        if isinstance(one, str):
            yield one
        elif isinstance(one, bytes | bytearray):
            yield one.decode(errors="replace")
        elif str(type(one).__module__).partition(".")[0] in FOLLOWED:
            open_ += inside(one)


def test_nothing_that_is_public_shows_or_holds_them(client, tmp_path):
    with Journal(tmp_path / "journal.db") as journal:
        receipt = submit(GROUP, client, PROJECT, journal=journal)
        shown = [client, journal, receipt, dry_run(GROUP, client, PROJECT), find_receipts(journal)]
        shown += [*journal.entries(), *journal.lines(), receipt.code(), journal.frame()]
        for value in shown:
            html = getattr(value, "_repr_html_", str)()
            assert leaks(repr(value), str(value), html, getattr(value, "__dict__", "")) == []
            assert [text for text in texts_in(value) if leaks(text)] == []


def test_the_walk_reaches_what_is_inside(client):
    reached = set(texts_in(client))
    assert {"12345", client.base_url, CLIENT} <= reached


@pytest.mark.parametrize(
    ("token", "said", "left"),
    [
        (TOKEN, f"no {TOKEN}, not {TOKEN}", "no …, not …"),
        (TOKEN, "nothing", "nothing"),
        ("mine", "determine", "determine"),
    ],
)
def test_an_answer_that_repeats_the_token(token, said, left):
    assert Bearer(SecretStr(token)).hidden_in(said.encode()).decode() == left


def test_credentials_show_stars(server, tmp_path):
    environ = credentials(TGK_SETTINGS=str(server.settings(tmp_path)))
    settings = load_settings("pilot", environ=environ)
    held = load_credentials(settings, environ=environ)
    assert leaks(repr(held), str(held), vars(held), repr(settings)) == []
    assert held.client_secret.get_secret_value() == SECRET


def test_nothing_that_holds_them_can_be_pickled(client, tmp_path):
    client.log_in()
    environ = credentials()
    held = load_credentials(load_settings("live", environ=environ), environ=environ)
    with Journal(tmp_path / "journal.db") as journal:
        for value in [client, held, Bearer(SecretStr(TOKEN)), Token(SecretStr(TOKEN)), journal]:
            for carry in (pickle.dumps, copy.deepcopy):
                with pytest.raises(TypeError, match="can't be pickled"):
                    carry(value)
        receipt = submit(GROUP, client, PROJECT, journal=journal)
        for value in [
            receipt,
            *journal.entries(),
            *journal.lines(),
            dry_run(GROUP, client, PROJECT),
        ]:
            assert leaks(pickle.dumps(value)) == []
            assert pickle.loads(pickle.dumps(value)) == value


def failing(client, server) -> Iterator[tuple[str, BaseException]]:
    "Calls that fail in one way or another, with what they raise."
    for mode in MODES[1:]:
        server.mode = mode
        calls = {
            "submit": lambda: submit(GROUP, client, PROJECT, journal=Journal("sqlite://")),
            "create": lambda: client.create_target_group(PROJECT, GROUP.payload()),
        }
        for name, call in calls.items():
            yield f"{name} {mode}", raised(call)
    place = client.base_url.removesuffix("/v1")
    hidden = SecretStr(WRONG)
    own = {"base_url": client.base_url, "account_id": 1, "sleep": lambda _: None}
    yield "an id", raised(lambda: client.get_target_group("../..", "x"))
    yield "a path", raised(lambda: client.get_business_units())
    yield (
        "a wrong secret",
        raised(lambda: fetch_token(client._http, f"{place}/oauth/token", CLIENT, hidden)),
    )
    yield (
        "nobody there",
        raised(
            lambda: DemandClient(
                **own, client_id=CLIENT, client_secret=hidden, auth_url="http://127.0.0.1:9/"
            ).log_in()
        ),
    )
    yield (
        "an account",
        raised(lambda: DemandClient(base_url=client.base_url, account_id="x", token=hidden)),
    )
    yield "a token with a blank", raised(lambda: DemandClient(**own, token=hidden))


def raised(call) -> BaseException:
    try:
        call()
    except (KitError, ValueError) as problem:
        return problem
    raise AssertionError("it didn't fail")


@pytest.mark.parametrize("xmode", ["Plain", "Context", "Verbose", "Minimal"])
def test_no_traceback_shows_them(client, server, xmode):
    shower = AutoFormattedTB(mode=xmode)
    seen = 0
    for name, problem in failing(client, server):
        shown = "".join(shower.text(type(problem), problem, problem.__traceback__))
        chained = [problem.__cause__, problem.__context__]
        assert leaks(shown, repr(problem), problem.args, vars(problem), chained) == [], name
        assert type(problem).__name__ in shown or xmode == "Minimal"
        seen += 1
    assert seen == 16


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql+psycopg://me:{SECRET}@127.0.0.1:9/journal",
        f"postgresql+psycopg://127.0.0.1:9/journal?user=me&password={SECRET}",
        f"nonesuch://me:{SECRET}@host/journal",
    ],
)
def test_the_password_of_a_journal_is_not_shown(url):
    def opened(address=[url]):  # noqa: B006 (so that only the journal's own frames hold it)
        Journal(address[0])

    problem = raised(opened)
    shower = AutoFormattedTB(mode="Verbose")
    frames = problem.__traceback__.tb_next.tb_next
    text = "".join(shower.text(type(problem), problem, frames))
    assert "Journal" in text
    assert leaks(text, repr(problem)) == []


def test_an_interrupt_shows_nothing_either(client, server):
    def stop(request):
        raise KeyboardInterrupt

    import httpx

    with httpx.Client(transport=httpx.MockTransport(stop)) as http:
        held = DemandClient(
            base_url=client.base_url, account_id=1, token=SecretStr(TOKEN), http=http
        )
        with pytest.raises(KeyboardInterrupt) as caught:
            held.create_target_group(PROJECT, {})
    shower = AutoFormattedTB(mode="Verbose")
    text = "".join(shower.text(caught.type, caught.value, caught.tb))
    assert "KeyboardInterrupt" in text
    assert leaks(text) == []


def test_no_log_holds_them(client, server, caplog):
    with caplog.at_level(logging.DEBUG):
        for mode in MODES:
            server.mode = mode
            with suppress(KitError):
                submit(GROUP, client, PROJECT, journal=Journal("sqlite://"))
    told = [f"{r.name} {r.getMessage()} {r.args} {r.exc_text}" for r in caplog.records]
    assert any(line.startswith("httpcore") for line in told)
    assert any(line.startswith("httpx") for line in told)
    assert leaks(*told) == []


def test_no_file_of_the_journal_holds_them(client, server, tmp_path):
    "Also when a gateway answers with what it was asked: that becomes the problem of the entry."
    path = tmp_path / "data" / "journal.db"
    with Journal(path) as journal:
        for number, mode in enumerate(MODES):
            server.mode = mode
            with suppress(KitError):
                submit(GROUP, client, PROJECT, journal=journal, reference=f"tea-{number}")
        assert "refused: Bearer …" in " ".join(str(line.problem) for line in journal.lines())
        export_journal(journal, path.with_name("sent.csv"))
        export_journal(journal, path.with_name("sent.jsonl"))
        files = {file.name: leaks(file.read_bytes()) for file in path.parent.iterdir()}
        code = find_receipts(journal).code()
    names = ("journal.db", "journal.db-shm", "journal.db-wal", "sent.csv", "sent.jsonl")
    assert files == {name: [] for name in names}
    assert leaks(code) == []


def cells(*sources: str) -> dict:
    import nbformat

    made = [nbformat.v4.new_code_cell(source) for source in sources]
    for cell in made:
        cell.metadata["tags"] = ["raises-exception"]
    return nbformat.v4.new_notebook(cells=made)


def test_no_notebook_holds_them(server, tmp_path):
    "Run in a real kernel, with forms and failures shown; saved with its widgets, and as a page."
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter

    notebook = cells(
        "%xmode Verbose\nimport logging\nlogging.basicConfig(level=logging.DEBUG)",
        "from datetime import UTC, datetime\nimport target_group_kit as tgk\n"
        'client = tgk.connect("pilot")\nclient',
        "group = tgk.TargetGroup.example()\n"
        'journal = tgk.Journal("sqlite:///journal.db")\n'
        f"project = {PROJECT!r}\n"
        "print(tgk.dry_run(group, client, project))",
        "tgk.submit(group, client, project, journal=journal)",
        "display(vars(client), vars(client._connection), journal, journal.entries())",
        'client.get_list_target_groups("../..")',
        "client.get_user_accounts()",
        'tgk.DemandClient(base_url="http://127.0.0.1:9/v1", account_id=1,'
        " token=client._connection._tokens.current()).get_user_accounts()",
        "form = tgk.TargetGroupBuilder(group)\nform",
        "def send(group):\n    return tgk.submit(group, client, project, journal=journal)\n\n"
        "panel = tgk.SubmitPanel(group, send)\npanel",
    )
    environ = os.environ | credentials(
        TGK_SETTINGS=str(server.settings(tmp_path)), PYTHONPATH=str(ROOT)
    )
    runner = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        store_widget_state=True,
        resources={"metadata": {"path": str(tmp_path)}},
    )
    runner.execute(env=environ)
    saved = json.dumps(notebook, ensure_ascii=False)
    said = [output.get("ename") for cell in notebook.cells for output in cell.outputs]
    assert [name for name in said if name] == ["Refused", "NoAnswer", "NotSent"]
    assert server.made[0]["id"] in saved
    assert "httpcore" in saved
    state = notebook.metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    assert len(state) > 50
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert server.made[0]["id"] in page
    assert leaks(saved, page) == []


ASKING = """
from target_group_kit.exchange.client import connect
with connect("pilot", ask=True) as client:
    client.log_in()
    print("in:", client)
"""


def test_a_kernel_asks_unseen_and_keeps_nothing(server, tmp_path):
    "The front end is told that it is a password; neither cell, nor output, nor history hold it."
    from jupyter_client.manager import start_new_kernel

    environ = os.environ | {
        "TGK_SETTINGS": str(server.settings(tmp_path)),
        "PYTHONPATH": str(ROOT),
        "CINT_CLIENT_ID": CLIENT,
    }
    manager, kernel = start_new_kernel(cwd=str(tmp_path), env=environ)
    told, asked = [], []

    def answer(message: dict) -> None:
        asked.append((message["content"]["prompt"], message["content"]["password"]))
        kernel.input(SECRET)

    try:
        for code in (ASKING, "%xmode Verbose\nprint(In, Out, dir())\nraise KeyError(client)"):
            kernel.execute_interactive(
                code, timeout=60, output_hook=told.append, stdin_hook=answer, store_history=True
            )
    finally:
        kernel.stop_channels()
        manager.shutdown_kernel(now=True)
    shown = json.dumps([message["content"] for message in told])
    assert asked == [("CINT_CLIENT_SECRET: ", True)]
    assert "in: DemandClient(" in shown
    assert "KeyError" in shown
    assert leaks(shown) == []


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals are a POSIX matter")
def test_a_terminal_asks_unseen(server, tmp_path):
    import pty

    environ = os.environ | {
        "TGK_SETTINGS": str(server.settings(tmp_path)),
        "PYTHONPATH": str(ROOT),
        "CINT_CLIENT_ID": CLIENT,
    }
    above, below = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING],
        stdin=below,
        stdout=below,
        stderr=below,
        env=environ,
        start_new_session=True,
    )
    os.close(below)
    seen = b""
    with suppress(OSError):  # the terminal is gone when the program is
        while part := os.read(above, 4096):
            seen += part
            if seen.endswith(b"CINT_CLIENT_SECRET: "):
                os.write(above, f"{SECRET}\n".encode())
    os.close(above)
    assert process.wait(60) == 0, seen
    assert b"in: DemandClient(" in seen
    assert leaks(seen) == []


def test_nobody_is_asked_where_it_would_be_seen(server, tmp_path):
    "A program without a terminal gets an error that says what is missing, and doesn't wait."
    environ = os.environ | {
        "TGK_SETTINGS": str(server.settings(tmp_path)),
        "PYTHONPATH": str(ROOT),
        "CINT_CLIENT_ID": CLIENT,
    }
    done = subprocess.run(
        [sys.executable, "-c", ASKING],
        input=f"{SECRET}\n",
        capture_output=True,
        text=True,
        env=environ,
        start_new_session=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "SettingsError: CINT_CLIENT_SECRET not found in the environment or the keyring" in (
        done.stderr
    )
    assert leaks(done.stdout, done.stderr) == []
