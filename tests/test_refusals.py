"Every shape of answer that isn't success, in the user's fields."

import json
from typing import Any

import pytest

from target_group_kit.contract.errors import (
    ExchangeError,
    NotAuthorized,
    NotFound,
    Path,
    RateLimited,
    Refused,
    ServerFailed,
)
from target_group_kit.contract.refusals import own_path, refusal, server_name
from target_group_kit.contract.words import SERVER_ONLY


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
        ("Something.Else", ("Something.Else",)),
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


def test_server_fields_are_no_request_fields() -> None:
    assert own_path("human_readable_id") == ("human_readable_id",)
    assert "human_readable_id" in SERVER_ONLY
