"""The log of a harmonisation: where every row and every value of the exports of a wave went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lnd_survey.answering import Answering
from lnd_survey.answers import TICKED, answer_columns, categories, chosen_codes
from lnd_survey.codebook import MISSING, Question
from lnd_survey.coding import Decision
from lnd_survey.crosswalk import DONT_KNOW, NONE, NOT_ANSWERED, NOT_SELECTED, REFUSED
from lnd_survey.folding import folded
from lnd_survey.responses import Responses
from lnd_survey.wave import Wave

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

LOG = ("year", "file", "question", "item", "group", "what", "value", "option", "reason", "n")
"""The columns of a harmonisation log."""

EXCLUDED = ("test_entry", "duplicate", "other_group", "incomplete")
"""Why a row does not count."""

REMARKS = {
    "over_limit": "above the limit of choices, which was not enforced",
    "contradicted": "with an item ticked beside none, don't know or refused, of which the item counts",
    "gate_skipped": "where the question that decides who is asked was skipped",
}
"""What is said of a response that counts as it is."""

Tables = Mapping[str, "np.ndarray"]
"""For each column of an answers frame how many hold what: by group and position in the categories of its question."""

_NOT_CHOSEN = ("", NOT_SELECTED, NONE, NOT_ANSWERED, DONT_KNOW, REFUSED)
_INSTEAD_OF_AN_ITEM = (NONE, DONT_KNOW, REFUSED)

Row = dict[str, Any]


def summary(log: pd.DataFrame) -> str:
    """Say in a few words where the rows and values of a wave went.

    Parameters
    ----------
    log
        A harmonisation log.
    """
    total = log.groupby("what")["n"].sum().to_dict()
    rows_of = log["what"].value_counts()
    out = {what: total[what] for what in EXCLUDED if what in total}
    respondents = log[log["what"] == "respondents"]
    groups = dict(zip(respondents["group"], respondents["n"], strict=True))
    missing = "".join(f", {total[kind]} {_plain(kind)}" for kind in MISSING if kind in total)
    questions = log.loc[log["what"] == "answered", "question"].nunique()
    remarks = "".join(f"; {total[what]} answers {words}" for what, words in REMARKS.items() if what in total)
    read, kept, answered = (total.get(what, 0) for what in ("read", "respondents", "answered"))
    merged, values, columns = (rows_of.get(what, 0) for what in ("merged", "dropped_value", "dropped_column"))
    return (
        f"{read} rows read, {sum(out.values())} left out{_listed(out)}, "
        f"{kept} respondents{_listed(groups, number_first=False)}; {questions} questions: {answered} answers{missing}; "
        f"{merged} values merged, {values} values and {columns} columns dropped{remarks}"
    )


def _listed(counts: Mapping[str, int], *, number_first: bool = True) -> str:
    parts = [f"{n} {_plain(name)}" if number_first else f"{name} {n}" for name, n in counts.items()]
    return f" ({', '.join(parts)})" if parts else ""


def _plain(kind: str) -> str:
    return kind.replace("_", " ")


def log_frame(rows: Iterable[Row], year: int) -> pd.DataFrame:
    """Make a log of rows; counts of nothing are left out."""
    import pandas as pd

    kept = [row for row in rows if row["n"] or row["what"] == "break"]
    columns: dict[str, Any] = {name: pd.array([row.get(name, "") for row in kept], dtype="str") for name in LOG}
    columns |= {"year": [year] * len(kept), "n": [row["n"] for row in kept]}
    return pd.DataFrame(columns).astype({"year": "int64", "n": "int64"})


def log_of_file(responses: Responses) -> list[Row]:
    """Account for the rows and columns of a file."""
    coder = responses.coder
    rows: list[Row] = [{"what": "read", "n": len(coder.export.numbers)}]
    rows += [{"what": kind, "n": n} for kind, n in responses.excluded.items()]
    rows += [
        {"what": "dropped_column", "value": address, "reason": row.reason, "n": 1}
        for address, decisions in responses.columns.items()
        for row in decisions
        if not row.question
    ]
    return [{"file": coder.declaration.name} | row for row in rows]


def log_of_values(responses: Responses) -> list[Row]:
    """Say where each value of a file went, by group where that is known.

    Of answers those of respondents who count; of what says who a response is from, all. `merged` where several values
    of one language became one option.
    """
    coder, groups = responses.coder, (*responses.wave.groups, "")
    lines = {row.line: row for row in coder.crosswalk.values}
    # The ranks of a column do not matter here.
    went: dict[tuple[int, str, str, str], np.ndarray] = {}
    for decision, n in coder.counts.items():
        key = (decision.line, decision.question, decision.item, decision.option)
        went[key] = went[key] + n if key in went else n
    together: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for (line, question, item, option), n in went.items():
        if line and n.any():
            together[question, item, lines[line].language, option].add(folded(lines[line].value))
    rows: list[Row] = []
    # Numbers that need no row come last.
    for (line, question, item, option), by_group in sorted(went.items(), key=lambda entry: not entry[0][0]):
        row = lines.get(line)
        merged = row is not None and len(together[question, item, row.language, option]) > 1
        of_value = {
            "question": question,
            "item": item,
            "what": "dropped_value" if not option else "merged" if merged else "mapped",
            "value": row.value if row is not None else option,
            "option": option,
            "reason": row.reason if row is not None else "",
        }
        rows += [of_value | {"group": group, "n": n} for group, n in zip(groups, by_group.tolist(), strict=True)]
    return [{"file": coder.declaration.name} | row for row in rows]


def log_of_repeated(answering: Answering, questions: Iterable[Question]) -> list[Row]:
    """Count the values that say again what another cell of the same response says: they are mapped, but add nothing."""
    rows: list[Row] = []
    for question in questions:
        for column, item in answer_columns(question):
            if column in answering.repeated:
                of_item = {"what": "repeated", "question": question.id, "item": item}
                for group, counts in zip(answering.responses.wave.groups, answering.repeated[column], strict=True):
                    names = zip(categories(question), counts.tolist(), strict=True)
                    rows += [of_item | {"group": group, "option": name, "n": n} for name, n in names]
    return [{"file": answering.responses.coder.declaration.name} | row for row in rows]


def answer_tables(
    questions: Iterable[Question], codes: Mapping[str, np.ndarray], wave: Wave, groups: np.ndarray
) -> dict[str, np.ndarray]:
    """Count what the cells of each column of an answers frame hold, by group."""
    import numpy as np

    tables: dict[str, np.ndarray] = {}
    for question in questions:
        shape = (len(wave.groups), len(categories(question)))
        cell_of_group = groups.astype(np.intp) * shape[1]
        for column, _ in answer_columns(question):
            counts = np.bincount(cell_of_group + codes[column], minlength=shape[0] * shape[1])
            tables[column] = counts.reshape(shape)
    return tables


def check_totals(parts: Iterable[Answering], questions: Iterable[Question], tables: Tables) -> None:
    """Prove that every value that was mapped is in the answers, in its place and group, and nothing else is.

    Parameters
    ----------
    parts
        All files, with their account of values.
    questions
        What was asked.
    tables
        What the answers hold.

    Raises
    ------
    RuntimeError
        Where they differ: never because of what is in a file.
    """
    import numpy as np

    asked = {question.id: question for question in questions}
    column_of = {(name, item): column for name in asked for column, item in answer_columns(asked[name])}
    mapped = {column: np.zeros_like(tables[column]) for column in column_of.values()}
    for part in parts:
        for decision, n in part.responses.coder.counts.items():
            place = _place(decision, asked)
            if place is not None:
                item, name = place
                position = categories(asked[decision.question]).index(name)
                mapped[column_of[decision.question, item]][:, position] += n[:-1]
        for column, table in part.repeated.items():
            mapped[column] -= table
    for (name, _), column in column_of.items():
        chosen = chosen_codes(asked[name])
        wrong = mapped[column][:, chosen] != tables[column][:, chosen]
        if wrong.any():
            group, position = np.argwhere(wrong)[0].tolist()
            before, after = (int(table[group, position]) for table in (mapped[column], tables[column]))
            what = f"{categories(asked[name])[position]!r} of {column} was mapped {before} times"
            raise RuntimeError(f"{what}, but is {after} times in the answers")


def _place(decision: Decision, asked: Mapping[str, Question]) -> tuple[str, str] | None:
    """Say in the column of which item a value must be found, as what; None where it chose nothing."""
    question = asked.get(decision.question)
    if question is None or decision.option in _NOT_CHOSEN or decision.item in _INSTEAD_OF_AN_ITEM:
        return None
    if question.kind == "multi":
        return decision.item or decision.option, TICKED
    if decision.rank is not None:
        return decision.option, str(decision.rank)
    return decision.item, decision.option


def log_of_remarks(answering: Answering) -> list[Row]:
    """Count the answers of a file that count as they are, but about which something is to be said."""
    file = answering.responses.coder.declaration.name
    return [
        {"file": file, "what": what, "question": question, "group": group, "n": n}
        for (what, question, group), n in answering.remarks.items()
    ]


def log_of_respondents(wave: Wave, groups: np.ndarray, left_out: np.ndarray) -> list[Row]:
    """Count the respondents of each group, and those left out as incomplete."""
    rows: list[Row] = []
    for position, group in enumerate(wave.groups):
        here = groups == position
        rows.append({"what": "incomplete", "group": group, "n": int((here & left_out).sum())})
        rows.append({"what": "respondents", "group": group, "n": int((here & ~left_out).sum())})
    return rows


def log_of_answers(question: Question, tables: Tables, wave: Wave) -> list[Row]:
    """Count for each item and group who answered, and each kind of missing answer."""
    names = categories(question)
    kinds = [kind for kind in MISSING if kind not in question.option_ids]
    rows: list[Row] = []
    for column, item in answer_columns(question):
        for group, of_group in zip(wave.groups, tables[column].tolist(), strict=True):
            missing = {kind: of_group[names.index(kind)] for kind in kinds}
            of_cell = {"question": question.id, "item": item, "group": group}
            rows.append(of_cell | {"what": "answered", "n": sum(of_group) - sum(missing.values())})
            rows += [of_cell | {"what": kind, "n": n} for kind, n in missing.items()]
    return rows


def log_of_breaks(wave: Wave) -> list[Row]:
    """Repeat where the instrument breaks with earlier years, and why."""
    return [
        {
            "what": "break",
            "question": name,
            "group": group,
            "value": asked.flag,
            "reason": " ".join(asked.notes),
            "n": 0,
        }
        for (name, group), asked in wave.instrument.items()
        if asked.flag
    ]


def all_rows(
    parts: Sequence[Answering],
    questions: Sequence[Question],
    tables: Tables,
    *,
    wave: Wave,
    groups: np.ndarray,
    left_out: np.ndarray,
) -> list[Row]:
    """Account for all files of a wave; parts and tables are of the respondents who are not left out."""
    rows: list[Row] = []
    for part in parts:
        rows += log_of_file(part.responses) + log_of_values(part.responses)
        rows += log_of_repeated(part, questions) + log_of_remarks(part)
    rows += log_of_respondents(wave, groups, left_out)
    for question in questions:
        rows += log_of_answers(question, tables, wave)
    return rows + log_of_breaks(wave)
