"""A rep has one open 1:1, it changes only from what its editor saw, and its agenda is frozen."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from examples import AGENDA, LATER, MANAGER, NOW, OTHER, REP, a_meeting, with_people
from sqlalchemy.exc import IntegrityError, StatementError

from bot.coaching.meeting import OPEN_STATES, Meeting, MeetingId, MeetingState
from bot.errors import StaleError
from bot.services.ports import Store
from bot.storage.engine import connect
from bot.storage.store import Database

FULL = a_meeting(
    state=MeetingState.HELD,
    version=5,
    answers=(("progress", "Zoë: 2 of 3 \N{PARTY POPPER}"), ("obstacles", "")),
    answered_at=NOW,
    published_at=NOW + timedelta(microseconds=1),
    closed_at=LATER,
    closing_words="Well done",
    interval=14,
    occurrence="m0",
    sequence=2,
    planned_at=NOW,
)


@pytest.fixture
async def office(store: Database) -> Database:
    """The store with a manager and two reps."""
    await with_people(store)
    return store


def numbered(number: int, **fields: object) -> Meeting:
    return a_meeting(id=MeetingId(f"m{number}"), **fields)


async def add(store: Store, *meetings: Meeting) -> None:
    async with store.transaction() as tx:
        for meeting in meetings:
            await tx.meetings.add(meeting)


async def save(store: Store, meeting: Meeting, was: Meeting) -> bool:
    async with store.transaction() as tx:
        return await tx.meetings.save(meeting, was=was)


async def stored(store: Store, *, lock: bool = False) -> Meeting | None:
    async with store.transaction() as tx:
        return await tx.meetings.get(MeetingId("m1"), lock=lock)


@pytest.mark.parametrize("meeting", [a_meeting(), FULL])
@pytest.mark.parametrize("lock", [False, True])
async def test_a_meeting_comes_back_equal(office: Database, meeting: Meeting, lock: bool) -> None:  # noqa: FBT001
    assert await stored(office, lock=lock) is None
    await add(office, meeting)
    assert await stored(office, lock=lock) == meeting


@pytest.mark.parametrize("state", MeetingState)
async def test_a_meeting_may_be_kept_in_every_state(office: Database, state: MeetingState) -> None:
    await add(office, a_meeting(state=state))
    assert await stored(office) == a_meeting(state=state)


async def test_an_instant_given_in_any_zone_comes_back_in_utc(office: Database) -> None:
    await add(office, a_meeting(closed_at=LATER.astimezone(ZoneInfo("Asia/Kathmandu"))))
    meeting = await stored(office)
    assert meeting is not None
    assert (meeting.closed_at, str(meeting.closed_at and meeting.closed_at.tzinfo)) == (LATER, "UTC")


async def test_an_instant_without_a_zone_is_refused(office: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        await add(office, a_meeting(closed_at=datetime(2017, 10, 2, 9)))  # noqa: DTZ001 - what is refused


async def test_a_saved_meeting_gets_the_next_version(office: Database) -> None:
    await add(office, a_meeting())
    assert await save(office, FULL, was=a_meeting())
    assert await stored(office) == replace(FULL, version=2)


@pytest.mark.parametrize("seen", [a_meeting(version=2), a_meeting(state=MeetingState.PROMPTED), numbered(9)])
async def test_a_change_of_what_is_no_longer_there_changes_nothing(office: Database, seen: Meeting) -> None:
    await add(office, a_meeting())
    assert not await save(office, replace(seen, closing_words="late"), was=seen)
    assert await stored(office) == a_meeting()


async def test_of_two_who_close_at_once_one_is_told_that_it_changed(office: Database, database_url: str) -> None:
    await add(office, a_meeting())
    replica = connect(database_url)
    held, missed = a_meeting(state=MeetingState.HELD), a_meeting(state=MeetingState.MISSED)
    answers = await asyncio.gather(save(office, held, a_meeting()), save(replica, missed, a_meeting()))
    await replica.dispose()
    assert sorted(answers) == [False, True]
    assert await stored(office) == replace(held if answers[0] else missed, version=2)


async def test_who_locks_a_meeting_holds_the_others_back_until_the_end(postgresql_url: str) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)
    await with_people(one)
    await add(one, a_meeting())
    async with one.transaction() as tx:
        await tx.meetings.get(MeetingId("m1"), lock=True)
        waiting = asyncio.create_task(stored(other, lock=True))
        assert await asyncio.create_task(stored(other)) == a_meeting()
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await tx.meetings.save(a_meeting(state=MeetingState.HELD), was=a_meeting())
    assert await waiting == a_meeting(state=MeetingState.HELD, version=2)
    await one.dispose()
    await other.dispose()


async def test_of_many_that_are_locked_at_once_only_those_come_back_that_are_open(office: Database) -> None:
    await add(office, a_meeting())
    await add(office, a_meeting(id=MeetingId("m2"), state=MeetingState.HELD))
    await add(office, a_meeting(id=MeetingId("m3"), rep=OTHER, state=MeetingState.STARTED))
    async with office.transaction() as tx:
        assert await tx.meetings.locked_open([]) == frozenset()
        assert await tx.meetings.locked_open([MeetingId(f"m{number}") for number in range(5)]) == {"m1", "m3"}


async def test_who_locks_many_waits_for_whoever_closes_one_of_them_and_sees_that_it_is_over(
    postgresql_url: str,
) -> None:
    one, other = connect(postgresql_url), connect(postgresql_url)
    await with_people(one)
    await add(one, a_meeting())

    async def look() -> frozenset[MeetingId]:
        async with other.transaction() as tx:
            return await tx.meetings.locked_open([MeetingId("m1")])

    async with one.transaction() as tx:
        await tx.meetings.save(a_meeting(state=MeetingState.HELD), was=a_meeting())
        looking = asyncio.create_task(look())
        await asyncio.sleep(0.1)
        assert not looking.done()
    assert await looking == frozenset()
    await one.dispose()
    await other.dispose()


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
async def test_a_second_open_meeting_of_a_rep_is_stale(office: Database, state: MeetingState) -> None:
    await add(office, a_meeting(state=state))
    with pytest.raises(StaleError, match="already has an open 1:1"):
        await add(office, numbered(2))
    async with office.transaction() as tx:
        assert await tx.meetings.open_of(REP) == a_meeting(state=state)


async def test_closed_meetings_and_other_reps_do_not_count_as_a_second(office: Database) -> None:
    closed = [numbered(number, state=state) for number, state in enumerate(set(MeetingState) - OPEN_STATES, start=2)]
    await add(office, a_meeting(), *closed, numbered(9, rep=OTHER))
    async with office.transaction() as tx:
        assert await tx.meetings.open_of(REP) == a_meeting()
        assert await tx.meetings.open_of(OTHER) == numbered(9, rep=OTHER)
        assert await tx.meetings.open_of(MANAGER) is None


async def test_a_moved_meeting_makes_room_in_the_same_transaction(office: Database) -> None:
    await add(office, a_meeting())
    async with office.transaction() as tx:
        await tx.meetings.save(a_meeting(state=MeetingState.MOVED), was=a_meeting())
        await tx.meetings.add(numbered(2))
        assert await tx.meetings.open_of(REP) == numbered(2)


async def test_of_two_who_plan_at_once_one_is_told(office: Database, database_url: str) -> None:
    replica = connect(database_url)
    planned = await asyncio.gather(add(office, a_meeting()), add(replica, numbered(2)), return_exceptions=True)
    await replica.dispose()
    assert sorted(type(outcome) for outcome in planned if outcome is not None) == [StaleError]
    async with office.transaction() as tx:
        assert len(await tx.meetings.of_rep(REP)) == 1


async def test_the_same_id_twice_is_a_fault_of_ours_and_not_stale(office: Database) -> None:
    await add(office, FULL)
    with pytest.raises(IntegrityError):
        await add(office, FULL)


async def test_the_last_held_meeting_is_the_one_that_started_last(office: Database) -> None:
    early, late = numbered(2, state=MeetingState.HELD), numbered(1, state=MeetingState.HELD, starts_at=LATER)
    missed = numbered(3, state=MeetingState.MISSED, starts_at=LATER + timedelta(1))
    await add(office, late, early, missed, numbered(4, rep=OTHER, state=MeetingState.HELD, starts_at=LATER))
    async with office.transaction() as tx:
        assert await tx.meetings.last_held(REP) == late
        assert await tx.meetings.last_held(MANAGER) is None


async def test_a_reps_meetings_come_newest_first(office: Database) -> None:
    await add(office, numbered(1, state=MeetingState.HELD), numbered(2, starts_at=LATER), numbered(3, rep=OTHER))
    async with office.transaction() as tx:
        assert [meeting.id for meeting in await tx.meetings.of_rep(REP)] == ["m2", "m1"]


async def test_a_managers_meetings_come_by_instant_and_in_the_states_asked_for(office: Database) -> None:
    await add(
        office,
        numbered(1, starts_at=LATER),
        numbered(2, rep=OTHER),
        numbered(3, state=MeetingState.HELD, starts_at=NOW - timedelta(days=1)),
        numbered(4, state=MeetingState.HELD, manager=OTHER),
    )
    async with office.transaction() as tx:
        assert [meeting.id for meeting in await tx.meetings.of_manager(MANAGER, states=OPEN_STATES)] == ["m2", "m1"]
        every = await tx.meetings.of_manager(MANAGER, states=frozenset(MeetingState))
        assert [meeting.id for meeting in every] == ["m3", "m2", "m1"]


async def test_the_meetings_of_a_person_are_those_as_rep_and_as_manager_from_an_instant_on(office: Database) -> None:
    moved = numbered(1, state=MeetingState.MOVED)
    await add(office, moved, numbered(2, starts_at=LATER), numbered(3, rep=OTHER, starts_at=LATER))
    async with office.transaction() as tx:
        assert [one.id for one in await tx.meetings.with_person(REP, NOW)] == ["m1", "m2"]
        assert [one.id for one in await tx.meetings.with_person(MANAGER, LATER)] == ["m2", "m3"]


async def test_a_frozen_agenda_comes_back_equal_and_never_changes(office: Database) -> None:
    await add(office, a_meeting())
    async with office.transaction() as tx:
        assert await tx.meetings.agenda(MeetingId("m1")) is None
        await tx.meetings.freeze_agenda(MeetingId("m1"), AGENDA)
    async with office.transaction() as tx:
        await tx.meetings.freeze_agenda(MeetingId("m1"), replace(AGENDA, cadence="Every 7 days."))
        await tx.meetings.save(FULL, was=a_meeting())
    async with office.transaction() as tx:
        assert await tx.meetings.agenda(MeetingId("m1")) == AGENDA
        assert await tx.meetings.agenda(MeetingId("m9")) is None


async def test_a_reps_last_agenda_is_that_of_the_latest_meeting_which_has_one(office: Database) -> None:
    async with office.transaction() as tx:
        assert await tx.meetings.last_agenda(REP) is None
    held = MeetingState.HELD
    await add(office, numbered(1, state=held), numbered(2, state=held, starts_at=LATER), numbered(3, starts_at=LATER))
    later = replace(AGENDA, as_of=AGENDA.as_of + timedelta(days=7))
    async with office.transaction() as tx:
        await tx.meetings.freeze_agenda(MeetingId("m2"), later)
        await tx.meetings.freeze_agenda(MeetingId("m1"), AGENDA)
    async with office.transaction() as tx:
        assert await tx.meetings.last_agenda(REP) == later
        assert await tx.meetings.last_agenda(OTHER) is None
