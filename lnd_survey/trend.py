"""Years against years: each against the one before, and the straight line through those since the last break."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lnd_survey.codebook import Question
from lnd_survey.compare import (
    ALPHA,
    COLUMNS,
    difference_between,
    evidence_of,
    is_counted,
    judged,
    printed_share,
    refused,
    together,
)
from lnd_survey.significance import cochran_armitage, printed_trend, weighted_slope
from lnd_survey.significance.differences import NO_TEST

if TYPE_CHECKING:
    import pandas as pd

TREND = "trend"
"""The statistic of a row about all years: its difference is the change by year."""

_COMPARED = ("share", "mean", "mean_rank")

Row = dict[str, Any]


def trend_rows(estimates: Iterable[Row], *, question: Question, correction: str, alpha: float = ALPHA) -> list[Row]:
    """Compare the years of a question: each with the year before, and all since the last break for a trend.

    Parameters
    ----------
    estimates
        Rows of the estimates grammar of one question, brought to the options that all years have in common.
    question
        Its codebook entry.
    correction
        `benjamini_hochberg` or `holm`, over all rows of a group.
    alpha
        Below which corrected p value a difference is clear.

    Returns
    -------
    list of dict
        `group` and the columns of a comparison: `first` is the year, `second` the one before; of a row with the
        statistic `trend` they are the last and the first year, and the difference is the change by year.
    """
    series: dict[tuple[str, str, str, str], list[Row]] = defaultdict(list)
    for row in estimates:
        if row["statistic"] in _COMPARED:
            series[row["group"], row["item"], row["option"], row["statistic"]].append(row)
    of_group: dict[str, list[Row]] = defaultdict(list)
    for (group, *_), rows in series.items():
        years = sorted(rows, key=lambda row: row["year"])
        of_group[group] += [_step(before, after, alpha) for before, after in pairwise(years)]
        since = max((place for place, row in enumerate(years) if "b" in row["status"]), default=0)
        of_group[group] += [_line(years[since:], question, alpha)] if len(years) - since > 2 else []
    return [
        row | {"group": group, "question": question.id}
        for group, rows in of_group.items()
        for row in judged(rows, family=f"{question.id} {group}", correction=correction, alpha=alpha)
    ]


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Make a frame of the rows of a trend."""
    import pandas as pd

    return pd.DataFrame([{"detail": ""} | row for row in rows], columns=["group", *COLUMNS])


def _common(first: Row, second: Row) -> Row:
    return {
        **{name: first[name] for name in ("year", "item", "option", "statistic")},
        "first": str(first["year"]),
        "second": str(second["year"]),
        "estimate_first": first["estimate"],
        "estimate_second": second["estimate"],
        "n_first": first.get("n"),
        "n_second": second.get("n"),
        "evidence": evidence_of(first, second),
        "comparability": "",
    }


def _step(before: Row, after: Row, alpha: float) -> Row:
    found = difference_between(after, before, None, alpha=alpha)
    if "b" in after["status"]:
        found = refused({"difference": found["difference"]}, "series_breaks", detail=str(after["year"]))
    return _common(after, before) | found


def _counted(rows: Sequence[Row], years: Sequence[int], question: Question) -> Row:
    """Fit a line to answers of respondents: as counts where they are unweighted shares, else by weights and values."""
    if rows[0]["statistic"] == "share" and not any("w" in row["status"] for row in rows):
        counts = [row["cells"][0, 1] for row in rows]
        line = cochran_armitage(years, counts, [row["n"] for row in rows])
    else:
        values = (0, 1) if rows[0]["statistic"] == "share" else tuple(question.numbers)
        line = weighted_slope(years, together([row["cells"] for row in rows]), values=values)
    numbers = {"difference": line.slope, "low": line.low, "high": line.high, "effect": None}
    if line.test == NO_TEST:
        return refused(numbers, "too_few")
    return numbers | {"test": line.test, "p": line.p, "p_least": line.p, "reason": ""}


def _line(rows: Sequence[Row], question: Question, alpha: float) -> Row:
    """Test the numbers of several years for a linear trend."""
    common = _common(rows[-1], rows[0]) | {"statistic": TREND}
    years = [row["year"] for row in rows]
    if all(map(is_counted, rows)):
        return common | _counted(rows, years, question)
    if any(row["statistic"] != "share" or row["estimate"] is None for row in rows):
        return common | refused({"difference": None}, "no_trend_of_means")
    unknown = [str(row["year"]) for row in rows if not row.get("n")]
    if unknown:
        return common | refused({"difference": None}, "base_unknown", detail=", ".join(unknown))
    if any(is_counted(row) or row.get("decimals") is None for row in rows):
        return common | refused({"difference": None}, "counted_and_printed")
    printed = printed_trend(years, [printed_share(row) for row in rows], alpha=alpha)
    numbers = {"difference": printed.slope, "low": printed.slope_low, "high": printed.slope_high, "effect": None}
    return common | numbers | {"test": printed.test, "p": printed.p_max, "p_least": printed.p_min, "reason": ""}
