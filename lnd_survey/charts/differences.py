"""Which differences of a chart are clear: marked at its rows or listed below it, and told in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lnd_survey.charts import cells
from lnd_survey.compare import CLEAR, HIGHER, LOWER
from lnd_survey.estimates import UNIT

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.charts.chart import Chart
    from lnd_survey.words import Words

MARK = "*"
"""Stands at the label of a row whose difference is clear."""

AT_LABELS = ("paired_bars", "dumbbells")
"""The kinds of charts whose rows are single items, so that the mark can stand at their labels."""

Key = tuple[str, str, str]


def tested(differences: pd.DataFrame | None) -> list[Any]:
    """Give the rows of a comparison or trend that were tested: of items and options, and of steps between years."""
    if differences is None:
        return []
    rows = cells.rows_of(differences)
    return [row for row in rows if row.statistic in UNIT and row.p is not None and not math.isnan(row.p)]


def clear(differences: pd.DataFrame | None) -> dict[Key, Any]:
    """Give the rows whose difference is clear, by question, item and option."""
    found = tested(differences)
    return {key(row): row for row in found if row.verdict in CLEAR}


def starred(chart: Chart, text: str, row: Any) -> str:
    """Put the mark to the label of a row, if its difference is clear."""
    return f"{text}\u00a0{MARK}" if key(row) in clear(chart.differences) else text


def key(row: Any) -> Key:
    """Name what a row is about."""
    return row.question, row.item, row.option


def verdict(row: Any, found: list[Any]) -> str:
    """Say whether an estimate is clearly higher or lower than what it was compared with; "" where it is not."""
    for own in found:
        if (own.item, own.option) != (row.item, row.option) or own.verdict not in CLEAR:
            continue
        names = _own_names(row, own)
        if own.first in names:
            return str(own.verdict)
        if own.second in names and not _is_step(own):
            return LOWER if own.verdict == HIGHER else HIGHER
    return ""


def notes(chart: Chart, differences: pd.DataFrame) -> Iterator[str]:
    """Say what the mark means, or which differences are clear; how many were looked at; and what rounding left open."""
    if chart.kind == "gaps":
        yield from _told(chart, differences, style="filled")
        if tested(differences):
            yield chart.words.say("note_overview")
    else:
        yield from _told(chart, differences, style="starred" if chart.kind in AT_LABELS else "listed")


def told(chart: Chart, differences: pd.DataFrame) -> Iterator[str]:
    """Say the same without a mark to look for: all clear differences by name."""
    yield from _told(chart, differences, style="listed")


def _told(chart: Chart, differences: pd.DataFrame, *, style: str) -> Iterator[str]:
    words, found = chart.words, tested(differences)
    if not found:
        return
    sign = words.say("sample_sign") if any("synthetic" in row.evidence for row in found) else ""
    certain, between = [row for row in found if row.verdict in CLEAR], words.say("between_parts")
    if style == "filled":
        yield words.say("note_gaps", n=looked_at(found)) + sign
    elif any(map(_is_step, found)):
        changes = [
            words.say(
                "clear_change",
                series=_series(words, row, found),
                year=row.first,
                change=words.difference(row.statistic, row.difference),
            ).strip()
            for row in certain
        ]
        name = "note_clear_changes" if changes else "note_clear_changes_none"
        yield words.say(name, n=looked_at(found), changes=between.join(changes)) + sign
    else:
        sides = {"first": _name(words, found[0].first), "second": _name(words, found[0].second), "n": looked_at(found)}
        if not certain:
            yield words.say("note_clear_none", **sides) + sign
        elif style == "listed":
            differing = [_differing(words, row, found) for row in certain]
            yield words.say("note_clear_listed", **sides, differences=between.join(differing)) + sign
        else:
            yield words.say("note_clear", mark=MARK, **sides) + sign
    undecided = sum(row.verdict == "undecided" for row in found)
    if undecided:
        yield words.say("note_undecided", n=undecided) + sign


def looked_at(found: list[Any]) -> str:
    """Say for how many comparisons p values were corrected: each family names how many it has."""
    return " + ".join(family.rpartition("(")[2].rstrip(")") for family in cells.distinct(row.family for row in found))


def _is_step(row: Any) -> bool:
    """Whether a row compares a year with the one before."""
    return str(row.first).isdecimal()


def _own_names(row: Any, compared: Any) -> set[str]:
    """Give by what names an estimate can be a side of a comparison: its group or question, or its group's year."""
    if _is_step(compared):
        return {str(row.year)} if compared.group == row.group and compared.question == row.question else set()
    return {row.group, row.question} if row.question in (compared.question, compared.first, compared.second) else set()


def _name(words: Words, side: str) -> str:
    return words.group(side) if side in words.groups() else words.name(side)


def _label(words: Words, row: Any, found: list[Any]) -> str:
    """Name an item or option, and the question and option of an item where there are several."""
    several = {name for name in ("question", "option") if len({getattr(other, name) for other in found}) > 1}
    parts = [words.name(row.question)] if "question" in several else []
    parts += [words.item(row.question, row.item)] if row.item else []
    parts += [words.option(row.question, row.option)] if row.option and ("option" in several or not row.item) else []
    return ", ".join(parts)


def _differing(words: Words, row: Any, found: list[Any]) -> str:
    more = row.first if row.verdict == HIGHER else row.second
    return words.say("clear_difference", label=_label(words, row, found), group=_name(words, more))


def _series(words: Words, row: Any, found: list[Any]) -> str:
    labels = {_label(words, other, found) for other in found}
    parts = [words.group(row.group)] if len({other.group for other in found}) > 1 else []
    parts += [_label(words, row, found)] if len(labels) > 1 else []
    return ", ".join(parts)
