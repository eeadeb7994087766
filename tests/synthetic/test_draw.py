"""The sample waves agree with what is printed: every cell counted by hand, respondent by respondent."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import pandas as pd
import pytest

import lnd_survey as lnd
from lnd_survey.errors import DataError
from lnd_survey.synthetic.draw import draw_answers

ROOT = Path(__file__).parents[2]
YEARS = (2020, 2021, 2022)
EMPTY = ["not_answered", "not_routed", "not_asked", "not_offered"]
HALF_A_POINT = 0.005
# Not asked of respondents: market data, a count, ranks computed from two questions, running text on another base.
NOT_DRAWN = {"respondents", "open_offer", "world_market_forecast", "budget_split", "activities_top"}
# Where the printed shares add up to more than rounding explains, the limit of three was not kept.
ABOVE_THREE = {
    ("purchase_criteria", "business"),
    ("purchase_criteria", "providers"),
    ("tech_reasons", "business"),
    ("agenda", "business"),
}
# Printed 304 and 303 %: rounding explains it, but whole numbers of respondents do not quite get there.
FEW_ABOVE = {("activities_ideal", "business"): 1, ("activities_ideal", "providers"): 3}

years = pytest.mark.parametrize("year", YEARS)


@functools.cache
def survey() -> lnd.Survey:
    return lnd.open_survey(ROOT / "data")


@functools.cache
def drawn(year: int) -> pd.DataFrame:
    return draw_answers(survey(), year=year)


def members(year: int, group: str) -> pd.DataFrame:
    answers = drawn(year)
    return answers if group == "all" else answers[answers["group"] == group]


def kind_of(question: str) -> str:
    return survey().codebook.questions[question].kind


def printed(year: int, *statistics: str) -> list[dict]:
    """The first print of each number that respondents gave."""
    cells = survey().published(year)
    cells = cells[~cells["question"].isin(NOT_DRAWN) & cells["statistic"].isin(statistics)]
    names = ["group", "question", "item", "option", "statistic", "split"]
    return cells.drop_duplicates(names).to_dict("records")


def counted(people: pd.DataFrame, question: str, item: str, option: str) -> float:
    """The share of those who answered, options that are divided counted as all their parts."""
    cells = people[f"{question}.{item}" if item else question].astype(str)
    answered = cells[~cells.isin(EMPTY)]
    wanted = {option or "selected"}
    for entry in survey().codebook.questions[question].options:
        if entry.parent in wanted:
            wanted.add(entry.id)
    return answered.isin(wanted).mean()


def ranks(people: pd.DataFrame, question: str) -> pd.DataFrame:
    columns = [name for name in people if name.startswith(f"{question}.")]
    found = people[columns].astype(str).where(lambda cells: ~cells.isin(EMPTY)).astype(float)
    return found.set_axis([name.partition(".")[2] for name in columns], axis=1)


# --- As printed ------------------------------------------------------------------------------


@years
def test_every_printed_share_holds_to_half_a_point(year):
    cells = printed(year, "share")
    wrong = []
    for cell in cells:
        people = members(year, cell["group"])
        if cell["split"]:
            name, value = cell["split"].split("=")
            people = people[people[name] == value]
        share = counted(people, cell["question"], cell["item"], cell["option"])
        if not abs(share - cell["value"] / 100) <= HALF_A_POINT:
            wrong.append((cell["question"], cell["item"], cell["option"], cell["group"], cell["value"], share))
    assert wrong == []
    assert len(cells) == {2020: 18, 2021: 24, 2022: 256}[year]


def test_printed_differences_hold_to_half_a_point():
    cells = printed(2022, "difference")
    for cell in cells:
        people = members(2022, cell["group"])
        now, ideal = (counted(people, name, cell["item"], "") for name in ("activities_now", "activities_ideal"))
        assert abs(ideal - now - cell["value"] / 100) <= HALF_A_POINT, cell["item"]
    assert len(cells) == 18


def test_the_printed_mean_of_shares_holds():
    (cell,) = printed(2022, "mean_share")
    systems = survey().codebook.questions[cell["question"]].item_ids
    shares = [counted(members(2022, "business"), cell["question"], item, cell["option"]) for item in systems]
    assert abs(sum(shares) / len(shares) - cell["value"] / 100) <= HALF_A_POINT


def test_mean_ranks_hold_to_the_printed_decimals():
    cells = printed(2022, "mean_rank", "share_first")
    for cell in cells:
        given = ranks(members(2022, cell["group"]), cell["question"])
        if cell["statistic"] == "mean_rank":
            assert abs(given[cell["item"]].mean() - cell["value"]) <= 0.005, cell["item"]
        else:
            answered = given.dropna(how="all")
            assert abs((answered[cell["item"]] == 1).mean() - cell["value"] / 100) <= HALF_A_POINT
    assert len(cells) == 17


def test_printed_ranks_come_out():
    cells = printed(2022, "rank", "rank_first")
    for cell in cells:
        given = ranks(members(2022, cell["group"]), cell["question"])
        order = -(given == 1).sum() if cell["statistic"] == "rank_first" else given.mean()
        assert order.rank()[cell["item"]] == cell["value"], (cell["question"], cell["item"])
    assert len(cells) == 30


def test_the_main_activities_follow_from_now_and_ideal():
    cells = survey().published(2022).query("question == 'activities_top'")
    for group, part in cells.groupby("group"):
        people = members(2022, group)
        items = survey().codebook.questions["activities_now"].item_ids
        both = pd.Series(
            {item: sum(counted(people, f"activities_{when}", item, "") for when in ("now", "ideal")) for item in items}
        )
        assert dict(zip(part["item"], part["value"], strict=True)) == both.rank(ascending=False).nsmallest(5).to_dict()


# --- As respondents answer -------------------------------------------------------------------


def ticks(year: int) -> dict[tuple[str, str], pd.Series]:
    """By multi question and group how many items each ticks who answers."""
    answers = drawn(year)
    found = {}
    for question in dict.fromkeys(name.partition(".")[0] for name in answers.columns[4:]):
        if kind_of(question) != "multi":
            continue
        for group in answers["group"].cat.categories:
            cells = members(year, group).filter(regex=rf"^{question}\.").astype(str)
            answered = cells[~cells.isin(EMPTY).any(axis=1)]
            if len(answered):
                found[question, group] = (answered == "selected").sum(axis=1)
    return found


def test_everyone_who_answers_ticks_something_and_no_more_than_three_where_the_print_allows_it():
    for (question, group), many in ticks(2022).items():
        assert many.min() >= 1, (question, group)
        if question == "indicator_use":
            continue
        if (question, group) in ABOVE_THREE:
            # As few as can be have four: nobody has fewer than three.
            assert set(many) == {3, 4}, (question, group)
        else:
            assert (many > 3).sum() <= FEW_ABOVE.get((question, group), 0), (question, group)
            assert many.max() <= 4


def test_what_stands_alone_is_ticked_alone():
    cells = members(2022, "business").filter(regex=r"^indicator_use\.").astype(str)
    alone = cells[cells["indicator_use.little_or_nothing"] == "selected"]
    assert len(alone) > 0
    assert (alone == "selected").sum(axis=1).eq(1).all()


def test_a_routed_question_is_answered_only_by_those_it_was_put_to():
    people = members(2022, "business")
    use = people["indicator_use.benchmark"]
    measuring = people["measures_indicators"] == "yes"
    assert (use[~measuring] == "not_routed").all()
    assert (use[measuring] != "not_routed").all()


def test_rankings_use_each_rank_once_and_some_stop_early():
    for question in ("initiator", "organiser", "client"):
        given = ranks(members(2022, "providers"), question).dropna(how="all")
        lengths = given.notna().sum(axis=1)
        for _, row in given.iterrows():
            assert sorted(row.dropna()) == list(range(1, int(row.notna().sum()) + 1))
        assert 0 < (lengths < 5).sum() < 0.15 * len(lengths)


@years
def test_the_frame_is_an_answers_frame(year):
    answers = drawn(year)
    assert list(answers.columns[:4]) == ["year", "group", "language", "weight"]
    assert answers.index.equals(pd.RangeIndex(len(answers)))
    assert not answers.isna().any(axis=None)
    assert answers["year"].eq(year).all()
    assert answers["weight"].eq(1.0).all()
    questions = list(dict.fromkeys(name.partition(".")[0] for name in answers.columns[4:]))
    assert questions == [name for name in survey().codebook.questions if name in questions]
    kinds = ["dont_know", "refused", *EMPTY]
    for column in answers.columns[4:]:
        question = survey().codebook.questions[column.partition(".")[0]]
        possible = {
            "single": list(question.option_ids),
            "grid": list(question.option_ids),
            "multi": ["selected", "not_selected"],
            "ranking": [str(rank + 1) for rank in range(len(question.items))],
        }[question.kind]
        assert list(answers[column].cat.categories) == possible + [kind for kind in kinds if kind not in possible]


@years
def test_groups_are_asked_all_of_a_question_or_nothing(year):
    answers = drawn(year)
    for column in answers.columns[4:]:
        for group in answers["group"].cat.categories:
            not_asked = members(year, group)[column].eq("not_asked")
            assert not_asked.all() or not not_asked.any(), (column, group)


@years
def test_some_skip_a_question_and_more_do_late(year):
    answers = drawn(year)
    skipped = {}
    for column in answers.columns[4:]:
        asked = answers[column][~answers[column].isin(["not_asked", "not_routed"])]
        skipped[column] = asked.eq("not_answered").mean()
    # Items of a ranking are left out beside.
    skipped = {name: part for name, part in skipped.items() if kind_of(name.partition(".")[0]) != "ranking"}
    assert max(skipped.values()) <= 0.08
    assert 0.01 <= pd.Series(skipped).mean() <= 0.04
    if year == 2022:
        early, late = (skipped[name] for name in ("ld_team_size", "roles.visionary"))
        assert early < late


def test_languages_and_sizes_are_as_in_the_print():
    answers = drawn(2022)
    assert answers["group"].value_counts().to_dict() == {"business": 304, "providers": 152}
    assert set(answers["language"]) == {"nl", "fr"}
    assert 0.10 < answers["language"].eq("fr").mean() <= 0.105
    assert (answers["survey_language"].eq("french") == answers["language"].eq("fr")).all()
    assert set(drawn(2021)["language"]) == {"nl", "fr", "en"}
    assert drawn(2021)["language"].eq("en").mean() < 0.03


# --- Assumed ---------------------------------------------------------------------------------


def test_tools_doubled_and_then_stalled_and_systems_did_not_rise():
    def have(question, year):
        items = survey().codebook.questions[question].item_ids
        people = members(year, "business")
        return sum(counted(people, question, item, "have") for item in items) / len(items)

    assert 1.8 < have("learning_tools", 2021) / have("learning_tools", 2020) < 2.2
    assert abs(have("learning_tools", 2022) - have("learning_tools", 2021)) < 0.02
    assert have("learning_systems", 2022) <= max(have("learning_systems", 2020), have("learning_systems", 2021))


def test_dont_know_rises_among_business_and_falls_among_providers():
    items = survey().codebook.questions["learning_formats_outlook"].item_ids

    def unsure(year, group):
        people = members(year, group)
        return sum(counted(people, "learning_formats_outlook", item, "dont_know") for item in items) / len(items)

    business, providers = ([unsure(year, group) for year in YEARS] for group in ("business", "providers"))
    assert business == sorted(business)
    assert providers == sorted(providers, reverse=True)
    assert providers[-1] < business[-1]


def test_what_adds_up_to_less_than_100_leaves_refusals():
    assert abs(counted(members(2022, "business"), "budget_per_person", "", "refused") - 0.08) <= HALF_A_POINT
    assert members(2021, "business")["budget_per_person"].ne("refused").all()


# --- Dependence ------------------------------------------------------------------------------

PAIRS = [
    ("business", "organisation_size", "ld_team_size", 0.2),
    ("business", "organisation_size", "learning_systems.lms", -0.1),  # the first option is "in place"
    ("business", "tech_use", "tech_skills", 0.15),
    ("providers", "tech_use", "tech_skills", 0.15),
    ("business", "tech_skills", "tech_resources", 0.1),
    ("business", "resources_next_year", "tech_resources", 0.1),
    ("business", "learning_systems.lms", "learning_systems.lxp", 0.1),
    ("business", "budget_per_person", "resources_next_year", 0.1),
]


@pytest.mark.parametrize(("group", "one", "other", "least"), PAIRS, ids=lambda value: str(value))
def test_answers_depend_on_each_other(group, one, other, least):
    people = members(2022, group)
    places = pd.DataFrame()
    for column in (one, other):
        question = survey().codebook.questions[column.partition(".")[0]]
        order = {
            entry.id: index
            for index, entry in enumerate(sorted(question.options, key=lambda entry: entry.valence or 0))
        }
        known = {entry.id for entry in question.options if entry.missing}
        places[column] = (
            people[column].astype(str).map(lambda name, o=order, k=known: None if name in k else o.get(name))
        )
    correlation = places.astype(float).dropna().corr(method="spearman").iloc[0, 1]
    assert correlation > least if least > 0 else correlation < least


def test_who_does_it_now_rather_wants_it_ideally():
    people = members(2022, "business")
    now = people["activities_now.leaders"].eq("selected")
    ideal = people["activities_ideal.leaders"].eq("selected")
    assert now.corr(ideal) > 0.1


def test_french_speakers_work_in_belgium():
    answers = drawn(2022)
    french = answers[answers["language"] == "fr"]
    assert counted(french, "country", "", "belgium") > counted(answers, "country", "", "belgium") + 0.15


# --- Chance, and assumptions that are wrong --------------------------------------------------


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    return tmp_path / "data"


def change(data: Path, year: int, old: str, new: str) -> None:
    path = data / "raw" / str(year) / "sample" / "assumptions.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@years
def test_the_same_seed_draws_the_same(year):
    pd.testing.assert_frame_equal(draw_answers(survey(), year=year), drawn(year))


def test_another_seed_draws_others_who_agree_too(copied):
    change(copied, 2021, "seed: 20210630", "seed: 7")
    other = draw_answers(lnd.open_survey(copied), year=2021)
    assert not other.equals(drawn(2021))
    business = other[other["group"] == "business"]
    assert abs(counted(business, "tech_skills", "", "yes") - 0.80) <= HALF_A_POINT


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("question: turnover, group: providers", "question: turn, group: providers", "'turn'"),
        ("{did_not_fall: 60}", "{fell: 60}", "is printed, so not to be assumed"),
        ("{did_not_fall: 60}", "{did_not_fall: 50}", "add up to 90"),
        ("scores: {size: 1.2}", "scores: {sise: 1.2}", "Nearest: size"),
        ("seed: 20210630", "seeds: 20210630", "Nearest: seed"),
        ("year: 2021", "year: 2022", "folder of 2021"),
        ("{nl: 123, fr: 14, en: 3}", "{nl: 1, fr: 1, en: 1}", "no whole numbers of respondents"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_row(copied, old, new, what):
    change(copied, 2021, old, new)
    with pytest.raises(DataError) as error:
        draw_answers(lnd.open_survey(copied), year=2021)
    assert what in str(error.value)
    assert "assumptions.yml" in str(error.value)


def test_a_wave_without_assumptions_says_so(copied):
    with pytest.raises(DataError, match="assumptions"):
        draw_answers(lnd.open_survey(copied), year=2019)
