"""The page of a report: one file with everything in it, to be read from disk, on a telephone or on paper."""

from __future__ import annotations

import csv
import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from markupsafe import Markup

from lnd_survey.report.picture import inline

if TYPE_CHECKING:
    from lnd_survey.report.plan import Plan
    from lnd_survey.words import Words

HERE = Path(__file__).parent
FONTS = HERE.parent / "charts" / "fonts"
WEIGHTS = {400: "LNDSans-Regular.woff2", 700: "LNDSans-Bold.woff2"}

# Columns of a figure's csv file that a page need not repeat: the number behind the value, and its source.
UNSHOWN = ("column_number", "column_source")
BOUNDS = ("column_low", "column_high")


@dataclass(frozen=True)
class Table:
    """The numbers of a figure: how many columns at the left say what a row is about, and all cells."""

    labels: int
    head: list[str]
    rows: list[list[str]]


@dataclass(frozen=True)
class Figure:
    """A figure on the page.

    Attributes
    ----------
    anchor
        Name of its files and of its place on the page.
    told
        What its json file says.
    pictures
        The drawings, by the width of the page that they are for; none where there is nothing to show.
    table
        The numbers, if there are any.
    files
        Names of the files to take away, by kind.
    """

    anchor: str
    told: dict[str, Any]
    pictures: dict[str, Markup]
    table: Table | None
    files: dict[str, str]


def write_page(folder: Path, *, plan: Plan, lang: str, failed: Sequence[int] = ()) -> Path:
    """Write `index.html` from the figure files of a report and the words of the codebook.

    Parameters
    ----------
    folder
        The folder of a report, with `figures` in it.
    plan
        What was made.
    lang
        The language of the page.
    failed
        Chapters that failed; the page says that they are missing.
    """
    words = plan.survey.words(lang)
    codebook = plan.survey.codebook
    figures = sorted(
        (_figure(path, words) for path in sorted((folder / "figures").glob("*.json"))),
        key=lambda figure: figure.told["order"],
    )
    chapters = [
        {
            "number": number,
            "title": codebook.chapter(number).title[lang],
            "intro": codebook.chapter(number).intro[lang],
            "figures": [figure for figure in figures if figure.told["chapter"] == number],
        }
        for number in plan.chapters
        if number not in failed
    ]
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("page.html.j2").render(
        say=words.say,
        lang=lang,
        year=plan.year,
        chapters=chapters,
        partial=not plan.complete,
        failed=failed,
        synthetic=any(figure.told.get("synthetic") for figure in figures),
        sources=[document.title[lang] for document in codebook.documents.values()],
        groups=plan.survey.waves[plan.year].groups,
        words=words,
        style=Markup(_style()),
    )
    page = folder / "index.html"
    page.write_text(html, encoding="utf-8")
    return page


def _style() -> str:
    faces = [
        f'@font-face {{ font-family: "LND Sans"; font-weight: {weight}; '
        f"src: url(data:font/woff2;base64,{b64encode((FONTS / file).read_bytes()).decode()}) format('woff2'); }}"
        for weight, file in WEIGHTS.items()
    ]
    return "\n".join([*faces, (HERE / "templates" / "page.css").read_text(encoding="utf-8")])


def _figure(path: Path, words: Words) -> Figure:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        # A chapter that died while it wrote leaves half a file.
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    anchor = path.stem
    files = {kind: path.with_suffix(f".{kind}") for kind in ("svg", "png", "csv")}
    pictures = {}
    if files["svg"].exists():
        narrow = path.with_suffix(".narrow.svg")
        pictures = {
            "wide": _picture(files["svg"], anchor, told["alt"], viewbox=told["viewbox"]),
            "narrow": _picture(narrow, f"{anchor}-narrow", told["alt"]),
        }
    return Figure(
        anchor=anchor,
        told=told,
        pictures=pictures,
        table=_table(files["csv"], words) if files["csv"].exists() else None,
        files={kind: f"figures/{file.name}" for kind, file in files.items() if file.exists()},
    )


def _picture(file: Path, name: str, label: str, *, viewbox: str | None = None) -> Markup:
    return Markup(inline(file.read_text(encoding="utf-8"), name=name, viewbox=viewbox, label=label))


def _table(path: Path, words: Words) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    value = head.index(words.say("column_value"))
    bounds = {head.index(words.say(name)) for name in BOUNDS if words.say(name) in head}
    unshown = {words.say(name) for name in UNSHOWN}
    shown = [at for at, name in enumerate(head) if name not in unshown]
    return Table(
        labels=value,
        head=[head[at] for at in shown],
        rows=[[_like(row[value], row[at], words) if at in bounds else row[at] for at in shown] for row in rows],
    )


def _like(value: str, bound: str, words: Words) -> str:
    """Write the end of an interval as the value itself is written."""
    if not bound:
        return ""
    percent = words.codebook.languages[words.lang].percent
    return words.percent(float(bound)) if value.endswith(percent) else words.number(float(bound), decimals=2)
