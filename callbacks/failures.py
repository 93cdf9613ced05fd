"""Log entries for callbacks that fail: Dash alone answers 500 without a trace."""

from __future__ import annotations

import logging
from typing import NoReturn

from dash import callback_context

log = logging.getLogger(__name__)


def tell(error: Exception) -> NoReturn:
    """Dash's `on_error`: the error goes on, so that the page learns of it as before."""
    log.error("callback failed: %r", callback_context.outputs_list, exc_info=error)
    raise error
