"""The command that runs the bot."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from datetime import datetime
from typing import Any

from bot import logs
from bot.app import Bot, open_bot
from bot.cli.database import Commands, upgrade
from bot.cli.values import instant, number
from bot.clock import SpedClock, SystemClock, is_loopback
from bot.config import Settings, load
from bot.errors import CadenceError, ConfigurationError
from bot.services.ports import Clock
from bot.slack.errors import Outcome, SlackFailureError
from scheduler.runner import stopped_by_signals

log = logging.getLogger(__name__)

FAILED = 1


def add(commands: Commands) -> None:
    """Add the command."""
    run = commands.add_parser("run", help="run the bot")
    run.add_argument("--now", type=instant, help="for staging on a local Slack only: where the clock starts")
    run.add_argument("--speed", type=number, default=1.0, help="for staging only: seconds of the clock per real second")
    run.set_defaults(command=_serve)


def _serve(options: argparse.Namespace) -> int:
    settings = load(os.environ, need_slack=True)
    logs.configure(settings.log_level, settings.log_format)
    clock = _clock(settings, options.now, options.speed)
    upgrade(settings.database_url)
    try:
        asyncio.run(_run_until_stopped(settings, clock))
    except CadenceError:
        raise
    except Exception:
        log.exception("process.broke")  # the words of an exception may quote people, so Python doesn't print it
        return FAILED
    return 0


async def _run_until_stopped(settings: Settings, clock: Clock) -> None:
    bot = await open_bot(settings, clock, trust_slack_clock=not isinstance(clock, SpedClock))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(bot.close)  # the runner does it too, once it has begun
        stop = await stack.enter_async_context(stopped_by_signals())
        if await _unless_told_to(stop, _begin(bot)):
            await bot.runner().run_until(stop)
        else:
            log.info("runner.stopped")


async def _begin(bot: Bot) -> None:
    """Do what comes before anybody is heard. Raises ConfigurationError when Slack refuses the bot or is away."""
    try:
        await bot.cases.first_day.open()
        unmatched = await bot.match_people()
    except SlackFailureError as error:
        raise ConfigurationError(f"{error} {_remedy(error)}") from error
    for person in unmatched:
        log.warning("people.unmatched", extra={"person": person.id})
    await bot.cases.first_day.greet()
    await bot.cases.rounds.plan_all()


async def _unless_told_to(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Return True when the work is done, False when ``stop`` came first: what wasn't committed then is done next time.

    Slack may take minutes not to answer, and nobody waits for anything yet.
    """
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    await asyncio.wait({working, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if working.done():
        working.result()
        return True
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
    return False


def _remedy(error: SlackFailureError) -> str:
    if error.outcome is Outcome.STOP:
        return error.remedy
    return "Check SLACK_API_URL and the way to it, then start again."


def _clock(settings: Settings, now: datetime | None, speed: float) -> Clock:
    """Return the real clock, or a moved one for staging.

    Raises ConfigurationError unless the moved one is for a local Slack: real people mustn't be written to in a hurry.
    """
    if now is None and speed == 1.0:
        return SystemClock()
    if not is_loopback(settings.slack_api_url):
        raise ConfigurationError(
            "--now and --speed move the bot's clock and are for a local Slack only: set SLACK_API_URL to an address "
            "on loopback, or leave them out.",
        )
    return SpedClock(now or SystemClock().now(), speed)
