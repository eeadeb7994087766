"""`data/processed` is written once, whole or not at all, and used only while it is what the files give."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from drawn_wave import ANSWERS, COLUMNS, VALUES, changed, write_wave

import lnd_survey as lnd
from lnd_survey.cli import main
from lnd_survey.errors import ReportError, SurveyError
from lnd_survey.folders import only_run
from lnd_survey.processed import store

SUMMARY = "2005: 10 rows read, 2 left out (1 test entry, 1 duplicate), 8 respondents (inside 5, outside 3); 6 questions"


@pytest.fixture
def data(tmp_path):
    return write_wave(tmp_path)


def files(data: Path) -> dict[str, bytes]:
    place = data / "processed"
    return {str(path.relative_to(place)): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def process(data: Path, capsys) -> str:
    assert main(["--data", str(data), "process"]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    return output.out


def test_written_once(data, capsys):
    first = process(data, capsys)
    written = files(data)
    times = [path.stat().st_mtime_ns for path in sorted((data / "processed/2005").iterdir())]
    assert first.startswith(SUMMARY)
    assert first.endswith("; written.\n")
    assert set(written) == {".2005.lock", "2005/answers.parquet", "2005/log.csv", "2005/manifest.json"}
    assert process(data, capsys) == first.replace("; written.", "; unchanged, not written again.")
    assert files(data) == written
    assert [path.stat().st_mtime_ns for path in sorted((data / "processed/2005").iterdir())] == times


def test_the_same_input_gives_the_same_bytes(tmp_path, capsys):
    written = []
    for name in ("one", "two"):
        data = write_wave(tmp_path / name)
        process(data, capsys)
        written.append(files(data))
    assert written[0] == written[1]


def test_what_was_stored_is_what_the_files_give(data):
    fresh = lnd.open_survey(data)
    frame, log = fresh.answers(2005), fresh.log(2005)
    assert fresh.process(2005)
    again = lnd.open_survey(data)
    pd.testing.assert_frame_equal(again.answers(2005), frame, check_exact=True)
    pd.testing.assert_frame_equal(again.log(2005), log, check_exact=True)
    for question in again.codebook.questions:
        pd.testing.assert_frame_equal(again.estimates(question), fresh.estimates(question))


def test_it_is_the_stored_answers_that_are_used(data, capsys):
    process(data, capsys)
    survey = lnd.open_survey(data)
    # A stored file that is whole, as its manifest says, but that no export gives.
    answers = lnd.open_survey(data)._answers_of(2005)
    store(data, survey.wave(2005), replace(answers, frame=answers.frame.iloc[:3]))
    assert len(lnd.open_survey(data).answers(2005)) == 3


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


CHANGES = {
    "the export": lambda data: (data / "raw/2005/answers.csv").write_text(changed(ANSWERS, ("Zelden", "Vaak"))),
    "wave.yml": lambda data: lengthen(data / "raw/2005/wave.yml"),
    "instrument.csv": lambda data: lengthen(data / "raw/2005/instrument.csv"),
    "columns.csv": lambda data: lengthen(data / "raw/2005/columns.csv"),
    "values.csv": lambda data: lengthen(data / "raw/2005/values.csv"),
    "the codebook": lambda data: lengthen(data / "codebook/survey.yml"),
    "a codebook file more": lambda data: (data / "codebook/more.yml").write_text("words: {more: {nl: m, en: m}}\n"),
    "stored answers cut short": lambda data: cut(data / "processed/2005/answers.parquet"),
    "stored answers gone": lambda data: (data / "processed/2005/answers.parquet").unlink(),
    "stored log edited": lambda data: lengthen(data / "processed/2005/log.csv"),
    "manifest cut short": lambda data: cut(data / "processed/2005/manifest.json"),
    "manifest of something else": lambda data: (data / "processed/2005/manifest.json").write_text("[]"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_it_is_made_again_after_a_change(name, data, capsys):
    process(data, capsys)
    if name == "the export":
        values = changed(VALUES, (",use,,nl,Zelden,rarely,,", ",use,,nl,Zelden,rarely,empty,"))
        (data / "raw/2005/values.csv").write_text(values)
    CHANGES[name](data)
    expected = "often" if name == "the export" else "rarely"
    assert lnd.open_survey(data).answers(2005)["use"].iloc[1] == expected
    assert process(data, capsys).endswith("; written.\n")
    assert pd.read_parquet(data / "processed/2005/answers.parquet")["use"].iloc[1] == expected
    assert process(data, capsys).endswith("not written again.\n")


EDITS = {
    "values.csv": VALUES + ",use,,,nvt,,empty,not reached\n",
    "answers.csv": changed(ANSWERS, ("Zelden", "Vaak")),
    "columns.csv": COLUMNS + "\n",
}


@pytest.mark.parametrize("name", EDITS)
def test_answers_of_earlier_files_are_not_kept_as_of_later_ones(name, data, capsys):
    process(data, capsys)
    lengthen(data / "raw/2005/wave.yml")
    earlier, survey = files(data), lnd.open_survey(data)
    survey.answers(2005)
    (data / "raw/2005" / name).write_text(EDITS[name], encoding="utf-8")
    for use in (survey.process, survey.answers, survey.log):
        with pytest.raises(SurveyError, match=f"changed since the survey was opened: raw/2005/{name}") as caught:
            use(2005)
        assert "Open the survey again." in str(caught.value)
    assert files(data) == earlier


def test_a_description_that_was_changed_before_answers_are_read(data):
    survey = lnd.open_survey(data)
    (data / "codebook/more.yml").write_text("words: {more: {nl: m, en: m}}\n", encoding="utf-8")
    with pytest.raises(SurveyError, match=r"changed since the survey was opened: codebook/more\.yml"):
        survey.process(2005)
    assert not (data / "processed/2005").exists()


def test_an_export_that_comes_before_answers_are_read(data):
    survey = lnd.open_survey(data)
    (data / "raw/2005/answers.csv").write_text(ANSWERS + "\n", encoding="utf-8")
    assert survey.process(2005)
    assert not lnd.open_survey(data).process(2005)


def test_a_file_that_is_written_again_as_it_was(data):
    survey = lnd.open_survey(data)
    survey.answers(2005)
    os.utime(data / "raw/2005/values.csv", (1, 1))
    assert survey.process(2005)
    assert len(survey.answers(2005)) == 8


def test_store_refuses_what_was_not_made_of_the_files(data):
    survey = lnd.open_survey(data)
    answers = survey._answers_of(2005)
    lengthen(data / "raw/2005/values.csv")
    with pytest.raises(SurveyError, match=r"changed since the survey was opened: raw/2005/values\.csv"):
        store(data, survey.wave(2005), answers)
    with pytest.raises(SurveyError, match="changed since"):
        store(data, survey.wave(2005), replace(answers, made_of={}))
    assert not (data / "processed/2005").exists()


def test_published_years_do_not_matter(data, capsys):
    process(data, capsys)
    (data / "raw/2005/published.csv").write_text(
        "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"
    )
    assert process(data, capsys).endswith("not written again.\n")


def test_an_interrupted_run_leaves_the_earlier(data, capsys):
    process(data, capsys)
    earlier = files(data)
    lengthen(data / "raw/2005/wave.yml")
    # The process ends itself, without any clearing up, when the log is about to be written.
    code = (
        "import os, sys, pandas as pd; from lnd_survey.cli import main\n"
        "written = lambda args: str(args[0]).endswith('log.csv') and 'w' in str(args[1])\n"
        "sys.addaudithook(lambda event, args: event == 'open' and written(args) and os._exit(9))\n"
        f"main(['--data', {str(data)!r}, 'process'])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "PYTHONPATH": ""}).returncode == 9
    )
    assert (data / "processed/.2005.new/answers.parquet").exists()
    assert {name: content for name, content in files(data).items() if not name.startswith(".2005.new")} == earlier
    assert process(data, capsys).endswith("; written.\n")
    assert set(files(data)) == set(earlier)


def test_a_run_that_ended_between_two_renames(data, capsys):
    process(data, capsys)
    earlier = files(data)
    (data / "processed/2005").rename(data / "processed/.2005.old")
    assert len(lnd.open_survey(data).answers(2005)) == 8
    process(data, capsys)
    assert files(data) == earlier


def test_two_at_once(data):
    command = [sys.executable, "-m", "lnd_survey.cli", "--data", str(data), "process"]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for run in runs:
        out, err = run.communicate(timeout=60)
        assert (run.returncode, err) == (0, "")
        assert out.startswith(SUMMARY)
    assert set(files(data)) == {".2005.lock", "2005/answers.parquet", "2005/log.csv", "2005/manifest.json"}
    assert not lnd.open_survey(data).process(2005)


def test_a_place_that_is_busy(data, monkeypatch):
    monkeypatch.setattr("lnd_survey.folders.WAIT_SECONDS", 0.1)
    with (
        only_run(data / "processed", ["2005"]),
        pytest.raises(ReportError, match="Another run is writing") as caught,
    ):
        lnd.open_survey(data).process(2005)
    assert "copy the data folder to where you may write" in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written(data):
    data.chmod(0o555)
    try:
        with pytest.raises(ReportError, match="Nothing can be written"):
            lnd.open_survey(data).process(2005)
    finally:
        data.chmod(0o755)


def test_a_year_without_exports(data, capsys):
    other = data / "raw/2004"
    other.mkdir()
    (other / "wave.yml").write_text("year: 2004\nevidence: published\ngroups: [{id: inside}]\n")
    (other / "published.csv").write_text(
        "question,item,option,group,statistic,value,unit,decimals,n,document,place,status,note\n"
    )
    survey = lnd.open_survey(data)
    with pytest.raises(SurveyError, match="2004 is only published") as caught:
        survey.process(2004)
    assert "Years with answers: 2005." in str(caught.value)
    assert main(["--data", str(data), "process", "--year", "2004"]) == 1
    assert "Traceback" not in capsys.readouterr().err
    assert process(data, capsys).count("\n") == 1
