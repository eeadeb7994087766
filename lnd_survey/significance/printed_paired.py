"""Two printed shares of the same respondents: what can be said although it is not printed who gave both answers."""

from __future__ import annotations

from dataclasses import dataclass

from lnd_survey.errors import SurveyError
from lnd_survey.significance.cells import Cells
from lnd_survey.significance.differences import NO_TEST
from lnd_survey.significance.paired import paired_difference_of_shares
from lnd_survey.significance.printed import PrintedShare

PAIRED_PRINTED = "mcnemar_printed"


@dataclass(frozen=True)
class PrintedPairedDifference:
    """What two printed shares of the same respondents allow to say.

    Attributes
    ----------
    difference
        First minus second as printed, as a share.
    low, high
        From the smallest lower to the largest upper end of an interval that can be.
    test
        `mcnemar_printed` or `no_test`.
    p_min, p_max
        Smallest and largest p value over all tables that are printed so; NaN without a test.
    """

    difference: float
    low: float
    high: float
    test: str
    p_min: float
    p_max: float


def printed_paired_difference(
    first: PrintedShare, second: PrintedShare, *, level: float = 0.95
) -> PrintedPairedDifference:
    """Test whether two yes/no answers of the same respondents have the same share, from their printed shares alone.

    Of each pair of counts that round to the print, every number of respondents who gave both answers is tried; so the
    worst case is known, and often suffices.

    Parameters
    ----------
    first, second
        Printed shares of the same base.
    level
        Level of the interval.

    Returns
    -------
    PrintedPairedDifference
        `no_test` where the base is not known, or no count of it rounds to the print.

    Raises
    ------
    SurveyError
        If the bases differ: then they are not the same respondents.

    Notes
    -----
    Each table is tested as by `lnd_survey.significance.paired_difference_of_shares` (McNemar 1947; Bonett and Price
    2012).

    Examples
    --------
    >>> found = printed_paired_difference(PrintedShare(40, 300), PrintedShare(25, 300))
    >>> round(found.difference, 2), found.test, found.p_max < 0.05
    (0.15, 'mcnemar_printed', True)
    >>> found = printed_paired_difference(PrintedShare(40, 100), PrintedShare(33, 100))
    >>> found.p_min < 0.05 < found.p_max
    True
    """
    import numpy as np

    if first.n != second.n:
        raise SurveyError(f"Shares of {first.n} and of {second.n} respondents are not those of the same.")
    difference = (first.percent - second.percent) / 100
    nan = float("nan")
    if first.n is None or first.counts is None or second.counts is None:
        return PrintedPairedDifference(difference, nan, nan, NO_TEST, nan, nan)
    n = first.n
    tables = [
        [[n - one - two + both, two - both], [one - both, both]]
        for one in range(first.counts[0], first.counts[1] + 1)
        for two in range(second.counts[0], second.counts[1] + 1)
        for both in range(max(0, one + two - n), min(one, two) + 1)
    ]
    found = paired_difference_of_shares(Cells.of_counts(np.array(tables)), level=level)
    return PrintedPairedDifference(
        difference,
        float(found.low.min()),
        float(found.high.max()),
        PAIRED_PRINTED,
        float(found.p.min()),
        float(found.p.max()),
    )
