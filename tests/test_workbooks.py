"Workbooks for sign-off: what they show, that nothing is lost, and what clients do to them."

import io
import re
import zipfile
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from examples import times
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.utils import range_boundaries
from quota_plans import plans

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    BlendedProfile,
    Quota,
    RangeCondition,
    SelectionCondition,
    Target,
)
from target_group_kit.sampling.caps import Control
from target_group_kit.sampling.interlocks import Interlock
from target_group_kit.sampling.margins import Margin
from target_group_kit.sampling.plan import QuotaPlan
from target_group_kit.views.entries import Entry, Formula, Key, entries_of
from target_group_kit.views.returns import is_workbook
from target_group_kit.views.sign_off import SignOff, read_sign_off
from target_group_kit.views.workbooks import KEPT, masked, unmasked, workbook_of, write_workbook

many = times(2000, quick=120)
some = times(100, quick=30)
HINT = "Blue numbers on white are targets: change them here. Bold ones on grey are sums and follow."


def germany(completes=1000):
    return (
        QuotaPlan(completes)
        .margin("gender", 43, {"women": ("2", 50.7), "men": ("1", 49.3)})
        .margin("age", 42, {"18-34": ((18, 34), 3), "35-54": ((35, 54), 4), "55+": ((55, 99), 3)})
    )


def crossed(completes=1000):
    return germany(completes).interlock("gender", "age", zeros=[("men", "18-34")])


def capped():
    cap = ({"gender": "men", "age": ["18-34", "35-54"]}, 125)
    return germany().control("caps", {"young men": cap})


def countable(plan):
    "The plan, if its minimum leaves room for its goal."
    try:
        plan.rows()
    except InvalidPlan:
        assume(False)
    return plan


def written(plan, title=""):
    write_workbook(plan, file := io.BytesIO(), title)
    return file.getvalue()


def saved(book):
    book.save(file := io.BytesIO())
    return file.getvalue()


def signed(plan, changes, sheet="Quotas"):
    "The plan after a client put other values into some cells."
    book = openpyxl.load_workbook(io.BytesIO(written(plan)))
    for address, value in changes.items():
        book[sheet][address] = value
    return read_sign_off(saved(book))


def refusal(plan, changes, sheet="Quotas"):
    with pytest.raises(InvalidPlan) as told:
        signed(plan, changes, sheet)
    return str(told.value)


# A spreadsheet, as far as these workbooks need one.

REFERENCE = re.compile(r"(?:(\w+)!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
CHECK = re.compile(r'=IF\((.+)=(.+),"OK","off by "&TEXT\(\1-\2,"\+0;-0"\)\)')


def area(book, sheet, reference):
    name, span = REFERENCE.fullmatch(reference).groups()
    left, top, right, bottom = range_boundaries(span)
    rows = range(top, bottom + 1)
    return [(name or sheet, row, col) for row in rows for col in range(left, right + 1)]


def worked_out(book, sheet, row, column):
    "What a cell shows, formulas worked out."
    cell = book[sheet].cell(row, column)
    value = cell.value
    if cell.data_type != "f":
        return value

    def one(reference):
        [at] = area(book, sheet, reference)
        return worked_out(book, *at)

    if check := CHECK.fullmatch(value):
        found, wanted = map(one, check.groups())
        return "OK" if found == wanted else f"off by {found - wanted:+d}"
    if value.startswith("=SUM("):
        at = [a for part in value[5:-1].split(",") for a in area(book, sheet, part)]
        return sum(worked_out(book, *a) for a in at if worked_out(book, *a) != "–")
    if value.startswith("=ROWS("):
        return len({row for _, row, _ in area(book, sheet, value[6:-1])})
    over, _, under = value[1:].partition("/")
    return Fraction(one(over), one(under)) if under else one(over)


def inserted(book, sheet, at):
    "A row inserted at one place, with every reference corrected, as spreadsheets do it."

    def moved(here):
        def corrected(match):
            if (match[1] or here) != sheet:
                return match[0]
            later = lambda n: str(int(n[0]) + (int(n[0]) >= at))  # noqa: E731
            return (f"{match[1]}!" if match[1] else "") + re.sub(r"\d+", later, match[2])

        return corrected

    book[sheet].insert_rows(at)
    for each in book:
        for row in each.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = REFERENCE.sub(moved(each.title), cell.value)
    return book


# What is shown


def test_the_whole_page_of_a_small_plan():
    plan = QuotaPlan(10).margin("gender", 43, {"women": ("2", 6), "men": ("1", 4)}, source="May")
    check = '=IF(D8=$D$3,"OK","off by "&TEXT(D8-$D$3,"+0;-0"))'
    lines = [
        (1, 1, "Tea", "title", None),
        (2, 1, HINT, "hint", None),
        (3, 1, "Goal", "whole", None),
        (3, 4, 10, "target", Key("goal")),
        (5, 1, "gender", "band", Key("block", 0, "$A$6:$A$8")),
        (5, 2, "who", "band", None),
        (5, 3, "percent", "band", None),
        (5, 4, "completes", "band", Key("block", 0, "$D$6:$D$8")),
        (6, 1, "women", "label", Key("label", 0, "0,0")),
        (6, 2, "gender (43): female (2)", "words", None),
        (6, 3, "=D6/$D$3", "share", Key("percent", 0, "0")),
        (6, 4, 6, "target", Key("people", 0, "0")),
        (7, 1, "men", "label", Key("label", 0, "0,1")),
        (7, 2, "gender (43): male (1)", "words", None),
        (7, 3, "=D7/$D$3", "share", Key("percent", 0, "1")),
        (7, 4, 4, "target", Key("people", 0, "1")),
        (8, 1, "Sum", "whole", Key("fixed", 0)),
        (8, 2, "", "whole", None),
        (8, 3, "=SUM(C6:C7)", "share", Key("percent", 0, "*")),
        (8, 4, "=SUM(D6:D7)", "sum", Key("people", 0, "*")),
        (8, 5, check, "check", None),
        (10, 1, "Source", "plain", None),
        (10, 2, "gender: May", "words", None),
        (11, 1, "Remarks", "plain", None),
        (11, 2, "", "remark", Key("remarks")),
    ]
    shown = entries_of(plan, "Tea")
    assert shown == tuple(Entry("Quotas", *line) for line in lines)
    assert [e.address for e in shown if isinstance(e.value, Formula)] == [
        *("C6", "C7", "C8", "D8", "E8")
    ]


def table(plan, span):
    return [[cell.value for cell in row] for row in workbook_of(plan)["Interlock"][span]]


def test_two_questions_are_one_table_and_three_are_one_for_each_first_answer():
    assert table(crossed(), "A6:E9") == [
        ["gender ↓ age →", "18-34", "35-54", "55+", "Sum"],
        ["women", 300, 118, 89, "=SUM(B7:D7)"],
        ["men", "–", 282, 211, "=SUM(B8:D8)"],
        ["Sum", "=SUM(B7:B8)", "=SUM(C7:C8)", "=SUM(D7:D8)", "=SUM(E7:E8)"],
    ]
    region = {"north": ("1", 1), "south": ("2", 3)}
    deep = germany(400).margin("region", 96, region).interlock("region", "gender", "age")
    book = workbook_of(deep)
    assert table(deep, "A5:B7") == [["north", "region"], ["gender ↓ age →", "18-34"], ["women", 15]]
    assert table(deep, "A11:B12") == [["south", "region"], ["gender ↓ age →", "18-34"]]
    assert book["Interlock"]["B3"].value == "=SUM(E9,E15)"
    south, women, young = (book["Quotas"][at].value for at in ("D7", "D11", "D16"))
    assert south == "=SUM(Interlock!E15)"
    assert women == "=SUM(Interlock!E7,Interlock!E13)"
    assert young == "=SUM(Interlock!B9,Interlock!B15)"


def targets(plan):
    "Each target's number by part and place."
    found = {}
    for n, part in enumerate(plan.profiles):
        if isinstance(part, Margin | Interlock | Control):
            numbers = [aim.completes for aim in plan.aims(part)]
            places = getattr(part, "places", [(i,) for i in range(len(numbers))])
            found |= {(n, place): number for place, number in zip(places, numbers, strict=True)}
    return found


@some
@given(plans(populated=False))
def test_formulas_give_the_plans_own_sums_and_shares(plan):
    book, people = workbook_of(countable(plan)), targets(plan)
    for entry in entries_of(plan):
        shown = worked_out(book, entry.sheet, entry.row, entry.column)
        if entry.look == "check":
            assert shown == "OK"
        if entry.key and entry.key.kind in ("people", "percent"):
            asked = entry.key.place.split(",")
            total = sum(
                number
                for (n, place), number in people.items()
                if n == entry.key.part
                and all(a in ("*", str(i)) for a, i in zip(asked, place, strict=True))
            )
            percent = entry.key.kind == "percent"
            assert shown == (Fraction(total, plan.completes) if percent else total)


def test_a_sum_that_is_off_says_by_how_much():
    book = workbook_of(germany())
    book["Quotas"]["D6"] = 510
    assert worked_out(book, "Quotas", 8, 5) == "off by +3"
    book["Quotas"]["D3"] = 1010
    assert worked_out(book, "Quotas", 8, 5) == "off by -7"


def test_the_map_names_each_number_twice():
    book = workbook_of(crossed())
    rows = list(book["record"].iter_rows(min_row=2, min_col=2, max_col=3, values_only=True))
    keyed = [entry for entry in entries_of(crossed()) if entry.key]
    assert rows == [
        (
            "/".join(map(str, (*e.key, e.reference))),
            f"=ROWS({e.reference})" if e.key.kind == "block" else f"={e.reference}",
        )
        for e in keyed
    ]
    assert book["record"].sheet_state == "hidden"
    assert book["record"]["A1"].value == KEPT


def test_targets_and_sums_look_different_and_only_targets_are_open():
    sheet = openpyxl.load_workbook(io.BytesIO(written(germany())))["Quotas"]
    target, total, share, label = (sheet[at] for at in ("D6", "D8", "C6", "A6"))
    looks = [(c.font.color.rgb, c.font.bold, c.fill.fgColor.rgb) for c in (target, total, share)]
    assert looks == [
        ("000000FF", False, "00FFFFFF"),
        ("00000000", True, "00E3E3E3"),
        ("00000000", True, "00E3E3E3"),
    ]
    assert [c.protection.locked for c in (target, total, share, label)] == [
        *(False, True, True, False)
    ]
    assert (target.number_format, total.number_format, share.number_format) == (
        *("#,##0", "#,##0", "0.00%"),
    )
    assert sheet.protection.sheet
    assert sheet.protection.password is None


def test_the_pages_are_set_up_for_reading_and_print():
    book = openpyxl.load_workbook(io.BytesIO(written(crossed(), "Tea")))
    quotas, interlock = book["Quotas"], book["Interlock"]
    assert (quotas.freeze_panes, interlock.freeze_panes) == ("A4", "B4")
    assert [s.page_setup.orientation for s in (quotas, interlock)] == ["portrait", "landscape"]
    assert all(s.sheet_properties.pageSetUpPr.fitToPage for s in (quotas, interlock))
    assert (quotas.page_setup.fitToHeight, quotas.print_title_rows) == (0, "$1:$3")
    assert quotas["A1"].value == "Tea"
    [rule] = quotas.data_validations.dataValidation
    assert (str(rule.sqref), rule.type, rule.formula1) == ("D3", "whole", "0")
    [rule] = interlock.data_validations.dataValidation
    assert set(str(rule.sqref).split()) == {"B7", "C7", "D7", "C8", "D8"}
    assert (rule.allow_blank, rule.showErrorMessage) == (False, True)
    assert 20 < quotas.column_dimensions["B"].width < 51


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@SUM(A1)", "'=1", "=HYPERLINK(1)"])
def test_what_users_write_never_becomes_a_formula(text):
    plan = QuotaPlan(10).margin(text, 43, {text: ("2", 1)}, source=text)
    data = written(plan, text)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Quotas"]
    for address in ("A1", "A5", "A6"):
        assert (sheet[address].value, sheet[address].data_type) == (text, "s")
        assert sheet[address].quotePrefix
    formulas = re.findall(r"<f>(.*?)</f>", zipfile.ZipFile(io.BytesIO(data)).read(SHEET).decode())
    check = 'IF(D7=$D$3,"OK","off by "&amp;TEXT(D7-$D$3,"+0;-0"))'
    assert formulas == ["D6/$D$3", "SUM(C6:C6)", "SUM(D6:D6)", check]
    assert read_sign_off(data).plan == plan


SHEET = "xl/worksheets/sheet1.xml"


def test_what_excel_would_take_for_a_letter_is_masked():
    plan = QuotaPlan(10).margin("a", 43, {"_x0041_\n": ("2", 1)})
    data = written(plan)
    assert b"_x005F_x0041_ " in zipfile.ZipFile(io.BytesIO(data)).read(SHEET)
    assert read_sign_off(data).plan == plan


@settings(deadline=None)
@given(st.text())
def test_masked_text_comes_back(text):
    assert unmasked(masked(text)) == text


def fixed_profile(**quota):
    both = (
        SelectionCondition(question_id=96, option="1"),
        RangeCondition(question_id=97, min=18, max=34),
    )
    cell = Target(name="=young", conditions=both, quota=Quota(**(quota or {"completes_goal": 5})))
    return BlendedProfile(name="cells", quotas_enabled=True, targets=(cell,))


def with_carried(*profiles):
    return replace(germany(), profiles=(*germany().profiles, *profiles))


def test_caps_and_what_is_only_carried_are_shown_apart():
    entries = {e.address: e.value for e in entries_of(capped())}
    assert [entries[a] for a in ("A16", "D16", "A17", "C17", "D17")] == [
        *("caps", "at most", "young men", "=D17/$D$3", 125)
    ]
    fixed = fixed_profile()
    shares = fixed_profile(completes_goal_percentage=12.5).replace(name="shares")
    entries = {e.address: (e.value, e.look) for e in entries_of(with_carried(fixed, shares))}
    assert [entries.get(f"{column}17") for column in "ABCD"] == [
        ("=young", "plain"),
        ("state (96): 1; question 97: 18 to 34", "words"),
        None,
        (5, "plain"),
    ]
    assert entries["A19"] == ("shares (as it came)", "band")
    assert (entries["C20"], entries.get("D20")) == (("12.50 %", "fixed"), None)


# Nothing is lost


@many
@given(plans())
def test_an_untouched_workbook_gives_the_plan_that_was_sent(plan):
    back = read_sign_off(written(countable(plan), "Title"))
    assert back == SignOff(plan, plan)
    assert back.changes.empty


def test_a_long_record_is_kept_in_pieces():
    cells = {f"=option {n}": (str(n), n + 1) for n in range(600)}
    plan = QuotaPlan(5000).margin("region", 96, cells)
    book = openpyxl.load_workbook(io.BytesIO(written(plan)))
    pieces = [
        row[0].value for row in book["record"].iter_rows(min_row=2, max_col=1) if row[0].value
    ]
    assert len(pieces) == 2
    assert max(map(len, pieces)) == 32_000
    assert read_sign_off(written(plan)).plan == plan


def patched(data, change):
    "The file with its pages' XML changed."
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out := io.BytesIO(), "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text) if name.startswith("xl/worksheets/") else text)
    return out.getvalue()


def cached(text):
    "As spreadsheets save formulas: with their results, here wrong ones."
    return re.sub(rb"(<f>[^<]*</f>)<v ?/?>(</v>)?", rb"\1<v>7</v>", text)


def unstyled(book):
    for sheet in book:
        sheet.protection.sheet = False
        for row in sheet.iter_rows():
            for cell in row:
                cell.style = "Normal"
    return book


def reordered(book):
    book.move_sheet("record", -2)
    book["Quotas"].title = "Quotas ('old')"
    for row in book["record"].iter_rows(min_col=3):
        for cell in row:
            if isinstance(cell.value, str):
                cell.value = cell.value.replace("Quotas!", "'Quotas (''old'')'!")
    return book


def longer(book):
    for sheet in book:
        sheet.cell(sheet.max_row + 40, 9).value = " " if sheet.title != "record" else None
    return book


def flattened(book):
    "Formulas replaced by what they give, on every sheet."
    shown = [
        (cell, worked_out(book, s.title, cell.row, cell.column))
        for s in book
        for row in s
        for cell in row
    ]
    for cell, value in shown:
        cell.value = float(value) if isinstance(value, Fraction) else value
    return book


@pytest.mark.parametrize(
    "change",
    [
        unstyled,
        reordered,
        longer,
        flattened,
        lambda book: inserted(book, "Quotas", 1),
        lambda book: inserted(book, "Quotas", 7),
        lambda book: inserted(inserted(book, "Interlock", 8), "Interlock", 1),
    ],
    ids=["unstyled", "reordered", "longer", "flattened", "row above", "row within", "row crossed"],
)
def test_what_other_programs_do_to_a_file_does_not_matter(change):
    questions = {"region": 96, "income": 97}
    plan = capped()
    for name, question in questions.items():
        plan = plan.margin(name, question, {"low": ("1", 3), "high": ("2", 2)})
    plan = plan.interlock("region", "income", zeros=[("low", "high")])
    book = change(openpyxl.load_workbook(io.BytesIO(written(plan))))
    data = patched(saved(book), cached)
    assert (b"<v>7</v>" in zipfile.ZipFile(io.BytesIO(data)).read(SHEET)) == (change != flattened)
    assert read_sign_off(data) == SignOff(plan, plan)


def test_a_file_may_be_named_open_or_bytes(tmp_path):
    path = tmp_path / "quotas.xlsx"
    write_workbook(germany(), path)
    with path.open("rb") as file:
        file.read(3)
        found = [read_sign_off(source) for source in (path, str(path), file, path.read_bytes())]
    assert found == [SignOff(germany(), germany())] * 4


# What clients do


@st.composite
def spreads(draw, goal, cells):
    "That many people over so many cells, any way."
    cuts = sorted(draw(st.lists(st.integers(0, goal), min_size=cells - 1, max_size=cells - 1)))
    return [after - before for before, after in zip([0, *cuts], [*cuts, goal], strict=True)]


def with_targets(plan, numbers):
    "The workbook after a client typed numbers over targets."
    book = openpyxl.load_workbook(io.BytesIO(written(plan)))
    for entry in entries_of(plan):
        if entry.look == "target" and entry.key.kind == "people":
            place = tuple(map(int, entry.key.place.split(",")))
            book[entry.sheet][entry.address] = numbers.get((entry.key.part, place), entry.value)
    return saved(book)


@times(200, quick=40)
@given(plans(), st.data())
def test_the_plan_has_exactly_the_numbers_that_the_client_wrote(plan, data):
    goal = data.draw(st.sampled_from([countable(plan).completes, 2 * plan.completes, 7, 400]))
    nominal = any(
        target.quota and target.quota.completes_goal is not None
        for part in plan.profiles
        for target in getattr(part, "targets", ())
    )
    assume(not nominal or goal == plan.completes)
    now = targets(plan)
    summing = [n for n, p in enumerate(plan.profiles) if isinstance(p, Margin | Interlock)]
    assume(summing)
    for n in summing:
        places = [place for part, place in now if part == n]
        if goal != plan.completes or data.draw(st.booleans()):
            people = data.draw(spreads(goal, len(places)))
            now |= {(n, place): number for place, number in zip(places, people, strict=True)}
    assume(all(number <= goal for number in now.values()))
    back = read_sign_off(with_targets(plan, now))
    assert targets(back.plan) == now
    assert back.plan.completes == goal
    assert back.sent == plan
    kept = [(p.labels, p.source) for p in plan.profiles if isinstance(p, Margin)]
    assert [(p.labels, p.source) for p in back.plan.profiles if isinstance(p, Margin)] == kept
    for part, sent in zip(back.plan.profiles, plan.profiles, strict=True):
        if isinstance(part, Interlock) and part != sent:
            cells = part.spread(goal, back.plan.minimum).cells
            sums = [axis.completes(goal) for axis in part.axes]
            assert [tuple(cells.sum(axis=tuple({*range(cells.ndim)} - {n})).tolist())
                    for n in range(cells.ndim)] == sums  # fmt: skip


def test_other_numbers_change_only_their_own_margin():
    back = signed(germany(), {"D6": 520, "D7": 480})
    assert back.plan == germany().with_weights("gender", {"women": 520, "men": 480})
    rows = back.changes[["profile", "target", "change", "completes_before", "completes_after"]]
    assert rows.values.tolist() == [
        ["gender", "women", "changed", 507, 520],
        ["gender", "men", "changed", 493, 480],
    ]
    assert repr(back) == (
        "Sign-off of 1,000 completes, changed\n"
        "  gender, women: changed, 507 to 520\n"
        "  gender, men: changed, 493 to 480"
    )


def test_a_goal_follows_targets_that_all_grew():
    grown = {"D6": 1014, "D7": 986, "D11": 600, "D12": 800, "D13": 600}
    for goal in ({}, {"D3": 2000}):
        back = signed(germany(), grown | goal)
        assert back.plan == germany(2000)
        assert back.notes == ("The goal follows the targets: 2,000 instead of 1,000.",)


def test_a_locked_cell_a_seed_and_a_source_outlast_a_change_beside_them():
    plan = crossed().lock("gender × age", ("women", "55+"))
    back = signed(plan, {"B7": 290, "C7": 128}, "Interlock").plan
    [interlock] = back.profiles
    assert interlock.locked == ((((0, 2)), Fraction(89, 1000)),)
    assert interlock.zeros == ((1, 0),)
    assert interlock.completes(1000) == (290, 128, 89, 282, 211)
    assert interlock.seed == (290, 128, 89, 0, 282, 211)
    assert [axis.completes(1000) for axis in interlock.axes] == [(507, 493), (290, 410, 300)]


def test_a_minimum_gives_way_to_the_client():
    back = signed(germany().with_minimum(100), {"D11": 60, "D12": 540, "D13": 400})
    assert back.plan.minimum == 60
    assert back.plan["age"].completes(1000, 60) == (60, 540, 400)
    note = "The minimum is lowered from 100 to 60, the smallest target."
    assert back.notes == (note,)
    locked = germany().lock("age", "18-34", completes=60).with_minimum(100)
    assert signed(locked, {}) == SignOff(locked, locked)


def test_a_cap_keeps_its_share_or_takes_the_clients_number():
    grown = {"D6": 1014, "D7": 986, "D11": 600, "D12": 800, "D13": 600}

    def share(changes):
        return signed(capped(), changes).plan["caps"].caps[0].share

    assert share({"D17": 130}) == Fraction(13, 100)
    assert share(grown) == Fraction(125, 2000)
    assert share(grown | {"D17": 250}) == Fraction(1, 8)
    said = "caps at 1,001, more than the goal of 1,000. Lower it."
    assert refusal(capped(), {"D17": 1001}) == f"Sheet 'Quotas', cell D17 {said}"


def test_a_new_label_is_used_wherever_the_old_one_was():
    plan = capped()
    plan = plan.with_population(germany(10).interlock("gender", "age"))
    back = signed(plan, {"A7": " male\nrespondents", "A17": "young males"})
    cap = back.plan["caps"].caps[0]
    assert (cap.label, cap.cells[0]) == ("young males", ("gender", ("male respondents",)))
    assert back.plan["gender"].labels == ("women", "male respondents")
    assert back.plan.population["gender"].labels == ("women", "male respondents")
    assert back.notes == (
        "gender: 'men' is now called 'male respondents'.",
        "caps: 'young men' is now called 'young males'.",
    )
    numbers = [row.completes for row in plan.rows()]
    assert [row.completes for row in back.plan.rows()] == numbers


def test_a_new_label_leaves_what_is_carried_as_it_came():
    plan = with_carried(fixed_profile())
    back = signed(plan, {"A7": "males"}).plan
    assert back.profiles[1:] == plan.profiles[1:]
    assert back["gender"].labels == ("women", "males")


def test_a_label_of_an_interlock_is_renamed_on_either_page():
    for sheet, address in (("Quotas", "A6"), ("Interlock", "A7")):
        back = signed(crossed(), {address: "females"}, sheet)
        assert back.plan["gender"].labels == ("females", "men")
    assert signed(crossed(), {"C6": 3554}, "Interlock").plan["age"].labels[1] == "3554"
    book = workbook_of(crossed())
    book["Quotas"]["A6"], book["Interlock"]["A7"] = "girls", "females"
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = "cell A7 says 'females', elsewhere 'girls' is said. Use one name."
    assert str(told.value) == f"Sheet 'Interlock', {said}"


def test_remarks_and_comments_come_back():
    book = workbook_of(germany())
    book["Quotas"]["B16"] = " =Please hurry "
    book["Quotas"]["B16"].data_type = "s"
    book["Quotas"]["D12"].comment = Comment("why\nso many?", "client")
    back = read_sign_off(saved(book))
    assert back.notes == ("Remark: =Please hurry", "Comment on Quotas, D12: why so many?")
    assert repr(back) == (
        "Sign-off of 1,000 completes, as it was sent\n"
        "  · Remark: =Please hurry\n"
        "  · Comment on Quotas, D12: why so many?"
    )


def test_a_clients_own_formula_counts_by_its_saved_result():
    book = workbook_of(germany())
    book["Quotas"]["D6"], book["Quotas"]["D7"] = "=500+20", 480
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = "holds a formula whose result isn't in the file. Write the number."
    assert str(told.value) == f"Sheet 'Quotas', cell D6 {said}"
    result = lambda text: re.sub(rb"(<f>500\+20</f>)<v ?/?>(</v>)?", rb"\1<v>520</v>", text)  # noqa: E731
    back = read_sign_off(patched(saved(book), result))
    assert back.plan["gender"].completes(1000) == (520, 480)


TAKEN = "Put the rows back in their order, or take another name."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"D6": None}, "D6 is empty. Write 0 for nobody."),
        ({"D6": "  "}, "D6 is empty. Write 0 for nobody."),
        ({"D6": "507"}, "D6 says '507', not a number. Write how many people."),
        ({"D6": True}, "D6 says 'True', not a number. Write how many people."),
        ({"D6": "#REF!"}, "D6 says '#REF!', not a number. Write how many people."),
        ({"D6": 507.5}, "D6 says 507.5. Write a whole number of people, 0 or more."),
        ({"D6": -7}, "D6 says -7. Write a whole number of people, 0 or more."),
        ({"D3": None}, "D3 is empty. Write 0 for nobody."),
        (
            {"D6": 508},
            "D3 says a goal of 1,000; the targets sum to 'gender' 1,001, 'age' 1,000. "
            "Make all of them agree.",
        ),
        ({"D3": 900}, "D3 says a goal of 900; the targets sum to 1,000. Make them agree."),
        ({"D8": 999}, "D8 says 999; its targets sum to 1,000. Change the targets, not the sum."),
        ({"D8": "all"}, "D8 says 'all' in place of a sum. Empty it."),
        (
            {"C6": 0.51},
            "C6 says 51.00%; its completes are 50.70% of the goal. Change the completes instead.",
        ),
        (
            {"C8": 99},
            "C8 says 9900.00%; its completes are 100.00% of the goal. "
            "Change the completes instead.",
        ),
        ({"A6": None}, "A6 is empty. Write what the answer is called."),
        ({"A6": "=A7"}, "A6 holds no label. Write what the answer is called."),
        ({"A6": False}, "A6 holds no label. Write what the answer is called."),
        ({"A6": "men"}, f"A6 says 'men', which is another answer of 'gender'. {TAKEN}"),
        (
            {"A6": "people", "A7": "people"},
            f"A7 says 'people', which is another answer of 'gender'. {TAKEN}",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_its_cell(changes, said):
    assert refusal(germany(), changes) == f"Sheet 'Quotas', cell {said}"


def test_sums_that_were_typed_over_may_stay_when_they_are_right():
    changes = {"D8": 1000, "C6": 0.507, "C7": 0.49304, "C8": None, "D14": 1000.0}
    assert signed(germany(), changes) == SignOff(germany(), germany())


def test_numbers_beside_the_targets_are_refused():
    added = "Empty it, or add the target to the plan and send it again."
    book = inserted(workbook_of(germany()), "Quotas", 7)
    book["Quotas"]["D7"] = 12
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = f"says '12' where the plan has no target. {added}"
    assert str(told.value) == f"Sheet 'Quotas', cell D7 {said}"
    book = inserted(workbook_of(germany()), "Quotas", 8)
    book["Quotas"]["A8"] = "others"
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = f"says 'others' where the plan has no target. {added}"
    assert str(told.value) == f"Sheet 'Quotas', cell A8 {said}"
    said = "says '3' for a combination that is impossible in the plan."
    fix = "Empty it, or allow the combination in the plan."
    assert refusal(crossed(), {"B8": 3}, "Interlock") == f"Sheet 'Interlock', cell B8 {said} {fix}"
    assert signed(crossed(), {"B8": None}, "Interlock") == SignOff(crossed(), crossed())


def test_a_deleted_row_or_sheet_is_told():
    fix = "its row, column or sheet was deleted. Write 0 for nobody instead."
    book = workbook_of(germany())
    for row in book["record"].iter_rows(min_col=3):
        if row[0].value == "=Quotas!$D$12":
            row[0].value = "=Quotas!#REF!"
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = "The workbook has no cell any more for '35-54' of 'age'"
    assert str(told.value) == f"{said}: {fix}"
    book = workbook_of(crossed())
    del book["Interlock"]
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = "The workbook has no cell any more for 'women, 18-34' of 'gender × age'"
    assert str(told.value) == f"{said}: {fix}"


def test_fixed_completes_of_a_carried_profile_hold_the_goal():
    plan = with_carried(fixed_profile())
    assert signed(plan, {}) == SignOff(plan, plan)
    grown = {"D6": 1014, "D7": 986, "D11": 600, "D12": 800, "D13": 600}
    said = "The goal is now 2,000; profile 'cells' is carried with fixed completes."
    fix = "Send the plan without it, and add it afterwards."
    assert refusal(plan, grown) == f"{said} {fix}"


def test_files_that_are_no_workbook_of_the_kit_are_told(tmp_path):
    fix = "Read it as a client's table, with read_plan."
    book = workbook_of(germany())
    del book["record"]
    for name, data in {"a.xlsx": saved(book), "b.xlsx": b"PK\3\4", "c.xlsx": b""}.items():
        (tmp_path / name).write_bytes(data)
        assert not is_workbook(data)
        with pytest.raises(InvalidPlan) as told:
            read_sign_off(tmp_path / name)
        said = f"{name} is no workbook of write_plan, or its hidden sheet is gone."
        assert str(told.value) == f"{said} {fix}"
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(tmp_path / "d.xlsx")
    path = str(tmp_path / "d.xlsx")
    assert str(told.value) == f"The file {path!r} can't be read: No such file or directory."


FORMAT_9 = "The record is broken at format: format 9; this kit reads 1. Update the kit."


@pytest.mark.parametrize(
    ("address", "value", "problem"),
    [
        ("A2", "{", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("A2", '{"format": 9}', FORMAT_9),
        ("B2", "a/one/b/c", "invalid literal for int() with base 10: 'one'"),
        ("B2", "goal", "not enough values to unpack (expected 4, got 1)"),
    ],
)  # fmt: skip
def test_a_damaged_record_is_told(address, value, problem):
    book = workbook_of(germany())
    book["record"][address] = value
    with pytest.raises(InvalidPlan) as told:
        read_sign_off(saved(book))
    said = f"The sheet 'record' of The file is damaged. {problem} Ask for the file again."
    assert str(told.value) == said


def test_keys_that_the_plan_does_not_have_are_passed_over():
    book = workbook_of(germany())
    last = book["record"].max_row + 1
    book["record"].cell(last, 2).value = "people/9/0/Quotas!$D$6"
    book["record"].cell(last, 3).value = "=Quotas!$D$6"
    assert read_sign_off(saved(book)) == SignOff(germany(), germany())
