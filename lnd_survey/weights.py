"""Weights: raked to margins of a population, trimmed, and what they cost.

Weights are off unless margins are declared. A margin says how the population divides: `{"large": 20, "small": 80}`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import Problem, SurveyError, choices

if TYPE_CHECKING:
    import numpy as np

Margins = Mapping[str, Mapping[str, float]]
"""For each margin, how much of the population each level is: numbers, shares or percentages."""

TOLERANCE = 1e-9
"""How near to its margins a raked sample must come, relative to each level."""

ROUNDS = 1000

TOTALS_APART = 0.01
"""How far the totals of two margins may lie apart, as rounded percentages do."""


@dataclass(frozen=True)
class Diagnostics:
    """What weights are like, and what they cost.

    Attributes
    ----------
    n, total
        How many there are, and their sum.
    low, high
        The smallest and the largest, as multiples of the mean.
    variation
        Standard deviation (over n) over the mean; the design effect is 1 more than its square.
    n_effective
        Kish's effective base, (Σw)² / Σw² (Kish 1965).
    """

    n: int
    total: float
    low: float
    high: float
    variation: float
    n_effective: float

    @property
    def design_effect(self) -> float:
        """Kish's design effect: by what factor variances grow."""
        return self.n / self.n_effective

    @property
    def efficiency(self) -> float:
        """What part of the respondents is left as information."""
        return self.n_effective / self.n


def rake(
    levels: Mapping[str, Sequence[str] | np.ndarray],
    margins: Margins,
    *,
    base: np.ndarray | None = None,
    total: float | None = None,
) -> np.ndarray:
    """Weight respondents so that their weighted levels agree with every margin.

    Iterative proportional fitting (Deming and Stephan 1940): weights are scaled to each margin in turn until all agree.

    Parameters
    ----------
    levels
        For each margin, the level of each respondent.
    margins
        For each margin, the size of each level in the population. Totals may differ by rounding, 1 % at most.
    base
        Weights to begin with, all above 0; default all equal.
    total
        What the weights shall add up to; default the total of the first margin. The number of respondents gives weights
        with mean 1.

    Returns
    -------
    numpy.ndarray
        A weight for each respondent.

    Raises
    ------
    SurveyError
        If a respondent has a level that the margin lacks, a level has no respondents, totals differ, or no weights
        agree with all margins. All problems at once.

    Examples
    --------
    >>> size = ["small", "small", "large", "large"]
    >>> region = ["north", "south", "north", "south"]
    >>> margins = {"size": {"small": 80, "large": 20}, "region": {"north": 50, "south": 50}}
    >>> rake({"size": size, "region": region}, margins).tolist()
    [40.0, 40.0, 10.0, 10.0]
    >>> rake({"size": ["small", "small"]}, {"size": {"small": 80, "large": 20}})
    Traceback (most recent call last):
    ...
    lnd_survey.errors.SurveyError: margin size: nobody has level 'large', which is 20 % of the population. Put it
    together with another level, in the margin and for respondents.
    """
    import numpy as np

    problems: list[Problem] = []
    codes, targets = _coded(levels, margins, problems)
    n = len(codes[0]) if codes else 0
    own = np.ones(n) if base is None else np.asarray(base, dtype="float64")
    if len({len(code) for code in codes} | {len(own)}) > 1:
        problems.append(Problem("margins have different numbers of respondents"))
    if len(own) and not (own.min() > 0 and np.isfinite(own.max())):
        problems.append(Problem("a base weight is not above 0", remedy="Leave out who shall not count."))
    sums = {name: sum(sizes.values()) for name, sizes in margins.items()}
    if sums and max(sums.values()) - min(sums.values()) > TOTALS_APART * max(sums.values()):
        shown = ", ".join(f"{name} {value:g}" for name, value in sums.items())
        problems.append(Problem(f"margins add up to different totals: {shown}", remedy="Give all the same total."))
    if not margins:
        problems.append(Problem("there is no margin to rake to"))
    if problems:
        raise SurveyError(problems)
    whole = next(iter(sums.values())) if total is None else float(total)
    shares = [target / target.sum() for target in targets]
    names = {name: list(map(str, sizes)) for name, sizes in margins.items()}
    return own * _factors(codes, [share * whole for share in shares], own, names)


def _coded(
    levels: Mapping[str, Sequence[str] | np.ndarray], margins: Margins, problems: list[Problem]
) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Give the position of each respondent's level in each margin, and the sizes; collect what does not fit."""
    import numpy as np

    codes, targets = [], []
    for name, sizes in margins.items():
        place = f"margin {name}"
        known = [str(level) for level in sizes]
        size = np.array([float(value) for value in sizes.values()])
        if not (np.isfinite(size).all() and (size > 0).all()):
            problems.append(
                Problem(f"{place}: sizes of levels must be above 0", remedy="Leave out a level that nobody has.")
            )
        if name not in levels:
            problems.append(Problem(f"{place}: respondents have no such column", remedy=choices(levels, near=name)))
            continue
        found, code = np.unique(np.asarray(levels[name], dtype=str), return_inverse=True)
        counts = dict(zip(found.tolist(), np.bincount(code, minlength=len(found)).tolist(), strict=True))
        for level, count in counts.items():
            if level not in known:
                who = f"{count} respondent{'s have' if count > 1 else ' has'}"
                what = f"level {level!r}, which the margin lacks" if level else "no level"
                allowed = choices([name for name in known if name], near=level or None)
                remedy = f"Leave them out, or give them one. {allowed}"
                if level:
                    remedy = f"Give the margin this level, or leave them out. {allowed}"
                problems.append(Problem(f"{place}: {who} {what}", remedy=remedy))
        for level, value in zip(known, size.tolist(), strict=True):
            if level not in counts:
                remedy = "Put it together with another level, in the margin and for respondents."
                part = f"{100 * value / size.sum():.3g} % of the population"
                problems.append(Problem(f"{place}: nobody has level {level!r}, which is {part}", remedy=remedy))
        position = {level: place for place, level in enumerate(known)}
        codes.append(np.array([position.get(level, -1) for level in found.tolist()], dtype="int64")[code])
        targets.append(size)
    return codes, targets


def _factors(
    codes: list[np.ndarray], targets: list[np.ndarray], base: np.ndarray, names: Mapping[str, list[str]]
) -> np.ndarray:
    """Fit on the table of all margins, which has far fewer cells than there are respondents."""
    import numpy as np

    sizes = [len(target) for target in targets]
    key = np.ravel_multi_index(codes, sizes) if sizes else np.zeros(0, dtype="int64")
    cells, cell = np.unique(key, return_inverse=True)
    at = np.unravel_index(cells, sizes)
    mass = np.bincount(cell, base)
    fitted: np.ndarray = mass.copy()
    for _ in range(ROUNDS):
        for own, target in zip(at, targets, strict=True):
            fitted *= (target / np.bincount(own, fitted, minlength=len(target)))[own]
        away = [
            np.abs(np.bincount(own, fitted, minlength=len(target)) / target - 1)
            for own, target in zip(at, targets, strict=True)
        ]
        if max(float(part.max()) for part in away) <= TOLERANCE:
            return (fitted / mass)[cell]
    worst = max(range(len(away)), key=lambda margin: float(away[margin].max()))
    name, level = list(names)[worst], int(away[worst].argmax())
    reached = np.bincount(at[worst], fitted, minlength=sizes[worst])[level] / targets[worst].sum()
    wanted = targets[worst][level] / targets[worst].sum()
    raise SurveyError(
        Problem(
            f"margin {name}: no weights agree with all margins: after {ROUNDS} rounds level {names[name][level]!r} is "
            f"{100 * reached:.4g} % and not {100 * wanted:.4g} %",
            remedy="Margins contradict each other for these respondents. Put levels together, or leave out a margin.",
        )
    )


def misses(
    weights: np.ndarray, levels: Mapping[str, Sequence[str] | np.ndarray], margins: Margins
) -> dict[str, dict[str, float]]:
    """Say by how much weighted levels miss each margin, in shares of the population; after trimming, say.

    Examples
    --------
    >>> import numpy as np
    >>> misses(np.array([3.0, 1.0]), {"size": ["small", "large"]}, {"size": {"small": 80, "large": 20}})
    {'size': {'small': -0.05..., 'large': 0.04...}}
    """
    import numpy as np

    problems: list[Problem] = []
    codes, targets = _coded(levels, margins, problems)
    if problems:
        raise SurveyError(problems)
    return {
        name: dict(
            zip(
                map(str, sizes),
                (np.bincount(code, weights, minlength=len(target)) / weights.sum() - target / target.sum()).tolist(),
                strict=True,
            )
        )
        for (name, sizes), code, target in zip(margins.items(), codes, targets, strict=True)
    }


def trim(weights: np.ndarray, *, factor: float) -> np.ndarray:
    """Cut weights at a multiple of their mean, and give what is cut off to the others in equal parts.

    The total stays, and no weight is above the limit in the end (`trimWeights` of R's `survey`, strict). Raked
    weights no longer agree with their margins afterwards: see `misses`.

    Parameters
    ----------
    weights
        Weights of one sample.
    factor
        The limit, as a multiple of the mean; above 1.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> import numpy as np
    >>> trim(np.array([1.0, 1.0, 1.0, 5.0]), factor=2).tolist()
    [1.3333333333333333, 1.3333333333333333, 1.3333333333333333, 4.0]
    """
    import numpy as np

    if not factor > 1:
        raise SurveyError(
            f"Weights are to be cut at {factor} times their mean, which leaves no room. Take more than 1."
        )
    made = np.array(weights, dtype="float64")
    if not len(made):
        return made
    limit = factor * made.mean()
    cut = np.zeros(len(made), dtype=bool)
    while (above := (made > limit) & ~cut).any():
        excess = (made[above] - limit).sum()
        cut |= above
        made[above] = limit
        made[~cut] += excess / (~cut).sum()
    return made


def diagnostics(weights: np.ndarray) -> Diagnostics:
    """Say what weights are like: range, design effect, efficiency.

    Examples
    --------
    >>> import numpy as np
    >>> made = diagnostics(np.array([1.0, 1.0, 2.0]))
    >>> made.low, made.high, round(made.design_effect, 3), round(made.efficiency, 3)
    (0.75, 1.5, 1.125, 0.889)
    """
    import numpy as np

    weights = np.asarray(weights, dtype="float64")
    if not len(weights) or not (weights.min() >= 0 and np.isfinite(weights.max()) and weights.max() > 0):
        raise SurveyError("There are no weights, or one of them is negative or not a number, or all are 0.")
    center = float(weights.mean())
    relative = weights / center
    return Diagnostics(
        n=len(weights),
        total=float(weights.sum()),
        low=float(relative.min()),
        high=float(relative.max()),
        variation=float(relative.std()),
        n_effective=float(len(weights) / (relative @ relative / len(weights))),
    )
