"""The back-test knows nothing later than the quarter it is about, and computes nothing from too few cases."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from data.commands import tier_rules as stored_rules
from data.database import SYSTEM, Database
from data.queries import tier_backtests
from data.queries.tier_backtests import PREDICTIONS, backtest, quarter_starts
from data.queries.tier_rules import TierWorlds, latest
from rules.access import Viewer
from rules.tier_rule import document
from tests.conftest import DEMO_NOW

LEAK = {
    "reported": "UPDATE cases SET kind = 'dispute' WHERE reported_at >= :then AND kind <> 'dispute'",
    "settled": "UPDATE cases SET settled_at = CAST(:then AS timestamptz) + interval '190 days'"
    " WHERE reported_at < CAST(:then AS timestamptz) + interval '180 days' AND (settled_at IS NULL OR settled_at > :then)",
    "rejected": "UPDATE cases SET status = 'rejected', closed_at = CAST(:then AS timestamptz) + interval '2 days'"
    " WHERE reported_at < :then AND right(case_no, 1) < '3' AND status NOT IN ('rejected', 'merged')",
}


def viewer(database: Database) -> Viewer:
    with database.owning() as connection:
        return replace(SYSTEM, area_code=connection.execute(text("SELECT code FROM area WHERE depth = 0")).scalar_one())


def looked_back(database: Database, said: object) -> dict:
    return backtest(TierWorlds(database), viewer(database), said, now=DEMO_NOW)[0]


@pytest.fixture
def rule(demo_database: Database) -> dict:
    with demo_database.owning() as connection:
        said = document(latest(connection).rule)
    for factor in said["factors"]:
        factor["settled_share"] = 0.1
    return said


def test_every_prediction_is_told_with_its_interval_and_marks_as_many_grids(demo_database: Database, rule: dict) -> None:
    found = looked_back(demo_database, rule)
    assert len(found["quarters"]) == 8 and found["quarters"][-1]["to"] <= DEMO_NOW
    computed = [one for one in found["quarters"] if one["rule"]]
    assert len(computed) >= 4
    for one in [*computed, found["together"]]:
        assert len({one[name]["grids"] for name in PREDICTIONS}) == 1
        assert all(one[name]["lo"] <= one[name]["share"] <= one[name]["hi"] for name in PREDICTIONS)
    assert found["undated"] == ["key_places", "assisted_persons"]


@pytest.mark.parametrize("leak", [*LEAK, "rule"])
def test_what_happens_later_changes_no_earlier_quarter(demo_database: Database, rule: dict, leak: str) -> None:
    before = looked_back(demo_database, rule)
    then = before["quarters"][5]["to"]
    with demo_database.owning() as connection:
        if leak == "rule":
            made = deepcopy(rule) | {"factors": rule["factors"][:1]}
            made["thresholds"] = {"key": 10, "watch": 0.5}
            made["hysteresis"] = 0.1
            stored_rules.store(connection, made, now=then - timedelta(days=1), reason="later")
        else:
            connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
            assert connection.execute(text(LEAK[leak]), {"then": then}).rowcount > 10
    after = looked_back(demo_database, rule)
    assert after["quarters"][:6] == before["quarters"][:6]
    assert after["quarters"][6:] != before["quarters"][6:]


def test_in_force_is_the_version_of_then(demo_database: Database, rule: dict) -> None:
    before = looked_back(demo_database, rule)["quarters"]
    then = before[5]["to"]
    with demo_database.owning() as connection:
        made = stored_rules.store(connection, rule | {"hysteresis": 0.1}, now=then - timedelta(days=1), reason="later")
    after = looked_back(demo_database, rule)["quarters"]
    assert [one["rule_version"] for one in after] == [one["rule_version"] for one in before[:6]] + [made.version] * 2
    assert after[0]["before_first"] and not after[-1]["before_first"]


def test_too_few_cases_are_said_and_nothing_is_computed(demo_database: Database, rule: dict, monkeypatch) -> None:
    monkeypatch.setattr(tier_backtests, "FEWEST_DISPUTES", 10_000)
    found = looked_back(demo_database, rule)
    assert found["together"] is None and all(one[name] is None for one in found["quarters"] for name in PREDICTIONS)


def test_quarters_are_those_of_the_deployment() -> None:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo("Asia/Shanghai")
    # in UTC still the quarter before
    found = quarter_starts(datetime.fromisoformat("2026-03-31T17:00:00+00:00"), zone, 3)
    assert [one.isoformat()[:10] for one in found] == ["2025-10-01", "2026-01-01", "2026-04-01"]
