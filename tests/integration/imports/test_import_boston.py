"""A sample of real open data through the documented mapping: levels, agencies, flags and a "now" of its own."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text

from dashboard.words.backtests import backtest_words
from data.audit import trace
from data.commands.tier_publishing import publish
from data.database import SYSTEM
from data.queries import areas, cases, deployment, summaries
from data.queries.tier_backtests import backtest
from data.queries.tier_rules import TierWorlds, preview
from imports import import_areas, import_cases, import_organisations, read_mapping

HOME = Path(__file__).parents[3]
SAMPLE = HOME / "tests/data/boston_sample"
MAPPING = HOME / "docs/examples/boston/mapping.yaml"
NOW = datetime.fromisoformat("2012-01-01T00:00:00-05:00")
LOCAL_NOW = "2012-01-01 00:00:00"


@pytest.fixture
def boston(database):
    mapping = read_mapping(MAPPING)
    import_areas(database, [SAMPLE / f"{name}.geojson" for name in ("precincts", "city", "wards")], mapping)
    import_organisations(database, [SAMPLE / "cases.csv"], mapping)
    import_cases(database, [SAMPLE / "cases.csv"], mapping, now=NOW)
    return database


@pytest.fixture(scope="module")
def rows():
    with (SAMPLE / "cases.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def still_open(row):
    return not row["closed_at"] or row["closed_at"] > LOCAL_NOW


def placeless(row):
    return row["geo_quality"] in ("placeholder_city_hall", "outside_boundary")


def test_counts_are_those_of_the_file(boston, rows):
    with boston.reading(SYSTEM) as connection:
        found = summaries.summary(connection, areas.key(connection, "BOS"), NOW, SYSTEM)
        total = connection.execute(text("SELECT count(*) FROM cases")).scalar()
    left = [row for row in rows if still_open(row)]
    assert total == len(rows)
    assert found["open"] == len(left)
    assert found["overdue"] == sum(bool(row["due_at"]) and row["due_at"] < LOCAL_NOW for row in left)
    assert found["waiting"] == sum(
        row["queue"] in ("INFO01_GenericeFormforOtherServiceRequestTypes", "INFO_Reallocation From Dept")
        for row in left
    )


def test_placeholders_are_unlocated_and_no_case_is_lost_on_the_way_down(boston, rows):
    left = [row for row in rows if still_open(row) and placeless(row)]
    with boston.reading(SYSTEM) as connection:
        top = summaries.summary(connection, areas.key(connection, "BOS"), NOW, SYSTEM)
        wards = summaries.children_counts(connection, areas.key(connection, "BOS"), NOW, SYSTEM)
        drawn = connection.execute(text("SELECT count(*) FROM cases WHERE lon IS NOT NULL")).scalar()
    assert top["unlocated"] == sum(not row["ward_code"] for row in left)
    assert {code: counts["unlocated"] for code, counts in wards.items()} == {
        code: sum(row["ward_code"] == code for row in left) for code in ("W03", "W05", "W06")
    }
    assert top["open"] == sum(counts["open"] for counts in wards.values()) + top["unlocated"]
    assert drawn == sum(not placeless(row) for row in rows)


def test_a_point_decides_its_precinct_and_local_times_become_utc(boston, rows):
    row = next(row for row in rows if row["geo_quality"] == "ok" and row["closed_at"] and not still_open(row))
    with boston.reading(SYSTEM) as connection:
        found = cases.find(connection, row["case_id"], NOW, SYSTEM)
        events = connection.execute(
            text("SELECT act, at FROM case_event WHERE case_no = :no ORDER BY version"), {"no": row["case_id"]}
        ).all()
    assert found["area"] == row["precinct_code_geo"]
    assert found["status"] == "archived"
    assert [event.act for event in events] == ["report", "accept", "assess", "dispatch", "sign", "settle", "archive"]
    local = [event.at.astimezone(NOW.tzinfo).replace(tzinfo=None) for event in (events[0], events[-1])]
    closed = datetime.fromisoformat(row["closed_at"])
    assert abs((local[1] - closed).total_seconds()) in (0, 3600)  # NOW's offset is winter's


def test_the_deployment_speaks_of_itself(boston):
    with boston.reading(SYSTEM) as connection:
        facts = deployment.facts(connection, locale="en")
        levels = areas.levels(connection, locale="en")
        organisation = connection.execute(text("SELECT count(*) FROM organisation WHERE kind <> 'centre'")).scalar()
        tiers = connection.execute(text("SELECT count(*) FROM tier")).scalar()
    assert facts == {"name": "Boston 311, 2011", "synthetic": False, "timezone": "America/New_York", "root": "BOS"}
    assert [level["name"] for level in levels] == ["City", "Ward", "Precinct"]
    assert organisation == 9
    assert tiers == 29


def test_a_rule_of_its_own_tells_its_precincts_apart(boston):
    """Other factors, no households, three levels: no line of code names one."""
    rule = yaml.safe_load((HOME / "docs/examples/boston/rule.yaml").read_text("utf-8"))
    worlds, viewer = TierWorlds(boston), replace(SYSTEM, area_code="BOS", locale="en")
    tried, _ = preview(worlds, viewer, rule, "BOS", now=NOW)
    done = publish(boston, SYSTEM, rule, "Of its own", now=NOW)
    with boston.reading(SYSTEM) as connection:
        rows = connection.execute(text("SELECT tier, rule_version, contributions FROM tier")).all()
    assert {row.rule_version for row in rows} == {done["version"]}
    assert {name for row in rows for name in row.contributions} == {one["factor"] for one in rule["factors"]}
    counted = Counter(row.tier for row in rows)
    assert {name: one["then"] for name, one in tried["counts"].items() if one["then"]} == counted
    # the sample holds a hundredth of the cases: nothing is red, and yet its precincts differ
    totals = sorted(sum(row.contributions.values()) for row in rows)
    assert counted == {"normal": len(rows)} and totals[-1] > 2 * totals[len(totals) // 2] > 0
    found, parsed = backtest(worlds, viewer, rule, now=NOW)
    assert found["together"] is None and len(backtest_words(found, parsed, "en")) == 1


def test_the_trace_is_whole(boston):
    with boston.owning() as connection:
        assert [found for found in trace.verify(connection) if not isinstance(found, int)] == []
        steps = connection.execute(
            text(
                "SELECT count(*) FROM cases c WHERE version <> (SELECT count(*) FROM case_event e"
                " WHERE e.case_no = c.case_no)"
            )
        ).scalar()
    assert steps == 0


def test_a_moved_now_leaves_out_what_was_not_reported_yet(database, rows):
    mapping = read_mapping(MAPPING)
    import_areas(database, [SAMPLE / f"{name}.geojson" for name in ("city", "wards", "precincts")], mapping)
    import_organisations(database, [SAMPLE / "cases.csv"], mapping)
    report = import_cases(database, [SAMPLE / "cases.csv"], mapping, now=datetime(2011, 10, 1, 4, tzinfo=UTC))
    assert report.imported == sum(row["opened_at"] <= "2011-10-01 00:00:00" for row in rows)
    assert report.imported + report.skipped["reported after now"] == len(rows) == report.read
