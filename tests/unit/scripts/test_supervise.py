"""The supervisor: again after a crash, with growing pauses, never after an order or a wrong setting."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts.supervise import Patience, Supervisor

ROOT = Path(__file__).resolve().parents[3]
QUICK = Patience(first_s=0.01, longest_s=0.04, tries=4)


def supervised(program: str, *, patience: Patience = QUICK, listening: socket.socket | None = None):
    said: list[str] = []
    return Supervisor([sys.executable, "-c", program], listening, patience, said.append), said


def counting(folder: Path, rest: str) -> str:
    """A program that leaves a mark each time it is started; `n` is how often it was."""
    return f"import os, signal, sys; f = open({str(folder / 'starts')!r}, 'a+'); f.write('x'); f.flush(); n = f.tell(); {rest}"


def starts(folder: Path) -> int:
    return len((folder / "starts").read_text())


@pytest.mark.parametrize("code", [0, 2])
def test_an_end_in_good_order_or_a_wrong_setting_is_no_crash(tmp_path, code):
    supervisor, said = supervised(counting(tmp_path, f"sys.exit({code})"))
    assert supervisor.run() == code and starts(tmp_path) == 1 and not said


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(1)", "os.abort()", "sys.exit(3)"])
def test_a_crash_is_followed_by_another_start(tmp_path, end):
    supervisor, said = supervised(counting(tmp_path, f"n < 3 and {end}; sys.exit(0)"))
    assert supervisor.run() == 0 and starts(tmp_path) == 3
    assert len(said) == 2 and all("is started again in" in line for line in said)


def test_it_gives_up_with_one_line_and_the_code_of_the_last_crash(tmp_path):
    supervisor, said = supervised(counting(tmp_path, "os.kill(os.getpid(), signal.SIGKILL)"))
    assert supervisor.run() == 128 + signal.SIGKILL and starts(tmp_path) == QUICK.tries
    assert [line for line in said if "not started again" in line] == said[-1:] and "signal 9" in said[-1]


def test_pauses_grow_up_to_a_bound():
    pauses = [Patience().pause_s(crashes) for crashes in range(1, 9)]
    assert pauses == sorted(pauses) and pauses[0] == 1 and pauses[1] == 2 and pauses[-1] == 30


def test_a_steady_run_ends_the_row_of_crashes(tmp_path):
    supervisor, _ = supervised(
        counting(tmp_path, "n < 7 and sys.exit(1); sys.exit(0)"), patience=Patience(0.01, 0.01, tries=3, steady_s=0.0)
    )
    assert supervisor.run() == 0 and starts(tmp_path) == 7


def test_told_to_end_it_ends_the_application_and_does_not_start_it_again(tmp_path):
    supervisor, said = supervised(counting(tmp_path, "signal.pause()"))
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(supervisor.run()))
    thread.start()
    while not ((tmp_path / "starts").exists() and starts(tmp_path)):
        time.sleep(0.01)
    supervisor.end(signal.SIGTERM)
    thread.join(20)
    assert done == [-signal.SIGTERM] and starts(tmp_path) == 1 and not said


def test_told_to_end_in_a_pause_it_does_not_wait_for_its_end(tmp_path):
    supervisor, said = supervised(counting(tmp_path, "sys.exit(1)"), patience=Patience(600, 600))
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(supervisor.run()))
    thread.start()
    while not said:
        time.sleep(0.01)
    supervisor.end(signal.SIGINT)
    thread.join(20)
    assert done == [0] and starts(tmp_path) == 1


def test_the_socket_outlives_a_crash():
    """A connection that is made while nothing serves is answered by the next start."""
    answer = (
        "import os, socket, sys; s = socket.socket(fileno=int(os.environ['GRIDBOARD_SOCKET_FD']));"
        "c, _ = s.accept(); word = c.recv(9); word == b'crash' and os.abort(); c.sendall(word); c.close(); sys.exit(0)"
    )
    with socket.create_server(("127.0.0.1", 0)) as listening:
        supervisor, _ = supervised(answer, listening=listening)
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        for word in (b"crash", b"hello"):
            with socket.create_connection(listening.getsockname(), timeout=20) as connection:
                connection.sendall(word)
                if word == b"hello":
                    assert connection.recv(9) == word
        thread.join(20)
        assert not thread.is_alive()


def test_each_of_several_processes_is_started_again_by_itself_and_all_end_with_one(tmp_path):
    program = (
        f"import os, signal, sys; w = os.environ['GRIDBOARD_WORKER']; f = open({str(tmp_path)!r} + '/' + w, 'a+');"
        "f.write('x'); f.flush(); n = f.tell(); w == '1' and signal.pause(); n < 3 and os.abort();"
        # the other has to be there to be ended
        f"[None for _ in iter(lambda: os.path.exists({str(tmp_path / '1')!r}), True)]; sys.exit(0)"
    )
    said: list[str] = []
    supervisor = Supervisor([sys.executable, "-c", program], None, QUICK, said.append, workers=2)
    assert supervisor.run() == 0
    assert [(tmp_path / name).read_text() for name in ("1", "2")] == ["x", "xxx"]
    assert len(said) == 2 and all(line.startswith("Process 2 of the application crashed") for line in said)


def test_the_application_does_not_outlive_a_killed_supervisor(tmp_path):
    program = counting(tmp_path, f"open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); signal.pause()")
    parent = subprocess.Popen(
        [sys.executable, "-c",
         "import sys; from scripts.supervise import Supervisor; Supervisor([sys.executable, '-c', sys.argv[1]]).run()",
         program],
    )  # fmt: skip
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
        time.sleep(0.02)
    child = int((tmp_path / "pid").read_text())
    parent.kill()
    parent.wait()
    end = time.monotonic() + 20
    while _lives(child):
        assert time.monotonic() < end
        time.sleep(0.02)


def _lives(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


LEFT_OPEN = """
import os, sys
from scripts.supervise import Patience, Supervisor
before = len(os.listdir("/proc/self/fd"))
Supervisor([sys.executable, "-c", "pass"], None, Patience(), print).run()
print(len(os.listdir("/proc/self/fd")) - before)
"""


def test_a_supervisor_leaves_no_descriptor_open():
    """In a process of its own: here others open theirs meanwhile."""
    done = subprocess.run([sys.executable, "-c", LEFT_OPEN], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"], done.stdout + done.stderr
