"Heat maps: the same figures as SVG, table, text and words, legible whatever names say."

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from fragments import Page, assert_survives
from hypothesis import given, settings
from hypothesis import strategies as st
from test_charts import HOSTILE
from test_grids import AGE, BOTH, GENDER, WAVE, crossed

from target_group_kit.views.charts import LIVE, STATIC, Ink, plain, text_width
from target_group_kit.views.heatmaps import (
    SHADES,
    heatmap_html,
    heatmap_svg,
    heatmap_text,
    heatmap_words,
)
from target_group_kit.views.tables import Axis, QuotaBlock

KNOWN = {"svg", "title", "desc", "rect", "text", "g", "line"}
REGION = Axis("region", tuple(f"region {n}" for n in range(7)))
INCOME = Axis("income", ("low", "lower middle", "middle", "upper middle", "high"))
BANDS = Axis("age", tuple(f"{n}–{n + 4}" for n in range(20, 70, 5)))
LARGE = crossed(REGION, INCOME, BANDS, counts=[n * 7 % 61 for n in range(350)])
GAPS = replace(
    crossed(GENDER, AGE, counts=[None, 94, 102, 27, 177, 0], source="census"),
    profile="gender × age",
)


def parsed(svg: str) -> ET.Element:
    root = ET.fromstring(svg)
    tags = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in root.iter()}
    assert tags <= KNOWN
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    return root


def written(svg: str) -> list[str]:
    return [element.text or "" for element in parsed(svg).iterfind(".//{*}text")]


def tooltips(svg: str) -> list[str]:
    cells = parsed(svg).iterfind(".//{*}g[@text-anchor]/{*}g/{*}title")
    return [element.text or "" for element in cells]


def light(colour: str) -> float:
    "Relative luminance, as WCAG 2 defines it."
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    line = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * line[0] + 0.7152 * line[1] + 0.0722 * line[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted([light(one), light(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("back", "text"), SHADES)
def test_every_shade_can_be_read(back: str, text: str) -> None:
    assert re.fullmatch("#[0-9a-f]{6}", back)
    assert contrast(back, text) >= 4.5


def test_shades_keep_their_order_in_grey() -> None:
    lights = [light(back) for back, _ in SHADES]
    greys = [
        0.299 * int(b[1:3], 16) + 0.587 * int(b[3:5], 16) + 0.114 * int(b[5:], 16)
        for b, _ in SHADES
    ]
    assert lights == sorted(lights, reverse=True)
    assert min(high - low for high, low in pairwise(greys)) > 10


def colours(svg: str) -> set[tuple[str, str]]:
    cells = parsed(svg).iterfind(".//{*}g[@text-anchor]/{*}g")
    return {
        (drawn[1].get("fill", ""), drawn[2].get("fill", ""))
        for drawn in cells
        if drawn[1].tag.endswith("rect")
    }


def test_what_is_drawn_are_the_shades() -> None:
    "Contrast is computed from the fills in the picture and on the page, not only from the table."
    assert colours(heatmap_svg(LARGE)) == colours(heatmap_svg(LARGE, LIVE)) == set(SHADES)
    styles = [value for name, value in Page(heatmap_html(LARGE)).attributes if name == "style"]
    backed = [re.search(r"background:(#\w+);color:(#\w+)$", style) for style in styles]
    assert {match.groups() for match in backed if match} == set(SHADES)


def test_the_picture_says_every_figure() -> None:
    root = parsed(heatmap_svg(BOTH))
    assert (root.get("role"), root.get("width")) == ("img", "640")
    assert root.findtext("{*}title") == "gender × age"
    assert root.findtext("{*}desc") == heatmap_words(BOTH)
    assert written(heatmap_svg(BOTH)) == [
        *("gender × age (interlock)", "100.00 %", "500"),
        *("age / gender", "total", "women", "men"),
        *("18–34", "58", "27", "85"),
        *("35–54", "94", "120", "214"),
        *("55–74", "102", "99", "201"),
        *("total", "254", "246", "500"),
        *("0", "120 completes", "fewer than 30"),
    ]
    assert tooltips(heatmap_svg(BOTH)) == [
        *("women × 18–34: 11.60 % (58)", "men × 18–34: 5.40 % (27)"),
        *("women × 35–54: 18.80 % (94)", "men × 35–54: 24.00 % (120)"),
        *("women × 55–74: 20.40 % (102)", "men × 55–74: 19.80 % (99)"),
    ]


def test_a_small_cell_has_a_box_and_an_impossible_one_is_hatched() -> None:
    root = parsed(heatmap_svg(GAPS))
    gone, *others = root.findall(".//{*}g[@text-anchor]/{*}g")
    assert [element.tag.rpartition("}")[2] for element in gone] == ["title", "svg"]
    assert len(gone.findall(".//{*}line")) == 1
    boxes = {others[n][0].text: others[n].findall("{*}rect[@stroke]") for n in range(5)}
    assert [name for name, found in boxes.items() if found] == [
        "men × 18–34: 6.75 % (27)",
        "men × 55–74: 0.00 % (0)",
    ]
    assert written(heatmap_svg(GAPS))[-2:] == ["fewer than 30", "impossible"]


def test_the_legend_says_what_occurs_only() -> None:
    plain_block = crossed(GENDER, WAVE, counts=[40, 50, 60, 70])
    first, second, *rest = plain_block.rows
    marked = (replace(first, locked=True), replace(second, estimated=True), *rest)
    assert written(heatmap_svg(plain_block))[-2:] == ["0", "70 completes"]
    assert written(heatmap_svg(replace(plain_block, rows=marked)))[-5:] == [
        *("70 completes", "=", "locked", "≈", "rounded")
    ]


@pytest.mark.parametrize(
    ("width", "beside"), [("360", 1), ("640", 2), ("1000", 3), ("3000", 7), ("100%", 1)]
)
def test_panels_stand_side_by_side_as_the_width_allows(width: str, beside: int) -> None:
    svg = heatmap_svg(LARGE, STATIC, width)
    names = parsed(svg).findall(".//{*}g/{*}text[@font-weight]")
    assert [name.text for name in names] == list(REGION.labels)
    assert len({name.get("x") for name in names}) == beside
    assert len({name.get("y") for name in names}) == -(-7 // beside)
    places = re.findall(r'<text x="([\d.]+)%', svg)
    assert max(map(float, places)) <= 100
    assert len(tooltips(svg)) == 350


def test_labels_that_are_too_long_to_lie_are_tilted_and_cut() -> None:
    label = "Mecklenburg-Vorpommern"
    long = replace(BOTH, axes=(Axis("gender", (label, "東京都" * 9)), AGE))
    turned = parsed(heatmap_svg(long, STATIC, "360")).findall(".//{*}text[@transform]")
    assert [text.text for text in turned] == ["Mecklenburg-Vorpo…", "東京都東京都東京…"]
    titles = [e.text for e in parsed(heatmap_svg(long)).iterfind(".//{*}g/{*}title")]
    assert label in titles
    assert parsed(heatmap_svg(BOTH)).findall(".//{*}text[@transform]") == []


def test_the_table_says_every_figure() -> None:
    page = assert_survives(heatmap_html(GAPS))
    assert page.texts == [
        *("completes", "age / gender", "women", "men", "total"),
        *("18–34", "–", "27", "27", "35–54", "94", "177", "271", "55–74", "102", "0", "102"),
        *("total", "196", "204", "400"),
        *("0 ", " 177 completes \xa0 ", " fewer than 30 \xa0 ", "–", " impossible"),
        heatmap_words(GAPS),
    ]
    assert page.attributes.count(("scope", "col")) == page.attributes.count(("scope", "row")) == 4
    assert page.tags.count("caption") == page.tags.count("thead") == page.tags.count("table") == 1
    tips = [value for name, value in page.attributes if name == "title"]
    assert tips == tooltips(heatmap_svg(GAPS))


def test_the_table_of_three_questions_is_a_table_for_each_panel() -> None:
    page = assert_survives(heatmap_html(LARGE))
    assert page.tags.count("table") == page.tags.count("caption") == 7
    assert [text for text in page.texts if text in REGION.labels] == list(REGION.labels)
    assert len([1 for name, value in page.attributes if name == "title" and "×" in value]) == 350


def test_a_heading_breaks_between_words_and_cuts_long_ones() -> None:
    labels = ("Mecklenburg-Vorpommern", "Donaudampfschifffahrt", "東京都と大阪府と京都府")
    across = crossed(Axis("a", ("1", "2", "3")), Axis("where", labels), counts=[1] * 9)
    page = Page(heatmap_html(across))
    assert page.texts[2:5] == ["Mecklenburg-Vorpommern", "Donaudampfsc…", "東京都と大阪府と京都府"]
    assert ("title", "Donaudampfschifffahrt") in page.attributes


def test_the_matrix_on_a_terminal() -> None:
    assert heatmap_text(GAPS).split("\n") == [
        "gender × age (interlock)                                    100.00 %        400",
        "  Source: census",
        "  age / gender  women    men  total",
        "  18–34             –     27     27",
        "  35–54            94    177    271",
        "  55–74           102      0    102",
        "  total           196    204    400",
    ]


def test_three_questions_on_a_terminal() -> None:
    block = crossed(WAVE, GENDER, AGE, counts=list(range(1, 13)))
    assert heatmap_text(block).split("\n")[1:] == [
        "",
        "  spring",
        *("  age / gender  women    men  total", "  18–34             1      4      5"),
        *("  35–54             2      5      7", "  55–74             3      6      9"),
        *("  total             6     15     21", "", "  autumn"),
        *("  age / gender  women    men  total", "  18–34             7     10     17"),
        *("  35–54             8     11     19", "  55–74             9     12     21"),
        "  total            24     33     57",
    ]


@pytest.mark.parametrize("width", [50, 80, 120])
def test_terminal_lines_fit(width: int) -> None:
    long = Axis("東京都と大阪府と京都府", tuple("北海道札幌市" * n for n in range(1, 9)))
    block = crossed(long, Axis("wide", long.labels[:6]), counts=[999_999] * 48)
    lines = [
        line for made in (block, LARGE, GAPS) for line in heatmap_text(made, width).split("\n")
    ]
    assert max(map(text_width, lines)) <= width


def test_what_is_too_wide_for_a_terminal_is_listed() -> None:
    wide = Axis("wide", tuple(f"{n}" for n in range(12)))
    block = crossed(wide, wide, counts=[99_999] * 144)
    lines = heatmap_text(block).split("\n")
    assert lines[1].startswith("  (0, 0)")
    assert lines[-1] == "  … and 104 more"
    assert heatmap_text(block, 180).split("\n")[-1].endswith("1,199,988  14,399,856")


def test_a_heat_map_in_words() -> None:
    assert heatmap_words(BOTH) == (
        "gender × age: gender (2) × age (3); largest men × 35–54 24.00 % (120), "
        "smallest men × 18–34 5.40 % (27)."
    )
    assert heatmap_words(GAPS) == (
        "gender × age: gender (2) × age (3); largest men × 35–54 44.25 % (177), smallest "
        "men × 18–34 6.75 % (27). Nobody in men × 55–74. Impossible: women × 18–34."
    )


def test_words_name_a_few_cells_and_count_the_rest() -> None:
    block = crossed(WAVE, GENDER, AGE, counts=[0] * 6 + [None] * 5 + [0])
    assert heatmap_words(block) == (
        "wave × gender × age: wave (2) × gender (2) × age (3). "
        "Nobody in spring × women × 18–34, spring × women × 35–54, spring × women × 55–74, "
        "spring × men × 18–34, spring × men × 35–54, 2 more. "
        "Impossible: autumn × women × 18–34, autumn × women × 35–54, autumn × women × 55–74, "
        "autumn × men × 18–34, autumn × men × 35–54."
    )


def test_words_say_what_is_farthest_from_the_population() -> None:
    rows = [
        replace(row, population=p)
        for row, p in zip(BOTH.rows, [11, 19, 21, 6, 26, 17], strict=True)
    ]
    assert heatmap_words(replace(BOTH, rows=tuple(rows))).rpartition("(27). ")[2] == (
        "Farthest from the population: men × 55–74, +2.8 points (19.80 % for 17.00 %)."
    )


def test_the_percent_stands_in_for_completes() -> None:
    rows = tuple(replace(row, completes=None) for row in BOTH.rows)
    block = replace(BOTH, rows=rows)
    assert "24.00 %" in written(heatmap_svg(block))
    assert Page(heatmap_html(block)).texts[0] == "%"
    assert heatmap_words(block).endswith(
        "largest men × 35–54 24.00 %, smallest men × 18–34 5.40 %."
    )


def hostile(names: Sequence[str]) -> QuotaBlock:
    first, second, third = names
    axes = (Axis(first, (second, third)), Axis(third, (first, second)))
    counts: list[int | None] = [None, 2, 31, 40]
    return replace(crossed(*axes, counts=counts), profile=first, source=second)


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("ink", [LIVE, STATIC])
def test_a_name_stays_text(name: str, ink: Ink) -> None:
    block = hostile([name, f"{name} b", f"{name} c"])
    root = parsed(heatmap_svg(block, ink))
    assert root.findtext("{*}title") == plain(name)
    assert root.findtext("{*}desc") == heatmap_words(block)
    page = assert_survives(heatmap_html(block))
    assert heatmap_words(block) in page.texts
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", heatmap_text(block))


@given(st.lists(st.text(st.characters(), max_size=30), min_size=3, max_size=3))
@settings(deadline=None)
def test_any_name_is_sound_everywhere(names: list[str]) -> None:
    block = hostile(names)
    for width in ("360", "100%"):
        assert parsed(heatmap_svg(block, STATIC, width)).findtext("{*}desc") == heatmap_words(block)
    assert_survives(heatmap_html(block))
    assert len(heatmap_text(block).split("\n")) == 5 + bool(names[1])
