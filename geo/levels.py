"""The levels of areas, root first. A new level is one line here, or one row when a deployment brings its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """One level. `depth` counts from 0 at the root; `has_centre`: its areas have a governance centre."""

    code: str
    depth: int
    names: dict[str, str]
    has_centre: bool


def _levels(*rows: tuple[str, dict[str, str], bool]) -> tuple[Level, ...]:
    return tuple(Level(code, depth, names, has_centre) for depth, (code, names, has_centre) in enumerate(rows))


DEMONSTRATION = _levels(
    ("prefecture", {"zh_CN": "州", "en": "Prefecture"}, True),
    ("county", {"zh_CN": "县（市）", "en": "County"}, True),
    ("township", {"zh_CN": "乡镇（街道）", "en": "Township"}, True),
    ("village", {"zh_CN": "村（社区）", "en": "Village"}, True),
    ("grid", {"zh_CN": "网格", "en": "Grid"}, False),
)


def level_of(code: str, levels: Sequence[Level] = DEMONSTRATION) -> Level:
    """The level with this code. Raises KeyError for an unknown one."""
    for level in levels:
        if level.code == code:
            return level
    raise KeyError(code)


def below(level: Level, levels: Sequence[Level] = DEMONSTRATION) -> Level | None:
    """The next level down, or None at the leaf."""
    return next((other for other in levels if other.depth == level.depth + 1), None)


def leaf(levels: Sequence[Level] = DEMONSTRATION) -> Level:
    return max(levels, key=lambda level: level.depth)
