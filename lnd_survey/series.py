"""Years side by side: which evidence wins, which options all years can be brought to, which base.

The options of a question form a tree; a wave offers a partition of it. `common_options` brings several
partitions to the finest one that all of them can be merged to. Merged single-choice shares add up; for
merged pick-n items only bounds exist, since a respondent may have ticked several of them:
`[max p, min(sum p, 1)]` (the Fréchet bounds of a union; Fréchet 1935).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from lnd_survey.codebook import Question, children
from lnd_survey.errors import unknown
from lnd_survey.estimates import EVIDENCE, flags, rows, sources

if TYPE_CHECKING:
    import pandas as pd

Level = Literal["common", "offered", "nets", "all"]
LEVELS = ("common", "offered", "nets", "all")
EXCLUDED = "dont_know_excluded"

Row = dict[str, Any]
Cells = dict[str, Row]


def precedence(evidence: str) -> tuple[str, ...]:
    """Say which kinds of evidence are used, strongest first.

    Parameters
    ----------
    evidence
        `best` (survey before published before synthetic) or one kind alone.

    Raises
    ------
    UnknownNameError
        If there is no such evidence.

    Examples
    --------
    >>> precedence("best"), precedence("published")
    (('survey', 'published', 'synthetic'), ('published',))
    """
    if evidence == "best":
        return EVIDENCE
    if evidence not in EVIDENCE:
        raise unknown("evidence", evidence, ("best", *EVIDENCE))
    return (evidence,)


def strongest(candidates: Iterable[Row], *, evidence: str) -> list[Row]:
    """Keep for each cell the row of the strongest evidence that is wanted.

    Parameters
    ----------
    candidates
        Rows of the estimates grammar.
    evidence
        See `precedence`.
    """
    order = precedence(evidence)
    best: dict[tuple[Any, ...], Row] = {}
    for row in candidates:
        if row["evidence"] not in order:
            continue
        key = tuple(row[name] for name in ("year", "group", "question", "item", "option", "statistic", "split"))
        if key not in best or order.index(row["evidence"]) < order.index(best[key]["evidence"]):
            best[key] = row
    return list(best.values())


def at_level(estimates: Iterable[Row], *, question: Question, level: Level) -> list[Row]:
    """Bring the shares of one question to options (or pick-n items) of one level.

    Parameters
    ----------
    estimates
        Rows of one question; those that are not shares pass unchanged.
    question
        Its codebook entry.
    level
        `common`: the finest options that all years and groups can be brought to. `offered`: for each year
        and group its own finest. `nets`: the widest. `all`: every option that is known or can be derived.

    Returns
    -------
    list of dict
        Derived rows carry the flag `e`.
    """
    axis = "item" if question.kind == "multi" else "option"
    entries = question.items if axis == "item" else question.options
    ways = children(entries)
    roots = [entry.id for entry in entries if entry.parent is None]
    series: dict[tuple[Any, ...], Cells] = defaultdict(dict)
    kept: list[Row] = []
    for row in estimates:
        if row["statistic"] == "share" and row[axis]:
            key = tuple(row[name] for name in ("year", "group", "item", "split") if name != axis)
            series[key][row[axis]] = row
        else:
            kept.append(row)
    partitions = list(series.values())
    common = [option for root in roots for option in _finest(root, partitions, ways)]
    for cells in partitions:
        if level == "common":
            wanted = common
        elif level == "offered":
            wanted = [option for root in roots for option in _finest(root, [cells], ways)]
        else:
            wanted = roots if level == "nets" else [entry.id for entry in entries]
        found = (_expressed(option, cells, ways, axis=axis) for option in wanted)
        kept.extend(row for row in found if row is not None)
    return kept


def without_dont_know(estimates: Iterable[Row], *, question: Question) -> list[Row]:
    """Rebase single-choice and grid shares to those who gave a substantive answer.

    The shares of what is not a missing kind are divided by their sum, so that they add up to 1 also where
    the printed table does not. The new base is smaller than n by a number that is not printed, so n is empty.

    Parameters
    ----------
    estimates
        Rows of one question.
    question
        Its codebook entry.
    """
    missing = {entry.id for entry in question.options if entry.missing}
    ways = children(question.options)
    roots = [entry.id for entry in question.options if entry.parent is None and not entry.missing]
    series: dict[tuple[Any, ...], Cells] = defaultdict(dict)
    result: list[Row] = []
    for row in estimates:
        if row["statistic"] == "share" and row["option"]:
            series[row["year"], row["group"], row["item"], row["split"]][row["option"]] = row
        else:
            result.append(row)
    for cells in series.values():
        if not missing & set(cells):
            result.extend(cells.values())
            continue
        tops = [_expressed(root, cells, ways, axis="option") for root in roots]
        if any(top is None for top in tops):
            continue
        total = sum(top["estimate"] for top in tops if top is not None)
        for option, row in cells.items():
            if option in missing or not total:
                continue
            share = row["estimate"] / total
            result.append(row | {"estimate": share, "n": None, "base": EXCLUDED, "status": flags(row["status"], "e")})
    return result


def ranks(estimates: pd.DataFrame) -> pd.DataFrame:
    """Rank the items of each question, year and group: 1 is the largest share or mean, or the smallest mean rank.

    Items that are tied share the smallest rank.

    Parameters
    ----------
    estimates
        An estimates frame with one statistic.

    Returns
    -------
    pandas.DataFrame
        The same rows with statistic `rank`, the rank as estimate and the flag `e`.

    Examples
    --------
    >>> from lnd_survey.estimates import frame
    >>> shares = frame({"year": 2000, "item": item, "statistic": "share", "estimate": share, "status": "r"}
    ...                for item, share in [("a", 0.2), ("b", 0.5), ("c", 0.2)])
    >>> ranks(shares)[["item", "estimate", "status"]].values.tolist()
    [['a', 2.0, 'er'], ['b', 1.0, 'er'], ['c', 2.0, 'er']]
    """
    ranked = estimates.copy()
    rising = estimates["statistic"] == "mean_rank"
    values = estimates["estimate"].where(rising, -estimates["estimate"])
    keys = [estimates[name] for name in ("year", "group", "question")]
    ranked["estimate"] = values.groupby(keys).rank(method="min").astype("float64")
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


def _finest(option: str, partitions: list[Cells], ways: Mapping[str, list[tuple[str, ...]]]) -> list[str]:
    concerned = [cells for cells in partitions if _can(option, cells, ways)]
    for way in ways.get(option, []):
        # Where no one knows the whole, what is printed of its parts still counts.
        if all(_can(part, cells, ways) for part in way for cells in concerned):
            return [finer for part in way for finer in _finest(part, concerned or partitions, ways)]
    return [option]


def _can(option: str, cells: Cells, ways: Mapping[str, list[tuple[str, ...]]]) -> bool:
    return option in cells or any(all(_can(part, cells, ways) for part in way) for way in ways.get(option, []))


def _expressed(option: str, cells: Cells, ways: Mapping[str, list[tuple[str, ...]]], *, axis: str) -> Row | None:
    if option in cells:
        return cells[option]
    for way in ways.get(option, []):
        found = [_expressed(part, cells, ways, axis=axis) for part in way]
        parts = [part for part in found if part is not None]
        if len(parts) == len(way):
            return _merged(option, parts, axis=axis)
    return None


def _merged(option: str, parts: list[Row], *, axis: str) -> Row:
    n = {part.get("n") for part in parts}
    merged = parts[0] | {
        axis: option,
        "n": n.pop() if len(n) == 1 else None,
        "low": None,
        "high": None,
        "status": flags("e", *(part["status"] for part in parts)),
        "source": sources(parts),
    }
    if axis == "option":
        return merged | {"estimate": sum(part["estimate"] for part in parts)}
    lows = [part["estimate"] if part.get("estimate") is not None else part["low"] for part in parts]
    highs = [part["estimate"] if part.get("estimate") is not None else part["high"] for part in parts]
    return merged | {"estimate": None, "low": max(lows), "high": min(sum(highs), 1.0)}
