"""Charts made of points on a scale: dots and dumbbells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lnd_survey.charts import describe
from lnd_survey.charts.cells import (
    LOWER_IS_BETTER,
    by_value,
    distinct,
    gid,
    is_synthetic,
    known,
    part,
    rows_of,
    value,
)
from lnd_survey.charts.chart import Chart, build, legend
from lnd_survey.charts.differences import starred
from lnd_survey.charts.rows import Rows
from lnd_survey.charts.sheet import Panel, Sheet
from lnd_survey.charts.style import FAINT, MUTED, RULE, leading, look, width, wrap
from lnd_survey.charts.whiskers import SMALLER, has_interval, reach, whisker

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words


def dots(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw means or mean ranks as points on their scale, one panel per question.

    Panels share their rows where they fit beside each other.

    Parameters
    ----------
    frame
        Estimates of one year with means or mean ranks of the same items.
    words
        The language of the chart.
    title
        Instead of the names of the questions.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("purchase_criteria_importance", years="all")
    >>> chart = lnd.charts.dots(frame, words=survey.words("en"))
    >>> print(chart.subtitle)
    L&D departments, 2011 · mean score from 1 to 7
    """
    return build("dots", _dots, by_value(frame, words), words=words, title=title)


def _dots(chart: Chart, sheet: Sheet) -> None:
    words, rows, key = chart.words, chart.rows, part(chart.frame)
    legend(chart, sheet, bars=False)
    questions = distinct(row.question for row in rows)
    names = distinct(getattr(row, key) for row in rows)
    texts = [getattr(words, key)(next(r.question for r in rows if getattr(r, key) == name), name) for name in names]
    labels = dict(zip(names, texts, strict=True))
    several = len(questions) > 1
    places = Rows(sheet, labels, widest=2.1 if several else 2.7, least=max(1.9, 1.15 * len(questions)), gap=0.2)
    columns = sheet.columns(len(questions), least=1.1, gap=0.05, left=places.left)
    after = max(width(value(words, row)) for row in rows) + 0.12
    before = after if _crowded(words, rows, len(names)) else 0.0
    # The intervals of two groups lie beside each other and not on each other.
    asunder = 0.045 if any(map(has_interval, rows)) and len(distinct(row.group for row in rows)) > 1 else 0.0
    for start in range(0, len(questions), len(columns)):
        sheet.y += 0.08 if start else 0.0
        panels, below = {}, sheet.y
        for question, (left, right) in zip(questions[start : start + len(columns)], columns, strict=False):
            mine = [row for row in rows if row.question == question]
            if several:
                below = max(below, sheet.heading(words.name(question), (left, right)))
            panels[question] = (sheet.panel((left + before, right - after), _scale(words, mine, len(names))), mine)
        sheet.y = below
        _scale_ends(chart, sheet, panels, told=not several)
        for name in names:
            y = places.row(name, high=0.2 + 2 * asunder, gid=f"item|{name}")
            for panel, mine in panels.values():
                _row_of_dots(chart, panel, [row for row in mine if getattr(row, key) == name], (y, asunder))


def _crowded(words: Words, rows: list[Any], items: int) -> bool:
    """Whether a value left of its point could run over the start of its scale."""
    low, high = _ends(words, rows, items)
    return len(distinct(row.group for row in rows)) > 1 and any(
        reach(row)[0] - low < (high - low) / 4 for row in rows if known(row)
    )


def _ends(words: Words, rows: list[Any], items: int) -> tuple[float, float]:
    """Give the ends of the scale: as asked, the first and the last rank, or zero and the largest value."""
    if rows[0].statistic in LOWER_IS_BETTER:
        return 1, max(2, items)
    if rows[0].statistic == "mean" and (scale := words.scale(rows[0].question)):
        return scale[0], scale[1]
    return 0, max((reach(row)[1] for row in rows if known(row)), default=1)


def _scale(words: Words, rows: list[Any], items: int) -> tuple[float, float]:
    """Give what must find room: the scale, and intervals that run over its ends."""
    low, high = _ends(words, rows, items)
    reached = [end for row in rows if known(row) for end in reach(row)]
    return min([low, *reached]), max([high, *reached])


def _scale_ends(chart: Chart, sheet: Sheet, panels: dict[str, tuple[Panel, list[Any]]], *, told: bool) -> None:
    """Write the ends of each scale, and if told what they mean."""
    words, most = chart.words, 1
    for question, (panel, rows) in panels.items():
        low, high = _ends(words, rows, len({row.item for row in rows}))
        if rows[0].statistic in LOWER_IS_BETTER:
            meaning = words.say("rank_best"), words.say("rank_worst")
        elif rows[0].statistic == "mean" and (scale := words.scale(question)):
            meaning = scale[2], scale[3]
        else:
            continue
        half = (panel.x(high) - panel.x(low)) / 2 - 0.05
        for place, text, align in ((low, meaning[0], "left"), (high, meaning[1], "right")):
            lines = [words.number(place), *(wrap(text, half) if told else ())]
            most = max(most, len(lines))
            middle = sheet.y + len(lines) * leading() / 2
            sheet.lines(panel.x(place), middle, lines, align=align, colour=MUTED, gid="scale")
    sheet.y += most * leading() + 0.03
    for panel, rows in panels.values():
        panel.line(_ends(words, rows, len({row.item for row in rows})), [sheet.y] * 2, gid="axis")


def _row_of_dots(chart: Chart, panel: Panel, rows: list[Any], place: tuple[float, float]) -> None:
    """Draw the points of one row; with several, values stand at the outer sides, clear of all intervals of the row.

    The place is the middle of the row, and how far the first and the last group lie above and below it.
    """
    words, sheet = chart.words, panel.sheet
    found = sorted(filter(known, rows), key=lambda row: row.estimate)
    if not found:
        return
    middle, asunder = place
    groups = distinct(row.group for row in chart.rows)
    low = _ends(words, rows, 2)[0]
    before, after = min(reach(row)[0] for row in found), max(reach(row)[1] for row in found)
    beside = 0.12 + width(value(words, found[0])) if len(found) > 1 else 0.0
    end = panel.x(before) - beside
    sheet.line(
        [panel.x(low), max(panel.x(low), end)], [middle, middle], colour=FAINT, order=1, gid=gid(found[0], "guide")
    )
    for number, row in enumerate(found):
        seen = look(words, row.group)
        y = middle + asunder * (2 * groups.index(row.group) / max(1, len(groups) - 1) - 1)
        whisker(panel, row, y, colour=seen.ink)
        panel.line(
            [row.estimate],
            [y],
            colour=seen.colour,
            face=seen.face,
            marker=seen.marker,
            thick=0,
            order=4,
            size=SMALLER if has_interval(row) else 7,
            gid=gid(row),
        )
        text = value(words, row)
        if number == len(found) - 1:
            sheet.text(panel.x(after) + 0.1, middle, text, colour=seen.ink, gid=gid(row, "value"))
        else:
            sheet.text(panel.x(before) - 0.1, middle, text, colour=seen.ink, align="right", gid=gid(row, "value"))


def dumbbells(frame: pd.DataFrame, *, words: Words, title: str = "") -> Chart:
    """Draw how each item differs between two questions, such as now and ideally, the largest rise on top.

    Parameters
    ----------
    frame
        Estimates of one year and group: two questions with the same items, the earlier one first; rows with a printed
        difference are used where there are any.
    words
        The language of the chart.
    title
        Instead of the names of the questions.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates(["activities_now", "activities_ideal"], groups="business")
    >>> chart = lnd.charts.dumbbells(frame, words=survey.words("en"))
    >>> print(chart.finding)
    The largest increase: ‘Broad development of employees’ (+25 pts). The largest decrease: ‘Induction into the
    current role’ (−27 pts).
    """
    rows = rows_of(frame)
    points = {item: pair[2] for item, pair in describe.pairs([row for row in rows if known(row)]).items()}
    items = sorted(distinct(row.item for row in rows), key=lambda item: -points.get(item, -9.0))
    order = sorted(range(len(rows)), key=lambda index: items.index(rows[index].item))
    return build("dumbbells", _dumbbells, frame.iloc[order], words=words, title=title)


def _dumbbells(chart: Chart, sheet: Sheet) -> None:
    words = chart.words
    rows = [row for row in chart.rows if row.statistic != "difference"]
    seen = look(words, rows[0].group)
    first, last = distinct(row.question for row in rows)[:2]
    pairs = describe.pairs([row for row in chart.rows if known(row)])
    items = distinct(row.item for row in rows)
    labels = {row.item: starred(chart, words.item(row.question, row.item), row) for row in reversed(rows)}
    labels = {item: labels[item] for item in items}
    sign = {item: words.say("sample_sign") if any(map(is_synthetic, pair[:2])) else "" for item, pair in pairs.items()}
    told = {item: words.difference("share", pair[2]) + sign[item] for item, pair in pairs.items()}
    room = max([width(words.say("difference"), bold=True), *(width(text, bold=True) for text in told.values())]) + 0.25
    beside = max(width(value(words, row)) for row in rows) + 0.12
    numbers = [row.estimate for row in rows if known(row)]
    places = Rows(sheet, labels, widest=2.7, least=room + 2 * beside + 1.2, gap=0.2)
    panel = sheet.panel((places.left + beside, sheet.right - room - beside), (min(numbers), max(numbers)))
    ends = ((first, "#ffffff"), (last, seen.colour))
    _names(chart, sheet, ends, sheet.right - room)
    sheet.text(
        sheet.right, sheet.y - leading() / 2 - 0.05, words.say("difference"), bold=True, align="right", gid="heading"
    )
    for item in items:
        y = places.row(item, high=0.2, gid=f"item|{item}")
        shown = sorted((row for row in rows if row.item == item and known(row)), key=lambda row: row.estimate)
        if len(shown) == 2:
            panel.line([row.estimate for row in shown], [y, y], colour=RULE, thick=2.0, gid=gid(shown[0], "span"))
        for number, row in enumerate(shown):
            panel.line(
                [row.estimate],
                [y],
                colour=seen.colour,
                face=dict(ends)[row.question],
                marker="o",
                thick=0,
                size=7.5,
                order=4,
                gid=gid(row),
            )
            outwards = 0.09 if number == len(shown) - 1 else -0.09
            sheet.text(
                panel.x(row.estimate) + outwards,
                y,
                value(words, row),
                colour=seen.ink,
                align="left" if outwards > 0 else "right",
                gid=gid(row, "value"),
            )
        if item in told:
            sheet.text(sheet.right, y, told[item], bold=True, align="right", gid=f"difference|{item}")


def _names(chart: Chart, sheet: Sheet, ends: tuple[tuple[str, str], tuple[str, str]], right: float) -> None:
    """Write which marker is which question."""
    seen = look(chart.words, chart.rows[0].group)
    x = sheet.left
    for number, (question, face) in enumerate(ends, 1):
        text = chart.words.name(question)
        if x > sheet.left and x + 0.2 + width(text, bold=True) > right:
            x, sheet.y = sheet.left, sheet.y + leading()
        sheet.line(
            [x + 0.07],
            [sheet.y + leading() / 2],
            colour=seen.colour,
            face=face,
            marker="o",
            thick=0,
            size=7.5,
            gid=f"legend-{number}-swatch",
        )
        lines = wrap(text, right - x - 0.2, bold=True)
        sheet.lines(
            x + 0.18,
            sheet.y + len(lines) * leading() / 2,
            lines,
            bold=True,
            colour=seen.ink,
            gid=f"legend-{number}-text",
        )
        sheet.y += (len(lines) - 1) * leading()
        x += 0.18 + width(lines[-1], bold=True) + 0.22
    sheet.y += leading() + 0.05
