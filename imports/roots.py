"""A root area that no file holds: the union of the level below, without slivers between its areas."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from imports.kept import same_outline
from imports.mapping import Mapping
from imports.names import names_of
from imports.outlines import polygons_of
from imports.report import ImportReport, InputError
from imports.tree import AreaDraft, Tree

#: Degrees: a hole that is narrower than this (some 30 m) is where two surveys do not meet.
SLIVER_WIDTH = 3e-4
#: Of the root's own area: what may differ between it and the union it was made of.
SAME_SHARE = 1e-9


def made_root(tree: Tree, mapping: Mapping, drafts: Sequence[AreaDraft], report: ImportReport) -> str | None:
    """The code of the root when it follows from the level below: no file holds it, and the mapping names it.

    One in the database follows as long as it is still that union. Raises InputError.
    """
    top = tree.levels[0].code
    if any(draft.level == top or (draft.known and draft.known.depth == 0) for draft in drafts):
        return None
    known = next((area for area in tree.known.values() if area.depth == 0), None)
    if known is not None:
        return known.code if known.code == mapping.deployment.root.code and _is_union(tree, known) else None
    if mapping.deployment.root.code is None:
        for draft in drafts:
            draft.faults.tell(report, draft.file, draft.row)
        report.require_good(skip_bad=False)
        raise InputError(
            f"There is no {top} yet: import the areas of the highest level first or together,"
            " or name deployment.root in the mapping to have it made of the level below."
        )
    return mapping.deployment.root.code


def make_root(tree: Tree, mapping: Mapping, code: str) -> None:
    """Put the root into the tree, or its new outline. Raises InputError where there is nothing to make it of."""
    below = tree.at(1)
    if not below:
        raise InputError(f"There are no good areas of the level {tree.levels[1].code} to make the root of.")
    geom = union([area.geom for area in below])
    known = tree.known.get(code)
    if known is not None and same_outline(known.geom, geom):
        return
    root = mapping.deployment.root
    names = known.names if known else root.names or root.name or names_of(code)
    name = known.name if known else next(iter(names.values()))
    tree.drafts[code] = AreaDraft(
        "",
        0,
        code,
        name,
        names,
        known.short_name if known else name,
        geom,
        level=tree.levels[0].code,
        depth=0,
        households=known.households if known else sum(area.households for area in below),
        synthetic=known.synthetic if known else False,
        known=known,
    )


def union(outlines: Sequence[shapely.Geometry]) -> shapely.MultiPolygon:
    """All of them as one, filled where neighbours only miss each other."""
    united = shapely.union_all(list(outlines))
    filled = shapely.union_all([shapely.Polygon(part.exterior) for part in polygons_of(united).geoms])
    bare = shapely.get_parts(shapely.difference(filled, united))
    slivers = [part for part in bare if 2 * part.area < SLIVER_WIDTH * part.length]
    return polygons_of(shapely.union_all([united, *slivers]))


def _is_union(tree: Tree, root: AreaDraft) -> bool:
    below = [area.geom for area in tree.known.values() if area.depth == 1]
    if not below:
        return False
    return bool(shapely.symmetric_difference(root.geom, union(below)).area <= SAME_SHARE * root.geom.area)
