"""Two groups against each other: each difference with its interval, test, effect size and what may be said of it.

What cannot be compared is refused with the reason. p values are corrected for the family of all items or options of the
question, and the family is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lnd_survey import intervals
from lnd_survey.codebook import Comparability, Question
from lnd_survey.significance import (
    Cells,
    PrintedShare,
    Sample,
    corrected,
    difference_of_means,
    difference_of_shares,
    distribution_test,
    paired_difference_of_shares,
    printed_difference,
)

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "year",
    "question",
    "item",
    "option",
    "statistic",
    "first",
    "second",
    "estimate_first",
    "estimate_second",
    "n_first",
    "n_second",
    "difference",
    "low",
    "high",
    "test",
    "p_least",
    "p",
    "p_corrected",
    "correction",
    "family",
    "effect",
    "evidence",
    "comparability",
    "verdict",
    "reason",
    "detail",
    "base_needed",
)
"""The columns of a comparison, always and only these."""

HIGHER, LOWER, NO_CLEAR_DIFFERENCE = "higher", "lower", "no_clear_difference"
UNDECIDED, NOT_COMPARABLE = "undecided", "not_comparable"
DIFFERENT = "different"
"""What is said of a question as a whole."""
REASONS = (
    "asked_differently",
    "too_few",
    "bounds_only",
    "counted_and_printed",
    "printed_too_little",
    "base_not_printed",
    "no_count_rounds_so",
    "series_breaks",
    "no_trend_of_means",
    "base_unknown",
    "sparse",
)
"""Why two numbers cannot be compared, or only with care; the words are the codebook's."""
ALPHA = 0.05
LEVELS = ("low", "medium", "high")
_MEANS = ("mean", "mean_rank")

Row = dict[str, Any]


def comparison(
    first: Iterable[Row],
    second: Iterable[Row],
    *,
    question: Question,
    names: tuple[str, str],
    comparability: Comparability | None,
    correction: str,
    alpha: float = ALPHA,
) -> list[Row]:
    """Compare the shares, means or mean ranks of two independent groups.

    Parameters
    ----------
    first, second
        Rows of the estimates grammar of one question and year, brought to the same options.
    question
        Its codebook entry.
    names
        What the two are called.
    comparability
        How far the two were asked the same; None where they are parts of one group.
    correction
        `benjamini_hochberg` or `holm`.
    alpha
        Below which corrected p value a difference is clear.

    Returns
    -------
    list of dict
        A row per item or option, with `COLUMNS`; of a single-choice question of respondents one more with the
        statistic `distribution`: whether the groups answered alike as a whole.
    """
    kinds = ("share", *_MEANS)
    of_first = {_cell(row): row for row in first if row["statistic"] in kinds}
    of_second = {_cell(row): row for row in second if row["statistic"] in kinds}
    pairs = [(row, of_second[cell]) for cell, row in of_first.items() if cell in of_second]
    least = None if comparability is None else _least(comparability)
    rows = [
        {
            "year": one["year"],
            "question": question.id,
            "item": one["item"],
            "option": one["option"],
            "statistic": one["statistic"],
            "first": names[0],
            "second": names[1],
            "estimate_first": one["estimate"],
            "estimate_second": two["estimate"],
            "n_first": one.get("n"),
            "n_second": two.get("n"),
            "evidence": evidence_of(one, two),
            "comparability": least or "",
            **difference_between(one, two, least, alpha=alpha),
        }
        for one, two in pairs
    ]
    found = judged(rows, family=f"{question.id} {names[0]}–{names[1]}", correction=correction, alpha=alpha)
    if (
        question.kind == "single"
        and pairs
        and all(is_counted(row) for pair in pairs for row in pair)
        and least != "low"
    ):
        found.append(_whole(pairs, found[0], alpha=alpha))
    return found


def paired_comparison(
    tables: Mapping[str, Sequence[Sequence[int]]],
    *,
    year: int,
    questions: tuple[str, str],
    evidence: str,
    correction: str,
    suppress: int,
    alpha: float = ALPHA,
) -> list[Row]:
    """Compare two pick-n questions that the same respondents answered, item by item.

    Parameters
    ----------
    tables
        By item: respondents by the answer to the first question and to the second, each not selected and selected.
    year, questions, evidence
        Which questions, and what kind of evidence the answers are.
    suppress
        Of fewer respondents than this no number is given.
    correction, alpha
        As for `comparison`.
    """
    import numpy as np

    cells = Cells.of_counts(np.array(list(tables.values())))
    found = paired_difference_of_shares(cells)
    rows = []
    for position, (item, table) in enumerate(tables.items()):
        n = sum(map(sum, table))
        row = {
            "year": year,
            "question": questions[0],
            "item": item,
            "option": "",
            "statistic": "share",
            "first": questions[0],
            "second": questions[1],
            "evidence": evidence,
            "comparability": "",
            "reason": "",
        }
        if n < suppress:
            rows.append(row | refused({"difference": None}, "too_few"))
            continue
        row |= {"estimate_first": sum(table[1]) / n, "estimate_second": (table[0][1] + table[1][1]) / n}
        row |= {"n_first": n, "n_second": n}
        numbers = {name: float(getattr(found, name)[position]) for name in ("difference", "low", "high", "p", "effect")}
        rows.append(row | numbers | {"p_least": numbers["p"], "test": str(found.test[position])})
    return judged(rows, family=" – ".join(questions), correction=correction, alpha=alpha)


def judged(rows: list[Row], *, family: str, correction: str, alpha: float) -> list[Row]:
    """Correct the p values of a family and say what each difference allows to say."""
    worst = corrected([_number(row.get("p")) for row in rows], family=family, method=correction)
    best = corrected([_number(row.get("p_least")) for row in rows], family=family, method=correction)
    return [
        row
        | {
            "p_corrected": high,
            "correction": correction,
            "family": f"{family} ({worst.size})",
            "verdict": row.get("verdict") or _verdict(row["difference"], low, high, alpha),
        }
        for row, high, low in zip(rows, worst.p.tolist(), best.p.tolist(), strict=True)
    ]


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    """Make a frame of comparison rows."""
    import pandas as pd

    return pd.DataFrame([{"detail": ""} | row for row in rows], columns=list(COLUMNS))


def _cell(row: Row) -> tuple[str, str, str]:
    return row["item"], row["option"], row["statistic"]


def _least(comparability: Comparability) -> str:
    return min((comparability.question, comparability.options, comparability.universe), key=LEVELS.index)


def evidence_of(*rows: Row) -> str:
    """Say what kinds of evidence some numbers are, each once."""
    return ", ".join(dict.fromkeys(row["evidence"] for row in rows))


def is_counted(row: Row) -> bool:
    """Whether a number was counted from respondents, with a known base."""
    return "r" not in row["status"] and bool(row.get("n"))


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _verdict(difference: float, p_least: float, p: float, alpha: float) -> str:
    if p < alpha:
        return HIGHER if difference > 0 else LOWER
    return UNDECIDED if p_least < alpha else NO_CLEAR_DIFFERENCE


def difference_between(one: Row, two: Row, comparability: str | None, *, alpha: float) -> Row:
    """Test the difference of two numbers of independent groups, or say why it cannot be tested.

    Parameters
    ----------
    one, two
        Rows of the estimates grammar.
    comparability
        The lowest level on which the two are comparable; None where that is no question.
    alpha
        Level of tests of printed numbers.
    """
    known = one["estimate"] is not None and two["estimate"] is not None
    plain = {"difference": one["estimate"] - two["estimate"] if known else None}
    if comparability == "low":
        return refused(plain, "asked_differently")
    if "c" in one["status"] + two["status"]:
        return refused(plain, "too_few")
    if not known:
        return refused(plain, "bounds_only")
    if is_counted(one) and is_counted(two):
        return _means(one, two) if one["statistic"] in _MEANS else _shares(one, two)
    if is_counted(one) or is_counted(two):
        return refused(plain, "counted_and_printed")
    if one["statistic"] != "share" or one.get("decimals") is None or two.get("decimals") is None:
        return refused(plain, "printed_too_little")
    return _printed(one, two, alpha=alpha)


def refused(numbers: Row, reason: str, *, detail: str = "", base_needed: int | None = None) -> Row:
    """Say that two numbers cannot be compared, and why: one of `REASONS`.

    Parameters
    ----------
    numbers
        What is known all the same.
    reason
        One of `REASONS`.
    detail
        Which years it is about.
    base_needed
        From how many respondents in each group the difference would be clear.
    """
    assert reason in REASONS
    said = {"reason": reason, "detail": detail, "base_needed": base_needed}
    return numbers | {"test": "no_test", "verdict": NOT_COMPARABLE, **said}


def _shares(one: Row, two: Row) -> Row:
    samples = [Sample.of_counts([round(row["estimate"] * row["n"])], row["n"]) for row in (one, two)]
    found = difference_of_shares(*samples)
    low, high = intervals.newcombe(
        one["estimate"], one["n"], two["estimate"], two["n"], df=one["n"] - 1, other_df=two["n"] - 1
    )
    return _numbers(found) | {"low": float(low), "high": float(high)}


def _means(one: Row, two: Row) -> Row:
    samples = []
    for row in (one, two):
        # The interval holds the standard error: half of it is so many quantiles of t.
        quantile = float(intervals.quantile(row["n"] - 1)) if row["n"] > 1 else float("nan")
        se = (row["high"] - row["low"]) / 2 / quantile
        samples.append(Sample([row["estimate"]], [se], [row["n"]], [row["n_effective"]]))
    found = difference_of_means(*samples)
    around = float(intervals.quantile(found.df[0])) * float(found.se[0]) if found.df[0] > 0 else float("nan")
    numbers = _numbers(found)
    return numbers | {"low": numbers["difference"] - around, "high": numbers["difference"] + around}


def _numbers(found: Any) -> Row:
    p = float(found.p[0])
    numbers = {"difference": float(found.difference[0]), "effect": float(found.effect[0])}
    return numbers | {"test": str(found.test[0]), "p": p, "p_least": p, "reason": ""}


def _printed(one: Row, two: Row, *, alpha: float) -> Row:
    shares = [
        PrintedShare(
            round(row["estimate"] * 100, row["decimals"]), int(row["n"]) if row.get("n") else None, row["decimals"]
        )
        for row in (one, two)
    ]
    found = printed_difference(*shares, alpha=alpha)
    numbers: Row = {"difference": found.difference, "effect": found.effect, "test": found.test}
    if found.test == "no_test":
        known = all(share.n for share in shares)
        return refused(numbers, "no_count_rounds_so" if known else "base_not_printed", base_needed=found.base_needed)
    bases = [share.n or 0 for share in shares]
    ends = intervals.newcombe(
        one["estimate"], bases[0], two["estimate"], bases[1], df=bases[0] - 1, other_df=bases[1] - 1
    )
    # Widened by what rounding can add at either end.
    low, high = float(ends.low) - (found.difference - found.low), float(ends.high) + (found.high - found.difference)
    return numbers | {
        "low": max(low, -1.0), "high": min(high, 1.0), "p": found.p_max, "p_least": found.p_min, "reason": "",
    }  # fmt: skip


def _whole(pairs: Sequence[tuple[Row, Row]], like: Row, *, alpha: float) -> Row:
    """Test whether two groups answered a question alike as a whole: a test of its own, of no family."""
    counts = [[round(pair[side]["estimate"] * pair[side]["n"]) for pair in pairs] for side in (0, 1)]
    found = distribution_test(Cells.of_counts(counts))
    kept = {
        name: like[name]
        for name in ("year", "question", "first", "second", "n_first", "n_second", "evidence", "comparability")
    }
    numbers = {"test": found.test, "p": found.p, "p_least": found.p, "p_corrected": found.p, "effect": found.effect}
    reason = "sparse" if found.sparse else ""
    verdict = {"verdict": DIFFERENT if found.p < alpha else NO_CLEAR_DIFFERENCE, "reason": reason}
    return kept | {"item": "", "option": "", "statistic": "distribution", "difference": None} | numbers | verdict
