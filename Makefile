# Everything a developer runs, and CI runs the same. `make` alone says what there is.
#
#   ZONEWRIGHT_PORT=8080         where the API answers
#   ZONEWRIGHT_AWS_PORT=4566     where the emulated AWS answers
#   ZONEWRIGHT_PRIMARY_PORT=5300 where the sample primary of `make run` answers
#   ZONEWRIGHT_SYNC_DELAY=1      seconds between two syncs of a zone
#   ZONEWRIGHT_SYNC_LEASE=120    seconds after which a zone whose sync died is free again
#   ZONEWRIGHT_RELEASE=seed      which Designate /v2 looks like: seed, or current for today's
#   ZONEWRIGHT_MINUTE=60         seconds that a minute of the schedules takes
#   ZONEWRIGHT_INLINE_BYTES=6000000  octets of a zone up to which one function copies it, without the maps
#   ZONEWRIGHT_HOME=.local       where the stack keeps its state

.DEFAULT_GOAL := help
.PHONY: help venv lock up down reset logs build check format test endure upgrade run bench

PYTHON := .venv/bin/python
STACK := PYTHONPATH=tools $(PYTHON) -m stack
CREDENTIALS = $(or $(ZONEWRIGHT_HOME),$(CURDIR)/.local)/credentials.env

# Compiled modules are kept: the SAM CLI alone takes seconds to compile.
unexport PYTHONDONTWRITEBYTECODE
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help:  ## what there is
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

venv:  ## .venv with the pinned dependencies
	@python3 tools/stack/install.py

lock: venv  ## requirements/dev.txt anew, from dev.in
	@$(PYTHON) tools/stack/lock.py

up: venv  ## the stack on this machine, at http://127.0.0.1:8080
	@$(STACK) up

down: venv  ## stop it; its state is kept
	@$(STACK) down

reset: venv  ## stop it and forget its state
	@$(STACK) reset

logs: venv  ## follow the functions' logs; FUNCTION=Transfer for one
	@$(STACK) logs $(FUNCTION)

build: venv  ## sam build for this machine
	@$(STACK) build

run: up  ## a primary, a zone, two syncs, the history: the whole thing once
	@. $(CREDENTIALS) && $(PYTHON) tools/run.py

bench: up  ## the figures of docs/performance.md; BENCH="requests starts", or "1000 100000" for syncs of some sizes
	@. $(CREDENTIALS) && PYTHONPATH=tools $(PYTHON) -m bench $(BENCH)

check: venv  ## format, lint, types, template, build
	ruff format --check .
	ruff check .
	mypy
	MYPYPATH=tools:layers/zonewright/python mypy tools/stack
	sam validate --lint
	@$(STACK) build

format: venv  ## put the format right
	ruff format .
	ruff check --fix .

# The tests have two stacks of their own, so one that runs stays as it is: the second has today's release of Designate.
test: export ZONEWRIGHT_HOME := $(CURDIR)/.local/test
test: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
test: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
test: export ZONEWRIGHT_SYNC_LEASE := 30
test: export ZONEWRIGHT_CURRENT := $(CURDIR)/.local/test-current/credentials.env
test: OTHER := ZONEWRIGHT_RELEASE=current ZONEWRIGHT_HOME=$(CURDIR)/.local/test-current \
  ZONEWRIGHT_PORT=$(or $(ZONEWRIGHT_TEST_PORT_2),18081) ZONEWRIGHT_AWS_PORT=$(or $(ZONEWRIGHT_TEST_AWS_PORT_2),14567) $(STACK)
test: export ZONEWRIGHT_MINUTE := 5
test: export ZONEWRIGHT_INLINE_BYTES := 1500000
test: venv  ## every test; TESTS=tests/unit for some
	@trap '$(STACK) down; $(OTHER) down' EXIT; $(STACK) up && $(OTHER) up && . $(CREDENTIALS) && $(PYTHON) -m pytest --numprocesses=2 --no-loadscope-reorder $(TESTS)

# On a new stack of its own; its state and its logs are kept until the next time.
endure: export ZONEWRIGHT_HOME := $(CURDIR)/.local/endure
endure: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
endure: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
endure: export ZONEWRIGHT_SYNC_LEASE := 20
endure: export ZONEWRIGHT_INLINE_BYTES := 1500000
endure: export ZONEWRIGHT_FLIPS ?= 50
endure: export ZONEWRIGHT_KILLS ?= 200
endure: venv  ## flip zones under their readers, kill 200 workers; ZONEWRIGHT_SEED for the chance of another run
	@trap '$(STACK) down' EXIT; $(STACK) reset && $(STACK) up && . $(CREDENTIALS) && \
	  $(PYTHON) -m pytest tests/e2e/endurance

# On a stack of its own too. The older revision's tree is kept in .local/upgrade-from, with a virtual environment.
upgrade: export ZONEWRIGHT_HOME := $(CURDIR)/.local/upgrade
upgrade: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
upgrade: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
upgrade: venv  ## deploy over a stack of an older revision and ask it the same; FROM=HEAD~1
	@$(PYTHON) tools/upgrade.py "$(FROM)"
