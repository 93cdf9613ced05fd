"""All commands together. Exit code 2 and one line on bad input; nothing is left half done."""

from __future__ import annotations

import os
import sys

import typer

from cli import audit, clocks, database, displays, imports, outbox, recommendations, tiers, users
from cli.context import Refused
from data import anchors, archive, logs, schema
from data.clock_settings import ClockSettingsError
from data.cluster import ClusterError
from data.outbox.routes import RouteError
from rules.errors import Problem
from settings import SettingsError

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Gridboard 网格指挥图"
)
app.registered_commands += database.app.registered_commands
for name, subject in (
    ("import", imports.app),
    ("user", users.app),
    ("display", displays.app),
    ("tiers", tiers.app),
    ("audit", audit.app),
    ("clocks", clocks.app),
    ("outbox", outbox.app),
    ("recommendations", recommendations.app),
):
    app.add_typer(subject, name=name)


def main() -> None:
    # what a command writes, a backup or the rows of a file, is for whoever ran it
    os.umask(0o077)
    logs.configure()
    try:
        app()
    except (
        Refused,
        ClockSettingsError,
        ClusterError,
        RouteError,
        SettingsError,
        anchors.AnchorError,
        schema.SchemaError,
        archive.ArchiveError,
    ) as error:
        sys.exit(_refuse(str(error)))
    except Problem as problem:
        values = ", ".join(f"{name} {value}" for name, value in problem.values.items())
        sys.exit(_refuse(f"{problem.code}: {values}" if values else problem.code))


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2
