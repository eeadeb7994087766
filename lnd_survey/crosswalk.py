"""The crosswalk of a wave: which column is which question, and which source value which option.

Two tables, one decision a row: `columns.csv` and `values.csv`. What is not in them is not guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from lnd_survey.codebook import Codebook, Question
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.folding import folded
from lnd_survey.strict_csv import Row, read_csv, whole
from lnd_survey.wave import Wave

COLUMNS = ("file", "column", "question", "item", "rank", "reason")
VALUES = ("file", "question", "item", "language", "value", "option", "expected", "reason")

GROUP, LANGUAGE, RESPONDENT, TEST = "@group", "@language", "@respondent", "@test"
"""What a column can hold besides answers."""

SELECTED, NOT_SELECTED, NONE = "@selected", "@not_selected", "@none"
"""What a cell of a pick-n question can say; the last that none of the items applies."""

NOT_ANSWERED, DONT_KNOW, REFUSED = "@not_answered", "@dont_know", "@refused"
"""Missing kinds that a source value can stand for, where the question does not offer them as options."""

REAL = "@real"
"""A response that is no test entry."""

_PSEUDO_ITEMS = (NONE, DONT_KNOW, REFUSED)


@dataclass(frozen=True)
class ColumnRow:
    """One decision on a column: what it holds, or why it is dropped."""

    line: int
    file: str
    column: str
    question: str
    item: str
    rank: int | None
    reason: str
    flawed: bool = False

    @property
    def target(self) -> tuple[str, str, int | None]:
        """What the column holds."""
        return (self.question, self.item, self.rank)


@dataclass(frozen=True)
class ValueRow:
    """One decision on a source value: which option it is, or why it is dropped."""

    line: int
    file: str
    question: str
    item: str
    language: str
    value: str
    option: str
    expected_empty: bool
    reason: str
    flawed: bool = False


@dataclass(frozen=True)
class Crosswalk:
    """Both tables of one wave.

    A row that is flawed, which is a problem already, still decides its column or value, as if it were dropped: so
    what else is wrong can be found in the same go.

    Attributes
    ----------
    columns_file, values_file
        Their paths as shown in messages.
    columns, values
        Their rows in the order of the files.
    profile
        What values of `@group`, `@language` and `@test` can stand for.
    """

    columns_file: str
    values_file: str
    columns: tuple[ColumnRow, ...]
    values: tuple[ValueRow, ...]
    profile: Mapping[str, tuple[str, ...]]

    def columns_of(self, file: str) -> dict[str, list[ColumnRow]]:
        """Give the rows that hold for a file, by folded column."""
        found: dict[str, list[ColumnRow]] = defaultdict(list)
        for row in self.columns:
            if row.file in ("", file):
                found[folded(row.column)].append(row)
        return dict(found)

    def values_for(self, *, file: str, question: str, item: str, language: str | None) -> Mapping[str, list[ValueRow]]:
        """Give the rows that hold for the cells of a column, by folded value; None: in whatever language."""
        found: dict[str, list[ValueRow]] = defaultdict(list)
        for key, row in self._values_of.get(question, ()):
            spoken = language is None or row.language in ("", language)
            if spoken and row.file in ("", file) and row.item in ("", item):
                found[key].append(row)
        return found

    @cached_property
    def _values_of(self) -> dict[str, list[tuple[str, ValueRow]]]:
        rows: dict[str, list[tuple[str, ValueRow]]] = defaultdict(list)
        for row in self.values:
            rows[row.question].append((folded(row.value), row))
        return rows


def read_crosswalk(wave: Wave, codebook: Codebook, problems: list[Problem]) -> Crosswalk | None:
    """Read `columns.csv` and `values.csv` of one wave.

    Parameters
    ----------
    wave, codebook
        What the names in the files must be found in.
    problems
        List to which what is wrong is added: unknown names, rows that say two things of one column or value, and
        a crosswalk of a wave that is only published.

    Returns
    -------
    Crosswalk or None
        None where the wave has no exports, or no `columns.csv`.
    """
    columns_path, values_path = wave.folder / "columns.csv", wave.folder / "values.csv"
    if wave.exports is None:
        for path in (columns_path, values_path):
            if path.exists():
                what = f"is a crosswalk, but {wave.year} is only published"
                remedy = "Name the export files under exports in wave.yml, or remove this file."
                problems.append(Problem(what, file=shown_path(path), remedy=remedy))
        return None
    reader = _Reader(wave, codebook, tuple(export.name for export in wave.exports.files), problems)
    columns = reader.without_repeated_columns([reader.column(row) for row in reader.rows(columns_path, COLUMNS)])
    values = reader.without_repeated_values([reader.value(row) for row in reader.rows(values_path, VALUES)])
    if not columns_path.exists():
        return None
    return Crosswalk(shown_path(columns_path), shown_path(values_path), tuple(columns), tuple(values), reader.profile)


AnyRow = TypeVar("AnyRow", ColumnRow, ValueRow)


@dataclass
class _Reader:
    """Reads rows of one table after the other; `file` is the one being read."""

    wave: Wave
    codebook: Codebook
    files: tuple[str, ...]
    problems: list[Problem]
    file: str = ""

    @property
    def profile(self) -> dict[str, tuple[str, ...]]:
        """What the values of a profile column can stand for."""
        groups = tuple(name for name in self.wave.groups if not self.codebook.groups[name].pooled)
        return {GROUP: groups, LANGUAGE: self.wave.languages, TEST: (TEST, REAL)}

    def rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[Row]:
        self.file = shown_path(path)
        if not path.exists():
            begin = "inspect FILE --columns" if columns == COLUMNS else "check --values"
            remedy = f"Its first row is {','.join(columns)}; lnd-survey {begin} writes one to begin with."
            self.problems.append(Problem("is not there, but wave.yml names exports", file=self.file, remedy=remedy))
            return
        yield from read_csv(path, self.problems, columns=columns)

    def column(self, row: Row) -> ColumnRow:
        known = len(self.problems)
        question = self.codebook.questions.get(row["question"])
        if not folded(row["column"]):
            self._wrong(row, "column", "names no column", "Write the header as lnd-survey inspect shows it.")
        if not row["question"]:
            self._check_dropped(row, "question")
        elif row["question"].startswith("@"):
            self._check_known(row, "question", (GROUP, LANGUAGE, RESPONDENT, TEST))
            self._check_empty(row, ("item", "rank"), row["question"])
        elif question is None:
            self._check_known(row, "question", self.codebook.questions)
        elif self._check_asked(row, question):
            self._check_place(row, question)
        self._check_file(row)
        return ColumnRow(
            line=row.line,
            file=row["file"],
            column=row["column"],
            question=row["question"],
            item=row["item"],
            rank=whole(row["rank"]),
            reason=row["reason"],
            flawed=len(self.problems) > known,
        )

    def value(self, row: Row) -> ValueRow:
        known = len(self.problems)
        if not folded(row["value"]):
            self._wrong(row, "value", "names no value", "An empty cell needs no row: it is not answered.")
        if row["language"]:
            self._check_known(row, "language", self.wave.languages)
        if row["expected"] not in ("", "empty"):
            self._wrong(row, "expected", f"{row['expected']!r} is not allowed", choices(["empty", "(empty)"]))
        self._check_target(row)
        self._check_file(row)
        flawed = len(self.problems) > known
        return ValueRow(
            line=row.line,
            file=row["file"],
            question=row["question"],
            item=row["item"],
            language=row["language"],
            value=row["value"],
            option="" if flawed else row["option"],
            expected_empty=row["expected"] == "empty",
            reason=row["reason"],
            flawed=flawed,
        )

    def without_repeated_columns(self, rows: Sequence[ColumnRow]) -> list[ColumnRow]:
        """Refuse two rows that say different things, or the same thing twice, of one column."""
        remedy = "Keep one row for each thing that a column holds."

        def clash(earlier: ColumnRow, row: ColumnRow) -> bool:
            # A column may hold two things, but it cannot be dropped and hold one.
            differ = earlier.question and row.question and earlier.target != row.target
            return not differ and _meet((earlier.file, row.file))

        return self._without_repeated(rows, lambda row: (folded(row.column),), clash, "column", remedy)

    def without_repeated_values(self, rows: Sequence[ValueRow]) -> list[ValueRow]:
        """Refuse two rows for one value."""
        remedy = "Keep one row for each value, or tell them apart by file, item or language."

        def clash(earlier: ValueRow, row: ValueRow) -> bool:
            pairs = ((earlier.file, row.file), (earlier.item, row.item), (earlier.language, row.language))
            return _meet(*pairs)

        return self._without_repeated(rows, lambda row: (row.question, folded(row.value)), clash, "value", remedy)

    def _without_repeated(
        self,
        rows: Sequence[AnyRow],
        key: Callable[[AnyRow], tuple[str, ...]],
        clash: Callable[[AnyRow, AnyRow], bool],
        column: str,
        remedy: str,
    ) -> list[AnyRow]:
        kept: dict[tuple[str, ...], list[AnyRow]] = defaultdict(list)
        for row in rows:
            same = kept[key(row)]
            earlier = next((other for other in same if clash(other, row)), None)
            if earlier is None:
                same.append(row)
            elif not row.flawed:
                what = f"{getattr(row, column)!r} stands already in row {earlier.line}"
                self.problems.append(Problem(what, file=self.file, row=row.line, column=column, remedy=remedy))
                same[same.index(earlier)] = replace(earlier, flawed=True)  # who knows which of them is right
        return sorted((row for same in kept.values() for row in same), key=lambda row: row.line)

    def _check_target(self, row: Row) -> None:
        """Check question, item and option: what a value stands for, or why it is dropped."""
        question = self.codebook.questions.get(row["question"])
        known: Iterable[str] = ()
        if row["question"] in (GROUP, LANGUAGE, TEST):
            self._check_empty(row, ("item",), row["question"])
            known = self.profile[row["question"]]
        elif question is None:
            self._check_known(row, "question", (*self.codebook.questions, GROUP, LANGUAGE, TEST))
        elif self._check_asked(row, question):
            if row["item"]:
                self._check_known(row, "item", (*question.item_ids, *_PSEUDO_ITEMS))
            known = targets(question)
        if not row["option"] and row["question"] in (LANGUAGE, TEST):
            self._wrong(row, "option", f"a value of {row['question']} cannot be dropped", choices(known))
        elif not row["option"]:
            self._check_dropped(row, "option")
        elif known:
            self._check_known(row, "option", known)

    def _check_place(self, row: Row, question: Question) -> None:
        """Check item and rank: whether the kind of question has them, and whether they are known."""
        needs = {"scale": ("item",), "grid": ("item",)}.get(question.kind, ())
        allowed = {"multi": ("item",), "ranking": ("item", "rank")}.get(question.kind, needs)
        self._check_empty(row, tuple({"item", "rank"} - set(allowed)), f"a question of kind {question.kind}")
        if row["item"] and "item" in allowed:
            pseudo = _PSEUDO_ITEMS if question.kind == "multi" else ()
            self._check_known(row, "item", (*question.item_ids, *pseudo))
        elif needs:
            what = f"a column of {question.id} needs an item"
            self._wrong(row, "item", what, choices(question.item_ids))
        if row["rank"] and "rank" in allowed:
            ranks = range(1, len(question.items) + 1)
            self._check_known(row, "rank", [str(rank) for rank in ranks])
        if question.kind == "ranking" and bool(row["rank"]) == bool(row["item"]):
            what = f"a column of {question.id} holds either the rank of an item or the item at a rank"
            self._wrong(row, "rank", what, "Give item or rank, not both.")

    def _check_asked(self, row: Row, question: Question) -> bool:
        if question.kind == "count" or question.ranked_by:
            self._wrong(row, "question", f"{question.id} is computed, not asked", "Leave it out.")
            return False
        asked = bool(self.wave.groups_asked(question.id))
        if not asked:
            what = f"{question.id} was asked of nobody in {self.wave.year}"
            self._wrong(row, "question", what, "Give it a row for each group in instrument.csv, or drop the column.")
        return asked

    def _check_dropped(self, row: Row, column: str) -> None:
        if not row["reason"]:
            self._wrong(row, "reason", "dropped without a reason", f"Fill in {column}, or say why it is dropped.")

    def _check_file(self, row: Row) -> None:
        if row["file"]:
            self._check_known(row, "file", self.files)

    def _check_empty(self, row: Row, columns: Iterable[str], owner: str) -> None:
        for column in sorted(columns):
            if row[column]:
                self._wrong(row, column, f"{owner} has no {column}", "Leave it empty.")

    def _check_known(self, row: Row, column: str, known: Iterable[str]) -> None:
        known = list(known)
        if row[column] not in known:
            self._wrong(row, column, f"{row[column]!r} is not known", choices(known, near=row[column]))

    def _wrong(self, row: Row, column: str, what: str, remedy: str = "") -> None:
        self.problems.append(Problem(what, file=self.file, row=row.line, column=column, remedy=remedy))


def _meet(*pairs: tuple[str, str]) -> bool:
    """Whether two rows hold for the same cells; an empty cell holds for all."""
    return all("" in pair or pair[0] == pair[1] for pair in pairs)


def targets(question: Question) -> tuple[str, ...]:
    """What the source values of a question can stand for, in whatever column."""
    # A missing kind that the question offers as an option is that option.
    offered = {f"@{entry.missing}" for entry in question.options if entry.missing}
    missing = [kind for kind in (NOT_ANSWERED, DONT_KNOW, REFUSED) if kind not in offered]
    if question.options:
        return (*question.option_ids, *missing)
    if question.kind == "multi":
        return (*question.item_ids, SELECTED, NOT_SELECTED, NONE, *missing)
    numbers = tuple(str(number) for number in question.numbers)
    return (*question.item_ids, *numbers, *missing) if question.kind == "ranking" else (*numbers, *missing)


def targets_in(column: ColumnRow, question: Question) -> tuple[str, ...]:
    """What the source values of one column of a question can stand for."""
    known = targets(question)
    if question.kind == "multi":
        other = question.item_ids if column.item else (SELECTED, NOT_SELECTED)
    elif question.kind == "ranking":
        other = tuple(str(rank) for rank in question.numbers) if column.rank else question.item_ids
    else:
        other = ()
    return tuple(name for name in known if name not in other)
