"""The one grammar of all numbers: a tidy frame with one row per estimate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "year",
    "group",
    "question",
    "item",
    "option",
    "statistic",
    "estimate",
    "low",
    "high",
    "n",
    "n_effective",
    "base",
    "status",
    "evidence",
    "source",
)
"""The columns of an estimates frame, always and only these; the columns of a split stand in front."""

MEANING = MappingProxyType(
    {
        "year": "Year of the survey.",
        "group": "Id of the group that was asked, as in the codebook.",
        "question": "Id of the question, as in the codebook.",
        "item": "Id of the item of a question with several items; empty where the question has none.",
        "option": "Id of the answer; empty where the number is not about one answer.",
        "statistic": "What the number is, which also gives its unit.",
        "estimate": "The number itself; shares and differences of shares as 0 to 1. Empty: not known or suppressed.",
        "low": "Lower end of the 95 % interval, or the lowest value there can be; empty where there is none.",
        "high": "Upper end of the 95 % interval, or the highest value there can be; empty where there is none.",
        "n": "How many respondents the number is of; empty where that is not printed.",
        "n_effective": "How many respondents the number is worth after weighting; the same as n without weights.",
        "base": "Who could answer: id of the base, as in the codebook.",
        "status": "Flags, one letter each, in alphabetical order.",
        "evidence": "What kind of evidence the number is.",
        "source": "Where the number stands: document and place, or file; several are separated by a semicolon.",
    }
)
"""What each column holds."""

NUMBERS = ("estimate", "low", "high", "n", "n_effective")

CELL = ("year", "group", "question", "item", "option", "statistic")
"""The columns that say which number a row is."""

UNIT = MappingProxyType(
    {
        "share": "%",
        "share_first": "%",
        "mean_share": "%",
        "difference": "%",
        "mean": "score",
        "mean_rank": "score",
        "rank": "rank",
        "rank_first": "rank",
        "count": "count",
        "amount": "billion_usd",
    }
)
"""The statistics there are and the unit each is printed in; what is printed in % is kept as 0–1."""

FLAGS = MappingProxyType(
    {
        "b": "break in series",
        "d": "definition differs",
        "e": "derived",
        "p": "provisional",
        "u": "low reliability",
        "r": "rounded source",
        "c": "suppressed",
        "s": "synthetic",
        "w": "weighted",
    }
)
"""The status flags, as statistical offices use them."""

EVIDENCE = ("survey", "published", "synthetic")
"""The kinds of evidence, strongest first."""

Row = Mapping[str, Any]


def frame(rows: Iterable[Row], *, splits: Iterable[str] = ()) -> pd.DataFrame:
    """Make an estimates frame of rows.

    Parameters
    ----------
    rows
        Mappings from column to value; text that is not given is "", a number that is not given is NaN.
    splits
        Names of split columns, which stand in front.

    Returns
    -------
    pandas.DataFrame
        With exactly the columns of the grammar, also when there is no row.

    Examples
    --------
    >>> frame([{"year": 2000, "option": "a", "estimate": 0.25}])[["option", "estimate", "n"]].values.tolist()
    [['a', 0.25, nan]]
    """
    import pandas as pd

    rows = list(rows)
    columns: dict[str, Any] = {}
    for name in (*splits, *COLUMNS):
        if name == "year":
            columns[name] = pd.array([int(row[name]) for row in rows], dtype="int64")
        elif name in NUMBERS:
            values = (row.get(name) for row in rows)
            columns[name] = pd.array([float("nan") if value is None else value for value in values], dtype="float64")
        else:
            columns[name] = pd.array([row.get(name, "") for row in rows], dtype="str")
    return pd.DataFrame(columns)


def rows(estimates: pd.DataFrame) -> list[dict[str, Any]]:
    """Take an estimates frame apart into rows."""
    names = list(estimates.columns)
    return [
        dict(zip(names, values, strict=True))
        for values in zip(*(estimates[name].tolist() for name in names), strict=True)
    ]


def flags(*statuses: str) -> str:
    """Join status flags: each once, in alphabetical order.

    Examples
    --------
    >>> flags("r", "er", "")
    'er'
    """
    return "".join(sorted(set("".join(statuses))))


def sources(rows: Iterable[Row]) -> str:
    """Join the sources of several rows, each once.

    Examples
    --------
    >>> sources([{"source": "paper: figure 1"}, {"source": "paper: figure 1"}, {"source": "paper: text"}])
    'paper: figure 1; paper: text'
    """
    return "; ".join(dict.fromkeys(part for row in rows for part in row["source"].split("; ")))
