"""The flow of a case as a page, made from the table of moves: `python -m rules.diagram > docs/flow.md`."""

from __future__ import annotations

from collections.abc import Iterator

from rules.cases import CLOSED, STAGE_OF, Status
from rules.moves import MOVES, Move
from rules.sla import STEPS_OF

HEAD = """# The flow of a case

Made from the table of moves in `rules/moves.py` by `python -m rules.diagram`; a test holds the two together. The same
table answers `GET /api/moves`.

- **who**: *anyone* may report in its area; *centre*: a dispatcher whose area covers the centre that routes the case;
  *sender*: a dispatcher of the very centre that sent it; *holder*: a handler of the organisation that holds it; *watcher*: a
  leader or dispatcher whose area covers it; *leader*: a leader alone; *involved*: watchers, and handlers of the organisation
  that holds it or handles with it; *rule*: nobody, it follows from another move.
- **needs**: must be given with the move. A reason may be given with every move.
- **clocks then**: which deadlines run after the move; the times are in [clocks.md](clocks.md).
- **unless**: the error that refuses the move although the status would let it pass.
- **tells**: who gets a message ([messages.md](messages.md)).

What follows by itself:

- **Two returns** in one centre's time with the case refer it up. So does a dispatch or transfer **to an organisation that gave
  the case up before** (a loop): the case goes to the centre above instead of to that organisation, and waits there.
  The trace shows the rule.
- At the top there is nowhere to go up: there such a dispatch, with its reason, is an **order**. The case cannot be
  returned or transferred any more. So between two reopenings a case changes hands at most once for each organisation and centre.
- Whoever signs is **responsible** (首接负责) until another organisation has signed.
- A **pause** ends by itself at its end; the clocks go on from that moment.
- **Merging** leaves both traces whole: the duplicate is closed, the other case gets `absorb` with the duplicate's number.
- **An import** that updates cases ([own-data.md](own-data.md)) makes the moves of the other system, marked as imported;
  `amend` names the facts that it changed, `withdraw` ends a case that is none there any more.
- **New boundaries**: a case that is not closed and lies in another lowest area now gets `relocate` when whoever imports says so.
  Status, holder, centre and clocks stay.

```mermaid
stateDiagram-v2
"""
COLUMNS = (
    "move", "from", "to", "stage", "who", "needs", "holder then", "clocks then", "leaves", "unless", "tells",
)  # fmt: skip


def page() -> str:
    return HEAD + "\n".join(_arrows()) + "\n```\n\n" + "\n".join(_table()) + "\n"


def _arrows() -> Iterator[str]:
    yield f"    [*] --> {Status.reported}: report"
    for move in MOVES.values():
        for source in sorted(move.sources):
            if move.target is not None:
                yield f"    {source} --> {move.target}: {move.name}"
    for status in sorted(CLOSED):
        yield f"    {status} --> [*]"


def _table() -> Iterator[str]:
    yield f"| {' | '.join(COLUMNS)} |"
    yield f"|{' --- |' * len(COLUMNS)}"
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
    yield _clocks(move.target) if move.target else "the same"
    yield ", ".join(sorted(move.effects))
    yield ", ".join(sorted(move.guards))
    yield ", ".join(sorted(move.tells))


def _clocks(status: Status) -> str:
    steps = STEPS_OF.get(status)
    if steps:
        return ", ".join(steps)
    return "stopped" if status == Status.paused else "none"


if __name__ == "__main__":
    print(page(), end="")
