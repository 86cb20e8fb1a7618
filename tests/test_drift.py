"Published specifications held against the kit: what differs is told, and nothing else is."

import contextlib
import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from contract import JULY, OCTOBER, july, needs_contract
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.checks import check
from target_group_kit.contract.drift import (
    MEANT,
    Difference,
    differences,
    kit_form,
    known_codes,
)
from target_group_kit.contract.errors import KitError
from target_group_kit.contract.published import Shape, published_form
from target_group_kit.contract.target_group import TargetGroup
from target_group_kit.exchange.client import DemandClient
from target_group_kit.stage.cli import run
from target_group_kit.stage.specification import known_operations, read_specification, table_text

KIT = kit_form(known_operations())


def counted(spec: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    found = differences(published_form(spec), KIT)
    return [(d.what, d.where, d.specification, d.kit) for d in found if not d.why]


# What moved between July and October 2026.
JULY_TO_OCTOBER = [
    ("together", "target group", "—", "allocation_template | allocations | nothing more"),
    ("type", "business_unit_id", "string", "integer"),
    (
        "field",
        "respondent_activity_exclusions[].respondent_statuses",
        "—",
        "optional array",
    ),
    ("also", "profiling", "any object", "—"),
    ("together", "profiling.profiles[].targets[]", "object | quota", "nothing more | quota"),
    ("nullable", "profiling.profiles[].targets[].quota", "—", "yes"),
    ("required", "allocations", "yes", "no"),
    ("field", "filling_strategy", "—", "optional string"),
    ("field", "allocation_template", "—", "optional object"),
]


@needs_contract
def test_july_differs_where_it_moved_and_nowhere_else() -> None:
    published = july()["components"]["schemas"]["InvalidParamData"]["properties"]["reason"]["enum"]
    unknown = sorted(set(published) - known_codes(), key=lambda code: code[-3:])
    codes = [("reason code", code, "published", "—") for code in unknown]
    assert counted(july()) == [*JULY_TO_OCTOBER, *codes]
    assert known_codes() <= set(published)


@needs_contract
def test_october_does_not_differ() -> None:
    assert counted(json.loads(OCTOBER.read_text())) == []


@needs_contract
def test_every_difference_that_is_meant_is_there() -> None:
    "A reason without its difference would be one that nobody misses."
    found = differences(published_form(json.loads(OCTOBER.read_text())), KIT)
    assert {d.why for d in found} == {meant.why for meant in MEANT}


# What a schema may say beside its contract, and what is known to be out of sight: how a number is
# stored, and `not`, which only keeps the branches of a `oneOf` apart.
UNSEEN = {"title", "description", "default", "deprecated", "example", "format", "not"}


def changes(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any, Any]]:
    "Every small change of a schema's parts: a name for it, where, and what stands there instead."
    if isinstance(part, list):
        for index, item in enumerate(part):
            yield from changes(item, (*path, index))
        return
    if not isinstance(part, dict):
        return
    names = path[-1:] == ("properties",)
    for key, value in part.items():
        here = (*path, key)
        if names:
            yield "renamed", path, {f"{k}_x" if k == key else k: v for k, v in part.items()}
        elif key in UNSEEN:
            continue
        elif key in ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"):
            yield "bound", here, value + 1
        elif key == "multipleOf":
            yield "bound", here, value / 10
        elif key == "pattern":
            yield "pattern", here, f"{value}x"
        elif key in ("uniqueItems", "nullable"):
            yield "flag", here, False
        elif key == "type":
            yield "type", here, "boolean" if value != "boolean" else "string"
        elif key == "required" and isinstance(value, list):
            yield "required", here, value[1:]
        elif key == "enum" and value != [None]:
            yield "choices", here, [*value, "another"]
        yield from changes(value, here)


def changed(part: Any, path: tuple[Any, ...], value: Any) -> Any:
    "The same with something else in a place; what isn't on the way there is shared."
    if not path:
        return value
    other = copy.copy(part)
    other[path[0]] = changed(part[path[0]], path[1:], value)
    return other


@needs_contract
def test_every_small_change_of_october_is_seen() -> None:
    spec = json.loads(OCTOBER.read_text())
    as_it_is = differences(published_form(spec), KIT)
    schemas = spec["components"]["schemas"]
    tried, missed = 0, []
    for kind, path, value in changes(schemas, ("components", "schemas")):
        tried += 1
        if differences(published_form(changed(spec, path, value)), KIT) == as_it_is:
            missed.append((kind, "/".join(map(str, path[2:]))))
    assert tried > 300
    # A branch that is null needs no type; a name that is required and gone counts elsewhere.
    assert missed == [
        ("type", "ProfilingRequest/oneOf/3/type"),
        ("flag", "ProfilingRequest/oneOf/3/nullable"),
        ("type", "RequestDraftNoQuotaV3/properties/quota/type"),
        ("flag", "RequestDraftNoQuotaV3/properties/quota/nullable"),
    ]


# A specification in the kit's own words: small, and different in one thing of each kind.
SMALL: dict[str, Any] = {
    "openapi": "3.0.3",
    "servers": [{"url": "https://exchange.example/v1"}],
    "paths": {
        "/demand/accounts/{account}/projects/{project}/target-groups": {
            "parameters": [{"$ref": "#/components/parameters/Account"}],
            "post": {
                "operationId": "create_target_group",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Group"}}
                    }
                },
            },
            "get": {"operationId": "get_list_target_groups"},
        },
        "/demand/groups": {"get": {"operationId": "get_target_group"}},
    },
    "components": {
        "schemas": {
            "Group": {
                "required": ["name", "colour"],
                "properties": {
                    "name": {"type": "string", "minLength": 5, "maxLength": 100},
                    "colour": {"$ref": "#/components/schemas/Colour"},
                    "filling_strategy": {
                        "allOf": [{"type": "string", "enum": ["completes", "automated"]}],
                        "nullable": True,
                    },
                    "fielding_assistant_assignment": {
                        "type": "object",
                        "properties": {
                            "pacing": {"oneOf": [{"$ref": "#/components/schemas/Tide"}]}
                        },
                    },
                },
            },
            "Colour": {"type": "string"},
            "Tide": {
                "type": "object",
                "properties": {"type": {"type": "string", "enum": ["tide"]}},
            },
            "InvalidParamData": {
                "properties": {"reason": {"enum": ["incorrect_sum_of_nominal_010", "too_blue_099"]}}
            },
        }
    },
}


def test_a_small_specification_by_hand() -> None:
    found = counted(SMALL)
    shapes = [d for d in found if d[0] not in ("operation", "reason code")]
    gone = {name for what, name, theirs, _ in shapes if (what, theirs) == ("field", "—")}
    fields = set(TargetGroup.model_fields)
    assert gone & fields == fields - SMALL["components"]["schemas"]["Group"]["properties"].keys()
    rest = [d for d in shapes if d[:1] != ("field",) or d[2] != "—"]
    assert rest == [
        ("type", "target group", "—", "object"),
        ("together", "target group", "—", "allocation_template | allocations | nothing more"),
        ("maxLength", "name", "100", "128"),
        ("field", "colour", "required string", "—"),
        ("enum", "filling_strategy", "automated, completes", "automated, completes, prescreens"),
        ("required", "fielding_assistant_assignment", "no", "yes"),
        ("discriminator", "fielding_assistant_assignment.pacing", "—", "type"),
        ("nullable", "fielding_assistant_assignment.pacing", "—", "yes"),
        ("field", "fielding_assistant_assignment.pacing.type", "optional string", "—"),
        ("branch", "fielding_assistant_assignment.pacing", "—", "linear"),
        ("branch", "fielding_assistant_assignment.pacing", "—", "adaptive"),
        ("branch", "fielding_assistant_assignment.pacing", "—", "gemini"),
    ]
    listed = [d for d in found if d[0] in ("operation", "reason code")]
    group = "/demand/accounts/{account_id}/projects/{project_id}/target-groups/{target_group_id}"
    absent = known_operations().keys() - {"create_target_group", "get_list_target_groups"}
    assert ("operation", "get_target_group", "GET /demand/groups", f"GET {group}") in listed
    assert {name for what, name, _, _ in listed if what == "operation"} == absent
    codes = {name: (theirs, ours) for what, name, theirs, ours in listed if what == "reason code"}
    assert codes.pop("too_blue_099") == ("published", "—")
    assert codes == dict.fromkeys(known_codes() - {"incorrect_sum_of_nominal_010"}, ("—", "known"))


def plain_schema(shape: Shape) -> dict[str, Any]:
    told: dict[str, Any] = dict(shape.facts)
    for name, text in shape.facts.items():
        if name in ("also", "unknown fields", "discriminator") or text == "decimal":
            del told[name]
        elif name == "enum":
            told[name] = text.split(", ")
        elif text.lstrip("-").replace(".", "").isdigit():
            told[name] = json.loads(text)
        elif name in ("nullable", "uniqueItems"):
            told[name] = True
    return told


def case_schema(shape: Shape, case: str) -> dict[str, Any]:
    "One of the cases of an object whose fields go together."
    asked = dict(part.partition("=")[::2] for part in case.split(" + "))
    others = {part.partition("=")[0] for case in shape.together for part in case.split(" + ")}
    names = [n for n in shape.fields if n in asked or n in shape.required or n not in others]
    fields = {name: schema(shape.fields[name]) for name in names}
    for name, choice in asked.items():
        if choice:
            fields[name]["enum"] = [{"true": True, "false": False}.get(choice, choice)]
    needed = sorted(shape.required | asked.keys() - {"nothing more"})
    return {"type": "object", "properties": fields, "required": needed}


def schema(shape: Shape) -> dict[str, Any]:
    "A shape as a schema of OpenAPI."
    if shape.branches:
        branches = [schema(branch) for branch in shape.branches.values()]
        return plain_schema(shape) | {"oneOf": branches}
    if shape.together:
        cases = [case_schema(shape, case) for case in sorted(shape.together)]
        return plain_schema(shape) | {"oneOf": cases}
    told = plain_schema(shape)
    if shape.fields:
        told["properties"] = {name: schema(field) for name, field in shape.fields.items()}
        told["required"] = sorted(shape.required)
    return told | ({"items": schema(shape.items)} if shape.items else {})


def equal_specification() -> dict[str, Any]:
    "A whole specification that says what the kit says, as far as a schema can."
    group = schema(replace(KIT.request, together=frozenset()))
    group["oneOf"] = [{"required": ["allocations"]}, {"required": ["allocation_template"]}]
    body = {"content": {"application/json": {"schema": group}}}
    paths: dict[str, dict[str, Any]] = {}
    for name, address in known_operations().items():
        method, path = address.split()
        paths.setdefault(path, {})[method.lower()] = {"operationId": name, "requestBody": body}
    reason = {"type": "string", "enum": sorted(known_codes())}
    refused = {"type": "object", "properties": {"reason": reason}}
    return {"paths": paths, "components": {"schemas": {"InvalidParamData": refused}}}


def test_a_specification_made_of_the_kit_does_not_differ() -> None:
    assert counted(equal_specification()) == []
    found = differences(published_form(equal_specification()), KIT)
    assert {d.what for d in found} == {"unknown fields", "together", "also", "format"}


def test_a_form_does_not_differ_from_itself() -> None:
    assert differences(KIT, KIT) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
        ({"enum": ["a"], "type": "string"}, {"const": "a", "type": "string"}),
        ({"type": "number", "format": "int"}, {"type": "integer"}),
        ({"type": "integer", "minimum": 1}, {"type": "integer", "minimum": 1.0}),
        ({"type": "array", "minItems": 0}, {"type": "array"}),
        (
            {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
            {"type": "integer", "exclusiveMinimum": 0},
        ),
        (
            {"anyOf": [{"type": "string"}, {"type": "null"}]},
            {"oneOf": [{"type": "string"}, {"enum": [None]}]},
        ),
        ({"allOf": [{"type": "string"}, {"nullable": True}]}, {"type": "string", "nullable": True}),
        (
            {"type": "integer", "format": "int32", "minimum": 1, "maximum": 9},
            {"type": "integer", "minimum": 1, "maximum": 9},
        ),
    ],
)
def test_ways_to_say_the_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    shapes = [
        published_form({"properties": {"field": spec}}).request.fields["field"]
        for spec in (one, other)
    ]
    assert shapes[0] == shapes[1]


PROFILES = TargetGroup.example().payload()["profiling"]
TEMPLATE = {"template_id": "5f0c2a9e-8d34-4c71-9b1e-6a2f70d3c8b5"}
OPEN = {"object": "open_ended", "question_id": 157}


def asking(target: dict[str, Any], *, enabled: bool = False) -> dict[str, Any]:
    condition = {"object": "selection", "question_id": 43, "option": "1"}
    targets = [{"conditions": [condition]} | target]
    profile = {"object": "regular", "quotas_enabled": enabled, "targets": targets}
    return {"profile_adjustment_type": "percentage", "profiles": [profile]}


@pytest.mark.parametrize(
    ("sound", "plan"),
    [
        (True, {"profiling": PROFILES}),
        (True, {"profiling": PROFILES | TEMPLATE}),
        (True, {"profiling": TEMPLATE | {"profile_adjustment_type": "percentage"}}),
        (False, {"profiling": TEMPLATE | {"profile_adjustment_type": "nominal"}}),
        (False, {"profiling": {"profile_adjustment_type": "nominal"}}),
        (False, {"profiling": {"profiles": PROFILES["profiles"]}}),
        (True, {"profiling": asking({})}),
        (True, {"profiling": asking({"quota": {"completes_goal_percentage": 100}}, enabled=True)}),
        (False, {"profiling": asking({"quota": {}})}),
        (
            False,
            {
                "profiling": asking(
                    {"quota": {"completes_goal_percentage": 100, "completes_goal": 10}},
                    enabled=True,
                )
            },
        ),
        (
            True,
            {
                "profiling": asking(
                    {"conditions": [OPEN | {"allow_all_values": True, "open_ended_values": []}]}
                )
            },
        ),
        (
            False,
            {
                "profiling": asking(
                    {"conditions": [OPEN | {"allow_all_values": True, "open_ended_values": ["a"]}]}
                )
            },
        ),
        (
            False,
            {
                "profiling": asking(
                    {"conditions": [OPEN | {"allow_all_values": False, "open_ended_values": []}]}
                )
            },
        ),
        (
            True,
            {
                "profiling": asking(
                    {"conditions": [OPEN | {"allow_all_values": False, "open_ended_values": ["a"]}]}
                )
            },
        ),
        (
            False,
            {
                "respondent_activity_exclusions": [
                    {"type": "project", "id": "0" * 26, "respondent_statuses": ["Complete"] * 2}
                ]
            },
        ),
        (False, {"allocation_template": {"id": "0" * 26, "type": "global"}}),
    ],
)
def test_what_is_written_down_of_the_kit_is_what_it_does(sound: bool, plan: dict[str, Any]) -> None:
    group = TargetGroup.example().with_open_exchange().payload()
    assert (check(group | plan).errors == ()) is sound


def test_neither_allocation_nor_template_is_a_warning() -> None:
    report = check(TargetGroup.example())
    assert report.ok
    assert "allocations_missing" in [finding.code for finding in report.warnings]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (
            {"openapi": "3.0.3"},
            "The file says nothing of how a target group is created: it has neither paths nor "
            "schemas that the kit knows. Give a whole OpenAPI file, or the schema of the request "
            "that creates a draft.",
        ),
        ({"properties": {"name": 5}}, "A schema is 5, not an object."),
        ({"properties": [1]}, "properties is [1], not an object."),
        ({"properties": {}, "required": True}, "required is true, not a list."),
        ({"properties": {"a": {"enum": 1}}}, "enum is 1, not a list."),
        (
            {"$ref": "#/components/schemas/Group"},
            "#/components/schemas/Group is referred to and isn't in the file.",
        ),
        (
            {"properties": {"a": {"$ref": "other.yaml#/A"}}},
            "other.yaml#/A is referred to and isn't in the file.",
        ),
        ({"paths": 5}, "paths is 5, not an object."),
        ({"paths": {"/a": []}}, "/a is [], not an object."),
    ],
)
def test_what_can_not_be_understood_is_said(spec: dict[str, Any], message: str) -> None:
    with pytest.raises(KitError) as problem:
        published_form(spec)
    assert str(problem.value) == message


def test_a_schema_that_holds_itself_is_read_once() -> None:
    spec = {"$ref": "#/components/schemas/A", "components": {"schemas": {}}}
    spec["components"]["schemas"]["A"] = {  # type: ignore[index]
        "type": "object",
        "properties": {"parts": {"type": "array", "items": {"$ref": "#/components/schemas/A"}}},
    }
    parts = published_form(spec).request.fields["parts"]
    assert parts == Shape({"type": "array"}, items=Shape({"type": "again #/components/schemas/A"}))


KEYS = st.sampled_from(
    "properties required type enum oneOf anyOf allOf $ref items nullable format minimum const "
    "minItems additionalProperties name exclusiveMinimum components schemas paths".split()
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.sampled_from(["string", "object", "#/properties", "#/components/schemas/name", "int32"]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(KEYS, parts, max_size=4),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_file_is_read_or_refused_in_words(spec: dict[str, Any]) -> None:
    try:
        form = published_form(spec)
    except KitError:
        return
    assert differences(form, form) == ()


def test_the_client_has_the_operations_that_the_kit_knows() -> None:
    "One is the emulator's alone."
    assert {name for name in known_operations() if not hasattr(DemandClient, name)} == {
        "get_project_by_id"
    }


def write(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_the_command_says_0_when_nothing_differs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("contract", write(tmp_path, "equal.yaml", yaml.dump(equal_specification()))) == 0
    out, err = capsys.readouterr()
    assert (out.count("\n"), err) == (2, "")
    assert out.startswith("✓ No difference between the specification and the kit; ")
    del (excerpt := equal_specification())["components"]
    assert run("contract", write(tmp_path, "excerpt.json", json.dumps(excerpt))) == 0
    assert "\nNot in this file, so not compared: reason codes.\n" in capsys.readouterr().out


@needs_contract
def test_the_command_on_the_published_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("contract", str(OCTOBER)) == 0
    assert "not compared: operations and reason codes." in capsys.readouterr().out
    assert run("contract", str(JULY)) == 1
    assert "business_unit_id               string" in capsys.readouterr().out


def test_the_command_says_1_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path, "small.yaml", yaml.safe_dump(SMALL))
    assert run("contract", file) == 1
    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert err == ""
    assert lines[3].split() == ["what", "where", "specification", "kit"]
    assert "maxLength    name                           100                 128" in lines
    assert max(map(len, lines)) <= 80
    assert "An amount is decimal text" not in out
    assert run("contract", file, "--all") == 1
    out, _ = capsys.readouterr()
    reason = (
        "The exchange ignores a misspelt field silently; the kit names the nearest known\none.\n"
    )
    assert f"{reason}  unknown fields (allowed, here refused) of target group\n" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.json", '{"paths": ', "a.json is not JSON: line 1, column 11: Expecting value."),
        ("a.yaml", "just words", "a.yaml holds no object, so it is no specification."),
        ("a.json", "[1]", "a.json holds no object, so it is no specification."),
        ("a.json", "", "a.json holds no object, so it is no specification."),
        ("a.json", "[" * 100_000, "a.json is nested too deeply to be a specification."),
    ],
)
def test_the_command_says_2_when_there_is_nothing_to_compare(
    name: str,
    text: str,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(tmp_path, name, text)
    with contextlib.chdir(tmp_path):
        assert run("contract", name) == 2
    out, err = capsys.readouterr()
    assert (out, " ".join(err.split())) == ("", said)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"nowhere can't be read: No such file or directory\.$"):
        read_specification(tmp_path / "nowhere")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00{")
    with pytest.raises(
        KitError, match=r"bytes is not text\. Give a specification as JSON or YAML\.$"
    ):
        read_specification(tmp_path / "bytes")


def test_yaml_that_is_none_is_placed(tmp_path: Path) -> None:
    with pytest.raises(KitError, match=r"a\.yaml is not YAML: line \d+, column \d+: "):
        read_specification(write(tmp_path, "a.yaml", "paths: [a"))


def test_yaml_without_its_reader(tmp_path: Path) -> None:
    file = write(tmp_path, "a.yaml", "a: 1")
    code = (
        "import sys; sys.modules['yaml'] = None; import target_group_kit.stage.cli as c; c.main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "contract", file], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert 'pip install "target_group_kit[contract]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cell_is_cut_where_a_reader_would() -> None:
    where = "a" * 40 + ".b"
    table = table_text([Difference("type", where, "—", "profile_adjustment_type=percentage")])
    assert table.splitlines()[2:] == [
        f"type         {'a' * 29}  —                   profile_",
        f"             {'a' * 11}.b                                      adjustment_",
        f"             {' ' * 29}                      type=percentage",
    ]


NAMED = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}
COUNTED = {"required": ["b"], "properties": {"b": {"type": "integer"}}}


def test_parts_of_an_object_are_laid_over_each_other() -> None:
    whole = {
        "type": "object",
        "required": ["a", "b"],
        "properties": NAMED["properties"] | COUNTED["properties"],
    }
    assert published_form({"properties": {"x": {"allOf": [NAMED, COUNTED]}}}) == published_form(
        {"properties": {"x": whole}}
    )


def test_a_choice_of_branches_or_null() -> None:
    tags = [{"properties": {"kind": {"type": "string", "enum": [tag]}}} for tag in ("a", "b")]
    choice = {"oneOf": [*tags, {"enum": [None]}]}
    shape = published_form({"properties": {"x": choice}}).request.fields["x"]
    assert shape.facts == {"type": "object", "discriminator": "kind", "nullable": "yes"}
    assert list(shape.branches) == ["a", "b"]


def test_a_body_may_be_referred_to_and_a_schema_listed_by_name() -> None:
    body = {"content": {"application/json": {"schema": NAMED}}}
    operation = {"operationId": "create_target_group", "requestBody": {"$ref": "#/bodies/Group"}}
    whole = published_form({"paths": {"/a": {"post": operation}}, "bodies": {"Group": body}})
    listed = published_form({"components": {"schemas": {"CreateDraftTargetGroupRequest": NAMED}}})
    assert whole.request == listed.request == published_form(NAMED).request
    assert (whole.operations, listed.operations) == ({"create_target_group": "POST /a"}, None)
