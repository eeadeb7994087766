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
    ordinal_difference,
    paired_difference_of_shares,
    printed_difference,
    printed_paired_difference,
    t_interval,
)
from lnd_survey.significance.differences import NO_TEST
from lnd_survey.trees import parts_of

if TYPE_CHECKING:
    import numpy as np
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
CLEAR = (HIGHER, LOWER)
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
DISTRIBUTION, SUPERIORITY = "distribution", "superiority"
"""Statistics of comparisons alone: of all options of a question together; and of answers on a scale, or ranks, by their
order. The difference of the latter is Cliff's delta (1993), its effect the chance that somebody of the first group
answers higher than somebody of the second."""

_MEANS = ("mean", "mean_rank")
_SHARED = ("year", "question", "first", "second", "n_first", "n_second", "evidence", "comparability")

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
        A row per item or option, with `COLUMNS`. Of respondents there are more: of a single-choice question one with
        the statistic `distribution`, whether the groups answered alike as a whole; of a scale or ranking one per item
        with the statistic `superiority`, a family of its own, which takes answers for an order and not for numbers.
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
    counted = [pair for pair in pairs if all(map(is_counted, pair))]
    if counted and least != "low":
        like = {name: found[0][name] for name in _SHARED}
        if question.kind == "single" and len(counted) == len(pairs) and _disjoint(pairs, question):
            found.append(like | _whole(counted, alpha=alpha))
        ordered = [pair for pair in counted if pair[0]["statistic"] in _MEANS]
        superior = [like | _superiority(one, two) for one, two in ordered]
        family = f"{question.id} {SUPERIORITY} {names[0]}–{names[1]}"
        found += judged(superior, family=family, correction=correction, alpha=alpha)
    return found


def paired_comparison(
    first: Iterable[Row],
    second: Iterable[Row],
    tables: Mapping[str, Cells],
    *,
    questions: tuple[str, str],
    correction: str,
    suppress: int,
    alpha: float = ALPHA,
) -> list[Row]:
    """Compare two pick-n questions that the same respondents answered, item by item.

    Parameters
    ----------
    first, second
        Rows of the estimates grammar of each question, of one year and group.
    tables
        By item, where respondents are known: those who answered both questions, by the answer to the first and to the
        second, each not selected and selected.
    questions
        Which questions.
    suppress
        Of fewer respondents than this no number is given.
    correction, alpha
        As for `comparison`.
    """
    of_first = {row["item"]: row for row in first if row["statistic"] == "share"}
    of_second = {row["item"]: row for row in second if row["statistic"] == "share"}
    rows = []
    for item in (item for item in of_first if item in of_second):
        one, two = of_first[item], of_second[item]
        row = {
            "year": one["year"],
            "question": questions[0],
            "item": item,
            "option": "",
            "statistic": "share",
            "first": questions[0],
            "second": questions[1],
            "evidence": evidence_of(one, two),
            "comparability": "",
        }
        if "c" in one["status"] + two["status"]:
            rows.append(row | refused({"difference": None}, "too_few"))
        elif is_counted(one) and is_counted(two):
            rows.append(row | _paired(tables.get(item), suppress))
        else:
            known = {"estimate_first": one["estimate"], "estimate_second": two["estimate"]}
            bases = {"n_first": one.get("n"), "n_second": two.get("n")}
            rows.append(row | known | bases | _paired_printed(one, two))
    return judged(rows, family=" – ".join(questions), correction=correction, alpha=alpha)


def _paired(table: Cells | None, suppress: int) -> Row:
    if table is None or table.count.sum() < suppress:
        return refused({"difference": None}, "too_few")
    found = paired_difference_of_shares(table)
    share, n = table.weight / table.weight.sum(), int(table.count.sum())
    numbers = {name: float(getattr(found, name)) for name in ("difference", "low", "high", "p", "effect")}
    shares = {"estimate_first": float(share[1].sum()), "estimate_second": float(share[:, 1].sum())}
    return shares | {"n_first": n, "n_second": n} | numbers | {"p_least": numbers["p"], "test": str(found.test)}


def _paired_printed(one: Row, two: Row) -> Row:
    known = one["estimate"] is not None and two["estimate"] is not None
    plain = {"difference": one["estimate"] - two["estimate"] if known else None}
    if not known:
        return refused(plain, "bounds_only")
    if is_counted(one) or is_counted(two):
        return refused(plain, "counted_and_printed")
    if one.get("decimals") is None or two.get("decimals") is None:
        return refused(plain, "printed_too_little")
    if not one.get("n") or one.get("n") != two.get("n"):
        return refused(plain, "base_not_printed")
    found = printed_paired_difference(*(printed_share(row) for row in (one, two)))
    if found.test == NO_TEST:
        return refused(plain, "no_count_rounds_so")
    return {
        "difference": found.difference,
        "low": found.low,
        "high": found.high,
        "test": found.test,
        "p_least": found.p_min,
        "p": found.p_max,
    }


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


def overview(rows: Iterable[Row], *, name: str, correction: str, alpha: float = ALPHA) -> list[Row]:
    """Judge the shares, means and mean ranks of many comparisons anew, as one family for each kind of evidence.

    Parameters
    ----------
    rows
        Of `comparison`, or of `lnd_survey.trend`, of several questions.
    name
        What the family is called.
    correction, alpha
        As for `comparison`.
    """
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        if row["statistic"] in ("share", *_MEANS):
            verdict = row["verdict"] if row["verdict"] == NOT_COMPARABLE else ""
            kinds.setdefault(row["evidence"], []).append(row | {"verdict": verdict})
    return [
        row
        for kind, found in kinds.items()
        for row in judged(
            found, family=name if len(kinds) == 1 else f"{name}, {kind}", correction=correction, alpha=alpha
        )
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
    """Whether a number was counted from respondents, and it is known how."""
    return row.get("cells") is not None


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
    found = difference_of_shares(_sample(one), _sample(two), weighted=_weighted(one, two))
    low, high = intervals.newcombe(
        one["estimate"],
        one["n_effective"],
        two["estimate"],
        two["n_effective"],
        df=one["n"] - 1,
        other_df=two["n"] - 1,
    )
    return _numbers(found) | {"low": float(low), "high": float(high)}


def _means(one: Row, two: Row) -> Row:
    found = difference_of_means(_sample(one), _sample(two))
    low, high = t_interval(found)
    return _numbers(found) | {"low": float(low[0]), "high": float(high[0])}


def _superiority(one: Row, two: Row) -> Row:
    """Compare answers on a scale, or ranks, without taking them for numbers."""
    found = ordinal_difference(together([one["cells"], two["cells"]]), weighted=_weighted(one, two))
    row = {
        "item": one["item"],
        "option": one["option"],
        "statistic": SUPERIORITY,
        "n_first": found.n_first,
        "n_second": found.n_second,
        "difference": found.effect,
        "effect": found.superiority,
    }
    if found.test == NO_TEST:
        return row | refused({}, "too_few")
    return row | {"test": found.test, "p": found.p, "p_least": found.p}


def _sample(row: Row) -> Sample:
    return Sample(*([row[name]] for name in ("estimate", "se", "n", "n_effective")))


def _weighted(*rows: Row) -> bool:
    return any("w" in row["status"] for row in rows)


def together(parts: Sequence[np.ndarray]) -> Cells:
    """Put together what was counted of several groups or years: count, Σw and Σw² (rows) by answer."""
    import numpy as np

    return Cells(*np.stack(parts, axis=1))


def _numbers(found: Any) -> Row:
    p = float(found.p[0])
    numbers = {"difference": float(found.difference[0]), "effect": float(found.effect[0])}
    return numbers | {"test": str(found.test[0]), "p": p, "p_least": p, "reason": ""}


def _printed(one: Row, two: Row, *, alpha: float) -> Row:
    shares = [printed_share(row) for row in (one, two)]
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


def printed_share(row: Row) -> PrintedShare:
    """Give a printed share as it stands in print."""
    percent = round(row["estimate"] * 100, row["decimals"])
    return PrintedShare(percent, int(row["n"]) if row.get("n") else None, row["decimals"])


def _disjoint(pairs: Sequence[tuple[Row, Row]], question: Question) -> bool:
    """Whether no option that is compared is a part of another."""
    within, options = parts_of(question.options), {one["option"] for one, _ in pairs}
    return not any(options & set(within[option][1:]) for option in options)


def _whole(pairs: Sequence[tuple[Row, Row]], *, alpha: float) -> Row:
    """Test whether two groups answered a question alike as a whole: a test of its own, of no family."""
    import numpy as np

    sides = [np.stack([pair[side]["cells"][:, 1] for pair in pairs], axis=1) for side in (0, 1)]
    found = distribution_test(together(sides), weighted=_weighted(*(row for pair in pairs for row in pair)))
    numbers = {"test": found.test, "p": found.p, "p_least": found.p, "p_corrected": found.p, "effect": found.effect}
    reason = "sparse" if found.sparse else ""
    verdict = {"verdict": DIFFERENT if found.p < alpha else NO_CLEAR_DIFFERENCE, "reason": reason}
    return {"item": "", "option": "", "statistic": DISTRIBUTION, "difference": None} | numbers | verdict
