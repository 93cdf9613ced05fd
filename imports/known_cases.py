"""Matching of a file's rows with cases of the database, and what is kept for the next file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, text

from data import bulk
from data.sql import load
from imports.case_rows import CaseDraft
from imports.row_keys import key_of, rough_key

# As case_store gives them to rows without a number.
GENERATED = "^[0-9]{8}-.+-[0-9]{5}$"


def match(
    connection: Connection, drafts: Sequence[CaseDraft], prefecture: str, *, roughly: bool
) -> dict[int, Row[Any]]:
    """The case of each draft (by its place) that is known here: a row of match_imported_cases.sql.

    `roughly`: a row without a number that nothing else is known of is a case with the same category, time and place
    whose row has gone, if there is only one.
    """
    if any(draft.case_no is None for draft in drafts):
        _complete_keys(connection, prefecture)
    incoming = [(place, draft.case_no, draft.key, draft.feed) for place, draft in enumerate(drafts)]
    matches = _match(connection, incoming, prefecture)
    if roughly:
        lost = [place for place, draft in enumerate(drafts) if draft.key is not None and place not in matches]
        numbers = _rough_matches(connection, [(place, drafts[place]) for place in lost], matches.values(), prefecture)
        again = [(place, number, None, drafts[place].feed) for place, number in numbers.items()]
        matches |= _match(connection, again, prefecture) if again else {}
    return matches


def _match(connection: Connection, incoming: Sequence[tuple], prefecture: str) -> dict[int, Row[Any]]:
    connection.execute(text("DROP TABLE IF EXISTS incoming"))
    connection.execute(
        text(
            'CREATE TEMP TABLE incoming (ord int, case_no text COLLATE "C", row_key text COLLATE "C", feed text) ON COMMIT DROP'
        )
    )
    bulk.copy_rows(connection, "incoming", ("ord", "case_no", "row_key", "feed"), incoming)
    connection.execute(text("ANALYZE incoming"))
    rows = connection.execute(load("match_imported_cases"), {"prefecture": prefecture})
    return {row.ord: row for row in rows}


def _rough_matches(
    connection: Connection, lost: Sequence[tuple[int, CaseDraft]], met: Iterable[Row[Any]], prefecture: str
) -> dict[int, str]:
    if not lost:
        return {}
    values = {
        "prefecture": prefecture,
        "moments": list({draft.reported_at for _, draft in lost}),
        "met": [row.case_no for row in met],
    }
    left: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in connection.execute(load("list_rough_matches"), values):
        left[row.feed, *rough_key(row.category, row.reported_at, row.lon, row.lat, row.path)].append(row.case_no)
    rows: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, draft in lost:
        key = rough_key(draft.category, draft.reported_at, draft.lon, draft.lat, draft.area.path)
        rows[draft.feed, *key].append(place)
    return {places[0]: left[key][0] for key, places in rows.items() if len(places) == 1 and len(left.get(key, ())) == 1}


def _complete_keys(connection: Connection, prefecture: str) -> None:
    """Cases that came in without a number before keys were kept get theirs from what they were reported as."""
    rows = connection.execute(
        load("list_unmarked_cases"),
        {"prefecture": prefecture, "generated": GENERATED},
    ).all()
    seen: dict[str, int] = defaultdict(int)
    keys = []
    for row in rows:
        key = key_of(**{name: value for name, value in row._mapping.items() if name != "case_no"})
        seen[key] += 1
        keys.append(
            {"prefecture": prefecture, "case_no": row.case_no, "key": key if seen[key] == 1 else f"{key}:{seen[key]}"}
        )
    if keys:
        connection.execute(
            text("UPDATE case_import SET row_key = :key WHERE prefecture = :prefecture AND case_no = :case_no"), keys
        )


Met = tuple[str, str, str | None, str | None, int]


def remember(connection: Connection, met: Sequence[Met], prefecture: str, now: datetime) -> None:
    """`met`: case, feed, key, digest (None: not taken over), version of the cases that this import was about."""
    connection.execute(
        text(
            'CREATE TEMP TABLE met_case (case_no text COLLATE "C", feed text, row_key text, row_digest text, version int)'
            " ON COMMIT DROP"
        )
    )
    bulk.copy_rows(connection, "met_case", ("case_no", "feed", "row_key", "row_digest", "version"), met)
    connection.execute(text("ANALYZE met_case"))
    connection.execute(load("remember_imported_cases"), {"prefecture": prefecture, "now": now})


def mark_gone(
    connection: Connection, *, prefecture: str, feeds: Iterable[str], named: Iterable[str], unnumbered: bool
) -> list[Row[Any]]:
    """Cases of the feeds that are missing for the first time; after `remember`. `named`: numbers of rows that were left
    out. `unnumbered`: whether cases of rows without a number may be told as missing."""
    values = {"prefecture": prefecture, "feeds": list(feeds), "named": list(named), "unnumbered": unnumbered}
    return list(connection.execute(load("mark_gone_cases"), values))
