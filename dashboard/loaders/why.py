"""Why an area has its tier, with all that its panel shows, from one snapshot."""

from __future__ import annotations

from dashboard.view_models import TierWhy
from data.queries import areas, tier_reasons, tier_surroundings, tiers
from data.services import Services
from rules.access import Act, Viewer, may, require


def read_why(services: Services, viewer: Viewer, code: str | None) -> TierWhy:
    """Of the viewer's own area when none is named. Raises Problem not_found, forbidden, unavailable."""
    require(viewer, Act.see_why)
    now = services.clock.now()
    with services.database.reading(viewer) as connection:
        key, area = areas.find_with_key(connection, code or viewer.area_code, locale=viewer.locale)
        if not key.leaf:
            facts = tiers.below(connection, key, viewer, now=now)
            return TierWhy(key.code, area["name"], leaf=False, facts=facts)
        found = tier_reasons.why(connection, key, viewer, now=now)
        around = tier_surroundings.surroundings(connection, key, viewer)
    return TierWhy(
        key.code, area["name"], leaf=True, facts=found, around=around, holds=may(viewer.role, Act.override_tier)
    )
