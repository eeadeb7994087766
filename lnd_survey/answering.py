"""The columns of one file → answers to each question: what a response says to it, and what it cannot say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lnd_survey.answers import TICKED, UNTICKED, answer_columns, categories, chosen_codes
from lnd_survey.codebook import Question
from lnd_survey.coding import SourceColumn, among
from lnd_survey.crosswalk import DONT_KNOW, NONE, NOT_ANSWERED, NOT_SELECTED, REFUSED, SELECTED
from lnd_survey.errors import Problem
from lnd_survey.responses import Responses

if TYPE_CHECKING:
    import numpy as np

_MISSING = (NOT_ANSWERED, DONT_KNOW, REFUSED)

Coded = dict[str, "np.ndarray"]
"""The codes of a question by item, "" where it has none: positions in its categories."""


@dataclass
class Answering:
    """The answers of the responses of one file.

    Attributes
    ----------
    responses
        Who answers.
    codes
        By column of the answers frame: positions in the categories of its question.
    repeated
        How many cells say again what another cell of the same response says: for each column of the answers frame,
        by group and position in the categories of its question.
    remarks
        How many responses have something to be said of, by (what, question, group).
    """

    responses: Responses
    codes: dict[str, np.ndarray] = field(default_factory=dict)
    repeated: dict[str, np.ndarray] = field(default_factory=dict)
    remarks: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def answer(self, question: Question) -> None:
        """Code one question: what each response of a group that was asked it says, for each of its items."""
        responses = self.responses
        groups = responses.wave.groups_asked(question.id)
        sources, asked = responses.columns_with(question.id), responses.of_groups(groups)
        if asked.any() and not sources:
            self._note_no_column(question, groups)
        code = {"multi": self._multi, "ranking": self._ranking}.get(question.kind, self._single)
        coded = code(question, sources)
        self._check_asked(question, sources, asked, coded)
        for column, item in answer_columns(question):
            coded[item][~asked] = _code_of(question)["not_asked"]
            for group in groups:
                self._close(question, item, group, sources, coded[item])
            self.codes[column] = coded[item]

    def leave_out(self, mask: np.ndarray, questions: Iterable[Question]) -> None:
        """Take some responses out of the account of values, as if they were not there."""
        if not mask.any():
            return
        others = Answering(self.responses.only(mask))
        for question in questions:
            others.answer(question)
        counts = self.responses.coder.counts
        for decision, n in others.responses.coder.counts.items():
            counts[decision] = counts[decision] - n
        for column, table in others.repeated.items():
            self.repeated[column] = self.repeated[column] - table
        self.remarks.subtract(others.remarks)

    def remark(self, what: str, question: Question, mask: np.ndarray) -> None:
        """Count responses of which something is to be said, by group."""
        for group in self.responses.wave.groups_asked(question.id):
            n = int((mask & self.responses.of_groups([group])).sum())
            self.remarks[what, question.id, group] += n

    def wrong(self, mask: np.ndarray, question: Question, what: str, remedy: str) -> None:
        """Add a problem about the answers of some responses to a question."""
        address = _address(self.responses.columns_with(question.id), "")
        self.responses.coder.wrong(mask, address, what, remedy)

    # --- What is said, by kind of question ---------------------------------------------------

    def _single(self, question: Question, sources: Sequence[SourceColumn]) -> Coded:
        """Code a question whose columns each hold one answer, or one answer for each item."""
        code_of = _code_of(question)
        empty = code_of["not_answered"]
        targets = code_of | {kind: code_of[kind.removeprefix("@")] for kind in _MISSING}
        coded = {item: self._filled(empty) for _, item in answer_columns(question)}
        for source in sources:
            codes = self.responses.coder.codes(source, question, targets, empty=empty)
            self._combine(question, source, coded[source.row.item], codes, empty)
        return coded

    def _combine(
        self, question: Question, source: SourceColumn, codes: np.ndarray, more: np.ndarray, empty: int
    ) -> None:
        """Fill in what another column of the same item says; two columns that differ are a problem."""
        filled = more != empty
        both = filled & (codes != empty)
        if both.any():
            what = f"another column of {question.id} says something else"
            remedy = "Only one of the columns of a question may be filled."
            self.responses.coder.wrong(both & (codes != more), source.address, what, remedy)
            self._repeat(question, source.row.item, both & among(more, chosen_codes(question)), more)
        codes[filled] = more[filled]

    def _multi(self, question: Question, sources: Sequence[SourceColumn]) -> Coded:
        """Code a pick-n question: an item is (not) selected only if the respondent answered at all."""
        import numpy as np

        code_of = _code_of(question)
        ticks = self._ticks(question, sources)
        chosen = np.add.reduce([ticks[item] for item in question.item_ids], dtype=np.int16)
        answered = (chosen > 0) | ticks[NONE]
        beside = (chosen > 0) & (ticks[NONE] | ticks[DONT_KNOW] | ticks[REFUSED])
        self.remark("contradicted", question, beside)
        self._check_limit(question, sources, chosen)
        unanswered = self._filled(code_of["not_answered"])
        unanswered[ticks[REFUSED]] = code_of["refused"]
        unanswered[ticks[DONT_KNOW]] = code_of["dont_know"]
        return {
            item: np.where(
                answered, np.where(ticks[item], code_of[TICKED], code_of[UNTICKED]).astype(np.int8), unanswered
            )
            for item in question.item_ids
        }

    def _ticks(self, question: Question, sources: Sequence[SourceColumn]) -> Coded:
        """Say for each item, and for what can be said instead of one, who ticked it."""
        marks = (*question.item_ids, NONE, DONT_KNOW, REFUSED)
        ticks = {mark: self._filled(0).astype(bool) for mark in marks}
        for source in sources:
            own = source.row.item
            if own:
                targets = {SELECTED: marks.index(own), own: marks.index(own)}
                targets |= {kind: marks.index(kind) for kind in (NONE, DONT_KNOW, REFUSED)}
                targets |= dict.fromkeys((NOT_SELECTED, NOT_ANSWERED), -1)
                codes = self.responses.coder.codes(source, question, targets, empty=-1)
                times = {mark: (codes == marks.index(mark)) for mark in (own, NONE, DONT_KNOW, REFUSED)}
            else:
                table = self.responses.coder.ticks(source, question, marks)
                times = {mark: table[:, place] for place, mark in enumerate(marks)}
            for mark, count in times.items():
                ticked = count > 0
                first = ticked & ~ticks[mark]
                if mark in question.item_ids and int(count.sum()) > int(first.sum()):
                    self._repeat(question, mark, ticked, _code_of(question)[TICKED], times=count.astype(int) - first)
                ticks[mark] |= ticked
        return ticks

    def _check_limit(self, question: Question, sources: Sequence[SourceColumn], chosen: np.ndarray) -> None:
        for group in self.responses.wave.groups_asked(question.id):
            asked = self.responses.wave.instrument[question.id, group]
            if asked.max_choices is None:
                continue
            over = self.responses.of_groups([group]) & (chosen > asked.max_choices)
            if asked.limit_enforced:
                what = f"more than {asked.max_choices} of {question.id} ticked"
                remedy = "If more could be ticked, write limit_enforced: no in instrument.csv."
                self.responses.coder.wrong(over, _address(sources, ""), what, remedy)
            else:
                self.remark("over_limit", question, over)

    def _ranking(self, question: Question, sources: Sequence[SourceColumn]) -> Coded:
        """Code a ranking: the rank of each item, whether a column holds ranks or items."""
        import numpy as np

        code_of, coder = _code_of(question), self.responses.coder
        empty = code_of["not_answered"]
        ranks = self._single(question, [source for source in sources if source.row.item])
        places = {name: place for place, name in enumerate((*question.item_ids, DONT_KNOW, REFUSED))}
        instead = {DONT_KNOW: self._filled(0).astype(bool), REFUSED: self._filled(0).astype(bool)}
        for source in sources:
            if source.row.rank is None:
                continue
            codes = coder.codes(source, question, places | {NOT_ANSWERED: -1}, empty=-1)
            rank = code_of[str(source.row.rank)]
            for item in question.item_ids:
                here = codes == places[item]
                again = here & (ranks[item] == rank)
                if again.any():
                    self._repeat(question, item, again, rank)
                twice = here & (ranks[item] != empty) & ~again
                coder.wrong(twice, source.address, f"{item!r} has two ranks", "An item can have one rank only.")
                ranks[item][here] = rank
            for kind, said in instead.items():
                said |= codes == places[kind]
        for number in question.numbers:
            given = np.add.reduce([codes == code_of[str(number)] for codes in ranks.values()], dtype=np.int8)
            what = f"rank {number} of {question.id} is given twice"
            coder.wrong(given > 1, _address(sources, ""), what, "Ranks must differ.")
        for kind, said in instead.items():
            for codes in ranks.values():
                codes[said & (codes == empty)] = code_of[kind.removeprefix("@")]
        return ranks

    # --- What cannot be said -----------------------------------------------------------------

    def _note_no_column(self, question: Question, groups: Iterable[str]) -> None:
        coder = self.responses.coder
        crosswalk = coder.crosswalk
        decisions = crosswalk.columns_of(coder.declaration.name).values()
        if any(row.question == question.id for rows in decisions for row in rows):
            return  # that row is a problem already: it is flawed, or there is no such column
        here = [group for group in groups if self.responses.of_groups([group]).any()]
        what = f"{question.id} was asked of {', '.join(here)}, but no column holds it"
        remedy = f"Give its column a row in {crosswalk.columns_file}, or correct instrument.csv."
        coder.problems.append(Problem(what, file=coder.export.file, remedy=remedy))

    def _check_asked(
        self, question: Question, sources: Sequence[SourceColumn], asked: np.ndarray, coded: Mapping[str, np.ndarray]
    ) -> None:
        """Refuse answers of groups that were not asked, once for the whole question."""
        import numpy as np

        if asked.all():
            return
        empty = _code_of(question)["not_answered"]
        by_item = {item: (codes != empty) & ~asked for item, codes in coded.items()}
        wrong = np.logical_or.reduce(list(by_item.values()))
        first = next((item for item, mask in by_item.items() if mask.any()), "")
        groups = [name for name in self.responses.wave.groups if (self.responses.of_groups([name]) & wrong).any()]
        what = f"{question.id} is answered by {', '.join(groups)}, who were not asked"
        remedy = "Give the question a row for that group in instrument.csv, or drop the column for that file."
        self.responses.coder.wrong(wrong, _address(sources, first), what, remedy)

    def _close(
        self, question: Question, item: str, group: str, sources: Sequence[SourceColumn], codes: np.ndarray
    ) -> None:
        """Refuse options and items that a group was not offered, and mark such an item."""
        import numpy as np

        asked = self.responses.wave.instrument[question.id, group]
        mask = self.responses.of_groups([group])
        if item and item not in asked.items_of(question):
            given = mask & among(codes, chosen_codes(question))
            column = "items" if question.options else "offered"
            self._refuse(question, item, given, group, sources, (item, column, asked.items_of(question)))
            codes[mask] = _code_of(question)["not_offered"]
            return
        offered, present = asked.options_of(question), np.bincount(codes[mask], minlength=len(categories(question)))
        for option, code in _code_of(question).items():
            if option in question.option_ids and option not in offered and present[code]:
                given = mask & (codes == code)
                self._refuse(question, option, given, group, sources, (item, "offered", offered))

    def _refuse(
        self,
        question: Question,
        name: str,
        given: np.ndarray,
        group: str,
        sources: Sequence[SourceColumn],
        place: tuple[str, str, Sequence[str]],
    ) -> None:
        item, column, offered = place
        what = f"{question.id}: {name!r} was not offered to {group}, but chosen"
        remedy = f"Map the value to one of {', '.join(offered)}, or add it to {column} in instrument.csv."
        self.responses.coder.wrong(given, _address(sources, item), what, remedy)

    def _repeat(
        self, question: Question, item: str, mask: np.ndarray, codes: np.ndarray | int, *, times: np.ndarray | int = 1
    ) -> None:
        """Note that some responses say again, so many times, what another cell of theirs says already."""
        import numpy as np

        column = next(column for column, of in answer_columns(question) if of == item)
        shape = (len(self.responses.wave.groups), len(categories(question)))
        table = self.repeated.setdefault(column, np.zeros(shape, dtype=np.int64))
        said, often = np.broadcast_to(codes, mask.shape)[mask], np.broadcast_to(times, mask.shape)[mask]
        np.add.at(table, (self.responses.groups[mask], said), often)

    def _filled(self, code: int) -> np.ndarray:
        import numpy as np

        return np.full(self.responses.count, code, dtype=np.int8)


def _code_of(question: Question) -> dict[str, int]:
    return {name: code for code, name in enumerate(categories(question))}


def _address(sources: Sequence[SourceColumn], item: str) -> str:
    """Give the column of an item, else the first of the question."""
    of_item = [source.address for source in sources if source.row.item == item]
    return next(iter([*of_item, *(source.address for source in sources)]), "")
