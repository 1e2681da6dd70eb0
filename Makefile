# `make run` tries it, `make test` checks it, `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Ordinary users on Debian have no sbin in their PATH, and nft and ip live there.
export PATH := $(PATH):/usr/sbin:/sbin
export TARGET

# The system's own Python first: other users can read it, so the demo can drop its rights.
PYTHONS := /usr/bin/python3 python3 python3.13 python3.12 python3.11
BIN := .venv/bin
JOBS ?= 4
# A walk mostly waits, so many fit on a core.
MATRIX_JOBS ?= 16
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-annotate --no-emit-index-url --custom-compile-command "make lock"

# command:package, as Debian names them
DEMO_TOOLS := ip:iproute2 nft:nftables iptables:iptables ping:iputils-ping traceroute:traceroute
TEST_TOOLS := $(DEMO_TOOLS) git:git unshare:util-linux curl:curl wget:wget nc:netcat-openbsd ssh:openssh-client \
	psql:postgresql-client tshark:tshark
PICTURE_FILES := /usr/lib/*/libcairo.so.2:libcairo2 /usr/share/fonts/truetype/firacode:fonts-firacode

ROOMS := src tests benchmarks screenshots
CODE := $(wildcard $(ROOMS))

# $(call tools,command:package ...) and $(call files,glob:package ...): install what is missing, or say what is.
missing_tools = for pair in $(1); do command -v "$${pair%%:*}" >/dev/null || missing+=" $${pair\#\#*:}"; done
missing_files = for pair in $(1); do compgen -G "$${pair%%:*}" >/dev/null || missing+=" $${pair\#\#*:}"; done
define install_missing
if [ -z "$$missing" ]; then :; \
elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	export DEBIAN_FRONTEND=noninteractive; \
	fetch() { apt-get update -qq && apt-get install -y -qq --no-install-recommends $$missing >/dev/null; }; \
	fetch || { echo "once more: the packages$$missing" >&2; sleep 5; fetch; }; \
else echo "missing (install as root):$$missing" >&2; $(1); fi
endef

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

.PHONY: env
env: .venv/.run tools ## make .venv with layerwalk and what it needs

.PHONY: tools
tools:
	@missing=""; $(call missing_tools,$(DEMO_TOOLS)); $(call install_missing,:)

.PHONY: run
run: env ## open the app on the demo network; TARGET=host:port walks there instead
	@status=0; \
	if [ -z "$$TARGET" ]; then $(BIN)/layerwalk demo || status=$$?; \
	elif [ -t 0 ] && [ -t 1 ]; then $(BIN)/layerwalk "$$TARGET" || status=$$?; \
	else $(BIN)/layerwalk diagnose "$$TARGET" || status=$$?; fi; \
	case $$status in 0|1|3) ;; *) exit $$status ;; esac  # 1 and 3 are verdicts, not failures

.PHONY: test check
test: .venv/.test testtools lint ## every check and every test, as CI runs them
	$(BIN)/pytest -n $(JOBS) --dist worksteal
check: test ## the same as test

.PHONY: testtools
testtools:
	@missing=""; $(call missing_tools,$(TEST_TOOLS)); $(call install_missing,:)

.PHONY: lint
lint: .venv/.test ## style, types, spelling and the contracts between the rooms
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/codespell

.PHONY: coverage
coverage: .venv/.test testtools ## the tests, with the lines and branches they miss
	$(BIN)/pytest -n $(JOBS) --dist worksteal --cov --cov-report=term-missing:skip-covered

.PHONY: matrix
matrix: .venv/.test testtools ## every fault of the lab against every way to walk
	$(BIN)/pytest tests/lab/test_faults.py --matrix --quiet -n $(MATRIX_JOBS) --dist worksteal

.PHONY: kernel-rules
kernel-rules: .venv/.test testtools ## the rule matcher beside the kernel, 2,000 connections of each kind
	$(BIN)/pytest tests/lab/test_kernel_rules.py --rule-cases 2000 -s

.PHONY: bench
bench: .venv/.test testtools ## measure, in the lab
	$(BIN)/python -m benchmarks

.PHONY: screenshots
screenshots: .venv/.test testtools ## take the pictures again, from real walks in the lab
	@missing=""; $(call missing_files,$(PICTURE_FILES)); $(call install_missing,exit 1)
	$(BIN)/python -m screenshots

.PHONY: lock
lock: .venv/.run ## look for newer versions and pin them with their hashes
	$(PIP) "uv>=0.8"
	$(COMPILE) --group build -o requirements/build.txt
	$(COMPILE) pyproject.toml -o requirements/run.txt
	$(COMPILE) pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt

.PHONY: clean
clean: ## remove the environment and the caches
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov

.venv/.made:
	@umask 022; python=""; \
	for it in $(PYTHONS); do \
		if "$$it" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$it; break; fi; \
	done; \
	[ -n "$$python" ] || { echo "missing: Python 3.11 or newer" >&2; exit 1; }; \
	missing=""; "$$python" -c 'import ensurepip' 2>/dev/null || missing=" python3-venv"; \
	$(call install_missing,exit 1); \
	"$$python" -m venv --clear .venv
	@touch $@

.venv/.run: .venv/.made requirements/build.txt requirements/run.txt pyproject.toml src/layerwalk/__init__.py
	@[ -w .venv ] || { echo ".venv is out of date, and another user's: run make env as that user" >&2; exit 1; }
	@umask 022; $(PIP) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@umask 022; $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.run requirements/test.txt
	@umask 022; $(PIP) --require-hashes -r requirements/test.txt
	@touch $@
