"""Commentary: text of our own at the head of a chapter, whose numbers are filled in from claims and estimates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, partial

from lnd_survey.cellnames import CellName, name_of, read_names
from lnd_survey.errors import DataError, Problem, choices, read_text, shown_path
from lnd_survey.estimates import Row, rows
from lnd_survey.survey import Survey
from lnd_survey.words import Words

_REFERENCE = re.compile(r"\{\{(.*?)\}\}")
# Signs that neither a page nor a document may hold.
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SAID = ("reproduced", "rounding")


def read_commentary(
    survey: Survey,
    *,
    year: int,
    languages: Iterable[str],
    evidence: str = "best",
    left_out: list[Problem] | None = None,
) -> dict[tuple[str, int], str]:
    """Read the commentary of a year, with each reference filled in.

    A reference is a claim of the year, `{{ claim }}`, or a number by its name,
    `{{ year/group/question/item/option/statistic }}`.

    Parameters
    ----------
    survey
        The open survey.
    year, languages
        Whose files to read: `data/raw/<year>/commentary/<lang>/<NN>.md`, NN the number of a chapter.
    evidence
        What the numbers are filled in from, as in `Survey.estimates`. Sample data are marked.
    left_out
        List to which is added which files are left out, because their numbers are known with the best evidence and
        not with that asked for.

    Returns
    -------
    dict
        Markdown by language and chapter, for the files there are.

    Raises
    ------
    DataError
        With every reference that does not resolve, with its file, line and column. A claim that is contradicted or
        not computable is no number to write a sentence on, and refused as well; sample data contradict nobody.
    """
    problems: list[Problem] = []
    texts: dict[tuple[str, int], str] = {}
    numbers, best = _Numbers(survey, year, evidence), _Numbers(survey, year, "best")
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
            wrong: list[Problem] = []
            filled = _filled(text, numbers, words, file=file, problems=wrong)
            if not wrong:
                texts[lang, int(path.stem)] = filled
            elif evidence != "best" and _resolves(text, best, words):
                if left_out is not None:
                    what = f"is left out: not all of its numbers are known with evidence {evidence!r}"
                    left_out.append(Problem(what, file=file))
            else:
                problems += wrong
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
    return _NOT_IN_XML.sub(" ", str(reader.render(markdown))).strip()


class _Numbers:
    """The numbers that a commentary may refer to."""

    def __init__(self, survey: Survey, year: int, evidence: str) -> None:
        self.survey, self.year, self.evidence = survey, year, evidence
        self._cells: dict[str, Mapping[CellName, Row]] = {}

    @cached_property
    def claims(self) -> Mapping[str, Row]:
        return {row["claim"]: row for row in rows(self.survey.claims(self.year, evidence=self.evidence))}

    def of(self, question: str) -> Mapping[CellName, Row]:
        """Give the known numbers of a question, by name."""
        if question not in self._cells:
            found = self.survey.estimates(question, years="all", evidence=self.evidence, options="all")
            known = found.dropna(subset="estimate")
            self._cells[question] = {name_of(row): row for row in rows(known)}
        return self._cells[question]

    def written(self, name: str, words: Words, wrong: Callable[[str, str], None]) -> str:
        """Write what a reference stands for; if it stands for nothing, say so and write nothing."""
        return self._cell(name, words, wrong) if "/" in name else self._claim(name, words, wrong)

    def _cell(self, name: str, words: Words, wrong: Callable[[str, str], None]) -> str:
        found = read_names(name, codebook=self.survey.codebook, years=self.survey.years, wrong=wrong)
        if len(found) > 1:
            wrong(f"{name!r} is several numbers", "Name one item and one option.")
        if len(found) != 1:
            return ""
        cells = self.of(found[0].question)
        if found[0] not in cells:
            wrong(f"there is no number {name!r}", choices(map(str, cells), near=str(found[0])))
            return ""
        row = cells[found[0]]
        return words.value(row["statistic"], row["estimate"]) + _sign(row, words)

    def _claim(self, name: str, words: Words, wrong: Callable[[str, str], None]) -> str:
        if name not in self.claims:
            wrong(f"there is no claim {name!r}", choices(self.claims, near=name))
            return ""
        claim = self.claims[name]
        sample = claim["outcome"] == "contradicted" and "synthetic" in claim["evidence"]
        if claim["outcome"] not in _SAID and not sample:
            remedy = "Leave the sentence out, or write what the numbers say."
            wrong(f"claim {name!r} is {claim['outcome'].replace('_', ' ')}", remedy)
            return ""
        if not claim["unit"]:
            wrong(f"claim {name!r} is not a number", "Refer to a claim that is one.")
            return ""
        value, decimals = float(claim["computed"]), len(claim["claimed"].replace(",", ".").partition(".")[2])
        return words.amount(value, claim["unit"], decimals=decimals) + _sign(claim, words)


def _sign(row: Row, words: Words) -> str:
    return words.say("sample_sign") if "synthetic" in row["evidence"] else ""


def _resolves(text: str, numbers: _Numbers, words: Words) -> bool:
    problems: list[Problem] = []
    _filled(text, numbers, words, file="", problems=problems)
    return not problems


def _filled(text: str, numbers: _Numbers, words: Words, *, file: str, problems: list[Problem]) -> str:
    def wrong(at: int, what: str, remedy: str = "") -> None:
        row, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        problems.append(Problem(what, file=file, row=row, column=str(column), remedy=remedy))

    def written(found: re.Match[str]) -> str:
        return numbers.written(found[1].strip(), words, partial(wrong, found.start()))

    filled = _REFERENCE.sub(written, text)
    rest = _REFERENCE.sub(lambda found: " " * len(found[0]), text)
    for found in re.finditer(r"\{\{|\}\}", rest):
        wrong(found.start(), f"{found[0]!r} has no counterpart")
    return filled
