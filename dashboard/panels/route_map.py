"""The way of a case as a picture: outlines, numbered stations, arrows between them. Made on the server, so that it prints
and stands in the PDF as on the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import pairwise

from data.queries.case_route import CaseRoute, Station
from layers.colours import ACCENT, GROUND

WIDTH, HEIGHT, MARGIN = 640.0, 360.0, 34.0
RADIUS = 11.0


def route_svg(route: CaseRoute, *, theme: str) -> str:
    """An SVG of 640 x 360; `theme` is dark or light. Nothing in it that people wrote, and no script."""
    colours = {name: str(colour) for name, colour in GROUND[theme].items()}
    drawn = [(number, station) for number, station in _numbered(route.stations) if station.lon is not None]
    points = [_point(station.lon, station.lat, route.squeeze) for _, station in drawn]
    own = [_point(*route.place, route.squeeze)] if route.place else []
    if not points and not own:
        return _frame("", colours["ground"])
    scale, left, top = _fit(points + own)
    ends = [((x - left) * scale + WIDTH / 2, (y - top) * scale + HEIGHT / 2) for x, y in points]
    shift = f"translate({WIDTH / 2} {HEIGHT / 2}) scale({scale}) translate({-left} {-top})"
    land = "".join(f'<path d="{escape(outline)}"/>' for outline in route.outlines)
    parts = [
        f'<g transform="{shift}" fill="{colours["muted"]}" fill-opacity=".07" stroke="{colours["muted"]}"'
        f' stroke-opacity=".55" stroke-width="{1 / scale:.6f}">{land}</g>',
        _place([((x - left) * scale + WIDTH / 2, (y - top) * scale + HEIGHT / 2) for x, y in own], colours["text"]),
        _arrows(ends, ACCENT[theme]),
        _marks(drawn, _apart(ends), ACCENT[theme], colours["ground"]),
    ]
    return _frame("".join(parts), colours["ground"])


def _numbered(stations: Sequence[Station]) -> list[tuple[str, Station]]:
    """A place where the case was twice has both numbers."""
    numbers: dict[tuple[float | None, float | None], list[int]] = {}
    for number, station in enumerate(stations, 1):
        numbers.setdefault((station.lon, station.lat), []).append(number)
    return [(",".join(map(str, numbers[station.lon, station.lat])), station) for station in stations]


def _point(lon: float | None, lat: float | None, squeeze: float) -> tuple[float, float]:
    return (lon or 0.0) * squeeze, -(lat or 0.0)


def _fit(points: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Scale and middle so that all points stand within the margins; a single one is shown at about 10 km."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    wide, high = max(max(xs) - min(xs), 0.06), max(max(ys) - min(ys), 0.04)
    scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)
    return scale, (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2


def _apart(ends: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Marks of bodies in one town stand beside each other, not on each other; one place keeps one mark."""
    known: dict[tuple[int, int], tuple[float, float]] = {}
    for x, y in ends:
        key, spot = (round(x), round(y)), (x, y)
        while key not in known and any(_touch(spot, other) for other in known.values()):
            spot = (spot[0] + 2 * RADIUS + 2, spot[1])
        known.setdefault(key, spot)
    return [known[round(x), round(y)] for x, y in ends]


def _touch(point: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(point[0] - other[0]) < 2 * RADIUS and abs(point[1] - other[1]) < 2 * RADIUS


def _arrows(ends: Sequence[tuple[float, float]], colour: str) -> str:
    spots = _apart(ends)
    lines = []
    for (x1, y1), (x2, y2) in pairwise(spots):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        if length < 2 * RADIUS:
            continue
        dx, dy = (x2 - x1) / length, (y2 - y1) / length
        bend_x, bend_y = (x1 + x2) / 2 - dy * length * 0.12, (y1 + y2) / 2 + dx * length * 0.12
        end_x, end_y = x2 - dx * (RADIUS + 5), y2 - dy * (RADIUS + 5)
        lines.append(
            f'<path d="M{x1:.1f} {y1:.1f} Q{bend_x:.1f} {bend_y:.1f} {end_x:.1f} {end_y:.1f}" marker-end="url(#head)"/>'
        )
    head = (
        f'<defs><marker id="head" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker></defs>'
    )
    return f'{head}<g fill="none" stroke="{colour}" stroke-width="2">{"".join(lines)}</g>'


def _place(spots: Sequence[tuple[float, float]], colour: str) -> str:
    return "".join(
        f'<path d="M{x:.1f} {y - 8:.1f}l8 8l-8 8l-8 -8z" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in spots
    )


def _marks(drawn: Sequence[tuple[str, Station]], spots: Sequence[tuple[float, float]], colour: str, ground: str) -> str:
    marks = {
        spot: f'<circle cx="{spot[0]:.1f}" cy="{spot[1]:.1f}" r="{RADIUS}" fill="{colour}" stroke="{ground}"'
        f' stroke-width="2"/><text x="{spot[0]:.1f}" y="{spot[1] + 4:.1f}" text-anchor="middle" fill="#fff"'
        f' font-family="sans-serif" font-size="{11 if len(number) < 3 else 8}" font-weight="700">{number}</text>'
        for (number, _), spot in zip(drawn, spots, strict=True)
    }
    return "".join(marks.values())


def _frame(inside: str, ground: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" width="{WIDTH:.0f}"'
        f' height="{HEIGHT:.0f}"><rect width="100%" height="100%" fill="{ground}"/>{inside}</svg>'
    )
