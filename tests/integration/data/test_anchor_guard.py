"""The guard against the one who rewrites everything: switched off by a thief it is a fault and no silence."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from data.audit import anchors, verification
from data.audit.anchor_checks import Expected
from data.audit.anchors import AnchorError, anchor_heads
from data.database import Database
from data.queries.deployment import identity
from tests.lived import report
from tests.world import World

NOW = datetime.now(UTC)
DAYS = [NOW - timedelta(days=2), NOW - timedelta(days=1), NOW]
TODAY = Expected(now=NOW)


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """Three days of cases up to today, each day's head written down."""
    made = tmp_path / "anchors"
    for day in DAYS:
        report(world, day)
        assert anchor_heads(world.database, made, day) == 1
    return made


def faults(database: Database, folder: Path, expected: Expected = TODAY) -> list[str]:
    return [fault.what for fault in verification.check_all(database, folder, expected)[0]]


def change(world: World, statement: str) -> None:
    with world.database.owning() as connection:
        connection.execute(text(statement))


def path_of(world: World, folder: Path, suffix: str = "jsonl") -> Path:
    with world.database.owning() as connection:
        return folder / f"C.{identity(connection)}.{suffix}"


def test_it_says_what_it_compared(world: World, folder: Path):
    found, summary = verification.check_all(world.database, folder, TODAY)
    assert found == []
    assert (summary.anchors, summary.events) == (3, 3)
    assert (summary.first_anchor, summary.last_anchor) == (DAYS[0].date(), DAYS[2].date())


def test_a_fresh_deployment_has_a_day(world: World, tmp_path: Path):
    report(world, NOW)
    assert faults(world.database, tmp_path) == []
    [fault] = faults(world.database, tmp_path, Expected(now=NOW + timedelta(days=2)))
    assert "there are no anchors" in fault
    assert "there are no anchors" in faults(world.database, tmp_path, Expected(now=NOW + timedelta(days=2), daily=False))[0]
    assert faults(world.database, tmp_path, Expected(now=None)) == []


def test_a_database_without_acts_needs_none(world: World, tmp_path: Path):
    assert faults(world.database, tmp_path, Expected(now=NOW + timedelta(days=400))) == []


def test_the_first_act_of_an_old_deployment_has_a_day_as_well(world: World, tmp_path: Path):
    report(world, NOW)
    change(world, "UPDATE case_seal SET at = at - interval '1 year' WHERE why = 'deployment'")
    assert not [what for what in faults(world.database, tmp_path) if "no anchors" in what]


@pytest.mark.parametrize("keep_head", [True, False])
def test_an_emptied_folder(world: World, folder: Path, keep_head: bool):
    if keep_head:
        path_of(world, folder).unlink()
    else:
        shutil.rmtree(folder)
    [fault] = faults(world.database, folder)
    assert "its 3 anchors are missing" in fault


def test_an_emptied_folder_and_an_emptied_memory(world: World, folder: Path):
    shutil.rmtree(folder)
    change(world, "DELETE FROM anchor_head")
    [fault] = faults(world.database, folder, Expected(now=NOW + timedelta(days=3)))
    assert "there are no anchors" in fault


def test_another_identity(world: World, folder: Path):
    """In the database alone, and with the memory of it changed as well."""
    change(world, "UPDATE deployment SET value = '\"another1\"' WHERE key = 'identity'")
    found = faults(world.database, folder)
    assert any("the identity of the deployment" in what for what in found)
    assert any("were written by deployment" in what for what in found)
    change(world, "DELETE FROM anchor_head")
    found = faults(world.database, folder, Expected(now=NOW + timedelta(days=3)))
    assert any("no anchors" in what and "1 of other deployments" in what for what in found)


def cut(path: Path, lines: int = 1) -> list[str]:
    kept = path.read_text().splitlines()[:-lines]
    path.write_text("".join(f"{line}\n" for line in kept))
    return kept


@pytest.mark.parametrize("lines", [1, 2])
def test_cut_lines(world: World, folder: Path, lines: int):
    """The database knows how many there were, and the file beside them: either is enough."""
    cut(path_of(world, folder), lines)
    found = faults(world.database, folder)
    knowing = ("database", "file beside them")
    assert {f"of 3 anchors that the {who} knows, the last {lines} are missing" for who in knowing} == set(found)


@pytest.mark.parametrize("covered", ["database", "file"])
def test_cut_lines_that_one_side_covers(world: World, folder: Path, covered: str):
    last = json.loads(cut(path_of(world, folder))[-1])
    if covered == "file":
        path_of(world, folder, "head").write_text(json.dumps({"lines": 2, "line": last["line"]}))
        assert faults(world.database, folder) == ["of 3 anchors that the database knows, the last 1 are missing"]
        path_of(world, folder, "head").unlink()
        assert any("file beside them does not say" in what for what in faults(world.database, folder))
    else:
        change(world, f"UPDATE anchor_head SET lines = 2, line = '{last['line']}'")
        assert faults(world.database, folder) == ["of 3 anchors that the file beside them knows, the last 1 are missing"]
        change(world, "DELETE FROM anchor_head")
        assert any("database does not say" in what for what in faults(world.database, folder))


def test_lines_written_anew_are_others(world: World, folder: Path):
    """A forger with the folder alone: the whole file computed anew, the file beside it too."""
    path = path_of(world, folder)
    kept = [one for one, _ in anchors.read_lines(folder, path.name.split(".")[1], "C")]
    path.unlink()
    for one in [*kept[1:], replace(kept[-1], day=NOW.date() + timedelta(days=1))]:
        anchors._append(path, one)
    last = json.loads(path.read_text().splitlines()[-1])
    path_of(world, folder, "head").write_text(json.dumps({"lines": 3, "line": last["line"]}))
    assert faults(world.database, folder) == ["line 3 of the anchors is not the one that the database knows"]


def test_anchors_that_nobody_wrote_for_days(world: World, folder: Path):
    assert faults(world.database, folder, Expected(now=NOW + timedelta(days=1, hours=1))) == []
    [fault] = faults(world.database, folder, Expected(now=NOW + timedelta(days=4)))
    assert f"the newest anchor is of {NOW.date()}" in fault
    assert faults(world.database, folder, Expected(now=NOW + timedelta(days=4), daily=False)) == []
    assert faults(world.database, folder, Expected(now=None)) == []


def test_records_of_facts_are_anchored_as_well(world: World, folder: Path):
    """A forger who chains the records of facts anew, with a title changed in each: the acts are untouched."""
    with world.database.owning() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(
            text(
                "UPDATE cases SET title = '无事'; DELETE FROM case_seal; DELETE FROM case_mark;"
                " UPDATE chain_head SET seal_n = 0, seal_hash = ''; SELECT seal_identity('C'); SELECT seal_changes('C', 'load')"
            )
        )
    found = faults(world.database, folder)
    assert found and all("anchored on" in what for what in found)


def test_a_file_that_was_changed_is_a_fault_and_no_end(world: World, folder: Path):
    path = path_of(world, folder)
    path.write_text(path.read_text().replace('"events":2', '"events":9'))
    found = faults(world.database, folder)
    assert any("line 2" in what for what in found)
    with pytest.raises(AnchorError):
        anchor_heads(world.database, folder, NOW + timedelta(days=1))


def test_the_next_day_does_not_heal_a_cut(world: World, folder: Path):
    cut(path_of(world, folder))
    with pytest.raises(AnchorError, match="is not the file that was written"):
        anchor_heads(world.database, folder, NOW + timedelta(days=1))
    tomorrow = Expected(now=NOW + timedelta(days=1))
    assert any("is not the one that the database knows" in what for what in faults(world.database, folder, tomorrow))


def test_a_line_whose_writer_was_killed_is_no_fault(world: World, folder: Path):
    """Written to the file, and neither the database nor the file beside it say so yet: the next run does."""
    known = {"head": path_of(world, folder, "head").read_text()}
    with world.database.owning() as connection:
        row = connection.execute(text("SELECT lines, line, day FROM anchor_head")).one()
    tomorrow = NOW + timedelta(days=1)
    anchor_heads(world.database, folder, tomorrow)
    path_of(world, folder, "head").write_text(known["head"])
    change(world, f"UPDATE anchor_head SET lines = {row.lines}, line = '{row.line}', day = '{row.day}'")
    assert faults(world.database, folder, Expected(now=tomorrow)) == []
    assert anchor_heads(world.database, folder, tomorrow) == 0
    with world.database.owning() as connection:
        assert connection.execute(text("SELECT lines FROM anchor_head")).scalar() == 4


def test_anchors_of_0_2_0_hold_without_what_came_later(world: World, folder: Path):
    """Lines without records of facts, and nobody who knew how many there were."""
    path = path_of(world, folder)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    path.unlink()
    path_of(world, folder, "head").unlink()
    change(world, "DELETE FROM anchor_head")
    for one in lines:
        anchors._append(path, anchors.Anchor(date.fromisoformat(one["day"]), one["seq"], one["hash"], one["events"]))
    assert faults(world.database, folder) == []


def test_a_prefecture_whose_code_names_no_file(world: World, folder: Path):
    """A code that leaves the folder has a file of another name, and is found under it."""
    with world.database.owning() as connection:
        connection.execute(text("SELECT create_prefecture('../x')"))
        connection.execute(text("INSERT INTO chain_head (prefecture, seq, hash) VALUES ('../y', 0, '') ON CONFLICT DO NOTHING"))
    stem = anchors.file_stem("../x")
    anchors._append(folder / f"{stem}.{path_of(world, folder).name.split('.')[1]}.jsonl", anchors.Anchor(NOW.date(), 1, "00", 1))
    found = faults(world.database, folder)
    assert "it has anchors, and no trace at all" not in found
    assert any("anchored on" in what and "missing" in what for what in found)
