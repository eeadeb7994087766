from __future__ import annotations

from pathlib import Path

import pytest
from drawn_project import Project


@pytest.fixture(autouse=True)
def _beside_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    # Messages shorten paths below the current folder, so that it matters where tests are started.
    monkeypatch.chdir(Path(__file__).parent)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose report is made; for tests that only look at it."""
    made = Project(tmp_path_factory.mktemp("finished"))
    done = made.report()
    assert done.returncode == 0, done.stderr
    return made
