from __future__ import annotations

import datetime
import io
import zipfile

import pytest
import xlsxwriter
from readers.drawn_files import addresses, attempt, ods, read, table, xlsx

WRITERS = {"xlsx": xlsx, "ods": ods}
ROWS = [["Why?", "How large?", "Sure"], ["fun\nwork ", 1, True], ["", 2.5, ""]]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_sheet_is_read_as_texts(tmp_path, kind):
    export = read(tmp_path / f"a.{kind}", WRITERS[kind]({"Answers": ROWS}), format=kind)
    assert addresses(export) == ["Why?", "How large?", "Sure"]
    assert table(export) == [["fun\nwork ", "1", "TRUE"], ["", "2.5", ""]]
    assert export.numbers.tolist() == [2, 3]


@pytest.mark.parametrize("kind", WRITERS)
def test_titles_blank_rows_and_blank_columns(tmp_path, kind):
    rows = [["", "My survey", "", ""], ["", "", "", ""], ["", "a", "b", ""], ["", 1, 2, ""], [""] * 4, ["", 3, "", ""]]
    export = read(tmp_path / f"a.{kind}", WRITERS[kind]({"Sheet": [*rows, [""] * 4]}), format=kind, title_rows=2)
    assert addresses(export) == ["a", "b"]
    assert table(export) == [["1", "2"], ["3", ""]]
    assert export.numbers.tolist() == [4, 6]


@pytest.mark.parametrize("kind", WRITERS)
def test_a_sheet_is_chosen_by_name(tmp_path, kind):
    content = WRITERS[kind]({"Notes": [["Read me", "please"], ["a", "b"]], "Answers": ROWS})
    assert addresses(read(tmp_path / f"a.{kind}", content, format=kind, sheet="Answers"))[0] == "Why?"
    assert addresses(read(tmp_path / f"a.{kind}", content, format=kind, rows=1))[0] == "Read me"
    _, problems = attempt(tmp_path / f"a.{kind}", content, format=kind, sheet="Answer")
    assert problems == [f"a.{kind}: has no sheet 'Answer'. Nearest: Answers. Allowed: Notes, Answers."]


def test_dates_in_cells_are_written_one_way(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Timestamp", "b"])
        form = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        for row in (1, 2):
            sheet.write_datetime(row, 0, datetime.datetime(2022, 3, row, 9, 30), form)
            sheet.write(row, 1, row)
    assert table(read(tmp_path / "a.xlsx", content.getvalue(), format="xlsx"))[0] == ["2022-03-01 09:30:00", "1"]


def test_a_cell_without_header_keeps_its_place(tmp_path):
    rows = [["a", "", "c"], [1, "note", 2], [3, "", 4]]
    assert addresses(read(tmp_path / "a.xlsx", xlsx({"S": rows}), format="xlsx")) == ["a", "column 2", "c"]


def repacked(content: bytes, part: str, new: bytes) -> bytes:
    """Put other content into one part of a workbook."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w") as archive:
        for name in old.namelist():
            archive.writestr(name, new if name == part else old.read(name))
    return packed.getvalue()


@pytest.mark.parametrize(("kind", "part"), [("xlsx", "xl/workbook.xml"), ("ods", "content.xml")])
def test_a_workbook_that_is_no_xml_inside(tmp_path, kind, part):
    content = repacked(WRITERS[kind]({"S": ROWS}), part, b"<a><b>")
    _, problems = attempt(tmp_path / f"a.{kind}", content, format=kind)
    assert len(problems) == 1


def test_a_workbook_that_unpacks_to_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("lnd_survey.readers.appearance.LARGEST_UNPACKED", 1000)
    _, problems = attempt(tmp_path / "a.xlsx", xlsx({"S": ROWS}), format="xlsx")
    assert "unpacks to more than" in problems[0]


def test_a_stray_cell_far_away_is_refused_before_it_takes_all_memory(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["a", "b"])
        sheet.write(1_048_575, 16_383, "x")
    _, problems = attempt(tmp_path / "a.xlsx", content.getvalue(), format="xlsx")
    assert "as far as row 1048576 and column 16384" in problems[0]
    far = ods({"S": [["a", "b"], [1, 2]]})
    gap = b'<table:table-row table:number-rows-repeated="1000000"/><table:table-row><table:table-cell '
    gap += b'table:number-columns-repeated="9000"/><table:table-cell><text:p>x</text:p></table:table-cell>'
    with zipfile.ZipFile(io.BytesIO(far)) as archive:
        body = archive.read("content.xml").replace(b"</table:table>", gap + b"</table:table-row></table:table>")
    _, problems = attempt(tmp_path / "a.ods", repacked(far, "content.xml", body), format="ods")
    assert "as far as row 1000003 and column 9001" in problems[0]
