"""Exports as tools deliver them: what stands where, what describes it, and the same bytes on any day."""

from __future__ import annotations

import csv
import io

import drawn_exports
import pandas as pd
import pytest

from lnd_survey.answers import answer_columns, categories
from lnd_survey.readers import ExportFile, read_export
from lnd_survey.synthetic.write import FORMS, Form, Personal, write_export, write_wave

CANARIES = Personal(
    email="canary-mail@nest.example",
    first_name="Canaryfirst",
    last_name="Canarylast",
    ip="canary-address",
    link="https://nest.example/canary-link",
    token="canary-token",
    free_text="canary said: call me,\n today; please",
    time_stamp="canary o'clock",
)

forms = pytest.mark.parametrize("form", FORMS.values(), ids=list(FORMS))


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return drawn_exports.codebook(tmp_path_factory.mktemp("codebook"))


@pytest.fixture(scope="module")
def drawn(book):
    return drawn_exports.answers(book)


def frame_of(book, group: str = "inside", language: str = "en", **cells: list[str]) -> pd.DataFrame:
    """Make answers by hand; a question that is not named was not asked."""
    n = len(next(iter(cells.values())))
    columns = {
        "year": [drawn_exports.YEAR] * n,
        "group": pd.Categorical([group] * n, categories=list(book.groups)),
        "language": pd.Categorical([language] * n, categories=list(book.languages)),
        "weight": [1.0] * n,
    }
    for question in book.questions.values():
        for column, _ in answer_columns(question):
            given = cells.get(column.replace(".", "_"), ["not_asked"] * n)
            columns[column] = pd.Categorical(given, categories=categories(question))
    return pd.DataFrame(columns)


def written(answers, book, folder, form, **options):
    return write_export(
        answers, codebook=book, folder=folder, name=f"sample/answers.{form.suffix}", form=form, **options
    )


def rows_of(export, encoding: str = "utf-8-sig", delimiter: str = ",") -> list[list[str]]:
    text = export.path.read_bytes().decode(encoding)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def read(export):
    problems: list = []
    found = read_export(export.path, ExportFile.model_validate(dict(export.declaration)), problems)
    assert problems == []
    return found


WISHES = {
    "wishes_time": ["selected", "not_selected", "not_answered", "dont_know"],
    "wishes_money": ["selected", "not_selected", "not_answered", "dont_know"],
    "wishes_peace": ["not_selected", "not_selected", "not_answered", "dont_know"],
    "wishes_video": ["not_selected", "not_selected", "not_answered", "dont_know"],
    "wishes_film": ["not_offered"] * 4,
}
ACTORS = {
    "actors_boss": ["2", "not_answered"],
    "actors_team": ["1", "not_answered"],
    "actors_self": ["not_answered", "not_answered"],
}


# --- Every form -----------------------------------------------------------------------------


@forms
def test_a_reader_finds_every_column_that_is_described(form, book, drawn, tmp_path):
    export = written(drawn, book, tmp_path, form)
    found = read(export)
    assert [column.address for column in found.columns] == list(dict.fromkeys(row["column"] for row in export.columns))
    assert len(found.numbers) == len(drawn)


@forms
def test_written_again_it_has_the_same_bytes(form, book, drawn, tmp_path):
    first = written(drawn, book, tmp_path, form)
    before = first.path.read_bytes()
    again = written(drawn, book, tmp_path, form)
    assert again.path.read_bytes() == before
    assert again == first


@forms
def test_what_the_tool_knows_of_people_stands_only_in_columns_that_are_dropped(form, book, drawn, tmp_path):
    export = written(drawn, book, tmp_path, form, personal=CANARIES)
    cells = read(export).cells
    kept = {row["column"] for row in export.columns if row["question"]}
    planted = {column for column in cells if any("anary" in cell for cell in cells[column].categories)}
    assert planted
    assert not planted & kept
    assert all(row["reason"] for row in export.columns if row["column"] not in kept)


@forms
def test_every_source_value_is_described_and_no_other(form, book, drawn, tmp_path):
    export = written(drawn, book, tmp_path, form)
    cells = read(export).cells
    single = [row["column"] for row in export.columns if row["question"] == "tried"]
    found = {cell for column in single for cell in cells[column].categories} - {""}
    described = {row["value"] for row in export.values if row["question"] == "tried"}
    assert found == described


# --- Tools one by one -------------------------------------------------------------------------


def test_limesurvey_in_full_answers(book, tmp_path):
    answers = frame_of(book, language="nl", size=["few", "not_answered"], **ACTORS)
    rows = rows_of(written(answers, book, tmp_path, FORMS["limesurvey"]), delimiter=";")
    assert rows[0][:4] == [
        "id. Response ID",
        "submitdate. Date submitted",
        "lastpage. Last page",
        "startlanguage. Start language",
    ]
    at = rows[0].index("Q01. Hoe groot is <je> team?")
    assert rows[0][at + 1 : at + 3] == [
        "Q06[1]. Wie begint? Rangschik. [Rang 1]",
        "Q06[2]. Wie begint? Rangschik. [Rang 2]",
    ]
    assert [row[at : at + 4] for row in rows[1:]] == [
        ["2–4", "Het team, samen", "De baas", ""],
        ["", "", "", ""],
    ]


def test_limesurvey_in_codes(book, tmp_path):
    answers = frame_of(book, size=["few"] * 4, **WISHES)
    rows = rows_of(written(answers, book, tmp_path, FORMS["limesurvey_codes"]))
    at = rows[0].index("Q01. How large is your team?")
    assert rows[0][at + 5] == "Q03[SQ006]. Which wishes do you have? [None of these]"
    assert [row[at : at + 7] for row in rows[1:]] == [
        ["A3", "Y", "Y", "N", "N", "N", "N"],
        ["A3", "N", "N", "N", "N", "Y", "N"],
        ["A3", "", "", "", "", "", ""],
        ["A3", "N", "N", "N", "N", "N", "Y"],
    ]


def test_surveymonkey_writes_the_question_once_and_the_option_into_the_cell(book, tmp_path):
    form = Form(layout="surveymonkey", title_rows=1, blank_rows=2)
    rows = rows_of(written(frame_of(book, size=["one"] * 4, **WISHES), book, tmp_path, form))
    assert rows[0][0] == "Answers to the survey"
    assert rows[1][:2] == ["Respondent ID", "Collector ID"]
    at = rows[1].index("How large is your team?")
    assert rows[1][at + 1 : at + 4] == ["Which wishes do you have?", "", ""]
    assert rows[2][at : at + 4] == ["Response", "Time", "Money, budget, discount", "Peace; quiet"]
    assert rows[3][at : at + 4] == ["1", "Time", "Money, budget, discount", ""]
    assert [set(row) for row in rows[-2:]] == [{""}, {""}]


def test_qualtrics_has_a_third_row_of_import_ids(book, tmp_path):
    rows = rows_of(written(frame_of(book, **ACTORS), book, tmp_path, FORMS["qualtrics"]))
    at = rows[0].index("Q6_1")
    assert rows[1][at] == "Who begins? Rank. - The boss"
    assert rows[2][at] == '{"ImportId":"QID6-1"}'
    assert [row[at : at + 3] for row in rows[3:]] == [["2", "1", ""], ["", "", ""]]
    legacy = rows_of(written(frame_of(book, **ACTORS), book, tmp_path, Form(layout="qualtrics_legacy")))
    assert legacy == [*rows[:2], *rows[3:]]


def test_google_forms_joins_ticks_also_where_an_option_has_the_separator_itself(book, tmp_path):
    rows = rows_of(written(frame_of(book, **WISHES), book, tmp_path, FORMS["google_forms"]))
    at = rows[0].index("Which wishes do you have?")
    assert rows[0][:2] == ["Timestamp", "Email Address"]
    assert [row[at] for row in rows[1:]] == ["Time, Money, budget, discount", "None of these", "", "I don’t know"]


def test_codes_in_one_cell(book, tmp_path):
    rows = rows_of(written(frame_of(book, **WISHES), book, tmp_path, FORMS["qualtrics_cell_codes"]))
    assert [row[rows[0].index("Q3")] for row in rows[3:]] == ["1,2", "None of these", "", "I don’t know"]


def test_typeform_heads_a_tick_with_the_option_and_keeps_html(book, tmp_path):
    export = written(frame_of(book, size=["one"] * 4, **WISHES), book, tmp_path, FORMS["typeform"])
    head = rows_of(export)[0]
    assert head[0] == "#"
    assert "<strong>How large is your team?</strong>" in head
    assert "Money, budget, discount" in head
    assert "How large is your team?" in [row["column"] for row in export.columns if row["question"] == "size"]


def test_a_header_that_occurs_again_has_a_number_in_its_address(book, drawn, tmp_path):
    columns = written(drawn, book, tmp_path, FORMS["typeform"], heading_language="en").columns
    twice = [row["column"] for row in columns if row["item"] == "time"]
    assert twice == ["Time", "Time [2]"]


def test_sav_has_value_labels_and_declares_what_is_missing(book, tmp_path):
    from pyreadstat import read_sav

    answers = frame_of(book, size=["few", "unknown", "refused", "not_answered"], **WISHES)
    export = written(answers, book, tmp_path, FORMS["sav"], languages=drawn_exports.LANGUAGES, heading_language="en")
    frame, meta = read_sav(export.path, user_missing=True)
    assert frame["size"].tolist() == [3, 97, 98, 99]
    assert meta.variable_value_labels["size"] == {
        1: "1",
        2: "2 or more",
        3: "2–4",
        4: "More, many more",
        97: "No idea",
        98: "I don’t say",
        99: "No answer",
    }
    assert meta.missing_ranges["size"] == [{"lo": value, "hi": value} for value in (97, 98, 99)]
    assert frame["wishes_time"].tolist() == [1, 0, 99, 97]
    assert frame["wishes_none"].tolist() == [0, 1, 99, 97]
    assert meta.column_names_to_labels["wishes_money"] == "Which wishes do you have?: Money, budget, discount"


# --- Cells and bytes --------------------------------------------------------------------------


def test_options_that_read_the_same_are_told_apart(book, tmp_path):
    export = written(frame_of(book, tried=["once", "again"]), book, tmp_path, FORMS["plain"])
    assert [(row["value"], row["option"]) for row in export.values if row["question"] == "tried"] == [
        ("Yes", "once"),
        ("Yes (2)", "again"),
    ]


def test_a_value_has_a_language_only_where_the_languages_differ(book, tmp_path):
    answers = frame_of(book, size=["one", "few", "lots"])
    export = written(answers, book, tmp_path, FORMS["plain"], languages=drawn_exports.LANGUAGES)
    assert [(row["value"], row["language"]) for row in export.values if row["question"] == "size"] == [
        ("1", ""),
        ("2–4", ""),
        ("More, many more", "en"),
    ]


def test_an_old_encoding_gets_plain_signs(book, tmp_path):
    answers = frame_of(book, language="fr", **{column: cells[:1] for column, cells in WISHES.items()})
    export = written(answers, book, tmp_path, Form(encoding="latin-1", multi="cell"))
    assert "Argent, budget, oeuvres" in rows_of(export, "latin-1")[1][-2]
    assert "Argent, budget, oeuvres" in [row["value"] for row in export.values]
    with pytest.raises(ValueError, match="cannot be written in ascii"):
        written(answers, book, tmp_path, Form(encoding="ascii", multi="cell"))


def test_decimal_commas_and_line_ends(book, tmp_path):
    export = written(frame_of(book, **ACTORS), book, tmp_path, FORMS["plain_decimal_comma"])
    assert rows_of(export, delimiter=";")[1][-4:-1] == ["2,0", "1,0", ""]
    assert export.path.read_bytes().count(b"\r\n") == 3


# --- Group, language, respondents -------------------------------------------------------------


def test_a_file_of_one_group_and_language_declares_them_and_has_their_wording(book, tmp_path):
    answers = frame_of(book, group="outside", language="fr", wishes_time=["selected"])
    export = written(answers, book, tmp_path, FORMS["google_forms"], one_group=True, one_language=True)
    assert export.declaration["group"] == "outside"
    assert export.declaration["language"] == "fr"
    assert [row["column"] for row in export.columns if row["question"]] == ["Quels souhaits des clients ?"]


def test_a_file_of_one_group_cannot_hold_two(book, drawn, tmp_path):
    with pytest.raises(ValueError, match="A file of one group cannot hold inside, outside"):
        written(drawn, book, tmp_path, FORMS["google_forms"], one_group=True)


def test_a_question_that_follows_from_the_language_has_no_column_of_its_own(book, drawn, tmp_path):
    export = written(drawn, book, tmp_path, FORMS["limesurvey"], language_question="spoken")
    columns = {row["question"]: row["column"] for row in export.columns}
    assert columns["@language"] == columns["spoken"] == "startlanguage"
    assert [(row["value"], row["option"]) for row in export.values if row["question"] == "spoken"] == [
        ("nl", "dutch"),
        ("fr", "other"),
        ("en", "other"),
    ]


def test_duplicates_and_test_entries_can_be_declared(book, tmp_path):
    answers = frame_of(book, size=["one", "one", "few"])
    form = FORMS["qualtrics"]
    export = written(answers, book, tmp_path, form, numbers=[5, 5, 6], find_duplicates=True, tests=[False, False, True])
    rows = rows_of(export)
    at = {row["question"]: row["column"] for row in export.columns}
    assert [row[rows[0].index(at["@respondent"])] for row in rows[3:]] == ["5", "5", "6"]
    assert [row[rows[0].index(at["@test"])] for row in rows[3:]] == ["IP Address", "IP Address", "Survey Preview"]
    assert ("Survey Preview", "@test") in [(row["value"], row["option"]) for row in export.values]


def test_a_wave_in_several_files_is_described_together(book, drawn, tmp_path):
    wave = write_wave(
        drawn,
        codebook=book,
        folder=tmp_path,
        form=FORMS["google_forms_xlsx"],
        split=("group", "language"),
        languages=drawn_exports.LANGUAGES,
    )
    names = [f"sample/{group}_{language}.xlsx" for group in ("inside", "outside") for language in ("nl", "fr", "en")]
    assert [file["name"] for file in wave.declaration["files"]] == names
    assert sum(file["rows"] for file in wave.declaration["files"]) == len(drawn)
    with (tmp_path / "columns.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["column"] for row in rows if not row["file"]} >= {"Timestamp", "Email Address"}
    assert {row["file"] for row in rows if row["column"] == "How large is your team?"} == {
        "sample/inside_en.xlsx",
        "sample/outside_en.xlsx",
    }
    assert wave.yaml().startswith("exports:\n  evidence: synthetic\n")
