"""`manage.py import areas | organisations | places | cases`: exit code 2 and one clear line when nothing came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.database import Database
from data.server.cluster import database_urls
from imports import areas as areas_import
from imports import cases as cases_import
from imports import organisations as organisations_import
from imports import places as places_import
from imports.coordinates import check_crs
from imports.deployment import get_value, has_tables
from imports.mapping import Mapping, read_mapping
from imports.moments import Calendar, read_moment
from imports.outputs import Outputs
from imports.report import ImportRefused, ImportReport, InputError, writing
from rules.errors import Problem

if TYPE_CHECKING:
    from settings import Settings

SHOWN = 20
app = typer.Typer(no_args_is_help=True, help="Your own data: areas first, then organisations, places and cases.")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="One file or several of the same sort.", show_default=False)
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="YAML that maps the file's columns and values to ours.")
]
Crs = Annotated[str | None, typer.Option("--crs", help="gcj02, wgs84 or EPSG:n; wins over what the file says.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Import the good rows and tell the rest.")]
BadRows = Annotated[
    Path | None,
    typer.Option("--bad-rows", help="Write the bad rows with their faults to this CSV file, to be mended and sent again."),
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Write all that the import did, and every fault, to this JSON file.")
]
Sheet = Annotated[str | None, typer.Option("--sheet", help="Sheet of the workbook; the first when not given.")]
Layer = Annotated[str | None, typer.Option("--layer", help="Layer of the GeoPackage; the first when not given.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="Of texts that are neither UTF-8 nor GB18030.")]


@app.command()
def areas(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    report: ReportFile = None,
    level: Annotated[str | None, typer.Option("--level", help="Level of all areas in the files.")] = None,
    layer: Layer = None,
    encoding: Encoding = None,
    move_cases: Annotated[
        bool,
        typer.Option("--move-cases", help="Count cases that are not closed where they lie now, by a step of their trace."),
    ] = False,
    findings: Annotated[
        Path | None,
        typer.Option("--findings", help="Write moved areas, overlaps, gaps and cases outside to this GeoJSON file."),
    ] = None,
) -> None:
    """Areas from GeoJSON, GeoPackage or Shapefile (also zipped); again = new boundaries for the same codes."""

    def run(database: Database, rules: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return areas_import.import_areas(
            database,
            files,
            rules,
            level=level,
            layer=layer,
            move_cases=move_cases,
            findings=findings,
            now=settings.deployment.now,
            timezone=settings.deployment.timezone,
            locale=settings.deployment.locale,
            **shared,
        )

    _import(run, files, mapping, bad_rows, report, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def organisations(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    report: ReportFile = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
) -> None:
    """Departments, mediation rooms, teams and centres from CSV or XLSX; again = changed by code."""

    def run(database: Database, rules: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return organisations_import.import_organisations(database, files, rules, sheet=sheet, **shared)

    _import(run, files, mapping, bad_rows, report, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def places(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    report: ReportFile = None,
    sheet: Sheet = None,
    layer: Layer = None,
    encoding: Encoding = None,
) -> None:
    """Key places from CSV, XLSX, GeoJSON, GeoPackage or Shapefile; again = changed by code."""

    def run(database: Database, rules: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return places_import.import_places(database, files, rules, sheet=sheet, layer=layer, **shared)

    _import(run, files, mapping, bad_rows, report, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def cases(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    report: ReportFile = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    now: Annotated[
        str | None, typer.Option("--now", help="As if it were this moment; else GRIDBOARD_NOW, else the clock.")
    ] = None,
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Pass over cases that are there already.")
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Take over what has changed in cases that nobody here has touched.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="With --update: also in cases that somebody here has touched.")
    ] = False,
    feed: Annotated[
        str | None, typer.Option("--feed", help="Name of the export; by default from the mapping's section.")
    ] = None,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="With --update: a file without rows is no fault.")
    ] = False,
) -> None:
    """Cases from CSV (UTF-8 or GB18030, also .csv.gz) or XLSX, each with a trace that leads to where it stands."""
    from data.deployment_settings import of_deployment
    from data.sla_settings import sla_policy

    def run(database: Database, rules: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return cases_import.import_cases(
            database,
            files,
            rules,
            sheet=sheet,
            feed=feed,
            skip_existing=skip_existing,
            update=update,
            force=force,
            allow_empty=allow_empty,
            sla=sla_policy(of_deployment(settings, database)),
            now=_moment(now, settings, database),
            timezone=settings.deployment.timezone,
            **shared,
        )

    _import(run, files, mapping, bad_rows, report, crs=crs, skip_bad=skip_bad, encoding=encoding)


def _import(
    run: Callable[..., ImportReport],
    files: Sequence[Path],
    mapping: Path | None,
    bad_rows: Path | None,
    report_file: Path | None,
    *,
    crs: str | None,
    **shared: Any,
) -> None:
    """Exit code 2 and one line last when nothing came in. Files that cannot be written undo the import."""
    read = [*files, *([mapping] if mapping else [])]
    written: list[ImportReport] = []
    try:
        with Outputs(bad_rows=bad_rows, report=report_file, read=read) as outputs:

            def write(report: ImportReport) -> None:
                written.append(report)
                outputs.write(report)

            try:
                with writing(write):
                    report = _run(run, mapping, crs, shared)
            except ImportRefused as refused:
                _tell_bad(refused.report, bad_rows)
                _publish(outputs, refused.report)
                raise
            _tell_bad(report, bad_rows)
            typer.echo("\n".join(report.lines()))
            if not _publish(outputs, report):
                raise typer.Exit(1)
    except (InputError, Problem) as error:
        for report_written in written[-1:]:
            _tell_bad(report_written, None)
            typer.echo("\n".join(["What would have come in:", *report_written.lines()]), err=True)
        cause = error.__cause__ if isinstance(error, Problem) else None
        said = f"the database says: {_first_line(cause or error)}" if isinstance(error, Problem) else str(error)
        typer.echo(f"Nothing was imported: {said}" if written or isinstance(error, Problem) else said, err=True)
        raise typer.Exit(2) from None


def _run(run: Callable[..., ImportReport], mapping: Path | None, crs: str | None, shared: dict[str, Any]) -> ImportReport:
    from settings import load_settings

    settings = load_settings()
    rules = read_mapping(mapping) if mapping else Mapping()
    check_crs(crs)
    owner_url, app_url = database_urls(settings)
    database = Database(owner_url, app_url)
    try:
        _require_schema(database)
        with progress_bars() as progress:
            return run(database, rules, settings, crs=crs, progress=progress, **shared)
    finally:
        database.close()


def _publish(outputs: Outputs, report: ImportReport) -> bool:
    """The files, once it is known what has become of the import."""
    try:
        outputs.write(report)
        outputs.publish()
    except InputError as error:
        typer.echo(str(error), err=True)
        return False
    return True


def _first_line(error: BaseException) -> str:
    """What went wrong, without the statement and its values."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


def _require_schema(database: Database) -> None:
    with database.owning() as connection:
        if not has_tables(connection):
            raise InputError("The database has no tables yet: run manage.py migrate first.")


def _tell_bad(report: ImportReport, bad_rows: Path | None) -> None:
    """The faults, grouped; the most frequent ones on the screen."""
    groups = report.groups()
    for group in groups[:SHOWN]:
        typer.echo(str(group), err=True)
    if len(groups) > SHOWN:
        where = f"the rows are in {bad_rows}" if bad_rows else "--report FILE.json has all, --bad-rows FILE.csv the rows"
        typer.echo(f"... and {len(groups) - SHOWN} more kinds of fault; {where}.", err=True)


def _moment(given: str | None, settings: Settings, database: Database) -> datetime:
    if given is None:
        return settings.deployment.now or datetime.now(UTC)
    with database.owning() as connection:
        zone = str(get_value(connection, "timezone") or settings.deployment.timezone)
    from zoneinfo import ZoneInfo

    try:
        return read_moment(given, Calendar(ZoneInfo(zone))).at
    except ValueError as error:
        raise InputError(f"--now: {error}.") from error


@contextmanager
def progress_bars() -> Iterator[Callable[[str, int, int], None]]:
    """One bar a step, on the terminal only."""
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    console = Console()
    with Progress(*columns, console=console, disable=not console.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show
