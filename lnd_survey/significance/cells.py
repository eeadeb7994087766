"""What tests are computed from: counts by cell, or estimates with standard error and base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from lnd_survey.errors import SurveyError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class Estimate(Protocol):
    """Anything with estimates, standard errors, numbers of respondents and effective bases: arrays of one shape."""

    @property
    def estimate(self) -> npt.ArrayLike:
        """Shares from 0 to 1, or means."""

    @property
    def se(self) -> npt.ArrayLike:
        """Standard errors."""

    @property
    def n(self) -> npt.ArrayLike:
        """How many respondents, unweighted."""

    @property
    def n_effective(self) -> npt.ArrayLike:
        """How many respondents of a simple random sample would say as much."""


@dataclass(frozen=True)
class Sample:
    """The plainest `Estimate`.

    Examples
    --------
    >>> Sample.of_counts([152, 115], 291).estimate.round(3).tolist()
    [0.522, 0.395]
    """

    estimate: npt.ArrayLike
    se: npt.ArrayLike
    n: npt.ArrayLike
    n_effective: npt.ArrayLike

    @classmethod
    def of_counts(cls, count: npt.ArrayLike, n: npt.ArrayLike) -> Sample:
        """Unweighted shares, `count` of `n` respondents; NaN where n is 0, and so is the error where n is below 2."""
        import numpy as np

        x, base = np.broadcast_arrays(np.asarray(count, dtype="float64"), np.asarray(n, dtype="float64"))
        if np.any((x < 0) | (x > base)):
            raise SurveyError("A count is negative or above its base.")
        with np.errstate(divide="ignore", invalid="ignore"):
            share = x / base
            return cls(share, np.sqrt(share * (1 - share) / (base - 1)), base, base)


@dataclass(frozen=True)
class Cells:
    """Respondents by group and option: arrays of groups × options, or with more axes before these.

    Attributes
    ----------
    count
        How many respondents, unweighted.
    weight, square
        Sum of their weights, and of the squares of their weights.

    Examples
    --------
    >>> Cells.of_counts([[30, 10], [10, 10]]).weighted
    False
    """

    count: np.ndarray
    weight: np.ndarray
    square: np.ndarray

    @classmethod
    def of_counts(cls, count: npt.ArrayLike) -> Cells:
        """Cells of respondents that all have the weight 1."""
        import numpy as np

        counted = np.asarray(count, dtype="float64")
        return cls(counted, counted, counted)

    @classmethod
    def of_answers(
        cls,
        rows: npt.ArrayLike,
        columns: npt.ArrayLike,
        *,
        weights: npt.ArrayLike | None = None,
        shape: tuple[int, int],
    ) -> Cells:
        """Count respondents by two codes, leaving out those for whom one is negative.

        Examples
        --------
        >>> Cells.of_answers([0, 0, 1, -1], [1, 1, 0, 0], weights=[1, 2, 1, 1], shape=(2, 2)).weight.tolist()
        [[0.0, 3.0], [1.0, 0.0]]
        """
        import numpy as np

        first, second = np.asarray(rows, dtype="int64"), np.asarray(columns, dtype="int64")
        own = np.ones(len(first)) if weights is None else np.asarray(weights, dtype="float64")
        known = (first >= 0) & (second >= 0)
        if np.any(first >= shape[0]) or np.any(second >= shape[1]):
            raise SurveyError(f"A code is not below {shape[0]} and {shape[1]}.")
        at = first[known] * shape[1] + second[known]
        sums = [np.bincount(at, own[known] ** power, minlength=shape[0] * shape[1]) for power in range(3)]
        return cls(*(found.reshape(shape) for found in sums))

    @property
    def weighted(self) -> bool:
        """Whether any respondent has another weight than 1."""
        return bool((self.weight != self.count).any() or (self.square != self.count).any())

    def check(self, *, groups: int | None = None) -> None:
        """Refuse cells that cannot have been counted.

        Raises
        ------
        SurveyError
            If shapes differ, a sum is negative or not a number, or there are other than so many groups.
        """
        import numpy as np

        if not self.count.shape == self.weight.shape == self.square.shape or self.count.ndim < 2:
            raise SurveyError("Counts, weights and squares are not tables of one shape.")
        if groups is not None and self.count.shape[-2] != groups:
            raise SurveyError(f"There are {self.count.shape[-2]} groups; this compares {groups}.")
        if not all(np.isfinite(sums).all() and (sums >= 0).all() for sums in (self.count, self.weight, self.square)):
            raise SurveyError("A count or a sum of weights is negative or not a number.")
