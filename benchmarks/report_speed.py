"""How long a report takes, against the ways without it; whole processes, ratios within one round.

Run it from the project's folder, on a machine that does nothing else:

    python benchmarks/report_speed.py [ROUNDS]
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
YEAR, LANG = "2022", "nl"

# The floor: what is in the notebooks as plain code in one process, so that all the rest is nothing but figures.
PLAIN = """
import json, sys
out, data, year, lang, *notebooks = sys.argv[1:]
for path in notebooks:
    space = {"__name__": "__main__", "display": lambda *shown: None}
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), space)
            if "parameters" in cell["metadata"].get("tags", []):
                space.update(year=int(year), lang=lang, evidence="best", data_dir=data, out_dir=out)
"""


def seconds(*commands: list[str]) -> float:
    """Run commands one after the other."""
    started = time.perf_counter()
    for command in commands:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return time.perf_counter() - started


def ours(folder: Path) -> float:
    command = [str(BIN / "lnd-survey"), "report", "--year", YEAR, "--lang", LANG, "--out", str(folder / "ours")]
    return seconds(command)


def command_lines(folder: Path) -> float:
    executed = [folder / path.name for path in NOTEBOOKS]
    options = [
        *("-p", "year", YEAR, "-p", "lang", LANG, "-p", "data_dir", str(ROOT / "data")),
        *("-p", "out_dir", str(folder / "theirs")),
    ]
    return seconds(
        *[
            [str(BIN / "papermill"), str(source), str(target), *options]
            for source, target in zip(NOTEBOOKS, executed, strict=True)
        ],
        *[[str(BIN / "jupyter"), "nbconvert", "--to", "html", str(target)] for target in executed],
    )


def plain_process(folder: Path) -> float:
    arguments = [str(folder / "plain"), str(ROOT / "data"), YEAR, LANG, *map(str, NOTEBOOKS)]
    return seconds([sys.executable, "-c", PLAIN, *arguments])


def python(code: str) -> float:
    return seconds([sys.executable, "-c", code])


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    taken: dict[str, list[float]] = {name: [] for name in ("ours", "(a) command lines", "(b) one plain process")}
    for number in range(rounds):
        folder = Path(tempfile.mkdtemp())
        for name, run in zip(taken, (ours, command_lines, plain_process), strict=True):
            taken[name].append(run(folder))
            print(f"round {number + 1}: {name} {taken[name][-1]:.2f} s", file=sys.stderr)
        shutil.rmtree(folder)
    print(f"{len(NOTEBOOKS)} chapters, {os.cpu_count()} processors, median of {rounds} rounds")
    for name, times in taken.items():
        ratios = [mine / other for mine, other in zip(taken["ours"], times, strict=True)]
        print(f"{name:<22} {statistics.median(times):7.2f} s   ours / this {statistics.median(ratios):5.2f}")
    empty = statistics.median(python("") for _ in range(5))
    for name, run in (
        ("import lnd_survey", lambda: python("import lnd_survey")),
        ("lnd-survey --help", lambda: seconds([str(BIN / "lnd-survey"), "--help"])),
    ):
        print(f"{name:<22} {statistics.median(run() for _ in range(5)):7.3f} s   (empty process {empty:.3f} s)")


if __name__ == "__main__":
    main()
