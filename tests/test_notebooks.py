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
