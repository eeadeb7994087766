from __future__ import annotations

from pathlib import Path

import pytest
from drawn_survey import add_row_of_a_part

from lnd_survey.errors import DataError, UnknownNameError
from lnd_survey.series import ranks
from lnd_survey.survey import open_survey


def test_numbers_are_written_as_the_language_does(data: Path) -> None:
    survey = open_survey(data)
    dutch, english = survey.words("nl"), survey.words("en")
    assert dutch.value("mean", 6.69) == "6,69"
    assert english.value("mean", 6.69) == "6.69"
    assert english.value("share", 0.575, decimals=1) == "57.5%"
    assert [english.percent(share) for share in (0.0, 0.29, 1.0, -0.06)] == ["0%", "29%", "100%", "−6%"]
    assert english.number(-0.3) == "0"
    assert english.value("rank", 3.0) == "3"


def test_labels_and_wording_by_group(data: Path) -> None:
    words = open_survey(data).words("en")
    assert words.option("size", "five") == "5-9"
    assert words.question("wishes") == "Which wishes?"
    assert words.question("wishes", "outside") == "Which wishes of clients?"
    assert words.scale("marks") == (1, 7, "min", "max")
    with pytest.raises(UnknownNameError, match=r"no item of wishes 'pease'\. Nearest: peace"):
        words.item("wishes", "pease")
    with pytest.raises(UnknownNameError, match="no word 'n_iss'"):
        words.say("n_iss")


def test_the_footnotes_of_a_frame(data: Path) -> None:
    survey = open_survey(data)
    words = survey.words("en")
    frame = survey.estimates("wishes")
    assert words.base(frame) == "Inside: n = 40; Outside: n = 80"
    assert words.period(frame) == "June 2003"
    assert words.source(frame) == "Paper, figure 1"
    assert words.evidence(frame) == "published"
    assert words.notes(frame) == ["The text says 74."]
    assert words.notes(survey.estimates("wishes", groups="inside")) == []


def test_a_base_that_is_not_printed_is_said_not_guessed(data: Path) -> None:
    survey = open_survey(data)
    assert survey.words("en").base(survey.estimates("marks")) == "Inside: n not printed"
    frame = survey.estimates("size", years="all")
    assert survey.words("nl").base(frame) == "Extern: n = 80 (2003), n niet gedrukt voor 2001"


def test_notes_of_a_part_of_the_group_stay_with_the_part(data: Path) -> None:
    add_row_of_a_part(data, "wishes,peace,,inside,share,60,%,,,paper,text insight 1,,said_otherwise,language=nl")
    survey = open_survey(data)
    assert survey.words("en").notes(survey.estimates("wishes", groups="inside")) == []


def test_a_part_of_the_group_has_its_own_notes(data: Path) -> None:
    add_row_of_a_part(data, "size,,ten,outside,share,60,%,,,paper,text insight 1,,said_otherwise,language=nl")
    survey = open_survey(data)
    assert survey.words("en").notes(survey.estimates("size", split="language")) == ["The text says 74."]


def test_a_break_is_noted_only_for_the_question_that_has_earlier_years(data: Path) -> None:
    path = data / "raw" / "2003" / "instrument.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("harm,outside", "wishes,outside"), encoding="utf-8")
    survey = open_survey(data)
    assert "Other harm." not in survey.words("en").notes(survey.estimates(["size", "wishes"], years="all"))


def test_several_bases_of_one_year_are_told_as_a_range(data: Path) -> None:
    path = data / "raw" / "2003" / "published.csv"
    text = path.read_text(encoding="utf-8").replace(
        "wishes,time,,inside,share,50,%,0,40", "wishes,time,,inside,share,50,%,0,25"
    )
    path.write_text(text, encoding="utf-8")
    survey = open_survey(data)
    assert survey.words("en").base(survey.estimates("wishes", groups="inside")) == "Inside: n = 25–40"


def test_words_of_all_languages_ask_for_the_same_values(data: Path) -> None:
    path = data / "codebook" / "survey.yml"
    text = path.read_text(encoding="utf-8").replace('en: "n = {n}"', 'en: "n = {m}"')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=r"n_is: en has \['m'\] in braces, nl has \['n'\]"):
        open_survey(data)


def test_what_is_computed_and_what_is_not_known_is_said(data: Path) -> None:
    survey = open_survey(data)
    words = survey.words("en")
    sizes = survey.estimates("size", years="all")
    assert words.period(sizes) == "June 2003; not known for 2001"
    assert words.period(survey.estimates("size", years=2001)) == ""
    assert words.evidence(sizes) == "published, partly computed"
    assert words.evidence(survey.estimates("size", years=2001)) == "published"
    assert "computed among 3" in words.notes(ranks(survey.estimates("wishes")))
