"""What a chapter's notebook holds: its parameters, its numbers, and where its figures go."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.errors import Problem, SurveyError, choices, unknown
from lnd_survey.estimates import rows
from lnd_survey.series import Level, precedence
from lnd_survey.spreadsheet_text import harmless
from lnd_survey.survey import Survey, open_survey
from lnd_survey.told import counted, sections, sentences, verdicts
from lnd_survey.words import Words

if TYPE_CHECKING:
    import pandas as pd
    from IPython.display import Markdown

    from lnd_survey.charts import Chart

YEARS = ("this", "until", "last")


@dataclass(frozen=True)
class Chapter:
    """A chapter of the report for one year and language; made by `open_chapter`.

    Attributes
    ----------
    survey
        The open survey.
    number, year, lang, evidence
        Which chapter, of which year, in which language, from which evidence.
    out_dir
        Folder for figure files; None: figures are only shown.
    """

    survey: Survey
    number: int
    year: int
    lang: str
    evidence: str
    out_dir: Path | None

    @cached_property
    def words(self) -> Words:
        """The words of the chapter's language."""
        return self.survey.words(self.lang)

    @cached_property
    def numbers(self) -> pd.DataFrame:
        """All numbers of the report's year."""
        return self.estimates(self.survey.codebook.questions)

    def opening(self) -> Markdown:
        """Show the chapter's title and introduction."""
        from IPython.display import Markdown

        entry = self.survey.codebook.chapter(self.number)
        return Markdown(f"# {self.number} · {entry.title[self.lang]}\n\n{entry.intro[self.lang]}")

    def estimates(
        self,
        question: str | Iterable[str],
        *,
        years: str = "this",
        groups: str | Iterable[str] | None = None,
        options: Level = "common",
        rebase: str | None = None,
        split: str | None = None,
    ) -> pd.DataFrame:
        """Give the numbers of one or several questions, as seen from the report's year.

        Parameters
        ----------
        question, groups, options, rebase, split
            As in `Survey.estimates`.
        years
            `this`: the report's year; `until`: all years up to it; `last`: of each question the latest year
            up to it that has numbers.

        Returns
        -------
        pandas.DataFrame
            Without rows where there is no number.
        """
        import pandas as pd

        if years not in YEARS:
            raise unknown("choice of years", years, YEARS)
        past = [year for year in self.survey.years if year <= self.year]

        def of(asked: str | Iterable[str], years: list[int]) -> pd.DataFrame:
            return self.survey.estimates(
                asked,
                years=years,
                groups=groups,
                evidence=self.evidence,
                options=options,
                rebase=rebase,
                split=split,
            )

        if years == "this":
            return of(question, [self.year])
        frame = of(question, past)
        if years == "until" or frame.empty:
            return frame
        # Asked again for one year each, which may have finer options than all years have in common.
        latest = frame.groupby("question", sort=False)["year"].max()
        return pd.concat([of(str(name), [year]) for name, year in latest.items()], ignore_index=True)

    def compare(
        self, question: str | tuple[str, str], *, groups: str | tuple[str, str] | None = None, **choices: Any
    ) -> pd.DataFrame:
        """Compare two groups, two parts of one, or two questions of the same respondents, in the report's year.

        Parameters
        ----------
        question, groups, **choices
            As in `Survey.compare`.

        Returns
        -------
        pandas.DataFrame
            Without rows where the year does not have two numbers to compare.
        """
        from lnd_survey import compare

        names = [question] if isinstance(question, str) else list(question)
        known = self.survey.codebook.groups
        there = [
            {group for group in self.estimates(name, groups=groups)["group"] if not known[group].pooled}
            for name in names
        ]
        both = set.intersection(*there)
        if len(both) < (2 if len(names) == 1 and not choices.get("split") else 1):
            return compare.frame([])
        return self.survey.compare(question, year=self.year, evidence=self.evidence, groups=groups, **choices)

    def gaps(
        self, questions: Iterable[str] = (), *, groups: str | tuple[str, str] | None = None, **choices: Any
    ) -> pd.DataFrame:
        """Compare two groups, or two parts of one, over many questions in the report's year; see `Survey.gaps`.

        Numbers of the strongest evidence alone are compared, so that sample data never stand among published ones.
        """
        found = self.survey.gaps(questions, year=self.year, evidence=self.evidence, groups=groups, **choices)
        return self._strongest(found)

    def changes(self, questions: Iterable[str] = (), **choices: Any) -> pd.DataFrame:
        """Compare the report's year with the one before over many questions; see `Survey.changes`."""
        return self._strongest(self.survey.changes(questions, year=self.year, evidence=self.evidence, **choices))

    def _strongest(self, differences: pd.DataFrame) -> pd.DataFrame:
        """Keep the rows of the strongest evidence of which any two numbers are known."""
        known = set(differences.loc[differences["difference"].notna(), "evidence"])
        kinds = [kind for kind in precedence(self.evidence) if kind in known]
        return differences[differences["evidence"].isin(kinds[:1])].reset_index(drop=True)

    def told(self, differences: pd.DataFrame, *, split: str = "") -> Markdown:
        """Say in sentences what differs clearly, a question each."""
        from IPython.display import Markdown

        found = sentences(differences, words=self.words, split=split)
        return Markdown("\n".join(f"- {told}" for told in found) or self.words.say("told_nothing"))

    def verdicts(self, differences: pd.DataFrame, *, split: str = "") -> Chart:
        """Show in a table, a row for each question, what differs clearly and how much does not."""
        from lnd_survey.charts import nothing, table

        texts = verdicts(differences, words=self.words, split=split)
        if texts.empty:
            return nothing("", words=self.words, pairs=True)
        sample = bool(differences["evidence"].str.contains("synthetic").any())
        notes = [self.words.say("note_overview")] if differences["p"].notna().any() else []
        subtitle = counted(differences, words=self.words)
        return table(texts, words=self.words, subtitle=subtitle, notes=notes, sample=sample)

    def sections(self, differences: pd.DataFrame, *, split: str = "") -> Markdown:
        """Show a section for each question, with a table of all its differences."""
        from IPython.display import Markdown

        return Markdown(sections(differences, words=self.words, split=split))

    def trend(self, question: str, **choices: Any) -> pd.DataFrame:
        """Compare the years of a question up to the report's year; see `Survey.trend`."""
        past = [year for year in self.survey.years if year <= self.year]
        return self.survey.trend(question, years=past, evidence=self.evidence, **choices)

    def figure(self, figure: str, chart: Chart) -> Chart:
        """Give a chart its place in the report, write its files if there is an `out_dir`, and return it.

        A chart without numbers becomes an honest line that says what is not there.

        Parameters
        ----------
        figure
            Id of a figure in the codebook.
        chart
            What to show.
        """
        entry = self.survey.codebook.figure(figure)
        foreign = sorted(set(chart.frame["question"]) - set(entry.questions))
        if entry.chapter != self.number:
            raise SurveyError(f"Figure {figure} belongs to chapter {entry.chapter}, not to chapter {self.number}.")
        if foreign:
            remedy = choices(entry.questions)
            raise SurveyError(Problem(f"Figure {figure} does not show {', '.join(foreign)}", remedy=remedy))
        title = entry.title[self.lang]
        if chart.kind == "nothing" and chart.parameters.get("pairs"):
            line = self.words.say("nothing_to_compare", year=self.year)
            chart = replace(chart, subtitle=line, alt=line)
        elif chart.kind == "nothing" and entry.questions:
            asked = self.words.say("between_parts").join(
                self.words.say("quoted_question", question=self.words.question(question))
                for question in entry.questions
            )
            notes = [
                note for question in entry.questions for note in self.words.notes_of_question(question, year=self.year)
            ]
            line = self.words.say("nothing_for_year", year=self.year, questions=asked)
            chart = replace(chart, subtitle=line, alt=line, notes=tuple(notes))
        chart = replace(chart, id=entry.id, number=entry.number, title=title)
        if self.out_dir is not None:
            self._write(chart, self.out_dir / "figures" / f"fig-{entry.number:02d}-{entry.id}")
        return chart

    def _write(self, chart: Chart, stem: Path) -> None:
        order = list(self.survey.codebook.figures).index(chart.id)
        metadata: dict[str, Any] = chart.metadata() | {"chapter": self.number, "order": order, "year": self.year}
        metadata["rows"] = _records(chart.frame)
        stem.parent.mkdir(parents=True, exist_ok=True)
        svg, narrow, png = chart.svg(), chart.narrow().svg(), chart.png()
        if svg is not None and narrow is not None and png is not None:
            stem.with_suffix(".svg").write_text(svg, encoding="utf-8")
            stem.with_suffix(".narrow.svg").write_text(narrow, encoding="utf-8")
            stem.with_suffix(".png").write_bytes(png)
        if chart.tabled:
            table = chart.table().rename(columns=harmless)
            texts = table.select_dtypes(exclude="number").columns
            table[texts] = table[texts].map(harmless)
            stem.with_suffix(".csv").write_text(table.to_csv(index=False, lineterminator="\n"), encoding="utf-8")
        text = json.dumps(metadata, ensure_ascii=False, indent=2, sort_keys=True)
        stem.with_suffix(".json").write_text(text + "\n", encoding="utf-8")


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Take a frame apart into rows for a file, with None where a number is not known."""
    return [
        {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in rows(frame)
    ]


def open_chapter(
    number: int,
    *,
    year: int,
    lang: str,
    evidence: str = "best",
    data_dir: str | Path = "",
    out_dir: str | Path = "",
) -> Chapter:
    """Open a chapter of the report.

    Parameters
    ----------
    number
        Chapter number in the codebook.
    year, lang, evidence
        The report's year and language, and which evidence to use.
    data_dir
        The data folder; "" looks upward from here.
    out_dir
        Where figure files go; "" writes none.

    Raises
    ------
    SurveyError
        If the survey has no such chapter, year, language or evidence.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> chapter = lnd.open_chapter(5, year=2022, lang="en")
    >>> sorted(set(chapter.estimates("tech_skills", years="until")["year"].tolist()))
    [2017, 2019, 2020, 2021, 2022]
    """
    survey = open_survey(data_dir or None)
    survey.codebook.chapter(number)
    survey.codebook.language(lang)
    precedence(evidence)
    survey.wave(year)
    return Chapter(survey, number, year, lang, evidence, Path(out_dir) if out_dir else None)
