"""A 1:1 on whose day one of the two is away goes to another day, and both hear of it once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from world import MANAGER, PEOPLE, REP, World, a_world, words

from bot.coaching.meeting import MeetingState
from bot.coaching.records import Leave, PersonId, WorkingHours
from bot.coaching.rhythm.working_days import SATURDAY
from bot.views.ids import ActionId

MARA, RUTH, *_ = PEOPLE


async def leave(world: World, person: PersonId, first: date, last: date | None = None) -> None:
    async with world.bot.database.transaction() as tx:
        await tx.people.add_leave(Leave(person, first, last or first, "Surgery"))


async def news(world: World, user: str) -> list[str]:
    return [words(message) for message in world.sandbox.messages(user) if "has moved" in message["text"]]


@pytest.mark.parametrize("away", [RUTH, MARA])
async def test_a_leave_over_a_planned_meeting_moves_it_the_next_morning(database_url: str, away: object) -> None:
    person = RUTH if away is RUTH else MARA
    async with a_world(database_url) as world:
        await world.to_forks()
        await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
        held, before = (await world.meetings())[1], await world.meeting()
        day = before.appointment.day
        await leave(world, person.id, day - timedelta(days=1), day + timedelta(days=1))
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        moved, closed, _ = await world.meetings()
        assert (closed.id, closed.state) == (before.id, MeetingState.MOVED)
        assert closed.closing_words == f"{person.name} is away on that day."
        assert moved.state is MeetingState.PLANNED
        assert 7 <= (moved.appointment.day - held.appointment.day).days <= 31
        assert abs((moved.appointment.day - day).days) > 1
        assert moved.due == moved.appointment.day, "it is the bot that moved it"
        await world.go_to(world.bot.clock.now() + timedelta(days=3))
        for user in (REP, MANAGER):
            (said,) = await news(world, user)
            assert "is away on that day" in said
            assert "Surgery" not in said
        assert (await world.meeting()).id == moved.id, "it is moved once"


async def test_a_leave_that_begins_on_the_very_day_moves_the_meeting_and_opens_no_choices(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        await world.until(REP, ActionId.PRE_READ_HOW)
        meeting = await world.meeting()
        await world.go_to(meeting.appointment.starts_at - timedelta(minutes=5))
        await leave(world, RUTH.id, meeting.appointment.day)
        await world.go_to(meeting.appointment.starts_at)
        assert not await world.goals()
        moved = await world.meeting()
        assert moved.id != meeting.id
        assert await news(world, MANAGER), "Mara is at work and hears at once"
        assert not await news(world, REP), "Ruth hears when she is back"
        await world.until(REP, ActionId.PROMPT_OPEN)
        assert len(await news(world, REP)) == 1
        await world.until(REP, ActionId.FORK_YES)
        assert world.bot.clock.now() == moved.appointment.starts_at


async def test_what_has_begun_is_not_moved(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.to_forks()
        meeting = await world.meeting()
        await leave(world, RUTH.id, meeting.appointment.day)
        await world.go_to(world.bot.clock.now() + timedelta(hours=20))
        assert (await world.meeting()).state is MeetingState.STARTED


async def test_without_any_free_day_it_is_left_out_and_the_manager_is_told(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await world.settle()
        meeting = await world.meeting()
        await leave(world, RUTH.id, meeting.appointment.day)
        async with world.bot.database.transaction() as tx:
            await tx.people.set_hours(MARA.id, WorkingHours(weekdays=(SATURDAY,)))
        await world.go_to(world.bot.clock.now() + timedelta(days=1, hours=9))
        (closed,) = await world.meetings()
        assert closed.state is MeetingState.EXCUSED
        assert [text for text in world.texts(MANAGER) if "can't plan a 1:1 with Ruth" in text]


async def test_on_a_day_on_which_the_company_is_closed_nobody_meets_and_nobody_is_written_to(sqlite_url: str) -> None:
    async with a_world(sqlite_url, CADENCE_CLOSED_DAYS="2017-10-02..2017-10-10") as world:
        meeting = await world.meeting()
        assert meeting.appointment.day > date(2017, 10, 10)
        await world.go_to(datetime(2017, 10, 10, 23, tzinfo=UTC))
        assert [world.texts(user) for user in (MANAGER, REP)] == [[], []]
        await world.go_to(datetime(2017, 10, 11, 16, tzinfo=UTC))
        assert all(world.texts(user) for user in (MANAGER, REP))


async def test_a_meeting_moves_off_a_day_that_becomes_closed_and_both_read_why(database_url: str) -> None:
    async with a_world(database_url) as world:
        before = await world.meeting()
    async with a_world(database_url, CADENCE_CLOSED_DAYS=f"{before.appointment.day:%m-%d}") as world:
        moved, closed = await world.meetings()
        assert (closed.id, closed.state) == (before.id, MeetingState.MOVED)
        assert closed.closing_words == "The company is closed on that day."
        assert moved.appointment.day != before.appointment.day
