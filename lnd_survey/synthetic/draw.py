"""Answers of respondents who do not exist, but who add up to what is printed of a wave."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from lnd_survey.answers import answer_columns, categories
from lnd_survey.codebook import NON_SUBSTANTIVE, Codebook, Question
from lnd_survey.errors import DataError, Problem, shown_path
from lnd_survey.survey import Survey
from lnd_survey.synthetic.assumptions import (
    Assumptions,
    Place,
    SampleQuestion,
    Targets,
    Weights,
    groups_drawn,
    offered,
    read_assumptions,
    share_of,
    targets,
)
from lnd_survey.synthetic.counts import Counts, by_stratum, distance, distribution, near, ticks
from lnd_survey.synthetic.matching import cut, matched, takes
from lnd_survey.synthetic.rankings import rankings
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

ASSUMPTIONS = "sample/assumptions.yml"
"""Where in its folder a wave keeps what its sample assumes."""

NOT_ANSWERED, NOT_ROUTED, NOT_ASKED, NOT_OFFERED = "not_answered", "not_routed", "not_asked", "not_offered"
TICKED, UNTICKED = "selected", "not_selected"

SLACK = 0.03
"""How far the part that skips a question may be from what is assumed, where the printed shares need it."""

ALIKE = 0.5
"""How much of the chance in the items of a grid is the respondent's own way of answering it."""

SKIPPERS = 0.8
"""How much of the skipping is done by the same people throughout."""

STOPPING = 0.12
"""How many at most stop a ranking early, where nothing is assumed."""


def draw_answers(survey: Survey, *, year: int) -> pd.DataFrame:
    """Draw a wave's answers, respondent by respondent, so that they agree with what is printed of it.

    Every printed share is met to within half a percentage point, mean ranks to the printed decimals; what is not
    printed comes from the wave's `sample/assumptions.yml`. The same file and printed numbers give the same frame.

    Parameters
    ----------
    survey
        The survey, for its codebook and printed numbers.
    year
        Which wave.

    Returns
    -------
    pandas.DataFrame
        As `Survey.answers` gives them: a row per respondent; year, group, language, weight, then the questions.

    Raises
    ------
    DataError
        If the assumptions cannot be read, contradict the codebook or the print, or cannot be met.
    UnknownNameError
        For a year that the survey does not have.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> answers = draw_answers(lnd.open_survey(), year=2022)
    >>> answers["group"].value_counts().to_dict()
    {'business': 304, 'providers': 152}
    """
    wave = survey.wave(year)
    problems: list[Problem] = []
    cells = [cell for cell in survey.cells if cell.year == year]
    path = wave.folder / ASSUMPTIONS
    assumptions = read_assumptions(path, codebook=survey.codebook, wave=wave, cells=cells, problems=problems)
    if assumptions is None or problems:
        raise DataError(problems)
    aims = targets(assumptions, cells, codebook=survey.codebook)
    return _Draw(survey.codebook, wave, assumptions, aims, shown_path(path)).frame()


@dataclass
class _Draw:
    """One draw: respondents, and the answers given so far.

    Attributes
    ----------
    answers
        By column of the answers frame the answer of each respondent.
    chance
        By question the chance in each respondent's liking of each item, for questions that echo it.
    """

    codebook: Codebook
    wave: Wave
    assumptions: Assumptions
    aims: Targets
    file: str
    answers: dict[str, Any] = field(default_factory=dict)
    chance: dict[str, Any] = field(default_factory=dict)
    planned: dict[tuple[str, str], tuple[int, Counts]] = field(default_factory=dict)

    def frame(self) -> pd.DataFrame:
        import numpy as np
        import pandas as pd

        for position, asked in enumerate(self.assumptions.questions):
            self._ask(asked, position)
        columns: dict[str, Any] = {
            "year": np.full(self.n, self.wave.year, dtype="int64"),
            "group": pd.Categorical(self.group, categories=[group.id for group in self.assumptions.groups]),
            "language": pd.Categorical(self.language, categories=self.wave.languages or tuple(self.codebook.languages)),
            "weight": np.ones(self.n),
        }
        sampled = {asked.id for asked in self.assumptions.questions}
        for question in self.codebook.questions.values():
            if question.id in sampled:
                for column, _ in answer_columns(question):
                    columns[column] = pd.Categorical(self.answers[column], categories=categories(question))
        return pd.DataFrame(columns)

    # --- Respondents -------------------------------------------------------------------------

    @cached_property
    def _people(self) -> tuple[Any, Any]:
        import numpy as np

        pairs = [
            (group.id, language)
            for group in self.assumptions.groups
            for language, n in group.languages.items()
            for _ in range(n)
        ]
        mixed = [pairs[index] for index in self._random("order").permutation(len(pairs))]
        group, language = zip(*mixed, strict=True)
        return np.array(group, dtype=object), np.array(language, dtype=object)

    @property
    def group(self) -> Any:
        return self._people[0]

    @property
    def language(self) -> Any:
        return self._people[1]

    @property
    def n(self) -> int:
        return len(self.group)

    @cached_property
    def scores(self) -> dict[str, Any]:
        """The latent scores of the respondents, each of variance about 1."""
        import numpy as np

        found: dict[str, Any] = {}
        for score in self.assumptions.scores:
            if score.language:
                value = (self.language == score.language).astype(float)
                found[score.id] = value - value.mean()
                continue
            own = np.sqrt(max(1 - sum(weight**2 for weight in score.of.values()), 0.1))
            value = own * self._random("score", score.id).normal(size=self.n)
            for name, weight in score.of.items():
                value = value + weight * found[name]
            found[score.id] = value
        return found

    @cached_property
    def _skipper(self) -> Any:
        return self._random("skipper").normal(size=self.n)

    def _random(self, *names: str) -> np.random.Generator:
        """Chance of its own for every purpose, so that a question more does not change the others."""
        import numpy as np

        return np.random.default_rng([self.assumptions.seed, zlib.crc32("|".join(names).encode())])

    def _moved(self, weights: Weights) -> Any:
        import numpy as np

        return sum((weight * self.scores[name] for name, weight in weights.items()), np.zeros(self.n))

    # --- Asking ------------------------------------------------------------------------------

    def _ask(self, asked: SampleQuestion, position: int) -> None:
        import numpy as np

        question = self.codebook.questions[asked.id]
        for column, _ in answer_columns(question):
            self.answers[column] = np.full(self.n, NOT_ASKED, dtype=object)
        for group in groups_drawn(asked, self.aims, self.wave.pools):
            members = np.isin(self.group, self.wave.pools.get(group, (group,)))
            people = np.flatnonzero(members & self._routed(asked))
            for column, _ in answer_columns(question):
                self.answers[column][members] = NOT_ROUTED
                self.answers[column][people] = NOT_ANSWERED
            getattr(self, f"_{question.kind}")(asked, question, group, people, self._rate(position))

    def _routed(self, asked: SampleQuestion) -> Any:
        import numpy as np

        if asked.asked_if is None:
            return np.ones(self.n, dtype=bool)
        return np.isin(self.answers[asked.asked_if.question], asked.asked_if.options)

    def _rate(self, position: int) -> float:
        skipping = self.assumptions.skipping
        last = max(len(self.assumptions.questions) - 1, 1)
        return skipping.first + (skipping.last - skipping.first) * position / last

    def _sizes(self, n: int, rate: float) -> list[int]:
        """How many may answer, the likeliest number first."""
        return near(round(n * (1 - rate)), round(n * (1 - rate - SLACK)), n)

    def _answering(self, people: Any, size: int, *names: str) -> Any:
        """Who of some people answers: all but those who skip most."""
        import numpy as np

        skip = SKIPPERS * self._skipper[people] + self._random("skip", *names).normal(size=self.n)[people]
        return people[np.sort(np.argsort(skip, kind="stable")[:size])]

    def _impossible(self, *names: str) -> DataError:
        what = f"{' '.join(filter(None, names))}: no whole numbers of respondents give the printed and assumed shares"
        return DataError(Problem(what, file=self.file, remedy="Assume other shares, or another n of the group."))

    # --- Kinds of questions ------------------------------------------------------------------

    def _single(self, asked: SampleQuestion, question: Question, group: str, people: Any, rate: float) -> None:
        if asked.language_options:
            for person in people:
                self.answers[question.id][person] = asked.language_options[self.language[person]]
            return
        place = Place(question.id, group, "", "share", "")
        strata = self._strata(place, people)
        splits = {part: share_of(self.aims, place._replace(split=part)) for part in strata}
        sizes = [self._sizes(len(members), rate) for members in strata.values()]
        options = product(*(list(enumerate(choice)) for choice in sizes))
        for choice in sorted(options, key=lambda entry: sum(rank for rank, _ in entry)):
            size_of = dict(zip(strata, (size for _, size in choice), strict=True))
            totals = self._distribution(question, place, sum(size_of.values()))
            counts = totals and by_stratum(totals, size_of, splits)
            if counts:
                break
        else:
            raise self._impossible(question.id, group)
        for part, members in strata.items():
            answering = self._answering(members, size_of[part], question.id)
            self._give(asked, question, "", answering, counts[part])

    def _strata(self, place: Place, people: Any) -> dict[str, Any]:
        """People by the parts of the group for which shares are printed; all together where there are none."""
        splits = [other.split for other in self.aims if other._replace(split="") == place and other.split]
        if not splits:
            return {"": people}
        by = splits[0].partition("=")[0]
        values = self.answers.get(by, self.language)
        return {f"{by}={value}": people[values[people] == value] for value in dict.fromkeys(sorted(values[people]))}

    def _distribution(self, question: Question, place: Place, n: int) -> Counts | None:
        shares = share_of(self.aims, place)
        leaves = offered(question, shares)
        nets = [([leaf for leaf in leaves if _below(question, leaf, net)], shares[net]) for net in shares]
        nets = [(parts, share) for parts, share in nets if parts]
        return distribution({leaf: shares[leaf] for leaf in leaves}, n, nets=nets)

    def _grid(self, asked: SampleQuestion, question: Question, group: str, people: Any, rate: float) -> None:
        for item in question.item_ids:
            place = Place(question.id, group, item, "share", "")
            for size in self._sizes(len(people), rate):
                counts = self._distribution(question, place, size)
                if counts:
                    break
            else:
                raise self._impossible(question.id, item, group)
            self._give(asked, question, item, self._answering(people, size, question.id), counts)

    def _give(self, asked: SampleQuestion, question: Question, item: str, people: Any, counts: Counts) -> None:
        """Let people answer a single question, or an item of a grid, with the counts of each option."""
        import numpy as np

        column = f"{question.id}.{item}" if item else question.id
        missing = {*NON_SUBSTANTIVE, *(entry.id for entry in question.options if entry.missing)}
        unsure = [name for name in counts if name in missing]
        sure = _in_order(question, [name for name in counts if name not in missing])
        random = self._random("answer", column)
        own, chance = random.normal(size=(2, self.n))
        if item:
            way = self._random("way", question.id).normal(size=(2, self.n))
            own, chance = (
                np.sqrt(ALIKE) * common + np.sqrt(1 - ALIKE) * single
                for common, single in zip(way, (own, chance), strict=True)
            )
        giving = {name: counts[name] for name in unsure}
        waver = (chance + self._moved(asked.missing))[people]
        order = np.argsort(-waver, kind="stable")
        start = 0
        for name, count in giving.items():
            self.answers[column][people[order[start : start + count]]] = name
            start += count
        people = people[np.sort(order[start:])]
        if asked.options or not (question.ordered or asked.toward):
            noise = self._random("options", column).gumbel(size=(self.n, len(sure)))
            suits = noise + np.column_stack([self._moved(asked.options.get(name, {})) for name in sure])
            amounts = np.array([counts[name] for name in sure])
            chosen = matched(suits[people], np.ones(len(people), dtype=int), amounts).argmax(axis=1)
        else:
            if asked.toward and asked.toward == sure[0]:
                sure = sure[::-1]
            score = own + self._moved(asked.scores) + self._moved(asked.items.get(item, {}))
            chosen = cut(score[people], [counts[name] for name in sure])
        self.answers[column][people] = np.array(sure, dtype=object)[chosen]

    def _multi(self, asked: SampleQuestion, question: Question, group: str, people: Any, rate: float) -> None:
        import numpy as np

        place = Place(question.id, group, "", "share", "")
        items = list(offered(question, share_of(self.aims, place)))
        if (question.id, group) not in self.planned:
            self._plan_ticks(asked, group, len(people), rate)
        size, counts = self.planned[question.id, group]
        people = self._answering(people, size, question.id)
        for column, item in answer_columns(question):
            self.answers[column][people] = UNTICKED if item in items else NOT_OFFERED
        chance = self._random("items", question.id).normal(size=(self.n, len(question.item_ids)))
        for other, weight in asked.echoes.items():
            chance = np.sqrt(1 - weight**2) * chance + weight * self.chance[other]
        self.chance[question.id] = chance
        liking = chance + np.column_stack([self._moved(asked.items.get(item, {})) for item in question.item_ids])
        liking = liking + self._moved(asked.scores)[:, None]
        at = {item: index for index, item in enumerate(question.item_ids)}
        for item in asked.alone:
            order = np.argsort(-liking[people, at[item]], kind="stable")
            self.answers[f"{question.id}.{item}"][people[order[: counts[item]]]] = TICKED
            people = people[np.sort(order[counts[item] :])]
        together = [item for item in items if item not in asked.alone]
        amounts = np.array([counts[item] for item in together])
        random = self._random("ticks", question.id, group)
        limit = self._limit(question, group)
        each = takes(len(people), int(amounts.sum()), limit=limit, most=len(together), random=random)
        chosen = matched(liking[people][:, [at[item] for item in together]], each, amounts)
        for index, item in enumerate(together):
            self.answers[f"{question.id}.{item}"][people[chosen[:, index]]] = TICKED

    def _limit(self, question: Question, group: str) -> int | None:
        row = self.wave.instrument.get((question.id, group))
        return question.max_choices if row is None or row.max_choices is None else row.max_choices

    def _plan_ticks(self, asked: SampleQuestion, group: str, n: int, rate: float) -> None:
        """Find sizes and counts of a question, and with it of a later one whose difference from it is printed."""
        later = [
            entry
            for entry in self.assumptions.questions
            if entry.difference_from == asked.id and group in groups_drawn(entry, self.aims, self.wave.pools)
        ]
        questions = [self.codebook.questions[entry.id] for entry in (asked, *later[:1])]
        place = Place(asked.id, group, "", "share", "")
        shares = [share_of(self.aims, place._replace(question=question.id)) for question in questions]
        limits = [self._limit(question, group) for question in questions]
        differences = [
            share_of(self.aims, place._replace(question=question.id, statistic="difference"))
            for question in questions[1:]
        ]
        best: tuple[Any, tuple[int, ...], Sequence[Counts]] | None = None
        for choice in product(*(list(enumerate(self._sizes(n, rate))) for _ in questions)):
            sizes = tuple(size for _, size in choice)
            found = ticks(shares, sizes, limits, differences=differences[0] if differences else None)
            # Who answers ticks something.
            if found is None or any(sum(c.values()) < size for c, size in zip(found.counts, sizes, strict=True)):
                continue
            cost = (found.above, sum(rank for rank, _ in choice), _apart(found.counts, shares, sizes))
            if best is None or cost < best[0]:
                best = (cost, sizes, found.counts)
        if best is None:
            raise self._impossible(*(question.id for question in questions), group)
        for question, size, counts in zip(questions, best[1], best[2], strict=True):
            self.planned[question.id, group] = (size, counts)

    def _ranking(self, asked: SampleQuestion, question: Question, group: str, people: Any, rate: float) -> None:
        import numpy as np

        place = Place(question.id, group, "", "share_first", "")
        items = list(question.item_ids)
        firsts, means = share_of(self.aims, place), share_of(self.aims, place._replace(statistic="mean_rank"))
        likes = self._random("likes", question.id).gumbel(size=(self.n, len(items)))
        likes = likes + np.column_stack([self._moved(asked.items.get(item, {})) for item in items])
        least, most, ranked = 0.0, STOPPING, len(items) // 2 + 1
        if asked.incomplete is not None:
            least, most, ranked = asked.incomplete.least, asked.incomplete.most, asked.incomplete.ranked
        for size in self._sizes(len(people), rate):
            counts = distribution({item: firsts[item] for item in items}, size)
            if not counts:
                continue
            answering = self._answering(people, size, question.id)
            stops = np.argsort(-self._random("stops", question.id).normal(size=self.n)[answering], kind="stable")
            for stopping in range(round(least * size), round(most * size) + 1):
                unfinished = np.zeros(size, dtype=bool)
                unfinished[stops[:stopping]] = True
                ranks = rankings(
                    likes[answering],
                    np.array([counts[item] for item in items]),
                    np.array([means[item] for item in items]),
                    unfinished,
                    ranked=ranked,
                    random=self._random("ranks", question.id, str(size), str(stopping)),
                )
                if ranks is not None:
                    for index, item in enumerate(items):
                        given = [str(rank) if rank else NOT_ANSWERED for rank in ranks[:, index].tolist()]
                        self.answers[f"{question.id}.{item}"][answering] = given
                    return
        raise self._impossible(question.id, group)


def _below(question: Question, option: str, other: str) -> bool:
    """Whether an option is a part of another, at any depth."""
    parent = next((entry.parent for entry in question.options if entry.id == option), None)
    return parent is not None and (parent == other or _below(question, parent, other))


def _in_order(question: Question, options: Sequence[str]) -> list[str]:
    """Options from least to most: by valence where all have one, else as in the codebook."""
    valence = {entry.id: entry.valence for entry in question.options}
    if len({valence[option] for option in options}) < len(options):
        return list(options)
    return sorted(options, key=lambda option: valence[option] or 0)


def _apart(counts: Sequence[Counts], shares: Sequence[Mapping[str, float]], sizes: Sequence[int]) -> float:
    total = sum(
        distance(part[name], aim[name], n) for part, aim, n in zip(counts, shares, sizes, strict=True) for name in part
    )
    return round(total, 9)
