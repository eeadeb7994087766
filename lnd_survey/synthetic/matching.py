"""Who gives an answer, once it is known how many do: whoever it suits best, with all counts kept."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

_ROUNDS = 12
_GAIN = 1e-9


def matched(suits: np.ndarray, takes: np.ndarray, counts: np.ndarray) -> Any:
    """Give each respondent as many answers as they take and each answer as many respondents as it counts.

    Starts from any table with these margins and then exchanges answers between respondents, which keeps them, as
    long as that suits better.

    Parameters
    ----------
    suits
        How well each answer (column) suits each respondent (row).
    takes
        How many answers each respondent gives.
    counts
        How many respondents give each answer.

    Returns
    -------
    numpy.ndarray of bool
        Of the shape of `suits`.

    Raises
    ------
    ValueError
        If there is no table with these margins.

    Examples
    --------
    >>> import numpy as np
    >>> suits = np.array([[3.0, 0.0], [2.0, 0.0], [0.0, 0.0]])
    >>> matched(suits, np.array([1, 1, 1]), np.array([2, 1])).astype(int).tolist()
    [[1, 0], [1, 0], [0, 1]]
    """
    import numpy as np

    taken = np.zeros(suits.shape, dtype=bool)
    left = takes.astype(int).copy()
    for answer in np.argsort(-counts, kind="stable"):
        chosen = np.lexsort((-suits[:, answer], -left))[: counts[answer]]
        taken[chosen, answer] = True
        left[chosen] -= 1
    if left.any():
        raise ValueError(f"no table has these margins: {takes.sum()} answers taken, {counts.sum()} counted")
    for _ in range(_ROUNDS):
        if not sum(_exchange(suits, taken, *pair) for pair in combinations(range(suits.shape[1]), 2)):
            break
    return taken


def _exchange(suits: np.ndarray, taken: np.ndarray, one: int, other: int) -> int:
    """Exchange two answers between respondents who have only one of them; say how many exchanges suit better."""
    import numpy as np

    moved, gains = [], []
    for have, get in ((one, other), (other, one)):
        people = np.flatnonzero(taken[:, have] & ~taken[:, get])
        gain = suits[people, get] - suits[people, have]
        order = np.argsort(-gain, kind="stable")
        moved.append(people[order])
        gains.append(gain[order])
    pairs = min(map(len, moved))
    better = int(np.count_nonzero(gains[0][:pairs] + gains[1][:pairs] > _GAIN))
    for people, (have, get) in zip(moved, ((one, other), (other, one)), strict=True):
        taken[people[:better], have] = False
        taken[people[:better], get] = True
    return better


def takes(n: int, total: int, *, limit: int | None, most: int, random: np.random.Generator) -> Any:
    """Spread a number of ticks over respondents: at least one each, and no more than the limit where that is enough.

    Examples
    --------
    >>> import numpy as np
    >>> sorted(takes(4, 13, limit=3, most=5, random=np.random.default_rng(1)).tolist())
    [3, 3, 3, 4]
    """
    import numpy as np

    least, cap = 1, most if limit is None else min(limit, most)
    while total > cap * n:
        least, cap = cap, cap + 1
    rooms = np.repeat(np.arange(n), cap - least)
    chosen = random.permutation(len(rooms))[: total - least * n]
    return least + np.bincount(rooms[chosen], minlength=n)


def cut(score: np.ndarray, counts: list[int]) -> Any:
    """Divide respondents in order of a score: the lowest get the first answer.

    Examples
    --------
    >>> import numpy as np
    >>> cut(np.array([0.3, -1.0, 2.0]), [1, 2]).tolist()
    [1, 0, 1]
    """
    import numpy as np

    answers = np.empty(len(score), dtype=int)
    answers[np.argsort(score, kind="stable")] = np.repeat(np.arange(len(counts)), counts)
    return answers
