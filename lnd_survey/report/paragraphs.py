"""Texts for slides: paragraphs of runs, some of them emphasised, from plain text or from commentary in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from xml.etree import ElementTree

from lnd_survey.charts.style import wrap
from lnd_survey.commentary import as_html

GAP = 0.5
"""What stands free between two paragraphs, in sizes."""

LEADING = 1.22
"""Distance of two lines of a text, in sizes."""

WIDER = 1.3
"""How much wider than ours the font may be that the slides are shown in."""

INLINE = {"em", "strong", "code"}


class Run(NamedTuple):
    """A part of a paragraph that looks the same all through."""

    text: str
    bold: bool = False
    italic: bool = False


Paragraph = tuple[Run, ...]


def plain(text: str) -> Paragraph:
    """Make a paragraph of a text as it stands; of none one without runs, for an empty run would be of any size."""
    return (Run(text),) if text else ()


def text_of(paragraph: Paragraph) -> str:
    """Give the text of a paragraph without its emphasis."""
    return "".join(run.text for run in paragraph)


def high(paragraphs: Sequence[Paragraph], wide: float, size: float, *, bold: bool = False) -> float:
    """Say how high paragraphs are in a width, in inches, also in a font that is wider than ours."""
    lines = sum(len(wrap(text_of(paragraph), wide / WIDER, size, bold=bold)) for paragraph in paragraphs)
    return (lines * LEADING + max(0, len(paragraphs) - 1) * GAP) * size / 72


def paragraphs_of(markdown: str) -> list[Paragraph]:
    """Take commentary apart into paragraphs; an item of a list has its mark in front.

    Examples
    --------
    >>> [text_of(paragraph) for paragraph in paragraphs_of("- *Two* <b>")]
    ['• Two <b>']
    """
    return list(_blocks(ElementTree.fromstring(f"<div>{as_html(markdown)}</div>"), ""))


def _blocks(element: ElementTree.Element, mark: str) -> Iterator[Paragraph]:
    runs = [Run(element.text or "")]
    for number, child in enumerate(element, int(element.get("start", "1"))):
        if child.tag in INLINE:
            runs += _runs(child, Run(""))
        else:
            items = {"ul": "• ", "ol": f"{number}. "}.get(element.tag, mark)
            for paragraph in (_paragraph(runs, mark), *_blocks(child, items)):
                if paragraph:
                    yield paragraph
                    mark = ""
            runs = []
        runs.append(Run(child.tail or ""))
    if last := _paragraph(runs, mark):
        yield last


def _runs(element: ElementTree.Element, look: Run) -> Iterator[Run]:
    """Give the parts of emphasised text, each with the emphasis of all that is around it."""
    look = look._replace(bold=look.bold or element.tag == "strong", italic=look.italic or element.tag == "em")
    yield look._replace(text=element.text or "")
    for child in element:
        yield from _runs(child, look)
        yield look._replace(text=child.tail or "")


def _paragraph(runs: Sequence[Run], mark: str) -> Paragraph:
    """Put the mark of a list before a text, if there is any, and leave out the breaks of its lines."""
    found = [run._replace(text=re.sub(r"\s+", " ", run.text)) for run in runs]
    if not text_of(tuple(found)).strip():
        return ()
    found[-1] = found[-1]._replace(text=found[-1].text.rstrip())
    return tuple(run for run in (Run(mark), *found) if run.text)


def write_paragraphs(
    frame: Any, paragraphs: Sequence[Paragraph], *, size: float | None, gap: float, colour: str = ""
) -> None:
    """Write paragraphs in a text frame, in a size and a colour if they are given, else as its place says.

    Parameters
    ----------
    frame
        A text frame of python-pptx, which is emptied first.
    paragraphs
        What to write.
    size, gap
        The size, and what stands free between two paragraphs, in points.
    colour
        The colour, as `#rrggbb`.
    """
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    frame.clear()
    frame.word_wrap = True
    for number, runs in enumerate(paragraphs):
        paragraph = frame.add_paragraph() if number else frame.paragraphs[0]
        if number:
            paragraph.space_before = Pt(gap)
        if size:
            # What has no text is as high as its end says.
            paragraph._p.get_or_add_endParaRPr().set("sz", str(round(100 * size)))
        for run in runs:
            made = paragraph.add_run()
            made.text = run.text
            # A run itself is told what it looks like: PowerPoint does not heed what its paragraph says of it.
            if size:
                made.font.size = Pt(size)
            if colour:
                made.font.color.rgb = RGBColor.from_string(colour[1:])
            if run.bold:
                made.font.bold = True
            if run.italic:
                made.font.italic = True
