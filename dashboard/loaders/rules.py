"""The versions of the tiers' rule, and what a rule may name in this deployment."""

from __future__ import annotations

from dashboard.view_models import RuleBook, RuleOptions
from data.commands.tier_rules import default_document, known
from data.queries import categories, places, tier_rules
from data.services import Services
from rules.access import Act, Viewer, require

#: Versions of a rule that is changed each week for a year, and then some.
SHOWN = 60


def read_rule_book(services: Services, viewer: Viewer) -> RuleBook:
    """Raises Problem forbidden, unavailable."""
    require(viewer, Act.see_rules)
    versions = tier_rules.history(services.database, viewer, limit=SHOWN)
    options = read_options(services, viewer)
    return RuleBook(versions, versions[0] if versions else {"version": 0, "rule": default_document()}, options)


def read_options(services: Services, viewer: Viewer) -> RuleOptions:
    with services.database.reading(viewer) as connection:
        return RuleOptions(
            [(row["code"], row["name"]) for row in categories.case_categories(connection, locale=viewer.locale)],
            [(row["code"], row["name"]) for row in places.categories(connection, locale=viewer.locale)],
            known(connection).columns,
        )
