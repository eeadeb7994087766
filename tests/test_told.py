"""Differences told in words: of drawn verdicts what can be counted by hand."""

from __future__ import annotations

import pytest
from drawn_survey import write_data
from test_quality import cells, chapter_of

from lnd_survey import compare
from lnd_survey.told import counted

ROW = {
    "year": 2003,
    "question": "wishes",
    "item": "",
    "option": "",
    "statistic": "share",
    "first": "inside",
    "second": "outside",
    "estimate_first": 0.6,
    "estimate_second": 0.3,
    "p": 0.01,
    "correction": "holm",
    "evidence": "published",
    "verdict": "higher",
    "reason": "",
    "detail": "",
}
DRAWN = [
    ROW | {"item": "money"},
    ROW | {"item": "time", "estimate_first": 0.5, "verdict": "no_clear_difference", "p": 0.2},
    ROW | {"item": "peace", "verdict": "not_comparable", "reason": "base_not_printed", "p": float("nan")},
    ROW | {"question": "harm", "option": "much", "verdict": "no_clear_difference", "p": 0.9},
]


@pytest.fixture
def chapter(tmp_path):
    return chapter_of(write_data(tmp_path), 2003)


def test_verdicts_are_counted_and_clear_differences_named(chapter):
    table = chapter.verdicts(compare.frame(DRAWN))
    head = ["Question", "Clear differences", "No clear difference", "Not comparable", "Why not"]
    assert table.texts.columns.tolist() == head
    assert cells(table) == [
        ["Wishes", "‘Money’ (Inside 60%, Outside 30%)", "1", "1", "No test: the base is not printed."],
        ["Harm", "", "1", "", ""],
    ]
    assert [note.split(":")[0] for note in table.notes] == ["All differences are corrected together"]


def test_only_what_was_tested_is_counted(chapter):
    told = counted(compare.frame(DRAWN), words=chapter.words)
    assert told == "1 of 3 differences are clear (95%, corrected for all of them together by Holm)."


def test_columns_that_would_say_nothing_are_left_out(chapter):
    assert cells(chapter.verdicts(compare.frame(DRAWN[:1]))) == [["Wishes", "‘Money’ (Inside 60%, Outside 30%)"]]


def test_sample_data_are_marked(chapter):
    drawn = compare.frame([row | {"evidence": "synthetic"} for row in DRAWN])
    assert counted(drawn, words=chapter.words).endswith("°")
    assert chapter.verdicts(drawn).synthetic


def test_where_nothing_could_be_tested_that_is_said(chapter):
    assert counted(compare.frame(DRAWN[2:3]), words=chapter.words) == "No difference of 2003 could be tested."


def test_without_two_numbers_there_is_an_honest_line(chapter):
    assert chapter.verdicts(compare.frame([])).kind == "nothing"
