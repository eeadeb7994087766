"""Answers and log of a wave of eight respondents, cell by cell."""

from __future__ import annotations

import pandas as pd
import pytest
from drawn_wave import ANSWERS, CODEBOOK, COLUMNS, INSTRUMENT, VALUES, WAVE, changed, write_wave

import lnd_survey as lnd
from lnd_survey.answering import Answering
from lnd_survey.codebook import MISSING, read_codebook
from lnd_survey.crosswalk import read_crosswalk
from lnd_survey.errors import DataError
from lnd_survey.harmonisation_log import EXCLUDED, LOG, answer_tables, check_totals, summary
from lnd_survey.readers import read_export
from lnd_survey.responses import find_responses
from lnd_survey.wave import read_wave

GRID = """\
group        | inside       | inside       | inside       | inside       | inside       | outside      | outside      | outside
language     | nl           | nl           | en           | nl           | nl           | en           | en           | en
use          | often        | rarely       | often        | no           | unknown      | yes          | no           | not_answered
wishes.gains | not_offered  | not_offered  | not_offered  | not_offered  | not_offered  | not_offered  | not_offered  | not_offered
wishes.money | selected     | not_selected | not_selected | not_answered | not_selected | selected     | not_selected | not_answered
wishes.time  | selected     | selected     | not_selected | not_answered | not_selected | not_offered  | not_offered  | not_offered
wishes.peace | not_selected | not_selected | selected     | not_answered | selected     | selected     | not_selected | not_answered
hopes.gains  | not_offered  | not_offered  | not_offered  | not_offered  | not_offered  | not_asked    | not_asked    | not_asked
hopes.money  | selected     | selected     | not_selected | not_routed   | not_routed   | not_asked    | not_asked    | not_asked
hopes.time   | not_selected | selected     | not_selected | not_routed   | not_routed   | not_asked    | not_asked    | not_asked
hopes.peace  | not_selected | not_selected | not_selected | not_routed   | not_routed   | not_asked    | not_asked    | not_asked
order.home   | 1            | 1            | 2            | 1            | not_answered | not_asked    | not_asked    | not_asked
order.work   | 2            | 2            | 1            | not_answered | not_answered | not_asked    | not_asked    | not_asked
marks.home   | 5            | 4            | 3            | not_answered | not_answered | not_asked    | not_asked    | not_asked
marks.work   | 4            | not_answered | 2            | not_answered | not_answered | not_asked    | not_asked    | not_asked
tools.saw    | not_asked    | not_asked    | not_asked    | not_asked    | not_asked    | have         | have         | not_answered
tools.axe    | not_asked    | not_asked    | not_asked    | not_asked    | not_asked    | none_yet     | none_yet     | have
"""  # noqa: E501
EXPECTED = {
    name.strip(): [cell.strip() for cell in cells] for name, *cells in (r.split("|") for r in GRID.splitlines())
}

VALUE_ROWS = """\
@test,,,mapped,ok,@real,,9
@test,,,mapped,test,@test,,1
@group,,,mapped,L&D,inside,,5
@group,,,mapped,seller,outside,,3
@language,,,mapped,nl,nl,,4
@language,,,mapped,en,en,,4
use,,inside,mapped,Vaak,often,,1
use,,inside,mapped,Zelden,rarely,,1
use,,outside,mapped,No,no,,1
use,,inside,mapped,Often,often,,1
use,,inside,mapped,Nee,no,,1
use,,inside,mapped,Weet niet,unknown,,1
use,,outside,mapped,Yes,yes,,1
use,,outside,dropped_value,see above,,not an answer,1
wishes,,inside,mapped,Geld,money,,1
wishes,,inside,mapped,"Tijd, rust",time,,2
wishes,,inside,mapped,Peace,peace,,1
wishes,,outside,mapped,Peace,peace,,1
wishes,,inside,mapped,Vrede,peace,,1
wishes,,outside,mapped,Money,money,,1
wishes,,outside,mapped,None of these,@none,,1
hopes,money,inside,mapped,x,@selected,,2
hopes,time,inside,mapped,x,@selected,,1
hopes,@none,inside,mapped,x,@selected,,1
order,,inside,mapped,home,home,,4
order,,inside,mapped,work,work,,3
tools,saw,outside,mapped,have,have,,2
tools,axe,outside,merged,soon,none_yet,,1
tools,axe,outside,merged,never,none_yet,,1
tools,axe,outside,mapped,have,have,,1
marks,home,inside,mapped,5,5,,1
marks,home,inside,mapped,4,4,,1
marks,home,inside,mapped,3,3,,1
marks,work,inside,mapped,4,4,,1
marks,work,inside,mapped,2,2,,1
"""

# For each item and group: how many answered, and how many are missing for which reason.
CELL_ROWS = """\
use,,inside,answered 5
use,,outside,answered 2,not_answered 1
wishes,gains,inside,not_offered 5
wishes,gains,outside,not_offered 3
wishes,money,inside,answered 4,not_answered 1
wishes,money,outside,answered 2,not_answered 1
wishes,time,inside,answered 4,not_answered 1
wishes,time,outside,not_offered 3
wishes,peace,inside,answered 4,not_answered 1
wishes,peace,outside,answered 2,not_answered 1
hopes,gains,inside,not_offered 5
hopes,gains,outside,not_asked 3
hopes,money,inside,answered 3,not_routed 2
hopes,money,outside,not_asked 3
hopes,time,inside,answered 3,not_routed 2
hopes,time,outside,not_asked 3
hopes,peace,inside,answered 3,not_routed 2
hopes,peace,outside,not_asked 3
order,home,inside,answered 4,not_answered 1
order,home,outside,not_asked 3
order,work,inside,answered 3,not_answered 2
order,work,outside,not_asked 3
marks,home,inside,answered 3,not_answered 2
marks,home,outside,not_asked 3
marks,work,inside,answered 2,not_answered 3
marks,work,outside,not_asked 3
tools,saw,inside,not_asked 5
tools,saw,outside,answered 2,not_answered 1
tools,axe,inside,not_asked 5
tools,axe,outside,answered 3
"""


def survey_of(folder, **parts):
    return lnd.open_survey(write_wave(folder, **parts))


def read(folder, **parts):
    """Answers and log of the drawn wave with some of its parts changed."""
    survey = survey_of(folder, **parts)
    return survey.answers(2005), survey.log(2005)


def counts(log, what):
    return log.loc[log["what"] == what, "n"].sum()


def column(frame, name):
    return frame[name].astype(str).tolist()


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return read(tmp_path_factory.mktemp("drawn"))


# --- The whole of it -------------------------------------------------------------------------


def test_every_cell_of_the_answers(drawn):
    frame, _ = drawn
    assert list(frame.columns) == ["year", "group", "language", "weight", *list(EXPECTED)[2:]]
    assert {name: column(frame, name) for name in EXPECTED} == EXPECTED
    assert frame["year"].tolist() == [2005] * 8
    assert frame["weight"].tolist() == [1.0] * 8
    assert frame.index.equals(pd.RangeIndex(8))


def test_every_category(drawn):
    frame, _ = drawn
    kinds = list(MISSING)
    of = {name: list(frame[name].cat.categories) for name in EXPECTED}
    assert of["group"] == ["inside", "outside"]
    assert of["language"] == ["nl", "en"]
    assert of["use"] == ["no", "yes", "often", "rarely", "unknown", *kinds]
    assert of["wishes.gains"] == of["hopes.peace"] == ["selected", "not_selected", *kinds]
    assert of["order.home"] == ["1", "2", *kinds]
    assert of["marks.work"] == ["1", "2", "3", "4", "5", *kinds]
    assert of["tools.axe"] == ["have", "none_yet", *kinds]


def test_every_row_of_the_log(drawn):
    _, log = drawn
    assert list(log.columns) == list(LOG)
    assert set(log["year"]) == {2005}
    lines = log.drop(columns="year").to_csv(index=False, header=False).splitlines()
    of_file = ["read,,,,10", "test_entry,,,,1", "duplicate,,,,1", "dropped_column,mail,,personal data,1"]
    expected = [f"answers.csv,,,,{row}" for row in of_file]
    expected += [f"answers.csv,{row}" for row in VALUE_ROWS.splitlines()]
    expected += [",,,inside,respondents,,,,5", ",,,outside,respondents,,,,3"]
    for row in CELL_ROWS.splitlines():
        question, item, group, *kinds = row.split(",")
        expected += [",{},{},{},{},,,,{}".format(question, item, group, *kind.split()) for kind in kinds]
    expected.append(",use,,inside,break,d,,other_words,0")
    assert lines == expected


def test_the_log_in_words(drawn):
    assert summary(drawn[1]) == (
        "10 rows read, 2 left out (1 test entry, 1 duplicate), 8 respondents (inside 5, outside 3); "
        "6 questions: 49 answers, 15 not answered, 6 not routed, 34 not asked, 16 not offered; "
        "2 values merged, 1 values and 1 columns dropped"
    )


def proved_equal(log):
    """Rows read are respondents and rows left out; of each item and group all respondents are accounted for."""
    out = sum(counts(log, kind) for kind in EXCLUDED)
    assert counts(log, "read") == counts(log, "respondents") + out
    respondents = log[log["what"] == "respondents"].set_index("group")["n"]
    cells = log[log["what"].isin(["answered", *MISSING])].groupby(["question", "item", "group"])["n"].sum()
    assert {n - respondents[group] for (_, _, group), n in cells.items()} == {0}
    return True


def values_are_answers(frame, log):
    """What was mapped to an answer, less what was said twice, is what the answers hold: by question and group."""
    known = log[log["question"].isin({name.partition(".")[0] for name in frame.columns}) & log["file"].ne("")]
    silent = ["", "@not_selected", "@none", "@not_answered", "@dont_know", "@refused"]
    mapped = known[known["what"].isin(["mapped", "merged"]) & ~known["option"].isin(silent)]
    mapped = mapped[~mapped["item"].str.startswith("@")]
    totals = mapped.groupby(["question", "group"])["n"].sum()
    totals = totals.sub(known[known["what"] == "repeated"].groupby(["question", "group"])["n"].sum(), fill_value=0)
    held = {}
    for name in frame.columns[4:]:
        given = ~frame[name].astype(str).isin([*MISSING, "not_selected"])
        for group, n in given.groupby(frame["group"].astype(str)).sum().items():
            key = (name.partition(".")[0], group)
            held[key] = held.get(key, 0) + n
    assert {key: n for key, n in held.items() if n} == {key: n for key, n in totals.to_dict().items() if n}
    return True


def test_totals(drawn):
    assert proved_equal(drawn[1])
    assert values_are_answers(*drawn)


def accounts(folder, questions, **parts):
    """The one file of a drawn wave, coded, before anything is joined or routed."""
    data, problems = write_wave(folder, **parts), []
    codebook = read_codebook(data / "codebook")
    wave = read_wave(data / "raw/2005", codebook, problems)
    crosswalk = read_crosswalk(wave, codebook, problems)
    declaration = wave.exports.files[0]
    export = read_export(wave.folder / declaration.name, declaration, problems)
    exports = [(declaration, export)]
    (own,) = find_responses(exports, wave=wave, crosswalk=crosswalk, complete=True, problems=problems)
    asked, answering = [codebook.questions[name] for name in questions], Answering(own)
    for question in asked:
        answering.answer(question)
    assert problems == []
    return answering, asked, lambda: answer_tables(asked, answering.codes, wave, own.groups)


ALL_ASKED = ("use", "wishes", "hopes", "order", "marks", "tools")


def test_an_account_without_fault(tmp_path):
    answering, asked, tables = accounts(tmp_path, ALL_ASKED)
    check_totals([answering], asked, tables())


@pytest.mark.parametrize("column", ["use", "wishes.money", "hopes.time", "order.home", "marks.work", "tools.axe"])
def test_swapped_answers_do_not_pass(column, tmp_path):
    answering, asked, tables = accounts(tmp_path, ALL_ASKED)
    codes = answering.codes[column]
    # Every respondent has an answer still, but those of the first two options are swapped.
    first, second = codes == 0, codes == 1
    codes[first], codes[second] = 1, 0
    with pytest.raises(RuntimeError, match=f"of {column} was mapped . times, but is . times in the answers"):
        check_totals([answering], asked, tables())


@pytest.mark.parametrize(("one", "other"), [("wishes.money", "wishes.peace"), ("order.home", "order.work")])
def test_swapped_items_do_not_pass(one, other, tmp_path):
    answering, asked, tables = accounts(tmp_path, ALL_ASKED)
    codes = answering.codes
    codes[one], codes[other] = codes[other], codes[one]
    with pytest.raises(RuntimeError, match=f"of {one} was mapped"):
        check_totals([answering], asked, tables())


def test_an_answer_of_another_group_does_not_pass(tmp_path):
    answering, asked, tables = accounts(tmp_path, ALL_ASKED)
    codes = answering.codes["use"]
    # Respondent 4 is inside and says no; 6 is outside and says yes.
    codes[3], codes[5] = codes[5], codes[3]
    with pytest.raises(RuntimeError, match="of use was mapped"):
        check_totals([answering], asked, tables())


# --- Which rows count ------------------------------------------------------------------------


def test_of_duplicates_the_first_may_count(tmp_path):
    wave, values = changed(WAVE, ("duplicates: last", "duplicates: first")), VALUES
    columns = changed(COLUMNS, ("h0,hopes,@none,,", "h0,,,,not ticked"))
    # The first entry of respondent 3 says no, ranks nothing and gives 1 and 1.
    values = changed(values, (",use,,en,Often,often,,", ",use,,en,Often,often,empty,"))
    frame, log = read(tmp_path, wave=wave, values=values, columns=columns)
    third = frame.iloc[2]
    assert [third["use"], third["hopes.money"], third["order.home"], third["marks.home"]] == [
        "no",
        "not_routed",
        "not_answered",
        "1",
    ]
    assert counts(log, "duplicate") == 1
    assert proved_equal(log)


def test_an_entry_without_answers_displaces_none(tmp_path):
    # Respondent 8 opens the form once more and closes it; 7 does so first, and answers later.
    empty = [row + ",,,,,,,,,,,\n" for row in ("8,seller,en,ok,h@b.example,", "7,seller,en,ok,g@b.example,")]
    answers = changed(ANSWERS, ("7,seller", empty[1] + "7,seller")) + empty[0]
    for keep in ("last", "first"):
        values, columns = VALUES, COLUMNS
        if keep == "first":
            # The first entry of respondent 3 says no.
            values = changed(VALUES, (",use,,en,Often,often,,", ",use,,en,Often,often,empty,"))
            columns = changed(COLUMNS, ("h0,hopes,@none,,", "h0,,,,not ticked"))
        wave = changed(WAVE, ("rows: 10", "rows: 12"), ("duplicates: last", f"duplicates: {keep}"))
        frame, log = read(tmp_path / keep, answers=answers, wave=wave, values=values, columns=columns)
        assert column(frame, "tools.axe")[-3:] == ["none_yet", "none_yet", "have"]
        assert len(frame) == 8
        assert counts(log, "duplicate") == 3


def test_what_is_no_answer_displaces_none(tmp_path):
    # A tool writes what was not ticked, and a word where a question was not reached.
    answers = ANSWERS + "2,L&D,nl,ok,b@b.example,nvt,,0,0,,,,,,,,\n"
    values = VALUES + ",hopes,,,0,@not_selected,empty,\n,use,,,nvt,,empty,not reached\n"
    frame, _ = read(tmp_path, answers=answers, values=values, wave=changed(WAVE, ("rows: 10", "rows: 11")))
    assert {name: column(frame, name) for name in EXPECTED} == EXPECTED


def test_of_entries_without_any_answer_one_counts(tmp_path):
    empty = "10,seller,en,ok,,,,,,,,,,,,,\n"
    frame, log = read(tmp_path, answers=ANSWERS + empty * 3, wave=changed(WAVE, ("rows: 10", "rows: 13")))
    assert len(frame) == 9
    assert counts(log, "duplicate") == 3


def two_files(folder, rule):
    """The drawn wave, and a second file in which the ids begin anew."""
    more = ANSWERS.splitlines()[0] + "\n1,seller,en,ok,,No,Money,,,,,,,,,have,\n8,seller,en,ok,,,,,,,,,,,,,\n"
    listed = "rows: 10}\n    - {name: more.csv, format: csv, rows: 2}"
    wave = changed(WAVE, ("rows: 10}", listed), ("duplicates: last", f"duplicates: last{rule}"))
    values = VALUES
    if "true" in rule:
        for value in (",use,,nl,Vaak,often", ",wishes,,nl,Geld,money"):
            values = changed(values, (f"{value},,", f"{value},empty,"))
    data = write_wave(folder, wave=wave, values=values)
    (data / "raw/2005/more.csv").write_text(more, encoding="utf-8")
    return lnd.open_survey(data)


def test_ids_of_each_file_may_be_its_own(tmp_path):
    survey = two_files(tmp_path, ", across_files: false")
    assert column(survey.answers(2005), "use") == [*EXPECTED["use"], "no", "not_answered"]
    assert counts(survey.log(2005), "duplicate") == 1


def test_ids_of_several_files_may_be_of_the_same_people(tmp_path):
    survey = two_files(tmp_path, ", across_files: true")
    # 1 answers again in the second file; there 8 only opens the form.
    frame, log = survey.answers(2005), survey.log(2005)
    assert column(frame, "use") == [*EXPECTED["use"][1:], "no"]
    assert column(frame, "tools.axe")[-2:] == ["have", "not_answered"]
    assert log.loc[log["what"] == "duplicate", ["file", "n"]].values.tolist() == [["answers.csv", 2], ["more.csv", 1]]
    assert proved_equal(log)


def test_ids_in_several_files_are_not_taken_for_the_same_people(tmp_path):
    with pytest.raises(DataError, match=r"2 ids stand in several files: answers\.csv, more\.csv") as caught:
        two_files(tmp_path, "").answers(2005)
    assert "whether these are the same people, exclude: {across_files: true}, or" in str(caught.value)


def test_a_test_entry_displaces_no_answer(tmp_path):
    # Respondent 8 tries the form once more as a test: the answer counts although it is not the last.
    frame, log = read(tmp_path, answers=changed(ANSWERS, ("9,seller,en,test", "8,seller,en,test")))
    assert column(frame, "tools.axe")[-1] == "have"
    assert len(frame) == 8
    assert (counts(log, "test_entry"), counts(log, "duplicate")) == (1, 1)


def test_ids_that_differ_in_case_are_of_two_respondents(tmp_path):
    answers = ANSWERS.replace("\n1,L&D", "\nR_a,L&D").replace("\n2,L&D", "\n R_A ,L&D")
    assert len(read(tmp_path, answers=answers)[0]) == 8


def test_who_has_no_id_is_no_duplicate(tmp_path):
    answers = ANSWERS.replace("\n1,L&D", "\n,L&D").replace("\n2,L&D", "\n ,L&D")
    assert len(read(tmp_path, answers=answers)[0]) == 8


def test_who_answered_too_little_is_left_out(tmp_path):
    # Respondent 4 answered use and order of the four questions put, 5 use and wishes; 8 of three only tools.
    wave = changed(WAVE, ("test_entries: true", "test_entries: true, completeness: 0.5"))
    frame, log = read(tmp_path, wave=wave)
    assert len(frame) == 7
    assert column(frame, "group").count("outside") == 2
    incomplete = log[log["what"] == "incomplete"]
    assert incomplete[["group", "n"]].values.tolist() == [["outside", 1]]
    assert proved_equal(log)
    assert values_are_answers(frame, log)
    # The value of who was left out is not of those who count.
    assert log.loc[(log["question"] == "tools") & (log["item"] == "axe") & log["value"].ne(""), "value"].tolist() == [
        "soon",
        "never",
    ]


@pytest.mark.parametrize("least", [0.2, 0.4, 0.6, 0.8, 1])
def test_values_and_answers_agree_whoever_is_left_out(least, tmp_path):
    frame, log = read(
        tmp_path, wave=changed(WAVE, ("test_entries: true", f"test_entries: true, completeness: {least}"))
    )
    assert proved_equal(log)
    assert values_are_answers(frame, log)


def test_what_is_said_of_answers_is_of_those_who_count(tmp_path):
    # Respondent 1 ticks one of two allowed items more, 4 answers little but the same: the limit is not enforced.
    answers = changed(ANSWERS, ("Nee,,,,,,home", 'Nee,"Geld, Vrede",,,,,home'))
    limits = changed(INSTRUMENT, ("wishes,inside,,2,yes", "wishes,inside,,1,no"))
    _, log = read(tmp_path / "all", answers=answers, instrument=limits)
    assert counts(log, "over_limit") == 2
    wave = changed(WAVE, ("test_entries: true", "test_entries: true, completeness: 0.9"))
    frame, log = read(tmp_path / "most", answers=answers, instrument=limits, wave=wave)
    assert len(frame) == 5
    assert counts(log, "over_limit") == 1
    assert values_are_answers(frame, log)


def test_who_answered_just_enough_stays(tmp_path):
    wave = changed(WAVE, ("test_entries: true", "test_entries: true, completeness: 0.33333"))
    assert len(read(tmp_path, wave=wave)[0]) == 8


def test_a_share_that_a_computer_cannot_write_is_kept_to(tmp_path):
    # 7 of 25 is 0.28, but 0.28 × 25 is a little more than 7.
    questions = "".join(
        f"  - {{id: more{i}, kind: single, name: {{nl: N, en: N}}, text: {{nl: N, en: N}}, "
        "options: [{id: good, label: {nl: G, en: G}}]}\n"
        for i in range(25)
    )
    frame, log = read(
        tmp_path,
        codebook=CODEBOOK.split("questions:\n")[0] + "questions:\n" + questions,
        instrument=INSTRUMENT.splitlines()[0] + "\n" + "".join(f"more{i},inside,,,,,,,,\n" for i in range(25)),
        columns="file,column,question,item,rank,reason\n" + "".join(f",m{i},more{i},,,\n" for i in range(25)),
        values="file,question,item,language,value,option,expected,reason\n"
        + "".join(f",more{i},,,y,good,{'' if i < 7 else 'empty'},\n" for i in range(25)),
        wave="year: 2005\nevidence: survey\ngroups: [{id: inside}]\nexports:\n  evidence: survey\n"
        "  files: [{name: answers.csv, format: csv, rows: 2, group: inside}]\n  exclude: {completeness: 0.28}\n",
        answers=",".join(f"m{i}" for i in range(25))
        + "\n"
        + ("y," * 7 + "," * 17)
        + "\n"
        + ("y," * 6 + "," * 18)
        + "\n",
    )
    assert len(frame) == 1
    assert counts(log, "incomplete") == 1


def test_a_group_may_be_dropped_with_a_reason(tmp_path):
    answers = ANSWERS + "10,student,nl,ok,,Vaak,,,,,,,,,,,\n"
    frame, log = read(
        tmp_path,
        answers=answers,
        values=VALUES + ",@group,,,student,,,not of this survey\n",
        wave=changed(WAVE, ("rows: 10", "rows: 11")),
    )
    assert {name: column(frame, name) for name in EXPECTED} == EXPECTED
    assert counts(log, "other_group") == 1
    dropped = log[log["what"] == "dropped_value"]
    assert ["@group", "student", "not of this survey", 1] in dropped[
        ["question", "value", "reason", "n"]
    ].values.tolist()
    assert proved_equal(log)


# --- Several files, spread columns -----------------------------------------------------------


def test_a_file_for_each_group(tmp_path):
    header, *rows = ANSWERS.splitlines(keepends=True)
    inside, outside = [r for r in rows if "L&D" in r], [r for r in rows if "seller" in r]
    short = [
        name
        for name in header.strip().split(",")
        if name not in ("h1", "h2", "h3", "h0", "first", "second", "m1", "m2")
    ]
    table = pd.DataFrame(
        [
            row.rstrip("\n").split(",")
            for row in changed("".join(outside), ('"Money, Peace"', "Money; Peace")).splitlines()
        ]
    )
    table.columns = header.strip().split(",")
    data = write_wave(
        tmp_path,
        answers=header + "".join(inside),
        columns=changed(COLUMNS, (",kind,@group", "answers.csv,kind,@group")) + "sellers.csv,kind,,,,all sellers\n",
        values=changed(VALUES, (",@group,,,seller,outside,,\n", "")),
        wave=changed(
            WAVE,
            (
                "- {name: answers.csv, format: csv, layout: plain, rows: 10}",
                "- {name: answers.csv, format: csv, layout: plain, rows: 6}\n"
                '    - {name: sellers.csv, format: csv, rows: 4, group: outside, language: en, separator: "; "}',
            ),
        ).replace("languages: [nl, en]", "languages: [nl, en]"),
    )
    columns = data / "raw/2005/columns.csv"
    text = columns.read_text()
    columns.write_text(changed(text, (",lang,@language", "answers.csv,lang,@language")))
    table[[name for name in short if name != "lang"]].to_csv(data / "raw/2005/sellers.csv", index=False)
    survey = lnd.open_survey(data)
    assert {name: column(survey.answers(2005), name) for name in EXPECTED} == EXPECTED
    log = survey.log(2005)
    read_rows = log[log["what"].isin(["read", "test_entry", "duplicate"])]
    assert read_rows[["file", "what", "n"]].values.tolist() == [
        ["answers.csv", "read", 6],
        ["answers.csv", "duplicate", 1],
        ["sellers.csv", "read", 4],
        ["sellers.csv", "test_entry", 1],
    ]
    assert proved_equal(log)


def test_a_question_spread_over_two_columns(tmp_path):
    # use of outside stands in a column of its own; respondent 1 says the same in both.
    rows = ANSWERS.splitlines()
    spread = [rows[0] + ",use2"]
    for row in rows[1:]:
        cells = row.split(",", 6)
        if cells[1] == "seller":
            spread.append(",".join([*cells[:5], "", cells[6], cells[5]]))
        else:
            spread.append(row + ("," + cells[5] if cells[0] == "1" else ","))
    frame, log = read(tmp_path, answers="\n".join(spread) + "\n", columns=COLUMNS + ",use2,use,,,\n")
    assert {name: column(frame, name) for name in EXPECTED} == EXPECTED
    often = log[(log["question"] == "use") & (log["value"] == "Vaak")]
    assert often["n"].tolist() == [2]
    repeated = log.loc[log["what"] == "repeated", ["question", "item", "group", "option", "n"]]
    assert repeated.values.tolist() == [["use", "", "inside", "often", 1]]
    assert values_are_answers(frame, log)


def test_one_column_for_two_things(tmp_path):
    question = (
        "  - {id: spoken, kind: single, name: {nl: T, en: L}, text: {nl: T, en: L}, "
        "options: [{id: dutch, label: {nl: N, en: D}}, {id: other_one, label: {nl: A, en: O}}]}\n"
    )
    frame, _ = read(
        tmp_path,
        codebook=CODEBOOK + question,
        instrument=INSTRUMENT + "spoken,inside,,,,,,,,\nspoken,outside,,,,,,,,\n",
        columns=COLUMNS + ",lang,spoken,,,\n",
        values=VALUES + ",spoken,,,nl,dutch,,\n,spoken,,,en,other_one,,\n",
    )
    assert column(frame, "spoken") == [{"nl": "dutch", "en": "other_one"}[lang] for lang in column(frame, "language")]


# --- Kinds of answer -------------------------------------------------------------------------


def one_kind(folder, question, *, columns, values, header, cells, limit=""):
    """Answers of one question asked of one group, a row of the file for each cell."""
    return read(
        folder,
        codebook=CODEBOOK,
        instrument=f"{INSTRUMENT.splitlines()[0]}\n{question},inside,,{limit},,,,,,\n",
        columns="file,column,question,item,rank,reason\n" + columns,
        values="file,question,item,language,value,option,expected,reason\n" + values,
        wave="year: 2005\nevidence: survey\ngroups: [{id: inside}]\nexports:\n  evidence: survey\n  files:\n"
        f'    - {{name: answers.csv, format: csv, rows: {len(cells)}, group: inside, delimiter: ";"}}\n',
        answers="\n".join([header, *cells]) + "\n",
    )


HOPES = (
    ",a,hopes,money,,\n,b,hopes,time,,\n,c,hopes,peace,,\n"
    ",d,hopes,@none,,\n,e,hopes,@dont_know,,\n,f,hopes,@refused,,\n"
)


def test_pick_n_without_a_tick(tmp_path):
    cells = ["1;;;;;", "0;0;0;0;0;0", "0;;;1;;", "0;;;;1;", "0;;;;;1", "0;;;;1;1"]
    frame, log = one_kind(
        tmp_path,
        "hopes",
        columns=HOPES,
        values=",hopes,,,1,@selected,,\n,hopes,,,0,@not_selected,,\n",
        header="a;b;c;d;e;f",
        cells=cells,
    )
    # Ticked; all explicitly not; none of these; don't know; refused; both of the last.
    assert column(frame, "hopes.money") == [
        "selected",
        "not_answered",
        "not_selected",
        "dont_know",
        "refused",
        "dont_know",
    ]
    assert column(frame, "hopes.peace")[0] == "not_selected"
    assert proved_equal(log)


def test_an_item_beside_none_of_these_counts_and_is_logged(tmp_path):
    frame, log = one_kind(
        tmp_path,
        "hopes",
        columns=HOPES,
        values=",hopes,,,1,@selected,,\n",
        header="a;b;c;d;e;f",
        cells=["1;;;1;;", "1;;;;1;", ";1;;;;", ";;;;;1"],
    )
    assert column(frame, "hopes.money") == ["selected", "selected", "not_selected", "refused"]
    assert log.loc[log["what"] == "contradicted", ["question", "group", "n"]].values.tolist() == [
        ["hopes", "inside", 2]
    ]
    assert "2 answers with an item ticked beside none" in summary(log)


def test_a_value_that_says_none_of_these_ticks_no_item(tmp_path):
    values = ",hopes,,,yes,@selected,,\n,hopes,,,nothing,@none,,\n,hopes,,,dunno,@dont_know,,\n"
    frame, _ = one_kind(
        tmp_path,
        "hopes",
        columns=",a,hopes,money,,\n,b,hopes,time,,\n,c,hopes,peace,,\n",
        values=values,
        header="a;b;c",
        cells=["yes;;", "nothing;;", ";nothing;", "dunno;;"],
    )
    assert column(frame, "hopes.money") == ["selected", "not_selected", "not_selected", "dont_know"]


def test_the_same_tick_twice_counts_once(tmp_path):
    values = (
        ",hopes,,,Money,money,,\n,hopes,,,Cash,money,,\n,hopes,,,None,@none,,\n,hopes,,,Nothing,@none,,\n"
        ",hopes,,,skipped,@not_answered,,\n"
    )
    frame, log = one_kind(
        tmp_path,
        "hopes",
        columns=",a,hopes,,,\n,b,hopes,,,\n",
        values=values,
        header="a;b",
        cells=["Money, Cash;", "Money;Cash", "None, Nothing;None", "skipped;"],
    )
    assert column(frame, "hopes.money") == ["selected", "selected", "not_selected", "not_answered"]
    assert log.loc[log["what"] == "merged", "n"].sum() == 7
    assert log.loc[log["what"] == "repeated", ["item", "option", "n"]].values.tolist() == [["money", "selected", 2]]
    assert proved_equal(log)
    assert values_are_answers(frame, log)


def test_more_ticks_than_allowed_where_that_was_not_enforced(tmp_path):
    values = ",hopes,,,Money,money,,\n,hopes,,,Time,time,,\n,hopes,,,Peace,peace,,\n"
    frame, log = one_kind(
        tmp_path,
        "hopes",
        columns=",a,hopes,,,\n",
        values=values,
        header="a",
        cells=["Money, Time, Peace", "Time, Peace"],
        limit="2",
    )
    assert column(frame, "hopes.money") == ["selected", "not_selected"]
    assert log.loc[log["what"] == "over_limit", ["question", "group", "n"]].values.tolist() == [["hopes", "inside", 1]]
    assert "1 answers above the limit" in summary(log)


RANKS = {
    "by rank": (",a,order,,1,\n,b,order,,2,\n", ["home;work", "work;home", "home;", ";", "dunno;", "home;dunno"]),
    "by item": (",a,order,home,,\n,b,order,work,,\n", ["1;2", "2;1", "1;", ";", "dunno;dunno", "1;dunno"]),
}


@pytest.mark.parametrize("layout", RANKS)
def test_rankings_both_ways(layout, tmp_path):
    columns, cells = RANKS[layout]
    names = ",order,,,home,home,,\n,order,,,work,work,,\n" if layout == "by rank" else ""
    frame, log = one_kind(
        tmp_path,
        "order",
        columns=columns,
        values=names + ",order,,,dunno,@dont_know,,\n",
        header="a;b",
        cells=[*cells[:3], *cells[4:]],
    )
    assert column(frame, "order.home") == ["1", "2", "1", "dont_know", "1"]
    assert column(frame, "order.work") == ["2", "1", "not_answered", "dont_know", "dont_know"]
    assert proved_equal(log)


def test_rankings_spread_over_columns(tmp_path):
    columns = ",a,order,,1,\n,b,order,,2,\n,c,order,,1,\n,d,order,home,,\n"
    frame, log = one_kind(
        tmp_path,
        "order",
        columns=columns,
        values=",order,,,home,home,,\n,order,,,work,work,,\n",
        header="a;b;c;d",
        cells=["home;;home;", ";home;work;2", ";work;home;1"],
    )
    assert column(frame, "order.home") == ["1", "2", "1"]
    assert column(frame, "order.work") == ["not_answered", "1", "2"]
    assert proved_equal(log)
    assert values_are_answers(frame, log)
    repeated = log.loc[log["what"] == "repeated", ["item", "option", "n"]]
    assert repeated.values.tolist() == [["home", "1", 2], ["home", "2", 1]]


def test_numbers_and_their_words(tmp_path):
    values = ",marks,,,very good (5),5,,\n,marks,,,9,@dont_know,,\n,marks,work,,none,@refused,,\n"
    frame, _ = one_kind(
        tmp_path,
        "marks",
        columns=",a,marks,home,,\n,b,marks,work,,\n",
        values=values,
        header="a;b",
        cells=["5;1.0", "very good (5);none", "9; 3 ", "05;"],
    )
    assert column(frame, "marks.home") == ["5", "5", "dont_know", "5"]
    assert column(frame, "marks.work") == ["1", "refused", "3", "not_answered"]


def test_a_wave_in_one_language_may_have_a_column_for_it(tmp_path):
    wave = changed(WAVE, ("languages: [nl, en]", "languages: [nl]"))
    text = changed(VALUES, (",@language,,,en,en,,", ",@language,,,en,nl,,"))
    for question in ("use", "wishes"):
        text = text.replace(f",{question},,nl,", f",{question},,,").replace(f",{question},,en,", f",{question},,,")
    frame, _ = read(tmp_path, wave=wave, values=text)
    assert column(frame, "language") == ["nl"] * 8
    assert column(frame, "use") == EXPECTED["use"]


def test_routing_by_a_net_opens_the_question_to_its_parts(tmp_path):
    frame, _ = read(tmp_path, instrument=changed(INSTRUMENT, ("use=often|rarely", "use=yes")))
    assert {name: column(frame, name) for name in EXPECTED} == EXPECTED


def test_an_answer_after_a_skipped_gate_counts(tmp_path):
    # Respondent 1 leaves use out and answers hopes, which routing makes depend on it; 5 leaves out both.
    answers = changed(ANSWERS, ("Vaak,", ","), ("Weet niet,", ","))
    values = VALUES
    for value in ("Vaak,often", "Weet niet,unknown"):
        values = changed(values, (f"{value},,", f"{value},empty,"))
    frame, log = read(tmp_path, answers=answers, values=values)
    assert column(frame, "hopes.money")[:5] == ["selected", "selected", "not_selected", "not_routed", "not_routed"]
    assert column(frame, "hopes.time")[0] == "not_selected"
    skipped = log[log["what"] == "gate_skipped"]
    assert skipped[["file", "question", "group", "n"]].values.tolist() == [["answers.csv", "hopes", "inside", 1]]
    assert "1 answers where the question that decides who is asked was skipped" in summary(log)
    assert proved_equal(log)
    assert values_are_answers(frame, log)


@pytest.mark.parametrize("order", [("one", "two", "three"), ("three", "two", "one")])
def test_routing_in_two_steps(order, tmp_path):
    # Two is asked of who says yes to one, three of who says yes to two; in whatever order the codebook has them.
    options = "options: [{id: yea, label: {nl: J, en: Y}}, {id: nay, label: {nl: N, en: N}}]"
    asked_if = {"one": "", "two": "one=yea", "three": "two=yea"}
    questions = "".join(
        f"  - {{id: {name}, kind: single, name: {{nl: N, en: N}}, text: {{nl: N, en: N}}, {options}}}\n"
        for name in order
    )
    parts = {
        "codebook": CODEBOOK.split("questions:\n")[0] + "questions:\n" + questions,
        "instrument": INSTRUMENT.splitlines()[0] + "\n" + "".join(f"{n},inside,,,,,,,,{asked_if[n]}\n" for n in order),
        "columns": "file,column,question,item,rank,reason\n" + "".join(f",{n},{n},,,\n" for n in order),
        "values": "file,question,item,language,value,option,expected,reason\n"
        + "".join(f",{n},,,y,yea,,\n,{n},,,n,nay,empty,\n" for n in order).replace("one,,,n,nay,empty", "one,,,n,nay,"),
        "wave": "year: 2005\nevidence: survey\ngroups: [{id: inside}]\nexports:\n  evidence: survey\n"
        "  files: [{name: answers.csv, format: csv, rows: 4, group: inside}]\n",
    }
    answers = "one,two,three\ny,y,y\n,,y\n,y,y\nn,,\n"
    frame, log = read(tmp_path / "right", answers=answers, **parts)
    assert column(frame, "two") == ["yea", "not_routed", "yea", "not_routed"]
    assert column(frame, "three") == ["yea", "yea", "yea", "not_routed"]
    skipped = log[log["what"] == "gate_skipped"].set_index("question")["n"].to_dict()
    assert skipped == {"two": 1, "three": 1}
    # Who says no to one was not asked two, and so not three.
    with pytest.raises(DataError, match="three is answered although routing leaves it out"):
        read(tmp_path / "wrong", answers=changed(answers, ("n,,\n", "n,,y\n")), **parts)


def test_signs_that_no_one_sees_are_no_answer(tmp_path):
    frame, _ = read(tmp_path, answers=changed(ANSWERS, (",h@b.example,see above,", ",h@b.example,see above,\u200b")))
    assert column(frame, "wishes.money")[-1] == "not_answered"
