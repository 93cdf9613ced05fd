"""Ids of elements. Those of the first group are part of the outward interface and do not change quietly."""

from __future__ import annotations

import json
from typing import Any

MAP = "map"
BREADCRUMB = "breadcrumb"
AREA_TITLE = "area-title"
COUNT_OPEN = "count-open"
COUNT_WAITING = "count-waiting"
COUNT_OVERDUE = "count-overdue"
COUNT_TO_FILE = "count-to-file"
COUNT_SETTLED = "count-settled-month"
LIST_OPEN = "list-open"
FILTER_BAR = "filter-bar"
WORST_PLACES = "worst-places"
WHY = "why"
REPEAT_LIST = "repeat-list"
LIST_WAITING = "list-waiting"
AREA_LIST = "area-list"
CASE_PANEL = "case-panel"
ASSIGN_TO = "assign-to"
ASSIGN_SUBMIT = "assign-submit"
LIVE_STATUS = "live-status"

URL = "url"
SHELL = "shell"
PAGE = "page"
RAIL = "rail"
CHARTS = "charts"
CHARTS_HELD = "charts-held"
SCENE = "scene"
AREA = "area-code"
CHOSEN = "chosen-case"
PAGE_NAME = "page-name"
SCENE_TOLD = "scene-told"
LISTED_AREA = "listed-area"
AS_OF = "as-of"
TIME_MACHINE = "time-machine"
FIRST_PAGES = "first-pages"
SHEET_CASE = "sheet-case"
SHEET_REFRESH = "sheet-refresh"
SCENE_REFRESH = "scene-refresh"
WHY_AREA = "why-area"
WHY_REFRESH = "why-refresh"
WHY_HELD = "why-held"
WHY_BARS = "why-bars"
WHY_HISTORY = "why-history"
OVERRIDE_DIALOG = "override-dialog"
CASE_REFRESH = "case-refresh"
CASE_BOX = "case-box"
SEARCH = "search"
SEARCH_RESULTS = "search-results"
TRAY = "tray"
REPORT_DIALOG = "report-dialog"
HELP_DIALOG = "help-dialog"
TREND = "trend"
CATEGORIES = "categories"
WALL_COUNTS = "wall-counts"
SINK = "sink"
PAGE_SINK = "page-sink"
MESSAGES_BOX = "messages-box"
MESSAGES_VIEW = "messages-view"
MESSAGES_TOLD = "messages-told"
AUTOMATIC_BOX = "automatic-box"
AUTOMATIC_TOLD = "automatic-told"
RULES_BOX = "rules-box"
RULES_REFRESH = "rules-refresh"
USERS_BOX = "users-box"
USERS_QUERY = "users-query"
USERS_REFRESH = "users-refresh"
USERS_TOLD = "users-told"
USER_ADD = "user-add"
USER_EDIT = "user-edit"
DISPLAYS_BOX = "displays-box"
DISPLAYS_REFRESH = "displays-refresh"
DISPLAYS_TOLD = "displays-told"
DISPLAY_ADD = "display-add"
DISPLAY_EDIT = "display-edit"
PROFILE_BOX = "profile-box"
PROFILE_REFRESH = "profile-refresh"
PROFILE_TOLD = "profile-told"
CONFIRM_DIALOG = "confirm-dialog"
SECRET_DIALOG = "secret-dialog"  # noqa: S105 - an id
AUDIT_BOX = "audit-box"
AUDIT_QUERY = "audit-query"
VERIFY_BEGIN = "verify-begin"
VERIFY_BOX = "verify-box"
VERIFY_RUN = "verify-run"
VERIFY_TICK = "verify-tick"
CLAIM_BAR = "claim-bar"
COMMAND_BAR = "command-bar"
COMMAND_LIST = "command-list"
COMMAND_WORDS = "command-words"
BULK_DIALOG = "bulk-dialog"
REMARKS_DIALOG = "remarks-dialog"
CHOICE_DIALOG = "choice-dialog"
COMPARE_DIALOG = "compare-dialog"


def area_item(code: str) -> dict[str, str]:
    """The row of one child area; the browser patches its tier by this id."""
    return {"type": "area-item", "code": code}


def area_count(code: str) -> dict[str, str]:
    """The open and waiting figures of one child area; the browser patches them by this id."""
    return {"type": "area-count", "code": code}


def wall_count(metric: str) -> str:
    """One big figure of the wall."""
    return f"wall-{metric.replace('_', '-')}"


def press(act: str, key: Any = "all") -> dict[str, Any]:
    """What is pressed on a page that a callback draws: what it does, and to what; in a callback, ALL."""
    return {"type": act, "key": key}


def pause_reason(route: Any) -> dict[str, Any]:
    """Where the reason is typed why a route is paused; in a callback, ALL."""
    return {"type": "pause-reason", "key": route}


def in_document(identity: dict[str, Any]) -> str:
    """The id that an element has in the document, as Dash writes it: for labels, and for the focus."""
    return json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
