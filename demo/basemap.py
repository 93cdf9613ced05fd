"""The offline base map of the demonstration: rivers, borders of the neighbours, names of places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import shapely

from demo.naming import romanised, taken_apart
from demo.units import read_features, read_seats, read_units
from geo.labels import label_point

# The box to which the sources were clipped: its own edge is no border.
REGION = shapely.box(99.5, 20.9, 102.2, 23.0)
SEAM_DEG = 1e-4
# Natural Earth and WDBII draw one river up to this far apart.
SAME_RIVER_DEG = 0.02
OWN_PREFECTURE = "532800"
CAPITAL = ("景洪", "Jinghong", (100.797, 22.008))
COUNTY_SEATS = {"532822101", "532823101"}

MAIN_RIVER = "澜沧江/湄公河"
RIVERS = {
    MAIN_RIVER: {"zh_CN": "澜沧江", "en": "Lancang (Mekong)"},
    "南乌江（老挝）": {"zh_CN": "南乌江", "en": "Nam Ou"},
    "李仙江/黑水河（Da）": {"zh_CN": "李仙江", "en": "Lixian (Black River)"},
}
NEIGHBOURS = {
    "缅甸": {"zh_CN": "缅甸", "en": "Myanmar"},
    "老挝": {"zh_CN": "老挝", "en": "Laos"},
    "普洱市": {"zh_CN": "普洱市", "en": "Pu'er City"},
    "红河哈尼族彝族自治州": {"zh_CN": "红河州", "en": "Honghe"},
}
# Chinese names which the source lacks or has wrong, by its identifier.
CHINESE = {
    1794209: "普洱",
    6644137: "娜允",
    1798290: "谦六",
    12358501: "东河",
    12358502: "东回",
    12358503: "发展河",
    12358504: "富邦",
    12358505: "惠民",
    12358506: "酒井",
    12358507: "木戛",
    12358508: "南岭",
    12358509: "糯福",
    12358510: "糯扎渡",
    12358511: "竹塘",
    1653894: "丰沙里",
    1655107: "孟新",
    1655177: "孟龙",
    1655562: "琅南塔",
    1664870: "磨丁",
    1319364: "景栋",
    1847826: "小勐拉",
    9903980: "大荒坝",
}
ENGLISH = {9903980: "Dahuangba", 1657871: "Boun Neua", 1664870: "Boten", 1319364: "Kengtung", 1847826: "Mong La"}
# The source puts Kengtung 50 km north-east of the town and its airport.
MOVED = {1319364: (99.608, 21.293)}


class BaseFeature(NamedTuple):
    """`kind` is river, outline or place_name; a lower `rank` matters more; `geom` is in 4326.

    Rivers: 1 the Lancang, 2 in the prefecture, 3 elsewhere. Outlines: 1 of countries, 2 of prefectures. Names: 0
    countries, 1 the capital, 2 county seats, cities and neighbouring prefectures, 3 towns, 4 the rest.
    """

    kind: str
    name: str | None
    names: dict[str, str]
    rank: int
    geom: shapely.Geometry


def base_features() -> list[BaseFeature]:
    """All features of the base map, in drawing order; all real, none surveyed (see the README of the source)."""
    return [*_rivers(), *_outlines(), *_place_names()]


def _rivers() -> Iterator[BaseFeature]:
    """The detailed rivers with the names of the coarse source, and those of the coarse one that it lacks."""
    detailed = read_features("basemap/rivers_wdbii.geojson")
    coarse = [(row["name"], line) for row, line in read_features("basemap/rivers_ne10m.geojson")]
    major = shapely.line_merge(shapely.union_all([line for row, line in detailed if row["class"] == "major"]))
    yield _river(MAIN_RIVER, 1, major)
    minor = [(row, line) for row, line in detailed if row["class"] != "major"]
    for row, line in minor:
        # A short tributary can lie along the main river without being it.
        name = next((name for name, other in coarse if name != MAIN_RIVER and _mostly_along(line, other)), None)
        yield _river(name, 2 if row["inside_pref"] else 3, line)
    drawn = shapely.union_all([line for _, line in detailed])
    for name, line in coarse:
        if not _mostly_along(line, drawn):
            yield _river(name, 3, line)


def _river(name: str | None, rank: int, line: shapely.Geometry) -> BaseFeature:
    names = RIVERS.get(name or "", {})
    return BaseFeature("river", names.get("zh_CN"), names, rank, shapely.intersection(line, REGION))


def _mostly_along(line: shapely.Geometry, other: shapely.Geometry) -> bool:
    return bool(line.intersection(other.buffer(SAME_RIVER_DEG)).length > 0.6 * line.length)


def _outlines() -> Iterator[BaseFeature]:
    """Borders of the neighbours, each stretch once, without the edge of the region and without our own border."""
    neighbours = _neighbours()
    prefectures = read_features("basemap/china_prefectures.geojson")
    own = next(outline for row, outline in prefectures if row["code"] == OWN_PREFECTURE)
    drawn = shapely.union_all([REGION.exterior, own.exterior])
    for name, rank, outline in neighbours:
        line = shapely.line_merge(shapely.difference(shapely.boundary(outline), drawn.buffer(SEAM_DEG)))
        drawn = drawn.union(line)
        if not line.is_empty:
            yield BaseFeature("outline", NEIGHBOURS[name]["zh_CN"], NEIGHBOURS[name], rank, line)


def _neighbours() -> list[tuple[str, int, shapely.Geometry]]:
    countries = [(row["name"], 1, outline) for row, outline in read_features("basemap/neighbour_countries.geojson")]
    prefectures = read_features("basemap/china_prefectures.geojson")
    return countries + [(row["name"], 2, outline) for row, outline in prefectures if row["code"] != OWN_PREFECTURE]


def _place_names() -> Iterator[BaseFeature]:
    for name, rank, outline in _neighbours():
        yield _place(NEIGHBOURS[name], 0 if rank == 1 else 2, label_point(outline))
    chinese, english, point = CAPITAL
    yield _place({"zh_CN": chinese, "en": english}, 1, point)
    yield from _towns()
    yield from _listed_places()


def _towns() -> Iterator[BaseFeature]:
    """Seats of towns and townships; the capital's subdistricts would only crowd it."""
    seats = read_seats()
    for unit in read_units():
        if unit.level == "township" and unit.kind != "街道":
            stem = taken_apart(unit.name)[0]
            rank = 2 if unit.code in COUNTY_SEATS else 3
            yield _place({"zh_CN": stem, "en": romanised(stem)}, rank, seats[unit.code])


def _listed_places() -> Iterator[BaseFeature]:
    """Places outside the prefecture; those inside are at their seats, except one that the source misnames."""
    for row, geometry in read_features("basemap/populated_places.geojson"):
        number, population = row["geonameid"], row["population"] or 0
        if row["in_pref"] and number not in CHINESE:
            continue
        names = {"en": ENGLISH.get(number, row["name_en"])}
        chinese = CHINESE.get(number) or (row["name_zh"] if row["country"] == "CN" else None)
        if chinese:
            names["zh_CN"] = chinese
        rank = 2 if population >= 100_000 else 3 if population >= 30_000 else 4
        yield _place(names, rank, MOVED.get(number, (geometry.x, geometry.y)))


def _place(names: dict[str, str], rank: int, point: tuple[float, float]) -> BaseFeature:
    return BaseFeature("place_name", names.get("zh_CN", names["en"]), names, rank, shapely.Point(point))
