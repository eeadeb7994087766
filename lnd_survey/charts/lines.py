"""Charts made of lines: trends over the years, and ranks across columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from lnd_survey.charts.bars import paired_bars
from lnd_survey.charts.cells import distinct, gid, known, label, restrict, value
from lnd_survey.charts.chart import Chart, build, legend, nothing
from lnd_survey.charts.sheet import Panel, Sheet, spread
from lnd_survey.charts.style import FAINT, INK, MUTED, SIZE, leading, longest_word, look, readable, tint, width, wrap
from lnd_survey.charts.whiskers import SMALLER, has_interval, reach, whisker

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

SIDE = 2.0
"""Room for the names of the items beside the ranks, in inches, where the sheet is wide enough."""

AFTER = 0.11
"""From the middle of the last points to their values or names, in inches."""

OFF = 0.13
"""From a point to the middle of its value above or below, in inches."""

HALF = 0.065
"""Half the height of the figures of a value, in inches."""

CLEAR = 0.09
"""From the end of an interval to the middle of a value above or below it, in inches."""

ASIDE = 0.08
"""Between the points of two lines at the same year where they have intervals, in inches."""

_SERIES = ("group", "question", "item", "option")


def trend(
    frame: pd.DataFrame, *, words: Words, option: str | None = None, panels: str | None = None, title: str = ""
) -> Chart:
    """Draw lines over the years, gaps to scale; a break cuts the line, a changed definition dashes it.

    One year is no trend: it is drawn as bars.

    Parameters
    ----------
    frame
        Estimates of several years.
    words
        The language of the chart.
    option
        The option to show, where there are several.
    panels
        A column each value of which gets a panel of its own; with several items that is item.
    title
        Instead of the name of the question.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("tech_skills", years="all", groups="business")
    >>> chart = lnd.charts.trend(frame, words=survey.words("en"), option="yes")
    >>> print(chart.finding)
    L&D departments: from 54% in 2017 to 66% in 2022.
    """
    shown = restrict(frame, option)
    if shown["year"].nunique() < 2:
        return paired_bars(shown, words=words, title=title)
    if panels is None and shown["item"].nunique() > 1:
        panels = "item"
    return build("trend", _trend, shown, words=words, title=title, option=option, panels=panels)


def _trend(chart: Chart, sheet: Sheet) -> None:
    rows, split = [row for row in chart.rows if known(row)], chart.parameters.get("panels")
    years = sorted({row.year for row in chart.rows})
    top = max(reach(row)[1] for row in rows)
    if not split:
        _trend_panel(chart, sheet, rows, (sheet.left, sheet.right), sheet.y, (years, top), ends=True)
        sheet.y += 2.3
        return
    if split != "group":
        legend(chart, sheet, bars=False)
    names = distinct(getattr(row, split) for row in rows)
    places = sheet.columns(min(3, len(names)), least=1.55, gap=0.24)
    for start in range(0, len(names), len(places)):
        shown = [[row for row in rows if getattr(row, split) == name] for name in names[start : start + len(places)]]
        below = sheet.y
        for mine, place in zip(shown, places, strict=False):
            below = max(below, sheet.heading(label(chart.words, mine[0], split), place))
        for mine, place in zip(shown, places, strict=False):
            _trend_panel(chart, sheet, mine, place, below, (years, top), ends=False, high=1.1)
        sheet.y = below + 1.45


def _trend_panel(
    chart: Chart,
    sheet: Sheet,
    rows: list[Any],
    x: tuple[float, float],
    top: float,
    scales: tuple[list[int], float],
    *,
    ends: bool,
    high: float = 2.0,
) -> None:
    """Draw the lines of one panel with values at the points; those of the last year, or names too, at the ends."""
    words, (years, most) = chart.words, scales
    series: dict[Any, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.year):
        series.setdefault(tuple(getattr(row, key) for key in _SERIES), []).append(row)
    last = {key: found[-1] for key, found in series.items() if ends or found[-1].year == years[-1]}
    names = {key: value(words, row) + (f" {_name(chart, row)}" if ends else "") for key, row in last.items()}
    limit = max(longest_word(names.values(), bold=ends), min(1.5, (x[1] - x[0]) * 0.3))
    wrapped = {key: wrap(name, limit, bold=ends) for key, name in names.items()}
    widest = (value(words, row) for row in (chart.rows if not ends else ()) if known(row))
    lines = [*(line for lines in wrapped.values() for line in lines), *widest]
    room = max(width(line, bold=ends) for line in lines) + AFTER
    aside = _asides(chart)
    left, right = x[0] + 0.17 + max(aside.values()), x[1] - room - max(aside.values())
    panel, *panels = (
        sheet.panel((left + away, right + away), (years[0], years[-1]), y=(top + 0.2, top + high), values=(most, 0.0))
        for away in (0.0, *(aside[_alike(chart, found[0])] for found in series.values()))
    )
    end = panel.x(years[-1]) + max(aside.values())
    sheet.line([x[0], end + 0.06], [panel.y(0)] * 2, gid="axis")
    low = panel.y(0)
    if ends:
        zero = chart.words.value(rows[0].statistic, 0.0, decimals=0)
        sheet.text(end + AFTER, panel.y(0), zero, colour=MUTED, gid="scale")
        low -= leading() / 2
    shown_to = -1.0
    for year in years:
        place = panel.x(year)
        sheet.line([place, place], [panel.y(0), panel.y(0) + 0.04], gid="axis")
        if place - width(str(year)) / 2 > shown_to:
            sheet.text(place, panel.y(0) + 0.15, str(year), align="center", colour=MUTED, gid=f"year|{year}")
            shown_to = place + width(str(year)) / 2 + 0.03
    alike = distinct((key[0]) for key in series)
    for (key, found), own_panel in zip(series.items(), panels, strict=True):
        own = [other for other in series if other[0] == key[0]]
        strength = 1 - 0.5 * own.index(key) / max(1, len(own) - 1) if len(alike) < len(series) else 1.0
        _line(chart, own_panel, found, strength)
    taken = _Taken(list(zip(panels, series.values(), strict=True)), top)
    told = list(last.values())
    for year in sorted(years, key=lambda year: year not in (years[0], years[-1])):
        _values(chart, panel, [row for row in rows if row.year == year and row not in told], taken)
    sizes = [len(lines) * leading() for lines in wrapped.values()]
    places = spread([panel.y(row.estimate) for row in last.values()], sizes, top, low)
    for (key, row), place in zip(last.items(), places, strict=True):
        sheet.lines(
            end + AFTER,
            place,
            wrapped[key],
            bold=ends,
            colour=look(words, row.group).ink,
            gid=gid(row, "name" if ends else "value"),
        )


def _name(chart: Chart, row: Any) -> str:
    varying = [key for key in _SERIES if chart.frame[key].nunique() > 1]
    return ", ".join(label(chart.words, row, key) for key in varying) or chart.words.group(row.group)


def _alike(chart: Chart, row: Any) -> tuple[Any, ...]:
    """Give what a line has in common with those of other panels."""
    split = chart.parameters.get("panels")
    return tuple(getattr(row, key) for key in _SERIES if key != split)


def _asides(chart: Chart) -> dict[tuple[Any, ...], float]:
    """Say how far each line lies beside its years, so that intervals of one year do not lie on each other."""
    lines = distinct(_alike(chart, row) for row in chart.rows)
    step = min(ASIDE, 2 * ASIDE / max(1, len(lines) - 1)) if any(map(has_interval, chart.rows)) else 0.0
    return {line: step * (number - (len(lines) - 1) / 2) for number, line in enumerate(lines)}


def _line(chart: Chart, panel: Panel, rows: list[Any], strength: float) -> None:
    """Draw one line: cut at a break, dashed where the definition differs, with a marker at each year."""
    seen = look(chart.words, rows[0].group)
    colour = tint(seen.colour, strength)
    for before, after in pairwise(rows):
        if "b" not in after.status:
            panel.line(
                [before.year, after.year],
                [before.estimate, after.estimate],
                colour=colour,
                thick=1.8,
                dash="--" if "d" in after.status else "-",
                gid=gid(after, "line"),
            )
    for row in rows:
        whisker(panel, row, row.year, colour=seen.ink, upright=True)
        panel.line(
            [row.year],
            [row.estimate],
            colour=colour,
            face=seen.face,
            marker=seen.marker,
            thick=0,
            order=4,
            size=SMALLER if has_interval(row) else 6.5,
            gid=gid(row),
        )


class _Taken:
    """What values must not lie on: the axis, what stands above, markers with their intervals, and written values.

    Parameters
    ----------
    series
        The rows of each line, and where they are drawn.
    top
        Where the panel begins.
    """

    def __init__(self, series: list[tuple[Panel, list[Any]]], top: float) -> None:
        self._bottom, self._top = series[0][0].y(0), top
        self._boxes = [
            (panel.x(row.year), panel.y(row.estimate), 0.06, 0.06) for panel, rows in series for row in rows
        ] + [
            (
                panel.x(row.year),
                (panel.y(row.low) + panel.y(row.high)) / 2,
                0.035,
                (panel.y(row.low) - panel.y(row.high)) / 2 + CLEAR - HALF - 0.001,
            )
            for panel, rows in series
            for row in rows
            if has_interval(row)
        ]
        self._lines = [
            (panel.x(before.year), panel.y(before.estimate), panel.x(after.year), panel.y(after.estimate))
            for panel, rows in series
            for before, after in pairwise(rows)
            if "b" not in after.status
        ]

    def free(self, x: float, y: float, wide: float) -> bool:
        """Whether a value may stand there."""
        if y - HALF < self._top or y + HALF > self._bottom - 0.01:
            return False
        return not any(
            abs(x - left) < (wide + 2 * half) / 2 and abs(y - place) < HALF + high
            for left, place, half, high in self._boxes
        )

    def crossed(self, x: float, y: float, wide: float) -> bool:
        """Whether a line runs through a value there."""
        for start, first, end, last in self._lines:
            for place in (x - wide / 2, x, x + wide / 2):
                if start <= place <= end and abs(first + (last - first) * (place - start) / (end - start) - y) < HALF:
                    return True
        return False

    def write(self, x: float, y: float, wide: float) -> None:
        """Remember a value that is written."""
        self._boxes.append((x, y, wide / 2 + 0.04, HALF))


def _values(chart: Chart, panel: Panel, rows: list[Any], taken: _Taken) -> None:
    """Write the values of one year in order: some above their points and the others below, or all above all points.

    Where values of other years are in the way, all stand one line higher than that.
    The way that leaves the fewest out is taken, and of those the first through which the fewest lines run. What would
    lie on something else is left to the table.
    """
    found = sorted(rows, key=lambda row: -row.estimate)
    texts = [value(chart.words, row) for row in found]
    x = panel.x(found[0].year) if found else 0.0
    best: list[tuple[Any, str, float]] = []
    score = (-1, 0)
    number = len(found)
    ways = [_places(panel, found, above) for above in distinct([max(1, number - 1), *range(number, -1, -1)])]
    if found:
        highest = min(_over(panel, row) for row in found)
        ways += [[highest - leading() * (number + more - slot) for slot in range(number)] for more in (-1, 0)]
    for way in ways:
        kept = [(row, text, y) for row, text, y in zip(found, texts, way, strict=True) if taken.free(x, y, width(text))]
        reached = (len(kept), -sum(taken.crossed(x, y, width(text)) for _, text, y in kept))
        if reached > score:
            best, score = kept, reached
    for row, text, y in best:
        taken.write(x, y, width(text))
        panel.sheet.text(x, y, text, align="center", colour=look(chart.words, row.group).ink, gid=gid(row, "value"))


def _over(panel: Panel, row: Any) -> float:
    """Give the lowest place of a value above a point and its interval."""
    return min(panel.y(row.estimate) - OFF, panel.y(reach(row)[1]) - CLEAR)


def _under(panel: Panel, row: Any) -> float:
    """Give the highest place of a value below a point and its interval."""
    return max(panel.y(row.estimate) + OFF, panel.y(reach(row)[0]) + CLEAR)


def _places(panel: Panel, rows: list[Any], above: int) -> list[float]:
    """Give the places of values, the first so many above their points and clear of each other, the others below."""
    over = [_over(panel, row) for row in rows[:above]]
    for number in range(above - 2, -1, -1):
        over[number] = min(over[number], over[number + 1] - leading())
    under = [_under(panel, row) for row in rows[above:]]
    for number in range(1, len(under)):
        under[number] = max(under[number], under[number - 1] + leading())
    return [*over, *under]


def bump(frame: pd.DataFrame, *, words: Words, across: str = "group", title: str = "") -> Chart:
    """Draw ranks as lines between columns, the names of the items at both sides; equal ranks below each other.

    One year alone has no order that changed: there is nothing to show.

    Parameters
    ----------
    frame
        Estimates with ranks of the same items.
    words
        The language of the chart.
    across
        What the columns are: group, question or year.
    title
        Instead of the name of the question.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("activities_top")
    >>> chart = lnd.charts.bump(frame, words=survey.words("en"))
    >>> print(chart.finding)
    ‘Develop leaders’ ranks first throughout.
    """
    if across == "year" and frame["year"].nunique() < 2:
        return nothing(words.say("no_numbers"), words=words, title=title)
    return build("bump", _bump, frame, words=words, title=title, across=across)


def _bump(chart: Chart, sheet: Sheet) -> None:
    words, across = chart.words, chart.parameters["across"]
    rows = sorted((row for row in chart.rows if known(row)), key=lambda row: row.estimate)
    columns = distinct(getattr(row, across) for row in chart.rows if known(row))
    by_column = {name: [row for row in rows if getattr(row, across) == name] for name in columns}
    labels = {(row.question, row.item): words.item(row.question, row.item) for row in rows}
    headings = {name: label(words, found[0], across) for name, found in by_column.items()}
    both, side, margin = _sides(sheet, list(labels.values()), list(headings.values()))
    texts = {named: wrap(text, side - 0.2) for named, text in labels.items()}
    step = max(0.36, max(map(len, texts.values())) * leading() + 0.06)
    left, right = sheet.left + side, sheet.right - margin
    places = [left + (right - left) * place / max(1, len(columns) - 1) for place in range(len(columns))]
    _columns(chart, sheet, by_column, headings, places)
    spots = {
        (name, row.item): (x, sheet.y + step * (slot + 0.5))
        for (name, shown), x in zip(by_column.items(), places, strict=True)
        for slot, row in enumerate(shown)
    }
    for item in distinct(row.item for row in rows):
        found = [spots[name, item] for name in columns if (name, item) in spots]
        sheet.line(
            [spot[0] for spot in found], [spot[1] for spot in found], colour="#9a9a9a", thick=1.4, gid=f"line|{item}"
        )
    for row in rows:
        _rank(chart, sheet, row, spots[getattr(row, across), row.item])
    sides: tuple[tuple[Any, float, Literal["left", "right"]], ...] = (
        (columns[0], left - 0.2, "right"),
        (columns[-1], right + 0.2, "left"),
    )
    named = set()
    for name, x, align in sides[: 2 if both else 1]:
        for row in by_column[name]:
            sheet.lines(
                x, spots[name, row.item][1], texts[row.question, row.item], align=align, gid=f"item|{row.item}|{align}"
            )
            named.add(row.item)
    unnamed = {row.item: row for row in rows[::-1] if row.item not in named}
    first = len(by_column[columns[0]])
    for slot, (item, row) in enumerate(unnamed.items(), first):
        y = sheet.y + step * (slot + 0.5)
        spot = next(spots[name, item] for name in columns if (name, item) in spots)
        sheet.lines(left - 0.2, y, texts[row.question, item], align="right", gid=f"item|{item}|right")
        sheet.line([left - 0.15, spot[0]], [y, spot[1]], colour=FAINT, order=1, gid=gid(row, "guide"))
    sheet.y += step * max(first + len(unnamed), *map(len, by_column.values()))


def _sides(sheet: Sheet, labels: list[str], headings: list[str]) -> tuple[bool, float, float]:
    """Say whether there is room for names at both sides, and how wide both sides are."""
    room, word = sheet.right - sheet.left, longest_word(headings, bold=True)
    if room > 2 * SIDE + 1.0:
        return True, SIDE, SIDE
    margin = max(word, min(0.9, max(width(heading, bold=True) for heading in headings))) / 2
    left = room - margin - (word + 0.1) * (len(headings) - 1)
    return False, max(longest_word(labels) + 0.2, min(left, room * 0.42)), max(margin, 0.15)


def _columns(
    chart: Chart, sheet: Sheet, by_column: dict[Any, list[Any]], names: dict[Any, str], places: Sequence[float]
) -> None:
    """Write the names of the columns above them."""
    gap = min((after - before for before, after in pairwise(places)), default=3.0)
    limit = max(min(gap - 0.15, 2 * (sheet.right - places[-1])), longest_word(names.values(), bold=True))
    headings = [wrap(name, limit, bold=True) for name in names.values()]
    high = max(map(len, headings)) * leading()
    for rows, place, lines in zip(by_column.values(), places, headings, strict=True):
        colour = look(chart.words, rows[0].group).ink if chart.parameters["across"] == "group" else INK
        sheet.lines(
            place,
            sheet.y + high - len(lines) * leading() / 2,
            lines,
            bold=True,
            align="center",
            colour=colour,
            gid="heading",
        )
    sheet.y += high + 0.04


def _rank(chart: Chart, sheet: Sheet, row: Any, spot: tuple[float, float]) -> None:
    seen = look(chart.words, row.group)
    face = seen.colour if row.estimate == 1 else tint(seen.colour, 0.15)
    sheet.line(
        [spot[0]], [spot[1]], colour=seen.ink, face=face, marker=seen.marker, thick=0, size=14, order=4, gid=gid(row)
    )
    sheet.text(
        *spot,
        value(chart.words, row),
        colour=readable(face),
        align="center",
        bold=True,
        size=SIZE,
        gid=gid(row, "value"),
    )
