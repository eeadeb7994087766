"""Exact tests of counts, for many tables at once."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

AT_ONCE = 1 << 21
"""Probabilities that are held in memory at once."""

TIES = 1 + 1e-7
"""Tables that are as probable as the one observed count as such in spite of rounding, as in R."""

SAME = 1e-9
"""Scores that differ by less than this part of themselves are the same."""


def fisher_p(
    first: npt.ArrayLike, n_first: npt.ArrayLike, second: npt.ArrayLike, n_second: npt.ArrayLike
) -> np.ndarray:
    """Fisher's exact test of two shares, two-sided: the sum over all tables that are no more probable (Fisher 1935).

    Parameters
    ----------
    first, second
        How many of each group gave the answer.
    n_first, n_second
        How many there are in each group. All four are whole numbers and are broadcast.

    Returns
    -------
    numpy.ndarray
        p; 1 where a group is empty or all answers are the same, as there is only one table then.

    Raises
    ------
    SurveyError
        If a count is not a whole number from 0 to its base.

    Examples
    --------
    >>> float(fisher_p(3, 4, 1, 4).round(4))  # the lady tasting tea
    0.4857
    """
    import numpy as np
    from scipy.special import gammaln

    given = np.broadcast_arrays(*(np.asarray(part, dtype="float64") for part in (first, n_first, second, n_second)))
    shape = given[0].shape
    x, n, y, m = (part.ravel() for part in given)
    if not all(np.array_equal(part, np.round(part)) for part in (x, n, y, m)) or np.any(
        (x < 0) | (y < 0) | (x > n) | (y > m)
    ):
        raise SurveyError("Fisher's test needs whole counts from 0 to their base.")
    # Counting the rarer of the two answers keeps the number of possible tables small.
    flip = x + y > (n + m) / 2
    x, y = np.where(flip, n - x, x), np.where(flip, m - y, y)
    total, low, high = x + y, np.maximum(0, x + y - m), np.minimum(n, x + y)

    def log_choose(of: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        return gammaln(of + 1) - gammaln(chosen + 1) - gammaln(of - chosen + 1)

    found = np.ones(x.size)
    order = np.argsort(high - low)
    start = 0
    while start < x.size:
        # The widest table of a part decides its memory; in ascending order parts are as even as can be.
        stop = start + 1
        while stop < x.size and (stop + 1 - start) * (high - low + 1)[order[stop]] <= AT_ONCE:
            stop += 1
        part = order[start:stop]
        step = np.arange(int((high - low)[part].max()) + 1)
        here = np.minimum(low[part, None] + step, high[part, None])
        logs = log_choose(n[part, None], here) + log_choose(m[part, None], total[part, None] - here)
        logs[step > (high - low)[part, None]] = -np.inf
        chances = np.exp(logs - logs.max(axis=1, keepdims=True))
        own = np.take_along_axis(chances, (x - low)[part, None].astype("int64"), axis=1)
        found[part] = np.where(chances <= own * TIES, chances, 0).sum(axis=1) / chances.sum(axis=1)
        start = stop
    return np.minimum(found, 1).reshape(shape)


def sign_p(more: npt.ArrayLike, less: npt.ArrayLike) -> np.ndarray:
    """Exact McNemar test: of those who differ, is each direction as likely? Two-sided (McNemar 1947).

    Examples
    --------
    >>> sign_p([8, 0], [1, 0]).round(4).tolist()
    [0.0391, 1.0]
    """
    import numpy as np
    from scipy import stats

    b, c = np.broadcast_arrays(np.asarray(more, dtype="float64"), np.asarray(less, dtype="float64"))
    return np.asarray(np.minimum(1, 2 * stats.binom.cdf(np.minimum(b, c), b + c, 0.5)))


def rank_sum_p(first: npt.ArrayLike, second: npt.ArrayLike) -> float:
    """Exact test of the rank sum of two groups over all ways to deal the answers that were given, ties included.

    Parameters
    ----------
    first, second
        How many of each group gave each of the ordered options.

    Returns
    -------
    float
        Chance, two-sided, of a rank sum at least so far from what is expected (Wilcoxon 1945); 1 if a group is empty.

    Examples
    --------
    >>> round(rank_sum_p([3, 0, 0], [0, 0, 3]), 4)
    0.1
    """
    import numpy as np
    from scipy.special import comb

    x, y = np.asarray(first).astype("int64"), np.asarray(second).astype("int64")
    if x.sum() > y.sum():
        x, y = y, x
    both, drawn = x + y, int(x.sum())
    # Twice the middle rank is whole, so that sums of ranks can be positions of an array.
    ranks = 2 * both.cumsum() - both + 1
    observed = int(x @ ranks)
    largest = int(drawn * ranks.max(initial=0))
    ways = np.zeros((drawn + 1, largest + 1))
    ways[0, 0] = 1.0
    for rank, there in zip(ranks.tolist(), both.tolist(), strict=True):
        before = ways
        ways = np.zeros_like(before)
        for taken in range(min(there, drawn) + 1):
            shift = taken * rank
            ways[taken:, shift:] += comb(there, taken) * before[: drawn + 1 - taken, : largest + 1 - shift]
    chances = ways[drawn] / ways[drawn].sum()
    expected = drawn * (int(both.sum()) + 1)
    away = np.abs(np.arange(largest + 1) - expected)
    return float(min(1.0, chances[away >= abs(observed - expected)].sum()))


def score_exact_p(first: npt.ArrayLike, n_first: int, second: npt.ArrayLike, n_second: int) -> np.ndarray:
    """Score test of two shares whose level holds at any size: the largest chance of so high a score, over all shares.

    Parameters
    ----------
    first, second
        How many of each group gave the answer.
    n_first, n_second
        How many there are in each group.

    Returns
    -------
    numpy.ndarray
        p, two-sided (Suissa and Shuster 1985); the larger the score, the smaller.

    Notes
    -----
    Unlike Fisher's test it does not take the total as given, and so has more power. The first call for two bases
    works out all pairs of counts, which takes memory and time by their number; further calls look up.

    Examples
    --------
    >>> float(score_exact_p(7, 12, 1, 12).round(4)), float(fisher_p(7, 12, 1, 12).round(4))
    (0.0103, 0.0272)
    """
    import numpy as np

    scores, chances = _score_chances(n_first, n_second)
    x, y = np.asarray(first, dtype="float64"), np.asarray(second, dtype="float64")
    return chances[np.searchsorted(scores, _squared_score(x, n_first, y, n_second) * (1 - SAME), side="left")]


def _squared_score(x: np.ndarray, n: int, y: np.ndarray, m: int) -> np.ndarray:
    import numpy as np

    total = x + y
    spread = total * (n + m - total) * n * m
    return np.divide((x * m - y * n) ** 2 * (n + m), spread, out=np.zeros(total.shape), where=spread > 0)


@functools.lru_cache(maxsize=16)
def _score_chances(n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    """Squared scores of all pairs of counts, ascending, and the largest chance of each or a higher one."""
    import numpy as np
    from scipy import stats

    x, y = np.arange(n + 1), np.arange(m + 1)
    scores = _squared_score(x[:, None].astype("float64"), n, y[None, :].astype("float64"), m).ravel()
    order = np.argsort(scores, kind="stable")[::-1]
    largest = np.zeros(scores.size)
    # Chances change with a share over about the width of its error, which is even in arcsin √p.
    for angle in np.linspace(0, np.pi / 4, 24 + int(6 * np.sqrt(n + m)))[1:]:
        share = np.sin(angle) ** 2
        pairs = np.outer(stats.binom.pmf(x, n, share), stats.binom.pmf(y, m, share)).ravel()
        np.maximum(largest, np.cumsum(pairs[order]), out=largest)
    return scores[order][::-1].copy(), np.minimum(largest[::-1], 1)
