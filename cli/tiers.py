"""Risk tiers: the rule and its versions, a new one from a file, an evaluation of every grid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from cli.context import Refused, moment_told, now, open_database

app = typer.Typer(no_args_is_help=True, help="Risk tiers of the grids: the rule, its versions, an evaluation.")


@app.callback()
def tiers() -> None:
    """Risk tiers of the grids: the rule, its versions, an evaluation."""


@app.command("recompute")
def recompute_tiers() -> None:
    """Evaluate the tier of every grid again from its cases and key places."""
    from data.commands.tiers import recompute_tiers as recompute

    with open_database().owning() as connection:
        changed = recompute(connection, now=now())
    typer.echo(f"Recomputed; {changed} tiers changed.")


@app.command("versions")
def versions() -> None:
    """List the versions of the rule, the one in force first."""
    from data.database import SYSTEM
    from data.queries.tier_rules import versions as listed

    for one in listed(open_database(), SYSTEM):
        typer.echo(f"{one['version']:>4}  {moment_told(one['at'])}  {one['author']:<8}  {one['reason']}")


@app.command("show")
def show(
    version: Annotated[int | None, typer.Argument(help="A version of the rule; the one in force when left out.")] = None,
) -> None:
    """Print a version of the rule as YAML, as `tiers set` takes it."""
    from data.database import SYSTEM
    from data.queries.tier_rules import version as read
    from data.queries.tier_rules import versions as listed
    from rules.errors import Problem

    database = open_database()
    known = listed(database, SYSTEM)
    if not known:
        raise Refused("There is no rule yet: it is made with the first evaluation.")
    try:
        found = read(database, SYSTEM, known[0]["version"] if version is None else version)
    except Problem as problem:
        raise Refused(f"There is no version {version} of the rule.") from problem
    typer.echo(yaml.safe_dump(found["rule"], allow_unicode=True, sort_keys=False), nl=False)


@app.command("preview")
def preview_rule(
    file: Annotated[Path, typer.Argument(help="A YAML file, as `tiers show` prints it.")],
) -> None:
    """Tell what a rule would make of every grid, without setting it."""
    from dashboard.words.rule_changes import changes
    from data.database import SYSTEM
    from data.queries.areas import roots
    from data.queries.tier_rules import TierWorlds, preview

    database = open_database()
    with database.reading(SYSTEM) as connection:
        found = roots(connection)
    worlds = TierWorlds(database)
    for root in found:
        trying = partial(preview, worlds, SYSTEM, code=root, now=now())
        answer, tried = _told_faults(file, trying)
        for tier, one in answer["counts"].items():
            typer.echo(f"{tier:<8}{one['now']:>9} now{one['then']:>9} then")
        typer.echo(f"{answer['moved_n']} grids would change tier.")
        for words in changes(tried.before.rule, tried.rule, "en"):
            typer.echo(f"  {words}")


def _told_faults(file: Path, work: Callable[[object], Any]) -> Any:
    """What `work` makes of the document in a file; every fault of it in one line."""
    from dashboard.words.problems import fault_words, words_of
    from data.yaml_files import YamlError, read_yaml
    from rules.errors import Problem

    try:
        return work(read_yaml(file))
    except YamlError as error:
        raise Refused(f"{file}: {error}") from error
    except Problem as problem:
        wrong = [f"{one['field']}: {one['detail']}" for one in fault_words(problem, "en")]
        raise Refused(f"{file}: {'; '.join(wrong) or words_of(problem, 'en')}") from problem


@app.command("set")
def set_rule(
    file: Annotated[Path, typer.Argument(help="A YAML file, as `tiers show` prints it.")],
    reason: Annotated[str, typer.Option(help="Why the rule is changed: kept with the version.")],
) -> None:
    """Make a new version of the rule, in force at once, and evaluate every grid by it."""
    from data.commands.tier_publishing import publish
    from data.database import SYSTEM

    done = _told_faults(file, lambda said: publish(open_database(), SYSTEM, said, reason, now=now()))
    typer.echo(f"Version {done['version']} is in force; {done['changed']} tiers changed.")
