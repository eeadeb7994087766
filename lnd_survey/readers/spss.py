"""SPSS files: codes or their labels, and what the file itself declares to be missing."""

from __future__ import annotations

import datetime
import io
import math
import struct
from collections.abc import Iterable, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from lnd_survey.errors import Problem
from lnd_survey.readers.export import Column, Export, categorical
from lnd_survey.readers.layouts import distinct
from lnd_survey.readers.workbook import text_of

if TYPE_CHECKING:
    import pandas as pd

_DAYS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE")
_MOMENTS = ("DATETIME", "YMDHMS")
_BEST_COMPRESSION = 1032  # of zlib
_START = datetime.datetime(1582, 10, 14)


def read_spss(content: bytes, *, labels: bool, file: str, problems: list[Problem]) -> Export | None:
    """Read a sav or zsav file.

    Parameters
    ----------
    content
        The bytes of the file.
    labels
        Whether a code is replaced by its label, where it has one.
    file
        How problems name it.
    problems
        List to which what is wrong is added.

    Returns
    -------
    Export or None
        With all rows, also empty ones; None where there are problems.
    """
    import numpy as np
    import pandas as pd
    from pyreadstat import read_sav

    try:
        if not _has_room(content):
            raise ValueError("its header counts more cases than it has room for")
        frame, meta = read_sav(io.BytesIO(content), user_missing=True, disable_datetime_conversion=True)
        addresses = distinct([" ".join(name.split()) for name in meta.column_names])
    except Exception as error:
        what = f"is damaged or cut short ({str(error) or type(error).__name__})"
        problems.append(Problem(what, file=file, remedy="Export it again."))
        return None
    cells: dict[str, pd.Categorical] = {}
    missing: dict[str, frozenset[str]] = {}
    for place, (name, address) in enumerate(zip(meta.column_names, addresses, strict=True)):
        codes, values = pd.factorize(frame.iloc[:, place], use_na_sentinel=False)
        texts = [_text(value, meta.original_variable_types.get(name) or "") for value in values]
        out = [_within(value, meta.missing_ranges.get(name, ())) for value in values]
        if labels:
            named = {_key(code): str(label) for code, label in meta.variable_value_labels.get(name, {}).items()}
            shown = [named.get(_key(value), text) for value, text in zip(values, texts, strict=True)]
            known = [_key(value) in named for value in values]
            problems.extend(_confused(shown, zip(out, known, strict=True), address, file))
            texts = shown
        merged = {text: place for place, text in enumerate(dict.fromkeys(texts))}
        cells[address] = categorical(np.array([merged[text] for text in texts], dtype=np.int32)[codes], list(merged))
        missing[address] = frozenset(text for text, gone in zip(texts, out, strict=True) if gone)
    titles = meta.column_names_to_labels
    return Export(
        file=file,
        columns=tuple(
            Column(address, titles.get(name) or "") for name, address in zip(meta.column_names, addresses, strict=True)
        ),
        cells=MappingProxyType(cells),
        numbers=np.arange(1, len(frame) + 1),
        missing_values=MappingProxyType({address: texts for address, texts in missing.items() if texts}),
    )


def _has_room(content: bytes) -> bool:
    """Whether a file is long enough for the cases its header counts: reading sets aside memory and time for them."""
    for order in "<>":
        layout, width, _, _, cases = struct.unpack_from(f"{order}5i", content, 64)
        if layout in (2, 3):
            most = len(content) * (_BEST_COMPRESSION if content.startswith(b"$FL3") else 1)
            return cases * max(width, 1) <= most
    return False


def _text(value: Any, kind: str) -> str:
    """Write a value as a text; dates, which SPSS keeps as seconds, as dates."""
    if value is None or value != value:
        return ""
    form = kind.rstrip("0123456789.")
    if isinstance(value, float) and form in _DAYS + _MOMENTS:
        try:
            moment = _START + datetime.timedelta(seconds=value)
        except OverflowError:
            return text_of(value)
        return text_of(moment if form in _MOMENTS else moment.date())
    return text_of(value)


def _within(value: Any, ranges: Iterable[Any]) -> bool:
    """Whether a value is in one of the ranges that the file declares to be missing."""
    return any(
        isinstance(value, str) == isinstance(ends["lo"], str) and _key(ends["lo"]) <= _key(value) <= _key(ends["hi"])
        for ends in ranges
    )


def _key(value: Any) -> Any:
    """Bring the two ways to write a value together: strings are padded, numbers may be whole."""
    return value.rstrip() if isinstance(value, str) else float(value) if value is not None else math.nan


def _confused(shown: Sequence[str], kinds: Iterable[tuple[bool, bool]], address: str, file: str) -> list[Problem]:
    """Find labels that stand for a missing code and for another, or are also a code without a label."""
    by_label: dict[str, set[tuple[bool, bool]]] = {}
    for label, kind in zip(shown, kinds, strict=True):
        by_label.setdefault(label, set()).add(kind)
    remedy = "Declare values: codes."
    return [
        Problem(f"label {label!r} stands for different kinds of codes", file=file, column=address, remedy=remedy)
        for label, found in by_label.items()
        if len(found) > 1
    ]
