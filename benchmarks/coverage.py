"""How often 95 % intervals hold the truth, and how often tests at 5 % find a difference where there is none.

    .venv/bin/python benchmarks/coverage.py            (some minutes; --quick: with a tenth of the samples)

It prints the tables of docs/statistics.md. Without weights nothing is drawn: all counts that can occur are gone
through, each with its chance (binomial), so that those numbers are exact. With weights 20,000 samples of each design
are drawn from a fixed seed and each is raked anew; the simulation error of a coverage near 95 % is 0.15 points.

A design is a population by region and size, of which some answer more readily than others, by a factor for their region
and one for their size; raking to both margins is then the right remedy. The share of "yes" is p in the population, and
either the same in all cells (`unrelated`), or very different by region and size (`related`).
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache, partial

import numpy as np
from scipy import optimize, special, stats

from lnd_survey.errors import SurveyError
from lnd_survey.intervals import Interval, korn_graubard, newcombe, printed_share, wilson, xlogit
from lnd_survey.kernel import Estimated, shares, tally
from lnd_survey.significance import PrintedShare, Sample, difference_of_shares, printed_difference, printed_trend
from lnd_survey.significance.printed import SIGNIFICANT
from lnd_survey.weights import rake

BASES = (304, 152)
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
GRID = np.round(np.arange(0.01, 0.5001, 0.0005), 4)
COARSE = np.round(np.arange(0.01, 0.5001, 0.01), 3)
"""Shares over which the lowest and the highest number of a column are sought: of one share, and of several."""

ALPHA, SAMPLES, SEED, GAP = 0.05, 20_000, 1, 0.1

REGIONS, SIZES = ("north", "south", "centre"), ("small", "medium", "large")
POPULATION = np.array([[0.24, 0.20, 0.12], [0.16, 0.09, 0.05], [0.04, 0.04, 0.06]])
ANSWERING = {"1.4": ([2.0, 1.0, 1.0], [1.0, 1.6, 3.0]), "1.9": ([2.5, 1.0, 1.2], [1.0, 2.5, 5.0])}
"""By about what design effect comes of it: how readily regions and sizes answer."""
LEANING = {"unrelated": ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]), "related": ([0.8, -0.8, 0.0], [-1.0, 0.0, 1.0])}
"""By how much log odds of "yes" lie higher in regions and sizes."""

LIBRARY = "Wilson, t"
"""The interval that estimates have."""

Coverage = dict[str, float]


# --- Without weights: exact ---------------------------------------------------------------------


def one_share(n: int, share: float) -> Coverage:
    count = np.arange(n + 1)
    chance = stats.binom.pmf(count, n, share)
    return {name: _held(found, share) @ chance for name, found in _of_counts(n).items()}


def _held(found: Interval, truth: float | np.ndarray) -> np.ndarray:
    return (found.low <= truth) & (truth <= found.high)


@cache
def _of_counts(n: int) -> dict[str, Interval]:
    own, base = np.arange(n + 1) / n, np.full(n + 1, n)
    printed = printed_share(_printed(own), n)
    return {
        LIBRARY: wilson(own, base, df=base - 1),
        "Wilson, normal": wilson(own, base),
        "xlogit": xlogit(own, base, df=base - 1),
        "Korn–Graubard": korn_graubard(own, base),
        "printed": Interval(printed.low, printed.high),
    }


def _printed(share: np.ndarray) -> np.ndarray:
    """Round to whole per cent, halves up."""
    return np.floor(100 * share + 0.5 + 1e-9).astype("int64")


def two_shares(gap: float, share: float) -> Coverage:
    (n, m), chance = BASES, _chances(share + gap, share)
    return {f"gap {gap:g}": float((_held(_difference_of_counts(n, m), gap) * chance).sum())}


def _chances(share: float, other: float) -> np.ndarray:
    return np.multiply.outer(
        *(stats.binom.pmf(np.arange(n + 1), n, p) for n, p in zip(BASES, (share, other), strict=True))
    )


@cache
def _difference_of_counts(n: int, m: int) -> Interval:
    one, two = np.arange(n + 1)[:, None] / n, np.arange(m + 1) / m
    return newcombe(one, n, two, m, df=np.array(n - 1), other_df=np.array(m - 1))


def levels(share: float) -> Coverage:
    chance = _chances(share, share)
    return {
        "difference, counted": float(chance[_found_of_counts()].sum()),
        "difference, printed": float(chance[_found_of_print()].sum()),
        **{f"trend, printed, {name}": _level_of_trend(years, share) for name, years in TRENDS.items()},
    }


@cache
def _found_of_counts() -> np.ndarray:
    n, m = BASES
    count, other = np.meshgrid(np.arange(n + 1), np.arange(m + 1), indexing="ij")
    return difference_of_shares(Sample.of_counts(count, n), Sample.of_counts(other, m)).p < ALPHA


@cache
def _found_of_print() -> np.ndarray:
    one, two = (_printed(np.arange(n + 1) / n) for n in BASES)
    return np.array([[_differ(int(first), int(second)) for second in two] for first in one])


@cache
def _differ(first: int, second: int, *, weighted: bool = False, design_effect: float = 1.0) -> bool:
    sides = [PrintedShare(percent, n) for percent, n in zip((first, second), BASES, strict=True)]
    found = printed_difference(*sides, alpha=ALPHA, weighted=weighted, design_effect=design_effect)
    return found.verdict == SIGNIFICANT


TRENDS = {"3 × 304": ((2020, 304), (2021, 304), (2022, 304)), "3 × 152": ((2020, 152), (2021, 152), (2022, 152))}
NEGLIGIBLE = 1e-6
"""Prints that are less likely are left out, and taken for trends found."""


def _level_of_trend(years: Sequence[tuple[int, int]], share: float) -> float:
    prints = []
    for _, n in years:
        chance = np.bincount(_printed(np.arange(n + 1) / n), stats.binom.pmf(np.arange(n + 1), n, share), minlength=101)
        prints.append([(percent, own) for percent, own in enumerate(chance.tolist()) if own > NEGLIGIBLE])
    level = seen = 0.0
    for together in itertools.product(*prints):
        chance = math.prod(own for _, own in together)
        seen += chance
        level += chance * _rises(
            tuple((year, n, percent) for (year, n), (percent, _) in zip(years, together, strict=True))
        )
    return level + 1 - seen


@cache
def _rises(printed: tuple[tuple[int, int, int], ...]) -> bool:
    own = [PrintedShare(percent, n) for _, n, percent in printed]
    return printed_trend([year for year, _, _ in printed], own, alpha=ALPHA).verdict == SIGNIFICANT


# --- With weights: drawn ------------------------------------------------------------------------


@dataclass(frozen=True)
class Raked:
    """Estimates of samples × groups × columns, and how many samples raking refused."""

    made: Estimated
    fixed: np.ndarray
    refused: int

    @property
    def effects(self) -> np.ndarray:
        """Design effects by sample and group."""
        return np.asarray((self.made.n / self.made.n_kish)[:, :, 0])


COLUMNS = tuple(itertools.product(LEANING, SHARES))


def drawn(design: str, samples: int) -> Raked:
    """Draw samples of both groups, rake each, and estimate a column of answers for each leaning and share."""
    draw = np.random.default_rng(SEED)
    region, size = (np.array(factors) for factors in ANSWERING[design])
    inclusion = (POPULATION * region[:, None] * size).ravel()
    inclusion /= inclusion.sum()
    yes = np.stack([_yes(*column) for column in COLUMNS], axis=1)
    group = np.repeat([0, 1], BASES)
    found: list[tuple[Estimated, np.ndarray]] = []
    refused = 0
    while len(found) < samples:
        cell = draw.choice(len(inclusion), len(group), p=inclusion)
        at_region, at_size = np.divmod(cell, len(SIZES))
        try:
            weights = np.concatenate([_raked(at_region[group == one], at_size[group == one]) for one in (0, 1)])
        except SurveyError:
            refused += 1
            continue
        codes = (draw.random((len(cell), len(COLUMNS))) < yes[cell]).astype("uint8", order="F")
        # Each group is raked by itself: its levels are levels of its own.
        own = [at_region + len(REGIONS) * group, at_size + len(SIZES) * group]
        sums = tally(codes, group, weights=weights, margins=own, n_domains=2, n_codes=2)
        found.append((shares(sums), shares(sums, fixed_weights=True).n_effective[..., 1]))
    together = {
        field.name: np.stack([getattr(made, field.name)[..., 1] for made, _ in found]) for field in fields(Estimated)
    }
    return Raked(Estimated(**together), np.stack([fixed for _, fixed in found]), refused)


def _raked(region: np.ndarray, size: np.ndarray) -> np.ndarray:
    margins = {
        "region": dict(zip(REGIONS, POPULATION.sum(axis=1).tolist(), strict=True)),
        "size": dict(zip(SIZES, POPULATION.sum(axis=0).tolist(), strict=True)),
    }
    return rake({"region": np.array(REGIONS)[region], "size": np.array(SIZES)[size]}, margins, total=len(region))


def of_column(sample: Raked, column: int) -> dict[str, Coverage]:
    """Give coverages of each base, and coverage and levels of differences of the two groups, which are the same."""
    one = Estimated(**{field.name: getattr(sample.made, field.name)[:, :, column] for field in fields(Estimated)})
    p, base, n, df, share = one.estimate, one.n_effective, one.n, one.df, COLUMNS[column][1]
    printed = printed_share(_printed(p), n, weighted=True)
    found = {
        LIBRARY: wilson(p, base, df=df),
        "Wilson, weights taken as fixed": wilson(p, sample.fixed[:, :, column], df=df),
        "Wilson, always the smaller base": wilson(p, np.minimum(base, one.n_kish), df=df),
        "Wilson, n as the base": wilson(p, n, df=df),
        "xlogit, linearised base": xlogit(p, np.where(np.isnan(one.n_linear), base, one.n_linear), df=df),
        "Korn–Graubard, effective base": korn_graubard(p, base),
        "printed share, n as the base": Interval(printed.low, printed.high),
    }
    result = {
        str(own): {name: float(_held(interval, share)[:, at].mean()) for name, interval in found.items()}
        for at, own in enumerate(BASES)
    }
    sides = [Sample(p[:, at], one.se[:, at], n[:, at], base[:, at]) for at in (0, 1)]
    gap = newcombe(p[:, 0], base[:, 0], p[:, 1], base[:, 1], df=df[:, 0], other_df=df[:, 1])
    pairs, effect = [tuple(pair) for pair in _printed(p).tolist()], round(float(sample.effects.mean()), 2)
    result["two"] = {
        "Newcombe": float(_held(gap, 0.0).mean()),
        "test": float((difference_of_shares(*sides, weighted=True).p < ALPHA).mean()),
        "printed": float(np.mean([_differ(*pair, weighted=True, design_effect=effect) for pair in pairs])),
        "printed, n": float(np.mean([_differ(*pair, weighted=True) for pair in pairs])),
    }
    return result


def _yes(leaning: str, share: float) -> np.ndarray:
    """Chance of "yes" by cell, so that it is `share` in the population."""
    region, size = (np.array(part) for part in LEANING[leaning])
    odds = (region[:, None] + size).ravel()

    def away(middle: float) -> float:
        return float(POPULATION.ravel() @ special.expit(middle + odds) - share)

    return np.asarray(special.expit(optimize.brentq(away, -20, 20, xtol=1e-13) + odds))


# --- Tables -------------------------------------------------------------------------------------


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    print(f"\n{title}\n")
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(f"{100 * cell:.1f}" if isinstance(cell, float) else str(cell) for cell in row) + " |")


def exact_table(title: str, made: Callable[[float], Coverage], *, sought: np.ndarray = GRID) -> None:
    """One row by share, then the lowest and the highest over a fine grid of shares, and the share where."""
    found = [(share, made(share)) for share in SHARES]
    fine = [(float(share), made(float(share))) for share in sought]
    rows: list[list[object]] = [[f"{share:g}", *own.values()] for share, own in found]
    for name, choose in (("lowest", min), ("highest", max)):
        ends = [choose((own[column], share) for share, own in fine) for column in found[0][1]]
        rows.append([name, *(f"{100 * value:.1f} (at {share:g})" for value, share in ends)])
    table(title, ["p", *found[0][1]], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    samples = SAMPLES // 10 if parser.parse_args().quick else SAMPLES
    for n in BASES:
        exact_table(f"One share, unweighted, n = {n}: coverage in % (exact)", partial(one_share, n))
    made: dict[tuple[str, float], dict[str, Coverage]] = {}
    found: dict[float, Coverage] = {}
    for share in (*SHARES, *COARSE.tolist()):
        found[share] = {name: held for gap in (0.0, GAP) for name, held in two_shares(gap, share).items()}
    exact_table(
        f"Newcombe, unweighted, n = {BASES[0]} and {BASES[1]}: coverage in % (exact)", found.__getitem__, sought=COARSE
    )
    exact_table("Level of tests at 5 %, unweighted, in % (exact)", levels, sought=COARSE)

    for design in ANSWERING:
        sample = drawn(design, samples)
        low, high = np.quantile(sample.effects, [0.05, 0.95])
        print(
            f"\nDesign {design}: design effect {sample.effects.mean():.2f} on average, {low:.2f} to {high:.2f} in nine"
            f" of ten samples. {samples:,} samples; raking refused {sample.refused} more, which were drawn anew."
        )
        of_design = [of_column(sample, column) for column in range(len(COLUMNS))]
        for (leaning, share), found_here in zip(COLUMNS, of_design, strict=True):
            made[f"{design}, {leaning}", share] = found_here
    names = list(dict.fromkeys(name for name, _ in made))
    every = list(itertools.product(map(str, BASES), SHARES))
    table(
        "One share, raked, Wilson on the effective base with t: coverage in %",
        ["n", "p", *names],
        [[n, f"{p:g}", *(made[name, p][n][LIBRARY] for name in names)] for n, p in every],
    )
    table(
        "One share, raked: lowest and highest coverage of all n and p, in %",
        ["interval", *names],
        [
            [interval, *(_ends(made[name, p][n][interval] for n, p in every) for name in names)]
            for interval in made[names[0], 0.5][str(BASES[0])]
        ],
    )
    for title, column in (
        ("Newcombe of two raked groups with the same share: coverage in %", "Newcombe"),
        ("Level at 5 % of difference_of_shares, raked, in %", "test"),
        ("Level at 5 % of printed_difference, raked, the design effect known, in %", "printed"),
        ("Level at 5 % of printed_difference, raked, the design effect not known, in %", "printed, n"),
    ):
        table(title, ["p", *names], [[f"{p:g}", *(made[name, p]["two"][column] for name in names)] for p in SHARES])


def _ends(values: Iterable[float]) -> str:
    own = list(values)
    return f"{100 * min(own):.1f} – {100 * max(own):.1f}"


if __name__ == "__main__":
    main()
