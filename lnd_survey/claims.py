"""Claims: numbers that a running text states, each recomputed from the estimates."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lnd_survey.cellnames import ANY, CellName, name_of, read_names
from lnd_survey.codebook import Codebook
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.estimates import UNIT, rows
from lnd_survey.published import Cell
from lnd_survey.strict_csv import Row, decimal, read_csv

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("claim", "place", "rule", "value", "cells", "tolerance")
CHECKED = (
    "claim",
    "place",
    "text",
    "rule",
    "cells",
    "claimed",
    "computed",
    "unit",
    "outcome",
    "why",
    "detail",
    "evidence",
)
OUTCOMES = ("contradicted", "rounding", "not_computable", "reproduced")
"""What comes of a claim, in the order in which a reader should know."""

POINTS = "points"
"""The unit of a difference of shares: percentage points."""

REASONS = ("not_printed", "only_in_text", "from_text", "zero")
"""Why a claim cannot be computed, or only from what the text itself gives; `detail` names the cells."""


@dataclass(frozen=True)
class Term:
    """A number that a rule reckons with, and the least and the most that it can be before it was rounded."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Claim:
    """One claim: what is said where, and the rule and cells that it follows from.

    `text` says it in each language; `terms` are the numbers that the rule reckons with; each is the sum of its cells.
    `needed` says which terms are named, and must be known; the others are one of all there may be.
    """

    id: str
    place: str
    text: Mapping[str, str]
    rule: str
    value: str
    terms: tuple[tuple[CellName, ...], ...]
    needed: tuple[bool, ...]
    cells: str
    tolerance: float


def _value(terms: Sequence[Term]) -> Term:
    return terms[0]


def _difference(terms: Sequence[Term]) -> Term:
    first, second = terms
    return Term(first.value - second.value, first.low - second.high, first.high - second.low)


def _ratio(terms: Sequence[Term]) -> Term:
    first, second = terms
    most = first.high / second.low if second.low > 0 else math.inf
    return Term(first.value / second.value, first.low / second.high, most)


def _percent(terms: Sequence[Term]) -> Term:
    ratio = _ratio(terms)
    return Term(100 * ratio.value, 100 * ratio.low, 100 * ratio.high)


def _mean(terms: Sequence[Term]) -> Term:
    sums = (math.fsum(getattr(term, end) for term in terms) for end in ("value", "low", "high"))
    return Term(*(total / len(terms) for total in sums))


def _rank(terms: Sequence[Term]) -> Term:
    first, others = terms[0], terms[1:]
    return Term(
        1 + sum(other.value > first.value for other in others),
        1 + sum(other.low > first.high for other in others),
        1 + sum(other.high > first.low for other in others),
    )


def _rises(terms: Sequence[Term]) -> Term:
    steps = [_difference(pair[::-1]) for pair in itertools.pairwise(terms)]
    return Term(*(float(all(getattr(step, end) > 0 for step in steps)) for end in ("value", "low", "high")))


def _falls(terms: Sequence[Term]) -> Term:
    return _rises(terms[::-1])


@dataclass(frozen=True)
class Rule:
    """How a claim is reckoned: from how many terms, and when what comes out is what was claimed."""

    reckon: Callable[[Sequence[Term]], Term]
    least: int
    most: int | None
    holds: Callable[[float, float], bool] | None = None
    yes: bool = False
    unit: str = ""
    apart: bool = False
    divides: bool = False


RULES: Mapping[str, Rule] = {
    "value": Rule(_value, 1, 1),
    "difference": Rule(_difference, 2, 2, apart=True),
    "ratio": Rule(_ratio, 2, 2, unit="ratio", divides=True),
    "percent": Rule(_percent, 2, 2, unit="%", divides=True),
    "mean": Rule(_mean, 2, None),
    "rank": Rule(_rank, 2, None, unit="rank"),
    "top": Rule(_rank, 2, None, lambda computed, claimed: computed <= claimed, unit="rank"),
    "above": Rule(_value, 1, 1, lambda computed, claimed: computed > claimed),
    "below": Rule(_value, 1, 1, lambda computed, claimed: computed < claimed),
    "rises": Rule(_rises, 2, None, yes=True),
    "falls": Rule(_falls, 2, None, yes=True),
}


def read_claims(path: Path, *, codebook: Codebook, years: Iterable[int], problems: list[Problem]) -> tuple[Claim, ...]:
    """Read the claims of a year's paper.

    Parameters
    ----------
    path
        `claims.csv` of a year, with the columns of `COLUMNS` and one for each language. `cells` are terms, with `;`
        between them; a term is a cell, or several with ` + ` between them. `*` as item or option stands for all
        there are.
    codebook
        What the cells may name.
    years
        The years there are.
    problems
        List to which what is wrong is added.

    Returns
    -------
    tuple of Claim
        In the order of the file.
    """
    file, years = shown_path(path), list(years)
    claims: dict[str, Claim] = {}
    for row in read_csv(path, problems, columns=(*COLUMNS[:2], *codebook.languages, *COLUMNS[2:])):
        reader = _RowReader(row, file, codebook, years, problems)
        claim = reader.claim()
        if claim and claim.id in claims:
            reader.problem("claim", f"{claim.id!r} stands twice")
        elif claim:
            claims[claim.id] = claim
    return tuple(claims.values())


class _RowReader:
    def __init__(self, row: Row, file: str, codebook: Codebook, years: list[int], problems: list[Problem]) -> None:
        self.row, self.file, self.codebook, self.years, self.problems = row, file, codebook, years, problems

    def problem(self, column: str, what: str, remedy: str = "") -> None:
        self.problems.append(Problem(what, file=self.file, row=self.row.line, column=column, remedy=remedy))

    def claim(self) -> Claim | None:
        before = len(self.problems)
        row = self.row
        if not re.fullmatch(r"[a-z][a-z0-9_]*", row["claim"]):
            self.problem("claim", f"{row['claim']!r} is not an id", "Small letters, digits and _, a letter first.")
        for column in ("place", *self.codebook.languages):
            if not row[column]:
                self.problem(column, "is empty")
        tolerance = decimal(row["tolerance"] or "0")
        if tolerance is None or tolerance < 0:
            self.problem("tolerance", f"{row['tolerance']!r} is not a number from 0 up")
        parts = [(text, self._terms(text)) for text in row["cells"].split(";")]
        terms = tuple(term for _, found in parts for term in found)
        needed = tuple(ANY not in text for text, found in parts for _ in found)
        rule = RULES.get(row["rule"])
        if rule is None:
            self.problem("rule", f"{row['rule']!r} is not a rule", choices(RULES, near=row["rule"]))
        elif len(self.problems) == before:
            self._fits(rule, terms)
        if len(self.problems) > before or tolerance is None:
            return None
        text = {lang: row[lang] for lang in self.codebook.languages}
        return Claim(
            row["claim"], row["place"], text, row["rule"], row["value"], terms, needed, row["cells"], tolerance
        )

    def _fits(self, rule: Rule, terms: Sequence[object]) -> None:
        if len(terms) < rule.least or (rule.most and len(terms) > rule.most):
            wanted = f"{rule.least}" if rule.most == rule.least else f"{rule.least} or more"
            self.problem("cells", f"gives {len(terms)} terms; {self.row['rule']!r} takes {wanted}")
        if rule.yes and self.row["value"] != "yes":
            self.problem("value", f"{self.row['value']!r} is not what {self.row['rule']!r} claims", "Write yes.")
        if not rule.yes and decimal(self.row["value"]) is None:
            self.problem("value", f"{self.row['value']!r} is not a number")

    def _terms(self, text: str) -> list[tuple[CellName, ...]]:
        wrong = partial(self.problem, "cells")
        sums = [
            read_names(name.strip(), codebook=self.codebook, years=self.years, wrong=wrong) for name in text.split("+")
        ]
        if any(len(names) != 1 for names in sums) and len(sums) > 1:
            if all(sums):
                self.problem("cells", f"{ANY!r} cannot be part of a sum")
            return []
        return [tuple(names[0] for names in sums)] if len(sums) > 1 else [(name,) for name in sums[0]]


def recomputed(claims: Iterable[Claim], *, estimates: pd.DataFrame, cells: Iterable[Cell], lang: str) -> pd.DataFrame:
    """Recompute claims from estimates.

    Parameters
    ----------
    claims
        Of `read_claims`.
    estimates
        Estimates frame of all questions, years and options that the claims name. A paper is checked against printed
        numbers, a text of our own against the evidence of its report.
    cells
        The numbers as printed, which say how far they were rounded; numbers of respondents are not.
    lang
        In which language to say what is claimed.

    Returns
    -------
    pandas.DataFrame
        A row per claim, columns as in `CHECKED`. `outcome`: `reproduced`: the same to the last place that the text
        gives, or within the tolerance that its words leave; `rounding`: not the same, and could be before the printed
        numbers were rounded; `contradicted`: could not be; `not_computable`: `why` is one of `REASONS`.
        Shares are percentages here, as the text writes them; `evidence` names the kinds that were reckoned with.
    """
    import pandas as pd

    cells = [cell for cell in cells if not cell.split]
    decimals = {_key(cell): cell.decimals or 0 for cell in cells}
    terms: dict[CellName, Term] = {}
    kinds: dict[CellName, str] = {}
    for row in rows(estimates.dropna(subset="estimate")):
        name = name_of(row)
        value = row["estimate"] * (100 if UNIT[name.statistic] == "%" else 1)
        half = 0.5 * 10 ** -decimals.get(name, 0) if row["evidence"] == "published" else 0.0
        terms[name] = Term(value, value - half, value + half)
        kinds[name] = row["evidence"]
    tabled = {_key(cell) for cell in cells if not cell.place.startswith("text")}
    stated = {name for name in map(_key, cells) if kinds.get(name) == "published"} - tabled
    return pd.DataFrame([_checked(claim, terms, kinds, stated, lang) for claim in claims], columns=list(CHECKED))


def _key(cell: Cell) -> CellName:
    return CellName(cell.year, cell.group, cell.question, cell.item, cell.option, cell.statistic)


def _checked(
    claim: Claim, terms: Mapping[CellName, Term], kinds: Mapping[CellName, str], stated: set[CellName], lang: str
) -> dict[str, object]:
    row: dict[str, object] = {part: getattr(claim, part) for part in ("place", "rule", "cells")}
    row |= {
        "claim": claim.id,
        "text": claim.text[lang],
        "claimed": claim.value,
        "computed": None,
        "detail": "",
        "evidence": "",
    }
    rule = RULES[claim.rule]
    of_cells = UNIT[claim.terms[0][0].statistic]
    row["unit"] = "" if rule.yes else rule.unit or (POINTS if rule.apart and of_cells == "%" else of_cells)
    both = zip(claim.terms, claim.needed, strict=True)
    asked = [cells for cells, needed in both if needed or set(cells) <= set(terms)]
    missing = [name for cells in asked for name in cells if name not in terms]
    # Among all there are, the named one comes a second time.
    if missing or len(set(asked)) < rule.least:
        unknown = dict.fromkeys(name for cells in claim.terms for name in cells if name not in terms)
        detail = ", ".join(map(str, missing or unknown))
        return row | {"outcome": "not_computable", "why": "not_printed", "detail": detail}
    names = [name for cells in asked for name in cells]
    row["evidence"] = ", ".join(dict.fromkeys(kinds[name] for name in names))
    # A number that the text alone gives cannot speak for itself.
    if len(names) == 1 and names[0] in stated:
        return row | {"outcome": "not_computable", "why": "only_in_text", "detail": str(names[0])}
    summed = [_sum([terms[name] for name in cells]) for cells in asked]
    if rule.divides and not summed[1].value:
        return row | {"outcome": "not_computable", "why": "zero", "detail": ", ".join(map(str, asked[1]))}
    found = rule.reckon(summed)
    outcome = _outcome(claim, rule, found)
    computed = ("yes" if found.value else "no") if rule.yes else f"{round(found.value, 4):.15g}"
    why = "from_text" if set(names) <= stated else ""
    return row | {"computed": computed, "outcome": outcome, "why": why}


def _sum(terms: Sequence[Term]) -> Term:
    return Term(*(math.fsum(getattr(term, end) for term in terms) for end in ("value", "low", "high")))


def _outcome(claim: Claim, rule: Rule, found: Term) -> str:
    claimed = 1.0 if rule.yes else decimal(claim.value)
    assert claimed is not None
    places = 0 if rule.yes else len(claim.value.replace(",", ".").partition(".")[2])
    if rule.holds:
        if rule.holds(found.value, claimed):
            return "reproduced"
        return "rounding" if rule.holds(found.low, claimed) or rule.holds(found.high, claimed) else "contradicted"
    half = 0.5 * 10**-places
    if abs(found.value - claimed) <= max(half, claim.tolerance) + 1e-9:
        return "reproduced"
    overlap = claimed + half - found.low > 1e-9 and found.high - (claimed - half) > 1e-9
    return "rounding" if overlap else "contradicted"
