"""What rounded shares allow to say, against every pair of counts that rounds to them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from scipy import stats

from lnd_survey.errors import SurveyError
from lnd_survey.significance import (
    Cells,
    PrintedShare,
    base_needed,
    cochran_armitage,
    paired_difference_of_shares,
    printed_difference,
    printed_paired_difference,
    printed_trend,
)
from lnd_survey.significance.differences import score_statistic
from lnd_survey.significance.exact import score_exact_p

several = settings(max_examples=60, deadline=None)


def rounding_to(percent: float, n: int, decimals: int = 0) -> list[int]:
    """Counts within half a unit of the print, one by one."""
    half = Fraction(1, 2 * 10**decimals)
    wanted = Fraction(Decimal(repr(percent)))
    return [x for x in range(n + 1) if abs(Fraction(100 * x, n) - wanted) <= half]


def by_definition(x: int, n: int, y: int, m: int) -> float:
    """Largest chance, over all shares, of a pair of counts with a score at least that of this pair."""

    def squared(x, y):
        pooled = (x + y) * (n + m - x - y)
        return np.where(pooled > 0, (x / n - y / m) ** 2 / np.maximum(pooled, 1), 0)

    every = squared(np.arange(n + 1)[:, None], np.arange(m + 1)[None, :])
    extreme = every >= squared(x, y) * (1 - 1e-9)
    shares = np.sin(np.linspace(0.001, math.pi / 4, 200)) ** 2
    one, two = (stats.binom.pmf(np.arange(base + 1), base, shares[:, None]) for base in (n, m))
    return min(1.0, float(np.einsum("pi,ij,pj->p", one, extreme, two, optimize=True).max()))


@st.composite
def prints(draw):
    n = draw(st.integers(1, 320))
    decimals = draw(st.sampled_from([0, 0, 1]))
    return PrintedShare(round(100 * draw(st.integers(0, n)) / n, decimals), n, decimals)


@given(st.integers(1, 400), st.integers(0, 1000), st.sampled_from([0, 1]))
@several
@example(200, 125, 0)
@example(8, 13, 0)
def test_counts_that_round_to_the_print(n, units, decimals):
    percent = min(units / 10**decimals, 100)
    ours = PrintedShare(percent, n, decimals).counts
    counted = rounding_to(percent, n, decimals)
    assert ours == ((counted[0], counted[-1]) if counted else None)
    assert not counted or counted == list(range(counted[0], counted[-1] + 1))


@given(prints(), prints())
@several
@example(PrintedShare(60, 235), PrintedShare(50, 235))
@example(PrintedShare(1, 150), PrintedShare(4, 300))
@example(PrintedShare(0, 152), PrintedShare(0, 304))
@example(PrintedShare(100, 152), PrintedShare(97, 304))
@example(PrintedShare(50, 300), PrintedShare(50, 300))
def test_bounds_are_those_of_all_pairs_of_counts(first, second):
    found = printed_difference(first, second)
    counts = (rounding_to(share.percent, share.n, share.decimals) for share in (first, second))
    pairs = list(product(*counts))
    p = [by_definition(x, first.n, y, second.n) for x, y in pairs]
    # The shares over which the largest chance is sought are not the same.
    np.testing.assert_allclose([found.p_min, found.p_max], [min(p), max(p)], atol=3e-3)
    p = [score_exact_p(x, first.n, y, second.n) for x, y in pairs]
    assert (found.p_min, found.p_max) == (min(p), max(p))
    if found.verdict == "significant":
        assert max(p) < 0.05
    elif found.verdict == "undecided":
        assert min(p) < 0.05 <= max(p)
    else:
        assert found.verdict == "no_clear_difference"
        assert min(p) >= 0.05
    back = printed_difference(second, first)
    assert (back.verdict, back.test, -back.effect) == (found.verdict, found.test, pytest.approx(found.effect))
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(("first", "second"), [(60, 61), (60, 60), (0, 1), (0, 2), (100, 99), (35, 37), (0, 0)])
@pytest.mark.parametrize("bases", [(80_000, 70_000), (120_000, 50_000)])
def test_large_bases_go_by_the_nearest_and_the_farthest(first, second, bases):
    one, two = PrintedShare(first, bases[0]), PrintedShare(second, bases[1])
    found = printed_difference(one, two)
    x, y = np.meshgrid(*(np.arange(share.counts[0], share.counts[1] + 1) for share in (one, two)))
    p = 2 * stats.norm.sf(abs(score_statistic(x / one.n, y / two.n, one.n, two.n)))
    assert p.size > 1 << 16
    assert found.p_min == pytest.approx(p.min(), abs=1e-12)
    assert found.p_max == pytest.approx(p.max(), abs=0.02)
    assert found.p_max >= p.max() - 1e-12


def test_exact_tests_that_are_too_many_decide_nothing():
    found = printed_difference(PrintedShare(2, 1_000), PrintedShare(0, 20_000_000))
    assert found.verdict == "undecided"
    assert found.p_max == 1


@given(prints(), prints())
@several
def test_shares_that_may_be_weighted_go_by_the_nearest_and_the_farthest(first, second):
    found = printed_difference(first, second, weighted=True)
    grids = np.meshgrid(*(np.linspace(*share.bounds, 21) for share in (first, second)))
    p = 2 * stats.norm.sf(abs(score_statistic(*grids, first.n, second.n)))
    assert found.p_min == pytest.approx(p.min(), abs=1e-12)
    assert p.max() - 1e-12 <= found.p_max
    assert found.p_max in (1, pytest.approx(p.max()))
    assert printed_difference(first, second, weighted=True, design_effect=2).p_max >= found.p_max - 1e-12


@pytest.mark.parametrize(("n", "m", "decimals"), [(152, 304, 0), (100, 100, 0), (60, 60, 0), (25, 25, 0), (80, 40, 1)])
def test_groups_with_the_same_share_are_called_different_no_more_often_than_the_level_says(n, m, decimals):
    """Exactly, by the chances of all pairs of counts, not by drawing."""
    prints = [[round(100 * x / base, decimals) for x in range(base + 1)] for base in (n, m)]

    @cache
    def significant(one, two):
        found = printed_difference(PrintedShare(one, n, decimals), PrintedShare(two, m, decimals))
        return found.verdict == "significant"

    called = np.array([[significant(one, two) for two in prints[1]] for one in prints[0]])
    shares = np.linspace(0.01, 0.5, 50)[:, None]
    one, two = (stats.binom.pmf(np.arange(base + 1), base, shares) for base in (n, m))
    level = np.einsum("pi,ij,pj->p", one, called, two, optimize=True)
    assert level.max() <= 0.05 + 1e-4
    assert level.max() > 0.02


@pytest.mark.parametrize(
    ("x", "n", "y", "m"), [(7, 12, 1, 12), (3, 3, 0, 3), (0, 10, 4, 20), (15, 30, 8, 40), (5, 5, 5, 5)]
)
def test_exact_scores_are_those_of_scipy(x, n, y, m):
    if x + y == n + m:
        assert score_exact_p(x, n, y, m) == 1
        return
    expected = stats.barnard_exact([[x, y], [n - x, m - y]], pooled=True, n=64).pvalue
    assert score_exact_p(x, n, y, m) == pytest.approx(expected, abs=1e-3)


def test_no_count_gives_the_print():
    found = printed_difference(PrintedShare(33, 10), PrintedShare(50, 200))
    assert (found.verdict, found.test) == ("incompatible", "no_test")
    assert math.isnan(found.p_max)
    assert printed_difference(PrintedShare(33, 10), PrintedShare(50, 200), weighted=True).test == "score"


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_respondents_never_differ(n):
    found = printed_difference(PrintedShare(100, n), PrintedShare(0, n))
    assert (found.verdict, found.test) == ("no_clear_difference", "score_exact")


def test_without_a_base_it_is_said_from_which_on():
    found = printed_difference(PrintedShare(60, None), PrintedShare(50, 200))
    assert (found.verdict, found.test, found.base_needed) == ("base_unknown", "no_test", 235)
    assert math.isnan(found.p_min)
    assert (found.low, found.high) == (pytest.approx(0.09), pytest.approx(0.11))


@pytest.mark.parametrize(
    ("first", "second", "decimals"), [(60, 50, 0), (50, 60, 0), (12, 4, 0), (97, 88, 0), (55.5, 47.1, 1), (3, 0, 0)]
)
def test_the_base_needed_is_the_smallest(first, second, decimals):
    needed = base_needed(PrintedShare(first, None, decimals), PrintedShare(second, None, decimals))
    unit = 0.01 / 10**decimals
    near = (max(first, second) / 100 - unit / 2, min(first, second) / 100 + unit / 2)
    pooled = sum(near) / 2

    def enough(n):
        z = (near[0] - near[1]) / math.sqrt(2 * pooled * (1 - pooled) / n)
        return 2 * stats.norm.sf(z) <= 0.05 and n * min(pooled, 1 - pooled) >= 5

    assert enough(needed)
    assert not enough(needed - 1)
    for n in (needed, needed + 7):
        one, two = PrintedShare(first, n, decimals), PrintedShare(second, n, decimals)
        if one.counts and two.counts:
            assert printed_difference(one, two).verdict == "significant"


def test_neighbours_in_print_are_never_told_apart():
    assert base_needed(PrintedShare(51, None), PrintedShare(50, None)) is None
    assert base_needed(PrintedShare(50, None), PrintedShare(50, None)) is None
    assert printed_difference(PrintedShare(51, 10**7), PrintedShare(50, 10**7)).verdict == "undecided"
    assert printed_difference(PrintedShare(52, 10**7), PrintedShare(50, 10**7)).verdict == "significant"


def test_prints_that_cannot_be_are_refused():
    for percent, n, decimals in [(101, 10, 0), (-1, 10, 0), (50, 0, 0), (50, -3, 0), (33.5, 10, 0)]:
        with pytest.raises(SurveyError):
            PrintedShare(percent, n, decimals)


# --- Trends --------------------------------------------------------------------------------------


@given(st.lists(prints().filter(lambda share: share.n < 90), min_size=2, max_size=3))
@several
def test_no_counts_that_round_so_lie_outside_the_bounds_of_a_trend(shares):
    years = 2020 + np.arange(len(shares))
    found = printed_trend(years, shares)
    whole = [rounding_to(share.percent, share.n, share.decimals) for share in shares]
    bases = [share.n for share in shares]
    all_of_them = [cochran_armitage(years, x, bases) for x in product(*whole)]
    slopes = [one.slope for one in all_of_them]
    assert found.slope_low - 1e-9 <= min(slopes)
    assert max(slopes) <= found.slope_high + 1e-9
    p = [one.p for one in all_of_them]
    if found.test == "cochran_armitage":
        assert found.p_min - 1e-9 <= min(p)
        assert max(p) <= found.p_max + 1e-9
    assert found.verdict != "significant" or max(p) < 0.05
    assert found.verdict != "no_clear_difference" or found.test == "no_test" or min(p) >= 0.05


def test_a_trend_in_closed_form():
    # Σ n(t − t̄)p = 300 · (0.45 − 0.30) = 45, ∓ 0.005 · 300 · 2 = 3; variance at most 0.375 · 0.625 · 600 = 140.625.
    found = printed_trend([2020, 2021, 2022], [PrintedShare(value, 300) for value in (30, 36, 45)])
    assert (found.slope, found.slope_low, found.slope_high) == pytest.approx((45 / 600, 42 / 600, 48 / 600))
    assert found.p_max == pytest.approx(2 * stats.norm.sf(42 / math.sqrt(140.625)))
    assert found.p_min == pytest.approx(2 * stats.norm.sf(48 / math.sqrt(0.365 * 0.635 * 600)))


def test_trends_with_next_to_nothing():
    shares = [PrintedShare(30, 100), PrintedShare(50, None)]
    assert printed_trend([2020, 2022], shares).verdict == "base_unknown"
    assert printed_trend([2020, 2022], [PrintedShare(33, 10), PrintedShare(50, 10)]).verdict == "incompatible"
    assert printed_trend([2020], [PrintedShare(30, 100)]).test == "no_test"
    assert printed_trend([2020, 2022], [PrintedShare(0, 100), PrintedShare(0, 100)]).test == "no_test"
    assert printed_trend([2020, 2022], [PrintedShare(100, 100), PrintedShare(100, 100)]).test == "no_test"
    for n in (1, 2):
        assert printed_trend([2020, 2022], [PrintedShare(0, n), PrintedShare(100, n)]).test == "no_test"
    with pytest.raises(SurveyError, match="3 years"):
        printed_trend([2020, 2021, 2022], shares)


# --- Printed shares of the same respondents -----------------------------------------------------


def test_every_table_that_is_printed_so_is_tried():
    """5 and 2 of 10, of whom 0, 1 or 2 are in both: 5 against 2, 4 against 1 or 3 against 0 who differ."""
    found = printed_paired_difference(PrintedShare(50, 10), PrintedShare(20, 10))
    assert found.difference == pytest.approx(0.3)
    # Exact sign tests: 2 · (1 + 7 + 21) / 2⁷ and 2 · 1 / 2³.
    assert found.p_max == pytest.approx(58 / 128)
    assert found.p_min == pytest.approx(0.25)


@pytest.mark.parametrize(("one", "two"), [(PrintedShare(50, None), PrintedShare(20, None)),
                                          (PrintedShare(33, 10), PrintedShare(20, 10))])  # fmt: skip
def test_same_respondents_without_a_base_or_a_count(one, two):
    found = printed_paired_difference(one, two)
    assert found.test == "no_test"
    assert math.isnan(found.p_max)


def test_other_bases_are_other_respondents():
    with pytest.raises(SurveyError, match="Shares of 10 and of 11 respondents are not those of the same"):
        printed_paired_difference(PrintedShare(50, 10), PrintedShare(20, 11))


@several
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_the_true_table_lies_within(a, b, c, d):
    n = a + b + c + d
    assume(n > 0)
    printed = [PrintedShare(math.floor(100 * count / n + 0.5), n) for count in (c + d, b + d)]
    found = printed_paired_difference(*printed)
    true = paired_difference_of_shares(Cells.of_counts([[a, b], [c, d]]))
    if not math.isnan(float(true.p)):
        assert found.p_min <= float(true.p) + 1e-12
        assert float(true.p) <= found.p_max + 1e-12
