"""A picture in which everything can be read."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
from itertools import combinations

import pandas as pd
import pytest
from charts.conftest import CODEBOOK
from charts.drawn_charts import (
    INTERVALS,
    KINDS,
    LOW,
    MEANS,
    MOVES,
    OUTLOOK,
    RANKS,
    TASKS,
    YEARS,
    marks,
    texts,
    uncertain,
)
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from lnd_survey import charts
from lnd_survey.charts import style
from lnd_survey.charts.style import SIZE, contrast, readable, settings, tint, tints, width, wrap
from lnd_survey.words import Words

kinds = pytest.mark.parametrize("kind", KINDS)
widths = pytest.mark.parametrize("width", ["wide", "narrow"])


def at(width: str, chart: charts.Chart) -> charts.Chart:
    return chart.narrow() if width == "narrow" else chart


def boxes(figure) -> list[tuple[Text, Bbox]]:
    with rc_context(settings()):
        renderer = FigureCanvasAgg(figure).get_renderer()
        return [(text, text.get_window_extent(renderer)) for text in figure.get_children() if isinstance(text, Text)]


def assert_readable(figure: Figure) -> None:
    """No text leaves the figure, and none lies on another."""
    found = boxes(figure)
    for text, box in found:
        assert box.x0 >= -0.5, text
        assert box.x1 <= figure.bbox.x1 + 0.5, text
        assert box.y0 >= -0.5, text
        assert box.y1 <= figure.bbox.y1 + 0.5, text
    for (one, first), (other, second) in combinations(found, 2):
        shared = Bbox.intersection(first, second)
        assert shared is None or min(shared.width, shared.height) < 1.5, (one.get_text(), other.get_text())


@kinds
@widths
@pytest.mark.parametrize("language", ["words", "french"])
def test_no_text_leaves_the_figure_and_none_lies_on_another(
    kind, width, language, request: pytest.FixtureRequest
) -> None:
    assert_readable(at(width, KINDS[kind](request.getfixturevalue(language))).draw())


@kinds
@pytest.mark.parametrize(("width", "inches"), [("wide", 6.69), ("narrow", 3.7)])
def test_nothing_is_smaller_than_nine_points(kind, width, inches, words: Words) -> None:
    figure = at(width, KINDS[kind](words)).draw()
    assert min(text.get_fontsize() for text, _ in boxes(figure)) >= 9
    assert figure.get_figwidth() == pytest.approx(inches)


@kinds
@widths
def test_words_are_not_broken(kind, width, words: Words) -> None:
    known = set(
        re.findall(
            r"\w+",
            f"{CODEBOOK} 2001 2003 2004 Difference without don Rank against higher lower the same "
            "Sample data not real answers",
        )
    )
    for line, _ in boxes(at(width, KINDS[kind](words)).draw()):
        if line.get_gid().startswith(("item", "row", "heading", "legend", "cell")):
            assert set(re.findall(r"\w+", line.get_text())) <= known


@kinds
def test_nothing_stands_around_a_narrow_plot(kind, words: Words) -> None:
    chart = KINDS[kind](words).narrow()
    marks_of_texts = {text.get_gid().split("-")[0] for text, _ in boxes(chart.draw())}
    assert not marks_of_texts & {"header", "footer"}
    assert chart.alt == KINDS[kind](words).alt


@kinds
@widths
def test_bars_and_points_stay_on_the_sheet(kind, width, words: Words) -> None:
    chart = at(width, KINDS[kind](words))
    for mark in marks(chart).values():
        box = mark.get_window_extent()
        assert box.x0 >= 0
        assert box.x1 <= chart.draw().bbox.x1


@kinds
@widths
def test_colours_stand_out(kind, width, words: Words) -> None:
    figure = at(width, KINDS[kind](words)).draw()
    bars = [
        (bar, bar.get_window_extent())
        for bar in figure.get_children()
        if isinstance(bar, Rectangle) and bar is not figure.patch
    ]
    markers = [
        (line, line.get_transform().transform(line.get_xydata())[0])
        for line in figure.get_children()
        if isinstance(line, Line2D) and line.get_marker()
    ]
    for bar, _ in bars:
        assert contrast(to_hex(bar.get_edgecolor()), "#ffffff") >= 3
    for text, box in boxes(figure):
        middle = (box.min + box.max) / 2
        under = [to_hex(bar.get_facecolor()) for bar, extent in bars if extent.contains(*middle)]
        under += [to_hex(line.get_markerfacecolor()) for line, spot in markers if abs(spot - middle).max() < 4]
        background = under[-1] if under else "#ffffff"
        assert contrast(to_hex(text.get_color()), background) >= 4.5, text.get_text()


@kinds
def test_a_picture_is_the_same_each_time_and_its_text_is_text(kind, words: Words) -> None:
    one, other = KINDS[kind](words), KINDS[kind](words)
    assert one.svg() == other.svg()
    assert one.png() == other.png()
    assert one.narrow().svg() == other.narrow().svg()
    assert not re.search(r"<dc:date>|\d{4}-\d\d-\d\dT", one.svg() or "")
    assert f">{one.title}</text>" in (one.svg() or "")


@widths
def test_values_at_the_start_of_a_scale_have_room(width, words: Words) -> None:
    low = MEANS.assign(estimate=MEANS["estimate"] / 7 + 0.9)
    chart = charts.dots(low, words=words)
    assert_readable(at(width, chart).draw())


@widths
def test_a_long_trend_keeps_the_values_that_have_room(width, words: Words) -> None:
    both = YEARS[YEARS["year"] == 2004]
    many = pd.concat([both.assign(year=year, estimate=both["estimate"] + year % 3 / 50) for year in range(1990, 2020)])
    chart = charts.trend(many, words=words)
    assert_readable(at(width, chart).draw())
    assert len(marks(chart)) == 60


def assert_clear_of_axis_and_points(chart: charts.Chart) -> None:
    """No value lies on the line of zero, nor on a point."""
    drawn = chart.draw().get_children()
    flat = [thing.get_window_extent() for thing in drawn if thing.get_gid() == "axis"]
    axes = [box for box in flat if box.width > box.height]
    points = [point.get_window_extent() for point in marks(chart).values()]
    values = [(text.get_text(), box) for text, box in boxes(chart.draw()) if text.get_gid().startswith("value|")]
    assert axes
    for text, box in values:
        # A box is as high as letters that reach down, which figures do not.
        low = box.y0 + 1.7
        assert not any(line.x0 < box.x1 and box.x0 < line.x1 and low < line.y0 < box.y1 for line in axes), text
        for point in points:
            assert not (point.x0 < box.x1 and box.x0 < point.x1 and low < point.y1 and point.y0 < box.y1), text


@widths
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("trend")])
def test_values_of_a_trend_lie_on_nothing(kind, width, words: Words) -> None:
    chart = at(width, KINDS[kind](words))
    assert_readable(chart.draw())
    assert_clear_of_axis_and_points(chart)


def extent(line: Line2D) -> Bbox:
    """What an interval covers: its ends, and the half of the strokes at them."""
    (x0, y0), (x1, y1) = line.get_transform().transform(line.get_xydata())
    across, along = (line.get_markersize() / 2 if line.get_marker() else 0.0), 0.5
    wide, high = (across, along) if x0 == x1 else (along, across)
    return Bbox.from_extents(min(x0, x1) - wide, min(y0, y1) - high, max(x0, x1) + wide, max(y0, y1) + high)


def assert_clear_of_intervals(chart: charts.Chart) -> None:
    """No text lies on an interval, and each is whole and clear of the others and of their points."""
    drawn = {key: extent(line) for key, line in marks(chart, "interval").items()}
    points = {key: point.get_window_extent() for key, point in marks(chart).items()}
    for text, box in boxes(chart.draw()):
        low = box.y0 + 1.7
        for key, line in drawn.items():
            assert not (line.x0 < box.x1 and box.x0 < line.x1 and low < line.y1 and line.y0 < box.y1), (text, key)
    for line in drawn.values():
        assert 0 <= line.x0 <= line.x1 <= chart.draw().bbox.x1
    for (one, first), (other, second) in combinations(drawn.items(), 2):
        assert Bbox.intersection(first, second) is None, (one, other)
        if chart.kind in ("trend", "dots"):
            for point, line in ((points[one], second), (points[other], first)):
                middle = (line.min + line.max) / 2
                assert not point.contains(*middle), (one, other)


@widths
@pytest.mark.parametrize("language", ["words", "french"])
@pytest.mark.parametrize("kind", INTERVALS)
def test_intervals_are_clear_of_texts_and_of_each_other(kind, width, language, request: pytest.FixtureRequest) -> None:
    assert_clear_of_intervals(at(width, KINDS[kind](request.getfixturevalue(language))))


@widths
def test_equal_numbers_of_two_groups_have_intervals_beside_each_other(width, words: Words) -> None:
    for kind, estimates in (("trend", YEARS), ("dots", MEANS)):
        middle = 0.5 if kind == "trend" else 4.0
        equal = uncertain(estimates.assign(estimate=middle), middle / 5)
        chart = at(width, getattr(charts, kind)(equal, words=words))
        assert len(marks(chart, "interval")) == len(equal)
        assert_readable(chart.draw())
        assert_clear_of_intervals(chart)


@widths
def test_intervals_that_run_over_a_scale_stay_on_the_sheet(width, words: Words) -> None:
    wide = uncertain(MEANS.assign(estimate=[1.1, 6.9] * 3), 0.8)
    chart = at(width, charts.dots(wide, words=words))
    assert_readable(chart.draw())
    assert_clear_of_intervals(chart)


def test_an_interval_stands_out_from_its_bar(words: Words) -> None:
    chart = charts.paired_bars(uncertain(TASKS), words=words)
    drawn = chart.draw().get_children()
    edges = [thing for thing in drawn if (thing.get_gid() or "").startswith("edge|")]
    lines = list(marks(chart, "interval").values())
    assert [[*edge.get_xdata()] for edge in edges] == [[*line.get_xdata()] for line in lines]
    for edge, line in zip(edges, lines, strict=True):
        assert contrast(to_hex(edge.get_color()), to_hex(line.get_color())) >= 4.5
        # Half a point of white at either side of a line that is no hairline.
        assert line.get_linewidth() >= 0.75
        assert edge.get_linewidth() - line.get_linewidth() >= 1
        assert edge.get_zorder() < line.get_zorder()
    for kind in INTERVALS:
        for line in marks(KINDS[kind](words), "interval").values():
            assert contrast(to_hex(line.get_color()), "#ffffff") >= 4.5


@widths
def test_values_of_the_last_year_are_always_told(width, words: Words) -> None:
    chart = at(width, charts.trend(LOW, words=words))
    written = [(text.get_text(), box) for text, box in boxes(chart.draw()) if text.get_gid().startswith("value|")]
    for row in LOW[LOW["year"] == 2004].itertuples():
        key = ("2004", row.group, row.question, row.item, row.option, row.statistic)
        point = marks(chart)[key].get_window_extent()
        told = f"{words.value('share', row.estimate)}°"
        assert [
            text
            for text, box in written
            if text == told and 0 < box.x0 - point.x1 < 9 and abs(box.y0 + box.y1 - point.y0 - point.y1) < 40
        ], key


def test_a_value_stays_out_of_the_way_of_other_years(words: Words) -> None:
    steep = YEARS.assign(estimate=[0.0, 0.02, 1.0, 0.01, 0.0, 0.03])
    assert_clear_of_axis_and_points(charts.trend(steep, words=words, panels="group"))


@widths
def test_the_bars_of_an_item_lie_under_each_other(width, words: Words) -> None:
    chart = at(width, charts.diverging(OUTLOOK, words=words))
    places = {key: bar.get_y() for key, bar in marks(chart).items()}
    tops = [places["2004", group, "outlook", item, "more", "share"] for item, group in ROWS_OF_OUTLOOK]
    assert tops == sorted(tops)
    labels = dict(zip(("coach", "plan", "teach", "steer"), texts(chart, "item|"), strict=True))
    assert labels == {item: words.item("outlook", item) for item in labels}


ROWS_OF_OUTLOOK = [
    ("coach", "inside"),
    ("coach", "outside"),
    ("plan", "inside"),
    ("plan", "outside"),
    ("teach", "inside"),
    ("teach", "outside"),
    ("steer", "inside"),
]


@widths
def test_a_name_that_is_missing_in_the_first_column_is_written(width, words: Words) -> None:
    chart = charts.bump(RANKS, words=words)
    labels = texts(at(width, chart), "item|teach")
    assert labels == [words.item("tasks_now", "teach")]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
def test_a_fork_opens_the_fonts_anew() -> None:
    width("a word that is not measured elsewhere")
    context = multiprocessing.get_context("fork")
    with context.Pool(1) as pool:
        assert pool.apply(_open_fonts) == 0
    assert _open_fonts() > 0


def _open_fonts() -> int:
    return style._font.cache_info().currsize


def test_the_pixels_are_those_of_the_drawing(words: Words) -> None:
    chart = charts.paired_bars(TASKS, words=words)
    image = Image.open(io.BytesIO(chart.png() or b""))
    assert image.width == 2007
    bar = marks(chart)["2004", "inside", "tasks_now", "steer", "", "share"].get_window_extent()
    middle = [
        round(place * 300 / 72) for place in ((bar.x0 + bar.x1) / 2, chart.draw().bbox.y1 - (bar.y0 + bar.y1) / 2)
    ]
    assert image.getpixel((middle[0], middle[1])) == (0x54, 0x27, 0x88)
    assert image.info["Description"] == chart.alt


def test_the_plot_can_be_cut_out(words: Words) -> None:
    chart = charts.paired_bars(TASKS, words=words)
    _, top, wide, high = map(float, (chart.metadata()["viewbox"] or "").split())
    svg = chart.svg() or ""
    assert f'viewBox="0 0 {wide:.2f} ' in svg or f'viewBox="0 0 {wide:.1f}' in svg
    whole = chart.draw().get_figheight() * 72
    for text, box in boxes(chart.draw()):
        name = text.get_gid().split("-")[0]
        middle = whole - (box.y0 + box.y1) / 2
        assert (top <= middle <= top + high) == (name not in ("header", "footer"))


def test_long_labels_are_wrapped_and_whole(words: Words) -> None:
    labels = texts(charts.paired_bars(TASKS, words=words), "item|")
    assert words.item("tasks_now", "steer") in labels


def test_sample_data_is_marked_in_plot_and_file(words: Words) -> None:
    chart = charts.paired_bars(TASKS.assign(evidence="synthetic", status="s"), words=words)
    assert texts(chart, "legend-synthetic-text") == ["° Sample data, not real answers"]
    assert "<dc:source>" in (chart.svg() or "")
    assert chart.metadata()["synthetic"] is True
    assert "Sample data, not real answers." in chart.alt
    assert set(chart.table()["Data"]) == {"sample data"}


def test_beside_published_numbers_each_sample_number_is_marked(words: Words) -> None:
    sample = TASKS.index % 2 == 1
    mixed = TASKS.assign(evidence=TASKS["evidence"].mask(sample, "synthetic"), status=TASKS["status"].mask(sample, "s"))
    chart = charts.paired_bars(mixed, words=words)
    written = [text for text in chart.draw().findobj(Text) if text.get_gid().startswith("value|")]
    marked = [text.get_text().endswith("°") for text in written]
    assert sum(marked) == sum(sample & TASKS["estimate"].notna()) == 3
    assert len(marked) == 8


def test_a_difference_of_sample_numbers_is_marked(words: Words) -> None:
    sample = MOVES.assign(evidence=["synthetic" if item == "steer" else "published" for item in MOVES["item"]])
    chart = charts.dumbbells(sample, words=words)
    assert [texts(chart, f"difference|{item}") for item in ("steer", "coach")] == [["+24 pts°"], ["−29 pts"]]


@widths
def test_the_line_of_zero_runs_through_no_value(width, words: Words) -> None:
    for kind in ("diverging", "diverging by item, several answers a side"):
        chart = at(width, KINDS[kind](words))
        lines = [thing.get_window_extent() for thing in chart.draw().get_children() if thing.get_gid() == "axis"]
        for text, box in boxes(chart.draw()):
            inside = any(bar.get_window_extent().contains(*(box.min + box.max) / 2) for bar in marks(chart).values())
            low = box.y0 + 1.7
            crossed = any(box.x0 < line.x0 < box.x1 and line.y0 < box.y1 and low < line.y1 for line in lines)
            assert inside or not crossed, text


def test_measured_and_drawn_width_agree() -> None:
    text = "Overgang naar een lerende organisatie: 45% (“ja”)"
    with rc_context(settings()):
        figure = Figure(dpi=720)
        drawn = figure.text(0, 0, text, fontsize=SIZE).get_window_extent(FigureCanvasAgg(figure).get_renderer())
    assert width(text) == pytest.approx(drawn.width / 720, rel=0.02)


def test_wrapping_never_loses_a_letter() -> None:
    text = "administration-and-documentation/tracking of Donaudampfschifffahrtsgesellschaftskapitäne"
    lines = wrap(text, 1.0)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= 1.0 for line in lines)


@pytest.mark.parametrize("colour", ["#542788", "#1b9e77", "#595959"])
def test_text_on_every_tint_can_be_read(colour: str) -> None:
    for number in range(1, 8):
        for shade in tints(colour, number):
            assert contrast(readable(shade), shade) >= 4.5
    assert tint(colour, 1.0) == colour
