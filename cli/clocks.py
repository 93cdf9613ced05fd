"""The clocks of the cases: show, recompute."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import now, open_database
from data.clock_settings import clocks_of
from data.commands import projections
from rules.cases import Severity
from rules.clock import Step
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The clocks of the cases: show, recompute.")


@app.command("show")
def show_clocks() -> None:
    """Print the limits in force and the days off ahead."""
    clocks = clocks_of(load_settings())
    for step in Step:
        limits = getattr(clocks, step.value)
        told = ", ".join(f"{one.value} {limits.of(one).amount} {limits.of(one).basis}" for one in Severity)
        typer.echo(f"{step.value:<9} {told}")
    ahead = sorted(day for day in clocks.calendar.days_off if day >= now().date())[:12]
    typer.echo(f"days off  {', '.join(map(str, ahead))}")


@app.command("recompute")
def recompute_clocks(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Compute the deadlines of all open cases again from their traces: after other limits or days were set.

    Deadlines that came with imported cases stay as they are.
    """
    clocks = clocks_of(load_settings())
    done = projections.recompute_deadlines(open_database(), clocks, now=now(), dry_run=dry_run)
    typer.echo(f"{done.looked_at} open cases; {done.changed} {'would have' if dry_run else 'have'} another deadline.")
    typer.echo(f"newly overdue      {done.newly_overdue}")
    typer.echo(f"no longer overdue  {done.no_longer_overdue}")
    if dry_run:
        typer.echo("Nothing was changed.")
