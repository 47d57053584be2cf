"""The bot forgets what is over for long, and nothing of what still goes on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from world import REP, World, a_world

from bot.storage.tables import inbox, outbox


async def remembered(world: World) -> tuple[int, set[str]]:
    """Return how many arrivals are remembered, and the kinds of the messages."""
    async with world.bot.database._begin() as connection:
        arrivals = await connection.scalar(select(func.count()).select_from(inbox))
        return arrivals or 0, set(await connection.scalars(select(outbox.c.kind)))


async def test_arrivals_are_forgotten_after_a_week_and_messages_when_their_subject_is_closed_for_long(
    database_url: str,
) -> None:
    async with a_world(database_url, CADENCE_KEEP_DAYS="31") as world:
        goal = await world.agree()
        await world.settle()
        course = f"course:{goal.meeting}:ruth"
        arrivals, kinds = await remembered(world)
        assert arrivals == 2
        assert {"prompt", "pre_read", "course", "closing"} <= kinds
        await world.go_to(world.bot.clock.now() + timedelta(days=7))
        assert (await remembered(world))[0] == 2
        await world.go_to(world.bot.clock.now() + timedelta(days=1))
        assert (await remembered(world))[0] == 0
        shown = {message["ts"] for message in world.sandbox.messages(REP)}
        for _ in range(45):
            await world.go_to(world.bot.clock.now() + timedelta(days=1))
        async with world.bot.database.transaction() as tx:
            assert not await tx.outbox.exists(f"pre_read:{goal.meeting}:ruth")
            assert not await tx.outbox.exists(course), "the 1:1 is over for more than a month"
            assert await tx.outbox.exists("next:ruth:ruth"), "it is rewritten for ever"
        assert shown < {message["ts"] for message in world.sandbox.messages(REP)}, "in Slack nothing is deleted"
