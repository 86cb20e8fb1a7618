"""Any order of submitting, failing, dying, forgetting and waiting, held against a plain dict.

While the settle time is above the list's lag there is never a second draft; where it is below, each
second draft is told. 500 runs of 50 steps in `make soak`.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx
from examples import SOAK
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from target_group_kit.contract.errors import ExchangeError, Unresolved
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.bulk import submit_many
from target_group_kit.exchange.journal import Journal
from target_group_kit.exchange.orders import order_for
from target_group_kit.exchange.submission import submit
from target_group_kit.stage.emulator import Emulator
from target_group_kit.stage.faults import FAULT_KINDS, Fault

NAMES = st.sampled_from([f"Adults in Germany, wave {n}" for n in range(4)])
COPIES = st.integers(0, 2)
AWAY = {"hang", "hang_before", "slow", "refused", "turned_away"}  # These take time in truth
CREATES = [name for name, kind in FAULT_KINDS.items() if kind.only is None and name not in AWAY]
LISTS = ["error_before", "reset_before", "truncated", "rate_limited", "absent", "endless_list"]
SETTLE, LATE = 120, 20


class Line(httpx.HTTPTransport):
    "A way to the exchange on which the next create may be the end of a process."

    def __init__(self) -> None:
        super().__init__(verify=False, trust_env=False)
        self.dies = ""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        create = request.method == "POST" and request.url.path.endswith("/target-groups")
        dies, self.dies = (self.dies, "") if create else ("", self.dies)
        if dies == "before":
            raise KeyboardInterrupt
        answer = super().handle_request(request)
        if dies == "after":
            answer.close()
            raise KeyboardInterrupt
        return answer


class Submissions(RuleBasedStateMachine):
    lags = (0.0, 60.0)  # Between these the list lags

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 12, 1, 12, tzinfo=UTC)
        self.emulator = Emulator(clock=lambda: self.now, list_lag=self.lags[0]).start()
        self.line = Line()
        self.http = httpx.Client(transport=self.line)
        self.client = self.emulator.client(
            http=self.http, sleep=self.pass_time, settle_seconds=SETTLE
        )
        self.journal = Journal("sqlite://")
        self.project = self.emulator.project_id
        self.example = TargetGroup.example(now=self.now)
        self.model: dict[str, str] = {}  # Reference → the draft that a receipt named
        self.asked: set[tuple[str, int]] = set()

    def pass_time(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def plan(self, name: str) -> TargetGroup:
        return self.example.replace(name=name)

    def reference(self, name: str, copy: int) -> str:
        return order_for(self.plan(name), self.client, self.project, copy=copy).reference

    def keep(self, reference: str, draft: str) -> None:
        assert self.model.setdefault(reference, draft) == draft

    def attempt(self, do: Callable[[], None]) -> None:
        with suppress(ExchangeError, KeyboardInterrupt):
            do()
        self.line.dies = ""

    def submit_one(self, name: str, copy: int) -> None:
        self.asked.add((name, copy))
        receipt = submit(
            self.plan(name), self.client, self.project, journal=self.journal, copy=copy
        )
        self.keep(receipt.reference, receipt.id)

    @rule(name=NAMES)
    def submit_a_plan(self, name: str) -> None:
        self.attempt(lambda: self.submit_one(name, 0))

    @rule(name=NAMES, copy=COPIES)
    def submit_a_copy(self, name: str, copy: int) -> None:
        self.attempt(lambda: self.submit_one(name, copy))

    @rule(names=st.lists(NAMES, min_size=1, max_size=4, unique=True))
    def submit_some(self, names: list[str]) -> None:
        def do() -> None:
            self.asked |= {(name, 0) for name in names}
            batch = submit_many(
                [self.plan(name) for name in names],
                self.client,
                self.project,
                journal=self.journal,
                workers=2,
                progress=False,
            )
            for receipt in batch.receipts:
                self.keep(receipt.reference, receipt.id)

        self.attempt(do)

    @rule(kind=st.sampled_from(CREATES), times=st.integers(1, 3))
    def creates_fail(self, kind: str, times: int) -> None:
        self.emulator.inject(Fault(kind, times=times, seconds=LATE))

    @rule(kind=st.sampled_from(LISTS), times=st.integers(1, 4))
    def look_ups_fail(self, kind: str, times: int) -> None:
        self.emulator.inject(Fault(kind, on="get_list_target_groups", times=times, seconds=LATE))

    @rule(when=st.sampled_from(["before", "after"]), name=NAMES)
    def the_process_dies(self, when: str, name: str) -> None:
        self.line.dies = when
        self.attempt(lambda: self.submit_one(name, 0))

    @rule(seconds=st.floats(0, 300))
    def time_passes(self, seconds: float) -> None:
        self.pass_time(seconds)

    @rule(share=st.floats(0, 1))
    def the_list_lags(self, share: float) -> None:
        low, high = self.lags
        self.emulator.list_lag = low + share * (high - low)

    @rule()
    def the_journal_is_deleted(self) -> None:
        "Some time after the last draft: without a journal nobody knows when that was."
        self.pass_time(self.lags[1] + LATE)
        self.journal.close()
        self.journal = Journal("sqlite://")

    @rule()
    def somebody_resolves(self) -> None:
        for line in self.journal.lines():
            if len(line.target_group_ids) > 1:
                chosen = self.model.get(line.reference, line.target_group_ids[0])
                self.journal.resolve(line.reference, chosen)

    @invariant()
    def receipts_are_true(self) -> None:
        truth = self.emulator.truth
        assert all(draft in truth[reference] for reference, draft in self.model.items())

    @invariant()
    def nothing_is_made_twice(self) -> None:
        assert all(len(ids) == 1 for ids in self.emulator.truth.values())

    def teardown(self) -> None:
        "In the end each plan has its one draft, and asking once more sends nothing."
        try:
            self.emulator.calm()
            self.pass_time(self.lags[1] + LATE + SETTLE)
            for name, copy in self.asked:
                self.in_the_end(name, copy)
            assert set(self.emulator.truth) == {self.reference(*asked) for asked in self.asked}
        finally:
            self.client.close()
            self.http.close()
            self.journal.close()
            self.emulator.stop()

    def in_the_end(self, name: str, copy: int) -> None:
        self.submit_one(name, copy)


class LaggingSubmissions(Submissions):
    lags = (SETTLE * 1.5, SETTLE * 4.0)

    def nothing_is_made_twice(self) -> None:
        "Not promised here."

    def somebody_resolves(self) -> None:
        "Not before all is told."

    def in_the_end(self, name: str, copy: int) -> None:
        "What is there more than once is told, and nothing else."
        told: tuple[str, ...] = ()
        try:
            self.submit_one(name, copy)
        except Unresolved as problem:
            told = problem.ids
        there = self.emulator.truth[self.reference(name, copy)]
        assert (len(told) > 1) == (len(there) > 1)
        assert set(told) <= set(there)


OFTEN = settings(
    max_examples=500 if SOAK else 8,
    stateful_step_count=50 if SOAK else 20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestSubmissions = Submissions.TestCase
TestSubmissions.settings = OFTEN
TestLaggingSubmissions = LaggingSubmissions.TestCase
TestLaggingSubmissions.settings = OFTEN
