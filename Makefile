# make run    the main job: the report on the first study
# make test   every test, the notebooks' stored outputs included
# make lab    JupyterLab on this machine only
# make explore  the what-if bench as an application, on this machine only
# make bench  how long things take, beside the figures to reach
# make scale  many invented studies through a cluster with a killed worker, beside a plain loop
# The first call sets up .venv from requirements.lock; later calls use it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
STUDY ?= zhuo2024
JOBS ?= 2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.PHONY: help run test lab explore screenshots bench scale audit lock lint clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

run: $(STAMP) ## run the notebooks on the first study and write its report (STUDY=… for another)
	@$(BIN)/unrounded run $(STUDY)

test: $(STAMP) ## run every test, and compare every notebook with its stored outputs
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadscope --nbval --nbval-current-env tests notebooks

lab: $(STAMP) ## open JupyterLab on 127.0.0.1
	@$(BIN)/jupyter lab --ServerApp.ip=127.0.0.1 --ServerApp.root_dir=. --LabApp.default_url=/lab/tree/notebooks \
	  --LabApp.news_url=None --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate \
	  --LabApp.extension_manager=readonly

explore: $(STAMP) ## serve the what-if bench without code cells on 127.0.0.1, and say how to reach it (PORT=…)
	@$(BIN)/unrounded explore $(if $(PORT),--port $(PORT)) $(if $(BROWSER),,--no-browser)

screenshots: $(STAMP) ## take the README's pictures of the bench and the report (needs Chromium)
	@UNROUNDED_SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser -k "bench_moves or pictures_of"

bench: $(STAMP) ## measure how long things take, beside the figures to reach (OUT=file.json to keep them)
	@$(BIN)/python -m helpers.bench $(if $(OUT),--out $(OUT))

scale: $(STAMP) ## measure runs at scale, about an hour on two cores (STUDIES=… for another number than 200)
	@$(BIN)/python -m helpers.bench.scale $(if $(STUDIES),--studies $(STUDIES)) $(if $(OUT),--out $(OUT))

lint: $(STAMP) ## check style and types
	@$(BIN)/ruff check .
	@$(BIN)/mypy

audit: $(STAMP) ## look the locked packages up among known vulnerabilities (needs the network)
	@$(PYTHON) -m venv build/audit && build/audit/bin/python -m pip install --quiet pip-audit
	@build/audit/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock

lock: $(STAMP) ## resolve pyproject.toml into requirements.lock and environment.yml (needs uv)
	uv pip compile pyproject.toml --extra test --universal --python-version 3.11 --fork-strategy fewest \
	  --generate-hashes --no-header --no-annotate --output-file requirements.lock
	$(BIN)/python -m helpers.suite.environment

clean: ## remove the results, the environment and all caches
	rm -rf $(VENV) results *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -prune -exec rm -rf {} +

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "unrounded needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1)" >&2; \
	  echo "  remedy: install a newer one, or name it: make run PYTHON=python3.12" >&2; exit 2; }
	@rm -rf $(VENV)
	@echo "setting up $(VENV) (once, a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(STAMP)
