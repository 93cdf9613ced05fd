#!/usr/bin/env bash
# `make run`: from a fresh machine to a served dashboard. The private cluster runs for as long as anybody holds
# var/users.lock: this script, the application, a command of manage.py. With the last of them it stops, kill -9 included.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 2

export GRIDBOARD_HOST="${GRIDBOARD_HOST:-127.0.0.1}" GRIDBOARD_PORT="${GRIDBOARD_PORT:-8050}"
python=.venv/bin/python
private=$([ -z "${GRIDBOARD_DATABASE_URL:-}" ] && echo yes)
current='' app='' watcher=''

# In the background, so that a signal is answered at once and not when the step is over.
step() {
    "$@" &
    current=$!
    wait "$current"
}

end() {
    trap '' INT TERM HUP
    [ -n "$watcher" ] && kill "$watcher" 2>/dev/null
    for child in $current $app; do
        kill -TERM "$child" 2>/dev/null && wait "$child" 2>/dev/null
    done
    if [ -n "$private" ]; then
        exec 9>&-
        # another run may still use it; this one then leaves it alone
        flock -x -w 5 var/users.lock $python -m data.server.cluster stop
    fi
    exit "$1"
}

# A crashed server leaves its number behind, one that was stopped on purpose does not.
database_crashed() {
    local pid
    read -r pid <var/pg/postmaster.pid && [ "$(readlink "/proc/$pid/cwd")" != "$(pwd -P)/var/pg" ]
} 2>/dev/null

watch_database() {
    while sleep 2 && [ -e "/proc/$app" ]; do
        if database_crashed; then
            echo "The database server died; it is started again." >&2
            $python -m data.server.cluster use || sleep 10
        fi
    done
}

scripts/install_system.sh run && scripts/install_python.sh run || exit 2
$python -m scripts.check_start || exit 2
# what is written from here on is for whoever runs it
umask 077
trap 'end 130' INT
trap 'end 143' TERM HUP
if [ -n "$private" ]; then
    mkdir -p var && exec 9>>var/users.lock || exit 2
    flock -s 9
    step $python -m data.server.cluster use || end 2
fi
step $python manage.py migrate >/dev/null || end $?
step $python manage.py demo --if-empty || end $?

# the supervisor starts the application, and again after a crash
$python -m scripts.supervise &
app=$!
step $python scripts/wait_for.py "http://$GRIDBOARD_HOST:$GRIDBOARD_PORT/healthz" "$app" && step $python manage.py welcome
if [ -n "$private" ]; then
    watch_database 9>&- &
    watcher=$!
fi
wait "$app"
code=$?
end "$code"
