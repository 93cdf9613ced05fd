#!/usr/bin/env bash
# Installs the front end's tools (esbuild, biome, axe-core) and libraries, as package-lock.json pins them; only whoever
# changes or tests the front end needs them. A stamp makes the second time quick, a lock keeps two at once apart.
set -euo pipefail
cd "$(dirname "$0")/.."

sum=$(sha256sum package.json package-lock.json | sha256sum | cut -d' ' -f1)
stamp=node_modules/.installed
[ "$(cat "$stamp" 2>/dev/null || true)" = "$sum" ] && exit 0
exec 8<package-lock.json
flock 8
[ "$(cat "$stamp" 2>/dev/null || true)" = "$sum" ] && exit 0
echo "Installing the front end's tools"
npm ci --ignore-scripts --no-audit --no-fund --silent
echo "$sum" >"$stamp"
