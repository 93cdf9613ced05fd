"""Entries of the access log in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.words.texts import text, text_or


def who(entry: Mapping[str, Any], locale: str) -> str:
    """The account; without one the command line, the server itself, or that the name is not known."""
    if entry["account"]:
        return str(entry["account"])
    return text(f"audit.who.{entry['via']}" if entry["via"] in ("command_line", "server") else "audit.who.unknown", locale)


def role(entry: Mapping[str, Any], locale: str) -> str:
    return text_or(f"role.{entry['role']}", locale, "") if entry["account"] else ""


def what(act: str, locale: str) -> str:
    return text_or(f"audit.act.{act}", locale, act)


def described(entry: Mapping[str, Any], locale: str) -> str:
    """What it was done to, beside the case: a part of it, a list, an account with what was changed, a switch with its state."""
    act, named, details = str(entry["act"]), str(entry["object"]), entry["details"]
    if act in ("case.read", "case.list", "document.read"):
        part, _, area = named.partition(" ")
        return " ".join(filter(None, [text_or(f"audit.part.{part}", locale, part), area]))
    if act == "automatic.switch":
        return f"{named}: {text('automatic.on' if details.get('on') else 'automatic.off', locale)}"
    if act == "display.change":
        return f"{named}: {', '.join(str(details[name]) for name in ('name', 'area') if name in details)}"
    if act == "user.change":
        changes = [text(f"audit.changed.{name}", locale) for name in ("password",) if name in details]
        changes += [text_or(f"role.{details['role']}", locale, "")] if "role" in details else []
        changes += [str(details[name] or "–") for name in ("area", "organisation") if name in details]
        if "active" in details:
            changes.append(text("audit.changed.enabled" if details["active"] else "audit.changed.disabled", locale))
        return f"{named}: {', '.join(changes)}" if changes else named
    if act in ("user.add", "display.add"):
        parts = [text_or(f"role.{details['role']}", locale, "")] if "role" in details else []
        return f"{named}: {', '.join([*parts, str(details.get('area', ''))])}"
    return text_or(f"audit.object.{named}", locale, named)
