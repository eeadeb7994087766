"""Ordered options between two groups, and agreement on a ranking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError
from lnd_survey.significance.cells import Cells
from lnd_survey.significance.differences import NO_TEST
from lnd_survey.significance.exact import rank_sum_p

if TYPE_CHECKING:
    import numpy.typing as npt

MANN_WHITNEY, MANN_WHITNEY_EXACT, RANK_T = "mann_whitney", "mann_whitney_exact", "rank_t"
FRIEDMAN = "friedman"

FEW = 10
"""If the smaller group has fewer respondents the rank test is exact."""

EXACT_UP_TO = 2000
"""Respondents together up to which it can be."""


@dataclass(frozen=True)
class OrdinalDifference:
    """Whether one group tends to higher options than the other.

    Attributes
    ----------
    superiority
        Chance that a respondent of the first group chose a higher option than one of the second, ties counted half.
    effect
        Cliff's delta, 2 · superiority − 1: −1 to 1.
    test
        `mann_whitney`, `mann_whitney_exact`, `rank_t` (weighted) or `no_test`.
    statistic, df
        Value of the test and its degrees of freedom; infinite for a normal one, NaN for an exact one.
    p
        p value, two-sided.
    n_first, n_second
        Respondents of each group.
    """

    superiority: float
    effect: float
    test: str
    statistic: float
    df: float
    p: float
    n_first: int
    n_second: int


def ordinal_difference(cells: Cells, *, weighted: bool | None = None, rows: int | None = None) -> OrdinalDifference:
    """Compare two groups on ordered options, without taking the options for numbers.

    Parameters
    ----------
    cells
        Two groups × options, the options from low to high.
    weighted
        Whether they are weighted; default where any weight is not 1.
    rows
        Rows of the whole sample, for the factor n/(n − 1) of the variance; default those of both groups.

    Returns
    -------
    OrdinalDifference
        `no_test`, with NaN, where a group is empty. Where all gave the same answer p is 1.

    Notes
    -----
    Unweighted: Mann and Whitney (1947) with correction for ties and none for continuity; exact if a group has fewer
    than 10. Weighted: t of the difference of weighted mean ranks on n − 2 degrees of freedom (Lumley and Scott 2013).
    Tied respondents have the middle of the weight they share, in whatever order they stand; `svyranktest` of R's
    `survey` up to 4.1 lets it depend on their order. Effect: Cliff (1993).

    Examples
    --------
    >>> found = ordinal_difference(Cells.of_counts([[10, 20, 30], [30, 20, 10]]))
    >>> found.test, round(found.superiority, 3), round(found.effect, 3), round(found.p, 6)
    ('mann_whitney', 0.722, 0.444, 8e-06)
    """
    import numpy as np
    from scipy import stats

    cells.check(groups=2)
    weighted = cells.weighted if weighted is None else weighted
    n_first, n_second = (int(n) for n in cells.count.sum(axis=1))
    n, nan = n_first + n_second, float("nan")
    whole = cells.weight.sum(axis=1)
    if not whole.all():
        return OrdinalDifference(nan, nan, NO_TEST, nan, nan, nan, n_first, n_second)
    first, second = cells.weight / whole[:, None]
    superiority = float(first @ (np.cumsum(second) - second / 2))
    common = (superiority, 2 * superiority - 1)
    both = cells.weight.sum(axis=0)
    if np.count_nonzero(both) < 2:
        return OrdinalDifference(0.5, 0.0, RANK_T if weighted else MANN_WHITNEY, 0.0, nan, 1.0, n_first, n_second)
    if not weighted and min(n_first, n_second) < FEW and n <= EXACT_UP_TO:
        p = rank_sum_p(*cells.count)
        return OrdinalDifference(*common, MANN_WHITNEY_EXACT, nan, nan, p, n_first, n_second)
    if weighted and n > 2:
        scores = (np.cumsum(both) - both / 2) / both.sum()
        found, df = rank_statistic(cells, scores, rows=rows), float(n - 2)
        if np.isfinite(found):
            p = float(2 * stats.t.sf(abs(found), df))
            return OrdinalDifference(*common, RANK_T, found, df, p, n_first, n_second)
    # All of a group alike leave the weighted test without an error of its own: Kish's bases stand in.
    bases = whole**2 / cells.square.sum(axis=1) if weighted else whole
    counts = (cells.weight * (bases / whole)[:, None]).sum(axis=0)
    total = counts.sum()
    ties = 1 - (counts**3 - counts).sum() / (total**3 - total) if total > 1 else 0.0
    variance = (total + 1) * ties / (12 * bases.prod())
    z = float((superiority - 0.5) / np.sqrt(variance)) if variance > 0 else 0.0
    return OrdinalDifference(
        *common, MANN_WHITNEY, z, float("inf"), float(2 * stats.norm.sf(abs(z))), n_first, n_second
    )


def rank_statistic(cells: Cells, scores: npt.ArrayLike, *, rows: int | None = None) -> float:
    """Difference of the mean scores of two groups over its linearised error (Lumley and Scott 2013).

    Parameters
    ----------
    cells
        Two groups × options.
    scores
        Score of each option, such as its middle rank over the sum of weights.
    rows
        Rows of the whole sample, for the factor n/(n − 1); default those of both groups.

    Returns
    -------
    float
        The statistic; NaN where each group is alike within itself.

    Examples
    --------
    >>> round(rank_statistic(Cells.of_counts([[10, 20, 30], [30, 20, 10]]), [0.17, 0.5, 0.83]), 3)
    4.879
    """
    import numpy as np

    own = np.asarray(scores, dtype="float64")
    whole = cells.weight.sum(axis=1)
    means = cells.weight @ own / whole
    factor = int(rows or cells.count.sum())
    variance = float(((cells.square * (own - means[:, None]) ** 2).sum(axis=1) / whole**2).sum())
    variance *= factor / (factor - 1)
    return float((means[0] - means[1]) / np.sqrt(variance)) if variance > 1e-20 else float("nan")


@dataclass(frozen=True)
class Agreement:
    """How far respondents agree on a ranking.

    Attributes
    ----------
    concordance
        Kendall's W: 0 no agreement beyond chance, 1 all alike.
    test, statistic, df, p
        Friedman's test of no agreement: `friedman` or `no_test`.
    n
        Respondents who ranked every item.
    """

    concordance: float
    test: str
    statistic: float
    df: float
    p: float
    n: int


def kendalls_w(ranks: npt.ArrayLike, *, weights: npt.ArrayLike | None = None) -> Agreement:
    """Measure how far respondents agree on a ranking.

    Parameters
    ----------
    ranks
        Array (respondents × items) of ranks, or of anything with an order; ties are allowed. Who left an item without
        a rank (NaN) does not count.
    weights
        Array (respondents); default all 1.

    Returns
    -------
    Agreement
        `no_test` with fewer than two respondents, or where nobody puts one item before another.

    Raises
    ------
    SurveyError
        If there are fewer than two items.

    Notes
    -----
    Kendall and Babington Smith (1939), corrected for ties; the test is Friedman's (1937) χ² = n(k − 1)W on k − 1
    degrees of freedom, with Kish's base for n when weighted.

    Examples
    --------
    >>> found = kendalls_w([[1, 2, 3], [1, 3, 2], [1, 2, 3], [2, 1, 3]])
    >>> round(found.concordance, 4), round(found.statistic, 3), found.df, round(found.p, 4)
    (0.5625, 4.5, 2.0, 0.1054)
    """
    import numpy as np
    from scipy import stats

    given = np.asarray(ranks, dtype="float64")
    if given.ndim != 2 or given.shape[1] < 2:
        raise SurveyError("Agreement on a ranking needs two items or more.")
    whole = np.isfinite(given).all(axis=1)
    own = np.ones(len(given)) if weights is None else np.asarray(weights, dtype="float64")
    placed, own = stats.rankdata(given[whole], axis=1), own[whole]
    n, items, nan = len(placed), given.shape[1], float("nan")
    if not own.sum() > 0:
        return Agreement(nan, NO_TEST, nan, nan, nan, n)
    means = own @ placed / own.sum()
    # Mean of Σ(r − r̄)² over respondents: (k³ − k)/12 without ties.
    largest = float(own @ ((placed - (items + 1) / 2) ** 2).sum(axis=1) / own.sum())
    if largest <= 0:
        return Agreement(nan, NO_TEST, nan, nan, nan, n)
    concordance = float(((means - (items + 1) / 2) ** 2).sum() / largest)
    if n < 2:
        return Agreement(concordance, NO_TEST, nan, nan, nan, n)
    statistic = float(own.sum() ** 2 / (own**2).sum()) * (items - 1) * concordance
    return Agreement(concordance, FRIEDMAN, statistic, items - 1.0, float(stats.chi2.sf(statistic, items - 1)), n)
