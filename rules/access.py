"""Permissions: roles, acts, and the range of paths that a viewer may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rules.errors import Problem


class Role(StrEnum):
    display = "display"
    leader = "leader"
    dispatcher = "dispatcher"
    handler = "handler"
    auditor = "auditor"
    admin = "admin"
    system = "system"


class Act(StrEnum):
    """What a role may do at all; whether it may do it to this very case is decided in moves.py."""

    see_map = "see_map"
    see_cases = "see_cases"
    see_case_text = "see_case_text"
    see_markers = "see_markers"
    see_events = "see_events"
    see_recommendations = "see_recommendations"
    see_why = "see_why"  # why a grid has its tier
    see_rules = "see_rules"
    try_rules = "try_rules"
    edit_rules = "edit_rules"
    override_tier = "override_tier"
    scan = "scan"  # look for emerging clusters
    remediate = "remediate"  # begin and end a targeted remediation
    report = "report"
    move = "move"
    assign = "assign"
    verify_trace = "verify_trace"
    manage_users = "manage_users"
    manage_displays = "manage_displays"
    manage_messages = "manage_messages"
    switch_automatic = "switch_automatic"


#: The roles that an account may have; the others are no person's.
PERSONS = (Role.leader, Role.dispatcher, Role.handler, Role.auditor, Role.admin)
_MAP = {Act.see_map, Act.see_markers}
#: Leaders try a rule and may hold a grid in a tier; a rule is set by an admin.
_RULES = {Act.see_rules, Act.try_rules, Act.override_tier, Act.scan}
_READ = _MAP | {Act.see_cases, Act.see_case_text, Act.see_events, Act.see_why}
ALLOWED: dict[Role, frozenset[Act]] = {
    Role.display: frozenset(_MAP),
    Role.leader: frozenset(_READ | _RULES | {Act.see_recommendations, Act.remediate}),
    Role.dispatcher: frozenset(_READ | {Act.see_recommendations, Act.report, Act.move, Act.assign, Act.remediate}),
    Role.handler: frozenset(_READ | {Act.report, Act.move}),
    Role.auditor: frozenset({Act.see_map, Act.see_events, Act.see_why, Act.see_rules, Act.verify_trace}),
    Role.admin: frozenset(
        _RULES
        | {
            Act.see_map,
            Act.see_why,
            Act.edit_rules,
            Act.manage_users,
            Act.manage_displays,
            Act.manage_messages,
            Act.switch_automatic,
        }
    ),
    Role.system: frozenset(Act),
}

SYSTEM_SCOPE = ""
NOTHING = ("", "")


@dataclass(frozen=True)
class Viewer:
    """Who looks: `scope_path` is the path of the viewer's area (data/models/areas.py), "" for the system itself."""

    user_id: int | None
    username: str
    role: Role
    area_code: str
    scope_path: str
    organisation_id: int | None
    organisation_path: str | None
    prefecture: str
    locale: str


def may(role: Role, act: Act) -> bool:
    return act in ALLOWED[role]


def require(viewer: Viewer, act: Act) -> None:
    """Raises Problem forbidden for a viewer whose role may not do this."""
    if not may(viewer.role, act):
        raise Problem("forbidden")


def within(viewer: Viewer, path: str) -> bool:
    """Whether a path lies in the viewer's area. A person without an area reaches nothing: "" begins every path."""
    if viewer.role == Role.system:
        return True
    return viewer.scope_path != "" and path.startswith(viewer.scope_path)


def scope_range(viewer: Viewer) -> tuple[str, str]:
    """The half-open range of area paths within the viewer's area; '0' is the character after '/'."""
    if viewer.role == Role.system:
        return ("", "~")
    if viewer.scope_path == "":
        return NOTHING
    return (viewer.scope_path, viewer.scope_path[:-1] + "0")


def own_organisation(viewer: Viewer) -> int | None:
    """The organisation whose cases are all that this viewer sees and counts; None for whoever sees by place."""
    return viewer.organisation_id if viewer.role == Role.handler else None


def prefecture_seen(viewer: Viewer) -> str | None:
    """The prefecture of all cases that this viewer may see; None for the system, which sees every one."""
    if viewer.role == Role.system:
        return None
    own = viewer.organisation_path if own_organisation(viewer) is not None else None
    return own.partition("/")[0] if own else viewer.prefecture


def case_range(viewer: Viewer) -> tuple[str, str]:
    """Where cases are visible by their place. A handler sees its own only, by organisation; a display, an admin and an
    auditor read none: what they are shown of cases (counts, presence) comes through functions of the database."""
    if viewer.role == Role.handler or not may(viewer.role, Act.see_cases):
        return NOTHING
    return scope_range(viewer)


def event_range(viewer: Viewer) -> tuple[str, str]:
    """Where the trace is visible by place. A handler sees the trace of the cases that it sees."""
    if viewer.role in (Role.leader, Role.dispatcher, Role.auditor, Role.system):
        return scope_range(viewer)
    return NOTHING
