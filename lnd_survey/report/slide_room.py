"""What is free on a slide: filled with texts from the top and from the bottom, so that a chart can have the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lnd_survey.charts.style import INK
from lnd_survey.report.deck import INCH
from lnd_survey.report.paragraphs import GAP, Paragraph, high, write_paragraphs

MARGIN = 0.1
"""What stands free beside a text, in inches."""

SPACE = 0.06
"""What stands free between two texts below each other, in inches."""

LEAST = 0.42
"""The part of a slide's height that notes leave to the chart."""


class Room:
    """The room between the title of a slide and what stands at its foot.

    Attributes
    ----------
    slide
        The slide, of python-pptx.
    left, wide
        Where the room begins, and its width, in inches.
    top, bottom
        Where what is still free begins and ends, in inches.
    least
        The height that notes leave to the chart.
    """

    def __init__(self, slide: Any, *, size: tuple[float, float]) -> None:
        self.slide = slide
        wide, tall = size
        shape = slide.shapes.title
        self.left, self.wide, self.top = 0.05 * wide, 0.9 * wide, 0.2 * tall
        # A title that is not above the slide's content leaves it where it would be without one.
        if shape is not None and (shape.top + shape.height) / INCH < 0.35 * tall and shape.width / INCH > 0.5 * wide:
            self.left, self.wide = shape.left / INCH, shape.width / INCH
            self.top = (shape.top + shape.height) / INCH + SPACE
        ends = [
            placeholder.top / INCH
            for placeholder in slide.slide_layout.placeholders
            if placeholder._element.xpath(".//p:ph[@type='dt' or @type='ftr' or @type='sldNum']")
        ]
        self.bottom = min([0.96 * tall, *(end for end in ends if end > 0.7 * tall)])
        self.least = LEAST * tall

    @property
    def free(self) -> float:
        """The height that is free, in inches; never so little that there can be no chart."""
        return max(self.bottom - self.top, self.least / 2)

    def high(self, paragraphs: Sequence[Paragraph], size: float) -> float:
        """Say how high a text would be, in inches."""
        return high(paragraphs, self.wide - 2 * MARGIN, size)

    def above(self, paragraphs: Sequence[Paragraph], *, size: float, colour: str = INK) -> None:
        """Write at the top of what is free."""
        tall = self.high(paragraphs, size)
        self.write(self.top, paragraphs, size=size, colour=colour, tall=tall)
        self.top += tall + SPACE

    def below(self, paragraphs: Sequence[Paragraph], *, size: float, colour: str = INK) -> None:
        """Write at the bottom of what is free."""
        tall = self.high(paragraphs, size)
        self.bottom -= tall
        self.write(self.bottom, paragraphs, size=size, colour=colour, tall=tall)
        self.bottom -= SPACE

    def write(self, top: float, paragraphs: Sequence[Paragraph], *, size: float, colour: str = INK, tall: float) -> Any:
        """Write at a place, and give the text's shape."""
        from pptx.util import Emu

        sides = (Emu(round(side * INCH)) for side in (self.left, top, self.wide, tall))
        shape = self.slide.shapes.add_textbox(*sides)
        frame = shape.text_frame
        write_paragraphs(frame, paragraphs, size=size, gap=GAP * size, colour=colour)
        frame.margin_left = frame.margin_right = Emu(round(MARGIN * INCH))
        frame.margin_top = frame.margin_bottom = 0
        return shape
