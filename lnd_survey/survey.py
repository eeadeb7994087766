"""The handle that researchers hold: opens the data folder and answers with estimates frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.codebook import Codebook, read_codebook
from lnd_survey.errors import DataError, Problem, shown_path, unknown
from lnd_survey.estimates import frame
from lnd_survey.published import Cell, estimates_rows, read_published
from lnd_survey.series import LEVELS, Level, at_level, strongest, without_dont_know
from lnd_survey.wave import Wave, read_waves
from lnd_survey.words import KnownCells, Words

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Survey:
    """All years of the survey; made by `open_survey`.

    Attributes
    ----------
    folder
        The data folder.
    codebook, waves
        What is asked, and what is particular to each year.
    cells
        All printed numbers, as printed.
    """

    folder: Path
    codebook: Codebook
    waves: Mapping[int, Wave]
    cells: tuple[Cell, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years there are, oldest first."""
        return tuple(self.waves)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are."""
        return tuple(self.codebook.languages)

    def wave(self, year: int) -> Wave:
        """Return a year's wave, or say which years there are."""
        if year not in self.waves:
            raise unknown("year", year, self.years)
        return self.waves[year]

    def words(self, lang: str) -> Words:
        """Give the words of one language.

        Raises
        ------
        UnknownNameError
            If the survey does not have the language.
        """
        return Words(self.codebook.language(lang).id, self.codebook, self.waves, self._known)

    def questions(self, *, lang: str | None = None) -> pd.DataFrame:
        """List the questions, with the years and groups that have numbers.

        Parameters
        ----------
        lang
            Language of the names; default the first language of the survey.

        Returns
        -------
        pandas.DataFrame
            Columns question, kind, name, years, groups.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> lnd.open_survey().questions().columns.tolist()
        ['question', 'kind', 'name', 'years', 'groups']
        """
        import pandas as pd

        words = self.words(lang or self.languages[0])
        known: dict[str, tuple[set[int], set[str]]] = defaultdict(lambda: (set(), set()))
        for row in self._rows:
            known[row["question"]][0].add(row["year"])
            known[row["question"]][1].add(row["group"])
        return pd.DataFrame(
            [
                {
                    "question": question.id,
                    "kind": question.kind,
                    "name": words.name(question.id),
                    "years": ", ".join(map(str, sorted(known[question.id][0]))),
                    "groups": ", ".join(group for group in words.groups() if group in known[question.id][1]),
                }
                for question in self.codebook.questions.values()
            ]
        )

    def figures(self, *, lang: str | None = None) -> pd.DataFrame:
        """List the figures of the report.

        Returns
        -------
        pandas.DataFrame
            Columns number, figure, chapter, title, questions.
        """
        import pandas as pd

        lang = self.codebook.language(lang or self.languages[0]).id
        return pd.DataFrame(
            [
                {
                    "number": figure.number,
                    "figure": figure.id,
                    "chapter": figure.chapter,
                    "title": figure.title[lang],
                    "questions": ", ".join(figure.questions),
                }
                for figure in self.codebook.figures.values()
            ]
        )

    def published(self, year: int | None = None) -> pd.DataFrame:
        """Give the printed numbers exactly as printed, repeated prints and notes included.

        Parameters
        ----------
        year
            One year; default all.
        """
        import pandas as pd

        wanted = self._years("all" if year is None else year)
        printed = [vars(cell) | {"notes": " ".join(cell.notes)} for cell in self.cells if cell.year in wanted]
        return pd.DataFrame(printed, columns=[field.name for field in fields(Cell)])

    def estimates(
        self,
        question: str | Iterable[str],
        *,
        years: int | Iterable[int] | str | None = None,
        groups: str | Iterable[str] | None = None,
        evidence: str = "best",
        options: Level = "common",
        rebase: str | None = None,
        split: str | None = None,
    ) -> pd.DataFrame:
        """Give the numbers of one or several questions.

        Parameters
        ----------
        question
            One id, or several.
        years
            A year, several, or "all"; default the latest.
        groups
            A group, or several; default all that have numbers.
        evidence
            `best` (survey before published before synthetic), or one kind alone.
        options
            `common`: the finest options that the years and groups asked for have in common; `offered`: as
            each year offered them; `nets`: the widest; `all`: all that are known or can be derived.
        rebase
            `dont_know`: shares of those who gave a substantive answer.
        split
            Name of a profile by which a group is split, e.g. a language; default the whole groups.

        Returns
        -------
        pandas.DataFrame
            Columns as in `lnd_survey.estimates.COLUMNS`; shares are 0–1. Without rows where there is no number.

        Raises
        ------
        UnknownNameError
            For a question, year, group or evidence that the survey does not have.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> survey = lnd.open_survey()
        >>> skills = survey.estimates("tech_skills", years=[2021, 2022], groups="business")
        >>> skills.query("option == 'yes'")[["year", "estimate"]].values.tolist()
        [[2021.0, 0.8], [2022.0, 0.66]]
        """
        if options not in LEVELS:
            raise unknown("level of options", options, LEVELS)
        if rebase not in (None, "dont_know"):
            raise unknown("rebasing", rebase, ["dont_know"])
        names = [question] if isinstance(question, str) else list(question)
        wanted_years = self._years(years)
        wanted_groups = None if groups is None else {groups} if isinstance(groups, str) else set(groups)
        for group in sorted(wanted_groups or ()):
            self.codebook.group(group)
        found: list[dict[str, Any]] = []
        for name in names:
            entry = self.codebook.question(name)
            candidates = [
                row
                for row in self._rows_of.get(name, ())
                if row["year"] in wanted_years
                and (wanted_groups is None or row["group"] in wanted_groups)
                and row["split"].partition("=")[0] == (split or "")
            ]
            rows = strongest(candidates, evidence=evidence)
            if rebase:
                rows = without_dont_know(rows, question=entry)
            rows = at_level(rows, question=entry, level=options)
            found += sorted(rows, key=self._position)
        if split:
            self._check_split(split)
            found = [row | {split: row["split"].partition("=")[2]} for row in found]
        return frame(found, splits=[split] if split else [])

    def _check_split(self, split: str) -> None:
        splits = sorted({cell.split.partition("=")[0] for cell in self.cells if cell.split})
        if split not in splits:
            raise unknown("split", split, splits)

    def _years(self, years: int | Iterable[int] | str | None) -> set[int]:
        if years is None:
            return {self.years[-1]}
        if isinstance(years, str):
            if years == "all":
                return set(self.years)
            raise unknown("choice of years", years, ["all", "a year as a number", "several of them"])
        wanted = list(years) if isinstance(years, Iterable) else [years]
        return {self.wave(year).year for year in wanted}

    def _position(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        question = row["question"]
        return (
            row["year"],
            self._order["", "group"].get(row["group"], 0),
            self._order[question, "item"].get(row["item"], -1),
            self._order[question, "option"].get(row["option"], -1),
            row["statistic"],
            row["split"],
        )

    @cached_property
    def _order(self) -> dict[tuple[str, str], dict[str, int]]:
        order = {("", "group"): {group: index for index, group in enumerate(self.codebook.groups)}}
        for question in self.codebook.questions.values():
            order[question.id, "item"] = {item: index for index, item in enumerate(question.item_ids)}
            order[question.id, "option"] = {option: index for index, option in enumerate(question.option_ids)}
        return order

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        of_wave: dict[int, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            of_wave[cell.year].append(cell)
        return [
            row
            for year, cells in of_wave.items()
            for row in estimates_rows(cells, wave=self.waves[year], codebook=self.codebook)
        ]

    @cached_property
    def _rows_of(self) -> dict[str, list[dict[str, Any]]]:
        rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._rows:
            rows[row["question"]].append(row)
        return rows

    @cached_property
    def _known(self) -> KnownCells:
        known: dict[Any, dict[Any, tuple[str, ...]]] = defaultdict(dict)
        for cell in self.cells:
            of_question = known[cell.year, cell.group, cell.question]
            key = (cell.item, cell.option, cell.statistic, cell.split)
            of_question[key] = (*of_question.get(key, ()), *cell.notes)
        return known


def open_survey(path: str | Path | None = None) -> Survey:
    """Open the survey's data folder, with everything in it checked.

    Parameters
    ----------
    path
        The data folder, or a folder with `data` in it; default: the nearest one upward from here.

    Returns
    -------
    Survey

    Raises
    ------
    DataError
        If there is no data folder, or with all problems of all its files.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> lnd.open_survey().years[-2:]
    (2021, 2022)
    """
    folder = _data_folder(path)
    codebook = read_codebook(folder / "codebook")
    problems: list[Problem] = []
    waves = read_waves(folder / "raw", codebook, problems)
    cells: list[Cell] = []
    for wave in waves.values():
        printed = wave.folder / "published.csv"
        if printed.exists():
            cells += read_published(printed, wave=wave, codebook=codebook, problems=problems)
    if problems:
        raise DataError(problems)
    if not waves:
        raise DataError(Problem("has no year folders", file=shown_path(folder / "raw")))
    return Survey(folder, codebook, waves, tuple(cells))


def _data_folder(path: str | Path | None) -> Path:
    start = Path(path) if path else Path.cwd()
    looked = [start, start / "data"] if path else [parent / "data" for parent in (start, *start.parents)]
    for folder in looked:
        if (folder / "codebook").is_dir():
            return folder.resolve()
    remedy = "Give the folder that contains codebook/ and raw/, or run from inside the project."
    where = shown_path(start)
    raise DataError(Problem("There is no data folder" + (f" at {where}" if path else " here or above"), remedy=remedy))
