"""What every way in has in common: guesses are counted, and the answer carries a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import Request
from starlette.responses import Response

from dashboard.words.texts import known_locale
from data.accounts import LoggedIn
from data.services import Services
from rules.access import Viewer
from web.client_address import network_of
from web.known_browsers import device_of, keep_device
from web.sessions import set_cookie

EPOCH = date(1970, 1, 1).toordinal()
Found = TypeVar("Found")


def address_of(request: Request) -> str:
    return request.client.host if request.client else ""


def day_of(moment: datetime) -> int:
    """Days since 1970."""
    return moment.date().toordinal() - EPOCH


def session_length(services: Services) -> timedelta:
    return timedelta(hours=services.settings.deployment.session_hours)


async def counted(request: Request, check: Callable[[], Found], username: str) -> Found:
    """What `check` returns, which raises for a wrong password. Raises Problem too_many while it has to wait."""
    throttle, address = request.app.state.throttle, address_of(request)
    # before the loop is asked: the key of the hashes is read once
    await anyio.to_thread.run_sync(throttle.guesses.keyed)
    found: Found = await throttle.attempt(
        check,
        username=username,
        network=network_of(address),
        device=device_of(request.scope, username, throttle.guesses.keyed, day_of(throttle.clock())),
    )
    return found


def keep(response: Response, session: LoggedIn, request: Request, services: Services) -> Response:
    """The answer with the cookie of the session, and the one by which this browser is known the next time."""
    secure, hours = services.settings.server.secure_cookies, services.settings.deployment.session_hours
    set_cookie(response, session.token, hours=hours, secure=secure)
    throttle = request.app.state.throttle
    keyed, today = throttle.guesses.keyed, day_of(throttle.clock())
    keep_device(response, request.scope, session.viewer.username, keyed, today, secure=secure)
    return response


def session_shape(viewer: Viewer, csrf_token: str, services: Services) -> dict[str, Any]:
    locale = viewer.locale or services.settings.deployment.locale
    return {
        "csrf_token": csrf_token,
        "user": viewer.username,
        "role": viewer.role.value,
        "area": viewer.area_code,
        "locale": known_locale(locale),
    }
