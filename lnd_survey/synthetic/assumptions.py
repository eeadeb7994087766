"""What a sample wave assumes beside what is printed: `sample/assumptions.yml` of a wave, read strictly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field

from lnd_survey.codebook import NON_SUBSTANTIVE, Codebook, Id, Model, Question, Whole, validated
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.published import Cell
from lnd_survey.strict_yaml import Lines, read_yaml
from lnd_survey.synthetic.counts import HALF_A_POINT
from lnd_survey.wave import Wave

Percent = Annotated[float, Field(ge=0, le=100)]
Part = Annotated[float, Field(ge=0, lt=1)]
Weights = dict[str, float]
"""How strongly each latent score moves an answer: about −1 to 1, beside noise of variance 1."""


class SampleGroup(Model):
    """How many of a group the sample has, by the language of their questionnaire."""

    id: Id
    languages: dict[str, Whole]
    reason: str

    @property
    def n(self) -> int:
        """Respondents of the group, all languages together."""
        return sum(self.languages.values())


class Skipping(Model):
    """Which part does not answer the first and the last question; between them it grows evenly."""

    first: Part
    last: Part
    reason: str


class Score(Model):
    """A latent score of the respondents: made of earlier ones and chance, or of the language they have."""

    id: Id
    of: Weights = Field(default_factory=dict)
    language: str = ""
    reason: str


class AskedIf(Model):
    """The answers to an earlier question that lead to this one."""

    question: Id
    options: tuple[str, ...]


class Incomplete(Model):
    """Which part of the rankings is left unfinished, and how many items those have."""

    least: Part
    most: Part
    ranked: Annotated[Whole, Field(ge=1)]


class SampleQuestion(Model):
    """A question of the sample, in the order of the questionnaire, and what moves its answers.

    Attributes
    ----------
    scores
        What moves the answer towards the option `toward`, by default the last one.
    items, options
        What moves single items, or the options of a question without order, beside `scores`.
    missing
        What moves towards a "don't know" or a refusal, where the question has one.
    language_options
        For a question that the language itself answers: the option of each language.
    difference_from
        The question whose shares are subtracted where differences are printed.
    echoes
        Earlier questions with the same items, and how much of their chance this one shares.
    alone
        Items that are ticked without any other.
    """

    id: Id
    groups: tuple[str, ...]
    scores: Weights = Field(default_factory=dict)
    toward: str = ""
    items: dict[str, Weights] = Field(default_factory=dict)
    options: dict[str, Weights] = Field(default_factory=dict)
    missing: Weights = Field(default_factory=dict)
    language_options: dict[str, str] = Field(default_factory=dict)
    difference_from: str = ""
    echoes: Weights = Field(default_factory=dict)
    alone: tuple[str, ...] = ()
    asked_if: AskedIf | None = None
    incomplete: Incomplete | None = None


class AssumedShares(Model):
    """Shares that are not printed, of one question or one item of a grid, and why these."""

    question: Id
    group: Id
    item: str = ""
    statistic: Literal["share", "share_first"] = "share"
    shares: dict[str, Percent]
    reason: Annotated[str, Field(min_length=1)]


class Assumptions(Model):
    """All that a sample wave assumes."""

    year: Whole
    seed: Whole
    groups: tuple[SampleGroup, ...]
    skipping: Skipping
    scores: tuple[Score, ...]
    questions: tuple[SampleQuestion, ...]
    shares: tuple[AssumedShares, ...]

    def question(self, question: str) -> SampleQuestion:
        """Return a question of the sample."""
        return next(entry for entry in self.questions if entry.id == question)


class Place(NamedTuple):
    """Where a number of a wave belongs."""

    question: str
    group: str
    item: str
    statistic: str
    split: str


Targets = Mapping[Place, Mapping[str, float]]
"""For each place the numbers that are aimed at; by option, or by item for questions with items alone."""


def read_assumptions(
    path: Path, *, codebook: Codebook, wave: Wave, cells: Iterable[Cell], problems: list[Problem]
) -> Assumptions | None:
    """Read what a sample wave assumes, checked against the codebook, the wave and what is printed.

    Parameters
    ----------
    path
        The wave's `sample/assumptions.yml`.
    codebook, wave
        What the names in the file must be found in.
    cells
        The printed numbers: what is printed is not to be assumed.
    problems
        List to which what is wrong is added.

    Returns
    -------
    Assumptions or None
        None where the file cannot be read as such.
    """
    value, lines = read_yaml(path, problems)
    if value is None and not lines:
        if path.exists() and not problems:
            problems.append(Problem("is empty", file=shown_path(path)))
        return None
    known = len(problems)
    assumptions: Assumptions | None = validated(Assumptions, value, (), lines, path, problems, ())
    if assumptions is None or len(problems) > known:
        return None
    _Checks(shown_path(path), lines, assumptions, codebook, wave, problems).all(tuple(cells))
    return assumptions


def targets(assumptions: Assumptions, cells: Iterable[Cell], *, codebook: Codebook) -> dict[Place, dict[str, float]]:
    """Bring together what is printed, the first print of each number, and what is assumed.

    Returns
    -------
    dict
        By place the numbers by option or item, per cent as printed.
    """
    found: dict[Place, dict[str, float]] = {}
    for cell in cells:
        place = Place(cell.question, cell.group, _item(cell, codebook), cell.statistic, cell.split)
        found.setdefault(place, {}).setdefault(cell.option or cell.item, cell.value)
    for row in assumptions.shares:
        place = Place(row.question, row.group, row.item, row.statistic, "")
        found.setdefault(place, {}).update(row.shares)
    return found


def _item(cell: Cell, codebook: Codebook) -> str:
    return cell.item if codebook.questions[cell.question].kind == "grid" else ""


class _Checks:
    def __init__(
        self,
        file: str,
        lines: Lines,
        assumptions: Assumptions,
        codebook: Codebook,
        wave: Wave,
        problems: list[Problem],
    ) -> None:
        self.file, self.lines, self.problems = file, lines, problems
        self.assumptions, self.codebook, self.wave = assumptions, codebook, wave

    def _wrong(self, place: tuple[str | int, ...], what: str, remedy: str = "") -> None:
        known = next((place[:end] for end in range(len(place), -1, -1) if place[:end] in self.lines), ())
        self.problems.append(Problem(what, file=self.file, row=self.lines.get(known), remedy=remedy))

    def _known(self, place: tuple[str | int, ...], kind: str, name: str, names: Iterable[str]) -> bool:
        allowed = list(names)
        if name not in allowed:
            self._wrong(place, f"there is no {kind} {name!r} here", choices(allowed, near=name))
        return name in allowed

    def all(self, cells: tuple[Cell, ...]) -> None:
        if self.assumptions.year != self.wave.year:
            self._wrong(("year",), f"year {self.assumptions.year} stands in the folder of {self.wave.year}")
        self._groups()
        self._scores()
        before = len(self.problems)
        for index, question in enumerate(self.assumptions.questions):
            self._question(index, question)
        for index, row in enumerate(self.assumptions.shares):
            self._shares(index, row, cells)
        if len(self.problems) == before:
            self._distributions(targets(self.assumptions, cells, codebook=self.codebook))

    def _groups(self) -> None:
        languages = self.wave.languages or tuple(self.codebook.languages)
        for index, group in enumerate(self.assumptions.groups):
            place = ("groups", index)
            if self._known(place, "group", group.id, self.wave.groups):
                printed = self.wave.groups[group.id]
                if printed is not None and printed != group.n:
                    self._wrong(place, f"{group.n} {group.id}, but wave.yml has {printed}", "Make them agree.")
            for language in group.languages:
                self._known((*place, "languages", language), "language", language, languages)

    def _scores(self) -> None:
        earlier: list[str] = []
        for index, score in enumerate(self.assumptions.scores):
            for name in score.of:
                self._known(("scores", index), "earlier score", name, earlier)
            if score.language:
                self._known(("scores", index), "language", score.language, self.codebook.languages)
            earlier.append(score.id)

    def _question(self, index: int, asked: SampleQuestion) -> None:
        place = ("questions", index)
        if not self._known(place, "question", asked.id, self.codebook.questions):
            return
        question = self.codebook.questions[asked.id]
        for group in asked.groups:
            self._known(place, "group", group, [entry.id for entry in self.assumptions.groups])
        scores = [score.id for score in self.assumptions.scores]
        moved = [asked.scores, asked.missing, *asked.items.values(), *asked.options.values()]
        for name in dict.fromkeys(name for weights in moved for name in weights):
            self._known(place, "score", name, scores)
        for name in (*asked.items, *asked.alone):
            self._known(place, "item", name, question.item_ids)
        for name in (*asked.options, *asked.language_options.values(), *filter(None, [asked.toward])):
            self._known(place, "option", name, question.option_ids)
        earlier = [entry.id for entry in self.assumptions.questions[:index]]
        if asked.id in earlier:
            self._wrong(place, f"question {asked.id!r} stands twice", "Keep one.")
        for name in (*asked.echoes, *filter(None, [asked.difference_from])):
            self._known(place, "earlier question", name, earlier)
        routing = asked.asked_if
        if routing is not None and self._known(place, "earlier question", routing.question, earlier):
            for name in routing.options:
                self._known(place, "option", name, self.codebook.questions[routing.question].option_ids)

    def _shares(self, index: int, row: AssumedShares, cells: tuple[Cell, ...]) -> None:
        place = ("shares", index)
        sampled = {entry.id: entry for entry in self.assumptions.questions}
        if not self._known(place, "question of the sample", row.question, sampled):
            return
        question = self.codebook.questions.get(row.question)
        if question is None:
            return
        pools = [pool for pool, groups in self.wave.pools.items() if {*groups} >= {*sampled[row.question].groups}]
        self._known(place, "group of the question", row.group, [*sampled[row.question].groups, *pools])
        if (question.kind == "grid") != bool(row.item):
            self._wrong(place, f"a question of kind {question.kind} {'needs' if not row.item else 'has no'} item here")
        elif row.item:
            self._known(place, "item", row.item, question.item_ids)
        printed = {
            cell.option or cell.item
            for cell in cells
            if (cell.question, cell.group, cell.statistic, cell.split) == (row.question, row.group, row.statistic, "")
            and _item(cell, self.codebook) == row.item
        }
        for name in row.shares:
            by_item = question.kind in ("multi", "ranking")
            known = question.item_ids if by_item else (*question.option_ids, *NON_SUBSTANTIVE)
            self._known(place, "item" if by_item else "option", name, known)
            if name in printed:
                self._wrong(place, f"the share of {name!r} is printed, so not to be assumed", "Take it out.")

    def _distributions(self, aims: Targets) -> None:
        """Refuse a question without numbers, and shares of one distribution that do not add up to 100."""
        places = {
            (row.question, row.group, row.item): ("shares", index) for index, row in enumerate(self.assumptions.shares)
        }
        for index, asked in enumerate(self.assumptions.questions):
            question = self.codebook.questions[asked.id]
            for group in groups_drawn(asked, aims, self.wave.pools):
                for item in question.item_ids if question.kind == "grid" else ("",):
                    statistic = "share_first" if question.kind == "ranking" else "share"
                    shares = aims.get(Place(asked.id, group, item, statistic, ""), {})
                    at = places.get((asked.id, group, item), ("questions", index))
                    named = " ".join(filter(None, [asked.id, item, group]))
                    if not shares:
                        self._wrong(at, f"{named}: no share is printed or assumed", "Assume some, with a reason.")
                    elif question.kind != "multi":
                        answers = offered(question, shares)
                        total = sum(shares[name] for name in answers)
                        if abs(total - 100) > HALF_A_POINT * len(answers):
                            what = f"{named}: printed and assumed shares add up to {total:g}"
                            self._wrong(at, what, "Assume the rest, with a reason.")


def offered(question: Question, shares: Mapping[str, float]) -> tuple[str, ...]:
    """Give the answers a distribution names, without those that it also has the parts of.

    Examples
    --------
    >>> from lnd_survey.codebook import Entry
    >>> whole, part = Entry(id="a", label={}), Entry(id="b", parent="a", label={})
    >>> offered(Question(id="q", kind="single", name={}, text={}, options=(whole, part)), {"a": 4.0, "b": 4.0})
    ('b',)
    """
    if question.kind in ("multi", "ranking"):
        return tuple(name for name in question.item_ids if name in shares)
    divided = {entry.parent for entry in question.options if entry.id in shares}
    known = dict.fromkeys((*question.option_ids, *NON_SUBSTANTIVE))
    return tuple(name for name in known if name in shares and name not in divided)


def groups_drawn(asked: SampleQuestion, aims: Targets, pools: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Give the groups for which a question is drawn: those asked, or the pooled one that has the numbers."""
    known = {place.group for place in aims if place.question == asked.id}
    pooled = [pool for pool, groups in pools.items() if pool in known and {*groups} >= {*asked.groups}]
    return tuple(pooled) or asked.groups


def share_of(aims: Targets, place: Place) -> dict[str, float]:
    """Give the numbers of a place, none where there are none."""
    found: Any = aims.get(place, {})
    return dict(found)
