from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lnd_survey.codebook import Entry, Question
from lnd_survey.errors import SurveyError, UnknownNameError
from lnd_survey.estimates import frame
from lnd_survey.series import at_level, precedence, ranks, strongest, with_breaks, without_dont_know
from lnd_survey.survey import Survey, open_survey


@pytest.fixture
def survey(data: Path) -> Survey:
    return open_survey(data)


def shares(frame: object, column: str = "option") -> dict[tuple[int, str], float]:
    return {(row["year"], row[column]): round(row["estimate"], 10) for _, row in frame.iterrows()}  # type: ignore[attr-defined]


def test_years_are_brought_to_their_finest_common_options(survey: Survey) -> None:
    assert shares(survey.estimates("size", years="all")) == {
        (2001, "one"): 0.28, (2001, "few"): 0.17, (2001, "many"): 0.55,
        (2003, "one"): 0.20, (2003, "few"): 0.10, (2003, "many"): 0.45, (2003, "unknown"): 0.20,
    }  # fmt: skip


def test_one_year_keeps_its_detail(survey: Survey) -> None:
    assert [option for _, option in shares(survey.estimates("size", years=2003))] == [
        "one", "few", "five", "ten", "unknown",
    ]  # fmt: skip


def test_what_was_merged_is_flagged_and_noted(survey: Survey) -> None:
    frame = survey.estimates("size", years="all")
    assert frame.query("option == 'many'")["status"].tolist() == ["r", "er"]
    assert frame.query("option == 'many'")["n"].tolist()[1] == 80
    assert "5+ is 5-9, 10+" in survey.words("en").notes(frame)


def test_two_ways_to_split_an_option_meet_at_the_option(survey: Survey) -> None:
    assert shares(survey.estimates("harm", years="all")) == {
        (2001, "without"): 0.06, (2001, "with"): 0.94, (2003, "without"): 0.70, (2003, "with"): 0.30,
    }  # fmt: skip


def test_offered_keeps_each_year_as_it_asked(survey: Survey) -> None:
    assert list(shares(survey.estimates("harm", years="all", options="offered"))) == [
        (2001, "without"), (2001, "good"), (2001, "bad"), (2003, "without"), (2003, "little"), (2003, "much"),
    ]  # fmt: skip


def test_nets_and_all(survey: Survey) -> None:
    assert list(shares(survey.estimates("harm", options="nets"))) == [(2003, "without"), (2003, "with")]
    assert [option for _, option in shares(survey.estimates("harm", options="all"))] == [
        "without", "with", "little", "much",
    ]  # fmt: skip


def test_a_merge_is_told_as_each_year_did_it(survey: Survey) -> None:
    notes = survey.words("en").notes(survey.estimates("harm", years="all"))
    assert [note for note in notes if note.endswith(("bad", "much"))] == [
        "2001 some is good, bad",
        "2003 some is little, much",
    ]


def test_a_merge_below_a_rebased_net_is_told(survey: Survey) -> None:
    frame = survey.estimates("size", years=2003, rebase="dont_know", options="nets")
    assert "5+ is 5-9, 10+" in survey.words("en").notes(frame)


def test_a_part_alone_counts_where_no_one_knows_the_whole(data: Path) -> None:
    path = data / "raw" / "2001" / "published.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if "bad" not in line) + "\n", encoding="utf-8")
    assert list(shares(open_survey(data).estimates("harm", years=2001))) == [(2001, "without"), (2001, "good")]


def test_a_wider_tick_that_is_printed_stands_beside_its_parts(data: Path) -> None:
    path = data / "raw" / "2003" / "published.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write("wishes,gains,,inside,share,84,%,0,40,paper,figure 1,,\n")
    frame = open_survey(data).estimates("wishes", groups="inside")
    assert frame["item"].tolist() == ["gains", "money", "time", "peace"]


def rows_with(evidence: dict[str, tuple[str, float]]) -> list[dict[str, object]]:
    shares = rows_of({option: share for option, (_, share) in evidence.items()})
    return [row | {"evidence": evidence[str(row["option"])][0], "n_effective": 9.0} for row in shares]


def test_a_sum_is_as_strong_as_its_weakest_part() -> None:
    rows = rows_with({"b1": ("survey", 0.3), "b2": ("synthetic", 0.2)})
    (net,) = at_level(rows, question=TREE, level="nets")
    assert net["evidence"] == "synthetic"


def test_ranks_keep_parts_options_and_statistics_apart() -> None:
    rows = [
        {"year": 1, "item": item, "option": option, "statistic": statistic, "estimate": value, "lang": lang}
        for lang, option, statistic, values in [
            ("nl", "x", "share", {"a": 0.1 + 0.2, "b": 0.3, "c": 0.1}),
            ("fr", "x", "share", {"a": 0.1, "b": 0.2, "c": 0.3}),
            ("nl", "y", "mean_rank", {"a": 2.0, "b": 1.0, "c": 3.0}),
        ]
        for item, value in values.items()
    ]
    ranked = ranks(frame(rows, splits=["lang"]))
    assert ranked["estimate"].tolist() == [1, 1, 3, 3, 2, 1, 2, 1, 3]
    with pytest.raises(SurveyError, match="ranks already"):
        ranks(ranked)


def test_rebasing_leaves_out_dont_know(survey: Survey) -> None:
    # 20 + 10 + 15 + 30 = 75 gave an answer
    frame = survey.estimates("size", years=2003, rebase="dont_know")
    assert shares(frame) == {
        (2003, "one"): round(20 / 75, 10), (2003, "few"): round(10 / 75, 10),
        (2003, "five"): 0.2, (2003, "ten"): 0.4,
    }  # fmt: skip
    assert frame["n"].isna().all()
    assert set(frame["status"]) == {"er"}
    notes = survey.words("en").notes(frame)
    assert "without don't know" in notes
    assert "Sums to 95." in notes


def test_rebasing_changes_nothing_where_dont_know_was_not_printed(survey: Survey) -> None:
    assert shares(survey.estimates("size", years=2001, rebase="dont_know")) == shares(
        survey.estimates("size", years=2001)
    )


def test_merged_ticks_have_bounds_not_a_sum(survey: Survey) -> None:
    frame = survey.estimates("wishes", options="nets")
    gains = frame.query("item == 'gains'")
    assert gains["estimate"].isna().all()
    # inside: 60 and 50 overlap by at least 10; outside: 30 and 20 may not overlap at all
    assert gains[["group", "low", "high"]].values.tolist() == [["inside", 0.6, 1.0], ["outside", 0.3, 0.5]]
    assert set(gains["status"]) == {"er"}
    assert {"Gains is Money, Time", "bounds"} <= set(survey.words("en").notes(frame))


def test_breaks_are_flagged_and_noted_only_beside_earlier_years(survey: Survey) -> None:
    frame = survey.estimates("harm", years="all")
    assert frame.query("year == 2003")["status"].str.contains("d").all()
    assert "Other harm." in survey.words("en").notes(frame)
    assert "Other harm." not in survey.words("en").notes(survey.estimates("harm", years=2003))


def chosen(cells: dict[tuple[str, str], float], question: Question, *, evidence: str = "best", **common: str):
    """Give what is chosen of some shares, by (evidence, option or item)."""
    axis = question.axis
    rows = [
        {"year": 1, "group": "g", "question": question.id, "item": "", "option": "", "statistic": "share", "split": ""}
        | common
        | {axis: name, "evidence": kind, "estimate": value}
        for (kind, name), value in cells.items()
    ]
    found = strongest(rows, question=question, evidence=evidence)
    return {(row["evidence"], row[axis]): row["estimate"] for row in found}


def test_precedence_of_evidence() -> None:
    cells = {("synthetic", "a"): 1, ("published", "a"): 2, ("synthetic", "dk"): 3}
    assert chosen(cells, TREE) == {("published", "a"): 2, ("synthetic", "dk"): 3}
    assert chosen(cells, TREE, evidence="published") == {("published", "a"): 2}
    assert chosen(cells, TREE, evidence="synthetic") == {("synthetic", "a"): 1, ("synthetic", "dk"): 3}
    assert chosen(cells, TREE, evidence="synthetic,published") == {("synthetic", "a"): 1, ("synthetic", "dk"): 3}
    with pytest.raises(UnknownNameError, match=r"no evidence 'publised'\. Nearest: published"):
        precedence("publised")


def test_a_distribution_is_never_put_together_of_respondents_and_print() -> None:
    cells = {("survey", "a"): 0.5, ("survey", "b"): 0.5, ("published", "b1"): 0.3, ("published", "dk"): 0.1}
    assert chosen(cells, TREE) == {("survey", "a"): 0.5, ("survey", "b"): 0.5}


def test_sample_data_complete_print_but_never_a_part_or_a_net_of_it() -> None:
    cells = {("published", "b"): 0.4, ("synthetic", "a"): 0.6, ("synthetic", "b1"): 0.3, ("synthetic", "b2"): 0.1}
    assert chosen(cells, TREE) == {("published", "b"): 0.4, ("synthetic", "a"): 0.6}
    cells = {("published", "b21"): 0.4, ("synthetic", "b"): 0.6, ("synthetic", "b22"): 0.2}
    assert chosen(cells, TREE) == {("published", "b21"): 0.4, ("synthetic", "b22"): 0.2}


def test_sample_data_never_complete_a_ranking() -> None:
    ranking = TREE.model_copy(update={"kind": "ranking", "items": TREE.options, "options": ()})
    rows = [
        {"year": 1, "group": "g", "item": item, "option": "", "statistic": "rank", "split": "", "evidence": kind}
        for kind, item in [("published", "a"), ("synthetic", "a"), ("synthetic", "b")]
    ]
    found = strongest(rows, question=ranking, evidence="best")
    assert [(row["evidence"], row["item"]) for row in found] == [("published", "a")]


def test_a_series_breaks_where_its_base_changes() -> None:
    rows = [
        {"year": year, "group": group, "split": "", "base": base, "status": "r"}
        for year, group, base in [(3, "g", "few"), (1, "g", "all"), (2, "g", "all"), (4, "g", "few"), (3, "h", "few")]
    ]
    assert [row["status"] for row in with_breaks(rows)] == ["br", "r", "r", "r", "r"]


LABEL: dict[str, str] = {}
TREE = Question.model_construct(
    id="q",
    kind="single",
    options=tuple(
        Entry.model_construct(id=name, label=LABEL, parent=parent, split="", valence=None, missing=missing)
        for name, parent, missing in [
            ("a", None, None), ("b", None, None), ("b1", "b", None), ("b2", "b", None),
            ("b21", "b2", None), ("b22", "b2", None), ("dk", None, "dont_know"),
        ]
    ),
    items=(),
)  # fmt: skip
LEAVES = ["a", "b1", "b21", "b22", "dk"]


def rows_of(shares: dict[str, float], year: int = 1) -> list[dict[str, object]]:
    return [
        {"year": year, "group": "g", "question": "q", "item": "", "option": option, "statistic": "share", "split": "",
         "estimate": share, "n": None, "base": "all", "status": "r", "evidence": "published", "source": "s"}
        for option, share in shares.items()
    ]  # fmt: skip


leaf_shares = st.lists(st.integers(1, 100), min_size=5, max_size=5).map(
    lambda counts: dict(zip(LEAVES, (count / sum(counts) for count in counts), strict=True))
)


@given(leaf_shares, st.sets(st.sampled_from(["b", "b2"])))
def test_merging_keeps_the_total_whatever_the_partitions(leaves: dict[str, float], merged: set[str]) -> None:
    parts = {"b2": ["b21", "b22"], "b": ["b1", "b21", "b22"]}
    coarse = dict(leaves)
    for option in sorted(merged, reverse=True):
        coarse[option] = sum(leaves[part] for part in parts[option])
        for part in parts[option]:
            coarse.pop(part, None)
    if "b" in merged:
        coarse.pop("b2", None)
    both = at_level(rows_of(leaves, 1) + rows_of(coarse, 2), question=TREE, level="common")
    for year in (1, 2):
        assert math.isclose(sum(row["estimate"] for row in both if row["year"] == year), 1.0)
    first, second = ({row["option"] for row in both if row["year"] == year} for year in (1, 2))
    assert first == second == set(coarse)


@given(leaf_shares)
def test_rebased_shares_sum_to_one_and_keep_their_ratios(leaves: dict[str, float]) -> None:
    rebased = {row["option"]: row["estimate"] for row in without_dont_know(rows_of(leaves), question=TREE)}
    assert "dk" not in rebased
    assert math.isclose(sum(rebased.values()), 1.0)
    assert math.isclose(rebased["a"] * leaves["b1"], rebased["b1"] * leaves["a"])
