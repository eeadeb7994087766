"""A papermill engine without a kernel: the cells run in an IPython shell of the present process.

Starting, asking and stopping a kernel takes longer than most chapters. A process that is forked from one in
which everything is imported already needs none of that. What ends up in the notebook is the same, time stamps
aside; `tests/report/test_engine.py` compares both.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.engines import Engine, NotebookExecutionManager, papermill_engines
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

KERNEL_COLOURS = "neutral"
NOTEBOOK_COLUMNS = 20
INLINE_BACKEND = "module://matplotlib_inline.backend_inline"


class _Stream(io.TextIOBase):
    """Collects what is printed until it is flushed, as a kernel does."""

    encoding = "utf-8"

    def __init__(self, name: str, publish: Callable[[NotebookNode], None]) -> None:
        self._name = name
        self._publish = publish
        self._parts: list[str] = []

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def take(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if text:
            self._publish(new_output("stream", name=self._name, text=text))


class Outputs:
    """The outputs of the cell that runs, in the order in which a notebook shows them."""

    def __init__(self) -> None:
        self.streams = (_Stream("stdout", self._append), _Stream("stderr", self._append))
        self._outputs: list[NotebookNode] = []
        self._shown: dict[str, list[NotebookNode]] = {}
        self._clear_before_next = False

    def start(self, outputs: list[NotebookNode]) -> None:
        """Collect into this list from now on."""
        self._outputs = outputs
        self._clear_before_next = False

    def _append(self, output: NotebookNode) -> None:
        if self._clear_before_next:
            self._outputs.clear()
            self._clear_before_next = False
        self._outputs.append(output)

    def flush(self) -> None:
        """Bring what was printed before what comes next."""
        for stream in self.streams:
            stream.take()

    def add(self, output_type: str, **content: Any) -> NotebookNode:
        """Add an output that is not a stream."""
        self.flush()
        output = new_output(output_type, **content)
        self._append(output)
        return output

    def show(self, display_id: str | None, *, update: bool, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        """Add a display, or renew all displays that have the same id."""
        self.flush()
        if display_id:
            for shown in self._shown.get(display_id, []):
                shown.update(data=NotebookNode(data), metadata=NotebookNode(metadata))
        if not update:
            output = self.add("display_data", data=data, metadata=metadata)
            if display_id:
                self._shown.setdefault(display_id, []).append(output)

    def clear(self, *, wait: bool) -> None:
        """Empty the cell, at once or when something new comes."""
        self.flush()
        if wait:
            self._clear_before_next = True
        else:
            self._outputs.clear()


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(  # type: ignore[override]
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_ignored: Any,
    ) -> None:
        outputs = self.shell.outputs
        display_id = (transient or {}).get("display_id")
        outputs.show(display_id, update=update, data=_as_json(data), metadata=metadata or {})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear(wait=wait)


class _ResultHook(DisplayHook):
    shell: Any

    def write_output_prompt(self) -> None:
        """Leave the prompt to the notebook."""

    def write_format_data(self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None) -> None:
        self.shell.outputs.add(
            "execute_result",
            execution_count=self.prompt_count,
            data=_as_json(format_dict),
            metadata=md_dict or {},
        )

    def finish_displayhook(self) -> None:
        """Write no blank line after the result."""
        self._is_active = False


class _Compiler(CachingCompiler):
    def get_code_name(self, raw_code: str, code: str, number: int) -> str:
        # A kernel names a cell like a Python file, too; how tracebacks are written depends on that.
        return f"cell_{number}.py"


class _ZMQLikeShell(InteractiveShell):
    # pandas looks for "zmq" in the name of the class and for a kernel, and then writes wide tables for a notebook.
    kernel = None
    outputs = AnyTrait()
    compiler_class = Type(_Compiler)
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_ResultHook)

    def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: list[str]) -> None:
        self.outputs.add("error", ename=etype.__name__, evalue=str(evalue), traceback=list(stb))

    def enable_gui(self, gui: str | None = None) -> None:
        """Have no event loop."""


def _as_json(data: dict[str, Any]) -> dict[str, Any]:
    return {
        mime: b64encode(value).decode("ascii") if isinstance(value, bytes) else value for mime, value in data.items()
    }


@contextmanager
def _shell(outputs: Outputs) -> Iterator[_ZMQLikeShell]:
    before = sys.stdout, sys.stderr, sys.displayhook
    with tempfile.TemporaryDirectory() as folder:
        # Neither history nor start-up files of the user: a report is the same whoever makes it.
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = KERNEL_COLOURS
        sys.stdout, sys.stderr = outputs.streams
        shell = _ZMQLikeShell.instance(config=config, ipython_dir=folder)
        shell.outputs = outputs
        try:
            yield shell
        finally:
            shell.restore_sys_module_state()
            _ZMQLikeShell.clear_instance()
            sys.stdout, sys.stderr, sys.displayhook = before


class ShellEngine(Engine):
    """Runs a notebook in the present process, which should be one that is thrown away afterwards.

    What compiled libraries and other processes write to the terminal is not caught.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_ignored: Any) -> None:
        """Run the cells one after the other, up to the first error."""
        outputs = Outputs()
        with _as_in_a_kernel(), _shell(outputs) as shell:
            for index, cell in enumerate(nb_man.nb.cells):
                nb_man.cell_start(cell, index)
                failed = _is_run(cell) and not _run(cell, shell, outputs)
                if failed:
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                if failed:
                    break
        nb_man.nb.metadata["language_info"] = {
            "name": "python",
            "version": sys.version.split()[0],
            "mimetype": "text/x-python",
            "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
            "pygments_lexer": "ipython3",
            "nbconvert_exporter": "python",
            "file_extension": ".py",
        }


def _is_run(cell: NotebookNode) -> bool:
    tags = cell.metadata.get("tags", [])
    return cell.cell_type == "code" and bool(cell.source.strip()) and "skip-execution" not in tags


def _run(cell: NotebookNode, shell: _ZMQLikeShell, outputs: Outputs) -> bool:
    cell.outputs = []
    cell.execution_count = shell.execution_count
    outputs.start(cell.outputs)
    result = shell.run_cell(cell.source, store_history=True)
    outputs.flush()
    return bool(result.success) or "raises-exception" in cell.metadata.get("tags", [])


@contextmanager
def _as_in_a_kernel() -> Iterator[None]:
    # A kernel is started with this backend, so that pyplot figures show themselves in the notebook.
    before = os.environ.get("MPLBACKEND")
    os.environ["MPLBACKEND"] = INLINE_BACKEND
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = INLINE_BACKEND
    if "pandas" in sys.modules:
        # What pandas chooses when it is imported in a kernel, where there is no terminal to fit.
        sys.modules["pandas"].set_option("display.max_columns", NOTEBOOK_COLUMNS)
    try:
        yield
    finally:
        if before is None:
            del os.environ["MPLBACKEND"]
        else:
            os.environ["MPLBACKEND"] = before


papermill_engines.register("shell", ShellEngine)
