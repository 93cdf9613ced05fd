"""The clocks of the cases: show, recompute."""

from __future__ import annotations

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
def recompute_clocks() -> None:
    """Compute the deadlines of all open cases again from their traces: after other limits or days were set."""
    changed = projections.recompute_deadlines(open_database(), clocks_of(load_settings()))
    typer.echo(f"{changed} cases have another deadline now.")
