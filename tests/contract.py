"""The vendor's published contract, read where it lies beside the project; it is never part of it.

OpenAPI 3.0 is not quite JSON Schema: `nullable` isn't a keyword there, and siblings of a `$ref`
don't count. The published files say more than once what they can't mean; what is read differently
stands in `REPAIRS`.
"""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

FOLDER = Path(__file__).parents[1].parent / "shared" / "contract"
OCTOBER = FOLDER / "create-draft-target-group.october-2026.json"
JULY = FOLDER / "demand-api-2025-12-18.july-2026.yaml"

needs_contract = pytest.mark.skipif(
    not (OCTOBER.exists() and JULY.exists()),
    reason=f"the vendor's published contract isn't at {FOLDER}: NOTHING IS HELD AGAINST IT",
)

NULL = {"type": "null"}
ONLY_NULLABLE = {"nullable": True}


def _without(schema: dict[str, Any], key: str) -> dict[str, Any]:
    return schema | {"not": {"required": [key]}}


def _first_of(*names: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    "The branches of a `oneOf` overlap: each later key belongs to one branch only."

    def repair(schema: dict[str, Any]) -> dict[str, Any]:
        pairs = zip(schema["oneOf"], names, strict=True)
        return schema | {"oneOf": [_without(s, key) if key else s for s, key in pairs]}

    return repair


# Responses of July: branches that match what another branch is meant for.
REPAIRS = {
    "ProfilingResponse": _first_of("template_id", "", "profiles"),
    "TargetGroupsDraftQuotaDetailsV3": _first_of("", "quota"),
}


def json_schema(schema: Any) -> Any:
    "A schema of OpenAPI 3.0 as JSON Schema 2020-12."
    if isinstance(schema, list):
        return [json_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    schema = dict(schema)
    nullable = schema.pop("nullable", False) is True
    if ONLY_NULLABLE in schema.get("allOf", []):
        nullable = True
        schema["allOf"] = [part for part in schema["allOf"] if part != ONLY_NULLABLE]
    if schema.get("exclusiveMinimum") is True:
        schema["exclusiveMinimum"] = schema.pop("minimum")
    properties = schema.pop("properties", None)
    translated = {key: json_schema(value) for key, value in schema.items() if key != "example"}
    if properties is not None:
        translated["properties"] = {k: json_schema(v) for k, v in properties.items()}
    return {"anyOf": [translated, NULL]} if nullable else translated


@cache
def _schemas(file: Path) -> dict[str, Any]:
    text = file.read_text()
    whole = json.loads(text) if file == OCTOBER else yaml.load(text, Loader=yaml.CSafeLoader)
    schemas = whole["components"]["schemas"]
    if file == JULY:
        schemas = schemas | {name: repair(schemas[name]) for name, repair in REPAIRS.items()}
    return {name: json_schema(schema) for name, schema in schemas.items()}


@cache
def july() -> dict[str, Any]:
    "The whole July specification, as published."
    return yaml.load(JULY.read_text(), Loader=yaml.CSafeLoader)


def whole_schema(schema: dict[str, Any], file: Path) -> dict[str, Any]:
    "A schema with the file's schemas, which it may refer to."
    return json_schema(schema) | {"components": {"schemas": _schemas(file)}}


def validator(schema: dict[str, Any], file: Path = JULY) -> jsonschema_rs.Draft202012Validator:
    "A validator of a schema that may refer to the file's schemas."
    return jsonschema_rs.Draft202012Validator(whole_schema(schema, file), validate_formats=True)


CREATE = {"$ref": "#/components/schemas/CreateDraftTargetGroupRequest"}


def october_schema() -> dict[str, Any]:
    "The create request as published in October 2026, as JSON Schema."
    return whole_schema(CREATE, OCTOBER)


@cache
def october_create() -> jsonschema_rs.Draft202012Validator:
    "A validator of the create request as published in October 2026."
    return validator(CREATE, OCTOBER)


@cache
def operation(operation_id: str) -> dict[str, Any]:
    "An operation of July by its id."
    for path in july()["paths"].values():
        for method in path.values():
            if isinstance(method, dict) and method.get("operationId") == operation_id:
                return method
    raise KeyError(operation_id)


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    "A part of July, or what it refers to."
    here: Any = july() if "$ref" in part else part
    for step in part.get("$ref", "").removeprefix("#/").split("/") if "$ref" in part else ():
        here = here[step]
    return here


# What the operation itself doesn't list, and the specification knows elsewhere.
ELSEWHERE = {405: "Error_MethodNotAllowed", 429: "Error_RateLimit"}


@cache
def response_body(operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
    "What the body of an operation's answer must be; None for no body."
    answers = operation(operation_id)["responses"]
    answer = answers.get(str(status)) or {"$ref": f"#/components/responses/{ELSEWHERE[status]}"}
    content = resolved(answer).get("content")
    return validator(content["application/json"]["schema"]) if content else None


def problems(check: jsonschema_rs.Draft202012Validator, value: Any) -> list[str]:
    "Every way in which a value breaks a schema."
    return [f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in check.iter_errors(value)]
