"""The command line and the documentation: what docs/own-data.md says is what happens."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml
from sqlalchemy import text
from typer.testing import CliRunner

from cli.imports import app
from data.database import SYSTEM
from imports.mapping import make_mapping

HOME = Path(__file__).parents[3]
DOCS = (HOME / "docs/own-data.md").read_text("utf-8")
RUNNER = CliRunner()


@pytest.fixture
def environment(settings, monkeypatch):
    monkeypatch.setenv("GRIDBOARD_DATABASE_URL", settings.database.url)
    monkeypatch.setenv("GRIDBOARD_NOW", "2012-01-01T00:00:00-05:00")
    monkeypatch.chdir(HOME)


def documented_imports():
    """The import commands of the worked example, in order, with its variables filled in."""
    values = dict(re.findall(r"^(DATA|MAPPING)=(\S+)$", DOCS, re.MULTILINE))
    for line in re.findall(r"^\.venv/bin/python manage\.py import (\w+ \$DATA.*)$", DOCS, re.MULTILINE):
        for name, value in values.items():
            line = line.replace(f"${name}", value)
        yield shlex.split(line)


def test_the_worked_example_runs(environment, database):
    commands = list(documented_imports())
    assert [command[0] for command in commands] == ["areas", "organisations", "cases"]
    for command in commands:
        result = RUNNER.invoke(app, command)
        assert result.exit_code == 0, result.output
    assert "cases: 365 imported of 365 rows read." in result.output
    with database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 365


def test_every_mapping_in_the_documentation_is_one():
    blocks = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    assert blocks
    for block in blocks:
        assert make_mapping(yaml.load(block, Loader=yaml.BaseLoader)).cases


def test_bad_rows_are_listed_and_the_exit_code_is_2(environment, database, tmp_path):
    for command in list(documented_imports())[:1]:
        RUNNER.invoke(app, command)
    file, listed = tmp_path / "cases.csv", tmp_path / "bad.csv"
    file.write_text("case_no,kind,category,reported_at\n1,request,Noise,soon\n2,quarrel,Noise,2011-12-01\n", "utf-8")
    result = RUNNER.invoke(app, ["cases", str(file), "--bad-rows", str(listed)])
    assert result.exit_code == 2
    assert "cases.csv row 2, reported_at: 'soon' is no time" in result.output
    assert "cases.csv row 3, kind: 'quarrel' is unknown" in result.output
    assert result.output.strip().splitlines()[-1].startswith("Nothing was imported: 2 of 2 rows of cases are bad.")
    assert listed.read_text("utf-8-sig").splitlines()[0] == "case_no,kind,category,reported_at,bad_file,bad_row,bad_reason"
    with database.reading(SYSTEM) as connection:
        assert connection.execute(text("SELECT count(*) FROM cases")).scalar() == 0


@pytest.mark.parametrize(
    "command",
    [
        ["areas", "no.geojson"],
        ["areas", "README.md"],
        ["areas", "no.geojson", "--crs", "moon"],
        ["cases", "no.csv", "--mapping", "no.yaml"],
        ["cases", "no.csv", "--now", "soon"],
    ],
)
def test_what_cannot_be_read_is_one_line_and_exit_code_2(environment, database, command):
    result = RUNNER.invoke(app, command)
    assert result.exit_code == 2
    assert len(result.stderr.strip().splitlines()) == 1
