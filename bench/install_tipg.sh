#!/usr/bin/env bash
# TiPg in an environment of its own: what it needs must not meet what Gridboard pins.
set -euo pipefail
cd "$(dirname "$0")"
[ -x .venv-tipg/bin/python ] && exit 0
python3 -m venv .venv-tipg
.venv-tipg/bin/python -m pip install -q --disable-pip-version-check tipg==1.6.1 uvicorn
