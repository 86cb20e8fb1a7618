"The whole form: what is typed changes the payload there and nowhere else."

import json
import threading
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest
import traitlets
from hands import (
    bad,
    beside,
    control,
    fill,
    grid_part,
    grid_row,
    intend,
    models,
    shown,
    type_in,
    unfold,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.checks import check
from target_group_kit.contract.delivery import Allocations
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.sampling.window import FieldingWindow
from target_group_kit.widgets.group_draft import laid_over, typed_of, value_at, zone_of_locale
from target_group_kit.widgets.target_group import TargetGroupBuilder

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
PROFILE = ("profiling", "profiles", 0)


def example() -> TargetGroup:
    return TargetGroup.example(now=NOON).with_open_exchange()


def selection(question: int, option: str) -> dict[str, Any]:
    return {"object": "selection", "question_id": question, "option": option}


def rich() -> TargetGroup:
    "A group with every kind of profile, and much that the form doesn't show."
    both = [selection(43, "1"), {"object": "range", "question_id": 42, "min": 18, "max": 39}]
    zips = {
        "object": "open_ended",
        "question_id": 45,
        "allow_all_values": False,
        "open_ended_values": ["10115", "20095"],
    }
    half = {"completes_goal_percentage": 50}
    money = {"value": "2.70", "currency_code": "EUR"}
    side = {"allow_for_current_target_group": True, "allow_for_other_target_groups": False}
    client, screener = {"client_side": side}, {"screener_side": side}
    return TargetGroup.model_validate(
        example().payload()
        | {
            "client_id": None,
            "client_cost_per_interview_note": money,
            "filling_strategy": "automated",
            "industry_lockout_code": "past_90_days",
            "target_group_customer_reference_number": "wave 1",
            "fielding_assistant_assignment": {
                "pricing": {"type": "dynamic", "total_budget": money, "minimum_cpi": money},
                "pacing": {"type": "linear", "increment_interval": "PT6H"},
                "soft_launch": {
                    "end_at": "2026-12-04T08:00:00.000Z",
                    "filling_goal_percentage": 10,
                    "demographics_strictness_percentage": 50,
                },
            },
            "respondent_activity_exclusions": [
                {"type": "project", "id": "01JX2X0N5RTR012AYDTA83QWTW", "duration": "P30D"}
            ],
            "re_entry_configuration": {
                "completes": client,
                "pre_client_survey_processes": screener,
                "financial_terms": screener,
                **dict.fromkeys(
                    ("terminates", "security_failures", "overquota", "in_screener"),
                    client | screener,
                ),
            },
            "profiling": {
                "profile_adjustment_type": "percentage",
                "profiles": [
                    {
                        "object": "regular",
                        "name": "gender",
                        "quotas_enabled": True,
                        "targets": [
                            {"name": "men", "conditions": [selection(43, "1")], "quota": half},
                            {"name": "women", "conditions": [selection(43, "2")], "quota": half},
                        ],
                    },
                    {
                        "object": "regular",
                        "name": "region",
                        "quotas_enabled": False,
                        "targets": [
                            {
                                "name": "north",
                                "conditions": [selection(96, "1"), selection(96, "2")],
                            }
                        ],
                    },
                    {
                        "object": "regular",
                        "quotas_enabled": True,
                        "targets": [
                            {"conditions": [zips], "quota": {"completes_goal_percentage": 100.0}}
                        ],
                    },
                    {
                        "object": "blended",
                        "name": "both",
                        "blended_type": "control",
                        "quotas_enabled": True,
                        "targets": [
                            {
                                "name": "young men",
                                "conditions": both,
                                "quota": {"completes_goal_percentage": 20},
                            }
                        ],
                    },
                    {
                        "object": "regular",
                        "name": "age",
                        "quotas_enabled": False,
                        "targets": [{"name": "younger", "conditions": both[1:]}],
                    },
                ],
            },
            "allocations": {
                "open_exchange_allocations": {
                    "blocked_supplier_ids": ["7"],
                    "exchange_min_percentage": 0,
                    "exchange_max_percentage": 100,
                    "groups": [],
                }
            },
        }
    )


def builder_of(group: TargetGroup | None, **more: Any) -> TargetGroupBuilder:
    return TargetGroupBuilder(group, **({"now": lambda: NOON} | more))


def listening(builder: TargetGroupBuilder) -> list[TargetGroup]:
    heard: list[TargetGroup] = []
    builder.observe(lambda change: heard.append(change.new), names="value")
    return heard


def rebuilt(code: str) -> Any:
    made: dict[str, Any] = {}
    exec(code, made)
    return made["target_group"]


def changed(group: TargetGroup, *path: Any, to: Any) -> dict[str, Any]:
    "A payload with one field changed, or taken out with `...`."
    body = deepcopy(group.payload())
    here = body
    for step in path[:-1]:
        here = here[step] if isinstance(step, int) else here.setdefault(step, {})
    if to is ...:
        del here[path[-1]]
    else:
        here[path[-1]] = to
    return body


@pytest.mark.parametrize("group", [example(), rich()], ids=["example", "rich"])
def test_what_nobody_touched_stays_to_the_byte(group: TargetGroup) -> None:
    builder = builder_of(group)
    assert builder.value is group
    assert json.dumps(builder.draft) == group.to_json()
    builder.edit()
    assert builder.value is not None
    assert builder.value.to_json() == group.to_json()
    assert builder.report == check(group, now=NOON)
    assert rebuilt(builder.code()).to_json() == group.to_json()
    assert builder.errors == []


PRICING = ("fielding_assistant_assignment", "pricing")
OVERLAY = ("fielding_assistant_assignment", "quota_overlay")


@pytest.mark.parametrize(
    ("label", "typed", "path", "value"),
    [
        ("Name", "Tea and coffee", ("name",), "Tea and coffee"),
        ("Locale", "eng_gb", ("locale",), "eng_gb"),
        ("Completes", "1 000", ("completes_goal",), 1000),
        ("Interview, minutes", "12", ("expected_length_of_interview_minutes",), 12),
        ("Incidence, percent", "7 %", ("expected_incidence_rate",), 0.07),
        ("Incidence, percent", "100", ("expected_incidence_rate",), 1),
        ("Business unit", "33", ("business_unit_id",), 33),
        ("Survey address", "https://x.test/[%RID%]", ("live_url",), "https://x.test/[%RID%]"),
        ("Test address", "", ("test_url",), ...),
        ("Collects personal data", True, ("collects_pii",), True),
        ("Price per complete (CPI)", "2,5", ("cost_per_interview", "value"), "2.5"),
        ("Price per complete (CPI)", "", ("cost_per_interview",), ...),
        ("Maximum CPI", "3.10", (*PRICING, "maximum_cpi", "value"), "3.10"),
        ("Pricing", "", PRICING, ...),
        ("Prevent overfill", False, (*OVERLAY, "prevent_overfill"), False),
        ("Fill quotas evenly", True, (*OVERLAY, "balance_fill"), True),
        ("Suppliers", "", ("allocations",), ...),
        (
            "Keep out who completed another group of the project",
            False,
            ("exclusion", "enabled"),
            False,
        ),
        ("Your reference", "wave 7", ("target_group_customer_reference_number",), "wave 7"),
    ],
)
def test_an_edit_changes_its_field_and_no_other(
    label: str, typed: Any, path: tuple[Any, ...], value: Any
) -> None:
    builder = unfold(builder_of(example()))
    heard = listening(builder)
    fill(builder, label, typed)
    wanted = changed(example(), *path, to=value)
    assert builder.draft == wanted
    assert [group.payload() for group in heard] == [TargetGroup.model_validate(wanted).payload()]
    assert builder.report == check(wanted, now=NOON)
    assert builder.errors == []


def test_what_the_form_does_not_show_is_kept() -> None:
    builder = builder_of(rich())
    type_in(builder, "gender", "men", "percent", "40")
    type_in(builder, "gender", "women", "percent", "60")
    fill(builder, "Name", "Another name")
    wanted = changed(rich(), *PROFILE, "targets", 0, "quota", "completes_goal_percentage", to=40)
    wanted["profiling"]["profiles"][0]["targets"][1]["quota"]["completes_goal_percentage"] = 60
    wanted["name"] = "Another name"
    assert builder.value is not None
    assert builder.value.payload() == wanted
    kept = {part["name"] for part in builder.editor.grid.shown["parts"] if "text" in part}
    assert kept >= {"region", "ZIP code (45)"}


def test_one_currency_for_all_amounts() -> None:
    builder = builder_of(rich())
    fill(builder, "Currency", "usd")
    assert builder.value is not None
    text = builder.value.to_json()
    assert (text.count('"USD"'), text.count('"EUR"')) == (4, 0)


def test_a_new_amount_takes_the_currency_in_either_order() -> None:
    group = TargetGroup.model_validate(
        {k: v for k, v in example().payload().items() if k != "cost_per_interview"}
        | {"fielding_assistant_assignment": {}}
    )
    wanted = {"value": "2.70", "currency_code": "EUR"}
    for order in (
        ("Price per complete (CPI)", "Currency"),
        ("Currency", "Price per complete (CPI)"),
    ):
        builder = builder_of(group)
        for label in order:
            fill(builder, label, "EUR" if label == "Currency" else "2.70")
        assert builder.draft["cost_per_interview"] == wanted
        assert builder.report.ok


def test_a_budget_for_a_price_that_moves() -> None:
    builder = builder_of(example().replace(fielding_assistant_assignment={}))
    fill(builder, "Pricing", "dynamic")
    fill(builder, "Total budget", "500")
    assert builder.draft["fielding_assistant_assignment"] == {
        "pricing": {
            "type": "dynamic",
            "total_budget": {"value": "500", "currency_code": "EUR"},
        }
    }


def test_the_currency_of_the_business_unit_is_held_up() -> None:
    builder = builder_of(example(), business_unit={"id": 1207, "currency_code": "USD"})
    assert [f.code for f in builder.report.errors] == ["currency_differs"] * 2
    assert "business unit 1207 has USD" in beside(builder, "Currency")
    fill(builder, "Currency", "USD")
    assert builder.report.ok


@pytest.mark.parametrize(
    ("label", "typed", "said"),
    [
        ("Name", "Tea", "&#x27;Tea&#x27; is too short: 3 of at least 5 characters."),
        ("Name", "", "Needed: 5 to 128 characters"),
        ("Locale", "eng-us", "Write eng_us."),
        ("Completes", "0", "0 is below the smallest allowed, 1."),
        ("Completes", "1,000", "&#x27;1,000&#x27; is not a whole number."),
        ("Interview, minutes", "46", "46 is above the largest allowed, 45."),
        ("Incidence, percent", "0.8", "0.8 is not a whole percent. <span>→ Did you mean 80 %?"),
        ("Incidence, percent", "12.5", "12.5 is not a whole percent."),
        ("Incidence, percent", "101", "1.01 is above the largest allowed, 1."),
        ("Incidence, percent", "most", "&#x27;most&#x27; is not a number."),
        ("Incidence, percent", "", "Needed: whole percent, such as 80."),
        (
            "Business unit",
            "<YOUR_BUSINESS_UNIT_ID>",
            "The placeholder &lt;YOUR_BUSINESS_UNIT_ID&gt;",
        ),
        ("Project manager", "me", "&#x27;me&#x27; doesn&#x27;t have the form"),
        ("Survey address", "http://x", "&#x27;http://x&#x27; is no https address."),
        ("Price per complete (CPI)", "1.000,00", "is not an amount of money."),
        ("Currency", "Euro", "doesn&#x27;t have the form of currency_code"),
        ("Your reference", "ä", "too short: 1 of at least 3 characters."),
    ],
)
def test_problems_stand_beside_their_field(label: str, typed: str, said: str) -> None:
    builder = unfold(builder_of(example()))
    heard = listening(builder)
    fill(builder, label, typed)
    assert said in beside(builder, label)
    assert bad(builder, label) is ("Needed" not in said)
    assert control(builder, label).value == typed
    assert (heard, builder.value, builder.report.ok, builder.errors) == ([], example(), False, [])
    assert "The last good value stays" in shown(builder)


GENDER = "birth gender"
MEN, WOMEN = "SF-BirthGender-Quota-1", "SF-BirthGender-Quota-2"


def test_quotas_follow_the_rules_of_the_whole() -> None:
    builder = builder_of(example())
    type_in(builder, GENDER, MEN, "percent", "60")
    assert "sum to 110.00, 10.00 over." in shown(builder)
    assert not builder.report.ok
    intend(builder, "balance", part=grid_part(builder, GENDER)["id"])
    assert builder.report.ok
    type_in(builder, GENDER, MEN, "completes", "3")
    type_in(builder, GENDER, WOMEN, "completes", "7")
    quotas = [t["quota"] for t in builder.draft["profiling"]["profiles"][0]["targets"]]
    assert [quota["completes_goal_percentage"] for quota in quotas] == [30, 70]
    type_in(builder, GENDER, MEN, "completes", "many")
    assert "&#x27;many&#x27; is not a" in shown(builder)
    assert not builder.report.ok
    assert builder.errors == []


def test_quotas_can_be_taken_back() -> None:
    builder = builder_of(example())
    type_in(builder, GENDER, MEN, "percent", "60")
    intend(builder, "undo")
    assert builder.draft == example().payload()
    intend(builder, "redo")
    assert grid_row(builder, GENDER, MEN)["percent"] == "60"
    assert builder.errors == []


def test_quotas_can_be_sent_as_completes() -> None:
    builder = builder_of(example())
    fill(builder, "Completes", "101")
    fill(builder, "Quotas are sent as", "completes")
    profiling = builder.draft["profiling"]
    targets = profiling["profiles"][0]["targets"]
    assert profiling["profile_adjustment_type"] == "nominal"
    assert [target["quota"]["completes_goal"] for target in targets] == [51, 50]
    assert builder.report.ok
    fill(builder, "Quotas are sent as", "percent")
    assert builder.draft["profiling"] == example().payload()["profiling"]


def test_quotas_of_the_wrong_kind_are_told_and_not_changed() -> None:
    body = changed(example(), *PROFILE, "targets", 0, "quota", to={"completes_goal": 5})
    body["profiling"]["profiles"][0]["targets"][1]["quota"] = {"completes_goal": 5}
    group = TargetGroup.model_validate(body)
    builder = builder_of(group)
    assert builder.draft == group.payload()
    assert [f.code for f in builder.report.errors] == [
        "percentage_adjustment_cannot_have_nominal_043"
    ]
    fill(builder, "Quotas are sent as", "completes")
    assert builder.report.ok


def test_a_label_takes_the_place_of_the_deprecated_name() -> None:
    builder = builder_of(example())
    type_in(builder, GENDER, MEN, "label", "men")
    target = builder.draft["profiling"]["profiles"][0]["targets"][0]
    assert target == {
        "conditions": [selection(43, "1")],
        "quota": {"completes_goal_percentage": 50},
        "name": "men",
    }


def test_profiles_come_and_go() -> None:
    builder = builder_of(example())
    intend(builder, "remove_part", part=grid_part(builder, GENDER)["id"])
    assert builder.value is not None
    assert builder.value.profiling is None
    intend(builder, "add_part")
    assert not builder.report.ok
    intend(builder, "undo")
    intend(builder, "undo")
    assert builder.draft == example().payload()
    assert builder.errors == []


def test_a_template_adds_profiles_of_its_own() -> None:
    builder = builder_of(example())
    uuid = "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"
    fill(builder, "Profile template", uuid)
    profiling = example().payload()["profiling"]
    assert builder.draft["profiling"] == profiling | {"template_id": uuid}
    intend(builder, "remove_part", part=grid_part(builder, GENDER)["id"])
    assert builder.value is not None
    assert builder.value.profiling is not None
    assert builder.value.profiling.payload() == {
        "template_id": uuid,
        "profile_adjustment_type": "percentage",
    }
    fill(builder, "Profile template", "mine")
    assert "doesn&#x27;t have the form" in beside(builder, "Profile template")


def test_the_window_is_part_of_it() -> None:
    builder = builder_of(example())
    heard = listening(builder)
    assert builder.window.draft["tz"] == "Europe/Berlin"
    fill(builder, "Start time", "10:00")
    assert [group.fielding_specification.payload() for group in heard] == [
        {"start_at": "2026-12-03T09:00:00.000Z", "end_at": "2026-12-14T08:22:18.821Z"}
    ]
    fill(builder, "End date", date(2026, 12, 2))
    assert "before it starts" in beside(builder, "End date")
    assert (len(heard), builder.report.ok) == (1, False)
    fill(builder, "Start time", "25")
    assert [f.path for f in builder.report.errors] == [("fielding_specification", "start_at")]
    fill(builder, "Start time", "10:00")
    fill(builder, "Days", "3")
    assert heard[-1].fielding_specification.payload() == {
        "start_at": "2026-12-03T09:00:00.000Z",
        "end_at": "2026-12-06T09:00:00.000Z",
    }
    assert builder.errors == []


def test_a_window_set_from_code_is_taken() -> None:
    builder = builder_of(example())
    window = FieldingWindow.opening("2027-01-04 09:00", days=5, tz="Europe/Berlin")
    builder.window.value = window
    assert builder.value is not None
    assert builder.value.fielding_specification == window.specification()


def test_last_years_group_is_shown_with_its_problems() -> None:
    old = TargetGroup.example(now=datetime(2025, 6, 1, tzinfo=UTC))
    builder = builder_of(old)
    assert builder.value is old
    assert [f.code for f in builder.report.errors] == ["start_at_too_soon", "end_at_too_soon"]
    assert "less than an hour ahead" in beside(builder, "Start date")


def test_an_end_before_its_start_is_shown_as_it_came() -> None:
    times = {"start_at": "2026-12-11T08:00:00Z", "end_at": "2026-12-10T08:00:00Z"}
    group = example().replace(fielding_specification=times)
    builder = builder_of(group)
    assert builder.draft == group.payload()
    assert control(builder, "End date").value == date(2026, 12, 10)
    assert "before it starts" in beside(builder, "End date")
    fill(builder, "End date", date(2026, 12, 20))
    assert builder.report.ok


def test_an_empty_form_asks_for_what_it_needs_and_becomes_a_group() -> None:
    builder = builder_of(None)
    heard = listening(builder)
    assert (builder.value, builder.code()) == (None, "# There is no target group yet.\n")
    assert {f.path for f in builder.report.errors} == {
        (name,)
        for name in (
            "name",
            "business_unit_id",
            "project_manager_id",
            "expected_length_of_interview_minutes",
            "expected_incidence_rate",
            "fielding_specification",
            "locale",
            "completes_goal",
        )
    }
    assert "Nothing yet" in shown(builder)
    for label, typed in [
        ("Name", "Tea in Germany"),
        ("Locale", "ger_de"),
        ("Completes", "100"),
        ("Interview, minutes", "10"),
        ("Incidence, percent", "50"),
        ("Business unit", "1207"),
        ("Project manager", "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"),
        ("Start date", date(2026, 12, 3)),
        ("Start time", "9"),
        ("Days", "10"),
    ]:
        fill(builder, label, typed)
    assert [group.payload() for group in heard] == [
        {
            "name": "Tea in Germany",
            "business_unit_id": 1207,
            "project_manager_id": "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5",
            "collects_pii": False,
            "expected_length_of_interview_minutes": 10,
            "expected_incidence_rate": 0.5,
            "fielding_specification": {
                "start_at": "2026-12-03T08:00:00.000Z",
                "end_at": "2026-12-13T08:00:00.000Z",
            },
            "fielding_assistant_assignment": {
                "quota_overlay": {"prevent_overfill": True, "balance_fill": False}
            },
            "locale": "ger_de",
            "completes_goal": 100,
            "allocations": Allocations.open_exchange().payload(),
        }
    ]
    assert builder.report.findings == ()
    assert builder.errors == []


def test_setting_the_group_moves_everything() -> None:
    builder = builder_of(example())
    heard = listening(builder)
    fill(builder, "Name", "Tea")
    fill(builder, "Start time", "25")
    builder.value = rich()
    assert json.dumps(builder.draft) == rich().to_json()
    builder.value = example()
    assert json.dumps(builder.draft) == example().to_json()
    builder.value = example()
    assert (heard, builder.errors) == ([rich(), example()], [])


def test_builders_on_one_group_stay_in_step() -> None:
    one, other = builder_of(example()), builder_of(example())
    link = traitlets.link((one, "value"), (other, "value"))
    heard = listening(one), listening(other)
    fill(one, "Name", "Tea drinkers")
    fill(other, "Completes", "400")
    type_in(one, GENDER, MEN, "percent", "60")
    type_in(one, GENDER, WOMEN, "percent", "40")
    assert one.draft == other.draft
    assert one.value is other.value
    assert [len(events) for events in heard] == [3, 3]
    assert (control(one, "Completes").value, control(other, "Name").value) == (
        "400",
        "Tea drinkers",
    )
    assert one.errors == other.errors == []
    link.unlink()


def test_the_same_group_again_puts_the_screen_back() -> None:
    builder = builder_of(example())
    fill(builder, "Name", "Tea")
    fill(builder, "Start time", "25")
    builder.value = example()
    assert json.dumps(builder.draft) == example().to_json()
    assert builder.report.ok


def page(builder: TargetGroupBuilder, index: int) -> str:
    builder._outcome.tabs.selected_index = index
    return str(builder._outcome.tabs.children[index].value)


def test_preview_python_json_and_curl_follow() -> None:
    builder = builder_of(example())
    fill(builder, "Name", "<script>alert(1)</script>")
    pages = [page(builder, index) for index in (0, 1, 2, 3)]
    assert all("&lt;script&gt;" in text and "<script" not in text for text in pages)
    assert "tgk.TargetGroup(" in pages[1]
    assert "&quot;name&quot;: " in pages[2]
    assert "Bearer $CINT_TOKEN" in pages[3]
    assert "<script" not in shown(builder)
    assert "27.3520 <small>EUR</small>" in shown(builder)
    assert builder.errors == []


def test_the_static_twin_says_the_same() -> None:
    builder = builder_of(example().replace(name="<script>alert(1)</script>"))
    bundle = builder._repr_mimebundle_()
    assert "&lt;script&gt;" in bundle["text/html"]
    assert "<script" not in bundle["text/html"]
    assert "27.3520 EUR for the goal" in bundle["text/html"]
    assert "deprecated" in bundle["text/html"]
    assert "Bearer $CINT_TOKEN" in bundle["text/html"]
    assert "http" not in bundle["text/html"].replace("https://mytestsurvey.com", "").replace(
        "https://api.cint.com", ""
    )


def test_two_thousand_targets_stay_light() -> None:
    targets = [
        {
            "name": f"cell {n}",
            "conditions": [selection(96, str(n))],
            "quota": {"completes_goal_percentage": 0.05},
        }
        for n in range(2000)
    ]
    profile = {"object": "regular", "name": "many", "quotas_enabled": True, "targets": targets}
    group = example().replace(
        profiling={"profile_adjustment_type": "percentage", "profiles": [profile]}
    )
    before = models()
    builder = builder_of(group)
    assert models() - before < 250
    assert [f.code for f in builder.report.errors] == [
        "total_number_of_quotas_cannot_be_greater_than_max_030"
    ]
    assert "2,000 quotas; 350 is the most." in shown(builder)
    assert builder.draft == group.payload()


def test_nothing_leaks_over_many_edits() -> None:
    builder = builder_of(example())
    builder.value = rich()
    builder.value = example()
    before = models()
    for n in range(10):
        fill(builder, "Name", f"Another name {n}")
        builder.value = rich()
        intend(builder, "add_part")
        intend(builder, "undo")
        fill(builder, "Start time", f"{n}:30")
        builder.value = example()
    assert (models(), builder.errors) == (before, [])


def test_edits_in_other_threads() -> None:
    builder = builder_of(example())

    def edit(number: int) -> None:
        fill(builder, "Name", f"A name of thread {number}")
        fill(builder, "Completes", str(10 + number))
        fill(builder, "Start time", f"{number}:00")

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert builder.errors == []
    assert builder.value is not None
    assert builder.value.payload() == builder.draft


names = st.text(min_size=5, max_size=128)
edits = st.fixed_dictionaries(
    {},
    optional={
        "Name": names,
        "Completes": st.integers(1, 10**6).map(str),
        "Incidence, percent": st.integers(0, 100).map(str),
        "Interview, minutes": st.integers(1, 45).map(str),
        "Currency": st.from_regex(r"[A-Z]{3}", fullmatch=True),
        "Price per complete (CPI)": st.decimals("0.01", 100, places=2).map(str),
        "Collects personal data": st.booleans(),
        "Suppliers": st.sampled_from(["", "open", "chosen"]),
        "Quotas are sent as": st.sampled_from(["percent", "completes"]),
    },
)


@settings(deadline=None, max_examples=60)
@given(edits)
def test_any_edits_make_a_group_that_its_code_rebuilds(typed: dict[str, Any]) -> None:
    builder = builder_of(example())
    for label, what in typed.items():
        fill(builder, label, what)
    assert builder.errors == []
    assert builder.value is not None
    if builder.report.ok:
        assert builder.value.payload() == TargetGroup.model_validate(builder.draft).payload()
    assert rebuilt(builder.code()).to_json() == builder.value.to_json()
    assert builder_of(builder.value).draft == builder.value.payload()


def test_nothing_typed_changes_nothing() -> None:
    for group in (example(), rich()):
        body = group.payload()
        assert laid_over(body, typed_of(body)) == body
    assert value_at({"a": {"b": 1}}, ("a", "b")) == 1
    assert value_at({"a": 1}, ("a", "b")) is None


@pytest.mark.parametrize(
    ("locale", "zone"),
    [
        ("ger_de", "Europe/Berlin"),
        ("eng_gb", "Europe/London"),
        ("jpn_jp", "Asia/Tokyo"),
        ("dan_dk", "Europe/Berlin"),
        ("eng_us", "UTC"),
        ("xxx_xx", "UTC"),
        ("ger", "UTC"),
        (None, "UTC"),
    ],
)
def test_the_zone_of_a_locale(locale: str | None, zone: str) -> None:
    assert zone_of_locale(locale) == zone
