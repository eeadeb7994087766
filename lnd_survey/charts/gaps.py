"""The largest differences over many questions: of two groups, of two parts of one, or of a year and the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lnd_survey.charts import describe
from lnd_survey.charts.cells import distinct, gid, rows_of, value
from lnd_survey.charts.chart import Chart, build, described, nothing
from lnd_survey.charts.differences import looked_at, tested
from lnd_survey.charts.rows import Rows
from lnd_survey.charts.sheet import Panel, Sheet
from lnd_survey.charts.style import INK, RULE, Look, leading, look, width
from lnd_survey.charts.whiskers import has_interval, whisker
from lnd_survey.compare import CLEAR

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

MOST = 20
"""How many differences a page has room for."""

SIZE = 5.5
"""Of the point that stands for a difference, in points."""


def gaps(frame: pd.DataFrame, differences: pd.DataFrame, *, words: Words, title: str = "", most: int = MOST) -> Chart:
    """Draw pairs of shares and their difference with its interval, the largest difference on top.

    The difference is a filled point where it is clear and an empty one where it is not. Of two answers that exclude
    each other, such as yes and no, only the last is shown.

    Parameters
    ----------
    frame
        Estimates of all that was compared: of two groups of one year, of two parts of one group (a column of a split in
        front), or of two years.
    differences
        What `Survey.gaps` or `Survey.changes` gives.
    words
        The language of the chart.
    title
        Instead of the names of the questions.
    most
        How many differences to show.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> questions = ["culture_measures", "government_role"]
    >>> found = survey.gaps(questions, year=2022)
    >>> chart = lnd.charts.gaps(survey.estimates(questions), found, words=survey.words("en"))
    >>> print(chart.finding)
    2 of 18 differences are clear. The largest: ‘Role of government: Enable co-creation in L&D’ (L&D departments 44%,
    Providers 25%).
    """
    import pandas as pd

    from lnd_survey.estimates import COLUMNS

    splits = [name for name in frame.columns if name not in COLUMNS]
    if splits:
        frame = frame.rename(columns={splits[0]: "split"})
    wanted = _largest(differences)
    by = "split" if splits else "year" if _is_of_years(differences) else "group"
    parts: list[pd.DataFrame] = []
    drawn: list[Any] = []
    for row in rows_of(wanted):
        one, two = (_side(frame, row, name) for name in (row.first, row.second))
        if len(one) == len(two) == 1 and not (by == "year" and _is_redefined(one, two)):
            apart = one.assign(statistic="difference", estimate=row.difference, low=row.low, high=row.high)
            parts += [one, two, apart]
            drawn.append(row)
        if len(drawn) == most:
            break
    if not parts:
        return nothing(words.say("no_numbers"), words=words, title=title, pairs=True)
    shown = pd.concat(parts, ignore_index=True)
    if splits:
        shown["split"] = [words.part(splits[0], name) for name in shown["split"]]
    clear = [row.verdict in CLEAR for row in drawn]
    found = tested(differences)
    chart = build(
        "gaps",
        _gaps,
        shown,
        words=words,
        title=title or words.say("gaps_title"),
        by=by,
        clear=clear,
        looked_at=looked_at(found) if found else None,
    )
    first, second = (_named(words, shown, by, place) for place in (0, 1))
    subtitle = words.say("gaps_subtitle", first=first, second=second)
    # What is noted of single questions stands at their own figures.
    notes = [note for note in chart.notes if note not in set(words.notes(shown)) - set(words.marks(shown))]
    told = replace(chart, subtitle=subtitle, question="", notes=(*notes, *_untested(words, drawn)))
    return described(told.marked(differences))


def _untested(words: Words, drawn: list[Any]) -> list[str]:
    """Say why differences have no interval."""
    reasons = [
        words.say(f"reason_{row.reason}", detail=row.detail) for row in drawn if row.low != row.low and row.reason
    ]
    return distinct(reasons)


def _is_of_years(differences: pd.DataFrame) -> bool:
    return bool(len(differences)) and str(differences["first"].iloc[0]).isdecimal()


def _is_redefined(one: pd.DataFrame, two: pd.DataFrame) -> bool:
    """Whether something else was asked in one of two years."""
    return any("b" in status or "d" in status for status in (*one["status"], *two["status"]))


def _largest(differences: pd.DataFrame) -> pd.DataFrame:
    """Give the differences of shares, the largest first; of two options of a question one."""
    shares = differences[(differences["statistic"] == "share") & differences["difference"].notna()]
    keys = [name for name in ("group", "question", "item") if name in shares.columns]
    options = shares.groupby(keys, sort=False)["option"]
    both = (options.transform("nunique") == 2) & (shares["option"] != "")
    shares = shares[~both | (shares["option"] == options.transform("last"))]
    order = shares["difference"].abs().round(9).sort_values(ascending=False, kind="stable").index
    return shares.loc[order]


def _side(frame: pd.DataFrame, row: Any, name: str) -> pd.DataFrame:
    """Find the estimate that is one side of a comparison."""
    cell = (frame["question"] == row.question) & (frame["item"] == row.item) & (frame["option"] == row.option)
    found = frame[cell & (frame["statistic"] == "share")]
    if "split" in found:
        return found[found["split"] == name]
    if str(name).isdecimal():
        return found[(found["year"] == int(name)) & (found["group"] == row.group)]
    return found[found["group"] == name]


def _named(words: Words, shown: pd.DataFrame, by: str, place: int) -> str:
    """Name what stands on one side of all differences."""
    sides = distinct(shown[by].iloc[place::3])
    if by == "year":
        return words.years(sides)
    return words.group(sides[0]) if by == "group" else str(sides[0])


def _looks(chart: Chart, one: Any, two: Any) -> tuple[Look, Look]:
    """Groups look as they do everywhere; of years and parts the first is a filled point and the second an empty one."""
    if chart.parameters["by"] == "group":
        return look(chart.words, one.group), look(chart.words, two.group)
    plain = look(chart.words, one.group)._replace(marker="o")
    return plain._replace(face=plain.colour), plain._replace(face="#ffffff")


def _gaps(chart: Chart, sheet: Sheet) -> None:
    words, found = chart.words, describe.triples(chart.rows)
    names = [_named(words, chart.frame, chart.parameters["by"], place) for place in (0, 1)]
    looks = _looks(chart, *found[0][:2])
    sheet.legend([(name, seen.ink, [seen]) for name, seen in zip(names, looks, strict=True)], bars=False)
    told = [describe.gap_points(words, *triple) for triple in found]
    points = [row for one, two, _ in found for row in (one, two)]
    certain = any(has_interval(apart) for *_, apart in found)
    room = max(width(text, bold=True) for text in [*told, words.say("difference")]) + 0.1
    beside = max(width(value(words, row)) for row in points) + 0.12
    several = describe.has_several_groups(chart)
    labels = {at: describe.gap_label(words, apart, several) for at, (*_, apart) in enumerate(found)}
    places = Rows(sheet, labels, widest=2.4, least=room + 2 * beside + (2.0 if certain else 1.0), gap=0.15)
    free = sheet.right - room - places.left - 2 * beside - 0.15
    middle = places.left + 2 * beside + (free * 0.55 if certain else free)
    shares = [row.estimate for row in points]
    left = sheet.panel((places.left + beside, middle - beside), (min(shares), max(shares)))
    ends = [0.0, *(end for *_, apart in found if has_interval(apart) for end in (apart.low, apart.high))]
    right = sheet.panel((middle + 0.15, sheet.right - room), (min(ends), max(ends)))
    heading = words.say("difference")
    sheet.text(sheet.right, sheet.y + leading() / 2, heading, bold=True, align="right", gid="heading")
    sheet.y += leading() + 0.05
    for at, (one, two, apart) in enumerate(found):
        y = places.row(at, high=0.2, gid=f"item|{apart.question}|{apart.item}|{apart.option}")
        _pair(chart, left, one, two, y)
        clear = chart.parameters["clear"][at]
        if has_interval(apart):
            whisker(right, apart, y, colour=INK)
            face = INK if clear else "#ffffff"
            right.line(
                [apart.estimate], [y], colour=INK, face=face, marker="o", thick=0, size=SIZE, order=4, gid=gid(apart)
            )
        sheet.text(sheet.right, y, told[at], bold=clear, align="right", gid=gid(apart, "difference"))
    if certain:
        places.axis(right.x(0.0))


def _pair(chart: Chart, panel: Panel, one: Any, two: Any, y: float) -> None:
    """Draw both sides of a difference with their values at the outer ends."""
    words = chart.words
    sides = sorted(zip((one, two), _looks(chart, one, two), strict=True), key=lambda side: side[0].estimate)
    panel.line([row.estimate for row, _ in sides], [y, y], colour=RULE, thick=2.0, gid=gid(one, "span"))
    for row, seen in sides:
        panel.line(
            [row.estimate], [y], colour=seen.colour, face=seen.face, marker=seen.marker, thick=0, order=4, gid=gid(row)
        )
    (low, of_low), (high, of_high) = sides
    sheet = panel.sheet
    sheet.text(
        panel.x(low.estimate) - 0.09, y, value(words, low), colour=of_low.ink, align="right", gid=gid(low, "value")
    )
    sheet.text(panel.x(high.estimate) + 0.09, y, value(words, high), colour=of_high.ink, gid=gid(high, "value"))
