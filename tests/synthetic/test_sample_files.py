"""The committed samples are what is written anew, byte by byte, and are read back as they were drawn."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from lnd_survey import open_survey
from lnd_survey.synthetic.__main__ import main
from lnd_survey.synthetic.draw import draw_answers
from lnd_survey.synthetic.write_sample import FORM, write_sample

DATA = Path(__file__).parents[2] / "data"
SAMPLES = sorted(int(path.parents[1].name) for path in DATA.glob(f"raw/*/{FORM}"))


@pytest.fixture(scope="module")
def survey():
    return open_survey(DATA)


@pytest.mark.parametrize("year", SAMPLES)
def test_a_sample_is_written_again_byte_by_byte(year, survey, tmp_path):
    write_sample(survey, year=year, folder=tmp_path)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.*")}
    kept = {path: (DATA / "raw" / str(year) / path).read_bytes() for path in written}
    assert [path for path in written if written[path] != kept[path]] == []


@pytest.mark.parametrize("year", SAMPLES)
def test_a_sample_is_read_as_it_was_drawn(year, survey):
    drawn = draw_answers(survey, year=year)
    names = [file.name for file in survey.wave(year).exports.files]
    keys = ["group", "language"] if len(names) > 1 else []
    drawn = drawn.sort_values(keys, kind="stable", ignore_index=True) if keys else drawn
    found = survey.answers(year)
    pd.testing.assert_frame_equal(found.astype(str), drawn.astype(str))


def test_a_year_without_a_sample_is_an_error(capsys):
    assert main(["--data", str(DATA), "--year", "1066"]) == 1
    assert "1066" in capsys.readouterr().err
