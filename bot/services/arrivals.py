"""Lets what comes in from Slack count once, however often it is delivered."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from bot.errors import CadenceError
from bot.services.ports import Clock, Store, Transaction


class AlreadyDoneError(CadenceError):
    """The same delivery came before, and its effect is committed: there is nothing to do but to acknowledge it."""


@dataclass(slots=True)
class Arrival:
    """An event, click, form or command; ``committed`` is called after each commit made for it.

    ``key`` is its identity, None for what can't be told apart and therefore always counts.
    """

    key: str | None
    committed: Callable[[], None]
    counted: bool = False


_arrival: ContextVar[Arrival | None] = ContextVar("arrival", default=None)


def arrive(arrival: Arrival) -> None:
    """Say what the present task works on from here: a request that just came in."""
    _arrival.set(arrival)


class CountedStore:
    """The store of the use cases. The first transaction made for an arrival also notes that it came.

    So the note and the effect commit together, and after a failure neither is there: a second delivery then does
    what the first could not. Without an arrival, as in a tick, it is the plain store.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """Raises AlreadyDoneError when the arrival was counted before."""
        return self._transaction()

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Transaction]:
        arrival = _arrival.get()
        async with self._store.transaction() as tx:
            if (
                arrival is not None
                and arrival.key is not None
                and not arrival.counted
                and not await tx.inbox.first_time(arrival.key, self._clock.now())
            ):
                raise AlreadyDoneError("This came before and is done.")
            yield tx
        if arrival is not None:
            arrival.counted = True
            arrival.committed()
