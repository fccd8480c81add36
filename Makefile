# Everything a newcomer needs: python3 (3.11 or newer) and make.
PYTHON ?= python3
VENV ?= .venv
# Extra words for pytest, e.g. make test ARGS="tests/states -x".
ARGS ?=
# How many tests run side by side.
WORKERS ?= auto

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
READY = $(VENV)/ready

.DEFAULT_GOAL := help
.PHONY: help run test lint bench words pictures constraints clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(READY) ## Start Parley with a demonstration case, its desk and its mailbox
	@$(BIN)/parley up --demo

test: $(READY) ## Run every test
	@$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal $(ARGS)

lint: $(READY) ## Check style, types and the direction of imports
	@echo "Checking style" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "Checking types" && $(BIN)/mypy --no-error-summary
	@echo "Checking the direction of imports" && $(BIN)/lint-imports --no-logo --no-cache

bench: $(READY) ## Measure Parley beside its peers
	@for benchmark in benchmarks/*.py; do echo "$$benchmark" && $(BIN)/python "$$benchmark" || exit 1; done

words: $(READY) ## List the sentences anew for translators, and bring every catalogue in step
	@$(BIN)/python -m notifications.catalogues

pictures: $(READY) ## Take the pictures of the pages anew, with the system's own Chromium
	@$(BIN)/python -m tests.desk.take_pictures $(ARGS)

constraints: ## Pin what pyproject.toml asks for, with hashes and without addresses
	@echo "Resolving and hashing the whole set, which takes about a minute"
	@CUSTOM_COMPILE_COMMAND="make constraints" $(BIN)/pip-compile --quiet --all-extras --allow-unsafe --strip-extras \
		--generate-hashes --no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
		--output-file constraints.txt pyproject.toml

clean: ## Remove the environment, the caches and what was built
	@rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Older releases of pip do not take the pin of a package for the same package with an extra, so pip itself comes first.
# The stamp is younger than both files only when the environment holds exactly what they say.
$(READY): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Parley needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || { echo "Creating $(VENV)"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing the pinned set into $(VENV)"
	@awk '/^pip==/ { on = 1 } on { print } on && !/\\$$/ { exit }' constraints.txt > $(VENV)/pip.txt
	@$(PIP) install --require-hashes --requirement $(VENV)/pip.txt
	@$(PIP) install --require-hashes --requirement constraints.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) check
	@touch $@
