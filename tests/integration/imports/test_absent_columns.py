"""A column that a file does not have changes nothing, an empty one empties, and what is the same writes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from imports import ImportRefused, import_areas, import_organisations, import_places
from imports.mapping import make_mapping
from tests.integration.imports.valley import (
    DISPUTES,
    REQUESTS,
    codes,
    dump,
    feature,
    full,
    middle,
    one,
    rows,
    write_map,
    write_table,
)

SAMPLES = Path(__file__).parents[2] / "data" / "import_faults"


@pytest.fixture
def valley(database, tmp_path):
    import_areas(database, [write_map(tmp_path / "valley.geojson", map(full, codes()))], REQUESTS)
    return database


def bodies(tmp_path, *lines, name="bodies.csv"):
    return [write_table(tmp_path / name, *lines)]


def refusals(call, *args, **options):
    with pytest.raises(ImportRefused) as caught:
        call(*args, **options)
    return [(bad.row, bad.field, bad.reason) for bad in caught.value.report.bad]


AREA = "SELECT name, names ->> 'en', names ->> 'zh_CN', short_name, households, level, path FROM area WHERE code = :code"
BODY = (
    "SELECT o.name, o.kind, a.code, o.capacity, o.active, o.post, o.lon, o.lat,"
    " (SELECT string_agg(d.category, ' ' ORDER BY d.category) FROM duty d WHERE d.organisation_id = o.id)"
    " FROM organisation o JOIN area a ON a.id = o.area_id WHERE o.code = :code"
)


def test_samples_of_areas_keep_name_and_households(database):
    import_areas(database, [SAMPLES / "full.geojson"])
    before = one(database, AREA, code="A")
    report = import_areas(database, [SAMPLES / "codeonly.geojson"])
    assert one(database, AREA, code="A") == before
    assert (report.imported, report.updated, report.unchanged) == (0, 1, 0)
    assert dict(report.changed) == {"geometry": 1}


@pytest.mark.parametrize("told", [{}, {"name": "Newer"}, {"name_en": "Newer"}, {"households": 7}, {"short_name": "N"}])
def test_each_column_of_an_area_changes_itself_alone(valley, tmp_path, told):
    before = one(valley, AREA, code="V-E-N")
    report = import_areas(valley, [write_map(tmp_path / "again.geojson", [feature("V-E-N", **told)])], REQUESTS)
    places = {"name": (0, 2), "name_en": (1,), "households": (4,), "short_name": (3,)}
    expected = list(before)
    for column, value in told.items():
        for place in places[column]:
            expected[place] = value
    assert one(valley, AREA, code="V-E-N") == tuple(expected)
    assert dict(report.changed) == dict.fromkeys(told, 1)
    assert (report.updated, report.unchanged) == (len(told), 1 - len(told))


def test_an_empty_cell_empties_and_a_missing_property_does_not(valley, tmp_path):
    emptied = feature("V-E", name=None, name_en=None, short_name=None, households=None)
    silent = feature("V-W")
    report = import_areas(valley, [write_map(tmp_path / "again.geojson", [emptied, silent])], REQUESTS)
    assert one(valley, AREA, code="V-E")[:4] == ("V-E", "V-E", "V-E", "V-E")
    assert one(valley, AREA, code="V-W")[:5] == ("Place V-W", "V-W (en)", "Place V-W", "V-W", 100)
    assert (report.updated, report.unchanged) == (1, 1)


def test_a_constant_of_the_mapping_is_told(valley, tmp_path):
    mapping = make_mapping({"areas": {"fields": {"code": "code", "households": {"value": "55"}}}})
    file = write_map(tmp_path / "again.geojson", [feature("V-E-N-1"), feature("V-E-N-2")])
    assert dict(import_areas(valley, [file], mapping).changed) == {"households": 2}
    assert import_areas(valley, [file], mapping).unchanged == 2


def test_the_same_areas_every_night_write_nothing(valley, tmp_path):
    before = dump(valley, "area", "area_level", "area_shape", "organisation", "deployment")
    for night in range(2):
        report = import_areas(valley, [write_map(tmp_path / f"{night}.geojson", map(full, codes()))], REQUESTS)
        assert (report.imported, report.updated, report.unchanged) == (0, 0, len(codes()))
        assert report.findings == {}
    after = dump(valley, "area", "area_shape", "organisation")
    assert after == {table: before[table] for table in after}


def test_sums_of_households_follow_the_areas_below(database, tmp_path):
    def night(name, households):
        features = [full(code, households=households if code.count("-") == 3 else None) for code in codes()]
        return import_areas(database, [write_map(tmp_path / name, features)], REQUESTS)

    night("first.geojson", 10)
    assert one(database, AREA, code="V")[4] == 160
    assert night("same.geojson", 10).unchanged == len(codes())
    night("more.geojson", 11)
    assert (one(database, AREA, code="V")[4], one(database, AREA, code="V-W-S")[4]) == (176, 44)


def test_samples_of_organisations_keep_what_they_do_not_tell(database):
    mapping = DISPUTES
    import_areas(database, [SAMPLES / "base.geojson"])
    import_organisations(database, [SAMPLES / "orgs.csv"], mapping)
    import_organisations(database, [SAMPLES / "o5.csv"], mapping)
    before = one(database, BODY, code="M1")
    assert before[1:4] == ("mediation", "A", 7)
    report = import_organisations(database, [SAMPLES / "o6.csv"], mapping)
    assert one(database, BODY, code="M1") == ("Mediators renamed", *before[1:])
    assert (report.updated, dict(report.changed)) == (1, {"name": 1})


def test_a_centre_stays_a_centre(database, tmp_path):
    import_areas(database, [SAMPLES / "base.geojson"])
    report = import_organisations(database, [SAMPLES / "o3.csv"])
    assert (report.updated, dict(report.changed)) == (1, {"name": 1})
    assert one(database, BODY, code="centre-R")[:3] == ("My own centre", "centre", "R")
    again = import_areas(database, [SAMPLES / "base.geojson"])
    assert (again.unchanged, again.counts["governance centres made"]) == (7, 0)
    assert one(database, "SELECT count(*) FROM organisation WHERE kind = 'centre' AND path = 'R/'") == (1,)


HEADING = "code,name,kind,area,duties,capacity,active,post,lon,lat"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("centre-V,x,department,,,,,,,", "kind"),
        ("centre-V-W-S,x,centre,V-W,,,,,,", "area"),
        ("centre-V-E,x,centre,V-W,,,,,,", "code"),  # a name that would lie
        ("own,x,centre,V-E,,,,,,", "area"),  # a second one, as own-E has taken the made one's place
        ("team,x,centre,V-E,,,,,,", "kind"),
        ("centre-V-W-N,x,department,V,,,,,,", None),  # both: it is a centre, and of another area
        ("centre-V-W-N-1,x,team,V,,,,,,", "code"),
    ],
)
def test_what_would_break_the_centres_is_refused(valley, tmp_path, line, field):
    import_organisations(valley, bodies(tmp_path, "code,kind,area", "own-E,centre,V-E", "team,team,V-E"), REQUESTS)
    before = dump(valley, "organisation")
    found = refusals(import_organisations, valley, bodies(tmp_path, HEADING, line, name="bad.csv"), REQUESTS)
    assert all(row == 2 for row, *_ in found)
    assert field is None or [name for _, name, _ in found] == [field]
    assert dump(valley, "organisation") == before


def test_each_column_of_a_body_changes_itself_alone(valley, tmp_path):
    line = "M,Mediators,mediation,V-E,noise;dogs,7,yes,Deputy,8.7,46.3"
    import_organisations(valley, bodies(tmp_path, HEADING, line), REQUESTS)
    before = list(one(valley, BODY, code="M"))
    told = {
        "name": ("Arbiters", {0: "Arbiters"}),
        "kind": ("team", {1: "team"}),
        "area": ("V-W", {2: "V-W"}),
        "capacity": ("", {3: 20}),
        "active": ("no", {4: False}),
        "post": ("", {5: ""}),
        "duties": ("", {8: None}),
    }
    for column, (value, changes) in told.items():
        file = bodies(tmp_path, f"code,{column}", f"M,{value}", name=f"{column}.csv")
        report = import_organisations(valley, file, REQUESTS)
        for place, after in changes.items():
            before[place] = after
        assert list(one(valley, BODY, code="M")) == before, column
        assert (report.updated, dict(report.changed)) == (1, {column: 1})
        again = import_organisations(valley, file, REQUESTS)
        assert (again.updated, again.unchanged, dict(again.changed)) == (0, 1, {}), column


def test_a_body_without_a_point_of_its_own_stands_where_its_area_does(valley, tmp_path):
    import_organisations(valley, bodies(tmp_path, "code,area", "T,V-E-N"), REQUESTS)
    import_organisations(valley, bodies(tmp_path, "code,area", "T,V-W-S"), REQUESTS)
    assert one(valley, BODY, code="T")[6:8] == pytest.approx(middle("V-W-S"), abs=0.09)


def test_the_same_bodies_every_night_write_nothing(valley, tmp_path):
    lines = [HEADING, "M,Mediators,mediation,V-E,noise;dogs,7,yes,Deputy,8.7,46.3", "own,Hall,centre,V-W,,,,,,"]
    first = import_organisations(valley, bodies(tmp_path, *lines), REQUESTS)
    assert (first.imported, first.updated) == (1, 1)
    before = dump(valley, "organisation", "duty")
    again = import_organisations(valley, bodies(tmp_path, *lines), REQUESTS)
    assert (again.imported, again.updated, again.unchanged) == (0, 0, 2)
    assert dump(valley, "organisation", "duty") == before


def test_capacity_that_is_assumed_is_told(valley, tmp_path):
    report = import_organisations(valley, bodies(tmp_path, "code,name", "a,A", "b,B"), REQUESTS)
    assert report.notes["capacity not told: 20 cases at a time are assumed"] == 2


PLACE = "SELECT p.name, p.names ->> 'en', p.category, a.code, p.lon, p.lat FROM key_place p JOIN area a ON a.id = p.area_id"


def test_columns_of_places_that_are_absent_stay(valley, tmp_path):
    lon, lat = middle("V-E-S-1")
    heading = "code,name,name_en,category,lon,lat"
    line = f"S1,Scuola,School,school,{lon},{lat}"
    import_places(valley, [write_table(tmp_path / "places.csv", heading, line)])
    before = one(valley, PLACE)
    assert before[3] == "V-E-S-1"
    report = import_places(valley, [write_table(tmp_path / "names.csv", "code,name", "S1,Scuola media")])
    assert one(valley, PLACE) == ("Scuola media", *before[1:])
    assert dict(report.changed) == {"name": 1}
    west, south = middle("V-W-N-4")
    report = import_places(valley, [write_table(tmp_path / "moved.csv", "code,lon,lat", f"S1,{west},{south}")])
    assert one(valley, PLACE)[2:] == ("school", "V-W-N-4", west, south)
    assert dict(report.changed) == {"lon": 1, "lat": 1}
    again = dump(valley, "key_place")
    assert import_places(valley, [tmp_path / "moved.csv"]).unchanged == 1
    assert dump(valley, "key_place") == again


def test_a_new_place_needs_all_and_a_known_one_cannot_lose_its_point(valley, tmp_path):
    lon, lat = middle("V-E-S-1")
    import_places(valley, [write_table(tmp_path / "p.csv", "code,name,category,lon,lat", f"S1,Scuola,school,{lon},{lat}")])
    found = refusals(import_places, valley, [write_table(tmp_path / "q.csv", "code,lon,lat", "S1,,", "S2,,")])
    assert sorted(found) == [
        (2, "lon", "is empty: a place needs a point"),
        (3, "category", "is missing"),
        (3, "lon", "is empty: a place needs a point"),
        (3, "name", "is missing"),
    ]


def test_a_body_that_becomes_inactive_with_cases_is_told(valley, tmp_path):
    from imports import import_cases
    from tests.world import NOW

    import_organisations(valley, bodies(tmp_path, "code,duties,area", "T,noise,V-E"), REQUESTS)
    lon, lat = middle("V-E-N-1")
    lines = [f"c{n},noise,2026-03-01 08:00,{lon},{lat},T" for n in range(3)]
    heading = "case_no,category,reported_at,lon,lat,organisation"
    import_cases(valley, [write_table(tmp_path / "cases.csv", heading, *lines)], REQUESTS, now=NOW)
    report = import_organisations(valley, bodies(tmp_path, "code,active", "T,no", name="off.csv"), REQUESTS)
    assert report.findings["inactive_with_cases"] == [{"organisation": "T", "name": "T", "open": 3}]
    report = import_organisations(valley, bodies(tmp_path, "code,area", "T,V-W", name="moved.csv"), REQUESTS)
    assert report.findings["organisation_moved"] == [{"organisation": "T", "area": "V-W", "open": 3}]
    assert rows(valley, "SELECT DISTINCT holder_path FROM cases") == [("V/V-W/",)]


def test_samples_stand_where_they_are_said_to_stand():
    told = json.loads((SAMPLES / "codeonly.geojson").read_text("utf-8"))
    assert [sorted(one["properties"]) for one in told["features"]] == [["code"]]
