"""The forecast of the next days by the API: told where it beats last week's mean; where too little is known that is said."""

from __future__ import annotations

import random
from datetime import timedelta

from sqlalchemy import text

from tests.integration.web.conftest import Site
from tests.integration.web.hand_counts import INSERT
from tests.world import NOW


def plant(site: Site, days: int, weekly) -> None:
    chance, rows = random.Random(3), []
    for back in range(1, days):
        at = (NOW - timedelta(days=back)).replace(hour=2)
        for _ in range(weekly(at.weekday(), chance)):
            rows.append({"at": at, "category": "neighbour", "severity": "minor", "settled": False, "area": "C1V1G1"})
    with site.world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        connection.execute(text(INSERT), [{"no": f"F-{place:06}", **row} for place, row in enumerate(rows)])


def test_a_week_that_repeats_is_foretold_per_child_and_day(site):
    plant(site, 300, lambda weekday, chance: 12 if weekday == 0 else chance.choice([2, 3]))
    found = site.client("leader").get("/api/forecast?area=C&days=7").json()
    assert found["shown"] and found["skill"] > 0.3
    assert [one["code"] for one in found["items"]] == ["C1", "C2"]
    week = found["items"][0]["days"]
    assert [one["day"] for one in week] == [f"2026-03-{day}" for day in range(10, 17)]
    assert max(week, key=lambda one: one["mean"])["day"] == "2026-03-16", "Monday"
    assert all(one["lo"] <= one["mean"] <= one["hi"] for one in week)


def test_chance_alone_is_not_foretold_as_if(site):
    plant(site, 40, lambda weekday, chance: 3)
    found = site.client("leader").get("/api/forecast?area=C").json()
    assert not found["shown"] and found["items"] == [] and found["too_little"]["what"] == "days"
    assert site.client("leader").get("/api/forecast?area=C&days=8").status_code == 422
    assert site.client("leader").get("/api/forecast?area=nowhere").status_code == 404
    assert site.client("admin").get("/api/forecast").status_code == 403
