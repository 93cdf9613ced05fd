"""The route of a case as an SVG: land with names, the case, numbered stations, arrows. Made on the server, so that it is
the same on the page, in print and in the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise
from unicodedata import east_asian_width

from data.queries.case_route import CaseRoute, Station, View
from layers.colours import ACCENT, GROUND

WIDTH, HEIGHT = 640.0, 360.0
RADIUS = 11.0
LETTER, LINE = 11.0, 15.0
#: How far a name goes up or down for a mark.
ASIDE = RADIUS + LINE
#: The middle of the picture that a phone shows: left, top, right, bottom.
PHONE = (140.0, 78.75, 500.0, 281.25)
#: The longest label in letters of a Chinese text; the list beside the picture has the whole names.
LONGEST = 14.0
FONTS = "'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"

Spot = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass
class Layout:
    """Places of marks and labels: boxes (left, top, right, bottom) in pixels that nothing else may cover."""

    taken: list[Box] = field(default_factory=list)
    inside: Box = (0.0, 0.0, WIDTH, HEIGHT)

    def take(self, box: Box) -> bool:
        """Whether the box is inside the picture and free; then it is taken."""
        left, top, right, bottom = box
        west, north, east, south = self.inside
        if left < west + 2 or top < north + 2 or right > east - 2 or bottom > south - 2:
            return False
        if any(left < other and right > one and top < lower and bottom > upper for one, upper, other, lower in self.taken):
            return False
        self.taken.append(box)
        return True


def route_svg(route: CaseRoute, *, theme: str) -> str:
    """An SVG of 640 x 360; `theme` is dark or light. It says names of areas and organisations, nothing of the case's
    texts, and holds no script."""
    colours = {name: str(colour) for name, colour in GROUND[theme].items()} | {"accent": ACCENT[theme]}
    drawn = [(number, station) for number, station in _numbered(route.stations) if station.lon is not None]
    spots = _apart([_spot(route.view, station.lon, station.lat) for _, station in drawn])
    own = [_above(_spot(route.view, *route.place), spots)] if route.place else []
    layout = Layout([(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in (*spots, *own)])
    stations = _station_labels(drawn, spots, layout, colours)
    parts = [_land(route, colours), _area_labels(route, layout, colours), _arrows(spots, colours["accent"])]
    return _frame("".join([*parts, _place(own, colours), _marks(drawn, spots, colours), stations]), colours["ground"])


def place_svg(route: CaseRoute, *, theme: str) -> str:
    """Where a case lies, for a phone: the middle of such a picture, so that its letters are as large as others, with the
    name of the case's own area."""
    colours = {name: str(colour) for name, colour in GROUND[theme].items()} | {"accent": ACCENT[theme]}
    own = [_spot(route.view, *route.place)] if route.place else []
    layout = Layout([(x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS) for x, y in own], PHONE)
    names = _area_labels(route, layout, colours, with_own=True)
    return _frame("".join([_land(route, colours), names, _place(own, colours)]), colours["ground"], PHONE)


def _spot(view: View, lon: float | None, lat: float | None) -> Spot:
    """A place in pixels of the picture."""
    across = ((lon or 0.0) - view.west) / (view.east - view.west)
    down = (view.north - (lat or 0.0)) / (view.north - view.south)
    return across * WIDTH, down * HEIGHT


def _numbered(stations: Sequence[Station]) -> list[tuple[str, Station]]:
    """A place where the case was twice has both numbers."""
    numbers: dict[Spot | tuple[None, None], list[int]] = {}
    for number, station in enumerate(stations, 1):
        numbers.setdefault((station.lon, station.lat), []).append(number)  # type: ignore[arg-type]
    return [(",".join(map(str, numbers[station.lon, station.lat])), station) for station in stations]  # type: ignore[index]


def _land(route: CaseRoute, colours: dict[str, str]) -> str:
    """The areas around, and the case's own in the accent."""
    view = route.view
    scale = HEIGHT / (view.north - view.south)
    shift = f"scale({scale:.4f}) translate({-view.west * view.squeeze:.6f} {view.north:.6f})"
    line = f'stroke="{colours["muted"]}" stroke-opacity=".6" stroke-width="{1 / scale:.7f}"'
    land = "".join(f'<path d="{escape(area.outline)}"/>' for area in route.areas if not area.own)
    own = "".join(f'<path d="{escape(area.outline)}"/>' for area in route.areas if area.own)
    return (
        f'<g transform="{shift}"><g fill="{colours["land"]}" {line}>{land}</g>'
        f'<g fill="{colours["accent"]}" fill-opacity=".12" stroke="{colours["accent"]}" stroke-width="{1.5 / scale:.7f}">'
        f"{own}</g></g>"
    )


def _area_labels(route: CaseRoute, layout: Layout, colours: dict[str, str], *, with_own: bool = False) -> str:
    """Names of areas, the largest first (with `with_own` the case's own before them), where they have room."""
    labels = []
    for area in sorted(route.areas, key=lambda one: with_own and not one.own):
        x, y = _spot(route.view, area.lon, area.lat)
        wide = _width(area.name)
        # the case's own name gives way to its place, the others are left out
        heights = (y, y + ASIDE, y - ASIDE) if area.own else (y,)
        free = (one for one in heights if layout.take((x - wide / 2, one - LINE / 2, x + wide / 2, one + LINE / 2)))
        if (with_own or not area.own) and (middle := next(free, None)) is not None:
            colour = colours["text" if area.own else "muted"]
            labels.append(_text(area.name, x, middle + 4, colour, colours["halo"], "middle"))
    return f'<g class="areas">{"".join(labels)}</g>'


def _station_labels(
    drawn: Sequence[tuple[str, Station]], spots: Sequence[Spot], layout: Layout, colours: dict[str, str]
) -> str:
    """The organisation beside its mark: right, left, below or above, wherever there is room; each once."""
    labels: dict[Spot, str] = {}
    for (_, station), (x, y) in zip(drawn, spots, strict=True):
        name = _shortened(station.name)
        if (x, y) in labels:
            continue
        for anchor, left, top in _places_beside(x, y, _width(name)):
            if layout.take((left, top, left + _width(name), top + LINE)):
                at = {"start": left, "end": left + _width(name), "middle": x}[anchor]
                labels[x, y] = _text(name, at, top + LINE - 4, colours["text"], colours["halo"], anchor)
                break
    return f'<g class="stations">{"".join(labels.values())}</g>'


def _places_beside(x: float, y: float, wide: float) -> Iterable[tuple[str, float, float]]:
    gap = RADIUS + 4
    return (
        ("start", x + gap, y - LINE / 2),
        ("end", x - gap - wide, y - LINE / 2),
        ("middle", x - wide / 2, y + gap - 2),
        ("middle", x - wide / 2, y - gap - LINE + 2),
    )


def _shortened(name: str) -> str:
    kept = name
    while _width(kept) > LONGEST * LETTER:
        kept = kept[:-1]
    return name if kept == name else f"{kept}…"


def _width(words: str) -> float:
    """About how wide a text is: Chinese letters are square, others a little over half as wide."""
    return sum(LETTER if east_asian_width(letter) in "WF" else LETTER * 0.58 for letter in words)


def _text(words: str, x: float, y: float, colour: str, halo: str, anchor: str) -> str:
    """Words over their halo: a text of its own, because the PDF's engine knows no `paint-order`."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-family="{FONTS}" font-size="{LETTER:.0f}"'
    halo_style = f'fill="{halo}" stroke="{halo}" stroke-width="3" stroke-linejoin="round" aria-hidden="true"'
    return f'<text {place} {halo_style}>{escape(words)}</text><text {place} fill="{colour}">{escape(words)}</text>'


def _apart(ends: Sequence[Spot]) -> list[Spot]:
    """Marks of organisations in one town are set side by side; one place keeps one mark."""
    known: dict[tuple[int, int], Spot] = {}
    for x, y in ends:
        key, spot = (round(x), round(y)), (x, y)
        while key not in known and any(_touch(spot, other) for other in known.values()):
            spot = (spot[0] + 2 * RADIUS + 2, spot[1])
        known.setdefault(key, spot)
    return [known[round(x), round(y)] for x, y in ends]


def _touch(one: Spot, other: Spot) -> bool:
    return abs(one[0] - other[0]) < 2 * RADIUS and abs(one[1] - other[1]) < 2 * RADIUS


def _above(spot: Spot, marks: Sequence[Spot]) -> Spot:
    """The tip of the pin; above the mark of an organisation in the same place, so that both are seen."""
    touched = [y for x, y in marks if abs(spot[0] - x) < RADIUS + 8 and -RADIUS < spot[1] - y < RADIUS + 20]
    return (spot[0], min(touched) - RADIUS) if touched else spot


def _arrows(spots: Sequence[Spot], colour: str) -> str:
    lines = []
    for (x1, y1), (x2, y2) in pairwise(spots):
        length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
        if length < 2 * RADIUS + 10:
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


def _place(spots: Sequence[Spot], colours: dict[str, str]) -> str:
    """Where the case lies: a pin."""
    return "".join(
        f'<path class="case" d="M{x:.1f} {y:.1f}c-4-6-7-9-7-13a7 7 0 0 1 14 0c0 4-3 7-7 13z" fill="{colours["text"]}"'
        f' stroke="{colours["halo"]}" stroke-width="1.5"/>'
        f'<circle cx="{x:.1f}" cy="{y - 13:.1f}" r="2.5" fill="{colours["halo"]}"/>'
        for x, y in spots
    )


def _marks(drawn: Sequence[tuple[str, Station]], spots: Sequence[Spot], colours: dict[str, str]) -> str:
    marks = {
        spot: f'<circle cx="{spot[0]:.1f}" cy="{spot[1]:.1f}" r="{RADIUS}" fill="{colours["accent"]}"'
        f' stroke="{colours["ground"]}" stroke-width="2"/><text x="{spot[0]:.1f}" y="{spot[1] + 4:.1f}"'
        f' text-anchor="middle" fill="#fff" font-family="{FONTS}" font-size="{11 if len(number) < 3 else 8}"'
        f' font-weight="700">{number}</text>'
        for (number, _), spot in zip(drawn, spots, strict=True)
    }
    return f'<g class="numbers">{"".join(marks.values())}</g>'


def _frame(inside: str, ground: str, shown: Box = (0.0, 0.0, WIDTH, HEIGHT)) -> str:
    left, top, right, bottom = shown
    size = f'width="{right - left:.0f}" height="{bottom - top:.0f}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.0f} {top:.0f} {right - left:.0f} {bottom - top:.0f}" {size}>'
        f'<rect width="{WIDTH:.0f}" height="{HEIGHT:.0f}" fill="{ground}"/>{inside}</svg>'
    )
