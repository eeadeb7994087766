"""What a file looks like, whatever its name says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from lnd_survey.errors import Problem
from lnd_survey.folding import folded
from lnd_survey.readers.extent import extent
from lnd_survey.readers.layouts import looks_like_two_rows, title_rows_of

LARGEST_UNPACKED = 1 << 30
MOST_CELLS = 1 << 26
LOOKED_AT = 60

_BEGINNINGS = (
    (b"$FL2", "sav", "an SPSS file"),
    (b"$FL3", "sav", "an SPSS file (zsav)"),
    (b"%PDF", "", "a PDF"),
    (b"{\\rtf", "", "an RTF document"),
    (b"\x1f\x8b", "", "a gzip archive"),
    (b"7z\xbc\xaf", "", "a 7z archive"),
    (b"Rar!", "", "a RAR archive"),
    (b"\x89PNG", "", "a picture"),
    (b"\xff\xd8\xff", "", "a picture"),
    (b"<stata_dta>", "", "a Stata file"),
    (b"PAR1", "", "a Parquet file"),
    (b"SQLite format 3", "", "a database"),
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml|content\.xml")
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body|table|meta)", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml")
_SUMMARY_HEADS = {"answer choices", "antwoordkeuzen", "antwoordopties", "choix de réponses", "options de réponse"}
_SUMMARY_FEET = {"answered", "skipped", "beantwoord", "overgeslagen", "répondues", "ignorées", "ont répondu"}
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)?\s*%")


def kind_of(content: bytes) -> tuple[str, str]:
    """Say what a file is by what stands in it.

    Returns
    -------
    tuple of str
        The format, as a declaration names it ("" where it cannot be read), and the same in words.

    Examples
    --------
    >>> kind_of(b"%PDF-1.7"), kind_of(b"a,b"), kind_of(b"$FL2@(#)")
    (('', 'a PDF'), ('csv', 'a text file'), ('sav', 'an SPSS file'))
    """
    for beginning, name, words in _BEGINNINGS:
        if content.startswith(beginning):
            return name, words
    if content.startswith(b"PK"):
        return _kind_of_archive(content)
    if content.startswith(_OLD_OFFICE):
        locked = "EncryptedPackage".encode("utf-16-le") in content
        return "", "a workbook protected with a password" if locked else "an old Excel workbook (.xls)"
    if _MARKUP.match(content):
        return "", "a web page"
    if _XML.match(content):
        return "", "an XML file"
    return "csv", "a text file"


def _kind_of_archive(content: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception:  # whatever is wrong with it, it is no archive that can be opened
        return "", "a damaged or cut zip archive, as a workbook is one"
    if b"opendocument.spreadsheet" in mimetype:
        return "ods", "an OpenDocument spreadsheet"
    if "xl/workbook.xml" in names:
        return "xlsx", "an Excel workbook"
    if "xl/workbook.bin" in names:
        return "", "a binary Excel workbook (.xlsb)"
    if "word/document.xml" in names or b"opendocument" in mimetype:
        return "", "a document"
    return "", f"a zip archive ({', '.join(names[:3]) or 'empty'})"


def damage(content: bytes) -> str:
    """Say what is wrong with the archive that a workbook is; "" where it is whole."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > LARGEST_UNPACKED:
                return f"unpacks to more than {LARGEST_UNPACKED >> 30} GB"
            if any(part.flag_bits & 1 for part in archive.infolist()):
                return "is protected with a password"
            wrong = archive.testzip()
            if wrong:
                return f"is damaged (in {wrong})"
            for name in filter(_SHEET.fullmatch, archive.namelist()):
                height, width = extent(archive.read(name))
                if height * width > MOST_CELLS:
                    return f"has filled cells as far as row {height} and column {width}, too far apart to be read"
            return ""
    except Exception as error:
        return f"is damaged or cut short ({error or type(error).__name__})"


def is_summary(rows: Iterable[Sequence[Any]]) -> bool:
    """Whether rows are tables of counts and percentages by question, not one respondent each.

    Examples
    --------
    >>> is_summary([["Which?"], ["Answer Choices", "Responses", ""], ["Film", "64%", "16"], ["Book", "36%", "9"]])
    True
    >>> is_summary([["Which?", "Why?"], ["Film", "64%"], ["Book", "fun"]])
    False
    """
    tables = 0
    for row in rows:
        filled = [cell.strip() if isinstance(cell, str) else cell for cell in row if cell not in ("", None)]
        words = {folded(cell) for cell in filled if isinstance(cell, str)}
        if len(filled) <= 12 and words & _SUMMARY_HEADS:
            return True
        tables += len(filled) == 2 and bool(words & _SUMMARY_FEET) and not isinstance(filled[1], str)
        if len(filled) == 3:
            name, share, count = filled
            percent = isinstance(share, str) and _PERCENT.fullmatch(share)
            counted = isinstance(count, int | float) or (isinstance(count, str) and count.isdigit())
            tables += isinstance(name, str) and bool(percent) and counted
    return tables > 1


def first_look(rows: Sequence[Sequence[str]], *, title_rows: int, header_rows: int, file: str) -> Problem | None:
    """Say what speaks against raw data below a title of so many rows; None where nothing does.

    Examples
    --------
    >>> print(first_look([["Survey", ""], ["Why?", "How?"]], title_rows=0, header_rows=1, file="a.csv"))
    a.csv, row 1: seems to be a title and no header: it has one cell, and row 2 has more. Declare title_rows: 1.
    """
    if is_summary(rows):
        what = "is a summary, with counts and percentages by question, and not the answers themselves"
        return Problem(what, file=file, remedy="Export all individual responses.")
    titles = title_rows_of(rows)
    header = rows[title_rows : title_rows + 2]
    one_question = header_rows > 1 and len(header) > 1 and looks_like_two_rows(*header)
    if titles > title_rows and not one_question:
        what = f"seems to be a title and no header: it has one cell, and row {titles + 1} has more"
        return Problem(what, file=file, row=title_rows + 1, remedy=f"Declare title_rows: {titles}.")
    if titles < title_rows and any(sum(bool(cell.strip()) for cell in row) > 1 for row in rows[:title_rows]):
        what = f"has no {title_rows} rows of title: row {titles + 1} has more than one cell"
        return Problem(what, file=file, row=titles + 1, remedy=f"Declare title_rows: {titles}.")
    return None
