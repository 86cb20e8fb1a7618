"A real PostgreSQL server for tests: started once, gone with them; a schema for each journal."

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

_NUMBERS = count(1)


def binaries() -> Path | None:
    "Where initdb and postgres are: on the PATH, or where Debian keeps them; the newest."
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parts[-2]))
    return Path(found).parent if found else places[-1] if places else None


def missing() -> str:
    "Why there can be no server; nothing when there can be one."
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "there is no PostgreSQL driver: pip install 'psycopg[binary]'"
    if os.name != "posix" or binaries() is None:
        return "there is no PostgreSQL here: apt-get install postgresql"
    return ""


def somebody() -> dict[str, int]:
    "Who runs the server: it refuses to be root."
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


class Server:
    "A PostgreSQL server behind a socket in a folder of its own."

    def __init__(self, folder: Path) -> None:
        self.folder, self._data = folder, folder / "data"
        if who := somebody():
            os.chown(folder, who["user"], who["group"])
        self._run("initdb", "-D", self._data, "-U", "kit", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()

    def _command(self, name: str, *words: object) -> list[str]:
        return [str(Path(binaries() or "") / name), *map(str, words)]

    def _run(self, name: str, *words: object) -> None:
        done = subprocess.run(
            self._command(name, *words),
            cwd=self.folder,
            extra_groups=[] if somebody() else None,
            capture_output=True,
            text=True,
            **somebody(),
        )
        assert done.returncode == 0, done.stderr

    def start(self) -> None:
        "Start it, and wait until it answers."
        settings = ("-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60")
        self._process = subprocess.Popen(
            self._command("postgres", "-D", self._data, "-k", self.folder, *settings),
            cwd=self.folder,
            stderr=subprocess.DEVNULL,
            extra_groups=[] if somebody() else None,
            **somebody(),
        )
        for _ in range(600):
            with suppress(sa.exc.OperationalError), self.admin() as connection:
                connection.execute(sa.text("SELECT 1"))
                return
            assert self._process.poll() is None, "the server ended at once"
            time.sleep(0.05)
        raise AssertionError("the server doesn't answer")

    def stop(self) -> None:
        "Stop it at once, whoever is connected."
        self._process.send_signal(2)
        self._process.wait(60)

    def url(self, schema: str = "public") -> str:
        "The address of a schema."
        where = f"host={self.folder}&options=-csearch_path%3D{schema}"
        return f"postgresql+psycopg://kit@/postgres?{where}"

    @contextmanager
    def admin(self) -> Iterator[sa.Connection]:
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def new(self) -> str:
        "The address of a new, empty schema."
        schema = f"journal_{next(_NUMBERS)}"
        with self.admin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA {schema}"))
        return self.url(schema)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    "A running server; tests that need one are skipped, and say so, where there can be none."
    if missing():
        pytest.skip(missing())
    folder = Path(tempfile.mkdtemp(prefix="tgk-pg-"))
    try:
        running = Server(folder)
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(server: Server) -> str:
    "The address of a PostgreSQL database with nothing in it."
    return server.new()
