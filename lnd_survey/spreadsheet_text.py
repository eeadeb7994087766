"""Texts in a csv file that a spreadsheet may open: none becomes a formula there."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet would take for a formula."""


def harmless(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would take for a formula; `as_meant` takes it away.

    Examples
    --------
    >>> harmless("=1+1"), harmless("1+1"), harmless("'=1+1")
    ("'=1+1", '1+1', "''=1+1")
    """
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def as_meant(text: str) -> str:
    """Give the text that `harmless` was given.

    Examples
    --------
    >>> as_meant("'=1+1"), as_meant("1+1"), as_meant("'s morgens")
    ('=1+1', '1+1', "'s morgens")
    """
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text
