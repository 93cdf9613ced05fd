"""Every command of manage.py with every kind of bad input: exit code 2, words on stderr, never a traceback.

The commands are those of the application itself: a new one, and each of its parameters, is walked over as well.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
from sqlalchemy import text

from cli import main as command_line
from data.server.cluster import APP, OWNER
from tests.world import NOW, World

NOT_UTF8 = "\udcff\udcfe"
# "1_0" and full-width digits are the numbers that one reads in them
NUMBERS = ("x", "", "9" * 40, "1e", "nan", "-1", NOT_UTF8)
WORDS = (NOT_UTF8, "nothing\x01", "no such thing", "x" * 5000, "\u202egnihton", "")
MOMENTS = ("x", "2026-13-45", "9" * 40, NOT_UTF8)
#: What a text may be although it is strange: asked nowhere before the work is done, or a wish of the user.
FREE = {
    ("outbox test", "to"), ("outbox contact add", "address"), ("outbox contact remove", "address"),
    ("user add", "password"), ("user passwd", "password"),
}  # fmt: skip
#: Names that somebody gives or looks for: any words, if they can be read.
GIVEN = {("user add", "username"), ("display add", "name"), ("audit log", "who"), ("audit log", "case_no"), ("user list", "q")}
#: What stands in for the parameters that are not being tried.
FILLED: dict[str, str] = {
    "username": "nobody", "role": "leader", "area": "C1", "password": "a long password", "name": "nowhere",
    "organisation": "centre-C1", "channel": "sms", "address": "1", "category": "nothing", "state": "on", "by": "nobody",
    "route": "nothing", "files": "missing.csv", "file": "missing.csv",
}  # fmt: skip


def commands() -> dict[str, Any]:
    """Every command by its name, as typer has it: "import cases", "outbox contact add"."""
    found: dict[str, Any] = {}

    def walk(command: Any, name: str) -> None:
        inner = getattr(command, "commands", None)
        if inner is None:
            found[name.strip()] = command
            return
        for key, one in inner.items():
            walk(one, f"{name} {key}")

    walk(typer.main.get_command(command_line.app), "")
    return found


COMMANDS = commands()


@pytest.fixture
def run(cluster, world_name, monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str]]:
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", cluster.url(OWNER, world_name))
    monkeypatch.setenv("GRIDBOARD_APP_DATABASE_URL", cluster.url(APP, world_name))
    monkeypatch.setenv("GRIDBOARD_NOW", NOW.isoformat())
    monkeypatch.chdir(tmp_path)

    def called(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["manage.py", *arguments])
        capsys.readouterr()
        try:
            command_line.main()
        except SystemExit as end:
            code = end.code
        else:
            code = 0
        return int(code or 0), capsys.readouterr().err

    return called


def refused(done: tuple[int, str], *arguments: str) -> None:
    code, words = done
    shown = [argument[:60] for argument in arguments]
    assert code == 2, (shown, code, words)
    assert words.strip() and "Traceback" not in words, (shown, words)
    # typer says how a command is used, in lines of its own; all else is one line
    assert len(words.strip().splitlines()) == 1 or "Usage:" in words, (shown, words)


def paths(folder: Path) -> Iterator[str]:
    """What is no file that could be read."""
    folder.mkdir(exist_ok=True)
    for name, content in {
        "nul.csv": b"code,name\nA\0B,x\n", "bytes.csv": bytes(range(256)) * 4, "empty.csv": b"",
        "bytes.xlsx": b"PK\x03\x04" + b"\0" * 90,
        "bytes.geojson": b"{" * 3000, "deep.geojson": b"[" * 20000, "bytes.gpkg": b"SQLite format 3\0" + b"\xff" * 200,
        "bytes.zip": b"PK\x05\x06" + b"\0" * 5, "bytes.shp": b"\0\0\x27\x0a" + b"\xff" * 60, "no.ending": b"x",
    }.items():  # fmt: skip
        (folder / name).write_bytes(content)
        yield str(folder / name)
    yield from (str(folder), str(folder / "missing.csv"), str(folder / "empty.csv" / "below.csv"), "\x01", "x" * 300, NOT_UTF8)


def bad_values(name: str, parameter: Any, folder: Path) -> Iterator[str]:
    kind = parameter.type_descriptor.annotation
    kind = next((one for one in get_args(kind) if one is not type(None)), kind)
    if kind in (int, float):
        # an option that begins with a dash is read as another option: written together
        bounded = getattr(parameter, "min", None) is not None
        yield from (one for one in NUMBERS if one != "-1" or bounded)
    elif kind is Path:
        found = list(paths(folder))
        # what is written to may be there already or not; where the anchors are is the business of audit verify
        refused = found[-2:] + found[-4:-3] + [found[-6]]
        written = {("backup", "file"): refused, ("audit log", "csv"): refused, ("audit verify", "folder"): found[-1:]}
        yield from written.get((name, parameter.name), found)
    elif issubclass(kind, Enum):
        yield from ("nothing", "", NOT_UTF8, "system", "display")
    elif parameter.name == "now":
        yield from MOMENTS
    elif (name, parameter.name) not in FREE:
        yield from (one for one in WORDS if one != "no such thing" or (name, parameter.name) not in GIVEN)
    else:
        yield NOT_UTF8


def call(name: str, tried: Any, value: str) -> list[str]:
    """A call of the command with one bad value; everything else that it needs is filled."""
    arguments, options = [], []
    for parameter in COMMANDS[name].params:
        if parameter.name == "help":
            continue
        given = value if parameter is tried else FILLED.get(parameter.name, "") if parameter.required else None
        if parameter.name == "password" and given is None:
            given = FILLED["password"]
        if given is None:
            continue
        if parameter.param_type_name == "argument":
            arguments.append(given)
        else:
            options.append(f"{max(parameter.opts, key=len)}={given}")
    return [*name.split(), *options, "--", *arguments]


def tries() -> list[tuple[str, str]]:
    return [
        (name, parameter.name)
        for name, command in COMMANDS.items()
        for parameter in command.params
        if parameter.name != "help" and not getattr(parameter, "is_flag", False)
    ]


def test_the_walk_meets_the_commands():
    assert {"user add", "import cases", "backup", "restore", "outbox contact add", "clocks show"} <= set(COMMANDS)
    assert len(tries()) > 40


@pytest.mark.parametrize(("name", "parameter"), tries(), ids=lambda part: part.replace(" ", "-"))
def test_a_bad_value_is_one_line_and_exit_code_2(run, tmp_path, name: str, parameter: str):
    tried = next(one for one in COMMANDS[name].params if one.name == parameter)
    for value in bad_values(name, tried, tmp_path / "files"):
        arguments = call(name, tried, value)
        refused(run(*arguments), *arguments)


@pytest.mark.parametrize("role", ["system", "display"])
def test_no_account_of_a_role_that_is_no_persons(run, world: World, role: str):
    arguments = ["user", "add", "root", "--role", role, "--area", "C", "--password", "a long password"]
    refused(run(*arguments), *arguments)
    with world.database.owning() as connection:
        assert connection.execute(text("SELECT count(*) FROM app_user WHERE username = 'root'")).scalar() == 0


BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{after}: &{after} [{', '.join([f'*{before}'] * 10)}]\n" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
YAMLS = {
    "deep flow": "[" * 20_000,
    "deep map": "{a: " * 20_000,
    "deep keys": "? " * 20_000,
    "bomb": BOMB,
    "of itself": "a: &a [*a]",
    "unknown alias": "a: *b",
    "nul": "a: \0",
    "control": "a: \x01",
    "tab": "a:\n\t- b",
    "python": "!!python/object/apply:os.system ['true']",
    "date": "calendar: {days_off: [2026-13-45]}\nrules: 2026-99-99",
    "number": f"a: {'9' * 5000}",
    "list": "[1, 2]",
    "word": "word",
    "keys": "{1: 2, [1]: 3}",
    "two": "a: 1\n---\nb: 2",
}


@pytest.mark.parametrize("content", [*YAMLS, "folder", "missing", "latin", "device", "large"])
@pytest.mark.parametrize("what", ["clocks", "outbox", "areas", "organisations", "places", "cases"])
def test_a_file_of_settings_that_is_none(run, monkeypatch, tmp_path, what: str, content: str):
    path = tmp_path / "file.yaml"
    if content in YAMLS:
        path.write_text(YAMLS[content], "utf-8")
    elif content == "folder":
        path.mkdir()
    elif content == "latin":
        path.write_bytes("a: \u00e9".encode("latin-1"))
    elif content == "large":
        path.write_bytes(b"a: b\n" * 400_000)
    elif content == "device":
        path = Path("/dev/zero")
    if what == "clocks":
        monkeypatch.setenv("GRIDBOARD_CLOCKS_FILE", str(path))
        arguments = ["clocks", "show"]
    elif what == "outbox":
        monkeypatch.setenv("GRIDBOARD_OUTBOX_FILE", str(path))
        arguments = ["outbox", "test", "file"]
    else:
        (tmp_path / "rows.csv").write_text("code\nx\n", "utf-8")
        arguments = ["import", what, "--mapping", str(path), str(tmp_path / "rows.csv")]
    refused(run(*arguments), content, *arguments)


PATTERNS = ["(a+)+$", "(a|aa)+$", "(a|a)*b", "(.*a){25}$", "(" * 3000, "[", "a{9999999999999}", "(?P<x>a)(?P<x>b)"]


@pytest.mark.parametrize("pattern", PATTERNS, ids=range(len(PATTERNS)))
def test_an_expression_that_hangs_or_is_none(run, tmp_path, pattern: str):
    (tmp_path / "map.yaml").write_text(
        f"cases:\n  skip_when:\n    - column: title\n      matches: '{pattern}'\n", "utf-8"
    )  # fmt: skip
    (tmp_path / "rows.csv").write_text("case_no,title,kind,category\nQ-1," + "a" * 60 + "!,dispute,neighbour\n", "utf-8")
    arguments = ["import", "cases", "--mapping", str(tmp_path / "map.yaml"), str(tmp_path / "rows.csv")]
    refused(run(*arguments), *arguments)


def test_a_database_without_tables_is_one_line(run, cluster, monkeypatch):
    cluster.make_database("bare_for_commands")
    for variable, user in (("GRIDBOARD_DATABASE_URL", OWNER), ("GRIDBOARD_APP_DATABASE_URL", APP)):
        monkeypatch.setenv(variable, cluster.url(user, "bare_for_commands"))
    for name in ("outbox list", "outbox contact list", "recommendations choices", "tiers recompute", "clocks recompute"):
        refused(run(*name.split()), name)
