"""Answers → estimates: shares, means, mean ranks and shares ranked first, each with its base.

A base is who answered the question, "don't know" and a refusal included, also where those are no options; a question
that was skipped, not put or not asked does not count. Of a pick-n question it is who ticked something, or "none of
these". Everything is counted by `lnd_survey.kernel`, weighted where the wave is; standard errors are those of each
domain, as if it were a sample of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from lnd_survey import intervals
from lnd_survey.answers import TICKED, UNTICKED, answer_columns, categories, substantive
from lnd_survey.codebook import NON_SUBSTANTIVE, Codebook, Question
from lnd_survey.estimates import flags
from lnd_survey.kernel import MISSING_CODE, Estimated, Tally, means, shares, tally
from lnd_survey.significance import Cells
from lnd_survey.trees import covered, finest, parts_of, ways_of
from lnd_survey.wave import Asked, Exports, Wave
from lnd_survey.weighting import margin_levels

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
        Rows for `lnd_survey.estimates.frame`, with additional keys: `split`; `union`, which is true for a wider item or
        option that was not offered itself, only its parts; `se`, the standard error; `cells`, an array with count, Σw
        and Σw² (rows) of each answer that the number was made of; and `rebased`, what changes in a share of those who
        gave a substantive answer. Nothing for a domain without answers.
    """
    entry = codebook.questions[question]
    sample = _Sample.of(answers, wave=wave, codebook=codebook, split=split)
    rows: list[Row] = []
    for domain, (asked, found) in zip(sample.domains, _by_domain(entry, sample, wave, codebook), strict=True):
        if asked is not None:
            common = _common(entry, asked, domain, wave)
            rows += [common | row | {"status": flags(common["status"], row.get("status", ""))} for row in found]
    return rows


@dataclass(frozen=True)
class _Domain:
    """A group, or a part of one; of a pooled group, which of the smallest domains it has together."""

    group: str
    split: str
    members: tuple[int, ...]


@dataclass(frozen=True)
class _Sample:
    """The respondents of a wave, the domains that they fall into, and how much each of them counts."""

    answers: pd.DataFrame
    domains: tuple[_Domain, ...]
    codes: np.ndarray
    n_codes: int
    weights: np.ndarray
    margins: list[np.ndarray]

    @classmethod
    def of(cls, answers: pd.DataFrame, *, wave: Wave, codebook: Codebook, split: str) -> _Sample:
        import numpy as np

        groups = [group for group in wave.groups if group not in wave.pools]
        parts = _parts(answers, split, codebook)
        own = [list(answers["group"].cat.categories).index(group) for group in groups]
        of_group = _positions(answers["group"].cat.codes.to_numpy(), own)
        within = np.zeros(len(answers), dtype="int64")
        if split:
            names = list(answers[split].cat.categories)
            within = _positions(answers[split].cat.codes.to_numpy(), [names.index(part) for part in parts])
        inside = (of_group >= 0) & (within >= 0)
        domains = []
        for group in wave.groups:
            together = [groups.index(part) for part in wave.pools.get(group, (group,))]
            for place, part in enumerate(parts):
                name = f"{split}={part}" if split else ""
                domains.append(_Domain(group, name, tuple(one * len(parts) + place for one in together)))
        return cls(
            answers,
            tuple(domains),
            np.where(inside, of_group * len(parts) + within, -1),
            len(groups) * len(parts),
            answers["weight"].to_numpy(),
            margin_levels(answers, wave=wave, codebook=codebook),
        )

    def counted(self, codes: np.ndarray, n_codes: int) -> Tally:
        """Count a matrix of codes (respondents × items) by domain."""
        sums = tally(
            codes,
            self.codes,
            weights=self.weights,
            margins=self.margins,
            n_domains=max(self.n_codes, 1),
            n_codes=n_codes,
        )
        return sums.pooled([domain.members for domain in self.domains])

    def column(self, name: str) -> np.ndarray:
        codes: np.ndarray = self.answers[name].cat.codes.to_numpy()
        return codes

    def people(self, domain: _Domain) -> int:
        """Count the respondents of a domain."""
        import numpy as np

        return int(np.isin(self.codes, domain.members).sum())


def _positions(codes: np.ndarray, wanted: list[int]) -> np.ndarray:
    """Number the wanted codes in their order; −1 for all others."""
    import numpy as np

    # The last place is that of the code −1.
    place = np.full(max([*wanted, int(codes.max(initial=0))]) + 2, -1, dtype="int64")
    place[wanted] = np.arange(len(wanted))
    return place[codes]


def _parts(answers: pd.DataFrame, split: str, codebook: Codebook) -> list[str]:
    if not split:
        return [""]
    profile = codebook.questions.get(split)
    options = [entry.id for entry in profile.options if entry.missing is None] if profile else codebook.languages
    return [name for name in answers[split].cat.categories if name in options]


def _by_domain(
    question: Question, sample: _Sample, wave: Wave, codebook: Codebook
) -> list[tuple[Asked | None, list[Row]]]:
    """Give for each domain how it was asked, and what it says."""
    asked = [_asked(question, domain.group, wave) for domain in sample.domains]
    if question.counts:
        counts = [sample.people(domain) for domain in sample.domains]
        found = [[{"statistic": "count", "estimate": float(n)}] if n else [] for n in counts]
    elif question.ranked_by:
        found = _ranked(question, sample, wave, codebook)
    else:
        every = _everything(question, sample)
        found = [
            _offered(rows, question, how) if how is not None else [] for rows, how in zip(every, asked, strict=True)
        ]
        if question.kind == "ranking":
            found = [[*rows, *_orders(rows)] for rows in found]
    return list(zip(asked, found, strict=True))


def _everything(question: Question, sample: _Sample) -> list[list[Row]]:
    """Estimate all items and options of a question, by domain, whoever was offered them."""
    columns = [(column, item) for column, item in answer_columns(question) if column in sample.answers]
    if not columns:
        return [[] for _ in sample.domains]
    if question.kind == "multi":
        return _ticked(question, sample, columns)
    return _chosen(question, sample, columns) if question.options else _numbers(question, sample, columns)


def _offered(rows: Iterable[Row], question: Question, asked: Asked) -> list[Row]:
    """Keep what was offered, and what is wider than that: it has all its parts among what was offered."""
    axis = "option" if question.options else "item"
    entries = question.options or question.items
    offered = asked.options_of(question) if axis == "option" else asked.items_of(question)
    items, ways = asked.items_of(question), ways_of(entries)
    kept = []
    for row in rows:
        wider = row[axis] not in offered
        if (axis == "option" and row["item"] and row["item"] not in items) or (
            wider and not (row["statistic"] == "share" and covered(row[axis], offered, ways))
        ):
            continue
        kept.append(row | {"union": wider, "status": flags(row["status"], "e" if wider else "")})
    return kept


def _matrix(sample: _Sample, columns: Iterable[str], question: Question, kept: Iterable[str]) -> np.ndarray:
    """Code the answers of some columns (respondents × columns) by their place among those kept."""
    import numpy as np

    names = categories(question)
    place = np.full(len(names) + 1, MISSING_CODE, dtype="uint8")
    for code, name in enumerate(kept):
        place[names.index(name)] = code
    # A cell without category has the code −1, and so the last place.
    return np.asfortranarray(np.column_stack([place[sample.column(column)] for column in columns]))


def _chosen(question: Question, sample: _Sample, columns: list[tuple[str, str]]) -> list[list[Row]]:
    """Shares of options: of a single-choice question, or of each item of a grid."""
    base = list(dict.fromkeys((*question.option_ids, *NON_SUBSTANTIVE)))
    sums = sample.counted(_matrix(sample, [column for column, _ in columns], question, base), len(base))
    within = parts_of(question.options)
    parts = [[base.index(part) for part in within[option]] for option in question.option_ids]
    keys = [{"item": item, "option": option} for _, item in columns for option in question.option_ids]
    found = _shares(sums.events(parts), keys, "share")
    missing = {entry.id for entry in question.options if entry.missing}
    answered = [base.index(option) for option in question.option_ids if option not in missing]
    within_answered = [[answered.index(code) for code in codes if code in answered] for codes in parts]
    rebased = _shares(sums.only(answered).events(within_answered), keys, "share")
    for rows, others in zip(found, rebased, strict=True):
        of = {(row["item"], row["option"]): row for row in others if row["option"] not in missing}
        for row in rows:
            row["rebased"] = of.get((row["item"], row["option"]))
    return found


def _ticked(question: Question, sample: _Sample, columns: list[tuple[str, str]]) -> list[list[Row]]:
    """Shares of those who answered that ticked an item, or any part of a wider one."""
    import numpy as np

    codes = _matrix(sample, [column for column, _ in columns], question, (UNTICKED, TICKED))
    items = [item for _, item in columns]
    within = parts_of(question.items)
    answered = (codes != MISSING_CODE).any(axis=1)
    parts = [[items.index(part) for part in within[item] if part in items] for item in question.item_ids]
    events = np.column_stack([(codes[:, places] == 1).any(axis=1) for places in parts]).astype("uint8")
    events[~answered] = MISSING_CODE
    keys = [{"item": item, "option": ""} for item in question.item_ids]
    return _shares(sample.counted(np.asfortranarray(events), 2), keys, "share")


def _numbers(question: Question, sample: _Sample, columns: list[tuple[str, str]]) -> list[list[Row]]:
    """Means of numbers; of ranks also how often an item was put first by those who ranked any."""
    import numpy as np

    given = substantive(question)
    codes = _matrix(sample, [column for column, _ in columns], question, given)
    keys = [{"item": item, "option": ""} for _, item in columns]
    statistic = "mean_rank" if question.kind == "ranking" else "mean"
    sums = sample.counted(codes, len(given))
    found = _rows(means(sums, np.asarray(question.numbers, dtype="float64"), rows=sums.n), sums, keys, statistic)
    for row in (row for rows in found for row in rows):
        low, high = intervals.mean(row["estimate"], row["se"], df=row["n"] - 1)
        row |= {"low": float(low), "high": float(high)}
    if question.kind != "ranking":
        return found
    firsts = (codes == 0).astype("uint8")
    firsts[(codes == MISSING_CODE).all(axis=1)] = MISSING_CODE
    ranked_first = _shares(sample.counted(np.asfortranarray(firsts), 2), keys, "share_first")
    return [[*rows, *others] for rows, others in zip(found, ranked_first, strict=True)]


def _shares(events: Tally, keys: list[Row], statistic: str) -> list[list[Row]]:
    found = shares(events, rows=events.n)
    yes = Estimated(**{name: array[:, :, 1] for name, array in vars(found).items()})
    return _rows(yes, events, keys, statistic)


def _rows(found: Estimated, sums: Tally, keys: list[Row], statistic: str) -> list[list[Row]]:
    """Give the estimates of each domain as rows; an item that nobody answered has none."""
    import numpy as np

    cells = np.stack([sums.count, sums.weight, sums.square], axis=2)
    weighted = (sums.weight != sums.count).any(axis=(1, 2))
    numbers = {name: getattr(found, name).tolist() for name in ("estimate", "se", "n", "n_effective")}
    return [
        [
            key
            | {name: values[domain][place] for name, values in numbers.items()}
            | {"statistic": statistic, "cells": cells[domain, place], "status": "w" if weighted[domain] else ""}
            for place, key in enumerate(keys)
            if numbers["n"][domain][place]
        ]
        for domain in range(len(cells))
    ]


def _orders(rows: Iterable[Row]) -> list[Row]:
    """Rank items by their mean rank, and by how often they were put first."""
    rows = list(rows)
    orders = []
    for statistic, made_of, sign in (("rank", "mean_rank", -1), ("rank_first", "share_first", 1)):
        values = {row["item"]: sign * row["estimate"] for row in rows if row["statistic"] == made_of}
        like = {row["item"]: row for row in rows if row["statistic"] == "share_first"}
        orders += [
            {
                "item": item,
                "option": "",
                "statistic": statistic,
                "estimate": rank,
                "n": like[item]["n"],
                "status": like[item]["status"],
            }
            for item, rank in _order(values).items()
        ]
    return orders


def _order(values: Mapping[str, float]) -> dict[str, float]:
    """Rank from the largest value; what is tied shares the smallest rank."""
    rounded = {item: round(value, 10) for item, value in values.items()}
    return {item: 1.0 + sum(other > value for other in rounded.values()) for item, value in rounded.items()}


def _ranked(question: Question, sample: _Sample, wave: Wave, codebook: Codebook) -> list[list[Row]]:
    """Rank items by the sum of their shares in other questions, all of which the group was asked."""
    totals: list[dict[str, Row]] = [{} for _ in sample.domains]
    for name in question.ranked_by:
        for total, (asked, rows) in zip(
            totals, _by_domain(codebook.questions[name], sample, wave, codebook), strict=True
        ):
            if asked is None:
                total[""] = {}
            for row in rows:
                if row["statistic"] == "share" and not row["union"]:
                    so_far = total.setdefault(row["item"], row | {"estimate": 0.0})
                    total[row["item"]] = so_far | {
                        "estimate": so_far["estimate"] + row["estimate"],
                        "n": min(so_far["n"], row["n"]),
                    }
    found: list[list[Row]] = []
    for total in totals:
        if "" in total:
            found.append([])
            continue
        last = question.ranked_first or len(total)
        n = min((row["n"] for row in total.values()), default=0)
        order = _order({item: row["estimate"] for item, row in total.items()})
        found.append(
            [
                {"item": item, "statistic": "rank", "estimate": rank, "n": n, "status": total[item]["status"]}
                for item, rank in order.items()
                if rank <= last
            ]
        )
    return found


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


def _common(question: Question, asked: Asked, domain: _Domain, wave: Wave) -> Row:
    assert wave.exports is not None
    synthetic = "s" if wave.exports.evidence == "synthetic" else ""
    derived = "e" if question.ranked_by else ""
    return {
        "year": wave.year,
        "group": domain.group,
        "split": domain.split,
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


def splits_of(wave: Wave, codebook: Codebook) -> list[str]:
    """Say by what the groups of a wave can be split: the language, and every single-choice question."""
    single = [name for name, question in codebook.questions.items() if question.kind == "single"]
    return ["language", *(name for name in single if wave.groups_asked(name))]


def paired_cells(answers: pd.DataFrame, first: Question, second: Question) -> dict[str, Cells]:
    """Count by item who ticked it in two pick-n questions, of those who answered both.

    Returns
    -------
    dict
        By item, a table of the first question against the second, each not selected and selected.
    """
    columns = dict(answer_columns(first)), dict(answer_columns(second))
    items = [item for item in columns[0].values() if item in columns[1].values()]
    tables = {}
    for item in items:
        sides = []
        for question in (first, second):
            codes = answers[f"{question.id}.{item}"].cat.codes
            names = categories(question)
            sides.append(codes.map({names.index(UNTICKED): 0, names.index(TICKED): 1}).fillna(-1).to_numpy())
        cells = Cells.of_answers(*sides, weights=answers["weight"].to_numpy(), shape=(2, 2))
        if cells.count.any():
            tables[item] = cells
    return tables
