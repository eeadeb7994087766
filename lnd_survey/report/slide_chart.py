"""How a native chart is written on a slide: with the workbook behind it, in our colours, its sizes as they fit."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from lnd_survey.charts.style import FAINT, INK, RULE, readable, width
from lnd_survey.report.deck import INCH
from lnd_survey.report.grid import Grid, Mark, Series
from lnd_survey.report.paragraphs import WIDER
from lnd_survey.report.slide_spread import LEGEND, THICKEST, Placed

LAYOUT = (
    '<c:layout xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:manualLayout>'
    '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    '<c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/><c:h val="{h:.4f}"/></c:manualLayout></c:layout>'
)
"""Where the bars of a chart stand, without their names, in parts of the chart."""

LABEL = "100 %° "
"""A number that is as wide as any at the end of a bar."""


def write_chart(slide: Any, placed: Placed, *, year: int) -> Any:
    """Write a chart, and give its frame.

    Parameters
    ----------
    slide
        A slide of python-pptx.
    placed
        The chart, its place and its sizes.
    year
        The year of the report, which the workbook behind the chart is dated by.
    """
    from pptx.util import Emu

    sides = (Emu(round(side * INCH)) for side in (placed.left, placed.top, placed.wide, placed.high))
    frame = slide.shapes.add_chart(_chart_type(placed.drawn), *sides, _chart_data(placed.drawn))
    _dress(frame.chart, placed)
    frame.chart.part.chart_workbook.update_from_xlsx_blob(_workbook(placed.drawn, year))
    return frame


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


def _workbook(drawn: Grid, year: int) -> bytes:
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


def _dress(chart: Any, placed: Placed) -> None:
    """Give a chart our colours, scales and labels."""
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    drawn = placed.drawn
    bars = drawn.kind in THICKEST
    chart.font.size = Pt(placed.name)
    chart.font.color.rgb = RGBColor.from_string(INK[1:])
    chart.has_title = bool(drawn.title)
    if drawn.title:
        chart.chart_title.text_frame.text = drawn.title
        chart.chart_title.include_in_layout = False
        for paragraph in chart.chart_title.text_frame.paragraphs:
            paragraph.font.size, paragraph.font.bold = Pt(LEGEND), True
    chart.has_legend = len(drawn.series) > 1
    if chart.has_legend:
        chart.legend.position = XL_LEGEND_POSITION.TOP
        chart.legend.include_in_layout = False
        chart.legend.font.size = Pt(LEGEND)
    names, scale = chart.category_axis, chart.value_axis
    names.major_tick_mark = scale.major_tick_mark = XL_TICK_MARK.NONE
    names.format.line.color.rgb = RGBColor.from_string(RULE[1:])
    names.has_major_gridlines = False
    _all_named(names)
    scale.minimum_scale, scale.maximum_scale = drawn.low, _upper(placed)
    scale.visible = scale.has_major_gridlines = not bars
    (_lay_out_bars if bars else _lay_out_points)(chart, placed)
    for made, series in zip(chart.plots[0].series, drawn.series, strict=True):
        (_dress_bars if bars else _dress_line)(made, drawn, series)
        _label(made, drawn, series, size=Pt(placed.number), least=_least(placed))


def _lay_out_bars(chart: Any, placed: Placed) -> None:
    """Say where the bars stand and how thick they are, so that each program leaves their names the same room."""
    from pptx.oxml import parse_xml

    chart.category_axis.reverse_order = True
    plot = chart.plots[0]
    plot.gap_width = min(500, round(100 * (placed.pitch / placed.bar - placed.deep)))
    plot.overlap = 100 if placed.drawn.kind == "stacked" else 0
    sides = {
        "x": placed.names / placed.wide,
        "y": placed.above / placed.high,
        "w": _across(placed) / placed.wide,
        "h": len(placed.drawn.categories) * placed.pitch / placed.high,
    }
    (area,) = chart._chartSpace.xpath("c:chart/c:plotArea")
    for layout in area.xpath("c:layout"):
        area.remove(layout)
    area.insert(0, parse_xml(LAYOUT.format(**sides)))


def _lay_out_points(chart: Any, placed: Placed) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_LABEL_POSITION
    from pptx.util import Pt

    drawn, names, scale = placed.drawn, chart.category_axis, chart.value_axis
    scale.major_gridlines.format.line.color.rgb = RGBColor.from_string(FAINT[1:])
    scale.format.line.fill.background()
    scale.tick_labels.number_format, scale.tick_labels.number_format_is_linked = drawn.number, False
    if drawn.kind == "points":
        scale.major_unit = 1
    names.tick_labels.font.size = Pt(placed.name)
    for body in names._element.xpath("c:txPr/a:bodyPr"):
        # Names are wrapped and not turned.
        body.set("rot", "0")
        body.set("vert", "horz")
    scale.reverse_order = drawn.best_low
    names.tick_label_position = XL_TICK_LABEL_POSITION.HIGH if drawn.best_low else XL_TICK_LABEL_POSITION.LOW
    for blanks in chart._chartSpace.xpath("c:chart/c:dispBlanksAs"):
        blanks.set("val", "span")


def _across(placed: Placed) -> float:
    """Give the width that bars have beside their names, in inches."""
    return placed.wide - placed.names - 0.15


def _upper(placed: Placed) -> float:
    """Give the end of the scale, with room for the numbers at the longest bar or the highest point."""
    drawn = placed.drawn
    if drawn.kind == "bars":
        # The same for all charts of a figure, so that their bars can be compared.
        label = width(LABEL, placed.number) * WIDER
        return drawn.high / max(0.5, 1 - label / _across(placed))
    return drawn.high * 1.1 if drawn.kind == "lines" else drawn.high


def _all_named(names: Any) -> None:
    """Let a chart leave out no category's name, for which python-pptx has no way."""
    from pptx.oxml.xmlchemy import OxmlElement

    every = OxmlElement("c:tickLblSkip")
    every.set("val", "1")
    names._element.xpath("c:noMultiLvlLbl")[0].addprevious(every)


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
    for body in made._element.xpath("c:dLbls//a:bodyPr"):
        # A number that is wider than its bar is high stays in one line.
        body.set("wrap", "none")


def _least(placed: Placed) -> float:
    """Give the smallest part of a bar that has room for its number."""
    if placed.drawn.kind != "stacked":
        return 0.0
    widest = max(width(mark.text, placed.number) for mark in placed.drawn.marks) * WIDER
    return placed.drawn.high * widest / _across(placed)


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
