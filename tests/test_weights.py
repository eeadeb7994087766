"""Raking agrees with R on two invented data sets; what cannot be raked is said in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lnd_survey.errors import SurveyError
from lnd_survey.weights import diagnostics, misses, rake, trim

GOLDEN = Path(__file__).parent / "golden"
MARGINS = ("region", "size", "group_sector")


@pytest.fixture(scope="module", params=["a1_n456", "b1_n2000"])
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def data(name) -> pd.DataFrame:
    frame = pd.read_csv(GOLDEN / name / "data.csv").merge(pd.read_csv(GOLDEN / name / "r_survey/weights.csv"))
    return frame.assign(none=1.0, group_sector=frame["group"] + "." + frame["sector"])


@pytest.fixture(scope="module")
def margins(name) -> dict[str, dict[str, float]]:
    frame = pd.read_csv(GOLDEN / name / "margins.csv")
    return {margin: dict(zip(own["level"], own["pop"], strict=True)) for margin, own in frame.groupby("margin")}


# --- R: weights.csv -----------------------------------------------------------------------------


@pytest.mark.parametrize(("column", "used"), [("w2", MARGINS[:2]), ("w3", MARGINS)])
def test_raking_agrees_with_columns_w2_w3_of_weights(data, margins, column, used):
    for _, wave in data.groupby("year"):
        own = {margin: margins[margin] for margin in used}
        made = rake({margin: wave[margin].to_numpy() for margin in used}, own)
        np.testing.assert_allclose(made, wave[column], rtol=0, atol=1e-6)
        missed = misses(made, {margin: wave[margin].to_numpy() for margin in used}, own)
        assert max(abs(part) for sizes in missed.values() for part in sizes.values()) < 1e-9


def test_trimming_agrees_with_column_w3t_of_weights(data):
    cut = 0
    for _, wave in data.groupby("year"):
        made = trim(wave["w3"].to_numpy(), factor=2.5)
        np.testing.assert_allclose(made, wave["w3t"], rtol=0, atol=1e-6)
        assert made.max() <= 2.5 * made.mean() * (1 + 1e-12)
        assert made.sum() == pytest.approx(wave["w3"].sum(), rel=1e-12)
        cut += (wave["w3"] > made).sum()
    assert cut > 20


# --- R: design_effects.csv ----------------------------------------------------------------------


@pytest.mark.parametrize("weights", ["none", "w3"])
def test_diagnostics_agree_with_all_columns_of_design_effects(name, data, weights):
    r = pd.read_csv(GOLDEN / name / "r_survey/design_effects.csv", dtype={"year": str})
    r = r[r["weights"] == weights]
    assert len(r) in (3, 18)
    for row in r.itertuples():
        inside = data["year"].astype(str).isin([row.year]) | (row.year == "all")
        inside &= (data["group"] == row.group) | (row.group == "all")
        made = diagnostics(data.loc[inside, weights].to_numpy())
        mean = made.total / made.n
        found = [made.n, made.total, made.n_effective, made.design_effect, made.low * mean, made.high * mean]
        expected = [row.n, row.sum_w, row.kish_neff, row.kish_deff, row.w_min, row.w_max]
        assert [*found, made.variation] == pytest.approx([*expected, row.w_cv], rel=1e-9, abs=1e-9)
        assert made.efficiency == pytest.approx(1 / row.kish_deff)


# --- By hand, and edges -------------------------------------------------------------------------


SIZE = {"size": ["small", "small", "small", "large"]}


def test_one_margin_by_hand():
    made = rake(SIZE, {"size": {"small": 60, "large": 40}}, total=4)
    assert made.tolist() == pytest.approx([0.8, 0.8, 0.8, 1.6])
    assert rake(SIZE, {"size": {"small": 60, "large": 40}}).sum() == pytest.approx(100)


def test_base_weights_keep_their_ratio_within_a_cell():
    made = rake(SIZE, {"size": {"small": 60, "large": 40}}, base=np.array([1, 2, 3, 1]))
    assert made.tolist() == pytest.approx([10, 20, 30, 40])


def test_a_sample_that_agrees_already_keeps_equal_weights():
    assert rake(SIZE, {"size": {"small": 75, "large": 25}}, total=4).tolist() == [1, 1, 1, 1]


def test_percentages_that_were_rounded_are_taken_as_shares():
    levels = {"size": [*"smlsml"], "language": ["nl", "fr", "nl", "fr", "nl", "fr"]}
    made = rake(levels, {"language": {"nl": 60, "fr": 40}, "size": {"s": 33.3, "m": 39.9, "l": 26.6}})
    assert made.sum() == pytest.approx(100)


@pytest.mark.filterwarnings("error")
def test_one_or_two_respondents():
    assert rake({"size": ["small"]}, {"size": {"small": 80}}).tolist() == [80]
    assert rake({"size": ["small", "large"]}, {"size": {"small": 80, "large": 20}}).tolist() == [80, 20]
    assert diagnostics(np.array([80.0, 20.0])).n_effective == pytest.approx(100**2 / 6800)


@pytest.mark.filterwarnings("error")
def test_margins_that_can_be_met_although_a_cell_of_both_is_empty():
    # Nobody is large and south. North small, north large, south small must weigh 10, 50, 40.
    levels = {"size": ["small", "large", "small"], "region": ["north", "north", "south"]}
    margins = {"size": {"small": 50, "large": 50}, "region": {"north": 60, "south": 40}}
    assert rake(levels, margins).tolist() == pytest.approx([10, 50, 40])


def test_one_huge_base_weight_meets_the_margins_all_the_same():
    levels = {"size": ["small"] * 50 + ["large"] * 50}
    made = rake(levels, {"size": {"small": 60, "large": 40}}, base=np.array([1e12] + [1.0] * 99), total=100)
    assert made[:50].sum() == pytest.approx(60)
    assert made[0] == pytest.approx(60)
    assert made[50:].tolist() == pytest.approx([0.8] * 50)
    # Who said so much is 1 of 2.2 people, and cut off at three times the mean it is 3 of 100.
    assert diagnostics(made).n_effective == pytest.approx(100**2 / (60**2 + 50 * 0.64))
    cut = trim(made, factor=3)
    assert cut[0] == pytest.approx(3)
    assert cut.sum() == pytest.approx(100)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("levels", "margins", "said"),
    [
        (
            {"size": ["small", "small"]},
            {"size": {"small": 80, "large": 20}},
            r"margin size: nobody has level 'large', which is 20 % of the population\. Put it together with another",
        ),
        (
            {"size": ["small", "larg"]},
            {"size": {"small": 80, "large": 20}},
            r"1 respondent has level 'larg', which the margin lacks\. .* Nearest: large\. Allowed: small, large",
        ),
        (
            {"size": ["small", "", ""]},
            {"size": {"small": 80}},
            r"margin size: 2 respondents have no level\. Leave them out, or give them one",
        ),
        ({"size": ["small"]}, {"sise": {"small": 80}}, r"margin sise: respondents have no such column\. Nearest: size"),
        ({"size": ["small"]}, {"size": {"small": 0}}, r"margin size: sizes of levels must be above 0"),
        ({"size": ["small"]}, {"size": {"small": np.nan}}, r"margin size: sizes of levels must be above 0"),
        ({"size": ["small"]}, {}, r"no margin to rake to"),
        ({"size": []}, {"size": {"small": 10}}, r"margin size: nobody has level 'small'"),
        (
            {"size": ["small"], "region": ["north"]},
            {"size": {"small": 100}, "region": {"north": 1}},
            r"different totals: size 100, region 1",
        ),
        (
            {"size": ["small"], "region": ["north", "north"]},
            {"size": {"small": 1}, "region": {"north": 1}},
            r"different numbers of respondents",
        ),
        (
            # Small is all north and large all south, but the margins want 80 and 20 against 50 and 50.
            {"size": ["small", "large"], "region": ["north", "south"]},
            {"size": {"small": 80, "large": 20}, "region": {"north": 50, "south": 50}},
            r"margin size: no weights agree with all margins: after 1000 rounds level 'large' is 50 % and not 20 %\. "
            r"Margins contradict each other",
        ),
        (
            # Nobody is large and south: region south cannot be more than small.
            {"size": ["small", "small", "large"], "region": ["north", "south", "north"]},
            {"size": {"small": 40, "large": 60}, "region": {"north": 50, "south": 50}},
            r"margin size: no weights agree with all margins",
        ),
    ],
)
def test_what_cannot_be_raked_is_refused_in_words(levels, margins, said):
    with pytest.raises(SurveyError, match=said):
        rake(levels, margins)


def test_base_weights_must_be_above_nought():
    with pytest.raises(SurveyError, match="a base weight is not above 0"):
        rake(SIZE, {"size": {"small": 60, "large": 40}}, base=np.array([1, 1, 0, 1]))


def test_all_problems_are_said_at_once():
    with pytest.raises(SurveyError) as error:
        rake({"a": ["x"], "b": ["y"]}, {"a": {"x": 1, "z": 1}, "b": {"x": 200}})
    assert len(error.value.problems) == 4


def test_trimming_at_the_edges():
    assert trim(np.ones(3), factor=1.5).tolist() == [1, 1, 1]
    assert trim(np.zeros(0), factor=2).tolist() == []
    # What is cut off the first lifts the second over the limit, too.
    made = trim(np.array([10.0, 5.9, 1.0, 1.0, 1.0, 1.0]), factor=1.8)
    assert made.max() == made[1] == pytest.approx(1.8 * 19.9 / 6)
    assert made.sum() == pytest.approx(19.9)
    with pytest.raises(SurveyError, match="Take more than 1"):
        trim(np.ones(3), factor=1)


def test_diagnostics_at_the_edges():
    alone = diagnostics(np.array([7.0]))
    assert (alone.n_effective, alone.design_effect, alone.efficiency, alone.variation) == (1, 1, 1, 0)
    assert diagnostics(np.full(9, 0.3)).design_effect == pytest.approx(1)
    assert diagnostics(np.array([1e12] + [1.0] * 99)).n_effective == pytest.approx(1)
    for bad in ([], [1.0, -1.0], [np.nan], [0.0, 0.0]):
        with pytest.raises(SurveyError, match="There are no weights, or one of them"):
            diagnostics(np.array(bad))


# --- Whatever the data -------------------------------------------------------------------------


@st.composite
def drawn(draw) -> tuple[dict[str, np.ndarray], dict[str, dict[str, float]]]:
    """Respondents in every cell, so that margins cannot contradict each other."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    cells = [(one, two) for one in "ab" for two in "xyz"]
    rows = cells + [cells[place] for place in random.integers(0, 6, draw(st.integers(0, 50)))]
    levels = {"one": np.array([row[0] for row in rows]), "two": np.array([row[1] for row in rows])}
    sizes = [random.uniform(0.1, 1, 2), random.uniform(0.1, 1, 3)]
    return levels, {
        "one": dict(zip("ab", sizes[0] / sizes[0].sum(), strict=True)),
        "two": dict(zip("xyz", sizes[1] / sizes[1].sum(), strict=True)),
    }


@settings(max_examples=60, deadline=None)
@given(drawn(), st.sampled_from([1e-3, 3.0, 1e4]))
def test_raked_weights_meet_every_margin_and_do_not_depend_on_scale(sample, factor):
    levels, margins = sample
    n = len(levels["one"])
    made = rake(levels, margins, total=n)
    assert made.sum() == pytest.approx(n)
    assert max(abs(part) for sizes in misses(made, levels, margins).values() for part in sizes.values()) < 1e-9
    scaled = {name: {level: size * factor for level, size in sizes.items()} for name, sizes in margins.items()}
    np.testing.assert_allclose(rake(levels, scaled, base=np.full(n, factor), total=n), made, rtol=1e-8)


@settings(max_examples=60, deadline=None)
@given(drawn(), st.randoms(use_true_random=False))
def test_the_order_of_respondents_changes_nothing(sample, random):
    levels, margins = sample
    order = list(range(len(levels["one"])))
    random.shuffle(order)
    shuffled = rake({name: own[order] for name, own in levels.items()}, margins)
    np.testing.assert_allclose(shuffled, rake(levels, margins)[order], rtol=1e-8)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=40), st.floats(1.05, 5))
def test_trimming_keeps_total_order_and_limit(weights, factor):
    weights = np.array(weights)
    made = trim(weights, factor=factor)
    assert made.sum() == pytest.approx(weights.sum())
    assert made.max() <= factor * weights.mean() * (1 + 1e-9)
    order = np.argsort(weights)
    assert (np.diff(made[order]) >= -1e-9).all()
