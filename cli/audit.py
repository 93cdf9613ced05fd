"""The trace and the access log: verify, anchor; log."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cli import access_log
from cli.context import now, open_database, progress_bar
from data.audit import access_anchors, anchors, verification
from data.audit.anchor_checks import Expected
from settings import load_settings

app = typer.Typer(no_args_is_help=True, help="The trace and the access log: verify, anchor, log.")
access_log.register(app)


@app.command("verify")
def verify_trace(
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a fault and one of the summary, for programs.")
    ] = False,
    folder: Annotated[Path | None, typer.Option("--anchors", help="Where the anchors of the trace are.")] = None,
) -> None:
    """Walk the chains of the trace and of the access log, compare every case with them, and name whatever was changed."""
    settings = load_settings()
    still = settings.deployment.now is not None
    expected = Expected(now=None if still else now(), daily=settings.work.scheduler)
    database, faults = open_database(), 0
    folder = folder or settings.work.anchor_dir
    check = verification.Check(database, folder, expected)
    bar = progress_bar()
    bar.disable = as_json  # a program reads every line
    with bar:
        task = bar.add_task("trace", total=check.length())
        for step in check.walk():
            if isinstance(step, int):
                bar.update(task, completed=step)
                continue
            faults += 1
            line = json.dumps(asdict(step), ensure_ascii=False) if as_json else str(step)
            typer.echo(line, err=not as_json)
    seen = access_log.verify(folder, as_json=as_json)
    if as_json:
        summary = {"kind": "summary", "faults": faults + seen, **asdict(check.summary)}
        typer.echo(json.dumps(summary, ensure_ascii=False, default=str))
    else:
        for line in _told(check.summary, expected):
            typer.echo(line, err=bool(faults))
        if not faults:
            typer.echo(f"{check.summary.events} events verified: the trace is whole.")
    if faults or seen:
        raise typer.Exit(1)


def _told(summary: verification.Summary, expected: Expected) -> list[str]:
    """What was compared with what, line by line."""
    lines = []
    if summary.anchors:
        lines.append(f"{summary.anchors} anchors compared, {summary.first_anchor} to {summary.last_anchor}.")
    else:
        lines.append("No anchors to compare with: who rewrites the whole database would not be found out.")
    for day in summary.renewed:
        lines.append(f"Another folder of anchors was begun on {day}, by command.")
    if expected.now is None:
        lines.append("How old they are is not judged: the clock of this deployment stands still (GRIDBOARD_NOW).")
    elif not expected.daily:
        lines.append("How old they are is not judged: the scheduler is switched off here (GRIDBOARD_SCHEDULER).")
    if summary.before_events and summary.since:
        lines.append(
            f"{summary.before_events} events before {_day(summary.since)} verified without records of facts; what the cases"
            " were then is sealed on that day."
        )
    lines.append(f"{summary.records} records of facts compared with the cases, the reminders and the counts.")
    return lines


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"


@app.command("anchor")
def anchor_trace(
    anew: Annotated[
        bool, typer.Option("--anew", help="The folder is another one on purpose; the trace will say so.")
    ] = False,
) -> None:
    """Write down the heads of the trace now, outside the database; the scheduler does it each day."""
    folder = load_settings().work.anchor_dir
    database = open_database()
    if anew:
        anchors.begin_anew(database)
    written = anchors.anchor_heads(database, folder, now()) + access_anchors.anchor_head(database, folder)
    typer.echo(f"{written} written in {folder}." if written else f"Today's are written already in {folder}.")
