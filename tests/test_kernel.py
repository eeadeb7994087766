"""The kernel agrees with R's `survey` on two invented data sets, and is defined at every edge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lnd_survey import kernel
from lnd_survey.errors import SurveyError
from lnd_survey.kernel import Tally, means, shares, tally

GOLDEN = Path(__file__).parent / "golden"
SETS = ("a1_n456", "b1_n2000")
WEIGHTS = ("none", "w3")
TICKS = [f"m{number:02}" for number in range(1, 11)]
TICKED = {item: [0, 1] for item in TICKS}
NUMBERS = {**{f"rk{number}": 5 for number in range(1, 6)}, **{f"s{number}": 7 for number in range(1, 4)}}
OPTIONS = ["a", "b", "c", "d", "e"]


@pytest.fixture(scope="module", params=SETS)
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def data(name) -> pd.DataFrame:
    frame = pd.read_csv(GOLDEN / name / "data.csv").merge(pd.read_csv(GOLDEN / name / "r_survey/weights.csv"))
    return frame.assign(none=1.0, group_sector=frame["group"] + "." + frame["sector"], year=frame["year"].astype(str))


def golden(name: str, file: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / name / "r_survey" / file, dtype={"year": str})


def coded(data: pd.DataFrame, items: dict[str, list]) -> np.ndarray:
    """Code answers by their place in the list of possible answers."""
    columns = [pd.Categorical(data[item], categories=answers).codes for item, answers in items.items()]
    return np.stack(columns, axis=1).astype("int16").astype("uint8", order="F")


def domains(data: pd.DataFrame) -> tuple[np.ndarray, list[list[int]], list[tuple[str, str]]]:
    """Year × group, then how they are pooled, and what the pools are called."""
    years, groups = sorted(data["year"].unique()), sorted(data["group"].unique())
    code = pd.Categorical(data["year"], years).codes * 2 + pd.Categorical(data["group"], groups).codes
    pools, names = [], []
    for year in [*years, "all"]:
        for group in [*groups, "all"]:
            own = [place for place, other in enumerate(years) if year in (other, "all")]
            pools.append(
                [2 * place + at for place in own for at, other in enumerate(groups) if group in (other, "all")]
            )
            names.append((year, group))
    return code.astype("int64"), pools, names


def counted(data: pd.DataFrame, items: dict[str, list], weights: str) -> tuple[Tally, list[tuple[str, str]]]:
    code, pools, names = domains(data)
    made = tally(coded(data, items), code, weights=data[weights].to_numpy(), n_codes=max(map(len, items.values())))
    return made.pooled(pools), names


def raked(wave: pd.DataFrame, items: dict[str, list]) -> tuple[Tally, list[tuple[str, str]]]:
    """Count one wave, which was raked alone."""
    code, pools, names = domains(wave)
    margins = [pd.Categorical(wave[margin]).codes.astype("int64") for margin in ("region", "size", "group_sector")]
    made = tally(coded(wave, items), code, weights=wave["w3"].to_numpy(), margins=margins, n_codes=2)
    return made.pooled(pools), names


def rows_of(name: str, file: str, weights: str, items: list[str], names: list[tuple[str, str]]) -> pd.DataFrame:
    """Rows of a file of R in the order of our arrays: domains, then items."""
    column = "option" if file == "single_choice.csv" else "item"
    frame = golden(name, file)
    frame = frame[frame["weights"] == weights].set_index(["year", "group", column])
    wanted = [(*domain, item) for domain in names for item in items]
    if not set(wanted) <= set(frame.index):  # one year only: there are no rows of all years
        wanted = [key for key in wanted if key[0] != "all"]
    return frame.loc[wanted]


def ours(values: np.ndarray, like: pd.DataFrame) -> np.ndarray:
    return values.ravel()[: len(like)]


# --- R: proportions.csv ------------------------------------------------------------------------


@pytest.mark.parametrize("weights", WEIGHTS)
def test_shares_agree_with_columns_n_x_est_se_df_deff_replace_kish_neff_of_proportions(name, data, weights):
    sums, names = counted(data, TICKED, weights)
    made = shares(sums)
    r = rows_of(name, "proportions.csv", weights, TICKS, names)
    assert len(r) in (30, 180)
    np.testing.assert_array_equal(ours(made.n[..., 1], r), r["n"])
    np.testing.assert_array_equal(ours(sums.count[..., 1], r), r["x"])
    np.testing.assert_array_equal(ours(made.df[..., 1], r), r["df"])
    np.testing.assert_allclose(ours(made.estimate[..., 1], r), r["est"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours(made.se[..., 1], r), r["se"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours(made.n_kish[..., 1], r), r["kish_neff"], rtol=0, atol=1e-6)
    between = ((r["x"] > 0) & (r["x"] < r["n"])).to_numpy()
    effect = ours(made.design_effect[..., 1], r)
    np.testing.assert_allclose(effect[between], r["deff_replace"][between], rtol=0, atol=1e-8)
    assert np.isnan(effect[~between]).all()
    assert (ours(made.se[..., 1], r)[~between] == 0).all()


def test_raking_aware_se_agrees_with_column_se_cal_of_proportions(name, data):
    compared = 0
    for year, wave in data.groupby("year"):
        sums, names = raked(wave, TICKED)
        r = rows_of(name, "proportions.csv", "w3", TICKS, [domain for domain in names if domain[0] == year])
        np.testing.assert_allclose(ours(shares(sums).se[..., 1], r), r["se_cal"], rtol=0, atol=1e-11)
        # R stops after ten rounds of centring; to the end it makes a difference of less than a millionth.
        converged = ours(shares(sums, sweeps=200).se[..., 1], r)
        np.testing.assert_allclose(converged, r["se_cal"], rtol=2e-6, atol=0)
        compared += len(r)
    assert compared == 30 * data["year"].nunique()


def test_weights_taken_as_fixed_agree_with_column_se_of_proportions_also_where_margins_are_known(name, data):
    for year, wave in data.groupby("year"):
        sums, names = raked(wave, TICKED)
        r = rows_of(name, "proportions.csv", "w3", TICKS, [domain for domain in names if domain[0] == year])
        made = shares(sums, rows=len(data), fixed_weights=True)
        np.testing.assert_allclose(ours(made.se[..., 1], r), r["se"], rtol=0, atol=1e-12)


# --- R: single_choice.csv, means.csv ------------------------------------------------------------


@pytest.mark.parametrize("weights", WEIGHTS)
def test_a_distribution_agrees_with_columns_n_est_se_of_single_choice(name, data, weights):
    sums, names = counted(data, {"q1": OPTIONS}, weights)
    made = shares(sums)
    r = rows_of(name, "single_choice.csv", weights, OPTIONS, names)
    assert len(r) in (15, 90)
    np.testing.assert_array_equal(ours(made.n, r), r["n"])
    np.testing.assert_allclose(ours(made.estimate, r), r["est"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours(made.se, r), r["se"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("weights", WEIGHTS)
def test_means_and_mean_ranks_agree_with_columns_n_est_se_df_of_means(name, data, weights):
    items = {item: list(range(1, top + 1)) for item, top in NUMBERS.items()}
    sums, names = counted(data, items, weights)
    made = means(sums, np.arange(1, 8))
    r = rows_of(name, "means.csv", weights, list(items), names)
    assert len(r) in (24, 144)
    np.testing.assert_array_equal(ours(made.n, r), r["n"])
    np.testing.assert_array_equal(ours(made.df, r), r["df"])
    np.testing.assert_allclose(ours(made.estimate, r), r["est"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(ours(made.se, r), r["se"], rtol=0, atol=1e-12)


def test_raking_aware_se_of_means_agrees_with_column_se_cal_of_means(name, data):
    items = {item: list(range(1, top + 1)) for item, top in NUMBERS.items()}
    compared = 0
    for year, wave in data.groupby("year"):
        code, pools, names = domains(wave)
        margins = [pd.Categorical(wave[margin]).codes.astype("int64") for margin in ("region", "size", "group_sector")]
        sums = tally(coded(wave, items), code, weights=wave["w3"].to_numpy(), margins=margins).pooled(pools)
        r = rows_of(name, "means.csv", "w3", list(items), [domain for domain in names if domain[0] == year])
        made = ours(means(sums, np.arange(1, 8)).se, r)
        known = r["se_cal"].notna().to_numpy()
        np.testing.assert_allclose(made[known], r["se_cal"][known], rtol=0, atol=1e-10)
        compared += known.sum()
    assert compared


# --- By hand -----------------------------------------------------------------------------------


def column(*answers: int | None) -> np.ndarray:
    return np.array([[255 if answer is None else answer] for answer in answers], dtype="uint8")


def one(answers: np.ndarray, weights: list[float] | None = None) -> Tally:
    return tally(answers, np.zeros(len(answers), dtype=int), weights=weights and np.array(weights), n_codes=2)


def test_weighted_shares_by_hand():
    made = shares(one(column(1, 0, 0, None), [2.0, 1.0, 1.0, 9.0]))
    # W = 4, p = 2/4; Σw²(y − p)² = (4 + 1 + 1) / 4; variance 1.5 / 16 × 4/3 = 1/8; Kish 16 / 6.
    assert made.estimate.tolist() == [[[0.5, 0.5]]]
    assert made.se**2 == pytest.approx(1 / 8)
    assert made.n_kish == pytest.approx(16 / 6)
    assert made.n_linear == pytest.approx(2)
    assert made.n_effective == pytest.approx(16 / 6)  # 1/4 over 1.5/16, the same as Kish's
    assert made.design_effect == pytest.approx(1)


def test_means_leave_out_codes_without_a_number():
    made = means(one(column(0, 1, 1, None), [1.0, 1.0, 2.0, 9.0]), np.array([np.nan, 7.0]))
    assert (made.estimate.item(), made.n.item(), made.se.item()) == (7.0, 2, 0.0)


def test_values_may_differ_by_item():
    made = means(one(np.array([[0, 0], [1, 1]], dtype="uint8")), np.array([[1, 2], [10, 30]]))
    assert made.estimate.tolist() == [[1.5, 20.0]]


def test_a_row_without_a_domain_counts_among_the_rows_only():
    made = tally(column(1, 0, 1), np.array([0, 0, -1]))
    assert (made.rows, made.n.tolist(), made.count.tolist()) == (3, [[2]], [[[1, 1]]])


def test_pooled_domains_count_each_row_once():
    answers, domain = column(1, 0, 1, None), np.array([0, 1, 1, 1])
    assert tally(answers, domain).pooled([[0, 1]]).count.tolist() == one(answers).count.tolist()


def test_parts_of_the_data_add_up(data):
    items = TICKED
    code, _, _ = domains(data)
    margin = [pd.Categorical(data["region"]).codes.astype("int64")]
    half = len(data) // 2

    def part(rows: slice) -> Tally:
        return tally(
            coded(data[rows], items),
            code[rows],
            weights=data["w3"].to_numpy()[rows],
            margins=[levels[rows] for levels in margin],
            n_domains=code.max() + 1,
            n_codes=2,
            n_levels=[4],
        )

    whole, added = part(slice(None)), part(slice(half)) + part(slice(half, None))
    assert added.rows == whole.rows
    np.testing.assert_array_equal(added.count, whole.count)
    np.testing.assert_allclose(shares(added).se, shares(whole).se, rtol=1e-10)


def test_an_item_that_is_a_margin_has_no_raking_aware_error():
    answers = column(0, 1, 0, 1, 1, 0)
    weights = np.array([1.0, 2.0, 3.0, 1.0, 2.0, 3.0])
    made = tally(answers, np.zeros(6, dtype=int), weights=weights, margins=[answers[:, 0].astype(int)])
    assert shares(made).se.tolist() == [[[0.0, 0.0]]]
    assert shares(made, fixed_weights=True).se.min() > 0.1


def test_more_codes_than_a_table_holds():
    answers = np.tile(np.arange(200, dtype="uint8"), 30)[:, None]
    domain = np.repeat(np.arange(600), 10)
    made = tally(answers, domain)
    assert made.count.shape == (600, 1, 200)
    np.testing.assert_array_equal(made.count.sum(axis=(0, 1)), np.full(200, 30))
    assert made.count[1, 0, 10:20].tolist() == [1] * 10


def test_small_whole_numbers_do_not_overflow():
    domain, margin = np.array([90, 3], dtype="int8"), np.array([0, 5], dtype="int8")
    made = tally(column(1, 0), domain, weights=np.array([1.0, 2.0]), margins=[margin, margin])
    assert made.count[90].tolist() == [[0, 1]]
    assert made.raking.count[5, 3].tolist() == [[1, 0]]
    assert made.raking.rows_together[5].tolist() == [0] * 5 + [1] + [0] * 5 + [1]


# --- Edges -------------------------------------------------------------------------------------


def test_nobody_asked():
    made = shares(tally(np.zeros((0, 2), dtype="uint8"), np.zeros(0, dtype=int), n_codes=2))
    assert np.isnan(made.estimate).all()
    assert np.isnan(made.se).all()
    assert (made.n == 0).all()
    assert (made.n_effective == 0).all()


def test_one_group_empty():
    made = shares(tally(column(1, 0), np.array([1, 1]), n_domains=2))
    assert np.isnan(made.estimate[0]).all()
    assert made.n_effective.tolist() == [[[0, 0]], [[2, 2]]]
    assert np.isnan(means(tally(column(1, 0), np.array([1, 1]), n_domains=2), np.array([1, 2])).estimate[0, 0])


@pytest.mark.parametrize("n", [1, 2, 40])
@pytest.mark.parametrize("weighted", [False, True])
def test_all_give_the_same_answer(n, weighted):
    weights = [0.1 * (place + 1) for place in range(n)] if weighted else None
    sums = one(column(*[1] * n), weights)
    made = shares(sums)
    assert made.estimate.tolist() == [[[0.0, 1.0]]]
    assert made.se.tolist() == [[[0.0, 0.0]]]
    assert np.isnan(made.n_linear).all()
    expected = np.sum(weights) ** 2 / np.sum(np.square(weights)) if weighted else n
    assert made.n_effective == pytest.approx(expected)
    same = means(sums, np.array([1.0, 0.3]))
    assert (same.estimate.item(), same.se.item()) == (0.3, 0.0)
    assert same.n_effective.item() == pytest.approx(expected)


@pytest.mark.parametrize("weight", [1.0, 0.3, 1e9])
def test_equal_weights_leave_n_as_the_base_and_change_nothing(weight):
    answers = column(*([1] * 30 + [0] * 37 + [None]))
    plain, equal = shares(one(answers)), shares(one(answers, [weight] * 68))
    assert plain.n_effective.tolist() == equal.n_effective.tolist() == [[[67, 67]]]
    for field in ("estimate", "se", "n_kish", "n_linear", "design_effect"):
        np.testing.assert_allclose(getattr(plain, field), getattr(equal, field), rtol=1e-14)


def test_one_huge_weight():
    made = shares(one(column(*([1] * 50 + [0] * 50)), [1e9] + [1.0] * 99))
    assert made.estimate[0, 0, 1] == pytest.approx(1, abs=1e-6)
    assert made.n_effective == pytest.approx(1, abs=1e-6)
    assert made.n_kish.max() < 1.001
    assert np.isfinite(made.se).all()


def of_raked(answers: np.ndarray, weights: list[float], levels: list[int], **options) -> kernel.Estimated:
    domain = np.zeros(len(answers), dtype=int)
    margins = [np.array(levels, dtype=int)]
    return shares(tally(answers, domain, weights=np.array(weights), margins=margins, n_codes=2, **options))


@pytest.mark.parametrize("weights", [[1.0], [3.0, 0.5], [2.0, 1.0, 1.0, 4.0]])
@pytest.mark.parametrize("answer", [0, 1])
def test_all_of_a_raked_sample_give_the_same_answer(weights, answer):
    made = of_raked(column(*[answer] * len(weights)), weights, list(range(len(weights))))
    assert made.estimate[0, 0, answer] == 1
    assert made.se.tolist() == [[[0.0, 0.0]]]
    assert np.isnan(made.n_linear).all()
    assert made.n_effective == pytest.approx(np.sum(weights) ** 2 / np.sum(np.square(weights)))


def test_two_raked_respondents():
    # Each is a level by itself, so that the margins determine the share; in one level they determine nothing.
    assert of_raked(column(1, 0), [1.0, 3.0], [0, 1]).se.tolist() == [[[0.0, 0.0]]]
    free = of_raked(column(1, 0), [1.0, 1.0], [0, 0])
    assert free.se**2 == pytest.approx(0.25)  # p(1 − p) / (n − 1)
    assert free.n_effective == pytest.approx(2)


def test_a_level_of_a_margin_without_respondents_changes_nothing():
    answers, weights, levels = column(1, 0, 0, 1, 1), [1.0, 2.0, 1.0, 2.0, 1.0], [0, 0, 1, 1, 1]
    np.testing.assert_array_equal(
        of_raked(answers, weights, levels).se, of_raked(answers, weights, levels, n_levels=[4]).se
    )


def test_one_raked_group_empty():
    made = shares(
        tally(
            column(1, 0, 1, 0),
            np.array([1, 1, 1, -1]),
            weights=np.array([1.0, 2.0, 1.0, 1.0]),
            margins=[np.array([0, 0, 0, 1])],
            n_domains=2,
        )
    )
    assert np.isnan(made.estimate[0]).all()
    assert made.n_effective[0].tolist() == [[0, 0]]
    assert made.estimate[1, 0, 1] == pytest.approx(0.5)
    assert np.isfinite(made.se[1]).all()


def test_one_huge_weight_in_a_raked_sample():
    made = of_raked(column(*([1] * 50 + [0] * 50)), [1e9] + [1.0] * 99, [0, 1] * 50)
    assert np.isfinite(made.se).all()
    assert (made.se >= 0).all()
    assert 0 < made.n_effective.min() <= made.n_effective.max() < 1.001


def test_weights_that_are_all_nought():
    made = shares(one(column(1, 0), [0.0, 0.0]))
    assert np.isnan(made.estimate).all()
    assert (made.n.tolist(), made.n_effective.tolist()) == ([[[2, 2]]], [[[0, 0]]])


def test_rare_answers_take_the_smaller_base():
    # Who ticked has small weights: the linearised base is large, and not trusted with 5 events.
    weights = [0.5] * 5 + [1.0, 2.0] * 50
    made = shares(one(column(*([1] * 5 + [0] * 100)), weights))
    assert made.n_linear[0, 0, 1] > made.n_kish[0, 0, 1]
    assert made.n_effective[0, 0, 1] == made.n_kish[0, 0, 1]
    # 50 who ticked weigh 25 of 175; of Kish's base, 175²/262.5 = 116.7, that is 16.7.
    some = shares(one(column(*([1] * 50 + [0] * 100)), [0.5] * 50 + [1.0, 2.0] * 50))
    assert some.n_linear[0, 0, 1] > some.n_kish[0, 0, 1] == some.n_effective[0, 0, 1]
    often = shares(one(column(*([1] * 100 + [0] * 100)), [0.5] * 100 + [1.0, 2.0] * 50))
    assert often.n_effective[0, 0, 1] == pytest.approx(min(200, often.n_linear[0, 0, 1] * 200 / 199))
    assert often.n_effective[0, 0, 1] > often.n_kish[0, 0, 1]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"codes": column(1, 0).astype("int64")}, "must be uint8"),
        ({"domains": np.array([0])}, "2 rows of codes, but 1"),
        ({"weights": np.array([1.0, -1.0])}, "A weight is negative"),
        ({"weights": np.array([1.0, np.nan])}, "A weight is negative or not a number"),
        ({"weights": np.array([1.0, np.inf])}, "A weight is negative or not a number"),
        ({"n_codes": 1}, "A code is 1, but there are only 1"),
        ({"n_domains": 1, "domains": np.array([0, 1])}, "A domain is 1, but there are only 1"),
        ({"margins": [np.array([0, -1])]}, "no level of a margin"),
        ({"margins": [np.array([0, 1])], "n_levels": [1]}, "more levels than 1"),
        ({"domains": np.array([0.0, np.nan])}, "must be whole numbers"),
        ({"margins": [np.array([0])]}, "2 rows of codes, but 2, 1"),
    ],
)
def test_what_cannot_be_counted_is_refused(changed, said):
    arguments = {"codes": column(1, 0), "domains": np.array([0, 0])} | changed
    with pytest.raises(SurveyError, match=said):
        tally(arguments.pop("codes"), arguments.pop("domains"), **arguments)


# --- Whatever the data -------------------------------------------------------------------------


@st.composite
def samples(draw) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    rows, items = draw(st.integers(1, 60)), draw(st.integers(1, 9))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    codes = random.integers(0, 4, (rows, items)).astype("uint8")
    codes[codes == 3] = 255
    order = draw(st.sampled_from("CF"))
    weights = random.choice([0.25, 1.0, 3.0, 40.0], rows)
    return np.array(codes, order=order), random.integers(-1, 3, rows), weights, random.integers(0, 2, rows)


def numbers(codes, domain, weights, margin, **options) -> list[np.ndarray]:
    sums = tally(codes, domain, weights=weights, margins=[margin], n_domains=3, n_codes=3, n_levels=[2], **options)
    found = [shares(sums), shares(sums, fixed_weights=True), means(sums, np.array([1.0, 2.0, np.nan]))]
    # Squares: rounding of an error that is nought is not magnified.
    return [part for made in found for part in (made.estimate, made.se**2, made.n, made.n_kish)]


def assert_same(found: list[np.ndarray], expected: list[np.ndarray]) -> None:
    for one_of, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one_of, other, rtol=1e-9, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(samples(), st.sampled_from([1e-6, 0.3, 7.0, 1e6]))
def test_scaling_weights_changes_nothing(sample, factor):
    codes, domain, weights, margin = sample
    assert_same(numbers(codes, domain, weights * factor, margin), numbers(codes, domain, weights, margin))


@settings(max_examples=60, deadline=None)
@given(samples(), st.integers(1, 70))
def test_the_size_of_chunks_changes_nothing(sample, chunk):
    assert_same(numbers(*sample, chunk=chunk), numbers(*sample))


@settings(max_examples=60, deadline=None)
@given(samples(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(sample, random):
    order = list(range(len(sample[1])))
    random.shuffle(order)
    assert_same(numbers(*(part[order] for part in sample)), numbers(*sample))


@settings(max_examples=60, deadline=None)
@given(samples())
def test_counting_items_together_is_counting_each_alone(sample):
    codes, domain, weights, _ = sample
    sums = tally(codes, domain, weights=weights, n_domains=3, n_codes=3)
    for item in range(codes.shape[1]):
        for place in range(3):
            for code in range(3):
                rows = (domain == place) & (codes[:, item] == code)
                assert sums.count[place, item, code] == rows.sum()
                assert sums.weight[place, item, code] == pytest.approx(weights[rows].sum())
                assert sums.square[place, item, code] == pytest.approx((weights[rows] ** 2).sum())


@settings(max_examples=60, deadline=None)
@given(samples())
def test_raking_aware_errors_are_those_of_influences_row_by_row(sample):
    codes, domain, weights, margin = sample
    sums = tally(codes, domain, weights=weights, margins=[margin], n_domains=3, n_codes=3, n_levels=[2])
    found, rows = shares(sums), len(domain)
    for place in range(3):
        inside = (domain == place) & (codes[:, 0] != 255)
        if not inside.any() or rows < 2:
            continue
        for code in range(3):
            y = codes[:, 0] == code
            z = inside * (y - found.estimate[place, 0, code]) / weights[inside].sum()
            for level in range(2):
                own = margin == level
                z[own] -= z[own].mean() if own.any() else 0
            influence = weights * z
            expected = rows / (rows - 1) * ((influence - influence.mean()) ** 2).sum()
            assert found.se[place, 0, code] ** 2 == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_memory_is_bounded_by_the_chunk():
    assert kernel.CHUNK <= 1 << 17
    assert kernel.TABLE <= 1 << 16
