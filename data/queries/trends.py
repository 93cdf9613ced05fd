"""Twelve months of an area and its cases by category, from the roll-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Connection, text

from data.queries import areas, summaries


def monthly(connection: Connection, code: str, now: datetime, *, months: int = 12) -> list[dict]:
    """Oldest first, each month of the deployment's time zone with `reported` and `settled`; months without cases are 0."""
    area = areas.key(connection, code)
    wanted = _months(summaries.month_start(now, summaries.timezone(connection)).date(), months)
    rows = connection.execute(
        text(
            "SELECT month, sum(reported)::int, sum(settled)::int FROM area_month"
            " WHERE prefecture = :prefecture AND area_id = :area AND month >= :first AND month <= :last GROUP BY month"
        ),
        {"prefecture": area.prefecture, "area": area.id, "first": wanted[0], "last": wanted[-1]},
    )
    by_month = {month: (reported, settled) for month, reported, settled in rows}
    return [
        {"month": month, "reported": by_month.get(month, (0, 0))[0], "settled": by_month.get(month, (0, 0))[1]}
        for month in wanted
    ]


def _months(last: date, count: int) -> list[date]:
    index = last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(index - count + 1, index + 1)]


def categories(
    connection: Connection, code: str, now: datetime, *, months: int = 12, locale: str = "zh_CN"
) -> list[dict]:
    """Cases reported in these months by category, most first: category, kind, name, reported, settled."""
    area = areas.key(connection, code)
    wanted = _months(summaries.month_start(now, summaries.timezone(connection)).date(), months)
    rows = connection.execute(
        text(
            "SELECT m.category, k.kind, coalesce(k.names ->> :locale, k.names ->> 'zh_CN', k.code) AS name,"
            " sum(m.reported)::int AS reported, sum(m.settled)::int AS settled"
            " FROM area_month m JOIN category k ON k.code = m.category"
            " WHERE m.prefecture = :prefecture AND m.area_id = :area AND m.month >= :first AND m.month <= :last"
            " GROUP BY m.category, k.kind, k.code HAVING sum(m.reported) > 0 ORDER BY reported DESC, m.category"
        ),
        {"prefecture": area.prefecture, "area": area.id, "first": wanted[0], "last": wanted[-1], "locale": locale},
    ).mappings()
    return [dict(row) for row in rows]
