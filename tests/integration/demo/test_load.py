"""The loaded demonstration: counts that agree, legal traces, a falling handling time, nobody's personal data."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import text

from data.audit import trace
from data.database import SYSTEM
from data.queries import areas, cases, summaries
from demo.stories import ZONE
from rules.moves import MOVES
from tests.conftest import DEMO_NOW


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
    assert found[-1] == events and not [fault for fault in found if not isinstance(fault, int)]


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
            summary = summaries.summary(connection, areas.key(connection, code), DEMO_NOW, SYSTEM)
            below = summaries.children(connection, areas.key(connection, code), DEMO_NOW, SYSTEM)
            for name in ("open", "waiting", "overdue", "to_file"):
                listed = cases.page(connection, cases.CaseFilter(area=code, status=name), DEMO_NOW, SYSTEM)
                assert summary[name] == listed["total"]
                if name == "open":
                    assert summary["open"] == sum(child["open"] for child in below) + summary["unlocated"]
            settled = cases.CaseFilter(area=code, settled_from=summary["month_from"])
            assert summary["settled_month"] == cases.page(connection, settled, DEMO_NOW, SYSTEM)["total"]
        assert summaries.summary(connection, areas.key(connection, "532800"), DEMO_NOW, SYSTEM)["waiting"] >= 3


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
        organisations = dict(connection.execute(text("SELECT kind, count(*) FROM organisation GROUP BY 1")).all())
        centres = connection.execute(
            text("SELECT count(*) FROM area a JOIN area_level l ON l.code = a.level WHERE l.has_centre")
        ).scalar()
    assert outside == 0
    assert organisations == {"centre": centres, "department": 85, "mediation": 21}


def test_rollups_are_what_a_recount_finds(demo_database):
    inside = "c.path >= a.path AND c.path < left(a.path, -1) || '0'"
    recount = (
        "SELECT a.id, count(*) FILTER (WHERE is_open(c.status)), count(*) FILTER (WHERE c.status = 'waiting'),"
        " count(*) FILTER (WHERE c.status IN ('settled', 'visited'))"
        f" FROM area a JOIN cases c ON {inside} GROUP BY 1"
    )
    month = (
        "SELECT a.id, c.category, count(*) FILTER (WHERE c.reported_at >= :at),"
        " count(*) FILTER (WHERE c.settled_at >= :at)"
        f" FROM area a JOIN cases c ON {inside} WHERE greatest(c.reported_at, c.settled_at) >= :at GROUP BY 1, 2"
    )
    kept = "SELECT area_id, category, sum(reported), sum(settled) FROM area_month WHERE month >= '2026-04-01' GROUP BY 1, 2"
    with demo_database.owning() as connection:
        counts = connection.execute(text("SELECT area_id, open_n, waiting_n, to_file_n FROM area_count")).all()
        assert set(counts) == set(connection.execute(text(recount)).all())
        first = datetime(2026, 4, 1, tzinfo=ZONE)
        assert set(connection.execute(text(kept)).all()) == set(connection.execute(text(month), {"at": first}).all())
        days = "SELECT sum(reported), sum(settled) FROM area_day JOIN area a ON a.id = area_id WHERE a.depth = 0"
        whole = connection.execute(text("SELECT count(*), count(settled_at) FROM cases")).one()
        assert connection.execute(text(days)).one() == whole


def test_tiers_have_a_history_that_leads_to_the_present(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        moments = connection.execute(text("SELECT DISTINCT evaluated_at FROM tier_history ORDER BY 1")).scalars().all()
        strays = connection.execute(
            text(
                "SELECT count(*) FROM tier t JOIN LATERAL (SELECT tier, evaluated_at FROM tier_history h"
                " WHERE h.area_id = t.area_id ORDER BY evaluated_at DESC, id DESC LIMIT 1) h ON true"
                " WHERE h.tier <> t.tier OR h.evaluated_at <> t.evaluated_at"
            )
        ).scalar()
        announced = connection.execute(text("SELECT count(*) FROM tier_change")).scalar()
        versions = connection.execute(text("SELECT version, at FROM tier_rule ORDER BY version")).all()
        wrong = connection.execute(
            text("SELECT count(*) FROM tier_history h JOIN tier_rule r ON r.version = h.rule_version WHERE h.evaluated_at < r.at")
        ).scalar()
    assert len(moments) > 30 and max(moments) == DEMO_NOW
    assert (strays, announced, wrong) == (0, 0, 0)
    assert [one.version for one in versions] == [1, 2] and versions[0].at < moments[0] < versions[1].at < DEMO_NOW


def test_key_places_lie_in_their_grid(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        known, strays, names, rows = connection.execute(
            text(
                "SELECT count(*) FILTER (WHERE NOT p.synthetic),"
                " count(*) FILTER (WHERE NOT a.leaf OR NOT ST_Intersects(a.geom, p.geom)),"
                " count(DISTINCT p.name), count(*) FROM key_place p JOIN area a ON a.id = p.area_id"
            )
        ).one()
    assert (known, strays) == (26, 0)
    assert names > 0.97 * rows


UNTOLD = "SELECT count(*) FROM cases WHERE notify_at <= :now AND is_open(status)"


def test_reminders_stand_at_the_moment_when_their_level_was_reached(demo_database):
    with demo_database.reading(SYSTEM) as connection:
        rows = connection.execute(text("SELECT case_no, level, due_at, at FROM case_notice")).all()
        untold = connection.execute(text(UNTOLD), {"now": DEMO_NOW}).scalar()
        messages = connection.execute(text("SELECT count(*) FROM outbox")).scalar()
    assert rows and all(row.at <= DEMO_NOW for row in rows)
    assert all(row.at == row.due_at for row in rows if row.level == "leader")
    assert len({row.at for row in rows}) > len(rows) // 2
    assert (untold, messages) == (0, 0)
