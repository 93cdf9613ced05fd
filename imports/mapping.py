"""The mapping file: the deployment, and how columns and values of its files become ours. See docs/own-data.md."""

from __future__ import annotations

import fnmatch
import re
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, get_args
from zoneinfo import ZoneInfo

import pydantic
import yaml
from pydantic import AfterValidator, BeforeValidator, ValidationInfo, field_validator, model_validator

from data.calendar import working_calendar
from data.yaml_files import Part, YamlError, fault_of, read_yaml
from geo.levels import Level
from imports.fields import Condition, Field, read_conditions, read_field
from imports.names import CODE, names_of
from imports.report import InputError, did_you_mean
from rules.cases import Kind, Source
from rules.own_words import KEYS
from rules.own_words import fault_of as fault_of_words

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


def _names(said: object, info: ValidationInfo) -> object:
    """A name, or {locale: name}; the first one given serves languages without one, the code what has none at all."""
    said = said or info.data.get("code") or {}
    if isinstance(said, str):
        return names_of(said)
    return names_of(next(iter(said.values())), said) if isinstance(said, dict) and said else said


def _code(said: str) -> str:
    if not CODE.fullmatch(said):
        raise ValueError(f"'{said}' is no code: letters, digits, '_', '.' and '-' only")
    return said


def _zone(said: str) -> str:
    try:
        return ZoneInfo(said).key
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{said}' is no time zone (an IANA name such as Asia/Shanghai)") from error


Locale = Literal["zh_CN", "en"]
Names = Annotated[dict[str, str], BeforeValidator(_names), pydantic.Field(validate_default=True)]
Code = Annotated[str, AfterValidator(_code)]
Zone = Annotated[str, AfterValidator(_zone)]
Texts = Annotated[tuple[str, ...], BeforeValidator(lambda said: [said] if said and isinstance(said, str) else said or ())]


class Keys(Part):
    """Keys and values, every scalar a text; a key that is not known is refused with a guess at what was meant."""

    model_config = pydantic.ConfigDict(use_enum_values=True)

    @model_validator(mode="before")
    @classmethod
    def _known(cls, said: Any) -> Any:
        said, known = {} if said in (None, "") else said, tuple(cls.model_fields)
        if not isinstance(said, dict):
            raise ValueError(f"has to be a mapping of {', '.join(known)}")
        for key in said:
            if key not in known:
                raise ValueError(f"has the unknown key '{key}'{did_you_mean(str(key), known)}")
        return said


class Entry(Keys):
    """A declared category of cases or of places; `values` are the file's words for it, `results` quick phrases for the
    result of a settlement, by language."""

    code: Annotated[str, pydantic.Field(min_length=1)]
    kind: Kind | None = None
    names: Names = {}
    values: Texts = ()
    results: Annotated[dict[str, Texts], BeforeValidator(lambda said: said or {})] = {}
    three_class: bool = False
    icon: str = "map-pin"


class Catalogue(Keys):
    """Declared categories; with `auto` those met in the data are added, of kind `kind` where a row has none."""

    auto: bool = False
    kind: Kind | None = None
    list: Annotated[tuple[Entry, ...], BeforeValidator(lambda said: said or ())] = ()

    @model_validator(mode="before")
    @classmethod
    def _short(cls, said: Any) -> Any:
        return {"auto": True} if said == "auto" else {"list": said} if isinstance(said, list) else said


class Section(Keys):
    """How files of one sort are read. `file` is a pattern for the file's name."""

    what: ClassVar[str]
    file: str = "*"
    sheet: str | None = None
    layer: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: str | None = None
    crs: str | None = None
    accept_inexact: str | None = None
    date_order: Literal["dmy", "mdy"] | None = None
    timezone: Zone | None = None
    skip_when: tuple[Condition, ...] = ()
    unlocated_when: tuple[Condition, ...] = ()
    dissolve: bool = False
    distinct: bool = False
    level: str | None = None
    feed: str | None = None
    fields: Annotated[dict[str, Field], pydantic.Field(validate_default=True)] = {}

    @field_validator("skip_when", "unlocated_when", mode="plain")
    @classmethod
    def _conditions(cls, said: object, info: ValidationInfo) -> tuple[Condition, ...]:
        return read_conditions(f"{cls.what}.{info.field_name}", said)

    @field_validator("fields", mode="plain")
    @classmethod
    def _recipes(cls, said: Any, info: ValidationInfo) -> dict[str, Field]:
        if not isinstance(said or {}, dict):
            raise ValueError("has to map our fields to columns")
        known = FIELDS[cls.what]
        for name in said or ():
            if name not in known and not name.startswith("name_"):
                raise ValueError(f"there is no field '{name}'{did_you_mean(name, (*known, 'name_en'))}")
        level = info.data.get("level")
        constant = {} if level is None else {"level": Field(value=level)}
        return {name: read_field(name, spec) for name, spec in (said or {}).items()} | constant


class AreaSection(Section):
    what = "areas"


class OrganisationSection(Section):
    what = "organisations"


class PlaceSection(Section):
    what = "places"


class CaseSection(Section):
    what = "cases"


def feed_of(section: Section) -> str:
    """The name of the export that a section reads: two exports do not miss each other's cases."""
    return section.feed or (section.file if section.file != "*" else section.what)


class Root(Keys):
    name: Names = {}
    names: Names = {}
    code: Code | None = None


def _in_all(said: object) -> object:
    """Words without a language are said in each."""
    if not isinstance(said, dict):
        return said or {}
    return {key: dict.fromkeys(get_args(Locale), one) if isinstance(one, str) else one for key, one in said.items()}


def _own_words(said: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    for key, names in said.items():
        for words in names.values():
            fault = fault_of_words(key, words)
            if fault:
                raise ValueError(f"{fault}{did_you_mean(key, KEYS)}" if key not in KEYS else fault)
    return said


def _calendar(said: str | None) -> str | None:
    """As GRIDBOARD_CALENDAR; what no calendar is known of is refused here, not at the next start."""
    if said is None or said == "none":
        return said
    try:
        working_calendar(ZoneInfo("UTC"), country=said.upper())
    except ValueError as error:
        raise ValueError(f"'{said}': {error}") from error
    return said.upper()


class Deployment(Keys):
    name: Names = {}
    words: Annotated[dict[str, dict[Locale, str]], BeforeValidator(_in_all), AfterValidator(_own_words)] = {}
    sources: tuple[Source, ...] = ()
    calendar: Annotated[str | None, AfterValidator(_calendar)] = None
    timezone: Zone | None = None
    locale: Locale | None = None
    root: Root = Root()


class DeclaredLevel(Keys):
    code: Code
    names: Names = {}
    has_centre: bool | None = None


class Centre(Keys):
    name: Names = {}
    names: Names = {}
    post: str = ""


class Mapping(Keys):
    """A whole mapping file; everything has a default, so an empty one means 'our own column names'."""

    deployment: Deployment = Deployment()
    levels: Annotated[tuple[DeclaredLevel, ...], BeforeValidator(lambda said: said or ())] = ()
    centre: Centre = Centre()
    categories: Catalogue = Catalogue()
    place_categories: Catalogue = Catalogue(auto=True)
    areas: tuple[AreaSection, ...] = ()
    organisations: tuple[OrganisationSection, ...] = ()
    places: tuple[PlaceSection, ...] = ()
    cases: tuple[CaseSection, ...] = ()

    @field_validator(*FIELDS, mode="before")
    @classmethod
    def _one_or_more(cls, said: object) -> object:
        return [said] if isinstance(said, dict) else said or ()

    @field_validator("levels")
    @classmethod
    def _unlike(cls, levels: tuple[DeclaredLevel, ...]) -> tuple[DeclaredLevel, ...]:
        codes = [level.code for level in levels]
        if len({*codes}) < len(codes):
            raise ValueError(f"'{max(codes, key=codes.count)}' stands there twice")
        return levels

    def declared_levels(self) -> tuple[Level, ...]:
        """With centres on all but the lowest, where nothing else is said."""
        has_centre = [depth == 0 or depth < len(self.levels) - 1 for depth in range(len(self.levels))]
        return tuple(
            Level(one.code, depth, one.names, has_centre[depth] if one.has_centre is None else one.has_centre)
            for depth, one in enumerate(self.levels)
        )

    def sections_for(self, what: str, file: str) -> list[Section]:
        """The sections that read this file; our own column names when the mapping has none. Raises InputError."""
        of_kind: tuple[Section, ...] = getattr(self, what)
        if not of_kind:
            return [next(kind() for kind in Section.__subclasses__() if kind.what == what)]
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
        raise InputError(f"{path}: a mapping file is a mapping with {', '.join(Mapping.model_fields)}.")
    return make_mapping(content)


def make_mapping(content: dict[str, Any]) -> Mapping:
    """A Mapping from the parsed YAML, in which every scalar is a text. Raises InputError."""
    try:
        return Mapping.model_validate(content)
    except pydantic.ValidationError as error:
        where, words = fault_of(error)
        where, fault = where.replace(".list", ""), error.errors(include_url=False)[0]
        if fault["type"] in ("enum", "literal_error"):
            known = re.findall(r"'(.+?)'", fault["ctx"]["expected"])
            hint = did_you_mean(str(fault["input"]), known)
            raise InputError(f"mapping: '{fault['input']}' is unknown for {where}{hint}") from error
        raise InputError(": ".join(filter(None, ("mapping", where, words)))) from error
