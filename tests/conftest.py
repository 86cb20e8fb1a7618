"No time is held against a test; a failed callback is; PostgreSQL is started where asked for."

import logging
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.examples import SOAK
from tests.postgres import postgres, server

__all__ = ["failures", "postgres", "server"]

settings.register_profile("kit", deadline=None)
settings.load_profile("kit")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    "Thorough tests wait for `make soak` and `make flakes`, unless they are named."
    named = any("::" in argument for argument in config.args)
    wait = [] if SOAK or named else [item for item in items if item.get_closest_marker("thorough")]
    if wait:
        items[:] = [item for item in items if item not in wait]
        config.hook.pytest_deselected(items=wait)


class Listener(logging.Handler):
    "Keeps what is logged."

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record)


@pytest.fixture(autouse=True)
def _callbacks(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    listener, log = Listener(), logging.getLogger("target_group_kit.widgets")
    log.addHandler(listener)
    yield listener.heard
    log.removeHandler(listener)
    if "failures" not in request.fixturenames:
        why = [listener.format(record) for record in listener.heard]
        assert why == [], "a callback failed; a test that means it to asks for `failures`"


@pytest.fixture
def failures(_callbacks: list[logging.LogRecord]) -> list[logging.LogRecord]:
    "What failed in callbacks so far, for a test that means them to."
    return _callbacks
