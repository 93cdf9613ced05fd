"""Why an area has its tier, with all that its panel shows, from one snapshot."""

from __future__ import annotations

from datetime import datetime

from dashboard.view_models import TierWhy
from data.queries import areas, past, tier_reasons, tier_surroundings, tiers
from data.services import Services
from rules.access import Act, Viewer, may, require


def read_why(services: Services, viewer: Viewer, code: str | None, *, as_of: datetime | None = None) -> TierWhy:
    """Of the viewer's own area when none is named. Raises Problem not_found, forbidden, unavailable."""
    require(viewer, Act.see_why)
    present = services.clock.now()
    now = as_of or present
    with past.reading(services.database, viewer, as_of=as_of, now=present) as connection:
        key, area = areas.find_with_key(connection, code or viewer.area_code, locale=viewer.locale)
        if not key.leaf:
            facts = tiers.below(connection, key, viewer, now=now)
            return TierWhy(key.code, area["name"], leaf=False, facts=facts)
        found = tier_reasons.why(connection, key, viewer, now=now, as_of=as_of)
        around = tier_surroundings.surroundings(connection, key, viewer)
    holds = as_of is None and may(viewer.role, Act.override_tier)
    return TierWhy(key.code, area["name"], leaf=True, facts=found, around=around, holds=holds)
