# One command before every commit: make check
PYTHON ?= python

.PHONY: check lint test cover sweep

check: lint test

lint:
	$(PYTHON) -m ruff check --no-cache .
	$(PYTHON) -m ruff format --no-cache --check .
	$(PYTHON) -m mypy
	$(PYTHON) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"

test:
	$(PYTHON) -m pytest

cover:
	$(PYTHON) -m pytest --cov --cov-report=term

sweep:
	$(PYTHON) -m pytest -m sweep
