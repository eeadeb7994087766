"""Numbers printed in reports: `published.csv` → rows of the estimates grammar."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lnd_survey.codebook import Codebook, Question, children
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.estimates import FLAGS, UNIT, flags
from lnd_survey.strict_csv import Row, decimal, read_csv
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
_PLACE = re.compile(r"(figure \d+( side chart)?|text (introduction|conclusion|insight \d+))")
_AXES = {
    "single": (False, True),
    "multi": (True, False),
    "ranking": (True, False),
    "scale": (True, False),
    "grid": (True, True),
    "count": (False, False),
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
            self._check_axis(row, question, "item", question.item_ids, used=_AXES[question.kind][0])
            self._check_axis(row, question, "option", question.option_ids, used=_AXES[question.kind][1])
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
            allowed = "Write 'figure 7', 'figure 19 side chart', 'text introduction', 'text insight 4'."
            self._wrong(row, "place", f"{row['place']!r} is not a place", allowed)
        for flag in row["status"]:
            if flag not in FLAGS:
                self._wrong(row, "status", f"{flag!r} is not a flag", choices(FLAGS))
        for note in row["note"].split():
            if note not in self.wave.notes:
                self._wrong(row, "note", f"{note!r} is not a note of wave.yml", choices(self.wave.notes, near=note))
        if row["split"] and not re.fullmatch(r"[a-z_]+=[a-z0-9_]+", row["split"]):
            self._wrong(row, "split", f"{row['split']!r} is not a split", "Write it as language=nl.")
        value, decimals, n = self._number(row), self._whole(row, "decimals"), self._whole(row, "n")
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
        if row[column] and not row[column].isdecimal():
            self._wrong(
                row,
                column,
                f"{row[column]!r} is not a whole number",
                "Leave it empty where it is not printed.",
            )
        return int(row[column]) if row[column].isdecimal() else None

    def _number(self, row: Row) -> float | None:
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
        if row["decimals"].isdecimal() and printed > int(row["decimals"]):
            self._wrong(row, "decimals", f"{row['value']} has {printed} decimals, not {row['decimals']}")
        low = -100 if row["statistic"] == "difference" else 0
        if row["unit"] == "%" and not low <= value <= 100:
            self._wrong(row, "value", f"{row['value']} % is not between {low} and 100", "Shares are printed per cent.")
        elif row["unit"] in ("rank", "count") and (value < 0 or value != int(value)):
            self._wrong(row, "value", f"{row['value']} is not a {row['unit']}")
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
            ways = children(options)
            roots = [entry.id for entry in options if entry.parent is None and entry.missing is None]
            if not all(_covered(root, table, ways) for root in roots):
                continue
            leaves = [cell for option, cell in table.items() if not any(_below(option, table, ways))]
            total = sum(cell.value for cell in leaves)
            slack = sum(0.5 * 10.0 ** -(cell.decimals or 0) for cell in leaves)
            if abs(total - _SUMS_TO) > slack and not any(cell.notes for cell in table.values()):
                what = f"the shares of {name} sum to {total:g}, more than rounding explains"
                self._wrong(leaves[0].line, "value", what, "Check them; if it is printed so, say it in a note.")


def _covered(option: str, table: Mapping[str, Cell], ways: Mapping[str, list[tuple[str, ...]]]) -> bool:
    return option in table or any(all(_covered(part, table, ways) for part in way) for way in ways.get(option, []))


def _below(option: str, table: Mapping[str, Cell], ways: Mapping[str, list[tuple[str, ...]]]) -> Iterable[bool]:
    for way in ways.get(option, []):
        yield all(_covered(part, table, ways) for part in way)
