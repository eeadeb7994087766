"""A project small enough to see through: three languages, two chapters whose notebooks write their own figures."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CODEBOOK = Path(__file__).parents[1] / "data" / "codebook"

SURVEY = """\
languages:
  - {id: nl, name: Nederlands, decimal: ",", percent: "%"}
  - {id: fr, name: Français, decimal: ",", percent: "\\u00a0%"}
  - {id: en, name: English, decimal: ".", percent: "%"}
groups:
  - id: inside
    label: {nl: Intern, fr: Interne, en: "Inside <script>alert(1)</script>"}
    description: {nl: intern, fr: interne, en: inside}
    colour: "#542788"
    marker: o
bases:
  - {id: all, ordinary: true, label: {nl: iedereen, fr: tous, en: everyone}}
questions:
  - id: wishes
    kind: multi
    name: {nl: Wensen, fr: Souhaits, en: Wishes}
    text: {nl: "Welke?", fr: "Lesquels ?", en: "Which?"}
    items: [{id: money, label: {nl: Geld, fr: Argent, en: Money}}]
chapters:
  - number: 1
    id: first
    title: {nl: Een, fr: Un, en: "One & <b>only</b>"}
    intro: {nl: Inleiding., fr: Introduction., en: Introduction.}
  - number: 2
    id: second
    title: {nl: Twee, fr: Deux, en: Two}
    intro: {nl: Meer., fr: Plus., en: More.}
figures:
  - {id: wishes, number: 1, chapter: 1, questions: [wishes], title: {nl: Wensen, fr: Souhaits, en: Wishes}}
  - {id: others, number: 2, chapter: 2, questions: [wishes], title: {nl: Andere, fr: Autres, en: Others}}
  - {id: unasked, number: 3, chapter: 2, questions: [wishes], title: {nl: Niets, fr: Rien, en: Nothing}}
"""

SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="480pt" height="200pt"
 viewBox="0 0 480 200"><metadata/><defs><style>*{stroke: red}</style><path id="m" d="M 0 0"/></defs>
<g id="figure_1"><g id="header-title"><text>Header</text></g><g id="label"><use xlink:href="#m"/></g>
<g id="label"><text>50%</text></g><g id="footer-note"><text>Footer</text></g></g></svg>
"""

NARROW = """\
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="266pt" height="90pt"
 viewBox="0 0 266 90"><defs><path id="m" d="M 0 0"/></defs><g id="label"><use xlink:href="#m"/></g>
<g id="label"><text>50%</text></g></svg>
"""

HEADS = {
    "nl": "Groep,Onderdeel,Waarde,Getal,Ondergrens,Bovengrens,Bron",
    "fr": "Groupe,Élément,Valeur,Nombre,Borne inférieure,Borne supérieure,Source",
    "en": "Group,Item,Value,Number,Low,High,Source",
}

WRITE = """\
import json
from pathlib import Path
folder = Path(out_dir) / "figures"
folder.mkdir(exist_ok=True)
ROW = dict(
    group="inside", question="wishes", item="money", option="", statistic="share", estimate=0.5, low=0.4, high=0.6,
    n=40, n_effective=40, base="all", status="", evidence="published", source="paper",
)
def write(number, name, order, chapter, kind="paired_bars"):
    stem = folder / f"fig-{number:02d}-{name}"
    told = dict(
        kind=kind, number=number, id=name, order=order, chapter=chapter, lang=lang, year=year,
        title=f"Title <script>alert({number})</script>", subtitle="Inside & out", question="Which?",
        base="Inside: n = 40", period="", evidence="published figures", source="The paper, figure 1",
        alt='Bars "as words" <b>', finding="50% want money.", notes=["A < b"], synthetic=False,
        viewbox="0 40 480 120", parameters={}, rows=[] if kind == "nothing" else [ROW | dict(year=year)],
    )
    stem.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
    if kind != "nothing":
        stem.with_suffix(".svg").write_text(SVG, encoding="utf-8")
        stem.with_suffix(".narrow.svg").write_text(NARROW, encoding="utf-8")
        stem.with_suffix(".png").write_bytes(b"PNG")
        csv = f"{HEADS[lang]}\\nInside,<i>Money</i>,50%,0.5,0.4,0.6,paper\\n"
        stem.with_suffix(".csv").write_text(csv, encoding="utf-8")
"""


def notebook(*cells: str, parameters: str | None = None) -> nbformat.NotebookNode:
    if parameters is None:
        parameters = 'year = 2021\nlang = "nl"\nevidence = "best"\ndata_dir = ""\nout_dir = ""'
    made = new_notebook(
        cells=[
            new_markdown_cell("# A chapter"),
            new_code_cell(parameters, metadata={"tags": ["parameters"]}),
            *[new_code_cell(cell) for cell in cells],
        ]
    )
    made.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return made


class Project:
    """A project in a folder of its own, and the command line in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        codebook, wave = root / "data" / "codebook", root / "data" / "raw" / "2022"
        codebook.mkdir(parents=True)
        wave.mkdir(parents=True)
        (root / "notebooks").mkdir()
        (codebook / "survey.yml").write_text(SURVEY, encoding="utf-8")
        for name in ("words.yml", "survey_words.yml", "report_words.yml", "comparison_words.yml"):
            shutil.copy(CODEBOOK / name, codebook / name)
        text = "year: 2022\nevidence: published\ngroups: [{id: inside, n: 40}]\n"
        (wave / "wave.yml").write_text(text, encoding="utf-8")
        columns = "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"
        (wave / "published.csv").write_text(columns, encoding="utf-8")
        setup = f"SVG = {SVG!r}\nNARROW = {NARROW!r}\nHEADS = {HEADS!r}"
        self.write("01_first.ipynb", setup, WRITE, 'write(1, "wishes", 0, 1)')
        self.write(
            "02_second.ipynb",
            setup,
            WRITE,
            'print("in", lang)\nwrite(2, "others", 1, 2)',
            'write(3, "unasked", 2, 2, kind="nothing")',
        )

    def write(self, name: str, *cells: str, parameters: str | None = None) -> None:
        nbformat.write(notebook(*cells, parameters=parameters), self.root / "notebooks" / name)

    def place(self, lang: str = "en") -> Path:
        return self.root / "reports" / "2022" / lang

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "lnd_survey.cli", "--data", str(self.root), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*arguments), capture_output=True, text=True, check=False)

    def report(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run("report", "--year", "2022", "--lang", "en", *arguments)


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a report but its notebooks, which tell how long their cells took."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "notebooks" not in path.parts[len(folder.parts) :]
    }
