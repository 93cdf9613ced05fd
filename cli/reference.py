"""The page docs/commands.md: every command of manage.py with its arguments and options, from the commands themselves.

`python -m cli.reference > docs/commands.md` writes it; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from cli.main import app

_app: Any = typer.main.get_command(app)

HEAD = """\
# Commands

`.venv/bin/python manage.py COMMAND`, in the folder of the checkout; `--help` on each. Exit code 0: done. 1: a verification found
something. 2: bad input or a wrong setting; one line says what, and nothing is half done. Commands read the same settings as the
server ([settings.md](settings.md)). Without `GRIDBOARD_DATABASE_URL` they start the private database in `var/`, and stop it
afterwards when nobody else uses it. Under systemd run them as the service's user: [operations.md](operations.md#commands).

This page is made by `python -m cli.reference > docs/commands.md`.
"""


def page() -> str:
    """The page in Markdown, a heading for each command in the order of `--help`."""
    return "\n".join([HEAD, *(line for path, command in commands() for line in _section(path, command))])


def commands() -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its words after `manage.py`: `outbox contact add`."""
    yield from _below("", _app)


def _below(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    parts = getattr(command, "commands", None)
    if parts is None or getattr(command, "invoke_without_command", False):
        yield path, command
    for name, part in (parts or {}).items():
        yield from _below(f"{path} {name}".strip(), part)


def _section(path: str, command: Any) -> Iterator[str]:
    given = [parameter for parameter in command.params if parameter.name not in ("help", "install_completion")]
    places = [parameter for parameter in given if _is_argument(parameter)]
    options = [parameter for parameter in given if parameter not in places]
    words = " ".join([path, *(_place(place) for place in places)])
    yield from (f"## {path}", "", f"`manage.py {words}`", "", _text(command.help), "")
    rows = [(_place(place), place) for place in places if _text(place.help)]
    rows += [(_names(option), option) for option in options]
    if rows:
        yield from ("| | |", "| --- | --- |")
        yield from (f"| `{name}` | {_cell(parameter)} |" for name, parameter in rows)
        yield ""


def _is_argument(parameter: Any) -> bool:
    return parameter.param_type_name == "argument"


def _place(parameter: Any) -> str:
    name = (parameter.name or "").upper() + ("..." if parameter.nargs == -1 else "")
    return name if parameter.required else f"[{name}]"


def _names(option: Any) -> str:
    names = ", ".join(option.opts) + "".join(f" / {name}" for name in option.secondary_opts)
    return names if option.is_flag else f"{names} {option.display_type(typer.Context(_app))}"


def _cell(parameter: Any) -> str:
    words = [_text(getattr(parameter, "help", None))]
    if parameter.required and not _is_argument(parameter):
        words.append("Required.")
    default = parameter.default
    if default not in (None, "") and not isinstance(default, bool | tuple) and not callable(default):
        words.append(f"Default: `{default}`.")
    return " ".join(filter(None, words)).replace("|", "\\|")


def _text(words: str | None) -> str:
    return " ".join((words or "").split())


if __name__ == "__main__":
    print(page(), end="")
