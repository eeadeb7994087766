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

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

SIDE = 2.0
"""Room for the names of the items beside the ranks, in inches, where the sheet is wide enough."""

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
    top = max(row.estimate for row in rows)
    if not split:
        _trend_panel(chart, sheet, rows, (sheet.left, sheet.right), sheet.y, (years, top), ends=True)
        sheet.y += 2.3
        return
    if split != "group":
        legend(chart, sheet, bars=False)
    names = distinct(getattr(row, split) for row in rows)
    places = sheet.columns(min(3, len(names)), least=1.55, gap=0.3)
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
    """Draw the lines of one panel with values at the points, and names at the ends."""
    words, (years, most) = chart.words, scales
    series: dict[Any, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.year):
        series.setdefault(tuple(getattr(row, key) for key in _SERIES), []).append(row)
    names = (
        {key: f"{value(words, found[-1])} {_name(chart, found[0])}" for key, found in series.items()} if ends else {}
    )
    limit = max(longest_word(names.values(), bold=True), min(1.5, (x[1] - x[0]) * 0.3))
    wrapped = {key: wrap(name, limit, bold=True) for key, name in names.items()}
    room = max((width(line, bold=True) for lines in wrapped.values() for line in lines), default=0.0) + 0.2
    panel = sheet.panel((x[0] + 0.2, x[1] - room), (years[0], years[-1]), y=(top + 0.2, top + high), values=(most, 0.0))
    sheet.line([x[0], x[1] - room + 0.2], [panel.y(0)] * 2, gid="axis")
    if ends:
        zero = chart.words.value(rows[0].statistic, 0.0, decimals=0)
        sheet.text(x[1] - room + 0.25, panel.y(0), zero, colour=MUTED, gid="scale")
    shown_to = -1.0
    for year in years:
        place = panel.x(year)
        sheet.line([place, place], [panel.y(0), panel.y(0) + 0.04], gid="axis")
        if place - width(str(year)) / 2 > shown_to:
            sheet.text(place, panel.y(0) + 0.15, str(year), align="center", colour=MUTED, gid="year")
            shown_to = place + width(str(year)) / 2 + 0.04
    alike = distinct((key[0]) for key in series)
    for key, found in series.items():
        own = [other for other in series if other[0] == key[0]]
        strength = 1 - 0.5 * own.index(key) / max(1, len(own) - 1) if len(alike) < len(series) else 1.0
        _line(chart, panel, found, strength)
    told = [found[-1] for found in series.values()] if ends else []
    written: list[tuple[float, float]] = []
    for year in sorted(years, key=lambda year: year not in (years[0], years[-1])):
        _values(chart, panel, [row for row in rows if row.year == year and row not in told], written)
    places = spread(
        [panel.y(found[-1].estimate) for found in series.values()],
        [len(wrapped.get(key, ())) * leading() for key in series],
        top,
        top + high,
    )
    for (key, found), place in zip(series.items(), places, strict=True):
        if key in wrapped:
            near = panel.x(years[-1]) + 0.12
            sheet.lines(
                near,
                place,
                wrapped[key],
                bold=True,
                colour=look(words, found[0].group).ink,
                gid="name|" + "|".join(key),
            )


def _name(chart: Chart, row: Any) -> str:
    varying = [key for key in _SERIES if chart.frame[key].nunique() > 1]
    return ", ".join(label(chart.words, row, key) for key in varying) or chart.words.group(row.group)


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
                gid="line" + gid(after)[4:],
            )
    for row in rows:
        if row.low == row.low and row.high == row.high:
            panel.line([row.year] * 2, [row.low, row.high], colour=INK, thick=0.7, gid="interval" + gid(row)[4:])
        panel.line(
            [row.year],
            [row.estimate],
            colour=colour,
            face=seen.face,
            marker=seen.marker,
            thick=0,
            order=4,
            gid=gid(row),
        )


def _values(chart: Chart, panel: Panel, rows: list[Any], written: list[tuple[float, float]]) -> None:
    """Write the values of one year: the highest above its point, the lowest below, others where there is room.

    Those that would lie on a value that is written already are left to the table.
    """
    found = sorted(rows, key=lambda row: -row.estimate)
    wanted = []
    for number, row in enumerate(found):
        below = number == len(found) - 1 and number > 0
        wanted.append(panel.y(row.estimate) + (0.13 if below else -0.13))
    places = spread(wanted, [leading()] * len(found), -9.0, panel.y(0))
    for row, place in zip(found, places, strict=True):
        x, text = panel.x(row.year), value(chart.words, row)
        if any(abs(x - other) < width(text) and abs(place - y) < leading() for other, y in written):
            continue
        written.append((x, place))
        panel.sheet.text(
            x,
            place,
            text,
            align="center",
            colour=look(chart.words, row.group).ink,
            gid="value",
        )


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
        sheet.line([left - 0.15, spot[0]], [y, spot[1]], colour=FAINT, order=1)
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
    sheet.text(*spot, value(chart.words, row), colour=readable(face), align="center", bold=True, size=SIZE, gid="value")
