"""A picture of texts: models and frameworks as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lnd_survey.charts.chart import Chart, described, nothing
from lnd_survey.charts.sheet import Sheet
from lnd_survey.charts.style import RULE, leading, width, wrap

if TYPE_CHECKING:
    from lnd_survey.words import Words


def matrix(concept: str, *, words: Words, title: str = "") -> Chart:
    """Draw a concept of the codebook as a table.

    Parameters
    ----------
    concept
        The id of the concept.
    words
        The language of the chart.
    title
        Instead of the title of the concept.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> chart = lnd.charts.matrix("learning_model", words=survey.words("en"))
    >>> print(chart.source)
    after Donald Taylor, 2013
    """
    found = words.concept(concept)
    blank = nothing("", words=words, title=title or found.title, concept=concept)
    return described(replace(blank, kind="matrix", plot=_matrix, source=found.source))


def _matrix(chart: Chart, sheet: Sheet) -> None:
    concept = chart.words.concept(chart.parameters["concept"])
    pad = 0.1
    labels = [wrap(row.label, 1.35, bold=True) for row in concept.rows]
    column = max((width(line, bold=True) for lines in labels for line in lines), default=0.0)
    start = sheet.left + column + (pad * 2 if column else 0)
    beside = (sheet.right - start) / len(concept.columns) > 1.4
    if not beside:
        start = sheet.left - pad
    wide = (sheet.right - start) / len(concept.columns)
    lefts = [start + wide * number for number in range(len(concept.columns))]
    headings = [wrap(text, wide - 2 * pad, bold=True) for text in concept.columns]
    if any(concept.columns):
        high = max(map(len, headings)) * leading()
        for left, lines in zip(lefts, headings, strict=True):
            sheet.lines(left + pad, sheet.y + high - len(lines) * leading() / 2, lines, bold=True, gid="heading")
        sheet.y += high + 0.06
    sheet.line([sheet.left, sheet.right], [sheet.y] * 2, gid="axis")
    for name, row in zip(labels, concept.rows, strict=True):
        cells = [wrap(text, wide - 2 * pad) for text in row.cells]
        if not beside:
            sheet.y = sheet.heading(row.label, (sheet.left, sheet.right), top=sheet.y + pad) - pad
        height = max(len(lines) for lines in ([name, *cells] if beside else cells)) * leading() + 2 * pad
        if beside:
            sheet.lines(sheet.left, sheet.y + height / 2, name, bold=True, gid="row")
        for left, lines in zip(lefts, cells, strict=True):
            sheet.lines(left + pad, sheet.y + height / 2, lines, gid="cell")
        sheet.y += height
        sheet.line([sheet.left, sheet.right], [sheet.y] * 2, colour=RULE, thick=0.5, gid="axis")
    sheet.y += 0.04
