"""Where a report is written, and how it takes its place: whole or not at all.

A report grows in a hidden folder beside its place and is moved there when it is complete. Whatever interrupts
a run, the earlier report is still there or comes back when the next run starts.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lnd_survey.errors import Problem, ReportError, shown_path

LOCK = ".lock"
GROWING = ".new"
EARLIER = ".old"
WAIT_SECONDS = 3.0


def hindrance(folder: Path) -> Problem | None:
    """Say why nothing can be written in a folder that may not exist yet; None if nothing is known to hinder."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not there.is_dir():
        return _not_writable(folder, f"{shown_path(there)} is a file")
    return None if os.access(there, os.W_OK) else _not_writable(folder, "permission denied")


def _not_writable(folder: Path, reason: str) -> Problem:
    what = f"Nothing can be written in {shown_path(folder)}: {reason}"
    return Problem(what, remedy="Choose another folder with --out.")


@contextmanager
def only_run(folder: Path) -> Iterator[None]:
    """Make a folder, keep other runs out of it, and clear up what an earlier run left there.

    Raises
    ------
    ReportError
        If another run is busy there, or nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("a")
    except OSError as error:
        raise ReportError(_not_writable(folder, error.strerror or str(error))) from error
    with lock:
        _acquire(lock.fileno(), folder)
        recover(folder)
        try:
            yield
        finally:
            recover(folder)


def _acquire(descriptor: int, folder: Path) -> None:
    try:
        import fcntl
    except ImportError:  # Windows, where two runs at once are left to the user's care
        return None
    # The processes of a run that was killed hold the lock until they notice.
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                what = f"Another run is writing in {shown_path(folder)}"
                raise ReportError(Problem(what, remedy="Wait until it is done, or choose another --out.")) from None
            time.sleep(0.05)


def growing(folder: Path, name: str) -> Path:
    """Make the hidden folder in which a report is written."""
    made = folder / f".{name}{GROWING}"
    made.mkdir()
    return made


def put_in_place(grown: Path, place: Path) -> Path:
    """Let what has grown take its place; what was there before goes."""
    earlier = place.with_name(f".{place.name}{EARLIER}")
    if place.exists():
        place.rename(earlier)
    grown.rename(place)
    shutil.rmtree(earlier, ignore_errors=True)
    return place


def recover(folder: Path) -> None:
    """Bring back a report whose replacement was interrupted, and remove what was left half done."""
    for earlier in folder.glob(f".*{EARLIER}"):
        place = earlier.with_name(earlier.name.removeprefix(".").removesuffix(EARLIER))
        if place.exists():
            shutil.rmtree(earlier)
        else:
            earlier.rename(place)
    for half_done in folder.glob(f".*{GROWING}"):
        shutil.rmtree(half_done)
