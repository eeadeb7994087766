"""Tasks in processes of their own: what comes of them, also when they end badly."""

import os
import time
from collections import deque

import pytest

from lnd_survey.report import pool

needs_fork = pytest.mark.skipif(not pool.CAN_FORK, reason="forks")


def double(number):
    return 2 * number


def die(code):
    os._exit(code)


def leave_a_process_behind(release):
    """End at once, while a process of our own holds all that we had open."""
    if os.fork() == 0:
        deadline = time.monotonic() + 60
        while not release.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        release.with_name("ended").touch()
        os._exit(0)
    os._exit(7)


def say_much_and_leave(release):
    if os.fork() == 0:
        leave_a_process_behind(release)
    return "x" * 1_000_000


@pytest.mark.parametrize("fork", [pytest.param(True, marks=needs_fork), False], ids=["fork", "spawn"])
def test_results(fork):
    results = dict(pool.run_all(double, deque(range(5)), at_once=2, fork=fork))
    assert results == {0: 0, 1: 2, 2: 4, 3: 6, 4: 8}


@pytest.mark.parametrize("fork", [pytest.param(True, marks=needs_fork), False], ids=["fork", "spawn"])
def test_a_death_is_a_result(fork):
    results = dict(pool.run_all(die, deque([3, 4]), at_once=2, fork=fork))
    assert results == {3: pool.Died(3), 4: pool.Died(4)}


@needs_fork
@pytest.mark.parametrize("fork", [True, False], ids=["fork", "spawn"])
@pytest.mark.parametrize(
    ("work", "result"), [(leave_a_process_behind, pool.Died(7)), (say_much_and_leave, "x" * 1_000_000)]
)
def test_a_process_left_behind_holds_nothing_up(tmp_path, work, result, fork):
    release = tmp_path / "release"
    results = list(pool.run_all(work, deque([release]), at_once=1, fork=fork))
    held_up = (tmp_path / "ended").exists()
    release.touch()
    assert results == [(release, result)]
    assert not held_up


@pytest.mark.parametrize("fork", [pytest.param(True, marks=needs_fork), False], ids=["fork", "spawn"])
def test_a_result_may_call_for_more(fork):
    tasks, results = deque([1]), []
    for _, result in pool.run_all(double, tasks, at_once=2, fork=fork):
        results.append(result)
        tasks += [result] if result < 5 else []
    assert results == [2, 4, 8]
