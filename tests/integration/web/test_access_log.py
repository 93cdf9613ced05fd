"""Who came in and who read: every route and callback that shows a case leaves exactly one entry, and nothing that was typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from dash import Dash
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sqlalchemy import text

import callbacks
from callbacks.audit import audit_of, verification_of
from callbacks.case import panel_of, sheet_of
from dashboard.current_viewer import current_address, current_viewer
from data import accounts
from data.audit import access_log
from data.audit.access_log import COMMAND_LINE
from data.audit.access_recorder import AccessRecorder
from rules.access import Role, Viewer
from rules.access_log import Access
from tests.integration.web.conftest import Site, build_site
from tests.world import NOW, PASSWORD
from web import routes
from web.middleware.access_log import NOT_READINGS, READINGS

FACTS = ("act", "outcome", "account", "case_no", "object")


def entries(site: Site, after: int = 0) -> list[dict[str, Any]]:
    """What the log holds, once this process has written what it knows."""
    assert site.services.access.flush()
    with site.world.database.owning() as connection:
        rows = connection.execute(text("SELECT * FROM access_log WHERE seq > :after ORDER BY seq"), {"after": after})
        return [dict(row) for row in rows.mappings()]


def newest(site: Site) -> int:
    return max((row["seq"] for row in entries(site)), default=0)


def since(site: Site, after: int) -> list[tuple]:
    return [tuple(row[name] for name in FACTS) for row in entries(site, after)]


@contextmanager
def as_person(viewer: Viewer) -> Iterator[None]:
    marks = current_viewer.set(viewer), current_address.set("198.51.100.7")
    try:
        yield
    finally:
        current_viewer.reset(marks[0])
        current_address.reset(marks[1])


@pytest.fixture
def case_no(site: Site) -> str:
    lon, lat = site.world.point_in("C1V1G1")
    form = {"kind": "dispute", "category": "neighbour", "title": "噪音", "lon": lon, "lat": lat}
    client = site.client("dispatcher")
    made = client.post("/api/cases", json=form).json()
    for version, move in ((1, "accept"), (2, "assess")):
        assert client.post(f"/api/cases/{made['case_no']}/moves", json={"move": move, "version": version}).status_code == 200
    return str(made["case_no"])


def shows_a_case(model: Any, seen: set[int] | None = None) -> bool:
    """Whether an answer of this shape holds a case: its number with its words, or its trace."""
    seen = seen or set()
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return any(shows_a_case(part, seen) for part in getattr(model, "__args__", ()))
    if id(model) in seen:
        return False
    seen.add(id(model))
    fields = model.model_fields
    if "case_no" in fields and {"title", "description", "reason"} & set(fields):
        return True
    return any(shows_a_case(field.annotation, seen) for field in fields.values())


def all_routes() -> list[APIRoute]:
    return [route for router in routes.ROUTERS for route in router.routes if isinstance(route, APIRoute)]


def test_every_route_that_shows_a_case_says_what_it_leaves_in_the_log():
    declared = {*READINGS, *NOT_READINGS}
    found = {
        (method, route.path)
        for route in all_routes()
        for method in route.methods
        if "{no}" in route.path or shows_a_case(route.response_model)
    }
    assert len(found) >= 15
    assert found - declared == set(), "a route that shows a case stands in READINGS or NOT_READINGS of web/middleware/access_log.py"
    assert declared - {(method, route.path) for route in all_routes() for method in route.methods} == set()


#: Pages and files, which have no shape: whether they show a case was looked at once, and is looked at again for a new one.
BARE = {
    "/login", "/logout", "/favicon.ico", "/robots.txt", "/", "/healthz", "/metrics", "/api/areas/{code}/why", "/api/live",
    "/api/audit/export.csv", "/tiles/{level}/{version}/{z}/{x}/{y}.mvt", "/api/locale", "/api/session", "/api/logout",
    "/api/outbox/{number}/retry", "/api/outbox/retry", "/api/auto-dispatch/{category}",
    "/api/displays/{id}", "/api/outbox/routes/{code}/pause", "/api/outbox/routes/{code}/resume",
    "/api/profile/lists/{name}", "/api/areas/{code}/override", "/api/clusters/runs/{number}",
    "/brief", "/measures", "/api/brief.pdf",
}  # fmt: skip


def test_every_answer_without_a_shape_was_looked_at():
    bare = {
        (method, route.path) for route in all_routes() for method in route.methods
        if route.response_model is None and route.path not in BARE
    }  # fmt: skip
    assert bare - {*READINGS, *NOT_READINGS} == set()


def expected(method: str, path: str, case_no: str) -> tuple[str, str, str]:
    """Act, case and object of the entry that an address leaves."""
    reading = READINGS[method, path]
    if path == "/mine":
        return "case.list", "", "mine C1"
    if reading.access == "case.list" and reading.numbered != "path":
        return "case.list", "", f"{reading.part} C"
    return reading.access, case_no, reading.part


@pytest.mark.parametrize(("method", "path"), list(READINGS), ids=lambda value: str(value))
def test_a_reading_leaves_one_entry(site: Site, case_no: str, method: str, path: str):
    who = "handler" if path == "/mine" else "dispatcher"
    client, before = site.client(who), newest(site)
    query = "?q=20260310" if path == "/api/search" else ""
    form: dict = {"cases": [case_no]} if path.endswith("preview") else {}
    form |= {"move": "comment"} if "remarks" in path else {}
    body = {"json": form} if method == "POST" else {}
    answer = client.request(method, path.replace("{no}", case_no) + query, **body)
    assert answer.status_code == 200, answer.text
    act, number, part = expected(method, path, case_no)
    assert since(site, before) == [(act, "done", who, number, part)]


@pytest.mark.parametrize(("method", "path"), [one for one in READINGS if "{no}" in one[1]], ids=lambda value: str(value))
@pytest.mark.parametrize("who", ["dispatcher.c2", "admin"])
def test_a_refusal_leaves_one_too(site: Site, case_no: str, method: str, path: str, who: str):
    client, before = site.client(who), newest(site)
    assert client.request(method, path.replace("{no}", case_no)).status_code in (403, 404)
    reading = READINGS[method, path]
    assert since(site, before) == [(reading.access, "refused", who, case_no, reading.part)]
    client.request(method, path.replace("{no}", "110101199003070000"))
    assert "110101199003070000" not in str(entries(site)), "what is no number of a case is not kept"


def test_the_case_that_a_conflict_shows_is_read(site: Site, case_no: str):
    client, before = site.client("dispatcher"), newest(site)
    answer = client.post(f"/api/cases/{case_no}/moves", json={"move": "assess", "version": 1})
    assert answer.status_code == 409 and answer.json()["current"]["title"] == "噪音"
    assert since(site, before) == [("case.read", "done", "dispatcher", case_no, "conflict")]


#: What a callback on the server shows by its outputs: a case, or no text of one.
CALLBACKS = {
    "case-panel.children": panel_of, "case-box.children": sheet_of, "page.children": None, "rail.children": None,
    "messages-box.children": None, "automatic-box.children": None, "audit-box.children": None, "verify-box.children": None,
}  # fmt: skip


def test_every_callback_says_whether_it_shows_a_case(site: Site):
    app = Dash("tests.callbacks", suppress_callback_exceptions=True)
    for module in (callbacks.address, callbacks.pages, callbacks.drill, callbacks.case, callbacks.admin, callbacks.audit):
        module.register(app, site.services)
    in_browser = {row["output"] for row in app._callback_list if row["clientside_function"]}
    on_server = {row["output"] for row in app._callback_list} | set(app.callback_map)
    assert {output.strip(".").split("...")[0] for output in on_server - in_browser} == set(CALLBACKS)


@pytest.mark.parametrize(("draw", "via"), [(panel_of, "panel"), (sheet_of, "page")])
def test_a_panel_and_a_page_leave_one_entry_each_and_its_redraws_are_counted(site: Site, case_no: str, draw, via: str):
    before = newest(site)
    with as_person(site.world.viewers["leader"]):
        for _ in range(4):
            draw(site.services, case_no)
    first, repeats = entries(site, before)
    assert tuple(first[name] for name in FACTS) == ("case.read", "done", "leader", case_no, "case")
    assert (first["via"], first["n"], first["address"], first["case_path"]) == (via, 1, "198.51.100.0/24", "C/C1/C1V1/C1V1G1/")
    assert (repeats["n"], repeats["act"], repeats["case_no"]) == (3, "case.read", case_no) and "until" in repeats["details"]
    before = newest(site)
    with as_person(site.world.viewers["dispatcher.c2"]):
        draw(site.services, case_no)
    assert since(site, before) == [("case.read", "refused", "dispatcher.c2", case_no, "case")]


def test_logins_and_logouts_are_there(site: Site):
    before = newest(site)
    client = site.client("leader")
    wrong = client.post("/login", data={"username": "leader", "password": "nonsense"})
    assert wrong.status_code == 401
    assert client.post("/api/logout").status_code == 204
    assert [(row["act"], row["outcome"], row["account"], row["via"], row["address"]) for row in entries(site, before)] == [
        ("login", "done", "leader", "api", "127.0.0.0/24"),
        ("login", "failed", "leader", "page", "127.0.0.0/24"),
        ("logout", "done", "leader", "api", "127.0.0.0/24"),
    ]


def test_nothing_typed_into_the_name_field_is_kept(site: Site):
    secret = "correct horse battery"
    stranger = site.client()
    for username, password in ((secret, "x"), (f"{secret}\0", "x"), ("leader", secret), (secret, secret)):
        stranger.post("/login", data={"username": username, "password": password})
        stranger.post("/api/session", json={"username": username, "password": password})
    kept = entries(site)
    assert secret not in str(kept) and "battery" not in str(kept)
    failed = {(row["account"], row["user_id"] is None) for row in kept if row["outcome"] == "failed"}
    assert failed == {("", True), ("leader", False)}


def test_a_flood_of_failed_logins_is_counted_not_listed(site: Site):
    access, before = site.services.access, newest(site)
    by = accounts.Actor
    for number in range(5_000):
        told = by(address=f"10.{number % 200}.{number % 7}.1")
        access.note(access_log.entry(Access.login, told, outcome="failed"))
    kept = entries(site, before)
    assert len(kept) <= 62
    assert sum(row["n"] for row in kept) == 5_000


def test_what_cannot_be_kept_is_counted_in_the_log_and_in_the_metrics(site: Site, monkeypatch: pytest.MonkeyPatch):
    from data.audit import access_recorder
    from rules.errors import Problem

    monkeypatch.setattr(access_recorder, "MOST_WAITING", 20)
    monkeypatch.setattr(access_recorder, "RETRY_S", 0.05)
    access, before, real = site.services.access, newest(site), site.services.database.writing

    def away(_viewer):
        raise Problem("unavailable")

    monkeypatch.setattr(site.services.database, "writing", away)
    for number in range(100):
        access.note(access_log.entry(Access.export, COMMAND_LINE, object=str(number)))
    assert not access.flush(0.3)
    figures = site.client().get("/metrics").text
    assert "gridboard_access_log_lost_total 80.0" in figures and "gridboard_access_log_waiting 20.0" in figures
    monkeypatch.setattr(site.services.database, "writing", real)
    kept = entries(site, before)
    assert [row["object"] for row in kept[:20]] == [str(number) for number in range(20)], "in their order"
    [lost] = kept[20:]
    assert (lost["act"], lost["n"], lost["details"]) == ("log.lost", 80, {"export": 80})
    assert f"gridboard_access_log_rows {float(lost['seq'])}" in site.client().get("/metrics").text.replace("e+0", "e0")


def test_a_process_that_ends_in_order_has_written_everything_and_says_so(site: Site, case_no: str):
    before = newest(site)
    access = AccessRecorder(site.world.database)
    access.start()
    by = accounts.Actor(site.world.viewers["leader"])
    for _ in range(3):
        access.note(access_log.entry(Access.case_read, by, case_no=case_no, object="case"))
    access.stop()
    assert [(row["act"], row["n"]) for row in entries(site, before)] == [
        ("log.start", 1), ("case.read", 1), ("case.read", 2), ("log.stop", 1),
    ]  # fmt: skip


def test_an_entry_that_cannot_be_written_holds_up_no_other(site: Site, monkeypatch: pytest.MonkeyPatch):
    access, before = site.services.access, newest(site)
    odd = access_log.entry(Access.export, COMMAND_LINE, details={"odd": {1: 2}})
    for one in (odd, access_log.entry(Access.export, COMMAND_LINE, object="next")):
        access.note(one)
    kept = entries(site, before)
    assert ("export", "next") in {(row["act"], row["object"]) for row in kept}
    assert [row["details"] for row in kept if row["act"] == "log.lost"] == [{"export": 1}]


def test_a_reading_is_in_the_database_before_anybody_asks_for_it(site: Site, case_no: str):
    """What a killed process loses is what came during one write: with the database at hand nothing waits for a clock."""
    client, access = site.client("leader"), site.services.access
    before = newest(site)
    assert client.get(f"/api/cases/{case_no}").status_code == 200
    with access._changed:
        assert access._changed.wait_for(lambda: access.waiting == 0, 5.0)
    with site.world.database.owning() as connection:
        assert connection.execute(text("SELECT count(*) FROM access_log WHERE seq > :n"), {"n": before}).scalar() == 1


def test_changes_on_a_screen_are_there(site: Site):
    world, client, before = site.world, site.client("admin"), newest(site)
    assert client.put("/api/auto-dispatch/neighbour", json={"on": True}).status_code == 204
    assert client.put("/api/auto-dispatch/neighbour", json={"on": False}).status_code == 204
    assert client.put("/api/auto-dispatch/nothing", json={"on": True}).status_code == 404
    with world.database.owning() as connection:
        connection.execute(
            text(
                "INSERT INTO delivery (prefecture, outbox_id, route, topic, case_no, organisation_id, payload, path, state,"
                " attempts, created_at, next_try_at) SELECT 'C', n, 'mail', 'case.dispatch', '', NULL, '{}', 'C/', 'dead', 1,"
                " now(), now() FROM generate_series(1, 3) n"
            )
        )
        number = connection.execute(text("SELECT min(id) FROM delivery")).scalar()
    assert client.post(f"/api/outbox/{number}/retry").status_code == 204
    assert client.post("/api/outbox/retry").status_code == 204
    assert [(row["act"], row["object"], row["n"], row["details"].get("on")) for row in entries(site, before)] == [
        ("automatic.switch", "neighbour", 1, True), ("automatic.switch", "neighbour", 1, False),
        ("messages.again", str(number), 1, None), ("messages.again", "all", 2, None),
    ]  # fmt: skip
    assert {(row["account"], row["via"], row["address"]) for row in entries(site, before)} == {("admin", "api", "127.0.0.0/24")}


@pytest.fixture
def busy(site: Site, case_no: str) -> Site:
    """A case of C1 read by four accounts; an auditor of C1 beside that of all."""
    with site.world.database.owning() as connection:
        accounts.add_user(connection, username="auditor.c1", password=PASSWORD, role=Role.auditor, area="C1", now=NOW)
    for who in ("leader", "dispatcher.c1", "dispatcher.c2", "dispatcher"):
        site.client(who).get(f"/api/cases/{case_no}")
    entries(site)
    return site


def test_an_auditor_searches(busy: Site, case_no: str):
    client = busy.client("auditor")

    def found(**query: Any) -> list[dict]:
        return client.get("/api/audit", params=query).json()["items"]

    assert {row["account"] for row in found(case_no=case_no)} == {"leader", "dispatcher", "dispatcher.c1", "dispatcher.c2"}
    assert {row["outcome"] for row in found(who="dispatcher.c2", case_no=case_no)} == {"refused"}
    assert {row["account"] for row in found(what="case.read", area="C1")} == {"dispatcher.c1"}
    assert {row["act"].partition(".")[0] for row in found(what="user", limit=500)} == {"user"}
    assert {row["via"] for row in found(who="command_line", limit=500)} == {"command_line"}
    assert found(who="%") == [] and found(to="2020-01-01T00:00:00Z") == [] and found(who="nobody") == []
    everything = client.get("/api/audit", params={"limit": 500}).json()
    assert everything["total"] == len(everything["items"]) and everything["next_cursor"] is None
    paged, cursor = [], ""
    while cursor is not None:
        answer = client.get("/api/audit", params={"limit": 7, "cursor": cursor}).json()
        paged, cursor = paged + answer["items"], answer["next_cursor"]
    assert paged == everything["items"]
    assert [row["seq"] for row in paged] == sorted((row["seq"] for row in paged), reverse=True)


def test_an_auditor_of_a_county_sees_its_accounts_and_cases_alone(busy: Site, case_no: str):
    client = busy.client("auditor.c1")
    seen = client.get("/api/audit", params={"limit": 500}).json()["items"]
    assert {row["area"] for row in seen if row["account"]} == {"C1"}
    assert "dispatcher.c1" in {row["account"] for row in seen}
    assert not {row["account"] for row in seen} & {"leader", "dispatcher", "dispatcher.c2", "auditor", "admin"}
    assert client.get("/api/audit", params={"area": "C2"}).status_code == 404
    lines = list(csv.reader(io.StringIO(client.get("/api/audit/export.csv").content.decode("utf-8-sig"))))
    assert {line[2] for line in lines[1:]} & {"leader", "dispatcher.c2"} == set()


@pytest.mark.parametrize(
    "query",
    ["what=nonsense", "outcome=nonsense", "from=yesterday", "cursor=x", "limit=0", "cursor=１",
     "from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z"],
)  # fmt: skip
def test_a_wrong_query_is_a_problem(busy: Site, query: str):
    answer = busy.client("auditor").get(f"/api/audit?{query}")
    assert answer.status_code == 422 and answer.json()["code"] == "invalid", answer.text


@pytest.mark.parametrize("who", ["leader", "dispatcher", "handler", "admin"])
def test_the_log_is_the_auditors(busy: Site, who: str):
    client = busy.client(who)
    assert client.get("/api/audit").json()["code"] == "forbidden"
    assert client.get("/api/audit/export.csv").json()["code"] == "forbidden"
    with as_person(busy.world.viewers[who]):
        assert "state-not-found" in str(audit_of(busy.services, ""))
        assert "state-not-found" in str(verification_of(busy.services, None)[0])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", " =1", "＝1"])
def test_an_export_computes_nothing(busy: Site, name: str):
    # an entry of before such names were refused
    with busy.world.database.owning() as connection:
        access_log.append(connection, [access_log.entry(Access.display_add, COMMAND_LINE, object=name)])
    before = newest(busy)
    content = busy.client("auditor").get("/api/audit/export.csv?what=display").content
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(lines) == 2 and any(cell.startswith(f"'{name}") for cell in lines[1])
    assert [row[0] for row in since(busy, before)] == ["login", "export"], "the export is an entry itself"
    with as_person(busy.world.viewers["auditor"]):
        assert "data-seq" in str(audit_of(busy.services, "?what=export"))
    assert busy.client("auditor").get("/api/audit/export.csv?what=export&from=2020-01-01T00:00:00Z").status_code == 200


def test_the_page_and_its_certificate(busy: Site, tmp_path, case_no: str):
    settings = busy.services.settings
    work = settings.work.model_copy(update={"anchor_dir": tmp_path})
    site = build_site(busy.world, settings=settings.model_copy(update={"work": work}))
    viewer = site.world.viewers["auditor"]
    with as_person(viewer):
        assert case_no in str(audit_of(site.services, f"?case_no={case_no}"))
        assert "audit-wrong" in str(audit_of(site.services, "?from=2026-99-99"))
        assert "audit-wrong" in str(audit_of(site.services, "?area=C9"))
        assert "audit-wrong" in str(audit_of(site.services, "?from=2026-02-02&to=2026-02-01"))
        assert "state-empty" in str(audit_of(site.services, "?who=nobody&before=12"))
        shown, number, stop, _ = verification_of(site.services, None)
        while not stop:
            shown, number, stop, _ = verification_of(site.services, number)
        assert "verify-whole" in str(shown)
        [result] = [row for row in entries(site) if row["act"] == "verify"]
        page = str(audit_of(site.services, f"?certificate={result['seq']}"))
        assert result["details"]["log"]["head"] in page and result["details"]["trace"]["heads"][0]["hash"] in page
        assert "state-not-found" in str(audit_of(site.services, "?certificate=1"))
        assert "state-not-found" in str(audit_of(site.services, "?certificate=x"))
    assert result["account"] == "auditor" and result["outcome"] == "done"


def test_an_auditor_of_a_county_learns_no_case_of_another_from_a_fault(busy: Site, case_no: str, tmp_path):
    client = busy.client("auditor")
    assert client.get("/api/audit").status_code == 200
    lon, lat = busy.world.point_in("C2V1G1")
    form = {"kind": "dispute", "category": "neighbour", "title": "x", "lon": lon, "lat": lat}
    other = busy.client("dispatcher").post("/api/cases", json=form).json()["case_no"]
    with busy.world.database.owning() as connection:
        connection.execute(text("UPDATE case_event SET reason = 'x' WHERE case_no IN (:a, :b)"), {"a": case_no, "b": other})
    viewer = accounts.log_in(busy.world.database, "auditor.c1", PASSWORD, NOW).viewer
    with as_person(viewer):
        _, number, stop, _ = verification_of(busy.services, None)
        while not stop:
            _, number, stop, _ = verification_of(busy.services, number)
    [result] = [row for row in entries(busy) if row["act"] == "verify"]
    assert result["outcome"] == "failed" and result["path"] == "C/C1/"
    assert case_no in str(result["details"]) and other not in str(result["details"])
