"""What wave.yml says of one export: what kind of file it is and how to read it."""

from __future__ import annotations

import codecs
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator, model_validator

from lnd_survey.codebook import Id, Model, Whole
from lnd_survey.errors import choices

Format = Literal["csv", "xlsx", "ods", "sav"]
Layout = Literal["plain", "limesurvey", "surveymonkey", "qualtrics", "qualtrics_legacy", "google_forms", "typeform"]

HEADER_ROWS: dict[Layout, int] = {
    "plain": 1,
    "limesurvey": 1,
    "surveymonkey": 2,
    "qualtrics": 3,
    "qualtrics_legacy": 2,
    "google_forms": 1,
    "typeform": 1,
}

# Keys that say something only of some formats.
_ONLY_WITH = {
    "encoding": ("csv",),
    "delimiter": ("csv",),
    "decimal": ("csv", "xlsx", "ods"),
    "sheet": ("xlsx", "ods"),
    "title_rows": ("csv", "xlsx", "ods"),
    "values": ("sav",),
}


class ExportFile(Model):
    r"""One file as a survey tool delivered it.

    Parameters
    ----------
    name
        Where it lies, from the wave's folder.
    format
        `csv` (also with tabs), `xlsx`, `ods` or `sav` (also zsav).
    layout
        How the header is written; a `sav` file has none and is plain.
    rows
        How many responses it holds, so that a file cut short is noticed.
    sha256
        Of the file as it was when described, so that any change is noticed.
    encoding, delimiter, decimal
        How text, cells and numbers are written.
    sheet
        Of a workbook; the first one where not said.
    values
        Whether a `sav` file is read as codes or as labels.
    title_rows
        Rows above the header.
    separator
        Between several answers in one cell.
    group, language
        Where the whole file is of one group or in one language.

    Examples
    --------
    >>> file = ExportFile(name="a.csv", format="csv", layout="qualtrics", rows=12, delimiter="\t")
    >>> file.header_rows, file.encoding
    (3, 'utf-8')
    """

    name: Annotated[str, StringConstraints(min_length=1)]
    format: Format
    layout: Layout = "plain"
    rows: Annotated[Whole, Field(ge=1)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    sheet: str | None = None
    values: Literal["codes", "labels"] = "codes"
    title_rows: Whole = 0
    separator: Annotated[str, StringConstraints(min_length=1)] = ", "
    group: Id | None = None
    language: Id | None = None

    @field_validator("name")
    @classmethod
    def _below_the_folder(cls, name: str) -> str:
        if "\\" in name or PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise ValueError(f"must be a path below the wave's folder, with forward slashes (found {name!r})")
        return name

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            "".encode(encoding)
            codecs.lookup(encoding)
        except (LookupError, ValueError):
            known = ["utf-8", "utf-16", "windows-1252", "latin-1", "mac-roman"]
            raise ValueError(f"{encoding!r} is not an encoding. {choices(known, near=encoding)}") from None
        return encoding

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, delimiter: str) -> str:
        if len(delimiter) != 1 or not delimiter.isascii() or delimiter.isalnum() or delimiter in '"\r\n\0':
            raise ValueError(f'must be one sign, as "," or ";" or "\\t" (found {delimiter!r})')
        return delimiter

    @model_validator(mode="after")
    def _keys_fit_the_format(self) -> ExportFile:
        wrong = [
            f"{key} goes with {' and '.join(formats)} only"
            for key, formats in _ONLY_WITH.items()
            if key in self.model_fields_set and self.format not in formats
        ]
        if self.format == "sav" and self.layout != "plain":
            wrong.append("a sav file has no header rows, so its layout is plain")
        if self.format == "csv" and self.decimal == self.delimiter and "delimiter" in self.model_fields_set:
            wrong.append(f"{self.decimal!r} cannot be both delimiter and decimal")
        if wrong:
            raise ValueError("; ".join(wrong))
        return self

    @property
    def header_rows(self) -> int:
        """How many rows name the columns."""
        return 0 if self.format == "sav" else HEADER_ROWS[self.layout]
