"Studies: what rows say, mistakes at their row and column, and one table of findings."

from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.checks import check
from target_group_kit.contract.delivery import DynamicPricing, Money, RateCardPricing
from target_group_kit.contract.errors import Finding, InvalidPlan, InvalidTargetGroup
from target_group_kit.contract.profiling import Profiling
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.sampling.window import FieldingWindow
from target_group_kit.views.studies import study

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def halves(completes=100):
    return QuotaPlan(completes).margin("gender", 43, {"women": ("2", 1), "men": ("1", 1)})


BASE = (
    TargetGroup.example(NOW)
    .with_open_exchange()
    .replace(exclusion=None, profiling=halves(10).profiling("percentage"))
)
WINDOW = BASE.fielding_specification


def made(row, base=BASE, quotas=None):
    "The one target group that a row makes."
    done = study(pd.DataFrame([row], index=["DE"]), base, quotas, now=NOW)
    [group] = done.target_groups
    assert group, done
    return group


def mistakes(row, base=BASE, quotas=None):
    "Where and what, of a row that can't be made."
    done = study(pd.DataFrame([row], index=["DE"]), base, quotas, now=NOW)
    assert done.target_groups == (None,)
    assert not done.ok
    return [(f.where, f.message, f.fix) for f in done.reports[0].errors]


def test_a_row_replaces_what_the_base_says():
    row = {
        "name": "Tea in Austria",
        "locale": "ger_at",
        "completes": 400,
        "cpi": 3.1,
        "length_of_interview": 12,
        "incidence_rate": 0.35,
        "opens": "2026-12-01 09:00",
        "days": 10,
        "tz": "Europe/Vienna",
        "business_unit_id": 77,
        "project_manager_id": "11111111-2222-3333-4444-555555555555",
        "reference": "tea-at",
        "live_url": "https://tea.example/?RID=[%RID%]",
    }
    price = Money(value="3.1", currency_code="EUR")
    assistant = BASE.fielding_assistant_assignment
    assert made(row) == BASE.replace(
        name="Tea in Austria",
        locale="ger_at",
        completes_goal=400,
        cost_per_interview=price,
        expected_length_of_interview_minutes=12,
        expected_incidence_rate=0.35,
        fielding_specification=FieldingWindow.opening(
            "2026-12-01 09:00", days=10, tz="Europe/Vienna"
        ).specification(),
        fielding_assistant_assignment=assistant.replace(pricing=DynamicPricing(maximum_cpi=price)),
        business_unit_id=77,
        project_manager_id="11111111-2222-3333-4444-555555555555",
        target_group_customer_reference_number="tea-at",
        live_url="https://tea.example/?RID=[%RID%]",
    )


@pytest.mark.parametrize("empty", [None, float("nan"), pd.NA, pd.NaT, "", "  "])
def test_an_empty_cell_is_the_bases(empty):
    columns = ("name", "completes", "cpi", "currency", "opens", "days", "tz", "reference")
    assert made(dict.fromkeys(columns, empty)) == BASE


@pytest.mark.parametrize(
    ("given", "text"),
    [(2.75, "2.75"), ("2.750", "2.750"), (Decimal("3.10"), "3.10"), (3, "3"), (1e-7, "0.0000001")],
)
def test_money_is_exact_however_it_is_written(given, text):
    money = Money(value=text, currency_code="USD")
    assert made({"cpi": given, "currency": "USD"}).cost_per_interview == money
    assert made({"cpi": Money(value="2", currency_code="GBP")}).cost_per_interview.value == "2"


@given(st.decimals(0, 10_000, places=4))
def test_a_price_from_a_float_column_is_the_decimal_that_was_typed(price):
    frame = pd.DataFrame({"cpi": [float(price), np.nan]})
    first, second = study(frame, BASE, now=NOW).target_groups
    assert first.cost_per_interview.amount == price
    assert second.cost_per_interview == BASE.cost_per_interview


def test_a_price_cap_follows_only_where_it_was_the_price():
    other = Money(value="9", currency_code="EUR")
    capped = BASE.fielding_assistant_assignment.replace(pricing=DynamicPricing(maximum_cpi=other))
    base = BASE.replace(fielding_assistant_assignment=capped)
    assert made({"cpi": 3}, base).fielding_assistant_assignment == capped
    rates = BASE.fielding_assistant_assignment.replace(pricing=RateCardPricing())
    base = BASE.replace(fielding_assistant_assignment=rates)
    assert made({"cpi": 3}, base).fielding_assistant_assignment == rates
    assert made({"currency": "EUR"}) == BASE
    done = study(
        pd.DataFrame([{"cpi": 3, "currency": "USD"}]),
        BASE.replace(fielding_assistant_assignment=capped),
        now=NOW,
    )
    assert [(f.code, f.where) for f in done.reports[0].errors] == [
        ("currency_differs", "fielding_assistant_assignment.pricing.maximum_cpi.currency_code")
    ]
    assert done.target_groups[0]


def window(*args, **options):
    return FieldingWindow.opening(*args, **options).specification()


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            {"opens": "2026-12-01 09:00", "hours": 36, "tz": "Asia/Tokyo"},
            window("2026-12-01 09:00", hours=36, tz="Asia/Tokyo"),
        ),
        (
            {"opens": pd.Timestamp("2026-12-01 09:00"), "closes": datetime(2026, 12, 5, 18)},
            window("2026-12-01 09:00", end="2026-12-05 18:00", tz="Europe/Berlin"),
        ),
        (
            {"opens": "2026-12-01 09:00+09:00", "days": np.int64(2)},
            window("2026-12-01 01:00", days=2, tz="Europe/Berlin"),
        ),
        (
            {"opens": "2026-12-01 09:00"},
            window("2026-12-01 09:00", hours=263.9999997222222, tz="Europe/Berlin"),
        ),
        ({"days": 3}, window(WINDOW.start_at, days=3, tz="Europe/Berlin")),
    ],
)
def test_windows_are_by_the_respondents_clock(row, expected):
    assert made(row).fielding_specification == expected


def test_an_assumed_zone_is_noted_and_a_doubtful_one_refused():
    row = {"locale": "fre_fr", "opens": "2026-12-01 09:00", "days": 3}
    done = study(pd.DataFrame([row]), BASE, now=NOW)
    note = "Times are by the clock of Europe/Paris."
    assert done.reports[0].notes[0] == Finding(
        "zone_assumed", "note", ("tz",), note, "Write another in tz."
    )
    assert mistakes(row | {"locale": "eng_us"}) == [
        (
            "tz",
            "Clocks of 'eng_us' differ: America/New_York, America/Detroit, "
            "America/Kentucky/Louisville, America/Kentucky/Monticello and 25 more.",
            "Write which one.",
        )
    ]
    assert mistakes(row | {"locale": "eng_xx"}) == [
        ("tz", "No time zone is known for 'eng_xx'.", "Write one, like Europe/Berlin.")
    ]
    assert made(row | {"locale": "eng_us", "opens": "2026-12-01 09:00Z"}).locale == "eng_us"


TIME = 'Write it like "2026-12-01 09:00", or give a datetime.'
MONEY = 'Write it as text, like "2.7352".'
AHEAD = {"opens": "2026-12-01 09:00", "tz": "Europe/Berlin"}


@pytest.mark.parametrize(
    ("row", "where", "said", "fix"),
    [
        ({"cpi": "2,60"}, "cpi", "'2,60' is not an amount of money.", MONEY),
        ({"cpi": -1.5}, "cpi", "'-1.5' is not an amount of money.", MONEY),
        ({"cpi": True}, "cpi", "True is not decimal text.", MONEY),
        ({"cpi": float("inf")}, "cpi", "inf is not decimal text.", MONEY),
        (
            {"cpi": 2, "currency": "euro"},
            "currency",
            "'euro' doesn't have the form of currency_code.",
            "currency_code: three capitals such as EUR.",
        ),
        (
            {"currency": "USD"},
            "cpi",
            "The base's price, 2.7352 EUR, isn't in USD.",
            "Write one in USD.",
        ),
        ({"completes": "many"}, "completes", "'many' is not a whole number.", "Write it like 10."),
        ({"completes": 10.5}, "completes", "10.5 is not a whole number.", "Write it like 10."),
        (
            {"completes": 0},
            "completes",
            "0 is below the smallest allowed, 1.",
            "completes_goal: whole completes, 1 or more.",
        ),
        (
            {"incidence_rate": 80},
            "incidence_rate",
            "80 is above the largest allowed, 1.",
            "expected_incidence_rate: a fraction from 0 to 1, such as 0.8.",
        ),
        (
            AHEAD | {"opens": "soon"},
            "opens",
            f"The start is 'soon', not a date with a time. {TIME}",
            "",
        ),
        (
            AHEAD | {"days": 2.5},
            "days",
            "2.5 is not a whole number of days. For parts of one, give hours.",
            "",
        ),
        (
            AHEAD | {"tz": "Berlin"},
            "tz",
            "'Berlin' is not a time zone. Did you mean Europe/Berlin?",
            "",
        ),
        (
            AHEAD | {"days": 2, "hours": 7},
            "days",
            "Give one of days, hours or end; days and hours came.",
            "",
        ),
        (
            {"closes": "2026-11-02 09:00", "tz": "Europe/Berlin"},
            "closes",
            "The end, 2026-11-02 09:00 CET (UTC+01:00), is not after the start, "
            "2026-11-03 09:22:18.822 CET (UTC+01:00). Move the end past it.",
            "",
        ),
        (
            {"reference": "t!"},
            "reference",
            "'t!' is too short: 2 of at least 3 characters.",
            "target_group_customer_reference_number: your own reference: "
            "3 to 128 letters, digits, hyphens, spaces.",
        ),
    ],
)
def test_a_mistake_is_told_at_its_column_with_its_value(row, where, said, fix):
    assert mistakes(row) == [(where, said, fix)]


def test_currency_without_a_price_anywhere_and_price_without_currency():
    free = BASE.replace(cost_per_interview=None)
    assert mistakes({"currency": "USD", "cost_per_interview": None}, free) == [
        ("cost_per_interview", "There is no price.", "Write one in USD.")
    ]
    assert mistakes({"cpi": 2.5}, free) == [
        ("currency", "The price 2.5 has no currency.", "Write one, like EUR.")
    ]


def test_mistakes_of_different_columns_are_found_together():
    row = {"cpi": "dear", "opens": "soon", "days": 3, "tz": "Europe/Berlin", "name": "Tea"}
    assert [where for where, _, _ in mistakes(row, quotas=lambda _: 7)] == [
        *("cpi", "opens", "quotas", "name")
    ]


def test_text_may_stand_for_a_number():
    group = made({"completes": "500", "ir": "80 %", "loi": " 12 "})
    numbers = (
        group.completes_goal,
        group.expected_incidence_rate,
        group.expected_length_of_interview_minutes,
    )
    assert numbers == (500, 0.8, 12)


# Quotas


def test_the_bases_own_quotas_are_scaled():
    nominal = BASE.replace(completes_goal=100, profiling=halves(100).profiling("nominal"))
    assert made({"completes": 400}, nominal).profiling == halves(400).profiling("nominal")
    assert made({"completes": 400}).profiling == BASE.profiling
    assert made({"completes": 400}, BASE.replace(profiling=None)).profiling is None
    frame = pd.DataFrame({"completes": [400, np.nan]})
    scaled, same = study(frame, nominal, now=NOW).target_groups
    assert (scaled.completes_goal, same) == (400, nominal)


def test_what_cannot_be_scaled_is_told():
    wrong = halves(90).profiling("nominal")
    base = BASE.replace(completes_goal=100, profiling=wrong)
    said = "The quotas of 'gender' sum to 90, not to 100. Make them agree, then read the plan."
    assert mistakes({"completes": 400}, base) == [("quotas", said, "")]
    template = Profiling(
        template_id="11111111-2222-3333-4444-555555555555", profile_adjustment_type="nominal"
    )
    [(where, _, _)] = mistakes({"completes": 400}, BASE.replace(profiling=template))
    assert where == "quotas"


def test_a_plan_is_scaled_to_each_row():
    frame = pd.DataFrame({"completes": [200, 300]})
    done = study(frame, BASE, halves(), now=NOW)
    assert [g.profiling for g in done.target_groups] == [
        halves(n).profiling("nominal") for n in (200, 300)
    ]
    assert made({"name": "Tea drinkers"}, quotas=halves()).completes_goal == 100


def test_a_function_plans_each_row_and_sees_it_with_the_bases_locale():
    seen = []

    def plan(row):
        seen.append((row.name, row["name"], row.locale, row.completes, type(row.completes)))
        return halves(row.completes)

    frame = pd.DataFrame({"completes": [200, 300], "name": ["Tea, May", "Tea, June"]}, index=[5, 6])
    done = study(frame, BASE, plan, now=NOW)
    assert seen == [(5, "Tea, May", "ger_de", 200, int), (6, "Tea, June", "ger_de", 300, int)]
    assert done.target_groups[1].profiling == halves(300).profiling("nominal")
    assert made({"name": "Tea drinkers"}, quotas=lambda _: halves(70)).completes_goal == 70


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        (lambda _: None, "The function gave None. Give back a QuotaPlan."),
        (
            lambda row: row.ages,
            "The function failed with AttributeError: 'Series' object has no attribute 'ages'. "
            "Try it on this row alone.",
        ),
        (
            lambda _: halves(7),
            "The function planned 7 completes, the row says 200. Plan row.completes.",
        ),
        (lambda _: QuotaPlan(0), "The goal is 0. Give a whole number of people, 1 or more."),
        (QuotaPlan(5), "The plan has no profile yet. Add one with .margin(…)."),
        (
            lambda _: FieldingWindow.opening("x", days=1, tz="UTC"),
            f"The start is 'x', not a date with a time. {TIME}",
        ),
    ],
)
def test_quotas_that_cannot_be_made_are_told(quotas, said):
    assert mistakes({"completes": 200}, quotas=quotas) == [("quotas", said, "")]


# The study


def four():
    return pd.DataFrame(
        {
            "name": ["Tea in Germany", "Tea in France", "Tea in <Spain>", "Tea in Italy"],
            "locale": ["ger_de", "fre_fr", "spa_es", "ita_it"],
            "completes": [1000, 800, 600, 500],
            "cpi": [2.75, "2.90", "2,60", 2.4],
            "opens": [
                "2026-12-01 09:00",
                "2026-12-01 09:00",
                "2026-12-01 09:00",
                "2026-11-01 13:30",
            ],
            "days": [10, 10, 10, 3],
            "tz": ["Europe/Berlin", None, "Europe/Madrid", "Europe/Rome"],
        },
        index=pd.Index(["DE", "FR", "ES", 7], name="country"),
    )


def test_no_rows_mistake_stops_the_others():
    done = study(four(), BASE, halves(), now=NOW)
    assert [group is None for group in done.target_groups] == [False, False, True, False]
    assert [report.ok for report in done.reports] == [True, True, False, False]
    assert not done.ok
    for group, report in zip(done.target_groups, done.reports, strict=True):
        if group and group.locale == "ger_de":
            assert report == check(group, now=NOW)
    rows = done.frame().to_dict("index")
    assert rows["FR"] == {
        "name": "Tea in France",
        "locale": "fre_fr",
        "completes": 800,
        "quotas": 2,
        "currency": "EUR",
        "cpi": "2.90",
        "opens": "2026-12-01 08:00 UTC",
        "closes": "2026-12-11 08:00 UTC",
        "errors": 0,
        "warnings": 0,
    }
    assert list(rows["ES"].values())[:2] == ["Tea in <Spain>", ""]
    assert pd.isna(rows["ES"]["completes"])
    assert done.frame()["errors"].tolist() == [0, 0, 1, 1]
    found = done.findings()
    assert list(found.columns) == ["row", "name", "level", "where", "message", "fix", "code"]
    assert [tuple(row) for row in found[["row", "level", "where", "code"]].values] == [
        ("FR", "note", "tz", "zone_assumed"),
        ("ES", "error", "cpi", "wrong_form"),
        (7, "error", "opens", "start_at_too_soon"),
    ]


def test_errors_are_raised_all_at_once_with_row_and_column():
    with pytest.raises(InvalidTargetGroup) as told:
        study(four(), BASE, halves(), now=NOW).raise_for_errors()
    assert [finding.path for finding in told.value.report.findings] == [
        ("ES", "cpi"),
        (7, "opens"),
    ]
    right = study(four().iloc[:2], BASE, halves(), now=NOW)
    assert right.raise_for_errors() is right
    dated = four().set_index(pd.Index([pd.Timestamp("2026-12-01")] * 4))
    with pytest.raises(InvalidTargetGroup) as told:
        study(dated, BASE, now=NOW).raise_for_errors()
    assert told.value.report.findings[0].path == ("2026-12-01 00:00:00", "cpi")


def test_a_study_shows_itself_in_text_and_in_html():
    done = study(four(), BASE, halves(), now=NOW)
    soon = "2026-11-01T12:30:00.000Z is less than an hour ahead; now it is 2026-11-01T12:00:00.000Z"
    assert repr(done) == (
        "Study of 4 rows: 2 ready, 1 can't be made; 2 errors, 1 note\n"
        "  ES: Tea in <Spain>\n"
        "    error at cpi: '2,60' is not an amount of money. [wrong_form]\n"
        '      → Write it as text, like "2.7352".\n'
        "  7: Tea in Italy\n"
        f"    error at opens: {soon}, so the earliest is 2026-11-01T13:00:00.000Z. "
        "[start_at_too_soon]\n"
        "      → Move the start to at least an hour from now, with time to submit."
    )
    page = done._repr_html_()
    assert "Tea in &lt;Spain&gt;" in page
    assert "<Spain>" not in page
    assert page.count("<tr>") == 2 + 4 + 3
    assert "NA" not in page
    right = study(four().iloc[:1], BASE, halves(), now=NOW)
    assert right._repr_html_().count("<table") == 1
    assert repr(right) == "Study of 1 rows: 1 ready; nothing found"


def test_long_studies_show_the_first_findings():
    frame = pd.DataFrame({"completes": ["many"] * 60})
    done = study(frame, BASE, now=NOW)
    assert repr(done).endswith("… and 100 more in .findings()")
    assert "Findings (first 50 of 120)" in done._repr_html_()
    assert len(done.findings()) == 120


def test_names_and_references_that_come_twice_are_warned_of():
    frame = pd.DataFrame(
        {
            "name": ["Tea in May", "Tea in May", "Tea in June"],
            "reference": ["tea-1", "tea-2", "tea-2"],
        }
    )
    found = study(frame, BASE, now=NOW).findings()
    assert [tuple(row) for row in found[["row", "where", "code", "message"]].values] == [
        (0, "name", "name_twice", "2 rows are called 'Tea in May'."),
        (1, "name", "name_twice", "2 rows are called 'Tea in May'."),
        (
            1,
            "reference",
            "reference_twice",
            SAME := "2 rows have the reference 'tea-2'; the exchange gets one of them.",
        ),
        (2, "reference", "reference_twice", SAME),
    ]
    alike = study(pd.DataFrame({"completes": [10, 20]}), BASE, now=NOW)
    assert [f.where for report in alike.reports for f in report.warnings] == ["name", "name"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (["local"], "'local' is nothing that a target group has. Did you mean 'locale'?"),
        (["Tz "], "'Tz ' is nothing that a target group has. Did you mean 'tz'?"),
        (
            ["price"],
            "'price' is nothing that a target group has. Did you mean 'cost_per_interview'?",
        ),
        (
            ["cpi", "cost_per_interview"],
            "'cost_per_interview' says cost_per_interview a second time. Keep one column.",
        ),
        (["name", "name"], "'name' says name a second time. Keep one column."),
    ],
)
def test_columns_that_nobody_knows_are_refused(columns, said):
    with pytest.raises(InvalidPlan) as told:
        study(pd.DataFrame([["x"] * len(columns)], columns=columns), BASE, now=NOW)
    assert str(told.value) == f"The column {said}"


def test_a_column_like_nothing_is_answered_with_all_that_there_are():
    with pytest.raises(InvalidPlan) as told:
        study(pd.DataFrame({"zzzzzz": [1]}), BASE, now=NOW)
    assert "Known are name, business_unit_id, " in str(told.value)


def test_an_empty_table_is_an_empty_study():
    done = study(pd.DataFrame({"name": []}), BASE, now=NOW)
    assert (done.ok, done.target_groups, len(done.frame()), len(done.findings())) == (
        True,
        (),
        0,
        0,
    )
    assert done._repr_html_().count("<table") == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "completes": st.integers(-1, 900) | st.sampled_from(["x", 1.5]),
                "cpi": st.sampled_from([1, 2.5, "3", "x", None]),
                "days": st.sampled_from([1, 3, 0, "x"]),
            }
        ),
        min_size=1,
        max_size=4,
    )
)
def test_each_row_is_what_it_would_be_alone(rows):
    together = study(pd.DataFrame(rows, dtype=object), BASE, halves(), now=NOW)
    for row, group in zip(rows, together.target_groups, strict=True):
        alone = study(pd.DataFrame([row], dtype=object), BASE, halves(), now=NOW)
        assert alone.target_groups == (group,)
