"""What a chapter comes down to: the figures whose numbers lie furthest apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lnd_survey.report.collected import Figure

MOST = 3

# Of two rows that differ in one of these only, the difference says something: a change, or one between groups.
COMPARED = ("year", "group", "question")


def telling(figures: Iterable[Figure], *, most: int = MOST) -> list[Figure]:
    """Choose the figures whose findings sum up a chapter.

    Those come first whose shares of the report's year lie furthest from another year, group or question; sample data
    counts for nothing. Of several figures with one number, which show the same in more or less detail, one is taken.

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
    chosen: dict[int, Figure] = {}
    for figure in sorted(told, key=widest_gap, reverse=True):
        if len(chosen) < most:
            chosen.setdefault(figure.told["number"], figure)
    return [figure for figure in told if figure is chosen.get(figure.told["number"])]


def widest_gap(figure: Figure) -> float:
    """Give the largest difference between a share of the report's year and one it may be compared with."""
    shares = [
        row
        for row in figure.rows
        if row["statistic"] == "share" and row["estimate"] is not None and row["evidence"] != "synthetic"
    ]
    alike: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in shares:
        alike.setdefault((row["item"], row["option"]), []).append(row)
    gaps: list[float] = [
        abs(one["estimate"] - other["estimate"])
        for rows in alike.values()
        for one, other in combinations(rows, 2)
        if sum(one[key] != other[key] for key in COMPARED) == 1 and figure.told["year"] in (one["year"], other["year"])
    ]
    return max(gaps, default=0.0)
