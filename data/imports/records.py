"""Files of any sort as records: our fields ready to be read from each row, with the row's number and geometry."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from data.imports.features import is_features, read_features
from data.imports.fields import Condition, Field
from data.imports.mapping import ALIASES, FIELDS, Mapping, Section
from data.imports.names import LOCALES
from data.imports.report import ImportReport, InputError, Progress, RowError, did_you_mean
from data.imports.tables import TOO_LONG, is_table, read_table

OPTIONS = ("sheet", "layer", "encoding", "delimiter", "crs", "date_order", "timezone", "header_row")


@dataclass(frozen=True)
class Record:
    """One row: its number, its cells, and its geometry (WGS84) when it comes from a map file."""

    row: int
    values: dict[str, Any]
    geometry: shapely.Geometry | None = None


@dataclass(frozen=True)
class Source:
    """A file as one section reads it."""

    file: str
    section: Section
    fields: dict[str, Field]
    records: list[Record]
    from_map: bool
    empty_n: int = 0

    def text(self, record: Record, name: str) -> str | None:
        found = self.fields.get(name)
        return found.text(record.values) if found else None

    def gives(self, record: Record, name: str) -> bool:
        """Whether the row tells the field at all: a column that it has, be it empty, or what the mapping says instead."""
        found = self.fields.get(name)
        return found is not None and found.given(record.values)

    def required(self, record: Record, name: str) -> str:
        """Raises RowError when the field is empty."""
        found = self.text(record, name)
        if found is None:
            raise RowError(name, "is empty" if name in self.fields else "is missing")
        return found

    def value(self, record: Record, name: str) -> Any:
        found = self.fields.get(name)
        return found.read(record.values) if found else None

    def names(self, record: Record) -> dict[str, str | None]:
        return {locale: self.text(record, f"name_{locale}") for locale in LOCALES}

    def unlocated(self, record: Record) -> bool:
        return any(condition.holds(record.values) for condition in self.section.unlocated_when)

    def skipped(self, record: Record) -> bool:
        return any(condition.holds(record.values) for condition in self.section.skip_when)


def open_sources(
    files: Sequence[Path],
    what: str,
    mapping: Mapping,
    options: dict[str, str | None],
    *,
    required: Sequence[str],
    progress: Progress | None = None,
) -> list[Source]:
    """Every file once for each section that is for it. Raises InputError."""
    if not files:
        raise InputError(f"No file of {what} is given.")
    sources: list[Source] = []
    for done, path in enumerate(files, 1):
        if not path.is_file():
            raise InputError(f"{path}: there is no such file.")
        sources += [
            _open(path, _with_options(section, options), required) for section in mapping.sections_for(what, path.name)
        ]
        if progress:
            progress("reading", done, len(files))
    return sources


def _with_options(section: Section, options: dict[str, str | None]) -> Section:
    given = {key: value for key, value in options.items() if value is not None}
    return dataclasses.replace(section, options={**section.options, **given})


def _open(path: Path, section: Section, required: Sequence[str]) -> Source:
    header_row = section.option("header_row")
    if header_row is not None and not header_row.isdigit():
        raise InputError(f"mapping: header_row has to be a row's number, not '{header_row}'.")
    empty = 0
    if is_table(path) and section.what != "areas":
        table = read_table(path, section)
        columns, records, empty = table.columns, [Record(row, values) for row, values in table.rows], table.empty_n
    elif is_features(path) and section.what in ("areas", "places"):
        found = read_features(path, section)
        columns, records = found.columns, [Record(one.row, one.values, one.geometry) for one in found.features]
    else:
        raise InputError(f"{path.name}: {section.what} are not read from such a file; see docs/own-data.md.")
    fields, section = _resolve(path.name, section, columns)
    missing = [name for name in required if name not in fields]
    if missing:
        raise InputError(
            f"{path.name}: has no column '{missing[0]}' and no mapping gives it (columns: {', '.join(columns[:30])})."
        )
    return Source(path.name, section, fields, records, is_features(path), empty)


def _resolve(file: str, section: Section, columns: tuple[str, ...]) -> tuple[dict[str, Field], Section]:
    """The mapping's fields with the file's own spelling of its columns, and our own names for those it leaves out."""
    folded = {column.casefold(): column for column in columns}

    def own(column: str, where: str) -> str:
        if column in columns:
            return column
        if column.casefold() not in folded:
            raise InputError(f"{file}: has no column '{column}' ({where}){did_you_mean(column, columns)}")
        return folded[column.casefold()]

    fields = {}
    for name, recipe in section.fields.items():
        for column in recipe.needed_columns():
            own(column, f"field '{name}'")
        fields[name] = dataclasses.replace(recipe, columns=tuple(own(column, name) for column in recipe.columns))
    for name in (*FIELDS[section.what], *(f"name_{locale}" for locale in LOCALES)):
        for column in (name, *ALIASES.get(name, ())):
            if name not in fields and column.casefold() in folded:
                fields[name] = Field(columns=(folded[column.casefold()],))

    def conditions(found: tuple[Condition, ...], where: str) -> tuple[Condition, ...]:
        return tuple(dataclasses.replace(one, column=own(one.column, where)) for one in found)

    return fields, dataclasses.replace(
        section,
        skip_when=conditions(section.skip_when, "skip_when"),
        unlocated_when=conditions(section.unlocated_when, "unlocated_when"),
    )


def walk(
    sources: Sequence[Source], report: ImportReport, progress: Progress | None = None
) -> Iterator[tuple[Source, Record]]:
    """Every record that is not left out by a condition; counts rows read, empty and skipped."""
    total = sum(len(source.records) for source in sources)
    done = 0
    for source in sources:
        if source.empty_n:
            report.notes["empty rows passed over"] += source.empty_n
        for record in source.records:
            done += 1
            report.read += 1
            if progress and (done % 2000 == 0 or done == total):
                progress("checking", done, total)
            if source.skipped(record):
                report.skipped["by skip_when of the mapping"] += 1
            elif TOO_LONG in record.values:
                report.refuse_row(source.file, record.row, RowError("row", "has more cells than there are headings"))
            else:
                yield source, record
