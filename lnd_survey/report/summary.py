"""What a report and its chapters come down to: the figures whose numbers lie furthest apart."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lnd_survey.report.collected import Chapter, Figure
    from lnd_survey.words import Words

Row = Mapping[str, Any]
Pair = tuple[Row, Row]

MOST = 3

# Of two rows that differ in one of these only, the difference says something: a change, or one between groups.
COMPARED = ("year", "group", "question")
BROKEN = frozenset("bd")
"""Flags of numbers that are not to be compared with other years at a glance: a break, or another definition."""

_SERIES = ("group", "question", "item", "option")


@dataclass(frozen=True)
class Contrast:
    """Two numbers of a figure that lie far apart.

    Attributes
    ----------
    figure
        Where they stand.
    about
        What both are about.
    sides
        What each is of, and the number.
    """

    figure: Figure
    about: str
    sides: tuple[tuple[str, str], ...]


def telling(figures: Iterable[Figure], *, most: int = MOST) -> list[Figure]:
    """Choose the figures whose findings sum up a chapter.

    Those come first whose shares of the report's year lie furthest from another year, group or question; figures with
    sample data come last. Of several figures about the same answers, which show them in more or less detail or over the
    years, one is taken.

    Parameters
    ----------
    figures
        The figures of a chapter, in order.
    most
        How many to choose at most.

    Returns
    -------
    list of Figure
        In the order in which they came.
    """
    told = [figure for figure in figures if figure.told.get("finding") and "svg" in figure.files]
    chosen: list[Figure] = []
    for figure in sorted(told, key=lambda figure: (figure.told["synthetic"], -widest_gap(figure))):
        if len(chosen) < most and not any(_answers(figure) & _answers(other) for other in chosen):
            chosen.append(figure)
    return [figure for figure in told if figure in chosen]


def contrasts(chapters: Iterable[Chapter], words: Words, *, most: int = MOST) -> list[Contrast]:
    """Choose the numbers that a report opens with: the widest of the clear differences, each from another chapter.

    A difference that was not tested, or is not clear, is nothing to open with; nor are years, of which a figure shows
    more than were compared.

    Parameters
    ----------
    chapters
        The chapters, in order.
    words
        The language.
    most
        How many to choose at most.
    """
    found: dict[tuple[str, ...], tuple[Figure, Pair]] = {}
    for chapter in chapters:
        pairs = [(figure, pair) for figure in chapter.figures if (pair := _widest(_clear(figure, words)))]
        if pairs:
            figure, pair = max(pairs, key=lambda shown: _gap(shown[1]))
            found.setdefault(_key(pair[0], ("question", "item", "option")), (figure, pair))
    chosen = sorted(found.values(), key=lambda shown: -_gap(shown[1]))[:most]
    return [_contrast(figure, *pair, words) for figure, pair in found.values() if (figure, pair) in chosen]


def widest_gap(figure: Figure) -> float:
    """Give the largest difference between a share of the report's year and one it may be compared with.

    Years may not be compared across a break in their series, nor where something else was asked.
    """
    shares = _shares(figure)
    broken = {_key(row, _SERIES) for row in shares if BROKEN & set(row["status"])}
    pair = _widest(shares, year=figure.told["year"], broken=broken)
    return _gap(pair) if pair else 0.0


def _shares(figure: Figure) -> list[Row]:
    return [
        row
        for row in figure.rows
        if row["statistic"] == "share" and row["estimate"] is not None and row["evidence"] != "synthetic"
    ]


def _clear(figure: Figure, words: Words) -> list[Row]:
    """Give the shares of a figure of one year that differ clearly from what they were compared with."""
    shares = _shares(figure)
    if "svg" not in figure.files or figure.table is None or len({row["year"] for row in shares}) > 1:
        return []
    verdicts = figure.table.column(words.say("column_clear"))
    clear = [row for row, verdict in zip(figure.rows, verdicts, strict=True) if verdict]
    return [row for row in shares if row in clear]


def _widest(shares: Iterable[Row], *, year: int | None = None, broken: Container[object] = ()) -> Pair | None:
    """Give the rows of the largest difference, one of them of a year if that is given."""
    alike: dict[tuple[str, ...], list[Row]] = {}
    for row in shares:
        alike.setdefault(_key(row, ("item", "option")), []).append(row)
    pairs = [
        (one, other)
        for rows in alike.values()
        for one, other in combinations(rows, 2)
        if len(apart := _apart(one, other)) == 1
        and (year is None or year in (one["year"], other["year"]))
        and not (apart == ["year"] and _key(one, _SERIES) in broken)
    ]
    return max(pairs, key=_gap, default=None)


def _contrast(figure: Figure, one: Row, other: Row, words: Words) -> Contrast:
    (side,) = _apart(one, other)
    labels: dict[str, Callable[[Any], str]] = {"year": str, "group": words.group, "question": words.name}
    question = "" if side == "question" else words.name(one["question"])
    about = [
        words.item(one["question"], one["item"]) if one["item"] else question,
        words.option(one["question"], one["option"]) if one["option"] else "",
        words.group(one["group"]) if side != "group" else "",
    ]
    rows = sorted((one, other), key=lambda row: int(row["year"]))
    return Contrast(
        figure,
        ", ".join(filter(None, about)),
        tuple((labels[side](row[side]), words.percent(row["estimate"])) for row in rows),
    )


def _answers(figure: Figure) -> set[tuple[str, ...]]:
    return {_key(row, ("question", "group")) for row in figure.rows}


def _apart(one: Row, other: Row) -> list[str]:
    return [key for key in COMPARED if one[key] != other[key]]


def _gap(pair: Pair) -> float:
    one, other = pair
    return float(abs(one["estimate"] - other["estimate"]))


def _key(row: Row, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(row[key] for key in keys)
