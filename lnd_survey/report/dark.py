"""Colours for a dark screen, made from those for paper: every pair of colours keeps its contrast."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls
from functools import cache

from lnd_survey.charts.style import contrast, luminance

# What white becomes has this luminance: a grey, #171717.
PAPER = 0.0085
_FLARE = 0.05


@cache
def dark(colour: str, *, least: float = 1.0) -> str:
    """Give the colour that stands on dark paper as this one stands on white.

    Contrast is a ratio of luminances, each with a flare added. The luminance is turned so that the ratio of any two
    colours stays, as far as there is light enough; hue and saturation are kept.

    Parameters
    ----------
    colour
        As it is on white.
    least
        The contrast with dark paper that it gets even where it has less with white.

    Examples
    --------
    >>> dark("#ffffff"), dark("#222222"), dark("#542788")
    ('#171717', '#f2f2f2', '#d3bdec')
    >>> dark("#158665"), dark("#158665", least=7)
    ('#17916d', '#1db78a')
    """
    ratio = max(contrast(colour, "#ffffff"), least)
    wanted = ratio * (PAPER + _FLARE) - _FLARE
    hue, _, saturation = rgb_to_hls(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))
    low, high = 0.0, 1.0
    for _ in range(12):
        middle = (low + high) / 2
        if luminance(_hex(hue, middle, saturation)) < wanted:
            low = middle
        else:
            high = middle
    return _hex(hue, high, saturation)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in hls_to_rgb(hue, lightness, saturation))
