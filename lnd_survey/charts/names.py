"""The names of the parts of a drawing, as they stand in its file."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

_NAME = re.compile(r'(?<=<g id=")[^"]+')
_MARKERS = re.compile(r"<g>\s*((?:<use [^>]*/>\s*)+)</g>")


def named(svg: str) -> str:
    r"""Make the names of all groups valid ids, each of which stands once in the file.

    While a chart is drawn the parts of a name stand between bars, which no id may have; a line of a text that is not
    its first ends in its number; and a name may come more than once.

    Parameters
    ----------
    svg
        The file's text, as matplotlib writes it.

    Examples
    --------
    >>> print(named('<g id="mark|2022||share">\n<g id="axis">\n<g id="axis">\n<g id="item|a">\n<g id="item|a~1">'))
    <g id="mark-2022-share">
    <g id="axis-1">
    <g id="axis-2">
    <g id="item-a">
    <g id="item-a-line-2">
    """
    often = Counter(_joined(mark) for mark in _NAME.findall(svg) if "~" not in mark)
    found: Counter[str] = Counter()

    def own(match: re.Match[str]) -> str:
        mark, _, line = match[0].partition("~")
        name = _joined(mark)
        found[name] += not line
        number = f"-{found[name]}" if often[name] > 1 else ""
        return name + number + (f"-line-{int(line) + 1}" if line else "")

    # Matplotlib puts markers into one more group, which has no name.
    return _MARKERS.sub(r"\1", _NAME.sub(own, svg))


def _joined(mark: str) -> str:
    return "-".join(re.sub(r"[^\w-]+", "_", part) for part in unescape(mark).split("|") if part)
