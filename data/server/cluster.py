"""A private PostGIS cluster in a folder of the project: no port, no root, nothing outside the folder.

`python -m data.cluster start|use|stop|status` works on var/; tests use Cluster with a folder of their own.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from sqlalchemy.engine import make_url

from data.server.postgres import CONFIGURATION, DISCRETION, VOLATILE, ClusterError, require_postgis, tools

if TYPE_CHECKING:
    from settings import Settings

HOME = Path(__file__).resolve().parents[2] / "var"
LONGEST_SOCKET_PATH = 107
SOCKET = ".s.PGSQL.5432"
ROOM_BYTES = 500_000_000
DATABASE, OWNER, APP = "gridboard", "gridboard_owner", "gridboard_app"
STARTS = 4
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
# Waits until the lock is free, then stops the server. Its number may be another process's by then.
REAPER = """
exec 9>>"$1"; flock -x 9
lives() { [ "$(readlink "/proc/$1/cwd")" = "$2" ]; }
lives "$2" "$3" && kill -INT "$2"
while lives "$2" "$3"; do sleep 0.1; done
"""
_held: dict[Path, int] = {}


@dataclass(frozen=True)
class Cluster:
    """A cluster in `home`. `durable=False` trades safety for speed, for tests only."""

    home: Path = HOME
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @property
    def log(self) -> Path:
        return self.home / "log" / "postgres.log"

    @property
    def users(self) -> Path:
        """Whoever uses the cluster holds a shared lock on this file."""
        return self.home / "users.lock"

    @property
    def sockets(self) -> Path:
        """The socket's folder; a short one elsewhere where the system's limit on socket paths would be passed."""
        inside = self.home / "run"
        if len(os.fsencode(inside / SOCKET)) <= LONGEST_SOCKET_PATH:
            return inside
        return Path(tempfile.gettempdir()) / f"gridboard-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]}"

    def url(self, user: str, database: str = DATABASE) -> str:
        return f"postgresql+psycopg2://{user}@/{database}?host={self.sockets}"

    def start(self) -> bool:
        """Make the cluster if there is none, start it if it does not run, wait until it answers.

        Whether it was this call that started it. Raises ClusterError.
        """
        self._prepare_folders()
        with _locked(self.home / "start.lock"):
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            return self._bring_up()

    def _bring_up(self) -> bool:
        """A server that was killed a moment ago may still look alive: what it drops is tried again with a new one."""
        launched = False
        for _ in range(STARTS):
            if not self.runs() or not self._comes_up():
                self._launch()
                launched = True
            try:
                self._prepare_database()
                return launched
            except psycopg2.Error as error:
                reason = str(error).strip().splitlines()[0]
                time.sleep(0.5)
        raise ClusterError(f"Cannot prepare the database: {reason}")

    def use(self) -> None:
        """Start it if need be, for as long as it has users: when the last has gone, even by a crash, it stops."""
        self._prepare_folders()
        if self.users not in _held:
            handle = os.open(self.users, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(handle, fcntl.LOCK_SH)
            _held[self.users] = handle
        self.start_guarded()

    def start_guarded(self) -> None:
        """Start it for the process that holds the lock on `users` now; with the last of them it stops. Raises ClusterError."""
        if self.start():
            subprocess.Popen(
                ["sh", "-c", REAPER, "gridboard-reaper", self.users, str(self.postmaster()), self.data.resolve()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,
            )

    def stop(self) -> None:
        """Stop it in good order; nothing to do when it does not run. Raises ClusterError."""
        pid = self.postmaster()
        # fast: sessions are ended; immediate: what was written is recovered at the next start
        for order, patience_s in ((signal.SIGINT, 60), (signal.SIGQUIT, 15)):
            if pid is None:
                return
            os.kill(pid, order)
            if _comes_true(lambda: self.postmaster() is None, patience_s):
                return
        raise ClusterError(f"The database cluster in {self.data} does not stop (process {pid}).")

    def runs(self) -> bool:
        return self.postmaster() is not None

    def postmaster(self) -> int | None:
        """The live server of this very folder: a stale file may name another process by now."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if _folder_of(pid) == self.data.resolve() else None

    def run_sql(self, statement: str, database: str = "postgres") -> None:
        """One statement as the superuser, outside a transaction."""
        connection = psycopg2.connect(self._dsn(database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def make_database(self, name: str) -> None:
        """Make a database of the owner's with the extensions, if it does not exist. Raises ClusterError for PostGIS."""
        connection = psycopg2.connect(self._dsn("postgres"))
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            exists = cursor.fetchone()
            cursor.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            version = cursor.fetchone()
        connection.close()
        require_postgis(version[0] if version else None)
        if not exists:
            self.run_sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE template0')
        # a start that was cut off may have left a database without them
        for extension in EXTENSIONS:
            self.run_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", name)
        self.run_sql(f"ALTER SCHEMA public OWNER TO {OWNER}", name)

    def _dsn(self, database: str) -> str:
        return f"host={self.sockets} user=postgres dbname={database} connect_timeout=10"

    def _prepare_folders(self) -> None:
        private = (self.data, self.sockets, self.log.parent)
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            account = self._account()
            # the server's user has to get through to its own folder; nobody else may look in
            self.home.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for file in (self.users, self.home / "start.lock"):
                if file.exists():
                    file.chmod(0o600)
            for folder in private:
                folder.mkdir(parents=True, exist_ok=True)
                folder.chmod(0o700)
                if os.geteuid() == 0:
                    os.chown(folder, account.pw_uid, account.pw_gid)
        except OSError as error:
            raise ClusterError(f"Cannot prepare {self.home}: {error.strerror}.") from error

    def _account(self) -> pwd.struct_passwd:
        """Who runs the server: never root, which PostgreSQL refuses, but whose the folder is, or else `postgres`."""
        uid = os.geteuid()
        try:
            if uid == 0:
                uid = (self.data if self.data.exists() else self.home.parent).stat().st_uid
            return pwd.getpwuid(uid) if uid else pwd.getpwnam("postgres")
        except KeyError:
            raise ClusterError(f"The database server needs a user: neither number {uid} nor postgres is one.") from None

    def _initialise(self) -> None:
        if shutil.disk_usage(self.home).free < ROOM_BYTES:
            raise ClusterError(f"Not enough room in {self.home}: a cluster needs {ROOM_BYTES // 1_000_000} MB.")
        options = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums")
        code, said = self._run(tools() / "initdb", "-D", self.data, *options)
        if code:
            _empty(self.data)
            raise ClusterError(f"Cannot make a database cluster in {self.data}: {_reason(said)}")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION + ("" if self.durable else VOLATILE))

    def _launch(self) -> None:
        made = (self.data / "PG_VERSION").read_text().strip()
        programs = tools(made)
        if made != programs.parent.name:
            raise ClusterError(
                f"{self.data} was made by PostgreSQL {made}, but {programs.parent.name} is installed: install {made}, "
                "or take a backup with it and restore that into a new folder."
            )
        self._clear_remains()
        begin = self.log.stat().st_size if self.log.exists() else 0
        options = f"-k {self.sockets} " + " ".join(f"-c {name}={value}" for name, value in DISCRETION)
        order = ("-D", self.data, "-l", self.log, "-w", "-t", "120", "-o", options, "start")
        code, said = self._run(programs / "pg_ctl", *order)
        if code:
            # only what this start has written
            log = self.log.read_bytes()[begin:].decode(errors="replace") if self.log.exists() else ""
            raise ClusterError(f"The database cluster in {self.data} does not start: {_reason(log or said)}")

    def _clear_remains(self) -> None:
        """After kill -9: wait for the server's children to notice, then take away the files that name dead processes."""
        if not _comes_true(lambda: not self._children(), 30):
            raise ClusterError(f"Processes of a killed server still work in {self.data}: {self._children()}.")
        for file in (self.data / "postmaster.pid", self.sockets / f"{SOCKET}.lock", self.sockets / SOCKET):
            file.unlink(missing_ok=True)

    def _children(self) -> list[int]:
        here = self.data.resolve()
        pids = (int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit())
        return [pid for pid in pids if _folder_of(pid) == here]

    def _prepare_database(self) -> None:
        """Roles, the database and its extensions: what needs a superuser, so that migrations do not."""
        for role, rights in ((OWNER, "CREATEROLE"), (APP, "NOSUPERUSER NOBYPASSRLS NOCREATEROLE")):
            self.run_sql(
                f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN"
                f" CREATE ROLE {role} LOGIN {rights}; END IF; END $$"
            )
        self.make_database(DATABASE)

    def _comes_up(self) -> bool:
        """Wait while it recovers from a crash or ends: does it take connections now? Raises ClusterError when neither."""
        if not _comes_true(lambda: self._answers() or not self.runs(), 120):
            raise ClusterError(f"The database cluster in {self.data} runs but does not answer; see {self.log}.")
        return self.runs()

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self._dsn("postgres")).close()
        except psycopg2.OperationalError:
            return False
        return True

    def _run(self, program: Path, *arguments: object) -> tuple[int, str]:
        """Run a program of the server's as the one who may; its exit code and what it said.

        Below a folder that user cannot walk through (a checkout in root's home) it gets to the cluster by open handles.
        """
        command = [str(program), *map(str, arguments)]
        account = self._account()
        handles: list[int] = []
        if os.geteuid() == 0 and not _may_enter(self.data, account):
            for folder in (self.data, self.sockets, self.log.parent):
                handles.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY))
                command = [part.replace(str(folder), f"/proc/self/fd/{handles[-1]}") for part in command]
        try:
            return _finish(command, account, handles)
        finally:
            for handle in handles:
                os.close(handle)


def database_urls(settings: Settings) -> tuple[str, str | None]:
    """The owner's and the application's address: of the settings, or of the private cluster, started if need be."""
    if settings.database.url:
        app_url = settings.database.app_url
        return _with_driver(settings.database.url), app_url and _with_driver(app_url)
    cluster = Cluster()
    cluster.use()
    return cluster.url(OWNER), cluster.url(APP)


def _with_driver(address: str) -> str:
    try:
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except Exception as error:
        raise ClusterError("GRIDBOARD_DATABASE_URL is not a database address (postgresql://user@host/name).") from error
    if not url.drivername.startswith("postgresql"):
        raise ClusterError(f"GRIDBOARD_DATABASE_URL names {url.drivername}; Gridboard runs on postgresql only.")
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Two that start at the same moment must not make two clusters of one folder."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _folder_of(pid: int) -> Path | None:
    """The working folder of a process; every process of a server works in its data folder."""
    try:
        name = Path(f"/proc/{pid}/comm").read_text()
        return Path(f"/proc/{pid}/cwd").readlink() if name.startswith("postgres") else None
    except OSError:
        return None


def _comes_true(condition: Callable[[], bool], patience_s: float) -> bool:
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def _may_enter(folder: Path, account: pwd.struct_passwd) -> bool:
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return subprocess.run(["test", "-x", folder], cwd="/", check=False, **who).returncode == 0  # type: ignore[call-overload]


def _finish(command: list[str], account: pwd.struct_passwd, handles: list[int]) -> tuple[int, str]:
    # a session of its own: ctrl-C at the terminal must reach the application alone. No pipes: the server would keep
    # them open for ever.
    who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        done = subprocess.run(  # type: ignore[call-overload]
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            pass_fds=handles,
            check=False,
            **who,
        )
        output.seek(0)
        return done.returncode, output.read()


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _reason(said: str) -> str:
    """The line that says why, without its time: the first with an error in it, else the last."""
    lines = [re.sub(r"^[-\d]+ [:.\d]+ \w+ \[\d+\] ", "", line.strip()) for line in said.splitlines() if line.strip()]
    why = (line for line in lines if re.search("FATAL|PANIC|ERROR|[Ee]rror:|could not", line))
    return next(why, lines[-1] if lines else "no message")


def main() -> None:
    cluster = Cluster()
    commands = {"start": cluster.start, "use": cluster.start_guarded, "stop": cluster.stop}
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name == "status":
        sys.exit(0 if cluster.runs() else 3)
    if name not in commands:
        sys.exit("usage: python -m data.cluster start|use|stop|status")
    try:
        commands[name]()
    except ClusterError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
