"""The examples in CONTRIBUTING.md are what the library reads."""

import re
import shutil
from pathlib import Path

import lnd_survey as lnd

ROOT = Path(__file__).parents[1]
DOCUMENT = """
documents:
  - {id: report_2023, label: {nl: R, fr: R, en: R}, title: {nl: R, fr: R, en: R}}
"""


def examples(language: str) -> list[str]:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_a_year_and_a_question_are_added_by_files_alone(tmp_path):
    shutil.copytree(ROOT / "data" / "codebook", tmp_path / "codebook")
    wave, _, _, question = examples("yaml")
    published, instrument, *_ = examples("csv")
    (tmp_path / "codebook" / "new.yml").write_text(question + DOCUMENT, encoding="utf-8")
    folder = tmp_path / "raw" / "2023"
    folder.mkdir(parents=True)
    for name, text in [("wave.yml", wave), ("published.csv", published), ("instrument.csv", instrument)]:
        (folder / name).write_text(text, encoding="utf-8")

    survey = lnd.open_survey(tmp_path)

    assert survey.years == (2023,)
    skills = survey.estimates("tech_skills")
    assert dict(zip(skills["option"], skills["estimate"], strict=True)) == {"no": 0.34, "yes": 0.64}
    assert "coaching_use" in survey.questions()["question"].tolist()


EXPORT = """\
Response;Who;Language;Status;E-mail;Skills;Measures;First;Second
1;L&D department;nl;;a@b.example;Voldoende;Formeel, informeel, Leidinggevenden;;
2;L&D Department;nl;;c@d.example;zie hoger;;;
3;provider;nl;;e@f.example;;;manager;HR
4;provider;nl;test;g@h.example;;;;
"""


def test_a_year_of_respondents_is_added_by_files_alone(tmp_path):
    shutil.copytree(ROOT / "data" / "codebook", tmp_path / "codebook")
    folder = tmp_path / "raw" / "2024"
    folder.mkdir(parents=True)
    _, wave, _, _ = examples("yaml")
    _, _, columns, values, instrument = examples("csv")
    for name, text in [("wave.yml", wave), ("columns.csv", columns), ("values.csv", values)]:
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "instrument.csv").write_text(instrument, encoding="utf-8")
    (folder / "answers.csv").write_text(EXPORT, encoding="utf-8")

    survey = lnd.open_survey(tmp_path, warn=0, suppress=0)

    measures = survey.estimates("culture_measures")
    shares = dict(zip(measures["item"], measures["estimate"], strict=True))
    assert shares == {"leaders": 1.0, "growth_mindset": 0.0, "broad_offer": 1.0}
    assert measures["n"].tolist() == [1, 1, 1]
    counted = survey.estimates("respondents")
    assert dict(zip(counted["group"], counted["estimate"], strict=True)) == {"business": 1, "providers": 1, "all": 2}


def test_a_year_is_weighted_by_its_wave_file_alone(tmp_path):
    shutil.copytree(ROOT / "data" / "codebook", tmp_path / "codebook")
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "raw")
    _, _, weights, _ = examples("yaml")
    with (tmp_path / "raw" / "2022" / "wave.yml").open("a", encoding="utf-8") as wave:
        wave.write(weights)

    account = lnd.open_survey(tmp_path).weights(2022, lang="en")

    # What is weighted lies nearer to the population than the respondents do, and within half a point of it.
    assert set(account["margin"]) == {"country", "organisation_size"}
    assert (abs(account["weighted"] - account["population"]) < 0.005).all()
    assert (abs(account["respondents"] - account["population"]) > 0.01).any()
