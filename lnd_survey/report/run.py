"""Make the report: run the chapters of each language, collect them into a page, put it in its place."""

from __future__ import annotations

import ast
import gc
import json
import os
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from lnd_survey.errors import Problem, ReportError, SurveyError, choices, shown_path
from lnd_survey.report import folders, pool
from lnd_survey.series import precedence
from lnd_survey.survey import Survey, open_survey

Engine = Literal["shell", "kernel"]
PARAMETERS = ("year", "lang", "evidence", "data_dir", "out_dir")

# What nearly every chapter needs; a process that is forked after the import has it for nothing.
NEEDED = (
    "pandas",
    "matplotlib.figure",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "IPython.core.application",
    "IPython.core.completerlib",
    "IPython.core.magics",
    "pandas.io.formats.csvs",
    "pandas.io.formats.html",
    "PIL.PngImagePlugin",
    "lnd_survey.charts",
    "lnd_survey.chapter",
    "lnd_survey.report.engine",
)


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
    """

    survey: Survey
    year: int
    languages: tuple[str, ...]
    evidence: str
    chapters: Mapping[int, Path]
    complete: bool
    out: Path


@dataclass(frozen=True)
class Task:
    """A chapter to run in one language."""

    number: int
    lang: str
    notebook: Path
    data: Path
    folder: Path
    year: int
    evidence: str
    engine: Engine


@dataclass(frozen=True)
class Done:
    """A chapter that ran: how long it took and, if it failed, where and why."""

    seconds: float
    failure: str = ""


def plan_report(
    data: str | Path | None = None,
    *,
    year: int,
    languages: Sequence[str] | None = None,
    evidence: str = "best",
    chapters: Sequence[int] = (),
    notebooks: str | Path | None = None,
    out: str | Path | None = None,
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
    if year not in survey.years:
        what = f"There is no year {year}"
        problems.append(Problem(what, remedy=choices(survey.years, near=year)))
    with _noting(problems):
        precedence(evidence)
    languages = tuple(dict.fromkeys(languages or survey.languages))
    for lang in languages:
        with _noting(problems):
            survey.codebook.language(lang)
    for number in chapters:
        with _noting(problems):
            survey.codebook.chapter(number)
    wanted = sorted(set(chapters) or survey.codebook.chapters)
    found = {number: _notebook(source, number, problems) for number in wanted if number in survey.codebook.chapters}
    hindrance = folders.hindrance(target)
    problems += [hindrance] if hindrance else []
    if problems:
        raise ReportError(problems)  # type: ignore[arg-type]
    return Plan(
        survey=survey,
        year=year,
        languages=languages,
        evidence=evidence,
        chapters={number: path for number, path in found.items() if path},
        complete=set(wanted) == set(survey.codebook.chapters),
        out=target,
    )


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
    known = _parameters(found[0])
    for name in PARAMETERS:
        if name not in known:
            remedy = "Give it a value in the cell tagged 'parameters'. " + choices(known, near=name)
            problems.append(Problem(f"has no parameter {name!r}", file=shown_path(found[0]), remedy=remedy))
    return found[0].resolve()


def _parameters(notebook: Path) -> list[str]:
    # papermill would only warn, and run the chapter with the value that is written in it.
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


def make_report(plan: Plan, *, jobs: int | None = None, engine: Engine | None = None) -> list[Path]:
    """Run the chapters and write the report of each language.

    A report of all chapters goes to `<out>/<lang>` and replaces an earlier one only when it is complete. A
    report of some chapters goes to `<lang>.part`; what is left when a chapter fails to `<lang>.incomplete`.

    Parameters
    ----------
    plan
        What to make.
    jobs
        How many chapters run at once; default as many as there are processors.
    engine
        `shell` runs cells in forked processes, `kernel` starts the notebook's kernel; default what is possible.

    Returns
    -------
    list of pathlib.Path
        The folders written.

    Raises
    ------
    ReportError
        If chapters failed (with each of them), or if another run is busy in the same place.
    """
    engine = engine or ("shell" if pool.CAN_FORK else "kernel")
    jobs = jobs or os.cpu_count() or 1
    with folders.only_run(plan.out):
        return _run(plan, jobs, engine)


def _run(plan: Plan, jobs: int, engine: Engine) -> list[Path]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would be in the way of forking
    _prepare(engine)
    growing = {lang: folders.growing(plan.out, lang) for lang in plan.languages}
    tasks = _tasks(plan, growing, engine)
    missing = {lang: set(plan.chapters) for lang in plan.languages}
    failures: dict[str, dict[int, str]] = {lang: {} for lang in plan.languages}
    written: list[Path] = []
    with tqdm(total=len(tasks), unit="chapter", disable=None, leave=False) as bar:
        for task, result in pool.run_all(_run_chapter, tasks, at_once=jobs, fork=engine == "shell"):
            done = _dead(result) if isinstance(result, pool.Died) else result
            bar.update()
            tqdm.write(_line(plan, task, done))
            missing[task.lang].discard(task.number)
            if done.failure:
                failures[task.lang][task.number] = done.failure
            if not missing[task.lang]:
                written.append(_finish(plan, task.lang, task.folder, sorted(failures[task.lang])))
    if any(failures.values()):
        raise ReportError(_problems(plan, failures))
    return written


def _dead(process: pool.Died) -> Done:
    return Done(0, f"its process ended with code {process.exit_code}")


def _prepare(engine: Engine) -> None:
    if engine == "kernel":
        return
    # Threads do not survive a fork, and for numbers as few as these they gain nothing.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with _absent("rfc3987_syntax"):
        for module in NEEDED:
            import_module(module)
    gc.freeze()


@contextmanager
def _absent(module: str) -> Iterator[None]:
    # jsonschema takes this one if it is there, only to check addresses, which notebooks do not have; its import
    # builds a parser, which costs more than all the rest of papermill.
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[module]


def _tasks(plan: Plan, growing: Mapping[str, Path], engine: Engine) -> list[Task]:
    figures = [figure.chapter for figure in plan.survey.codebook.figures.values()]
    # The longest first: then none is left to run alone at the end.
    order = sorted(plan.chapters, key=lambda number: (-figures.count(number), number))
    return [
        Task(
            number=number,
            lang=lang,
            notebook=plan.chapters[number],
            data=plan.survey.folder,
            folder=growing[lang],
            year=plan.year,
            evidence=plan.evidence,
            engine=engine,
        )
        for lang in plan.languages
        for number in order
    ]


def _run_chapter(task: Task) -> Done:
    with _absent("rfc3987_syntax"):
        from papermill import PapermillExecutionError, execute_notebook

    started = time.perf_counter()
    here = task.folder / "notebooks"
    here.mkdir(exist_ok=True)
    # Relative paths hold wherever the project lies, also in the notebook that is kept.
    os.chdir(here)
    parameters = {
        "year": task.year,
        "lang": task.lang,
        "evidence": task.evidence,
        "data_dir": _from_here(task.data),
        "out_dir": "..",
    }
    failure = ""
    try:
        execute_notebook(
            _literal(_from_here(task.notebook)),
            _literal(task.notebook.name),
            parameters,
            engine_name="shell" if task.engine == "shell" else None,
            progress_bar=False,
            request_save_on_cell_execute=False,
        )
    except PapermillExecutionError as error:
        failure = f"cell {_cell_number(task.notebook, error.cell_index)}: {error.ename}: {error.evalue}"
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    return Done(time.perf_counter() - started, failure)


def _from_here(path: Path) -> str:
    return Path(os.path.relpath(path)).as_posix()


def _literal(path: str) -> str:
    # papermill fills in what stands in braces.
    return path.replace("{", "{{").replace("}", "}}")


def _cell_number(notebook: Path, index: int) -> int:
    """Count as a reader of the notebook does: from 1, and without the cell that papermill puts in."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    tagged = [at for at, cell in enumerate(cells) if "parameters" in cell["metadata"].get("tags", [])]
    return index + 1 if index <= tagged[0] else index


def _line(plan: Plan, task: Task, done: Done) -> str:
    title = plan.survey.codebook.chapter(task.number).title[task.lang]
    count = sum(
        json.loads(path.read_text(encoding="utf-8"))["chapter"] == task.number
        for path in task.folder.glob("figures/*.json")
    )
    outcome = f"FAILED, {done.failure}" if done.failure else f"{count} figure{'' if count == 1 else 's'}"
    return f"{task.lang}  {task.number:>2}  {title}: {outcome}, {done.seconds:.1f} s"


def _finish(plan: Plan, lang: str, folder: Path, failed: Sequence[int]) -> Path:
    # Imported here, while chapters of other languages are still running.
    from lnd_survey.report.manifest import write_manifest
    from lnd_survey.report.page import write_page

    write_page(folder, plan=plan, lang=lang, failed=failed)
    write_manifest(folder, plan=plan, lang=lang, failed=failed)
    incomplete = plan.out / f"{lang}.incomplete"
    if failed:
        return folders.put_in_place(folder, incomplete)
    if not plan.complete:
        return folders.put_in_place(folder, plan.out / f"{lang}.part")
    place = folders.put_in_place(folder, plan.out / lang)
    shutil.rmtree(incomplete, ignore_errors=True)
    return place


def _problems(plan: Plan, failures: Mapping[str, Mapping[int, str]]) -> Iterable[Problem]:
    for lang, failed in failures.items():
        for number, failure in sorted(failed.items()):
            kept = plan.out / f"{lang}.incomplete" / "notebooks" / plan.chapters[number].name
            yield Problem(
                f"chapter {number} ({lang}) failed: {failure.rstrip('.')}",
                file=shown_path(plan.chapters[number]),
                remedy=f"See {shown_path(kept)}.",
            )
