"""The manifest of a report: what it was made of, by what, and what came out."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from lnd_survey import __version__

if TYPE_CHECKING:
    from lnd_survey.report.plan import Plan

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("ipython", "jinja2", "matplotlib", "nbformat", "numpy", "pandas", "papermill", "pydantic", "pyyaml")


def write_manifest(folder: Path, *, plan: Plan, lang: str, failed: Sequence[int]) -> None:
    """Write `manifest.json`: the same for the same inputs, with neither times nor places of a machine.

    Parameters
    ----------
    folder
        The folder of a report.
    plan
        What was made.
    lang
        Its language.
    failed
        Chapters that failed.
    """
    data = plan.survey.folder
    manifest = {
        "parameters": {
            "year": plan.year,
            "lang": lang,
            "evidence": plan.evidence,
            "chapters": list(plan.chapters),
        },
        "complete": plan.complete and not failed,
        "failed": list(failed),
        "versions": {
            "lnd_survey": __version__,
            "python": platform.python_version(),
            **{library: version(library) for library in LIBRARIES},
        },
        "source": source_checksum(),
        "inputs": {
            **_checksums(Path("data"), data, [*sorted((data / "codebook").glob("*.yml")), *_files(data / "raw")]),
            **{f"notebooks/{path.name}": _checksum(path) for path in plan.chapters.values()},
        },
        "outputs": _checksums(Path(), folder, [folder / "index.html", *_files(folder / "figures")]),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def source_checksum(package: Path = PACKAGE) -> str:
    """Identify the library by its source files, whatever its version says: one checksum over all of them."""
    files = _checksums(Path(), package, _files(package))
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def _files(folder: Path) -> list[Path]:
    """All files below a folder but hidden ones and what Python has compiled."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
    )


def _checksums(prefix: Path, root: Path, paths: Iterable[Path]) -> dict[str, str]:
    return {(prefix / path.relative_to(root)).as_posix(): _checksum(path) for path in paths}


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
