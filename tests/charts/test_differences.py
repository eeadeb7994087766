"""Clear differences: marked exactly where they are, and told in notes, tables and alternative texts."""

from __future__ import annotations

import pytest
from charts.drawn_charts import AGREE, MEANS, MOVES, TASKS, YEARS, compared, texts

from lnd_survey import charts
from lnd_survey.charts.chart import Chart
from lnd_survey.words import Words

FIRST, SECOND = "inside", "outside"


def starred(chart: Chart) -> list[str]:
    return [text for text in texts(chart, "item") if text.endswith("\u00a0*")]


VERDICTS = {("coach", ""): "higher", ("plan", ""): "no_clear_difference", ("steer", ""): "undecided"}


def test_bars_are_marked_where_the_verdict_is_clear(words: Words) -> None:
    plain = charts.paired_bars(TASKS, words=words)
    chart = plain.marked(compared(VERDICTS, "tasks_now"))
    assert starred(plain) == []
    assert starred(chart) == ["Coaching\u00a0*"]
    assert starred(chart.narrow()) == ["Coaching\u00a0*"]
    first, second = words.group(FIRST), words.group(SECOND)
    assert chart.notes[len(plain.notes) :] == (
        f"* Clear difference between {first} and {second} (95%, corrected; comparisons: 3).",
        "For 1 of them it depends on how numbers were rounded.",
    )
    assert f"‘Coaching’ ({first} higher)" in chart.alt
    table = chart.table()
    of_coach = table[table["Item"] == "Coaching"].set_index("Group")["Clear difference"]
    assert of_coach.to_dict() == {first: "higher", second: "lower"}
    assert set(table.loc[table["Item"] != "Coaching", "Clear difference"]) == {""}


def test_a_finding_names_no_gap_that_is_not_clear(words: Words) -> None:
    for verdict in ("higher", "no_clear_difference"):
        chart = charts.paired_bars(TASKS, words=words).marked(compared({("coach", ""): verdict}, "tasks_now"))
        assert ("difference: ‘Coaching’" in chart.finding) == (verdict == "higher")
        assert chart.finding.count("difference") == (verdict == "higher")


@pytest.mark.parametrize("verdict", ["not_comparable"])
def test_what_was_not_tested_leaves_the_chart_as_it_is(verdict, words: Words) -> None:
    plain = charts.paired_bars(TASKS, words=words)
    assert plain.marked(compared({("coach", ""): verdict}, "tasks_now")) is plain
    assert plain.marked(compared({}, "tasks_now")) is plain


def test_dumbbells_are_marked_by_the_comparison_of_both_questions(words: Words) -> None:
    questions = list(dict.fromkeys(MOVES["question"]))
    verdicts = {("coach", ""): "higher", ("plan", ""): "no_clear_difference"}
    chart = charts.dumbbells(MOVES, words=words).marked(compared(verdicts, questions[0], *questions))
    assert starred(chart) == ["Coaching\u00a0*"]
    assert "‘Coaching’" in chart.finding
    assert chart.finding.count("The largest") == 1


def test_of_stacks_clear_differences_are_listed(words: Words) -> None:
    question = AGREE["question"].iloc[0]
    option = AGREE["option"].iloc[0]
    chart = charts.stacked(AGREE, words=words, rows=("question", "group")).marked(
        compared({("", option): "lower"}, question)
    )
    assert starred(chart) == []
    assert chart.notes[-1] == (
        f"Clear differences between {words.group(FIRST)} and {words.group(SECOND)} (95%, corrected; comparisons: 1): "
        f"‘{words.option(question, option)}’ ({words.group(SECOND)} higher)."
    )


def test_of_trends_clear_changes_are_listed(words: Words) -> None:
    question, group, option = (YEARS[name].iloc[0] for name in ("question", "group", "option"))
    years = sorted(set(YEARS["year"]))
    steps = compared({("", option): "lower"}, question, str(years[1]), str(years[0]), group=group)
    chart = charts.trend(YEARS, words=words).marked(steps)
    assert (
        chart.notes[-1] == f"Clear changes from the year before (95%, corrected; comparisons: 1): {years[1]} (−10 pts)."
    )
    table = chart.table()
    assert table.loc[table["Clear difference"] == "lower", "Year"].tolist() == [str(years[1])]


def test_differences_of_sample_data_carry_their_sign(words: Words) -> None:
    found = compared(VERDICTS, "tasks_now").assign(evidence="synthetic")
    chart = charts.paired_bars(TASKS, words=words).marked(found)
    assert [note[-1] for note in chart.notes[-2:]] == ["°", "°"]


@pytest.mark.parametrize("kind", ["paired_bars", "dots", "dumbbells"])
def test_a_note_speaks_of_a_mark_only_where_one_is_drawn(kind: str, words: Words) -> None:
    frame = {"paired_bars": TASKS, "dots": MEANS, "dumbbells": MOVES}[kind]
    sides = list(dict.fromkeys(MOVES["question"])) if kind == "dumbbells" else [FIRST, SECOND]
    found = compared({("coach", ""): "higher"}, frame["question"].iloc[0], *sides)
    chart = getattr(charts, kind)(frame, words=words).marked(found)
    assert chart.notes[-1].startswith("*") is bool(starred(chart))
    assert "Coaching" in (starred(chart) or [chart.notes[-1]])[0]


def test_each_family_is_counted_by_itself(words: Words) -> None:
    several = [
        compared({("coach", ""): "higher", ("plan", ""): "higher"}, "tasks_now"),
        compared(VERDICTS, "tasks_ideal"),
    ]
    chart = charts.paired_bars(TASKS, words=words).marked(*several)
    assert any("corrected; comparisons: 2 + 3" in note for note in chart.notes)
