#!/usr/bin/env bash
# Bundles the front end's modules and styles into dashboard/assets/dist, which is committed: a deployment needs no node.
# `build_frontend.sh FOLDER` writes elsewhere, GRIDBOARD_APP_SOURCES takes other modules than ours; both are for tests.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-dashboard/assets/dist}
assets=dashboard/assets
sources=${GRIDBOARD_APP_SOURCES:-$assets/app}

# All of these know private fields: rewritten for older ones, each use of one is a look into a WeakMap.
browsers=chrome105,firefox110,safari16

scripts/install_frontend.sh >&2
esbuild() {
    node_modules/.bin/esbuild "$@" --bundle --minify --charset=utf8 --log-level=warning --legal-comments=none
}
# classic scripts: a component's namespace has to stand before Dash's renderer draws the first layout
for name in main mine theme; do
    case $name in main) file=gridboard ;; *) file=$name ;; esac
    esbuild "$sources/$name.mjs" --format=iife --target=$browsers --outfile="$out/$file.js"
done
for name in gridboard mine; do
    esbuild "$assets/styles/$name.css" --target=$browsers '--external:/assets/*' --loader:.svg=dataurl --outfile="$out/$name.css"
done
