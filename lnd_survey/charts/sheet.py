"""The sheet a chart is drawn on: inches from the top left, as high as its content."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from lnd_survey.charts.style import INK, RULE, SIZE, Look, leading, width, wrap

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Transform

WIDTH = 6.69
"""Width of a chart in inches: 170 mm, the text width of a printed page."""

NARROW = 3.7
"""Width of a chart for a telephone: 355 pixels of a page, so that its text is as large there as it is on paper."""

EDGE = 0.1
CAP = 0.35
"""Half the height of a capital letter, in sizes: from the middle of a line down to its baseline."""


class Sheet:
    """A figure that grows downwards: `y` is the place where the next thing goes.

    Everything is placed in inches from the top left corner, so that text can be measured before it is drawn and no
    second pass over the figure is needed.

    Parameters
    ----------
    width
        How wide it is.

    Attributes
    ----------
    figure
        The matplotlib figure; its height is set by `finish`.
    width
        How wide it is.
    left, right
        Where the drawing begins and ends, inside a margin.
    y
        How far down the sheet is filled.
    """

    def __init__(self, width: float = WIDTH) -> None:
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.figure: Figure = Figure(figsize=(width, 1.0))
        self.figure.set_gid("figure")
        self.figure.patch.set_gid("background")
        self.width = width
        self.left, self.right = EDGE, width - EDGE
        self.y = EDGE
        self.plot_top = self.plot_bottom = 0.0
        self._down = Affine2D()
        self.inches: Transform = self._down + self.figure.dpi_scale_trans

    def finish(self) -> None:
        """Set the height of the figure to what has been filled."""
        height = self.y + EDGE
        self.figure.set_size_inches(self.width, height)
        self._down.clear().scale(1, -1).translate(0, height)

    def columns(self, most: int, *, least: float, gap: float, left: float | None = None) -> list[tuple[float, float]]:
        """Divide the width into columns, at most so many and each at least so wide."""
        left = self.left if left is None else left
        room = self.right - left + gap
        number = max(1, min(most, int(room / (least + gap))))
        wide = room / number
        return [(left + wide * k, left + wide * (k + 1) - gap) for k in range(number)]

    def panel(self, x: tuple[float, float], scale: tuple[float, float], **vertical: tuple[float, float]) -> Panel:
        """Give a part of the sheet a scale of its own; see `Panel`."""
        return Panel(self, x, scale, **vertical)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = INK,
        size: float = SIZE,
        bold: bool = False,
        align: Literal["left", "center", "right"] = "left",
        gid: str,
    ) -> None:
        """Write one line with its middle at y."""
        from matplotlib.text import Text

        line = Text(
            x,
            y + CAP * size / 72,
            text,
            color=colour,
            fontsize=size,
            horizontalalignment=align,
            fontweight="bold" if bold else "normal",
            transform=self.inches,
            zorder=5,
        )
        line.set_gid(gid)
        self.figure.add_artist(line)

    def lines(self, x: float, y: float, lines: Sequence[str], *, size: float = SIZE, gid: str, **options: Any) -> None:
        """Write lines below each other, the middle of all of them at y."""
        start = y - (len(lines) - 1) * leading(size) / 2
        for number, line in enumerate(lines):
            mark = gid if number == 0 else f"{gid}~{number}"
            self.text(x, start + number * leading(size), line, size=size, gid=mark, **options)

    def paragraph(self, text: str, *, size: float = SIZE, bold: bool = False, **options: Any) -> None:
        """Write a text over the whole width and move down."""
        lines = wrap(text, self.right - self.left, size, bold)
        height = len(lines) * leading(size)
        self.lines(self.left, self.y + height / 2, lines, size=size, bold=bold, **options)
        self.y += height

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        *,
        face: str,
        edge: str | None = None,
        hatch: str = "",
        gid: str,
        transform: Transform | None = None,
    ) -> None:
        """Draw a rectangle, its top left corner at x and y."""
        from matplotlib.patches import Rectangle

        patch = Rectangle(
            (x, y),
            wide,
            high,
            facecolor=face,
            edgecolor=edge or face,
            hatch=hatch or None,
            transform=transform or self.inches,
            zorder=2,
        )
        patch.set_gid(gid)
        self.figure.add_artist(patch)

    def line(
        self,
        x: Sequence[float],
        y: Sequence[float],
        *,
        colour: str = RULE,
        thick: float = 0.8,
        dash: Literal["-", "--"] = "-",
        marker: str = "",
        face: str | None = None,
        size: float = 6.5,
        gid: str,
        transform: Transform | None = None,
        order: float = 3,
    ) -> None:
        """Draw a line, or markers when a marker is given and the line has no thickness."""
        from matplotlib.lines import Line2D

        line = Line2D(
            x,
            y,
            color=colour,
            linewidth=thick,
            linestyle=dash if thick else "",
            marker=marker,
            markersize=size,
            markerfacecolor=face or colour,
            markeredgecolor=colour,
            transform=transform or self.inches,
            zorder=order,
        )
        line.set_gid(gid)
        self.figure.add_artist(line)

    def legend(self, entries: Iterable[tuple[str, str, Sequence[Look]]], *, bars: bool) -> None:
        """Write what the colours mean: one entry is a text, its colour, and the looks of its swatches."""
        x, row = self.left, self.y + leading() / 2
        for number, (text, colour, swatches) in enumerate(entries, 1):
            step = 0.17
            needed = step * len(swatches) + 0.04 + width(text, bold=True)
            if x > self.left and x + needed > self.right:
                x, row = self.left, row + leading() + 0.02
            for swatch in swatches:
                if bars:
                    self.box(
                        x,
                        row - 0.055,
                        0.15,
                        0.11,
                        face=swatch.face,
                        edge=swatch.colour,
                        hatch=swatch.hatch,
                        gid=f"legend-{number}-swatch",
                    )
                else:
                    self.line(
                        [x + 0.07],
                        [row],
                        colour=swatch.colour,
                        thick=0,
                        marker=swatch.marker,
                        face=swatch.face,
                        gid=f"legend-{number}-swatch",
                    )
                x += step
            lines = wrap(text, self.right - x - 0.04, SIZE, True)
            for line in lines:
                self.text(x + 0.04, row, line, colour=colour, bold=True, gid=f"legend-{number}-text")
                row += leading()
            row -= leading()
            x += 0.04 + width(lines[-1], bold=True) + 0.22
        self.y = row + leading() / 2 + 0.09

    def heading(self, text: str, x: tuple[float, float], *, top: float | None = None) -> float:
        """Write a bold heading between two places; gives the y below it."""
        lines = wrap(text, x[1] - x[0], SIZE, True)
        top = self.y if top is None else top
        high = len(lines) * leading()
        self.lines(x[0], top + high / 2, lines, bold=True, gid="heading")
        return top + high + 0.04


class Panel:
    """A part of a sheet where a horizontal scale holds, and a vertical one if it is given.

    Parameters
    ----------
    sheet
        The sheet it lies on.
    x
        Left and right end on the sheet, in inches.
    scale
        The values at the left and the right end.
    y, values
        Top and bottom in inches and the values there; without them the vertical direction stays in inches.
    """

    def __init__(
        self,
        sheet: Sheet,
        x: tuple[float, float],
        scale: tuple[float, float],
        *,
        y: tuple[float, float] = (0.0, 1.0),
        values: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        from matplotlib.transforms import Affine2D

        self.sheet = sheet
        self._x = (x[1] - x[0]) / ((scale[1] - scale[0]) or 1.0)
        self._y = (y[1] - y[0]) / ((values[1] - values[0]) or 1.0)
        self._left, self._top = x[0] - scale[0] * self._x, y[0] - values[0] * self._y
        self.transform = Affine2D.from_values(self._x, 0, 0, self._y, self._left, self._top) + sheet.inches

    def x(self, value: float) -> float:
        """Where a value lies on the sheet, in inches from the left."""
        return self._left + value * self._x

    def y(self, value: float) -> float:
        """Where a value lies on the sheet, in inches from the top."""
        return self._top + value * self._y

    def box(self, x: float, y: float, wide: float, high: float, **options: Any) -> None:
        """Draw a rectangle, horizontally on the scale."""
        self.sheet.box(x, y, wide, high, transform=self.transform, **options)

    def line(self, x: Sequence[float], y: Sequence[float], **options: Any) -> None:
        """Draw a line or markers on the scale."""
        self.sheet.line(x, y, transform=self.transform, **options)


def spread(places: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Move things on a line apart so that they do not overlap, each as little as can be.

    Parameters
    ----------
    places
        Where the middles should be.
    sizes
        How long each thing is.
    low, high
        The ends of the line; where not all fit, they run over its high end.

    Examples
    --------
    >>> spread([1.0, 1.0, 3.0], [1.0, 1.0, 1.0], 0.0, 9.0)
    [0.5, 1.5, 3.0]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    clusters: list[tuple[list[int], float, float]] = []  # members, start, length
    for index in order:
        members, length = [index], sizes[index]
        start = places[index] - length / 2
        start = max(low, min(start, high - length))
        while clusters and clusters[-1][1] + clusters[-1][2] > start + 1e-9:
            before, _, before_length = clusters.pop()
            members, length = before + members, before_length + length
            offsets = [
                sum(sizes[member] for member in members[:k]) + sizes[member] / 2 for k, member in enumerate(members)
            ]
            start = sum(places[m] - offset for m, offset in zip(members, offsets, strict=True)) / len(members)
            start = max(low, min(start, high - length))
        clusters.append((members, start, length))
    found = [0.0] * len(places)
    for members, start, _ in clusters:
        for member in members:
            found[member] = start + sizes[member] / 2
            start += sizes[member]
    return found
