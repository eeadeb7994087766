"""Groups against each other: worked out by hand, and each reason not to compare."""

from __future__ import annotations

import math

import numpy as np
import pytest
from drawn_wave import write_wave

import lnd_survey as lnd
from lnd_survey.codebook import Comparability
from lnd_survey.compare import COLUMNS, comparison, judged
from lnd_survey.errors import SurveyError, UnknownNameError


@pytest.fixture(scope="module")
def survey() -> lnd.Survey:
    return lnd.open_survey()


def told(frame, *columns):
    return {row.item or row.option: tuple(getattr(row, name) for name in columns) for row in frame.itertuples()}


def test_purchase_criteria_of_departments_against_providers(survey):
    """37 % of 304 against 20 % of 152, as printed.

    37 % is 111 to 113 of 304, 20 % is 30 or 31 of 152 (29.64 to 31.16 round to 20). The smallest difference is
    111/304 − 31/152 = 0.1612, the largest 113/304 − 30/152 = 0.1743. At 112 against 30 the pooled share is 142/456;
    z = 0.1711 / √(0.3114 · 0.6886 · (1/304 + 1/152)) = 3.72. Cohen's h = 2 asin √0.37 − 2 asin √0.20 = 0.380.
    """
    criteria = survey.compare("purchase_criteria", year=2022, evidence="published")
    assert criteria.columns.tolist() == list(COLUMNS)
    row = criteria[criteria["item"] == "culture_fit"].iloc[0]
    assert (row["first"], row["second"], row["difference"]) == ("business", "providers", pytest.approx(0.17))
    assert row["effect"] == pytest.approx(2 * math.asin(0.37**0.5) - 2 * math.asin(0.2**0.5))
    assert row["p_least"] < row["p"] < 0.001
    assert row["p"] <= row["p_corrected"]
    assert row["low"] < 0.1612
    assert row["high"] > 0.1743
    assert row["verdict"] == "higher"
    assert row["family"] == "purchase_criteria business–providers (15)"
    verdicts = told(criteria, "verdict")
    assert verdicts["references"] == ("lower",)
    assert verdicts["subsidies"] == ("no_clear_difference",)
    assert set(criteria["comparability"]) == {"medium"}


def test_what_is_not_comparable_is_refused_with_the_reason(survey):
    of_sample = {"year": 2022, "evidence": "synthetic", "split": "survey_language"}
    assert set(survey.compare("budget_per_person", groups="business", **of_sample)["first"]) == {"dutch"}
    with pytest.raises(SurveyError, match=r"1 groups cannot be compared"):
        survey.compare("budget_per_person", year=2022)
    with pytest.raises(UnknownNameError, match="no group 'market'"):
        survey.compare("purchase_criteria", year=2022, groups=("business", "market"))
    unknown_base = survey.compare("tech_skills", year=2021, evidence="published")
    assert set(unknown_base["verdict"]) == {"not_comparable"}
    assert set(unknown_base["reason"]) == {"base_not_printed"}
    assert (unknown_base["base_needed"] > 0).all()


def row(estimate, n, status="", **more):
    """A share: printed where the status says so, else counted of n respondents."""
    if "r" not in status and estimate is not None:
        more |= {"cells": np.array([[n - round(estimate * n), round(estimate * n)]] * 3, dtype="float64")}
        more |= {"se": math.sqrt(estimate * (1 - estimate) / (n - 1))}
    return {
        "year": 1, "item": "a", "option": "", "statistic": "share", "estimate": estimate, "n": n, "n_effective": n,
        "status": status, "decimals": 0, "evidence": "survey", "low": None, "high": None,
    } | more  # fmt: skip


@pytest.mark.parametrize(
    ("one", "two", "comparability", "reason"),
    [
        (row(0.6, 100), row(0.4, 100), "low", "asked_differently"),
        (row(None, 100), row(0.4, 100), "high", "bounds_only"),
        (row(0.6, 100), row(0.4, 100, "r"), "high", "counted_and_printed"),
        (row(0.6, 100, "r"), row(0.4, 100, "r", decimals=None), "high", "printed_too_little"),
        (row(0.33, 10, "r"), row(0.4, 100, "r"), "high", "no_count_rounds_so"),
    ],
)
def test_reasons(survey, one, two, comparability, reason):
    levels = Comparability(question=comparability, options="high", universe="high")
    (found,) = comparison(
        [one], [two], question=survey.codebook.question("agenda"), names=("x", "y"), comparability=levels,
        correction="holm",
    )  # fmt: skip
    assert found["verdict"] == "not_comparable"
    assert found["reason"] == reason
    assert math.isnan(found["p_corrected"])


def test_counted_shares_by_hand(survey):
    """60 of 100 against 40 of 100: z² = 200 · (60 · 60 − 40 · 40)² / 100⁴ = 8; t = 0.2 / √(2 · 0.24 / 99) = 2.872."""
    (found,) = comparison(
        [row(0.6, 100)], [row(0.4, 100)], question=survey.codebook.question("agenda"), names=("x", "y"),
        comparability=None, correction="holm",
    )  # fmt: skip
    assert found["difference"] == pytest.approx(0.2)
    assert found["test"] == "t"
    assert found["p"] == pytest.approx(0.004521, abs=2e-5)
    assert found["verdict"] == "higher"


def test_rounding_may_leave_it_open():
    rows = [{"difference": 0.1, "p": p, "p_least": least} for p, least in [(0.2, 0.01), (0.001, 0.0001), (0.9, 0.8)]]
    found = judged(rows, family="f", correction="holm", alpha=0.05)
    assert [row["verdict"] for row in found] == ["undecided", "higher", "no_clear_difference"]
    assert found[0]["family"] == "f (3)"


def test_the_same_respondents_now_and_ideally(tmp_path):
    """Wishes and hopes of the three inside who answered both: money both, neither of time and money …"""
    survey = lnd.open_survey(write_wave(tmp_path), warn=0, suppress=0)
    found = survey.compare(("wishes", "hopes"), year=2005)
    # Money: one has both, one only hopes for it, one neither. Time: one has both, one only wishes for it, one neither.
    assert told(found, "estimate_first", "estimate_second", "n_first")["money"] == (1 / 3, 2 / 3, 3)
    assert told(found, "difference", "test")["time"] == (pytest.approx(1 / 3), "mcnemar_exact")
    assert set(found["verdict"]) == {"no_clear_difference"}


def test_nothing_of_very_few_respondents_is_compared(tmp_path):
    found = lnd.open_survey(write_wave(tmp_path)).compare(("wishes", "hopes"), year=2005)
    assert set(found["reason"]) == {"too_few"}
    numbers = ["estimate_first", "estimate_second", "n_first", "n_second", "difference", "low", "high", "p", "effect"]
    assert found[numbers].isna().all(axis=None)


@pytest.mark.parametrize("questions", [("tech_use", "tech_skills"), ("agenda",), ("agenda", "agenda", "roles")])
def test_only_two_questions_of_ticks_are_compared_within_respondents(survey, questions):
    with pytest.raises(SurveyError, match="no two pick-n questions"):
        survey.compare(questions, year=2022, groups="business")


def test_questions_without_a_common_item(survey):
    with pytest.raises(SurveyError, match="share no item"):
        survey.compare(("government_role", "tech_reasons"), year=2022, groups="business")


def test_answers_on_a_scale_are_compared_by_their_order_too(tmp_path):
    """Home: 3 of the only English one, 5 and 4 of the Dutch: each of the second is higher."""
    survey = lnd.open_survey(write_wave(tmp_path), warn=0, suppress=0)
    found = survey.compare("marks", year=2005, split="language")
    order = found[(found["item"] == "home") & (found["statistic"] == "superiority")].iloc[0]
    assert (order["difference"], order["effect"], order["test"]) == (-1.0, 0.0, "mann_whitney_exact")
    # Exact: the English one is the lowest of three, or the highest, with 1 / 3 each.
    assert order["p"] == pytest.approx(2 / 3)
    assert order["family"] == "marks superiority en–nl (2)"


def test_options_that_contain_each_other_are_not_tested_as_a_whole(tmp_path):
    survey = lnd.open_survey(write_wave(tmp_path), warn=0, suppress=0)
    for level, whole in (("common", 1), ("all", 0)):
        found = survey.compare("use", year=2005, options=level, split="language", groups="inside")
        assert (found["statistic"] == "distribution").sum() == whole


def test_printed_answers_of_the_same_respondents(survey):
    """Whoever could differ between now and ideally is taken to do so, and still most of it is clear."""
    found = survey.compare(("activities_now", "activities_ideal"), year=2022, groups="business")
    assert set(found["test"]) == {"mcnemar_printed"}
    assert set(found["evidence"]) == {"published"}
    assert (found["p_least"] <= found["p"]).all()
    verdicts = told(found, "verdict")
    assert verdicts["broad_development"] == ("lower",)
    assert verdicts["leaders"] == ("undecided",)
    clear = found[found["verdict"].isin(["higher", "lower"])]
    assert ((clear["low"] > 0) == (clear["verdict"] == "higher")).all()


def test_nothing_is_said_of_a_whole_of_which_a_part_is_withheld(tmp_path):
    data = write_wave(tmp_path)
    for suppress, statistics in ((0, {"share", "distribution"}), (2, {"share"})):
        found = lnd.open_survey(data, warn=0, suppress=suppress).compare(
            "use", year=2005, split="language", groups="inside"
        )
        assert set(found["statistic"]) == statistics
