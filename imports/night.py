"""Repeated exports: which cases are new, changed, left alone or gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row

from imports import case_updates, deployment, import_clocks, known_cases
from imports.case_changes import Change, compare
from imports.case_rows import CaseDraft
from imports.known_cases import Met
from imports.mapping import feed_of
from imports.mended import ORIGIN
from imports.records import Source
from imports.report import ImportReport, InputError, RowError
from imports.row_keys import digest_of
from rules.cases import CLOSED
from rules.sla import SlaPolicy

KNOWN = "cases that are in the database already"
TOUCHED = "touched here since they came in (--force takes the file's word)"
WITHHELD = "differ in what is not taken over"
OTHERWISE = "passed over, but otherwise in the file than they came in (--update takes that over)"


@dataclass(frozen=True)
class Options:
    """What may happen to a case that is there already."""

    skip_existing: bool = False
    update: bool = False
    force: bool = False
    allow_empty: bool = False

    def check(self) -> None:
        """Raises InputError."""
        if self.update and self.skip_existing:
            raise InputError("--update and --skip-existing: one of them, not both.")
        for name in ("force", "allow_empty"):
            if getattr(self, name) and not self.update:
                raise InputError(f"--{name.replace('_', '-')} goes with --update only.")


@dataclass
class Plan:
    """`new` cases to be written, `changes` to be made, and what is to be remembered of the cases met (`met`)."""

    prefecture: str
    new: list[CaseDraft] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    newest: dict[str, datetime] = field(default_factory=dict)


def make_plan(
    connection: Connection, drafts: Sequence[CaseDraft], prefecture: str, report: ImportReport, options: Options,
    now: datetime,
) -> Plan:  # fmt: skip
    """Compare the drafts with what is known. Bad rows go to the report."""
    known = known_cases.match(connection, drafts, prefecture, roughly=options.update)
    plan = Plan(prefecture, newest=_newest(drafts, now))
    older = _older(connection, plan, report) if options.update else set()
    for place, draft in enumerate(drafts):
        stored = known.get(place)
        if stored is None:
            plan.new.append(draft)
            continue
        try:
            _require_same_feed(draft, stored)
            if not (options.update or options.skip_existing):
                raise RowError("case_no", _known_already(draft, stored))
        except RowError as error:
            if options.skip_existing:
                report.skipped[KNOWN] += 1
            else:
                report.refuse_row(draft.file, draft.row, error)
            continue
        _place(plan, draft, stored, report, options, now, older=draft.feed in older)
    return plan


def _place(
    plan: Plan, draft: CaseDraft, stored: Row[Any], report: ImportReport, options: Options, now: datetime, *,
    older: bool,
) -> None:  # fmt: skip
    """What is to be done with a row whose case is known and of its feed."""
    digest = digest_of(draft)
    if stored.gone:
        report.find("back_again", case_no=stored.case_no)
    same = stored.row_digest == digest and not options.force
    change = None if same else compare(draft, stored, now=now, older=older)
    differs = change is not None and bool(change.differences)
    if options.skip_existing:
        report.skipped[KNOWN] += 1
        if differs:
            report.note(OTHERWISE, draft.file, draft.row)
    elif change is None or not differs:
        report.unchanged += 1
    elif change.touched and not options.force:
        report.skipped[TOUCHED] += 1
        report.find("touched_here", case_no=stored.case_no, columns=list(change.differences), row=draft.row)
    else:
        plan.changes.append(change)
        return
    agreed = digest if change is not None and not differs and not change.touched else None
    plan.met.append((stored.case_no, draft.feed, draft.key, agreed, stored.seen_version))


def carry_out(connection: Connection, plan: Plan, report: ImportReport, *, now: datetime, sla: SlaPolicy) -> None:
    """Make the changes, but for those of cases that somebody is changing at this moment; remember what was met."""
    done = [change for change in plan.changes if change.columns or change.steps]
    free = case_updates.free_to_change(connection, done, plan.prefecture)
    for change in plan.changes:
        _tell(change, change.stored.case_no in free, report)
    made = [change for change in done if change.stored.case_no in free]
    case_updates.apply_changes(connection, made, prefecture=plan.prefecture, now=now, sla=sla)
    import_clocks.begin(connection, [change.stored.case_no for change in made if change.outcome == "reopened"], now)
    for change in plan.changes:
        stored, taken = change.stored, change.stored.case_no in free
        version = stored.version + bool(change.columns) + len(change.steps) if taken else stored.seen_version
        digest = digest_of(change.draft) if taken and not change.withheld else None
        plan.met.append((stored.case_no, change.draft.feed, change.draft.key, digest, version))
    plan.met += [
        (draft.case_no or "", draft.feed, draft.key, digest_of(draft), len(draft.standing.course)) for draft in plan.new
    ]
    plan.changes = made
    known_cases.remember(connection, plan.met, plan.prefecture, now)
    _keep_newest(connection, plan, now)


def _tell(change: Change, free: bool, report: ImportReport) -> None:
    number, row = change.stored.case_no, change.draft.row
    if change.withheld:
        report.find("not_taken_over", case_no=number, columns=list(change.withheld), row=row)
    if not (change.columns or change.steps):
        report.skipped[WITHHELD] += 1
    elif not free:
        report.skipped[TOUCHED] += 1
        report.find("touched_here", case_no=number, columns=list(change.differences), row=row)
    else:
        report.updated += 1
        report.changed.update(change.columns)
        if change.steps:
            report.changed["status"] += 1
            report.find(change.outcome, case_no=number, moves=[step.move for step in change.steps], row=row)
        if change.columns:
            report.find("changed", case_no=number, columns=list(change.columns), row=row)


def tell_gone(
    connection: Connection, plan: Plan, sources: Sequence[Source], numbers: set[str], report: ImportReport,
    options: Options, *, complete: bool,
) -> None:  # fmt: skip
    """Cases that the feed had and has no more: reported once, and nothing is done. Mended rows are a part of an export."""
    mended = any(ORIGIN in record.values for source in sources for record in source.records[:1])
    if not options.update or mended:
        return
    feeds = {feed_of(source.section) for source in sources}
    gone = known_cases.mark_gone(
        connection, prefecture=plan.prefecture, feeds=feeds, named=numbers, unnumbered=complete
    )
    for row in sorted(gone, key=lambda row: (row.status in CLOSED, row.case_no)):
        report.find("gone_from_the_file", case_no=row.case_no, status=row.status)


def _require_same_feed(draft: CaseDraft, stored: Row[Any]) -> None:
    if not stored.imported:
        raise RowError("case_no", f"'{stored.case_no}' is the number of a case that was reported here")
    if stored.feed not in ("", draft.feed):
        hint = "--feed names it; a 'prefix' in the mapping tells two apart"
        raise RowError("case_no", f"'{stored.case_no}' came in with the feed '{stored.feed}' ({hint})")


def _known_already(draft: CaseDraft, stored: Row[Any]) -> str:
    what = f"'{stored.case_no}' is" if draft.case_no else f"none is given, and the same row is, as '{stored.case_no}',"
    return f"{what} in the database already (--skip-existing passes such rows over, --update takes changes over)"


def _newest(drafts: Sequence[CaseDraft], now: datetime) -> dict[str, datetime]:
    """The latest moment in each feed's rows."""
    newest: dict[str, datetime] = {}
    for draft in drafts:
        moments = [at for step, at in draft.standing.course if step not in draft.standing.untold and at <= now]
        newest[draft.feed] = max([draft.reported_at, *moments, *([newest[draft.feed]] if draft.feed in newest else [])])
    return newest


def _older(connection: Connection, plan: Plan, report: ImportReport) -> set[str]:
    """Feeds whose file seems to be from before the last one."""
    before = _feeds(connection)
    older = set()
    for feed, newest in plan.newest.items():
        last = before.get(feed)
        if last and newest < datetime.fromisoformat(last):
            report.find("older_than_the_last_file", feed=feed, newest=newest, last=last)
            older.add(feed)
    return older


def _keep_newest(connection: Connection, plan: Plan, now: datetime) -> None:
    feeds = _feeds(connection)
    for feed, newest in plan.newest.items():
        moment = newest.astimezone(UTC).isoformat()
        feeds[feed] = max(feeds.get(feed, moment), moment)
    deployment.set_value(connection, "feeds", feeds)


def _feeds(connection: Connection) -> dict[str, str]:
    feeds = deployment.get_value(connection, "feeds")
    return dict(feeds) if isinstance(feeds, dict) else {}
