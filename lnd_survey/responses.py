"""Which rows of the exports are responses that count, and of which group and in which language they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lnd_survey.coding import Coder, SourceColumn, among
from lnd_survey.crosswalk import GROUP, LANGUAGE, REAL, RESPONDENT, TEST, ColumnRow, Crosswalk
from lnd_survey.errors import Problem, choices, shown_path
from lnd_survey.folding import folded
from lnd_survey.readers import Export, ExportFile
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

COLUMNS_NAMED = 8

Columns = Mapping[str, Sequence[ColumnRow]]
"""The decisions on each column of a file, by address."""


@dataclass(frozen=True)
class Responses:
    """The responses of one file that count.

    Attributes
    ----------
    wave, coder, columns
        Of which wave, how its columns are coded and what they hold.
    languages
        Of each response, as position in the languages of the wave.
    excluded
        How many rows of the file do not count, by the reason why.
    """

    wave: Wave
    coder: Coder
    columns: Columns
    languages: np.ndarray
    excluded: Mapping[str, int]

    @property
    def groups(self) -> np.ndarray:
        """Of each response, as position in the groups of the wave."""
        return self.coder.groups

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.groups)

    def columns_with(self, target: str) -> list[SourceColumn]:
        """Give the columns that hold a question."""
        return _columns_with(self.columns, target)

    def of_groups(self, groups: Iterable[str]) -> np.ndarray:
        """Say of each response whether it is of one of some groups."""
        return of_groups(self.groups, groups, self.wave)

    def only(self, some: np.ndarray) -> Responses:
        """Give some of them, with an account of their own; what is wrong with them is known already."""
        coder, languages = self.coder, self.languages[some]
        own = replace(
            coder,
            problems=[],
            kept=coder.kept[some],
            groups=coder.groups[some],
            language_codes=languages,
            counts={},
        )
        return replace(self, coder=own, languages=languages)


def of_groups(positions: np.ndarray, groups: Iterable[str], wave: Wave) -> np.ndarray:
    """Say of each position in the groups of a wave whether it is of one of some groups."""
    known = list(wave.groups)
    return among(positions, [known.index(group) for group in groups])


def find_responses(
    exports: Sequence[tuple[ExportFile, Export]],
    *,
    wave: Wave,
    crosswalk: Crosswalk,
    complete: bool,
    problems: list[Problem],
) -> list[Responses]:
    """Find in each file which responses count, and of which group and language they are.

    Test entries go first, then all but one of the entries of a respondent, then those of groups that are dropped. An
    entry without any answer is never the one that counts where the respondent has another.

    Parameters
    ----------
    exports
        The files as read, with their declarations.
    wave, crosswalk
        What was asked of whom, and what the columns hold.
    complete
        Whether these are all files of the wave.
    problems
        List to which what is wrong is added.

    Returns
    -------
    list of Responses
        One for each file but those of whose responses the group or language cannot be known.
    """
    files = [_File(_coder(declaration, export, wave, crosswalk, problems), wave) for declaration, export in exports]
    if complete:
        _check_columns_met(files, crosswalk, problems)
    _check_rules(wave, crosswalk, problems)
    tests = [file.test_entries() for file in files]
    repeated = _repeated(files, tests, wave, problems)
    found = [file.responses(test, again) for file, test, again in zip(files, tests, repeated, strict=True)]
    return [responses for responses in found if responses is not None]


def _coder(declaration: ExportFile, export: Export, wave: Wave, crosswalk: Crosswalk, problems: list[Problem]) -> Coder:
    """Make what codes all rows of a file, whose groups are not known yet."""
    import numpy as np

    count, groups = len(export.numbers), len(wave.groups)
    unknown = np.full(count, groups, dtype=np.int8)
    return Coder(declaration, export, crosswalk, problems, np.arange(count), unknown, groups + 1)


class _File:
    """One file: its columns, and which of its rows count."""

    def __init__(self, coder: Coder, wave: Wave) -> None:
        assert wave.exports is not None
        self.coder, self.wave, self.exclude = coder, wave, wave.exports.exclude
        self.columns = self._decided_columns()

    def _decided_columns(self) -> Columns:
        """Give the decisions on each column, by address; a column without one is a problem."""
        coder = self.coder
        rows = coder.crosswalk.columns_of(coder.declaration.name)
        addresses = [column.address for column in coder.export.columns]
        undecided = [address for address in addresses if folded(address) not in rows]
        if undecided:
            listed = ", ".join(repr(address) for address in undecided[:COLUMNS_NAMED])
            more = f" and {len(undecided) - COLUMNS_NAMED} more" if len(undecided) > COLUMNS_NAMED else ""
            what = f"{len(undecided)} of {len(addresses)} columns without a row in columns.csv: {listed}{more}"
            remedy = f"Give each a question, or a reason why it is dropped, in {coder.crosswalk.columns_file}."
            self._wrong(what, remedy=remedy)
        return {address: rows[folded(address)] for address in addresses if folded(address) in rows}

    def test_entries(self) -> np.ndarray:
        """Find the entries that the survey's makers made."""
        import numpy as np

        test = np.zeros(len(self.coder.kept), dtype=bool)
        for source in _columns_with(self.columns, TEST):
            test |= self.coder.codes(source, None, {TEST: 1, REAL: 0}, empty=0) == 1
        return test

    def respondents(self) -> np.ndarray:
        """Give who made each entry, "" where that is not known; letters of an id may differ in case only."""
        import numpy as np

        sources = _columns_with(self.columns, RESPONDENT)
        if len(sources) > 1:
            listed = ", ".join(repr(source.address) for source in sources)
            self._wrong(f"{listed} all say who the respondent is", remedy=f"Keep {RESPONDENT} for one of them.")
        if not sources:
            return np.full(len(self.coder.kept), "", dtype=object)
        cells = self.coder.export.cells[sources[0].address]
        return np.asarray([value.strip() for value in cells.categories], dtype=object)[cells.codes]

    def says_something(self, responses: np.ndarray) -> np.ndarray:
        """Say of some rows, by position, whether they hold any answer to a question."""
        sources = [
            SourceColumn(address, row)
            for address, rows in self.columns.items()
            for row in rows
            if row.question and not row.question.startswith("@") and not row.flawed
        ]
        return self.coder.says_something(sources, responses)

    def responses(self, test: np.ndarray, again: np.ndarray) -> Responses | None:
        """Give the responses that count; None where their group or language cannot be known."""
        import numpy as np

        if again.any() and self.exclude.duplicates is None:
            source = _columns_with(self.columns, RESPONDENT)[0]
            remedy = "Say in wave.yml which entry counts: exclude: {duplicates: last}."
            self.coder.wrong(again, source.address, "the same respondent answers more than once", remedy)
        coder = self._coder_of(np.flatnonzero(~(test | again)))
        groups = self._profile(coder, GROUP, coder.declaration.group, tuple(self.wave.groups))
        if groups is None:
            return None
        counts = groups >= 0
        coder = self._coder_of(coder.kept[counts])
        languages = self._profile(coder, LANGUAGE, coder.declaration.language, self.wave.languages)
        if languages is None or (languages < 0).any():
            return None
        # In a file of one language values need not be told apart by it.
        spoken = coder.declaration.language
        coder = replace(
            coder,
            groups=groups[counts],
            languages=(spoken,) if spoken else self.wave.languages or ("",),
            language_codes=languages,
        )
        excluded = {"test_entry": int(test.sum()), "duplicate": int(again.sum()), "other_group": int((~counts).sum())}
        return Responses(self.wave, coder, self.columns, languages, excluded)

    def _coder_of(self, kept: np.ndarray) -> Coder:
        """Give what codes some rows of the file, whose groups are not known yet; the account is that of the file."""
        return replace(self.coder, kept=kept, groups=self.coder.groups[kept])

    def _profile(self, coder: Coder, target: str, declared: str | None, known: Sequence[str]) -> np.ndarray | None:
        """Give each response its group or language, as position in the known ones; −1 where it is dropped."""
        import numpy as np

        kind, sources = target.removeprefix("@"), _columns_with(self.columns, target)
        if declared and sources:
            what = f"wave.yml says {kind}: {declared}, but columns.csv has {target} too"
            self._wrong(what, column=sources[0].address, remedy="Keep one of them.")
            return None
        if declared:
            place = known.index(declared) if declared in known else None  # a problem of wave.yml already
            return None if place is None else np.full(len(coder.kept), place, dtype=np.int8)
        if not sources and target == LANGUAGE and len(known) <= 1:
            return np.zeros(len(coder.kept), dtype=np.int8)
        if len(sources) != 1:
            what = f"{len(sources) or 'no'} column{'s say' if sources else ' says'} of which {kind} a response is"
            remedy = f"Give one column the question {target} in columns.csv, or say {kind}: in wave.yml."
            self._wrong(what, remedy=remedy)
            return None
        code_of = {name: position for position, name in enumerate(known)}
        codes = coder.codes(sources[0], None, code_of, empty=-1)
        address, remedy = sources[0].address, f"Fill in the {kind}, or mark them as test entries (@test)."
        coder.wrong(coder.is_blank(address), address, f"responses without a {kind}", remedy)
        return codes

    def _wrong(self, what: str, *, column: str = "", remedy: str) -> None:
        self.coder.problems.append(Problem(what, file=self.coder.export.file, column=column, remedy=remedy))


def _columns_with(columns: Columns, target: str) -> list[SourceColumn]:
    return [
        SourceColumn(address, row)
        for address, rows in columns.items()
        for row in rows
        if row.question == target and not row.flawed
    ]


def _check_columns_met(files: Sequence[_File], crosswalk: Crosswalk, problems: list[Problem]) -> None:
    """Refuse rows of columns.csv that name a column which no file has."""
    met = {row.line for file in files for rows in file.columns.values() for row in rows}
    undecided = [
        column.address for file in files for column in file.coder.export.columns if column.address not in file.columns
    ]
    for row in crosswalk.columns:
        if row.line not in met:
            owner = f"{row.file} has no" if row.file else "no file has"
            near = choices(dict.fromkeys(undecided), near=row.column) + " " if undecided else ""
            remedy = f"{near}Check the header with lnd-survey inspect, or remove the row."
            what = f"{owner} column {row.column!r}"
            problems.append(Problem(what, file=crosswalk.columns_file, row=row.line, column="column", remedy=remedy))


def _check_rules(wave: Wave, crosswalk: Crosswalk, problems: list[Problem]) -> None:
    """Refuse a rule about responses without the column it goes by, and the reverse."""
    assert wave.exports is not None
    exclude = wave.exports.exclude
    columns = [row for row in crosswalk.columns if not row.flawed]
    tests = [row for row in columns if row.question == TEST]
    if tests and not exclude.test_entries:
        what = f"{TEST} is there, but wave.yml has no rule for test entries"
        remedy = "Say in wave.yml: exclude: {test_entries: true}."
        line = tests[0].line
        problems.append(Problem(what, file=crosswalk.columns_file, row=line, column="question", remedy=remedy))
    for wanted, target, what in (
        (exclude.test_entries, TEST, "wave.yml leaves out test entries, but no column says which they are"),
        (
            exclude.duplicates or exclude.across_files is not None,
            RESPONDENT,
            "wave.yml leaves out duplicates, but no column says who the respondent is",
        ),
    ):
        if wanted and not any(row.question == target for row in columns):
            remedy = f"Give the column that says so the question {target}."
            problems.append(Problem(what, file=crosswalk.columns_file, remedy=remedy))


def _repeated(
    files: Sequence[_File], tests: Sequence[np.ndarray], wave: Wave, problems: list[Problem]
) -> list[np.ndarray]:
    """Find the entries of respondents who answered more than once, but for the one that counts."""
    import numpy as np
    import pandas as pd

    assert wave.exports is not None
    exclude = wave.exports.exclude
    lengths = [len(test) for test in tests]
    names = np.concatenate([np.where(test, "", file.respondents()) for file, test in zip(files, tests, strict=True)])
    ids, known = pd.factorize(names)
    entries = pd.DataFrame({"person": ids, "file": np.repeat(np.arange(len(files)), lengths)})[names != ""]
    if exclude.across_files is None and len(files) > 1:
        _check_apart(entries, files, wave, problems)
    if not exclude.across_files:
        entries["person"] += entries["file"] * len(known)
    several = entries[entries["person"].duplicated(keep=False)]
    starts = np.cumsum([0, *lengths])
    said = np.zeros(len(names), dtype=bool)
    for place, file in enumerate(files):
        own = several.index[several["file"] == place].to_numpy()
        if len(own):
            said[own] = file.says_something(own - starts[place])
    # The one that counts is put last: none without any answer where there is another.
    ordered = several if exclude.duplicates == "last" else several[::-1]
    ordered = ordered.assign(said=said[ordered.index]).sort_values("said", kind="stable")
    repeated = np.zeros(len(names), dtype=bool)
    repeated[ordered.index[ordered["person"].duplicated(keep="last")]] = True
    return list(np.split(repeated, starts[1:-1]))


def _check_apart(entries: pd.DataFrame, files: Sequence[_File], wave: Wave, problems: list[Problem]) -> None:
    """Refuse ids that stand in several files: they may be of the same people, or begin anew in each file."""
    shared = entries.drop_duplicates()
    shared = shared[shared["person"].duplicated(keep=False)]
    if len(shared):
        count = shared["person"].nunique()
        named = ", ".join(files[place].coder.declaration.name for place in sorted(set(shared["file"])))
        what = f"{count} id{'s stand' if count > 1 else ' stands'} in several files: {named}"
        remedy = (
            "Say in wave.yml whether these are the same people, exclude: {across_files: true}, or each file has ids of "
            "its own, exclude: {across_files: false}."
        )
        problems.append(Problem(what, file=shown_path(wave.folder / "wave.yml"), remedy=remedy))
