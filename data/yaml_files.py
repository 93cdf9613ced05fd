"""YAML written by an administrator, read with bounds on size, depth and aliases, and checked by models."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 40, 100_000
WORDS = {
    "extra_forbidden": "is no key of this file",
    "invalid_key": "has a key that is no text",
    "missing": "is missing",
    "model_type": "has to be keys and values",
    "dict_type": "has to be keys and values",
    "tuple_type": "has to be a list",
    "frozen_set_type": "has to be a list",
    "string_type": "has to be a text",
    "bool_type": "{input!r} has to be true or false",
    "bool_parsing": "{input!r} has to be true or false",
    "enum": "{input!r} is not one of {ctx[expected]}",
}
#: A key without a value is as good as none.
OrNothing = BeforeValidator(lambda said: said or {})


class YamlError(Exception):
    """A file that cannot be read as YAML or says what it may not; one line, without the name of the file."""


class Part(BaseModel):
    """Keys and values of a file; a key that is not known is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


P = TypeVar("P", bound=Part)


def read_part(path: Path, model: type[P]) -> P:
    """What a file says, all of it by default where it says nothing. Raises YamlError that names the key."""
    said = read_yaml(path)
    try:
        return model.model_validate({} if said is None else said)
    except ValidationError as error:
        raise YamlError(": ".join(filter(None, fault_of(error)))) from error


def fault_of(error: ValidationError) -> tuple[str, str]:
    """The first fault: the key with those that it stands below, "" for the whole file; and what is wrong."""
    fault = error.errors(include_url=False)[0]
    place, kind = [*fault["loc"]], fault["type"]
    if place[-1:] == ["[key]"]:
        # so pydantic tells that it is the key of a dict that is wrong, not its value
        place, kind = [*map(str, place[:-1])], "extra_forbidden"
    words = WORDS.get(kind, "{msg}").format_map(fault).removeprefix("Value error, ")
    return ".".join(part for part in place if isinstance(part, str)), words


def read_yaml(path: Path, *, loader: type[Any] = yaml.SafeLoader) -> Any:
    """What a file says. Raises YamlError."""
    text = _text(path)
    try:
        _check(text, loader)
        return yaml.load(text, Loader=loader)  # noqa: S506 (a safe loader, or one that makes texts only)
    except yaml.YAMLError as error:
        raise YamlError(f"no YAML: {' '.join(str(error).split())[:300]}") from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise YamlError(f"no YAML: {' '.join(str(error).split())[:300]}") from error


def _text(path: Path) -> str:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise YamlError("a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise YamlError("not a file of its own")
        if status.st_size > MAX_BYTES:
            raise YamlError(f"more than {MAX_BYTES // 1_000_000} MB")
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise YamlError(str(error.strerror or type(error).__name__)) from error
    except UnicodeDecodeError as error:
        raise YamlError("not UTF-8") from error
    except ValueError as error:
        raise YamlError("no name of a file") from error
    if "\0" in text:
        raise YamlError("holds NUL: not a text")
    return text


def _check(text: str, loader: type[Any]) -> None:
    """Raises YamlError for a depth at which readers fail, and for aliases that grow or refer to themselves.

    Works on events, which need no recursion; sizes are counted with every alias expanded.
    """
    sizes: dict[str, int] = {}
    open_nodes: list[tuple[str | None, int]] = []
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            open_nodes.append((event.anchor, 1))
            if len(open_nodes) > MAX_DEPTH:
                raise YamlError(f"nested more than {MAX_DEPTH} deep")
            continue
        if isinstance(event, yaml.AliasEvent):
            anchor, size = None, sizes.get(str(event.anchor), MAX_NODES + 1)
        elif isinstance(event, yaml.ScalarEvent):
            anchor, size = event.anchor, 1
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            anchor, size = open_nodes.pop()
        else:
            continue
        if size > MAX_NODES:
            raise YamlError("an alias without an end, or more than the file may say")
        if anchor is not None:
            sizes[anchor] = size
        if open_nodes:
            open_nodes[-1] = (open_nodes[-1][0], open_nodes[-1][1] + size)
