"""Charts made of bars with parts: stacked to 100 %, or diverging around zero."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from lnd_survey.charts.cells import distinct, gid, grouped, known, label, nets, rows_of, value
from lnd_survey.charts.chart import Chart, build
from lnd_survey.charts.rows import Rows
from lnd_survey.charts.sheet import Panel, Sheet, spread
from lnd_survey.charts.style import (
    INK,
    MUTED,
    RULE,
    Look,
    leading,
    look,
    readable,
    tints,
    width,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

THICK = 0.24
UNKNOWN = Look("#767676", MUTED, "x", "#e6e6e6", "")
"""The look of "don't know"."""


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

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("ld_team_size", years="all")
    >>> chart = lnd.charts.stacked(frame, words=survey.words("en"))
    >>> print(chart.finding)
    2022: ‘Up to 5 FTE’ comes first (36%). 2021: ‘Up to 5 FTE’ comes first (43%).
    """
    import pandas as pd

    leaves = leaves_of(frame, words, rows)
    both = leaves if beside is None else pd.concat([leaves, beside])
    notes = rounding(leaves, words, rows)
    return build(
        "stacked", _stacked, both, words=words, title=title, notes=notes, rows=list(rows), segments=len(leaves)
    )


def leaves_of(frame: pd.DataFrame, words: Words, keys: Sequence[str]) -> pd.DataFrame:
    """Leave out the nets, which are the sums of options that stand in the same bar themselves."""
    rows = rows_of(frame)
    sums = {(key, *pair) for key, bar in grouped(rows, *keys).items() for pair in nets(words, bar)}
    return frame.loc[[(key_of(row, keys), row.question, row.option) not in sums for row in rows]]


def rounding(leaves: pd.DataFrame, words: Words, keys: Sequence[str]) -> list[str]:
    """Explain parts that miss 100 % by no more than rounding does."""
    sums = leaves.groupby(list(keys))["estimate"].sum()
    off = (sums - 1).abs().round(3)
    return [words.say("note_rounding")] if off.between(0.005, 0.02).any() else []


class Segment(NamedTuple):
    """One part of a bar: its number, where it begins, and its colours."""

    row: Any
    start: float
    face: str
    edge: str


def key_of(row: Any, keys: Sequence[str]) -> tuple[Any, ...]:
    """Give the values by which a bar is told from another."""
    return tuple(getattr(row, key) for key in keys)


def _stacked(chart: Chart, sheet: Sheet) -> None:
    words, keys = chart.words, chart.parameters["rows"]
    rows = [row for row in chart.rows[: chart.parameters["segments"]] if known(row)]
    points = {key_of(row, keys): row for row in chart.rows[chart.parameters["segments"] :]}
    shades = shades_of(words, rows)
    bars = {key: in_order(words, bar) for key, bar in grouped(rows, *keys).items()}
    longest = max(1.0, *(sum(row.estimate for row in bar) for bar in bars.values()))
    labels = {key: label(words, bar[0], keys[-1]) for key, bar in bars.items()}
    places = Rows(sheet, labels, widest=1.9, least=2.4, gap=0.12)
    side = 1.45 if points and sheet.right - places.left > 3.9 else 0.0
    panel = sheet.panel((places.left, sheet.right - side - 0.05), (0, longest))
    option_legend(chart, sheet, rows, shades)
    dots = _beside(chart, sheet, list(points.values()), sheet.right - side + 0.15) if side else None
    above: tuple[Any, ...] = ()
    for key, bar in bars.items():
        above = row_heading(chart, sheet, bar[0], keys, above)
        segments, start = [], 0.0
        for row in bar:
            segments.append(Segment(row, start, *shades[row.group, row.question, row.option]))
            start += row.estimate
        y = draw_segments(chart, panel, segments, partial(places.row, key, gid=row_gid(key)))
        if dots and key in points and known(points[key]):
            _dot(chart, sheet, dots, points[key], y)
    sheet.y -= 0.02
    if points and not side:
        sheet.y += 0.12
        dots = _beside(chart, sheet, list(points.values()), places.left)
        for key in bars:
            if key in points and known(points[key]):
                _dot(chart, sheet, dots, points[key], places.row(key, high=0.12, gid=row_gid(key)))


def row_gid(key: tuple[Any, ...]) -> str:
    """Give the mark of the label of a bar."""
    return "row|" + "|".join(map(str, key))


def row_heading(chart: Chart, sheet: Sheet, row: Any, keys: Sequence[str], above: tuple[Any, ...]) -> tuple[Any, ...]:
    """Write the outer keys of a row as a heading where they change."""
    outer = key_of(row, keys[:-1])
    if outer and outer != above:
        sheet.y += 0.06 if above else 0
        text = ", ".join(label(chart.words, row, key) for key in keys[:-1])
        sheet.y = sheet.heading(text, (sheet.left, sheet.right))
    return outer


def in_order(words: Words, rows: list[Any]) -> list[Any]:
    """Put the rows of one question in the order of its options."""
    order = words.options(rows[0].question)
    return sorted(rows, key=lambda row: order.index(row.option))


def shades_of(words: Words, rows: list[Any]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Face and edge of each option: light to full in the group's colour, grey for what is missing."""
    found = {}
    for group in distinct(row.group for row in rows):
        seen = look(words, group)
        for question in distinct(row.question for row in rows):
            mine = [row for row in rows if row.group == group and row.question == question]
            options = [o for o in words.options(question) if any(row.option == o for row in mine)]
            given = [option for option in options if not words.is_missing(question, option)]
            scale = dict(zip(given, tints(seen.colour, len(given)), strict=True)) if given else {}
            for option in options:
                found[group, question, option] = (
                    (scale[option], seen.ink) if option in scale else (UNKNOWN.face, UNKNOWN.colour)
                )
    return found


def option_legend(
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


def draw_segments(chart: Chart, panel: Panel, segments: list[Segment], row: Callable[..., float]) -> float:
    """Draw the parts of one bar with their values, narrow ones above; gives the middle of the bar."""
    sheet = panel.sheet
    narrow = [
        (segment.row, panel.x(segment.start + segment.row.estimate / 2))
        for segment in segments
        if width(value(chart.words, segment.row)) + 0.06 > panel.x(segment.row.estimate) - panel.x(0)
    ]
    y = row(high=THICK, pad=0.08, over=leading() + 0.01 if narrow else 0.0)
    small = {place for _, place in narrow}
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
                middle,
                y,
                value(chart.words, segment.row),
                colour=readable(segment.face),
                align="center",
                gid=gid(segment.row, "value"),
            )
    middles = spread(
        [place for _, place in narrow],
        [width(value(chart.words, part)) + 0.06 for part, _ in narrow],
        panel.x(segments[0].start) - 0.1,
        sheet.right,
    )
    for (part, _), place in zip(narrow, middles, strict=True):
        text = value(chart.words, part)
        sheet.text(place, y - THICK / 2 - leading() / 2, text, align="center", gid=gid(part, "value"))
    return y


def _beside(chart: Chart, sheet: Sheet, rows: list[Any], left: float) -> Panel:
    """Write the heading of the points beside or below the bars and give their scale."""
    from lnd_survey.series import EXCLUDED

    words = chart.words
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
    sheet.line([panel.x(0), panel.x(row.estimate)], [y, y], colour=RULE, thick=0.8, gid=gid(row, "guide"))
    panel.line(
        [row.estimate], [y], colour=seen.colour, face=seen.face, marker=seen.marker, thick=0, gid=gid(row), order=4
    )
    sheet.text(panel.x(row.estimate) + 0.08, y, value(chart.words, row), colour=seen.ink, gid=gid(row, "value"))
