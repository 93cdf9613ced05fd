"""What a call of a Dash callback must look like: Dash itself trusts it, and answers a crooked one with 500."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.errors import Problem

PATH = "/_dash-update-component"


def check_callback(body: object, known: Mapping[str, Any]) -> None:
    """Raises Problem bad_request unless `body` names a callback of ours and brings just its inputs and state."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str) or body["output"] not in known:
        raise Problem("bad_request")
    callback = known[body["output"]]
    fits = (
        isinstance(body.get("outputs", []), (dict, list))
        and _strings(body.get("changedPropIds", []))
        and _fits(body.get("inputs", []), callback.get("inputs", []))
        and _fits(body.get("state", []), callback.get("state", []))
    )
    if not fits:
        raise Problem("bad_request")


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _fits(given: object, declared: list[dict[str, Any]]) -> bool:
    return isinstance(given, list) and len(given) == len(declared) and all(map(_is_one, given, declared))


def _is_one(given: object, declared: dict[str, Any]) -> bool:
    """Whether a value is of the property declared; a pattern's wildcard brings a list of them."""
    if isinstance(given, list):
        return all(_is_one(item, declared) for item in given)
    if not isinstance(given, dict) or given.get("property") != declared["property"]:
        return False
    return isinstance(given.get("id"), dict) or given.get("id") == declared["id"]
