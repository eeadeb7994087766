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

from lnd_survey import folders
from lnd_survey.checksums import source_checksum
from lnd_survey.errors import SurveyError
from lnd_survey.report.formats import FILES
from lnd_survey.report.plan import plan_report
from lnd_survey.report.run import make_report

no_root = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="may write everywhere")


def earlier_report(project):
    """Put a report in its place, as if it had been made before."""
    project.place().mkdir(parents=True)
    (project.place() / "index.html").write_text("earlier")
    return contents(project.place())


def cells(project, name):
    """What a notebook does after its parameters."""
    notebook = nbformat.read(project.root / "notebooks" / name, as_version=4)
    return [cell.source for cell in notebook.cells[2:]]


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
    # Written aside and moved: the mark is never there without its number.
    slow = (
        f"import os, pathlib, time\nmark = pathlib.Path({str(mark)!r})\naside = mark.with_suffix('.aside')\n"
        "aside.write_text(str(os.getpid()))\naside.rename(mark)\ntime.sleep(60)"
    )
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
    expected += ["figures/fig-03-unasked.json", "index.html", "report.pdf", "slides.pptx", "manifest.json"]
    expected += ["figures.xlsx", "estimates.csv", "datapackage.json"]
    assert sorted(files) == sorted(expected)
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
    formats = list(FILES.values())
    written, places = lines[2 : 2 + len(formats)], lines[2 + len(formats) :]
    assert sorted(line.partition(":")[0] for line in written) == sorted(f"en      {name}" for name in formats)
    assert places == [str(finished.root / "elsewhere" / "2022" / "en" / name) for name in formats]
    assert done.stderr == ""


def test_figures_are_counted_while_another_chapter_is_writing_one(project):
    half, other = "Path(out_dir, 'figures', 'fig-01-wishes.json')", "Path(out_dir, 'notebooks', '02_second.ipynb')"
    look = "import time\nfrom pathlib import Path\nPath(out_dir, 'figures').mkdir(exist_ok=True)\n"
    first = f"{look}{half}.write_text('{{')\nwhile not {other}.exists(): time.sleep(0.02)\ntime.sleep(1)"
    second = f"{look}while not {half}.exists(): time.sleep(0.02)"
    project.write("01_first.ipynb", first, *cells(project, "01_first.ipynb"))
    project.write("02_second.ipynb", second, *cells(project, "02_second.ipynb"))
    done = project.report("--jobs", "2")
    assert done.stderr == ""
    assert sorted(line.rsplit(",", 1)[0] for line in done.stdout.splitlines()[:2]) == [
        "en   1  One & <b>only</b>: 1 figure",
        "en   2  Two: 2 figures",
    ]


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
    assert manifest["parameters"] == {
        "year": 2022,
        "lang": "en",
        "evidence": "best",
        "chapters": [1, 2],
        "formats": list(FILES),
    }
    assert set(manifest["inputs"]) == {
        "data/codebook/comparison_words.yml",
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
    assert manifest["source"] == source_checksum()
    assert str(finished.root) not in text


def test_hidden_files_are_no_inputs(project):
    hidden = project.root / "data" / "raw" / "2022" / ".ipynb_checkpoints"
    hidden.mkdir()
    (hidden / "notes.csv").write_text("")
    assert project.report().returncode == 0
    manifest = json.loads((project.place() / "manifest.json").read_text(encoding="utf-8"))
    assert [name for name in manifest["inputs"] if "2022" in name] == [
        "data/raw/2022/published.csv",
        "data/raw/2022/wave.yml",
    ]


def test_the_library_is_known_by_its_source(tmp_path):
    for name in ("code.py", "style.css"):
        (tmp_path / name).write_text("one")
    first = source_checksum(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "code.pyc").write_text("")
    assert source_checksum(tmp_path) == first
    (tmp_path / "style.css").write_text("two")
    second = source_checksum(tmp_path)
    (tmp_path / "style.css").rename(tmp_path / "other.css")
    assert len({first, second, source_checksum(tmp_path)}) == 3


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
    notebook = project.root / "notebooks" / "02_second.ipynb"
    assert done.stderr == f"{notebook}: chapter 2 (en) failed: its process ended with code 7.\n"
    assert (project.place("en.incomplete") / "figures" / "fig-01-wishes.svg").exists()


def test_a_report_that_cannot_be_completed_does_not_stop_other_languages(project):
    before = earlier_report(project)
    figure = 'Path(out_dir, "figures", "fig-03-unasked.json")'
    broken = f'if lang == "en":\n    {figure}.write_text("{{")'
    project.write("02_second.ipynb", *cells(project, "02_second.ipynb"), broken)
    done = project.run("report", "--year", "2022", "--lang", "en", "--lang", "nl", "--jobs", "1")
    assert done.returncode == 1
    kept = project.place("en.incomplete")
    assert done.stderr == (
        "the report (en) could not be completed: ValueError: fig-03-unasked.json cannot be read: Expecting property "
        f"name enclosed in double quotes: line 1 column 2 (char 1). See {kept / 'error.txt'}.\n"
    )
    assert "Traceback" in (kept / "error.txt").read_text(encoding="utf-8")
    assert (kept / "notebooks" / "02_second.ipynb").exists()
    assert contents(project.place()) == before
    assert (project.place("nl") / "index.html").exists()
    assert left_behind(project) == []


def test_a_page_that_cannot_be_written_is_a_failure(project):
    numbers = 'Path(out_dir, "figures", "fig-02-others.csv").write_text("no,known,column")'
    project.write("02_second.ipynb", *cells(project, "02_second.ipynb"), numbers)
    done = project.report()
    assert done.returncode == 1
    assert done.stderr.startswith("the report (en) could not be completed: ValueError: ")
    assert done.stderr.count("\n") == 1
    assert (project.place("en.incomplete") / "figures" / "fig-02-others.csv").exists()


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


def test_two_runs_do_not_write_the_same_report(project):
    process = started(project)
    done = project.report()
    process.terminate()
    process.communicate(timeout=20)
    assert done.returncode == 1
    assert done.stderr == (
        f"Another run is writing {project.place()}. Wait until it is done, or choose another folder with --out.\n"
    )


def test_two_runs_write_different_languages(project):
    other = Project(project.root / "copy")
    process = started(project)
    done = other.run("report", "--year", "2022", "--lang", "fr", "--out", str(project.root / "reports"))
    assert done.returncode == 0, done.stderr
    assert left_behind(project) == [".en.new"]
    process.terminate()
    process.communicate(timeout=20)


def test_a_replacement_cut_short_is_undone(tmp_path):
    (tmp_path / ".nl.part.old").mkdir()
    (tmp_path / ".nl.part.old" / "index.html").write_text("earlier")
    (tmp_path / ".nl.new").mkdir()
    with folders.only_run(tmp_path, ["nl"]):
        assert (tmp_path / "nl.part" / "index.html").read_text() == "earlier"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".nl.lock", "nl.part"]


def test_a_replacement_that_was_done_is_kept(tmp_path):
    for name in (".nl.old", "nl"):
        (tmp_path / name).mkdir()
    (tmp_path / "nl" / "index.html").write_text("new")
    with folders.only_run(tmp_path, ["nl"]):
        assert (tmp_path / "nl" / "index.html").read_text() == "new"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".nl.lock", "nl"]


def test_a_replacement_that_fails_is_undone(tmp_path):
    (tmp_path / "nl").mkdir()
    with pytest.raises(FileNotFoundError):
        folders.put_in_place(tmp_path / "missing", tmp_path / "nl")
    assert [path.name for path in tmp_path.iterdir()] == ["nl"]


def test_nothing_else_is_touched(tmp_path):
    others = [".fr.new", ".fr.old", ".mine.old", ".nl.mine.old", ".x.new", "mine"]
    for name in others:
        (tmp_path / name).mkdir()
    with folders.only_run(tmp_path, ["nl"]):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*others, ".nl.lock"])


def test_what_was_left_may_be_a_file(tmp_path):
    (tmp_path / "nl").mkdir()
    for name in (".nl.old", ".nl.new"):
        (tmp_path / name).write_text("")
    with folders.only_run(tmp_path, ["nl"]):
        assert sorted(path.name for path in tmp_path.iterdir()) == [".nl.lock", "nl"]


def test_removal_does_not_follow_links(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "kept").write_text("")
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "link").symlink_to(tmp_path / "mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    folders.remove(tmp_path / "report")
    folders.remove(tmp_path / "link")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["kept", "mine"]


def test_a_read_only_report_is_replaced(project):
    earlier_report(project)
    (project.place() / "figures").mkdir()
    (project.place() / "figures" / "old.svg").write_text("")
    for path in (*project.place().rglob("*"), project.place()):
        path.chmod(0o500 if path.is_dir() else 0o400)
    done = project.report()
    assert (done.returncode, done.stderr) == (0, "")
    assert left_behind(project) == []
    assert (project.place() / "manifest.json").exists()


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


def said(project, written, *arguments):
    """Give what the command says of a second notebook with this text."""
    notebook = project.root / "notebooks" / "02_second.ipynb"
    notebook.write_text(written, encoding="utf-8")
    done = project.report(*arguments)
    assert done.returncode == 1
    return done.stderr.removeprefix(f"{notebook}: ")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", ": Expecting value: line 1 column 1 (char 0)"),
        ("{", ": Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        ("[]", ""),
        ("{}", ""),
        ('{"cells": [1]}', ""),
        ('{"cells": [{"metadata": []}]}', ""),
    ],
)
def test_a_file_that_is_no_notebook(project, written, reason):
    assert said(project, written) == f"is not a notebook{reason}. Bring back an earlier version of it.\n"


def test_a_notebook_that_is_a_folder(project):
    notebook = project.root / "notebooks" / "02_second.ipynb"
    notebook.unlink()
    notebook.mkdir()
    assert problems(project) == f"{notebook}: cannot be read: Is a directory."


def test_parameters_that_are_not_python(project):
    project.write("02_second.ipynb", parameters="year = 2022\nlang =")
    written = (project.root / "notebooks" / "02_second.ipynb").read_text(encoding="utf-8")
    assert said(project, written) == (
        "the cell tagged 'parameters' is not Python: invalid syntax (its line 2). It may hold plain assignments only.\n"
    )


@no_root
@pytest.mark.parametrize("mode", [0o000, 0o500, 0o600], ids=oct)
def test_a_folder_without_permission(project, mode):
    locked = project.root / "locked"
    locked.mkdir()
    locked.chmod(mode)
    for out in (locked, locked / "deep" / "below"):
        assert problems(project, out=out) == (
            f"Nothing can be written in {out / '2022'}: permission denied. Choose another folder with --out."
        )
    locked.chmod(0o700)


def test_a_file_where_the_report_goes(project):
    project.place().parent.mkdir(parents=True)
    project.place().write_text("mine")
    expected = (
        f"{project.place()} is not a folder, and a report goes there. "
        "Move it away, or choose another folder with --out.\n"
    )
    for _ in range(2):
        done = project.report()
        assert (done.returncode, done.stderr) == (1, expected)
    assert project.place().read_text() == "mine"


def test_a_link_to_nowhere_where_the_report_goes(project):
    project.place().parent.mkdir(parents=True)
    project.place().symlink_to(project.root / "nowhere")
    assert "is not a folder" in problems(project)


def test_a_place_where_no_folder_can_be(project):
    done = project.report("--out", "/dev/null/reports")
    assert done.returncode == 1
    assert done.stderr == (
        "Nothing can be written in /dev/null/reports/2022: /dev/null is a file. Choose another folder with --out.\n"
    )
