"""The database: migrate, demonstration, backup and restore."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import TaskID

from cli.context import Refused, note_access, now, open_database, progress_bar
from data import accounts, schema
from data.commands import case_spans
from data.deployment_settings import of_deployment
from data.server import archive
from data.server.cluster import database_urls
from data.sla_settings import sla_policy
from rules.access_log import Access
from settings import load_settings

app = typer.Typer()


@app.command()
def migrate() -> None:
    """Bring the database to this version of the schema."""
    settings = load_settings()
    revision = schema.migrate(database_urls(settings)[0])
    database = open_database()
    case_spans.fill_spans(database, sla=sla_policy(of_deployment(settings, database)))
    typer.echo(f"The database stands at revision {revision}.")


@app.command()
def demo(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when the database has areas already.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same seed gives the same demonstration.")] = 20240320,
    scale: Annotated[float, typer.Option(min=0.01, max=10, help="Share of the cases, 1 = about 44,000.")] = 1.0,
) -> None:
    """Fill an empty database with the synthetic demonstration."""
    from demo.load import load_demo

    database = open_database()
    if not archive.is_empty(database):
        if if_empty:
            return
        raise Refused("The database is not empty: the demonstration is only loaded into an empty one.")
    with progress_bar() as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(step, total=total)
            bar.update(tasks[step], completed=done, total=total)

        load_demo(database, seed=seed, scale=scale, now=now(), progress=show)
    typer.echo("The demonstration is loaded. All of its cases and grid boundaries are synthetic.")


@app.command(hidden=True)
def welcome() -> None:
    """Say where it is served and, on a demonstration, with which accounts."""
    server = load_settings().server
    typer.echo(f"Gridboard 网格指挥图: http://{server.host}:{server.port}")
    with open_database().owning() as connection:
        names = accounts.demo_names(connection)
    if names:
        typer.echo(f"Demonstration accounts (password gridboard): {', '.join(names)}")
    typer.echo("Ctrl-C ends it.")


@app.command()
def backup(
    file: Path, force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False
) -> None:
    """Write the whole database into one file that only you may read."""
    database = open_database()
    # first, so that nothing leaves without an entry in the log
    note_access(database, Access.export, "backup")
    archive.backup(database, file, replace=force)
    typer.echo(f"Written to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@app.command()
def restore(file: Path) -> None:
    """Fill an empty database from a backup."""
    database = open_database()
    archive.restore(database, file)
    note_access(database, Access.restore, "backup")
    typer.echo(f"Restored from {file} at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")
