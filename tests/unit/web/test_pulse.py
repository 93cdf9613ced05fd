"""The pulse of the database, asked by many at once."""

from __future__ import annotations

import asyncio
from typing import cast

from data.database import Database
from web.api.health import Pulse


class Quick:
    """A database whose function answers at once."""

    def ask(self, question: object, values: object) -> dict[str, int]:
        return {"seq": 1, "seals": 0, "areas": 0, "figures": 0}


def test_many_who_ask_at_once_are_all_answered():
    """Whoever comes as an answer arrives begins the next question; those who still wait hear of their own."""
    pulse = Pulse(cast(Database, Quick()))

    async def caller() -> list[bool]:
        heard = []
        for turn in range(200):
            heard.append(await pulse.beats())
            await asyncio.sleep(0 if turn % 3 else 0.0001)
        return heard

    async def all_of_them() -> list[list[bool]]:
        return await asyncio.gather(*(caller() for _ in range(8)))

    assert all(all(heard) for heard in asyncio.run(all_of_them()))
