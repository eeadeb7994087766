from __future__ import annotations

import datetime

import pytest
from readers.drawn_files import addresses, attempt, read, sav, table

COLUMNS = {"size": [1.0, 99.0, None, 2.5], "Why": ["fun ", "", "x", "é"]}
ABOUT = {
    "column_labels": {"size": "How large?"},
    "variable_value_labels": {"size": {1: "Small", 99: "Don't know"}},
    "missing_ranges": {"size": [{"lo": 90, "hi": 99}], "Why": ["x"]},
}


@pytest.mark.parametrize("compress", [False, True])
def test_codes_are_read_as_they_are(tmp_path, compress):
    content = sav(tmp_path / "b.sav", COLUMNS, compress=compress, **ABOUT)
    export = read(tmp_path / "a.sav", content, format="sav", rows=4)
    assert addresses(export) == ["size", "Why"]
    assert [column.title for column in export.columns] == ["How large?", ""]
    assert table(export) == [["1", "fun"], ["99", ""], ["", "x"], ["2.5", "é"]]
    assert export.missing_values == {"size": {"99"}, "Why": {"x"}}
    assert export.numbers.tolist() == [1, 2, 3, 4]


def test_labels_stand_for_the_codes_that_have_one(tmp_path):
    content = sav(tmp_path / "b.sav", COLUMNS, **ABOUT)
    export = read(tmp_path / "a.sav", content, format="sav", rows=4, values="labels")
    assert list(export.cells["size"]) == ["Small", "Don't know", "", "2.5"]
    assert export.missing_values["size"] == {"Don't know"}


def test_codes_with_the_same_label_are_one_value(tmp_path):
    labels = {"size": {1: "Large", 2: "Large"}}
    content = sav(tmp_path / "b.sav", {"size": [1.0, 2.0, 3.0]}, variable_value_labels=labels)
    export = read(tmp_path / "a.sav", content, format="sav", rows=3, values="labels")
    assert list(export.cells["size"]) == ["Large", "Large", "3"]
    assert list(export.cells["size"].categories) == ["Large", "3"]


@pytest.mark.parametrize("labels", [{1: "No", 99: "No"}, {1: "2"}])
def test_a_label_that_would_hide_a_difference_is_refused(tmp_path, labels):
    about = {"variable_value_labels": {"size": labels}, "missing_ranges": {"size": [99]}}
    content = sav(tmp_path / "b.sav", {"size": [1.0, 2.0, 99.0]}, **about)
    _, problems = attempt(tmp_path / "a.sav", content, format="sav", rows=3, values="labels")
    assert len(problems) == 1
    assert problems[0].endswith("Declare values: codes.")
    assert "column size" in problems[0]


def test_dates_and_rows_without_answers(tmp_path):
    moments = [datetime.datetime(2022, 3, 1, 9, 30), None, datetime.datetime(2022, 3, 2)]
    content = sav(tmp_path / "b.sav", {"when": moments, "a": [1.0, None, 2.0]})
    export = read(tmp_path / "a.sav", content, format="sav")
    assert table(export) == [["2022-03-01 09:30:00", "1"], ["2022-03-02 00:00:00", "2"]]
    assert export.numbers.tolist() == [1, 3]


@pytest.mark.parametrize("compress", [False, True])
def test_a_header_that_counts_more_cases_than_there_can_be(tmp_path, compress):
    content = bytearray(sav(tmp_path / "b.sav", COLUMNS, compress=compress))
    content[83] = 42  # the highest byte of the count
    _, problems = attempt(tmp_path / "a.sav", bytes(content), format="sav", rows=4)
    assert "counts more cases than it has room for" in problems[0]
