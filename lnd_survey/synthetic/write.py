"""Write answers as a survey tool would deliver them, and the crosswalk that reads them back.

An export is written in a `Form` (one of `FORMS`, or one's own). With it come its rows of `columns.csv` and
`values.csv` and its entry of `wave.yml`, so that what was written can be read without further ado.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.codebook import Codebook
from lnd_survey.crosswalk import COLUMNS, GROUP, LANGUAGE, TEST, VALUES
from lnd_survey.synthetic.write_fields import Cell, Decision, Field, Values, Writer
from lnd_survey.synthetic.write_file import file_bytes, sheet_name
from lnd_survey.synthetic.write_form import FORMS as FORMS
from lnd_survey.synthetic.write_form import Form as Form
from lnd_survey.synthetic.write_layout import (
    AFTER,
    BEFORE,
    People,
    addresses,
    asked_column,
    headed,
    language_heading,
    own_columns,
    preview_column,
    preview_values,
)
from lnd_survey.synthetic.write_layout import Personal as Personal

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class WrittenExport:
    """An export that was written, and what describes it.

    Attributes
    ----------
    path
        The file.
    declaration
        Its entry under `exports` of `wave.yml`.
    columns
        Its rows of `columns.csv`, in the order of the file.
    values
        Its rows of `values.csv`, in the order of the codebook.
    source_values
        The same, to be joined with those of other files.
    """

    path: Path
    declaration: Mapping[str, Any]
    columns: tuple[Mapping[str, str], ...]
    values: tuple[Mapping[str, str], ...]
    source_values: Values


@dataclass(frozen=True)
class WrittenWave:
    """The exports of a wave that were written, and what describes them.

    Attributes
    ----------
    files
        The exports.
    declaration
        The section `exports` of `wave.yml`.
    columns, values
        The rows of `columns.csv` and `values.csv`, which are written already.
    """

    files: tuple[WrittenExport, ...]
    declaration: Mapping[str, Any]
    columns: tuple[Mapping[str, str], ...]
    values: tuple[Mapping[str, str], ...]

    def yaml(self) -> str:
        """Give the section `exports` as it stands in `wave.yml`."""
        import yaml

        class Indented(yaml.SafeDumper):
            """Lists stand further in than what they belong to, as in the files kept by hand."""

            def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
                super().increase_indent(flow, False)

        section = {"exports": dict(self.declaration)}
        return yaml.dump(section, Dumper=Indented, allow_unicode=True, sort_keys=False, width=120)


def write_export(
    answers: pd.DataFrame,
    *,
    codebook: Codebook,
    folder: Path,
    name: str,
    form: Form,
    languages: Sequence[str] = (),
    heading_language: str = "",
    one_group: bool = False,
    one_language: bool = False,
    language_question: str = "",
    personal: Personal | None = None,
    numbers: Sequence[int] | None = None,
    find_duplicates: bool = False,
    tests: Sequence[bool] | None = None,
) -> WrittenExport:
    """Write answers as one file of a survey tool.

    Parameters
    ----------
    answers
        As `survey.answers` gives them: one row per respondent.
    codebook
        What the names in the answers are taken from.
    folder, name
        The wave's folder and the file below it.
    form
        How the tool delivers it.
    languages
        Languages of the whole wave; those of the answers where not given.
    heading_language
        Of headings, and of value labels in files that carry them. Where not given the language of a file in one
        language, and else the first.
    one_group, one_language
        The whole file is of one group or in one language: it is declared and stands in no column.
    language_question
        A single question that has no column of its own, but follows from the language of the questionnaire.
    personal
        What the tool knows of respondents.
    numbers
        A number of each respondent; 1, 2, … where not given.
    find_duplicates
        Whether that number is declared as the one by which duplicates are found.
    tests
        Which responses are test entries; the export says nothing of it where not given.

    Returns
    -------
    WrittenExport

    Raises
    ------
    ValueError
        Where the form cannot hold the answers, or a file declared as one group or language holds several.
    """
    languages = tuple(languages) or _in_order(answers["language"], codebook.languages)
    group = _only(answers["group"], "group") if one_group else ""
    language = _only(answers["language"], "language") if one_language else ""
    people = People(
        numbers=list(numbers) if numbers is not None else list(range(1, len(answers) + 1)),
        declared=find_duplicates,
        tests=tests,
        year=int(answers["year"].iloc[0]),
        personal=personal or Personal(),
    )
    values = Values()
    writer = Writer(answers, codebook, form, languages, heading_language or language or languages[0], group, values)
    fields = writer.fields(without=language_question)
    spoken = _language_field(writer, language_question, one_language=one_language)
    head = own_columns(BEFORE[form.layout], people, form, spoken)
    head += [] if one_language or language_heading(form) else [spoken]
    head += preview_column(people, form)
    if not one_group:
        head.append(_group_field(writer))
    if tests is not None:
        seen = {TEST: any(tests), "": not all(tests)}
        for value, option in preview_values(form).items():
            if seen[option if option == TEST else ""]:
                values.add(question=TEST, item="", language="", value=value, option=option)
    fields = headed([*head, *fields, *own_columns(AFTER[form.layout], people, form, spoken)], form)
    fields = [replace(field, heading=tuple(form.writable(cell) for cell in field.heading)) for field in fields]
    content = file_bytes(fields, form)
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    declaration = {"name": name, **form.declaration()}
    declaration |= {"sheet": sheet_name(form)} if form.format in ("xlsx", "ods") else {}
    declaration |= {"rows": len(answers), "sha256": hashlib.sha256(content).hexdigest()}
    declaration |= {"group": group} if group else {}
    declaration |= {"language": language} if language else {}
    return WrittenExport(
        path=path,
        declaration=declaration,
        columns=tuple(_column_rows(fields, form)),
        values=tuple(_value_rows(values, codebook, languages)),
        source_values=values,
    )


def write_wave(
    answers: pd.DataFrame,
    *,
    codebook: Codebook,
    folder: Path,
    form: Form,
    name: str = "sample/answers",
    split: Collection[str] = (),
    evidence: str = "synthetic",
    languages: Sequence[str] = (),
    **options: Any,
) -> WrittenWave:
    """Write answers as all files of a wave, with `columns.csv` and `values.csv`.

    Parameters
    ----------
    answers, codebook, folder, form, languages
        As in `write_export`.
    name
        Of the file, without its ending; with `split` its last part is replaced by the group and the language.
    split
        `group`, `language` or both: one file for each.
    evidence
        What `wave.yml` says the answers are.
    options
        What else `write_export` takes.

    Returns
    -------
    WrittenWave
    """
    languages = tuple(languages) or _in_order(answers["language"], codebook.languages)
    numbers = list(options.pop("numbers", None) or range(1, len(answers) + 1))
    tests = options.pop("tests", None)
    keys = [key for key in ("group", "language") if key in split]
    orders = {"group": codebook.groups, "language": languages}
    parts: list[tuple[str, list[int]]] = [(name, list(range(len(answers))))]
    for key in keys:
        told = answers[key].astype(str).tolist()
        parts = [
            (f"{part}_{value}", chosen)
            for part, places in parts
            for value in orders[key]
            if (chosen := [place for place in places if told[place] == value])
        ]
    files = []
    for part, places in parts:
        short = part.removeprefix(f"{name}_")
        stem = f"{Path(name).parent.as_posix()}/{short}" if keys else name
        files.append(
            write_export(
                answers.iloc[places].reset_index(drop=True),
                codebook=codebook,
                folder=folder,
                name=f"{stem}.{form.suffix}",
                form=form,
                languages=languages,
                one_group="group" in split,
                one_language="language" in split,
                numbers=[numbers[place] for place in places],
                tests=None if tests is None else [tests[place] for place in places],
                **options,
            )
        )
    return describe_wave(files, codebook=codebook, folder=folder, languages=languages, evidence=evidence)


def describe_wave(
    files: Sequence[WrittenExport], *, codebook: Codebook, folder: Path, languages: Sequence[str], evidence: str
) -> WrittenWave:
    """Join what describes several exports, and write it as `columns.csv` and `values.csv`."""
    values = Values()
    for file in files:
        values.update(file.source_values)
    columns = _joined_columns(files)
    rows = list(_value_rows(values, codebook, languages))
    _write_table(folder / "columns.csv", COLUMNS, columns)
    _write_table(folder / "values.csv", VALUES, rows)
    declaration = {"evidence": evidence, "files": [dict(file.declaration) for file in files]}
    return WrittenWave(tuple(files), declaration, tuple(columns), tuple(rows))


def _in_order(values: pd.Series, order: Iterable[str]) -> tuple[str, ...]:
    there = set(values.astype(str))
    return tuple(value for value in order if value in there)


def _only(values: pd.Series, what: str) -> str:
    there = sorted(set(values.astype(str)))
    if len(there) != 1:
        raise ValueError(f"A file of one {what} cannot hold {', '.join(there)}.")
    return there[0]


def _group_field(writer: Writer) -> Field:
    labels = {
        place: group.label[writer.heading_language]
        for place, group in enumerate(writer.codebook.groups.values(), start=1)
    }
    cells = writer.constant(GROUP, writer.group_label, labels)
    return asked_column(GROUP, cells, (Decision(GROUP),), writer.form, labels)


def _language_field(writer: Writer, question: str, *, one_language: bool) -> Field:
    codebook, form = writer.codebook, writer.form
    own = bool(language_heading(form))
    places = {name: place for place, name in enumerate(codebook.languages, start=1)}

    def text(language: str, _: str) -> Cell:
        if own:
            return language if form.layout == "limesurvey" else language.upper()
        return places[language] if form.coded else codebook.languages[language].name

    if one_language:
        reason = "the whole file is in one language"
        cells: list[Cell] = [text(language, "") for language in writer.answers["language"].astype(str)]
        return asked_column(LANGUAGE, cells, (Decision(reason=reason),), form, {})
    labels = {place: codebook.languages[name].name for name, place in places.items()}
    cells = writer.constant(LANGUAGE, text, labels)
    decisions: tuple[Decision, ...] = (Decision(LANGUAGE),)
    if question:
        decisions += (Decision(question),)
        shown = labels if form.format == "sav" and form.values == "labels" else {}
        for cell, option in dict.fromkeys(zip(cells, writer.answers[question].astype(str), strict=True)):
            value = shown.get(cell, cell) if isinstance(cell, int) else cell
            writer.values.add(question=question, item="", language="", value=value, option=option)
    return asked_column(LANGUAGE, cells, decisions, form, labels)


def _column_rows(fields: Sequence[Field], form: Form) -> Iterable[dict[str, str]]:
    for address, field in zip(addresses(fields, form), fields, strict=True):
        for decision in field.decisions:
            yield {
                "file": "",
                "column": address,
                "question": decision.question,
                "item": decision.item,
                "rank": "" if decision.rank is None else str(decision.rank),
                "reason": decision.reason,
            }


def _joined_columns(files: Sequence[WrittenExport]) -> list[dict[str, str]]:
    """Say once what holds for every file, and the rest by file."""
    common = set.intersection(*({tuple(row.items()) for row in file.columns} for file in files))
    found = [dict(row) for row in files[0].columns if tuple(row.items()) in common]
    for file in files:
        found += [
            {**row, "file": str(file.declaration["name"])} for row in file.columns if tuple(row.items()) not in common
        ]
    return found


def _value_rows(values: Values, codebook: Codebook, languages: Sequence[str]) -> Iterable[dict[str, str]]:
    for row in values.table(codebook, languages):
        yield {"file": "", **row, "expected": "", "reason": ""}


def _write_table(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
