"""What is written of the figures of a report: each format by its name, and loaded only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lnd_survey.report.collected import Report

FILES = MappingProxyType(
    {"html": "index.html", "pdf": "report.pdf", "slides": "slides.pptx", "workbook": "figures.xlsx"}
)
"""The formats there are, and the file that a reader of each opens."""

_WRITERS = {
    "html": ("page", "write_page"),
    "pdf": ("pdf", "write_pdf"),
    "slides": ("slides", "write_slides"),
    "workbook": ("workbook", "write_workbook"),
}


def writer(name: str) -> Callable[[Path, Report], None]:
    """Give the function that writes a format into the folder of a report."""
    module, function = _WRITERS[name]
    found: Callable[[Path, Report], None] = getattr(import_module(f"lnd_survey.report.{module}"), function)
    return found
