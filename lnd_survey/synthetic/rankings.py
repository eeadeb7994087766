"""Rankings of items with printed mean ranks and shares of first places, some of them unfinished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lnd_survey.synthetic.matching import matched

if TYPE_CHECKING:
    import numpy as np

_FITS = 80
_MOVES = 20_000
_TOLERANCE = 0.005
_EDGE = 1e-6


def rankings(
    likes: np.ndarray,
    firsts: np.ndarray,
    means: np.ndarray,
    unfinished: np.ndarray,
    *,
    ranked: int,
    random: np.random.Generator,
) -> Any:
    """Rank items so that first places and mean ranks come out.

    Parameters
    ----------
    likes
        How much each respondent (row) likes each item (column).
    firsts
        How often each item is put first.
    means
        Mean rank of each item, over those who rank it, to two decimals.
    unfinished
        Whether a respondent stops early.
    ranked
        How many items those rank.
    random
        Source of chance.

    Returns
    -------
    numpy.ndarray of int, or None
        The rank of each item, 0 where it is left out; None where no such rankings were found.
    """
    import numpy as np

    n, items = likes.shape
    lasts = np.where(unfinished, ranked, items)
    first = matched(likes, np.ones(n, dtype=int), firsts).argmax(axis=1)
    shift = -means.astype(float)
    for _ in range(_FITS):
        order = _in_order(likes + shift, first)
        shift = shift + 0.5 * (_mean_ranks(order, lasts) - means)
    return _exact(order, lasts, means, random)


def _in_order(likes: np.ndarray, first: np.ndarray) -> Any:
    """Items by rank: the first given, the others as liked."""
    import numpy as np

    liked = likes.copy()
    liked[np.arange(len(first)), first] = np.inf
    return np.argsort(-liked, axis=1, kind="stable")


def _ranks(order: np.ndarray, lasts: np.ndarray) -> Any:
    import numpy as np

    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(1, order.shape[1] + 1)[None, :].repeat(len(order), axis=0), axis=1)
    return np.where(ranks <= lasts[:, None], ranks, 0)


def _mean_ranks(order: np.ndarray, lasts: np.ndarray) -> Any:
    import numpy as np

    ranks = _ranks(order, lasts)
    return ranks.sum(axis=0) / np.maximum((ranks > 0).sum(axis=0), 1)


def _exact(order: np.ndarray, lasts: np.ndarray, means: np.ndarray, random: np.random.Generator) -> Any:
    """Exchange neighbours below the first place until all mean ranks hold."""
    n, items = order.shape
    ranks = _ranks(order, lasts)
    sums = ranks.sum(axis=0).tolist()
    having = (ranks > 0).sum(axis=0).tolist()
    aims = means.tolist()
    rows: list[list[int]] = order.tolist()

    def off(item: int, total: int, count: int) -> float:
        return max(0.0, abs(total - aims[item] * count) - _TOLERANCE * count + _EDGE)

    people = random.integers(n, size=_MOVES).tolist()
    places = random.integers(1, items - 1, size=_MOVES).tolist()
    for person, place in zip(people, places, strict=True):
        if all(off(item, sums[item], having[item]) == 0 for item in range(items)):
            return _ranks(_array(rows), lasts)
        last = int(lasts[person])
        if place + 1 > last:  # both left out already
            continue
        up, down = rows[person][place], rows[person][place + 1]
        rank = place + 1
        stays = place + 1 < last  # the lower one has a rank too
        new_up = (sums[up] + (1 if stays else -rank), having[up] - (not stays))
        new_down = (sums[down] + (-1 if stays else rank), having[down] + (not stays))
        before = off(up, sums[up], having[up]) + off(down, sums[down], having[down])
        if off(up, *new_up) + off(down, *new_down) <= before:
            (sums[up], having[up]), (sums[down], having[down]) = new_up, new_down
            rows[person][place], rows[person][place + 1] = down, up
    return None


def _array(rows: list[list[int]]) -> Any:
    import numpy as np

    return np.array(rows)
