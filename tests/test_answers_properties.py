"""What must not matter to answers and estimates, and what must always hold, for any answers."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from drawn_wave import ANSWERS, INSTRUMENT, VALUES, WAVE, changed, write_wave
from hypothesis import given, settings
from hypothesis import strategies as st

from lnd_survey.codebook import MISSING, read_codebook
from lnd_survey.crosswalk import read_crosswalk
from lnd_survey.estimate import estimate_rows
from lnd_survey.harmonisation_log import EXCLUDED
from lnd_survey.processed import read_answers
from lnd_survey.series import at_level
from lnd_survey.wave import read_wave

few = settings(max_examples=25, deadline=None)

# Every value is expected to be there or not: what is drawn need not have all of them.
HEADER = ANSWERS.splitlines()[0].split(",")
TICKS = ("h1", "h2", "h3")
WISHES = {
    "nl": {"inside": ("Geld", "Tijd, rust", "Vrede"), "outside": ("Geld", "Vrede")},
    "en": {"inside": ("Money", "Time, rest", "Peace"), "outside": ("Money", "Peace")},
}
USES = {
    "nl": {"inside": ("Nee", "Vaak", "Zelden", "Weet niet", ""), "outside": ("Nee", "Ja", "Weet niet", "")},
    "en": {"inside": ("No", "Often", "Rarely", "Don't know", ""), "outside": ("No", "Yes", "Don't know", "")},
}
TRANSLATED = dict(
    zip(
        [word for kinds in (USES, WISHES) for words in kinds["nl"].values() for word in words],
        [word for kinds in (USES, WISHES) for words in kinds["en"].values() for word in words],
        strict=True,
    )
)
ALL_VALUES = (
    VALUES.replace(",empty,", ",,")
    + ',use,,en,Don\'t know,unknown,,\n,wishes,,en,"Time, rest",time,,\n,wishes,,nl,Geen van deze,@none,,\n'
)


NOT_MET = ("is in no file", "occurs only in rows that do not count")


@st.composite
def respondents(draw, *, most=8):
    """Responses in Dutch or English that keep to the routing, the limits and what was offered."""
    rows = []
    for place in range(draw(st.integers(1, most))):
        group, language = draw(st.sampled_from(["inside", "outside"])), draw(st.sampled_from(["nl", "en"]))
        row = dict.fromkeys(HEADER, "") | {"id": str(place), "lang": language, "status": "ok"}
        row["kind"] = "L&D" if group == "inside" else "seller"
        row["use"] = draw(st.sampled_from(USES[language][group]))
        row["wishes"] = ", ".join(draw(st.lists(st.sampled_from(WISHES[language][group]), max_size=2, unique=True)))
        if group == "inside":
            if row["use"] in ("Vaak", "Zelden", "Often", "Rarely"):
                row |= {name: draw(st.sampled_from(["", "x"])) for name in (*TICKS, "h0")}
            row["first"], row["second"] = draw(
                st.sampled_from([("", ""), ("home", ""), ("home", "work"), ("work", "home")])
            )
            row |= {name: draw(st.sampled_from(["", "1", "4.0", "5"])) for name in ("m1", "m2")}
        else:
            row |= {name: draw(st.sampled_from(["", "have", "soon", "never"])) for name in ("saw", "axe")}
        rows.append(row)
    return rows


def written(rows, header=HEADER) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def harmonised(files, *, instrument=INSTRUMENT, header=HEADER):
    """Answers of the drawn wave with these responses, which need not have every value of values.csv."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"{place}.csv" for place in range(len(files))]
        listed = "".join(
            f"    - {{name: {name}, format: csv, rows: {len(rows)}}}\n" for name, rows in zip(names, files, strict=True)
        )
        old = "    - {name: answers.csv, format: csv, layout: plain, rows: 10}\n"
        data = write_wave(Path(folder), wave=changed(WAVE, (old, listed)), instrument=instrument, values=ALL_VALUES)
        for name, rows in zip(names, files, strict=True):
            (data / "raw/2005" / name).write_text(written(rows, header), encoding="utf-8")
        problems: list = []
        codebook = read_codebook(data / "codebook")
        wave = read_wave(data / "raw/2005", codebook, problems)
        crosswalk = read_crosswalk(wave, codebook, problems)
        found = read_answers(wave, codebook=codebook, crosswalk=crosswalk, problems=problems)
        # Values that no one chose are to be marked so, by whoever keeps the table.
        unmet = {problem.row for problem in problems if problem.what.endswith(NOT_MET)}
        assert len(unmet) == len(problems), [str(problem) for problem in problems]
        if unmet:
            lines = ALL_VALUES.splitlines()
            marked = [
                line if place not in unmet else ",".join([*line.rsplit(",", 2)[:1], "empty", line.rsplit(",", 1)[1]])
                for place, line in enumerate(lines, start=1)
            ]
            (data / "raw/2005/values.csv").write_text("\n".join(marked) + "\n", encoding="utf-8")
            crosswalk = read_crosswalk(wave, codebook, problems := [])
            found = read_answers(wave, codebook=codebook, crosswalk=crosswalk, problems=problems)
            assert problems == []
        return found, wave, codebook


def estimated(found, wave, codebook):
    return [
        plain({name: value for name, value in row.items() if name != "source"})
        for question in codebook.questions
        for row in estimate_rows(found.frame, question, wave=wave, codebook=codebook)
    ]


def plain(value):
    """Values that equal themselves, also where they cannot be computed."""
    if isinstance(value, dict):
        return {name: plain(own) for name, own in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value) if value != value else value


def frame(rows, **options):
    return harmonised([rows], **options)[0].frame


def equal(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    return True


# --- What does not matter --------------------------------------------------------------------


@few
@given(respondents(), st.randoms())
def test_the_order_of_rows(rows, chance):
    order = list(range(len(rows)))
    chance.shuffle(order)
    before, wave, codebook = harmonised([rows])
    after, *_ = harmonised([[rows[place] for place in order]])
    assert equal(after.frame, before.frame.iloc[order].reset_index(drop=True))
    assert estimated(after, wave, codebook) == estimated(before, wave, codebook)


@few
@given(respondents(), st.permutations(HEADER))
def test_the_order_of_columns(rows, header):
    assert equal(frame(rows), frame(rows, header=header))


@few
@given(respondents(), st.data())
def test_a_file_in_two(rows, data):
    # With ids that no other file has: whether these are the same people need not be said.
    if len(rows) > 1:
        cut = data.draw(st.integers(1, len(rows) - 1))
        whole, wave, codebook = harmonised([rows])
        parts, *_ = harmonised([rows[:cut], rows[cut:]])
        assert equal(whole.frame, parts.frame)
        assert estimated(whole, wave, codebook) == estimated(parts, wave, codebook)


@few
@given(respondents())
def test_the_language_of_the_labels(rows):
    english = [dict(row, lang="en") for row in rows]
    for row in english:
        row["use"] = TRANSLATED.get(row["use"], row["use"])
        for dutch, word in TRANSLATED.items():
            row["wishes"] = row["wishes"].replace(dutch, word) if dutch else row["wishes"]
    assert equal(frame(rows).drop(columns="language"), frame(english).drop(columns="language"))


def padded(draw, text):
    """The same text as another tool, system or typist may write it."""
    if not text:
        return draw(st.sampled_from(["", " ", "\u00a0", "\t"]))
    text = draw(st.sampled_from([str, str.upper, str.title, str.lower]))(text)
    text = text.replace("'", draw(st.sampled_from(["'", "’", "‘"])))
    # A blank after a comma parts the answers in one cell.
    blank = draw(st.sampled_from([" ", "\u00a0", "  "])) if ", " not in text else " "
    text = text.replace(" ", blank)
    return draw(st.sampled_from(["", " ", "\u00a0"])) + text + draw(st.sampled_from(["", " ", "\u202f"]))


@few
@given(respondents(), st.data())
def test_how_values_are_typed(rows, data):
    kept = ("id", "mail")
    typed = [{n: text if n in kept else padded(data.draw, text) for n, text in row.items()} for row in rows]
    assert equal(frame(rows), frame(typed))


# --- What always holds -----------------------------------------------------------------------


@few
@given(respondents(), st.lists(st.integers(0, 7), max_size=4), st.lists(st.integers(0, 7), max_size=3))
def test_every_row_is_accounted_for(rows, again, tests):
    repeated = [dict(rows[place]) for place in again if place < len(rows)]
    of_tests = [dict(rows[place], status="test", use="nonsense") for place in tests if place < len(rows)]
    found, *_ = harmonised([[*rows, *of_tests, *repeated]])
    total = found.log.groupby("what")["n"].sum()
    assert total["read"] == len(rows) + len(repeated) + len(of_tests)
    assert total["respondents"] == len(rows) == len(found.frame)
    assert total["read"] == total["respondents"] + sum(total.get(kind, 0) for kind in EXCLUDED)
    assert total.get("test_entry", 0) == len(of_tests)
    of_group = found.log[found.log["what"] == "respondents"].set_index("group")["n"]
    cells = found.log[found.log["what"].isin(["answered", *MISSING])].groupby(["question", "item", "group"])["n"].sum()
    assert all(n == of_group[group] for (_, _, group), n in cells.items())
    # What the crosswalk made of the cells of one question is what its column holds.
    mapped = found.log[(found.log["question"] == "use") & found.log["what"].isin(["mapped", "merged"])]
    held = found.frame["use"].astype(str).value_counts().to_dict()
    held.pop("not_answered", None)
    assert mapped.groupby("option")["n"].sum().to_dict() == held


@few
@given(respondents(most=12))
def test_merging_then_estimating_is_estimating_then_merging(rows):
    wider = {"Vaak": "Ja", "Zelden": "Ja", "Often": "Yes", "Rarely": "Yes"}
    merged = [row | {"use": wider.get(row["use"], row["use"])} | dict.fromkeys((*TICKS, "h0"), "") for row in rows]
    offers_nets = changed(INSTRUMENT, ("other_words,,\n", "other_words,no yes unknown,\n"))

    def nets(found, wave, codebook):
        estimates = estimate_rows(found.frame, "use", wave=wave, codebook=codebook)
        level = at_level(estimates, question=codebook.questions["use"], level="nets")
        return {(row["group"], row["option"]): round(row["estimate"], 9) for row in level}

    assert nets(*harmonised([rows])) == nets(*harmonised([merged], instrument=offers_nets))


@few
@given(respondents(most=12))
def test_shares_of_ticks(rows):
    found, wave, codebook = harmonised([rows])
    for question in ("wishes", "hopes"):
        shares = {
            (row["group"], row["item"]): row["estimate"]
            for row in estimate_rows(found.frame, question, wave=wave, codebook=codebook)
        }
        assert all(0 <= share <= 1 for share in shares.values())
        if ("inside", "gains") in shares:
            parts = [shares["inside", item] for item in ("money", "time")]
            assert max(parts) <= shares["inside", "gains"] <= sum(parts) + 1e-12
        # What was not offered has no share, and is not 0.
        assert not {key for key in shares if key[0] == "outside"} - {("outside", "money"), ("outside", "peace")}
