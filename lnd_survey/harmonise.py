"""The exports of a wave → answers: one row per respondent, and a log that accounts for every row and value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lnd_survey.answering import Answering
from lnd_survey.answers import Answers, answer_columns, categories
from lnd_survey.codebook import Codebook, Question
from lnd_survey.coding import SourceColumn, among
from lnd_survey.crosswalk import GROUP, Crosswalk, ValueRow
from lnd_survey.errors import Problem
from lnd_survey.folding import folded
from lnd_survey.harmonisation_log import Tables, all_rows, answer_tables, check_totals, log_frame
from lnd_survey.readers import Export, ExportFile
from lnd_survey.responses import Responses, find_responses, of_groups
from lnd_survey.trees import parts_of
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


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
        The files of the wave as read, each with its declaration. If one could not be read, what is wrong with the
        others is found nevertheless.
    wave, codebook, crosswalk
        What was asked of whom, what it is called, and what the source columns and values mean.
    problems
        List to which what is wrong is added, all of it at once.

    Returns
    -------
    Answers or None
        None where anything is wrong.
    """
    assert wave.exports is not None
    known = len(problems)
    complete = len(exports) == len(wave.exports.files)
    flawed = [row for row in crosswalk.columns if row.flawed]
    flawed_values = [row for row in crosswalk.values if row.flawed]
    responses = find_responses(exports, wave=wave, crosswalk=crosswalk, complete=complete, problems=problems)
    # Where a column or a group is not known yet, rows of values.csv meet nothing for that reason alone.
    settled = complete and len(problems) == known and not flawed
    settled = settled and not any(row.question == GROUP for row in flawed_values)
    asked = [
        question
        for question in codebook.questions.values()
        if question.kind != "count" and not question.ranked_by and wave.groups_asked(question.id)
    ]
    parts = [Answering(own) for own in responses]
    for part in parts:
        for question in asked:
            part.answer(question)
    # Who was asked goes by other answers, which must be right first.
    routable = complete and len(problems) == known and not flawed and not flawed_values
    if settled:
        _check_values_met(parts, codebook, crosswalk, problems)
    if not routable:
        return None
    whole = _Whole.of(parts, asked, wave, codebook)
    whole.route()
    if len(problems) > known:
        return None
    tables: Tables = answer_tables(asked, whole.codes, wave, whole.groups)
    check_totals(parts, asked, tables)
    left_out = whole.incomplete(wave.exports.exclude.completeness)
    tables = whole.leave_out(left_out, tables)
    rows = all_rows(parts, asked, tables, wave=wave, groups=whole.groups, left_out=left_out)
    return Answers(whole.frame(~left_out), log_frame(rows, wave.year))


def _check_values_met(
    parts: Sequence[Answering], codebook: Codebook, crosswalk: Crosswalk, problems: list[Problem]
) -> None:
    """Refuse rows of values.csv that meet no cell, and rows said to meet none that do."""
    met: Counter[int] = Counter()
    for part in parts:
        for decision, n in part.responses.coder.counts.items():
            met[decision.line] += int(n.sum())
    for row in crosswalk.values:
        if met[row.line] and row.expected_empty:
            what = f"{row.value!r} is expected to be empty, but occurs ({met[row.line]} ×)"
            remedy = "Empty the column expected."
        elif not met[row.line] and not row.expected_empty and not row.flawed:
            if any(_is_left_out(row, part.responses, codebook) for part in parts):
                what = f"{row.value!r} of {row.question} occurs only in rows that do not count"
                remedy = "Write empty in the column expected."
            else:
                what = f"{row.value!r} of {row.question} is in no file"
                remedy = "Remove the row, correct the value, or write empty in the column expected."
        else:
            continue
        problems.append(Problem(what, file=crosswalk.values_file, row=row.line, column="value", remedy=remedy))


def _is_left_out(row: ValueRow, responses: Responses, codebook: Codebook) -> bool:
    """Say whether a value stands in rows of a file that do not count: duplicates, test entries, other groups."""
    import numpy as np

    coder = responses.coder
    if row.file not in ("", coder.declaration.name):
        return False
    question = codebook.questions.get(row.question)
    others = np.delete(np.arange(len(coder.export.numbers)), coder.kept)
    return any(
        folded(row.value) in coder.values_at(source, others, several=_holds_several(source, question))
        for source in responses.columns_with(row.question)
        if row.item in ("", source.row.item)
    )


def _holds_several(source: SourceColumn, question: Question | None) -> bool:
    return question is not None and question.kind == "multi" and not source.row.item


@dataclass
class _Whole:
    """The responses of all files one after the other: their groups, languages, and answers by column.

    By question, `skipped` has who left unanswered what decides whether it was put to them, and `kept_open` who of them
    answered it nevertheless.
    """

    parts: Sequence[Answering]
    asked: Sequence[Question]
    wave: Wave
    codebook: Codebook
    groups: np.ndarray
    languages: np.ndarray
    codes: dict[str, np.ndarray]
    skipped: dict[str, np.ndarray] = field(default_factory=dict)
    kept_open: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Sequence[Answering], asked: Sequence[Question], wave: Wave, codebook: Codebook) -> _Whole:
        import numpy as np

        def joined(arrays: Iterable[np.ndarray]) -> np.ndarray:
            return np.concatenate(list(arrays))

        columns = [column for question in asked for column, _ in answer_columns(question)]
        return cls(
            parts,
            asked,
            wave,
            codebook,
            groups=joined(part.responses.groups for part in parts),
            languages=joined(part.responses.languages for part in parts),
            # What is joined is not needed in parts any more.
            codes={column: joined(part.codes.pop(column) for part in parts) for column in columns},
        )

    def route(self) -> None:
        """Close questions for respondents whom routing kept from them; an answer of theirs is a problem.

        Who left unanswered the question that decides, but answered this one, was asked it.
        """
        done: set[str] = set()
        for question in self.asked:
            self._route(question, done)

    def _route(self, question: Question, done: set[str]) -> None:
        import numpy as np

        if question.id in done:
            return
        done.add(question.id)
        for gate in self._gates(question):
            self._route(gate, done)  # which may itself be closed
        closed, skipped = self._closed(question)
        if not closed.any():
            return
        code_of = {name: code for code, name in enumerate(categories(question))}
        silent = [code_of[name] for name in ("not_answered", "not_asked", "not_offered")]
        answered = np.zeros(len(closed), dtype=bool)
        for column, _ in answer_columns(question):
            answered |= closed & ~among(self.codes[column], silent)
        self.skipped[question.id] = skipped
        closed &= ~(answered & skipped)
        for column, _ in answer_columns(question):
            codes = self.codes[column]
            codes[closed & (codes == code_of["not_answered"])] = code_of["not_routed"]
        self._refuse(answered & closed, question)
        self.kept_open[question.id] = answered & skipped

    def _gates(self, question: Question) -> list[Question]:
        """Give the questions that decide to whom of each group a question was put."""
        instrument, groups = self.wave.instrument, self.wave.groups_asked(question.id)
        names = {asked.asked_if[0] for group in groups if (asked := instrument[question.id, group]).asked_if}
        return [gate for gate in self.asked if gate.id in names]

    def _closed(self, question: Question) -> tuple[np.ndarray, np.ndarray]:
        """Find the respondents whom routing kept from a question, and those of them of whom that is not certain."""
        import numpy as np

        closed, skipped = np.zeros((2, len(self.groups)), dtype=bool)
        for group in self.wave.groups_asked(question.id):
            routing = self.wave.instrument[question.id, group].asked_if
            if routing is None:
                continue
            gate, options = self.codebook.questions[routing[0]], routing[1]
            if group not in self.wave.groups_asked(gate.id):
                continue  # a problem of the instrument, said already
            within = parts_of(gate.options)
            names = {part for option in options for part in within.get(option, ())}
            open_to = [code for code, name in enumerate(categories(gate)) if name in names]
            here, decided = of_groups(self.groups, [group], self.wave), self.codes[gate.id]
            closed |= here & ~among(decided, open_to)
            # Where the gate was closed for want of an answer to its own gate, nothing is decided either.
            undecided = decided == categories(gate).index("not_answered")
            if gate.id in self.skipped:
                undecided |= self.skipped[gate.id] & (decided == categories(gate).index("not_routed"))
            skipped |= here & undecided
        return closed, skipped

    def _refuse(self, mask: np.ndarray, question: Question) -> None:
        what = f"{question.id} is answered although routing leaves it out"
        remedy = "Correct asked_if in instrument.csv, or the question that decides."
        for part, own in self._by_part(mask):
            part.wrong(own, question, what, remedy)

    def _by_part(self, mask: np.ndarray) -> Iterable[tuple[Answering, np.ndarray]]:
        import numpy as np

        ends = np.cumsum([part.responses.count for part in self.parts])[:-1]
        return zip(self.parts, np.split(mask, ends), strict=True)

    def leave_out(self, mask: np.ndarray, tables: Tables) -> Tables:
        """Take some respondents out of all accounts: of values, and of what the answers hold."""
        for part, own in self._by_part(mask):
            part.leave_out(own, self.asked)
        for question in self.asked:
            if question.id in self.kept_open:
                for part, own in self._by_part(self.kept_open[question.id] & ~mask):
                    part.remark("gate_skipped", question, own)
        if not mask.any():
            return tables
        codes = {column: codes[mask] for column, codes in self.codes.items()}
        others = answer_tables(self.asked, codes, self.wave, self.groups[mask])
        return {column: table - others[column] for column, table in tables.items()}

    def incomplete(self, least: float | None) -> np.ndarray:
        """Find who answered a smaller part of the questions that were put to them than is asked for."""
        import numpy as np

        put, answered = np.zeros((2, len(self.groups)), dtype=np.int32)
        if least is None:
            return answered < put
        for question in self.asked:
            code_of = {name: code for code, name in enumerate(categories(question))}
            closed = [code_of[name] for name in ("not_routed", "not_asked", "not_offered")]
            columns = [self.codes[column] for column, _ in answer_columns(question)]
            put += np.logical_or.reduce([~among(codes, closed) for codes in columns])
            silent = [*closed, code_of["not_answered"]]
            answered += np.logical_or.reduce([~among(codes, silent) for codes in columns])
        # 0.07 × 100 is a little more than 7.
        return answered < least * put - 1e-9

    def frame(self, kept: np.ndarray) -> pd.DataFrame:
        """Give the answers of the respondents who count."""
        import numpy as np
        import pandas as pd

        def coded(codes: np.ndarray, names: Sequence[str]) -> Any:
            return pd.Categorical.from_codes(codes[kept], dtype=pd.CategoricalDtype(list(names)))

        groups = [group for group in self.wave.groups if group not in self.wave.pools]
        positions = np.asarray([groups.index(g) if g in groups else -1 for g in self.wave.groups], dtype=np.int8)
        count = int(kept.sum())
        columns: dict[str, Any] = {
            "year": np.full(count, self.wave.year, dtype=np.int64),
            "group": coded(positions[self.groups], groups),
            "language": coded(self.languages, self.wave.languages or ("",)),
            "weight": np.ones(count),
        }
        for question in self.asked:
            for column, _ in answer_columns(question):
                columns[column] = coded(self.codes[column], categories(question))
        return pd.DataFrame(columns)
