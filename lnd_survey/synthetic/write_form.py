"""How a survey tool delivers its export: file format, layout, and what is written into the cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from lnd_survey.readers.declaration import HEADER_ROWS, Format, Layout

Tick = Literal["word", "letter", "number", "mark", "label", "code"]


@dataclass(frozen=True)
class Habit:
    """What a survey tool does where nobody chooses otherwise.

    Attributes
    ----------
    tick, tick_code
        A tick of a pick-n question among labels and among codes: a word for yes and no, a letter, 1 and 0,
        1 and nothing, the item's text or the item's code.
    multi, ranking
        How the answers to a pick-n question and to a ranking are laid out.
    code
        What stands before the number of an option in its code.
    separator
        What stands between several answers in one cell.
    """

    tick: Tick = "label"
    tick_code: Tick = "number"
    multi: Literal["columns", "cell"] = "columns"
    ranking: Literal["by_item", "by_rank"] = "by_item"
    code: str = ""
    separator: str = ", "


HABITS: Mapping[Layout, Habit] = MappingProxyType(
    {
        "plain": Habit(tick="word"),
        "limesurvey": Habit(tick="word", tick_code="letter", ranking="by_rank", code="A"),
        "surveymonkey": Habit(tick_code="code"),
        "qualtrics": Habit(tick_code="mark", separator=","),
        "qualtrics_legacy": Habit(tick_code="mark", separator=","),
        "google_forms": Habit(multi="cell"),
        "typeform": Habit(),
    }
)


_PLAIN = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "€": "EUR", "œ": "oe", "Œ": "Oe", "…": "..."}


@dataclass(frozen=True)
class Form:
    r"""The form in which one export is written.

    Parameters
    ----------
    format, layout
        Kind of file, and which tool's headings and extra columns it has.
    values
        `labels` (the answers as respondents read them) or `codes`. In a `sav` there are always codes with value
        labels; here it says which of the two `wave.yml` asks the reader for.
    multi
        `columns` (one per item) or `cell` (all ticks in one); empty as the tool does it.
    ranking
        `by_item` (one column per item, holding its rank) or `by_rank`; empty as the tool does it.
    encoding, delimiter, decimal, line_end
        Of a CSV. `utf-8-sig` writes a byte order mark.
    sheet
        Of a workbook; empty for the name the tool gives.
    title_rows, blank_rows
        Rows above the headings, and empty rows below the answers.
    separator
        Between several answers in one cell; empty as the tool does it.
    compressed
        Whether a `sav` is written compressed, as `.zsav`.

    Examples
    --------
    >>> FORMS["limesurvey"].delimiter, FORMS["sav"].format
    (';', 'sav')
    """

    format: Format = "csv"
    layout: Layout = "plain"
    values: Literal["labels", "codes"] = "labels"
    multi: Literal["", "columns", "cell"] = ""
    ranking: Literal["", "by_item", "by_rank"] = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    decimal: Literal[".", ","] = "."
    line_end: str = "\n"
    sheet: str = ""
    title_rows: int = 0
    blank_rows: int = 0
    separator: str = ""
    compressed: bool = False

    def __post_init__(self) -> None:
        if self.format == "sav" and (self.layout != "plain" or self.multi == "cell"):
            raise ValueError("A sav has layout plain and a column for each item.")

    @property
    def habit(self) -> Habit:
        """What the tool does of itself."""
        return HABITS[self.layout]

    @property
    def header_rows(self) -> int:
        """How many rows of headings there are."""
        return HEADER_ROWS[self.layout]

    @property
    def coded(self) -> bool:
        """Whether cells hold codes."""
        return self.values == "codes" or self.format == "sav"

    @property
    def tick(self) -> Tick:
        """How a tick of a pick-n question is written."""
        return self.habit.tick_code if self.coded else self.habit.tick

    @property
    def between(self) -> str:
        """What stands between several answers in one cell."""
        return self.separator or self.habit.separator

    @property
    def suffix(self) -> str:
        """The ending of the file's name."""
        return "zsav" if self.compressed else "tsv" if self.delimiter == "\t" else self.format

    def writable(self, text: str) -> str:
        """Write what the encoding does not know in plain signs, as tools do.

        Raises
        ------
        ValueError
            Where there are no plain signs for it.

        Examples
        --------
        >>> FORMS["latin"].writable("€ 750 hors-d’œuvre"), FORMS["windows"].writable("hors-d’œuvre")
        ("EUR 750 hors-d'oeuvre", 'hors-d’œuvre')
        """
        if self.format != "csv" or self.encoding.startswith("utf"):
            return text
        return "".join(self._writable_sign(sign) for sign in text)

    def _writable_sign(self, sign: str) -> str:
        for written in (sign, _PLAIN.get(sign, "")):
            try:
                if written and written.encode(self.encoding):
                    return written
            except UnicodeEncodeError:
                continue
        raise ValueError(f"{sign!r} cannot be written in {self.encoding}.")

    def multi_in_cell(self) -> bool:
        """Whether all ticks of a pick-n question stand in one cell."""
        return (self.multi or self.habit.multi) == "cell"

    def ranking_by_rank(self) -> bool:
        """Whether a ranking has a column for each rank."""
        return (self.ranking or self.habit.ranking) == "by_rank"

    def declaration(self) -> dict[str, Any]:
        """Give what `wave.yml` says of it, without what goes without saying."""
        said: dict[str, Any] = {"format": self.format, "layout": self.layout}
        if self.format == "csv":
            encoding = "utf-8" if self.encoding == "utf-8-sig" else self.encoding
            said |= {} if encoding == "utf-8" else {"encoding": encoding}
            said |= {} if self.delimiter == "," else {"delimiter": self.delimiter}
        said |= {} if self.decimal == "." else {"decimal": self.decimal}
        said |= {"values": self.values} if self.format == "sav" else {}
        said |= {"title_rows": self.title_rows} if self.title_rows else {}
        if self.multi_in_cell() and self.between != ", ":
            said["separator"] = self.between
        return said


FORMS: Mapping[str, Form] = MappingProxyType(
    {
        "plain": Form(),
        "plain_codes": Form(values="codes", ranking="by_rank"),
        "plain_decimal_comma": Form(delimiter=";", decimal=",", line_end="\r\n"),
        "plain_cell": Form(multi="cell", separator="|", delimiter="\t", encoding="utf-16"),
        "windows": Form(delimiter=";", encoding="windows-1252", line_end="\r\n"),
        "latin": Form(encoding="latin-1", ranking="by_rank"),
        "macintosh": Form(encoding="mac-roman", line_end="\r"),
        "plain_xlsx": Form(format="xlsx", values="codes", title_rows=2),
        "plain_ods": Form(format="ods"),
        "ods_codes": Form(format="ods", values="codes", sheet="Data"),
        "limesurvey": Form(layout="limesurvey", delimiter=";", encoding="utf-8-sig"),
        "limesurvey_codes": Form(layout="limesurvey", values="codes", ranking="by_item"),
        "surveymonkey": Form(layout="surveymonkey"),
        "surveymonkey_title": Form(layout="surveymonkey", format="xlsx", title_rows=1, blank_rows=3),
        "surveymonkey_codes": Form(layout="surveymonkey", values="codes", ranking="by_rank"),
        "qualtrics": Form(layout="qualtrics"),
        "qualtrics_codes": Form(layout="qualtrics", values="codes"),
        "qualtrics_cell": Form(layout="qualtrics", multi="cell"),
        "qualtrics_cell_codes": Form(layout="qualtrics", values="codes", multi="cell"),
        "qualtrics_legacy": Form(layout="qualtrics_legacy", ranking="by_rank"),
        "qualtrics_legacy_codes": Form(layout="qualtrics_legacy", values="codes"),
        "google_forms": Form(layout="google_forms", line_end="\r\n"),
        "google_forms_xlsx": Form(layout="google_forms", format="xlsx", sheet="Form Responses 1"),
        "typeform": Form(layout="typeform"),
        "typeform_xlsx": Form(layout="typeform", format="xlsx"),
        "typeform_cell": Form(layout="typeform", multi="cell"),
        "sav": Form(format="sav", values="codes"),
        "sav_labels": Form(format="sav", values="labels"),
        "sav_by_rank": Form(format="sav", values="codes", ranking="by_rank"),
        "zsav": Form(format="sav", values="codes", compressed=True),
    }
)
"""Every form that is supported, by a name of its own."""
