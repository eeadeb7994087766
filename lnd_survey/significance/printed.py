"""Printed shares: what can be said although they were rounded, and where no base was printed.

A difference is called significant only if it is so whatever the unrounded shares were.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.differences import (
    FISHER,
    NO_TEST,
    SCORE,
    TINY,
    cohens_h,
    score_statistic,
    smallest_expected,
)
from lnd_survey.significance.exact import fisher_p, score_exact_p

if TYPE_CHECKING:
    import numpy as np

SIGNIFICANT, UNDECIDED, NO_CLEAR_DIFFERENCE = "significant", "undecided", "no_clear_difference"
BASE_UNKNOWN, INCOMPATIBLE = "base_unknown", "incompatible"

SCORE_EXACT = "score_exact"

EXACT_UP_TO = 250_000
"""Product of the bases up to which the score test has its exact level: 500 and 500."""

PAIRS = 1 << 16
"""Pairs of counts up to which every one is tested; beyond, only the nearest and the farthest."""


@dataclass(frozen=True)
class PrintedShare:
    """A share as it was printed.

    Parameters
    ----------
    percent
        As printed: 60 for 60 %.
    n
        Its base; None where it is not known.
    decimals
        As printed.

    Examples
    --------
    >>> PrintedShare(60, 235).counts
    (140, 142)
    >>> PrintedShare(33, 10).counts is None
    True
    """

    percent: float
    n: int | None
    decimals: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise SurveyError(f"{self.percent} is not a printed share from 0 to 100.")
        if self.n is not None and self.n < 1:
            raise SurveyError(f"A printed share cannot have the base {self.n}; without a base it is None.")
        if not math.isclose(self.percent * 10**self.decimals, self._units, abs_tol=1e-6):
            raise SurveyError(f"{self.percent} has more than {self.decimals} decimals.")

    @property
    def _units(self) -> int:
        """The printed number in units of its last digit."""
        return round(self.percent * 10**self.decimals)

    @property
    def counts(self) -> tuple[int, int] | None:
        """Smallest and largest count that rounds to the print, halves either way; None where none does."""
        if self.n is None:
            return None
        # Whole numbers throughout: whether a half rounds to the print must not hang on the last bit.
        per_unit = 200 * 10**self.decimals
        low = -(-(2 * self._units - 1) * self.n // per_unit)
        high = (2 * self._units + 1) * self.n // per_unit
        low, high = max(low, 0), min(high, self.n)
        return (low, high) if low <= high else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Smallest and largest share that rounds to the print."""
        per_unit = 200 * 10**self.decimals
        return max((2 * self._units - 1) / per_unit, 0.0), min((2 * self._units + 1) / per_unit, 1.0)


@dataclass(frozen=True)
class PrintedDifference:
    """What two printed shares allow to say.

    Attributes
    ----------
    difference
        First minus second as printed, as a share: 0.1 is ten points.
    low, high
        Smallest and largest difference that rounds so.
    test
        `score_exact`; with large bases, or shares that may be weighted, `score`, or `fisher` if any of the counts needs
        it; `no_test`.
    p_min, p_max
        Smallest and largest p value over all that rounds so; NaN without a test.
    verdict
        `significant` if p_max is below the level, `undecided` if only p_min is, `no_clear_difference`; `base_unknown`,
        or `incompatible` where no count of that base rounds to the print.
    effect
        Cohen's h of the printed shares.
    base_needed
        Smallest base of each group from which the difference would be significant; None if none would do.
    """

    difference: float
    low: float
    high: float
    test: str
    p_min: float
    p_max: float
    verdict: str
    effect: float
    base_needed: int | None


def printed_difference(
    first: PrintedShare,
    second: PrintedShare,
    *,
    alpha: float = 0.05,
    weighted: bool = False,
    design_effect: float = 1.0,
) -> PrintedDifference:
    """Test two printed shares of independent groups over everything that rounds to them.

    Parameters
    ----------
    first, second
        The printed shares.
    alpha
        Level of the test.
    weighted
        Whether they may have been weighted. Then any share that rounds to the print is possible, not only counts.
    design_effect
        By how much weighting makes bases smaller, where `weighted`.

    Returns
    -------
    PrintedDifference

    Notes
    -----
    The test is the score test, as a printed share has no standard error of its own, in its exact form: of groups with
    the same share, however large and rounded, no more than `alpha` are called significantly different. Where the
    product of the bases is above 250,000, it is chi-square without correction, and Fisher's where fewer than 5 are
    expected in a cell. Every pair of counts is tested; if there are too many, the nearest and the farthest, where the
    score has its extremes.

    Examples
    --------
    >>> found = printed_difference(PrintedShare(60, 300), PrintedShare(50, 200))
    >>> round(found.p_min, 4), round(found.p_max, 4), found.verdict
    (0.017, 0.0437, 'significant')
    >>> printed_difference(PrintedShare(60, 200), PrintedShare(50, 200)).verdict
    'undecided'
    >>> printed_difference(PrintedShare(60, None), PrintedShare(50, None)).base_needed
    235
    """
    (low1, high1), (low0, high0) = first.bounds, second.bounds
    nan = float("nan")
    test, p_min, p_max, verdict = NO_TEST, nan, nan, BASE_UNKNOWN
    if first.n is not None and second.n is not None:
        counts1, counts0 = first.counts, second.counts
        if weighted:
            box = (low1, high1, low0, high0)
            test, p_min, p_max = _over_shares(box, first.n / design_effect, second.n / design_effect)
        elif counts1 is None or counts0 is None:
            verdict = INCOMPATIBLE
        else:
            low1, high1, low0, high0 = (
                count / n for counts, n in ((counts1, first.n), (counts0, second.n)) for count in counts
            )
            test, p_min, p_max = _over_counts(counts1, first.n, counts0, second.n)
        if test != NO_TEST:
            verdict = verdict_of(p_min, p_max, alpha)
    return PrintedDifference(
        difference=(first.percent - second.percent) / 100,
        low=low1 - high0,
        high=high1 - low0,
        test=test,
        p_min=p_min,
        p_max=p_max,
        verdict=verdict,
        effect=float(cohens_h(first.percent / 100, second.percent / 100)),
        base_needed=base_needed(first, second, alpha=alpha),
    )


def verdict_of(p_min: float, p_max: float, alpha: float) -> str:
    """Say what the smallest and the largest p value that rounding allows come to.

    Examples
    --------
    >>> verdict_of(0.01, 0.06, 0.05)
    'undecided'
    """
    if p_max < alpha:
        return SIGNIFICANT
    return UNDECIDED if p_min < alpha else NO_CLEAR_DIFFERENCE


def _over_counts(
    first: tuple[int, int], n_first: int, second: tuple[int, int], n_second: int
) -> tuple[str, float, float]:
    import numpy as np

    if (first[1] - first[0] + 1) * (second[1] - second[0] + 1) > PAIRS:
        box = (first[0] / n_first, first[1] / n_first, second[0] / n_second, second[1] / n_second)
        _, p_min, p_max = _over_shares(box, n_first, n_second)
        corners = smallest_expected([box[0], box[1]], [box[2], box[3]], n_first, n_second)
        # Where exact tests would be needed that are too many, nothing is called significant.
        return SCORE, p_min, p_max if corners.min() >= TINY else 1.0
    x, y = np.meshgrid(
        np.arange(first[0], first[1] + 1, dtype="float64"), np.arange(second[0], second[1] + 1, dtype="float64")
    )
    p, exact = _p_of_counts(x.ravel(), n_first, y.ravel(), n_second)
    test = SCORE_EXACT if n_first * n_second <= EXACT_UP_TO else FISHER if exact.any() else SCORE
    return test, float(p.min()), float(p.max())


def _p_of_counts(x: np.ndarray, n: int, y: np.ndarray, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Test pairs of counts: p values, and which of them are Fisher's."""
    import numpy as np
    from scipy import stats

    if n * m <= EXACT_UP_TO:
        return score_exact_p(x, n, y, m), np.zeros(x.shape, dtype="bool")
    p = np.asarray(2 * stats.norm.sf(np.abs(score_statistic(x / n, y / m, n, m))))
    exact = smallest_expected(x / n, y / m, n, m) < TINY - 1e-9
    if exact.any():
        p[exact] = fisher_p(x[exact], n, y[exact], m)
    return p, exact


def _over_shares(box: tuple[float, float, float, float], n_first: float, n_second: float) -> tuple[str, float, float]:
    """Score test at the nearest and at the farthest pair of shares of a box."""
    import numpy as np
    from scipy import stats

    low1, high1, low0, high0 = box
    far = score_statistic(np.array([low1, high1]), np.array([high0, low0]), n_first, n_second)
    near = 0.0 if low1 <= high0 and low0 <= high1 else float(np.abs(far).min())
    return SCORE, float(2 * stats.norm.sf(np.abs(far).max())), float(2 * stats.norm.sf(near))


def base_needed(first: PrintedShare, second: PrintedShare, *, alpha: float = 0.05) -> int | None:
    """From which base of each group on two printed shares would differ significantly, were it the same for both.

    Parameters
    ----------
    first, second
        The printed shares; their bases are not looked at.
    alpha
        Level of the test.

    Returns
    -------
    int or None
        None where both may be the same share, so that no base would do.

    Notes
    -----
    The score test for two shares of independent groups (normal, without correction) of the nearest two shares that
    round to the print: n = z² · 2p̄(1 − p̄) / (gap − one unit of the last digit)², rounded up; and at least 5 expected
    in every cell, as the test needs.

    Examples
    --------
    >>> base_needed(PrintedShare(60, None), PrintedShare(50, None))
    235
    >>> base_needed(PrintedShare(51, None), PrintedShare(50, None)) is None
    True
    """
    from scipy import stats

    upper, lower = sorted((first, second), key=lambda share: share.percent, reverse=True)
    near, far = upper.bounds[0], lower.bounds[1]
    if near <= far + 1e-12:
        return None
    pooled = (near + far) / 2
    needed = float(stats.norm.ppf(1 - alpha / 2)) ** 2 * 2 * pooled * (1 - pooled) / (near - far) ** 2
    return math.ceil(max(needed, TINY / min(pooled, 1 - pooled)) - 1e-9)
