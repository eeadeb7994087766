"""Commentary: text of our own at the head of a chapter, whose numbers are filled in from the claims of the year."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lnd_survey.errors import DataError, Problem, choices, read_text, shown_path
from lnd_survey.survey import Survey
from lnd_survey.words import Words

if TYPE_CHECKING:
    import pandas as pd

_REFERENCE = re.compile(r"\{\{(.*?)\}\}")
_SAID = ("reproduced", "rounding")


def read_commentary(survey: Survey, *, year: int, languages: Iterable[str]) -> dict[tuple[str, int], str]:
    """Read the commentary of a year, with each `{{ claim }}` filled in.

    Parameters
    ----------
    survey
        The open survey.
    year, languages
        Whose files to read: `data/raw/<year>/commentary/<lang>/<NN>.md`, NN the number of a chapter.

    Returns
    -------
    dict
        Markdown by language and chapter, for the files there are.

    Raises
    ------
    DataError
        With every reference that does not resolve, with its file, line and column. A claim that is contradicted or
        not computable is no number to write a sentence on, and refused as well.
    """
    problems: list[Problem] = []
    texts: dict[tuple[str, int], str] = {}
    claims: Mapping[str, pd.Series] | None = None
    for lang in languages:
        words = survey.words(lang)
        for path in sorted((survey.wave(year).folder / "commentary" / lang).glob("*.md")):
            file, chapters = shown_path(path), [f"{number:02d}" for number in survey.codebook.chapters]
            if path.stem not in chapters:
                problems.append(Problem("is not named after a chapter", file=file, remedy=choices(chapters)))
                continue
            text = read_text(path, problems)
            if text is None:
                continue
            if claims is None:
                claims = {row["claim"]: row for _, row in survey.claims(year).iterrows()}
            texts[lang, int(path.stem)] = _filled(text, claims, words, file=file, problems=problems)
    if problems:
        raise DataError(problems)
    return texts


def check_commentary(survey: Survey) -> None:
    """Read the commentary of all years and languages, so that everything wrong with it is said at once.

    Raises
    ------
    DataError
        As `read_commentary`.
    """
    problems: list[Problem | str] = []
    for year in survey.years:
        try:
            read_commentary(survey, year=year, languages=survey.languages)
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)  # type: ignore[arg-type]


def as_html(markdown: str) -> str:
    """Write paragraphs, lists and emphasis as HTML; whatever else there is stays harmless text.

    Examples
    --------
    >>> as_html("*Two* <script>")
    '<p><em>Two</em> &lt;script&gt;</p>'
    """
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": False})
    reader.disable(["image", "link", "autolink", "reference", "heading", "lheading", "code", "fence", "hr"])
    return str(reader.render(markdown)).strip()


def _filled(text: str, claims: Mapping[str, pd.Series], words: Words, *, file: str, problems: list[Problem]) -> str:
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        done, at = "", 0
        for found in _REFERENCE.finditer(line):
            name = found[1].strip()
            refused = _refused(name, claims)
            if refused:
                column = str(found.start() + 1)
                problems.append(Problem(refused[0], file=file, row=number, column=column, remedy=refused[1]))
            else:
                done += line[at : found.start()] + _number(claims[name], words)
                at = found.end()
        lines.append(done + line[at:])
        rest = _REFERENCE.sub(lambda found: " " * len(found[0]), line)
        problems += [
            Problem(f"{sign!r} has no counterpart", file=file, row=number, column=str(rest.index(sign) + 1))
            for sign in ("{{", "}}")
            if sign in rest
        ]
    return "\n".join(lines)


def _refused(name: str, claims: Mapping[str, pd.Series]) -> tuple[str, str] | None:
    """Say why a claim cannot be referred to, and what to do."""
    if name not in claims:
        return f"there is no claim {name!r}", choices(claims, near=name)
    outcome = claims[name]["outcome"]
    if outcome not in _SAID:
        remedy = "Leave the sentence out, or write what the printed numbers say."
        return f"claim {name!r} is {outcome.replace('_', ' ')}", remedy
    if not claims[name]["unit"]:
        return f"claim {name!r} is not a number", "Refer to a claim that is one."
    return None


def _number(claim: pd.Series, words: Words) -> str:
    value, decimals = float(claim["computed"]), len(claim["claimed"].replace(",", ".").partition(".")[2])
    share = claim["unit"] == "%"
    return words.percent(value / 100, decimals=decimals) if share else words.number(value, decimals=decimals)
