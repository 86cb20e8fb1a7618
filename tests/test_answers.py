from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.stage.answers import Stop, draft_answer, page, refusal_answer
from target_group_kit.stage.records import Draft, Exchange

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TRACE = "7a3f5c1e-9d6b-4c1a-8f57-2b0f6e1d4c3b"
BODY = TargetGroup.example(now=NOON).payload()


@given(st.integers(0, 40), st.integers(1, 100))
def test_pages_join_to_the_whole_list(count: int, size: int) -> None:
    exchange = Exchange(lambda: NOON)
    items = [exchange.add_draft("a project", BODY) for _ in range(count)]
    seen: list[Draft] = []
    cursor = None
    for _ in range(count + 1):
        cut, cursor = page(items, size, cursor)
        seen += cut
        if cursor is None:
            break
        assert len(cut) == size
    assert (seen, cursor) == (items, None)


def quotas(adjustment: str, goal: int, numbers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    targets = [
        {"conditions": [{"object": "selection", "question_id": 43, "option": "1"}], "quota": number}
        for number in numbers
    ]
    profile = {"object": "regular", "quotas_enabled": True, "targets": targets}
    profiling = {"profile_adjustment_type": adjustment, "profiles": [profile]}
    draft = Draft(
        "id", "project", "CODE", BODY | {"profiling": profiling, "completes_goal": goal}, NOON, NOON
    )
    return [
        target["quota"] for target in draft_answer(draft)["profiling"]["profiles"][0]["targets"]
    ]


@given(st.integers(1, 100_000), st.lists(st.integers(0, 10_000), min_size=1, max_size=5))
def test_percentages_come_back_with_whole_completes(goal: int, hundredths: list[int]) -> None:
    sent = [{"completes_goal_percentage": number / 100} for number in hundredths]
    got = quotas("percentage", goal, sent)
    assert [quota["completes_goal_percentage"] for quota in got] == [n / 100 for n in hundredths]
    for quota, number in zip(got, hundredths, strict=True):
        assert quota["completes_goal"] == quota["quota_nominal"]
        assert abs(Decimal(quota["completes_goal"]) - Decimal(goal * number) / 10_000) <= Decimal(
            "0.5"
        )


@given(st.integers(1, 100_000), st.lists(st.integers(0, 100_000), min_size=1, max_size=5))
def test_whole_completes_come_back_with_percentages(goal: int, completes: list[int]) -> None:
    got = quotas("nominal", goal, [{"completes_goal": number} for number in completes])
    assert [quota["completes_goal"] for quota in got] == completes
    for quota in got:
        percent = quota["completes_goal_percentage"]
        assert 0 <= percent <= 100
        assert round(percent, 2) == percent


def test_parts_keep_their_ids_from_one_read_to_the_next() -> None:
    draft = Exchange(lambda: NOON).add_draft("a project", BODY)
    assert draft_answer(draft) == draft_answer(draft)
    profile = draft_answer(draft)["profiling"]["profiles"][0]
    ids = [profile["id"], *(target["id"] for target in profile["targets"])]
    assert len(set(ids)) == 3
    assert {len(part) for part in ids} == {26}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 500])
def test_a_refusal_has_an_id_a_kind_and_a_detail(status: int) -> None:
    answer = refusal_answer(status, TRACE)
    assert (answer.status, set(answer.body or ())) == (status, {"id", "object", "detail"})
    assert Stop(status).answer(TRACE) == answer


def test_a_limit_has_none_of_that() -> None:
    answer = refusal_answer(429, TRACE, retry_after=2)
    assert (set(answer.body or ()), answer.headers) == ({"object", "details"}, {"Retry-After": "2"})
