"""Routes that are refused: they pause, nothing is lost, the admin is told once, and a success or a person resumes them."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from aiosmtpd.smtp import AuthResult
from sqlalchemy import text

from data.commands import message_routes
from data.commands import outbox as outbox_commands
from data.database import SYSTEM
from data.outbox import route_states
from data.outbox.file import FileAdapter
from data.outbox.http import RobotAdapter, SmsAdapter, WebhookAdapter
from data.outbox.messages import Message, Refusal, Rejected, Unsent
from data.outbox.routing import Route
from data.outbox.smtp import SmtpAdapter
from data.outbox.worker import OutboxWorker
from data.queries import outbox
from data.sql import load
from rules.access import Viewer
from rules.access_log import Via
from tests.gateways import MailBox, Time, WebServer, contact, reported, run, serving, states, worker
from tests.world import NOW, World

SECRET, PHONE, OTHER = "a secret of the test", "0691-2123456", "0691-2654321"


def route_of(world: World, name: str) -> dict:
    with world.database.owning() as connection:
        return dict(
            connection.execute(text("SELECT * FROM message_route WHERE name = :n"), {"n": name}).mappings().one()
        )


def told(world: World) -> list[dict]:
    with world.database.owning() as connection:
        found = connection.execute(text("SELECT payload, organisation_id, case_no FROM outbox WHERE topic = 'route.paused'"))
        return [dict(row) for row in found.mappings()]


def hook(web: WebServer, **more) -> Route:
    return Route("hook", WebhookAdapter(web.url, secret=SECRET), **more)


def sms(web: WebServer, **options) -> Route:
    return Route("sms", SmsAdapter(f"{web.url}/send", json={"to": "{address}"}, **options), channel="sms")


class Login:
    """A mail server's accounts: one password, which may change."""

    def __init__(self, password: bytes) -> None:
        self.password, self.tries = password, 0

    def __call__(self, server, session, envelope, mechanism, data) -> AuthResult:
        self.tries += 1
        return AuthResult(success=data.password == self.password, handled=False)


@pytest.fixture
def clock() -> Time:
    return Time()


def test_a_wrong_password_pauses_the_mail_and_loses_nothing(world: World, clock: Time):
    login, box = Login(b"new"), MailBox()
    contact(world, "email", "duty@centre.example")
    for _ in range(6):
        reported(world)
    with serving(box, authenticator=login, auth_require_tls=False) as port:
        adapter = SmtpAdapter("127.0.0.1", port=port, sender="grid@example", username="grid", password="old")
        one = worker(world, Route("mail", adapter, channel="email"), clock=clock)
        run(one)
        assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}
        paused = route_of(world, "mail")
        assert (paused["state"], paused["refusal"], paused["reason"]) == ("paused", "credentials", "answered 535")
        asked = login.tries
        for _ in range(5):
            run(one)
        assert login.tries == asked, "all others wait, nobody knocks"
        pauses = []
        for _ in range(12):
            run(one)
            before = clock.at
            clock.at = route_of(world, "mail")["probe_at"]
            pauses.append(clock.at - before)
        assert pauses[0] < timedelta(minutes=2) and pauses[-1] > timedelta(minutes=50) and login.tries == asked * 12
        assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}
        assert len(told(world)) == 1
        adapter.password = "new"
        run(one)
        assert route_of(world, "mail")["state"] == "working"
        run(one)
    assert {state for _, state, _, _ in states(world)} == {"sent"} and len(box.mails) == 6


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ((401, b"{}"), "credentials"), ((403, b""), "credentials"), ((407, b""), "credentials"), ((429, b""), "quota"),
        ((402, b""), "quota"), ((200, b'{"code": 1013}'), "gateway"), ((400, b'{"code": "1013"}'), "gateway"),
    ],
)  # fmt: skip
def test_a_gateway_that_refuses_us_pauses_its_route(world: World, web: WebServer, clock: Time, answer, refusal: str):
    contact(world, "sms", PHONE)
    for _ in range(20):
        reported(world)
    web.answers = [answer] * 40
    one = worker(world, sms(web, ok={"code": 0}, pause={"code": [1013]}), clock=clock)
    for _ in range(30):
        run(one)
        clock.at += timedelta(seconds=1)
    assert len(web.got) == 1, "one was asked for all"
    assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}
    assert route_of(world, "sms")["refusal"] == refusal
    web.answers = [(200, b'{"code": "0"}')] * 40
    clock.at += timedelta(minutes=2)
    run(one)
    run(one)
    assert {state for _, state, _, _ in states(world)} == {"sent"} and len(web.got) == 21


def test_success_is_recognised_and_paid_for_once(world: World, web: WebServer, clock: Time):
    contact(world, "sms", PHONE)
    web.answers = [(200, b"\xef\xbb\xbf" + b'{"result":[{"code":"0"}]}')] * 3
    for _ in range(3):
        reported(world)
    one = worker(world, sms(web, ok={"result[].code": 0}), clock=clock)
    for _ in range(20):
        run(one)
        clock.at += timedelta(hours=2)
    assert len(web.got) == 3 and {state for _, state, _, _ in states(world)} == {"sent"}


@pytest.mark.parametrize("answer", [b"", b'{"code": 7}', b"<html>", b"thank you"])
def test_an_answer_that_is_not_understood_is_not_paid_for_sixteen_times(world, web, clock, answer: bytes):
    contact(world, "sms", PHONE)
    reported(world)
    web.answers = [(200, answer)] * 30
    one = worker(world, sms(web, ok={"code": 0}), clock=clock)
    for _ in range(40):
        run(one)
        clock.at += timedelta(hours=2)
    assert len(web.got) == 3
    [(_, state, _, error)] = states(world)
    assert state == "dead" and error.startswith("answer not understood (answered code ")


def test_several_answers_in_a_row_that_are_not_understood_pause_the_route(world, web, clock):
    contact(world, "sms", PHONE)
    for _ in range(20):
        reported(world)
    web.answers = [(200, b"{}")] * 100
    one = worker(world, sms(web, ok={"code": 0}), clock=clock)
    for _ in range(10):
        run(one)
    assert len(web.got) == 3 and route_of(world, "sms")["refusal"] == "unclear"
    assert [state for _, state, _, _ in states(world)] == ["waiting"] * 20


def test_a_final_code_ends_one_message_and_no_other(world: World, web: WebServer, clock: Time):
    contact(world, "sms", PHONE)
    for _ in range(3):
        reported(world)
    web.answers = [(200, b'{"code": "4001"}'), (200, b'{"code": 0}'), (200, b'{"code": 9}'), (200, b'{"code": 0}')]
    one = worker(world, sms(web, ok={"code": 0}, final={"code": 4001}, again={"code": [9]}), clock=clock)
    run(one)
    assert [state for _, state, _, _ in states(world)] == ["dead", "sent", "waiting"]
    assert route_of(world, "sms")["state"] == "working"
    clock.at += timedelta(minutes=1)
    run(one)
    assert [state for _, state, _, _ in states(world)] == ["dead", "sent", "sent"]


def test_an_unknown_recipient_ends_its_message_alone(world: World, clock: Time):
    box = MailBox()
    contact(world, "email", "gone@centre.example")
    with serving(box) as port:
        one = worker(
            world, Route("mail", SmtpAdapter("127.0.0.1", port=port, sender="g@example"), channel="email"), clock=clock
        )
        box.refusal = "550 5.1.1 unknown"
        for _ in range(7):
            reported(world)
        run(one)
        assert [state for _, state, _, _ in states(world)] == ["dead"] * 7
        assert route_of(world, "mail")["state"] == "working"
        box.refusal = ""
        reported(world)
        run(one)
    assert [state for _, state, _, _ in states(world)][-1] == "sent"


def test_an_address_that_refused_is_not_asked_again_for_another(world: World, web: WebServer, clock: Time):
    contact(world, "sms", PHONE)
    contact(world, "sms", OTHER)
    web.answers = [(400, b""), (503, b"")]
    reported(world)
    one = worker(world, sms(web), clock=clock)
    run(one)
    clock.at += timedelta(minutes=1)
    run(one)
    assert [orjson.loads(body)["to"] for _, _, body in web.got] == [PHONE, OTHER, OTHER]
    [(_, state, _, error)] = states(world)
    assert (state, error) == ("dead", "recipient refused (another has it)")
    with world.database.writing(world.viewers["admin"]) as connection:
        outbox_commands.send_again(connection, None, clock.at)
    run(one)
    assert [orjson.loads(body)["to"] for _, _, body in web.got][3:] == [PHONE], "by hand the refused one is, the other not"
    assert states(world)[0][1] == "sent"


def test_a_gateway_that_is_away_for_days_loses_nothing(world: World, clock: Time):
    gone = WebServer()
    gone.close()
    gone.server.server_close()
    for _ in range(3):
        reported(world)
    one = worker(world, hook(gone), clock=clock)
    for _ in range(60):
        run(one)
        clock.at += timedelta(hours=1, minutes=10)
    assert {state for _, state, _, _ in states(world)} == {"waiting"}
    assert route_of(world, "hook")["refusal"] == "no_answer" and len(told(world)) == 1


def test_a_wrong_address_of_the_route_stops_before_all_are_dead(world: World, web: WebServer, clock: Time):
    for _ in range(20):
        reported(world)
    web.answers = [(404, b"")] * 20
    one = worker(world, hook(web), clock=clock)
    for _ in range(5):
        run(one)
    dead = [state for _, state, _, _ in states(world)].count("dead")
    assert dead == 5 and route_of(world, "hook")["refusal"] == "misdirected"


def test_one_message_that_the_gateway_takes_for_the_routes_fault_does_not_stop_it_for_ever(world, clock):
    bad = reported(world)

    class Picky:
        def send(self, message: Message) -> None:
            if message.case_no == bad:
                raise route_refused()

    one = worker(world, Route("picky", Picky()), clock=clock)
    for _ in range(12):
        run(one)
        reported(world)
        clock.at += timedelta(minutes=2)
    for _ in range(3):
        run(one)
    found = states(world)
    assert found[0][1] == "dead" and [state for _, state, _, _ in found[1:]].count("sent") >= len(found) - 2


def route_refused():
    from data.outbox.messages import RouteRefused

    return RouteRefused("answered 403", Refusal.credentials)


def test_a_full_disk_pauses_the_file(world: World, tmp_path: Path, clock: Time, monkeypatch):
    class Full(FileAdapter):
        full = True

        def send_all(self, messages) -> None:
            if self.full:
                raise OSError(28, "No space left on device")
            super().send_all(messages)

    adapter = Full(tmp_path)
    for _ in range(4):
        reported(world)
    one = worker(world, Route("file", adapter), clock=clock)
    for _ in range(30):
        run(one)
        clock.at += timedelta(hours=2)
    assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}
    assert route_of(world, "file")["refusal"] == "storage"
    adapter.full = False
    clock.at += timedelta(hours=2)
    run(one)
    run(one)
    assert {state for _, state, _, _ in states(world)} == {"sent"}


def test_the_gateway_says_when_it_may_be_asked_again(world: World, clock: Time):
    state = route_states.RouteState("a", "working", "", "", NOW, "", "", 0, 0, None, None, None, None)
    asked = state.refused(NOW, Refusal.quota, "answered 429", timedelta(hours=2))
    assert asked.probe_at == NOW + timedelta(hours=2)
    for_ever = state.refused(NOW, Refusal.quota, "answered 429", timedelta(days=400))
    assert for_ever.probe_at == NOW + timedelta(hours=6)


def test_the_admin_is_told_once_on_another_route(world: World, web: WebServer, tmp_path: Path, clock: Time, caplog):
    reported(world)
    web.answers = [(401, b"")] * 9
    routes = (hook(web), Route("file", FileAdapter(tmp_path), topics=("route.paused",)))
    one, other = worker(world, *routes, clock=clock), worker(world, *routes, clock=clock)
    for _ in range(8):
        run(one)
        run(other)
        clock.at += timedelta(minutes=30)
    [line] = [orjson.loads(line) for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    assert line["topic"] == "route.paused" and line["facts"] == {"route": "hook", "refusal": "credentials"}
    assert "hook" in line["title"] and "已暂停" in line["title"] and "认证" in line["text"]
    assert line["link"] == "https://grid.example/messages" and line["body"] == "centre-C"
    assert caplog.text.count("route paused") == 1
    assert [route for route, _, _, _ in states(world) if route == "hook"] == ["hook"], "not on the paused one"


def test_two_processes_share_the_state(world: World, web: WebServer):
    for _ in range(40):
        reported(world)
    web.answers = [(401, b"")] * 99
    workers: list[OutboxWorker] = [worker(world, hook(web)) for _ in range(3)]
    workers[0].hand_on()
    threads = [threading.Thread(target=lambda one=one: [run(one) for _ in range(4)]) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(web.got) <= 3 and len(told(world)) == 1
    assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}


def test_one_process_probes(world: World, web: WebServer, clock: Time):
    for _ in range(10):
        reported(world)
    web.answers = [(401, b"")] * 99
    workers = [worker(world, hook(web), clock=clock) for _ in range(3)]
    run(workers[0])
    asked = len(web.got)
    clock.at += timedelta(minutes=2)
    web.hold.clear()
    threads = [threading.Thread(target=run, args=(one,)) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(web.got) == asked + 1


def test_a_person_stops_a_route_and_only_a_person_resumes_it(world: World, web: WebServer, clock: Time):
    one = worker(world, hook(web), clock=clock)
    one.announce()
    admin = world.viewers["admin"]
    message_routes.pause(world.database, admin, "hook", reason="账户调整", now=clock.at)
    reported(world)
    for _ in range(20):
        run(one)
        clock.at += timedelta(hours=2)
    assert web.got == [] and told(world) == [], "who did it knows it"
    [shown] = message_routes.listed(world.database, admin)
    assert (shown["state"], shown["refusal"], shown["reason"], shown["by_user"]) == ("paused", "by_hand", "账户调整", "admin")
    assert shown["waiting"] == 1
    message_routes.resume(world.database, admin, "hook", now=clock.at)
    run(one)
    assert len(web.got) == 1
    [shown] = message_routes.listed(world.database, admin)
    assert (shown["state"], shown["waiting"], shown["last_success_at"]) == ("working", 0, clock.at)


@pytest.fixture
def county(world: World) -> Viewer:
    admin = world.viewers["admin"]
    return type(admin)(**{**vars(admin), "area_code": "C2", "scope_path": f"{admin.scope_path}C2/"})


def test_who_manages_a_part_sees_the_routes_and_stops_none(world: World, web: WebServer, county):
    one = worker(world, hook(web))
    one.announce()
    reported(world)
    one.hand_on()
    [shown] = message_routes.listed(world.database, county)
    assert (shown["name"], shown["waiting"]) == ("hook", 0)
    for change in (message_routes.resume, lambda *a, **k: message_routes.pause(*a, reason="x", **k)):
        with pytest.raises(Exception, match="forbidden"):
            change(world.database, county, "hook", now=NOW)
    with world.database.writing(county) as connection:
        assert connection.execute(text("UPDATE message_route SET state = 'paused'")).rowcount == 0
    for stranger in ("leader", "dispatcher", "handler", "auditor"):
        with world.database.reading(world.viewers[stranger]) as connection:
            assert connection.execute(text("SELECT count(*) FROM message_route")).scalar() == 0


def test_what_has_waited_too_long_is_not_sent_until_somebody_asks(world: World, web: WebServer, clock: Time):
    one = worker(world, hook(web, keep=timedelta(hours=72)), clock=clock)
    one.announce()
    admin = world.viewers["admin"]
    message_routes.pause(world.database, admin, "hook", reason="x", now=clock.at)
    reported(world)
    one.hand_on()
    clock.at += timedelta(hours=73)
    reported(world)
    message_routes.resume(world.database, admin, "hook", now=clock.at)
    run(one)
    assert [(state, error) for _, state, _, error in states(world)] == [("dead", "too old"), ("sent", "")]
    with world.database.writing(admin) as connection:
        assert connection.execute(load("send_again"), {"id": None, "now": clock.at}).rowcount == 1
    run(one)
    assert len(web.got) == 2


def test_robots_of_a_revoked_group_wait(world: World, web: WebServer, clock: Time):
    for _ in range(3):
        reported(world)
    web.answers = [(200, b'{"errcode": 93000, "errmsg": "invalid webhook"}')]
    one = worker(world, Route("wecom", RobotAdapter(f"{web.url}/robot?key=1")), clock=clock)
    run(one)
    assert {(state, tries) for _, state, tries, _ in states(world)} == {("waiting", 0)}
    assert route_of(world, "wecom")["reason"] == "answered errcode 93000"
    clock.at += timedelta(minutes=2)
    run(one)
    run(one)
    assert {state for _, state, _, _ in states(world)} == {"sent"}


def test_a_database_of_before_keeps_its_deliveries(world: World, web: WebServer):
    """A row written without the new columns waits, and is sent."""
    reported(world)
    one = worker(world, hook(web, keep=timedelta(hours=1)))
    one.hand_on()
    with world.database.owning() as connection:
        connection.execute(text("DELETE FROM message_route"))
        connection.execute(text("UPDATE delivery SET queued_at = DEFAULT"))
    one.send_batch(one.routes[0])
    assert states(world) == [("hook", "sent", 1, "")] and route_of(world, "hook")["state"] == "working"


def test_failures_of_a_message_do_not_pause(world: World, clock: Time):
    class Odd:
        def send(self, message: Message) -> None:
            raise (Rejected("answered 400") if message.case_no.endswith("1") else Unsent("answered 408"))

    for _ in range(12):
        reported(world)
    one = worker(world, Route("odd", Odd()), clock=clock)
    for _ in range(3):
        run(one)
    assert route_of(world, "odd")["state"] == "working"
    with world.database.reading(SYSTEM) as connection:
        assert outbox.counts(connection)["dead"] == 2


def test_who_stopped_a_route_and_let_it_go_on_is_in_the_access_log(world: World, web: WebServer, clock: Time):
    one = worker(world, hook(web), clock=clock)
    one.announce()
    admin = world.viewers["admin"]
    message_routes.pause(world.database, admin, "hook", reason="x", now=clock.at, address="10.1.2.0/24")
    message_routes.resume(world.database, SYSTEM, "hook", now=clock.at, via=Via.command_line)
    with world.database.owning() as connection:
        rows = connection.execute(text("SELECT act, via, account, object FROM access_log WHERE act LIKE 'route.%' ORDER BY seq"))
        assert list(map(tuple, rows)) == [
            ("route.pause", "api", "admin", "hook"), ("route.resume", "command_line", "", "hook"),
        ]  # fmt: skip
