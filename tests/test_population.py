"Population: the file's people, countries by any name, and bands cut exactly."

import csv
import subprocess
import sys
from fractions import Fraction
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.sampling.population import (
    AGES,
    SOURCE,
    Population,
    band_text,
    countries,
    folded,
    read_population,
)

TABLE = files("target_group_kit") / "data" / "population-2025-by-sex-and-age.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
BANDS = [f"{low}-{low + 4}" for low in range(0, 100, 5)]
FORM = "Write bands like [(18, 24), (25, 34)], or where they begin, like [18, 25, 35]."


def people_by_year(code, sex):
    "The oracle: everybody's year of age, a fifth of a band in each; 99 with all who are older."
    (row,) = [row for row in ROWS if (row["country"], row["sex"]) == (code, sex)]
    years = {year: Fraction(row[BANDS[year // 5]]) * 1000 / 5 for year in range(100)}
    years[99] += Fraction(row["100+"]) * 1000
    return years


def expected(code, sex, bands):
    years = people_by_year(code, sex)
    return tuple(sum(years[year] for year in range(low, high + 1)) for low, high in bands)


codes = st.sampled_from(sorted(countries()))
starts = st.sets(st.integers(1, 99), min_size=1, max_size=12).map(sorted)


def test_the_file_is_whole():
    assert len(countries()) == 200
    by_code = {code: [r["sex"] for r in ROWS if r["country"] == code] for code in countries()}
    assert {code for code, sexes in by_code.items() if sexes != ["female", "male"]} == set()
    figures = [row[band] for row in ROWS for band in [*BANDS, "100+"]]
    assert [text for text in figures if (Fraction(text) * 1000).denominator != 1] == []
    assert "CC BY 3.0 IGO" in (TABLE.parent / "README.md").read_text(encoding="utf-8")


def test_germany_as_it_is_read():
    germany = read_population("DE")
    assert germany == Population(
        "DE",
        "Germany",
        AGES,
        expected("DE", "female", AGES),
        expected("DE", "male", AGES),
    )
    assert germany.labels == ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
    assert germany.counts == (germany.women, germany.men)
    assert germany.women[0] == 742_524 + 2_024_463
    assert germany.men[0] == Fraction(2, 5) * 2_000_046 + 2_198_613
    assert germany.total == Fraction("69340500.4")
    assert germany.source == SOURCE
    assert germany.notes == (
        "15-19 counts two fifths for 18-24, spread evenly over its years.",
        "65+ includes everybody of 100 and over.",
    )


@given(codes, starts)
@settings(deadline=None)
def test_bands_hold_the_people_of_their_years(code, begins):
    population = read_population(code, begins)
    assert population.women == expected(code, "female", population.ages)
    assert population.men == expected(code, "male", population.ages)


@given(codes, starts)
@settings(deadline=None)
def test_a_partition_loses_nobody_but_babies(code, begins):
    population = read_population(code, sorted({1, *begins}))
    everybody = sum(
        Fraction(row[band]) for row in ROWS if row["country"] == code for band in [*BANDS, "100+"]
    )
    babies = sum(Fraction(row["0-4"]) for row in ROWS if row["country"] == code) / 5
    assert population.total == 1000 * (everybody - babies)


@given(codes, st.lists(st.integers(1, 98), min_size=3, max_size=3, unique=True).map(sorted))
@settings(deadline=None)
def test_cutting_and_joining_is_exact(code, ends):
    low, cut, high = ends
    (joined,) = read_population(code, [(low, high)]).women
    assert sum(read_population(code, [(low, cut), (cut + 1, high)]).women) == joined


@given(codes, starts)
@settings(deadline=None)
def test_only_parts_of_people_are_fractions(code, begins):
    population = read_population(code, begins)
    for count in population.women + population.men:
        assert type(count) is int or (type(count) is Fraction and count.denominator == 5)


@given(codes, starts)
@settings(deadline=None)
def test_the_table_shows_whole_people_that_add_up(code, begins):
    population = read_population(code, begins)
    lines = str(population).splitlines()[2 : len(begins) + 3]
    table = [[int(n.replace(",", "")) for n in line.split()[1:]] for line in lines]
    for (*bands, total), exact in zip(zip(*table, strict=True), population.counts, strict=True):
        assert sum(bands) == total == round(sum(exact))
        due = [count * total / Fraction(sum(exact)) for count in exact]
        assert all(abs(n - part) < 1 for n, part in zip(bands, due, strict=True))


def test_the_table_as_text():
    assert str(read_population("JP", [18, 22])) == "\n".join(
        [
            "People of Japan (JP), 2025",
            "              women         men",
            "  18-21   2,203,333   2,321,772",
            "  22+    52,565,956  48,935,173",
            "  total  54,769,289  51,256,945",
            "15-19 counts two fifths for 18-21, spread evenly over its years.",
            "20-24 counts two fifths for 18-21 and three fifths for 22+, "
            "spread evenly over its years.",
            "22+ includes everybody of 100 and over.",
            f"Source: {SOURCE}.",
        ]
    )


def test_a_band_of_nobody_is_shown():
    nobody = Population("XX", "Nowhere", ((18, 24),), (0,), (0,))
    assert str(nobody).splitlines()[1:4] == [
        "         women  men",
        "  18-24      0    0",
        "  total      0    0",
    ]


@pytest.mark.parametrize(
    ("ages", "bands"),
    [
        (None, AGES),
        ([18, 25, 35, 50, 65], ((18, 24), (25, 34), (35, 49), (50, 64), (65, 99))),
        ((18,), ((18, 99),)),
        ([98, 99], ((98, 98), (99, 99))),
        ([(1, 99)], ((1, 99),)),
        ([(30, 39), (18, 24)], ((30, 39), (18, 24))),
        ([[18, 24], (65, 74)], ((18, 24), (65, 74))),
    ],
)
def test_bands_are_read(ages, bands):
    assert read_population("DE", ages).ages == bands


@pytest.mark.parametrize(
    ("ages", "message"),
    [
        ([], f"There are no age bands. {FORM}"),
        ("18-24", f"The age bands are '18-24'. {FORM}"),
        (18, f"The age bands are 18. {FORM}"),
        ([18, (25, 34)], f"An age band is 18. {FORM}"),
        ([(18, 24, 30)], f"An age band is (18, 24, 30). {FORM}"),
        (["18-24"], f"An age band is '18-24'. {FORM}"),
        (["ab"], f"An age band is 'ab'. {FORM}"),
        ([(18, 24.0)], f"An age band is (18, 24.0). {FORM}"),
        ([(True, 24)], f"An age band is (True, 24). {FORM}"),
        ([18, 18], "Age bands begin at 18, 18: 18 follows 18. Let them rise."),
        ([18, 35, 25], "Age bands begin at 18, 35, 25: 25 follows 35. Let them rise."),
        ([(24, 18)], "The age band 24-18 runs backwards. Write (18, 24)."),
        (
            [(0, 17)],
            "The age band 0-17 reaches outside. The exchange knows ages from 1 to 99.",
        ),
        (
            [18, 100],
            "The age band 100-99 runs backwards. Write (99, 100).",
        ),
        (
            [(65, 120)],
            "The age band 65-120 reaches outside. The exchange knows ages from 1 to 99.",
        ),
        (
            [(25, 34), (18, 25)],
            "The age bands 18-25 and 25-34 overlap at 25. End the first at 24.",
        ),
        (
            [(18, 24), (18, 34)],
            "The age bands 18-24 and 18-34 overlap at 18. Keep one of them.",
        ),
    ],
)
def test_bad_bands_are_refused(ages, message):
    with pytest.raises(InvalidPlan) as refused:
        read_population("DE", ages)
    assert str(refused.value) == message


@pytest.mark.parametrize("row", ROWS[::2], ids=lambda row: row["country"])
def test_every_country_is_found_by_its_own_names(row):
    code = row["country"]
    for said in [code, code.lower(), row["alpha_3"], row["name"], f"eng_{code.lower()}"]:
        found = read_population(said, [18])
        assert (found.country, found.name) == (code, row["name"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ger_de", "DE"),
        ("en-US", "US"),
        ("eng_na", "NA"),
        ("NA", "NA"),
        ("namibia", "NA"),
        (" Germany ", "DE"),
        ("USA", "US"),
        ("United States", "US"),
        ("uk", "GB"),
        ("Viet Nam", "VN"),
        ("Vietnam", "VN"),
        ("South Korea", "KR"),
        ("north korea", "KP"),
        ("Côte d’Ivoire", "CI"),
        ("COTE D'IVOIRE", "CI"),
        ("Curaçao", "CW"),
        ("Réunion", "RE"),
        ("Türkiye", "TR"),
        ("Czech Republic", "CZ"),
        ("Guinea Bissau", "GW"),
        ("Hong Kong", "HK"),
        ("Iran", "IR"),
        ("Bolivia", "BO"),
        ("Brunei", "BN"),
        ("Congo", "CG"),
        ("DR Congo", "CD"),
        ("Niger", "NE"),
        ("Nigeria", "NG"),
    ],
)
def test_a_country_by_what_people_say(said, code):
    assert read_population(said, [18]).country == code


NAMIBIA = "If it stands for Namibia, read the table with keep_default_na=False."


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("Germny", "'Germny'. Did you mean Germany (DE)?"),
        ("Austrla", "'Austrla'. Did you mean Austria (AT) or Australia (AU)?"),
        ("Atlantis", "'Atlantis'. countries() lists those there are."),
        ("ger_xx", "'ger_xx'. countries() lists those there are."),
        ("", "''. countries() lists those there are."),
        (49, "49. countries() lists those there are."),
        (None, "None. countries() lists those there are."),
        (float("nan"), f"nan. {NAMIBIA}"),
    ],
)
def test_an_unknown_country_is_refused(said, message):
    with pytest.raises(InvalidPlan) as refused:
        read_population(said)
    assert str(refused.value) == f"There are no figures for the country {message}"


def test_everyday_names_are_no_other_country_s():
    from target_group_kit.sampling import population

    everyday = [(code, n) for code, ns in population._EVERYDAY.items() for n in ns.split(", ")]
    assert [name for code, name in everyday if read_population(name, [18]).country != code] == []
    official = {folded(name): code for code, name in countries().items()}
    assert [n for code, n in everyday if official.get(folded(n), code) != code] == []


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("  Männer  ", "manner"),
        ("Straße", "strasse"),
        ("18–24", "18 24"),
        ("snake_case", "snake case"),
        ("Ｍale", "male"),
        ("İstanbul", "istanbul"),
        ("…", ""),
    ],
)
def test_folding(text, plain):
    assert folded(text) == plain


@given(st.text())
@settings(deadline=None)
def test_folding_again_changes_nothing(text):
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("band", "text"), [((18, 24), "18-24"), ((65, 99), "65+"), ((30, 30), "30"), ((99, 99), "99+")]
)
def test_a_band_as_people_write_it(band, text):
    assert band_text(*band) == text


def test_importing_reads_no_figures():
    script = (
        "from target_group_kit.sampling import population as p\n"
        "before = p._figures.cache_info().currsize\n"
        "p.read_population('DE'); p.read_population('FR')\n"
        "print(before, p._figures.cache_info().misses)"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    assert run.stdout.split() == ["0", "1"]
