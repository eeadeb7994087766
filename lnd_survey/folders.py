"""Where a report or processed data are written, and how they take their place: whole or not at all.

What is made grows in a hidden folder beside its place and is moved there when it is complete. Whatever interrupts
a run, what was there earlier is still there or comes back when the next run starts.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from lnd_survey.errors import Problem, ReportError, shown_path

PART = ".part"
INCOMPLETE = ".incomplete"

LOCK = ".lock"
GROWING = ".new"
EARLIER = ".old"
WAIT_SECONDS = 3.0
ELSEWHERE = "choose another folder with --out"


def hindrances(folder: Path, names: Iterable[str]) -> list[Problem]:
    """Say why reports of these names cannot be written in a folder that may not exist yet."""
    there = next(parent for parent in (folder, *folder.parents) if _is_there(parent))
    if not there.is_dir():
        return [_not_writable(folder, f"{shown_path(there)} is a file")]
    if not os.access(there, os.W_OK | os.X_OK):
        return [_not_writable(folder, "permission denied")]
    return [
        Problem(
            f"{shown_path(place)} is not a folder, and a report goes there",
            remedy=f"Move it away, or {ELSEWHERE}.",
        )
        for name in names
        for place in _places(folder, name)
        if _is_there(place) and not place.is_dir()
    ]


def _is_there(path: Path) -> bool:
    # `exists` raises an error behind a folder that may not be entered, and does not see a link that leads nowhere.
    return os.path.lexists(path)


def _not_writable(folder: Path, reason: str, elsewhere: str = ELSEWHERE) -> Problem:
    what = f"Nothing can be written in {shown_path(folder)}: {reason}"
    return Problem(what, remedy=f"{elsewhere[0].upper()}{elsewhere[1:]}.")


def _places(folder: Path, name: str) -> list[Path]:
    return [folder / f"{name}{variant}" for variant in ("", PART, INCOMPLETE)]


@contextmanager
def only_run(folder: Path, names: Iterable[str], *, elsewhere: str = ELSEWHERE) -> Iterator[None]:
    """Make a folder, keep other runs away from what has these names, and clear up what an earlier run left.

    Parameters
    ----------
    folder, names
        Where, and what is to be written there.
    elsewhere
        What the user can do where nothing can be written there.

    Raises
    ------
    ReportError
        If another run is busy with one of them, or nothing can be written there.
    """
    names = sorted(names)
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for name in names:
                held.enter_context(_lock(folder, name, elsewhere))
        except OSError as error:
            raise ReportError(_not_writable(folder, error.strerror or str(error), elsewhere)) from error
        for name in names:
            recover(folder, name)
        try:
            yield
        finally:
            for name in names:
                recover(folder, name)


@contextmanager
def _lock(folder: Path, name: str, elsewhere: str) -> Iterator[None]:
    with (folder / f".{name}{LOCK}").open("a") as file:
        try:
            import fcntl
        except ImportError:  # Windows, where two runs at once are left to the user's care
            yield
            return
        # The processes of a run that was killed hold the lock until they notice.
        deadline = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    what = f"Another run is writing {shown_path(folder / name)}"
                    remedy = f"Wait until it is done, or {elsewhere}."
                    raise ReportError(Problem(what, remedy=remedy)) from None
                time.sleep(0.05)
        try:
            yield
        finally:
            # Closing would not do: a process that a chapter left behind may still have the file open.
            fcntl.flock(file, fcntl.LOCK_UN)


def growing(folder: Path, name: str) -> Path:
    """Make the hidden folder in which something is written."""
    made = _growing(folder, name)
    try:
        made.mkdir()
    except OSError as error:
        raise ReportError(_not_writable(made, error.strerror or str(error))) from error
    return made


def _growing(folder: Path, name: str) -> Path:
    return folder / f".{name}{GROWING}"


def put_in_place(grown: Path, place: Path) -> Path:
    """Let what has grown take its place; what was there before goes.

    The replacement is two renames. Before the first, the earlier report is in its place; after the second, the
    new one is. Between them the place is empty, for as long as a rename takes, and both reports lie whole beside
    it under their hidden names. A run that ends right there leaves it so, and `recover` brings back the earlier
    one. If the second rename fails, the first is undone.
    """
    earlier = _earlier(place)
    if _is_there(place):
        place.rename(earlier)
    try:
        grown.rename(place)
    except OSError:
        if _is_there(earlier):
            earlier.rename(place)
        raise
    remove(earlier)
    return place


def _earlier(place: Path) -> Path:
    return place.with_name(f".{place.name}{EARLIER}")


def recover(folder: Path, name: str) -> None:
    """Bring back a report whose replacement was interrupted, and remove what was left half done."""
    for place in _places(folder, name):
        earlier = _earlier(place)
        if _is_there(place):
            remove(earlier)
        elif _is_there(earlier):
            with suppress(OSError):
                earlier.rename(place)
    remove(_growing(folder, name))


def remove(path: Path) -> None:
    """Remove a file or a folder, also a read-only one; what cannot be removed stays."""
    if path.is_symlink() or not path.is_dir():
        with suppress(OSError):
            path.unlink()
        return
    for folder, _, _ in os.walk(path):
        with suppress(OSError):
            Path(folder).chmod(0o700)
    shutil.rmtree(path, ignore_errors=True)
