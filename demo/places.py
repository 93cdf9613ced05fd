"""Key places: the 26 that are known, and about 1,500 synthetic ones where people live."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from demo.areas import AreaSeed
from demo.naming import numeral
from demo.units import read_table

# code: Chinese, English, icon, how many to invent, names in a village, names in a community, 0 = spread over the land .. 1 = in town
CATEGORIES: dict[str, tuple[str, str, str, int, tuple[str, ...], tuple[str, ...], float]] = {
    "school": (
        "学校",
        "School",
        "school",
        330,
        ("小学", "幼儿园", "教学点"),
        ("小学", "中学", "幼儿园", "中心小学"),
        0.5,
    ),
    "clinic": ("医疗机构", "Clinic", "building-hospital", 300, ("卫生室",), ("卫生服务站", "诊所", "卫生院"), 0.4),
    "market": (
        "集贸市场",
        "Market",
        "building-store",
        190,
        ("集市", "鲜叶交易市场"),
        ("农贸市场", "便民市场", "夜市"),
        0.7,
    ),
    "station": (
        "交通场站",
        "Station",
        "bus-stop",
        130,
        ("客运招呼站", "公交站"),
        ("公交首末站", "停车场", "客运站"),
        0.7,
    ),
    "farm": (
        "农场基地",
        "Farm",
        "tractor",
        240,
        ("茶叶基地", "橡胶林场", "香蕉基地", "甘蔗基地"),
        ("蔬菜基地", "苗圃"),
        0.0,
    ),
    "temple": ("宗教活动场所", "Place of worship", "building-bank", 110, ("佛寺",), ("佛寺",), 0.2),
    "lodging": (
        "住宿娱乐",
        "Lodging and leisure",
        "building",
        180,
        ("民宿", "农家乐"),
        ("宾馆", "民宿", "歌舞厅", "网吧"),
        0.9,
    ),
    "port": ("口岸码头", "Port of entry", "anchor", 0, (), (), 0.0),
    "government": ("党政机关", "Government", "building-bank", 0, (), (), 0.0),
    "sight": ("景区", "Sight", "camera", 20, ("观景台", "茶文化园"), ("民俗园", "公园"), 0.3),
    "facility": ("重点设施", "Facility", "bolt", 0, (), (), 0.0),
}
KNOWN_TYPES = {
    "口岸": "port",
    "交通枢纽": "station",
    "党政机关": "government",
    "医院": "clinic",
    "学校": "school",
    "科研/景区": "sight",
    "景区": "sight",
    "商圈/景区": "market",
    "重点设施": "facility",
}


@dataclass(frozen=True)
class PlaceSeed:
    code: str
    name: str
    names: dict[str, str]
    category: str
    area_code: str
    lon: float
    lat: float
    synthetic: bool


def build_places(grids: list[AreaSeed], villages: dict[str, AreaSeed], seed: int, scale: float) -> list[PlaceSeed]:
    """The known places in the grid that holds each, and invented ones named after their village, deterministic."""
    rng = np.random.default_rng(seed + 23)
    density = np.array([grid.households / max(shapely.area(grid.geom), 1e-9) for grid in grids])
    town = density.argsort().argsort() / max(len(grids) - 1, 1)
    used: Counter[str] = Counter()
    invented = []
    for category, (*_, count, _, _, setting) in CATEGORIES.items():
        weight = (1.15 - np.abs(town - setting)) ** 3
        for index in rng.choice(len(grids), size=round(count * max(scale, 0.1)), p=weight / weight.sum()):
            grid = grids[int(index)]
            used[category] += 1
            invented.append(_invent(rng, category, used, grid, villages[grid.parent_code or ""]))
    return _known(grids) + invented


def _invent(
    rng: np.random.Generator, category: str, used: Counter[str], grid: AreaSeed, village: AreaSeed
) -> PlaceSeed:
    """A place named after its village, the second of a name counted on. `used` counts codes and names given out."""
    _, english, _, _, rural, urban, _ = CATEGORIES[category]
    kinds = urban if village.short_name.endswith("社区") else rural
    stem, kind = village.short_name.removesuffix("社区").removesuffix("村"), kinds[int(rng.integers(len(kinds)))]
    used[stem + kind] += 1
    ordinal = f"第{numeral(used[stem + kind])}" if used[stem + kind] > 1 else ""
    lon, lat = random_point(rng, grid.geom)
    name, serial = f"{stem}{ordinal}{kind}", used[category]
    names = {"en": f"{village.names['en']} {english.lower()} {serial}"}
    return PlaceSeed(f"{category}-{serial:04d}", name, names, category, grid.code, lon, lat, True)


def _known(grids: list[AreaSeed]) -> list[PlaceSeed]:
    tree = shapely.STRtree([grid.geom for grid in grids])
    places = []
    for serial, row in enumerate(read_table("poi_approx.csv"), 1):
        point = shapely.Point(float(row["lon"]), float(row["lat"]))
        index = int(tree.nearest(point))
        places.append(
            PlaceSeed(
                f"known-{serial:02d}",
                row["name"],
                {},
                KNOWN_TYPES[row["type"]],
                grids[index].code,
                point.x,
                point.y,
                False,
            )
        )
    return places


def random_point(rng: np.random.Generator, geometry: shapely.Geometry) -> tuple[float, float]:
    """A point (lon, lat) inside, by drawing from the box until one falls in."""
    points = random_points(rng, geometry, 1)
    return float(points[0, 0]), float(points[0, 1])


def random_points(rng: np.random.Generator, geometry: shapely.Geometry, count: int) -> np.ndarray:
    """`count` points inside a polygon, shape (count, 2), lon and lat rounded to 6 decimals (0.1 m)."""
    west, south, east, north = geometry.bounds
    shapely.prepare(geometry)
    kept = np.empty((0, 2))
    while len(kept) < count:
        drawn = np.round(rng.uniform((west, south), (east, north), (max(8, 3 * (count - len(kept))), 2)), 6)
        kept = np.vstack([kept, drawn[shapely.contains_xy(geometry, drawn[:, 0], drawn[:, 1])]])
    return kept[:count]
