"""The page of a report: one file with everything in it, to be read from disk, on a telephone or on paper."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from lnd_survey.charts.style import FONTS
from lnd_survey.commentary import as_html
from lnd_survey.report.collected import METHODS
from lnd_survey.report.dark import dark
from lnd_survey.report.formats import FILES
from lnd_survey.report.picture import colours, inline
from lnd_survey.report.summary import contrasts, telling

if TYPE_CHECKING:
    from lnd_survey.report.collected import Figure, Report

TEMPLATES = Path(__file__).parent / "templates"
WEIGHTS = {400: "LNDSans-Regular.woff2", 700: "LNDSans-Bold.woff2"}

# Of a longer table a screen shows so many rows, and the others when asked.
FIRST_ROWS = 12

# Thin letters look fainter on dark paper than on white, where a contrast of 4.5 is enough.
READABLE = 7.0

_TEXT = re.compile("<text [^>]*>")


def write_page(folder: Path, report: Report) -> None:
    """Write `index.html` from the figures of a report and the words of the codebook.

    Parameters
    ----------
    folder
        The folder of the report, with `figures` in it.
    report
        What was collected there.
    """
    words, lang, plan = report.words, report.lang, report.plan
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["markdown"] = lambda text: Markup(as_html(text))
    pictures = {figure.anchor: _pictures(figure) for figure in report.figures}
    script = (TEMPLATES / "page.js").read_text(encoding="utf-8")
    html = environment.get_template("page.html.j2").render(
        say=words.say,
        lang=lang,
        year=plan.year,
        title=words.say("report_title", year=plan.year),
        languages=_languages(report),
        others=_others(plan.formats),
        chapters=report.chapters,
        summaries={chapter.number: telling(chapter.figures) for chapter in report.chapters},
        contrasts=contrasts(report.chapters, words),
        pictures=pictures,
        first_rows=FIRST_ROWS,
        warnings=report.warnings,
        sources=[document.title[lang] for document in words.codebook.documents.values()],
        groups=plan.survey.waves[plan.year].groups,
        words=words,
        methods=METHODS,
        style=Markup(_style([picture for drawn in pictures.values() for picture in drawn.values()])),
        script=Markup(script),
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )
    (folder / "index.html").write_text(html, encoding="utf-8", newline="\n")


def _languages(report: Report) -> list[dict[str, str]]:
    """Name the languages of this run; all but the report's own with the way there."""
    plan = report.plan
    return [
        {
            "id": lang,
            "name": plan.survey.codebook.language(lang).name,
            "href": "" if lang == report.lang else f"../{plan.place(lang).name}/index.html",
        }
        for lang in plan.languages
    ]


def _others(formats: Iterable[str]) -> dict[str, str]:
    """Give the files to offer beside the page, each by the name of its word."""
    written = {name: file for name, file in FILES.items() if name in formats and name != "html"}
    return written | ({"data": "estimates.csv"} if "workbook" in written else {})


def _style(pictures: Sequence[str]) -> str:
    faces = [
        f'@font-face {{ font-family: "LND Sans"; font-weight: {weight}; '
        f"src: url(data:font/woff2;base64,{b64encode((FONTS / file).read_bytes()).decode()}) format('woff2'); }}"
        for weight, file in WEIGHTS.items()
    ]
    used = colours(pictures)
    # What is white stands on a bar, and turns dark with it.
    letters = set(colours(text for picture in pictures for text in _TEXT.findall(picture))) - {"#ffffff"}
    light = "; ".join(f"--{colour[1:]}: {colour}" for colour in used)
    turned = "; ".join(f"--{colour[1:]}: {dark(colour, least=READABLE if colour in letters else 1)}" for colour in used)
    palette = [f":root {{ {light} }}", f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {turned} }} }}"]
    return "\n".join([*faces, *palette, (TEMPLATES / "page.css").read_text(encoding="utf-8")])


def _pictures(figure: Figure) -> dict[str, Markup]:
    """Give the drawings, by the width of the page that they are for; none where there is nothing to show."""
    if "svg" not in figure.files:
        return {}
    name, label = figure.anchor, figure.told["alt"]
    return {
        "wide": _picture(figure.files["svg"], name, label, viewbox=figure.told["viewbox"]),
        "narrow": _picture(figure.files["narrow.svg"], f"{name}-narrow", label),
    }


def _picture(file: Path, name: str, label: str, *, viewbox: str | None = None) -> Markup:
    return Markup(inline(file.read_text(encoding="utf-8"), name=name, viewbox=viewbox, label=label))
