"""`manage.py import areas | organisations | places | cases`: exit code 2 and one clear line when nothing came in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from data.cluster import database_urls
from data.database import Database
from data.imports import areas as areas_import
from data.imports import cases as cases_import
from data.imports import organisations as organisations_import
from data.imports import places as places_import
from data.imports.coordinates import check_crs
from data.imports.deployment import get_value, has_tables
from data.imports.mapping import Mapping, read_mapping
from data.imports.moments import Calendar, read_moment
from data.imports.report import ImportRefused, ImportReport, InputError

if TYPE_CHECKING:
    from settings import Settings

SHOWN = 50
app = typer.Typer(no_args_is_help=True, help="Your own data: areas first, then organisations, places and cases.")

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="One file or several of the same sort.", show_default=False)
]
MappingFile = Annotated[
    Path | None, typer.Option("--mapping", help="YAML that maps the file's columns and values to ours.")
]
Crs = Annotated[str | None, typer.Option("--crs", help="gcj02, wgs84 or EPSG:n; wins over what the file says.")]
SkipBad = Annotated[bool, typer.Option("--skip-bad", help="Import the good rows and tell the rest.")]
BadRows = Annotated[Path | None, typer.Option("--bad-rows", help="Write all bad rows to this CSV file.")]
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
    level: Annotated[str | None, typer.Option("--level", help="Level of all areas in the files.")] = None,
    layer: Layer = None,
    encoding: Encoding = None,
    move_cases: Annotated[
        bool,
        typer.Option("--move-cases", help="Count open cases where they lie now, by a step of their trace; closed ones stay."),
    ] = False,
    findings: Annotated[
        Path | None,
        typer.Option("--findings", help="Write moved areas, overlaps, gaps and cases outside to this GeoJSON file."),
    ] = None,
) -> None:
    """Areas from GeoJSON, GeoPackage or Shapefile (also zipped); again = new boundaries for the same codes."""

    def run(database: Database, found: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return areas_import.import_areas(
            database,
            files,
            found,
            level=level,
            layer=layer,
            move_cases=move_cases,
            findings=findings,
            now=settings.deployment.now,
            timezone=settings.deployment.timezone,
            locale=settings.deployment.locale,
            **shared,
        )

    _import(run, mapping, bad_rows, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def organisations(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
) -> None:
    """Departments, mediation bodies, teams and centres from CSV or XLSX; again = changed by code."""

    def run(database: Database, found: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return organisations_import.import_organisations(database, files, found, sheet=sheet, **shared)

    _import(run, mapping, bad_rows, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def places(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    sheet: Sheet = None,
    layer: Layer = None,
    encoding: Encoding = None,
) -> None:
    """Key places from CSV, XLSX, GeoJSON, GeoPackage or Shapefile; again = changed by code."""

    def run(database: Database, found: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return places_import.import_places(database, files, found, sheet=sheet, layer=layer, **shared)

    _import(run, mapping, bad_rows, crs=crs, skip_bad=skip_bad, encoding=encoding)


@app.command()
def cases(
    files: Files,
    mapping: MappingFile = None,
    crs: Crs = None,
    skip_bad: SkipBad = False,
    bad_rows: BadRows = None,
    sheet: Sheet = None,
    encoding: Encoding = None,
    now: Annotated[
        str | None, typer.Option("--now", help="As if it were this moment; else GRIDBOARD_NOW, else the clock.")
    ] = None,
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Pass over case numbers that are there already.")
    ] = False,
) -> None:
    """Cases from CSV (UTF-8 or GB18030, also .csv.gz) or XLSX, each with a trace that leads to where it stands."""

    def run(database: Database, found: Mapping, settings: Settings, **shared: Any) -> ImportReport:
        return cases_import.import_cases(
            database,
            files,
            found,
            sheet=sheet,
            skip_existing=skip_existing,
            now=_moment(now, settings, database),
            timezone=settings.deployment.timezone,
            **shared,
        )

    _import(run, mapping, bad_rows, crs=crs, skip_bad=skip_bad, encoding=encoding)


def _import(
    run: Callable[..., ImportReport], mapping: Path | None, bad_rows: Path | None, *, crs: str | None, **shared: Any
) -> None:
    from settings import load_settings

    settings = load_settings()
    report: ImportReport | None = None
    try:
        found = read_mapping(mapping) if mapping else Mapping()
        check_crs(crs)
        owner_url, app_url = database_urls(settings)
        database = Database(owner_url, app_url)
        try:
            _require_schema(database)
            with progress_bars() as progress:
                report = run(database, found, settings, crs=crs, progress=progress, **shared)
        finally:
            database.close()
    except ImportRefused as refused:
        _tell_bad(refused.report, bad_rows)
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from None
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    _tell_bad(report, bad_rows)
    typer.echo("\n".join(report.lines()))


def _require_schema(database: Database) -> None:
    with database.owning() as connection:
        if not has_tables(connection):
            raise InputError("The database has no tables yet: run manage.py migrate first.")


def _tell_bad(report: ImportReport, bad_rows: Path | None) -> None:
    """The bad rows, the first ones on the screen and all of them in the file asked for."""
    for bad in report.bad[:SHOWN]:
        typer.echo(str(bad), err=True)
    if len(report.bad) > SHOWN:
        where = f"all are in {bad_rows}" if bad_rows else "--bad-rows FILE.csv writes all"
        typer.echo(f"... and {len(report.bad) - SHOWN} more bad rows; {where}.", err=True)
    if bad_rows is not None and report.bad:
        with bad_rows.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("file", "row", "field", "reason"))
            writer.writerows((bad.file, bad.row, bad.field, bad.reason) for bad in report.bad)


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
