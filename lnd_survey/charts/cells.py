"""The rows of an estimates frame as a chart sees them: their labels, their values in words, their order."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

LOWER_IS_BETTER = ("mean_rank", "rank", "rank_first")
"""Statistics where 1 is the best, so that the lowest comes first."""


def rows_of(frame: pd.DataFrame) -> list[Any]:
    """Give the rows of a frame as named tuples."""
    return list(frame.itertuples(index=False))


def known(row: Any) -> bool:
    """Whether a row has a number; what is unknown or suppressed is never drawn."""
    return not math.isnan(row.estimate)


def label(words: Words, row: Any, key: str) -> str:
    """Give the label of a row for one of its keys."""
    if key == "year":
        return str(row.year)
    if key == "group":
        return words.group(row.group)
    if key == "question":
        return words.name(row.question)
    part = getattr(row, key)
    return getattr(words, key)(row.question, part) if part else ""


def is_synthetic(row: Any) -> bool:
    """Whether a row is sample data."""
    return row.evidence == "synthetic" or "s" in row.status


def value(words: Words, row: Any) -> str:
    """Write the number of a row as it stands in a picture: sample data carry a sign each."""
    return said(words, row) + (words.say("sample_sign") if known(row) and is_synthetic(row) else "")


def said(words: Words, row: Any) -> str:
    """Write the number of a row as it stands in a sentence or a table."""
    if not known(row):
        return words.say("not_printed")
    if row.statistic == "difference":
        return words.difference(row.statistic, row.estimate)
    return words.value(row.statistic, row.estimate)


def gid(row: Any, kind: str = "mark") -> str:
    """Give the name by which a drawn thing is found again from its row."""
    parts = [row.year, row.group, row.question, row.item, row.option, row.statistic]
    return "|".join(map(str, [kind, *parts, *([row.split] if hasattr(row, "split") else [])]))


def distinct(values: Iterable[Any]) -> list[Any]:
    """Give the different values in the order in which they first come."""
    return list(dict.fromkeys(values))


def grouped(rows: Iterable[Any], *keys: str) -> dict[tuple[Any, ...], list[Any]]:
    """Put rows together that have the same values of some keys, in the order in which those first come."""
    found: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        found.setdefault(tuple(getattr(row, key) for key in keys), []).append(row)
    return found


def part(frame: pd.DataFrame) -> str:
    """Say what the rows of a frame are about: its items, or its options where there are no items."""
    return "item" if frame["item"].astype(bool).any() else "option"


def restrict(frame: pd.DataFrame, option: str | None) -> pd.DataFrame:
    """Keep only the rows of one option, if one is named."""
    return frame if option is None else frame[frame["option"] == option]


def by_value(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Put the items of a frame in the order of the first group's values, of the first option in a grid.

    Ordered questions keep their order, kinds of missing come last, and so do items without a number.
    """
    if not len(frame):
        return frame
    key, rows = part(frame), rows_of(frame)
    first = rows[0].question
    if words.is_ordered(first) and key == "option":
        return frame
    sign = 1 if rows[0].statistic in LOWER_IS_BETTER else -1
    groups, questions = distinct(row.group for row in rows), distinct(row.question for row in rows)
    options = ["", *words.options(first)] if key == "item" else []

    def column(row: Any) -> tuple[int, int, int]:
        option = options.index(row.option) if options else 0
        return questions.index(row.question), groups.index(row.group), option

    def place(name: str) -> tuple[Any, ...]:
        missing = key == "option" and words.is_missing(first, name)
        found = [(column(row), sign * row.estimate) for row in rows if getattr(row, key) == name and known(row)]
        return (missing, *min(found, default=((len(questions), 0, 0), 0.0)))

    names = sorted(distinct(getattr(row, key) for row in rows), key=place)
    order = sorted(range(len(rows)), key=lambda index: names.index(getattr(rows[index], key)))
    return frame.iloc[order]


def joined(words: Words, texts: list[str]) -> str:
    """Join texts as a list in a sentence.

    One text stays as it is, two are joined by "and", more by commas before that; all but the first begin small.
    """
    first, *others = texts
    others = [text[0].lower() + text[1:] if text[1:2].islower() else text for text in others]
    if not others:
        return first
    return words.say("list_two", first=", ".join([first, *others[:-1]]), last=others[-1])


def nets(words: Words, rows: Iterable[Any]) -> set[tuple[str, str]]:
    """Find the (question, option) pairs that are sums of options which are among the rows themselves."""
    there = {(row.question, row.option) for row in rows}
    return there & {(question, words.tree(question).get(option)) for question, option in there}
