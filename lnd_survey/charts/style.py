"""The look of the charts: fonts, the measuring and wrapping of text, and colours made from a group's colour."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

    from lnd_survey.words import Words

SIZE = 9.0
"""Size of all text but title and subtitle, in points; nothing is smaller."""

ABSENT = 0.7
"""The width of a letter that the font does not have, in sizes; another font will have to draw it."""

LEADING = 1.24
"""Distance of two lines of a text, in sizes."""

INK = "#222222"
MUTED = "#595959"
RULE = "#8c8c8c"
FAINT = "#dcdcdc"
SLATE = "#4d5660"
"""Greys for text, secondary text, lines, guides, and the negative side of a diverging bar."""

_FOLDER = Path(__file__).parent
FONTS = _FOLDER / "fonts"


@cache
def settings() -> Any:
    """Matplotlib's settings for a chart, with the shipped fonts made known."""
    from matplotlib import font_manager, rc_params_from_file

    for path in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(str(path))
    return dict(rc_params_from_file(_FOLDER / "lnd.mplstyle", use_default_template=False))


@cache
def _font(bold: bool) -> FT2Font:
    from matplotlib import font_manager, rc_context
    from matplotlib.ft2font import FT2Font

    with rc_context(settings()):
        weight = "bold" if bold else "normal"
        return FT2Font(font_manager.findfont(font_manager.FontProperties(weight=weight)))


if hasattr(os, "register_at_fork"):
    # FreeType does not say that a font opened before a fork may be used after it in both processes.
    os.register_at_fork(after_in_child=_font.cache_clear)


@cache
def _advance(letter: str, bold: bool) -> float:
    """Find how far a letter moves the pen, in sizes."""
    from matplotlib.ft2font import LoadFlags

    font = _font(bold)
    if not font.get_char_index(ord(letter)):
        return ABSENT
    font.set_size(100, 72)
    return font.load_char(ord(letter), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


@lru_cache(maxsize=20_000)
def width(text: str, size: float = SIZE, bold: bool = False) -> float:
    """Measure a line of text in inches; the sum of its letters, since shaping costs more than all drawing.

    Examples
    --------
    >>> width("twice as much") < width("twice as much, twice as much")
    True
    """
    return sum(_advance(letter, bold) for letter in text) * size / 72


def leading(size: float = SIZE) -> float:
    """Height of a line of text in inches."""
    return size * LEADING / 72


_WORDS = re.compile(r"(?<![€=/]) +")
_PIECES = re.compile(r"[^-/]*[-/]|[^-/]+")


@lru_cache(maxsize=5_000)
def wrap(text: str, limit: float, size: float = SIZE, bold: bool = False) -> tuple[str, ...]:
    """Break a text into lines of at most `limit` inches, between words where that can be.

    Examples
    --------
    >>> wrap("learning and development", 1.0)
    ('learning and', 'development')
    """
    lines: list[str] = []
    line = ""
    for word in _WORDS.split(text.strip()):
        candidate = f"{line} {word}" if line else word
        if width(candidate, size, bold) <= limit:
            line = candidate
            continue
        if line:
            lines.append(line)
        *whole, line = _pieces(word, limit, size, bold)
        lines.extend(whole)
    return (*lines, line)


def _pieces(word: str, limit: float, size: float, bold: bool) -> list[str]:
    """Cut a word that is longer than a line, after a hyphen or slash if there is one."""
    pieces = [""]
    for part in _PIECES.findall(word):
        if pieces[-1] and width(pieces[-1] + part, size, bold) > limit:
            pieces.append("")
        for letter in part:
            if pieces[-1] and width(pieces[-1] + letter, size, bold) > limit:
                pieces.append("")
            pieces[-1] += letter
    return pieces


def longest_word(texts: Iterable[str], bold: bool = False) -> float:
    """Say how wide a column must be so that `wrap` breaks none of the words."""
    pieces = (piece for text in texts for word in _WORDS.split(text) for piece in _PIECES.findall(word))
    return max((width(piece, SIZE, bold) for piece in pieces), default=0.0)


def wrap_column(labels: list[str], *, widest: float, lines: int = 2) -> tuple[list[tuple[str, ...]], float] | None:
    """Wrap the labels of a column, and say how wide the column must be.

    One line per label if that leaves room, else the narrowest column with at most `lines` lines per label, or one
    more if the widest column is too narrow for that; None if it is too narrow for that as well, or for a word.
    """
    if longest_word(labels) > widest:
        return None
    word = max((width(word) for label in labels for word in label.split(" ")), default=0.0)
    steps = [min(widest, max(word, widest * part)) for part in (0.4, 0.55, 0.7, 0.85, 1.0)]
    for most, limits in ((1, [widest * 0.75]), (lines, steps), (lines + 1, steps)):
        for limit in limits:
            wrapped = [wrap(label, limit) for label in labels]
            if all(len(found) <= most for found in wrapped):
                return wrapped, max((width(line) for found in wrapped for line in found), default=0.0)
    return None


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def tint(colour: str, strength: float) -> str:
    """Mix a colour with white; strength 1 is the colour itself.

    Examples
    --------
    >>> tint("#000000", 0.5)
    '#808080'
    """
    return "#" + "".join(f"{round(255 + (channel - 255) * strength):02x}" for channel in _channels(colour))


@cache
def tints(colour: str, number: int, *, faintest: float = 0.15) -> list[str]:
    """Make a light-to-full scale of a colour, for ordered options."""
    if number == 1:
        return [colour]
    return [tint(colour, faintest + (1 - faintest) * step / (number - 1)) for step in range(number)]


def luminance(colour: str) -> float:
    """Relative luminance of a colour as WCAG defines it."""
    linear = [
        value / 12.92 if (value := channel / 255) <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@cache
def readable(background: str) -> str:
    """Give ink, white or black, the first that reads well on the background."""
    return next(colour for colour in (INK, "#ffffff", "#000000") if contrast(colour, background) >= 4.5)


@cache
def ink(colour: str) -> str:
    """Darken the colour until text in it reads well on white (4.5 to 1)."""
    while contrast(colour, "#ffffff") < 4.5:
        colour = "#" + "".join(f"{int(channel * 0.95):02x}" for channel in _channels(colour))
    return colour


class Look(NamedTuple):
    """How a group looks: told apart by colour, and without colour by marker and by filling."""

    colour: str
    ink: str
    marker: str
    face: str
    hatch: str


_FILLINGS = {"o": (1.0, ""), "s": (0.3, ""), "D": (0.0, "////")}


def look(words: Words, group: str) -> Look:
    """Give the look of a group; its filling follows from its marker, so it is the same in every chart."""
    style = words.group_style(group)
    strength, hatch = _FILLINGS.get(style.marker, (0.0, "...."))
    return Look(style.colour, ink(style.colour), style.marker, tint(style.colour, strength), hatch)
