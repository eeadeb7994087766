"""The names of single numbers, as files write them: `year/group/question/item/option/statistic`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lnd_survey.errors import choices
from lnd_survey.estimates import UNIT, Row

if TYPE_CHECKING:
    from lnd_survey.codebook import Codebook, Question

PARTS = ("year", "group", "question", "item", "option", "statistic")

ANY = "*"
"""What stands for all items, or all options, of a question."""


@dataclass(frozen=True)
class CellName:
    """The name of one number."""

    year: int
    group: str
    question: str
    item: str = ""
    option: str = ""
    statistic: str = "share"

    def __str__(self) -> str:
        statistic = "" if self.statistic == "share" else self.statistic
        return "/".join([str(self.year), self.group, self.question, self.item, self.option, statistic]).rstrip("/")


def name_of(row: Row) -> CellName:
    """Name the number of a row of estimates.

    Examples
    --------
    >>> print(name_of({"year": 2022, "group": "in", "question": "q", "item": "", "option": "a", "statistic": "share"}))
    2022/in/q//a
    """
    return CellName(int(row["year"]), *(row[part] for part in PARTS[1:]))


def read_names(
    text: str, *, codebook: Codebook, years: Iterable[int], wrong: Callable[[str, str], None]
) -> list[CellName]:
    """Read the name of a number, or of several where `*` stands for all items or options.

    Parameters
    ----------
    text
        The name; what is empty at its end may be left out, and without a statistic it is a share.
    codebook, years
        What it may name.
    wrong
        Is told everything that is wrong with it, and what to do.

    Returns
    -------
    list of CellName
        Empty if anything is wrong.

    Examples
    --------
    >>> import lnd_survey as lnd
    >>> survey = lnd.open_survey()
    >>> print(*read_names("2022/business/tech_skills//*", codebook=survey.codebook, years=[2022], wrong=print))
    2022/business/tech_skills//no 2022/business/tech_skills//yes
    """
    parts = [part.strip() for part in text.split("/")]
    if not 3 <= len(parts) <= len(PARTS):
        wrong(f"{text!r} is not a cell", f"Write {'/'.join(PARTS)}.")
        return []
    year, group, question, item, option, statistic = parts + [""] * (len(PARTS) - len(parts))
    known: Question | None = codebook.questions.get(question)
    allowed: dict[str, tuple[str, Iterable[object]]] = {
        "year": (year, years),
        "group": (group, codebook.groups),
        "question": (question, codebook.questions),
        "statistic": (statistic or "share", UNIT),
    }
    if known:
        allowed["item"] = (item, ["", *known.item_ids, *([ANY] if known.item_ids else [])])
        allowed["option"] = (option, ["", *known.option_ids, *([ANY] if known.option_ids else [])])
    refused = [
        (part, said, [*map(str, names)]) for part, (said, names) in allowed.items() if said not in set(map(str, names))
    ]
    for part, said, names in refused:
        wrong(f"there is no {part} {said!r} in {text!r}", choices(filter(None, names), near=said))
    if refused or known is None:
        return []
    items = known.item_ids if item == ANY else (item,)
    options = known.option_ids if option == ANY else (option,)
    return [CellName(int(year), group, question, i, o, statistic or "share") for i in items for o in options]
