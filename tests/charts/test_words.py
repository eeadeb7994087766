"""What a chart says: the picture in words, what stands out, its table and its metadata."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from charts.drawn_charts import (
    AGREE,
    BESIDE,
    BY_YEAR,
    GAPS,
    GRID,
    INTERVALS,
    KINDS,
    MOVES,
    NAN,
    NETS,
    OPINIONS,
    OUTLOOK,
    RANKS,
    TASKS,
    YEARS,
    cells,
    marks,
    uncertain,
)

from lnd_survey import charts
from lnd_survey.words import Words


@pytest.mark.parametrize("kind", KINDS)
def test_the_alternative_text_holds_every_number(kind, words: Words) -> None:
    chart = KINDS[kind](words)
    assert chart.alt.startswith(words.say(f"kind_{chart.kind}"))
    for key, estimate in cells(chart.frame).items():
        points = key[-1] == "difference" and chart.kind == "gaps"
        assert (words.difference(key[-1], estimate) if points else words.value(key[-1], estimate)) in chart.alt


def test_the_alternative_text_of_gaps_marks_what_is_sample_data_and_nothing_else(words: Words) -> None:
    mixed = TASKS.assign(evidence=["synthetic" if item == "coach" else "published" for item in TASKS["item"]])
    alt = charts.gaps(mixed, GAPS, words=words).alt
    assert alt.count("°") == 4  # what the sign means, both shares of one item and their difference
    assert "−39 pts°" in alt
    assert "+34 pts°" not in alt


def test_the_alternative_text_of_bars(words: Words) -> None:
    assert charts.paired_bars(TASKS[TASKS["item"].isin(["coach", "plan"])], words=words).alt == (
        "Bar chart: Tasks now. "
        "Planning: Internal departments 44%, Providers of learning 3%. "
        "Coaching: Internal departments 11%, Providers of learning 50%."
    )


def test_the_alternative_text_of_items_has_their_ranks(words: Words) -> None:
    assert (
        "Coaching, Internal departments: Less 2%, Neither 20%, More 70%, Don't know or not applicable 8%, "
        "rank 1 (2003: 3)."
    ) in charts.diverging(OUTLOOK, words=words).alt


def test_findings_are_computed(words: Words) -> None:
    assert charts.paired_bars(TASKS[TASKS["item"].isin(["coach", "plan"])], words=words).finding == (
        "Internal departments: ‘Planning’ comes first (44%). Providers of learning: ‘Coaching’ comes first (50%). "
        "The largest difference: ‘Planning’ (Internal departments 44%, Providers of learning 3%)."
    )
    assert charts.trend(YEARS, words=words).finding == (
        "Internal departments: from 50% in 2001 to 60% in 2004. Providers of learning: from 62% in 2001 to 52% in 2004."
    )
    assert charts.diverging(NETS, words=words).finding == (
        "Internal departments: 71% ‘Yes’ against 16% ‘No’. Providers of learning: 70% ‘Yes’ against 3% ‘No’."
    )
    assert charts.diverging(OUTLOOK, words=words).finding == (
        "Internal departments: ‘More’ minus ‘Less’ is highest for ‘Coaching’ (+68 pts) and lowest for "
        f"‘{words.item('outlook', 'steer')}’ (−35 pts). Providers of learning: ‘More’ minus ‘Less’ is highest for "
        "‘Planning’ (+79 pts) and lowest for ‘Teaching new colleagues in their first year’ (+20 pts)."
    )
    assert charts.diverging(OPINIONS, words=words).finding.startswith(
        "Internal departments: ‘Yes’ minus ‘Certainly not’ is highest for ‘Coaching’ (+66 pts)"
    )
    assert charts.dumbbells(MOVES, words=words).finding.endswith("The largest decrease: ‘Coaching’ (−29 pts).")
    assert charts.bump(RANKS, words=words).finding.startswith("Internal departments: ‘Carrying through")
    assert charts.stacked(BY_YEAR, words=words).finding.startswith("2003: ‘Rather’ comes first (40%).")
    assert charts.adoption(GRID, words=words).finding.startswith("In place: ‘Coaching’ comes first (70%).")


def test_no_trend_is_told_across_a_break(words: Words) -> None:
    flagged = YEARS.assign(status=["", "", "b", "", "", ""])
    assert charts.trend(flagged, words=words).finding == "Providers of learning: from 62% in 2001 to 52% in 2004."


def test_a_printed_difference_wins_over_a_computed_one(words: Words) -> None:
    import pandas as pd

    printed = MOVES[MOVES["question"] == "tasks_ideal"].assign(statistic="difference", estimate=[0.23, -0.29, 0.01])
    chart = charts.dumbbells(pd.concat([MOVES, printed]), words=words)
    told = {text.get_gid(): text.get_text() for text in chart.draw().get_children() if hasattr(text, "get_text")}
    assert told["difference|steer"] == "+23 pts"


def test_the_footer_says_where_the_numbers_come_from(words: Words) -> None:
    chart = charts.paired_bars(TASKS, words=words)
    assert chart.base == "Internal departments: n = 40; Providers of learning: n = 40"
    assert chart.source == "Paper, figure 1"
    assert chart.subtitle == "Internal departments and providers of learning, 2004 · % choosing this answer"


def test_an_option_that_stands_alone_is_named(words: Words) -> None:
    assert charts.trend(YEARS, words=words).subtitle.endswith(", 2001–2004 · % answering ‘Yes’")
    assert charts.stacked(BY_YEAR, words=words).subtitle.endswith("· in %")


def test_equal_firsts_are_told_together(words: Words) -> None:
    tied = TASKS[TASKS["group"] == "inside"].assign(estimate=[0.4, 0.4, 0.1, 0.2])
    assert charts.paired_bars(tied, words=words).finding == (
        f"Internal departments: ‘Coaching’ and ‘{words.item('tasks_now', 'steer')}’ come first together (40%)."
    )


def test_the_note_on_intervals_stands_where_one_is_drawn(words: Words) -> None:
    note = words.say("note_interval")
    for kind, draw in KINDS.items():
        chart = draw(words)
        assert (note in chart.notes) is bool(marks(chart, "interval")) is (kind in INTERVALS or chart.kind == "gaps"), (
            kind
        )
    for chart in (
        charts.stacked(uncertain(BY_YEAR), words=words, beside=uncertain(BESIDE)),
        charts.diverging(uncertain(NETS), words=words),
        charts.diverging(uncertain(OUTLOOK), words=words),
        charts.dumbbells(uncertain(MOVES), words=words),
        charts.adoption(uncertain(GRID), words=words),
        charts.bump(uncertain(RANKS), words=words),
    ):
        assert marks(chart, "interval") == {}
        assert note not in chart.notes
    only_of_the_unknown = TASKS.assign(low=[0.1 if unknown else NAN for unknown in TASKS["estimate"].isna()], high=0.2)
    assert note not in charts.paired_bars(only_of_the_unknown, words=words).notes


def test_one_year_is_no_trend(words: Words) -> None:
    assert charts.trend(YEARS[YEARS["year"] == 2003], words=words).kind == "paired_bars"


def test_parts_that_miss_a_hundred_by_rounding_are_explained(words: Words) -> None:
    rounding = words.say("note_rounding")
    assert rounding in charts.stacked(BY_YEAR, words=words).notes
    assert (
        rounding
        not in charts.stacked(BY_YEAR.assign(estimate=[0.05, 0.13, 0.1, 0.4, 0.3, 0.02] * 2), words=words).notes
    )


@pytest.mark.parametrize("kind", sorted(set(charts.__all__) - {"Chart", "gaps", "matrix", "nothing", "table"}))
def test_an_empty_frame_is_an_honest_line(kind: str, words: Words) -> None:
    for empty in (AGREE.iloc[:0], AGREE.assign(estimate=float("nan"))):
        chart = getattr(charts, kind)(empty, words=words)
        assert (chart.kind, chart.svg(), chart.png()) == ("nothing", None, None)
        assert chart.alt == "There are no numbers here for this year."
        assert chart._repr_mimebundle_()["text/plain"] == chart.alt


@pytest.mark.parametrize("kind", KINDS)
def test_metadata_goes_into_json(kind, french: Words) -> None:
    told = json.loads(json.dumps(KINDS[kind](french).metadata()))
    assert told["lang"] == "fr"
    assert told["alt"]


def test_the_table_speaks_the_language_and_keeps_the_number(french: Words) -> None:
    table = charts.stacked(AGREE, words=french, rows=("group",)).table()
    assert list(table.columns) == ["Année", "Groupe", "Réponse", "Valeur", "Nombre", "n", "Source"]
    assert table.iloc[0].tolist()[2:5] == ["Certainly not", "3\u00a0%", 0.03]


def test_importing_the_charts_is_light() -> None:
    code = "import sys, lnd_survey.charts; print(*{'pandas', 'numpy', 'matplotlib'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
