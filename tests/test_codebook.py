"The codebook: ages in many spellings, what heads say, and words that are known or asked for."

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from target_group_kit.contract.errors import InvalidPlan
from target_group_kit.contract.profiling import (
    OPTIONS,
    QUESTIONS,
    OpenEndedCondition,
    question_text,
)
from target_group_kit.sampling.codebook import Codebook, band_of, is_total, number_kind
from target_group_kit.sampling.margins import Cell
from target_group_kit.sampling.population import band_text

REGIONS = {"region": (96, {"North": "1", "South": ["2", "3"]})}


def table(text):
    "Rows of `label | low high`, as parameters."
    rows = [line.rsplit("|", 1) for line in text.strip().splitlines()]
    return [(label.strip(), tuple(map(int, ages.split()))) for label, ages in rows]


@pytest.mark.parametrize(
    ("label", "ages"),
    table(
        """
        18-24 | 18 24
        18–24 | 18 24
        18—24 | 18 24
        18−24 | 18 24
        18 - 24 | 18 24
        18‑24 | 18 24
        18~24 | 18 24
        18/24 | 18 24
        18_24 | 18 24
        18..24 | 18 24
        18…24 | 18 24
        age_18_24 | 18 24
        Age-18-24 | 18 24
        18 to 24 | 18 24
        18-to-24 | 18 24
        18 through 24 | 18 24
        from 18 to 24 | 18 24
        between 18 and 24 | 18 24
        18-24 years | 18 24
        18-24 yrs. | 18 24
        18-24yo | 18 24
        18-24 y/o | 18 24
        18-24 y.o. | 18 24
        18-24 y | 18 24
        18-24 year olds | 18 24
        18-24-year-olds | 18 24
        18 years - 24 years | 18 24
        aged 18-24 | 18 24
        Age: 18-24 | 18 24
        AGES 18 TO 24 | 18 24
        18 bis 24 | 18 24
        von 18 bis 24 Jahren | 18 24
        18 bis unter 25 | 18 24
        18 bis unter 25 Jahre | 18 24
        18 to under 25 | 18 24
        Alter: 18 bis 24 Jahre | 18 24
        im Alter von 18 bis 24 | 18 24
        zwischen 18 und 24 | 18 24
        18-24 J. | 18 24
        18-24-Jährige | 18 24
        18 à 24 | 18 24
        18 à 24 ans | 18 24
        de 18 à 24 ans | 18 24
        entre 18 et 24 ans | 18 24
        18 a 24 | 18 24
        de 18 a 24 años | 18 24
        entre 18 y 24 | 18 24
        da 18 a 24 anni | 18 24
        18 t/m 24 jaar | 18 24
        van 18 tot 24 | 18 24
        18 até 24 anos | 18 24
        1-99 | 1 99
        0-17 | 0 17
        65-120 | 65 120
        25 | 25 25
        25 years | 25 25
        30-30 | 30 30
        65+ | 65 99
        65 + | 65 99
        65＋ | 65 99
        65 plus | 65 99
        65 years+ | 65 99
        65y+ | 65 99
        65 and over | 65 99
        65 & over | 65 99
        65 or older | 65 99
        65 and above | 65 99
        65 years and older | 65 99
        65 and up | 65 99
        65 or more | 65 99
        from 65 | 65 99
        from 65 up | 65 99
        65 und älter | 65 99
        65 und aelter | 65 99
        65 Jahre und älter | 65 99
        65 oder älter | 65 99
        65 und mehr | 65 99
        ab 65 | 65 99
        ab 65 Jahren | 65 99
        65 ans et plus | 65 99
        65 et plus | 65 99
        65 ans ou plus | 65 99
        à partir de 65 ans | 65 99
        dès 65 ans | 65 99
        65 y más | 65 99
        65 años y más | 65 99
        65 o más | 65 99
        desde 65 | 65 99
        65 e oltre | 65 99
        65 anni e più | 65 99
        a partire da 65 anni | 65 99
        65 en ouder | 65 99
        65 jaar of ouder | 65 99
        vanaf 65 | 65 99
        ≥65 | 65 99
        ≥ 65 | 65 99
        >=65 | 65 99
        =>65 | 65 99
        >64 | 65 99
        > 64 years | 65 99
        over 64 | 65 99
        above 64 | 65 99
        older than 64 | 65 99
        more than 64 | 65 99
        über 64 | 65 99
        älter als 64 | 65 99
        mehr als 64 | 65 99
        plus de 64 ans | 65 99
        más de 64 | 65 99
        oltre 64 | 65 99
        over 65 | 66 99
        99+ | 99 99
        <25 | 1 24
        < 25 | 1 24
        under 25 | 1 24
        below 25 years | 1 24
        younger than 25 | 1 24
        less than 25 | 1 24
        unter 25 | 1 24
        unter 25 Jahren | 1 24
        bis unter 25 | 1 24
        jünger als 25 | 1 24
        moins de 25 ans | 1 24
        menos de 25 | 1 24
        meno di 25 anni | 1 24
        jonger dan 25 | 1 24
        ≤24 | 1 24
        <=24 | 1 24
        up to 24 | 1 24
        to 24 | 1 24
        bis 24 | 1 24
        bis zu 24 Jahren | 1 24
        jusqu'à 24 ans | 1 24
        jusqu’à 24 ans | 1 24
        hasta 24 | 1 24
        fino a 24 anni | 1 24
        24 and under | 1 24
        24 or younger | 1 24
        24 und jünger | 1 24
        24 ans et moins | 1 24
        24 o menos | 1 24
        """
    ),
)
def test_ages_are_read(label, ages):
    assert band_of(label) == ages
    assert band_of(f"  {label.upper()} ") == ages


@pytest.mark.parametrize(
    "label",
    [
        "",
        " ",
        "young",
        "Gen Z",
        "men 18-24",
        "18-24 (12 %)",
        "18-24%",
        "24-18",
        "18.5",
        "18,24",
        "18 24",
        "18 & 24",
        "18 or 19",
        "18-24-30",
        "18-",
        "-24",
        "+65",
        "65-+",
        "years",
        "and over",
        "1000+",
        "2025-12-10",
        "10/12/2025",
        "100+",
        "<1",
        "over 99",
        "½",
        "١٨-٢٤",
    ],
)
def test_what_is_no_age_is_left_alone(label):
    assert band_of(label) is None


@given(st.tuples(st.integers(1, 99), st.integers(1, 99)).map(sorted))
def test_the_kit_s_own_bands_are_read_back(band):
    assert band_of(band_text(*band)) == tuple(band)


@given(st.text())
@settings(deadline=None)
def test_any_text_is_read_or_left(label):
    band = band_of(label)
    assert band is None or 0 <= band[0] <= band[1] <= 999


@pytest.mark.parametrize(
    ("kind", "heads"),
    [
        (
            "percent",
            "%; in %; % of completes; Percent; percentage; Per cent; pct; Share; Anteil; "
            "Anteil in %; Prozent; Quote; Population share; Pourcentage; pour cent; Porcentaje; "
            "POR CIENTO; n (%)",
        ),
        (
            "completes",
            "completes; Completes; n; N; n=1000; n (400); N = 1.000; Count; Anzahl; Interviews; "
            "# interviews; Target; Target n; Quota; Soll; Sample size; Stichprobe; Fallzahl; "
            "Number of people; nombre d'interviews; Número; Quota (n)",
        ),
        (
            "weight",
            "Population; population 2025; Bevölkerung; BEVÖLKERUNG in Tsd.; Weight; Gewicht; "
            "Target population; Einwohner; Size; People; población; Poids",
        ),
        (None, "; Region; Alter; Gender; Newspaper; nobody; Targeted; no; answer; 42; anteilig"),
    ],
)
def test_what_a_head_says_about_its_numbers(kind, heads):
    assert {head: number_kind(head) for head in heads.split("; ")} == dict.fromkeys(
        heads.split("; "), kind
    )


@pytest.mark.parametrize(
    ("word", "everybody"),
    [
        *(
            (w, True)
            for w in "Total;TOTAL:;Gesamt (n);Summe;Total général;All;Base 1000".split(";")
        ),
        *((w, False) for w in ";men;Totally;All women;Sum of men;1000".split(";")),
    ],
)
def test_words_for_everybody(word, everybody):
    assert is_total(word) is everybody


@pytest.mark.parametrize(
    ("question_id", "names"),
    [
        (
            42,
            "age; Age; AGE GROUP; Age band; Alter; Altersgruppe; âge; Tranche d’âge; "
            "tranche d'age; Edad; età; leeftijd; Age (18+); age (42); "
            "Alter (Jahre); Question 42; Q42; frage 42",
        ),
        (43, "gender; Sex; Geschlecht; sexe; Sexo; Género; genere; Geslacht; Gender (43)"),
        (45, "ZIP code; zip; PLZ; Postcode; code postal"),
        (96, "state; State (96); Region; region (96); REGION; Region (EU)"),
        (113, "race"),
        (157, "question 157; Question 157; Q157; q 157; movies (157); Pregunta 157"),
        (633, "Gender (633)"),
    ],
)
def test_names_of_questions(question_id, names):
    book = Codebook(REGIONS)
    assert {name: book.question_id(name) for name in names.split("; ")} == dict.fromkeys(
        names.split("; "), question_id
    )
    assert all(book.is_question(name) for name in names.split("; "))


@pytest.mark.parametrize(
    "name", ["Bundesland", "n (400)", "Completes (400)", "Q", "42", "", "(43)", "Anteil"]
)
def test_what_names_no_question(name):
    assert not Codebook(REGIONS).is_question(name)
    assert not Codebook(REGIONS).knows(name, "1")


def test_the_kit_s_own_texts_are_read_back():
    book = Codebook()
    ids = [*QUESTIONS, 157]
    assert [book.question_id(question_text(number)) for number in ids] == ids
    assert [book.question_id(name) for name in QUESTIONS.values()] == list(QUESTIONS)
    said = {
        (asked, book.answer(question_text(asked), text)) for (asked, _), text in OPTIONS.items()
    }
    assert said == set(OPTIONS)


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        (
            "1",
            "1; male; Males; MEN; man; m; M; boys; Männer; Maenner; männlich; Mann; m.; hommes; "
            "Homme; h; masculin; hombres; Varón; uomini; maschi; mannen; Homens",
        ),
        (
            "2",
            "2; female; Females; WOMEN; woman; f; W; girls; Frauen; weiblich; Frau; femmes; Femme; "
            "féminin; mujeres; donne; femmine; vrouwen; vrouw; Mulheres",
        ),
        ("-3105", "None of the above; -3105"),
    ],
)
def test_genders(answer, labels):
    book = Codebook()
    assert {label: book.answer("Geschlecht", label) for label in labels.split("; ")} == (
        dict.fromkeys(labels.split("; "), answer)
    )


@pytest.mark.parametrize(
    ("name", "label", "answer"),
    [
        ("Age group", "18 bis 24", (18, 24)),
        ("age (42)", "65+", (65, 99)),
        ("age", "30", (30, 30)),
        ("region", "North", "1"),
        ("Region (96)", "NORTH ", "1"),
        ("State (96)", "North", "1"),
        ("region", "south", ("2", "3")),
        ("region", "4", "4"),
        ("question 157", "-3105", "-3105"),
        (
            "ZIP",
            " 01067 ",
            OpenEndedCondition(
                question_id=45, allow_all_values=False, open_ended_values=("01067",)
            ),
        ),
    ],
)
def test_answers(name, label, answer):
    book = Codebook(REGIONS)
    assert book.answer(name, label) == answer
    assert book.knows(name, label)


def test_the_user_s_word_wins():
    book = Codebook(
        {
            "gender": (900, {"men": "7"}),
            "Alter": (42, {"young": (18, 29), "65+": (65, 74)}),
            "gender (43)": 901,
            "n": 902,
        }
    )
    assert book.question_id("Gender") == 900
    assert book.question_id("Gender (43)") == 901
    assert book.question_id("Geschlecht") == 43
    assert book.question_id("n") == 902
    assert book.answer("gender", "Men") == "7"
    assert not book.knows("gender", "women")
    assert [book.answer("age", label) for label in ("Young", "65+", "30-64")] == [
        (18, 29),
        (65, 74),
        (30, 64),
    ]


def test_two_names_of_a_question_share_their_labels():
    book = Codebook({"region": (96, {"North": "1"}), "Gebiet": (96, {"Nord": "1"})})
    assert book.answer("region", "Nord") == book.answer("Gebiet", "North") == "1"


@pytest.mark.parametrize(
    ("label", "answer"),
    [("A+", "1"), ("A-", "2"), ("A", None), ("a+", None), ("B", "3"), ("b.", "3"), ("+", "4")],
)
def test_labels_that_fold_alike_are_kept_apart(label, answer):
    grades = Codebook({"grade": (500, {"A+": "1", "A-": "2", "B": "3", "b.": "3", "+": "4"})})
    assert grades.knows("grade", label) == (answer is not None)
    if answer:
        assert grades.answer("grade", label) == answer


@pytest.mark.parametrize(
    ("labels", "name"),
    [
        (["men", "women"], "gender"),
        (["Male"], "gender"),
        (["18-24", "25+"], "age"),
        (["18", "65+"], "age"),
        (["North", "South"], "region"),
        (["North", "4"], "region"),
        (["1", "2"], None),
        (["0", "100"], None),
        (["1000"], None),
        (["men", "North"], None),
        (["18-24", "men"], None),
        (["young"], None),
    ],
)
def test_whose_labels_these_are(labels, name):
    assert Codebook(REGIONS).question_of(labels) == name
    assert Codebook({**REGIONS, "zip": 45}).question_of(labels) == name


def test_the_user_s_name_is_given_back():
    assert Codebook({"Geschlecht": 43}).question_of(["men", "women"]) == "Geschlecht"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "Bundesland",
            "'Bundesland' isn't a question that the kit knows. "
            'Say its number in the library, like questions={"Bundesland": 96}.',
        ),
        (
            "Regoin (EU)",
            "'Regoin (EU)' isn't a question that the kit knows. Did you mean 'region'? "
            'Else say its number in the library, like questions={"Regoin": 96}.',
        ),
        (
            "Geschlect",
            "'Geschlect' isn't a question that the kit knows. Did you mean 'geschlecht'? "
            'Else say its number in the library, like questions={"Geschlect": 96}.',
        ),
    ],
)
def test_an_unknown_question_is_asked_for(name, message):
    with pytest.raises(InvalidPlan) as refused:
        Codebook({"region": 96}).question_id(name)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("name", "label", "message"),
    [
        (
            "region",
            "Norden",
            "'Norden' isn't known for region (96). Known: 'North', 'South'. "
            'Say what it is: questions={"region": (96, {"Norden": "…"})}.',
        ),
        (
            "Region (96)",
            "Norht",
            "'Norht' isn't known for Region (96). Did you mean 'North'? "
            'Else say what it is: questions={"Region": (96, {"Norht": "…"})}.',
        ),
        (
            "letter",
            "g",
            "'g' isn't known for letter (500). Known: 'a', 'b', 'c', 'd', 'e', 'f', …. "
            'Say what it is: questions={"letter": (500, {"g": "…"})}.',
        ),
        (
            "question 157",
            "Dune",
            "'Dune' isn't known for question 157. "
            'Say what it is: questions={"question 157": (157, {"Dune": "…"})}.',
        ),
        (
            "Alter",
            "jung",
            "'jung' isn't known for Alter (42). Write ages like '18-24', '65+' or '30'. "
            'Say what it is: questions={"Alter": (42, {"jung": (18, 24)})}.',
        ),
        (
            "gender",
            "divers",
            "'divers' isn't known for gender (43). Known: 'male', 'female', 'none of the above'. "
            'Say what it is: questions={"gender": (43, {"divers": "…"})}.',
        ),
        (
            "zip",
            " ",
            '\' \' isn\'t known for zip (45). Say what it is: questions={"zip": (45, {" ": "…"})}.',
        ),
    ],
)
def test_an_unknown_label_is_asked_for(name, label, message):
    letters = {letter: str(n) for n, letter in enumerate(["a", "b", "c", "d", "e", "f", "ff"])}
    with pytest.raises(InvalidPlan) as refused:
        Codebook({**REGIONS, "letter": (500, letters)}).answer(name, label)
    assert str(refused.value) == message


EXAMPLE = 'Give its number, like 96, or (96, {"North": "1"}).'


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("96", f"The question 'region' is '96'. {EXAMPLE}"),
        (True, f"The question 'region' is True. {EXAMPLE}"),
        ((96,), f"The question 'region' is (96,). {EXAMPLE}"),
        ((96, ["North"]), f"The question 'region' is (96, ['North']). {EXAMPLE}"),
        (
            (96, {"North": 1}),
            "Cell 'North' has the answer 1. "
            'Write "1" for an option, (18, 24) for a range, ["1", "2"] for either.',
        ),
        (
            (96, {"North": (24, 18)}),
            "Cell 'North' has a range from 24 down to 18. Write (18, 24).",
        ),
    ],
)
def test_bad_questions_are_refused(said, message):
    with pytest.raises(InvalidPlan) as refused:
        Codebook({"region": said})
    assert str(refused.value) == message


def test_a_codebook_is_a_value():
    mine = {"region": 96}
    book = Codebook(mine)
    mine["region"] = 97
    assert book.question_id("region") == 96
    assert book == Codebook({"region": 96}) != Codebook()
    with pytest.raises(TypeError):
        book.questions["region"] = 97


@given(st.sampled_from(["age", "gender", "region"]), st.text(max_size=8))
@settings(deadline=None)
def test_an_answer_is_one_or_asked_for(name, label):
    book = Codebook(REGIONS)
    if book.knows(name, label):
        answer = book.answer(name, label)
        assert isinstance(answer, str | tuple)
        if isinstance(answer, str):
            assert Cell("x", answer, 1).answer == answer
    else:
        with pytest.raises(InvalidPlan, match="isn't known for"):
            book.answer(name, label)
