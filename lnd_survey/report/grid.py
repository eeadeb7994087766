"""The numbers of a figure as categories and series: what the chart of an office program is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from lnd_survey.charts import describe
from lnd_survey.charts.around_zero import bars_around_zero, diverging_shades
from lnd_survey.charts.cells import LOWER_IS_BETTER, distinct, grouped, is_synthetic, known, label, value
from lnd_survey.charts.differences import MARK, key
from lnd_survey.charts.stacks import in_order, key_of, leaves_of, shades_of
from lnd_survey.charts.style import Look, look, tint, tints
from lnd_survey.estimates import COLUMNS, UNIT

if TYPE_CHECKING:
    from lnd_survey.report.collected import Figure
    from lnd_survey.words import Words

Kind = Literal["bars", "stacked", "lines", "points"]

MOST = 45
"""How many bars there may be beside each other; with more of them the picture, which has panels, is clearer."""

SAID = 12
"""How many numbers that no bar shows can be said in a line below a chart; more of them are left to the table."""

MARKERS = ("o", "s", "D", "^")


class Mark(NamedTuple):
    """One number of a chart, and how it is drawn.

    Attributes
    ----------
    number, text
        The estimate itself, and as it stands in a picture: with the sign of sample data.
    sample
        Whether it is sample data.
    face, edge
        The colours of a bar.
    row
        Which of the figure's rows it shows.
    """

    number: float
    text: str
    sample: bool
    face: str
    edge: str
    row: int


class Series(NamedTuple):
    """Numbers that belong together, one for each category; None where there is none."""

    label: str
    marks: tuple[Mark | None, ...]
    marker: str = "o"
    dashed: bool = False

    @property
    def first(self) -> Mark:
        """The first number there is, which gives the series its colour."""
        return next(mark for mark in self.marks if mark is not None)


class Grid(NamedTuple):
    """A chart that office programs can draw and their readers can edit.

    Attributes
    ----------
    kind
        Bars beside each other, bars of 100 %, lines, or points without lines.
    categories, series
        The labels along one axis, and the numbers.
    number
        The number format of a spreadsheet; `sample` gives it with the sign of sample data.
    low, high
        The ends of the scale.
    best_low
        Whether the lowest number is the best, so that the scale is turned round.
    beside
        What the figure shows besides, in words: such as sums of parts of a bar.
    title
        What the chart is about, where a figure has several of them.
    """

    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    number: str
    sample: str
    low: float
    high: float
    best_low: bool
    beside: tuple[str, ...]
    title: str = ""

    @property
    def marks(self) -> Iterator[Mark]:
        """All numbers there are."""
        return (mark for series in self.series for mark in series.marks if mark is not None)

    def parts(self, number: int) -> list[Grid]:
        """Divide the categories into so many parts, as even as can be, each drawn to the same scale.

        A part in which nothing is drawn has no series.
        """
        least, more = divmod(len(self.categories), number)
        ends = list(accumulate((least + (part < more) for part in range(number)), initial=0))
        found = []
        for part in (slice(*pair) for pair in pairwise(ends)):
            series = (one._replace(marks=one.marks[part]) for one in self.series)
            kept = tuple(one for one in series if any(one.marks))
            found.append(self._replace(categories=self.categories[part], series=kept))
        return found

    def is_above(self, category: int, mark: Mark) -> bool:
        """Whether a point is the highest of its category, so that its number stands above it."""
        others = [series.marks[category] for series in self.series]
        return mark is max((other for other in others if other is not None), key=lambda other: other.number)


def grids(figure: Figure, words: Words) -> tuple[Grid, ...]:
    """Give the grids of a figure: one, or one for each of its panels.

    Parameters
    ----------
    figure
        A figure of the report.
    words
        The language of the labels.

    Returns
    -------
    tuple of Grid
        Empty where the figure has no number, or where no chart of an office program would show it well.
    """
    make = _MAKERS.get(figure.told["kind"])
    rows = _rows(figure)
    if make is None or not any(map(known, rows)):
        return ()
    found = []
    for title, panel, parameters in _panels(rows, figure.told["kind"], figure.told["parameters"], words):
        drawn = make(panel, parameters, words) if any(map(known, panel)) else None
        if drawn is None:
            return ()
        found.append(drawn._replace(title=title))
    return tuple(found)


def _panels(
    rows: list[Any], kind: str, parameters: Mapping[str, Any], words: Words
) -> Iterator[tuple[str, list[Any], Mapping[str, Any]]]:
    """Divide the rows of a figure that one chart cannot hold: the title, the rows and the parameters of each panel."""
    key = "question" if kind in ("profile", "dots") else ""
    if kind == "trend" and parameters.get("panels"):
        key = "group"
    if kind == "diverging" and "segments" in parameters:
        # Bars of items and groups; the ranks behind them are left to the table.
        key, rows = "group", rows[: parameters["segments"]]
        parameters = {"rows": [name for name in parameters["rows"] if name != key]}
    parts = list(grouped(rows, key).values()) if key else [rows]
    for part in parts:
        yield (label(words, part[0], key) if len(parts) > 1 else "", part, parameters)


def number_format(words: Words, statistic: str, *, sample: bool = False) -> str:
    """Give the spreadsheet format of the numbers of a statistic.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> words = lnd.open_survey().words("en")
    >>> number_format(words, "share"), number_format(words, "mean", sample=True)
    ('0%', '0.00"°"')
    """
    unit = UNIT[statistic]
    if statistic == "difference":
        plain = "+0.00;−0.00;0.00"
    elif unit == "%":
        plain = "0" + words.codebook.languages[words.lang].percent
    else:
        plain = "0.00" if unit == "score" else "0"
    sign = f'"{words.say("sample_sign")}"' if sample else ""
    return ";".join(part + sign for part in plain.split(";"))


def _rows(figure: Figure) -> list[Any]:
    """Give the rows of a figure as charts take them, each with its place among them."""
    from lnd_survey.charts.cells import rows_of
    from lnd_survey.estimates import frame

    splits = [name for name in (figure.rows[0] if figure.rows else ()) if name not in COLUMNS]
    return rows_of(frame(figure.rows, splits=splits).assign(place=range(len(figure.rows))))


def _mark(words: Words, row: Any, face: str, edge: str) -> Mark | None:
    return Mark(row.estimate, value(words, row), is_synthetic(row), face, edge, row.place) if known(row) else None


def _finished(
    words: Words,
    kind: Kind,
    categories: Iterable[str],
    series: Iterable[Series],
    *,
    statistic: str,
    ends: tuple[float, float] | None = None,
    beside: Iterable[str] = (),
) -> Grid:
    kept = tuple(one for one in series if any(one.marks))
    high = max(mark.number for one in kept for mark in one.marks if mark is not None)
    return Grid(
        kind,
        tuple(categories),
        kept,
        number_format(words, statistic),
        number_format(words, statistic, sample=True),
        *(ends or (0.0, high)),
        best_low=statistic in LOWER_IS_BETTER,
        beside=tuple(beside),
    )


def _crossed(
    words: Words,
    kind: Kind,
    rows: Sequence[Any],
    categories: Mapping[Any, str],
    series: Mapping[Any, tuple[str, Look]],
    place: Callable[[Any], tuple[Any, Any]],
    ends: tuple[float, float] | None = None,
) -> Grid | None:
    """Put each row where its category and its series cross; None if two of them would stand in one place."""
    cells = {place(row): row for row in rows}
    if len(cells) < len(rows) or (kind == "bars" and len(categories) * len(series) > MOST):
        return None
    made = [
        Series(
            name,
            tuple(
                _mark(words, cells[category, key], seen.face, seen.colour) if (category, key) in cells else None
                for category in categories
            ),
            seen.marker,
        )
        for key, (name, seen) in series.items()
    ]
    return _finished(words, kind, categories.values(), made, statistic=rows[0].statistic, ends=ends)


def _key(row: Any) -> str:
    return "item" if row.item else "option"


def _name(row: Any) -> tuple[str, str]:
    return row.question, getattr(row, _key(row))


def _named(words: Words, rows: Iterable[Any], parameters: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    return {_name(row): _starred(label(words, row, _key(row)), row, parameters) for row in rows}


def _starred(text: str, row: Any, parameters: Mapping[str, Any]) -> str:
    """Mark what the picture marks: a row whose difference is clear."""
    return f"{text}\u00a0{MARK}" if list(key(row)) in parameters.get("starred", ()) else text


def _shaded(words: Words, group: str, labels: Mapping[Any, str], shades: Iterable[str]) -> dict[Any, tuple[str, Look]]:
    """Give series that are told apart by shades of the colour of their group."""
    seen = look(words, group)
    return {
        key: (name, seen._replace(face=shade, marker=MARKERS[number % len(MARKERS)]))
        for number, ((key, name), shade) in enumerate(zip(labels.items(), shades, strict=True))
    }


def _bars(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each group."""
    groups = {group: (words.group(group), look(words, group)) for group in distinct(row.group for row in rows)}
    if not any(row.item or row.option for row in rows):
        # Numbers of whole groups, such as how many answered, have nothing else to be told apart by.
        marks = tuple(_mark(words, row, groups[row.group][1].face, groups[row.group][1].colour) for row in rows)
        made = [Series(words.name(rows[0].question), marks)]
        names = [label(words, row, "group") for row in rows]
        return _finished(words, "bars", names, made, statistic=rows[0].statistic)
    return _crossed(words, "bars", rows, _named(words, rows, parameters), groups, lambda row: (_name(row), row.group))


def _points(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One point for each group."""
    looks = {group: look(words, group) for group in distinct(row.group for row in rows)}
    groups = {group: (words.group(group), seen._replace(face=seen.colour)) for group, seen in looks.items()}
    names = _named(words, rows, parameters)
    ends = None
    if rows[0].statistic in LOWER_IS_BETTER:
        ends = (1.0, float(max(2, len(names))))
    elif rows[0].statistic == "mean" and (scale := words.scale(rows[0].question)):
        ends = (float(scale[0]), float(scale[1]))
    return _crossed(words, "points", rows, names, groups, lambda row: (_name(row), row.group), ends)


def _distinct_shades(words: Words, group: str, number: int) -> list[str]:
    """Give shades from the full colour to a light one that still stands out from white."""
    return tints(look(words, group).colour, number, faintest=0.25)[::-1]


def _adoption(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each option."""
    question = rows[0].question
    items = distinct([*(row.item for row in rows), *words.items(question)])
    options = {
        option: words.option(question, option)
        for option in words.options(question)
        if not words.is_missing(question, option)
    }
    shades = tints(look(words, rows[0].group).colour, len(options), faintest=0.2)[::-1]
    series = _shaded(words, rows[0].group, options, shades)
    return _crossed(
        words,
        "bars",
        rows,
        {item: words.item(question, item) for item in items},
        series,
        lambda row: (row.item, row.option),
    )


def _dumbbells(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each of both questions, and the difference behind the name of the item."""
    ends = [row for row in rows if row.statistic != "difference"]
    names = {}
    moves = describe.pairs([row for row in rows if known(row)])
    for row in reversed(ends):
        names[row.item] = _starred(label(words, row, "item"), row, parameters)
    names = {item: names[item] for item in distinct(row.item for row in ends)}
    for item in names:
        if item in moves:
            first, last, points = moves[item]
            sign = words.say("sample_sign") if is_synthetic(first) or is_synthetic(last) else ""
            names[item] += f" ({words.difference('share', points)}{sign})"
    labels = {question: words.name(question) for question in distinct(row.question for row in ends)}
    group = ends[0].group
    shades = [tint(look(words, group).colour, 0.25), *[look(words, group).colour] * (len(labels) - 1)]
    series = _shaded(words, group, labels, shades)
    return _crossed(words, "bars", ends, names, series, lambda row: (row.item, row.question))


def _gaps(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each side of a difference, which stands behind the name, with a star where it is clear."""
    triples, by = describe.triples(rows), parameters["by"]
    several = by == "year" and len({row.group for row in rows}) > 1
    names: list[str] = []
    sides: tuple[list[Mark | None], list[Mark | None]] = ([], [])
    for (one, two, apart), clear in zip(triples, parameters["clear"], strict=True):
        points = describe.gap_points(words, one, two, apart)
        star = f"\u00a0{MARK}" if clear else ""
        names.append(f"{describe.gap_label(words, apart, several)} ({points}){star}")
        for side, row in enumerate((one, two)):
            seen = look(words, row.group)
            face = seen.face if by == "group" else (seen.colour, tint(seen.colour, 0.25))[side]
            sides[side].append(_mark(words, row, face, seen.colour))
    labels = [_side(words, [triple[side] for triple in triples], by) for side in (0, 1)]
    series = [Series(name, tuple(marks)) for name, marks in zip(labels, sides, strict=True)]
    told = []
    if "looked_at" in parameters:
        told = [words.say("note_clear", mark=MARK, first=labels[0], second=labels[1], n=parameters["looked_at"])]
    return _finished(words, "bars", names, series, statistic="share", beside=told)


def _side(words: Words, rows: Sequence[Any], by: str) -> str:
    if by == "year":
        return words.years(row.year for row in rows)
    return words.group(rows[0].group) if by == "group" else str(rows[0].split)


def _trend(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """Lines over the years to scale, cut at a break; where the picture has panels, bars for each year."""
    split = parameters.get("panels")
    if split:
        return _years(rows, split, words)
    lines = grouped(sorted((row for row in rows if known(row)), key=lambda row: row.year), *_LINE)
    years = [row.year for row in rows]
    categories = range(min(years), max(years) + 1)
    varying = [key for key in _LINE if len({getattr(row, key) for row in rows}) > 1] or ["group"]
    made = []
    for number, found in enumerate(lines.values()):
        seen = look(words, found[0].group)
        own = [other for other in lines if other[0] == found[0].group]
        strength = 1 - 0.5 * own.index(list(lines)[number]) / max(1, len(own) - 1)
        name = ", ".join(label(words, found[0], key) for key in varying)
        for part in _unbroken(found):
            by_year = {row.year: _mark(words, row, tint(seen.colour, strength), seen.colour) for row in part}
            marks = tuple(by_year.get(year) for year in categories)
            told = name if part[0] is found[0] else f"{name} ({part[0].year}–)"
            made.append(Series(told, marks, seen.marker, any("d" in row.status for row in part[1:])))
    return _finished(words, "lines", map(str, categories), made, statistic=rows[0].statistic)


_LINE = ("group", "question", "item", "option")


def _unbroken(rows: list[Any]) -> list[list[Any]]:
    """Cut a line where the series breaks."""
    parts = [rows[:1]]
    for row in rows[1:]:
        if "b" in row.status:
            parts.append([])
        parts[-1].append(row)
    return parts


def _years(rows: list[Any], split: str, words: Words) -> Grid | None:
    """One bar for each year."""
    if len({tuple(getattr(row, key) for key in _LINE if key != split) for row in rows}) > 1:
        return None  # Each panel has several lines.
    names = {getattr(row, split): label(words, row, split) for row in rows}
    years = {year: str(year) for year in sorted({row.year for row in rows})}
    shades = _distinct_shades(words, rows[0].group, len(years))[::-1]
    series = _shaded(words, rows[0].group, years, shades)
    return _crossed(words, "bars", rows, names, series, lambda row: (getattr(row, split), row.year))


def _stacked(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each row of the picture; what stands beside it there is said in words."""
    keys, segments = parameters["rows"], parameters["segments"]
    drawn = [row for row in rows[:segments] if known(row)]
    bars = {key: in_order(words, bar) for key, bar in grouped(drawn, *keys).items()}
    return _of_parts(words, bars, shades_of(words, drawn), keys, rows[segments:])


def _diverging(rows: list[Any], parameters: Mapping[str, Any], words: Words) -> Grid | None:
    """One bar for each row of the picture, its parts from the most negative to the most positive answer."""
    from lnd_survey.estimates import frame

    keys = parameters["rows"]
    leaves = set(leaves_of(frame(row._asdict() for row in rows), words, keys).index)
    drawn = [row for number, row in enumerate(rows) if number in leaves and known(row)]
    apart = {(*key_of(row, keys), row.option): row for row in drawn if words.is_missing(row.question, row.option)}
    around = bars_around_zero(words, drawn, keys)
    shades = diverging_shades(words, around, apart)
    missing = grouped(apart.values(), *keys)
    bars = {key: [*around.get(key, []), *missing.get(key, [])] for key in grouped(drawn, *keys)}
    return _of_parts(words, bars, shades, keys, [row for number, row in enumerate(rows) if number not in leaves])


def _of_parts(
    words: Words,
    bars: Mapping[tuple[Any, ...], list[Any]],
    shades: Mapping[tuple[str, str, str], tuple[str, str]],
    keys: Sequence[str],
    beside: Sequence[Any],
) -> Grid | None:
    def bar_name(row: Any) -> str:
        return " · ".join(label(words, row, key) for key in keys)

    # Answers of several questions are one series where they are called the same.
    parts = _merged([[label(words, row, "option") for row in bar] for bar in bars.values()])
    cells = {(key, label(words, row, "option")): row for key, bar in bars.items() for row in bar}
    if len(cells) < sum(map(len, bars.values())):
        return None
    made = [
        Series(
            part,
            tuple(
                _mark(words, row, *shades[row.group, row.question, row.option])
                if (row := cells.get((key, part)))
                else None
                for key in bars
            ),
        )
        for part in parts
    ]
    longest = max(1.0, *(sum(row.estimate for row in bar) for bar in bars.values()))
    said = list(_beside(words, beside, bar_name)) if len(beside) <= SAID else []
    return _finished(
        words,
        "stacked",
        [bar_name(bar[0]) for bar in bars.values()],
        made,
        statistic=next(iter(cells.values())).statistic,
        ends=(0.0, longest),
        beside=said,
    )


def _merged(orders: Iterable[Sequence[str]]) -> list[str]:
    """Make one order of several, each new name behind the one it follows.

    Examples
    --------
    >>> _merged([["no", "yes"], ["no", "perhaps", "yes"], ["none"]])
    ['none', 'no', 'perhaps', 'yes']
    """
    merged: list[str] = []
    for order in orders:
        place = 0
        for name in order:
            if name in merged:
                place = merged.index(name) + 1
            else:
                merged.insert(place, name)
                place += 1
    return merged


def _beside(words: Words, rows: Sequence[Any], bar_name: Callable[[Any], str]) -> Iterable[str]:
    """Say what no part of a bar shows: a line for each answer, with the number of each bar."""
    from lnd_survey.series import EXCLUDED

    for (_, part, base), found in grouped([row for row in rows if known(row)], "question", "option", "base").items():
        name = label(words, found[0], _key(found[0])) if part or found[0].item else words.name(found[0].question)
        if base == EXCLUDED:
            name += f" ({words.say('without_dont_know')})"
        told = ", ".join(words.say("alt_value", label=bar_name(row), value=value(words, row)) for row in found)
        yield words.say("alt_row", row=name, values=told)


_MAKERS: Mapping[str, Callable[[list[Any], Mapping[str, Any], Words], Grid | None]] = {
    "paired_bars": _bars,
    "profile": _bars,
    "dots": _points,
    "adoption": _adoption,
    "dumbbells": _dumbbells,
    "gaps": _gaps,
    "trend": _trend,
    "stacked": _stacked,
    "diverging": _diverging,
}


def notes_of(figure: Figure, drawn: Sequence[Grid], words: Words) -> list[str]:
    """Give the notes of a figure, without those that explain marks which only its picture has."""
    only = {words.say("note_interval")} if drawn else set()
    if drawn and "looked_at" in figure.told["parameters"]:
        filled = words.say("note_gaps", n=figure.told["parameters"]["looked_at"])
        only |= {filled, filled + words.say("sample_sign")}
    return [note for note in figure.told["notes"] if note not in only]
