"""A rep goes through a whole 1:1 cycle with the manager, from the questions to the kept goal."""

from __future__ import annotations

from typing import Any

from world import MANAGER, REP, World, a_world, words

from bot.coaching.commitment import GoalState
from bot.coaching.meeting import MeetingState
from bot.coaching.records import PersonId
from bot.views.ids import ActionId


async def test_a_rep_and_a_manager_go_through_a_whole_cycle(database_url: str) -> None:
    async with a_world(database_url) as world:
        invitation = await world.until(REP, ActionId.PROMPT_OPEN)
        meeting = await world.meeting()
        assert meeting.state is MeetingState.PROMPTED
        assert (meeting.appointment.starts_at - world.bot.clock.now()).days >= 1

        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        saved = await world.fill(REP, lambda block: {"text": f"My thoughts on {block} <!channel> & more"})
        assert not saved.errors
        await world.press(REP, invitation, ActionId.PROMPT_OPEN)
        assert "My thoughts on answer_win" in str(world.sandbox.open_view(REP)), "what was saved is shown again"
        await world.sandbox.close_view(REP, world.sandbox.open_view(REP)["id"])

        for reader in (REP, MANAGER):
            agenda = await world.until(reader, ActionId.PRE_READ_HOW)
            for topic in ("Win What's Winnable", "Pipeline Balance", "Performance Aspirations"):
                assert topic in words(agenda)
        whole = await world.whole_agenda(MANAGER)
        assert "My thoughts on answer_win" in whole, "the manager reads the rep's answers"
        assert "<!channel>" not in f"{agenda}{whole}", "text of people never calls a channel"
        assert (await world.meeting()).state is MeetingState.PUBLISHED

        fork = await world.until(REP, ActionId.FORK_YES)
        assert (await world.meeting()).state is MeetingState.STARTED
        await world.press(REP, fork, ActionId.FORK_YES)

        request = await world.until(MANAGER, ActionId.GOAL_APPROVE)
        await world.press(MANAGER, request, ActionId.GOAL_APPROVE)
        (goal,) = await _goals(world, GoalState.ACTIVE)

        closing = world.course(MANAGER)
        await world.press(MANAGER, closing, ActionId.MEETING_HELD)
        upcoming = await world.meeting()
        days = (upcoming.appointment.day - meeting.appointment.day).days
        assert 7 <= days <= 31
        assert upcoming.appointment.day.weekday() == meeting.appointment.day.weekday()
        assert upcoming.appointment.at == meeting.appointment.at

        monday = await world.until(REP, ActionId.REPORT_DONE)
        assert world.bot.clock.now().weekday() == 0
        await world.press(REP, monday, ActionId.REPORT_DONE)
        (kept,) = await _goals(world, GoalState.KEPT)
        assert kept.id == goal.id


async def _goals(world: World, *states: GoalState) -> tuple[Any, ...]:
    async with world.bot.database.transaction() as tx:
        return await tx.goals.of_rep(PersonId("ruth"), states=frozenset(states))
