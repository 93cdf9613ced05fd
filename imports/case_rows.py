"""Cases from rows of a file: each field checked, by itself and against the others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from imports.categories import CaseCategories
from imports.holders import Holder, Holders
from imports.locating import Locator, Place
from imports.mapping import feed_of
from imports.moments import Calendar, Moment, end_of_day, read_moment, second_reading
from imports.records import Record, Source
from imports.report import ImportReport, RowError, did_you_mean
from imports.row_faults import RowFaults
from imports.standing import HELD_BY_ORGANISATION, Standing, Times, stand
from imports.words import clean_words
from rules.cases import AT_WORK, OPEN, Kind, Severity, Status
from rules.cases import Source as Origin

TITLE_LENGTH, DESCRIPTION_LENGTH, NUMBER_LENGTH = 120, 4000, 64
# What would break a case's address or be lost in it.
BAD_IN_NUMBER = re.compile(r"[/\\?#%\s]")
ENDS = ("settled_at", "closed_at")
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
    feed: str = ""
    key: str | None = None


@dataclass
class CaseReader:
    """What every row is held against."""

    locator: Locator
    organisations: Holders
    categories: CaseCategories
    calendars: dict[str, Calendar]
    now: datetime
    report: ImportReport
    _notes: list[str] = field(default_factory=list)
    _places: dict[str, list[Place]] = field(default_factory=dict)
    _hints: dict[str, str] = field(default_factory=dict)

    def read(
        self, source: Source, record: Record, point: tuple[float, float] | None, covering: Place | None
    ) -> CaseDraft:
        """Raises RowError with all that is wrong with the row, or NotYet."""
        self._notes, faults = [], RowFaults()
        times, due = self._times(source, record, self.calendars[source.file], faults)
        number = faults.read(_number, source, record)
        category, kind = faults.read(self._category, source, record) or ("", "")
        organisation = faults.read(source.text, record, "organisation")
        holder = faults.read(self.organisations.find, organisation) if organisation else None
        statuses = faults.read(_statuses, source, record)
        area, at = faults.read(self._place, source, record, point, covering) or (self.locator.root, None)
        severity = faults.read(_member, source, record, "severity", Severity, Severity.minor)
        origin = faults.read(_member, source, record, "source", Origin, Origin.imported)
        standing = faults.read(self._standing, statuses, times, holder) if times and statuses else None
        title, description = faults.read(self._texts, source, record, category) or ("", "")
        reason = clean_words(faults.read(source.text, record, "reason"), self._notes) or None
        faults.require_none()
        assert standing is not None and times is not None  # noqa: S101 (else there was a fault)
        centre = self.organisations.centre_above(area)
        for words in dict.fromkeys(self._notes):
            self.report.note(words, source.file, record.row)
        return CaseDraft(
            source.file,
            record.row,
            number,
            kind,
            category,
            title,
            description,
            severity or "",
            origin or "",
            times.reported_at,
            due if standing.status in OPEN else None,
            standing,
            area,
            at[0] if at else None,
            at[1] if at else None,
            centre,
            (holder or centre) if standing.status in HELD_BY_ORGANISATION else centre,
            reason,
            feed=feed_of(source.section),
        )

    def _times(
        self, source: Source, record: Record, calendar: Calendar, faults: RowFaults
    ) -> tuple[Times | None, datetime | None]:
        """Raises NotYet. None for the times when one of them is wrong."""
        wrong = len(faults.found)
        read = {name: faults.read(self._moment, source, record, name, calendar) for name in (*ENDS, *TOLD, "due_at")}
        reported = faults.read(self._reported, source, record, calendar)
        if reported is not None and reported.at > self.now:
            raise NotYet
        if reported is None or len(faults.found) > wrong:
            return None, None
        stated = {step: moment.at for name, step in TOLD.items() if (moment := read[name])}
        settled, closed = (_after(read[name], reported, calendar) for name in ENDS)
        due = read["due_at"]
        return Times(reported.at, settled, closed, stated), end_of_day(due, calendar) if due else None

    def _reported(self, source: Source, record: Record, calendar: Calendar) -> Moment:
        moment = self._moment(source, record, "reported_at", calendar)
        if moment is None:
            raise RowError("reported_at", "is empty")
        return moment

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

    def _standing(
        self, statuses: tuple[Status | None, Status | None], times: Times, holder: Holder | None
    ) -> Standing:
        status, while_open = statuses
        try:
            standing = stand(status, times, held=holder is not None, now=self.now, while_open=while_open)
        except ValueError as error:
            name, _, reason = str(error).partition(": ")
            raise RowError(name, reason) from None
        if standing.note:
            self._notes.append(standing.note)
        if holder is not None and standing.status not in HELD_BY_ORGANISATION:
            self._notes.append(f"an organisation is named, but a case that is {standing.status} is with its centre")
        elif holder is None and standing.status in AT_WORK:
            self._notes.append(f"no organisation is named for a case that is {standing.status}, so its centre has it")
        return standing

    def _place(
        self, source: Source, record: Record, point: tuple[float, float] | None, covering: Place | None
    ) -> tuple[Place, tuple[float, float] | None]:
        """Where the case lies. Only a point inside the deployment is kept; see docs/own-data.md for the order."""
        if source.unlocated(record):
            self._notes.append("kept as unlocated by unlocated_when of the mapping")
            vague = self._stated(source, record, "unlocated_area") or self._stated(source, record, "area")
            return (vague if vague and not vague.leaf else self.locator.root), None
        if point is not None and covering is not None:
            return self._stated_or(source, record, covering), point
        stated = self._stated(source, record, "area") or self._stated(source, record, "unlocated_area")
        self._notes.append("points outside every area" if point else "rows without a point")
        return stated or self.locator.root, None

    def _stated_or(self, source: Source, record: Record, covering: Place) -> Place:
        """The area of a point: the one that covers it, or the one stated if that lies deeper within it."""
        try:
            stated = self._stated(source, record, "area")
        except RowError:
            self._notes.append("an unknown area is stated; the point decides")
            return covering
        if stated is None or covering.path.startswith(stated.path):
            return covering
        if not covering.leaf and stated.path.startswith(covering.path):
            return stated
        self._notes.append("points outside the area stated; the point decides")
        return covering

    def _stated(self, source: Source, record: Record, name: str) -> Place | None:
        """The area that a column names by code or name, whatever its capitals. Raises RowError."""
        word = source.text(record, name)
        if not word:
            return None
        exact = self.locator.find(word)
        matches = [exact] if exact else self._words().get(word.casefold(), [])
        if len(matches) > 1:
            codes = ", ".join(sorted(place.code for place in matches)[:5])
            raise RowError(name, f"'{word}' is the name of several areas: give a code ({codes})")
        if not matches:
            if word not in self._hints:
                self._hints[word] = did_you_mean(word, self._area_words())
            raise RowError(name, f"'{word}' is no area{self._hints[word]}")
        return matches[0]

    def _words(self) -> dict[str, list[Place]]:
        if not self._places:
            for place in self.locator.places:
                for word in {one.casefold() for one in (place.code, place.name, *place.names.values())}:
                    self._places.setdefault(word, []).append(place)
        return self._places

    def _area_words(self) -> list[str]:
        """What an area may be called: codes, then names."""
        codes = list(self.locator.by_code)
        return codes + [place.name for place in self.locator.places if place.name not in self.locator.by_code]

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
    value = source.text(record, name)
    if value is None:
        return otherwise if otherwise is None else otherwise.value
    values = [one.value for one in known]
    if value.lower() not in values:
        raise RowError(name, f"'{value}' is unknown{did_you_mean(value, values)}")
    return value.lower()


def _statuses(source: Source, record: Record) -> tuple[Status | None, Status | None]:
    """The status of the case, and its status while open, as far as the row says."""
    status = _member(source, record, "status", Status, None)
    while_open = _member(source, record, "open_status", sorted(OPEN), None)
    return Status(status) if status else None, Status(while_open) if while_open else None


def _number(source: Source, record: Record) -> str | None:
    number = source.text(record, "case_no")
    if number is None:
        return None
    if len(number) > NUMBER_LENGTH:
        raise RowError("case_no", f"is longer than {NUMBER_LENGTH} characters")
    if BAD_IN_NUMBER.search(number):
        raise RowError(
            "case_no", f"'{number}' holds a blank or one of / \\ ? # % ('replace' in the mapping changes them)"
        )
    return number
