"""Back test: what the figures of the 2022 report draw equals what the paper prints.

`second_entry.csv` was typed from the paper a second time, by someone who had not seen `published.csv`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from notebook_charts import charts_of
from printed import drawn, key_of, not_drawn, number, printed

import lnd_survey as lnd

YEAR = 2022
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))

# Numbers that a figure shows but that are derived from printed ones, worked out by hand.
DERIVED = {
    "2022|providers|provider_size||five_plus|share": (13 + 56) / 100,
    "2020|providers|crisis_impact||impact|share": (10 + 84) / 100,
    "2022|providers|crisis_impact||impact|share": (12 + 14 + 4) / 100,
    "2017|business|budget_per_person||over_750|share": (12 + 7) / (20 + 23 + 12 + 7),
    "2019|business|budget_per_person||over_750|share": (13 + 7) / (14 + 34 + 13 + 7),
    "2021|business|budget_per_person||over_750|share": (27 + 4) / (13 + 25 + 27 + 4),
    "2022|business|budget_per_person||over_750|share": (21 + 8) / (16 + 22 + 21 + 8),
}
# Order of the six criteria that both years have: means 6.69, 6.19, 5.47, 5.44, 3.95, 2.67; shares 77, 50, 24, 18, 7, 3.
ORDER = {
    "2011|business|purchase_criteria_importance": "content price references methods quality_label subsidies",
    "2022|business|purchase_criteria": "content price methods references subsidies quality_label",
}
DERIVED |= {
    f"{series}|{item}||rank": float(rank)
    for series, items in ORDER.items()
    for rank, item in enumerate(items.split(), 1)
}


COMPUTED = ("budget_per_person", "crisis_impact", "provider_size", "purchase_criteria_ranks", "largest_changes")
"""Figures that draw what is worked out of printed numbers."""


@pytest.fixture(scope="module")
def pictures() -> dict[str, tuple[Any, dict[str, float]]]:
    charts = [chart for path in NOTEBOOKS for chart in charts_of(path, year=YEAR, lang="en", evidence="published")]
    return {chart.id: (chart, drawn(chart) if chart.pictured else {}) for chart in charts}


def test_both_entries_of_the_printed_numbers_agree() -> None:
    first = {
        (str(row.year), row.group, row.question, row.item, row.option, row.statistic, row.place): row.value
        for row in lnd.open_survey().published().itertuples()
        if not row.split
    }
    second = {
        (*(row[name] for name in ("year", "group", "question", "item", "option", "statistic")), row["place"]): float(
            row["value"]
        )
        for row in printed()
    }
    assert second == first


def test_every_figure_of_the_report_is_there(pictures: dict[str, Any]) -> None:
    assert list(pictures) == lnd.open_survey().figures()["figure"].tolist()
    asked = {figure.id for figure in lnd.open_survey().codebook.figures.values() if figure.questions}
    without = [chart.number for chart, _ in pictures.values() if not chart.pictured and chart.id in asked]
    assert without == [16, 17], "only these print no numbers (16 has the open offer as its second chart)"


def test_every_mark_equals_its_printed_cell(pictures: dict[str, Any]) -> None:
    expected: dict[str, float] = {}
    for row in printed():
        expected.setdefault(key_of(row), number(row))
    seen = 0
    for figure, (_, marks) in pictures.items():
        for name, value in marks.items():
            derived = figure in COMPUTED
            known = DERIVED.get(name, expected.get(name)) if derived else expected.get(name)
            assert known is not None, f"{figure} draws {name}, which is not in print"
            assert value == pytest.approx(known), f"{figure}: {name}"
            seen += 1
    assert seen > 300


def test_every_number_printed_in_a_figure_is_drawn(pictures: dict[str, Any]) -> None:
    drawn_names = {name for _, marks in pictures.values() for name in marks}
    assert not_drawn(printed(), drawn_names) == []
