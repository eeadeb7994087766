"""Every notebook, in years that lack some or most of its questions, in every language."""

from __future__ import annotations

from pathlib import Path

import pytest
from notebook_charts import charts_of

import lnd_survey as lnd

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SPARSE_YEARS = {2008: "en", 2019: "nl", 2020: "fr", 2021: "en"}


@pytest.mark.parametrize("year", SPARSE_YEARS)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_year_without_a_question_gives_an_honest_line(path: Path, year: int) -> None:
    for chart in charts_of(path, year=year, lang=SPARSE_YEARS[year]):
        if chart.pictured:
            assert chart.png(), chart.id
            assert chart.frame.empty or chart.frame["year"].max() <= year
        else:
            assert chart.png() is None
            assert str(year) in chart.subtitle


def test_evidence_that_is_not_there_gives_honest_lines() -> None:
    charts = [chart for path in NOTEBOOKS for chart in charts_of(path, evidence="survey")]
    concepts = [chart.id for chart in charts if chart.pictured]
    assert concepts == list(lnd.open_survey().codebook.concepts)


def test_every_figure_of_the_codebook_is_in_its_chapters_notebook() -> None:
    figures = lnd.open_survey().figures()
    for path in NOTEBOOKS:
        expected = figures.loc[figures["chapter"] == int(path.name[:2]), "figure"].tolist()
        assert [chart.id for chart in charts_of(path)] == expected


@pytest.mark.parametrize(
    "parameters",
    [
        {"questions": ["agenda"]},
        {"split": "country", "parts": ["belgium", "netherlands"], "evidence": "synthetic"},
        {"split": "survey_language", "parts": ["dutch", "french"], "questions": ["roles"], "evidence": "synthetic"},
        {"level": "nets"},
        {"level": "offered", "evidence": "synthetic"},
    ],
    ids=str,
)
@pytest.mark.parametrize("number", ["08", "09"])
def test_comparisons_of_other_questions_parts_and_levels(number: str, parameters: dict[str, object]) -> None:
    (path,) = (path for path in NOTEBOOKS if path.name.startswith(number))
    chart, told = charts_of(path, lang="en", **parameters)
    assert set(chart.frame["question"]) <= set(parameters.get("questions", chart.frame["question"]))
    assert chart.pictured is (number == "08" or ("agenda" not in str(parameters) and "roles" not in str(parameters)))
    assert told.kind == ("table" if chart.pictured else "nothing")
    if number == "08" and "split" in parameters:
        assert chart.parameters["by"] == "split"
