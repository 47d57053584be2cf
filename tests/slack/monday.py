"""A Monday morning on which a thousand messages are due at once, in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from slack_fakes import MemoryDeliveries
from strict_slack import StrictSlack
from virtual_time import LoopClock, run

from bot.slack.delivery import Delivery
from bot.slack.pace import PER_MINUTE, Pace
from bot.views.message import Message

REMINDER = Message("How did it go?", [{"type": "section", "text": {"type": "mrkdwn", "text": "How did it go?"}}])
LONGEST_SECONDS = 3600.0
RIGHT = 300
"""Posts a minute: what Slack's "several hundred" is taken for unless it is set."""


@dataclass(frozen=True)
class Morning:
    """What was seen of it; ``seconds`` passed until everything was said."""

    slack: StrictSlack
    rows: MemoryDeliveries
    seconds: float


Meanwhile = Callable[[MemoryDeliveries, Delivery], Awaitable[None]]


async def _nothing(_rows: MemoryDeliveries, _delivery: Delivery) -> None:
    pass


def morning(
    messages: int = 1000,
    *,
    people: int | None = None,
    allowed: Mapping[str, int],
    budget: Mapping[str, float],
    meanwhile: Meanwhile = _nothing,
) -> Morning:
    """Let ``messages`` fall due at once to as many ``people``; ``budget`` is the bot's, ``allowed`` is Slack's own.

    Both are calls a minute by method.
    """
    return run(_morning(messages, people or messages, allowed, budget, meanwhile))


async def _morning(
    messages: int, people: int, allowed: Mapping[str, int], budget: Mapping[str, float], meanwhile: Meanwhile
) -> Morning:
    loop = asyncio.get_running_loop()
    clock = LoopClock()
    slack, rows = StrictSlack(allowed), MemoryDeliveries(clock)
    delivery = Delivery(rows, slack, clock=clock, pace=Pace({**PER_MINUTE, **budget}, now=loop.time))
    for number in range(messages):
        rows.put(f"reminder:{number}", REMINDER, user=f"U{number % people}")
    stop = asyncio.Event()
    sending = asyncio.create_task(delivery.run(stop))
    besides = asyncio.create_task(meanwhile(rows, delivery))
    with suppress(TimeoutError):
        async with asyncio.timeout(LONGEST_SECONDS):
            while not besides.done() or rows.unsent():  # noqa: ASYNC110 - nothing tells of the last one
                await asyncio.sleep(0.5)
    seconds = loop.time()
    stop.set()
    await asyncio.gather(sending, besides)
    return Morning(slack, rows, seconds)
