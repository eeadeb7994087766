"""Charts made of bars: paired, stacked, diverging, adoption and profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from lnd_survey.charts import describe
from lnd_survey.charts.cells import by_value, distinct, gid, known, label, nets, restrict, rows_of, value
from lnd_survey.charts.chart import Chart, build, legend
from lnd_survey.charts.sheet import Panel, Sheet, spread
from lnd_survey.charts.style import (
    INK,
    MUTED,
    RULE,
    SLATE,
    Look,
    ink,
    leading,
    look,
    readable,
    tint,
    tints,
    width,
    wrap,
    wrap_column,
)
from lnd_survey.series import EXCLUDED

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

BAR = 0.14
THICK = 0.24
UNKNOWN = Look("#767676", MUTED, "x", "#e6e6e6", "")
"""The look of "don't know"."""


def paired_bars(frame: pd.DataFrame, *, words: Words, option: str | None = None, title: str = "") -> Chart:
    """Draw one bar per group for each item, the longest of the first group on top.

    Parameters
    ----------
    frame
        Estimates of one year: items, or the options of a single-choice question.
    words
        The language of the chart.
    option
        For a grid: the option to show.
    title
        Instead of the name of the question.

    Returns
    -------
    Chart
        The chart, which shows itself in a notebook.
    """
    shown = by_value(restrict(frame, option), words)
    return build("paired_bars", _paired_bars, shown, words=words, title=title, option=option)


def _paired_bars(chart: Chart, sheet: Sheet) -> None:
    legend(chart, sheet, bars=True)
    x = (sheet.left, sheet.right)
    sheet.y = _block(chart, sheet, chart.rows, x, sheet.y, _label_column(chart, x))


def _name(row: Any) -> tuple[str, str, str]:
    return row.question, row.item, row.option if not row.item else ""


def _label_column(chart: Chart, x: tuple[float, float]) -> tuple[dict[Any, tuple[str, ...]], float]:
    """Wrap the labels of all bars, and say how wide their column is."""
    labels = {_name(row): label(chart.words, row, "item" if row.item else "option") for row in chart.rows}
    wrapped, column = wrap_column(list(labels.values()), widest=(x[1] - x[0]) * 0.5)
    return dict(zip(labels, wrapped, strict=True)), column


def _block(
    chart: Chart,
    sheet: Sheet,
    rows: list[Any],
    x: tuple[float, float],
    top: float,
    labels: tuple[dict[Any, tuple[str, ...]], float],
) -> float:
    """Draw bars with their labels between two places; gives the y below them."""
    wrapped, column = labels
    groups = distinct(row.group for row in rows)
    room = max(width(value(chart.words, row)) for row in chart.rows) + 0.1
    alike = [row for row in chart.rows if known(row) and row.statistic == rows[0].statistic]
    longest = max((max(row.estimate, row.high if row.high == row.high else 0.0) for row in alike), default=1.0)
    panel = sheet.panel((x[0] + column + 0.12, x[1] - room), (0, longest))
    step = BAR + 0.025
    y = top
    for name in distinct(_name(row) for row in rows):
        lines = wrapped[name]
        height = max(step * len(groups), leading() * len(lines)) + 0.1
        sheet.lines(x[0] + column, y + height / 2, lines, align="right", gid="item|" + "|".join(name))
        first = y + height / 2 - step * (len(groups) - 1) / 2
        for row in rows:
            if _name(row) == name:
                _bar(chart, sheet, panel, row, first + step * groups.index(row.group))
        y += height
    sheet.line([panel.x(0)] * 2, [top, y], gid="axis")
    return y


def _bar(chart: Chart, sheet: Sheet, panel: Panel, row: Any, y: float) -> None:
    """Draw one bar with its interval and its value."""
    seen = look(chart.words, row.group)
    text = value(chart.words, row)
    if not known(row):
        sheet.text(panel.x(0) + 0.05, y, text, colour=MUTED, gid="value")
        return
    panel.box(0, y - BAR / 2, row.estimate, BAR, face=seen.face, edge=seen.colour, hatch=seen.hatch, gid=gid(row))
    end = row.estimate
    if row.low == row.low and row.high == row.high:
        panel.line([row.low, row.high], [y, y], colour="#ffffff", thick=2.4)
        panel.line(
            [row.low, row.high], [y, y], colour=INK, thick=0.9, order=4, gid=gid(row).replace("mark", "interval")
        )
        end = max(end, row.high)
    sheet.text(panel.x(end) + 0.05, y, text, colour=seen.ink, gid="value")


def profile(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw small multiples: one set of bars per question, in two columns.

    Parameters
    ----------
    frame
        Estimates of one year and any number of questions.
    words
        The language of the chart.
    title
        Instead of the names of the questions.
    """
    return build("profile", _profile, frame, words=words, title=title)


def _profile(chart: Chart, sheet: Sheet) -> None:
    legend(chart, sheet, bars=True)
    middle = (sheet.left + sheet.right) / 2
    columns = [(sheet.left, middle - 0.15), (middle + 0.15, sheet.right)]
    ends = [sheet.y, sheet.y]
    labels = _label_column(chart, columns[0])
    for question in distinct(row.question for row in chart.rows):
        place = ends.index(min(ends))
        rows = [row for row in chart.rows if row.question == question]
        below = sheet.heading(chart.words.name(question), columns[place], top=ends[place])
        ends[place] = _block(chart, sheet, rows, columns[place], below, labels) + 0.15
    sheet.y = max(ends) - 0.1


def adoption(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw a table of bars: one row per item, one column per option.

    A cell that is not printed says so; it never looks like zero.

    Parameters
    ----------
    frame
        Estimates of a grid for one year and group.
    words
        The language of the chart.
    title
        Instead of the name of the question.
    """
    return build("adoption", _adoption, frame[frame["item"] != ""], words=words, title=title)


def _adoption(chart: Chart, sheet: Sheet) -> None:
    words, rows = chart.words, chart.rows
    items = distinct(row.item for row in rows)
    options = [option for option in words.options(rows[0].question) if any(row.option == option for row in rows)]
    cells = {(row.item, row.option): row for row in rows}
    wrapped, column = wrap_column([words.item(rows[0].question, item) for item in items], widest=2.6)
    start, gap = sheet.left + column + 0.15, 0.15
    wide = (sheet.right - start - gap * (len(options) - 1)) / len(options)
    room = (
        max(width(words.say("not_printed")) - wide, max(width(value(words, row)) for row in rows if known(row))) + 0.1
    )
    longest = max(row.estimate for row in rows if known(row))
    lefts = [start + number * (wide + gap) for number in range(len(options))]
    headings = [wrap(words.option(rows[0].question, option), wide, bold=True) for option in options]
    high = max(map(len, headings)) * leading()
    for left, lines in zip(lefts, headings, strict=True):
        sheet.lines(left, sheet.y + high - len(lines) * leading() / 2, lines, bold=True, gid="heading")
    top = sheet.y = sheet.y + high + 0.05
    seen = look(words, rows[0].group)
    shades = tints(seen.colour, len(options), faintest=0.2)[::-1]
    for item, lines in zip(items, wrapped, strict=True):
        height = max(0.2, leading() * len(lines)) + 0.1
        y = sheet.y + height / 2
        sheet.lines(sheet.left + column, y, lines, align="right", gid=f"item|{item}")
        for left, option, shade in zip(lefts, options, shades, strict=True):
            row = cells.get((item, option))
            if row is None or not known(row):
                sheet.text(left + 0.05, y, words.say("not_printed"), colour="#767676", gid="value")
                continue
            panel = sheet.panel((left, left + wide - room), (0, longest))
            panel.box(0, y - 0.09, row.estimate, 0.18, face=shade, edge=seen.colour, gid=gid(row))
            sheet.text(panel.x(row.estimate) + 0.05, y, value(words, row), colour=seen.ink, gid="value")
        sheet.y += height
    for left in lefts:
        sheet.line([left, left], [top, sheet.y], gid="axis")


def stacked(
    frame: pd.DataFrame,
    *,
    words: Words,
    rows: Sequence[str] = ("year",),
    beside: pd.DataFrame | None = None,
    title: str = "",
) -> Chart:
    """Draw one bar of 100 % per row, its parts the options in the codebook's order.

    Parts are drawn as they are printed: where they do not add up to 100 they are not stretched.

    Parameters
    ----------
    frame
        Estimates of single-choice questions.
    words
        The language of the chart.
    rows
        The columns that tell one bar from another: year, group, question or item; all but the last become headings.
    beside
        Estimates with the same rows, drawn as points at the right, for instance a net share on another base.
    title
        Instead of the name of the question.
    """
    import pandas as pd

    leaves = _leaves(frame, words)
    both = leaves if beside is None else pd.concat([leaves, beside])
    return build("stacked", _stacked, both, words=words, title=title, rows=list(rows), segments=len(leaves))


def _leaves(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Leave out the nets, which are the sums of options that are there themselves."""
    sums = nets(words, rows_of(frame))
    return frame[[pair not in sums for pair in zip(frame["question"], frame["option"], strict=True)]]


class _Segment(NamedTuple):
    row: Any
    start: float
    face: str
    edge: str


def _key(row: Any, keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, key) for key in keys)


def _stacked(chart: Chart, sheet: Sheet) -> None:
    words, keys = chart.words, chart.parameters["rows"]
    rows = [row for row in chart.rows[: chart.parameters["segments"]] if known(row)]
    points = {_key(row, keys): row for row in chart.rows[chart.parameters["segments"] :]}
    shades = _shades(chart, rows)
    bars = {
        key: _in_order(words, [row for row in rows if _key(row, keys) == key])
        for key in distinct(_key(r, keys) for r in rows)
    }
    longest = max(1.0, *(sum(row.estimate for row in bar) for bar in bars.values()))
    labels = [label(words, bar[0], keys[-1]) for bar in bars.values()]
    wrapped, column = wrap_column(labels, widest=1.9)
    side = 1.45 if points else 0.0
    panel = sheet.panel((sheet.left + column + 0.12, sheet.right - side - 0.05), (0, longest))
    _option_legend(chart, sheet, rows, shades)
    dots = _beside(chart, sheet, list(points.values()), side) if points else None
    above: tuple[Any, ...] = ()
    for (key, bar), lines in zip(bars.items(), wrapped, strict=True):
        above = _row_heading(chart, sheet, bar[0], keys, above)
        segments, start = [], 0.0
        for row in bar:
            segments.append(_Segment(row, start, *shades[row.group, row.question, row.option]))
            start += row.estimate
        y = _segments(chart, sheet, panel, segments, len(lines))
        sheet.lines(sheet.left + column, y, lines, align="right", gid="row|" + "|".join(map(str, key)))
        if dots and key in points and known(points[key]):
            _dot(chart, sheet, dots, points[key], y)
    sheet.y -= 0.02


def _row_heading(chart: Chart, sheet: Sheet, row: Any, keys: Sequence[str], above: tuple[Any, ...]) -> tuple[Any, ...]:
    """Write the outer keys of a row as a heading where they change."""
    outer = _key(row, keys[:-1])
    if outer and outer != above:
        sheet.y += 0.06 if above else 0
        text = ", ".join(label(chart.words, row, key) for key in keys[:-1])
        sheet.y = sheet.heading(text, (sheet.left, sheet.right))
    return outer


def _in_order(words: Words, rows: list[Any]) -> list[Any]:
    order = words.options(rows[0].question)
    return sorted(rows, key=lambda row: order.index(row.option))


def _shades(chart: Chart, rows: list[Any]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Face and edge of each option: light to full in the group's colour, grey for what is missing."""
    found = {}
    for group in distinct(row.group for row in rows):
        seen = look(chart.words, group)
        for question in distinct(row.question for row in rows):
            mine = [row for row in rows if row.group == group and row.question == question]
            options = [o for o in chart.words.options(question) if any(row.option == o for row in mine)]
            given = [option for option in options if not chart.words.is_missing(question, option)]
            scale = dict(zip(given, tints(seen.colour, len(given)), strict=True)) if given else {}
            for option in options:
                found[group, question, option] = (
                    (scale[option], seen.ink) if option in scale else (UNKNOWN.face, UNKNOWN.colour)
                )
    return found


def _option_legend(
    chart: Chart, sheet: Sheet, rows: list[Any], shades: dict[tuple[str, str, str], tuple[str, str]]
) -> None:
    """Write which shade is which option, one swatch for each group; in the order of the bars."""
    swatches: dict[str, list[Look]] = {}
    for question in distinct(row.question for row in rows):
        for option in chart.words.options(question):
            for group in distinct(row.group for row in rows):
                if found := shades.get((group, question, option)):
                    swatch = Look(found[1], found[1], "s", found[0], "")
                    seen = swatches.setdefault(chart.words.option(question, option), [])
                    if swatch not in seen:
                        seen.append(swatch)
    sheet.legend([(text, INK, seen) for text, seen in swatches.items()], bars=True)


def _segments(chart: Chart, sheet: Sheet, panel: Panel, segments: list[_Segment], lines: int) -> float:
    """Draw the parts of one bar with their values, narrow ones above; gives the middle of the bar."""
    narrow = []
    for segment in segments:
        text = value(chart.words, segment.row)
        if width(text) + 0.06 > panel.x(segment.row.estimate) - panel.x(0):
            narrow.append((text, panel.x(segment.start + segment.row.estimate / 2)))
    over = leading() + 0.01 if narrow else 0.0
    height = max(THICK + over, lines * leading()) + 0.08
    y = sheet.y + (height - over) / 2 + over
    small = {text_place[1] for text_place in narrow}
    for segment in segments:
        panel.box(
            segment.start,
            y - THICK / 2,
            segment.row.estimate,
            THICK,
            face=segment.face,
            edge=segment.edge,
            gid=gid(segment.row),
        )
        middle = panel.x(segment.start + segment.row.estimate / 2)
        if middle not in small:
            sheet.text(
                middle, y, value(chart.words, segment.row), colour=readable(segment.face), align="center", gid="value"
            )
    middles = spread(
        [place for _, place in narrow],
        [width(text) + 0.06 for text, _ in narrow],
        panel.x(segments[0].start) - 0.1,
        sheet.right,
    )
    for (text, _), place in zip(narrow, middles, strict=True):
        sheet.text(place, y - THICK / 2 - leading() / 2, text, align="center", gid="value")
    sheet.y += height
    return y


def _beside(chart: Chart, sheet: Sheet, rows: list[Any], side: float) -> Panel:
    """Write the heading of the side panel and give its scale."""
    words = chart.words
    left = sheet.right - side + 0.15
    texts = distinct(label(words, row, part_of(row)) for row in rows)
    if any(row.base == EXCLUDED for row in rows):
        texts.append(words.say("without_dont_know"))
    lines = wrap(", ".join(texts), sheet.right - left, bold=True)
    high = len(lines) * leading()
    sheet.lines(left, sheet.y + high / 2, lines, bold=True, gid="heading")
    sheet.y += high + 0.04
    room = max(width(value(words, row)) for row in rows) + 0.12
    return sheet.panel((left + 0.06, sheet.right - room), (0, max(row.estimate for row in rows if known(row))))


def part_of(row: Any) -> str:
    """Say what a row is about: its option, or its item where it has no option."""
    return "option" if row.option else "item"


def _dot(chart: Chart, sheet: Sheet, panel: Panel, row: Any, y: float) -> None:
    seen = look(chart.words, row.group)
    sheet.line([panel.x(0), panel.x(row.estimate)], [y, y], colour=RULE, thick=0.8)
    panel.line(
        [row.estimate], [y], colour=seen.colour, face=seen.face, marker=seen.marker, thick=0, gid=gid(row), order=4
    )
    sheet.text(panel.x(row.estimate) + 0.08, y, value(chart.words, row), colour=seen.ink, gid="value")


def diverging(frame: pd.DataFrame, *, words: Words, rows: Sequence[str] = ("group",), title: str = "") -> Chart:
    """Draw ordered options around zero: negative answers left, positive ones right, neutral ones half and half.

    Nets that are in the frame are written at the ends; kinds of missing stand apart at the right.

    Parameters
    ----------
    frame
        Estimates of options with a valence of -1, 0 or 1 in the codebook.
    words
        The language of the chart.
    rows
        The columns that tell one bar from another.
    title
        Instead of the name of the question.
    """
    return build("diverging", _diverging, frame, words=words, title=title, rows=list(rows))


def _diverging(chart: Chart, sheet: Sheet) -> None:
    words, keys = chart.words, chart.parameters["rows"]
    leaves = [row for row in rows_of(_leaves(chart.frame, words)) if known(row)]
    valence = {row.option: words.valence(row.question, row.option) for row in leaves}
    unknown = {row.option for row in leaves if words.is_missing(row.question, row.option)}
    bars = {}
    for key in distinct(_key(row, keys) for row in leaves):
        bar = [
            row
            for row in _in_order(words, [row for row in leaves if _key(row, keys) == key])
            if row.option not in unknown
        ]
        if bar and valence[bar[0].option] > valence[bar[-1].option]:
            bar.reverse()
        bars[key] = sorted(bar, key=lambda row: valence[row.option])
    apart = {_key(row, keys): row for row in leaves if row.option in unknown}

    def reach(side: int) -> float:
        return max(
            sum(row.estimate * (0.5 if valence[row.option] == 0 else valence[row.option] == side) for row in bar)
            for bar in bars.values()
        )

    ends = {
        key: describe.nets(chart, [row for row in chart.rows if known(row) and _key(row, keys) == key]) for key in bars
    }
    printed = {key: {s: row for s, row in found.items() if row not in bars[key]} for key, found in ends.items()}
    room = 0.12 + max(
        (width(value(words, row), bold=True) for found in printed.values() for row in found.values()), default=0.0
    )
    labels = [label(words, bar[0], keys[-1]) for bar in bars.values()]
    wrapped, column = wrap_column(labels, widest=1.9)
    shades = _diverging_shades(chart, bars, apart)
    _option_legend(chart, sheet, leaves, shades)
    side = max((width(value(words, row)) for row in apart.values()), default=0) + 0.75 if apart else 0.0
    panel = sheet.panel((sheet.left + column + 0.12 + room, sheet.right - room - side), (-reach(-1), reach(1)))
    top, above = sheet.y, ()
    for (key, bar), lines in zip(bars.items(), wrapped, strict=True):
        above = _row_heading(chart, sheet, bar[0], keys, above)
        start = -sum(row.estimate * (0.5 if valence[row.option] == 0 else valence[row.option] < 0) for row in bar)
        segments = []
        for row in bar:
            segments.append(_Segment(row, start, *shades[row.group, row.question, row.option]))
            start += row.estimate
        y = _segments(chart, sheet, panel, segments, len(lines))
        sheet.lines(sheet.left + column, y, lines, align="right", gid="row|" + "|".join(map(str, key)))
        seen = look(words, bar[0].group)
        for end, row in printed[key].items():
            place = panel.x(segments[0].start) - 0.07 if end < 0 else panel.x(start) + 0.07
            sheet.text(
                place,
                y,
                value(words, row),
                bold=True,
                colour=seen.ink if end > 0 else SLATE,
                align="right" if end < 0 else "left",
                gid="net" + gid(row)[4:],
            )
        if key in apart:
            _apart(chart, sheet, panel, apart[key], y, sheet.right - side + 0.2)
    sheet.line([panel.x(0)] * 2, [top, sheet.y], colour=INK, gid="axis")


def _apart(chart: Chart, sheet: Sheet, panel: Panel, row: Any, y: float, left: float) -> None:
    """Draw what is missing away from the bar, to the same scale."""
    own = sheet.panel((left, left + panel.x(1) - panel.x(0)), (0, 1))
    own.box(0, y - THICK / 2, row.estimate, THICK, face=UNKNOWN.face, edge=UNKNOWN.colour, gid=gid(row))
    sheet.text(own.x(row.estimate) + 0.05, y, value(chart.words, row), colour=MUTED, gid="value")


def _diverging_shades(
    chart: Chart, bars: dict[Any, list[Any]], apart: dict[Any, Any]
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Face and edge of each option: slate for the negative, the group's colour for the positive side."""
    found = {(row.group, row.question, row.option): (UNKNOWN.face, UNKNOWN.colour) for row in apart.values()}
    for bar in bars.values():
        seen = look(chart.words, bar[0].group)
        for side, colour, edge in ((-1, SLATE, SLATE), (0, RULE, RULE), (1, seen.colour, ink(seen.colour))):
            same = [row for row in bar if chart.words.valence(row.question, row.option) == side]
            scale = tints(colour, len(same), faintest=0.3) if same else []
            if side == 0:
                scale = [tint(RULE, 0.2)] * len(same)
            for row, shade in zip(same, scale[::-1] if side < 0 else scale, strict=True):
                found[row.group, row.question, row.option] = (shade, edge)
    return found
