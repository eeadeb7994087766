"""Small hand-kept CSV tables, read strictly: known columns, one delimiter, every row with its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lnd_survey.errors import Problem, choices, read_text, shown_path


@dataclass(frozen=True)
class Row:
    """One row of a table: its line in the file and its cells by column."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def read_csv(path: Path, problems: list[Problem], *, columns: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """Read a CSV table whose columns are known.

    Comma, semicolon and tab are accepted as delimiter; the one with which the header names the columns is it.

    Parameters
    ----------
    path
        The file, UTF-8 with or without byte order mark.
    problems
        List to which what is wrong is added.
    columns, optional
        The columns that must and may be there.

    Returns
    -------
    list of Row
        Cells stripped of white space around them; blank lines left out.
    """
    file = shown_path(path)
    text = read_text(path, problems, remedy="Save it as CSV UTF-8.")
    if text is None:
        return []
    header_line = text.split("\n", 1)[0].strip("\r")
    if not header_line:
        what = "has an empty first row" if text.strip() else "is empty"
        problems.append(Problem(what, file=file, remedy=f"First row: {','.join(columns)}."))
        return []
    delimiter = max(",;\t", key=lambda sign: len(set(_split(header_line, sign)) & set(columns)))
    header = _split(header_line, delimiter)
    wrong = _header_problems(header, columns, optional, file)
    if wrong:
        problems.extend(wrong)
        return []
    rows = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    start = 1
    try:
        for cells in reader:
            line, start = start, reader.line_num + 1
            if line == 1 or not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                what = f"has {len(cells)} cells, the header has {len(header)}"
                remedy = f"Quote cells that contain {delimiter!r}."
                problems.append(Problem(what, file=file, row=line, remedy=remedy))
                continue
            rows.append(Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as error:
        problems.append(Problem(f"cannot be read as CSV: {error}", file=file, row=reader.line_num))
    return rows


def decimal(text: str) -> float | None:
    """Read a number written with a decimal point or comma; None where it is not clear which number is meant.

    Examples
    --------
    >>> decimal("2.17"), decimal("2,17"), decimal("1,234"), decimal("1.234,5"), decimal("n/a")
    (2.17, 2.17, None, None, None)
    """
    if re.fullmatch(r"-?\d+,\d{3}", text) or not re.fullmatch(r"-?\d{1,15}([.,]\d{1,15})?", text):
        return None
    return float(text.replace(",", "."))


def whole(text: str) -> int | None:
    """Read a whole number from 0 up; None where it is none, or has more than 15 digits.

    Examples
    --------
    >>> whole("304"), whole("3.5"), whole("")
    (304, None, None)
    """
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _header_problems(
    header: Sequence[str], columns: Sequence[str], optional: Sequence[str], file: str
) -> list[Problem]:
    known = [*columns, *optional]
    problems = [
        Problem(f"column {name!r} is missing", file=file, row=1, remedy=f"Columns: {', '.join(columns)}.")
        for name in columns
        if name not in header
    ]
    problems += [
        Problem(f"column {name!r} is not known", file=file, row=1, remedy=choices(known, near=name))
        for name in dict.fromkeys(header)
        if name not in known
    ]
    problems += [
        Problem(f"column {name!r} stands twice", file=file, row=1) for name in known if list(header).count(name) > 1
    ]
    return problems
