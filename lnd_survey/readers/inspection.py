"""Look at a file without being told what it is, and propose how to describe it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.errors import DataError, Problem, shown_path
from lnd_survey.folding import folded
from lnd_survey.readers.appearance import LOOKED_AT, is_summary, kind_of
from lnd_survey.readers.declaration import ExportFile
from lnd_survey.readers.export import Column, Export
from lnd_survey.readers.layouts import layout_of, title_rows_of
from lnd_survey.readers.reading import content_of, read_content
from lnd_survey.readers.text import as_utf8, fitting_delimiter, likely_encoding, records
from lnd_survey.readers.workbook import rows_of, sheets_of

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("file", "column", "question", "item", "rank", "reason")

_SHOWN_VALUES = 3
_SHOWN_HEADER = 32
_MANY_VALUES = 2000
_SEPARATORS = (", ", "; ", ";", " | ", "|", ",")
_BARE = re.compile(r"(?!(?:yes|no|on|off|true|false|null)$)[A-Za-z][A-Za-z0-9_./-]*")
_NUMBER = re.compile(r"-?\d+(?:([.,])\d+)?")

_PERSONAL = re.compile(r"[^@\s]+@[^@\s]+\.\w+|https?://\S+|(?:\d{1,3}\.){3}\d{1,3}|\+?\d[\d /.-]{8,}\d")
_TIME = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T].*)?")
_REASONS = {
    "personal data": re.compile(
        r"e-?mail|courriel|\bip\b|ip.?addr|ipaddress|(?:first|last|full|sur|user).?name|^(?:your |uw |je )?name?\b|"
        r"\b(?:voor|achter)?naam\b|\b(?:pré)?nom\b|phone|telefoon|téléphone|\bgsm\b|\burl\b|refurl|\blink\b|\blien\b|"
        r"latitude|longitude|\baddress\b|\badres\b|\badresse\b"
    ),
    "time stamp": re.compile(
        r"timestamp|tijdstempel|horodateur|zeitstempel|datestamp|submitdate|(?:start|end|recorded|stage|submit) ?date|"
        r"date (?:created|modified|submitted|\(utc\))|(?:start|completion|last modified|interview|group) ?time|"
        r"duration \(in seconds\)"
    ),
    "administration": re.compile(
        r"id|#|seed|token|lastpage|status|progress|finished|(?:response|respondent|collector|network|survey) ?id|"
        r"response ?set|distribution ?channel|external ?(?:data ?)?reference|custom ?data ?\d*|response type|v\d+"
    ),
    "free text": re.compile(r"open-ended response|.*\b(?:please specify|namelijk|préciser|précisez)\b.*|.*\[comment\]"),
}
_WHOLE_NAME = ("administration", "free text")


@dataclass(frozen=True)
class Inspection:
    """What a file seems to be.

    Attributes
    ----------
    declaration
        How it would be described in wave.yml.
    export
        The file as read by that.
    """

    declaration: ExportFile
    export: Export

    def wave_yml(self) -> str:
        """Write the section of wave.yml that describes the file."""
        keys = self.declaration.model_dump(exclude_defaults=True)
        order = ["name", "format", "layout", "rows", *keys]
        values = {key: getattr(self.declaration, key) for key in dict.fromkeys(order)}
        first, *more = [f"{key}: {_yaml(value)}" for key, value in values.items()]
        lines = ["exports:", "  evidence: survey", "  files:", f"    - {first}", *(f"      {line}" for line in more)]
        return "\n".join(lines) + "\n"

    def columns_csv(self) -> str:
        """Write a columns.csv to fill in: one row a column, with a reason where it seems best dropped."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        for column in self.export.columns:
            reason = reason_to_drop(column, self.export.cells[column.address])
            writer.writerow([self.declaration.name, column.address, "", "", "", reason])
        return text.getvalue()

    def summary(self) -> str:
        """Describe the file for people; values that look personal are not shown."""
        numbers = self.export.numbers
        what = self.declaration.model_dump(exclude_defaults=True, exclude={"name", "rows", "sha256"})
        told = ", ".join(f"{key} {_yaml(value)}" for key, value in {**what, "layout": self.declaration.layout}.items())
        lines = [
            f"{self.export.file}: {told}",
            f"{len(numbers)} responses, in rows {numbers[0]} to {numbers[-1]}; {len(self.export.columns)} columns",
            "",
            f"{'column':<{_SHOWN_HEADER}} {'filled':>7} {'values':>7}  first values",
        ]
        for column in self.export.columns:
            cells = self.export.cells[column.address]
            reason = reason_to_drop(column, cells)
            values = [text for text in cells.categories if text.strip()]
            filled = sum(count for text, count in _counts(cells) if text.strip())
            shown = f"({reason})" if reason else " · ".join(map(_masked, values[:_SHOWN_VALUES]))
            header = f"{_cut(column.address, _SHOWN_HEADER):<{_SHOWN_HEADER}}"
            lines.append(f"{header} {filled:>7} {len(values):>7}  {shown}".rstrip())
            # Long headers often differ only at their end.
            more = column.title or (column.address if len(column.address) > _SHOWN_HEADER else "")
            lines += [f"    {_cut(more, 160)}"] if more else []
        return "\n".join(lines) + "\n"


def inspect_file(path: Path) -> Inspection:
    r"""Look at a file and propose how to describe it.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    Inspection
        The description, and the file as read by it.

    Raises
    ------
    DataError
        Where the file cannot be read, with all problems.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "answers.csv")
    ...     written = path.write_bytes("Taille;Coût\n5;1,5\n7;2,5\n".encode("cp1252"))
    ...     found = inspect_file(path)
    >>> found.declaration.encoding, found.declaration.delimiter, found.declaration.decimal, found.declaration.rows
    ('windows-1252', ';', ',', 2)
    """
    problems: list[Problem] = []
    file = shown_path(path)
    content = content_of(path, problems)
    keys = _keys(content, file, problems) if content else None
    if content and keys:
        first = ExportFile(name=path.name, rows=1, **keys)
        export = read_content(content, first, file, problems, counted=False)
        if export and not problems:
            keys |= _values(export) if first.format != "sav" else {}
            checksum = hashlib.sha256(content).hexdigest()
            return Inspection(ExportFile(name=path.name, rows=len(export.numbers), sha256=checksum, **keys), export)
    raise DataError(problems)


def reason_to_drop(column: Column, cells: pd.Categorical) -> str:
    """Say why a column seems to hold no answers to keep; "" where it may hold some.

    Examples
    --------
    >>> import pandas as pd
    >>> reason_to_drop(Column("Contact"), pd.Categorical(["a@b.be", "", "c@d.be"]))
    'personal data'
    >>> [reason_to_drop(Column(name), pd.Categorical(["5"])) for name in ("Horodateur", "Size")]
    ['time stamp', '']
    """
    names = [folded(column.address), folded(column.title), folded(column.address.rpartition(" | ")[2])]
    for reason, pattern in _REASONS.items():
        match = pattern.fullmatch if reason in _WHOLE_NAME else pattern.search
        if any(match(name) for name in names if name and len(name) <= 40):
            return reason
    counts = [(text.strip(), count) for text, count in _counts(cells) if text.strip()]
    filled, values = sum(count for _, count in counts), [text for text, _ in counts]
    sample = values[:_MANY_VALUES]
    for reason, pattern in (("personal data", _PERSONAL), ("time stamp", _TIME)):
        if sample and sum(bool(pattern.fullmatch(text)) for text in sample) * 2 > len(sample):
            return reason
    if filled < 5 or len(values) < 0.9 * filled:
        return ""
    if all(re.fullmatch(r"\d+|[0-9a-fA-F-]{16,}", text) for text in sample):
        return "administration" if filled >= 10 else ""
    long = sum(map(len, sample)) >= 25 * len(sample)
    numbers = all(_NUMBER.fullmatch(text) for text in sample)
    return "free text" if (filled >= 10 or long) and not numbers and not separator_of([sample]) else ""


def separator_of(columns: Iterable[Sequence[str]]) -> str:
    """Find what stands between several answers in one cell; "" where no cells share parts.

    Examples
    --------
    >>> separator_of([["Film; Book", "Book", "Film; Game", "Game; Book"]]), separator_of([["Film, old", "Book"]])
    ('; ', '')
    """
    found: Counter[str] = Counter()
    for values in columns:
        for separator in _SEPARATORS:
            several = [text.strip(" ;") for text in values if separator in text.strip(" ;")]
            if len(several) < 2:
                continue
            parts = Counter(part for text in values for part in set(text.strip(" ;").split(separator)))
            of_several = [part for text in several for part in text.split(separator)]
            if sum(parts[part] > 1 for part in of_several) >= 0.7 * len(of_several):
                found[separator] += 1
                break
    return found.most_common(1)[0][0] if found else ""


def _keys(content: bytes, file: str, problems: list[Problem]) -> dict[str, Any] | None:
    """Propose how to read a file, all but what its values tell."""
    kind, words = kind_of(content)
    if kind == "csv":
        return _keys_of_text(content, file, problems)
    if kind == "sav":
        return {"format": kind}
    if kind in ("xlsx", "ods"):
        sheets = sheets_of(content, file, problems)
        firsts = {name: list(islice(rows_of(sheet), LOOKED_AT)) for name, sheet in sheets.items()}
        if not firsts:
            return None
        size = {name: sheet.height * sheet.width for name, sheet in sheets.items()}
        best = max(firsts, key=lambda name: (not is_summary(firsts[name]), size[name]))
        own_sheet = {} if best == next(iter(firsts)) else {"sheet": best}
        return {"format": kind, **_keys_of_rows(firsts[best]), **own_sheet}
    problems.append(Problem(f"is {words}", file=file, remedy="Export it as csv, xlsx, ods or sav."))
    return None


def _keys_of_text(content: bytes, file: str, problems: list[Problem]) -> dict[str, Any] | None:
    encoding = likely_encoding(content)
    body = as_utf8(content, encoding, file, problems)
    if body is None:
        return None
    delimiter, _ = fitting_delimiter(body)
    try:
        rows = [cells for cells, _ in islice(records(body, delimiter), LOOKED_AT)]
    except csv.Error as error:
        problems.append(Problem(f"is not proper CSV: {error}", file=file, remedy="Export it again."))
        return None
    own_encoding = {} if encoding == "utf-8" else {"encoding": encoding}
    own_delimiter = {} if delimiter == "," else {"delimiter": delimiter}
    return {"format": "csv", **_keys_of_rows(rows), **own_encoding, **own_delimiter}


def _keys_of_rows(rows: Sequence[Sequence[str]]) -> dict[str, Any]:
    titles = title_rows_of(rows)
    return {"layout": layout_of(rows[titles:]), **({"title_rows": titles} if titles else {})}


def _values(export: Export) -> dict[str, Any]:
    """Propose what the values of a file tell: how numbers are written and what stands between answers."""
    values = [[text for text in cells.categories[:_MANY_VALUES] if text] for cells in export.cells.values()]
    signs = {match[1] for texts in values for match in _all_numbers(texts) if match[1]}
    separator = separator_of(values)
    decimal = {"decimal": ","} if signs == {","} else {}
    return decimal | ({"separator": separator} if separator not in ("", ", ") else {})


def _all_numbers(texts: Sequence[str]) -> list[re.Match[str]]:
    matches = [match for text in texts if (match := _NUMBER.fullmatch(text.strip()))]
    return matches if len(matches) == len(texts) else []


def _counts(cells: pd.Categorical) -> list[tuple[str, int]]:
    import numpy as np

    return list(zip(cells.categories, np.bincount(cells.codes, minlength=len(cells.categories)).tolist(), strict=True))


def _masked(text: str) -> str:
    return "(personal data)" if _PERSONAL.search(text) else _cut(text, 24)


def _cut(text: str, length: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def _yaml(value: object) -> str:
    text = str(value)
    return text if isinstance(value, int) or _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
