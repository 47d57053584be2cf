"""What came in is remembered, and what was written down waits until somebody has done it."""

from __future__ import annotations

from datetime import timedelta

from examples import NOW, BreakError, broken

from bot.services.ports import Received
from bot.storage.store import Database

EARLY, LATE = Received("b", {"n": [1]}, NOW), Received("a", {"n": [2]}, NOW + timedelta(seconds=1))


async def test_what_is_written_down_waits_in_the_order_in_which_it_came(store: Database) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.write_down(LATE, EARLY) == {"a", "b"}
        assert await tx.inbox.write_down() == frozenset()
    async with store.transaction() as tx:
        assert await tx.inbox.waiting(LATE.at) == (EARLY, LATE)
        assert await tx.inbox.waiting(EARLY.at) == (EARLY,)


async def test_it_is_worked_off_once_and_by_who_commits(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.inbox.write_down(EARLY)
    try:
        async with broken(store) as tx:
            assert await tx.inbox.work_off("b")
    except BreakError:
        pass
    async with store.transaction() as tx:
        assert await tx.inbox.work_off("b")
        assert not await tx.inbox.work_off("b")
        assert await tx.inbox.waiting(LATE.at) == ()
        assert await tx.inbox.write_down(EARLY, LATE) == {"a"}, "it came, and comes no second time"


async def test_what_was_done_at_once_is_neither_written_down_nor_worked_off(store: Database) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.first_time("b", NOW)
        assert await tx.inbox.write_down(EARLY) == frozenset()
        assert not await tx.inbox.work_off("b")
        await tx.inbox.write_down(LATE)
        assert not await tx.inbox.first_time("a", NOW)


async def test_what_still_waits_is_not_forgotten(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.inbox.first_time("done", NOW)
        await tx.inbox.write_down(EARLY)
        assert await tx.inbox.forget(NOW + timedelta(days=9)) == 1
        assert await tx.inbox.waiting(NOW) == (EARLY,)
