"""The command line: what it prints, where it says that something is wrong, and how little it loads for it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from drawn_wave import WAVE, write_wave

from lnd_survey.cli import main


@pytest.fixture
def run(data: Path, capsys: pytest.CaptureFixture[str]):
    """Run a command on the small survey; gives exit code, output and errors."""

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(["--data", str(data), *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def usage(run, *arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        run(*arguments)
    return caught.value.code


def test_questions(run):
    code, out, err = run("questions", "--lang", "en", "--format", "csv")
    assert (code, err) == (0, "")
    assert out.splitlines()[:2] == ["question,kind,name,years,groups", 'size,single,Size,"2001, 2003",outside']


def test_figures(run):
    code, out, _ = run("figures", "--format", "json")
    assert code == 0
    assert json.loads(out) == [
        {"number": 1, "figure": "wishes", "chapter": 1, "title": "Wensen?", "questions": "wishes"}
    ]


def test_estimates(run):
    code, out, _ = run("estimates", "wishes", "--group", "inside", "--format", "csv")
    assert code == 0
    head, *rows = out.splitlines()
    assert head.split(",")[:7] == ["year", "group", "question", "item", "option", "statistic", "estimate"]
    assert [row.split(",")[3:7:3] for row in rows][:3] == [["money", "0.6"], ["time", "0.5"], ["peace", "0.25"]]


def test_estimates_of_several_years(run):
    _, out, _ = run("estimates", "size", "--years", "2001,2003", "--format", "json")
    assert {row["year"] for row in json.loads(out)} == {2001, 2003}
    assert run("estimates", "size", "--years", "all", "--format", "json")[1] == out


def test_estimates_as_a_table(run):
    _, out, _ = run("estimates", "marks")
    assert out.splitlines()[0].split()[:3] == ["year", "group", "question"]
    assert "6.69" in out


def test_a_question_without_numbers(run):
    assert run("estimates", "wishes", "--years", "2001")[:2] == (0, "Nothing found.\n")


def test_check(run):
    assert run("check") == (0, "2 years, 4 questions, 1 figures, 23 printed numbers: nothing wrong.\n", "")


def test_check_says_everything_that_is_wrong(run, data):
    with (data / "raw" / "2001" / "published.csv").open("a", encoding="utf-8") as file:
        file.write("size,,one,outsid,share,28,%,0,,paper,figure 2,,\n")
        file.write("size,,two,outside,share,128,%,0,,paper,figure 2,,\n")
    code, out, err = run("check")
    assert (code, out) == (1, "")
    assert "row 8" in err
    assert "row 9" in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["estimates", "wishs"], "There is no question 'wishs'. Nearest: wishes. Allowed: size, harm, wishes, marks."),
        (
            ["estimates", "wishes", "--group", "in"],
            "There is no group 'in'. Nearest: inside. Allowed: inside, outside.",
        ),
        (
            ["estimates", "size", "--years", "2002"],
            "There is no year 2002. Nearest: 2001, 2003. Allowed: 2001, 2003.",
        ),
        (["questions", "--lang", "fr"], "There is no language 'fr'. Allowed: nl, en."),
        (
            ["estimates", "size", "--evidence", "publishd"],
            "There is no evidence 'publishd'. Nearest: published. Allowed: best, survey, published, synthetic.",
        ),
    ],
)
def test_an_unknown_name_is_said_with_the_nearest_ones(run, arguments, said):
    code, out, err = run(*arguments)
    assert (code, out) == (1, "")
    assert err.strip() == said


def test_no_data_folder(capsys, tmp_path):
    assert main(["--data", str(tmp_path / "nowhere"), "check"]) == 1
    assert "There is no data folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["reprot"],
        ["report"],
        ["report", "--year", "soon"],
        ["report", "--year", "2003", "--chapters", "one"],
        ["report", "--year", "2003", "--jobs", "0"],
        ["questions", "--format", "xml"],
    ],
)
def test_usage(run, arguments):
    assert usage(run, *arguments) == 2


def test_the_start_is_light():
    code = "import sys, lnd_survey.cli; print(*{'pandas', 'numpy', 'matplotlib', 'papermill', 'yaml'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_check_of_a_year_says_what_is_wrong_with_its_own_wave_file(tmp_path, capsys):
    data = write_wave(tmp_path, wave=WAVE.replace("duplicates: last", "duplicates: newest"))
    assert main(["--data", str(data), "check", "--year", "2005"]) == 1
    error = capsys.readouterr().err
    assert "wave.yml, row" in error
    assert "newest" in error
    assert "no year" not in error


def test_weights(tmp_path, capsys):
    data = write_wave(tmp_path)
    assert main(["--data", str(data), "weights", "--year", "2005"]) == 0
    assert capsys.readouterr().out == "2005 is not weighted: its wave.yml declares no weights.\n"
    source = "weights: [{group: inside, source: {nl: x, en: x}, margins: {language: {nl: 1, en: 1}}}]\n"
    (data / "raw/2005/wave.yml").write_text(WAVE + source, encoding="utf-8")
    assert main(["--data", str(data), "weights", "--year", "2005", "--format", "csv"]) == 0
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("year,group,margin,level,population,respondents,weighted,n,low,high")
    assert rows[0].startswith("2005,inside,language,nl,0.5,0.8,0.5,5,0.625,2.5")


def test_figures_of_a_year(run):
    code, out, _ = run("figures", "--year", "2003", "--format", "json")
    assert code == 0
    (wishes,) = json.loads(out)
    (other,) = json.loads(run("figures", "--year", "2001", "--format", "json")[1])
    assert wishes["figure"] == other["figure"] == "wishes"
    assert wishes["numbers"] > 0
    assert (other["numbers"], other["groups"]) == (0, "")
