#!/usr/bin/env bash
# `make run`: from a fresh machine to a served dashboard. Whatever ends the application also stops the private cluster.
set -uo pipefail
cd "$(dirname "$0")/.."

export GRIDBOARD_HOST="${GRIDBOARD_HOST:-127.0.0.1}" GRIDBOARD_PORT="${GRIDBOARD_PORT:-8050}"
python=.venv/bin/python
scripts/install_system.sh run && scripts/install_python.sh run || exit 2
$python scripts/check_port.py "$GRIDBOARD_HOST" "$GRIDBOARD_PORT" || exit 2

app=
finish() {
    trap '' INT TERM HUP
    [ -n "$app" ] && kill -TERM "$app" 2>/dev/null && wait "$app"
    [ -z "${GRIDBOARD_DATABASE_URL:-}" ] && $python -m data.cluster stop
}
trap 'finish; exit 130' INT
trap 'finish; exit 143' TERM HUP

if [ -z "${GRIDBOARD_DATABASE_URL:-}" ]; then
    $python -m data.cluster start || exit 2
fi
$python manage.py migrate >/dev/null || { code=$?; finish; exit "$code"; }
$python manage.py demo --if-empty || { code=$?; finish; exit "$code"; }

$python app.py &
app=$!
$python scripts/wait_for.py "http://$GRIDBOARD_HOST:$GRIDBOARD_PORT/healthz" "$app" && $python manage.py welcome
wait "$app"
code=$?
app=
finish
exit "$code"
