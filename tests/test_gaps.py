"""Many questions at once: one family, corrected by hand."""

from __future__ import annotations

import pytest

import lnd_survey as lnd
from lnd_survey.compare import overview
from lnd_survey.errors import SurveyError, UnknownNameError


def compared(question, p, **more):
    row = {
        "question": question,
        "statistic": "share",
        "evidence": "survey",
        "difference": 0.2,
        "p": p,
        "p_least": p,
        "verdict": "higher",
    }
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
    found = overview(rows, name="overview x–y", correction="benjamini_hochberg")
    assert [row["question"] for row in found] == ["a", "b", "c", "d"]
    assert [row["p_corrected"] for row in found[:3]] == pytest.approx([0.06, 0.06, 0.9])
    assert {row["family"] for row in found} == {"overview x–y (3)"}
    assert [row["verdict"] for row in found] == [*["no_clear_difference"] * 3, "not_comparable"]
    alone = overview([rows[0], rows[2]], name="overview x–y", correction="benjamini_hochberg")
    assert [row["verdict"] for row in alone] == ["higher", "lower"]


def test_each_kind_of_evidence_is_a_family_of_its_own():
    rows = [compared("a", 0.04), compared("b", 0.04), compared("c", 0.04, evidence="synthetic")]
    found = overview(rows, name="overview x–y", correction="holm")
    assert [row["family"] for row in found] == [*["overview x–y, survey (2)"] * 2, "overview x–y, synthetic (1)"]
    assert [row["p_corrected"] for row in found] == pytest.approx([0.08, 0.08, 0.04])


def test_changes_are_the_last_steps_of_all_questions():
    survey = lnd.open_survey()
    found = survey.changes(["tech_skills", "agenda"], year=2022, evidence="published")
    assert set(found["question"]) == {"tech_skills"}
    assert set(zip(found["first"], found["second"], strict=True)) == {("2022", "2021")}
    fell = found.query("group == 'business' and option == 'yes'").iloc[0]
    assert fell["difference"] == pytest.approx(-0.14)
    assert (fell["verdict"], fell["reason"]) == ("not_comparable", "base_not_printed")


def test_gaps_between_parts_of_a_group():
    survey = lnd.open_survey()
    parts = ("dutch", "french")
    found = survey.gaps(["agenda"], year=2022, groups="business", split="survey_language", parts=parts)
    assert set(zip(found["first"], found["second"], strict=True)) == {parts}
    with pytest.raises(SurveyError, match="3 parts of country cannot be compared"):
        survey.gaps(["agenda"], year=2022, groups="business", split="country")


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
