"""The rules of the house: one direction of flow, ids in data only, plain notebooks."""

import ast
import functools
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "lnd_survey"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@functools.cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


# --- One direction ---------------------------------------------------------------------------

# A module may import from its own layer's package and from layers above it in this list.
LAYERS = [
    "errors",
    "significance",
    "weights",
    "kernel",
    "intervals",
    "folding",
    "checksums",
    "folders",
    "strict_yaml",
    "strict_csv",
    "spreadsheet_text",
    "codebook",
    "answers",
    "trees",
    "readers",
    "wave",
    "crosswalk",
    "proposals",
    "coding",
    "responses",
    "answering",
    "harmonisation_log",
    "harmonise",
    "weighting",
    "processed",
    "estimates",
    "disclosure",
    "estimate",
    "published",
    "series",
    "uncertainty",
    "compare",
    "trend",
    "cellnames",
    "claims",
    "words",
    "told",
    "charts",
    "survey",
    "commentary",
    "synthetic",
    "chapter",
    "quality",
    "report",
    "cli",
]


def layer_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_layers(path: Path) -> Iterator[str]:
    """Layers of lnd_survey that a module's import lines name, wherever in the module they stand."""
    here = ["lnd_survey", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = here[: len(here) - node.level + 1] if node.level else []
            base = ".".join([*start, node.module or ""]).strip(".")
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            parts = name.split(".")
            if parts[0] == "lnd_survey" and name != "lnd_survey.__version__":
                yield parts[1] if len(parts) > 1 else "__init__"


BELOW_THE_TOP = [path for path in MODULES if path != PACKAGE / "__init__.py"]


@pytest.mark.parametrize("path", BELOW_THE_TOP, ids=name_of)
def test_nothing_looks_back_up(path):
    layer = layer_of(path)
    assert layer in LAYERS, f"give {layer} its place in LAYERS"
    allowed = LAYERS[: LAYERS.index(layer) + 1]
    assert sorted(set(imported_layers(path)) - set(allowed)) == []


def test_no_module_is_called_utils():
    assert [path for path in MODULES if path.stem in {"utils", "util", "helpers", "common", "misc"}] == []


def test_importing_the_library_is_light():
    code = "import sys, lnd_survey; print(*{'pandas', 'numpy', 'matplotlib', 'papermill', 'yaml'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


# --- Ids live in data ------------------------------------------------------------------------

# Words that are ids of the survey by chance or by contract, and also the library's own vocabulary:
# a kind of missing answer, a kind of evidence, a statistic, the ends of a diverging chart, plain words.
VOCABULARY = {"dont_know", "refused", "respondents", "survey", "rank", "positive", "negative", "none", "same", "other"}
VOCABULARY |= {"more", "less", "efficiency", "methods"}
SURVEY_PARTS = {"groups", "questions", "figures", "chapters", "concepts", "documents"}


def ids_in(entry: object) -> Iterator[str]:
    if isinstance(entry, dict):
        if "id" in entry:
            yield str(entry["id"])
        for value in entry.values():
            yield from ids_in(value)
    elif isinstance(entry, list):
        for value in entry:
            yield from ids_in(value)


@functools.cache
def survey_ids() -> frozenset[str]:
    """Ids of questions, items, options, groups, figures … and the years, as data/ has them."""
    found = {path.name for path in (ROOT / "data" / "raw").iterdir() if path.is_dir()}
    for path in sorted((ROOT / "data" / "codebook").glob("*.yml")):
        parts = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        found.update(ids_in([parts[key] for key in parts if key in SURVEY_PARTS]))
    return frozenset(name for name in found if len(name) >= 4) - VOCABULARY


def docstrings(tree: ast.Module) -> set[ast.AST]:
    """Every string that stands alone as a statement."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_ids_of_the_survey_in_library_code(path):
    tree = tree_of(path)
    standing_alone = docstrings(tree)
    spelled = [
        f"line {node.lineno}: {node.value!r}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and node not in standing_alone
        and not isinstance(node.value, bool)
        and isinstance(node.value, str | int)
        and str(node.value) in survey_ids()
    ]
    assert spelled == []


# --- Notebooks -------------------------------------------------------------------------------

notebooks = pytest.mark.parametrize("path", NOTEBOOKS, ids=name_of)

BANNED_STATEMENTS = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.For,
    ast.AsyncFor,
    ast.comprehension,
    ast.Try,
    ast.TryStar,
    ast.While,
)
ALLOWED_IMPORTS = {"lnd_survey", "IPython"}
READS_OR_WRITES = re.compile(r"open|(?:read|to)_(?:csv|excel|json|parquet|pickle|feather|html|sql|table|xml|hdf|stata)")
ABSOLUTE = re.compile(r"^(?:[/~\\]|[A-Za-z]:[/\\]|file:)")


@functools.cache
def cells_of(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"source": "".join(cell["source"])} for cell in cells]


def code_of(path: Path) -> list[dict]:
    return [cell for cell in cells_of(path) if cell["cell_type"] == "code"]


def statements_of(path: Path) -> list[ast.AST]:
    """Every node of every code cell; a magic is a syntax error here, as it should be."""
    return [node for cell in code_of(path) for node in ast.walk(ast.parse(cell["source"]))]


@notebooks
def test_a_notebook_is_short_and_mostly_text(path):
    cells, code = cells_of(path), code_of(path)
    assert 15 <= len(cells) <= 30
    assert len(code) <= len(cells) / 2
    # A parameter takes a line, however many there are.
    plain = [cell["source"] for cell in code if "parameters" not in cell["metadata"].get("tags", [])]
    long = [source for source in plain if len(source.splitlines()) > 8]
    assert long == []


@notebooks
def test_a_notebook_has_one_cell_of_literal_parameters(path):
    tagged = [cell for cell in cells_of(path) if "parameters" in cell["metadata"].get("tags", [])]
    assert [cell["cell_type"] for cell in tagged] == ["code"]
    for statement in ast.parse(tagged[0]["source"]).body:
        assert isinstance(statement, ast.Assign), ast.unparse(statement)
        ast.literal_eval(statement.value)


@notebooks
def test_a_notebook_only_calls_the_library(path):
    nodes = statements_of(path)
    assert [ast.unparse(node) for node in nodes if isinstance(node, BANNED_STATEMENTS)] == []
    imports = [
        alias.name if isinstance(node, ast.Import) else node.module
        for node in nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    ]
    assert {name.split(".")[0] for name in imports} <= ALLOWED_IMPORTS


@notebooks
def test_a_notebook_reads_and_writes_nothing_itself(path):
    called = [
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in statements_of(path)
        if isinstance(node, ast.Call)
    ]
    assert [name for name in called if READS_OR_WRITES.fullmatch(name)] == []
    texts = [
        node.value for node in statements_of(path) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert [text for text in texts if ABSOLUTE.match(text)] == []


@notebooks
def test_the_text_of_a_notebook_types_no_results(path):
    texts = [cell["source"] for cell in cells_of(path) if cell["cell_type"] == "markdown"]
    assert [found for text in texts for found in re.findall(r"\d+[\s\u00a0]?%", text)] == []


@notebooks
def test_a_notebook_is_stored_clean(path):
    assert [cell for cell in code_of(path) if cell["outputs"] or cell["execution_count"] is not None] == []
    metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
    assert metadata["kernelspec"]["name"] == "python3"
    assert set(metadata) <= {"kernelspec", "language_info"}
