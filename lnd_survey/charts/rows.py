"""Rows with labels: in a column at their left, or above them where a column would leave the rows too little room."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lnd_survey.charts.sheet import Sheet
from lnd_survey.charts.style import leading, wrap, wrap_column


class Rows:
    """The labels of rows and the places of the rows, from where the sheet is filled downwards.

    Parameters
    ----------
    sheet
        The sheet they lie on.
    labels
        The text of each row, by its key.
    x
        Left and right end of labels and rows together, in inches; without them the whole sheet.
    widest
        How wide the column of labels may be.
    least
        How much room the rows need; labels that do not fit into what is left of the width stand above their rows.
    gap
        Between the column and the rows.

    Attributes
    ----------
    left
        Where the rows begin.
    """

    def __init__(
        self,
        sheet: Sheet,
        labels: Mapping[Any, str],
        *,
        x: tuple[float, float] | None = None,
        widest: float,
        least: float,
        gap: float,
    ) -> None:
        start, end = x or (sheet.left, sheet.right)
        found = wrap_column(list(labels.values()), widest=min(widest, end - start - gap - least))
        self._above = found is None
        lines, column = found or ([wrap(text, end - start) for text in labels.values()], 0.0)
        self._sheet, self._column = sheet, start + column
        self._lines = dict(zip(labels, lines, strict=True))
        self._spans: list[tuple[float, float]] = []
        self.left = start if self._above else self._column + gap

    def row(self, key: Any, *, high: float, gid: str, pad: float = 0.1, over: float = 0.0) -> float:
        """Write the label of a row and move down; gives the middle of the row, which may have something over it."""
        sheet, lines = self._sheet, self._lines[key]
        label = leading() * len(lines)
        height = high + over + pad if self._above else max(high + over, label) + pad
        if self._above:
            sheet.lines(self._column, sheet.y + 0.06 + label / 2, lines, gid=gid)
            sheet.y += label + 0.04
        middle = sheet.y + (height + over) / 2
        if not self._above:
            sheet.lines(self._column, middle, lines, align="right", gid=gid)
        sheet.y += height
        top, bottom = sheet.y - height + over + (pad / 2 if self._above or over else 0.0), sheet.y
        if self._spans and self._spans[-1][1] == top:
            top = self._spans.pop()[0]
        self._spans.append((top, bottom))
        return middle

    def axis(self, *places: float, **options: Any) -> None:
        """Draw vertical lines along the rows, but not through what stands above them."""
        for place in places:
            for span in self._spans:
                self._sheet.line([place, place], span, gid="axis", **options)
