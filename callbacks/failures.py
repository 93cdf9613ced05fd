"""A callback that fails: named in the log. Dash alone would answer 500 and tell nobody why."""

from __future__ import annotations

import logging
from typing import NoReturn

from dash import callback_context

log = logging.getLogger(__name__)


def tell(error: Exception) -> NoReturn:
    """Dash's `on_error`: the error goes on, so that the page learns of it as before."""
    log.error("callback failed: %r", callback_context.outputs_list, exc_info=error)
    raise error
