# Everything happens in .venv, which the targets set up themselves; nothing else on the machine is touched.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo test check lab prepare soak storm bench screenshots flakes run-environment lab-environment dev-environment
unexport PYTHONPATH PYTHONHOME

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
BIN := .venv/bin
# Tests and lessons see nothing of this user's: credentials, keyring, settings, journal, nbdev defaults, width.
ALONE := env -u CINT_ACCOUNT_ID -u CINT_CLIENT_ID -u CINT_CLIENT_SECRET -u CINT_TOKEN -u TGK_SETTINGS \
	TGK_JOURNAL=sqlite:// PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring COLUMNS=80 \
	XDG_CONFIG_HOME="$(CURDIR)/.venv/config"

help:  ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "make %-12s%s\n", $$1, $$2 }'

demo: run-environment  ## Author, check, preview and submit the quick-start group on the emulator
	@$(BIN)/tgk demo

# tests/test_generated.py runs every notebook.
test: dev-environment  ## Prove everything: style, types, every notebook, every test; changes nothing
	$(BIN)/ruff check .
	$(BIN)/ruff format --check nbs tests scripts benchmarks
	$(BIN)/mypy
	$(ALONE) $(BIN)/pytest --numprocesses=auto --dist=loadfile --ignore=tests/browser
	$(ALONE) $(BIN)/pytest --numprocesses=2 --dist=loadfile tests/browser

check: test  ## The same as test

lab: lab-environment  ## Open the tutorials in JupyterLab
	@$(BIN)/jupyter lab nbs/tutorials

prepare: dev-environment  ## After editing notebooks: format, export, run them keeping what they show, clean, README
	$(BIN)/ruff format nbs
	$(ALONE) $(BIN)/nbdev-export
	$(ALONE) $(BIN)/nbdev-test --save
	$(ALONE) $(BIN)/nbdev-clean
	$(BIN)/python scripts/readme.py

soak: dev-environment  ## Try the costly properties as often as the others, in full; more than an hour
	$(ALONE) TGK_SOAK=1 $(BIN)/pytest --numprocesses=auto --dist=loadfile tests/browser \
		$$(grep -l '^from examples import' tests/test_*.py)

storm: dev-environment  ## Submit 10,000 plans through faults and kills, beside a usual retry library; a quarter of an hour
	$(ALONE) $(BIN)/python scripts/storm.py

bench: dev-environment  ## Measure; benchmarks/README.md says what and keeps the results
	@for benchmark in benchmarks/*.py; do $(BIN)/python $$benchmark || exit 1; done

screenshots: dev-environment  ## Picture every builder, light, dark and narrow, in .venv/screenshots
	@$(ALONE) $(BIN)/python scripts/screenshots.py

flakes: dev-environment  ## Run the browser tests 20 times (or ROUNDS=…) and say which ever failed
	@$(ALONE) TGK_SOAK=1 $(BIN)/python scripts/flakes.py $(or $(ROUNDS),20)

run-environment lab-environment dev-environment:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "This needs Python 3.11 or newer; $(or $(PYTHON),python3) is older or missing." >&2; \
		echo "Install one, or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) scripts/environment.py $(@:-environment=)
