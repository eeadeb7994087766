from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from drawn_report import HARMFUL, harmful_report, in_the_chart, whole_report
from lxml import etree
from python_calamine import CalamineWorkbook

from lnd_survey.estimates import COLUMNS, MEANING
from lnd_survey.report.collected import Report
from lnd_survey.report.grid import grids
from lnd_survey.report.workbook import HEAD, sheet_names, write_workbook
from lnd_survey.spreadsheet_text import as_meant, harmless

CHARTS = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@pytest.fixture(scope="module", params=["nl", "fr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp(request.param)
    report = whole_report(folder, request.param)
    write_workbook(folder, report)
    return report, folder


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("harmful")
    report = harmful_report(folder)
    write_workbook(folder, report)
    return report, folder


def charts(file: Path) -> list[list[float]]:
    """The numbers that the charts of a workbook hold themselves, beside those of its cells."""
    found = []
    with zipfile.ZipFile(file) as book:
        names = [name for name in book.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name)]
        for name in sorted(names, key=lambda name: int(re.findall(r"\d+", name)[0])):
            values = etree.fromstring(book.read(name)).iterfind(f".//{CHARTS}val//{CHARTS}v")
            found.append([float(value.text) for value in values if value.text])
    return found


def test_every_number_of_every_figure_is_on_its_sheet(written):
    report, folder = written
    book = CalamineWorkbook.from_path(folder / "figures.xlsx")
    names = sheet_names(report)
    assert book.sheet_names == [report.words.say("contents"), *names.values()]
    for figure in report.figures:
        cells = book.get_sheet_by_name(names[figure.anchor]).to_python(skip_empty_area=False)
        title = report.words.say("figure_title", number=figure.told["number"], title=figure.told["title"])
        assert cells[0][0] == title
        if figure.table is not None and figure.rows:
            column = cells[HEAD].index(report.words.say("column_value"))
            shown = [row[column] for row in cells[HEAD + 1 : HEAD + 1 + len(figure.rows)]]
            # A workbook keeps 16 digits of a number.
            assert shown == pytest.approx([row["estimate"] for row in figure.rows], rel=1e-14), figure.anchor


def test_a_table_of_words_holds_its_numbers_as_numbers(written):
    report, folder = written
    (bases,) = (figure for figure in report.figures if figure.told["id"] == "number_bases")
    sheet = CalamineWorkbook.from_path(folder / "figures.xlsx").get_sheet_by_name(sheet_names(report)[bases.anchor])
    rows = sheet.to_python(skip_empty_area=False)[HEAD + 1 : HEAD + 1 + len(bases.table.rows)]
    shown = [row[len(bases.table.head) - 1] for row in rows]
    assert [cell for cell in shown if not isinstance(cell, str)] == [304, 152, 456, 456]


def test_what_differs_clearly_has_a_column(written):
    report, folder = written
    name = report.words.say("column_clear")
    (culture,) = (figure for figure in report.figures if figure.told["id"] == "culture_measures")
    sheet = CalamineWorkbook.from_path(folder / "figures.xlsx").get_sheet_by_name(sheet_names(report)[culture.anchor])
    head, *rows = sheet.to_python(skip_empty_area=False)[HEAD : HEAD + 1 + len(culture.rows)]
    at, own = head.index(name), culture.table.head.index(name)
    assert [row[at] for row in rows] == [row[own] for row in culture.table.rows]
    assert sum(row[at] != "" for row in rows) == 4


def test_every_chart_holds_the_numbers_of_its_figure(written):
    report, folder = written
    found = iter(charts(folder / "figures.xlsx"))
    drawn = 0
    for figure in report.figures:
        panels = grids(figure, report.words)
        numbers = [number for _ in panels for number in next(found)]
        if panels:
            drawn += 1
            assert sorted(numbers) == pytest.approx(in_the_chart(figure, report), rel=1e-14), figure.anchor
    assert next(found, None) is None
    assert drawn >= 25


def test_the_estimates_are_all_there(written):
    report, folder = written
    rows = list(csv.DictReader((folder / "estimates.csv").open(encoding="utf-8", newline="")))
    expected = [(figure.told["id"], row["estimate"], row["source"]) for figure in report.figures for row in figure.rows]
    found = [(row["figure"], float(row["estimate"]) if row["estimate"] else None, row["source"]) for row in rows]
    assert found == expected
    assert list(rows[0]) == ["figure", *COLUMNS]


def test_the_data_package_describes_every_column(written):
    _, folder = written
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    estimates, *tables = package["resources"]
    fields = {field["name"]: field for field in estimates["schema"]["fields"]}
    assert list(fields) == ["figure", *COLUMNS]
    assert set(MEANING) == set(COLUMNS)
    kinds = {"string": str, "integer": int, "number": float}
    for row in csv.DictReader((folder / "estimates.csv").open(encoding="utf-8", newline="")):
        for name, cell in row.items():
            field, rules = fields[name], fields[name].get("constraints", {})
            if cell not in estimates["schema"]["missingValues"]:
                kinds[field["type"]](cell)
                assert cell in rules.get("enum", [cell])
                assert re.fullmatch(rules.get("pattern", ".*"), cell)
            else:
                assert not rules.get("required")
    assert all((folder / table["path"]).is_file() for table in tables)


def test_harmful_texts_stay_texts(harmful):
    report, folder = harmful
    book = CalamineWorkbook.from_path(folder / "figures.xlsx")
    cells = book.get_sheet_by_name(sheet_names(report)["fig-01-wishes"]).to_python(skip_empty_area=False)
    items = cells[HEAD].index("Item")
    assert [row[items] for row in cells[HEAD + 1 : HEAD + 1 + len(HARMFUL)]] == list(HARMFUL.values())
    with zipfile.ZipFile(folder / "figures.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        chart = parts.read("xl/charts/chart1.xml").decode()
        assert not [name for name in parts.namelist() if "vba" in name.lower() or "external" in name.lower()]
    assert not any("<f>" in sheet or "hyperlink r:id" in sheet for sheet in sheets)
    # What a chart refers to are cells of its own sheet.
    references = re.findall(r"<c:f>(.*?)</c:f>", chart)
    assert references
    place = re.escape("'1 <script>alert( 1 )< script>'!") + r"\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?"
    assert [found for found in map(unescape, references) if not re.fullmatch(place, found)] == []


def test_sample_numbers_carry_their_sign(harmful):
    report, folder = harmful
    with zipfile.ZipFile(folder / "figures.xlsx") as parts:
        styles, chart = parts.read("xl/styles.xml").decode(), parts.read("xl/charts/chart1.xml").decode()
    assert "0%&quot;°&quot;" in styles
    assert "<a:t>50%°</a:t>" in chart
    cells = CalamineWorkbook.from_path(folder / "figures.xlsx").get_sheet_by_name(sheet_names(report)["fig-01-wishes"])
    assert cells.to_python(skip_empty_area=False)[2][0] == "° Sample data, not real answers"


def test_no_text_of_the_csv_is_a_formula(harmful):
    _, folder = harmful
    text = (folder / "estimates.csv").read_bytes().decode("utf-8")
    assert "\r" not in text
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["source"] for row in rows} == {"'=cmd|' /C calc'!A0"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1"])
def test_what_begins_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"
    assert as_meant(harmless(text)) == text


def test_a_figure_without_numbers_says_so(harmful):
    report, folder = harmful
    book = CalamineWorkbook.from_path(folder / "figures.xlsx")
    cells = book.get_sheet_by_name(sheet_names(report)["fig-03-unasked"]).to_python(skip_empty_area=False)
    assert cells[1][0] == HARMFUL["formula"]


def test_names_of_sheets_are_short_and_differ(harmful):
    report, _ = harmful
    figure = report.figures[0]
    told = dict(figure.told) | {"title": "[A]: 'long' name / that * goes ? on \\ and on"}
    same = [type(figure)(f"fig-{n}", told, [], None, {}) for n in range(12)]
    chapter = type(report.chapters[0])(1, "", "", same)
    names = list(sheet_names(type(report)(report.plan, "en", report.words, [chapter], [])).values())
    assert names[0] == "1 A long name that goes on and"
    assert names[-1] == "1 A long name that goes on (12)"
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert len({name.casefold() for name in names}) == 12


def test_the_same_bytes_when_written_again(harmful, tmp_path):
    report, folder = harmful
    shutil.copytree(folder / "reports", tmp_path / "reports")
    write_workbook(tmp_path, report)
    for name in ("figures.xlsx", "estimates.csv", "datapackage.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name
    with zipfile.ZipFile(tmp_path / "figures.xlsx") as parts:
        assert {member.date_time for member in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2022-01-01T00:00:00Z" in parts.read("docProps/core.xml")
