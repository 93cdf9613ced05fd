"""Tilings: polygons of one level that meet exactly, with every common border held once, as an arc between two nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Floats

Polygons = Sequence[shapely.Polygon]
Redraw = Callable[[Floats, tuple[int, ...], float], Floats]
VIGOURS = (1.0, 0.7, 0.4, 0.2)
ROUNDS = 25
LEAST_LIKENESS = 0.4


def repair(polygons: Polygons, grid: float, frame: Polygons = ()) -> list[shapely.Polygon]:
    """Make almost fitting polygons (gaps and overlaps of survey size) an exact tiling: same order, same number.

    All borders, and those of `frame` (areas above that should keep their outline), are snapped to `grid` (in units of
    the coordinates) and noded together; each face goes to the first polygon that holds it, or else to the one with
    which it shares most border. Raises ValueError when a polygon does not survive as one piece.
    """
    outlines = shapely.boundary(np.asarray([*polygons, *frame], dtype=object))
    network = shapely.unary_union(outlines, grid_size=grid)
    faces = shapely.get_parts(shapely.polygonize([network]))
    owner = _owners(faces, polygons)
    tiles = [shapely.coverage_union_all(faces[owner == index]) for index in range(len(polygons))]
    return [_one_piece(tile, index) for index, tile in enumerate(tiles)]


def arcs_of(polygons: Polygons) -> NDArray[np.object_]:
    """The borders of an exact tiling, each once, cut where three polygons meet (a lone ring stays a ring)."""
    borders = shapely.union_all(shapely.boundary(np.asarray(polygons, dtype=object)))
    return shapely.get_parts(shapely.line_merge(borders))


def sides_of(arcs: NDArray[np.object_], polygons: Polygons) -> list[tuple[int, ...]]:
    """For each arc the indexes of the polygons beside it: two, or one on the outer border."""
    tree = shapely.STRtree(np.asarray(polygons, dtype=object))
    middles = shapely.line_interpolate_point(arcs, 0.5, normalized=True)
    sides: list[tuple[int, ...]] = [()] * len(arcs)
    for arc, polygon in tree.query(middles, predicate="dwithin", distance=1e-9).T:
        sides[arc] = (*sides[arc], int(polygon))
    return sides


def redraw(polygons: Polygons, change: Redraw) -> list[shapely.Polygon]:
    """The same tiling with every arc drawn anew by `change(coordinates, sides, vigour)`, end points kept.

    Arcs that would cross themselves or others are drawn again with less vigour (1 down to 0, which must move nothing),
    so the result is a tiling again, in the same order.
    """
    arcs = arcs_of(polygons)
    sides = sides_of(arcs, polygons)
    olds, drawn, again = np.asarray(polygons, dtype=object), arcs.copy(), list(range(len(arcs)))
    vigours = [iter(VIGOURS) for _ in arcs]
    for _ in range(ROUNDS):
        for index in again:
            points, vigour = shapely.get_coordinates(arcs[index]), next(vigours[index], 0.0)
            drawn[index] = shapely.LineString(change(points, sides[index], vigour))
        again = _clashing(drawn)
        if again:
            continue
        tiles, changed = _faces(drawn, olds)
        if not changed:
            return list(tiles)
        again = [index for index, beside in enumerate(sides) if set(beside) & set(changed)]
    raise ValueError("the borders cannot be redrawn without crossing")


def tiles_exactly(parent: shapely.Geometry, children: Iterable[shapely.Geometry], tolerance: float = 1e-12) -> bool:
    """Whether the children cover the parent without gap or overlap, vertices shared; `tolerance` is relative area."""
    parts = np.asarray(list(children), dtype=object)
    if not shapely.coverage_is_valid(parts):
        return False
    united = shapely.coverage_union_all(parts)
    return bool(shapely.symmetric_difference(united, parent).area <= tolerance * parent.area)


def _owners(faces: NDArray[np.object_], polygons: Polygons) -> NDArray[np.int64]:
    owner = np.full(len(faces), -1, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(polygons, dtype=object))
    inside, holder = tree.query(shapely.point_on_surface(faces), predicate="within")
    order = np.argsort(-holder, kind="stable")  # written last: the first holder of each face
    owner[inside[order]] = holder[order]
    gaps = np.flatnonzero(owner < 0)
    while len(gaps):
        before = len(gaps)
        for face in gaps:
            owner[face] = _longest_neighbour(faces, owner, int(face))
        gaps = np.flatnonzero(owner < 0)
        if len(gaps) == before:
            break  # faces that touch no polygon belong to nobody
    return owner


def _longest_neighbour(faces: NDArray[np.object_], owner: NDArray[np.int64], face: int) -> int:
    shared = shapely.length(shapely.intersection(shapely.boundary(faces[face]), shapely.boundary(faces)))
    shared[owner < 0] = 0.0
    best = int(np.argmax(shared))
    return int(owner[best]) if shared[best] > 0 else -1


def _one_piece(tile: shapely.Geometry, index: int) -> shapely.Polygon:
    parts = shapely.get_parts(tile)
    if len(parts) != 1:
        raise ValueError(f"polygon {index} falls into {len(parts)} pieces")
    return parts[0]


def _clashing(arcs: NDArray[np.object_]) -> list[int]:
    tree = shapely.STRtree(arcs)
    pairs = np.concatenate([tree.query(arcs, predicate=name) for name in ("crosses", "overlaps")], axis=1)
    twice = pairs[:, pairs[0] != pairs[1]].ravel()
    return np.union1d(twice, np.flatnonzero(~shapely.is_simple(arcs))).astype(int).tolist()


def _faces(arcs: NDArray[np.object_], olds: NDArray[np.object_]) -> tuple[NDArray[np.object_], list[int]]:
    """Faces of the new arcs in the order of the old polygons, and the indexes of those that have changed places.

    Each old polygon takes the face that covers most of it. Two arcs can pass each other without crossing, when both run
    between the same two nodes: then a face is taken twice, or hardly looks like its polygon.
    """
    faces = shapely.get_parts(shapely.polygonize(arcs))
    old, new = shapely.STRtree(faces).query(olds, predicate="intersects")
    common = shapely.area(shapely.intersection(olds[old], faces[new]))
    order = np.argsort(common, kind="stable")  # the largest is written last
    best, shared = np.full(len(olds), -1), np.zeros(len(olds))
    best[old[order]], shared[old[order]] = new[order], common[order]
    likeness = shared / (shapely.area(olds) + shapely.area(faces[best]) - shared)
    taken = np.bincount(best, minlength=len(faces))
    unclaimed = old[np.isin(new, np.flatnonzero(taken == 0)) & (common > 0)]
    changed = np.flatnonzero((likeness < LEAST_LIKENESS) | (taken[best] > 1))
    return faces[best], np.union1d(changed, unclaimed).tolist()
