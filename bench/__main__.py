"""`python -m bench [GROUP ...]`: measure, print a table, write bench/results.json."""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import (
    growth,
    latency,
    overview,
    paint,
    races,
    recommendation,
    search,
    server,
    statistics,
    throughput,
    tiers,
    tiles,
)
from bench.figures import Row
from bench.world import World, world

# search and growth come last: they leave the database many times as large
GROUPS: dict[str, Callable[[World], Iterator[Row]]] = {
    "overview": overview.measure, "server": server.measure, "throughput": throughput.measure,
    "live": latency.measure, "races": races.measure,
    "tiles": tiles.measure, "recommendation": recommendation.measure, "paint": paint.measure,
    "statistics": statistics.measure, "tiers": tiers.measure, "search": search.measure, "growth": growth.measure,
}  # fmt: skip
RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    wanted = sys.argv[1:] or list(GROUPS)
    if unknown := set(wanted) - set(GROUPS):
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. Groups: {', '.join(GROUPS)}.")
    console, rows = Console(), []
    with console.status("loading the demonstration") as status, world() as made:
        for name in (group for group in GROUPS if group in wanted):
            status.update(f"measuring {name}")
            for row in GROUPS[name](made):
                rows.append(row)
                console.print(f"{row.group:9} {row.name}: {row.value:.1f} {row.unit}  {row.note}")
    console.print(_table(rows))
    results = {
        "at": datetime.now(UTC).isoformat(),
        "machine": platform.platform(),
        "rows": [asdict(row) for row in rows],
    }
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _table(rows: list[Row]) -> Table:
    table = Table("group", "what", "measured", "unit", "goal", "note")
    for row in rows:
        table.add_row(row.group, row.name, f"{row.value:,.1f}", row.unit, row.goal, row.note)
    return table


if __name__ == "__main__":
    main()
