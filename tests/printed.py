"""The printed numbers as entered a second time, and the numbers read back from a drawn picture."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

SECOND_ENTRY = Path(__file__).parent / "backtest" / "second_entry.csv"

# Printed, and shown in another way than by a mark of its own: the ranks of figure 3 are the order of its means, printed
# differences are the distance between two points (where print and distance disagree a note says so).
NOT_MARKED = [("figure 3", "rank"), ("figure 28", "difference"), ("figure 29", "difference")]


def printed() -> list[dict[str, str]]:
    with SECOND_ENTRY.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def key_of(row: dict[str, str]) -> str:
    return "|".join(row[name] for name in ("year", "group", "question", "item", "option", "statistic"))


def number(row: dict[str, str]) -> float:
    percent = row["statistic"] in ("share", "share_first", "mean_share", "difference")
    return float(row["value"]) / (100 if percent else 1)


def drawn(chart: Any) -> dict[str, float]:
    """Read the numbers back from the marks of a picture: lengths of bars, places of points, and what is written.

    A rank stands in its marker, since equal ranks stand below each other; a net is written beside its bar.
    Sample data carry a sign. Differences in a chart of gaps are computed and not printed, and left out.
    """
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle
    from matplotlib.text import Text

    artists = chart.draw().findobj(lambda artist: artist.get_gid())
    texts = [artist for artist in artists if isinstance(artist, Text)]
    written = {round(text.get_position()[0], 6): {} for text in texts}
    for text in texts:
        written[round(text.get_position()[0], 6)][round(text.get_position()[1], 1)] = text.get_text()
    marks: dict[str, float] = {}
    for artist in artists:
        kind, _, name = artist.get_gid().partition("|")
        if kind not in ("mark", "net"):
            continue
        if isinstance(artist, Text):
            value = float(artist.get_text().rstrip("%°")) / 100
        elif isinstance(artist, Rectangle):
            value = abs(artist.get_width())
        elif isinstance(artist, Line2D):
            x, y = float(artist.get_xdata()[0]), float(artist.get_ydata()[0])
            value = y if chart.kind == "trend" else x
            if chart.kind == "bump":
                near = written[round(x, 6)]
                value = float(near[min(near, key=lambda height: abs(height - y - 0.05))].rstrip("°"))
        else:
            raise AssertionError(f"{name} is drawn as {type(artist).__name__}, which this test cannot read")
        assert marks.setdefault(name, value) == pytest.approx(value), f"{name} is drawn twice and differs"
    if chart.kind == "gaps":
        marks = {name: value for name, value in marks.items() if not name.endswith("|difference")}
    return marks


def not_drawn(rows: list[dict[str, str]], names: set[str]) -> list[str]:
    """Find the numbers printed in a figure that no mark shows; a "no" is shown by its "yes" where both add up."""
    value = {key_of(row): number(row) for row in rows}

    def is_rest_of_a_drawn_yes(row: dict[str, str]) -> bool:
        yes = key_of(row | {"option": "yes"})
        return row["option"] == "no" and yes in names and abs(value[yes] + number(row) - 1) < 1e-9

    return [
        key_of(row)
        for row in rows
        if row["place"].startswith("figure")
        and "side chart" not in row["place"]
        and (row["place"], row["statistic"]) not in NOT_MARKED
        and key_of(row) not in names
        and not is_rest_of_a_drawn_yes(row)
    ]
