# `make` alone lists the targets. Every target sets up .venv by itself when it has to.

PYTHON ?= python3
YEAR = 2022
LANGS = nl fr en

VENV = .venv
READY = $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help report test lab check lock clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(READY)  ## write reports/YEAR/LANG/index.html; choose with YEAR=2022 LANGS="nl fr en"
	$(VENV)/bin/lnd-survey report --year $(YEAR) $(LANGS:%=--lang %)

test: $(READY)  ## run all tests, the examples in the documentation and the notebooks
	$(VENV)/bin/pytest --numprocesses auto --dist loadfile --nbval-lax --nbval-current-env

lab: $(READY)  ## open the notebooks in JupyterLab
	$(VENV)/bin/jupyter lab notebooks

check: $(READY)  ## look at style and types
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(VENV)/bin/mypy

lock:  ## pin again what pyproject.toml asks for in requirements.lock
	$(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check uv==0.13.9
	build/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	    --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
	    --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

clean:  ## remove what the other targets wrote, except .venv
	rm -rf reports data/processed build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name .venv -prune -o \( -name __pycache__ -o -name .ipynb_checkpoints \) -prune -exec rm -rf {} +

$(READY): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
	    echo "$(PYTHON) is not there. Name a Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
	    echo "$$($(PYTHON) --version) does not fit: lnd_survey needs 3.11, 3.12 or 3.13." \
	         "Name one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { \
	    echo "This Python cannot make virtual environments. On Debian and Ubuntu:" \
	         "apt install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV) (only once; one or two minutes) …"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
