"Forms: one value, no loops, failures that are seen."

import logging
import threading

import ipywidgets
import pytest
from examples import SOAK
from hands import beside, everything, fill, models, shown
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.contract.errors import Finding, Report
from target_group_kit.widgets.controls import (
    Field,
    Parts,
    discard,
    finding_line,
    merged,
    owner_of,
    read_number,
    summary_html,
    write_number,
)
from target_group_kit.widgets.form import TURNS, Form, Reading


class NumberForm(Form):
    "A form on a number of cups: the smallest there is."

    def __init__(self, cups: int | None = None) -> None:
        super().__init__()
        self.cups = Field(self.parts, ("cups",), self.parts.text("Cups"))
        self._listen(self.cups.control)
        self._start(cups, [self.cups])

    def _load(self, cups: int | None) -> None:
        self.cups.control.value = write_number(cups)

    def _read(self) -> Reading:
        cups = read_number(self.cups.control.value)
        if isinstance(cups, int):
            return Reading(cups, Report())
        said = f"{self.cups.control.value!r} is no number."
        return Reading(None, Report((Finding("wrong_type", "error", ("cups",), said, "Say 1."),)))

    def _show(self, reading: Reading) -> None:
        self.cups.say([*self.said_no.findings, *reading.report.findings])

    def _twin(self) -> str:
        return f"<p>{self.value} cups</p>"


def listening(form: Form) -> list[object]:
    heard: list[object] = []
    form.observe(lambda change: heard.append(change.new), names="value")
    return heard


def test_one_edit_is_one_event() -> None:
    form = NumberForm(1)
    heard = listening(form)
    for text in ("2", "2 ", "3"):
        fill(form, "Cups", text)
    assert (heard, form.value, form.errors) == ([2, 3], 3, [])


def test_a_slip_keeps_what_was_typed_and_the_last_good_value() -> None:
    form = NumberForm(1)
    heard = listening(form)
    fill(form, "Cups", "many")
    assert (form.value, form.report.ok, form.cups.control.value) == (1, False, "many")
    assert "&#x27;many&#x27; is no number." in beside(form, "Cups")
    fill(form, "Cups", "4")
    assert (heard, beside(form, "Cups")) == ([4], "")


def test_setting_the_value_moves_the_screen() -> None:
    form = NumberForm(1)
    heard = listening(form)
    form.value = 7
    form.value = 7
    assert (form.cups.control.value, heard) == ("7", [7])
    form.value = None
    assert (form.cups.control.value, heard, form.report.ok) == ("", [7, None], False)


def test_the_same_value_again_puts_the_screen_back() -> None:
    form = NumberForm(1)
    heard = listening(form)
    fill(form, "Cups", "many")
    form.value = 1
    assert (form.cups.control.value, form.report.ok, heard) == ("1", True, [])


def test_two_forms_stay_in_step() -> None:
    one, other = NumberForm(1), NumberForm(1)
    heard = listening(one)
    one.observe(lambda change: setattr(other, "value", change.new), names="value")
    other.observe(lambda change: setattr(one, "value", change.new), names="value")
    fill(one, "Cups", "5")
    fill(other, "Cups", "6")
    assert (heard, one.value, other.value) == ([5, 6], 6, 6)
    assert one.cups.control.value == other.cups.control.value == "6"
    assert one.errors == other.errors == []


def test_a_value_set_in_an_observer_wins() -> None:
    form = NumberForm(1)
    form.observe(lambda change: setattr(form, "value", min(change.new, 10)), names="value")
    fill(form, "Cups", "500")
    assert (form.value, form.cups.control.value) == (10, "10")


def test_an_observers_failure_is_seen_and_kept(failures: list[logging.LogRecord]) -> None:
    form = NumberForm(1)

    def fail(change: object) -> None:
        raise RuntimeError("<b>no kettle</b>")

    form.observe(fail, names="value")
    fill(form, "Cups", "2")
    assert [str(problem) for problem in form.errors] == ["<b>no kettle</b>"]
    assert "RuntimeError: &lt;b&gt;no kettle&lt;/b&gt;" in shown(form)
    assert form.value == 2
    assert [record.getMessage() for record in failures] == ["A callback of NumberForm failed."]
    assert failures[0].exc_info is not None
    assert failures[0].exc_info[1] is form.errors[0]


def test_a_failure_in_code_reaches_the_code() -> None:
    form = NumberForm(1)

    def fail(change: object) -> None:
        raise RuntimeError("no kettle")

    form.observe(fail, names="value")
    with pytest.raises(RuntimeError, match="no kettle"):
        form.value = 2
    assert (form.value, form.cups.control.value) == (2, "2")


def test_edits_in_other_threads_are_all_heard() -> None:
    form = NumberForm(0)
    heard = listening(form)

    def edit(number: int) -> None:
        fill(form, "Cups", str(number))

    threads = [threading.Thread(target=edit, args=(n,)) for n in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert form.errors == []
    assert set(heard) <= set(range(1, 9))
    assert form.value == int(form.cups.control.value) == heard[-1]


def test_handlers_take_turns() -> None:
    form, other, free = NumberForm(0), NumberForm(0), []

    def meanwhile(change: object) -> None:
        def knock() -> None:
            free.append(TURNS.acquire(blocking=False))

        thread = threading.Thread(target=knock)
        thread.start()
        thread.join()

    form.observe(meanwhile, names="value")
    other.observe(lambda change: setattr(form, "value", change.new), names="value")
    fill(form, "Cups", "1")
    fill(other, "Cups", "2")
    assert (free, form.errors, other.errors) == ([False, False], [], [])


def test_whoever_listens_hears_of_slips_too() -> None:
    form, heard = NumberForm(1), []
    form.on_edit(lambda _: heard.append(form.report.ok))
    fill(form, "Cups", "many")
    fill(form, "Cups", "2")
    form.value = 3
    assert heard == [False, True, True]


def test_a_refusal_stands_beside_its_field_until_the_next_edit() -> None:
    form = NumberForm(1)
    said = Finding("bad_request_error", "error", ("cups",), "the exchange says: too few", "")
    form.refused(Report((said,)))
    assert "The exchange says: too few" in beside(form, "Cups")
    assert (form.report.ok, form.value) == (True, 1)
    fill(form, "Cups", "2")
    assert beside(form, "Cups") == ""


def test_the_bundle_carries_a_static_twin() -> None:
    bundle = NumberForm(3)._repr_mimebundle_()
    assert bundle["text/html"] == "<p>3 cups</p>"
    assert bundle["text/plain"] == "NumberForm, nothing found\n\n3"
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_nothing_leaks_over_many_edits() -> None:
    form = NumberForm(1)
    fill(form, "Cups", "many")  # makes the place for problems
    before = models()
    for number in range(1000 if SOAK else 300):
        fill(form, "Cups", "many" if number % 3 else str(number))
    assert (models(), form.errors) == (before, [])


def test_what_is_discarded_is_closed_with_all_it_holds() -> None:
    parts = Parts()
    kept = Field(parts, ("a",), parts.text("A"))
    before = models()
    gone = Field(parts, ("b",), parts.text("B"), parts.text("C"))
    closed = list(everything(gone))
    discard([gone])
    assert models() == before
    assert all(widget.comm is None for widget in closed)
    assert kept.control.comm is not None


def test_controls_share_their_layout_and_style() -> None:
    parts = Parts()
    texts = [parts.text(str(n)) for n in range(10)]
    assert len({text.layout.model_id for text in texts}) == 1
    assert len({text.style.model_id for text in texts}) == 1


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("", None),
        ("   ", None),
        ("50", 50),
        ("50 %", 50),
        ("1.5", 1.5),
        ("1,5", 1.5),
        (",5", 0.5),
        ("5.", 5.0),
        ("−1", -1),
        ("+2", 2),
        ("1 000", 1000),
        ("1\u202f000", 1000),
        ("1e3", "1e3"),
        ("1.000,5", "1.000,5"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("٥", "٥"),
        ("50\t60", "50\t60"),
        ("9" * 16, "9" * 16),
        ("🙂", "🙂"),
    ],
)
def test_numbers_as_typed(typed: str, number: object) -> None:
    assert read_number(typed) == number


@given(st.integers(-(10**12), 10**12) | st.decimals(0, 100, places=2).map(float))
def test_written_numbers_are_read_back(number: int | float) -> None:
    assert read_number(write_number(number)) == number


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read = read_number(text)
    assert read is None or isinstance(read, int | float) or read == text.strip()


def test_findings_go_to_the_nearest_field() -> None:
    places = [("a",), ("a", "b"), ("c", "d"), ("c", "e")]
    owners = {
        ("a",): ("a",),
        ("a", "x"): ("a",),
        ("a", "b", 0): ("a", "b"),
        ("c",): ("c", "d"),
        ("c", "e"): ("c", "e"),
        ("f",): None,
        (): None,
    }
    assert {path: owner_of(path, places) for path in owners} == owners


def test_what_a_field_says_silences_the_check_there() -> None:
    own = Finding("own", "error", ("a", "b"), "mine")
    same = Finding("checked", "error", ("a", "b", "c"), "the check's")
    other = Finding("checked", "error", ("a", "x"), "another")
    warned = Finding("own", "warning", ("d",), "mine")
    kept = Finding("checked", "error", ("d",), "kept")
    report = merged([own, warned], Report.of([same, other, kept]))
    assert report.findings == (own, other, kept, warned)


HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("code", ["wrong_form", "missing"])
def test_what_users_write_is_escaped(code: str) -> None:
    finding = Finding(code, "error", (HOSTILE,), HOSTILE, HOSTILE)
    said = finding_line(finding) + summary_html(Report((finding,)), lambda path: str(path[0]))
    assert "<img" not in said
    assert "&lt;img" in said


def test_a_missing_field_is_no_wall_of_red() -> None:
    parts = Parts()
    field = Field(parts, ("name",), parts.text("Name"))
    finding = Finding("missing", "error", ("name",), "name is missing.", "Add it: 5 characters.")
    field.say([finding])
    assert field.said.value == '<p class="tgk-missing">Needed: 5 characters.</p>'
    assert "tgk-bad" not in field._dom_classes
    field.say([Finding("wrong_length", "error", ("name",), "too short.")])
    assert "tgk-bad" in field._dom_classes
    field.say([], "a hint")
    assert field.said.value == '<p class="tgk-hint">a hint</p>'


def test_forms_show_themselves_as_text() -> None:
    assert repr(NumberForm(3)) == "NumberForm, nothing found\n\n3"
    assert repr(NumberForm(None)) == "NumberForm, 1 error\n\nNothing yet."
    assert isinstance(NumberForm(3), ipywidgets.VBox)
