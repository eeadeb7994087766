"""Turn a yearly Learning & Development survey into a report that can be trusted.

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lnd_survey import charts as charts
    from lnd_survey.chapter import Chapter as Chapter
    from lnd_survey.chapter import open_chapter as open_chapter
    from lnd_survey.errors import SurveyError as SurveyError
    from lnd_survey.series import ranks as ranks
    from lnd_survey.series import shared_items as shared_items
    from lnd_survey.survey import Survey as Survey
    from lnd_survey.survey import open_survey as open_survey

__version__ = "0.1.0"

_HOME = {
    "Chapter": "chapter",
    "open_chapter": "chapter",
    "SurveyError": "errors",
    "ranks": "series",
    "shared_items": "series",
    "Survey": "survey",
    "open_survey": "survey",
}
__all__ = ["charts", *_HOME]


def __getattr__(name: str) -> Any:
    if name == "charts":
        return import_module("lnd_survey.charts")
    if name in _HOME:
        return getattr(import_module(f"lnd_survey.{_HOME[name]}"), name)
    raise AttributeError(f"module 'lnd_survey' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
