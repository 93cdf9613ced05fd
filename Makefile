# Gridboard 网格指挥图. `make run` serves it, `make test` checks it, `make bench` measures it.
.PHONY: run test bench lint lock frontend help
.DEFAULT_GOAL := help

help:
	@echo "make run    install what is missing, start the database, load the demonstration, serve"
	@echo "make test   all checks: lint, types, import rules, unit, integration and browser tests"
	@echo "make bench  measure, print a table, write bench/results.json"
	@echo "make lint   ruff, mypy, the import rules and biome alone"
	@echo "make frontend  bundle dashboard/assets/app into dashboard/assets/dist"
	@echo "make lock   compile requirements*.in into pinned requirements*.txt"

run:
	@exec scripts/run.sh

test:
	@exec scripts/test.sh

bench:
	@scripts/install_system.sh test && scripts/install_python.sh test && bench/install_tipg.sh && exec .venv/bin/python -m bench

lint:
	@.venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports && scripts/install_frontend.sh && node_modules/.bin/biome check

frontend:
	@scripts/build_frontend.sh

lock:
	@for name in requirements requirements-dev; do .venv/bin/pip-compile -q --generate-hashes --strip-extras --allow-unsafe \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --output-file=$$name.txt $$name.in; done
