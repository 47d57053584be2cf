"""What came in is remembered, and what was written down waits until somebody has done it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from examples import NOW, BreakError, broken

from bot.services.ports import Received
from bot.storage.engine import connect
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


async def test_two_that_write_the_same_down_in_opposite_orders_wait_in_turn(postgresql_url: str) -> None:
    first, second = connect(postgresql_url), connect(postgresql_url)
    between = Received("b", {"n": [3]}, NOW)
    ends = Received("a", {"n": [1]}, NOW), Received("c", {"n": [2]}, NOW)

    async def write_down(store: Database, *these: Received) -> frozenset[str]:
        async with store.transaction() as tx:
            return await tx.inbox.write_down(*these)

    async with asyncio.timeout(20):
        async with first.transaction() as tx:
            await tx.inbox.write_down(between)
            one = asyncio.create_task(write_down(first, ends[0], between, ends[1]))
            await asyncio.sleep(0.3)
            other = asyncio.create_task(write_down(second, ends[1], ends[0]))
            await asyncio.sleep(0.3)
        news = await asyncio.gather(one, other)
    await first.dispose()
    await second.dispose()
    assert sorted([*news[0], *news[1]]) == ["a", "c"]


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
