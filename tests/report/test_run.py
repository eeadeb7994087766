"""A report is there whole or not at all, and says what is wrong before it starts."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import nbformat
import pytest
from drawn_project import Project, contents

from lnd_survey.errors import SurveyError
from lnd_survey.report import folders
from lnd_survey.report.run import make_report, plan_report


def earlier_report(project):
    """Put a report in its place, as if it had been made before."""
    project.place().mkdir(parents=True)
    (project.place() / "index.html").write_text("earlier")
    return contents(project.place())


def left_behind(project):
    """Hidden folders of a run that ended."""
    return sorted(path.name for path in (project.root / "reports" / "2022").glob(".*") if path.is_dir())


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline, f"{path} did not come"
        time.sleep(0.02)


def started(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """Start a report whose second chapter takes forever, and wait until it runs."""
    mark = project.root / "mark"
    mark.unlink(missing_ok=True)
    slow = f"import os, pathlib, time\npathlib.Path({str(mark)!r}).write_text(str(os.getpid()))\ntime.sleep(60)"
    project.write("02_second.ipynb", slow)
    command = project.command("report", "--year", "2022", "--lang", "en", *arguments)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    wait_for(mark)
    return process


def assert_ends(pid: int) -> None:
    deadline = time.monotonic() + 10
    status = Path(f"/proc/{pid}/status")
    while status.exists() and "State:\tZ" not in status.read_text():
        assert time.monotonic() < deadline, f"process {pid} goes on"
        time.sleep(0.02)


# --- What comes out --------------------------------------------------------------------------


def test_files_of_a_report(finished):
    files = contents(finished.place())
    figures = ["fig-01-wishes", "fig-02-others"]
    expected = [f"figures/{name}.{kind}" for name in figures for kind in ("csv", "json", "narrow.svg", "png", "svg")]
    assert sorted(files) == sorted([*expected, "figures/fig-03-unasked.json", "index.html", "manifest.json"])
    assert left_behind(finished) == []


def test_notebooks_are_kept_as_executed_and_can_be_run_where_they_are(finished):
    path = finished.place() / "notebooks" / "02_second.ipynb"
    notebook = nbformat.read(path, as_version=4)
    assert notebook.cells[5].outputs == [{"output_type": "stream", "name": "stdout", "text": "in en\n"}]
    parameters = notebook.metadata.papermill.parameters
    assert (path.parent / parameters.data_dir).resolve() == (finished.root / "data").resolve()
    assert (path.parent / parameters.out_dir).resolve() == finished.place().resolve()
    assert str(finished.root) not in path.read_text(encoding="utf-8")


def test_the_command_says_what_it_did(finished):
    done = finished.report("--out", str(finished.root / "elsewhere"))
    lines = done.stdout.splitlines()
    assert sorted(line.rsplit(",", 1)[0] for line in lines[:2]) == [
        "en   1  One & <b>only</b>: 1 figure",
        "en   2  Two: 2 figures",
    ]
    assert lines[2:] == [str(finished.root / "elsewhere" / "2022" / "en" / "index.html")]
    assert done.stderr == ""


def test_twice_the_same(finished):
    before = contents(finished.place())
    assert finished.report("--jobs", "1").returncode == 0
    assert contents(finished.place()) == before


def test_all_languages_at_once(project):
    done = project.run("report", "--year", "2022")
    assert done.returncode == 0, done.stderr
    assert 'lang="fr"' in (project.place("fr") / "index.html").read_text(encoding="utf-8")
    assert len(list(project.place("nl").glob("figures/*.png"))) == 2


def test_a_kernel_gives_the_same(project, finished):
    plan = plan_report(project.root, year=2022, languages=["en"])
    assert make_report(plan, engine="kernel") == [project.place()]
    ours, reference = contents(finished.place()), contents(project.place())
    assert {name for name in ours if ours[name] != reference.get(name)} == {"manifest.json"}  # other notebooks


def test_manifest(finished):
    text = (finished.place() / "manifest.json").read_text(encoding="utf-8")
    manifest = json.loads(text)
    assert manifest["parameters"] == {"year": 2022, "lang": "en", "evidence": "best", "chapters": [1, 2]}
    assert set(manifest["inputs"]) == {
        "data/codebook/report_words.yml",
        "data/codebook/survey.yml",
        "data/codebook/survey_words.yml",
        "data/codebook/words.yml",
        "data/raw/2022/published.csv",
        "data/raw/2022/wave.yml",
        "notebooks/01_first.ipynb",
        "notebooks/02_second.ipynb",
    }
    # sha256 of the three bytes "PNG", as sha256sum gives it
    known = "796120837694d3f3f29259cfeb25091698c2a0aa87873658d840b4993ee889b3"
    assert manifest["outputs"]["figures/fig-01-wishes.png"] == known
    assert manifest["complete"]
    assert str(finished.root) not in text


# --- A part of the chapters ------------------------------------------------------------------


def test_a_part_does_not_replace_the_whole(finished):
    before = contents(finished.place())
    done = finished.report("--chapters", "2")
    assert done.returncode == 0
    part = finished.place("en.part")
    assert sorted(path.name for path in part.glob("figures/*.png")) == ["fig-02-others.png"]
    assert "This is a part of the report" in (part / "index.html").read_text(encoding="utf-8")
    assert not json.loads((part / "manifest.json").read_text(encoding="utf-8"))["complete"]
    assert contents(finished.place()) == before


# --- Failure ---------------------------------------------------------------------------------


def test_a_failing_chapter_is_named_and_the_others_are_kept(project):
    before = earlier_report(project)
    project.write("02_second.ipynb", "one = 1", 'print("so far")\nraise ValueError("too <much>")')
    done = project.report()
    assert done.returncode == 1
    kept = project.place("en.incomplete")
    notebook = project.root / "notebooks" / "02_second.ipynb"
    assert done.stderr == (
        f"{notebook}: chapter 2 (en) failed: cell 4: ValueError: too <much>. "
        f"See {kept / 'notebooks' / '02_second.ipynb'}.\n"
    )
    assert "Two: FAILED, cell 4: ValueError: too <much>" in done.stdout
    assert "so far" in (kept / "notebooks" / "02_second.ipynb").read_text(encoding="utf-8")
    assert (kept / "figures" / "fig-01-wishes.svg").exists()
    page = (kept / "index.html").read_text(encoding="utf-8")
    assert "These chapters could not be made: 2." in page
    assert "chapter-2" not in page
    assert contents(project.place()) == before
    project.write("02_second.ipynb", "one = 1")
    assert project.report().returncode == 0
    assert not kept.exists()


def test_a_process_that_dies_is_a_failure(project):
    project.write("02_second.ipynb", "import os\nos._exit(7)")
    done = project.report()
    assert done.returncode == 1
    assert "chapter 2 (en) failed: its process ended with code 7." in done.stderr
    assert (project.place("en.incomplete") / "figures" / "fig-01-wishes.svg").exists()


# --- Interruption ----------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
@pytest.mark.parametrize(("sent", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "Ctrl-C"])
def test_an_interrupted_run_leaves_the_earlier_report_whole(project, sent, code):
    before = earlier_report(project)
    process = started(project)
    child = int((project.root / "mark").read_text())
    process.send_signal(sent)
    process.communicate(timeout=20)
    assert process.returncode == code
    assert contents(project.place()) == before
    assert left_behind(project) == []
    assert_ends(child)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes")
def test_a_killed_run_leaves_the_earlier_report_whole_and_the_next_clears_up(project):
    before = earlier_report(project)
    process = started(project)
    child = int((project.root / "mark").read_text())
    process.kill()
    process.communicate(timeout=20)
    assert contents(project.place()) == before
    assert_ends(child)
    assert left_behind(project) == [".en.new"]
    project.write("02_second.ipynb", "one = 1")
    assert project.report().returncode == 0
    assert left_behind(project) == []


def test_two_runs_do_not_write_in_the_same_place(project):
    process = started(project)
    done = project.report()
    process.terminate()
    process.communicate(timeout=20)
    assert done.returncode == 1
    folder = project.root / "reports" / "2022"
    assert done.stderr == (f"Another run is writing in {folder}. Wait until it is done, or choose another --out.\n")


def test_a_replacement_cut_short_is_undone(tmp_path):
    (tmp_path / ".nl.old").mkdir()
    (tmp_path / ".nl.old" / "index.html").write_text("earlier")
    (tmp_path / ".nl.new").mkdir()
    with folders.only_run(tmp_path):
        assert (tmp_path / "nl" / "index.html").read_text() == "earlier"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "nl"]


def test_a_replacement_that_was_done_is_kept(tmp_path):
    for name in (".nl.old", "nl"):
        (tmp_path / name).mkdir()
    (tmp_path / "nl" / "index.html").write_text("new")
    with folders.only_run(tmp_path):
        assert (tmp_path / "nl" / "index.html").read_text() == "new"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "nl"]


# --- What is checked first -------------------------------------------------------------------


def problems(project, **asked):
    with pytest.raises(SurveyError) as caught:
        plan_report(project.root, **({"year": 2022, "languages": ["en"]} | asked))
    return str(caught.value)


def test_unknown_year(project):
    assert problems(project, year=2023) == "There is no year 2023. Nearest: 2022. Allowed: 2022."


def test_unknown_language(project):
    assert problems(project, languages=["eng"]) == ("There is no language 'eng'. Nearest: en. Allowed: nl, fr, en.")


def test_unknown_evidence(project):
    assert problems(project, evidence="publishd") == (
        "There is no evidence 'publishd'. Nearest: published. Allowed: best, survey, published, synthetic."
    )


def test_unknown_chapter(project):
    assert problems(project, chapters=[7]) == "There is no chapter 7. Nearest: 2, 1. Allowed: 1, 2."


def test_everything_that_is_wrong_is_said_at_once(project):
    (project.root / "file").write_text("")
    found = problems(project, year=1999, languages=["en", "de"], evidence="guess", out=project.root / "file")
    assert found.splitlines() == [
        "4 problems:",
        "There is no year 1999. Nearest: 2022. Allowed: 2022.",
        "There is no evidence 'guess'. Allowed: best, survey, published, synthetic.",
        "There is no language 'de'. Nearest: en. Allowed: nl, fr, en.",
        f"Nothing can be written in {project.root / 'file' / '1999'}: {project.root / 'file'} is a file. "
        "Choose another folder with --out.",
    ]


def test_missing_notebook(project):
    (project.root / "notebooks" / "02_second.ipynb").unlink()
    assert problems(project) == (
        f"Chapter 2 needs one notebook 02_*.ipynb in {project.root / 'notebooks'}; found none."
    )


def test_a_parameter_that_the_notebook_does_not_know(project):
    parameters = 'year = 2022\nlanguage = "nl"\nevidence = "best"\ndata_dir = ""\nout_dir: str = ""'
    project.write("02_second.ipynb", parameters=parameters)
    assert problems(project) == (
        f"{project.root / 'notebooks' / '02_second.ipynb'}: has no parameter 'lang'. Give it a value in the cell "
        "tagged 'parameters'. Nearest: language. Allowed: year, language, evidence, data_dir, out_dir."
    )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="may write everywhere")
def test_a_folder_without_permission(project):
    locked = project.root / "locked"
    locked.mkdir(mode=0o500)
    assert problems(project, out=locked) == (
        f"Nothing can be written in {locked / '2022'}: permission denied. Choose another folder with --out."
    )


def test_a_place_where_no_folder_can_be(project):
    done = project.report("--out", "/dev/null/reports")
    assert done.returncode == 1
    assert done.stderr == (
        "Nothing can be written in /dev/null/reports/2022: /dev/null is a file. Choose another folder with --out.\n"
    )
