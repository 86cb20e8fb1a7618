"What a group comes to: its cost, and itself to take along."

import json
import shlex
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from urllib.parse import unquote

import pytest
from fragments import Page, assert_survives

from target_group_kit.contract.errors import KitError
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.connection import API_VERSION, standard_headers
from target_group_kit.widgets.controls import Parts
from target_group_kit.widgets.copying import code_html, copied_html, file_link
from target_group_kit.widgets.outcome import (
    Outcome,
    cost_facts,
    cost_html,
    curl_of,
    file_name,
    json_of,
    outcome_html,
    python_of,
)

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
TRAP = "<img src=x onerror=alert(1)>"


def example(**changes: Any) -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange().replace(**changes)


def priced(**pricing: Any) -> TargetGroup:
    money = {name: {"value": text, "currency_code": "EUR"} for name, text in pricing.items()}
    return example(fielding_assistant_assignment={"pricing": {"type": "dynamic", **money}})


@pytest.mark.parametrize(
    ("group", "facts"),
    [
        (
            priced(maximum_cpi="3"),
            {
                "in all": "27.3520 EUR",
                "per complete": "2.7352 EUR",
                "maximum CPI": "3 EUR",
                "at most": "30 EUR",
                "people who start": "13",
            },
        ),
        (
            priced(total_budget="20.00"),
            {
                "in all": "27.3520 EUR",
                "per complete": "2.7352 EUR",
                "at most": "20.00 EUR",
                "budget": "20.00 EUR",
                "left of it": "-7.3520 EUR",
                "people who start": "13",
            },
        ),
        (
            example(fielding_assistant_assignment={}, completes_goal=1_000_000),
            {
                "in all": "2735200.0000 EUR",
                "per complete": "2.7352 EUR",
                "people who start": "1,250,000",
            },
        ),
    ],
)
def test_the_cost_in_figures(group: TargetGroup, facts: dict[str, str]) -> None:
    shown, _ = cost_facts(group)
    assert dict(shown) == facts
    for page in (cost_html(group), cost_html(group, live=False)):
        words = " ".join(" ".join(Page(page).texts).split())
        assert all(figure in words for figure in facts.values())


def test_a_cost_that_cannot_be_said() -> None:
    dollars = {"maximum_cpi": {"value": "3", "currency_code": "USD"}}
    group = example(fielding_assistant_assignment={"pricing": {"type": "dynamic", **dollars}})
    fix = "Give both in one currency; the kit converts nothing."
    said = f"The CPI is 2.7352 EUR, the maximum CPI 3 USD. {fix}"
    assert cost_facts(group) == ((), (said,))
    assert said in cost_html(group)


def test_a_budget_that_is_too_small_is_told() -> None:
    _, notes = cost_facts(priced(total_budget="20.00"))
    assert notes == ("At this CPI it would be 27.3520 EUR, the most allowed is 20.00 EUR.",)


def test_python_json_and_curl_are_the_group() -> None:
    group = example(name='Tea "& coffee" — ☕, it\'s $HOME `x`')
    made: dict[str, Any] = {}
    exec(python_of(group), made)
    assert made["target_group"].to_json() == group.to_json()
    assert TargetGroup.from_json(json_of(group)).to_json() == group.to_json()
    assert TargetGroup.from_curl(curl_of(group)).to_json() == group.to_json()


def test_the_curl_command_says_what_every_request_says() -> None:
    words = shlex.split(curl_of(example()).replace("\\\n", " "))
    headers = [text for flag, text in pairwise(words) if flag == "-H"]
    wanted = [f"{name}: {text}" for name, text in standard_headers(True).items()]
    assert headers == [*wanted, "Authorization: Bearer $CINT_TOKEN"]
    assert f"Cint-API-Version: {API_VERSION}" in headers
    assert words[3].endswith("/accounts/<YOUR_ACCOUNT_ID>/projects/<YOUR_PROJECT_ID>/target-groups")


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Tea drinkers in Germany", "tea-drinkers-in-germany.json"),
        ("../../etc/passwd", "etc-passwd.json"),
        ("茶を飲む人たち", "target-group.json"),
        ("x" * 128, "x" * 60 + ".json"),
    ],
)
def test_the_name_of_the_file(name: str, file: str) -> None:
    assert file_name(example(name=name)) == file


def test_copies_and_files_hold_the_text_and_nothing_else() -> None:
    text = f'{{"name": "{TRAP} & \' \\" 茶"}}'
    page = Page(copied_html(text, file_link(text, 'a"b.json')))
    assert text in page.texts
    assert "img" not in page.tags
    links = [value for name, value in page.attributes if name == "href"]
    kind, _, data = links[0].partition(",")
    assert (kind, unquote(data)) == ("data:application/json;charset=utf-8", text)
    assert ("download", 'a"b.json') in page.attributes
    clicks = [value for name, value in page.attributes if name == "onclick"]
    assert len(clicks) == 1
    assert "http" not in clicks[0]
    assert text in "".join(assert_survives(code_html("JSON", text)).texts)


def test_only_the_page_that_is_looked_at_is_filled() -> None:
    outcome = Outcome(Parts())
    outcome.show(None)
    assert "Nothing yet" in outcome._pages[0].value
    assert outcome._cost.value == ""
    group = example(name=TRAP)
    outcome.show(group)
    for index in range(4):
        outcome.tabs.selected_index = index
        outcome.turn()
        assert "<img src=x" not in outcome._pages[index].value
        later = [page.value for page in outcome._pages[index + 1 :]]
        assert later == [""] * (3 - index)


def test_a_request_that_cannot_be_made_says_why() -> None:
    def broken(group: TargetGroup) -> str:
        raise KitError("the project isn't one")

    outcome = Outcome(Parts(), broken)
    outcome.show(example())
    outcome.tabs.selected_index = 3
    outcome.turn()
    assert "the project isn&#x27;t one" in outcome._pages[3].value
    assert "YOUR_PROJECT_ID" in outcome_html(example(), broken)


def test_the_twin_survives_an_untrusted_notebook_and_says_all() -> None:
    group = example(name=TRAP)
    words = "".join(assert_survives(outcome_html(group)).texts)
    assert "27.3520 EUR" in words
    assert json_of(group) in words
    assert python_of(group) in words
    assert curl_of(group) in words
    assert json.loads(json_of(group)) == group.payload()
