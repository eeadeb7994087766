"""Whole distributions of single-choice questions, between groups or years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.significance.cells import Cells
from lnd_survey.significance.differences import NO_TEST, TINY

if TYPE_CHECKING:
    import numpy as np

CHI_SQUARE, RAO_SCOTT = "chi_square", "rao_scott"

MANY = 0.2
"""If more than this part of the cells has a small expectation, or one below 1, a table is sparse (Cochran 1954)."""


@dataclass(frozen=True)
class DistributionTest:
    """Whether groups answered a question differently as a whole.

    Attributes
    ----------
    test
        `chi_square`, `rao_scott` or `no_test`.
    statistic, df, df_error
        χ² and its degrees of freedom with `df_error` infinite, or F and both of its.
    p
        p value.
    effect
        Cramér's V, from 0 to 1.
    n
        Respondents in the table.
    smallest_expected
        How many are expected in the emptiest cell; effective ones when weighted.
    sparse
        Whether cells are so empty that p is a rough guide only.
    """

    test: str
    statistic: float
    df: float
    df_error: float
    p: float
    effect: float
    n: int
    smallest_expected: float
    sparse: bool


def distribution_test(cells: Cells, *, weighted: bool | None = None, rows: int | None = None) -> DistributionTest:
    """Test whether groups answered a single-choice question alike.

    Parameters
    ----------
    cells
        Groups × options. Groups without answers, and options that nobody chose, are left out.
    weighted
        Whether to take the Rao–Scott test; default where any weight is not 1.
    rows
        Rows of the whole sample, for the factor n/(n − 1) of the variance; default those of the table.

    Returns
    -------
    DistributionTest
        `no_test`, with NaN, where fewer than two groups or options are left.

    Notes
    -----
    Unweighted: chi-square without correction (Pearson 1900). Weighted: its second-order correction, as F (Rao and
    Scott 1984; Thomas and Rao 1987), as `svychisq` of R's `survey` gives it (Lumley 2010). Cramér's V (1946) is of
    the weighted shares.

    Examples
    --------
    >>> found = distribution_test(Cells.of_counts([[30, 10, 0], [20, 40, 0]]))
    >>> found.test, round(found.statistic, 3), found.df, round(found.p, 6), round(found.effect, 3)
    ('chi_square', 16.667, 1.0, 4.5e-05, 0.408)
    """
    import numpy as np
    from scipy import stats

    cells.check()
    weighted = cells.weighted if weighted is None else weighted
    keep = np.ix_(cells.weight.sum(axis=1) > 0, cells.weight.sum(axis=0) > 0)
    count, weight, square = (
        np.asarray(sums[keep], dtype="float64") for sums in (cells.count, cells.weight, cells.square)
    )
    n, (groups, options) = int(count.sum()), weight.shape
    if min(groups, options) < 2 or n < 2:
        nan = float("nan")
        return DistributionTest(NO_TEST, nan, nan, nan, nan, nan, n, nan, True)
    table = weight / weight.sum()
    independent = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - independent) ** 2 / independent).sum())
    expected = independent * (weight.sum() ** 2 / square.sum() if weighted else n)
    sparse = bool((expected < TINY).mean() > MANY or expected.min() < 1)
    effect = float(np.sqrt(min(1.0, pearson / n / (min(groups, options) - 1))))
    common = (effect, n, float(expected.min()), sparse)
    df = float((groups - 1) * (options - 1))
    if not weighted:
        return DistributionTest(CHI_SQUARE, pearson, df, float("inf"), float(stats.chi2.sf(pearson, df)), *common)
    trace, df = _design_effects(count, weight, square, rows or n)
    if not trace > 1e-12:
        nan = float("nan")
        return DistributionTest(NO_TEST, nan, nan, nan, nan, *common)
    error = df * (n - 1)
    return DistributionTest(
        RAO_SCOTT, pearson / trace, df, error, float(stats.f.sf(pearson / trace, df, error)), *common
    )


def _design_effects(count: np.ndarray, weight: np.ndarray, square: np.ndarray, rows: int) -> tuple[float, float]:
    """Sum of the generalised design effects of the interactions, and degrees of freedom by Satterthwaite."""
    import numpy as np

    groups, options = weight.shape
    whole, n = weight.sum(), count.sum()
    share, squares = (weight / whole).ravel(), square.ravel()
    cross = np.outer(squares, share)
    variance = np.diag(squares) - cross - cross.T + np.outer(share, share) * squares.sum()
    variance *= rows / (rows - 1) / whole**2
    # Interactions: contrasts of groups times contrasts of options; any base of that space gives the same.
    contrasts = [np.eye(size)[:, 1:] - 1 / size for size in (groups, options)]
    interactions = np.kron(*contrasts)
    inverse = np.divide(1, share, out=np.zeros_like(share), where=share > 0)
    scaled = interactions * inverse[:, None]
    effects = np.linalg.lstsq(interactions.T @ scaled / n, scaled.T @ variance @ scaled, rcond=None)[0]
    trace = float(np.trace(effects))
    return trace, trace**2 / float(np.trace(effects @ effects)) if trace > 0 else float("nan")
