# `make` lists what there is. Everything runs in virtual environments made here.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
ARGS ?=

# what `make matrix` runs: at the ends all that SQLAlchemy or Python can be the reason of,
# between them, and without servers, what touches SQLAlchemy
FULL := tests/unit tests/backends tests/cli tests/public \
    tests/architecture/test_packaging.py tests/architecture/test_startup.py
SHORT := $(addprefix tests/unit/,sqla ddl migration operations autogenerate) \
    tests/backends
# pyenv starts only the Pythons that it was told to; those that it has serve as well
PYTHONS := $(wildcard $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/*/bin)
TOX = PATH="$$PATH:$(shell echo $(PYTHONS) | tr ' ' ':')" $(BIN)/tox run

.DEFAULT_GOAL := help
.PHONY: help demo test matrix check format peer bench docs linkcheck build clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 10

$(VENV)/.python:
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.project: $(VENV)/.python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.test: $(VENV)/.project
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

$(VENV)/.check: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[check]'
	@touch $@

$(VENV)/.docs: $(VENV)/.check
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[docs]'
	@touch $@

$(VENV)/.matrix: $(VENV)/.test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'tox>=4'
	@touch $@

demo: $(VENV)/.project  ## the main job on SQLite: init, autogenerate, upgrade, downgrade
	$(BIN)/python tests/support/demo.py demo-project

test: $(VENV)/.check $(VENV)/.docs  ## all tests on every database that this machine can give
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

matrix: $(VENV)/.matrix  ## the tests under each Python and SQLAlchemy of tox.ini
	status=0; \
	$(TOX) -m ends --skip-missing-interpreters false -- \
	    -q -n $(WORKERS) $(FULL) $(ARGS) || status=1; \
	ALEMBIC_TEST_DATABASES=sqlite ALEMBIC_TEST_REQUIRE=sqlite $(TOX) -m between -- \
	    -q -n $(WORKERS) $(SHORT) $(ARGS) || status=1; \
	exit $$status

check: $(VENV)/.check  ## format, lint, types, import contracts and the quick tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n $(WORKERS) tests/unit tests/architecture tests/public

peer: $(VENV)/.check  ## the comparisons with Alembic 1.20.1 alone
	$(BIN)/python -m pytest -n $(WORKERS) -m peer $(ARGS)

bench: $(VENV)/.test  ## time and memory beside Alembic 1.20.1 (ARGS="--only heads --growth")
	$(BIN)/python benchmarks --json benchmarks/results.json --docs docs $(ARGS)

format: $(VENV)/.check  ## let ruff put the code in shape
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

docs: $(VENV)/.docs  ## the documentation, in docs/_build/html
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

linkcheck: $(VENV)/.docs  ## whether links that leave the documentation lead somewhere
	$(BIN)/python -m sphinx -W --keep-going -q -b linkcheck docs docs/_build/linkcheck

build: $(VENV)/.check  ## a wheel and an sdist in dist/
	$(BIN)/python -m pip install --quiet --disable-pip-version-check build
	$(BIN)/python -m build

clean:  ## remove what the other targets made
	rm -rf $(VENV) .venv-* .tox build dist *.egg-info demo-project docs/_build
