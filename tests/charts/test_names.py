"""The parts of a drawing have names that a designer can tell apart, in the file as well."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from charts.drawn_charts import KINDS

from lnd_survey.charts import Chart
from lnd_survey.charts.names import named
from lnd_survey.words import Words

GROUP = "{http://www.w3.org/2000/svg}g"
FOR_DESIGNERS = Path(__file__).parents[2] / "docs" / "for_designers.md"


def names(chart: Chart) -> list[str | None]:
    """The names of the groups of a file, in drawing order."""
    return [group.get("id") for group in ElementTree.fromstring(chart.svg() or "").iter(GROUP)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_ids_are_names_and_stand_once(kind: str, width: str, words: Words) -> None:
    chart = KINDS[kind](words)
    chart = chart.narrow() if width == "narrow" else chart
    svg = chart.svg() or ""
    ids = [element.get("id") for element in ElementTree.fromstring(svg).iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    assert [name for name in ids if not re.fullmatch(r"[a-z][\w-]*", name or "")] == []
    assert set(re.findall(r'(?:url\(|href=")#([^")]+)', svg)) <= set(ids)
    assert None not in names(chart)


def test_designers_are_told_of_every_name(words: Words) -> None:
    cells = [line.split("|")[1] for line in FOR_DESIGNERS.read_text(encoding="utf-8").splitlines() if "|" in line]
    told = {name for cell in cells for name in re.findall(r"`([a-z]+)", cell)}
    drawn = {(name or "").split("-")[0] for draw in KINDS.values() for name in names(draw(words))}
    assert drawn == told


def test_a_value_and_an_interval_carry_the_name_of_their_mark(words: Words) -> None:
    found = names(KINDS["paired_bars with intervals"](words))
    for name in ("mark", "interval", "edge", "value"):
        assert f"{name}-2004-inside-tasks_now-coach-share" in found


def test_lines_of_one_text_have_its_number() -> None:
    marks = ("heading", "heading~1", "heading", "heading~1", "row|L&amp;D, 1–50|share")
    assert re.findall('"(.+)"', named("\n".join(f'<g id="{mark}">' for mark in marks))) == [
        "heading-1",
        "heading-1-line-2",
        "heading-2",
        "heading-2-line-2",
        "row-L_D_1_50-share",
    ]
