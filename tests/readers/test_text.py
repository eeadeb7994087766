from __future__ import annotations

import csv
import io

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from readers.drawn_files import addresses, attempt, csv_text, read, table

from lnd_survey.readers.text import read_text

ROWS = [["Taille", "Coût", "Où"], ["één", "1,5", "Liège – ’s"], ["", "2", "«là»"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac-roman"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_every_encoding_and_delimiter_gives_the_same(tmp_path, encoding, delimiter):
    content = csv_text(ROWS, delimiter=delimiter).encode(encoding)
    export = read(tmp_path / "a.csv", content, encoding=encoding, delimiter=delimiter)
    assert [addresses(export), *table(export)] == ROWS
    assert export.numbers.tolist() == [2, 3]
    assert export.columns[0].title == ""


@pytest.mark.parametrize("declared", ["utf-8", "utf-16"])
def test_a_byte_order_mark_is_no_part_of_the_first_header(tmp_path, declared):
    content = csv_text(ROWS).encode({"utf-8": "utf-8-sig"}.get(declared, declared))
    assert addresses(read(tmp_path / "a.csv", content, encoding=declared))[0] == "Taille"


@pytest.mark.parametrize(
    "ends", [["\n"] * 4, ["\r"] * 4, ["\r\n"] * 4, ["\r", "\n", "\r\n", ""], ["\n", "\n", "\n", ""]]
)
def test_line_ends_may_be_mixed(tmp_path, ends):
    content = "".join(line + end for line, end in zip(["a,b", "1,2", "3,4", "5,6"], ends, strict=True))
    assert table(read(tmp_path / "a.csv", content, rows=3)) == [["1", "2"], ["3", "4"], ["5", "6"]]


@pytest.mark.parametrize("inside", ["\n", "\r", "\r\n"])
def test_a_quoted_cell_may_hold_line_ends_delimiters_and_quotes(tmp_path, inside):
    header, value = f"Why{inside}so?", f'a{inside}{inside}"b", c'
    export = read(tmp_path / "a.csv", csv_text([[header, "x"], [value, "1"], ["d", "2"]], end="\n"))
    assert addresses(export) == ["Why so?", "x"]
    assert table(export) == [[value, "1"], ["d", "2"]]
    assert export.numbers.tolist() == [2, 3]


def test_cells_are_as_delivered_in_order_of_appearance_and_never_missing(tmp_path):
    export = read(tmp_path / "a.csv", "a,b\n NA ,nan\n,NULL\n\u00a0x,nan\n", rows=3)
    assert list(export.cells["a"].categories) == [" NA ", "", "\u00a0x"]
    assert list(export.cells["b"]) == ["nan", "NULL", "nan"]
    assert not export.cells["a"].isna().any()


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers(tmp_path):
    export = read(
        tmp_path / "a.csv", "My survey\n\na,b\n1,2\n\n,\n  ,\n3,\n,,\n \n\n".replace(",,\n", ",\n"), title_rows=2
    )
    assert table(export) == [["1", "2"], ["3", ""]]
    assert export.numbers.tolist() == [4, 8]
    assert list(export.cells["b"].categories) == ["2", ""]


def test_the_hint_that_spreadsheets_take_is_a_title(tmp_path):
    assert table(read(tmp_path / "a.csv", "sep=;\na;b\n1;2\n3;4\n", delimiter=";", title_rows=1))[0] == ["1", "2"]


def test_a_single_column(tmp_path):
    export = read(tmp_path / "a.csv", "Why?\nfun\n\nwork\n")
    assert table(export) == [["fun"], ["work"]]
    assert export.numbers.tolist() == [2, 4]


def test_a_cell_may_be_longer_than_a_block(tmp_path, monkeypatch):
    monkeypatch.setattr("lnd_survey.readers.text._BLOCK", 1 << 10)
    long = "é\n" * 5000
    assert table(read(tmp_path / "a.csv", csv_text([["a", "b"], [long, "x"], ["", "y"]]))) == [[long, "x"], ["", "y"]]


def test_a_very_wide_file(tmp_path):
    rows = [[f"Q{place}" for place in range(955)], ["1"] * 955, ["2"] * 955]
    assert len(read(tmp_path / "a.csv", csv_text(rows)).columns) == 955


def test_blocks_keep_rows_together(tmp_path, monkeypatch):
    monkeypatch.setattr("lnd_survey.readers.text._BLOCK", 1 << 10)
    rows = [[str(row), ["Ja", "Nee", ""][row % 3], f"x\r\n{row % 7}"] for row in range(2000)]
    export = read(tmp_path / "a.csv", csv_text([["n", "a", "b"], *rows]), rows=2000)
    assert table(export) == rows
    assert len(export.cells["b"].categories) == 7


CELL = st.text(st.sampled_from('ab",\r\n é'), max_size=4)


@given(
    rows=st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1)),
    end=st.sampled_from(["\n", "\r", "\r\n"]),
)
def test_what_was_written_is_read(rows, end):
    header = [f"head {place}" for place in range(len(rows[0]))]
    problems: list = []
    content = csv_text([header, *rows], end=end).encode()
    grid = read_text(
        content, encoding="utf-8", delimiter=",", title_rows=0, header_rows=1, file="a.csv", problems=problems
    )
    assert problems == []
    read_rows = [list(row) for row in zip(*grid.columns, strict=True)]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row for row in read_rows if any(cell.strip() for cell in row)] == filled


def test_ascii_declared_as_something_else_is_what_it_is(tmp_path):
    for encoding in ("ascii", "latin-1", "cp1252"):
        assert table(read(tmp_path / "a.csv", "a,b\n1,2\n3,4\n", encoding=encoding))[0] == ["1", "2"]


def test_latin_1_with_typographic_signs_is_windows_1252(tmp_path):
    content = csv_text([["a", "b"], ["l’été", "1"], ["5 €", "2"]]).encode("cp1252")
    _, problems = attempt(tmp_path / "a.csv", content, encoding="latin-1")
    assert problems[0].endswith("Declare encoding: windows-1252.")


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from('ab",\r\n'), max_size=40), st.integers(4, 12))
def test_what_is_read_is_what_the_csv_module_reads(monkeypatch, text, block):
    monkeypatch.setattr("lnd_survey.readers.text._BLOCK", block)
    problems: list = []
    grid = read_text(
        f"c,d\n{text}".encode(),
        encoding="utf-8",
        delimiter=",",
        title_rows=0,
        header_rows=1,
        file="a.csv",
        problems=problems,
    )
    try:
        list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        # A quote that is never closed, beside one inside a cell, cannot be told from two that belong together.
        assume("unexpected end" not in str(error) or text.count('"') % 2)
    expected = [row for row in csv.reader(io.StringIO(text, newline="")) if any(cell.strip() for cell in row)]
    if grid is None:
        assert problems
    else:
        found = [list(row) for row in zip(*grid.columns, strict=True)]
        assert [row for row in found if any(cell.strip() for cell in row)] == expected


def test_blocks_do_not_change_the_numbers_of_rows(tmp_path, monkeypatch):
    monkeypatch.setattr("lnd_survey.readers.text._BLOCK", 64)
    for end in ("\r\n", "\r", "\n"):
        text = f"a,b{end}" + f"1,2{end}{end}34,5{end}" * 100
        assert read(tmp_path / "a.csv", text, rows=200).numbers.tolist()[-3:] == [298, 299, 301]
