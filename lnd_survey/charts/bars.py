"""Charts made of bars side by side: paired bars, profile and adoption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lnd_survey.charts.cells import by_value, distinct, gid, known, label, restrict, value
from lnd_survey.charts.chart import Chart, build, legend
from lnd_survey.charts.differences import starred
from lnd_survey.charts.rows import Rows
from lnd_survey.charts.sheet import Panel, Sheet
from lnd_survey.charts.style import INK, MUTED, leading, look, tints, width, wrap
from lnd_survey.charts.whiskers import THIN, has_interval, reach

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

BAR = 0.14


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

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("indicator_use")
    >>> chart = lnd.charts.paired_bars(frame, words=survey.words("en"))
    >>> print(chart.finding)
    L&D departments: ‘Show efforts to management’ comes first (58%).
    """
    shown = by_value(restrict(frame, option), words)
    return build("paired_bars", _paired_bars, shown, words=words, title=title, option=option)


def _paired_bars(chart: Chart, sheet: Sheet) -> None:
    legend(chart, sheet, bars=True)
    _block(chart, sheet, chart.rows, (sheet.left, sheet.right))


def _name(row: Any) -> tuple[str, str, str]:
    return row.question, row.item, row.option if not row.item else ""


def _block(chart: Chart, sheet: Sheet, rows: list[Any], x: tuple[float, float]) -> None:
    """Draw bars with their labels between two places, all blocks of a chart with labels of the same width."""
    labels = {
        _name(row): starred(chart, label(chart.words, row, "item" if row.item else "option"), row) for row in chart.rows
    }
    places = Rows(sheet, labels, x=x, widest=(x[1] - x[0]) * 0.5, least=1.4, gap=0.12)
    groups = distinct(row.group for row in rows)
    room = max(width(value(chart.words, row)) for row in chart.rows) + 0.1
    alike = [row for row in chart.rows if known(row) and row.statistic == rows[0].statistic]
    longest = max((reach(row)[1] for row in alike), default=1.0)
    panel = sheet.panel((places.left, x[1] - room), (0, longest))
    step = BAR + 0.025
    for name in distinct(_name(row) for row in rows):
        middle = places.row(name, high=step * len(groups), gid="item|" + "|".join(name))
        first = middle - step * (len(groups) - 1) / 2
        for row in rows:
            if _name(row) == name:
                _bar(chart, sheet, panel, row, first + step * groups.index(row.group))
    places.axis(panel.x(0))


def _bar(chart: Chart, sheet: Sheet, panel: Panel, row: Any, y: float) -> None:
    """Draw one bar with its interval and its value."""
    seen = look(chart.words, row.group)
    text = value(chart.words, row)
    if not known(row):
        sheet.text(panel.x(0) + 0.05, y, text, colour=MUTED, gid=gid(row, "value"))
        return
    panel.box(0, y - BAR / 2, row.estimate, BAR, face=seen.face, edge=seen.colour, hatch=seen.hatch, gid=gid(row))
    ends = reach(row)
    if has_interval(row):
        # White edges make the line stand out from a dark bar and from a hatched one.
        panel.line(ends, [y, y], colour="#ffffff", thick=THIN + 1.5, gid=gid(row, "edge"))
        panel.line(ends, [y, y], colour=INK, thick=THIN, order=4, gid=gid(row, "interval"))
    sheet.text(panel.x(ends[1]) + 0.05, y, text, colour=seen.ink, gid=gid(row, "value"))


def profile(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw small multiples: one set of bars per question, in two columns where the sheet is wide enough.

    Parameters
    ----------
    frame
        Estimates of one year and any number of questions.
    words
        The language of the chart.
    title
        Instead of the names of the questions.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("country", evidence="published")
    >>> chart = lnd.charts.profile(frame, words=survey.words("en"))
    >>> print(chart.alt)
    Set of bar charts: Country. Belgium: All respondents 66%. Netherlands: All respondents 19%. International: All
    respondents 16%.
    """
    return build("profile", _profile, frame, words=words, title=title)


def _profile(chart: Chart, sheet: Sheet) -> None:
    legend(chart, sheet, bars=True)
    columns = sheet.columns(2, least=2.5, gap=0.3)
    ends = [sheet.y] * len(columns)
    for question in distinct(row.question for row in chart.rows):
        place = ends.index(min(ends))
        rows = [row for row in chart.rows if row.question == question]
        sheet.y = sheet.heading(chart.words.name(question), columns[place], top=ends[place])
        _block(chart, sheet, rows, columns[place])
        ends[place] = sheet.y + 0.15
    sheet.y = max(ends) - 0.1


def adoption(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw a table of bars: one row per item, one column per option, all that the codebook has.

    A cell that is not printed says so; it never looks like zero.

    Parameters
    ----------
    frame
        Estimates of a grid for one year and group.
    words
        The language of the chart.
    title
        Instead of the name of the question.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("learning_tools", evidence="published")
    >>> chart = lnd.charts.adoption(frame, words=survey.words("en"))
    >>> print(chart.finding)
    In place: ‘Virtual classroom and webinar’ comes first (53%). Not planned: ‘VR and AR tools’ comes first (75%).
    """
    shown = by_value(frame[frame["item"] != ""], words)
    return build("adoption", _adoption, shown, words=words, title=title)


def _adoption(chart: Chart, sheet: Sheet) -> None:
    words, rows = chart.words, chart.rows
    question = rows[0].question
    items = distinct([*(row.item for row in rows), *words.items(question)])
    options = [option for option in words.options(question) if not words.is_missing(question, option)]
    cells = {(row.item, row.option): row for row in rows}
    gap = 0.15
    labels = {item: words.item(question, item) for item in items}
    places = Rows(sheet, labels, widest=2.6, least=(0.8 + gap) * len(options), gap=gap)
    wide = (sheet.right - places.left - gap * (len(options) - 1)) / len(options)
    room = (
        max(width(words.say("not_printed")) - wide, max(width(value(words, row)) for row in rows if known(row))) + 0.1
    )
    longest = max(row.estimate for row in rows if known(row))
    lefts = [places.left + number * (wide + gap) for number in range(len(options))]
    headings = [wrap(words.option(question, option), wide, bold=True) for option in options]
    high = max(map(len, headings)) * leading()
    for left, lines in zip(lefts, headings, strict=True):
        sheet.lines(left, sheet.y + high - len(lines) * leading() / 2, lines, bold=True, gid="heading")
    sheet.y += high + 0.05
    seen = look(words, rows[0].group)
    shades = tints(seen.colour, len(options), faintest=0.2)[::-1]
    for item in items:
        y = places.row(item, high=0.2, gid=f"item|{item}")
        for left, option, shade in zip(lefts, options, shades, strict=True):
            row = cells.get((item, option))
            if row is None or not known(row):
                mark = f"value|{question}|{item}|{option}"
                sheet.text(left + 0.05, y, words.say("not_printed"), colour="#767676", gid=mark)
                continue
            panel = sheet.panel((left, left + wide - room), (0, longest))
            panel.box(0, y - 0.09, row.estimate, 0.18, face=shade, edge=seen.colour, gid=gid(row))
            sheet.text(panel.x(row.estimate) + 0.05, y, value(words, row), colour=seen.ink, gid=gid(row, "value"))
    places.axis(*lefts)
