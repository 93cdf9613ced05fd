"""The trace: verify, anchor."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cli.context import now, open_database, progress_bar
from data import anchors, trace
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The trace: verify, anchor.")


@app.command("verify")
def verify_trace(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a fault, for programs.")] = False,
    folder: Annotated[Path | None, typer.Option("--anchors", help="Where the anchors of the trace are.")] = None,
) -> None:
    """Walk the hash chain of the trace and name every row that was changed, removed or reordered."""
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
    if faults:
        raise typer.Exit(1)
    if not as_json:
        typer.echo(f"{read} events verified: the trace is whole.")


@app.command("anchor")
def anchor_trace() -> None:
    """Write down the heads of the trace now, outside the database; the scheduler does it each day."""
    folder = load_settings().work.anchor_dir
    written = anchors.anchor_heads(open_database(), folder, now())
    typer.echo(f"{written} written in {folder}." if written else f"Today's are written already in {folder}.")
