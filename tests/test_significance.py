"""Tests of differences by hand, against scipy, and where there is next to nothing to test."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from lnd_survey.errors import SurveyError
from lnd_survey.kernel import shares, tally
from lnd_survey.significance import (
    Cells,
    Sample,
    cochran_armitage,
    corrected,
    difference_of_means,
    difference_of_shares,
    distribution_test,
    kendalls_w,
    ordinal_difference,
    paired_difference_of_means,
    paired_difference_of_shares,
    successive_differences,
    t_interval,
    weighted_slope,
)
from lnd_survey.significance.exact import fisher_p, rank_sum_p, sign_p

few = settings(max_examples=60, deadline=None)


def heavier(cells: Cells, factor: float = 1.5) -> Cells:
    """The same respondents, those of the first group with another weight."""
    by_group = np.array([factor, 1.0])[:, None]
    return Cells(cells.count, cells.count * by_group, cells.count * by_group**2)


@st.composite
def two_groups(draw, fewest, most):
    """How many of each of two groups, neither of them empty, chose each of some options."""
    options = draw(st.integers(fewest, most))
    row = st.lists(st.integers(0, 60), min_size=options, max_size=options).filter(any)
    return draw(row), draw(row)


@st.composite
def two_shares(draw):
    n, m = draw(st.integers(1, 120)), draw(st.integers(1, 120))
    return draw(st.integers(0, n)), n, draw(st.integers(0, m)), m


# --- Two shares ----------------------------------------------------------------------------------


@given(two_shares())
@few
def test_fisher_is_that_of_scipy(drawn):
    x, n, y, m = drawn
    expected = stats.fisher_exact([[x, n - x], [y, m - y]])[1]
    assert fisher_p(x, n, y, m) == pytest.approx(expected, abs=1e-10)


@given(two_shares(), st.booleans())
@few
def test_swapping_groups_swaps_the_sign(drawn, weighted):
    x, n, y, m = drawn
    first, second = Sample.of_counts(x, n), Sample.of_counts(y, m)
    there = difference_of_shares(first, second, weighted=weighted)
    back = difference_of_shares(second, first, weighted=weighted)
    assert there.test == back.test
    for name in ["difference", "statistic", "effect"]:
        np.testing.assert_allclose(getattr(there, name), -getattr(back, name), atol=1e-12)
    np.testing.assert_allclose(there.p, back.p, atol=1e-9)
    assert np.isnan(there.p) == (there.test == "no_test")
    assert not there.p > 1


@given(two_shares())
@few
def test_shares_of_no_are_as_different_as_shares_of_yes(drawn):
    x, n, y, m = drawn
    yes = difference_of_shares(Sample.of_counts(x, n), Sample.of_counts(y, m))
    no = difference_of_shares(Sample.of_counts(n - x, n), Sample.of_counts(m - y, m))
    assert yes.test == no.test
    np.testing.assert_allclose([yes.p, yes.difference], [no.p, -no.difference], atol=1e-9)


def test_a_t_test_by_hand():
    # 0.6 · 0.4 / 99 + 0.4 · 0.6 / 99 = 0.0048485; 0.2 / √0.0048485 = 2.8723 on 198 degrees of freedom.
    found = difference_of_shares(Sample.of_counts(60, 100), Sample.of_counts(40, 100))
    assert (found.test, found.df) == ("t", 198)
    assert found.statistic == pytest.approx(2.8723, abs=1e-4)
    assert found.p == pytest.approx(2 * stats.t.sf(2.8722813, 198), abs=1e-8)


@pytest.mark.parametrize(
    ("first", "second", "test", "p"),
    [
        ((0, 0), (5, 10), "no_test", math.nan),
        ((0, 0), (0, 0), "no_test", math.nan),
        ((1, 1), (0, 1), "fisher", 1.0),
        ((2, 2), (0, 2), "fisher", 1 / 3),
        ((0, 300), (0, 150), "fisher", 1.0),
        ((300, 300), (150, 150), "fisher", 1.0),
        ((300, 300), (0, 150), "score", 0.0),
    ],
)
def test_shares_with_next_to_nothing(first, second, test, p):
    found = difference_of_shares(Sample.of_counts(*first), Sample.of_counts(*second))
    assert found.test == test
    assert found.p == pytest.approx(p, abs=1e-12, nan_ok=True)


@pytest.mark.parametrize(
    ("first", "second", "test", "p"),
    [
        ((0.0, math.nan, 0, 0), (0.5, 0.1, 10, 8), "no_test", math.nan),
        ((1.0, 0.0, 1, 1), (0.0, 0.0, 1, 1), "no_test", math.nan),
        ((0.0, 0.0, 200, 150), (0.0, 0.0, 100, 80), "score", 1.0),
        ((1.0, 0.0, 200, 150), (1.0, 0.0, 100, 80), "score", 1.0),
        # (0.04 − 0) / √(p̄(1 − p̄)(1/150 + 1/80)), p̄ = 6/230: 1.8126 by t on 298.
        ((0.04, 0.01, 200, 150), (0.0, 0.0, 100, 80), "score", 2 * stats.t.sf(1.8126, 298)),
    ],
)
def test_weighted_shares_with_next_to_nothing(first, second, test, p):
    found = difference_of_shares(Sample(*first), Sample(*second), weighted=True)
    assert found.test == test
    assert found.p == pytest.approx(p, abs=1e-4, nan_ok=True)


def test_equal_weights_give_the_unweighted_t_test():
    first, second = Sample.of_counts(60, 100), Sample.of_counts(40, 100)
    plain, equal = (difference_of_shares(first, second, weighted=weighted) for weighted in (False, True))
    assert (plain.test, equal.test) == ("t", "t")
    assert (plain.p, plain.effect) == (equal.p, equal.effect)


def test_one_huge_weight_shows_no_difference():
    # One who said yes outweighs the other 99: an effective base of 1. (1 − 0.2) / √(p̄(1 − p̄)(1/1 + 1/100)), p̄ = 21/101.
    sums = tally(
        np.array([[1]] * 50 + [[0]] * 50 + [[1]] * 20 + [[0]] * 80, dtype="uint8"),
        np.repeat([0, 1], 100),
        weights=np.array([1e9] + [1.0] * 199),
    )
    made = shares(sums)
    first, second = (
        Sample(*(getattr(made, name)[group, 0, 1] for name in ("estimate", "se", "n", "n_effective")))
        for group in (0, 1)
    )
    found = difference_of_shares(first, second, weighted=True)
    assert found.test == "score"
    assert found.statistic == pytest.approx(1.9615, abs=1e-4)
    assert found.p > 0.05


def test_shares_given_as_percentages_are_refused():
    with pytest.raises(SurveyError, match="60"):
        difference_of_shares(Sample(60.0, 2.0, 100, 100), Sample(50.0, 2.0, 100, 100))
    with pytest.raises(SurveyError, match="above its base"):
        Sample.of_counts(11, 10)
    with pytest.raises(SurveyError, match="whole counts"):
        fisher_p(1.5, 10, 1, 10)


def test_years_that_were_not_asked_are_stepped_over():
    later, earlier, found = successive_differences(Sample.of_counts([30, 0, 45, 45], [100, 0, 100, 100]))
    assert (later.tolist(), earlier.tolist()) == ([2, 3], [0, 2])
    np.testing.assert_allclose(found.difference, [0.15, 0], atol=1e-12)
    assert successive_differences(Sample.of_counts([30], [100]))[2].p.size == 0


# --- Means ---------------------------------------------------------------------------------------


def test_means_are_those_of_welch_but_for_degrees_of_freedom():
    one, two = np.array([1.0, 2, 2, 3, 5]), np.array([4.0, 4, 5, 6, 7, 7])
    first, second = (Sample(y.mean(), y.std(ddof=1) / len(y) ** 0.5, len(y), len(y)) for y in (one, two))
    found = difference_of_means(first, second)
    assert found.statistic == pytest.approx(stats.ttest_ind(one, two, equal_var=False).statistic)
    assert found.df == 9
    spread = math.sqrt((4 * one.var(ddof=1) + 5 * two.var(ddof=1)) / 9)
    assert found.effect == pytest.approx((one.mean() - two.mean()) / spread * (1 - 3 / 35))
    low, high = t_interval(found)
    assert (low + high) / 2 == pytest.approx(found.difference)


@pytest.mark.parametrize(("n", "se"), [(0, math.nan), (1, math.nan), (1, 0.0), (10, 0.0)])
def test_means_without_an_error_have_no_test(n, se):
    found = difference_of_means(Sample(3.0, se, n, n), Sample(4.0, 0.0, 10, 10))
    assert found.test == "no_test"
    assert np.isnan(found.p)


# --- Distributions -------------------------------------------------------------------------------


@given(two_groups(2, 5))
@few
def test_chi_square_is_that_of_scipy(rows):
    table = np.array(rows)
    found = distribution_test(Cells.of_counts(table))
    chosen = table[:, table.sum(axis=0) > 0]
    if chosen.shape[1] < 2:
        assert found.test == "no_test"
        return
    expected = stats.chi2_contingency(chosen, correction=False)
    np.testing.assert_allclose([found.statistic, found.p, found.df], [*expected[:2], expected.dof], atol=1e-9)
    assert 0 <= found.effect <= 1
    swapped = distribution_test(heavier(Cells.of_counts(table[::-1]), 1.0), weighted=True)
    again = distribution_test(Cells.of_counts(table), weighted=True)
    np.testing.assert_allclose(swapped.p, again.p, atol=1e-9)


@pytest.mark.parametrize("table", [[[0, 0], [5, 5]], [[3, 0], [5, 0]], [[0, 0], [0, 0]], [[1, 0], [0, 0]]])
@pytest.mark.parametrize("weighted", [False, True])
def test_distributions_with_nothing_to_compare(table, weighted):
    found = distribution_test(Cells.of_counts(table), weighted=weighted)
    assert found.test == "no_test"
    assert math.isnan(found.p)


def test_weights_that_are_all_alike_change_nothing():
    plain = Cells.of_counts([[30, 20, 10], [10, 20, 30]])
    alike = Cells(plain.count, plain.count * 4, plain.count * 16)
    assert alike.weighted
    one, other = distribution_test(plain, weighted=True), distribution_test(alike)
    np.testing.assert_allclose([one.statistic, one.p, one.effect], [other.statistic, other.p, other.effect])
    one, other = ordinal_difference(plain, weighted=True), ordinal_difference(alike)
    np.testing.assert_allclose([one.statistic, one.p, one.effect], [other.statistic, other.p, other.effect])


def test_one_huge_weight_leaves_little_to_say():
    count = np.array([[30.0, 30.0], [30.0, 30.0]])
    weight, square = count.copy(), count.copy()
    weight[0, 0], square[0, 0] = 29 + 1000, 29 + 1000**2
    found = distribution_test(Cells(count, weight, square))
    assert found.test == "rao_scott"
    assert 0 <= found.p <= 1
    assert found.sparse
    assert ordinal_difference(Cells(count, weight, square)).p <= 1


def test_sparse_tables_are_marked():
    assert distribution_test(Cells.of_counts([[3, 1, 40], [1, 2, 30]])).sparse
    assert not distribution_test(Cells.of_counts([[30, 10, 40], [10, 20, 30]])).sparse


def test_cells_that_cannot_be_are_refused():
    with pytest.raises(SurveyError, match="negative"):
        distribution_test(Cells.of_counts([[1, -1], [2, 2]]))
    with pytest.raises(SurveyError, match="one shape"):
        distribution_test(Cells(np.ones((2, 2)), np.ones((2, 3)), np.ones((2, 2))))
    with pytest.raises(SurveyError, match="3 groups"):
        ordinal_difference(Cells.of_counts(np.ones((3, 2))))
    with pytest.raises(SurveyError, match="not below"):
        Cells.of_answers([0, 2], [0, 0], shape=(2, 2))
    with pytest.raises(SurveyError, match="no and yes"):
        paired_difference_of_shares(Cells.of_counts(np.ones((2, 3))))


# --- The same respondents ------------------------------------------------------------------------


@given(st.integers(0, 40), st.integers(0, 40))
@few
def test_mcnemar_is_that_of_scipy(more, less):
    exact = stats.binomtest(more, more + less).pvalue if more + less else 1.0
    assert sign_p(more, less) == pytest.approx(exact)
    found = paired_difference_of_shares(Cells.of_counts([[20, less], [more, 20]]))
    if more + less < 25:
        assert (found.test, float(found.p)) == ("mcnemar_exact", pytest.approx(exact))
    else:
        plain = stats.chi2.sf((more - less) ** 2 / (more + less), 1)
        assert (found.test, float(found.p)) == ("mcnemar", pytest.approx(plain))
    assert found.low < found.difference < found.high


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.floats(0.2, 4)), min_size=3, max_size=80))
@few
def test_weighted_pairs_are_linearised(drawn):
    first, second, weights = (np.array(part, dtype="float64") for part in zip(*drawn, strict=True))
    cells = Cells.of_answers(first, second, weights=weights, shape=(2, 2))
    found = paired_difference_of_shares(cells, weighted=True)
    gaps = first - second
    mean = np.average(gaps, weights=weights)
    n = len(gaps)
    se = math.sqrt((weights**2 * (gaps - mean) ** 2).sum() * n / (n - 1)) / weights.sum()
    np.testing.assert_allclose([found.difference, found.se], [mean, se], atol=1e-9)
    back = paired_difference_of_shares(Cells.of_answers(second, first, weights=weights, shape=(2, 2)), weighted=True)
    np.testing.assert_allclose([back.difference, back.p, back.low], [-mean, found.p, -found.high], atol=1e-9)
    if found.test == "t":
        assert found.p == pytest.approx(2 * stats.t.sf(abs(mean) / se, n - 1))
    assert 0 <= found.p <= 1


def test_pairs_by_item_are_as_one_by_one():
    tables = np.array([[[40, 30], [12, 18]], [[50, 3], [1, 46]], [[0, 0], [0, 0]]])
    together = paired_difference_of_shares(Cells.of_counts(tables))
    assert together.test.tolist() == ["mcnemar", "mcnemar_exact", "no_test"]
    for item, table in enumerate(tables):
        alone = paired_difference_of_shares(Cells.of_counts(table))
        np.testing.assert_allclose([together.p[item], together.low[item]], [alone.p, alone.low])


@pytest.mark.parametrize("weighted", [False, True])
def test_pairs_with_next_to_nothing(weighted):
    def pairs(table):
        return paired_difference_of_shares(Cells.of_counts(table), weighted=weighted)

    nobody = pairs([[0, 0], [0, 0]])
    assert nobody.test == "no_test"
    assert np.isnan([nobody.difference, nobody.p, nobody.low, nobody.high]).all()
    alike = pairs([[50, 0], [0, 30]])
    assert (alike.difference, alike.p) == (0, 1)
    # No one of 80 differs: p̃ = 1/82 each way, 0 ± 1.96 · √(2/82/82) = ± 0.034.
    assert alike.high == pytest.approx(0.0338, abs=1e-3)
    assert np.isnan(alike.effect)
    one = pairs([[0, 0], [1, 0]])
    assert (one.difference, one.p) == (1, 1)
    two = pairs([[0, 0], [2, 0]])
    assert two.p >= 0.29
    everybody = pairs([[0, 0], [100, 0]])
    assert everybody.p < 1e-6
    assert 0.9 < everybody.low < everybody.high <= 1
    five = pairs([[40, 0], [5, 40]])
    assert five.p > 0.05


def test_pairs_and_slopes_with_equal_weights():
    counted = np.array([[40.0, 30.0], [12.0, 18.0]])
    plain, alike = Cells.of_counts(counted), Cells(counted, counted * 7, counted * 49)
    one, other = paired_difference_of_shares(plain, weighted=True), paired_difference_of_shares(alike)
    np.testing.assert_allclose(
        [one.difference, one.se, one.p, one.low], [other.difference, other.se, other.p, other.low]
    )
    there, here = (weighted_slope([2020, 2021], cells) for cells in (plain, alike))
    assert (there.slope, there.se, there.p) == pytest.approx((here.slope, here.se, here.p))


@pytest.mark.parametrize("cell", [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_pairs_and_slopes_with_one_huge_weight(cell):
    count = np.full((2, 2), 30.0)
    weight, square = count.copy(), count.copy()
    weight[cell], square[cell] = 29 + 1e9, 29 + 1e18
    pairs = paired_difference_of_shares(Cells(count, weight, square))
    # Who weighs so much may be one who differs: 1 of an effective base of 1, z = 1.
    assert pairs.p > 0.3
    assert -1 <= pairs.low <= pairs.difference <= pairs.high <= 1
    slope = weighted_slope([2020, 2021], Cells(count, weight, square))
    assert math.isfinite(slope.se)
    assert 0 <= slope.p <= 1


def test_paired_means_are_those_of_scipy():
    now = np.array([[1.0, 2], [3, 2], [4, 4], [5, np.nan], [2, 3]])
    ideal = np.array([[2.0, 2], [3, 2], [6, 4], [7, 1], [2, 3]])
    found = paired_difference_of_means(now, ideal)
    expected = stats.ttest_rel(now[:, 0], ideal[:, 0])
    assert found.p[0] == pytest.approx(expected.pvalue)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(expected.confidence_interval()))
    # Nobody differs on the second.
    assert (found.n[1], found.difference[1], found.test[1], found.discordant[1]) == (4, 0, "no_test", 0)
    twice = paired_difference_of_means(now[:, 0], ideal[:, 0], weights=np.full(5, 3.0))
    assert twice.p == pytest.approx(expected.pvalue)
    for first, second in [([], []), ([1.0], [2.0]), ([1.0, 2.0], [2.0, 3.0])]:
        assert paired_difference_of_means(first, second).test == "no_test"


# --- Ordered options and rankings ----------------------------------------------------------------


def spelled_out(row) -> np.ndarray:
    return np.repeat(np.arange(len(row)), row)


@given(two_groups(2, 7))
@few
def test_ordered_options_are_those_of_scipy(rows):
    one, two = np.array(rows)
    found = ordinal_difference(Cells.of_counts([one, two]))
    first, second = spelled_out(one), spelled_out(two)
    above = np.sign(first[:, None] - second[None, :]).mean()
    assert found.effect == pytest.approx(above)
    if found.test == "mann_whitney" and np.isfinite(found.df):
        expected = stats.mannwhitneyu(first, second, use_continuity=False, method="asymptotic").pvalue
        assert found.p == pytest.approx(expected, abs=1e-9)
    back = ordinal_difference(Cells.of_counts([two, one]))
    assert (back.effect, back.p) == pytest.approx((-found.effect, found.p))
    weighted = ordinal_difference(heavier(Cells.of_counts([one, two])))
    assert weighted.effect == pytest.approx(above)


@given(st.lists(st.integers(0, 2), min_size=6, max_size=6), st.lists(st.integers(0, 2), min_size=6, max_size=6))
@few
def test_exact_rank_sums_by_dealing_them_all(one, two):
    from itertools import combinations

    first, second = spelled_out(one)[:4], spelled_out(two)[:5]
    if not len(first) or not len(second):
        return
    ranks = stats.rankdata(np.concatenate([first, second]))
    middle = len(first) * (len(ranks) + 1) / 2
    away = abs(ranks[: len(first)].sum() - middle)
    dealt = [abs(sum(hand) - middle) >= away - 1e-9 for hand in combinations(ranks, len(first))]
    codes = [np.bincount(part, minlength=6) for part in (first, second)]
    assert rank_sum_p(*codes) == pytest.approx(np.mean(dealt))
    assert ordinal_difference(Cells.of_counts(codes)).p == pytest.approx(np.mean(dealt))


def test_ordered_options_with_next_to_nothing():
    empty = ordinal_difference(Cells.of_counts([[0, 0], [3, 4]]))
    assert (empty.test, math.isnan(empty.p)) == ("no_test", True)
    alike = Cells.of_counts([[0, 20], [0, 30]])
    assert [(ordinal_difference(cells).effect, ordinal_difference(cells).p) for cells in (alike, heavier(alike))] == [
        (0, 1),
        (0, 1),
    ]
    assert ordinal_difference(Cells.of_counts([[1, 0], [0, 1]])).p == 1
    # Each group alike within itself: the weighted test has no error of its own.
    apart = ordinal_difference(heavier(Cells.of_counts([[20, 0], [0, 30]])))
    assert (apart.test, apart.effect) == ("mann_whitney", -1)
    assert apart.p < 1e-6
    pair = ordinal_difference(heavier(Cells.of_counts([[1, 0], [0, 1]])))
    assert pair.p > 0.3


def test_kendalls_w_is_friedmans_test():
    ranks = np.array([[1, 2, 3, 4], [2, 1, 3, 4], [1, 3, 2, 4], [1, 2, 4, 3], [2, 2, 3.5, 3.5]])
    found = kendalls_w(ranks)
    expected = stats.friedmanchisquare(*ranks.T)
    assert (found.statistic, found.p) == pytest.approx(tuple(expected))
    assert found.concordance == pytest.approx(expected.statistic / (5 * 3))
    gap = np.vstack([ranks, [1, 2, np.nan, 3]])
    assert kendalls_w(gap) == found
    again = kendalls_w(ranks, weights=np.full(5, 7.0))
    assert (again.concordance, again.p) == pytest.approx((found.concordance, found.p))
    doubled = kendalls_w(ranks, weights=np.array([2.0, 1, 1, 1, 1]))
    assert doubled.concordance == pytest.approx(kendalls_w(np.vstack([ranks[0], ranks])).concordance)


def test_rankings_with_next_to_nothing():
    assert kendalls_w(np.empty((0, 3))).test == "no_test"
    one = kendalls_w([[1, 2, 3]])
    assert (one.test, one.concordance) == ("no_test", 1)
    assert kendalls_w([[1, 2, 3], [1, 2, 3]]).concordance == 1
    assert kendalls_w([[1, 2], [2, 1]]).concordance == 0
    assert math.isnan(kendalls_w([[2, 2], [2, 2]]).concordance)
    with pytest.raises(SurveyError, match="two items"):
        kendalls_w([[1], [1]])


# --- Trends --------------------------------------------------------------------------------------


def test_two_years_are_a_chi_square_test():
    found = cochran_armitage([2020, 2024], [30, 50], [100, 120])
    expected = stats.chi2_contingency([[30, 70], [50, 70]], correction=False)
    assert found.statistic**2 == pytest.approx(expected.statistic)
    assert found.slope == pytest.approx((50 / 120 - 0.3) / 4)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=0, max_size=6))
@few
def test_trends_are_the_same_the_other_way_round(drawn):
    n = np.array([x + more for x, more in drawn], dtype="float64")
    x, years = np.array([x for x, _ in drawn], dtype="float64"), np.arange(len(drawn))
    there, back = cochran_armitage(years, x, n), cochran_armitage(-years, x, n)
    no = cochran_armitage(years, n - x, n)
    for other in (back, no):
        np.testing.assert_allclose([there.slope, there.p], [-other.slope, other.p], atol=1e-9)
    assert there.n == n.sum()
    cells = Cells.of_counts(np.column_stack([n - x, x]).reshape(-1, 2))
    weighted = weighted_slope(years, cells)
    if there.test != "no_test" and weighted.test != "no_test":
        assert weighted.slope == pytest.approx(there.slope, abs=1e-9)


def test_trends_with_next_to_nothing():
    assert cochran_armitage([2020], [3], [10]).test == "no_test"
    assert cochran_armitage([2020, 2021], [0, 3], [0, 10]).years == 1
    for x in ([0, 0], [10, 20]):
        flat = cochran_armitage([2020, 2021], x, [10, 20])
        assert (flat.slope, flat.p) == (pytest.approx(0, abs=1e-12), 1)
    assert weighted_slope([2020, 2021], Cells.of_counts([[5, 5], [0, 0]])).test == "no_test"
    alike = weighted_slope([2020, 2021], Cells.of_counts([[5, 0], [9, 0]]))
    assert (alike.test, alike.slope) == ("no_test", 0)
    apart = weighted_slope([2020, 2021], Cells.of_counts([[5, 0], [0, 9]]))
    assert (apart.test, apart.slope) == ("no_test", pytest.approx(1))
    with pytest.raises(SurveyError, match="other numbers"):
        cochran_armitage([2020, 2021], [1], [2])
    with pytest.raises(SurveyError, match="above its base"):
        cochran_armitage([2020, 2021], [1, 4], [2, 3])
    with pytest.raises(SurveyError, match="3 values"):
        weighted_slope([2020, 2021], Cells.of_counts([[5, 0], [0, 9]]), values=[1, 2, 3])


# --- Corrections ---------------------------------------------------------------------------------

p_values = st.lists(st.one_of(st.floats(0, 1), st.just(math.nan)), max_size=40)


@given(p_values, st.sampled_from(["benjamini_hochberg", "holm"]))
@few
def test_corrected_p_values_are_never_smaller_and_keep_their_order(p, method):
    found = corrected(p, family="items", method=method)
    given = np.array(p, dtype="float64")
    assert (np.isnan(found.p) == np.isnan(given)).all()
    known = ~np.isnan(given)
    assert found.size == known.sum()
    raw, ours = given[known], found.p[known]
    assert (ours >= raw).all()
    assert (ours <= 1).all()
    assert (np.diff(ours[np.argsort(raw)]) >= 0).all()
    if method == "benjamini_hochberg" and raw.size:
        np.testing.assert_allclose(ours, stats.false_discovery_control(raw), atol=1e-12)
        assert (ours <= corrected(p, family="items", method="holm").p[known] + 1e-12).all()


def test_corrections_that_cannot_be_made_are_refused():
    with pytest.raises(SurveyError, match="Nearest: holm"):
        corrected([0.1], family="items", method="holms")
    with pytest.raises(SurveyError, match="no name"):
        corrected([0.1], family=" ")
    with pytest.raises(SurveyError, match="below 0 or above 1"):
        corrected([1.1], family="items")
    assert corrected([], family="items").size == 0
    assert corrected([[0.01, 0.5], [math.nan, 0.02]], family="items").p.shape == (2, 2)
