"""Partition of an area along terrain-like curves, denser near its seat, every border shared exactly.

The outline is halved again and again by a wandering line from one of its vertices to another. No vertex is ever added
to an existing line, so the parts tile their parent exactly, and parts of neighbouring areas meet exactly along their
border as long as the outlines of the areas themselves do (and are dense enough: see `curves.densify`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from demo.curves import wander
from geo.crs import Floats

CANDIDATES = 48
TRIES = 240
HANDFUL = 12
# What a cut costs beside the roundness of both pieces (perimeter squared over area, 12.6 for a circle).
UNEVEN, SLANTING, WHIM = 200.0, 10.0, 2.5
EVEN_ENOUGH = 0.12
DIGITS = 7
AMPLITUDES = (1.0, 0.6, 0.25)
VERTICES_A_SIDE = 16
QUADRATURE = (np.arange(4) + 0.5) / 4


@dataclass(frozen=True)
class Density:
    """How much finer the parts are at the seat: `gain` times more there, falling off over `reach` (plane units)."""

    seat: Floats
    gain: float
    reach: float

    def flux(self, start: Floats, end: Floats) -> Floats:
        """Flow of the field, whose divergence is the density, through segments: summed round a ring, its mass.

        The mass of any piece of a polygon thus comes from prefix sums over its ring, whatever chord closes it.
        """
        middle = start[..., None, :] + (end - start)[..., None, :] * QUADRATURE[:, None]
        away = middle - self.seat
        square = np.maximum((away**2).sum(axis=-1), 1e-18 * self.reach**2)
        decay = np.sqrt(square) / self.reach
        grown = square / 2 + self.gain * self.reach**2 * (1 - (1 + decay) * np.exp(-decay))
        field = (away * (grown / square)[..., None]).mean(axis=-2)
        step = end - start
        return np.asarray(field[..., 0] * step[..., 1] - field[..., 1] * step[..., 0])


@dataclass(frozen=True)
class _Piece:
    """A ring (counter-clockwise, not closed) in exact coordinates and in the squeezed plane where shapes are judged."""

    exact: Floats
    plane: Floats


def partition(
    area: shapely.Polygon, parts: int, *, seed: int, seat: tuple[float, float] | None = None, gain: float = 2.0
) -> list[shapely.Polygon]:
    """Split a polygon (degrees, no holes) into `parts` polygons that use its own vertices and tile it exactly.

    The same seed gives the same parts. Parts near `seat` are up to 1 + `gain` times smaller. New vertices lie on a grid
    of 1e-7 degrees. Raises ValueError for a polygon with holes or with an outline too coarse for so many parts.
    """
    if parts < 1 or len(area.interiors) or not area.is_valid or area.is_empty:
        raise ValueError("only a valid polygon without holes can be split, into one part or more")
    if parts == 1:
        return [area]
    random = np.random.default_rng(seed)
    squeeze = np.array([np.cos(np.radians(area.centroid.y)), 1.0])
    ring = shapely.get_coordinates(shapely.orient_polygons(area).exterior)[:-1]
    size = np.sqrt(area.area * squeeze[0])
    centre = np.array(seat) if seat else shapely.get_coordinates(area.centroid)[0]
    density = Density(centre * squeeze, gain, 0.35 * size)
    pieces, done = [(_Piece(ring, ring * squeeze), parts)], []
    while pieces:
        piece, count = pieces.pop()
        if count == 1:
            done.append(shapely.Polygon(piece.exact))
            continue
        share = int(random.integers(max(count // 3, 1), count // 2 + 1))
        first, second = _halve(piece, (share, count - share), density, squeeze, random)
        pieces += [(first, share), (second, count - share)]
    return done


def _halve(
    piece: _Piece, counts: tuple[int, int], density: Density, squeeze: Floats, random: np.random.Generator
) -> tuple[_Piece, _Piece]:
    """Two pieces whose masses are as the counts, along the best curve that crosses nothing."""
    whole = shapely.Polygon(piece.plane)
    starts, ends = _chords(piece, counts, density, random)
    seen = _inside(whole, piece.plane[starts], piece.plane[ends])
    spacing = np.sqrt(whole.area / sum(counts)) / VERTICES_A_SIDE
    for amplitude in AMPLITUDES:
        best, least = None, np.inf
        for chord in seen:
            start, end = int(starts[chord]), int(ends[chord])
            curve = _curve(piece, start, end, spacing, amplitude, random) / squeeze
            cut = _cut(piece, start, end, np.round(curve, DIGITS), squeeze)
            uneven = _unevenness(cut, counts, density) if cut else np.inf
            if uneven < least:
                best, least = cut, uneven
            if uneven < EVEN_ENOUGH:
                break
        if best:
            return best
    raise ValueError("the outline is too coarse to be split into so many parts")


def _unevenness(cut: tuple[_Piece, _Piece], counts: tuple[int, int], density: Density) -> float:
    """How far the masses are from the counts: the curve has moved what the chord had balanced."""
    mass = [density.flux(piece.plane, np.roll(piece.plane, -1, axis=0)).sum() for piece in cut]
    return abs(float(mass[0] / sum(mass)) / (counts[0] / sum(counts)) - 1)


def _inside(whole: shapely.Polygon, starts: Floats, ends: Floats) -> list[int]:
    """The first few chords that do not leave the polygon; looked at a handful at a time, for most of the first do."""
    shapely.prepare(whole)
    lines = shapely.linestrings(np.stack((starts, ends), axis=1))
    seen: list[int] = []
    for first in range(0, len(lines), HANDFUL):
        seen += (np.flatnonzero(shapely.covers(whole, lines[first : first + HANDFUL])) + first).tolist()
        if len(seen) >= HANDFUL:
            break
    return seen


def _chords(
    piece: _Piece, counts: tuple[int, int], density: Density, random: np.random.Generator
) -> tuple[Floats, Floats]:
    """Pairs of vertex numbers (start, end), the best first; the first count belongs to the ring from start to end."""
    ring, total = piece.plane, len(piece.plane)
    following = np.roll(ring, -1, axis=0)
    step = np.hypot(*(following - ring).T)
    vertices = _spread(step, min(CANDIDATES, total), random)
    area = _before(_cross(ring, following) / 2)
    mass, way = _before(density.flux(ring, following)), _before(step)
    i, j = (axis.ravel() for axis in np.meshgrid(vertices, vertices, indexing="ij"))
    gap = (j - i) % total
    i, j = i[(gap > 1) & (gap < total - 1)], j[(gap > 1) & (gap < total - 1)]
    chord = np.hypot(*(ring[j] - ring[i]).T)
    cut_area = _between(area, i, j) + _cross(ring[j], ring[i]) / 2
    cut_mass = _between(mass, i, j) + density.flux(ring[j], ring[i])
    cut_way = _between(way, i, j)
    rest_area, rest_way = area[-1] - cut_area, way[-1] - cut_way
    with np.errstate(divide="ignore", invalid="ignore"):
        round_cut = (cut_way + chord) ** 2 / cut_area
        round_rest = (rest_way + chord) ** 2 / rest_area
        uneven = cut_mass / mass[-1] / (counts[0] / sum(counts)) - 1
    cost = round_cut + round_rest + UNEVEN * uneven**2 + SLANTING * _slant(ring, i, j) + random.uniform(0, WHIM, len(i))
    cost[(cut_area <= 0) | (rest_area <= 0)] = np.inf
    order = np.argsort(cost, kind="stable")[:TRIES]
    order = order[np.isfinite(cost[order])]
    return i[order], j[order]


def _spread(step: Floats, count: int, random: np.random.Generator) -> Floats:
    """Vertex numbers, evenly along the ring rather than evenly by number: dense stretches must not draw all cuts."""
    along = np.cumsum(step) - step
    targets = (np.arange(count) + random.uniform(0, 1)) / count * step.sum()
    return np.unique(np.searchsorted(along, targets, side="right") - 1)


def _slant(ring: Floats, i: Floats, j: Floats) -> Floats:
    """0 where a chord leaves the outline squarely at both ends, 2 where it runs along it."""
    reach = max(len(ring) // 60, 1)
    along = np.roll(ring, -reach, axis=0) - np.roll(ring, reach, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-15)[:, None]
    chord = ring[j] - ring[i]
    chord = chord / np.maximum(np.hypot(*chord.T), 1e-15)[:, None]
    return np.asarray(sum(((chord * along[end]).sum(axis=1)) ** 2 for end in (i, j)))


def _curve(
    piece: _Piece, start: int, end: int, spacing: float, amplitude: float, random: np.random.Generator
) -> Floats:
    a, b = piece.plane[end], piece.plane[start]
    pieces = 2 ** int(np.clip(np.round(np.log2(np.hypot(*(b - a)) / spacing)), 2, 6))
    return wander(a, b, pieces=pieces // 2, amplitude=amplitude, random=random)


def _cut(piece: _Piece, start: int, end: int, curve: Floats, squeeze: Floats) -> tuple[_Piece, _Piece] | None:
    """The ring cut in two along a curve from vertex `end` back to vertex `start`; None where that crosses anything."""
    turned = np.roll(piece.exact, -start, axis=0)
    last = (end - start) % len(turned)
    inner = curve[1:-1]
    first = np.vstack((turned[: last + 1], inner))
    second = np.vstack((turned[last:], turned[:1], inner[::-1]))
    rings = [shapely.Polygon(first), shapely.Polygon(second)]
    if not all(ring.is_valid and ring.exterior.is_ccw for ring in rings):
        return None
    return _Piece(first, first * squeeze), _Piece(second, second * squeeze)


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _before(values: Floats) -> Floats:
    """Prefix sums: what comes before each vertex; the last entry is the whole."""
    return np.concatenate(([0.0], np.cumsum(values)))


def _between(before: Floats, i: Floats, j: Floats) -> Floats:
    """Sum along the ring from vertex i forward to vertex j."""
    return np.where(j > i, before[j] - before[i], before[-1] - before[i] + before[j])
