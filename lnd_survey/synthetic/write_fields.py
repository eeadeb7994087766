"""From answers to the columns of an export, before any tool has put its headings above them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from lnd_survey.answers import answer_columns
from lnd_survey.codebook import MISSING, Codebook, Entry, Question
from lnd_survey.crosswalk import GROUP, LANGUAGE, NONE, NOT_SELECTED, SELECTED
from lnd_survey.folding import folded
from lnd_survey.synthetic.write_form import Form

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Key = TypeVar("Key", str, int)
Cell = str | int | float | datetime

DONT_KNOW, REFUSED, NOT_ANSWERED = MISSING[:3]
UNSAID = frozenset(MISSING[2:])
"""Kinds of missing answers that a survey tool writes as an empty cell."""

_TARGET = {"selected": SELECTED, "not_selected": NOT_SELECTED, "none": NONE}

_ENGLISH = {
    "yes": "Yes",
    "no": "No",
    "none": "None of these",
    DONT_KNOW: "I don’t know",
    REFUSED: "I’d rather not say",
    NOT_ANSWERED: "No answer",
    "rank": "Rank",
}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "nl": {
        "yes": "Ja",
        "no": "Nee",
        "none": "Geen van deze",
        DONT_KNOW: "Ik weet het niet",
        REFUSED: "Zeg ik liever niet",
        NOT_ANSWERED: "Geen antwoord",
        "rank": "Rang",
    },
    "fr": {
        "yes": "Oui",
        "no": "Non",
        "none": "Aucune de ces réponses",
        DONT_KNOW: "Je ne sais pas",
        REFUSED: "Je préfère ne pas le dire",
        NOT_ANSWERED: "Sans réponse",
        "rank": "Rang",
    },
}


def word(name: str, language: str) -> str:
    """Give a word that the survey tool itself adds; in English where it does not know the language.

    Examples
    --------
    >>> word("yes", "fr"), word("yes", "de")
    ('Oui', 'Yes')
    """
    return _WORDS.get(language, _ENGLISH)[name]


@dataclass(frozen=True)
class Decision:
    """What `columns.csv` says of a column."""

    question: str = ""
    item: str = ""
    rank: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Field:
    """One column of an export.

    Attributes
    ----------
    question
        The question it belongs to; None for a column of the tool's own.
    number, sub
        Its place among the questions of the wave and within its question; 0 where the question has one column.
    key
        A short name: the question, and the item or rank after a full stop.
    text, part
        The question and the part of it as respondents read them.
    cells
        What stands in it, one entry per respondent; an empty string is an empty cell.
    decisions
        What it holds, or why it is dropped.
    labels, user_missing
        Value labels and user-missing codes, for files that carry them.
    heading
        Its headings, where they are the tool's own and so known already.
    """

    question: Question | None
    number: int
    sub: int
    key: str
    text: str
    part: str
    cells: Sequence[Cell]
    decisions: tuple[Decision, ...]
    labels: Mapping[int, str] = field(default_factory=dict)
    user_missing: tuple[int, ...] = ()
    heading: tuple[str, ...] = ()


@dataclass
class Values:
    """Collects the rows of `values.csv` while cells are written."""

    rows: dict[tuple[str, str, str, str], tuple[str, str]] = field(default_factory=dict)

    def add(self, *, question: str, item: str, language: str, value: Cell, option: str) -> None:
        """Note that a source value stands for an option; the same value may not stand for two."""
        if isinstance(value, float | datetime) or value == "":
            return
        key = (question, item, language, folded(str(value)))
        if self.rows.setdefault(key, (str(value), option))[1] != option:
            raise ValueError(f"{question} {item}: {value!r} would stand for {self.rows[key][1]!r} and {option!r}.")

    def update(self, other: Values) -> None:
        """Add all rows of another file."""
        for (question, item, language, _), (value, option) in other.rows.items():
            self.add(question=question, item=item, language=language, value=value, option=option)

    def table(self, codebook: Codebook, languages: Sequence[str]) -> list[dict[str, str]]:
        """Give the rows in the order of the codebook."""
        order = {name: place for place, name in enumerate(["", *codebook.groups, *codebook.languages])}
        places = {name: place for place, name in enumerate((GROUP, LANGUAGE, *codebook.questions))}

        def place(row: dict[str, str]) -> tuple[int, int, int, int]:
            question = codebook.questions.get(row["question"])
            items = question.item_ids if question else ()
            known = question.option_ids or items if question else tuple(order)
            known = (*known, SELECTED, NOT_SELECTED)
            return (
                places.get(row["question"], len(places)),
                ("", *items, row["item"]).index(row["item"]),
                ("", *languages, row["language"]).index(row["language"]),
                (*known, row["option"]).index(row["option"]),
            )

        rows = [
            {"question": question, "item": item, "language": language, "value": value, "option": option}
            for (question, item, language, _), (value, option) in self.rows.items()
        ]
        return sorted(rows, key=place)


def told_apart(labels: Mapping[Key, str]) -> dict[Key, str]:
    """Add a number to labels that would otherwise read the same.

    Examples
    --------
    >>> told_apart({"first": "Video", "second": "video", "third": "Podcast"})
    {'first': 'Video', 'second': 'video (2)', 'third': 'Podcast'}
    """
    seen: set[str] = set()
    found = {}
    for key, label in labels.items():
        own, number = label, 1
        while folded(own) in seen:
            number += 1
            own = f"{label} ({number})"
        seen.add(folded(own))
        found[key] = own
    return found


@dataclass
class Writer:
    """Turns the answers of one file into columns.

    Attributes
    ----------
    answers, codebook, form
        What is written and how.
    languages
        Languages of the whole wave.
    heading_language
        Language of headings, and of value labels in a file that carries them.
    group
        The group of the whole file, whose wording of questions is used; empty where there are several.
    values
        To which the rows of `values.csv` are added.
    """

    answers: pd.DataFrame
    codebook: Codebook
    form: Form
    languages: Sequence[str]
    heading_language: str
    group: str
    values: Values

    def fields(self, *, without: str = "") -> list[Field]:
        """Give the columns of all questions that somebody in the file was asked, but for one."""
        columns = {
            question.id: [name for name, _ in answer_columns(question) if name in self.answers]
            for question in self.codebook.questions.values()
        }
        found: list[Field] = []
        # Numbered among the questions of the wave, so that a question more in the codebook moves nothing.
        for number, name in enumerate([name for name in columns if columns[name]], start=1):
            asked = [column for column in columns[name] if self._asked(column)]
            if asked and name != without:
                found += self._fields_of(self.codebook.questions[name], number, asked)
        return found

    def constant(self, target: str, text: Callable[[str, str], Cell], labels: Mapping[int, str]) -> list[Cell]:
        """Write the group or the language of each respondent, under the name that `columns.csv` has for it."""
        return self._spelled(self.answers[target[1:]], text, target, "", labels=labels)

    def group_label(self, name: str, language: str) -> Cell:
        """Give the label of a group, or its code."""
        if self.form.coded:
            return self._code(list(self.codebook.groups).index(name) + 1)
        return told_apart({key: group.label[language] for key, group in self.codebook.groups.items()})[name]

    def _asked(self, name: str) -> bool:
        return not set(self.answers[name].astype(str).unique()) <= set(MISSING[4:])

    def _fields_of(self, question: Question, number: int, names: list[str]) -> list[Field]:
        items = {entry.id: entry for entry in question.items}
        asked = [items[name.partition(".")[2]] for name in names] if items else []
        if question.kind == "multi":
            joined = self.form.multi_in_cell()
            return self._joined(question, number, asked) if joined else self._ticks(question, number, asked)
        if question.kind == "ranking" and self.form.ranking_by_rank():
            return self._by_rank(question, number, asked)
        if question.kind == "single":
            labels = self._options(question)
            cells = self._spelled(self.answers[question.id], self._option(question), question.id, "", labels=labels)
            return [self._field(question, number, 0, "", "", cells, Decision(question.id), labels)]
        text = self._option(question) if question.options else self._number(question)
        labels = self._options(question) if question.options else self._numbers(question)
        return [
            self._field(
                question,
                number,
                question.item_ids.index(item.id) + 1,
                item.id,
                self._item_labels(question, self.heading_language)[item.id],
                self._spelled(self.answers[f"{question.id}.{item.id}"], text, question.id, "", labels=labels),
                Decision(question.id, item.id),
                labels,
            )
            for item in asked
        ]

    def _field(
        self,
        question: Question,
        number: int,
        sub: int,
        key: str,
        part: str,
        cells: Sequence[Cell],
        decision: Decision,
        labels: Mapping[int, str],
    ) -> Field:
        text = question.text_by_group.get(self.group, question.text)[self.heading_language]
        used = {cell for cell in cells if isinstance(cell, int)}
        base = self._missing_code(question, DONT_KNOW)
        return Field(
            question=question,
            number=number,
            sub=sub,
            key=f"{question.id}.{key}" if key else question.id,
            text=text,
            part=part,
            cells=cells,
            decisions=(decision,),
            labels=labels,
            user_missing=tuple(code for code in range(base, base + 3) if code in used or code in labels),
        )

    # --- Kinds of questions ------------------------------------------------------------------

    def _option(self, question: Question) -> Callable[[str, str], Cell]:
        """Give the text of an option of a single or grid question."""
        codes = {entry.id: place for place, entry in enumerate(question.options, start=1)}
        kinds = {entry.id: entry.missing for entry in question.options if entry.missing}
        replaced: dict[str, str] = {kind: option for option, kind in kinds.items()}
        labels = {language: self._labels(question.options, language) for language in self.languages}

        def text(answer: str, language: str) -> Cell:
            option = answer if answer in codes else replaced.get(answer, "")
            if self._carries_labels and option in kinds:
                return self._missing(question, kinds[option], language)
            if option:
                return self._code(codes[option]) if self.form.coded else labels[language][option]
            return self._missing(question, answer, language)

        return text

    def _options(self, question: Question) -> dict[int, str]:
        labels = self._labels(question.options, self.heading_language)
        listed = {place: labels[entry.id] for place, entry in enumerate(question.options, start=1) if not entry.missing}
        return told_apart(listed | self._missing_labels(question))

    def _number(self, question: Question) -> Callable[[str, str], Cell]:
        """Give a point of a scale or a rank."""
        decimal_comma = self.form.decimal == ","

        def text(answer: str, language: str) -> Cell:
            if answer in MISSING:
                return self._missing(question, answer, language)
            return float(answer) if decimal_comma else int(answer)

        return text

    def _numbers(self, question: Question) -> dict[int, str]:
        ends = question.scale
        listed = {}
        if ends is not None:
            listed = {
                ends.low: ends.low_label[self.heading_language],
                ends.high: ends.high_label[self.heading_language],
            }
        return told_apart(listed | self._missing_labels(question))

    def _by_rank(self, question: Question, number: int, asked: list[Entry]) -> list[Field]:
        columns = {item.id: self.answers[f"{question.id}.{item.id}"].astype(str).to_numpy() for item in asked}
        ranks = max(
            [len(asked), *(int(answer) for values in columns.values() for answer in set(values) - set(MISSING))]
        )
        found = []
        for rank in range(1, ranks + 1):
            at = self._nothing_said(columns)
            for item, answers in columns.items():
                at[answers == str(rank)] = item
            codes = {entry.id: place for place, entry in enumerate(question.items, start=1)}
            labels = {language: self._item_labels(question, language) for language in self.languages}

            def text(
                answer: str, language: str, codes: dict[str, int] = codes, labels: dict[str, dict[str, str]] = labels
            ) -> Cell:
                if answer in codes:
                    return self._code(codes[answer]) if self.form.coded else labels[language][answer]
                return self._missing(question, answer, language)

            known = dict(enumerate(self._item_labels(question, self.heading_language).values(), start=1))
            known = told_apart(known | self._missing_labels(question))
            found.append(
                self._field(
                    question,
                    number,
                    rank,
                    str(rank),
                    f"{word('rank', self.heading_language)} {rank}",
                    self._spelled(at, text, question.id, "", labels=known),
                    Decision(question.id, "", rank),
                    known,
                )
            )
        return found

    def _ticks(self, question: Question, number: int, asked: list[Entry]) -> list[Field]:
        import numpy as np

        columns = {item.id: self.answers[f"{question.id}.{item.id}"].astype(str).to_numpy() for item in asked}
        said = self._said(columns)
        found = []
        pseudo = [kind for kind in ("none", DONT_KNOW, REFUSED) if (said == kind).any()]
        pseudo = pseudo[:1] if self._carries_labels and "none" in pseudo else [] if self._carries_labels else pseudo
        titles = self._item_labels(question, self.heading_language)
        titles |= {kind: word(kind, self.heading_language) for kind in pseudo}
        for sub, item in enumerate((*question.item_ids, *pseudo), start=1):
            if item in columns:
                cells = columns[item].copy()
                others = ~((cells == "selected") | (cells == "not_selected") | (cells == MISSING[5]))
            elif item in pseudo:
                cells = said.copy()
                cells[said == item] = "selected"
                others = said != item
            else:
                continue
            shown = ("answered", "none") if self._carries_labels else ("answered", "none", DONT_KNOW, REFUSED)
            cells[others & np.isin(said, shown)] = "not_selected"
            target = item if item in columns else f"@{item}"
            text = self._tick(question, item, sub)
            labels = {1: word("yes", self.heading_language), 0: word("no", self.heading_language)}
            labels = told_apart(labels | self._missing_labels(question))
            found.append(
                self._field(
                    question,
                    number,
                    sub,
                    item,
                    titles[item],
                    self._spelled(cells, text, question.id, target, labels=labels, own=self.form.tick),
                    Decision(question.id, target),
                    labels,
                )
            )
        return found

    def _tick(self, question: Question, item: str, sub: int) -> Callable[[str, str], Cell]:
        style = self.form.tick

        def text(answer: str, language: str) -> Cell:
            if answer not in ("selected", "not_selected"):
                return self._missing(question, answer, language) if self._carries_labels else ""
            ticked = answer == "selected"
            if style == "word":
                return word("yes" if ticked else "no", language)
            if style == "letter":
                return "Y" if ticked else "N"
            if style == "number":
                return int(ticked)
            if not ticked:
                return ""
            if style == "mark":
                return 1
            if style == "code":
                return sub
            labels = self._item_labels(question, language)
            return labels[item] if item in labels else word(item, language)

        return text

    def _joined(self, question: Question, number: int, asked: list[Entry]) -> list[Field]:
        import numpy as np

        columns = {item.id: self.answers[f"{question.id}.{item.id}"].astype(str).to_numpy() for item in asked}
        said = self._said(columns)
        codes = {name: self._code(place) for place, name in enumerate(question.item_ids, start=1)}
        labels = {language: self._item_labels(question, language) for language in self.languages}
        cells: list[Cell] = []
        ticked = np.column_stack([answers == "selected" for answers in columns.values()])
        names = list(columns)
        for kind, language, row in zip(said, self._languages(), ticked, strict=True):
            chosen = [names[place] for place in np.flatnonzero(row)] or (
                [kind] if kind in (DONT_KNOW, REFUSED, "none") else []
            )
            texts = []
            for item in chosen:
                text = self._joined_text(item, language, codes, labels)
                same = len({self._joined_text(item, other, codes, labels) for other in self.languages}) == 1
                option = item if item in codes else f"@{item}"
                self.values.add(
                    question=question.id, item="", language="" if same else language, value=text, option=option
                )
                texts.append(text)
            cells.append(texts[0] if len(texts) == 1 else self.form.between.join(str(text) for text in texts))
        return [self._field(question, number, 0, "", "", cells, Decision(question.id), {})]

    def _joined_text(
        self, item: str, language: str, codes: Mapping[str, Cell], labels: Mapping[str, Mapping[str, str]]
    ) -> Cell:
        if item not in codes:
            return self.form.writable(word(item, language))
        return codes[item] if self.form.coded else self.form.writable(labels[language][item])

    # --- Texts -------------------------------------------------------------------------------

    @property
    def _carries_labels(self) -> bool:
        return self.form.format == "sav"

    def _code(self, place: int) -> Cell:
        prefix = self.form.habit.code
        return f"{prefix}{place}" if prefix else place

    def _labels(self, entries: Iterable[Entry], language: str) -> dict[str, str]:
        return told_apart({entry.id: entry.label[language] for entry in entries})

    def _item_labels(self, question: Question, language: str) -> dict[str, str]:
        return self._labels(question.items, language)

    def _missing(self, question: Question, kind: str, language: str) -> Cell:
        if self._carries_labels:
            return "" if kind not in (DONT_KNOW, REFUSED, NOT_ANSWERED) else self._missing_code(question, kind)
        return "" if kind in UNSAID or kind == "" else word(kind, language)

    def _missing_code(self, question: Question, kind: str) -> int:
        top = max([len(question.items), len(question.options), *question.numbers])
        return (97 if top < 97 else 10 ** len(str(top)) + 97) + (DONT_KNOW, REFUSED, NOT_ANSWERED).index(kind)

    def _missing_labels(self, question: Question) -> dict[int, str]:
        own: dict[str, str] = {
            entry.missing: entry.label[self.heading_language] for entry in question.options if entry.missing
        }
        return {
            self._missing_code(question, kind): own.get(kind) or word(kind, self.heading_language)
            for kind in (DONT_KNOW, REFUSED, NOT_ANSWERED)
        }

    def _languages(self) -> list[str]:
        return self.answers["language"].astype(str).tolist()

    def _said(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Say of each respondent's answer to a pick-n question: answered, none, or the kind of missing answer."""
        said = self._nothing_said(columns)
        for answers in columns.values():
            said[(answers == "not_selected") & (said != "answered")] = "none"
            said[answers == "selected"] = "answered"
        return said

    def _nothing_said(self, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """Give the kind of missing answer where no item has an answer, else an empty string."""
        import numpy as np

        said = np.full(len(self.answers), "", dtype=object)
        for answers in columns.values():
            missing = np.isin(answers, MISSING[:4]) & (said == "")
            said[missing] = answers[missing]
        for answers in columns.values():
            said[~np.isin(answers, MISSING)] = ""
        return said

    def _spelled(
        self,
        answers: pd.Series | np.ndarray,
        text: Callable[[str, str], Cell],
        question: str,
        item: str,
        *,
        labels: Mapping[int, str] | None = None,
        own: str = "",
    ) -> list[Cell]:
        """Write one column, each distinct answer once per language, and note its source values."""
        import pandas as pd

        kinds, known = pd.factorize(pd.Series(answers).astype(str))
        places, languages = pd.factorize(pd.Series(self._languages()))
        pairs = kinds * max(len(languages), 1) + places
        texts: dict[int, Cell] = {}
        for pair in dict.fromkeys(pairs.tolist()):
            answer, language = known[pair // len(languages)], languages[pair % len(languages)]
            cell = text(answer, language)
            texts[pair] = self.form.writable(cell) if isinstance(cell, str) else cell
            if answer == "" or cell == "":
                continue
            same = len({text(answer, other) for other in self.languages}) == 1
            value = texts[pair]
            if self.form.format == "sav" and self.form.values == "labels" and isinstance(value, int):
                value = (labels or {}).get(value, value)
            self._note(question, item, own, "" if same else language, answer, value)
        return [texts[pair] for pair in pairs.tolist()]

    def _note(self, question: str, item: str, own: str, language: str, answer: str, cell: Cell) -> None:
        known = self.codebook.questions.get(question)
        option = answer
        if known is not None:
            ids = (*known.option_ids, *(known.item_ids if known.kind == "ranking" else ()))
            if answer in _TARGET:
                option = _TARGET[answer]
            elif answer in MISSING and answer not in ids:
                replaced = [entry.id for entry in known.options if entry.missing == answer]
                option = replaced[0] if replaced else f"@{answer}"
            elif known.numbers and answer not in ids and not isinstance(cell, str):
                return
        self.values.add(
            question=question,
            item=item if own in ("label", "code") else "",
            language=language,
            value=cell,
            option=option,
        )
