from __future__ import annotations

from pathlib import Path

import pytest
from drawn_survey import write_data


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The data folder of the small survey, free to be changed by a test."""
    return write_data(tmp_path)
