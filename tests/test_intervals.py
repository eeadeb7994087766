"""Intervals agree with R on two invented data sets, and are defined at every edge."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lnd_survey import intervals
from lnd_survey.errors import SurveyError
from lnd_survey.intervals import compatible_counts, korn_graubard, newcombe, printed_share, quantile, wilson, xlogit

GOLDEN = Path(__file__).parent / "golden"
SETS = ("a1_n456", "b1_n2000")

golden_sets = pytest.mark.parametrize("name", SETS)


def golden(name: str, file: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / name / "r_survey" / file, dtype={"year": str})


def assert_agrees(found, low, high, *, atol=1e-8) -> None:
    np.testing.assert_allclose(found.low, low, rtol=0, atol=atol)
    np.testing.assert_allclose(found.high, high, rtol=0, atol=atol)


def proportions(name: str) -> pd.DataFrame:
    """Shares between 0 and 1, where R's bounds have a meaning, with the linearised base."""
    frame = golden(name, "proportions.csv")
    frame = frame[(frame["x"] > 0) & (frame["x"] < frame["n"])]
    assert len(frame) in (58, 348)
    return frame.assign(n_linear=frame["est"] * (1 - frame["est"]) / frame["se"] ** 2)


# --- R: proportions.csv, single_choice.csv, means.csv -------------------------------------------


@golden_sets
def test_xlogit_agrees_with_columns_xlogit_lo_xlogit_hi_of_proportions(name):
    r = proportions(name)
    assert_agrees(xlogit(r["est"], r["n_linear"], df=r["df"]), r["xlogit_lo"], r["xlogit_hi"])


@golden_sets
def test_korn_graubard_agrees_with_columns_beta_lo_beta_hi_of_proportions(name):
    r = proportions(name)
    assert_agrees(korn_graubard(r["est"], r["n_linear"]), r["beta_lo"], r["beta_hi"])


@golden_sets
def test_the_t_interval_agrees_with_columns_mean_lo_mean_hi_of_proportions(name):
    r = proportions(name)
    assert_agrees(intervals.mean(r["est"], r["se"], df=r["df"]), r["mean_lo"], r["mean_hi"])


@golden_sets
@pytest.mark.parametrize("file", ["means.csv", "single_choice.csv"])
def test_the_t_interval_agrees_with_columns_lo_hi_of_means_and_single_choice(name, file):
    r = golden(name, file)
    assert_agrees(intervals.mean(r["est"], r["se"], df=r["n"] - 1), r["lo"], r["hi"])


# --- R: unweighted_base_r.csv -------------------------------------------------------------------


@golden_sets
@pytest.mark.parametrize("group", ["b", "p"])
def test_wilson_agrees_with_columns_wilson_of_unweighted_base_r(name, group):
    r = golden(name, "unweighted_base_r.csv")
    n = r[f"n_{group}"]
    assert_agrees(wilson(r[f"x_{group}"] / n, n), r[f"wilson_{group}_lo"], r[f"wilson_{group}_hi"], atol=1e-12)


@golden_sets
@pytest.mark.parametrize("group", ["b", "p"])
def test_clopper_pearson_agrees_with_columns_cp_of_unweighted_base_r(name, group):
    r = golden(name, "unweighted_base_r.csv")
    n = r[f"n_{group}"]
    assert_agrees(korn_graubard(r[f"x_{group}"] / n, n), r[f"cp_{group}_lo"], r[f"cp_{group}_hi"], atol=1e-12)


@golden_sets
def test_newcombe_agrees_with_columns_newcombe_lo_newcombe_hi_of_unweighted_base_r(name):
    r = golden(name, "unweighted_base_r.csv")
    found = newcombe(r["x_b"] / r["n_b"], r["n_b"], r["x_p"] / r["n_p"], r["n_p"])
    assert_agrees(found, r["newcombe_lo"], r["newcombe_hi"], atol=1e-12)


# --- By hand, and edges -------------------------------------------------------------------------


def test_quantiles():
    assert quantile(level=0.9).item() == pytest.approx(1.644854, abs=1e-6)
    assert quantile([1, 10**9, 0, -1]).tolist() == pytest.approx([12.70620, 1.959964, np.inf, np.inf], abs=1e-5)
    with pytest.raises(SurveyError, match=r"level of an interval is 95, and must lie between 0 and 1"):
        quantile(level=95)


def test_wilson_with_t_is_wider_than_with_the_normal_quantile():
    normal, student = wilson(0.3, 20), wilson(0.3, 20, df=19)
    assert student.low < normal.low < 0.3 < normal.high < student.high


SHARES = {"wilson": wilson, "xlogit": xlogit, "korn_graubard": korn_graubard}
share_intervals = pytest.mark.parametrize("interval", SHARES.values(), ids=SHARES)


@share_intervals
@pytest.mark.parametrize("n", [1, 2, 3.7, 304])
def test_at_0_and_1_an_interval_is_one_sided_and_has_a_width(interval, n):
    none, every = interval(0.0, n), interval(1.0, n)
    assert none.low == 0
    assert every.high == 1
    assert 0 < none.high < 1
    assert every.low == pytest.approx(1 - none.high)


@share_intervals
def test_without_a_base_there_is_no_interval(interval):
    for share, n in ((0.5, 0), (np.nan, 0), (np.nan, 10), (0.5, np.nan)):
        assert np.isnan(interval(share, n)).all()


@share_intervals
def test_a_percentage_is_refused(interval):
    with pytest.raises(SurveyError, match="A share lies outside 0 to 1"):
        interval([0.5, 64.0], [10, 10])


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_with_one_answer_and_a_t_quantile_a_share_can_be_anything(share):
    assert wilson(share, 1, df=0) == (0, 1)


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_xlogit_of_one_answer_and_a_t_quantile_can_be_anything(share):
    assert xlogit(share, 1, df=0) == (0, 1)


@share_intervals
def test_an_effective_base_below_one_answer_still_has_an_interval(interval):
    # As one huge weight leaves it.
    low, high = interval([0.0, 0.5, 1.0], 0.3)
    assert (low >= 0).all()
    assert (high <= 1).all()
    assert (high - low > 0.5).all()


def test_with_two_answers():
    low, high = wilson([0, 0.5, 1], [2, 2, 2], df=[1, 1, 1])
    assert low.tolist() == pytest.approx([0, 0.00306, 0.01223], abs=1e-5)
    assert high.tolist() == pytest.approx([0.98777, 0.99694, 1], abs=1e-5)


def test_a_mean_of_one_answer_has_no_interval():
    low, high = intervals.mean([2.0, 2.0, np.nan], [0.0, 0.5, np.nan], df=[0, 1, -1])
    assert np.isnan([low[0], high[0], low[2], high[2]]).all()
    assert high[1] == pytest.approx(2 + 0.5 * 12.7062, abs=1e-4)


def test_newcombe_at_the_edges():
    assert np.isnan(newcombe(0.5, 10, np.nan, 0)).all()
    low, high = newcombe([1, 0, 0], [2, 2, 1], [0, 1, 0], [2, 2, 1], df=[1, 1, 0], other_df=[1, 1, 0])
    assert low[1] == -1
    assert high[0] == 1
    assert (low[2], high[2]) == (-1, 1)
    assert low[0] == pytest.approx(-high[1])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_newcombe_of_two_groups_that_all_gave_the_same_answer(share):
    low, high = newcombe(share, 304, share, 152)
    # No difference, and no further than both Wilson limits together: z²/(n + z²).
    square = 1.959964**2
    ends = square / (304 + square), square / (152 + square)
    expected = ends if share == 0 else ends[::-1]
    assert (low, high) == pytest.approx((-expected[1], expected[0]), abs=1e-6)


@pytest.mark.parametrize("n", [1, 2])
def test_print_of_one_or_two(n):
    made = printed_share([0, 100], n)
    assert made.compatible.all()
    assert made.low[0] == 0
    assert made.high[1] == 1
    # With one there are no degrees of freedom left, with two hardly any.
    assert made.high[0] == (1 if n == 1 else pytest.approx(0.98777, abs=1e-5))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 60), st.integers(1, 60), st.floats(0.5, 0.999))
def test_an_interval_holds_the_share_and_is_mirrored(events, n, level):
    share = min(events, n) / n
    for interval in (wilson, xlogit, korn_graubard):
        low, high = interval(share, n, level=level)
        assert 0 <= low <= share + 1e-12
        assert share - 1e-12 <= high <= 1
        mirrored = interval(1 - share, n, level=level)
        assert 1 - mirrored.high == pytest.approx(low, abs=1e-9)
        assert 1 - mirrored.low == pytest.approx(high, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(*[st.tuples(st.integers(0, 40), st.integers(1, 40)).map(lambda drawn: (min(drawn), drawn[1]))] * 2)
def test_newcombe_is_antisymmetric(one, two):
    (x, n), (y, m) = one, two
    forth, back = newcombe(x / n, n, y / m, m), newcombe(y / m, m, x / n, n)
    assert forth.low == pytest.approx(-back.high, abs=1e-12)
    assert forth.high == pytest.approx(-back.low, abs=1e-12)
    assert forth.low <= x / n - y / m + 1e-12


# --- As printed ---------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1000), st.integers(1, 700), st.integers(0, 2))
def test_compatible_counts_are_those_that_round_to_the_print(printed, n, decimals):
    unit = Fraction(1, 10**decimals)
    shown = printed * unit
    lowest, highest = compatible_counts(float(shown), n, decimals=decimals)
    expected = [count for count in range(n + 1) if abs(Fraction(100 * count, n) - shown) <= unit / 2]
    assert list(range(lowest, highest + 1)) == expected


@given(st.integers(0, 500), st.integers(1, 500))
def test_what_is_printed_of_a_count_is_compatible_with_it(count, n):
    count = min(count, n)
    lowest, highest = compatible_counts(round(100 * count / n), n)
    assert lowest <= count <= highest
    made, plain = printed_share(round(100 * count / n), n), wilson(count / n, n, df=n - 1)
    assert made.compatible
    assert made.low <= plain.low
    assert plain.high <= made.high


def test_an_interval_of_print_by_hand():
    # 64 % of 304: 194, 195 or 196.
    made = printed_share(64, 304)
    assert made.low == wilson(194 / 304, 304, df=303).low
    assert made.high == wilson(196 / 304, 304, df=303).high
    weighted = printed_share(64, 304, weighted=True)
    assert weighted.low == pytest.approx(wilson(0.635, 304, df=303).low)
    assert weighted.high == pytest.approx(wilson(0.645, 304, df=303).high)


def test_print_at_the_edges():
    made = printed_share([0, 100, 50, 50, 1, 1], [304, 304, np.nan, 0, 20, 20], weighted=[False] * 5 + [True])
    assert made.compatible.tolist() == [True, True, True, True, False, True]
    assert np.isnan(made.low).tolist() == [False, False, True, True, True, False]
    assert (made.low[0], made.high[1]) == (0, 1)
    # 0 % of 304 may have been 1 person.
    assert made.high[0] == wilson(1 / 304, 304, df=303).high


def test_decimals_of_print():
    assert compatible_counts(12.5, 8, decimals=1)[0] == 1
    assert compatible_counts([33.3, 33.33], [3, 3], decimals=[1, 2])[1].tolist() == [1, 1]
    lowest, highest = compatible_counts(33.4, 3, decimals=1)
    assert lowest > highest
