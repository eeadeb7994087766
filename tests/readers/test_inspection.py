from __future__ import annotations

import csv
import io

import pytest
import yaml
from readers.drawn_files import csv_text, sav, table, xlsx

from lnd_survey.errors import DataError
from lnd_survey.readers import ExportFile, inspect_file, read_export

PEOPLE = [f"person.{row}@example.org" for row in range(20)]
ROWS = [
    [
        "id. Response ID",
        "submitdate. Date",
        "mail. Uw e-mail",
        "who. Wie?",
        "size. Hoe groot?",
        "use. Wat?",
        "why. Waarom?",
    ],
    *[
        [
            str(row),
            f"2022-03-{row + 1:02} 09:30:00",
            PEOPLE[row],
            f"Jan {row}",
            f"{row % 3},5",
            ["Film; Boek", "Boek", "Film; Spel", "Spel"][row % 4],
            f"Omdat ik het {row} keer één voor één heb gezien",
        ]
        for row in range(20)
    ],
]


@pytest.fixture
def inspected(tmp_path):
    path = tmp_path / "antwoorden.csv"
    path.write_bytes(csv_text(ROWS, delimiter=";").encode("cp1252"))
    return path, inspect_file(path)


def test_the_declaration_proposed_reads_the_file(inspected):
    path, found = inspected
    said = found.declaration
    assert (said.format, said.layout, said.encoding, said.delimiter) == ("csv", "limesurvey", "windows-1252", ";")
    assert (said.decimal, said.separator, said.rows) == (",", "; ", 20)
    problems: list = []
    again = read_export(path, said, problems)
    assert problems == []
    assert table(again) == table(found.export) == ROWS[1:]


def test_the_yaml_is_the_declaration(inspected):
    _, found = inspected
    section = yaml.safe_load(found.wave_yml())["exports"]
    assert section["evidence"] == "survey"
    assert [ExportFile(**entry) for entry in section["files"]] == [found.declaration]


@pytest.mark.parametrize("name", ["no", "a b.csv", "été: 1.csv", 'q"uo\\te.csv', "#1.csv", "2022.csv"])
def test_any_name_is_written_as_yaml_reads_it(tmp_path, name):
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    found = inspect_file(tmp_path / "x.csv")
    renamed = type(found)(found.declaration.model_copy(update={"name": name}), found.export)
    assert yaml.safe_load(renamed.wave_yml())["exports"]["files"][0]["name"] == name


def test_a_crosswalk_to_fill_in(inspected):
    _, found = inspected
    rows = list(csv.DictReader(io.StringIO(found.columns_csv())))
    assert list(rows[0]) == ["file", "column", "question", "item", "rank", "reason"]
    assert {row["file"] for row in rows} == {"antwoorden.csv"}
    assert {row["column"]: row["reason"] for row in rows} == {
        "id": "administration",
        "submitdate": "time stamp",
        "mail": "personal data",
        "who": "free text",
        "size": "",
        "use": "",
        "why": "free text",
    }


def test_the_summary_shows_no_personal_data(inspected):
    _, found = inspected
    text = found.summary()
    assert "20 responses, in rows 2 to 21; 7 columns" in text
    assert "Film; Boek" in text
    assert "Hoe groot?" in text
    assert not any(word in text for word in [*PEOPLE, "Jan", "Omdat", "09:30"])


def test_a_summary_of_many_columns_masks_what_looks_personal_among_answers(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("size,note\n5,see https://example.org/x\n5,mail a@example.org\n5,good\n7,good\n")
    text = inspect_file(path).summary()
    assert "example.org" not in text
    assert "good" in text


def test_the_sheet_with_the_answers_is_proposed(tmp_path):
    path = tmp_path / "a.xlsx"
    answers = [["a", "b"], *[[row, "x"] for row in range(5)]]
    summary = [["Which?", "", ""], ["Answer Choices", "Responses", ""], *[["x", "10%", 1]] * 30]
    path.write_bytes(xlsx({"Question 1": summary, "Notes": [["Read me"]], "Data": answers}))
    assert inspect_file(path).declaration.sheet == "Data"
    path.write_bytes(xlsx({"Data": answers, "Notes": [["Read me"]]}))
    assert "sheet" not in inspect_file(path).wave_yml()


def test_an_spss_file(tmp_path):
    path = tmp_path / "a.sav"
    sav(path, {"size": [1.0, 2.0], "mail": ["a@b.be", ""]}, column_labels={"size": "How large?"})
    found = inspect_file(path)
    assert (found.declaration.format, found.declaration.rows) == ("sav", 2)
    assert "How large?" in found.summary()
    assert "a@b.be" not in found.summary()
    assert ",mail,,,,personal data\n" in found.columns_csv()


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n", b"a,b\n1,2\n3\n", b'a,"b\n1,2\n', b"PK\x03\x04"])
def test_what_cannot_be_read_is_an_error_with_its_problems(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"a\.csv"):
        inspect_file(path)


def test_a_wide_file_is_inspected_quickly(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(csv_text([[f"Q{place}" for place in range(955)], *[["Ja", "Nee", "5,5", "x", ""] * 191] * 50]))
    found = inspect_file(path)
    assert found.declaration.rows == 50
    assert len(found.columns_csv().splitlines()) == 956
