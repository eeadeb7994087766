"""Rows of `values.csv` to begin with: every value that has none, with the option that bears its label, if one does."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable
from dataclasses import dataclass

from lnd_survey.codebook import Question
from lnd_survey.crosswalk import SELECTED, VALUES, ColumnRow, Crosswalk, targets_in
from lnd_survey.errors import Problem
from lnd_survey.folding import folded


@dataclass(frozen=True)
class Proposal:
    """A row of `values.csv`; `option` is empty where only a person can say it."""

    question: str
    item: str
    language: str
    value: str
    option: str


@dataclass(frozen=True)
class UnmappedValue(Problem):
    """A source value that has no row in `values.csv`."""

    proposal: Proposal | None = None


def proposed(value: str, column: ColumnRow, question: Question | None, language: str | None) -> Proposal:
    """Propose a row for a value: the entry of the codebook that is labelled like it, in whatever language."""
    item = column.item if question is not None and question.kind == "multi" else ""
    option = _labelled(value, column, question) if question is not None else ""
    return Proposal(column.question, item, language or "", value, option)


def nearest_targets(value: str, column: ColumnRow, question: Question | None, crosswalk: Crosswalk) -> str:
    """Say what a value can stand for, and which entries of the codebook have a label like it."""
    if question is None:
        return f"It can be {', '.join(crosswalk.profile[column.question])}."
    allowed = targets_in(column, question)
    entries = [entry for entry in question.options or question.items if entry.id in allowed]
    labels = {folded(label): entry.id for entry in entries for label in entry.label.values()}
    near = dict.fromkeys(labels[label] for label in difflib.get_close_matches(folded(value), labels, n=2))
    nearest = f"Nearest: {', '.join(near)}. " if near else ""
    return f"{nearest}It can be {', '.join(allowed)}."


def values_csv(problems: Iterable[object]) -> str:
    """Write the rows that are proposed for unmapped values, each once, as a table with the columns of `values.csv`."""
    found = [problem.proposal for problem in problems if isinstance(problem, UnmappedValue) and problem.proposal]
    file = io.StringIO()
    table = csv.DictWriter(file, VALUES, lineterminator="\n", extrasaction="ignore")
    table.writeheader()
    table.writerows(vars(proposal) for proposal in dict.fromkeys(found))
    return file.getvalue()


def _labelled(value: str, column: ColumnRow, question: Question) -> str:
    entries = question.options or question.items
    same = [entry.id for entry in entries if folded(value) in map(folded, entry.label.values())]
    if question.kind == "multi" and column.item:
        return SELECTED if column.item in same else ""
    return same[0] if len(same) == 1 else ""
