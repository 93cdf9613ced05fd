"""The trace against a superuser: whatever is done to it behind the application's back is found, and the row is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from data.audit import anchors, trace
from data.audit.anchors import AnchorError, anchor_heads, read_anchors
from data.audit.trace import Fault
from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.queries.deployment import identity
from rules.facts import MoveRequest
from tests.world import NOW, World

DAYS = [NOW + timedelta(days=day) for day in range(3)]


def live_a_day(world: World, now) -> None:
    for _ in range(2):
        lon, lat = world.point_in("C1V1G1")
        report = CaseReport(kind="dispute", category="neighbour", title="噪音", lon=lon, lat=lat)
        by = world.viewers["dispatcher"]
        case = report_case(world.database, viewer=by, report=report, now=now)
        for version, move in enumerate(("accept", "assess"), 1):
            request = MoveRequest(case_no=case["case_no"], move=move, version=version)
            move_case(world.database, request, viewer=by, now=now)


@pytest.fixture
def folder(world: World, tmp_path: Path) -> Path:
    """Three days of cases, each day's head written down; 18 events."""
    for day in DAYS:
        live_a_day(world, day)
        assert anchor_heads(world.database, tmp_path, day) == 1
    return tmp_path


def faults(world: World, folder: Path) -> list[Fault]:
    with world.database.owning() as connection:
        own = identity(connection)
        anchored = partial(anchors.read_anchors, folder, own)
        found = list(trace.verify(connection, anchored, anchors.prefectures(folder, own)))
    return [one for one in found if isinstance(one, Fault)]


def own(world: World) -> str:
    with world.database.owning() as connection:
        return identity(connection)


def seqs(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT seq FROM case_event ORDER BY seq")).scalars())


def rehash(connection: Connection, from_seq: int) -> None:
    """What a forger with all rights and our source would do: chain everything anew from a row on."""
    rows = (
        connection.execute(text("SELECT *, details::text AS details_text FROM case_event ORDER BY seq"))
        .mappings()
        .all()
    )
    head = b""
    for row in rows:
        if row["seq"] >= from_seq:
            [linked] = trace.chain([{**row, "details": row["details_text"]}], first_seq=row["seq"], head=head)
            connection.execute(
                text("UPDATE case_event SET prev_hash = :prev, hash = :hash WHERE seq = :seq"),
                {"prev": linked["prev_hash"], "hash": linked["hash"], "seq": row["seq"]},
            )
            head = linked["hash"]
        else:
            head = bytes(row["hash"])
    connection.execute(
        text("UPDATE chain_head SET hash = :hash, seq = (SELECT max(seq) FROM case_event)"), {"hash": head}
    )


def set_reason(connection: Connection, seq: int) -> None:
    connection.execute(text("UPDATE case_event SET reason = '改写' WHERE seq = :seq"), {"seq": seq})


def test_an_untouched_trace_is_whole(world: World, folder: Path):
    assert faults(world, folder) == []


def test_a_changed_row_is_named(world: World, folder: Path):
    with world.database.owning() as connection:
        seq = seqs(connection)[7]
        set_reason(connection, seq)
    [fault] = faults(world, folder)
    assert fault.seq == seq and "changed after it was written" in fault.what
    assert fault.case_no.endswith("-00001") and fault.version == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("at", "at + interval '1 second'"), ("role", "'leader'"), ("to_status", "'archived'"), ("by_organisation_id", "7777"),
     ("details", "'{\"a\": 1}'"), ("path", "'C/C2/'"), ("user_id", "NULL"), ("act", "'reject'")],
)  # fmt: skip
def test_no_column_can_be_changed(world: World, folder: Path, column: str, value: str):
    with world.database.owning() as connection:
        seq = seqs(connection)[8]
        connection.execute(text(f"UPDATE case_event SET {column} = {value} WHERE seq = :seq"), {"seq": seq})
    assert any(fault.seq == seq and "changed after" in fault.what for fault in faults(world, folder))


def test_a_missing_row_is_named_by_its_case_and_the_place_in_the_chain(world: World, folder: Path):
    with world.database.owning() as connection:
        seq = seqs(connection)[7]
        connection.execute(text("DELETE FROM case_event WHERE seq = :seq"), {"seq": seq})
    found = faults(world, folder)
    assert any(fault.seq == seq + 1 and "missing" in fault.what for fault in found)
    assert any("2 of 3 versions" in fault.what for fault in found)


def test_the_last_rows_taken_away_with_the_head_set_back_are_missed(world: World, folder: Path):
    with world.database.owning() as connection:
        last = seqs(connection)[-3:]
        connection.execute(text("DELETE FROM case_event WHERE seq = ANY (:seqs)"), {"seqs": last})
        connection.execute(
            text("UPDATE chain_head SET (seq, hash) = (SELECT seq, hash FROM case_event ORDER BY seq DESC LIMIT 1)")
        )
    found = faults(world, folder)
    assert any(fault.seq == last[-1] and f"anchored on {DAYS[2].date()}" in fault.what for fault in found)
    assert any(fault.what == "the case has no trace" for fault in found)


def test_two_rows_that_changed_places_are_named(world: World, folder: Path):
    with world.database.owning() as connection:
        one, other = seqs(connection)[6:8]
        for was, becomes in ((one, -1), (other, one), (-1, other)):
            connection.execute(
                text("UPDATE case_event SET seq = :becomes WHERE seq = :was"), {"was": was, "becomes": becomes}
            )
    assert {one, other} <= {fault.seq for fault in faults(world, folder)}


def test_a_forged_row_in_the_middle_is_named(world: World, folder: Path):
    with world.database.owning() as connection:
        connection.execute(text("SELECT set_config('gridboard.bulk', 'on', true)"))
        seq = seqs(connection)[5]
        connection.execute(text("UPDATE case_event SET seq = seq + 1000 WHERE seq > :seq"), {"seq": seq})
        columns = "prefecture, case_no, at, role, user_id, by_organisation_id, from_status, to_status," \
            " from_organisation_id, to_organisation_id, reason, details, path, prev_hash, hash"  # fmt: skip
        connection.execute(
            text(
                f"INSERT INTO case_event (seq, version, act, {columns}) SELECT seq + 1, 4, 'comment', {columns}"
                " FROM case_event WHERE seq = :seq"
            ),
            {"seq": seq},
        )
    assert any(fault.seq == seq + 1 for fault in faults(world, folder))


@pytest.mark.parametrize(("place", "day"), [(1, 0), (7, 1), (13, 2)])
def test_a_chain_computed_anew_differs_from_the_anchors(world: World, folder: Path, place: int, day: int):
    with world.database.owning() as connection:
        seq = seqs(connection)[place]
        set_reason(connection, seq)
        rehash(connection, seq)
    found = faults(world, folder)
    assert [fault.what for fault in found] == [
        f"the trace up to here is not the one anchored on {one.date()}" for one in DAYS[day:]
    ]
    assert faults(world, folder / "none") == [], "without the anchors nobody could tell"


def test_a_changed_case_differs_from_its_trace(world: World, folder: Path):
    with world.database.owning() as connection:
        connection.execute(text("UPDATE cases SET status = 'archived' WHERE case_no LIKE '%-00001'"))
    found = faults(world, folder)
    assert sum("stands as archived" in fault.what for fault in found) == 3
    assert sum(fault.columns == ("status",) and "trace left it" in fault.what for fault in found) == 3


def test_a_trace_that_is_gone_altogether_is_missed(world: World, folder: Path):
    with world.database.owning() as connection:
        connection.execute(text("DELETE FROM case_event"))
        connection.execute(text("DELETE FROM cases"))
        connection.execute(text("DELETE FROM chain_head"))
    [fault] = faults(world, folder)
    assert fault.prefecture == "C" and "no trace at all" in fault.what


def test_the_applications_role_can_neither_change_nor_delete(world: World):
    live_a_day(world, NOW)
    for statement in ("UPDATE case_event SET reason = 'x'", "DELETE FROM case_event", "TRUNCATE case_event"):
        with (
            pytest.raises(Exception, match=r"permission denied|append-only"),
            world.database.writing(world.viewers["dispatcher"]) as connection,
        ):
            connection.execute(text(statement))


def test_one_anchor_a_day_whoever_writes_it(world: World, tmp_path: Path):
    live_a_day(world, NOW)
    assert [anchor_heads(world.database, tmp_path, NOW) for _ in range(3)] == [1, 0, 0]
    [anchor] = read_anchors(tmp_path, own(world), "C")
    assert (anchor.day, anchor.events) == (NOW.date(), 6)


def broken_files() -> Iterator[Callable[[list[bytes]], list[bytes]]]:
    yield lambda lines: lines[1:]
    yield lambda lines: [lines[0], lines[2]]
    yield lambda lines: [lines[0], lines[1].replace(b'"events":12', b'"events":13'), lines[2]]
    yield lambda lines: [b"nothing"]


@pytest.mark.parametrize("change", broken_files())
def test_a_changed_file_of_anchors_is_found(world: World, folder: Path, change):
    path = folder / f"C.{own(world)}.jsonl"
    path.write_bytes(b"\n".join(change(path.read_bytes().splitlines())) + b"\n")
    with pytest.raises(AnchorError, match=r"C\.[0-9a-f]{8}\.jsonl, line "):
        read_anchors(folder, own(world), "C")


def test_anchors_of_another_deployment_in_the_same_folder_are_not_mistaken(world: World, folder: Path):
    with world.database.owning() as connection:
        connection.execute(text("UPDATE deployment SET value = '\"another1\"' WHERE key = 'identity'"))
        set_reason(connection, seqs(connection)[0])
        rehash(connection, 0)
    [fault] = faults(world, folder)
    assert "identity" in fault.what
    assert anchor_heads(world.database, folder, DAYS[2]) == 1
