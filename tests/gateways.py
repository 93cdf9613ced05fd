"""A real web server and a real mail server that answer what a test tells them to, and the worker between them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.policy import default as POLICY
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from sqlalchemy import text

from dashboard.words.messages import words
from data.commands import outbox as outbox_commands
from data.commands.reports import CaseReport, report_case
from data.outbox.routing import Route
from data.outbox.worker import OutboxWorker
from tests.ports import free_port
from tests.world import NOW, World


class WebServer:
    """Answers what it is told to, and keeps what it was sent."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict, bytes]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.hold = threading.Event()
        self.hangs = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if outer.hangs:
                    outer.hold.wait(30)
                    return
                outer.got.append((self.path, dict(self.headers), body))
                status, answer = outer.answers.pop(0) if outer.answers else (200, b'{"errcode": 0}')
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *words: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.hold.set()
        self.server.shutdown()


class MailBox:
    def __init__(self) -> None:
        self.mails: list = []
        self.refusal = ""

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=POLICY)))
        return "250 OK"


@contextmanager
def serving(box: MailBox, **options) -> Iterator[int]:
    """A mail server over the box, with aiosmtpd's options; yields its port."""
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


class Time:
    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at


def worker(world: World, *routes: Route, clock: Callable[[], datetime] | None = None) -> OutboxWorker:
    say = partial(words, locale="zh_CN", zone="Asia/Shanghai")
    return OutboxWorker(world.database, routes, words=say, link="https://grid.example", now=clock or (lambda: NOW))


def reported(world: World) -> str:
    lon, lat = world.point_in("C1V1G1")
    report = CaseReport(kind="dispute", category="neighbour", title="夜间噪音扰民", lon=lon, lat=lat)
    return str(report_case(world.database, viewer=world.viewers["dispatcher"], report=report, now=NOW)["case_no"])


def contact(world: World, channel: str, address: str, code: str = "centre-C1V1") -> None:
    with world.database.owning() as connection:
        outbox_commands.add_contact(connection, organisation=code, channel=channel, address=address)


def run(one: OutboxWorker) -> None:
    one.hand_on()
    for route in one.routes:
        one.send_batch(route)


def states(world: World) -> list[tuple[str, str, int, str]]:
    with world.database.owning() as connection:
        rows = connection.execute(text("SELECT route, state, attempts, last_error FROM delivery ORDER BY id"))
        return [(row.route, row.state, row.attempts, row.last_error) for row in rows]
