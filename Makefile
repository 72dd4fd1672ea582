# The commands of a developer; each is a script in scripts/ whose first lines say more.
PYTHON ?= python3

.PHONY: help run test lint format i18n shot shell sql bench upgrade-test test-tooling attack mutate clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 16

run: ## a server with demo data in Swedish (PORT=8069 HOST=127.0.0.1; FRESH=1: a new database)
	@$(PYTHON) scripts/run.py

test: ## all tests (JOBS=2 at a time), or TESTS=test_file[:TestClass[.test_method]],... (KEEP=1: no new installation, APPS=1: beside other apps)
	@$(PYTHON) scripts/test.py

lint: ## every check that needs no database
	@$(PYTHON) scripts/lint.py

format: ## apply the formatters
	@$(PYTHON) scripts/lint.py --fix

i18n: ## collect the terms and bring i18n/sv.po in step (MERGE=file.po,...)
	@$(PYTHON) scripts/translate.py

shot: ## a picture of the running server: LOGIN= URL= WIDTH=390 CLICK= OUT=x.png
	@$(PYTHON) scripts/screenshot.py

shell: ## Odoo's shell on the database of make run
	@$(PYTHON) scripts/shell.py

sql: ## psql, or SQL='select ...', on the database of make run
	@$(PYTHON) scripts/shell.py --sql

bench: ## benchmarks/run.py on a database without demo data (FRESH=1: a new one; OLD=commit: against that commit, call by call)
	@$(PYTHON) scripts/bench.py

upgrade-test: ## upgrade from OLD=(tag or commit), uninstall, install again
	@$(PYTHON) scripts/upgrade_test.py

attack: ## every kind of attack as every role from outside (KIND= ROLES= DOOR= TIME= SEED= APPS=1)
	@$(PYTHON) scripts/attack.py

mutate: ## that a test misses each rule, access line, trigger, constraint and refusal (KIND=rule,... TESTS=test_file,...)
	@$(PYTHON) scripts/mutate.py

clean: ## remove this checkout's databases and logs (ALL=1: the downloads too)
	@$(PYTHON) scripts/clean.py

test-tooling: ## that make test reports what goes wrong (slow: a dozen modules)
	@$(PYTHON) scripts/tests/try_test_runner.py
