"""Delivery alone, by the real clock as in production: many messages, and processes that die or freeze while sending."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import promises
from fate import FREEZE, KILL
from figures import NO_FATE, RANDOM, Fates, Figures, Log
from figures import Fate as Dealt
from life import FROZEN_SECONDS, order
from nursery import Nursery, Process
from sqlalchemy import func, select

from bot.coaching.records import Person, PersonId, Records
from bot.sandbox import Sandbox, SandboxPerson, late
from bot.services.ports import Outgoing, SlackAccount
from bot.storage.engine import connect
from bot.storage.store import Database
from bot.storage.tables import SendState, outbox
from bot.views.blocks import bars, section
from bot.views.message import Message

READERS = 8
WAITING = 4 * READERS
TOO_LONG = 120.0
STEPS = ("writing", "written", "committed")
ENDS = ("before", "after")
SENDING = frozenset(
    {f"chat.postMessage.{step}" for step in ("before", "in_flight", "after")}
    | {f"conversations.{what}.{step}" for what in ("open", "history") for step in ("before", "after")}
    | {f"delivery.{what}.{step}" for what in ("claim", "sent", "retry_at") for step in STEPS}
)

PICTURE = (
    *((f"files.{what}.{step}", 1) for what in ("getUploadURLExternal", "completeUploadExternal") for step in ENDS),
    ("chat.postMessage.before", 2),  # the first is refused for its chart
    ("chat.postMessage.in_flight", 2),
    ("chat.postMessage.after", 1),
)
"""Where a sender ends whose message is shown with a picture, and at which pass."""


@dataclass(slots=True)
class Office:
    """An outbox with readers, and processes that send from it."""

    sandbox: Sandbox
    store: Database
    nursery: Nursery
    order: dict[str, Any]
    log: Log
    charts: bool = False
    put: int = 0
    waking: list[asyncio.Task[None]] = field(default_factory=list)

    async def wish(self, messages: int) -> None:
        """Put messages to everybody in turn."""
        async with self.store.transaction() as tx:
            for _ in range(messages):
                reader = PersonId(f"p{self.put % READERS}")
                key = f"word:{self.put}"
                blocks = [section(key), bars("Deals", ["Now"], {"Open": [self.put]}, "Deals")]
                words = Message(key, blocks if self.charts else blocks[:1])
                now = datetime.now(UTC)
                await tx.outbox.put(Outgoing(key, reader, "word", words, now, awaited_until=now + timedelta(days=1)))
                self.put += 1

    async def start(self, fate: Dealt) -> Process:
        return await self.nursery.start(self.order | {"fate": fate})

    async def until_sent(self) -> None:
        async with asyncio.timeout(TOO_LONG):
            while await self.sent() < self.put:  # noqa: ASYNC110 - other processes send
                await asyncio.sleep(0.05)

    async def sent(self) -> int:
        query = select(func.count()).where(outbox.c.state == SendState.SENT)
        async with self.store.deliveries._begin() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def struck(self, processes: list[Process], what: str) -> None:
        """Return when each of the processes was killed or froze."""
        async with asyncio.timeout(TOO_LONG):
            while not {process.pid for process in processes} <= self._struck(what):  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def begun(self, process: Process) -> None:
        """Return when the process has passed a point: on a busy machine that takes longer than it has to live."""
        while process.pid not in self.log.begun:
            await asyncio.sleep(0.01)
            self.log.read()

    def doubled(self) -> int:
        """How many messages are in Slack more than once."""
        return sum(len(copies) > 1 for copies in promises.in_slack(self.sandbox).values())

    async def faults(self) -> list[str]:
        async with self.store._begin() as connection:
            rows = [row._asdict() for row in await connection.execute(select(outbox))]
        return promises.messages(rows, self.sandbox, datetime.now(UTC))

    def _struck(self, what: str) -> set[int]:
        self.log.read()
        return self.log.figures.frozen if what == FREEZE else self.log.killed


@asynccontextmanager
async def office(
    nursery: Nursery, database_url: str, folder: Path, seed: int = 0, **pace: float
) -> AsyncIterator[Office]:
    readers = [SandboxPerson(f"U{number}", f"P{number}", f"p{number}@example.com") for number in range(READERS)]
    sandbox = Sandbox(readers, [], now=datetime.now(UTC))
    await sandbox.start()
    store = connect(database_url)
    async with store.transaction() as tx:
        people = tuple(Person(PersonId(one.id.replace("U", "p")), one.name, one.email) for one in readers)
        await tx.facts.upsert(Records(people=people))
        for person, reader in zip(people, readers, strict=True):
            await tx.people.link(SlackAccount(person.id, reader.id))
    wanted = order("sender", database_url, sandbox, folder, **pace)
    wanted["environment"]["CADENCE_SENDS_IN_FLIGHT"] = "1"
    try:
        yield Office(sandbox, store, nursery, wanted, Log(folder / "log", Figures(seed)))
    finally:
        await store.dispose()
        await sandbox.stop()


async def sent(
    nursery: Nursery, database_url: str, folder: Path, *, seed: int, kills: int, processes: int
) -> tuple[Figures, list[str]]:
    """Keep the outbox filled and kill its senders at every point; returns the figures and what went wrong."""
    began = time.monotonic()
    async with office(nursery, database_url, folder, seed) as post:
        figures = post.log.figures
        luck = random.Random(seed)  # noqa: S311 - luck, not secrets
        fates = Fates(figures, luck, SENDING)

        async def kill_at_random(process: Process, after: float) -> None:
            await post.begun(process)
            await asyncio.sleep(after)
            figures.kills[RANDOM] += process.send(signal.SIGKILL)

        async def keep_sending() -> None:
            while True:
                enough = figures.killed >= kills
                process = await post.start(NO_FATE if enough else fates.next())
                thaw = asyncio.create_task(_thaw(post, process, FROZEN_SECONDS))
                doom = asyncio.create_task(kill_at_random(process, luck.uniform(0.1, 1.3)))
                if enough:
                    doom.cancel()
                    await post.until_sent()
                    process.send(signal.SIGTERM)
                ended = await process.end()
                thaw.cancel()
                doom.cancel()
                post.log.read()
                if enough:
                    assert ended in {0, -signal.SIGTERM}, f"a sender ended with {ended}"
                    return

        async def keep_wishing() -> None:
            while figures.killed < kills:
                if post.put - await post.sent() < WAITING:
                    await post.wish(READERS)
                await asyncio.sleep(0.1)

        async with asyncio.TaskGroup() as work:
            work.create_task(keep_wishing())
            for _ in range(processes):
                work.create_task(keep_sending())
        await post.until_sent()
        faults = await post.faults()
        figures.messages = post.put
    figures.seconds = time.monotonic() - began
    return figures, faults


async def killed_with_pictures(nursery: Nursery, database_url: str, folder: Path) -> list[str]:
    """Kill a sender at each point of PICTURE, and let another send what is left; returns what went wrong."""
    async with office(nursery, database_url, folder) as post:
        post.sandbox.lack_blocks("data_visualization")
        post.charts = True
        for point, passes in PICTURE:
            await post.wish(1)
            process = await post.start((KILL, [point], passes))
            await post.struck([process], KILL)
            await process.end()
        await _recover(post)
        shown = [copy["blocks"] for copies in promises.in_slack(post.sandbox).values() for copy in copies]
        bare = sum("image" not in {block["type"] for block in blocks} for blocks in shown)
        return [*await post.faults(), *([f"{bare} have no picture"] if bare else [])]


async def doubled_when_late(
    nursery: Nursery, database_url: str, folder: Path, *, seconds: float, quarantine: float, batches: int = 1
) -> int:
    """Kill senders with the request in flight, and let Slack show the message so much later; returns the doubled."""
    async with office(nursery, database_url, folder, quarantine=quarantine) as post:
        for _ in range(batches):
            await post.wish(READERS)
            post.sandbox.faults.next("chat.postMessage", late(seconds), times=READERS)
            await _strike(post, (KILL, ["chat.postMessage.in_flight"], 1))
            post.sandbox.faults.clear()
            await _recover(post)
            await asyncio.sleep(seconds)
        return post.doubled()


async def doubled_when_frozen(
    nursery: Nursery, database_url: str, folder: Path, *, seconds: float, quarantine: float, batches: int = 1
) -> int:
    """Freeze senders just before they post and wake them so much later; returns the doubled."""
    async with office(nursery, database_url, folder, quarantine=quarantine) as post:
        for _ in range(batches):
            await post.wish(READERS)
            frozen = await _strike(post, (FREEZE, ["chat.postMessage.before"], 1), thaw_after=seconds)
            await _recover(post)
            await asyncio.gather(*post.waking)
            await asyncio.sleep(1)
            for process in frozen:
                process.send(signal.SIGTERM)
                await process.end()
        return post.doubled()


async def _strike(post: Office, fate: Dealt, *, thaw_after: float | None = None) -> list[Process]:
    """Let each of the messages put last be claimed by a process of its own that meets its fate."""
    processes = [await post.start(fate) for _ in range(READERS)]
    waking = [asyncio.create_task(_thaw(post, process, thaw_after)) for process in processes if thaw_after]
    await post.struck(processes, fate[0])
    post.waking = waking
    return processes


async def _thaw(post: Office, process: Process, seconds: float) -> None:
    await post.struck([process], FREEZE)
    await asyncio.sleep(seconds)
    process.send(signal.SIGCONT)


async def _recover(post: Office) -> None:
    """Let one whole process send what the others left."""
    process = await post.start(NO_FATE)
    await post.until_sent()
    process.send(signal.SIGTERM)
    assert await process.end() in {0, -signal.SIGTERM}
