"""Weights declared in wave.yml, from the margins to the picture: by hand, and each refusal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from drawn_wave import ANSWERS, CODEBOOK, VALUES, WAVE, changed, write_wave

import lnd_survey as lnd
from lnd_survey.answers import categories
from lnd_survey.codebook import read_codebook
from lnd_survey.compare import comparison
from lnd_survey.errors import DataError
from lnd_survey.estimate import estimate_rows
from lnd_survey.significance import Sample, difference_of_shares
from lnd_survey.wave import read_wave
from lnd_survey.weighting import weighted

ROOT = Path(__file__).parents[1]
SOURCE = "source: {nl: het register, en: the register}"
BY_LANGUAGE = f"weights:\n  - group: inside\n    {SOURCE}\n    margins: {{language: {{nl: 50, en: 50}}}}\n"


def survey_of(folder, weights=BY_LANGUAGE, **parts):
    return lnd.open_survey(write_wave(folder, wave=WAVE + weights, **parts), warn=0, suppress=0)


@pytest.fixture(scope="module")
def survey(tmp_path_factory):
    return survey_of(tmp_path_factory.mktemp("weighted"))


def shares(frame, key="option"):
    return dict(zip(frame[key], frame["estimate"].round(4), strict=True))


def test_weights_by_hand(survey):
    """Four of the five inside answered in Dutch and shall count half: 2.5 / 4 each, and the other 2.5 / 1."""
    answers = survey.answers(2005)
    assert answers["weight"].round(10).tolist() == [0.625, 0.625, 2.5, 0.625, 0.625, 1, 1, 1]


def test_shares_by_hand(survey):
    """Often: a Dutch one and the English one, (0.625 + 2.5) / 5."""
    use = survey.estimates("use", groups="inside", options="offered")
    assert shares(use) == {"often": 0.625, "rarely": 0.125, "no": 0.125, "unknown": 0.125}
    assert set(use["n"]) == {5}
    # Kish: 5² / (4 · 0.625² + 2.5²) = 3.2. With so few events the smaller of both bases is taken.
    assert (use["n_effective"] <= 3.2 + 1e-9).all()
    assert all("w" in status for status in use["status"])
    nets = survey.estimates("use", groups="inside", options="nets")
    assert shares(nets)["yes"] == 0.75
    assert nets["low"].notna().all()


def test_without_dont_know(survey):
    """Without the one who does not know 4.375 are left: no 0.625, yes 3.75."""
    use = survey.estimates("use", groups="inside", rebase="dont_know", options="nets")
    assert shares(use) == {"no": round(0.625 / 4.375, 4), "yes": round(3.75 / 4.375, 4)}
    assert set(use["n"]) == {4}


def test_ticks_means_and_ranks_by_hand(survey):
    """Wishes of four inside (0.625, 0.625, 2.5, 0.625): money 0.625, time 1.25, peace 3.125, of 4.375."""
    wishes = survey.estimates("wishes", groups="inside", options="all")
    assert shares(wishes, "item") == {
        "gains": round(1.25 / 4.375, 4),
        "money": round(0.625 / 4.375, 4),
        "time": round(1.25 / 4.375, 4),
        "peace": round(3.125 / 4.375, 4),
    }
    # Home: 5 and 4 of Dutch ones, 3 of the English one.
    marks = survey.estimates("marks")
    assert shares(marks, "item")["home"] == round((0.625 * 9 + 2.5 * 3) / 3.75, 4)
    order = survey.estimates("order")
    assert shares(order[order["statistic"] == "share_first"], "item") == {
        "home": round(1.875 / 4.375, 4),
        "work": round(2.5 / 4.375, 4),
    }


def test_groups_without_weights_are_as_they_were(survey, tmp_path):
    plain = lnd.open_survey(write_wave(tmp_path), warn=0, suppress=0)
    for question in ("use", "wishes", "tools"):
        ours = survey.estimates(question, groups="outside")
        np.testing.assert_array_equal(ours["estimate"], plain.estimates(question, groups="outside")["estimate"])
        assert not any("w" in status for status in ours["status"])


def test_a_pooled_group_has_the_weights_of_its_parts(survey):
    """No: 0.625 inside and 1 outside, of 5 inside and 2 outside who answered."""
    use = survey.estimates("use", groups="both", options="nets")
    assert shares(use)["no"] == round(1.625 / 7, 4)


def test_people_are_counted_and_not_weighted(survey):
    assert survey.estimates("people", groups="inside")["estimate"].tolist() == [5.0]


def test_margins_like_the_respondents_change_nothing(tmp_path):
    like = BY_LANGUAGE.replace("{nl: 50, en: 50}", "{nl: 80, en: 20}")
    ours, plain = survey_of(tmp_path / "a", like), lnd.open_survey(write_wave(tmp_path / "b"), warn=0, suppress=0)
    for question in ("use", "wishes", "order", "marks"):
        one, other = ours.estimates(question, groups="inside"), plain.estimates(question, groups="inside")
        for column in ("estimate", "n"):
            np.testing.assert_allclose(one[column], other[column], rtol=0, atol=1e-12)


def test_what_the_margins_say_is_certain(survey):
    """Whoever was raked to the language has exactly that language: nothing is left to chance."""
    frame = survey.estimates("use", split="language", groups="inside", options="nets")
    assert set(frame["language"]) == {"nl", "en"}
    account = survey.weights(2005, lang="en")
    assert account[["level", "population", "respondents", "weighted"]].round(9).to_numpy().tolist() == [
        ["nl", 0.5, 0.8, 0.5],
        ["en", 0.5, 0.2, 0.5],
    ]
    # 5 · (4 · 0.625² + 2.5²) / 5² = 1.5625.
    assert set(account["design_effect"].round(6)) == {1.5625}
    assert set(account["efficiency"].round(6)) == {0.64}
    assert account[["low", "high"]].iloc[0].tolist() == [0.625, 2.5]
    assert set(account["source"]) == {"the register"}


def test_trimmed_weights_miss_their_margins_and_say_so(tmp_path):
    """At most 2: half a respondent is cut off, and divided among the four others, 0.125 each."""
    survey = survey_of(tmp_path, BY_LANGUAGE + "    trim: 2\n")
    assert survey.answers(2005)["weight"].head(5).round(10).tolist() == [0.75, 0.75, 2, 0.75, 0.75]
    assert survey.weights(2005)["weighted"].round(10).tolist() == [0.6, 0.4]


def test_who_gave_no_level_keeps_their_part(tmp_path):
    """By use: one of five does not know, and stays a fifth; of the others no is 1 and yes 3, and both shall be half."""
    weights = BY_LANGUAGE.replace("language: {nl: 50, en: 50}", 'use: {"no": 50, "yes": 50}')
    survey = survey_of(tmp_path, weights)
    use = survey.estimates("use", groups="inside", options="nets")
    assert shares(use) == {"no": 0.4, "yes": 0.4, "unknown": 0.2}
    assert survey.answers(2005)["weight"].head(5).round(9).tolist() == [
        pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3), 2.0, 1.0,
    ]  # fmt: skip


def test_notes_say_that_numbers_are_weighted(tmp_path):
    said = (ROOT / "data" / "codebook" / "words.yml").read_text(encoding="utf-8")
    wanted = {"note_weighted", "note_merged", "language"}
    words = {
        key: {lang: text[lang] for lang in ("nl", "en")}
        for key, text in yaml.safe_load(said)["words"].items()
        if key in wanted
    }
    codebook = f"{CODEBOOK}{yaml.safe_dump({'words': words}, allow_unicode=True)}"
    survey = survey_of(tmp_path, codebook=codebook)
    found = survey.words("en").notes(survey.estimates("wishes", groups="inside"))
    assert "Weighted (In, 2005) by Language; distribution from the register. n counts unweighted answers." in found
    assert survey.words("en").notes(survey.estimates("wishes", groups="outside")) == []


def test_comparisons_are_weighted_too(survey):
    """Of those who use it often, one wishes for peace, 2.5 of 3.125; who uses it rarely does not."""
    found = survey.compare("wishes", groups="inside", split="use", parts=("often", "rarely"))
    peace = found[found["item"] == "peace"].iloc[0]
    assert (peace["estimate_first"], peace["estimate_second"]) == (0.8, 0.0)
    assert (peace["n_first"], peace["n_second"]) == (2, 1)
    # So few people would get an exact test, which there is none of with weights.
    assert peace["test"] == "score"


def test_weighted_comparisons_agree_with_the_kernel(of_r):
    """Two regions of the golden set: the test of their weighted shares on their own errors and bases."""
    answers, wave, codebook = of_r
    parts = estimate_rows(answers, "ticks", wave=wave, codebook=codebook, split="region")
    names = ["region=london", "region=midlands"]
    one, two = ([row for row in parts if row["split"] == name] for name in names)
    found = comparison(
        one, two, question=codebook.questions["ticks"], names=("london", "midlands"), comparability=None,
        correction="holm",
    )  # fmt: skip
    samples = [
        Sample(*([row[name] for row in rows] for name in ("estimate", "se", "n", "n_effective"))) for rows in (one, two)
    ]
    expected = difference_of_shares(*samples, weighted=True)
    assert len(found) == len(TICKS)
    np.testing.assert_allclose([row["p"] for row in found], expected.p)
    plain = difference_of_shares(*samples, weighted=False)
    assert not np.allclose(expected.p, plain.p, equal_nan=True)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ("group: insid", r"wave.yml, row 13: weights: 'insid' is not a group of this wave. .*inside"),
        ("group: both", r"weights: 'both' is not a group of this wave. Allowed: inside, outside"),
        ("language: {nl: 50, en: 50}", r"inside was not asked a single-choice question 'wishes'"),
        ("{nl: 50, en: 50}", r"wave.yml, row 15: 'de' is not a level of language"),
        ("nl: 50,", r"weights.*0 "),
        ("margins:", r"weights.*margins"),
        (SOURCE, r"weights.*source"),
    ],
)
def test_wrong_declarations(tmp_path, weights, message):
    put = {
        "group: insid": ("group: inside", "group: insid"),
        "group: both": ("group: inside", "group: both"),
        "language: {nl: 50, en: 50}": ("language:", "wishes:"),
        "{nl: 50, en: 50}": ("en: 50", "en: 50, de: 5"),
        "nl: 50,": ("nl: 50", "nl: 0"),
        "margins:": ("margins: {language: {nl: 50, en: 50}}", "margins: {}"),
        SOURCE: (SOURCE, "trim: 3"),
    }[weights]
    with pytest.raises(DataError, match=message):
        survey_of(tmp_path, changed(BY_LANGUAGE, put))


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ('use: {"no": 20, often: 40, rarely: 20, "yes": 80}', "'often' of use belongs to two levels"),
        ('use: {"no": 20, often: 80}', "1 respondent has level 'rarely', which the margin lacks"),
        (
            'use: {"no": 20, "yes": 80}, language: {nl: 1, en: 99}',
            "weights of inside: margin .*: no weights agree with all margins",
        ),
    ],
)
def test_margins_that_nobody_can_meet(tmp_path, margins, message):
    survey_weights = BY_LANGUAGE.replace("language: {nl: 50, en: 50}", margins)
    with pytest.raises(DataError, match=message):
        survey_of(tmp_path, survey_weights).answers(2005)


def test_a_level_that_nobody_has(tmp_path):
    answers = changed(ANSWERS, ("4,L&D,nl,ok,d@b.example,Nee", "4,L&D,nl,ok,d@b.example,Vaak"))
    values = changed(VALUES, (",use,,nl,Nee,no,,", ",use,,nl,Nee,no,empty,"))
    weights = BY_LANGUAGE.replace("language: {nl: 50, en: 50}", 'use: {"no": 20, "yes": 80}')
    message = r"wave.yml, row 13: weights of inside: margin use: nobody has level 'no', which is 16 % of the population"
    with pytest.raises(DataError, match=message):
        survey_of(tmp_path, weights, answers=answers, values=values).answers(2005)


def test_nothing_is_weighted_unless_declared(tmp_path):
    survey = lnd.open_survey(write_wave(tmp_path), warn=0, suppress=0)
    assert set(survey.answers(2005)["weight"]) == {1.0}
    assert survey.weights(2005).empty


# --- As R's survey has it ------------------------------------------------------------------------

GOLDEN = ROOT / "tests" / "golden" / "a1_n456"
MARGINS = ("region", "size", "group_sector")
TICKS = [f"m{number:02}" for number in range(1, 11)]
LABELS = "{nl: x, en: x}"


def question_of(name, kind, entries):
    listed = ", ".join(f"{{id: {entry.lower()}, label: {LABELS}}}" for entry in entries)
    part = "options" if kind == "single" else "items"
    return f"  - {{id: {name}, kind: {kind}, name: {LABELS}, text: {LABELS}, {part}: [{listed}]}}\n"


@pytest.fixture(scope="module")
def of_r(tmp_path_factory):
    """The invented respondents of the golden set as one group, raked here to the margins that R raked them to."""
    data = pd.read_csv(GOLDEN / "data.csv")
    data["group_sector"] = data["group"] + "_" + data["sector"].str.lower()
    sizes = pd.read_csv(GOLDEN / "margins.csv").assign(level=lambda margins: margins["level"].str.replace(".", "_"))
    folder = tmp_path_factory.mktemp("golden") / "2024"
    folder.mkdir()
    start, _, _ = CODEBOOK.partition("questions:\n")
    questions = [question_of(name, "single", sorted(data[name].unique())) for name in MARGINS]
    questions.append(question_of("ticks", "multi", TICKS))
    (folder.parent / "survey.yml").write_text(start + "questions:\n" + "".join(questions), encoding="utf-8")
    margins = {
        margin: {row.level.lower(): row.pop for row in sizes[sizes["margin"] == margin].itertuples()}
        for margin in MARGINS
    }
    wave = {
        "year": 2024,
        "evidence": "survey",
        "languages": ["nl"],
        "groups": [{"id": "inside"}],
        "exports": {"evidence": "survey", "files": [{"name": "a.csv", "format": "csv", "layout": "plain", "rows": 1}]},
        "weights": [{"group": "inside", "source": {"nl": "R", "en": "R"}, "margins": margins}],
    }
    (folder / "wave.yml").write_text(yaml.safe_dump(wave), encoding="utf-8")
    header = "question,group,base,max_choices,limit_enforced,break,policy,note\n"
    rows = "".join(f"{name},inside,,,,,,\n" for name in (*MARGINS, "ticks"))
    (folder / "instrument.csv").write_text(header + rows, encoding="utf-8")
    problems = []
    codebook = read_codebook(folder.parent)
    read = read_wave(folder, codebook, problems)
    assert problems == []
    columns = {"group": pd.Categorical(["inside"] * len(data)), "weight": np.ones(len(data))}
    for name in MARGINS:
        columns[name] = pd.Categorical(data[name].str.lower(), categories(codebook.questions[name]))
    told = data[TICKS].apply(lambda column: column.map({0: "not_selected", 1: "selected"}))
    for name in TICKS:
        columns[f"ticks.{name}"] = pd.Categorical(told[name], categories(codebook.questions["ticks"]))
    answers = pd.DataFrame(columns)
    return weighted(answers, wave=read, codebook=codebook, problems=problems), read, codebook


def test_weights_agree_with_column_w3_of_weights(of_r):
    answers, _, _ = of_r
    r = pd.read_csv(GOLDEN / "r_survey" / "weights.csv")["w3"].to_numpy()
    np.testing.assert_allclose(answers["weight"], r / r.mean(), rtol=1e-6)


def test_shares_agree_with_columns_n_est_se_cal_of_proportions(of_r):
    """R takes n/(n − 1) of all 456 rows, where ours is of those who answered."""
    answers, wave, codebook = of_r
    rows = estimate_rows(answers, "ticks", wave=wave, codebook=codebook)
    r = pd.read_csv(GOLDEN / "r_survey" / "proportions.csv")
    r = r[(r["weights"] == "w3") & (r["group"] == "all") & (r["year"].astype(str) == "2024")].set_index("item")
    assert [row["item"] for row in rows] == TICKS
    for row in rows:
        n = row["n"]
        assert n == r["n"][row["item"]]
        assert row["estimate"] == pytest.approx(r["est"][row["item"]], abs=1e-8)
        factor = (n / (n - 1)) / (456 / 455)
        assert row["se"] == pytest.approx(r["se_cal"][row["item"]] * factor**0.5, abs=1e-8)
