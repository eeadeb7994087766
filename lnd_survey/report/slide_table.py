"""A table on a slide: in the largest size in which it fits, or its first rows if it fits in none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lnd_survey.charts.style import width, wrap
from lnd_survey.report.deck import INCH
from lnd_survey.report.paragraphs import LEADING, WIDER, plain, write_paragraphs

SIZES = (16, 14, 12, 11, 10)
"""Sizes in points for tables that fit in one of them."""

CUT = 11
"""The size of a table that is cut off; what is left of it should be easy to read."""

CELL = (0.1, 0.05)
"""What stands free at each side of a cell, and above and below, in inches."""

SPARE = 0.02
"""What a column has besides, so that a text that just fits is not wrapped for a rounding error."""


class Cells:
    """The columns and rows of a table in one size: as wide as their texts ask for, and as high as they then are.

    Attributes
    ----------
    rows, size
        The texts, and their size in points.
    widths, heights
        Those of the columns and of the rows, in inches.
    """

    def __init__(self, rows: Sequence[Sequence[str]], wide: float, size: float) -> None:
        self.rows, self.size = rows, size
        free, over = 2 * CELL[0], 2 * CELL[1]
        columns = list(zip(*rows, strict=True))
        asked = [_wide([column], size) for column in columns]
        words = [_wide([text.split() for text in column], size) for column in columns]
        self.widths = _shared(asked, words, wide)
        lines = [
            [len(wrap(text, (own - free) / WIDER, size, bold=True)) for text, own in zip(row, self.widths, strict=True)]
            for row in rows
        ]
        self.heights = [max(row) * size * LEADING / 72 + over for row in lines]

    @property
    def high(self) -> float:
        """The height of all rows, in inches."""
        return sum(self.heights)


def _wide(texts: Iterable[Iterable[str]], size: float) -> float:
    """Say how wide a column is in which no text is wrapped, in inches."""
    widest = max((width(text, size, bold=True) for some in texts for text in some), default=0.0)
    return widest * WIDER + 2 * CELL[0] + SPARE


def fitting(rows: Sequence[Sequence[str]], wide: float, high: float, *, below: float) -> Cells:
    """Give a table in the largest size in which it fits, or the rows that fit above a line which says what is left out.

    Parameters
    ----------
    rows
        The texts of all cells, the heads of the columns first.
    wide, high
        The room there is, in inches.
    below
        The height of the line below a table that is cut off.
    """
    for size in SIZES:
        whole = Cells(rows, wide, size)
        if whole.high <= high:
            return whole
    most = int(high / (CUT * LEADING / 72 + 2 * CELL[1]))
    cuts = (Cells(rows[:number], wide, CUT) for number in range(min(most, len(rows) - 1), 1, -1))
    return next((cut for cut in cuts if cut.high <= high - below), Cells(rows[:2], wide, CUT))


def write_table(slide: Any, cells: Cells, *, left: float, top: float, headed: bool, labelled: bool) -> Any:
    """Write a table, and give its frame.

    Parameters
    ----------
    slide
        A slide of python-pptx.
    cells
        The table.
    left, top
        Its place, in inches.
    headed, labelled
        Whether the first row, and the first column, stand out.
    """
    from pptx.enum.text import MSO_ANCHOR
    from pptx.util import Emu

    rows = cells.rows
    place = [Emu(round(side * INCH)) for side in (left, top, sum(cells.widths), cells.high)]
    frame = slide.shapes.add_table(len(rows), len(rows[0]), *place)
    table = frame.table
    table.first_row, table.first_col, table.horz_banding = headed, labelled, True
    for column, own in zip(table.columns, cells.widths, strict=True):
        column.width = Emu(round(own * INCH))
    for row, own, texts in zip(table.rows, cells.heights, rows, strict=True):
        row.height = Emu(round(own * INCH))
        for cell, text in zip(row.cells, texts, strict=True):
            write_paragraphs(cell.text_frame, list(map(plain, text.split("\n"))), size=cells.size, gap=0)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    return frame


def _shared(asked: Sequence[float], least: Sequence[float], wide: float) -> list[float]:
    """Divide a width: who asks for more gets more, but by the root of it, so that no column is long and narrow.

    Examples
    --------
    >>> _shared([1.0, 3.0], [1.0, 1.0], 8.0)
    [2.0, 6.0]
    >>> [round(own, 2) for own in _shared([1.0, 4.0, 16.0], [1.0, 1.0, 1.0], 7.0)]
    [1.0, 2.0, 4.0]
    """
    if sum(asked) <= wide or sum(least) >= wide:
        given = asked if sum(asked) <= wide else least
        return [own * wide / sum(given) for own in given]
    few, many = 0.0, max(asked)
    for _ in range(40):
        middle = (few + many) / 2
        shared = [min(own, max(word, middle * own**0.5)) for own, word in zip(asked, least, strict=True)]
        few, many = (few, middle) if sum(shared) > wide else (middle, many)
    return [own * wide / sum(shared) for own in shared]
