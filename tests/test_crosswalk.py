"""The crosswalk: one decision a row, by file, item and language; what contradicts another row is refused."""

from __future__ import annotations

import pytest
from drawn_wave import COLUMNS, VALUES, WAVE, changed, write_wave

from lnd_survey.codebook import read_codebook
from lnd_survey.crosswalk import read_crosswalk
from lnd_survey.wave import read_wave

TWO_FILES = changed(
    WAVE, ("rows: 10}", "rows: 10}\n    - {name: more.csv, format: csv, rows: 3, group: outside, language: en}")
)


def crosswalk(folder, *, columns=COLUMNS, values=VALUES):
    """The crosswalk of the drawn wave in two files, and what is wrong with it."""
    data = write_wave(folder, columns=columns, values=values, wave=TWO_FILES)
    codebook, problems = read_codebook(data / "codebook"), []
    wave = read_wave(data / "raw/2005", codebook, problems)
    assert problems == []
    found = read_crosswalk(wave, codebook, problems)
    return found, [f"{problem.row} {problem.column}: {problem.what}" for problem in problems]


def refused(folder, *, columns="", values=""):
    return crosswalk(folder, columns=COLUMNS + columns, values=VALUES + values)[1]


def test_rows_by_file(tmp_path):
    found, wrong = crosswalk(tmp_path, columns=COLUMNS + "more.csv,  Extra ,use,,,\nanswers.csv,extra,,,,not needed\n")
    assert wrong == []
    assert [row.question for row in found.columns_of("more.csv")["extra"]] == ["use"]
    assert [row.question for row in found.columns_of("answers.csv")["extra"]] == [""]
    assert [row.line for row in found.columns_of("more.csv")["mail"]] == [6]


def test_values_by_file_item_and_language(tmp_path):
    extra = "more.csv,tools,saw,,later,have,,\nmore.csv,tools,axe,,later,none_yet,,\n"
    extra += "answers.csv,tools,,,later,none_yet,,\n"
    found, wrong = crosswalk(tmp_path, values=VALUES + extra)
    assert wrong == []

    def options(file, item, language, question="tools"):
        rows = found.values_for(file=file, question=question, item=item, language=language)
        return {value: [row.option for row in those] for value, those in rows.items()}

    assert options("more.csv", "saw", "en")["later"] == ["have"]
    assert options("more.csv", "axe", "en")["later"] == ["none_yet"]
    assert options("answers.csv", "saw", "nl")["later"] == ["none_yet"]
    assert options("answers.csv", "", "nl", "use") == {
        "nee": ["no"], "ja": ["yes"], "vaak": ["often"], "zelden": ["rarely"], "weet niet": ["unknown"],
    }  # fmt: skip
    assert "often" in options("answers.csv", "", None, "use")


def test_a_column_may_hold_two_things(tmp_path):
    assert refused(tmp_path, columns=",lang,use,,,\n") == []


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",use,use,,,", "'use' stands already in row 7"),
        ("more.csv, USE ,use,,,", "'USE' stands already in row 7"),
        (",use,,,,not needed", "'use' stands already in row 7"),
        (",mail,use,,,", "'mail' stands already in row 6"),
        ("more.csv,mail,,,,not needed", "'mail' stands already in row 6"),
    ],
)
def test_two_decisions_on_one_column(row, what, tmp_path):
    assert refused(tmp_path, columns=row + "\n") == [f"19 column: {what}"]


def test_the_general_row_may_come_last(tmp_path):
    columns = changed(COLUMNS, (",mail,,,,personal data\n", "more.csv,mail,use,,,\n,mail,,,,personal data\n"))
    assert crosswalk(tmp_path, columns=columns)[1] == ["7 column: 'mail' stands already in row 6"]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (",use,,,NEE,no,,", "'NEE' stands already in row 8"),
        ("more.csv,use,,nl,Nee,yes,,", "'Nee' stands already in row 8"),
        (",tools,saw,,have,have,,", "'have' stands already in row 28"),
        (",use,,,“SEE”  above,no,,", "'“SEE”  above' stands already in row 18"),
    ],
)
def test_two_decisions_on_one_value(row, what, tmp_path):
    values = changed(VALUES, (",wishes,,nl,Geld", ',use,,en,"""see"" above",,,quoted\n,wishes,,nl,Geld'))
    assert crosswalk(tmp_path, values=values + row + "\n")[1] == [f"31 value: {what}"]


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (",x,use,,,", []),
        (",,use,,,", ["column: names no column"]),
        ("other.csv,x,use,,,", ["file: 'other.csv' is not known"]),
        (",x,used,,,", ["question: 'used' is not known"]),
        (",x,@grup,,,", ["question: '@grup' is not known"]),
        (",x,@group,home,1,", ["item: @group has no item", "rank: @group has no rank"]),
        (",x,people,,,", ["question: people is computed, not asked"]),
        (",x,most_wanted,,1,", ["question: most_wanted is computed, not asked"]),
        (",x,use,home,,", ["item: a question of kind single has no item"]),
        (",x,wishes,home,,", ["item: 'home' is not known"]),
        (",x,wishes,money,1,", ["rank: a question of kind multi has no rank"]),
        (",x,marks,,,", ["item: a column of marks needs an item"]),
        (",x,marks,@none,,", ["item: '@none' is not known"]),
        (",x,order,,,", ["rank: a column of order holds either the rank of an item or the item at a rank"]),
        (",x,order,home,1,", ["rank: a column of order holds either the rank of an item or the item at a rank"]),
        (",x,order,,3,", ["rank: '3' is not known"]),
        (",x,tools,,,", ["item: a column of tools needs an item"]),
        (",x,,,,", ["reason: dropped without a reason"]),
    ],
)
def test_what_a_column_can_be(row, problems, tmp_path):
    found, wrong = crosswalk(tmp_path, columns=COLUMNS + row + "\n")
    assert wrong == [f"19 {problem}" for problem in problems]
    assert found.columns[-1].flawed == bool(problems)


@pytest.mark.parametrize(
    ("row", "problems"),
    [
        (",use,,,x,@not_answered,,", []),
        (",use,,,x,@refused,empty,", []),
        (",use,,,,no,,", ["value: names no value"]),
        (",use,,,\u200b,no,,", ["value: names no value"]),
        (",use,,fr,x,no,,", ["language: 'fr' is not known"]),
        (",use,,,x,no,yes,", ["expected: 'yes' is not allowed"]),
        (",use,,,x,never,,", ["option: 'never' is not known"]),
        (",use,,,x,@dont_know,,", ["option: '@dont_know' is not known"]),
        (",use,,,x,@none,,", ["option: '@none' is not known"]),
        (",use,,,x,,,", ["reason: dropped without a reason"]),
        (",use,home,,x,no,,", ["item: 'home' is not known"]),
        (",tools,home,,x,have,,", ["item: 'home' is not known"]),
        (",people,,,x,1,,", ["question: people is computed, not asked"]),
        (",marks,,,x,6,,", ["option: '6' is not known"]),
        (",order,,,x,@dont_know,,", []),
        (",@group,,,x,both,,", ["option: 'both' is not known"]),
        (",@group,,,x,,,a student", []),
        (",@language,,,x,,,another language", ["option: a value of @language cannot be dropped"]),
        (",@test,,,x,,,unclear", ["option: a value of @test cannot be dropped"]),
        (",@respondent,,,x,y,,", ["question: '@respondent' is not known"]),
    ],
)
def test_what_a_value_can_be(row, problems, tmp_path):
    found, wrong = crosswalk(tmp_path, values=VALUES + row + "\n")
    assert wrong == [f"30 {problem}" for problem in problems]
    assert found.values[-1].flawed == bool(problems)
