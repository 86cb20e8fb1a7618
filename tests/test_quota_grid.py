"What a page may ask of the quota grid, and what Python tells it; tests/browser has the page."

import re
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.widgets.grid import KEYS, Do, Intent, QuotaGrid, read_intent

WHO = {"view": "x7f3", "n": 17}
MORE: dict[str, Any] = {
    "part": "p1",
    "row": "r7",
    "rows": ["r7", "r8"],
    "after": None,
    "column": "label",
    "text": "<img onerror=x>",
    "by": -1,
    "on": True,
    "side": "completes",
    "place": [0, 5, 7],
    "places": [[0, 1], [1, 0]],
    "parts": ["p1", "p2"],
}
FIX = "Nothing was changed. Reload the page, so that it and the kit are of one version."


def message(do: str, **changes: Any) -> dict[str, Any]:
    "An intent as a page sends it."
    more = {key: MORE[key] for key in KEYS[do]}  # type: ignore[index]
    return WHO | {"do": do} | more | changes


def test_every_thing_to_do_says_what_it_needs() -> None:
    assert set(KEYS) == set(get_args(Do))


@pytest.mark.parametrize("do", KEYS)
def test_an_intent_is_what_was_sent(do: Do) -> None:
    intent = read_intent(message(do))
    lists = {key: MORE[key] for key in KEYS[do]}
    tuples = {
        "rows": ("r7", "r8"),
        "place": (0, 5, 7),
        "places": ((0, 1), (1, 0)),
        "parts": ("p1", "p2"),
    }
    sent = {key: tuples.get(key, value) for key, value in lists.items()}
    assert intent == Intent(view="x7f3", n=17, do=do, **sent)


def test_a_block_may_be_pasted_below_all_rows() -> None:
    assert read_intent(message("paste", row=None)).row is None


@pytest.mark.parametrize(
    ("sent", "what"),
    [
        (None, "'None' names nothing to do"),
        ("type", "'type' names nothing to do"),
        ({"do": ["type"]}, "\"{'do': ['type']}\" names nothing to do"),
        ({"do": "format"}, "\"{'do': 'format'}\" names nothing to do"),
        (message("undo") | {"part": "p1"}, "undo lacks, or has no use for, part"),
        ({"do": "undo"}, "undo lacks, or has no use for, n, view"),
        (message("move", by=0), "move has by = '0'"),
        (message("lock", on="perhaps"), "lock has on = 'perhaps'"),
        (message("cell", place=[0, -1]), "cell has place = '-1'"),
        (message("type", column="population"), "type has column = 'population'"),
        (message("type", text=12), "type has text = '12'"),
        (message("side", side="x" * 200), f"side has side = '{'x' * 80}'"),
    ],
)
def test_what_no_grid_sends_is_refused(sent: Any, what: str) -> None:
    with pytest.raises(InvalidPlan) as refused:
        read_intent(sent)
    assert str(refused.value) == f"The page sent an intent that can't be read: {what}. {FIX}"


json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    do=st.sampled_from(sorted(KEYS)),
    changed=st.dictionaries(st.sampled_from([*MORE, "view", "n", "do"]), json_like),
)
def test_nothing_that_comes_breaks_the_reading(do: str, changed: dict[str, Any]) -> None:
    try:
        intent = read_intent(message(do) | changed)
    except InvalidPlan:
        return
    assert intent.do == (message(do) | changed)["do"]


class Overheard(QuotaGrid):
    "A grid whose messages to the page are kept."

    def __init__(self) -> None:
        self.sent: list[Any] = []
        super().__init__()

    def send(self, content: Any, buffers: Any = None) -> None:
        self.sent.append((content, buffers))


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        (("p1",), {"part": "p1", "row": None, "column": None, "place": None}),
        (("p1", "r7", "percent"), {"part": "p1", "row": "r7", "column": "percent", "place": None}),
        (
            ("p1", None, "question"),
            {"part": "p1", "row": None, "column": "question", "place": None},
        ),
        (("p3", None, None, (0, 2)), {"part": "p3", "row": None, "column": None, "place": [0, 2]}),
    ],
)
def test_the_page_is_told_where_the_cursor_goes(asked: tuple[Any, ...], there: Any) -> None:
    grid = Overheard()
    grid.focus_on(*asked)
    assert grid.sent == [({"focus": there}, None)]


def test_intents_are_heard_in_order_and_failures_are_kept() -> None:
    heard: list[str] = []

    def hear(intent: Intent) -> None:
        heard.append(intent.do)
        if intent.do == "balance":
            raise ZeroDivisionError("no rows")
        if intent.do == "merge":
            raise InvalidPlan("A number lies between. Choose others.")

    grid = QuotaGrid()
    grid.on_intent(hear)
    failures = []
    asked = ["add", "balance", "merge", "", "undo"]
    for n, do in enumerate(asked, 1):
        sent = message(do, n=min(n, 4)) if do else {}
        grid._handle_custom_msg(sent, [])
        failures.append(grid.failure)
    kept = "What you typed is kept. Report it with .errors[-1], which holds the exception."
    assert heard == ["add", "balance", "merge", "undo"]
    assert failures == [
        "",
        f"ZeroDivisionError: no rows. {kept}",
        "A number lies between. Choose others.",
        f"The page sent an intent that can't be read: '{{}}' names nothing to do. {FIX}",
        "",
    ]
    assert list(map(type, grid.errors)) == [ZeroDivisionError, InvalidPlan, InvalidPlan]


def follow(*counts: tuple[str, int]) -> list[tuple[str, int]]:
    "What is followed when the intents of views come like this."
    heard: list[tuple[str, int]] = []
    grid = QuotaGrid()
    grid.on_intent(lambda intent: heard.append((intent.view, intent.n)))
    for view, n in counts:
        grid._handle_custom_msg(message("undo", view=view, n=n), [])
    assert grid.errors == []
    return heard


@settings(deadline=None, max_examples=50)
@given(st.permutations([*(("a", n) for n in range(1, 9)), *(("b", n) for n in range(1, 5))]))
def test_intents_that_overtake_each_other_are_followed_in_order(
    came: list[tuple[str, int]],
) -> None:
    heard = follow(*came)
    for view, most in (("a", 8), ("b", 4)):
        assert [n for who, n in heard if who == view] == list(range(1, most + 1))


def test_an_intent_that_never_comes_stops_no_others_for_long() -> None:
    late = [("a", n) for n in range(3, 24)]
    assert follow(("a", 1), *late[:-1]) == [("a", 1)]
    assert follow(("a", 1), *late, ("a", 24), ("a", 2)) == [("a", 1), *late, ("a", 24), ("a", 2)]


def test_a_picture_is_one_trait() -> None:
    picture = {"heard": {}, "parts": []}
    grid = QuotaGrid(picture)
    assert grid.shown == picture
    assert set(grid.get_state()) >= {"shown", "failure", "_esm", "_css"}


def test_the_page_asks_nothing_of_the_network_and_writes_no_html() -> None:
    "Addresses name formats only; the script makes elements and texts."
    script, style = QuotaGrid().get_state()["_esm"], QuotaGrid().get_state()["_css"]
    assert set(re.findall(r"https?://[^\"'\s)]+", script + style)) == {"http://www.w3.org/2000/svg"}
    forbidden = r"innerHTML|outerHTML|insertAdjacentHTML|\beval\b|\bimport\b|@import|url\("
    assert re.findall(forbidden, script + style) == []
