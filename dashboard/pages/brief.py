"""/brief: the morning brief as a sheet of paper, on the screen, printed and as PDF. Each number is a link to its list."""

from __future__ import annotations

from urllib.parse import urlencode

from dashboard.loaders.brief import BriefPage
from dashboard.templating import render
from dashboard.words.brief import period, pieces
from dashboard.words.formats import moment


def document(page: BriefPage, *, paper: bool = False) -> str:
    """The page; on `paper` without links and tools."""
    reader, found = page.reader, page.brief
    locale, zone = reader.locale, reader.zone
    query = urlencode({"area": found.area, "at": found.until.isoformat()})
    return render(
        "brief.html",
        locale,
        paper=paper,
        office=page.office,
        area=found.name,
        synthetic=page.synthetic,
        period=period(found, locale, zone),
        made=moment(reader.now, locale, zone),
        sentences=[(one.unusual, [_piece(*part) for part in pieces(one, locale, zone)]) for one in found.sentences],
        pdf=f"/api/brief.pdf?{query}",
        map=f"/map?{urlencode({'area': found.area})}",
        before=f"/brief?{urlencode({'area': found.area, 'at': found.since.isoformat()})}",
        sent_at=page.sent_at or "",
    )


def _piece(words: str, number: dict | None) -> tuple[str, str, str]:
    """Words, and of a number its list on paper (`/print/cases`) and its value."""
    if number is None:
        return words, "", ""
    return words, number["list"].replace("/api/cases?", "/print/cases?", 1), str(number["value"])
