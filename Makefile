# make demo   the demonstration, from nothing        make test     all tests
# make lint   ruff          make types   mypy --strict          make layers   import-linter
# make bench  the budgets   make clean   removes what these made
# make docs   the pages as a site, build/docs/site; says which link leads nowhere
# make release-check  build, install everywhere, licences, types, SBOM, public names (20 minutes)
# make mutants  small changes of the arithmetic, each of which a test must notice (an hour)
#
# Each target makes .venv by itself; a second run starts at once. make demo DEMO=--force replaces what
# an earlier demonstration wrote.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --constraint constraints.txt

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.PHONY: help demo test bench mutants release-check docs lint format types layers clean

help:
	@sed -n 's/^# make/make/p' Makefile

demo: $(VENV)/.ready
	$(BIN)/igate demo $(DEMO)

test: $(VENV)/.ready-dev
	PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/$(VENV)/pycache \
		$(BIN)/python -m pytest -n auto --dist worksteal $(PYTEST)

bench: $(VENV)/.ready-dev
	@for program in benchmarks/bench_*.py; do \
		echo "== $$program"; $(BIN)/python $$program || exit 1; done

mutants: $(VENV)/.ready-dev
	$(BIN)/python tools/mutate.py $(MUTANTS)

docs: $(VENV)/.ready-dev
	$(BIN)/python tools/build_docs.py

release-check: $(VENV)/.ready-dev
	$(BIN)/python tools/release_check.py $(RELEASE)

lint: $(VENV)/.ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/.ready-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(VENV)/.ready-dev
	$(BIN)/mypy --strict

layers: $(VENV)/.ready-dev
	$(BIN)/lint-imports

clean:
	rm -rf $(VENV) build dist demo-output .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "igate needs Python 3.11 or newer, and '$(PYTHON)' is not on this machine." >&2; \
		echo "Install it, or name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "igate needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) -V 2>&1)." >&2; \
		echo "Name a newer one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu install python3-venv." >&2; exit 1; }

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing igate in $(VENV) (once; about a minute)"
	@$(PIP) --editable ".[frames]"
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing igate and its tools in $(VENV) (once; about two minutes)"
	@$(PIP) --editable ".[dev]"
	@touch $@ $(VENV)/.ready
