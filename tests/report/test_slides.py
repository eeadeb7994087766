from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from drawn_report import HARMFUL, harmful_report, in_the_chart, known, whole_report
from PIL import Image
from pptx import Presentation
from python_calamine import CalamineWorkbook

from lnd_survey.charts.style import wrap
from lnd_survey.errors import ReportError, SurveyError
from lnd_survey.report.collected import Report
from lnd_survey.report.deck import INCH
from lnd_survey.report.grid import grids
from lnd_survey.report.paragraphs import LEADING, WIDER, paragraphs_of
from lnd_survey.report.plan import plan_report
from lnd_survey.report.slide_spread import BELOW_POINTS
from lnd_survey.report.slides import write_slides


@pytest.fixture(scope="module", params=["nl", "fr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp(request.param)
    report = whole_report(folder, request.param)
    write_slides(folder, report)
    return report, folder


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("harmful")
    report = harmful_report(folder)
    write_slides(folder, report)
    return report, folder


def of_figures(report: Report, folder: Path):
    """Each figure with its slides: those of the title and of the chapters come between them."""
    slides = iter(Presentation(folder / "slides.pptx").slides)
    next(slides)
    for chapter in report.chapters:
        next(slides)
        for figure in chapter.figures:
            first = next(slides)
            parts = re.match(r"\w+ \d+ \(1/(\d+)\)", first.shapes.title.text_frame.text)
            yield figure, [first, *(next(slides) for _ in range(int(parts[1]) - 1 if parts else 0))]
    assert next(slides, None) is None


def charts_of(*slides):
    return [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]


def notes_of(slide):
    return slide.notes_slide.notes_text_frame.text


def numbers_of(slide, report):
    """The lines of a slide's notes with a number each."""
    return (
        notes_of(slide)
        .partition(f"{report.words.say('numbers_of_this_figure')}\n")[2]
        .partition("\n\n")[0]
        .splitlines()
    )


def test_the_charts_of_a_figure_hold_each_of_its_numbers_once(written):
    report, folder = written
    drawn, continued = 0, 0
    for figure, slides in of_figures(report, folder):
        charts = charts_of(*slides)
        assert bool(charts) is bool(grids(figure, report.words)), figure.anchor
        if not charts:
            continue
        drawn += 1
        continued += len(slides) > 1
        cached = known(number for chart in charts for series in chart.plots[0].series for number in series.values)
        assert cached == in_the_chart(figure, report), figure.anchor
        behind = []
        for chart in charts:
            book = CalamineWorkbook.from_filelike(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
            _, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
            behind += [cell for row in rows for cell in row[1:] if cell != ""]
        assert known(behind) == pytest.approx(cached, rel=1e-14)
    assert drawn >= 25
    assert continued >= 2


def test_every_number_is_once_in_the_speaker_notes_of_the_slide_that_shows_it(written):
    report, folder = written
    for figure, slides in of_figures(report, folder):
        assert all(figure.told["alt"] in notes_of(slide) for slide in slides)
        if figure.table is None or not figure.rows:
            continue
        labels = figure.table.labels
        said = [f"{' · '.join(filter(None, row[:labels]))}: {row[labels]}" for row in figure.table.rows]
        lines = [line.removesuffix("°") for slide in slides for line in numbers_of(slide, report)]
        assert sorted(lines) == sorted(line.removesuffix("°") for line in said), figure.anchor
        for slide in slides:
            shown = [
                number for chart in charts_of(slide) for series in chart.plots[0].series for number in series.values
            ]
            assert len(known(shown)) <= len(numbers_of(slide, report))


def test_every_slide_stands_alone(written):
    report, folder = written
    height = Presentation(folder / "slides.pptx").slide_height
    for figure, slides in of_figures(report, folder):
        for slide in slides:
            assert figure.told["title"] in slide.shapes.title.text_frame.text
            told = slide._element.xpath("string(.//p:cNvPr[@descr]/@descr)")
            if charts_of(slide) or figure.told["kind"] == "matrix":
                assert told == figure.told["alt"]
            assert all(0 <= shape.top <= shape.top + shape.height <= height for shape in slide.shapes)
            texts = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
            if figure.told["source"]:
                assert figure.told["source"].rstrip(".") in texts
            if figure.told["synthetic"]:
                assert report.words.say("synthetic_mark") in texts


def test_every_chart_can_be_read_in_a_room_and_overlaps_no_text(written):
    report, folder = written
    for figure, slides in of_figures(report, folder):
        for slide in slides:
            for chart in charts_of(slide):
                assert min(int(size) / 100 for size in chart._chartSpace.xpath(".//@sz")) >= BELOW_POINTS, figure.anchor
            texts = [shape for shape in slide.shapes if shape.has_text_frame and shape.name.startswith("TextBox")]
            for frame in (shape for shape in slide.shapes if shape.has_chart):
                for text in texts:
                    # The frame around the sign of sample data may touch the chart.
                    apart = text.top + text.height <= frame.top + 0.02 * INCH or text.top >= frame.top + frame.height
                    assert apart, (figure.anchor, text.text_frame.text)


def test_a_table_without_room_says_what_is_left_out(written):
    report, folder = written
    cut = 0
    for figure, slides in of_figures(report, folder):
        for shape in (shape for slide in slides for shape in slide.shapes if shape.has_table):
            texts = [other.text_frame.text for other in slides[0].shapes if other.has_text_frame]
            rows = [[cell.text_frame.text for cell in row.cells] for row in shape.table.rows]
            if figure.told["kind"] == "table" and len(rows) <= len(figure.table.rows):
                cut += 1
                assert rows == [figure.table.head, *figure.table.rows][: len(rows)]
                more, of = len(figure.table.rows) + 1 - len(rows), len(figure.table.rows)
                assert report.words.say("slide_more_rows", n=more, of=of) in texts
    assert cut >= 1


def test_an_empty_cell_has_no_run_that_makes_its_row_higher(written):
    report, folder = written
    frames = [shape for _, slides in of_figures(report, folder) for slide in slides for shape in slide.shapes]
    cells = [cell for shape in frames if shape.has_table for cell in shape.table.iter_cells()]
    empty = [cell for cell in cells if not cell.text_frame.text]
    assert len(empty) > 10
    assert not any(paragraph.runs for cell in empty for paragraph in cell.text_frame.paragraphs)


def test_a_concept_is_a_table(written):
    report, folder = written
    tables = 0
    for figure, (slide, *_) in of_figures(report, folder):
        if figure.told["kind"] == "matrix":
            concept = report.words.concept(figure.told["parameters"]["concept"])
            table = next(shape.table for shape in slide.shapes if shape.has_table)
            cells = [cell.text_frame.text for row in table.rows for cell in row.cells]
            assert {text for row in concept.rows for text in row.cells} <= set(cells)
            tables += 1
    assert tables == 2


def test_labels_and_colours_of_a_chart(harmful):
    report, folder = harmful
    (_, slides), *_ = of_figures(report, folder)
    charts = charts_of(*slides)
    assert [name for chart in charts for name in chart.plots[0].categories] == list(HARMFUL.values())
    every = [series for chart in charts for series in chart.plots[0].series]
    assert [number for series in every for number in series.values] == [n / 10 for n in range(1, len(HARMFUL) + 1)]
    assert {series.name for series in every} == {HARMFUL["formula"]}
    # The longest name has room, as none of the others needs.
    series = next(series for series in every if 0.5 in series.values)
    place = list(series.values).index(0.5)
    assert str(series.format.fill.fore_color.rgb) == "542788"
    # The fifth number is sample data, and its label alone has the sign.
    formats = {label.get("formatCode") for label in series._element.xpath(".//c:dLbl/c:numFmt")}
    assert formats == {'0%"°"'}
    assert series._element.xpath("string(.//c:dLbl/c:idx/@val)") == str(place)
    assert series.data_labels.number_format == "0%"


def test_harmful_texts_stay_texts(harmful):
    report, folder = harmful
    (_, slides), *_ = of_figures(report, folder)
    assert all(slide.shapes.title.text_frame.text.endswith(HARMFUL["script"]) for slide in slides)
    labels = []
    for chart in charts_of(*slides):
        book = chart.part.chart_workbook.xlsx_part.blob
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        _, *rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
        labels += [row[0] for row in rows]
    assert labels == list(HARMFUL.values())
    with zipfile.ZipFile(folder / "slides.pptx") as parts:
        relations = [parts.read(name).decode() for name in parts.namelist() if name.endswith(".rels")]
    assert not any('TargetMode="External"' in relation or "hyperlink" in relation for relation in relations)


def test_a_figure_without_numbers_says_so(harmful):
    report, folder = harmful
    *_, (figure, (slide,)) = of_figures(report, folder)
    assert figure.told["kind"] == "nothing"
    texts = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert HARMFUL["formula"] in texts
    assert not charts_of(slide)


def test_the_same_bytes_when_written_again(harmful, tmp_path):
    report, folder = harmful
    write_slides(tmp_path, report)
    assert (tmp_path / "slides.pptx").read_bytes() == (folder / "slides.pptx").read_bytes()
    with zipfile.ZipFile(tmp_path / "slides.pptx") as parts:
        members = parts.infolist()
        core = parts.read("docProps/core.xml").decode()
        behind = [parts.read(member) for member in members if member.filename.endswith(".xlsx")]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", core)) == {"2022-01-01T00:00:00Z"}
    assert behind
    with zipfile.ZipFile(io.BytesIO(behind[0])) as parts:
        assert b"2022-01-01T00:00:00Z" in parts.read("docProps/core.xml")


def test_what_no_office_program_draws_is_a_picture(tmp_path):
    report = harmful_report(tmp_path)
    figure = report.figures[0]
    figure.told.update(kind="bump", viewbox="0 50 200 100")
    figures = tmp_path / "reports" / "2022" / "en" / "figures"
    Image.new("RGB", (400, 400), "#542788").save(figures / "a.png")
    (figures / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    figure.files.update(png=figures / "a.png", svg=figures / "a.svg")
    write_slides(tmp_path, report)
    (_, (slide,)), *_ = of_figures(report, tmp_path)
    picture = next(shape for shape in slide.shapes if shape.shape_type == 13)
    # The plot is what lies between 50 and 150 points of a picture 200 points high.
    assert (picture.crop_top, picture.crop_bottom) == pytest.approx((0.25, 0.25))
    assert picture.width == pytest.approx(2 * picture.height, rel=0.001)
    assert picture._element.xpath("string(.//p:cNvPr/@descr)") == HARMFUL["quotes"]
    with zipfile.ZipFile(tmp_path / "slides.pptx") as parts:
        assert parts.read("ppt/media/fig-01-wishes.svg").startswith(b"<svg")
        assert b"image/svg+xml" in parts.read("[Content_Types].xml")
        relations = parts.read("ppt/slides/_rels/slide3.xml.rels").decode()
    (place,) = re.findall(r'Id="(\w+)"[^>]*fig-01-wishes.svg|fig-01-wishes.svg"[^>]*Id="(\w+)"', relations)
    assert f'r:embed="{"".join(place)}"'.encode() in picture._element.xpath(".//a:blip")[0].xml.encode()


# --- Commentary ------------------------------------------------------------------------------


def with_commentary(report: Report, text: str) -> Report:
    first, *others = report.chapters
    return replace(report, chapters=[replace(first, commentary=text), *others])


def test_commentary_keeps_its_emphasis_and_stays_text(tmp_path):
    text = "<script>x</script> *one* **two *three***\n\n1. first\n2. [second](javascript:x)\n   - inner"
    report = with_commentary(harmful_report(tmp_path), text)
    write_slides(tmp_path, report)
    _, chapter, *_ = Presentation(tmp_path / "slides.pptx").slides
    _, body, *_ = chapter.placeholders
    intro, *commentary = body.text_frame.paragraphs
    assert intro.text == report.chapters[0].intro
    assert [paragraph.text for paragraph in commentary] == [
        "<script>x</script> one two three",
        "1. first",
        "2. [second](javascript:x)",
        "• inner",
    ]
    looks = {run.text: (bool(run.font.bold), bool(run.font.italic)) for run in commentary[0].runs if run.text.strip()}
    assert [looks["one"], looks["two "], looks["three"]] == [(False, True), (True, False), (True, True)]


def test_long_commentary_has_slides_of_its_own(tmp_path):
    said = [f"Paragraph {number}. " + "Words that go on. " * 20 for number in range(12)]
    report = with_commentary(harmful_report(tmp_path), "\n\n".join(said))
    write_slides(tmp_path, report)
    _, chapter, *slides = Presentation(tmp_path / "slides.pptx").slides
    own = [slide for slide in slides if slide.shapes.title.text_frame.text == chapter.shapes.title.text_frame.text]
    boxes = [shape for slide in own for shape in slide.shapes if shape.name.startswith("TextBox")]
    assert len(own) == len(boxes) > 1
    assert [one.text for box in boxes for one in box.text_frame.paragraphs] == [text.strip() for text in said]


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\x0c", "&#12;"])
def test_signs_that_no_file_can_hold_do_no_harm(sign):
    ((run,),) = paragraphs_of(f"a{sign}b")
    assert re.fullmatch("a[ \ufffd]b", run.text)


# --- A template of one's own -----------------------------------------------------------------


@pytest.fixture
def template(tmp_path: Path) -> Path:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text_frame.text = "An example to be left out"
    for layout in deck.slide_layouts:
        layout.name = "Of the house"
        layout._element.attrib.pop("type", None)
    deck.save(tmp_path / "house.pptx")
    return tmp_path / "house.pptx"


def test_a_template_with_titles_alone_loses_no_line_of_honesty(tmp_path):
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        if layout.name != "Title Only":
            deck.slide_layouts.remove(layout)
    deck.save(tmp_path / "bare.pptx")
    report = harmful_report(tmp_path / "project", template=tmp_path / "bare.pptx")
    write_slides(tmp_path, report)
    first = Presentation(tmp_path / "slides.pptx").slides[0]
    texts = "\n".join(shape.text_frame.text for shape in first.shapes if shape.has_text_frame)
    assert report.words.say("page_synthetic") in texts


def test_a_template_is_for_slides(tmp_path, template):
    with pytest.raises(ReportError, match="a template is for slides, which are not asked for"):
        harmful_report(tmp_path / "project", template=template, formats=["html"])


def test_a_template_gives_the_look(template, tmp_path):
    report = harmful_report(tmp_path / "project", template=template)
    write_slides(tmp_path, report)
    deck = Presentation(tmp_path / "slides.pptx")
    assert (deck.slide_width, deck.slide_height) == (9144000, 6858000)
    opening, chapter, figure, *_ = deck.slides
    kinds = [
        {placeholder._element.xpath("string(.//p:ph/@type)") for placeholder in slide.slide_layout.placeholders}
        - {"dt", "ftr", "sldNum"}
        for slide in (opening, chapter, figure)
    ]
    assert kinds == [{"ctrTitle", "subTitle"}, {"title", "body"}, {"title"}]
    texts = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert "An example to be left out" not in texts
    assert "" not in [text for text in texts if text != "‹#›"]
    chart, *_ = charts_of(figure)
    title = figure.shapes.title
    place = next(shape for shape in figure.shapes if shape.has_chart)
    assert place.top >= title.top + title.height
    assert (place.left, place.width) == (title.left, title.width)
    assert next(iter(chart.plots[0].categories)) == HARMFUL["script"]


def test_a_template_must_be_one(tmp_path):
    (tmp_path / "words.pptx").write_text("no presentation")
    archive = tmp_path / "archive.pptx"
    with zipfile.ZipFile(archive, "w") as parts:
        parts.writestr("a.txt", "a")
    remedy = "Give a presentation saved as .pptx, with at least one layout that has a title."
    for name, reason in (
        ("missing.pptx", "there is no such template for the slides"),
        ("words.pptx", "cannot be used as a template for the slides"),
        ("archive.pptx", "cannot be used as a template for the slides"),
    ):
        root = tmp_path / f"project-{name}"
        with pytest.raises(SurveyError) as caught:
            harmful_report(root, template=tmp_path / name)
        assert f"{name}: {reason}" in str(caught.value)
        assert str(caught.value).endswith(remedy)


def test_no_template_is_asked_for(tmp_path):
    harmful_report(tmp_path)
    assert plan_report(tmp_path, year=2022).template is None


def test_no_table_runs_off_its_slide(written):
    _, folder = written
    deck = Presentation(folder / "slides.pptx")
    tables = 0
    for slide in deck.slides:
        for shape in (shape for shape in slide.shapes if shape.has_table):
            tables += 1
            rows, columns = shape.table.rows, shape.table.columns
            assert shape.top + sum(row.height for row in rows) <= 0.96 * deck.slide_height
            assert abs(sum(column.width for column in columns) - shape.width) < 10
            # Each row is high enough for its texts, also in a font that is wider than ours.
            for row in rows:
                for cell, column in zip(row.cells, columns, strict=True):
                    (size,) = {int(size) / 100 for size in cell._tc.xpath(".//@sz")}
                    room = column.width / INCH - 0.2
                    lines = wrap(cell.text_frame.text, room / WIDER, size, bold=True)
                    assert len(lines) * size * LEADING / 72 < row.height / INCH, cell.text_frame.text
                    # No number is broken.
                    assert not cell.text_frame.text.isdecimal() or len(lines) == 1
    assert tables >= 6
