"""Commentary is filled in from claims; a sentence whose reference does not resolve is an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_wave import CODEBOOK, WAVE, write_wave

from lnd_survey.cli import main
from lnd_survey.commentary import as_html, read_commentary
from lnd_survey.errors import DataError
from lnd_survey.survey import Survey, open_survey

CLAIMS = """\
peace,text insight 1,een woord,a word,value,25,2003/inside/wishes/peace,
mark,text insight 1,een woord,a word,value,"6,69",2003/inside/marks/money//mean,
apart,text insight 1,een woord,a word,difference,-35,2003/inside/wishes/peace; 2003/inside/wishes/money,
half,text insight 1,een woord,a word,ratio,2.4,2003/inside/wishes/money; 2003/inside/wishes/peace,
most,text insight 1,een woord,a word,falls,yes,2003/inside/wishes/money; 2003/inside/wishes/time,
wrong,text insight 1,een woord,a word,value,99,2003/inside/wishes/time,
"""
CHAPTER = """\
chapters:
  - {number: 1, id: one, title: {nl: Een, en: One}, intro: {nl: Een., en: One.}}
words:
  sample_sign: {nl: °, en: °}
"""


def written(data: Path, text: str, *, name: str = "01", lang: str = "nl") -> Survey:
    wave = data / "raw" / "2003"
    (wave / "claims.csv").write_text(f"claim,place,nl,en,rule,value,cells,tolerance\n{CLAIMS}", encoding="utf-8")
    (wave / "commentary" / lang).mkdir(parents=True, exist_ok=True)
    (wave / "commentary" / lang / f"{name}.md").write_text(text, encoding="utf-8")
    return open_survey(data)


@pytest.mark.parametrize(("lang", "filled"), [("nl", "Rust: 25%, 6,69 en 2,4."), ("en", "Rust: 25%, 6.69 en 2.4.")])
def test_a_reference_becomes_the_computed_number_in_the_language(data, lang, filled):
    survey = written(data, "Rust: {{ peace }}, {{mark}} en {{ half }}.", lang=lang)
    assert read_commentary(survey, year=2003, languages=[lang]) == {(lang, 1): filled}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("First.\n\nNow {{ peac }}.", "row 3, column 5: there is no claim 'peac'. Nearest: peace"),
        ("{{ wrong }}", "column 1: claim 'wrong' is contradicted"),
        ("{{ most }}", "claim 'most' is not a number"),
        ("a {{ peace", "column 3: '{{' has no counterpart"),
        (
            "{{ 2003/inside/wishes/peac }}",
            "there is no item 'peac' in '2003/inside/wishes/peac'. Nearest: peace",
        ),
        ("{{ 2003/wishes }}", "'2003/wishes' is not a cell. Write year/group/question/item/option/statistic."),
        ("{{ 2003/inside/wishes/* }}", "'2003/inside/wishes/*' is several numbers. Name one item"),
        ("{{ 2001/inside/wishes/peace }}", "there is no number '2001/inside/wishes/peace'. Nearest: "),
    ],
)
def test_what_does_not_resolve_is_an_error_with_its_place(data, text, said):
    with pytest.raises(DataError) as error:
        read_commentary(written(data, text), year=2003, languages=["nl"])
    assert said in str(error.value)
    assert "01.md" in str(error.value)


@pytest.mark.parametrize(
    ("name", "filled"),
    [("2003/inside/wishes/peace", "25%"), (" 2003/inside/marks/money//mean ", "6,69")],
)
def test_a_reference_may_name_a_number(data, name, filled):
    survey = written(data, f"Rust: {{{{{name}}}}}.")
    assert read_commentary(survey, year=2003, languages=["nl"]) == {("nl", 1): f"Rust: {filled}."}


@pytest.mark.parametrize(
    ("wave", "claimed", "filled"),
    [
        (WAVE, "60", "60% and 60%"),
        # Sample data are marked, and contradict nobody.
        (WAVE.replace("evidence: survey", "evidence: synthetic"), "55", "60%° and 60%°"),
    ],
)
def test_answers_of_respondents_fill_in_as_well(tmp_path, wave, claimed, filled):
    book = CODEBOOK + CHAPTER
    data = write_wave(tmp_path, wave=wave, codebook=book)
    folder = data / "raw" / "2005"
    claim = f"used,our text,gebruik,use,value,{claimed},2005/inside/use//yes,"
    (folder / "claims.csv").write_text(f"claim,place,nl,en,rule,value,cells,tolerance\n{claim}\n", encoding="utf-8")
    (folder / "commentary" / "en").mkdir(parents=True)
    text = "{{ used }} and {{ 2005/inside/use//yes }}"
    (folder / "commentary" / "en" / "01.md").write_text(text, encoding="utf-8")
    survey = open_survey(data, warn=0, suppress=0)
    assert read_commentary(survey, year=2005, languages=["en"]) == {("en", 1): filled}


def test_a_difference_of_shares_is_told_in_points(data):
    book = data / "codebook" / "survey.yml"
    points = '  points: {nl: "{number} ppt", en: "{number} pts"}\n'
    text = book.read_text(encoding="utf-8")
    book.write_text(text if "  points:" in text else text.rstrip() + "\n" + points, encoding="utf-8")
    survey = written(data, "{{ apart }}", lang="en")
    assert read_commentary(survey, year=2003, languages=["en"])["en", 1] == "−35 pts"


def test_what_other_evidence_would_tell_is_left_out_and_said_so(data):
    left_out = []
    asked = {"year": 2003, "languages": ["nl"], "evidence": "survey", "left_out": left_out}
    assert read_commentary(written(data, "{{ peace }}"), **asked) == {}
    assert "01.md: is left out: not all of its numbers are known with evidence 'survey'" in str(left_out[0])
    with pytest.raises(DataError, match="there is no claim 'peac'"):
        read_commentary(written(data, "{{ peac }}"), **asked)


def test_a_number_held_back_is_no_number_to_write_on(tmp_path):
    data = write_wave(tmp_path, codebook=CODEBOOK + CHAPTER)
    (data / "raw" / "2005" / "commentary" / "nl").mkdir(parents=True)
    (data / "raw" / "2005" / "commentary" / "nl" / "01.md").write_text("{{ 2005/outside/use//no }}", encoding="utf-8")
    with pytest.raises(DataError, match="there is no number '2005/outside/use//no'"):
        read_commentary(open_survey(data), year=2005, languages=["nl"])


def test_all_problems_are_said_at_once_also_by_check(data, capsys):
    written(data, "{{ peac }} {{ tme }}")
    written(data, "{{ peas }}", lang="en")
    assert main(["--data", str(data), "check"]) != 0
    said = capsys.readouterr().err
    assert [name in said for name in ("'peac'", "'tme'", "'peas'")] == [True, True, True]


def test_a_file_is_named_after_a_chapter(data):
    with pytest.raises(DataError, match="is not named after a chapter"):
        read_commentary(written(data, "Text.", name="99"), year=2003, languages=["nl"])


def test_only_harmless_text_comes_out():
    text = "<script>x</script> ![a](http://b) [c](javascript:d) **e**"
    assert as_html(text) == (
        "<p>&lt;script&gt;x&lt;/script&gt; ![a](http://b) [c](javascript:d) <strong>e</strong></p>"
    )
