"""What a person does is done though Slack wouldn't say by whose token, and Slack isn't asked for each request."""

from __future__ import annotations

import pytest
from world import REP, a_click, a_world

from bot.coaching.commitment import GoalState
from bot.sandbox import Fault, dropped_before_accepting, rate_limited, refused
from bot.views.ids import ActionId, goal_value


@pytest.mark.parametrize(
    "fault", [rate_limited(), refused("fatal_error", status=500), refused("invalid_auth"), dropped_before_accepting()]
)
async def test_the_first_click_of_a_process_is_done_when_it_is_acknowledged_whatever_slack_says_of_the_token(
    sqlite_url: str, over: dict[str, str], fault: Fault
) -> None:
    async with a_world(sqlite_url, **over) as world:
        await world.to_forks()
        (goal, *_) = await world.goals(GoalState.OFFERED)
        await world.restart()
        world.sandbox.faults.next("auth.test", fault)
        click = a_click(world.sandbox, REP, ActionId.FORK_YES, goal_value(goal))
        assert (await world.sandbox.courier.interact("interactive", click)).acked
        assert [one.id for one in await world.goals(GoalState.ACCEPTED)] == [goal.id]
        assert world.sandbox.faults.take("auth.test") == fault, "Slack wasn't asked"
