"""The pictures in words: the alternative text with every number, and the findings computed from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from lnd_survey.charts import cells
from lnd_survey.charts import differences as marks
from lnd_survey.compare import CLEAR

if TYPE_CHECKING:
    from lnd_survey.charts.chart import Chart
    from lnd_survey.words import Words

SENTENCES = 2
"""How many sentences a finding has at most."""

_INNERMOST = {
    "stacked": "option",
    "diverging": "option",
    "adoption": "option",
    "trend": "year",
    "dumbbells": "question",
}
_KEYS = ("question", "item", "option", "group", "year")


def alt(chart: Chart) -> str:
    """Write the kind of the chart, its title, and one sentence for each of its rows."""
    words = chart.words
    title = (chart.title or chart.subtitle).rstrip(".?!…")
    start = words.say("alt_start", kind=words.say(f"kind_{chart.kind}"), title=title)
    if chart.kind == "matrix":
        return " ".join([start, *_told(chart)])
    if chart.texts is not None:
        return f"{start} {words.say('alt_table_rows', n=len(chart.texts))}"
    if not chart.pictured:
        return start
    if chart.kind == "gaps":
        return " ".join([start, *_apart(chart)])
    inner = chart.parameters.get("across") or _INNERMOST.get(chart.kind, "group")
    ranked = ranks_of(chart)
    drawn = chart.rows[: chart.parameters["segments"]] if ranked else chart.rows
    varying = [key for key in _KEYS if len({getattr(row, key) for row in drawn}) > 1]
    outer = [key for key in varying if key != inner]

    def row_label(row: Any) -> str:
        return ", ".join(filter(None, (cells.label(words, row, key) for key in outer)))

    sentences = [
        start,
        *([f"{words.say('synthetic_legend', sign=words.say('sample_sign'))}."] if chart.synthetic else []),
    ]
    places = {name: place for place, name in enumerate(cells.distinct(map(row_label, drawn)))}
    for name, rows in groupby(sorted(drawn, key=lambda row: places[row_label(row)]), key=row_label):
        told = list(rows)
        texts = [
            words.say("alt_value", label=cells.label(words, row, inner), value=cells.value(words, row)).strip()
            for row in told
        ]
        if pair := ranked.get((told[0].item, told[0].group)):
            before, now = (cells.value(words, row) for row in pair)
            texts.append(words.say("alt_rank", now=now, year=pair[0].year, before=before))
        values = ", ".join(texts)
        sentences.append(words.say("alt_row", row=name, values=values) if name else f"{values}.")
    return " ".join([*sentences, *_clear(chart)])


def triples(rows: list[Any]) -> list[tuple[Any, Any, Any]]:
    """Give both sides of each difference of a chart of gaps, and the difference."""
    return [(rows[at], rows[at + 1], rows[at + 2]) for at in range(0, len(rows), 3)]


def has_several_groups(chart: Chart) -> bool:
    """Whether a chart of changes is about several groups, so that each change says which."""
    return chart.parameters["by"] == "year" and chart.frame["group"].nunique() > 1


def gap_label(words: Words, row: Any, several: bool) -> str:
    """Name what differs: the question, and its item or option; where there are several also the group."""
    parts = [words.item(row.question, row.item)] if row.item else []
    parts += [words.option(row.question, row.option)] if row.option else []
    parts += [words.group(row.group)] if several else []
    return words.say("gap_label", question=words.name(row.question), label=", ".join(parts))


def gap_points(words: Words, one: Any, two: Any, apart: Any) -> str:
    """Write a difference, with the sign of sample data if one of its sides is some."""
    sign = words.say("sample_sign") if cells.is_synthetic(one) or cells.is_synthetic(two) else ""
    return words.difference(apart.statistic, apart.estimate) + sign


def _both(chart: Chart, one: Any, two: Any) -> list[str]:
    words, by = chart.words, chart.parameters["by"]
    sides = [(str(row.split) if by == "split" else cells.label(words, row, by), row) for row in (one, two)]
    return [words.say("alt_value", label=name, value=cells.value(words, row)) for name, row in sides]


def _apart(chart: Chart) -> Iterator[str]:
    """Tell each difference with both sides, and whether it is clear."""
    words = chart.words
    if chart.synthetic:
        yield f"{words.say('synthetic_legend', sign=words.say('sample_sign'))}."
    for (one, two, apart), clear in zip(triples(chart.rows), chart.parameters["clear"], strict=True):
        told = [*_both(chart, one, two), gap_points(words, one, two, apart)]
        values = ", ".join([*told, words.say("clear")] if clear else told)
        yield words.say("alt_row", row=gap_label(words, apart, has_several_groups(chart)), values=values)


def _gaps(chart: Chart) -> Iterator[str]:
    """Say how many differences are clear, and the largest of them."""
    words, found = chart.words, marks.tested(chart.differences)
    if not found:
        return
    certain = sum(row.verdict in CLEAR for row in found)
    sign = words.say("sample_sign") if any("synthetic" in row.evidence for row in found) else ""
    yield words.say("finding_gaps", clear=certain, n=len(found)) + sign
    for (one, two, apart), clear in zip(triples(chart.rows), chart.parameters["clear"], strict=True):
        if clear:
            values = ", ".join(_both(chart, one, two))
            yield words.say("finding_largest", item=gap_label(words, apart, has_several_groups(chart)), values=values)
            return


def _clear(chart: Chart) -> Iterator[str]:
    """Say which differences are clear."""
    if chart.differences is not None:
        yield from marks.told(chart, chart.differences)


def _told(chart: Chart) -> Iterator[str]:
    concept = chart.words.concept(chart.parameters["concept"])
    for row in concept.rows:
        pairs_of_texts = zip(concept.columns, row.cells, strict=True)
        told = "; ".join(f"{column}: {cell}" if column else cell for column, cell in pairs_of_texts)
        yield chart.words.say("alt_row", row=row.label, values=told) if row.label else f"{told}."


def finding(chart: Chart) -> str:
    """Write what stands out; nothing where nothing can be computed."""
    say = _FINDINGS.get(chart.kind)
    return " ".join(islice(say(chart), SENTENCES)) if say else ""


def _known(chart: Chart) -> list[Any]:
    return [row for row in chart.rows if cells.known(row)]


def _named(chart: Chart, row: Any) -> str:
    return cells.label(chart.words, row, "item" if row.item else "option")


def _values(chart: Chart, rows: list[Any], key: str = "group") -> str:
    words = chart.words
    return ", ".join(
        words.say("alt_value", label=cells.label(words, row, key), value=cells.value(words, row)) for row in rows
    )


def _tops(chart: Chart) -> Iterator[str]:
    """Say the first item of each group, and the item on which two groups differ most."""
    words, rows = chart.words, [row for row in _known(chart) if not _is_missing(chart, row)]
    if not rows or len({(row.statistic, row.year) for row in rows}) != 1:
        return
    best = min if rows[0].statistic in cells.LOWER_IS_BETTER else max
    questions = cells.grouped(rows, "question")
    if len(questions) > 1:
        if len({row.group for row in rows}) == 1:
            yield " ".join(
                _top(chart, words.name(question), _firsts_of(found, best)) for (question,), found in questions.items()
            )
        return
    groups = cells.grouped(rows, "group")
    if len({(row.item, row.option) for row in rows}) < 2:
        return
    firsts = [_firsts_of(found, best) for found in groups.values()]
    tops = [found[0] for found in firsts]
    if len(tops) > 1 and len({(row.item, row.option) for found in firsts for row in found}) == 1:
        yield words.say("finding_top_both", item=_named(chart, tops[0]), values=_values(chart, tops))
    else:
        yield " ".join(_top(chart, words.group(found[0].group), found) for found in firsts)
    pairs = [found for found in cells.grouped(rows, "item", "option").values() if len(found) == 2]
    if chart.differences is not None:
        pairs = [pair for pair in pairs if marks.key(pair[0]) in marks.clear(chart.differences)]
    if pairs:
        gaps = [round(abs(found[0].estimate - found[1].estimate), 9) for found in pairs]
        widest = [pair for pair, gap in zip(pairs, gaps, strict=True) if gap == max(gaps) > 0]
        if len(widest) == 1:
            pair = widest[0]
            yield words.say("finding_gap", item=_named(chart, pair[0]), values=_values(chart, pair))
        elif widest and rows[0].statistic == "share":
            points = words.say("points", number=words.number(max(gaps) * 100))
            yield words.say(
                "finding_gap_tied", points=points + _sign(chart), items=_listed(chart, [pair[0] for pair in widest])
            )


def _points(chart: Chart, difference: float) -> str:
    return chart.words.difference("share", difference) + _sign(chart)


def _sign(chart: Chart) -> str:
    """Mark what is computed of several numbers of a chart, some of which are sample data."""
    return chart.words.say("sample_sign") if chart.synthetic else ""


def _firsts_of(rows: list[Any], best: Any) -> list[Any]:
    """Give the best row, and those that equal it."""
    top = best(row.estimate for row in rows)
    return [row for row in rows if row.estimate == top]


def _top(chart: Chart, name: str, rows: list[Any]) -> str:
    """Say which row comes first, or which rows do together."""
    words, value = chart.words, cells.value(chart.words, rows[0])
    if len(rows) == 1:
        return words.say("finding_top", group=name, item=_named(chart, rows[0]), value=value)
    return words.say("finding_top_tied", group=name, items=_listed(chart, rows), value=value)


def _listed(chart: Chart, rows: list[Any]) -> str:
    *others, last = (chart.words.say("quoted", text=_named(chart, row)) for row in rows)
    return chart.words.say("list_two", first=", ".join(others), last=last)


def _is_missing(chart: Chart, row: Any) -> bool:
    return bool(row.option) and chart.words.is_missing(row.question, row.option)


def _nets(chart: Chart) -> Iterator[str]:
    """Say both ends of each row of a diverging chart, where each end is one number."""
    words = chart.words
    keys = chart.parameters["rows"]
    if "segments" in chart.parameters:
        yield from _balances(chart)
        return
    for rows in cells.grouped(_known(chart), *keys).values():
        ends = ends_of(chart, rows)
        if len(ends) == 2:
            told = {
                name: words.say("finding_end", label=_named(chart, ends[side]), value=cells.value(words, ends[side]))
                for name, side in (("positive", 1), ("negative", -1))
            }
            name = ", ".join(cells.label(words, rows[0], key) for key in keys)
            yield words.say("finding_net", row=name, **told)


def _balances(chart: Chart) -> Iterator[str]:
    """Say for each group the items with the highest and the lowest net."""
    words, rows = chart.words, chart.rows[: chart.parameters["segments"]]
    sides = {name: side(words, rows, end) for name, end in (("positive", 1), ("negative", -1))}
    for (group,), mine in cells.grouped(rows, "group").items():
        found = {item: net(words, bar) for (item,), bar in cells.grouped(mine, "item").items()}
        nets = {item: points for item, points in found.items() if points is not None}
        if len(nets) < 2:
            continue
        first, last = max(nets, key=nets.__getitem__), min(nets, key=nets.__getitem__)
        yield words.say(
            "finding_balance",
            group=words.group(group),
            item=words.item(rows[0].question, first),
            value=_points(chart, nets[first]),
            last=words.item(rows[0].question, last),
            least=_points(chart, nets[last]),
            **sides,
        )


def net(words: Words, rows: list[Any]) -> float | None:
    """Give the positive minus the negative answers of one bar; None where a side has no number."""
    sides: dict[int, list[float]] = {-1: [], 1: []}
    for row in rows:
        end = words.valence(row.question, row.option)
        if end in sides and not words.is_missing(row.question, row.option):
            sides[end].append(row.estimate)
    total = sum(sides[1]) - sum(sides[-1])
    return total if sides[1] and sides[-1] and total == total else None


def side(words: Words, rows: list[Any], end: int) -> str:
    """Name the answers of one side: what they have in common, or all of them."""
    question = rows[0].question
    found = {row.option for row in rows if row.option and words.valence(question, row.option) == end}
    options = [option for option in words.options(question) if option in found]
    parents = {words.tree(question).get(option) for option in options}
    if len(options) > 1 and len(parents) == 1 and (parent := parents.pop()):
        options = [parent]
    return ", ".join(words.option(question, option) for option in options)


def ranks_of(chart: Chart) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Give the rank before and now of each item and group, where the chart compares a year with an earlier one."""
    if chart.kind != "diverging" or "segments" not in chart.parameters:
        return {}
    ranked = cells.grouped(chart.rows[chart.parameters["segments"] :], "item", "group")
    return {key: (min(pair, key=_year), max(pair, key=_year)) for key, pair in ranked.items()}


def _year(row: Any) -> int:
    return int(row.year)


def ends_of(chart: Chart, rows: list[Any]) -> dict[int, Any]:
    """Find the one number for the negative (-1) and the positive side (1) of a row: a net, or the only option."""
    found = {}
    for side in (-1, 1):
        same = [row for row in rows if chart.words.valence(row.question, row.option) == side]
        parents = {chart.words.tree(row.question).get(row.option) for row in same}
        tops = [row for row in same if row.option in parents] or same
        if len(tops) == 1:
            found[side] = tops[0]
    return found


def _changes(chart: Chart) -> Iterator[str]:
    """Say the first and last year of each line; not across a break."""
    yield from _changes_of(chart, _known(chart))


def _changes_of(chart: Chart, changing: list[Any]) -> Iterator[str]:
    """Say the first and last year of the series that changed most; those with sample data come last."""
    words = chart.words
    varying = [key for key in ("question", "item", "option", "group") if chart.frame[key].nunique() > 1]
    ends = []
    for rows in cells.grouped(changing, "group", "question", "item", "option").values():
        first, last = min(rows, key=lambda row: row.year), max(rows, key=lambda row: row.year)
        if first.year != last.year and not any("b" in row.status for row in rows):
            ends.append((first, last))

    def noted(pair: tuple[Any, Any]) -> tuple[bool, float]:
        return any(map(cells.is_synthetic, pair)), -round(abs(pair[1].estimate - pair[0].estimate), 9)

    most = sorted(ends, key=noted)[:SENTENCES]
    for first, last in (pair for pair in ends if pair in most):
        name = ", ".join(cells.label(words, first, key) for key in varying) or words.group(first.group)
        yield words.say(
            "finding_trend",
            series=name,
            first=cells.value(words, first),
            start=first.year,
            last=cells.value(words, last),
            end=last.year,
        )


def _firsts(chart: Chart) -> Iterator[str]:
    """Say who ranks first in each column."""
    words, across = chart.words, chart.parameters["across"]
    columns = cells.grouped(_known(chart), across).values()
    tops = [_firsts_of(rows, min) for rows in columns]
    if all(len(found) == 1 for found in tops) and len({found[0].item for found in tops}) == 1:
        yield words.say("finding_first_all", item=_named(chart, tops[0][0]))
        return
    yield " ".join(
        words.say("finding_first", column=cells.label(words, found[0], across), item=_named(chart, found[0]))
        if len(found) == 1
        else words.say("finding_first_tied", column=cells.label(words, found[0], across), items=_listed(chart, found))
        for found in tops
    )


def _moves(chart: Chart) -> Iterator[str]:
    """Say the largest rise and the largest fall between two questions."""
    words = chart.words
    moves = {item: points for item, (_, _, points) in pairs(_known(chart)).items()}
    if chart.differences is not None:
        certain = {item for _, item, _ in marks.clear(chart.differences)}
        moves = {item: points for item, points in moves.items() if item in certain}
    if not moves:
        return
    question = chart.rows[0].question
    for key, item in (
        ("finding_rise", max(moves, key=moves.__getitem__)),
        ("finding_fall", min(moves, key=moves.__getitem__)),
    ):
        if (moves[item] > 0) is (key == "finding_rise") and moves[item]:
            yield words.say(key, item=words.item(question, item), value=_points(chart, moves[item]))


def pairs(rows: list[Any]) -> dict[str, tuple[Any, Any, float]]:
    """Give each item with its rows for two questions and their difference, as printed where it is printed."""
    found = {}
    for (item,), same in cells.grouped(rows, "item").items():
        printed = [row.estimate for row in same if row.statistic == "difference"]
        ends = [row for row in same if row.statistic != "difference"]
        if len(ends) == 2:
            found[item] = (ends[0], ends[1], printed[0] if printed else ends[1].estimate - ends[0].estimate)
    return found


def _leads(chart: Chart) -> Iterator[str]:
    """Say how the numbers beside the bars changed, and the most common answer of each row, the last year first.

    Rows under one heading are told together, so that no heading is left out.
    """
    segments, keys = chart.parameters["segments"], chart.parameters["rows"]
    changes = list(_changes_of(chart, [row for row in chart.rows[segments:] if cells.known(row)]))
    if changes:
        # A number beside the bars adds segments up: which segment is the largest would speak against it.
        yield from changes
        return
    rows = [row for row in chart.rows[:segments] if cells.known(row) and not _is_missing(chart, row)]
    if keys[-1] == "year":
        rows.sort(key=lambda row: -row.year)
        offered = {tuple(sorted(row.option for row in bar)) for bar in cells.grouped(rows, "year").values()}
        if len(offered) > 1:
            # Between different answers to choose from, which comes first is no change.
            rows = [row for row in rows if row.year == rows[0].year]
    for block in cells.grouped(rows, *(keys[:-1] or keys)).values():
        yield _lead(chart, [_firsts_of(bar, max) for bar in cells.grouped(block, *keys).values()], keys)


def _lead(chart: Chart, firsts: list[list[Any]], keys: Sequence[str]) -> str:
    """Say what comes first in each bar under one heading; where that is the same in all, say it once."""
    words, tops = chart.words, [found[0] for found in firsts]
    if len(keys) > 1 and len(tops) > 1 and len({(row.item, row.option) for found in firsts for row in found}) == 1:
        heading = ", ".join(cells.label(words, tops[0], key) for key in keys[:-1])
        return words.say(
            "finding_top", group=heading, item=_named(chart, tops[0]), value=_values(chart, tops, keys[-1])
        )
    return " ".join(
        _top(chart, ", ".join(cells.label(words, found[0], key) for key in keys), found) for found in firsts
    )


def _leaders(chart: Chart) -> Iterator[str]:
    """Say the item that comes first in each column."""
    for rows in cells.grouped(_known(chart), "option").values():
        top = _firsts_of(rows, max)
        names = [cells.label(chart.words, row, "item") for row in top]
        name = cells.label(chart.words, top[0], "option")
        value = cells.value(chart.words, top[0])
        yield chart.words.say("finding_top", group=name, item=cells.joined(chart.words, names), value=value)


_FINDINGS = {
    "gaps": _gaps,
    "paired_bars": _tops,
    "dots": _tops,
    "stacked": _leads,
    "diverging": _nets,
    "trend": _changes,
    "bump": _firsts,
    "dumbbells": _moves,
    "adoption": _leaders,
}
