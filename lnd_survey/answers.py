"""What an answers frame looks like: its columns, and what a cell of it can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lnd_survey.codebook import MISSING, Question

if TYPE_CHECKING:
    import pandas as pd

PROFILE = ("year", "group", "language", "weight")
"""The first columns of an answers frame."""

TICKED, UNTICKED = "selected", "not_selected"
"""What a cell of a pick-n item holds where the question was answered."""


@dataclass(frozen=True)
class Answers:
    """What the respondents of one wave answered.

    Attributes
    ----------
    frame
        One row per respondent: year, group, language, weight, then a column for each question, or each item of it
        (`question.item`). Cells are option ids, `selected` or `not_selected`, numbers, or a kind of missing answer.
    log
        Where every row and value went; columns as in `lnd_survey.harmonisation_log.LOG`.
    made_of
        Version and source of the library, and checksums of all files, as they were before any of them was read.
    """

    frame: pd.DataFrame
    log: pd.DataFrame
    made_of: Mapping[str, Any] = field(default_factory=dict)


def substantive(question: Question) -> tuple[str, ...]:
    """Give what a cell of a question can hold where it was answered, in codebook order.

    Examples
    --------
    >>> substantive(Question(id="wishes", kind="multi", name={}, text={}))
    ('selected', 'not_selected')
    """
    if question.kind == "multi":
        return (TICKED, UNTICKED)
    return question.option_ids or tuple(str(number) for number in question.numbers)


def categories(question: Question) -> tuple[str, ...]:
    """Give what a cell of a question can hold: its answers in codebook order, then the kinds of missing answer.

    Examples
    --------
    >>> categories(Question(id="wishes", kind="multi", name={}, text={}))[:4]
    ('selected', 'not_selected', 'dont_know', 'refused')
    """
    answers = substantive(question)
    return (*answers, *(kind for kind in MISSING if kind not in answers))


def chosen_codes(question: Question) -> range:
    """Give the positions in `categories` that a value of the source stands behind; no tick is no value."""
    return range(1 if question.kind == "multi" else len(substantive(question)))


def answer_columns(question: Question) -> list[tuple[str, str]]:
    """Give the columns of a question in an answers frame, each with its item ("" where there is none)."""
    if question.kind == "single":
        return [(question.id, "")]
    return [(f"{question.id}.{item}", item) for item in question.item_ids]
