"""How many respondents give each answer, so that every share comes out as printed: whole numbers, found by search.

A share p of n respondents holds if it differs from p by no more than half a percentage point. For small n few whole
numbers do that, or none; then another n must be tried, that is, one respondent more or fewer who skips the question.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

HALF_A_POINT = 0.5
_EDGE = 1e-9

Shares = Mapping[str, float]
Counts = dict[str, int]


def window(share: float, n: int) -> range:
    """Give the counts out of n that are a share (per cent) to within half a point.

    Examples
    --------
    >>> list(window(25, 16)), list(window(25, 15)), list(window(60, 200))
    ([4], [], [120])
    >>> list(window(50, 304))
    [151, 152, 153]
    """
    low = math.ceil((share - HALF_A_POINT) * n / 100 + _EDGE)
    high = math.floor((share + HALF_A_POINT) * n / 100 - _EDGE)
    return range(max(low, 0), min(high, n) + 1)


def distance(count: int, share: float, n: int) -> float:
    """Say how far a count is from a share of n, in respondents."""
    return abs(count - share * n / 100)


def distribution(shares: Shares, n: int, *, nets: Iterable[tuple[Sequence[str], float]] = ()) -> Counts | None:
    """Divide n respondents over the answers of a distribution.

    Parameters
    ----------
    shares
        Per cent by answer.
    n
        Respondents.
    nets
        Sums of several answers that must hold too: the answers and the share of all together.

    Returns
    -------
    dict or None
        The counts nearest to the shares that add up to n; None where none do.

    Examples
    --------
    >>> distribution({"a": 66, "b": 19, "c": 16}, 100) is None
    True
    >>> distribution({"a": 66, "b": 19, "c": 16}, 456)
    {'a': 299, 'b': 85, 'c': 72}
    """
    names = list(shares)
    limits = [(set(parts), window(share, n)) for parts, share in nets]
    best: tuple[float, list[int]] | None = None
    for counts in _adding_up([window(shares[name], n) for name in names], n):
        if all(
            sum(c for name, c in zip(names, counts, strict=True) if name in parts) in span for parts, span in limits
        ):
            cost = round(sum(distance(c, shares[name], n) for name, c in zip(names, counts, strict=True)), 9)
            if best is None or cost < best[0]:
                best = (cost, counts)
    return None if best is None else dict(zip(names, best[1], strict=True))


def _adding_up(spans: Sequence[range], total: int) -> Iterator[list[int]]:
    """Every choice of one number from each span that adds up to a total."""
    if not spans:
        if total == 0:
            yield []
        return
    if not all(spans):
        return
    least = sum(span[0] for span in spans[1:])
    most = sum(span[-1] for span in spans[1:])
    for count in spans[0]:
        if least <= total - count <= most:
            for rest in _adding_up(spans[1:], total - count):
                yield [count, *rest]


def by_stratum(totals: Counts, strata: Mapping[str, int], splits: Mapping[str, Shares]) -> dict[str, Counts] | None:
    """Divide the counts of a distribution over parts of the respondents.

    Parameters
    ----------
    totals
        Counts by answer.
    strata
        Respondents by part; together as many as the counts.
    splits
        By part the shares that are printed for it, per cent by answer.

    Returns
    -------
    dict or None
        By part the counts by answer; None where the printed shares cannot be had.

    Examples
    --------
    >>> by_stratum({"few": 8, "many": 12}, {"nl": 16, "fr": 4}, {"fr": {"many": 25}})
    {'nl': {'few': 5, 'many': 11}, 'fr': {'few': 3, 'many': 1}}
    """
    fixed: dict[str, Counts] = {part: {} for part in strata}
    for name, total in totals.items():
        parts = [part for part in strata if name in splits.get(part, {})]
        spans = [window(splits[part][name], strata[part]) for part in parts]
        if parts and len(parts) == len(strata):
            choices = list(_adding_up(spans, total))
        else:
            choices = [[span[len(span) // 2] for span in spans]] if all(spans) else []
        if not choices:
            return None
        for part, count in zip(parts, choices[0], strict=True):
            fixed[part][name] = count
    left = {name: total - sum(fixed[part].get(name, 0) for part in strata) for name, total in totals.items()}
    if min(left.values(), default=0) < 0:
        return None
    found: dict[str, Counts] = {}
    for position, (part, size) in enumerate(strata.items()):
        later = list(strata)[position + 1 :]
        free = [name for name in totals if name not in fixed[part]]
        # An answer whose other parts are all fixed must be used up here.
        last = {name: left[name] for name in free if all(name in fixed[other] for other in later)}
        room = size - sum(fixed[part].values()) - sum(last.values())
        shared = _proportional({name: left[name] for name in free if name not in last}, room)
        if room < 0 or shared is None:
            return None
        given = fixed[part] | last | shared
        for name in free:
            left[name] -= given[name]
        found[part] = {name: given[name] for name in totals}
    return found


def _proportional(available: Counts, total: int) -> Counts | None:
    """Take a total out of what is available, in proportion, by largest remainders."""
    stock = sum(available.values())
    if not 0 <= total <= stock:
        return None
    exact = {name: total * count / stock if stock else 0.0 for name, count in available.items()}
    taken = {name: math.floor(value) for name, value in exact.items()}
    by_remainder = sorted(exact, key=lambda name: taken[name] - exact[name])
    for name in by_remainder[: total - sum(taken.values())]:
        taken[name] += 1
    return taken


class Ticks(NamedTuple):
    """Counts of one or several questions of which several items may be ticked.

    Attributes
    ----------
    counts
        By question the counts by item.
    above
        Ticks that are more than a limit allows, where rounding could explain them.
    """

    counts: tuple[Counts, ...]
    above: int


def ticks(
    shares: Sequence[Shares],
    sizes: Sequence[int],
    limits: Sequence[int | None],
    *,
    differences: Shares | None = None,
) -> Ticks | None:
    """Find how often each item is ticked.

    Where rounding alone can explain that the shares add up to more than the limit allows, counts are lowered until
    the limit holds or nearly so; where it cannot, the limit was not kept, and the counts are the nearest.

    Parameters
    ----------
    shares
        By question, per cent by item.
    sizes
        By question, how many answer it.
    limits
        By question, how many items may be ticked.
    differences
        Printed differences by item: the second question's share less the first's, in percentage points.

    Returns
    -------
    Ticks or None
        None where some share or difference cannot be had with these sizes.

    Examples
    --------
    >>> ticks([{"a": 67, "b": 67, "c": 67}], [200], [2])
    Ticks(counts=({'a': 134, 'b': 134, 'c': 134},), above=2)
    >>> ticks([{"a": 67, "b": 67, "c": 67}], [150], [2])
    Ticks(counts=({'a': 100, 'b': 100, 'c': 100},), above=0)
    >>> ticks([{"a": 90, "b": 90, "c": 90}], [150], [2])
    Ticks(counts=({'a': 135, 'b': 135, 'c': 135},), above=0)
    """
    items = list(dict.fromkeys(name for part in shares for name in part))
    ways: list[list[tuple[float, tuple[int, ...]]]] = []
    for name in items:
        found = []
        for counts in _product([window(part[name], n) for part, n in zip(shares, sizes, strict=True)]):
            if differences is None or name not in differences or _differs(counts, sizes, differences[name]):
                apart = sum(distance(c, part[name], n) for c, part, n in zip(counts, shares, sizes, strict=True))
                found.append((round(apart, 9), counts))
        if not found:
            return None
        ways.append(sorted(found))
    chosen = [way[0] for way in ways]
    caps = [
        limit * n if limit is not None and _explained(part, limit) else math.inf
        for part, n, limit in zip(shares, sizes, limits, strict=True)
    ]

    def above(entries: Sequence[tuple[float, tuple[int, ...]]]) -> int:
        totals = [sum(counts[index] for _, counts in entries) for index in range(len(shares))]
        return int(sum(max(0, total - cap) for total, cap in zip(totals, caps, strict=True)))

    while above(chosen) > 0:
        better = [
            ((way[0] - chosen[at][0]) / gain, at, way)
            for at, options in enumerate(ways)
            for way in options
            if (gain := above(chosen) - above([*chosen[:at], way, *chosen[at + 1 :]])) > 0
        ]
        if not better:
            break
        _, at, way = min(better)
        chosen[at] = way
    found_counts = tuple(
        {name: counts[index] for name, (_, counts) in zip(items, chosen, strict=True)} for index in range(len(shares))
    )
    return Ticks(found_counts, above(chosen))


def _explained(shares: Shares, limit: int) -> bool:
    """Whether rounding could explain that shares add up to more than a limit allows."""
    return sum(shares.values()) <= 100 * limit + HALF_A_POINT * len(shares)


def _product(spans: Sequence[range]) -> Iterator[tuple[int, ...]]:
    if not spans:
        yield ()
        return
    for count in spans[0]:
        for rest in _product(spans[1:]):
            yield (count, *rest)


def _differs(counts: Sequence[int], sizes: Sequence[int], difference: float) -> bool:
    first, second = (100 * count / n for count, n in zip(counts, sizes, strict=True))
    return abs(second - first - difference) <= HALF_A_POINT - _EDGE


def near(aim: int, low: int, high: int) -> list[int]:
    """Whole numbers from low to high, those nearest to an aim first.

    Examples
    --------
    >>> near(5, 3, 6)
    [5, 4, 6, 3]
    """
    return sorted(range(low, high + 1), key=lambda number: (abs(number - aim), number))
