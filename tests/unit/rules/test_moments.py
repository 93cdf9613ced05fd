"""One reading of moments: an offset is kept to, a naive time is the deployment's, anything else is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from rules.moments import read_moment

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        ("2026-11-20T08:00:00Z", SHANGHAI, datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00+08:00", NEW_YORK, datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20T08:00", SHANGHAI, datetime(2026, 11, 20, tzinfo=UTC)),
        ("2026-11-20 08:00:00.5", SHANGHAI, datetime(2026, 11, 20, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-20", SHANGHAI, datetime(2026, 11, 19, 16, tzinfo=UTC)),
        # the clocks of New York are put forward at 02:00 on this day
        ("2026-03-08T05:00", NEW_YORK, datetime(2026, 3, 8, 9, tzinfo=UTC)),
        ("2026-03-08T01:59", NEW_YORK, datetime(2026, 3, 8, 6, 59, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_with_its_offset_or_as_the_deployments(text: str, zone: ZoneInfo, at: datetime) -> None:
    assert read_moment(text, zone) == at


@pytest.mark.parametrize(
    "text",
    ["20261120", "1770000000", "2026-11-20T08", "2026-W47", "20.11.2026", "2026-02-30", "2026-11-20T25:00", " 2026-11-20",
     "2026-11-20T08:00:00+8", "２０２６-11-20", "", "0001-01-01T00:00+14:00", "2026-11-20T08:00\n"],
)  # fmt: skip
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read_moment(text, SHANGHAI)


def test_a_time_that_never_was_is_refused() -> None:
    with pytest.raises(ValueError, match="does not exist"):
        read_moment("2026-03-08T02:30", NEW_YORK)
