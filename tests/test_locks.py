"Locked cells of an interlock keep their people, and percentages their hundred."

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.words import hundredths
from target_group_kit.sampling.plan import QuotaPlan

PLACES = [(gender, age) for gender in ("women", "men") for age in ("young", "middle", "old")]


def people(table):
    "Women and men by age, planned as they are counted."
    women, men = map(sum, table)
    bands = {"young": (18, 34), "middle": (35, 54), "old": (55, 99)}
    ages = zip(bands.items(), zip(*table, strict=True), strict=True)
    return (
        QuotaPlan(women + men)
        .margin("gender", 43, {"women": ("2", women), "men": ("1", men)})
        .margin("age", 42, {age: (band, sum(column)) for (age, band), column in ages})
        .interlock("gender", "age", seed=table)
    )


@pytest.mark.parametrize(
    ("table", "locked"),
    [
        ([[1, 1, 1], [1, 1, 2]], PLACES),
        ([[0, 0, 1], [14, 3, 0]], [("men", "middle")]),
    ],
)
def test_locked_shares_that_are_not_whole_in_percent_hold_the_margins_closely(table, locked):
    plan = people(table).lock("gender × age", *locked)
    assert [row.completes for row in plan.rows()] == [n for line in table for n in line]
    percents = plan.matrix("gender", "age", value="percent")
    for axis, sums in (("gender", percents.sum(axis=1)), ("age", percents.sum(axis=0))):
        held = zip(sums, plan[axis].percentages, strict=True)
        assert all(abs(hundredths(round(a, 2)) - hundredths(b)) <= 1 for a, b in held)
    assert sum(hundredths(row.percent) for row in plan.rows()) == 10_000


def has_everybody(cells):
    return all(map(sum, [cells[:3], cells[3:], *zip(cells[:3], cells[3:], strict=True)]))


@given(
    st.lists(st.integers(0, 40), min_size=6, max_size=6).filter(has_everybody),
    st.sets(st.sampled_from(PLACES), min_size=1),
)
@settings(deadline=None)
def test_a_locked_plan_has_whole_people_and_a_hundred_percent(cells, locked):
    plan = people([cells[:3], cells[3:]])
    rows = plan.lock("gender × age", *sorted(locked)).rows()
    assert [row.completes for row in rows] == cells
    assert sum(hundredths(row.percent) for row in rows) == 10_000
