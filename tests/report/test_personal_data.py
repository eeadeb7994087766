"""What a survey tool knows of a person is in the export, and nowhere else: not in processed data, not in a report."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import lnd_survey as lnd
from lnd_survey.synthetic.write import FORMS, Personal, write_wave
from lnd_survey.synthetic.write_sample import with_exports

ROOT = Path(__file__).parents[2]
YEAR = 2022
CANARIES = {
    "email": "canary-mail@birds.example",
    "first_name": "Canarina",
    "last_name": "Serinus",
    "ip": "203.0.113.77",
    "link": "https://birds.example/canary-link",
    "token": "canarytoken",
    "free_text": "My canary sings; call me",
    "time_stamp": "1999-12-31 23:58:59",
}


@pytest.fixture(scope="module")
def answers():
    return lnd.open_survey().answers(YEAR)


def planted(data: Path) -> set[str]:
    """The canaries that stand in a file, whether as bytes, in a packed workbook or in an SPSS file."""
    from lnd_survey.readers import read_export

    survey = lnd.open_survey(data)
    found = set()
    for declaration in survey.waves[YEAR].exports.files:
        export = read_export(survey.waves[YEAR].folder / declaration.name, declaration, [])
        texts = {str(text) for cells in export.cells.values() for text in cells.categories}
        found |= {name for name, canary in CANARIES.items() if any(canary in text for text in texts)}
    return found


@pytest.mark.parametrize("name", ["limesurvey", "surveymonkey_title", "qualtrics", "plain_ods", "sav"])
def test_canaries_are_in_the_export_and_nowhere_else(name, answers, tmp_path):
    shutil.copytree(ROOT / "data" / "codebook", tmp_path / "data" / "codebook")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    wave = tmp_path / "data" / "raw" / str(YEAR)
    wave.mkdir(parents=True)
    source = ROOT / "data" / "raw" / str(YEAR)
    for file in ("published.csv", "instrument.csv"):
        shutil.copy(source / file, wave / file)
    survey = lnd.open_survey()
    written = write_wave(
        answers,
        codebook=survey.codebook,
        folder=wave,
        form=FORMS[name],
        languages=survey.waves[YEAR].languages,
        language_question="survey_language",
        personal=Personal(**CANARIES),
    )
    text = (source / "wave.yml").read_text(encoding="utf-8")
    (wave / "wave.yml").write_text(with_exports(text, written.yaml()), encoding="utf-8")
    assert {"email", "free_text", "time_stamp"} <= planted(tmp_path / "data")

    done = subprocess.run(
        [
            *[sys.executable, "-m", "lnd_survey.cli", "--data", str(tmp_path), "report", "--year", str(YEAR)],
            *["--lang", "fr", "--chapters", "6", "--evidence", "synthetic"],
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr

    processed = tmp_path / "data" / "processed" / str(YEAR)
    made = [path for folder in (processed, tmp_path / "reports") for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in made} >= {"answers.parquet", "log.csv", "manifest.json", "index.html"}
    for path in made:
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += pd.read_parquet(path).to_csv().encode()  # what is packed, too
        for canary in CANARIES.values():
            for encoding in ("utf-8", "utf-16-le"):
                assert canary.encode(encoding) not in content, f"{canary} is in {path.relative_to(tmp_path)}"
