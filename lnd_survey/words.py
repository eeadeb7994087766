"""All words of charts and pages in one language: labels, sentences, numbers, and the footnotes of a frame."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lnd_survey.claims import POINTS
from lnd_survey.codebook import Codebook, Entry
from lnd_survey.errors import unknown
from lnd_survey.estimates import COLUMNS, EVIDENCE, UNIT, rows
from lnd_survey.series import EXCLUDED
from lnd_survey.trees import covered, ways_of
from lnd_survey.wave import Asked, Wave

if TYPE_CHECKING:
    import pandas as pd

KnownCells = Mapping[tuple[str, int, str, str], Mapping[tuple[str, str, str, str], tuple[str, ...]]]
"""The numbers there are, each with its note ids.

By (evidence, year, group, question) and (item, option, statistic, split).
"""


LEAST_TOLD = 0.005
"""A rest of less than half a point is not told."""


@dataclass(frozen=True)
class GroupStyle:
    """How a group looks in every chart."""

    colour: str
    marker: str


@dataclass(frozen=True)
class ConceptRow:
    """A row of a concept table in one language."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ConceptWords:
    """A concept table in one language."""

    title: str
    source: str
    columns: tuple[str, ...]
    rows: tuple[ConceptRow, ...]


@dataclass(frozen=True)
class Words:
    r"""The words of one language.

    Parameters
    ----------
    lang
        Language id.
    codebook, waves
        Where the words come from.
    known
        Which numbers there are, and which notes they carry.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> words = lnd.open_survey().words("fr")
    >>> words.percent(0.63), words.number(2.17, decimals=2)
    ('63\xa0%', '2,17')
    """

    lang: str
    codebook: Codebook
    waves: Mapping[int, Wave]
    known: KnownCells

    def say(self, key: str, **values: object) -> str:
        """Fill a sentence template of the codebook's words."""
        if key not in self.codebook.words:
            raise unknown("word", key, self.codebook.words)
        return self.codebook.words[key][self.lang].format(**values)

    def name(self, question: str) -> str:
        """Short name of a question."""
        return self.codebook.question(question).name[self.lang]

    def question(self, question: str, group: str = "") -> str:
        """Wording of a question, as put to a group."""
        entry = self.codebook.question(question)
        return entry.text_by_group.get(group, entry.text)[self.lang]

    def items(self, question: str) -> list[str]:
        """Ids of the items of a question in codebook order."""
        return list(self.codebook.question(question).item_ids)

    def options(self, question: str) -> list[str]:
        """Ids of the options of a question in codebook order."""
        return list(self.codebook.question(question).option_ids)

    def item(self, question: str, item: str) -> str:
        """Label of an item."""
        return self._entry(question, "items", item).label[self.lang]

    def option(self, question: str, option: str) -> str:
        """Label of an option."""
        return self._entry(question, "options", option).label[self.lang]

    def tree(self, question: str) -> dict[str, str]:
        """Parent of each option that has one."""
        return {entry.id: entry.parent for entry in self.codebook.question(question).options if entry.parent}

    def valence(self, question: str, option: str) -> int:
        """Which side of a diverging chart an option is on: −1, 0 or 1."""
        return self._entry(question, "options", option).valence or 0

    def is_missing(self, question: str, option: str) -> bool:
        """Whether an option is a kind of missing answer, such as "don't know"."""
        return self._entry(question, "options", option).missing is not None

    def is_ordered(self, question: str) -> bool:
        """Whether the items or options have an order of their own."""
        return self.codebook.question(question).ordered

    def kind(self, question: str) -> str:
        """Kind of a question: single, multi, scale, ranking, grid or count."""
        return self.codebook.question(question).kind

    def max_choices(self, question: str) -> int | None:
        """How many items a respondent was asked to tick at most."""
        return self.codebook.question(question).max_choices

    def scale(self, question: str) -> tuple[int, int, str, str] | None:
        """Give the ends of an answer scale and what they mean."""
        scale = self.codebook.question(question).scale
        if scale is None:
            return None
        return (scale.low, scale.high, scale.low_label[self.lang], scale.high_label[self.lang])

    def group(self, group: str) -> str:
        """Short label of a group."""
        return self.codebook.group(group).label[self.lang]

    def groups(self) -> list[str]:
        """Ids of the groups in codebook order."""
        return list(self.codebook.groups)

    def who(self, group: str) -> str:
        """Who a group is, in words."""
        return self.codebook.group(group).description[self.lang]

    def group_style(self, group: str) -> GroupStyle:
        """Colour and marker of a group."""
        entry = self.codebook.group(group)
        return GroupStyle(entry.colour, entry.marker)

    def concept(self, concept: str) -> ConceptWords:
        """Give a concept table in this language."""
        entry = self.codebook.concept(concept)
        return ConceptWords(
            title=entry.title[self.lang],
            source=entry.source[self.lang],
            columns=tuple(column[self.lang] for column in entry.columns),
            rows=tuple(
                ConceptRow(row.label[self.lang], tuple(cell[self.lang] for cell in row.cells)) for row in entry.rows
            ),
        )

    def number(self, value: float, *, decimals: int = 0) -> str:
        """Write a number as the language does."""
        language = self.codebook.languages[self.lang]
        rounded = round(value, decimals) + 0.0  # no minus before a zero
        return f"{rounded:.{decimals}f}".replace("-", "−").replace(".", language.decimal)

    def percent(self, share: float, *, decimals: int = 0) -> str:
        """Write a share (0–1) as a percentage."""
        return self.number(round(share * 100, 10), decimals=decimals) + self.codebook.languages[self.lang].percent

    def value(self, statistic: str, value: float, *, decimals: int | None = None) -> str:
        """Write an estimate as its statistic is written: 63%, 2.17, 1, 304."""
        unit = UNIT[statistic]
        if unit == "%":
            return self.percent(value, decimals=decimals or 0)
        return self.number(value, decimals=(2 if unit == "score" else 0) if decimals is None else decimals)

    def amount(self, amount: float, unit: str, *, decimals: int) -> str:
        """Write a number that stands in its unit, as those of claims do: 38.8 with % is 39%, and in points +39 pts."""
        if unit == POINTS:
            return self.difference("share", amount / 100)
        return self.percent(amount / 100, decimals=decimals) if unit == "%" else self.number(amount, decimals=decimals)

    def test(self, test: str) -> str:
        """Name of a test of significance."""
        return self.say(f"test_{test}")

    def correction(self, correction: str) -> str:
        """Name of a correction for how many differences were looked at."""
        return self.say(f"correction_{correction}")

    def verdict(self, verdict: str) -> str:
        """What a comparison allows to say."""
        return self.say(f"verdict_{verdict}")

    def margin(self, margin: str) -> str:
        """Name of what a group is weighted by, or split by: a question, or the language."""
        return self.name(margin) if margin in self.codebook.questions else self.say("language")

    def part(self, split: str, part: str) -> str:
        """Label of a part of a group: an option of the profile it is split by, or a language."""
        return self.option(split, part) if split in self.codebook.questions else self.codebook.language(part).name

    def reason(self, row: Mapping[str, Any]) -> str:
        """Say why the two numbers of a row of a comparison cannot be compared, or only with care; "" if they can."""
        if not row["reason"] or row["reason"] != row["reason"]:
            return ""
        years = [int(year) for year in row["detail"].split(", ") if year]
        needed = row["base_needed"]
        known = needed is not None and needed == needed
        said = [self.say(f"reason_{row['reason']}", detail=self.years(years))]
        return " ".join(said + ([self.say("base_needed", n=int(needed))] if known else []))

    def difference(self, statistic: str, difference: float) -> str:
        """Write a difference of two numbers of a statistic with its sign, of shares in points: +5 pts, −0.40."""
        of_shares = UNIT[statistic] == "%"
        decimals, amount = (0, difference * 100) if of_shares else (2, difference)
        rounded = round(amount, decimals)
        sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
        number = sign + self.number(abs(amount), decimals=decimals)
        return self.say("points", number=number) if of_shares else number

    def years(self, years: Iterable[int]) -> str:
        """Write some years: 2019, or 2017–2021 for all editions known from first to last."""
        listed = sorted(set(years))
        editions = [year for year in self.waves if listed and listed[0] <= year <= listed[-1]]
        if len(listed) > 2 and listed == editions:
            return f"{listed[0]}–{listed[-1]}"
        return ", ".join(map(str, listed))

    def base(self, estimates: pd.DataFrame) -> str:
        """Say who could answer and how many did, as far as it is known; a count is its own n."""
        found = [row | {"n": row["estimate"]} if UNIT[row["statistic"]] == "count" else row for row in rows(estimates)]
        years = {row["year"] for row in found}
        parts = []
        for group in dict.fromkeys(row["group"] for row in found):
            of_group = [row for row in found if row["group"] == group]
            known: dict[int, set[int]] = {}
            for row in of_group:
                if row["n"] == row["n"]:
                    known.setdefault(row["year"], set()).add(int(row["n"]))
            silent = {row["year"] for row in of_group} - set(known)
            numbers = [
                self.say("n_in_year" if len(years) > 1 else "n_is", n="–".join(map(str, _ends(n))), year=year)
                for year, n in sorted(known.items())
            ]
            if silent:
                numbers += [
                    self.say("n_not_printed_for", years=self.years(silent)) if known else self.say("n_not_printed")
                ]
            parts.append(self.say("base_of_group", group=self.group(group), numbers=", ".join(numbers)))
        kinds = dict.fromkeys(row["base"] for row in found)
        routed = [self.codebook.bases[base].label[self.lang] for base in kinds if base in self._special_bases]
        return self.say("between_parts").join([*parts, *routed])

    def base_label(self, base: str) -> str:
        """Say who could answer, of one base."""
        return self.say("base_without_dont_know") if base == EXCLUDED else self.codebook.bases[base].label[self.lang]

    def period(self, estimates: pd.DataFrame) -> str:
        """Say when the answers of the years shown were collected, as far as it is known."""
        years = sorted(set(estimates["year"].tolist()))
        periods = {year: self.waves[year].field_period if year in self.waves else None for year in years}
        known = dict.fromkeys(period[self.lang] for period in periods.values() if period)
        silent = [year for year, period in periods.items() if not period]
        if not known:
            return ""
        return self.say("between_parts").join(
            [*known, *([self.say("period_unknown_for", years=self.years(silent))] if silent else [])]
        )

    def source(self, estimates: pd.DataFrame) -> str:
        """Say in which documents, figures or files the numbers stand."""
        places: dict[str, dict[str, None]] = {}
        for joined in dict.fromkeys(estimates["source"].tolist()):
            for source in filter(None, joined.split("; ")):
                document, _, place = source.partition(": ")
                places.setdefault(document, {}).setdefault(self.place(place))
        known = self.codebook.documents
        return self.say("between_parts").join(
            ", ".join([known[document].label[self.lang] if document in known else document, *where])
            for document, where in places.items()
        )

    def evidence(self, estimates: pd.DataFrame) -> str:
        """Say what kinds of evidence the numbers are."""
        found = set(estimates["evidence"].tolist())
        kinds = [self.say(f"evidence_{kind}") for kind in EVIDENCE if kind in found]
        derived = any("e" in status for status in estimates["status"])
        return ", ".join([*kinds, *([self.say("evidence_partly_derived")] if derived else [])])

    def notes(self, estimates: pd.DataFrame) -> list[str]:
        """Collect the footnotes that the rows of a frame call for, each once.

        Notes of printed cells, of breaks (where an earlier year stands beside) and of limits, what was merged
        or rebased, rounding, and the mark of synthetic numbers.
        """
        found = rows(estimates)
        first: dict[tuple[str, str], int] = {}
        for row in found:
            series = (row["question"], row["group"])
            first[series] = min(row["year"], first.get(series, row["year"]))
        notes: dict[str, None] = {}
        for row in found:
            for text in self._notes_of(row, follows=row["year"] > first[row["question"], row["group"]]):
                notes.setdefault(text)
        for text in self.merges(estimates):
            notes.setdefault(text)
        for text in [*self._changes_of_base(found), *self._untold(found)]:
            notes.setdefault(text)
        if any(row["base"] == EXCLUDED for row in found):
            notes.setdefault(self.say("note_rebased"))
        ranked = [row for row in found if row["statistic"] == "rank" and "e" in row["status"]]
        summed = {row["question"] for row in ranked if self.codebook.question(row["question"]).ranked_by}
        computed = {row["item"] for row in ranked if row["question"] not in summed}
        if computed:
            notes.setdefault(self.say("note_ranked", n=len(computed)))
        for question in dict.fromkeys(row["question"] for row in ranked if row["question"] in summed):
            names = [self.name(part) for part in self.codebook.question(question).ranked_by]
            notes.setdefault(self.say("note_ranked_by", questions=", ".join(names)))
        for text in self.marks(estimates):
            notes.setdefault(text)
        return list(notes)

    def marks(self, estimates: pd.DataFrame) -> list[str]:
        """Say what holds of numbers of whatever question: that they are weighted, or sample data."""
        found = rows(estimates)
        synthetic = any("s" in row["status"] or row["evidence"] == "synthetic" for row in found)
        legend = [self.say("synthetic_legend", sign=self.say("sample_sign"))] if synthetic else []
        return [*self._weights(found), *legend]

    def notes_of_question(self, question: str, *, year: int) -> list[str]:
        """Collect what a year's instrument says of a question, for any group, also where there is no number."""
        wave = self.waves.get(year)
        if wave is None:
            return []
        ids = [note for (name, _), asked in wave.instrument.items() if name == question for note in asked.notes]
        return [wave.notes[note][self.lang] for note in dict.fromkeys(ids)]

    def _notes_of(self, row: Mapping[str, Any], *, follows: bool) -> list[str]:
        year, group, question = row["year"], row["group"], row["question"]
        if year not in self.waves:
            return []
        wave = self.waves[year]
        derived = "e" in row["status"]
        ids: list[str] = []
        for (item, option, statistic, split), of_cell in self._known_cells(row).items():
            same = (item, option, statistic) == (row["item"], row["option"], row["statistic"])
            if split == _split(row) and (same or (derived and item in ("", row["item"]))):
                ids += of_cell
        asked = wave.instrument.get((question, group), Asked())
        if not asked.policy or follows:
            ids += asked.notes
        return [wave.notes[note][self.lang] for note in ids]

    def _changes_of_base(self, found: list[dict[str, Any]]) -> list[str]:
        """Say where a series breaks because others were asked than the year before."""
        bases: dict[tuple[str, str], dict[int, tuple[str, str]]] = {}
        for row in found:
            bases.setdefault((row["question"], row["group"]), {})[row["year"]] = (row["base"], row["status"])
        return [
            self.say(
                "note_other_base", year=year, base=self.base_label(own[year][0]), before=self.base_label(own[last][0])
            )
            for own in bases.values()
            for last, year in pairwise(sorted(own))
            if own[last][0] != own[year][0] and "b" in own[year][1]
        ]

    def _untold(self, found: list[dict[str, Any]]) -> list[str]:
        """Say that some in the base answered what is no option: counted shares of all options that add up to less."""
        told: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in found:
            entry = self.codebook.question(row["question"])
            if row["statistic"] == "share" and entry.options and row["evidence"] != "published" and row["option"]:
                key = (row["evidence"], row["year"], row["group"], row["question"], row["item"], _split(row))
                told.setdefault(key, []).append(row)
        rests = []
        for rows_of_cell in told.values():
            offered = {
                option for item, option, *_ in self._known_cells(rows_of_cell[0]) if item == rows_of_cell[0]["item"]
            }
            total = sum(row["estimate"] for row in rows_of_cell if row["option"] in offered)
            if offered <= {row["option"] for row in rows_of_cell} and total < 1 - LEAST_TOLD:
                rests.append(1 - total)
        return [self.say("note_untold", share=self.percent(max(rests)))] if rests else []

    def _weights(self, found: list[dict[str, Any]]) -> list[str]:
        """Say which groups were weighted, by what, and where the sizes are from."""
        told: dict[tuple[str, str], dict[tuple[str, int], None]] = {}
        for row in found:
            wave = self.waves.get(row["year"])
            if wave is None or "w" not in row["status"]:
                continue
            for group in wave.pools.get(row["group"], (row["group"],)):
                if group in wave.weights:
                    own = wave.weights[group]
                    names = ", ".join(map(self.margin, own.margins))
                    told.setdefault((names, own.source[self.lang]), {}).setdefault((group, row["year"]))
        return [
            self.say(
                "note_weighted",
                groups=", ".join(dict.fromkeys(self.group(group) for group, _ in of)),
                years=self.years(year for _, year in of),
                margins=margins,
                source=source.rstrip("."),
            )
            for (margins, source), of in told.items()
        ]

    def merges(self, estimates: pd.DataFrame) -> list[str]:
        """Say which items or options were added together to the rows of a frame."""
        found = rows(estimates)
        years: dict[tuple[str, str, tuple[str, ...]], list[int]] = {}
        bounded = {(row["question"], row["item"]) for row in found if row["estimate"] != row["estimate"]}
        for row in found:
            for way in self._way(row):
                whole = row[self.codebook.question(row["question"]).axis]
                years.setdefault((row["question"], whole, way), []).append(row["year"])
        texts = []
        for (question, whole, way), of_way in years.items():
            multi = self.codebook.question(question).axis == "item"
            label = self.item if multi else self.option
            parts = ", ".join(label(question, part) for part in way)
            alone = sum(key[:2] == (question, whole) for key in years) == 1
            key = "note_merged" if alone else "note_merged_years"
            texts.append(self.say(key, option=label(question, whole), options=parts, years=self.years(of_way)))
            if multi and (question, whole) in bounded:
                texts.append(self.say("note_bounds"))
        return texts

    def _known_cells(self, row: Mapping[str, Any]) -> Mapping[tuple[str, str, str, str], tuple[str, ...]]:
        return self.known.get((row["evidence"], row["year"], row["group"], row["question"]), {})

    def _way(self, row: Mapping[str, Any]) -> list[tuple[str, ...]]:
        """Find the parts that were added up to a row; none if its number is known itself."""
        if row["statistic"] != "share" or "e" not in row["status"]:
            return []
        question = self.codebook.question(row["question"])
        cells = self._known_cells(row)
        of_row = [cell for cell in cells if cell[2:] == ("share", _split(row))]
        ids = (
            {cell[0] for cell in of_row} if question.axis == "item" else {o for i, o, *_ in of_row if i == row["item"]}
        )
        if row[question.axis] in ids:
            return []
        ways = ways_of(question.tree)
        return [way for way in ways.get(row[question.axis], []) if all(covered(part, ids, ways) for part in way)][:1]

    def _entry(self, question: str, field: str, name: str) -> Entry:
        entries = self._entries.get((question, field), {})
        if name not in entries:
            self.codebook.question(question)
            raise unknown(f"{field[:-1]} of {question}", name, entries)
        return entries[name]

    @cached_property
    def _entries(self) -> dict[tuple[str, str], dict[str, Entry]]:
        return {
            (question.id, field): {entry.id: entry for entry in getattr(question, field)}
            for question in self.codebook.questions.values()
            for field in ("items", "options")
        }

    @cached_property
    def _special_bases(self) -> set[str]:
        return {base.id for base in self.codebook.bases.values() if not base.ordinary}

    def place(self, place: str) -> str:
        """Say where in a document a number stands."""
        kind, _, rest = place.partition(" ")
        if f"place_{kind}" not in self.codebook.words:
            return place
        number, _, more = rest.partition(" ")
        if kind != "text":
            text = self.say(f"place_{kind}", number=number)
            return f"{text} ({self.say('place_side_chart')})" if more else text
        return self.say("place_text", part=self.say(f"place_{number}", number=more))


def _ends(numbers: set[int]) -> tuple[int, ...]:
    return (min(numbers), max(numbers)) if len(numbers) > 1 else tuple(numbers)


def _split(row: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in row.items() if name not in COLUMNS)
