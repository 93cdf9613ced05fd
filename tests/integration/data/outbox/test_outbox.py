"""Messages leave: against a real mail server and a real web server, which refuse, hang, break and come back."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from data.commands import outbox as outbox_commands
from data.commands.cases import move_case
from data.database import SYSTEM
from data.outbox.attempts import back_off
from data.outbox.file import FileAdapter
from data.outbox.http import RobotAdapter, SmsAdapter, WebhookAdapter, signature
from data.outbox.routing import Route, RouteError, load_routes
from data.outbox.smtp import SmtpAdapter
from data.outbox.worker import LEASE, prune
from data.queries import outbox
from rules.facts import MoveRequest
from tests.gateways import MailBox, Time, WebServer, contact, reported, run, states, worker
from tests.world import NOW, World

SECRET = "a secret of the test"
PHONE = "0691-2123456"


def test_by_default_a_message_is_a_line_in_a_file(world: World, tmp_path: Path):
    case_no = reported(world)
    one = worker(world, Route("file", FileAdapter(tmp_path)))
    run(one)
    run(one)
    [line] = [orjson.loads(line) for path in tmp_path.iterdir() for line in path.read_bytes().splitlines()]
    assert (line["case_no"], line["topic"], line["body"]) == (case_no, "case.report", "centre-C1V1")
    assert line["text"] == f"矛盾纠纷案件 {case_no}（C1V1G1）已上报，当前状态：已上报。收件单位：centre-C1V1。"
    assert line["link"] == f"https://grid.example/case/{case_no}"
    assert "噪音" not in str(line), "what people wrote stays at home"
    assert states(world) == [("file", "sent", 1, "")]


def test_a_mail_says_which_case_and_nothing_of_it(world: World, mailbox: tuple[MailBox, int]):
    box, port = mailbox
    contact(world, "email", "duty@centre.example")
    case_no = reported(world)
    run(worker(world, Route("mail", SmtpAdapter("127.0.0.1", port=port, sender="grid@example"), channel="email")))
    [(to, mail)] = box.mails
    assert to == ["duty@centre.example"] and mail["Subject"] == "案件上报"
    assert case_no in mail.get_content() and "噪音" not in mail.get_content()
    assert mail["Message-ID"].endswith("@gridboard>")


@pytest.mark.parametrize(("refusal", "state"), [("550 no such box", "dead"), ("450 busy", "waiting")])
def test_a_mail_server_refuses_for_good_or_for_now(world, mailbox, refusal: str, state: str):
    box, port = mailbox
    box.refusal = refusal
    contact(world, "email", "duty@centre.example")
    reported(world)
    run(worker(world, Route("mail", SmtpAdapter("127.0.0.1", port=port, sender="grid@example"), channel="email")))
    [(_, now, attempts, error)] = states(world)
    assert (now, attempts) == (state, 1)
    assert refusal[:3] in error and "duty@" not in error and "no such box" not in error


def test_a_short_message_fills_its_template_for_the_gateway(world: World, web: WebServer):
    contact(world, "sms", PHONE)
    case_no = reported(world)
    sms = SmsAdapter(
        f"{web.url}/send?to={{address}}", json={"phone": "{address}", "params": ["{case_no}", "{text}"], "sign": "网格"},
        headers={"Authorization": SECRET}, ok={"errcode": [0]},
    )  # fmt: skip
    run(worker(world, Route("sms", sms, channel="sms")))
    [(path, headers, body)] = web.got
    assert path == f"/send?to={PHONE}" and headers["Authorization"] == SECRET
    told = orjson.loads(body)
    assert (told["phone"], told["params"][0], told["sign"]) == (PHONE, case_no, "网格")
    form = SmsAdapter(f"{web.url}/form", form={"to": "{address}", "text": "{title} & {case_no}"})
    reported(world)
    run(worker(world, Route("form", form, channel="sms")))
    assert web.got[-1][2].decode() == f"to={PHONE}&text=%E6%A1%88%E4%BB%B6%E4%B8%8A%E6%8A%A5+%26+{case_no[:-1]}2"


def test_a_webhook_is_signed(world: World, web: WebServer):
    reported(world)
    run(worker(world, Route("hook", WebhookAdapter(f"{web.url}/hook", secret=SECRET))))
    [(_, headers, body)] = web.got
    stamp, digest = (part.split("=")[1] for part in headers["X-Gridboard-Signature"].split(","))
    assert digest == hmac.new(SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert digest == signature(SECRET, stamp, body) and abs(int(stamp) - time.time()) < 60
    assert orjson.loads(body)["key"] == headers["Idempotency-Key"]


def test_robots_say_no_in_a_200(world: World, web: WebServer):
    web.answers = [(200, b'{"errcode": 40058, "errmsg": "no such form"}'), (200, b'{"errcode": -1}'), (200, b"{}")]
    for _ in range(4):
        reported(world)
    run(worker(world, Route("wecom", RobotAdapter(f"{web.url}/robot?key=1"))))
    assert [state for _, state, _, _ in states(world)] == ["dead", "waiting", "waiting", "sent"]
    reported(world)
    run(worker(world, Route("ding", RobotAdapter(f"{web.url}/robot?access_token=1", secret=SECRET, dingtalk=True))))
    assert "&timestamp=" in web.got[-1][0] and "&sign=" in web.got[-1][0]


def test_after_a_failure_it_is_tried_again_later_and_then_sent(world: World, web: WebServer):
    web.answers = [(500, b""), (503, b"")]
    clock = Time()
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock)
    reported(world)
    run(one)
    assert states(world) == [("hook", "waiting", 1, "answered 500")]
    run(one)
    assert len(web.got) == 1, "not at once"
    clock.at += timedelta(seconds=20)
    run(one)
    assert states(world) == [("hook", "waiting", 2, "answered 503")]
    clock.at += timedelta(seconds=45)
    run(one)
    assert states(world) == [("hook", "sent", 3, "")]
    keys = {headers["Idempotency-Key"] for _, headers, _ in web.got}
    assert len(web.got) == 3 and len(keys) == 1


def test_pauses_double_are_spread_and_capped():
    assert [back_off(n, 0.5).total_seconds() for n in (1, 2, 3, 4)] == [15, 30, 60, 120]
    assert back_off(60, 1.0) == timedelta(hours=1.25) and back_off(1, 0.0) < back_off(1, 1.0)


def test_what_is_dead_is_seen_by_an_admin_and_sent_again(world: World, web: WebServer):
    web.answers = [(404, b"")]
    clock = Time()
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock)
    case_no = reported(world)
    run(one)
    with world.database.reading(world.viewers["admin"]) as connection:
        page = outbox.page(connection, state="dead", limit=10, before=None, locale="zh_CN")
    [dead] = page["items"]
    assert (dead["case_no"], dead["last_error"], page["total"]) == (case_no, "answered 404", 1)
    for stranger in ("dispatcher", "leader", "handler", "auditor"):
        with world.database.reading(world.viewers[stranger]) as connection:
            assert outbox.page(connection, state="dead", limit=10, before=None, locale="zh_CN")["items"] == []
    with world.database.writing(world.viewers["admin"]) as connection:
        assert outbox_commands.send_again(connection, dead["id"], NOW) == 1
    run(one)
    assert states(world) == [("hook", "sent", 1, "")]


def test_after_so_many_tries_it_is_dead(world: World, web: WebServer):
    web.answers = [(500, b"")] * 5
    clock = Time()
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET), attempts=3), clock=clock)
    reported(world)
    for _ in range(6):
        run(one)
        clock.at += timedelta(hours=2)
    assert states(world) == [("hook", "dead", 3, "answered 500")] and len(web.got) == 3


def test_a_body_without_an_address_is_told_to_the_admin_not_retried(world: World):
    reported(world)
    run(worker(world, Route("mail", SmtpAdapter("127.0.0.1", port=9, sender="x@y"), channel="email")))
    assert states(world) == [("mail", "dead", 1, "no address")]


def test_a_stuck_gateway_blocks_no_dispatch_and_no_other_route(world: World, web: WebServer, tmp_path: Path):
    web.hangs = True
    case_no = reported(world)
    one = worker(
        world, Route("stuck", WebhookAdapter(web.url, secret=SECRET)), Route("file", FileAdapter(tmp_path)),
    )  # fmt: skip
    one.start()
    try:
        deadline = time.monotonic() + 20
        while ("file", "sent", 1, "") not in states(world):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        request = MoveRequest(case_no=case_no, move="accept", version=1)
        moved = move_case(world.database, request, viewer=world.viewers["dispatcher"], now=NOW)
        assert moved["status"] == "accepted"
        assert [state for route, state, _, _ in states(world) if route == "stuck"] == ["waiting"]
    finally:
        web.hold.set()
        one.stop()


def test_what_a_killed_worker_left_is_sent_when_its_lease_has_run_out(world: World, web: WebServer):
    clock = Time()
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)), clock=clock)
    reported(world)
    one.hand_on()
    with world.database.writing(SYSTEM) as connection:
        connection.execute(text("UPDATE delivery SET leased_until = :at"), {"at": NOW + LEASE})
    run(one)
    assert web.got == []
    clock.at += LEASE
    run(one)
    assert len(web.got) == 1 and states(world)[0][1] == "sent"


def test_two_workers_send_each_message_once(world: World, web: WebServer):
    for _ in range(30):
        reported(world)
    route = Route("hook", WebhookAdapter(web.url, secret=SECRET))
    workers = [worker(world, route) for _ in range(3)]
    threads = [threading.Thread(target=lambda one=one: [run(one) for _ in range(3)]) for one in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = [headers["Idempotency-Key"] for _, headers, _ in web.got]
    assert len(keys) == 30 == len(set(keys))


def test_what_was_sent_long_ago_is_forgotten_and_the_dead_stay(world: World, web: WebServer):
    web.answers = [(404, b"")]
    one = worker(world, Route("hook", WebhookAdapter(web.url, secret=SECRET)))
    reported(world)
    reported(world)
    run(one)
    prune(world.database, NOW + timedelta(days=31))
    assert [state for _, state, _, _ in states(world)] == ["dead"]


EXAMPLE = Path(__file__).parents[4] / "docs" / "messages.example.yaml"


def test_the_example_of_the_routes_is_read():
    environment = {
        "GRIDBOARD_SMTP_PASSWORD": "a",
        "GRIDBOARD_SMS_TOKEN": "b",
        "GRIDBOARD_HOOK_SECRET": "c",
        "GRIDBOARD_WECOM_URL": "https://robot.example/send?key=1",
        "GRIDBOARD_DINGTALK_URL": "https://robot.example/send?access_token=1",
        "GRIDBOARD_DINGTALK_SECRET": "d",
    }
    routes = load_routes(EXAMPLE, environment)
    assert [route.name for route in routes] == ["files", "mail", "sms", "hook", "wecom", "dingtalk"]
    assert routes[2].takes("clock.passed") and not routes[2].takes("case.comment")
    assert routes[1].channel == "email" and routes[3].adapter.secret == "c"  # type: ignore[attr-defined]
    assert routes[2].adapter.headers["Authorization"] == "b"  # type: ignore[attr-defined]
    with pytest.raises(RouteError, match="has no GRIDBOARD_SMTP_PASSWORD"):
        load_routes(EXAMPLE, {})


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ("routes: []", "routes: has to be a list"),
        ("routes: [{name: a, adapter: pigeon}]", "adapter: 'pigeon'"),
        ("routes: [{adapter: file}]", "name: is missing"),
        ("routes: [{name: a, adapter: smtp}]", "options:"),
        ("routes: [{name: a, adapter: file}, {name: a, adapter: file}]", "one name"),
        ("routes: [{name: a, adapter: file, colour: red}]", "name, adapter"),
        ("routes: [", "no YAML"),
        ("routes: [{name: a, adapter: [file]}]", "adapter: ['file']"),
        ("routes: [{name: a, adapter: file, topics: [case.dispach]}]", "'case.dispach' is no topic"),
        ("routes: [{name: a, adapter: file, attempts: yes}]", "attempts a number"),
        (
            "routes: [{name: a, adapter: smtp, options: {host: m.example, sender: a@b.c, security: STARTTLS}}]",
            "security has to be",
        ),
        ("routes: [{name: a, adapter: smtp, options: {host: m.example, sender: a@b.c, username: u}}]", "in the clear"),
        ("routes: [{name: a, adapter: smtp, options: {host: m.example, sender: a@b.c, port: '25'}}]", "port has to be"),
        ("routes: [{name: a, adapter: sms_http, options: {url: 'ftp://key@x'}}]", "url has to be http"),
        (
            "routes: [{name: a, adapter: sms_http, options: {url: 'http://x/?to={adress}'}}]",
            "{adress} is not one of the places",
        ),
        ("routes: [{name: a, adapter: sms_http, options: {url: 'http://x/', timeout_s: 3600}}]", "timeout_s has to be"),
        ("routes: [{name: a, adapter: webhook, options: {url: 'http://x/', secret: ''}}]", "secret is empty"),
        (
            "routes: [{name: a, adapter: webhook, options: {url: 'http://x/', secret_env: 5}}]",
            "the environment has no 5",
        ),
    ],
)
def test_a_wrong_file_of_routes_is_one_line(tmp_path: Path, said: str, line: str):
    path = tmp_path / "routes.yaml"
    path.write_text(said)
    with pytest.raises(RouteError) as refused:
        load_routes(path, {})
    assert line in str(refused.value) and "\n" not in str(refused.value)
