"""The tree of the areas of a file and the database: levels, parents, contradictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely

from geo.levels import Level
from imports.levels import extended
from imports.names import CODE
from imports.parents import SMALLEST_SHARE, Finder, by_name, covered, require_inside
from imports.report import ImportReport, RowError, did_you_mean
from imports.row_faults import RowFaults

NOWHERE = shapely.MultiPolygon()


@dataclass
class AreaDraft:
    """An area as a file gives it; `row` 0 = it stands in the database already or is made by us.

    `known` is what the database has under its code, `told` the fields that the row tells (the others stay), and
    `moved` says that the outline is another than the known one.
    """

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
    told: frozenset[str] = frozenset()
    told_names: dict[str, str | None] = field(default_factory=dict)
    known: AreaDraft | None = None
    moved: bool = False
    faults: RowFaults = field(default_factory=RowFaults)

    @property
    def faulty(self) -> bool:
        return bool(self.faults)


@dataclass
class Tree:
    """`levels` are those declared or known; where none are declared, depths can come from the chain of parents."""

    levels: tuple[Level, ...]
    drafts: dict[str, AreaDraft] = field(default_factory=dict)
    known: dict[str, AreaDraft] = field(default_factory=dict)

    def find(self, code: str) -> AreaDraft | None:
        return self.drafts.get(code) or self.known.get(code)

    def at(self, depth: int) -> list[AreaDraft]:
        """The areas of a level, those that the database has first; each as the file gives it, if it does."""
        known = [self.drafts.get(code, draft) for code, draft in self.known.items() if draft.depth == depth]
        return known + [draft for draft in self.drafts.values() if draft.depth == depth and draft.known is None]

    def all(self) -> list[AreaDraft]:
        """Every area as it will be, root first."""
        return [draft for level in self.levels for draft in self.at(level.depth)]

    @property
    def root(self) -> AreaDraft:
        return self.at(0)[0]


def add_drafts(tree: Tree, drafts: Sequence[AreaDraft]) -> None:
    """Take the drafts in; a duplicate or impossible code is a fault of its row."""
    for number, draft in enumerate(drafts):
        first = tree.drafts.get(draft.code)
        if draft.code and not CODE.fullmatch(draft.code):
            reason = f"'{draft.code}' has to consist of letters, digits, '_', '.' and '-'"
            draft.faults.add(RowError("code", reason))
        elif first is not None:
            draft.faults.add(
                RowError(
                    "code",
                    f"'{draft.code}' is on row {first.row} of {first.file} already"
                    " (dissolve: true in the mapping joins the parts of an area)",
                )
            )
        unusable = not draft.code or first is not None
        # Under a key that is no code: nobody finds it, and the rest of its row is looked at all the same.
        tree.drafts[f"{draft.code}\0{number}" if unusable else draft.code] = draft


def arrange(tree: Tree, report: ImportReport, *, declared: bool, root_made: str | None) -> None:
    """Give every draft its depth and its parent; those that cannot have one become bad rows, and so do areas below.

    `root_made` is the code of a root that follows from the areas below it: they all hang there, wherever they lie.
    """
    if not declared:
        tree.levels = _levels_from_parents(tree)
    depth_of = {level.code: level.depth for level in tree.levels}
    for draft in tree.drafts.values():
        draft.faults.check(_set_depth, tree, draft, depth_of)
    _drop(tree, report, [key for key, draft in tree.drafts.items() if not 0 <= draft.depth < len(tree.levels)])
    for draft in [one for one in tree.drafts.values() if one.depth == 0]:
        draft.faults.check(_require_root, tree, draft)
    _drop(tree, report, [key for key, draft in tree.drafts.items() if draft.depth == 0 and draft.faulty])
    for level in tree.levels[1:]:
        finder = Finder([one for one in tree.at(level.depth - 1) if not one.faulty])
        at_level = {key: one for key, one in tree.drafts.items() if one.depth == level.depth}
        for draft in at_level.values():
            if root_made is not None and level.depth == 1:
                draft.parent = root_made
            else:
                draft.faults.check(_set_parent, tree, draft, finder, level)
        _drop(tree, report, [key for key, draft in at_level.items() if draft.faulty])
    report.bad.sort(key=lambda bad: (bad.file, bad.row))


def _drop(tree: Tree, report: ImportReport, keys: Sequence[str]) -> None:
    for key in keys:
        draft = tree.drafts.pop(key)
        draft.faults.tell(report, draft.file, draft.row)


def _require_root(tree: Tree, draft: AreaDraft) -> None:
    """Raises RowError for an area without a parent beside the root, or above the one that is known."""
    root = tree.root
    if draft is not root:
        if draft.parent:
            raise RowError("parent", f"'{draft.parent}' is no area that is known or good")
        raise RowError(
            "parent",
            f"'{draft.code}' has no parent, and '{root.code}' is the root already;"
            " deployment.root in the mapping makes one root above all of them",
        )
    above = tree.find(draft.parent) if draft.parent else None
    if draft.known and above and above is not draft:
        raise RowError("parent", f"'{draft.code}' is the root in the database; it cannot hang below '{above.code}'")


def _levels_from_parents(tree: Tree) -> tuple[Level, ...]:
    """Where no mapping declares them: the levels that are known, and below them one for every depth of the chain of parents."""
    depth_of = {level.code: level.depth for level in tree.levels}
    named: list[set[str]] = [{level.code} for level in tree.levels]
    everybody = {**tree.known, **tree.drafts}
    names = {name: found[0].code for name, found in by_name(list(everybody.values())).items() if len(found) == 1}
    for draft in tree.drafts.values():
        if not draft.parent and not draft.known and draft.level not in depth_of:
            draft.parent = _prefix_parent(tree, draft)
        elif draft.parent and not tree.find(draft.parent):
            draft.parent = names.get(draft.parent, draft.parent)
    for draft in tree.drafts.values():
        draft.depth = draft.known.depth if draft.known else depth_of.get(draft.level or "", -1)
        if draft.depth < 0:
            draft.depth = _chain_length(tree, draft)
            if draft.faulty:
                continue
            named += [set() for _ in range(draft.depth + 1 - len(named))]
            if draft.depth >= len(tree.levels):
                named[draft.depth].add(draft.level or "")
    return extended(tree.levels, [names - {""} for names in named])


def _prefix_parent(tree: Tree, draft: AreaDraft) -> str | None:
    """The longest code that this one begins with and whose area covers it."""
    candidates = (tree.find(draft.code[:end]) for end in range(len(draft.code) - 1, 0, -1))
    return next((one.code for one in candidates if one and covered(draft.geom, one.geom) >= SMALLEST_SHARE), None)


def _chain_length(tree: Tree, draft: AreaDraft) -> int:
    above, code = {draft.code}, draft.parent
    while code and code not in above and (parent := tree.find(code)):
        if parent.known:
            return len(above) + parent.known.depth
        above.add(code)
        code = parent.parent
    return len(above) - 1


def _set_depth(tree: Tree, draft: AreaDraft, depth_of: dict[str, int]) -> None:
    """A known code keeps its level; a new one has that of its row, or that of the chain of parents."""
    if draft.known:
        said = draft.level
        draft.level, draft.depth = draft.known.level, draft.known.depth
        if said in depth_of and depth_of[said] != draft.depth:
            raise RowError("level", f"'{draft.code}' stands in the database as a {draft.known.level}")
    elif draft.depth >= 0:
        draft.level = tree.levels[draft.depth].code if draft.depth < len(tree.levels) else None
    elif draft.level is None:
        raise RowError("level", "is missing: name it in the mapping's section or in a column")
    elif draft.level not in depth_of:
        raise RowError("level", f"'{draft.level}' is no level{did_you_mean(draft.level, depth_of)}")
    else:
        draft.depth = depth_of[draft.level]


def _set_parent(tree: Tree, draft: AreaDraft, finder: Finder, level: Level) -> None:
    """A known code keeps its parent; one given in its row has to be the same."""
    above = tree.levels[level.depth - 1]
    said = draft.parent or (draft.known.parent if draft.known else None)
    parent = finder.named(said) if said else finder.of(draft)
    if parent is None and said:
        other = tree.find(said)
        reason = f"is no {above.code} that is known or good"
        if other is not None and other.level != above.code:
            reason = f"is a {other.level}, not a {above.code}"
        raise RowError("parent", f"'{said}' {reason}")
    if parent is None:
        raise RowError("parent", f"is missing: no {above.code} has a code that '{draft.code}' begins with, or covers it")
    if draft.known and draft.known.parent != parent.code:
        raise RowError(
            "parent", f"'{draft.code}' hangs below '{draft.known.parent}' in the database; a parent cannot change"
        )
    draft.parent = parent.code
    require_inside(draft, parent)
