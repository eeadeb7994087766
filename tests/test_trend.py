"""Years against years: by hand, and each reason for no test."""

from __future__ import annotations

import math

import numpy as np
import pytest

import lnd_survey as lnd
from lnd_survey.codebook import Question
from lnd_survey.significance import Cells, weighted_slope
from lnd_survey.trend import trend_rows

QUESTION = Question(id="q", kind="multi", name={}, text={})


def rows_of(*years):
    rows = [
        {"year": year, "group": "g", "item": "a", "option": "", "statistic": "share", "estimate": share, "n": n,
         "n_effective": n, "status": status, "decimals": 0, "evidence": "survey", "low": None, "high": None}
        for year, share, n, status in years
    ]  # fmt: skip
    return [row if "r" in row["status"] else row | counted(row["estimate"], row["n"]) for row in rows]


def counted(share, n):
    cells = np.array([[n - round(share * n), round(share * n)]] * 3, dtype="float64")
    return {"cells": cells, "se": math.sqrt(share * (1 - share) / (n - 1))}


def found(*years):
    rows = trend_rows(rows_of(*years), question=QUESTION, correction="holm")
    return {(row["first"], row["second"], row["statistic"]): row for row in rows}


def test_three_years_of_respondents_by_hand():
    """30, 40 and 50 of 100: z² = 8.333, the statistic of Cochran (1954) and Armitage (1955); 10 points a year."""
    rows = found((1, 0.3, 100, ""), (2, 0.4, 100, ""), (3, 0.5, 100, ""))
    assert list(rows) == [("2", "1", "share"), ("3", "2", "share"), ("3", "1", "trend")]
    line = rows["3", "1", "trend"]
    assert line["difference"] == pytest.approx(0.1)
    assert line["p"] == pytest.approx(0.0039, abs=5e-5)
    assert line["verdict"] == "higher"
    assert line["family"] == "q g (3)"
    assert rows["2", "1", "share"]["verdict"] == "no_clear_difference"


def test_nothing_is_tested_across_a_break():
    rows = found((1, 0.9, 100, ""), (2, 0.3, 100, "b"), (3, 0.4, 100, ""), (4, 0.5, 100, ""))
    assert rows["2", "1", "share"]["verdict"] == "not_comparable"
    assert rows["2", "1", "share"]["reason"] == "series_breaks"
    assert rows["2", "1", "share"]["detail"] == "2"
    assert ("4", "2", "trend") in rows


@pytest.mark.parametrize(
    ("years", "reason", "detail"),
    [
        ([(1, 0.3, None, "r"), (2, 0.4, None, "r"), (3, 0.5, 100, "r")], "base_unknown", "1, 2"),
        ([(1, 0.3, 100, "r"), (2, 0.4, 100, "r"), (3, 0.5, 100, "")], "counted_and_printed", ""),
    ],
)
def test_reasons(years, reason, detail):
    line = next(row for key, row in found(*years).items() if key[2] == "trend")
    assert line["verdict"] == "not_comparable"
    assert (line["reason"], line.get("detail", "")) == (reason, detail)


def test_printed_years_of_known_bases_in_the_worst_case_of_their_rounding():
    line = found((1, 0.3, 300, "r"), (2, 0.36, 300, "r"), (3, 0.45, 300, "r"))["3", "1", "trend"]
    assert line["low"] < 0.075 < line["high"]
    assert line["p_least"] < line["p"] < 0.001
    assert line["verdict"] == "higher"


def test_the_sample_years_of_the_survey():
    trend = lnd.open_survey().trend("tech_skills", groups="business", evidence="synthetic")
    yes = trend.query("option == 'yes'")
    assert yes["first"].tolist() == ["2021", "2022", "2022"]
    # 75, 80 and 66 %: up, then down.
    assert yes["verdict"].tolist()[1:] == ["lower", "lower"]


def test_means_of_respondents_have_a_trend_too():
    """1 and 3, then 2 and 4, then 3 and 5: one more each year."""
    given = [(1, [1, 0, 1, 0, 0]), (2, [0, 1, 0, 1, 0]), (3, [0, 0, 1, 0, 1])]
    scale = Question(
        id="q", kind="scale", name={}, text={}, scale={"low": 1, "high": 5, "low_label": {}, "high_label": {}}
    )
    rows = [
        {"year": year, "group": "g", "item": "a", "option": "", "statistic": "mean", "estimate": year + 1.0, "n": 2,
         "n_effective": 2, "se": 1.0, "status": "", "evidence": "survey", "low": None, "high": None,
         "cells": np.array([counts] * 3, dtype="float64")}
        for year, counts in given
    ]  # fmt: skip
    line = trend_rows(rows, question=scale, correction="holm")[-1]
    assert (line["test"], line["difference"]) == ("slope_t", pytest.approx(1.0))


def test_weighted_shares_are_fitted_with_their_weights():
    """In the second year those who said yes count one and a half times, those who said no half: 20 of 40 is 75 %."""
    rows = rows_of((1, 0.5, 40, ""), (2, 0.5, 40, "w"), (3, 0.8, 40, ""))
    rows[1] |= {"cells": np.array([[20, 20], [10, 30], [5, 45]], dtype="float64"), "estimate": 0.75}
    line = trend_rows(rows, question=QUESTION, correction="holm")[-1]
    # 50, 75 and 80 %, each of 40: (80 − 50) / 2 points a year.
    assert (line["test"], line["difference"]) == ("slope_t", pytest.approx(0.15))
    cells = Cells(*(np.array(sums, dtype="float64") for sums in (
        [[20, 20], [20, 20], [8, 32]], [[20, 20], [10, 30], [8, 32]], [[20, 20], [5, 45], [8, 32]]
    )))  # fmt: skip
    assert line["p"] == pytest.approx(weighted_slope([1, 2, 3], cells).p)
    assert line["p"] != pytest.approx(weighted_slope([1, 2, 3], Cells.of_counts(cells.count)).p)
