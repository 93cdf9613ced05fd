"""The brief of an area with what its page says besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dashboard.loaders.reader import reader_of
from dashboard.view_models import Reader
from data.commands import brief_settings
from data.queries import brief, deployment
from data.queries.brief import Brief
from data.services import Services
from rules.access import Viewer


@dataclass(frozen=True)
class BriefPage:
    brief: Brief
    office: str
    synthetic: bool
    reader: Reader
    sent_at: str | None


def read_brief(services: Services, viewer: Viewer, area: str, at: datetime | None) -> BriefPage:
    """As this viewer may see it. Raises Problem not_found (area), invalid (a moment in the future)."""
    reader = reader_of(services, viewer)
    with services.database.reading(viewer) as connection:
        found = brief.brief(connection, area, at, viewer, now=reader.now, sla=services.sla)
        facts = deployment.facts(connection, locale=reader.locale)
        sent = brief_settings.read(connection, viewer)
    return BriefPage(found, facts["name"], facts["synthetic"], reader, sent)
