"""Language, time zone and role with which a viewer reads a page."""

from __future__ import annotations

from dashboard.view_models import Reader
from dashboard.words.texts import known_locale
from data.services import Services
from rules.access import Viewer


def reader_of(services: Services, viewer: Viewer, *, name: str = "") -> Reader:
    """How this viewer reads the page: language, time zone, role."""
    return Reader(
        locale=known_locale(viewer.locale),
        zone=services.settings.deployment.timezone,
        now=services.clock.now(),
        role=str(viewer.role),
        username=name or viewer.username,
        area=viewer.area_code,
    )
