"""The decay of the factors stands in SQL (data/sql/sum_tier_inputs.sql) and as a formula in rules/tiers.py: both agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from data.commands.tiers import recompute_tiers
from data.database import Database
from rules.tiers import Factor, GridInputs, TierRule, evaluate
from tests.conftest import DEMO_NOW

HAPPENED = """
SELECT c.area_id, c.kind, c.source, k.three_class, extract(epoch FROM :now - c.reported_at) / 86400 AS days
  FROM cases c JOIN category k ON k.code = c.category
 WHERE c.reported_at <= :now AND c.status NOT IN ('rejected', 'merged')
"""
STORED = """
SELECT a.id, a.households, t.inputs, t.score, t.contributions,
       (SELECT count(*) FROM key_place p WHERE p.area_id = a.id) AS key_places
  FROM area a JOIN tier t ON t.area_id = a.id WHERE a.leaf
"""


def counts_for(case) -> set[Factor]:
    """The factors that a case counts for, as domain.md has them."""
    rules = {
        Factor.public_order: case.kind == "incident",
        Factor.three_classes: case.three_class,
        Factor.disputes: case.kind in ("dispute", "hazard"),
        Factor.police_calls: case.three_class and case.source == "police_110",
    }
    return {factor for factor, counted in rules.items() if counted}


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=45, hours=7)], ids=["now", "weeks later"])
def test_each_grids_amounts_and_score_are_those_of_the_formula(demo_database: Database, later: timedelta) -> None:
    now, rule = DEMO_NOW + later, TierRule()
    with demo_database.owning() as connection:
        connection.execute(text("DELETE FROM deployment WHERE key = 'tier_rule'"))
        recompute_tiers(connection, now=now, announce=False)
        happened = connection.execute(text(HAPPENED), {"now": now}).all()
        grids = connection.execute(text(STORED)).all()
    ages: dict[int, dict[Factor, list[float]]] = {grid.id: {} for grid in grids}
    for case in happened:
        for factor in counts_for(case):
            if case.area_id in ages:
                ages[case.area_id].setdefault(factor, []).append(float(case.days))
    assert sum(map(len, ages.values())) > 100
    for grid in grids:
        present = {
            Factor.key_places: grid.key_places,
            Factor.assisted_persons: grid.inputs.get("assisted_persons") or 0,
        }
        expected = evaluate(GridInputs(grid.households, ages[grid.id], present), rule)
        stored = {factor: grid.inputs[factor.value] for factor in Factor}
        assert stored == pytest.approx(expected.amounts, abs=2e-4)
        assert grid.score == pytest.approx(expected.score, abs=0.05)
