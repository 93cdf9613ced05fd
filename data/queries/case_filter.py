"""Which cases a list shows: the fields of a filter and the conditions that they are in SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.queries import areas, measures
from rules.cases import STATUS_SETS, Status
from rules.errors import Problem
from rules.metrics import Part

#: The sets of which the roll-ups of an area hold the number.
COUNTED = {"open": "open_n", "waiting": "waiting_n", "to_file": "to_file_n"}
#: The sets that have partial indexes, by words that the planner finds them by (migration 0023).
INDEXED = {"open": "is_open(c.status)", "waiting": "c.status = 'waiting'", "to_file": "is_to_file(c.status)"}
LATE = (INDEXED["open"], "c.due_at < :now")
CONDITIONS = {
    "kind": "c.kind = :kind",
    "category": "c.category = :category",
    "severity": "c.severity = :severity",
    "holder": "c.holder_id = :holder",
    "q": "(c.case_no LIKE :q_prefix OR c.title ILIKE :q_part)",
    "settled_from": "c.settled_at >= :settled_from",
    "settled_to": "c.settled_at < :settled_to",
    "reported_from": "c.reported_at >= :reported_from",
    "reported_to": "c.reported_at < :reported_to",
    "due_from": "c.due_at >= :due_from",
    "box": "c.lon BETWEEN :west AND :east AND c.lat BETWEEN :south AND :north",
    # whether a case counts is the same for all of its kind, category, source and severity: asked once for each
    "factor": """c.status NOT IN ('rejected', 'merged') AND c.reported_at <= :now
        AND (c.kind, c.category, c.source, c.severity) IN (
        SELECT s.kind, s.category, s.source, s.severity
          FROM (SELECT DISTINCT kind, category, source, severity FROM cases
                 WHERE prefecture = :prefecture AND path >= :lo AND path < :hi) s
          JOIN category k ON k.code = s.category
          JOIN tier_factors((SELECT rule FROM tier_rule
                              ORDER BY at > :now, version * CASE WHEN at > :now THEN -1 ELSE 1 END DESC LIMIT 1)) f
            ON f.factor = :factor
           AND counts_case(f.sources, s.kind, s.category, s.source, s.severity, k.three_class))""",
    "cluster": "c.case_no IN (SELECT m.case_no FROM cluster_case m WHERE m.cluster_id = :cluster AND m.prefecture = :prefecture)",
    "cases": "c.case_no = ANY(:cases)",
    "unlocated": "c.area_id = :area_id AND NOT (SELECT leaf FROM area WHERE id = :area_id)",
}



@dataclass(frozen=True)
class CaseFilter:
    """What a list shows. `status` is a status or a named set (open, waiting, at_work, to_file, done, overdue); a period ends
    before its `_to`; `box` is west, south, east, north in degrees; `factor`: what counts for a factor of the
    tiers; `cluster`: the cases of an emerging cluster; `metric`: what a measure counts in the numerator or denominator (`part`)
    of its period, for all bodies or for `metric_body`, with the `late` signatures of it (data/queries/measures.py);
    `cases`: these.

    Without a `sort` the nearest deadline comes first; no clock runs for what is to be filed: there the longest settled.
    """

    area: str
    status: str | None = None
    kind: str | None = None
    category: str | None = None
    severity: str | None = None
    overdue: bool = False
    unlocated: bool = False
    holder: int | None = None
    q: str | None = None
    settled_from: datetime | None = None
    settled_to: datetime | None = None
    reported_from: datetime | None = None
    reported_to: datetime | None = None
    due_from: datetime | None = None
    factor: str | None = None
    cluster: int | None = None
    metric: str | None = None
    part: str | None = None
    metric_from: datetime | None = None
    metric_to: datetime | None = None
    metric_body: int | None = None
    late: tuple[int, ...] = ()
    cases: tuple[str, ...] | None = None
    box: tuple[float, float, float, float] | None = None
    sort: str | None = None
    limit: int = 50
    cursor: str | None = None

    @property
    def order(self) -> str:
        return self.sort or ("settled_at" if self.status == "to_file" else "due_at")


def conditions(wanted: CaseFilter, area: areas.AreaKey, now: datetime) -> tuple[str, dict]:
    """The conditions of a list on `cases c`, and the values of their parameters."""
    clauses = ["c.prefecture = :prefecture", "c.path >= :lo", "c.path < :hi"]
    values: dict = dict(area.range(), now=now, area_id=area.id)
    status = "overdue" if wanted.overdue and not wanted.status else wanted.status
    if status:
        clauses += _status_clauses(status, values)
    if wanted.overdue and status != "overdue":
        clauses += LATE
    for name, clause in CONDITIONS.items():
        value = getattr(wanted, name)
        if value is not None and value is not False and value != "":
            clauses.append(clause)
            values[name] = list(value) if isinstance(value, tuple) else value
    if wanted.metric:
        clauses.append(_counted(wanted, values))
    if wanted.box:
        values |= zip(("west", "south", "east", "north"), wanted.box, strict=True)
    if wanted.q:
        escaped = wanted.q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values |= {"q_prefix": escaped + "%", "q_part": f"%{escaped}%"}
    return " AND ".join(clauses), values


def _counted(wanted: CaseFilter, values: dict) -> str:
    """Raises Problem invalid for a measure without its part or period."""
    metric, since, until = measures.measure(wanted.metric or ""), wanted.metric_from, wanted.metric_to
    if wanted.part is None or since is None or until is None:
        missing = next(name for name in ("part", "metric_from", "metric_to") if getattr(wanted, name) is None)
        raise Problem("invalid", field=missing, value="")
    values |= measures.values(since, until, wanted.late) | {"metric_body": wanted.metric_body}
    return measures.clause(metric, Part(wanted.part))


def _status_clauses(status: str, values: dict) -> list[str]:
    if status == "overdue":
        return [*LATE]
    if status in INDEXED:
        return [INDEXED[status]]
    members = STATUS_SETS.get(status) or ({Status(status)} if status in {member.value for member in Status} else None)
    if members is None:
        raise Problem("invalid", field="status", value=status)
    values["statuses"] = sorted(member.value for member in members)
    return ["c.status = ANY(:statuses)"]
