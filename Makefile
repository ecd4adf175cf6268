# Two commands do all the set-up: `make report` and `make test`. Everything goes into .venv, from the hash-pinned locks.

PYTHON ?= python3
STUDY ?= tofersen
CUT ?= DBL
TEST_WORKERS ?= 2
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
TRIAL := data/tofersen/.made
PYTEST := $(BIN)/python -m pytest -q --numprocesses $(TEST_WORKERS) --dist loadfile

.PHONY: report reports test test-slow test-long lint docs lab catcher bench lock clean
.DEFAULT_GOAL := report

report: $(VENV)/.runtime $(TRIAL) ## render the reports of one data cut
	$(BIN)/cutbook run $(STUDY) $(CUT)

reports: $(VENV)/.runtime $(TRIAL) ## render the reports of every data cut that has none
	$(BIN)/cutbook run $(STUDY) --pending

test: $(VENV)/.dev $(TRIAL) ## quick tests
	$(PYTEST) -m "not slow and not long" tests lib --doctest-modules

test-slow: $(VENV)/.dev $(TRIAL) ## tests that render whole studies
	$(PYTEST) -m slow tests

test-long: $(VENV)/.dev $(TRIAL) ## walks through every variable, week and code: about an hour
	$(PYTEST) -m long tests

lint: $(VENV)/.dev ## style, types, import contracts, notebooks without outputs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=lib $(BIN)/lint-imports
	$(BIN)/nbstripout --verify notebooks/*.ipynb

docs: $(VENV)/.runtime ## write the generated pages and schemas again
	$(BIN)/python -m cutbook.catalogue > docs/displays.md
	$(BIN)/python -m cutbook.parameters.document > docs/study.md
	for name in study cut recipients pk_choices manifest; do $(BIN)/cutbook schema $$name > docs/schema/$$name.schema.json || exit 1; done

lab: $(VENV)/.runtime $(TRIAL) ## explore a cut in JupyterLab
	$(BIN)/cutbook explore $(STUDY) $(CUT)

catcher: $(VENV)/.dev ## keep mails on this machine instead of sending them, in data/caught
	$(BIN)/python -m aiosmtpd -n -l localhost:8025 -c aiosmtpd.handlers.Mailbox data/caught

bench: $(VENV)/.runtime $(TRIAL) ## one table of ratios, see benchmarks/README.md
	$(BIN)/python -m benchmarks.run

lock: $(VENV)/.installer ## resolve all versions again
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml -o requirements.lock --upgrade
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock --upgrade
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		requirements-installer.in -o requirements-installer.lock --upgrade

clean: ## remove the environment and the generated trial; published reports stay
	rm -rf $(VENV) data

$(VENV)/.installer: requirements-installer.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if v >= (3, 11) else f"Python 3.11 or newer is needed; {sys.executable} is {v[0]}.{v[1]}. Name another one: make PYTHON=python3.12")'
	@echo "Setting up $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.lock
	@touch $@

$(VENV)/.runtime: $(VENV)/.installer requirements.lock pyproject.toml setup.py
	@echo "Installing the locked packages"
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.lock
	@echo "Installing the locked packages for development"
	@$(UV) pip install --quiet --python $(BIN)/python --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

$(TRIAL): $(wildcard lib/virtual_trial/*) | $(VENV)/.runtime
	@echo "Generating the virtual trial (synthetic data)"
	@rm -rf data/tofersen
	@$(BIN)/cutbook simulate tofersen --to data/tofersen
	@touch $@
