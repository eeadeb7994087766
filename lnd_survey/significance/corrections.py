"""Corrections for how many differences were looked at; the family is always named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError, choices

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

BENJAMINI_HOCHBERG, HOLM = "benjamini_hochberg", "holm"


@dataclass(frozen=True)
class Corrected:
    """p values corrected for their family.

    Attributes
    ----------
    p
        Corrected, in the order and shape given; NaN where there was no p value.
    method
        `benjamini_hochberg` or `holm`.
    family
        What was looked at together, in words or as an id.
    size
        How many p values the family has; those that are NaN do not count.
    """

    p: np.ndarray
    method: str
    family: str
    size: int


def corrected(p: npt.ArrayLike, *, family: str, method: str = BENJAMINI_HOCHBERG) -> Corrected:
    """Correct p values for looking at several differences.

    Parameters
    ----------
    p
        p values; NaN where there was no test.
    family
        What was looked at together.
    method
        `benjamini_hochberg` (1995): of the differences called clear, so many are not, on average. `holm` (1979): with
        so much certainty none of them is not.

    Returns
    -------
    Corrected
        Never below the p values given, at most 1, and in the same order of size.

    Raises
    ------
    SurveyError
        If a p value is not from 0 to 1, there is no such method, or the family has no name.

    Examples
    --------
    >>> found = corrected([0.01, 0.04, float("nan"), 0.03], family="agenda")
    >>> found.p.round(3).tolist(), found.family, found.size
    ([0.03, 0.04, nan, 0.04], 'agenda', 3)
    >>> corrected([0.01, 0.04, 0.03], family="agenda", method="holm").p.round(3).tolist()
    [0.03, 0.06, 0.06]
    """
    import numpy as np

    given = np.asarray(p, dtype="float64")
    if method not in (BENJAMINI_HOCHBERG, HOLM):
        raise SurveyError(f"There is no correction {method!r}. {choices([BENJAMINI_HOCHBERG, HOLM], near=method)}")
    if not family.strip():
        raise SurveyError("Say what was looked at together: the family has no name.")
    if np.any((given < 0) | (given > 1)):
        raise SurveyError("A p value is below 0 or above 1.")
    result = np.full(given.shape, np.nan)
    known = ~np.isnan(given)
    values = given[known]
    size = values.size
    order = np.argsort(values, kind="stable")
    place = np.arange(1, size + 1)
    if method == HOLM:
        ordered = np.maximum.accumulate(values[order] * (size + 1 - place))
    else:
        ordered = np.minimum.accumulate((values[order] * (size / place))[::-1])[::-1]
    own = np.empty(size)
    # The last digit of a product must not put a corrected p below its own.
    own[order] = np.minimum(1, np.maximum(ordered, values[order]))
    result[known] = own
    return Corrected(result, method, family, size)
