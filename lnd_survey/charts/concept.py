"""Tables of texts: models and frameworks as a picture, and other texts as they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lnd_survey.charts.chart import Chart, described, nothing
from lnd_survey.charts.sheet import Sheet
from lnd_survey.charts.style import RULE, leading, width, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

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


def table(
    texts: pd.DataFrame,
    *,
    words: Words,
    title: str = "",
    subtitle: str = "",
    notes: Iterable[str] = (),
    sample: bool = False,
) -> Chart:
    """Show texts as a table; there is no picture.

    Parameters
    ----------
    texts
        The cells, all text; the first column says what a row is about.
    words
        The language.
    title, subtitle, notes
        What stands around it.
    sample
        Whether any number in it is sample data.

    Examples
    --------
    >>> import pandas as pd
    >>> import lnd_survey as lnd
    >>> texts = pd.DataFrame({"Year": ["2022"], "Asked": ["yes"]})
    >>> lnd.charts.table(texts, words=lnd.open_survey().words("en"), title="Asked").alt
    'Table: Asked. Number of rows: 1.'
    """
    said = [words.say("synthetic_legend", sign=words.say("sample_sign"))] if sample else []
    blank = nothing("", words=words, title=title, sample=sample)
    return described(replace(blank, kind="table", texts=texts, subtitle=subtitle, notes=(*notes, *said)))


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
