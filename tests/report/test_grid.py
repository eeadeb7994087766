from __future__ import annotations

from typing import Any

import pytest

import lnd_survey as lnd
from lnd_survey.report.collected import Figure
from lnd_survey.report.grid import MOST, grids, notes_of, number_format


@pytest.fixture(scope="module")
def words():
    return lnd.open_survey().words("en")


def row(estimate: float | None, **given: Any) -> dict[str, Any]:
    told = {"year": 2022, "group": "business", "question": "tech_skills", "item": "", "option": "yes"}
    told |= {"statistic": "share", "base": "all", "status": "", "evidence": "published", "source": ""}
    return told | {"estimate": estimate, "low": None, "high": None, "n": None, "n_effective": None} | given


def figure(kind: str, shown: list[dict[str, Any]], **parameters: Any) -> Figure:
    return Figure("fig-01", {"kind": kind, "parameters": parameters}, shown, None, {})


def numbers(series):
    return [None if mark is None else mark.number for mark in series.marks]


def test_years_are_to_scale_and_a_break_cuts_the_line(words):
    rows = [
        row(0.5, year=2017),
        row(0.6, year=2019, status="d"),
        row(0.7, year=2020, status="b"),
        row(0.8, year=2021),
    ]
    (drawn,) = grids(figure("trend", rows), words)
    assert drawn.kind == "lines"
    assert drawn.categories == ("2017", "2018", "2019", "2020", "2021")
    before, after = drawn.series
    assert numbers(before) == [0.5, None, 0.6, None, None]
    assert numbers(after) == [None, None, None, 0.7, 0.8]
    assert (before.dashed, after.dashed) == (True, False)
    assert (before.label, after.label) == ("L&D departments", "L&D departments (2020–)")


def test_bars_of_two_groups_and_a_number_that_is_not_known(words):
    rows = [
        row(0.4, question="roles", item="visionary", option="more"),
        row(0.3, question="roles", item="visionary", option="more", group="providers", evidence="synthetic"),
        row(None, question="roles", item="supporter", option="more"),
    ]
    (drawn,) = grids(figure("paired_bars", rows), words)
    assert drawn.categories == ("Visionary", "Supporter")
    assert [(series.label, numbers(series)) for series in drawn.series] == [
        ("L&D departments", [0.4, None]),
        ("Providers", [0.3, None]),
    ]
    assert [(mark.text, mark.edge) for series in drawn.series for mark in series.marks if mark] == [
        ("40%", "#542788"),
        ("30%°", "#1b9e77"),
    ]


def test_what_stands_beside_a_stack_is_said(words):
    rows = [row(0.4, option="no"), row(0.6), row(0.75, base="known")]
    (drawn,) = grids(figure("stacked", rows, rows=["group"], segments=2), words)
    assert [(series.label, numbers(series)) for series in drawn.series] == [("Not enough", [0.4]), ("Enough", [0.6])]
    assert drawn.beside == ("Enough: L&D departments 75%.",)


def test_nets_are_no_parts_of_a_bar(words):
    shares = {"no": 0.3, "no_certainly": 0.1, "no_rather": 0.2, "yes": 0.7, "yes_rather": 0.4, "yes_certainly": 0.3}
    rows = [row(share, question="tech_use", option=option) for option, share in shares.items()]
    (drawn,) = grids(figure("diverging", rows, rows=["group"]), words)
    assert [number for series in drawn.series for number in numbers(series)] == [0.1, 0.2, 0.4, 0.3]
    assert drawn.beside == ("No: L&D departments 30%.", "Yes: L&D departments 70%.")


def test_a_difference_stands_at_the_name(words):
    same = {"item": "leaders", "option": ""}
    rows = [
        row(0.25, question="activities_now", **same),
        row(0.5, question="activities_ideal", **same),
        row(0.25, question="activities_ideal", statistic="difference", **same),
    ]
    (drawn,) = grids(figure("dumbbells", rows), words)
    assert drawn.categories == ("Develop leaders (+25 pts)",)
    assert [numbers(series) for series in drawn.series] == [[0.25], [0.5]]


def test_ranks_have_the_best_on_top(words):
    rows = [row(2.5, question="initiator", item="management", option="", statistic="mean_rank", group="providers")]
    (drawn,) = grids(figure("dots", rows), words)
    assert (drawn.kind, drawn.best_low, drawn.low, drawn.number) == ("points", True, 1.0, "0.00")


@pytest.mark.parametrize("kind", ["bump", "matrix", "nothing"])
def test_what_office_programs_cannot_draw_has_no_grid(words, kind):
    assert grids(figure(kind, [row(0.5)]), words) == ()


def test_figures_that_a_chart_would_not_show_well_have_no_grid(words):
    assert grids(figure("paired_bars", []), words) == ()
    assert grids(figure("paired_bars", [row(None)]), words) == ()
    # Two numbers in one place.
    assert grids(figure("paired_bars", [row(0.5), row(0.6, year=2021)]), words) == ()
    items = words.items("agenda")
    years = range(2022 - MOST // len(items), 2023)
    many = [row(0.5, question="agenda", item=item, option="", year=year) for item in items for year in years]
    assert grids(figure("trend", many, panels="item"), words) == ()


@pytest.mark.parametrize(("lang", "expected"), [("nl", "0%"), ("fr", "0\u00a0%"), ("en", "0%")])
def test_numbers_are_written_as_the_language_does(lang, expected):
    words = lnd.open_survey().words(lang)
    assert number_format(words, "share") == expected
    assert number_format(words, "share", sample=True) == expected + '"°"'
    assert number_format(words, "rank") == "0"


def test_what_the_picture_stars_is_starred(words):
    rows = [row(0.4, question="roles", item=item, option="more") for item in ("visionary", "supporter")]
    clear = ["roles", "visionary", "more"]
    (drawn,) = grids(figure("paired_bars", rows, starred=[clear]), words)
    assert drawn.categories == ("Visionary\u00a0*", "Supporter")


def test_gaps_are_bars_of_both_sides_with_their_difference(words):
    told = {"question": "agenda", "option": ""}
    rows = [
        row(0.3, item="productivity", **told),
        row(0.5, item="productivity", group="providers", evidence="synthetic", **told),
        row(-0.2, item="productivity", statistic="difference", **told),
        row(0.4, item="wellbeing", **told),
        row(0.35, item="wellbeing", group="providers", **told),
        row(0.05, item="wellbeing", statistic="difference", **told),
    ]
    shown = figure("gaps", rows, by="group", clear=[True, False], looked_at="16")
    shown.told["notes"] = [words.say("note_gaps", n="16") + "°", words.say("note_undecided", n=1)]
    (drawn,) = grids(shown, words)
    first, second = drawn.categories
    assert first.endswith("(−20 pts°)\u00a0*")
    assert second.endswith("(+5 pts)")
    assert [(series.label, numbers(series)) for series in drawn.series] == [
        ("L&D departments", [0.3, 0.4]),
        ("Providers", [0.5, 0.35]),
    ]
    assert drawn.beside == (
        "* Clear difference between L&D departments and Providers (95%, corrected; comparisons: 16).",
    )
    assert notes_of(shown, [drawn], words) == [words.say("note_undecided", n=1)]
    assert notes_of(shown, [], words) == shown.told["notes"]


def test_gaps_of_years_say_the_years_and_of_whom(words):
    rows = [
        row(number, year=year, group=group, statistic=statistic)
        for group in ("business", "providers")
        for number, year, statistic in ((0.7, 2022, "share"), (0.6, 2021, "share"), (0.1, 2022, "difference"))
    ]
    (drawn,) = grids(figure("gaps", rows, by="year", clear=[False, False]), words)
    assert [series.label for series in drawn.series] == ["2022", "2021"]
    assert [name.partition(":")[2] for name in drawn.categories] == [
        " Enough, L&D departments (+10 pts)",
        " Enough, Providers (+10 pts)",
    ]
    assert drawn.beside == ()
