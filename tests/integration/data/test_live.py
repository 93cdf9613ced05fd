"""The live stream: nothing lost, nothing twice, in the order of the world; the past is caught up from any number."""

from __future__ import annotations

import asyncio
import contextlib
import json
from dataclasses import replace

from sqlalchemy import text

from data.live.hub import LiveHub
from data.queries import areas
from settings import LiveSettings
from tests.steps.commands import move, report, waiting
from tests.world import World


def parsed(data: bytes) -> tuple[int, str, dict]:
    fields = dict(line.split(": ", 1) for line in data.decode().strip().splitlines())
    return int(fields["id"]), fields["event"], json.loads(fields["data"])


class Reader:
    """Reads one subscription in the background, without its heartbeats."""

    def __init__(
        self, hub: LiveHub, world: World, *, who: str = "leader", area: str = "C", since: int | None = None
    ) -> None:
        path = {"C": "C/", "C1": "C/C1/", "C2": "C/C2/"}[area]
        self.got: list[tuple[int, str, dict]] = []
        self.heard = 0
        self.task = asyncio.create_task(self._read(hub.subscribe(world.viewers[who], area, path, since)))

    async def _read(self, stream) -> None:
        async for data in stream:
            event = parsed(data)
            self.heard += 1
            if event[1] != "heartbeat":
                self.got.append(event)

    async def listening(self) -> None:
        """Until the first heartbeat: what happens from now on is heard."""
        async with asyncio.timeout(15):
            while not self.heard:
                await asyncio.sleep(0.02)

    async def until(self, count: int) -> list[tuple[int, str, dict]]:
        async with asyncio.timeout(15):
            while len(self.got) < count:
                await asyncio.sleep(0.02)
        return self.got

    async def close(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@contextlib.asynccontextmanager
async def running(world: World):
    hub = LiveHub(world.database, LiveSettings(heartbeat_s=0.2), world.clock)
    await hub.start()
    while hub.state != "live":
        await asyncio.sleep(0.02)
    try:
        yield hub
    finally:
        await hub.stop()


def test_a_case_reaches_those_whose_area_covers_it(world):
    async def scene():
        async with running(world) as hub:
            here = Reader(hub, world, who="dispatcher.c1", area="C1", since=hub.seq)
            there = Reader(hub, world, who="dispatcher.c2", area="C2", since=hub.seq)
            await asyncio.gather(here.listening(), there.listening())
            case = await asyncio.to_thread(report, world, at="C1V1G1")
            ((_, event, told),) = await here.until(1)
            later = await asyncio.to_thread(report, world, at="C2V1G1")
            assert event == "case" and told["case_no"] == case["case_no"] and told["marker"]["status"] == "reported"
            assert set(told["counts"]) == {"C1", "C1V1", "C1V1G1"}, "a county is not told the counts above it"
            assert told["counts"]["C1"]["open"] == 1
            ((_, _, told),) = await there.until(1)
            assert told["case_no"] == later["case_no"], "a later case is the first that the other county hears of"
            await here.close()
            await there.close()

    asyncio.run(scene())


def test_a_browser_that_comes_back_gets_what_it_missed_once(world):
    first = report(world)

    async def scene():
        async with running(world) as hub:
            seen = hub.seq
            for _ in range(3):
                await asyncio.to_thread(report, world)
            back = Reader(hub, world, since=seen)
            await asyncio.to_thread(report, world)
            await back.until(4)
            last = await asyncio.to_thread(report, world)
            got = await back.until(5)
            assert [event for _, event, _ in got] == ["case"] * 5 and got[-1][2]["case_no"] == last["case_no"]
            numbers = [seq for seq, _, _ in got]
            assert numbers == sorted(set(numbers)) and first["case_no"] not in {told["case_no"] for _, _, told in got}
            await back.close()

    asyncio.run(scene())


def test_one_that_was_away_too_long_gets_a_snapshot(world):
    report(world)

    async def scene():
        hub = LiveHub(world.database, LiveSettings(heartbeat_s=0.2, replay_limit=1), world.clock)
        await hub.start()
        for _ in range(3):
            await asyncio.to_thread(report, world)
        for since in (None, 0, 10**9):
            reader = Reader(hub, world, since=since)
            ((_, event, told),) = await reader.until(1)
            assert event == "snapshot" and told["summary"]["open"] == 4
            await reader.close()
        await hub.stop()

    asyncio.run(scene())


def test_a_number_given_out_before_another_commits_is_not_missed(world):
    """The trap of sequences: a transaction that holds an early number and commits late."""
    slow, quick = waiting(world), waiting(world)

    async def scene():
        async with running(world) as hub:
            reader = Reader(hub, world, since=hub.seq)
            await reader.listening()
            # not on the loop: a statement that waits there would hold up the hub that it may be waiting for
            with world.database.owning() as held:
                await asyncio.to_thread(
                    held.execute,
                    text("UPDATE cases SET version = version + 1, status = 'waiting' WHERE case_no = :no"),
                    {"no": slow["case_no"]},
                )
                await asyncio.to_thread(
                    held.execute,
                    text(
                        "INSERT INTO case_event (prefecture, seq, case_no, at, act, role, to_status, details, version, path,"
                        " prev_hash, hash) VALUES ('C', 0, :no, now(), 'comment', 'leader', 'waiting', '{}', 4,"
                        " 'C/C1/C1V1/C1V1G1/', '', '')"
                    ),
                    {"no": slow["case_no"]},
                )
                other = asyncio.create_task(
                    asyncio.to_thread(move, world, quick, "dispatch", to=world.organisations["justice-C1"])
                )
                await asyncio.sleep(0.6)
            await other
            got = await reader.until(2)
            assert [told["case_no"] for _, _, told in got] == [slow["case_no"], quick["case_no"]]
            await reader.close()

    asyncio.run(scene())


def test_a_lost_connection_is_told_and_made_good(world, cluster):
    async def scene():
        async with running(world) as hub:
            reader = Reader(hub, world, since=hub.seq)
            await reader.listening()
            cluster.run_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'gridboard-live'"
            )
            await asyncio.to_thread(report, world)
            got = await reader.until(1)
            assert got[0][1] == "case" and hub.state in ("live", "catching-up")
            await reader.close()

    asyncio.run(scene())


def test_changed_boundaries_are_told_to_everybody_and_with_every_beat(world):
    from data import bulk

    def redraw() -> dict:
        with world.database.owning() as connection:
            connection.execute(text("UPDATE area SET geom = ST_Translate(geom, 0.001, 0) WHERE code = 'C1V1G1'"))
            assert bulk.rebuild_shapes(connection) == ["grid"]
            bulk.announce_areas(connection)
            return areas.boundaries(connection)

    async def scene():
        async with running(world) as hub:
            frames = [
                hub.subscribe(world.viewers["leader"], "C", "C/", None),
                hub.subscribe(world.viewers["dispatcher.c2"], "C2", "C/C2/", None),
            ]
            told: list[list[tuple[int, str, dict]]] = [[], []]

            async def listen(place: int) -> None:
                async for data in frames[place]:
                    told[place].append(parsed(data))

            tasks = [asyncio.create_task(listen(place)) for place in (0, 1)]
            while not all(events and events[0][2]["boundaries"] for events in told):
                await asyncio.sleep(0.05)
            before = told[0][0][2]["boundaries"]
            after = await asyncio.to_thread(redraw)
            while not all(any(kind == "boundaries" for _, kind, _ in events) for events in told):
                await asyncio.sleep(0.05)
            while any(events[-1][1] != "heartbeat" or events[-1][2]["boundaries"] != after for events in told):
                await asyncio.sleep(0.05)
            for task in tasks:
                task.cancel()
            return before, after, told

    before, after, told = asyncio.run(asyncio.wait_for(scene(), 20))
    assert after["levels"] == before["levels"] | {"grid": before["levels"]["grid"] + 1}
    assert after["revision"] == before["revision"] + 1
    for events in told:
        assert [data for _, kind, data in events if kind == "boundaries"] == [after]


def test_a_handler_hears_of_its_own_cases_only(world):
    async def scene():
        async with running(world) as hub:
            reader = Reader(hub, world, who="handler", area="C1", since=hub.seq)
            await reader.listening()
            await asyncio.to_thread(report, world)
            case = await asyncio.to_thread(waiting, world)
            mine = await asyncio.to_thread(move, world, case, "dispatch", to=world.organisations["justice-C1"])
            got = await reader.until(1)
            assert got[-1][2]["case_no"] == mine["case_no"] and got[-1][2]["act"] == "dispatch"
            assert all(told["act"] != "report" or told["case_no"] == mine["case_no"] for _, _, told in got)
            await reader.close()

    asyncio.run(scene())


def test_a_body_hears_that_it_was_called_to_help_and_what_goes_on(world):
    async def scene():
        async with running(world) as hub:
            world.viewers["helper"] = replace(world.viewers["handler.fire"], organisation_id=world.organisations["mediators-C"])
            reader = Reader(hub, world, who="helper", area="C", since=hub.seq)
            await reader.listening()
            case = await asyncio.to_thread(waiting, world)
            case = await asyncio.to_thread(move, world, case, "dispatch", to=world.organisations["justice-C1"])
            case = await asyncio.to_thread(lambda: move(world, case, "sign", by="handler"))
            case = await asyncio.to_thread(move, world, case, "co_handle", to=world.organisations["mediators-C"])
            await asyncio.to_thread(lambda: move(world, case, "start", by="handler"))
            got = await reader.until(2)
            assert [told["act"] for _, kind, told in got if kind == "case"] == ["co_handle", "start"]
            await reader.close()

    asyncio.run(scene())


def test_after_a_bulk_load_browsers_start_over_instead_of_replaying_it(world):
    async def scene():
        hub = LiveHub(world.database, LiveSettings(heartbeat_s=0.2, replay_limit=1), world.clock)
        await hub.start()
        while hub.state != "live":
            await asyncio.sleep(0.02)
        reader = Reader(hub, world, since=hub.seq)
        while not reader.heard:
            await asyncio.sleep(0.02)
        with world.database.owning() as connection:
            connection.execute(text("SELECT setval('world_seq', 5000)"))
        await asyncio.to_thread(report, world)
        async with asyncio.timeout(10):
            await reader.task
        assert reader.got == [] and hub.seq > 5000
        await hub.stop()

    asyncio.run(scene())
