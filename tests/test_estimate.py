"""Estimates from the answers of eight respondents, each counted by hand."""

from __future__ import annotations

import pytest
from drawn_survey import HEADER
from drawn_wave import ANSWERS, CODEBOOK, COLUMNS, INSTRUMENT, VALUES, WAVE, changed, write_wave
from drawn_wave import YEAR as LATER

import lnd_survey as lnd
from lnd_survey.codebook import read_codebook
from lnd_survey.errors import UnknownNameError
from lnd_survey.estimate import _asked
from lnd_survey.series import LEVELS
from lnd_survey.wave import read_wave

EARLIER = 2003
DOCUMENT = "documents:\n  - {id: paper, label: {nl: Blad, en: Paper}, title: {nl: Het blad, en: The paper}}\n"
PRINTED = """\
use,,no,inside,share,40,%,0,50,paper,figure 1,,
use,,yes,inside,share,50,%,0,50,paper,figure 1,,
use,,unknown,inside,share,10,%,0,50,paper,figure 1,,
wishes,money,,inside,share,60,%,0,50,paper,figure 2,,
wishes,time,,inside,share,30,%,0,50,paper,figure 2,,
"""


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return lnd.open_survey(write_wave(tmp_path_factory.mktemp("drawn")), warn=0, suppress=0)


def survey_of(folder, *, printed=None, **parts):
    """The drawn survey with parts changed, and with an earlier year that is only printed."""
    data = write_wave(folder, **{"codebook": changed(CODEBOOK, ("questions:\n", DOCUMENT + "questions:\n"))} | parts)
    for year, rows in (printed or {}).items():
        place = data / "raw" / str(year)
        place.mkdir(exist_ok=True)
        (place / "published.csv").write_text(HEADER + rows, encoding="utf-8")
        if not (place / "wave.yml").exists():
            text = f"year: {year}\nevidence: published\ngroups: [{{id: inside}}]\n"
            (place / "wave.yml").write_text(text, encoding="utf-8")
    return lnd.open_survey(data, warn=0, suppress=0)


def cells(frame, *names):
    """Rows of a frame by item or option: the estimate to three digits, and n."""
    found = {}
    for row in frame.to_dict("records"):
        key = tuple(row[name] for name in names)
        assert key not in found
        found[key if len(key) > 1 else key[0]] = (round(row["estimate"], 3), row["n"])
    return found


def of(frame, **wanted):
    for name, value in wanted.items():
        frame = frame[frame[name] == value]
    return frame


# --- Shares ----------------------------------------------------------------------------------


def test_shares_of_a_single_question(survey):
    # Inside: often, rarely, often, no, unknown. Outside: yes, no, and one who did not answer.
    use = survey.estimates("use", options="offered")
    assert cells(of(use, group="inside"), "option") == {
        "no": (0.2, 5),
        "often": (0.4, 5),
        "rarely": (0.2, 5),
        "unknown": (0.2, 5),
    }
    assert cells(of(use, group="outside"), "option") == {"no": (0.5, 2), "yes": (0.5, 2), "unknown": (0.0, 2)}
    assert set(use["source"]) == {"data/raw/2005: answers.csv"}
    assert set(use["evidence"]) == {"survey"}
    assert (use["n"] == use["n_effective"]).all()


def test_the_net_is_the_sum_of_its_parts(survey):
    nets = survey.estimates("use", groups="inside", options="nets")
    assert cells(nets, "option") == {"no": (0.2, 5), "yes": (0.6, 5), "unknown": (0.2, 5)}
    assert dict(zip(nets["option"], nets["status"], strict=True)) == {"no": "d", "yes": "de", "unknown": "d"}


def test_of_several_groups_the_common_options(survey):
    use = survey.estimates("use", groups=["inside", "outside"])
    assert cells(use, "group", "option")["inside", "yes"] == (0.6, 5)
    assert ("inside", "often") not in cells(use, "group", "option")


def test_a_net_of_ticks_counts_a_respondent_once(survey):
    # Of the four inside who answered: money and time; time; peace; peace. Gains is money or time: two of four.
    wishes = survey.estimates("wishes", groups="inside", options="all")
    assert cells(wishes, "item") == {"gains": (0.5, 4), "money": (0.25, 4), "time": (0.5, 4), "peace": (0.5, 4)}
    assert dict(zip(wishes["item"], wishes["status"], strict=True))["gains"] == "e"
    # The interval of Wilson (1927) for 2 of 4, with the quantile of t at 3 degrees of freedom, 3.182.
    assert wishes.loc[wishes["item"] == "gains", ["low", "high"]].round(3).to_numpy().tolist() == [[0.077, 0.923]]


def test_a_counted_net_of_options_has_an_interval_as_its_parts_have(survey):
    use = survey.estimates("use", groups="inside", options="nets")
    net = use[use["option"] == "yes"].iloc[0]
    assert (net["estimate"], net["n"], net["n_effective"]) == (0.6, 5, 5)
    assert 0 < net["low"] < 0.6 < net["high"] < 1


def test_what_was_not_offered_has_no_row(survey):
    # Outside was offered money and peace only, and one of two who answered said none of these.
    wishes = survey.estimates("wishes", groups="outside", options="all")
    assert cells(wishes, "item") == {"money": (0.5, 2), "peace": (0.5, 2)}


def test_routing_is_the_base(survey):
    # Put to the three inside who use it: money twice, time once, and one ticked none.
    hopes = survey.estimates("hopes", options="all")
    assert cells(hopes, "item") == {"gains": (0.667, 3), "money": (0.667, 3), "time": (0.333, 3), "peace": (0.0, 3)}
    assert set(hopes["base"]) == {"users"}
    assert set(survey.estimates("wishes")["base"]) == {"all"}


def test_a_grid_has_shares_of_each_item(survey):
    assert cells(survey.estimates("tools"), "item", "option") == {
        ("saw", "have"): (1.0, 2),
        ("saw", "none_yet"): (0.0, 2),
        ("axe", "have"): (0.333, 3),
        ("axe", "none_yet"): (0.667, 3),
    }


def test_without_dont_know_n_is_known(survey):
    use = survey.estimates("use", groups="inside", rebase="dont_know", options="nets")
    assert cells(use, "option") == {"no": (0.25, 4), "yes": (0.75, 4)}
    assert set(use["base"]) == {"dont_know_excluded"}
    assert set(use["status"]) == {"d", "de"}


# --- Numbers, ranks and counts ---------------------------------------------------------------


def test_means(survey):
    # home 5, 4, 3; work 4, 2.
    marks = survey.estimates("marks")
    assert cells(marks, "item") == {"home": (4.0, 3), "work": (3.0, 2)}
    assert set(marks["statistic"]) == {"mean"}


def test_rankings(survey):
    # home 1, 1, 2, 1; work 2, 2, 1 and left out once.
    order = survey.estimates("order")
    assert cells(of(order, statistic="mean_rank"), "item") == {"home": (1.25, 4), "work": (1.667, 3)}
    assert cells(of(order, statistic="share_first"), "item") == {"home": (0.75, 4), "work": (0.25, 4)}
    assert cells(of(order, statistic="rank"), "item") == {"home": (1.0, 4), "work": (2.0, 4)}
    assert cells(of(order, statistic="rank_first"), "item") == {"home": (1.0, 4), "work": (2.0, 4)}


def test_items_that_tie_share_the_smallest_rank(tmp_path):
    # With respondent 1 turned around home has 2, 1, 2, 1 and work 1, 2, 1: two firsts each.
    answers = changed(ANSWERS, (",x,,,,home,work,5", ",x,,,,work,home,5"))
    order = survey_of(tmp_path, answers=answers).estimates("order")
    assert cells(of(order, statistic="share_first"), "item") == {"home": (0.5, 4), "work": (0.5, 4)}
    assert cells(of(order, statistic="rank_first"), "item") == {"home": (1.0, 4), "work": (1.0, 4)}
    # Mean ranks 1.5 and 1.333.
    assert cells(of(order, statistic="rank"), "item") == {"home": (2.0, 4), "work": (1.0, 4)}


def test_ranked_by_the_sum_of_other_shares(survey):
    # money 1/4 + 2/3, time 2/4 + 1/3, peace 2/4 + 0: the first two are kept; outside was not asked hopes.
    wanted = survey.estimates("most_wanted")
    assert cells(wanted, "group", "item") == {("inside", "money"): (1.0, 3), ("inside", "time"): (2.0, 3)}
    assert set(wanted["status"]) == {"e"}


def test_counts(survey):
    people = survey.estimates("people")
    assert dict(zip(people["group"], people["estimate"], strict=True)) == {"inside": 5, "outside": 3, "both": 8}
    assert set(people["statistic"]) == {"count"}


# --- Groups together and apart ---------------------------------------------------------------


def test_a_pooled_group_has_what_the_instrument_says(survey):
    both = survey.estimates("use", groups="both")
    assert cells(both, "option") == {"no": (0.286, 7), "yes": (0.571, 7), "unknown": (0.143, 7)}
    assert survey.estimates("wishes", groups="both").empty


def test_a_pooled_group_has_only_items_that_all_were_offered(tmp_path):
    wishes = survey_of(tmp_path, instrument=INSTRUMENT + "wishes,both,,,,,,,,\n").estimates("wishes", groups="both")
    # money: respondents 1 and 6 of six; peace: 3, 5 and 6. Outside was not offered time.
    assert cells(wishes, "item") == {"money": (0.333, 6), "peace": (0.5, 6)}


def test_no_pooled_numbers_without_pools(tmp_path):
    survey = survey_of(tmp_path, wave=changed(WAVE, ("{id: both, pools: [inside, outside]}", "{id: both}")))
    assert survey.estimates("use", groups="both").empty
    assert survey.estimates("people", groups="both").empty


def test_split_by_language(survey):
    use = survey.estimates("use", groups="inside", split="language", options="nets")
    assert list(use.columns[:2]) == ["language", "year"]
    assert cells(use, "language", "option") == {
        ("nl", "no"): (0.25, 4),
        ("nl", "yes"): (0.5, 4),
        ("nl", "unknown"): (0.25, 4),
        ("en", "no"): (0.0, 1),
        ("en", "yes"): (1.0, 1),
        ("en", "unknown"): (0.0, 1),
    }


def test_split_by_another_question(survey):
    wishes = survey.estimates("wishes", groups="inside", split="use")
    assert cells(of(wishes, item="time"), "use") == {"often": (0.5, 2), "rarely": (1.0, 1)}
    people = survey.estimates("people", groups="both", split="use")
    assert dict(zip(people["use"], people["estimate"], strict=True)) == {
        "no": 2, "yes": 1, "often": 2, "rarely": 1,
    }  # fmt: skip


def test_an_unknown_split(survey):
    with pytest.raises(UnknownNameError, match="no split 'wishes'"):
        survey.estimates("use", split="wishes")


# --- Evidence --------------------------------------------------------------------------------


def test_synthetic_numbers_are_flagged_and_give_way(tmp_path):
    wave = WAVE.replace("evidence: survey", "evidence: synthetic")
    survey = survey_of(tmp_path, wave=wave, printed={LATER: PRINTED})
    for level in LEVELS:
        best = of(survey.estimates("use", groups="inside", options=level))
        kinds = dict(zip(best["option"], best["evidence"], strict=True))
        assert kinds == {"no": "published", "yes": "published", "unknown": "published"}
    filled = of(survey.estimates("use", groups="outside"))
    assert dict(zip(filled["option"], filled["status"], strict=True))["yes"] == "s"
    chosen = survey.estimates("use", groups="inside", evidence="synthetic,published", options="offered")
    assert set(chosen["evidence"]) == {"synthetic"}
    assert all("s" in status for status in chosen["status"])
    only = survey.estimates("use", groups="inside", evidence="published")
    assert cells(only, "option") == {"no": (0.4, 50), "yes": (0.5, 50), "unknown": (0.1, 50)}


def test_respondents_come_before_print(tmp_path):
    survey = survey_of(tmp_path, printed={LATER: PRINTED})
    use = survey.estimates("use", groups="inside", options="nets")
    assert set(use["evidence"]) == {"survey"}
    assert cells(use, "option")["yes"] == (0.6, 5)


def test_one_trend_over_print_and_respondents(tmp_path):
    survey = survey_of(tmp_path, printed={EARLIER: PRINTED})
    trend = survey.estimates("use", years="all", groups="inside")
    assert cells(trend, "year", "option") == {
        (EARLIER, "no"): (0.4, 50),
        (EARLIER, "yes"): (0.5, 50),
        (EARLIER, "unknown"): (0.1, 50),
        (LATER, "no"): (0.2, 5),
        (LATER, "yes"): (0.6, 5),
        (LATER, "unknown"): (0.2, 5),
    }
    assert of(trend, option="yes")["status"].tolist() == ["r", "de"]
    assert of(trend, option="yes")["evidence"].tolist() == ["published", "survey"]


def test_a_union_of_respondents_beside_bounds_of_print(tmp_path):
    survey = survey_of(tmp_path, printed={EARLIER: PRINTED})
    gains = of(survey.estimates("wishes", years="all", groups="inside", options="nets"), item="gains")
    printed, counted = gains.to_dict("records")
    assert (printed["low"], printed["high"]) == (0.6, 0.9)
    assert printed["estimate"] != printed["estimate"]
    assert (counted["estimate"], counted["n"]) == (0.5, 4)
    assert [printed["status"], counted["status"]] == ["er", "e"]


def test_a_source_value_that_says_dont_know_is_in_the_base(tmp_path):
    # Where it is no option of the question it has no row of its own, but who says so has answered.
    answers = changed(ANSWERS, ("have,soon", "dunno,soon"))
    survey = survey_of(tmp_path, answers=answers, values=VALUES + ",tools,,,dunno,@dont_know,,\n", columns=COLUMNS)
    assert cells(of(survey.estimates("tools"), item="saw"), "option") == {"have": (0.5, 2), "none_yet": (0.0, 2)}


# --- Several groups together -----------------------------------------------------------------


def pooled(tmp_path, question: str, inside: str, outside: str):
    instrument = "question,group,base,max_choices,limit_enforced,break,policy,note,offered,items,asked_if\n"
    instrument += f"{question},inside,,,,,,,{inside},\n{question},outside,,,,,,,{outside},\n{question},both,,,,,,,,,\n"
    data = write_wave(tmp_path)
    raw = data / "raw" / str(LATER)
    (raw / "instrument.csv").write_text(instrument, encoding="utf-8")
    codebook = read_codebook(data / "codebook")
    problems: list = []
    wave = read_wave(raw, codebook, problems)
    assert problems == []
    return _asked(codebook.questions[question], "both", wave)


@pytest.mark.parametrize(
    ("question", "inside", "outside", "together"),
    [
        ("wishes", "money time,", "peace,", None),
        ("wishes", "money time,", "money peace,", ("money",)),
        ("use", "no often rarely,", "no yes,", ("no", "yes")),
        ("tools", ",saw", ",axe", None),
    ],
)
def test_a_pooled_group_has_only_what_all_were_offered(tmp_path, question, inside, outside, together):
    asked = pooled(tmp_path, question, inside, outside)
    assert together == (asked.offered if asked else None)
