"""The handle that researchers hold: opens the data folder and answers with estimates frames."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.answers import Answers
from lnd_survey.claims import Claim, read_claims, recomputed
from lnd_survey.codebook import Codebook, Comparability, read_codebook
from lnd_survey.crosswalk import Crosswalk, read_crosswalk
from lnd_survey.disclosure import SUPPRESS, WARN, marked, withheld
from lnd_survey.errors import DataError, Problem, SurveyError, shown_path, unknown
from lnd_survey.estimate import estimate_rows, paired_cells, splits_of
from lnd_survey.estimates import frame
from lnd_survey.estimates import rows as records
from lnd_survey.processed import (
    described,
    inputs,
    is_stored,
    read_answers,
    refuse_changes,
    stamps,
    store,
    stored_answers,
)
from lnd_survey.published import Cell, estimates_rows, read_published
from lnd_survey.series import LEVELS, Level, at_level, precedence, strongest, with_breaks, without_dont_know
from lnd_survey.uncertainty import with_intervals
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
    crosswalks
        What the columns and values of exports mean, for each year that has some.
    warn, suppress
        Below which base a number of respondents is marked, and below which it is not given.
    """

    folder: Path
    codebook: Codebook
    waves: Mapping[int, Wave]
    cells: tuple[Cell, ...]
    crosswalks: Mapping[int, Crosswalk]
    warn: int
    suppress: int
    _described: Mapping[int, Mapping[str, str]] = field(repr=False)
    _claims: Mapping[int, tuple[Claim, ...]] = field(repr=False)
    _answers: dict[int, Answers] = field(default_factory=dict, repr=False, compare=False)
    _stamps: dict[int, Mapping[str, tuple[int, int]]] = field(default_factory=dict, repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process opens the survey anew.
        return partial(open_survey, self.folder, warn=self.warn, suppress=self.suppress), ()

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
        for _, year, group, question in self._known:
            known[question][0].add(year)
            known[question][1].add(group)
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

    def figures(self, *, lang: str | None = None, year: int | None = None) -> pd.DataFrame:
        """List the figures of the report.

        Parameters
        ----------
        lang
            Language of the titles; default the first.
        year
            Also say what numbers of this year there are for each.

        Returns
        -------
        pandas.DataFrame
            Columns number, figure, chapter, title, questions; with a year also numbers (how many), groups, evidence.
        """
        import pandas as pd

        lang = self.codebook.language(lang or self.languages[0]).id
        listed = pd.DataFrame(
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
        if year is None:
            return listed
        self.wave(year)
        there = [self._there(figure.questions, year) for figure in self.codebook.figures.values()]
        return pd.concat([listed, pd.DataFrame(there, columns=["numbers", "groups", "evidence"])], axis=1)

    def _there(self, questions: tuple[str, ...], year: int) -> tuple[int, str, str]:
        """Say of how many numbers, for whom and from what evidence a figure could be drawn."""
        if not questions:
            return 0, "", ""
        frame = self.estimates(list(questions), years=year)
        frame = frame[frame["estimate"].notna()]
        groups, kinds = (", ".join(dict.fromkeys(frame[column])) for column in ("group", "evidence"))
        return len(frame), groups, kinds

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

    def answers(self, year: int) -> pd.DataFrame:
        """Give what the respondents of one year answered.

        Parameters
        ----------
        year
            A year with exports.

        Returns
        -------
        pandas.DataFrame
            One row per respondent: `year`, `group`, `language`, `weight`, then a column for each question, or for
            each item of it (`question.item`). Cells are option ids, `selected` or `not_selected`, numbers as text,
            or a kind of missing answer.

        Raises
        ------
        SurveyError
            If the year has no exports.
        DataError
            With all that is wrong with them.
        """
        return self._answers_of(year).frame.copy()

    def weights(self, year: int, *, lang: str | None = None) -> pd.DataFrame:
        """Say how the respondents of a year were weighted, and what it cost.

        Parameters
        ----------
        year
            A year with exports.
        lang
            Language of the sources; default the first language of the survey.

        Returns
        -------
        pandas.DataFrame
            Columns as in `lnd_survey.weighting.COLUMNS`, a row per group, margin and level: shares (0–1) of the
            population, of respondents, and weighted; range of weights, design effect and efficiency. Without rows
            where `wave.yml` declares no weights.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> lnd.open_survey().weights(2022).empty
        True
        """
        from lnd_survey.weighting import account

        lang = self.codebook.language(lang or self.languages[0]).id
        answers = self._answers_of(year).frame
        return account(answers, wave=self.wave(year), codebook=self.codebook, lang=lang)

    def claims(self, year: int, *, lang: str | None = None, evidence: str = "published") -> pd.DataFrame:
        """Recompute what a running text claims, of a year's paper or of our own.

        Parameters
        ----------
        year
            A year; without rows where it has no `claims.csv`.
        lang
            Language of the texts; default the first language of the survey.
        evidence
            What to compute from, as in `estimates`; a paper is checked against what it printed.

        Returns
        -------
        pandas.DataFrame
            Columns as in `lnd_survey.claims.CHECKED`, a row per claim.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> claims = lnd.open_survey().claims(2022).set_index("claim")
        >>> claims.loc["resources_rise", ["claimed", "computed", "outcome"]].tolist()
        ['39', '39', 'reproduced']
        """
        self.wave(year)
        claims = self._claims.get(year, ())
        questions = dict.fromkeys(cell.question for claim in claims for term in claim.terms for cell in term)
        frame = self.estimates(questions, years="all", evidence=evidence, options="all")
        lang = self.codebook.language(lang or self.languages[0]).id
        return recomputed(claims, estimates=frame, cells=self.cells, lang=lang)

    def log(self, year: int) -> pd.DataFrame:
        """Say where every row and value of a year's exports went.

        Parameters
        ----------
        year
            A year with exports.

        Returns
        -------
        pandas.DataFrame
            Columns as in `lnd_survey.harmonisation_log.LOG`; `what` says what was counted in `n`.
        """
        return self._answers_of(year).log.copy()

    def process(self, year: int) -> bool:
        """Keep the answers of a year in `data/processed`; False where they lie there already.

        Raises
        ------
        DataError
            With all that is wrong with its exports; nothing is written then.
        SurveyError
            If a file was changed since the survey was opened; nothing is written then.
        """
        wave, answers = self._wave_with_exports(year), self._answers_of(year)
        if is_stored(self.folder, wave, answers.made_of):
            return False
        store(self.folder, wave, answers)
        return True

    def _answers_of(self, year: int) -> Answers:
        wave = self._wave_with_exports(year)
        if year not in self._answers:
            problems: list[Problem] = []
            if not self._find_answers(wave, problems, anew=False):
                raise DataError(problems)
        elif stamps(self.folder, wave) != self._stamps[year]:
            stamped = stamps(self.folder, wave)
            refuse_changes(self._answers[year].made_of, inputs(self.folder, wave))
            self._stamps[year] = stamped
        return self._answers[year]

    def _find_answers(self, wave: Wave, problems: list[Problem], *, anew: bool) -> bool:
        """Read the exports of a wave, or what is stored of them; False, and problems, where they cannot be."""
        # Taken before anything is read, so that answers are never kept as made of files that came later.
        stamped, made_of = stamps(self.folder, wave), inputs(self.folder, wave)
        refuse_changes({"inputs": self._described[wave.year]}, {"inputs": described(self.folder, wave.folder)})
        answers = None if anew else stored_answers(self.folder, wave, codebook=self.codebook, made_of=made_of)
        if answers is None:
            crosswalk = self.crosswalks[wave.year]
            answers = read_answers(
                wave, codebook=self.codebook, crosswalk=crosswalk, problems=problems, made_of=made_of
            )
        if answers is not None:
            self._answers[wave.year], self._stamps[wave.year] = answers, stamped
        return answers is not None

    def _wave_with_exports(self, year: int) -> Wave:
        wave = self.wave(year)
        if wave.exports is None:
            years = ", ".join(map(str, self.crosswalks)) or "none"
            raise SurveyError(
                f"{year} is only published: it has no answers of respondents. Years with answers: {years}."
            )
        return wave

    def estimates(
        self,
        question: str | Iterable[str],
        *,
        years: int | Iterable[int] | str | None = None,
        groups: str | Iterable[str] | None = None,
        evidence: str | Sequence[str] = "best",
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
            `best` (survey before published before synthetic), or the kinds to use, strongest first, as a list or
            as text: `published`, or `synthetic,published`.
        options
            `common`: the finest options that the years and groups asked for have in common; `offered`: as
            each year offered them; `nets`: the widest; `all`: all that are known or can be derived.
        rebase
            `dont_know`: shares of those who gave a substantive answer.
        split
            `language`, or a single-choice question, by which groups are split; default the whole groups.

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
        names = [question] if isinstance(question, str) else list(question)
        found: list[dict[str, Any]] = []
        for name in names:
            found += self._chosen(
                name, years=years, groups=groups, evidence=evidence, options=options, rebase=rebase, split=split
            )
        if split:
            found = [row | {split: row["split"].partition("=")[2]} for row in found]
        return frame(found, splits=[split] if split else [])

    def compare(
        self,
        question: str | tuple[str, str],
        *,
        year: int | None = None,
        groups: tuple[str, str] | str | None = None,
        split: str | None = None,
        parts: tuple[str, str] | None = None,
        evidence: str | Sequence[str] = "best",
        options: Level = "common",
        correction: str = "benjamini_hochberg",
    ) -> pd.DataFrame:
        """Compare two groups, two parts of a group, or two questions that the same respondents answered.

        Parameters
        ----------
        question
            An id; or two ids of pick-n questions with the same items, which are compared within the respondents of
            one group (now against ideal).
        year
            Default the latest.
        groups
            Two groups; default the two that have numbers. With `split`, or with two questions, the one group.
        split, parts
            A profile as for `estimates`, and which two parts of it are compared.
        evidence, options
            As for `estimates`.
        correction
            For how many items were looked at: `benjamini_hochberg` or `holm`.

        Returns
        -------
        pandas.DataFrame
            Columns as in `lnd_survey.compare.COLUMNS`; shares, differences and their intervals are 0–1. The verdict is
            `higher`, `lower` (the first), `no_clear_difference`, `undecided` (rounding leaves it open) or
            `not_comparable` with the reason.

        Raises
        ------
        UnknownNameError
            For a name that the survey does not have.
        SurveyError
            If it is not clear which two are to be compared.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> criteria = lnd.open_survey().compare("purchase_criteria", year=2022)
        >>> criteria.query("item == 'culture_fit'")[["difference", "verdict"]].values.tolist()
        [[0.17, 'higher']]
        """
        from lnd_survey import compare

        year = self.wave(self.years[-1] if year is None else year).year
        if not isinstance(question, str):
            rows = self._paired(
                question, year=year, group=groups, evidence=evidence, options=options, correction=correction
            )
            return compare.frame(rows)
        entry = self.codebook.question(question)
        found = self._chosen(question, years=year, evidence=evidence, options=options, split=split)
        if split:
            group = self._only(groups, {row["group"] for row in found}, "group")
            found = [row for row in found if row["group"] == group]
            names = self._two(parts, [row["split"].partition("=")[2] for row in found], "part", of=f" of {split}")
            sides = [[row for row in found if row["split"] == f"{split}={name}"] for name in names]
            comparability = None
        else:
            own = [row["group"] for row in found if not self.codebook.groups[row["group"]].pooled]
            names = self._two(groups, own, "group")
            sides = [[row for row in found if row["group"] == name] for name in names]
            comparability = entry.comparability or Comparability(question="low", options="low", universe="low")
        rows = compare.comparison(
            *sides, question=entry, names=names, comparability=comparability, correction=correction
        )
        return compare.frame(rows)

    def gaps(
        self,
        questions: Iterable[str] = (),
        *,
        year: int | None = None,
        groups: tuple[str, str] | str | None = None,
        split: str | None = None,
        parts: tuple[str, str] | None = None,
        evidence: str | Sequence[str] = "best",
        options: Level = "common",
        correction: str = "benjamini_hochberg",
    ) -> pd.DataFrame:
        """Compare two groups, or two parts of one, over many questions, corrected for all that was looked at.

        Parameters
        ----------
        questions
            Ids; default all that both have numbers for.
        year, groups, split, parts, evidence, options, correction
            As for `compare`.

        Returns
        -------
        pandas.DataFrame
            Columns as of `compare`, in the order of the questions; one family for each kind of evidence, named an
            overview. What cannot be compared is there with its reason. Without rows where nothing was asked of both.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> gaps = lnd.open_survey().gaps(["purchase_criteria", "tech_skills"], year=2022)
        >>> gaps["family"].unique().tolist()
        ['overview business–providers (17)']
        """
        from lnd_survey import compare

        of_year = self.wave(self.years[-1] if year is None else year).year
        side = "split" if split else "group"
        wanted = {f"{split}={part}" for part in parts or ()} if split else set(() if groups is None else groups)
        rows: list[dict[str, Any]] = []
        for name in self._named(questions):
            found = self._chosen(name, years=of_year, evidence=evidence, options=options, split=split)
            if split:
                found = [row for row in found if row["group"] == groups or groups is None]
            there = {row[side] for row in found if not self.codebook.groups[row["group"]].pooled}
            if name != split and (there >= wanted if wanted else len(there) > 1):
                compared = self.compare(
                    name, year=of_year, groups=groups, split=split, parts=parts, evidence=evidence, options=options
                )
                rows += records(compared)
        names = f" {rows[0]['first']}–{rows[0]['second']}" if rows else ""
        return compare.frame(compare.overview(rows, name=f"overview{names}", correction=correction))

    def changes(
        self,
        questions: Iterable[str] = (),
        *,
        year: int | None = None,
        groups: str | Iterable[str] | None = None,
        evidence: str | Sequence[str] = "best",
        correction: str = "benjamini_hochberg",
    ) -> pd.DataFrame:
        """Compare a year with the last one before it over many questions, corrected for all that was looked at.

        Parameters
        ----------
        questions
            Ids; default all that were asked in both.
        year, groups, evidence, correction
            As for `trend`.

        Returns
        -------
        pandas.DataFrame
            Columns as of `trend`, in the order of the questions, one family for each kind of evidence.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> changes = lnd.open_survey().changes(["tech_skills"], year=2022)
        >>> changes[["group", "option", "second", "reason"]].values.tolist()[1]
        ['business', 'yes', '2021', 'base_not_printed']
        """
        from lnd_survey import compare, trend

        of_year = self.wave(self.years[-1] if year is None else year).year
        past = [other for other in self.years if other <= of_year]
        rows: list[dict[str, Any]] = []
        for name in self._named(questions):
            steps = self.trend(name, years=past, groups=groups, evidence=evidence)
            rows += records(steps[(steps["first"] == str(of_year)) & (steps["statistic"] != trend.TREND)])
        return trend.frame(compare.overview(rows, name=f"changes {of_year}", correction=correction))

    def _named(self, questions: Iterable[str]) -> list[str]:
        return [self.codebook.question(name).id for name in questions] or list(self.codebook.questions)

    def trend(
        self,
        question: str,
        *,
        years: Iterable[int] | str = "all",
        groups: str | Iterable[str] | None = None,
        evidence: str | Sequence[str] = "best",
        rebase: str | None = None,
        correction: str = "benjamini_hochberg",
    ) -> pd.DataFrame:
        """Compare the years of a question in the finest options that they have in common.

        Parameters
        ----------
        question, years, groups, evidence, rebase
            As for `estimates`.
        correction
            For how many differences were looked at within a group.

        Returns
        -------
        pandas.DataFrame
            `group` and columns as of `compare`: each year (`first`) against the one before (`second`), and rows with
            the statistic `trend` for the change by year since the last break. What cannot be tested says why.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> skills = lnd.open_survey().trend("tech_skills", groups="business")
        >>> skills.query("option == 'yes' and statistic == 'trend'")[["reason", "detail"]].values.tolist()
        [['base_unknown', '2017, 2019, 2020, 2021']]
        """
        from lnd_survey import trend

        rows = self._chosen(question, years=years, groups=groups, evidence=evidence, rebase=rebase)
        return trend.frame(trend.trend_rows(rows, question=self.codebook.question(question), correction=correction))

    def _paired(
        self,
        questions: Sequence[str],
        *,
        year: int,
        group: object,
        evidence: str | Sequence[str],
        options: Level,
        correction: str,
    ) -> list[dict[str, Any]]:
        from lnd_survey import compare

        entries = [self.codebook.question(name) for name in questions]
        if [entry.kind for entry in entries] != ["multi", "multi"]:
            told = ", ".join(f"{entry.id} ({entry.kind})" for entry in entries)
            remedy = "Two pick-n questions with the same items are compared within the same respondents."
            raise SurveyError(Problem(f"These are no two pick-n questions: {told}", remedy=remedy))
        found = [self._chosen(entry.id, years=year, evidence=evidence, options=options) for entry in entries]
        first, second = ({row["group"] for row in rows} for rows in found)
        only = self._only(group, sorted(first & second), "group")
        own_first, own_second = ([row for row in rows if row["group"] == only] for rows in found)
        tables = {}
        if any(compare.is_counted(row) for row in (*own_first, *own_second)):
            answers, pools = self._answers_of(year).frame, self.waves[year].pools
            own = answers[answers["group"].isin(list(pools.get(only, (only,))))]
            tables = paired_cells(own, *entries)
        if not {row["item"] for row in own_first} & {row["item"] for row in own_second}:
            raise SurveyError(f"{entries[0].id} and {entries[1].id} of {only} share no item.")
        return compare.paired_comparison(
            own_first,
            own_second,
            tables,
            questions=(entries[0].id, entries[1].id),
            correction=correction,
            suppress=self.suppress,
        )

    def _two(self, wanted: object, known: Iterable[str], kind: str, of: str = "") -> tuple[str, str]:
        """Say which two are compared: those asked for, or the only two there are."""
        there = list(dict.fromkeys(known))
        names = (
            there
            if wanted is None
            else list(wanted)
            if isinstance(wanted, Iterable) and not isinstance(wanted, str)
            else [wanted]
        )
        for name in names:
            if name not in there:
                raise unknown(kind + of, name, there)
        if len(names) != 2:
            raise SurveyError(
                Problem(f"{len(names)} {kind}s{of} cannot be compared", remedy=f"Name two: {', '.join(there)}.")
            )
        return str(names[0]), str(names[1])

    def _only(self, wanted: object, known: Iterable[str], kind: str) -> str:
        there = list(dict.fromkeys(known))
        if wanted is None and len(there) == 1:
            return there[0]
        if wanted not in there:
            raise unknown(kind, wanted, there)
        return str(wanted)

    def _chosen(
        self,
        name: str,
        *,
        years: int | Iterable[int] | str | None,
        groups: str | Iterable[str] | None = None,
        evidence: str | Sequence[str] = "best",
        options: Level = "common",
        rebase: str | None = None,
        split: str | None = None,
    ) -> list[dict[str, Any]]:
        """Give the rows of one question, in the order of years, groups, items and options."""
        if options not in LEVELS:
            raise unknown("level of options", options, LEVELS)
        if rebase not in (None, "dont_know"):
            raise unknown("rebasing", rebase, ["dont_know"])
        wanted_years = self._years(years)
        wanted_groups = None if groups is None else {groups} if isinstance(groups, str) else set(groups)
        for group in sorted(wanted_groups or ()):
            self.codebook.group(group)
        wanted_evidence = precedence(evidence)
        if split:
            self._check_split(split)
        entry = self.codebook.question(name)
        computed = self._computed(name, wanted_years, wanted_evidence, split or "")
        candidates = [
            row
            for row in (*self._rows_of.get(name, ()), *computed)
            if row["year"] in wanted_years
            and (wanted_groups is None or row["group"] in wanted_groups)
            and row["split"].partition("=")[0] == (split or "")
        ]
        rows = with_breaks(strongest(candidates, question=entry, evidence=wanted_evidence))
        if rebase:
            rows = without_dont_know(rows, question=entry)
        rows = at_level(rows, question=entry, level=options)
        # A base may have become smaller by rebasing; what is withheld is withheld last.
        marked_rows = marked(with_intervals(rows), pools={}, warn=self.warn, suppress=self.suppress)
        return sorted(withheld(marked_rows), key=self._position)

    def _computed(
        self, question: str, years: Iterable[int], evidence: Sequence[str], split: str
    ) -> list[dict[str, Any]]:
        """Estimate a question from the answers of the years that have some."""
        rows: list[dict[str, Any]] = []
        for year in sorted(set(years) & set(self.crosswalks)):
            wave = self.waves[year]
            assert wave.exports is not None
            if wave.exports.evidence not in evidence:
                continue
            answers = self._answers_of(year).frame
            if not split or split in answers:
                found = estimate_rows(answers, question, wave=wave, codebook=self.codebook, split=split)
                rows += marked(found, pools=wave.pools, warn=self.warn, suppress=self.suppress)
        return rows

    def _check_split(self, split: str) -> None:
        published = {cell.split.partition("=")[0] for cell in self.cells if cell.split}
        computed = {name for year in self.crosswalks for name in splits_of(self.waves[year], self.codebook)}
        splits = sorted(published | computed)
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
        # What can be computed of respondents is known from the instrument, before any answer is read.
        known: dict[Any, dict[Any, tuple[str, ...]]] = defaultdict(dict)
        for cell in self.cells:
            of_question = known["published", cell.year, cell.group, cell.question]
            key = (cell.item, cell.option, cell.statistic, cell.split)
            of_question[key] = (*of_question.get(key, ()), *cell.notes)
        for year in self.crosswalks:
            wave = self.waves[year]
            assert wave.exports is not None
            for (name, group), asked in wave.instrument.items():
                question = self.codebook.questions[name]
                for item in asked.items_of(question) or ("",):
                    for option in asked.options_of(question) or ("",):
                        known[wave.exports.evidence, year, group, name][item, option, "share", ""] = ()
        return known


def open_survey(path: str | Path | None = None, *, warn: int = WARN, suppress: int = SUPPRESS) -> Survey:
    """Open the survey's data folder, with everything in it checked.

    Parameters
    ----------
    path
        The data folder, or a folder with `data` in it; default: the nearest one upward from here.
    warn, suppress
        Below which base a number of respondents is marked, and below which it is not given.

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
    survey, problems = _open(path, warn=warn, suppress=suppress)
    if problems:
        raise DataError(problems)
    return survey


def check_survey(path: str | Path | None = None, *, years: Iterable[int] | None = None) -> Survey:
    """Open the survey's data folder and read the exports as well, so that everything wrong is said at once.

    Parameters
    ----------
    path
        As for `open_survey`.
    years
        Whose exports to read; default all.

    Raises
    ------
    DataError
        With all problems of all files.
    """
    from tqdm import tqdm

    survey, problems = _open(path)
    wanted = list(survey.crosswalks) if years is None else list(years)
    if problems and not set(wanted) <= set(survey.waves):
        # A year whose wave.yml cannot be read is no year yet; what is wrong with it is known.
        raise DataError(problems)
    wanted = [survey.wave(year).year for year in wanted]
    for year in tqdm([year for year in wanted if year in survey.crosswalks], unit="year", disable=None, leave=False):
        survey._find_answers(survey.waves[year], problems, anew=True)
    if problems:
        raise DataError(problems)
    return survey


def _open(path: str | Path | None, *, warn: int = WARN, suppress: int = SUPPRESS) -> tuple[Survey, list[Problem]]:
    folder = _data_folder(path)
    # Taken before anything is read, so that answers are never kept as made of files that came later.
    as_read = {raw: described(folder, raw) for raw in sorted((folder / "raw").glob("*")) if raw.is_dir()}
    codebook = read_codebook(folder / "codebook")
    problems: list[Problem] = []
    waves = read_waves(folder / "raw", codebook, problems)
    cells: list[Cell] = []
    crosswalks: dict[int, Crosswalk] = {}
    for year, wave in waves.items():
        printed = wave.folder / "published.csv"
        if printed.exists():
            cells += read_published(printed, wave=wave, codebook=codebook, problems=problems)
        crosswalk = read_crosswalk(wave, codebook, problems)
        if crosswalk is not None:
            crosswalks[year] = crosswalk
    claims = {
        year: read_claims(wave.folder / "claims.csv", codebook=codebook, years=waves, problems=problems)
        for year, wave in waves.items()
        if (wave.folder / "claims.csv").exists()
    }
    if not waves and not problems:
        problems.append(Problem("has no year folders", file=shown_path(folder / "raw")))
    as_described = {year: as_read[waves[year].folder] for year in crosswalks}
    return Survey(folder, codebook, waves, tuple(cells), crosswalks, warn, suppress, as_described, claims), problems


def _data_folder(path: str | Path | None) -> Path:
    start = Path(path) if path else Path.cwd()
    looked = [start, start / "data"] if path else [parent / "data" for parent in (start, *start.parents)]
    for folder in looked:
        if (folder / "codebook").is_dir():
            return folder.resolve()
    remedy = "Give the folder that contains codebook/ and raw/, or run from inside the project."
    where = shown_path(start)
    raise DataError(Problem("There is no data folder" + (f" at {where}" if path else " here or above"), remedy=remedy))
