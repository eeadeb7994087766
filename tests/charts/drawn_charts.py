"""One drawn chart of each kind, with numbers that can be read back, and what a test needs to read them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd

from lnd_survey import charts
from lnd_survey.charts import Chart
from lnd_survey.compare import COLUMNS
from lnd_survey.estimates import frame
from lnd_survey.words import Words

NAN = float("nan")


def rows(question: str, values: dict[tuple[str, ...], float], key: str = "item", **more: Any) -> list[dict[str, Any]]:
    """Rows of one question: values by (group, item or option)."""
    common = {"year": 2004, "question": question, "statistic": "share", "n": 40, "base": "all", "status": "r"}
    common |= {"evidence": "published", "source": "paper: figure 1"} | more
    return [common | {"group": group, key: name, "estimate": value} for (group, name), value in values.items()]


def both(question: str, inside: dict[str, float], outside: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    found = {("inside", name): value for name, value in inside.items()}
    found |= {("outside", name): value for name, value in outside.items()}
    return rows(question, found, **more)


def options(question: str, values: dict[str, float], **more: Any) -> list[dict[str, Any]]:
    return rows(question, {("inside", name): value for name, value in values.items()}, key="option", **more)


def ranking(question: str, values: dict[str, float]) -> list[dict[str, Any]]:
    return rows(question, {("outside", name): value for name, value in values.items()}, statistic="mean_rank")


TASKS = frame(
    both(
        "tasks_now",
        {"coach": 0.11, "steer": 0.63, "plan": 0.44, "teach": 0.2},
        {"coach": 0.5, "steer": 0.29, "plan": 0.03, "teach": NAN},
    )
)
PARTS = {"never": 0.03, "hardly": 0.13, "same": 0.1, "rather": 0.4, "fully": 0.3, "unsure": 0.02}
OTHER_PARTS = {"never": 0.02, "hardly": 0.01, "same": 0.2, "rather": 0.3, "fully": 0.4, "unsure": 0.02}
AGREE = frame(both("agree", PARTS, OTHER_PARTS, key="option"))
NETS = frame(both("agree", PARTS | {"no": 0.16, "yes": 0.71}, OTHER_PARTS | {"no": 0.03, "yes": 0.7}, key="option"))
YEARS = frame(
    [
        row
        for year, shift in ((2001, 0.0), (2003, 0.05), (2004, 0.1))
        for row in both("agree", {"yes": 0.5 + shift}, {"yes": 0.62 - shift}, key="option", year=year, n=None)
    ]
)
BY_YEAR = frame([row for year in (2001, 2003) for row in options("agree", PARTS, year=year)])
BESIDE = frame(
    [row for year, share in ((2001, 0.3), (2003, 0.5)) for row in options("agree", {"yes": share}, year=year)]
).assign(base="dont_know_excluded")
MEANS = frame(
    both(
        "weight",
        {"coach": 6.69, "steer": 2.67, "plan": 5.0},
        {"coach": 6.5, "steer": 3.1, "plan": 5.1},
        statistic="mean",
    )
)
RANK_MEANS = frame(
    [
        *ranking("starter", {"steer": 2.17, "coach": 1.5, "plan": 2.33}),
        *ranking("payer", {"steer": 1.01, "coach": 2.99, "plan": 2.0}),
    ]
)
RANKS = frame(
    both(
        "starter",
        {"steer": 1, "coach": 2, "plan": 3},
        {"steer": 2, "coach": 1, "plan": 2, "teach": 4},
        statistic="rank",
    )
)
MOVES = frame(
    [
        *rows("tasks_now", {("inside", "steer"): 0.25, ("inside", "coach"): 0.5, ("inside", "plan"): 0.31}),
        *rows("tasks_ideal", {("inside", "steer"): 0.49, ("inside", "coach"): 0.21, ("inside", "plan"): 0.32}),
    ]
)
GRID = frame(
    [
        dict(row, option=option)
        for option, values in (
            ("have", {"steer": 0.4, "coach": 0.7, "plan": NAN}),
            ("soon", {"steer": 0.2, "coach": 0.1}),
        )
        for row in rows("adopt", {("inside", item): value for item, value in values.items()})
    ]
)


def outlook(
    group: str, year: int, shares: dict[str, tuple[float, ...]], question: str = "outlook"
) -> list[dict[str, Any]]:
    """Rows of a grid with its options in the order less, same, more, don't know, or as of agreement."""
    names = ("less", "same", "more", "unsure") if question == "outlook" else ("never", "same", "rather", "fully")
    return [
        dict(row, option=option)
        for item, values in shares.items()
        for option, value in zip(names, values, strict=True)
        for row in rows(question, {(group, item): value}, year=year)
    ]


OUTLOOK_NOW = frame(
    [
        *outlook(
            "inside",
            2004,
            {
                "steer": (0.5, 0.3, 0.15, 0.05),
                "coach": (0.02, 0.2, 0.7, 0.08),
                "teach": (0.1, 0.3, 0.4, 0.2),
                "plan": (0.05, 0.5, 0.42, 0.03),
            },
        ),
        *outlook(
            "outside",
            2004,
            {
                "steer": (NAN, NAN, NAN, NAN),
                "coach": (0.04, 0.3, 0.6, 0.06),
                "teach": (0.2, 0.2, 0.4, 0.2),
                "plan": (0.01, 0.1, 0.8, 0.09),
            },
        ),
    ]
)
OUTLOOK_BEFORE = frame(
    [
        *outlook(
            "inside",
            2003,
            {
                "steer": (0.5, 0.3, 0.1, 0.1),
                "coach": (0.1, 0.3, 0.3, 0.3),
                "teach": (0.1, 0.2, 0.5, 0.2),
                "plan": (0.1, 0.4, 0.4, 0.1),
            },
        ),
        *outlook(
            "outside",
            2003,
            {"coach": (0.1, 0.2, 0.6, 0.1), "teach": (0.3, 0.2, 0.4, 0.1), "plan": (0.2, 0.1, 0.6, 0.1)},
        ),
    ]
)
OUTLOOK = pd.concat([OUTLOOK_BEFORE, OUTLOOK_NOW], ignore_index=True)
OPINIONS = frame(
    outlook("inside", 2004, {"steer": (0.3, 0.2, 0.4, 0.1), "coach": (0.02, 0.3, 0.06, 0.62)}, question="opinion")
)
LOW = frame(
    [
        row
        for number, year in enumerate((2001, 2003, 2004))
        for row in both(
            "tasks_now",
            {"coach": 0.02 + number / 200, "steer": 0.05, "plan": 0.01, "teach": 0.4},
            {"coach": 0.03 - number / 100, "steer": 0.04 + number / 100, "plan": 0.0, "teach": 0.37},
            year=year,
            evidence="synthetic",
            status="s",
        )
    ]
)
PROFILE = frame(
    [
        *rows("adopt", {("inside", ""): 304, ("outside", ""): 152}, statistic="count"),
        *rows("agree", {("inside", "yes"): 0.66, ("inside", "no"): 0.19}, key="option"),
        *rows("tasks_now", {("outside", "steer"): 0.2, ("outside", "coach"): 0.16}),
    ]
)


def uncertain(estimates: pd.DataFrame, half: float = 0.05) -> pd.DataFrame:
    """The same estimates, each in the middle of an interval; shares stay shares."""
    share = estimates["statistic"].str.startswith("share")
    low, high = estimates["estimate"] - half, estimates["estimate"] + half
    return estimates.assign(low=low.mask(share & (low < 0), 0.0), high=high.mask(share & (high > 1), 1.0))


def compared(
    verdicts: dict[tuple[str, str], str], question: str, first="inside", second="outside", **more
) -> pd.DataFrame:
    """A comparison with these verdicts by item and option; what is not comparable was not tested."""
    rows = [
        {"question": question, "item": item, "option": option, "statistic": "share", "first": first, "second": second,
         "difference": 0.1 if verdict == "higher" else -0.1, "p": None if verdict == "not_comparable" else 0.01,
         "family": f"{question} {first}–{second} ({len(verdicts)})", "evidence": "published", "verdict": verdict} | more
        for (item, option), verdict in verdicts.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[*COLUMNS, *(name for name in more if name not in COLUMNS)])


GAPS = compared({("coach", ""): "lower", ("steer", ""): "higher", ("plan", ""): "undecided"}, "tasks_now").assign(
    difference=[-0.39, 0.34, 0.41], low=[-0.5, 0.2, 0.3], high=[-0.3, 0.45, 0.5]
)
STEPS = compared({("", "yes"): "higher"}, "agree", "2004", "2003", group="inside").assign(
    difference=0.05, low=-0.02, high=0.12
)


INTERVALS: dict[str, tuple[pd.DataFrame, Callable[[pd.DataFrame, Words], Chart]]] = {
    "paired_bars with intervals": (uncertain(TASKS), lambda frame, words: charts.paired_bars(frame, words=words)),
    "profile with intervals": (
        uncertain(PROFILE[PROFILE["statistic"] == "share"]),
        lambda frame, words: charts.profile(frame, words=words),
    ),
    "dots with intervals": (uncertain(MEANS, 0.4), lambda frame, words: charts.dots(frame, words=words)),
    "dots in panels with intervals": (
        uncertain(RANK_MEANS, 0.15),
        lambda frame, words: charts.dots(frame, words=words),
    ),
    "trend with intervals": (uncertain(YEARS), lambda frame, words: charts.trend(frame, words=words)),
    "trend in panels with intervals": (
        uncertain(YEARS, 0.1),
        lambda frame, words: charts.trend(frame, words=words, panels="question"),
    ),
    "trend near zero with intervals": (uncertain(LOW, 0.04), lambda frame, words: charts.trend(frame, words=words)),
}
"""Each kind that draws intervals, with its frame: every number of it has one."""

KINDS: dict[str, Callable[[Words], Chart]] = {
    "paired_bars": lambda words: charts.paired_bars(TASKS, words=words),
    "paired_bars with clear differences": lambda words: charts.paired_bars(TASKS, words=words).marked(
        compared({(item, ""): "higher" for item in ("coach", "steer", "plan", "teach")}, "tasks_now")
    ),
    "gaps": lambda words: charts.gaps(TASKS, GAPS, words=words),
    "gaps of years": lambda words: charts.gaps(YEARS, STEPS, words=words),
    "dumbbells with clear differences": lambda words: charts.dumbbells(MOVES, words=words).marked(
        compared({(item, ""): "lower" for item in ("coach", "steer", "plan")}, "tasks_now", "tasks_now", "tasks_ideal")
    ),
    "stacked": lambda words: charts.stacked(BY_YEAR, words=words, beside=BESIDE),
    "stacked by group": lambda words: charts.stacked(AGREE, words=words, rows=("question", "group")),
    "diverging": lambda words: charts.diverging(NETS, words=words),
    "diverging by item": lambda words: charts.diverging(OUTLOOK, words=words),
    "diverging by item, several answers a side": lambda words: charts.diverging(OPINIONS, words=words),
    "dots": lambda words: charts.dots(MEANS, words=words),
    "dots in panels": lambda words: charts.dots(RANK_MEANS, words=words),
    "bump": lambda words: charts.bump(RANKS, words=words),
    "dumbbells": lambda words: charts.dumbbells(MOVES, words=words),
    "trend": lambda words: charts.trend(YEARS, words=words),
    "trend in panels": lambda words: charts.trend(YEARS, words=words, panels="group"),
    "trend near zero": lambda words: charts.trend(LOW, words=words),
    "adoption": lambda words: charts.adoption(GRID, words=words),
    "profile": lambda words: charts.profile(PROFILE, words=words),
    "matrix": lambda words: charts.matrix("model", words=words),
} | {name: partial(draw, frame) for name, (frame, draw) in INTERVALS.items()}


def marks(chart: Chart, start: str = "mark") -> dict[tuple[str, ...], Any]:
    """Drawn things by (year, group, question, item, option, statistic)."""
    found: dict[tuple[str, ...], Any] = {}
    for artist in chart.draw().get_children():
        kind, *key = (artist.get_gid() or "").split("|")
        if kind == start:
            assert tuple(key) not in found
            found[tuple(key)] = artist
    return found


def cells(estimates: pd.DataFrame) -> dict[tuple[str, ...], float]:
    """Numbers of a frame by the same key; unknown ones left out."""
    return {
        (str(row.year), row.group, row.question, row.item, row.option, row.statistic): row.estimate
        for row in estimates.itertuples()
        if row.estimate == row.estimate
    }


def texts(chart: Chart, start: str) -> list[str]:
    """Texts whose mark begins so, from top to bottom, wrapped lines joined."""
    blocks: dict[str, list[Any]] = {}
    for text in chart.draw().get_children():
        gid = text.get_gid() or ""
        if gid.startswith(start) and hasattr(text, "get_text"):
            blocks.setdefault(gid.split("~")[0], []).append(text)
    return [" ".join(line.get_text() for line in lines) for lines in blocks.values()]
