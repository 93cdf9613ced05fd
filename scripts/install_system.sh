#!/usr/bin/env bash
# Installs missing system packages: `run` = PostgreSQL with PostGIS, pango and CJK fonts, `test` = also chromium, node and nginx.
# Nothing is installed when GRIDBOARD_DATABASE_URL names a database that runs elsewhere (tests need a cluster all the same).
set -uo pipefail
kind=${1:-run}
oldest_postgresql=15
marker="# while Gridboard's packages are installed"
wanted=() quiet=''

refuse() {
    echo "$*" >&2
    exit 2
}

# A server whose folder holds PostGIS, or the packages that are missing for one.
want_postgis() {
    local initdb version newest=0
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        version=$(basename "$(dirname "$(dirname "$initdb")")")
        [ -x "$initdb" ] && [ "$version" -ge "$oldest_postgresql" ] 2>/dev/null || continue
        [ -e "/usr/share/postgresql/$version/extension/postgis.control" ] && return
        [ "$version" -gt "$newest" ] && newest=$version
    done
    if [ "$newest" -gt 0 ]; then wanted+=("postgresql-$newest-postgis-3"); else wanted+=(postgresql postgresql-postgis); fi
}

want_python() {
    [ -x .venv/bin/python ] && return
    command -v python3 >/dev/null || wanted+=(python3)
    python3 -c 'import venv, ensurepip' 2>/dev/null || wanted+=(python3-venv)
}

# what PDF documents are set with
want_documents() {
    compgen -G '/usr/lib/*/libpangoft2-1.0.so.0' >/dev/null || wanted+=(libpango-1.0-0 libpangoft2-1.0-0)
    compgen -G '/usr/lib/*/libharfbuzz-subset.so.0' >/dev/null || wanted+=(libharfbuzz-subset0)
    fc-list 2>/dev/null | grep -qi 'Noto Sans CJK' || wanted+=(fonts-noto-cjk fontconfig)
}

want_browser() {
    [ -x /usr/bin/chromium ] || wanted+=(chromium)
    # the same browser without windows: half the work for the tests
    [ -x /usr/bin/chromium-headless-shell ] || wanted+=(chromium-headless-shell)
    # the browser driver's own node needs it
    compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || wanted+=(libatomic1)
    command -v git >/dev/null || wanted+=(git)
}

# what bundles and checks the front end
want_node() {
    command -v node >/dev/null && command -v npm >/dev/null || wanted+=(nodejs npm)
}

# what stands in front of a deployment; the tests start their own
want_proxy() {
    [ -x /usr/sbin/nginx ] || { wanted+=(nginx-light) && quiet=yes; }
    command -v openssl >/dev/null || wanted+=(openssl)
    command -v curl >/dev/null || wanted+=(curl)
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" >>"$log" 2>&1 </dev/null
}

# Debian makes and starts a cluster of its own with a new server; Gridboard has a private one. What exists is left alone,
# and the setting is taken away again afterwards.
without_main_cluster() {
    local file=/etc/postgresql-common/createcluster.conf done
    apt install --no-install-recommends postgresql-common || return
    if ! grep -q '^ *create_main_cluster' "$file"; then
        echo "create_main_cluster = false $marker" | as_root tee -a "$file" >/dev/null
    fi
    "$@"
    done=$?
    as_root sed -i "/$marker/d" "$file"
    return $done
}

# Debian starts a service with its package; one that only the tests use stays down.
without_services() {
    local file=/usr/sbin/policy-rc.d done
    [ -e "$file" ] && { "$@"; return; }
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$file" >/dev/null && as_root chmod 755 "$file"
    "$@"
    done=$?
    as_root rm -f "$file"
    return $done
}

install() {
    apt update || true
    if [ -n "$quiet" ]; then without_services install_wanted; else install_wanted; fi
}

install_wanted() {
    case " ${wanted[*]} " in
        *" postgresql"*) without_main_cluster apt install --no-install-recommends "${wanted[@]}" ;;
        *) apt install --no-install-recommends "${wanted[@]}" ;;
    esac
}

cd "$(dirname "$0")/.." || exit 2
want_python
if [ -n "${GRIDBOARD_DATABASE_URL:-}" ] && [ "$kind" != test ]; then
    [ ${#wanted[@]} -eq 0 ] || refuse "Python's venv module is missing: install the packages ${wanted[*]}."
    exit 0
fi
want_postgis
want_documents
if [ "$kind" = test ]; then
    want_browser
    want_node
    want_proxy
fi
[ ${#wanted[@]} -eq 0 ] && exit 0

command -v apt-get >/dev/null || refuse "Missing packages (${wanted[*]}), and this system has no apt-get: install them by hand."
[ "$(id -u)" -eq 0 ] || command -v sudo >/dev/null || refuse "Missing packages (${wanted[*]}): install them as root, or install sudo."
echo "Installing system packages: ${wanted[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! install; then
    grep -E '^(E:|sudo:)|rror|No space' "$log" | tail -n 3 >&2
    refuse "The system packages could not be installed: ${wanted[*]}."
fi
