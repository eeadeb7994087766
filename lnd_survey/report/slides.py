"""The report as slides: a chapter and a figure each, with charts that can be edited, and all numbers in the notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.charts.style import INK, MUTED, width
from lnd_survey.report.deck import INCH, Deck
from lnd_survey.report.grid import grids, notes_of
from lnd_survey.report.paragraphs import WIDER, Paragraph, Run, paragraphs_of, plain
from lnd_survey.report.slide_chart import write_chart
from lnd_survey.report.slide_room import Room
from lnd_survey.report.slide_spread import Placed, spread
from lnd_survey.report.slide_table import fitting, write_table

if TYPE_CHECKING:
    from lnd_survey.report.collected import Chapter, Figure, Report

FILE = "slides.pptx"

SVG_BLIP = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main">'
    '<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}"><asvg:svgBlip r:embed="{place}"/></a:ext></a:extLst>'
)
"""How a picture says where its drawing is."""

BESIDE = 11.0
"""The size in points of what a figure shows beside its bars."""

FOOTNOTE, FOOTNOTE_HIGH = 9.0, 0.95
"""The size in points of the text at the foot, and its height in inches; other notes are left to the speaker notes."""

COMMENTARY = (18.0, 16.0, 14.0)
"""Sizes in points for commentary; where it fits in none of them it goes on on another slide, in the last."""

SAME = ("group", "question", "item", "option")
"""What makes a number belong to another one, which a chart shows."""


def write_slides(folder: Path, report: Report) -> None:
    """Write `slides.pptx`: a title, and a slide for each chapter and for each figure, or more where one is too small.

    Parameters
    ----------
    folder
        The folder of the report.
    report
        What was collected there; the template of its plan gives the slides their look.
    """
    deck = Deck(report)
    _opening(deck)
    for chapter in report.chapters:
        _chapter(deck, chapter)
        for figure in chapter.figures:
            _FigureSlides(deck, figure).write()
    (folder / FILE).write_bytes(deck.packed())


def _opening(deck: Deck) -> None:
    """Make the title slide."""
    report, say = deck.report, deck.words.say
    lines = [f"{say('report')} {report.plan.year}", say("page_lead", year=report.plan.year)]
    lines += report.warnings
    slide = deck.add("title", say("report_title", year=report.plan.year))
    _tell(deck, slide, list(map(plain, lines)))
    deck.finish(slide)


def _tell(deck: Deck, slide: Any, paragraphs: Sequence[Paragraph]) -> None:
    """Write what a slide has besides its title, below that where the template has no place for it."""
    if not deck.tell(slide, paragraphs):
        Room(slide, size=deck.size).above(paragraphs, size=COMMENTARY[0])


def _chapter(deck: Deck, chapter: Chapter) -> None:
    """Make the slide of a chapter, with its commentary, or else one or more for that."""
    title = f"{chapter.number}  {chapter.title}"
    slide = deck.add("secHead", title)
    commentary = paragraphs_of(chapter.commentary)
    told = deck.tell(slide, [plain(chapter.intro), *commentary], least=COMMENTARY[-1])
    if not told:
        _tell(deck, slide, [plain(chapter.intro)])
    deck.finish(slide)
    while commentary and not told:
        slide = deck.add("titleOnly", title)
        room = Room(slide, size=deck.size)
        size = next((size for size in COMMENTARY if room.high(commentary, size) <= room.free), COMMENTARY[-1])
        fit = [n for n in range(1, len(commentary) + 1) if room.high(commentary[:n], size) <= room.free]
        most = max(fit, default=1)
        room.above(commentary[:most], size=size)
        deck.finish(slide)
        commentary = commentary[most:]


class _FigureSlides:
    """The slides of a figure, filled from the top and from the bottom; the charts take what is left."""

    def __init__(self, deck: Deck, figure: Figure) -> None:
        self.deck, self.figure, self.told, self.words = deck, figure, figure.told, deck.words
        self.drawn = grids(figure, deck.words)

    def write(self) -> None:
        """Make the slides: one, or as many as its charts need to be readable."""
        room = self._room()
        if not self.drawn:
            self._without_charts(room)
            self._finish(room, 1, 1, range(len(self.figure.rows)))
            return
        slides = spread(self.drawn, room.left, room.top, room.wide, room.free)
        shares = _shares(self.figure.rows, slides)
        for number, (charts, rows) in enumerate(zip(slides, shares, strict=True), 1):
            room = room if number == 1 else self._room()
            for chart in charts:
                frame = write_chart(room.slide, chart, year=self.deck.report.plan.year)
                self._tell(room, frame, chart.drawn.title)
            self._finish(room, number, len(slides), rows)

    def _title(self, number: int = 1, of: int = 1) -> str:
        part = f" ({number}/{of})" if of > 1 else ""
        return self.words.say("figure_title", number=f"{self.told['number']}{part}", title=self.told["title"])

    def _room(self) -> Room:
        """Begin a slide with what stands above and below its chart."""
        told = self.told
        room = Room(self.deck.add("titleOnly"), size=self.deck.size)
        if self.figure.rows or told["kind"] in ("matrix", "table"):
            if told["finding"]:
                room.above([plain(told["finding"])], size=14)
            if told["subtitle"]:
                room.above([plain(told["subtitle"])], size=12, colour=MUTED)
        if told["synthetic"] and self.drawn:
            self._sample_sign(room, told["subtitle"])
        beside = [plain(line) for line in dict.fromkeys(line for one in self.drawn for line in one.beside)]
        self._footnotes(room, room.least + room.high(beside, BESIDE))
        if beside:
            room.below(beside, size=BESIDE)
        return room

    def _finish(self, room: Room, number: int, of: int, rows: Sequence[int]) -> None:
        """Write the title and the speaker notes."""
        title = self._title(number, of)
        self.deck.entitle(room.slide, title)
        room.slide.notes_slide.notes_text_frame.text = "\n".join(self._spoken(title, rows))
        self.deck.finish(room.slide)

    def _without_charts(self, room: Room) -> None:
        if self.told["kind"] == "matrix":
            self._concept(room)
        elif self.told["kind"] == "table" and self.figure.table is not None:
            self._table(room, [self.figure.table.head, *self.figure.table.rows], headed=True, labelled=False)
        elif "png" in self.figure.files:
            self._picture(room)
        else:
            room.above([plain(self.told["subtitle"] or self.told["alt"])], size=18)

    def _sample_sign(self, room: Room, beside: str) -> None:
        """Say in a frame that there are sample data on the slide; beside the line above where there is room."""
        from pptx.dml.color import RGBColor
        from pptx.util import Emu, Pt

        text = self.words.say("synthetic_legend", sign=self.words.say("sample_sign"))
        high, wide = 0.26, width(text, 12, bold=True) * WIDER + 0.3
        if width(beside, 12) * WIDER + 0.5 + wide < room.wide:
            top, left = room.top - high + 0.01, room.left + room.wide - wide
        else:
            top, left = room.top, room.left + 0.1
            room.top += high + 0.06
        shape = room.write(top, [(Run(text, bold=True),)], size=12, tall=high)
        shape.left, shape.width = Emu(round(left * INCH)), Emu(round(wide * INCH))
        shape.line.color.rgb = RGBColor.from_string(INK[1:])
        shape.line.width = Pt(0.75)
        shape.text_frame.margin_top = Emu(round(0.02 * INCH))

    def _footnotes(self, room: Room, least: float) -> None:
        """Say what the figure rests on, and as many notes as leave the least height to the rest of the slide."""
        say, told = self.words.say, self.told
        names = [name for name in ("base", "period", "evidence", "source") if told[name]]
        first = ". ".join(say(f"footer_{name}", text=told[name].rstrip(".")) for name in names)
        lines = [plain(first + ".")] if first else []
        notes = [say("footer_note", text=note) for note in notes_of(self.figure, self.drawn, self.words)]
        for number in range(len(notes), -1, -1):
            more = [" ".join(notes[:number])] if number else []
            more += [say("slide_more_notes")] if number < len(notes) else []
            below = [*lines, *map(plain, more)]
            if room.high(below, FOOTNOTE) <= min(FOOTNOTE_HIGH, room.free - least):
                break
        if below:
            room.below(below, size=FOOTNOTE, colour=MUTED)

    def _spoken(self, title: str, rows: Sequence[int]) -> Iterator[str]:
        """Give the speaker notes: all texts of the figure, the numbers of some rows, and the figure in words."""
        say, told, table = self.words.say, self.told, self.figure.table
        yield title
        yield from filter(None, (told["subtitle"], told["finding"]))
        if told["synthetic"]:
            yield say("synthetic_legend", sign=say("sample_sign"))
        for name in ("question", "base", "period", "evidence", "source"):
            if told[name]:
                yield say(f"footer_{name}", text=told[name])
        for note in notes_of(self.figure, self.drawn, self.words):
            yield say("footer_note", text=note)
        if table is not None and not self.figure.rows:
            yield from (" · ".join(filter(None, cells)) for cells in table.rows)
        elif table is not None:
            yield ""
            yield say("numbers_of_this_figure")
            for at in rows:
                row, cells = self.figure.rows[at], table.rows[at]
                sample = row["estimate"] is not None and (row["evidence"] == "synthetic" or "s" in row["status"])
                sign = say("sample_sign") if sample else ""
                yield f"{' · '.join(filter(None, cells[: table.labels]))}: {cells[table.labels]}{sign}"
        yield ""
        yield say("slide_alternative")
        yield told["alt"]

    def _tell(self, room: Room, shape: Any, part: str = "") -> None:
        """Give a shape its name and its alternative text; the first of several has the text of all of them."""
        told = shape._element.xpath(".//p:cNvPr")[0]
        first = not room.slide.shapes._spTree.xpath(f".//p:cNvPr[starts-with(@name, '{self.figure.anchor}')]")
        told.set("name", f"{self.figure.anchor} {part}".strip())
        told.set("descr", self.told["alt"] if first else part)

    def _concept(self, room: Room) -> None:
        """Make a table of a concept."""
        concept = self.words.concept(self.told["parameters"]["concept"])
        labelled = any(row.label for row in concept.rows)
        headed = any(concept.columns)
        rows = [[*([row.label] if labelled else []), *row.cells] for row in concept.rows]
        if headed:
            rows.insert(0, [*([""] if labelled else []), *concept.columns])
        self._table(room, rows, headed=headed, labelled=labelled)

    def _table(self, room: Room, rows: Sequence[Sequence[str]], *, headed: bool, labelled: bool) -> None:
        """Make a table of texts, and say below it how many rows have no room, and where they are."""

        def more(shown: int) -> Paragraph:
            return plain(self.words.say("slide_more_rows", n=len(rows) - shown, of=len(rows) - headed))

        top = room.top + 0.1
        below = room.high([more(0)], 12) + 0.1
        cells = fitting(rows, room.wide, room.bottom - top, below=below)
        frame = write_table(room.slide, cells, left=room.left, top=top, headed=headed, labelled=labelled)
        self._tell(room, frame)
        if len(cells.rows) < len(rows):
            room.top = top + cells.high + 0.1
            room.above([more(len(cells.rows))], size=12)

    def _picture(self, room: Room) -> None:
        """Show the plot of the picture, without the texts around it, which the slide has itself."""
        from pptx.util import Emu

        picture = room.slide.shapes.add_picture(str(self.figure.files["png"]), 0, 0)
        # The picture is as high as the sheet; the box says where on it the plot lies, in points of its width.
        _, start, across, height = map(float, self.told["viewbox"].split())
        whole = across * picture.height / picture.width
        picture.crop_top, picture.crop_bottom = start / whole, 1 - (start + height) / whole
        scale = min(room.wide / across, (room.free - 0.1) / height)
        picture.width, picture.height = Emu(round(across * scale * INCH)), Emu(round(height * scale * INCH))
        picture.left = Emu(round((room.left + (room.wide - across * scale) / 2) * INCH))
        picture.top = Emu(round((room.top + 0.1) * INCH))
        self._tell(room, picture)
        self._vector(room, picture)

    def _vector(self, room: Room, picture: Any) -> None:
        """Put the drawing beside the picture of it, for the programs that can show it."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.opc.package import Part
        from pptx.opc.packuri import PackURI
        from pptx.oxml import parse_xml

        package = room.slide.part.package
        name = PackURI(f"/ppt/media/{self.figure.anchor}.svg")
        drawing = Part(name, "image/svg+xml", package, self.figure.files["svg"].read_bytes())
        place = room.slide.part.relate_to(drawing, RELATIONSHIP_TYPE.IMAGE)
        blip = picture._element.xpath(".//a:blip")[0]
        blip.append(parse_xml(SVG_BLIP.format(place=place)))


def _shares(rows: Sequence[Mapping[str, Any]], slides: Sequence[Sequence[Placed]]) -> list[list[int]]:
    """Divide the rows of a figure among its slides; one that no chart shows goes with the most similar one that is."""
    shown = {mark.row: number for number, charts in enumerate(slides) for one in charts for mark in one.drawn.marks}

    def slide(at: int) -> int:
        if at in shown:
            return shown[at]
        return shown[max(shown, key=lambda other: sum(rows[at][name] == rows[other][name] for name in SAME))]

    shares: list[list[int]] = [[] for _ in slides]
    for at in range(len(rows)):
        shares[slide(at)].append(at)
    return shares
