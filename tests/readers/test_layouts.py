from __future__ import annotations

import pytest
from readers.drawn_files import addresses, attempt, csv_text, ods, read, table, xlsx

from lnd_survey.readers import inspect_file
from lnd_survey.readers.layouts import columns_of

IMPORT_IDS = ['{"ImportId":"startDate"}', '{"ImportId":"QID1"}', '{"ImportId":"QID2"}']
LAYOUTS = {
    "plain": [["<b>Why</b>\n so?", "Why so?"], ["fun", "1"], ["work", ""]],
    "limesurvey": [["id. Response ID", "submitdate. Date", "use[film]. Which? [Film]"], ["1", "", "Y"], ["2", "", ""]],
    "surveymonkey": [
        ["Respondent ID", "Which?", "", "Why?"],
        ["", "Film", "Book", "Open-Ended Response"],
        ["123456", "Film", "", "x"],
        ["123457", "", "Book", ""],
    ],
    "qualtrics": [["StartDate", "Q1", "Q2_1"], ["Start Date", "Why?", "Which? - Film"], IMPORT_IDS, ["", "5", "1"]] * 1
    + [["", "6", ""]],
    "qualtrics_legacy": [
        ["V1", "V2", "Q1"],
        ["ResponseID", "ResponseSet", "Why?"],
        ["R_1", "Default", "1"],
        ["R_2", "Default", "2"],
    ],
    "google_forms": [["Tijdstempel", "Which? &amp; why"], ["2/3/2022", "Film, Book"], ["3/3/2022", "Book"]],
    "typeform": [["#", "Which?", "Submit Date (UTC)", "Network ID"], ["a1", "Film", "x", "y"], ["a2", "", "x", "y"]],
}
ADDRESSES = {
    "plain": ["Why so?", "Why so? [2]"],
    "limesurvey": ["id", "submitdate", "use[film]"],
    "surveymonkey": ["Respondent ID", "Which? | Film", "Which? | Book", "Why? | Open-Ended Response"],
    "qualtrics": ["StartDate", "Q1", "Q2_1"],
    "qualtrics_legacy": ["V1", "V2", "Q1"],
    "google_forms": ["Tijdstempel", "Which? & why"],
    "typeform": ["#", "Which?", "Submit Date (UTC)", "Network ID"],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize("title", [0, 1])
def test_every_layout_in_every_format(tmp_path, layout, kind, title):
    rows = [["My survey"]] * title + LAYOUTS[layout] + [[""] * len(LAYOUTS[layout][0])] * 2
    content = {"csv": lambda: csv_text(rows), "xlsx": lambda: xlsx({"S": rows}), "ods": lambda: ods({"S": rows})}[
        kind
    ]()
    path = tmp_path / f"a.{kind}"
    export = read(path, content, format=kind, layout=layout, title_rows=title)
    assert addresses(export) == ADDRESSES[layout]
    assert table(export) == LAYOUTS[layout][-2:]
    above = title + len(LAYOUTS[layout]) - 2
    assert export.numbers.tolist() == [above + 1, above + 2]
    found = inspect_file(path).declaration
    assert (found.format, found.layout, found.title_rows, found.rows) == (kind, layout, title, 2)


def test_titles_of_columns():
    assert columns_of(LAYOUTS["qualtrics"][:3], "qualtrics")[2].title == "Which? - Film"
    assert columns_of(LAYOUTS["limesurvey"][:1], "limesurvey")[2].title == "Which? [Film]"


def test_codes_of_limesurvey_without_texts(tmp_path):
    export = read(
        tmp_path / "a.csv", csv_text([["id", "q1[SQ001][1]", "q2[other]"], "123", "456"]), layout="limesurvey"
    )
    assert addresses(export) == ["id", "q1[SQ001][1]", "q2[other]"]


def test_many_repeated_headers_are_numbered_quickly():
    columns = columns_of([["Same"] * 20_000], "plain")
    assert len({column.address for column in columns}) == 20_000


@pytest.mark.parametrize(
    ("file", "declared", "remedy"),
    [
        ("qualtrics", "qualtrics_legacy", "Declare layout: qualtrics."),
        ("qualtrics", "plain", "Declare layout: qualtrics."),
        ("qualtrics_legacy", "qualtrics", "Declare layout: qualtrics_legacy"),
        ("qualtrics_legacy", "plain", "Declare layout: qualtrics_legacy."),
        ("surveymonkey", "plain", "Declare layout: surveymonkey."),
        ("surveymonkey", "limesurvey", "Declare layout: surveymonkey."),
        ("plain", "limesurvey", "declare layout: plain"),
        ("google_forms", "surveymonkey", "Declare layout: google_forms"),
    ],
)
def test_another_layout_than_declared(tmp_path, file, declared, remedy):
    _, problems = attempt(tmp_path / "a.csv", csv_text(LAYOUTS[file]), layout=declared)
    assert len(problems) == 1
    assert remedy in problems[0]
    assert "row 1" in problems[0]


def test_surveymonkey_with_one_header_row(tmp_path):
    rows = [["Respondent ID", "Which?", "Why?"], ["123456", "Film", "x"], ["123457", "Book", "y"]]
    _, problems = attempt(tmp_path / "a.csv", csv_text(rows), layout="surveymonkey")
    assert problems == [
        "a.csv, row 1: has no second header row: there are answers in it (1234…). Declare layout: plain, which has one."
    ]
