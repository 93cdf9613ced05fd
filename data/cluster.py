"""A private PostGIS cluster in a folder of the project: no port, no root, nothing outside the folder.

`python -m data.cluster start|stop|status` works on var/; tests use Cluster with a folder of their own.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg2
from sqlalchemy.engine import make_url

if TYPE_CHECKING:
    from settings import Settings

HOME = Path(__file__).resolve().parents[1] / "var"
LONGEST_SOCKET_PATH = 107
OLDEST = 15
OLDEST_POSTGIS = (3, 3)
DATABASE, OWNER, APP = "gridboard", "gridboard_owner", "gridboard_app"
EXTENSIONS = ("postgis", "btree_gist", "pg_trgm")
CONFIGURATION = """
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 1GB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_min_messages = warning
"""


class ClusterError(Exception):
    """The private cluster cannot be used; the message is one line that says why and what to do."""


@dataclass(frozen=True)
class Cluster:
    """A cluster in `home`. `durable=False` trades safety for speed, for tests only."""

    home: Path = HOME
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @property
    def sockets(self) -> Path:
        """The socket's folder; a short one elsewhere where the system's limit on socket paths would be passed."""
        inside = self.home / "run"
        if len(str(inside)) + len("/.s.PGSQL.5432") <= LONGEST_SOCKET_PATH:
            return inside
        return Path(tempfile.gettempdir()) / f"gridboard-{hashlib.sha256(str(self.home).encode()).hexdigest()[:12]}"

    def url(self, user: str, database: str = DATABASE) -> str:
        return f"postgresql+psycopg2://{user}@/{database}?host={self.sockets}"

    def start(self) -> None:
        """Make the cluster if there is none, start it if it does not run, wait until it answers.

        Raises ClusterError.
        """
        tools = _tools()
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._initialise(tools)
        self._refuse_other_version(tools)
        if not self.runs():
            self._launch(tools)
        self._prepare_database()

    def stop(self) -> None:
        """Stop it in good order; nothing to do when it does not run."""
        if self.runs():
            _as_user(_tools() / "pg_ctl", "-D", self.data, "-m", "fast", "-w", "-t", "60", "stop")

    def runs(self) -> bool:
        """Whether the postmaster of this very folder is alive."""
        if not (self.data / "PG_VERSION").exists():
            return False
        return _as_user(_tools() / "pg_ctl", "-D", self.data, "status", check=False).returncode == 0

    def run_sql(self, statement: str, database: str = "postgres") -> None:
        """One statement as the superuser, outside a transaction."""
        connection = psycopg2.connect(self._dsn(database))
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
        finally:
            connection.close()

    def _dsn(self, database: str) -> str:
        return f"host={self.sockets} user=postgres dbname={database} connect_timeout=10"

    def _prepare_folders(self) -> None:
        try:
            for folder in (self.home, self.sockets):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in (self.home / "log", self.data):
                folder.mkdir(exist_ok=True)
            for folder in (self.data, self.sockets, self.home / "log"):
                folder.chmod(0o700)
                if os.geteuid() == 0:
                    shutil.chown(folder, _user())
        except OSError as error:
            raise ClusterError(f"Cannot prepare {self.home}: {error.strerror}.") from error
        _require_reachable(self.home)

    def _initialise(self, tools: Path) -> None:
        done = _as_user(
            tools / "initdb",
            "-D",
            self.data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--data-checksums",
            check=False,
        )
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise ClusterError(f"Cannot make a database cluster in {self.data}: {_last_line(done)}")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(CONFIGURATION)
            if not self.durable:
                file.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")

    def _refuse_other_version(self, tools: Path) -> None:
        made = (self.data / "PG_VERSION").read_text().strip()
        have = tools.parent.name
        if made != have:
            raise ClusterError(
                f"{self.data} was made by PostgreSQL {made}, but {have} is installed: install {made}, or take a backup "
                "with it and restore that into a new folder."
            )

    def _launch(self, tools: Path) -> None:
        log = self.home / "log" / "postgres.log"
        done = _as_user(
            tools / "pg_ctl",
            "-D",
            self.data,
            "-l",
            log,
            "-w",
            "-t",
            "60",
            "-o",
            f"-k {self.sockets}",
            "start",
            check=False,
        )
        if done.returncode:
            lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
            reason = next((line for line in reversed(lines) if re.search("FATAL|PANIC|ERROR", line)), _last_line(done))
            raise ClusterError(f"The database cluster in {self.data} does not start: {reason}")

    def _prepare_database(self) -> None:
        """Roles, the database and its extensions: what needs a superuser, so that migrations do not."""
        try:
            for role, rights in ((OWNER, "CREATEROLE"), (APP, "NOSUPERUSER NOBYPASSRLS NOCREATEROLE")):
                self.run_sql(
                    f"DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{role}') THEN"
                    f" CREATE ROLE {role} LOGIN {rights}; END IF; END $$"
                )
            self.make_database(DATABASE)
        except psycopg2.Error as error:
            raise ClusterError(f"Cannot prepare the database: {str(error).strip().splitlines()[0]}") from error

    def make_database(self, name: str) -> None:
        """Make a database of the owner's with the extensions, if it does not exist. Raises ClusterError for PostGIS."""
        connection = psycopg2.connect(self._dsn("postgres"))
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
            exists = cursor.fetchone()
            cursor.execute("SELECT default_version FROM pg_available_extensions WHERE name = 'postgis'")
            version = cursor.fetchone()
        connection.close()
        _require_postgis(version[0] if version else None)
        if exists:
            return
        self.run_sql(f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE template0')
        for extension in EXTENSIONS:
            self.run_sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", name)
        self.run_sql(f"ALTER SCHEMA public OWNER TO {OWNER}", name)


def database_urls(settings: Settings) -> tuple[str, str | None]:
    """The owner's and the application's address: of the settings, or of the private cluster, started if need be."""
    if settings.database.url:
        return _with_driver(settings.database.url), settings.database.app_url and _with_driver(
            settings.database.app_url
        )
    cluster = Cluster()
    if not cluster.runs():
        cluster.start()
    return cluster.url(OWNER), cluster.url(APP)


def _with_driver(address: str) -> str:
    try:
        url = make_url(address.replace("postgres://", "postgresql://", 1))
    except Exception as error:
        raise ClusterError("GRIDBOARD_DATABASE_URL is not a database address (postgresql://user@host/name).") from error
    if not url.drivername.startswith("postgresql"):
        raise ClusterError(f"GRIDBOARD_DATABASE_URL names {url.drivername}; Gridboard runs on postgresql only.")
    return url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)


def _tools() -> Path:
    """The folder of the newest PostgreSQL's programs. Raises ClusterError when there is none or it is too old."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
    )
    if not found:
        raise ClusterError(
            "PostgreSQL is not installed: run scripts/install_system.sh run, or set GRIDBOARD_DATABASE_URL."
        )
    if int(found[-1].parent.name) < OLDEST:
        raise ClusterError(f"PostgreSQL {found[-1].parent.name} is too old: Gridboard needs {OLDEST} or newer.")
    return found[-1]


def _require_postgis(version: str | None) -> None:
    if version is None:
        raise ClusterError(
            "PostGIS is not installed: run scripts/install_system.sh run (package postgresql-15-postgis-3)."
        )
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise ClusterError(f"PostGIS {version} is too old: Gridboard needs 3.3 or newer.")


def _user() -> str:
    """Who runs the server: never root, which PostgreSQL refuses."""
    return "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _require_reachable(home: Path) -> None:
    """As root the server runs as another user, who has to be able to enter the folders above."""
    if os.geteuid() != 0:
        return
    for folder in (home, *home.parents):
        if not folder.stat().st_mode & 0o001:
            raise ClusterError(
                f"User postgres cannot enter {folder}: put the project elsewhere, or run as an ordinary user."
            )


def _as_user(program: Path, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [str(program), *map(str, arguments)]
    if os.geteuid() == 0:
        command = ["runuser", "-u", _user(), "--", *command]
    # a session of its own: ctrl-C at the terminal must reach the application alone. No pipes: the server would keep
    # them open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            start_new_session=True,
            check=False,
        )
        output.seek(0)
        text = output.read()
    if check and done.returncode:
        raise ClusterError(f"{program.name}: {text.strip().splitlines()[-1] if text.strip() else 'failed'}")
    return subprocess.CompletedProcess(command, done.returncode, text, "")


def _last_line(done: subprocess.CompletedProcess[str]) -> str:
    """The line that says why: the one with 'error' or 'could not', else the last."""
    lines = [line for line in done.stdout.strip().splitlines() if line.strip()] or ["no message"]
    return next((line for line in lines if re.search("error|could not|FATAL", line)), lines[-1])


def main() -> None:
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    cluster = Cluster()
    try:
        if command == "start":
            cluster.start()
        elif command == "stop":
            cluster.stop()
        elif command == "status":
            sys.exit(0 if cluster.runs() else 3)
        else:
            sys.exit("usage: python -m data.cluster start|stop|status")
    except ClusterError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
