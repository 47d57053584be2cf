"""Who is away says so once: 1:1s keep out of it, nobody is skipped, and both read why the date changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from world import MANAGER, OTHER_MANAGER, PEOPLE, REP, World, a_world, some_records, words

from bot.coaching.meeting import MeetingState
from bot.coaching.records import Leave, PersonId
from bot.views.ids import ActionId, leave_value

RUTH, MARA = PersonId("ruth"), PersonId("mara")


async def at_work(world: World) -> None:
    await world.go_to(datetime(2017, 10, 2, 15, tzinfo=UTC))


async def leave_of(world: World, person: PersonId) -> tuple[Leave, ...]:
    async with world.bot.database.transaction() as tx:
        return await tx.people.leave_of(person)


def spoken(day: date) -> str:
    return f"{day.day} {day:%B}"


async def test_a_meeting_in_the_leave_goes_to_another_day_with_the_reason(database_url: str) -> None:
    async with a_world(database_url) as world:
        await at_work(world)
        before = await world.meeting()
        day = before.appointment.day
        said = await world.ask(REP, "/1on1", f"away {spoken(day)} because <b>dentist</b>")
        assert "You are away on" in said
        assert "Your 1:1 with Mara Quinn would: I move it, and you both read when." in said
        assert "&lt;b&gt;dentist" in said
        moved, closed = await world.meetings()
        assert (closed.id, closed.state) == (before.id, MeetingState.MOVED)
        assert closed.closing_words == "Ruth Adler is away on that day."
        assert moved.state is MeetingState.PLANNED
        assert moved.appointment.day != day
        for user in (REP, MANAGER):
            (news,) = [m for m in world.sandbox.messages(user) if "has moved" in m["text"]]
            assert "Ruth Adler is away on that day." in words(news)
            (date_message,) = [
                m for m in world.sandbox.messages(user) if "Ruth Adler is away" in words(m) and m != news
            ]
            assert "is planned for" in date_message["text"]
            assert str(int(moved.appointment.starts_at.timestamp())) in words(date_message)
        assert not any("dentist" in words(m) for m in world.sandbox.messages(MANAGER)), "why is nobody's business"


async def test_a_managers_leave_moves_the_meetings_of_all_reps(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await at_work(world)
        before = {rep: await world.meeting(rep) for rep in ("ruth", "omar")}
        days = sorted(one.appointment.day for one in before.values())
        said = await world.ask(MANAGER, "/1on1", f"away from {spoken(days[0])} to {spoken(days[-1])}")
        assert "Your 1:1s with Omar Blake and Ruth Adler would: I move them" in said
        for rep, old in before.items():
            moved = await world.meeting(rep)
            assert moved.id != old.id
            assert not days[0] <= moved.appointment.day <= days[-1]


async def test_leave_is_listed_and_withdrawn_with_a_button_and_only_the_own(database_url: str) -> None:
    async with a_world(database_url) as world:
        await at_work(world)
        assert "You have said no leave." in await world.ask(REP, "/1on1", "away")
        await world.ask(REP, "/1on1", "away 4 Dec - 6 Dec")
        await world.ask(REP, "/1on1", "away 1 Dec - 10 Dec because of a trip")
        (kept,) = await leave_of(world, RUTH)
        assert (kept.first, kept.last) == (date(2017, 12, 1), date(2017, 12, 10)), "the shorter is part of the longer"
        assert "From Fri 1 Dec to Sun 10 Dec 2017 (of a trip)" in await world.ask(REP, "/1on1", "away list")
        value = leave_value(kept.first, kept.last)
        await world.press_unseen(OTHER_MANAGER, ActionId.AWAY_WITHDRAW, value)
        assert await leave_of(world, RUTH) == (kept,), "it is not theirs"
        world.told(OTHER_MANAGER)
        for _ in range(2):
            await world.press_unseen(REP, ActionId.AWAY_WITHDRAW, value)
            assert "not away from Fri 1 Dec" in world.told(REP)
        assert not await leave_of(world, RUTH)
        assert "You have said no leave." in await world.ask(REP, "/1on1", "away")


async def test_what_cannot_be_read_and_anothers_leave_are_refused_and_nothing_is_kept(sqlite_url: str) -> None:
    async with a_world(sqlite_url) as world:
        await at_work(world)
        assert "can't read 'sometime'" in await world.ask(REP, "/1on1", "away sometime")
        assert "nobody another's" in await world.ask(MANAGER, "/1on1", "away @ruth 4 Dec")
        assert not await leave_of(world, RUTH)
        assert not await leave_of(world, MARA)


async def test_a_leave_longer_than_a_month_plans_the_first_days_back_and_says_so(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        await world.bot.cases.closing.held((await world.meeting()).id, MANAGER)
        held = (await world.meetings())[1].appointment.day
        back = held + timedelta(days=60)
        await world.ask(REP, "/1on1", f"away tomorrow until {back - timedelta(days=1)}")
        moved = await world.meeting()
        assert 60 <= (moved.appointment.day - held).days <= 60 + 6, "the first days back, weekends and 1:1 days apart"
        (news,) = [m for m in world.sandbox.messages(MANAGER) if "has moved" in m["text"]]
        assert "No day within a month of the last 1:1" in words(news)
        await world.go_to(moved.appointment.starts_at - timedelta(days=6))
        assert world.find(REP, ActionId.PROMPT_OPEN) is None, "what was said before two months away would be stale"
        await world.until(REP, ActionId.PROMPT_OPEN)
        agenda = await world.until(REP, ActionId.PRE_READ_HOW)
        assert back <= world.bot.clock.now().date() < moved.appointment.day, "read on a day back at work"
        assert agenda


async def test_an_excused_meeting_is_not_planned_on_its_own_day_again(database_url: str) -> None:
    async with a_world(database_url) as world:
        await at_work(world)
        first = await world.meeting()
        await world.bot.cases.closing.excuse(first.id, MANAGER, "A fair all week")
        second = await world.meeting()
        assert second.appointment.day > first.appointment.day
        await world.go_to(second.appointment.starts_at)
        await world.bot.cases.closing.held(second.id, MANAGER)
        third = await world.meeting()
        await world.bot.cases.closing.excuse(third.id, MANAGER, "Another fair")
        fourth = await world.meeting()
        assert third.appointment.day < fourth.appointment.day
        assert (fourth.appointment.day - second.appointment.day).days <= 31


async def test_a_month_that_is_somebodys_name_is_a_month(sqlite_url: str) -> None:
    may = replace(PEOPLE[1], name="May Adler")
    async with a_world(sqlite_url, some_records(people=(PEOPLE[0], may, *PEOPLE[2:]))) as world:
        await at_work(world)
        for typed in ("away 4 May", "leave 4 May", "4 May off"):
            assert "Fri 4 May 2018" in await world.ask(MANAGER, "/1on1", typed)
        assert "Next 1:1 of May Adler" in await world.ask(MANAGER, "/1on1", "next May")
