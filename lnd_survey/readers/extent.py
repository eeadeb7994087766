"""How far the cells of a sheet go, before it is read: one stray cell can make a small file immense."""

from __future__ import annotations

import re

_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,7})"[^>/]*>')
_LAST_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="([0-9]{1,7})"')
_ODS_ROW = re.compile(rb"<table:table-row\b([^>]*?)(?:/>|>.*?</table:table-row>)", re.DOTALL)
_ODS_ROWS = re.compile(rb'number-rows-repeated="([0-9]{1,9})"')
_ODS_COLUMNS = re.compile(rb'number-columns-repeated="([0-9]{1,9})"')
_MOST_COLUMNS = 16_384
_HARMLESS_ROWS = 4_096


def extent(sheet: bytes) -> tuple[int, int]:
    """Say how many rows and columns hold all filled cells of a sheet, at most.

    Parameters
    ----------
    sheet
        The XML of a sheet of an Excel workbook, or of all sheets of an OpenDocument one.

    Examples
    --------
    >>> extent(b'<row r="5000"><c r="AB5000"><v>1</v></c><c r="XFD5000" s="1"/></row>')
    (5000, 28)
    >>> extent(
    ...     b'<table:table-row table:number-rows-repeated="9"/><table:table-row><table:table-cell '
    ...     b'table:number-columns-repeated="7"/><table:table-cell><text:p>x</text:p></table:table-cell>'
    ...     b'</table:table-row>'
    ... )
    (10, 8)
    """
    return _extent_of_rows(sheet) if b"<table:table" in sheet else _extent_of_cells(sheet)


def _extent_of_cells(sheet: bytes) -> tuple[int, int]:
    last = max((int(row) for row in _LAST_ROW.findall(sheet)), default=_HARMLESS_ROWS + 1)
    if last <= _HARMLESS_ROWS:
        return last, _MOST_COLUMNS
    columns, height = set(), 0
    for cell in _CELL.finditer(sheet):
        columns.add(cell[1])
        height = max(height, int(cell[2]))
    return height, max(map(_place, columns), default=0)


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - ord("A") + 1
    return place


def _extent_of_rows(sheets: bytes) -> tuple[int, int]:
    height = width = 0
    for sheet in sheets.split(b"<table:table "):
        rows = 0
        for row in _ODS_ROW.finditer(sheet):
            repeated = _ODS_ROWS.search(row[1])
            rows += int(repeated[1]) if repeated else 1
            filled = max(row[0].rfind(b"office:value"), row[0].rfind(b"<text:p"))
            if filled >= 0:
                cells = row[0][: row[0].find(b">", filled)]
                count = cells.count(b"<table:table-cell") + cells.count(b"<table:covered-table-cell")
                height = max(height, rows)
                width = max(width, count + sum(int(times) - 1 for times in _ODS_COLUMNS.findall(cells)))
    return height, width
