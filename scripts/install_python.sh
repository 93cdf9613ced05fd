#!/usr/bin/env bash
# Makes .venv and installs the pinned requirements into it (`run` or `test`); a stamp makes the second time quick.
set -euo pipefail
cd "$(dirname "$0")/.."

files=(requirements.txt)
[ "${1:-run}" = test ] && files+=(requirements-dev.txt)
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 2; }
[ -x .venv/bin/python ] || python3 -m venv .venv
for file in "${files[@]}"; do
    sum=$(sha256sum "$file" | cut -d' ' -f1)
    stamp=".venv/.installed-$file"
    if [ "$(cat "$stamp" 2>/dev/null || true)" != "$sum" ]; then
        echo "Installing $file"
        .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$file" 2> >(grep -v '^WARNING' >&2)
        echo "$sum" >"$stamp"
    fi
done
