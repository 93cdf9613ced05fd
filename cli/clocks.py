"""The clocks of the cases: show, recompute."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.context import now, open_database
from data import calendar_changes
from data.calendar import known_until
from data.commands import projections
from data.database import SYSTEM
from data.deployment_settings import of_deployment
from data.sla_settings import country_of, sla_policy
from rules.cases import Severity
from rules.sla import Step
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The clocks of the cases: show, recompute.")


@app.command("show")
def show_clocks() -> None:
    """Print the limits in force, the days ahead, the office hours, and until when the calendar is announced."""
    settings = of_deployment(load_settings(), open_database())
    sla = sla_policy(settings)
    for step in Step:
        limits = getattr(sla, step.value)
        amounts = ", ".join(f"{one.value} {limits.of(one).amount} {limits.of(one).basis}" for one in Severity)
        typer.echo(f"{step.value:<9} {amounts}")
    today = now().astimezone(sla.calendar.zone).date()
    for name, days in (("days off", sla.calendar.days_off), ("worked", sla.calendar.work_days)):
        typer.echo(f"{name:<9} {', '.join(map(str, sorted(day for day in days if day >= today)[:12]))}")
    typer.echo(f"office    {', '.join(sla.calendar.office_hours)}")
    until = known_until(country_of(settings))
    if until:
        typer.echo(f"announced to {until}; of later years only the statutory days are known.")
    with open_database().reading(SYSTEM) as connection:
        if calendar_changes.pending(connection):
            typer.echo("Changed since the open deadlines were computed: clocks recompute --dry-run says what would change.")


@app.command("recompute")
def recompute_clocks(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
) -> None:
    """Compute the deadlines of all open cases again from their traces: after other limits or days were set.

    Deadlines that came with imported cases stay as they are.
    """
    database = open_database()
    sla = sla_policy(of_deployment(load_settings(), database))
    done = projections.recompute_deadlines(database, sla, now=now(), dry_run=dry_run)
    if not dry_run:
        calendar_changes.settle(database, sla)
    typer.echo(f"{done.looked_at} open cases; {done.changed} {'would have' if dry_run else 'have'} another deadline.")
    typer.echo(f"newly overdue      {done.newly_overdue}")
    typer.echo(f"no longer overdue  {done.no_longer_overdue}")
    if dry_run:
        typer.echo("Nothing was changed.")
