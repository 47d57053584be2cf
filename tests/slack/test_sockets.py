"""Slack always finds an open line, and a line that went deaf is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import UTC, datetime

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.errors import ConfigurationError
from bot.sandbox import Sandbox, SandboxPerson, refused
from bot.slack.client import web_client
from bot.slack.sockets import Sockets

ANA = SandboxPerson("U0ANA", "Ana Ruiz", "ana.ruiz@example.com")


@pytest.fixture
async def sandbox():
    box = Sandbox([ANA], ["/pipeline"], now=datetime(2017, 10, 2, 9, 0, tzinfo=UTC))
    await box.start()
    yield box
    await box.stop()


@pytest.fixture
def bolt(sandbox) -> AsyncApp:
    client = web_client("xoxb-sandbox", sandbox.api_url)
    app = AsyncApp(client=client, logger=logging.getLogger("quiet"), process_before_response=True)

    @app.command("/pipeline")
    async def pipeline(ack, command) -> None:
        await asyncio.sleep(float(command["text"] or 0))
        await ack("Here it is.")

    return app


@contextlib.asynccontextmanager
async def opened(bolt, **choices):
    usual = {"patience": 0.8, "check_every": 0.05, "ping_interval": 0.2, "close_timeout": 1}
    sockets = Sockets(bolt, "xapp-sandbox", **(usual | choices))
    stop = asyncio.Event()
    await sockets.start()
    running = asyncio.create_task(sockets.run(stop))
    try:
        yield sockets
    finally:
        stop.set()
        await running
        await sockets.close()


async def until(condition, within: float = 4.0) -> None:
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110 - the sandbox has no event to wait for
            await asyncio.sleep(0.02)


async def test_two_lines_are_open_and_commands_are_answered(sandbox, bolt) -> None:
    async with opened(bolt) as sockets:
        assert (sockets.connected(), sandbox.socket.connections) == (2, 2)
        outcome = await sandbox.command(ANA.id, "/pipeline")
        assert outcome.acked
    assert (sockets.connected(), sandbox.socket.connections) == (0, 0)


async def test_a_refresh_brings_the_lines_back(sandbox, bolt) -> None:
    async with opened(bolt) as sockets:
        await sandbox.socket.disconnect()
        await asyncio.sleep(0.3)
        await until(lambda: sockets.connected() == 2 and sandbox.socket.connections == 2)


async def test_a_line_that_redials_a_dead_address_is_replaced(sandbox, bolt, caplog) -> None:
    class Expired(set):
        def add(self, _name) -> None:
            """Hand out addresses that are no good any more."""

    async with opened(bolt) as sockets:
        sandbox.core.link_names = Expired()
        await sandbox.socket.disconnect()
        await until(lambda: sockets.connected() == 0)
        sandbox.core.link_names = set()
        await until(lambda: sockets.connected() == 2)
        assert (await sandbox.command(ANA.id, "/pipeline")).acked
    assert "sockets.replaced" in caplog.text


async def test_a_half_open_line_is_replaced_and_what_was_lost_is_said_and_can_be_done_again(sandbox, bolt) -> None:
    sandbox.socket.ack_seconds = 0.3
    async with opened(bolt):
        sandbox.socket.freeze()
        outcome = await sandbox.command(ANA.id, "/pipeline")
        assert (outcome.acked, bool(outcome.problem)) == (False, True)
        await until_it_works(sandbox)


async def test_a_line_that_answers_pings_and_brings_nothing_is_replaced_when_slack_should_have_ended_it(
    sandbox, bolt, caplog
) -> None:
    sandbox.socket.ack_seconds = 0.3
    sandbox.socket.connection_seconds = 1.0
    async with opened(bolt, overdue=0.5, patience=60) as sockets:
        sandbox.socket.deafen()
        sandbox.socket.connection_seconds = 18060.0
        assert not (await sandbox.command(ANA.id, "/pipeline")).acked
        assert sockets.connected() == 2, "they look healthy"
        await until_it_works(sandbox)
        await until(lambda: sockets.connected() == 2)
    assert [record.message for record in caplog.records].count("sockets.replaced") == 2


async def test_a_line_that_slack_ends_in_time_is_left_alone(sandbox, bolt, caplog) -> None:
    sandbox.socket.connection_seconds = 0.6
    async with opened(bolt, overdue=0.6):
        for _ in range(4):
            await asyncio.sleep(0.4)
            await sandbox.socket.disconnect()
    assert "sockets.replaced" not in caplog.text


async def test_a_refused_app_token_leaves_the_lines_that_are_there_and_is_waited_out(sandbox, bolt) -> None:
    async with opened(bolt) as sockets:
        sandbox.refuse_app_token()
        assert (await sandbox.command(ANA.id, "/pipeline")).acked
        await sandbox.socket.close()
        await until(lambda: sockets.connected() == 0)
        sandbox.refuse_app_token("")
        await until_it_works(sandbox)


async def until_it_works(sandbox, within: float = 8.0) -> None:
    async with asyncio.timeout(within):
        while not (await sandbox.command(ANA.id, "/pipeline")).acked:  # noqa: ASYNC110 - a person, pressing again
            await asyncio.sleep(0.1)


async def test_the_sdk_alone_would_redial_the_dead_address_for_ever(sandbox, bolt) -> None:
    """When this fails, Slack has mended its client and the watchdog may go."""

    class Expired(set):
        def add(self, _name) -> None:
            pass

    async with opened(bolt, patience=60) as sockets:
        sandbox.core.link_names = Expired()
        await sandbox.socket.disconnect()
        await until(lambda: sockets.connected() == 0)
        sandbox.core.link_names = set()
        await asyncio.sleep(1)
        assert sockets.connected() == 0


@pytest.mark.parametrize("token", ["xapp-wrong", "xoxb-sandbox"])
async def test_a_wrong_app_token_stops_the_start_and_says_what_to_do(bolt, token) -> None:
    with pytest.raises(ConfigurationError, match="SLACK_APP_TOKEN") as caught:
        await Sockets(bolt, token).start()
    assert token not in str(caught.value)


async def test_a_slack_that_is_away_at_the_start_is_waited_for(sandbox, bolt) -> None:
    sandbox.faults.next("apps.connections.open", refused("internal_error"), times=3)
    async with opened(bolt) as sockets:
        await until(lambda: sockets.connected() == 2)


async def test_closing_lets_a_listener_at_work_end(sandbox, bolt) -> None:
    async with opened(bolt):
        asking = asyncio.create_task(sandbox.command(ANA.id, "/pipeline", "0.4"))
        await asyncio.sleep(0.1)
    assert (await asking).acked


async def test_closing_lets_also_a_listener_end_that_began_meanwhile(sandbox, bolt) -> None:
    async with opened(bolt):
        first = asyncio.create_task(sandbox.command(ANA.id, "/pipeline", "0.5"))
        await asyncio.sleep(0.1)
        others = asyncio.create_task(some_more(sandbox))
    assert (await first).acked
    assert all(outcome.acked for outcome in await others)


async def some_more(sandbox) -> list:
    """Type two commands a moment later, one by each line, that take longer than what is under way."""
    await asyncio.sleep(0.2)
    return await asyncio.gather(*(sandbox.command(ANA.id, "/pipeline", "0.5") for _ in range(2)))


async def test_closing_does_not_wait_for_ever(sandbox, bolt) -> None:
    sandbox.socket.ack_seconds = 0.1
    async with opened(bolt, close_timeout=0.2):
        await sandbox.command(ANA.id, "/pipeline", "60")
        start = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - start < 2


async def test_connections_nobody_here_holds_are_warned_of(sandbox, bolt, caplog) -> None:
    async with opened(bolt, connections=4), opened(bolt, connections=1):
        pass
    assert "sockets.more_connections_than_ours" in caplog.text
