"""Facts about the installation: name, whether the data is synthetic, the categories of cases, sources and needs."""

from __future__ import annotations

from contextlib import suppress

from dashboard.pages.frame import Deployment
from dashboard.words import texts
from data.database import SYSTEM
from data.queries import categories, deployment
from data.services import Services
from rules.access import Act, Viewer, may
from rules.errors import Problem


def read_deployment(services: Services, viewer: Viewer) -> Deployment:
    """Read once a page. Raises Problem unavailable."""
    with services.database.reading(viewer) as connection:
        facts = deployment.facts(connection, locale=viewer.locale)
        reports = may(viewer.role, Act.report)
        kinds = categories.case_categories(connection, locale=viewer.locale) if reports else []
        sources, needs = (deployment.sources(connection), deployment.needs(connection)) if reports else ((), ())
    return Deployment(
        name=facts.get("name") or "",
        synthetic=bool(facts.get("synthetic")),
        categories=tuple((row["kind"], row["code"], row["name"]) for row in kinds),
        sources=sources,
        needs=needs,
    )


def take_own_words(services: Services) -> None:
    """The deployment's own words; without an answer of the database the catalogues' are said."""
    with suppress(Problem), services.database.reading(SYSTEM) as connection:
        texts.use_own_words(deployment.own_words(connection))
