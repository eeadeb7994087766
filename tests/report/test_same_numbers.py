"""One figure, five outputs: page, PDF, slides, workbook and estimates.csv show the same numbers."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from html import unescape

import pytest
from drawn_report import whole_report
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lnd_survey.report.page import write_page
from lnd_survey.report.pdf import write_pdf
from lnd_survey.report.slides import write_slides
from lnd_survey.report.workbook import HEAD, sheet_names, write_workbook


def bare(text: str) -> str:
    """A text without what setting it in lines changes."""
    return re.sub(r"[\s\u00ad\u200b\u2060-]", "", text)


def test_every_number_of_every_figure_is_in_all_outputs(tmp_path):
    report = whole_report(tmp_path, "fr")
    for write in (write_page, write_pdf, write_slides, write_workbook):
        write(tmp_path, report)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    pdf = bare("".join(found.extract_text() for found in PdfReader(tmp_path / "report.pdf").pages))
    # After the contents each figure stands under its title, with its numbers.
    titles = {
        figure.anchor: report.words.say("figure_title", number=figure.told["number"], title=figure.told["title"])
        for figure in report.figures
    }
    places = {anchor: pdf.rindex(bare(title)) for anchor, title in titles.items()}
    # A figure that goes on on another slide has its numbers in the notes of all of them together.
    notes = defaultdict(str)
    for slide in Presentation(tmp_path / "slides.pptx").slides:
        if slide.has_notes_slide:
            title = re.sub(r" \(\d+/\d+\)(?=\. )", "", slide.shapes.title.text_frame.text, count=1)
            notes[title] += slide.notes_slide.notes_text_frame.text
    book = CalamineWorkbook.from_path(tmp_path / "figures.xlsx")
    with (tmp_path / "estimates.csv").open(encoding="utf-8", newline="") as file:
        tidy = list(csv.DictReader(file))
    compared = 0
    for figure in report.figures:
        if not figure.rows or figure.table is None:
            continue
        shown = [row[figure.table.labels] for row in figure.table.rows]
        known = [row["estimate"] for row in figure.rows]
        on_page = page[page.index(f'id="{figure.anchor}"') :]
        cells = re.findall(r'<td class="value">(.*?)</td>', on_page[: on_page.index("</table>")])
        assert [unescape(cell) for cell in cells] == shown, figure.anchor
        section = pdf[
            places[figure.anchor] : min((at for at in places.values() if at > places[figure.anchor]), default=None)
        ]
        assert all(count <= section.count(value) for value, count in Counter(map(bare, shown)).items()), figure.anchor
        told = notes[titles[figure.anchor]]
        assert all(f": {value}" in told for value in shown), figure.anchor
        sheet = book.get_sheet_by_name(sheet_names(report)[figure.anchor]).to_python(skip_empty_area=False)
        column = sheet[HEAD].index(report.words.say("column_value"))
        in_book = [row[column] for row in sheet[HEAD + 1 : HEAD + 1 + len(known)]]
        assert in_book == pytest.approx(known, rel=1e-14), figure.anchor
        in_csv = [row["estimate"] for row in tidy if row["figure"] == figure.told["id"]]
        assert [float(value) if value else None for value in in_csv] == pytest.approx(known), figure.anchor
        compared += 1
    assert compared > 30
