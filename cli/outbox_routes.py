"""The routes of messages: list, pause, resume, test."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from cli.context import Refused, open_database
from dashboard.words.messages import words_of
from data.commands import message_routes
from data.database import SYSTEM
from data.outbox.answers import shown
from data.outbox.messages import Message, Rejected, RouteRefused, Unclear, Unsent
from data.outbox.routing import Route, load_routes
from rules.access_log import Via
from settings import load_settings


def list_routes() -> None:
    """Print each route: working or paused and why, what waits, when it last sent."""
    zone = ZoneInfo(load_settings().deployment.timezone)

    def told(at: datetime | None) -> str:
        return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "never"

    routes = message_routes.listed(open_database(), SYSTEM)
    for route in routes:
        typer.echo(f"{route['name']}  {route['adapter'] or '?'}  {route['state']}  {route['waiting']} waiting{_why(route, told)}")
        typer.echo(f"    last sent {told(route['last_success_at'])}, last tried {told(route['last_try_at'])}")
    if not routes:
        typer.echo("No route has run yet: they are listed once a sender has started.")


def _why(route: dict[str, Any], format_time: Any) -> str:
    gone = "" if route["configured"] else "  (no running sender has it in its configuration)"
    if route["state"] == "working":
        return gone
    by = f" by {route['by_user']}" if route["by_user"] else ""
    further = f", next try {format_time(route['probe_at'])}" if route["probe_at"] else ", until it is resumed"
    return f"  {route['refusal']}{by}: {route['reason']}, since {format_time(route['since'])}{further}{gone}"


def pause_route(
    route: Annotated[str, typer.Argument(help="Name of the route.")],
    reason: Annotated[str, typer.Option(help="Why, for the others who manage it.")],
) -> None:
    """Stop a route: its messages wait until it is resumed."""
    message_routes.pause(open_database(), SYSTEM, route, reason=reason, now=datetime.now(UTC), via=Via.command_line)
    typer.echo(f"{route} is paused.")


def resume_route(route: Annotated[str, typer.Argument(help="Name of the route.")]) -> None:
    """Let a paused route send again, at once."""
    message_routes.resume(open_database(), SYSTEM, route, now=datetime.now(UTC), via=Via.command_line)
    typer.echo(f"{route} sends again.")


def try_route(
    route: Annotated[str, typer.Argument(help="Name of a route in the file of the routes.")],
    to: Annotated[str, typer.Option(help="The address, for a route that needs one.")] = "",
) -> None:
    """Send a test message on a route, at once and once, and say what came of it."""
    settings = load_settings()
    routes = {one.name: one for one in load_routes(settings.work.outbox_file)}
    if route not in routes:
        raise Refused(f"There is no route {route}; there are {', '.join(routes)}.")
    if bool(routes[route].channel) != bool(to):
        raise Refused("This route needs --to ADDRESS." if not to else "This route needs no address.")
    title, said = words_of(settings.deployment)("test", {})
    at = datetime.now(UTC)
    message = Message(f"test-{at.timestamp():.0f}", "test", "", "", title, said, "", at, address=to)
    _send(routes[route], message)
    typer.echo(f"Sent on {route}.")


def _send(route: Route, message: Message) -> None:
    """Raises Refused with what the gateway answered: its codes, never its words, an address or a key."""
    try:
        route.adapter.send(message)
    except Unclear as unclear:
        if not unclear.field:
            raise Refused(f"The answer is not understood: {unclear}.") from None
        was = shown(unclear.was.strip('"'), _secrets(route, message)) if unclear.was.startswith('"') else unclear.was
        raise Refused(
            f"The answer is not understood: expected {unclear.field} to be one of {unclear.expected}; was {was}. "
            "The message may have been sent. Name the code in ok, final, again or pause of this route."
        ) from None
    except RouteRefused as error:
        raise Refused(f"Not sent: {error}. The route was refused ({error.refusal}), not this message.") from None
    except (Unsent, Rejected) as error:
        raise Refused(f"Not sent: {error}.") from None
    except Exception as error:
        # its own words may hold the address or a key
        raise Refused(f"Not sent: failed ({type(error).__name__}).") from None


def _secrets(route: Route, message: Message) -> list[str]:
    """What an answer could give back: the address, the values of the headers, values in the URL."""
    url = str(getattr(route.adapter, "url", ""))
    headers = getattr(route.adapter, "headers", {}).values()
    return [message.address, *map(str, headers), url, *(part.partition("=")[2] for part in url.partition("?")[2].split("&"))]
