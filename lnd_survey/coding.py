"""One column of an export → codes: every distinct cell is looked up once in the crosswalk, then all rows at once.

A column has few distinct values and many rows; the cost of a row is a few array look-ups.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from lnd_survey.codebook import Question
from lnd_survey.crosswalk import (
    DONT_KNOW,
    NOT_ANSWERED,
    NOT_SELECTED,
    REFUSED,
    ColumnRow,
    Crosswalk,
    ValueRow,
)
from lnd_survey.errors import Problem, choices
from lnd_survey.folding import folded
from lnd_survey.proposals import Proposal, UnmappedValue, nearest_targets, proposed
from lnd_survey.readers import Export, ExportFile

if TYPE_CHECKING:
    import numpy as np

ROWS_NAMED = 5
VALUES_NAMED = 20
READINGS_NAMED = 3


def among(codes: np.ndarray, wanted: Iterable[int]) -> np.ndarray:
    """Say which of many codes are one of a few.

    Examples
    --------
    >>> import numpy as np
    >>> among(np.array([0, 2, -1, 1], dtype=np.int8), [1, 2]).tolist()
    [False, True, False, True]
    """
    import numpy as np

    # Codes are small: a table is ten times as fast as np.isin. What is −1 is none of them.
    table = np.zeros(257, dtype=bool)
    table[list(wanted)] = True
    return table[codes]


@dataclass(frozen=True)
class SourceColumn:
    """A column of a file, by its address, and one decision on it."""

    address: str
    row: ColumnRow


class Decision(NamedTuple):
    """What a value became: by which row of `values.csv` (0: a number that needs none), and in which kind of column."""

    line: int
    question: str
    item: str
    rank: int | None
    option: str


@dataclass(frozen=True)
class Coder:
    """Codes the columns of one file, and keeps account of where every filled cell went.

    Attributes
    ----------
    declaration, export, crosswalk
        The file, and what its values mean.
    problems
        List to which what is wrong is added.
    kept
        Positions of the responses that count.
    groups, group_count
        The group of each response that counts, as position among so many; the last is that of none.
    languages, language_codes
        The languages that values are told apart by (None: by none), and that of each response that counts as
        position in them; where there is only one the codes do not matter.
    counts
        How many cells of each group each decision was about.
    """

    declaration: ExportFile
    export: Export
    crosswalk: Crosswalk
    problems: list[Problem]
    kept: np.ndarray
    groups: np.ndarray
    group_count: int
    languages: Sequence[str | None] = (None,)
    language_codes: np.ndarray | None = None
    counts: dict[Decision, np.ndarray] = field(default_factory=dict)

    def codes(
        self, source: SourceColumn, question: Question | None, code_of: Mapping[str, int], *, empty: int
    ) -> np.ndarray:
        """Code a column whose cells each hold one value.

        Parameters
        ----------
        source, question
            The column, and of which question it is; None for none.
        code_of
            The code of each target of the crosswalk.
        empty
            The code of an empty cell, and of a value that is dropped.

        Returns
        -------
        numpy.ndarray
            int8, one for each response that counts.
        """
        import numpy as np

        cells = self._cells(source, question)
        table = np.full(len(cells.distinct), empty, dtype=np.int8)
        for position, (value, language) in enumerate(cells.distinct):
            if folded(value):
                target = cells.target(position, value, language)
                if target in code_of:
                    table[position] = code_of[target]
                elif target:
                    cells.refuse_target(position, value, target, code_of)
        cells.report()
        return table[cells.places]

    def ticks(self, source: SourceColumn, question: Question, targets: Sequence[str]) -> np.ndarray:
        """Code a column whose cells each hold several values, separated as the file declares.

        Returns
        -------
        numpy.ndarray
            int16, a row for each response that counts and a column for each target: how often the cell has it.
        """
        import numpy as np

        cells = self._cells(source, question)
        place_of = {target: place for place, target in enumerate(targets)}
        table = np.zeros((len(cells.distinct), len(targets)), dtype=np.int16)
        labels = {folded(label) for entry in question.items for label in entry.label.values()}
        for position, (cell, language) in enumerate(cells.distinct):
            readings = self._readings(cell, source.row, language)
            if len(readings) > 1:
                cells.refuse_readings(position, cell, readings)
            # What has no row yet is named whole where it is the label of an item.
            known = labels.union(self.lookup(source.row, language))
            for value in readings[0] if readings else _pieces(cell, self.declaration.separator, known):
                target = cells.target(position, value, language)
                if target in place_of:
                    table[position, place_of[target]] += 1
                elif target not in ("", NOT_ANSWERED):
                    cells.refuse_target(position, value, target, targets)
        cells.report()
        return table[cells.places]

    def values_at(self, source: SourceColumn, responses: np.ndarray, *, several: bool) -> set[str]:
        """Give the values, folded, that some responses have in a column, whether they count or not.

        Parameters
        ----------
        source
            The column.
        responses
            Positions in the file.
        several
            Whether a cell may hold several values.
        """
        import numpy as np

        cells = self.export.cells[source.address]
        texts = [cells.categories[code] for code in np.unique(cells.codes[responses]).tolist()]
        if several:
            pieces = [value for cell in texts for value in _split(cell, self.declaration.separator)]
            texts = [value for cell in texts for values in self._readings(cell, source.row, None) for value in values]
            texts += pieces
        return {folded(text) for text in texts}

    def says_something(self, sources: Iterable[SourceColumn], responses: np.ndarray) -> np.ndarray:
        """Say of some responses, by position in the file, whether any of some columns holds an answer."""
        import numpy as np

        found = np.zeros(len(responses), dtype=bool)
        for source in sources:
            cells, known = self.export.cells[source.address], self.lookup(source.row, None)
            said = [self._is_said(value, known) for value in cells.categories]
            found |= np.asarray(said, dtype=bool)[cells.codes[responses]]
        return found

    @staticmethod
    def _is_said(value: str, known: Mapping[str, list[ValueRow]]) -> bool:
        rows = known.get(folded(value), ())
        silent = all(row.option in ("", NOT_SELECTED, NOT_ANSWERED) for row in rows)
        return bool(folded(value)) and not (rows and silent)

    def _readings(self, cell: str, row: ColumnRow, language: str | None) -> list[tuple[str, ...]]:
        targets = {value: rows[0].option for value, rows in self.lookup(row, language).items()}
        return _readings(cell, self.declaration.separator, targets)

    def is_blank(self, address: str) -> np.ndarray:
        """Say for each response that counts whether a column is empty."""
        import numpy as np

        cells = self.export.cells[address]
        return np.asarray([not folded(value) for value in cells.categories], dtype=bool)[cells.codes[self.kept]]

    def wrong(
        self, mask: np.ndarray, address: str, what: str, remedy: str = "", *, proposal: Proposal | None = None
    ) -> None:
        """Add a problem about the responses in a mask, if there are any."""
        import numpy as np

        found = np.flatnonzero(mask)
        if len(found):
            rows = self.export.numbers[self.kept[found[:ROWS_NAMED]]].tolist()
            text = f"{what} ({_respondents(len(found), rows)})"
            problem = Problem(text, file=self.export.file, row=rows[0], column=address, remedy=remedy)
            self.problems.append(UnmappedValue(**vars(problem), proposal=proposal) if proposal else problem)

    def lookup(self, row: ColumnRow, language: str | None) -> Mapping[str, list[ValueRow]]:
        """Give the rows of `values.csv` that hold for a column and a language, by folded value."""
        key = (row.question, row.item, language)
        if key not in self._lookups:
            self._lookups[key] = self.crosswalk.values_for(
                file=self.declaration.name, question=row.question, item=row.item, language=language
            )
        return self._lookups[key]

    @cached_property
    def _lookups(self) -> dict[tuple[str, str, str | None], Mapping[str, list[ValueRow]]]:
        return {}

    def _cells(self, source: SourceColumn, question: Question | None) -> _Cells:
        """Find the distinct cells of a column, those of each language apart."""
        import numpy as np

        cells = self.export.cells[source.address]
        keys = cells.codes if len(self.kept) == len(cells) else cells.codes[self.kept]
        if len(self.languages) > 1 and self.language_codes is not None:
            keys = keys.astype(np.int32) * len(self.languages) + self.language_codes
        # Each distinct cell is looked up once and counted by group.
        by_group = keys.astype(np.intp) * self.group_count + self.groups
        size = (len(cells.categories) * len(self.languages), self.group_count)
        counts = np.bincount(by_group, minlength=size[0] * size[1]).reshape(size)
        present = np.flatnonzero(counts.any(axis=1))
        place = np.zeros(len(counts), dtype=np.int32)
        place[present] = np.arange(len(present), dtype=np.int32)
        texts = cells.categories.tolist()
        pairs = [divmod(key, len(self.languages)) for key in present.tolist()]
        distinct = [(texts[text], self.languages[language]) for text, language in pairs]
        return _Cells(self, source, question, distinct, counts[present], place[keys])


@dataclass
class _Cells:
    """The cells of one column.

    Attributes
    ----------
    distinct, counts
        The distinct cells, each with its language, and how often each occurs in each group.
    places
        Which of them each response has.
    wrong
        What is wrong with which of them, and the remedy.
    """

    coder: Coder
    source: SourceColumn
    question: Question | None
    distinct: list[tuple[str, str | None]]
    counts: np.ndarray
    places: np.ndarray
    wrong: list[tuple[int, str, str, Proposal | None]] = field(default_factory=list)

    def target(self, position: int, value: str, language: str | None) -> str:
        """Say what a value of one of the cells stands for; "" where it is dropped or not known."""
        coder, column = self.coder, self.source.row
        rows = coder.lookup(column, language).get(folded(value), ())
        if rows:
            row = rows[0]
            self._count(position, row.line, row.option)
            if self._is_declared_missing(value) and not _is_missing(row.option, self.question):
                what = f"the file declares {value!r} missing, but values.csv row {row.line} makes it {row.option!r}"
                self._refuse(position, what, "Map it to a missing kind, or drop it with a reason.")
            return row.option
        file = coder.crosswalk.values_file
        number = _number(value, coder.declaration.decimal)
        if number is None or self.question is None or not self.question.numbers or column.rank is not None:
            allowed = nearest_targets(value, column, self.question, coder.crosswalk)
            what = f"{value!r} has no row in values.csv for {column.question}"
            proposal = proposed(value, column, self.question, language)
            self._refuse(position, what, f"Give it a row in {file}. {allowed}", proposal)
        elif self._is_declared_missing(value):
            what = f"the file declares {value!r} missing, and it has no row in values.csv for {column.question}"
            self._refuse(position, what, f"Give it a row in {file} that says which missing kind it is.")
        elif number not in self.question.numbers:
            what = f"{value!r} is not between {self.question.numbers[0]} and {self.question.numbers[-1]}"
            self._refuse(position, what, f"Give it a row in {file}, or correct the scale in the codebook.")
        else:
            self._count(position, 0, str(number))
            return str(number)
        return ""

    def refuse_target(self, position: int, value: str, target: str, targets: Iterable[str]) -> None:
        """Note that a value stands for something that its column cannot hold."""
        what = f"values.csv makes {value!r} {target!r}, which this column cannot hold"
        self._refuse(position, what, choices(targets, near=target))

    def refuse_readings(self, position: int, cell: str, readings: Sequence[Sequence[str]]) -> None:
        """Note that a cell can be taken apart in several ways that say different things."""
        named = ", or ".join(" and ".join(map(repr, values)) for values in readings[:READINGS_NAMED])
        more = f", and {len(readings) - READINGS_NAMED} more" if len(readings) > READINGS_NAMED else ""
        what = f"{cell!r} can be taken apart in {len(readings)} ways: {named}{more}"
        remedy = "Export a column for each option, or with a separator that is in none of them, and declare it."
        self._refuse(position, what, remedy)

    def report(self) -> None:
        """Add what is wrong with the cells to the problems, a few of many."""
        import numpy as np

        # One value may be wrong in several languages, or several cells may hold the same wrong value.
        together: dict[tuple[str, str], list[int]] = {}
        proposals: dict[tuple[str, str], Proposal | None] = {}
        for position, what, remedy, proposal in self.wrong:
            together.setdefault((what, remedy), []).append(position)
            proposals.setdefault((what, remedy), proposal)
        for (what, remedy), positions in list(together.items())[:VALUES_NAMED]:
            mask = np.isin(self.places, positions)
            self.coder.wrong(mask, self.source.address, what, remedy, proposal=proposals[what, remedy])
        more = len(together) - VALUES_NAMED
        if more > 0:
            what = f"{more} more values of {self.source.row.question} are wrong"
            remedy = "If this is free text, drop the column in columns.csv."
            address, file = self.source.address, self.coder.export.file
            self.coder.problems.append(Problem(what, file=file, column=address, remedy=remedy))

    def _count(self, position: int, line: int, option: str) -> None:
        column, counts = self.source.row, self.coder.counts
        decision = Decision(line, column.question, column.item, column.rank, option)
        counts[decision] = counts.get(decision, 0) + self.counts[position]

    def _refuse(self, position: int, what: str, remedy: str, proposal: Proposal | None = None) -> None:
        self.wrong.append((position, what, remedy, proposal))

    def _is_declared_missing(self, value: str) -> bool:
        return value in self.coder.export.missing_values.get(self.source.address, ())


def _readings(cell: str, separator: str, targets: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Take a cell with several values apart, also where a value has the separator in its own text.

    Parameters
    ----------
    cell, separator
        The cell, and what stands between its values.
    targets
        What each known value, folded, stands for; "" where it is dropped.

    Returns
    -------
    list of tuple of str
        For each set of targets that the cell can stand for the values in it: more than one where it is not clear what
        was answered, none where it has parts that are not known.

    Examples
    --------
    >>> _readings("Time, rest, Money", ", ", {"money": "money", "time, rest": "time", "rest": "rest"})
    [('Time, rest', 'Money')]
    >>> _readings("Time, rest", ", ", {"time": "hours", "time, rest": "time", "rest": "rest"})
    [('Time, rest',), ('Time', 'rest')]
    >>> _readings("Time, rest", ", ", {"time": "time", "time, rest": "time", "rest": ""})
    [('Time, rest',)]
    >>> _readings("Money, Fame", ", ", {"money": "money"})
    []
    >>> _readings("Time; rest;", ";", {"money": "money", "time; rest": "time"})
    [('Time; rest',)]
    >>> _readings("Money,\u00a0\u00a0rest", ", ", {"money": "money", "rest": "rest"})
    [('Money', 'rest')]
    """
    pieces, parting = _split(cell, separator), folded(separator)
    longest = 1 + max((value.count(parting) for value in targets), default=0)
    # From the end: how the rest of the cell can be read from each piece on, one reading for each set of targets.
    readings: list[dict[frozenset[str], tuple[str, ...]]] = [{} for _ in pieces]
    readings.append({frozenset(): ()})
    for start in reversed(range(len(pieces))):
        for end in range(min(start + longest, len(pieces)), start, -1):
            value = separator.join(pieces[start:end])
            target = targets.get(folded(value)) if folded(value) else None
            if target is None:
                continue
            said = {target} - {"", NOT_ANSWERED}
            for others, rest in readings[end].items():
                readings[start].setdefault(others | said, (value, *rest))
        if not folded(pieces[start]):
            readings[start] = {**readings[start + 1], **readings[start]}
    return list(readings[0].values())


def _pieces(cell: str, separator: str, labels: Collection[str]) -> tuple[str, ...]:
    """Take a cell with unknown values apart: at labels if it consists of them, else at every separator.

    Examples
    --------
    >>> _pieces("Money, Time, rest", ", ", {"money", "time, rest"})
    ('Money', 'Time, rest')
    >>> _pieces("Money, Fame, rest", ", ", {"money", "time, rest"})
    ('Money', 'Fame', 'rest')
    """
    readings = _readings(cell, separator, {label: label for label in labels})
    return readings[0] if readings else tuple(piece for piece in _split(cell, separator) if folded(piece))


def _split(cell: str, separator: str) -> list[str]:
    return re.split(r"\s+".join(map(re.escape, re.split(r"\s+", separator))), cell)


def _number(value: str, decimal: str) -> int | None:
    """Read a whole number, also one written 4.0 (or 4,0); None where it is none.

    Examples
    --------
    >>> _number(" 4 ", "."), _number("4,0", ","), _number("4.5", "."), _number("--4", ".")
    (4, 4, None, None)
    """
    found = re.fullmatch(rf"(-?[0-9]{{1,9}})(?:{re.escape(decimal)}0*)?", value.strip())
    return int(found[1]) if found else None


def _is_missing(option: str, question: Question | None) -> bool:
    if option in ("", NOT_ANSWERED, DONT_KNOW, REFUSED) or question is None:
        return True
    return any(entry.id == option and entry.missing for entry in question.options)


def _respondents(n: int, rows: list[int]) -> str:
    listed = ", ".join(map(str, rows)) + (" …" if n > len(rows) else "")
    return f"{n} respondent{'s' if n > 1 else ''}, row{'s' if n > 1 else ''} {listed}"
