"""The command line of Gridboard. Exit code 2 and one line on bad input; nothing is left half done."""

from __future__ import annotations

import json
import signal
import sys
import threading
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dashboard.message_texts import words_of
from data import accounts, anchors, archive, schema, trace
from data.background import outbox_worker
from data.clock_settings import ClockSettingsError, clocks_of
from data.cluster import ClusterError, database_urls
from data.commands import projections
from data.database import SYSTEM, Database
from data.imports.command import app as import_app
from data.outbox.messages import Message, Rejected, Unsent, Words
from data.outbox.routes import RouteError, load_routes
from data.queries import outbox
from data.recommendation_command import app as recommendations_app
from data.services import Clock
from rules.access import Role
from rules.cases import Severity
from rules.clock import Step
from rules.errors import Problem
from settings import SettingsError, load_settings

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Gridboard 网格指挥图"
)
user_app = typer.Typer(no_args_is_help=True, help="Users: add, disable, passwd.")
display_app = typer.Typer(no_args_is_help=True, help="Wall displays: add, revoke.")
tiers_app = typer.Typer(no_args_is_help=True, help="Risk tiers of the grids.")
audit_app = typer.Typer(no_args_is_help=True, help="The trace: verify, anchor.")
clocks_app = typer.Typer(no_args_is_help=True, help="The clocks of the cases: show, recompute.")
outbox_app = typer.Typer(no_args_is_help=True, help="Messages: list, retry, run, test, contact.")
contact_app = typer.Typer(no_args_is_help=True, help="Addresses of duty desks: add, remove, list.")
outbox_app.add_typer(contact_app, name="contact")
for name, sub in (
    ("import", import_app),
    ("user", user_app),
    ("display", display_app),
    ("tiers", tiers_app),
    ("audit", audit_app),
    ("clocks", clocks_app),
    ("outbox", outbox_app),
    ("recommendations", recommendations_app),
):
    app.add_typer(sub, name=name)

Password = Annotated[
    str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
]


class Refused(Exception):
    """The command cannot do what was asked; the message is the one line that says why."""


def open_database() -> Database:
    settings = load_settings()
    owner_url, app_url = database_urls(settings)
    return Database(owner_url, app_url)


def now() -> datetime:
    return Clock(load_settings().deployment.now).now()


def progress_bar() -> Progress:
    return Progress(
        TextColumn("{task.description:<16}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"), TimeElapsedColumn()
    )


@app.command()
def migrate() -> None:
    """Bring the database to this version of the schema."""
    revision = schema.migrate(database_urls(load_settings())[0])
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
    from data.demo.load import load_demo

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


@user_app.command("add")
def add_user(
    username: str,
    role: Annotated[Role, typer.Option(help="What the user may do.")],
    area: Annotated[str, typer.Option(help="Code of the area the user may see.")],
    password: Password,
    organisation: Annotated[
        str | None, typer.Option(help="Code of the centre or body; needed by dispatchers and handlers.")
    ] = None,
) -> None:
    """Add a user."""
    if len(password) < 10:
        raise Refused("The password needs at least 10 characters.")
    with open_database().owning() as connection:
        accounts.add_user(
            connection, username=username, password=password, role=role, area=area, organisation=organisation, now=now()
        )
    typer.echo(f"Added {username}.")


@user_app.command("disable")
def disable_user(username: str) -> None:
    """Switch a user off and end all of its sessions."""
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, active=False):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Disabled {username}; its sessions have ended.")


@user_app.command("passwd")
def change_password(username: str, password: Password) -> None:
    """Set a new password and end all of the user's sessions."""
    if len(password) < 10:
        raise Refused("The password needs at least 10 characters.")
    with open_database().owning() as connection:
        if not accounts.change_user(connection, username, password=password):
            raise Refused(f"There is no user {username}.")
    typer.echo(f"Changed the password of {username}; its sessions have ended.")


@display_app.command("add")
def add_display(name: str, area: Annotated[str, typer.Option(help="Code of the area it shows.")]) -> None:
    """Add a wall display and print its address, once."""
    with open_database().owning() as connection:
        token = accounts.add_display(connection, name=name, area=area, now=now())
    server = load_settings().server
    typer.echo(f"http://{server.host}:{server.port}/wall?display={token}")


@display_app.command("revoke")
def revoke_display(name: str) -> None:
    """End a wall display's access at once."""
    with open_database().owning() as connection:
        if not accounts.revoke_display(connection, name, now()):
            raise Refused(f"There is no active display {name}.")
    typer.echo(f"Revoked {name}.")


@tiers_app.command("recompute")
def recompute_tiers() -> None:
    """Evaluate the tier of every grid again from its cases and key places."""
    from data.commands.tiers import recompute_tiers as recompute

    with open_database().owning() as connection:
        changed = recompute(connection, now=now())
    typer.echo(f"Recomputed; {changed} tiers changed.")


@audit_app.command("verify")
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


@audit_app.command("anchor")
def anchor_trace() -> None:
    """Write down the heads of the trace now, outside the database; the scheduler does it each day."""
    folder = load_settings().work.anchor_dir
    written = anchors.anchor_heads(open_database(), folder, now())
    typer.echo(f"{written} written in {folder}." if written else f"Today's are written already in {folder}.")


@clocks_app.command("show")
def show_clocks() -> None:
    """Print the limits in force and the days off ahead."""
    clocks = clocks_of(load_settings())
    for step in Step:
        limits = getattr(clocks, step.value)
        told = ", ".join(f"{one.value} {limits.of(one).amount} {limits.of(one).basis}" for one in Severity)
        typer.echo(f"{step.value:<9} {told}")
    ahead = sorted(day for day in clocks.calendar.days_off if day >= now().date())[:12]
    typer.echo(f"days off  {', '.join(map(str, ahead))}")


@clocks_app.command("recompute")
def recompute_clocks() -> None:
    """Compute the deadlines of all open cases again from their traces: after other limits or days were set."""
    changed = projections.recompute_deadlines(open_database(), clocks_of(load_settings()))
    typer.echo(f"{changed} cases have another deadline now.")


@outbox_app.command("list")
def list_deliveries(
    state: Annotated[str, typer.Option(help="waiting, sent or dead")] = "dead",
    limit: Annotated[int, typer.Option(min=1, max=500)] = 50,
) -> None:
    """Print deliveries, the newest first."""
    with open_database().reading(SYSTEM) as connection:
        page = outbox.page(connection, state=state, limit=limit, before=None, locale="zh_CN")
    for one in page["items"]:
        typer.echo(
            f"{one['id']}  {one['route']}  {one['topic']}  {one['case_no']}  {one['organisation']}"
            f"  tries {one['attempts']}  {one['last_error']}"
        )
    typer.echo(f"{page['total']} {state}.")


@outbox_app.command("retry")
def retry_deliveries(
    delivery: Annotated[int | None, typer.Argument(help="Number of a dead delivery; without it all of them.")] = None,
) -> None:
    """Let dead deliveries be tried again."""
    with open_database().writing(SYSTEM) as connection:
        typer.echo(f"{outbox.send_again(connection, delivery, now())} will be tried again.")


@outbox_app.command("run")
def run_outbox() -> None:
    """Send messages in a process of its own until ctrl-C; a server started with GRIDBOARD_OUTBOX=0 leaves them to it."""
    ended = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: ended.set())
    worker = outbox_worker(open_database(), load_settings(), words())
    worker.start()
    typer.echo(f"Sending on {', '.join(route.name for route in worker.routes)}.")
    ended.wait()
    worker.stop()


@outbox_app.command("test")
def try_route(
    route: Annotated[str, typer.Argument(help="Name of a route in the file of the routes.")],
    to: Annotated[str, typer.Option(help="The address, for a route that needs one.")] = "",
) -> None:
    """Send a test message on a route, at once and once."""
    routes = {one.name: one for one in load_routes(load_settings().work.outbox_file)}
    if route not in routes:
        raise Refused(f"There is no route {route}; there are {', '.join(routes)}.")
    if bool(routes[route].channel) != bool(to):
        raise Refused("This route needs --to ADDRESS." if not to else "This route needs no address.")
    title, said = words()("test", {})
    at = datetime.now(UTC)
    message = Message(f"test-{at.timestamp():.0f}", "test", "", "", title, said, "", at, address=to)
    try:
        routes[route].adapter.send(message)
    except (Unsent, Rejected) as error:
        raise Refused(f"Not sent: {error}.") from None
    except Exception as error:
        # its own words may hold the address or a key
        raise Refused(f"Not sent: failed ({type(error).__name__}).") from None
    typer.echo(f"Sent on {route}.")


def words() -> Words:
    deployment = load_settings().deployment
    return words_of(deployment.locale, deployment.timezone)


@contact_app.command("add")
def add_contact(
    organisation: Annotated[str, typer.Argument(help="Code of the body.")],
    channel: Annotated[str, typer.Argument(help="sms, email, or what a route names.")],
    address: Annotated[str, typer.Argument(help="Of its duty desk, never a person's.")],
) -> None:
    """Note where the duty desk of a body is reached."""
    with open_database().owning() as connection:
        outbox.add_contact(connection, organisation=organisation, channel=channel, address=address)
    typer.echo(f"Added {channel} of {organisation}.")


@contact_app.command("remove")
def remove_contact(
    organisation: str, channel: str, address: Annotated[str | None, typer.Argument(help="Without it all.")] = None
) -> None:
    """Forget where the duty desk of a body is reached."""
    with open_database().owning() as connection:
        removed = outbox.remove_contact(connection, organisation=organisation, channel=channel, address=address)
    if not removed:
        raise Refused(f"{organisation} has no such {channel}.")
    typer.echo(f"Removed {channel} of {organisation}.")


@contact_app.command("list")
def list_contacts() -> None:
    """Print which bodies are reached on which channels; the addresses are masked."""
    with open_database().owning() as connection:
        for one in outbox.contacts(connection):
            typer.echo(f"{one['code']}  {one['name']}  {one['channel']}  {one['address']}")


@app.command()
def backup(file: Path) -> None:
    """Write the whole database into one file."""
    archive.backup(open_database(), file)
    typer.echo(f"Written to {file} ({file.stat().st_size / 1e6:.1f} MB).")


@app.command()
def restore(file: Path) -> None:
    """Fill an empty database from a backup."""
    archive.restore(open_database(), file)
    typer.echo(f"Restored from {file} at {datetime.now(UTC):%Y-%m-%d %H:%M} UTC.")


def main() -> None:
    try:
        app()
    except (
        Refused,
        ClockSettingsError,
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


def _refuse(line: str) -> int:
    print(line, file=sys.stderr)
    return 2


if __name__ == "__main__":
    main()
