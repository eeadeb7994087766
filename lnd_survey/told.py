"""Comparisons and trends told in words: a sentence or a row for each question, a section with all its differences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lnd_survey.compare import CLEAR
from lnd_survey.estimates import UNIT

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

_UNCLEAR = ("no_clear_difference", "undecided", "not_comparable")


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


def verdicts(differences: pd.DataFrame, *, words: Words, split: str = "") -> pd.DataFrame:
    """Count the verdicts of each question, and name the clear differences.

    Parameters
    ----------
    differences, words, split
        As for `sentences`.

    Returns
    -------
    pandas.DataFrame
        Texts, a row for each question, as a reader sees them; without columns that would say nothing.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> verdicts(survey.compare("government_role"), words=survey.words("en"))["No clear difference"].tolist()
    ['8']
    """
    import pandas as pd

    found = []
    for question, rows in _by_question(differences):
        counts = [sum(row.verdict == verdict for row in rows) for verdict in _UNCLEAR]
        refused = _refused(rows, words)
        found.append(
            (
                words.name(question),
                words.say("between_parts").join(_difference(row, words, split) for row in _clear(rows)),
                *(words.number(count) if count else "" for count in counts),
                " ".join(refused),
            )
        )
    keys = ("column_question", "column_clear_differences", *(f"column_{verdict}" for verdict in _UNCLEAR), "column_why")
    texts = pd.DataFrame(found, columns=[words.say(key) for key in keys], dtype="str")
    return texts[[column for column in texts if texts[column].ne("").any()]]


def counted(differences: pd.DataFrame, *, words: Words) -> str:
    """Say how many of the tested differences are clear and how they were corrected, or that none could be tested.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> print(counted(survey.compare("culture_measures"), words=survey.words("en")))
    2 of 9 differences are clear (95%, corrected for all of them together by Benjamini–Hochberg).
    """
    listed = differences[differences["statistic"].isin(UNIT)]
    found = listed[listed["p"].notna()]
    if found.empty:
        return words.say("told_untested", years=words.years(listed["year"].unique()))
    clear, sample = found["verdict"].isin(CLEAR).sum(), found["evidence"].str.contains("synthetic").any()
    corrections = words.say("between_parts").join(map(words.correction, found["correction"].unique()))
    told = words.say("told_tested", clear=clear, n=len(found), correction=corrections)
    return told + (words.say("sample_sign") if sample else "")


def _by_question(differences: pd.DataFrame) -> Iterator[tuple[str, list[Any]]]:
    told = differences[differences["statistic"].isin(UNIT)]
    for question, rows in told.groupby("question", sort=False):
        yield str(question), list(rows.itertuples(index=False))


def _counts(rows: list[Any], words: Words, split: str) -> Iterator[str]:
    clear = _clear(rows)
    if clear:
        between = words.say("between_parts")
        yield words.say("told_clear", differences=between.join(_difference(row, words, split) for row in clear))
    for verdict in _UNCLEAR[:-1]:
        n = sum(row.verdict == verdict for row in rows)
        if n:
            yield words.say(f"told_{verdict}", n=n)
    n = sum(row.verdict == "not_comparable" for row in rows)
    if n:
        yield words.say("told_not_comparable", n=n, reasons=" ".join(_refused(rows, words)))


def _clear(rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.verdict in CLEAR]


def _refused(rows: list[Any], words: Words) -> list[str]:
    """Say why some differences are not comparable, each reason once."""
    refused = [row for row in rows if row.verdict == "not_comparable"]
    return list(dict.fromkeys(words.say(f"reason_{row.reason}", detail=row.detail) for row in refused))


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
