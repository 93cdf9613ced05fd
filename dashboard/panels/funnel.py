"""A funnel plot as SVG, for screen and paper alike: units by their size, between the limits that chance draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from typing import Any

from markupsafe import Markup, escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 44, 34, 12
LINES = (("alarm", "#7D90AD", "4 3"), ("warning", "#7D90AD", "1 3"))


def funnel(items: Sequence[Mapping[str, Any]], label: str) -> Markup:
    """Units with their value, n, limits and target (data/queries/measured.py); empty of fewer than two."""
    known = sorted((one for one in items if one["n"]), key=lambda one: one["n"])
    if len(known) < 2:
        return Markup("")
    most = known[-1]["n"]

    def x(n: float) -> float:
        return LEFT + (WIDTH - LEFT - 16) * sqrt(n / most)

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value)

    parts = [_axes(most, x, y), _line([(x(0), y(known[0]["target"])), (x(most), y(known[0]["target"]))], "#3F7FE8", "")]
    for name, colour, dashes in LINES:
        for end in (0, 1):
            parts.append(_line([(x(one["n"]), y(one[name][end])) for one in known], colour, dashes))
    parts += [_point(one, x(one["n"]), y(one["value"])) for one in known]
    head = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, label)
    return head + Markup("").join(parts) + Markup("</svg>")


def _line(points: Sequence[tuple[float, float]], colour: str, dashes: str) -> Markup:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return Markup('<polyline points="{}" fill="none" stroke="{}" stroke-dasharray="{}"/>').format(path, colour, dashes)


def _point(one: Mapping[str, Any], x: float, y: float) -> Markup:
    """Hollow where there are too few cases to rank; with its name outside the limits."""
    fill = "#1B5FD0" if one["outside"] else "#8093B0" if one["ranked"] else "#fff"
    name = Markup('<text x="{:.1f}" y="{:.1f}">{}</text>').format(x + 7, y + 4, one["name"]) if one["outside"] else ""
    title = f"{one['name']} · {one['value']:.1%} · n={one['n']}"
    mark = Markup('<circle cx="{:.1f}" cy="{:.1f}" r="4.5" fill="{}" stroke="#52647C"><title>{}</title></circle>')
    return mark.format(x, y, fill, title) + escape(name)


def _axes(most: int, x: Any, y: Any) -> Markup:
    found = [Markup('<text x="4" y="{:.1f}">{}</text>').format(y(share) + 4, f"{share:.0%}") for share in (0, 0.5, 1)]
    found += [Markup('<text x="{:.1f}" y="{}">n={}</text>').format(x(n) - 28, HEIGHT - 8, n) for n in sorted({most // 4, most})]
    return Markup("").join(found)
