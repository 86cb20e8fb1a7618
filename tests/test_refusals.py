"Every shape of answer that isn't success, in the user's fields."

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import (
    ExchangeError,
    NotAuthorized,
    NotFound,
    Path,
    RateLimited,
    Refused,
    ServerFailed,
)
from target_group_kit.contract.names import SERVER_ONLY
from target_group_kit.contract.refusals import own_path, refusal, server_name


def answer(status: int, body: Any, **options: Any) -> ExchangeError:
    return refusal(
        status, body if isinstance(body, bytes) else json.dumps(body).encode(), **options
    )


def told(problem: ExchangeError) -> list[tuple[str, str, Path]]:
    assert isinstance(problem, Refused)
    return [(f.code, f.level, f.path) for f in problem.report.findings]


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("FieldingSpecification.EndAt", ("fielding_specification", "end_at")),
        ("fielding_specification.end_at", ("fielding_specification", "end_at")),
        ("ExpectedCompletes", ("completes_goal",)),
        ("CompletesGoal", ("completes_goal",)),
        ("LiveUrl", ("live_url",)),
        ("CollectsPII", ("collects_pii",)),
        (
            "Profiling.Profiles[1].Targets[0].Quota.CompletesGoalPercentage",
            ("profiling", "profiles", 1, "targets", 0, "quota", "completes_goal_percentage"),
        ),
        (
            "FieldingAssistantAssignment.Pricing.MaximumCpi",
            ("fielding_assistant_assignment", "pricing", "maximum_cpi"),
        ),
        ("$.completes_goal", ("completes_goal",)),
        ("#/profiling/profiles/0/targets", ("profiling", "profiles", 0, "targets")),
        ("/locale", ("locale",)),
        ("profiling.profiles.1.name", ("profiling", "profiles", 1, "name")),
        ("$.filling_goal", ("completes_goal",)),
        ("Something.Else", ("Something.Else",)),
        ("$.Wat", ("$.Wat",)),
        ("", ("",)),
    ],
)
def test_names_become_the_users(name: str, path: Path) -> None:
    assert own_path(name) == path


@pytest.mark.parametrize(
    "path",
    [
        ("fielding_specification", "end_at"),
        ("completes_goal",),
        ("profiling", "profiles", 3, "targets", 10, "quota"),
        ("expected_length_of_interview_minutes",),
    ],
)
def test_names_go_both_ways(path: Path) -> None:
    assert own_path(server_name(path)) == path


def test_the_quick_starts_refusal() -> None:
    problem = answer(
        400,
        {
            "object": "bad_request_error",
            "detail": "validation failed",
            "invalid_params": [
                {"name": "FieldingSpecification.EndAt", "reason": "too early"},
                {"name": "ExpectedCompletes", "reason": "empty"},
                {"name": "Wat", "reason": "odd"},
            ],
        },
        trace_id="t-1",
    )
    assert told(problem) == [
        ("bad_request_error", "error", ("fielding_specification", "end_at")),
        ("bad_request_error", "error", ("completes_goal",)),
        ("bad_request_error", "error", ("Wat",)),
    ]
    assert (problem.status, problem.trace_id) == (400, "t-1")
    assert isinstance(problem, Refused)
    fixes = [f.fix for f in problem.report.findings]
    assert fixes[0] == "Move the end to at least an hour from now, and past the start."
    assert fixes[1] == "Look at completes_goal: whole completes, 1 or more."
    assert "too early" in str(problem)
    assert "Wat: odd" in str(problem)


def test_profile_validation() -> None:
    body = {
        "object": "unprocessable_entity_error",
        "title": "profiles",
        "detail": "see below",
        "invalid_params": [
            {
                "error_type": "data_validation_error",
                "name": "profile_validation_error_009",
                "reason": "incorrect_sum_of_percentage_009",
                "detail": "sum is 99",
                "metadata": {"error_level": "warning", "question_id": [43]},
            },
            {
                "error_type": "structural_error",
                "name": "profiling.profiles",
                "reason": "minItems",
                "detail": "too few",
            },
        ],
    }
    problem = answer(422, body)
    assert told(problem) == [
        ("unprocessable_entity_error", "error", ("profiling", "profiles")),
        ("incorrect_sum_of_percentage_009", "warning", ("profiling",)),
    ]
    assert isinstance(problem, Refused)
    assert problem.report.warnings[0].fix.startswith("Let `percentages(...)`")


@pytest.mark.parametrize(
    ("status", "body", "kind", "said"),
    [
        (
            400,
            {"object": "bad_request_error", "detail": "locale is missing"},
            Refused,
            "locale is missing",
        ),
        (
            401,
            {"error": "access_denied", "error_description": "Unauthorized"},
            NotAuthorized,
            "Unauthorized",
        ),
        (401, {"object": "authorization_error", "detail": "no token"}, NotAuthorized, "no token"),
        (403, {"object": "required_header_missing", "detail": "version"}, NotAuthorized, "version"),
        (404, {"object": "not_found_error", "detail": "gone"}, NotFound, "gone"),
        (405, {"object": "method_not_allowed_error", "detail": "no"}, Refused, "no"),
        (409, {"object": "conflict_error", "detail": "busy"}, Refused, "busy"),
        (412, {"object": "precondition_failed_error", "detail": "stale"}, Refused, "stale"),
        (422, {"object": "invalid_state_error", "detail": "is live"}, Refused, "is live"),
        (
            429,
            {"object": "too_many_requests_problem_details", "details": "slow"},
            RateLimited,
            "slow",
        ),
        (500, {"object": "unexpected_internal_error", "detail": "oops"}, ServerFailed, "oops"),
        (
            502,
            b"<html><head><style>x{}</style></head><h1>Bad Gateway</h1></html>",
            ServerFailed,
            "Bad Gateway",
        ),
        (503, b"", ServerFailed, "(503)"),
        (400, b"", Refused, "no reason is given"),
        (400, b"[1, 2]", Refused, "[1, 2]"),
        (400, b"\xff\xfe", Refused, "400"),
        (418, {"detail": "teapot", "invalid_params": "nonsense"}, Refused, "teapot"),
        (400, {"invalid_params": [None, {"name": None}]}, Refused, "no reason"),
        (400, {"invalid_params": ["locale is odd"]}, Refused, "locale is odd"),
        (400, {"invalid_params": None, "detail": "odd"}, Refused, "odd"),
        (400, [{"name": "Locale", "reason": "odd"}], Refused, "locale: the exchange says"),
        (400, {"title": "odd", "errors": {"Locale": ["too odd"]}}, Refused, "Locale: too odd"),
        (400, {"object": 7, "detail": {"a": [1]}}, Refused, '{"a": [1]}'),
        (400, b"[" * 100_000, Refused, "(400 without a code)"),
        (413, {"object": "content_too_large_error"}, Refused, "Send less at once."),
        (429, {"details": [{"name": "rate", "reason": "10 a second"}]}, RateLimited, "10 a second"),
        (500, {"errors": [{"name": "Locale", "reason": "odd"}]}, ServerFailed, "failed (500)"),
    ],
)
def test_every_shape_is_read(status: int, body: Any, kind: type[ExchangeError], said: str) -> None:
    problem = answer(status, body)
    assert type(problem) is kind
    assert problem.status == status
    assert said in str(problem)
    if isinstance(problem, Refused):
        assert len(problem.report.errors) >= 1


def test_the_wait_that_is_asked_for_is_kept() -> None:
    problem = answer(429, {"details": "slow"}, retry_after=7)
    assert isinstance(problem, RateLimited)
    assert problem.retry_after == 7


def test_long_answers_are_cut() -> None:
    assert len(str(answer(500, b"x" * 10_000_000))) < 400
    long = {"detail": "y" * 10**6, "invalid_params": [{"name": "z" * 10**6, "reason": "r" * 10**6}]}
    assert len(str(answer(400, long))) < 3000


def test_of_many_problems_all_are_kept_and_a_few_are_shown() -> None:
    problem = answer(
        400, {"invalid_params": [{"name": f"X{i}", "reason": "odd"} for i in range(9)]}
    )
    assert told(problem) == [("bad_request_error", "error", (f"X{i}",)) for i in range(9)]
    assert str(problem).splitlines()[-1] == "  … and 4 more of bad_request_error"


def test_a_failed_server_says_what_it_said() -> None:
    problem = answer(500, {"errors": [{"name": "Locale", "reason": "odd"}]})
    assert isinstance(problem, ServerFailed)
    assert [f.path for f in problem.report.findings] == [("locale",)]
    assert ServerFailed("x").report.findings == ()


def data(reason: str, *questions: int, name: str = "", level: str = "error") -> dict[str, Any]:
    number = reason[-3:] if reason else ""
    return {
        "error_type": "data_validation_error",
        "name": name or f"profile_validation_error_{number}",
        "reason": reason,
        "detail": "said so",
        "metadata": {"question_id": list(questions), "error_level": level},
    }


PLAN = {
    "profiling": {
        "profiles": [
            {"targets": [{"conditions": [{"question_id": 43}]}]},
            {"targets": [{"conditions": [{"question_id": 42}, {"question_id": 96}]}]},
            {"targets": [{"conditions": [{"question_id": 96}]}]},
        ]
    }
}


@pytest.mark.parametrize(
    ("problem", "plan", "code", "path"),
    [
        (data("incorrect_sum_of_percentage_009", 43), None, None, ("profiling",)),
        (
            data("incorrect_sum_of_percentage_009", 43),
            PLAN,
            None,
            ("profiling", "profiles", 0, "targets"),
        ),
        (
            data("quota_will_be_always_enabled_for_blended_profile_025", 42, 96),
            PLAN,
            None,
            ("profiling", "profiles", 1, "quotas_enabled"),
        ),
        (data("incorrect_sum_of_percentage_009", 96), PLAN, None, ("profiling",)),
        (data("incorrect_sum_of_percentage_009", 7), PLAN, None, ("profiling",)),
        (data("profile_not_unique_006", 43), PLAN, None, ("profiling", "profiles", 0)),
        (
            data("invalid_question_id_015", 43),
            PLAN,
            None,
            ("profiling", "profiles", 0, "targets"),
        ),
        (
            data("end_at_cannot_be_before_start_at_036"),
            None,
            None,
            ("fielding_specification", "end_at"),
        ),
        (
            data("invalid_start_at_or_end_at_date_format_037"),
            None,
            None,
            ("fielding_specification",),
        ),
        (data("total_completes_goal_cannot_be_less_than_one_016"), None, None, ("completes_goal",)),
        (
            data("template_locale_does_not_match_target_group_locale_040"),
            PLAN,
            None,
            ("profiling", "template_id"),
        ),
        (data("unable_to_add_dependency_011"), PLAN, None, ("profiling",)),
        (data("unable_to_add_dependency_011", 43), PLAN, None, ("profiling", "profiles", 0)),
        (
            data("", name="profile_validation_error_009"),
            None,
            "incorrect_sum_of_percentage_009",
            ("profiling",),
        ),
        (
            data("", name="profile_validation_error_019"),
            None,
            "profile_validation_error_019",
            ("profiling",),
        ),
        (data("brand_new_reason_099"), None, None, ("profiling",)),
        (
            data("unable_to_add_dependency_011") | {"metadata": {"question_id": [{}, "43"]}},
            PLAN,
            None,
            ("profiling",),
        ),
    ],
)
def test_a_problem_of_the_data_is_told_where_its_rule_says(
    problem: dict[str, Any], plan: Any, code: str | None, path: Path
) -> None:
    body = {"object": "unprocessable_entity_error", "invalid_params": [problem]}
    assert told(answer(422, body, plan=plan)) == [(code or problem["reason"], "error", path)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "object",
                        "detail",
                        "details",
                        "invalid_params",
                        "errors",
                        "name",
                        "reason",
                        "metadata",
                        "error_type",
                        "question_id",
                    ]
                )
                | st.text(),
                v,
            )
        ),
    ),
    st.sampled_from([400, 401, 403, 404, 409, 412, 422, 429, 500, 503]),
)
@settings(deadline=None)
def test_any_answer_at_all_is_told(body: Any, status: int) -> None:
    problem = answer(status, body, plan=PLAN)
    assert isinstance(problem, Refused | ServerFailed)
    assert problem.report.findings
    assert str(problem)


@given(st.binary(), st.sampled_from([400, 422, 502]))
@settings(deadline=None)
def test_any_bytes_at_all_are_told(body: bytes, status: int) -> None:
    problem = refusal(status, body)
    assert isinstance(problem, Refused | ServerFailed)
    assert len(problem.report.findings) >= 1


def test_server_fields_are_no_request_fields() -> None:
    assert own_path("human_readable_id") == ("human_readable_id",)
    assert "human_readable_id" in SERVER_ONLY
