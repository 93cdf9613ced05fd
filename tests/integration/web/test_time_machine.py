"""The past by the API: what is asked later about a moment is what was answered then, for each by what it may see."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from data import bulk
from data.commands import case_spans, tiers
from data.commands.reports import CaseReport, report_case
from rules.sla import SlaPolicy
from tests.integration.web.conftest import Site
from tests.lived import HOUR, MEDIATION, SLA, live, move
from tests.world import NOW

USERS = ("leader", "dispatcher", "dispatcher.c2", "handler")
CASES = (
    "status=open", "status=waiting", "status=to_file", "status=done", "status=overdue", "overdue=true", "", "kind=dispute",
    "status=open&sort=-reported_at", "q=漏水", "unlocated=true", "severity=grave", "category=neighbour&sort=title", "holder=3",
)  # fmt: skip
AREAS = ("C", "C1", "C1V1", "C1V1G1", "C2")


def paths(user: str) -> list[str]:
    mine = {"dispatcher.c2": ("C2",), "handler": ("C1", "C1V1", "C1V1G1")}.get(user, AREAS)
    found = []
    for area in mine:
        found += [f"/api/areas/{area}{what}" for what in ("", "/children", "/summary")]
        found += [f"/api/tiers?area={area}&level=grid", f"/api/markers?area={area}", f"/api/clusters?area={area}"]
        found += [f"/api/repeats?area={area}"]
        found += [f"/api/cases?area={area}&{query}" for query in CASES]
        found += [f"/api/markers?area={area}&status=to_file"]
        found += [] if user == "handler" else [f"/api/areas/{area}/why"]
    return found


def told(answer: Any) -> Any:
    """Without what is said of the moment of asking: what may be done now, and the number of the world."""
    if isinstance(answer, dict):
        return {name: told(value) for name, value in answer.items() if name not in ("moves", "seq")}
    return [told(one) for one in answer] if isinstance(answer, list) else answer


def set_clock(site: Site, at: datetime) -> None:
    object.__setattr__(site.services.clock, "fixed", at)


def asked(client, path: str, as_of: datetime | None = None) -> Any:
    more = "" if as_of is None else f"{'&' if '?' in path else '?'}as_of={as_of:%Y-%m-%dT%H:%M:%SZ}"
    answer = client.get(path + more)
    assert answer.status_code == 200, (path + more, answer.text)
    return told(answer.json())


def evaluate(site: Site, at: datetime) -> None:
    with site.world.database.owning() as connection:
        tiers.recompute_tiers(connection, now=at)


def lived(site: Site) -> list[datetime]:
    """A deployment with a past; the moments of its acts."""
    live(site.world)
    lon, lat = site.world.point_in("C2V1G1")
    for area, at in (("C2V1G1", NOW + 3 * HOUR), ("C1", NOW + 4 * HOUR)):
        place = {"lon": lon, "lat": lat} if area == "C2V1G1" else {"area": area}
        told = CaseReport(kind="dispute", category="neighbour", title="墙体开裂", severity="grave", **place)
        report_case(site.world.database, viewer=site.world.viewers["dispatcher"], report=told, now=at, sla=SLA)
    with site.world.database.owning() as connection:
        return list(connection.execute(text("SELECT DISTINCT at FROM case_event ORDER BY at")).scalars())


def test_now_as_a_past_moment_is_the_present(site: Site) -> None:
    moments = lived(site)
    now = moments[-1] + HOUR
    evaluate(site, now - HOUR / 2)
    set_clock(site, now)
    for user in USERS:
        client = site.client(user)
        for path in paths(user):
            assert asked(client, path, now) == asked(client, path), (user, path)


def test_what_was_answered_then_is_answered_later(site: Site) -> None:
    """Snapshots on the way: moves, a settlement and its undoing, a merger, a reopening, a place that changes."""
    world, clients, taken = site.world, {}, {}
    later = NOW + timedelta(days=40)

    def look(at: datetime) -> None:
        set_clock(site, at)
        for user in USERS:
            clients[user] = clients.get(user) or site.client(user)
            taken.update({(user, path, at): asked(clients[user], path) for path in paths(user)[:: len(taken) % 2 + 1]})

    lived(site)
    first = NOW + timedelta(days=5)
    evaluate(site, first)
    look(first + HOUR)
    place = world.point_in("C1V2G1")
    told = CaseReport(kind="dispute", category="neighbour", title="漏水", lon=place[0], lat=place[1])
    case = report_case(world.database, viewer=world.viewers["dispatcher"], report=told, now=first + 2 * HOUR, sla=SLA)["case_no"]
    look(first + 3 * HOUR)
    for number, (name, by, more) in enumerate(
        (
            ("accept", "dispatcher", {}), ("assess", "dispatcher", {}), ("dispatch", "dispatcher", {"to": "justice-C1"}),
            ("sign", "handler", {}), ("start", "handler", {}), ("record_mediation", "handler", MEDIATION),
            ("settle", "handler", {}), ("undo_settle", "handler", {}), ("settle", "handler", {}),
            ("visit", "dispatcher", {"satisfaction": 5}),
            ("reopen", "dispatcher", {"reason": "又起争执"}),
        )
    ):  # fmt: skip
        at = first + 4 * HOUR + number * HOUR / 360
        move(world, case, name, by, at, **more)
        if name in ("dispatch", "settle", "undo_settle", "visit"):
            evaluate(site, at)
            look(at)
    relocate(site, case, "C1V2G2", later - HOUR)
    set_clock(site, later)
    for (user, path, at), then in taken.items():
        if "C1V2" in path or user == "handler":
            continue
        assert asked(clients[user], path, at) == then, (user, path, at)


def relocate(site: Site, case: str, code: str, at: datetime) -> None:
    with site.world.database.owning() as connection:
        bulk.begin_bulk(connection)
        area = connection.execute(text("SELECT id, path FROM area WHERE code = :code"), {"code": code}).one()
        connection.execute(
            text("UPDATE cases SET area_id = :id, path = :path, version = version + 1 WHERE case_no = :no"),
            {"id": area.id, "path": area.path, "no": case},
        )
        row = connection.execute(text("SELECT * FROM cases WHERE case_no = :no"), {"no": case}).mappings().one()
        act = {
            "case_no": case, "at": at, "act": "relocate", "role": "system", "from_status": row["status"],
            "to_status": row["status"],
            "from_organisation_id": row["holder_id"], "to_organisation_id": row["holder_id"], "version": row["version"],
            "path": area.path, "details": {"rule": "boundaries"},
        }  # fmt: skip
        bulk.insert_trace(connection, row["prefecture"], [act])
        bulk.rebuild_rollups(connection, row["prefecture"])
        case_spans.fill_all(connection, sla=SlaPolicy())


def test_a_case_counts_where_it_lay_then(site: Site) -> None:
    case = live(site.world)["waiting"]
    before, after = NOW + timedelta(days=3), NOW + timedelta(days=5)
    relocate(site, case, "C1V1G2", NOW + timedelta(days=4))
    set_clock(site, after)
    client = site.client("leader")
    for at, places in ((before, (1, 0)), (after, (0, 1))):
        for area, number in zip(("C1V2G1", "C1V1G2"), places, strict=True):
            listed = asked(client, f"/api/cases?area={area}&status=open", at)
            assert (len(listed["items"]), listed["total"]) == (number, number)
            assert asked(client, f"/api/areas/{area}/summary", at)["open"] == number


def test_there_is_no_past_before_the_first_act_and_none_to_come(site: Site) -> None:
    client = site.client("leader")
    for path in paths("leader"):
        sign = "&" if "?" in path else "?"
        empty = client.get(f"{path}{sign}as_of=2026-03-09T00:00:00Z")
        assert (empty.status_code, empty.json()["code"]) == (422, "invalid"), path
        future = client.get(f"{path}{sign}as_of=2030-01-01T00:00:00Z").json()
        assert future["code"] == "invalid" and "尚未到来" in future["errors"][0]["detail"], path


def test_the_first_act_is_the_first_moment(site: Site) -> None:
    first = lived(site)[0]
    set_clock(site, NOW + timedelta(days=9))
    client = site.client("leader")
    assert asked(client, "/api/areas/C/summary", first)["open"] > 0
    early = client.get(f"/api/areas/C/summary?as_of={first - timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}")
    assert early.status_code == 422 and "第一条" in early.json()["errors"][0]["detail"]


def test_one_case_as_it_was_and_no_move(site: Site) -> None:
    case = live(site.world)["settled"]
    set_clock(site, NOW + timedelta(days=9))
    client = site.client("dispatcher")
    then = client.get(f"/api/cases/{case}?as_of={NOW + HOUR / 2 + timedelta(seconds=1):%Y-%m-%dT%H:%M:%SZ}").json()
    assert then["status"] == "dispatched" and then["settled_at"] is None and then["moves"] == []
    assert client.get(f"/api/cases/{case}").json()["status"] == "visited"
    early = client.get(f"/api/cases/{case}?as_of={NOW - HOUR:%Y-%m-%dT%H:%M:%SZ}")
    assert early.status_code == 422


def test_the_past_is_seen_by_who_sees_the_present(site: Site) -> None:
    """A body that a case has left for good sees what it could of it; another county none of it."""
    cases = live(site.world)
    at = NOW + timedelta(days=2)
    set_clock(site, at + HOUR)
    other, own = site.client("dispatcher.c2"), site.client("handler")
    for case in cases.values():
        assert other.get(f"/api/cases/{case}?as_of={at:%Y-%m-%dT%H:%M:%SZ}").status_code == 404
        seen = own.get(f"/api/cases/{case}").status_code
        assert own.get(f"/api/cases/{case}?as_of={at:%Y-%m-%dT%H:%M:%SZ}").status_code == seen
    assert asked(other, "/api/markers?area=C2", at)["items"]["case_no"] == []
    with site.world.database.reading(site.world.viewers["auditor"], as_of=at) as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 0


def test_the_past_made_of_the_trace_is_the_one_written_on_the_way(site: Site) -> None:
    lived(site)
    read = text("SELECT to_jsonb(s) FROM case_span s ORDER BY case_no, from_at")
    with site.world.database.owning() as connection:
        written = connection.execute(read).scalars().all()
        connection.execute(text("DELETE FROM case_span"))
        connection.execute(text("INSERT INTO span_gap SELECT prefecture, case_no FROM cases"))
    assert case_spans.fill_spans(site.world.database, sla=SLA) == 9
    with site.world.database.owning() as connection:
        made = connection.execute(read).scalars().all()
        assert connection.execute(text("SELECT count(*) FROM span_gap")).scalar() == 0
    assert made == written


def test_until_the_past_is_made_nothing_is_told_of_it(site: Site) -> None:
    lived(site)
    set_clock(site, NOW + timedelta(days=9))
    with site.world.database.owning() as connection:
        connection.execute(text("INSERT INTO span_gap SELECT prefecture, case_no FROM cases"))
    client = site.client("leader")
    path = f"/api/areas/C/summary?as_of={NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}"
    assert client.get(path).status_code == 503
    case_spans.fill_spans(site.world.database, sla=SLA)
    assert client.get(path).status_code == 200


def columns(answer: dict, names: list[str] | tuple[str, ...]) -> list[list]:
    return [list(row) for row in zip(*(answer[name] for name in names), strict=True)]


def test_frames_played_one_after_the_other_are_what_was_at_each_moment(site: Site) -> None:
    lived(site)
    evaluate(site, NOW + 2 * HOUR)
    set_clock(site, NOW + timedelta(days=3))
    client = site.client("leader")
    since, until = NOW + HOUR / 2, NOW + 12 * HOUR
    answer = client.get(
        f"/api/past/frames?area=C&level=grid&from={since:%Y-%m-%dT%H:%M:%SZ}&to={until:%Y-%m-%dT%H:%M:%SZ}&step=90"
    ).json()
    assert len(answer["frames"]) == 8
    rows: dict[int, list] = {}
    marks: dict[str, list] = {}
    for frame in answer["frames"]:
        at = datetime.fromisoformat(frame["at"])
        rows |= {place: row for place, *row in frame["areas"]}
        marks = {no: row for no, row in marks.items() if no not in frame["went"]} | {row[0]: row for row in frame["came"]}
        then = asked(client, "/api/tiers?area=C&level=grid", at)
        assert [rows[place] for place in sorted(rows)] == columns(then, ("tier", "open", "waiting"))
        shown = asked(client, "/api/markers?area=C", at)["items"]
        assert [marks[no] for no in sorted(marks)] == columns(shown, answer["columns"])
        summary = asked(client, "/api/areas/C/summary", at)
        assert {name: summary[name] for name in frame["figures"]} == frame["figures"]


def test_frames_the_wrong_way_round_or_to_come_are_refused(site: Site) -> None:
    lived(site)
    set_clock(site, NOW + timedelta(days=3))
    client = site.client("leader")
    for since, until in (("2026-03-11", "2026-03-10T06:00:00Z"), ("2026-03-11", "2027-01-01"), ("2020-01-01", "2026-03-11")):
        answer = client.get(f"/api/past/frames?area=C&from={since}&to={until}")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_the_line_of_time_begins_with_the_first_act(site: Site) -> None:
    assert site.client("leader").get("/api/past?area=C").json()["first"] is None
    first = lived(site)[0]
    told = site.client("leader").get("/api/past?area=C").json()
    assert datetime.fromisoformat(told["first"]) == first and sum(n for _, n in told["days"]) == 9
