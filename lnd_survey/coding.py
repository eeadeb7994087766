"""One column of an export → codes: every distinct cell is looked up once in the crosswalk, then all rows at once.

A column has few distinct values and many rows; the cost of a row is a few array look-ups.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lnd_survey.codebook import Question
from lnd_survey.crosswalk import DONT_KNOW, NOT_ANSWERED, REFUSED, ColumnRow, Crosswalk, ValueRow
from lnd_survey.errors import Problem, choices
from lnd_survey.folding import folded
from lnd_survey.readers import Export, ExportFile

if TYPE_CHECKING:
    import numpy as np

ROWS_NAMED = 5
VALUES_NAMED = 20


@dataclass
class Coder:
    """Codes the columns of one file, and keeps account of where every filled cell went.

    Attributes
    ----------
    declaration, export, crosswalk
        The file, and what its values mean.
    kept
        Positions of the responses that count.
    language_codes, languages
        The language of each of them, as positions in the list of languages; where the list has only one language
        (or None: whichever) the codes do not matter.
    problems
        List to which what is wrong is added.
    counts
        How many cells each row of `values.csv` met, by (line, item).
    numbers_read
        How many cells were numbers that need no row, by (question, item, number).
    repeated
        How often a cell says again what another value of its respondent said, by question.
    """

    declaration: ExportFile
    export: Export
    crosswalk: Crosswalk
    kept: np.ndarray
    language_codes: np.ndarray
    languages: Sequence[str | None]
    problems: list[Problem]
    counts: dict[tuple[int, str], int] = field(default_factory=dict)
    numbers_read: dict[tuple[str, str, str], int] = field(default_factory=dict)
    repeated: Counter[str] = field(default_factory=Counter)

    def codes(
        self, column: ColumnRow, address: str, question: Question | None, code_of: Mapping[str, int], *, empty: int
    ) -> np.ndarray:
        """Code a column whose cells each hold one value.

        Parameters
        ----------
        column, address, question
            What the column holds, where it is in the file, and of which question it is; None for none.
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

        distinct = self._distinct(address)
        table = np.full(len(distinct.values), empty, dtype=np.int8)
        for position, (value, language) in enumerate(distinct.values):
            if not value.strip():
                continue
            target = self._target(column, address, question, value, language, distinct, position)
            if target in code_of:
                table[position] = code_of[target]
            elif target:
                what = f"values.csv makes {value!r} {target!r}, which this column cannot hold"
                distinct.wrong.append((position, what, choices(code_of, near=target)))
        distinct.report(self, address, column)
        return table[distinct.places]

    def ticks(self, column: ColumnRow, address: str, question: Question, targets: Sequence[str]) -> np.ndarray:
        """Code a column whose cells each hold several values, separated as the file declares.

        Returns
        -------
        numpy.ndarray
            bool, a row for each response that counts and a column for each target: whether the cell has it.
        """
        import numpy as np

        distinct = self._distinct(address)
        position_of = {target: position for position, target in enumerate(targets)}
        table = np.zeros((len(distinct.values), len(targets)), dtype=bool)
        lookups = {language: self._lookup(column, language) for language in self.languages}
        for position, (cell, language) in enumerate(distinct.values):
            if not cell.strip():
                continue
            for value in _parts(cell, self.declaration.separator, lookups[language]):
                target = self._target(column, address, question, value, language, distinct, position)
                if target in position_of:
                    if table[position, position_of[target]]:
                        self.repeated[question.id] += distinct.counts[position]
                    table[position, position_of[target]] = True
        distinct.report(self, address, column)
        return table[distinct.places]

    def row_numbers(self, positions: Iterable[int]) -> list[int]:
        """Rows of the file in which some of the responses that count stand."""
        return [int(self.export.numbers[self.kept[position]]) for position in positions]

    def wrong(self, mask: np.ndarray, address: str, what: str, remedy: str = "") -> None:
        """Add a problem about the responses in a mask, if there are any."""
        import numpy as np

        found = np.flatnonzero(mask)
        if len(found):
            rows = self.row_numbers(found[:ROWS_NAMED])
            text = f"{what} ({_respondents(len(found), rows)})"
            self.problems.append(Problem(text, file=self.export.file, row=rows[0], column=address, remedy=remedy))

    def _distinct(self, address: str) -> _Distinct:
        import numpy as np

        cells = self.export.cells[address]
        codes = cells.codes if len(self.kept) == len(cells) else cells.codes[self.kept]
        if len(self.languages) > 1:
            codes = codes.astype(np.int32) * len(self.languages) + self.language_codes
        counts = np.bincount(codes, minlength=1)
        present = np.flatnonzero(counts)
        place = np.zeros(len(counts), dtype=np.int32)
        place[present] = np.arange(len(present), dtype=np.int32)
        texts = cells.categories.tolist()
        values = [
            (texts[key // len(self.languages)], self.languages[key % len(self.languages)]) for key in present.tolist()
        ]
        return _Distinct(values, counts[present].tolist(), place[codes])

    def _target(
        self,
        column: ColumnRow,
        address: str,
        question: Question | None,
        value: str,
        language: str | None,
        distinct: _Distinct,
        position: int,
    ) -> str:
        """Say what a value stands for; "" where it is dropped or not known."""
        rows = self._lookup(column, language).get(folded(value), [])
        n = distinct.counts[position]
        if rows:
            row = rows[0]
            self.counts[row.line, column.item] = self.counts.get((row.line, column.item), 0) + n
            if value in self.export.missing_values.get(address, ()) and not _is_missing(row.option, question):
                what = f"the file declares {value!r} missing, but values.csv row {row.line} makes it {row.option!r}"
                distinct.wrong.append((position, what, "Map it to a missing kind, or drop it with a reason."))
            return row.option
        number = _number(value, self.declaration.decimal) if question is not None else None
        if question is not None and number is not None and question.numbers and column.rank is None:
            if number in question.numbers:
                key = (question.id, column.item, str(number))
                self.numbers_read[key] = self.numbers_read.get(key, 0) + n
                return str(number)
            what = f"{value!r} is not between {question.numbers[0]} and {question.numbers[-1]}"
            distinct.wrong.append((position, what, f"Give it a row in {self.crosswalk.values_file}."))
            return ""
        known = self._known(column, question)
        remedy = f"Give it a row in {self.crosswalk.values_file}. " + choices(known, near=value)
        distinct.wrong.append((position, f"{value!r} has no row in values.csv for {column.question}", remedy))
        return ""

    def _known(self, column: ColumnRow, question: Question | None) -> list[str]:
        rows = [row.value for values in self._lookup(column, None).values() for row in values]
        return list(dict.fromkeys(rows))

    def _lookup(self, column: ColumnRow, language: str | None) -> Mapping[str, list[ValueRow]]:
        key = (column.question, column.item, language)
        if key not in self._lookups:
            self._lookups[key] = self.crosswalk.values_for(
                file=self.declaration.name, question=column.question, item=column.item, language=language
            )
        return self._lookups[key]

    @cached_property
    def _lookups(self) -> dict[tuple[str, str, str | None], Mapping[str, list[ValueRow]]]:
        return {}


@dataclass
class _Distinct:
    """The distinct cells of a column, how often each occurs, and which of them each response has."""

    values: list[tuple[str, str | None]]
    counts: list[int]
    places: np.ndarray
    wrong: list[tuple[int, str, str]] = field(default_factory=list)

    def report(self, coder: Coder, address: str, column: ColumnRow) -> None:
        """Add what is wrong with the values of the column, a few of many."""
        # One value may be wrong in several languages, or several cells may hold the same wrong value.
        together: dict[tuple[str, str], list[int]] = {}
        for position, what, remedy in self.wrong:
            together.setdefault((what, remedy), []).append(position)
        import numpy as np

        for (what, remedy), positions in list(together.items())[:VALUES_NAMED]:
            coder.wrong(np.isin(self.places, positions), address, what, remedy)
        more = len(together) - VALUES_NAMED
        if more > 0:
            what = f"{more} more values have no row in values.csv for {column.question}"
            remedy = "If this is free text, drop the column in columns.csv."
            coder.problems.append(Problem(what, file=coder.export.file, column=address, remedy=remedy))


def _parts(cell: str, separator: str, known: Container[str]) -> list[str]:
    """Take a cell with several values apart, also where a value has the separator in its own text.

    Of several ways to do so the one with the longest values first is taken; where there is none, the cell falls
    apart at every separator, so that the unknown part can be named.

    Examples
    --------
    >>> _parts("Time, rest, Money", ", ", {"money", "time, rest", "rest"})
    ['Time, rest', 'Money']
    """
    pieces = cell.split(separator)
    unreachable: set[int] = set()

    def split(start: int) -> list[str] | None:
        if start == len(pieces):
            return []
        if start in unreachable:
            return None
        for end in range(len(pieces), start, -1):
            value = separator.join(pieces[start:end])
            if folded(value) in known:
                rest = split(end)
                if rest is not None:
                    return [value, *rest]
        unreachable.add(start)
        return None

    found = split(0)
    return found if found is not None else [piece for piece in pieces if piece.strip()]


def _number(value: str, decimal: str) -> int | None:
    """Read a whole number, also one written 4.0 (or 4,0); None where it is none."""
    whole, _, rest = value.strip().partition(decimal)
    if rest.strip("0") or not whole.lstrip("-").isascii() or not whole.lstrip("-").isdecimal() or len(whole) > 9:
        return None
    return int(whole)


def _is_missing(option: str, question: Question | None) -> bool:
    if option in ("", NOT_ANSWERED, DONT_KNOW, REFUSED) or question is None:
        return True
    return any(entry.id == option and entry.missing for entry in question.options)


def _respondents(n: int, rows: list[int]) -> str:
    listed = ", ".join(map(str, rows)) + (" …" if n > len(rows) else "")
    return f"{n} respondent{'s' if n > 1 else ''}, row{'s' if n > 1 else ''} {listed}"
