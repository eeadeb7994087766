"""Make the report: run the chapters of each language, collect them into a page, put it in its place."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
import traceback
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Literal

from lnd_survey import folders
from lnd_survey.errors import Problem, ReportError, shown_path
from lnd_survey.report import pool
from lnd_survey.report.formats import FILES
from lnd_survey.report.plan import Plan

Engine = Literal["shell", "kernel"]

# Where tracebacks are kept of errors that are none of a chapter's.
ERROR = "error.txt"

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
class Task:
    """A chapter to run in one language."""

    number: int
    lang: str
    notebook: Path
    data: Path
    folder: Path
    year: int
    evidence: str
    figures: frozenset[str]
    engine: Engine


@dataclass(frozen=True)
class Writing:
    """A format to write in one language, of what its chapters left; `failed` are those that did not run through."""

    plan: Plan
    lang: str
    format: str
    folder: Path
    failed: tuple[int, ...]


@dataclass(frozen=True)
class Done:
    """A task that ran: how long it took, how many figures it wrote and, if it failed, where and why."""

    seconds: float
    figures: int
    failure: str = ""


def make_report(plan: Plan, *, jobs: int | None = None, engine: Engine | None = None) -> list[Path]:
    """Run the chapters and write the report of each language.

    A report of all chapters goes to `<out>/<lang>` and replaces an earlier one only when it is complete. A
    report of some chapters goes to `<lang>.part`; what there is when something fails to `<lang>.incomplete`.
    The other languages go on.

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
        If chapters or pages failed (with each of them), or if another run is busy in the same place.
    """
    engine = engine or ("shell" if pool.CAN_FORK else "kernel")
    jobs = jobs or os.cpu_count() or 1
    with folders.only_run(plan.out, plan.languages):
        return _run(plan, jobs, engine)


def _run(plan: Plan, jobs: int, engine: Engine) -> list[Path]:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # its thread would be in the way of forking
    _prepare(engine)
    growing = {lang: folders.growing(plan.out, lang) for lang in plan.languages}
    tasks: deque[Task | Writing] = deque(_tasks(plan, growing, engine))
    left = {lang: len(plan.chapters) for lang in plan.languages}
    failures: dict[str, dict[int | str, str]] = {lang: {} for lang in plan.languages}
    problems: dict[str, list[Problem]] = {lang: [] for lang in plan.languages}
    with tqdm(total=len(tasks) + len(left) * len(plan.formats), unit="part", disable=None, leave=False) as bar:
        for task, result in pool.run_all(_run_task, tasks, at_once=jobs, fork=engine == "shell"):
            done = _dead(result) if isinstance(result, pool.Died) else result
            bar.update()
            tqdm.write(_line(plan, task, done))
            of_lang = failures[task.lang]
            if done.failure:
                of_lang[task.number if isinstance(task, Task) else task.format] = done.failure
            left[task.lang] -= 1
            if left[task.lang]:
                continue
            if isinstance(task, Task):
                failed = tuple(sorted(number for number in of_lang if isinstance(number, int)))
                written = [Writing(plan, task.lang, name, task.folder, failed) for name in plan.formats]
                # First, so that one language after the other is complete.
                tasks.extendleft(reversed(written))
                left[task.lang] = len(written)
            else:
                problems[task.lang] = _finish(plan, task.lang, task.folder, of_lang)
    if any(problems.values()):
        raise ReportError(problem for lang in plan.languages for problem in problems[lang])
    return [plan.place(lang) for lang in plan.languages]


def _run_task(task: Task | Writing) -> Done:
    return _run_chapter(task) if isinstance(task, Task) else _write(task)


def _write(task: Writing) -> Done:
    """Write one format of what the chapters of a language left."""
    from lnd_survey.report.collected import collect
    from lnd_survey.report.formats import writer

    started, failure = time.perf_counter(), ""
    try:
        report = collect(task.folder, plan=task.plan, lang=task.lang, failed=task.failed)
        writer(task.format)(task.folder, report)
    except Exception as error:
        # Whatever it is, the other formats and languages go on.
        _keep_traceback(task.folder)
        failure = f"{type(error).__name__}: {error}"
    return Done(time.perf_counter() - started, 0, failure)


def _keep_traceback(folder: Path) -> None:
    with suppress(OSError), (folder / ERROR).open("a", encoding="utf-8") as file:
        file.write(traceback.format_exc())


def _dead(process: pool.Died) -> Done:
    return Done(0, 0, f"its process ended with code {process.exit_code}")


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


def _tasks(plan: Plan, growing: Mapping[str, Path], engine: Engine) -> list[Task | Writing]:
    figures = {
        number: frozenset(figure.id for figure in plan.survey.codebook.figures.values() if figure.chapter == number)
        for number in plan.chapters
    }
    # The longest first: then none is left to run alone at the end.
    order = sorted(plan.chapters, key=lambda number: (-len(figures[number]), number))
    return [
        Task(
            number=number,
            lang=lang,
            notebook=plan.chapters[number],
            data=plan.survey.folder,
            folder=growing[lang],
            year=plan.year,
            evidence=plan.evidence,
            figures=figures[number],
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
    return Done(time.perf_counter() - started, _figure_count(task), failure)


def _figure_count(task: Task) -> int:
    # By name: other chapters may be writing their files at this moment.
    written = {path.stem.rpartition("-")[2] for path in (task.folder / "figures").glob("*.json")}
    return len(written & task.figures)


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


def _line(plan: Plan, task: Task | Writing, done: Done) -> str:
    if isinstance(task, Writing):
        outcome = f"FAILED, {done.failure}" if done.failure else "written"
        return f"{task.lang}      {FILES[task.format]}: {outcome}, {done.seconds:.1f} s"
    title = plan.survey.codebook.chapter(task.number).title[task.lang]
    outcome = f"FAILED, {done.failure}" if done.failure else f"{done.figures} figure{'' if done.figures == 1 else 's'}"
    return f"{task.lang}  {task.number:>2}  {title}: {outcome}, {done.seconds:.1f} s"


def _finish(plan: Plan, lang: str, folder: Path, failures: Mapping[int | str, str]) -> list[Problem]:
    """Put a report in its place, or else keep what there is of it aside and say what is wrong."""
    from lnd_survey.report.manifest import write_manifest

    kept = plan.out / f"{lang}{folders.INCOMPLETE}"
    unwritten = {name: failure for name, failure in failures.items() if isinstance(name, str)}
    chapters = {number: failure for number, failure in failures.items() if isinstance(number, int)}
    wrong = [_unfinished(lang, failure, kept) for failure in dict.fromkeys(unwritten.values())]
    try:
        write_manifest(folder, plan=plan, lang=lang, failed=sorted(chapters))
        if not failures:
            folders.put_in_place(folder, plan.place(lang))
    except Exception as error:
        _keep_traceback(folder)
        wrong.append(_unfinished(lang, f"{type(error).__name__}: {error}", kept))
    if not failures and not wrong:
        if plan.complete:
            folders.remove(kept)
        return []
    try:
        folders.put_in_place(folder, kept)
    except OSError as error:
        wrong.append(Problem(f"what there is of the report ({lang}) could not be kept: {error}"))
    return [*_chapter_problems(plan, lang, kept, chapters), *wrong]


def _unfinished(lang: str, failure: str, kept: Path) -> Problem:
    what = f"the report ({lang}) could not be completed: {failure}".rstrip(".")
    return Problem(what, remedy=f"See {shown_path(kept / ERROR)}.")


def _chapter_problems(plan: Plan, lang: str, kept: Path, failures: Mapping[int, str]) -> Iterator[Problem]:
    for number, failure in sorted(failures.items()):
        notebook = kept / "notebooks" / plan.chapters[number].name
        yield Problem(
            f"chapter {number} ({lang}) failed: {failure.rstrip('.')}",
            file=shown_path(plan.chapters[number]),
            # A process that died has left none.
            remedy=f"See {shown_path(notebook)}." if notebook.exists() else "",
        )
