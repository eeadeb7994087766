"""Draw the sample of a wave and write it as its survey tool would have delivered it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Literal

from lnd_survey.codebook import Model, validated
from lnd_survey.errors import DataError, Problem, choices, shown_path
from lnd_survey.strict_yaml import read_yaml
from lnd_survey.survey import Survey
from lnd_survey.synthetic.draw import draw_answers
from lnd_survey.synthetic.write import Form, WrittenWave, write_wave

FORM = "sample/form.yml"
"""Where in its folder a wave says in which form its sample is delivered."""


class SampleForm(Model):
    """The form of a sample: `sample/form.yml` of a wave.

    Attributes
    ----------
    form
        How the tool delivers it.
    split
        One file for each group, language, or both.
    heading_language
        Of headings and value labels; that of the file, or the first of the wave, where not given.
    language_question
        A question without a column of its own that follows from the language.
    """

    form: Form
    split: tuple[Literal["group", "language"], ...] = ()
    heading_language: str = ""
    language_question: str = ""


def write_sample(survey: Survey, *, year: int, folder: Path | None = None) -> WrittenWave:
    """Write the sample of a wave anew: export files, `columns.csv`, `values.csv` and `exports` in `wave.yml`.

    Parameters
    ----------
    survey
        The survey, for its codebook, printed numbers and waves.
    year
        Which wave; its folder has `sample/assumptions.yml` and `sample/form.yml`.
    folder
        Where to write; default the wave's own folder.

    Returns
    -------
    WrittenWave

    Raises
    ------
    DataError
        If one of these files cannot be read, or the answers cannot be drawn.
    UnknownNameError
        For a year that the survey does not have.
    """
    wave = survey.wave(year)
    sample = _read_form(wave.folder / FORM, survey)
    written = write_wave(
        draw_answers(survey, year=year),
        codebook=survey.codebook,
        folder=folder or wave.folder,
        form=sample.form,
        split=sample.split,
        languages=wave.languages,
        heading_language=sample.heading_language,
        language_question=sample.language_question,
    )
    described = wave.folder / "wave.yml"
    text = with_exports(described.read_text(encoding="utf-8"), written.yaml())
    ((folder or wave.folder) / "wave.yml").write_text(text, encoding="utf-8")
    return written


def with_exports(text: str, section: str) -> str:
    r"""Put the section `exports` into a `wave.yml`: in the place of the one there is, else before the notes.

    Examples
    --------
    >>> print(with_exports("year: 1\nnotes: {}\n", "exports:\n  files: []\n"))
    year: 1
    exports:
      files: []
    notes: {}
    >>> with_exports("exports:\n  files: [old]\nyear: 1\n", "exports: {}\n")
    'exports: {}\nyear: 1\n'
    """
    there = re.search(r"^exports:.*\n(?:[ \t].*\n)*", text, re.MULTILINE)
    if there:
        return text[: there.start()] + section + text[there.end() :]
    notes = re.search(r"^notes:", text, re.MULTILINE)
    place = notes.start() if notes else len(text)
    return text[:place] + section + text[place:]


def _read_form(path: Path, survey: Survey) -> SampleForm:
    problems: list[Problem] = []
    value, lines = read_yaml(path, problems)
    found: Any = None
    if not problems:
        found = validated(SampleForm, value, (), lines, path, problems, ())
    if found is not None:
        for name, known in (
            (found.heading_language, survey.codebook.languages),
            (found.language_question, survey.codebook.questions),
        ):
            if name and name not in known:
                what = f"{name!r} is not known"
                problems.append(Problem(what, file=shown_path(path), remedy=choices(known, near=name)))
    if found is None or problems:
        raise DataError(problems)
    form: SampleForm = found
    return form
