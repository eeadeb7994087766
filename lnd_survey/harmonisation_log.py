"""The log of a harmonisation: where every row and every value of the exports of a wave went."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lnd_survey.answering import Answering
from lnd_survey.answers import answer_columns, categories
from lnd_survey.codebook import MISSING, Question
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
}
"""What is said of a response that counts as it is."""

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
    """Say where each value of a file went; `merged` where several values of one language became one option."""
    coder = responses.coder
    lines = {row.line: row for row in coder.crosswalk.values}
    together: dict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for line, item in coder.counts:
        row = lines[line]
        together[row.question, item, row.language, row.option].add(folded(row.value))
    rows: list[Row] = []
    for (line, item), n in coder.counts.items():
        row = lines[line]
        merged = len(together[row.question, item, row.language, row.option]) > 1
        what = "dropped_value" if not row.option else "merged" if merged else "mapped"
        rows.append(_value_row(row.question, item, what, row.value, row.option, n) | {"reason": row.reason})
    for (question, item, number), n in coder.numbers_read.items():
        rows.append(_value_row(question, item, "mapped", number, number, n))
    return [{"file": coder.declaration.name} | row for row in rows]


def _value_row(question: str, item: str, what: str, value: str, option: str, n: int) -> Row:
    return {"question": question, "item": item, "what": what, "value": value, "option": option, "n": n}


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


def log_of_answers(
    question: Question, codes: Mapping[str, np.ndarray], wave: Wave, groups: np.ndarray, left_out: np.ndarray
) -> list[Row]:
    """Count for each item and group who answered, and each kind of missing answer."""
    import numpy as np

    names = categories(question)
    kinds = [kind for kind in MISSING if kind not in question.option_ids]
    kept = ~left_out
    cell_of_group = groups[kept].astype(np.int32) * len(names)
    shape = (len(wave.groups), len(names))
    rows: list[Row] = []
    for column, item in answer_columns(question):
        counts = np.bincount(cell_of_group + codes[column][kept], minlength=shape[0] * shape[1]).reshape(shape)
        for group, of_group in zip(wave.groups, counts.tolist(), strict=True):
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
    codes: Mapping[str, np.ndarray],
    *,
    wave: Wave,
    groups: np.ndarray,
    left_out: np.ndarray,
) -> list[Row]:
    """Account for all files of a wave."""
    rows: list[Row] = []
    for part in parts:
        rows += log_of_file(part.responses) + log_of_values(part.responses) + log_of_remarks(part)
    rows += log_of_respondents(wave, groups, left_out)
    for question in questions:
        rows += log_of_answers(question, codes, wave, groups, left_out)
    return rows + log_of_breaks(wave)
