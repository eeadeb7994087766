"""The engine without a kernel gives what plain papermill gives."""

import json
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

RUN = """
import sys
import papermill
import lnd_survey.report.engine
engine, source, target, *imported = sys.argv[1:]
for name in imported:
    __import__(name)
try:
    papermill.execute_notebook(
        source, target, {"year": 2022, "lang": "fr"}, engine_name=engine or None, progress_bar=False
    )
except papermill.PapermillExecutionError as error:
    print(error.cell_index, error.exec_count, error.ename, error.evalue, sep="|")
"""

CELLS = [
    new_markdown_cell("# A title\n\nwith text"),
    new_code_cell("year = 2021\nlang = 'nl'", metadata={"tags": ["parameters"]}),
    new_code_cell("import sys\nprint('one', year)\nprint('two', lang)"),
    new_code_cell("print('to stderr', file=sys.stderr)\nprint('to stdout')"),
    new_code_cell("year + 1"),
    new_code_cell("year + 1;"),
    new_code_cell("_"),
    new_code_cell(""),
    new_code_cell(
        "from IPython.display import HTML, Markdown, clear_output, display, Image\n"
        "print('before')\ndisplay(Markdown('*now*'))\nprint('after')\nHTML('<b>last</b>')"
    ),
    new_code_cell("import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', 'y']})"),
    new_code_cell("pd.DataFrame({f'a long name {n}': [n] for n in range(30)})"),
    new_code_cell(
        "class Picture:\n"
        "    def _repr_png_(self):\n        return b'\\x89PNG\\r\\n\\x1a\\n' + bytes(40)\n"
        "    def __repr__(self):\n        return 'a picture'\n"
        "Picture()"
    ),
    new_code_cell("display(Picture(), Markdown('both'))"),
    new_code_cell(
        "class Bundle:\n    def _repr_mimebundle_(self, **_):\n"
        "        return {'image/png': 'AAAA', 'text/plain': 'a bundle'}, {'image/png': {'width': 9}}\n"
        "Bundle()"
    ),
    new_code_cell("handle = display('first', display_id='x')\nprint('between')"),
    new_code_cell("handle.update('second')"),
    new_code_cell("print('gone')\nclear_output()\nprint('stays')"),
    new_code_cell("print('gone')\nclear_output(wait=True)\nprint('comes instead')"),
    new_code_cell("import asyncio\nawait asyncio.sleep(0, 'awaited')"),
    new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
    new_code_cell("raise KeyError('skipped')", metadata={"tags": ["skip-execution"]}),
    new_code_cell("from matplotlib import pyplot as plt\nplt.figure(figsize=(1, 1)).add_subplot()\nplt.show()"),
    new_code_cell("plt.plot([1, 2]);"),
    new_code_cell("__name__, __builtins__.__name__"),
    new_code_cell("def f(x):\n    print('in f')\n    return undefined + x\n\nf(1)"),
    new_code_cell("print('never')"),
    new_markdown_cell("The end"),
]


def without_times(path):
    notebook = nbformat.read(path, as_version=4)
    metadata = notebook.metadata
    metadata.papermill = {
        key: value
        for key, value in metadata.papermill.items()
        if key not in {"start_time", "end_time", "duration", "output_path"}
    }
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        cell.pop("id")  # the injected cell and the cells about the error get drawn ids
        for key in ("start_time", "end_time", "duration"):
            cell.metadata.get("papermill", {}).pop(key, None)
    return notebook


def run(engine, source, target, *imported):
    command = [sys.executable, "-c", RUN, engine, str(source), str(target), *imported]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    notebook = new_notebook(cells=CELLS)
    notebook.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python 3"}
    path = tmp_path_factory.mktemp("engines") / "source.ipynb"
    nbformat.write(notebook, path)
    return path


def said_and_written(engine, source, *imported):
    target = source.with_name(f"{engine}{len(imported)}.ipynb")
    return run(engine, source, target, *imported), without_times(target)


@pytest.fixture(scope="module")
def kernel(source):
    return said_and_written("", source)


@pytest.fixture(scope="module", params=[(), ("pandas", "matplotlib.figure")], ids=["fresh", "imported before"])
def shell(request, source):
    return said_and_written("shell", source, *request.param)


def test_same_error(kernel, shell):
    assert shell[0] == kernel[0]
    assert shell[0] == "25|23|NameError|name 'undefined' is not defined\n"


@pytest.mark.parametrize("index", range(len(CELLS) + 3))  # papermill adds parameters and two cells on the error
def test_same_cells(kernel, shell, index):
    reference, ours = (json.dumps(made[1].cells[index], indent=1, sort_keys=True) for made in (kernel, shell))
    assert ours == reference


def test_same_metadata(kernel, shell):
    assert shell[1].metadata == kernel[1].metadata
