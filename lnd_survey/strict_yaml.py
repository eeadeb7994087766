"""YAML as people write it, read strictly: every value keeps its line, and traps are errors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from lnd_survey.errors import Problem, read_text, shown_path

Place = tuple[str | int, ...]
Lines = dict[Place, int]

_BARE = {"yes", "no", "on", "off"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(path: Path, problems: list[Problem]) -> tuple[Any, Lines]:
    """Read one YAML file into plain values and the line of each.

    Only `true` and `false` are booleans and only digits are numbers; a bare `no` or `on`, which YAML would
    turn into a boolean, a repeated key and a merge key are problems.

    Parameters
    ----------
    path
        The file, UTF-8.
    problems
        List to which what is wrong is added.

    Returns
    -------
    tuple
        The value (None if the file cannot be read) and a map from place, e.g. `("groups", 0, "id")`, to line.
    """
    lines: Lines = {}
    file = shown_path(path)
    text = read_text(path, problems)
    if text is None:
        return None, lines
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is not valid YAML: {error.problem or error.context}"
        problems.append(Problem(what, file=file, row=mark.line + 1 if mark else None))
        return None, lines
    except yaml.YAMLError:
        problems.append(
            Problem("has characters that YAML does not allow", file=file, remedy="Remove control characters.")
        )
        return None, lines
    open_nodes: set[int] = set()

    def build(node: Any, place: Place) -> Any:
        row = node.start_mark.line + 1
        lines[place] = row
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node, problems, file)
        if id(node) in open_nodes:
            problems.append(Problem("an alias stands inside what it names", file=file, row=row))
            return None
        open_nodes.add(id(node))
        try:
            return collection(node, place)
        finally:
            open_nodes.discard(id(node))

    def collection(node: Any, place: Place) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [build(child, (*place, index)) for index, child in enumerate(node.value)]
        mapping: dict[Any, Any] = {}
        for key_node, child in node.value:
            key = _scalar(key_node, problems, file)
            if key in mapping:
                row = key_node.start_mark.line + 1
                problems.append(Problem(f"key {key!r} stands twice", file=file, row=row, remedy="Keep one."))
            mapping[key] = build(child, (*place, key))
            lines[(*place, key)] = key_node.start_mark.line + 1
        return mapping

    return (build(node, ()) if node is not None else None), lines


def _scalar(node: Any, problems: list[Problem], file: str) -> Any:
    text, row = node.value, node.start_mark.line + 1
    if not isinstance(text, str):
        problems.append(Problem("a key must be a single word", file=file, row=row))
        return str(text)
    if node.style:  # quoted or folded: text as it stands; plain is None or "" depending on the loader
        return text
    if text.lower() in _BARE or text == "<<":
        problems.append(
            Problem(f"bare {text!r} is not read as text by YAML", file=file, row=row, remedy=f'Write "{text}".')
        )
        return text
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", text):
        return int(text)
    if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text):
        return float(text)
    return None if text in ("", "~", "null") else text
