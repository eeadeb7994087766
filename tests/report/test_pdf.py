"""The report on paper: every title and number is in its text, and everyone can read it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from drawn_report import HARMFUL, harmful_report, whole_report
from pypdf import PdfReader
from pypdf.generic import ContentStream

from lnd_survey.report.collected import Figure, Report
from lnd_survey.report.pdf import _fitted, _wide, write_pdf

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 90"><g id="value">
<text x="9" y="20" style="font: 9px 'LND Sans'">drawn 50%</text>
<text x="9" y="40" style="font: 9px 'LND Sans', 'DejaVu Sans'">&lt;script&gt; \u5b57 \u0627\u0644</text></g></svg>
"""


PAINTING = {b"Tj", b"TJ", b"f", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"Do", b"sh", b"INLINE IMAGE"}


@pytest.fixture(scope="module", params=["nl", "fr", "en"])
def written(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, PdfReader]:
    folder = tmp_path_factory.mktemp(request.param)
    report = whole_report(folder, request.param)
    write_pdf(folder, report)
    return report, PdfReader(folder / "report.pdf")


def pictured(folder: Path, **changes: Any) -> Report:
    """The figure with harmful texts, with a picture that holds some as well."""
    report = harmful_report(folder)
    figure = report.figures[0]
    picture = folder / "picture.svg"
    picture.write_text(SVG, encoding="utf-8")
    changed = replace(figure, told={**figure.told, **changes}, files={"svg": picture})
    return replace(report, chapters=[replace(report.chapters[0], figures=[changed]), *report.chapters[1:]])


@pytest.fixture(scope="module")
def harmful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, Path]:
    folder = tmp_path_factory.mktemp("harmful")
    report = pictured(folder)
    write_pdf(folder, report)
    return report, folder


@pytest.fixture(scope="module")
def drawn(finished) -> PdfReader:
    return PdfReader(finished.place() / "report.pdf")


def bare(text: str) -> str:
    """A text without what setting it in lines changes: spaces, and hyphens at their ends."""
    return re.sub(r"[\s\u00ad\u200b\u2060-]", "", text)


def pages(reader: PdfReader, first: int = 0) -> str:
    return bare("".join(page.extract_text() for page in reader.pages[first:]))


def outline(reader: PdfReader) -> list[str]:
    def titles(entries: list[Any]) -> Iterator[str]:
        for entry in entries:
            yield from titles(entry) if isinstance(entry, list) else [entry.title]

    return list(titles(reader.outline))


def elements(reader: PdfReader) -> Iterator[Any]:
    """All elements of the tree that a screen reader reads, in its order."""
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop().get_object()
        if isinstance(element, list):
            waiting += reversed(element)
        elif isinstance(element, dict):
            if "/S" in element:
                yield element
            if "/K" in element:
                waiting.append(element["/K"])


def tables(figure: Figure, *names: str) -> list[list[list[str]]]:
    """The rows of a figure by what stands in columns."""
    found = [list(figure.table.rows)]
    for at in (figure.table.head.index(name) for name in names if name in figure.table.head):
        found = [
            [row for row in rows if row[at] == cell]
            for rows in found
            for cell in dict.fromkeys(row[at] for row in rows)
        ]
    return found


def test_every_title_and_number_of_every_figure_is_in_the_text(written):
    report, reader = written
    text, at = pages(reader, first=2), 0
    starts = []
    for figure in report.figures:
        title = report.words.say("figure_title", number=figure.told["number"], title=figure.told["title"])
        # The title also stands at the head of the chapter.
        at = text.index(bare(title), at)
        starts.append(at)
    looked = 0
    for figure, start, end in zip(report.figures, starts, [*starts[1:], len(text)], strict=True):
        part = text[start:end]
        if figure.table is None:
            assert bare(figure.told["subtitle"] or figure.told["alt"]) in part
            continue
        value = figure.table.labels
        for rows in tables(figure, report.words.say("column_measure")):
            differ = [label for label in range(value) if len({row[label] for row in rows}) > 1]
            name = differ[-1] if differ else value - 1
            place = 0
            for row in rows:
                told = bare(row[name] + row[value])
                assert told in part[place:], (figure.anchor, row)
                place = part.index(told, place) + len(told)
                assert [cell for cell in row[value + 1 :] if bare(cell) not in part] == [], figure.anchor
                looked += 1
    assert looked == sum(len(figure.table.rows) for figure in report.figures if figure.table)
    assert looked > 500


def test_a_reader_finds_the_way(written):
    report, reader = written
    titles = outline(reader)
    for chapter in report.chapters:
        assert any(bare(title) == bare(f"{chapter.number}{chapter.title}") for title in titles)
    say = report.words.say
    for figure in report.figures:
        assert say("figure_title", number=figure.told["number"], title=figure.told["title"]) in titles
    contents = bare(reader.pages[1].extract_text())
    assert all(bare(chapter.title) in contents for chapter in report.chapters)
    assert all(bare(figure.told["title"]) in contents for figure in report.figures)
    last = reader.pages[-1].extract_text()
    assert re.search(rf"\b{len(reader.pages)}\b", last)
    assert bare(say("report_title", year=report.plan.year)) in bare(last)


def test_everyone_can_read_it(written):
    report, reader = written
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == report.lang
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert reader.metadata.title == report.words.say("report_title", year=report.plan.year)
    assert reader.metadata.author
    assert report.chapters[-1].title in reader.metadata["/Keywords"]
    kinds = [element["/S"] for element in elements(reader)]
    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD"} <= set(kinds)
    parts = [
        rows for figure in report.figures if figure.table for rows in tables(figure, report.words.say("column_measure"))
    ]
    assert kinds.count("/Table") == len(parts)


def test_a_screen_reader_finds_everything(written, drawn):
    for reader in (written[1], drawn):
        kinds = [element["/S"] for element in elements(reader)]
        levels = [int(kind[2:]) for kind in kinds if re.fullmatch(r"/H\d", kind)]
        assert levels[0] == 1
        assert all(level <= before + 1 for before, level in pairwise(levels))
        heads = [element["/A"][0] for element in elements(reader) if element["/S"] == "/TH"]
        assert {head["/Scope"] for head in heads} == {"/Column"}
        links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
        assert len(links) == kinds.count("/Link") > 0
        assert all(link["/Contents"] and "/StructParent" in link for link in links)
        assert {page["/Tabs"] for page in reader.pages} == {"/S"}


def test_all_that_is_painted_is_read_or_said_to_be_decoration(drawn):
    for page in drawn.pages:
        marks, painted = 0, 0
        for _, operator in ContentStream(page.get_contents(), drawn).operations:
            marks += (operator in {b"BDC", b"BMC"}) - (operator == b"EMC")
            painted += operator in PAINTING
            assert marks or operator not in PAINTING
        assert painted


def test_fonts_are_in_the_file(written):
    _, reader = written
    names = set()
    for page in reader.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            names.add(inner["/BaseFont"])
            assert "/FontFile2" in inner["/FontDescriptor"].get_object()
    assert sorted(re.sub(r"^/[A-Z]{6}\+", "", name) for name in names) == ["LNDSans-Bold", "LNDSans-Regular"]


def test_a_figure_of_a_project(drawn):
    text = pages(drawn)
    # In the contents, in the summary, above the picture and above the numbers.
    assert text.count(bare("Title <script>alert(1)</script>")) == 4
    # Of both figures, in the summary and above the picture.
    assert text.count(bare("50% want money.")) == 4
    assert bare("Inside & out") in text
    figures = [element for element in elements(drawn) if element["/S"] == "/Figure"]
    assert [figure["/Alt"] for figure in figures] == ['Bars "as words" <b>'] * 2
    pictures = "".join(drawn.pages[2].extract_text().split())
    # The picture is cropped to its plot.
    assert "50%Which?" in pictures.replace("Question", "")
    assert "Header" not in pictures
    assert "Footer" not in pictures


def test_numbers_of_a_figure_with_a_picture_stand_at_the_end(drawn):
    last = bare(drawn.pages[-1].extract_text())
    assert bare("The numbers") in last
    # What all rows have in common stands above them; this one has nothing else.
    assert last.count(bare("Group: Inside · Interval: 40%–60%")) == 2
    assert last.count(bare("<i>Money</i> 50%")) == 2


def test_numbers_at_the_end_are_all_there_also_by_group(written, tmp_path):
    report, _ = written
    picture = tmp_path / "picture.svg"
    picture.write_text(SVG, encoding="utf-8")
    chapters = [
        replace(chapter, figures=[replace(figure, files={"svg": picture}) for figure in chapter.figures])
        for chapter in report.chapters
    ]
    write_pdf(tmp_path, replace(report, chapters=chapters))
    reader = PdfReader(tmp_path / "report.pdf")
    say = report.words.say
    figures = [figure for figure in report.figures if figure.table]
    apart = [tables(figure, say("column_measure"), say("column_group")) for figure in figures]
    count = [element["/S"] for element in elements(reader)].count("/Table")
    assert sum(len(tables(figure, say("column_measure"))) for figure in figures) < count < sum(map(len, apart))
    text = pages(reader)
    at = text.rindex(bare(say("pdf_numbers_lead")))
    for figure, found in zip(figures, apart, strict=True):
        at = text.index(bare(say("figure_title", number=figure.told["number"], title=figure.told["title"])), at)
        for rows in found:
            place = at
            for row in rows:
                place = text.index(bare(row[figure.table.labels]), place) + 1


def test_columns_share_a_page_by_what_is_in_them():
    columns = [["a long text that is in all rows"] * 9, ["12%"] * 9, ["few words, once", *[""] * 8]]
    widths = [max(map(_wide, cells)) for cells in columns]
    assert _fitted(widths, columns, sum(widths)) == widths
    text, number, once = _fitted(widths, columns, sum(widths) - 3)
    assert (text, number) == (widths[0], widths[1])
    assert _wide("words,") <= once < widths[2]
    assert sum(_fitted(widths, columns, 5)) <= 5 + 1e-9


def test_pictures_of_a_page_become_smaller_together(harmful, tmp_path):
    report, _ = harmful
    picture = tmp_path / "picture.svg"
    picture.write_text(SVG.replace("480 90", "480 330"), encoding="utf-8")
    first = report.chapters[0].figures[0]
    told = first.told | {"notes": []}
    figures = [replace(first, anchor=f"fig-{at}", told=told, files={"svg": picture}) for at in range(3)]
    write_pdf(tmp_path, replace(report, chapters=[replace(report.chapters[0], figures=figures)]))
    reader = PdfReader(tmp_path / "report.pdf")
    found = [element for element in elements(reader) if element["/S"] == "/Figure"]
    boxes = [element["/A"][0]["/BBox"] for element in found]
    wide, *less = [right - left for left, _, right, _ in boxes]
    # The head of the chapter leaves room for one only.
    assert [reader.pages.index(element["/Pg"].get_object()) for element in found] == [2, 3, 3]
    assert less == pytest.approx([less[0]] * 2)
    assert 0.75 * wide < less[0] < wide


def test_harmful_texts_stay_texts(harmful):
    _, folder = harmful
    reader = PdfReader(folder / "report.pdf")
    text = pages(reader)
    for name in ("script", "formula", "plus", "minus", "at", "quotes", "long"):
        assert bare(HARMFUL[name]) in text, name
    for name in ("arabic", "hebrew"):
        # A reader of the text may give right-to-left letters in either order.
        assert set(HARMFUL[name]) - {" "} <= set(text), name
    assert bare("drawn 50% <script>") in text
    actions = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if "/Dest" not in note.get_object() and note.get_object()["/A"]["/S"] != "/GoTo"
    ]
    assert actions == []
    assert not {"/Names", "/OpenAction", "/AA", "/AcroForm"} & {
        key for key in reader.trailer["/Root"] if key != "/Names" or "/JavaScript" in reader.trailer["/Root"]["/Names"]
    }


def test_a_letter_that_no_font_has_is_a_box(tmp_path):
    report = pictured(tmp_path, title="\u5b57 one\u202etwo\u0000\nthree\u00a0four")
    write_pdf(tmp_path, report)
    assert "Figure 1. □ onetwo three\u00a0four" in outline(PdfReader(tmp_path / "report.pdf"))


def test_sample_data_is_said_on_the_cover(harmful):
    report, folder = harmful
    cover = bare(PdfReader(folder / "report.pdf").pages[0].extract_text())
    assert bare(report.words.say("page_synthetic")) in cover


def test_a_part_of_a_report_says_so(harmful, tmp_path):
    report, _ = harmful
    plan = replace(report.plan, complete=False)
    write_pdf(tmp_path, replace(report, plan=plan, failed=[2], chapters=report.chapters[:1]))
    cover = bare(PdfReader(tmp_path / "report.pdf").pages[0].extract_text())
    assert bare(report.words.say("page_partial")) in cover
    assert bare(report.words.say("page_failed", chapters="2")) in cover


def test_a_figure_without_numbers_says_so(harmful):
    _, folder = harmful
    told = bare("Figure 3. " + HARMFUL["script"] + HARMFUL["formula"] + "Question")
    assert told in pages(PdfReader(folder / "report.pdf"), first=2)


def test_commentary_keeps_its_emphasis(harmful, tmp_path):
    report, _ = harmful
    told = replace(report.chapters[0], commentary="Few *want* <b>money</b>.\n\n- one\n- **two**\n", figures=[])
    write_pdf(tmp_path, replace(report, chapters=[told]))
    text = pages(PdfReader(tmp_path / "report.pdf"))
    assert bare("Few want <b>money</b>.") in text
    assert "–one–two" in text
    assert bare(report.words.say("page_no_figures")) in text


def test_a_note_ends_once_also_with_the_sign_of_sample_data(harmful, tmp_path):
    report, _ = harmful
    first = report.chapters[0].figures[0]
    figure = replace(first, told={**first.told, "notes": ["Few are clear.°", "Few of them°"]})
    write_pdf(tmp_path, replace(report, chapters=[replace(report.chapters[0], figures=[figure])]))
    assert "Fewareclear.°Fewofthem°." in pages(PdfReader(tmp_path / "report.pdf"))


def test_the_same_bytes_when_written_again(harmful, tmp_path):
    report, folder = harmful
    write_pdf(tmp_path, report)
    assert (tmp_path / "report.pdf").read_bytes() == (folder / "report.pdf").read_bytes()
    date = PdfReader(folder / "report.pdf").metadata["/CreationDate"]
    assert date.startswith(f"D:{report.plan.year}0101")
