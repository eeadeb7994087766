"""The small-base rule: numbers of few respondents are marked, those of very few are not given.

It is about the base, the unweighted respondents that a number is a share or mean of, and only about numbers that are
computed from respondents; what is published is known. Where a number that is not given could be found by subtracting
others from a total, one more is not given (Hundepool et al. 2012, section 4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lnd_survey.estimates import flags

WARN = 30
"""Fewer respondents than this: the flag `u`, a muted number and a note."""

SUPPRESS = 5
"""Fewer respondents than this: the flag `c`, and no number."""

Row = dict[str, Any]
_NUMBERS = dict.fromkeys(("estimate", "low", "high", "n", "n_effective", "se", "cells", "rebased"))


def marked(
    rows: Iterable[Row], *, pools: Mapping[str, Sequence[str]], warn: int = WARN, suppress: int = SUPPRESS
) -> list[Row]:
    """Mark numbers of few respondents, and those that would give them away.

    Printed numbers are left as they are.

    Parameters
    ----------
    rows
        All rows of one question and year, with the key `split`: of every group and every part of it.
    pools
        The groups that a pooled group has together.
    warn, suppress
        Below which base a number is marked, and below which it is not given.

    Returns
    -------
    list of dict
        The same rows with the flags `u` and `c`.

    Examples
    --------
    >>> def part(name, n): return {"group": "a", "item": "", "statistic": "share", "split": name, "n": n, "status": ""}
    >>> found = marked([part("size=large", 40), part("size=small", 4), part("size=middle", 20)], pools={})
    >>> [(row["split"], row["status"]) for row in found]
    [('size=large', ''), ('size=small', 'cu'), ('size=middle', 'cu')]
    """
    rows = [
        row if "r" in row["status"] else row | {"status": flags(row["status"], _flags(row.get("n"), warn, suppress))}
        for row in rows
    ]
    families: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        families[row["item"], row["statistic"], row["group"]].append(row)
    for (item, statistic, group), family in families.items():
        if any(row["split"] for row in family):
            # The whole group is known, so that one part alone could be found by subtraction.
            _hide_one_more(family, "split")
        if group in pools:
            parts = [row for part in pools[group] for row in families.get((item, statistic, part), ())]
            hidden = {row["group"] for row in parts if "c" in row["status"]}
            if len(hidden) == 1:
                _hide(family)
    return rows


def withheld(rows: Iterable[Row]) -> list[Row]:
    """Take the numbers out of the rows that are marked `c`: the last step before any number leaves the library.

    Examples
    --------
    >>> withheld([{"status": "cu", "estimate": 0.5, "n": 4}])[0]["estimate"] is None
    True
    """
    return [row | _NUMBERS if "c" in row["status"] else row for row in rows]


def _flags(n: float | None, warn: int, suppress: int) -> str:
    if n is None:
        return ""
    return "cu" if n < suppress else "u" if n < warn else ""


def _hide_one_more(family: list[Row], by: str) -> None:
    """Hide the part with the smallest base that is still given, where only one is hidden."""
    bases: dict[str, float] = {}
    for row in family:
        bases[row[by]] = min(row["n"] if row.get("n") is not None else 0, bases.get(row[by], float("inf")))
    hidden = {row[by] for row in family if "c" in row["status"]}
    given = [name for name in bases if name not in hidden]
    if len(hidden) == 1 and given:
        smallest = min(given, key=bases.__getitem__)
        _hide([row for row in family if row[by] == smallest])


def _hide(rows: list[Row]) -> None:
    for row in rows:
        row["status"] = flags(row["status"], "c")
