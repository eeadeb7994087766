"""The whole way: sample exports → readers → crosswalk → answers → estimates → figures give the printed tables.

The samples are made to agree with the print to within half a point. Both what the estimates say and what the figures
draw is compared with the second entry of the printed numbers.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from notebook_charts import charts_of
from printed import drawn, key_of, not_drawn, number, printed

import lnd_survey as lnd
from lnd_survey.series import LEVELS

YEAR = 2022
SAMPLED = {"2020", "2021", "2022"}
NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HALF_A_POINT = 0.005 + 1e-9
HALF_A_HUNDREDTH = 0.005 + 1e-9
ALLOWED = {"mean_rank": HALF_A_HUNDREDTH, "rank": 0.0, "rank_first": 0.0, "count": 0.0}

# Facts about the market, which nobody was asked, and a split of the budget that only the running text gives: the sample
# has the budget itself.
NOT_ASKED = {"open_offer", "world_market_forecast", "budget_split"}


def expected() -> dict[str, float]:
    """The first print of every number of the sampled years."""
    numbers: dict[str, float] = {}
    for row in printed():
        if row["year"] in SAMPLED and row["question"] not in NOT_ASKED:
            numbers.setdefault(key_of(row), number(row))
    return numbers


def too_far(found: dict[str, float], wanted: dict[str, float]) -> dict[str, tuple[float, float]]:
    return {
        name: (found[name], value)
        for name, value in wanted.items()
        if abs(found[name] - value) > ALLOWED.get(name.rpartition("|")[2], HALF_A_POINT)
    }


@pytest.fixture(scope="module")
def estimated() -> dict[str, float]:
    survey = lnd.open_survey()
    names = [question.id for question in survey.codebook.questions.values()]
    frame = survey.estimates(names, years=[int(year) for year in SAMPLED], evidence="synthetic", options="all")
    return {
        f"{row.year}|{row.group}|{row.question}|{row.item}|{row.option}|{row.statistic}": row.estimate
        for row in frame.itertuples()
    }


@pytest.fixture(scope="module")
def marks() -> dict[str, float]:
    """The numbers that the figures draw, by name; one number stands alike wherever it is drawn."""
    found: dict[str, float] = {}
    for path in NOTEBOOKS:
        for chart in charts_of(path, year=YEAR, lang="en", evidence="synthetic"):
            if chart.pictured and len(chart.frame):
                assert chart.synthetic, chart.id
                rebased = chart.frame["base"].eq("dont_know_excluded").any()
                for name, value in drawn(chart).items():
                    if not (rebased and name.endswith("|over_750|share")):
                        assert found.setdefault(name, value) == pytest.approx(value), name
    return found


def test_the_estimates_are_the_printed_tables(estimated: dict[str, float]) -> None:
    wanted = expected()
    differences = {name for name in wanted if name.endswith("|difference")}
    means = {name for name in wanted if name.endswith("|mean_share")}
    assert too_far(estimated, {name: wanted[name] for name in wanted.keys() - differences - means}) == {}
    assert len(wanted) > 350

    shares = {name: name.removesuffix("difference") + "share" for name in differences}
    now = {name: share.replace("_ideal", "_now") for name, share in shares.items()}
    found = {name: estimated[shares[name]] - estimated[now[name]] for name in differences}
    assert too_far(found, {name: wanted[name] for name in differences}) == {}
    assert len(differences) == 18

    for name in means:
        year, group, question, _, option, _ = name.split("|")
        of_items = [
            value
            for key, value in estimated.items()
            if key.startswith(f"{year}|{group}|{question}|") and key.endswith(f"|{option}|share")
        ]
        assert sum(of_items) / len(of_items) == pytest.approx(wanted[name], abs=HALF_A_POINT)


def test_the_figures_draw_the_printed_tables(marks: dict[str, float]) -> None:
    wanted = expected()
    assert too_far(marks, {name: value for name, value in wanted.items() if name in marks}) == {}
    rows = [row for row in printed() if row["year"] in SAMPLED and row["question"] not in NOT_ASKED]
    assert not_drawn(rows, set(marks)) == []


def test_only_what_nobody_was_asked_that_year_is_not_drawn() -> None:
    charts = [
        chart
        for path in NOTEBOOKS
        for chart in charts_of(path, year=YEAR, lang="en", evidence="synthetic")
        if chart.kind == "nothing"
    ]
    asked = {figure.id for figure in lnd.open_survey().codebook.figures.values() if figure.questions}
    absent = ["purchase_criteria_importance", "purchase_criteria_ranks", "open_offer"]
    assert [chart.id for chart in charts if chart.id in asked] == absent


@pytest.mark.parametrize("level", LEVELS)
def test_published_numbers_are_not_displaced(level: str) -> None:
    survey = lnd.open_survey()
    names = [question.id for question in survey.codebook.questions.values()]
    best, print_only = (
        survey.estimates(names, years=YEAR, evidence=evidence, options=level) for evidence in ("best", "published")
    )
    keys = ["year", "group", "question", "item", "option", "statistic"]
    both = print_only.merge(best, on=keys, suffixes=("_printed", ""))
    assert len(both) == len(print_only)
    assert (both["evidence"] == "published").all()
    assert (both["estimate"].fillna(-1) == both["estimate_printed"].fillna(-1)).all()


@pytest.mark.parametrize("evidence", ["best", "synthetic", "synthetic,published"])
@pytest.mark.parametrize("level", ["common", "offered", "nets"])
def test_whole_distributions_add_up(evidence: str, level: str) -> None:
    """Also where sample data complete the print; as far as the print itself does, and within its rounding."""
    survey = lnd.open_survey()
    names = [question.id for question in survey.codebook.questions.values() if question.kind in ("single", "grid")]
    names = [name for name in names if name not in NOT_ASKED and name != "budget_per_person"]
    frame = survey.estimates(names, years=YEAR, evidence=evidence, options=level)
    sampled = frame[frame["evidence"].eq("synthetic").groupby(frame["question"]).transform("any")]
    totals = sampled[sampled["statistic"] == "share"].groupby(["question", "group", "item"])["estimate"].sum()
    assert len(totals) > 20
    assert totals.between(0.985, 1.015).all(), totals[~totals.between(0.985, 1.015)]
