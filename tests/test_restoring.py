"""A bot whose database came back from a backup says nothing twice, and lets people say again what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import databases
import pytest
from world import MANAGER, OTHER_REP, REP, World, a_world, buttons

from bot.coaching.commitment import GoalState
from bot.services.restoration import came_back
from bot.slack.delivery import Delivery
from bot.slack.pace import Pace
from bot.storage import backup
from bot.views.ids import ActionId

Restore = Callable[[], Awaitable[None]]


async def back_up(world: World, tmp_path: Path) -> Restore:
    """Back the database up while the bot runs; returns what ends the bot, puts it back and starts another."""
    url = world.bot.settings.database_url
    if url.startswith("sqlite"):
        backup.copy_out(url, tmp_path / "copy.sqlite3")
    else:
        dump = databases.dump_postgresql(urlsplit(url).path[1:])

    async def restore() -> None:
        await world.bot.sockets.close()
        await world.bot.close()
        if url.startswith("sqlite"):
            backup.put_back(url, tmp_path / "copy.sqlite3")
        else:
            databases.put_back_postgresql(urlsplit(url).path[1:], dump)
        await world.restart()
        bot = world.bot
        async with bot.database.transaction() as tx:
            await came_back(tx)
        bot.delivery = Delivery(
            bot.database.deliveries,
            bot.client,
            clock=bot.clock,
            pace=Pace.off(),
            quarantine=0,
            trust_slack_clock=False,
        )
        await bot.cases.rounds.plan_all()
        await world.settle()

    return restore


def said_twice(world: World) -> dict[str, int]:
    """Return the keys under which more than one message stands in somebody's DM."""
    keys = Counter(
        message["metadata"]["event_payload"]["key"]
        for user in (REP, OTHER_REP, MANAGER)
        for message in world.sandbox.messages(user)
    )
    return {key: count for key, count in keys.items() if count > 1}


def posts(world: World) -> int:
    return sum(entry.get("method") == "chat.postMessage" for entry in world.sandbox.journal)


async def test_what_was_said_since_the_backup_isnt_said_again_and_the_cycle_goes_on(
    database_url: str, tmp_path: Path
) -> None:
    async with a_world(database_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        restore = await back_up(world, tmp_path)
        before = posts(world)
        goal = await world.agree()
        assert posts(world) > before + 3, "the agenda, the forks, the request were said since"
        posted = posts(world)
        await restore()
        assert posts(world) == posted, "nothing was posted for it"
        assert said_twice(world) == {}
        assert await world.goals(GoalState.ACTIVE) == ()
        assert len(buttons(world.course(REP), ActionId.FORK_YES)) == 2, (
            "the rep can say yes where the rep said it before"
        )
        assert goal.id in {one.id for one in await world.goals(GoalState.OFFERED)}, "it is the same fork"
        assert (await world.agree()).terms.title == goal.terms.title
        await world.until(REP, ActionId.REPORT_DONE)
        assert said_twice(world) == {}


async def test_what_waited_in_the_backup_is_said_and_what_was_sent_of_it_since_isnt_repeated(
    database_url: str, tmp_path: Path
) -> None:
    async with a_world(database_url) as world:
        await world.until(REP, ActionId.PROMPT_OPEN)
        while not (await world.bot.database.deliveries.depth())["pending"]:
            due = await world.bot.next_due()
            assert due is not None
            world.sandbox.clock.set(max(due, world.sandbox.clock.now()))
            await world.bot.due_work()
        restore = await back_up(world, tmp_path)
        before = posts(world)
        await world.bot.delivery.run_once()
        assert posts(world) > before
        before = posts(world)
        await restore()
        assert said_twice(world) == {}
        due = await world.bot.database.deliveries.next_due()
        assert due is None or due > world.bot.clock.now(), "nothing that is due waits"
        assert posts(world) == before, "all of it was said before the database was lost"


@pytest.mark.parametrize("times", [1, 2])
async def test_a_database_that_came_back_before_anything_was_said_is_doubted_too(
    sqlite_url: str, tmp_path: Path, times: int
) -> None:
    async with a_world(sqlite_url) as world:
        restore = await back_up(world, tmp_path)
        await world.until(REP, ActionId.PROMPT_OPEN)
        for _ in range(times):
            await restore()
        assert said_twice(world) == {}
        await world.agree()
        assert said_twice(world) == {}
