"""Fields made of a file's columns, and conditions on a row: the small language of a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from imports.cells import CellRefused, cell_text, checked
from imports.names import slug
from imports.patterns import Pattern
from imports.report import InputError, did_you_mean
from rules.identifiers import folded

Row = Mapping[str, Any]
KEYS = (
    "column",
    "columns",
    "first_of",
    "separator",
    "template",
    "value",
    "values",
    "default",
    "prefix",
    "pad",
    "replace",
    "slug",
    "format",
)
CONDITION_KEYS = ("column", "is", "not", "empty", "matches")
PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True)
class Field:
    """One field's recipe. In this order: columns or template or value, replace, values, default, pad, prefix."""

    columns: tuple[str, ...] = ()
    first_of: bool = False
    separator: str = " "
    template: str | None = None
    value: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    default: str | None = None
    prefix: str = ""
    pad: int = 0
    replace: tuple[tuple[str, str], ...] = ()
    slug: bool = False
    formats: tuple[str, ...] = ()

    def needed_columns(self) -> tuple[str, ...]:
        return self.columns if self.template is None else tuple(PLACEHOLDER.findall(self.template))

    def read(self, row: Row) -> Any:
        """The field's value: a text without blanks around, a number or a moment as a workbook holds it, or None.

        Raises CellRefused for a cell that holds an error, unless `values` of the mapping gives its meaning.
        """
        raw = self._raw(row)
        if not isinstance(raw, str) and not self._changes():
            return raw
        text = cell_text(raw)
        for old, new in self.replace:
            text = text.replace(old, new)
        if self.values:
            text = self.values.get(folded(text), text if self.default is None else "")
        if not text:
            text = self.default or ""
        if text and self.slug:
            text = slug(text)
        return self.prefix + text.rjust(self.pad, "0") if text else None

    def text(self, row: Row) -> str | None:
        return cell_text(self.read(row)) or None

    def given(self, row: Row) -> bool:
        """Whether the row has one of the columns, or none is needed; a feature may lack what others of its file have."""
        needed = self.needed_columns()
        return not needed or self.default is not None or any(column in row for column in needed)

    def _raw(self, row: Row) -> Any:
        if self.template is not None:
            return PLACEHOLDER.sub(lambda match: cell_text(self._cell(row, match[1])), self.template)
        if self.value is not None:
            return self.value
        if len(self.columns) == 1:
            return self._cell(row, self.columns[0])
        if self.first_of:
            return next((text for column in self.columns if (text := cell_text(self._cell(row, column)))), "")
        parts = [text for text in (cell_text(self._cell(row, column)) for column in self.columns) if text]
        return self.separator.join(parts)

    def _cell(self, row: Row, column: str) -> Any:
        value = row.get(column)
        try:
            return checked(value)
        except CellRefused:
            shown = cell_text(value)
            if shown and folded(shown) in self.values:
                return shown
            raise

    def _changes(self) -> bool:
        return bool(self.values or self.replace or self.prefix or self.pad or self.slug or self.default is not None)


def read_field(name: str, spec: object) -> Field:
    """A field from its YAML: a column's name, or a mapping of KEYS. Raises InputError."""
    if isinstance(spec, str):
        return Field(columns=(spec,)) if spec else Field(value="")
    if not isinstance(spec, dict):
        raise InputError(f"mapping: field '{name}' has to be a column's name or a mapping of {', '.join(KEYS)}.")
    for key in spec:
        if key not in KEYS:
            raise InputError(f"mapping: field '{name}' has the unknown key '{key}'{did_you_mean(key, KEYS)}")
    sources = [key for key in ("column", "columns", "first_of", "template", "value") if key in spec]
    if len(sources) != 1:
        raise InputError(f"mapping: field '{name}' needs one of column, columns, first_of, template, value.")
    columns = spec[sources[0]] if sources[0] in ("column", "columns", "first_of") else []
    return Field(
        columns=tuple([columns] if isinstance(columns, str) else columns),
        first_of="first_of" in spec,
        separator=spec.get("separator", " "),
        template=spec.get("template"),
        value=spec.get("value"),
        values=_texts(name, "values", spec.get("values")),
        default=spec.get("default"),
        prefix=spec.get("prefix", ""),
        pad=_whole(name, spec.get("pad", "0")),
        replace=tuple(_texts(name, "replace", spec.get("replace"), fold=False).items()),
        slug=str(spec.get("slug", "")).lower() == "true",
        formats=_list(spec.get("format")),
    )


def _texts(name: str, key: str, value: object, *, fold: bool = True) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InputError(f"mapping: '{key}' of field '{name}' has to map texts to texts.")
    return {(folded(str(old)) if fold else str(old)): str(new) for old, new in value.items()}


def _whole(name: str, text: object) -> int:
    if not str(text).isdigit():
        raise InputError(f"mapping: 'pad' of field '{name}' has to be a whole number, not '{text}'.")
    return int(str(text))


def _list(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


@dataclass(frozen=True)
class Condition:
    """True for rows whose column is one of `one_of`, none of `none_of`, empty or not, or matches a pattern."""

    column: str
    one_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = None
    empty: bool | None = None
    matches: Pattern | None = None

    def holds(self, row: Row) -> bool:
        text = cell_text(row.get(self.column))
        word = folded(text)
        return (
            (self.one_of is None or word in self.one_of)
            and (self.none_of is None or word not in self.none_of)
            and (self.empty is None or self.empty == (not text))
            and (self.matches is None or self.matches.search(text))
        )


def read_conditions(where: str, spec: object) -> tuple[Condition, ...]:
    """Conditions from YAML: a list, of which one has to hold. Raises InputError."""
    items = [spec] if isinstance(spec, dict) else spec or []
    if not isinstance(items, list):
        raise InputError(f"mapping: {where} has to be a list of conditions.")
    return tuple(_condition(where, item) for item in items)


def _condition(where: str, item: object) -> Condition:
    if not isinstance(item, dict) or "column" not in item:
        raise InputError(f"mapping: a condition of {where} needs a column.")
    for key in item:
        if key not in CONDITION_KEYS:
            raise InputError(
                f"mapping: a condition of {where} has the unknown key '{key}'{did_you_mean(key, CONDITION_KEYS)}"
            )
    if not isinstance(item["column"], str):
        raise InputError(f"mapping: 'column' of a condition of {where} has to be the name of a column.")
    pattern = Pattern(item["matches"], where) if "matches" in item else None
    empty = {"true": True, "false": False}.get(str(item.get("empty", "")).lower())
    return Condition(item["column"], _folded(item.get("is")), _folded(item.get("not")), empty, pattern)


def _folded(value: object) -> frozenset[str] | None:
    return None if value is None else frozenset(folded(text) for text in _list(value))
