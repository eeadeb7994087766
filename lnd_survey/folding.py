"""One way to compare texts that tools, systems and typists write differently."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′ʼ´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u200b\u2060\ufeff\u00ad", None),  # seen by no one: zero width, byte order mark, soft hyphen
    }
)


def folded(text: str) -> str:
    r"""Write a text the one way in which it is looked up.

    White space, also no-break spaces, is collapsed and trimmed, case folded, typographic quotes, apostrophes and
    dashes made plain, and Unicode composed (NFC). Nothing else: accents, digits and other signs stay.

    Parameters
    ----------
    text
        As a file or a person delivers it.

    Returns
    -------
    str
        Folding it again changes nothing.

    Examples
    --------
    >>> folded("  L\u2019opleiding\u00a0 \u2013 Cafe\u0301 "), folded("1\u20134"), folded("Ja.")
    ("l'opleiding - café", '1-4', 'ja.')
    """
    plain = unicodedata.normalize("NFC", text).casefold().translate(_PLAIN)
    # Case folding may take a letter apart, and what is taken out may bring two together: compose once more.
    return " ".join(unicodedata.normalize("NFC", plain).split())
