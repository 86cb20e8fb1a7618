"A real JupyterLab in a real chromium: one server and one browser, a kernel for each test."

import ast
import json
import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

if TYPE_CHECKING:
    from jupyter_client import BlockingKernelClient
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

PROJECT = Path(__file__).parents[2]

# Whatever isn't on loopback can't even be resolved, and would be seen in `asked`.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]

KERNEL_READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const session = panel?.context?.sessionContext ?? panel?.sessionContext;
  const kernel = session?.session?.kernel;
  return !!kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
}"""


def chromium() -> str | None:
    "The system's chromium, or the one named in $CHROMIUM."
    named = os.environ.get("CHROMIUM")
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return named or next((path for path in found if path), None)


def missing() -> str:
    "What is missing to run these tests, and where to get it; nothing when all is there."
    modules = ("playwright", "jupyterlab", "ipywidgets", "jupyter_client", "nbformat")
    absent = [name for name in modules if find_spec(name) is None]
    if absent:
        return f"NOT TESTED IN A BROWSER: no {', '.join(absent)}; pip install -e '.[dev]' has them"
    if not chromium():
        fix = "install it (Debian: apt-get install chromium), or name it in $CHROMIUM"
        return f"NOT TESTED IN A BROWSER: no chromium; {fix}"
    return ""


def free_port() -> int:
    "A free port below those that systems hand out, so that nobody else is given it meanwhile."
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port


@dataclass(frozen=True)
class Lab:
    "A running server with an empty home of its own."

    url: str
    token: str
    root: Path
    runtime: Path

    def api(self, path: str, method: str = "GET") -> Any:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(self.url + path, method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            body = answer.read()
        return json.loads(body) if body else None


def alone(home: Path) -> dict[str, str]:
    "An environment whose Jupyter finds nothing of this user's, and the kit of this project."
    environment = dict(os.environ, JUPYTER_PLATFORM_DIRS="1", PYTHONPATH=str(PROJECT))
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    for name in (
        "JUPYTER_CONFIG_DIR",
        "JUPYTER_DATA_DIR",
        "JUPYTER_RUNTIME_DIR",
        "IPYTHONDIR",
        "JUPYTERLAB_SETTINGS_DIR",
        "JUPYTERLAB_WORKSPACES_DIR",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
    ):
        (home / name.lower()).mkdir()
        environment[name] = str(home / name.lower())
    return environment


@contextmanager
def running_lab(home: Path, python: str = sys.executable) -> Iterator[Lab]:
    "Start the server and wait until it answers."
    root = home / "root"
    root.mkdir()
    environment = alone(home)
    environment["PATH"] = f"{Path(python).parent}:{environment['PATH']}"
    quiet = home / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension"
    quiet.mkdir(parents=True)
    (quiet / "notification.jupyterlab-settings").write_text(
        json.dumps({"checkForUpdates": False, "fetchNews": "false", "doNotDisturbMode": True})
    )
    port, token = free_port(), secrets.token_hex(16)
    command = [python, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", "--ServerApp.password="]
    command += [f"--ServerApp.root_dir={root}", "--expose-app-in-browser", "--LabApp.news_url="]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    log = home / "lab.log"
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=root, env=environment, stdout=out, stderr=out)
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for_server(f"{url}/api", server, log)
            yield Lab(url, token, root, Path(environment["JUPYTER_RUNTIME_DIR"]))
        finally:
            server.terminate()
            server.wait(30)


def wait_for_server(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end:
        assert server.poll() is None, f"The server ended:\n{log.read_text()}"
        try:
            urllib.request.urlopen(url, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The server doesn't answer:\n{log.read_text()}")


@contextmanager
def running_chromium() -> "Iterator[Browser]":
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=30_000)  # As patient as every other wait of a page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Kernel:
    "A second client of a notebook's kernel: what is true is asked of it, not of the page."

    client: "BlockingKernelClient"

    def evaluate(self, expression: str) -> Any:
        asked = {"value": f"__import__('json').dumps({expression}, default=str)"}
        message = self.client.execute("", user_expressions=asked, silent=True, store_history=False)
        while True:
            reply = self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == message:
                break
        answer = reply["content"]["user_expressions"]["value"]
        assert answer["status"] == "ok", f"{expression}: {answer}"
        return json.loads(ast.literal_eval(answer["data"]["text/plain"]))

    def wait(self, expression: str, wanted: Any, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while (value := self.evaluate(expression)) != wanted:
            assert time.monotonic() < end, f"{expression} is {value!r}, wanted {wanted!r}"
            time.sleep(0.02)

    def run(self, code: str) -> None:
        "Run code, as another cell would."
        assert self.client.execute_interactive(code, timeout=60)["content"]["status"] == "ok"


@dataclass(frozen=True)
class Notebook:
    "An open notebook: its page, its kernel, and every address that the page asked for elsewhere."

    name: str
    page: "Page"
    kernel: Kernel
    session: str
    asked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)  # Exceptions of the page's own scripts

    @property
    def output(self) -> "Locator":
        "What the cells show; the code that they hold is no part of it."
        return self.page.locator(".jp-OutputArea-output")

    def run_all(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")

    def run(self, code: str) -> None:
        "Run code in the kernel, as another cell would."
        self.kernel.run(code)

    def save(self) -> None:
        self.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")

    def reload(self) -> None:
        "Load the page again, while the kernel lives on."
        self.page.reload(wait_until="domcontentloaded")
        self.page.wait_for_function(KERNEL_READY, timeout=90_000)

    def theme(self, name: str) -> None:
        self.page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})",
            name,
        )
        light = "true" if name.endswith("Light") else "false"
        self.page.locator(f"body[data-jp-theme-light='{light}']").wait_for(state="attached")


def open_notebook(
    lab: Lab, context: "BrowserContext", name: str, cells: tuple[str, ...], run: bool = True
) -> Notebook:
    "Write a notebook, open it, and run its cells."
    import nbformat

    spec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    made = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata={"kernelspec": spec}
    )
    nbformat.write(made, lab.root / name)
    page, asked, broken = watched_page(context)
    page.goto(f"{lab.url}/doc/tree/{name}?reset&token={lab.token}", wait_until="domcontentloaded")
    page.wait_for_function(KERNEL_READY, timeout=90_000)
    session = next(s for s in lab.api("/api/sessions") if s["path"] == name)
    kernel = Kernel(client_of(lab.runtime / f"kernel-{session['kernel']['id']}.json"))
    notebook = Notebook(name, page, kernel, session["id"], asked, broken)
    if run:
        notebook.run_all()
    return notebook


def watched_page(context: "BrowserContext") -> "tuple[Page, list[str], list[str]]":
    "A page, what it asks for elsewhere, and the exceptions of its scripts."
    asked: list[str] = []
    broken: list[str] = []
    page = context.new_page()
    page.on("request", lambda request: _note_strangers(request.url, asked))
    page.on("pageerror", lambda problem: broken.append(str(problem)))
    page.set_default_timeout(30_000)
    return page, asked, broken


def _note_strangers(url: str, asked: list[str]) -> None:
    if urlparse(url).hostname not in ("127.0.0.1", None):
        asked.append(url)


def client_of(connection: Path) -> "BlockingKernelClient":
    from jupyter_client import BlockingKernelClient

    client = BlockingKernelClient(connection_file=str(connection))
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(60)
    return client


def close_notebook(lab: Lab, notebook: Notebook) -> None:
    notebook.kernel.client.stop_channels()
    notebook.page.close()
    lab.api(f"/api/sessions/{notebook.session}", "DELETE")
