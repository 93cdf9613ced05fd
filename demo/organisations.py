"""Organisations of the demonstration: a centre for every area above the grids, 85 departments, 21 mediation rooms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from demo.areas import AreaSeed
from demo.categories import CATEGORIES
from demo.units import read_seats
from geo.levels import level_of

Row = tuple[str, str, str, int]
# code, name after the area's, English after the area's, capacity
DEPARTMENTS: tuple[Row, ...] = (
    ("police", "公安局", "Public Security Bureau", 40),
    ("justice", "司法局", "Justice Bureau", 24),
    ("civil", "民政局", "Civil Affairs Bureau", 20),
    ("court", "人民法院", "People's Court", 16),
    ("labour", "人力资源和社会保障局", "Human Resources and Social Security Bureau", 20),
    ("resources", "自然资源局", "Natural Resources Bureau", 16),
    ("forestry", "林业和草原局", "Forestry and Grassland Bureau", 16),
    ("agriculture", "农业农村局", "Agriculture Bureau", 18),
    ("housing", "住房和城乡建设局", "Housing and Construction Bureau", 18),
    ("transport", "交通运输局", "Transport Bureau", 16),
    ("traffic", "公安局交通警察大队", "Traffic Police", 20),
    ("health", "卫生健康局", "Health Bureau", 12),
    ("market", "市场监督管理局", "Market Regulation Bureau", 18),
    ("education", "教育体育局", "Education and Sports Bureau", 12),
    ("culture", "文化和旅游局", "Culture and Tourism Bureau", 12),
    ("emergency", "应急管理局", "Emergency Management Bureau", 14),
    ("fire", "消防救援大队", "Fire and Rescue", 16),
    ("water", "水务局", "Water Bureau", 16),
    ("environment", "生态环境局", "Ecology and Environment Bureau", 12),
    ("city", "城市管理综合执法局", "City Management Bureau", 60),
    ("petitions", "信访局", "Petitions Office", 12),
)
PREFECTURE_DEPARTMENTS = (
    ("police", "公安局", "Public Security Bureau", 24),
    ("justice", "司法局", "Justice Bureau", 16),
    ("court", "中级人民法院", "Intermediate People's Court", 10),
    ("labour", "人力资源和社会保障局", "Human Resources and Social Security Bureau", 14),
    ("forestry", "林业和草原局", "Forestry and Grassland Bureau", 14),
    ("market", "市场监督管理局", "Market Regulation Bureau", 12),
    ("culture", "文化和旅游局", "Culture and Tourism Bureau", 14),
    ("emergency", "应急管理局", "Emergency Management Bureau", 12),
    ("petitions", "信访局", "Petitions Office", 10),
    ("frontier", "边境管理支队", "Frontier Management", 14),
)
# In the townships of each county with the most people; their duties are in OWN_DUTIES.
TOWNSHIP_DEPARTMENTS = (
    ("police-station", "派出所", "Police Station", 16),
    ("justice-office", "司法所", "Justice Office", 12),
)
TOWNSHIPS_A_COUNTY = 2
COUNTY_MEDIATION = (
    ("m-family", "婚姻家庭纠纷人民调解委员会", "Family Mediation Committee", 14),
    ("m-traffic", "道路交通事故纠纷人民调解委员会", "Road Accident Mediation Committee", 14),
    ("m-medical", "医疗纠纷人民调解委员会", "Medical Mediation Committee", 8),
    ("m-labour", "劳动争议人民调解委员会", "Labour Mediation Committee", 12),
    ("m-property", "物业纠纷人民调解委员会", "Property Mediation Committee", 12),
    ("m-land", "山林土地纠纷人民调解委员会", "Land and Forest Mediation Committee", 14),
)
PREFECTURE_MEDIATION = (
    ("m-tourism", "旅游纠纷人民调解委员会", "Tourism Mediation Committee", 16),
    ("m-border", "涉边纠纷人民调解委员会", "Border Mediation Committee", 10),
    ("m-trade", "商会人民调解委员会", "Chamber of Commerce Mediation Committee", 12),
)
POSTS = {
    "prefecture": ("州级指挥调度岗", "Prefecture command desk"),
    "county": ("县级分流交办岗", "County dispatch desk"),
    "township": ("综治中心值班岗", "Township duty desk"),
    "village": ("村级综治专干岗", "Village governance officer"),
}
OWN_DUTIES = {
    "m-trade": ("lending", "produce", "consumer"),
    "police-station": ("fight", "theft", "fraud", "damage", "papers", "animals"),
    "justice-office": ("family", "neighbour", "lending", "land", "advice"),
}
SPECIALITIES = {
    "m-medical": ("medicine", "law"),
    "m-labour": ("labour", "law"),
    "m-land": ("land",),
    "m-trade": ("finance",),
    "justice": ("law", "family"),
    "court": ("law",),
    "justice-office": ("law",),
}
SPEAKING = ("justice", "justice-office", "m-land", "m-labour", "police-station", "m-border")
LANGUAGES = (("lang_dai",), ("lang_dai", "lang_hani"), ("lang_lahu", "lang_dai"), ("lang_hani",))
FULL_TITLE = "社会治安综合治理中心"

SEAT_TOWNSHIPS = {"532800": "532801001", "532801": "532801001", "532822": "532822101", "532823": "532823101"}


@dataclass(frozen=True)
class OrganisationSeed:
    """An organisation before it is in a database. `duties` are codes of categories."""

    code: str
    name: str
    names: dict[str, str]
    kind: str
    area_code: str
    lon: float
    lat: float
    capacity: int
    post: str
    posts: dict[str, str]
    duties: tuple[str, ...]
    skills: tuple[str, ...] = ()


def seats() -> dict[str, tuple[float, float]]:
    """Where governments sit (lon, lat): townships and villages by the source, those above in a township of theirs."""
    known = read_seats()
    return known | {code: known[township] for code, township in SEAT_TOWNSHIPS.items()}


def build_organisations(
    areas: list[AreaSeed], places: Mapping[str, tuple[float, float]], seed: int
) -> list[OrganisationSeed]:
    """All organisations. `places`: a point (lon, lat) inside each area by its code, where the centre stands."""
    rng = np.random.default_rng(seed + 11)
    organisations = [_centre(area, places[area.code]) for area in areas if level_of(area.level).has_centre]
    for area, kind, rows in _posts(areas):
        organisations += [_organisation(area, kind, row, _near(rng, places[area.code])) for row in rows]
    return organisations


def _posts(areas: list[AreaSeed]) -> Iterator[tuple[AreaSeed, str, tuple[Row, ...]]]:
    """Which area has which organisations, by the rows above."""
    for area in areas:
        if area.parent_code is None:
            yield area, "department", PREFECTURE_DEPARTMENTS
            yield area, "mediation", PREFECTURE_MEDIATION
        elif area.depth == 1:
            yield area, "department", DEPARTMENTS
            yield area, "mediation", COUNTY_MEDIATION
    for county in (area for area in areas if area.depth == 1):
        below = [area for area in areas if area.parent_code == county.code]
        for area in sorted(below, key=lambda area: -area.households)[:TOWNSHIPS_A_COUNTY]:
            yield area, "department", TOWNSHIP_DEPARTMENTS


def _centre(area: AreaSeed, place: tuple[float, float]) -> OrganisationSeed:
    # a village is called short (嘎兰社区), every other area by its full name
    name = area.short_name if area.level == "village" else area.name
    post, post_in_english = POSTS[area.level]
    return OrganisationSeed(
        f"{area.code}-centre",
        f"{name}{FULL_TITLE if area.depth <= 1 else '综治中心'}",
        {"en": f"{area.names['en']} Governance Centre"},
        "centre",
        area.code,
        *place,
        60,
        post,
        {"en": post_in_english},
        (),
    )


def _organisation(area: AreaSeed, kind: str, row: Row, place: tuple[float, float]) -> OrganisationSeed:
    code, name, english, capacity = row
    return OrganisationSeed(
        f"{area.code}-{code}",
        f"{area.short_name}{name}",
        {"en": f"{area.names['en']} {english}"},
        kind,
        area.code,
        *place,
        capacity,
        "",
        {},
        duties_of(code),
        skills_of(code, area.code),
    )


def duties_of(organisation: str) -> tuple[str, ...]:
    """The categories that a type of organisation may handle."""
    return tuple(one.code for one in CATEGORIES if organisation in one.organisations) + OWN_DUTIES.get(organisation, ())


def skills_of(organisation: str, area: str) -> tuple[str, ...]:
    """Languages and specialities of a type of organisation in an area: invented, the same at every load."""
    languages = LANGUAGES[int(area[-3:]) % len(LANGUAGES)] if organisation in SPEAKING else ()
    return tuple(sorted({*SPECIALITIES.get(organisation, ()), *languages}))


def _near(rng: np.random.Generator, place: tuple[float, float]) -> tuple[float, float]:
    """Offices are within about two kilometres of the seat."""
    east, north = rng.normal(0, 0.008, 2)
    return round(place[0] + float(east), 6), round(place[1] + float(north), 6)
