"""The report as slides: a chapter and a figure each, with charts that can be edited, and all numbers in the notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.charts.style import FAINT, INK, MUTED, RULE, readable, width, wrap
from lnd_survey.report.grid import Grid, Mark, Series, grids, notes_of
from lnd_survey.report.zipped import settled

if TYPE_CHECKING:
    from lnd_survey.report.collected import Chapter, Figure, Report

FILE = "slides.pptx"

FONT = "LND Sans"

THEME_FONT = f'<a:latin typeface="{FONT}" panose="020B0503030403020204" pitchFamily="34" charset="0"/>'
"""The font of the theme; where it is not installed, these numbers lead to a similar one without serifs."""

INCH = 914_400

SLIDE = (13.333, 7.5)
"""The size of our own slides, in inches."""

PLACES = {
    "title": {"ctrTitle": (0.9, 2.0, 11.5, 2.0), "subTitle": (0.9, 4.2, 11.5, 1.9)},
    "secHead": {"title": (0.9, 2.0, 11.5, 1.6), "body": (0.9, 3.8, 11.5, 2.2)},
    "titleOnly": {"title": (0.55, 0.3, 12.23, 0.75)},
}
"""The layouts of our own slides, and where their placeholders stand, in inches."""

BOTTOM = {"dt": (0.55, 7.08, 2.0, 0.28), "ftr": (3.0, 7.08, 7.3, 0.28), "sldNum": (10.78, 7.08, 2.0, 0.28)}

SVG_BLIP = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip r:embed="{place}"/></a:ext></a:extLst>'
)
"""How a picture says where its drawing is."""

WIDER = 1.3
"""How much wider a font that takes the place of ours may be."""

SIZES = (36, 30, 26, 22, 19, 16, 13, 10)
"""Sizes in points for titles, and for texts on the slides of chapters, that are too long for the size they have."""

LEADING = 1.22
"""Distance of two lines of a text, in sizes."""

FOOTNOTE_LINES = 7
"""The most lines below a chart; notes for which there is no room are left to the speaker notes."""

SMALLEST = 6.0
"""The smallest text in a chart, in points."""

MOST_BARS = 26
"""The most bars below each other that are thick enough for their numbers."""

TABLE_SIZES = (16, 14, 12, 11, 10)
"""Sizes in points for tables; one that fits in none of them is left to the page and the workbook."""

CELL = (0.1, 0.05)
"""What stands free at each side of a cell, and above and below, in inches."""

SPARE = 0.02
"""What a column has besides, so that a text that just fits is not wrapped for a rounding error."""

LEAST = 0.45
"""The least part of a slide's height for the chart."""


def write_slides(folder: Path, report: Report) -> None:
    """Write `slides.pptx`: a title, and a slide for each chapter and for each figure.

    Parameters
    ----------
    folder
        The folder of the report.
    report
        What was collected there; the template of its plan gives the slides their look.
    """
    deck = _Deck(report)
    deck.opening()
    for chapter in report.chapters:
        deck.chapter(chapter)
        for figure in chapter.figures:
            _FigureSlide(deck, figure).write()
    (folder / FILE).write_bytes(deck.packed())


class _Deck:
    """The slides that are being made."""

    def __init__(self, report: Report) -> None:
        from pptx import Presentation

        self.report, self.words, self.lang = report, report.words, report.lang
        template = report.plan.template
        self.colours = [self.words.group_style(group).colour for group in self.words.groups()]
        self.own = template is None
        self.deck: Any = Presentation(str(template) if template else None)
        if self.own:
            _make_ours(self.deck, readable_colour=self.colours[0])
        else:
            _remove_slides(self.deck)
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
        import re

        text = re.sub(r'<a:latin typeface="(?!")[^"]+"[^>]*/>', THEME_FONT, content.decode("utf-8"))
        for number, colour in enumerate(self.colours[:6], 1):
            text = re.sub(
                rf"(<a:accent{number}>)<a:srgbClr val=\"\w+\"/>", rf'\g<1><a:srgbClr val="{colour[1:]}"/>', text
            )
        return text.encode("utf-8")

    def opening(self) -> None:
        """Make the title slide."""
        report, say = self.report, self.words.say
        lines = [f"{say('report')} {report.plan.year}", say("page_lead", year=report.plan.year)]
        if report.failed:
            lines.append(say("page_failed", chapters=", ".join(map(str, report.failed))))
        if not report.plan.complete:
            lines.append(say("page_partial"))
        if report.synthetic:
            lines.append(say("page_synthetic"))
        self._texts("title", say("report_title", year=report.plan.year), lines)

    def chapter(self, chapter: Chapter) -> None:
        """Make the slide of a chapter."""
        self._texts("secHead", f"{chapter.number}  {chapter.title}", [chapter.intro])

    def _texts(self, kind: str, title: str, lines: list[str]) -> None:
        slide = self.add(kind, title)
        bodies = [shape for shape in slide.placeholders if shape.placeholder_format.idx and shape.has_text_frame]
        if bodies:
            bodies[0].text_frame.text = "\n".join(lines)
            _fit(bodies[0], slide.slide_layout)
        self.finish(slide)

    def add(self, kind: str, title: str) -> Any:
        """Add a slide with a title."""
        slide = self.deck.slides.add_slide(_layout(self.deck, kind))
        if slide.shapes.title is not None:
            slide.shapes.title.text_frame.text = title
            _fit(slide.shapes.title, slide.slide_layout)
        return slide

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
        _font(level, size=26, bold=True, colour=INK)
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


def _fit(shape: Any, layout: Any) -> None:
    """Write the text of a placeholder smaller that would not fit in its place otherwise."""
    from pptx.util import Pt

    wide, high = (shape.width / INCH - 0.2) / WIDER, shape.height / INCH
    lines, given = shape.text_frame.text.splitlines(), _size(shape, layout)
    sizes = [given, *(size for size in SIZES if size < given)]

    def height(size: float) -> float:
        return sum(len(wrap(line, wide, size, bold=True)) for line in lines) * size * LEADING / 72

    size = next((size for size in sizes if height(size) <= high), SIZES[-1])
    shape.text_frame.word_wrap = True
    if size < given:
        for paragraph in shape.text_frame.paragraphs:
            paragraph.font.size = Pt(size)


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


class _FigureSlide:
    """The slide of a figure, filled from the top and from the bottom; the chart takes what is left."""

    def __init__(self, deck: _Deck, figure: Figure) -> None:
        self.deck, self.figure, self.told, self.words = deck, figure, figure.told, deck.words
        title = self.words.say("figure_title", number=self.told["number"], title=self.told["title"])
        self.slide = deck.add("titleOnly", title)
        wide, high = deck.deck.slide_width / INCH, deck.deck.slide_height / INCH
        shape = self.slide.shapes.title
        self.left, self.wide, self.top = 0.05 * wide, 0.9 * wide, 0.2 * high
        # A title that is not above the slide's content leaves it where it would be without one.
        if shape is not None and (shape.top + shape.height) / INCH < 0.35 * high and shape.width / INCH > 0.5 * wide:
            self.left, self.wide = shape.left / INCH, shape.width / INCH
            self.top = (shape.top + shape.height) / INCH
        ends = [
            placeholder.top / INCH
            for placeholder in self.slide.slide_layout.placeholders
            if placeholder._element.xpath(".//p:ph[@type='dt' or @type='ftr' or @type='sldNum']")
        ]
        self.bottom = min([0.96 * high, *(end for end in ends if end > 0.7 * high)])
        self.high = high

    def write(self) -> None:
        told, words = self.told, self.words
        drawn = grids(self.figure, words)
        if self.figure.rows or told["kind"] in ("matrix", "table"):
            if told["finding"]:
                self._above(told["finding"], size=14)
            if told["subtitle"]:
                self._above(told["subtitle"], size=12, colour=MUTED)
        if told["synthetic"] and drawn:
            self._sample_sign(told["subtitle"])
        self._footnotes(drawn)
        for line in reversed([line for one in drawn for line in one.beside]):
            self._below([line], size=11)
        if drawn:
            self._charts(drawn)
        elif told["kind"] == "matrix":
            self._concept()
        elif told["kind"] == "table" and self.figure.table is not None:
            rows = self.figure.table.rows
            if not self._table([self.figure.table.head, *rows], headed=True, labelled=True):
                self._above(words.say("slide_long_table", n=len(rows)), size=18)
        elif "png" in self.figure.files:
            self._picture()
        else:
            self._above(told["subtitle"] or told["alt"], size=18)
        self.slide.notes_slide.notes_text_frame.text = "\n".join(self._spoken(drawn))
        self.deck.finish(self.slide)

    def _text(self, top: float, lines: list[str], *, size: float, colour: str = INK, high: float) -> Any:
        from pptx.dml.color import RGBColor
        from pptx.util import Emu, Pt

        box = self.slide.shapes.add_textbox(
            *(Emu(round(side * INCH)) for side in (self.left, top, self.wide, high))
        ).text_frame
        box.word_wrap = True
        box.margin_left = box.margin_right = Emu(round(0.1 * INCH))
        box.margin_top = box.margin_bottom = 0
        box.text = "\n".join(lines)
        for paragraph in box.paragraphs:
            paragraph.font.size = Pt(size)
            paragraph.font.color.rgb = RGBColor.from_string(colour[1:])
        return box

    def _high(self, lines: Iterable[str], size: float) -> float:
        """Say how high a text is, also in a font that is wider than ours."""
        return sum(len(wrap(line, (self.wide - 0.2) / WIDER, size)) for line in lines) * size * LEADING / 72

    def _above(self, text: str, *, size: float, colour: str = INK) -> None:
        high = self._high([text], size)
        self._text(self.top, [text], size=size, colour=colour, high=high)
        self.top += high + 0.06

    def _below(self, lines: list[str], *, size: float, colour: str = INK) -> None:
        high = self._high(lines, size)
        self.bottom -= high
        self._text(self.bottom, lines, size=size, colour=colour, high=high)
        self.bottom -= 0.06

    def _sample_sign(self, beside: str) -> None:
        """Say in a frame that there are sample data on the slide; beside the line above where there is room."""
        from pptx.dml.color import RGBColor
        from pptx.util import Emu, Pt

        text = self.words.say("synthetic_legend", sign=self.words.say("sample_sign"))
        high, wide = 0.26, width(text, 12, bold=True) * WIDER * 1.15 + 0.2
        if width(beside, 12) * WIDER + 0.5 + wide < self.wide:
            top, left = self.top - high - 0.04, self.left + self.wide - wide
        else:
            top, left = self.top, self.left + 0.1
            self.top += high + 0.06
        box = self._text(top, [text], size=12, high=high)
        shape = self.slide.shapes[-1]
        shape.left, shape.width = Emu(round(left * INCH)), Emu(round(wide * INCH))
        shape.line.color.rgb = RGBColor.from_string(INK[1:])
        shape.line.width = Pt(0.75)
        box.margin_top = Emu(round(0.02 * INCH))
        box.paragraphs[0].font.bold = True

    def _footnotes(self, drawn: Sequence[Grid]) -> None:
        say, told = self.words.say, self.told
        names = [name for name in ("base", "period", "evidence", "source") if told[name]]
        first = ". ".join(say(f"footer_{name}", text=told[name].rstrip(".")) for name in names)
        lines = [first + "."] if first else []
        notes = [say("footer_note", text=note) for note in notes_of(self.figure, drawn, self.words)]
        size = 9.0
        most = FOOTNOTE_LINES * size * LEADING / 72
        shown = list(notes)
        while shown and self._high([*lines, " ".join(shown), say("slide_more_notes")], size) > most:
            shown.pop()
        if shown:
            lines.append(" ".join(shown))
        if len(shown) < len(notes):
            lines.append(say("slide_more_notes"))
        if lines:
            self._below(lines, size=size, colour=MUTED)

    def _spoken(self, drawn: Sequence[Grid]) -> Iterator[str]:
        """Give the speaker notes: all texts and numbers of the figure, and the figure in words."""
        say, told = self.words.say, self.told
        yield say("figure_title", number=told["number"], title=told["title"])
        yield from filter(None, (told["subtitle"], told["finding"]))
        if told["synthetic"]:
            yield say("synthetic_legend", sign=say("sample_sign"))
        for name in ("question", "base", "period", "evidence", "source"):
            if told[name]:
                yield say(f"footer_{name}", text=told[name])
        for note in notes_of(self.figure, drawn, self.words):
            yield say("footer_note", text=note)
        if self.figure.table is not None and not self.figure.rows:
            yield from (" · ".join(filter(None, cells)) for cells in self.figure.table.rows)
        elif self.figure.table is not None:
            yield ""
            yield say("numbers_of_this_figure")
            labels = self.figure.table.labels
            for row, cells in zip(self.figure.rows, self.figure.table.rows, strict=True):
                sample = row["estimate"] is not None and (row["evidence"] == "synthetic" or "s" in row["status"])
                sign = say("sample_sign") if sample else ""
                yield f"{' · '.join(filter(None, cells[:labels]))}: {cells[labels]}{sign}"
        yield ""
        yield say("slide_alternative")
        yield told["alt"]

    def _area(self) -> tuple[float, float, float, float]:
        """Give the place that is left for the chart: left, top, width and height, in inches."""
        return self.left, self.top, self.wide, max(self.bottom - self.top, LEAST * self.high)

    def _told(self, shape: Any, part: str = "") -> None:
        """Give a shape its name and its alternative text; the first of several has the text of all of them."""
        told = shape._element.xpath(".//p:cNvPr")[0]
        first = not self.slide.shapes._spTree.xpath(f".//p:cNvPr[starts-with(@name, '{self.figure.anchor}')]")
        told.set("name", f"{self.figure.anchor} {part}".strip())
        told.set("descr", self.told["alt"] if first else part)

    def _charts(self, drawn: Sequence[Grid]) -> None:
        """Place the chart, or those of all panels beside and below each other."""
        left, top, wide, high = self._area()
        if len(drawn) == 1:
            drawn = _halves(drawn[0])
        columns = min(2 if drawn[0].kind == "points" else 3, len(drawn))
        rows = -(-len(drawn) // columns)
        for number, one in enumerate(drawn):
            row, column = divmod(number, columns)
            place = (left + wide * column / columns, top + high * row / rows, wide / columns, high / rows)
            self._chart(one, place, alone=len(drawn) == 1)

    def _chart(self, drawn: Grid, place: tuple[float, float, float, float], *, alone: bool) -> None:
        from pptx.util import Emu

        data = _chart_data(drawn)
        sides = (Emu(round(side * INCH)) for side in place)
        frame = self.slide.shapes.add_chart(_chart_type(drawn), *sides, data)
        self._told(frame, drawn.title)
        _dress(frame.chart, drawn, size=place[2:], alone=alone)
        frame.chart.part.chart_workbook.update_from_xlsx_blob(_numbers(drawn, self.deck.report.plan.year))

    def _concept(self) -> None:
        """Make a table of a concept."""
        concept = self.words.concept(self.told["parameters"]["concept"])
        labelled = any(row.label for row in concept.rows)
        headed = any(concept.columns)
        rows = [[*([row.label] if labelled else []), *row.cells] for row in concept.rows]
        if headed:
            rows.insert(0, [*([""] if labelled else []), *concept.columns])
        self._table(rows, headed=headed, labelled=labelled)

    def _table(self, rows: Sequence[Sequence[str]], *, headed: bool, labelled: bool) -> bool:
        """Make a table of texts; False where there is no room for it."""
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Emu, Pt

        left, top, wide, high = self._area()
        sizes = (_Cells(rows, wide, size) for size in TABLE_SIZES)
        fitting = next((cells for cells in sizes if sum(cells.heights) <= high - 0.15), None)
        if fitting is None:
            return False
        place = (Emu(round(side * INCH)) for side in (left, top + 0.15, wide, sum(fitting.heights)))
        frame = self.slide.shapes.add_table(len(rows), len(rows[0]), *place)
        self._told(frame)
        table = frame.table
        table.first_row, table.first_col, table.horz_banding = headed, labelled, True
        for column, own in zip(table.columns, fitting.widths, strict=True):
            column.width = Emu(round(own * INCH))
        for row, own, texts in zip(table.rows, fitting.heights, rows, strict=True):
            row.height = Emu(round(own * INCH))
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text_frame.text = text
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                for paragraph in cell.text_frame.paragraphs:
                    paragraph.font.size = Pt(fitting.size)
        return True

    def _picture(self) -> None:
        """Show the plot of the picture, without the texts around it, which the slide has itself."""
        from pptx.util import Emu

        left, top, wide, high = self._area()
        picture = self.slide.shapes.add_picture(str(self.figure.files["png"]), 0, 0)
        # The picture is as high as the sheet; the box says where on it the plot lies, in points of its width.
        _, start, across, height = map(float, self.told["viewbox"].split())
        whole = across * picture.height / picture.width
        picture.crop_top, picture.crop_bottom = start / whole, 1 - (start + height) / whole
        scale = min(wide / across, (high - 0.1) / height)
        picture.width, picture.height = Emu(round(across * scale * INCH)), Emu(round(height * scale * INCH))
        picture.left, picture.top = (
            Emu(round((left + (wide - across * scale) / 2) * INCH)),
            Emu(round((top + 0.1) * INCH)),
        )
        self._told(picture)
        self._vector(picture)

    def _vector(self, picture: Any) -> None:
        """Put the drawing beside the picture of it, for the programs that can show it."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.opc.package import Part
        from pptx.opc.packuri import PackURI
        from pptx.oxml import parse_xml

        package = self.slide.part.package
        name = PackURI(f"/ppt/media/{self.figure.anchor}.svg")
        drawing = Part(name, "image/svg+xml", package, self.figure.files["svg"].read_bytes())
        place = self.slide.part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
        blip = picture._element.xpath(".//a:blip")[0]
        blip.append(parse_xml(SVG_BLIP.format(place=place)))


class _Cells:
    """The columns and rows of a table in one size: as wide as their texts ask for, and as high as they then are."""

    def __init__(self, rows: Sequence[Sequence[str]], wide: float, size: float) -> None:
        self.size = size
        free, over = 2 * CELL[0], 2 * CELL[1]
        asked = [
            max(width(text, size, bold=True) for text in column) * WIDER + free + SPARE
            for column in zip(*rows, strict=True)
        ]
        self.widths = _shared(asked, wide)
        self.heights = [
            max(
                len(wrap(text, (own - free) / WIDER, size, bold=True))
                for text, own in zip(row, self.widths, strict=True)
            )
            * size
            * LEADING
            / 72
            + over
            for row in rows
        ]


def _shared(asked: Sequence[float], wide: float) -> list[float]:
    """Divide a width: who asks for little gets it, and those who ask for most have equal parts of the rest.

    Examples
    --------
    >>> _shared([1.0, 4.0, 9.0], 7.0), _shared([1.0, 3.0], 8.0)
    ([1.0, 3.0, 3.0], [2.0, 6.0])
    """
    if sum(asked) <= wide:
        return [own * wide / sum(asked) for own in asked]
    left, most = wide, 0.0
    for place, own in enumerate(sorted(asked)):
        most = left / (len(asked) - place)
        if own > most:
            break
        left -= own
    return [min(own, most) for own in asked]


def _halves(drawn: Grid) -> list[Grid]:
    """Divide a chart whose bars would be too thin to carry their numbers."""
    if drawn.kind != "bars" or len(drawn.categories) * len(drawn.series) <= MOST_BARS:
        return [drawn]
    middle = -(-len(drawn.categories) // 2)
    found = []
    for part in (slice(middle), slice(middle, None)):
        series = (one._replace(marks=one.marks[part]) for one in drawn.series)
        known = tuple(one for one in series if any(one.marks))
        found.append(drawn._replace(categories=drawn.categories[part], series=known))
    return [one for one in found if one.series]


def _chart_type(drawn: Grid) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    return {
        "bars": XL_CHART_TYPE.BAR_CLUSTERED,
        "stacked": XL_CHART_TYPE.BAR_STACKED,
        "lines": XL_CHART_TYPE.LINE_MARKERS,
        "points": XL_CHART_TYPE.LINE_MARKERS,
    }[drawn.kind]


def _chart_data(drawn: Grid) -> Any:
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=drawn.number)
    data.categories = drawn.categories
    for series in drawn.series:
        numbers = [None if mark is None else mark.number for mark in series.marks]
        data.add_series(series.label, numbers, drawn.sample if series.first.sample else drawn.number)
    return data


def _numbers(drawn: Grid, year: int) -> bytes:
    """Write the workbook behind a chart, as python-pptx does, but so that its labels stay text and its date fixed."""
    from xlsxwriter import Workbook

    file = io.BytesIO()
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(file, {"in_memory": True, **plain}) as book:
        book.set_properties({"created": datetime(year, 1, 1)})
        sheet = book.add_worksheet("Sheet1")
        formats = {form: book.add_format({"num_format": form}) for form in (drawn.number, drawn.sample)}
        for row, category in enumerate(drawn.categories, 1):
            sheet.write_string(row, 0, category)
        for column, series in enumerate(drawn.series, 1):
            sheet.write_string(0, column, series.label)
            for row, mark in enumerate(series.marks, 1):
                if mark is not None:
                    form = formats[drawn.sample if mark.sample else drawn.number]
                    sheet.write_number(row, column, mark.number, form)
    return file.getvalue()


def _dress(chart: Any, drawn: Grid, *, size: tuple[float, float], alone: bool) -> None:
    """Give a chart our colours, scales and labels."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    bars = drawn.kind in ("bars", "stacked")
    room = 72 * (size[1] - (0.4 if len(drawn.series) > 1 else 0.1) - (0.0 if alone else 0.4))
    most = 12.0 if alone else 10.0
    # Half a point is as fine as sizes are; a number may be as high as its bar.
    pitch = room / len(drawn.categories)
    name = Pt(_name_size(drawn, size[0], pitch, most) if bars else most)
    beside = len(drawn.series) / 0.85 if drawn.kind == "bars" else 1.2
    number = _half(min(most, pitch / beside)) if bars else most
    least = _least(drawn, size[0], name.pt, number)
    chart.font.size = name
    chart.font.color.rgb = RGBColor.from_string(INK[1:])
    chart.has_title = bool(drawn.title)
    if drawn.title:
        chart.chart_title.text_frame.text = drawn.title
        chart.chart_title.include_in_layout = False
        for paragraph in chart.chart_title.text_frame.paragraphs:
            paragraph.font.size, paragraph.font.bold = Pt(12), True
    chart.has_legend = len(drawn.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(most)
    names, scale = chart.category_axis, chart.value_axis
    names.major_tick_mark = scale.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = RGBColor.from_string(RULE[1:])
    names.has_major_gridlines = False
    _all_named(names)
    scale.minimum_scale, scale.maximum_scale = drawn.low, _upper(drawn)
    scale.has_major_gridlines = not bars
    scale.visible = not bars
    if bars:
        names.reverse_order = True
        plot = chart.plots[0]
        plot.gap_width = 40
        plot.overlap = 100 if drawn.kind == "stacked" else 0
    else:
        scale.major_gridlines.format.line.color.rgb = RGBColor.from_string(FAINT[1:])
        scale.format.line.fill.background()
        scale.tick_labels.number_format, scale.tick_labels.number_format_is_linked = drawn.number, False
        if drawn.kind == "points":
            scale.major_unit = 1
        names.tick_labels.font.size = Pt(most - 1 if alone else most - 2)
        for body in names._element.xpath("c:txPr/a:bodyPr"):
            # Names are wrapped and not turned.
            body.set("rot", "0")
            body.set("vert", "horz")
        scale.reverse_order = drawn.best_low
        names.tick_label_position = XL_TICK_LABEL_POSITION.HIGH if drawn.best_low else XL_TICK_LABEL_POSITION.LOW
        for blanks in chart._chartSpace.xpath("c:chart/c:dispBlanksAs"):
            blanks.set("val", "span")
    for made, series in zip(chart.plots[0].series, drawn.series, strict=True):
        (_dress_bars if bars else _dress_line)(made, drawn, series)
        _label(made, drawn, series, size=Pt(number), least=least)


def _all_named(names: Any) -> None:
    """Let a chart leave out no category's name, for which python-pptx has no way."""
    from pptx.oxml.xmlchemy import OxmlElement

    every = OxmlElement("c:tickLblSkip")
    every.set("val", "1")
    names._element.xpath("c:noMultiLvlLbl")[0].addprevious(every)


def _name_size(drawn: Grid, wide: float, pitch: float, most: float) -> float:
    """Give the largest size in which the names of the bars are no higher than their bars, in a fifth of the width."""
    size = _half(min(most, pitch / 1.3))
    while size > SMALLEST and any(
        len(wrap(name, 0.22 * wide / WIDER, size)) * size * LEADING > pitch for name in drawn.categories
    ):
        size -= 0.5
    return size


def _half(size: float) -> float:
    return max(SMALLEST, int(size * 2) / 2)


def _upper(drawn: Grid) -> float:
    """Give the end of the scale, with room for the numbers at the longest bar or the highest point."""
    return drawn.high * 1.1 if drawn.kind in ("bars", "lines") else drawn.high


def _fill(shape: Any, mark: Mark) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Pt

    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(mark.face[1:])
    shape.line.color.rgb = RGBColor.from_string(mark.edge[1:])
    shape.line.width = Pt(0.75)


def _dress_bars(made: Any, drawn: Grid, series: Series) -> None:
    _fill(made.format, series.first)
    for number, mark in enumerate(series.marks):
        if mark is not None and (mark.face, mark.edge) != (series.first.face, series.first.edge):
            _fill(made.points[number].format, mark)


def _dress_line(made: Any, drawn: Grid, series: Series) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_MARKER_STYLE
    from pptx.enum.dml import MSO_LINE
    from pptx.util import Pt

    made.smooth = False
    line = made.format.line
    if drawn.kind == "points":
        line.fill.background()
    else:
        line.color.rgb = RGBColor.from_string(series.first.face[1:])
        line.width = Pt(2.25)
        if series.dashed:
            line.dash_style = MSO_LINE.DASH
    styles = {
        "o": XL_MARKER_STYLE.CIRCLE,
        "s": XL_MARKER_STYLE.SQUARE,
        "D": XL_MARKER_STYLE.DIAMOND,
        "^": XL_MARKER_STYLE.TRIANGLE,
    }
    made.marker.style = styles[series.marker]
    made.marker.size = 10
    _fill(made.marker.format, series.first)


def _label(made: Any, drawn: Grid, series: Series, *, size: Any, least: float) -> None:
    """Write the numbers at the marks: with the sign of sample data, in a colour that reads well on them."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LABEL_POSITION

    place = {
        "bars": XL_LABEL_POSITION.OUTSIDE_END,
        "stacked": XL_LABEL_POSITION.CENTER,
        "lines": XL_LABEL_POSITION.ABOVE,
        "points": XL_LABEL_POSITION.RIGHT,
    }[drawn.kind]

    def colour(mark: Mark) -> str:
        return readable(mark.face) if drawn.kind == "stacked" else INK

    def below(number: int, mark: Mark) -> bool:
        return drawn.kind == "lines" and not drawn.is_above(number, mark)

    first = series.first
    labels = made.data_labels
    labels.show_value = True
    labels.position = place
    labels.number_format, labels.number_format_is_linked = drawn.sample if first.sample else drawn.number, False
    labels.font.size = size
    labels.font.color.rgb = RGBColor.from_string(colour(first)[1:])
    for number, mark in enumerate(series.marks):
        if mark is not None and mark.number < least:
            _unlabelled(made, number)
            continue
        if mark is None or (colour(mark), mark.sample, below(number, mark)) == (colour(first), first.sample, False):
            continue
        label = made.points[number].data_label
        label.font.size = size
        label.font.color.rgb = RGBColor.from_string(colour(mark)[1:])
        label.position = XL_LABEL_POSITION.BELOW if below(number, mark) else place
        _number_format(made, number, drawn.sample if mark.sample else drawn.number)


def _least(drawn: Grid, wide: float, name: float, number: float) -> float:
    """Give the smallest part of a bar that has room for its number."""
    if drawn.kind != "stacked":
        return 0.0
    names = min(0.4 * wide, max(width(category, name) for category in drawn.categories) * WIDER)
    text = max((mark.text for series in drawn.series for mark in series.marks if mark), key=len)
    return drawn.high * width(text, number) / (wide - names - 0.2)


def _unlabelled(made: Any, point: int) -> None:
    """Leave out the label of one point; its number stays in the chart's data."""
    from pptx.oxml.xmlchemy import OxmlElement

    made.points[point].data_label.font.size = None
    for label in made._element.xpath(f"c:dLbls/c:dLbl[c:idx/@val='{point}']"):
        for part in list(label)[1:]:
            label.remove(part)
        label.append(OxmlElement("c:delete"))
        label[-1].set("val", "1")


def _number_format(made: Any, point: int, form: str) -> None:
    """Give the label of one point a number format, for which python-pptx has no way."""
    from pptx.oxml.ns import qn
    from pptx.oxml.xmlchemy import OxmlElement

    for label in made._element.xpath(f"c:dLbls/c:dLbl[c:idx/@val='{point}']"):
        number = OxmlElement("c:numFmt")
        number.set("formatCode", form)
        number.set("sourceLinked", "0")
        label.find(qn("c:txPr")).addprevious(number)
