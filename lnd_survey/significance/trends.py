"""Trends over years: a steady rise or fall, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.cells import Cells
from lnd_survey.significance.differences import NO_TEST

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

COCHRAN_ARMITAGE, SLOPE_T = "cochran_armitage", "slope_t"


@dataclass(frozen=True)
class Trend:
    """A straight line through the years.

    Attributes
    ----------
    test
        `cochran_armitage`, `slope_t` or `no_test`.
    slope, se
        Change by year, in shares (0.01 is one point) or units of the mean, and its standard error.
    low, high
        Interval of the slope.
    statistic, df
        Normal (infinite df) or t value.
    p
        p value, two-sided.
    n, years
        Respondents, and years that have some.
    """

    test: str
    slope: float
    se: float
    low: float
    high: float
    statistic: float
    df: float
    p: float
    n: int
    years: int


def cochran_armitage(years: npt.ArrayLike, count: npt.ArrayLike, n: npt.ArrayLike, *, level: float = 0.95) -> Trend:
    """Test shares of independent samples for a linear trend (Cochran 1954; Armitage 1955).

    Parameters
    ----------
    years
        When; distances count.
    count, n
        How many gave the answer, and how many answered. Years with n = 0 are left out.
    level
        Level of the interval of the slope, which is by its error within the years and so need not agree with the
        test to the last digit.

    Returns
    -------
    Trend
        `no_test`, with NaN, with fewer than two years; where nobody or everybody gave the answer, slope 0 and p = 1.

    Examples
    --------
    >>> found = cochran_armitage([2020, 2021, 2022], [30, 40, 50], [100, 100, 100])
    >>> round(found.slope, 3), round(found.statistic**2, 3), round(found.p, 4)
    (0.1, 8.333, 0.0039)
    """
    import numpy as np
    from scipy import stats

    when, x, base = _years(years, count, n)
    if np.any((x < 0) | (x > base)):
        raise SurveyError("A count is negative or above its base.")
    whole = int(base.sum())
    if len(when) < 2:
        return _no_trend(whole, len(when))
    share = x / base
    when = when - when[0]
    away = when - (base @ when) / whole
    pooled, spread = x.sum() / whole, float(base @ away**2)
    slope = float(away @ x / spread)
    se = float(np.sqrt(base @ (away**2 * share * (1 - share)))) / spread
    half = float(stats.norm.ppf((1 + level) / 2)) * se
    z = float(slope / np.sqrt(pooled * (1 - pooled) / spread)) if 0 < pooled < 1 else 0.0
    p = float(2 * stats.norm.sf(abs(z)))
    return Trend(COCHRAN_ARMITAGE, slope, se, slope - half, slope + half, z, float("inf"), p, whole, len(when))


def weighted_slope(
    years: npt.ArrayLike,
    cells: Cells,
    *,
    values: npt.ArrayLike = (0, 1),
    rows: int | None = None,
    level: float = 0.95,
) -> Trend:
    """Fit a line to weighted answers, with a sandwich standard error (Binder 1983), as `svyglm` of R's `survey`.

    Parameters
    ----------
    years
        When; distances count.
    cells
        Years × codes.
    values
        What each code counts as: 0 and 1 for a share, scale values or ranks for a mean.
    rows
        Rows of the whole sample, for the factor n/(n − 1) of the variance; default those with an answer.
    level
        Level of the interval.

    Returns
    -------
    Trend
        t on n − 2 degrees of freedom. `no_test` with fewer than two years, fewer than three respondents, or where all
        gave the same answer in each year.

    Examples
    --------
    >>> found = weighted_slope([2020, 2021, 2022], Cells.of_counts([[70, 30], [60, 40], [50, 50]]))
    >>> round(found.slope, 3), round(found.se, 4), round(found.p, 4)
    (0.1, 0.034, 0.0035)
    """
    import numpy as np
    from scipy import stats

    cells.check()
    worth = np.asarray(values, dtype="float64")
    if cells.count.shape[-1] != len(worth):
        raise SurveyError(f"There are {cells.count.shape[-1]} codes and {len(worth)} values.")
    when, rest = np.asarray(years, dtype="float64"), cells.weight.sum(axis=1) > 0
    if len(when) != len(rest):
        raise SurveyError(f"There are {len(when)} years and {len(rest)} rows of cells.")
    count, weight, square = (sums[rest] for sums in (cells.count, cells.weight, cells.square))
    when, n = when[rest], int(count.sum())
    if len(when) < 2 or n < 3:
        return _no_trend(n, len(when))
    when = when - when[0]
    of_year = weight.sum(axis=1)
    away = when - of_year @ when / of_year.sum()
    spread = float(of_year @ away**2)
    slope = float(away @ (weight @ worth) / spread)
    fitted = float(of_year @ (weight @ worth / of_year) / of_year.sum()) + slope * away
    factor = rows or n
    meat = float((square * (worth - fitted[:, None]) ** 2).sum(axis=1) @ away**2) * factor / (factor - 1)
    se = float(np.sqrt(meat)) / spread
    if not se > 1e-12 * max(1.0, float(np.abs(worth).max())):
        if np.count_nonzero(weight.sum(axis=0)) < 2:
            # All gave the same answer: that there is no slope is known, how sure is not.
            return Trend(NO_TEST, 0.0, 0.0, 0.0, 0.0, float("nan"), float("nan"), float("nan"), n, len(when))
        return _no_trend(n, len(when), slope)
    df = n - 2.0
    half = float(stats.t.ppf((1 + level) / 2, df)) * se
    p = float(2 * stats.t.sf(abs(slope / se), df))
    return Trend(SLOPE_T, slope, se, slope - half, slope + half, slope / se, df, p, n, len(when))


def _years(*given: npt.ArrayLike) -> list[np.ndarray]:
    """Years, counts and bases as numbers, without years of no respondents."""
    import numpy as np

    parts = [np.asarray(part, dtype="float64") for part in given]
    if len({part.shape for part in parts}) > 1:
        raise SurveyError("There are other numbers of years than of counts or bases.")
    return [part[parts[2] > 0] for part in parts]


def _no_trend(n: int, years: int, slope: float = float("nan")) -> Trend:
    nan = float("nan")
    return Trend(NO_TEST, slope, nan, nan, nan, nan, nan, nan, n, years)
