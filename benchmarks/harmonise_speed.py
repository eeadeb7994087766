"""How long answers take, from an export to estimates, and how much memory, against a bare `read_csv` of the same file.

    .venv/bin/python benchmarks/harmonise_speed.py [ROWS ...]      (default 10000 100000 1000000)

For each number of rows it draws an export of 60 questions (45 single, 10 pick-n in one cell each, 3 grids and 2
rankings of 5 items: 83 columns) and runs, each in a process of its own: `pandas.read_csv`; reading alone; reading and
harmonising; and all of it with one estimate. The memory is the largest that the process ever had.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SINGLE, MULTI, GRID, RANKING, OPTIONS, ITEMS = 45, 10, 3, 2, 5, 8
ACTORS = 5
YEAR = 2001


def text(word: str) -> str:
    return f"{{nl: {word}}}"


def entries(word: str, n: int) -> str:
    return ", ".join(f"{{id: {word}{number}, label: {text(word + str(number))}}}" for number in range(n))


def questions() -> list[tuple[str, str, str]]:
    """Id, kind and the rest of the codebook entry."""
    made = [(f"single{n}", "single", f"options: [{entries('option', OPTIONS)}]") for n in range(SINGLE)]
    made += [(f"multi{n}", "multi", f"items: [{entries('item', ITEMS)}]") for n in range(MULTI)]
    made += [
        (f"grid{n}", "grid", f"items: [{entries('row', ACTORS)}], options: [{entries('option', OPTIONS)}]")
        for n in range(GRID)
    ]
    return made + [(f"ranking{n}", "ranking", f"items: [{entries('actor', ACTORS)}]") for n in range(RANKING)]


def describe(folder: Path, rows: int) -> None:
    raw = folder / "data" / "raw" / str(YEAR)
    raw.mkdir(parents=True)
    (folder / "data" / "codebook").mkdir()
    asked = "\n".join(
        f"  - {{id: {name}, kind: {kind}, name: {text(name)}, text: {text(name)}, {rest}}}"
        for name, kind, rest in questions()
    )
    (folder / "data" / "codebook" / "survey.yml").write_text(
        'languages: [{id: nl, name: Nederlands, decimal: ",", percent: "%"}]\n'
        "groups:\n"
        f'  - {{id: a, label: {text("a")}, description: {text("a")}, colour: "#542788", marker: o}}\n'
        f'  - {{id: b, label: {text("b")}, description: {text("b")}, colour: "#1b9e77", marker: s}}\n'
        f"bases: [{{id: all, ordinary: true, label: {text('all')}}}]\nquestions:\n{asked}\n"
    )
    (raw / "wave.yml").write_text(
        f"year: {YEAR}\nevidence: survey\nlanguages: [nl]\ngroups: [{{id: a}}, {{id: b}}]\nexports:\n"
        f"  evidence: survey\n  files: [{{name: answers.csv, format: csv, layout: plain, rows: {rows}}}]\n"
    )
    instrument = ["question,group,base,max_choices,limit_enforced,break,policy,note"]
    instrument += [f"{name},{group},,,,,," for name, _, _ in questions() for group in "ab"]
    columns = ["file,column,question,item,rank,reason", ",respondent,@respondent,,,", ",group,@group,,,"]
    values = ["file,question,item,language,value,option,expected,reason", ",@group,,,A,a,,", ",@group,,,B,b,,"]
    for name, kind, _ in questions():
        if kind == "grid":
            columns += [f",{name} row{n},{name},row{n},," for n in range(ACTORS)]
        elif kind == "ranking":
            columns += [f",{name} actor{n},{name},actor{n},," for n in range(ACTORS)]
        else:
            columns += [f",{name},{name},,,"]
        if kind in ("single", "grid"):
            values += [f",{name},,,This is option {n},option{n},," for n in range(OPTIONS)]
        elif kind == "multi":
            values += [f",{name},,,This is item {n},item{n},," for n in range(ITEMS)]
    for file, lines in (("instrument", instrument), ("columns", columns), ("values", values)):
        (raw / f"{file}.csv").write_text("\n".join(lines) + "\n")


def export(folder: Path, rows: int) -> Path:
    """Write answers at random, about one in thirty of them empty."""
    draw = np.random.default_rng(1)
    options = np.array([f"This is option {n}" for n in range(OPTIONS)] * 6 + [""], dtype=object)
    picks = [f'"{", ".join(f"This is item {n}" for n in sorted(set(draw.integers(0, ITEMS, 3))))}"' for _ in range(200)]
    orders = [",".join(str(rank + 1) for rank in draw.permutation(ACTORS)) for _ in range(60)]
    path = folder / "data" / "raw" / str(YEAR) / "answers.csv"
    header = ["respondent", "group"]
    for name, kind, _ in questions():
        own = {
            "grid": [f"{name} row{n}" for n in range(ACTORS)],
            "ranking": [f"{name} actor{n}" for n in range(ACTORS)],
        }
        header += own.get(kind, [name])
    with path.open("w") as file:
        file.write(",".join(header) + "\n")
        for start in range(0, rows, 50_000):
            n = min(50_000, rows - start)
            columns = [[str(number) for number in range(start, start + n)], draw.choice(["A", "B"], n)]
            for _, kind, _ in questions():
                if kind == "single":
                    columns.append(draw.choice(options, n))
                elif kind == "multi":
                    columns.append(draw.choice(np.array([*picks, ""], dtype=object), n))
                elif kind == "grid":
                    columns += [draw.choice(options, n) for _ in range(ACTORS)]
                else:
                    columns.append(draw.choice(np.array([*orders, "," * (ACTORS - 1)], dtype=object), n))
            file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))
    return path


STEPS = {
    "read_csv": "import pandas; pandas.read_csv(path)",
    "read": (
        "from lnd_survey.readers import read_export; survey = lnd.open_survey(folder); "
        f"file = survey.waves[{YEAR}].exports.files[0]; assert read_export(pathlib.Path(path), file, [])"
    ),
    "harmonise": f"assert len(lnd.open_survey(folder).answers({YEAR}))",
    "estimate": f"assert len(lnd.open_survey(folder).estimates('multi0', years={YEAR}))",
}


def measure(step: str, folder: Path, path: Path) -> tuple[float, float]:
    """Seconds and gigabytes of a process of its own, imports included."""
    code = (
        f"import pathlib, resource, lnd_survey as lnd; folder, path = {str(folder)!r}, {str(path)!r}; {STEPS[step]}; "
    )
    code += "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - started
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, int(done.stdout.split()[-1]) * unit / 1e9


def main() -> None:
    for rows in [int(argument) for argument in sys.argv[1:]] or [10_000, 100_000, 1_000_000]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            describe(folder, rows)
            path = export(folder, rows)
            print(f"{rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")
            bare = 0.0
            for step in STEPS:
                seconds, memory = measure(step, folder, path)
                bare = bare or seconds
                print(
                    f"  {step:10} {seconds:7.2f} s  {rows / seconds:10,.0f} rows/s  "
                    f"{seconds / bare:5.2f} x read_csv  {memory:5.2f} GB"
                )


if __name__ == "__main__":
    main()
