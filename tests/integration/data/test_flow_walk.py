"""Several people at several cases in a real database: after every step the trace replays to the present, one body holds each
case, and the roll-ups are the sums."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from data.commands.cases import move_case
from data.commands.reports import CaseReport, report_case
from data.queries import cases
from rules.cases import OPEN, TO_FILE, WAITING
from rules.checks import allowed_moves
from rules.errors import Problem
from rules.facts import MoveRequest
from rules.moves import MOVES
from rules.replay import differences, replay
from rules.sla import SlaPolicy
from tests.world import NOW, World

SLA = SlaPolicy()
PEOPLE = ("dispatcher", "dispatcher.c1", "dispatcher.c2", "handler", "handler.fire", "leader", "admin")
BODIES = ("justice-C1", "mediators-C", "fire-C", "centre-C", "centre-C1", "centre-C1V1")
#: What an area counts of the cases in it, in the order of its columns.
COUNTED = (OPEN, WAITING, TO_FILE)
GIVEN = {
    "method": "people", "people": ("all_parties",), "outcome": "failure", "agreement": "none", "satisfaction": 3,
    "form": "letter", "reason": "理由",
}  # fmt: skip


class Walk(RuleBasedStateMachine):
    world: World

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.cases = [self._report() for _ in range(2)]
        self.seen: dict[tuple[str, str], int] = {}

    def _report(self) -> str:
        lon, lat = self.world.point_in("C1V1G1")
        report = CaseReport(kind="dispute", category="neighbour", title="噪音", lon=lon, lat=lat)
        by = self.world.viewers["dispatcher"]
        return str(report_case(self.world.database, viewer=by, report=report, now=self.now, sla=SLA)["case_no"])

    @rule(who=st.sampled_from(PEOPLE), pick=st.integers(0, 30), which=st.integers(0, 1), to=st.sampled_from(BODIES),
          minutes=st.integers(0, 3000), stale=st.integers(0, 9))  # fmt: skip
    def acts(self, who: str, pick: int, which: int, to: str, minutes: int, stale: int) -> None:
        """Somebody presses a button that is there, by what was seen; one time in ten by what was seen before."""
        self.now += timedelta(minutes=minutes)
        case_no, viewer = self.cases[which], self.world.viewers[who]
        with self.world.database.owning() as connection:
            case = cases.facts(cases.row(connection, case_no))
        offered = allowed_moves(case, viewer) or ("accept",)
        move = offered[pick % len(offered)]
        version = case.version if stale else self.seen.get((who, case_no), case.version)
        self.seen[who, case_no] = case.version
        until = max(self.now, case.settle_due_at if move == "extend" and case.settle_due_at else self.now)
        into = self.cases[1 - which] if "into" in MOVES[move].needs else None
        request = MoveRequest(
            case_no=case_no, move=move, version=version, to=self.world.organisations[to], into=into,
            **GIVEN | {"until": until + timedelta(days=5)},
        )  # fmt: skip
        try:
            move_case(self.world.database, request, viewer=viewer, now=self.now, sla=SLA)
        except Problem as problem:
            assert problem.code in (
                "stale_version", "body_unsuitable", "merge_unsuitable", "forbidden", "move_not_allowed", "not_found",
                "no_centre_above",
            )  # fmt: skip

    @rule()
    def reports(self) -> None:
        self.cases[0] = self._report()

    @invariant()
    def the_trace_replays_to_the_present(self) -> None:
        with self.world.database.owning() as connection:
            for case_no in self.cases:
                case = cases.facts(cases.row(connection, case_no))
                events = connection.execute(
                    text("SELECT * FROM case_event WHERE case_no = :no ORDER BY seq"), {"no": case_no}
                )
                trace: list[Any] = list(events.mappings())
                assert [event["version"] for event in trace] == list(range(1, case.version + 1))
                assert differences(replay(trace, kind=case.kind, severity=case.severity, sla=SLA), case) == {}

    @invariant()
    def the_roll_ups_are_the_sums(self) -> None:
        with self.world.database.owning() as connection:
            counted = connection.execute(
                text("SELECT a.code, n.open_n, n.waiting_n, n.to_file_n FROM area_count n JOIN area a ON a.id = n.area_id")
            )
            told = {code: tuple(counts) for code, *counts in counted if any(counts)}
            rows = connection.execute(text("SELECT path, status FROM cases")).all()
            months = connection.execute(
                text(
                    "SELECT sum(reported), sum(settled) FROM area_month m JOIN area a ON a.id = m.area_id WHERE a.code = 'C'"
                )
            ).one()
            settled = connection.execute(text("SELECT count(*) FROM cases WHERE settled_at IS NOT NULL")).scalar()
        found = [(code, row.status) for row in rows for code in row.path.rstrip("/").split("/")]
        sums = {code: tuple(sum(at == code and one in of for at, one in found) for of in COUNTED) for code, _ in found}
        assert told == {code: counts for code, counts in sums.items() if any(counts)}
        assert tuple(months) == (len(rows), settled)


def test_nothing_is_lost_whatever_people_do(world: World):
    Walk.world = world
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=12, stateful_step_count=40, suppress_health_check=list(HealthCheck)
        ),
    )
