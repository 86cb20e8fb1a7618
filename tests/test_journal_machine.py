"Any order of steps, by two programs of which one may have read too early, against a dict."

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.entries import Entry, Line, Order
from target_group_kit.exchange.journal import Journal
from tests.examples import times
from tests.journals import NOON, order

REFERENCES = st.sampled_from(["r-1", "r-2", "r-3"])
PLANS = st.sampled_from(["tea", "coffee"])
HANDS = st.sampled_from([0, 1])


@dataclass(frozen=True)
class Known:
    "What the model knows of an entry."

    plan: str
    made: int  # The how manyth entry this is
    state: str = "planned"
    attempts: int = 0
    ids: tuple[str, ...] = ()
    lease_until: datetime | None = None

    @property
    def may_change(self) -> bool:
        return self.state in ("planned", "refused")


def ordered(reference: str, plan: str) -> Order:
    return order(reference, request_hash=plan, body=f'{{"name": "{plan}"}}')


class JournalMachine(RuleBasedStateMachine):
    "A journal in a file that two programs have open."

    in_memory = False

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.now, self.ids, self.entries = NOON, 0, 0
        self.model: dict[str, Known] = {}
        self.read: dict[tuple[int, str], tuple[Entry | Line, Known]] = {}
        self.open()

    def open(self) -> None:
        if self.in_memory:
            shared = Journal("sqlite://")
            self.journals = [shared, shared]
        else:
            path = Path(self.folder.name) / "journal.db"
            self.journals = [Journal(path), Journal(path)]

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            for journal in self.journals:
                journal.close()
            self.folder.cleanup()

    def changed(self, reference: str, **changes: object) -> Known:
        self.model[reference] = replace(self.model[reference], **changes)
        return self.model[reference]

    def planned(self, reference: str, plan: str) -> bool:
        "What the model makes of planning; whether the reference is free for that plan."
        known = self.model.get(reference)
        if known is None:
            self.entries += 1
            self.model[reference] = Known(plan, self.entries)
        elif known.plan != plan:
            if not known.may_change:
                return False
            self.changed(reference, plan=plan, state="planned")
        return True

    @rule(seconds=st.sampled_from([1, 60, 200]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def start_anew(self) -> None:
        if not self.in_memory:
            for journal in self.journals:
                journal.close()
            self.open()

    @rule(hand=HANDS, reference=REFERENCES, light=st.booleans())
    def look(self, hand: int, reference: str, light: bool) -> None:
        journal, asked = self.journals[hand], ordered(reference, "tea")
        found = journal.read_all([asked])[0] if light else journal.read(asked)
        assert (found is None) == (reference not in self.model)
        if found is not None:
            self.read[hand, reference] = (found, self.model[reference])

    @rule(hand=HANDS, reference=REFERENCES, plan=PLANS)
    def plan(self, hand: int, reference: str, plan: str) -> None:
        if self.planned(reference, plan):
            entry = self.journals[hand].plan(ordered(reference, plan), self.now)
            assert (entry.reference, entry.request_hash, entry.name) == (reference, plan, plan)
            self.read[hand, reference] = (entry, self.model[reference])
        else:
            with pytest.raises(JournalError, match="stands for another target group"):
                self.journals[hand].plan(ordered(reference, plan), self.now)

    @rule(hand=HANDS, wanted=st.lists(st.tuples(REFERENCES, PLANS), max_size=6))
    def plan_all(self, hand: int, wanted: list[tuple[str, str]]) -> None:
        first: dict[str, str] = {}
        for reference, plan in wanted:
            first.setdefault(reference, plan)
        free = {reference: self.planned(reference, plan) for reference, plan in first.items()}
        lines = self.journals[hand].plan_all([ordered(*one) for one in wanted], self.now)
        for (reference, plan), line in zip(wanted, lines, strict=True):
            assert isinstance(line, Line) == (free[reference] and first[reference] == plan)
            if isinstance(line, Line):
                self.read[hand, reference] = (line, self.model[reference])

    @rule(hand=HANDS, reference=REFERENCES, lease=st.sampled_from([0, 100]))
    def claim(self, hand: int, reference: str, lease: int) -> None:
        if (hand, reference) not in self.read:
            return
        entry, seen = self.read[hand, reference]
        held = seen.state == "sending" and seen.lease_until > self.now
        claimed = self.journals[hand].claim(entry, self.now, lease=lease)
        assert (claimed is not None) == (self.model.get(reference) == seen and not held)
        if claimed is not None:
            assert type(claimed) is type(entry)
            until = self.now + timedelta(seconds=lease)
            change = {"state": "sending", "attempts": seen.attempts + 1, "lease_until": until}
            self.read[hand, reference] = (claimed, self.changed(reference, **change))

    @rule(hand=HANDS, reference=REFERENCES, state=st.sampled_from(["refused", "ambiguous"]))
    def settle(self, hand: int, reference: str, state: str) -> None:
        if (hand, reference) not in self.read:
            return
        entry, seen = self.read[hand, reference]
        settled = self.journals[hand].settle(entry, state, self.now)
        assert (settled is not None) == (self.model.get(reference) == seen)
        if settled is not None:
            known = self.changed(reference, state=state, lease_until=None)
            self.read[hand, reference] = (settled, known)

    @rule(hand=HANDS, reference=REFERENCES, again=st.booleans())
    def found(self, hand: int, reference: str, again: bool) -> None:
        if (hand, reference) not in self.read:
            return
        entry, _ = self.read[hand, reference]
        self.ids += 1
        known = self.model.get(reference)
        new = known.ids[0] if again and known and known.ids else f"id-{self.ids}"
        if known is None and isinstance(entry, Line):
            with pytest.raises(JournalError, match="is not there any more"):
                self.journals[hand].found(entry, (new,), self.now)
            return
        if known is None:
            self.planned(reference, entry.request_hash)
        held = self.model[reference].ids
        ids = held if new in held else (*held, new)
        state = "done" if len(ids) == 1 else "ambiguous"
        kept = self.journals[hand].found(entry, (new,), self.now)
        now = self.changed(reference, state=state, ids=ids, lease_until=None)
        self.read[hand, reference] = (kept, now)

    @rule(hand=HANDS, reference=REFERENCES)
    def forget(self, hand: int, reference: str) -> None:
        if (hand, reference) not in self.read:
            return
        entry, seen = self.read[hand, reference]
        again = self.journals[hand].forget(entry)
        assert (again is not None) == (self.model.get(reference) == seen)
        if again is not None:
            now = self.changed(reference, state="planned", ids=(), lease_until=None)
            self.read[hand, reference] = (again, now)

    @rule(hand=HANDS, references=st.sets(REFERENCES, min_size=1))
    def drop(self, hand: int, references: set[str]) -> None:
        there = {r: self.read[hand, r] for r in references if (hand, r) in self.read}
        gone = [
            reference
            for reference, (_, seen) in there.items()
            if (known := self.model.get(reference)) is not None
            and (known.made, known.state) == (seen.made, "planned")
            and (known.attempts, known.ids) == (0, ())
        ]
        assert self.journals[hand].drop(entry for entry, _ in there.values()) == len(gone)
        for reference in gone:
            del self.model[reference]

    @rule(hand=HANDS, reference=REFERENCES)
    def resolve(self, hand: int, reference: str) -> None:
        self.ids += 1
        chosen = f"{self.ids:026}"
        if reference in self.model:
            self.journals[hand].resolve(reference, chosen)
            self.changed(reference, state="done", ids=(chosen,), lease_until=None)
        else:
            with pytest.raises(JournalError, match="0 entries"):
                self.journals[hand].resolve(reference, chosen)

    @invariant()
    def nothing_is_lost(self) -> None:
        if not hasattr(self, "journals"):
            return
        one, other = self.journals
        lines = tuple(one.lines())
        assert self.in_memory or tuple(other.lines()) == lines
        assert {
            line.reference: (
                *(line.request_hash, one.body(line), line.state, line.attempts),
                *(line.target_group_ids, line.lease_until),
            )
            for line in lines
        } == {
            reference: (
                *(known.plan, f'{{"name": "{known.plan}"}}', known.state, known.attempts),
                *(known.ids, known.lease_until),
            )
            for reference, known in self.model.items()
        }


class JournalInMemory(JournalMachine):
    "A journal in memory, that two threads share."

    in_memory = True


@pytest.mark.parametrize(
    ("machine", "quick"), [(JournalMachine, 4), (JournalInMemory, 20)], ids=["file", "memory"]
)
def test_the_journal_is_a_dict_that_nobody_can_spoil(machine, quick):
    how = settings(times(500, quick), stateful_step_count=50)
    run_state_machine_as_test(machine, settings=how)
