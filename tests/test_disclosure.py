"""Small bases: marked below 30, not given below 5, nor what would give them away."""

from __future__ import annotations

import pytest
from drawn_wave import write_wave

import lnd_survey as lnd
from lnd_survey.disclosure import marked, withheld


def row(n, *, group="a", split="", item="x", status=""):
    numbers = {"estimate": 0.5, "low": 0.4, "high": 0.6, "n": n, "n_effective": n}
    return {"group": group, "item": item, "statistic": "share", "split": split, "status": status} | numbers


@pytest.mark.parametrize(("n", "status"), [(30, ""), (29, "u"), (5, "u"), (4, "cu"), (0, "cu"), (None, "")])
def test_the_edges(n, status):
    assert marked([row(n)], pools={})[0]["status"] == status


def test_thresholds_can_be_set():
    assert [found["status"] for found in marked([row(40), row(9)], pools={}, warn=50, suppress=10)] == ["u", "cu"]


def test_printed_numbers_are_known_anyway():
    assert marked([row(4, status="r")], pools={})[0]["status"] == "r"


def test_one_hidden_part_of_a_group_takes_the_next_smallest_with_it():
    parts = [row(100, split="s=a"), row(3, split="s=b"), row(20, split="s=c"), row(60, split="s=d")]
    assert [found["status"] for found in marked(parts, pools={})] == ["", "cu", "cu", ""]
    two = [row(100, split="s=a"), row(3, split="s=b"), row(2, split="s=c")]
    assert [found["status"] for found in marked(two, pools={})] == ["", "cu", "cu"], "two hidden parts hide each other"


def test_a_pooled_number_goes_where_one_of_its_groups_is_hidden():
    rows = [row(100), row(3, group="b"), row(103, group="both")]
    pools = {"both": ("a", "b")}
    assert [found["status"] for found in marked(rows, pools=pools)] == ["", "cu", "c"]
    rows = [row(4), row(3, group="b"), row(7, group="both")]
    assert [found["status"] for found in marked(rows, pools=pools)] == ["cu", "cu", "u"]


def test_what_is_withheld_has_no_number_left():
    (found,) = withheld(marked([row(4)], pools={}))
    assert [found[name] for name in ("estimate", "low", "high", "n", "n_effective")] == [None] * 5


def test_no_number_of_very_few_leaves_the_library(tmp_path):
    survey = lnd.open_survey(write_wave(tmp_path))
    wishes = survey.estimates("wishes", split="use")
    assert len(wishes)
    small = wishes[wishes["status"].str.contains("c")]
    assert len(small)
    assert small[["estimate", "low", "high", "n", "n_effective"]].isna().all(axis=None)
