"The journal in a file: everything, exactly, for its owner only."

import csv
import io
import json
import os
import stat

import pytest

from target_group_kit.contract.errors import JournalError
from target_group_kit.exchange.exports import export_journal, export_text
from target_group_kit.exchange.journal import Journal
from tests.journals import NOON, ONE, TWO, batch, order

HEAD = (
    "environment,base_url,account_id,project_id,reference,own_reference,request_hash,"
    "contract_version,id,state,attempts,sender,lease_until,target_group_ids,trace_id,problem,"
    "planned_at,sent_at,settled_at,name"
)


@pytest.fixture
def journal():
    with Journal("sqlite://") as opened:
        opened.plan(order("tea-1"), NOON)
        both = opened.plan(order("tea-2", body='{"name": "Thé, \\"vert\\""}'), NOON)
        opened.found(both, (ONE, TWO), NOON, trace_id="7c1d")
        yield opened


def test_as_csv(journal):
    head, second, first, end = "".join(export_text(journal, "csv")).split("\r\n")
    place = "live,https://api.cint.com/v1,543587,01JX2KPG5VEBF8498Z8YTTE8TB"
    noon = "2026-12-01T12:00:00.000Z"
    assert (head, end) == (HEAD, "")
    assert first == (f"{place},tea-1,True,5f3a,2025-12-18,1,planned,0,,,,,,{noon},,,Tea drinkers")
    assert second == (
        f"{place},tea-2,True,5f3a,2025-12-18,2,ambiguous,0,,,{ONE} {TWO},7c1d,"
        f'2 target groups stand under this reference,{noon},{noon},{noon},"Thé, ""vert"""'
    )


def test_as_json_lines(journal):
    second, first = map(json.loads, export_text(journal, "jsonl"))
    assert first == {
        "environment": "live",
        "base_url": "https://api.cint.com/v1",
        "account_id": "543587",
        "project_id": "01JX2KPG5VEBF8498Z8YTTE8TB",
        "reference": "tea-1",
        "own_reference": True,
        "request_hash": "5f3a",
        "contract_version": "2025-12-18",
        "id": 1,
        "state": "planned",
        "attempts": 0,
        "sender": None,
        "lease_until": None,
        "target_group_ids": [],
        "trace_id": None,
        "problem": None,
        "planned_at": "2026-12-01T12:00:00.000Z",
        "sent_at": None,
        "settled_at": None,
        "name": "Tea drinkers",
        "request": {"name": "Tea drinkers"},
    }
    assert (second["target_group_ids"], second["request"]) == ([ONE, TWO], {"name": 'Thé, "vert"'})


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM", "'@SUM"),
        ("\tx", "'\tx"),
        ("1=1", "1=1"),
        ("two\nlines", "two\nlines"),
    ],
)
def test_no_cell_is_a_formula(name, cell):
    with Journal("sqlite://") as journal:
        journal.plan(order(body=json.dumps({"name": name})), NOON)
        (row,) = csv.DictReader(io.StringIO("".join(export_text(journal, "csv")), newline=""))
        (held,) = map(json.loads, export_text(journal, "jsonl"))
    assert (row["name"], held["name"]) == (cell, name)


def test_only_what_was_asked_for(journal):
    def references(**how):
        return [json.loads(row)["reference"] for row in export_text(journal, "jsonl", **how)]

    assert references() == ["tea-2", "tea-1"]
    assert references(state="planned") == ["tea-1"]
    assert references(text=TWO) == ["tea-2"]
    assert references(environment="pilot") == []


@pytest.mark.parametrize(
    ("name", "kind"), [("a.csv", "csv"), ("a.jsonl", "jsonl"), ("A.NDJSON", "jsonl")]
)
def test_a_file_for_its_owner_only(journal, tmp_path, name, kind):
    path = tmp_path / name
    before = os.umask(0)
    try:
        assert export_journal(journal, path) == 2
    finally:
        os.umask(before)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    encoding = "utf-8-sig" if kind == "csv" else "utf-8"
    written = path.read_bytes().decode(encoding)
    assert written == "".join(export_text(journal, kind))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") == (kind == "csv")
    assert export_journal(journal, path, state="planned") == 1


def test_one_body_at_a_time():
    with Journal("sqlite://") as journal:
        journal.plan_all(batch(3), NOON)
        rows = export_text(journal, "jsonl")
        assert json.loads(next(rows))["name"] == "Wave 2"
        journal.settle(journal.find("wave-00000")[0], "refused", NOON)
        assert [json.loads(row)["state"] for row in rows] == ["planned", "planned"]


@pytest.mark.parametrize("name", ["sent.pdf", "sent", "sent.csv.gz"])
def test_a_kind_that_is_not_known(journal, tmp_path, name):
    with pytest.raises(JournalError) as caught:
        export_journal(journal, tmp_path / name)
    assert str(caught.value) == (
        f"{str(tmp_path / name)!r} ends in no kind of file that a journal can be. Use .csv for a "
        "spreadsheet or .jsonl for everything."
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(journal, tmp_path):
    path = tmp_path / "none" / "sent.csv"
    with pytest.raises(JournalError) as caught:
        export_journal(journal, path)
    assert str(caught.value) == f"{str(path)!r} can't be written: No such file or directory."
