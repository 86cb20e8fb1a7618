"One mistake anywhere in a valid plan is one finding: there, or where its rule says."

import copy
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from generated_plans import nodes, reach, valid_plan
from plans import NOW, ULID, UUID, Body, after, money, sel

from target_group_kit.contract.checks import RULES, check
from target_group_kit.contract.errors import Path, path_text
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.contract.words import Word, locate

Expected = list[tuple[str | None, Path]]  # None for any code of that place
Mistake = Callable[[random.Random, Body], Expected | None]  # None where the plan has no room for it
MISTAKES: dict[str, Mistake] = {}
ANYWHERE: Path = ("anywhere",)  # Where the rule says
PROFILES = ("profiling", "profiles")
WINDOW, ASSISTANT = "fielding_specification", "fielding_assistant_assignment"
OPEN = ("allocations", "open_exchange_allocations")


def mistake(make: Mistake) -> Mistake:
    MISTAKES[make.__name__] = make
    return make


def profiles(body: Body) -> list[Body]:
    return (body.get("profiling") or {}).get("profiles") or []


def kind(profile: Body) -> str:
    blended = profile["object"] == "blended"
    return profile.get("blended_type", "interlock") if blended else profile["object"]


def chosen(
    rng: random.Random, body: Body, wanted: Callable[[Body], Any], alone: bool = False
) -> tuple[Path, Body] | None:
    "A profile with its path; alone, when no control repeats its conditions."
    if alone and any(kind(profile) == "control" for profile in profiles(body)):
        return None
    fitting = [(i, profile) for i, profile in enumerate(profiles(body)) if wanted(profile)]
    if not fitting:
        return None
    index, profile = rng.choice(fitting)
    return (*PROFILES, index), profile


def any_profile(profile: Body) -> bool:
    return bool(profile)


def adjustment(body: Body) -> str:
    return body["profiling"]["profile_adjustment_type"]


def has_quotas(profile: Body) -> bool:
    return all("quota" in t for t in profile["targets"])


def owners(path: Path) -> tuple[type[Word], ...]:
    return locate(TargetGroup, path)[1]


def objects(body: Body) -> list[Path]:
    "Every object of a plan that is a word, the plan itself among them."
    return [(), *(path for path in nodes(body) if isinstance(reach(body, path), dict))]


def word_at(body: Body, path: Path) -> type[Word]:
    "The word that stands at a path, by its kind and its fields."
    part = reach(body, path)
    fitting = [
        word
        for word in owners(path)
        if set(part) <= set(word.model_fields)
        and (not word.discriminator or part.get(word.discriminator) == word.kind())
    ]
    return fitting[0]


@mistake
def left_out(rng: random.Random, body: Body) -> Expected | None:
    path = rng.choice(objects(body))
    fields = word_at(body, path).model_fields.items()
    needed = [name for name, field in fields if field.is_required() or field.default is ...]
    needed += [name for name in ("object", "type") if name in reach(body, path)]
    if not needed:
        return None
    name = rng.choice(needed)
    del reach(body, path)[name]
    return [(None, (*path, name))]


@mistake
def misspelt(rng: random.Random, body: Body) -> Expected | None:
    path = rng.choice(objects(body))
    names = [n for n in reach(body, path) if len(n) > 4 and n not in ("object", "type")]
    if not names:
        return None
    name = rng.choice(names)
    at = rng.randrange(1, len(name) - 2)
    wrong = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if wrong == name:
        return None
    part = reach(body, path)
    part[wrong] = part.pop(name)
    return [("unknown_field", (*path, wrong))]


@mistake
def strange(rng: random.Random, body: Body) -> Expected:
    path = rng.choice(objects(body))
    name = rng.choice(["budget", "quota_type", "x", "Z9"])
    reach(body, path)[name] = rng.choice([1, None, [], "a"])
    return [("unknown_field", (*path, name))]


@mistake
def another_type(rng: random.Random, body: Body) -> Expected:
    *above, last = path = rng.choice(list(nodes(body)))
    value = reach(body, path)
    other: Any = [7]
    if last in ("value", "allow_all_values", "open_ended_values") or isinstance(value, dict | list):
        other = "many"
    elif isinstance(value, str):
        other = rng.choice([True, [7], {}])
    reach(body, tuple(above))[last] = other
    return [(None, path)]


NULLABLE = {
    *("client_id", "live_url", "test_url", "filling_strategy", "profiling", "pricing", "pacing"),
    *("target_group_customer_reference_number", "quota", "open_ended_values"),
}


@mistake
def nothing(rng: random.Random, body: Body) -> Expected:
    path = rng.choice([path for path in nodes(body) if path[-1] not in NULLABLE])
    reach(body, path[:-1])[path[-1]] = None
    return [(None, path)]


BOUNDS: dict[str | int, tuple[Any, ...]] = {
    "expected_length_of_interview_minutes": (0, 46, 4.5),
    "expected_incidence_rate": (1.01, -0.01, 0.295),
    "completes_goal": (-1, 4.5),
    "completes_goal_percentage": (-0.01, 100.01, 33.333),
    "min": (0, 100, 18.5),
    "max": (0, 100, 24.5),
    "exchange_min_percentage": (-1, 101, 0.5),
    "exchange_max_percentage": (-1, 101, 0.5),
    "min_percentage": (-1, 101),
    "max_percentage": (-1, 101),
    "filling_goal_percentage": (0, 101),
    "demographics_strictness_percentage": (-1, 101),
    "client_id": (2**31,),
    "project_manager_id": (UUID[:-1], "me"),
    "start_at": ("2026-12-24", "soon", "2026-12-24T10:00:00"),
    "end_at": ("2026-13-24T10:00:00Z", ""),
    "value": ("2,70", "-1", ""),
    "currency_code": ("euro", "EU", "eur"),
    "increment_interval": ("6 hours", "PT", "P1.5D"),
    "duration": ("90", "P"),
    "exposed_target_group_id": (ULID[:-1], ULID.lower()),
    "type": ("odd",),
    "object": ("odd",),
    "blended_type": ("odd",),
    "profile_adjustment_type": ("odd",),
    "filling_strategy": ("odd",),
    "respondent_statuses": ([], ["Complete", "Complete"], "Complete"),
    "targets": ([],),
    "conditions": ([],),
    "profiles": ([],),
    "target_group_customer_reference_number": ("ab", "a/b", "x" * 129),
}


@mistake
def out_of_bounds(rng: random.Random, body: Body) -> Expected | None:
    path = rng.choice([path for path in nodes(body) if BOUNDS.get(path[-1])])
    reach(body, path[:-1])[path[-1]] = rng.choice(BOUNDS[path[-1]])
    return [(None, path)]


@mistake
def a_hundredth_off(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) != "control" and has_quotas(p))
    if not found or adjustment(body) != "percentage":
        return None
    path, profile = found
    quota = rng.choice(profile["targets"])["quota"]
    value = quota["completes_goal_percentage"]
    quota["completes_goal_percentage"] = round(value - rng.choice([0.01, 0.02, value / 2]), 2)
    return [("incorrect_sum_of_percentage_009", (*path, "targets"))]


@mistake
def a_complete_off(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) != "control" and has_quotas(p))
    if not found or adjustment(body) != "nominal":
        return None
    path, profile = found
    t = rng.randrange(len(profile["targets"]))
    quota = profile["targets"][t]["quota"]
    quota["completes_goal"] += 1
    if quota["completes_goal"] > body["completes_goal"]:
        place = (*path, "targets", t, "quota", "completes_goal")
        return [("quota_value_greater_than_completes_goal_047", place)]
    return [("incorrect_sum_of_nominal_010", (*path, "targets"))]


@mistake
def another_goal(rng: random.Random, body: Body) -> Expected | None:
    if not profiles(body) or adjustment(body) != "nominal":
        return None
    body["completes_goal"] += 1
    wrong = [i for i, p in enumerate(profiles(body)) if kind(p) != "control" and has_quotas(p)]
    return [("incorrect_sum_of_nominal_010", (*PROFILES, i, "targets")) for i in wrong] or None


@mistake
def the_other_adjustment(rng: random.Random, body: Body) -> Expected | None:
    with_quotas = [i for i, p in enumerate(profiles(body)) if has_quotas(p)]
    if not with_quotas or "template_id" in body["profiling"]:
        return None
    nominal = adjustment(body) == "nominal"
    body["profiling"]["profile_adjustment_type"] = "percentage" if nominal else "nominal"
    code = "percentage_adjustment_cannot_have_nominal_043"
    code = code if nominal else "nominal_adjustment_cannot_have_percentage_042"
    return [(code, (*PROFILES, i, "targets")) for i in with_quotas]


@mistake
def nominal_template(rng: random.Random, body: Body) -> Expected | None:
    if profiles(body) or not body.get("profiling"):
        return None
    body["profiling"]["profile_adjustment_type"] = "nominal"
    place = ("profiling", "profile_adjustment_type")
    return [("template_allows_only_percentage_adjustment_041", place)]


@mistake
def switched(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, any_profile)
    if not found:
        return None
    path, profile = found
    profile["quotas_enabled"] = not profile["quotas_enabled"]
    if kind(profile) != "regular":
        code = "quota_will_be_always_enabled_for_blended_profile_025"
        return [(code, (*path, "quotas_enabled"))]
    if has_quotas(profile):
        return [("disabled_profile_cannot_have_completes_goal_061", (*path, "quotas_enabled"))]
    numbers = {"nominal": "completes_goal", "percentage": "completes_goal_percentage"}
    codes = {"nominal": "053", "percentage": "052"}
    name, number = numbers[adjustment(body)], codes[adjustment(body)]
    code = f"{name}_must_be_populated_for_quota_enabled_profile_{number}"
    return [(code, (*path, "targets"))]


@mistake
def a_quota_too_few(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: has_quotas(p) and len(p["targets"]) > 1)
    if not found:
        return None
    path, profile = found
    del rng.choice(profile["targets"])["quota"]
    codes = {
        "nominal": "completes_goal_must_be_populated_for_quota_enabled_profile_053",
        "percentage": "completes_goal_percentage_must_be_populated_for_quota_enabled_profile_052",
    }
    return [(codes[adjustment(body)], (*path, "targets"))]


@mistake
def backwards(rng: random.Random, body: Body) -> Expected | None:
    spans = [
        p for p in nodes(body) if p[-1] == "min" and reach(body, p) < reach(body, p[:-1])["max"]
    ]
    if not spans or any(kind(profile) == "control" for profile in profiles(body)):
        return None
    path = rng.choice(spans)
    condition = reach(body, path[:-1])
    condition["min"], condition["max"] = condition["max"], condition["min"]
    return [("profile_condition_min_greater_than_max_001", path)]


@mistake
def a_year_in_two(rng: random.Random, body: Body) -> Expected | None:
    def aged(profile: Body) -> bool:
        first = profile["targets"][0]["conditions"][0]
        return first["object"] == "range" and len(profile["targets"]) > 1

    found = chosen(rng, body, aged, alone=True)
    if not found:
        return None
    path, profile = found
    rng.choice(profile["targets"][:-1])["conditions"][0]["max"] += 1
    return [("profile_condition_ranges_should_not_overlap_014", (*path, "targets"))]


@mistake
def one_option_twice(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: p["targets"][0]["conditions"] == [sel(43, "1")], alone=True)
    if not found:
        return None
    path, profile = found
    profile["targets"][1]["conditions"] = [sel(43, "1")]
    return [("ungroup_quota_not_unique_007", (*path, "targets", 1, "conditions", 0))]


@mistake
def one_condition_twice(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, any_profile)
    if not found:
        return None
    path, profile = found
    t = rng.randrange(len(profile["targets"]))
    conditions = profile["targets"][t]["conditions"]
    conditions.append(copy.deepcopy(rng.choice(conditions)))
    place = (*path, "targets", t, "conditions", len(conditions) - 1)
    return [("duplicate_condition_039", place)]


@mistake
def shared_condition(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(
        rng, body, lambda p: kind(p) == "regular" and len(p["targets"][0]["conditions"]) > 1
    )
    if not found:
        return None
    path, profile = found
    first, second = profile["targets"]
    second["conditions"] = [copy.deepcopy(rng.choice(first["conditions"]))]
    return [("profile_condition_not_unique_003", (*path, "targets", 1, "conditions", 0))]


@mistake
def one_cell_twice(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) == "interlock")
    if not found:
        return None
    path, profile = found
    a, b = sorted(rng.sample(range(len(profile["targets"])), 2))
    profile["targets"][b]["conditions"] = copy.deepcopy(profile["targets"][a]["conditions"])
    return [("group_quota_not_unique_005", (*path, "targets", b, "conditions"))]


@mistake
def one_profile_twice(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, any_profile)
    if not found:
        return None
    _, profile = found
    profiles(body).append(copy.deepcopy(profile))
    codes = {
        "regular": "profile_not_unique_006",
        "interlock": "blended_profile_cannot_be_more_than_1_034",
        "control": "blended_profile_with_control_as_blended_type_cannot_be_more_than_1_066",
    }
    return [(codes[kind(profile)], (*PROFILES, len(profiles(body)) - 1))]


@mistake
def another_question(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) == "regular" and len(p["targets"]) > 1, alone=True)
    if not found:
        return None
    _, profile = found
    rng.choice(profile["targets"])["conditions"][0]["question_id"] = 9999
    return [("regular_profile_cannot_have_more_than_one_question_048", ANYWHERE)]


@mistake
def nameless(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: len(p["targets"][0]["conditions"]) > 1)
    if not found:
        return None
    path, profile = found
    t = 0 if kind(profile) == "regular" else rng.randrange(len(profile["targets"]))
    del profile["targets"][t]["name"]
    stem = "blended_profile_with_control_as_blended_type_must_have"
    code = f"{stem}_target_or_quota_name_072"
    if kind(profile) != "control":
        code = "target_name_or_quota_name_must_be_provided_for_multiple_conditions_057"
    return [(code, (*path, "targets", t, "name"))]


@mistake
def one_name_twice(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: len(p["targets"]) > 1)
    if not found:
        return None
    path, profile = found
    a, b = sorted(rng.sample(range(len(profile["targets"])), 2))
    profile["targets"][b]["name"] = profile["targets"][a].setdefault("name", f"t{a}")
    stem = "blended_profile_with_control_as_blended_type_cannot_have"
    code = f"{stem}_duplicate_target_or_quota_name_073"
    code = code if kind(profile) == "control" else "duplicate_quota_name_056"
    return [(code, (*path, "targets", b, "name"))]


@mistake
def one_axis_only(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) == "interlock")
    if not found:
        return None
    path, profile = found
    t = rng.randrange(len(profile["targets"]))
    profile["targets"][t]["conditions"].pop()
    place = (*path, "targets", t, "conditions")
    return [("blended_profile_cannot_have_only_one_condition_058", place)]


@mistake
def a_cap_of_strangers(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) == "control")
    if not found:
        return None
    path, profile = found
    t = rng.randrange(len(profile["targets"]))
    profile["targets"][t]["conditions"][0] = sel(43, "9")
    stem = "blended_profile_with_control_as_blended_type"
    place = (*path, "targets", t, "conditions", 0)
    return [(f"{stem}_should_match_with_regular_profiles_067", place)]


@mistake
def a_cap_above_all(rng: random.Random, body: Body) -> Expected | None:
    found = chosen(rng, body, lambda p: kind(p) == "control")
    if not found or adjustment(body) != "nominal":
        return None
    path, profile = found
    profile["targets"][0]["quota"]["completes_goal"] = body["completes_goal"] + 1
    stem = "total_completes_goal_cannot_be_less_than_control_blended_profile"
    place = (*path, "targets", 0, "quota", "completes_goal")
    return [(f"{stem}_completes_goal_075", place)]


@mistake
def a_value_again(rng: random.Random, body: Body) -> Expected | None:
    lists = [p for p in nodes(body) if p[-1] == "open_ended_values" and reach(body, p)]
    if not lists:
        return None
    path = rng.choice(lists)
    again = rng.random() < 0.5
    reach(body, path).append("10115" if again else "  ")
    return [("value_listed_twice" if again else "invalid_open_ended_option_032", path)]


@mistake
def at_a_wrong_time(rng: random.Random, body: Body) -> Expected:
    start, end = (WINDOW, "start_at"), (WINDOW, "end_at")
    times: dict[tuple[str, str], tuple[str, Path]] = {
        (after(0.5), after(300)): ("start_at_too_soon", start),
        (after(2), after(-30)): ("end_at_too_soon", end),
        (after(50), after(50)): ("start_at_and_end_at_cannot_be_same_035", end),
        (after(50), after(49)): ("end_at_cannot_be_before_start_at_036", end),
    }
    (first, last), expected = rng.choice(list(times.items()))
    body[WINDOW] = {"start_at": first, "end_at": last}
    return [expected]


@mistake
def at_a_wrong_address(rng: random.Random, body: Body) -> Expected:
    name = rng.choice(["live_url", "test_url"])
    wrong = {
        "http://a.example/?r=[%RID%]": "url_not_https",
        "https:///[%RID%]": "url_not_https",
        "https://a.example/?r={RID}": "rid_placeholder_missing",
        "https://a.example/": "rid_placeholder_missing",
    }
    body[name] = rng.choice(list(wrong))
    return [(wrong[body[name]], (name,))]


@mistake
def in_wrong_words(rng: random.Random, body: Body) -> Expected:
    wrong: dict[str, tuple[Any, str]] = {
        "locale": (rng.choice(["ger-de", "german", "de_de", "GER_DE"]), "locale_form"),
        "name": ("<YOUR NAME>", "placeholder_left_in"),
        "study_type_code": ("<STUDY TYPE>", "placeholder_left_in"),
        "business_unit_id": ("1207", "id_as_text"),
        "expected_incidence_rate": (0, "incidence_rate_zero"),
    }
    name = rng.choice(list(wrong))
    body[name], code = wrong[name]
    return [(code, (name,))]


@mistake
def out_of_date(rng: random.Random, body: Body) -> Expected | None:
    quotas = [path for path in nodes(body) if path[-1] == "quota"]
    if not quotas or rng.random() < 0.3:
        body.setdefault("exclusion", {})["list"] = []
        return [("deprecated_field", ("exclusion", "list"))]
    path = rng.choice(quotas)
    reach(body, path)["name"] = "an older name"
    return [("deprecated_field", (*path, "name"))]


@mistake
def another_currency(rng: random.Random, body: Body) -> Expected | None:
    amounts = [path for path in nodes(body) if path[-1] == "currency_code"]
    if len(amounts) < 2:
        return None
    path = rng.choice(amounts)
    reach(body, path[:-1])["currency_code"] = "USD"
    return [("currency_differs", path if len(amounts) > 2 else ANYWHERE)]


@mistake
def at_a_wrong_price(rng: random.Random, body: Body) -> Expected:
    path = (ASSISTANT, "pricing")
    wrong: list[tuple[Body, str, Path]] = [
        ({}, "pricing_bound", path),
        ({"maximum_cpi": money("3"), "total_budget": money("9")}, "pricing_bound", path),
        (
            {"maximum_cpi": money("3"), "minimum_cpi": money("3.01")},
            "minimum_cpi_too_high",
            (*path, "minimum_cpi"),
        ),
    ]
    pricing, code, place = rng.choice(wrong)
    body[ASSISTANT]["pricing"] = {"type": "dynamic"} | pricing
    return [(code, place)]


@mistake
def at_a_wrong_pace(rng: random.Random, body: Body) -> Expected:
    wrong = {"P2W": "form", "P1M": "form", "P1Y": "form", "P398D": "length", "PT0S": "length"}
    interval = rng.choice(list(wrong))
    body[ASSISTANT]["pacing"] = {"type": "linear", "increment_interval": interval}
    code = f"pacing_interval_{wrong[interval]}"
    return [(code, (ASSISTANT, "pacing", "increment_interval"))]


@mistake
def soft_for_ever(rng: random.Random, body: Body) -> Expected:
    percents = {"filling_goal_percentage": 9, "demographics_strictness_percentage": 9}
    end = rng.choice([after(9), after(999)])
    body[ASSISTANT]["soft_launch"] = {"end_at": end} | percents
    return [("soft_launch_outside_window", (ASSISTANT, "soft_launch", "end_at"))]


@mistake
def kept_out_too_long(rng: random.Random, body: Body) -> Expected:
    wrong = {"P397D": "length", "P57W": "length", "P0D": "length", "PT9H": "form", "P2Y": "length"}
    duration = rng.choice(list(wrong))
    exclusions = body.setdefault("respondent_activity_exclusions", [])
    exclusions.append({"type": "project", "id": ULID, "duration": duration})
    place = ("respondent_activity_exclusions", len(exclusions) - 1, "duration")
    return [(f"exclusion_duration_{wrong[duration]}", place)]


@mistake
def from_nobody(rng: random.Random, body: Body) -> Expected | None:
    if "allocations" not in body:
        return None
    if rng.random() < 0.5:
        del body["allocations"]
        return [("allocations_missing", ("allocations",))]
    body["allocation_template"] = {"id": ULID, "type": "global"}
    return [("allocations_twice", ("allocation_template",))]


@mistake
def from_too_many(rng: random.Random, body: Body) -> Expected | None:
    opened = body.get("allocations", {}).get("open_exchange_allocations")
    if not opened or not opened["groups"]:
        return None
    group, path = opened["groups"][0], (*OPEN, "groups", 0)
    private = ("allocations", "private_exchange_allocations", "groups", 0)
    match rng.randrange(4):
        case 0:
            group["min_percentage"], group["max_percentage"] = 50, 20
            return [("allocation_minimum_above_maximum", (*path, "min_percentage"))]
        case 1:
            group["min_percentage"] = group["max_percentage"] = 91
            return [("allocation_minimums_too_high", ("allocations",))]
        case 2:
            opened["exchange_max_percentage"] = 10
            group["max_percentage"] = 49
            return [("allocation_maximums_too_low", ("allocations",))]
    group["group_name"] = "B"
    return [("group_name_twice", (*private, "group_name"))]


def told(body: Body) -> Counter[tuple[str, Path]]:
    return Counter((f.code, f.path) for f in check(body, now=NOW).findings)


def fits(found: tuple[str, Path], expected: tuple[str | None, Path]) -> bool:
    (code, path), (wanted, place) = found, expected
    somewhere = place == ANYWHERE and RULES[code].tells(path)
    return wanted in (None, code) and (place == path or somewhere)


MADE: Counter[str] = Counter()


def with_one(rng: random.Random, name: str) -> tuple[Body, Body, Expected]:
    "A valid plan, the same with a mistake, and what is to be said of it."
    while True:
        body = valid_plan(rng)
        whole = copy.deepcopy(body)
        if expected := MISTAKES[name](rng, body):
            return whole, body, expected


@pytest.mark.parametrize("seed", range(12))
def test_one_mistake_is_one_finding(seed: int) -> None:
    rng, wrong = random.Random(seed), []
    for _ in range(450):
        name = rng.choice(list(MISTAKES))
        whole, body, expected = with_one(rng, name)
        MADE[name] += 1
        found = list((told(body) - told(whole)).elements())
        each = all(any(fits(finding, one) for finding in found) for one in expected)
        if len(found) != len(expected) or not each:
            said = [f"{path_text(path)}: {code}" for code, path in found]
            wrong.append((name, [(code, path_text(place)) for code, place in expected], said))
    assert wrong == []


def test_every_mistake_was_made() -> None:
    assert sum(MADE.values()) >= 5000
    assert set(MADE) == set(MISTAKES)
    assert min(MADE.values()) >= 50, MADE
