"""Rows of values.csv to begin with, proposed by `lnd-survey check --values`."""

from __future__ import annotations

import csv
from pathlib import Path

from drawn_wave import VALUES, write_wave

from lnd_survey.cli import main

HEADER, *ROWS = VALUES.splitlines()
PROFILE = [row for row in ROWS if row.startswith(",@")]


def proposed(path: Path) -> dict[tuple[str, str, str, str], str]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert list(rows[0]) == HEADER.split(",")
    return {(row["question"], row["item"], row["language"], row["value"]): row["option"] for row in rows}


def test_every_value_without_a_row_is_proposed_with_the_option_of_its_label(tmp_path, capsys):
    data = write_wave(tmp_path, values="\n".join([HEADER, *PROFILE]) + "\n")
    new = tmp_path / "new.csv"
    assert main(["--data", str(data), "check", "--values", str(new)]) == 1
    found = proposed(new)
    assert found["use", "", "nl", "Vaak"] == "often"
    assert found["use", "", "nl", "Weet niet"] == "unknown"
    assert found["use", "", "en", "see above"] == ""
    assert found["wishes", "", "en", "Peace"] == "peace"
    assert found["wishes", "", "nl", "Tijd, rust"] == "time"
    assert found["wishes", "", "en", "None of these"] == ""
    assert found["hopes", "money", "nl", "x"] == ""
    assert found["tools", "", "en", "have"] == "have"
    assert ("use", "", "en", "nonsense") not in found, "a test entry does not count"
    error = capsys.readouterr().err
    assert "It can be no, yes, often, rarely, unknown" in error
    assert "It can be @selected, @not_selected, @none" in error


def test_a_file_that_is_there_is_not_overwritten(tmp_path, capsys):
    data = write_wave(tmp_path, values=HEADER + "\n")
    (tmp_path / "new.csv").write_text("mine", encoding="utf-8")
    assert main(["--data", str(data), "check", "--values", str(tmp_path / "new.csv")]) == 1
    assert (tmp_path / "new.csv").read_text(encoding="utf-8") == "mine"
    assert "is there already" in capsys.readouterr().err


def test_nothing_is_proposed_where_nothing_is_missing(tmp_path):
    data = write_wave(tmp_path)
    assert main(["--data", str(data), "check", "--values", str(tmp_path / "new.csv")]) == 0
    assert not (tmp_path / "new.csv").exists()
