import random
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.stage.records import ALPHABET, Exchange, Ulids

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = 86_400_000


@given(st.lists(st.integers(-DAY, DAY), min_size=1, max_size=40), st.integers())
def test_ulids_rise_whatever_the_clock_does(steps: list[int], seed: int) -> None:
    now = NOON
    ulids, made = Ulids(lambda: now, random.Random(seed)), []
    for step in steps:
        now += timedelta(milliseconds=step)
        made.append(ulids())
    assert made == sorted(set(made))
    assert {len(ulid) for ulid in made} == {26}
    assert set("".join(made)) <= set(ALPHABET)


def test_a_ulid_begins_with_its_time() -> None:
    ulid = Ulids(lambda: NOON, random.Random(1))()
    milliseconds = 0
    for character in ulid[:10]:
        milliseconds = milliseconds * 32 + ALPHABET.index(character)
    assert milliseconds == int(NOON.timestamp() * 1000)


def test_a_token_lives_a_day_to_the_second() -> None:
    now = NOON
    exchange = Exchange(lambda: now)
    token, other = exchange.grant(), exchange.grant()
    assert token != other
    states = []
    for seconds in (0, 86_399, 86_400):
        now = NOON + timedelta(seconds=seconds)
        states.append(exchange.token_state(token))
    assert states == ["valid", "valid", "expired"]
    assert exchange.token_state("") == "unknown"


def test_what_is_kept_is_not_what_was_handed_in() -> None:
    exchange = Exchange(lambda: NOON)
    project = exchange.add_project("Winter study", "someone")
    body = {"name": "Tea drinkers", "quotas": [1]}
    draft = exchange.add_draft(project.id, body)
    body["quotas"].append(2)
    assert exchange.draft(draft.id).body == {"name": "Tea drinkers", "quotas": [1]}
    assert (exchange.draft("none"), exchange.project("none")) == (None, None)
