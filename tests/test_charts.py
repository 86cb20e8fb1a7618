"Pictures of quotas: sound XML, escaped, and the same figures in bars, words and terminal text."

import base64
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from target_group_kit.views.charts import (
    LIVE,
    MANY,
    STATIC,
    Ink,
    anchored,
    bars_text,
    block_title,
    chart_svg,
    distribution_text,
    escaped,
    farthest_text,
    image_html,
    largest,
    plain,
    scale_of,
    shorten,
    skyline_svg,
    smallest,
    text_width,
)
from target_group_kit.views.tables import QuotaBlock, QuotaRow

HOSTILE = [
    "<script>alert(1)</script>",
    '"onmouseover="alert(1)',
    "'onload='alert(1)",
    "</svg><img src=x onerror=alert(1)>",
    "]]></title><script>",
    "&lt;b&gt; &amp; &#x27;",
    "\x00\x1b[2J\x08",
    "\ud800 lone",
    "a\u202eb",
    "\ufffe\uffff",
    "مرحبا بالعالم",
    "東京都と大阪府",
    "👩‍👩‍👧‍👦 é",
    "line\nbreak\r\ttab",
    "",
]
KNOWN = {"svg", "title", "desc", "rect", "text", "g"}
GENDER = QuotaBlock("gender", (QuotaRow("women", "", 51.04, 510), QuotaRow("men", "", 48.96, 490)))
CAPS = QuotaBlock("young men", (QuotaRow("m18", "", 5.0, 50, True),), "control")
OFF = QuotaBlock("pets", (QuotaRow("cat", ""), QuotaRow("dog", "")), enabled=False)


def cells(number: int, name: str = "cells") -> QuotaBlock:
    rows = tuple(QuotaRow(f"{name} {n}", "", (n + 1) / 100, n + 1) for n in range(number))
    return QuotaBlock(name, rows, "interlock")


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    assert {
        element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()
    } <= KNOWN
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    return root


def texts(root: ET.Element) -> list[str]:
    return [element.text or "" for element in root.iterfind(".//{*}text")]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("ink", [LIVE, STATIC])
@pytest.mark.parametrize("rows", [2, MANY + 1])
def test_a_name_stays_text(name: str, ink: Ink, rows: int) -> None:
    block = QuotaBlock(name, tuple(QuotaRow(name, name, 1.0, 1) for _ in range(rows)))
    root = parsed(chart_svg([block], name, ink))
    assert root.findtext("{*}title") == plain(name)
    assert root.findtext("{*}desc") == distribution_text([block])
    tips = [element.text for element in root.iterfind(".//{*}g/{*}title")]
    tips += [element.text for element in root.iterfind(".//{*}rect/{*}title")]
    assert tips == [f"{plain(name)}: 1.00 % (1)"] * rows


@given(st.text(st.characters(), max_size=40))
def test_any_name_is_sound_everywhere(name: str) -> None:
    block = QuotaBlock(name, (QuotaRow(name, name, 1.0, 1),))
    root = parsed(chart_svg([block], name))
    assert (root.findtext("{*}title") or "") == plain(name)
    assert image_html(chart_svg([block], width="100%"), name).startswith("<img alt=")
    assert len(bars_text([block]).split("\n")) == 2
    assert not any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in plain(name))


@given(st.text(max_size=60), st.integers(1, 40))
def test_shortened_text_fits(text: str, width: int) -> None:
    cut = shorten(text, width)
    assert text_width(cut) <= max(width, 1)
    assert cut == plain(text) or cut.endswith("…")


@pytest.mark.parametrize(
    ("text", "width", "cut"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("ab cd", 4, "ab…"),
        ("東京都", 6, "東京都"),
        ("東京都", 5, "東京…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
        ("a\tb\nc", 5, "a b c"),
        ("", 1, ""),
    ],
)
def test_shorten(text: str, width: int, cut: str) -> None:
    assert shorten(text, width) == cut


def test_escaped_is_safe_in_attributes() -> None:
    assert escaped("""<a b="c" d='e'>&""") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"


def test_titles_of_blocks() -> None:
    assert [block_title(block) for block in (GENDER, cells(2), CAPS, OFF)] == [
        "gender",
        "cells (interlock)",
        "young men (caps)",
        "pets, quotas off",
    ]


def test_the_picture_says_every_figure() -> None:
    root = parsed(chart_svg([GENDER, CAPS, OFF], "Quotas of tea drinkers"))
    assert (root.get("role"), root.get("width"), root.get("height")) == ("img", "640", "236")
    assert root.findtext("{*}title") == "Quotas of tea drinkers"
    assert texts(root) == [
        *("gender", "100.00 %", "1,000"),
        *("women", "51.04 %", "510", "men", "48.96 %", "490"),
        *("young men (caps)", "5.00 %", "50", "m18", "5.00 %", "≈ 50"),
        *("pets, quotas off", "cat", "–", "–", "dog", "–", "–"),
    ]
    bars = root.findall(".//{*}g/{*}rect")
    assert [bar.get("width") for bar in bars] == ["32.00%", "30.70%", "3.13%"]
    assert [bar.get("fill") for bar in bars] == [STATIC.bar, STATIC.bar, "none"]


def test_nothing_to_draw() -> None:
    assert texts(parsed(chart_svg([]))) == ["No quotas."]
    assert distribution_text([]) == "No quotas."
    assert bars_text([]) == ""


@pytest.mark.parametrize("rows", [MANY, MANY + 1, 500])
def test_many_targets_become_a_skyline(rows: int) -> None:
    root = parsed(chart_svg([GENDER, cells(rows)]))
    assert int(root.get("height", "")) < 28 + 24 * (MANY + 4) + 60
    assert len(root.findall(".//{*}rect/{*}title")) == (rows if rows > MANY else 0)
    ends = [text for text in texts(root) if text.startswith(("largest", "smallest"))]
    expected = [f"largest: cells {rows - 1}", "smallest: cells 0"] if rows > MANY else []
    assert ends == expected


def test_a_skyline_is_as_high_as_its_largest() -> None:
    root = parsed(skyline_svg(cells(48)))
    columns = root.findall("{*}rect")
    assert root.get("viewBox") == "0 0 48 96"
    assert [column.get("x") for column in columns] == [str(n) for n in range(48)]
    assert [column.get("height") for column in columns] == [f"{2 * (n + 1):.2f}" for n in range(48)]


def test_largest_and_smallest() -> None:
    block = cells(50)
    assert (largest(block), smallest(block)) == (block.rows[-1], block.rows[0])
    assert (largest(OFF), smallest(OFF)) == (None, None)


@pytest.mark.parametrize(
    ("blocks", "scale"),
    [
        ([GENDER, CAPS], 51.04),
        ([OFF], 100.0),
        ([], 100.0),
        ([QuotaBlock("p", (QuotaRow("t", "", 5.0, population=60.0),)), GENDER], 60.0),
    ],
)
def test_one_scale_for_all(blocks: list[QuotaBlock], scale: float) -> None:
    assert scale_of(blocks) == scale


def test_the_picture_in_words() -> None:
    assert distribution_text([GENDER, CAPS, OFF, cells(13)]) == (
        "gender: women 51.04 % (510), men 48.96 % (490). "
        "young men: m18 5.00 % (≈ 50). "
        "pets: 2 targets, no quotas. "
        "cells: 13 targets, from cells 0 0.01 % (1) to cells 12 0.13 % (13)."
    )


def test_the_picture_on_a_terminal() -> None:
    assert bars_text([GENDER, CAPS, OFF]).split("\n") == [
        "gender                                                      100.00 %      1,000",
        "  women                    ██████████████████████████████    51.04 %        510",
        "  men                      ████████████████████████████▊     48.96 %        490",
        "",
        "young men (caps)                                              5.00 %         50",
        "  m18                      ███                                5.00 %       ≈ 50",
        "",
        "pets, quotas off",
        "  cat                                                              –          –",
        "  dog                                                              –          –",
    ]


@pytest.mark.parametrize("width", [50, 80, 120])
def test_terminal_lines_fit(width: int) -> None:
    wide = QuotaBlock("東京都" * 40, (QuotaRow("大阪府" * 40, "", 100.0, 9_999_999, True),))
    lines = bars_text([GENDER, wide, cells(45)], width=width).split("\n")
    assert max(map(text_width, lines)) <= width
    assert lines[-1] == "  … and 5 more"


BESIDE = QuotaBlock(
    "age",
    (
        QuotaRow("young", "", 25.0, 250, population=30.0),
        QuotaRow("middle", "", 50.0, 500, locked=True, population=50.04),
        QuotaRow("old", "", 25.0, 250),
    ),
    source="UN <2025>",
)


def test_each_bar_has_a_tick_where_the_population_is() -> None:
    root = parsed(chart_svg([BESIDE, GENDER]))
    rows = [row.findall("{*}rect") for row in root.findall("{*}g")]
    assert [len(row) for row in rows] == [2, 2, 1, 1, 1]
    ticks = [tick for _, tick in rows[:2]]
    assert [tick.get("x") for tick in ticks] == ["53.81%", "66.37%"]
    assert {(tick.get("fill"), tick.get("stroke")) for tick in ticks} == {("#fff", "#333")}
    assert [title.text for title in root.iterfind("{*}g/{*}title")][:3] == [
        "young: 25.00 % (250); population 30.00 %, −5.0 points, index 83",
        "middle: 50.00 % (= 500); population 50.04 %, 0.0 points, index 100",
        "old: 25.00 % (250)",
    ]
    assert texts(root)[3] == "population · Source: UN <2025>"


def test_a_source_takes_a_line_of_its_own() -> None:
    alone, told = chart_svg([GENDER]), chart_svg([replace(GENDER, source="census")])
    assert texts(parsed(told))[3] == "Source: census"
    assert "population" not in told
    heights = [int(parsed(svg).get("height", "")) for svg in (alone, told)]
    assert heights == [76, 96]


def test_ticks_of_a_skyline() -> None:
    block = QuotaBlock(
        "years", tuple(QuotaRow(f"{n}", "", 2.0, 20, population=4.0) for n in range(MANY + 1))
    )
    root = parsed(skyline_svg(block))
    rects = [(rect.get("y"), rect.get("height")) for rect in root.iterfind("{*}rect")]
    assert rects[:3] == [("48.00", "48.00"), ("0.00", "1"), ("1.00", "1")]
    assert len(rects) == 3 * (MANY + 1)


def test_a_population_on_a_terminal() -> None:
    assert bars_text([BESIDE]).split("\n") == [
        "age                                                         100.00 %      1,000",
        "  Source: UN <2025>",
        "  young                █████████████▌  │              25.00 %   −5.0        250",
        "  middle               ██████████████████████████│    50.00 %    0.0      = 500",
        "  old                  █████████████▌                 25.00 %               250",
        "",
        "│ the population's share; +1.0 is a point above it",
    ]


@pytest.mark.parametrize("width", [50, 80, 120])
def test_terminal_lines_with_a_population_fit(width: int) -> None:
    row = QuotaRow("大阪府" * 40, "", 0.0, 9_999_999, True, population=100.0)
    wide = QuotaBlock("東京都" * 40, (row,), source="国連" * 80)
    assert max(map(text_width, bars_text([wide], width=width).split("\n"))) <= width


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], ""),
        ([(25.0, None), (None, 25.0)], ""),
        (
            [(25.0, 30.0), (75.0, 70.0), (10.0, 9.0)],
            "Farthest from the population: t0, −5.0 points (25.00 % for 30.00 %).",
        ),
        (
            [(25.0, 24.9), (75.0, 75.2)],
            "Farthest from the population: t1, −0.2 points (75.00 % for 75.20 %).",
        ),
        ([(25.0, 25.04), (75.0, 74.96)], "As the population, to a tenth of a point."),
    ],
)
def test_the_farthest_from_the_population(
    rows: list[tuple[float | None, float | None]], said: str
) -> None:
    made = (QuotaRow(f"t{n}", "", own, population=whole) for n, (own, whole) in enumerate(rows))
    assert farthest_text(QuotaBlock("p", tuple(made))) == said


def test_the_words_end_with_the_population() -> None:
    assert distribution_text([BESIDE]) == (
        "age: young 25.00 % (250), middle 50.00 % (= 500), old 25.00 % (250). "
        "Farthest from the population: young, −5.0 points (25.00 % for 30.00 %)."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("women", "women"), ("بغداد", "بغداد\u200e"), ("תל אביב 1", "תל אביב 1\u200e"), ("", "")],
)
def test_a_name_that_runs_from_right_to_left_is_anchored(name: str, said: str) -> None:
    assert anchored(name) == said


class Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "img"
        self.found.append(dict(attrs))


def test_an_image_carries_its_picture_and_its_words() -> None:
    svg = chart_svg([GENDER], width="100%")
    reader = Images()
    reader.feed(image_html(svg, '"onerror="x'))
    (image,) = reader.found
    head, _, data = (image.pop("src") or "").partition(",")
    assert head == "data:image/svg+xml;base64"
    assert base64.b64decode(data).decode() == svg
    assert image == {
        "alt": '"onerror="x',
        "width": "640",
        "height": "76",
        "style": "width:100%;height:76px",
    }


@pytest.mark.parametrize("paper", ["#ffffff", "#111111"])
@pytest.mark.parametrize(("colour", "least"), [(STATIC.text, 4.0), (STATIC.bar, 3.0)])
def test_static_colours_stand_out(paper: str, colour: str, least: float) -> None:
    def light(code: str) -> float:
        parts = [int(code[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        line = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]

    low, high = sorted([light(paper), light(colour)])
    assert (high + 0.05) / (low + 0.05) >= least
