# Two commands are enough: `make demo` and `make test`. They need Python 3.12 or later, and nothing else.
# Everything is installed inside .venv, in the versions of uv.lock.

BIN := .venv/bin
READY := .venv/.ready
TOOLED := .venv/.tooled

# Python keeps what it compiles even where the environment says not to, as many containers do: the tests start some two
# hundred processes, each of which would compile the libraries anew (6 s instead of 2).
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test style lint web types layers tests format docs live notebook messages bench clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## make .venv and install the locked versions in it (the others do it when needed)

# Rebuilt when the lock or the project file changes. A .venv without pip is a broken one, or somebody else's.
$(READY): pyproject.toml uv.lock
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		python=$$(sh .ci/find-python) && echo "Making .venv with $$python" && "$$python" -m venv --clear .venv; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(BIN)/uv sync --quiet --frozen --inexact --all-extras --no-extra live --no-python-downloads --python $(BIN)/python
	@touch $@

# What only the tests and the documentation need: the live page's browser parts alone are 250 MB.
$(TOOLED): $(READY)
	@$(BIN)/uv sync --quiet --frozen --all-extras --group docs --no-python-downloads --python $(BIN)/python
	@touch $@

demo: $(READY)  ## two years of the preset agapanthes: a summary, a run folder, a figure
	@$(BIN)/python -m sim.ahead &
	$(BIN)/careteams run agapanthes --years 2

# What takes seconds goes first, so that it fails first. Types are one process, beside the tests: several of mypy's workers
# do not always infer the same.
test: style lint layers  ## every check and every test (what the CI runs)
	@$(MAKE) --no-print-directory --jobs 2 types tests

style: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY) web
	$(BIN)/ruff check .

# The teaching page's JavaScript and CSS. Who has no npm can do without, the CI cannot.
web:
	@if command -v npm >/dev/null || test -n "$$CI"; then \
		cd results/teaching/web && npm install --no-save --prefer-offline --silent --no-audit --no-fund && npm run --silent check; \
	else echo "npm is not here: the JavaScript of the teaching page is not checked"; fi

types: $(TOOLED)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

tests: $(TOOLED)
	$(BIN)/pytest --numprocesses auto --dist loadfile --cov --cov-report=term

format: $(READY)  ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(TOOLED)  ## the documentation site, in build/site, which needs no network
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet -c docs . build/site
	@echo "open build/site/index.html"

live: $(TOOLED)  ## the live page of a village, in your browser
	$(BIN)/careteams live

notebook: $(TOOLED)  ## the researchers' notebook anew, out of docs/researchers.md
	$(BIN)/jupytext --quiet --to ipynb --output docs/researchers.ipynb docs/researchers.md

messages: $(READY)  ## bring the French catalogue up to date with the strings of the code
	$(BIN)/python -m scenarios.translation

bench: $(READY)  ## speed and memory on this machine
	$(BIN)/careteams bench

clean:  ## remove .venv and every cache (runs are kept)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
