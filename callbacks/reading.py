"""Reading in a callback: as its viewer, in a thread, with a designed state for every failure."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dashboard.current_viewer import require_viewer
from dashboard.loaders.reader import reader_of
from dashboard.view_models import Reader
from dashboard.words.texts import known_locale
from data.services import Services
from rules.access import Viewer
from rules.errors import Problem

log = logging.getLogger(__name__)


async def off_loop(work: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """Runs blocking work in a thread; the context (whose request it is) goes with it."""
    return await asyncio.to_thread(work, *values, **named)


def moment_of(words: str | None) -> datetime | None:
    """The past moment that a page is at, RFC 3339; None for a live one. Raises Problem invalid."""
    if not words:
        return None
    try:
        at = datetime.fromisoformat(words)
    except ValueError as error:
        raise Problem("invalid", field="as_of", value="") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def seen(services: Services, draw: Callable[[Viewer, Reader], Any], fallback: Callable[[str, Problem], Any]) -> Any:
    """What `draw` makes for the present viewer; `fallback` when it raises a Problem."""
    locale: str = services.settings.deployment.locale
    try:
        viewer = require_viewer()
        locale = known_locale(viewer.locale)
        return draw(viewer, reader_of(services, viewer))
    except Problem as problem:
        log.info("not drawn: %s", problem.code)
        return fallback(locale, problem)
