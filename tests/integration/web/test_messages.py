"""Messages as an admin meets them by the API; the metrics of what waits; and that nobody else meets them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from data.database import Database
from data.outbox.http import WebhookAdapter
from data.outbox.routing import Route
from data.services import Clock
from tests.gateways import WebServer, reported, run, states, worker
from tests.integration.web.conftest import Site
from tests.world import NOW
from web.api.metrics import MessageGauges

SECRET = "a secret of the test"


@pytest.fixture
def dead(site: Site) -> list[str]:
    """The cases of three dead deliveries, the oldest first."""
    web = WebServer()
    web.answers = [(404, b"")] * 3
    numbers = [reported(site.world) for _ in range(3)]
    run(worker(site.world, Route("hook", WebhookAdapter(web.url, secret=SECRET))))
    web.close()
    return numbers


def test_an_admin_pages_through_what_is_dead_and_sends_it_again(site: Site, dead: list[str]):
    admin = site.client("admin")
    first = admin.get("/api/outbox", params={"state": "dead", "limit": 2}).json()
    rest = admin.get("/api/outbox", params={"state": "dead", "limit": 2, "cursor": first["next_cursor"]}).json()
    assert [item["case_no"] for item in first["items"] + rest["items"]] == dead[::-1]
    assert (first["total"], rest["next_cursor"]) == (3, None)
    assert {item["last_error"] for item in first["items"]} == {"answered 404"}
    number = first["items"][0]["id"]
    assert admin.post(f"/api/outbox/{number}/retry").status_code == 204
    assert admin.post(f"/api/outbox/{number}/retry").json()["code"] == "not_found", "it is dead no more"
    assert admin.get("/api/outbox", params={"state": "waiting"}).json()["total"] == 1
    assert admin.post("/api/outbox/retry").status_code == 204
    assert [state for _, state, _, _ in states(site.world)] == ["waiting"] * 3
    assert admin.post("/api/outbox/999999/retry").status_code == 404


@pytest.mark.parametrize("who", ["leader", "dispatcher", "handler", "auditor"])
def test_nobody_else_sees_or_sends(site: Site, dead: list[str], who: str):
    client = site.client(who)
    assert client.get("/api/outbox").json()["code"] == "forbidden"
    for path in ("/api/outbox/1/retry", "/api/outbox/retry"):
        assert client.post(path).json()["code"] == "forbidden"
    assert [state for _, state, _, _ in states(site.world)] == ["dead"] * 3


def test_a_forged_request_sends_nothing_again(site: Site, dead: list[str]):
    admin = site.client("admin")
    del admin.headers["X-CSRF-Token"]
    assert admin.post("/api/outbox/retry").status_code == 403
    assert site.client().get("/api/outbox").status_code == 401
    assert [state for _, state, _, _ in states(site.world)] == ["dead"] * 3


@pytest.mark.parametrize(
    "said",
    [{"cursor": "9" * 19}, {"cursor": "9" * 40}, {"cursor": "-1"}, {"cursor": "x"}, {"limit": 0}, {"state": "lost"}],
)
def test_a_bad_question_is_answered_as_one(site: Site, said: dict):
    assert site.client("admin").get("/api/outbox", params=said).status_code == 422


def test_the_metrics_say_what_waits_and_what_is_dead(site: Site, dead: list[str]):
    reported(site.world)
    page = site.client().get("/metrics").text
    found = dict(line.split(" ") for line in page.splitlines() if line.startswith("gridboard_messages"))
    assert {name.removeprefix("gridboard_messages_"): float(value) for name, value in found.items()} == {
        "waiting": 1,
        "dead": 3,
        "sent": 0,
        "oldest_seconds": 0,
    }


def test_the_metrics_are_there_while_the_database_is_not():
    away = Database("postgresql+psycopg2://nobody@127.0.0.1:9/none?connect_timeout=2")
    services = SimpleNamespace(database=away, clock=Clock(NOW))
    assert list(MessageGauges(services).collect()) == []  # type: ignore[arg-type]


@pytest.fixture
def refused(site: Site) -> WebServer:
    """A route that its gateway refuses; the server takes what comes later."""
    web = WebServer()
    web.answers = [(401, b"")]
    reported(site.world)
    run(worker(site.world, Route("hook", WebhookAdapter(web.url, secret=SECRET))))
    yield web
    web.close()


def test_an_admin_reads_why_a_route_is_paused_and_resumes_it(site: Site, refused: WebServer):
    admin = site.client("admin")
    [one] = admin.get("/api/outbox/routes").json()["items"]
    assert (one["name"], one["state"], one["refusal"], one["reason"], one["waiting"]) == (
        "hook", "paused", "credentials", "answered 401", 1,
    )  # fmt: skip
    assert one["probe_at"] and one["last_try_at"] and one["switchable"]
    lines = site.client().get("/metrics").text.splitlines()
    assert 'gridboard_route_paused{route="hook"} 1.0' in lines
    assert admin.post("/api/outbox/routes/hook/resume").status_code == 204
    assert admin.get("/api/outbox/routes").json()["items"][0]["state"] == "working"
    run(worker(site.world, Route("hook", WebhookAdapter(refused.url, secret=SECRET))))
    assert [state for _, state, _, _ in states(site.world)] == ["sent"]


def test_an_admin_stops_a_route_with_a_reason(site: Site, refused: WebServer):
    admin = site.client("admin")
    path = "/api/outbox/routes/hook/pause"
    assert admin.post(path, json={"reason": "  "}).json()["code"] == "reason_required"
    assert admin.post(path, json={"reason": "x" * 300}).json()["code"] == "invalid"
    assert admin.post(path, json={"reason": "联系 13800138000"}).json()["code"] == "personal_data"
    assert admin.post(path, json={}).status_code == 422
    assert admin.post(path, json={"reason": "短信账户\n调整"}).status_code == 204
    [one] = admin.get("/api/outbox/routes").json()["items"]
    assert (one["refusal"], one["reason"], one["by_user"], one["probe_at"]) == ("by_hand", "短信账户 调整", "admin", None)
    for verb in ("pause", "resume"):
        found = admin.post(f"/api/outbox/routes/pigeon/{verb}", json={"reason": "x"} if verb == "pause" else None)
        assert found.json()["code"] == "not_found"


@pytest.mark.parametrize("who", ["leader", "dispatcher", "handler", "auditor"])
def test_nobody_else_sees_or_switches_a_route(site: Site, refused: WebServer, who: str):
    client = site.client(who)
    assert client.get("/api/outbox/routes").json()["code"] == "forbidden"
    assert client.post("/api/outbox/routes/hook/resume").json()["code"] == "forbidden"
    assert client.post("/api/outbox/routes/hook/pause", json={"reason": "x"}).json()["code"] == "forbidden"
    assert site.client("admin").get("/api/outbox/routes").json()["items"][0]["refusal"] == "credentials"
