"""What was to be said by day and can be said only at night waits for its reader; who clicks at night is answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import update
from test_approval_flow import asked, send_back
from test_goal_builder_flow import choose, fill
from world import MANAGER, REP, START, World, a_world, buttons, key_of

from bot.coaching.commitment import GoalState
from bot.sandbox import rate_limited
from bot.storage.tables import outbox
from bot.views.ids import ActionId

FRIDAY, TUESDAY = (datetime(2017, 10, day, 14, tzinfo=UTC) for day in (6, 10))
"""Nine in Chicago, when Ruth is asked and when she gets the agenda."""

SECOND = timedelta(seconds=1)
NIGHT = datetime(2017, 10, 12, 3, tzinfo=UTC)
"""A Wednesday, ten in the evening in Chicago and eleven in New York."""

MORNING = datetime(2017, 10, 12, 14, tzinfo=UTC)
"""Nine in Chicago."""


def told(world: World, user: str, kind: str) -> int:
    return sum(key_of(message).startswith(f"{kind}:") for message in world.sandbox.messages(user))


async def slack_takes_again(world: World) -> None:
    """Let what waits for Slack's pause be tried now: that is counted by the database's clock."""
    world.sandbox.faults.clear()
    async with world.bot.database._begin() as connection:
        await connection.execute(update(outbox).values(not_before=None))


async def test_questions_that_slack_refused_all_friday_come_with_the_next_working_day(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.go_to(FRIDAY - SECOND)
        world.sandbox.faults.next("chat.postMessage", rate_limited(1), times=50)
        await world.go_to(FRIDAY)
        await slack_takes_again(world)
        for moment in (FRIDAY + timedelta(hours=12), FRIDAY + timedelta(days=3), TUESDAY - SECOND):  # Columbus Day
            await world.go_to(moment)
            assert told(world, REP, "prompt") == 0
        await world.go_to(TUESDAY)
        assert told(world, REP, "prompt") == 1


async def test_an_agenda_that_slack_refused_comes_an_hour_before_the_1_1_also_before_nine(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.go_to(TUESDAY - SECOND)
        world.sandbox.faults.next("chat.postMessage", rate_limited(1), times=50)
        await world.go_to(TUESDAY)
        await slack_takes_again(world)
        starts_at = (await world.meeting()).appointment.starts_at
        assert starts_at == datetime(2017, 10, 11, 13, tzinfo=UTC), "eight in Chicago"
        for moment in (TUESDAY + timedelta(hours=12), starts_at - timedelta(hours=1) - SECOND):
            await world.go_to(moment)
            assert told(world, REP, "pre_read") == 0
        await world.go_to(starts_at - timedelta(hours=1))
        assert told(world, REP, "pre_read") == 1


async def test_a_goal_sent_back_in_the_evening_is_read_in_the_morning(database_url: str) -> None:
    async with a_world(database_url) as world:
        request = await asked(world)
        await world.go_to(NIGHT)
        assert not await send_back(world, request, "By when?")
        assert told(world, REP, "fork") == 0
        await world.go_to(MORNING - timedelta(seconds=1))
        assert told(world, REP, "fork") == 0
        await world.go_to(MORNING)
        (again,) = [message for message in world.sandbox.messages(REP) if key_of(message).startswith("fork:")]
        assert buttons(again, ActionId.FORK_YES)


async def test_a_goal_of_ones_own_is_answered_at_night_and_the_manager_is_asked_by_day(database_url: str) -> None:
    async with a_world(database_url) as world:
        await world.go_to(START + timedelta(hours=20))  # ten in the evening in Chicago
        await choose(world, "customer")
        assert not await fill(world)
        assert len(await world.goals(GoalState.ACCEPTED)) == 1
        assert (told(world, REP, "fork"), told(world, MANAGER, "approval")) == (1, 0)
        await world.go_to(START + timedelta(days=1, hours=6))  # nine in New York
        assert told(world, MANAGER, "approval") == 1
