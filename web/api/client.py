"""Configuration of the page's scripts: texts, colours, layers, levels, base map."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter

from dashboard.theme import DARK, LIGHT, SHARED
from dashboard.words.texts import LOCALES, texts_for_client
from data.queries import areas, categories, deployment, tier_rules
from data.services import Services
from layers import LAYERS
from rules.access import Viewer, may
from rules.metrics import COUNTS
from web.dependencies import ServicesDep, VisitDep
from web.schemas.client import Client

router = APIRouter(prefix="/api", tags=["client"])


@router.get("/client", response_model=Client)
def client(services: ServicesDep, visit: VisitDep) -> dict[str, Any]:
    """The configuration of the page's scripts, in one answer."""
    viewer, settings = visit.viewer, services.settings
    with services.database.reading(viewer) as connection:
        levels = areas.levels(connection, locale=viewer.locale)
        facts = deployment.facts(connection, locale=viewer.locale)
        drawn = areas.boundaries(connection)
        factors = tier_rules.factor_names(connection, viewer.locale)
        kinds = categories.case_categories(connection, locale=viewer.locale)
    return {
        "user": _user(viewer, visit.display_name),
        "locale": viewer.locale,
        "locales": list(LOCALES),
        "theme_colours": {"dark": SHARED | DARK, "light": SHARED | LIGHT},
        "texts": texts_for_client(viewer.locale),
        "levels": levels,
        "boundaries": drawn,
        "root": viewer.area_code,
        "deployment": {"name": facts["name"], "synthetic": facts["synthetic"]},
        "layers": [asdict(layer) for layer in LAYERS if may(viewer.role, layer.act)],
        "lists": {name: dict(metric.list_filter) for name, metric in COUNTS.items()},
        "factors": factors,
        "categories": {kind["code"]: kind["name"] for kind in kinds},
        "map": _map(services),
        "csrf_token": visit.csrf_token,
        "timezone": facts["timezone"],
        "now": services.clock.now(),
        "heartbeat_s": settings.live.heartbeat_s,
    }


def _user(viewer: Viewer, display_name: str) -> dict[str, Any]:
    return {
        "name": viewer.username or display_name,
        "role": viewer.role.value,
        "area": viewer.area_code,
        "scope": viewer.scope_path,
        "organisation": viewer.organisation_id,
    }


def _map(services: Services) -> dict[str, Any]:
    ground = services.settings.map
    return {
        "tile_url": ground.tile_url,
        "tile_crs": ground.tile_crs,
        "tile_attribution": ground.tile_attribution,
        "tile_max_zoom": ground.tile_max_zoom,
    }
