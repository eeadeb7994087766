"""Errors for people: what is wrong, where, what would be allowed, what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

LISTED_AT_MOST = 12


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, with its place and a remedy.

    Parameters
    ----------
    what
        What is wrong, in words, with the offending value.
    file, row, column
        Where it is wrong, as far as that applies; rows are counted as an editor counts lines.
    remedy
        What would be allowed, or what to do.

    Examples
    --------
    >>> print(Problem("'7O' is not a number", file="published.csv", row=3, column="value"))
    published.csv, row 3, column value: '7O' is not a number.
    """

    what: str
    file: str = ""
    row: int | None = None
    column: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        place = [self.file] if self.file else []
        place += [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        lead = ", ".join(place) + ": " if place else ""
        return " ".join(filter(None, [f"{lead}{self.what.rstrip('.')}.", self.remedy]))


class SurveyError(Exception):
    """The user's data or words are wrong; carries all problems found at once.

    Parameters
    ----------
    problems
        A sentence, a `Problem`, or several of them.

    Examples
    --------
    >>> print(SurveyError("There is no data folder here."))
    There is no data folder here.
    >>> error = SurveyError([Problem("first", file="a.csv"), Problem("second", file="a.csv")])
    >>> print(error)
    2 problems:
    a.csv: first.
    a.csv: second.
    """

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        self.problems: tuple[str | Problem, ...] = (
            (problems,) if isinstance(problems, str | Problem) else tuple(problems)
        )
        lines = [str(problem) for problem in self.problems]
        heading = [f"{len(lines)} problems:"] if len(lines) > 1 else []
        super().__init__("\n".join(heading + lines))


class DataError(SurveyError):
    """A file under the data folder is not as it must be."""


class UnknownNameError(SurveyError):
    """A name was asked for that the survey does not have."""


class ReportError(SurveyError):
    """A report could not be made as asked."""


def choices(names: Iterable[object], *, near: object = None) -> str:
    """Say which names there are and which of them are nearest.

    Examples
    --------
    >>> choices(["agenda", "roles"], near="agend")
    'Nearest: agenda. Allowed: agenda, roles.'
    >>> choices([2015, 2019, 2021], near=2018)
    'Nearest: 2019, 2015. Allowed: 2015, 2019, 2021.'
    """
    known = [str(name) for name in names]
    close = _nearest(near, known) if near is not None else []
    shown = ", ".join(known[:LISTED_AT_MOST])
    more = f", … ({len(known)} in all)" if len(known) > LISTED_AT_MOST else ""
    nearest = f"Nearest: {', '.join(close)}. " if close else ""
    return f"{nearest}Allowed: {shown or 'nothing'}{more}."


def _nearest(near: object, known: list[str]) -> list[str]:
    if isinstance(near, int) and all(name.lstrip("-").isdecimal() for name in known):
        return sorted(known, key=lambda name: abs(int(name) - near))[:2]
    folded = {name.lower(): name for name in known}
    return [folded[name] for name in difflib.get_close_matches(str(near).lower(), folded, n=3, cutoff=0.5)]


def unknown(kind: str, name: object, names: Iterable[object]) -> UnknownNameError:
    """Make the error for a name that is not there.

    Examples
    --------
    >>> print(unknown("question", "agend", ["agenda", "roles"]))
    There is no question 'agend'. Nearest: agenda. Allowed: agenda, roles.
    """
    return UnknownNameError(Problem(f"There is no {kind} {name!r}", remedy=choices(names, near=name)))


def read_text(path: Path, problems: list[Problem], *, remedy: str = "Save it as UTF-8.") -> str | None:
    """Read a UTF-8 file, with or without byte order mark; None, and a problem, where that cannot be done."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem("is not UTF-8", file=shown_path(path), remedy=remedy))
    except OSError as error:
        problems.append(Problem(f"cannot be read: {error.strerror}", file=shown_path(path)))
    return None


def shown_path(path: Path) -> str:
    """Write a path as the user would: relative to where they are, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
