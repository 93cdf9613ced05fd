#!/usr/bin/env bash
# Installs missing system packages: `run` = PostgreSQL with PostGIS, `test` = also chromium and CJK fonts.
# Nothing is installed for PostgreSQL when GRIDBOARD_DATABASE_URL names a database that runs elsewhere.
set -euo pipefail

wanted=()
if [ -z "${GRIDBOARD_DATABASE_URL:-}" ] || [ "${1:-run}" = test ]; then
    version=$(ls /usr/lib/postgresql 2>/dev/null | sort -n | tail -n 1)
    if [ -z "$version" ] || [ ! -x "/usr/lib/postgresql/$version/bin/initdb" ]; then
        wanted+=(postgresql postgresql-contrib)
    fi
    if ! ls /usr/share/postgresql/*/extension/postgis.control >/dev/null 2>&1; then
        if [ -n "$version" ]; then
            wanted+=("postgresql-$version-postgis-3")
        else
            wanted+=(postgis postgresql-postgis)
        fi
    fi
    python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
elif ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    echo "Python's venv module is missing: install the package python3-venv." >&2
    exit 2
fi
if [ "${1:-run}" = test ]; then
    [ -x /usr/bin/chromium ] || wanted+=(chromium)
    fc-list 2>/dev/null | grep -qi 'Noto Sans CJK' || wanted+=(fonts-noto-cjk fontconfig)
fi
[ ${#wanted[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null; then
    echo "Missing system packages (${wanted[*]}), and this system has no apt-get: install them by hand." >&2
    exit 2
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || { echo "Missing system packages (${wanted[*]}): install them as root, or install sudo." >&2; exit 2; }
    as_root=(sudo)
fi
echo "Installing system packages: ${wanted[*]}"
# Debian makes and starts a cluster of its own on installation; Gridboard has a private one and needs none.
if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
log=$(mktemp)
if ! { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${wanted[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 5 "$log" >&2
    echo "The system packages could not be installed: ${wanted[*]}" >&2
    exit 2
fi
rm -f "$log"
