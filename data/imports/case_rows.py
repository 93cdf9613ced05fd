"""From a file's row to a case: each field checked, by itself and against the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from data.imports.bodies import Bodies, Holder
from data.imports.categories import CaseCategories
from data.imports.locating import Locator, Place
from data.imports.moments import Calendar, Moment, end_of_day, read_moment, second_reading
from data.imports.records import Record, Source
from data.imports.report import ImportReport, RowError, did_you_mean
from data.imports.standing import HELD_BY_BODY, Standing, Times, stand
from data.imports.words import clean_words
from rules.cases import OPEN, Kind, Severity, Status
from rules.cases import Source as Origin

TITLE_LENGTH, DESCRIPTION_LENGTH, NUMBER_LENGTH = 120, 4000, 64
# What would break a case's address or be lost in it.
BAD_IN_NUMBER = re.compile(r"[/\\?#%\s]")
SHORTENED = re.compile(r"\d([.,]\d+)?[eE]\+\d+")
TOLD = {"accepted_at": "accept", "dispatched_at": "dispatch", "signed_at": "sign"}


class NotYet(Exception):
    """The case was reported after now."""


@dataclass
class CaseDraft:
    """A case ready to be written. `area` not a leaf = unlocated there; `lon`, `lat` only where the place is real."""

    file: str
    row: int
    case_no: str | None
    kind: str
    category: str
    title: str
    description: str
    severity: str
    source: str
    reported_at: datetime
    due_at: datetime | None
    standing: Standing
    area: Place
    lon: float | None
    lat: float | None
    centre: Holder
    holder: Holder
    reason: str | None = None


@dataclass
class CaseReader:
    """What every row is held against."""

    locator: Locator
    bodies: Bodies
    categories: CaseCategories
    calendars: dict[str, Calendar]
    now: datetime
    report: ImportReport
    _notes: list[str] = field(default_factory=list)

    def read(
        self, source: Source, record: Record, point: tuple[float, float] | None, covering: Place | None
    ) -> CaseDraft:
        """Raises RowError, or NotYet."""
        self._notes = []
        calendar = self.calendars[source.file]
        times, due = self._times(source, record, calendar)
        category, kind = self._category(source, record)
        body = source.text(record, "organisation")
        holder = self.bodies.find(body) if body else None
        standing = self._standing(source, record, times, holder)
        area, at = self._place(source, record, point, covering)
        centre = self.bodies.centre_above(area)
        title, description = self._texts(source, record, category)
        draft = CaseDraft(
            source.file,
            record.row,
            _number(source.text(record, "case_no")),
            kind,
            category,
            title,
            description,
            _member(source, record, "severity", Severity, Severity.minor),
            _member(source, record, "source", Origin, Origin.imported),
            times.reported_at,
            due if standing.status in OPEN and standing.settled_at is None else None,
            standing,
            area,
            at[0] if at else None,
            at[1] if at else None,
            centre,
            (holder or centre) if standing.status in HELD_BY_BODY else centre,
            clean_words(source.text(record, "reason"), self._notes) or None,
        )
        self.report.notes.update(self._notes)
        return draft

    def _times(self, source: Source, record: Record, calendar: Calendar) -> tuple[Times, datetime | None]:
        reported = self._moment(source, record, "reported_at", calendar)
        if reported is None:
            raise RowError("reported_at", "is empty")
        if reported.at > self.now:
            raise NotYet
        ends = {name: self._moment(source, record, name, calendar) for name in ("settled_at", "closed_at")}
        told = {
            step: moment.at for name, step in TOLD.items() if (moment := self._moment(source, record, name, calendar))
        }
        due = self._moment(source, record, "due_at", calendar)
        settled, closed = (_after(ends[name], reported, calendar) for name in ("settled_at", "closed_at"))
        return Times(reported.at, settled, closed, told), end_of_day(due, calendar) if due else None

    def _moment(self, source: Source, record: Record, name: str, calendar: Calendar) -> Moment | None:
        value = source.value(record, name)
        if value is None or value == "":
            return None
        try:
            moment = read_moment(value, calendar, source.fields[name].formats)
        except (ValueError, OverflowError) as error:
            raise RowError(name, str(error)) from None
        if moment.in_gap:
            self._notes.append("times in the hour that summer time leaves out, read as one hour later")
        return moment

    def _category(self, source: Source, record: Record) -> tuple[str, str]:
        kind = source.text(record, "kind")
        if kind is not None and kind not in {one.value for one in Kind}:
            raise RowError("kind", f"'{kind}' is unknown{did_you_mean(kind, [one.value for one in Kind])}")
        return self.categories.find(source.required(record, "category"), kind)

    def _standing(self, source: Source, record: Record, times: Times, holder: Holder | None) -> Standing:
        status = _member(source, record, "status", Status, None)
        while_open = _member(source, record, "open_status", sorted(OPEN), None)
        try:
            standing = stand(
                Status(status) if status else None,
                times,
                held=holder is not None,
                now=self.now,
                while_open=Status(while_open) if while_open else None,
            )
        except ValueError as error:
            name, _, reason = str(error).partition(": ")
            raise RowError(name, reason) from None
        if standing.note:
            self._notes.append(standing.note)
        return standing

    def _place(
        self, source: Source, record: Record, point: tuple[float, float] | None, covering: Place | None
    ) -> tuple[Place, tuple[float, float] | None]:
        """Where the case lies. Only a point inside the deployment is kept; see docs/own-data.md for the order."""
        stated = self._stated(source, record, "area")
        if source.unlocated(record):
            self._notes.append("kept as unlocated by unlocated_when of the mapping")
            vague = self._stated(source, record, "unlocated_area") or stated
            return (vague if vague and not vague.leaf else self.locator.root), None
        if point is not None and covering is not None:
            if covering.leaf or stated is None or not stated.path.startswith(covering.path):
                if stated is not None and not covering.path.startswith(stated.path):
                    self._notes.append("points outside the area stated; the point decides")
                return covering, point
            return stated, point
        self._notes.append("points outside every area" if point else "rows without a point")
        return stated or self._stated(source, record, "unlocated_area") or self.locator.root, None

    def _stated(self, source: Source, record: Record, name: str) -> Place | None:
        code = source.text(record, name)
        found = self.locator.find(code) if code else None
        if code and found is None:
            raise RowError(name, f"'{code}' is no area{did_you_mean(code, self.locator.by_code)}")
        return found

    def _texts(self, source: Source, record: Record, category: str) -> tuple[str, str]:
        title = source.text(record, "title") or source.text(record, "category") or category
        title = clean_words(" ".join(title.split()), self._notes, lines=False) or category
        description = clean_words(source.text(record, "description"), self._notes)
        if len(title) > TITLE_LENGTH:
            self._notes.append(f"titles longer than {TITLE_LENGTH} characters, continued in the description")
            title, description = title[: TITLE_LENGTH - 1] + "…", f"{title}\n{description}".strip()
        if len(description) > DESCRIPTION_LENGTH:
            self._notes.append(f"descriptions cut at {DESCRIPTION_LENGTH} characters")
        return title, description[:DESCRIPTION_LENGTH]


def _after(moment: Moment | None, reported: Moment, calendar: Calendar) -> datetime | None:
    """A time that seems to be before the report may be the second showing of the hour in which summer time ends."""
    if moment is None:
        return None
    if moment.day_only and reported.naive and moment.naive and moment.naive.date() == reported.naive.date():
        return max(moment.at, reported.at)
    return moment.at if moment.at >= reported.at else second_reading(moment, calendar)


def _member(source: Source, record: Record, name: str, known: Iterable[Any], otherwise: Any) -> Any:
    found = source.text(record, name)
    if found is None:
        return otherwise if otherwise is None else otherwise.value
    values = [one.value for one in known]
    if found.lower() not in values:
        raise RowError(name, f"'{found}' is unknown{did_you_mean(found, values)}")
    return found.lower()


def _number(found: str | None) -> str | None:
    if found is None:
        return None
    if len(found) > NUMBER_LENGTH:
        raise RowError("case_no", f"is longer than {NUMBER_LENGTH} characters")
    if SHORTENED.fullmatch(found):
        raise RowError("case_no", f"'{found}' was shortened by a spreadsheet: export the column as text")
    if BAD_IN_NUMBER.search(found):
        raise RowError(
            "case_no", f"'{found}' holds a blank or one of / \\ ? # % ('replace' in the mapping changes them)"
        )
    return found
