"""The report on paper: typeset by Typst from a template that takes all texts as data."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import metadata
from math import ceil
from operator import truediv
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unicodedata import category
from xml.etree import ElementTree

from lnd_survey.charts.style import FONTS
from lnd_survey.commentary import as_html
from lnd_survey.report.collected import BOUNDS, METHODS
from lnd_survey.report.picture import alone
from lnd_survey.report.summary import telling

if TYPE_CHECKING:
    from lnd_survey.report.collected import Chapter, Figure, Report, Table
    from lnd_survey.words import Words

FILE = "report.pdf"

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"

UNKNOWN = "□"
"""What stands for a letter that no font has; a document that is to be read aloud may not hold one."""

PAGE, HALF, GAP = 62.3, 29.6, 0.9
"""How wide a page, half of it and the space between columns of a table are: in ems of its letters."""

STANDARD: Final = "ua-1"
"""The standard for documents that everyone can read, also with a screen reader: PDF/UA-1."""


def write_pdf(folder: Path, report: Report) -> None:
    """Write `report.pdf`: cover, contents, chapters with their figures, methods, and the numbers of all figures.

    Parameters
    ----------
    folder
        The folder of the report, with `figures` in it.
    report
        What was collected there.
    """
    import typst

    told = json.dumps(_shown(_told(report)), ensure_ascii=False)
    pdf = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[FONTS, _other_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"report": told},
        pdf_standards=[STANDARD],
        timestamp=0,
    )
    (folder / FILE).write_bytes(pdf)


def _told(report: Report) -> dict[str, Any]:
    """Give everything that the template needs, as plain values."""
    words, plan = report.words, report.plan
    say = words.say
    groups = plan.survey.waves[plan.year].groups
    return {
        "lang": report.lang,
        "year": plan.year,
        "title": say("report_title", year=plan.year),
        "author": metadata("lnd-survey")["Author"],
        "keywords": [chapter.title for chapter in report.chapters],
        "lead": say("page_lead", year=plan.year),
        "gap": GAP,
        "colours": [words.group_style(group).colour for group in groups],
        "warnings": report.warnings,
        "groups": [(words.group(group), words.number(n)) for group, n in groups.items() if n],
        "chapters": [_chapter(chapter, words) for chapter in report.chapters],
        "methods": _methods(report),
        "say": {
            "kind": f"{say('report')} {plan.year}",
            "contents": say("contents"),
            "in_short": say("page_in_short"),
            "no_figures": say("page_no_figures"),
            "methods": say("methods"),
            "numbers": say("pdf_numbers"),
            "numbers_lead": say("pdf_numbers_lead"),
            "numbers_short": say("pdf_numbers_short"),
            # The template puts the number in, which only it knows.
            "page": say("pdf_page", page="{page}"),
        },
    }


def _methods(report: Report) -> list[dict[str, Any]]:
    words, say = report.words, report.words.say
    who = [
        say("page_group_n", group=words.group(group), who=words.who(group), n=n)
        if n
        else say("page_group", group=words.group(group), who=words.who(group))
        for group, n in report.plan.survey.waves[report.plan.year].groups.items()
    ]
    parts = [{"title": say(f"method_{part}_title"), "text": say(f"method_{part}")} for part in METHODS]
    sources = [document.title[report.lang] for document in words.codebook.documents.values()]
    last = [{"title": say("sources"), "text": sources}] if sources else []
    return [{"title": say("who_answered"), "text": who}, *parts, *last]


def _chapter(chapter: Chapter, words: Words) -> dict[str, Any]:
    commentary = ElementTree.fromstring(f"<div>{as_html(chapter.commentary)}</div>") if chapter.commentary else None
    return {
        "number": chapter.number,
        "title": chapter.title,
        "intro": chapter.intro,
        "commentary": [] if commentary is None else _nodes(commentary),
        "summary": [
            {"anchor": figure.anchor, "title": _closed(figure.told["title"], words), "finding": figure.told["finding"]}
            for figure in telling(chapter.figures)
        ],
        "figures": [_figure(figure, words) for figure in chapter.figures],
    }


def _closed(text: str, words: Words) -> str:
    """End a text as a sentence, before another one; the sign of sample data may stand behind the end."""
    ended = text.removesuffix(words.say("sample_sign")).endswith(("?", "!", "."))
    return text if ended else f"{text}."


def _nodes(element: ElementTree.Element) -> list[Any]:
    """Give the content of an element: texts, and pairs of a tag and its content."""
    found: list[Any] = [element.text or ""]
    for child in element:
        found += [(child.tag, _nodes(child)), child.tail or ""]
    return [node for node in found if node]


def _figure(figure: Figure, words: Words) -> dict[str, Any]:
    told, say = figure.told, words.say
    file = figure.files.get("svg")
    svg = alone(file.read_text(encoding="utf-8"), viewbox=told["viewbox"]) if file else None
    return {
        "anchor": figure.anchor,
        "title": say("figure_title", number=told["number"], title=told["title"]),
        "finding": told["finding"] if svg else "",
        "subtitle": told["subtitle"] or ("" if svg else told["alt"]),
        "svg": svg,
        "tall": _tall(svg) if svg else 0,
        "alt": told["alt"] or told["title"],
        "small": [
            (say({"period": "field_period"}.get(key, key)), told[key])
            for key in ("question", "base", "period", "evidence", "source")
            if told[key]
        ],
        "noted": say("notes" if len(told["notes"]) > 1 else "note"),
        "notes": [_closed(note, words) for note in told["notes"]],
        "tables": _tables(figure.table, words) if figure.table else [],
        # Without a picture the numbers stand in its place.
        "appended": bool(figure.table and svg),
    }


def _tall(svg: str) -> float:
    """Give the height of a picture, in widths."""
    _, _, width, height = map(float, ElementTree.fromstring(svg).attrib["viewBox"].split())
    return height / width


def _tables(table: Table, words: Words) -> list[dict[str, Any]]:
    """Give the tables for paper, one for each measure: narrower, and easier to read, than one for all.

    With each come the tables of its groups, which are narrower still.
    """
    return [
        _table(table, rows, words)
        | {"apart": [_table(table, part, words) for part in _split(table.head, rows, words.say("column_group"))]}
        for rows in _split(table.head, table.rows, words.say("column_measure"))
    ]


def _split(head: Sequence[str], rows: Sequence[Sequence[str]], name: str) -> list[list[Sequence[str]]]:
    """Give the rows of each value in a column; all together where there is no such column."""
    values = [row[head.index(name)] if name in head else "" for row in rows]
    return [[row for row, of in zip(rows, values, strict=True) if of == value] for value in dict.fromkeys(values)]


def _table(table: Table, rows: Sequence[Sequence[str]], words: Words) -> dict[str, Any]:
    """Say what is the same in all rows once, above the table, and make an interval one column."""
    columns = {name: [row[at] for row in rows] for at, name in enumerate(table.head)}
    labels, value = table.head[: table.labels], table.head[table.labels]
    low, high = (words.say(name) for name in BOUNDS)
    if low in columns:
        columns[low] = [_interval(*ends) for ends in zip(columns[low], columns.pop(high), strict=True)]
    same = {name: cells[0] for name, cells in columns.items() if len(set(cells)) == 1 and name != value}
    if same.keys() >= set(labels):
        # A row says what it is about.
        del same[labels[-1]]
    shown = {name: cells for name, cells in columns.items() if name not in same}
    names = {low: words.say("pdf_interval")}
    head = [names.get(name, name) for name in shown]
    numeric = [name not in labels and all(map(_numeric, cells)) for name, cells in shown.items()]
    bold = list(shown).index(value)
    # A name above numbers may be broken between its words, so that it does not keep them apart.
    heads = [max(map(_wide, name.split() if at >= bold else [name])) for at, name in enumerate(head)]
    widths = [max(name, *map(_wide, cells)) for name, cells in zip(heads, shown.values(), strict=True)]
    return {
        "same": [(names.get(name, name), cell) for name, cell in same.items() if cell],
        "head": head,
        "numeric": numeric,
        "bold": bold if numeric[bold] else None,
        "rows": list(zip(*shown.values(), strict=True)),
        # A few labels may be broken for two tables to stand beside each other.
        "narrow": sum(widths) + GAP * len(widths) <= 1.1 * HALF,
        "columns": {
            name: _fitted(widths, list(shown.values()), room - GAP * len(widths))
            for name, room in (("page", PAGE), ("half", HALF))
        },
    }


def _fitted(widths: Sequence[float], columns: Sequence[Sequence[str]], room: float) -> list[float]:
    """Make columns wider than their share narrower until all fit, each time where this breaks the fewest lines."""
    fitted, share = list(widths), room / len(widths)
    words = [max(map(_wide, " ".join(cells).split()), default=0) for cells in columns]
    least = [width if width <= share else min(word, share) for width, word in zip(widths, words, strict=True)]
    rows = list(zip(*([_wide(cell) for cell in cells] for cells in columns), strict=True))

    def lines(narrower: int) -> int:
        tried = [width - (at == narrower) for at, width in enumerate(fitted)]
        return sum(max(map(ceil, map(truediv, row, tried))) for row in rows)

    while sum(fitted) > room:
        wide = [at for at, width in enumerate(fitted) if width > least[at] + 1]
        if not wide:
            return [width * room / sum(fitted) for width in fitted]
        fitted[min(wide, key=lambda at: (lines(at), -fitted[at]))] -= 1
    return fitted


def _interval(low: str, high: str) -> str:
    # Between signs a dash without spaces is hard to see.
    return (" – " if {"−", "+"} & {*low, *high} else "–").join(filter(None, (low, high)))


def _numeric(cell: str) -> bool:
    """Whether a cell holds a number, or nothing; a number may have a unit, but no word."""
    return not cell or (re.search(r"\d", cell) is not None and re.search(r"[^\W\d_]{4}", cell) is None)


def _wide(text: str) -> float:
    """Give the width of a text in ems if it is bold; plain letters are narrower."""
    return sum(map(_advance, text))


@cache
def _advance(letter: str) -> float:
    font = _bold()
    # Letters of the other font are as wide as any.
    return font.load_char(ord(letter)).linearHoriAdvance / 65536 if font.get_char_index(ord(letter)) else 1


@cache
def _bold() -> Any:
    from matplotlib.ft2font import FT2Font

    font = FT2Font(str(FONTS / "LNDSans-Bold.ttf"))
    font.set_size(1, 72)
    return font


def _shown(told: Any) -> Any:
    """Leave only letters in all texts that one of the fonts has."""
    if isinstance(told, str):
        return re.sub(r"[^\x20-\x7e]", lambda found: _letter(found[0]), told)
    if isinstance(told, dict):
        return {key: _shown(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [_shown(value) for value in told]
    return told


@cache
def _letter(letter: str) -> str:
    if category(letter) == "Zs" or letter.isprintable():
        return letter if ord(letter) in _letters() else UNKNOWN
    # Signs that are not seen could turn the text around them.
    return " " if letter.isspace() else ""


@cache
def _letters() -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    files = (FONTS / "LNDSans-Regular.ttf", _other_fonts() / "DejaVuSans.ttf")
    return frozenset(code for file in files for code in FT2Font(str(file)).get_charmap())


@cache
def _other_fonts() -> Path:
    """Find the fonts that come with matplotlib, for letters that ours does not have."""
    import matplotlib as mpl

    return Path(mpl.get_data_path()) / "fonts" / "ttf"
