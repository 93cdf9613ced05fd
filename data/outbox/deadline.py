"""How long a conversation with a gateway may take altogether, however slowly it answers."""

from __future__ import annotations

from typing import Any

LONGEST_S = 30.0


def checked_timeout(seconds: Any) -> float:
    """Raises ValueError: no attempt may outlast the lease of its delivery (data/outbox/worker.py)."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= LONGEST_S:
        raise ValueError(f"timeout_s has to be a number of seconds up to {LONGEST_S:.0f}")
    return float(seconds)
