"""Two things done at the same moment end as if one had come after the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from sqlalchemy import select
from world import MANAGER, PEOPLE, REP, World, a_world

from bot.app import open_bot
from bot.coaching.commitment import GoalId, GoalState
from bot.coaching.meeting import OPEN_STATES, MeetingState
from bot.errors import StaleError, UserError
from bot.services.due_around import Held
from bot.services.forks import GoalRef, NoRoomError
from bot.services.moving import TakenError
from bot.storage.tables import DutyState, duty
from bot.views.ids import ActionId


async def test_of_two_yeses_at_once_only_one_takes_the_last_place(database_url: str) -> None:
    async with a_world(database_url) as world:
        first, _ = await world.to_forks()
        (offered, other) = await world.goals(GoalState.OFFERED)
        third = replace(offered, id=GoalId("gthird"))
        async with world.bot.database.transaction() as tx:
            await tx.goals.add(third, by=None)
        await world.press(REP, first, ActionId.FORK_YES)
        refs = [GoalRef(goal.id, goal.version) for goal in await world.goals(GoalState.OFFERED)]
        assert len(refs) == 2
        assert other.rep == "ruth"
        results = await asyncio.gather(
            *(world.bot.cases.forks.accept(ref, REP) for ref in refs),
            return_exceptions=True,
        )
        assert sorted(type(result) for result in results if result is not None) == [NoRoomError]
        assert len(await world.goals(GoalState.ACCEPTED)) == 2


async def test_one_meeting_closed_twice_at_once_has_one_end_and_one_next(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        meeting = await world.meeting()
        closing = world.bot.cases.closing
        results = await asyncio.gather(
            closing.held(meeting.id, MANAGER),
            closing.excuse(meeting.id, MANAGER, "Ruth is ill"),
            closing.held(meeting.id, MANAGER),
            return_exceptions=True,
        )
        assert all(result is None or isinstance(result, StaleError) for result in results)
        following, closed = await world.meetings()
        assert closed.state in {MeetingState.HELD, MeetingState.EXCUSED}
        assert following.state is MeetingState.PLANNED


async def test_a_yes_and_a_move_at_once_leave_no_goal_half_said(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        meeting = await world.meeting()
        goals = await world.goals(GoalState.OFFERED)
        form = await world.bot.cases.moving.form(meeting.id, MANAGER)
        slot = form["blocks"][1]["element"]["options"][0]["value"]
        results = await asyncio.gather(
            world.bot.cases.forks.accept(GoalRef(goals[0].id, 1), REP),
            world.bot.cases.moving.move(meeting.id, MANAGER, slot, ""),
            return_exceptions=True,
        )
        assert results[1] is None
        assert results[0] is None or isinstance(results[0], UserError)
        (goal,) = [goal for goal in await world.goals() if goal.id == goals[0].id]
        assert goal.state is (GoalState.ACCEPTED if results[0] is None else GoalState.OBSOLETE)


async def test_replicas_that_start_together_plan_each_meeting_once(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.to_forks()
        meeting = await world.meeting()
        async with world.bot.database.transaction() as tx:
            assert await tx.meetings.save(replace(meeting, state=MeetingState.EXCUSED), was=meeting)
        other = await open_bot(world.bot.settings, world.bot.clock)
        planned = await asyncio.gather(world.bot.cases.rounds.plan_all(), other.cases.rounds.plan_all())
        await other.close()
        assert sum(planned) == 1
        assert (await world.meeting()).state is MeetingState.PLANNED


async def test_a_meeting_closed_while_its_times_are_written_anew_has_nothing_due(database_url: str) -> None:
    mara, ruth, *_ = PEOPLE
    async with a_world(database_url) as world:
        await world.to_forks()
        as_it_was = await world.meeting()
        closing = world.bot.cases.closing
        await closing.held(as_it_was.id, MANAGER)
        async with world.bot.database.transaction() as tx:
            await closing._planning._around.time_anew(tx, [Held(as_it_was, ruth, mara)], [])
        async with world.bot.database._begin() as connection:
            due = select(duty.c.kind).where(duty.c.subject == as_it_was.id, duty.c.state == DutyState.WAITING)
            assert not (await connection.execute(due)).all()


async def slots(world: World, rep: str) -> list[str]:
    """Return the times to which a rep's 1:1 may be moved, as the form offers them."""
    form = await world.bot.cases.moving.form((await world.meeting(rep)).id, MANAGER)
    return [option["value"] for option in form["blocks"][1]["element"]["options"]]


async def test_of_two_moves_to_one_time_at_once_the_second_is_refused(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.settle()
        both = [await world.meeting(rep) for rep in ("ruth", "omar")]
        (slot, *_) = sorted(set(await slots(world, "ruth")) & set(await slots(world, "omar")))
        results = await asyncio.gather(
            *(world.bot.cases.moving.move(meeting.id, MANAGER, slot, "") for meeting in both),
            return_exceptions=True,
        )
        assert sorted(type(result).__name__ for result in results) == ["NoneType", "TakenError"]
        async with world.bot.database.transaction() as tx:
            booked = await tx.meetings.of_manager(PEOPLE[0].id, states=OPEN_STATES)
        assert len({meeting.appointment.starts_at for meeting in booked}) == 2


async def test_a_move_waits_for_what_is_being_planned_for_the_same_manager(database_url: str) -> None:
    mara, _, omar, _ = PEOPLE
    async with a_world(database_url) as world:
        await world.settle()
        ruths, omars = await world.meeting(), await world.meeting("omar")
        moving, planning = world.bot.cases.moving, world.bot.cases.closing._planning
        async with world.bot.database.transaction() as tx:
            await tx.people.hold(omar.id, mara.id)
            (free, *_) = await planning.slots(tx, omars)
            move = asyncio.create_task(moving.move(ruths.id, MANAGER, free.starts_at.isoformat(), ""))
            await asyncio.sleep(0.3)
            assert not move.done()
            await world.bot.cases.closing.close(tx, omars, MeetingState.MOVED, "")
            await planning.book(tx, omar, mara, free, omars.due, omars.interval)
        (refused,) = await asyncio.gather(move, return_exceptions=True)
        assert isinstance(refused, TakenError)
        assert free not in refused.slots
        assert (await world.meeting()).id == ruths.id
