"""Slides and workbook opened in an office program: it shows every number, and finds no formula."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
import zipfile
from pathlib import Path

import pytest
from drawn_report import HARMFUL, harmful_report, whole_report
from pptx import Presentation
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from lnd_survey.report.slides import write_slides
from lnd_survey.report.workbook import HEAD, sheet_names, write_workbook

OFFICE = next(filter(None, map(shutil.which, ("soffice", "libreoffice"))), None)

if OFFICE is None:
    warnings.warn("NO OFFICE PROGRAM: slides and workbook are not opened in one; install LibreOffice.", stacklevel=1)
pytestmark = pytest.mark.skipif(OFFICE is None, reason="NO OFFICE PROGRAM: install LibreOffice to test what it shows")


def opened(path: Path, kind: str) -> Path:
    """Open a file in the office program and save it as another kind."""
    folder = path.parent / "opened"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [str(OFFICE), profile, "--headless", "--convert-to", kind, "--outdir", str(folder), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    found = folder / f"{path.stem}.{kind}"
    assert found.exists(), done.stderr
    return found


def test_slides_show_the_numbers_of_their_charts(tmp_path):
    write_slides(tmp_path, whole_report(tmp_path, "en"))
    slides = Presentation(tmp_path / "slides.pptx").slides
    pages = PdfReader(opened(tmp_path / "slides.pptx", "pdf")).pages
    assert len(pages) == len(slides)
    missed, compared = [], 0
    for slide, page in zip(slides, pages, strict=True):
        shown = page.extract_text()
        for series in shares(slide):
            for number in series:
                compared += 1
                missed += [] if f"{number:.0%}" in shown else [(slide.shapes.title.text_frame.text, number)]
    assert compared > 300
    assert missed == []


def shares(slide) -> list[list[float]]:
    """The numbers of each series of a slide's charts that are written beside its marks as percentages."""
    charts = [shape.chart._chartSpace for shape in slide.shapes if shape.has_chart]
    found = []
    for series in (one for chart in charts for one in chart.xpath(".//c:ser")):
        hidden = set(series.xpath("./c:dLbls/c:dLbl[c:delete/@val='1']/c:idx/@val"))
        if any("%" in code for code in series.xpath("./c:dLbls//c:numFmt/@formatCode")):
            points = series.xpath(".//c:val//c:pt | .//c:yVal//c:pt")
            found.append([float(point.xpath("string(c:v)")) for point in points if point.get("idx") not in hidden])
    return found


def test_the_workbook_has_the_numbers_and_no_formula(tmp_path):
    report = whole_report(tmp_path, "en")
    write_workbook(tmp_path, report)
    saved = opened(tmp_path / "figures.xlsx", "xlsx")
    book, compared = CalamineWorkbook.from_path(saved), 0
    for figure in report.figures:
        if figure.rows:
            sheet = book.get_sheet_by_name(sheet_names(report)[figure.anchor]).to_python(skip_empty_area=False)
            column = sheet[HEAD].index(report.words.say("column_value"))
            numbers = [row["estimate"] for row in figure.rows]
            shown = [row[column] for row in sheet[HEAD + 1 : HEAD + 1 + len(numbers)]]
            assert shown == pytest.approx(numbers, rel=1e-12), figure.anchor
            compared += len(numbers)
    assert compared > 600
    assert formulas(saved) == []


def test_harmful_texts_are_no_formula_once_opened(tmp_path):
    report = harmful_report(tmp_path)
    write_workbook(tmp_path, report)
    for file, kind in (("figures.xlsx", "xlsx"), ("estimates.csv", "xlsx")):
        saved = opened(tmp_path / file, kind)
        texts = [cell for rows in sheets(saved) for row in rows for cell in row]
        assert any(HARMFUL["formula"] in str(cell) for cell in texts), file
        assert formulas(saved) == [], file


def sheets(path: Path) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_path(path)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
        return [found for name in names for found in re.findall(r"<f[ >].*?</f>", parts.read(name).decode())]
