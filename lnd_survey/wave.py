"""One year's folder: who was asked, when, with which limits, and where the series breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field

from lnd_survey.codebook import Codebook, Id, Model, Text, Whole, validated
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.strict_csv import read_csv, whole
from lnd_survey.strict_yaml import read_yaml

_INSTRUMENT = ("question", "group", "base", "max_choices", "limit_enforced", "break", "policy", "note")
_POLICY_OF_BREAK = {"": ("", "join"), "b": ("cut",), "d": ("join_with_note", "join")}


class WaveGroup(Model):
    """A group asked in a wave and, where known, how many answered."""

    id: Id
    n: Whole | None = None


class _WaveFile(Model):
    year: Whole
    evidence: Literal["survey", "published", "synthetic"]
    field_period: Text | None = None
    languages: tuple[str, ...] = ()
    groups: tuple[WaveGroup, ...]
    notes: dict[Id, Text] = Field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """How one question was put to one group in one wave."""

    base: str = ""
    max_choices: int | None = None
    limit_enforced: bool | None = None
    flag: str = ""
    policy: str = ""
    notes: tuple[str, ...] = ()


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
    notes
        Footnotes by id, per language.
    instrument
        How questions were asked, by (question, group), as far as there is something to say.
    """

    year: int
    evidence: str
    folder: Path
    field_period: Mapping[str, str] | None
    languages: tuple[str, ...]
    groups: Mapping[str, int | None]
    notes: Mapping[str, Mapping[str, str]]
    instrument: Mapping[tuple[str, str], Asked]


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
    if wave.evidence == "published" and not (folder / "published.csv").exists():
        problems.append(Problem("has no published.csv", file=shown_path(folder), remedy=_missing(folder)))
    return Wave(
        year=wave.year,
        evidence=wave.evidence,
        folder=folder,
        field_period=wave.field_period,
        languages=wave.languages,
        groups=MappingProxyType({group.id: group.n for group in wave.groups}),
        notes=MappingProxyType(wave.notes),
        instrument=MappingProxyType(_read_instrument(folder / "instrument.csv", wave, codebook, problems)),
    )


def _missing(folder: Path) -> str:
    there = ", ".join(sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")))
    return f"Its evidence is published, so its numbers must be there. In the folder: {there}."


def _read_instrument(
    path: Path, wave: _WaveFile, codebook: Codebook, problems: list[Problem]
) -> dict[tuple[str, str], Asked]:
    asked: dict[tuple[str, str], Asked] = {}
    if not path.exists():
        return asked
    file = shown_path(path)
    groups = [group.id for group in wave.groups]
    for row in read_csv(path, problems, columns=_INSTRUMENT):

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
        )
    return asked


def read_waves(folder: Path, codebook: Codebook, problems: list[Problem]) -> dict[int, Wave]:
    """Read all years' folders, oldest first."""
    folders = sorted(child for child in folder.glob("*") if child.is_dir() and not child.name.startswith("."))
    waves = [read_wave(child, codebook, problems) for child in folders]
    return {wave.year: wave for wave in waves if wave is not None}
