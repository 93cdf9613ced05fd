"""The flow of a case as a page, made from the table of moves: `python -m rules.diagram > docs/flow.md`."""

from __future__ import annotations

from collections.abc import Iterator

from rules.cases import STAGE_OF, Status
from rules.moves import MOVES, Move

HEAD = """# The flow of a case

Made from the table of moves in `rules/moves.py` by `python -m rules.diagram`; a test holds the two together.
What is marked "later" stands in the table and is not carried out by this version yet.

```mermaid
stateDiagram-v2
"""


def page() -> str:
    return HEAD + "\n".join(_arrows()) + "\n```\n\n" + "\n".join(_table()) + "\n"


def _arrows() -> Iterator[str]:
    yield f"    [*] --> {Status.reported}: report"
    for move in MOVES.values():
        for source in sorted(move.sources):
            if move.target is not None:
                yield f"    {source} --> {move.target}: {move.name}{'' if move.ready else ' (later)'}"


def _table() -> Iterator[str]:
    yield "| move | from | to | stage | who | needs | holder then | now |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for move in MOVES.values():
        yield "| " + " | ".join(_cells(move)) + " |"


def _cells(move: Move) -> Iterator[str]:
    yield f"`{move.name}`"
    yield ", ".join(sorted(move.sources)) or "(a new case)"
    yield move.target or "the same"
    yield str(int(STAGE_OF[move.target])) if move.target else ""
    yield move.actor
    yield ", ".join(sorted(move.needs))
    yield move.holder
    yield "yes" if move.ready else "later"


if __name__ == "__main__":
    print(page(), end="")
