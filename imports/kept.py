"""Merging of a row with the database: an absent column changes nothing, an empty one empties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import shapely

from imports.names import LOCALES, names_of
from imports.records import Record, Source
from imports.report import ImportReport

#: Degrees, about a millimetre: what another program's rounding may do to an outline that nobody has moved.
SAME_PLACE = 1e-8


def told_names(source: Source, record: Record) -> dict[str, str | None]:
    """The translations that the row has, None for an empty cell; a language without a column is not in it."""
    return {
        locale: source.text(record, f"name_{locale}")
        for locale in LOCALES
        if source.gives(record, f"name_{locale}")
    }


def names_after(
    name: str | None, given: Mapping[str, str | None], before: str, names_before: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Name and names of something known after a row that has `name` (None: it has none) and some translations.

    A language that had only the old name, having none of its own, gets the new one.
    """
    new = before if name is None else name
    names = {locale: new if text == before else text for locale, text in names_before.items()}
    return new, {**names_of(new), **names, **{locale: text or new for locale, text in given.items()}}


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The columns of `after` that `before` has otherwise."""
    return [column for column, value in after.items() if before.get(column) != value]


def count_change(report: ImportReport, columns: list[str]) -> bool:
    """Count a known row as updated with its columns, or as unchanged; whether it has to be written."""
    if not columns:
        report.unchanged += 1
        return False
    report.updated += 1
    report.changed.update(columns)
    return True


def same_outline(before: shapely.Geometry, after: shapely.Geometry) -> bool:
    """Whether two outlines are one, wherever their rings begin and whichever way they run."""
    if shapely.get_num_coordinates(before) != shapely.get_num_coordinates(after):
        return False
    return bool(shapely.equals_exact(shapely.normalize(before), shapely.normalize(after), SAME_PLACE))
