#!/usr/bin/env bash
# `make test`: every check runs even when an earlier one failed; the last lines are pytest's summary.
set -uo pipefail
cd "$(dirname "$0")/.."

scripts/install_system.sh test && scripts/install_python.sh test && scripts/install_frontend.sh || exit 2
failed=0
.venv/bin/ruff check . || failed=1
.venv/bin/mypy || failed=1
.venv/bin/lint-imports || failed=1
[ "$failed" -eq 0 ] || echo "Lint, types or import rules failed (see above); the tests run all the same."
env -u GRIDBOARD_DATABASE_URL -u GRIDBOARD_APP_DATABASE_URL -u GRIDBOARD_NOW .venv/bin/python -m pytest -q -n auto --dist loadfile --no-loadscope-reorder --durations=15 "$@" </dev/null || failed=1
exit "$failed"
