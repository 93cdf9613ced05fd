"""Messages and gateways at their worst: drip, lie, break in the middle, answer a number back, come too late."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from data.database import SYSTEM
from data.outbox import file as file_adapter
from data.outbox.file import FileAdapter
from data.outbox.http import RobotAdapter, SmsAdapter, WebhookAdapter
from data.outbox.messages import Message, RouteRefused, Unsent
from data.outbox.routing import Route
from data.outbox.smtp import SmtpAdapter
from data.outbox.worker import LEASE, LOST, OutboxWorker
from data.queries import outbox
from data.sql import load
from tests.gateways import MailBox, Time, WebServer, contact, reported, run, serving, states, worker
from tests.world import NOW, World

SECRET = "a secret of the test"
PHONE, OTHER = "0691-2123456", "0691-2654321"
ROOT = Path(__file__).parents[4]


@contextmanager
def dripping(first: bytes) -> Iterator[int]:
    """A server that takes every connection and sends a byte now and then, without an end; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        with connection:
            try:
                connection.sendall(first)
                while not ended.wait(0.05):
                    connection.sendall(b"x")
            except OSError:
                pass

    def take() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    threading.Thread(target=take, daemon=True).start()
    yield listener.getsockname()[1]
    ended.set()
    listener.close()


def message(**changed: object) -> Message:
    values = {
        "key": "k",
        "topic": "case.report",
        "case_no": "C1",
        "body": "",
        "title": "t",
        "text": "w",
        "link": "",
        "at": NOW,
    }
    return Message(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("first", [b"HTTP/1.1 200 OK\r\nX-", b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"])
def test_a_gateway_that_drips_is_left_at_the_end_of_the_time(first: bytes):
    with dripping(first) as port, pytest.raises(Unsent, match=r"no answer \(timeout\)"):
        WebhookAdapter(f"http://127.0.0.1:{port}/", secret=SECRET, timeout_s=0.5).send(message())


@pytest.mark.parametrize("first", [b"220-", b"220 x\r\n250-"])
def test_a_mail_server_that_drips_is_left_at_the_end_of_the_time(first: bytes):
    adapter = SmtpAdapter("127.0.0.1", sender="grid@example", timeout_s=0.5)
    with dripping(first) as port:
        adapter.port = port
        with pytest.raises(Unsent, match=r"no answer \(timeout\)"):
            adapter.send(message(address="duty@centre.example"))


@pytest.mark.parametrize("farewell", ["554 go away", None])
def test_a_mail_that_was_accepted_is_sent_whatever_the_farewell(world: World, farewell: str | None):
    class Rude(MailBox):
        async def handle_QUIT(self, server, session, envelope) -> str:
            return farewell or await asyncio.get_running_loop().create_future()

    box = Rude()
    contact(world, "email", "duty@centre.example")
    reported(world)
    with serving(box) as port:
        adapter = SmtpAdapter("127.0.0.1", port=port, sender="grid@example", timeout_s=2.0)
        run(worker(world, Route("mail", adapter, channel="email")))
    assert len(box.mails) == 1 and states(world) == [("mail", "sent", 1, "")]


@pytest.mark.parametrize(("asked", "missing"), [({"security": "starttls"}, "STARTTLS"), ({"username": "grid"}, "AUTH")])
def test_a_mail_server_that_cannot_what_is_asked_is_told_by_name(asked: dict, missing: str):
    box = MailBox()
    with serving(box) as port, pytest.raises(RouteRefused, match=rf"refused \({missing} is not supported\)"):
        SmtpAdapter("127.0.0.1", port=port, sender="grid@example", **asked).send(message(address="duty@centre.example"))
    assert box.mails == []


def test_a_redirect_is_not_followed(world: World, web: WebServer):
    web.answers = [(302, b"")]
    reported(world)
    run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET))))
    assert states(world) == [("hook", "dead", 1, "answered 302")] and len(web.got) == 1


def test_each_address_gets_it_once_though_another_fails(world: World, web: WebServer):
    contact(world, "sms", PHONE)
    contact(world, "sms", OTHER)
    clock = Time()
    sms = SmsAdapter(f"{web.url}/send", json={"to": "{address}"})
    one = worker(world, Route("sms", sms, channel="sms"), clock=clock)
    web.answers = [(503, b"")]
    reported(world)
    run(one)
    assert states(world) == [("sms", "waiting", 1, "answered 503")]
    clock.at += timedelta(minutes=1)
    run(one)
    assert states(world) == [("sms", "sent", 2, "")]
    told = [orjson.loads(body)["to"] for _, _, body in web.got]
    assert told == [PHONE, OTHER, PHONE]
    keys = [headers["Idempotency-Key"] for _, headers, _ in web.got]
    assert keys[0] == keys[2] != keys[1], "one key for each address, the same at each try"


def test_a_refused_address_does_not_keep_it_from_the_next(world: World, web: WebServer):
    contact(world, "sms", PHONE)
    contact(world, "sms", OTHER)
    web.answers = [(404, b"")]
    reported(world)
    run(worker(world, Route("sms", SmsAdapter(f"{web.url}/send", json={"to": "{address}"}), channel="sms")))
    assert [orjson.loads(body)["to"] for _, _, body in web.got] == [PHONE, OTHER]
    assert states(world) == [("sms", "dead", 1, "answered 404")]


def test_a_value_that_looks_like_a_place_is_not_filled_again(web: WebServer):
    sms = SmsAdapter(f"{web.url}/a?q={{body}}", json={"text": "{body}", "raw": '{"{title}"}'})
    sms.send(message(body='{address}&x=/"', address=PHONE, title='q"}'))
    [(path, _, body)] = web.got
    assert path == "/a?q=%7Baddress%7D%26x%3D%2F%22"
    assert orjson.loads(body) == {"text": '{address}&x=/"', "raw": '{"q"}"}'}


def test_a_gateway_may_be_asked_by_get_and_say_yes_inside(web: WebServer):
    web.answers = [(200, b'{"data": {"code": 1}}'), (200, b'{"data": {"code": 0}}'), (200, b"[]")]
    sms = SmsAdapter(f"{web.url}/send?to={{address}}&text={{text}}", method="GET", ok={"data.code": [0]})
    with pytest.raises(Unsent, match=r"answered data\.code 1"):
        sms.send(message(address=PHONE))
    sms.send(message(address=PHONE, text="a b&c"))
    assert web.got[-1][0] == f"/send?to={PHONE}&text=a%20b%26c"
    with pytest.raises(Unsent, match=r"answered data\.code None"):
        sms.send(message(address=PHONE))


def test_names_of_bodies_are_no_links_for_a_robot(web: WebServer):
    RobotAdapter(f"{web.url}/robot?key=1").send(message(title="t", text="[x](http://y) <@all> **z**"))
    said = orjson.loads(web.got[0][2])["markdown"]["content"]
    assert not set("[]<>@*") & set(said.removeprefix("**t**"))


def test_no_address_and_no_secret_stands_in_records_or_logs(world: World, web: WebServer, caplog, capfd):
    """The gateway repeats the number, the mail server the mailbox, the addresses hold keys."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "mail.log")  # of the test's own mail server
    contact(world, "sms", PHONE)
    contact(world, "email", "duty@centre.example")
    clock = Time()

    box = MailBox()
    box.refusal = "550 duty@centre.example is unknown"
    web.answers = [(200, orjson.dumps({"msg": f"bad number {PHONE}"})), (200, orjson.dumps({"msg": PHONE.replace("-", "")})),
                   (400, PHONE.encode()), (200, b'{"errcode": "' + PHONE.encode() + b'"}'), (500, b"")]  # fmt: skip
    url = f"{web.url}/?token=KEYKEY&to={{address}}"
    with dripping(b"") as port, serving(box) as mail_port:
        routes = (
            Route("sms", SmsAdapter(url, headers={"Authorization": SECRET}, ok={"msg": ["ok"]}), channel="sms"),
            Route("short", SmsAdapter(url, ok={"msg": ["ok"]}), channel="sms"),
            Route("hook", WebhookAdapter(f"{web.url}/?token=KEYKEY", secret=SECRET)),
            Route("robot", RobotAdapter(f"{web.url}/?token=KEYKEY", secret=SECRET, dingtalk=True)),
            Route("robot2", RobotAdapter(f"{web.url}/?token=KEYKEY", secret=SECRET, dingtalk=True)),
            Route(
                "gone",
                SmsAdapter(f"http://127.0.0.1:{port}/?token=KEYKEY&to={{address}}", timeout_s=0.2),
                channel="sms",
            ),
            Route("line", SmsAdapter(url, headers={"X": f"{SECRET}\n{PHONE}"}), channel="sms"),
            Route("mail", SmtpAdapter("127.0.0.1", port=mail_port, sender="grid@example"), channel="email"),
        )
        reported(world)
        run(worker(world, *routes, clock=clock))
    found = states(world)
    assert all(state in ("dead", "waiting") for _, state, _, _ in found) and len(found) == len(routes), found
    printed = capfd.readouterr()
    everything = " ".join([str(found), *(record.getMessage() for record in caplog.records), printed.out, printed.err])
    for hidden in (PHONE, PHONE.replace("-", ""), "duty@", "KEYKEY", SECRET):
        assert hidden not in everything, hidden
    assert found[0][3] == "answered msg something else" and found[-1][3] == "recipient refused 550"


def test_what_fails_late_does_not_undo_what_another_has_sent(world: World, web: WebServer):
    clock = Time()
    late = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock)
    reported(world)
    late.hand_on()

    class Slow:
        """Holds a message for longer than its lease; meanwhile another worker sends it."""

        def send(self, message: Message) -> None:
            clock.at += LEASE + timedelta(seconds=1)
            run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock))
            raise Unsent("answered 503")

    late.send_batch(Route("hook", Slow()))
    assert states(world) == [("hook", "sent", 2, "")] and len(web.got) == 1
    clock.at += timedelta(hours=2)
    run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock))
    assert len(web.got) == 1


def test_leases_are_given_back_when_the_time_is_short(world: World, web: WebServer):
    clock = Time()
    for _ in range(3):
        reported(world)

    class Slow:
        def send(self, message: Message) -> None:
            clock.at += LEASE * 0.6
            raise Unsent("no answer (timeout)")

    one = worker(world, Route("hook", Slow()), clock=clock)
    run(one)
    assert [attempts for _, _, attempts, _ in states(world)] == [1, 0, 0]
    clock.at += timedelta(minutes=1)
    run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock))
    assert [state for _, state, _, _ in states(world)] == ["sent"] * 3


def test_a_route_that_was_taken_away_does_not_keep_messages_for_ever(world: World, tmp_path: Path, web: WebServer):
    clock = Time()
    web.answers = [(503, b"")]
    reported(world)
    run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock))
    later = worker(world, Route("file", FileAdapter(tmp_path)), clock=clock)
    assert later.bury() == 0, "another process may still know it"
    clock.at += LOST + timedelta(minutes=1)
    assert later.bury() == 1
    assert states(world) == [("hook", "dead", 1, "no such route")]


def test_a_batch_of_lines_is_one_write_and_one_bad_message_spoils_none(world: World, tmp_path: Path, monkeypatch):
    syncs: list[int] = []
    monkeypatch.setattr(file_adapter.os, "fsync", syncs.append)
    numbers = [reported(world) for _ in range(6)]
    one = worker(world, Route("file", FileAdapter(tmp_path)))
    run(one)
    assert len(syncs) == 1 and {state for _, state, _, _ in states(world)} == {"sent"}
    lines = [orjson.loads(line) for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    assert [line["case_no"] for line in lines] == numbers
    said = one.words
    bad = [reported(world) for _ in range(3)][1]

    def words(topic: str, facts: dict) -> tuple[str, str]:
        if facts["case_no"] == bad:
            raise KeyError(topic)
        return said(topic, facts)

    one.words = words
    run(one)
    assert [state for _, state, _, _ in states(world)][6:] == ["sent", "waiting", "sent"]
    assert states(world)[7][3] == "failed (KeyError)"


def test_a_full_disk_leaves_no_torn_line(tmp_path: Path, monkeypatch):
    adapter = FileAdapter(tmp_path)
    adapter.send(message(case_no="first"))
    whole = os.write

    def half(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return whole(descriptor, data[: len(data) - 10])

    monkeypatch.setattr(file_adapter.os, "write", half)
    with pytest.raises(OSError, match="No space"):
        adapter.send(message(case_no="second"))
    monkeypatch.setattr(file_adapter.os, "write", whole)
    adapter.send(message(case_no="third"))
    [path] = tmp_path.iterdir()
    assert [orjson.loads(line)["case_no"] for line in path.read_bytes().splitlines()] == ["first", "third"]


KILLED = """
import sys
from datetime import datetime
from data.database import Database
from data.outbox.messages import Message
from data.outbox.routing import Route
from data.outbox.worker import OutboxWorker

class Stuck:
    def send(self, message: Message) -> None:
        print("sending", flush=True)
        sys.stdin.read()

owner, app, now = sys.argv[1:]
at = datetime.fromisoformat(now)
one = OutboxWorker(Database(owner, app), [Route("hook", Stuck())], words=lambda t, f: ("t", "w"), link="", now=lambda: at)
one.hand_on()
one.send_batch(one.routes[0])
"""


def test_a_worker_killed_in_the_middle_loses_nothing(world: World, web: WebServer):
    reported(world)
    arguments = [sys.executable, "-c", KILLED, world.database.owner_url, world.database.app_url, NOW.isoformat()]
    child = subprocess.Popen(arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None and child.stdout.readline() == "sending\n"
    child.kill()
    child.wait()
    clock = Time()
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock)
    run(one)
    assert web.got == [], "its lease still runs"
    clock.at += LEASE
    run(one)
    assert len(web.got) == 1 and states(world) == [("hook", "sent", 2, "")]


def test_an_admin_sees_the_messages_of_its_area_and_no_address(world: World, web: WebServer):
    web.answers = [(404, b"")] * 2
    contact(world, "sms", PHONE)
    reported(world)
    run(worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET))))
    admin = world.viewers["admin"]
    county = type(admin)(**{**vars(admin), "area_code": "C2", "scope_path": f"{admin.scope_path}C2/"})
    for viewer, number in ((admin, 1), (county, 0)):
        with world.database.writing(viewer) as connection:
            assert outbox.counts(connection)["dead"] == number
            assert connection.execute(text("SELECT count(*) FROM contact")).scalar() == 0
            assert connection.execute(load("send_again"), {"id": None, "now": NOW}).rowcount == number
    with world.database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM contact")).scalar() == 1


def test_what_waits_is_counted_before_it_is_given_to_a_route(world: World):
    reported(world)
    with world.database.reading(SYSTEM) as connection:
        found = outbox.counts(connection, NOW + timedelta(minutes=5))
    assert found == {"waiting": 1, "sent": 0, "dead": 0, "oldest_s": 300}


def test_a_worker_ends_while_a_gateway_is_stuck(world: World, web: WebServer):
    web.hangs = True
    reported(world)
    one: OutboxWorker = worker(world, Route("stuck", WebhookAdapter(web.url, secret=SECRET, timeout_s=25.0)))
    one.start()
    until = time.monotonic() + 20
    while not any(attempts for _, _, attempts, _ in states(world)):
        assert time.monotonic() < until
        time.sleep(0.05)
    one.stop()
    assert states(world)[0][1:3] == ("waiting", 1), "its lease runs out, another sends it"
    web.hold.set()
