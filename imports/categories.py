"""Categories of cases and of places: declared, known to the database, or taken from the data."""

from __future__ import annotations

from collections.abc import Collection

import orjson
from sqlalchemy import Connection, text

from data.sql import load
from imports.mapping import Catalogue, Entry
from imports.names import names_of, slug
from imports.report import RowError, did_you_mean
from rules.cases import Kind
from rules.identifiers import folded

INSERT_CASE_CATEGORY = load("write_category")
INSERT_PLACE_CATEGORY = load("write_place_category")


class CaseCategories:
    """Finds a category by code, by any of its names, or by the words that the mapping says the file uses for it."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.kinds: dict[str, str] = {}
        self._words: dict[str, str] = {}
        self._added: dict[str, Entry] = {}
        self.met: dict[str, Entry] = {}
        rows = connection.execute(text("SELECT code, kind, names FROM category")).all()
        self._from = len(rows)
        for row in rows:
            self._learn(row.code, row.kind, row.names, ())
        for entry in catalogue.list:
            kind = self.kinds.get(entry.code) or entry.kind or catalogue.kind
            if kind:
                self._learn(entry.code, kind, entry.names, entry.values)
                self._added[entry.code] = entry.model_copy(update={"kind": kind})

    def find(self, word: str, kind: str | None) -> tuple[str, str]:
        """Code and kind. Raises RowError for an unknown one, unless new ones are taken from the data."""
        code = self._words.get(f"{kind}:{folded(word)}") or self._words.get(folded(word))
        if code and kind in (None, self.kinds[code]):
            return code, self.kinds[code]
        if not self.catalogue.auto:
            if code:
                raise RowError("kind", f"'{kind}' is not the kind of category '{word}', which is {self.kinds[code]}")
            raise RowError("category", f"'{word}' is unknown{did_you_mean(word, self.kinds)}")
        kind = kind or self.catalogue.kind
        if kind is None:
            raise RowError(
                "kind", f"is missing for the new category '{word}': give it in the row or as categories.kind"
            )
        return self._add(word, kind), kind

    def store(self, connection: Connection, used: Collection[str] | None = None) -> int:
        """Write what was declared and what was met in the data, in rows that came in (`used`); returns how many."""
        if used is not None:
            for code in self.met.keys() - used:
                del self._added[code], self.met[code]
        rows = [
            {
                "code": entry.code,
                "kind": entry.kind,
                "names": orjson.dumps(entry.names).decode(),
                "results": orjson.dumps(entry.results).decode(),
                "three_class": entry.three_class,
                "ord": self._from + place,
            }
            for place, entry in enumerate(self._added.values())
        ]
        if rows:
            connection.execute(INSERT_CASE_CATEGORY, rows)
        return len(rows)

    def _add(self, word: str, kind: str) -> str:
        code = slug(word)
        if code in self.kinds:
            code = f"{code}-{kind}"
        serial, stem = 2, code
        while code in self.kinds:
            code, serial = f"{stem}-{serial}", serial + 1
        self._added[code] = self.met[code] = Entry(code=code, names=names_of(word), kind=Kind(kind))
        self._learn(code, kind, names_of(word), (word,))
        return code

    def _learn(self, code: str, kind: str, names: dict[str, str], values: tuple[str, ...]) -> None:
        self.kinds[code] = kind
        for word in (code, *names.values(), *values):
            self._words.setdefault(folded(word), code)
            self._words.setdefault(f"{kind}:{folded(word)}", code)


class PlaceCategories:
    """The same for key places, whose categories have no kind."""

    def __init__(self, connection: Connection, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._words: dict[str, str] = {}
        self._added: dict[str, Entry] = {}
        for row in connection.execute(text("SELECT code, names FROM place_category")):
            self._learn(row.code, row.names, ())
        for entry in catalogue.list:
            self._learn(entry.code, entry.names, entry.values)
            self._added[entry.code] = entry

    def find(self, word: str) -> str:
        """Raises RowError for an unknown one, unless new ones are taken from the data."""
        code = self._words.get(folded(word))
        if code is None and not self.catalogue.auto:
            raise RowError("category", f"'{word}' is unknown{did_you_mean(word, dict.fromkeys(self._words.values()))}")
        if code is None:
            code = slug(word)
            self._added[code] = Entry(code=code, names=names_of(word))
            self._learn(code, names_of(word), (word,))
        return code

    def store(self, connection: Connection) -> int:
        rows = [
            {"code": entry.code, "names": orjson.dumps(entry.names).decode(), "icon": entry.icon}
            for entry in self._added.values()
        ]
        if rows:
            connection.execute(INSERT_PLACE_CATEGORY, rows)
        return len(rows)

    def _learn(self, code: str, names: dict[str, str], values: tuple[str, ...]) -> None:
        for word in (code, *names.values(), *values):
            self._words.setdefault(folded(word), code)
