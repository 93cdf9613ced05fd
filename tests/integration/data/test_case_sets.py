"""The named sets of statuses in the database: the same as in the rules, and read off their own indexes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from data.queries import case_markers, cases, summaries
from data.queries.areas import key
from rules.cases import OPEN, TO_FILE, UNCLOSED, Status
from rules.errors import Problem
from tests.steps.commands import move, report, settled, waiting
from tests.world import NOW, World


@pytest.mark.parametrize(("name", "members"), [("is_open", OPEN), ("is_to_file", TO_FILE), ("is_unclosed", UNCLOSED)])
def test_the_functions_say_what_the_rules_say(world: World, name: str, members: frozenset[Status]):
    with world.database.owning() as connection:
        for status in Status:
            said = connection.execute(text(f"SELECT {name}(:status)"), {"status": status.value}).scalar_one()
            assert said == (status in members), status


def test_a_settled_case_is_to_be_filed_until_it_is_archived(world: World):
    case = settled(world)
    viewer = world.viewers["leader"]
    with world.database.reading(viewer) as connection:
        counts = summaries.summary(connection, key(connection, "C1V1"), NOW, viewer)
        listed = {
            status: [item["case_no"] for item in cases.page(connection, cases.CaseFilter("C", status), NOW, viewer)["items"]]
            for status in ("open", "to_file", "done")
        }
        shown = case_markers.markers(connection, cases.CaseFilter(area="C"), NOW)["case_no"]
    assert (counts["open"], counts["to_file"], counts["overdue"]) == (0, 1, 0)
    assert listed == {"open": [], "to_file": [case["case_no"]], "done": [case["case_no"]]}
    assert shown == []
    assert {"comment", "supervise"} & set(moves_of(world, case, "leader")) == {"comment", "supervise"}
    move(world, move(world, case, "visit", satisfaction=5), "archive")
    with world.database.reading(viewer) as connection:
        assert summaries.summary(connection, key(connection, "C"), NOW, viewer)["to_file"] == 0


def moves_of(world: World, case: dict[str, Any], user: str) -> list[str]:
    viewer = world.viewers[user]
    with world.database.reading(viewer) as connection:
        moves: list[str] = cases.find(connection, case["case_no"], NOW, viewer)["moves"]
    return moves


def test_a_handler_counts_what_is_to_be_filed_of_its_own(world: World):
    settled(world)
    viewer = world.viewers["handler"]
    with world.database.reading(viewer) as connection:
        area = key(connection, "C1")
        counts = summaries.summary(connection, area, NOW, viewer)
        below = summaries.children_counts(connection, area, NOW, viewer)
    assert (counts["open"], counts["to_file"]) == (0, 1)
    assert sum(child["to_file"] for child in below.values()) == 1


def test_nothing_is_merged_into_a_settled_case(world: World):
    into, case = settled(world), report(world)
    with pytest.raises(Problem) as refused:
        move(world, case, "merge", into=into["case_no"])
    assert (refused.value.code, refused.value.values["condition"]) == ("merge_unsuitable", "closed")


def test_what_is_to_be_filed_comes_page_by_page_the_longest_settled_first(world: World):
    for _ in range(5):
        settled(world)
    viewer = world.viewers["leader"]
    seen, cursor = [], None
    with world.database.reading(viewer) as connection:
        while True:
            wanted = cases.CaseFilter("C", "to_file", limit=2, cursor=cursor)
            found = cases.page(connection, wanted, NOW, viewer)
            seen += [(item["settled_at"], item["case_no"]) for item in found["items"]]
            cursor = found["next_cursor"]
            if cursor is None:
                break
    assert len(seen) == found["total"] == 5 and seen == sorted(seen)


@pytest.mark.parametrize(
    ("status", "index"),
    [("open", "ix_cases_open_sorted"), ("waiting", "ix_cases_waiting_due|ix_cases_open_sorted"),
     ("to_file", "ix_cases_to_file_sorted"), ("overdue", "ix_cases_open_.*")],
)  # fmt: skip
def test_a_first_page_reads_an_index_of_its_set(world: World, status: str, index: str):
    """Whatever the number of cases: the planner is told that reading whole tables and sorting are dear."""
    waiting(world)
    viewer = world.viewers["leader"]
    with world.database.reading(viewer) as connection:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(text("SET LOCAL enable_sort = off"))
        plan = _plan(connection, lambda: cases.page(connection, cases.CaseFilter("C", status), NOW, viewer))
        names = _parents(connection, plan)
    assert any(re.fullmatch(index, name) for name in names), plan


def _plan(connection: Connection, query: Any) -> str:
    """How the last statement of a query is carried out."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_: object) -> None:
        sent.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        query()
    finally:
        event.remove(connection, "before_cursor_execute", note)
    statement, values = sent[-1]
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars())


def _parents(connection: Connection, plan: str) -> set[str]:
    """The names of the indexes of a plan as the models have them: a partition's own are made up by the server."""
    own = re.findall(r"(?:using|on) (\S*idx\d*)", plan)
    found = connection.execute(
        text("SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid::regclass::text = ANY (:own)"), {"own": own}
    )
    return set(found.scalars())


def test_no_function_keeps_the_old_set(world: World):
    """Each says by name which set it means, so that it finds the indexes of that set."""
    with world.database.owning() as connection:
        found = connection.execute(
            text(
                "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
                " AND prosrc ~ 'NOT IN \\(''archived''' AND proname <> 'is_unclosed'"
            )
        )
        assert found.scalars().all() == []
