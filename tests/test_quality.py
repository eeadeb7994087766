"""Tables on data quality: of a small wave what can be counted by hand, honest lines where there is nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from drawn_survey import write_data
from drawn_wave import WAVE, write_wave

import lnd_survey as lnd
from lnd_survey import quality
from lnd_survey.chapter import Chapter

ROOT = Path(__file__).parents[1]
WEIGHTS = """\
weights:
  - group: inside
    source: {nl: het register, en: the register}
    margins: {language: {nl: 50, en: 50}}
"""


def chapter_of(data: Path, year: int, *, evidence: str = "best") -> Chapter:
    """Give a drawn survey the words of the project, in its two languages."""
    book = data / "codebook"
    own = lnd.open_survey(data).codebook.words
    words = {}
    for path in sorted((ROOT / "data" / "codebook").glob("*words.yml")):
        words |= yaml.safe_load(path.read_text(encoding="utf-8"))["words"]
    drawn = {key: {lang: said[lang] for lang in ("nl", "en")} for key, said in words.items() if key not in own}
    (book / "words.yml").write_text(yaml.safe_dump({"words": drawn}, allow_unicode=True), encoding="utf-8")
    survey = lnd.open_survey(data, warn=0, suppress=0)
    return Chapter(survey, 1, year, "en", evidence, None)


@pytest.fixture(scope="module")
def wave(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return chapter_of(write_wave(tmp_path_factory.mktemp("wave"), wave=WAVE + WEIGHTS), 2005)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Chapter:
    return chapter_of(write_data(tmp_path_factory.mktemp("paper")), 2003)


def cells(chart: lnd.charts.Chart) -> list[list[str]]:
    return chart.texts.to_numpy().tolist()


def test_printed_numbers_have_their_place_and_base(paper):
    assert cells(quality.origins(paper))[0] == ["Size", "Outside", "published", "5", "Paper, figure 2"]
    assert cells(quality.bases(paper)) == [
        ["Inside", "everyone", "published", "2", "40"],
        ["Outside", "everyone", "published", "3", "80"],
    ]


def test_a_break_and_a_merge_are_told(paper):
    changed = "definition differs; the line goes on with a note"
    assert cells(quality.breaks(paper)) == [["Harm", "Outside", "2003", changed, "Other harm."]]
    assert ["Size", "5+ is 5-9, 10+"] in cells(quality.merges(paper))


def test_a_year_without_answers_says_so_for_each_table_of_answers(paper):
    for name in ("missing", "log", "weights", "claims"):
        chart = getattr(quality, name)(paper)
        assert (chart.kind, chart.texts) == ("nothing", None)
        assert "2003" in chart.subtitle


def test_answers_and_missing_ones_are_counted(wave):
    chart = quality.missing(wave)
    assert list(chart.texts.columns) == ["Question", "Group", "Answered", "Skipped", "Not applicable"]
    assert cells(chart) == [
        ["Use", "In", "5", "0", "0"],
        ["Use", "Out", "2", "1", "0"],
        ["Wishes", "In", "4", "1", "0"],
        ["Wishes", "Out", "2", "1", "0"],
        ["Hopes", "In", "3", "0", "2"],
        # One ranked nothing and another only the first; the rest of the cells are counted alike.
        ["Order", "In", "3–4", "1–2", "0"],
        ["Marks", "In", "2–3", "2–3", "0"],
        ["Tools", "Out", "2–3", "0–1", "0"],
    ]


def test_what_could_not_be_chosen_is_listed(wave):
    assert cells(quality.absent(wave)) == [
        ["Use", "Out", "not offered", "Often, Rarely"],
        ["Wishes", "Out", "not offered", "Time, rest"],
    ]


def test_a_question_that_only_another_year_printed_is_listed(tmp_path):
    earlier = chapter_of(write_data(tmp_path), 2001)
    assert cells(quality.absent(earlier)) == [
        ["Wishes", "Inside, Outside", "no number", "numbers in 2003"],
        ["Marks", "Inside", "no number", "numbers in 2003"],
    ]


def test_every_row_of_the_export_is_accounted_for(wave):
    told = {what: count for what, count, _ in cells(quality.log(wave))}
    assert told["Rows read"] == "10"
    assert (told["Left out: test entries"], told["Left out: duplicates"], told["Respondents who count"]) == (
        "1",
        "1",
        "8",
    )


def test_flags_are_counted_with_their_questions(wave):
    told = {flag: (count, questions) for flag, count, _, questions in cells(quality.flagged(wave))}
    assert told["definition differs"] == ("3", "Use")
    assert told["suppressed"] == ("0", "")


def test_weights_are_told_with_what_they_cost(wave):
    # Four of five answered in Dutch: weights 0.625 and 2.5; the design effect is 5 × (4 × 0.625² + 2.5²) / 5² = 1.5625.
    assert cells(quality.weights(wave)) == [
        ["In", "Language", "Nederlands", "50.0%", "80.0%", "50.0%", "1.56", "64%", "the register"],
        ["In", "Language", "English", "50.0%", "20.0%", "50.0%", "1.56", "64%", "the register"],
    ]


def test_who_has_no_level_of_a_margin_is_told_as_such(tmp_path):
    # One of five does not know, and stays a fifth; of the others no is 1 and yes 3, and both shall be half.
    weights = WEIGHTS.replace("language: {nl: 50, en: 50}", 'use: {"no": 50, "yes": 50}')
    told = cells(quality.weights(chapter_of(write_wave(tmp_path, wave=WAVE + weights), 2005)))
    assert [row[1:6] for row in told] == [
        ["Use", "No", "40.0%", "20.0%", "40.0%"],
        ["Use", "Yes", "40.0%", "60.0%", "40.0%"],
        ["Use", "No answer", "20.0%", "20.0%", "20.0%"],
    ]


def test_evidence_that_is_not_used_is_not_told(tmp_path):
    chapter = chapter_of(write_wave(tmp_path, wave=WAVE), 2005, evidence="published")
    for name in ("origins", "bases", "missing", "log", "flagged", "weights"):
        assert getattr(quality, name)(chapter).kind == "nothing", name


def test_what_sample_data_say_carries_their_sign(tmp_path):
    made_up = WAVE.replace("evidence: survey", "evidence: synthetic")
    chapter = chapter_of(write_wave(tmp_path, wave=made_up), 2005)
    chart = quality.missing(chapter)
    assert cells(chart)[0] == ["Use", "In", "5°", "0°", "0°"]
    assert chart.synthetic
    assert chart.notes == ("° Sample data, not real answers",)
    assert cells(quality.absent(chapter))[0][2] == "not offered°"


def test_claims_come_out_in_words_the_worst_first(tmp_path):
    data = write_data(tmp_path)
    rows = [
        "claim,place,nl,en,rule,value,cells,tolerance",
        "peace,text insight 1,rust,peace,value,25,2003/inside/wishes/peace,",
        "more,text insight 1,meer,more,above,60,2003/inside/wishes/time,",
    ]
    (data / "raw" / "2003" / "claims.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    chart = quality.claims(chapter_of(data, 2003))
    assert cells(chart) == [
        ["more", "text, insight 1", "> 60%", "50%", "contradicted"],
        ["peace", "text, insight 1", "25%", "25%", "reproduced"],
    ]
    assert chart.subtitle.endswith("1 × contradicted; 1 × reproduced")
