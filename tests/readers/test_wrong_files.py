from __future__ import annotations

import hashlib
import time

import pytest
from pydantic import ValidationError
from readers.drawn_files import attempt, csv_text, ods, sav, xlsx

from lnd_survey.readers import ExportFile, read_export

ROWS = [["a", "b"], ["één", 1], ["x", 2]]
SUMMARY = [
    ["Which do you use?", "", ""],
    ["Answer Choices", "Responses", ""],
    ["Film", "64.00%", 16],
    ["Book", "36.00%", 9],
    ["", "Answered", 25],
    ["", "Skipped", 3],
]


def test_a_file_that_is_not_there(tmp_path):
    (tmp_path / "answers.csv").write_text("a,b\n1,2\n")
    problems: list = []
    assert read_export(tmp_path / "answer.csv", ExportFile(name="answer.csv", format="csv", rows=1), problems) is None
    assert "is not there. Nearest: answers.csv." in str(problems[0])
    assert read_export(tmp_path, ExportFile(name="x", format="csv", rows=1), problems) is None
    assert len(problems) == 2


@pytest.mark.parametrize("content", ["", "\ufeff", "\n\n", "  \r\n\t"])
def test_an_empty_file(tmp_path, content):
    assert attempt(tmp_path / "a.csv", content)[1] == ["a.csv: is empty. Export it again."]


@pytest.mark.parametrize("content", ["a,b", "a,b\n", "a,b\r\n,\r\n\r\n"])
def test_a_header_only(tmp_path, content):
    assert attempt(tmp_path / "a.csv", content)[1] == ["a.csv: has a header but no responses. Export all responses."]
    workbook = xlsx({"S": [["a", "b"]]})
    assert "no responses" in attempt(tmp_path / "a.xlsx", workbook, format="xlsx")[1][0]
    assert "no responses" in attempt(tmp_path / "a.sav", sav(tmp_path / "b.sav", {"a": [None]}), format="sav")[1][0]


@pytest.mark.parametrize(("written", "declared"), [(";", ","), (",", ";"), ("\t", ","), (",", "\t"), (";", "\t")])
def test_the_wrong_delimiter(tmp_path, written, declared):
    shown = "\\t" if written == "\t" else written
    _, problems = attempt(tmp_path / "a.csv", csv_text(ROWS, delimiter=written), delimiter=declared)
    assert len(problems) == 1
    assert f'Declare delimiter: "{shown}", with which its rows have 2.' in problems[0]


def test_the_wrong_delimiter_with_decimal_commas(tmp_path):
    _, problems = attempt(tmp_path / "a.csv", "a;b\n1,5;2\n2,5;3\n")
    assert 'Declare delimiter: ";"' in problems[0]


@pytest.mark.parametrize("written", ["utf-8", "cp1252", "mac-roman", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("declared", ["utf-8", "latin-1", "windows-1252", "mac-roman", "utf-16", "ascii"])
def test_the_wrong_encoding(tmp_path, written, declared):
    same = {"cp1252": ("windows-1252", "latin-1"), "utf-16-le": ("utf-16",)}.get(written, (written,))
    if declared in same:
        return
    rows = [["a", "b"], ["één idee", "financiële"], ["ça va à Liège", "naïef, maïs, près"]]
    content = csv_text(rows).encode(written)
    _, problems = attempt(tmp_path / "a.csv", content, encoding=declared)
    assert len(problems) == 1
    expected = {"cp1252": "windows-1252"}.get(written, written)
    assert f"Declare encoding: {expected}." in problems[0]


def test_the_first_row_that_is_not_in_the_encoding_is_named(tmp_path):
    _, problems = attempt(tmp_path / "a.csv", b"a,b\r\n1,2\r\n3,caf\xe9\r\n")
    assert problems == ["a.csv, row 3: has bytes that are not utf-8. Declare encoding: windows-1252."]


def test_nul_characters(tmp_path):
    assert "NUL" in attempt(tmp_path / "a.csv", b"a,b\n" + b"1,2\n" * 2000 + b"3,\x004\n")[1][0]


def test_a_file_cut_short(tmp_path):
    whole = 'a,b\n1,2\n3,"4\n5"\n'
    assert attempt(tmp_path / "a.csv", whole)[1] == []
    assert "has a quote that is not closed" in attempt(tmp_path / "a.csv", whole[:-2])[1][0]
    assert (
        "row 3: ends in the middle of a row: 1 cells, the header has 2" in attempt(tmp_path / "a.csv", whole[:9])[1][0]
    )
    fewer = attempt(tmp_path / "a.csv", whole[:8])[1]
    assert fewer == [
        "a.csv: holds 1 responses, declared are 2. It was cut short, or is another file: export it again, "
        "or declare rows: 1."
    ]


def test_more_rows_than_declared(tmp_path):
    _, problems = attempt(tmp_path / "a.csv", "a,b\n1,2\n3,4\n5,6\n")
    assert problems[0].startswith("a.csv: holds 3 responses, declared are 2. It is another file, or newer")


def test_rows_with_too_many_or_too_few_cells(tmp_path):
    rows = "".join("1,2,3\n" if row % 2 else "1\n" for row in range(10))
    _, problems = attempt(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 3 + rows + "4,5\n")
    assert len(problems) == 1
    assert "row 5: the header has 2 cells, but row 5 has 1, row 6 has 3, " in problems[0]
    assert "… (10 rows in all)" in problems[0]


def test_header_rows_of_different_length(tmp_path):
    _, problems = attempt(tmp_path / "a.csv", "a,b,c\nx,y\n1,2,3\n4,5,6\n", layout="surveymonkey")
    assert "has header rows of 3 and 2 cells" in problems[0]


def test_another_checksum(tmp_path):
    content = csv_text(ROWS).encode()
    checksum = hashlib.sha256(content).hexdigest()
    assert attempt(tmp_path / "a.csv", content, sha256=checksum)[1] == []
    _, problems = attempt(tmp_path / "a.csv", content.replace(b"x", b"y"), sha256=checksum)
    assert len(problems) == 1
    assert "is not the file that was described" in problems[0]


def contents(tmp_path) -> dict[str, tuple[bytes, str]]:
    """One file of each kind, and what it is called."""
    return {
        "csv": (csv_text(ROWS).encode(), "a text file"),
        "xlsx": (xlsx({"S": ROWS}), "an Excel workbook"),
        "ods": (ods({"S": ROWS}), "an OpenDocument spreadsheet"),
        "sav": (sav(tmp_path / "b.sav", {"a": [1.0, 2.0]}), "an SPSS file"),
        "": (b"%PDF-1.7\n1 0 obj", "a PDF"),
        "html": (b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "a web page"),
        "xls": (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "an old Excel workbook (.xls)"),
        "locked": (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "a workbook protected with a password",
        ),
        "cut": (xlsx({"S": ROWS})[:900], "a damaged or cut zip archive, as a workbook is one"),
    }


@pytest.mark.parametrize("declared", ["csv", "xlsx", "ods", "sav"])
@pytest.mark.parametrize("real", ["csv", "xlsx", "ods", "sav", "", "html", "xls", "locked", "cut"])
def test_a_file_of_another_format(tmp_path, declared, real):
    content, words = contents(tmp_path)[real]
    if declared == real:
        return
    _, problems = attempt(tmp_path / f"a.{declared}", content, format=declared)
    readable = real in ("csv", "xlsx", "ods", "sav")
    remedy = f"Declare format: {real}." if readable else "Export it again as csv, xlsx, ods or sav."
    assert problems == [f"a.{declared}: is {words} and not {declared}. {remedy}"]


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods"])
def test_a_summary_is_no_raw_data(tmp_path, kind):
    write = {"csv": csv_text, "xlsx": lambda rows: xlsx({"Question 1": rows}), "ods": lambda rows: ods({"Q": rows})}
    _, problems = attempt(tmp_path / f"a.{kind}", write[kind](SUMMARY), format=kind)
    assert problems == [
        f"a.{kind}: is a summary, with counts and percentages by question, and not the answers themselves. "
        "Export all individual responses."
    ]


def test_titles_that_are_not_declared_or_not_there(tmp_path):
    titled = "My survey\n\na,b\n1,2\n3,4\n"
    assert "Declare title_rows: 2." in attempt(tmp_path / "a.csv", titled)[1][0]
    assert "Declare title_rows: 0." in attempt(tmp_path / "a.csv", titled[11:], title_rows=1)[1][0]
    workbook = xlsx({"S": [["My survey", ""], ["a", "b"], [1, 2], [3, 4]]})
    assert "Declare title_rows: 1." in attempt(tmp_path / "a.xlsx", workbook, format="xlsx")[1][0]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "sav"])
def test_a_damaged_file(tmp_path, kind):
    content, _ = contents(tmp_path)[kind]
    damaged = content[:-1] if kind == "sav" else content[:200] + bytes([content[200] ^ 255]) + content[201:]
    _, problems = attempt(tmp_path / f"a.{kind}", damaged, format=kind)
    assert len(problems) == 1
    assert "damaged" in problems[0]


def test_a_long_file_without_line_ends_takes_no_time(tmp_path):
    start = time.monotonic()
    assert attempt(tmp_path / "a.csv", "x" * 3_000_000)[1] != []
    assert attempt(tmp_path / "a.csv", '"' * 3_000_001)[1] != []
    assert attempt(tmp_path / "a.csv", "a,b\n1,2\n" + "\n" * 3_000_000 + "3,4")[1] == []
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"format": "xlsx", "delimiter": ";"}, "delimiter goes with csv only"),
        ({"sheet": "S"}, "sheet goes with xlsx and ods only"),
        ({"values": "codes"}, "values goes with sav only"),
        ({"format": "sav", "layout": "qualtrics"}, "its layout is plain"),
        ({"delimiter": ",", "decimal": ","}, "cannot be both"),
        ({"delimiter": "\\t"}, "must be one sign"),
        ({"encoding": "utf8-9"}, "Nearest: utf-8"),
        ({"name": "../a.csv"}, "below the wave's folder"),
        ({"rows": 0}, "greater than or equal to 1"),
        ({"sha256": "abc"}, "pattern"),
    ],
)
def test_declarations_that_make_no_sense(keys, words):
    with pytest.raises(ValidationError, match=words):
        ExportFile(**{"name": "a.csv", "format": "csv", "rows": 1} | keys)
