"""Answers → estimates: shares, means, mean ranks and shares ranked first, each with its base.

A base is who answered the question, "don't know" and a refusal included, also where those are no options; a question
that was skipped, not put or not asked does not count. Of a pick-n question it is who ticked something, or "none of
these". Numbers are unweighted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from lnd_survey import intervals
from lnd_survey.answers import TICKED, UNTICKED, answer_columns, categories
from lnd_survey.codebook import MISSING, NON_SUBSTANTIVE, Codebook, Question
from lnd_survey.estimates import flags
from lnd_survey.trees import covered, finest, parts_of, ways_of
from lnd_survey.wave import Asked, Exports, Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Row = dict[str, Any]


def estimate_rows(
    answers: pd.DataFrame, question: str, *, wave: Wave, codebook: Codebook, split: str = ""
) -> list[Row]:
    """Estimate everything that one question of one wave can say.

    Parameters
    ----------
    answers
        An answers frame (see `lnd_survey.answers.Answers`).
    question
        Id of a question.
    wave, codebook
        How it was asked, and of what kind it is.
    split
        `language`, or a single-choice question by whose options the groups are split; default whole groups.

    Returns
    -------
    list of dict
        Rows for `lnd_survey.estimates.frame`, with two additional keys: `split`, and `union`, which is true for a
        pick-n item that was not asked itself: who ticked any of its parts. Nothing for a domain without answers.
    """
    entry = codebook.questions[question]
    answers = answers[_needed(answers, entry, split, codebook)]
    rows: list[Row] = []
    for group in wave.groups:
        asked = _asked(entry, group, wave)
        if asked is None:
            continue
        of_group = answers[answers["group"].isin(list(wave.pools.get(group, (group,))))]
        for name, domain in _domains(of_group, split, codebook):
            found = _of_domain(domain, entry, asked, group, wave=wave, codebook=codebook)
            common = _common(entry, asked, group, wave) | {"split": name}
            rows += [
                common | row | {"status": flags(common["status"], "e" if row.get("union") else "")} for row in found
            ]
    return rows


def _needed(answers: pd.DataFrame, question: Question, split: str, codebook: Codebook) -> list[str]:
    """Name the few columns that a question needs, so that no others are copied for each group."""
    questions = [codebook.questions[name] for name in question.ranked_by] or [question]
    columns = [column for asked in questions for column, _ in answer_columns(asked)]
    wanted = dict.fromkeys(["group", *([split] if split else []), *columns])
    return [column for column in wanted if column in answers]


def _asked(question: Question, group: str, wave: Wave) -> Asked | None:
    """How a group was asked; of several groups together, with the finest options that all of them were offered."""
    asked = wave.instrument.get((question.id, group))
    if group not in wave.pools:
        return Asked() if question.ranked_by else asked
    each = [wave.instrument.get((question.id, part)) for part in wave.pools[group]]
    known = [part for part in each if part is not None]
    if asked is None or len(known) < len(each) or question.counts:
        return asked if len(known) == len(each) else None
    entries = question.options or question.items
    roots = [entry.id for entry in entries if entry.parent is None]
    offered = [part.options_of(question) if question.options else part.items_of(question) for part in known]
    ways = ways_of(entries)
    # What one of the groups was not offered has no share of all of them.
    common = tuple(name for name in finest(roots, offered, ways) if all(covered(name, own, ways) for own in offered))
    items = tuple(item for item in question.item_ids if all(item in part.items_of(question) for part in known))
    if not common or (question.items and not items):
        return None
    return replace(asked, offered=common, items=items if question.options else None)


def splits_of(wave: Wave, codebook: Codebook) -> list[str]:
    """Say by what the groups of a wave can be split: the language, and every single-choice question."""
    single = [name for name, question in codebook.questions.items() if question.kind == "single"]
    return ["language", *(name for name in single if wave.groups_asked(name))]


def paired_counts(answers: pd.DataFrame, first: Question, second: Question) -> dict[str, list[list[int]]]:
    """Count by item who ticked it in two pick-n questions, of those who answered both.

    Returns
    -------
    dict
        By item, a table of the first question against the second, each not selected and selected.
    """
    import numpy as np

    columns = dict(answer_columns(first)), dict(answer_columns(second))
    items = [item for item in columns[0].values() if item in columns[1].values()]
    tables = {}
    for item in items:
        sides = [answers[f"{question.id}.{item}"] for question in (first, second)]
        given = np.logical_and.reduce([side.isin([TICKED, UNTICKED]) for side in sides])
        ticked = [(side == TICKED).to_numpy()[given] for side in sides]
        cells = np.bincount(ticked[0] * 2 + ticked[1], minlength=4)
        if given.any():
            tables[item] = cells.reshape(2, 2).tolist()
    return tables


def _domains(answers: pd.DataFrame, split: str, codebook: Codebook) -> Iterable[tuple[str, pd.DataFrame]]:
    if not split:
        return [("", answers)]
    profile = codebook.questions.get(split)
    options = [entry.id for entry in profile.options if entry.missing is None] if profile else codebook.languages
    kinds = [name for name in answers[split].cat.categories if name in options]
    return [(f"{split}={name}", answers[answers[split] == name]) for name in kinds]


def _common(question: Question, asked: Asked, group: str, wave: Wave) -> Row:
    assert wave.exports is not None
    synthetic = "s" if wave.exports.evidence == "synthetic" else ""
    derived = "e" if question.ranked_by else ""
    return {
        "year": wave.year,
        "group": group,
        "question": question.id,
        "item": "",
        "option": "",
        "base": asked.base or question.base,
        "status": flags(asked.flag, synthetic, derived),
        "evidence": wave.exports.evidence,
        "source": f"data/raw/{wave.year}: {_files(wave.exports)}",
        "union": False,
    }


def _files(exports: Exports) -> str:
    """Name the file of a wave, or what its files have in common."""
    paths = [PurePosixPath(export.name) for export in exports.files]
    if len(paths) == 1:
        return str(paths[0])
    folders, endings = {str(path.parent) for path in paths}, {path.suffix for path in paths}
    folder = folders.pop() if len(folders) == 1 else "."
    return str(PurePosixPath(folder) / f"*{endings.pop() if len(endings) == 1 else ''}")


def _of_domain(
    domain: pd.DataFrame, question: Question, asked: Asked, group: str, *, wave: Wave, codebook: Codebook
) -> list[Row]:
    if question.counts:
        return [{"statistic": "count", "estimate": float(len(domain))}] if len(domain) else []
    if question.ranked_by:
        return _ranked(domain, question, group, wave=wave, codebook=codebook)
    if question.id not in domain and not any(column in domain for column, _ in answer_columns(question)):
        return []
    if question.kind == "multi":
        return _ticked(domain, question, asked)
    if question.options:
        return [
            {"item": item} | row
            for column, item in answer_columns(question)
            if not item or item in asked.items_of(question)
            for row in _shares(_counts(domain[column], question), asked.options_of(question), question)
        ]
    numbers = {
        item: _Numbers.of(_counts(domain[column], question), question) for column, item in answer_columns(question)
    }
    offered = {item: numbers[item] for item in asked.items_of(question)}
    return _ranks(offered, domain, question) if question.kind == "ranking" else _means(offered, "mean")


def _counts(answers: pd.Series, question: Question) -> dict[str, int]:
    import numpy as np

    names = categories(question)
    codes = answers.cat.codes.to_numpy()
    return dict(zip(names, np.bincount(codes, minlength=len(names)).tolist(), strict=True))


def _shares(counts: Mapping[str, int], offered: Iterable[str], question: Question) -> list[Row]:
    n = sum(counts[option] for option in dict.fromkeys((*question.option_ids, *NON_SUBSTANTIVE)))
    within = parts_of(question.options)
    together = {option: sum(counts[part] for part in within[option]) for option in offered}
    return [{"option": option, **_share(count, n)} for option, count in together.items()] if n else []


def _share(count: int, n: int) -> Row:
    return {"statistic": "share", "estimate": count / n, "n": n, "n_effective": n}


def _ticked(domain: pd.DataFrame, question: Question, asked: Asked) -> list[Row]:
    """Share of those who answered that ticked an item, or any part of a wider one."""
    names = categories(question)
    codes = {item: domain[column].cat.codes.to_numpy() for column, item in answer_columns(question)}
    within = parts_of(question.items)
    ticked = {item: _any([codes[part] == names.index(TICKED) for part in within[item]]) for item in question.item_ids}
    answered = _any([(own == names.index(TICKED)) | (own == names.index(UNTICKED)) for own in codes.values()])
    n = int(answered.sum())
    if not n:
        return []
    offered, ways = asked.items_of(question), ways_of(question.items)
    wider = [item for item in ways if item not in offered and covered(item, offered, ways)]
    rows = [{"item": item, **_share(int(ticked[item].sum()), n)} for item in (*offered, *wider)]
    return [row | {"union": row["item"] in wider} for row in rows]


def _any(masks: list[np.ndarray]) -> np.ndarray:
    import numpy as np

    return np.logical_or.reduce(masks)


@dataclass(frozen=True)
class _Numbers:
    """How often an item was given each number."""

    n: int
    total: int
    squares: int
    first: int

    @classmethod
    def of(cls, counts: Mapping[str, int], question: Question) -> _Numbers:
        given = {number: counts[str(number)] for number in question.numbers}
        total, squares = (sum(number**power * n for number, n in given.items()) for power in (1, 2))
        return cls(sum(given.values()), total, squares, given[question.numbers[0]])

    def row(self, item: str, statistic: str) -> Row:
        """Give the mean with its t interval."""
        mean = self.total / self.n
        variance = max(self.squares - self.total * mean, 0.0) / (self.n - 1) if self.n > 1 else math.nan
        low, high = intervals.mean(mean, math.sqrt(variance / self.n), df=self.n - 1)
        ends = {"low": float(low), "high": float(high)}
        return {"item": item, "statistic": statistic, "estimate": mean, "n": self.n, "n_effective": self.n, **ends}


def _means(numbers: Mapping[str, _Numbers], statistic: str) -> list[Row]:
    return [own.row(item, statistic) for item, own in numbers.items() if own.n]


def _ranks(numbers: Mapping[str, _Numbers], domain: pd.DataFrame, question: Question) -> list[Row]:
    """Mean ranks of those who ranked an item, shares that put it first of those who ranked any, and both orders."""
    names = categories(question)
    given = [position for position, name in enumerate(names) if name not in MISSING]
    columns = [column for column, item in answer_columns(question) if item in numbers]
    n = int(_any([domain[column].cat.codes.isin(given).to_numpy() for column in columns]).sum())
    if not n:
        return []
    means = _means(numbers, "mean_rank")
    firsts = [{"item": item, **_share(own.first, n), "statistic": "share_first"} for item, own in numbers.items()]
    order = _order({row["item"]: -row["estimate"] for row in means})
    order_of_firsts = _order({row["item"]: row["estimate"] for row in firsts})
    ranked = [{"item": item, "statistic": "rank", "estimate": rank, "n": n} for item, rank in order.items()]
    ranked += [
        {"item": item, "statistic": "rank_first", "estimate": rank, "n": n} for item, rank in order_of_firsts.items()
    ]
    return [*means, *firsts, *ranked]


def _order(values: Mapping[str, float]) -> dict[str, float]:
    """Rank from the largest value; what is tied shares the smallest rank."""
    rounded = {item: round(value, 10) for item, value in values.items()}
    return {item: 1.0 + sum(other > value for other in rounded.values()) for item, value in rounded.items()}


def _ranked(domain: pd.DataFrame, question: Question, group: str, *, wave: Wave, codebook: Codebook) -> list[Row]:
    """Rank items by the sum of their shares in other questions, all of which the group was asked."""
    total: dict[str, float] = {}
    n = set()
    for name in question.ranked_by:
        asked = wave.instrument.get((name, group))
        if asked is None:
            return []
        for row in _of_domain(domain, codebook.questions[name], asked, group, wave=wave, codebook=codebook):
            if row["statistic"] == "share" and not row["union"]:
                total[row["item"]] = total.get(row["item"], 0.0) + row["estimate"]
                n.add(row["n"])
    last = question.ranked_first or len(total)
    return [
        {"item": item, "statistic": "rank", "estimate": rank, "n": min(n)}
        for item, rank in _order(total).items()
        if rank <= last
    ]
