"""The codebook: what the survey asks, of whom and in which words, all years together.

Frozen models read from the YAML files of `data/codebook`. An unknown key, an id that stands twice, a text
that is missing in a language or a parent that is not named is an error with file and line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from lnd_survey.errors import DataError, Problem, choices, shown_path, unknown
from lnd_survey.strict_yaml import Lines, read_yaml

Key = TypeVar("Key", str, int)
Value = TypeVar("Value")

MISSING = ("dont_know", "refused", "not_answered", "not_routed", "not_asked", "not_offered")
"""Why an answer is empty."""

NON_SUBSTANTIVE = MISSING[:2]
"""The kinds that are answers in a sense: who gives them did answer, and a question may offer them as options."""

LARGEST = 100
"""How many steps a scale, options a question and items a list may have: answers are kept in one byte each."""

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Whole = Annotated[int, Strict(), Field(ge=0)]
Flag = Annotated[bool, Strict()]


def _all_languages(text: dict[str, str], info: ValidationInfo) -> Mapping[str, str]:
    languages = (info.context or {}).get("languages", ())
    missing = [language for language in languages if not text.get(language, "").strip()]
    extra = [language for language in text if language not in languages]
    if missing:
        raise ValueError(f"text is missing in {', '.join(missing)}")
    if extra:
        raise ValueError(f"{', '.join(extra)}: not a language of the survey")
    return MappingProxyType(text)


Text = Annotated[dict[str, str], AfterValidator(_all_languages)]
"""A text for people: one string per language."""


class Model(BaseModel):
    """Base of all that is read from YAML: frozen, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Language(Model):
    """A language of the survey and how it writes numbers."""

    id: Id
    name: str
    decimal: Literal[",", "."]
    percent: str


class Group(Model):
    """A kind of respondent with its own questionnaire."""

    id: Id
    label: Text
    description: Text
    colour: Annotated[str, StringConstraints(pattern=r"^#[0-9a-f]{6}$")]
    marker: str
    pooled: Flag = False


class Base(Model):
    """Who could answer a question; the ordinary one holds where a question names none."""

    id: Id
    label: Text
    ordinary: Flag = False


class Document(Model):
    """A publication in which numbers are printed."""

    id: Id
    label: Text
    title: Text


class Entry(Model):
    """An item or option of a question, possibly a part of a wider one."""

    id: Id
    label: Text
    parent: Id | None = None
    split: str = ""
    valence: Literal[-1, 0, 1] | None = None
    missing: Literal["dont_know", "refused"] | None = None


class Scale(Model):
    """The ends of a numeric answer scale."""

    low: Annotated[int, Strict()]
    high: Annotated[int, Strict()]
    low_label: Text
    high_label: Text

    @model_validator(mode="after")
    def _low_before_high(self) -> Scale:
        if self.low >= self.high:
            raise ValueError(f"low {self.low} is not below high {self.high}")
        if self.high - self.low > LARGEST:
            raise ValueError(f"more than {LARGEST} steps from {self.low} to {self.high}")
        return self


Level = Literal["high", "medium", "low"]


class Comparability(Model):
    """How far two groups were asked the same."""

    question: Level
    options: Level
    universe: Level


class Question(Model):
    """One concept that is asked about, over all years and groups.

    A question with `counts` or `ranked_by` is not asked but computed: the first counts who answered the survey, the
    second ranks its items by the sum of their shares in other questions, down to `ranked_first`.
    """

    id: Id
    kind: Literal["single", "multi", "scale", "ranking", "grid", "count"]
    name: Text
    text: Text
    ordered: Flag = False
    text_by_group: dict[str, Text] = {}
    base: str = ""
    max_choices: Annotated[Whole, Field(ge=1)] | None = None
    scale: Scale | None = None
    items: tuple[Entry, ...] = ()
    options: tuple[Entry, ...] = ()
    items_of: str | None = None
    options_of: str | None = None
    comparability: Comparability | None = None
    counts: Literal["respondents"] | None = None
    ranked_by: tuple[str, ...] = ()
    ranked_first: Annotated[Whole, Field(ge=1)] | None = None

    @property
    def axis(self) -> Literal["item", "option"]:
        """What shares are merged along: the items of a pick-n question, the options of any other."""
        return "item" if self.kind == "multi" else "option"

    @property
    def tree(self) -> tuple[Entry, ...]:
        """The entries of that axis, which form a tree."""
        return self.items if self.axis == "item" else self.options

    @property
    def leaves(self) -> tuple[str, ...]:
        """Ids of the entries of that axis that are not divided further."""
        parents = {entry.parent for entry in self.tree}
        return tuple(entry.id for entry in self.tree if entry.id not in parents)

    @property
    def numbers(self) -> range:
        """The numbers that an answer can be: points of a scale, ranks of a ranking; none for other kinds."""
        if self.scale is not None:
            return range(self.scale.low, self.scale.high + 1)
        return range(1, len(self.items) + 1) if self.kind == "ranking" else range(0)

    @cached_property
    def item_ids(self) -> tuple[str, ...]:
        """Ids of the items in codebook order."""
        return tuple(entry.id for entry in self.items)

    @cached_property
    def option_ids(self) -> tuple[str, ...]:
        """Ids of the options in codebook order."""
        return tuple(entry.id for entry in self.options)


class Chapter(Model):
    """A chapter of the report."""

    number: Whole
    id: Id
    title: Text
    intro: Text


class Figure(Model):
    """A figure of the report: its number, its chapter and the questions it shows."""

    id: Id
    number: Whole
    chapter: Whole
    questions: tuple[str, ...]
    title: Text


class ConceptRow(Model):
    """A row of a concept table."""

    label: Text
    cells: tuple[Text, ...]


class Concept(Model):
    """A model from the literature, told in a table of words."""

    id: Id
    title: Text
    source: Text
    columns: tuple[Text, ...]
    rows: tuple[ConceptRow, ...]


_SECTIONS: dict[str, type[Model]] = {
    "languages": Language,
    "groups": Group,
    "bases": Base,
    "documents": Document,
    "questions": Question,
    "chapters": Chapter,
    "figures": Figure,
    "concepts": Concept,
}


class _Word(Model):
    text: Text


@dataclass(frozen=True)
class Codebook:
    """All that the survey knows about itself; each field maps ids to entries in the order of the files.

    Attributes
    ----------
    languages, groups, bases, documents, questions, figures, concepts
        Entries by id.
    chapters
        Chapters by number.
    words
        Generic words and sentence templates of charts and pages, by id.
    """

    languages: Mapping[str, Language]
    groups: Mapping[str, Group]
    bases: Mapping[str, Base]
    documents: Mapping[str, Document]
    questions: Mapping[str, Question]
    chapters: Mapping[int, Chapter]
    figures: Mapping[str, Figure]
    concepts: Mapping[str, Concept]
    words: Mapping[str, Mapping[str, str]]

    def question(self, question: str) -> Question:
        """Return a question, or say which ones there are."""
        return _named("question", question, self.questions)

    def group(self, group: str) -> Group:
        """Return a group, or say which ones there are."""
        return _named("group", group, self.groups)

    def language(self, language: str) -> Language:
        """Return a language, or say which ones there are."""
        return _named("language", language, self.languages)

    def chapter(self, number: int) -> Chapter:
        """Return a chapter, or say which ones there are."""
        return _named("chapter", number, self.chapters)

    def figure(self, figure: str) -> Figure:
        """Return a figure, or say which ones there are."""
        return _named("figure", figure, self.figures)

    def concept(self, concept: str) -> Concept:
        """Return a concept, or say which ones there are."""
        return _named("concept", concept, self.concepts)


def _named(kind: str, name: Key, entries: Mapping[Key, Value]) -> Value:
    if name not in entries:
        raise unknown(kind, name, entries)
    return entries[name]


@dataclass(frozen=True)
class _Source:
    file: str
    lines: Lines

    def problem(self, what: str, place: tuple[str | int, ...], remedy: str = "") -> Problem:
        known = next((place[:end] for end in range(len(place), -1, -1) if place[:end] in self.lines), ())
        return Problem(what, file=self.file, row=self.lines.get(known), remedy=remedy)


def validated(
    model: type[Model],
    value: Any,
    place: tuple[str | int, ...],
    lines: Lines,
    path: Path,
    problems: list[Problem],
    languages: tuple[str, ...],
) -> Any:
    """Read a YAML value as a model; None, with all its problems noted, where it is not one."""
    source = _Source(shown_path(path), lines)
    try:
        return model.model_validate(value, context={"languages": languages})
    except ValidationError as error:
        for found in error.errors():
            where = (*place, *found["loc"])
            name = ".".join(str(part) for part in where) or path.name
            allowed = choices(model.model_fields, near=found["loc"][-1]) if found["type"] == "extra_forbidden" else ""
            problems.append(source.problem(f"{name}: {_plain(found)}", where, allowed))
        return None


def _plain(found: Any) -> str:
    if found["type"] == "extra_forbidden":
        return "unknown key"
    if found["type"] == "value_error":
        return str(found["ctx"]["error"])
    if found["type"] in ("model_type", "dict_type"):
        return f"must be a map of keys and values (found {found['input']!r})"
    if found["type"] in ("tuple_type", "list_type"):
        return f"must be a list (found {found['input']!r})"
    given = "" if found["type"] == "missing" else f" (found {found['input']!r})"
    return found["msg"][0].lower() + found["msg"][1:] + given


def read_codebook(folder: Path) -> Codebook:
    """Read all YAML files of a folder as one codebook.

    Parameters
    ----------
    folder
        Usually `data/codebook`.

    Returns
    -------
    Codebook

    Raises
    ------
    DataError
        With all problems of all files.
    """
    problems: list[Problem] = []
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise DataError(Problem("has no .yml files", file=shown_path(folder)))
    problems += [
        Problem("is not read", file=shown_path(path), remedy="Name it .yml.") for path in sorted(folder.glob("*.yaml"))
    ]
    contents = [(path, *read_yaml(path, problems)) for path in files]
    languages = tuple(
        str(entry["id"])
        for _, value, _ in contents
        if isinstance(value, dict) and isinstance(value.get("languages"), list)
        for entry in value["languages"]
        if isinstance(entry, dict) and "id" in entry
    )
    found: dict[str, dict[Any, Any]] = {section: {} for section in (*_SECTIONS, "words")}
    places: dict[tuple[str, Any], tuple[_Source, tuple[str | int, ...]]] = {}

    def keep(section: str, key: Any, entry: Any, source: _Source, place: tuple[str | int, ...]) -> None:
        if key in found[section]:
            first, first_place = places[section, key]
            at = f"{first.file}, row {first.lines.get(first_place)}"
            problems.append(source.problem(f"{key!r} stands twice in {section} (first in {at})", place))
        else:
            found[section][key] = entry
            places[section, key] = (source, place)

    for path, value, lines in contents:
        source = _Source(shown_path(path), lines)
        if not isinstance(value, dict):
            if value is not None:
                problems.append(source.problem("must be a mapping of sections", ()))
            continue
        for section, entries in value.items():
            if entries is None:
                continue
            if section == "words" and isinstance(entries, dict):
                for key, text in entries.items():
                    place = (section, key)
                    word = validated(_Word, {"text": text}, place, lines, path, problems, languages)
                    if word:
                        keep(section, key, word.text, source, place)
                        for problem in _placeholder_problems(word.text):
                            problems.append(source.problem(f"{key}: {problem}", place))
            elif section in _SECTIONS and isinstance(entries, list):
                model = _SECTIONS[section]
                for index, item in enumerate(entries):
                    entry = validated(model, item, (section, index), lines, path, problems, languages)
                    if entry:
                        key = entry.number if section == "chapters" else entry.id
                        keep(section, key, entry, source, (section, index))
            else:
                known = [*_SECTIONS, "words"]
                if section in known:
                    what = f"section {section!r} must be a {'map' if section == 'words' else 'list'}"
                    problems.append(source.problem(what, (section,)))
                else:
                    remedy = choices(known, near=section)
                    problems.append(source.problem(f"section {section!r} is not known", (section,), remedy))
    if not problems:
        _check_references(found, places, problems)
    if problems:
        raise DataError(problems)
    return Codebook(**{section: MappingProxyType(entries) for section, entries in found.items()})


def _check_references(found: dict[str, dict[Any, Any]], places: Any, problems: list[Problem]) -> None:
    questions = found["questions"]

    def wrong(section: str, key: Any, what: str, remedy: str = "") -> None:
        source, place = places[section, key]
        problems.append(source.problem(f"{key}: {what}", place, remedy))

    def known(section: str, key: Any, kind: str, name: str, names: Any) -> bool:
        if name not in names:
            wrong(section, key, f"{kind} {name!r} is not known", choices(names, near=name))
        return name in names

    ordinary = [base.id for base in found["bases"].values() if base.ordinary]
    if questions and len(ordinary) != 1:
        what = f"{len(ordinary)} bases are ordinary"
        wrong("questions", next(iter(questions)), what, "Mark one of the bases with ordinary: true.")
    as_written = dict(questions)
    for key, question in as_written.items():
        update: dict[str, Any] = {} if question.base else {"base": "".join(ordinary[:1])}
        for field, other in (("items", question.items_of), ("options", question.options_of)):
            if other is None:
                continue
            if getattr(question, field):
                wrong("questions", key, f"has both {field} and {field}_of", "Keep one of them.")
            elif known("questions", key, "question", other, questions):
                update[field] = getattr(as_written[other], field)
                if not update[field]:
                    wrong("questions", key, f"{other} has no {field} of its own", "Name the question that has them.")
        question = questions[key] = question.model_copy(update=update)
        for field, kinds in (
            ("items", ("multi", "ranking", "scale", "grid")),
            ("options", ("single", "grid")),
        ):
            entries = getattr(question, field)
            if (question.kind in kinds) != bool(entries):
                wrong("questions", key, f"kind {question.kind} {'needs' if not entries else 'has no'} {field}")
            if len(entries) > LARGEST:
                wrong("questions", key, f"has {len(entries)} {field}", f"At most {LARGEST} are allowed.")
            for problem in _tree_problems(entries):
                wrong("questions", key, problem)
        if question.kind == "scale" and question.scale is None:
            wrong("questions", key, "kind scale needs scale")
        if question.base:
            known("questions", key, "base", question.base, found["bases"])
        for group in question.text_by_group:
            known("questions", key, "group", group, found["groups"])
        for other in question.ranked_by:
            known("questions", key, "question", other, questions)
        for entry in (*question.items, *question.options):
            if entry.id in MISSING and entry.missing != entry.id:
                wrong("questions", key, f"{entry.id!r} is the name of a missing kind", "Choose another id.")
    for key, figure in found["figures"].items():
        known("figures", key, "chapter", figure.chapter, found["chapters"])
        for name in figure.questions:
            known("figures", key, "question", name, questions)
    for key, concept in found["concepts"].items():
        if any(len(row.cells) != len(concept.columns) for row in concept.rows):
            wrong("concepts", key, f"every row needs {len(concept.columns)} cells")


def _placeholder_problems(text: Mapping[str, str]) -> list[str]:
    """Find texts that ask for other values than the first language does, or are no templates."""
    try:
        names = {lang: {name for _, name, *_ in Formatter().parse(value) if name} for lang, value in text.items()}
    except ValueError as error:
        return [f"not a template: {error}"]
    first = next(iter(names))
    return [
        f"{lang} has {sorted(own)} in braces, {first} has {sorted(names[first])}"
        for lang, own in names.items()
        if own != names[first]
    ]


def _tree_problems(entries: tuple[Entry, ...]) -> list[str]:
    ids = [entry.id for entry in entries]
    problems = [f"{name!r} stands twice" for name in dict.fromkeys(ids) if ids.count(name) > 1]
    parents = {entry.id: entry.parent for entry in entries}
    for entry in entries:
        if entry.parent is None:
            continue
        if entry.parent not in parents:
            problems.append(f"parent {entry.parent!r} of {entry.id!r} is not named. {choices(ids, near=entry.parent)}")
            continue
        seen: set[str | None] = {entry.id}
        above: str | None = entry.parent
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above is not None:
            problems.append(f"{entry.id!r} is its own ancestor")
    return problems
