"""Bars with parts around zero: one per group, or one per item and group with the items in the order of their net."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lnd_survey.charts import describe
from lnd_survey.charts.bars import BAR
from lnd_survey.charts.cells import distinct, gid, grouped, is_synthetic, known, label, rows_of, value
from lnd_survey.charts.chart import Chart, build, subtitle
from lnd_survey.charts.rows import Rows
from lnd_survey.charts.sheet import Panel, Sheet, spread
from lnd_survey.charts.stacks import (
    THICK,
    UNKNOWN,
    Segment,
    draw_segments,
    in_order,
    key_of,
    leaves_of,
    option_legend,
    rounding,
    row_gid,
    row_heading,
)
from lnd_survey.charts.style import (
    INK,
    MUTED,
    RULE,
    SLATE,
    ink,
    leading,
    longest_word,
    look,
    readable,
    tint,
    tints,
    width,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd

    from lnd_survey.words import Words

ITEM = ("item", "group")
"""What tells one bar from another where there are items."""


def diverging(frame: pd.DataFrame, *, words: Words, rows: Sequence[str] = ("group",), title: str = "") -> Chart:
    """Draw ordered options around zero: negative answers left, positive ones right, neutral ones half and half.

    Nets that are in the frame are written at the ends; kinds of missing stand apart at the right.

    With several items there is a bar for each item and group, the item with the highest net (positive minus negative
    answers) of the first group on top. There neutral answers stand apart as well, so that each number has its place
    beside its bar. Only the latest year is drawn; where there is an earlier one, marks say how much the rank of the
    item by its net has changed since, among the items of both years. A break in the series leaves them out.

    Parameters
    ----------
    frame
        Estimates of options with a valence of -1, 0 or 1 in the codebook.
    words
        The language of the chart.
    rows
        The columns that tell one bar from another, where there are no items.
    title
        Instead of the name of the question.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> frame = survey.estimates("resources_next_year", years=2022)
    >>> chart = lnd.charts.diverging(frame, words=survey.words("en"))
    >>> print(chart.finding)
    L&D departments: 39% ‘Rise’ against 13% ‘Fall’. Providers: 37% ‘Rise’ against 16% ‘Fall’.
    """
    if frame["item"].nunique() > 1:
        return _of_items(frame, words, title)
    notes = rounding(leaves_of(frame, words, rows), words, rows)
    return build("diverging", _diverging, frame, words=words, title=title, notes=notes, rows=list(rows))


def _diverging(chart: Chart, sheet: Sheet) -> None:
    """Draw one bar for each row."""
    words, keys = chart.words, chart.parameters["rows"]
    leaves = [row for row in rows_of(leaves_of(chart.frame, words, keys)) if known(row)]
    apart = {key_of(row, keys): row for row in leaves if words.is_missing(row.question, row.option)}
    bars = bars_around_zero(words, leaves, keys)
    shades = diverging_shades(words, bars, apart)
    option_legend(chart, sheet, leaves, shades)
    printed = _printed_nets(chart, bars, keys)
    room = max((width(value(words, row), bold=True) for ends in printed.values() for row in ends.values()), default=0.0)
    labels = {key: label(words, bar[0], keys[-1]) for key, bar in bars.items()}
    after = max(width(value(words, row)) for row in apart.values()) + 0.3 if apart else 0.0
    places = Rows(sheet, labels, widest=1.9, least=2 * room + after + 2.0, gap=0.12)
    left, right = places.left + (room + 0.12 if room else 0.0), sheet.right - room - 0.12 - after
    reach = [max(sum(_side(words, row)[end] for row in bar) for bar in bars.values()) for end in (0, 1)]
    drawn = sum(reach)
    if apart:
        drawn += max(row.estimate for row in apart.values())
    panel = sheet.panel((left, left + (right - left) * sum(reach) / drawn), (-reach[0], reach[1]))
    beside = panel.x(reach[1]) + room + 0.3
    above: tuple[Any, ...] = ()
    for key, bar in bars.items():
        above = row_heading(chart, sheet, bar[0], keys, above)
        start = -sum(_side(words, row)[0] for row in bar)
        segments = []
        for row in bar:
            segments.append(Segment(row, start, *shades[row.group, row.question, row.option]))
            start += row.estimate
        y = draw_segments(chart, panel, segments, partial(places.row, key, gid=row_gid(key)))
        for end, row in printed[key].items():
            _net(chart, sheet, row, panel.x(segments[0].start if end < 0 else start), y, end)
        if key in apart:
            own = sheet.panel((beside, beside + panel.x(1) - panel.x(0)), (0, 1))
            row = apart[key]
            own.box(0, y - THICK / 2, row.estimate, THICK, face=UNKNOWN.face, edge=UNKNOWN.colour, gid=gid(row))
            sheet.text(own.x(row.estimate) + 0.05, y, value(words, row), colour=MUTED, gid=gid(row, "value"))
    places.axis(panel.x(0), colour=INK, order=1)


def _side(words: Words, row: Any) -> tuple[float, float]:
    """Say how much of an option lies left and right of zero."""
    valence = words.valence(row.question, row.option)
    return row.estimate * (1 - valence) / 2, row.estimate * (1 + valence) / 2


def bars_around_zero(words: Words, rows: list[Any], keys: Sequence[str]) -> dict[tuple[Any, ...], list[Any]]:
    """Give the parts of each bar from the most negative to the most positive."""
    bars = {}
    for key, found in grouped(rows, *keys).items():
        bar = [row for row in in_order(words, found) if not words.is_missing(row.question, row.option)]
        valences = [words.valence(row.question, row.option) for row in bar]
        if bar and valences[0] > valences[-1]:
            bar.reverse()
        if bar:
            bars[key] = sorted(bar, key=lambda row: words.valence(row.question, row.option))
    return bars


def _printed_nets(
    chart: Chart, bars: dict[tuple[Any, ...], list[Any]], keys: Sequence[str]
) -> dict[tuple[Any, ...], dict[int, Any]]:
    """Find the sums of both sides that are in the frame besides their parts."""
    found, shown = {}, grouped((row for row in chart.rows if known(row)), *keys)
    for key, bar in bars.items():
        ends = describe.ends_of(chart, shown[key])
        parts = {row.option for row in bar}
        found[key] = {end: row for end, row in ends.items() if row.option not in parts}
    return found


def _net(chart: Chart, sheet: Sheet, row: Any, x: float, y: float, end: int) -> None:
    colour = look(chart.words, row.group).ink if end > 0 else SLATE
    mark = gid(row, "net")
    align: Literal["left", "right"] = "left" if end > 0 else "right"
    sheet.text(x + 0.07 * end, y, value(chart.words, row), bold=True, colour=colour, align=align, gid=mark)


def diverging_shades(
    words: Words, bars: dict[Any, list[Any]], apart: dict[Any, Any]
) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Face and edge of each option: slate for the negative, the group's colour for the positive side."""
    found = {(row.group, row.question, row.option): (UNKNOWN.face, UNKNOWN.colour) for row in apart.values()}
    for bar in bars.values():
        seen = look(words, bar[0].group)
        for side, colour, edge in ((-1, SLATE, SLATE), (0, RULE, RULE), (1, seen.colour, ink(seen.colour))):
            same = [row for row in bar if words.valence(row.question, row.option) == side]
            scale = tints(colour, len(same), faintest=0.3) if same else []
            if side == 0:
                scale = [tint(RULE, 0.2)] * len(same)
            for row, shade in zip(same, scale[::-1] if side < 0 else scale, strict=True):
                found[row.group, row.question, row.option] = (shade, edge)
    return found


def _of_items(frame: pd.DataFrame, words: Words, title: str) -> Chart:
    """Make the chart of several items: the answers of the latest year, and ranks of the last two years behind them."""
    import pandas as pd

    leaves = leaves_of(frame, words, ("year", *ITEM))
    shown = _by_net(leaves[leaves["year"] == leaves["year"].max()], words)
    ranked = _net_ranks(leaves, words)
    both = pd.concat([shown, ranked], ignore_index=True)
    sides = {name: describe.side(words, rows_of(shown), end) for name, end in (("positive", 1), ("negative", -1))}
    notes = [*rounding(shown, words, ITEM), words.say("note_order_ranked" if len(ranked) else "note_order", **sides)]
    chart = build(
        "diverging", _items, both, words=words, title=title, notes=notes, rows=list(ITEM), segments=len(shown)
    )
    return replace(chart, subtitle=subtitle(rows_of(shown), words)) if chart.pictured else chart


def _by_net(frame: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Put the items in the order of the first group's net, those without a number last."""
    rows = rows_of(frame)
    bars = grouped(rows, *ITEM)
    nets = {key: describe.net(words, bar) for key, bar in bars.items()}
    groups, items = distinct(row.group for row in rows), distinct(row.item for row in rows)

    def place(item: str) -> tuple[int, float]:
        found = [(number, net) for number, group in enumerate(groups) if (net := nets.get((item, group))) is not None]
        return (found[0][0], -found[0][1]) if found else (len(groups), 0.0)

    order = sorted(items, key=place)
    return frame.iloc[sorted(range(len(rows)), key=lambda n: (order.index(rows[n].item), groups.index(rows[n].group)))]


def _net_ranks(leaves: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Rank the items of both years by their net; of each group that was asked twice, and without a break."""
    import pandas as pd

    from lnd_survey.series import ranks, shared_items

    last_two = sorted(set(leaves["year"].tolist()))[-2:]
    rows = rows_of(leaves[leaves["year"].isin(last_two)])
    broken = {row.group for row in rows if row.year == last_two[-1] and "b" in row.status}
    nets = [_net_row(words, bar) for bar in grouped(rows, "year", "group", "question", "item").values()]
    found = []
    for (group,), mine in grouped((row for row in nets if row is not None), "group").items():
        if group not in broken and len({row.year for row in mine}) == 2:
            found.append(ranks(shared_items(pd.DataFrame(mine, columns=leaves.columns))))
    return pd.concat(found) if found else leaves.iloc[:0]


def _net_row(words: Words, bar: list[Any]) -> Any:
    """Give the net of one bar as a row, if it has one."""
    from lnd_survey.estimates import flags, sources

    net = describe.net(words, bar)
    parts = [row for row in bar if known(row)]
    return (
        net
        if net is None
        else parts[0]._replace(
            option="",
            estimate=net,
            status=flags(*(row.status for row in parts)),
            evidence=next((row.evidence for row in parts if is_synthetic(row)), parts[0].evidence),
            source=sources([{"source": row.source} for row in parts]),
        )
    )


class _Plan(NamedTuple):
    """Where the bars of several items lie: around zero, and the answers that stand apart."""

    around: Panel
    apart: dict[str, Panel]


def _items(chart: Chart, sheet: Sheet) -> None:
    """Draw one bar for each item and group."""
    words = chart.words
    drawn = chart.rows[: chart.parameters["segments"]]
    groups, question = distinct(row.group for row in drawn), drawn[0].question
    bars = {key: [row for row in bar if known(row)] for key, bar in grouped(drawn, *ITEM).items()}
    shades = _shades_of_items(chart, bars)
    ranked = describe.ranks_of(chart)
    moves = {key: _move(chart, *pair) for key, pair in ranked.items()}
    _legend_of_items(chart, sheet, groups, shades)
    told = words.say("rank")
    room = max(width(told, bold=True), *map(width, moves.values())) + 0.1 if moves else 0.0
    labels = {item: words.item(question, item) for item in distinct(row.item for row in drawn)}
    places = Rows(sheet, labels, widest=1.75, least=3.6, gap=0.12)
    plan = _plan(chart, sheet, [row for bar in bars.values() for row in bar], (places.left, sheet.right - room))
    if moves:
        sheet.text(sheet.right, sheet.y - 0.04 - leading() / 2, told, bold=True, align="right", gid="heading")
    crowded = any(place == "above" for bar in bars.values() for *_, place in _sides(words, plan.around, bar))
    over = leading() if crowded else 0.0
    step = BAR + 0.03 + over
    for item in labels:
        middle = places.row(item, high=step * len(groups), gid=f"item|{item}", pad=0.12)
        for number, group in enumerate(groups):
            y = middle + step * (number - (len(groups) - 1) / 2) + over / 2
            if (item, group) not in bars:
                continue
            if crowded:
                sheet.line([plan.around.x(0)] * 2, [y - BAR / 2, y + BAR / 2], colour=INK, gid="axis", order=1)
            _bar_of_item(chart, plan, bars[item, group], y, shades)
            if not bars[item, group]:
                mark = f"value|{group}|{question}|{item}"
                sheet.text(plan.around.x(0) + 0.05, y, words.say("not_printed"), colour=MUTED, gid=mark)
            if (item, group) in moves:
                sheet.text(
                    sheet.right,
                    y,
                    moves[item, group],
                    colour=look(words, group).ink,
                    align="right",
                    gid=gid(ranked[item, group][1], "rank"),
                )
    if not crowded:
        places.axis(plan.around.x(0), colour=INK, order=1)
    places.axis(*(panel.x(0) for panel in plan.apart.values()), colour=RULE, order=1)


def _move(chart: Chart, before: Any, now: Any) -> str:
    """Write by how many places an item rose or fell, as it stands in a picture."""
    places = round(before.estimate - now.estimate)
    mark = "=" if not places else f"{'▲' if places > 0 else '▼'} {chart.words.number(abs(places))}"
    sign = chart.words.say("sample_sign") if is_synthetic(before) or is_synthetic(now) else ""
    return mark + sign


def _bar_of_item(
    chart: Chart, plan: _Plan, bar: list[Any], y: float, shades: dict[tuple[str, str, str], tuple[str, str]]
) -> None:
    """Draw the answers of one group about one item.

    Values stand at the end of a bar; those of a side with several answers stand inside, or where there is no room for
    that the last one at the end and others above.
    """
    words, sheet = chart.words, plan.around.sheet
    above = []
    for row in bar:
        if row.option in plan.apart:
            _part(chart, plan.apart[row.option], row, y, (0.0, 1), shades)
    for row, start, side, place in _sides(chart.words, plan.around, bar):
        _part(chart, plan.around, row, y, (start, side), shades, told=place == "end")
        middle = plan.around.x(start + side * row.estimate / 2)
        if place == "inside":
            colour = readable(shades[row.group, row.question, row.option][0])
            sheet.text(middle, y, value(words, row), colour=colour, align="center", gid=gid(row, "value"))
        if place == "above":
            above.append((row, middle))
    sizes = [width(value(words, row)) + 0.06 for row, _ in above]
    for (row, _), x in zip(above, spread([x for _, x in above], sizes, sheet.left, sheet.right), strict=True):
        colour = look(words, row.group).ink
        sheet.text(
            x, y - BAR / 2 - leading() / 2, value(words, row), colour=colour, align="center", gid=gid(row, "value")
        )


def _sides(words: Words, panel: Panel, bar: list[Any]) -> Iterator[tuple[Any, float, int, str]]:
    """Give the answers of both sides from zero outwards: where each begins, its side, and where its value stands."""
    for side in (-1, 1):
        mine = [row for row in bar if _side_of(words, row) == side]
        mine.sort(key=lambda row: words.options(row.question).index(row.option), reverse=side < 0)
        start = 0.0
        for number, row in enumerate(mine, 1):
            fits = width(value(words, row)) + 0.06 <= abs(panel.x(row.estimate) - panel.x(0))
            last = number == len(mine)
            yield row, start, side, "end" if len(mine) == 1 or (last and not fits) else "inside" if fits else "above"
            start += side * row.estimate


def _part(
    chart: Chart,
    panel: Panel,
    row: Any,
    y: float,
    place: tuple[float, int],
    shades: dict[tuple[str, str, str], tuple[str, str]],
    *,
    told: bool = True,
) -> None:
    """Draw one answer from a place on the scale to one of its sides, its value at the end."""
    start, side = place
    face, edge = shades[row.group, row.question, row.option]
    end = start + side * row.estimate
    panel.box(min(start, end), y - BAR / 2, row.estimate, BAR, face=face, edge=edge, gid=gid(row))
    if told:
        align: Literal["left", "right"] = "left" if side > 0 else "right"
        colour = look(chart.words, row.group).ink
        panel.sheet.text(
            panel.x(end) + 0.05 * side, y, value(chart.words, row), colour=colour, align=align, gid=gid(row, "value")
        )


def _plan(chart: Chart, sheet: Sheet, rows: list[Any], x: tuple[float, float]) -> _Plan:
    """Divide the width so that each part has the same scale, and write the headings."""
    words, gap, question = chart.words, 0.14, rows[0].question
    reach = {side: _reach([row for row in rows if _side_of(words, row) == side]) for side in (-1, 1)}
    neutral = distinct(row.option for row in in_order(words, rows) if _side_of(words, row) == 0)
    most = {option: _reach([row for row in rows if row.option == option]) for option in neutral}
    room = max(width(value(words, row)) for row in rows) + 0.07
    # A part is as wide as its longest bar and the value beside that, or as the longest word of its heading.
    least = {option: longest_word([words.option(question, option)], bold=True) for option in neutral}
    free = x[1] - x[0] - 2 * room - gap * len(neutral)
    narrow: set[str] = set()
    while True:
        wanted = sum(reach.values()) + sum(most[option] for option in neutral if option not in narrow)
        inches = (free - sum(least[option] if option in narrow else room for option in neutral)) / wanted
        found = {option for option in neutral if most[option] * inches + room < least[option]}
        if found <= narrow:
            break
        narrow |= found
    zero = x[0] + room + reach[-1] * inches
    around = sheet.panel((zero - reach[-1] * inches, zero + reach[1] * inches), (-reach[-1], reach[1]))
    headings = [
        (words.option(question, option), zero + 0.05 * side, reach[side] * inches + room - 0.05, side)
        for side, options in _options_of_sides(words, rows).items()
        for option in options
        if len(options) == 1
    ]
    left, panels = zero + reach[1] * inches + room, {}
    for option in neutral:
        left += gap
        wide = max(most[option] * inches + room, least[option])
        panels[option] = sheet.panel((left, left + most[option] * inches), (0, most[option]))
        headings.append((words.option(question, option), left, wide, 1))
        left += wide
    _write_headings(sheet, headings)
    return _Plan(around, panels)


def _write_headings(sheet: Sheet, headings: list[tuple[str, float, float, int]]) -> None:
    """Write texts at their places, each as wide as it may be, to the left (-1) or to the right (1); ends below them."""
    wrapped = [wrap(text, max(wide, longest_word([text], bold=True)), bold=True) for text, _, wide, _ in headings]
    high = max(map(len, wrapped), default=0) * leading()
    for lines, (_, x, _, side) in zip(wrapped, headings, strict=True):
        middle = sheet.y + high - len(lines) * leading() / 2
        sheet.lines(x, middle, lines, bold=True, align="left" if side > 0 else "right", gid="heading")
    sheet.y += high + 0.04


def _reach(rows: list[Any]) -> float:
    """Give the length of the longest bar."""
    return max((sum(row.estimate for row in bar) for bar in grouped(rows, *ITEM).values()), default=0.0)


def _side_of(words: Words, row: Any) -> int:
    """Say on which side of zero an answer is; 0 if it stands apart."""
    return 0 if words.is_missing(row.question, row.option) else words.valence(row.question, row.option)


def _options_of_sides(words: Words, rows: list[Any]) -> dict[int, list[str]]:
    """Give the answers of the negative and the positive side."""
    ordered = in_order(words, rows)
    return {side: distinct(row.option for row in ordered if _side_of(words, row) == side) for side in (-1, 1)}


def _shades_of_items(chart: Chart, bars: dict[Any, list[Any]]) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Face and edge of each option, the edge in the colour of the group."""
    words = chart.words
    apart = {row: row for bar in bars.values() for row in bar if words.is_missing(row.question, row.option)}
    around = bars_around_zero(words, [row for bar in bars.values() for row in bar], ITEM)
    found = diverging_shades(words, around, apart)
    return {key: (face, look(words, key[0]).ink) for key, (face, _) in found.items()}


def _legend_of_items(
    chart: Chart, sheet: Sheet, groups: list[str], shades: dict[tuple[str, str, str], tuple[str, str]]
) -> None:
    """Write which colour is which group, and what has no heading: the answers of a side with several, and the ranks."""
    words = chart.words
    drawn = [row for row in chart.rows[: chart.parameters["segments"]] if known(row)]
    looks = {group: look(words, group) for group in groups}
    if len(groups) > 1:
        entries = [
            (words.group(group), seen.ink, [seen._replace(face=seen.colour, hatch="")]) for group, seen in looks.items()
        ]
        sheet.legend(entries, bars=True)
    crowded = [option for options in _options_of_sides(words, drawn).values() if len(options) > 1 for option in options]
    if crowded:
        option_legend(
            chart,
            sheet,
            [row for row in drawn if row.option in crowded],
            {key: shade for key, shade in shades.items() if key[2] in crowded},
        )
    if ranked := describe.ranks_of(chart):
        year = next(iter(ranked.values()))[0].year
        sheet.paragraph(words.say("rank_legend", year=year), gid="legend-rank")
        sheet.y += 0.09
