# make run    sites the reference study into results/zhuzhou/
# make test   everything a change must pass; make test-all adds the slow truths
# make reference   writes docs/reference from the schema and the commands
PYTHON ?= python3
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: run test test-all lint quick whole reference bench clean

run: $(VENV)/.installed
	$(BIN)/siting run instances/zhuzhou/study.toml --out results/zhuzhou

# types are checked beside the tests, which leave a core idle at their end
test: $(VENV)/.installed-dev
	$(MAKE) -j2 lint quick

test-all: $(VENV)/.installed-dev
	$(MAKE) -j2 lint whole

quick: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist worksteal -m "not slow"

whole: $(VENV)/.installed-dev
	$(BIN)/pytest -n auto --dist worksteal

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

$(VENV)/bin/pip $(VENV)/Scripts/pip.exe:
	@$(PYTHON) -c "import sys; sys.exit(0 if sys.version_info >= (3, 11) else 'Python 3.11 or newer is needed; set PYTHON=python3.11, for example')"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: setup.cfg pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --disable-pip-version-check --quiet --editable .
	@touch $@

$(VENV)/.installed-dev: setup.cfg pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --disable-pip-version-check --quiet --editable ".[dev]"
	@touch $(VENV)/.installed $@

reference: $(VENV)/.installed-dev
	$(BIN)/python -m docs.generate

bench: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.travel

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache
