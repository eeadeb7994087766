"""Options as trees: what a set of known options can be brought to.

An option may be divided into parts, possibly in several alternative ways. Whoever knows all parts of one way
knows the whole; `finest` is the finest set of options that several partitions can all be brought to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from lnd_survey.codebook import Entry

Ways = Mapping[str, Sequence[tuple[str, ...]]]
"""For each option that is divided, the alternative ways, each a tuple of its parts."""


def ways_of(entries: Iterable[Entry]) -> dict[str, list[tuple[str, ...]]]:
    """Give for each entry the alternative ways to divide it into parts.

    Examples
    --------
    >>> parts = (Entry(id="five_plus", label={}), Entry(id="five_to_nine", label={}, parent="five_plus"),
    ...          Entry(id="ten_plus", label={}, parent="five_plus"))
    >>> ways_of(parts)
    {'five_plus': [('five_to_nine', 'ten_plus')]}
    """
    splits: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        if entry.parent is not None:
            splits[entry.parent][entry.split].append(entry.id)
    return {parent: [tuple(ids) for ids in ways.values()] for parent, ways in splits.items()}


def parts_of(entries: Iterable[Entry]) -> dict[str, tuple[str, ...]]:
    """Give for each entry itself and all entries below it, in whatever way it is divided.

    Examples
    --------
    >>> parts = (Entry(id="five_plus", label={}), Entry(id="five_to_nine", label={}, parent="five_plus"))
    >>> parts_of(parts)
    {'five_plus': ('five_plus', 'five_to_nine'), 'five_to_nine': ('five_to_nine',)}
    """
    entries = tuple(entries)

    def below(name: str) -> Iterator[str]:
        yield name
        for entry in entries:
            if entry.parent == name:
                yield from below(entry.id)

    return {entry.id: tuple(below(entry.id)) for entry in entries}


def covered(option: str, known: Collection[str], ways: Ways) -> bool:
    """Whether an option is known, or all parts of one of its ways are.

    Examples
    --------
    >>> ways = {"whole": [("left", "right"), ("top", "bottom")]}
    >>> covered("whole", {"top", "bottom"}, ways), covered("whole", {"left", "top"}, ways)
    (True, False)
    """
    return option in known or any(all(covered(part, known, ways) for part in way) for way in ways.get(option, ()))


def finest(roots: Iterable[str], partitions: Sequence[Collection[str]], ways: Ways) -> list[str]:
    """Give the finest options below some roots that every partition that knows a whole can be brought to.

    Where no partition knows a whole, what is known of its parts still counts.

    Examples
    --------
    >>> ways = {"many": [("five", "ten")]}
    >>> finest(["one", "many"], [{"one", "many"}, {"one", "five", "ten"}], ways)
    ['one', 'many']
    >>> finest(["one", "many"], [{"one", "five", "ten"}], ways)
    ['one', 'five', 'ten']
    >>> finest(["one", "many"], [{"one", "ten"}], ways)
    ['one', 'ten']
    """
    return [option for root in roots for option in _finest(root, partitions, ways)]


def _finest(option: str, partitions: Sequence[Collection[str]], ways: Ways) -> list[str]:
    concerned = [known for known in partitions if covered(option, known, ways)]
    if not concerned:
        parts = [part for way in ways.get(option, ()) for part in way]
        below = finest(parts, partitions, ways)
        return [part for part in below if any(part in known for known in partitions)] or [option]
    for way in ways.get(option, ()):
        if all(covered(part, known, ways) for part in way for known in concerned):
            return finest(way, concerned, ways)
    return [option]
