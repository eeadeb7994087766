"""What is wrong with exports and crosswalks is said in one go, with file, row, column and remedy; nothing is written."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

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
ROWS = ANSWERS.splitlines()[1:]

WRONG = {
    "unmapped value": {"answers.csv": answers(("c@b.example,Often", "c@b.example,Oftn"))},
    "unused row of values": {"values.csv": VALUES + ",use,,en,Sometimes,rarely,,\n"},
    "unused row of columns": {"columns.csv": COLUMNS + ",m3,marks,home,,\n"},
    "two rows for one value": {"values.csv": VALUES + ",use,,,nee ,yes,,\n"},
    "two rows for one column": {"columns.csv": COLUMNS + "answers.csv,MAIL,use,,,\n"},
    "option not offered": {"answers.csv": answers(("6,seller,en,ok,f@b.example,Yes", "6,seller,en,ok,f@b.example,Often"))},
    "item not offered": {"answers.csv": answers(('f@b.example,Yes,"Money, Peace"', "f@b.example,Yes,Time")),
                         "values.csv": values((",wishes,,en,Peace,peace,,\n", ",wishes,,en,Peace,peace,,\n,wishes,,en,Time,time,,\n"))},
    "a tick above the limit": {"answers.csv": answers(("Zelden,\"Tijd, rust\"", "Zelden,\"Geld, Tijd, rust, Vrede\""))},
    "a rank given twice": {"answers.csv": answers((",x,x,,,home,work,", ",x,x,,,home,home,"))},
    "a value out of scale": {"answers.csv": answers((",home,work,5,4,", ",home,work,6,4,"))},
    "a missing column": {"answers.csv": ANSWERS.replace("m2,saw", "mm2,saw")},
    "a repeated column": {"answers.csv": ANSWERS.replace("m1,m2", "m1,m1")},
    "in no group": {"answers.csv": answers(("4,L&D", "4,"), ("7,seller", "7,guest"))},
    "955 columns": {"answers.csv": "\n".join([WIDE, *(row + "," * 938 for row in ROWS)]) + "\n"},
    "unknown question in the instrument": {"instrument.csv": INSTRUMENT + "mark,inside,,,,,,,,\n"},
    "crosswalk without exports": {"wave.yml": "year: 2005\nevidence: published\ngroups: [{id: inside}, {id: outside}, {id: both}]\nnotes:\n  other_words: {nl: A., en: O.}\n",
                                  "published.csv": "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"},
    "routing contradicted": {"instrument.csv": instrument(("use=often|rarely", "use=often"))},
    "a gate that was not asked": {"instrument.csv": instrument((",,use=often|rarely", ",,use=often|rarely"), ("use,inside,,,,d,join_with_note,other_words,,\n", ""))},
    "answered by a group not asked": {"instrument.csv": instrument(("tools,outside", "tools,inside"))},
    "spread columns that disagree": {"columns.csv": columns((",h2,hopes,time,,", ",h2,use,,,")), "values.csv": VALUES + ",use,,nl,x,no,,\n"},
    "dropped without reason": {"columns.csv": columns((",mail,,,,personal data", ",mail,,,,")), "values.csv": values((",see above,,,not an answer", ",see above,,,"))},
    "expected empty but met": {"values.csv": values((",use,,en,Yes,yes,,", ",use,,en,Yes,yes,empty,"))},
    "wrong delimiter": {"wave.yml": wave(("rows: 10}", 'rows: 10, delimiter: ";"}'))},
    "wrong encoding": {"answers.csv": answers(("Zelden", "Zeldén")).encode("latin-1")},
    "cut short": {"answers.csv": ANSWERS[:-60]},
    "cut short at a row": {"answers.csv": "\n".join(ANSWERS.splitlines()[:8]) + "\n"},
    "empty": {"answers.csv": ""},
    "not there": {"answers.csv": None},
    "all wrong at once": {
        "answers.csv": answers(("c@b.example,Often", "c@b.example,Oftn"), (",home,work,5,4,", ",home,work,6,4,"), ("d@b.example,Nee", "d@b.example,Neen")),
        "values.csv": VALUES + ",use,,en,Sometimes,rarely,,\n,use,,en,Never,nevr,,\n",
    },
}


@pytest.mark.parametrize("name", WRONG)
def test_it(name, project, capsys):
    spoil(WRONG[name])
    a = said(capsys, "process"); b = said(capsys, "check")
    with open("/tmp/work/T_messages.txt", "a") as f:
        print("##", name, file=f)
        print("\n".join(a), file=f)
        if a != b:
            print("-- check:", file=f); print("\n".join(b), file=f)
