"""Which charts of a figure stand where, and on which of its slides: as few slides as can be read in a room."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lnd_survey.charts.style import SIZE as MEASURED
from lnd_survey.charts.style import longest_word, width, wrap
from lnd_survey.report.grid import Grid
from lnd_survey.report.paragraphs import LEADING, WIDER

READABLE, BELOW_POINTS = 10.0, 9.0
"""The size in points below which no text of a chart goes, as long as its figure can go on on another slide.

Names below points may be a little smaller, so that panels to be compared stay on one slide.
"""

SMALLEST = 6.0
"""The smallest text in a chart that cannot be divided further, in points."""

SIZES = (14.0, 12.0)
"""The sizes for the names and numbers of a chart that has its slide for itself, and of one among others."""

LEGEND = 12.0
"""The size of a legend, in points."""

TITLE = 0.42
"""The height of the title of a chart that is one of several, in inches."""

NAMES = 0.42
"""The largest part of a chart's width for the names of its bars."""

THICKEST = {"bars": 0.42, "stacked": 0.75}
"""How thick a bar may be, in inches; fewer bars make a lower chart."""

BETWEEN = 0.4
"""What stands free between two categories, in bars."""

BELOW = 0.1
"""What stands free below bars, in inches."""

LOWEST = 1.9
"""The least height of a chart of lines or points, in inches."""


class Placed(NamedTuple):
    """A chart with its place on a slide and its sizes.

    Attributes
    ----------
    drawn
        The chart.
    left, top, wide, high
        Its place on the slide, in inches.
    name, number
        The sizes of its names and numbers, in points.
    names
        The width of the names of bars, in inches.
    above
        The height of its title and legend, in inches.
    pitch, bar
        The height that a category has, and a bar, in inches.
    """

    drawn: Grid
    left: float
    top: float
    wide: float
    high: float
    name: float
    number: float
    names: float
    above: float
    pitch: float
    bar: float

    @property
    def deep(self) -> int:
        """How many bars of a category stand below each other."""
        return len(self.drawn.series) if self.drawn.kind == "bars" else 1

    @property
    def fits(self) -> bool:
        """Whether all of it can be read in a room."""
        if self.drawn.kind in THICKEST:
            return min(self.name, self.number) >= READABLE
        return self.high >= LOWEST and self.name >= BELOW_POINTS


def spread(drawn: Sequence[Grid], left: float, top: float, wide: float, high: float) -> list[list[Placed]]:
    """Give the slides of a figure, each with its charts.

    Parameters
    ----------
    drawn
        The charts of the figure, at least one.
    left, top, wide, high
        The room for charts that each of its slides has, in inches.
    """
    drawn = [one._replace(categories=tuple(map(_kept, one.categories))) for one in drawn]
    slides: list[list[Placed]] = []
    for number in range(1, sum(len(one.categories) for one in drawn) + 1):
        for way in _ways(drawn, number):
            slides = [_arranged(charts, left, top, wide, high) for charts in way]
            if all(one.fits for charts in slides for one in charts):
                return _alike(slides)
    return _alike(slides)


def _kept(name: str) -> str:
    r"""Keep a difference at the end of a name in one line.

    Examples
    --------
    >>> _kept("Develop leaders (+25 pts)")
    'Develop leaders (+25\xa0pts)'
    """
    return re.sub(r" (?=[^ ()]*\)[^ ]*$)", "\u00a0", name)


def _ways(drawn: Sequence[Grid], number: int) -> Iterator[list[list[Grid]]]:
    """Give the ways to divide charts among so many slides, the better ones first."""
    if len(drawn) == 1:
        yield [[part] for part in _drawn(drawn[0].parts(number))]
        halves = _drawn(drawn[0].parts(2 * number))
        yield [halves[at : at + 2] for at in range(0, len(halves), 2)]
        return
    if drawn[0].kind in THICKEST and len({one.categories for one in drawn}) == 1:
        # What stands beside each other to be compared stays beside each other.
        beside = zip(*(one.parts(number) for one in drawn), strict=True)
        yield [there for charts in beside if (there := _drawn(charts))]
    each = -(-len(drawn) // number)
    if number <= len(drawn):
        yield [list(drawn[at : at + each]) for at in range(0, len(drawn), each)]
    elif number % len(drawn) == 0:
        yield [[part] for one in drawn for part in _drawn(one.parts(number // len(drawn)))]


def _drawn(parts: Iterable[Grid]) -> list[Grid]:
    return [part for part in parts if part.series]


def _arranged(charts: Sequence[Grid], left: float, top: float, wide: float, high: float) -> list[Placed]:
    """Place the charts of a slide in the number of columns that leaves their bars, and then their texts, largest."""
    arranged = []
    for columns in range(1, min(3, len(charts)) + 1):
        rows = -(-len(charts) // columns)
        placed = [_sized(one, wide / columns, high / rows, alone=len(charts) == 1) for one in charts]
        arranged.append(
            [
                one._replace(left=left + at % columns * one.wide, top=top + at // columns * one.high)
                for at, one in enumerate(placed)
            ]
        )
    return max(
        arranged,
        key=lambda found: (
            all(one.fits for one in found),
            min(one.pitch for one in found),
            min(min(one.name, one.number) for one in found),
        ),
    )


def _alike(slides: Sequence[Sequence[Placed]]) -> list[list[Placed]]:
    """Give all charts of a figure the same sizes; those of bars are no higher than they need to be."""
    charts = [one for slide in slides for one in slide]
    number = min(one.number for one in charts)
    name = min(number + 2, *(one.name for one in charts))
    names, above = (max(getattr(one, size) for one in charts) for size in ("names", "above"))
    rooms = [(one.high - above - BELOW) / len(one.drawn.categories) for one in charts]
    pitch = min(*rooms, *(one.pitch for one in charts))
    bar = min(min(one.bar, pitch / (one.deep + BETWEEN)) for one in charts)
    same = {"name": name, "number": number, "names": names, "above": above, "pitch": pitch, "bar": bar}
    if charts[0].drawn.kind not in THICKEST:
        return [[one._replace(**same) for one in slide] for slide in slides]
    free = min(one.high - above - len(one.drawn.categories) * pitch - BELOW for one in charts)
    # A low chart stands in the upper part of its place; one of several stands at the top, below its title.
    down = 0.0 if charts[0].drawn.title else max(0.0, free) / 4
    return [
        [
            one._replace(**same, top=one.top + down, high=above + len(one.drawn.categories) * pitch + BELOW)
            for one in slide
        ]
        for slide in slides
    ]


def _sized(drawn: Grid, wide: float, high: float, *, alone: bool) -> Placed:
    most = SIZES[0 if alone else 1]
    placed = Placed(drawn, 0, 0, wide, high, 0, SIZES[1], 0, _above(drawn, wide), 0, 0)
    if drawn.kind not in THICKEST:
        return placed._replace(name=_points_name(drawn, wide))
    free = (high - placed.above - BELOW) / len(drawn.categories)
    name, names, needed = _bars_name(drawn, wide, free, most)
    bars = placed.deep + (BETWEEN if drawn.kind == "bars" else 2 * BETWEEN)
    pitch = min(free, max(THICKEST[drawn.kind] * bars, needed))
    # A number may be as high as its bar and a little of what is free beside it.
    number = _half(min(most, 72 * pitch / (placed.deep / 0.85 if drawn.kind == "bars" else 1.2)))
    bar = min(pitch / (placed.deep + BETWEEN), THICKEST[drawn.kind])
    return placed._replace(name=name, number=number, names=names, pitch=pitch, bar=bar)


def _half(size: float) -> float:
    """Give a size that programs can write: half a point is as fine as sizes are."""
    return max(SMALLEST, int(size * 2) / 2)


def _above(drawn: Grid, wide: float) -> float:
    """Give the height of the title, and of the legend, which programs write in columns of the same width."""
    title = TITLE if drawn.title else 0.0
    if len(drawn.series) == 1:
        return title
    widest = max(width(series.label, LEGEND) for series in drawn.series) * WIDER + 0.3
    lines = -(-len(drawn.series) // max(1, int(wide / widest)))
    return title + lines * 1.4 * LEGEND / 72 + 0.12


def _bars_name(drawn: Grid, wide: float, pitch: float, most: float) -> tuple[float, float, float]:
    """Give the size of the names of bars, the width that they take of the chart, and the height that they need."""
    room = (NAMES * wide - 0.15) / WIDER
    size = most
    while True:
        lines = [wrap(name, room, size) for name in drawn.categories]
        needed = max(map(len, lines)) * size * LEADING / 72
        word = longest_word(drawn.categories) * size / MEASURED
        if size <= SMALLEST or (word <= room and needed <= pitch):
            return size, max(width(line, size) for name in lines for line in name) * WIDER + 0.15, needed
        size -= 0.5


def _points_name(drawn: Grid, wide: float) -> float:
    """Give the size of the names below points, where no word may be wider than what a point has of the width."""
    room = 0.92 * wide / len(drawn.categories) / WIDER
    return _half(min(SIZES[1], MEASURED * room / longest_word(drawn.categories)))
