"""How long all shares with intervals take, and how much memory, against a bare matrix product and pandas.

    .venv/bin/python benchmarks/kernel_speed.py [ROWS]      (default 1000000)

For 60 items of 2 and of 5 answers, 2 groups × 5 years, weighted and not, and each in a process of its own, the median
of five: all shares, standard errors, effective bases and Wilson intervals; a bare product of numpy, domains × rows by
rows × answers, that only adds up weights, its two matrices ready beforehand and (as they would not fit into memory with
5 answers) a part of the rows at a time; and a loop over items of `pandas` `groupby`. At last a whole question set of
456 respondents. The memory is the largest that the process ever had, imports and the answers themselves included.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

ITEMS, DOMAINS, PART = 60, 10, 100_000

DRAWN = """
import resource, sys, time
import numpy as np
rows, answers, weighted = {rows}, {answers}, {weighted}
draw = np.random.default_rng(1)
codes = np.empty((rows, {items}), dtype="uint8", order="F")
for item in range({items}):
    codes[:, item] = draw.integers(0, answers + 1, rows)
codes[codes == answers] = 255
domains = draw.integers(0, {domains}, rows)
weights = draw.uniform(0.3, 3, rows) if weighted else None
"""

KERNEL = """
from lnd_survey.intervals import wilson
from lnd_survey.kernel import shares, tally
wilson(0.5, 10, df=9)
def step():
    made = shares(tally(codes, domains, weights=weights, n_domains={domains}, n_codes=answers))
    low, high = wilson(made.estimate, made.n_effective, df=made.df)
    assert low.shape == ({domains}, {items}, answers)
"""

BARE = """
part = min(rows, {part})
of_domain = np.zeros((part, {domains}))
of_domain[np.arange(part), domains[:part]] = 1 if weights is None else weights[:part]
of_answer = (codes[:part, :, None] == np.arange(answers)).reshape(part, -1).astype(float)
# Of two answers one product column is enough.
of_answer = of_answer[:, 1::2].copy() if answers == 2 else of_answer
def step():
    total = 0
    for _ in range(rows // part):
        total = total + of_domain.T @ of_answer
    assert total.shape[0] == {domains}
"""

PANDAS = """
import pandas as pd
frame = pd.DataFrame({{"domain": domains, "weight": 1.0 if weights is None else weights}})
columns = [pd.Series(codes[:, item]).where(codes[:, item] != 255) for item in range({items})]
def step():
    for column in columns:
        totals = frame["weight"].groupby([frame["domain"], column]).sum().unstack()
        assert len(totals.div(totals.sum(axis=1), axis=0)) == {domains}
"""

MEASURE = """
step()
seconds = []
for _ in range({times}):
    started = time.perf_counter()
    step()
    seconds.append(time.perf_counter() - started)
print(*seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measure(step: str, *, rows: int, answers: int, weighted: bool, times: int = 5) -> tuple[float, float]:
    """Median of seconds, and gigabytes."""
    code = (DRAWN + step + MEASURE).format(
        rows=rows, answers=answers, weighted=weighted, items=ITEMS, domains=DOMAINS, part=PART, times=times
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *seconds, memory = map(float, done.stdout.split())
    return statistics.median(seconds), memory * (1 if sys.platform == "darwin" else 1024) / 1e9


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for answers in (2, 5):
        for weighted in (False, True):
            print(f"{rows:,} × {ITEMS} items of {answers} answers, {'weighted' if weighted else 'unweighted'}")
            bare, _ = measure(BARE, rows=rows, answers=answers, weighted=weighted)
            print(f"  bare product {bare:8.3f} s")
            for name, step, times in (("kernel", KERNEL, 5), ("pandas", PANDAS, 1)):
                seconds, memory = measure(step, rows=rows, answers=answers, weighted=weighted, times=times)
                print(f"  {name:12} {seconds:8.3f} s  {seconds / bare:6.2f} × bare  {memory:5.2f} GB")
    for weighted in (False, True):
        seconds, _ = measure(KERNEL, rows=456, answers=5, weighted=weighted, times=21)
        print(f"456 respondents, {'weighted' if weighted else 'unweighted'}: {1000 * seconds:.1f} ms")


if __name__ == "__main__":
    main()
