"""Excel and OpenDocument workbooks."""

from __future__ import annotations

import datetime
import io
from array import array
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from lnd_survey.errors import Problem, choices
from lnd_survey.readers.appearance import LOOKED_AT, damage, first_look
from lnd_survey.readers.export import Grid, categorical


def sheets_of(content: bytes, file: str, problems: list[Problem]) -> dict[str, Any]:
    """Open a workbook: its sheets by name; none, and a problem, where that cannot be done.

    Parameters
    ----------
    content
        The bytes of the file.
    file
        How problems name it.
    problems
        List to which what is wrong is added.
    """
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    wrong = damage(content)
    if not wrong:
        try:
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            sheets = {name: workbook.get_sheet_by_name(name) for name in names}
            wrong = "" if sheets else "has no sheets"
        except BaseException as error:
            wrong = f"is damaged or protected with a password ({_reason(error)})"
    if not wrong:
        return sheets
    remedy = "Remove a password or stray cells in the program it is from, or export it again."
    problems.append(Problem(wrong, file=file, remedy=remedy))
    return {}


def read_workbook(
    content: bytes, *, sheet: str | None, title_rows: int, header_rows: int, file: str, problems: list[Problem]
) -> Grid | None:
    """Read one sheet: the rows down to the header as texts, and the cells below by column.

    Parameters
    ----------
    content
        The bytes of the file.
    sheet
        Its name; None for the first one.
    title_rows, header_rows
        How many rows stand above the header and in it.
    file
        How problems name it.
    problems
        List to which what is wrong is added.

    Returns
    -------
    Grid or None
        None where there are problems.
    """
    sheets = sheets_of(content, file, problems)
    if not sheets:
        return None
    if sheet is not None and sheet not in sheets:
        problems.append(Problem(f"has no sheet {sheet!r}", file=file, remedy=choices(sheets, near=sheet)))
        return None
    rows = rows_of(sheets[next(iter(sheets)) if sheet is None else sheet])
    first = list(islice(rows, LOOKED_AT))
    wrong = first_look(first, title_rows=title_rows, header_rows=header_rows, file=file)
    if wrong:
        others = f" Sheets: {', '.join(sheets)}." if len(sheets) > 1 else ""
        problems.append(Problem(wrong.what, file=file, row=wrong.row, remedy=wrong.remedy + others))
        return None
    below = chain(first, rows)
    top = list(islice(below, title_rows + header_rows))
    return Grid(top, _columns(below, len(top[-1]) if top else 0))


def rows_of(sheet: Any) -> Iterator[list[str]]:
    """Give the rows of a sheet as texts."""
    return ([text_of(cell) for cell in row] for row in sheet.iter_rows())


def text_of(cell: Any) -> str:
    """Write a cell of a sheet as a text.

    Examples
    --------
    >>> text_of(1.0), text_of(2.5), text_of(True), text_of(" a "), text_of(None), text_of(0.1 + 0.2)
    ('1', '2.5', 'TRUE', ' a ', '', '0.3')
    >>> text_of(datetime.datetime(2022, 3, 1, 9, 30))
    '2022-03-01 09:30:00'
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    return cell.isoformat(sep=" ") if isinstance(cell, datetime.datetime) else str(cell)


def _columns(rows: Iterator[list[str]], width: int) -> list[Any]:
    codes = [array("i") for _ in range(width)]
    known: list[dict[str, int]] = [{} for _ in range(width)]
    for row in rows:
        for cell, column, texts in zip(row, codes, known, strict=True):
            column.append(texts.setdefault(cell, len(texts)))
    return [categorical(column, list(texts)) for column, texts in zip(codes, known, strict=True)]


def _reason(error: BaseException) -> str:
    """Say why a library could not read; what is meant for the program itself goes on."""
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return str(error).split("\n")[0] or type(error).__name__
