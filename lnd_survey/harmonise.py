"""The exports of a wave → answers: one row per respondent, and a log that accounts for every row and value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lnd_survey.answering import Answering
from lnd_survey.answers import Answers, answer_columns, categories, chosen_codes
from lnd_survey.codebook import Codebook, Question
from lnd_survey.coding import among
from lnd_survey.crosswalk import DONT_KNOW, GROUP, NONE, NOT_ANSWERED, NOT_SELECTED, REFUSED, Crosswalk
from lnd_survey.errors import Problem
from lnd_survey.harmonisation_log import all_rows, log_frame, log_of_values
from lnd_survey.readers import Export, ExportFile
from lnd_survey.responses import find_responses, of_groups
from lnd_survey.trees import parts_of
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

_NOT_CHOSEN = ("", NOT_SELECTED, NONE, NOT_ANSWERED, DONT_KNOW, REFUSED)
_INSTEAD_OF_AN_ITEM = (NONE, DONT_KNOW, REFUSED)


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
        _check_values_met(parts, crosswalk, problems)
    if not routable:
        return None
    whole = _Whole.of(parts, asked, wave, codebook)
    whole.route()
    if len(problems) > known:
        return None
    whole.check_totals()
    left_out = whole.incomplete(wave.exports.exclude.completeness)
    rows = all_rows(parts, asked, whole.codes, wave=wave, groups=whole.groups, left_out=left_out)
    return Answers(whole.frame(~left_out), log_frame(rows, wave.year))


def _check_values_met(parts: Sequence[Answering], crosswalk: Crosswalk, problems: list[Problem]) -> None:
    """Refuse rows of values.csv that meet no cell, and rows said to meet none that do."""
    met: Counter[int] = Counter()
    for part in parts:
        for (line, _), n in part.responses.coder.counts.items():
            met[line] += n
    for row in crosswalk.values:
        if met[row.line] and row.expected_empty:
            what = f"{row.value!r} is expected to be empty, but occurs ({met[row.line]} ×)"
            remedy = "Empty the column expected."
        elif not met[row.line] and not row.expected_empty and not row.flawed:
            what = f"{row.value!r} of {row.question} is in no file"
            remedy = "Remove the row, correct the value, or write empty in the column expected."
        else:
            continue
        problems.append(Problem(what, file=crosswalk.values_file, row=row.line, column="value", remedy=remedy))


@dataclass
class _Whole:
    """The responses of all files one after the other: their groups, languages, and answers by column."""

    parts: Sequence[Answering]
    asked: Sequence[Question]
    wave: Wave
    codebook: Codebook
    groups: np.ndarray
    languages: np.ndarray
    codes: dict[str, np.ndarray]

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
        """Close questions for respondents whom routing kept from them; an answer of theirs is a problem."""
        import numpy as np

        for question in self.asked:
            closed = self._closed(question)
            if not closed.any():
                continue
            code_of = {name: code for code, name in enumerate(categories(question))}
            silent = [code_of[name] for name in ("not_answered", "not_asked", "not_offered")]
            answered = np.zeros(len(closed), dtype=bool)
            for column, _ in answer_columns(question):
                codes = self.codes[column]
                answered |= closed & ~among(codes, silent)
                codes[closed & (codes == code_of["not_answered"])] = code_of["not_routed"]
            self._refuse(answered, question)

    def _closed(self, question: Question) -> np.ndarray:
        """Find the respondents whom routing kept from a question."""
        import numpy as np

        closed = np.zeros(len(self.groups), dtype=bool)
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
            closed |= of_groups(self.groups, [group], self.wave) & ~among(self.codes[gate.id], open_to)
        return closed

    def _refuse(self, mask: np.ndarray, question: Question) -> None:
        import numpy as np

        what = f"{question.id} is answered although routing leaves it out"
        remedy = "Correct asked_if in instrument.csv, or the question that decides."
        ends = np.cumsum([part.responses.count for part in self.parts])[:-1]
        for part, own in zip(self.parts, np.split(mask, ends), strict=True):
            part.wrong(own, question, what, remedy)

    def check_totals(self) -> None:
        """Prove that every value that was mapped is in the answers, and nothing else."""
        before: Counter[str] = Counter()
        for part in self.parts:
            for row in log_of_values(part.responses):
                if row["option"] not in _NOT_CHOSEN and row["item"] not in _INSTEAD_OF_AN_ITEM:
                    before[row["question"]] += row["n"]
            before.subtract(part.repeated)
        for question in self.asked:
            columns = [self.codes[column] for column, _ in answer_columns(question)]
            after = sum(int(among(codes, chosen_codes(question)).sum()) for codes in columns)
            if after != before[question.id]:
                what = f"{question.id}: {before[question.id]} values were mapped, {after} are in the answers"
                raise RuntimeError(what)

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
