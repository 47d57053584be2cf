"""A running fake Slack and a delivery that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from slack_fakes import FakeSlack, MemoryDeliveries, RealClock

from bot.slack.client import open_session, web_client
from bot.slack.delivery import Delivery
from bot.slack.pace import Pace


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    fake = FakeSlack()
    app = web.Application()
    app.router.add_route("*", "/api/{method}", fake.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"
    yield fake
    await runner.cleanup()


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[Any]:
    async with open_session() as session:
        yield web_client("xoxb-test", slack.url, session)


@dataclass
class Post:
    """A delivery with its outbox, and how to make a second process over the same outbox."""

    rows: MemoryDeliveries
    delivery: Delivery
    another: Callable[..., Delivery]


@pytest.fixture
def post(client: Any) -> Post:
    rows = MemoryDeliveries()

    def another(**choices: Any) -> Delivery:
        usual = {"clock": RealClock(), "pace": Pace.off(), "timeout": 2, "quarantine": 0.3, "look_after": 0.0}
        return Delivery(rows, client, **(usual | choices))

    return Post(rows, another(), another)
