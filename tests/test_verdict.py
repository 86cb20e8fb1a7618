import copy
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.stage.answers import Stop
from target_group_kit.stage.verdict import judge, known_part

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
BODY = TargetGroup.example(now=NOON).with_open_exchange().payload()


def places(part: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    "Every place in a body."
    entries = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in entries:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def at(body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    "The body with something else in a place."
    changed = copy.deepcopy(body)
    part: Any = changed
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return changed


PLACES = sorted(places(BODY), key=str)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda parts: (
        st.lists(parts, max_size=3) | st.dictionaries(st.text(max_size=8), parts, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(PLACES), JSON, st.booleans())
def test_whatever_stands_in_a_body_it_is_accepted_or_refused_by_name(
    path: tuple[str | int, ...], value: Any, strict: bool
) -> None:
    try:
        kept = judge(at(BODY, path, value), NOON, strict=strict)
    except Stop as stop:
        body = stop.answer("trace").body or {}
        assert all(set(param) == {"name", "reason"} for param in body["invalid_params"])
        assert body["invalid_params"]
    else:
        assert TargetGroup.model_validate(kept).payload() == kept


@pytest.mark.parametrize("parent", [(), *(p for p in PLACES if isinstance(p[-1], int))], ids=str)
def test_strangers_are_ignored_wherever_they_stand(parent: tuple[str | int, ...]) -> None:
    assert known_part(at(BODY, (*parent, "stranger"), {"deep": [1]}), NOON) == (BODY, ())


@pytest.mark.parametrize("body", [None, [], "text", 5, True])
def test_what_is_no_object_is_refused_without_names(body: Any) -> None:
    with pytest.raises(Stop) as stop:
        judge(body, NOON)
    assert set(stop.value.answer("trace").body or ()) == {"id", "object", "detail"}
