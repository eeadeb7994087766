"""Personal data that survey tools add are nowhere after reading, whatever the format."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
from drawn_wave import ANSWERS, COLUMNS, WAVE, changed, write_wave

import lnd_survey as lnd
from lnd_survey.cli import main

PLANTED = {
    "RecipientEmail": "wilhelmina.canary@canary-mail.example",
    "Name": "Wilhelmina Canârydottir",
    "IPAddress": "198.51.100.77",
    "Link": "https://canary-link.example/r/9f3a7c",
    "RecordedDate": "2005-11-23 04:56:07",
    "Remarks": "Canary free text: my boss “reads” this, I fear.",
}
"""What is planted into every response, by column."""

COLUMNS_OF_IT = COLUMNS + "".join(f",{name},,,,personal data\n" for name in PLANTED)
FORMATS = {"csv": "", "xlsx": "", "sav": ", values: labels"}


def table() -> pd.DataFrame:
    rows = list(csv.reader(io.StringIO(ANSWERS)))
    frame = pd.DataFrame(rows[1:], columns=rows[0])
    for name, text in PLANTED.items():
        frame[name] = [f"{text}#{place}" for place in range(len(frame))]
    return frame


def write(path, form: str) -> None:
    frame = table()
    if form == "csv":
        frame.to_csv(path, index=False)
    elif form == "xlsx":
        frame.to_excel(path, index=False, engine="xlsxwriter")
    else:
        import pyreadstat

        pyreadstat.write_sav(frame, path, column_labels={"Remarks": PLANTED["Remarks"]})


@pytest.mark.parametrize("form", FORMATS)
def test_no_byte_of_it_is_left(form, tmp_path, capsys):
    name = f"answers.{form}"
    declared = f"{{name: {name}, format: {form}, layout: plain, rows: 10{FORMATS[form]}}}"
    wave = changed(WAVE, ("{name: answers.csv, format: csv, layout: plain, rows: 10}", declared))
    data = write_wave(tmp_path, columns=COLUMNS_OF_IT, wave=wave)
    if form != "csv":
        (data / "raw/2005/answers.csv").unlink()
    write(data / "raw/2005" / name, form)
    raw = (data / "raw/2005" / name).read_bytes()
    assert main(["--data", str(data), "process"]) == 0
    assert main(["--data", str(data), "check"]) == 0
    survey = lnd.open_survey(data)
    questions = list(survey.codebook.questions)
    assert main(["--data", str(data), "estimates", *questions, "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert "respondents" in said.out
    answers = survey.answers(2005)
    survey.estimates(questions).to_csv(tmp_path / "estimates.csv", index=False)
    answers.to_csv(tmp_path / "answers.csv", index=False)
    survey.log(2005).to_csv(tmp_path / "log.csv", index=False)
    stored = [path for path in (data / "processed").rglob("*") if path.is_file()]
    assert len(stored) == 4
    texts = [path.read_bytes() for path in (*stored, *tmp_path.glob("*.csv"))]
    texts += [(said.out + said.err).encode(), repr(survey).encode()]
    # Parquet may compress: what is in it is also looked at as read.
    texts.append(pd.read_parquet(data / "processed/2005/answers.parquet").to_csv().encode())
    mails = [f"{letter}@b.example" for letter in "abcdefghi"]
    for text in [*PLANTED.values(), *mails, "canary", "Wilhelmina", "198.51.100"]:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            sought = text.encode(encoding)
            assert not [place for place, content in enumerate(texts) if sought.lower() in content.lower()], text
    if form == "csv":
        assert PLANTED["RecipientEmail"].encode() in raw  # it was there to be found


def test_who_a_respondent_is_is_not_kept(tmp_path):
    answers = changed(ANSWERS, ("\n1,L&D", "\nwilhelmina@canary.example,L&D"))
    survey = lnd.open_survey(write_wave(tmp_path, answers=answers))
    survey.process(2005)
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data/processed").rglob("*") if path.is_file())
    assert b"canary" not in stored
    assert "canary" not in survey.answers(2005).to_csv() + survey.log(2005).to_csv()
    assert "canary" not in repr(survey)


def test_a_column_that_a_new_tool_adds_is_not_let_through(tmp_path):
    rows = [f"{row},{name}" for row, name in zip(ANSWERS.splitlines(), ["Name", *"abcdefghij"], strict=True)]
    survey = lnd.open_survey(write_wave(tmp_path, answers="\n".join(rows) + "\n"))
    with pytest.raises(lnd.SurveyError, match=r"1 of 18 columns without a row .*: 'Name'"):
        survey.answers(2005)
