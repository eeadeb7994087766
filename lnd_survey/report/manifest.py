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
    from lnd_survey.report.run import Plan

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
    raw = sorted(path for path in (data / "raw").rglob("*") if path.is_file())
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
        "inputs": {
            **_checksums(Path("data"), data, [*sorted((data / "codebook").glob("*.yml")), *raw]),
            **{f"notebooks/{path.name}": _checksum(path) for path in plan.chapters.values()},
        },
        "outputs": _checksums(Path(), folder, [folder / "index.html", *sorted((folder / "figures").glob("*"))]),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def _checksums(prefix: Path, root: Path, paths: Iterable[Path]) -> dict[str, str]:
    return {(prefix / path.relative_to(root)).as_posix(): _checksum(path) for path in paths}


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
