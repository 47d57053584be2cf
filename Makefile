# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: install demo test http machine chaos year bench lint lock words pictures clean

# Puts the program at .venv/bin/cadence.
install: $(STAMP)
	@echo 'Installed: source .venv/bin/activate, then cadence --help'

# make demo SOURCE=hubspot reads everything from a local HubSpot instead of from files.
demo: $(STAMP)
	$(BIN)/cadence demo $(if $(SOURCE),--source $(SOURCE))

test: $(STAMP)
	$(BIN)/python -m pytest

# Every flow over HTTP; `make test` runs those over both ways that could tell them apart.
http: $(STAMP)
	TEST_TRANSPORT_OF_CADENCE=http $(BIN)/python -m pytest tests/handlers tests/test_whole_cycle.py tests/slack/test_http_door.py

# People who do anything in any order, and the promises held after each step; `make machine EXAMPLES=500` takes long.
machine: $(STAMP)
	TEST_MACHINE_EXAMPLES=$(or $(EXAMPLES),100) TEST_MACHINE_STEPS=40 TEST_MACHINE_PHASES=explicit,reuse,generate,shrink \
		$(BIN)/python -m pytest -n 0 -o faulthandler_timeout=0 tests/machine

# Kills the bot over a thousand times; make chaos SEED=1 repeats a plan.
chaos: $(STAMP)
	PYTHONPATH=tests $(BIN)/python tests/chaos/run_all.py $(if $(SEED),--seed $(SEED))

# A year of 1:1s with somebody in every time zone there is; make year YEAR="--zones 40" takes a sample.
year: $(STAMP)
	$(BIN)/python -m tests.year $(YEAR)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Brings bot/languages/*.po up to date with the sources; docs/languages.md says how a text is written and translated.
words: $(STAMP)
	$(BIN)/python -m tests.languages.catalogues

# Figures of speed and memory (docs/speed.md, docs/reliability.md), in an environment of its own. `make bench QUICK=--quick`
# takes two minutes, `make bench ONLY=bursts` measures clicks at one instant and a Monday's reminders and nothing else,
# `make bench ONLY=planning` planning and what is due.
bench: $(VENV)/bench/.installed
	PYTHONPATH=tests/slack $(VENV)/bench/bin/python -m tests.bench $(QUICK) $(if $(ONLY),--only $(ONLY))

$(VENV)/bench/.installed: requirements/bench.txt
	$(PYTHON) -m venv $(VENV)/bench
	$(VENV)/bench/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "This is Python %d.%d and Cadence needs 3.11 or newer. Name one you have: make PYTHON=python3.12 demo" % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

# The documentation's pictures, and in build/messages one of every golden message for review.
# Needs Chromium; with fonts-lato the page looks most like Slack, with pngquant the pictures are small.
pictures: $(STAMP)
	$(BIN)/python tests/browser/pictures.py docs/pictures build/messages

# Needs uv; run it only to change a dependency. The lock names no address to download from.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/run.txt
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements/dev.txt
	uv pip compile pyproject.toml --group bench --universal --python-version 3.11 --generate-hashes --no-header -q -c requirements/run.txt -o requirements/bench.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build *.egg-info
