"""A chart's SVG as a part of a page: cropped to the plot, with ids of its own and no style that leaks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
OUTSIDE_PLOT = ("header", "footer")
UNSEEN = {f"{{{SVG}}}metadata", f"{{{SVG}}}style", f"{{{SVG}}}title", f"{{{SVG}}}desc"}

_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_COLOUR = re.compile(r"#([0-9a-f]{6})\b")
_VARIABLE = re.compile(r"var\(--([0-9a-f]{6})\)")

ElementTree.register_namespace("", SVG)
ElementTree.register_namespace("xlink", XLINK)


def inline(svg: str, *, name: str, viewbox: str | None, label: str) -> str:
    r"""Prepare an SVG file for standing in a page.

    Parameters
    ----------
    svg
        The file's text.
    name
        Put before every id, which in a page may stand only once.
    viewbox
        The part to show; None shows everything.
    label
        Alternative text.

    Examples
    --------
    >>> use = '<use href="#a" style="fill: #542788"/>'
    >>> svg = f'<svg xmlns="http://www.w3.org/2000/svg"><g id="header"/>{use}<g id="a"/></svg>'
    >>> print(inline(svg, name="fig", viewbox="0 0 9 4", label="Line").replace("><", ">\n<"))
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4" role="img" aria-label="Line">
    <use href="#fig-a" style="fill: var(--542788)" />
    <g id="fig-a" />
    </svg>
    """
    root = _plot(svg, viewbox)
    used = set(_references(root))
    for element in root.iter():
        _rename(element, used, name)
        for key in {"style", "fill", "stroke"} & set(element.attrib):
            element.set(key, _COLOUR.sub(r"var(--\1)", element.attrib[key]))
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


def alone(svg: str, *, viewbox: str | None) -> str:
    r"""Prepare an SVG file for being drawn by itself, with what the page's style says of lines.

    Parameters
    ----------
    svg
        The file's text.
    viewbox
        The part to show; None shows everything.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><g id="header"/><path style="fill: #542788"/></svg>'
    >>> print(alone(svg, viewbox="0 0 9 4").replace("><", ">\n<"))
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4" stroke-linejoin="round">
    <path style="fill: #542788" />
    </svg>
    """
    root = _plot(svg, viewbox)
    root.set("stroke-linejoin", "round")
    return ElementTree.tostring(root, encoding="unicode")


def _plot(svg: str, viewbox: str | None) -> ElementTree.Element:
    """Take the drawing without its header and footer, and without a size or style of its own."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in UNSEEN or child.get("id", "").startswith(OUTSIDE_PLOT):
                parent.remove(child)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    if viewbox:
        root.set("viewBox", viewbox)
    return root


def colours(pictures: Iterable[str]) -> list[str]:
    """Give the colours that a page has to set for its pictures.

    Examples
    --------
    >>> colours(['<path style="fill: var(--542788); stroke: var(--222222)"/>'])
    ['#222222', '#542788']
    """
    return sorted({f"#{found}" for picture in pictures for found in _VARIABLE.findall(picture)})


def _references(root: ElementTree.Element) -> list[str]:
    values = [(key, value) for element in root.iter() for key, value in element.attrib.items()]
    links = [value[1:] for key, value in values if key.endswith("href") and value.startswith("#")]
    return links + [found for _, value in values for found in _REFERENCE.findall(value)]


def _rename(element: ElementTree.Element, used: set[str], name: str) -> None:
    for key, value in list(element.attrib.items()):
        if key == "id":
            if value in used:
                element.set(key, f"{name}-{value}")
            else:
                del element.attrib[key]
        elif key.endswith("href") and value.startswith("#"):
            element.set(key, f"#{name}-{value[1:]}")
        elif "url(#" in value:
            element.set(key, _REFERENCE.sub(rf"url(#{name}-\1)", value))
