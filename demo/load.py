"""Loading of the demonstration into an empty database: one transaction, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

import orjson
from sqlalchemy import Connection, text

from data import accounts, bulk
from data.calendar import working_calendar
from data.commands import case_spans
from data.commands.reminders import tell_due
from data.database import Database
from data.pinyin import spell_names
from data.sql import load
from demo import cases, categories, organisations, places, remediations, stories, tiers
from demo.areas import AreaSeed, build_areas
from demo.basemap import base_features
from demo.desk import Desk, OrganisationRow, quality
from demo.result_phrases import result_phrases
from geo.labels import label_of
from geo.levels import DEMONSTRATION as LEVELS
from rules.access import Role
from rules.sla import SlaPolicy

SEED = 20240320
PASSWORD = "gridboard"  # noqa: S105 - the published one of the demonstration
ROOT = "532800"
NAME = {"zh_CN": "西双版纳州网格指挥", "en": "Xishuangbanna Grid Command"}
# username, role, area, organisation
ACCOUNTS = (
    ("leader", Role.leader, ROOT, "532800-centre"),
    ("dispatcher", Role.dispatcher, ROOT, "532800-centre"),
    ("dispatcher.jinghong", Role.dispatcher, "532801", "532801-centre"),
    ("handler", Role.handler, "532801", "532801-city"),
    ("auditor", Role.auditor, ROOT, None),
    ("admin", Role.admin, ROOT, None),
)
Progress = Callable[[str, int, int], None]


def load_demo(
    database: Database,
    *,
    seed: int = SEED,
    scale: float = 1.0,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> None:
    """Load the demonstration as of `now`; `scale` is the share of cases, places and grids (1: about 44,000 cases)."""
    now = (now or datetime.now(UTC)).replace(microsecond=0)
    tell = progress or (lambda step, done, total: None)
    areas = build_areas(seed, min(scale, 1.0), tell)
    with database.owning() as connection:
        bulk.begin_bulk(connection)
        at_desk, grids = _load_world(connection, areas, seed, scale)
        tell("areas", 1, 1)
        spell_names(connection)
        bulk.rebuild_shapes(connection, tell)
        _load_cases(connection, cases.generate(grids, at_desk, seed=seed, now=now, scale=scale), tell)
        remediations.enter(connection, grids, ids=at_desk.area_ids, paths=at_desk.paths, now=now)
        tiers.enter_caseload(connection, grids, ids=at_desk.area_ids, paths=at_desk.paths, seed=seed)
        tiers.evaluate_history(connection, now=now, step=partial(tell, "tiers"))
        bulk.rebuild_rollups(connection, ROOT)
        _add_accounts(connection, now)
        tell("roll-ups", 1, 1)
    case_spans.fill_spans(database, sla=at_desk.sla)
    _remind_of_the_past(database, now, at_desk.sla)


def _remind_of_the_past(database: Database, now: datetime, sla: SlaPolicy) -> None:
    """The reminders that open cases have had by now, at their own moments: the scheduler would stamp all with today."""
    while tell_due(database, now=now, sla=sla, past=True):
        pass


def _load_world(connection: Connection, areas: list[AreaSeed], seed: int, scale: float) -> tuple[Desk, list[AreaSeed]]:
    """Levels, areas, organisations, categories, key places and the base map; returns what the case generator needs."""
    _describe_deployment(connection)
    bulk.create_prefecture(connection, ROOT)
    labels = {area.code: label_of(area.geom) for area in areas}
    ids = bulk.insert_areas(connection, (_area_row(area, labels[area.code]) for area in areas))
    paths: dict[str, str] = dict(connection.execute(text("SELECT code, path FROM area")).all())
    points = {code: (label.lon, label.lat) for code, label in labels.items()} | organisations.seats()
    organisation_seeds = organisations.build_organisations(areas, points, seed)
    organisation_ids = _load_organisations(connection, organisation_seeds, ids, paths)
    grids = [area for area in areas if area.level == LEVELS[-1].code]
    villages = {area.code: area for area in areas if area.level == "village"}
    _load_places(connection, places.build_places(grids, villages, seed, scale), ids, paths)
    return desk(organisation_seeds, ids, paths, organisation_ids), grids


def desk(
    organisation_seeds: list[organisations.OrganisationSeed],
    ids: dict[str, int],
    paths: dict[str, str],
    known: dict[str, int],
    sla: SlaPolicy | None = None,
) -> Desk:
    """What the generator of cases needs to know; without `clocks` those that a deployment has by default."""
    by_category: dict[str, list[OrganisationRow]] = defaultdict(list)
    for organisation in organisation_seeds:
        for duty in organisation.duties:
            by_category[duty].append(
                OrganisationRow(
                    known[organisation.code],
                    paths[organisation.area_code],
                    organisation.capacity,
                    quality(organisation.code, duty),
                )
            )
    centres = {
        organisation.area_code: known[organisation.code]
        for organisation in organisation_seeds
        if organisation.kind == "centre"
    }
    organisations_of = {code: tuple(found) for code, found in by_category.items()}
    return Desk(ids, paths, centres, organisations_of, sla or SlaPolicy(calendar=working_calendar(stories.ZONE)))


def _describe_deployment(connection: Connection) -> None:
    values = {"name": NAME, "synthetic": True, "timezone": "Asia/Shanghai", "root": ROOT}
    bulk.copy_rows(
        connection, "deployment", ("key", "value"), ((k, orjson.dumps(v).decode()) for k, v in values.items())
    )
    bulk.copy_rows(
        connection,
        "area_level",
        ("depth", "code", "names", "has_centre"),
        ((level.depth, level.code, dict(level.names), level.has_centre) for level in LEVELS),
    )
    bulk.copy_rows(
        connection,
        "category",
        ("code", "kind", "names", "plain_names", "results", "three_class", "ord"),
        (
            (
                one.code,
                one.kind,
                {"zh_CN": one.zh, "en": one.en},
                categories.plain_names(one),
                result_phrases(one.code),
                one.three_class,
                order,
            )
            for order, one in enumerate(categories.CATEGORIES)
        ),
    )
    bulk.copy_rows(
        connection,
        "base_feature",
        ("kind", "name", "names", "rank", "geom"),
        ((one.kind, one.name, one.names, one.rank, one.geom) for one in base_features()),
    )


def _area_row(area: AreaSeed, label) -> dict:
    return {
        "code": area.code,
        "name": area.name,
        "short_name": area.short_name,
        "names": area.names,
        "level": area.level,
        "depth": area.depth,
        "parent_code": area.parent_code,
        "geom": area.geom,
        "lon": label.lon,
        "lat": label.lat,
        "bbox": list(label.bbox),
        "area_km2": label.area_km2,
        "households": area.households,
        "synthetic": area.synthetic,
    }


def _load_organisations(
    connection: Connection,
    organisation_seeds: Iterable[organisations.OrganisationSeed],
    ids: dict[str, int],
    paths: dict[str, str],
) -> dict[str, int]:
    organisation_seeds = list(organisation_seeds)
    bulk.copy_rows(
        connection,
        "organisation",
        (
            "prefecture",
            "code",
            "name",
            "names",
            "kind",
            "area_id",
            "path",
            "lon",
            "lat",
            "capacity",
            "post",
            "posts",
            "skills",
        ),
        (
            (
                ROOT,
                organisation.code,
                organisation.name,
                organisation.names,
                organisation.kind,
                ids[organisation.area_code],
                paths[organisation.area_code],
                organisation.lon,
                organisation.lat,
                organisation.capacity,
                organisation.post,
                organisation.posts,
                organisation.skills,
            )
            for organisation in organisation_seeds
        ),
    )
    known: dict[str, int] = dict(connection.execute(text("SELECT code, id FROM organisation")).all())
    bulk.copy_rows(
        connection,
        "duty",
        ("organisation_id", "category"),
        ((known[organisation.code], duty) for organisation in organisation_seeds for duty in organisation.duties),
    )
    return known


def _load_places(
    connection: Connection, seeds: Iterable[places.PlaceSeed], ids: dict[str, int], paths: dict[str, str]
) -> None:
    bulk.copy_rows(
        connection,
        "place_category",
        ("code", "names", "icon"),
        ((code, {"zh_CN": row[0], "en": row[1]}, row[2]) for code, row in places.CATEGORIES.items()),
    )
    bulk.copy_rows(
        connection,
        "key_place",
        ("code", "prefecture", "name", "names", "category", "area_id", "path", "lon", "lat", "geom", "synthetic"),
        (
            (
                one.code,
                ROOT,
                one.name,
                one.names,
                one.category,
                ids[one.area_code],
                paths[one.area_code],
                one.lon,
                one.lat,
                _point(one.lon, one.lat),
                one.synthetic,
            )
            for one in seeds
        ),
    )


def _point(lon: float, lat: float) -> str:
    return f"SRID=4326;POINT({lon} {lat})"


def _load_cases(connection: Connection, made: list[stories.CaseSeed], tell: Progress) -> None:
    def row(case: stories.CaseSeed) -> list:
        values = dict(case.row, prefecture=ROOT, geom=_point(case.row["lon"], case.row["lat"]))
        return [values[column] for column in bulk.CASE_COLUMNS]

    bulk.copy_rows(connection, "cases", bulk.CASE_COLUMNS, map(row, made))
    tell("cases", 1, 2)
    bulk.insert_trace(connection, ROOT, stories.trace(made))
    tell("cases", 2, 2)


def _with_work(connection: Connection, organisation: str | None) -> str | None:
    """A body with cases in hand: in a small demonstration the one that is meant may have none."""
    values = {"county": (organisation or "").partition("-")[0], "wanted": organisation}
    return connection.execute(load("find_busy_body"), values).scalar() or organisation


def _add_accounts(connection: Connection, now: datetime) -> None:
    for username, role, area, organisation in ACCOUNTS:
        accounts.add_user(
            connection,
            username=username,
            password=PASSWORD,
            role=role,
            area=area,
            organisation=_with_work(connection, organisation) if role == Role.handler else organisation,
            demo=True,
            now=now,
        )
