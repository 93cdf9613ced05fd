"""All commands together. Exit code 2 and one line on bad input; nothing is left half done."""

from __future__ import annotations

import os
import sys

import typer

from cli import audit, clocks, database, displays, imports, outbox, recommendations, tiers, users
from cli.context import Refused
from data import logs, refusals, schema
from data.audit import anchors
from data.outbox.routing import RouteError
from data.server import archive
from data.server.cluster import ClusterError
from data.sla_settings import SlaSettingsError
from rules.errors import Problem
from rules.texts import without_hidden
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
    # what a command writes, a backup or the rows of a file, is for the one who ran it
    os.umask(0o077)
    logs.configure()
    try:
        _check_arguments(sys.argv[1:])
        app()
    except (
        Refused,
        SlaSettingsError,
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
    except Exception as error:
        line = refusals.line_of(error)
        if line is None:
            raise
        sys.exit(_refuse(line))


def _check_arguments(given: list[str]) -> None:
    for argument in given:
        try:
            argument.encode("utf-8")
        except UnicodeEncodeError:
            raise Refused(f"An argument is not UTF-8: {argument.encode('utf-8', 'replace').decode()[:80]}") from None


def _refuse(line: str) -> int:
    # one line, also where a value of it had several; and nothing in it that moves the cursor of a terminal
    print(without_hidden(" ".join(line.split())), file=sys.stderr)
    return 2
