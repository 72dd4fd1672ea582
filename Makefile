# The commands of a developer; each is a script in scripts/ that tells what it does.
PYTHON ?= python3

.PHONY: run test shot lint format

run: ## a server with demo data in Swedish (PORT=8069, HOST=127.0.0.1, FRESH=1 for a new database)
	@$(PYTHON) scripts/run.py

test: ## all tests, or TESTS=test_file[:TestClass[.test_method]],...
	@$(PYTHON) scripts/test.py

shot: ## a picture of the running server: LOGIN= URL= WIDTH=390 OUT=/tmp/x.png CLICK= (see scripts/screenshot.py)
	@$(PYTHON) scripts/screenshot.py

lint: ## every check that needs no database; nothing is fetched but the tools
	@$(PYTHON) scripts/lint.py

format: ## apply the formatters
	@$(PYTHON) scripts/lint.py --fix
