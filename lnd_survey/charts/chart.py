"""One picture of some estimates, with all the words that let it stand alone."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lnd_survey.charts import describe
from lnd_survey.charts import differences as marks
from lnd_survey.charts.cells import distinct, is_synthetic, joined, known, label, rows_of, said
from lnd_survey.charts.names import named
from lnd_survey.charts.sheet import NARROW, WIDTH, Sheet
from lnd_survey.charts.style import INK, MUTED, look, settings, width
from lnd_survey.charts.whiskers import has_interval

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from lnd_survey.words import Words


WITH_INTERVALS = ("paired_bars", "profile", "dots", "trend", "gaps")
"""The kinds of charts that draw intervals: those of single bars and points.

The parts of a stack have none, and nor have dumbbells: the same people answered both questions, so that the intervals
of both shares do not tell how sure the difference between them is.
"""

DOTS = 300
"""Dots per inch of a PNG."""


@dataclass(frozen=True, eq=False)
class Chart:
    """A picture that shows itself in a notebook, and everything a page, a table or a file needs of it.

    Attributes
    ----------
    kind
        The name of the function that made it.
    frame
        The estimates as drawn, in drawing order.
    words
        The language it speaks.
    title, subtitle
        What it is about; who was asked and what the number is, or why there is no picture.
    question, base, period, evidence, source
        The wording of the question, n per group, when it was asked, what kind of numbers and where they are from.
    notes
        What a reader must know, one text each.
    alt
        The picture in words: its kind, what it is about and all its numbers.
    finding
        What stands out, in one or two sentences computed from the numbers.
    number, id
        The number of the figure in the report, and its id.
    parameters
        What the chart was asked to do besides.
    differences
        A comparison or trend whose clear differences are marked; see `marked`.
    texts
        The cells of a table of words, which has no picture; see `table`.
    width
        How wide it is drawn, in inches.
    """

    kind: str
    frame: pd.DataFrame
    words: Words
    title: str
    plot: Callable[[Chart, Sheet], None] = field(repr=False)
    subtitle: str = ""
    question: str = ""
    base: str = ""
    period: str = ""
    evidence: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    alt: str = ""
    finding: str = ""
    number: int | None = None
    id: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    differences: pd.DataFrame | None = None
    texts: pd.DataFrame | None = None
    width: float = WIDTH

    def marked(self, *differences: pd.DataFrame) -> Chart:
        """Give the same chart with its clear differences marked, and told in notes, table and alternative text.

        Parameters
        ----------
        *differences
            What `Survey.compare` or `Survey.trend` gives for the numbers shown, of several questions one after the
            other; where nothing was tested the chart stays as it is.

        Examples
        --------
        >>> import lnd_survey as lnd
        >>> survey = lnd.open_survey()
        >>> bars = lnd.charts.paired_bars(survey.estimates("culture_measures"), words=survey.words("en"))
        >>> print(bars.marked(survey.compare("culture_measures")).notes[-1])
        * Clear difference between L&D departments and Providers (95%, corrected; comparisons: 9).
        """
        import pandas as pd

        tested = [frame for frame in differences if marks.tested(frame)]
        if not self.pictured or not tested:
            return self
        every = pd.concat(tested, ignore_index=True)
        notes = (*self.notes, *marks.notes(self, every))
        # Charts of other programs are drawn from the parameters, and mark the same rows.
        starred = [list(key) for key in marks.clear(every)] if self.kind in marks.AT_LABELS else None
        parameters = self.parameters | ({"starred": starred} if starred else {})
        return described(replace(self, differences=every, notes=notes, parameters=parameters))

    @cached_property
    def rows(self) -> list[Any]:
        """The rows of the frame, as named tuples."""
        return rows_of(self.frame)

    @property
    def heading(self) -> str:
        """The title, with the number of the figure if it has one."""
        if self.number is None:
            return self.title
        return self.words.say("figure_title", number=self.number, title=self.title)

    @property
    def synthetic(self) -> bool:
        """Whether any number shown is sample data."""
        return any(is_synthetic(row) for row in self.rows) or bool(self.parameters.get("sample"))

    @property
    def pictured(self) -> bool:
        """Whether there is a picture, and not a table of words or a line that says that there is nothing to show."""
        return self.kind not in ("table", "nothing")

    @property
    def tabled(self) -> bool:
        """Whether there is anything to put in a table."""
        return self.texts is not None or (self.pictured and len(self.frame) > 0)

    def narrow(self) -> Chart:
        """Give the same chart drawn for a telephone: as wide as its screen, without the texts around the plot."""
        return replace(self, width=NARROW)

    @cached_property
    def sheet(self) -> Sheet:
        """The drawn sheet, with where the plot lies on it."""
        from matplotlib import rc_context

        with rc_context(settings()):
            sheet = Sheet(self.width)
            if self.width == WIDTH:
                _header(self, sheet)
            sheet.plot_top = sheet.y
            if self.synthetic:
                _mark(self, sheet)
            self.plot(self, sheet)
            sheet.plot_bottom = sheet.y
            if self.width == WIDTH:
                _footer(self, sheet)
            sheet.finish()
        return sheet

    def draw(self) -> Figure:
        """Draw the chart as a matplotlib figure, without pyplot."""
        return self.sheet.figure

    def _told(self) -> dict[str, str]:
        """Give what the file itself says about the picture."""
        told = {"Title": self.heading, "Description": self.alt}
        return told | {"Source": self.words.say("synthetic_mark")} if self.synthetic else told

    @cached_property
    def _svg(self) -> str:
        from matplotlib import rc_context

        file = io.StringIO()
        unsaid = {"Creator": None, "Date": None, "Format": None, "Type": None}
        with rc_context(settings()):
            self.draw().savefig(file, format="svg", metadata=unsaid | self._told())
        return named(file.getvalue())

    @cached_property
    def _png(self) -> bytes:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image
        from PIL.PngImagePlugin import PngInfo

        figure, file, told = self.draw(), io.BytesIO(), PngInfo()
        for name, text in self._told().items():
            told.add_itxt(name, text)
        with rc_context(settings()):
            figure.set_dpi(DOTS)
            canvas = FigureCanvasAgg(figure)
            canvas.draw()
            # Without the alpha channel, and with the least compression, saving takes half the time.
            image = Image.frombuffer("RGBA", canvas.get_width_height(), canvas.buffer_rgba()).convert("RGB")
            figure.set_dpi(72)
        image.save(file, "PNG", compress_level=1, dpi=(DOTS, DOTS), pnginfo=told)
        return file.getvalue()

    def svg(self) -> str | None:
        """Give the picture as SVG with its text as text; None where there is no picture."""
        return self._svg if self.pictured else None

    def png(self) -> bytes | None:
        """Give the picture as PNG, 300 dots per inch; None where there is no picture."""
        return self._png if self.pictured else None

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        if self.texts is not None:
            return {"text/plain": self.alt, "text/html": self.texts.to_html(index=False, border=0)}
        if not self.pictured:
            return {"text/plain": self.subtitle, "text/markdown": self.subtitle}
        return {"image/png": self.png(), "text/plain": self.alt}

    def metadata(self) -> dict[str, Any]:
        """Give everything but the numbers and the picture, ready for a JSON file.

        `viewbox` is the part of the SVG that holds the plot and its legend, without header and footer.
        """
        texts = ("title", "subtitle", "question", "base", "period", "evidence", "source", "alt", "finding")
        viewbox = None
        if self.pictured:
            top, bottom = self.sheet.plot_top * 72, self.sheet.plot_bottom * 72
            viewbox = f"0 {top:.2f} {self.width * 72:.2f} {bottom - top:.2f}"
        return {
            "kind": self.kind,
            "number": self.number,
            "id": self.id,
            "lang": self.words.lang,
            "year": max((int(row.year) for row in self.rows), default=None),
            **{name: getattr(self, name) for name in texts},
            "notes": list(self.notes),
            "synthetic": self.synthetic,
            "viewbox": viewbox,
            "parameters": self.parameters,
        }

    def table(self) -> pd.DataFrame:
        """Give the numbers as a table in the language: labels, the value as shown, and the number behind it.

        Columns that would say nothing (no options, one year) are left out.
        """
        import pandas as pd

        if self.texts is not None:
            return self.texts
        words, columns = self.words, {}
        for key in ("year", "group", "question", "item", "option"):
            labels = [label(words, row, key) for row in self.rows]
            if key in ("year", "group") or len(set(labels)) > 1:
                columns[words.say(f"column_{key}")] = labels
        if "split" in self.frame:
            columns[words.say("column_part")] = self.frame["split"].tolist()
        if self.frame["statistic"].nunique() > 1:
            columns[words.say("column_measure")] = [words.say(f"measure_{row.statistic}") for row in self.rows]
        columns[words.say("column_value")] = [said(words, row) for row in self.rows]
        table = pd.DataFrame(columns)
        for name, shown in (("estimate", "number"), ("low", "low"), ("high", "high"), ("n", "n")):
            if name == "estimate" or self.frame[name].notna().any():
                numbers = self.frame[name]
                table[words.say(f"column_{shown}")] = numbers.astype("Int64").array if name == "n" else numbers.array
        found = marks.tested(self.differences)
        if found:
            verdicts = [marks.verdict(row, found) for row in self.rows]
            table[words.say("column_clear")] = [words.say(f"verdict_{own}") if own else "" for own in verdicts]
        if self.frame["base"].nunique() > 1:
            table[words.say("column_base")] = [words.base_label(row.base) for row in self.rows]
        if any("e" in row.status for row in self.rows):
            table[words.say("column_computed")] = [words.say("yes") if "e" in row.status else "" for row in self.rows]
        kinds = self.frame["evidence"].tolist()
        if self.synthetic or len(set(kinds)) > 1:
            table[words.say("evidence")] = [words.say(f"evidence_{kind}") for kind in kinds]
        table[words.say("column_source")] = self.frame["source"].to_numpy()
        return table


def build(
    kind: str,
    plot: Callable[[Chart, Sheet], None],
    frame: pd.DataFrame,
    *,
    words: Words,
    title: str = "",
    notes: Iterable[str] = (),
    **parameters: Any,
) -> Chart:
    """Make a chart, with everything around the plot taken from the words."""
    if not frame["estimate"].notna().any():
        return nothing(words.say("no_numbers"), words=words, title=title, frame=frame)
    rows = rows_of(frame)
    wordings = distinct(words.question(row.question, row.group) for row in rows)
    # Of pairs only their difference is drawn with its interval.
    uncertain = [row for row in rows if kind != "gaps" or row.statistic == "difference"]
    chart = Chart(
        kind=kind,
        frame=frame.reset_index(drop=True),
        words=words,
        plot=plot,
        title=title or " · ".join(distinct(words.name(row.question) for row in rows)),
        subtitle=subtitle(rows, words),
        question=" / ".join(wordings),
        base=words.base(frame),
        period=words.period(frame),
        evidence=words.evidence(frame),
        source=words.source(frame),
        notes=(
            *words.notes(frame),
            *notes,
            *_notes(frame, words, intervals=kind in WITH_INTERVALS and any(map(has_interval, uncertain))),
        ),
        parameters={name: given for name, given in parameters.items() if given is not None},
    )
    return described(chart)


def described(chart: Chart) -> Chart:
    """Put the alternative text and the finding to a chart."""
    return replace(chart, alt=describe.alt(chart), finding=describe.finding(chart))


def _notes(frame: pd.DataFrame, words: Words, *, intervals: bool) -> Iterator[str]:
    """Say what the reader must know of the marks themselves."""
    if intervals:
        yield words.say("note_interval")
    for flag, note in (("u", "note_low_base"), ("c", "note_suppressed"), ("p", "note_provisional")):
        if frame["status"].str.contains(flag).any():
            yield words.say(note)


def nothing(text: str, *, words: Words, title: str = "", frame: pd.DataFrame | None = None, **parameters: Any) -> Chart:
    """Say in one honest line that there is nothing to show; there is no picture.

    Parameters
    ----------
    text
        The line, for instance that the question was not asked in this year.
    words
        The language.
    title
        The title of the figure.
    frame
        The rows without a number, if there are any.
    **parameters
        Kept with the chart.
    """
    if frame is None:
        import pandas as pd

        from lnd_survey.estimates import COLUMNS

        frame = pd.DataFrame(columns=list(COLUMNS))
    return Chart("nothing", frame, words, title, _say_nothing, subtitle=text, alt=text, parameters=parameters)


def _say_nothing(chart: Chart, sheet: Sheet) -> None:
    """Leave it at the subtitle."""


def subtitle(rows: list[Any], words: Words) -> str:
    """Say who was asked, when, and what the numbers are."""
    years = sorted({row.year for row in rows})
    span = str(years[0]) if len(years) == 1 else words.say("years_range", first=years[0], last=years[-1])
    groups = joined(words, distinct(words.group(row.group) for row in rows))
    told = [row for row in rows if known(row) and row.statistic != "difference"]
    options = {(row.question, row.option) for row in told}
    measures = distinct(_measure(row, words, alone=len(options) == 1) for row in told)
    return words.say("subtitle", groups=groups, years=span, measure=joined(words, measures))


def _measure(row: Any, words: Words, *, alone: bool) -> str:
    """Say what the number is; of an option that stands alone, which option."""
    if row.statistic == "share" and row.option and alone:
        return words.say("measure_share_option", option=words.option(row.question, row.option))
    if row.statistic == "share" and row.item and not row.option:
        return words.say("measure_share_multi")
    if row.statistic == "mean" and (scale := words.scale(row.question)):
        return words.say("measure_mean_scale", low=words.number(scale[0]), high=words.number(scale[1]))
    return words.say(f"measure_{row.statistic}")


def legend(chart: Chart, sheet: Sheet, *, bars: bool) -> None:
    """Write which colour is which group, where there is more than one."""
    groups = distinct(row.group for row in chart.rows)
    if len(groups) > 1:
        looks = [look(chart.words, group) for group in groups]
        sheet.legend(
            [(chart.words.group(group), seen.ink, [seen]) for group, seen in zip(groups, looks, strict=True)],
            bars=bars,
        )


def _header(chart: Chart, sheet: Sheet) -> None:
    sheet.paragraph(chart.heading, size=12, bold=True, gid="header-title")
    sheet.y += 0.02
    if chart.subtitle:
        sheet.paragraph(chart.subtitle, size=9.5, colour=MUTED, gid="header-subtitle")
    sheet.y += 0.12


def _mark(chart: Chart, sheet: Sheet) -> None:
    text = chart.words.say("synthetic_legend", sign=chart.words.say("sample_sign"))
    sheet.box(
        sheet.left, sheet.y, width(text, bold=True) + 0.16, 0.22, face="#ffffff", edge=INK, gid="legend-synthetic"
    )
    sheet.text(sheet.left + 0.08, sheet.y + 0.11, text, bold=True, gid="legend-synthetic-text")
    sheet.y += 0.32


def _footer(chart: Chart, sheet: Sheet) -> None:
    sheet.y += 0.1
    for name, text in _footer_texts(chart):
        sheet.paragraph(text, colour=MUTED, gid=f"footer-{name}")


def _footer_texts(chart: Chart) -> Iterator[tuple[str, str]]:
    """Give the question; base, period, evidence and source in one go; and each note."""
    say = chart.words.say
    if chart.question:
        yield "question", say("footer_question", text=chart.question)
    names = [name for name in ("base", "period", "evidence", "source") if getattr(chart, name)]
    told = [say(f"footer_{name}", text=getattr(chart, name).rstrip(".")) for name in names]
    if told:
        yield "base", ". ".join(told) + "."
    for number, note in enumerate(chart.notes, 1):
        yield f"note-{number}", say("footer_note", text=note)
