"""PostgreSQL that breaks off or restarts under the running bot: nothing is half done, and it goes on by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from datetime import timedelta

import databases
import psycopg
import pytest
from sqlalchemy import make_url
from world import REP, a_world, buttons, words

from bot.coaching.commitment import GoalState
from bot.errors import TryLaterError
from bot.views.ids import ActionId


def name_of(url: str) -> str:
    return str(make_url(url).database)


def cut(url: str) -> None:
    """End every connection to the database, as an operator's pg_terminate_backend does."""
    databases.ask("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s", name_of(url))


@contextmanager
def down(url: str) -> Iterator[None]:
    """Take the database away and bring it back, as a restart of the server does."""
    databases.administer(f"ALTER DATABASE {name_of(url)} ALLOW_CONNECTIONS false")
    cut(url)
    yield
    databases.administer(f"ALTER DATABASE {name_of(url)} ALLOW_CONNECTIONS true")


@asynccontextmanager
async def goals_held(url: str) -> AsyncIterator[None]:
    """Keep every goal locked, so that a click stands still in the middle of its work."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(plain) as other:
        await other.execute("SELECT 1 FROM goal FOR UPDATE")
        yield
        await other.rollback()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - neither PostgreSQL nor the sandbox has an event to wait for
            await asyncio.sleep(0.05)


def somebody_waits(url: str) -> bool:
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    return bool(databases.ask(query, name_of(url)))


@pytest.mark.parametrize("how", ["cut", "down"])
async def test_a_database_lost_in_the_middle_of_a_click_is_said_and_nothing_is_half_done(
    postgresql_url: str, how: str
) -> None:
    async with a_world(postgresql_url) as world:
        fork = (await world.to_forks())[0]
        channel, yes = world.sandbox.workspace.person(REP).channel, buttons(fork, ActionId.FORK_YES)[0]["value"]
        with suppress(psycopg.OperationalError):  # who held the goals is cut off, too
            async with goals_held(postgresql_url):
                click = asyncio.create_task(
                    world.sandbox.click(REP, channel, fork["ts"], ActionId.FORK_YES, yes),
                )
                await until(lambda: somebody_waits(postgresql_url))
                with down(postgresql_url) if how == "down" else nullcontext(cut(postgresql_url)):
                    outcome = await click
        assert outcome.acked
        assert "can't reach my database" in world.told(REP)
        assert await world.goals(GoalState.ACCEPTED) == ()
        assert (await world.press(REP, fork, ActionId.FORK_YES)).acked
        assert len(await world.goals(GoalState.ACCEPTED)) == 1


async def test_a_form_sent_while_the_database_is_away_keeps_what_was_typed(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        await world.press(REP, (await world.to_forks())[0], ActionId.FORK_NOT_NOW)
        form = world.sandbox.open_view(REP)
        assert form is not None
        with down(postgresql_url):
            typed = {block["block_id"]: {"text": "Quarter end"} for block in form["blocks"] if block["type"] == "input"}
            assert (await world.sandbox.submit(REP, form["id"], typed)).acked
        said = world.sandbox.open_view(REP)
        assert said is not None
        assert "can't reach my database" in words(said)
        await world.sandbox.close_view(REP, said["id"])
        below = world.sandbox.open_view(REP)
        assert below is not None
        assert below["id"] == form["id"]
        assert [field["text"]["value"] for field in below["state"]["values"].values()] == ["Quarter end"]
        assert (await world.sandbox.submit(REP, form["id"], typed)).acked
        assert [goal.words for goal in await world.goals(GoalState.DECLINED)] == ["Quarter end"]


async def test_a_database_that_is_away_is_said_also_where_nothing_is_written(postgresql_url: str) -> None:
    async with a_world(postgresql_url) as world:
        with down(postgresql_url), pytest.raises(TryLaterError, match="can't reach my database"):
            async with world.bot.database.reading():
                pass


async def test_a_database_that_restarts_under_the_running_bot_is_found_again_and_all_is_said_once(
    postgresql_url: str,
) -> None:
    async with a_world(postgresql_url, CADENCE_TICK_SECONDS="0.2", CADENCE_HEALTH_PORT="0") as world:
        await world.settle()
        due = (await world.meeting()).appointment.starts_at - timedelta(days=1)
        await world.bot.sockets.close()
        async with world.bot.runner():
            with down(postgresql_url):
                world.sandbox.clock.set(due)
                await asyncio.sleep(1.5)
                before = len(world.texts(REP))
                said = await world.sandbox.command(REP, "/1on1")
                assert "can't reach my database" in said.response["text"]
            await until(lambda: world.find(REP, ActionId.PROMPT_OPEN))
            said = await world.sandbox.command(REP, "/1on1")
            assert "database" not in said.response["text"]
        assert len(world.texts(REP)) > before
        assert len(set(world.texts(REP))) == len(world.texts(REP))
