"Set up .venv to run the kit, to open its tutorials or to work on it: environment.py run|lab|dev."

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": ".", "lab": ".[lab]", "dev": ".[dev]"}
ENOUGH = {"run": ("run", "lab", "dev"), "lab": ("lab", "dev"), "dev": ("dev",)}


def stamp(purpose: str) -> Path:
    return VENV / f".installed-{purpose}"


def key() -> str:
    "What an installation holds for: these requirements, in this place."
    requirements = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return f"{requirements} {ROOT}"


def installed(purpose: str) -> bool:
    stamps = [stamp(enough) for enough in ENOUGH[purpose]]
    return PYTHON.exists() and any(s.exists() and s.read_text() == key() for s in stamps)


def runs(*arguments: str) -> bool:
    command = [str(PYTHON), *arguments]
    return PYTHON.exists() and subprocess.run(command, capture_output=True).returncode == 0


def usable() -> bool:
    "Whether .venv runs Python 3.11 or newer and belongs here: a copied one runs the original."
    stamps = [s.read_text() for purpose in REQUIREMENTS if (s := stamp(purpose)).exists()]
    here = all(text.endswith(f" {ROOT}") for text in stamps)
    return here and runs("-c", "import sys; sys.exit(sys.version_info < (3, 11))")


def make_venv() -> None:
    "A .venv that runs and has pip; one that does already is kept."
    if not usable():
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if made.returncode:
            sys.exit(
                f"{sys.executable} can't make a virtual environment (see above). On Debian and\n"
                "Ubuntu: apt install python3-venv. Or name another: make PYTHON=/path/to/python …"
            )
    if not runs("-m", "pip", "--version"):
        subprocess.run([PYTHON, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)


def install(purpose: str) -> None:
    print("Setting up .venv; the first time takes a minute or two.", flush=True)
    make_venv()
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command = [*pip, "-e", REQUIREMENTS[purpose]]
    if subprocess.run(command, cwd=ROOT, env=os.environ | {"PIP_USER": "0"}).returncode:
        sys.exit("pip could not install what the kit needs (see above); is there a network?")
    stamp(purpose).write_text(key())


def main(purpose: str) -> None:
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Waiting for another make that sets up .venv here …", flush=True)
        fcntl.flock(folder, fcntl.LOCK_EX)
    if not installed(purpose):
        install(purpose)


main(sys.argv[1])
