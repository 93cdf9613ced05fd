"""An invented city of four levels: a Shapefile in GCJ-02 with GB18030 texts, a workbook, a CSV in GB18030."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime

import numpy as np
import pyogrio
import pytest
import shapely
from openpyxl import Workbook
from sqlalchemy import text

from data.database import SYSTEM
from data.queries import areas, summaries
from geo.crs import wgs84_to_gcj02
from imports import import_areas, import_cases, import_organisations, import_places
from imports.mapping import make_mapping

NOW = datetime(2025, 6, 1, tzinfo=UTC)
WEST, SOUTH, SIDE = 112.0, 28.0, 0.4
MAPPING = make_mapping(
    {
        "deployment": {
            "name": "青水市",
            "timezone": "Asia/Shanghai",
            "locale": "zh_CN",
            "root": {"code": "4399", "name": "青水市"},
        },
        "levels": [
            {"code": "city", "names": {"zh_CN": "市", "en": "City"}},
            {"code": "district", "names": {"zh_CN": "区", "en": "District"}},
            {"code": "street", "names": {"zh_CN": "街道", "en": "Street"}},
            {"code": "block", "names": {"zh_CN": "网格", "en": "Block"}},
        ],
        "categories": [
            {"code": "noise", "kind": "dispute", "names": {"zh_CN": "噪声", "en": "Noise"}, "values": ["噪音扰民"]},
            {"code": "fire", "kind": "hazard", "names": {"zh_CN": "消防", "en": "Fire"}},
        ],
        "areas": [
            {"file": "blocks*", "level": "block", "fields": {"code": "DM", "name": "MC", "households": "HS"}},
            {
                "file": "blocks*",
                "level": "street",
                "dissolve": "true",
                "fields": {"code": {"column": "JD"}, "name": {"column": "JDMC"}, "households": "HS"},
            },
            {
                "file": "blocks*",
                "level": "district",
                "dissolve": "true",
                "fields": {"code": {"column": "QX"}, "name": {"template": "{QX}区"}, "households": "HS"},
            },
        ],
        "organisations": {
            "fields": {
                "code": {"column": "代码", "pad": "4"},
                "name": "名称",
                "kind": {"column": "类型", "values": {"部门": "department", "调委会": "mediation"}},
                "area": "辖区",
                "duties": "事权",
            }
        },
        "places": {"fields": {"name": "名称", "category": "类别", "lon": "经度", "lat": "纬度"}},
        "cases": {
            "fields": {
                "case_no": "编号",
                "category": "类别",
                "title": "标题",
                "reported_at": "上报时间",
                "settled_at": "办结时间",
                "due_at": "时限",
                "lon": "经度",
                "lat": "纬度",
                "organisation": "承办",
                "area": "网格",
                "status": {"column": "状态", "values": {"待分流": "waiting"}},
            }
        },
    }
)


def blocks():
    """16 blocks: a street is two rows of a district, a district half of the city."""
    for number in range(16):
        column, row = number % 4, number // 4
        district = f"4399{column // 2 + 1:02d}"
        street = f"{district}{row // 2 + 1:03d}"
        code = f"{street}{(row % 2) * 2 + column % 2 + 1:02d}"
        size = SIDE / 4
        yield (
            code,
            street,
            district,
            shapely.box(WEST + column * size, SOUTH + row * size, WEST + (column + 1) * size, SOUTH + (row + 1) * size),
        )


def shifted(geometry):
    return shapely.transform(geometry, lambda xy: np.column_stack(wgs84_to_gcj02(xy[:, 0], xy[:, 1])))


@pytest.fixture
def shapefile(tmp_path):
    found = list(blocks())
    pyogrio.raw.write(
        tmp_path / "blocks.shp",
        shapely.to_wkb([shifted(geometry) for *_, geometry in found]),
        [
            np.array(values, dtype=object)
            for values in (
                [code for code, *_ in found],
                [f"第{code[-2:]}网格" for code, *_ in found],
                [street for _, street, *_ in found],
                [f"街道{street[-1]}" for _, street, *_ in found],
                [district for _, _, district, _ in found],
                ["120"] * len(found),
            )
        ],
        fields=["DM", "MC", "JD", "JDMC", "QX", "HS"],
        geometry_type="Polygon",
        encoding="GB18030",
        crs="EPSG:4326",
    )
    for ending in (".cpg", ".prj"):
        (tmp_path / f"blocks{ending}").unlink(missing_ok=True)
    with zipfile.ZipFile(tmp_path / "blocks.zip", "w") as archive:
        for part in sorted(tmp_path.glob("blocks.*")):
            if part.suffix != ".zip":
                archive.write(part, f"数据/{part.name}")
    return tmp_path / "blocks.zip"


def workbook(path, rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def city(database, shapefile, tmp_path):
    import_areas(database, [shapefile], MAPPING, crs="gcj02")
    import_organisations(
        database,
        [
            workbook(
                tmp_path / "bodies.xlsx",
                [
                    ["代码", "名称", "类型", "辖区", "事权"],
                    [7, "消防救援大队", "部门", 439901, "消防"],
                    [12, "街道调委会", "调委会", None, "噪音扰民；消防"],
                ],
            )
        ],
        MAPPING,
    )
    return database


def cases_file(tmp_path):
    lon, lat = (float(value) for value in wgs84_to_gcj02(WEST + 0.01, SOUTH + 0.01))
    lines = [
        "编号,类别,标题,上报时间,办结时间,时限,经度,纬度,承办,网格,状态",
        f"A1,噪音扰民,夜间施工,2025年5月1日 22:10,,2025-05-20,{lon},{lat},0012,,",
        f"A2,消防,通道堵塞,2025/5/2 8:00:00,2025/5/3 8:00:00,,{lon},{lat},消防救援大队,,",
        "A3,消防,地址不详,2025-05-31T16:30:00+08:00,,,,,,439901,待分流",
        "A4,消防,无坐标,2025-05-31 10:00,,,,,,43990100101,",
    ]
    file = tmp_path / "cases.csv"
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    return file


def test_four_levels_from_one_file(city):
    with city.reading(SYSTEM) as connection:
        found = connection.execute(text("SELECT level, count(*), sum(households) FROM area GROUP BY 1")).all()
        leaf = connection.execute(
            text("SELECT path, name, ST_XMin(geom), ST_YMin(geom), leaf FROM area WHERE code = '43990100101'")
        ).one()
        centres = connection.execute(text("SELECT count(*) FROM organisation WHERE kind = 'centre'")).scalar()
        name = connection.execute(text("SELECT name FROM organisation WHERE code = 'centre-439901'")).scalar()
    assert {row[0]: (row[1], row[2]) for row in found} == {
        "city": (1, 1920),
        "district": (2, 1920),
        "street": (4, 1920),
        "block": (16, 1920),
    }
    assert leaf[:2] == ("4399/439901/439901001/43990100101/", "第01网格")
    assert leaf[2:4] == pytest.approx((WEST, SOUTH), abs=1e-7)
    assert leaf.leaf
    assert (centres, name) == (7, "439901区综治中心")


def test_cases_stand_where_and_how_the_file_says(city, tmp_path):
    report = import_cases(city, [cases_file(tmp_path)], MAPPING, now=NOW, crs="gcj02")
    with city.reading(SYSTEM) as connection:
        rows = {
            row.case_no: row
            for row in connection.execute(
                text(
                    "SELECT c.*, a.code AS area, o.code AS holder FROM cases c JOIN area a ON a.id = c.area_id"
                    " JOIN organisation o ON o.id = c.holder_id"
                )
            )
        }
        summary = summaries.summary(connection, areas.key(connection, "4399"), NOW, SYSTEM)
        district = summaries.summary(connection, areas.key(connection, "439901"), NOW, SYSTEM)
    assert report.imported == 4
    assert [(no, row.kind, row.status, row.area, row.holder) for no, row in sorted(rows.items())] == [
        ("A1", "dispute", "signed", "43990100101", "0012"),
        ("A2", "hazard", "settled", "43990100101", "0007"),
        ("A3", "hazard", "waiting", "439901", "centre-439901"),
        ("A4", "hazard", "waiting", "43990100101", "centre-439901001"),
    ]
    assert (rows["A1"].lon, rows["A1"].lat) == pytest.approx((WEST + 0.01, SOUTH + 0.01), abs=1e-7)
    assert rows["A4"].lon is None
    assert rows["A1"].due_at == datetime(2025, 5, 20, 15, 59, 59, tzinfo=UTC)
    assert rows["A3"].reported_at == datetime(2025, 5, 31, 8, 30, tzinfo=UTC)
    assert [summary[name] for name in ("open", "waiting", "overdue", "to_file", "unlocated")] == [3, 2, 1, 1, 0]
    assert district["unlocated"] == 1


def test_the_same_numbers_do_not_come_twice(city, tmp_path):
    file = cases_file(tmp_path)
    import_cases(city, [file], MAPPING, now=NOW, crs="gcj02")
    again = import_cases(city, [file], MAPPING, now=NOW, crs="gcj02", skip_existing=True)
    assert (again.imported, again.skipped.total()) == (0, 4)


def test_places_lie_in_their_blocks_and_come_once(city, tmp_path):
    lon, lat = (float(value) for value in wgs84_to_gcj02(WEST + 0.15, SOUTH + 0.01))
    file = workbook(tmp_path / "places.xlsx", [["名称", "类别", "经度", "纬度"], ["青水一小", "学校", lon, lat]])
    assert import_places(city, [file], MAPPING, crs="gcj02").imported == 1
    assert import_places(city, [file], MAPPING, crs="gcj02").unchanged == 1
    with city.reading(SYSTEM) as connection:
        row = connection.execute(text("SELECT category, path FROM key_place")).one()
    assert row == ("xue-xiao", "4399/439901/439901001/43990100102/")


def test_the_same_areas_again_are_no_new_boundaries(city, shapefile):
    with city.reading(SYSTEM) as connection:
        before = dict(connection.execute(text("SELECT code, id FROM area")).all())
        versions = connection.execute(text("SELECT code, boundary_version FROM area_level ORDER BY 1")).all()
    report = import_areas(city, [shapefile], MAPPING, crs="gcj02")
    with city.reading(SYSTEM) as connection:
        assert dict(connection.execute(text("SELECT code, id FROM area")).all()) == before
        assert connection.execute(text("SELECT code, boundary_version FROM area_level ORDER BY 1")).all() == versions
    assert (report.imported, report.updated, report.unchanged) == (0, 0, 22)
