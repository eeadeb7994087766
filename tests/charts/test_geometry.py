"""A picture in which everything can be read."""

from __future__ import annotations

import io
import re
from itertools import combinations

import pytest
from charts.drawn_charts import KINDS, TASKS, marks, texts
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

from lnd_survey import charts
from lnd_survey.charts.style import SIZE, contrast, readable, settings, tint, tints, width, wrap
from lnd_survey.words import Words

kinds = pytest.mark.parametrize("kind", KINDS)


def boxes(figure) -> list[tuple[Text, Bbox]]:
    with rc_context(settings()):
        renderer = FigureCanvasAgg(figure).get_renderer()
        return [(text, text.get_window_extent(renderer)) for text in figure.get_children() if isinstance(text, Text)]


@kinds
@pytest.mark.parametrize("language", ["words", "french"])
def test_no_text_leaves_the_figure_and_none_lies_on_another(kind, language, request: pytest.FixtureRequest) -> None:
    figure = KINDS[kind](request.getfixturevalue(language)).draw()
    found = boxes(figure)
    whole = figure.bbox
    for text, box in found:
        assert box.x0 >= -0.5, text
        assert box.x1 <= whole.x1 + 0.5, text
        assert box.y0 >= -0.5, text
        assert box.y1 <= whole.y1 + 0.5, text
    for (one, first), (other, second) in combinations(found, 2):
        shared = Bbox.intersection(first, second)
        assert shared is None or min(shared.width, shared.height) < 1.5, (one.get_text(), other.get_text())


@kinds
def test_nothing_is_smaller_than_nine_points(kind, words: Words) -> None:
    figure = KINDS[kind](words).draw()
    assert min(text.get_fontsize() for text, _ in boxes(figure)) >= 9
    assert figure.get_figwidth() == pytest.approx(6.69)


@kinds
def test_colours_stand_out(kind, words: Words) -> None:
    figure = KINDS[kind](words).draw()
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
    assert not re.search(r"<dc:date>|\d{4}-\d\d-\d\dT", one.svg() or "")
    assert f">{one.title}</text>" in (one.svg() or "")


def test_the_pixels_are_those_of_the_drawing(words: Words) -> None:
    chart = charts.paired_bars(TASKS, words=words)
    image = Image.open(io.BytesIO(chart.png() or b""))
    assert image.width == 1338
    bar = marks(chart)["2004", "inside", "tasks_now", "steer", "", "share"].get_window_extent()
    middle = [
        round(place * 200 / 72) for place in ((bar.x0 + bar.x1) / 2, chart.draw().bbox.y1 - (bar.y0 + bar.y1) / 2)
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
    assert texts(chart, "legend-synthetic-text") == ["Sample data, not real answers"]
    assert "<dc:source>" in (chart.svg() or "")
    assert chart.metadata()["synthetic"] is True


def test_measured_and_drawn_width_agree() -> None:
    text = "Overgang naar een lerende organisatie: 45% (“ja”)"
    with rc_context(settings()):
        from matplotlib.figure import Figure

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
