"""Intervals of shares, means and differences, and of shares that are only known as printed.

All work on arrays of any shape that go together. An interval is a pair of arrays `low, high`; both are NaN where
nothing is known. Shares are between 0 and 1, and an interval of a share never leaves that range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lnd_survey.errors import SurveyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

LEVEL = 0.95
"""How often an interval should hold the truth."""


class Interval(NamedTuple):
    """Where a number lies, with the confidence that was asked for."""

    low: np.ndarray
    high: np.ndarray


class PrintedInterval(NamedTuple):
    """Where a share lies that is only known as printed.

    Attributes
    ----------
    low, high
        The interval; NaN where the base is not known or no count agrees with the print.
    compatible
        Whether a count agrees with the print; true where the base is not known, and for what may be weighted. False:
        the share is weighted, or the base is another; to be reported.
    """

    low: np.ndarray
    high: np.ndarray
    compatible: np.ndarray


def quantile(df: ArrayLike | None = None, *, level: float = LEVEL) -> np.ndarray:
    """Give the two-sided quantile of Student's t, or of the normal distribution where there are no degrees of freedom.

    Examples
    --------
    >>> quantile().round(4).item(), quantile([303, 1, 0]).round(3).tolist()
    (1.96, [1.968, 12.706, inf])
    """
    import numpy as np
    from scipy import special

    if not 0 < level < 1:
        raise SurveyError(f"The level of an interval is {level}, and must lie between 0 and 1, such as {LEVEL}.")
    at = (1 + level) / 2
    if df is None:
        return np.asarray(special.ndtri(at))
    df = np.asarray(df, dtype="float64")
    return np.where(df > 0, special.stdtrit(np.where(df > 0, df, 1.0), at), np.inf)


def wilson(
    estimate: ArrayLike, n_effective: ArrayLike, *, df: ArrayLike | None = None, level: float = LEVEL
) -> Interval:
    """Give Wilson's score interval of a share.

    Parameters
    ----------
    estimate
        The share.
    n_effective
        Its base: n, or an effective base.
    df
        Degrees of freedom (n − 1) for a t quantile, as for estimates of samples (Franco, Little, Louis and Slud 2019);
        default a normal quantile (Wilson 1927). With none left, n being 1, the share can be anything.
    level
        Confidence.

    Returns
    -------
    Interval
        NaN where the base is 0.

    Examples
    --------
    >>> low, high = wilson([0.5, 1.0, 0.0], [100, 2, 0])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.404, 0.342, nan], [0.596, 1.0, nan])
    """
    import numpy as np

    p, n = _share(estimate, n_effective)
    square = quantile(df, level=level) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        middle, around = 2 * n * p + square, np.sqrt(square * (square + 4 * n * p * (1 - p)))
        whole = 2 * (n + square)
        low, high = (middle - around) / whole, (middle + around) / whole
    anything = np.isinf(square) & ~np.isnan(p + n)
    low, high = np.where(anything, 0.0, low), np.where(anything, 1.0, high)
    # At 0 and 1 only rounding errors are left.
    return _clipped(np.where(p == 0, 0.0, low), np.where(p == 1, 1.0, high), n)


def xlogit(
    estimate: ArrayLike, n_effective: ArrayLike, *, df: ArrayLike | None = None, level: float = LEVEL
) -> Interval:
    """Give the interval of a share that is symmetric on the scale of log odds (`xlogit` of R's `survey`).

    Parameters and result are those of `wilson`; the base should be the linearised one, p(1 − p)/se². At 0 and 1, where
    there are no log odds, it is Korn and Graubard's.

    Examples
    --------
    >>> low, high = xlogit([0.5, 0.0], [100, 100])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.403, 0.0], [0.597, 0.036])
    """
    import numpy as np
    from scipy import special

    p, n = _share(estimate, n_effective)
    inside = (p > 0) & (p < 1)
    at = np.where(inside, p, 0.5)
    with np.errstate(divide="ignore", invalid="ignore"):
        around = quantile(df, level=level) / np.sqrt(n * at * (1 - at))
        low, high = special.expit(special.logit(at) - around), special.expit(special.logit(at) + around)
    outer = korn_graubard(p, n, level=level)
    return _clipped(np.where(inside, low, outer.low), np.where(inside, high, outer.high), n)


def korn_graubard(estimate: ArrayLike, n_effective: ArrayLike, *, level: float = LEVEL) -> Interval:
    """Give Korn and Graubard's (1998) interval of a share: Clopper and Pearson's (1934) on an effective base.

    With n as the base it is the exact interval of Clopper and Pearson. Degrees of freedom are those of independent
    respondents, so that the base needs no factor for them.

    Parameters
    ----------
    estimate, n_effective, level
        As for `wilson`.

    Returns
    -------
    Interval

    Examples
    --------
    >>> low, high = korn_graubard([0.5, 0.0, 1.0], [10, 10, 1])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.187, 0.0, 0.025], [0.813, 0.308, 1.0])
    """
    import numpy as np
    from scipy import special

    p, n = _share(estimate, n_effective)
    tail = (1 - level) / 2
    events, others = n * p, n * (1 - p)
    some, rest = np.where(events > 0, events, 1.0), np.where(others > 0, others, 1.0)
    low = np.where(events > 0, special.betaincinv(some, others + 1, tail), 0.0)
    high = np.where(others > 0, special.betainccinv(events + 1, rest, tail), 1.0)
    return _clipped(np.where(np.isnan(events), np.nan, low), np.where(np.isnan(others), np.nan, high), n)


def mean(estimate: ArrayLike, se: ArrayLike, *, df: ArrayLike, level: float = LEVEL) -> Interval:
    """Give the t interval of a mean.

    Parameters
    ----------
    estimate, se
        The mean and its standard error.
    df
        Degrees of freedom, n − 1.
    level
        Confidence.

    Returns
    -------
    Interval
        NaN where there is one answer or none: it says nothing of how answers vary. Where all answers are the same
        there is no width, however few they are: look at n.

    Examples
    --------
    >>> low, high = mean([3.0, 3.0, 3.0], [0.1, 0.0, 0.0], df=[99, 1, 0])
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([2.802, 3.0, nan], [3.198, 3.0, nan])
    """
    import numpy as np

    estimate, df = np.asarray(estimate, dtype="float64"), np.asarray(df, dtype="float64")
    around = np.where(df > 0, quantile(np.maximum(df, 1.0), level=level), np.nan) * np.asarray(se, dtype="float64")
    return Interval(estimate - around, estimate + around)


def newcombe(
    estimate: ArrayLike,
    n_effective: ArrayLike,
    other: ArrayLike,
    other_n_effective: ArrayLike,
    *,
    df: ArrayLike | None = None,
    other_df: ArrayLike | None = None,
    level: float = LEVEL,
) -> Interval:
    """Give the hybrid score interval of a difference of two shares of independent samples, estimate − other.

    Newcombe (1998, method 10), from the Wilson intervals of both.

    Parameters
    ----------
    estimate, n_effective, df
        The first share, as for `wilson`.
    other, other_n_effective, other_df
        The share that is taken from it.
    level
        Confidence.

    Returns
    -------
    Interval
        NaN where either share has no base.

    Examples
    --------
    >>> low, high = newcombe(56 / 70, 70, 48 / 80, 80)
    >>> low.round(4).item(), high.round(4).item()
    (0.0524, 0.3339)
    """
    import numpy as np

    p, q = np.asarray(estimate, dtype="float64"), np.asarray(other, dtype="float64")
    one = wilson(p, n_effective, df=df, level=level)
    two = wilson(q, other_n_effective, df=other_df, level=level)
    low = p - q - np.hypot(p - one.low, two.high - q)
    high = p - q + np.hypot(one.high - p, q - two.low)
    return Interval(np.maximum(low, -1.0), np.minimum(high, 1.0))


def compatible_counts(printed: ArrayLike, n: ArrayLike, *, decimals: ArrayLike = 0) -> tuple[np.ndarray, np.ndarray]:
    """Give the smallest and the largest count of n that are printed as this.

    Parameters
    ----------
    printed
        Per cent as printed, 64 for 64 %.
    n
        The base.
    decimals
        Decimals of the print. Halves may have been rounded up or down.

    Returns
    -------
    lowest, highest
        Arrays of whole numbers; where no count is printed like that, `lowest` is larger than `highest`.

    Examples
    --------
    >>> lowest, highest = compatible_counts([64, 1, 12.5], [304, 20, 8], decimals=[0, 0, 1])
    >>> lowest.tolist(), highest.tolist()
    ([194, 1, 1], [196, 0, 1])
    """
    import numpy as np

    n, units = np.asarray(n, dtype="int64"), 10 ** np.asarray(decimals, dtype="int64")
    # In half units of the last printed digit, all numbers are whole.
    halves = 2 * np.rint(np.asarray(printed, dtype="float64") * units).astype("int64")
    whole = 200 * units
    lowest = -(-(halves - 1) * n // whole)
    return np.maximum(lowest, 0), np.minimum((halves + 1) * n // whole, n)


def printed_share(
    printed: ArrayLike,
    n: ArrayLike,
    *,
    decimals: ArrayLike = 0,
    weighted: ArrayLike = False,
    level: float = LEVEL,
) -> PrintedInterval:
    """Give the interval of a share that is only known as printed.

    From the lower Wilson limit of the smallest count that is printed like that to the upper limit of the largest one.
    Where the share may be weighted there need be no count: half a unit of the last digit instead.

    Parameters
    ----------
    printed, decimals
        As for `compatible_counts`.
    n
        The base; NaN where it is not known.
    weighted
        Whether the share may be weighted. The base is then n all the same, for want of a better one.
    level
        Confidence.

    Returns
    -------
    PrintedInterval

    Examples
    --------
    >>> made = printed_share([64, 64, 64, 1], [304, 152, float("nan"), 20])
    >>> made.low.round(3).tolist(), made.high.round(3).tolist()
    ([0.583, 0.559, nan, nan], [0.697, 0.717, nan, nan])
    >>> made.compatible.tolist()
    [True, True, True, False]
    """
    import numpy as np

    share, n, decimals, weighted = np.broadcast_arrays(
        np.asarray(printed, dtype="float64") / 100, np.asarray(n, dtype="float64"), decimals, weighted
    )
    known = n > 0
    base = np.where(known, n, 1.0)
    lowest, highest = compatible_counts(share * 100, base, decimals=decimals)
    half = 0.5 / (100 * 10.0**decimals)
    smallest = np.where(weighted, np.maximum(share - half, 0.0), lowest / base)
    largest = np.where(weighted, np.minimum(share + half, 1.0), highest / base)
    compatible = ~known | weighted | (lowest <= highest)
    said = known & compatible
    at = [np.where(said, end, 0.5) for end in (smallest, largest)]
    low, high = (wilson(end, base, df=base - 1, level=level) for end in at)
    return PrintedInterval(np.where(said, low.low, np.nan), np.where(said, high.high, np.nan), compatible)


def _share(estimate: ArrayLike, n_effective: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    p, n = np.broadcast_arrays(np.asarray(estimate, dtype="float64"), np.asarray(n_effective, dtype="float64"))
    if np.any((p < 0) | (p > 1)):
        raise SurveyError("A share lies outside 0 to 1; shares are no percentages here.")
    return np.where(n > 0, p, np.nan), n


def _clipped(low: np.ndarray, high: np.ndarray, n: np.ndarray) -> Interval:
    import numpy as np

    unknown = ~(n > 0)
    return Interval(
        np.where(unknown, np.nan, np.clip(low, 0.0, 1.0)), np.where(unknown, np.nan, np.clip(high, 0.0, 1.0))
    )
