"""Trends of printed shares, in the worst case of their rounding."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.differences import NO_TEST, TINY
from lnd_survey.significance.printed import (
    BASE_UNKNOWN,
    INCOMPATIBLE,
    NO_CLEAR_DIFFERENCE,
    PrintedShare,
    verdict_of,
)
from lnd_survey.significance.trends import COCHRAN_ARMITAGE

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class PrintedTrend:
    """What printed shares of several years allow to say.

    Attributes
    ----------
    slope, slope_low, slope_high
        Change by year as printed, and the smallest and largest that rounds so, in shares.
    test
        `cochran_armitage` or `no_test`.
    p_min, p_max
        Bounds of the p value over all that rounds so; NaN without a test.
    verdict
        As of `PrintedDifference`.
    """

    slope: float
    slope_low: float
    slope_high: float
    test: str
    p_min: float
    p_max: float
    verdict: str


def printed_trend(
    years: npt.ArrayLike,
    shares: Sequence[PrintedShare],
    *,
    alpha: float = 0.05,
    weighted: bool = False,
    design_effect: float = 1.0,
) -> PrintedTrend:
    """Test printed shares of independent samples for a linear trend, in the worst case of the rounding.

    Parameters
    ----------
    years
        When; distances count.
    shares
        The printed share of each year.
    alpha
        Level of the test.
    weighted
        Whether they may have been weighted. Then any share that rounds to the print is possible, not only counts.
    design_effect
        By how much weighting makes bases smaller, where `weighted`.

    Returns
    -------
    PrintedTrend
        `base_unknown`, with NaN, if any year has no base; `no_clear_difference` without a test with fewer than two
        years, or where fewer than 5 may have given an answer in all years together.

    Notes
    -----
    Cochran–Armitage: the numerator Σ n(t − t̄)p lies within half a unit · Σ n|t − t̄| of what is printed; p_max takes
    its end nearest to 0 with the largest variance p̄(1 − p̄) that the rounding allows, p_min the farthest with the
    smallest. No combination of shares that rounds to the print can lie outside; not every bound need be met by one.

    Examples
    --------
    >>> found = printed_trend([2020, 2021, 2022], [PrintedShare(value, 300) for value in (30, 36, 45)])
    >>> round(found.slope, 3), round(found.p_max, 4), found.verdict
    (0.075, 0.0004, 'significant')
    """
    import numpy as np
    from scipy import stats

    when, nan = np.asarray(years, dtype="float64"), float("nan")
    if len(when) != len(shares):
        raise SurveyError(f"There are {len(when)} years and {len(shares)} shares.")
    if len(set(when.tolist())) < 2:
        return PrintedTrend(nan, nan, nan, NO_TEST, nan, nan, NO_CLEAR_DIFFERENCE)
    bases = [share.n for share in shares if share.n is not None]
    if len(bases) < len(shares):
        return PrintedTrend(nan, nan, nan, NO_TEST, nan, nan, BASE_UNKNOWN)
    base = np.array(bases, dtype="float64") / (design_effect if weighted else 1)
    low, high = np.array([share.bounds for share in shares]).T
    middle = np.array([share.percent for share in shares]) / 100
    whole = base.sum()
    when = when - when[0]
    pull = base * (when - base @ when / whole)
    spread = float(pull @ when)
    numerator = float(pull @ middle)
    least = float(np.where(pull > 0, low, high) @ pull)
    most = float(np.where(pull > 0, high, low) @ pull)
    slopes = numerator / spread, least / spread, most / spread
    if not weighted and any(share.counts is None for share in shares):
        return PrintedTrend(*slopes, NO_TEST, nan, nan, INCOMPATIBLE)
    pooled = float(base @ low / whole), float(base @ high / whole)
    if whole * min(pooled[0], 1 - pooled[1]) < TINY:
        return PrintedTrend(*slopes, NO_TEST, nan, nan, NO_CLEAR_DIFFERENCE)
    variances = [share * (1 - share) * spread for share in pooled]
    largest = 0.25 * spread if pooled[0] <= 0.5 <= pooled[1] else max(variances)
    nearest = 0.0 if least <= 0 <= most else min(abs(least), abs(most))
    farthest = max(abs(least), abs(most))
    smallest = min(variances)
    p_max = float(2 * stats.norm.sf(nearest / math.sqrt(largest)))
    p_min = float(2 * stats.norm.sf(farthest / math.sqrt(smallest))) if smallest > 0 else 0.0
    return PrintedTrend(*slopes, COCHRAN_ARMITAGE, p_min, p_max, verdict_of(p_min, p_max, alpha))
