"""Findings of boundaries: areas moved or split, overlaps, gaps, parts outside the parent.

Slivers, which surveys and rounding leave everywhere, are not told: a part counts when it is wide enough and large enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import orjson
import shapely

from geo.labels import area_km2
from imports.report import ImportReport
from imports.tree import AreaDraft, Tree

#: Of an area: what has to differ to be reported.
LEAST_SHARE = 0.001
#: Of the mean area below: what a gap has to have, where that is less.
LEAST_OF_CHILD = 0.05
#: Degrees, about 10 m; of small areas a fiftieth of their side.
LEAST_WIDTH = 1e-4
WIDTH_OF_SIDE = 0.02


@dataclass
class AreaReport(ImportReport):
    """The report of an import of areas; `shapes` are its findings with their places on the map."""

    shapes: list[tuple[str, shapely.Geometry, dict[str, Any]]] = field(default_factory=list)

    def mark(self, kind: str, shape: shapely.Geometry, **facts: Any) -> None:
        """A finding with its place."""
        self.find(kind, **facts)
        self.shapes.append((kind, shape, facts))

    def geojson(self) -> bytes:
        """The findings as a map file: a feature for each that has a place, `kind` and its facts as properties."""
        features = [
            {
                "type": "Feature",
                "properties": {"kind": kind, **facts},
                "geometry": orjson.Fragment(shapely.to_geojson(shape)),
            }
            for kind, shape, facts in self.shapes
        ]
        return orjson.dumps({"type": "FeatureCollection", "features": features})


def examine(tree: Tree, report: AreaReport) -> None:
    """Find what the drafts of a tree changed, and where they do not fit to each other or to the areas above."""
    _moved(tree, report)
    for level in tree.levels:
        areas = tree.at(level.depth)
        if any(area.code in tree.drafts for area in areas):
            _overlapping(tree, areas, report)
    children: dict[str, list[AreaDraft]] = {}
    for area in tree.all():
        if area.parent:
            children.setdefault(area.parent, []).append(area)
    for code, below in children.items():
        parent = tree.find(code)
        if parent is not None and any(one.code in tree.drafts for one in (parent, *below)):
            _outside(parent, [one for one in below if code in tree.drafts or one.code in tree.drafts], report)
            _gaps(parent, below, report)


def _moved(tree: Tree, report: AreaReport) -> None:
    for draft in tree.drafts.values():
        if draft.known is None or not draft.moved:
            continue
        other = _wide(shapely.symmetric_difference(draft.known.geom, draft.geom), draft.known.geom)
        share = other.area / draft.known.geom.area
        if share >= LEAST_SHARE:
            report.mark("moved", other, area=draft.code, share=_share(share), km2=_km2(other))


def split_areas(tree: Tree) -> dict[str, list[str]]:
    """The areas that had none below them and have some now, with these."""
    parents = {area.parent for area in tree.known.values()}
    children: dict[str, list[str]] = {}
    for draft in tree.drafts.values():
        if draft.parent in tree.known and draft.parent not in parents:
            children.setdefault(draft.parent, []).append(draft.code)
    return children


def _overlapping(tree: Tree, areas: Sequence[AreaDraft], report: AreaReport) -> None:
    for area, other in _pairs(areas):
        if area.code not in tree.drafts and other.code not in tree.drafts:
            continue
        smaller = min(area.geom, other.geom, key=shapely.area)
        common = _wide(shapely.intersection(area.geom, other.geom), smaller)
        share = common.area / smaller.area
        if share >= LEAST_SHARE:
            codes = sorted((area.code, other.code))
            report.mark("overlapping", common, areas=codes, share=_share(share), km2=_km2(common))


def _pairs(areas: Sequence[AreaDraft]) -> Iterator[tuple[AreaDraft, AreaDraft]]:
    """Those that share more than a border. Where areas tile exactly, which is soon known, none is looked at."""
    shapes = np.array([area.geom for area in areas], dtype=object)
    doubtful = np.flatnonzero(~shapely.is_empty(shapely.coverage_invalid_edges(shapes)))
    if not len(doubtful):
        return
    place, second = shapely.STRtree(shapes).query(shapes[doubtful], predicate="intersects")
    first = doubtful[place]
    later = (first < second) | ((first > second) & ~np.isin(second, doubtful))
    first, second = first[later], second[later]
    shared = shapely.area(shapely.intersection(shapes[first], shapes[second]))
    for a, b in zip(first[shared > 0], second[shared > 0], strict=True):
        yield areas[a], areas[b]


def _outside(parent: AreaDraft, below: Sequence[AreaDraft], report: AreaReport) -> None:
    shapely.prepare(parent.geom)
    within = shapely.covers(parent.geom, np.array([child.geom for child in below], dtype=object))
    for child in (one for one, covered in zip(below, within, strict=True) if not covered):
        beyond = _wide(shapely.difference(child.geom, parent.geom), child.geom)
        share = beyond.area / child.geom.area
        if share >= LEAST_SHARE:
            report.mark("outside", beyond, area=child.code, parent=parent.code, share=_share(share), km2=_km2(beyond))


def _gaps(parent: AreaDraft, below: Sequence[AreaDraft], report: AreaReport) -> None:
    cover = shapely.union_all([one.geom for one in below])
    child = min(below, key=lambda one: one.geom.area).geom
    bare = _wide(shapely.difference(parent.geom, cover), child)
    least = min(LEAST_SHARE * parent.geom.area, LEAST_OF_CHILD * sum(one.geom.area for one in below) / len(below))
    if bare.area > 0 and bare.area >= least:
        report.mark("gaps", bare, area=parent.code, share=_share(bare.area / parent.geom.area), km2=_km2(bare))


def _wide(shape: shapely.Geometry, of: shapely.Geometry) -> shapely.MultiPolygon:
    """The parts of a shape that are no slivers, measured by an area that they belong to."""
    least = min(LEAST_WIDTH, WIDTH_OF_SIDE * float(np.sqrt(of.area)))
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon([part for part in parts if 2 * part.area > least * part.length])


def _share(share: float) -> float:
    return round(share, 4)


def _km2(shape: shapely.Geometry) -> float:
    return round(area_km2(shape), 3)
