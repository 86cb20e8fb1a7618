"Findings and reports: their order, their words and their HTML."

from html.parser import HTMLParser

import pytest

from target_group_kit.contract import errors
from target_group_kit.contract.errors import (
    Finding,
    InvalidTargetGroup,
    KitError,
    Report,
    parse_path,
    path_text,
    report_html,
)

NOTE = Finding("n", "note", (), "good to know")
WARNING = Finding("w", "warning", ("live_url",), "no [%RID%]", "Add it.")
ERROR = Finding("e", "error", ("profiling", "profiles", 0, "targets"), "sum is 99")


class Text(HTMLParser):
    "The tags and the text of a page."

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_errors_come_first_and_keep_their_order() -> None:
    report = Report.of([NOTE, WARNING, ERROR, WARNING])
    assert report.findings == (ERROR, WARNING, WARNING, NOTE)
    assert (report.errors, report.warnings, report.notes) == ((ERROR,), (WARNING, WARNING), (NOTE,))
    assert report.summary == "1 error, 2 warnings, 1 note"


@pytest.mark.parametrize(
    ("findings", "ok"),
    [((), True), ((NOTE,), True), ((WARNING,), True), ((ERROR, NOTE), False)],
)
def test_only_errors_spoil_a_report(findings: tuple[Finding, ...], ok: bool) -> None:
    report = Report.of(findings)
    assert report.ok is ok
    if ok:
        assert report.raise_for_errors() is report
    else:
        with pytest.raises(InvalidTargetGroup) as caught:
            report.raise_for_errors()
        assert caught.value.report is report


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("name",), "name"),
        (("profiling", "profiles", 10, "targets", 0), "profiling.profiles[10].targets[0]"),
    ],
)
def test_a_path_reads_both_ways(path: errors.Path, text: str) -> None:
    assert path_text(path) == text
    assert parse_path(text) == path


def test_a_report_reads_as_text() -> None:
    assert str(Report.of([WARNING])) == (
        "1 warning:\nwarning at live_url: no [%RID%] [w]\n  → Add it."
    )
    assert str(Report()) == "nothing found."


def test_many_of_a_kind_stay_readable() -> None:
    many = Report.of([Finding("w", "warning", (i,), "x") for i in range(1002)])
    assert len(many.findings) == 1002
    assert str(many).splitlines()[-1] == "  … and 997 more of w"
    assert str(many).count("\n") == 6
    assert "and 997 more like these" in Text(report_html(many)).text


def test_user_text_is_escaped() -> None:
    nasty = "<script>alert(1)</script>' onclick='x"
    page = Text(report_html(Report.of([Finding(nasty, "error", (nasty,), nasty, nasty)])))
    assert set(page.tags) <= {
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
        "b",
        "br",
    }
    assert page.text.count(nasty) == 4


def test_every_error_is_a_kit_error() -> None:
    raised = [getattr(errors, name) for name in errors.__all__]
    tree = [e for e in raised if isinstance(e, type) and issubclass(e, Exception)]
    assert len(tree) == 15
    assert all(issubclass(e, KitError) for e in tree)
