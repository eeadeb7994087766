"""Reports as their writers take them, without running chapters: of the real notebooks, and of texts that do harm."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from drawn_project import Project
from notebook_charts import charts_of

from lnd_survey.estimates import rows
from lnd_survey.report.collected import Figure, Report, collect
from lnd_survey.report.plan import plan_report

ROOT = Path(__file__).parents[1]
YEAR = 2022

HARMFUL = {
    "script": "<script>alert('1')</script>",
    "formula": "=cmd|' /C calc'!A0",
    "plus": "+1+cmd",
    "minus": "-2+3",
    "at": '@SUM(1,"2")',
    "quotes": "\"double\" 'single' & <b>",
    "arabic": "التعلم والتطوير",
    "hebrew": "למידה ופיתוח",
    "long": "A label of three hundred characters that goes on and on. " * 5 + "And ends here.",
}


def whole_report(folder: Path, lang: str) -> Report:
    """All figures of the real notebooks, with their numbers but without pictures."""
    figures = folder / "figures"
    figures.mkdir(parents=True)
    order = 0
    for number, path in enumerate(sorted((ROOT / "notebooks").glob("*.ipynb"))):
        for chart in charts_of(path, year=YEAR, lang=lang, evidence="best"):
            stem = figures / f"fig-{chart.number:02d}-{chart.id}"
            told = chart.metadata() | {"chapter": int(path.name[:2]), "order": order, "year": YEAR}
            order += 1
            told["rows"] = [
                {name: None if value != value else value for name, value in row.items()} for row in rows(chart.frame)
            ]
            if chart.tabled:
                chart.table().to_csv(stem.with_suffix(".csv"), index=False, lineterminator="\n")
            stem.with_suffix(".json").write_text(json.dumps(told), encoding="utf-8")
        assert order > number, path
    return collect(folder, plan=plan_report(ROOT, year=YEAR, languages=[lang], out=folder / "out"), lang=lang)


def harmful_report(root: Path, **asked: Any) -> Report:
    """A figure whose labels, title and notes would do harm if they were not plain text, and one without numbers."""
    Project(root)
    survey = root / "data" / "codebook" / "survey.yml"
    told = yaml.safe_load(survey.read_text(encoding="utf-8"))
    told["questions"][0]["items"] = [
        {"id": name, "label": dict.fromkeys(("nl", "fr", "en"), text)} for name, text in HARMFUL.items()
    ]
    told["groups"][0]["label"]["en"] = HARMFUL["formula"]
    survey.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    folder = root / "reports" / "2022" / "en"
    shares = [
        {
            "year": YEAR,
            "group": "inside",
            "question": "wishes",
            "item": name,
            "option": "",
            "statistic": "share",
            "estimate": (number + 1) / 10,
            "low": None,
            "high": None,
            "n": 40.0,
            "n_effective": 40.0,
            "base": "all",
            "status": "s" if name == "at" else "",
            "evidence": "synthetic" if name == "at" else "published",
            "source": HARMFUL["formula"],
        }
        for number, name in enumerate(HARMFUL)
    ]
    _write(folder, "wishes", 1, "paired_bars", shares)
    _write(folder, "unasked", 3, "nothing", [])
    return collect(folder, plan=plan_report(root, year=YEAR, languages=["en"], **asked), lang="en")


def _write(folder: Path, name: str, number: int, kind: str, shares: list[dict[str, Any]]) -> None:
    stem = folder / "figures" / f"fig-{number:02d}-{name}"
    stem.parent.mkdir(parents=True, exist_ok=True)
    texts = dict.fromkeys(("subtitle", "question", "base", "period", "evidence", "finding"), HARMFUL["formula"])
    told = {"kind": kind, "number": number, "id": name, "order": number, "chapter": 1 if shares else 2, "year": YEAR}
    told |= texts | {"title": HARMFUL["script"], "source": HARMFUL["at"], "alt": HARMFUL["quotes"]}
    told |= {"notes": list(HARMFUL.values()), "synthetic": bool(shares), "parameters": {}, "viewbox": None}
    stem.with_suffix(".json").write_text(json.dumps(told | {"rows": shares}), encoding="utf-8")
    if shares:
        lines = ["Group,Item,Value,Number,n,Source"]
        for row in shares:
            cells = (HARMFUL["formula"], HARMFUL[row["item"]], f"{row['estimate']:.0%}", row["estimate"], 40, "paper")
            lines.append(",".join('"' + str(cell).replace('"', '""') + '"' for cell in cells))
        stem.with_suffix(".csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def in_the_chart(figure: Figure, report: Report) -> list[float]:
    """The numbers that a native chart of a figure holds: all but what the picture shows beside its bars."""
    shown = [row for row in figure.rows if row["estimate"] is not None and row["statistic"] != "difference"]
    shown = shown[: figure.told["parameters"].get("segments", len(shown))]
    if figure.told["kind"] == "diverging":
        there = {row["option"] for row in shown}
        parents = {
            parent for row in shown for option, parent in report.words.tree(row["question"]).items() if option in there
        }
        shown = [row for row in shown if row["option"] not in parents]
    return sorted(row["estimate"] for row in shown)


def known(numbers: Iterable[float | None]) -> list[float]:
    return sorted(number for number in numbers if number is not None)
