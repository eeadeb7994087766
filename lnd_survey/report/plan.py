"""What a report needs before it is begun: all that was asked for, found and checked."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lnd_survey import folders
from lnd_survey.commentary import read_commentary
from lnd_survey.errors import Problem, ReportError, SurveyError, choices, shown_path, unknown
from lnd_survey.report.formats import FILES
from lnd_survey.series import precedence
from lnd_survey.survey import Survey, open_survey

PARAMETERS = ("year", "lang", "evidence", "data_dir", "out_dir")


@dataclass(frozen=True)
class Plan:
    """A report that can be made: everything that was asked for is there.

    Attributes
    ----------
    survey
        The open survey.
    year, languages, evidence
        Which report.
    chapters
        The notebook of each chapter.
    complete
        Whether these are all chapters.
    out
        The folder of the year, which gets a folder for each language.
    formats
        Names of what is written of the figures; see `lnd_survey.report.formats`.
    template
        The presentation that the slides get their look from; None for our own.
    remarks
        What the report will lack: commentary whose numbers are not all known with the evidence asked for.
    """

    survey: Survey
    year: int
    languages: tuple[str, ...]
    evidence: str
    chapters: Mapping[int, Path]
    complete: bool
    out: Path
    formats: tuple[str, ...]
    template: Path | None = None
    remarks: tuple[Problem, ...] = ()

    def place(self, lang: str) -> Path:
        """Where the report of a language goes."""
        return self.out / (lang if self.complete else f"{lang}{folders.PART}")


def plan_report(
    data: str | Path | None = None,
    *,
    year: int,
    languages: Sequence[str] | None = None,
    evidence: str = "best",
    chapters: Sequence[int] = (),
    notebooks: str | Path | None = None,
    out: str | Path | None = None,
    formats: Sequence[str] = (),
    template: str | Path | None = None,
) -> Plan:
    """Check all that was asked for before anything is run.

    Parameters
    ----------
    data
        The data folder or one above it; default: the nearest one upward from here.
    year, evidence
        Which report.
    languages
        In which languages; default all.
    chapters
        Numbers of the chapters to run; default all.
    notebooks, out
        Where the chapters are and where reports go; default `notebooks` and `reports` beside the data folder.
    formats
        What to write of the figures; default all there are.
    template
        A presentation with the layouts for the slides; default our own.

    Raises
    ------
    SurveyError
        With everything that is wrong.
    """
    survey = open_survey(data)
    root = survey.folder.parent
    source = Path(notebooks) if notebooks else root / "notebooks"
    target = (Path(out) if out else root / "reports").absolute() / str(year)
    problems: list[str | Problem] = []
    with _noting(problems):
        survey.wave(year)
    with _noting(problems):
        precedence(evidence)
    languages = tuple(dict.fromkeys(languages or survey.languages))
    for lang in languages:
        with _noting(problems):
            survey.codebook.language(lang)
    for number in chapters:
        with _noting(problems):
            survey.codebook.chapter(number)
    formats = tuple(dict.fromkeys(formats or FILES))
    problems += [Problem(str(unknown("format", name, FILES))) for name in formats if name not in FILES]
    wanted = sorted(set(chapters) or survey.codebook.chapters)
    found = {number: _notebook(source, number, problems) for number in wanted if number in survey.codebook.chapters}
    known = [lang for lang in languages if lang in survey.languages]
    problems += folders.hindrances(target, languages)
    if template:
        problems += _unfit(Path(template))
    if template and "slides" not in formats:
        problems.append(Problem("a template is for slides, which are not asked for", remedy="Add slides to --format."))
    _keep_answers(survey, year, evidence, problems)
    remarks: list[Problem] = []
    with _noting(problems):
        if year in survey.waves:
            read_commentary(survey, year=year, languages=known, evidence=evidence, left_out=remarks)
    if problems:
        # What is wrong with exports shows again where numbers are asked for.
        raise ReportError(dict.fromkeys(problems))  # type: ignore[arg-type]
    return Plan(
        survey=survey,
        year=year,
        languages=languages,
        evidence=evidence,
        chapters={number: path for number, path in found.items() if path},
        complete=set(wanted) == set(survey.codebook.chapters),
        out=target,
        formats=formats,
        template=Path(template).absolute() if template else None,
        remarks=tuple(remarks),
    )


def _keep_answers(survey: Survey, year: int, evidence: str, problems: list[str | Problem]) -> None:
    """Harmonise all exports that the report may need before any chapter runs: those of its year and earlier ones."""
    try:
        kinds = precedence(evidence)
    except SurveyError:
        return  # said already
    for wave_year in survey.crosswalks:
        exports = survey.waves[wave_year].exports
        if wave_year <= year and exports is not None and exports.evidence in kinds:
            with _noting(problems), suppress(ReportError):
                # Where nothing may be written beside the data, each chapter harmonises by itself.
                survey.process(wave_year)


def _unfit(template: Path) -> list[Problem]:
    """Say why slides cannot be made with a template."""
    from zipfile import BadZipFile

    from pptx import Presentation
    from pptx.exc import PackageNotFoundError

    file = shown_path(template)
    remedy = "Give a presentation saved as .pptx, with at least one layout that has a title."
    if not template.is_file():
        return [Problem("there is no such template for the slides", file=file, remedy=remedy)]
    try:
        layouts: list[Any] = list(Presentation(str(template)).slide_layouts)
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError, OSError, SyntaxError) as error:
        reason = "" if isinstance(error, PackageNotFoundError) else f": {error}"
        return [Problem(f"cannot be used as a template for the slides{reason}", file=file, remedy=remedy)]
    if not any(placeholder.placeholder_format.idx == 0 for layout in layouts for placeholder in layout.placeholders):
        return [Problem("has no layout with a title", file=file, remedy=remedy)]
    return []


@contextmanager
def _noting(problems: list[str | Problem]) -> Iterator[None]:
    try:
        yield
    except SurveyError as error:
        problems += error.problems


def _notebook(folder: Path, number: int, problems: list[str | Problem]) -> Path | None:
    found = sorted(folder.glob(f"{number:02d}_*.ipynb"))
    if len(found) != 1:
        there = ", ".join(path.name for path in found) or "none"
        what = f"Chapter {number} needs one notebook {number:02d}_*.ipynb in {shown_path(folder)}; found {there}"
        problems.append(Problem(what))
        return None
    problems += _lacking(found[0])
    return found[0].resolve()


def _lacking(notebook: Path) -> list[Problem]:
    """Say which parameters a notebook does not have; papermill would only warn, and run it with its own values."""
    file = shown_path(notebook)
    try:
        known = _parameters(notebook)
    except SyntaxError as error:
        what = f"the cell tagged 'parameters' is not Python: {error.msg} (its line {error.lineno})"
        return [Problem(what, file=file, remedy="It may hold plain assignments only.")]
    except OSError as error:
        return [Problem(f"cannot be read: {error.strerror}", file=file)]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        reason = f": {error}" if isinstance(error, ValueError) else ""
        return [Problem(f"is not a notebook{reason}", file=file, remedy="Bring back an earlier version of it.")]
    remedy = "Give it a value in the cell tagged 'parameters'. "
    return [
        Problem(f"has no parameter {name!r}", file=file, remedy=remedy + choices(known, near=name))
        for name in PARAMETERS
        if name not in known
    ]


def _parameters(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    code = "".join(tagged[0]["source"]) if tagged else ""
    return [
        target.id
        for statement in ast.parse(code).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    ]
