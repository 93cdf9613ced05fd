"""Readers read the file that is given and nothing else: no other file, no address, no code inside it."""

from __future__ import annotations

import ast
import json
import os
import sqlite3
import threading
import zipfile
from pathlib import Path

import geopandas
import pytest
import shapely
from openpyxl import Workbook

from imports import file_bytes
from imports.features import read_features
from imports.file_bytes import read_bytes
from imports.mapping import AreaSection, CaseSection, Mapping
from imports.records import open_sources
from imports.report import InputError
from imports.tables import read_table

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests/data/import_faults"
AREAS, CASES = AreaSection(), CaseSection()
VRT = '<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>CSV:/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
SQUARE = shapely.box(100, 22, 101, 23)


def frame(crs="EPSG:4326"):
    return geopandas.GeoDataFrame({"code": ["A", "B"]}, geometry=[SQUARE, shapely.box(101, 22, 102, 23)], crs=crs)


def with_crs(path, crs):
    found = json.loads((SAMPLES / "base.geojson").read_text())
    path.write_text(json.dumps({**found, "crs": crs}))
    return path


def test_no_module_of_ours_hands_a_file_to_gdal():
    """GDAL chooses among sixty drivers by content; several of them follow paths and addresses."""
    for file in (ROOT / "data").rglob("*.py"):
        names = set()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                names.add((node.module or "").split(".")[0])
        assert not names & {"pyogrio", "fiona", "osgeo", "geopandas", "rasterio"}, file


@pytest.mark.parametrize("ending", [".geojson", ".json", ".gpkg", ".shp", ".zip"])
@pytest.mark.parametrize(
    "content",
    [VRT, '<?xml version="1.0"?>' + VRT, "/vsicurl/http://127.0.0.1:9/x", "http://127.0.0.1:9/x.geojson", "PG:host=127.0.0.1"],
)
def test_what_points_elsewhere_is_no_map_file(tmp_path, ending, content):
    file = tmp_path / f"a{ending}"
    file.write_text(content)
    with pytest.raises(InputError) as caught:
        read_features(file, AREAS)
    assert "root:" not in str(caught.value)


def test_a_zip_with_a_map_file_that_points_elsewhere(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.geojson", VRT)
    with pytest.raises(InputError, match="page or XML"):
        read_features(tmp_path / "a.zip", AREAS)


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "name", "properties": {"name": "http://127.0.0.1:9/crs"}},
        {"type": "name", "properties": {"name": "/etc/passwd"}},
        {"type": "name", "properties": {"name": "+proj=longlat +ellps=krass +nadgrids=/etc/passwd"}},
        {"type": "name", "properties": {"name": "+init=/etc/passwd:x"}},
        "http://127.0.0.1:9/crs",
    ],
)
def test_a_crs_is_a_code_and_is_never_followed(tmp_path, crs):
    with pytest.raises(InputError, match="give --crs"):
        read_features(with_crs(tmp_path / "a.geojson", crs), AREAS)


@pytest.mark.parametrize(
    "name", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
)  # fmt: skip
def test_names_of_systems_that_are_only_names(tmp_path, name):
    found = read_features(with_crs(tmp_path / "a.geojson", {"type": "name", "properties": {"name": name}}), AREAS)
    assert found.features[0].geometry.bounds == pytest.approx((100, 22, 101, 23), abs=1e-6)


@pytest.mark.parametrize(
    "prj",
    [
        'GEOGCS["x",DATUM["d",SPHEROID["s",6378245,298.3],EXTENSION["PROJ4_GRIDS","/etc/passwd"]],PRIMEM["Greenwich",0],UNIT["degree",0.01745]]',
        "+proj=longlat +nadgrids=/etc/passwd",
        "/etc/passwd",
        "http://127.0.0.1:9/prj",
    ],
)
def test_a_prj_that_names_other_files(tmp_path, prj):
    frame().to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").write_text(prj)
    with pytest.raises(InputError, match="give --crs"):
        read_features(tmp_path / "a.shp", AREAS)
    assert len(read_features(tmp_path / "a.shp", AREAS, crs="wgs84").features) == 2


@pytest.mark.parametrize(
    "view",
    [
        "SELECT * FROM hidden",
        "SELECT fid, geom, load_extension('/tmp/x.so') AS code FROM hidden",
        "SELECT fid, geom, readfile('/etc/passwd') AS code FROM hidden",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS fid, NULL AS geom, i AS code FROM n",
    ],
)
def test_views_of_a_geopackage_are_not_run(tmp_path, view):
    file = tmp_path / "a.gpkg"
    frame().to_file(file, layer="areas")
    with sqlite3.connect(file) as connection:
        connection.executescript(f"ALTER TABLE areas RENAME TO hidden; CREATE VIEW areas AS {view}")
    connection.close()
    for section in (AREAS, AreaSection(layer="areas")):
        with pytest.raises(InputError, match="view"):
            read_features(file, section)


def test_a_geopackage_leaves_nothing_beside_it_and_is_not_changed(tmp_path):
    file = tmp_path / "a.gpkg"
    frame().to_file(file)
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    before = file.read_bytes()
    assert [one.values["code"] for one in read_features(file, AREAS).features] == ["A", "B"]
    assert file.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["a.gpkg"]
    (tmp_path / "a.gpkg-wal").write_bytes(b"changes that are not in the file yet")
    with pytest.raises(InputError, match="another program"):
        read_features(file, AREAS)


def test_a_geopackage_of_several_layers_is_asked_for_one(tmp_path, recwarn):
    for layer in ("one", "two", "three"):
        frame().to_file(tmp_path / "a.gpkg", layer=layer)
    recwarn.clear()
    with pytest.raises(InputError, match=r"3 layers with rows \(one, two, three\); name one with --layer"):
        read_features(tmp_path / "a.gpkg", AREAS)
    assert len(read_features(tmp_path / "a.gpkg", AreaSection(layer="two")).features) == 2
    with pytest.raises(InputError, match="did you mean 'three'"):
        read_features(tmp_path / "a.gpkg", AreaSection(layer="tree"))
    assert not recwarn.list


def test_members_of_a_zip_stay_inside(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("../../escaped.geojson", (SAMPLES / "base.geojson").read_text())
    assert len(read_features(tmp_path / "a.zip", AREAS).features) == 7
    assert not (tmp_path.parent.parent / "escaped.geojson").exists()
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "a.zip", "inner.zip")
    with pytest.raises(InputError, match="holds none"):
        read_features(tmp_path / "b.zip", AREAS)
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", " " * 60_000_000)
    with pytest.raises(InputError, match="times its size"):
        read_features(tmp_path / "c.zip", AREAS)


def test_a_workbook_with_entities_is_not_read(tmp_path):
    book = Workbook()
    book.active.append(["category", "reported_at"])
    book.active.append(["noise", "2026-05-01"])
    book.save(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + content
            new.writestr(name, content)
    with pytest.raises(InputError):
        read_table(tmp_path / "b.xlsx", CASES)


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "nothing"])
def test_only_regular_files_are_read(tmp_path, kind):
    file = tmp_path / "a.csv"
    if kind == "folder":
        file.mkdir()
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "device":
        file = Path("/dev/zero")
    with pytest.raises(InputError) as caught:
        open_sources([file], "cases", Mapping(), {}, required=("category",))
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_link_that_the_operator_set_is_followed(tmp_path):
    (tmp_path / "real.csv").write_text("category,reported_at\nnoise,2026-05-01\n")
    (tmp_path / "a.csv").symlink_to(tmp_path / "real.csv")
    assert len(read_table(tmp_path / "a.csv", CASES).rows) == 1


def test_a_file_that_changes_while_it_is_read(tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("category\nnoise\n")
    real, written = os.fstat, threading.Event()

    def fstat(handle):
        found = real(handle)
        if not written.is_set():
            written.set()
            file.write_text("category\nnoise\nmore\n")
        return found

    monkeypatch.setattr(file_bytes.os, "fstat", fstat)
    with pytest.raises(InputError, match="changed while it was read"):
        read_bytes(file)


@pytest.mark.parametrize(
    ("name", "start", "reason"),
    [
        ("a.csv", b"PK\x03\x04", "workbook"),
        ("a.csv", b"\xd0\xcf\x11\xe0", r"\.xls"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", r"\.xls"),
        ("a.xlsx", b"<html><table>", "page"),
        ("a.csv", b"<html><table>", "page"),
        ("a.csv", b"\x1f\x8b", "gzip"),
    ],
)
def test_an_ending_that_lies(tmp_path, name, start, reason):
    (tmp_path / name).write_bytes(start + b" " * 100)
    with pytest.raises(InputError, match=reason):
        read_table(tmp_path / name, CASES)


def test_a_shapefile_is_read_as_its_programs_wrote_it(tmp_path):
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 4, 4))
    island = shapely.MultiPolygon([ring, shapely.box(2.5, 2.5, 3.5, 3.5), shapely.box(20, 20, 30, 30)])
    shapes = geopandas.GeoDataFrame({"code": ["A", "B", "C"], "n": [1, 2**53 + 1, None]}, geometry=[SQUARE, island, None])
    shapes.to_file(tmp_path / "a.shp")
    found = read_features(tmp_path / "a.shp", AREAS).features
    assert [one.values["code"] for one in found] == ["A", "B", "C"]
    assert found[0].geometry.equals(SQUARE)
    assert found[1].geometry.equals(island)
    assert found[2].geometry is None
    for kind in (shapely.Point(1, 2), shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPoint([(0, 0), (1, 1)])):
        geopandas.GeoDataFrame({"code": ["A"]}, geometry=[kind]).to_file(tmp_path / "b.shp")
        assert read_features(tmp_path / "b.shp", AREAS).features[0].geometry.equals(kind)


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]},
        {"type": "Polygon", "coordinates": None},
        {"type": "Polygon", "coordinates": [[["a", "b"]]]},
        {"type": "CircularString", "coordinates": [[0, 0], [1, 1], [2, 0]]},
        [],
        "POINT (1 1)",
        {"type": "Point", "coordinates": [float("nan"), 1]},
    ],
)
def test_a_geometry_that_cannot_be_read_is_one_row(tmp_path, geometry):
    rows = [{"type": "Point", "coordinates": [1, 2, 3]}, geometry, None, {"type": "Point", "coordinates": [1, 2, 3, 4]}]
    features = [{"type": "Feature", "properties": {"code": "x"}, "geometry": one} for one in rows]
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    found = read_features(tmp_path / "a.geojson", AREAS).features
    assert [bool(one.fault) for one in found] == [False, True, False, False]
    assert found[0].geometry.equals(shapely.Point(1, 2)) and found[3].geometry.equals(shapely.Point(1, 2))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"type": "FeatureCollection", "features": []}', "no features"),
        ('{"type": "Topology", "objects": {}}', "TopoJSON"),
        ('{"type": "Polygon", "coordinates": []}', "bare geometry"),
        ('{"features": [], "geometryType": "esriGeometryPolygon"}', "Esri"),
        ("[" * 100_000, "depth"),
        ('{"type": "FeatureCollection", "features": [1]}', "feature 1"),
        ("", "no JSON"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature"', "no JSON in line 1"),
    ],
)
def test_json_that_is_no_map_file(tmp_path, text, reason):
    (tmp_path / "a.geojson").write_text(text)
    with pytest.raises(InputError, match=reason):
        read_features(tmp_path / "a.geojson", AREAS)
