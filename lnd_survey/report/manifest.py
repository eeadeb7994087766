"""The manifest of a report: what it was made of, by what, and what came out."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from lnd_survey import __version__
from lnd_survey.checksums import checksum, checksums, files_below, source_checksum

if TYPE_CHECKING:
    from lnd_survey.report.plan import Plan

MANIFEST = "manifest.json"
LIBRARIES = (
    "ipython",
    "jinja2",
    "matplotlib",
    "nbformat",
    "numpy",
    "pandas",
    "papermill",
    "pydantic",
    "python-pptx",
    "pyyaml",
    "typst",
    "xlsxwriter",
)


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
            "formats": list(plan.formats),
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
            **checksums(Path("data"), data, [*sorted((data / "codebook").glob("*.yml")), *files_below(data / "raw")]),
            **{f"notebooks/{path.name}": checksum(path) for path in plan.chapters.values()},
        },
        "outputs": checksums(Path(), folder, _outputs(folder)),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def _outputs(folder: Path) -> list[Path]:
    written = (path for path in folder.iterdir() if path.is_file() and path.name != MANIFEST)
    return [*sorted(written), *files_below(folder / "figures")]
