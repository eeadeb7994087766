"""Run tasks in processes of their own, several at once, that never outlive the run."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

# Forking is quick and inherits all imports, but Windows cannot and the system libraries of macOS do not like it.
CAN_FORK = "fork" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


# How long the end of a process may go unnoticed that left processes of its own behind.
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Died:
    """A process that ended without a result."""

    exit_code: int | None


def run_all(
    work: Callable[[Task], Result], tasks: deque[Task], *, at_once: int, fork: bool
) -> Iterator[tuple[Task, Result | Died]]:
    """Run each task in a fresh process and give the results as they come.

    Parameters
    ----------
    work
        What to do with a task; an exception in it counts as the death of its process.
    tasks
        Started in this order; what is added while results come is run too.
    at_once
        How many processes run at the same time.
    fork
        Whether the processes inherit the memory of this one.

    Yields
    ------
    tuple
        A task and what came of it.
    """
    context = multiprocessing.get_context("fork" if fork else "spawn")
    running: dict[Connection, tuple[Any, Task]] = {}
    try:
        while tasks or running:
            while tasks and len(running) < at_once:
                task = tasks.popleft()
                receiver, sender = context.Pipe(duplex=False)
                process = context.Process(target=_child, args=(work, task, sender))  # type: ignore[attr-defined]
                process.start()
                sender.close()
                running[receiver] = (process, task)
            # What a process leaves behind holds its pipe and its sentinel open: those alone do not tell its end.
            ready = wait(running, timeout=LOOK_SECONDS)
            ended = [at for at, (process, _) in running.items() if at in ready or not process.is_alive()]
            for receiver in ended:
                process, task = running.pop(receiver)
                yield task, _result(receiver, process)
    finally:
        for process, _ in running.values():
            process.terminate()
        for process, _ in running.values():
            process.join()


def _result(receiver: Connection, process: Any) -> Any:
    # What an ended process has not put in its pipe will never come, whoever else still holds the pipe.
    try:
        with receiver:
            result = receiver.recv() if receiver.poll() else Died(None)
    except (EOFError, OSError):
        result = Died(None)
    process.join()
    return Died(process.exitcode) if isinstance(result, Died) else result


def _child(work: Callable[[Task], Result], task: Task, sender: Connection) -> None:
    # Ctrl-C reaches all processes of a terminal; the parent decides what comes of it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sender.send(work(task))
    sender.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
