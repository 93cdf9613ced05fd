"""Validation of calls of Dash callbacks: Dash itself trusts them, and answers a malformed one with 500.

A callback declares its outputs, its inputs and, by the annotations of its parameters, what their values may be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from inspect import signature, unwrap
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from rules.errors import Problem

PATH = "/_dash-update-component"
#: The longest text that a page sends as one value: a search with filters, the number of a case.
MAX_TEXT = 4000
MANY = ".."


def check_callback(body: object, known: Mapping[str, Any]) -> None:
    """Raises Problem bad_request unless `body` names a callback of ours and brings just its inputs and state."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise Problem("bad_request")
    callback = known.get(body["output"])
    # one that runs in the browser has no function here
    if callback is None or "callback" not in callback:
        raise Problem("bad_request")
    inputs, state = body.get("inputs", []), body.get("state", [])
    declared = [*callback.get("inputs", []), *callback.get("state", [])]
    fits = (
        _are_outputs(body.get("outputs"), body["output"])
        and _fits(inputs, callback.get("inputs", []))
        and _fits(state, callback.get("state", []))
        and _changed(body.get("changedPropIds", []), callback.get("inputs", []))
        and isinstance(body.get("parsedChangedPropsIds", []), list)
        and _are_values([*inputs, *state], declared, callback["callback"])
    )
    if not fits:
        raise Problem("bad_request")


def _are_outputs(given: object, output: str) -> bool:
    """Whether the outputs are those that the name of the callback says: "id.property", or "..a.x...b.y.."."""
    names = output[2:-2].split("...") if output.startswith(MANY) and output.endswith(MANY) else [output]
    one_by_one = [given] if isinstance(given, dict) else given
    if not isinstance(one_by_one, list) or len(one_by_one) != len(names):
        return False
    return all(
        isinstance(one, dict) and isinstance(one.get("property"), str) and f"{one.get('id')}.{one['property']}" == name
        for one, name in zip(one_by_one, names, strict=True)
    )


def _fits(given: object, declared: Sequence[Mapping[str, Any]]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(declared)
        and all(
            isinstance(one, dict) and one.get("id") == wanted["id"] and one.get("property") == wanted["property"]
            for one, wanted in zip(given, declared, strict=True)
        )
    )


def _changed(given: object, inputs: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what is said to have changed are inputs; nothing has when the page is drawn first."""
    names = {f"{one['id']}.{one['property']}" for one in inputs} | {"."}
    return isinstance(given, list) and len(given) <= len(names) and all(
        isinstance(name, str) and name in names for name in given
    )  # fmt: skip


def _are_values(given: list[dict[str, Any]], declared: list[Any], function: Callable[..., Any]) -> bool:
    adapters = _adapters(unwrap(function))
    if len(adapters) != len(declared):
        return False
    try:
        for value, adapter in zip(given, adapters, strict=True):
            adapter.validate_python(value.get("value"), strict=True)
    except ValidationError:
        return False
    return all(not isinstance(one.get("value"), str) or len(one["value"]) <= MAX_TEXT for one in given)


@lru_cache(maxsize=256)
def _adapters(function: Callable[..., Any]) -> list[TypeAdapter[Any]]:
    """What each value has to be, by the annotations of the callback; anything where there is none."""
    # names that are imported for type checkers alone are of no parameter of ours
    hints = get_type_hints(function)
    parameters = signature(function).parameters
    return [TypeAdapter(hints.get(name, Any), config=ConfigDict(strict=True)) for name in parameters]
