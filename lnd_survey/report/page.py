"""The page of a report: one file with everything in it, to be read from disk, on a telephone or on paper."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
from markupsafe import Markup

from lnd_survey.report.picture import inline

if TYPE_CHECKING:
    from lnd_survey.report.collected import Figure, Report

HERE = Path(__file__).parent
FONTS = HERE.parent / "charts" / "fonts"
WEIGHTS = {400: "LNDSans-Regular.woff2", 700: "LNDSans-Bold.woff2"}


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
        chapters=report.chapters,
        pictures=_pictures,
        partial=not plan.complete,
        failed=report.failed,
        synthetic=report.synthetic,
        sources=[document.title[lang] for document in words.codebook.documents.values()],
        groups=plan.survey.waves[plan.year].groups,
        words=words,
        style=Markup(_style()),
    )
    (folder / "index.html").write_text(html, encoding="utf-8")


def _style() -> str:
    faces = [
        f'@font-face {{ font-family: "LND Sans"; font-weight: {weight}; '
        f"src: url(data:font/woff2;base64,{b64encode((FONTS / file).read_bytes()).decode()}) format('woff2'); }}"
        for weight, file in WEIGHTS.items()
    ]
    return "\n".join([*faces, (HERE / "templates" / "page.css").read_text(encoding="utf-8")])


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
