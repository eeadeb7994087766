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
    wave, question = examples("yaml")
    published, instrument = examples("csv")
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
