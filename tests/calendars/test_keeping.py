"""A 1:1 and its calendar entry stay the same, whoever of the two changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from world import MANAGER, PEOPLE, REP, START, World, a_world, buttons, words

from bot.calendars.keeper import CalendarKeeper
from bot.coaching.meeting import Meeting, MeetingState
from bot.services.ports.sync import Connection
from bot.services.source_errors import Fault, SourceError
from bot.vault import Vault, new_key
from bot.views.ids import ActionId
from tests.calendars.providers import OPENERS, Opened
from tests.vendors.vendor_server import Trouble, answering

KEY = new_key()
MARA, RUTH = PEOPLE[0], PEOPLE[1]


@dataclass
class Kept:
    world: World
    opened: Opened
    keeper: CalendarKeeper

    async def round(self) -> None:
        await self.keeper.round()
        assert self.keeper.failing is None
        await self.world.settle()

    async def ref(self) -> str:
        event = (await self.world.meeting()).event
        async with self.world.bot.database.transaction() as tx:
            entry = await tx.calendar_entries.get(event)
        assert entry is not None
        return entry.ref

    def live(self) -> list[datetime]:
        return sorted(self.opened.held.starts(ref) for _, ref in self.opened.held.entries if self._is_live(ref))

    def _is_live(self, ref: str) -> bool:
        return any(
            known == ref and one["status"] != "cancelled" for (_, known), one in self.opened.held.entries.items()
        )


@asynccontextmanager
async def kept(database_url: str, provider: str = "google") -> AsyncIterator[Kept]:
    """Connect a calendar as an admin does, to a bot that goes round only when it is told to."""
    async with (
        a_world(database_url, CADENCE_SECRET_KEYS=KEY) as world,
        OPENERS[provider](world.bot.clock) as opened,
    ):
        connection = Connection(provider, {}, Vault([KEY]).seal(opened.told), START)
        async with world.bot.database.transaction() as tx:
            await tx.connections.put(connection)
        try:
            yield Kept(world, opened, world.bot.calendar_keeper)
        finally:
            stop = asyncio.Event()
            stop.set()
            await world.bot.calendar_keeper.run(stop)


async def starts(world: World) -> list[datetime]:
    return sorted([(await world.meeting(rep)).appointment.starts_at for rep in ("ruth", "omar")])


@pytest.mark.parametrize("provider", sorted(OPENERS))
async def test_every_1on1_that_is_planned_stands_in_the_managers_calendar_once(
    database_url: str, provider: str
) -> None:
    async with kept(database_url, provider) as it:
        await it.round()
        assert it.live() == await starts(it.world)
        await it.round()
        assert it.live() == await starts(it.world)
        assert {owner for owner, _ in it.opened.held.entries} == {MARA.email}


async def test_what_was_written_and_not_noted_before_a_crash_is_not_written_twice(sqlite_url: str) -> None:
    async with kept(sqlite_url) as it:
        for one in await it.world.bot.cases.calendar_keeping("google").to_do():
            await it.opened.provider.put(one.invitation, one.ref)  # and then the process was killed
        await it.round()
        assert it.live() == await starts(it.world)


async def test_a_move_in_slack_moves_the_entry(database_url: str) -> None:
    async with kept(database_url) as it:
        await it.round()
        before = await it.ref()
        meeting = await it.world.meeting()
        form = await it.world.bot.cases.moving.form(meeting.id, MANAGER)
        slot = form["blocks"][1]["element"]["options"][0]["value"]
        await it.world.bot.cases.moving.move(meeting.id, MANAGER, slot, "")
        await it.round()
        assert await it.ref() == before
        assert it.opened.held.starts(before) == datetime.fromisoformat(slot)


async def test_an_excused_1on1_leaves_the_calendar_and_the_next_comes(database_url: str) -> None:
    async with kept(database_url) as it:
        await it.round()
        await it.world.bot.cases.closing.excuse((await it.world.meeting()).id, MANAGER, "Ill")
        await it.round()
        assert it.live() == await starts(it.world)


@pytest.mark.parametrize("provider", sorted(OPENERS))
async def test_a_move_in_the_calendar_inside_the_cadence_counts_and_both_hear_of_it(
    database_url: str, provider: str
) -> None:
    async with kept(database_url, provider) as it:
        await it.round()
        ref, old = await it.ref(), await it.world.meeting()
        wanted = old.appointment.starts_at + timedelta(days=1, minutes=10)
        it.opened.held.move(ref, wanted)
        await it.round()
        moved = await it.world.meeting()
        assert (moved.appointment.starts_at, moved.event, moved.sequence) == (wanted, old.event, old.sequence + 1)
        assert (moved.appointment.day, moved.due) == (old.appointment.day + timedelta(days=1), old.due)
        await it.world.go_to(it.world.bot.clock.now() + timedelta(hours=12))
        for user in (REP, MANAGER):
            assert any(f"<!date^{int(wanted.timestamp())}" in words(m) for m in it.world.sandbox.messages(user))
        await it.round()
        assert await it.world.meeting() == moved
        assert it.opened.held.starts(ref) == wanted, "nothing is written over what a person chose"


async def held_once(world: World) -> Meeting:
    """Hold the first 1:1, so that the next is bound by it, and return the next."""
    await world.to_forks()
    await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
    await world.settle()
    return await world.meeting()


async def test_a_move_outside_the_cadence_is_answered_with_other_times_and_taken_back(database_url: str) -> None:
    async with kept(database_url) as it:
        meeting = await held_once(it.world)
        await it.round()
        ref = await it.ref()
        it.opened.held.move(ref, meeting.appointment.starts_at + timedelta(days=40))
        await it.round()
        assert await it.world.meeting() == meeting
        assert it.opened.held.starts(ref) == meeting.appointment.starts_at
        await it.world.go_to(it.world.bot.clock.now() + timedelta(hours=12))
        told = [m for m in it.world.sandbox.messages(MANAGER) if "stays where it was" in m["text"]]
        assert len(told) == 1
        assert "more than a month after the last one" in words(told[0])
        await it.world.press(MANAGER, told[0], ActionId.MEETING_MOVE)
        view = it.world.sandbox.open_view(MANAGER)
        assert view is not None
        assert len(view["blocks"][1]["element"]["options"]) == 3


async def test_an_entry_that_a_person_deletes_is_not_forced_back_and_the_manager_is_asked_once(
    database_url: str,
) -> None:
    async with kept(database_url) as it:
        await it.round()
        meeting, ref = await it.world.meeting(), await it.ref()
        await it.opened.provider.remove(MARA.email, ref)
        for _ in range(3):
            await it.round()
        await it.world.go_to(it.world.bot.clock.now() + timedelta(hours=12))
        told = [m for m in it.world.sandbox.messages(MANAGER) if "calendar entry" in m["text"]]
        assert len(told) == 1
        assert buttons(told[0], ActionId.MEETING_MOVE)
        assert (await it.world.meeting()).appointment == meeting.appointment
        assert ref not in [known for (_, known), one in it.opened.held.entries.items() if one["status"] == "confirmed"]


async def test_times_that_are_taken_are_not_offered(sqlite_url: str) -> None:
    async with kept(sqlite_url) as it:
        await it.round()
        meeting = await it.world.meeting()
        form = await it.world.bot.cases.moving.form(meeting.id, MANAGER)
        offered = [datetime.fromisoformat(one["value"]) for one in form["blocks"][1]["element"]["options"]]
        it.opened.held.busy[RUTH.email] = [(at, at + timedelta(minutes=30), "busy") for at in offered]
        await it.round()
        form = await it.world.bot.cases.moving.form(meeting.id, MANAGER)
        anew = [datetime.fromisoformat(one["value"]) for one in form["blocks"][1]["element"]["options"]]
        assert len(anew) == 3
        assert not set(anew) & set(offered)


@pytest.mark.parametrize("provider", sorted(OPENERS))
async def test_out_of_office_counts_as_leave_and_moves_what_falls_into_it(database_url: str, provider: str) -> None:
    async with kept(database_url, provider) as it:
        await it.round()
        meeting = await it.world.meeting()
        start = meeting.appointment.starts_at
        away = (start - timedelta(hours=10), start + timedelta(hours=14), "oof")
        it.opened.held.busy[RUTH.email] = [away]
        await it.round()
        moved = await it.world.meeting()
        assert moved.event == meeting.event
        assert not away[0] <= moved.appointment.starts_at < away[1]
        assert it.live() == await starts(it.world)
        (closed,) = [one for one in await it.world.meetings() if one.id == meeting.id]
        assert (closed.state, "out of office" in closed.closing_words) == (MeetingState.MOVED, True)


async def test_what_was_known_of_taken_times_outlives_the_process(database_url: str) -> None:
    async with kept(database_url) as it:
        now = it.world.bot.clock.now()
        it.opened.held.busy[RUTH.email] = [(now + timedelta(hours=1), now + timedelta(hours=2), "busy")]
        await it.round()
        known = await it.world.bot.cases.calendar_keeping("google").take_in({})
        assert [one.start for one in known[RUTH.id]] == [now + timedelta(hours=1)]


async def test_a_calendar_that_refuses_changes_nothing_and_is_told(sqlite_url: str) -> None:
    async with kept(sqlite_url) as it:
        await it.round()
        meetings = await it.world.meetings()
        it.opened.server.troubles.append(Trouble(answering(400, {"error": {"message": "no"}})))
        await it.keeper.round()
        assert isinstance(it.keeper.failing, SourceError)
        assert it.keeper.failing.fault is Fault.REQUEST
        assert await it.world.meetings() == meetings
        it.opened.server.troubles.clear()
        await it.round()


async def test_somebody_without_a_calendar_there_keeps_nobody_else_from_theirs(database_url: str) -> None:
    async with kept(database_url) as it:
        it.opened.held.strangers = {RUTH.email}
        await it.round()
        assert it.live() == await starts(it.world)


async def test_a_calendar_that_is_disconnected_keeps_no_time_taken(sqlite_url: str) -> None:
    async with kept(sqlite_url) as it:
        now = it.world.bot.clock.now()
        it.opened.held.busy[RUTH.email] = [(now, now + timedelta(hours=2), "busy")]
        await it.round()
        taken = it.world.bot.cases.calendar_connection
        await taken.disconnect("google")
        await it.round()
        assert await it.world.bot.cases.calendar_keeping("google").take_in({}) == {}
