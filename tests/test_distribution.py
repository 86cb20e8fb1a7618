"All quotas together: one picture, one page, one text, in the plan's order and on one scale."

import base64
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from fragments import Page, assert_survives
from test_grids import AGE, BOTH, GENDER, crossed
from test_heatmaps import LARGE, parsed

from target_group_kit.views.charts import (
    LIVE,
    MANY,
    STATIC,
    Ink,
    bars_text,
    chart_svg,
    distribution_text,
)
from target_group_kit.views.distribution import (
    distribution_html,
    drawing_html,
    picture_svg,
    picture_text,
    picture_words,
)
from target_group_kit.views.heatmaps import heatmap_html, heatmap_text, heatmap_words
from target_group_kit.views.tables import QuotaBlock, QuotaRow

WOMEN = QuotaRow("women", "gender (43): female (2)", 50.8, 508, population=47.6)
MEN = QuotaRow("men", "gender (43): male (1)", 49.2, 492, locked=True, population=52.4)
BESIDE = QuotaBlock("gender", (WOMEN, MEN), source="UN, <2025>")
ALONE = QuotaBlock("age", (QuotaRow("young", "", 25.0, 250), QuotaRow("old", "", 75.0, 750)))
MANY_ROWS = QuotaBlock("years", tuple(QuotaRow(f"y{n}", "", 2.0, 20) for n in range(MANY + 1)))


def drawn(source: str) -> ET.Element:
    return ET.fromstring(base64.b64decode(source.partition(",")[2]))


@pytest.mark.parametrize("ink", [LIVE, STATIC])
@pytest.mark.parametrize("blocks", [[], [ALONE], [BESIDE, ALONE, MANY_ROWS]])
def test_without_interlocks_the_picture_is_the_chart(blocks: list[QuotaBlock], ink: Ink) -> None:
    assert picture_svg(blocks, "title", ink, "100%") == chart_svg(blocks, "title", ink, "100%")
    assert picture_words(blocks) == distribution_text(blocks)
    assert picture_text(blocks) == bars_text(blocks)


def test_an_interlock_is_drawn_between_its_neighbours() -> None:
    root = parsed(picture_svg([ALONE, BOTH, BESIDE], "Quotas of <tea>"))
    assert root.findtext("{*}title") == "Quotas of <tea>"
    assert root.findtext("{*}desc") == picture_words([ALONE, BOTH, BESIDE])
    bold = root.findall(".//{*}text[@font-weight]")
    assert [text.text for text in bold] == ["age", "gender × age (interlock)", "gender"]
    tops = [float(svg.get("y", "")) for svg in root.findall("{*}svg[@height='22']")]
    assert tops == sorted(tops)
    assert tops[-1] < float(root.get("height", ""))


def test_bars_share_a_scale_that_the_cells_of_interlocks_have_no_part_in() -> None:
    one = crossed(GENDER, AGE, counts=[10, None, None, None, None, None])
    bars = parsed(picture_svg([ALONE, one])).findall(".//{*}g/{*}rect[@height='11']")
    assert [bar.get("width") for bar in bars] == ["10.67%", "32.00%"]
    images = Page(distribution_html([ALONE, replace(BOTH, kind="interlock")])).attributes
    assert [value for name, value in images if name == "width"][1:3] == ["33.3%", "100.0%"]


def test_the_words_of_all() -> None:
    assert picture_words([BESIDE, BOTH]) == (
        "gender: women 50.80 % (508), men 49.20 % (= 492). "
        "Farthest from the population: women, +3.2 points (50.80 % for 47.60 %). "
        f"{heatmap_words(BOTH)}"
    )


def test_the_text_of_all() -> None:
    scaled = bars_text([ALONE], scale=75.0)
    two = bars_text([BESIDE], scale=75.0)
    assert picture_text([BESIDE, BOTH, ALONE]) == "\n\n".join([two, heatmap_text(BOTH), scaled])


def test_a_page_without_population_has_no_column_for_it() -> None:
    page = assert_survives(distribution_html([ALONE]))
    assert page.texts == [
        *("Quotas", "Target", "Percent", "Completes", "age", "100.00 %", "1,000"),
        *("young", "25.00 %", "250", "old", "75.00 %", "750"),
    ]
    assert [alt for alt, _ in page.images] == ["bar", "bar"]
    assert ("colspan", "2") in page.attributes


def test_a_page_with_a_population_has_its_percent_and_its_tick() -> None:
    page = assert_survives(distribution_html([BESIDE, ALONE]))
    assert page.texts == [
        *("Quotas", "Target", "Percent", " Population", "Completes"),
        *("gender", "Source: UN, <2025>", "100.00 %", "1,000"),
        *("women", "gender (43): female (2)", "50.80 %", "47.60 %", "+3.2", "508"),
        *("men", "gender (43): male (1)", "49.20 %", "52.40 %", "−3.2", "= 492"),
        *("age", "100.00 %", "1,000", "young", "25.00 %", "250", "old", "75.00 %", "750"),
    ]
    assert [alt for alt, _ in page.images] == ["tick", *["bar and tick"] * 2, "bar", "bar"]
    bar, tick = drawn(page.images[1][1])
    assert (bar.get("width"), tick.get("x")) == ("67.7%", "63.5%")
    assert (tick.get("fill"), tick.get("stroke")) == ("#fff", "#333")
    rows = distribution_html([BESIDE, ALONE]).split("<tr")[1:]
    assert [row.count("<td") + row.count("<th") for row in rows] == [5, 4, 5, 5, 4, 5, 5]


def test_a_tick_without_a_quota_stands_alone() -> None:
    block = QuotaBlock("p", (QuotaRow("open", "", population=20.0), WOMEN))
    page = assert_survives(distribution_html([block]))
    assert len(drawn(page.images[1][1])) == 1
    assert page.texts[8:11] == ["open", "–", "20.00 %"]


def test_a_target_without_quota_has_no_bar() -> None:
    page = assert_survives(distribution_html([QuotaBlock("p", (QuotaRow("open", ""),))]))
    assert (page.texts[4:], page.images) == (["p", "open", "–", "–"], [])


def test_an_interlock_of_a_dozen_shows_its_map_and_its_rows() -> None:
    html = distribution_html([BOTH])
    page = assert_survives(html)
    assert heatmap_html(BOTH) in html
    assert page.tags.count("details") == 0
    assert [text for text in page.texts if text.startswith("(")] == [
        row.target for row in BOTH.rows
    ]


def test_the_rows_of_a_larger_interlock_are_folded_away() -> None:
    html = distribution_html([LARGE])
    page = assert_survives(html)
    assert heatmap_html(LARGE) in html
    assert page.texts[page.texts.index("All 350 targets") + 1] == "(0, 0, 0)"
    assert len(re.findall(r"<details>", html)) == 1
    assert "<svg" not in distribution_html([LARGE], live=True)


def test_many_rows_beside_a_population_keep_its_column() -> None:
    rows = tuple(replace(row, population=1.5) for row in MANY_ROWS.rows)
    page = assert_survives(distribution_html([replace(MANY_ROWS, rows=rows)]))
    assert ("colspan", "5") in page.attributes
    assert page.texts.count("1.50 %") == MANY + 1 + 2
    assert ("colspan", "4") in Page(distribution_html([MANY_ROWS])).attributes
    assert "<svg" in distribution_html([MANY_ROWS], live=True)


def test_nothing_to_show() -> None:
    assert (distribution_html([]), picture_text([])) == ("", "")


def test_a_drawing_is_inline_or_an_image() -> None:
    def draw(ink: Ink, width: str) -> str:
        return chart_svg([ALONE], "t", ink, width)

    assert drawing_html(draw, "words", True) == chart_svg([ALONE], "t", LIVE, "100%")
    assert Page(drawing_html(draw, "words", False)).images[0][0] == "words"
