"""What is drawn is what is in the frame."""

from __future__ import annotations

import pandas as pd
import pytest
from charts.drawn_charts import (
    AGREE,
    BESIDE,
    BY_YEAR,
    GRID,
    INTERVALS,
    KINDS,
    MEANS,
    MOVES,
    NAN,
    NETS,
    OPINIONS,
    OUTLOOK,
    OUTLOOK_NOW,
    PROFILE,
    RANK_MEANS,
    RANKS,
    TASKS,
    YEARS,
    cells,
    marks,
    texts,
    uncertain,
)
from matplotlib.patches import Rectangle

from lnd_survey import charts
from lnd_survey.words import Words


def lengths(drawn: dict) -> dict:
    """Bar lengths, or the place of a point on its scale."""
    return {
        key: artist.get_width() if isinstance(artist, Rectangle) else artist.get_xdata()[0]
        for key, artist in drawn.items()
    }


@pytest.mark.parametrize(
    ("kind", "frame"),
    [
        ("paired_bars", TASKS),
        ("stacked by group", AGREE),
        ("diverging by item", OUTLOOK_NOW),
        ("diverging by item, several answers a side", OPINIONS),
        ("dots", MEANS),
        ("dots in panels", RANK_MEANS),
        ("dumbbells", MOVES),
        ("adoption", GRID),
        ("profile", PROFILE),
    ],
)
def test_lengths_and_places_are_the_numbers_of_the_frame(kind, frame, words: Words) -> None:
    assert lengths(marks(KINDS[kind](words))) == pytest.approx(cells(frame))


@pytest.mark.parametrize("kind", KINDS)
def test_a_narrow_drawing_has_the_same_marks_and_numbers(kind, words: Words) -> None:
    wide, narrow = KINDS[kind](words), KINDS[kind](words).narrow()
    for start in ("interval", "net", "line", "rank"):
        assert marks(narrow, start).keys() == marks(wide, start).keys()
    if kind == "bump":  # its points lie on the sheet and not on a scale
        assert marks(narrow).keys() == marks(wide).keys()
    else:
        assert lengths(marks(narrow)) == lengths(marks(wide))
    for start in ("value", "difference", "scale", "heading"):
        assert sorted(" ".join(texts(narrow, start)).split()) == sorted(" ".join(texts(wide, start)).split())


def test_a_trend_has_each_number_at_its_year(words: Words) -> None:
    drawn = marks(charts.trend(YEARS, words=words))
    assert {key: artist.get_ydata()[0] for key, artist in drawn.items()} == pytest.approx(cells(YEARS))
    assert all(str(artist.get_xdata()[0]) == key[0] for key, artist in drawn.items())


def test_parts_follow_each_other_and_are_not_stretched(words: Words) -> None:
    drawn = [
        marks(KINDS["stacked"](words))["2001", "inside", "agree", "", option, "share"]
        for option in ("never", "hardly", "same", "rather", "fully", "unsure")
    ]
    assert [bar.get_x() for bar in drawn] == pytest.approx([0.0, 0.03, 0.16, 0.26, 0.66, 0.96])
    assert drawn[-1].get_x() + drawn[-1].get_width() == pytest.approx(0.98)


def test_the_side_panel_shows_its_own_numbers(words: Words) -> None:
    drawn = lengths(marks(charts.stacked(BY_YEAR, words=words, beside=BESIDE)))
    assert drawn == pytest.approx(cells(BY_YEAR) | cells(BESIDE))


def test_diverging_bars_lie_around_zero_and_nets_are_written(words: Words) -> None:
    chart = charts.diverging(NETS, words=words)
    drawn = marks(chart)
    start = {key[4]: bar.get_x() for key, bar in drawn.items() if key[1] == "inside"}
    assert start == pytest.approx(
        {"never": -0.21, "hardly": -0.18, "same": -0.05, "rather": 0.05, "fully": 0.45, "unsure": 0}
    )
    assert lengths(drawn) == pytest.approx(
        {key: share for key, share in cells(NETS).items() if key[4] not in ("no", "yes")}
    )
    assert texts(chart, "net|2004|inside") == ["16%", "71%"]


def test_each_answer_about_an_item_has_its_place(words: Words) -> None:
    chart = charts.diverging(OUTLOOK_NOW, words=words)
    start = {key[4]: bar.get_x() for key, bar in marks(chart).items() if key[1:4] == ("outside", "outlook", "coach")}
    assert start == pytest.approx({"less": -0.04, "more": 0, "same": 0, "unsure": 0})
    assert texts(chart, "rank") == []
    several = marks(charts.diverging(OPINIONS, words=words))
    start = {key[4]: bar.get_x() for key, bar in several.items() if key[3] == "steer"}
    assert start == pytest.approx({"never": -0.3, "same": 0, "rather": 0, "fully": 0.4})


def test_places_risen_and_fallen_are_counted_from_the_nets_of_both_years(words: Words) -> None:
    drawn = {key[1:4:2]: text.get_text() for key, text in marks(charts.diverging(OUTLOOK, words=words), "rank").items()}
    assert drawn == {
        ("inside", "coach"): "▲ 2",
        ("inside", "plan"): "=",
        ("inside", "teach"): "▼ 2",
        ("inside", "steer"): "=",
        ("outside", "coach"): "▼ 1",
        ("outside", "plan"): "▲ 1",
        ("outside", "teach"): "=",
    }


def test_ranks_are_not_compared_across_a_break_or_with_another_sample_unmarked(words: Words) -> None:
    broken = OUTLOOK.assign(status=["b" if year == 2004 else "" for year in OUTLOOK["year"]])
    assert marks(charts.diverging(broken, words=words), "rank") == {}
    sample = OUTLOOK.assign(evidence=["synthetic" if year == 2003 else "published" for year in OUTLOOK["year"]])
    chart = charts.diverging(sample, words=words)
    assert all(text.endswith("°") for text in texts(chart, "rank"))
    assert not any("°" in text for text in texts(chart, "value"))


def test_a_net_that_is_not_in_the_frame_is_not_made_up(words: Words) -> None:
    assert texts(charts.diverging(AGREE, words=words), "net") == []


def test_ranks_go_down_and_equal_ranks_stand_below_each_other(words: Words) -> None:
    chart = charts.bump(RANKS, words=words)
    drawn = sorted((mark.get_ydata()[0], key) for key, mark in marks(chart).items() if key[1] == "outside")
    assert [key[3] for _, key in drawn] == ["coach", "steer", "plan", "teach"]
    assert sorted(texts(chart, "value")) == ["1", "1", "2", "2", "2", "3", "4"]


def test_unknown_numbers_are_not_drawn_as_zero(words: Words) -> None:
    unknown = ("2004", "outside", "tasks_now", "teach", "", "share")
    chart = charts.paired_bars(TASKS, words=words)
    assert unknown not in marks(chart)
    assert texts(chart, "value|2004|outside|tasks_now|teach") == ["no number"]
    assert "Providers of learning no number" in chart.alt


@pytest.mark.parametrize("kind", INTERVALS)
def test_intervals_end_where_the_frame_says(kind, words: Words) -> None:
    estimates, draw = INTERVALS[kind]
    drawn = marks(draw(estimates, words), "interval")
    upright = kind.startswith("trend")
    ends = {key: tuple(line.get_ydata() if upright else line.get_xdata()) for key, line in drawn.items()}
    assert ends == dict(zip(cells(estimates), ends_of(estimates), strict=True))
    assert not upright or all([*line.get_xdata()] == [int(key[0])] * 2 for key, line in drawn.items())
    assert marks(draw(estimates.assign(low=NAN, high=NAN), words), "interval") == {}


def ends_of(estimates: pd.DataFrame) -> list[tuple[float, float]]:
    return [(row.low, row.high) for row in estimates.itertuples() if row.estimate == row.estimate]


def test_what_is_suppressed_has_no_interval(words: Words) -> None:
    suppressed = uncertain(TASKS).assign(estimate=[NAN, *TASKS["estimate"][1:]], status="c")
    drawn = charts.paired_bars(suppressed, words=words)
    assert len(marks(drawn, "interval")) == len(marks(drawn)) == 6


def test_items_are_ordered_by_the_first_group_and_options_keep_their_order(words: Words) -> None:
    labels = texts(charts.paired_bars(TASKS, words=words), "item|")
    assert [words.item("tasks_now", item) for item in ("steer", "plan", "teach", "coach")] == labels
    ordered = texts(charts.paired_bars(AGREE, words=words), "item|")
    assert ordered == [
        words.option("agree", option) for option in ("never", "hardly", "same", "rather", "fully", "unsure")
    ]
    best_first = texts(charts.dots(RANK_MEANS, words=words), "item|")
    assert best_first == [words.item("tasks_now", item) for item in ("coach", "steer", "plan")]
    assert [text[:8] for text in texts(charts.dumbbells(MOVES, words=words), "item|")] == [
        "Carrying",
        "Planning",
        "Coaching",
    ]


def test_a_break_cuts_the_line_and_a_changed_definition_dashes_it(words: Words) -> None:
    flagged = YEARS.assign(status=["", "", "b", "d", "", ""])
    drawn = marks(charts.trend(flagged, words=words), "line")
    assert sorted((key[:2], line.get_linestyle()) for key, line in drawn.items()) == [
        (("2003", "outside"), "--"),
        (("2004", "inside"), "-"),
        (("2004", "outside"), "-"),
    ]


def test_groups_have_their_own_colour_and_filling(words: Words) -> None:
    drawn = marks(charts.paired_bars(TASKS, words=words))
    looks = {key[1]: (bar.get_edgecolor(), bar.get_facecolor()) for key, bar in drawn.items()}
    assert looks["inside"][0] == looks["inside"][1]
    assert looks["outside"][0] != looks["outside"][1]
    points = marks(charts.dots(MEANS, words=words))
    assert {(key[1], point.get_marker()) for key, point in points.items()} == {("inside", "o"), ("outside", "s")}


def test_what_a_scale_means_is_written_where_there_is_one_scale(words: Words) -> None:
    assert " ".join(texts(charts.dots(MEANS, words=words), "scale")) == "1 not at all 7 very much so"
    for chart in (charts.dots(RANK_MEANS, words=words), charts.dots(RANK_MEANS, words=words).narrow()):
        assert " ".join(texts(chart, "scale")).split() == ["1", "3", "1", "3"]


def test_one_option_of_a_grid(words: Words) -> None:
    drawn = marks(charts.paired_bars(GRID, words=words, option="soon"))
    assert {key[3]: bar.get_width() for key, bar in drawn.items()} == {"steer": 0.2, "coach": 0.1}
