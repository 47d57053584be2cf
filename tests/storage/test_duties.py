"""What falls due is done once, oldest first, and nobody waits for a duty that somebody else is doing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from examples import LATER, NOW, BreakError, a_meeting, broken, with_people

from bot.coaching.meeting import MeetingState
from bot.services.ports import Duty, DutyKind, Store
from bot.storage.engine import connect
from bot.storage.store import Database

EARLIER = NOW - timedelta(days=1)


def a_duty(key: str = "prompt:m1", **fields: object) -> Duty:
    return replace(Duty(key, DutyKind.PROMPT, "m1", NOW), **fields)


async def put(store: Store, *duties: Duty) -> None:
    async with store.transaction() as tx:
        for duty in duties:
            await tx.duties.put(duty)


async def claim(store: Store, limit: int = 10) -> tuple[Duty, ...]:
    async with store.transaction() as tx:
        return await tx.duties.claim(NOW, limit)


async def next_due(store: Store) -> object:
    async with store.transaction() as tx:
        return await tx.duties.next_due()


async def test_a_duty_is_claimed_at_its_instant_as_it_was_put_and_not_before(store: Database) -> None:
    await put(store, a_duty())
    async with store.transaction() as tx:
        assert await tx.duties.claim(NOW - timedelta(microseconds=1), 10) == ()
        assert await tx.duties.claim(NOW, 10) == (a_duty(),)


async def test_the_oldest_come_first_and_of_one_instant_the_smaller_key(store: Database) -> None:
    await put(store, a_duty("c"), a_duty("b"), a_duty("a", due_at=LATER), a_duty("d", due_at=EARLIER))
    assert [duty.key for duty in await claim(store, limit=2)] == ["d", "b"]
    assert [duty.key for duty in await claim(store)] == ["c"]


async def test_a_done_duty_is_never_due_again_under_its_key(store: Database) -> None:
    await put(store, a_duty())
    await claim(store)
    await put(store, a_duty(due_at=EARLIER))
    assert await claim(store) == ()
    assert await next_due(store) is None


async def test_a_duty_claimed_by_a_transaction_that_fails_is_due_again(store: Database) -> None:
    await put(store, a_duty())
    with pytest.raises(BreakError):
        async with broken(store) as tx:
            await tx.duties.claim(NOW, 1)
    assert await claim(store) == (a_duty(),)


async def test_a_waiting_duty_takes_the_new_instant_earlier_or_later(store: Database) -> None:
    await put(store, a_duty())
    await put(store, a_duty(due_at=LATER))
    assert (await claim(store), await next_due(store)) == ((), LATER)
    await put(store, a_duty(due_at=EARLIER))
    assert await claim(store) == (a_duty(due_at=EARLIER),)


async def test_several_duties_are_put_as_each_would_be(store: Database) -> None:
    await put(store, a_duty("done"))
    await claim(store)
    await put(store, a_duty("moves", due_at=LATER), a_duty("stays"))
    async with store.transaction() as tx:
        await tx.duties.put(a_duty("done"), a_duty("moves"), a_duty("stays"), a_duty("new"))
    assert [duty.key for duty in await claim(store)] == ["moves", "new", "stays"]


async def test_a_duty_that_failed_waits_as_long_as_it_was_put_off_and_says_how_often_it_failed(store: Database) -> None:
    await put(store, a_duty())
    for failures in range(3):
        with pytest.raises(BreakError):
            async with broken(store) as tx:
                (failed,) = await tx.duties.claim(NOW, 1)
        assert failed.failures == failures
        async with store.transaction() as tx:
            await tx.duties.put_off(failed, NOW)
            assert await tx.duties.failing(DutyKind.PROMPT) == {"m1"}
            assert await tx.duties.failing(DutyKind.PLAN) == frozenset()
    async with store.transaction() as tx:
        await tx.duties.put_off(replace(failed, failures=3), LATER)
    await put(store, a_duty(due_at=NOW))
    assert (await claim(store), await next_due(store)) == ((), LATER), "its time written anew doesn't bring it forward"
    async with store.transaction() as tx:
        await tx.duties.put(a_duty(due_at=LATER + timedelta(days=1)))
        assert await tx.duties.claim(LATER, 1) == ()
        assert [duty.failures for duty in await tx.duties.claim(LATER + timedelta(days=1), 1)] == [4]


async def test_only_what_was_done_long_ago_is_forgotten(store: Database) -> None:
    await put(store, a_duty("old"), a_duty("recent", due_at=NOW))
    await claim(store)
    await put(store, a_duty("waits", due_at=EARLIER))
    async with store.transaction() as tx:
        assert await tx.duties.forget(NOW) == 0
        assert await tx.duties.forget(NOW + timedelta(microseconds=1)) == 2
        assert await tx.inbox.first_time("event:1", NOW)
        assert await tx.inbox.forget(NOW) == 0
        assert not await tx.inbox.first_time("event:1", NOW)
        assert await tx.inbox.forget(NOW + timedelta(microseconds=1)) == 1
        assert await tx.inbox.first_time("event:1", NOW)
    assert [duty.key for duty in await claim(store)] == ["waits"]


async def test_next_due_is_the_earliest_that_waits(store: Database) -> None:
    assert await next_due(store) is None
    await put(store, a_duty("a", due_at=LATER), a_duty("b", due_at=EARLIER), a_duty("c"))
    assert await next_due(store) == EARLIER
    await claim(store)
    assert await next_due(store) == LATER


async def test_withdrawing_takes_the_waiting_duties_about_one_subject_only(store: Database) -> None:
    await put(store, a_duty("a"), a_duty("b", kind=DutyKind.LAPSE), a_duty("c", subject="m2"))
    async with store.transaction() as tx:
        await tx.duties.withdraw("m1", frozenset({DutyKind.LAPSE}))
    assert [duty.key for duty in await claim(store, limit=1)] == ["a"]
    async with store.transaction() as tx:
        await tx.duties.withdraw("m1")
    assert [duty.key for duty in await claim(store)] == ["c"]


async def test_a_withdrawn_duty_may_be_put_again_and_a_done_one_stays_done(store: Database) -> None:
    await put(store, a_duty("waits", due_at=LATER), a_duty("done"))
    await claim(store)
    async with store.transaction() as tx:
        await tx.duties.withdraw("m1")
    assert await next_due(store) is None
    await put(store, a_duty("waits"), a_duty("done"))
    assert [duty.key for duty in await claim(store)] == ["waits"]


async def test_two_who_claim_at_once_never_get_the_same_duty(store: Database, database_url: str) -> None:
    keys = {f"k{number:02}" for number in range(40)}
    await put(store, *(a_duty(key) for key in keys))
    replica = connect(database_url)

    async def drain(database: Database) -> list[str]:
        got: list[str] = []
        while claimed := await claim(database, limit=3):
            got += [duty.key for duty in claimed]
        return got

    drained = await asyncio.gather(*map(drain, [store, replica, store, replica]))
    await replica.dispose()
    assert sorted(key for keys in drained for key in keys) == sorted(keys)


async def test_claiming_passes_over_what_another_transaction_holds(postgresql_url: str) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)
    await put(one, a_duty("a", due_at=EARLIER), a_duty("b"))
    async with asyncio.timeout(5), one.transaction() as tx:
        assert [duty.key for duty in await tx.duties.claim(NOW, 1)] == ["a"]
        assert [duty.key for duty in await asyncio.create_task(claim(other))] == ["b"]
    await one.dispose()
    await other.dispose()


async def test_who_closes_a_meeting_does_not_wait_for_a_tick_that_waits_for_the_meeting(postgresql_url: str) -> None:
    """Each would hold what the other wants, and the database would break one of them off."""
    clicks, ticks = connect(postgresql_url), connect(postgresql_url)
    await with_people(clicks)
    async with clicks.transaction() as tx:
        await tx.meetings.add(a_meeting())
        await tx.duties.put(a_duty())
    claimed, saw = asyncio.Event(), []

    async def tick() -> None:
        async with ticks.transaction() as tx:
            await tx.duties.claim(NOW, 1)
            claimed.set()
            saw.append(await tx.meetings.get(a_meeting().id, lock=True))

    async with asyncio.timeout(5), clicks.transaction() as tx:
        meeting = await tx.meetings.get(a_meeting().id, lock=True)
        ticking = asyncio.create_task(tick())
        await claimed.wait()
        await tx.meetings.save(replace(meeting, state=MeetingState.HELD), was=meeting)
        await tx.duties.withdraw("m1")
    await ticking
    assert [meeting.state for meeting in saw] == [MeetingState.HELD]
    await clicks.dispose()
    await ticks.dispose()


async def test_what_comes_in_is_new_once_for_ever(store: Database) -> None:
    async with store.transaction() as tx:
        assert await tx.inbox.first_time("event:1", NOW)
        assert not await tx.inbox.first_time("event:1", NOW)
    async with store.transaction() as tx:
        assert not await tx.inbox.first_time("event:1", LATER)
        assert await tx.inbox.first_time("event:2", NOW)


async def test_what_came_in_to_a_transaction_that_failed_is_new_again(store: Database) -> None:
    with pytest.raises(BreakError):
        async with broken(store) as tx:
            await tx.inbox.first_time("event:1", NOW)
    async with store.transaction() as tx:
        assert await tx.inbox.first_time("event:1", NOW)


async def test_of_two_who_get_the_same_event_at_once_one_is_first(store: Database, database_url: str) -> None:
    replica = connect(database_url)

    async def first(database: Database) -> bool:
        async with database.transaction() as tx:
            return await tx.inbox.first_time("event:1", NOW)

    answers = await asyncio.gather(*map(first, [store, replica, store, replica]))
    await replica.dispose()
    assert sorted(answers) == [False, False, False, True]


async def test_more_of_a_kind_are_claimed_together_and_what_is_released_is_as_it_was(store: Database) -> None:
    async with store.transaction() as tx:
        await tx.duties.put(*(replace(a_duty(key), subject=key, kind=DutyKind.PLAN) for key in "abcd"))
        await tx.duties.put(replace(a_duty("e"), subject="e", kind=DutyKind.REMIND))
    async with store.transaction() as tx:
        (first,) = await tx.duties.claim(LATER, 1)
        more = await tx.duties.claim_alike(first, LATER, 2, but=("b",))
        assert [one.key for one in (first, *more)] == ["a", "c", "d"]
        await tx.duties.release(more[0])
    async with store.transaction() as tx:
        assert [one.key for one in await tx.duties.claim(LATER, 9)] == ["b", "c", "e"]
