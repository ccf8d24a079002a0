# Two commands are enough: `make demo` and `make test`. They need Python 3.12 or later, and nothing else.
# Everything is installed inside .venv, in the versions of uv.lock.

BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test style lint types layers tests format messages bench clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup: $(READY)  ## make .venv and install the locked versions in it (the others do it when needed)

# Rebuilt when the lock or the project file changes. A .venv without pip is a broken one, or somebody else's.
$(READY): pyproject.toml uv.lock
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { \
		python=$$(sh .ci/find-python) && echo "Making .venv with $$python" && "$$python" -m venv --clear .venv; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(BIN)/uv sync --quiet --frozen --all-extras --no-python-downloads --python $(BIN)/python
	@touch $@

demo: $(READY)  ## two years of the preset agapanthes: a summary, a run folder, a figure
	$(BIN)/careteams run agapanthes --years 2

test: style lint types layers tests  ## every check, then every test (what the CI runs)

style: $(READY)
	$(BIN)/ruff format --check .

lint: $(READY)
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

layers: $(READY)
	$(BIN)/lint-imports

tests: $(READY)
	$(BIN)/pytest --cov --cov-report=term

format: $(READY)  ## format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

messages: $(READY)  ## bring the French catalogue up to date with the strings of the code
	$(BIN)/python -m scenarios.translation

bench: $(READY)  ## speed and memory on this machine
	$(BIN)/careteams bench

clean:  ## remove .venv and every cache (runs are kept)
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
