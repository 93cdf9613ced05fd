"""The clocks from the command line: what is in force, and what new limits would change before they do."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data import calendar_changes
from data.database import SYSTEM
from data.server.cluster import APP, OWNER
from rules.sla import SlaPolicy
from tests.gateways import reported
from tests.world import NOW, World

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manage(cluster, world_name, command_line, tmp_path: Path):
    path = tmp_path / "clocks.yaml"
    path.write_text("dispatch: {minor: 9h}\ncalendar: {office: [22:00-06:00]}\n")
    environment = dict(
        os.environ, GRIDBOARD_DATABASE_URL=cluster.url(OWNER, world_name), GRIDBOARD_NOW=NOW.isoformat(),
        GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, world_name), GRIDBOARD_CLOCKS_FILE=str(path),
    )  # fmt: skip

    def run(*arguments: str) -> str:
        done = command_line.run("clocks", *arguments, environment=environment)
        assert done.returncode == 0, done
        return done.stdout

    return run


def test_limits_hours_and_how_far_the_calendar_is_announced(manage, world: World):
    told = manage("show")
    assert "9:00:00 natural" in told and "22:00-06:00" in told and "announced to 2026-12-31" in told
    assert "worked    2026-05-09" in told and "recompute" not in told


def test_new_limits_are_counted_before_they_are_applied(manage, world: World):
    reported(world)
    calendar_changes.note_start(world.database, SlaPolicy(), NOW)
    calendar_changes.note_start(world.database, SlaPolicy(warn=0.5, dispatch=SlaPolicy().contact), NOW)
    assert "clocks recompute --dry-run" in manage("show")
    told = manage("recompute", "--dry-run")
    assert "1 open cases; 1 would have another deadline." in told and "Nothing was changed." in told
    assert manage("recompute", "--dry-run") == told
    assert "1 open cases; 1 have another deadline." in manage("recompute")
    with world.database.reading(SYSTEM) as connection:
        assert calendar_changes.pending(connection) is None
    assert "1 open cases; 0 have another deadline." in manage("recompute")
