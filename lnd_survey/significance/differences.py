"""Differences of two independent groups: shares and means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.cells import Estimate, Sample
from lnd_survey.significance.exact import fisher_p

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

T, SCORE, FISHER, NO_TEST = "t", "score", "fisher", "no_test"

TINY = 5
"""With fewer respondents expected in a cell, an exact test (Cochran 1954)."""

RARE_SHARE = 0.1
"""A share below this, or above its complement, is rare: the error of the estimate itself is not to be trusted."""

FEW_EVENTS = 10
"""With fewer effective events or non-events in a group a share is treated as rare."""


@dataclass(frozen=True)
class Difference:
    """First minus second, by item: arrays of one shape, NaN where there is nothing to say.

    Attributes
    ----------
    difference, se
        The difference and its linearised standard error.
    test
        Which test: `t`, `score`, `fisher` or `no_test`.
    statistic, df
        Value of the test and its degrees of freedom; infinite for a normal one, NaN for an exact one.
    p
        p value, two-sided.
    effect
        Cohen's h of shares; Hedges' g of means.
    n_first, n_second
        Respondents of each group.
    """

    difference: np.ndarray
    se: np.ndarray
    test: np.ndarray
    statistic: np.ndarray
    df: np.ndarray
    p: np.ndarray
    effect: np.ndarray
    n_first: np.ndarray
    n_second: np.ndarray


def difference_of_shares(first: Estimate, second: Estimate, *, weighted: bool = False) -> Difference:
    """Test whether two independent groups have the same share.

    Parameters
    ----------
    first, second
        Shares of each group, from 0 to 1, of the same items.
    weighted
        Whether they are weighted. Then bases are effective ones, and there is no exact test.

    Returns
    -------
    Difference
        Which test was taken follows `share_test`.

    Raises
    ------
    SurveyError
        If a share is not from 0 to 1.

    Notes
    -----
    `t`: the difference over its linearised standard error, on n₁ + n₂ − 2 degrees of freedom (Lumley 2010).
    `score`: the difference over its error if the shares were equal, √(p̄(1 − p̄)(1/n₁ + 1/n₂)), on effective bases when
    weighted, again by t; unweighted it is the chi-square test without correction (Pearson 1900), by normal. Among rare
    items with weights the score test keeps its level where t and Rao–Scott tests, which take the error from the few
    respondents seen, reject too often. `fisher`: see `lnd_survey.significance.exact.fisher_p`.
    The interval that belongs beside it is Newcombe's.

    Examples
    --------
    >>> found = difference_of_shares(Sample.of_counts([152, 3], 291), Sample.of_counts([96, 1], 148))
    >>> found.difference.round(4).tolist(), found.test.tolist()
    ([-0.1263, 0.0036], ['t', 'fisher'])
    >>> found.p.round(4).tolist(), found.effect.round(3).tolist()
    ([0.0104, 1.0], [-0.257, 0.039])
    """
    import numpy as np
    from scipy import stats

    p1, se1, n1, e1, p0, se0, n0, e0 = _arrays(first, second)
    p1, p0 = _share(p1), _share(p0)
    base1, base0 = (e1, e0) if weighted else (n1, n0)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference, se, df = p1 - p0, np.hypot(se1, se0), n1 + n0 - 2
        test = share_test(p1, p0, base1, base0, weighted=weighted)
        test = np.where((test == T) & ~((se > 0) & (df >= 1)), SCORE, test)
        if weighted:
            test = np.where((test == SCORE) & ~(df >= 1), NO_TEST, test)
        z = score_statistic(p1, p0, base1, base0)
        statistic = np.select([test == T, test == SCORE], [difference / se, z], np.nan)
        df = np.select([test == T, test == SCORE], [df, df if weighted else np.full_like(df, np.inf)], np.nan)
        p = np.asarray(2 * stats.t.sf(np.abs(statistic), df))
    exact = test == FISHER
    if exact.any():
        counts = [np.round(part[exact]) for part in (p1 * n1, n1, p0 * n0, n0)]
        p[exact] = fisher_p(*counts)
    return Difference(difference, se, test, statistic, df, p, cohens_h(p1, p0), n1, n0)


def share_test(
    first: npt.ArrayLike, second: npt.ArrayLike, n_first: npt.ArrayLike, n_second: npt.ArrayLike, *, weighted: bool
) -> np.ndarray:
    """Say which test two shares get: the one place where that is decided.

    Parameters
    ----------
    first, second
        Shares from 0 to 1.
    n_first, n_second
        Their bases, effective ones when weighted.
    weighted
        Whether they are weighted.

    Returns
    -------
    numpy.ndarray
        `no_test` where a base is empty; `fisher` where unweighted and fewer than 5 are expected in a cell; `t` where
        both shares are from 10 to 90 % and each group has 10 events and 10 non-events; `score` else.

    Examples
    --------
    >>> share_test([0.5, 0.04, 0.02, 0.5], [0.4, 0.09, 0.01, 0.4], [300, 300, 300, 0], 150, weighted=False).tolist()
    ['t', 'score', 'fisher', 'no_test']
    """
    import numpy as np

    p1, p0, n1, n0 = (np.asarray(part, dtype="float64") for part in (first, second, n_first, n_second))
    with np.errstate(divide="ignore", invalid="ignore"):
        known = (n1 > 0) & (n0 > 0) & np.isfinite(p1) & np.isfinite(p0)
        common = np.minimum(p1, 1 - p1) >= RARE_SHARE - 1e-12, np.minimum(p0, 1 - p0) >= RARE_SHARE - 1e-12
        events = np.minimum(n1 * np.minimum(p1, 1 - p1), n0 * np.minimum(p0, 1 - p0))
        tiny = smallest_expected(p1, p0, n1, n0) < TINY - 1e-9
        middle = common[0] & common[1] & (events >= FEW_EVENTS - 1e-9)
    return np.select([~known, np.logical_not(weighted) & tiny, middle], [NO_TEST, FISHER, T], SCORE)


def smallest_expected(
    first: npt.ArrayLike, second: npt.ArrayLike, n_first: npt.ArrayLike, n_second: npt.ArrayLike
) -> np.ndarray:
    """How many are expected in the emptiest of the four cells, if both shares were the same.

    Examples
    --------
    >>> float(smallest_expected(0.02, 0.05, 100, 40).round(3))
    1.143
    """
    import numpy as np

    p1, p0, n1, n0 = (np.asarray(part, dtype="float64") for part in (first, second, n_first, n_second))
    pooled = (n1 * p1 + n0 * p0) / (n1 + n0)
    return np.asarray(np.minimum(n1, n0) * np.minimum(pooled, 1 - pooled))


def score_statistic(
    first: npt.ArrayLike, second: npt.ArrayLike, n_first: npt.ArrayLike, n_second: npt.ArrayLike
) -> np.ndarray:
    """Difference of two shares over its error if they were equal; 0 where both are 0 or both are 1.

    Examples
    --------
    >>> float(score_statistic(0.6, 0.5, 235, 235).round(3))
    2.179
    """
    import numpy as np

    p1, p0, n1, n0 = (np.asarray(part, dtype="float64") for part in (first, second, n_first, n_second))
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = (n1 * p1 + n0 * p0) / (n1 + n0)
        z = (p1 - p0) / np.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n0))
    return np.asarray(np.where((p1 == p0) & (n1 > 0) & (n0 > 0), 0.0, z))


def cohens_h(first: npt.ArrayLike, second: npt.ArrayLike) -> np.ndarray:
    """Effect size of two shares: difference of 2 arcsin √p; about 0.2 is small, 0.5 middling, 0.8 large (Cohen 1988).

    Examples
    --------
    >>> cohens_h([0.6, 1.0], [0.5, 0.0]).round(3).tolist()
    [0.201, 3.142]
    """
    import numpy as np

    p1, p0 = (_share(np.asarray(part, dtype="float64")) for part in (first, second))
    return np.asarray(2 * np.arcsin(np.sqrt(p1)) - 2 * np.arcsin(np.sqrt(p0)))


def difference_of_means(first: Estimate, second: Estimate) -> Difference:
    """Test whether two independent groups have the same mean, or the same mean rank.

    Parameters
    ----------
    first, second
        Means with linearised standard errors.

    Returns
    -------
    Difference
        The test is t on n₁ + n₂ − 2 degrees of freedom (Lumley 2010), the effect Hedges' g (Hedges 1981) with the
        standard deviation that standard errors and effective bases imply. `no_test` where a group has fewer than two
        answers, or nobody's answer differs from the others of their group.

    Examples
    --------
    >>> found = difference_of_means(Sample(4.5, 0.08, 293, 293), Sample(4.0, 0.10, 151, 151))
    >>> float(found.difference), float(found.statistic.round(3)), float(found.p.round(5)), float(found.effect.round(2))
    (0.5, 3.904, 0.00011, 0.38)
    >>> [float(bound.round(3)) for bound in t_interval(found)]
    [0.248, 0.752]
    """
    import numpy as np
    from scipy import stats

    m1, se1, n1, e1, m0, se0, n0, e0 = _arrays(first, second)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference, se, df = m1 - m0, np.hypot(se1, se0), n1 + n0 - 2
        known = (np.minimum(n1, n0) >= 2) & (se > 0)
        statistic = np.where(known, difference / se, np.nan)
        df = np.where(known, df, np.nan)
        spread = np.sqrt((se1**2 * e1 * (n1 - 1) + se0**2 * e0 * (n0 - 1)) / df)
        effect = difference / spread * (1 - 3 / (4 * df - 1))
        p = 2 * stats.t.sf(np.abs(statistic), df)
    return Difference(difference, se, np.where(known, T, NO_TEST), statistic, df, p, effect, n1, n0)


def t_interval(found: Difference, *, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Interval of a difference by t on its degrees of freedom: for means; shares have Newcombe's.

    Returns
    -------
    tuple
        Lower and upper bounds; NaN where there are no degrees of freedom.
    """
    import numpy as np
    from scipy import stats

    half = stats.t.ppf((1 + level) / 2, found.df) * found.se
    return np.asarray(found.difference - half), np.asarray(found.difference + half)


def successive_differences(
    shares: Estimate, *, weighted: bool = False, means: bool = False
) -> tuple[np.ndarray, np.ndarray, Difference]:
    """Compare each year with the last one before it that has answers.

    Parameters
    ----------
    shares
        Estimates by year, in order; a year without answers has n = 0.
    weighted
        Whether they are weighted.
    means
        Whether they are means rather than shares.

    Returns
    -------
    tuple
        Positions of the later years, positions of the earlier ones, and later minus earlier.

    Examples
    --------
    >>> later, earlier, found = successive_differences(Sample.of_counts([50, 0, 70], [100, 0, 100]))
    >>> later.tolist(), earlier.tolist(), found.difference.round(2).tolist(), found.p.round(4).tolist()
    ([2], [0], [0.2], [0.0037])
    """
    import numpy as np

    parts = [np.asarray(part) for part in (shares.estimate, shares.se, shares.n, shares.n_effective)]
    there = np.flatnonzero(parts[2] > 0)
    later, earlier = there[1:], there[:-1]
    one, other = (Sample(*(part[years] for part in parts)) for years in (later, earlier))
    found = difference_of_means(one, other) if means else difference_of_shares(one, other, weighted=weighted)
    return later, earlier, found


def _arrays(first: Estimate, second: Estimate) -> list[np.ndarray]:
    import numpy as np

    parts = [part for each in (first, second) for part in (each.estimate, each.se, each.n, each.n_effective)]
    return [np.array(part) for part in np.broadcast_arrays(*(np.asarray(part, dtype="float64") for part in parts))]


def _share(values: np.ndarray) -> np.ndarray:
    """Shares from 0 to 1, without what rounding adds."""
    import numpy as np

    if np.any((values < -1e-9) | (values > 1 + 1e-9)):
        raise SurveyError("A share is below 0 or above 1. Shares are given as 0.6, not 60.")
    return np.clip(values, 0, 1)
