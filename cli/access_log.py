"""The access log: search and export on the command line, verification of its chain."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from cli.context import Refused, check_word, note_access, now, open_database, progress_bar
from dashboard.view_models import Reader
from dashboard.words import access_entries
from dashboard.words.access_csv import lines
from data.audit import access_anchors, access_log
from data.audit.access_log import Summary
from data.database import SYSTEM, Database
from data.queries import access_log as queries
from data.queries.access_log import AccessFilter
from data.whole_files import ExistsError, WriteError, whole_file
from rules.access_log import Access
from settings import load_settings

#: What the terminal shows at once.
SHOWN = 50
#: Above every number of an entry.
ALL = 2**62


def register(app: typer.Typer) -> None:
    app.command("log")(search_log)


def search_log(
    who: Annotated[str | None, typer.Option(help="Part of an account's name, or command_line.")] = None,
    what: Annotated[str | None, typer.Option(help="case.read, login, user.add ...; or all of a kind: case, user.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="Date, or date and time of the deployment.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The same; not included.")] = None,
    case_no: Annotated[str | None, typer.Option("--case", help="Number of a case.")] = None,
    outcome: Annotated[str | None, typer.Option(help="done, failed, refused or throttled.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write all that is found into this file.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Search the access log, the newest first; with --csv write it into a file."""
    zone = load_settings().deployment.timezone
    for name, value in (("--who", who), ("--what", what), ("--case", case_no), ("--outcome", outcome)):
        check_word(name, value)
    wanted = AccessFilter(
        who=who, what=what, outcome=outcome, case_no=case_no, since=_moment(since, zone), until=_moment(until, zone)
    )
    database = open_database()
    with database.reading(SYSTEM) as connection:
        page = queries.page(connection, wanted, limit=SHOWN, before=None, locale="en")
    if csv:
        typer.echo(f"{_export(database, wanted, csv, replace=force)} entries written to {csv}.")
        return
    for entry in page["items"]:
        at = entry["at"].astimezone(ZoneInfo(zone))
        details = access_entries.described(entry, "en")
        parts = [entry["act"], entry["outcome"], access_entries.who(entry, "en"), entry["case_no"], details, entry["address"]]
        times = f"x{entry['n']}" if entry["n"] > 1 else ""
        typer.echo("  ".join([str(entry["seq"]), f"{at:%Y-%m-%d %H:%M:%S}", *filter(None, [*parts, times])]))
    typer.echo(f"{page['total']} entries.")


def _moment(said: str | None, zone: str) -> datetime | None:
    if said is None:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        raise Refused(f"{said} is no date like 2026-01-31, and no date and time.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def _export(database: Database, wanted: AccessFilter, file: Path, *, replace: bool) -> int:
    """Write the complete file or none; the export is an entry itself. Returns how many entries there are."""
    note_access(database, Access.export, "audit.csv")
    deployment = load_settings().deployment
    reader = Reader(locale=deployment.locale, zone=deployment.timezone, now=now(), role="system")
    written = -1
    try:
        with whole_file(file, replace=replace) as part, part.open("w", encoding="utf-8-sig", newline="") as out:
            for line in lines(queries.every(database, SYSTEM, wanted, newest=ALL, locale=deployment.locale), reader):
                out.write(line)
                written += 1
    except ExistsError:
        raise Refused(f"{file} exists already: give another name, or --force to replace it.") from None
    except (OSError, WriteError) as error:
        raise Refused(f"Cannot write {file}: {error}.") from error
    return written


def verify(folder: Path, *, as_json: bool) -> int:
    """Walk the chain of the access log and name its faults; returns how many."""
    faults, summary = 0, Summary()
    bar = progress_bar()
    bar.disable = as_json  # a program reads every line
    with open_database().owning() as connection, bar:
        access_log.in_one_snapshot(connection)
        task = bar.add_task("access log", total=access_log.length(connection))
        for step in access_log.verify(connection, access_anchors.read_anchors(connection, folder), summary):
            if isinstance(step, int):
                bar.update(task, completed=step)
                continue
            faults += 1
            line = json.dumps(vars(step), ensure_ascii=False) if as_json else f"access log {step.seq}: {step.what}"
            typer.echo(line, err=not as_json)
    if not as_json and not faults:
        typer.echo(f"{summary.entries} entries verified, {summary.compared} anchors compared: the access log is whole.")
    return faults
