"""Writes down what comes in faster than it can be done, many in one commit, so that its receipt needn't wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from functools import partial

from bot.errors import CadenceError
from bot.services.arrivals import CountedStore
from bot.services.ports import Clock, Received, Store, Transaction
from bot.services.posting import AWAITED, tell
from bot.views import notices
from bot.views.message import Message
from bot.views.speaking import said_to

CROWD = 10
"""With so many under way the next would wait for a twentieth of a second."""


class Receipts:
    """One per process. ``counted`` is the store of the use cases, which knows how many wait for it.

    Doing what came in takes some milliseconds each, in one thread. Written down it takes a tenth of that, because
    whatever comes while a transaction is under way is written by the next one, all of it together.
    """

    def __init__(self, store: Store, counted: CountedStore, clock: Clock) -> None:
        self._store = store
        self._counted = counted
        self._clock = clock
        self.crowd = CROWD
        """How many may be under way before what comes next is written down first."""
        self._batch: list[tuple[Received, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None

    def is_crowded(self) -> bool:
        """Whether what comes now had better be written down than done at once."""
        return self._counted.at_work >= self.crowd

    def received(self, key: str, body: dict[str, object]) -> Received:
        return Received(key, body, self._clock.now())

    async def write_down(self, received: Received) -> bool:
        """Return when it is committed; False when it came before. Raises what the database raises: then it isn't."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._batch.append((received, done))
        if self._writing is None:
            self._writing = asyncio.create_task(self._write())
        return await done

    async def waiting(self, older_than: timedelta = timedelta()) -> tuple[Received, ...]:
        """Return what is written down longer ago than that and not done, the oldest first; all processes' together."""
        async with self._store.transaction() as tx:
            return await tx.inbox.waiting(self._clock.now() - older_than)

    async def end(self, one: Received) -> None:
        """Let go of what has no effect."""
        async with self._store.transaction() as tx:
            await tx.inbox.work_off(one.key)

    async def refuse(self, one: Received, user: str, error: CadenceError) -> None:
        """Tell the person behind a Slack user id why what they pressed can't be done, and let go of it."""
        await self._say(one, user, partial(notices.refused, str(error)))

    async def give_up(self, one: Received, user: str, reference: str) -> None:
        """Tell the person that it failed and to press again, and let go of it."""
        await self._say(one, user, partial(notices.error, reference))

    async def _say(self, one: Received, user: str, view: Callable[[], Message]) -> None:
        async with self._store.transaction() as tx:
            if await tx.inbox.work_off(one.key):
                await self._tell(tx, one, user, view)

    async def _tell(self, tx: Transaction, one: Received, user: str, view: Callable[[], Message]) -> None:
        """Tell nothing to somebody who isn't in the records."""
        person = await tx.people.by_slack(user)
        if person is not None:
            message = said_to(person, view)
            now = self._clock.now()
            until = now + AWAITED
            await tell(tx, person, "refused", f"refused:{one.key}", message, now, urgent=True, awaited_until=until)

    async def _write(self) -> None:
        try:
            while self._batch:
                batch, self._batch = self._batch, []
                await self._commit(batch)
        finally:
            self._writing = None

    async def _commit(self, batch: list[tuple[Received, asyncio.Future[bool]]]) -> None:
        """Write all of them, or none: what could fail alone isn't written down in the first place."""
        try:
            async with self._store.transaction() as tx:
                new = set(await tx.inbox.write_down(*(one for one, _ in batch)))
        except BaseException as error:
            for _, done in batch:
                if not done.done():
                    done.set_exception(error if isinstance(error, Exception) else TimeoutError())
            if not isinstance(error, Exception):
                raise
            return
        for one, done in batch:
            if not done.done():
                done.set_result(one.key in new)
            new.discard(one.key)
