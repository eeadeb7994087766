"""Numbers printed in reports: `published.csv` → rows of the estimates grammar."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from lnd_survey.codebook import Codebook, Question
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.estimates import FLAGS, UNIT, flags
from lnd_survey.strict_csv import Row, decimal, read_csv, whole
from lnd_survey.trees import covered, finest, ways_of
from lnd_survey.wave import Asked, Wave

COLUMNS = (
    "question",
    "item",
    "option",
    "group",
    "statistic",
    "value",
    "unit",
    "decimals",
    "n",
    "document",
    "place",
    "status",
    "note",
)
_PLACE = re.compile(r"((figure|table) \d+( side chart)?|text (introduction|conclusion|(insight|chapter|page) \d+))")


class _Shape(NamedTuple):
    """What the cells of a kind of question have: items, options, and which statistics."""

    item: bool
    option: bool
    statistics: tuple[str, ...]


_SHAPES = {
    "single": _Shape(False, True, ("share", "difference")),
    "multi": _Shape(True, False, ("share", "mean_share", "difference", "rank")),
    "ranking": _Shape(True, False, ("mean_rank", "rank", "rank_first", "share_first")),
    "scale": _Shape(True, False, ("mean",)),
    "grid": _Shape(True, True, ("share", "mean_share", "difference")),
    "count": _Shape(False, False, ("count", "amount")),
}
_SUMS_TO = 100.0


@dataclass(frozen=True)
class Cell:
    """One number as printed, with its place and its notes."""

    year: int
    question: str
    item: str
    option: str
    group: str
    statistic: str
    split: str
    value: float
    unit: str
    decimals: int | None
    n: int | None
    document: str
    place: str
    status: str
    notes: tuple[str, ...]
    line: int

    @property
    def key(self) -> tuple[Any, ...]:
        """Which number it is, wherever it is printed."""
        return (self.year, self.group, self.question, self.item, self.option, self.statistic, self.split)


def read_published(path: Path, *, wave: Wave, codebook: Codebook, problems: list[Problem]) -> list[Cell]:
    """Read the printed numbers of one wave, every one checked.

    The same number may be printed at several places; one that stands twice at one place, or a second print
    that differs without a note, is a problem. So are shares of one question that cannot add up to 100 %
    even with rounding, unless a note says so.

    Parameters
    ----------
    path
        The wave's `published.csv`.
    wave, codebook
        What the names in the file must be found in.
    problems
        List to which what is wrong is added.

    Returns
    -------
    list of Cell
        In the order of the file.
    """
    reader = _Reader(shown_path(path), wave, codebook, problems)
    table = read_csv(path, problems, columns=COLUMNS, optional=["split"])
    cells = [cell for cell in map(reader.cell, table) if cell is not None]
    reader.check_repeats(cells)
    reader.check_sums(cells)
    return cells


def estimates_rows(cells: Iterable[Cell], *, wave: Wave, codebook: Codebook) -> list[dict[str, Any]]:
    """Bring printed numbers into the grammar: the first print of each, shares as 0–1.

    Returns
    -------
    list of dict
        Rows for `lnd_survey.estimates.frame`, with an additional key `split`.
    """
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    for cell in cells:
        asked = wave.instrument.get((cell.question, cell.group), Asked())
        row = {
            "year": cell.year,
            "group": cell.group,
            "question": cell.question,
            "item": cell.item,
            "option": cell.option,
            "statistic": cell.statistic,
            "split": cell.split,
            "estimate": cell.value / 100 if cell.unit == "%" else cell.value,
            "n": cell.n,
            "decimals": cell.decimals,
            "base": asked.base or codebook.questions[cell.question].base,
            "status": flags(cell.status, asked.flag, "r"),
            "evidence": "published",
            "source": f"{cell.document}: {cell.place}",
        }
        first.setdefault(cell.key, row)
    return list(first.values())


@dataclass(frozen=True)
class _Reader:
    file: str
    wave: Wave
    codebook: Codebook
    problems: list[Problem]

    def cell(self, row: Row) -> Cell | None:
        known = len(self.problems)
        question = self.codebook.questions.get(row["question"])
        if question is None:
            self._unknown(row, "question", self.codebook.questions)
        else:
            shape = _SHAPES[question.kind]
            self._check_axis(row, question, "item", question.item_ids, used=shape.item)
            self._check_axis(row, question, "option", question.option_ids, used=shape.option)
            if row["statistic"] in UNIT and row["statistic"] not in shape.statistics:
                what = f"{row['statistic']!r} is not a statistic of a question of kind {question.kind}"
                self._wrong(row, "statistic", what, choices(shape.statistics, near=row["statistic"]))
        if row["group"] not in self.wave.groups:
            self._unknown(row, "group", self.wave.groups, f"groups in wave.yml of {self.wave.year}")
        if row["document"] not in self.codebook.documents:
            self._unknown(row, "document", self.codebook.documents)
        if row["statistic"] not in UNIT:
            self._unknown(row, "statistic", UNIT)
        elif row["unit"] != UNIT[row["statistic"]]:
            self._wrong(
                row,
                "unit",
                f"{row['unit']!r} does not go with {row['statistic']}",
                choices([UNIT[row["statistic"]]]),
            )
        if not _PLACE.fullmatch(row["place"]):
            allowed = "Write 'figure 7', 'figure 19 side chart', 'table 2', 'text introduction', 'text insight 4'."
            self._wrong(row, "place", f"{row['place']!r} is not a place", allowed)
        for flag in row["status"]:
            if flag not in FLAGS:
                self._wrong(row, "status", f"{flag!r} is not a flag", choices(FLAGS))
        for note in row["note"].split():
            if note not in self.wave.notes:
                self._wrong(row, "note", f"{note!r} is not a note of wave.yml", choices(self.wave.notes, near=note))
        if row["split"] and not re.fullmatch(r"[a-z_]+=[a-z0-9_]+", row["split"]):
            self._wrong(row, "split", f"{row['split']!r} is not a split", "Write it as language=nl.")
        value, decimals, n = self._number(row, question), self._whole(row, "decimals"), self._whole(row, "n")
        asked = self.wave.groups.get(row["group"])
        if n is not None and asked is not None and n > asked:
            self._wrong(row, "n", f"{n} is more than the {asked} of the group", "See groups in wave.yml.")
        if len(self.problems) > known or value is None:
            return None
        return Cell(
            year=self.wave.year,
            question=row["question"],
            item=row["item"],
            option=row["option"],
            group=row["group"],
            statistic=row["statistic"],
            split=row["split"],
            value=value,
            unit=row["unit"],
            decimals=decimals,
            n=n,
            document=row["document"],
            place=row["place"],
            status=row["status"],
            notes=tuple(row["note"].split()),
            line=row.line,
        )

    def _wrong(self, row: Row | int, column: str, what: str, remedy: str = "") -> None:
        line = row if isinstance(row, int) else row.line
        self.problems.append(Problem(what, file=self.file, row=line, column=column, remedy=remedy))

    def _unknown(self, row: Row, column: str, names: Iterable[str], kind: str = "") -> None:
        what = f"{row[column]!r} is not one of the {kind}" if kind else f"there is no {column} {row[column]!r}"
        self._wrong(row, column, what, choices(names, near=row[column]))

    def _check_axis(self, row: Row, question: Question, column: str, ids: Sequence[str], *, used: bool) -> None:
        value = row[column]
        whole_battery = value == "" and row["statistic"] == "mean_share"
        if not used and value:
            self._wrong(row, column, f"{question.id} (kind {question.kind}) has no {column}s", "Leave it empty.")
        elif used and value not in ids and not whole_battery:
            self._wrong(
                row,
                column,
                f"{value!r} is not one of the {column}s of {question.id}",
                choices(ids, near=value),
            )

    def _whole(self, row: Row, column: str) -> int | None:
        number = whole(row[column])
        if row[column] and number is None:
            what = f"{row[column]!r} is not a whole number"
            self._wrong(row, column, what, "Leave it empty where it is not printed.")
        return number

    def _number(self, row: Row, question: Question | None) -> float | None:
        value = decimal(row["value"])
        if value is None:
            self._wrong(
                row,
                "value",
                f"{row['value']!r} is not clearly a number",
                "Write it as 2.17, or 2,17, without thousands marks.",
            )
            return None
        printed = len(row["value"].replace(",", ".").partition(".")[2])
        decimals = whole(row["decimals"])
        if decimals is not None and printed > decimals:
            self._wrong(row, "decimals", f"{row['value']} has {printed} decimals, not {row['decimals']}")
        low, high = _range(row["statistic"], row["unit"], question)
        if not low <= value <= high:
            unit = " %" if row["unit"] == "%" else ""
            what = f"{row['value']}{unit} is not between {low:g} and {high:g}"
            self._wrong(row, "value", what, "Shares are printed per cent." if unit else "")
        elif row["unit"] in ("rank", "count") and value != int(value):
            self._wrong(row, "value", f"{row['value']} is not a whole {row['unit']}")
        return value

    def check_repeats(self, cells: list[Cell]) -> None:
        """Refuse a number that stands twice at one place, or differs elsewhere without a note."""
        first: dict[tuple[Any, ...], Cell] = {}
        places: dict[tuple[Any, ...], Cell] = {}
        for cell in cells:
            at = (*cell.key, cell.document, cell.place)
            original = first.setdefault(cell.key, cell)
            if at in places:
                self._wrong(cell.line, "item", f"the same cell stands already in row {places[at].line}", "Keep one.")
            elif cell.value != original.value and not cell.notes:
                what = f"{cell.value:g} differs from the print in row {original.line} ({original.value:g})"
                self._wrong(cell.line, "note", what, "Say so in a note of wave.yml and name it here.")
            places.setdefault(at, cell)

    def check_sums(self, cells: list[Cell]) -> None:
        """Refuse complete distributions whose shares cannot add up to 100 %, unless a note says so."""
        tables: dict[tuple[Any, ...], dict[str, Cell]] = defaultdict(dict)
        for cell in cells:
            question = self.codebook.questions[cell.question]
            if cell.statistic == "share" and question.kind in ("single", "grid"):
                tables[cell.group, cell.question, cell.item, cell.split, cell.document, cell.place][cell.option] = cell
        for (_, name, *_), table in tables.items():
            options = self.codebook.questions[name].options
            ways = ways_of(options)
            roots = [entry.id for entry in options if entry.parent is None]
            substantive = [entry.id for entry in options if entry.parent is None and entry.missing is None]
            if not all(covered(root, table, ways) for root in substantive):
                continue
            leaves = [table[option] for option in finest(roots, [table], ways) if option in table]
            total = sum(cell.value for cell in leaves)
            slack = sum(0.5 * 10.0 ** -(cell.decimals or 0) for cell in leaves)
            if abs(total - _SUMS_TO) > slack and not any(cell.notes for cell in table.values()):
                what = f"the shares of {name} sum to {total:g}, more than rounding explains"
                self._wrong(leaves[0].line, "value", what, "Check them; if it is printed so, say it in a note.")


def _range(statistic: str, unit: str, question: Question | None) -> tuple[float, float]:
    """Give the smallest and the largest number that a statistic can be."""
    if unit == "%":
        return (-100, 100) if statistic == "difference" else (0, 100)
    if question is not None and question.scale is not None:
        return question.scale.low, question.scale.high
    if question is not None and question.kind == "ranking":
        return 1, len(question.items)
    return 0, math.inf
