"""The whole bot lives through weeks of 1:1s while its processes are killed and started again."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import promises
from crowd import Crowd
from errands import Errands
from fate import FREEZE, KILL, SharedClock
from figures import NO_FATE, RANDOM, Fates, Figures, Log, OnlyAt
from hands import Hands
from nursery import Nursery, Process
from points import KNOWN
from population import MEMBERS, members_of_slack, settle_in
from world import START

from bot.sandbox.server import Sandbox
from bot.services.receipts import CROWD
from bot.slack.manifest import COMMANDS
from bot.storage.engine import connect
from bot.storage.store import Database

PACE = {"lease": 0.8, "timeout": 0.5, "quarantine": 2.5, "poll": 0.2, "look_after": 0.05, "longest_backoff": 4}
"""Seconds of delivery's protocol in a chaos run; production's are 60, 10 and 120, in the same order of size."""

FROZEN_SECONDS = 1.0
"""Longer than the lease, shorter than the quarantine."""

PATIENCE = 3.0
"""When things haven't settled after so many seconds of killing, new processes are left alone until they have."""

LONGEST_SECONDS = 4.0
"""Within so long a process is killed that ends at no point by itself, so that others come that do."""

KILLED_AT_RANDOM = 0.2
RUSHES = 0.4
"""The share of the moments at which everybody presses at once whatever there is to press."""

STEERED = 0.85
"""So often people press at once, or one after the other, as the points that nobody struck yet take it."""

CROWDS = (1, CROWD)
"""From so many under way on, a process writes clicks down: one with few people soon, one as in production."""

MOST_EVENTS_A_KILL = 100
"""A life in which so little comes of it never gets to what it wants to strike."""
MOST_EVENTS_MORE = 800
"""So many events after its last kill that counts a life goes on at most, while a point is left unstruck."""

TOO_LONG = 60.0
DRAIN_SECONDS = 20.0


@dataclass(slots=True)
class Chaos:
    """A sandbox, a database, and bot processes that come and go."""

    sandbox: Sandbox
    store: Database
    nursery: Nursery
    order: dict[str, Any]
    clock: SharedClock
    hands: Hands
    crowd: Crowd
    errands: Errands
    figures: Figures
    log: Log
    fates: Fates
    luck: random.Random
    killed_at_random: float = KILLED_AT_RANDOM
    rushes: float = RUSHES
    crowds: tuple[int, ...] = CROWDS
    has_errands: bool = True
    truce: bool = False
    peaceful: bool = False
    living: list[Process] = field(default_factory=list)
    places: list[asyncio.Task[None]] = field(default_factory=list)

    def strike_only(self, points: frozenset[str]) -> None:
        """Let processes end at each of these points once, and nowhere else; people only answer what they are sent."""
        self.has_errands = False
        self.fates, self.killed_at_random = OnlyAt(self.figures, self.luck, points), 0
        self.hands.wanted = self.fates.left

    async def until(self, *, processes: int, kills: int = 0, events: int = 0, to_the_last: bool = False) -> None:
        """Live until so many kills, or events without any; let everything settle; end as an operator ends a process.

        ``to_the_last`` goes on until no point is left unstruck, but no longer than ``MOST_EVENTS_MORE``.
        """
        self.truce = self.peaceful = not kills
        ending = asyncio.Event()
        self.places = places = [asyncio.create_task(self._place(ending)) for _ in range(processes)]
        try:
            lived, longest = 0, 0
            while self.figures.killed < kills or lived < longest or lived < events:
                await self._next_event()
                lived += 1
                if to_the_last and self.figures.killed >= kills:
                    longest = (longest or lived + MOST_EVENTS_MORE) if self.fates.unstruck() else 0
                assert lived < events + MOST_EVENTS_A_KILL * max(kills, 1), (
                    f"of {kills} there were {self.figures.kills}"
                )
            self.truce = self.peaceful = True
            await self._settle()
            while await self.crowd.act():
                await self._settle()
            await self._looked_over()
            ending.set()
            for process in self.living:
                process.send(signal.SIGTERM)
            async with asyncio.timeout(DRAIN_SECONDS):
                await asyncio.gather(*places)
        finally:
            for place in places:
                place.cancel()
            await asyncio.gather(*places, return_exceptions=True)

    async def faults(self) -> list[str]:
        """Return what went wrong, in sentences, and complete the figures."""
        await self.hands.check_receipts()
        self.log.read()
        twice = [f"duty {key} was done {count} times" for key, count in self.figures.duties.items() if count > 1]
        lost = [f"{what} was acknowledged and lost" for what in self.hands.lost]
        self.figures.acts += self.hands.acts
        self.figures.messages += len(promises.in_slack(self.sandbox))
        async with self.store.transaction() as tx:
            for person in self.hands.persons.values():
                self.figures.meetings += len(await tx.meetings.of_rep(person))
                self.figures.goals += len(await tx.goals.of_rep(person))
        return [*await promises.broken(self.store, self.sandbox, self.clock.now()), *twice, *lost]

    async def _next_event(self) -> None:
        """Let people act; when nobody has anything to do, move to what is due next."""
        self.hands.rush = self.luck.random() < self._share_of_rushes()
        acts = await self.crowd.act()
        await self._settle()
        if acts:
            return
        if self.has_errands and not self.peaceful:
            await self.errands.run()
            await self._settle()
        due = await self._next_due()
        assert due is not None
        if self.luck.random() < self.killed_at_random and self.living and not self.truce:
            self._kill(self.luck.choice(self.living))
        self.move_to(due)

    def _share_of_rushes(self) -> float:
        """Return how likely everybody presses at once: rather where what is asked has points to be struck like that."""
        asked = self.crowd.asked()
        late = sum(self.fates.left(f"late.{one}") for one in asked)
        at_once = sum(self.fates.left(one) for one in asked)
        return max(self.rushes, STEERED) if late > at_once else 1 - STEERED if at_once > late else self.rushes

    def _crowds(self) -> tuple[int, ...]:
        """Return from how many under way on a process may write down: soon, while doing later is to be struck."""
        is_wanted = any(point.startswith("late.") for point in self.fates.unstruck())
        return self.crowds[:1] if is_wanted and self.luck.random() < STEERED else self.crowds

    def move_to(self, moment: datetime) -> None:
        """Move everybody's clock, unless it is later already."""
        self.sandbox.clock.set(max(moment, self.sandbox.clock.now()))
        self.clock.set(self.sandbox.clock.now())

    async def _settle(self) -> None:
        """Return when nothing is due at the present instant."""
        started = time.monotonic()
        while True:
            due = await self._next_due()
            async with self.store.transaction() as tx:
                written_down = await tx.inbox.waiting(self.clock.now())
            if due is not None and due > self.clock.now() and not written_down:  # None before the first has planned
                break
            for place in self.places:
                if place.done():
                    place.result()
            waited = time.monotonic() - started
            if waited > PATIENCE:
                self.truce = True
            assert waited < TOO_LONG, f"nothing goes on at {self.clock.now()}: {await self.store.deliveries.depth()}"
            await asyncio.sleep(0.05)
        self.truce = self.peaceful

    async def _looked_over(self) -> None:
        """Return when nobody waits for a look over the installation any more."""
        async with asyncio.timeout(TOO_LONG):
            while True:
                async with self.store.transaction() as tx:
                    if not await tx.checkups.waiting():
                        break
                await asyncio.sleep(0.1)
        await self._settle()

    async def _next_due(self) -> Any:
        async with self.store.transaction() as tx:
            duty = await tx.duties.next_due()
        dues = (duty, await self.store.deliveries.next_due())
        return min((due for due in dues if due is not None), default=None)

    async def _place(self, ending: asyncio.Event) -> None:
        """Keep one process alive, as the operator's supervisor does."""
        while not ending.is_set():
            fate = NO_FATE if self.truce else self.fates.next()
            process = await self.nursery.start(self.order | {"fate": fate, "crowd": self.luck.choice(self._crowds())})
            self.living.append(process)
            doom = asyncio.create_task(self._doom(process)) if fate[0] != KILL else None
            if ending.is_set():
                process.send(signal.SIGTERM)
            waker = self._thaw(process) if fate[0] == FREEZE else None
            ended = await process.end()
            self.living.remove(process)
            for task in (waker, doom):
                if task is not None:
                    task.cancel()
            self.log.read()
            self._hang_up()
            # Who is told to end before it listens to signals ends at once, which does no harm.
            fine = ended == -signal.SIGKILL or (ended in {0, -signal.SIGTERM} and ending.is_set())
            assert fine, f"a process ended by itself with {ended}: {self._diary()}"

    def _diary(self) -> str:
        return Path(self.order["diary"]).read_text()[-4000:]

    def _hang_up(self) -> None:
        """When nobody is left to acknowledge, let the people's screens say so at once and not after seconds."""
        if not self.living:
            for receipt in self.sandbox.socket._waiting.values():
                if not receipt.done():
                    receipt.set_exception(ConnectionResetError())

    def _thaw(self, process: Process) -> asyncio.Task[None]:
        """Wake a process that freezes, some time past its lease."""

        async def wake() -> None:
            while process.pid not in self.figures.frozen:
                await asyncio.sleep(0.05)
                self.log.read()
            await asyncio.sleep(FROZEN_SECONDS)
            process.send(signal.SIGCONT)

        return asyncio.create_task(wake())

    async def _doom(self, process: Process) -> None:
        """Kill, at a random instant, a process that ends at no point by itself; not while things have to settle."""
        await asyncio.sleep(self.luck.uniform(0, LONGEST_SECONDS))
        while self.truce:  # noqa: ASYNC110 - whether things have settled is looked at all the time
            await asyncio.sleep(0.05)
        self._kill(process)

    def _kill(self, process: Process) -> None:
        """Kill; where only some points are to be struck, it counts for nothing and makes room for who strikes one."""
        self.figures.kills[RANDOM] += process.send(signal.SIGKILL) and self.killed_at_random > 0


@asynccontextmanager
async def chaos(
    nursery: Nursery, database_url: str, folder: Path, seed: int, struck: Counter[str] | None = None
) -> AsyncIterator[Chaos]:
    """A local Slack, an imported organisation on a migrated database, and people with their own luck."""
    sandbox = Sandbox(members_of_slack(), [command for command, *_ in COMMANDS], now=START, speed=0)
    sandbox.socket.ack_seconds = 1.0
    await sandbox.start()
    store = connect(database_url)
    async with store.transaction() as tx:
        await settle_in(tx)
    luck = random.Random(seed)  # noqa: S311 - luck, not secrets
    figures = Figures(seed)
    struck = Counter[str]() if struck is None else struck
    fates = Fates(figures, luck, KNOWN, struck)
    hands = Hands(sandbox, store, luck, {user: person.id for user, person in MEMBERS.items()}, wanted=fates.left)
    clock = SharedClock.create(folder / "clock", START)
    try:
        yield Chaos(
            sandbox=sandbox,
            store=store,
            nursery=nursery,
            order=order("bot", database_url, sandbox, folder) | {"clock": str(folder / "clock")},
            clock=clock,
            hands=hands,
            crowd=Crowd(hands),
            errands=Errands(hands),
            figures=figures,
            log=Log(folder / "log", figures, struck),
            fates=fates,
            luck=luck,
        )
    finally:
        await store.dispose()
        await sandbox.stop()


def order(work: str, database_url: str, sandbox: Sandbox, folder: Path, **pace: float) -> dict[str, Any]:
    """Return what the nursery has to know to start a process on this database and Slack."""
    (folder / "log").touch()
    return {
        "work": work,
        "log": str(folder / "log"),
        "diary": str(folder / "diary"),
        "pace": PACE | pace,
        "environment": {
            "SLACK_BOT_TOKEN": "xoxb-sandbox",
            "SLACK_APP_TOKEN": "xapp-sandbox",
            "SLACK_API_URL": sandbox.api_url,
            "CADENCE_DATABASE_URL": database_url,
            "CADENCE_COUNTRY": "US",
            "CADENCE_HEALTH_PORT": "0",
            "CADENCE_TICK_SECONDS": "0.1",
            "CADENCE_SOCKET_CONNECTIONS": "1",
        },
    }


async def lived(
    nursery: Nursery,
    database_url: str,
    folder: Path,
    *,
    seed: int,
    kills: int,
    processes: int,
    struck: Counter[str] | None = None,
    to_the_last: bool = False,
) -> tuple[Figures, list[str]]:
    """Live through one life; returns its figures and what went wrong. ``struck`` counts the points of all."""
    began = time.monotonic()
    async with chaos(nursery, database_url, folder, seed, struck) as life:
        await life.until(kills=kills, processes=processes, to_the_last=to_the_last)
        faults = await life.faults()
    life.figures.seconds = time.monotonic() - began
    return life.figures, faults
