"""Whatever a file holds, it is read as it is or refused in words: no exception, no hang, nothing wrong in silence."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers.drawn_files import csv_text, ods, sav, table, xlsx

from lnd_survey.errors import SurveyError
from lnd_survey.readers import Export, ExportFile, inspect_file, read_export

ROWS = [["Size", "Why?", "Which?"], *[[str(row), ["één", "l’été", ""][row % 3], "Film, Book"] for row in range(6)]]
KINDS = ["csv", "xlsx", "ods", "sav", "zsav"]
anything = settings(max_examples=80, deadline=5000, suppress_health_check=[HealthCheck.function_scoped_fixture])


@functools.cache
def whole(kind: str) -> bytes:
    if kind == "csv":
        return csv_text(ROWS).encode()
    if kind.endswith("sav"):
        columns = dict(zip(["size", "why", "which"], map(list, zip(*ROWS[1:], strict=True)), strict=True))
        columns["n"] = [float(row) for row in range(6)]
        with tempfile.TemporaryDirectory() as folder:
            return sav(Path(folder, "a.sav"), columns, compress=kind == "zsav")
    return {"xlsx": xlsx, "ods": ods}[kind]({"S": ROWS})


def declared(kind: str, **keys: object) -> ExportFile:
    said = {"name": "a", "format": "sav" if kind == "zsav" else kind, "rows": 6} | keys
    return ExportFile(**said)


def looked_at(path: Path, content: bytes, declaration: ExportFile) -> Export | None:
    path.write_bytes(content)
    problems: list = []
    export = read_export(path, declaration, problems)
    assert (export is None) == bool(problems)
    assert all(str(problem) for problem in problems)
    return export


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a"


@pytest.mark.parametrize("kind", KINDS)
@anything
@given(content=st.binary(max_size=300), keep=st.integers(0, 200))
def test_random_bytes_are_read_or_refused(path, kind, content, keep):
    looked_at(path, whole(kind)[:keep] + content, declared(kind))


@pytest.mark.parametrize("kind", KINDS)
@anything
@given(content=st.binary(max_size=60), keep=st.integers(0, 60))
def test_random_files_are_inspected_or_refused(path, kind, content, keep):
    path.write_bytes(whole(kind)[:keep] + content)
    try:
        found = inspect_file(path)
    except SurveyError:
        return
    assert found.wave_yml()
    assert found.columns_csv()
    assert found.summary()
    assert looked_at(path, path.read_bytes(), found.declaration) is not None


@pytest.mark.parametrize("kind", KINDS)
@anything
@given(data=st.data())
def test_any_change_of_a_file_described_by_inspection_is_noticed(path, kind, data):
    content = whole(kind)
    path.write_bytes(content)
    declaration = inspect_file(path).declaration
    assert looked_at(path, content, declaration) is not None
    place = data.draw(st.integers(0, len(content) - 1))
    changed = content[:place] + bytes([content[place] ^ data.draw(st.integers(1, 255))]) + content[place + 1 :]
    assert looked_at(path, changed, declaration) is None
    assert looked_at(path, content[:place], declaration) is None


@pytest.mark.parametrize("kind", ["xlsx", "ods", "sav", "zsav"])
def test_a_cut_workbook_or_spss_file_is_refused_also_without_checksum(path, kind):
    content = whole(kind)
    assert looked_at(path, content, declared(kind)) is not None
    for end in range(0, len(content), max(len(content) // 150, 1)):
        assert looked_at(path, content[:end], declared(kind)) is None


def test_a_cut_csv_is_refused_also_without_checksum_but_for_its_last_cell(path):
    """What cannot be noticed is a cut within the last cell of the last row: the row count and all cells are there."""
    content = whole("csv")
    read = looked_at(path, content, declared("csv"))
    last = content.rindex(b'"Film')
    for end in range(len(content)):
        export = looked_at(path, content[:end], declared("csv"))
        if end < last:
            assert export is None
        elif export is not None:
            *all_rows, cut = table(export)
            *expected, row = table(read)
            assert (all_rows, cut[:-1]) == (expected, row[:-1])
            assert row[-1].startswith(cut[-1])
    inside_quotes = range(last + 1, len(content.rstrip()))
    assert all(looked_at(path, content[:end], declared("csv")) is None for end in inside_quotes)


@anything
@given(
    text=st.lists(st.sampled_from("éèëïçàâôûÉ’“”–€aeinrst"), min_size=1, max_size=20).map(" ".join),
    written=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "mac-roman", "utf-16", "utf-16-le", "utf-16-be"]),
    said=st.sampled_from(["utf-8", "windows-1252", "latin-1", "utf-16", "utf-16-le", "ascii"]),
)
def test_a_text_in_another_encoding_than_declared_is_never_read_as_utf_8_or_utf_16(path, text, written, said):
    """What cannot be noticed is one encoding of single bytes for another where the letters it gives are usual ones.

    Nor bytes that happen to be UTF-8, which takes two or more accented signs that follow each other in all places.
    """
    content = csv_text([["Why?", "Size"], [text, "1"], ["x", "2"]]).encode(written)
    export = looked_at(path, content, declared("csv", encoding=said, rows=2))
    single = {"cp1252", "mac-roman"}
    if export is not None and not (written in single and said in ("windows-1252", "latin-1")):
        assert export.cells["Why?"][0] == text


@pytest.mark.parametrize("kind", ["xlsx", "ods", "sav", "zsav"])
@anything
@given(data=st.data())
def test_a_damaged_byte_is_read_or_refused(path, kind, data):
    content = bytearray(whole(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    looked_at(path, bytes(content), declared(kind))
