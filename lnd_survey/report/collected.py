"""A report as its writers take it: the figures that chapters wrote, put in order, with the words around them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.commentary import read_commentary
from lnd_survey.spreadsheet_text import as_meant

if TYPE_CHECKING:
    from lnd_survey.report.plan import Plan
    from lnd_survey.words import Words

# Columns of a figure's csv file that a table for readers need not repeat: the number behind the value, and its source.
UNSHOWN = ("column_number", "column_source")
BOUNDS = ("column_low", "column_high")

METHODS = ("evidence", "base", "rounding", "years", "made")
"""What every report says of how it was made, by the names of the words."""


@dataclass(frozen=True)
class Table:
    """The numbers of a figure as a reader sees them.

    Attributes
    ----------
    labels
        How many columns at the left say what a row is about; the next one is the value.
    head, rows
        The names of the columns, and all cells.
    """

    labels: int
    head: list[str]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """Give the cells of a column, empty ones where there is no such column."""
        at = self.head.index(name) if name in self.head else None
        return ["" if at is None else row[at] for row in self.rows]


@dataclass(frozen=True)
class Figure:
    """A figure of the report.

    Attributes
    ----------
    anchor
        Name of its files and of its place on the page.
    told
        What its json file says: title, base, notes, alternative text …
    rows
        Its numbers: rows of the estimates grammar, in drawing order; what is not known is None.
    table
        The same for readers, or a table of words that has no numbers behind it; None where there is nothing to show.
    files
        Its files, by kind: `svg`, `narrow.svg`, `png`, `csv`; only those there are.
    """

    anchor: str
    told: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    table: Table | None
    files: Mapping[str, Path]


@dataclass(frozen=True)
class Chapter:
    """A chapter with its figures, and its commentary in Markdown, empty where there is none."""

    number: int
    title: str
    intro: str
    figures: Sequence[Figure]
    commentary: str = ""


@dataclass(frozen=True)
class Report:
    """Everything that is written in one language.

    Attributes
    ----------
    plan, lang, words
        What was made, and the language it is told in.
    chapters
        Those that ran.
    failed
        Numbers of those that did not.
    """

    plan: Plan
    lang: str
    words: Words
    chapters: Sequence[Chapter]
    failed: Sequence[int]

    @property
    def figures(self) -> list[Figure]:
        """All figures, in the order of the report."""
        return [figure for chapter in self.chapters for figure in chapter.figures]

    @property
    def warnings(self) -> list[str]:
        """What a reader must know before all else: chapters that failed or are left out, and sample data."""
        say = self.words.say
        failed = [say("page_failed", chapters=", ".join(map(str, self.failed)))] if self.failed else []
        partial = [] if self.plan.complete else [say("page_partial")]
        return failed + partial + ([say("page_synthetic")] if self.synthetic else [])

    @property
    def synthetic(self) -> bool:
        """Whether any number is sample data."""
        return any(figure.told.get("synthetic") for figure in self.figures)


def collect(folder: Path, *, plan: Plan, lang: str, failed: Sequence[int] = ()) -> Report:
    """Read what the chapters of a report wrote.

    Parameters
    ----------
    folder
        The folder of a report, with `figures` in it.
    plan
        What was made.
    lang
        The language.
    failed
        Chapters that failed, whose figures are left out.

    Raises
    ------
    ValueError
        If a file of a figure is cut off.
    """
    words = plan.survey.words(lang)
    figures = sorted(
        (_figure(path, words) for path in sorted((folder / "figures").glob("*.json"))),
        key=lambda figure: figure.told["order"],
    )
    commentary = read_commentary(plan.survey, year=plan.year, languages=[lang], evidence=plan.evidence)
    chapters = [
        Chapter(
            number,
            plan.survey.codebook.chapter(number).title[lang],
            plan.survey.codebook.chapter(number).intro[lang],
            [figure for figure in figures if figure.told["chapter"] == number],
            commentary.get((lang, number), ""),
        )
        for number in plan.chapters
        if number not in failed
    ]
    return Report(plan, lang, words, chapters, failed)


def _figure(path: Path, words: Words) -> Figure:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        # A chapter that died while it wrote leaves half a file.
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    files = {kind: path.with_suffix(f".{kind}") for kind in ("svg", "narrow.svg", "png", "csv")}
    rows = told.pop("rows")
    return Figure(
        anchor=path.stem,
        told=told,
        rows=rows,
        table=_table(files["csv"], words, numbers=rows) if files["csv"].exists() else None,
        files={kind: file for kind, file in files.items() if file.exists()},
    )


def _table(path: Path, words: Words, *, numbers: Sequence[Mapping[str, Any]]) -> Table:
    """Read the table of a figure; without numbers behind it, it is a table of words."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = ([as_meant(cell) for cell in row] for row in csv.reader(file))
    if not numbers:
        return Table(labels=1, head=head, rows=rows)
    bounds = {head.index(words.say(name)) for name in BOUNDS if words.say(name) in head}
    unshown = {words.say(name) for name in UNSHOWN}
    shown = [at for at, name in enumerate(head) if name not in unshown]
    cells = [
        [_bound(row[at], number["statistic"], words) if at in bounds else row[at] for at in shown]
        for row, number in zip(rows, numbers, strict=True)
    ]
    return Table(labels=head.index(words.say("column_value")), head=[head[at] for at in shown], rows=cells)


def _bound(bound: str, statistic: str, words: Words) -> str:
    """Write the end of an interval as the value itself is written."""
    if not bound:
        return ""
    write = words.difference if statistic == "difference" else words.value
    return write(statistic, float(bound))
