"""The systemd units: whole, about files that exist, and the socket that they hand down is served."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.server.cluster import APP, OWNER

ROOT = Path(__file__).resolve().parents[3]
HOME = "/opt/gridboard"
UNITS = sorted((ROOT / "deploy").glob("gridboard*"))
#: What systemd does before it starts a service with a socket: descriptor 3, and its number in the environment.
ACTIVATE = (
    "import os, sys; os.dup2(int(sys.argv[1]), 3, inheritable=True);"
    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()));"
    "os.execv(sys.executable, [sys.executable, 'app.py'])"
)


def read(unit: Path) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=False, allow_no_value=True)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(unit.read_text("utf-8"))
    return found


def test_the_units_are_those_that_the_document_names():
    told = (ROOT / "docs" / "operations.md").read_text("utf-8")
    assert [unit.name for unit in UNITS] == ["gridboard-database.service", "gridboard.service", "gridboard.socket"]
    assert all(unit.name in told for unit in UNITS)


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.name)
def test_a_service_runs_what_is_there_as_nobody_special(unit):
    service = read(unit)["Service"]
    assert service["User"] == "gridboard" and service["UMask"] == "0077" and service["WorkingDirectory"] == HOME
    for name in ("ExecStart", "ExecStartPre", "ExecStop"):
        if name in service:
            program, *words = service[name].split()
            assert program == f"{HOME}/.venv/bin/python"
            script = words[1].replace(".", "/") + ".py" if words[0] == "-m" else words[0]
            assert (ROOT / script).is_file(), service[name]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_reads_the_units_without_a_word(tmp_path):
    for unit in UNITS:
        (tmp_path / unit.name).write_text(
            unit.read_text("utf-8").replace(f"{HOME}/.venv/bin/python", sys.executable).replace(HOME, str(ROOT))
        )
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / unit.name) for unit in UNITS)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "gridboard" in line]
    assert not said


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as made:
        yield made


def test_a_handed_down_socket_is_served_and_outlives_the_application(listening, cluster, demo_name):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GRIDBOARD_")} | {
        "GRIDBOARD_DATABASE_URL": cluster.url(OWNER, demo_name),
        "GRIDBOARD_APP_DATABASE_URL": cluster.url(APP, demo_name),
        "GRIDBOARD_DEMO_LIVE": "0",
        "GRIDBOARD_OUTBOX": "0",
        "GRIDBOARD_SCHEDULER": "0",
        # it does not listen there
        "GRIDBOARD_PORT": "1",
    }
    address = f"http://127.0.0.1:{listening.getsockname()[1]}/healthz"
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, "-c", ACTIVATE, str(listening.fileno())], cwd=ROOT, env=environment,
            pass_fds=(listening.fileno(),), stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            # asked before it serves: the socket keeps the question
            with urllib.request.urlopen(address, timeout=90) as answer:
                assert json.load(answer)["status"] == "ok"
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()


def test_a_wrong_setting_is_an_exit_that_systemd_does_not_repeat():
    assert read(ROOT / "deploy" / "gridboard.service")["Service"]["RestartPreventExitStatus"] == "2"
    done = subprocess.run(
        [sys.executable, "app.py"], cwd=ROOT, env=os.environ | {"GRIDBOARD_NOW": "yesterday"}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1
