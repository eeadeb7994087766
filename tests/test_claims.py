"""Claims are recomputed from the printed numbers, and what is wrong with their table is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from lnd_survey.claims import CellName, Claim, recomputed
from lnd_survey.errors import DataError
from lnd_survey.estimates import frame
from lnd_survey.published import Cell
from lnd_survey.survey import open_survey


def printed(option: str, value: float, *, place: str = "figure 1", decimals: int = 0, split: str = "") -> Cell:
    return Cell(2003, "q", "", option, "in", "share", split, value, "%", decimals, None, "paper", place, "", (), 2)


CELLS = [
    printed("a", 39),
    printed("b", 13),
    printed("c", 48),
    printed("said", 30, place="text insight 1"),
    printed("fine", 12.5, decimals=1),
    printed("zero", 0),
]


def outcome(
    rule: str,
    value: str,
    *options: str,
    tolerance: float = 0,
    cells: list[Cell] = CELLS,
    evidence: str = "published",
) -> list[object]:
    terms = tuple(tuple(CellName(2003, "in", "q", "", name) for name in option.split("+")) for option in options)
    claim = Claim("c", "text", {"en": "text"}, rule, value, terms, (True,) * len(terms), "cells", tolerance)
    rows = [
        {
            "year": cell.year,
            "group": cell.group,
            "question": cell.question,
            "item": "",
            "option": cell.option,
            "statistic": "share",
            "estimate": cell.value / 100,
            "evidence": evidence,
        }
        for cell in cells
    ]
    [row] = recomputed([claim], estimates=frame(rows), cells=cells, lang="en").to_dict("records")
    return [row["computed"], row["outcome"]]


@pytest.mark.parametrize(
    ("rule", "value", "options", "found"),
    [
        ("value", "39", ["a"], ["39", "reproduced"]),
        ("value", "40", ["a"], ["39", "contradicted"]),
        # 13 + 48 = 61: each may be off by half, so 60 and 62 could be, and 63 could not.
        ("value", "62", ["b+c"], ["61", "rounding"]),
        ("value", "63", ["b+c"], ["61", "contradicted"]),
        # A number printed with a decimal was rounded less.
        ("value", "12.5", ["fine"], ["12.5", "reproduced"]),
        ("value", "12.7", ["fine"], ["12.5", "contradicted"]),
        ("difference", "26", ["a", "b"], ["26", "reproduced"]),
        ("difference", "27", ["a", "b"], ["26", "rounding"]),
        ("ratio", "3", ["a", "b"], ["3", "reproduced"]),
        ("percent", "75", ["a", "a+b"], ["75", "reproduced"]),
        ("mean", "26", ["a", "b"], ["26", "reproduced"]),
        ("rank", "2", ["a", "b", "c"], ["2", "reproduced"]),
        ("rank", "1", ["a", "b", "c"], ["2", "contradicted"]),
        ("rank", "1", ["fine", "b"], ["2", "rounding"]),
        ("top", "2", ["a", "b", "c"], ["2", "reproduced"]),
        ("above", "38", ["a"], ["39", "reproduced"]),
        ("above", "39", ["a"], ["39", "rounding"]),
        ("below", "38", ["a"], ["39", "contradicted"]),
        ("rises", "yes", ["b", "a", "c"], ["yes", "reproduced"]),
        ("rises", "yes", ["a", "b"], ["no", "contradicted"]),
        ("falls", "yes", ["c", "a", "b"], ["yes", "reproduced"]),
        ("falls", "yes", ["fine", "b"], ["no", "rounding"]),
        ("value", "30", ["said"], [None, "not_computable"]),
        ("value", "30", ["nowhere"], [None, "not_computable"]),
        ("ratio", "2", ["a", "zero"], [None, "not_computable"]),
        ("percent", "2", ["zero", "zero"], [None, "not_computable"]),
    ],
)
def test_a_claim_comes_out_as_reckoned_by_hand(rule, value, options, found):
    assert outcome(rule, value, *options) == found


def test_the_words_of_a_text_may_leave_a_tolerance():
    assert outcome("value", "40", "a", tolerance=1) == ["39", "reproduced"]
    assert outcome("value", "41", "a", tolerance=1) == ["39", "contradicted"]


def written(data: Path, *rows: str) -> Path:
    text = "\n".join(["claim,place,nl,en,rule,value,cells,tolerance", *rows, ""])
    (data / "raw" / "2003" / "claims.csv").write_text(text, encoding="utf-8")
    return data


GOOD = "peace,text insight 1,een woord,a word,value,25,2003/inside/wishes/peace,"


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("value,", "valu,", "row 2, column rule: 'valu' is not a rule. Nearest: value"),
        ("peace,text", "Peace,text", "row 2, column claim: 'Peace' is not an id"),
        (",25,", ",many,", "row 2, column value: 'many' is not a number"),
        (
            "/wishes/",
            "/wishs/",
            "column cells: there is no question 'wishs' in '2003/inside/wishs/peace'. Nearest: wishes",
        ),
        ("/peace", "/pease", "there is no item 'pease' in '2003/inside/wishes/pease'. Nearest: peace"),
        ("inside", "insde", "there is no group 'insde'"),
        ("2003/", "1999/", "there is no year '1999'"),
        ("/peace", "/peace//shares", "there is no statistic 'shares'"),
        ("2003/inside/wishes/peace", "2003", "'2003' is not a cell. Write year/group/question/item/option/statistic"),
        ("/peace,", "/peace; 2003/inside/wishes/time,", "gives 2 terms; 'value' takes 1"),
        ("/peace,", "/* + 2003/inside/wishes/time,", "'*' cannot be part of a sum"),
        ("/peace,", "/peace,-1", "column tolerance: '-1' is not a number from 0 up"),
        (",a word,", ",,", "column en: is empty"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(data, good, bad, said):
    with pytest.raises(DataError) as error:
        open_survey(written(data, GOOD.replace(good, bad, 1)))
    assert said in str(error.value)
    assert "claims.csv" in str(error.value)


def test_a_claim_stands_once_and_all_problems_are_said_at_once(data):
    with pytest.raises(DataError, match="'peace' stands twice") as error:
        open_survey(written(data, GOOD, GOOD, GOOD.replace("value,25", "valu,25")))
    assert "is not a rule" in str(error.value)


def test_of_all_there_are_only_the_named_one_must_be_printed(data):
    # Marks are printed of money (6.69) and time (2.17), not of peace.
    cells = "2003/inside/marks/{}//mean; 2003/inside/marks/*//mean"
    rows = [
        f"{name},text,een woord,a word,rank,{place},{cells.format(name)},"
        for name, place in (("time", 2), ("peace", 1))
    ]
    claims = open_survey(written(data, *rows)).claims(2003).set_index("claim")
    assert claims["outcome"].to_dict() == {"time": "reproduced", "peace": "not_computable"}
    alone = "money,text,een woord,a word,rank,1,2003/outside/marks/money//mean; 2003/outside/marks/*//mean,"
    path = data / "raw" / "2003" / "published.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "marks,money,,outside,mean,4.00,score,2,,paper,figure 4,,\n",
        encoding="utf-8",
    )
    (row,) = open_survey(written(data, alone)).claims(2003).to_dict("records")
    assert (row["outcome"], row["why"]) == ("not_computable", "not_printed")
    assert row["detail"].split(", ")[-2:] == ["2003/outside/marks/time//mean", "2003/outside/marks/peace//mean"]
    assert claims.loc["peace", "detail"] == "2003/inside/marks/peace//mean"


def test_a_year_without_claims_has_no_rows(data):
    assert open_survey(data).claims(2003).empty


@pytest.mark.parametrize(
    ("rule", "value", "options", "found"),
    [
        ("value", "39", ["a"], ["39", "reproduced"]),
        # What respondents answered was not rounded before: 61 is not 62.
        ("value", "62", ["b+c"], ["61", "contradicted"]),
        ("above", "39", ["a"], ["39", "contradicted"]),
        # And it is no sentence of the paper that would speak for itself.
        ("value", "30", ["said"], ["30", "reproduced"]),
    ],
)
def test_a_text_of_our_own_is_reckoned_from_answers(rule, value, options, found):
    assert outcome(rule, value, *options, evidence="survey") == found


def test_a_large_number_keeps_its_digits():
    assert outcome("value", "1234567", "a", cells=[printed("a", 123456700)]) == ["123456700", "contradicted"]
