"""Vocabulary of the access log: acts, outcomes, ways in, and how little of an address is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv6Address, ip_address, ip_network


class Access(StrEnum):
    """The act that an entry of the log records."""

    login = "login"
    logout = "logout"
    password_change = "password.change"  # noqa: S105 - the name of an act
    case_read = "case.read"
    case_list = "case.list"
    document_read = "document.read"
    export = "export"
    restore = "restore"
    verify = "verify"
    user_add = "user.add"
    user_change = "user.change"
    display_add = "display.add"
    display_change = "display.change"
    display_revoke = "display.revoke"
    automatic_switch = "automatic.switch"
    messages_again = "messages.again"
    route_pause = "route.pause"
    route_resume = "route.resume"
    contact_add = "contact.add"
    contact_remove = "contact.remove"
    start = "log.start"
    stop = "log.stop"
    lost = "log.lost"
    prune = "log.prune"


class Outcome(StrEnum):
    done = "done"
    failed = "failed"
    refused = "refused"
    throttled = "throttled"


class Via(StrEnum):
    """By which way: a page of its own, the panel beside the map, the API, manage.py, the server itself."""

    page = "page"
    panel = "panel"
    api = "api"
    command_line = "command_line"
    server = "server"


#: What the deployment has to keep at least (Cybersecurity Law of the PRC, article 23: six months).
LEAST_DAYS = 180


@dataclass(frozen=True)
class Window:
    """How long repeats of the same thing by the same account from the same place are counted, not listed; and of how many
    different ones. `together`: all beyond are counted as one; else each is listed."""

    seconds: float
    keys: int
    together: bool = False


#: A panel is drawn again at every event of its case, a list at every event of its area.
READING = Window(60.0, 5_000)
LISTING = Window(600.0, 5_000)
#: A flood of failed logins: at most so many different ones a minute, all others are counted together.
FAILING = Window(60.0, 30, together=True)


def window_of(access: str, outcome: str) -> Window | None:
    """None: every one is an entry of its own."""
    if access in (Access.login, Access.password_change) and outcome != Outcome.done:
        return FAILING
    if access in (Access.case_read, Access.document_read):
        return READING
    return LISTING if access == Access.case_list else None


def address_prefix(address: str) -> str:
    """The network of a client, enough to tell an office from another: /24 of IPv4, /48 of IPv6; "" for no address."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((parsed, 48), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network((parsed, 24), strict=False))
