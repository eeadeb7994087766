"""The presentation that the slides are added to: our own, or a template with its layouts."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from copy import deepcopy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lnd_survey.charts.style import INK
from lnd_survey.report.paragraphs import GAP, Paragraph, high, plain, write_paragraphs
from lnd_survey.report.zipped import settled

if TYPE_CHECKING:
    from lnd_survey.report.collected import Report

FONT = "Arial"
"""The font of our own slides: ours is on no reader's computer, and this one, or one as wide, is on all of them."""

THEME_FONT = f'<a:latin typeface="{FONT}" panose="020B0604020202020204" pitchFamily="34" charset="0"/>'

INCH = 914_400

SLIDE = (13.333, 7.5)
"""The size of our own slides, in inches."""

PLACES = {
    "title": {"ctrTitle": (0.9, 1.6, 11.5, 2.0), "subTitle": (0.9, 3.8, 11.5, 2.9)},
    "secHead": {"title": (0.9, 1.3, 11.5, 1.6), "body": (0.9, 3.1, 11.5, 3.7)},
    "titleOnly": {"title": (0.55, 0.25, 12.23, 0.95)},
}
"""The layouts of our own slides, and where their placeholders stand, in inches."""

BOTTOM = {"dt": (0.55, 7.08, 2.0, 0.28), "ftr": (3.0, 7.08, 7.3, 0.28), "sldNum": (10.78, 7.08, 2.0, 0.28)}

SIZES = (36, 30, 26, 22, 19, 16, 13, 10)
"""Sizes in points for titles, and for texts on the slides of chapters, that are too long for the size they have."""

INSETS = (0.2, 0.1)
"""What stands free in a placeholder: left and right, and above and below, together, in inches."""


class Deck:
    """The slides that are being made."""

    def __init__(self, report: Report) -> None:
        from pptx import Presentation

        self.report, self.words, self.lang = report, report.words, report.lang
        template = report.plan.template
        self.colours = [self.words.group_style(group).colour for group in self.words.groups()]
        self.own = template is None
        deck: Any = Presentation(str(template) if template else None)
        self.deck = deck
        if self.own:
            _make_ours(self.deck, readable_colour=self.colours[0])
        else:
            _remove_slides(self.deck)
        self.size = (self.deck.slide_width / INCH, self.deck.slide_height / INCH)
        self.day = f"{report.plan.year}-01-01"
        told = self.deck.core_properties
        told.title = self.words.say("report_title", year=report.plan.year)
        told.language = self.lang
        told.author = told.last_modified_by = told.comments = told.keywords = told.subject = told.category = ""
        told.created = told.modified = datetime.fromisoformat(self.day)
        told.revision = 1

    def packed(self) -> bytes:
        """Give the file, the same each time."""
        file = io.BytesIO()
        self.deck.save(file)
        return settled(file.getvalue(), day=self.day, edit=self._themed if self.own else None)

    def _themed(self, name: str, content: bytes) -> bytes:
        """Put our font and colours into a theme."""
        if not name.startswith("ppt/theme/"):
            return content
        text = re.sub(r'<a:latin typeface="(?!")[^"]+"[^>]*/>', THEME_FONT, content.decode("utf-8"))
        for number, colour in enumerate(self.colours[:6], 1):
            text = re.sub(
                rf"(<a:accent{number}>)<a:srgbClr val=\"\w+\"/>", rf'\g<1><a:srgbClr val="{colour[1:]}"/>', text
            )
        return text.encode("utf-8")

    def add(self, kind: str, title: str = "") -> Any:
        """Add a slide, with its title where it is known."""
        slide = self.deck.slides.add_slide(_layout(self.deck, kind))
        if title:
            self.entitle(slide, title)
        return slide

    def entitle(self, slide: Any, title: str) -> None:
        """Give a slide its title."""
        if slide.shapes.title is not None:
            self.fill(slide.shapes.title, slide.slide_layout, [plain(title)])

    def tell(self, slide: Any, paragraphs: Sequence[Paragraph], *, least: float = SIZES[-1]) -> bool:
        """Write in what a slide has besides its title, if it fits there in the least size."""
        bodies = [shape for shape in slide.placeholders if shape.placeholder_format.idx and shape.has_text_frame]
        return bool(bodies) and self.fill(bodies[0], slide.slide_layout, paragraphs, least=least)

    def fill(self, shape: Any, layout: Any, paragraphs: Sequence[Paragraph], *, least: float = SIZES[-1]) -> bool:
        """Write in a placeholder, smaller where the text would be too long; not if it were smaller than the least."""
        given = _size(shape, layout)
        sizes = [given, *(size for size in SIZES if least <= size < given)]
        wide, tall = (have / INCH - free for have, free in zip((shape.width, shape.height), INSETS, strict=True))
        fitting = [size for size in sizes if high(paragraphs, wide, size, bold=True) <= tall]
        if not fitting and least > SIZES[-1]:
            return False
        size = fitting[0] if fitting else sizes[-1]
        write_paragraphs(shape.text_frame, paragraphs, size=size if size < given else None, gap=GAP * size)
        return True

    def finish(self, slide: Any) -> None:
        """Leave no placeholder empty, number the slide, and say in which language its texts are."""
        from pptx.oxml.ns import qn

        for shape in list(slide.placeholders):
            if shape.has_text_frame and not shape.text_frame.text:
                shape._element.getparent().remove(shape._element)
        for placeholder in slide.slide_layout.placeholders:
            if placeholder._element.xpath(".//p:ph[@type='sldNum']"):
                number = deepcopy(placeholder._element)
                taken = [int(found) for found in slide.shapes._spTree.xpath(".//p:cNvPr/@id")]
                number.xpath(".//p:cNvPr")[0].set("id", str(max(taken, default=1) + 1))
                slide.shapes._spTree.append(number)
        parts = [slide._element, *([slide.notes_slide._element] if slide.has_notes_slide else [])]
        for part in parts:
            for run in part.iter(qn("a:r")):
                run.get_or_add_rPr().set("lang", self.lang)


def _make_ours(deck: Any, *, readable_colour: str) -> None:
    """Make wide slides of what python-pptx begins with: only the layouts that we use, in our places and sizes."""
    from pptx.dml.color import RGBColor
    from pptx.util import Emu

    deck.slide_width, deck.slide_height = (Emu(round(side * INCH)) for side in SLIDE)
    for layout in list(deck.slide_layouts):
        if layout._element.get("type") not in PLACES:
            deck.slide_layouts.remove(layout)
    master = deck.slide_master
    _put(master, PLACES["titleOnly"] | {"body": (0.55, 1.4, 12.23, 5.4)} | BOTTOM)
    for level in master._element.xpath("p:txStyles/p:titleStyle/a:lvl1pPr"):
        level.set("algn", "l")
        _font(level, size=24, bold=True, colour=INK)
    # Titles of one line and of two end at the same height, above what belongs to them.
    for body in master._element.xpath(".//p:sp[p:nvSpPr/p:nvPr/p:ph/@type='title']/p:txBody/a:bodyPr"):
        body.set("anchor", "b")
    for layout in deck.slide_layouts:
        kind = layout._element.get("type")
        _put(layout, PLACES[kind] | BOTTOM)
        if kind == "titleOnly":
            continue
        fill = layout.background.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(readable_colour[1:])
        for shape in layout.placeholders:
            title = shape._element.xpath(".//p:ph[@type='ctrTitle' or @type='title']")
            for body in shape._element.xpath("p:txBody/a:bodyPr"):
                body.set("anchor", "b" if title else "t")
            for level in shape._element.xpath("p:txBody/a:lstStyle/a:lvl1pPr"):
                level.set("algn", "l")
            bottom = shape._element.xpath(".//p:ph[@type='dt' or @type='ftr' or @type='sldNum']")
            _own_style(shape, size=11 if bottom else 36 if title else 18, bold=bool(title))


def _put(slide: Any, places: dict[str, tuple[float, float, float, float]]) -> None:
    from pptx.util import Emu

    for shape in slide.placeholders:
        kind = shape._element.xpath(".//p:ph")[0].get("type", "obj")
        if kind in places:
            shape.left, shape.top, shape.width, shape.height = (Emu(round(side * INCH)) for side in places[kind])


def _own_style(shape: Any, *, size: float, bold: bool) -> None:
    """Write white on the colour of a title slide."""
    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    styles = shape._element.xpath("p:txBody/a:lstStyle")[0]
    level = styles.find(qn("a:lvl1pPr"))
    if level is None:
        level = OxmlElement("a:lvl1pPr")
        styles.insert(0, level)
    for name in ("marL", "indent"):
        level.set(name, "0")
    if level.find(qn("a:buNone")) is None:
        level.insert(0, OxmlElement("a:buNone"))
    _font(level, size=size, bold=bold, colour="#ffffff")


def _font(level: Any, *, size: float, bold: bool, colour: str) -> None:
    """Set the font of a level of a list of text styles."""
    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    font = level.find(qn("a:defRPr"))
    if font is None:
        font = OxmlElement("a:defRPr")
        level.append(font)
    font.set("sz", str(round(size * 100)))
    font.set("b", "1" if bold else "0")
    font.attrib.pop("cap", None)
    for old in font.findall(qn("a:solidFill")):
        font.remove(old)
    fill = OxmlElement("a:solidFill")
    fill.append(OxmlElement("a:srgbClr"))
    fill[0].set("val", colour[1:])
    font.insert(0, fill)


def _remove_slides(deck: Any) -> None:
    """Leave only the layouts of a template, not the slides that show them."""
    from pptx.oxml.ns import qn

    listed = deck.slides._sldIdLst
    for slide in list(listed):
        deck.part.drop_rel(slide.get(qn("r:id")))
        listed.remove(slide)


def _layout(deck: Any, kind: str) -> Any:
    """Find the layout for a kind of slide by what it says it is, or else by the placeholders that it has."""
    for layout in deck.slide_layouts:
        if layout._element.get("type") == kind:
            return layout
    wanted = {"title": {"ctrTitle", "subTitle"}, "secHead": {"title", "body"}, "titleOnly": {"title"}}[kind]
    order = []
    for place, layout in enumerate(deck.slide_layouts):
        kinds = [found.get("type", "obj") for found in layout._element.xpath(".//p:ph")]
        content = [found for found in kinds if found not in BOTTOM]
        titled = "title" in content or "ctrTitle" in content
        order.append((not titled, len(set(content) ^ wanted), len(content), place))
    return deck.slide_layouts[min(order)[-1]]


def _size(shape: Any, layout: Any) -> float:
    """Find how large a template writes the text of a placeholder."""
    number = shape.placeholder_format.idx
    styles = [
        placeholder._element.xpath("p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
        for placeholder in layout.placeholders
        if placeholder.placeholder_format.idx == number
    ]
    kind = "bodyStyle" if number else "titleStyle"
    styles.append(layout.slide_master._element.xpath(f"p:txStyles/p:{kind}/a:lvl1pPr/a:defRPr/@sz"))
    return next((int(found[0]) / 100 for found in styles if found), 18.0)
