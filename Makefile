# Commands of developers and CI. `make` alone lists them.
#
#   ZONEWRIGHT_PORT=8080         port of the API
#   ZONEWRIGHT_AWS_PORT=4566     port of the emulated AWS
#   ZONEWRIGHT_PRIMARY_PORT=5300 port of the sample primary of `make run`
#   ZONEWRIGHT_SYNC_DELAY=1      seconds between two syncs of a zone
#   ZONEWRIGHT_SYNC_LEASE=120    seconds until a dead sync releases its zone
#   ZONEWRIGHT_RELEASE=seed      Designate release of /v2: seed, the first, or current, today's
#   ZONEWRIGHT_MINUTE=60         seconds of a minute of the schedules
#   ZONEWRIGHT_INLINE_BYTES=6000000  bytes of the largest transfer without the maps
#   ZONEWRIGHT_FAULTS=0          share of the functions' calls to DynamoDB and S3 that fail, such as 0.02
#   ZONEWRIGHT_SEED=0            which of them fail
#   ZONEWRIGHT_CONCURRENCY=0     functions that may run at once, 0 for any number
#   ZONEWRIGHT_INDEX_DELAY=0     milliseconds until an index of the table shows what was written
#   ZONEWRIGHT_HOME=.local       folder of the stack's state

.DEFAULT_GOAL := help
.PHONY: help venv lock rights up down reset logs build check format test endure upgrade run bench

PYTHON := .venv/bin/python
STACK := PYTHONPATH=tools $(PYTHON) -m stack
CREDENTIALS = $(or $(ZONEWRIGHT_HOME),$(CURDIR)/.local)/credentials.env

# Keep compiled modules, because the SAM CLI alone takes seconds to compile.
unexport PYTHONDONTWRITEBYTECODE
export SAM_CLI_TELEMETRY := 0
export AWS_DEFAULT_REGION ?= us-east-1
export PATH := $(CURDIR)/.venv/bin:$(PATH)

help:  ## list the commands
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST)

venv:  ## make .venv with the pinned dependencies
	@python3 tools/stack/install.py

lock: venv  ## write requirements/dev.txt and that of the layer, with hashes
	@$(PYTHON) tools/stack/lock.py

up: venv  ## start and deploy the stack on this machine, at http://127.0.0.1:8080
	@$(STACK) up

down: venv  ## stop the stack and keep its state
	@$(STACK) down

reset: venv  ## stop the stack and delete its state
	@$(STACK) reset

logs: venv  ## follow the logs of all functions, or of one: FUNCTION=Transfer
	@$(STACK) logs $(FUNCTION)

build: venv  ## run sam build for this machine
	@$(STACK) build

run: up  ## show a tour: a primary, a zone, two syncs, the history
	@. $(CREDENTIALS) && $(PYTHON) tools/run.py

bench: up  ## measure the figures of docs/performance.md; BENCH="requests starts" or "1000 100000" for some of them
	@. $(CREDENTIALS) && PYTHONPATH=tools $(PYTHON) -m bench $(BENCH)

check: venv  ## check format, lint, types and template, and build
	ruff format --check .
	ruff check .
	mypy
	MYPYPATH=tools:layers/zonewright/python mypy tools/stack
	sam validate --lint
	cfn-lint --config-file cfn-lint.yaml
	@$(STACK) build

format: venv  ## format the code
	ruff format .
	ruff check --fix .

# The tests use two stacks of their own, so they do not change a running stack. The second has Designate's current release.
test: export ZONEWRIGHT_HOME := $(CURDIR)/.local/test
test: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
test: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
test: export ZONEWRIGHT_SYNC_LEASE := 30
test: export ZONEWRIGHT_CURRENT := $(CURDIR)/.local/test-current/credentials.env
test: OTHER := ZONEWRIGHT_RELEASE=current ZONEWRIGHT_HOME=$(CURDIR)/.local/test-current \
  ZONEWRIGHT_PORT=$(or $(ZONEWRIGHT_TEST_PORT_2),18081) ZONEWRIGHT_AWS_PORT=$(or $(ZONEWRIGHT_TEST_AWS_PORT_2),14567) $(STACK)
test: export ZONEWRIGHT_MINUTE := 5
test: export ZONEWRIGHT_INLINE_BYTES := 1500000
test: export ZONEWRIGHT_CONCURRENCY := 10
test: venv  ## run all tests, or some: TESTS=tests/unit
	@trap '$(STACK) down; $(OTHER) down' EXIT; $(STACK) up && $(OTHER) up && . $(CREDENTIALS) && $(PYTHON) -m pytest --numprocesses=3 --no-loadscope-reorder $(TESTS)

rights: export ZONEWRIGHT_TRACE := $(CURDIR)/.local/rights.txt
rights: venv  ## add the calls of the handlers in tests to what each function may do, tests/unit/rights.txt
	@mkdir -p .local && rm -f $(ZONEWRIGHT_TRACE)
	@$(PYTHON) -m pytest --numprocesses=2 --no-loadscope-reorder tests/functions tests/workflow tests/delivery
	@LC_ALL=C sort -u -o tests/unit/rights.txt tests/unit/rights.txt $(ZONEWRIGHT_TRACE)

# Runs on a new stack of its own, whose state and logs are kept until the next run.
endure: export ZONEWRIGHT_HOME := $(CURDIR)/.local/endure
endure: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
endure: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
endure: export ZONEWRIGHT_SYNC_LEASE := 20
endure: export ZONEWRIGHT_INLINE_BYTES := 1500000
endure: export ZONEWRIGHT_FAULTS ?= 0.02
endure: export ZONEWRIGHT_SEED := $(or $(ZONEWRIGHT_SEED),$(shell date +%s))
endure: export ZONEWRIGHT_FLIPS ?= 50
endure: export ZONEWRIGHT_KILLS ?= 200
endure: export ZONEWRIGHT_WRITES ?= 200
endure: venv  ## change zones under their readers, and kill 200 workers and 200 deliveries, while AWS fails at random; ZONEWRIGHT_SEED repeats another run
	@trap '$(STACK) down' EXIT; $(STACK) reset && $(STACK) up && . $(CREDENTIALS) && \
	  $(PYTHON) -m pytest tests/e2e/endurance tests/delivery/test_laws.py tests/delivery/test_mishaps.py

# Runs on a stack of its own. The older revision's tree is kept in .local/upgrade-from, with a virtual environment.
upgrade: export ZONEWRIGHT_HOME := $(CURDIR)/.local/upgrade
upgrade: export ZONEWRIGHT_PORT := $(or $(ZONEWRIGHT_TEST_PORT),18080)
upgrade: export ZONEWRIGHT_AWS_PORT := $(or $(ZONEWRIGHT_TEST_AWS_PORT),14566)
upgrade: venv  ## deploy over a stack of an older revision, and compare the responses; FROM=HEAD~1
	@$(PYTHON) tools/upgrade.py "$(FROM)"
