"""Validation of calls of Dash callbacks: Dash itself trusts them, and answers a malformed one with 500.

A callback declares its outputs, its inputs and, by the annotations of its parameters, what their values may be. The
value of an input that is a pattern (ALL) is the list of the values of all that it matches.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from inspect import signature, unwrap
from typing import Any, get_type_hints

from pydantic import ConfigDict, TypeAdapter, ValidationError

from rules.errors import Problem

PATH = "/_dash-update-component"
#: The longest text that a page sends as one value: a search with filters, the number of a case.
MAX_TEXT = 4000
#: The most that a pattern matches on one page, and the longest key among them: the rows of a list, the code of a category.
MAX_MATCHES, MAX_KEY = 1000, 64
MANY = ".."
ALL = ["ALL"]


def check_callback(body: object, known: Mapping[str, Any]) -> None:
    """Raises Problem bad_request unless `body` names a callback of ours and brings just its inputs and state."""
    if not isinstance(body, dict) or not isinstance(body.get("output"), str):
        raise Problem("bad_request")
    callback = known.get(body["output"])
    # one that runs in the browser has no function here
    if callback is None or "callback" not in callback:
        raise Problem("bad_request")
    inputs, state = body.get("inputs", []), body.get("state", [])
    fits = (
        _are_outputs(body.get("outputs"), body["output"])
        and _fits(inputs, callback.get("inputs", []))
        and _fits(state, callback.get("state", []))
        and _changed(body.get("changedPropIds", []), inputs)
        and isinstance(body.get("parsedChangedPropsIds", []), list)
        and _are_values([*inputs, *state], callback["callback"])
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
        and all(_is(one, wanted) for one, wanted in zip(given, declared, strict=True))
    )


def _is(given: object, declared: Mapping[str, Any]) -> bool:
    """Whether this is what is declared: for a pattern a list of what it matches, each once."""
    if not declared["id"].startswith("{"):
        return _has(given, declared["property"]) and given["id"] == declared["id"]  # type: ignore[index]
    pattern = json.loads(declared["id"])
    return (
        isinstance(given, list)
        and len(given) <= MAX_MATCHES
        and all(_has(one, declared["property"]) and _matches(one["id"], pattern) for one in given)
        and len({_name(one) for one in given}) == len(given)
    )


def _has(given: object, name: str) -> bool:
    return isinstance(given, dict) and "id" in given and given.get("property") == name


def _matches(identity: object, pattern: Mapping[str, Any]) -> bool:
    if not isinstance(identity, dict) or identity.keys() != pattern.keys():
        return False
    return all(
        isinstance(value, str) and (0 < len(value) <= MAX_KEY if pattern[name] == ALL else value == pattern[name])
        for name, value in identity.items()
    )


def _name(one: Mapping[str, Any]) -> str:
    """An input as Dash's page names it among what has changed."""
    identity = one["id"]
    if isinstance(identity, dict):
        identity = json.dumps(identity, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{identity}.{one['property']}"


def _changed(given: object, inputs: Sequence[Any]) -> bool:
    """Whether what is said to have changed are inputs; nothing has when the page is drawn first."""
    names = {_name(one) for part in inputs for one in (part if isinstance(part, list) else [part])} | {"."}
    return isinstance(given, list) and len(given) <= len(names) and all(
        isinstance(name, str) and name in names for name in given
    )  # fmt: skip


def _are_values(given: list[Any], function: Callable[..., Any]) -> bool:
    adapters = _adapters(unwrap(function))
    if len(adapters) != len(given):
        return False
    values = [[one.get("value") for one in part] if isinstance(part, list) else part.get("value") for part in given]
    try:
        for value, adapter in zip(values, adapters, strict=True):
            adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    texts = (text for value in values for text in (value if isinstance(value, list) else [value]))
    return all(not isinstance(text, str) or len(text) <= MAX_TEXT for text in texts)


@lru_cache(maxsize=256)
def _adapters(function: Callable[..., Any]) -> list[TypeAdapter[Any]]:
    """What each value has to be, by the annotations of the callback; anything where there is none."""
    # names that are imported for type checkers alone are of no parameter of ours
    hints = get_type_hints(function)
    parameters = signature(function).parameters
    return [TypeAdapter(hints.get(name, Any), config=ConfigDict(strict=True)) for name in parameters]
