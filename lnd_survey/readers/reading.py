"""Read one file as it is declared, or say what it looks like instead."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.readers.appearance import LOOKED_AT, kind_of
from lnd_survey.readers.declaration import ExportFile
from lnd_survey.readers.export import Export, Grid
from lnd_survey.readers.layouts import columns_of, mismatch
from lnd_survey.readers.spss import read_spss
from lnd_survey.readers.text import read_text
from lnd_survey.readers.workbook import read_workbook


def read_export(path: Path, declaration: ExportFile, problems: list[Problem]) -> Export | None:
    r"""Read a file as a survey tool delivered it.

    Parameters
    ----------
    path
        The file.
    declaration
        What it is said to be.
    problems
        List to which what is wrong is added, with file, row and column where there are any, and a remedy.

    Returns
    -------
    Export or None
        None where there are problems. Rows without any answer are left out, as are columns with neither header
        nor answer.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "answers.csv")
    ...     written = path.write_text("Size;Why\n5;fun\n7;\n", encoding="utf-8")
    ...     declaration = ExportFile(name=path.name, format="csv", rows=2, delimiter=";")
    ...     export = read_export(path, declaration, [])
    >>> [column.address for column in export.columns], list(export.cells["Why"]), export.numbers.tolist()
    (['Size', 'Why'], ['fun', ''], [2, 3])
    """
    found: list[Problem] = []
    content = content_of(path, found)
    export = read_content(content, declaration, shown_path(path), found) if content else None
    problems.extend(found)
    return None if found else export


def content_of(path: Path, problems: list[Problem]) -> bytes | None:
    """Read the bytes of a file; None, and a problem, where it is not there or is empty."""
    file = shown_path(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        there = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
        problems.append(Problem("is not there", file=file, remedy=choices(there, near=path.name)))
        return None
    except (OSError, ValueError) as error:
        problems.append(Problem(f"cannot be read: {getattr(error, 'strerror', error)}", file=file))
        return None
    if not re.search(rb"[^ \t\r\n\0\xef\xbb\xbf\xff\xfe]", content):
        problems.append(Problem("is empty", file=file, remedy="Export it again."))
        return None
    return content


def read_content(
    content: bytes, declaration: ExportFile, file: str, problems: list[Problem], *, counted: bool = True
) -> Export | None:
    """Read the bytes of a file as declared; the number of responses is compared unless not `counted`."""
    checksum = declaration.sha256 and hashlib.sha256(content).hexdigest()
    if checksum != declaration.sha256:
        what = f"is not the file that was described: its sha256 is {checksum}"
        remedy = "Put back the file that was described, or run inspect on this one and describe it."
        problems.append(Problem(what, file=file, remedy=remedy))
    kind, words = kind_of(content)
    if kind != declaration.format:
        remedy = f"Declare format: {kind}." if kind else "Export it again as csv, xlsx, ods or sav."
        problems.append(Problem(f"is {words} and not {declaration.format}", file=file, remedy=remedy))
        return None
    export = _export(content, declaration, file, problems)
    if export is None:
        return None
    export = _answered(export)
    count = len(export.numbers)
    if not count:
        problems.append(Problem("has a header but no responses", file=file, remedy="Export all responses."))
    elif counted and count != declaration.rows:
        reason = "It was cut short, or is another file" if count < declaration.rows else "It is another file, or newer"
        remedy = f"{reason}: export it again, or declare rows: {count}."
        problems.append(Problem(f"holds {count} responses, declared are {declaration.rows}", file=file, remedy=remedy))
    return export


def _export(content: bytes, declaration: ExportFile, file: str, problems: list[Problem]) -> Export | None:
    if declaration.format == "sav":
        return read_spss(content, labels=declaration.values == "labels", file=file, problems=problems)
    title_rows, header_rows = declaration.title_rows, declaration.header_rows
    if declaration.format == "csv":
        grid = read_text(
            content,
            encoding=declaration.encoding,
            delimiter=declaration.delimiter,
            title_rows=title_rows,
            header_rows=header_rows,
            file=file,
            problems=problems,
        )
    else:
        grid = read_workbook(
            content,
            sheet=declaration.sheet,
            title_rows=title_rows,
            header_rows=header_rows,
            file=file,
            problems=problems,
        )
    return _named(grid, declaration, file, problems) if grid else None


def _named(grid: Grid, declaration: ExportFile, file: str, problems: list[Problem]) -> Export | None:
    """Give each column of a grid its address; a column that has neither header nor answer is left out."""
    import numpy as np

    header, above = grid.top[declaration.title_rows :], len(grid.top)
    if len(header) < declaration.header_rows:
        what = f"has {above} rows, fewer than its title and header should have"
        problems.append(Problem(what, file=file, remedy="It was cut short, or declare another layout."))
        return None
    count = len(grid.columns[0]) if grid.columns else 0
    below = [[str(column[row]) for column in grid.columns] for row in range(min(count, LOOKED_AT))]
    wrong = mismatch([*header, *below], declaration.layout)
    if wrong:
        what, remedy = wrong
        problems.append(Problem(what, file=file, row=declaration.title_rows + 1, remedy=remedy))
        return None
    columns = columns_of(header, declaration.layout)
    kept = [
        (column, cells)
        for place, (column, cells) in enumerate(zip(columns, grid.columns, strict=False))
        if any(row[place].strip() for row in header) or any(text.strip() for text in cells.categories)
    ]
    return Export(
        file=file,
        columns=tuple(column for column, _ in kept),
        cells=MappingProxyType({column.address: cells for column, cells in kept}),
        numbers=np.arange(above + 1, above + 1 + count),
    )


def _answered(export: Export) -> Export:
    """Leave out the rows without any answer."""
    import numpy as np

    empty = np.ones(len(export.numbers), dtype=bool)
    for column in sorted(export.cells.values(), key=lambda column: len(column.categories)):  # the cheapest first
        if not empty.any():
            return export
        filled = np.array([bool(text.strip()) for text in column.categories], dtype=bool)
        empty &= ~filled[column.codes]
    if not empty.any():
        return export
    kept = {name: column[~empty].remove_unused_categories() for name, column in export.cells.items()}
    return replace(export, cells=MappingProxyType(kept), numbers=export.numbers[~empty])
