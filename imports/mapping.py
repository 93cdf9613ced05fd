"""The mapping file: the deployment, and how columns and values of its files become ours. See docs/own-data.md."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from data.yaml_files import YamlError, read_yaml
from geo.levels import Level
from imports.fields import Condition, Field, read_conditions, read_field
from imports.names import CODE, LOCALES, names_of
from imports.report import InputError, did_you_mean
from rules.cases import Kind

FIELDS: dict[str, tuple[str, ...]] = {
    "areas": ("code", "name", "short_name", "parent", "level", "households", "synthetic"),
    "organisations": (
        "code",
        "name",
        "kind",
        "area",
        "lon",
        "lat",
        "capacity",
        "active",
        "post",
        "duties",
    ),
    "places": ("code", "name", "category", "area", "lon", "lat"),
    "cases": (
        "case_no",
        "kind",
        "category",
        "title",
        "description",
        "severity",
        "source",
        "status",
        "open_status",
        "reported_at",
        "due_at",
        "accepted_at",
        "dispatched_at",
        "signed_at",
        "settled_at",
        "closed_at",
        "area",
        "unlocated_area",
        "lon",
        "lat",
        "organisation",
        "reason",
    ),
}
# Columns that are understood without a mapping, beside those named like the field.
ALIASES = {"parent": ("parent_code",), "area": ("area_code",), "lon": ("longitude", "lng"), "lat": ("latitude",)}
TOP_KEYS = ("deployment", "levels", "centre", "categories", "place_categories", *FIELDS)
DEPLOYMENT_KEYS = ("name", "timezone", "locale", "root")
SECTION_KEYS = (
    "file",
    "sheet",
    "layer",
    "encoding",
    "delimiter",
    "header_row",
    "crs",
    "accept_inexact",
    "date_order",
    "timezone",
    "skip_when",
    "unlocated_when",
    "dissolve",
    "distinct",
    "level",
    "feed",
    "fields",
)
LEVEL_KEYS = ("code", "names", "has_centre")
CATEGORY_KEYS = ("auto", "kind", "list")
ENTRY_KEYS = ("code", "kind", "names", "values", "three_class", "icon")


@dataclass(frozen=True)
class Entry:
    """A declared category of cases or of places; `values` are the file's words for it."""

    code: str
    names: dict[str, str]
    kind: str | None = None
    values: tuple[str, ...] = ()
    three_class: bool = False
    icon: str = "map-pin"


@dataclass(frozen=True)
class Catalogue:
    """Declared categories; with `auto` those met in the data are added, of kind `kind` where a row has none."""

    entries: tuple[Entry, ...] = ()
    auto: bool = False
    kind: str | None = None


@dataclass(frozen=True)
class Section:
    """How files of one sort are read. `file` is a pattern for the file's name."""

    what: str
    file: str = "*"
    fields: dict[str, Field] = field(default_factory=dict)
    options: dict[str, str] = field(default_factory=dict)
    skip_when: tuple[Condition, ...] = ()
    unlocated_when: tuple[Condition, ...] = ()
    dissolve: bool = False
    distinct: bool = False

    def option(self, name: str) -> str | None:
        return self.options.get(name)


def feed_of(section: Section) -> str:
    """The name of the export that a section reads: two exports do not miss each other's cases."""
    return section.option("feed") or (section.file if section.file != "*" else section.what)


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file; everything has a default, so an empty one means 'our own column names'."""

    names: dict[str, str] = field(default_factory=dict)
    timezone: str | None = None
    locale: str | None = None
    root_code: str | None = None
    root_names: dict[str, str] = field(default_factory=dict)
    levels: tuple[Level, ...] = ()
    centre_names: dict[str, str] = field(default_factory=dict)
    centre_post: str = ""
    categories: Catalogue = Catalogue()
    place_categories: Catalogue = Catalogue(auto=True)
    sections: tuple[Section, ...] = ()

    def sections_for(self, what: str, file: str) -> list[Section]:
        """The sections that read this file; our own column names when the mapping has none. Raises InputError."""
        of_kind = [section for section in self.sections if section.what == what]
        if not of_kind:
            return [Section(what)]
        fitting = [section for section in of_kind if fnmatch.fnmatch(file.lower(), section.file.lower())]
        if not fitting:
            patterns = [section.file for section in of_kind]
            raise InputError(f"mapping: no section of '{what}' is for the file {file}{did_you_mean(file, patterns)}")
        return fitting


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises InputError with one line that names the key."""
    try:
        # texts only: 0601 and NO stay
        content = read_yaml(path, loader=yaml.BaseLoader)
    except YamlError as error:
        raise InputError(f"{path}: {error}.") from error
    if not isinstance(content, dict):
        raise InputError(f"{path}: a mapping file is a mapping with {', '.join(TOP_KEYS)}.")
    return make_mapping(content)


def make_mapping(content: dict[str, Any]) -> Mapping:
    """A Mapping from the parsed YAML, in which every scalar is a text."""
    _known("the mapping", content, TOP_KEYS)
    deployment = _part("deployment", content.get("deployment"), DEPLOYMENT_KEYS)
    root = _part("deployment.root", deployment.get("root"), ("code", "name", "names"))
    centre = _part("centre", content.get("centre"), ("name", "names", "post"))
    return Mapping(
        names=_names(deployment.get("name")),
        timezone=_zone(deployment.get("timezone")),
        locale=_one_of("deployment.locale", deployment.get("locale"), LOCALES),
        root_code=_code(root.get("code")),
        root_names=_names(root.get("names") or root.get("name") or root.get("code")),
        levels=_levels(content.get("levels")),
        centre_names=_names(centre.get("names") or centre.get("name")),
        centre_post=centre.get("post", ""),
        categories=_catalogue("categories", content.get("categories"), auto=False),
        place_categories=_catalogue("place_categories", content.get("place_categories"), auto=True),
        sections=tuple(section for what in FIELDS for section in _sections(what, content.get(what))),
    )


def _sections(what: str, value: object) -> list[Section]:
    items = [value] if isinstance(value, dict) else value or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise InputError(f"mapping: '{what}' has to be a section or a list of sections.")
    return [_section(what, item) for item in items]


def _section(what: str, item: dict[str, Any]) -> Section:
    _known(f"'{what}'", item, SECTION_KEYS)
    fields = item.get("fields") or {}
    if not isinstance(fields, dict):
        raise InputError(f"mapping: 'fields' of '{what}' has to map our fields to columns.")
    for name in fields:
        if name not in FIELDS[what] and not name.startswith("name_"):
            raise InputError(f"mapping: '{what}' has no field '{name}'{did_you_mean(name, (*FIELDS[what], 'name_en'))}")
    recipes = {name: read_field(name, spec) for name, spec in fields.items()}
    if "level" in item:
        recipes["level"] = Field(value=item["level"])
    _zone(item.get("timezone"))
    _one_of(f"{what}.date_order", item.get("date_order"), ("dmy", "mdy"))
    return Section(
        what,
        file=item.get("file", "*"),
        fields=recipes,
        options={key: value for key, value in item.items() if isinstance(value, str)},
        skip_when=read_conditions(f"{what}.skip_when", item.get("skip_when")),
        unlocated_when=read_conditions(f"{what}.unlocated_when", item.get("unlocated_when")),
        dissolve=_flag(item.get("dissolve")),
        distinct=_flag(item.get("distinct")),
    )


def _levels(value: object) -> tuple[Level, ...]:
    items = value or []
    if not isinstance(items, list):
        raise InputError("mapping: 'levels' has to be a list, root first.")
    parts = [_part("levels", item, LEVEL_KEYS) for item in items]
    codes = [part.get("code", "") for part in parts]
    for code in codes:
        if not CODE.fullmatch(code) or codes.count(code) > 1:
            raise InputError(f"mapping: '{code}' is no code for a level, or stands there twice.")
    last = len(parts) - 1
    return tuple(
        Level(
            part["code"],
            depth,
            _names(part.get("names") or part["code"]),
            _flag(part["has_centre"]) if "has_centre" in part else depth == 0 or depth < last,
        )
        for depth, part in enumerate(parts)
    )


def _catalogue(where: str, value: object, *, auto: bool) -> Catalogue:
    if value is None:
        return Catalogue(auto=auto)
    if value == "auto":
        return Catalogue(auto=True)
    part: dict[str, Any] = {"list": value} if isinstance(value, list) else _part(where, value, CATEGORY_KEYS)
    return Catalogue(
        tuple(_entry(where, item) for item in part.get("list") or []),
        auto=_flag(part.get("auto")),
        kind=_one_of(f"{where}.kind", part.get("kind"), [kind.value for kind in Kind]),
    )


def _entry(where: str, item: object) -> Entry:
    part = _part(where, item, ENTRY_KEYS)
    if not part.get("code"):
        raise InputError(f"mapping: an entry of '{where}' has no code.")
    values = part.get("values") or []
    return Entry(
        part["code"],
        _names(part.get("names") or part["code"]),
        kind=_one_of(f"{where}.kind", part.get("kind"), [kind.value for kind in Kind]),
        values=tuple([values] if isinstance(values, str) else values),
        three_class=_flag(part.get("three_class")),
        icon=part.get("icon", "map-pin"),
    )


def _part(where: str, value: object, keys: tuple[str, ...]) -> dict[str, Any]:
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise InputError(f"mapping: '{where}' has to be a mapping of {', '.join(keys)}.")
    _known(f"'{where}'", value, keys)
    return value


def _known(where: str, part: dict, keys: Iterable[str]) -> None:
    for key in part:
        if key not in tuple(keys):
            raise InputError(f"mapping: {where} has the unknown key '{key}'{did_you_mean(str(key), keys)}")


def _names(value: object) -> dict[str, str]:
    """A name, or {locale: name}; the first one given serves languages without one."""
    if not value:
        return {}
    if isinstance(value, str):
        return names_of(value)
    if not isinstance(value, dict):
        raise InputError(f"mapping: '{value}' has to be a name or a name for each language.")
    return names_of(next(iter(value.values())), value)


def _flag(value: object) -> bool:
    if value is None:
        return False
    if str(value).lower() not in ("true", "false", "yes", "no"):
        raise InputError(f"mapping: '{value}' has to be true or false.")
    return str(value).lower() in ("true", "yes")


def _code(value: str | None) -> str | None:
    if value is not None and not CODE.fullmatch(value):
        raise InputError(f"mapping: '{value}' is no area code: letters, digits, '_', '.' and '-' only.")
    return value


def _zone(value: str | None) -> str | None:
    if value is not None:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise InputError(f"mapping: '{value}' is no time zone (an IANA name such as Asia/Shanghai).") from error
    return value


def _one_of(where: str, value: str | None, known: Iterable[str]) -> str | None:
    if value is not None and value not in tuple(known):
        raise InputError(f"mapping: '{value}' is unknown for {where}{did_you_mean(value, known)}")
    return value
