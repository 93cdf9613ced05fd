"""Messages from the command line: addresses of duty desks, a test of a route, senders in a process of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest
from sqlalchemy import text

from data.server.cluster import APP, OWNER
from tests.gateways import WebServer, reported, states
from tests.world import NOW, World

ROOT = Path(__file__).resolve().parents[2]
PHONE = "0691-2123456"
ROUTES = """
routes:
  - {name: files, adapter: file, options: {folder: FOLDER}}
  - name: sms
    adapter: sms_http
    topics: ["clock.*"]
    options: {url: "URL/send", json: {to: "{address}", text: "{text}"}, headers: {Authorization_env: SMS_TOKEN}}
"""


@pytest.fixture
def web():
    made = WebServer()
    yield made
    made.close()


@pytest.fixture
def environment(cluster, world_name, tmp_path: Path, web: WebServer) -> dict[str, str]:
    path = tmp_path / "routes.yaml"
    path.write_text(ROUTES.replace("FOLDER", str(tmp_path / "out")).replace("URL", web.url))
    return dict(
        os.environ, GRIDBOARD_DATABASE_URL=cluster.url(OWNER, world_name), GRIDBOARD_NOW=NOW.isoformat(),
        GRIDBOARD_APP_DATABASE_URL=cluster.url(APP, world_name), GRIDBOARD_OUTBOX_FILE=str(path), SMS_TOKEN="a token of the test",
    )  # fmt: skip


@pytest.fixture
def manage(environment, command_line):
    def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return command_line.run("outbox", *arguments, environment=environment | more)

    return run


def refused(done: subprocess.CompletedProcess[str]) -> str:
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done
    return done.stderr


def test_addresses_are_added_listed_masked_and_removed(manage, world: World):
    assert manage("contact", "add", "centre-C1", "sms", PHONE).returncode == 0
    assert manage("contact", "add", "centre-C1", "email", "duty@centre.example").returncode == 0
    listed = manage("contact", "list").stdout
    assert "centre-C1" in listed and "sms  06***56" in listed and "email  du***le" in listed
    assert PHONE not in listed and "duty@" not in listed
    for wrong in (
        ("centre-C1", "email", "two words@x"),
        ("centre-C1", "email", f"{PHONE}@a@b"),
        ("centre-C1", "S M", "1"),
    ):
        assert PHONE not in refused(manage("contact", "add", *wrong))
    assert "not_found" in refused(manage("contact", "add", "nobody", "sms", PHONE))
    assert manage("contact", "remove", "centre-C1", "sms").returncode == 0
    refused(manage("contact", "remove", "centre-C1", "sms", PHONE))
    with world.database.owning() as connection:
        assert connection.execute(text("SELECT channel FROM contact")).scalars().all() == ["email"]


def test_a_route_is_tried(manage, world: World, web: WebServer, tmp_path: Path):
    assert manage("test", "files").returncode == 0
    [path] = (tmp_path / "out").iterdir()
    assert orjson.loads(path.read_bytes())["topic"] == "test"
    assert manage("test", "sms", "--to", PHONE).returncode == 0
    [(_, headers, body)] = web.got
    assert orjson.loads(body)["to"] == PHONE and headers["Authorization"] == "a token of the test"
    web.answers = [(400, PHONE.encode())]
    line = refused(manage("test", "sms", "--to", PHONE))
    assert "answered 400" in line and PHONE not in line
    assert "--to" in refused(manage("test", "sms"))
    assert "no route pigeon" in refused(manage("test", "pigeon"))
    assert "the environment has no SMS_TOKEN" in refused(manage("test", "sms", "--to", PHONE, SMS_TOKEN=""))
    assert world.database.pool_status()["in_use"] == 0


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_process_of_its_own_sends_until_it_is_ended(environment, world: World, tmp_path: Path, ending: int):
    case_no = reported(world)
    command = [sys.executable, "manage.py", "outbox", "run"]
    child = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while states(world) != [("files", "sent", 1, "")]:
            assert time.monotonic() < until and child.poll() is None
            time.sleep(0.1)
    finally:
        child.send_signal(ending)
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0 and "files, sms" in out and "Traceback" not in err
    [path] = (tmp_path / "out").iterdir()
    assert orjson.loads(path.read_bytes())["case_no"] == case_no


ROUTE_OF_CODES = """
routes:
  - name: sms
    adapter: sms_http
    options: {url: "URL/send?token=KEYKEYKEY", json: {to: "{address}"}, ok: {"result[].code": [0, OK]}, pause: {code: 13}}
"""


@pytest.fixture
def codes(environment, tmp_path: Path, web: WebServer) -> dict[str, str]:
    path = tmp_path / "codes.yaml"
    path.write_text(ROUTE_OF_CODES.replace("URL", web.url))
    return {"GRIDBOARD_OUTBOX_FILE": str(path)}


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b'{"result": [{"code": "1001"}]}', 'expected result[].code to be one of "0", "OK"; was "1001"'),
        (b"", "was the answer is empty"),
        (b'{"code": 0}', "was no such field"),
        (b'{"result": [{"code": "bad number 0691-2123456"}]}', 'was "bad number ***"'),
        (b'{"result": [{"code": "for 13800138000 duty@centre.example"}]}', 'was "for *** ***"'),
        (b'{"result": [{"code": "token KEYKEYKEY"}]}', 'was "token ***"'),
        (b'{"code": 13}', "The route was refused (gateway)"),
    ],
)
def test_a_test_says_which_field_did_not_fit(manage, codes, web: WebServer, answer: bytes, told: str):
    web.answers = [(200, answer)]
    line = refused(manage("test", "sms", "--to", PHONE, **codes))
    assert told in line, line
    for hidden in (PHONE, "2123456", "13800138000", "duty@", "KEYKEYKEY"):
        assert hidden not in line
    web.answers = [(200, b'\xef\xbb\xbf{"result": [{"code": "0"}]}')]
    assert manage("test", "sms", "--to", PHONE, **codes).returncode == 0


def test_routes_are_listed_stopped_and_resumed(manage, world: World):
    assert "No route has run yet" in manage("routes").stdout
    assert "not_found" in refused(manage("pause", "sms", "--reason", "x"))
    with world.database.owning() as connection:
        insert = "INSERT INTO message_route (name, adapter, since, seen_at) VALUES ('sms', 'sms_http', now(), now())"
        connection.execute(text(insert))
    assert "sms  sms_http  working  0 waiting" in manage("routes").stdout
    assert manage("pause", "sms", "--reason", "account moves").returncode == 0
    listed = manage("routes").stdout
    assert "paused" in listed and "by_hand by system: account moves" in listed and "until it is resumed" in listed
    assert manage("resume", "sms").returncode == 0
    assert "working" in manage("routes").stdout
    assert manage("pause", "sms").returncode == 2
