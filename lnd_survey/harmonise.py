"""The exports of a wave → answers: one row per respondent, and a log that accounts for every row and value."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lnd_survey.codebook import MISSING, Codebook, Question
from lnd_survey.coding import Coder
from lnd_survey.crosswalk import (
    DONT_KNOW,
    GROUP,
    LANGUAGE,
    NONE,
    NOT_ANSWERED,
    NOT_SELECTED,
    REAL,
    REFUSED,
    RESPONDENT,
    SELECTED,
    TEST,
    ColumnRow,
    Crosswalk,
)
from lnd_survey.errors import Problem, choices
from lnd_survey.folding import folded
from lnd_survey.readers import Export, ExportFile
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

PROFILE = ("year", "group", "language", "weight")
"""The first columns of an answers frame."""

LOG = ("year", "file", "question", "item", "group", "what", "value", "option", "reason", "n")
"""The columns of a harmonisation log."""

_NO_ANSWERS = ("", NOT_SELECTED, NONE, NOT_ANSWERED, DONT_KNOW, REFUSED)

EXCLUDED = ("duplicate", "test_entry", "other_group", "incomplete")
"""Why a row does not count."""

TICKED, UNTICKED = "selected", "not_selected"
COLUMNS_NAMED = 8


@dataclass(frozen=True)
class Answers:
    """What the respondents of one wave answered.

    Attributes
    ----------
    frame
        One row per respondent: year, group, language, weight, then a column for each question, or each item of it
        (`question.item`). Cells are option ids, `selected` or `not_selected`, numbers, or a kind of missing answer.
    log
        Where every row and value went; columns as in `LOG`.
    """

    frame: pd.DataFrame
    log: pd.DataFrame


def categories(question: Question) -> tuple[str, ...]:
    """Give what a cell of a question can hold: its answers in codebook order, then the kinds of missing answer.

    Examples
    --------
    >>> text = {"en": "x"}
    >>> wishes = Question(id="wishes", kind="multi", name=text, text=text)
    >>> categories(wishes)[:4]
    ('selected', 'not_selected', 'dont_know', 'refused')
    """
    answers = (TICKED, UNTICKED) if question.kind == "multi" else question.option_ids
    answers = answers or tuple(str(number) for number in question.numbers)
    return (*answers, *(kind for kind in MISSING if kind not in answers))


def answer_columns(question: Question) -> list[tuple[str, str]]:
    """Give the columns of a question in an answers frame, each with its item ("" where there is none)."""
    if question.kind == "single":
        return [(question.id, "")]
    return [(f"{question.id}.{item}", item) for item in question.item_ids]


def summary(log: pd.DataFrame) -> str:
    """Say in a few words where the rows and values of a wave went.

    Parameters
    ----------
    log
        A harmonisation log.
    """
    total = log.groupby("what")["n"].sum().to_dict()
    groups = log[log["what"] == "respondents"].set_index("group")["n"].to_dict()
    out = {what: total[what] for what in EXCLUDED if what in total}
    left_out = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in out.items())
    missing = ", ".join(f"{total[kind]} {kind.replace('_', ' ')}" for kind in MISSING if kind in total)
    limits = f"; {total['over_limit']} above the limit of choices, not enforced" if "over_limit" in total else ""
    rows_of = log["what"].value_counts()
    return (
        f"{total.get('read', 0)} rows read, {sum(out.values())} left out{f' ({left_out})' if out else ''}, "
        f"{total.get('respondents', 0)} respondents ({', '.join(f'{group} {n}' for group, n in groups.items())}); "
        f"{log.loc[log['what'] == 'answered', 'question'].nunique()} questions: {total.get('answered', 0)} answers"
        f"{f', {missing}' if missing else ''}; {rows_of.get('merged', 0)} values merged, "
        f"{rows_of.get('dropped_value', 0)} values and {rows_of.get('dropped_column', 0)} columns dropped{limits}"
    )


def harmonise(
    exports: Sequence[tuple[ExportFile, Export]],
    *,
    wave: Wave,
    codebook: Codebook,
    crosswalk: Crosswalk,
    problems: list[Problem],
) -> Answers | None:
    """Bring the exports of one wave to the options of the codebook.

    Parameters
    ----------
    exports
        Every file of the wave as read, with its declaration.
    wave, codebook, crosswalk
        What was asked of whom, what it is called, and what the source columns and values mean.
    problems
        List to which what is wrong is added, all of it at once.

    Returns
    -------
    Answers or None
        None where anything is wrong.
    """
    known = len(problems)
    columns = {export.file: _columns(declaration, export, crosswalk, problems) for declaration, export in exports}
    _check_columns_met(columns.values(), crosswalk, problems)
    parts = [
        part
        for part in _responses(exports, columns, wave=wave, crosswalk=crosswalk, problems=problems)
        if part is not None
    ]
    if len(parts) < len(exports) or len(problems) > known:
        return None
    asked = [
        question
        for question in codebook.questions.values()
        if question.kind != "count" and not question.ranked_by and wave.groups_asked(question.id)
    ]
    for part in parts:
        for question in asked:
            part.answer(question)
    _check_values_met(parts, crosswalk, problems)
    codes = {column: _joined(part.codes[column] for part in parts) for q in asked for column, _ in answer_columns(q)}
    whole = _Whole(wave, codebook, parts, asked, codes)
    whole.route(problems)
    if len(problems) > known:
        return None
    whole.check_totals()
    assert wave.exports is not None
    left_out = whole.incomplete(wave.exports.exclude.completeness)
    return Answers(whole.frame(~left_out), whole.log(left_out))


# --- Columns and responses -------------------------------------------------------------------


def _columns(
    declaration: ExportFile, export: Export, crosswalk: Crosswalk, problems: list[Problem]
) -> dict[str, list[ColumnRow]]:
    """Give the decisions on each column of a file, by address; a column without one is a problem."""
    rows = crosswalk.columns_of(declaration.name)
    found: dict[str, list[ColumnRow]] = {}
    names: set[str] = set()
    undecided = []
    for column in export.columns:
        name = folded(column.address)
        names.add(name)
        if name in rows:
            found[column.address] = rows[name]
        else:
            undecided.append(column.address)
    if undecided:
        listed = ", ".join(repr(name) for name in undecided[:COLUMNS_NAMED])
        more = f" and {len(undecided) - COLUMNS_NAMED} more" if len(undecided) > COLUMNS_NAMED else ""
        what = f"{len(undecided)} of its {len(export.columns)} columns have no row in columns.csv: {listed}{more}"
        missing = [row.column for name, those in rows.items() if name not in names for row in those]
        near = choices(dict.fromkeys(missing), near=undecided[0]) if missing and len(undecided) == 1 else ""
        remedy = f"Give each a question, or a reason why it is dropped, in {crosswalk.columns_file}. {near}".strip()
        problems.append(Problem(what, file=export.file, remedy=remedy))
    return found


def _check_columns_met(
    columns: Iterable[Mapping[str, list[ColumnRow]]], crosswalk: Crosswalk, problems: list[Problem]
) -> None:
    met = {row.line for found in columns for rows in found.values() for row in rows}
    for row in crosswalk.columns:
        if row.line not in met:
            where = f"{row.file} has" if row.file else "no file has"
            what = f"{row.column!r}: {where} {'no ' if row.file else ''}such column"
            remedy = "Check the header with lnd-survey inspect, or remove the row."
            problems.append(Problem(what, file=crosswalk.columns_file, row=row.line, column="column", remedy=remedy))


def _responses(
    exports: Sequence[tuple[ExportFile, Export]],
    columns: Mapping[str, dict[str, list[ColumnRow]]],
    *,
    wave: Wave,
    crosswalk: Crosswalk,
    problems: list[Problem],
) -> list[_Part | None]:
    """Find in each file which responses count, and of which group and language they are."""
    import numpy as np

    assert wave.exports is not None
    rule = wave.exports.exclude
    repeated = _repeated(exports, columns, rule.duplicates)
    parts: list[_Part | None] = []
    tested = False
    for (declaration, export), duplicate in zip(exports, repeated, strict=True):
        here = columns[export.file]
        everyone = np.arange(len(export.numbers))
        coder = Coder(declaration, export, crosswalk, everyone, np.zeros(0), (None,), problems)
        excluded: dict[str, np.ndarray] = {}
        if duplicate.any() and rule.duplicates is None:
            remedy = "Say in wave.yml which entry counts: exclude: {duplicates: last}."
            coder.wrong(duplicate, "", "the same respondent answers more than once", remedy)
        excluded["duplicate"] = duplicate
        test_columns = _with_target(here, TEST)
        tested = tested or bool(test_columns)
        test = np.zeros(len(everyone), dtype=bool)
        for address, row in test_columns:
            test |= coder.codes(row, address, None, {TEST: 1, REAL: 0}, empty=0) == 1
        excluded["test_entry"] = test & ~duplicate
        if test_columns and not rule.test_entries:
            remedy = "Say so in wave.yml: exclude: {test_entries: true}."
            problems.append(Problem("columns.csv has @test, but wave.yml no rule for test entries", remedy=remedy))
        coder.kept = np.flatnonzero(~(duplicate | test))
        groups = _profile(coder, here, GROUP, declaration.group, tuple(wave.groups), "group")
        if groups is None:
            parts.append(None)
            continue
        other = groups < 0
        excluded["other_group"] = np.zeros(len(everyone), dtype=bool)
        excluded["other_group"][coder.kept[other]] = True
        coder.kept, groups = coder.kept[~other], groups[~other]
        languages = _profile(coder, here, LANGUAGE, declaration.language, wave.languages, "language")
        if languages is None:
            parts.append(None)
            continue
        coder.language_codes, coder.languages = languages, wave.languages or ("",)
        if declaration.language or len(coder.languages) == 1:
            # One language for the whole file: values need not be told apart by it.
            coder.languages = (declaration.language or coder.languages[0],)
        parts.append(_Part(wave, coder, here, groups, languages, excluded))
    if rule.test_entries and not tested:
        remedy = "Give the column that marks them the question @test in columns.csv."
        problems.append(Problem("wave.yml leaves out test entries, but no column says which they are", remedy=remedy))
    return parts


def _repeated(
    exports: Sequence[tuple[ExportFile, Export]],
    columns: Mapping[str, dict[str, list[ColumnRow]]],
    keep: str | None,
) -> list[np.ndarray]:
    """Find the entries of respondents who answered more than once, but for the one that counts."""
    import numpy as np
    import pandas as pd

    names: list[np.ndarray] = []
    for _, export in exports:
        own = np.full(len(export.numbers), "", dtype=object)
        for address, _ in _with_target(columns[export.file], RESPONDENT):
            cells = export.cells[address]
            own = np.asarray(cells.categories.astype(object).map(folded))[cells.codes]
        names.append(own)
    everyone = pd.Series(np.concatenate(names))
    repeated = (everyone.duplicated(keep="last" if keep == "last" else "first") & (everyone != "")).to_numpy()
    ends = np.cumsum([len(own) for own in names])[:-1]
    return list(np.split(repeated, ends))


def _with_target(columns: Mapping[str, list[ColumnRow]], target: str) -> list[tuple[str, ColumnRow]]:
    return [(address, row) for address, rows in columns.items() for row in rows if row.question == target]


def _profile(
    coder: Coder,
    columns: Mapping[str, list[ColumnRow]],
    target: str,
    declared: str | None,
    known: Sequence[str],
    kind: str,
) -> np.ndarray | None:
    """Give each response its group or language, as position in the known ones; −1 where it is dropped."""
    import numpy as np

    found = _with_target(columns, target)
    if declared and found:
        what = f"wave.yml says {kind}: {declared}, but columns.csv has {target} too"
        coder.problems.append(Problem(what, file=coder.export.file, column=found[0][0], remedy="Keep one of them."))
        return None
    if declared or (kind == "language" and len(known) <= 1):
        return np.full(len(coder.kept), known.index(declared) if declared else 0, dtype=np.int8)
    if len(found) != 1:
        what = f"{len(found)} columns say of which {kind} a response is"
        remedy = f"Give one column the question {target} in columns.csv, or say {kind}: in wave.yml."
        coder.problems.append(Problem(what, file=coder.export.file, remedy=remedy))
        return None
    address, row = found[0]
    codes = coder.codes(row, address, None, {name: position for position, name in enumerate(known)}, empty=-1)
    cells = coder.export.cells[address]
    blank = np.asarray([not value.strip() for value in cells.categories], dtype=bool)[cells.codes[coder.kept]]
    coder.wrong(
        blank, address, f"responses without a {kind}", f"Fill in the {kind}, or drop these rows as test entries."
    )
    return codes


# --- Answers of one file ---------------------------------------------------------------------


@dataclass
class _Part:
    """The responses of one file that count, and the codes of their answers."""

    wave: Wave
    coder: Coder
    columns: Mapping[str, list[ColumnRow]]
    groups: np.ndarray
    languages: np.ndarray
    excluded: Mapping[str, np.ndarray]
    codes: dict[str, np.ndarray] = field(default_factory=dict)
    over_limit: dict[tuple[str, str], int] = field(default_factory=dict)

    def answer(self, question: Question) -> None:
        """Code one question: what each response of a group that was asked it says, for each of its items."""
        columns = _with_target(self.columns, question.id)
        asked = self._mask(self.wave.groups_asked(question.id))
        if asked.any() and not columns:
            groups = [group for group in self.wave.groups_asked(question.id) if self._mask([group]).any()]
            what = f"{question.id} was asked of {', '.join(groups)}, but no column holds it"
            remedy = f"Give its column a row in {self.coder.crosswalk.columns_file}, or correct instrument.csv."
            self.coder.problems.append(Problem(what, file=self.coder.export.file, remedy=remedy))
        code_of = {name: code for code, name in enumerate(categories(question))}
        code = {"multi": self._multi, "ranking": self._ranking}.get(question.kind, self._single)
        coded = code(question, columns, code_of)
        self._check_asked(question, columns, asked, coded, code_of)
        for column, item in answer_columns(question):
            codes = coded[item]
            codes[~asked] = code_of["not_asked"]
            if question.options:
                self._check_options(question, column, codes, code_of)
            for group in self.wave.groups_asked(question.id):
                if question.items and item not in self.wave.instrument[question.id, group].items_of(question):
                    self._close_item(question, item, group, columns, codes, code_of)
            self.codes[column] = codes

    def _mask(self, groups: Sequence[str]) -> np.ndarray:
        import numpy as np

        return np.isin(self.groups, [list(self.wave.groups).index(group) for group in groups])

    def _single(
        self, question: Question, columns: list[tuple[str, ColumnRow]], code_of: Mapping[str, int]
    ) -> dict[str, np.ndarray]:
        """Code a question whose columns each hold one answer, or one answer for each item."""
        empty = code_of["not_answered"]
        targets = dict(code_of) | {kind: code_of[kind.removeprefix("@")] for kind in (NOT_ANSWERED, DONT_KNOW, REFUSED)}
        coded = {item: self._filled(empty) for _, item in answer_columns(question)}
        for address, row in columns:
            codes = self.coder.codes(row, address, question, targets, empty=empty)
            self._combine(question, address, coded[row.item], codes, empty)
        return coded

    def _combine(self, question: Question, address: str, codes: np.ndarray, more: np.ndarray, empty: int) -> None:
        """Fill in what another column of the same item says; two columns that differ are a problem."""
        both = (codes != empty) & (more != empty)
        if both.any():
            what = f"another column of {question.id} says something else"
            self.coder.wrong(
                both & (codes != more), address, what, "Only one of the columns of a question may be filled."
            )
            self.coder.repeated[question.id] += int(both.sum())
        filled = more != empty
        codes[filled] = more[filled]

    def _filled(self, code: int) -> np.ndarray:
        import numpy as np

        return np.full(len(self.groups), code, dtype=np.int8)

    def _multi(
        self, question: Question, columns: list[tuple[str, ColumnRow]], code_of: Mapping[str, int]
    ) -> dict[str, np.ndarray]:
        """Code a pick-n question: an item is (not) selected only if the respondent answered at all."""
        import numpy as np

        marks = (*question.item_ids, NONE, DONT_KNOW, REFUSED)
        ticks = {mark: np.zeros(len(self.groups), dtype=bool) for mark in marks}
        for address, row in columns:
            if row.item:
                targets = {SELECTED: 1, NOT_SELECTED: 0, NOT_ANSWERED: 0, DONT_KNOW: 2, REFUSED: 3}
                targets |= dict.fromkeys([row.item, NONE], 1)
                codes = self.coder.codes(row, address, question, targets, empty=0)
                for mark, code in ((row.item, 1), (DONT_KNOW, 2), (REFUSED, 3)):
                    found = codes == code
                    self.coder.repeated[question.id] += int((ticks[mark] & found).sum())
                    ticks[mark] |= found
            else:
                found = self.coder.ticks(row, address, question, marks)
                for position, mark in enumerate(marks):
                    self.coder.repeated[question.id] += int((ticks[mark] & found[:, position]).sum())
                    ticks[mark] |= found[:, position]
        chosen = np.add.reduce([ticks[item] for item in question.item_ids], dtype=np.int16)
        self._check_limit(question, columns, chosen)
        answered = (chosen > 0) | ticks[NONE]
        unanswered = self._filled(code_of["not_answered"])
        unanswered[ticks[REFUSED]] = code_of["refused"]
        unanswered[ticks[DONT_KNOW]] = code_of["dont_know"]
        return {
            item: np.where(answered, np.where(ticks[item], code_of[TICKED], code_of[UNTICKED]), unanswered).astype(
                np.int8
            )
            for item in question.item_ids
        }

    def _check_limit(self, question: Question, columns: list[tuple[str, ColumnRow]], chosen: np.ndarray) -> None:
        for group in self.wave.groups_asked(question.id):
            asked = self.wave.instrument[question.id, group]
            limit = asked.max_choices
            if limit is None:
                continue
            over = self._mask([group]) & (chosen > limit)
            if asked.limit_enforced:
                remedy = "If more could be ticked, write limit_enforced: no in instrument.csv."
                self.coder.wrong(
                    over, columns[0][0] if columns else "", f"more than {limit} of {question.id} ticked", remedy
                )
            elif over.any():
                self.over_limit[question.id, group] = int(over.sum())

    def _ranking(
        self, question: Question, columns: list[tuple[str, ColumnRow]], code_of: Mapping[str, int]
    ) -> dict[str, np.ndarray]:
        """Code a ranking: the rank of each item, whether a column holds ranks or items."""
        import numpy as np

        by_item = self._single(question, [(address, row) for address, row in columns if row.item], code_of)
        empty = code_of["not_answered"]
        position_of = {item: position for position, item in enumerate(question.item_ids)}
        targets = position_of | dict.fromkeys((NOT_ANSWERED, DONT_KNOW, REFUSED), -1)
        for address, row in columns:
            if row.rank is None:
                continue
            items = self.coder.codes(row, address, question, targets, empty=-1)
            for item, position in position_of.items():
                here = items == position
                twice = here & (by_item[item] != empty)
                self.coder.wrong(twice, address, f"{item!r} has two ranks", "An item can have one rank only.")
                by_item[item][here] = code_of[str(row.rank)]
        for number in question.numbers:
            with_rank = np.add.reduce([codes == code_of[str(number)] for codes in by_item.values()], dtype=np.int8)
            where = columns[0][0] if columns else ""
            self.coder.wrong(
                with_rank > 1, where, f"rank {number} of {question.id} is given twice", "Ranks must differ."
            )
        return by_item

    def _check_asked(
        self,
        question: Question,
        columns: list[tuple[str, ColumnRow]],
        asked: np.ndarray,
        coded: Mapping[str, np.ndarray],
        code_of: Mapping[str, int],
    ) -> None:
        import numpy as np

        if asked.all():
            return
        answered = np.logical_or.reduce([codes != code_of["not_answered"] for codes in coded.values()])
        groups = [name for position, name in enumerate(self.wave.groups) if (self.groups[~asked] == position).any()]
        what = f"{question.id} is answered by {', '.join(groups)}, who were not asked"
        remedy = "Give the question a row for that group in instrument.csv, or drop the column for that file."
        self.coder.wrong(answered & ~asked, columns[0][0] if columns else "", what, remedy)

    def _check_options(self, question: Question, column: str, codes: np.ndarray, code_of: Mapping[str, int]) -> None:
        import numpy as np

        for group in self.wave.groups_asked(question.id):
            offered = self.wave.instrument[question.id, group].options_of(question)
            mask = self._mask([group])
            present = np.bincount(codes[mask], minlength=len(code_of))
            for option in question.option_ids:
                if option not in offered and present[code_of[option]]:
                    what = f"{column}: {option!r} was not offered to {group}, but chosen"
                    remedy = f"Map the value to one of {', '.join(offered)}, or add it to offered in instrument.csv."
                    self.coder.wrong(mask & (codes == code_of[option]), "", what, remedy)

    def _close_item(
        self,
        question: Question,
        item: str,
        group: str,
        columns: list[tuple[str, ColumnRow]],
        codes: np.ndarray,
        code_of: Mapping[str, int],
    ) -> None:
        """Mark an item that a group was not offered; an answer to it is a problem."""
        mask = self._mask([group])
        given = mask & (codes == code_of[TICKED] if question.kind == "multi" else codes != code_of["not_answered"])
        what = f"{question.id}: {item!r} was not offered to {group}, but chosen"
        address = next((address for address, row in columns if row.item == item), "")
        self.coder.wrong(given, address, what, "Correct the crosswalk, or add it to offered in instrument.csv.")
        codes[mask] = code_of["not_offered"]


# --- All files together ----------------------------------------------------------------------


def _joined(codes: Iterable[np.ndarray]) -> np.ndarray:
    import numpy as np

    return np.concatenate(list(codes))


def _check_values_met(parts: Sequence[_Part], crosswalk: Crosswalk, problems: list[Problem]) -> None:
    """Refuse rows of values.csv that meet no cell, and rows said to meet none that do."""
    met: dict[int, int] = defaultdict(int)
    for part in parts:
        for (line, _), n in part.coder.counts.items():
            met[line] += n
    for row in crosswalk.values:
        if met[row.line] and row.expected_empty:
            what = f"{row.value!r} is expected to be empty, but {met[row.line]} cells have it"
            remedy = "Empty the column expected."
        elif not met[row.line] and not row.expected_empty:
            what = f"{row.value!r} of {row.question} is in no file"
            remedy = "Remove the row, correct the value, or write empty in the column expected."
        else:
            continue
        problems.append(Problem(what, file=crosswalk.values_file, row=row.line, column="value", remedy=remedy))


@dataclass
class _Whole:
    """The responses of all files one after the other."""

    wave: Wave
    codebook: Codebook
    parts: Sequence[_Part]
    asked: Sequence[Question]
    codes: dict[str, np.ndarray]

    def __post_init__(self) -> None:
        self.groups = _joined(part.groups for part in self.parts)
        self.languages = _joined(part.languages for part in self.parts)

    def route(self, problems: list[Problem]) -> None:
        """Close questions for respondents whom routing kept from them; an answer of theirs is a problem."""
        import numpy as np

        for question in self.asked:
            code_of = {name: code for code, name in enumerate(categories(question))}
            closed = np.zeros(len(self.groups), dtype=bool)
            for group in self.wave.groups_asked(question.id):
                routing = self.wave.instrument[question.id, group].asked_if
                if routing is None:
                    continue
                gate, options = self.codebook.questions[routing[0]], routing[1]
                if gate.id not in self.codes:
                    what = f"{question.id} is asked by {gate.id}, which nobody was asked"
                    problems.append(Problem(what, file=str(self.wave.folder.name), column="asked_if"))
                    continue
                open_to = [code for code, name in enumerate(categories(gate)) if name in options]
                here = self.groups == list(self.wave.groups).index(group)
                closed |= here & ~np.isin(self.codes[gate.id], open_to)
            if not closed.any():
                continue
            silent = [code_of[name] for name in ("not_answered", "not_asked", "not_offered")]
            for column, _ in answer_columns(question):
                codes = self.codes[column]
                self._wrong(closed & ~np.isin(codes, silent), column, problems)
                codes[closed & (codes == code_of["not_answered"])] = code_of["not_routed"]

    def _wrong(self, mask: np.ndarray, column: str, problems: list[Problem]) -> None:
        import numpy as np

        ends = np.cumsum([len(part.groups) for part in self.parts])[:-1]
        for part, own in zip(self.parts, np.split(mask, ends), strict=True):
            what = f"{column} is answered although routing leaves it out"
            part.coder.wrong(own, "", what, "Correct asked_if in instrument.csv, or the question that decides.")

    def check_totals(self) -> None:
        """Prove that every value that was mapped is in the answers, and nothing else."""
        import numpy as np

        before: Counter[str] = Counter()
        for part in self.parts:
            for row in _log_of_values(part):
                if row["option"] not in _NO_ANSWERS and row["item"] not in _NO_ANSWERS[1:]:
                    before[row["question"]] += row["n"]
            before.subtract(part.coder.repeated)
        for question in self.asked:
            names = categories(question)
            answers = 1 if question.kind == "multi" else len(question.option_ids or question.numbers)
            counts = [np.bincount(self.codes[name], minlength=len(names)) for name, _ in answer_columns(question)]
            after = int(sum(of_column[:answers].sum() for of_column in counts))
            if after != before[question.id]:
                raise RuntimeError(
                    f"{question.id}: {before[question.id]} values were mapped, {after} are in the answers"
                )

    def incomplete(self, least: float | None) -> np.ndarray:
        """Find who answered a smaller part of the questions that were put to them than is asked for."""
        import numpy as np

        if least is None:
            return np.zeros(len(self.groups), dtype=bool)
        put = np.zeros(len(self.groups), dtype=np.int32)
        answered = np.zeros(len(self.groups), dtype=np.int32)
        for question in self.asked:
            code_of = {name: code for code, name in enumerate(categories(question))}
            closed = [code_of[name] for name in ("not_routed", "not_asked", "not_offered")]
            columns = [self.codes[column] for column, _ in answer_columns(question)]
            open_items = [~np.isin(codes, closed) for codes in columns]
            was_put = np.logical_or.reduce(open_items)
            put += was_put
            given = [here & (codes != code_of["not_answered"]) for here, codes in zip(open_items, columns, strict=True)]
            answered += np.logical_or.reduce(given)
        return answered < least * put

    def frame(self, kept: np.ndarray) -> pd.DataFrame:
        """Give the answers of the respondents who count."""
        import numpy as np
        import pandas as pd

        def coded(codes: np.ndarray, names: Sequence[str]) -> Any:
            return pd.Categorical.from_codes(codes[kept], dtype=pd.CategoricalDtype(list(names)))

        groups = [group for group in self.wave.groups if group not in self.wave.pools]
        positions = np.asarray([groups.index(g) if g in groups else -1 for g in self.wave.groups], dtype=np.int8)
        columns: dict[str, Any] = {
            "year": np.full(int(kept.sum()), self.wave.year, dtype=np.int64),
            "group": coded(positions[self.groups], groups),
            "language": coded(self.languages, self.wave.languages or ("",)),
            "weight": np.ones(int(kept.sum())),
        }
        for question in self.asked:
            names = categories(question)
            for column, _ in answer_columns(question):
                columns[column] = coded(self.codes[column], names)
        return pd.DataFrame(columns)

    def log(self, left_out: np.ndarray) -> pd.DataFrame:
        """Account for every row and value of the files."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for part in self.parts:
            rows += _log_of_responses(part)
            rows += _log_of_values(part)
        for position, group in enumerate(self.wave.groups):
            here = self.groups == position
            if left_out.any():
                rows.append({"what": "incomplete", "group": group, "n": int((here & left_out).sum())})
            rows.append({"what": "respondents", "group": group, "n": int((here & ~left_out).sum())})
        for question in self.asked:
            rows += self._log_of_answers(question, left_out)
        for (name, group), asked in self.wave.instrument.items():
            if asked.flag:
                reason = " ".join(asked.notes)
                rows.append(
                    {"what": "break", "question": name, "group": group, "value": asked.flag, "reason": reason, "n": 0}
                )
        frame = pd.DataFrame(rows, columns=list(LOG)).fillna({"n": 0, "year": self.wave.year}).fillna("")
        frame = frame[(frame["n"] > 0) | (frame["what"] == "break")]
        return frame.astype({"year": "int64", "n": "int64"}).reset_index(drop=True)

    def _log_of_answers(self, question: Question, left_out: np.ndarray) -> list[dict[str, Any]]:
        import numpy as np

        names = categories(question)
        rows = []
        for column, item in answer_columns(question):
            for position, group in enumerate(self.wave.groups):
                here = (self.groups == position) & ~left_out
                counts = np.bincount(self.codes[column][here], minlength=len(names)).tolist()
                of_cell = {"question": question.id, "item": item, "group": group}
                missing = {name: n for name, n in zip(names, counts, strict=True) if name in MISSING}
                offered = {entry.id for entry in question.options if entry.missing}
                given = sum(counts) - sum(n for name, n in missing.items() if name not in offered)
                rows.append(of_cell | {"what": "answered", "n": given})
                rows += [of_cell | {"what": name, "n": n} for name, n in missing.items() if name not in offered]
        return rows


def _log_of_responses(part: _Part) -> list[dict[str, Any]]:
    export, file = part.coder.export, part.coder.declaration.name
    rows: list[dict[str, Any]] = [{"file": file, "what": "read", "n": len(export.numbers)}]
    rows += [{"file": file, "what": kind, "n": int(mask.sum())} for kind, mask in part.excluded.items()]
    for address, columns in part.columns.items():
        rows += [
            {"file": file, "what": "dropped_column", "value": address, "reason": row.reason, "n": 1}
            for row in columns
            if not row.question
        ]
    rows += [
        {"file": file, "what": "over_limit", "question": question, "group": group, "n": n}
        for (question, group), n in part.over_limit.items()
    ]
    return rows


def _log_of_values(part: _Part) -> list[dict[str, Any]]:
    """Say where each value went; `merged` where several values of one language became one option."""
    file, lines = part.coder.declaration.name, {row.line: row for row in part.coder.crosswalk.values}
    together: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for line, item in part.coder.counts:
        row = lines[line]
        together[row.question, item, row.language, row.option].add(folded(row.value))
    rows: list[dict[str, Any]] = []
    for (line, item), n in part.coder.counts.items():
        row = lines[line]
        merged = bool(row.option) and len(together[row.question, item, row.language, row.option]) > 1
        what = "dropped_value" if not row.option else "merged" if merged else "mapped"
        of_cell = {"file": file, "question": row.question, "item": item, "what": what}
        rows.append(of_cell | {"value": row.value, "option": row.option, "reason": row.reason, "n": n})
    for (question, item, number), n in part.coder.numbers_read.items():
        rows.append(
            {
                "file": file,
                "question": question,
                "item": item,
                "what": "mapped",
                "value": number,
                "option": number,
                "n": n,
            }
        )
    return rows
