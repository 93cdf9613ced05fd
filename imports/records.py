"""Records of files of any sort: our fields ready to be read from each row, with row number and geometry."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from imports.cells import CellRefused, cell_text
from imports.features import is_features, read_features
from imports.fields import PLACEHOLDER, Condition, Field
from imports.file_bytes import require_file
from imports.headings import Headings, heading_row
from imports.mapping import FIELDS, Mapping, Section
from imports.mended import as_written, name_of, read_again
from imports.names import LOCALES
from imports.plausibility import garbled
from imports.report import ImportReport, InputError, Progress, RowError
from imports.tables import TOO_LONG, TOTALS, Table, is_table, read_table
from imports.workbooks import Book
from rules.identifiers import normal_code, plain_text, visible

#: Texts for people: kept as they are written. All other fields are identifiers, numbers or words of a list.
FOR_PEOPLE = ("name", "short_name", "title", "description", "reason", "post")
CODE_OR_NAME = ("parent", "level", "area", "unlocated_area", "organisation", "duties", "category")
NUMBERED = ("code", "case_no", "parent", "area", "unlocated_area", "organisation")
SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+\d+")


@dataclass(frozen=True)
class Record:
    """One row: its number, its cells, and its geometry (WGS84) when it comes from a map file."""

    row: int
    values: dict[str, Any]
    geometry: shapely.Geometry | None = None
    fault: str = ""


@dataclass(frozen=True)
class Source:
    """A file as one section reads it."""

    file: str
    section: Section
    fields: dict[str, Field]
    records: list[Record]
    from_map: bool
    empty_n: int = 0
    notes: Counter[str] = dataclasses.field(default_factory=Counter)

    def text(self, record: Record, name: str) -> str | None:
        """The field as text; identifiers in their one spelling. Raises RowError for cells that must not be taken."""
        return _spelt(name, cell_text(self.value(record, name))) or None

    def gives(self, record: Record, name: str) -> bool:
        """Whether the row has the field at all: a column, be it empty, or what the mapping says instead."""
        field = self.fields.get(name)
        return field is not None and field.given(record.values)

    def required(self, record: Record, name: str) -> str:
        """Raises RowError when the field is empty."""
        value = self.text(record, name)
        if value is None:
            raise RowError(name, "is empty" if name in self.fields else "is missing")
        return value

    def value(self, record: Record, name: str) -> Any:
        """The field as the file holds it. Raises RowError as `text`."""
        field = self.fields.get(name)
        if field is None:
            return None
        try:
            value = field.read(record.values)
        except CellRefused as error:
            raise RowError(name, str(error)) from None
        if isinstance(value, str) and (better := garbled(value)) is not None:
            meant = f": it was '{better[:40]}'" if better else ""
            raise RowError(name, f"'{value[:40]}' was read in a wrong encoding before it came here{meant}")
        return value

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
    may_be_empty: bool = False,
    progress: Progress | None = None,
) -> list[Source]:
    """Every file once for each section that is for it. Raises InputError, also for one without rows unless it `may_be_empty`."""
    if not files:
        raise InputError(f"No file of {what} is given.")
    sources: list[Source] = []
    for done, path in enumerate(files, 1):
        require_file(path)
        opened = list(_sources(path, what, mapping, options, required))
        if not may_be_empty and any(not source.records for source in opened):
            raise InputError(f"{path.name}: has headings and no rows; there is nothing to read.")
        sources += opened
        if progress:
            progress("reading", done, len(files))
    return sources


def _sources(
    path: Path, what: str, mapping: Mapping, options: dict[str, str | None], required: Sequence[str]
) -> Iterator[Source]:
    """The file once for each section that is for it; a table of bad rows as the file that its rows are from."""
    origin = name_of(path) if is_table(path) else None
    for section in mapping.sections_for(what, origin or path.name):
        if origin is None:
            yield _open(path, _with_options(section, options), required)
            continue
        source = _open(path, _with_options(as_written(section), options), required)
        records = [dataclasses.replace(record, values=read_again(record.values)) for record in source.records]
        yield dataclasses.replace(source, records=records)


def _with_options(section: Section, options: dict[str, str | None]) -> Section:
    given = {key: value for key, value in options.items() if value is not None}
    return section.model_copy(update=given)


def _open(path: Path, section: Section, required: Sequence[str]) -> Source:
    header_row = section.header_row
    if header_row is not None and not header_row.isdigit():
        raise InputError(f"mapping: header_row has to be a row's number, not '{header_row}'.")
    table, empty = None, 0
    if is_table(path) and section.what != "areas":
        table = read_table(path, section, _looked_for(section, required))
        columns, records = table.columns, [Record(row, values) for row, values in table.rows]
        empty, notes = table.empty_n, table.notes
    elif is_features(path) and section.what in ("areas", "places"):
        features = read_features(path, section)
        columns, notes = features.columns, features.notes
        records = [Record(one.row, one.values, one.geometry, one.fault) for one in features.features]
    else:
        raise InputError(f"{path.name}: {section.what} are not read from such a file; see docs/own-data.md.")
    try:
        fields, section = _resolve(path.name, section, columns)
        _require_columns(path.name, fields, columns, required)
    except InputError as error:
        raise InputError(f"{error}{_hint(path, section, table, required)}") from None
    return Source(path.name, section, fields, records, is_features(path), empty, notes)


def _require_columns(file: str, fields: dict[str, Field], columns: tuple[str, ...], required: Sequence[str]) -> None:
    missing = [name for name in required if name not in fields]
    if missing:
        raise InputError(
            f"{file}: has no column '{missing[0]}' and no mapping gives it (columns: {', '.join(columns[:30])})."
        )


def _looked_for(section: Section, required: Sequence[str]) -> list[frozenset[str]]:
    """For each field that has to be there the columns of which one would do."""
    wanted = []
    for name in required:
        recipe = section.fields.get(name)
        if recipe is None:
            wanted.append(Headings.known_as(name))
        else:
            wanted += [Headings.spelt(column) for column in recipe.needed_columns()]
    return wanted


def _hint(path: Path, section: Section, table: Table | None, required: Sequence[str]) -> str:
    """Where the missing headings are: in a row further down, or on another sheet."""
    looked_for = _looked_for(section, required)
    if table is None or not looked_for:
        return ""
    row = heading_row(table.head, looked_for)
    if row is not None:
        return f" But row {row} looks like the headings: use header_row: {row} in the mapping."
    if path.name.lower().endswith((".xlsx", ".xlsm")):
        sheets = [name for name in Book(path).having(looked_for) if name != section.sheet]
        if sheets:
            return f" But sheet {sheets[0]} has it: use --sheet {sheets[0]}."
    return ""


def _resolve(file: str, section: Section, columns: tuple[str, ...]) -> tuple[dict[str, Field], Section]:
    """The mapping's fields with the file's own spelling of its columns, and our own names for those it leaves out."""
    headings = Headings(file, columns)
    fields = {}
    for name, recipe in section.fields.items():
        for column in recipe.needed_columns():
            headings.own(column, f"field '{name}'")
        fields[name] = dataclasses.replace(
            recipe, columns=tuple(headings.own(column, name) for column in recipe.columns), template=_template(recipe, headings)
        )
    for name in (*FIELDS[section.what], *(f"name_{locale}" for locale in LOCALES)):
        if name not in fields and (own := headings.named(name)) is not None:
            fields[name] = Field(columns=(own,))

    def conditions(given: tuple[Condition, ...], where: str) -> tuple[Condition, ...]:
        return tuple(dataclasses.replace(one, column=headings.own(one.column, where)) for one in given)

    where = {name: conditions(getattr(section, name), name) for name in ("skip_when", "unlocated_when")}
    return fields, section.model_copy(update=where)


def _template(recipe: Field, headings: Headings) -> str | None:
    if recipe.template is None:
        return None
    return PLACEHOLDER.sub(lambda match: "{" + headings.own(match[1], "template") + "}", recipe.template)


def _spelt(name: str, text: str) -> str:
    """One spelling for what is compared: no hidden letters, full-width as half-width. Raises RowError."""
    if name.startswith("name_") or name in FOR_PEOPLE:
        return plain_text(text)
    normal = normal_code(text)
    if name in NUMBERED and SHORTENED.fullmatch(normal):
        raise RowError(name, f"'{normal}' was shortened by a spreadsheet: export the column as text")
    return visible(text) if name in CODE_OR_NAME and not normal.isascii() else normal


def walk(
    sources: Sequence[Source], report: ImportReport, progress: Progress | None = None
) -> Iterator[tuple[Source, Record]]:
    """Every record that is not left out by a condition; counts rows read, empty and skipped."""
    report.sources = list(sources)
    total = sum(len(source.records) for source in sources)
    done = 0
    for source in sources:
        if source.empty_n:
            report.notes["empty rows passed over"] += source.empty_n
        report.notes.update(source.notes)
        for record in source.records:
            done += 1
            report.read += 1
            if progress and (done % 2000 == 0 or done == total):
                progress("checking", done, total)
            if source.skipped(record):
                report.skipped["by skip_when of the mapping"] += 1
            elif TOO_LONG in record.values:
                report.refuse_row(source.file, record.row, RowError("row", "has more cells than there are headings"))
            elif TOTALS in record.values:
                reason = f"looks like a row of totals ('{record.values[TOTALS]}'): delete it, or leave it out by skip_when"
                report.refuse_row(source.file, record.row, RowError("row", reason))
            elif record.fault:
                report.refuse_row(source.file, record.row, RowError("geometry", record.fault))
            else:
                yield source, record
