"""Intervals as thin lines at points: who has one, how far it reaches, and how it is drawn."""

from __future__ import annotations

from typing import Any

from lnd_survey.charts.cells import gid, known
from lnd_survey.charts.sheet import Panel

SMALLER = 5.5
"""Size of a marker with an interval in points, so that a short interval comes out of it."""

THIN = 0.9
CAP = 4.5
"""Thickness of the line, and length of the strokes at its ends, in points."""


def has_interval(row: Any) -> bool:
    """Whether a row has a number and an interval around it."""
    return known(row) and row.low < row.high


def reach(row: Any) -> tuple[float, float]:
    """Give the ends of the interval of a row, or twice its estimate where it has none."""
    return (row.low, row.high) if has_interval(row) else (row.estimate, row.estimate)


def whisker(panel: Panel, row: Any, place: float, *, colour: str, upright: bool = False) -> None:
    """Draw the interval of a row if it has one: along the scale at a height, or upright at a place on the scale."""
    if not has_interval(row):
        return
    across, along = [place, place], [row.low, row.high]
    x, y = (across, along) if upright else (along, across)
    panel.line(x, y, colour=colour, thick=THIN, marker="_" if upright else "|", size=CAP, gid=gid(row, "interval"))
