"""What messy files do: each bad row is named with its field and reason, and nothing comes in half."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import geopandas
import pytest
from shapely import box
from shapely.geometry import mapping as geojson_of
from sqlalchemy import text

from data.database import SYSTEM
from imports import ImportRefused, InputError, import_areas, import_cases, import_organisations, import_places
from imports.mapping import make_mapping

NOW = datetime(2025, 6, 1, tzinfo=UTC)
REQUESTS = make_mapping({"categories": {"auto": "true", "kind": "request"}, "deployment": {"timezone": "Europe/Rome"}})


def features(path, *rows, crs=None):
    """A GeoJSON file of (properties, geometry)."""
    found = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": values,
                "geometry": geojson_of(shape) if hasattr(shape, "geom_type") else shape,
            }
            for values, shape in rows
        ],
    }
    if crs:
        found["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    return path


def area(code, parent, west, south, east, north, **values):
    return {"code": code, "name": f"Area {code}", "parent_code": parent, **values}, box(west, south, east, north)


CITY = area("R", None, 10, 40, 12, 42), area("R1", "R", 10, 40, 11, 42), area("R2", "R", 11, 40, 12, 42)


@pytest.fixture
def city(database, tmp_path):
    import_areas(database, [features(tmp_path / "city.geojson", *CITY)], REQUESTS)
    return database


def count(database, table):
    with database.reading(SYSTEM) as connection:
        return connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()


def refused(call, *args, **options):
    with pytest.raises(ImportRefused) as caught:
        call(*args, **options)
    return [(bad.row, bad.field, bad.reason) for bad in caught.value.report.bad]


def cases_file(path, *rows, heading="case_no,category,reported_at,closed_at,lon,lat,area"):
    path.write_text("\n".join([heading, *rows]), "utf-8")
    return path


def test_our_own_column_names_need_no_mapping(city):
    with city.reading(SYSTEM) as connection:
        rows = connection.execute(text("SELECT code, path, level, leaf FROM area ORDER BY code")).all()
        levels = connection.execute(text("SELECT code, has_centre FROM area_level ORDER BY depth")).all()
    assert [tuple(row) for row in rows] == [
        ("R", "R/", "level-1", False),
        ("R1", "R/R1/", "level-2", True),
        ("R2", "R/R2/", "level-2", True),
    ]
    assert [tuple(row) for row in levels] == [("level-1", True), ("level-2", False)]


def test_a_deeper_level_can_follow_later(city, tmp_path):
    rows = [area("R1A", "R1", 10, 40, 11, 41), area("R1B", None, 10, 41, 11, 42)]
    report = import_areas(city, [features(tmp_path / "more.geojson", *rows)])
    with city.reading(SYSTEM) as connection:
        found = connection.execute(text("SELECT path, leaf FROM area WHERE depth = 2 ORDER BY path")).all()
        r1 = connection.execute(text("SELECT leaf FROM area WHERE code = 'R1'")).scalar()
    assert report.imported == 2
    assert [tuple(row) for row in found] == [("R/R1/R1A/", True), ("R/R1/R1B/", True)]
    assert r1 is False
    assert count(city, "organisation WHERE kind = 'centre'") == 3


def test_parents_by_name_or_place_where_codes_only_look_alike(database, tmp_path):
    mapping = make_mapping(
        {
            "levels": [
                {"code": "town", "names": "Town"},
                {"code": "ward", "names": {"en": "Ward", "zh_CN": "区"}},
                {"code": "block"},
            ]
        }
    )
    rows = [
        area("9", None, 10, 40, 12, 42, level="town"),
        area("1", None, 10, 40, 11, 42, level="区"),
        area("12", None, 11, 40, 12, 42, level="Ward"),
        area("121", None, 10, 40, 11, 41, level="block"),
        area("122", None, 11, 40, 12, 41, level="block"),
        area("x", "Area 12", 11, 41, 12, 42, level="block"),
    ]
    import_areas(database, [features(tmp_path / "areas.geojson", *rows)], mapping)
    with database.reading(SYSTEM) as connection:
        paths = connection.execute(text("SELECT path FROM area ORDER BY path")).scalars().all()
    assert paths == ["9/", "9/1/", "9/1/121/", "9/12/", "9/12/122/", "9/12/x/"]


def test_bad_areas_are_named_and_nothing_comes_in(database, tmp_path):
    bow_tie = {"type": "Polygon", "coordinates": [[[10, 40, 5], [11, 41, 5], [11, 40, 5], [10, 41, 5], [10, 40, 5]]]}
    file = features(
        tmp_path / "areas.geojson",
        *CITY,
        area("R1", "R", 10, 40, 11, 41),
        area("R 3", "R", 10, 40, 11, 41),
        area("R4", "X", 10, 40, 11, 41),
        ({"code": "R5", "parent_code": "R"}, bow_tie),
        ({"code": "R6", "parent_code": "R"}, None),
        area("R7", "R", 40, 10, 42, 11),
        area("", "R", 10, 40, 11, 41),
        area("R8", "R", 60, 40, 61, 41),
    )
    bad = refused(import_areas, database, [file])
    assert {(row, field) for row, field, _ in bad} == {
        (4, "code"),
        (5, "code"),
        (6, "parent"),
        (7, "geometry"),
        (8, "geometry"),
        (9, "geometry"),
        (10, "code"),
        (11, "geometry"),
    }
    reasons = {row: reason for row, _, reason in bad}
    assert "row 2 of areas.geojson already" in reasons[4]
    assert "swapped" in reasons[9]
    assert "--crs" in reasons[11]
    assert count(database, "area") == count(database, "area_level") == 0
    assert count(database, "deployment WHERE key NOT LIKE '%_revision'") == 1, "its identity, as in every database"
    report = import_areas(database, [file], skip_bad=True)
    assert (report.imported, report.bad_n, report.read) == (3, 8, 11)
    assert count(database, "area") == 3


def test_other_coordinate_systems_multipolygons_and_height(database, tmp_path):
    frame = geopandas.GeoDataFrame(
        {"code": ["R", "R1", "R2"], "parent": [None, "R", "R"]},
        geometry=[box(10, 40, 12, 42), box(10, 40, 11, 42).union(box(11.5, 40, 11.6, 40.1)), box(11, 40, 12, 42)],
        crs=4326,
    )
    frame.geometry = frame.geometry.force_3d(7.0)
    frame.to_crs(32632).to_file(tmp_path / "areas.gpkg", layer="areas")
    import_areas(database, [tmp_path / "areas.gpkg"])
    with database.reading(SYSTEM) as connection:
        row = connection.execute(
            text(
                "SELECT ST_XMin(geom), ST_YMax(geom), ST_NDims(geom), ST_NumGeometries(geom), bbox FROM area WHERE code = 'R1'"
            )
        ).one()
    assert row[:2] == pytest.approx((10, 42), abs=1e-6)
    assert row[2:4] == (2, 2)


def test_metres_without_a_system_and_exchanged_degrees_are_told(database, tmp_path):
    with pytest.raises(InputError, match="--crs EPSG"):
        import_areas(
            database, [features(tmp_path / "a.geojson", area("R", None, 500_000, 4_000_000, 500_100, 4_000_100))]
        )
    with pytest.raises(InputError, match="swapped"):
        import_areas(database, [features(tmp_path / "b.geojson", area("R", None, 22, 100, 23, 101))])


def test_files_that_cannot_be_read_say_so_in_one_line(database, tmp_path):
    broken = tmp_path / "broken.geojson"
    broken.write_text('{"type": "FeatureCollection", "features": [{')
    for path in (broken, tmp_path / "missing.geojson", tmp_path):
        with pytest.raises(InputError) as caught:
            import_areas(database, [path])
        assert "\n" not in str(caught.value)


def test_two_roots_need_one_above_them(database, tmp_path):
    rows = [area("A", None, 10, 40, 11, 41), area("B", None, 11, 40, 12, 41)]
    file = features(tmp_path / "areas.geojson", *rows)
    assert refused(import_areas, database, [file])[0][:2] == (2, "parent")
    mapping = make_mapping(
        {
            "deployment": {"root": {"code": "T", "name": "Town"}},
            "levels": [{"code": "town"}, {"code": "ward"}],
            "areas": {"level": "ward"},
        }
    )
    import_areas(database, [file], mapping)
    with database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT bbox FROM area WHERE code = 'T'")).scalar() == [10, 40, 12, 41]


def test_bad_cases_are_named_and_nothing_comes_in(city, tmp_path):
    file = cases_file(
        tmp_path / "cases.csv",
        "1,Noise,2025-05-01 10:00,,10.5,41,",
        "2,Noise,,,10.5,41,",
        "1,Noise,2025-05-01 10:00,,10.5,41,",
        "3,Noise,2025-05-02 10:00,2025-05-01 10:00,10.5,41,",
        "4,Noise,2025-05-02 10:00,,41,10.5,",
        "5,Noise,2025-05-02 10:00,,ten,41,",
        "6,Noise,2025-05-02 10:00,,,,R9",
        ",,,,,,",
        "7,,2025-05-02 10:00,,10.5,41,R1",
        "8,Noise,31/31/2025,,10.5,41,R1",
        "9/1,Noise,2025-05-02 10:00,,10.5,41,R1",
        "10,Noise,2025-05-02 10:00,,10.5,,R1",
        "11,Noise,2025-07-02 10:00,,10.5,41,R1",
        "12,Noise,2025-05-02 10:00,,10.5,41,R1,surplus",
    )
    bad = refused(import_cases, city, [file], REQUESTS, now=NOW)
    assert sorted((row, field) for row, field, _ in bad) == [
        (3, "reported_at"),
        (4, "case_no"),
        (5, "closed_at"),
        (6, "lon"),
        (7, "lon"),
        (8, "area"),
        (10, "category"),
        (11, "reported_at"),
        (12, "case_no"),
        (13, "lat"),
        (15, "row"),
    ]
    assert count(city, "cases") == count(city, "category") == 0
    report = import_cases(city, [file], REQUESTS, now=NOW, skip_bad=True)
    assert (report.imported, report.bad_n, report.skipped["reported after now"], report.read) == (1, 11, 1, 13)
    assert count(city, "cases") == 1


def test_unknown_words_get_a_hint(city, tmp_path):
    mapping = make_mapping({"categories": [{"code": "noise", "kind": "dispute"}]})
    file = cases_file(tmp_path / "a.csv", "1,nois,2025-05-01,,,,")
    assert "did you mean 'noise'" in refused(import_cases, city, [file], mapping, now=NOW)[0][2]
    file = cases_file(tmp_path / "b.csv", "1,Noise,2025-05-01", heading="case_no,category,reported")
    with pytest.raises(InputError, match="no column 'reported_at'"):
        import_cases(city, [file], mapping, now=NOW)
    mapping = make_mapping({"cases": {"fields": {"reported_at": "opend"}}})
    file = cases_file(tmp_path / "c.csv", "1,Noise,2025-05-01", heading="case_no,category,opened")
    with pytest.raises(InputError, match="did you mean 'opened'"):
        import_cases(city, [file], mapping, now=NOW)


def test_a_number_that_is_there_is_never_written_over(city, tmp_path):
    file = cases_file(tmp_path / "cases.csv", "1,Noise,2025-05-01 10:00,,10.5,41,")
    import_cases(city, [file], REQUESTS, now=NOW)
    assert "--skip-existing" in refused(import_cases, city, [file], REQUESTS, now=NOW)[0][2]
    assert count(city, "case_event") == 3


def test_rows_without_numbers_get_them_and_come_only_once(city, tmp_path):
    file = cases_file(
        tmp_path / "cases.csv",
        "Noise,2025-05-01 23:30,R1",
        "Noise,2025-05-01 09:00,R1",
        heading="category,reported_at,area",
    )
    import_cases(city, [file], REQUESTS, now=NOW)
    with city.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT case_no FROM cases ORDER BY reported_at")).scalars().all() == [
            "20250501-R1-00001",
            "20250501-R1-00002",
        ]
    with pytest.raises(InputError, match="already"):
        import_cases(city, [file], REQUESTS, now=NOW)


def test_points_outside_every_area_are_kept_unlocated(city, tmp_path):
    file = cases_file(
        tmp_path / "cases.csv",
        "1,Noise,2025-05-01 10:00,,20,41,",
        "2,Noise,2025-05-01 10:00,,20,41,R1",
        "3,Noise,2025-05-01 10:00,,10.5,41,R2",
        "4,Noise,2025-03-30 02:30,,11.5,41,",
    )
    report = import_cases(city, [file], REQUESTS, now=NOW)
    with city.reading(SYSTEM) as connection:
        rows = connection.execute(
            text("SELECT c.case_no, a.code, c.lon FROM cases c JOIN area a ON a.id = c.area_id ORDER BY 1")
        ).all()
        gap = connection.execute(text("SELECT reported_at FROM cases WHERE case_no = '4'")).scalar()
    assert [tuple(row) for row in rows] == [("1", "R", None), ("2", "R1", None), ("3", "R1", 10.5), ("4", "R2", 11.5)]
    assert report.counts["unlocated"] == 1
    assert gap == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)
    assert report.notes["points outside the area stated; the point decides"] == 1


def test_organisations_and_places(city, tmp_path):
    file = tmp_path / "bodies.csv"
    file.write_text(
        "code,name,kind,area,duties,active\nA,Works,department,R1,Roads;Lights,\nB,Crew,crew,R1,,\nC,Care,team,R9,,\nA,Again,,,,\n"
        "D,Centre of one,centre,R,,yes\nE,x,,,,maybe\n",
        "utf-8",
    )
    bad = refused(import_organisations, city, [file], REQUESTS)
    assert [(row, field) for row, field, _ in bad] == [(3, "kind"), (4, "area"), (5, "code"), (7, "active")]
    report = import_organisations(city, [file], REQUESTS, skip_bad=True)
    assert (report.imported, report.updated, report.counts["duties"]) == (1, 1, 2)
    assert count(city, "organisation WHERE kind = 'centre' AND code = 'D'") == 1
    assert count(city, "organisation WHERE kind = 'centre'") == 1
    places = tmp_path / "places.csv"
    places.write_text(
        "name,category,lon,lat\nSchool,School,10.5,41\nShop,Shop,41,10.5\nFar,Shop,60,1\nNo,Shop,,\n", "utf-8"
    )
    bad = refused(import_places, city, [places])
    assert [(row, field) for row, field, _ in bad] == [(3, "lon"), (4, "lon"), (5, "lon")]
    assert "swapped" in bad[0][2]
    assert count(city, "key_place") == count(city, "place_category") == 0
    assert import_places(city, [places], skip_bad=True).imported == 1


def test_without_areas_nothing_else_comes_in(database, tmp_path):
    file = cases_file(tmp_path / "cases.csv", "1,Noise,2025-05-01 10:00,,10.5,41,")
    with pytest.raises(InputError, match="import areas first"):
        import_cases(database, [file], REQUESTS, now=NOW)


def test_places_from_a_map_file(city, tmp_path):
    site = box(10.4, 40.4, 10.6, 40.6)
    file = features(
        tmp_path / "places.geojson",
        ({"code": "p1", "name": "Square", "category": "Market"}, site),
        ({"code": "p2", "name": "Stop", "category": "Station"}, {"type": "Point", "coordinates": [11.5, 41, 30]}),
        ({"code": "p3", "name": "Lost", "category": "Station"}, None),
    )
    assert [(row, field) for row, field, _ in refused(import_places, city, [file])] == [(3, "geometry")]
    assert import_places(city, [file], skip_bad=True).imported == 2
    with city.reading(SYSTEM) as connection:
        rows = connection.execute(text("SELECT code, path, lon FROM key_place ORDER BY code")).all()
    assert [tuple(row[:2]) for row in rows] == [("p1", "R/R1/"), ("p2", "R/R2/")]
    assert 10.4 < rows[0].lon < 10.6
