"The builders as pages of their own: a Voila on loopback, and what its kernels hold."

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab import Kernel, alone, client_of, free_port, wait_for_server, watched_page

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page


@dataclass(frozen=True)
class Voila:
    "A running server of all notebooks in a folder."

    url: str
    root: Path
    connections: Path


@dataclass(frozen=True)
class VoilaPage:
    "A notebook as a page; each has a kernel of its own."

    page: "Page"
    kernel: Kernel
    asked: list[str]
    broken: list[str]


@contextmanager
def running_voila(home: Path) -> Iterator[Voila]:
    "Start the server and wait until it answers."
    root, connections, log = home / "root", home / "connections", home / "voila.log"
    root.mkdir()
    connections.mkdir()
    port = free_port()
    command = [sys.executable, "-m", "voila", str(root), "--no-browser", f"--port={port}"]
    command += ["--Voila.ip=127.0.0.1", "--Voila.port_retries=0"]
    command += [f"--Voila.connection_dir_root={connections}"]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=root, env=alone(home), stdout=out, stderr=out)
        try:
            wait_for_server(f"http://127.0.0.1:{port}", server, log)
            yield Voila(f"http://127.0.0.1:{port}", root, connections)
        finally:
            server.terminate()
            server.wait(30)


def open_voila(
    voila: Voila, context: "BrowserContext", name: str, cells: tuple[str, ...]
) -> VoilaPage:
    "Write a notebook and open it as a page."
    import nbformat

    spec = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    made = nbformat.v4.new_notebook(cells=code, metadata={"kernelspec": spec})
    nbformat.write(made, voila.root / name)
    before = set(voila.connections.rglob("kernel-*.json"))
    page, asked, broken = watched_page(context)
    page.goto(f"{voila.url}/voila/render/{name}", wait_until="domcontentloaded", timeout=90_000)
    page.locator(".tgk-form").first.wait_for(timeout=90_000)
    [connection] = set(voila.connections.rglob("kernel-*.json")) - before
    return VoilaPage(page, Kernel(client_of(connection)), asked, broken)
