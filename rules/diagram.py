"""The flow of a case as a page, made from the table of moves: `python -m rules.diagram > docs/flow.md`."""

from __future__ import annotations

from collections.abc import Iterator

from rules.cases import CLOSED, STAGE_OF, Status
from rules.clock import STEP_OF
from rules.moves import MOVES, Move

HEAD = """# The flow of a case

Made from the table of moves in `rules/moves.py` by `python -m rules.diagram`; a test holds the two together.
What is marked "later" stands in the table and is not carried out by this version yet.

- **who**: *anyone* may report in its area; *centre*: a dispatcher whose area covers the centre that routes the case;
  *sender*: a dispatcher of the very centre that sent it; *holder*: a handler of the body that holds it;
  *watcher*: a leader or dispatcher whose area covers it.
- **clock then**: which deadline runs after the move; the times are in `rules/clock.py`.
- **leaves**: *responsible*: the holder answers for the case from now on; *sender*: the centre that made the move may
  recall it; *unsent*: no body has it any more; *returned*: one more return is counted.

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
    for status in sorted(CLOSED):
        yield f"    {status} --> [*]"


def _table() -> Iterator[str]:
    yield "| move | from | to | stage | who | needs | holder then | clock then | leaves | now |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
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
    yield _clock(move.target) if move.target else "the same"
    yield ", ".join(sorted(move.effects))
    yield "yes" if move.ready else "later"


def _clock(status: Status) -> str:
    step = STEP_OF.get(status)
    if step is not None:
        return step
    return "stopped" if status == Status.paused else "none"


if __name__ == "__main__":
    print(page(), end="")
