"""The trace and the access log: verify, anchor; log."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli import access_log
from cli.context import now, open_database, progress_bar
from data import access_anchors, anchors, trace
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The trace and the access log: verify, anchor, log.")
access_log.register(app)


@app.command("verify")
def verify_trace(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a fault, for programs.")] = False,
    folder: Annotated[Path | None, typer.Option("--anchors", help="Where the anchors of the trace are.")] = None,
) -> None:
    """Walk the hash chains of the trace and of the access log and name every row that was changed, removed or reordered."""
    folder = folder or load_settings().work.anchor_dir
    faults, read = 0, 0
    with open_database().owning() as connection, progress_bar() as bar:
        own = anchors.identity(connection)
        task = bar.add_task("trace", total=trace.length(connection))
        for found in trace.verify(
            connection, partial(anchors.read_anchors, folder, own), anchors.prefectures(folder, own)
        ):
            if isinstance(found, int):
                read = found
                bar.update(task, completed=read)
                continue
            faults += 1
            where = f"{found.prefecture} event {found.seq} {found.case_no} version {found.version}"
            line = json.dumps(vars(found), ensure_ascii=False) if as_json else f"{where}: {found.what}"
            typer.echo(line, err=not as_json)
    faults += access_log.verify(folder, as_json=as_json)
    if faults:
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"{read} events verified: the trace is whole.")


@app.command("anchor")
def anchor_trace() -> None:
    """Write down the heads of the trace now, outside the database; the scheduler does it each day."""
    folder = load_settings().work.anchor_dir
    database = open_database()
    written = anchors.anchor_heads(database, folder, now()) + access_anchors.anchor_head(database, folder)
    typer.echo(f"{written} written in {folder}." if written else f"Today's are written already in {folder}.")
