"""Years side by side: which evidence wins, which options all years can be brought to, which base.

The options of a question form a tree; a wave offers a partition of it. Several partitions are brought to the
finest one that all of them can be merged to (see `lnd_survey.trees`). Merged single-choice shares add up. Of merged
pick-n items, of which a respondent may have ticked several, the respondents give the union; where only shares are
printed there are bounds: `[max p, min(sum p, 1)]` (the Fréchet bounds of a union; Fréchet 1935).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from lnd_survey.codebook import Question
from lnd_survey.errors import SurveyError, unknown
from lnd_survey.estimates import COLUMNS, EVIDENCE, UNIT, flags, rows, sources
from lnd_survey.trees import Ways, finest, parts_of, ways_of

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["common", "offered", "nets", "all"]
LEVELS = ("common", "offered", "nets", "all")
EXCLUDED = "dont_know_excluded"
SYNTHETIC = EVIDENCE[-1]
_UNKNOWN = dict.fromkeys(("low", "high", "n", "n_effective"))

Row = dict[str, Any]
Cells = dict[str, Row]


@dataclass
class _Partition:
    """The shares of one distribution: as printed or asked, and of wider items as counted from respondents."""

    cells: Cells = field(default_factory=dict)
    unions: Cells = field(default_factory=dict)


def precedence(evidence: str | Sequence[str]) -> tuple[str, ...]:
    """Say which kinds of evidence are used, strongest first.

    Parameters
    ----------
    evidence
        `best` (survey before published before synthetic), or the kinds to use in the order wanted, as a list or as
        text with commas.

    Raises
    ------
    UnknownNameError
        If there is no such evidence.

    Examples
    --------
    >>> precedence("best"), precedence("synthetic,published")
    (('survey', 'published', 'synthetic'), ('synthetic', 'published'))
    """
    if evidence == "best":
        return EVIDENCE
    kinds = [kind.strip() for kind in evidence.split(",")] if isinstance(evidence, str) else list(evidence)
    for kind in kinds:
        if kind not in EVIDENCE:
            raise unknown("evidence", kind, ("best", *EVIDENCE))
    return tuple(dict.fromkeys(kinds))


def strongest(candidates: Iterable[Row], *, question: Question, evidence: str | Sequence[str]) -> list[Row]:
    """Keep of each distribution the rows of the strongest evidence that has any.

    Numbers of different evidence have different bases, so that a distribution is never put together of them. Sample
    data alone may complete what is printed in part, if the caller ranks them below it: with shares of options that
    are neither parts of a printed one nor have printed parts, and with means. They never complete a ranking.

    Parameters
    ----------
    candidates
        Rows of one question.
    question
        Its codebook entry.
    evidence
        See `precedence`.
    """
    order = precedence(evidence)
    relatives = _relatives(question)
    whole = question.kind in ("multi", "ranking")
    distributions: dict[tuple[Any, ...], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in candidates:
        if row["evidence"] in order:
            key = tuple(row[name] for name in ("year", "group", "statistic", "split", *(() if whole else ("item",))))
            distributions[key][row["evidence"]].append(row)
    kept: list[Row] = []
    for of_kind in distributions.values():
        first, *weaker = sorted(of_kind, key=order.index)
        chosen = list(of_kind[first])
        known = {row[question.axis] for row in chosen}
        if SYNTHETIC in weaker and UNIT[chosen[0]["statistic"]] in ("%", "score") and question.kind != "ranking":
            chosen += [row for row in of_kind[SYNTHETIC] if not known & relatives.get(row[question.axis], set())]
        kept += chosen
    return kept


def _relatives(question: Question) -> dict[str, set[str]]:
    """Give for each entry of the tree itself, what it is a part of, and its own parts."""
    within = parts_of(question.tree)
    return {
        name: {other for other, parts in within.items() if name in parts or other in within[name]} for name in within
    }


def with_breaks(rows: Iterable[Row]) -> list[Row]:
    """Break each series where its base is another than in the year before: by rule, not by memory.

    Parameters
    ----------
    rows
        Rows of one question.

    Returns
    -------
    list of dict
        The flag `b` is added where the base changed.
    """
    rows = list(rows)
    base_of: dict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for row in rows:
        base_of[row["group"], row["split"]].setdefault(row["year"], row["base"])
    changed = {
        (*key, year)
        for key, bases in base_of.items()
        for before, year in pairwise(sorted(bases))
        if bases[before] != bases[year]
    }
    return [
        row | {"status": flags(row["status"], "b")} if (row["group"], row["split"], row["year"]) in changed else row
        for row in rows
    ]


def at_level(estimates: Iterable[Row], *, question: Question, level: Level) -> list[Row]:
    """Bring the shares of one question to options (or pick-n items) of one level.

    Parameters
    ----------
    estimates
        Rows of one question; those that are not shares pass unchanged.
    question
        Its codebook entry.
    level
        `common`: the finest options that all years, groups and items can be brought to. `offered`: for each
        year and group its own finest. `nets`: the widest. `all`: every option that is known or can be derived.
        The first three are partitions: a printed part whose siblings are not printed is left to `all`. Pick-n
        items are none, so that a wider item that every year prints stands beside its parts.

    Returns
    -------
    list of dict
        Derived rows carry the flag `e`.
    """
    axis, entries = question.axis, question.tree
    ways = ways_of(entries)
    roots = [entry.id for entry in entries if entry.parent is None]
    partitions, kept = _partitions(estimates, axis)
    overlapping = axis == "item"

    def brought_to(partitions: list[_Partition]) -> list[str]:
        known = [partition.cells for partition in partitions]
        fine = finest(roots, known, ways)
        printed = {option for option in known[0] if all(option in cells for cells in known)} if overlapping else set()
        return [entry.id for entry in entries if entry.id in fine or entry.id in printed]

    common = brought_to(partitions) if partitions else []
    for partition in partitions:
        if level == "common":
            wanted = common
        elif level == "offered":
            wanted = brought_to([partition])
        else:
            wanted = roots if level == "nets" else [entry.id for entry in entries]
        found = (_expressed(option, partition, ways, axis=axis) for option in wanted)
        kept.extend(row for row in found if row is not None)
    return kept


def without_dont_know(estimates: Iterable[Row], *, question: Question) -> list[Row]:
    """Rebase single-choice and grid shares to those who gave a substantive answer.

    The shares of what is not a missing kind are divided by their sum, so that they add up to 1 also where
    the printed table does not. The new base is smaller than n by a number that is not printed, so n is empty; of
    respondents it is known.

    Parameters
    ----------
    estimates
        Rows of one question.
    question
        Its codebook entry.
    """
    missing = {entry.id for entry in question.options if entry.missing}
    ways = ways_of(question.options)
    roots = [entry.id for entry in question.options if entry.parent is None and not entry.missing]
    partitions, result = _partitions(estimates, "option")
    for partition in partitions:
        cells = partition.cells
        if all("rebased" in row for row in cells.values()):
            both = (*cells.values(), *partition.unions.values())
            result.extend(
                row | row["rebased"] | {"base": EXCLUDED, "status": row["status"]} for row in both if row["rebased"]
            )
            continue
        if not missing & set(cells):
            result.extend(cells.values())
            continue
        tops = [_expressed(root, partition, ways, axis="option") for root in roots]
        total = sum(top["estimate"] for top in tops if top is not None) if all(tops) else 0.0
        for option, row in cells.items():
            if option not in missing and total:
                rebased = {"estimate": row["estimate"] / total, **_UNKNOWN, "base": EXCLUDED}
                result.append(row | rebased | {"status": flags(row["status"], "e")})
    return result


def ranks(estimates: pd.DataFrame) -> pd.DataFrame:
    """Rank the items of each question, year and group: 1 is the largest share or mean, or the smallest mean rank.

    Items that are tied share the smallest rank. Parts of a group, options and statistics are ranked apart.

    Parameters
    ----------
    estimates
        An estimates frame of shares or means.

    Returns
    -------
    pandas.DataFrame
        The same rows with statistic `rank`, the rank as estimate and the flag `e`; NaN where there is no estimate.

    Raises
    ------
    SurveyError
        If the frame has ranks already.

    Examples
    --------
    >>> from lnd_survey.estimates import frame
    >>> shares = frame({"year": 2000, "item": item, "statistic": "share", "estimate": share, "status": "r"}
    ...                for item, share in [("a", 0.2), ("b", 0.5), ("c", 0.2)])
    >>> ranks(shares)[["item", "estimate", "status"]].values.tolist()
    [['a', 2.0, 'er'], ['b', 1.0, 'er'], ['c', 2.0, 'er']]
    """
    if any(UNIT[statistic] == "rank" for statistic in estimates["statistic"]):
        raise SurveyError("These estimates are ranks already: choose a statistic that can be ranked, such as share.")
    ranked = estimates.copy()
    rising = estimates["statistic"] == "mean_rank"
    # Sums of shares differ in their last digits; what reads the same is the same.
    values = estimates["estimate"].round(10)
    splits = [name for name in estimates.columns if name not in COLUMNS]
    keys = [estimates[name] for name in (*splits, "year", "group", "question", "option", "statistic")]
    ranked["estimate"] = values.where(rising, -values).groupby(keys).rank(method="min").astype("float64")
    ranked[["low", "high"]] = float("nan")
    ranked["statistic"] = "rank"
    ranked["status"] = [flags(status, "e") for status in estimates["status"]]
    return ranked


def shared_items(estimates: pd.DataFrame) -> pd.DataFrame:
    """Keep the items that stand in every year, question and group of a frame.

    Examples
    --------
    >>> from lnd_survey.estimates import frame
    >>> shares = frame({"year": year, "item": item, "estimate": 0.5}
    ...                for year, item in [(2000, "a"), (2000, "b"), (2001, "b")])
    >>> shared_items(shares)["item"].tolist()
    ['b', 'b']
    """
    kept: set[str] | None = None
    found: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in rows(estimates):
        found[row["year"], row["question"], row["group"]].add(row["item"])
    for items in found.values():
        kept = items if kept is None else kept & items
    return estimates[estimates["item"].isin(sorted(kept or ()))].reset_index(drop=True)


def _partitions(estimates: Iterable[Row], axis: str) -> tuple[list[_Partition], list[Row]]:
    """Take the shares along an axis apart, one partition for all that differs otherwise; and all other rows."""
    partitions: dict[tuple[Any, ...], _Partition] = defaultdict(_Partition)
    others: list[Row] = []
    for row in estimates:
        if row["statistic"] == "share" and row[axis]:
            key = tuple(row[name] for name in ("year", "group", "item", "split") if name != axis)
            partition = partitions[key]
            (partition.unions if row.get("union") else partition.cells)[row[axis]] = row
        else:
            others.append(row)
    return list(partitions.values()), others


def _expressed(option: str, partition: _Partition, ways: Ways, *, axis: str) -> Row | None:
    for cells in (partition.cells, partition.unions):
        if option in cells:
            return cells[option]
    for way in ways.get(option, ()):
        found = [_expressed(part, partition, ways, axis=axis) for part in way]
        parts = [part for part in found if part is not None]
        if len(parts) == len(way):
            return _merged(option, parts, axis=axis)
    return None


def _strength(row: Row) -> int:
    return EVIDENCE.index(row["evidence"])


def _merged(option: str, parts: list[Row], *, axis: str) -> Row:
    n, n_effective = ({part.get(name) for part in parts} for name in ("n", "n_effective"))
    merged = parts[0] | {
        axis: option,
        **_UNKNOWN,
        "n": n.pop() if len(n) == 1 else None,
        "n_effective": n_effective.pop() if len(n_effective) == 1 else None,
        "union": False,
        # What was counted for one of the parts is not so of all.
        "se": None,
        "cells": None,
        "status": flags("e", *(part["status"] for part in parts)),
        "evidence": max(parts, key=_strength)["evidence"],
        "source": sources(parts),
    }
    if axis == "option":
        return merged | {"estimate": round(sum(part["estimate"] for part in parts), 12)}
    lows = [part["estimate"] if part.get("estimate") is not None else part["low"] for part in parts]
    highs = [part["estimate"] if part.get("estimate") is not None else part["high"] for part in parts]
    return merged | {"estimate": None, "low": max(lows), "high": min(round(sum(highs), 12), 1.0)}
