"""New boundaries: a known code keeps its place, versions follow outlines alone, and nothing is moved in silence."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
import shapely
from shapely import box

from data.audit import trace
from data.commands.tiers import recompute_tiers
from data.database import SYSTEM
from data.queries import areas as area_queries
from data.queries import cases as case_queries
from data.queries import summaries
from imports import ImportRefused, import_areas, import_cases, import_organisations, import_places
from tests.integration.imports.valley import (
    DISPUTES,
    bounds,
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
from tests.world import NOW

SAMPLES = Path(__file__).parents[2] / "data" / "import_faults"
VERSIONS = "SELECT code, boundary_version FROM area_level ORDER BY depth"


@pytest.fixture
def valley(database, tmp_path):
    import_areas(database, [write_map(tmp_path / "valley.geojson", map(full, codes()))], DISPUTES)
    import_organisations(
        database, [write_table(tmp_path / "bodies.csv", "code,duties,area", "T,noise,V", "U,noise,V-E")], DISPUTES
    )
    return database


def again(database, tmp_path, *features, name="again.geojson", **options):
    return import_areas(database, [write_map(tmp_path / name, features)], DISPUTES, now=NOW, **options)


def refusals(call, *args, **options):
    with pytest.raises(ImportRefused) as caught:
        call(*args, **options)
    return [(bad.row, bad.field, bad.reason) for bad in caught.value.report.bad]


def report_cases(database, tmp_path, *lines, heading="case_no,category,reported_at,closed_at,lon,lat,area,organisation"):
    file = write_table(tmp_path / f"{abs(hash(lines))}.csv", heading, *lines)
    return import_cases(database, [file], DISPUTES, now=NOW)


def twelve_cases(database, tmp_path):
    """In the first hamlet of the east: four open in its west, four open in its east, two closed in each."""
    west, south, east, north = bounds("V-E-N-1")
    lines = []
    for n in range(12):
        lon = west + (east - west) * (0.8 if n % 2 else 0.2)
        closed = "2026-03-05 08:00" if n >= 8 else ""
        lines.append(f"c{n:02d},noise,2026-03-01 08:00,{closed},{lon},{(south + north) / 2},,T")
    report_cases(database, tmp_path, *lines)


def kinds(report):
    return {kind: len(found) for kind, found in report.findings.items()}


# --- a known code keeps its place


def test_sample_of_a_second_level_area_alone(database):
    import_areas(database, [SAMPLES / "base.geojson"])
    report = import_areas(database, [SAMPLES / "A_noparent.geojson"])
    assert rows(database, "SELECT code, path FROM area WHERE depth < 2 ORDER BY path") == [
        ("R", "R/"), ("A", "R/A/"), ("B", "R/B/"),
    ]  # fmt: skip
    assert one(database, "SELECT value #>> '{}' FROM deployment WHERE key = 'root'") == ("R",)
    assert (report.updated, dict(report.changed)) == (1, {"geometry": 1})


@pytest.mark.parametrize("code", codes())
def test_any_area_alone_keeps_its_place(valley, tmp_path, code):
    before = rows(valley, "SELECT id, code, path, level, depth, leaf FROM area ORDER BY id")
    again(valley, tmp_path, feature(code, name="New"))
    assert rows(valley, "SELECT id, code, path, level, depth, leaf FROM area ORDER BY id") == before


def test_another_parent_is_refused_and_so_is_a_second_root(valley, tmp_path):
    before = dump(valley, "area", "area_level", "organisation")
    call = lambda *features: refusals(again, valley, tmp_path, *features)  # noqa: E731
    assert call(full("V-E-N", parent="V-W")) == [
        (1, "parent", "'V-E-N' hangs below 'V-E' in the database; a parent cannot change")
    ]
    assert [field for _, field, _ in call(full("V-E-N", parent="V"))] == ["parent"]
    assert [field for _, field, _ in call(full("V", parent="V-E"))] == ["parent"]
    assert [field for _, field, _ in call(feature("W", shape=box(8, 46, 9, 47)))] == ["parent"]
    assert [field for _, field, _ in call(feature("W", shape=box(8, 46, 9, 47), parent="X"))] == ["parent"]
    assert dump(valley, "area", "area_level", "organisation") == before


def test_a_parent_by_name_is_the_same_parent(valley, tmp_path):
    assert again(valley, tmp_path, full("V-E-N", parent="Place V-E")).unchanged == 1


# --- versions


def test_names_and_households_raise_no_version(valley, tmp_path):
    before = rows(valley, VERSIONS)
    shapes = dump(valley, "area_shape")
    again(valley, tmp_path, full("V-E-N", name="Other", households=3))
    assert rows(valley, VERSIONS) == before
    assert dump(valley, "area_shape") == shapes
    assert one(valley, "SELECT value #>> '{}' FROM deployment WHERE key = 'areas_revision'") == ("2",)


def test_an_outline_raises_its_own_level_alone(valley, tmp_path):
    before = dict(rows(valley, VERSIONS))
    west, south, east, north = bounds("V-E-N-1")
    again(valley, tmp_path, full("V-E-N-1", shape=box(west, south, east - 0.02, north)))
    after = dict(rows(valley, VERSIONS))
    assert after == before | {"level-4": before["level-4"] + 1}


def test_the_same_outline_written_otherwise_raises_nothing(valley, tmp_path):
    """Another starting corner, the other way round, one part of a multipolygon, a rounding of the last digits."""
    before = rows(valley, VERSIONS)
    ring = list(box(*bounds("V-E-N-1")).exterior.coords)[:-1]
    turned = shapely.Polygon([*ring[2:], *ring[:2]][::-1])
    rounded = shapely.transform(turned, lambda xy: xy + 1e-10)
    for shape in (turned, shapely.MultiPolygon([turned]), rounded):
        assert again(valley, tmp_path, full("V-E-N-1", shape=shape)).unchanged == 1
    assert rows(valley, VERSIONS) == before


def test_a_new_area_raises_its_level(valley, tmp_path):
    before = dict(rows(valley, VERSIONS))
    west, _, east, north = bounds("V-E-N-1")
    again(valley, tmp_path, feature("V-E-N-9", shape=box(west, north - 0.01, east, north), parent="V-E-N", name="Nine"))
    assert dict(rows(valley, VERSIONS)) == before | {"level-4": before["level-4"] + 1}


def test_other_names_of_levels_are_told_to_open_pages(database, tmp_path):
    from data.queries import areas
    from imports.mapping import make_mapping

    def load(name):
        mapping = make_mapping({"levels": [{"code": "valley", "names": {"en": name}}, {"code": "county"}]})
        features = [full(code, level="county" if "-" in code else "valley") for code in ("V", "V-W", "V-E")]
        report = import_areas(database, [write_map(tmp_path / "v.geojson", features)], mapping)
        with database.reading(SYSTEM) as connection:
            return report, areas.boundaries(connection)

    (_, first), (_, same), (report, other) = load("Valley"), load("Valley"), load("Vale")
    assert first == same
    assert report.unchanged == 3
    assert (other["revision"], other["levels"]) == (first["revision"] + 1, first["levels"])


def test_centres_that_were_made_follow_the_names_of_their_areas(valley, tmp_path):
    names = "SELECT name, names ->> 'en' FROM organisation WHERE code = :code"
    table = write_table(tmp_path / "own.csv", "code,name", "centre-V-W,Our house")
    import_organisations(valley, [table], DISPUTES)
    report = again(valley, tmp_path, full("V-E", name="East", name_en="East"), full("V-W", name="West", name_en="West"))
    assert report.counts["governance centres renamed"] == 1
    assert one(valley, names, code="centre-V-E") == ("East governance centre", "East governance centre")
    assert one(valley, names, code="centre-V-W")[0] == "Our house"


# --- what lies where


def split(side):
    west, south, east, north = bounds("V-E-N-1")
    middle_lon = (west + east) / 2
    extent = (west, south, middle_lon, north) if side == "a" else (middle_lon, south, east, north)
    return feature(f"V-E-N-1{side}", shape=box(*extent), parent="V-E-N-1", name=f"Half {side}")


def test_an_area_that_is_split_is_told_with_its_cases(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    report = again(valley, tmp_path, split("a"), split("b"))
    (found,) = report.findings["split"]
    assert found == {"area": "V-E-N-1", "into": ["V-E-N-1a", "V-E-N-1b"], "n": 12, "unclosed": 8}
    assert report.findings["cases_outside"] == [
        {"area": "V-E-N-1", "lies_in": "V-E-N-1a", "n": 6, "unclosed": 4, "moved": 0},
        {"area": "V-E-N-1", "lies_in": "V-E-N-1b", "n": 6, "unclosed": 4, "moved": 0},
    ]
    assert report.counts["cases outside the area that counts them"] == 12
    assert rows(valley, "SELECT DISTINCT path, version FROM cases WHERE closed_at IS NULL") == [("V/V-E/V-E-N/V-E-N-1/", 5)]


def test_open_cases_are_moved_by_a_step_of_their_trace(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    holders = rows(valley, "SELECT case_no, holder_id, centre_id, status, due_at FROM cases ORDER BY 1")
    report = again(valley, tmp_path, split("a"), split("b"), move_cases=True)
    assert [found["moved"] for found in report.findings["cases_outside"]] == [4, 4]
    found = rows(
        valley,
        "SELECT a.code, c.closed_at IS NULL, count(*) FROM cases c JOIN area a ON a.id = c.area_id AND a.path = c.path"
        " GROUP BY 1, 2 ORDER BY 1, 2",
    )
    assert found == [("V-E-N-1", False, 4), ("V-E-N-1a", True, 4), ("V-E-N-1b", True, 4)]
    assert rows(valley, "SELECT case_no, holder_id, centre_id, status, due_at FROM cases ORDER BY 1") == holders
    with valley.reading(SYSTEM) as connection:
        events = case_queries.events(connection, "c00")
        codes = ("V", "V-E-N-1", "V-E-N-1a", "V-E-N-1b")
        keys = [area_queries.key(connection, code) for code in codes]
        opened = {key.code: summaries.summary(connection, key, NOW, SYSTEM)["open"] for key in keys}
    with valley.owning() as connection:
        assert [fault for fault in trace.verify(connection) if not isinstance(fault, int)] == []
    last = events[-1]
    assert (last["act"], last["by"]["role"], last["from_status"]) == ("relocate", "system", last["to_status"])
    assert last["details"] == {"from_area": "V-E-N-1", "to_area": "V-E-N-1a"}
    assert opened == {"V": 8, "V-E-N-1": 8, "V-E-N-1a": 4, "V-E-N-1b": 4}
    third = again(valley, tmp_path, split("a"), split("b"), move_cases=True)
    assert [(one["n"], one["unclosed"], one["moved"]) for one in third.findings["cases_outside"]] == [(2, 0, 0), (2, 0, 0)]


def test_cases_can_be_moved_later_without_any_change(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    again(valley, tmp_path, split("a"), split("b"))
    report = again(valley, tmp_path, split("a"), split("b"), move_cases=True)
    assert (report.unchanged, report.counts["  of these moved to where they lie"]) == (2, 8)


def test_a_moved_case_is_seen_whole_where_it_lies_now(valley, tmp_path):
    """Across counties: whoever leads there sees all of its trace, whoever led before sees the case no more."""
    from data import accounts
    from rules.access import Role
    from rules.errors import Problem

    viewers = {}
    with valley.owning() as connection:
        for name, area in (("west", "V-W"), ("east", "V-E")):
            accounts.add_user(connection, username=name, password="correct horse", role=Role.leader, area=area, now=NOW)
    for name in ("west", "east"):
        viewers[name] = accounts.log_in(valley, name, "correct horse", NOW).viewer
    lon, lat = middle("V-W-N-2")
    report_cases(valley, tmp_path, f"w1,noise,2026-03-01 08:00,,{lon},{lat},,T")
    assert one(valley, "SELECT path FROM cases") == ("V/V-W/V-W-N/V-W-N-2/",)
    west, south, east, north = bounds("V-E-N-1")
    grown = box(west - 0.15, south, east, north)
    shrunk = box(*bounds("V-W-N-2")).difference(grown)
    again(valley, tmp_path, full("V-E-N-1", shape=grown), full("V-W-N-2", shape=shrunk), move_cases=True)
    assert one(valley, "SELECT path FROM cases") == ("V/V-E/V-E-N/V-E-N-1/",)
    with valley.reading(viewers["east"]) as connection:
        assert case_queries.events(connection, "w1")[0]["act"] == "report"
        assert case_queries.events(connection, "w1")[-1]["act"] == "relocate"
    with valley.reading(viewers["west"]) as connection, pytest.raises(Problem):
        case_queries.find(connection, "w1", viewer=viewers["west"], now=NOW)


def test_cases_on_the_border_and_those_without_a_place_are_not_outside(valley, tmp_path):
    _, south, east, north = bounds("V-E-N-1")
    report_cases(
        valley,
        tmp_path,
        f"b1,noise,2026-03-01 08:00,,{east},{(south + north) / 2},,T",
        "b2,noise,2026-03-01 08:00,,,,V-E-N-1,T",
    )
    report = again(valley, tmp_path, full("V-E-N-4", households=5, shape=box(*bounds("V-E-N-4"))), move_cases=True)
    assert report.findings == {}


def test_cases_that_no_area_covers_stay_and_are_told(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    west, south, east, north = bounds("V-E-N-1")
    report = again(valley, tmp_path, full("V-E-N-1", shape=box(west, south, (west + east) / 2, north)), move_cases=True)
    assert report.findings["cases_outside"] == [{"area": "V-E-N-1", "lies_in": "V-E-N", "n": 6, "unclosed": 4, "moved": 0}]
    assert report.findings["gaps"][0]["area"] == "V-E-N"
    assert report.findings["moved"] == [{"area": "V-E-N-1", "share": 0.5, "km2": pytest.approx(85.7, abs=1)}]


def test_places_follow_and_tiers_are_computed_anew(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    lon, lat = bounds("V-E-N-1")[0] + 0.11, middle("V-E-N-1")[1]
    import_places(valley, [write_table(tmp_path / "p.csv", "name,category,lon,lat", f"Scuola,school,{lon},{lat}")])
    with valley.owning() as connection:
        recompute_tiers(connection, now=NOW)
    report = again(valley, tmp_path, split("a"), split("b"))
    assert report.counts["key places now in another area"] == 1
    assert one(valley, "SELECT path FROM key_place") == ("V/V-E/V-E-N/V-E-N-1/V-E-N-1b/",)
    leaves = "SELECT count(*) FROM tier t JOIN area a ON a.id = t.area_id WHERE a.leaf"
    assert one(valley, leaves) == (17,)
    assert one(valley, "SELECT count(*) FROM tier") == (17,)


def test_households_alone_change_tiers_and_the_report_says_how_many(valley, tmp_path):
    twelve_cases(valley, tmp_path)
    before = dict(rows(valley, "SELECT a.code, t.tier FROM tier t JOIN area a ON a.id = t.area_id"))
    assert before["V-E-N-1"] == "key"
    report = again(valley, tmp_path, full("V-E-N-1", households=1_000_000))
    after = dict(rows(valley, "SELECT a.code, t.tier FROM tier t JOIN area a ON a.id = t.area_id"))
    changed = sum(before[code] != after[code] for code in before)
    assert changed > 0
    assert report.counts["tiers that changed"] == changed


# --- what does not fit


def test_sample_that_lies_half_outside(database):
    report = import_areas(database, [SAMPLES / "g09b_partly.geojson"])
    assert report.findings["outside"] == [{"area": "A", "parent": "R", "share": 0.5, "km2": pytest.approx(5700, rel=0.01)}]
    (found,) = report.findings["overlapping"]
    assert (found["areas"], found["share"]) == (["A", "B"], pytest.approx(0.1667, abs=1e-3))
    told = json.loads(report.geojson())
    assert sorted(one["properties"]["kind"] for one in told["features"]) == ["outside", "overlapping"]
    assert all(shapely.geometry.shape(one["geometry"]).area > 0 for one in told["features"])


def test_what_fits_has_no_findings_and_slivers_are_none(database, tmp_path):
    shaken = []
    for n, code in enumerate(codes()):
        west, south, east, north = bounds(code)
        by = 2e-5 * (1 if n % 2 else -1)  # two metres
        shaken.append(full(code, shape=box(west + by, south - by, east - by, north + by)))
    report = import_areas(database, [write_map(tmp_path / "shaken.geojson", shaken)], DISPUTES)
    assert kinds(report) == {}


@pytest.mark.parametrize("by", [0.001, 0.02, 0.09])
def test_every_kind_of_misfit_is_told_once(valley, tmp_path, by):
    west, south, east, north = bounds("V-E-N-4")
    report = again(valley, tmp_path, full("V-E-N-4", shape=box(west - by, south, east, north + by)))
    assert kinds(report) == {"moved": 1, "overlapping": 1, "outside": 1}
    report = again(valley, tmp_path, full("V-E-N-4", shape=box(west + by, south, east, north)))
    assert kinds(report) == {"moved": 1, "gaps": 1}
    assert kinds(again(valley, tmp_path, full("V-E-N-4", shape=box(west + by, south, east, north)))) == {"gaps": 1}
    assert kinds(again(valley, tmp_path, full("V-E-N-4"))) == {"moved": 1}


def test_the_file_of_findings_is_there_after_an_import_and_only_then(valley, tmp_path):
    from imports import InputError

    west, south, east, north = bounds("V-E-N-4")
    grown = full("V-E-N-4", shape=box(west - 0.02, south, east, north))
    found = tmp_path / "found.geojson"
    with pytest.raises(ImportRefused):
        again(valley, tmp_path, grown, feature("bad", parent="nobody", shape=box(8, 46, 8.1, 46.1)), findings=found)
    before = dump(valley, "area")
    for place in (tmp_path, tmp_path / "nowhere" / "found.geojson"):
        with pytest.raises(InputError, match="--findings"):
            again(valley, tmp_path, grown, findings=place)
    assert dump(valley, "area") == before
    again(valley, tmp_path, grown, findings=found)
    told = json.loads(found.read_text("utf-8"))
    assert sorted(one["properties"]["kind"] for one in told["features"]) == ["moved", "overlapping"]
    assert found.stat().st_mode & 0o077 == 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


# --- all that a row is refused for


def test_a_row_of_areas_tells_all_its_faults_at_once(valley, tmp_path):
    bad = full("V-E-N-4", parent="V-W", households="many", shape=shapely.Point(8, 46), level="level-2")
    nameless = full("V-W-N-1", households=-3, parent="nobody")
    nameless["properties"]["code"] = ""
    found = refusals(again, valley, tmp_path, bad, nameless)
    assert sorted((row, field) for row, field, _ in found) == [
        (1, "geometry"), (1, "households"), (1, "level"), (1, "parent"), (2, "code"), (2, "households"), (2, "parent"),
    ]  # fmt: skip
    bad = full("V-E-N-4", parent="V-W", households="many", shape=shapely.Point(8, 46))
    found = refusals(again, valley, tmp_path, bad, full("x y", parent="V-E-N", households="few"))
    assert sorted((row, field) for row, field, _ in found) == [
        (1, "geometry"), (1, "households"), (1, "parent"), (2, "code"), (2, "households"),
    ]  # fmt: skip


def test_a_row_of_bodies_tells_all_its_faults_at_once(valley, tmp_path):
    file = write_table(
        tmp_path / "bad.csv",
        "code;kind;area;capacity;active;duties;lon;lat",
        "X;ministry;Atlantis;-1;perhaps;noise;8,1;",
        ";team;V;5;yes;noise;;",
    )
    found = refusals(import_organisations, valley, [file], DISPUTES)
    assert sorted((row, field) for row, field, _ in found) == [
        (2, "active"), (2, "area"), (2, "capacity"), (2, "kind"), (2, "lat"), (3, "code"),
    ]  # fmt: skip


def test_good_rows_come_in_beside_bad_ones(valley, tmp_path):
    report = again(
        valley, tmp_path, full("V-E-N-4", name="Good"), full("V-E-N-3", households="x", parent="V-W"), skip_bad=True
    )
    assert (report.updated, {(bad.row, bad.field) for bad in report.bad}) == (1, {(2, "households"), (2, "parent")})


# --- the union of areas that do not quite meet


def test_a_root_that_is_made_has_no_slivers_and_follows(database, tmp_path):
    from imports.mapping import make_mapping

    mapping = make_mapping(
        {
            "deployment": {"root": {"code": "V", "name": "Valley"}},
            "levels": [{"code": "valley"}, {"code": "county"}],
            "areas": {"level": "county", "fields": {"code": "code"}},
        }
    )
    west, south, east, north = bounds("V")
    third = (east - west) / 3
    ring = box(west, south, east, north).difference(box(west + third, south + 0.1, east - third, north - 0.1))
    core = box(west + third + 1e-6, south + 0.1 + 1e-6, east - third - 1e-6, north - 0.1 - 1e-6)

    def load(core):
        file = write_map(tmp_path / "two.geojson", [feature("V-ring", shape=ring), feature("V-core", shape=core)])
        return import_areas(database, [file], mapping)

    def root():
        return shapely.from_wkb(bytes(one(database, "SELECT ST_AsBinary(geom) FROM area WHERE code = 'V'")[0]))

    load(core)
    assert sum(len(part.interiors) for part in root().geoms) == 0
    report = load(box(west + third + 0.05, south + 0.15, east - third - 0.05, north - 0.15))
    assert sum(len(part.interiors) for part in root().geoms) == 1
    assert (report.updated, report.unchanged) == (1, 1)


# --- outlines of all sorts


def many_points(n):
    west, south, east, north = bounds("V-E-N-1")
    x, y, r = (west + east) / 2, (south + north) / 2, (north - south) / 2
    return shapely.Polygon([(x + r * math.cos(2 * math.pi * k / n), y + r * math.sin(2 * math.pi * k / n)) for k in range(n)])


SQUARE = [[8.4, 46.2], [8.5, 46.2], [8.5, 46.25], [8.4, 46.25], [8.4, 46.2]]
RAW = {
    "nothing": None,
    "no coordinates": {"type": "Polygon", "coordinates": []},
    "an empty multipolygon": {"type": "MultiPolygon", "coordinates": []},
    "a collection of nothing": {"type": "GeometryCollection", "geometries": []},
    "a collection of a line": {"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": SQUARE[:2]}]},
    "a point": {"type": "Point", "coordinates": [8.4, 46.2]},
    "a line": {"type": "LineString", "coordinates": SQUARE},
    "one place four times": {"type": "Polygon", "coordinates": [[SQUARE[0]] * 4]},
    "a line there and back": {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]]},
    "a hole that is all of it": {"type": "Polygon", "coordinates": [SQUARE, SQUARE]},
    "two points": {"type": "Polygon", "coordinates": [[SQUARE[0], SQUARE[1]]]},
    "an hourglass": {"type": "Polygon", "coordinates": [[[8.4, 46.2], [8.5, 46.25], [8.5, 46.2], [8.4, 46.25], [8.4, 46.2]]]},
    "numbers that are none": {"type": "Polygon", "coordinates": [[[8.4, 46.2], [8.5, 1e400], [8.5, 46.25], [8.4, 46.2]]]},
}
MENDED = {
    "a hole outside": {"type": "Polygon", "coordinates": [SQUARE, [[8.6, 46.3], [8.61, 46.3], [8.61, 46.31], [8.6, 46.3]]]},
    "a ring that touches itself": {
        "type": "Polygon",
        "coordinates": [[*SQUARE[:2], [8.45, 46.22], SQUARE[2], [8.45, 46.22], *SQUARE[3:]]],
    },
    "a hole of no width": {"type": "Polygon", "coordinates": [SQUARE, [[8.42, 46.21], [8.43, 46.21], *[[8.42, 46.21]] * 2]]},
    "a hole on the border": {"type": "Polygon", "coordinates": [SQUARE, [[8.4, 46.2], [8.41, 46.2], [8.4, 46.21], [8.4, 46.2]]]},
}


@pytest.mark.parametrize("name", RAW)
def test_outlines_that_enclose_nothing_are_refused(valley, tmp_path, name):
    before = dump(valley, "area")
    raw = {**feature("V-E-N-1"), "geometry": RAW[name]}
    text = json.dumps({"type": "FeatureCollection", "features": [raw, feature("V-E-N-2")]})
    file = tmp_path / "raw.geojson"
    file.write_text(text.replace("Infinity", "1e400"), "utf-8")
    from imports import InputError

    with pytest.raises(InputError) as caught:
        import_areas(valley, [file], DISPUTES)
    assert "\n" not in str(caught.value)
    if isinstance(caught.value, ImportRefused):
        assert [(bad.row, bad.field) for bad in caught.value.report.bad] == [(1, "geometry")]
    assert dump(valley, "area") == before


@pytest.mark.parametrize("name", MENDED)
def test_outlines_that_can_be_mended_come_in(valley, tmp_path, name):
    report = again(valley, tmp_path, {**feature("V-E-N-1"), "geometry": MENDED[name]})
    assert report.updated == 1
    assert one(valley, "SELECT ST_IsValid(geom) FROM area WHERE code = 'V-E-N-1'") == (True,)
    assert again(valley, tmp_path, {**feature("V-E-N-1"), "geometry": MENDED[name]}).unchanged == 1


def test_samples_of_a_spike_and_of_an_empty_collection(database):
    from imports import InputError

    report = import_areas(database, [SAMPLES / "spike_hole.geojson"])
    assert report.imported == 1
    assert import_areas(database, [SAMPLES / "spike_hole.geojson"]).unchanged == 1
    with pytest.raises(InputError, match=r"g15_empty_fc\.geojson"):
        import_areas(database, [SAMPLES / "g15_empty_fc.geojson"])


def test_an_outline_of_very_many_points(valley, tmp_path):
    report = again(valley, tmp_path, feature("V-E-N-1", shape=many_points(200_000)))
    assert (report.updated, kinds(report)) == (1, {"moved": 1, "gaps": 1})


@pytest.mark.parametrize(
    "extent", [(179.0, 50.0, 181.0, 51.0), (-180.0, -90.0, 180.0, 90.0), (10.0, 80.0, 20.0, 90.0), (10.0, 86.0, 20.0, 89.0)]
)
def test_areas_at_the_ends_of_the_world_do_not_break(database, tmp_path, extent):
    from imports import InputError

    west, south, east, north = extent
    half = (west + east) / 2
    features = [
        feature("W", shape=box(*extent), parent=None),
        feature("W1", shape=box(west, south, half, north), parent="W"),
        feature("W2", shape=box(half, south, east, north), parent="W"),
    ]
    try:
        report = import_areas(database, [write_map(tmp_path / "world.geojson", features)])
    except InputError as refused:
        assert "180" in str(refused) or "degrees" in str(refused)
    else:
        assert report.imported == 3
