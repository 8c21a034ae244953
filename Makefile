# `make demo` needs nothing but Python 3.11 or later, `make test` a Chromium too, which is downloaded where the
# system has none, a Java and pgbouncer; both work again when run twice, and without a network once the first run has set up .venv.
PYTHON ?= python3
BIN := .venv/bin
INSTALL = $$(command -v uv >/dev/null && echo uv pip install --python $(BIN)/python || echo $(BIN)/python -m pip install) --quiet

.PHONY: demo test lint bench trials clean

demo: .venv/ready
	$(BIN)/shotkit demo

test: .venv/tested
	$(BIN)/python -m pytest -n auto --dist loadscope

lint: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/ready
	@$(INSTALL) --editable '.[all,bench,dev]'
	@$(INSTALL) --target .venv/duckdb --upgrade --no-deps duckdb==1.5.5 duckdb-extension-postgres-scanner==1.5.5
	$(BIN)/python -m benchmarks

trials: .venv/ready
	$(BIN)/python -m tests.trials

# The stamp is made last, so a set-up that was broken off is taken up again.
.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "shotkit needs Python 3.11 or later; name one: make PYTHON=python3.12 demo" >&2; exit 2; }
	@echo "installing into .venv; takes a few minutes the first time"
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv; \
	else \
	  $(PYTHON) -m venv .venv; \
	fi
	@$(INSTALL) --editable '.[all,dev]'
	@touch $@

# What the tests need beyond that: Spark, a Java for it, pgbouncer, a Chromium; says how to get what it cannot.
.venv/tested: .venv/ready tests/browser/package-lock.json
	@$(BIN)/python -m tests.plugins.spark
	@$(BIN)/python -m tests.plugins.pooler
	@$(INSTALL) --editable '.[all,spark,dev]'
	@$(BIN)/python -m tests.browser
	@touch $@

clean:
	rm -rf .venv tests/browser/node_modules build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
