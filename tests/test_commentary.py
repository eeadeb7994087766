"""Commentary is filled in from claims; a sentence whose reference does not resolve is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from lnd_survey.cli import main
from lnd_survey.commentary import as_html, read_commentary
from lnd_survey.errors import DataError
from lnd_survey.survey import Survey, open_survey

CLAIMS = """\
peace,text insight 1,een woord,a word,value,25,2003/inside/wishes/peace,
mark,text insight 1,een woord,a word,value,"6,69",2003/inside/marks/money//mean,
half,text insight 1,een woord,a word,ratio,2.4,2003/inside/wishes/money; 2003/inside/wishes/peace,
most,text insight 1,een woord,a word,falls,yes,2003/inside/wishes/money; 2003/inside/wishes/time,
wrong,text insight 1,een woord,a word,value,99,2003/inside/wishes/time,
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
    ],
)
def test_what_does_not_resolve_is_an_error_with_its_place(data, text, said):
    with pytest.raises(DataError) as error:
        read_commentary(written(data, text), year=2003, languages=["nl"])
    assert said in str(error.value)
    assert "01.md" in str(error.value)


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
