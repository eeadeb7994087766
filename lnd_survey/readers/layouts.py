"""Header rows of survey tools: what each column is called, and which tool a file seems to be of."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from lnd_survey.folding import folded
from lnd_survey.readers.declaration import HEADER_ROWS, Layout
from lnd_survey.readers.export import Column

_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|td|tr|table|h[1-6])\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_CODE = re.compile(r"\s*([A-Za-z]\w*)((?:\[[^\[\]]*\])*)\s*(?:\.\s*(.*))?", re.DOTALL)
_DATA = re.compile(r"\d{5,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b.*|[^@\s]+@[^@\s]+\.\w+")

# Headers that only the tool itself writes.
_OF_LIMESURVEY = {"id", "submitdate", "lastpage", "startlanguage", "seed", "token", "startdate", "datestamp", "ipaddr"}
_OF_SURVEYMONKEY = {"respondent id", "collector id", "collectorid", "respondentid"}
_OF_QUALTRICS = {"responseid", "responseset", "recipientemail", "externalreference", "externaldatareference"}
_OF_QUALTRICS |= {
    "distributionchannel",
    "recordeddate",
    "userlanguage",
    "startdate",
    "enddate",
    "ipaddress",
    "finished",
}
_OF_GOOGLE = {"timestamp", "tijdstempel", "horodateur", "zeitstempel"}
_OF_TYPEFORM = {"#", "network id", "start date (utc)", "submit date (utc)", "stage date (utc)", "response type"}


def plain(text: str) -> str:
    r"""Write a header without HTML and entities, on one line.

    Examples
    --------
    >>> plain("<p>How <b>large</b>?</p>\n Budget&nbsp;&lt;&nbsp;5 <br/>a&amp;b")
    'How large? Budget < 5 a&b'
    """
    return " ".join(html.unescape(_TAG.sub("", _BREAKING_TAG.sub(" ", text))).split())


def columns_of(header: Sequence[Sequence[str]], layout: Layout) -> list[Column]:
    """Name the columns by the header rows of a layout.

    An address that occurs again, also in other case or quotes, gets a number; a column without any header is
    named by its place.

    Parameters
    ----------
    header
        As many rows as the layout has, of the same length.
    layout
        How they are written.

    Returns
    -------
    list of Column
        One for each column; addresses are unique after folding.

    Examples
    --------
    >>> [c.address for c in columns_of([["Which?", "", "Which?", ""], ["Film", "Book", "", ""]], "surveymonkey")]
    ['Which? | Film', 'Which? | Book', 'Which?', 'column 4']
    >>> columns_of([["use[other]. Which tools? [Other]", "size"]], "limesurvey")
    [Column(address='use[other]', title='Which tools? [Other]'), Column(address='size', title='')]
    >>> [column.address for column in columns_of([["Why?", "Why?", "WHY?"]], "plain")]
    ['Why?', 'Why? [2]', 'WHY? [3]']
    """
    rows = [[plain(cell) for cell in row] for row in header]
    if layout == "surveymonkey":
        named = [(" | ".join(filter(None, pair)), "") for pair in zip(_continued(rows), rows[1], strict=True)]
    elif layout in ("qualtrics", "qualtrics_legacy"):
        named = list(zip(rows[0], rows[1], strict=True))
    elif layout == "limesurvey":
        named = [_code(cell) for cell in rows[0]]
    else:
        named = [(cell, "") for cell in rows[0]]
    blank = [not any(cells) for cells in zip(*rows, strict=True)]
    addresses = [
        address if address and not unnamed else f"column {place}"
        for place, ((address, _), unnamed) in enumerate(zip(named, blank, strict=True), start=1)
    ]
    return [Column(address, title) for address, (_, title) in zip(distinct(addresses), named, strict=True)]


def distinct(addresses: Iterable[str]) -> list[str]:
    """Number the addresses that occur again.

    Examples
    --------
    >>> distinct(["a", "a [2]", "A", "a"])
    ['a', 'a [2]', 'A [3]', 'a [4]']
    """
    times: dict[str, int] = {}
    found = []
    for address in addresses:
        name, base = address, folded(address)
        while folded(name) in times:
            times[base] += 1
            name = f"{address} [{times[base]}]"
        times[folded(name)] = 1
        found.append(name)
    return found


def layout_of(rows: Sequence[Sequence[str]]) -> Layout:
    """Say which layout the first rows of a file seem to have.

    Parameters
    ----------
    rows
        The header, whatever it is, and some rows below.

    Examples
    --------
    >>> layout_of([["Q1", "Q2"], ["How?", "Why?"], ['{"ImportId":"QID1"}', '{"ImportId":"QID2"}']])
    'qualtrics'
    >>> layout_of([["Tijdstempel", "Hoe groot?"], ["2-1-2023", "5"]])
    'google_forms'
    """
    first, second, third = ([cell.strip() for cell in row] for row in [*rows[:3], [], [], []][:3])
    names = {folded(cell) for cell in first}
    codes = {match[1].lower() for cell in first if (match := _CODE.fullmatch(cell)) and (match[3] or not match[2])}
    if third and sum(_is_import_id(cell) for cell in third) * 2 > len(third):
        return "qualtrics"
    if looks_like_two_rows(first, second):
        return "surveymonkey"
    legacy = {folded(cell) for cell in second}
    if len(legacy & _OF_QUALTRICS) > 1 and all(re.fullmatch(r"V\d+", cell) for cell in first[:2]):
        return "qualtrics_legacy"
    if len(names & _OF_QUALTRICS) > 2 and not codes & {"submitdate", "lastpage"}:
        repeats = [a for a, b in zip(first, second, strict=False) if folded(a) == folded(b).replace(" ", "")]
        return "qualtrics_legacy" if len(repeats) > 1 else "plain"
    if len(codes & _OF_LIMESURVEY) > 1 and all(_CODE.fullmatch(cell) for cell in first):
        return "limesurvey"
    if first and folded(first[0]) in _OF_GOOGLE:
        return "google_forms"
    if len(names & _OF_TYPEFORM) > 1:
        return "typeform"
    return "plain"


def title_rows_of(rows: Sequence[Sequence[str]]) -> int:
    """Count the rows above the header: each has one cell filled at most, and the header has more.

    Examples
    --------
    >>> title_rows_of([["Survey"], [""], ["Why?", "How?"], ["x", ""]]), title_rows_of([["Why?"], ["x"]])
    (2, 0)
    """
    return next((place for place, row in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), 0)


def looks_like_two_rows(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the second row names the columns that the first leaves blank, and is no row of answers.

    Examples
    --------
    >>> looks_like_two_rows(["Which?", "", "", "Why?"], ["Film", "Book", "Game", "Text"])
    True
    """
    if not first or not first[0] or len(first) != len(second) or any(_DATA.fullmatch(cell) for cell in second):
        return False
    continued = [below for cell, below in zip(first, second, strict=True) if not cell]
    blank_below = any(cell and not below for cell, below in zip(first, second, strict=True))
    if {folded(cell) for cell in first} & _OF_SURVEYMONKEY:
        return blank_below
    numbers = any(re.fullmatch(r"-?[\d.,]+", cell) for cell in second)
    return all(continued) and not numbers and (len(continued) > 1 or (len(continued) == 1 and blank_below))


def mismatch(rows: Sequence[Sequence[str]], declared: Layout) -> tuple[str, str] | None:
    """Say what speaks against the layout declared, and the remedy; None where nothing does.

    Parameters
    ----------
    rows
        The header rows and some rows below.

    Examples
    --------
    >>> mismatch([["Which?", "", ""], ["Film", "Book", "Game"], ["x", "", ""]], "plain")
    ('looks like surveymonkey, with 2 header rows, and not like plain', 'Declare layout: surveymonkey.')
    """
    found = layout_of(rows)
    if HEADER_ROWS[found] > 1 and found != declared:
        remark = f"with {HEADER_ROWS[found]} header rows, "
        return f"looks like {found}, {remark}and not like {declared}", f"Declare layout: {found}."
    if declared == "qualtrics" and found != "qualtrics":
        return "has no row of ImportIds as its third header row", "Declare layout: qualtrics_legacy, which has two."
    second = [cell.strip() for cell in rows[1]] if len(rows) > 1 else []
    if HEADER_ROWS[declared] == 2 and found != declared and any(_DATA.fullmatch(cell) for cell in second):
        data = next(cell for cell in second if _DATA.fullmatch(cell))
        shown = data[:4] + "…" if len(data) > 4 else data
        return (
            f"has no second header row: there are answers in it ({shown})",
            f"Declare layout: {found}, which has one.",
        )
    if declared == "limesurvey":
        wrong = [cell.strip() for cell in rows[0] if cell.strip() and not _CODE.fullmatch(cell)]
        if wrong:
            what = f"has headers that do not begin with a code ({', '.join(map(repr, wrong[:3]))})"
            return what, "Export with codes, or declare layout: plain."
    return None


def _code(cell: str) -> tuple[str, str]:
    match = _CODE.fullmatch(cell)
    return (match[1] + match[2], match[3] or "") if match else (cell, "")


def _continued(rows: Sequence[Sequence[str]]) -> list[str]:
    """Fill the question into the cells that continue it."""
    questions: list[str] = []
    for question, sub in zip(*rows[:2], strict=True):
        questions.append(question or (questions[-1] if questions and sub else ""))
    return questions


def _is_import_id(cell: str) -> bool:
    return cell.replace(" ", "").startswith('{"ImportId"')
