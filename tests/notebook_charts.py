"""Run a notebook's code cells as plain code and collect the charts that they show."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat

from lnd_survey.charts import Chart


def charts_of(path: Path, **parameters: Any) -> list[Chart]:
    """Give the charts in the order in which the notebook shows them.

    Parameters
    ----------
    path
        A notebook.
    parameters
        Values that take the place of those in the cell tagged `parameters`.
    """
    namespace: dict[str, Any] = {}
    shown = []
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(path), "exec"), namespace)
        if "parameters" in cell.metadata.get("tags", []):
            namespace.update(parameters)
        if isinstance(last, ast.Expr):
            shown.append(eval(compile(ast.Expression(last.value), str(path), "eval"), namespace))
    return [value for value in shown if isinstance(value, Chart)]
