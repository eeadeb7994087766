"""Comparisons and trends told in words: a sentence for each question, and a section with all its differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lnd_survey.compare import CLEAR
from lnd_survey.estimates import UNIT

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words


def sentences(differences: pd.DataFrame, *, words: Words, split: str = "") -> list[str]:
    """Say of each question which differences are clear, and how many are not, never more than the verdicts allow.

    Parameters
    ----------
    differences
        What `Survey.compare`, `Survey.gaps`, `Survey.trend` or `Survey.changes` gives.
    words
        The language.
    split
        The profile whose parts were compared.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> print(*sentences(survey.compare("culture_measures"), words=survey.words("en")))
    Measures for learning culture. Clear: ‘Leaders who get people learning’ (L&D departments 63%, Providers 50%); ‘Treat
    L&D as a depreciable investment’ (L&D departments 11%, Providers 29%). No clear difference: 7.
    """
    return [
        " ".join([f"{words.name(question)}.", *_counts(rows, words, split)])
        for question, rows in _by_question(differences)
    ]


def sections(differences: pd.DataFrame, *, words: Words, split: str = "") -> str:
    """Write a section for each question in Markdown: its sentence, and a table of all its differences.

    Parameters
    ----------
    differences, words, split
        As for `sentences`.
    """
    parts = []
    for question, rows in _by_question(differences):
        head = [words.say(f"column_{name}") for name in ("item", "first", "second")]
        head += [words.say("difference"), words.say("interval"), words.say("column_verdict")]
        lines = [head, ["---"] * len(head), *(_line(row, words, split) for row in rows)]
        table = "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines)
        parts += [f"### {_plain(words.name(question))}", _plain(" ".join(_counts(rows, words, split))), table]
    return "\n\n".join(parts) if parts else words.say("told_nothing")


def _by_question(differences: pd.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    told = differences[differences["statistic"].isin(UNIT)]
    for question, rows in told.groupby("question", sort=False):
        yield str(question), list(rows.itertuples(index=False))


def _counts(rows: list[Any], words: Words, split: str) -> Iterator[str]:
    clear = [row for row in rows if row.verdict in CLEAR]
    if clear:
        between = words.say("between_parts")
        yield words.say("told_clear", differences=between.join(_difference(row, words, split) for row in clear))
    for verdict in ("no_clear_difference", "undecided"):
        n = sum(row.verdict == verdict for row in rows)
        if n:
            yield words.say(f"told_{verdict}", n=n)
    refused = [row for row in rows if row.verdict == "not_comparable"]
    if refused:
        reasons = dict.fromkeys(words.say(f"reason_{row.reason}", detail=row.detail) for row in refused)
        yield words.say("told_not_comparable", n=len(refused), reasons=" ".join(reasons))


def _difference(row: Any, words: Words, split: str) -> str:
    return words.say("told_difference", label=_label(row, words), sides=", ".join(_sides(row, words, split)))


def _line(row: Any, words: Words, split: str) -> list[str]:
    low, high = (_points(row, end, words) for end in (row.low, row.high))
    return [
        _label(row, words),
        *_sides(row, words, split),
        _points(row, row.difference, words),
        words.say("between_ends", low=low, high=high) if low and high else "",
        ". ".join(filter(None, (words.verdict(row.verdict), words.reason(row._asdict())))),
    ]


def _sides(row: Any, words: Words, split: str) -> list[str]:
    """Give both sides of a comparison, each with its number."""
    sides = ((row.first, row.estimate_first), (row.second, row.estimate_second))
    return [f"{_side(name, words, split)} {_value(row, value, words)}" for name, value in sides]


def _label(row: Any, words: Words) -> str:
    parts = [words.group(row.group)] if hasattr(row, "group") else []
    parts += [words.item(row.question, row.item)] if row.item else []
    parts += [words.option(row.question, row.option)] if row.option else []
    return ", ".join(parts) or words.name(row.question)


def _side(name: str, words: Words, split: str) -> str:
    if split:
        return words.part(split, name)
    if name in words.groups():
        return words.group(name)
    return name if name.isdecimal() else words.name(name)


def _value(row: Any, value: Any, words: Words) -> str:
    if value is None or value != value:
        return words.say("not_printed")
    return words.value(row.statistic, value) + _sign(row, words)


def _points(row: Any, points: Any, words: Words) -> str:
    """Write a difference, or an end of its interval; "" where there is none."""
    if points is None or points != points:
        return ""
    return words.difference(row.statistic, points) + _sign(row, words)


def _sign(row: Any, words: Words) -> str:
    return words.say("sample_sign") if "synthetic" in row.evidence else ""


def _plain(text: str) -> str:
    """Take the meaning from signs that Markdown would read as its own."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in text)


def _cell(text: str) -> str:
    return text if text == "---" else _plain(text)
