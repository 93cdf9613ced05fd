"""The rule by which grids get their tiers: a document that a deployment sets, checked before it is used.

The document has the shape of the interface (`factors`, `thresholds`, `hysteresis`, `upper`). No factor is known to the
program by its name: what counts is what its sources say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rules.cases import Kind, Severity, Source
from rules.errors import Fault

MOST_FACTORS = 24
MOST_SOURCES = 20
LONGEST_NAME = 40
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
#: Under this much exposure a rate would be a matter of chance: an area with less is counted as if it had so much.
SMALLEST = {"households": 50.0, "residents": 150.0, "area": 0.1, "none": 1.0}
#: What a rate is per: 1,000 households, 1,000 residents, one km².
PER = {"households": 1000.0, "residents": 1000.0, "area": 1.0, "none": 1.0}


class Exposure(StrEnum):
    households = "households"
    residents = "residents"
    area = "area"
    none = "none"


class Origin(StrEnum):
    """Where a factor's amount comes from: cases, key places, the support caseload, an imported column of the areas."""

    cases = "cases"
    places = "places"
    caseload = "caseload"
    column = "column"


#: For each origin the keys that narrow it, and the values that are known for them (None: the deployment's own).
NARROWED: dict[Origin, dict[str, frozenset[str] | None]] = {
    Origin.cases: {
        "kinds": frozenset(Kind),
        "categories": None,
        "reported_by": frozenset(Source),
        "severities": frozenset(Severity),
    },
    Origin.places: {"categories": None},
    Origin.caseload: {},
    Origin.column: {},
}


@dataclass(frozen=True)
class FactorSource:
    """One thing that a factor counts. Lists that are empty do not narrow. `three_classes`: cases of the three case classes
    alone. `people`: the column counts people."""

    origin: Origin
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    reported_by: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    three_classes: bool = False
    column: str = ""
    people: bool = False

    @property
    def counts_people(self) -> bool:
        return self.origin == Origin.caseload or self.people


@dataclass(frozen=True)
class FactorRule:
    """`weight`: the most it can add to the score; `half_rate`: the rate that gives half of it; `settled_share`: what a
    settled case counts of what it counted open; `names`: by locale."""

    factor: str
    sources: tuple[FactorSource, ...]
    weight: float
    half_rate: float
    half_life_days: float | None
    exposure: Exposure
    names: Mapping[str, str]
    settled_share: float = 1.0

    @property
    def counts_people(self) -> bool:
        return any(source.counts_people for source in self.sources)

    def name(self, locale: str) -> str:
        return self.names.get(locale) or next(iter(self.names.values()), self.factor)


@dataclass(frozen=True)
class TierRule:
    """`hysteresis`: how far under its threshold a score must fall before a tier is left. `upper_...`: the shares of grids
    that colour an area above them."""

    factors: tuple[FactorRule, ...]
    key_from: float
    watch_from: float
    hysteresis: float
    upper_key_share: float
    upper_watch_share: float
    upper_raised_share: float

    def factor(self, name: str) -> FactorRule:
        return next(one for one in self.factors if one.factor == name)


#: What can be wrong with a part of a document.
FAULTS = (
    *("missing", "strange", "keys", "list", "count", "number", "at_least", "above", "at_most", "code", "twice", "one_of"),
    *("names", "unknown", "word", "flag", "crossed", "never_left", "out_of_reach"),
)


class RuleFaults(Exception):
    """The document cannot be a rule; `faults` says field by field why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{one.field}: {one.code}" for one in faults))
        self.faults = tuple(faults)


def parse(
    document: object,
    *,
    categories: Sequence[str] = (),
    place_categories: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> TierRule:
    """The rule that a document says. `categories` and so on: what the deployment has; empty: not compared.

    Raises RuleFaults with every fault there is.
    """
    reader = _Reader({"cases": frozenset(categories), "places": frozenset(place_categories)}, frozenset(columns))
    rule = reader.rule(document)
    if reader.faults or rule is None:
        raise RuleFaults(reader.faults)
    return rule


def document(rule: TierRule) -> dict[str, Any]:
    """The document that says this rule."""
    return {
        "factors": [_factor_document(one) for one in rule.factors],
        "thresholds": {"key": rule.key_from, "watch": rule.watch_from},
        "hysteresis": rule.hysteresis,
        "upper": {
            "key_share": rule.upper_key_share,
            "watch_share": rule.upper_watch_share,
            "raised_share": rule.upper_raised_share,
        },
    }


def _factor_document(one: FactorRule) -> dict[str, Any]:
    return {
        "factor": one.factor,
        "names": dict(one.names),
        "sources": [_source_document(source) for source in one.sources],
        "weight": one.weight,
        "half_life_days": one.half_life_days,
        "half_rate": one.half_rate,
        "settled_share": one.settled_share,
        "exposure": one.exposure.value,
    }


def _source_document(source: FactorSource) -> dict[str, Any]:
    said: dict[str, Any] = {"from": source.origin.value}
    said.update({key: list(values) for key in NARROWED[source.origin] if (values := getattr(source, key))})
    if source.three_classes:
        said["three_classes"] = True
    if source.origin == Origin.column:
        said.update({"column": source.column, "people": source.people})
    return said


class _Reader:
    """Reads a document part by part and notes what is wrong with each."""

    def __init__(self, categories: Mapping[str, frozenset[str]], columns: frozenset[str]) -> None:
        self.categories, self.columns = categories, columns
        self.faults: list[Fault] = []

    def fault(self, field: str, code: str, **values: Any) -> None:
        self.faults.append(Fault(field, code, values))

    def rule(self, said: object) -> TierRule | None:
        top = self.keys(said, "", ("factors", "thresholds", "hysteresis", "upper"))
        if top is None:
            return None
        factors = tuple(self.factors(top.get("factors")))
        thresholds = self.keys(top.get("thresholds"), "thresholds", ("key", "watch")) or {}
        upper = self.keys(top.get("upper"), "upper", ("key_share", "watch_share", "raised_share")) or {}
        key_from = self.number(thresholds.get("key"), "thresholds.key", above=0)
        watch_from = self.number(thresholds.get("watch"), "thresholds.watch", above=0)
        hysteresis = self.number(top.get("hysteresis"), "hysteresis", least=0)
        shares = [
            self.number(upper.get(name), f"upper.{name}", above=0, most=1)
            for name in ("key_share", "watch_share", "raised_share")
        ]
        if not self.faults:
            self.together(factors, key_from, watch_from, hysteresis)
        return TierRule(factors, key_from, watch_from, hysteresis, *shares)

    def together(self, factors: Sequence[FactorRule], key_from: float, watch_from: float, hysteresis: float) -> None:
        if key_from <= watch_from:
            self.fault("thresholds", "crossed", key=key_from, watch=watch_from)
        elif hysteresis >= watch_from:
            self.fault("hysteresis", "never_left", watch=watch_from)
        most = sum(one.weight for one in factors)
        if key_from > most:
            self.fault("thresholds.key", "out_of_reach", key=key_from, most=most)

    def factors(self, said: object) -> Iterator[FactorRule]:
        entries = self.entries(said, "factors", MOST_FACTORS)
        seen: set[str] = set()
        for at, entry in enumerate(entries):
            field = f"factors.{at + 1}"
            found = self.factor(entry, field)
            if found is None:
                continue
            if found.factor in seen:
                self.fault(f"{field}.factor", "twice", value=found.factor)
            seen.add(found.factor)
            yield found

    def factor(self, said: object, field: str) -> FactorRule | None:
        wanted = ("factor", "sources", "weight", "half_rate", "exposure")
        keys = self.keys(said, field, wanted, may=("names", "half_life_days", "settled_share"))
        if keys is None:
            return None
        code = keys.get("factor")
        if not isinstance(code, str) or not CODE.fullmatch(code):
            self.fault(f"{field}.factor", "code")
            code = ""
        half_life = keys.get("half_life_days")
        return FactorRule(
            factor=code,
            sources=tuple(self.sources(keys.get("sources"), f"{field}.sources")),
            weight=self.number(keys.get("weight"), f"{field}.weight", least=0),
            half_rate=self.number(keys.get("half_rate"), f"{field}.half_rate", above=0),
            half_life_days=None if half_life is None else self.number(half_life, f"{field}.half_life_days", above=0),
            exposure=self.exposure(keys.get("exposure"), f"{field}.exposure"),
            names=self.names(keys.get("names"), f"{field}.names"),
            settled_share=self.number(keys.get("settled_share"), f"{field}.settled_share", least=0, most=1),
        )

    def exposure(self, said: object, field: str) -> Exposure:
        if said not in list(Exposure):
            self.fault(field, "one_of", value=said, known=", ".join(Exposure))
            return Exposure.none
        return Exposure(str(said))

    def names(self, said: object, field: str) -> dict[str, str]:
        if said is None:
            return {}
        if not isinstance(said, Mapping) or not all(
            isinstance(key, str) and isinstance(name, str) and 0 < len(name.strip()) <= LONGEST_NAME
            for key, name in said.items()
        ):
            self.fault(field, "names", most=LONGEST_NAME)
            return {}
        return {str(key): str(name).strip() for key, name in said.items()}

    def sources(self, said: object, field: str) -> Iterator[FactorSource]:
        for at, entry in enumerate(self.entries(said, field, MOST_SOURCES)):
            found = self.source(entry, f"{field}.{at + 1}")
            if found is not None:
                yield found

    def source(self, said: object, field: str) -> FactorSource | None:
        origin = said.get("from") if isinstance(said, Mapping) else None
        if origin not in list(Origin):
            self.fault(f"{field}.from", "one_of", value=origin, known=", ".join(Origin))
            return None
        origin = Origin(str(origin))
        narrowed = NARROWED[origin]
        more = {Origin.cases: ("three_classes",), Origin.column: ("people",)}.get(origin, ())
        needed = ("from", "column") if origin == Origin.column else ("from",)
        keys = self.keys(said, field, needed, may=(*narrowed, *more))
        if keys is None:
            return None
        lists = {key: self.list_of(keys.get(key), f"{field}.{key}", origin, known) for key, known in narrowed.items()}
        return FactorSource(
            origin,
            **lists,
            three_classes=self.flag(keys.get("three_classes"), f"{field}.three_classes"),
            column=self.column(keys.get("column"), f"{field}.column") if origin == Origin.column else "",
            people=self.flag(keys.get("people"), f"{field}.people"),
        )

    def list_of(self, said: object, field: str, origin: Origin, known: frozenset[str] | None) -> tuple[str, ...]:
        if said is None:
            return ()
        if not isinstance(said, list) or not said or not all(isinstance(one, str) for one in said):
            self.fault(field, "list")
            return ()
        known = self.categories[origin] if known is None else known
        strange = [one for one in said if known and one not in known]
        if strange:
            self.fault(field, "unknown", value=", ".join(strange))
        return tuple(dict.fromkeys(said))

    def column(self, said: object, field: str) -> str:
        if not isinstance(said, str) or not said.strip():
            self.fault(field, "word")
            return ""
        if self.columns and said not in self.columns:
            self.fault(field, "unknown", value=said)
        return said

    def flag(self, said: object, field: str) -> bool:
        if said is not None and not isinstance(said, bool):
            self.fault(field, "flag")
        return said is True

    def keys(
        self, said: object, field: str, needed: Sequence[str], *, may: Sequence[str] = ()
    ) -> Mapping[str, Any] | None:
        if not isinstance(said, Mapping):
            self.fault(field or "rule", "missing" if said is None else "keys")
            return None
        prefix = f"{field}." if field else ""
        for name in said:
            if name not in (*needed, *may):
                self.fault(f"{prefix}{name}", "strange")
        for name in needed:
            if said.get(name) is None:
                self.fault(f"{prefix}{name}", "missing")
        return said

    def entries(self, said: object, field: str, most: int) -> Sequence[Any]:
        if not isinstance(said, list):
            if said is not None:
                self.fault(field, "list")
            return ()
        if not 0 < len(said) <= most:
            self.fault(field, "count", most=most)
        return said[:most]

    def number(
        self, said: object, field: str, *, least: float | None = None, above: float | None = None, most: float = 1e9
    ) -> float:
        """Noted already where it is missing."""
        if said is None:
            return 1.0
        if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
            self.fault(field, "number", value=str(said)[:40])
            return 1.0
        if (least is not None and said < least) or (above is not None and said <= above) or said > most:
            too_low = ("at_least", least) if least is not None else ("above", above)
            code, bound = ("at_most", most) if said > most else too_low
            self.fault(field, code, value=said, bound=bound)
        return float(said)
