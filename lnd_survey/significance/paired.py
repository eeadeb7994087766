"""Differences within the same respondents: now against ideal, one item of a pick-n question against another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.cells import Cells
from lnd_survey.significance.differences import NO_TEST, T
from lnd_survey.significance.exact import sign_p

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MCNEMAR, MCNEMAR_EXACT, MCNEMAR_WEIGHTED = "mcnemar", "mcnemar_exact", "mcnemar_weighted"

FEW_DISCORDANT = 25
"""With fewer respondents who differ between the two, the normal approximation is not used."""

FEW_EVENTS = 20
"""With fewer who differ, counted or effective, the smaller of the two effective bases is used, as for shares."""


@dataclass(frozen=True)
class PairedDifference:
    """First minus second of the same respondents: arrays of one shape, NaN where there is nothing to say.

    Attributes
    ----------
    difference, se
        The difference and its linearised standard error.
    low, high
        Its interval.
    test
        `mcnemar`, `mcnemar_exact`, `mcnemar_weighted`, `t` or `no_test`.
    statistic, df
        Value of the test and its degrees of freedom; infinite for a normal one, NaN for an exact one.
    p
        p value, two-sided.
    effect
        Of shares Cohen's g, by how much more than half of those who differ do so in favour of the first; of means the
        difference in standard deviations of the differences.
    n, discordant
        Respondents, and those who differ.
    """

    difference: np.ndarray
    se: np.ndarray
    low: np.ndarray
    high: np.ndarray
    test: np.ndarray
    statistic: np.ndarray
    df: np.ndarray
    p: np.ndarray
    effect: np.ndarray
    n: np.ndarray
    discordant: np.ndarray


def paired_difference_of_shares(
    cells: Cells, *, weighted: bool | None = None, rows: int | None = None, level: float = 0.95
) -> PairedDifference:
    """Test whether two yes/no answers of the same respondents have the same share.

    Parameters
    ----------
    cells
        First answer × second answer, each no (0) and yes (1); or with more axes before these, such as items. Only
        respondents who gave both answers.
    weighted
        Whether they are weighted; default where any weight is not 1.
    rows
        Rows of the whole sample, for the factor n/(n − 1) of the variance; default those of each table.
    level
        Level of the interval.

    Returns
    -------
    PairedDifference

    Notes
    -----
    Only those who differ say anything (McNemar 1947). Unweighted: exact if fewer than 25 differ, else McNemar's test
    without correction. Weighted: linearised difference over its standard error, t on n − 1 degrees of freedom; if fewer
    than 25 differ, counted or by Kish's base, the net weight over its error if both directions were as likely, t on one
    degree of freedom less than differ. The interval is Bonett and Price's (2012), on the effective base when weighted;
    it holds 0 and 1. Effect: Cohen's g (1988).

    Examples
    --------
    >>> now_ideal = Cells.of_counts([[40, 30], [12, 18]])  # 12 have it now only, 30 ideally only
    >>> found = paired_difference_of_shares(now_ideal)
    >>> float(found.difference), str(found.test), float(found.p.round(4)), float(found.effect.round(3))
    (-0.18, 'mcnemar', 0.0055, -0.214)
    >>> float(found.low.round(3)), float(found.high.round(3))
    (-0.299, -0.054)
    """
    import numpy as np
    from scipy import stats

    cells.check()
    if cells.count.shape[-2:] != (2, 2):
        raise SurveyError("Paired shares come from tables of two answers, no and yes each.")
    weighted = cells.weighted if weighted is None else weighted
    n, whole = cells.count.sum(axis=(-2, -1)).astype("float64"), cells.weight.sum(axis=(-2, -1))
    more, less = cells.count[..., 1, 0], cells.count[..., 0, 1]
    discordant = np.asarray(more + less, dtype="float64")
    squares = cells.square[..., 1, 0] + cells.square[..., 0, 1]
    squares_of_all = cells.square.sum(axis=(-2, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        for_first, for_second = cells.weight[..., 1, 0] / whole, cells.weight[..., 0, 1] / whole
        difference = for_first - for_second
        factor = (rows / (rows - 1)) if rows else n / (n - 1)
        same = cells.square[..., 0, 0] + cells.square[..., 1, 1]
        variance = (
            cells.square[..., 1, 0] * (1 - difference) ** 2
            + cells.square[..., 0, 1] * (1 + difference) ** 2
            + same * difference**2
        )
        se = np.sqrt(variance * factor) / whole
        net = (for_first - for_second) * whole / np.sqrt(squares)
        kish = whole**2 / squares_of_all
        # Many who differ, of whom one has nearly all the weight, are few.
        differing = np.fmin(discordant, kish * (for_first + for_second)) if weighted else discordant
        few = differing < FEW_DISCORDANT
        if weighted:
            test = np.where(few | ~(se > 0), MCNEMAR_WEIGHTED, T)
            statistic = np.where(test == T, difference / se, net)
            df = np.where(test == T, n - 1, np.maximum(discordant - 1, 0))
        else:
            test = np.where(few, MCNEMAR_EXACT, MCNEMAR)
            statistic, df = np.where(few, np.nan, net), np.where(few, np.nan, np.inf)
        p = 2 * stats.t.sf(np.abs(statistic), df)
        p = np.where(test == MCNEMAR_EXACT, sign_p(more, less), p)
        # One who differs, or none, shows no direction.
        p = np.where((test == MCNEMAR_WEIGHTED) & (discordant < 2), 1.0, p)
        effect = for_first / (for_first + for_second) - 0.5
    test = np.where(n > 0, test, NO_TEST)
    p, difference = (np.where(n > 0, found, np.nan) for found in (p, difference))
    base = _effective_base(for_first, for_second, se, n, kish, discordant) if weighted else n
    low, high = _interval(for_first, for_second, base, level, np.where(weighted, np.maximum(n - 1, 1), np.inf))
    return PairedDifference(difference, se, low, high, test, statistic, df, p, effect, n, discordant)


def _effective_base(
    first: np.ndarray, second: np.ndarray, se: np.ndarray, n: np.ndarray, kish: np.ndarray, discordant: np.ndarray
) -> np.ndarray:
    """Variance of one respondent's difference over that of the estimate, at most n; Kish's if few do, or do not."""
    import numpy as np

    with np.errstate(divide="ignore", invalid="ignore"):
        linear = np.fmin((first + second - (first - second) ** 2) / se**2, n)
    differing = np.fmin(discordant, kish * (first + second))
    alike = np.fmin(n - discordant, kish * (1 - first - second))
    return np.where(np.fmin(differing, alike) < FEW_EVENTS, np.fmin(linear, kish), linear)


def _interval(
    first: np.ndarray, second: np.ndarray, n: np.ndarray, level: float, df: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One more respondent each way, and the plain interval of that (Bonett and Price 2012)."""
    import numpy as np
    from scipy import stats

    more, less = (n * first + 1) / (n + 2), (n * second + 1) / (n + 2)
    middle = more - less
    half = stats.t.ppf((1 + level) / 2, df) * np.sqrt((more + less - middle**2) / (n + 2))
    return np.maximum(middle - half, -1), np.minimum(middle + half, 1)


def paired_difference_of_means(
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    weights: npt.ArrayLike | None = None,
    rows: int | None = None,
    level: float = 0.95,
) -> PairedDifference:
    """Test whether two numbers of the same respondents have the same mean: scale values, ranks, hours.

    Parameters
    ----------
    first, second
        Array (respondents) of numbers, or (respondents × items); NaN where there is no answer. Only respondents with
        both count.
    weights
        Array (respondents); default all 1.
    rows
        Rows of the whole sample, for the factor n/(n − 1) of the variance; default those with both answers.
    level
        Level of the interval.

    Returns
    -------
    PairedDifference
        t of the mean of the differences on n − 1 degrees of freedom, and its interval; the effect is the difference in
        standard deviations of the differences (Cohen 1988). `no_test` with fewer than two respondents, or where all
        differ by the same.

    Examples
    --------
    >>> found = paired_difference_of_means([3, 4, 5, 2], [4, 4, 7, 3])
    >>> float(found.difference), str(found.test), float(found.p.round(4))
    (-1.0, 't', 0.0917)
    """
    import numpy as np
    from scipy import stats

    gaps = np.asarray(first, dtype="float64") - np.asarray(second, dtype="float64")
    own = np.ones(len(gaps)) if weights is None else np.asarray(weights, dtype="float64")
    known = np.isfinite(gaps)
    weight = np.where(known, own.reshape(-1, *[1] * (gaps.ndim - 1)), 0.0)
    filled = np.where(known, gaps, 0.0)
    n, whole = known.sum(axis=0).astype("float64"), weight.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = (weight * filled).sum(axis=0) / whole
        away = np.where(known, filled - difference, 0.0)
        factor = (rows / (rows - 1)) if rows else n / (n - 1)
        se = np.sqrt((weight**2 * away**2).sum(axis=0) * factor) / whole
        spread = np.sqrt((weight * away**2).sum(axis=0) / whole * n / (n - 1))
        tested = (n >= 2) & (spread > 1e-12 * np.maximum(1, np.abs(difference)))
        statistic = np.where(tested, difference / se, np.nan)
        df = np.where(tested, n - 1, np.nan)
        half = stats.t.ppf((1 + level) / 2, df) * se
        effect = np.where(tested, difference / spread, np.nan)
    p = 2 * stats.t.sf(np.abs(statistic), df)
    differ = (known & (gaps != 0)).sum(axis=0).astype("float64")
    test = np.where(tested, T, NO_TEST)
    return PairedDifference(
        difference, se, difference - half, difference + half, test, statistic, df, p, effect, n, differ
    )
