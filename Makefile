# make run · make test · make lint · make audit · make faults · make authorisation · make fuzz · make bench · make load · make messages · make screenshots
# Needs Python 3.11 or newer, make and git; everything else is installed into .venv.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
TOOLS := var/tools/bin
INSTALL := install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r
.DEFAULT_GOAL := help
.PHONY: help run test lint audit faults authorisation fuzz bench load format messages screenshots requirements licences sbom vulnerable clean

help:
	@echo "make run          the site with the demo municipality on http://127.0.0.1:$(PORT) (PORT=…)"
	@echo "make test         every test that this machine can run; names what it did not run"
	@echo "make lint         style, templates, layers, migrations, deployment, translations"
	@echo "make audit        every page of every role in Chromium with axe, weights, Lighthouse (some minutes)"
	@echo "make faults       servers killed and frozen, locks held, disks full: what was acknowledged is there (minutes)"
	@echo "make authorisation  who gets what at every address, written anew into tests/site/authorisation.txt"
	@echo "make fuzz         five minutes of what nobody would send, at every address (SECONDS=…, SEED=…)"
	@echo "make bench        scale and speed at 10,000 and 1,000,000 seats, into benchmarks/results.md (ONLY=public, QUICK=1)"
	@echo "make load         half an hour of mixed traffic as on an opening night, into benchmarks/results.md (MINUTES=30, RATE=50, SIZE=large)"
	@echo "make format       write the code the way lint wants it"
	@echo "make messages     collect and compile the Turkish texts"
	@echo "make screenshots  the pictures of docs/, taken anew"
	@echo "make requirements the lists of packages with their hashes, of requirements*.in"
	@echo "make licences     docs/licences.md, of what is installed"
	@echo "make sbom         what runs as CycloneDX, in var/sbom.json"
	@echo "make vulnerable   known vulnerabilities of what runs (pip-audit; needs the network)"

run: .venv/.run
	@PORT=$(PORT) $(BIN)/python -m izmek.site.trial

test: .venv/.dev
	@$(BIN)/python -m tests

audit: .venv/.dev
	@$(BIN)/python -m tests audit

faults: .venv/.dev
	@$(BIN)/python -m pytest -m faults tests/faults

authorisation: .venv/.dev
	-@AUTHORISATION=write $(BIN)/python -m pytest -m audit tests/site/test_authorisation.py
	@git --no-pager diff --stat -- tests/site/authorisation.txt

fuzz: .venv/.dev
	@FUZZ_SECONDS=$(or $(SECONDS),300) FUZZ_SEED=$(or $(SEED),$$(date +%s)) \
		$(BIN)/python -m pytest -m audit -s --show-capture=no -p no:logging tests/site/test_fuzz.py

bench: .venv/.dev
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

load: .venv/.dev
	@$(BIN)/python -m benchmarks load --minutes $(or $(MINUTES),30) --rate $(or $(RATE),50) --size $(or $(SIZE),large)

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	$(BIN)/djlint --lint --quiet templates
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/python -m tests.lint

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true

messages: .venv/.dev
	@$(BIN)/python -m tests.lint messages

screenshots: .venv/.dev
	@$(BIN)/python -m docs.screenshots

# Universal: for each Python from 3.11 on and each kind of machine; versions stay as they are (UPGRADE=name).
COMPILE = $(TOOLS)/uv pip compile --quiet --no-config --no-emit-index-url --universal --python-version 3.11 \
	--generate-hashes --only-binary :all: --no-annotate $(if $(UPGRADE),--upgrade-package $(UPGRADE)) \
	--custom-compile-command "make requirements"

requirements: var/tools/.made
	@$(COMPILE) requirements.in -o requirements.txt
	@$(COMPILE) -c requirements.txt requirements-s3.in -o requirements-s3.txt
	@$(COMPILE) -c requirements.txt -c requirements-s3.txt requirements-dev.in -o requirements-dev.txt
	@$(COMPILE) requirements-tools.in -o requirements-tools.txt
	@$(MAKE) --no-print-directory licences

licences: .venv/.dev
	@$(BIN)/python -m docs.licences

# Of an environment in which nothing but what runs is installed, so that licences stand in it.
sbom: var/tools/.made
	@$(PYTHON) -m venv --clear var/sbom
	@var/sbom/bin/pip $(INSTALL) requirements.txt
	@var/sbom/bin/pip uninstall --quiet --yes setuptools pip
	@$(TOOLS)/cyclonedx-py environment --output-reproducible -o var/sbom.json var/sbom/bin/python
	@echo "var/sbom.json"

vulnerable: var/tools/.made
	@$(TOOLS)/pip-audit --require-hashes --disable-pip -r requirements.txt -r requirements-s3.txt

var/tools/.made: requirements-tools.txt
	@$(PYTHON) -m venv var/tools
	@$(TOOLS)/pip $(INSTALL) requirements-tools.txt
	@touch $@

clean:
	rm -rf .venv var .env .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# The environment is made anew only when a requirements file changed.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "İZMEK needs Python 3.11 or newer; this is $$($(PYTHON) --version 2>&1)."; \
		echo "Name another one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { \
		echo "Python has no venv here. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

.venv/.run: requirements.txt | .venv/bin/python
	@echo "Installing what İZMEK runs on …"
	@$(BIN)/pip $(INSTALL) requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	@echo "Installing what tests and checks …"
	@$(BIN)/pip $(INSTALL) requirements-dev.txt
	@touch $@
