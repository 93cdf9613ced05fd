"""Measures counted by hand: loops over whole tables, without a line of what is tested."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from sqlalchemy import text

SHARES = (
    "first_mediation_success", "one_time_settlement", "on_time_signing", "on_time_settlement", "return_rate",
    "repeat_rate", "self_discovered_share",
)  # fmt: skip

#: One case, waiting or settled after an hour, as a file of others would bring it.
INSERT = """
INSERT INTO cases (prefecture, case_no, kind, category, title, severity, source, status, area_id, path, centre_id,
                   centre_path, holder_id, holder_path, version, reported_at, status_since, queued_at, settle_from,
                   settled_at)
SELECT a.prefecture, :no, k.kind, k.code, '案件', :severity, 'grid_worker',
       CASE WHEN :settled THEN 'settled' ELSE 'waiting' END, a.id, a.path, o.id, o.path, o.id, o.path, 1, :at, :at, :at, :at,
       CASE WHEN :settled THEN CAST(:at AS timestamptz) + interval '1 hour' END
  FROM area a, (SELECT id, path FROM organisation WHERE kind = 'centre' ORDER BY id LIMIT 1) o, category k
 WHERE a.code = :area AND k.code = :category
"""


class Tables:
    """All cases and all acts, as the owner sees them."""

    def __init__(self, database) -> None:
        with database.owning() as connection:
            read = text(
                "SELECT case_no, kind, severity, category, source, path, lon, lat, holder_id, reported_at, settled_at,"
                " settle_due_at FROM cases"
            )
            self.cases = {row["case_no"]: dict(row) for row in connection.execute(read).mappings()}
            acts = text(
                "SELECT case_no, act, at, version, from_organisation_id AS giver, to_organisation_id AS taker, details"
                " FROM case_event ORDER BY version"
            )
            self.acts = defaultdict(list)
            for row in connection.execute(acts).mappings():
                self.acts[row["case_no"]].append(dict(row))

    def counted(self, name: str, area: str, since: datetime, until: datetime) -> tuple[set[str], set[str]]:
        """Numbers of the cases in the numerator, and in the denominator. `area`: a path."""
        judge = getattr(self, name)
        good, every = set(), set()
        for number, case in self.cases.items():
            said = judge(case, self.acts[number], since, until) if case["path"].startswith(area) else None
            if said is not None:
                every.add(number)
                good |= {number} if said else set()
        return good, every

    def days(self, area: str, since: datetime, until: datetime) -> list[float]:
        inside = [one for one in self.cases.values() if one["path"].startswith(area) and within(one["settled_at"], since, until)]
        return sorted((one["settled_at"] - one["reported_at"]) / timedelta(days=1) for one in inside)

    def first_mediation_success(self, case, acts, since, until):
        first = next((act for act in acts if act["act"] == "record_mediation"), None)
        return first["details"]["outcome"] == "success" if first and within(first["at"], since, until) else None

    def one_time_settlement(self, case, acts, since, until):
        if not within(case["settled_at"], since, until):
            return None
        return not any(act["act"] in ("return", "transfer", "reopen") for act in acts)

    def on_time_settlement(self, case, acts, since, until):
        if not within(case["settled_at"], since, until) or case["settle_due_at"] is None:
            return None
        return case["settled_at"] <= case["settle_due_at"]

    def on_time_signing(self, case, acts, since, until):
        """Two hours, whatever kind and severity: the limits of the deployments of the tests."""
        said = []
        for place, act in enumerate(acts):
            if act["act"] == "sign" and within(act["at"], since, until):
                handed = [one["at"] for one in acts[:place] if one["act"] in ("dispatch", "transfer")][-1]
                said.append(act["at"] - handed <= timedelta(hours=2))
        return all(said) if said else None

    def return_rate(self, case, acts, since, until):
        said = []
        for place, act in enumerate(acts):
            if act["act"] == "dispatch" and within(act["at"], since, until):
                said.append(any(one["act"] == "return" and one["giver"] == act["taker"] for one in acts[place:]))
        return any(said) if said else None

    def repeat_rate(self, case, acts, since, until):
        if case["kind"] != "dispute" or not within(case["reported_at"], since, until):
            return None
        return any(repeats(case, one) for one in self.cases.values() if one is not case)

    def self_discovered_share(self, case, acts, since, until):
        if case["source"] == "import" or not within(case["reported_at"], since, until):
            return None
        return case["source"] not in ("police_110", "court")


def within(at: datetime | None, since: datetime, until: datetime) -> bool:
    return at is not None and since <= at < until


def repeats(case, other) -> bool:
    if other["kind"] != "dispute" or other["category"] != case["category"] or other["settled_at"] is None:
        return False
    if not timedelta(0) <= case["reported_at"] - other["settled_at"] <= timedelta(days=90):
        return False
    return None not in (case["lon"], other["lon"]) and metres(case, other) <= 200


def metres(one, other) -> float:
    a, b, c, d = (radians(value) for value in (one["lon"], one["lat"], other["lon"], other["lat"]))
    return 2 * 6_371_008.8 * asin(sqrt(sin((d - b) / 2) ** 2 + cos(b) * cos(d) * sin((c - a) / 2) ** 2))
