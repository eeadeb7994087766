from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from drawn_survey import INSTRUMENT, add_row_of_a_part

from lnd_survey.errors import DataError, UnknownNameError
from lnd_survey.estimates import COLUMNS
from lnd_survey.survey import open_survey


def test_the_grammar_holds_with_and_without_rows(data: Path) -> None:
    survey = open_survey(data)
    assert tuple(survey.estimates("wishes").columns) == COLUMNS
    empty = survey.estimates("wishes", years=2001)
    assert tuple(empty.columns) == COLUMNS
    assert len(empty) == 0
    assert empty.dtypes.equals(survey.estimates("wishes").dtypes)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"question": "wish"}, "no question 'wish'. Nearest: wishes"),
        ({"question": "size", "groups": "inide"}, "no group 'inide'. Nearest: inside"),
        ({"question": "size", "years": 2002}, "no year 2002. Nearest: 200"),
        ({"question": "size", "years": "2003"}, "no choice of years '2003'. .*Allowed: all, a year as a number"),
        ({"question": "size", "years": [2003, "x"]}, "no year 'x'"),
        ({"question": "size", "split": "languag"}, "no split 'languag'"),
        ({"question": "size", "years": "al"}, "no choice of years 'al'. Nearest: all"),
        ({"question": "size", "evidence": "publshed"}, "no evidence 'publshed'. Nearest: published"),
        ({"question": "size", "options": "comon"}, "no level of options 'comon'. Nearest: common"),
        ({"question": "size", "rebase": "dontknow"}, "no rebasing 'dontknow'. Nearest: dont_know"),
    ],
)
def test_wrong_names_offer_the_nearest(data: Path, arguments: dict[str, object], said: str) -> None:
    survey = open_survey(data)
    question = arguments.pop("question")
    with pytest.raises(UnknownNameError, match=said):
        survey.estimates(question, **arguments)  # type: ignore[arg-type]


def test_rows_come_in_codebook_order(data: Path) -> None:
    frame = open_survey(data).estimates(["wishes", "size"])
    assert frame["question"].tolist() == ["wishes"] * 6 + ["size"] * 5
    assert frame["item"].tolist()[:3] == ["money", "time", "peace"]


def test_a_split_stands_in_front(data: Path) -> None:
    add_row_of_a_part(data, "size,,ten,outside,share,60,%,,,paper,text insight 1,,said_otherwise,language=nl")
    survey = open_survey(data)
    assert survey.estimates("size").query("option == 'ten'")["estimate"].tolist() == [0.3]
    frame = survey.estimates("size", split="language")
    assert frame.columns[0] == "language"
    assert frame[["language", "estimate"]].values.tolist() == [["nl", 0.6]]


def test_listings(data: Path) -> None:
    survey = open_survey(data)
    assert survey.years == (2001, 2003)
    listed = survey.questions(lang="en").set_index("question")
    assert listed.loc["size", ["name", "years", "groups"]].tolist() == ["Size", "2001, 2003", "outside"]
    assert survey.figures(lang="en")["title"].tolist() == ["Wishes?"]


def test_the_data_folder_is_found_upward(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = data.parent / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert open_survey().folder == data.resolve()
    assert open_survey(data.parent).folder == data.resolve()


def test_no_data_folder_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DataError, match=r"There is no data folder here or above\. Give the folder that contains"):
        open_survey()
    with pytest.raises(DataError, match="There is no data folder at elsewhere"):
        open_survey("elsewhere")


def test_wave_mistakes_are_told_together(data: Path) -> None:
    wave = data / "raw" / "2001" / "wave.yml"
    wave.write_text("year: 2002\nevidence: published\ngroups: [{id: outsde}]\nlanguages: [de]\n", encoding="utf-8")
    (data / "raw" / "2003" / "instrument.csv").write_text(
        "question,group,base,max_choices,limit_enforced,break,policy,note\nharm,outside,al,few,maybe,b,join,\n",
        encoding="utf-8",
    )
    with pytest.raises(DataError) as error:
        open_survey(data)
    message = str(error.value)
    for said in (
        "year 2002 stands in folder '2001'",
        "group 'outsde' is not known. Nearest: outside",
        "language 'de' is not known",
        "column base: 'al' is not known. Nearest: all",
        "column max_choices: 'few' is not a whole number",
        "column limit_enforced: 'maybe' is not allowed",
        "column policy: 'join' does not go with break 'b'. Allowed: cut",
        "column note: a break without a reason",
    ):
        assert said in message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("harme,outside,,,,,,", "column question: 'harme' is not known. Nearest: harm"),
        ("harm,outsde,,,,,,", "column group: 'outsde' is not known. Nearest: outside"),
        ("harm,outside,,,,,,nota", "column note: 'nota' is not a note of wave.yml"),
        ("harm,outside,,,,x,,", "column break: 'x' is not a break flag"),
        ("harm,outside,,,,,,\nharm,outside,,,,,,", "row 3, column question: 'harm' of 'outside' stands twice"),
    ],
)
def test_a_bad_row_of_the_instrument_is_named(data: Path, row: str, said: str) -> None:
    (data / "raw" / "2003" / "instrument.csv").write_text(f"{INSTRUMENT.splitlines()[0]}\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        open_survey(data)
    assert said in str(error.value)


def test_a_series_that_is_joined_has_no_flag_but_its_note(data: Path) -> None:
    path = data / "raw" / "2003" / "instrument.csv"
    path.write_text(INSTRUMENT.replace("join_with_note", "join"), encoding="utf-8")
    survey = open_survey(data)
    frame = survey.estimates("harm", years="all")
    assert not frame["status"].str.contains("d").any()
    assert "Other harm." in survey.words("en").notes(frame)


def test_the_base_of_an_instrument_reaches_the_rows(data: Path) -> None:
    codebook = data / "codebook" / "survey.yml"
    bases = "  - {id: all, ordinary: true"
    text = codebook.read_text(encoding="utf-8")
    codebook.write_text(
        text.replace(bases, "  - {id: asked, label: {nl: gevraagd, en: asked}}\n" + bases), encoding="utf-8"
    )
    path = data / "raw" / "2003" / "instrument.csv"
    path.write_text(INSTRUMENT.replace("harm,outside,,", "harm,outside,asked,"), encoding="utf-8")
    survey = open_survey(data)
    assert set(survey.estimates("harm")["base"]) == {"asked"}
    assert survey.words("en").base(survey.estimates("harm")) == "Outside: n = 80; asked"


def test_another_process_opens_the_same_survey(data: Path) -> None:
    survey = pickle.loads(pickle.dumps(open_survey(data, warn=7, suppress=3)))
    assert (survey.warn, survey.suppress, survey.years) == (7, 3, open_survey(data).years)
