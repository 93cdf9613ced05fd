"""The loaded demonstration: counts that agree, legal traces, a falling handling time, nobody's personal data."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from data import trace
from data.database import SYSTEM
from data.demo.live import DemoLife
from data.live import LiveHub
from data.queries import areas, cases, summaries
from data.services import Clock, Services
from rules.moves import MOVES
from tests.conftest import DEMO_NOW, settings_for


def test_every_trace_is_legal_and_ends_where_the_case_stands(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        rows = connection.execute(
            text(
                "SELECT e.case_no, e.version, e.act, e.from_status, e.to_status, e.at, c.status, c.version AS versions"
                " FROM case_event e JOIN cases c USING (prefecture, case_no) ORDER BY e.case_no, e.version"
            )
        ).all()
    status, at, number = None, None, None
    for row in rows:
        if row.case_no != number:
            number, status, at = row.case_no, None, row.at
        move = MOVES[row.act]
        assert row.from_status == status and row.at >= at
        assert status in move.sources if status else row.act == "report"
        assert row.to_status == (move.target or status)
        status, at = row.to_status, row.at
        assert row.version < row.versions or row.to_status == row.status


def test_the_whole_chain_holds(demo_database):
    with demo_database.owning() as connection:
        found = list(trace.verify(connection))
        events = connection.execute(text("SELECT count(*) FROM case_event")).scalar()
    assert found == [events]


def test_handling_gets_faster(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        first, last = connection.execute(
            text(
                "SELECT avg(extract(epoch FROM settled_at - reported_at)) FILTER (WHERE reported_at < :now - interval '22 months'),"
                " avg(extract(epoch FROM settled_at - reported_at)) FILTER (WHERE reported_at > :now - interval '2 months')"
                " FROM cases WHERE settled_at IS NOT NULL"
            ),
            {"now": DEMO_NOW},
        ).one()
    assert 4.5 < first / 86400 < 9
    assert 0.6 < last / 86400 < 1.8


def test_counts_are_lists_and_sums_on_every_level(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        for code in ("532800", "532801", "532801001", "532801001003"):
            summary = summaries.summary(connection, code, DEMO_NOW)
            below = areas.children_with_counts(connection, code, DEMO_NOW)
            for name in ("open", "waiting", "overdue"):
                listed = cases.page(connection, cases.CaseFilter(area=code, status=name), DEMO_NOW, SYSTEM)
                assert summary[name] == listed["total"]
                if name == "open":
                    assert summary["open"] == sum(child["open"] for child in below) + summary["unlocated"]
            settled = cases.CaseFilter(area=code, settled_from=summary["month_from"])
            assert summary["settled_month"] == cases.page(connection, settled, DEMO_NOW, SYSTEM)["total"]
        assert summaries.summary(connection, "532800", DEMO_NOW)["waiting"] >= 3


def test_about_four_percent_of_the_grids_are_key_and_contributions_add_up(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        rows = connection.execute(text("SELECT tier, score, contributions FROM tier")).all()
    shares = {tier: sum(row.tier == tier for row in rows) / len(rows) for tier in ("key", "watch")}
    assert 0.02 <= shares["key"] <= 0.06 and 0.12 <= shares["watch"] <= 0.2
    for row in rows:
        assert round(sum(row.contributions.values()), 2) == row.score


def test_no_text_holds_a_number_that_could_reach_a_person(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        texts = connection.execute(text("SELECT title || description FROM cases")).scalars().all()
    assert not [one for one in texts if re.search(r"\d{6,}", one)]


def test_cases_lie_in_their_grid_and_every_body_is_there(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        outside = connection.execute(
            text("SELECT count(*) FROM cases c JOIN area a ON a.id = c.area_id WHERE NOT ST_Intersects(a.geom, c.geom)")
        ).scalar()
        bodies = dict(connection.execute(text("SELECT kind, count(*) FROM organisation GROUP BY 1")).all())
        centres = connection.execute(
            text("SELECT count(*) FROM area a JOIN area_level l ON l.code = a.level WHERE l.has_centre")
        ).scalar()
    assert outside == 0
    assert bodies == {"centre": centres, "department": 85, "mediation": 21}


@pytest.fixture
def life(cluster, demo_name, demo_database) -> DemoLife:
    settings = settings_for(cluster, demo_name)
    clock = Clock(DEMO_NOW)
    return DemoLife(Services(settings, demo_database, clock, LiveHub(demo_database, settings.live, clock)))


def test_the_demonstration_lives(life, demo_database):
    def known() -> tuple[int, int]:
        with demo_database.reading(SYSTEM) as connection:
            return connection.execute(text("SELECT count(*), sum(version) FROM cases")).one()

    before = known()
    for _ in range(5):
        assert life.beat()
    after = known()
    assert after[0] == before[0] + 5 and after[1] >= before[1] + 5
    with demo_database.owning() as connection:
        assert all(isinstance(found, int) for found in trace.verify(connection))
