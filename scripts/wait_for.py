"""Wait until an address answers or the process that should serve it has ended."""

from __future__ import annotations

import os
import sys
import time
import urllib.error
import urllib.request

url, process = sys.argv[1], int(sys.argv[2])
deadline = time.monotonic() + 60
while time.monotonic() < deadline:
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own address
            sys.exit(0)
    except urllib.error.HTTPError:
        sys.exit(0)
    except OSError:
        pass
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        sys.exit(1)
    time.sleep(0.2)
sys.exit(1)
