# The commands of a developer; each is a script in scripts/ that tells what it does.
PYTHON ?= python3
export TESTS

.PHONY: test
test:
	@$(PYTHON) scripts/test.py
