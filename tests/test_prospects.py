"Prospects: starts, screen-outs, money to the last decimal, respondents' time, and tables of them."

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.delivery import (
    DynamicPricing,
    FieldingAssistant,
    Money,
    RateCardPricing,
)
from target_group_kit.contract.errors import InvalidPlan, InvalidTargetGroup
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.sampling.prospects import Cost, cost, what_if

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
COLUMNS = {
    "completes": "Int64",
    "incidence_rate": "Float64",
    "length_of_interview": "Int64",
    "cpi": "object",
    "starts": "Int64",
    "screen_outs": "Int64",
    "total": "object",
    "respondent_hours": "Float64",
    "within_budget": "boolean",
}


def euros(value):
    return Money(value=value, currency_code="EUR")


def group(pricing=None, cpi="2.7352", **changes):
    example = TargetGroup.example(NOW).payload() | {"completes_goal": 400}
    example.pop("cost_per_interview")
    price = {} if cpi is None else {"cost_per_interview": euros(cpi)}
    assistant = FieldingAssistant(pricing=pricing)
    return TargetGroup(**(example | price | {"fielding_assistant_assignment": assistant} | changes))


DYNAMIC = DynamicPricing(maximum_cpi=euros("3"), minimum_cpi=euros("1.50"))


def test_a_group_as_it_is():
    found = cost(group())
    total = euros("1094.0800")
    assert found == Cost(400, 0.8, 5, 1, euros("2.7352"), total, total, None, ())
    assert (found.starts, found.screen_outs, found.total) == (500, 100, total)
    assert (found.left, found.affordable) == (None, None)
    assert found.respondent_minutes == 400 * 5 + 100
    assert repr(found) == (
        "400 completes of 5 minutes\n"
        "  500 starts at an incidence of 80 %; 100 screened out\n"
        "  2.7352 EUR per complete, 1094.0800 EUR in all\n"
        "  the price is fixed at 1094.0800 EUR\n"
        "  35.0 hours of respondents' time"
    )


def test_what_is_asked_about_takes_the_place_of_the_groups():
    found = cost(
        group(DYNAMIC),
        budget="1000",
        completes=1000,
        incidence_rate=0.3,
        length_of_interview=1,
        cpi="2.5",
        screener_minutes=0.5,
    )
    assert found == Cost(
        1000, 0.3, 1, 0.5, euros("2.5"), euros("1500.00"), euros("3000"), euros("1000"), ()
    )
    assert (found.starts, found.screen_outs) == (3334, 2334)
    assert found.left == Decimal("-1500.0")
    assert (found.affordable, found.respondent_minutes) == (400, 1000 + 1167)
    assert repr(found) == (
        "1,000 completes of 1 minute\n"
        "  3,334 starts at an incidence of 30 %; 2,334 screened out\n"
        "  2.5 EUR per complete, 2500.0 EUR in all\n"
        "  between 1500.00 EUR and 3000 EUR\n"
        "  budget 1000 EUR: 1500.0 missing; it buys 400 completes\n"
        "  36.1 hours of respondents' time"
    )


def test_a_budget_that_is_enough():
    found = cost(group(), budget=euros("1094.08"))
    assert found.left == 0
    assert found.affordable == 400
    assert "  budget 1094.08 EUR: 0.0000 left; it buys 400 completes\n" in repr(found)


@pytest.mark.parametrize(
    ("pricing", "low", "high", "lines", "notes"),
    [
        (DynamicPricing(maximum_cpi=euros("3")), None, "1200", ["at most 1200 EUR"], ()),
        (DynamicPricing(minimum_cpi=euros("1.50")), "600.00", None, ["at least 600.00 EUR"], ()),
        (DYNAMIC, "600.00", "1200", ["between 600.00 EUR and 1200 EUR"], ()),
        (DynamicPricing(), None, None, [], ()),
        (
            DynamicPricing(total_budget=euros("1100")),
            None,
            "1100",
            ["at most 1100 EUR", "budget 1100 EUR: 5.9200 left; it buys 402 completes"],
            (),
        ),
        (
            DynamicPricing(total_budget=euros("500"), minimum_cpi=euros("1.50")),
            "600.00",
            "500",
            [
                "between 600.00 EUR and 500 EUR",
                "budget 500 EUR: 594.0800 missing; it buys 182 completes",
            ],
            (
                "Even at the minimum CPI it would be 600.00 EUR, the most allowed is 500 EUR.",
                "At this CPI it would be 1094.0800 EUR, the most allowed is 500 EUR.",
            ),
        ),
        (
            DynamicPricing(maximum_cpi=euros("2")),
            None,
            "800",
            ["at most 800 EUR"],
            ("At this CPI it would be 1094.0800 EUR, the most allowed is 800 EUR.",),
        ),
        (
            RateCardPricing(maximum_cpi=euros("3")),
            None,
            None,
            [],
            ("The exchange's rate card sets the price, so its range is unknown.",),
        ),
    ],
)
def test_the_range_of_the_price(pricing, low, high, lines, notes):
    found = cost(group(pricing))
    assert found.low == (euros(low) if low else None)
    assert found.high == (euros(high) if high else None)
    assert found.notes == notes
    shown = repr(found).split("\n  ")
    assert shown[3:] == [*lines, "35.0 hours of respondents' time", *notes]


def test_without_a_price_people_and_time_are_still_known():
    found = cost(group(RateCardPricing(), cpi=None), budget=euros("500"))
    assert (found.cpi, found.total, found.left, found.affordable) == (None, None, None, None)
    assert repr(found) == (
        "400 completes of 5 minutes\n"
        "  500 starts at an incidence of 80 %; 100 screened out\n"
        "  35.0 hours of respondents' time\n"
        "  The exchange's rate card sets the price, so its range is unknown.\n"
        "  There is no CPI, so there is no total."
    )


def test_a_price_may_bring_the_currency():
    bare = group(cpi=None)
    found = cost(bare, cpi=Money(value="2", currency_code="USD"), budget="1000")
    assert (str(found.total), str(found.budget), found.affordable) == ("800 USD", "1000 USD", 500)


def test_a_free_complete_has_no_limit():
    found = cost(group(cpi="0"), budget="10")
    assert (found.total, found.left, found.affordable) == (euros("0"), 10, None)
    assert "  budget 10 EUR: 10 left\n" in repr(found)


def test_a_dict_is_a_group_too():
    assert cost(group().payload()) == cost(group())
    with pytest.raises(InvalidTargetGroup):
        cost({"name": "Tea drinkers"})


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"incidence_rate": 0}, "The incidence rate is 0. Give a part of one above 0, like 0.8."),
        ({"incidence_rate": 80}, "The incidence rate is 80. Give a part of one above 0, like 0.8."),
        (
            {"incidence_rate": -0.1},
            "The incidence rate is -0.1. Give a part of one above 0, like 0.8.",
        ),
        (
            {"incidence_rate": "0.8"},
            "The incidence rate is '0.8'. Give a part of one above 0, like 0.8.",
        ),
        (
            {"length_of_interview": 46},
            "The length of interview is 46. Give whole minutes, 1 to 45.",
        ),
        ({"length_of_interview": 0}, "The length of interview is 0. Give whole minutes, 1 to 45."),
        (
            {"length_of_interview": 7.5},
            "The length of interview is 7.5. Give whole minutes, 1 to 45.",
        ),
        (
            {"length_of_interview": True},
            "The length of interview is True. Give whole minutes, 1 to 45.",
        ),
        (
            {"completes": 0},
            "The number of completes is 0. Give a whole number of people, 1 or more.",
        ),
        (
            {"completes": 10.0},
            "The number of completes is 10.0. Give a whole number of people, 1 or more.",
        ),
        (
            {"screener_minutes": -1},
            "The screener's length is -1. Give minutes, 0 or more.",
        ),
        ({"cpi": 2.5}, "The CPI is 2.5. Write it as text, like '2.50', or as Money."),
        ({"cpi": True}, "The CPI is True. Write it as text, like '2.50', or as Money."),
        ({"cpi": "-1"}, "The CPI is '-1'. Write an amount of 0 or more, like '2.50'."),
        ({"budget": "much"}, "The budget is 'much'. Write an amount of 0 or more, like '2.50'."),
        (
            {"budget": Money(value="9", currency_code="USD")},
            "The CPI is 2.7352 EUR, the budget 9 USD. "
            "Give both in one currency; the kit converts nothing.",
        ),
        (
            {"cpi": Money(value="9", currency_code="USD")},
            "The CPI is 9 USD, the maximum CPI 3 EUR. "
            "Give both in one currency; the kit converts nothing.",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(asked, said):
    with pytest.raises(InvalidPlan) as refused:
        cost(group(DYNAMIC), **asked)
    assert str(refused.value) == said


def test_money_of_no_currency_is_refused():
    with pytest.raises(InvalidPlan) as refused:
        cost(group(cpi=None), budget=1000)
    assert str(refused.value) == (
        "The budget is 1000 of no currency, because the group has none. "
        "Give Money(value=…, currency_code=…)."
    )


def test_a_groups_own_currencies_must_agree():
    pricing = DynamicPricing(total_budget=Money(value="900", currency_code="GBP"))
    with pytest.raises(InvalidPlan) as refused:
        cost(group(pricing))
    assert str(refused.value) == (
        "The CPI is 2.7352 EUR, the total budget 900 GBP. "
        "Give both in one currency; the kit converts nothing."
    )


def test_a_group_where_nobody_qualifies_is_refused():
    with pytest.raises(InvalidPlan, match=r"^The incidence rate is 0\. Give a part"):
        cost(group(expected_incidence_rate=0))


@given(
    st.integers(1, 10_000),
    st.integers(1, 100),
    st.decimals(0, 10**30, places=6),
    st.decimals(0, 10**30, places=2),
)
@settings(deadline=None)
def test_people_and_money_are_exact(completes, percent, cpi, budget):
    found = cost(group(), completes=completes, incidence_rate=percent / 100, cpi=cpi, budget=budget)
    assert (found.starts - 1) * percent < completes * 100 <= found.starts * percent
    assert Fraction(found.total.amount) == Fraction(cpi) * completes
    assert Fraction(found.left) == Fraction(budget) - Fraction(cpi) * completes
    if cpi:
        bought = found.affordable
        assert bought * Fraction(cpi) <= Fraction(budget) < (bought + 1) * Fraction(cpi)


def test_a_table_of_what_ifs():
    table = what_if(
        group(), completes=[400, 800], incidence_rate=[0.8, 0.5], cpi=["2.50"], budget=1500
    )
    assert {name: str(kind) for name, kind in table.dtypes.items()} == COLUMNS
    assert table.attrs == {"currency": "EUR"}
    assert list(table.itertuples(index=False, name=None)) == [
        (400, 0.8, 5, Decimal("2.7352"), 500, 100, Decimal("1094.0800"), 35.0, True),
        (400, 0.8, 5, Decimal("2.50"), 500, 100, Decimal("1000.00"), 35.0, True),
        (400, 0.5, 5, Decimal("2.50"), 800, 400, Decimal("1000.00"), 40.0, True),
        (800, 0.8, 5, Decimal("2.50"), 1000, 200, Decimal("2000.00"), 70.0, False),
        (800, 0.5, 5, Decimal("2.50"), 1600, 800, Decimal("2000.00"), 80.0, False),
    ]


def test_a_table_of_nothing_is_the_group_as_it_is():
    table = what_if(group())
    assert len(table) == 1
    assert table["within_budget"].isna().all()
    pd.testing.assert_frame_equal(what_if(group(), completes=400, length_of_interview=[5]), table)


def test_single_values_and_columns_of_numbers():
    table = what_if(
        group(),
        completes=np.array([500, 600]),
        length_of_interview=pd.Series([10]),
        cpi=euros("1"),
    )
    assert table["completes"].tolist() == [400, 500, 600]
    assert table["length_of_interview"].tolist() == [5, 10, 10]
    assert table["total"].tolist() == [Decimal("1094.0800"), Decimal(500), Decimal(600)]


def test_a_table_without_prices():
    table = what_if(group(RateCardPricing(), cpi=None), completes=[10])
    assert table["total"].tolist() == [None, None]
    assert table["starts"].tolist() == [500, 13]
    assert table.attrs == {"currency": None}
