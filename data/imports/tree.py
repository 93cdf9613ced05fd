"""The areas of a file and those of the database as one tree: levels, parents, and what does not fit together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from data.imports.ladder import extended
from data.imports.names import CODE
from data.imports.report import ImportReport, RowError, did_you_mean
from geo.levels import Level

SMALLEST_SHARE = 0.5


@dataclass
class AreaDraft:
    """An area as a file gives it; `row` 0 = it stands in the database already or is made by us."""

    file: str
    row: int
    code: str
    name: str
    names: dict[str, str]
    short_name: str
    geom: shapely.MultiPolygon
    parent: str | None = None
    level: str | None = None
    depth: int = -1
    households: int = 0
    synthetic: bool = False
    known_parent: str | None = None
    in_database: bool = False


@dataclass
class Tree:
    """`levels` are those declared or known; where none are declared, depths can come from the chain of parents."""

    levels: tuple[Level, ...]
    drafts: dict[str, AreaDraft] = field(default_factory=dict)
    known: dict[str, AreaDraft] = field(default_factory=dict)

    def find(self, code: str) -> AreaDraft | None:
        return self.drafts.get(code) or self.known.get(code)

    def at(self, depth: int) -> list[AreaDraft]:
        new = [draft for draft in self.drafts.values() if draft.depth == depth]
        return new + [draft for code, draft in self.known.items() if draft.depth == depth and code not in self.drafts]


def add_drafts(tree: Tree, drafts: Sequence[AreaDraft], report: ImportReport) -> None:
    """Take the drafts in; a code that stands there twice or cannot be one is a bad row."""
    for draft in drafts:
        try:
            if not CODE.fullmatch(draft.code):
                raise RowError("code", f"'{draft.code}' has to consist of letters, digits, '_', '.' and '-'")
            if draft.code in tree.drafts:
                first = tree.drafts[draft.code]
                raise RowError(
                    "code",
                    f"'{draft.code}' is on row {first.row} of {first.file} already"
                    " (dissolve: true in the mapping joins the parts of an area)",
                )
            tree.drafts[draft.code] = draft
        except RowError as error:
            report.refuse_row(draft.file, draft.row, error)


def arrange(tree: Tree, report: ImportReport, *, declared: bool, root_expected: bool) -> None:
    """Give every draft its depth and its parent; those that cannot have one become bad rows, and so do areas below."""
    if not declared:
        tree.levels = _levels_from_parents(tree)
    depth_of = {level.code: level.depth for level in tree.levels}
    for draft in list(tree.drafts.values()):
        _try(tree, draft, report, lambda draft: _set_depth(tree, draft, depth_of))
    for level in tree.levels[1:]:
        finder = _Finder(tree.at(level.depth - 1))
        for draft in [one for one in tree.drafts.values() if one.depth == level.depth]:
            if not (root_expected and level.depth == 1):
                _try(
                    tree,
                    draft,
                    report,
                    lambda draft, finder=finder, level=level: _set_parent(tree, draft, finder, level),
                )
    roots = tree.at(0)
    for extra in [one for one in roots[1:] if one.code in tree.drafts]:
        _try(tree, extra, report, lambda draft: _refuse_root(draft, roots[0]))


def _try(tree: Tree, draft: AreaDraft, report: ImportReport, act) -> None:
    try:
        act(draft)
    except RowError as error:
        report.refuse_row(draft.file, draft.row, error)
        tree.drafts.pop(draft.code, None)


def _refuse_root(draft: AreaDraft, root: AreaDraft) -> None:
    if draft.parent:
        raise RowError("parent", f"'{draft.parent}' is no area that is known or good")
    raise RowError(
        "parent",
        f"'{draft.code}' has no parent, and '{root.code}' is the root already;"
        " deployment.root in the mapping makes one root above all of them",
    )


def _levels_from_parents(tree: Tree) -> tuple[Level, ...]:
    """Where no mapping declares them: the levels that are known, and below them one for every depth of the chain of parents."""
    depth_of = {level.code: level.depth for level in tree.levels}
    named: list[set[str]] = [{level.code} for level in tree.levels]
    for draft in tree.drafts.values():
        draft.parent = draft.parent or _prefix_parent(tree, draft)
    for draft in tree.drafts.values():
        draft.depth = depth_of.get(draft.level or "", -1)
        if draft.depth < 0:
            draft.depth = _chain_length(tree, draft)
            named += [set() for _ in range(draft.depth + 1 - len(named))]
            if draft.depth >= len(tree.levels):
                named[draft.depth].add(draft.level or "")
    return extended(tree.levels, [names - {""} for names in named])


def _prefix_parent(tree: Tree, draft: AreaDraft) -> str | None:
    """The longest code that this one begins with and whose area covers it."""
    found = (tree.find(draft.code[:end]) for end in range(len(draft.code) - 1, 0, -1))
    return next((one.code for one in found if one and covered(draft.geom, one.geom) >= SMALLEST_SHARE), None)


def _chain_length(tree: Tree, draft: AreaDraft) -> int:
    above, code = {draft.code}, draft.parent
    while code and code not in above and (parent := tree.find(code)):
        above.add(code)
        code = parent.parent
    return len(above) - 1


def _set_depth(tree: Tree, draft: AreaDraft, depth_of: dict[str, int]) -> None:
    known = tree.known.get(draft.code)
    if known and draft.level in depth_of and known.depth != depth_of[draft.level]:
        raise RowError("level", f"'{draft.code}' stands in the database as a {known.level}")
    if draft.depth >= 0:
        draft.level = tree.levels[draft.depth].code
    elif draft.level is None:
        raise RowError("level", "is missing: name it in the mapping's section or in a column")
    elif draft.level not in depth_of:
        raise RowError("level", f"'{draft.level}' is no level{did_you_mean(draft.level, depth_of)}")
    else:
        draft.depth = depth_of[draft.level]


class _Finder:
    """Finds parents among the areas of the level above: by code or name, by prefix, by place."""

    def __init__(self, above: list[AreaDraft]) -> None:
        self.above = above
        self.codes = {draft.code: draft for draft in above}
        self.names = {name: found[0] for name, found in _by_name(above).items() if len(found) == 1}
        self.tree = shapely.STRtree([draft.geom for draft in above])

    def named(self, word: str) -> AreaDraft | None:
        return self.codes.get(word) or self.names.get(word)

    def of(self, draft: AreaDraft) -> AreaDraft | None:
        """By prefix where that area also covers it (1 is no parent of 12), else whichever covers most of it."""
        prefixes = [
            self.codes[draft.code[:end]] for end in range(len(draft.code) - 1, 0, -1) if draft.code[:end] in self.codes
        ]
        fitting = next((parent for parent in prefixes if covered(draft.geom, parent.geom) >= SMALLEST_SHARE), None)
        return fitting or self._around(draft.geom) or next(iter(prefixes), None)

    def _around(self, geom: shapely.Geometry) -> AreaDraft | None:
        hits = self.tree.query(geom, predicate="intersects")
        best = max(((covered(geom, self.above[hit].geom), hit) for hit in hits), default=(0.0, -1))
        return self.above[best[1]] if best[0] >= SMALLEST_SHARE else None


def covered(geom: shapely.Geometry, by: shapely.Geometry) -> float:
    """Which share of a geometry another one covers."""
    return shapely.intersection(by, geom).area / geom.area


def _by_name(drafts: list[AreaDraft]) -> dict[str, list[AreaDraft]]:
    found: dict[str, list[AreaDraft]] = {}
    for draft in drafts:
        for name in {draft.name, draft.short_name, *draft.names.values()}:
            found.setdefault(name, []).append(draft)
    return found


def _set_parent(tree: Tree, draft: AreaDraft, finder: _Finder, level: Level) -> None:
    above = tree.levels[level.depth - 1]
    if draft.parent:
        parent = finder.named(draft.parent)
        if parent is None:
            other = tree.find(draft.parent)
            reason = f"is a {other.level}, not a {above.code}" if other else f"is no {above.code} that is known or good"
            raise RowError("parent", f"'{draft.parent}' {reason}")
    else:
        parent = finder.of(draft)
        if parent is None:
            raise RowError(
                "parent", f"is missing: no {above.code} has a code that '{draft.code}' begins with, or covers it"
            )
    draft.parent = parent.code
    if draft.in_database and draft.known_parent != parent.code:
        raise RowError(
            "parent", f"'{draft.code}' hangs below '{draft.known_parent}' in the database; a parent cannot change"
        )
    _require_inside(draft, parent)


def _require_inside(draft: AreaDraft, parent: AreaDraft) -> None:
    if draft.geom.intersects(parent.geom):
        return
    swapped = shapely.transform(draft.geom, lambda xy: xy[:, ::-1])
    hint = (
        ": lon and lat look swapped" if swapped.intersects(parent.geom) else "; is the coordinate system right (--crs)?"
    )
    raise RowError("geometry", f"'{draft.code}' does not touch its parent '{parent.code}'{hint}")
