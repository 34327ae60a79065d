# make run · make test · make quick · make bench: each does its own set-up in .venv, from requirements.lock.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8501
#: a browser, and writers that are killed at any moment
ALONE := tests/browser tests/data/store/test_store_kill.py
EVENTS ?= ../shared/events

.PHONY: run test quick bench lint launcher lock area clean

run: $(READY)
	@$(BIN)/python cli.py serve --port $(PORT)

# all tests: file by file on every processor, then those that need the machine for themselves
test: $(READY)
	@$(BIN)/python -m pytest -n auto --dist loadfile $(ALONE:%=--ignore=%); one=$$?; \
	  $(BIN)/python -m pytest $(ALONE) && exit $$one

# what one runs all day, in a minute
quick: $(READY)
	$(BIN)/python -m pytest -m "not slow"

bench: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "opendp>=0.15,<1"
	$(BIN)/python -m bench --events $(EVENTS)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The environment is made anew only when the lock changes.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
	  { echo "Python 3.11 is needed; name it with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "Python lacks venv; on Debian: apt-get install python3-venv"; exit 1; }
	@echo "Preparing the environment in $(VENV) (once, one or two minutes) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(MAKE) --no-print-directory launcher
	@touch $@

# the command by its name: an application is run where it lies (docs/deploy.md)
launcher:
	@printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$(abspath $(BIN))/python" "$(CURDIR)/cli.py" > $(BIN)/kalbar-risk
	@chmod +x $(BIN)/kalbar-risk

lock:
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra test --extra postgres --universal \
	  --python-version 3.11 --no-emit-index-url --no-header --no-annotate -o requirements.lock

area:
	test -x build/area-venv/bin/python || $(PYTHON) -m venv build/area-venv
	build/area-venv/bin/python -m pip install --quiet -r requirements.lock rasterio==1.4.4 timezonefinder==9.0.0 "h5py>=3"
	build/area-venv/bin/python -m tools.area.build

clean:
	rm -rf $(VENV) build .pytest_cache .hypothesis .ruff_cache .mypy_cache
