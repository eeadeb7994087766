"""Where a number lies: the 95 % interval of every share that has a base, computed or printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lnd_survey import intervals

Row = dict[str, Any]
_SHARES = ("share", "share_first")


def with_intervals(rows: Iterable[Row]) -> list[Row]:
    """Give shares their intervals, as far as they can be known.

    A share of respondents has Wilson's interval on its effective base, with the quantile of Student's t (Wilson 1927;
    Franco, Little, Louis & Slud 2019). A printed share of a known base has the interval of all counts that are printed
    like it; one that is printed in words, or was added up or rebased from printed ones, has none.

    Parameters
    ----------
    rows
        Rows of the estimates grammar; printed ones with the key `decimals`.

    Returns
    -------
    list of dict
        With `low` and `high`, where they were not known.
    """
    rows = list(rows)
    shares = [row for row in rows if row["statistic"] in _SHARES and row.get("estimate") is not None and row.get("n")]
    counted = [row for row in shares if "r" not in row["status"]]
    printed = [row for row in shares if "r" in row["status"] and "e" not in row["status"]]
    printed = [row for row in printed if row.get("decimals") is not None]
    found: dict[int, tuple[float, float]] = {}
    if counted:
        n = [row["n"] for row in counted]
        ends = intervals.wilson(
            [row["estimate"] for row in counted], [row["n_effective"] for row in counted], df=[base - 1 for base in n]
        )
        found |= {id(row): pair for row, pair in zip(counted, zip(*ends, strict=True), strict=True)}
    if printed:
        low, high, _ = intervals.printed_share(
            [row["estimate"] * 100 for row in printed],
            [row["n"] for row in printed],
            decimals=[row["decimals"] for row in printed],
        )
        found |= {id(row): pair for row, pair in zip(printed, zip(low, high, strict=True), strict=True)}
    return [
        row | dict(zip(("low", "high"), map(float, found[id(row)]), strict=True)) if id(row) in found else row
        for row in rows
    ]
