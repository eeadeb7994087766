"""Coded answers → sums by domain, item and code → shares and means with standard errors and effective bases.

One pass over the rows gives, for every cell, the few sums from which everything else follows (Σw, Σw², and how many
rows); they add up over parts of the data, so that what does not fit into memory can be counted part by part. A weight
stands for one respondent that counts for more or less, never for several respondents.

Standard errors are linearised (Taylor), for a sample of independent respondents, with the factor n/(n − 1), n being all
rows that were counted, in whatever domain: what R's `survey` gives (Lumley 2010). With weights that were raked, the
influence of each respondent is cleared of what the margins hold fixed (Deville and Särndal 1992).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lnd_survey.errors import SurveyError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MISSING_CODE = 255
"""What a cell of a matrix of codes holds where there is no answer."""

CHUNK = 1 << 16
"""Rows that are counted at once."""

TABLE = 1 << 14
"""Cells of a table in which several items are counted together."""

RARE = 20
"""With fewer events or non-events, counted or effective, a linearised effective base is not trusted alone."""

SWEEPS = 10
"""How often influences are centred on each margin, as in R's `survey`; by then the rest is about a millionth."""


@dataclass(frozen=True)
class Raking:
    """Sums by level of the margins that weights were raked to, the levels of all margins in one row.

    Attributes
    ----------
    levels
        How many levels each margin has.
    count, square
        As in `Tally`, by level: arrays of levels × domains × items × codes.
    rows_together, square_together
        Rows and Σw² of all rows by two levels: arrays of levels × levels.
    weight
        Σw of all rows by level.
    """

    levels: tuple[int, ...]
    count: np.ndarray
    square: np.ndarray
    rows_together: np.ndarray
    square_together: np.ndarray
    weight: np.ndarray

    def __add__(self, other: Raking) -> Raking:
        assert self.levels == other.levels
        return Raking(
            self.levels,
            self.count + other.count,
            self.square + other.square,
            self.rows_together + other.rows_together,
            self.square_together + other.square_together,
            self.weight + other.weight,
        )


@dataclass(frozen=True)
class Tally:
    """Sums over respondents by domain, item and code.

    Tallies of parts of the data add up, if `n_domains`, `n_codes` and `n_levels` were said for all. With margins they
    must be parts of one sample that was raked as a whole.

    Attributes
    ----------
    rows
        All rows counted, also those without a domain or an answer.
    count, weight, square
        How many gave an answer, Σw and Σw² over them: arrays of domains × items × codes.
    raking
        The same by margin, where margins were given.

    Examples
    --------
    >>> import numpy as np
    >>> part = tally(np.array([[0], [1]], dtype="uint8"), np.array([0, 0]), n_codes=2)
    >>> (part + part).count.tolist()
    [[[2, 2]]]
    """

    rows: int
    count: np.ndarray
    weight: np.ndarray
    square: np.ndarray
    raking: Raking | None = None

    def __add__(self, other: Tally) -> Tally:
        assert (self.raking is None) == (other.raking is None)
        raking = self.raking + other.raking if self.raking and other.raking else None
        return Tally(
            self.rows + other.rows,
            self.count + other.count,
            self.weight + other.weight,
            self.square + other.square,
            raking,
        )

    @property
    def n(self) -> np.ndarray:
        """How many answered, by domain and item."""
        return self.count.sum(axis=2)

    def pooled(self, domains: Sequence[Sequence[int]]) -> Tally:
        """Count domains together, each row once: one new domain for each list of old ones.

        Examples
        --------
        >>> import numpy as np
        >>> parts = tally(np.array([[0], [1], [1]], dtype="uint8"), np.array([0, 1, 1]))
        >>> parts.pooled([[0], [1], [0, 1]]).count.tolist()
        [[[1, 0]], [[0, 2]], [[1, 2]]]
        """
        import numpy as np

        def pool(sums: np.ndarray, axis: int) -> np.ndarray:
            return np.stack([sums.take(list(old), axis=axis).sum(axis=axis) for old in domains], axis=axis)

        own = self.raking
        raking = own and replace(own, count=pool(own.count, 1), square=pool(own.square, 1))
        return Tally(self.rows, pool(self.count, 0), pool(self.weight, 0), pool(self.square, 0), raking)

    def only(self, codes: Sequence[int]) -> Tally:
        """Count these codes alone: who gave another answer did not answer. Codes are numbered anew.

        Examples
        --------
        >>> import numpy as np
        >>> made = tally(np.array([[0], [1], [2]], dtype="uint8"), np.zeros(3, dtype=int))
        >>> made.only([0, 2]).n.tolist(), made.only([0, 2]).count.tolist()
        ([[2]], [[[1, 1]]])
        """
        return self._each(lambda sums: sums[..., list(codes)])

    def events(self, codes: Sequence[Sequence[int]]) -> Tally:
        """Make yes/no items: for each item and each list of codes, whether the answer is one of them.

        Returns
        -------
        Tally
            Domains × (items × lists) × 2: no, yes.

        Examples
        --------
        >>> import numpy as np
        >>> made = tally(np.array([[0], [1], [2]], dtype="uint8"), np.zeros(3, dtype=int))
        >>> made.events([[0], [1, 2]]).count.tolist()
        [[[2, 1], [1, 2]]]
        """
        import numpy as np

        def told(sums: np.ndarray) -> np.ndarray:
            yes = np.stack([sums[..., list(one)].sum(axis=-1) for one in codes], axis=-1)
            both = np.stack([sums.sum(axis=-1, keepdims=True) - yes, yes], axis=-1)
            return both.reshape(*sums.shape[:-2], -1, 2)

        return self._each(told)

    def _each(self, change: Callable[[np.ndarray], np.ndarray]) -> Tally:
        own = self.raking
        raking = own and replace(own, count=change(own.count), square=change(own.square))
        return Tally(self.rows, change(self.count), change(self.weight), change(self.square), raking)


@dataclass(frozen=True)
class Estimated:
    """Shares by domain, item and code, or means by domain and item: all arrays have one shape; NaN without answers.

    Attributes
    ----------
    estimate, se
        The estimate and its linearised standard error.
    n
        How many answered, unweighted.
    n_effective
        The base to say how sure an estimate is; see `effective_base`.
    n_kish
        Kish's effective base, (Σw)² / Σw² (Kish 1965).
    n_linear
        Variance of one answer over the squared standard error; NaN where all answers are the same.
    design_effect
        Squared standard error over that of a simple random sample of the same n, drawn with replacement.
    """

    estimate: np.ndarray
    se: np.ndarray
    n: np.ndarray
    n_effective: np.ndarray
    n_kish: np.ndarray
    n_linear: np.ndarray
    design_effect: np.ndarray

    @property
    def df(self) -> np.ndarray:
        """Degrees of freedom of the standard error."""
        return self.n - 1


def tally(
    codes: np.ndarray,
    domains: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    margins: Sequence[np.ndarray] = (),
    n_domains: int | None = None,
    n_codes: int | None = None,
    n_levels: Sequence[int] | None = None,
    chunk: int = CHUNK,
) -> Tally:
    """Count answers in one pass, in memory that does not grow with the rows.

    Parameters
    ----------
    codes
        Array (rows × items) of uint8: the code of each answer, 255 where there is none. Column order (`order="F"`) is
        faster than row order.
    domains
        Array (rows) of whole numbers: which domain a row belongs to, say year × group; −1: none.
    weights
        Array (rows) of weights, none of them negative; default all 1.
    margins
        For each margin that the weights were raked to, an array (rows) of whole numbers: the level. All rows must be
        of the one sample that was raked: count waves that were raked apart in calls of their own.
    n_domains, n_codes, n_levels
        How many domains and codes there are, and levels of each margin; default as many as occur.
    chunk
        Rows counted at once.

    Returns
    -------
    Tally

    Raises
    ------
    SurveyError
        If codes, domains, weights or levels are out of range, or lengths differ.

    Notes
    -----
    Several items are counted as one with a digit for each (mixed radix), so that one count serves all of them.

    Examples
    --------
    >>> import numpy as np
    >>> answers = np.array([[0, 1], [1, 255], [1, 1]], dtype="uint8")
    >>> made = tally(answers, np.array([0, 0, 0]), weights=np.array([1.0, 1.0, 2.0]))
    >>> made.count.tolist(), made.weight.tolist()
    ([[[1, 2], [0, 2]]], [[[1.0, 3.0], [0.0, 3.0]]])
    """
    import numpy as np

    rows, items = codes.shape
    weights = None if weights is None else np.asarray(weights, dtype="float64")
    domains, margins = np.asarray(domains), [np.asarray(levels) for levels in margins]
    _check(codes, domains, weights, margins)
    top, top_domain = _top_codes(codes, chunk), int(domains.max(initial=-1))
    n_codes = max(int(top.max(initial=0)), 1) if n_codes is None else n_codes
    n_domains = max(top_domain + 1, 1) if n_domains is None else n_domains
    if top.max(initial=0) > n_codes:
        raise SurveyError(f"A code is {top.max() - 1}, but there are only {n_codes}, counted from 0.")
    if top_domain >= n_domains:
        raise SurveyError(f"A domain is {top_domain}, but there are only {n_domains}, counted from 0.")
    alike = weights is None or not rows or bool(weights.min() == weights.max())
    own = None if alike else weights
    counted = _count(codes, domains, own, top, n_domains=n_domains, n_codes=n_codes, chunk=chunk)
    raking = None
    if margins:
        margins = [levels.astype("int64") for levels in margins]
        sizes = [int(levels.max(initial=0)) + 1 for levels in margins] if n_levels is None else list(n_levels)
        if any(levels.max(initial=0) >= size for levels, size in zip(margins, sizes, strict=True)):
            raise SurveyError(f"Margins have more levels than {', '.join(map(str, sizes))}.")
        within = [
            _count(
                codes,
                np.where(domains < 0, -1, levels * n_domains + domains),
                own,
                top,
                n_domains=size * n_domains,
                n_codes=n_codes,
                chunk=chunk,
            ).reshape(3, size, n_domains, items, n_codes)
            for levels, size in zip(margins, sizes, strict=True)
        ]
        by_level = np.concatenate(within, axis=1)
        raking = _raking(margins, sizes, own, by_level, chunk)
    made = Tally(rows, counted[0].astype("int64"), counted[1], counted[2], raking)
    return _scaled(made, float(weights[0])) if weights is not None and rows and alike else made


def _check(codes: np.ndarray, domains: np.ndarray, weights: np.ndarray | None, margins: Sequence[np.ndarray]) -> None:
    import numpy as np

    if codes.dtype != np.uint8:
        raise SurveyError(f"Codes are {codes.dtype}, and must be uint8, with {MISSING_CODE} where there is no answer.")
    given = [domains, *margins] + ([] if weights is None else [weights])
    if any(len(other) != len(codes) for other in given):
        raise SurveyError(f"There are {len(codes)} rows of codes, but {', '.join(str(len(other)) for other in given)}.")
    if any(codes_of.dtype.kind not in "iu" for codes_of in (domains, *margins)):
        raise SurveyError("Domains and levels of margins must be whole numbers, with −1 for none.")
    if weights is not None and len(weights) and not (weights.min() >= 0 and np.isfinite(weights.max())):
        raise SurveyError("A weight is negative or not a number. Correct it, or leave the respondent out.")
    if any(len(levels) and levels.min() < 0 for levels in margins):
        raise SurveyError("A respondent has no level of a margin that weights were raked to.")


def _top_codes(codes: np.ndarray, chunk: int) -> np.ndarray:
    """Give the largest code of each item, plus 1; 0 where there is no answer."""
    import numpy as np

    parts = (_shifted(codes[start : start + chunk]).max(axis=1, initial=0) for start in range(0, len(codes), chunk))
    return np.maximum.reduce([np.zeros(codes.shape[1], dtype="uint8"), *parts]).astype("int64")


def _shifted(codes: np.ndarray) -> np.ndarray:
    """Turn to items × rows, with 0 for no answer and code + 1 for others; uint8 wraps round."""
    import numpy as np

    shifted = np.array(codes.T, order="C")
    shifted += np.uint8(1)
    return shifted


def _together(top: np.ndarray, n_domains: int, rows: int) -> Iterator[list[int]]:
    """Part the items into those that are counted together in one table."""
    limit = min(max(rows, 1 << 8), TABLE)
    group: list[int] = []
    size = n_domains
    for item, radix in enumerate((top + 1).tolist()):
        if group and size * radix > limit:
            yield group
            group, size = [], n_domains
        group.append(item)
        size *= radix
    if group:
        yield group


def _count(
    codes: np.ndarray,
    domains: np.ndarray,
    weights: np.ndarray | None,
    top: np.ndarray,
    *,
    n_domains: int,
    n_codes: int,
    chunk: int,
) -> np.ndarray:
    """Give count, Σw and Σw²: an array of 3 × domains × items × codes."""
    import numpy as np

    groups = list(_together(top, n_domains, len(codes)))
    radix = top + 1
    sizes = [n_domains * int(np.prod(radix[group])) for group in groups]
    tables = [np.zeros((1 if weights is None else 3, size)) for size in sizes]
    for start in range(0, len(codes), chunk):
        part = slice(start, start + chunk)
        of_domain = domains[part]
        shifted = _shifted(codes[part])
        own = None if weights is None else weights[part]
        if of_domain.min() < 0:
            inside = of_domain >= 0
            of_domain, shifted = of_domain[inside], shifted[:, inside]
            own = None if own is None else own[inside]
        squared = None if own is None else own * own
        for group, size, table in zip(groups, sizes, tables, strict=True):
            key = of_domain.astype("uint16" if size <= 1 << 16 else "int64")
            for item in group:
                key *= key.dtype.type(radix[item])
                key += shifted[item]
            cell = key.astype("intp")
            table[0] += np.bincount(cell, minlength=size)
            if own is not None:
                table[1] += np.bincount(cell, own, minlength=size)
                table[2] += np.bincount(cell, squared, minlength=size)
    sums = np.zeros((3, n_domains, codes.shape[1], n_codes))
    for group, table in zip(groups, tables, strict=True):
        joint = table.reshape(-1, n_domains, *radix[group])
        for axis, item in enumerate(group, start=2):
            others = tuple(other for other in range(2, joint.ndim) if other != axis)
            # Without weights the one table stands for all three.
            sums[:, :, item, : top[item]] = joint.sum(axis=others)[:, :, 1:]
    return sums


def _raking(
    margins: Sequence[np.ndarray], sizes: Sequence[int], weights: np.ndarray | None, by_level: np.ndarray, chunk: int
) -> Raking:
    import numpy as np

    starts = np.cumsum([0, *sizes])
    together = np.zeros((3, starts[-1], starts[-1]))
    for start in range(0, len(margins[0]), chunk):
        part = slice(start, start + chunk)
        for one, left in enumerate(margins):
            for two, right in enumerate(margins):
                at = np.s_[starts[one] : starts[one + 1], starts[two] : starts[two + 1]]
                shape = (sizes[one], sizes[two])
                key = left[part] * sizes[two] + right[part]
                for power, sums in enumerate(together):
                    own = None if weights is None else weights[part] ** power
                    sums[at] += np.bincount(key, own, minlength=shape[0] * shape[1]).reshape(shape)
    return Raking(tuple(sizes), by_level[0], by_level[2], together[0], together[2], np.diag(together[1]).copy())


def _scaled(made: Tally, factor: float) -> Tally:
    square = factor * factor
    raking = made.raking and replace(
        made.raking,
        square=made.raking.square * square,
        square_together=made.raking.square_together * square,
        weight=made.raking.weight * factor,
    )
    return replace(made, weight=made.weight * factor, square=made.square * square, raking=raking)


def shares(
    sums: Tally, *, rows: npt.ArrayLike | None = None, fixed_weights: bool = False, sweeps: int = SWEEPS
) -> Estimated:
    """Estimate what share of those who answered gave each answer.

    Parameters
    ----------
    sums
        A tally.
    rows
        Rows of the whole sample, for the factor n/(n − 1); default the rows of the tally. The n of each estimate,
        `sums.n`, gives the standard error of a textbook, as if each domain were a sample of its own.
    fixed_weights
        Take weights as if they had been known before, also where the tally knows the margins they were raked to.
    sweeps
        How often influences are centred on each margin.

    Returns
    -------
    Estimated
        Arrays of domains × items × codes.

    Notes
    -----
    The variance is Σw²(y − p)² / W² in a form without cancellation (exactly 0 where p is 0 or 1):
    S₂(1 − p)² + (W₂ − S₂)p², over W², S₂ being Σw² of those who gave the answer (Lumley 2010).

    Examples
    --------
    >>> import numpy as np
    >>> answers = np.array([[1], [1], [0], [255]], dtype="uint8")
    >>> made = shares(tally(answers, np.zeros(4, dtype=int)))
    >>> made.estimate.round(3).tolist(), made.n.tolist(), made.n_effective.tolist()
    ([[[0.333, 0.667]]], [[[3, 3]]], [[[3.0, 3.0]]])
    >>> made.se.round(4).tolist()
    [[[0.3143, 0.3143]]]
    """
    import numpy as np

    weight, square = sums.weight.sum(axis=2, keepdims=True), sums.square.sum(axis=2, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = sums.weight / weight
        variance = (sums.square * (1 - p) ** 2 + (square - sums.square) * p**2) / weight**2
        kish = np.broadcast_to(weight**2 / square, p.shape)
    n = np.broadcast_to(sums.n[:, :, None], p.shape)
    if sums.raking and not fixed_weights:
        by_level = sums.raking
        influence = (by_level.count - p * by_level.count.sum(axis=3, keepdims=True)) / weight
        squared = (by_level.square - p * by_level.square.sum(axis=3, keepdims=True)) / weight
        variance = _projected(variance, influence, squared, by_level, sums.rows, sweeps)
    # Many events of which one has nearly all the weight are few.
    rarer = np.minimum(np.minimum(sums.count, n - sums.count), kish * np.minimum(p, 1 - p))
    # One answer, one respondent: y is 0 or 1, and its variance p(1 − p).
    return _estimated(p, p * (1 - p), variance, n, rarer, kish, sums.rows if rows is None else rows)


def means(
    sums: Tally,
    values: np.ndarray,
    *,
    rows: npt.ArrayLike | None = None,
    fixed_weights: bool = False,
    sweeps: int = SWEEPS,
) -> Estimated:
    """Estimate means of answers that are numbers: scales, and mean ranks.

    Parameters
    ----------
    sums
        A tally.
    values
        The number that each code stands for: array (codes) or (items × codes), NaN for a code that is none ("don't
        know"), which then does not count.
    rows, fixed_weights, sweeps
        As for `shares`.

    Returns
    -------
    Estimated
        Arrays of domains × items.

    Examples
    --------
    >>> import numpy as np
    >>> ranks = np.array([[0], [1], [2], [3]], dtype="uint8")
    >>> made = means(tally(ranks, np.zeros(4, dtype=int)), np.array([1, 2, 3, np.nan]))
    >>> made.estimate.tolist(), made.n.tolist(), made.se.round(4).tolist()
    ([[2.0]], [[3]], [[0.5443]])
    """
    import numpy as np

    values = np.asarray(values, dtype="float64")
    given = np.isfinite(values)
    number = np.where(given, values, 0.0)
    weight, square = (sums.weight * given).sum(axis=2), (sums.square * given).sum(axis=2)
    n = (sums.count * given).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (sums.weight * number).sum(axis=2) / weight
        # Where all answers are the same the mean is that number, to the last digit.
        alone = ((sums.count > 0) & given).sum(axis=2) == 1
        mean = np.where(alone, np.max(np.where((sums.count > 0) & given, number, -np.inf), axis=2), mean)
        away = np.where(given, number - mean[:, :, None], 0.0)
        variance = (sums.square * away**2).sum(axis=2) / weight**2
        spread = (sums.weight * away**2).sum(axis=2) / weight
        kish = weight**2 / square
        if sums.raking and not fixed_weights:
            influence = (sums.raking.count * away).sum(axis=3) / weight
            squared = (sums.raking.square * away).sum(axis=3) / weight
            variance = _projected(variance, influence, squared, sums.raking, sums.rows, sweeps)
    return _estimated(mean, spread, variance, n, n, kish, sums.rows if rows is None else rows)


def _projected(
    variance: np.ndarray, influence: np.ndarray, squared: np.ndarray, raking: Raking, rows: int, sweeps: int
) -> np.ndarray:
    """Variance of influences less what the margins say of them.

    With z the influence of a respondent per unit of weight, e = z − Xβ is centred on the levels of each margin in turn,
    and the variance is Σ(we − mean(we))². Only sums by level are needed: X'z (`influence`) and X'w²z (`squared`).
    """
    import numpy as np

    shape = (len(influence), -1)
    influence, squared = influence.reshape(shape), squared.reshape(shape)
    beta = np.zeros_like(influence)
    starts = np.cumsum([0, *raking.levels])
    spans = [slice(start, end) for start, end in itertools.pairwise(starts)]
    size = np.maximum(np.diag(raking.rows_together), 1)[:, None]
    for _ in range(sweeps):
        for span in spans:
            beta[span] += (influence[span] - raking.rows_together[span] @ beta) / size[span]
    explained = (2 * squared * beta).sum(axis=0) - (beta * (raking.square_together @ beta)).sum(axis=0)
    total = raking.weight @ beta
    left = variance.ravel() - explained - total**2 / rows
    # What margins determine altogether has no variance, but for rounding.
    return np.where(left <= 1e-13 * variance.ravel(), 0.0, left).reshape(variance.shape)


def _estimated(
    estimate: np.ndarray,
    spread: np.ndarray,
    variance: np.ndarray,
    n: np.ndarray,
    rarer: np.ndarray,
    kish: np.ndarray,
    rows: npt.ArrayLike,
) -> Estimated:
    import numpy as np

    rows = np.asarray(rows, dtype="float64")
    if rows.ndim:
        rows = rows.reshape(*rows.shape, *[1] * (estimate.ndim - rows.ndim))
    factor = np.where(rows > 1, rows / np.maximum(rows - 1, 1), 1.0)
    # Without answers, or without weight, there is no base.
    kish = np.nan_to_num(kish)
    with np.errstate(divide="ignore", invalid="ignore"):
        linear = np.where((spread > 0) & (variance > 0), spread / (variance * factor), np.nan)
        # The factor is no loss of respondents: without it equal weights give n, as they should.
        base = effective_base(linear * factor, n, n_kish=kish, rarer=rarer)
        design_effect = np.where(spread > 0, variance * factor * (n - 1) / spread, np.nan)
    return Estimated(
        estimate=estimate,
        se=np.sqrt(variance * factor),
        n=n,
        n_effective=base,
        n_kish=kish,
        n_linear=linear,
        design_effect=design_effect,
    )


def effective_base(n_linear: np.ndarray, n: np.ndarray, *, n_kish: np.ndarray, rarer: np.ndarray) -> np.ndarray:
    """Choose the base by which an estimate is judged.

    The linearised base, never more than n. With fewer than 20 events or non-events it is itself unsure, and the smaller
    of it and Kish's counts; where all answers are the same there is only Kish's.

    Parameters
    ----------
    n_linear
        Variance of an answer over the variance of the estimate; NaN where there is none.
    n
        How many answered.
    n_kish
        Kish's effective base.
    rarer
        How many events, or non-events where those are fewer, counted and by Kish's base, whichever is less.

    Returns
    -------
    numpy.ndarray
        0 without answers.

    Examples
    --------
    >>> import numpy as np
    >>> linear, kish = np.array([90.0, 90.0, 130.0, np.nan]), np.array([80.0] * 4)
    >>> effective_base(linear, np.array([100] * 4), n_kish=kish, rarer=np.array([40, 3, 40, 0])).tolist()
    [90.0, 80.0, 100.0, 80.0]
    """
    import numpy as np

    least = np.fmin(n_linear, n_kish)
    chosen = np.where(np.isnan(n_linear) | (rarer < RARE), least, n_linear)
    # Rounding errors of equal weights.
    whole = np.abs(chosen - n) <= 1e-9 * n
    return np.where(n == 0, 0.0, np.where(whole, n, np.fmin(chosen, n)))
