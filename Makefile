# Every task of the project. `make` alone prints what there is.

VENV := .venv
BIN  := $(VENV)/bin
DEV  := $(VENV)/.installed-dev
RUN  := $(VENV)/.installed-run

# Three workers on two cores: a third of a test's time is waiting. Each keeps to its part of the files, so
# that what a module sets up is set up once. `make test PYTEST_ARGS="-k calendar"` runs a part, in one.
PYTEST_ARGS ?= -n 3 --dist worksteal

# pip-compile writes this into the locks as the command that made them.
LOCK := CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes \
	--allow-unsafe --strip-extras --build-deps-for=editable \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

.DEFAULT_GOAL := help
.PHONY: help setup setup-run test check fmt fmt-check lint types contracts wording lock audit bench fuzz round-trips simulate torture demo screenshots run work clean

help:  ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(DEV)  ## Set up .venv to develop in (all other tasks do it by themselves)

setup-run: $(RUN)  ## Set up .venv with what running the bot needs, and no more

test: $(DEV)  ## Run the tests, on SQLite and, where its programs are found, on PostgreSQL
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: fmt-check lint types contracts test  ## Format, lint, types, contracts and tests: all that must hold

fmt: $(DEV)  ## Format the code and repair what ruff can repair
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

fmt-check: $(DEV)
	$(BIN)/ruff format --check

lint: $(DEV)  ## Ask ruff
	$(BIN)/ruff check

types: $(DEV)  ## Ask mypy, strictly
	$(BIN)/mypy

contracts: $(DEV)  ## Ask import-linter whether imports point the right way
	$(BIN)/lint-imports --no-cache

wording: $(DEV)  ## Write docs/wording.md anew: every sentence that people read in Slack
	$(BIN)/python -m tests.bot.views.wording

SEEDS ?= 100

simulate: $(DEV)  ## Live through simulated years in which everything goes wrong: make simulate SEEDS=1000
	$(BIN)/python -m tests.simulation --seeds $(SEEDS)

FUZZ ?= 500

fuzz: $(DEV)  ## Throw more damaged and forged requests at the bot, other ones each time: make fuzz FUZZ=5000
	FUZZ_EXAMPLES=$(FUZZ) $(BIN)/python -m pytest -n 0 -p no:logging tests/fuzz

round-trips: $(DEV)  ## Export and import more plans, also over paper: make round-trips ROUND_TRIPS=300
	ROUND_TRIPS=$(or $(ROUND_TRIPS),100) $(BIN)/python -m pytest -n 0 tests/bot/sheets/test_round_trip.py tests/bot/sheets/test_register.py

torture: $(DEV)  ## Kill what sends letters at 200 random moments, and count who was reached how often
	$(BIN)/python -m tests.torture $(TORTURE_ARGS)

lock: $(DEV)  ## Pin the newest versions of everything, with hashes (Python 3.11, the oldest we support)
	@$(BIN)/python -c 'import sys; sys.exit("make lock needs Python 3.11" if sys.version_info[:2] != (3, 11) else 0)'
	$(LOCK) --upgrade --output-file requirements.lock pyproject.toml
	$(LOCK) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

audit: $(DEV)  ## Ask PyPI whether anything that is pinned has a known vulnerability (needs the network)
	$(BIN)/pip-audit --strict --disable-pip --require-hashes --progress-spinner off \
		--requirement requirements.lock --requirement requirements-dev.lock

bench: $(DEV)  ## Measure what the bot's work costs, as ratios to floors of the same run
	$(BIN)/python -m tests.bench $(BENCH_ARGS)

demo: $(RUN)  ## Try all of kaikaku in a browser, with a ward that does not exist and no Slack
	@$(BIN)/kaikaku demo

screenshots: $(DEV)  ## Take the pictures of docs/images anew, from a running demo
	$(BIN)/python -m tests.page.screenshots
	$(BIN)/python -m tests.bot.sheets.form_pictures

run: $(RUN)  ## Run the bot: Slack, clock and delivery
	$(BIN)/kaikaku run

work: $(RUN)  ## Run a worker: clock and delivery only
	$(BIN)/kaikaku work

clean:  ## Remove .venv and everything that tools left behind
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python that starts, is new enough and can make a virtual environment.
$(BIN)/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
		if $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
			echo "$$python -m venv $(VENV)"; exec $$python -m venv $(VENV); \
		fi; \
	done; \
	echo "kaikaku needs Python 3.11 or newer with its venv module (Debian: apt-get install python3-venv)" >&2; exit 1

$(DEV): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(DEV) $(RUN)

$(RUN): requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(RUN)
