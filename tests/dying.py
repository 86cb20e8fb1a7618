"""Processes that submit and die on the way, at a point and by a signal that they are told.

Started once as a program; for each line of jobs on its input it makes a child for each, and says
how they ended. A child is a copy that has everything imported already: a thousand die in a minute.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import REFERENCE, DemandClient
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.submission import submit
from target_group_kit.stage.emulator import Emulator

ROOT = Path(__file__).parents[1]
POINTS = (
    "before plan",
    "after plan",
    "after sending-commit",
    "mid-body",
    "after server processing",
    "after response",
    "after commit",
    "during audit",
)


@dataclass(frozen=True)
class Death:
    "Where and how a process dies."

    point: str = ""  # One of `POINTS`; nowhere when empty
    by: int = signal.SIGKILL
    truth_url: str = ""

    def here(self, point: str) -> None:
        if point == self.point:
            signal.raise_signal(self.by)

    def once_made(self, reference: str) -> None:
        "Wait until the exchange has the draft, then die."
        while self.point == "after server processing":
            with urllib.request.urlopen(self.truth_url) as told:
                if reference in json.load(told)["references"]:
                    self.here("after server processing")


class DyingJournal(Journal):
    "A journal around whose changes a process dies."

    def __init__(self, url: str, death: Death) -> None:
        super().__init__(url)
        self.death = death

    def plan_all(self, *given: Any) -> Any:
        self.death.here("before plan")
        planned = super().plan_all(*given)
        self.death.here("after plan")
        return planned

    def claim(self, *given: Any, **named: Any) -> Any:
        claimed = super().claim(*given, **named)
        self.death.here("after sending-commit")
        return claimed

    def found(self, *given: Any, **named: Any) -> Any:
        self.death.here("after response")
        kept = super().found(*given, **named)
        self.death.here("after commit")
        return kept


class HalfABody(httpx.SyncByteStream):
    "A body after whose first half a process dies."

    def __init__(self, body: bytes, death: Death) -> None:
        self.body, self.death = body, death

    def __iter__(self) -> Iterator[bytes]:
        half = len(self.body) // 2
        yield self.body[:half]
        self.death.here("mid-body")
        yield self.body[half:]


class DyingLine(httpx.HTTPTransport):
    "A way to the exchange on which a process dies."

    def __init__(self, death: Death) -> None:
        super().__init__(verify=False, trust_env=False)
        self.death, self.creates = death, 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET" and self.creates > 1:
            self.death.here("during audit")
        if request.method == "POST" and request.url.path.endswith("/target-groups"):
            self.creates += 1
            body = request.read()
            reference = json.loads(body)[REFERENCE]
            request.stream = HalfABody(body, self.death)

            def trace(event: str, _: object) -> None:
                if event == "http11.receive_response_headers.started":
                    self.death.once_made(reference)

            request.extensions["trace"] = trace
        return super().handle_request(request)


def live(job: dict[str, Any]) -> None:
    "Submit what a job says, and die where it says."
    death = Death(*job["death"], truth_url=job["truth_url"])
    client = DemandClient(
        **job["client"],
        http=httpx.Client(transport=DyingLine(death)),
        settle_seconds=0,
        read_timeout=30,
    )
    journal = DyingJournal(job["journal"], death)
    for plan in job["plans"]:
        submit(TargetGroup.model_validate(plan), client, job["project_id"], journal=journal)


def begin(job: dict[str, Any]) -> int:
    "A child that does a job."
    child = os.fork()
    if child:
        return child
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 1
    with contextlib.suppress(KeyboardInterrupt):
        live(job)
        code = 0
    os._exit(code)


class Nursery:
    "The program below, at work; how to have jobs done by it."

    def __enter__(self) -> Self:
        self.program = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        _: TracebackType | None,
    ) -> None:
        self.program.communicate()

    def lives(self, jobs: Iterable[dict[str, Any]]) -> list[int]:
        "How children ended that did these jobs at one time: 0, 1 when stopped, -9 when killed."
        assert self.program.stdin is not None
        assert self.program.stdout is not None
        self.program.stdin.write(json.dumps(list(jobs)) + "\n")
        self.program.stdin.flush()
        return list(json.loads(self.program.stdout.readline()))


def job(
    emulator: Emulator,
    journal: str,
    plans: Iterable[TargetGroup],
    point: str = "",
    by: int = signal.SIGKILL,
) -> dict[str, Any]:
    "What a child is told."
    names = ("account_id", "auth_url", "client_id", "client_secret")
    return {
        "client": {name: getattr(emulator, name) for name in names} | {"base_url": emulator.url},
        "project_id": emulator.project_id,
        "truth_url": emulator.truth_url,
        "journal": journal,
        "plans": [plan.payload() for plan in plans],
        "death": [point, int(by)],
    }


if __name__ == "__main__":
    for line in sys.stdin:
        children = [begin(each) for each in json.loads(line)]
        ends = dict(os.wait() for _ in children)
        codes = [os.waitstatus_to_exitcode(ends[child]) for child in children]
        print(json.dumps(codes), flush=True)
