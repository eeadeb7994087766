"""Checksums of files, by which a manifest says what something was made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

PACKAGE = Path(__file__).parent


def source_checksum(package: Path = PACKAGE) -> str:
    """Identify the library by its source files, whatever its version says: one checksum over all of them."""
    files = checksums(Path(), package, files_below(package))
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()


def files_below(folder: Path) -> list[Path]:
    """All files below a folder but hidden ones and what Python has compiled."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(folder).parts)
    )


def checksums(prefix: Path, root: Path, paths: Iterable[Path]) -> dict[str, str]:
    """Give the checksum of each file, by its path below a root with a prefix in front."""
    return {(prefix / path.relative_to(root)).as_posix(): checksum(path) for path in paths}


def checksum(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
