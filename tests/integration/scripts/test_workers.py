"""GRIDBOARD_WORKERS=2: two processes on one port, and nobody who comes to either can tell."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from data.database import Database
from data.jobs.scheduler import LEADER_LOCK
from data.server.cluster import APP, OWNER, Cluster
from rules.login_delay import FREE_GUESSES
from tests.conftest import cloned, opened
from tests.ports import free_port
from tests.world import PASSWORD, World

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_S = 120
CASE = {"kind": "dispute", "category": "neighbour", "title": "噪音", "area": "C1V1G1"}


def eventually(come: Callable[[], Any]) -> Any:
    """What comes at last, whatever it takes on a busy machine."""
    end = time.monotonic() + PATIENCE_S
    while not (found := come()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found


class Deployment:
    """`python app.py` with two workers over a clone of the small world."""

    def __init__(self, cluster: Cluster, name: str, log: Path) -> None:
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDBOARD_")} | {
            "GRIDBOARD_DATABASE_URL": cluster.url(OWNER, name), "GRIDBOARD_APP_DATABASE_URL": cluster.url(APP, name),
            "GRIDBOARD_PORT": str(port), "GRIDBOARD_WORKERS": "2", "GRIDBOARD_OUTBOX": "0", "GRIDBOARD_HEARTBEAT_S": "0.5",
            "GRIDBOARD_ANCHOR_DIR": str(log.parent),
        }  # fmt: skip
        with log.open("w") as said:
            self.process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=said)
        eventually(lambda: {1, 2} <= self.workers().keys() and all(map(self.answers, (1, 2))))

    def workers(self) -> dict[int, int]:
        """The processes by their numbers."""
        found = {}
        for path in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
                number = re.search(rb"GRIDBOARD_WORKER=(\d+)", (path / "environ").read_bytes())
                if parent == self.process.pid and number:
                    found[int(number[1])] = int(path.name)
        return found

    @contextlib.contextmanager
    def at(self, worker: int) -> Iterator[httpx.Client]:
        """A client whose connection this worker takes: the other one is held meanwhile."""
        other = self.workers().get(3 - worker)
        with httpx.Client(base_url=self.url, timeout=PATIENCE_S) as client:
            _signal(other, signal.SIGSTOP)
            try:
                yield client
            finally:
                _signal(other, signal.SIGCONT)

    def answers(self, worker: int) -> bool:
        with contextlib.suppress(httpx.HTTPError), self.at(worker) as client:
            client.timeout = 5
            return f'worker="{worker}"' in client.get("/metrics").text
        return False

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(60)


def _signal(process: int | None, what: signal.Signals) -> None:
    """One that was killed may still be listed, and one that was listed may be gone."""
    if process is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, what)


@pytest.fixture(scope="module")
def deployment(
    cluster: Cluster, built_world: tuple[str, World], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Deployment, Database]]:
    for name in cloned(cluster, built_world[0]):
        made = Deployment(cluster, name, tmp_path_factory.mktemp("workers") / "log")
        database = opened(cluster, name)
        yield made, database
        database.close()
        made.close()


class Person:
    """Somebody who is logged in and goes now to one worker, now to the other."""

    def __init__(self, deployment: Deployment, username: str, worker: int) -> None:
        self.deployment = deployment
        with deployment.at(worker) as client:
            answer = client.post("/api/session", json={"username": username, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        self.cookies, self.token = dict(answer.cookies), answer.json()["csrf_token"]

    def ask(self, worker: int, method: str, path: str, **more: Any) -> httpx.Response:
        with self.deployment.at(worker) as client:
            client.cookies.update(self.cookies)
            return client.request(method, path, headers={"X-CSRF-Token": self.token}, **more)

    def waiting(self) -> dict:
        """A case that waits for dispatch, each step by another worker."""
        case = self.ask(1, "POST", "/api/cases", json=CASE).json()
        for worker, move in ((2, "accept"), (1, "assess")):
            case = self.move(worker, case, move)
        return case

    def move(self, worker: int, case: dict, move: str, **more: Any) -> dict:
        form = {"move": move, "version": case["version"], **more}
        answer = self.ask(worker, "POST", f"/api/cases/{case['case_no']}/moves", json=form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


class Browser:
    """An open page: reads its stream, and comes back with the last number it saw, to whoever takes it."""

    def __init__(self, deployment: Deployment, person: Person, worker: int) -> None:
        self.deployment, self.person = deployment, person
        self.cases: list[tuple[str, str]] = []
        self.last, self.connections, self.heard = "", 0, 0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        with deployment.at(worker):
            self._thread.start()
            eventually(lambda: self.heard)

    def _read(self) -> None:
        while not self._ending.is_set():
            with contextlib.suppress(httpx.HTTPError):
                headers = {"Last-Event-ID": self.last} if self.last else {}
                with httpx.Client(base_url=self.deployment.url, cookies=self.person.cookies, timeout=20) as client:
                    with client.stream("GET", "/api/live?area=C", headers=headers) as answer:
                        self._follow(answer)
            time.sleep(0.1)

    def _follow(self, answer: httpx.Response) -> None:
        self.connections += 1
        frame: dict[str, str] = {}
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            frame[name] = value
            if not line and "id" in frame:
                if frame["event"] == "case":
                    told = json.loads(frame["data"])
                    self.cases.append((told["case_no"], told["act"]))
                self.last, self.heard, frame = frame["id"], self.heard + 1, {}
            if self._ending.is_set():
                return

    def close(self) -> None:
        self._ending.set()
        self._thread.join(30)


def test_a_login_at_one_is_a_session_at_the_other_and_its_end_is_its_end(deployment):
    made, _ = deployment
    leader = Person(made, "leader", worker=1)
    assert leader.ask(2, "GET", "/api/areas/C").status_code == 200
    assert leader.ask(1, "DELETE", "/api/session").status_code in (200, 204)
    assert eventually(lambda: leader.ask(2, "GET", "/api/areas/C").status_code == 401)


def test_guesses_at_one_count_at_the_other(deployment):
    made, _ = deployment

    def guess(worker: int) -> int:
        with made.at(worker) as client:
            return client.post("/api/session", json={"username": "auditor", "password": "wrong"}).status_code

    answers = [guess(1 + number % 2) for number in range(FREE_GUESSES + 1)]
    assert answers == [401] * FREE_GUESSES + [429]


def test_who_looks_at_a_case_and_who_has_it_in_hand_is_known_at_both(deployment):
    made, _ = deployment
    one, other = Person(made, "dispatcher", worker=1), Person(made, "dispatcher.c1", worker=2)
    case = one.waiting()
    assert one.ask(1, "POST", "/api/presence", json={"case": case["case_no"], "tab": "t1"}).status_code == 200
    seen = other.ask(2, "POST", "/api/presence", json={"tab": "t2"}).json()["items"]
    assert [item["case_no"] for item in seen] == [case["case_no"]]
    assert one.ask(1, "POST", f"/api/cases/{case['case_no']}/claim", json={"tab": "t1"}).status_code == 200
    refused = other.ask(2, "POST", f"/api/cases/{case['case_no']}/claim", json={"tab": "t2"})
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed")


def test_a_case_that_is_moved_at_one_arrives_on_the_stream_of_the_other(deployment):
    made, _ = deployment
    dispatcher = Person(made, "dispatcher", worker=1)
    browsers = [Browser(made, dispatcher, worker) for worker in (1, 2)]
    case = dispatcher.waiting()
    acts = [(case["case_no"], act) for act in ("report", "accept", "assess")]
    for browser in browsers:
        eventually(lambda browser=browser: [told for told in browser.cases if told[0] == case["case_no"]] == acts)
        browser.close()


def test_one_of_them_leads_the_scheduler(deployment):
    _, database = deployment

    def leaders() -> int:
        with database.owning() as connection:
            found = connection.execute(
                text(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :key AND granted"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                ),
                {"key": LEADER_LOCK},
            )
            return int(found.scalar_one())

    assert eventually(leaders) == 1


def test_one_that_is_killed_is_started_again_and_no_browser_misses_anything(deployment):
    made, _ = deployment
    dispatcher = Person(made, "dispatcher", worker=2)
    browser = Browser(made, dispatcher, worker=1)
    killed, before = made.workers()[1], browser.connections
    cases = [dispatcher.ask(2, "POST", "/api/cases", json=CASE).json()["case_no"]]
    os.kill(killed, signal.SIGKILL)
    cases.append(dispatcher.ask(2, "POST", "/api/cases", json=CASE).json()["case_no"])
    eventually(lambda: browser.connections > before and len(browser.cases) == len(cases))
    eventually(lambda: made.workers().get(1) not in (None, killed) and made.answers(1))
    cases.append(dispatcher.ask(1, "POST", "/api/cases", json=CASE).json()["case_no"])
    eventually(lambda: len(browser.cases) == len(cases))
    browser.close()
    assert browser.cases == [(case_no, "report") for case_no in cases]


@pytest.mark.parametrize("command", [["app.py"], ["-m", "scripts.supervise"]], ids=["application", "supervisor"])
@pytest.mark.parametrize(
    "setting", [{"GRIDBOARD_WORKERS": "0"}, {"GRIDBOARD_WORKERS": "two"}, {"GRIDBOARD_TRUSTED_PROXIES": "10.0.0.300"}]
)
def test_a_wrong_value_is_one_line_and_exit_2(command, setting):
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=os.environ | setting, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1 and next(iter(setting)) in done.stderr
