"""Which language a request is answered in: the person's own, else the cookie's, else the deployment's."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.types import Scope

from dashboard.session import current_viewer
from dashboard.texts import LOCALES, known_locale

COOKIE = "gridboard_locale"
#: Where the outermost layer leaves the deployment's locale in the ASGI scope.
SCOPE_KEY = "gridboard_locale"


def cookies_of(scope: Scope) -> dict[str, str]:
    """The request's cookies; none when the header cannot be read."""
    header = Headers(scope=scope).get("cookie")
    if not header:
        return {}
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def locale_of(scope: Scope) -> str:
    viewer = current_viewer.get()
    if viewer is not None and viewer.locale in LOCALES:
        return viewer.locale
    return anonymous_locale(scope)


def anonymous_locale(scope: Scope) -> str:
    chosen = cookies_of(scope).get(COOKIE)
    return chosen if chosen in LOCALES else known_locale(scope.get(SCOPE_KEY))
