"""What the doctor finds of messages that were not sent."""

from __future__ import annotations

from collections import Counter

from bot.clock import SystemClock
from bot.coaching.said import say
from bot.config import Settings
from bot.services.ports.checkups import Finding
from bot.services.undelivered import LOOK_BACK
from bot.slack.errors import REFUSALS, remedy
from bot.storage.engine import connect


async def messages(settings: Settings) -> tuple[Finding, ...]:
    """Name why messages wait or were given up in the last two days; nothing where none did."""
    database = connect(settings.database_url)
    try:
        async with database.transaction() as tx:
            waiting = await tx.outbox.waiting_because(REFUSALS.stops)
            given_up = Counter(one.error for one in await tx.outbox.given_up(SystemClock().now(), LOOK_BACK))
    finally:
        await database.dispose()
    lines = [
        say("{n} wait because Slack answered {code}. {remedy}", n=count, code=error, remedy=remedy(error))
        for error, count in sorted(waiting.items())
    ]
    lines += [
        say("{n} given up for {code}. {remedy}", n=count, code=error, remedy=remedy(error))
        for error, count in sorted(given_up.items())
    ]
    return tuple(Finding(say("messages"), good=False, sentence=line) for line in lines)
