"""One year's folder: who was asked what and when, with which limits, where series break, which exports there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Protocol

from pydantic import Field

from lnd_survey.codebook import Codebook, Entry, Flag, Id, Model, Question, Text, Whole, validated
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.readers import ExportFile
from lnd_survey.strict_csv import Row, read_csv, whole
from lnd_survey.strict_yaml import Lines, read_yaml
from lnd_survey.trees import parts_of, ways_of

_INSTRUMENT = ("question", "group", "base", "max_choices", "limit_enforced", "break", "policy", "note")
_INSTRUMENT_OPTIONAL = ("offered", "items", "asked_if")
Size = Annotated[float, Field(gt=0, allow_inf_nan=False)]
"""How much of a population a level is: a number, a share or a percentage."""

_POLICY_OF_BREAK = {"": ("", "join"), "b": ("cut",), "d": ("join_with_note", "join")}


class WaveGroup(Model):
    """A group asked in a wave and, where known, how many answered."""

    id: Id
    n: Whole | None = None
    pools: tuple[Id, ...] = ()


class Exclude(Model):
    """Which responses do not count; whoever is left out is counted in the log."""

    duplicates: Literal["first", "last"] | None = None
    across_files: Flag | None = None
    test_entries: Flag = False
    completeness: Annotated[float, Field(gt=0, le=1)] | None = None


class Exports(Model):
    """The exports of a wave: which kind of evidence they are, the files, and which responses do not count."""

    evidence: Literal["survey", "synthetic"]
    files: Annotated[tuple[ExportFile, ...], Field(min_length=1)]
    exclude: Exclude = Exclude()


class _Weights(Model):
    """How one group is weighted."""

    group: Id
    source: Text
    margins: Annotated[dict[Id, Annotated[dict[Id, Size], Field(min_length=2)]], Field(min_length=1)]
    trim: Annotated[float, Field(gt=1)] | None = None


class _WaveFile(Model):
    year: Whole
    evidence: Literal["survey", "published", "synthetic"]
    field_period: Text | None = None
    languages: tuple[str, ...] = ()
    groups: tuple[WaveGroup, ...]
    notes: dict[Id, Text] = Field(default_factory=dict)
    exports: Exports | None = None
    weights: tuple[_Weights, ...] = ()


@dataclass(frozen=True)
class Weighting:
    """How the respondents of a group are weighted.

    Attributes
    ----------
    margins
        For each margin, which is a single-choice question or the language, how much of the population each level is.
    trim
        No weight above this multiple of the mean; None: weights stay as they are raked.
    source
        Where the margins are from, per language.
    row
        Where it stands in `wave.yml`.
    """

    margins: Mapping[str, Mapping[str, float]]
    trim: float | None
    source: Mapping[str, str]
    row: int | None


@dataclass(frozen=True)
class Asked:
    """How one question was put to one group in one wave.

    Attributes
    ----------
    base, max_choices, limit_enforced
        Who was asked, how many answers were allowed and whether the survey held to it.
    flag, policy, notes
        A break with earlier years, what it does to the series, and why.
    offered
        The options of a single or grid question, the items of any other; None: all that are not divided further.
    items
        The items of a grid; None: all.
    asked_if
        Routing: a question, and the options of it with which one was asked this question.
    """

    base: str = ""
    max_choices: int | None = None
    limit_enforced: bool | None = None
    flag: str = ""
    policy: str = ""
    notes: tuple[str, ...] = ()
    offered: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    asked_if: tuple[str, tuple[str, ...]] | None = None

    def options_of(self, question: Question) -> tuple[str, ...]:
        """Ids of the options that were offered; none where a question has no options."""
        if not question.options:
            return ()
        return question.leaves if self.offered is None else self.offered

    def items_of(self, question: Question) -> tuple[str, ...]:
        """Ids of the items that were offered; none where a question has no items."""
        if question.options:
            return question.item_ids if self.items is None else self.items
        if self.offered is not None:
            return self.offered
        return question.leaves if question.kind == "multi" else question.item_ids


@dataclass(frozen=True)
class Wave:
    """What is particular to one year.

    Attributes
    ----------
    year, evidence, folder
        Edition, kind of evidence and where it lies.
    field_period
        When the answers were collected, per language; None where not known.
    languages
        Languages of the questionnaire; empty where not known.
    groups
        n of each group asked; None where not printed.
    pools
        The groups that a pooled group has together, each respondent counting once.
    notes
        Footnotes by id, per language.
    instrument
        How questions were asked, by (question, group); where there are exports, all that was asked.
    exports
        The files as a survey tool delivered them; None where the year is only published.
    weights
        How respondents are weighted, for each group that is; groups without are not.
    """

    year: int
    evidence: str
    folder: Path
    field_period: Mapping[str, str] | None
    languages: tuple[str, ...]
    groups: Mapping[str, int | None]
    pools: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, Mapping[str, str]]
    instrument: Mapping[tuple[str, str], Asked]
    exports: Exports | None
    weights: Mapping[str, Weighting]

    def groups_asked(self, question: str) -> list[str]:
        """Ids of the groups that the instrument says were asked a question, those pooled left out."""
        return [group for group in self.groups if (question, group) in self.instrument and group not in self.pools]


def read_wave(folder: Path, codebook: Codebook, problems: list[Problem]) -> Wave | None:
    """Read `wave.yml` and `instrument.csv` of one year's folder.

    Parameters
    ----------
    folder
        `data/raw/<year>`.
    codebook
        What the names in the files must be found in.
    problems
        List to which what is wrong is added.

    Returns
    -------
    Wave or None
        None where `wave.yml` cannot be read.
    """
    path = folder / "wave.yml"
    if not path.exists():
        problems.append(Problem("has no wave.yml", file=shown_path(folder), remedy="Say in it who was asked."))
        return None
    value, lines = read_yaml(path, problems)
    wave = validated(_WaveFile, value, (), lines, path, problems, tuple(codebook.languages))
    if wave is None:
        return None
    file = shown_path(path)
    if str(wave.year) != folder.name:
        what = f"year {wave.year} stands in folder {folder.name!r}"
        problems.append(Problem(what, file=file, row=lines.get(("year",))))
    for section, names, known in (
        ("groups", [group.id for group in wave.groups], codebook.groups),
        ("languages", list(wave.languages), codebook.languages),
    ):
        for index, name in enumerate(names):
            row, kind = lines.get((section, index)), section.removesuffix("s")
            if name not in known:
                remedy = choices(known, near=name)
                problems.append(Problem(f"{kind} {name!r} is not known", file=file, row=row, remedy=remedy))
            elif name in names[:index]:
                problems.append(Problem(f"{kind} {name!r} stands twice", file=file, row=row, remedy="Keep one."))
    _check_pools(wave, codebook, lines, file, problems)
    if wave.exports is not None:
        _check_exports(wave.exports, wave, lines, file, problems)
    if wave.evidence != "published" and (wave.exports is None or wave.exports.evidence != wave.evidence):
        exports = "there are no exports" if wave.exports is None else f"the exports are {wave.exports.evidence}"
        remedy = "Write published, or the evidence of the exports."
        what = f"evidence is {wave.evidence}, but {exports}"
        problems.append(Problem(what, file=file, row=lines.get(("evidence",)), remedy=remedy))
    if wave.evidence == "published" and not (folder / "published.csv").exists():
        problems.append(Problem("has no published.csv", file=shown_path(folder), remedy=_missing(folder)))
    instrument = _read_instrument(folder / "instrument.csv", wave, codebook, problems)
    _check_weights(wave, instrument, codebook, lines, file, problems)
    return Wave(
        year=wave.year,
        evidence=wave.evidence,
        folder=folder,
        field_period=wave.field_period,
        languages=wave.languages,
        groups=MappingProxyType({group.id: group.n for group in wave.groups}),
        pools=MappingProxyType({group.id: group.pools for group in wave.groups if group.pools}),
        notes=MappingProxyType(wave.notes),
        instrument=MappingProxyType(instrument),
        exports=wave.exports,
        weights=MappingProxyType(
            {
                own.group: Weighting(own.margins, own.trim, own.source, lines.get(("weights", index)))
                for index, own in enumerate(wave.weights)
            }
        ),
    )


def _check_pools(wave: _WaveFile, codebook: Codebook, lines: Lines, file: str, problems: list[Problem]) -> None:
    pooled = {name for name, group in codebook.groups.items() if group.pooled}
    single = [group.id for group in wave.groups if group.id not in pooled]
    for index, group in enumerate(wave.groups):
        row = lines.get(("groups", index))
        if group.pools and group.id not in pooled:
            remedy = "Mark the group with pooled: true in the codebook."
            problems.append(Problem(f"{group.id!r} is not a pooled group", file=file, row=row, remedy=remedy))
        for name in group.pools:
            if name not in single:
                remedy = choices(single, near=name)
                problems.append(Problem(f"{group.id} cannot pool {name!r}", file=file, row=row, remedy=remedy))


def _check_exports(exports: Exports, wave: _WaveFile, lines: Lines, file: str, problems: list[Problem]) -> None:
    groups = [group.id for group in wave.groups if not group.pools]
    names = [export.name for export in exports.files]
    for index, export in enumerate(exports.files):
        row = lines.get(("exports", "files", index))
        if export.name in names[:index]:
            problems.append(Problem(f"file {export.name!r} stands twice", file=file, row=row, remedy="Keep one."))
        for kind, name, known in (("group", export.group, groups), ("language", export.language, wave.languages)):
            if name and name not in known:
                what = f"{kind} {name!r} is not a {kind} of this wave"
                problems.append(Problem(what, file=file, row=row, remedy=choices(known, near=name)))


def _check_weights(
    wave: _WaveFile,
    instrument: Mapping[tuple[str, str], Asked],
    codebook: Codebook,
    lines: Lines,
    file: str,
    problems: list[Problem],
) -> None:
    groups = [group.id for group in wave.groups if not group.pools]
    named = [own.group for own in wave.weights]

    def wrong(what: str, remedy: str, *place: str | int) -> None:
        problems.append(Problem(what, file=file, row=lines.get(("weights", *place)), remedy=remedy))

    if wave.weights and wave.exports is None:
        wrong("there are weights, but no exports", "Only answers of respondents can be weighted.")
        return
    for index, own in enumerate(wave.weights):
        if own.group not in groups:
            wrong(f"weights: {own.group!r} is not a group of this wave", choices(groups, near=own.group), index)
        elif own.group in named[:index]:
            wrong(f"weights of {own.group!r} stand twice", "Keep one.", index)
        single = [
            name
            for name, question in codebook.questions.items()
            if question.kind == "single" and (name, own.group) in instrument
        ]
        for margin, sizes in own.margins.items():
            place = index, "margins", margin
            levels: dict[str, tuple[str, ...]]
            if margin == "language":
                levels = {name: (name,) for name in wave.languages}
            elif margin in single:
                options = codebook.questions[margin].options
                levels = {name: parts for name, parts in parts_of(options).items() if name not in _missing_of(options)}
            else:
                known = choices(["language", *single], near=margin)
                wrong(f"{own.group} was not asked a single-choice question {margin!r}", known, *place)
                continue
            for level in sizes:
                if level not in levels:
                    wrong(f"{level!r} is not a level of {margin}", choices(levels, near=level), *place, level)
            inside = [part for level in sizes for part in levels.get(level, ())]
            for part in sorted({part for part in inside if inside.count(part) > 1}):
                wrong(f"{part!r} of {margin} belongs to two levels", "Keep one of them.", *place)


def _missing_of(options: Iterable[Entry]) -> set[str]:
    return {entry.id for entry in options if entry.missing}


def _missing(folder: Path) -> str:
    there = ", ".join(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))
    return f"Its evidence is published, so its numbers must be there. In the folder: {there}."


def _read_instrument(
    path: Path, wave: _WaveFile, codebook: Codebook, problems: list[Problem]
) -> dict[tuple[str, str], Asked]:
    asked: dict[tuple[str, str], Asked] = {}
    routed: list[tuple[int, str, str, str]] = []
    if not path.exists():
        return asked
    file = shown_path(path)
    groups = [group.id for group in wave.groups]
    for row in read_csv(path, problems, columns=_INSTRUMENT, optional=_INSTRUMENT_OPTIONAL):

        def wrong(column: str, what: str, remedy: str = "", line: int = row.line) -> None:
            problems.append(Problem(what, file=file, row=line, column=column, remedy=remedy))

        checks = [("question", codebook.questions), ("group", groups)]
        checks += [("base", codebook.bases)] if row["base"] else []
        for column, known in checks:
            if row[column] not in known:
                wrong(column, f"{row[column]!r} is not known", choices(known, near=row[column]))
        for note in row["note"].split():
            if note not in wave.notes:
                wrong("note", f"{note!r} is not a note of wave.yml", choices(wave.notes, near=note))
        if row["max_choices"] and whole(row["max_choices"]) is None:
            wrong("max_choices", f"{row['max_choices']!r} is not a whole number")
        if row["limit_enforced"] not in ("", "yes", "no"):
            wrong(
                "limit_enforced",
                f"{row['limit_enforced']!r} is not allowed",
                choices(["yes", "no", "(empty)"]),
            )
        if row["break"] not in _POLICY_OF_BREAK:
            wrong("break", f"{row['break']!r} is not a break flag", choices(["b", "d", "(empty)"]))
        elif row["policy"] not in _POLICY_OF_BREAK[row["break"]]:
            allowed = [policy or "(empty)" for policy in _POLICY_OF_BREAK[row["break"]]]
            wrong("policy", f"{row['policy']!r} does not go with break {row['break']!r}", choices(allowed))
        if row["break"] and not row["note"]:
            wrong("note", "a break without a reason", "Name a note of wave.yml that says why.")
        question = codebook.questions.get(row["question"])
        routing = _routing(row["asked_if"], codebook, wrong)
        if question is not None:
            _check_offered(row, question, wrong, closed=wave.exports is not None)
        key = (row["question"], row["group"])
        if key in asked:
            wrong("question", f"{row['question']!r} of {row['group']!r} stands twice", "Keep one row.")
        asked[key] = Asked(
            base=row["base"],
            max_choices=whole(row["max_choices"]),
            limit_enforced={"yes": True, "no": False}.get(row["limit_enforced"]),
            flag="" if row["policy"] == "join" else row["break"],
            policy=row["policy"],
            notes=tuple(row["note"].split()),
            offered=tuple(row["offered"].split()) or None,
            items=tuple(row["items"].split()) or None,
            asked_if=routing,
        )
        if routing is not None:
            routed.append((row.line, row["question"], row["group"], routing[0]))
    for line, name, group, gate in routed:
        if (gate, group) not in asked:
            what = f"whether {group} was asked {name} goes by {gate}, which {group} was not asked"
            remedy = f"Give {gate} a row for {group}, or empty asked_if."
            problems.append(Problem(what, file=file, row=line, column="asked_if", remedy=remedy))
    return asked


class _Wrong(Protocol):
    """Adds a problem of one row of a table."""

    def __call__(self, column: str, what: str, remedy: str = "") -> None:
        """Add it."""


def _routing(text: str, codebook: Codebook, wrong: _Wrong) -> tuple[str, tuple[str, ...]] | None:
    if not text:
        return None
    name, _, options = text.partition("=")
    question = codebook.questions.get(name.strip())
    if question is None:
        wrong("asked_if", f"question {name.strip()!r} is not known", choices(codebook.questions, near=name.strip()))
        return None
    if question.kind != "single":
        wrong(
            "asked_if", f"{question.id} is of kind {question.kind}", "Only a single question can decide who is asked."
        )
        return None
    wanted = tuple(option.strip() for option in options.split("|"))
    for option in wanted:
        if option not in question.option_ids:
            remedy = choices(question.option_ids, near=option) + f" Write {question.id}=option|option."
            wrong("asked_if", f"{option!r} is not an option of {question.id}", remedy)
    return question.id, wanted


def _check_offered(row: Row, question: Question, wrong: _Wrong, *, closed: bool) -> None:
    entries = question.options or question.items
    named = {"offered": [entry.id for entry in entries], "items": question.item_ids if question.options else ()}
    for column, known in named.items():
        ids = row[column].split()
        for name in ids:
            if name not in known:
                wrong(column, f"{name!r} is not known of {question.id}", choices(known, near=name))
            elif ids.count(name) > 1:
                wrong(column, f"{name!r} stands twice", "Keep one.")
    parents = {entry.id: entry.parent for entry in entries}
    offered = row["offered"].split()
    for name in offered:
        above = parents.get(name)
        while above is not None and above not in offered:
            above = parents.get(above)
        if above is not None:
            wrong("offered", f"{name!r} is a part of {above!r}, which was offered too", "Keep one of them.")
    if closed and not offered and any(len(ways) > 1 for ways in ways_of(entries).values()):
        wrong("offered", f"{question.id} can be divided in several ways", "Say which options were offered.")


def read_waves(folder: Path, codebook: Codebook, problems: list[Problem]) -> dict[int, Wave]:
    """Read all years' folders, oldest first."""
    folders = sorted(child for child in folder.glob("*") if child.is_dir() and not child.name.startswith("."))
    waves = [read_wave(child, codebook, problems) for child in folders]
    return {wave.year: wave for wave in waves if wave is not None}
