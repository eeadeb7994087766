"""Small exports, drawn by the tests: the same answers as each tool would deliver them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyreadstat
import xlsxwriter

from lnd_survey.readers import Export, ExportFile, read_export

Rows = list[list[object]]


def csv_text(rows: Rows, *, delimiter: str = ",", end: str = "\r\n") -> str:
    """Write rows as CSV, quoting only what needs it."""

    def cell(value: object) -> str:
        text = str(value)
        return (
            '"' + text.replace('"', '""') + '"' if any(sign in text for sign in (delimiter, '"', "\n", "\r")) else text
        )

    return "".join(delimiter.join(map(cell, row)) + end for row in rows)


def xlsx(sheets: dict[str, Rows]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, value in enumerate(row):
                    sheet.write(number, place, value)
    return content.getvalue()


def ods(sheets: dict[str, Rows]) -> bytes:
    """Write the least that is an OpenDocument spreadsheet."""

    def cell(value: object) -> str:
        if value in ("", None):
            return "<table:table-cell/>"
        if isinstance(value, bool):
            return f'<table:table-cell office:value-type="boolean" office:boolean-value="{str(value).lower()}"/>'
        if isinstance(value, int | float):
            return f'<table:table-cell office:value-type="float" office:value="{value}"/>'
        text = escape(str(value))
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet>'
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{names}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("content.xml", body)
        archive.writestr("META-INF/manifest.xml", manifest)
    return content.getvalue()


def sav(path: Path, columns: dict[str, list[object]], *, compress: bool = False, **more: object) -> bytes:
    pyreadstat.write_sav(pd.DataFrame(columns), path, compress=compress, **more)
    return path.read_bytes()


def read(path: Path, content: bytes | str, **keys: object) -> Export:
    """Read content that must be as declared."""
    export, problems = attempt(path, content, **keys)
    assert problems == []
    assert export is not None
    return export


def attempt(path: Path, content: bytes | str, **keys: object) -> tuple[Export | None, list[str]]:
    """Read content and give the problems in words, without the folder of the test."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    problems: list = []
    declared = {"name": path.name, "format": "csv", "layout": "plain", "rows": 2} | keys
    export = read_export(path, ExportFile(**declared), problems)
    assert (export is None) == bool(problems)
    assert all(problem.file.endswith(path.name) and problem.remedy for problem in problems)
    return export, [str(problem).replace(str(path.parent) + "/", "") for problem in problems]


def addresses(export: Export) -> list[str]:
    return [column.address for column in export.columns]


def table(export: Export) -> list[list[str]]:
    """Give the cells row by row."""
    return [list(row) for row in zip(*(export.cells[name] for name in addresses(export)), strict=True)]
