"""The PostgreSQL and PostGIS installed on this machine: where their programs are, and whether they suffice."""

from __future__ import annotations

from pathlib import Path

SERVERS = Path("/usr/lib/postgresql")
OLDEST = 15
OLDEST_POSTGIS = (3, 3)


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
"""
# Given at every start, so that a cluster made by an older version has it too: an error's text, its detail and its
# statement may hold what people wrote, so the server's log has its own doings alone (level `log` and above).
DISCRETION = (
    ("log_min_messages", "log"),
    ("log_min_error_statement", "panic"),
    ("log_error_verbosity", "terse"),
    ("log_statement", "none"),
    ("log_parameter_max_length", "0"),
    ("log_parameter_max_length_on_error", "0"),
)
VOLATILE = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


class ClusterError(Exception):
    """The private cluster cannot be used; the message is one line that says why and what to do."""


def tools(version: str | None = None) -> Path:
    """The programs of this version of PostgreSQL; without it, or where it is missing, of the newest that has PostGIS.

    Raises ClusterError when there is none or all are too old.
    """
    servers = {path.parent.parent.name: path.parent for path in SERVERS.glob("*/bin/initdb")}
    if version in servers:
        return servers[version]
    if not servers:
        raise ClusterError(
            "PostgreSQL is not installed: run scripts/install_system.sh run, or set GRIDBOARD_DATABASE_URL."
        )
    best = max(servers, key=lambda name: (_has_postgis(name), _number(name)))
    if _number(best) < OLDEST:
        raise ClusterError(f"PostgreSQL {best} is too old: Gridboard needs {OLDEST} or newer.")
    return servers[best]


def require_postgis(version: str | None) -> None:
    """Raises ClusterError when the server offers no PostGIS, or one that is too old."""
    if version is None:
        raise ClusterError(
            "PostGIS is not installed: run scripts/install_system.sh run (package postgresql-15-postgis-3)."
        )
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_POSTGIS:
        raise ClusterError(f"PostGIS {version} is too old: Gridboard needs 3.3 or newer.")


def _has_postgis(version: str) -> bool:
    usable = _number(version) >= OLDEST
    return usable and Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists()


def _number(version: str) -> int:
    return int(version) if version.isdigit() else 0
