"""The bytes of an export: the same columns give the same file, on any day."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from lnd_survey.synthetic.write_fields import Cell, Field
from lnd_survey.synthetic.write_form import Form
from lnd_survey.synthetic.write_layout import variable_names

_TITLE = "Answers to the survey"
_SHEETS = {"google_forms": "Form Responses 1", "typeform": "Responses"}
_SAV_DATE = b"01 Jan 0000:00:00"
_SAV_DATE_AT = 92
"""Where a sav file says when it was made: nine signs of a date and eight of a time."""

Table = Sequence[Sequence[Cell]]


def file_bytes(fields: Sequence[Field], form: Form) -> bytes:
    """Write columns as one file."""
    if form.format == "sav":
        return _sav(fields, form)
    table = _table(fields, form)
    return {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[form.format](table, form)


def sheet_name(form: Form) -> str:
    """Give the name of the sheet with the answers."""
    return form.sheet or _SHEETS.get(form.layout, "Sheet1")


def _table(fields: Sequence[Field], form: Form) -> Table:
    width = len(fields)
    titles = [[_TITLE if row == 0 else "", *[""] * (width - 1)] for row in range(form.title_rows)]
    headings = [list(row) for row in zip(*(field.heading for field in fields), strict=True)]
    if form.layout == "surveymonkey":
        headings[0] = _said_once(headings[0], headings[1])
    answers = [list(row) for row in zip(*(field.cells for field in fields), strict=True)]
    return [*titles, *headings, *answers, *[[""] * width] * form.blank_rows]


def _said_once(questions: Sequence[Cell], parts: Sequence[Cell]) -> list[Cell]:
    """Leave the question out above all but the first of its columns."""
    return [
        "" if place and part and question == questions[place - 1] and parts[place - 1] else question
        for place, (question, part) in enumerate(zip(questions, parts, strict=True))
    ]


def _as_text(cell: Cell, form: Form) -> str:
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", form.decimal)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return form.writable(cell) if isinstance(cell, str) else str(cell)


def _csv(table: Table, form: Form) -> bytes:
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if form.layout == "limesurvey" else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=form.delimiter, lineterminator=form.line_end, quoting=quoting)
    writer.writerows([_as_text(cell, form) for cell in row] for row in table)
    return text.getvalue().encode(form.encoding)


def _xlsx(table: Table, form: Form) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": datetime(2000, 1, 1), "author": "", "title": _TITLE})
    dates = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet = workbook.add_worksheet(sheet_name(form))
    for place, row in enumerate(table):
        for column, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write_datetime(place, column, cell, dates)
            elif isinstance(cell, int | float):
                sheet.write_number(place, column, cell)
            elif cell != "":
                sheet.write_string(place, column, cell)
    workbook.close()
    return content.getvalue()


_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_ODS_START = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)
_ODS_END = "</office:spreadsheet></office:body></office:document-content>"


def _ods(table: Table, form: Form) -> bytes:
    rows = "".join(f"<table:table-row>{''.join(_ods_cell(cell) for cell in row)}</table:table-row>" for row in table)
    body = f'<table:table table:name="{escape(sheet_name(form))}">{rows}</table:table>'
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("mimetype", _ODS_TYPE),
            ("META-INF/manifest.xml", _ODS_MANIFEST),
            ("content.xml", _ODS_START + body + _ODS_END),
        ):
            entry = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return content.getvalue()


def _ods_cell(cell: Cell) -> str:
    if cell == "":
        return "<table:table-cell/>"
    if isinstance(cell, datetime):
        kind = f'office:value-type="date" office:date-value="{cell.isoformat()}"'
    elif isinstance(cell, int | float):
        kind = f'office:value-type="float" office:value="{cell}"'
    else:
        kind = 'office:value-type="string"'
    shown = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(cell).split("\n"))
    return f"<table:table-cell {kind}>{shown}</table:table-cell>"


def _sav(fields: Sequence[Field], form: Form) -> bytes:
    import pandas as pd
    import pyreadstat

    names = variable_names(fields)
    numeric = [all(isinstance(cell, int | float) or cell == "" for cell in field.cells) for field in fields]
    columns = {
        name: [float("nan") if cell == "" else float(cell) for cell in field.cells]  # type: ignore[arg-type]
        if number
        else [_as_text(cell, form) for cell in field.cells]
        for name, field, number in zip(names, fields, numeric, strict=True)
    }
    labelled = [(name, field) for name, field, number in zip(names, fields, numeric, strict=True) if number]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"answers.{form.suffix}")
        pyreadstat.write_sav(
            pd.DataFrame(columns),
            path,
            file_label=_TITLE,
            column_labels={name: _sav_title(field) for name, field in zip(names, fields, strict=True)},
            compress=form.compressed,
            row_compress=not form.compressed,
            variable_value_labels={
                name: {float(code): label for code, label in field.labels.items()}
                for name, field in labelled
                if field.labels
            },
            missing_ranges={
                name: [float(code) for code in field.user_missing] for name, field in labelled if field.user_missing
            },
            variable_format={name: "F8.0" for name, _ in labelled},
        )
        content = bytearray(path.read_bytes())
    content[_SAV_DATE_AT : _SAV_DATE_AT + len(_SAV_DATE)] = _SAV_DATE
    return bytes(content)


def _sav_title(field: Field) -> str:
    return f"{field.text}: {field.part}" if field.part else field.text
