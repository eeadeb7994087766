"""The report as a workbook: a sheet for each figure with its numbers and a chart, and all numbers in one csv file."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lnd_survey.charts.style import FAINT, INK, MUTED, RULE, readable
from lnd_survey.estimates import COLUMNS, EVIDENCE, FLAGS, MEANING, NUMBERS, UNIT
from lnd_survey.report.grid import Grid, Mark, Series, grids, notes_of, number_format
from lnd_survey.spreadsheet_text import harmless

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from lnd_survey.report.collected import Figure, Report
    from lnd_survey.words import Words

BOOK, TABLE, PACKAGE = "figures.xlsx", "estimates.csv", "datapackage.json"

HEAD = 5
"""The row of a sheet with the names of the columns; the rows above it and itself stay in sight."""

LONGEST_NAME = 31
"""So many letters the name of a sheet may have."""

WIDEST = 44
"""The widest column, in letters; longer text is wrapped."""

NARROWEST, FIRST = 11, 16
"""The narrowest column, and the narrowest first one, which also holds the names of the texts below the numbers."""

NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))

CHART = (760, 64)
"""The width of a chart, and the least height around its bars, in pixels."""

PICTURE = 0.37
"""How large a picture of 300 dots per inch stands on a sheet."""

LEAST = 0.04
"""The smallest part of a bar that has room for its number."""

SYMBOLS = {"o": "circle", "s": "square", "D": "diamond", "^": "triangle"}


def write_workbook(folder: Path, report: Report) -> None:
    """Write `figures.xlsx`, and beside it `estimates.csv` with `datapackage.json`.

    Parameters
    ----------
    folder
        The folder of the report.
    report
        What was collected there.
    """
    from xlsxwriter import Workbook

    # Nothing that is text may become a formula or a link.
    plain = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with Workbook(folder / BOOK, {"in_memory": True, **plain}) as book:
        title = report.words.say("report_title", year=report.plan.year)
        book.set_properties({"title": title, "author": "", "created": datetime(report.plan.year, 1, 1)})
        book.set_size(1600, 1000)
        _Book(book, report).write()
    (folder / TABLE).write_text(_csv(report), encoding="utf-8", newline="")
    package = json.dumps(_package(report), ensure_ascii=False, indent=2)
    (folder / PACKAGE).write_text(package + "\n", encoding="utf-8")


def sheet_names(report: Report) -> dict[str, str]:
    """Give each figure the name of its sheet, by its anchor: its number and title, cut where that is too long."""
    contents = report.words.say("contents")
    taken = {contents.casefold()}
    names = {}
    for figure in report.figures:
        name = " ".join(f"{figure.told['number']} {figure.told['title']}".translate(NOT_IN_NAMES).split())
        cut, number = name[:LONGEST_NAME].strip(), 1
        while cut.casefold() in taken:
            number += 1
            cut = f"{name[: LONGEST_NAME - len(f' ({number})')].strip()} ({number})"
        taken.add(cut.casefold())
        names[figure.anchor] = cut
    return names


class _Book:
    """A workbook that is being written, with its formats and the names of its sheets."""

    def __init__(self, book: Workbook, report: Report) -> None:
        self.book, self.report, self.words = book, report, report.words
        self.names = sheet_names(report)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}

    def format(self, **properties: Any) -> Format:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    def write(self) -> None:
        contents = self.book.add_worksheet(self.words.say("contents"))
        sheets = {figure.anchor: self.book.add_worksheet(self.names[figure.anchor]) for figure in self.report.figures}
        self._contents(contents)
        for figure in self.report.figures:
            _FigureSheet(self, sheets[figure.anchor], figure).write()

    def set_up(self, sheet: Worksheet) -> None:
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(0.5, 0.5, 0.6, 0.6)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&R&P / &N")

    def _contents(self, sheet: Worksheet) -> None:
        words, report = self.words, self.report
        year = report.plan.year
        self.set_up(sheet)
        sheet.set_column(0, 0, 9)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 2, 70)
        sheet.write_string(0, 0, words.say("report_title", year=year), self.format(bold=True, font_size=16))
        sheet.set_row(0, 24)
        lines = [words.say("page_lead", year=year), *report.warnings, words.say("sheet_data")]
        for at, line in enumerate(lines, 1):
            sheet.write_string(at, 0, line, self.format(font_color=MUTED))
        at = len(lines) + 2
        for chapter in report.chapters:
            sheet.write_string(at, 0, str(chapter.number), self.format(bold=True, font_size=12))
            sheet.write_string(at, 1, chapter.title, self.format(bold=True, font_size=12))
            at += 1
            for figure in chapter.figures:
                place = f"internal:'{self.names[figure.anchor]}'!A1"
                link = self.format(font_color="#542788", underline=1, text_wrap=True)
                sheet.write_string(at, 0, words.say("figure_number", number=figure.told["number"]), self.format())
                sheet.write_url(at, 1, place, link, string=figure.told["title"][:255])
                sheet.write_string(at, 2, figure.told["subtitle"], self.format(font_color=MUTED, text_wrap=True))
                at += 1
            at += 1


class _FigureSheet:
    """The sheet of a figure."""

    def __init__(self, book: _Book, sheet: Worksheet, figure: Figure) -> None:
        self.book, self.sheet, self.figure, self.words = book, sheet, figure, book.words
        self.format = book.format
        self.name = book.names[figure.anchor]
        self.columns = _columns(figure, book.words) if figure.table else []

    def write(self) -> None:
        told, sheet, words = self.figure.told, self.sheet, self.words
        self.book.set_up(sheet)
        title = words.say("figure_title", number=told["number"], title=told["title"])
        sheet.write_string(0, 0, title, self.format(bold=True, font_size=14))
        sheet.set_row(0, 20)
        sheet.write_string(1, 0, told["subtitle"], self.format(font_color=MUTED))
        if told["synthetic"]:
            legend = words.say("synthetic_legend", sign=words.say("sample_sign"))
            sheet.write_string(2, 0, legend, self.format(bold=True))
        back = f"internal:'{words.say('contents')}'!A1"
        sheet.write_url(3, 0, back, self.format(font_color="#542788", underline=1), string=words.say("sheet_back"))
        if told["kind"] == "matrix":
            right, below = self._concept(told["parameters"]["concept"])
        else:
            right, below = self._numbers()
        drawn = grids(self.figure, words)
        below = self._texts(below + 1, max(right, 4), notes_of(self.figure, drawn, words))
        if drawn:
            self._charts(drawn, right + 1, below + 1)
        elif "png" in self.figure.files and told["kind"] != "matrix":
            sheet.write_string(HEAD, right + 1, words.say("sheet_picture_only"), self.format(font_color=MUTED))
            scale = {"x_scale": PICTURE, "y_scale": PICTURE, "description": told["alt"]}
            sheet.insert_image(HEAD + 1, right + 1, str(self.figure.files["png"]), scale)

    def _numbers(self) -> tuple[int, int]:
        """Write the numbers, one row each; gives the first column and the first row that are free."""
        if self.figure.table is None:
            self.sheet.set_column(0, 0, FIRST)
            self.sheet.set_column(1, 3, NARROWEST * 2)
            return 0, HEAD
        for at, column in enumerate(self.columns):
            align = "right" if any(column.formats) else "left"
            head = {"bold": True, "bottom": 1, "bottom_color": RULE, "text_wrap": True, "valign": "bottom"}
            self.sheet.write_string(HEAD, at, column.name, self.format(**head, align=align, indent=int(at > 0)))
            plain = self.format(text_wrap=True, indent=int(at > 0))
            for below, (cell, form) in enumerate(zip(column.cells, column.formats, strict=True), HEAD + 1):
                shape = self.format(num_format=form, align="right", indent=1) if form else plain
                if cell is None:
                    self.sheet.write_blank(below, at, None, shape)
                elif isinstance(cell, str):
                    self.sheet.write_string(below, at, cell, shape)
                else:
                    self.sheet.write_number(below, at, cell, shape)
            self.sheet.set_column(at, at, max(column.width, FIRST) if not at else column.width)
        self.sheet.freeze_panes(HEAD + 1, 0)
        self.sheet.repeat_rows(HEAD)
        return len(self.columns), HEAD + 1 + len(self.figure.table.rows)

    def _concept(self, concept: str) -> tuple[int, int]:
        """Write a table of texts."""
        found = self.words.concept(concept)
        head = self.format(bold=True, bottom=1, bottom_color=RULE, text_wrap=True, valign="bottom")
        body = self.format(text_wrap=True, bottom=4, bottom_color=RULE)
        for at, text in enumerate(["", *found.columns]):
            self.sheet.write_string(HEAD, at, text, head)
            self.sheet.set_column(at, at, 24 if not at else WIDEST)
        for below, row in enumerate(found.rows, HEAD + 1):
            for at, text in enumerate([row.label, *row.cells]):
                self.sheet.write_string(below, at, text, self.format(bold=True, text_wrap=True) if not at else body)
        return len(found.columns) + 1, HEAD + 1 + len(found.rows)

    def _texts(self, at: int, columns: int, notes: list[str]) -> int:
        """Write what a reader must know, below the numbers; gives the first row that is free."""
        told, words = self.figure.told, self.words
        names = {"finding": "finding", "question": "question", "base": "base", "period": "field_period"}
        names |= {"evidence": "evidence", "source": "source"}
        texts = [(words.say(name), told[key]) for key, name in names.items() if told[key]]
        texts += [(words.say("note"), note) for note in notes]
        wide = sum(self._width(column) for column in range(1, columns))
        for name, text in texts:
            self.sheet.write_string(at, 0, name, self.format(bold=True, font_color=MUTED))
            body = self.format(text_wrap=True)
            self.sheet.merge_range(at, 1, at, columns - 1, "", body)
            self.sheet.write_string(at, 1, text, body)
            self.sheet.set_row(at, 13.5 * math.ceil(len(text) * 1.02 / wide))
            at += 1
        return at

    def _width(self, column: int) -> float:
        """Give the width of a column of the numbers, in letters."""
        if self.figure.told["kind"] == "matrix":
            return WIDEST
        return self.columns[column].width if column < len(self.columns) else NARROWEST * 2

    def _charts(self, drawn: Sequence[Grid], left: int, free: int) -> None:
        """Draw the charts, with their numbers in blocks below them, where no row is higher than others for its text."""
        sizes = [_high(one) for one in drawn]
        top = max(HEAD + 2 + math.ceil(sum(sizes) / 17), free)
        for place in range(left, left + max(len(one.series) for one in drawn) + 1):
            self.sheet.set_column(place, place, 30 if place == left else NARROWEST + 2)
        self.sheet.write_string(top, left, self.words.say("sheet_chart_numbers"), self.format(bold=True))
        top += 1
        above = 2
        for one, high in zip(drawn, sizes, strict=True):
            self._block(one, top, left)
            chart = self._made(one, top, left)
            chart.set_size({"width": CHART[0], "height": high})
            told = {"description": self.figure.told["alt"] if one is drawn[0] else one.title}
            self.sheet.insert_chart(HEAD, left, chart, told | {"object_position": 3, "y_offset": above})
            above += high
            top += len(one.categories) + len(one.beside) + 3

    def _block(self, drawn: Grid, top: int, left: int) -> None:
        """Write the numbers that a chart is drawn from."""
        head = {"bold": True, "bottom": 1, "bottom_color": RULE, "text_wrap": True, "valign": "bottom"}
        self.sheet.write_string(top, left, drawn.title, self.format(**head))
        for at, series in enumerate(drawn.series, left + 1):
            self.sheet.write_string(top, at, series.label, self.format(**head, align="right"))
            for below, mark in enumerate(series.marks, top + 1):
                if mark is not None:
                    form = drawn.sample if mark.sample else drawn.number
                    self.sheet.write_number(below, at, mark.number, self.format(num_format=form, align="right"))
        for below, category in enumerate(drawn.categories, top + 1):
            self.sheet.write_string(below, left, category, self.format(text_wrap=True))
        for below, line in enumerate(drawn.beside, top + 1 + len(drawn.categories)):
            self.sheet.write_string(below, left, line, self.format(font_color=MUTED))

    def _made(self, drawn: Grid, head: int, left: int) -> Any:
        kinds = {
            "bars": {"type": "bar"},
            "stacked": {"type": "bar", "subtype": "stacked"},
            "lines": {"type": "line"},
            "points": {"type": "line"},
        }
        bars = drawn.kind in ("bars", "stacked")
        chart = self.book.book.add_chart(kinds[drawn.kind])
        first, last = head + 1, head + len(drawn.categories)
        for at, series in enumerate(drawn.series, left + 1):
            chart.add_series(
                {
                    "name": [self.name, head, at],
                    "categories": [self.name, first, left, last, left],
                    "values": [self.name, first, at, last, at],
                    "data_labels": _labels(drawn, series),
                    **(_bars(drawn, series) if bars else _line(drawn, series)),
                }
            )
        font = {"name": "Arial", "size": 9, "color": INK}
        title = [self.name, head, left] if drawn.title else [self.name, 0, 0]
        chart.set_title({"name": title, "name_font": font | {"size": 11, "bold": True}})
        chart.set_legend({"none": True} if len(drawn.series) == 1 else {"position": "bottom", "font": font})
        chart.show_blanks_as("span")
        plain = {"num_font": font, "line": {"color": RULE}, "major_tick_mark": "none", "interval_unit": 1}
        scale = {
            "num_font": font,
            "num_format": drawn.number,
            "min": drawn.low,
            "max": _upper(drawn),
            "reverse": drawn.best_low,
            "visible": not bars,
            "major_gridlines": {"visible": not bars, "line": {"color": FAINT, "width": 0.5}},
            "line": {"none": True},
        }
        if bars:
            # A bar chart has its categories along the y axis, from below.
            chart.set_y_axis(plain | {"reverse": True})
            chart.set_x_axis(scale)
        else:
            chart.set_x_axis(plain | {"label_position": "high" if drawn.best_low else "low"})
            chart.set_y_axis(scale | ({"major_unit": 1} if drawn.kind == "points" else {}))
        return chart


def _high(drawn: Grid) -> int:
    """Say how high a chart is, in pixels."""
    if drawn.kind not in ("bars", "stacked"):
        return 260 if drawn.title else 380
    rows = len(drawn.categories) * (len(drawn.series) if drawn.kind == "bars" else 1.6)
    return CHART[1] + max(100 if drawn.title else 180, round(rows * 17))


def _upper(drawn: Grid) -> float:
    """Give the end of the scale: beyond the longest bar or highest point there is room for its number."""
    if drawn.kind in ("bars", "lines"):
        return math.ceil(drawn.high * 1.12 * 20) / 20 if drawn.high <= 1 else drawn.high * 1.12
    return drawn.high


def _labels(drawn: Grid, series: Series) -> dict[str, Any]:
    """Give the numbers at the marks: with the sign of sample data, and in a colour that reads well."""
    marks = [mark for mark in series.marks if mark is not None]
    inside = drawn.kind == "stacked"
    colours = {readable(mark.face) if inside else INK for mark in marks}
    signs = {mark.sample for mark in marks}
    above = [drawn.is_above(number, mark) for number, mark in enumerate(series.marks) if mark is not None]
    first = series.first
    font = {"name": "Arial", "size": 9}
    places = {"bars": "outside_end", "stacked": "center", "points": "right"}
    labels: dict[str, Any] = {
        "value": True,
        "num_format": drawn.sample if first.sample else drawn.number,
        "font": font | {"color": readable(first.face) if inside else INK},
        "position": places.get(drawn.kind, "above" if 2 * sum(above) >= len(above) else "below"),
    }
    if len(colours) > 1 or len(signs) > 1 or any(mark.number < LEAST * drawn.high for mark in marks if inside):
        labels["custom"] = [
            None
            if mark is None
            else {"delete": True}
            if inside and mark.number < LEAST * drawn.high
            else {"font": font | {"color": readable(mark.face) if inside else INK}}
            | ({"value": mark.text} if mark.sample != first.sample else {})
            for mark in series.marks
        ]
    return labels


def _filled(mark: Mark) -> dict[str, Any]:
    return {"fill": {"color": mark.face}, "border": {"color": mark.edge, "width": 0.75}}


def _bars(drawn: Grid, series: Series) -> dict[str, Any]:
    first = series.first
    other = any(mark is not None and (mark.face, mark.edge) != (first.face, first.edge) for mark in series.marks)
    points = [None if mark is None else _filled(mark) for mark in series.marks] if other else None
    shape = {"gap": 45, "overlap": 100 if drawn.kind == "stacked" else 0}
    return _filled(first) | shape | ({"points": points} if points else {})


def _line(drawn: Grid, series: Series) -> dict[str, Any]:
    first = series.first
    line = {"color": first.face if drawn.kind == "lines" else first.edge, "width": 2.0}
    marker = {"type": SYMBOLS[series.marker], "size": 8, "fill": {"color": first.face}, "border": {"color": first.edge}}
    return {
        "line": {"none": True} if drawn.kind == "points" else line | ({"dash_type": "dash"} if series.dashed else {}),
        "marker": marker,
    }


class _Column:
    """A column of the numbers of a figure: its name, its cells, and the number format of each; None for text."""

    def __init__(self, name: str, cells: list[Any], formats: Sequence[str | None] | None = None) -> None:
        self.name, self.cells = name, cells
        self.formats: Sequence[str | None] = formats or [None] * len(cells)
        longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
        self.width = min(max(longest, NARROWEST), WIDEST)


def _columns(figure: Figure, words: Words) -> list[_Column]:
    """Give the columns of the numbers of a figure.

    What is the same for all of them, such as the source, stands below them and has no column. A difference is also
    written as it is said, since no number format turns shares into points.
    """
    table, rows = figure.table, figure.rows
    assert table is not None
    if not rows:
        return [_of_texts(name, [row[at] for row in table.rows], words) for at, name in enumerate(table.head)]
    labels = [_of_texts(table.head[at], [row[at] for row in table.rows], words) for at in range(table.labels)]
    said = [row[table.labels] for row in table.rows]
    forms: list[str | None] = [
        number_format(words, row["statistic"], sample=row["evidence"] == "synthetic" or "s" in row["status"])
        for row in rows
    ]
    shown = [text if row["estimate"] is None else row["estimate"] for text, row in zip(said, rows, strict=True)]
    numbers = [_Column(table.head[table.labels], shown, forms)]
    if any(row["statistic"] == "difference" for row in rows):
        numbers.insert(0, _Column(words.say("column_said"), said))
    numbers += [_Column(words.say(f"column_{key}"), [row[key] for row in rows], forms) for key in ("low", "high")]
    numbers.append(_Column(words.say("column_n"), [row["n"] for row in rows], ["0"] * len(rows)))
    bases = [words.base_label(row["base"]) if row["base"] else "" for row in rows]
    flags = [", ".join(words.say(f"flag_{flag}") for flag in row["status"]) for row in rows]
    kinds = [words.say(f"evidence_{row['evidence']}") for row in rows]
    sources = [row["source"] for row in rows]
    texts = [
        _Column(words.say(name), cells)
        for name, cells in (("column_base", bases), ("evidence", kinds), ("column_source", sources))
        if len(set(cells)) > 1
    ]
    clear = words.say("column_clear")
    told = [*numbers, _Column(clear, table.column(clear)), _Column(words.say("column_flags"), flags)]
    return [*labels, *(column for column in told if any(cell not in (None, "") for cell in column.cells)), *texts]


def _of_texts(name: str, cells: Sequence[str], words: Words) -> _Column:
    """Make a column of texts, in which a text that is a number becomes one."""
    numbers = [_number(cell, words) for cell in cells]
    return _Column(
        name,
        [number[0] if number else cell for number, cell in zip(numbers, cells, strict=True)],
        [number[1] if number else None for number in numbers],
    )


def _number(text: str, words: Words) -> tuple[float, str] | None:
    """Give the number that a text is, and the format that shows it as it was written; None where it is none.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> words = lnd.open_survey().words("nl")
    >>> _number("304", words), _number("2,17°", words), _number("63%", words), _number("3-4", words)
    ((304.0, '0'), (2.17, '0.00"°"'), (0.63, '0%'), None)
    """
    language, sign = words.codebook.languages[words.lang], words.say("sample_sign")
    ends = f"({re.escape(language.percent)})?({re.escape(sign)})?"
    found = re.fullmatch(rf"(\d+)(?:{re.escape(language.decimal)}(\d+))?{ends}", text)
    if found is None:
        return None
    whole, part, percent, sample = found.groups(default="")
    shape = "0" + (f".{'0' * len(part)}" if part else "") + percent + (f'"{sample}"' if sample else "")
    return float(f"{whole}.{part or 0}") / (100 if percent else 1), shape


def _csv(report: Report) -> str:
    """Give all numbers of a report as one table.

    A text that a spreadsheet would take for a formula gets an apostrophe in front, so that it stays text there.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    names = _splits(report)
    writer.writerow(["figure", *names, *COLUMNS])
    for figure in report.figures:
        for row in figure.rows:
            writer.writerow([harmless(figure.told["id"]), *(_cell(name, row.get(name)) for name in (*names, *COLUMNS))])
    return file.getvalue()


def _splits(report: Report) -> list[str]:
    return sorted({name for figure in report.figures for row in figure.rows for name in row} - set(COLUMNS))


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name in NUMBERS:
        return repr(int(value)) if float(value).is_integer() else repr(value)
    return harmless(str(value))


def _package(report: Report) -> dict[str, Any]:
    """Describe `estimates.csv` and the table of each figure as a Frictionless data package."""
    words, year, lang = report.words, report.plan.year, report.lang
    tables = [
        {
            "name": figure.anchor.lower(),
            "path": f"figures/{figure.files['csv'].name}",
            "title": words.say("figure_title", number=figure.told["number"], title=figure.told["title"]),
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
        }
        for figure in report.figures
        if "csv" in figure.files
    ]
    return {
        "profile": "data-package",
        "name": f"lnd-survey-{year}-{lang}",
        "title": words.say("report_title", year=year),
        "description": "Every number of the report. A text that begins with = + - @ or a control character has an "
        "apostrophe in front, so that no spreadsheet takes it for a formula.",
        "sources": [{"title": document.title[lang]} for document in words.codebook.documents.values()],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "estimates",
                "path": TABLE,
                "title": "All numbers of the report, one row each",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\n"},
                "schema": {"fields": list(_fields(_splits(report))), "missingValues": [""]},
            },
            *tables,
        ],
    }


def _fields(splits: list[str]) -> list[dict[str, Any]]:
    figure = {"name": "figure", "type": "string", "description": "Id of the figure that shows the number."}
    parts = [
        {"name": name, "type": "string", "description": "The part of the group that the number is of."}
        for name in splits
    ]
    return [figure | {"constraints": {"required": True}}, *parts, *map(_field, COLUMNS)]


def _field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": "string", "description": MEANING[name]}
    if name == "year":
        field |= {"type": "integer", "constraints": {"required": True}}
    elif name in ("n", "n_effective"):
        field |= {"type": "number", "unit": "respondents", "constraints": {"minimum": 0}}
    elif name in NUMBERS:
        field |= {"type": "number", "unit": "the unit of the statistic"}
    elif name == "statistic":
        units = ", ".join(f"{statistic} in {unit}" for statistic, unit in UNIT.items())
        field["description"] += f" Units: {units}; what is in % is kept as 0 to 1."
        field["constraints"] = {"required": True, "enum": list(UNIT)}
    elif name == "status":
        meanings = ", ".join(f"{flag} = {meaning}" for flag, meaning in FLAGS.items())
        field["description"] += f" {meanings}."
        field["constraints"] = {"pattern": f"[{''.join(FLAGS)}]*"}
    elif name == "evidence":
        field["constraints"] = {"required": True, "enum": list(EVIDENCE)}
    return field
