"""A transaction is kept whole or not at all, and waits for others without ever waiting for itself."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from examples import (
    MANAGER,
    NOW,
    PEOPLE,
    REP,
    BreakError,
    a_goal,
    a_meeting,
    broken,
    outgoing,
    with_people,
)
from sqlalchemy.exc import IntegrityError

from bot.coaching.meeting import MeetingId
from bot.errors import TryLaterError
from bot.services.ports import Duty, DutyKind, Transaction
from bot.storage.engine import connect, parse_url
from bot.storage.store import Database


async def write_everywhere(tx: Transaction) -> None:
    await tx.facts.upsert(PEOPLE)
    await tx.meetings.add(a_meeting())
    await tx.goals.add(a_goal(), by=None)
    await tx.duties.put(Duty("k", DutyKind.PLAN, "m1", NOW))
    await tx.outbox.put(outgoing())


async def test_a_transaction_that_raises_leaves_nothing(store: Database) -> None:
    with pytest.raises(BreakError):
        async with broken(store) as tx:
            await write_everywhere(tx)
    async with store.transaction() as tx:
        assert await tx.people.all() == ()
        assert await tx.meetings.get(MeetingId("m1")) is None
        assert await tx.goals.of_rep(REP) == ()
        assert await tx.duties.next_due() is None
        assert not await tx.outbox.exists("k1")


async def test_a_transaction_sees_its_own_changes_and_others_only_when_it_ended(postgresql_url: str) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)

    async def known() -> int:
        async with other.transaction() as tx:
            return len(await tx.people.all())

    async with one.transaction() as tx:
        await tx.facts.upsert(PEOPLE)
        assert len(await tx.people.all()) == 3
        assert await asyncio.create_task(known()) == 0
    assert await known() == 3
    await one.dispose()
    await other.dispose()


async def test_a_transaction_inside_another_is_refused_at_once_and_the_outer_goes_on(store: Database) -> None:
    async with asyncio.timeout(5), store.transaction() as tx:
        with pytest.raises(RuntimeError, match="inside another"):
            await store.deliveries.depth()
        await tx.facts.upsert(PEOPLE)
    async with store.transaction() as tx:
        assert len(await tx.people.all()) == 3


async def test_a_transaction_that_is_cancelled_leaves_nothing_and_holds_nobody_up(store: Database) -> None:
    begun = asyncio.Event()

    async def hang() -> None:
        async with store.transaction() as tx:
            await tx.facts.upsert(PEOPLE)
            begun.set()
            await asyncio.Event().wait()

    hanging = asyncio.create_task(hang())
    await begun.wait()
    waiting = asyncio.create_task(with_people(store))
    await asyncio.sleep(0)
    hanging.cancel()
    async with asyncio.timeout(5):
        await waiting
    with pytest.raises(asyncio.CancelledError):
        await hanging
    async with store.transaction() as tx:
        assert await tx.facts.version() == 1


async def test_an_error_of_the_database_shows_nobodys_words(store: Database) -> None:
    await with_people(store)
    said = a_meeting(closing_words="between us")
    async with store.transaction() as tx:
        await tx.meetings.add(said)
    with pytest.raises(IntegrityError) as caught:
        async with store.transaction() as tx:
            await tx.meetings.add(replace(said, rep=MANAGER))
    assert "between us" not in str(caught.value)


async def test_many_writers_at_once_all_get_their_turn(store: Database, database_url: str) -> None:
    await with_people(store)
    replica = connect(database_url)

    async def write(number: int) -> None:
        async with (store if number % 2 else replica).transaction() as tx:
            known = await tx.people.all()  # a transaction that read first couldn't write any more on a deferred BEGIN
            await tx.outbox.put(outgoing(key=f"k{number}", to=known[0].id))

    async with asyncio.timeout(20):
        await asyncio.gather(*map(write, range(30)))
    await replica.dispose()
    assert (await store.deliveries.depth())["pending"] == 30


async def test_of_two_who_want_each_others_row_one_is_told_to_try_again(postgresql_url: str) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)
    await with_people(one)
    meetings = (a_meeting(), a_meeting(id=MeetingId("m2"), rep=PEOPLE.people[1].id))
    async with one.transaction() as tx:
        for meeting in meetings:
            await tx.meetings.add(meeting)
    both_hold_one = asyncio.Barrier(2)

    async def change(database: Database, *order: int) -> None:
        async with database.transaction() as tx:
            for number in order:
                meeting = meetings[number]
                assert await tx.meetings.save(replace(meeting, closing_words="Mine"), was=meeting)
                if number == order[0]:
                    await both_hold_one.wait()

    outcomes = await asyncio.gather(change(one, 0, 1), change(other, 1, 0), return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [TryLaterError]
    async with one.transaction() as tx:
        assert [(await tx.meetings.get(meeting.id)).version for meeting in meetings] == [2, 2]
    await one.dispose()
    await other.dispose()


async def test_a_sqlite_file_that_stays_locked_asks_to_try_again(sqlite_url: str) -> None:
    store = connect(sqlite_url)
    async with store._begin() as connection:
        await connection.exec_driver_sql("PRAGMA busy_timeout = 20")
    holder = sqlite3.connect(Path(parse_url(sqlite_url).database or ""), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(TryLaterError, match="try once more"):
        async with store.transaction() as tx:
            await tx.people.all()
    holder.execute("ROLLBACK")
    holder.close()
    await with_people(store)
    await store.dispose()


async def test_sqlite_syncs_every_commit_and_keeps_foreign_keys(sqlite_url: str) -> None:
    store = connect(sqlite_url)
    names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    async with store._begin() as connection:
        kept = [(await connection.exec_driver_sql(f"PRAGMA {name}")).scalar_one() for name in names]
    await store.dispose()
    assert kept == ["wal", 2, 1, 30_000]
