"""The commands of `manage.py import areas` that follow new boundaries, with the samples as somebody would type them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.imports import app
from data.database import SYSTEM

SAMPLES = Path(__file__).parents[2] / "data" / "import_faults"


@pytest.fixture
def run(settings, monkeypatch, tmp_path):
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", settings.database.url)
    monkeypatch.setenv("GRIDBOARD_NOW", "2026-06-01T00:00:00+08:00")

    def invoke(*words, code=0):
        found = CliRunner().invoke(app, [str(word) for word in words])
        assert found.exit_code == code, found.output
        assert "Traceback" not in found.output
        return found.output

    mapping = tmp_path / "map.yaml"
    mapping.write_text("categories: {auto: true, kind: request}\n", "utf-8")
    cases = tmp_path / "cases.csv"
    cases.write_text(
        "case_no,category,reported_at,closed_at,lon,lat,organisation\n"
        "s1,noise,2026-05-01 08:00,,100.1,22.1,D1\ns2,noise,2026-05-01 08:00,,100.4,22.1,D1\n"
        "s3,noise,2026-05-01 08:00,2026-05-02 08:00,100.1,22.1,D1\n",
        "utf-8",
    )
    invoke("areas", SAMPLES / "base.geojson")
    invoke("organisations", SAMPLES / "orgs.csv", "--mapping", mapping)
    invoke("cases", cases, "--mapping", mapping)
    return invoke


def paths(database):
    with database.reading(SYSTEM) as connection:
        return dict(connection.execute(text("SELECT case_no, path FROM cases ORDER BY 1")).all())


def test_a_split_area_is_told_and_its_cases_move_when_asked_for(run, database, tmp_path):
    found = tmp_path / "found.geojson"
    told = run("areas", SAMPLES / "split.geojson", "--findings", found)
    assert "cases outside the area that counts them: 3" in told
    assert "--move-cases" in told
    assert {one["properties"]["kind"] for one in json.loads(found.read_text("utf-8"))["features"]} == {"split", "cases_outside"}
    assert set(paths(database).values()) == {"R/A/A1/"}
    told = run("areas", SAMPLES / "split.geojson", "--move-cases")
    assert "of these moved to where they lie: 2" in told
    assert paths(database) == {"s1": "R/A/A1/A1a/", "s2": "R/A/A1/A1b/", "s3": "R/A/A1/"}


def test_each_sample_ends_with_one_line_and_no_traceback(run, tmp_path):
    run("areas", SAMPLES / "A_noparent.geojson")
    run("areas", SAMPLES / "codeonly.geojson")
    run("areas", SAMPLES / "g09b_partly.geojson")
    run("organisations", SAMPLES / "o3.csv")
    run("areas", SAMPLES / "base.geojson")
    assert "g15_empty_fc.geojson" in run("areas", SAMPLES / "g15_empty_fc.geojson", code=2)
    assert "--findings" in run("areas", SAMPLES / "base.geojson", "--findings", tmp_path / "no" / "x", code=2)
