"""What every export becomes, whatever its format: columns with an address, and cells as delivered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of a file.

    Attributes
    ----------
    address
        By what it is named; unique in its file, also after folding.
    title
        Text of the question or label of the variable; "" where the file has none.
    """

    address: str
    title: str = ""


@dataclass(frozen=True)
class Export:
    """One file as read.

    Attributes
    ----------
    file
        The file, as shown to people.
    columns
        In the order of the file.
    cells
        By address: one categorical of texts exactly as delivered, in order of appearance; an empty cell is "".
    numbers
        The row of each response in the file, as a spreadsheet counts: the first row of the file is 1.
    missing_values
        By address: the texts that the file itself declares to be missing (sav only).
    """

    file: str
    columns: tuple[Column, ...]
    cells: Mapping[str, pd.Categorical]
    numbers: np.ndarray
    missing_values: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Grid:
    """Rows and columns of a text file or sheet: all rows down to the header, and what stands below by column."""

    top: list[list[str]]
    columns: list[pd.Categorical]


def categorical(codes: object, texts: list[str]) -> pd.Categorical:
    """Make a categorical of codes and the distinct texts they stand for, in order of appearance."""
    import numpy as np
    import pandas as pd

    smallest = np.asarray(codes).astype(np.min_scalar_type(-max(len(texts), 1)), copy=False)
    return pd.Categorical.from_codes(smallest, pd.Index(texts, dtype="str"))
