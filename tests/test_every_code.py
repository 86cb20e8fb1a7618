"Each code with its smallest failing plan and the nearest passing one: one finding, at its place."

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from contract import july, needs_contract
from plans import (
    ADULTS,
    ALLOCATIONS,
    NOW,
    OWN,
    PROJECT,
    ULID,
    UUID,
    Body,
    Fielded,
    Library,
    after,
    ages,
    caps,
    cells,
    control,
    genders,
    interlock,
    money,
    plan,
    regular,
    sel,
    span,
    target,
    written,
)

from target_group_kit.contract.checks import FORMS, RULES, check, explain
from target_group_kit.contract.elsewhere import ANSWERS, NAMES_ONLY, UNMET
from target_group_kit.contract.errors import KitError, Level, Path, parse_path
from target_group_kit.contract.names import RENAMED
from target_group_kit.contract.rules import RuleBook, enter_form
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import Word

PROFILES = "profiling.profiles"
FIRST, CONTROL = f"{PROFILES}[0]", f"{PROFILES}[2]"
TARGETS = f"{FIRST}.targets"
CONDITION = f"{TARGETS}[0].conditions[0]"
WRITTEN = f"{CONDITION}.open_ended_values"
ASSISTANT = "fielding_assistant_assignment"
OPEN = "open_exchange_allocations"
UNIT = {"id": 1207, "currency_code": "EUR", "pricing_models": ["dynamic"]}
CARD = {"id": 1207, "currency_code": "EUR", "pricing_models": ["rate_card"]}


@dataclass(frozen=True)
class Case:
    "A code, a plan that has just this mistake, and the nearest that has none."

    code: str
    at: str
    wrong: Any
    right: Any
    options: dict[str, Any] = field(default_factory=dict)
    level: Level | None = None  # The rule's own when left out

    @property
    def path(self) -> Path:
        return parse_path(self.at)


def without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


def percents(*shares: float, goal: int = 10, **more: Any) -> Body:
    targets = (target(sel(43, str(i)), p=share) for i, share in enumerate(shares))
    return plan(regular(*targets), adjustment="percentage", completes_goal=goal, **more)


def nominals(*goals: int, **fields: Any) -> Body:
    return plan(regular(*(target(sel(43, str(i)), n=n) for i, n in enumerate(goals))), **fields)


def assisted(**modules: Any) -> Body:
    return plan(fielding_assistant_assignment=modules)


def priced(**pricing: Any) -> Body:
    return assisted(pricing={"type": "dynamic"} | pricing)


def paced(interval: str) -> Body:
    return assisted(pacing={"type": "linear", "increment_interval": interval})


def window(start: float, end: float, **fields: Any) -> Body:
    return plan(fielding_specification={"start_at": after(start), "end_at": after(end)}, **fields)


def softly(hours: float, zone: str = "Z") -> Body:
    soft = {"filling_goal_percentage": 10, "demographics_strictness_percentage": 50}
    end = after(hours).removesuffix("Z") + zone
    return window(2, 48, fielding_assistant_assignment={"soft_launch": {"end_at": end} | soft})


def supplied(*groups: Body, private: tuple[Body, ...] = (), low: int = 0, high: int = 0) -> Body:
    opened = ALLOCATIONS["open_exchange_allocations"] | {
        "exchange_min_percentage": low,
        "exchange_max_percentage": high,
        "groups": list(groups),
    }
    more = {"private_exchange_allocations": {"blocked_supplier_ids": [], "groups": list(private)}}
    return plan(allocations={OPEN: opened} | (more if private else {}))


def group(name: str = "A", low: int = 0, high: int = 100, **more: Any) -> Body:
    part = {"group_name": name, "min_percentage": low, "max_percentage": high}
    return part | (more or {"suppliers": ["980"]})


def excluding(**exclusion: Any) -> Body:
    return plan(respondent_activity_exclusions=[{"type": "target-group", "id": ULID} | exclusion])


def asked(*conditions: Body, on: bool = False, **fields: Any) -> Body:
    "A profile that screens with a target for each condition."
    return plan(regular(*map(target, conditions), on=on), **fields)


def grouped(*conditions: Body, name: str = "both") -> Body:
    return plan(regular(target(*conditions, name=name), on=False))


def crossed(*targets: Body) -> Body:
    return plan(interlock(*targets))


def capped(*targets: Body) -> Body:
    return plan(genders(), ages(*ADULTS), caps(*targets))


def zips(count: int) -> Body:
    return written(*(f"{10000 + i}" for i in range(count)), question=45)


A, B = sel(113, "4"), sel(113, "5")
HERE, THERE = sel(96, "1"), sel(96, "2")
BERLIN, BONN = written("10115", question=45), written("53111", question=45)
CATALOG, LIVE = {"catalog": Library()}, {"live": Fielded()}

WORDS = [
    Case("missing", "locale", without(plan(), "locale"), plan()),
    Case("null", "study_type_code", plan(study_type_code=None), plan(study_type_code="adhoc")),
    Case(
        "unknown_field",
        "live_ulr",
        without(plan(), "live_url") | {"live_ulr": "https://a.example/?r=[%RID%]"},
        plan(live_url="https://a.example/?r=[%RID%]"),
    ),
    Case(
        "not_a_choice",
        "filling_strategy",
        plan(filling_strategy="fast"),
        plan(filling_strategy="completes"),
    ),
    Case(
        "out_of_bounds",
        "expected_length_of_interview_minutes",
        plan(expected_length_of_interview_minutes=46),
        plan(expected_length_of_interview_minutes=45),
    ),
    Case("wrong_length", "name", plan(name="Tea4"), plan(name="Tea45")),
    Case(
        "wrong_form",
        "project_manager_id",
        plan(project_manager_id=UUID[:-1]),
        plan(project_manager_id=UUID),
    ),
    Case("invalid_key", "[7]", plan() | {7: 1}, plan()),
    Case("wrong_type", "collects_pii", plan(collects_pii="no"), plan(collects_pii=False)),
    Case(
        "too_many_decimals",
        "expected_incidence_rate",
        plan(expected_incidence_rate=0.295),
        plan(expected_incidence_rate=0.29),
    ),
    Case(
        "no_time_zone",
        f"{ASSISTANT}.soft_launch.end_at",
        softly(24, zone=""),
        softly(24),
    ),
    Case(
        "values_with_allow_all",
        WRITTEN,
        asked(written("a") | {"allow_all_values": True}),
        asked(written()),
    ),
    Case(
        "values_missing",
        WRITTEN,
        asked(written() | {"allow_all_values": False}),
        asked(written("a")),
    ),
    Case(
        "quota_with_two_numbers",
        f"{TARGETS}[0].quota",
        plan(
            regular(
                target(sel(43, "1"))
                | {"quota": {"completes_goal": 10, "completes_goal_percentage": 100}}
            )
        ),
        nominals(10),
    ),
    Case(
        "given_twice",
        "respondent_activity_exclusions[0].respondent_statuses",
        excluding(respondent_statuses=["Complete", "Complete"]),
        excluding(respondent_statuses=["Complete", "Terminate"]),
    ),
    Case("not_json", "", "{", json.dumps(plan())),
    Case(
        "not_supported_profile_type_013",
        f"{FIRST}.object",
        plan(genders() | {"object": "grouped"}),
        plan(genders()),
    ),
    Case(
        "total_completes_goal_cannot_be_less_than_one_016",
        "completes_goal",
        plan(completes_goal=0),
        plan(completes_goal=1),
    ),
    Case(
        "at_least_one_quota_object_should_be_populated_with_completes_goal_or_"
        "completes_goal_percentage_value_026",
        f"{TARGETS}[0].quota",
        plan(regular(target(sel(43, "1")) | {"quota": {}})),
        nominals(10),
    ),
    Case(
        "invalid_start_at_or_end_at_date_format_037",
        "fielding_specification.end_at",
        plan(fielding_specification={"start_at": after(2), "end_at": "2026-12-24"}),
        window(2, 24),
    ),
    Case(
        "profiles_and_profile_adjustment_type_must_be_provided_050",
        "profiling.profile_adjustment_type",
        plan(profiling={"profiles": [genders()]}),
        plan(genders()),
    ),
    Case(
        "at_least_one_profile_must_be_in_profiles_object_051",
        PROFILES,
        plan(profiling={"profile_adjustment_type": "nominal", "profiles": []}),
        plan(genders()),
    ),
    Case(
        "allow_all_values_must_be_populated_for_open_ended_condition_054",
        f"{CONDITION}.allow_all_values",
        asked(without(written("a"), "allow_all_values")),
        asked(written("a")),
    ),
]
DELIVERY = [
    Case("start_at_too_soon", "fielding_specification.start_at", window(0.99, 9), window(1, 9)),
    Case("end_at_too_soon", "fielding_specification.end_at", window(1, 0.99), window(1, 1.01)),
    Case(
        "start_at_and_end_at_cannot_be_same_035",
        "fielding_specification.end_at",
        window(2, 2),
        window(2, 2.01),
    ),
    Case(
        "end_at_cannot_be_before_start_at_036",
        "fielding_specification.end_at",
        window(3, 2),
        window(2, 3),
    ),
    Case(
        "soft_launch_outside_window", f"{ASSISTANT}.soft_launch.end_at", softly(48.01), softly(48)
    ),
    Case(
        "pacing_interval_form",
        f"{ASSISTANT}.pacing.increment_interval",
        paced("P2W"),
        paced("P14D"),
    ),
    Case(
        "pacing_interval_length",
        f"{ASSISTANT}.pacing.increment_interval",
        paced("P398D"),
        paced("P397DT23H59M59S"),
    ),
    Case(
        "url_not_https",
        "live_url",
        plan(live_url="http://a.example/?r=[%RID%]"),
        plan(live_url="https://a.example/?r=[%RID%]"),
    ),
    Case(
        "rid_placeholder_missing",
        "live_url",
        plan(live_url="https://a.example/?r="),
        plan(live_url="https://a.example/?r=[%RID%]"),
    ),
    Case(
        "live_url_missing",
        "live_url",
        plan(live_url=None),
        plan(live_url="https://a.example/?r=[%RID%]"),
        {"stage": "launch"},
    ),
    Case(
        "business_unit_differs",
        "business_unit_id",
        plan(business_unit_id=1208),
        plan(business_unit_id=1207),
        {"business_unit": UNIT},
    ),
    Case(
        "currency_differs",
        f"{ASSISTANT}.pricing.total_budget.currency_code",
        priced(total_budget=money("90", "USD")),
        priced(total_budget=money("90")),
    ),
    Case(
        "pricing_module_differs",
        f"{ASSISTANT}.pricing.type",
        without(
            assisted(pricing={"type": "dynamic", "maximum_cpi": money("3")}), "cost_per_interview"
        ),
        without(assisted(pricing={"type": "rate_card"}), "cost_per_interview"),
        {"business_unit": CARD},
    ),
    Case("pricing_bound", f"{ASSISTANT}.pricing", priced(), priced(maximum_cpi=money("3"))),
    Case(
        "minimum_cpi_too_high",
        f"{ASSISTANT}.pricing.minimum_cpi",
        priced(maximum_cpi=money("3"), minimum_cpi=money("3.00")),
        priced(maximum_cpi=money("3"), minimum_cpi=money("2.99")),
    ),
    Case(
        "cpi_under_rate_card",
        "cost_per_interview",
        assisted(pricing={"type": "rate_card", "boost_cpi": money("1")}),
        without(
            assisted(pricing={"type": "rate_card", "boost_cpi": money("1")}), "cost_per_interview"
        ),
    ),
    Case(
        "cpi_above_limit",
        "cost_per_interview.value",
        plan(cost_per_interview=money("105.01", "USD"), fielding_assistant_assignment={}),
        plan(cost_per_interview=money("105.00", "USD"), fielding_assistant_assignment={}),
    ),
    Case(
        "allocations_twice",
        "allocation_template",
        plan(allocation_template={"id": ULID, "type": "global"}),
        without(plan(allocation_template={"id": ULID, "type": "global"}), "allocations"),
    ),
    Case("allocations_missing", "allocations", without(plan(), "allocations"), plan()),
    Case(
        "allocation_minimum_above_maximum",
        f"allocations.{OPEN}.groups[0].min_percentage",
        supplied(group(low=51, high=50), high=50),
        supplied(group(low=50, high=50), high=50),
    ),
    Case(
        "allocation_minimums_too_high",
        "allocations",
        supplied(group(low=61), high=50, low=40),
        supplied(group(low=60), high=50, low=40),
    ),
    Case(
        "allocation_maximums_too_low",
        "allocations",
        supplied(group(high=60), high=39),
        supplied(group(high=60), high=40),
    ),
    Case(
        "group_name_twice",
        "allocations.private_exchange_allocations.groups[0].group_name",
        supplied(group(), private=(group(supplier_id="7"),)),
        supplied(group(), private=(group("B", supplier_id="7"),)),
    ),
    Case(
        "exclusion_duration_form",
        "respondent_activity_exclusions[0].duration",
        excluding(duration="P1DT1H"),
        excluding(duration="P1D"),
    ),
    Case(
        "exclusion_duration_length",
        "respondent_activity_exclusions[0].duration",
        excluding(duration="P397D"),
        excluding(duration="P396D"),
    ),
    Case(
        "deprecated_field",
        "exclusion.list",
        plan(exclusion={"enabled": True, "list": []}),
        plan(exclusion={"enabled": True}),
    ),
    Case("placeholder_left_in", "name", plan(name="<YOUR NAME>"), plan(name="YOUR NAME")),
    Case("locale_form", "locale", plan(locale="ger-de"), plan(locale="ger_de")),
    Case(
        "incidence_rate_zero",
        "expected_incidence_rate",
        plan(expected_incidence_rate=0),
        plan(expected_incidence_rate=0.01),
    ),
    Case("id_as_text", "business_unit_id", plan(business_unit_id="1207"), plan()),
]
QUOTAS = [
    Case(
        "nominal_adjustment_cannot_have_percentage_042",
        TARGETS,
        plan(regular(target(sel(43, "1"), p=100))),
        plan(regular(target(sel(43, "1"), p=100)), adjustment="percentage"),
    ),
    Case(
        "percentage_adjustment_cannot_have_nominal_043",
        TARGETS,
        plan(regular(target(sel(43, "1"), n=10)), adjustment="percentage"),
        plan(regular(target(sel(43, "1"), n=10))),
    ),
    Case(
        "completes_goal_percentage_must_be_populated_for_quota_enabled_profile_052",
        TARGETS,
        plan(regular(target(sel(43, "1"))), adjustment="percentage"),
        plan(regular(target(sel(43, "1")), on=False), adjustment="percentage"),
    ),
    Case(
        "completes_goal_must_be_populated_for_quota_enabled_profile_053",
        TARGETS,
        plan(regular(target(sel(43, "1")))),
        plan(regular(target(sel(43, "1")), on=False)),
    ),
    Case(
        "disabled_profile_cannot_have_completes_goal_061",
        f"{FIRST}.quotas_enabled",
        plan(genders(on=False)),
        plan(genders()),
    ),
    Case(
        "quota_will_be_always_enabled_for_blended_profile_025",
        f"{FIRST}.quotas_enabled",
        plan(cells(on=False)),
        plan(cells()),
    ),
    Case("incorrect_sum_of_percentage_009", TARGETS, percents(50, 49.99), percents(50, 50)),
    Case("incorrect_sum_of_nominal_010", TARGETS, nominals(4, 5), nominals(5, 5)),
    Case(
        "quota_value_greater_than_completes_goal_047",
        f"{TARGETS}[0].quota.completes_goal",
        nominals(11),
        nominals(10),
    ),
    Case(
        "at_least_one_quota_should_have_completes_goal_greater_than_zero_063",
        TARGETS,
        nominals(0),
        nominals(10),
    ),
    Case(
        "at_least_one_quota_should_have_completes_goal_percentage_greater_than_zero_064",
        TARGETS,
        percents(0),
        percents(100),
    ),
    Case("empty_cell", TARGETS, nominals(10, 0), nominals(9, 1)),
    Case("cell_below_one_complete", TARGETS, percents(90.01, 9.99), percents(90, 10)),
    Case(
        "total_number_of_quotas_cannot_be_greater_than_max_030",
        PROFILES,
        nominals(*[1] * 351, completes_goal=351),
        nominals(*[1] * 350, completes_goal=350),
    ),
    Case(
        "total_completes_goal_cannot_be_greater_than_max_017",
        "completes_goal",
        plan(completes_goal=2**31),
        plan(completes_goal=10_000),
    ),
    Case(
        "goal_above_feasibility",
        "completes_goal",
        plan(completes_goal=10_001),
        plan(completes_goal=10_000),
    ),
    Case(
        "template_allows_only_percentage_adjustment_041",
        "profiling.profile_adjustment_type",
        plan(profiling={"template_id": UUID, "profile_adjustment_type": "nominal"}),
        plan(profiling={"template_id": UUID, "profile_adjustment_type": "percentage"}),
    ),
]
BLENDS = [
    Case(
        "profile_not_unique_006",
        f"{PROFILES}[1]",
        plan(genders(), genders()),
        plan(genders(), ages(*ADULTS)),
    ),
    Case(
        "blended_profile_cannot_be_more_than_1_034",
        f"{PROFILES}[1]",
        plan(
            cells(),
            interlock(target(sel(43, "1"), span(18, 99), n=10, name="men"), name="more"),
        ),
        plan(cells()),
    ),
    Case(
        "blended_profile_with_control_as_blended_type_cannot_be_more_than_1_066",
        f"{PROFILES}[3]",
        plan(genders(), ages(*ADULTS), caps(), caps()),
        plan(genders(), ages(*ADULTS), caps()),
    ),
    Case(
        "blended_profiles_cannot_have_more_than_3_questions_023",
        TARGETS,
        crossed(target(sel(43, "1"), span(18, 24), A, HERE, n=10, name="a")),
        crossed(target(sel(43, "1"), span(18, 24), A, n=10, name="a")),
    ),
    Case(
        "profiles_to_be_blended_cannot_have_only_one_question_049",
        TARGETS,
        crossed(target(A, B, n=10, name="a")),
        crossed(target(A, HERE, n=10, name="a")),
    ),
    Case(
        "blended_profile_cannot_have_only_one_condition_058",
        f"{TARGETS}[1].conditions",
        crossed(target(A, HERE, n=5, name="a"), target(B, n=5, name="b")),
        crossed(target(A, HERE, n=5, name="a"), target(B, HERE, n=5, name="b")),
    ),
    Case(
        "interlock_cell_differs",
        f"{TARGETS}[1].conditions",
        crossed(target(A, HERE, n=5, name="a"), target(B, sel(43, "1"), n=5, name="b")),
        crossed(target(A, HERE, n=5, name="a"), target(B, HERE, n=5, name="b")),
    ),
    Case(
        "zip_not_supported_in_blended_021",
        f"{TARGETS}[0].conditions[1].question_id",
        crossed(target(A, BERLIN, n=10, name="a")),
        crossed(target(A, HERE, n=10, name="a")),
    ),
    Case(
        "blended_profile_with_control_as_blended_type_should_match_with_regular_profiles_067",
        f"{CONTROL}.targets[0].conditions[1]",
        capped(target(sel(43, "1"), span(18, 33), n=3, name="young men")),
        capped(target(sel(43, "1"), span(18, 34), n=3, name="young men")),
    ),
    Case(
        "blended_profile_with_control_as_blended_type_cannot_share_questions_with_"
        "blended_type_as_interlock_or_null_blended_type_068",
        f"{CONTROL}.targets[0].conditions[1].question_id",
        plan(genders(), cells(), control(target(sel(43, "1"), A, n=3, name="men"))),
        plan(genders(), cells(), control(target(sel(43, "1"), n=3, name="men"))),
    ),
    Case(
        "total_completes_goal_cannot_be_less_than_control_blended_profile_completes_goal_075",
        f"{CONTROL}.targets[0].quota.completes_goal",
        capped(target(sel(43, "1"), n=11, name="men")),
        capped(target(sel(43, "1"), n=10, name="men")),
    ),
    Case(
        "target_name_or_quota_name_must_be_provided_for_multiple_conditions_057",
        f"{TARGETS}[0].name",
        crossed(target(A, HERE, n=10)),
        crossed(target(A, HERE, n=10, name="a")),
    ),
    Case(
        "blended_profile_with_control_as_blended_type_must_have_target_or_quota_name_072",
        f"{CONTROL}.targets[0].name",
        capped(target(sel(43, "1"), n=3)),
        capped(target(sel(43, "1"), n=3, name="men")),
    ),
    Case(
        "duplicate_quota_name_056",
        f"{TARGETS}[1].name",
        plan(regular(target(A, n=5, name="a"), target(B, n=5, name="a"))),
        plan(regular(target(A, n=5, name="a"), target(B, n=5, name="b"))),
    ),
    Case(
        "blended_profile_with_control_as_blended_type_cannot_have_duplicate_target_or_quota_name_073",
        f"{CONTROL}.targets[1].name",
        capped(target(sel(43, "1"), n=3, name="a"), target(sel(43, "2"), n=3, name="a")),
        capped(target(sel(43, "1"), n=3, name="a"), target(sel(43, "2"), n=3, name="b")),
    ),
]
CONDITIONS = [
    Case(
        "profile_condition_min_greater_than_max_001",
        f"{CONDITION}.min",
        asked(span(24, 18)),
        asked(span(18, 18)),
    ),
    Case(
        "profile_condition_ranges_should_not_overlap_014",
        TARGETS,
        plan(ages((18, 24), (24, 30))),
        plan(ages((18, 24), (25, 30))),
    ),
    Case(
        "duplicate_condition_039",
        f"{TARGETS}[0].conditions[1]",
        grouped(A, A),
        grouped(A, B),
    ),
    Case(
        "group_quota_not_unique_005",
        f"{TARGETS}[1].conditions",
        crossed(target(A, HERE, n=5, name="a"), target(HERE, A, n=5, name="b")),
        crossed(target(A, HERE, n=5, name="a"), target(THERE, A, n=5, name="b")),
    ),
    Case("ungroup_quota_not_unique_007", f"{TARGETS}[1].conditions[0]", asked(A, A), asked(A, B)),
    Case(
        "profile_condition_not_unique_003",
        f"{TARGETS}[1].conditions[0]",
        plan(regular(target(A, B, name="both"), target(A), on=False)),
        plan(regular(target(A, B, name="both"), target(sel(113, "6")), on=False)),
    ),
    Case(
        "regular_profile_cannot_have_more_than_one_question_048",
        f"{TARGETS}[1].conditions[0].question_id",
        asked(A, HERE),
        asked(A, B),
    ),
    Case("invalid_open_ended_option_032", WRITTEN, asked(written("a", " ")), asked(written("a"))),
    Case("value_listed_twice", WRITTEN, asked(written("a", "a")), asked(written("a", "b"))),
    Case(
        "value_in_two_targets",
        f"{TARGETS}[1].conditions[0].open_ended_values",
        asked(written("a", "b"), written("b", "c")),
        asked(written("a", "b"), written("c")),
    ),
    Case("zip_values_cannot_be_greater_than_max_038", WRITTEN, asked(zips(1000)), asked(zips(999))),
    Case(
        "allow_all_values_target_cannot_have_quota_065",
        f"{TARGETS}[0].quota",
        plan(regular(target(written(), n=10))),
        plan(regular(target(written("a"), n=10))),
    ),
]
KNOWN = [
    Case(
        "invalid_question_id_015",
        f"{CONDITION}.question_id",
        asked(sel(44, "1")),
        asked(sel(43, "1")),
        CATALOG,
    ),
    Case(
        "profile_with_invalid_condition_012",
        f"{CONDITION}.object",
        asked(sel(42, "18")),
        asked(span(18, 18)),
        CATALOG,
    ),
    Case(
        "not_supported_question_option_020",
        f"{CONDITION}.option",
        asked(sel(43, "3")),
        asked(sel(43, "2")),
        CATALOG,
    ),
    Case(
        "open_ended_values_must_be_of_same_length_as_option_mask_055",
        WRITTEN,
        asked(written("1011", question=45)),
        asked(BERLIN),
        CATALOG,
    ),
    Case(
        "invalid_zip_code_018", WRITTEN, asked(written("00000", question=45)), asked(BONN), CATALOG
    ),
    Case(
        "template_locale_does_not_match_target_group_locale_040",
        "profiling.template_id",
        plan(
            locale="eng_us",
            profiling={"template_id": UUID, "profile_adjustment_type": "percentage"},
        ),
        plan(profiling={"template_id": UUID, "profile_adjustment_type": "percentage"}),
        CATALOG,
    ),
    Case(
        "template_unknown",
        "profiling.template_id",
        plan(
            profiling={
                "template_id": UUID.replace("5", "6"),
                "profile_adjustment_type": "percentage",
            }
        ),
        plan(profiling={"template_id": UUID, "profile_adjustment_type": "percentage"}),
        CATALOG,
    ),
    Case("profile_id_not_found_044", FIRST, plan(ages(*ADULTS)), plan(genders()), LIVE),
    Case(
        "target_id_not_found_for_profile_045",
        f"{TARGETS}[2]",
        nominals(4, 4, 2)
        | {
            "profiling": plan(
                regular(*(target(sel(43, o), n=n) for o, n in (("1", 4), ("2", 4), ("3", 2))))
            )["profiling"]
        },
        plan(genders()),
        LIVE,
    ),
    Case(
        "quota_value_less_than_completes_046",
        f"{TARGETS}[0].quota.completes_goal",
        plan(genders(1, 9)),
        plan(genders(2, 8)),
        LIVE,
    ),
    Case(
        "total_completes_goal_cannot_be_less_than_collected_076",
        "completes_goal",
        plan(completes_goal=2),
        plan(completes_goal=3),
        LIVE,
    ),
    Case(
        "excludes_itself",
        "respondent_activity_exclusions[0].id",
        excluding(id=OWN),
        excluding(id=PROJECT),
        LIVE,
    ),
]
CASES = [*WORDS, *DELIVERY, *QUOTAS, *BLENDS, *CONDITIONS, *KNOWN]


def found(plan: Any, options: dict[str, Any]) -> list[tuple[str, str, Path]]:
    report = check(plan, now=NOW, **options)
    assert all(f.message.endswith(".") and f.fix for f in report.findings), report
    assert all(RULES[f.code].tells(f.path) for f in report.findings), report
    return [(f.code, f.level, f.path) for f in report.findings]


each_case = pytest.mark.parametrize("case", CASES, ids=[case.code[-60:] for case in CASES])


@each_case
def test_the_smallest_failing_plan_has_one_finding(case: Case) -> None:
    expected = (case.code, case.level or RULES[case.code].level, case.path)
    assert found(case.wrong, case.options) == [expected]


@each_case
def test_the_nearest_plan_has_none(case: Case) -> None:
    assert found(case.right, case.options) == []


def both(*cases: tuple[str, str, str]) -> list[tuple[str, str, Path]]:
    return [(code, level, parse_path(at)) for code, level, at in cases]


BESIDES: dict[str, tuple[Body, dict[str, Any], list[tuple[str, str, Path]]]] = {
    "thirteen months may be too long": (
        excluding(duration="P13M"),
        {},
        both(
            ("exclusion_duration_length", "warning", "respondent_activity_exclusions[0].duration")
        ),
    ),
    "two years are": (
        excluding(duration="P2Y"),
        {},
        both(("exclusion_duration_length", "error", "respondent_activity_exclusions[0].duration")),
    ),
    "a year and a month without its days": (
        excluding(duration="P1Y1M"),
        {},
        both(
            ("exclusion_duration_length", "warning", "respondent_activity_exclusions[0].duration")
        ),
    ),
    "a year": (excluding(duration="P1Y"), {}, []),
    "caps above the goal together": (
        capped(target(sel(43, "1"), n=6, name="men"), target(sel(43, "2"), n=5, name="women")),
        {},
        both(
            (
                "total_completes_goal_cannot_be_less_than_control_blended_profile_"
                "completes_goal_075",
                "warning",
                f"{CONTROL}.targets",
            )
        ),
    ),
    "a control over four questions": (
        plan(
            genders(),
            ages(*ADULTS),
            regular(target(A), on=False),
            regular(target(HERE), on=False),
            control(target(sel(43, "1"), span(18, 34), A, HERE, n=1, name="few")),
        ),
        {},
        both(
            (
                "blended_profiles_cannot_have_more_than_3_questions_023",
                "warning",
                f"{PROFILES}[4].targets",
            )
        ),
    ),
    "an interlock short": (
        crossed(target(A, HERE, n=9, name="a")),
        {},
        both(("incorrect_sum_of_nominal_010", "warning", TARGETS)),
    ),
    "an interlock that asks what a regular profile asks": (
        plan(regular(target(HERE), on=False), cells()),
        {},
        both(("profile_not_unique_006", "error", f"{PROFILES}[1]")),
    ),
    "an interlock's cells with ranges that differ": (
        crossed(
            target(sel(43, "1"), span(18, 24), n=5, name="a"),
            target(sel(43, "2"), span(18, 25), n=5, name="b"),
        ),
        {},
        both(("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)),
    ),
    "a control's target twice": (
        capped(target(sel(43, "1"), n=3, name="a"), target(sel(43, "1"), n=3, name="b")),
        {},
        both(
            (
                "ungroup_quota_not_unique_007",
                "error",
                f"{CONTROL}.targets[1].conditions[0]",
            )
        ),
    ),
    "a control without any regular profile": (
        plan(control(target(sel(43, "1"), n=3, name="men"))),
        {},
        both(
            (
                "blended_profile_with_control_as_blended_type_should_match_with_"
                "regular_profiles_067",
                "error",
                CONDITION,
            )
        ),
    ),
    "two groups with the same ages": (
        plan(
            regular(
                target(span(18, 24), span(30, 34), name="a"),
                target(span(30, 34), span(18, 24), name="b"),
                on=False,
            )
        ),
        {},
        both(("profile_condition_ranges_should_not_overlap_014", "error", TARGETS)),
    ),
    "two lists of the same values": (
        asked(written("a", "b"), written("b", "a")),
        {},
        both(("ungroup_quota_not_unique_007", "error", f"{TARGETS}[1].conditions[0]")),
    ),
    "a quota's name twice": (
        plan(
            regular(
                target(A) | {"quota": {"name": "a", "completes_goal": 5}},
                target(B) | {"quota": {"name": "a", "completes_goal": 5}},
            )
        ),
        {},
        both(
            ("duplicate_quota_name_056", "error", f"{TARGETS}[1].quota.name"),
            ("deprecated_field", "warning", f"{TARGETS}[0].quota.name"),
            ("deprecated_field", "warning", f"{TARGETS}[1].quota.name"),
        ),
    ),
    "a question that no locale has, in every cell": (
        asked(A, B),
        CATALOG,
        both(("invalid_question_id_015", "error", f"{CONDITION}.question_id")),
    ),
    "an option nobody has, in two cells": (
        crossed(
            target(sel(43, "7"), span(18, 24), n=5, name="a"),
            target(sel(43, "7"), span(25, 99), n=5, name="b"),
        ),
        CATALOG,
        both(("not_supported_question_option_020", "error", f"{CONDITION}.option")),
    ),
    "ZIP codes of another length and of nowhere": (
        asked(written("1011", "00000", question=45)),
        CATALOG,
        both(
            ("open_ended_values_must_be_of_same_length_as_option_mask_055", "error", WRITTEN),
            ("invalid_zip_code_018", "error", WRITTEN),
        ),
    ),
    "ZIP codes as options": (
        asked(sel(45, "10115")),
        CATALOG,
        both(("profile_with_invalid_condition_012", "error", f"{CONDITION}.object")),
    ),
    "a live group's percentage below what came in": (
        percents(10, 90)
        | {
            "profiling": plan(
                regular(target(sel(43, "1"), p=10), target(sel(43, "2"), p=90)),
                adjustment="percentage",
            )["profiling"]
        },
        LIVE,
        both(
            (
                "quota_value_less_than_completes_046",
                "error",
                f"{TARGETS}[0].quota.completes_goal_percentage",
            )
        ),
    ),
    "a live group's own project": (
        excluding(type="project", id=PROJECT),
        LIVE,
        both(("excludes_itself", "error", "respondent_activity_exclusions[0].id")),
    ),
    "a rate card's unit, and no module": (
        plan(fielding_assistant_assignment={}),
        {"business_unit": CARD},
        both(("cpi_under_rate_card", "error", "cost_per_interview")),
    ),
    "three amounts, the first of them strange": (
        plan(
            cost_per_interview=money("2", "USD"),
            client_cost_per_interview_note=money("3"),
        ),
        {},
        both(("currency_differs", "error", "cost_per_interview.currency_code")),
    ),
    "a soft launch before the start": (
        softly(1.5),
        {},
        both(("soft_launch_outside_window", "error", f"{ASSISTANT}.soft_launch.end_at")),
    ),
    "misspelt allocations are not missing": (
        without(plan(), "allocations") | {"alocations": ALLOCATIONS},
        {},
        both(("unknown_field", "error", "alocations")),
    ),
}


@pytest.mark.parametrize("name", BESIDES)
def test_what_else_the_rules_say(name: str) -> None:
    body, options, expected = BESIDES[name]
    assert found(body, options) == expected


def test_a_code_is_entered_once() -> None:
    book = RuleBook()
    words: dict[str, Any] = {"why": "It is.", "fix": "Leave it."}
    enter_form(book, "odd", **words)
    with pytest.raises(ValueError, match="odd is entered twice"):
        enter_form(book, "odd", **words)


def test_every_code_has_a_case() -> None:
    codes = [case.code for case in CASES]
    assert len(codes) == len(set(codes))
    assert set(RULES) - set(codes) == {"not_curl"}
    assert set(FORMS) == {code for code, rule in RULES.items() if rule.of == "form"}


@needs_contract
def test_rules_and_the_table_of_the_others_are_all_published_codes() -> None:
    published = set(
        july()["components"]["schemas"]["InvalidParamData"]["properties"]["reason"]["enum"]
    )
    ours = {code for code, rule in RULES.items() if rule.number}
    assert ours | set(UNMET) == published
    assert ours & set(UNMET) == set()


@needs_contract
def test_every_published_number_is_explained() -> None:
    names = july()["components"]["schemas"]["InvalidParamData"]["properties"]["name"]["enum"]
    for name in names:
        number = name.removeprefix("profile_validation_error_")
        assert number in explain(name).splitlines()[0]
        assert explain(number) == explain(name) == explain(str(int(number)))
    assert set(NAMES_ONLY) == {"019"}


@pytest.mark.parametrize("code", [*RULES, *UNMET, *ANSWERS, "http_418"])
def test_every_code_is_explained(code: str) -> None:
    first, *rest = explain(code).splitlines()
    assert first.startswith(code)
    assert rest
    assert all(line.endswith((".", "…")) for line in rest), rest


def test_an_explanation_in_full() -> None:
    assert explain("009") == (
        "incorrect_sum_of_percentage_009 (error)\n"
        "A profile's percentages add up to exactly 100.00 (July specification, 009).\n"
        "→ Let `percentages(...)` share out 100.00, or change the cells named.\n"
        "Report.fixed() mends it where there is one way to."
    )
    assert explain("015") == (
        "invalid_question_id_015 (error)\n"
        "A question is in the library of the plan's locale (July specification, 015).\n"
        "→ Look the question up in that locale.\n"
        "Only checked when check() is given catalog=…"
    )


@pytest.mark.parametrize(
    ("said", "near"),
    [("rid_placeholder", "rid_placeholder_missing"), ("invalid_zip_code", "invalid_zip_code_018")],
)
def test_an_unknown_code_is_answered_with_the_nearest(said: str, near: str) -> None:
    with pytest.raises(KitError, match=f"{said}' is no code .* Did you mean '{near}'"):
        explain(said)


@pytest.mark.parametrize("said", ["999", "profile_validation_error_022", "27"])
def test_an_unused_number_is_no_code(said: str) -> None:
    with pytest.raises(KitError, match="is no code that the kit knows"):
        explain(said)


def test_what_nobody_was_asked_is_named() -> None:
    asked = {asks: {c for c, r in RULES.items() if r.asks == asks} for asks in ("catalog", "live")}
    assert set(check(plan(), now=NOW).unchecked) == asked["catalog"] | asked["live"]
    assert set(check(plan(), now=NOW, catalog=Library()).unchecked) == asked["live"]
    assert check(plan(), now=NOW, catalog=Library(), live=Fielded()).unchecked == ()
    assert str(check(plan(), now=NOW)) == "nothing found."


def test_an_older_name_is_a_name_of_today() -> None:
    def words(word: type[Word] = Word) -> list[type[Word]]:
        return [word, *(w for sub in word.__subclasses__() for w in words(sub))]

    assert TargetGroup in words()
    assert set(RENAMED.values()) <= {name for word in words() for name in word.model_fields}
