"""What is written down at the same time is committed together, and nothing counts as written before that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import ManualClock
from bot.services.arrivals import Arrival, CountedStore, arrive
from bot.services.ports import Received
from bot.services.receipts import Receipts
from bot.storage.store import Database

NOW = datetime(2017, 10, 2, 7, tzinfo=UTC)


def receipts(store: Database) -> Receipts:
    clock = ManualClock(NOW)
    return Receipts(store, CountedStore(store, clock), clock)


def a_click(number: int) -> Received:
    return Received(f"click:{number}", {"user": {"id": f"U{number}"}}, NOW + timedelta(microseconds=number))


async def test_a_thousand_at_once_take_a_few_commits(store: Database) -> None:
    commits: list[object] = []
    event.listen(store._engine.sync_engine, "commit", commits.append)
    mine = receipts(store)
    new = await asyncio.gather(*(mine.write_down(a_click(number)) for number in range(1000)))
    assert all(new)
    assert len(commits) <= 3
    async with store.transaction() as tx:
        assert await tx.inbox.waiting(NOW + timedelta(hours=1)) == tuple(map(a_click, range(1000)))


async def test_of_the_same_twice_only_the_first_is_new_in_one_commit_and_in_two(store: Database) -> None:
    mine = receipts(store)
    assert await asyncio.gather(*(mine.write_down(a_click(1)) for _ in range(3))) == [True, False, False]
    assert await mine.write_down(a_click(1)) is False


async def test_when_the_commit_fails_nobody_is_told_that_it_is_kept(store: Database) -> None:
    mine = receipts(store)

    def fail(_: object) -> None:
        raise ZeroDivisionError

    event.listen(store._engine.sync_engine, "commit", fail)
    results = await asyncio.gather(*(mine.write_down(a_click(number)) for number in range(5)), return_exceptions=True)
    event.remove(store._engine.sync_engine, "commit", fail)
    assert all(isinstance(result, (ZeroDivisionError, SQLAlchemyError)) for result in results)
    assert await mine.write_down(a_click(1)) is True


async def test_who_is_cancelled_while_waiting_keeps_nobody_else_from_it(store: Database) -> None:
    mine = receipts(store)
    async with store.transaction():
        tasks = [asyncio.create_task(mine.write_down(a_click(number))) for number in range(3)]
        await asyncio.sleep(0)
        tasks[1].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert [results[0], results[2]] == [True, True]
    assert isinstance(results[1], asyncio.CancelledError)


@pytest.mark.parametrize("crowd", [1, 3])
async def test_it_is_crowded_when_so_many_are_under_way(store: Database, crowd: int) -> None:
    clock = ManualClock(NOW)
    counted = CountedStore(store, clock)
    mine = Receipts(store, counted, clock)
    mine.crowd = crowd
    leave = asyncio.Event()

    async def work(number: int) -> None:
        arrive(Arrival(f"click:{number}", lambda: None))
        async with counted.transaction():
            await leave.wait()

    assert not mine.is_crowded()
    working = [asyncio.create_task(work(number)) for number in range(crowd)]
    await asyncio.sleep(0)
    assert mine.is_crowded()
    leave.set()
    await asyncio.gather(*working)
    assert not mine.is_crowded()
