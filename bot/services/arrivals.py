"""Lets what comes in from Slack count once, however often it is delivered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.errors import CadenceError
from bot.services.ports import Clock, Store, Transaction

PLACES = 10
"""So many arrivals have a transaction at once. Any more would queue for the database before what is written down."""


class AlreadyDoneError(CadenceError):
    """The same delivery came before, and its effect is committed: there is nothing to do but to acknowledge it."""


@dataclass(slots=True)
class Arrival:
    """An event, click, form or command; ``committed`` is called after each commit made for it.

    ``key`` is its identity, None for what can't be told apart and therefore always counts. One that is ``written_down``
    is acknowledged already: why it can't be done is kept in ``refused``, for nobody waits for an answer.
    """

    key: str | None
    committed: Callable[[], None]
    written_down: bool = False
    counted: bool = False
    refused: CadenceError | None = None


_arrival: ContextVar[Arrival | None] = ContextVar("arrival", default=None)


def arrive(arrival: Arrival) -> None:
    """Say what the present task works on from here: a request that just came in."""
    _arrival.set(arrival)


def is_written_down() -> bool:
    """Whether the present task works on something that is acknowledged already."""
    arrival = _arrival.get()
    return arrival is not None and arrival.written_down


def refuse_later(error: CadenceError) -> bool:
    """Keep why it can't be done for who works it off; False where the person waits for the answer."""
    arrival = _arrival.get()
    if arrival is None or not arrival.written_down:
        return False
    arrival.refused = error
    return True


class CountedStore:
    """The store of the use cases. The first transaction made for an arrival also notes that it came.

    So the note and the effect commit together, and after a failure neither is there: a second delivery then does
    what the first could not. Without an arrival, as in a tick, it is the plain store.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._places = asyncio.Semaphore(PLACES)
        self.at_work = 0
        """How many arrivals have a transaction or wait for one: what a further one would have to wait for."""

    @property
    def writers(self) -> int:
        return self._store.writers

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Raises AlreadyDoneError when the arrival was counted before."""
        return self._transaction()

    def reading(self) -> AbstractAsyncContextManager[Transaction]:
        """For an arrival this doesn't count it: what only reads may be asked for again, and is answered again."""
        return self._store.reading() if _arrival.get() is None else self._reading()

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Transaction]:
        async with self._place(), self._store.reading() as tx:
            yield tx

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        arrival = _arrival.get()
        if arrival is None:
            async with self._store.transaction() as tx:
                yield tx
            return
        async with self._place(), self._store.transaction() as tx:
            if not arrival.counted and not await self._count(tx, arrival):
                raise AlreadyDoneError(  # no words: it is acknowledged, and nobody reads it
                    "This came before and is done."
                )
            yield tx
        arrival.counted = True
        arrival.committed()

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Give one of the places; who waits for one is at work, too."""
        self.at_work += 1
        try:
            async with self._places:
                yield
        finally:
            self.at_work -= 1

    async def _count(self, tx: Transaction, arrival: Arrival) -> bool:
        if arrival.key is None:
            return True
        if arrival.written_down:
            return await tx.inbox.work_off(arrival.key)
        return await tx.inbox.first_time(arrival.key, self._clock.now())
