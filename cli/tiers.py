"""Risk tiers: recompute."""

from __future__ import annotations

import typer

from cli.context import now, open_database

app = typer.Typer(no_args_is_help=True, help="Risk tiers of the grids.")


@app.callback()
def tiers() -> None:
    """Risk tiers of the grids."""


@app.command("recompute")
def recompute_tiers() -> None:
    """Evaluate the tier of every grid again from its cases and key places."""
    from data.commands.tiers import recompute_tiers as recompute

    with open_database().owning() as connection:
        changed = recompute(connection, now=now())
    typer.echo(f"Recomputed; {changed} tiers changed.")
