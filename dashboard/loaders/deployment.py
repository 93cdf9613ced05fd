"""Facts about the installation: name, whether the data is synthetic, the categories of cases."""

from __future__ import annotations

from dashboard.pages.frame import Deployment
from data.queries import categories, deployment
from data.services import Services
from rules.access import Act, Viewer, may


def read_deployment(services: Services, viewer: Viewer) -> Deployment:
    """Read once a page. Raises Problem unavailable."""
    with services.database.reading(viewer) as connection:
        facts = deployment.facts(connection, locale=viewer.locale)
        reports = may(viewer.role, Act.report)
        kinds = categories.case_categories(connection, locale=viewer.locale) if reports else []
    return Deployment(
        name=facts.get("name") or "",
        synthetic=bool(facts.get("synthetic")),
        categories=tuple((row["kind"], row["code"], row["name"]) for row in kinds),
    )
