from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from lnd_survey.chapter import open_chapter
from lnd_survey.charts import paired_bars, stacked, table, trend
from lnd_survey.errors import SurveyError, UnknownNameError


def test_years_as_seen_from_the_report(data: Path) -> None:
    chapter = open_chapter(1, year=2003, lang="en", data_dir=data)
    assert set(chapter.estimates("harm")["year"]) == {2003}
    assert set(chapter.estimates("harm", years="until")["year"]) == {2001, 2003}
    earlier = open_chapter(1, year=2001, lang="en", data_dir=data)
    assert set(earlier.estimates("harm", years="until")["year"]) == {2001}
    assert earlier.estimates("wishes", years="until").empty


def test_last_is_the_latest_year_of_each_question(data: Path) -> None:
    path = data / "raw" / "2003" / "published.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if not line.startswith("size")) + "\n", encoding="utf-8")
    frame = open_chapter(1, year=2003, lang="en", data_dir=data).estimates(["size", "wishes"], years="last")
    assert frame.groupby("question")["year"].unique().map(list).to_dict() == {"size": [2001], "wishes": [2003]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"number": 2}, "no chapter 2. Nearest: 1. Allowed: 1"),
        ({"year": 2002}, "no year 2002"),
        ({"lang": "e"}, "no language 'e'"),
        ({"evidence": "bets"}, "no evidence 'bets'. Nearest: best"),
    ],
)
def test_wrong_parameters_are_named(data: Path, arguments: dict[str, object], said: str) -> None:
    parameters = {"number": 1, "year": 2003, "lang": "en", "data_dir": data} | arguments
    with pytest.raises(UnknownNameError, match=said):
        open_chapter(parameters.pop("number"), **parameters)  # type: ignore[arg-type]
    chapter = open_chapter(1, year=2003, lang="en", data_dir=data)
    with pytest.raises(UnknownNameError, match="no choice of years 'now'"):
        chapter.estimates("size", years="now")


def test_last_keeps_the_detail_of_that_year(data: Path) -> None:
    chapter = open_chapter(1, year=2003, lang="en", data_dir=data)
    assert chapter.estimates("size", years="until")["option"].tolist().count("many") == 2
    assert chapter.estimates("size", years="last")["option"].tolist() == ["one", "few", "five", "ten", "unknown"]


def test_a_figure_is_refused_in_a_foreign_chapter_or_with_a_foreign_question() -> None:
    chapter = open_chapter(5, year=2022, lang="en")
    skills = paired_bars(chapter.estimates("tech_skills"), words=chapter.words, option="yes")
    with pytest.raises(SurveyError, match=r"Figure tech_resources does not show tech_skills\. Allowed: tech_resources"):
        chapter.figure("tech_resources", skills)
    with pytest.raises(SurveyError, match="belongs to chapter 3, not to chapter 5"):
        chapter.figure("culture_measures", skills)


def test_nothing_to_show_is_an_honest_line_with_the_notes_of_the_question() -> None:
    chapter = open_chapter(4, year=2022, lang="en", evidence="published")
    outlook = chapter.estimates("learning_formats_outlook")
    chart = chapter.figure("learning_formats_outlook", paired_bars(outlook, words=chapter.words))
    assert chart.subtitle.startswith("There are no numbers here for 2022 on: ‘")
    assert any("only as a picture" in note for note in chart.notes)


def test_a_notebook_alone_runs_in_the_real_project(tmp_path: Path) -> None:
    chapter = open_chapter(3, year=2022, lang="en", out_dir=tmp_path)
    assert "learning culture" in chapter.opening().data
    chart = chapter.figure("culture_measures", paired_bars(chapter.estimates("culture_measures"), words=chapter.words))
    stem = tmp_path / "figures" / "fig-07-culture_measures"
    written = sorted(path.name.removeprefix(stem.name) for path in stem.parent.iterdir())
    assert written == [".csv", ".json", ".narrow.svg", ".png", ".svg"]
    metadata = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
    assert (metadata["number"], metadata["chapter"], metadata["kind"]) == (7, 3, "paired_bars")
    assert metadata["title"] == chart.title
    assert len(stem.with_suffix(".csv").read_text(encoding="utf-8").splitlines()) == 1 + len(chart.frame)


def test_a_finding_says_once_what_all_bars_under_a_heading_have_in_common() -> None:
    chapter = open_chapter(5, year=2022, lang="en")
    frame = chapter.estimates(["tech_skills", "tech_resources"])
    assert stacked(frame, words=chapter.words, rows=("question", "group")).finding == (
        "Skills for technology: ‘Enough’ comes first (L&D departments 66%, Providers 87%). "
        "Time and budget for technology: ‘Enough’ comes first (L&D departments 55%, Providers 71%)."
    )


def test_bars_of_years_under_a_heading_are_told_by_year() -> None:
    chapter = open_chapter(5, year=2022, lang="en")
    frame = chapter.estimates("tech_skills", years="until")
    frame = frame[frame["year"].isin([2021, 2022])]
    assert stacked(frame, words=chapter.words, rows=("group", "year")).finding == (
        "L&D departments: ‘Enough’ comes first (2022 66%, 2021 80%). "
        "Providers: ‘Enough’ comes first (2022 87%, 2021 84%)."
    )


def test_different_answers_to_choose_from_are_no_change() -> None:
    chapter = open_chapter(0, year=2022, lang="en")
    frame = chapter.estimates("provider_size", years="until", options="offered")
    assert stacked(frame, words=chapter.words, rows=("year",)).finding == "2022: ‘10 FTE or more’ comes first (56%)."


def test_a_trend_is_told_by_what_changed_most() -> None:
    chapter = open_chapter(4, year=2022, lang="en", evidence="synthetic")
    frame = chapter.estimates("learning_tools", years="until").query("option == 'have'")
    shares = frame.pivot(index="item", columns="year", values="estimate")
    most = (shares[2022] - shares[2020]).abs().nlargest(2).index
    assert set(most) == {"video", "virtual_classroom"}
    assert trend(frame, words=chapter.words).finding == (
        "Video tools: from 22%° in 2020 to 44%° in 2022. "
        "Virtual classroom and webinar: from 27%° in 2020 to 53%° in 2022."
    )


def test_no_text_of_a_figures_table_is_a_formula(tmp_path: Path) -> None:
    chapter = open_chapter(10, year=2022, lang="en", out_dir=tmp_path)
    texts = pd.DataFrame({"=Question": ["=1+1", "a"], "@n": ["-5", "'s"]})
    chapter.figure("number_bases", table(texts, words=chapter.words))
    written = (tmp_path / "figures" / "fig-42-number_bases.csv").read_text(encoding="utf-8")
    assert written == "'=Question,'@n\n'=1+1,'-5\na,'s\n"
