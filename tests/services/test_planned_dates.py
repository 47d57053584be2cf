"""The day a 1:1 is due when the bot plans it."""

from __future__ import annotations

from bot.views.ids import ActionId
from tests.world import MANAGER, a_world


async def test_a_1_on_1_is_due_on_the_day_the_bot_plans_it_and_keeps_its_cadence(database_url: str) -> None:
    async with a_world(database_url) as world:
        first = await world.meeting()
        assert first.due == first.appointment.day
        await world.press(MANAGER, await world.until(MANAGER, ActionId.MEETING_HELD), ActionId.MEETING_HELD)
        following = await world.meeting()
        async with world.bot.database.transaction() as tx:
            decision = await tx.cadences.latest(following.rep)
        assert decision is not None
        assert following.due == following.appointment.day
        assert following.interval == decision.interval
