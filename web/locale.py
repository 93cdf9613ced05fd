"""The language of an answer: the person's own, else the cookie's, else the deployment's."""

from __future__ import annotations

from starlette.types import Scope

from dashboard.current_viewer import current_viewer
from dashboard.words.texts import LOCALES, known_locale
from web.cookies import value_of

COOKIE = "gridboard_locale"
#: Where the outermost layer leaves the deployment's locale in the ASGI scope.
SCOPE_KEY = "gridboard_locale"


def locale_of(scope: Scope) -> str:
    viewer = current_viewer.get()
    if viewer is not None and viewer.locale in LOCALES:
        return viewer.locale
    return anonymous_locale(scope)


def anonymous_locale(scope: Scope) -> str:
    chosen = value_of(scope, COOKIE)
    return chosen if chosen in LOCALES else known_locale(scope.get(SCOPE_KEY))
