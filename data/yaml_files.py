"""YAML written by an administrator, read with bounds on size, depth and aliases."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import yaml

MAX_BYTES, MAX_DEPTH, MAX_NODES = 1_000_000, 40, 100_000


class YamlError(Exception):
    """A file that cannot be read as YAML; the message is one line, without the name of the file."""


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
