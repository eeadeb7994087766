"""A chart's SVG as a part of a page: cropped to the plot, with ids of its own and no style that leaks."""

from __future__ import annotations

import re
from xml.etree import ElementTree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
OUTSIDE_PLOT = ("header", "footer")
UNSEEN = {f"{{{SVG}}}metadata", f"{{{SVG}}}style", f"{{{SVG}}}title", f"{{{SVG}}}desc"}

_REFERENCE = re.compile(r"url\(#([^)]+)\)")

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
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><g id="header"/><use href="#a"/><g id="a"/></svg>'
    >>> print(inline(svg, name="fig", viewbox="0 0 9 4", label="Line").replace("><", ">\n<"))
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 4" role="img" aria-label="Line">
    <use href="#fig-a" />
    <g id="fig-a" />
    </svg>
    """
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in UNSEEN or child.get("id", "").startswith(OUTSIDE_PLOT):
                parent.remove(child)
    used = set(_references(root))
    for element in root.iter():
        _rename(element, used, name)
    for size in ("width", "height", "version"):
        root.attrib.pop(size, None)
    if viewbox:
        root.set("viewBox", viewbox)
    root.set("role", "img")
    root.set("aria-label", label)
    return ElementTree.tostring(root, encoding="unicode")


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
