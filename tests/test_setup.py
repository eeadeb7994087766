"""pyproject.toml, requirements.lock, environment.yml and the Makefile say the same."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

import lnd_survey

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
PYTHONS = ["3.11", "3.12", "3.13"]

WANTED = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["dev"],
    *PROJECT["build-system"]["requires"],
]


def locked() -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each locked package."""
    blocks = re.split(r"\n(?=\S)", LOCK)
    pins = (re.match(r"([\w.-]+)==([^\s;\\]+)", block) for block in blocks)
    return {
        canonicalize_name(pin[1]): (pin[2], block.count("--hash=sha256:"))
        for pin, block in zip(pins, blocks, strict=True)
        if pin
    }


@pytest.mark.parametrize("wanted", WANTED)
def test_the_lock_pins_what_the_project_asks_for(wanted):
    requirement = Requirement(wanted)
    version, hashes = locked()[canonicalize_name(requirement.name)]
    assert version in requirement.specifier
    assert hashes > 0


def test_everything_in_the_lock_has_a_hash():
    assert [name for name, (_, hashes) in locked().items() if not hashes] == []


@pytest.mark.parametrize("name", ["requirements.lock", "environment.yml"])
def test_no_addresses_in_lock_and_environment(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.findall(r"\w+://|--(?:extra-)?index-url|--find-links|file:", text)


def test_the_environment_takes_python_from_conda_and_the_rest_from_the_lock():
    python, pip, from_pip = ENVIRONMENT["dependencies"]
    assert pip == "pip"
    assert from_pip == {"pip": ["-r requirements.lock"]}
    conda, project = SpecifierSet(python.removeprefix("python ")), PROJECT["project"]["requires-python"]
    for version in ["3.10", *PYTHONS, "3.14"]:
        assert (version in conda) == (version in SpecifierSet(project))


def test_the_three_pythons_are_named_alike():
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    assert named == PYTHONS
    assert PROJECT["tool"]["mypy"]["python_version"] == PYTHONS[0]
    assert PROJECT["tool"]["ruff"]["target-version"] == "py" + PYTHONS[0].replace(".", "")


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.search(r"^## .*?(\d+\.\d+\.\d+)", changes, re.MULTILINE)[1]
    assert {PROJECT["project"]["version"], citation["version"], latest} == {lnd_survey.__version__}


def test_make_help_lists_every_target():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split()
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.findall(r"^make (\w+)", shown, re.MULTILINE) == targets


def test_a_python_that_does_not_fit_is_named(tmp_path):
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "Python 3.9.1" || exit 1\n')
    old.chmod(0o755)
    target = tmp_path / "venv"
    done = subprocess.run(
        ["make", "report", f"PYTHON={old}", f"VENV={target}"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "Python 3.9.1 does not fit" in done.stderr
    assert not target.exists()


def test_the_shipped_fonts_answer_to_their_name():
    from matplotlib.font_manager import get_font

    fonts = ROOT / "lnd_survey" / "charts" / "fonts"
    faces = [get_font(path) for path in sorted(fonts.glob("*.ttf"))]
    assert [(face.family_name, face.style_name) for face in faces] == [
        ("LND Sans", "Bold"),
        ("LND Sans", "Regular"),
    ]
    for face in faces:
        assert {*"éëïçœŒ€×−–…«»←↑→↓▲▼•✓\u00a0\u202f"} <= {chr(code) for code in face.get_charmap()}
