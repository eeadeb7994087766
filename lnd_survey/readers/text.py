"""CSV in any encoding, with any delimiter and any line ends."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from lnd_survey.errors import Problem
from lnd_survey.readers.appearance import LOOKED_AT, first_look
from lnd_survey.readers.export import Grid, categorical

if TYPE_CHECKING:
    import pandas as pd

DELIMITERS = (",", ";", "\t", "|")

_CHUNK = 1 << 22
_BLOCK = 1 << 23
_LARGEST_BLOCK = (1 << 31) - 1
_TRIES = 200
_LISTED_ROWS = 5
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(128))
_ACCENTED = re.compile(rb"[\x00-\x7f]?[\x80-\xff]")
_SMALL, _CAPITAL = set("àâäáãåçéèêëíìîïñóòôöõøúùûüÿœæß"), set("ÀÂÄÁÇÉÈÊËÎÏÑÓÔÖØÚÙÛÜŒÆ")
_ANYWHERE, _AT_THE_START = set("’”»–—…€°²³½¼·§£©®™\u00a0"), set("‘“„«•¿¡")


def likely_encoding(content: bytes) -> str:
    """Say in which encoding a text seems to be.

    Examples
    --------
    >>> [likely_encoding("één, financiële".encode(name)) for name in ("utf-8", "cp1252", "mac-roman", "utf-16-be")]
    ['utf-8', 'windows-1252', 'mac-roman', 'utf-16-be']
    """
    start = content[:4096]
    mark = _mark(start)
    if mark:
        return mark
    if b"\0" in start:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    if _first_wrong(content, "utf-8") is None:
        return "utf-8"
    return max(("windows-1252", "mac-roman"), key=lambda name: _plausible(content, name))


def as_utf8(content: bytes, encoding: str, file: str, problems: list[Problem]) -> memoryview | None:
    """Bring a text to UTF-8 without byte order mark; None, and a problem, where it is in another encoding."""
    declared, mark = codecs.lookup(encoding).name.removesuffix("-sig"), _mark(content[:4])
    narrow = not declared.startswith(("utf", "ascii"))
    what, row = "", None
    if mark and not declared.startswith(mark):
        what = f"begins with the byte order mark of {mark.upper()}, so it is not {encoding}"
    elif declared.startswith(("utf-16", "utf-32")) and not mark and b"\0" not in content[:4096]:
        what = f"is not {encoding}: it has one byte for each character"
    elif narrow and not content.isascii() and _first_wrong(content, "utf-8") is None:
        what = f"is UTF-8 and not {encoding}"
    elif (wrong := _first_wrong(content, encoding)) is not None:
        row = len(re.findall(rb"\r\n|\r|\n", content[:wrong])) + 1
        what = f"has bytes that are not {encoding}"
    elif narrow and _plausible(content, encoding) < 0.5 < _plausible(content, likely_encoding(content)):
        what = f"gives unlikely characters as {encoding} ({_sample(content, encoding)})"
    if what:
        likely = likely_encoding(content)
        same = codecs.lookup(likely).name == declared
        remedy = "It may be cut short or damaged: export it again." if same else f"Declare encoding: {likely}."
        problems.append(Problem(what, file=file, row=row, remedy=remedy))
        return None
    same_bytes = declared == "utf-8" or (content.isascii() and narrow and _ASCII.decode(encoding).encode() == _ASCII)
    body = memoryview(content if same_bytes else b"".join(_encoded(content, encoding)))
    body = body[len(codecs.BOM_UTF8) :] if bytes(body[:3]) == codecs.BOM_UTF8 else body
    if b"\0" in body.obj:  # type: ignore[operator]
        likely = likely_encoding(content)
        remedy = f"Declare encoding: {likely}." if likely.startswith("utf-16") else "It is damaged: export it again."
        problems.append(Problem("has NUL characters, which no text has", file=file, remedy=remedy))
        return None
    return body


def records(body: memoryview, delimiter: str, *, strict: bool = False) -> Iterator[tuple[list[str], int]]:
    r"""Take a text apart: the cells of each record, and where in the text it ends.

    Raises
    ------
    csv.Error
        Where a cell is too long, or, if `strict`, quotes are not as they must be.

    Examples
    --------
    >>> list(records(memoryview(b'a,b\r"c\nd",e'), ","))
    [(['a', 'b'], 4), (['c\nd', 'e'], 11)]
    """
    end = 0

    def lines() -> Iterator[str]:
        nonlocal end
        for line in _LINE.finditer(body):
            end = line.end()
            yield bytes(line.group()).decode()

    for cells in csv.reader(lines(), delimiter=delimiter, strict=strict):
        yield cells, end


def fitting_delimiter(body: memoryview) -> tuple[str, int]:
    r"""Find the delimiter with which the rows of a text have most evenly many cells, and how many.

    Examples
    --------
    >>> fitting_delimiter(memoryview(b"a;b\n1,5;2\n3,5;4\n"))
    (';', 2)
    >>> fitting_delimiter(memoryview(b"a,b\n1,5;6\n"))
    (',', 2)
    """
    found = max(DELIMITERS, key=lambda sign: _shape(body, sign))
    if _shape(body, found)[0] > 1:
        return found, _shape(body, found)[0]
    # None fits: the one with which at least half of the rows have several cells is meant, if there is one.
    usual = max(DELIMITERS, key=lambda sign: _shape(body, sign, even=0.5))
    return (usual, 0) if _shape(body, usual, even=0.5)[0] > 1 else (DELIMITERS[0], 1)


def read_text(
    content: bytes,
    *,
    encoding: str,
    delimiter: str,
    title_rows: int,
    header_rows: int,
    file: str,
    problems: list[Problem],
) -> Grid | None:
    """Read a CSV file: the rows down to the header as they stand, and the cells below by column.

    Parameters
    ----------
    content
        The bytes of the file.
    encoding, delimiter
        How it is written.
    title_rows, header_rows
        How many rows stand above the header and in it.
    file
        How problems name it.
    problems
        List to which what is wrong is added.

    Returns
    -------
    Grid or None
        None where there are problems.
    """
    body = as_utf8(content, encoding, file, problems)
    if body is None:
        return None
    try:
        first = list(islice(records(body, delimiter), max(title_rows + header_rows, LOOKED_AT)))
        likely, width = _other_delimiter(body, delimiter, title_rows)
        if likely:
            what = f"has no rows of equally many cells with delimiter {delimiter!r}"
            remedy = f"Declare delimiter: {_quoted(likely)}, with which its rows have {width}."
            problems.append(Problem(what, file=file, remedy=remedy))
            return None
        wrong = first_look([cells for cells, _ in first], title_rows=title_rows, header_rows=header_rows, file=file)
        if wrong:
            problems.append(wrong)
            return None
        quotes = _quotes(body)
        if quotes % 2:
            _check_quotes(body, delimiter)
    except csv.Error as error:
        remedy = "It may be cut short or damaged: export it again."
        problems.append(Problem(f"is not proper CSV: {error}", file=file, remedy=remedy))
        return None
    top = [cells for cells, _ in first[: title_rows + header_rows]]
    if len(top) < title_rows + header_rows:
        return Grid(top, [])
    if len({len(cells) for cells in top[title_rows:]}) > 1:
        lengths = " and ".join(str(len(cells)) for cells in top[title_rows:])
        remedy = "Declare another layout, or export it again."
        problems.append(Problem(f"has header rows of {lengths} cells", file=file, row=title_rows + 1, remedy=remedy))
        return None
    rest = body[first[len(top) - 1][1] :]
    rest = rest[: len(rest) - _blank_end(bytes(rest[-_CHUNK:]))]
    if not len(rest):
        return Grid(top, [])
    columns = _columns(rest, len(top[-1]), delimiter, quotes > 0, len(top), file, problems)
    return None if columns is None else Grid(top, columns)


def _columns(
    rest: memoryview, width: int, delimiter: str, quoted: bool, above: int, file: str, problems: list[Problem]
) -> list[pd.Categorical] | None:
    """Read what stands below the header, each column as its distinct texts and where they stand."""
    import pyarrow as pa
    from pyarrow import csv as arrow

    names = [str(place) for place in range(width)]
    wrong: list[tuple[int, int, int]] = []

    def note(row: Any) -> str:
        wrong.append((row.number or 0, row.actual_columns, row.expected_columns))
        return "skip"

    def read(*, threads: bool, block: int) -> pa.Table:
        wrong.clear()
        return arrow.read_csv(
            pa.BufferReader(pa.py_buffer(rest)),
            read_options=arrow.ReadOptions(column_names=names, use_threads=threads, block_size=block),
            parse_options=arrow.ParseOptions(
                delimiter=delimiter,
                newlines_in_values=quoted,  # costs time where it is not needed
                ignore_empty_lines=False,
                invalid_row_handler=note,
            ),
            convert_options=arrow.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.string())),
                check_utf8=False,  # done
                strings_can_be_null=False,
                null_values=[],
            ),
        )

    try:
        try:
            table = read(threads=True, block=_block(rest) if quoted else _BLOCK)
        except pa.ArrowInvalid:  # a cell longer than a block
            table = read(threads=False, block=min(len(rest) + 1, _LARGEST_BLOCK))
        if wrong:  # only one thread knows the numbers of rows
            table = read(threads=False, block=min(len(rest) + 1, _LARGEST_BLOCK))
    except pa.ArrowInvalid as error:
        problems.append(Problem(f"is not proper CSV: {error}", file=file, remedy="Export it again."))
        return None
    if wrong:
        problems.append(_uneven(wrong, above, table.num_rows + len(wrong), width, delimiter, file))
        return None
    chunked = table.columns
    del table
    columns = []
    while chunked:
        joined = chunked.pop(0).unify_dictionaries().combine_chunks()
        columns.append(categorical(joined.indices.to_numpy(), joined.dictionary.to_pylist()))
    return columns


def _block(rest: memoryview) -> int:
    """Choose a size of blocks that parts no CR from its LF: pyarrow takes the two for one there, also in a cell."""
    for size in range(_BLOCK, _BLOCK + _TRIES):
        if all(bytes(rest[end - 1 : end + 1]) != b"\r\n" for end in range(size, len(rest), size)):
            return size
    return min(len(rest) + 1, _LARGEST_BLOCK)


def _uneven(
    wrong: Sequence[tuple[int, int, int]], above: int, rows: int, width: int, delimiter: str, file: str
) -> Problem:
    number, cells, _ = wrong[0]
    if len(wrong) == 1 and number == rows and cells < width:
        what = f"ends in the middle of a row: {cells} cells, the header has {width}"
        return Problem(what, file=file, row=above + number, remedy="It was cut short: export it again.")
    listed = ", ".join(f"row {above + number} has {cells}" for number, cells, _ in wrong[:_LISTED_ROWS])
    more = f", … ({len(wrong)} rows in all)" if len(wrong) > _LISTED_ROWS else ""
    remedy = f"Quote cells that contain {delimiter!r}, or export it again."
    return Problem(f"the header has {width} cells, but {listed}{more}", file=file, row=above + number, remedy=remedy)


def _check_quotes(body: memoryview, delimiter: str) -> None:
    """Raise csv.Error, with the row, where a quote is not closed."""
    count = 0
    try:
        for _ in records(body, delimiter, strict=True):
            count += 1
    except csv.Error as error:
        unclosed = "unexpected end" in str(error)
        raise csv.Error(f"row {count + 1} {'has a quote that is not closed' if unclosed else error}") from None


def _blank_end(tail: bytes) -> int:
    """Count the bytes of blank lines at the end, and of the line end before them."""
    blank = tail[len(tail.rstrip(b" \t\r\n")) :]
    start = next((place for place, sign in enumerate(blank) if sign in b"\r\n"), len(blank))
    return len(tail) if len(blank) == len(tail) else len(blank) - start


def _quotes(body: memoryview) -> int:
    return sum(bytes(body[start : start + _CHUNK]).count(b'"') for start in range(0, len(body), _CHUNK))


def _other_delimiter(body: memoryview, delimiter: str, title_rows: int) -> tuple[str, int]:
    """Find a delimiter with which a text clearly makes more sense; none where the one declared may be right."""
    (own_width, own_titles), (other, width) = _shape(body, delimiter), fitting_delimiter(body)
    titles = _shape(body, other)[1]
    better = own_width < 2 and (-titles <= title_rows or width > 2)
    better |= -own_titles > title_rows and -titles <= title_rows and width >= own_width
    return (other, width) if other != delimiter and width > 1 and better else ("", 0)


def _shape(body: memoryview, delimiter: str, *, even: float = 0.9) -> tuple[int, int]:
    """Count the cells of a row where nearly all rows have equally many, else 0; and, below 0, single cells above."""
    try:
        widths = [len(cells) for cells, _ in islice(records(body, delimiter), LOOKED_AT) if any(cells)]
    except csv.Error:
        return 0, 0
    titles = next((place for place, width in enumerate(widths) if width > 1), 0)
    width, rows = Counter(widths[titles:]).most_common(1)[0] if widths else (0, 0)
    return (width if rows >= even * (len(widths) - titles) else 0), -titles


def _mark(start: bytes) -> str:
    return next((name for sign, name in _MARKS if start.startswith(sign)), "")


def _encoded(content: bytes, encoding: str) -> Iterator[bytes]:
    """Give the text in UTF-8, a part at a time."""
    decoder = codecs.getincrementaldecoder(encoding)()
    for start in range(0, len(content) + 1, _CHUNK):
        part = content[start : start + _CHUNK]
        yield decoder.decode(part, final=start + _CHUNK > len(content)).encode()


def _first_wrong(content: bytes, encoding: str) -> int | None:
    """Find, to within a few bytes, where a text leaves an encoding; None where it does not."""
    decoder, utf8 = codecs.getincrementaldecoder(encoding)(), codecs.lookup(encoding).name == "utf-8"
    if utf8 and content.isascii():
        return None
    for start in range(0, len(content) + 1, _CHUNK):
        try:
            text = decoder.decode(content[start : start + _CHUNK], final=start + _CHUNK > len(content))
            if not utf8:
                text.encode()  # some encodings can write what is no character
        except UnicodeError as error:
            return start + max(getattr(error, "start", 0), 0)
    return None


def _plausible(content: bytes, encoding: str) -> float:
    """Rate an encoding of one byte by the accented letters and signs it gives: 1 all usual, 0 none."""
    found = Counter(_ACCENTED.findall(content[: 4 * _CHUNK]))
    pairs = [(pair.decode(encoding, errors="replace"), count) for pair, count in found.items()]
    if any("\x80" <= pair[-1] <= "\x9f" for pair, _ in pairs):  # control characters
        return 0.0
    usual = sum(count for pair, count in pairs if _usual(pair[:-1], pair[-1]))
    return usual / sum(found.values()) if found else 1.0


def _usual(before: str, sign: str) -> bool:
    if sign in _CAPITAL:
        return not before.islower()
    return sign in _SMALL or sign in _ANYWHERE or (sign in _AT_THE_START and not before.isalpha())


def _sample(content: bytes, encoding: str) -> str:
    decoded = (
        word.decode(encoding, errors="replace") for word in re.findall(rb"[\w]*[\x80-\xff][\w\x80-\xff]*", content)
    )
    return ", ".join(repr(word) for word in islice(dict.fromkeys(decoded), 3))


def _quoted(delimiter: str) -> str:
    return '"\\t"' if delimiter == "\t" else f'"{delimiter}"'
