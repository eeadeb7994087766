"""Many questions at once: one family, corrected by hand."""

from __future__ import annotations

import pytest

import lnd_survey as lnd
from lnd_survey.compare import overview
from lnd_survey.errors import UnknownNameError


def compared(question, p, **more):
    row = {"question": question, "statistic": "share", "difference": 0.2, "p": p, "p_least": p, "verdict": "higher"}
    return row | more


def test_many_questions_are_one_family():
    """p of 0.02, 0.04 and 0.9: Benjamini–Hochberg gives 0.02 · 3 = 0.06, 0.04 · 3 / 2 = 0.06 and 0.9."""
    rows = [
        compared("a", 0.02),
        compared("a", 0.001, statistic="distribution"),
        compared("b", 0.04, difference=-0.2),
        compared("c", 0.9),
        compared("d", None, verdict="not_comparable", reason="too_few"),
    ]
    found = overview(rows, names=("x", "y"), correction="benjamini_hochberg")
    assert [row["question"] for row in found] == ["a", "b", "c", "d"]
    assert [row["p_corrected"] for row in found[:3]] == pytest.approx([0.06, 0.06, 0.9])
    assert {row["family"] for row in found} == {"overview x–y (3)"}
    assert [row["verdict"] for row in found] == [*["no_clear_difference"] * 3, "not_comparable"]
    alone = overview([rows[0], rows[2]], names=("x", "y"), correction="benjamini_hochberg")
    assert [row["verdict"] for row in alone] == ["higher", "lower"]


def test_gaps_take_what_both_groups_were_asked():
    survey = lnd.open_survey()
    found = survey.gaps(year=2022, evidence="published")
    assert set(found["evidence"]) == {"published"}
    assert set(found["first"] + found["second"]) == {"businessproviders"}
    assert found["family"].nunique() == 1
    one = survey.gaps(["purchase_criteria"], year=2022)
    alone = survey.compare("purchase_criteria", year=2022)
    assert one["p_corrected"].tolist() == pytest.approx(alone["p_corrected"].tolist())
    assert survey.gaps(year=2008).empty
    with pytest.raises(UnknownNameError, match="no question"):
        survey.gaps(["purchase_criterion"], year=2022)
