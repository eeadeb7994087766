"""Agreement of the tests with R's `survey` and base R; each test names file and column of `tests/golden`.

The tolerance is 1e-8 of each number throughout, as the README there asks.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from lnd_survey.significance import (
    Cells,
    Sample,
    cochran_armitage,
    corrected,
    difference_of_means,
    difference_of_shares,
    distribution_test,
    ordinal_difference,
    t_interval,
    weighted_slope,
)
from lnd_survey.significance.differences import FISHER, NO_TEST, SCORE, T, score_statistic
from lnd_survey.significance.exact import fisher_p
from lnd_survey.significance.ranks import rank_statistic

GOLDEN = Path(__file__).parent / "golden"
SETS = ["a1_n456", "b1_n2000"]
every_set = pytest.mark.parametrize("folder", SETS)
close = {"rtol": 1e-8, "atol": 1e-11}


@cache
def data_of(folder: str) -> pd.DataFrame:
    data = pd.read_csv(GOLDEN / folder / "data.csv")
    weights = pd.read_csv(GOLDEN / folder / "r_survey" / "weights.csv")[["id", "w3"]]
    return data.merge(weights, on="id", validate="1:1").assign(none=1.0)


def table(folder: str, name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / folder / "r_survey" / f"{name}.csv", dtype={"year": str, "year0": str})


def domains(row) -> tuple[tuple[str, str], tuple[str, str]]:
    """Year and group of the first and the second domain of a row of differences.csv."""
    if row.contrast == "business-provider":
        return (row.year, "business"), (row.year, "provider")
    return (row.year, row.group), (row.year0, row.group)


def answers(folder: str, domain: tuple[str, str], row) -> tuple[np.ndarray, np.ndarray]:
    """Answers of a domain and their weights."""
    data = data_of(folder)
    inside = (data["year"].astype(str) == domain[0]) & (data["group"] == domain[1]) & data[row.item].notna()
    return data.loc[inside, row.item].to_numpy("float64"), data.loc[inside, row.weights].to_numpy("float64")


def estimated(folder: str, y: np.ndarray, w: np.ndarray) -> tuple[float, float, int, float]:
    """Mean, linearised standard error, n and Kish's base, by the definition."""
    rows = len(data_of(folder))
    mean = np.average(y, weights=w)
    se = np.sqrt((w**2 * (y - mean) ** 2).sum() * rows / (rows - 1)) / w.sum()
    return mean, se, len(y), w.sum() ** 2 / (w**2).sum()


class Compared(NamedTuple):
    rows: pd.DataFrame
    first: Sample
    second: Sample


@cache
def compared(folder: str, weights: str, kind: str) -> Compared:
    rows = table(folder, "differences")
    of_kind = rows["item"].str.startswith("m") == (kind == "shares")
    rows = rows[(rows["weights"] == weights) & of_kind]
    both = [
        Sample(*np.array([estimated(folder, *answers(folder, domains(row)[side], row)) for row in rows.itertuples()]).T)
        for side in (0, 1)
    ]
    return Compared(rows, *both)


def cells_of(folder: str, row) -> tuple[Cells, np.ndarray]:
    """The two domains of a row by answer, and what the answers are."""
    given = [answers(folder, domain, row) for domain in domains(row)]
    values, codes = np.unique(np.concatenate([y for y, _ in given]), return_inverse=True)
    groups = np.repeat([0, 1], [len(y) for y, _ in given])
    weights = np.concatenate([w for _, w in given])
    return Cells.of_answers(groups, codes, weights=weights, shape=(2, len(values))), values


# --- differences.csv ---------------------------------------------------------------------------


@every_set
@pytest.mark.parametrize("weights", ["none", "w3"])
def test_shares_by_t(folder, weights):
    """differences.csv: diff, se, t, df, p_t, where the rule takes t."""
    rows, first, second = compared(folder, weights, "shares")
    found = difference_of_shares(first, second, weighted=weights != "none")
    np.testing.assert_allclose(found.difference, rows["diff"], **close)
    np.testing.assert_allclose(found.se, rows["se"], **close)
    by_t = found.test == T
    assert by_t.tolist() == (~rows["item"].isin(["m08", "m09", "m10"])).tolist()
    np.testing.assert_allclose(found.statistic[by_t], rows["t"][by_t], **close)
    np.testing.assert_allclose(found.df[by_t], rows["df"][by_t], **close)
    np.testing.assert_allclose(found.p[by_t], rows["p_t"][by_t], **close)
    assert set(found.test) <= ({T, SCORE, FISHER} if weights == "none" else {T, SCORE})


@every_set
@pytest.mark.parametrize("weights", ["none", "w3"])
def test_means_and_mean_ranks(folder, weights):
    """differences.csv, items rk1 to rk5 and s1 to s3: diff, se, t, df, p_t, lo, hi."""
    rows, first, second = compared(folder, weights, "means")
    found = difference_of_means(first, second)
    low, high = t_interval(found)
    for ours, column in [
        (found.difference, "diff"),
        (found.se, "se"),
        (found.statistic, "t"),
        (found.df, "df"),
        (found.p, "p_t"),
        (low, "lo"),
        (high, "hi"),
    ]:
        np.testing.assert_allclose(ours, rows[column], **close)


@every_set
def test_score_test_unweighted_is_near_rao_scott(folder):
    """differences.csv: p_raoscott_Chisq_or_rank of m08 and m10, unweighted: the same but for n/(n − 1)."""
    rows, first, second = compared(folder, "none", "shares")
    rare = rows["item"].isin(["m08", "m10"]).to_numpy()
    z = score_statistic(first.estimate, second.estimate, first.n, second.n)[rare]
    np.testing.assert_allclose(2 * stats.norm.sf(abs(z)), rows["p_raoscott_Chisq_or_rank"][rare], atol=2e-3)


@every_set
@pytest.mark.parametrize("weights", ["none", "w3"])
def test_two_by_two_rao_scott(folder, weights):
    """differences.csv: p_raoscott_F of m01 to m10."""
    rows = compared(folder, weights, "shares").rows
    total = len(data_of(folder))
    found = [distribution_test(cells_of(folder, row)[0], weighted=True, rows=total).p for row in rows.itertuples()]
    there = rows["p_raoscott_F"].notna().to_numpy()
    np.testing.assert_allclose(np.array(found)[there], rows["p_raoscott_F"][there], **close)


@every_set
def test_rank_test_unweighted(folder):
    """differences.csv: p_raoscott_Chisq_or_rank of rk1 to rk5 and s1 to s3, weights none (svyranktest)."""
    rows = compared(folder, "none", "means").rows
    total = len(data_of(folder))
    found = [ordinal_difference(cells_of(folder, row)[0], weighted=True, rows=total).p for row in rows.itertuples()]
    np.testing.assert_allclose(found, rows["p_raoscott_Chisq_or_rank"], **close)


@every_set
def test_rank_test_weighted(folder):
    """differences.csv: p_raoscott_Chisq_or_rank of rk1 to rk5 and s1 to s3, weights w3.

    R takes the plain mean of the weighted ranks of tied respondents, which depends on the order of the rows. With the
    scores that R has for this order the test is the same; with ours, which any order gives, p is near.
    """
    rows = compared(folder, "w3", "means").rows
    data, total = data_of(folder), len(data_of(folder))
    of_r, ours = [], []
    for row in rows.itertuples():
        inside = pd.Series(False, index=data.index)
        for year, group in domains(row):
            inside |= (data["year"].astype(str) == year) & (data["group"] == group)
        part = data[inside & data[row.item].notna()]
        ordered = part.sort_values(row.item, kind="stable")
        rank = ordered["w3"].cumsum() - ordered["w3"] / 2
        cells, values = cells_of(folder, row)
        scores = rank.groupby(ordered[row.item]).mean().loc[values].to_numpy() / part["w3"].sum()
        statistic = rank_statistic(cells, scores, rows=total)
        of_r.append(2 * stats.t.sf(abs(statistic), len(part) - 2))
        ours.append(ordinal_difference(cells, rows=total).p)
    np.testing.assert_allclose(of_r, rows["p_raoscott_Chisq_or_rank"], **close)
    np.testing.assert_allclose(ours, rows["p_raoscott_Chisq_or_rank"], atol=0.04)


@every_set
def test_corrections(folder):
    """differences.csv: p_holm and p_BH from p_t; the family is weights × contrast × year × group."""
    for _, rows in table(folder, "differences").groupby(["weights", "contrast", "year", "group"]):
        for method, column in [("holm", "p_holm"), ("benjamini_hochberg", "p_BH")]:
            found = corrected(rows["p_t"], family="all items", method=method)
            np.testing.assert_allclose(found.p, rows[column], **close)
            assert found.size == rows["p_t"].notna().sum()


# --- raoscott.csv ------------------------------------------------------------------------------


@every_set
def test_distributions(folder):
    """raoscott.csv: value, df1, df2 and p of the statistic F, q1 × group in a year and q1 × year in a group."""
    rows = table(folder, "raoscott")
    rows = rows[rows["statistic"] == "F"]
    data, total = data_of(folder), len(data_of(folder))
    assert len(rows) == {"a1_n456": 2, "b1_n2000": 14}[folder]
    for row in rows.itertuples():
        part = data[data["q1"].notna()]
        part = part if row.year == "all" else part[part["year"].astype(str) == row.year]
        part = part if row.group == "both" else part[part["group"] == row.group]
        across = pd.factorize(part[row.table.split(" x ")[1]])[0]
        down = pd.factorize(part["q1"])[0]
        shape = (across.max() + 1, down.max() + 1)
        cells = Cells.of_answers(across, down, weights=part[row.weights], shape=shape)
        found = distribution_test(cells, weighted=True, rows=total)
        ours = [found.statistic, found.df, found.df_error, found.p]
        np.testing.assert_allclose(ours, [row.value, row.df1, row.df2, row.p], **close)


# --- unweighted_base_r.csv ---------------------------------------------------------------------


@every_set
def test_chi_square_and_fisher(folder):
    """unweighted_base_r.csv: diff, chisq, chisq_p, fisher_p."""
    rows = table(folder, "unweighted_base_r")
    given = rows["x_b"], rows["n_b"], rows["x_p"], rows["n_p"]
    np.testing.assert_allclose(fisher_p(*given), rows["fisher_p"], **close)
    first, second = Sample.of_counts(*given[:2]), Sample.of_counts(*given[2:])
    np.testing.assert_allclose(
        score_statistic(first.estimate, second.estimate, first.n, second.n) ** 2, rows["chisq"], **close
    )
    for row in rows.itertuples():
        cells = Cells.of_counts([[row.x_b, row.n_b - row.x_b], [row.x_p, row.n_p - row.x_p]])
        found = distribution_test(cells)
        np.testing.assert_allclose([found.statistic, found.p], [row.chisq, row.chisq_p], **close)
    found = difference_of_shares(first, second)
    np.testing.assert_allclose(found.difference, rows["diff"], **close)
    exact, score = found.test == FISHER, found.test == SCORE
    assert exact.any()
    assert score.any()
    np.testing.assert_allclose(found.p[exact], rows["fisher_p"][exact], **close)
    np.testing.assert_allclose(found.p[score], rows["chisq_p"][score], **close)


# --- trends.csv --------------------------------------------------------------------------------


def by_year(row) -> tuple[np.ndarray, Cells, np.ndarray]:
    data = data_of("b1_n2000")
    part = data[(data["group"] == row.group) & data[row.item].notna()]
    years, when = np.unique(part["year"], return_inverse=True)
    values = np.arange(0, 8)
    shape = (len(years), len(values))
    return years, Cells.of_answers(when, part[row.item], weights=part[row.weights], shape=shape), values


@cache
def trends() -> pd.DataFrame:
    return table("b1_n2000", "trends")


def test_weighted_slopes():
    """trends.csv: n, slope, slope_se, slope_t, slope_p; where all answers are 0, slope 0 and no test as in R."""
    for row in trends().itertuples():
        years, cells, values = by_year(row)
        found = weighted_slope(years, cells, values=values, rows=2000)
        assert found.n == row.n
        np.testing.assert_allclose([found.slope, found.se], [row.slope, row.slope_se], **close)
        np.testing.assert_allclose([found.statistic, found.p], [row.slope_t, row.slope_p], **close)
        assert (found.test == NO_TEST) == (row.group == "provider" and row.item == "m09")


def test_cochran_armitage():
    """trends.csv: ca_chisq, ca_p, unweighted."""
    rows = trends()
    rows = rows[rows["ca_chisq"].notna() & (rows["weights"] == "none")]
    assert len(rows) == 19
    for row in rows.itertuples():
        years, cells, _ = by_year(row)
        found = cochran_armitage(years, cells.count[:, 1], cells.count.sum(axis=1))
        np.testing.assert_allclose([found.statistic**2, found.p], [row.ca_chisq, row.ca_p], **close)
