"""What is wrong with exports is said in one go, with file, row, column and remedy; nothing is written."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from drawn_wave import ANSWERS, COLUMNS, INSTRUMENT, VALUES, WAVE, changed, write_wave

from lnd_survey.cli import main

RAW = Path("data/raw/2005")


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """The drawn wave, processed."""
    folder = tmp_path_factory.mktemp("good")
    assert main(["--data", str(write_wave(folder)), "process"]) == 0
    return folder


@pytest.fixture
def project(good, tmp_path, monkeypatch):
    """A copy of it, to be spoilt, as the working directory."""
    shutil.copytree(good, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def processed() -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in Path("data/processed").rglob("*") if path.is_file()}


def spoil(parts: dict[str, str | bytes | None]) -> None:
    for name, content in parts.items():
        if content is None:
            (RAW / name).unlink()
        else:
            (RAW / name).write_bytes(content.encode() if isinstance(content, str) else content)


def said(capsys, command: str) -> list[str]:
    """What a command says is wrong; that it leaves alone what was there is checked as well."""
    before = processed()
    capsys.readouterr()
    assert main([command]) == 1
    output = capsys.readouterr()
    assert output.out == ""
    assert processed() == before
    assert sorted(path.name for path in Path("data/processed").iterdir()) == [".2005.lock", "2005"]
    lines = output.err.splitlines()
    assert "Traceback" not in output.err
    if len(lines) > 1:
        assert lines[0] == f"{len(lines) - 1} problems:"
    return lines[len(lines) > 1 :]


def wave(*changes: tuple[str, str]) -> str:
    return changed(WAVE, *changes)


def answers(*changes: tuple[str, str]) -> str:
    return changed(ANSWERS, *changes)


def columns(*changes: tuple[str, str]) -> str:
    return changed(COLUMNS, *changes)


def values(*changes: tuple[str, str]) -> str:
    return changed(VALUES, *changes)


def instrument(*changes: tuple[str, str]) -> str:
    return changed(INSTRUMENT, *changes)


WIDE = ",".join([ANSWERS.splitlines()[0], *(f"free{place}" for place in range(938))])

PUBLISHED = "year: 2005\nevidence: published\ngroups: [{id: inside}, {id: outside}, {id: both}]\n"
PRINTED = "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"
PRINTED_INSTRUMENT = changed(INSTRUMENT, ("d,join_with_note,other_words", ",,"))
ANY_OTHER = "Check the header with lnd-survey inspect, or remove the row."
IN_NO_FILE = "is in no file. Remove the row, correct the value, or write empty in the column expected."
OF_USE = "no, yes, often, rarely, unknown, @not_answered, @refused"
GIVE_A_ROW = "Give it a row in {raw}/values.csv."


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def workbook(rows: list[list[object]]) -> bytes:
    import xlsxwriter

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
    return content.getvalue()


# What is spoilt, and what is said of it; `{raw}` stands for the folder of the wave.
WRONG = {
    "unmapped value": (
        {"answers.csv": answers(("c@b.example,Often", "c@b.example,Oftn"))},
        [
            "{raw}/answers.csv, row 5, column use: 'Oftn' has no row in values.csv for use (1 respondent, row 5). "
            f"{GIVE_A_ROW} Nearest: often. It can be {OF_USE}.",
            f"{{raw}}/values.csv, row 15, column value: 'Often' of use {IN_NO_FILE}",
        ],
    ),
    "unmapped value of many": (
        {"answers.csv": answers(("e@b.example,Weet niet", "e@b.example,?")).replace("have,", "got,")},
        [
            "{raw}/answers.csv, row 7, column use: '?' has no row in values.csv for use (1 respondent, row 7). "
            f"{GIVE_A_ROW} It can be {OF_USE}.",
            "{raw}/answers.csv, row 8, column saw: 'got' has no row in values.csv for tools "
            f"(2 respondents, rows 8, 9). {GIVE_A_ROW} It can be have, none_yet, @not_answered, @dont_know, @refused.",
            f"{{raw}}/values.csv, row 12, column value: 'Weet niet' of use {IN_NO_FILE}",
        ],
    ),
    "unused row of values.csv": (
        {"values.csv": VALUES + ",use,,en,Sometimes,rarely,,\n"},
        [f"{{raw}}/values.csv, row 30, column value: 'Sometimes' of use {IN_NO_FILE}"],
    ),
    "unused row of columns.csv": (
        {"columns.csv": COLUMNS + ",m3,marks,home,,\n"},
        [f"{{raw}}/columns.csv, row 19, column column: no file has column 'm3'. {ANY_OTHER}"],
    ),
    "two rows for one value": (
        {"values.csv": VALUES + ",use,,,nee ,yes,,\n"},
        [
            "{raw}/values.csv, row 30, column value: 'nee' stands already in row 8. "
            "Keep one row for each value, or tell them apart by file, item or language."
        ],
    ),
    "two rows for one column": (
        {"columns.csv": "file,column,question,item,rank,reason\nanswers.csv,MAIL,use,,,\n" + COLUMNS.split("\n", 1)[1]},
        [
            "{raw}/columns.csv, row 7, column column: 'mail' stands already in row 2. "
            "Keep one row for each thing that a column holds."
        ],
    ),
    "option not offered but chosen": (
        {"answers.csv": answers(("f@b.example,Yes", "f@b.example,Often"))},
        [
            "{raw}/answers.csv, row 8, column use: use: 'often' was not offered to outside, but chosen "
            "(1 respondent, row 8). Map the value to one of no, yes, unknown, or add it to offered in instrument.csv.",
            f"{{raw}}/values.csv, row 14, column value: 'Yes' of use {IN_NO_FILE}",
        ],
    ),
    "item not offered but chosen": (
        {
            "answers.csv": answers(('Yes,"Money, Peace"', 'Yes,"Money, Time"')),
            "values.csv": VALUES + ",wishes,,en,Time,time,,\n",
        },
        [
            "{raw}/answers.csv, row 8, column wishes: wishes: 'time' was not offered to outside, but chosen "
            "(1 respondent, row 8). Map the value to one of money, peace, or add it to offered in instrument.csv."
        ],
    ),
    "a tick above an enforced limit": (
        {"answers.csv": answers(('Zelden,"Tijd, rust"', 'Zelden,"Geld, Tijd, rust, Vrede"'))},
        [
            "{raw}/answers.csv, row 3, column wishes: more than 2 of wishes ticked (1 respondent, row 3). "
            "If more could be ticked, write limit_enforced: no in instrument.csv."
        ],
    ),
    "an item with two ranks": (
        {"answers.csv": answers((",x,x,,,home,work,", ",x,x,,,home,home,"))},
        [
            "{raw}/answers.csv, row 3, column second: 'home' has two ranks (1 respondent, row 3). "
            "An item can have one rank only."
        ],
    ),
    "a rank given twice": (
        {
            "columns.csv": columns(
                (",first,order,,1,", ",first,order,home,,"), (",second,order,,2,", ",second,order,work,,")
            ),
            "values.csv": values((",order,,,home,home,,\n,order,,,work,work,,\n", "")),
            "answers.csv": answers(
                (",x,,,,home,work,", ",x,,,,1,2,"),
                (",x,x,,,home,work,", ",x,x,,,2,2,"),
                (",x,work,home,", ",x,2,1,"),
                (",home,,,,,\n", ",1,,,,,\n"),
            ),
        },
        [
            "{raw}/answers.csv, row 3, column first: rank 2 of order is given twice (1 respondent, row 3). "
            "Ranks must differ."
        ],
    ),
    "a value out of the scale": (
        {"answers.csv": answers((",home,work,5,4,", ",home,work,6,4,"))},
        [
            "{raw}/answers.csv, row 2, column m1: '6' is not between 1 and 5 (1 respondent, row 2). "
            f"{GIVE_A_ROW[:-1]}, or correct the scale in the codebook."
        ],
    ),
    "a missing column": (
        {"answers.csv": answers(("m2,saw", "mm2,saw"))},
        [
            "{raw}/answers.csv: 1 of 17 columns without a row in columns.csv: 'mm2'. "
            "Give each a question, or a reason why it is dropped, in {raw}/columns.csv.",
            f"{{raw}}/columns.csv, row 16, column column: no file has column 'm2'. "
            f"Nearest: mm2. Allowed: mm2. {ANY_OTHER}",
        ],
    ),
    "a repeated column": (
        {"answers.csv": answers(("m1,m2", "m1,m1"))},
        [
            "{raw}/answers.csv: 1 of 17 columns without a row in columns.csv: 'm1 [2]'. "
            "Give each a question, or a reason why it is dropped, in {raw}/columns.csv.",
            "{raw}/columns.csv, row 16, column column: no file has column 'm2'. "
            f"Nearest: m1 [2]. Allowed: m1 [2]. {ANY_OTHER}",
        ],
    ),
    "no column for a question": (
        {"columns.csv": columns((",saw,tools,saw,,", ",saw,,,,left out"), (",axe,tools,axe,,", ",axe,,,,left out"))},
        [
            "{raw}/answers.csv: tools was asked of outside, but no column holds it. "
            "Give its column a row in {raw}/columns.csv, or correct instrument.csv.",
            *(
                f"{{raw}}/values.csv, row {row}, column value: {value!r} of tools {IN_NO_FILE}"
                for row, value in ((27, "have"), (28, "soon"), (29, "never"))
            ),
        ],
    ),
    "respondents in no group": (
        {"answers.csv": answers(("4,L&D", "4,"), ("7,seller", "7,guest"))},
        [
            "{raw}/answers.csv, row 9, column kind: 'guest' has no row in values.csv for @group (1 respondent, row 9). "
            f"{GIVE_A_ROW} It can be inside, outside.",
            "{raw}/answers.csv, row 6, column kind: responses without a group (1 respondent, row 6). "
            "Fill in the group, or mark them as test entries (@test).",
        ],
    ),
    "nothing says the group": (
        {"columns.csv": columns((",kind,@group,,,", ",kind,,,,not needed"))},
        [
            "{raw}/answers.csv: no column says of which group a response is. "
            "Give one column the question @group in columns.csv, or say group: in wave.yml."
        ],
    ),
    "a pooled group in the crosswalk": (
        {"values.csv": values((",@group,,,seller,outside,,", ",@group,,,seller,both,,"))},
        ["{raw}/values.csv, row 3, column option: 'both' is not known. Allowed: inside, outside."],
    ),
    "a file of 955 columns": (
        {"answers.csv": "\n".join([WIDE, *(row + "," * 938 for row in ANSWERS.splitlines()[1:])]) + "\n"},
        [
            "{raw}/answers.csv: 938 of 955 columns without a row in columns.csv: 'free0', 'free1', 'free2', 'free3', "
            "'free4', 'free5', 'free6', 'free7' and 930 more. "
            "Give each a question, or a reason why it is dropped, in {raw}/columns.csv."
        ],
    ),
    "an unknown question in instrument.csv": (
        {"instrument.csv": INSTRUMENT + "mark,inside,,,,,,,,\n"},
        [
            "{raw}/instrument.csv, row 14, column question: 'mark' is not known. Nearest: marks. "
            "Allowed: people, use, wishes, hopes, most_wanted, order, marks, tools."
        ],
    ),
    "a crosswalk of a published wave": (
        {"wave.yml": PUBLISHED, "published.csv": PRINTED, "instrument.csv": PRINTED_INSTRUMENT},
        [
            f"{{raw}}/{name}: is a crosswalk, but 2005 is only published. "
            "Name the export files under exports in wave.yml, or remove this file."
            for name in ("columns.csv", "values.csv")
        ],
    ),
    "no crosswalk": (
        {"columns.csv": None, "values.csv": None},
        [
            "{raw}/columns.csv: is not there, but wave.yml names exports. "
            "Its first row is file,column,question,item,rank,reason; lnd-survey inspect FILE --columns "
            "writes one to begin with.",
            "{raw}/values.csv: is not there, but wave.yml names exports. "
            "Its first row is file,question,item,language,value,option,expected,reason; "
            "lnd-survey check --values writes one to begin with.",
        ],
    ),
    "routing contradicted": (
        {"instrument.csv": instrument(("use=often|rarely", "use=often"))},
        [
            "{raw}/answers.csv, row 3, column h1: hopes is answered although routing leaves it out "
            "(1 respondent, row 3). Correct asked_if in instrument.csv, or the question that decides."
        ],
    ),
    "routing by a question that was not asked": (
        {
            "instrument.csv": instrument(
                ("use,outside,,,,,,,no yes unknown,\n", ""), ("tools,outside,,,,,,,,", "tools,outside,,,,,,,,use=no")
            ),
            "answers.csv": answers(
                ("f@b.example,Yes", "f@b.example,"),
                ("g@b.example,No", "g@b.example,"),
                ("h@b.example,see above", "h@b.example,"),
                ("4,L&D,nl,ok,d@b.example,Nee", "4,L&D,en,ok,d@b.example,No"),
            ),
            "values.csv": values(
                (",use,,nl,Nee,no,,", ",use,,nl,Nee,no,empty,"),
                (",use,,en,Yes,yes,,", ",use,,en,Yes,yes,empty,"),
                (",use,,en,see above,,,not an answer\n", ""),
            ),
        },
        [
            "{raw}/instrument.csv, row 12, column asked_if: whether outside was asked tools goes by use, which outside "
            "was not asked. Give use a row for outside, or empty asked_if."
        ],
    ),
    "answered by a group not asked": (
        {"instrument.csv": instrument(("tools,outside", "tools,inside"))},
        [
            "{raw}/answers.csv, row 8, column saw: tools is answered by outside, who were not asked "
            "(3 respondents, rows 8, 9, 10). "
            "Give the question a row for that group in instrument.csv, or drop the column for that file."
        ],
    ),
    "spread columns that disagree": (
        {"columns.csv": columns((",h2,hopes,time,,", ",h2,use,,,")), "values.csv": VALUES + ",use,,nl,x,no,,\n"},
        [
            "{raw}/answers.csv, row 3, column h2: another column of use says something else (1 respondent, row 3). "
            "Only one of the columns of a question may be filled."
        ],
    ),
    "dropped without a reason": (
        {
            "columns.csv": columns((",mail,,,,personal data", ",mail,,,,")),
            "values.csv": values((",see above,,,not an answer", ",see above,,,")),
        },
        [
            "{raw}/columns.csv, row 6, column reason: dropped without a reason. "
            "Fill in question, or say why it is dropped.",
            "{raw}/values.csv, row 17, column reason: dropped without a reason. "
            "Fill in option, or say why it is dropped.",
        ],
    ),
    "expected to be empty but met": (
        {"values.csv": values((",use,,en,Yes,yes,,", ",use,,en,Yes,yes,empty,"))},
        [
            "{raw}/values.csv, row 14, column value: 'Yes' is expected to be empty, but occurs (1 ×). "
            "Empty the column expected."
        ],
    ),
    "a value its column cannot hold": (
        {"values.csv": values((",hopes,,,x,@selected,,", ",hopes,,,x,peace,,"))},
        [
            f"{{raw}}/answers.csv, row {row}, column {column}: values.csv makes 'x' 'peace', which this column cannot "
            f"hold ({respondents}). {nearest}"
            for row, column, respondents, nearest in (
                (
                    2,
                    "h1",
                    "2 respondents, rows 2, 3",
                    "Allowed: @selected, money, @none, @dont_know, @refused, @not_selected, @not_answered.",
                ),
                (
                    3,
                    "h2",
                    "1 respondent, row 3",
                    "Allowed: @selected, time, @none, @dont_know, @refused, @not_selected, @not_answered.",
                ),
                (
                    5,
                    "h0",
                    "1 respondent, row 5",
                    "Allowed: @selected, @none, @dont_know, @refused, @not_selected, @not_answered.",
                ),
            )
        ],
    ),
    "a tick in a cell of several": (
        {"values.csv": values((",wishes,,nl,Geld,money,,", ",wishes,,nl,Geld,@selected,,"))},
        [
            "{raw}/answers.csv, row 2, column wishes: values.csv makes 'Geld' '@selected', which this column cannot "
            "hold (1 respondent, row 2). Allowed: gains, money, time, peace, @none, @dont_know, @refused."
        ],
    ),
    "a column of what is computed": (
        {
            "columns.csv": columns((",mail,,,,personal data", ",mail,most_wanted,,1,")),
            "instrument.csv": INSTRUMENT + "most_wanted,inside,,,,,,,,\n",
        },
        ["{raw}/columns.csv, row 6, column question: most_wanted is computed, not asked. Leave it out."],
    ),
    "a missing kind that is an option": (
        {"values.csv": values((",Weet niet,unknown,,", ",Weet niet,@dont_know,,"))},
        [
            "{raw}/values.csv, row 12, column option: '@dont_know' is not known. Nearest: unknown. "
            "Allowed: no, yes, often, rarely, unknown, @not_answered, @refused."
        ],
    ),
    "duplicates and tests without a rule": (
        {"wave.yml": wave(("  exclude: {duplicates: last, test_entries: true}\n", ""))},
        [
            "{raw}/columns.csv, row 5, column question: @test is there, but wave.yml has no rule for test entries. "
            "Say in wave.yml: exclude: {test_entries: true}.",
            "{raw}/answers.csv, row 5, column id: the same respondent answers more than once (1 respondent, row 5). "
            "Say in wave.yml which entry counts: exclude: {duplicates: last}.",
        ],
    ),
    "a rule without its column": (
        {
            "columns.csv": columns(
                (",id,@respondent,,,", ",id,,,,not needed"), (",status,@test,,,", ",status,,,,not needed")
            ),
            "values.csv": values((",@test,,,test,@test,,\n,@test,,,ok,@real,,\n", "")),
            "answers.csv": answers(("nonsense", "No")),
        },
        [
            "{raw}/columns.csv: wave.yml leaves out test entries, but no column says which they are. "
            "Give the column that says so the question @test.",
            "{raw}/columns.csv: wave.yml leaves out duplicates, but no column says who the respondent is. "
            "Give the column that says so the question @respondent.",
        ],
    ),
    "a rule about files without ids": (
        {
            "columns.csv": columns((",id,@respondent,,,", ",id,,,,not needed")),
            "wave.yml": wave(("duplicates: last", "across_files: false")),
        },
        [
            "{raw}/columns.csv: wave.yml leaves out duplicates, but no column says who the respondent is. "
            "Give the column that says so the question @respondent."
        ],
    ),
    "values of rows that do not count": (
        {
            "values.csv": VALUES + ",use,,en,nonsense,no,,\n,wishes,,en,Fame,peace,,\n,hopes,,,y,@selected,,\n",
            "answers.csv": answers(
                ("nonsense,,,", 'nonsense,"Money, Fame",y,'), ("3,L&D,en,ok,c@b.example,No,Peace", "3,L&D,en,ok,,No,")
            ),
        },
        [
            f"{{raw}}/values.csv, row {row}, column value: {value} occurs only in rows that do not count. "
            "Write empty in the column expected."
            for row, value in ((30, "'nonsense' of use"), (31, "'Fame' of wishes"), (32, "'y' of hopes"))
        ],
    ),
    "a cell that can be taken apart in several ways": (
        {"values.csv": VALUES + ",wishes,,nl,Tijd,peace,empty,\n,wishes,,nl,rust,money,empty,\n"},
        [
            f"{{raw}}/answers.csv, row {row}, column wishes: {cell} can be taken apart in 2 ways: {ways} "
            f"(1 respondent, row {row}). "
            "Export a column for each option, or with a separator that is in none of them, and declare it."
            for row, cell, ways in (
                (
                    2,
                    "'Geld, Tijd, rust'",
                    "'Geld' and 'Tijd, rust', or 'Geld' and 'Tijd' and 'rust'",
                ),
                (3, "'Tijd, rust'", "'Tijd, rust', or 'Tijd' and 'rust'"),
            )
        ],
    ),
    "a wrong delimiter": (
        {"wave.yml": wave(("rows: 10}", 'rows: 10, delimiter: ";"}'))},
        [
            "{raw}/answers.csv: has no rows of equally many cells with delimiter ';'. "
            'Declare delimiter: ",", with which its rows have 17.'
        ],
    ),
    "a wrong encoding": (
        {"answers.csv": answers(("Zelden", "Zeldén")).encode("latin-1")},
        ["{raw}/answers.csv, row 3: has bytes that are not utf-8. Declare encoding: windows-1252."],
    ),
    "cut short in a row": (
        {"answers.csv": ANSWERS[:-60]},
        [
            "{raw}/answers.csv, row 10: ends in the middle of a row: 11 cells, the header has 17. "
            "It was cut short: export it again."
        ],
    ),
    "cut short at the end of a row": (
        {"answers.csv": "".join(ANSWERS.splitlines(keepends=True)[:8])},
        [
            "{raw}/answers.csv: holds 7 responses, declared are 10. "
            "It was cut short, or is another file: export it again, or declare rows: 7."
        ],
    ),
    "empty": ({"answers.csv": ""}, ["{raw}/answers.csv: is empty. Export it again."]),
    "not there": (
        {"answers.csv": None},
        [
            "{raw}/answers.csv: is not there. Nearest: values.csv, instrument.csv, columns.csv. "
            "Allowed: columns.csv, instrument.csv, values.csv, wave.yml."
        ],
    ),
    "an .ods named .csv": (
        {"answers.csv": zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet", content="x")},
        ["{raw}/answers.csv: is an OpenDocument spreadsheet and not csv. Declare format: ods."],
    ),
    "a summary workbook": (
        {
            "answers.xlsx": workbook(
                [["Which?"], ["Answer Choices", "Responses", ""], ["Film", "64%", 16], ["Book", "36%", 9]]
            ),
            "wave.yml": wave(("name: answers.csv, format: csv", "name: answers.xlsx, format: xlsx")),
        },
        [
            "{raw}/answers.xlsx: is a summary, with counts and percentages by question, and not the answers "
            "themselves. Export all individual responses."
        ],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_clear_error_and_nothing_written(name, project, capsys):
    parts, expected = WRONG[name]
    spoil(parts)
    lines = [line.replace("{raw}", str(RAW)) for line in expected]
    assert said(capsys, "process") == lines
    assert said(capsys, "check") == lines


def test_a_value_that_an_spss_file_declares_missing(project, capsys):
    import pyreadstat

    frame = pd.DataFrame({"mark": [5.0, 9.0, 4.0, 9.0, 3.0], "point": [1.0, 5.0, 2.0, 2.0, 5.0]})
    ranges = {"mark": [{"lo": 9.0, "hi": 9.0}], "point": [{"lo": 5.0, "hi": 5.0}]}
    pyreadstat.write_sav(frame, RAW / "answers.sav", missing_ranges=ranges)
    of_one_question = {
        "wave.yml": "year: 2005\nevidence: survey\ngroups: [{id: inside}]\nexports:\n  evidence: survey\n"
        "  files: [{name: answers.sav, format: sav, rows: 5, group: inside}]\n",
        "instrument.csv": INSTRUMENT.splitlines()[0] + "\nmarks,inside,,,,,,,,\n",
        "columns.csv": "file,column,question,item,rank,reason\n,mark,marks,home,,\n,point,marks,work,,\n",
        "values.csv": "file,question,item,language,value,option,expected,reason\n,marks,,,9,4,,\n",
    }
    spoil(of_one_question)
    assert said(capsys, "check") == [
        f"{RAW}/answers.sav, row 2, column mark: the file declares '9' missing, but values.csv row 2 makes it '4' "
        "(2 respondents, rows 2, 4). Map it to a missing kind, or drop it with a reason.",
        f"{RAW}/answers.sav, row 2, column point: the file declares '5' missing, and it has no row in values.csv for "
        f"marks (2 respondents, rows 2, 5). Give it a row in {RAW}/values.csv that says which missing kind it is.",
    ]
    values = of_one_question["values.csv"].replace("9,4,,", "9,@refused,,") + ",marks,work,,5,,,a test of the form\n"
    spoil({"values.csv": values})
    assert main(["check"]) == 0


def test_everything_at_once(project, capsys):
    spoil(
        {
            "answers.csv": answers(
                ("c@b.example,Often", "c@b.example,Oftn"),
                (",home,work,5,4,", ",home,work,6,4,"),
                ("g@b.example,No,None of these", "g@b.example,No,None"),
                ("have,never", "have,nevr"),
            ),
            "columns.csv": columns((",m2,marks,work,,", ",m2,marks,,,")),
            "values.csv": VALUES + ",use,,en,Never,nver,,\n",
            "instrument.csv": INSTRUMENT + "mark,inside,,,,,,,,\n",
        }
    )
    assert [line.split(". ")[0].removeprefix(f"{RAW}/") for line in said(capsys, "check")] == [
        "instrument.csv, row 14, column question: 'mark' is not known",
        "columns.csv, row 16, column item: a column of marks needs an item",
        "values.csv, row 30, column option: 'nver' is not known",
        "answers.csv, row 5, column use: 'Oftn' has no row in values.csv for use (1 respondent, row 5)",
        "answers.csv, row 9, column wishes: 'None' has no row in values.csv for wishes (1 respondent, row 9)",
        "answers.csv, row 2, column m1: '6' is not between 1 and 5 (1 respondent, row 2)",
        "answers.csv, row 9, column axe: 'nevr' has no row in values.csv for tools (1 respondent, row 9)",
    ]


def test_free_text_that_was_taken_for_answers(project, capsys):
    cells = ["id,kind,text", *(f"{place},L&D,word {place}" for place in range(1, 31))]
    spoil(
        {
            "answers.csv": "\n".join(cells) + "\n",
            "wave.yml": wave(("rows: 10", "rows: 30, language: nl"), (", test_entries: true", "")),
            "instrument.csv": INSTRUMENT.splitlines()[0] + "\nuse,inside,,,,,,,,\n",
            "columns.csv": "file,column,question,item,rank,reason\n,id,@respondent,,,\n,kind,@group,,,\n,text,use,,,\n",
            "values.csv": "file,question,item,language,value,option,expected,reason\n,@group,,,L&D,inside,,\n",
        }
    )
    lines = said(capsys, "check")
    assert len(lines) == 21
    assert lines[-1] == (
        f"{RAW}/answers.csv, column text: 10 more values of use are wrong. "
        "If this is free text, drop the column in columns.csv."
    )


# A description that is itself wrong must not keep `check` from reading on.
FLAWED = {
    "a group of a file": ("wave.yml", wave(("rows: 10}", "rows: 10, group: insid}")), "group 'insid' is not a group"),
    "a language of a file": (
        "wave.yml",
        wave(("rows: 10}", "rows: 10, language: fr}")),
        "language 'fr' is not a language",
    ),
    "a file twice": (
        "wave.yml",
        wave(("rows: 10}", "rows: 10}\n    - {name: answers.csv, format: csv, rows: 10}")),
        "file 'answers.csv' stands twice",
    ),
    "a language of a value": (
        "values.csv",
        values((",@language,,,en,en,,", ",@language,,,en,eng,,")),
        "'eng' is not known",
    ),
    "a scale without item": ("columns.csv", columns((",m2,marks,work,,", ",m2,marks,,,")), "needs an item"),
    "a rank that is none": ("columns.csv", columns((",first,order,,1,", ",first,order,,one,")), "'one' is not known"),
    "an item that is none": (
        "columns.csv",
        columns((",saw,tools,saw,,", ",saw,tools,sw,,")),
        "'sw' is not known. Nearest: saw",
    ),
    "routing by nothing": (
        "instrument.csv",
        instrument(("use=often|rarely", "user=often")),
        "question 'user' is not known",
    ),
    "routing by no option": (
        "instrument.csv",
        instrument(("use=often|rarely", "use=oft")),
        "'oft' is not an option of use",
    ),
    "an offer of nothing": (
        "instrument.csv",
        instrument(("money peace", "money peas")),
        "'peas' is not known of wishes",
    ),
    "a group that is none": ("instrument.csv", instrument(("tools,outside", "tools,outsid")), "'outsid' is not known"),
    "a pool of nothing": (
        "wave.yml",
        wave(("pools: [inside, outside]", "pools: [inside, there]")),
        "both cannot pool 'there'",
    ),
}


@pytest.mark.parametrize("name", FLAWED)
def test_a_flawed_description_is_said_and_the_rest_is_read(name, project, capsys):
    file, text, expected = FLAWED[name]
    spoil({file: text, "answers.csv": answers((",home,work,5,4,", ",home,work,66,4,"))})
    lines = said(capsys, "check")
    assert any(line.startswith(f"{RAW}/{file}, row ") and expected in line for line in lines), lines


def test_problems_of_several_years_come_together(project, capsys):
    shutil.copytree(RAW, RAW.with_name("2006"))
    other = RAW.with_name("2006")
    (other / "wave.yml").write_text(wave(("year: 2005", "year: 2006")), encoding="utf-8")
    for folder in (RAW, other):
        (folder / "answers.csv").write_text(answers((",home,work,5,4,", ",home,work,6,4,")), encoding="utf-8")
    assert [line.split(",")[0] for line in said(capsys, "check")] == [f"data/raw/{y}/answers.csv" for y in (2005, 2006)]
